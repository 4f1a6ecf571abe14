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
  seek(stream, INT64_MAX, STREAM_SEEK_END, STG_E_SEEKERROR, 0);
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
    cmocka_unit_test(what_is_written_is_read),     cmocka_unit_test(clones_share_the_bytes),
    cmocka_unit_test(copies_count_both_sides),     cmocka_unit_test(the_block_can_be_had),
    cmocka_unit_test(no_allocation_failure_leaks),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
