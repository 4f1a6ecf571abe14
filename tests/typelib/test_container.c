/* Finding a type library in PE, NE and ELF modules made here byte by byte, and in damaged ones. */
#include "typelib/containers/container_internal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <winerror.h>

typedef struct Image {
  uint8_t bytes[2048];
  size_t size;
} Image;

static void put16(Image *image, size_t at, unsigned value) {
  image->bytes[at] = (uint8_t)value;
  image->bytes[at + 1] = (uint8_t)(value >> 8);
}

static void put32(Image *image, size_t at, uint32_t value) {
  put16(image, at, value & 0xffff);
  put16(image, at + 2, value >> 16);
}

static void put64(Image *image, size_t at, uint64_t value) {
  put32(image, at, (uint32_t)value);
  put32(image, at + 4, (uint32_t)(value >> 32));
}

static void start_mz(Image *image, uint32_t header) {
  memset(image, 0, sizeof *image);
  image->size = sizeof image->bytes;
  memcpy(image->bytes, "MZ", 2);
  put32(image, 0x3c, header);
}

/* A PE file whose section at file offset 0x200 is at RVA 0x1000: two TYPELIB resources, with the given numbers. */
static void make_pe(Image *image, bool wide, unsigned first, unsigned second) {
  const size_t pe = 0x80, optional = pe + 24, root = 0x200;
  const size_t optional_size = wide ? 240 : 224;
  size_t section = optional + optional_size;
  unsigned i;

  start_mz(image, (uint32_t)pe);
  put32(image, pe, 0x00004550);
  put16(image, pe + 6, 1);
  put16(image, pe + 20, (unsigned)optional_size);
  put16(image, optional, wide ? 0x20b : 0x10b);
  put32(image, optional + (wide ? 108 : 92), 16);
  put32(image, optional + (wide ? 112 : 96) + 16, 0x1000);
  put32(image, section + 12, 0x1000);
  put32(image, section + 16, 0x400);
  put32(image, section + 20, (uint32_t)root);
  /* the root has a named and a numbered type */
  put16(image, root + 12, 1);
  put16(image, root + 14, 1);
  put32(image, root + 16, 0x80000000 | 0x100);
  put32(image, root + 20, 0x80000000 | 0x40);
  put32(image, root + 24, 16);
  put32(image, root + 28, 0x80000000 | 0x180);
  put16(image, root + 0x100, 7);
  for (i = 0; i < 7; i++)
    put16(image, root + 0x102 + 2 * i, (unsigned)"TYPELIB"[i]);
  put16(image, root + 0x40 + 14, 2);
  put32(image, root + 0x50, first);
  put32(image, root + 0x54, 0x80000000 | 0x70);
  put32(image, root + 0x58, second);
  put32(image, root + 0x5c, 0x80000000 | 0x90);
  for (i = 0; i < 2; i++) {
    put16(image, root + 0x70 + 0x20 * i + 14, 1);
    put32(image, root + 0x80 + 0x20 * i, 0x409);
    put32(image, root + 0x84 + 0x20 * i, 0xc0 + 0x10 * i);
    put32(image, root + 0xc0 + 0x10 * i, 0x1200 + 0x40 * i);
    put32(image, root + 0xc4 + 0x10 * i, 0x30 + i);
  }
}

/* An NE file with alignment shift 4, a numbered type and a TYPELIB type of two resources. */
static void make_ne(Image *image) {
  const size_t ne = 0x80, table = ne + 0x40;

  start_mz(image, (uint32_t)ne);
  memcpy(image->bytes + ne, "NE", 2);
  put16(image, ne + 0x24, 0x40);
  put16(image, table, 4);
  put16(image, table + 2, 0x8010);
  put16(image, table + 4, 1);
  put16(image, table + 22, 0x60); /* the type's name, relative to the table */
  put16(image, table + 24, 2);
  put16(image, table + 30, 0x30);
  put16(image, table + 32, 0x3);
  put16(image, table + 36, 0x8001);
  put16(image, table + 42, 0x40);
  put16(image, table + 44, 0x4);
  put16(image, table + 48, 0x8002);
  memcpy(image->bytes + table + 0x60, "\7TYPELIB", 8);
}

/* An ELF64 file with the library in a section, or only in a note; the segment maps file offset 0x400 to 0x10400. */
static void make_elf(Image *image, bool sections) {
  const size_t programs = 0x40, headers = 0x100, note = 0x300;

  memset(image, 0, sizeof *image);
  image->size = sizeof image->bytes;
  memcpy(image->bytes, "\177ELF\2\1\1", 7);
  put64(image, 0x20, programs);
  put16(image, 0x36, 56);
  put16(image, 0x38, 2);
  put32(image, programs, 1); /* PT_LOAD */
  put64(image, programs + 8, 0x300);
  put64(image, programs + 16, 0x10300);
  put64(image, programs + 32, 0x300);
  put32(image, programs + 56, 4); /* PT_NOTE */
  put64(image, programs + 56 + 8, note);
  put64(image, programs + 56 + 16, 0x10300);
  put64(image, programs + 56 + 32, 0x80);
  put32(image, note, 4); /* somebody else's note first */
  put32(image, note + 4, 5);
  put32(image, note + 8, 1);
  memcpy(image->bytes + note + 12, "GNU", 4);
  put32(image, note + 24, 9);
  put32(image, note + 28, 16);
  put32(image, note + 32, 1);
  memcpy(image->bytes + note + 36, "Oleander", 9);
  put64(image, note + 48, 0x400 - (note + 48));
  put64(image, note + 56, 0x51);
  if (!sections)
    return;
  put64(image, 0x28, headers);
  put16(image, 0x3a, 64);
  put16(image, 0x3c, 3);
  put16(image, 0x3e, 1);
  put64(image, headers + 64 + 24, 0x280);
  put64(image, headers + 64 + 32, 0x40);
  memcpy(image->bytes + 0x280, "\0.oleander.typelib\0.oleander.typelib.2", 39);
  put32(image, headers + 128, 1);
  put64(image, headers + 128 + 24, 0x400);
  put64(image, headers + 128 + 32, 0x52);
}

