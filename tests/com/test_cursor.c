/* Reading bytes within bounds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "com/cursor.h"

static const uint8_t bytes[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 };

static void fields_are_little_endian(void **state) {
  Cursor cursor = cursor_over(bytes, sizeof bytes);
  static const GUID guid = { 0x04030201, 0x0605, 0x0807, { 9, 10, 11, 12, 13, 14, 15, 16 } };
  static const uint8_t negative[] = { 0xFE, 0xFF, 0xFD, 0xFF, 0xFF, 0xFF };
  GUID read;

  (void)state;
  assert_int_equal(cursor_u8(&cursor), 1);
  assert_int_equal(cursor_u16(&cursor), 0x0302);
  assert_int_equal(cursor_u32(&cursor), 0x07060504);
  assert_true(cursor_u64(&cursor) == 0x0F0E0D0C0B0A0908u);
  assert_int_equal(cursor_left(&cursor), 1);
  assert_true(cursor_seek(&cursor, 0));
  read = cursor_guid(&cursor);
  assert_memory_equal(&read, &guid, sizeof guid);
  assert_false(cursor.failed);
  cursor = cursor_over(negative, sizeof negative);
  assert_int_equal(cursor_i16(&cursor), -2);
  assert_int_equal(cursor_i32(&cursor), -3);
}

static void a_read_past_the_end_fails_for_good(void **state) {
  Cursor cursor = cursor_over(bytes, 3);
  GUID guid;

  (void)state;
  assert_int_equal(cursor_u32(&cursor), 0);
  assert_true(cursor.failed);
  assert_int_equal(cursor_u8(&cursor), 0); /* although a byte would be there */
  cursor = cursor_over(bytes, 15);
  guid = cursor_guid(&cursor);
  assert_true(cursor.failed);
  assert_memory_equal(&guid, &GUID_NULL, sizeof guid);
  cursor = cursor_over(bytes, 7);
  assert_true(cursor_u64(&cursor) >> 32 == 0);
  assert_true(cursor.failed);
  cursor = cursor_over(NULL, 0);
  assert_non_null(cursor_bytes(&cursor, 0));
  assert_false(cursor.failed);
  assert_null(cursor_bytes(&cursor, 1));
  assert_true(cursor.failed);
}

static void seeking_and_slicing_stay_inside(void **state) {
  static const struct {
    size_t offset, size;
    bool good;
  } cases[] = {
    { 0, 16, true },  { 16, 0, true },  { 4, 4, true },         { 0, 17, false },
    { 17, 0, false }, { 1, 16, false }, { 1, SIZE_MAX, false }, { SIZE_MAX, 2, false },
  };
  Cursor cursor = cursor_over(bytes, sizeof bytes);
  size_t i;

  (void)state;
  for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    Cursor slice = cursor_slice(&cursor, cases[i].offset, cases[i].size);

    assert_int_equal(slice.failed, !cases[i].good);
    assert_int_equal(slice.size, cases[i].good ? cases[i].size : 0);
  }
  assert_true(cursor_seek(&cursor, 16));
  assert_true(cursor_skip(&cursor, 0));
  assert_false(cursor_seek(&cursor, 17));
  assert_true(cursor.failed);
  assert_true(cursor_slice(&cursor, 0, 1).failed);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(fields_are_little_endian),
    cmocka_unit_test(a_read_past_the_end_fails_for_good),
    cmocka_unit_test(seeking_and_slicing_stay_inside),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
