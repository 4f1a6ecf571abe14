/* The stream over memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <objbase.h>

#include "support/faults.h"

static LARGE_INTEGER move_by(LONGLONG offset) {
  LARGE_INTEGER move;

  move.QuadPart = offset;
  return move;
}

static ULARGE_INTEGER size_of(ULONGLONG size) {
  ULARGE_INTEGER result;

  result.QuadPart = size;
  return result;
}

static IStream *new_stream(const char *text) {
  IStream *stream;

  assert_int_equal(CreateStreamOnHGlobal(NULL, TRUE, &stream), S_OK);
  if (*text)
    assert_int_equal(IStream_Write(stream, text, (ULONG)strlen(text), NULL), S_OK);
  return stream;
}

static void seek(IStream *stream, LONGLONG offset, DWORD origin, HRESULT expected, ULONGLONG position) {
  ULARGE_INTEGER at;

  assert_int_equal(IStream_Seek(stream, move_by(offset), origin, &at), expected);
  assert_true(at.QuadPart == position);
}

static void what_is_written_is_read(void **state) {
  IStream *stream = new_stream("");
  char buffer[16] = "";
  ULONG done = 7;

  (void)state;
  assert_int_equal(IStream_Read(stream, buffer, 4, &done), S_OK);
  assert_int_equal(done, 0);
  assert_int_equal(IStream_Write(stream, "hello", 5, &done), S_OK);
  assert_int_equal(done, 5);
  seek(stream, 1, STREAM_SEEK_SET, S_OK, 1);
  assert_int_equal(IStream_Read(stream, buffer, 16, &done), S_OK);
  assert_int_equal(done, 4);
  assert_memory_equal(buffer, "ello", 4);
  seek(stream, -2, STREAM_SEEK_CUR, S_OK, 3);
  seek(stream, -5, STREAM_SEEK_END, S_OK, 0);
  seek(stream, -1, STREAM_SEEK_SET, STG_E_SEEKERROR, 0);
  seek(stream, -6, STREAM_SEEK_END, STG_E_SEEKERROR, 0);
  seek(stream, 0, 3, STG_E_SEEKERROR, 0);
  assert_int_equal(IStream_Read(stream, NULL, 1, &done), STG_E_INVALIDPOINTER);
  assert_int_equal(IStream_Write(stream, NULL, 1, &done), STG_E_INVALIDPOINTER);
  seek(stream, 8, STREAM_SEEK_SET, S_OK, 8); /* beyond the end */
  assert_int_equal(IStream_Read(stream, buffer, 1, &done), S_OK);
  assert_int_equal(done, 0);
  assert_int_equal(IStream_Write(stream, "!", 1, NULL), S_OK);
  seek(stream, 0, STREAM_SEEK_SET, S_OK, 0);
  assert_int_equal(IStream_Read(stream, buffer, 16, &done), S_OK);
  assert_int_equal(done, 9);
  assert_memory_equal(buffer, "hello\0\0\0!", 9);
  assert_int_equal(IStream_Release(stream), 0);
}

static void positions_have_32_bits(void **state) {
  static const struct {
    LONG high;
    DWORD low;
    DWORD origin;
    HRESULT expected;
    ULONGLONG position; /* from 12, in a stream of 20 bytes */
  } cases[] = {
    { 0, 5, STREAM_SEEK_SET, S_OK, 5 },
    { 7, 5, STREAM_SEEK_SET, S_OK, 5 },
    { -1, 5, STREAM_SEEK_SET, S_OK, 5 },
    { 0, 0x7FFFFFFF, STREAM_SEEK_SET, S_OK, 0x7FFFFFFF },
    { 0, 0x80000000, STREAM_SEEK_SET, STG_E_SEEKERROR, 12 },
    { -1, 0xFFFFFFFF, STREAM_SEEK_SET, STG_E_SEEKERROR, 12 },
    { -1, 0, STREAM_SEEK_CUR, S_OK, 12 },
    { 1, 0, STREAM_SEEK_CUR, S_OK, 12 },
    { 0, 0xFFFFFFFF, STREAM_SEEK_CUR, S_OK, 11 },
    { 0, (DWORD)-12, STREAM_SEEK_CUR, S_OK, 0 },
    { 0, (DWORD)-13, STREAM_SEEK_CUR, STG_E_SEEKERROR, 12 },
    { 0, 0x80000000, STREAM_SEEK_CUR, STG_E_SEEKERROR, 12 },
    { 0, 0x7FFFFFFF, STREAM_SEEK_CUR, STG_E_SEEKERROR, 12 },
    { 5, (DWORD)-20, STREAM_SEEK_END, S_OK, 0 },
    { 0, (DWORD)-21, STREAM_SEEK_END, STG_E_SEEKERROR, 12 },
    { 0, 0x80000000, STREAM_SEEK_END, STG_E_SEEKERROR, 12 },
    { -5, 1, STREAM_SEEK_END, S_OK, 21 },
    { 0, 0, STREAM_SEEK_END + 1, STG_E_SEEKERROR, 12 },
    { 0, 0, 0xFFFFFFFF, STG_E_SEEKERROR, 12 },
  };

  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    IStream *stream = new_stream("01234567890123456789");
    LARGE_INTEGER move = { .u = { cases[i].low, cases[i].high } };
    ULARGE_INTEGER at = { .QuadPart = UINT64_MAX };

    seek(stream, 12, STREAM_SEEK_SET, S_OK, 12);
    if (IStream_Seek(stream, move, cases[i].origin, &at) != cases[i].expected || at.QuadPart != cases[i].position)
      fail_msg("case %zu: %llx", i, (unsigned long long)at.QuadPart);
    IStream_Release(stream);
  }
}

