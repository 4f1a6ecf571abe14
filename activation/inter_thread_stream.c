/* An interface handed to another thread through a stream, and results of calls in streams. */
#include "com/com_api.h"
#include "remote/remote_api.h"

static const LARGE_INTEGER beginning;

HRESULT CoMarshalInterThreadInterfaceInStream(REFIID iid, IUnknown *object, IStream **result) {
  if (!result)
    return E_INVALIDARG;
  *result = NULL;
  if (!iid || !object)
    return E_INVALIDARG;
  IUnknown *face = NULL;
  HRESULT status = IUnknown_QueryInterface(object, iid, (void **)&face);
  if (SUCCEEDED(status) && !face)
    status = E_NOINTERFACE;
  if (FAILED(status))
    return status;
  status = CreateStreamOnHGlobal(NULL, TRUE, result);
  if (SUCCEEDED(status))
    status = CoMarshalInterface(*result, iid, face, MSHCTX_INPROC, NULL, MSHLFLAGS_NORMAL);
  IUnknown_Release(face);
  if (SUCCEEDED(status))
    status = IStream_Seek(*result, beginning, STREAM_SEEK_SET, NULL);
  if (FAILED(status) && *result) {
    IStream_Release(*result);
    *result = NULL;
  }
  return status;
}

/* The stream goes in any case, and with it the reference that nobody else knows of. */
HRESULT CoGetInterfaceAndReleaseStream(IStream *stream, REFIID iid, LPVOID *result) {
  HRESULT status = E_INVALIDARG;
  if (result)
    *result = NULL;
  if (!stream)
    return status;
  if (iid && result)
    status = remote_unmarshal_last(stream, iid, result);
  else
    CoReleaseMarshalData(stream);
  IStream_Release(stream);
  return status;
}

/* An HRESULT travels as its four bytes. */
HRESULT CoMarshalHresult(IStream *stream, HRESULT code) {
  return stream ? IStream_Write(stream, &code, sizeof code, NULL) : E_INVALIDARG;
}

HRESULT CoUnmarshalHresult(IStream *stream, HRESULT *code) {
  ULONG size = 0;
  HRESULT status;

  if (!stream || !code)
    return E_INVALIDARG;
  status = IStream_Read(stream, code, sizeof *code, &size);
  return SUCCEEDED(status) && size != sizeof *code ? STG_E_READFAULT : status;
}
