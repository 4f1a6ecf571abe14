/* Monikers from the bytes of a stream: what loads must save, name itself and load again as its equal, within bounds of work. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <ole2.h>
#include <oleauto.h>

#include "fuzz/work_limit.h"

#define PARTS_LIMIT 1024      /* of what is loaded, however it is nested */
#define NAME_LIMIT  (1 << 24) /* units of a display name */

int LLVMFuzzerInitialize(int *count, char ***arguments);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const LARGE_INTEGER start;

int LLVMFuzzerInitialize(int *count, char ***arguments) {
  (void)count;
  (void)arguments;
  setenv("OLEANDER_CLASSES", "/nonexistent", 1);
  return CoInitialize(NULL) == S_OK ? 0 : -1;
}

static void must(bool holds) {
  if (!holds)
    abort();
}

static IStream *stream_of(const uint8_t *data, size_t size) {
  IStream *stream;

  must(SUCCEEDED(CreateStreamOnHGlobal(NULL, TRUE, &stream)));
  if (size)
    IStream_Write(stream, data, (ULONG)size, NULL);
  IStream_Seek(stream, start, STREAM_SEEK_SET, NULL);
  return stream;
}

/* Saved, it fits its own size and is loaded as its equal. */
static void check_saving(IMoniker *moniker) {
  IStream *stream = stream_of(NULL, 0);
  ULARGE_INTEGER room;
  IMoniker *again;
  STATSTG status;

  must(SUCCEEDED(OleSaveToStream((IPersistStream *)moniker, stream)));
  must(IMoniker_GetSizeMax(moniker, &room) == S_OK);
  must(IStream_Stat(stream, &status, STATFLAG_NONAME) == S_OK);
  must(status.cbSize.QuadPart <= room.QuadPart + sizeof(CLSID));
  IStream_Seek(stream, start, STREAM_SEEK_SET, NULL);
  if (SUCCEEDED(OleLoadFromStream(stream, &IID_IMoniker, (void **)&again))) {
    must(IMoniker_IsEqual(moniker, again) == S_OK);
    IMoniker_Release(again);
  }
  IStream_Release(stream);
}

static void check_parts(IMoniker *moniker) {
  IEnumMoniker *list = NULL;
  IMoniker *part;
  size_t count = 0;

  if (FAILED(IMoniker_Enum(moniker, FALSE, &list)) || !list)
    return;
  for (; IEnumMoniker_Next(list, 1, &part, NULL) == S_OK; count++)
    IMoniker_Release(part);
  must(count <= PARTS_LIMIT);
  IEnumMoniker_Release(list);
}

static void check_names(IMoniker *moniker) {
  IBindCtx *context;
  LPOLESTR name;
  DWORD hash;

  must(CreateBindCtx(0, &context) == S_OK);
  if (SUCCEEDED(IMoniker_GetDisplayName(moniker, context, NULL, &name))) {
    size_t units = 0;

    while (name[units])
      units++;
    must(units <= NAME_LIMIT);
    CoTaskMemFree(name);
  }
  IMoniker_IsRunning(moniker, context, NULL, NULL);
  IMoniker_Hash(moniker, &hash);
  IBindCtx_Release(context);
}

static void drop(HRESULT status, IMoniker *moniker) {
  if (SUCCEEDED(status) && moniker)
    IMoniker_Release(moniker);
}

/* With itself, with its inverse, with another moniker. */
static void check_relations(IMoniker *moniker, IMoniker *other) {
  IMoniker *result = NULL;
  IMoniker *inverse = NULL;

  drop(IMoniker_CommonPrefixWith(moniker, moniker, &result), result);
  drop(IMoniker_CommonPrefixWith(moniker, other, &result), result);
  drop(IMoniker_RelativePathTo(moniker, other, &result), result);
  drop(IMoniker_RelativePathTo(other, moniker, &result), result);
  drop(CreateGenericComposite(moniker, other, &result), result);
  if (SUCCEEDED(IMoniker_Inverse(moniker, &inverse)) && inverse) {
    drop(CreateGenericComposite(moniker, inverse, &result), result);
    IMoniker_Release(inverse);
  }
}

static void check(IMoniker *moniker) {
  IMoniker *other;

  must(CreateFileMoniker(u"/a/b", &other) == S_OK);
  check_saving(moniker);
  check_parts(moniker);
  check_names(moniker);
  check_relations(moniker, other);
  IMoniker_Release(other);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  double begin = work_seconds();
  IStream *stream = stream_of(data, size);
  IMoniker *moniker;

  if (SUCCEEDED(OleLoadFromStream(stream, &IID_IMoniker, (void **)&moniker))) {
    check(moniker);
    IMoniker_Release(moniker);
  }
  SetErrorInfo(0, NULL);
  IStream_Release(stream);
  work_check(begin, "the input");
  return 0;
}