static void sizes_have_32_bits(void **state) {
  IStream *stream = new_stream("hello");
  STATSTG status;
  ULONG done = 7;

  (void)state;
  assert_int_equal(IStream_SetSize(stream, size_of(0x700000003)), S_OK);
  assert_int_equal(IStream_Stat(stream, &status, STATFLAG_NONAME), S_OK);
  assert_int_equal(status.cbSize.QuadPart, 3);
  assert_int_equal(IStream_SetSize(stream, size_of(0x80000000)), E_OUTOFMEMORY);
  seek(stream, 0x7FFFFFFF, STREAM_SEEK_SET, S_OK, 0x7FFFFFFF);
  assert_int_equal(IStream_Write(stream, "x", 1, &done), E_OUTOFMEMORY);
  assert_int_equal(done, 0);
  seek(stream, 0, STREAM_SEEK_CUR, S_OK, 0x7FFFFFFF);
  IStream_Release(stream);
}

/* Copies within the same bytes end, and copy what was there before. */
static void copies_to_the_same_bytes_end(void **state) {
  static const struct {
    ULONGLONG from, to, count;
    const char *expected;
  } cases[] = {
    { 0, 5, UINT64_MAX, "hellohello" }, { 0, 1, UINT64_MAX, "hhello" }, { 1, 0, 3, "elllo" }, { 0, 2, 2, "heheo" },
    { 5, 0, UINT64_MAX, "hello" },
  };

  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    IStream *stream = new_stream("hello");
    IStream *clone;
    ULARGE_INTEGER got;
    ULARGE_INTEGER put;
    char buffer[32];
    ULONG done;

    assert_int_equal(IStream_Clone(stream, &clone), S_OK);
    seek(stream, (LONGLONG)cases[i].from, STREAM_SEEK_SET, S_OK, cases[i].from);
    seek(clone, (LONGLONG)cases[i].to, STREAM_SEEK_SET, S_OK, cases[i].to);
    assert_int_equal(IStream_CopyTo(stream, clone, size_of(cases[i].count), &got, &put), S_OK);
    assert_true(got.QuadPart == put.QuadPart);
    seek(stream, 0, STREAM_SEEK_CUR, S_OK, cases[i].from + got.QuadPart);
    seek(clone, 0, STREAM_SEEK_CUR, S_OK, cases[i].to + got.QuadPart);
    seek(clone, 0, STREAM_SEEK_SET, S_OK, 0);
    assert_int_equal(IStream_Read(clone, buffer, sizeof buffer, &done), S_OK);
    assert_int_equal(done, strlen(cases[i].expected));
    assert_memory_equal(buffer, cases[i].expected, done);
    IStream_Release(clone);
    IStream_Release(stream);
  }
  IStream *stream = new_stream("hello");
  seek(stream, 2, STREAM_SEEK_SET, S_OK, 2);
  assert_int_equal(IStream_CopyTo(stream, stream, size_of(UINT64_MAX), NULL, NULL), S_OK);
  seek(stream, 0, STREAM_SEEK_CUR, S_OK, 8);
  IStream_Release(stream);
}

