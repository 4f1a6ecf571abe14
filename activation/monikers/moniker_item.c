/* The item moniker: an object within the object that the moniker to its left names ("!Item"). */
#include <stdlib.h>
#include <string.h>

#include "activation/monikers/moniker_internal.h"
#include "com/unicode.h"

#define DEADLINE_MODERATE 2500 /* milliseconds; below, only what runs already is fast enough */

typedef struct ItemMoniker {
  IMoniker moniker;
  IROTData rot;
  Object object;
  OLECHAR *delimiter; /* "" when there is none */
  OLECHAR *item;
} ItemMoniker;

OBJECT_FACE(ItemMoniker, moniker, IMoniker)
OBJECT_FACE(ItemMoniker, rot, IROTData)

static const IMonikerVtbl item_vtable;

static ItemMoniker *from_moniker(IMoniker *face) {
  return OBJECT_CONTAINER(face, ItemMoniker, moniker);
}

static void item_destroy(void *self) {
  ItemMoniker *item = self;

  free(item->delimiter);
  free(item->item);
}

static HRESULT STDMETHODCALLTYPE ItemMoniker_GetClassID(IMoniker *face, CLSID *clsid) {
  (void)face;
  if (!clsid)
    return E_POINTER;
  *clsid = CLSID_ItemMoniker;
  return S_OK;
}

/* --- The stream: each text with its length in bytes, in ANSI with a zero, and, where that is not all of it, in UTF-16 behind
 * ([MS-OSHARED] 2.3.7.5) --- */

static bool is_ascii(const OLECHAR *text) {
  while (*text && *text < 0x80)
    text++;
  return !*text;
}

static HRESULT read_text(IStream *stream, OLECHAR **result) {
  uint32_t size;
  char *bytes;
  size_t narrow;
  HRESULT status = stream_read(stream, &size, sizeof size);

  *result = NULL;
  if (FAILED(status))
    return status;
  if (size > MONIKER_TEXT_LIMIT * 4)
    return E_INVALIDARG;
  bytes = calloc(1, (size_t)size + 1);
  if (!bytes)
    return E_OUTOFMEMORY;
  status = stream_read(stream, bytes, size);
  if (SUCCEEDED(status)) {
    narrow = strlen(bytes) + 1;
    if (narrow < size) {
      /* UTF-16 follows, in an odd place maybe. */
      size_t units = (size - narrow) / sizeof(OLECHAR);

      *result = malloc((units + 1) * sizeof(OLECHAR));
      if (*result) {
        memcpy(*result, bytes + narrow, units * sizeof(OLECHAR));
        (*result)[units] = 0;
      }
    } else {
      *result = utf16_copy(utf16_length(bytes, narrow - 1) == UNICODE_INVALID ? "" : bytes);
    }
    status = *result ? S_OK : E_OUTOFMEMORY;
  }
  free(bytes);
  return status;
}

static HRESULT write_text(IStream *stream, const OLECHAR *text) {
  size_t units = utf16_units(text);
  bool plain = is_ascii(text);
  uint32_t size = (uint32_t)(units + 1 + (plain ? 0 : units * sizeof(OLECHAR)));
  char *narrow = malloc(units + 1);
  HRESULT status;
  size_t i;

  if (!narrow)
    return E_OUTOFMEMORY;
  for (i = 0; i < units; i++)
    narrow[i] = text[i] < 0x80 ? (char)text[i] : '?';
  narrow[units] = '\0';
  status = stream_write(stream, &size, sizeof size);
  if (SUCCEEDED(status))
    status = stream_write(stream, narrow, units + 1);
  if (SUCCEEDED(status) && !plain)
    status = stream_write(stream, text, units * sizeof(OLECHAR));
  free(narrow);
  return status;
}

