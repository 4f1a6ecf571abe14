/* References to objects: whole in memory and taken out of a stream they are read alike, within the bytes that are there. */
#include <stdlib.h>
#include <string.h>

#include "fuzz/work_limit.h"
#include "remote/orpc/objref.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const LARGE_INTEGER start;

static void must(bool holds) {
  if (!holds)
    abort();
}

static void ask_bindings(const Objref *objref) {
  char text[64];

  for (size_t room = 0; room <= sizeof text; room += 16) {
    if (objref_binding(objref, TOWER_LOCAL, text, room))
      must(strlen(text) < room);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  double begin = work_seconds();
  Objref whole, streamed;
  IStream *stream;
  uint8_t *bytes;

  HRESULT status = objref_read(data, size, &whole);
  if (SUCCEEDED(status)) {
    must(whole.size <= size);
    ask_bindings(&whole);
  }
  must(SUCCEEDED(CreateStreamOnHGlobal(NULL, TRUE, &stream)));
  if (size)
    IStream_Write(stream, data, (ULONG)size, NULL);
  IStream_Seek(stream, start, STREAM_SEEK_SET, NULL);
  HRESULT again = objref_read_stream(stream, &bytes, &streamed);
  if (SUCCEEDED(status) && whole.kind != OBJREF_CUSTOM && whole.kind != OBJREF_EXTENDED)
    must(SUCCEEDED(again) && streamed.size == whole.size && !memcmp(bytes, data, whole.size));
  if (SUCCEEDED(again))
    CoTaskMemFree(bytes);
  IStream_Release(stream);
  work_check(begin, "reading a reference");
  return 0;
}
