/* Interfaces handed from thread to thread: the global interface table, CoMarshalInterThreadInterfaceInStream, and the
 * free-threaded marshaler. As long as there are no proxies the pointers themselves are handed over. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "activation/activation_internal.h"
#include "activation/builtin_classes.h"
#include "com/object.h"

/* --- The table --- */

typedef struct Entry {
  struct Entry *next;
  DWORD cookie;
  IUnknown *object; /* the interface iid */
  uint64_t apartment;
} Entry;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static Entry *entries;
static DWORD last_cookie = 0x100; /* so that small numbers are recognized as wrong */

static void entry_free(Entry *entry) {
  IUnknown_Release(entry->object);
  free(entry);
}

/* Takes an entry off the list: the one with the cookie, or (cookie 0) the first of the apartment. */
static Entry *take(DWORD cookie, uint64_t apartment) {
  Entry **link = &entries;
  Entry *entry;

  pthread_mutex_lock(&lock);
  while (*link && (cookie ? (*link)->cookie != cookie : (*link)->apartment != apartment))
    link = &(*link)->next;
  entry = *link;
  if (entry)
    *link = entry->next;
  pthread_mutex_unlock(&lock);
  return entry;
}

static void leave_apartment(uint64_t apartment, bool last) {
  Entry *entry;

  while (last && (entry = take(0, apartment)) != NULL)
    entry_free(entry);
}

static pthread_once_t hook_once = PTHREAD_ONCE_INIT;

static void add_hook(void) {
  apartment_add_hook(leave_apartment);
}

typedef struct Table {
  IGlobalInterfaceTable table;
  Object object;
} Table;

OBJECT_FACE(Table, table, IGlobalInterfaceTable)

