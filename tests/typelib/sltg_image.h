/* A small SLTG library, made byte by byte: what widl of these days no longer writes. An enumeration, a record with an array,
 * a union, a module, an interface and a dispinterface. */
#ifndef OLEANDER_TESTS_TYPELIB_SLTG_IMAGE_H
#define OLEANDER_TESTS_TYPELIB_SLTG_IMAGE_H

#include <oleauto.h>

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

/* The names, by their offsets in the table: 8 bytes stand before each, and texts are filled up to an even length, and once
 * more where the next would begin at an offset that ends in 11110 (binary). */
enum {
  SLTG_NAME_LIBRARY = 0x00,
  SLTG_NAME_ENUM = 0x0C,
  SLTG_NAME_LOW = 0x1A,
  SLTG_NAME_HIGH = 0x2A,
  SLTG_NAME_RECORD = 0x3C,
  SLTG_NAME_X = 0x4A,
  SLTG_NAME_GRID = 0x54,
  SLTG_NAME_UNION = 0x62,
  SLTG_NAME_MODULE = 0x70,
  SLTG_NAME_DLL = 0x80,
  SLTG_NAME_RING = 0x90,
  SLTG_NAME_CHORD = 0xA0,
  SLTG_NAME_TUNE = 0xAE,
  SLTG_NAME_ENTRY = 0xBC,
  SLTG_NAME_STDOLE = 0xCC,
  SLTG_NAME_INTERFACE = 0x112,
  SLTG_NAME_DISPATCH = 0x120,
  SLTG_NAME_MOVE = 0x12E,
  SLTG_NAMES_SIZE = 0x13C /* with the 8 bytes before the first */
};

static const struct {
  unsigned offset;
  const char *text;
} sltg_names[] = {
  { SLTG_NAME_LIBRARY, "Old" },
  { SLTG_NAME_ENUM, "Tone" },
  { SLTG_NAME_LOW, "toneLow" },
  { SLTG_NAME_HIGH, "toneHigh" },
  { SLTG_NAME_RECORD, "Spot" },
  { SLTG_NAME_X, "x" },
  { SLTG_NAME_GRID, "grid" },
  { SLTG_NAME_UNION, "Mixed" },
  { SLTG_NAME_MODULE, "Sounds" },
  { SLTG_NAME_DLL, "SND.DLL" },
  { SLTG_NAME_RING, "ring" },
  { SLTG_NAME_CHORD, "chord" },
  { SLTG_NAME_TUNE, "tune" },
  { SLTG_NAME_ENTRY, "_tune@8" },
  { SLTG_NAME_STDOLE, "*\\G{00020430-0000-0000-C000-000000000046}#1.0#0#stdole32.tlb#" },
  { SLTG_NAME_INTERFACE, "ISpot" },
  { SLTG_NAME_DISPATCH, "DSpot" },
  { SLTG_NAME_MOVE, "move" },
};
#define SLTG_NAME_COUNT (sizeof sltg_names / sizeof sltg_names[0])
#define SLTG_LCID       7u

/* Follows a tree of names to where the new one belongs: smaller hash values on one side, greater on the other. */
static inline void sltg_enter_name(uint8_t *names, void *place, uint16_t hash, uint16_t offset) {
  uint16_t here, other;

  for (;;) {
    memcpy(&here, place, 2);
    if (here == 0xFFFF)
      break;
    memcpy(&other, names + here, 2);
    place = names + here + (hash < other ? 2 : 4);
  }
  memcpy(place, &offset, 2);
}

