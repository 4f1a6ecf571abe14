/* An interface handed to another thread through a stream, and results of calls in streams. */
#include "com/com_api.h"

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

/* A reference that could not be taken is nobody's. */
static void give_up(IStream *stream, const ULARGE_INTEGER *position) {
  LARGE_INTEGER back = { .QuadPart = (LONGLONG)position->QuadPart };
  if (SUCCEEDED(IStream_Seek(stream, back, STREAM_SEEK_SET, NULL)))
    CoReleaseMarshalData(stream);
}

/* The stream goes in any case, and with it the reference that nobody else knows of. */
HRESULT CoGetInterfaceAndReleaseStream(IStream *stream, REFIID iid, LPVOID *result) {
  ULARGE_INTEGER position;
  if (result)
    *result = NULL;
  if (!stream)
    return E_INVALIDARG;
  HRESULT status = IStream_Seek(stream, beginning, STREAM_SEEK_CUR, &position);
  if (SUCCEEDED(status)) {
    status = iid && result ? CoUnmarshalInterface(stream, iid, result) : E_INVALIDARG;
    if (FAILED(status))
      give_up(stream, &position);
  }
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