static HRESULT STDMETHODCALLTYPE Table_Register(IGlobalInterfaceTable *self, IUnknown *object, REFIID iid,
                                                DWORD *cookie) {
  Entry *entry;
  HRESULT status;

  (void)self;
  if (!object || !iid || !cookie)
    return E_INVALIDARG;
  *cookie = 0;
  pthread_once(&hook_once, add_hook);
  entry = calloc(1, sizeof *entry);
  if (!entry)
    return E_OUTOFMEMORY;
  status = IUnknown_QueryInterface(object, iid, (void **)&entry->object);
  if (FAILED(status)) {
    free(entry);
    return status;
  }
  entry->apartment = apartment_current();
  pthread_mutex_lock(&lock);
  if (++last_cookie == 0)
    last_cookie = 0x101;
  *cookie = entry->cookie = last_cookie;
  entry->next = entries;
  entries = entry;
  pthread_mutex_unlock(&lock);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Table_Revoke(IGlobalInterfaceTable *self, DWORD cookie) {
  Entry *entry = cookie ? take(cookie, 0) : NULL;

  (void)self;
  if (!entry)
    return E_INVALIDARG;
  entry_free(entry);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Table_Get(IGlobalInterfaceTable *self, DWORD cookie, REFIID iid, void **result) {
  IUnknown *object = NULL;
  Entry *entry;
  HRESULT status;

  (void)self;
  if (!iid || !result)
    return E_INVALIDARG;
  *result = NULL;
  pthread_mutex_lock(&lock);
  for (entry = entries; entry && entry->cookie != cookie; entry = entry->next)
    ;
  if (entry) {
    object = entry->object;
    IUnknown_AddRef(object);
  }
  pthread_mutex_unlock(&lock);
  if (!object)
    return E_INVALIDARG;
  status = IUnknown_QueryInterface(object, iid, result);
  IUnknown_Release(object);
  return status;
}

static const IGlobalInterfaceTableVtbl table_vtable = {
  OLEANDER_FACE_SLOTS(Table, table),
  Table_Register,
  Table_Revoke,
  Table_Get,
};
static const ObjectFace table_faces[] = {
  { &IID_IGlobalInterfaceTable, offsetof(Table, table), &table_vtable },
  { 0 },
};
static const ObjectType table_type = { .name = "Table", .object = offsetof(Table, object), .faces = table_faces };
static Table the_table = { { &table_vtable }, OBJECT_LASTING(table_type) };

HRESULT global_interface_table_get(IUnknown **table) {
  *table = (IUnknown *)&the_table.table;
  return S_OK;
}

/* --- Through a stream: it holds a cookie of the table --- */

typedef struct InterThreadRecord {
  DWORD magic;
  DWORD cookie;
} InterThreadRecord;

#define INTER_THREAD_MAGIC 0x544C4F4F

HRESULT CoMarshalInterThreadInterfaceInStream(REFIID iid, IUnknown *object, IStream **result) {
  static const LARGE_INTEGER start;
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
  status = Table_Register(&the_table.table, object, iid, &record.cookie);
  if (SUCCEEDED(status))
    status = IStream_Write(*result, &record, sizeof record, NULL);
  if (SUCCEEDED(status))
    status = IStream_Seek(*result, start, STREAM_SEEK_SET, NULL);
  if (FAILED(status)) {
    Table_Revoke(&the_table.table, record.cookie);
    IStream_Release(*result);
    *result = NULL;
  }
  return status;
}

HRESULT CoGetInterfaceAndReleaseStream(IStream *stream, REFIID iid, LPVOID *result) {
  InterThreadRecord record;
  ULONG size = 0;
  HRESULT status;

  if (result)
    *result = NULL;
  if (!stream)
    return E_INVALIDARG;
  if (!iid || !result) {
    IStream_Release(stream);
    return E_INVALIDARG;
  }
  status = IStream_Read(stream, &record, sizeof record, &size);
  if (SUCCEEDED(status) && (size != sizeof record || record.magic != INTER_THREAD_MAGIC))
    status = E_INVALIDARG;
  if (SUCCEEDED(status))
    status = Table_Get(&the_table.table, record.cookie, iid, result);
  if (SUCCEEDED(status))
    Table_Revoke(&the_table.table, record.cookie);
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

/* --- The free-threaded marshaler: writes the pointer itself, with a secret of this process --- */

typedef struct FreeMarshaler {
  IMarshal marshal;
  Object object;
} FreeMarshaler;

typedef struct FreeMarshalerRecord {
  DWORD flags;
  DWORD reserved;
  uint64_t pointer;
  GUID secret;
} FreeMarshalerRecord;

OBJECT_FACE(FreeMarshaler, marshal, IMarshal)

static GUID secret;
static pthread_once_t secret_once = PTHREAD_ONCE_INIT;

static void make_secret(void) {
  CoCreateGuid(&secret);
}

static bool in_process(DWORD destination) {
  return destination == MSHCTX_INPROC || destination == MSHCTX_CROSSCTX;
}

static HRESULT STDMETHODCALLTYPE FreeMarshaler_GetUnmarshalClass(IMarshal *face, REFIID iid, void *object,
                                                                 DWORD destination, void *reserved, DWORD flags,
                                                                 CLSID *clsid) {
  (void)face;
  (void)iid;
  (void)object;
  (void)reserved;
  (void)flags;
  if (!clsid)
    return E_POINTER;
  *clsid = in_process(destination) ? CLSID_InProcFreeMarshaler : CLSID_StdMarshal;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE FreeMarshaler_GetMarshalSizeMax(IMarshal *face, REFIID iid, void *object,
                                                                 DWORD destination, void *reserved, DWORD flags,
                                                                 DWORD *size) {
  (void)face;
  (void)iid;
  (void)object;
  (void)reserved;
  (void)flags;
  if (!size)
    return E_POINTER;
  *size = sizeof(FreeMarshalerRecord);
  return in_process(destination) ? S_OK : E_NOTIMPL;
}

static HRESULT STDMETHODCALLTYPE FreeMarshaler_MarshalInterface(IMarshal *face, IStream *stream, REFIID iid,
                                                                void *object, DWORD destination, void *reserved,
                                                                DWORD flags) {
  FreeMarshalerRecord record = { .flags = flags };
  IUnknown *pointer;
  ULONG done;
  HRESULT status;

  (void)face;
  (void)reserved;
  if (!stream || !iid || !object)
    return E_INVALIDARG;
  /* Another process takes a standard reference, which nobody here can write yet. */
  if (!in_process(destination))
    return E_NOTIMPL;
  pthread_once(&secret_once, make_secret);
  status = IUnknown_QueryInterface((IUnknown *)object, iid, (void **)&pointer);
  if (FAILED(status))
    return status;
  record.pointer = (uint64_t)(uintptr_t)pointer;
  record.secret = secret;
  status = IStream_Write(stream, &record, sizeof record, &done);
  if (FAILED(status) || flags & MSHLFLAGS_TABLEWEAK)
    IUnknown_Release(pointer);
  return status;
}

static HRESULT read_record(IStream *stream, FreeMarshalerRecord *record) {
  ULONG size = 0;
  HRESULT status = stream ? IStream_Read(stream, record, sizeof *record, &size) : E_INVALIDARG;

  if (FAILED(status))
    return status;
  pthread_once(&secret_once, make_secret);
  return size == sizeof *record && IsEqualGUID(&record->secret, &secret) ? S_OK : E_UNEXPECTED;
}

static IUnknown *pointer_of(const FreeMarshalerRecord *record) {
  return (IUnknown *)(uintptr_t)record->pointer;
}

static HRESULT STDMETHODCALLTYPE FreeMarshaler_UnmarshalInterface(IMarshal *face, IStream *stream, REFIID iid,
                                                                  void **result) {
  FreeMarshalerRecord record;
  HRESULT status;

  (void)face;
  if (!result)
    return E_POINTER;
  *result = NULL;
  status = read_record(stream, &record);
  if (FAILED(status))
    return status;
  status = IUnknown_QueryInterface(pointer_of(&record), iid, result);
  if (!(record.flags & (MSHLFLAGS_TABLESTRONG | MSHLFLAGS_TABLEWEAK)))
    IUnknown_Release(pointer_of(&record));
  return status;
}

static HRESULT STDMETHODCALLTYPE FreeMarshaler_ReleaseMarshalData(IMarshal *face, IStream *stream) {
  FreeMarshalerRecord record;
  HRESULT status = read_record(stream, &record);

  (void)face;
  if (SUCCEEDED(status) && !(record.flags & MSHLFLAGS_TABLEWEAK))
    IUnknown_Release(pointer_of(&record));
  return status;
}

static HRESULT STDMETHODCALLTYPE FreeMarshaler_DisconnectObject(IMarshal *face, DWORD reserved) {
  (void)face;
  (void)reserved;
  return S_OK; /* pointers themselves cannot be cut off */
}

static const IMarshalVtbl marshal_vtable = {
  FreeMarshaler_marshal_QueryInterface, FreeMarshaler_marshal_AddRef,     FreeMarshaler_marshal_Release,
  FreeMarshaler_GetUnmarshalClass,      FreeMarshaler_GetMarshalSizeMax,  FreeMarshaler_MarshalInterface,
  FreeMarshaler_UnmarshalInterface,     FreeMarshaler_ReleaseMarshalData, FreeMarshaler_DisconnectObject,
};
static const ObjectFace marshal_faces[] = { { &IID_IMarshal, offsetof(FreeMarshaler, marshal), &marshal_vtable },
                                            { 0 } };
static const ObjectType marshal_type = {
  "FreeMarshaler", sizeof(FreeMarshaler), offsetof(FreeMarshaler, object), marshal_faces, NULL, NULL,
};

HRESULT CoCreateFreeThreadedMarshaler(IUnknown *outer, IUnknown **result) {
  FreeMarshaler *marshaler;

  if (!result)
    return E_INVALIDARG;
  *result = NULL;
  marshaler = object_create_aggregated(&marshal_type, outer);
  if (!marshaler)
    return E_OUTOFMEMORY;
  *result = outer ? object_inner(&marshaler->object) : (IUnknown *)&marshaler->marshal;
  return S_OK;
}
