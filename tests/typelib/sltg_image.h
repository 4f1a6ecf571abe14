/* A small SLTG library, made byte by byte: what widl of these days no longer writes. An enumeration, a record with an array,
 * and a union. */
#ifndef OLEANDER_TESTS_TYPELIB_SLTG_IMAGE_H
#define OLEANDER_TESTS_TYPELIB_SLTG_IMAGE_H

#include <stdint.h>
#include <string.h>

typedef struct SltgImage {
  uint8_t bytes[4096];
  uint32_t size;
} SltgImage;

static inline void sltg_put8(SltgImage *image, unsigned value) {
  image->bytes[image->size++] = (uint8_t)value;
}

static inline void sltg_put16(SltgImage *image, unsigned value) {
  sltg_put8(image, value & 0xFF);
  sltg_put8(image, value >> 8 & 0xFF);
}

static inline void sltg_put32(SltgImage *image, uint32_t value) {
  sltg_put16(image, value & 0xFFFF);
  sltg_put16(image, value >> 16);
}

static inline void sltg_put_bytes(SltgImage *image, const void *bytes, uint32_t size) {
  memcpy(image->bytes + image->size, bytes, size);
  image->size += size;
}

static inline void sltg_fill(SltgImage *image, unsigned value, uint32_t count) {
  memset(image->bytes + image->size, (int)value, count);
  image->size += count;
}

static inline void sltg_put_text(SltgImage *image, const char *text) {
  sltg_put16(image, (unsigned)strlen(text));
  sltg_put_bytes(image, text, (uint32_t)strlen(text));
}

/* The names, by their offsets in the table. */
enum {
  SLTG_NAME_LIBRARY = 0x00, /* "Old" */
  SLTG_NAME_ENUM = 0x0C,    /* "Tone" */
  SLTG_NAME_LOW = 0x1A,     /* "toneLow" */
  SLTG_NAME_HIGH = 0x2A,    /* "toneHigh" */
  SLTG_NAME_RECORD = 0x3C,  /* "Spot" */
  SLTG_NAME_X = 0x4A,       /* "x" */
  SLTG_NAME_GRID = 0x54,    /* "grid" */
  SLTG_NAME_UNION = 0x62,   /* "Mixed" */
  SLTG_NAMES_SIZE = 0x70
};

static inline void sltg_put_names(SltgImage *image) {
  static const char *const names[] = { "Old", "Tone", "toneLow", "toneHigh", "Spot", "x", "grid", "Mixed" };
  size_t index, length;

  for (index = 0; index < sizeof names / sizeof names[0]; index++) {
    sltg_fill(image, 0xFF, 8);
    length = strlen(names[index]) + 1;
    sltg_put_bytes(image, names[index], (uint32_t)length);
    if (length % 2)
      sltg_put8(image, 0);
  }
}

/* A variable record: the type follows in it unless `bits` says otherwise. */
static inline void sltg_put_variable(SltgImage *image, unsigned bits, unsigned next, unsigned name, unsigned value,
                                     unsigned type, uint32_t memid, unsigned help) {
  sltg_put8(image, 0x0A);
  sltg_put8(image, bits);
  sltg_put16(image, next);
  sltg_put16(image, name);
  sltg_put16(image, value);
  sltg_put16(image, type);
  sltg_put32(image, memid);
  sltg_put16(image, help == 0xFFFF ? 0xFFFE : 5); /* the help context: two above the base */
  sltg_put16(image, help);
}

typedef struct SltgTypeShape {
  unsigned kind, variables, size, alignment;
  const SltgImage *members;
} SltgTypeShape;

static inline void sltg_put_type(SltgImage *image, const SltgTypeShape *shape) {
  sltg_put16(image, 0x0501);
  sltg_put32(image, 0xFFFFFFFF); /* no references */
  sltg_put32(image, 0xFFFFFFFF);
  sltg_put32(image, 0x22);
  sltg_put32(image, 0xFFFFFFFF);
  sltg_put16(image, 1); /* version */
  sltg_put16(image, 2);
  sltg_put32(image, 0xFFFE0000);
  sltg_put8(image, 2);
  sltg_put16(image, 0x0200);
  sltg_put8(image, shape->kind);
  sltg_put32(image, 0);
  sltg_put16(image, 1); /* members */
  sltg_put16(image, 0xFFFF);
  sltg_put8(image, 1);
  sltg_put32(image, shape->members->size);
  sltg_put_bytes(image, shape->members->bytes, shape->members->size);
  sltg_put16(image, 0); /* tail */
  sltg_put16(image, shape->variables);
  sltg_put16(image, 0);
  sltg_put16(image, 0);
  sltg_put16(image, 0xFFFF);
  sltg_put16(image, 0);
  sltg_fill(image, 0xFF, 0x18 - 0x0C);
  sltg_put32(image, 7000); /* the base of help contexts */
  sltg_put32(image, 0);
  sltg_put16(image, shape->size);
  sltg_put16(image, shape->alignment);
  sltg_fill(image, 0, 0x34 - 0x24);
}

