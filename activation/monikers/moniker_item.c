/* The item moniker: an object within the object that the moniker to its left names ("!Item"). */
#include <stdlib.h>
#include <string.h>

#include "activation/monikers/moniker_internal.h"
#include "com/com_api.h"

#define DEADLINE_MODERATE 2500 /* milliseconds; below, only what runs already is fast enough */

typedef struct ItemMoniker {
  Moniker base;
  OLECHAR *delimiter; /* NULL when there is none, which is not the same as an empty one in a stream */
  OLECHAR *item;
} ItemMoniker;

static const IMonikerVtbl item_vtable;

static ItemMoniker *from_moniker(IMoniker *face) {
  return OBJECT_CONTAINER(face, ItemMoniker, base.moniker);
}

static void item_destroy(void *self) {
  ItemMoniker *item = self;

  free(item->delimiter);
  free(item->item);
}

static HRESULT STDMETHODCALLTYPE ItemMoniker_GetClassID(IMoniker *face, CLSID *clsid) {
  (void)face;
  return moniker_class(clsid, &CLSID_ItemMoniker);
}

/* The stream: each text with its length in bytes, in ANSI with a zero, and, where that is not all of it, in UTF-16 behind
 * ([MS-OSHARED] 2.3.7.5). No text at all has the length 0. */

static bool is_ascii(const OLECHAR *text) {
  while (*text && *text < 0x80)
    text++;
  return !*text;
}

/* The UTF-16 behind the 8-bit text, in an odd place maybe; else that text. */
static OLECHAR *text_of_block(const char *bytes, size_t size) {
  size_t narrow = strlen(bytes) + 1;

  if (narrow >= size)
    return utf16_copy(utf16_length(bytes, narrow - 1) == UNICODE_INVALID ? "" : bytes);
  size_t units = (size - narrow) / sizeof(OLECHAR);
  OLECHAR *text = malloc((units + 1) * sizeof(OLECHAR));
  if (text) {
    memcpy(text, bytes + narrow, units * sizeof(OLECHAR));
    text[units] = 0;
  }
  return text;
}

static HRESULT read_text(IStream *stream, OLECHAR **result) {
  uint32_t size;
  void *bytes;
  HRESULT status = stream_read(stream, &size, sizeof size);

  *result = NULL;
  if (FAILED(status) || !size)
    return status;
  status = stream_read_block(stream, size, MONIKER_TEXT_LIMIT * 4, &bytes);
  if (FAILED(status))
    return status;
  *result = text_of_block(bytes, size);
  free(bytes);
  return *result ? S_OK : E_OUTOFMEMORY;
}

static HRESULT write_text(IStream *stream, const OLECHAR *text) {
  size_t units = utf16_units(text);
  size_t wide = !text || is_ascii(text) ? 0 : units * sizeof(OLECHAR);
  uint32_t size = text ? (uint32_t)(units + 1 + wide) : 0;
  HRESULT status = stream_write(stream, &size, sizeof size);

  if (SUCCEEDED(status) && text)
    status = stream_write_narrow(stream, text, units);
  return SUCCEEDED(status) ? stream_write(stream, text, wide) : status;
}

