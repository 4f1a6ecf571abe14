/* The objref moniker: a running object by a marshaled reference to it ("objref:BASE64:"), for everyone on the host. Who makes one of
 * an object keeps the object for it; copies and names only find it, as often as they are asked, while it is kept or has clients. */
#include <stdlib.h>
#include <string.h>

#include "activation/monikers/moniker_internal.h"
#include "com/com_api.h"

#define PREFIX          u"objref:"
#define PREFIX_UNITS    7
#define REFERENCE_LIMIT (64 << 10) /* bytes */

const CLSID CLSID_ObjrefMoniker = { 0x00000327, 0, 0, { 0xC0, 0, 0, 0, 0, 0, 0, 0x46 } };

typedef struct ObjrefMoniker {
  Moniker base;
  uint8_t *reference;
  uint32_t size;
  bool keeps; /* the reference is its own: it ends with the moniker */
} ObjrefMoniker;

static const IMonikerVtbl objref_vtable;

static ObjrefMoniker *from_moniker(IMoniker *face) {
  return OBJECT_CONTAINER(face, ObjrefMoniker, base.moniker);
}

/* References as bytes */

static const LARGE_INTEGER beginning;

static HRESULT open_reference(const ObjrefMoniker *moniker, IStream **stream) {
  if (!moniker->size)
    return E_UNEXPECTED; /* nothing has been loaded into it */
  HRESULT status = CreateStreamOnHGlobal(NULL, TRUE, stream);
  if (FAILED(status))
    return status;
  status = stream_write(*stream, moniker->reference, moniker->size);
  if (SUCCEEDED(status))
    status = IStream_Seek(*stream, beginning, STREAM_SEEK_SET, NULL);
  if (FAILED(status))
    IStream_Release(*stream);
  return status;
}

static HRESULT read_reference(IStream *stream, ObjrefMoniker *moniker) {
  STATSTG facts;
  void *block = NULL;
  HRESULT status = IStream_Stat(stream, &facts, STATFLAG_NONAME);
  if (SUCCEEDED(status))
    status = IStream_Seek(stream, beginning, STREAM_SEEK_SET, NULL);
  if (SUCCEEDED(status))
    status = stream_read_block(stream, (size_t)facts.cbSize.QuadPart, REFERENCE_LIMIT, &block);
  if (SUCCEEDED(status)) {
    moniker->reference = block;
    moniker->size = (uint32_t)facts.cbSize.QuadPart;
  }
  return status;
}

static void give_up(IStream *stream) {
  if (SUCCEEDED(IStream_Seek(stream, beginning, STREAM_SEEK_SET, NULL)))
    CoReleaseMarshalData(stream);
}

static HRESULT make_reference(IUnknown *object, ObjrefMoniker *moniker) {
  IStream *stream;
  HRESULT status = CreateStreamOnHGlobal(NULL, TRUE, &stream);
  if (FAILED(status))
    return status;
  status = CoMarshalInterface(stream, &IID_IUnknown, object, MSHCTX_LOCAL, NULL, MSHLFLAGS_TABLESTRONG);
  if (SUCCEEDED(status)) {
    status = read_reference(stream, moniker);
    moniker->keeps = SUCCEEDED(status);
    if (FAILED(status))
      give_up(stream);
  }
  IStream_Release(stream);
  return status;
}

static void objref_destroy(void *self) {
  ObjrefMoniker *moniker = self;
  IStream *stream;
  if (moniker->keeps && SUCCEEDED(open_reference(moniker, &stream))) {
    CoReleaseMarshalData(stream);
    IStream_Release(stream);
  }
  free(moniker->reference);
}

/* IPersistStream: the number of bytes, the reference */

static HRESULT STDMETHODCALLTYPE ObjrefMoniker_GetClassID(IMoniker *face, CLSID *clsid) {
  (void)face;
  return moniker_class(clsid, &CLSID_ObjrefMoniker);
}

