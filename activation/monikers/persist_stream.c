/* Objects in streams: OleSaveToStream and its like, and exact reading and writing. */
#include <stdlib.h>
#include <string.h>

#include "activation/monikers/moniker_internal.h"

#define LOAD_DEPTH_LIMIT  32         /* objects within objects in a stream */
#define LOAD_GROWTH_LIMIT (16 << 20) /* bytes that all objects of one stream take beyond those that stand in it */
#define READ_STEP         0x1000     /* bytes for which memory is made before they are seen */
#define TERMINATOR        4 /* zero bytes behind a block: they end text in either size of unit, from an odd place too */

HRESULT stream_read(IStream *stream, void *buffer, size_t size) {
  ULONG done = 0;
  HRESULT status = size ? IStream_Read(stream, buffer, (ULONG)size, &done) : S_OK;

  if (FAILED(status))
    return status;
  return done == size ? S_OK : STG_E_READFAULT;
}

HRESULT stream_write(IStream *stream, const void *buffer, size_t size) {
  ULONG done = 0;
  HRESULT status = size ? IStream_Write(stream, buffer, (ULONG)size, &done) : S_OK;

  if (FAILED(status))
    return status;
  return done == size ? S_OK : STG_E_WRITEFAULT;
}

HRESULT stream_read_block(IStream *stream, size_t size, size_t limit, void **block) {
  uint8_t *bytes = NULL;
  size_t done = 0;
  HRESULT status = size > limit ? E_INVALIDARG : S_OK;

  *block = NULL;
  while (SUCCEEDED(status) && (!bytes || done < size)) {
    size_t step = size - done < READ_STEP ? size - done : READ_STEP;
    uint8_t *bigger = realloc(bytes, done + step + TERMINATOR);

    if (!bigger) {
      status = E_OUTOFMEMORY;
      break;
    }
    bytes = bigger;
    status = stream_read(stream, bytes + done, step);
    done += step;
  }
  if (FAILED(status)) {
    free(bytes);
    return status;
  }
  memset(bytes + size, 0, TERMINATOR);
  *block = bytes;
  return S_OK;
}

HRESULT stream_write_narrow(IStream *stream, const OLECHAR *text, size_t units) {
  char *narrow = malloc(units + 1);

  if (!narrow)
    return E_OUTOFMEMORY;
  for (size_t i = 0; i < units; i++)
    narrow[i] = text[i] < 0x80 ? (char)text[i] : '?';
  narrow[units] = '\0';
  HRESULT status = stream_write(stream, narrow, units + 1);
  free(narrow);
  return status;
}

OLECHAR *wide_copy(const OLECHAR *text, size_t units) {
  OLECHAR *copy = malloc((units + 1) * sizeof *copy);

  if (!copy)
    return NULL;
  if (units)
    memcpy(copy, text, units * sizeof *copy);
  copy[units] = 0;
  return copy;
}

HRESULT WriteClassStm(LPSTREAM stream, REFCLSID clsid) {
  return stream && clsid ? stream_write(stream, clsid, sizeof *clsid) : E_INVALIDARG;
}

HRESULT ReadClassStm(LPSTREAM stream, CLSID *clsid) {
  if (!stream || !clsid)
    return E_INVALIDARG;
  *clsid = CLSID_NULL;
  return stream_read(stream, clsid, sizeof *clsid);
}

HRESULT OleSaveToStream(LPPERSISTSTREAM object, LPSTREAM stream) {
  if (!object || !stream)
    return STG_E_INVALIDPOINTER;
  CLSID clsid;
  HRESULT status = IPersistStream_GetClassID(object, &clsid);
  if (SUCCEEDED(status))
    status = WriteClassStm(stream, &clsid);
  return SUCCEEDED(status) ? IPersistStream_Save(object, stream, FALSE) : status;
}

/* Objects in a stream may hold others: a stream of nothing but nested beginnings must not exhaust the stack, and one of
 * nothing but short texts that stand for long ones must not exhaust the memory. */
static _Thread_local int load_depth;
static _Thread_local int load_budgets; /* loads that share load_room */
static _Thread_local size_t load_room;

void load_begin(void) {
  if (load_budgets++ == 0)
    load_room = LOAD_GROWTH_LIMIT;
}

void load_end(void) {
  load_budgets--;
}

HRESULT load_grow(size_t bytes) {
  if (!load_budgets)
    return S_OK;
  if (bytes > load_room)
    return STG_E_DOCFILECORRUPT;
  load_room -= bytes;
  return S_OK;
}

HRESULT OleLoadFromStream(LPSTREAM stream, REFIID iid, LPVOID *result) {
  if (!stream || !result)
    return E_INVALIDARG;
  *result = NULL;
  if (load_depth == LOAD_DEPTH_LIMIT)
    return STG_E_DOCFILECORRUPT;
  IPersistStream *object;
  CLSID clsid;
  HRESULT status = ReadClassStm(stream, &clsid);
  if (SUCCEEDED(status))
    status = CoCreateInstance(&clsid, NULL, CLSCTX_SERVER, &IID_IPersistStream, (void **)&object);
  if (FAILED(status))
    return status;
  load_depth++;
  load_begin();
  status = IPersistStream_Load(object, stream);
  load_end();
  load_depth--;
  if (SUCCEEDED(status))
    status = IPersistStream_QueryInterface(object, iid, result);
  IPersistStream_Release(object);
  return status;
}
