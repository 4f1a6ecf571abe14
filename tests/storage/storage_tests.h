/* What the tests of storages share: bytes in memory, short calls, models. */
#ifndef OLEANDER_TESTS_STORAGE_TESTS_H
#define OLEANDER_TESTS_STORAGE_TESTS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <ole2.h>

#include "support/compound_check.h"
#include "support/faults.h"

#define RW  (STGM_READWRITE | STGM_SHARE_EXCLUSIVE)
#define RO  (STGM_READ | STGM_SHARE_EXCLUSIVE)
#define RWT (RW | STGM_TRANSACTED)

static inline void ok(HRESULT status, int line) {
  if (status != S_OK)
    fail_msg("line %d: %08X", line, (unsigned)status);
}
#define OK(call) ok((call), __LINE__)

static inline void is(HRESULT status, HRESULT expected, int line) {
  if (status != expected)
    fail_msg("line %d: %08X, not %08X", line, (unsigned)status, (unsigned)expected);
}
#define IS(call, expected) is((call), (expected), __LINE__)

static inline ILockBytes *new_bytes(void) {
  ILockBytes *bytes;

  OK(CreateILockBytesOnHGlobal(NULL, TRUE, &bytes));
  return bytes;
}

/* A copy of the bytes, for free(). */
static inline uint8_t *bytes_copy(ILockBytes *bytes, size_t *size) {
  STATSTG stat;
  ULONG done;

  OK(ILockBytes_Stat(bytes, &stat, STATFLAG_NONAME));
  *size = (size_t)stat.cbSize.QuadPart;
  uint8_t *copy = malloc(*size + 1);
  OK(ILockBytes_ReadAt(bytes, (ULARGE_INTEGER){ .QuadPart = 0 }, copy, (ULONG)*size, &done));
  assert_int_equal(done, *size);
  return copy;
}

static inline void check_bytes(ILockBytes *bytes, int line) {
  size_t size;
  uint8_t *copy = bytes_copy(bytes, &size);
  const char *text = compound_check(copy, size);

  free(copy);
  if (text)
    fail_msg("line %d: %s", line, text);
}
#define CHECK(bytes) check_bytes((bytes), __LINE__)

static inline HRESULT put_stream(IStorage *storage, const OLECHAR *name, const void *bytes, size_t size) {
  IStream *stream;
  HRESULT status = IStorage_CreateStream(storage, name, STGM_CREATE | RW, 0, 0, &stream);

  if (FAILED(status))
    return status;
  if (size)
    status = IStream_Write(stream, bytes, (ULONG)size, NULL);
  IStream_Release(stream);
  return status;
}

/* The bytes of a stream, for free(). */
static inline uint8_t *get_stream(IStorage *storage, const OLECHAR *name, size_t *size) {
  IStream *stream;
  STATSTG stat;
  ULONG done;

  OK(IStorage_OpenStream(storage, name, NULL, RO, 0, &stream));
  OK(IStream_Stat(stream, &stat, STATFLAG_NONAME));
  *size = (size_t)stat.cbSize.QuadPart;
  uint8_t *bytes = malloc(*size + 1);
  OK(IStream_Read(stream, bytes, (ULONG)*size, &done));
  assert_int_equal(done, *size);
  IStream_Release(stream);
  return bytes;
}

static inline void expect_stream(IStorage *storage, const OLECHAR *name, const void *bytes, size_t size, int line) {
  size_t got;
  uint8_t *found = get_stream(storage, name, &got);

  if (got != size || memcmp(found, bytes, size) != 0)
    fail_msg("line %d: a stream of %zu bytes is not the one of %zu", line, got, size);
  free(found);
}
#define EXPECT_STREAM(storage, name, bytes, size) expect_stream(storage, name, bytes, size, __LINE__)

/* Bytes that can be told from others of another seed. */
static inline void fill_pattern(uint8_t *bytes, size_t size, unsigned seed) {
  uint32_t state = seed * 2654435761u + 1;

  for (size_t i = 0; i < size; i++) {
    state = state * 1664525u + 1013904223u;
    bytes[i] = (uint8_t)(state >> 24);
  }
}

/* The same, for free(). */
static inline uint8_t *pattern(size_t size, unsigned seed) {
  uint8_t *bytes = malloc(size + 1);

  fill_pattern(bytes, size, seed);
  return bytes;
}

#endif