static inline void sltg_put_directory_entry(SltgImage *image, unsigned name, const char *packed, unsigned kind) {
  sltg_put_text(image, "AAAAAAAAAA");
  sltg_put_text(image, "BAAAAAAAAA");
  sltg_put16(image, 0xFFFF);
  sltg_put16(image, name);
  sltg_put_text(image, packed);
  sltg_put16(image, 0xFFFF);
  sltg_put32(image, 6000 + kind);
  sltg_put16(image, 0xFFFF);
  sltg_fill(image, 0x11 * (kind + 1), 16);
  sltg_put16(image, kind);
}

/* The words of help strings: "low" is 1, "voice" 01, the end 00. */
static const uint8_t sltg_words[] = {
  0x80, 0, 8, 0, 'l', 'o', 'w', 0, 0x80, 0, 18, 0, 'v', 'o', 'i', 'c', 'e', 0, 0, 0
};
#define SLTG_LOW_VOICE "\xA0" /* 1 01 00 */

static inline void sltg_put_library(SltgImage *image) {
  static const uint8_t libid[16] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 };

  sltg_put16(image, 0x51CC);
  sltg_put16(image, 3);
  sltg_put16(image, SLTG_NAME_LIBRARY);
  sltg_put16(image, 0xFFFF);
  sltg_put_text(image, "An old library");
  sltg_put_text(image, "old.hlp");
  sltg_put32(image, 99);
  sltg_put16(image, 1); /* SYS_WIN32 */
  sltg_put16(image, 0x407);
  sltg_put32(image, 0);
  sltg_put16(image, 0);
  sltg_put16(image, 4); /* version */
  sltg_put16(image, 5);
  sltg_put_bytes(image, libid, 16);
  sltg_fill(image, 0xFF, 0x40);
  sltg_put16(image, 3);
  sltg_put_directory_entry(image, SLTG_NAME_ENUM, SLTG_LOW_VOICE, 0);
  sltg_put_directory_entry(image, SLTG_NAME_RECORD, "", 1);
  sltg_put_directory_entry(image, SLTG_NAME_UNION, "", 7);
  sltg_put32(image, 0);
  sltg_put16(image, 0x10);
  sltg_put32(image, sizeof sltg_words);
  sltg_put_bytes(image, sltg_words, sizeof sltg_words);
  sltg_fill(image, 0xFF, 0x20C);
  sltg_put32(image, SLTG_NAMES_SIZE);
  sltg_put_names(image);
}

static inline void sltg_make_enum(SltgImage *members) {
  sltg_put_variable(members, 0x1A, 0x12, SLTG_NAME_LOW, 3, 3, 0x40000000, 0x28);         /* the value itself */
  sltg_put_variable(members, 0x12, 0xFFFF, SLTG_NAME_HIGH, 0x24, 3, 0x40000001, 0xFFFF); /* its place */
  sltg_put32(members, 0xFFFFFFFE);
  sltg_put_bytes(members, SLTG_LOW_VOICE, 2);
}

static inline void sltg_make_record(SltgImage *members) {
  sltg_put_variable(members, 0x02, 0x12, SLTG_NAME_X, 0, 5, 0x40000000, 0xFFFF);
  sltg_put_variable(members, 0x00, 0xFFFF, SLTG_NAME_GRID, 8, 0x44, 0x40000001, 0xFFFF);
  sltg_put16(members, 2); /* 0x24: a SAFEARRAY of two dimensions */
  sltg_fill(members, 0, 14);
  sltg_put32(members, 3);
  sltg_put32(members, 0);
  sltg_put32(members, 4);
  sltg_put32(members, 1);
  sltg_put16(members, 28); /* 0x44: VT_CARRAY, its place, of long* */
  sltg_put16(members, 0x24);
  sltg_put16(members, 0x0E03);
}

static inline void sltg_make_union(SltgImage *members) {
  sltg_put_variable(members, 0x02, 0xFFFF, SLTG_NAME_X, 0, 5, 0x40000000, 0xFFFF);
}

static inline void sltg_make_image(SltgImage *image) {
  static const unsigned kinds[3] = { 0, 1, 7 }, variables[3] = { 2, 2, 1 }, sizes[3] = { 4, 104, 8 };
  SltgImage members[3], blocks[4];
  unsigned index;

  memset(members, 0, sizeof members);
  memset(blocks, 0, sizeof blocks);
  memset(image, 0, sizeof *image);
  sltg_make_enum(&members[0]);
  sltg_make_record(&members[1]);
  sltg_make_union(&members[2]);
  for (index = 0; index < 3; index++) {
    SltgTypeShape shape = { kinds[index], variables[index], sizes[index], index ? 8 : 4, &members[index] };

    sltg_put_type(&blocks[index], &shape);
  }
  sltg_put_library(&blocks[3]);
  sltg_put_bytes(image, "SLTG", 4);
  sltg_put16(image, 5); /* blocks and one */
  sltg_fill(image, 0, 4);
  sltg_put16(image, 1);
  sltg_fill(image, 0, 0x24 - 0x0C);
  for (index = 0; index < 4; index++) {
    sltg_put32(image, blocks[index].size);
    sltg_put16(image, 0);
    sltg_put16(image, index == 3 ? 0 : index + 2);
  }
  sltg_put_bytes(image, "\1CompObj\0dir", 13);
  for (index = 0; index < 3; index++)
    sltg_put_bytes(image, "AAAAAAAAAA", 11);
  sltg_fill(image, 0, 9);
  for (index = 0; index < 4; index++)
    sltg_put_bytes(image, blocks[index].bytes, blocks[index].size);
}

#endif