static HRESULT STDMETHODCALLTYPE ItemMoniker_Load(IMoniker *face, IStream *stream) {
  ItemMoniker *moniker = from_moniker(face);
  OLECHAR *delimiter;
  OLECHAR *item;
  HRESULT status = stream ? read_text(stream, &delimiter) : E_INVALIDARG;

  if (FAILED(status))
    return status;
  status = read_text(stream, &item);
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

static HRESULT STDMETHODCALLTYPE ItemMoniker_GetSizeMax(IMoniker *face, ULARGE_INTEGER *size) {
  ItemMoniker *moniker = from_moniker(face);

  if (!size)
    return E_POINTER;
  size->QuadPart = sizeof(CLSID) + 2 * sizeof(uint32_t) +
                   (1 + sizeof(OLECHAR)) * (utf16_units(moniker->delimiter) + utf16_units(moniker->item) + 2);
  return S_OK;
}

/* --- Binding --- */

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
  HRESULT status;

  if (!result)
    return E_POINTER;
  *result = NULL;
  if (!context)
    return E_INVALIDARG;
  if (!left) {
    /* An item alone has a meaning only where it is registered as running, as RegisterActiveObject does. */
    status = moniker_bind_running(context, face, iid, result);
    return status == MK_E_UNAVAILABLE ? E_INVALIDARG : status;
  }
  status = bind_container(context, left, &container);
  if (FAILED(status))
    return status;
  status = IOleItemContainer_GetObject(container, from_moniker(face)->item, bind_speed(context), context, iid, result);
  IOleItemContainer_Release(container);
  return status;
}

static HRESULT STDMETHODCALLTYPE ItemMoniker_BindToStorage(IMoniker *face, IBindCtx *context, IMoniker *left,
                                                           REFIID iid, void **result) {
  IOleItemContainer *container;
  HRESULT status;

  if (!result)
    return E_POINTER;
  *result = NULL;
  if (!context || !left)
    return E_INVALIDARG;
  status = bind_container(context, left, &container);
  if (FAILED(status))
    return status;
  status = IOleItemContainer_GetObjectStorage(container, from_moniker(face)->item, context, iid, result);
  IOleItemContainer_Release(container);
  return status;
}