static void clones_share_the_bytes(void **state) {
  IStream *stream = new_stream("hello");
  IStream *clone;
  STATSTG status;
  char buffer[8];
  ULONG done;

  (void)state;
  seek(stream, 1, STREAM_SEEK_SET, S_OK, 1);
  assert_int_equal(IStream_Clone(stream, NULL), STG_E_INVALIDPOINTER);
  assert_int_equal(IStream_Clone(stream, &clone), S_OK);
  seek(clone, 0, STREAM_SEEK_CUR, S_OK, 1);
  assert_int_equal(IStream_Write(clone, "ELLO!", 5, NULL), S_OK);
  seek(stream, 0, STREAM_SEEK_CUR, S_OK, 1);
  assert_int_equal(IStream_SetSize(stream, size_of(5)), S_OK);
  assert_int_equal(IStream_Stat(clone, &status, STATFLAG_NONAME), S_OK);
  assert_int_equal(status.type, STGTY_STREAM);
  assert_true(status.cbSize.QuadPart == 5);
  assert_null(status.pwcsName);
  assert_int_equal(IStream_Release(stream), 0);
  seek(clone, 0, STREAM_SEEK_SET, S_OK, 0);
  assert_int_equal(IStream_Read(clone, buffer, 8, &done), S_OK);
  assert_memory_equal(buffer, "hELLO", 5);
  assert_int_equal(done, 5);
  assert_int_equal(IStream_Release(clone), 0);
}

static void copies_count_both_sides(void **state) {
  IStream *stream = new_stream("hello world");
  IStream *target = new_stream("");
  ULARGE_INTEGER got;
  ULARGE_INTEGER put;

  (void)state;
  seek(stream, 6, STREAM_SEEK_SET, S_OK, 6);
  assert_int_equal(IStream_CopyTo(stream, target, size_of(100), &got, &put), S_OK);
  assert_true(got.QuadPart == 5 && put.QuadPart == 5);
  assert_int_equal(IStream_CopyTo(stream, NULL, size_of(1), NULL, NULL), STG_E_INVALIDPOINTER);
  assert_int_equal(IStream_Commit(stream, STGC_DEFAULT), S_OK);
  assert_int_equal(IStream_Revert(stream), S_OK);
  assert_int_equal(IStream_LockRegion(stream, size_of(0), size_of(1), LOCK_EXCLUSIVE), STG_E_INVALIDFUNCTION);
  assert_int_equal(IStream_UnlockRegion(stream, size_of(0), size_of(1), LOCK_EXCLUSIVE), STG_E_INVALIDFUNCTION);
  IStream_Release(stream);
  IStream_Release(target);
}

static void the_block_can_be_had(void **state) {
  IStream *stream;
  HGLOBAL block;
  HGLOBAL mine = malloc(16);

  (void)state;
  assert_int_equal(CreateStreamOnHGlobal(NULL, FALSE, &stream), S_OK);
  assert_int_equal(IStream_Write(stream, "abc", 4, NULL), S_OK);
  assert_int_equal(GetHGlobalFromStream(stream, &block), S_OK);
  IStream_Release(stream);
  assert_string_equal((char *)block, "abc");
  free(block);
  memcpy(mine, "given", 6);
  assert_int_equal(CreateStreamOnHGlobal(mine, TRUE, &stream), S_OK);
  assert_int_equal(GetHGlobalFromStream(stream, &block), S_OK);
  assert_ptr_equal(block, mine);
  IStream_Release(stream);
  assert_int_equal(CreateStreamOnHGlobal(NULL, TRUE, NULL), E_INVALIDARG);
  assert_int_equal(GetHGlobalFromStream(NULL, &block), E_INVALIDARG);
}

static int use(void *context) {
  IStream *stream;
  IStream *clone;
  HRESULT status = CreateStreamOnHGlobal(NULL, TRUE, &stream);

  (void)context;
  if (FAILED(status))
    return stream != NULL;
  IStream_Write(stream, "0123456789", 10, NULL);
  IStream_SetSize(stream, size_of(1000));
  if (SUCCEEDED(IStream_Clone(stream, &clone)))
    IStream_Release(clone);
  return IStream_Release(stream) != 0;
}

static void no_allocation_failure_leaks(void **state) {
  IStream *stream = new_stream("");

  (void)state;
  faults_each(use, NULL);
  assert_int_equal(IStream_SetSize(stream, size_of(UINT64_MAX)), E_OUTOFMEMORY);
  IStream_Release(stream);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(what_is_written_is_read), cmocka_unit_test(positions_have_32_bits),
    cmocka_unit_test(sizes_have_32_bits),      cmocka_unit_test(copies_to_the_same_bytes_end),
    cmocka_unit_test(clones_share_the_bytes),  cmocka_unit_test(copies_count_both_sides),
    cmocka_unit_test(the_block_can_be_had),    cmocka_unit_test(no_allocation_failure_leaks),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
