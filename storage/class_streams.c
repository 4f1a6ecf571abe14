/* The class of a storage, and what a user calls it: the stream CompObj ([MS-OLEDS] 2.3.8). */
#include <stdlib.h>
#include <string.h>

#include <ole2.h>

#include "com/com_api.h"
#include "storage/property_internal.h"

#define COMPOBJ      u"\1CompObj"
#define HEADER_BYTES 28u
#define LIMIT        65536u /* of the whole stream */
#define WIDE_MARK    0x71B239F4u

HRESULT WriteClassStg(LPSTORAGE storage, REFCLSID clsid) {
  if (!storage)
    return E_INVALIDARG;
  return clsid ? IStorage_SetClass(storage, clsid) : STG_E_INVALIDPOINTER;
}

HRESULT ReadClassStg(LPSTORAGE storage, CLSID *clsid) {
  STATSTG stat;

  if (!storage || !clsid)
    return E_INVALIDARG;
  HRESULT status = IStorage_Stat(storage, &stat, STATFLAG_NONAME);
  if (SUCCEEDED(status))
    *clsid = stat.clsid;
  return status;
}

/* Formats of the system have a number; there is no table of others here, so that all go as numbers. */
static void put_format(ByteBuffer *buffer, CLIPFORMAT format) {
  if (!format) {
    buffer_u32(buffer, 0);
    return;
  }
  buffer_u32(buffer, 0xFFFFFFFF);
  buffer_u32(buffer, format);
}

static HRESULT compose(const CLSID *clsid, CLIPFORMAT format, const OLECHAR *type, ByteBuffer *buffer) {
  size_t units = utf16_units(type);

  buffer_u32(buffer, 0xFFFE0001);
  buffer_u32(buffer, 0x00000A03);
  buffer_u32(buffer, 0xFFFFFFFF);
  buffer_bytes(buffer, clsid, sizeof *clsid);
  size_t at = buffer->size;
  buffer_u32(buffer, 0);
  /* The narrow text is for programs that know no other; letters that 1252 lacks are there in the wide one. */
  HRESULT status = code_page_from_utf16_about(1252, type, units, buffer);
  if (FAILED(status))
    return status;
  buffer_bytes(buffer, "", 1);
  buffer_put_u32(buffer, at, (uint32_t)(buffer->size - at - 4));
  put_format(buffer, format);
  buffer_u32(buffer, 0);
  buffer_u32(buffer, WIDE_MARK);
  buffer_u32(buffer, (uint32_t)units + 1);
  status = code_page_from_utf16(CODE_PAGE_UTF16, type, units, buffer);
  if (FAILED(status))
    return status;
  buffer_bytes(buffer, "\0", 2);
  put_format(buffer, format);
  buffer_u32(buffer, 0);
  return buffer->failed ? E_OUTOFMEMORY : S_OK;
}

HRESULT WriteFmtUserTypeStg(LPSTORAGE storage, CLIPFORMAT format, LPOLESTR type) {
  ByteBuffer buffer = { 0 };
  IStream *stream = NULL;
  CLSID clsid;
  ULONG done = 0;

  if (!storage)
    return E_INVALIDARG;
  HRESULT status = ReadClassStg(storage, &clsid);
  if (SUCCEEDED(status))
    status = compose(&clsid, format, type ? type : u"", &buffer);
  if (SUCCEEDED(status))
    status = IStorage_CreateStream(storage, COMPOBJ, STGM_CREATE | STGM_WRITE | STGM_SHARE_EXCLUSIVE, 0, 0, &stream);
  if (SUCCEEDED(status))
    status = IStream_Write(stream, buffer.data, (ULONG)buffer.size, &done);
  if (SUCCEEDED(status) && done < buffer.size)
    status = STG_E_MEDIUMFULL;
  if (stream)
    IStream_Release(stream);
  free(buffer.data);
  return status;
}

/* A format by number, or by a name, for which there is no number here. */
static CLIPFORMAT read_format(Cursor *cursor) {
  uint32_t mark = cursor_u32(cursor);

  if (mark == 0xFFFFFFFF || mark == 0xFFFFFFFE)
    return (CLIPFORMAT)cursor_u32(cursor);
  cursor_skip(cursor, mark);
  return 0;
}

static HRESULT read_text(Cursor *cursor, uint32_t code_page, size_t unit, LPOLESTR *text) {
  uint32_t length = cursor_u32(cursor);
  size_t units;
  const uint8_t *bytes = length <= LIMIT ? cursor_bytes(cursor, length * unit) : NULL;

  return bytes ? code_page_to_utf16(code_page, bytes, length * unit, text, &units) : STG_E_READFAULT;
}

static HRESULT parse(const uint8_t *bytes, size_t size, CLIPFORMAT *format, LPOLESTR *type) {
  Cursor cursor = cursor_over(bytes, size);
  LPOLESTR wide = NULL;

  cursor_skip(&cursor, HEADER_BYTES);
  HRESULT status = read_text(&cursor, 1252, 1, type);
  if (FAILED(status))
    return status;
  *format = read_format(&cursor);
  if (cursor.failed) {
    CoTaskMemFree(*type);
    *type = NULL;
    return STG_E_READFAULT;
  }
  cursor_skip(&cursor, cursor_u32(&cursor)); /* the program's identifier */
  if (cursor_u32(&cursor) == WIDE_MARK && !cursor.failed && SUCCEEDED(read_text(&cursor, CODE_PAGE_UTF16, 2, &wide))) {
    CoTaskMemFree(*type);
    *type = wide;
  }
  return S_OK;
}

HRESULT ReadFmtUserTypeStg(LPSTORAGE storage, CLIPFORMAT *format, LPOLESTR *type) {
  CLIPFORMAT found = 0;
  LPOLESTR text = NULL;
  IStream *stream = NULL;
  ULONG size = 0;

  if (!storage)
    return E_INVALIDARG;
  HRESULT status = IStorage_OpenStream(storage, COMPOBJ, NULL, STGM_READ | STGM_SHARE_EXCLUSIVE, 0, &stream);
  if (FAILED(status))
    return status;
  uint8_t *bytes = malloc(LIMIT);
  status = bytes ? IStream_Read(stream, bytes, LIMIT, &size) : E_OUTOFMEMORY;
  IStream_Release(stream);
  if (SUCCEEDED(status))
    status = parse(bytes, size, &found, &text);
  free(bytes);
  if (SUCCEEDED(status) && format)
    *format = found;
  if (SUCCEEDED(status) && type)
    *type = text;
  else
    CoTaskMemFree(text);
  return status;
}

/* The class, then the object, then what makes both lasting. */
HRESULT OleSave(LPPERSISTSTORAGE object, LPSTORAGE storage, BOOL same_as_load) {
  CLSID clsid;

  if (!object || !storage)
    return E_INVALIDARG;
  HRESULT status = IPersistStorage_GetClassID(object, &clsid);
  if (SUCCEEDED(status))
    status = WriteClassStg(storage, &clsid);
  if (SUCCEEDED(status))
    status = IPersistStorage_Save(object, storage, same_as_load);
  if (SUCCEEDED(status))
    status = IStorage_Commit(storage, STGC_DEFAULT);
  return status;
}