static HRESULT STDMETHODCALLTYPE ItemMoniker_IsEqual(IMoniker *face, IMoniker *other) {
  ItemMoniker *first = from_moniker(face);
  ItemMoniker *second;

  if (!other || other->lpVtbl != &item_vtable)
    return S_FALSE;
  second = from_moniker(other);
  return wide_compare_folded(first->delimiter, second->delimiter) == 0 &&
                 wide_compare_folded(first->item, second->item) == 0
             ? S_OK
             : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE ItemMoniker_Hash(IMoniker *face, DWORD *hash) {
  const OLECHAR *unit = from_moniker(face)->item;
  DWORD value = 0;

  if (!hash)
    return E_POINTER;
  for (; *unit; unit++)
    value = value * 37 + wide_upper(*unit);
  *hash = value;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE ItemMoniker_IsRunning(IMoniker *face, IBindCtx *context, IMoniker *left,
                                                       IMoniker *newly_running) {
  IOleItemContainer *container;
  HRESULT status;

  if (!context)
    return E_INVALIDARG;
  if (!left)
    return newly_running ? IMoniker_IsEqual(newly_running, face) : moniker_is_running_in_table(context, face);
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
  HRESULT status;

  if (!time || !context)
    return E_INVALIDARG;
  if (!left)
    return MK_E_NOTBINDABLE;
  status = CreateGenericComposite(left, face, &whole);
  if (FAILED(status))
    return status;
  status = whole ? moniker_time_from_table(context, whole, time) : MK_E_UNAVAILABLE;
  if (whole)
    IMoniker_Release(whole);
  return FAILED(status) ? IMoniker_GetTimeOfLastChange(left, context, NULL, time) : status;
}

static HRESULT STDMETHODCALLTYPE ItemMoniker_CommonPrefixWith(IMoniker *face, IMoniker *other, IMoniker **prefix) {
  DWORD kind;

  if (!prefix)
    return E_POINTER;
  *prefix = NULL;
  if (!other)
    return E_INVALIDARG;
  if (IMoniker_IsSystemMoniker(other, &kind) != S_OK || kind != MKSYS_ITEMMONIKER)
    return MonikerCommonPrefixWith(face, other, prefix);
  if (IMoniker_IsEqual(face, other) != S_OK)
    return MK_E_NOPREFIX;
  IMoniker_AddRef(face);
  *prefix = face;
  return MK_S_US;
}

static HRESULT STDMETHODCALLTYPE ItemMoniker_RelativePathTo(IMoniker *face, IMoniker *other, IMoniker **path) {
  (void)face;
  (void)other;
  if (!path)
    return E_POINTER;
  *path = NULL;
  return MK_E_NOTBINDABLE;
}

static HRESULT STDMETHODCALLTYPE ItemMoniker_GetDisplayName(IMoniker *face, IBindCtx *context, IMoniker *left,
                                                            LPOLESTR *name) {
  ItemMoniker *moniker = from_moniker(face);
  size_t first = utf16_units(moniker->delimiter);
  size_t second = utf16_units(moniker->item);

  (void)context;
  (void)left;
  if (!name)
    return E_POINTER;
  *name = CoTaskMemAlloc((first + second + 1) * sizeof(OLECHAR));
  if (!*name)
    return E_OUTOFMEMORY;
  memcpy(*name, moniker->delimiter, first * sizeof(OLECHAR));
  memcpy(*name + first, moniker->item, (second + 1) * sizeof(OLECHAR));
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE ItemMoniker_ParseDisplayName(IMoniker *face, IBindCtx *context, IMoniker *left,
                                                              LPOLESTR name, ULONG *eaten, IMoniker **result) {
  if (!result || !eaten || !name || !context)
    return E_INVALIDARG;
  *result = NULL;
  return left ? moniker_parse_by_object(face, context, left, name, eaten, result) : MK_E_SYNTAX;
}

static HRESULT STDMETHODCALLTYPE ItemMoniker_IsSystemMoniker(IMoniker *face, DWORD *kind) {
  (void)face;
  if (!kind)
    return E_POINTER;
  *kind = MKSYS_ITEMMONIKER;
  return S_OK;
}

/* The delimiter and the item in upper case, with a zero. */
static HRESULT STDMETHODCALLTYPE ItemMoniker_GetComparisonData(IROTData *face, BYTE *data, ULONG room, ULONG *needed) {
  ItemMoniker *moniker = OBJECT_CONTAINER(face, ItemMoniker, rot);
  LPOLESTR text;
  LPOLESTR unit;
  HRESULT status = ItemMoniker_GetDisplayName(&moniker->moniker, NULL, NULL, &text);

  if (FAILED(status))
    return status;
  for (unit = text; *unit; unit++)
    *unit = wide_upper(*unit);
  status = moniker_comparison_data(&CLSID_ItemMoniker, text, (size_t)(unit - text + 1) * sizeof(OLECHAR), data, room,
                                   needed);
  CoTaskMemFree(text);
  return status;
}

static const IMonikerVtbl item_vtable = {
  ItemMoniker_moniker_QueryInterface,
  ItemMoniker_moniker_AddRef,
  ItemMoniker_moniker_Release,
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
  ItemMoniker_CommonPrefixWith,
  ItemMoniker_RelativePathTo,
  ItemMoniker_GetDisplayName,
  ItemMoniker_ParseDisplayName,
  ItemMoniker_IsSystemMoniker,
};
static const IROTDataVtbl item_rot_vtable = {
  ItemMoniker_rot_QueryInterface,
  ItemMoniker_rot_AddRef,
  ItemMoniker_rot_Release,
  ItemMoniker_GetComparisonData,
};
static const ObjectFace item_faces[] = {
  { &IID_IMoniker, offsetof(ItemMoniker, moniker), &item_vtable },
  { &IID_IPersistStream, offsetof(ItemMoniker, moniker), &item_vtable },
  { &IID_IPersist, offsetof(ItemMoniker, moniker), &item_vtable },
  { &IID_IROTData, offsetof(ItemMoniker, rot), &item_rot_vtable },
  { 0 },
};
static const ObjectType item_type = {
  "ItemMoniker", sizeof(ItemMoniker), offsetof(ItemMoniker, object), item_faces, item_destroy, NULL,
};

HRESULT CreateItemMoniker(LPCOLESTR delimiter, LPCOLESTR item, IMoniker **result) {
  ItemMoniker *moniker;

  if (!result)
    return E_INVALIDARG;
  *result = NULL;
  if (!item)
    return E_INVALIDARG;
  moniker = object_create(&item_type);
  if (!moniker)
    return E_OUTOFMEMORY;
  moniker->moniker.lpVtbl = &item_vtable;
  moniker->rot.lpVtbl = &item_rot_vtable;
  moniker->delimiter = wide_copy(delimiter, utf16_units(delimiter));
  moniker->item = wide_copy(item, utf16_units(item));
  if (!moniker->delimiter || !moniker->item) {
    IMoniker_Release(&moniker->moniker);
    return E_OUTOFMEMORY;
  }
  *result = &moniker->moniker;
  return S_OK;
}

HRESULT item_moniker_new(IMoniker **result) {
  return CreateItemMoniker(NULL, u"", result);
}
