/* References that stay in tables of other processes, as bytes. */
#include <stdlib.h>
#include <string.h>

#include "activation/local/local.h"

static const LARGE_INTEGER stream_begin;

/* What a stream has, for free(). */
static HRESULT read_all(IStream *stream, uint8_t **bytes, size_t *size) {
  STATSTG facts;
  ULONG got = 0;
  HRESULT status = IStream_Stat(stream, &facts, STATFLAG_NONAME);
  if (FAILED(status))
    return status;
  *size = (size_t)facts.cbSize.QuadPart;
  *bytes = malloc(*size + 1);
  if (!*bytes)
    return E_OUTOFMEMORY;
  status = IStream_Seek(stream, stream_begin, STREAM_SEEK_SET, NULL);
  if (SUCCEEDED(status))
    status = IStream_Read(stream, *bytes, (ULONG)*size, &got);
  if (SUCCEEDED(status) && got == *size)
    return S_OK;
  free(*bytes);
  *bytes = NULL;
  return FAILED(status) ? status : E_UNEXPECTED;
}

HRESULT reference_marshal(IUnknown *object, REFIID iid, bool strong, uint8_t **bytes, size_t *size) {
  IStream *stream;
  *bytes = NULL;
  *size = 0;
  HRESULT status = CreateStreamOnHGlobal(NULL, TRUE, &stream);
  if (FAILED(status))
    return status;
  status =
      CoMarshalInterface(stream, iid, object, MSHCTX_LOCAL, NULL, strong ? MSHLFLAGS_TABLESTRONG : MSHLFLAGS_TABLEWEAK);
  if (SUCCEEDED(status))
    status = read_all(stream, bytes, size);
  IStream_Release(stream);
  return status;
}

static HRESULT stream_over(const uint8_t *bytes, size_t size, IStream **stream) {
  HRESULT status = CreateStreamOnHGlobal(NULL, TRUE, stream);
  if (FAILED(status))
    return status;
  status = IStream_Write(*stream, bytes, (ULONG)size, NULL);
  if (SUCCEEDED(status))
    status = IStream_Seek(*stream, stream_begin, STREAM_SEEK_SET, NULL);
  if (FAILED(status))
    IStream_Release(*stream);
  return status;
}

HRESULT reference_unmarshal(const uint8_t *bytes, size_t size, REFIID iid, void **result) {
  IStream *stream;
  *result = NULL;
  HRESULT status = stream_over(bytes, size, &stream);
  if (FAILED(status))
    return status;
  status = CoUnmarshalInterface(stream, iid, result);
  IStream_Release(stream);
  return status;
}

void reference_end(uint8_t *bytes, size_t size) {
  IStream *stream;
  if (bytes && SUCCEEDED(stream_over(bytes, size, &stream))) {
    CoReleaseMarshalData(stream);
    IStream_Release(stream);
  }
  free(bytes);
}