static HRESULT STDMETHODCALLTYPE ItemMoniker_Load(IMoniker *face, IStream *stream) {
  ItemMoniker *moniker = from_moniker(face);
  OLECHAR *delimiter = NULL;
  OLECHAR *item = NULL;
  HRESULT status = stream ? read_text(stream, &delimiter) : E_INVALIDARG;

  if (SUCCEEDED(status))
    status = read_text(stream, &item);
  if (SUCCEEDED(status) && !item && !(item = wide_copy(NULL, 0)))
    status = E_OUTOFMEMORY;
  if (FAILED(status)) {
    free(delimiter);
    return status;
  }
  item_destroy(moniker);
  moniker->delimiter = delimiter;
  moniker->item = item;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE ItemMoniker_Save(IMoniker *face, IStream *stream, BOOL clear_dirty) {
  ItemMoniker *moniker = from_moniker(face);
  HRESULT status = stream ? write_text(stream, moniker->delimiter) : E_INVALIDARG;

  (void)clear_dirty;
  return SUCCEEDED(status) ? write_text(stream, moniker->item) : status;
}

/* Characters with their zero; none at all for no text. */
static size_t characters(const OLECHAR *text) {
  return text ? utf16_units(text) + 1 : 0;
}

/* The class, the two lengths, two bytes, and four bytes for every character. */
static HRESULT STDMETHODCALLTYPE ItemMoniker_GetSizeMax(IMoniker *face, ULARGE_INTEGER *size) {
  ItemMoniker *moniker = from_moniker(face);

  if (!size)
    return E_INVALIDARG;
  size->QuadPart = sizeof(CLSID) + 2 * sizeof(uint32_t) + 2 +
                   4 * (ULONGLONG)(characters(moniker->delimiter) + characters(moniker->item));
  return S_OK;
}

/* How much time the caller gives, as containers understand it. */
static DWORD bind_speed(IBindCtx *context) {
  BIND_OPTS3 options;

  bind_options(context, &options);
  if (options.dwTickCountDeadline == 0)
    return BINDSPEED_INDEFINITE;
  return options.dwTickCountDeadline < DEADLINE_MODERATE ? BINDSPEED_IMMEDIATE : BINDSPEED_MODERATE;
}

static HRESULT bind_container(IBindCtx *context, IMoniker *left, IOleItemContainer **container) {
  return IMoniker_BindToObject(left, context, NULL, &IID_IOleItemContainer, (void **)container);
}

static HRESULT STDMETHODCALLTYPE ItemMoniker_BindToObject(IMoniker *face, IBindCtx *context, IMoniker *left, REFIID iid,
                                                          void **result) {
  IOleItemContainer *container;

  if (!result)
    return E_INVALIDARG;
  *result = NULL;
  if (!context)
    return E_INVALIDARG;
  if (!left) {
    /* An item alone has a meaning only where it is registered as running, as RegisterActiveObject does. */
    HRESULT running = running_bind(context, face, iid, result);

    return running == MK_E_UNAVAILABLE ? E_INVALIDARG : running;
  }
  HRESULT status = bind_container(context, left, &container);
  if (FAILED(status))
    return status;
  status = IOleItemContainer_GetObject(container, from_moniker(face)->item, bind_speed(context), context, iid, result);
  IOleItemContainer_Release(container);
  return status;
}

static HRESULT STDMETHODCALLTYPE ItemMoniker_BindToStorage(IMoniker *face, IBindCtx *context, IMoniker *left,
                                                           REFIID iid, void **result) {
  IOleItemContainer *container;

  if (!result)
    return E_INVALIDARG;
  *result = NULL;
  if (!context || !left)
    return E_INVALIDARG;
  HRESULT status = bind_container(context, left, &container);
  if (FAILED(status))
    return status;
  status = IOleItemContainer_GetObjectStorage(container, from_moniker(face)->item, context, iid, result);
  IOleItemContainer_Release(container);
  return status;
}

/* The delimiter does not count. */
static HRESULT STDMETHODCALLTYPE ItemMoniker_IsEqual(IMoniker *face, IMoniker *other) {
  if (!other)
    return E_INVALIDARG;
  if (other->lpVtbl != &item_vtable)
    return S_FALSE;
  return caseless_compare(from_moniker(face)->item, from_moniker(other)->item) == 0 ? S_OK : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE ItemMoniker_Hash(IMoniker *face, DWORD *hash) {
  DWORD value = 0;

  if (!hash)
    return E_INVALIDARG;
  for (const OLECHAR *unit = from_moniker(face)->item; *unit; unit++)
    value = 3 * value ^ caseless_upper(*unit);
  *hash = value;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE ItemMoniker_IsRunning(IMoniker *face, IBindCtx *context, IMoniker *left,
                                                       IMoniker *newly_running) {
  IOleItemContainer *container;

  if (!context)
    return E_INVALIDARG;
  if (!left)
    return newly_running ? IMoniker_IsEqual(newly_running, face) : running_has(context, face);
  /* Nothing is bound only to learn that it does not run. */
  HRESULT status = IMoniker_IsRunning(left, context, NULL, NULL);
  if (status != S_OK)
    return status;
  status = bind_container(context, left, &container);
  if (FAILED(status))
    return status;
  status = IOleItemContainer_IsRunning(container, from_moniker(face)->item);
  IOleItemContainer_Release(container);
  return status;
}

static HRESULT STDMETHODCALLTYPE ItemMoniker_GetTimeOfLastChange(IMoniker *face, IBindCtx *context, IMoniker *left,
                                                                 FILETIME *time) {
  IMoniker *whole;

  if (!time || !context)
    return E_INVALIDARG;
  if (!left)
    return MK_E_NOTBINDABLE;
  HRESULT status = CreateGenericComposite(left, face, &whole);
  if (FAILED(status))
    return status;
  status = whole ? running_time(context, whole, time) : MK_E_UNAVAILABLE;
  if (whole)
    IMoniker_Release(whole);
  return FAILED(status) ? IMoniker_GetTimeOfLastChange(left, context, NULL, time) : status;
}

static HRESULT STDMETHODCALLTYPE ItemMoniker_RelativePathTo(IMoniker *face, IMoniker *other, IMoniker **path) {
  (void)face;
  if (path)
    *path = NULL;
  return path && other ? MK_E_NOTBINDABLE : E_INVALIDARG;
}

static HRESULT STDMETHODCALLTYPE ItemMoniker_GetDisplayName(IMoniker *face, IBindCtx *context, IMoniker *left,
                                                            LPOLESTR *name) {
  ItemMoniker *moniker = from_moniker(face);
  size_t first = utf16_units(moniker->delimiter);
  size_t second = utf16_units(moniker->item);

  (void)context;
  (void)left;
  if (!name)
    return E_INVALIDARG;
  *name = CoTaskMemAlloc((first + second + 1) * sizeof(OLECHAR));
  if (!*name)
    return E_OUTOFMEMORY;
  if (first)
    memcpy(*name, moniker->delimiter, first * sizeof(OLECHAR));
  memcpy(*name + first, moniker->item, (second + 1) * sizeof(OLECHAR));
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE ItemMoniker_ParseDisplayName(IMoniker *face, IBindCtx *context, IMoniker *left,
                                                              LPOLESTR name, ULONG *eaten, IMoniker **result) {
  if (result)
    *result = NULL;
  if (!result || !eaten || !name || !context)
    return E_INVALIDARG;
  return left ? moniker_parse_by_object(face, context, left, name, eaten, result) : MK_E_SYNTAX;
}

static HRESULT STDMETHODCALLTYPE ItemMoniker_IsSystemMoniker(IMoniker *face, DWORD *kind) {
  (void)face;
  return moniker_kind(kind, MKSYS_ITEMMONIKER);
}

/* The delimiter and the item in upper case, with a zero. */
static HRESULT STDMETHODCALLTYPE ItemMoniker_GetComparisonData(IROTData *face, BYTE *data, ULONG room, ULONG *needed) {
  ItemMoniker *moniker = OBJECT_CONTAINER(face, ItemMoniker, base.rot);
  LPOLESTR text;
  HRESULT status = ItemMoniker_GetDisplayName(&moniker->base.moniker, NULL, NULL, &text);

  if (FAILED(status))
    return status;
  LPOLESTR unit = text;
  for (; *unit; unit++)
    *unit = caseless_upper(*unit);
  status = moniker_comparison_data(&CLSID_ItemMoniker, text, (size_t)(unit - text + 1) * sizeof(OLECHAR), data, room,
                                   needed);
  CoTaskMemFree(text);
  return status;
}

static const IMonikerVtbl item_vtable = {
  Moniker_QueryInterface,
  Moniker_AddRef,
  Moniker_Release,
  ItemMoniker_GetClassID,
  Moniker_IsDirty,
  ItemMoniker_Load,
  ItemMoniker_Save,
  ItemMoniker_GetSizeMax,
  ItemMoniker_BindToObject,
  ItemMoniker_BindToStorage,
  Moniker_Reduce,
  Moniker_ComposeWith,
  Moniker_Enum,
  ItemMoniker_IsEqual,
  ItemMoniker_Hash,
  ItemMoniker_IsRunning,
  ItemMoniker_GetTimeOfLastChange,
  Moniker_Inverse,
  Moniker_CommonPrefixWith,
  ItemMoniker_RelativePathTo,
  ItemMoniker_GetDisplayName,
  ItemMoniker_ParseDisplayName,
  ItemMoniker_IsSystemMoniker,
};
static const IROTDataVtbl item_rot_vtable = MONIKER_ROT_VTABLE(ItemMoniker);
static const ObjectFace item_faces[] = {
  MONIKER_FACES(CLSID_ItemMoniker, item_vtable, moniker_marshal_vtable),
  MONIKER_FACE_ROT(item_rot_vtable),
  { 0 },
};
static const ObjectType item_type = {
  "ItemMoniker", sizeof(ItemMoniker), offsetof(ItemMoniker, base.object), item_faces, item_destroy, NULL,
};

HRESULT CreateItemMoniker(LPCOLESTR delimiter, LPCOLESTR item, IMoniker **result) {
  if (!result)
    return E_INVALIDARG;
  *result = NULL;
  if (!item)
    return E_INVALIDARG;
  ItemMoniker *moniker = object_create(&item_type);
  if (!moniker)
    return E_OUTOFMEMORY;
  moniker->delimiter = delimiter ? wide_copy(delimiter, utf16_units(delimiter)) : NULL;
  moniker->item = wide_copy(item, utf16_units(item));
  if ((delimiter && !moniker->delimiter) || !moniker->item) {
    IMoniker_Release(&moniker->base.moniker);
    return E_OUTOFMEMORY;
  }
  *result = &moniker->base.moniker;
  return S_OK;
}

HRESULT item_moniker_new(IMoniker **result) {
  return CreateItemMoniker(NULL, u"", result);
}