/* The hash table and the names. Those that meet in one tree all are on the side where they belong. */
static inline void sltg_put_names(SltgImage *image) {
  uint16_t heads[256], hash;
  uint8_t names[SLTG_NAMES_SIZE] = { 0 };
  OLECHAR wide[80];
  size_t index, letter;

  memset(heads, 0xFF, sizeof heads);
  for (index = 0; index < SLTG_NAME_COUNT; index++) {
    uint8_t *text = names + sltg_names[index].offset + 8;

    for (letter = 0; letter <= strlen(sltg_names[index].text); letter++)
      wide[letter] = text[letter] = (uint8_t)sltg_names[index].text[letter];
    hash = (uint16_t)LHashValOfNameSys(SYS_WIN32, SLTG_LCID, wide);
    memset(text - 6, 0xFF, 6);
    memcpy(text - 8, &hash, 2);
    sltg_enter_name(names, &heads[hash % 256], hash, (uint16_t)sltg_names[index].offset);
  }
  sltg_put16(image, 0xFFFF);
  sltg_put8(image, 1);
  sltg_put32(image, sizeof heads);
  sltg_put_bytes(image, heads, sizeof heads);
  sltg_put16(image, 0);
  sltg_put16(image, 0xFFFF);
  sltg_put8(image, 1);
  sltg_put32(image, sizeof names);
  sltg_put_bytes(image, names, sizeof names);
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

/* A function up to its parameters; `place` is the offset in the vtable, or of the DLL entry. */
static inline void sltg_put_function(SltgImage *image, unsigned magic, unsigned next, unsigned name, uint32_t memid,
                                     unsigned count, unsigned optional, unsigned result, unsigned place) {
  unsigned parameters = image->size + 0x16;

  sltg_put8(image, magic);
  sltg_put8(image, magic == 0x4C ? 0x1A : 0x10); /* INVOKE_FUNC; 8: restricted */
  sltg_put16(image, next);
  sltg_put16(image, name);
  sltg_put32(image, memid);
  sltg_put16(image, 0xFFFE);
  sltg_put16(image, 0xFFFF);
  sltg_put16(image, parameters);
  sltg_put8(image, count << 3 | 4);                /* CC_STDCALL */
  sltg_put8(image, 0x80 | (optional & 0x3F) << 1); /* the result's type follows */
  sltg_put16(image, result);
  sltg_put16(image, place);
}

typedef struct SltgTypeShape {
  unsigned kind, functions, variables, size, alignment;
  unsigned implemented, first, vtable; /* `first`: where functions and variables begin */
  const SltgImage *members, *entries, *references;
} SltgTypeShape;

static inline void sltg_put_type(SltgImage *image, const SltgTypeShape *shape) {
  sltg_put16(image, 0x0501);
  sltg_put32(image, shape->references ? 0x22 : 0xFFFFFFFF);
  sltg_put32(image, shape->entries ? 0x22 + 9 + shape->members->size + 0x34 : 0xFFFFFFFF);
  sltg_put32(image, 0x22 + (shape->references ? shape->references->size : 0));
  sltg_put32(image, 0xFFFFFFFF);
  sltg_put16(image, 1); /* version */
  sltg_put16(image, 2);
  sltg_put32(image, 0xFFFE0000);
  sltg_put8(image, 2);
  sltg_put16(image, 0x0200);
  sltg_put8(image, shape->kind);
  sltg_put32(image, 0);
  if (shape->references)
    sltg_put_bytes(image, shape->references->bytes, shape->references->size);
  sltg_put16(image, 1); /* members */
  sltg_put16(image, 0xFFFF);
  sltg_put8(image, 1);
  sltg_put32(image, shape->members->size);
  sltg_put_bytes(image, shape->members->bytes, shape->members->size);
  sltg_put16(image, shape->functions); /* tail */
  sltg_put16(image, shape->variables);
  sltg_put16(image, shape->implemented);
  sltg_put16(image, 0);
  sltg_put16(image, shape->first);
  sltg_put16(image, shape->first);
  sltg_put16(image, 0);
  sltg_fill(image, 0xFF, 0x18 - 0x0E);
  sltg_put32(image, 7000); /* the base of help contexts */
  sltg_put32(image, 0);
  sltg_put16(image, shape->size);
  sltg_put16(image, shape->alignment);
  sltg_fill(image, 0, 4);
  sltg_put16(image, shape->vtable);
  sltg_fill(image, 0, 0x34 - 0x2A);
  if (shape->entries)
    sltg_put_bytes(image, shape->entries->bytes, shape->entries->size);
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

#define SLTG_TYPES     6u

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
  sltg_put16(image, SLTG_LCID);
  sltg_put32(image, 0);
  sltg_put16(image, 0);
  sltg_put16(image, 4); /* version */
  sltg_put16(image, 5);
  sltg_put_bytes(image, libid, 16);
  sltg_fill(image, 0xFF, 0x40);
  sltg_put16(image, SLTG_TYPES);
  sltg_put_directory_entry(image, SLTG_NAME_ENUM, SLTG_LOW_VOICE, 0);
  sltg_put_directory_entry(image, SLTG_NAME_RECORD, "", 1);
  sltg_put_directory_entry(image, SLTG_NAME_UNION, "", 7);
  sltg_put_directory_entry(image, SLTG_NAME_MODULE, "", 2);
  sltg_put_directory_entry(image, SLTG_NAME_INTERFACE, "", 3);
  sltg_put_directory_entry(image, SLTG_NAME_DISPATCH, "", 4);
  sltg_put32(image, 0);
  sltg_put16(image, 0x10);
  sltg_put32(image, sizeof sltg_words);
  sltg_put_bytes(image, sltg_words, sizeof sltg_words);
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

/* short ring(BSTR x); VARIANT chord([vararg] SAFEARRAY(VARIANT) *x); HRESULT tune([optional] VARIANT x,
 * [out, retval] long *grid). */
static inline void sltg_make_module(SltgImage *members) {
  sltg_put_function(members, 0x8B, 0x1A, SLTG_NAME_RING, 0x60000000, 1, 0, 2, 0x00);
  sltg_put16(members, SLTG_NAME_X | 1); /* the type follows */
  sltg_put16(members, 8);
  sltg_put_function(members, 0x8B, 0x3A, SLTG_NAME_CHORD, 0x60000001, 1, 0x3F, 12, 0x10);
  sltg_put16(members, SLTG_NAME_X); /* the type is elsewhere */
  sltg_put16(members, 0x34);
  sltg_put16(members, 0x0E1B); /* 0x34: a pointer to a VT_SAFEARRAY, the place of its bounds, of VARIANTs */
  sltg_put16(members, 0x1A);
  sltg_put16(members, 12);
  sltg_put_function(members, 0x8B, 0xFFFF, SLTG_NAME_TUNE, 0x60000002, 2, 1, 0x19, 0x20);
  sltg_put16(members, SLTG_NAME_X | 1);
  sltg_put16(members, 12);
  sltg_put16(members, SLTG_NAME_GRID | 1);
  sltg_put16(members, 0x4E83); /* out, a pointer, retval, VT_I4 */
}

static inline void sltg_put_entry(SltgImage *image, unsigned dll, unsigned place) {
  sltg_put16(image, 1);
  sltg_put16(image, dll);
  sltg_put16(image, place);
  sltg_fill(image, 0, 10);
}

static inline void sltg_make_entries(SltgImage *entries) {
  sltg_put_bytes(entries, "ME", 2);
  sltg_fill(entries, 0, 14);
  sltg_put8(entries, 1);
  sltg_put32(entries, 3 * 16);
  sltg_put_entry(entries, SLTG_NAME_DLL | 1, 516); /* by number */
  sltg_put_entry(entries, SLTG_NAME_DLL | 1, 537);
  sltg_put_entry(entries, SLTG_NAME_DLL, SLTG_NAME_ENTRY);
}

/* What a type refers to: text by text. */
static inline void sltg_make_references(SltgImage *references, const char *first, const char *second) {
  unsigned count = second ? 2 : 1;

  sltg_put8(references, 0xDF);
  sltg_fill(references, 0xFF, 0x43);
  sltg_put32(references, 8 * count);
  sltg_fill(references, 0xFF, 8 * count + 2);
  sltg_put8(references, 1);
  sltg_put32(references, 0);
  sltg_put_text(references, first);
  if (second)
    sltg_put_text(references, second);
  sltg_put8(references, 0xDF);
}

/* The record of the first implemented type, and at 0x12 the type: reference number 0. */
static inline void sltg_put_implemented(SltgImage *members) {
  sltg_put16(members, 0x4A);
  sltg_put32(members, 0xFFFFFFFF);
  sltg_put16(members, 0x8000);
  sltg_put16(members, 0x12);
  sltg_put32(members, 0x40010000);
  sltg_put16(members, 0xFFFE);
  sltg_put16(members, 0xFFFF);
  sltg_put16(members, 29); /* VT_USERDEFINED */
  sltg_put16(members, 0);
}

/* [restricted] HRESULT move(Spot *x) */
static inline void sltg_make_interface(SltgImage *members) {
  sltg_put_implemented(members);
  sltg_put_function(members, 0x4C, 0xFFFF, SLTG_NAME_MOVE, 0x60010000, 1, 0, 0x19, 12);
  sltg_put16(members, SLTG_NAME_X);
  sltg_put16(members, 0x30);
  sltg_put16(members, 0x0E1D); /* 0x30: a pointer to VT_USERDEFINED, reference number 1 (times 4) */
  sltg_put16(members, 4);
}

/* [readonly] long x */
static inline void sltg_make_dispatch(SltgImage *members) {
  sltg_put_implemented(members);
  sltg_put_variable(members, 0xC2, 0xFFFF, SLTG_NAME_X, 0, 3, 7, 0xFFFF);
}

static inline void sltg_make_image(SltgImage *image) {
  static SltgImage members[SLTG_TYPES], entries, references[2], blocks[SLTG_TYPES + 1];
  const SltgTypeShape shapes[SLTG_TYPES] = {
    { .kind = 0, .variables = 2, .size = 4, .alignment = 4, .members = &members[0] },
    { .kind = 1, .variables = 2, .size = 104, .alignment = 8, .members = &members[1] },
    { .kind = 7, .variables = 1, .size = 8, .alignment = 8, .members = &members[2] },
    { .kind = 2, .functions = 3, .size = 2, .alignment = 1, .members = &members[3], .entries = &entries },
    { .kind = 3,
      .functions = 1,
      .implemented = 1,
      .first = 0x16,
      .size = 4,
      .alignment = 4,
      .vtable = 16,
      .members = &members[4],
      .references = &references[0] },
    { .kind = 4,
      .variables = 1,
      .implemented = 1,
      .first = 0x16,
      .size = 4,
      .alignment = 4,
      .vtable = 28,
      .members = &members[5],
      .references = &references[1] },
  };
  unsigned index;

  memset(members, 0, sizeof members);
  memset(&entries, 0, sizeof entries);
  memset(references, 0, sizeof references);
  memset(blocks, 0, sizeof blocks);
  memset(image, 0, sizeof *image);
  sltg_make_enum(&members[0]);
  sltg_make_record(&members[1]);
  sltg_make_union(&members[2]);
  sltg_make_module(&members[3]);
  sltg_make_entries(&entries);
  sltg_make_references(&references[0], "*\\Rcc*#3",
                       "*\\Rffff*#1"); /* IUnknown of SLTG_NAME_STDOLE, type 1 of this library */
  sltg_make_interface(&members[4]);
  sltg_make_references(&references[1], "*\\Rcc*#4", NULL); /* IDispatch */
  sltg_make_dispatch(&members[5]);
  for (index = 0; index < SLTG_TYPES; index++)
    sltg_put_type(&blocks[index], &shapes[index]);
  sltg_put_library(&blocks[SLTG_TYPES]);
  sltg_put_bytes(image, "SLTG", 4);
  sltg_put16(image, SLTG_TYPES + 2); /* blocks and one */
  sltg_fill(image, 0, 4);
  sltg_put16(image, 1);
  sltg_fill(image, 0, 0x24 - 0x0C);
  for (index = 0; index <= SLTG_TYPES; index++) {
    sltg_put32(image, blocks[index].size);
    sltg_put16(image, 0);
    sltg_put16(image, index == SLTG_TYPES ? 0 : index + 2);
  }
  sltg_put_bytes(image, "\1CompObj\0dir", 13);
  for (index = 0; index < SLTG_TYPES; index++)
    sltg_put_bytes(image, "AAAAAAAAAA", 11);
  sltg_fill(image, 0, 9);
  for (index = 0; index <= SLTG_TYPES; index++)
    sltg_put_bytes(image, blocks[index].bytes, blocks[index].size);
}

#endif
