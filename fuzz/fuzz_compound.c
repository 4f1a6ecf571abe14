/* Compound files: opens the bytes in both modes, lists and reads everything, changes something in each storage, commits, and
 * reads what came of it. */
#include "fuzz/work_limit.h"

#include <coml2api.h>

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define RW        (STGM_READWRITE | STGM_SHARE_EXCLUSIVE)
#define DEPTH     4
#define SIZE_MOST (1u << 18)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_stream(IStorage *storage, const OLECHAR *name, DWORD mode) {
  static uint8_t buffer[8192];
  IStream *stream;
  ULONG done = 0;

  if (FAILED(IStorage_OpenStream(storage, name, NULL, mode, 0, &stream)))
    return;
  while (SUCCEEDED(IStream_Read(stream, buffer, sizeof buffer, &done)) && done)
    continue;
  if (mode == RW) {
    ULARGE_INTEGER longer = { .QuadPart = 5000 };

    IStream_Seek(stream, (LARGE_INTEGER){ .QuadPart = 70 }, STREAM_SEEK_SET, NULL);
    IStream_Write(stream, buffer, 100, NULL);
    IStream_SetSize(stream, longer);
  }
  IStream_Release(stream);
}

static void walk(IStorage *storage, DWORD mode, int depth, unsigned *left) {
  IEnumSTATSTG *elements;
  STATSTG stat;

  if (FAILED(IStorage_EnumElements(storage, 0, NULL, 0, &elements)))
    return;
  while (*left && IEnumSTATSTG_Next(elements, 1, &stat, NULL) == S_OK) {
    IStorage *below;

    --*left;
    if (stat.type == STGTY_STREAM)
      read_stream(storage, stat.pwcsName, mode);
    else if (depth < DEPTH && SUCCEEDED(IStorage_OpenStorage(storage, stat.pwcsName, NULL, mode, NULL, 0, &below))) {
      walk(below, mode, depth + 1, left);
      IStorage_Release(below);
    }
    if (mode == RW && *left % 3 == 0)
      IStorage_DestroyElement(storage, stat.pwcsName);
    CoTaskMemFree(stat.pwcsName);
  }
  IEnumSTATSTG_Release(elements);
  if (mode == RW) {
    IStream *stream;

    if (SUCCEEDED(IStorage_CreateStream(storage, u"fuzz", RW | STGM_CREATE, 0, 0, &stream))) {
      IStream_Write(stream, "0123456789", 10, NULL);
      IStream_Release(stream);
    }
  }
}

static void open_and_walk(const uint8_t *data, size_t size, DWORD mode) {
  ILockBytes *bytes;
  IStorage *root;
  unsigned left = 60;

  if (FAILED(CreateILockBytesOnHGlobal(NULL, TRUE, &bytes)))
    return;
  ILockBytes_WriteAt(bytes, (ULARGE_INTEGER){ .QuadPart = 0 }, data, (ULONG)size, NULL);
  if (SUCCEEDED(StgOpenStorageOnILockBytes(bytes, NULL, mode, NULL, 0, &root))) {
    walk(root, mode & ~(DWORD)STGM_TRANSACTED, 0, &left);
    IStorage_Commit(root, mode & STGM_TRANSACTED && size & 1 ? STGC_CONSOLIDATE : STGC_DEFAULT);
    IStorage_Release(root);
    left = 60;
    if (mode & STGM_READWRITE &&
        SUCCEEDED(StgOpenStorageOnILockBytes(bytes, NULL, STGM_READ | STGM_SHARE_EXCLUSIVE, NULL, 0, &root))) {
      walk(root, STGM_READ | STGM_SHARE_EXCLUSIVE, 0, &left);
      IStorage_Release(root);
    }
  }
  ILockBytes_Release(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  double begin = work_seconds();

  if (size > SIZE_MOST)
    return 0;
  open_and_walk(data, size, STGM_READ | STGM_SHARE_EXCLUSIVE);
  open_and_walk(data, size, RW);
  open_and_walk(data, size, RW | STGM_TRANSACTED);
  work_check(begin, "reading and changing the file");
  return 0;
}