static HRESULT STDMETHODCALLTYPE ObjrefMoniker_Load(IMoniker *face, IStream *stream) {
  ObjrefMoniker *moniker = from_moniker(face);
  void *block = NULL;
  uint32_t size = 0;
  HRESULT status = stream ? stream_read(stream, &size, sizeof size) : E_INVALIDARG;
  if (moniker->size && SUCCEEDED(status))
    status = E_UNEXPECTED;
  if (SUCCEEDED(status))
    status = size ? stream_read_block(stream, size, REFERENCE_LIMIT, &block) : STG_E_DOCFILECORRUPT;
  if (FAILED(status))
    return status;
  moniker->reference = block;
  moniker->size = size;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE ObjrefMoniker_Save(IMoniker *face, IStream *stream, BOOL clear_dirty) {
  const ObjrefMoniker *moniker = from_moniker(face);
  (void)clear_dirty;
  if (!stream)
    return E_INVALIDARG;
  if (!moniker->size)
    return E_UNEXPECTED;
  HRESULT status = stream_write(stream, &moniker->size, sizeof moniker->size);
  return SUCCEEDED(status) ? stream_write(stream, moniker->reference, moniker->size) : status;
}

static HRESULT STDMETHODCALLTYPE ObjrefMoniker_GetSizeMax(IMoniker *face, ULARGE_INTEGER *size) {
  if (!size)
    return E_INVALIDARG;
  size->QuadPart = sizeof(uint32_t) + from_moniker(face)->size;
  return S_OK;
}

/* IMoniker */

static HRESULT STDMETHODCALLTYPE ObjrefMoniker_BindToObject(IMoniker *face, IBindCtx *context, IMoniker *left,
                                                            REFIID iid, void **result) {
  IStream *stream;
  (void)context;
  (void)left;
  if (result)
    *result = NULL;
  if (!result || !iid)
    return E_INVALIDARG;
  HRESULT status = open_reference(from_moniker(face), &stream);
  if (FAILED(status))
    return status;
  status = CoUnmarshalInterface(stream, iid, result);
  IStream_Release(stream);
  return status;
}

static HRESULT STDMETHODCALLTYPE ObjrefMoniker_IsEqual(IMoniker *face, IMoniker *other) {
  const ObjrefMoniker *first = from_moniker(face);
  if (!other)
    return E_INVALIDARG;
  if (other->lpVtbl != &objref_vtable)
    return S_FALSE;
  const ObjrefMoniker *second = from_moniker(other);
  return first->size == second->size && (!first->size || memcmp(first->reference, second->reference, first->size) == 0)
             ? S_OK
             : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE ObjrefMoniker_Hash(IMoniker *face, DWORD *hash) {
  const ObjrefMoniker *moniker = from_moniker(face);
  if (!hash)
    return E_INVALIDARG;
  *hash = 0;
  for (uint32_t i = 0; i < moniker->size; i++)
    *hash = *hash * 31 + moniker->reference[i];
  return S_OK;
}

/* What it names runs: otherwise it names nothing. */
static HRESULT STDMETHODCALLTYPE ObjrefMoniker_IsRunning(IMoniker *face, IBindCtx *context, IMoniker *left,
                                                         IMoniker *newly_running) {
  IUnknown *object;
  (void)newly_running;
  HRESULT status = ObjrefMoniker_BindToObject(face, context, left, &IID_IUnknown, (void **)&object);
  if (FAILED(status))
    return S_FALSE;
  IUnknown_Release(object);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE ObjrefMoniker_GetTimeOfLastChange(IMoniker *face, IBindCtx *context, IMoniker *left,
                                                                   FILETIME *time) {
  (void)face;
  (void)context;
  (void)left;
  return time ? MK_E_UNAVAILABLE : E_INVALIDARG;
}

/* Names */

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static size_t encode(const uint8_t *bytes, size_t size, OLECHAR *text) {
  size_t units = 0;
  for (size_t i = 0; i < size; i += 3) {
    size_t left = size - i;
    uint32_t group = (uint32_t)bytes[i] << 16;
    group |= left > 1 ? (uint32_t)bytes[i + 1] << 8 : 0;
    group |= left > 2 ? bytes[i + 2] : 0;
    for (size_t k = 0; k < 4; k++)
      text[units++] = k <= left ? (OLECHAR)digits[group >> (18 - 6 * k) & 63] : '=';
  }
  return units;
}

static int digit_of(OLECHAR unit) {
  const char *found = unit && unit < 0x80 ? strchr(digits, (char)unit) : NULL;
  return found ? (int)(found - digits) : -1;
}

/* The bytes that so many digits stand for; false: they stand for none. */
static bool decode(const OLECHAR *text, size_t units, uint8_t *bytes, uint32_t *size) {
  *size = 0;
  if (!units || units % 4)
    return false;
  for (size_t i = 0; i < units; i += 4) {
    bool last = i + 4 == units;
    size_t given = last && text[i + 3] == '=' ? (text[i + 2] == '=' ? 2 : 3) : 4;
    uint32_t group = 0;
    for (size_t k = 0; k < 4; k++) {
      int digit = k < given ? digit_of(text[i + k]) : 0;
      if (digit < 0)
        return false;
      group = group << 6 | (uint32_t)digit;
    }
    for (size_t k = 0; k + 1 < given; k++)
      bytes[(*size)++] = (uint8_t)(group >> (16 - 8 * k));
  }
  return true;
}

static HRESULT STDMETHODCALLTYPE ObjrefMoniker_GetDisplayName(IMoniker *face, IBindCtx *context, IMoniker *left,
                                                              LPOLESTR *name) {
  const ObjrefMoniker *moniker = from_moniker(face);
  (void)left;
  if (name)
    *name = NULL;
  if (!name || !context)
    return E_INVALIDARG;
  if (!moniker->size)
    return E_UNEXPECTED;
  size_t units = PREFIX_UNITS + (moniker->size + (size_t)2) / 3 * 4 + 1;
  OLECHAR *text = CoTaskMemAlloc((units + 1) * sizeof *text);
  if (!text)
    return E_OUTOFMEMORY;
  memcpy(text, PREFIX, PREFIX_UNITS * sizeof *text);
  encode(moniker->reference, moniker->size, text + PREFIX_UNITS);
  text[units - 1] = ':';
  text[units] = 0;
  *name = text;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE ObjrefMoniker_ParseDisplayName(IMoniker *face, IBindCtx *context, IMoniker *left,
                                                                LPOLESTR name, ULONG *eaten, IMoniker **result) {
  if (result)
    *result = NULL;
  if (!result || !eaten || !name)
    return E_INVALIDARG;
  return moniker_parse_by_object(face, context, left, name, eaten, result);
}

static HRESULT STDMETHODCALLTYPE ObjrefMoniker_IsSystemMoniker(IMoniker *face, DWORD *kind) {
  (void)face;
  return moniker_kind(kind, MKSYS_OBJREFMONIKER);
}

static HRESULT STDMETHODCALLTYPE ObjrefMoniker_GetComparisonData(IROTData *face, BYTE *data, ULONG room,
                                                                 ULONG *needed) {
  const ObjrefMoniker *moniker = OBJECT_CONTAINER(face, ObjrefMoniker, base.rot);
  return moniker_comparison_data(&CLSID_ObjrefMoniker, moniker->reference, moniker->size, data, room, needed);
}

static const IMonikerVtbl objref_vtable = {
  Moniker_QueryInterface,
  Moniker_AddRef,
  Moniker_Release,
  ObjrefMoniker_GetClassID,
  Moniker_IsDirty,
  ObjrefMoniker_Load,
  ObjrefMoniker_Save,
  ObjrefMoniker_GetSizeMax,
  ObjrefMoniker_BindToObject,
  ObjrefMoniker_BindToObject, /* BindToStorage: likewise asked from the object */
  Moniker_Reduce,
  Moniker_ComposeWith,
  Moniker_Enum,
  ObjrefMoniker_IsEqual,
  ObjrefMoniker_Hash,
  ObjrefMoniker_IsRunning,
  ObjrefMoniker_GetTimeOfLastChange,
  Moniker_Inverse,
  Moniker_CommonPrefixWith,
  Moniker_RelativePathTo,
  ObjrefMoniker_GetDisplayName,
  ObjrefMoniker_ParseDisplayName,
  ObjrefMoniker_IsSystemMoniker,
};
static const IROTDataVtbl objref_rot_vtable = MONIKER_ROT_VTABLE(ObjrefMoniker);
static const ObjectFace objref_faces[] = { MONIKER_FACES(CLSID_ObjrefMoniker, objref_vtable, moniker_marshal_vtable),
                                           MONIKER_FACE_ROT(objref_rot_vtable),
                                           { 0 } };
static const ObjectType objref_type = {
  "ObjrefMoniker", sizeof(ObjrefMoniker), offsetof(ObjrefMoniker, base.object), objref_faces, objref_destroy, NULL,
};

/* Making one */

HRESULT objref_moniker_new(IMoniker **result) {
  ObjrefMoniker *moniker = object_create(&objref_type);
  *result = moniker ? &moniker->base.moniker : NULL;
  return moniker ? S_OK : E_OUTOFMEMORY;
}

HRESULT CreateObjrefMoniker(IUnknown *object, IMoniker **result) {
  if (!result)
    return E_INVALIDARG;
  *result = NULL;
  if (!object)
    return E_INVALIDARG;
  if (!apartment_current())
    return CO_E_NOTINITIALIZED;
  HRESULT status = objref_moniker_new(result);
  if (FAILED(status))
    return status;
  status = make_reference(object, from_moniker(*result));
  if (FAILED(status)) {
    IMoniker_Release(*result);
    *result = NULL;
  }
  return status;
}

HRESULT objref_moniker_parse(LPCOLESTR name, ULONG *eaten, IMoniker **result) {
  const OLECHAR *text = name + PREFIX_UNITS;
  size_t units = 0;
  while (text[units] && text[units] != ':')
    units++;
  if (text[units] != ':' || units / 4 * 3 > REFERENCE_LIMIT)
    return MK_E_SYNTAX;
  HRESULT status = objref_moniker_new(result);
  if (FAILED(status))
    return status;
  ObjrefMoniker *moniker = from_moniker(*result);
  moniker->reference = malloc(units / 4 * 3 + 1);
  if (!moniker->reference)
    status = E_OUTOFMEMORY;
  else if (!decode(text, units, moniker->reference, &moniker->size))
    status = MK_E_SYNTAX;
  if (SUCCEEDED(status)) {
    *eaten = (ULONG)(PREFIX_UNITS + units + 1);
    return S_OK;
  }
  moniker->size = 0;
  IMoniker_Release(*result);
  *result = NULL;
  return status;
}
