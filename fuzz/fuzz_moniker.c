/* Monikers from the bytes of a stream: what loads must save, name itself and load again as its equal. */
#include <stdlib.h>

#include <ole2.h>
#include <oleauto.h>

int LLVMFuzzerInitialize(int *count, char ***arguments);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const LARGE_INTEGER start;

int LLVMFuzzerInitialize(int *count, char ***arguments) {
  (void)count;
  (void)arguments;
  setenv("OLEANDER_CLASSES", "/nonexistent", 1);
  return CoInitialize(NULL) == S_OK ? 0 : -1;
}

static IStream *stream_of(const uint8_t *data, size_t size) {
  IStream *stream;

  if (FAILED(CreateStreamOnHGlobal(NULL, TRUE, &stream)))
    abort();
  if (size)
    IStream_Write(stream, data, (ULONG)size, NULL);
  IStream_Seek(stream, start, STREAM_SEEK_SET, NULL);
  return stream;
}

static void check(IMoniker *moniker) {
  IStream *stream = stream_of(NULL, 0);
  IMoniker *again;
  IMoniker *inverse;
  IBindCtx *context;
  LPOLESTR name;
  DWORD hash;

  if (FAILED(OleSaveToStream((IPersistStream *)moniker, stream)))
    abort();
  IStream_Seek(stream, start, STREAM_SEEK_SET, NULL);
  if (SUCCEEDED(OleLoadFromStream(stream, &IID_IMoniker, (void **)&again))) {
    if (IMoniker_IsEqual(moniker, again) != S_OK)
      abort();
    IMoniker_Release(again);
  }
  IStream_Release(stream);
  CreateBindCtx(0, &context);
  if (SUCCEEDED(IMoniker_GetDisplayName(moniker, context, NULL, &name)))
    CoTaskMemFree(name);
  IMoniker_IsRunning(moniker, context, NULL, NULL);
  IMoniker_Hash(moniker, &hash);
  if (SUCCEEDED(IMoniker_Inverse(moniker, &inverse))) {
    IMoniker *whole = NULL;

    if (SUCCEEDED(CreateGenericComposite(moniker, inverse, &whole)) && whole)
      IMoniker_Release(whole);
    IMoniker_Release(inverse);
  }
  IBindCtx_Release(context);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  IStream *stream = stream_of(data, size);
  IMoniker *moniker;

  if (SUCCEEDED(OleLoadFromStream(stream, &IID_IMoniker, (void **)&moniker))) {
    check(moniker);
    IMoniker_Release(moniker);
  }
  SetErrorInfo(0, NULL);
  IStream_Release(stream);
  return 0;
}
