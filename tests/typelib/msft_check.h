/* msft_check.h - what must hold in the bytes of an MSFT file, beyond what our reader asks for: other readers trust it. */
#ifndef OLEANDER_TESTS_TYPELIB_MSFT_CHECK_H
#define OLEANDER_TESTS_TYPELIB_MSFT_CHECK_H

#include "com/cursor.h"

#include <stdbool.h>
#include <stdio.h>

typedef struct MsftCheck {
  const uint8_t *bytes;
  size_t size;
  uint32_t types, offsets[15], sizes[15];
  const char *problem; /* the first */
} MsftCheck;

static inline uint32_t check_u32(const MsftCheck *self, size_t position) {
  return position + 4 <= self->size ? little_u32(self->bytes + position) : 0xDEADDEADu;
}

static inline uint16_t check_u16(const MsftCheck *self, size_t position) {
  return position + 2 <= self->size ? little_u16(self->bytes + position) : 0xDEAD;
}

static inline void check_that(MsftCheck *self, bool holds, const char *problem) {
  if (!holds && !self->problem)
    self->problem = problem;
}

enum { CHECK_TYPES, CHECK_IMPORTS, CHECK_GUID_HASH = 4, CHECK_GUIDS, CHECK_NAME_HASH, CHECK_NAMES };

/* Segments stand one behind the other, in their order. */
static inline size_t check_segments(MsftCheck *self) {
  static const unsigned order[] = { 0, 4, 5, 3, 1, 2, 6, 7, 8, 9, 10, 11, 12 };
  size_t directory = 0x54 + (check_u32(self, 0x14) & 0x100 ? 4 : 0);

  for (uint32_t type = 0; type < self->types; type++)
    check_that(self, check_u32(self, directory + 4 * type) == 100 * type, "the offset of a type");
  directory += 4 * (size_t)self->types;
  size_t position = directory + 15 * 16;
  for (unsigned index = 0; index < 15; index++) {
    self->offsets[index] = check_u32(self, directory + 16 * index);
    self->sizes[index] = check_u32(self, directory + 16 * index + 4);
    check_that(self, check_u32(self, directory + 16 * index + 8) == 0xFFFFFFFF, "the third dword of a segment");
    check_that(self, check_u32(self, directory + 16 * index + 12) == 15, "the fourth dword of a segment");
  }
  for (unsigned index = 0; index < sizeof order / sizeof *order; index++) {
    unsigned segment = order[index];

    if (self->offsets[segment] == 0xFFFFFFFF) {
      check_that(self, self->sizes[segment] == 0, "a segment without a place has a size");
      continue;
    }
    check_that(self, self->offsets[segment] == position, "where a segment begins");
    position += self->sizes[segment];
    check_that(self, position % 4 == 0, "where a segment ends");
  }
  return position;
}

static inline size_t check_name_size(const MsftCheck *self, size_t entry) {
  return entry + 12 <= self->size ? 12 + ((self->bytes[entry + 8] + 3u) & ~3u) : 12;
}

/* How many entries the chains reach, each in the right chain and behind newer ones. */
static inline unsigned check_chains(MsftCheck *self, unsigned hash_segment, unsigned segment, unsigned count,
                                    unsigned next_place, unsigned (*chain_of)(const MsftCheck *, size_t)) {
  unsigned reached = 0;

  for (unsigned chain = 0; chain < count && self->sizes[hash_segment]; chain++) {
    uint32_t offset = check_u32(self, self->offsets[hash_segment] + 4 * chain), before = 0xFFFFFFFF;

    for (; offset != 0xFFFFFFFF && offset < before; reached++) {
      check_that(self, offset < self->sizes[segment], "a chain leaves its table");
      check_that(self, chain_of(self, self->offsets[segment] + offset) == chain, "an entry is in a wrong chain");
      before = offset;
      offset = check_u32(self, self->offsets[segment] + offset + next_place);
    }
    check_that(self, offset == 0xFFFFFFFF || offset < before, "newer entries do not come first");
  }
  return reached;
}

static inline unsigned check_name_chain(const MsftCheck *self, size_t entry) {
  return check_u16(self, entry + 10) & 0x7F;
}

static inline unsigned check_guid_chain(const MsftCheck *self, size_t entry) {
  unsigned sum = 0;

  for (unsigned word = 0; word < 8; word++)
    sum ^= check_u16(self, entry + 2 * word);
  return sum & 31;
}

static inline void check_names(MsftCheck *self) {
  size_t at = self->sizes[CHECK_NAMES] ? self->offsets[CHECK_NAMES] : 0, end = at + self->sizes[CHECK_NAMES];
  unsigned count = 0, characters = 0;

  for (; at < end; at += check_name_size(self, at), count++)
    characters += self->bytes[at + 8];
  check_that(self, at == end, "the last name is cut");
  check_that(self, count == check_u32(self, 0x30) && characters == check_u32(self, 0x34), "the counts of names");
  check_that(self, check_chains(self, CHECK_NAME_HASH, CHECK_NAMES, 128, 4, check_name_chain) == count,
             "a name is in no chain");
}

static inline void check_guids(MsftCheck *self) {
  unsigned count = self->sizes[CHECK_GUIDS] / 24;

  check_that(self, check_chains(self, CHECK_GUID_HASH, CHECK_GUIDS, 32, 20, check_guid_chain) == count,
             "a GUID is in no chain");
}

/* A block of members: records back to back, and rings of functions that come round. */
static inline size_t check_block(MsftCheck *self, size_t block, unsigned functions, unsigned count) {
  uint32_t records = check_u32(self, block);
  size_t ids = block + 4 + records, offsets = ids + 8 * (size_t)count;
  uint32_t at = 0;

  for (unsigned index = 0; index < count; index++) {
    check_that(self, check_u32(self, offsets + 4 * index) == at, "where a record begins");
    check_that(self, check_u16(self, block + 4 + at + 2) == index, "the number of a record");
    if (index < functions) {
      unsigned next = check_u16(self, block + 4 + at + 18);
      check_that(self, next < functions && check_u32(self, ids + 4 * next) == check_u32(self, ids + 4 * index),
                 "a function's ring leads to another id");
    }
    at += check_u16(self, block + 4 + at);
  }
  check_that(self, at == records, "the length of the records");
  return offsets + 4 * (size_t)count;
}

static inline void check_types(MsftCheck *self, size_t members) {
  for (uint32_t type = 0; type < self->types; type++) {
    size_t record = self->offsets[CHECK_TYPES] + 100 * (size_t)type;
    unsigned functions = check_u16(self, record + 24), variables = check_u16(self, record + 26);

    check_that(self, check_u32(self, record) >> 16 == type, "the number of a type");
    check_that(self, check_u32(self, record + 4) == members, "where the members of a type begin");
    if (functions + variables > 0)
      members = check_block(self, members, functions, functions + variables);
  }
  check_that(self, members == self->size, "the end of the file");
}

/* NULL: all is well. */
static inline const char *msft_problem(const uint8_t *bytes, size_t size) {
  MsftCheck self = { .bytes = bytes, .size = size };

  self.types = check_u32(&self, 0x20);
  size_t members = check_segments(&self);
  check_that(&self, check_u32(&self, 0x50) == self.sizes[CHECK_IMPORTS] / 12, "the count of imports");
  check_names(&self);
  check_guids(&self);
  check_types(&self, members);
  return self.problem;
}

#endif
