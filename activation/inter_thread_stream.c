/* An interface handed to another thread through a stream, which holds a cookie of the global interface table. */
#include "activation/builtin_classes.h"
#include "com/com_api.h"

typedef struct InterThreadRecord {
  DWORD magic;
  DWORD cookie;
} InterThreadRecord;

#define INTER_THREAD_MAGIC 0x544C4F4F

HRESULT CoMarshalInterThreadInterfaceInStream(REFIID iid, IUnknown *object, IStream **result) {
  static const LARGE_INTEGER start;
  IGlobalInterfaceTable *table = global_interface_table_get();
  InterThreadRecord record = { INTER_THREAD_MAGIC, 0 };
  HRESULT status;

  if (!result)
    return E_INVALIDARG;
  *result = NULL;
  if (!iid || !object)
    return E_INVALIDARG;
  status = CreateStreamOnHGlobal(NULL, TRUE, result);
  if (FAILED(status))
    return status;
  status = IGlobalInterfaceTable_RegisterInterfaceInGlobal(table, object, iid, &record.cookie);
  if (SUCCEEDED(status))
    status = IStream_Write(*result, &record, sizeof record, NULL);
  if (SUCCEEDED(status))
    status = IStream_Seek(*result, start, STREAM_SEEK_SET, NULL);
  if (FAILED(status)) {
    IGlobalInterfaceTable_RevokeInterfaceFromGlobal(table, record.cookie);
    IStream_Release(*result);
    *result = NULL;
  }
  return status;
}

static HRESULT read_record(IStream *stream, InterThreadRecord *record) {
  ULONG size = 0;
  HRESULT status = IStream_Read(stream, record, sizeof *record, &size);

  if (SUCCEEDED(status) && (size != sizeof *record || record->magic != INTER_THREAD_MAGIC))
    status = E_INVALIDARG;
  return status;
}

/* The stream goes in any case, and its cookie, which nobody else knows, with it. */
HRESULT CoGetInterfaceAndReleaseStream(IStream *stream, REFIID iid, LPVOID *result) {
  IGlobalInterfaceTable *table = global_interface_table_get();
  InterThreadRecord record;
  HRESULT status;

  if (result)
    *result = NULL;
  if (!stream)
    return E_INVALIDARG;
  status = read_record(stream, &record);
  if (SUCCEEDED(status)) {
    status =
        iid && result ? IGlobalInterfaceTable_GetInterfaceFromGlobal(table, record.cookie, iid, result) : E_INVALIDARG;
    IGlobalInterfaceTable_RevokeInterfaceFromGlobal(table, record.cookie);
  }
  IStream_Release(stream);
  return iid && result ? status : E_INVALIDARG;
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