static void expect(const Image *image, unsigned index, size_t offset, size_t size) {
  ContainerPlace place = { 0, 0 };

  assert_int_equal(container_find(image->bytes, image->size, index, &place), S_OK);
  assert_int_equal(place.offset, offset);
  assert_int_equal(place.size, size);
}

static void expect_none(const Image *image, unsigned index, HRESULT expected) {
  ContainerPlace place;

  assert_int_equal(container_find(image->bytes, image->size, index, &place), expected);
}

static void test_pe_resources_are_chosen_by_number(void **state) {
  Image image;
  int wide;

  (void)state;
  for (wide = 0; wide < 2; wide++) {
    make_pe(&image, wide, 1, 2);
    expect(&image, 1, 0x400, 0x30);
    expect(&image, 2, 0x440, 0x31);
    expect_none(&image, 3, TYPE_E_ELEMENTNOTFOUND);
  }
}

static void test_the_default_is_number_1_else_the_first(void **state) {
  Image image;

  (void)state;
  make_pe(&image, false, 101, 102);
  expect(&image, 1, 0x400, 0x30);
  expect(&image, 102, 0x440, 0x31);
  make_pe(&image, false, 0, 1);
  expect(&image, 1, 0x440, 0x31);
}

static void test_pe_without_resources_has_no_library(void **state) {
  Image image;

  (void)state;
  make_pe(&image, true, 1, 2);
  put32(&image, 0x80 + 24 + 112 + 16, 0);
  expect_none(&image, 1, TYPE_E_UNSUPFORMAT);
}

static void test_ne_resources_are_chosen_by_number(void **state) {
  Image image;

  (void)state;
  make_ne(&image);
  expect(&image, 1, 0x300, 0x30);
  expect(&image, 2, 0x400, 0x40);
  expect_none(&image, 3, TYPE_E_ELEMENTNOTFOUND);
}

static void test_elf_section_is_found_by_name(void **state) {
  Image image;

  (void)state;
  make_elf(&image, true);
  expect(&image, 1, 0x400, 0x52);
  expect_none(&image, 2, TYPE_E_ELEMENTNOTFOUND);
}

static void test_elf_note_is_found_without_sections(void **state) {
  Image image;

  (void)state;
  make_elf(&image, false);
  expect(&image, 1, 0x400, 0x51);
  expect_none(&image, 2, TYPE_E_ELEMENTNOTFOUND);
}

static void test_another_file_is_the_library_itself(void **state) {
  Image image = { "MSFT", 4 };

  (void)state;
  expect(&image, 1, 0, 4);
  expect_none(&image, 2, TYPE_E_ELEMENTNOTFOUND);
}

/* Every truncation, and every byte set to two other values, ends in an answer within the file. */
static void test_damaged_modules_stay_within_the_file(void **state) {
  static Image image;
  int kind;

  (void)state;
  for (kind = 0; kind < 5; kind++) {
    size_t i;

    for (i = 0; i < sizeof image.bytes; i++) {
      ContainerPlace place = { 0, 0 };
      uint8_t *copy;
      unsigned value;

      if (kind < 2)
        make_pe(&image, kind != 0, 1, 2);
      else if (kind == 2)
        make_ne(&image);
      else
        make_elf(&image, kind == 3);
      for (value = 0; value < 2; value++) {
        image.bytes[i] = value ? 0xff : 0x7f;
        if (container_find(image.bytes, image.size, 1, &place) == S_OK)
          assert_true(place.offset <= image.size && place.size <= image.size - place.offset);
      }
      copy = malloc(i + 1); /* a block of its own, so that a read beyond it is seen */
      assert_non_null(copy);
      memcpy(copy, image.bytes, i);
      if (container_find(copy, i, 1, &place) == S_OK)
        assert_true(place.offset <= i && place.size <= i - place.offset);
      free(copy);
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_pe_resources_are_chosen_by_number),
    cmocka_unit_test(test_the_default_is_number_1_else_the_first),
    cmocka_unit_test(test_pe_without_resources_has_no_library),
    cmocka_unit_test(test_ne_resources_are_chosen_by_number),
    cmocka_unit_test(test_elf_section_is_found_by_name),
    cmocka_unit_test(test_elf_note_is_found_without_sections),
    cmocka_unit_test(test_another_file_is_the_library_itself),
    cmocka_unit_test(test_damaged_modules_stay_within_the_file),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
