/* The generic composite: two or more monikers in a row. CreateGenericComposite simplifies as it puts them together. */
#include <stdlib.h>
#include <string.h>

#include "activation/monikers/moniker_internal.h"
#include "com/unicode.h"

typedef struct CompositeMoniker {
  IMoniker moniker;
  IROTData rot;
  Object object;
  IMoniker **parts; /* never composites of ours themselves */
  size_t count;
} CompositeMoniker;

OBJECT_FACE(CompositeMoniker, moniker, IMoniker)
OBJECT_FACE(CompositeMoniker, rot, IROTData)

static const IMonikerVtbl composite_vtable;

static CompositeMoniker *from_moniker(IMoniker *face) {
  return OBJECT_CONTAINER(face, CompositeMoniker, moniker);
}

/* --- Parts --- */

void moniker_parts_free(IMoniker **parts, size_t count) {
  size_t i;

  for (i = 0; i < count; i++)
    IMoniker_Release(parts[i]);
  free(parts);
}

static IMoniker **copy_parts(IMoniker **parts, size_t count) {
  IMoniker **copy = malloc((count + 1) * sizeof(IMoniker *));
  size_t i;

  for (i = 0; copy && i < count; i++) {
    copy[i] = parts[i];
    IMoniker_AddRef(copy[i]);
  }
  return copy;
}

/* A composite of another implementation shows its parts through Enum. */
static HRESULT enumerate_parts(IMoniker *moniker, IMoniker ***result, size_t *count) {
  IEnumMoniker *list = NULL;
  IMoniker **parts = NULL;
  IMoniker *part;
  HRESULT status = IMoniker_Enum(moniker, TRUE, &list);

  *count = 0;
  if (FAILED(status) || !list)
    return FAILED(status) ? status : E_UNEXPECTED;
  while (SUCCEEDED(status) && *count < MONIKER_PARTS_LIMIT && IEnumMoniker_Next(list, 1, &part, NULL) == S_OK) {
    IMoniker **bigger = realloc(parts, (*count + 1) * sizeof(IMoniker *));

    if (bigger) {
      parts = bigger;
      parts[(*count)++] = part;
    } else {
      IMoniker_Release(part);
      status = E_OUTOFMEMORY;
    }
  }
  IEnumMoniker_Release(list);
  if (FAILED(status))
    moniker_parts_free(parts, *count);
  else
    *result = parts;
  return status;
}

HRESULT moniker_parts(IMoniker *moniker, IMoniker ***parts, size_t *count) {
  DWORD kind;

  if (moniker->lpVtbl == &composite_vtable) {
    *count = from_moniker(moniker)->count;
    *parts = copy_parts(from_moniker(moniker)->parts, *count);
  } else if (IMoniker_IsSystemMoniker(moniker, &kind) == S_OK && kind == MKSYS_GENERICCOMPOSITE) {
    return enumerate_parts(moniker, parts, count);
  } else {
    *count = 1;
    *parts = copy_parts(&moniker, 1);
  }
  return *parts ? S_OK : E_OUTOFMEMORY;
}

/* --- Persistence: the number of parts, then each with its class --- */

static void composite_destroy(void *self) {
  CompositeMoniker *composite = self;

  moniker_parts_free(composite->parts, composite->count);
}

static HRESULT STDMETHODCALLTYPE CompositeMoniker_GetClassID(IMoniker *face, CLSID *clsid) {
  (void)face;
  if (!clsid)
    return E_POINTER;
  *clsid = CLSID_CompositeMoniker;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE CompositeMoniker_Load(IMoniker *face, IStream *stream) {
  CompositeMoniker *composite = from_moniker(face);
  IMoniker **parts;
  size_t done = 0;
  DWORD count;
  HRESULT status = stream ? stream_read(stream, &count, sizeof count) : E_INVALIDARG;

  if (FAILED(status))
    return status;
  if (composite->count || count < 2 || count > MONIKER_PARTS_LIMIT)
    return E_UNEXPECTED;
  parts = malloc(count * sizeof(IMoniker *));
  if (!parts)
    return E_OUTOFMEMORY;
  while (done < count && SUCCEEDED(status)) {
    status = OleLoadFromStream(stream, &IID_IMoniker, (void **)&parts[done]);
    done += SUCCEEDED(status);
  }
  if (FAILED(status)) {
    moniker_parts_free(parts, done);
    return status;
  }
  free(composite->parts);
  composite->parts = parts;
  composite->count = count;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE CompositeMoniker_Save(IMoniker *face, IStream *stream, BOOL clear_dirty) {
  CompositeMoniker *composite = from_moniker(face);
  DWORD count = (DWORD)composite->count;
  HRESULT status = stream ? stream_write(stream, &count, sizeof count) : E_INVALIDARG;
  size_t i;

  (void)clear_dirty;
  for (i = 0; i < composite->count && SUCCEEDED(status); i++)
    status = OleSaveToStream((IPersistStream *)composite->parts[i], stream);
  return status;
}

static HRESULT STDMETHODCALLTYPE CompositeMoniker_GetSizeMax(IMoniker *face, ULARGE_INTEGER *size) {
  CompositeMoniker *composite = from_moniker(face);
  ULONGLONG total = sizeof(CLSID) + sizeof(DWORD);
  HRESULT status = S_OK;
  size_t i;

  if (!size)
    return E_POINTER;
  for (i = 0; i < composite->count && SUCCEEDED(status); i++) {
    ULARGE_INTEGER part;

    status = IMoniker_GetSizeMax(composite->parts[i], &part);
    if (SUCCEEDED(status))
      total += sizeof(CLSID) + part.QuadPart;
  }
  size->QuadPart = total;
  return status;
}

/* --- Binding: the last part is bound with the others as its left --- */

/* What stands left of the last part, seen from outside: `left` and all other parts. */
static HRESULT left_of_last(CompositeMoniker *composite, IMoniker *left, IMoniker **result) {
  IMoniker *rest;
  HRESULT status;

  *result = NULL;
  if (!composite->count)
    return E_UNEXPECTED;
  status = moniker_from_parts(composite->parts, composite->count - 1, &rest);
  if (FAILED(status))
    return status;
  status = CreateGenericComposite(left, rest, result);
  if (rest)
    IMoniker_Release(rest);
  return status;
}

static IMoniker *last_part(CompositeMoniker *composite) {
  return composite->parts[composite->count - 1];
}

static HRESULT STDMETHODCALLTYPE CompositeMoniker_BindToObject(IMoniker *face, IBindCtx *context, IMoniker *left,
                                                               REFIID iid, void **result) {
  CompositeMoniker *composite = from_moniker(face);
  IMoniker *before;
  HRESULT status;

  if (!result)
    return E_POINTER;
  *result = NULL;
  if (!context)
    return E_INVALIDARG;
  if (!left) {
    status = moniker_bind_running(context, face, iid, result);
    if (status != MK_E_UNAVAILABLE)
      return status;
  }
  status = left_of_last(composite, left, &before);
  if (FAILED(status))
    return status;
  status = IMoniker_BindToObject(last_part(composite), context, before, iid, result);
  if (before)
    IMoniker_Release(before);
  return status;
}

static HRESULT STDMETHODCALLTYPE CompositeMoniker_BindToStorage(IMoniker *face, IBindCtx *context, IMoniker *left,
                                                                REFIID iid, void **result) {
  CompositeMoniker *composite = from_moniker(face);
  IMoniker *before;
  HRESULT status;

  if (!result)
    return E_POINTER;
  *result = NULL;
  if (!context)
    return E_INVALIDARG;
  status = left_of_last(composite, left, &before);
  if (FAILED(status))
    return status;
  status = IMoniker_BindToStorage(last_part(composite), context, before, iid, result);
  if (before)
    IMoniker_Release(before);
  return status;
}

/* Reduces every part with what stands left of it; reduced to itself when no part changes. */
static HRESULT STDMETHODCALLTYPE CompositeMoniker_Reduce(IMoniker *face, IBindCtx *context, DWORD how_far,
                                                         IMoniker **to_left, IMoniker **reduced) {
  CompositeMoniker *composite = from_moniker(face);
  IMoniker *so_far = NULL;
  HRESULT status = S_OK;
  bool changed = false;
  size_t i;

  if (!reduced)
    return E_POINTER;
  *reduced = NULL;
  if (!context)
    return E_INVALIDARG;
  (void)to_left;
  for (i = 0; i < composite->count && SUCCEEDED(status); i++) {
    IMoniker *left = so_far;
    IMoniker *part = NULL;
    IMoniker *joined = NULL;

    status = IMoniker_Reduce(composite->parts[i], context, how_far, &left, &part);
    if (status == S_OK)
      changed = true;
    if (SUCCEEDED(status))
      status = CreateGenericComposite(so_far, part, &joined);
    if (part)
      IMoniker_Release(part);
    if (so_far)
      IMoniker_Release(so_far);
    so_far = joined;
  }
  if (SUCCEEDED(status) && !changed) {
    if (so_far)
      IMoniker_Release(so_far);
    return Moniker_Reduce(face, context, how_far, to_left, reduced);
  }
  if (FAILED(status) && so_far)
    IMoniker_Release(so_far);
  else
    *reduced = so_far;
  return FAILED(status) ? status : S_OK;
}

static HRESULT STDMETHODCALLTYPE CompositeMoniker_ComposeWith(IMoniker *face, IMoniker *right, BOOL only_if_not_generic,
                                                              IMoniker **composite) {
  if (!composite)
    return E_POINTER;
  *composite = NULL;
  if (!right)
    return E_POINTER;
  if (only_if_not_generic && !moniker_anti_count(right))
    return MK_E_NEEDGENERIC;
  return CreateGenericComposite(face, right, composite);
}

static HRESULT STDMETHODCALLTYPE CompositeMoniker_Enum(IMoniker *face, BOOL forward, IEnumMoniker **result) {
  CompositeMoniker *composite = from_moniker(face);
  IMoniker **backward;
  HRESULT status;
  size_t i;

  if (!result)
    return E_POINTER;
  *result = NULL;
  if (forward)
    return enum_moniker_create(composite->parts, composite->count, result);
  backward = malloc((composite->count + 1) * sizeof(IMoniker *));
  if (!backward)
    return E_OUTOFMEMORY;
  for (i = 0; i < composite->count; i++)
    backward[i] = composite->parts[composite->count - 1 - i];
  status = enum_moniker_create(backward, composite->count, result);
  free(backward);
  return status;
}

static HRESULT STDMETHODCALLTYPE CompositeMoniker_IsEqual(IMoniker *face, IMoniker *other) {
  CompositeMoniker *first = from_moniker(face);
  CompositeMoniker *second;
  size_t i;

  if (!other || other->lpVtbl != &composite_vtable)
    return S_FALSE;
  second = from_moniker(other);
  if (first->count != second->count)
    return S_FALSE;
  for (i = 0; i < first->count; i++)
    if (IMoniker_IsEqual(first->parts[i], second->parts[i]) != S_OK)
      return S_FALSE;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE CompositeMoniker_Hash(IMoniker *face, DWORD *hash) {
  CompositeMoniker *composite = from_moniker(face);
  DWORD all = 0;
  HRESULT status = S_OK;
  size_t i;

  if (!hash)
    return E_POINTER;
  for (i = 0; i < composite->count && SUCCEEDED(status); i++) {
    DWORD one;

    status = IMoniker_Hash(composite->parts[i], &one);
    if (SUCCEEDED(status))
      all ^= one;
  }
  *hash = all;
  return status;
}

static HRESULT STDMETHODCALLTYPE CompositeMoniker_IsRunning(IMoniker *face, IBindCtx *context, IMoniker *left,
                                                            IMoniker *newly_running) {
  CompositeMoniker *composite = from_moniker(face);
  IMoniker *whole;
  IMoniker *before;
  HRESULT status;

  if (!context)
    return E_INVALIDARG;
  if (left) {
    status = CreateGenericComposite(left, face, &whole);
    if (FAILED(status) || !whole)
      return FAILED(status) ? status : S_FALSE;
    status = IMoniker_IsRunning(whole, context, NULL, newly_running);
    IMoniker_Release(whole);
    return status;
  }
  if (newly_running && IMoniker_IsEqual(face, newly_running) == S_OK)
    return S_OK;
  if (!newly_running && moniker_is_running_in_table(context, face) == S_OK)
    return S_OK;
  status = left_of_last(composite, NULL, &before);
  if (FAILED(status))
    return status;
  status = IMoniker_IsRunning(last_part(composite), context, before, newly_running);
  if (before)
    IMoniker_Release(before);
  return status;
}

static HRESULT STDMETHODCALLTYPE CompositeMoniker_GetTimeOfLastChange(IMoniker *face, IBindCtx *context, IMoniker *left,
                                                                      FILETIME *time) {
  CompositeMoniker *composite = from_moniker(face);
  IMoniker *before;
  HRESULT status;

  if (!time || !context)
    return E_INVALIDARG;
  if (!left && SUCCEEDED(moniker_time_from_table(context, face, time)))
    return S_OK;
  status = left_of_last(composite, left, &before);
  if (FAILED(status))
    return status;
  status = IMoniker_GetTimeOfLastChange(last_part(composite), context, before, time);
  if (before)
    IMoniker_Release(before);
  return status;
}

/* The inverses of the parts, the last part's first. */
static HRESULT STDMETHODCALLTYPE CompositeMoniker_Inverse(IMoniker *face, IMoniker **inverse) {
  CompositeMoniker *composite = from_moniker(face);
  IMoniker **parts;
  HRESULT status = S_OK;
  size_t done = 0;

  if (!inverse)
    return E_POINTER;
  *inverse = NULL;
  parts = malloc((composite->count + 1) * sizeof(IMoniker *));
  if (!parts)
    return E_OUTOFMEMORY;
  while (done < composite->count && SUCCEEDED(status)) {
    status = IMoniker_Inverse(composite->parts[composite->count - 1 - done], &parts[done]);
    done += SUCCEEDED(status);
  }
  if (SUCCEEDED(status))
    status = moniker_from_parts(parts, done, inverse);
  moniker_parts_free(parts, done);
  return status;
}

static HRESULT STDMETHODCALLTYPE CompositeMoniker_CommonPrefixWith(IMoniker *face, IMoniker *other, IMoniker **prefix) {
  return MonikerCommonPrefixWith(face, other, prefix);
}

static HRESULT STDMETHODCALLTYPE CompositeMoniker_RelativePathTo(IMoniker *face, IMoniker *other, IMoniker **path) {
  return MonikerRelativePathTo(face, other, path, TRUE);
}

/* Appends a name to *text, of *units units; gives the memory of the name back. */
static HRESULT append_name(LPOLESTR *text, size_t *units, LPOLESTR name) {
  size_t more = utf16_units(name);
  LPOLESTR bigger = CoTaskMemRealloc(*text, (*units + more + 1) * sizeof(OLECHAR));

  if (bigger) {
    if (more)
      memcpy(bigger + *units, name, more * sizeof(OLECHAR));
    *units += more;
    bigger[*units] = 0;
    *text = bigger;
  }
  CoTaskMemFree(name);
  return bigger ? S_OK : E_OUTOFMEMORY;
}

static HRESULT STDMETHODCALLTYPE CompositeMoniker_GetDisplayName(IMoniker *face, IBindCtx *context, IMoniker *left,
                                                                 LPOLESTR *name) {
  CompositeMoniker *composite = from_moniker(face);
  LPOLESTR text = NULL;
  size_t units = 0;
  HRESULT status = S_OK;
  size_t i;

  (void)left;
  if (!name || !context)
    return E_INVALIDARG;
  *name = NULL;
  for (i = 0; i < composite->count && SUCCEEDED(status); i++) {
    LPOLESTR part;

    status = IMoniker_GetDisplayName(composite->parts[i], context, NULL, &part);
    if (SUCCEEDED(status))
      status = append_name(&text, &units, part);
  }
  if (FAILED(status))
    CoTaskMemFree(text);
  else
    *name = text;
  return status;
}

static HRESULT STDMETHODCALLTYPE CompositeMoniker_ParseDisplayName(IMoniker *face, IBindCtx *context, IMoniker *left,
                                                                   LPOLESTR name, ULONG *eaten, IMoniker **result) {
  CompositeMoniker *composite = from_moniker(face);
  IMoniker *before;
  HRESULT status;

  if (!result || !eaten || !name || !context)
    return E_INVALIDARG;
  *result = NULL;
  status = left_of_last(composite, left, &before);
  if (FAILED(status))
    return status;
  status = IMoniker_ParseDisplayName(last_part(composite), context, before, name, eaten, result);
  if (before)
    IMoniker_Release(before);
  return status;
}

static HRESULT STDMETHODCALLTYPE CompositeMoniker_IsSystemMoniker(IMoniker *face, DWORD *kind) {
  (void)face;
  if (!kind)
    return E_POINTER;
  *kind = MKSYS_GENERICCOMPOSITE;
  return S_OK;
}

/* The class, then the data of all parts. */
static HRESULT STDMETHODCALLTYPE CompositeMoniker_GetComparisonData(IROTData *face, BYTE *data, ULONG room,
                                                                    ULONG *needed) {
  CompositeMoniker *composite = OBJECT_CONTAINER(face, CompositeMoniker, rot);
  BYTE *all = NULL;
  size_t total = 0;
  HRESULT status = S_OK;
  size_t i;

  for (i = 0; i < composite->count && SUCCEEDED(status); i++) {
    BYTE *part;
    BYTE *bigger;
    ULONG size;

    status = moniker_rot_key(composite->parts[i], &part, &size);
    if (FAILED(status))
      break;
    bigger = realloc(all, total + size);
    if (bigger) {
      all = bigger;
      memcpy(all + total, part, size);
      total += size;
    } else {
      status = E_OUTOFMEMORY;
    }
    free(part);
  }
  if (SUCCEEDED(status))
    status = moniker_comparison_data(&CLSID_CompositeMoniker, all, total, data, room, needed);
  free(all);
  return status;
}

static const IMonikerVtbl composite_vtable = {
  CompositeMoniker_moniker_QueryInterface,
  CompositeMoniker_moniker_AddRef,
  CompositeMoniker_moniker_Release,
  CompositeMoniker_GetClassID,
  Moniker_IsDirty,
  CompositeMoniker_Load,
  CompositeMoniker_Save,
  CompositeMoniker_GetSizeMax,
  CompositeMoniker_BindToObject,
  CompositeMoniker_BindToStorage,
  CompositeMoniker_Reduce,
  CompositeMoniker_ComposeWith,
  CompositeMoniker_Enum,
  CompositeMoniker_IsEqual,
  CompositeMoniker_Hash,
  CompositeMoniker_IsRunning,
  CompositeMoniker_GetTimeOfLastChange,
  CompositeMoniker_Inverse,
  CompositeMoniker_CommonPrefixWith,
  CompositeMoniker_RelativePathTo,
  CompositeMoniker_GetDisplayName,
  CompositeMoniker_ParseDisplayName,
  CompositeMoniker_IsSystemMoniker,
};
static const IROTDataVtbl composite_rot_vtable = {
  CompositeMoniker_rot_QueryInterface,
  CompositeMoniker_rot_AddRef,
  CompositeMoniker_rot_Release,
  CompositeMoniker_GetComparisonData,
};
static const ObjectFace composite_faces[] = {
  { &IID_IMoniker, offsetof(CompositeMoniker, moniker), &composite_vtable },
  { &IID_IPersistStream, offsetof(CompositeMoniker, moniker), &composite_vtable },
  { &IID_IPersist, offsetof(CompositeMoniker, moniker), &composite_vtable },
  { &IID_IROTData, offsetof(CompositeMoniker, rot), &composite_rot_vtable },
  { 0 },
};
static const ObjectType composite_type = {
  "CompositeMoniker", sizeof(CompositeMoniker), offsetof(CompositeMoniker, object),
  composite_faces,    composite_destroy,        NULL,
};

static HRESULT composite_create(IMoniker **parts, size_t count, IMoniker **result) {
  CompositeMoniker *composite = object_create(&composite_type);

  *result = NULL;
  if (!composite)
    return E_OUTOFMEMORY;
  composite->moniker.lpVtbl = &composite_vtable;
  composite->rot.lpVtbl = &composite_rot_vtable;
  composite->parts = copy_parts(parts, count);
  if (!composite->parts) {
    IMoniker_Release(&composite->moniker);
    return E_OUTOFMEMORY;
  }
  composite->count = count;
  *result = &composite->moniker;
  return S_OK;
}

HRESULT composite_moniker_new(IMoniker **result) {
  return composite_create(NULL, 0, result);
}

HRESULT moniker_from_parts(IMoniker **parts, size_t count, IMoniker **result) {
  if (count > 1)
    return composite_create(parts, count, result);
  *result = count ? parts[0] : NULL;
  if (*result)
    IMoniker_AddRef(*result);
  return S_OK;
}

/* --- Putting together --- */

/* Puts one more part behind list[0..*count), joining it with the last one where that one knows how. Takes the part over.
 * The list has room for it. */
static HRESULT push_part(IMoniker **list, size_t *count, IMoniker *part) {
  while (part && *count) {
    IMoniker *joined = NULL;
    HRESULT status = IMoniker_ComposeWith(list[*count - 1], part, TRUE, &joined);

    if (status == MK_E_NEEDGENERIC)
      break;
    IMoniker_Release(part);
    if (FAILED(status))
      return status;
    /* What came of the two takes their place, and may join with what stands before. */
    --*count;
    IMoniker_Release(list[*count]);
    part = joined;
  }
  if (part)
    list[(*count)++] = part;
  return S_OK;
}

static HRESULT join(IMoniker **left, size_t left_count, IMoniker **right, size_t right_count, IMoniker **result) {
  IMoniker **list = malloc((left_count + right_count) * sizeof(IMoniker *));
  HRESULT status = S_OK;
  size_t count;
  size_t i;

  if (!list)
    return E_OUTOFMEMORY;
  for (count = 0; count < left_count; count++) {
    list[count] = left[count];
    IMoniker_AddRef(list[count]);
  }
  for (i = 0; i < right_count && SUCCEEDED(status); i++) {
    IMoniker_AddRef(right[i]);
    status = push_part(list, &count, right[i]);
  }
  if (SUCCEEDED(status))
    status = moniker_from_parts(list, count, result);
  moniker_parts_free(list, count);
  return status;
}

HRESULT CreateGenericComposite(IMoniker *left, IMoniker *right, IMoniker **result) {
  IMoniker **left_parts;
  IMoniker **right_parts;
  size_t left_count;
  size_t right_count;
  HRESULT status;

  if (!result)
    return E_POINTER;
  *result = NULL;
  if (!left || !right) {
    *result = left ? left : right;
    if (*result)
      IMoniker_AddRef(*result);
    return S_OK;
  }
  status = moniker_parts(left, &left_parts, &left_count);
  if (FAILED(status))
    return status;
  status = moniker_parts(right, &right_parts, &right_count);
  if (SUCCEEDED(status)) {
    status = join(left_parts, left_count, right_parts, right_count, result);
    moniker_parts_free(right_parts, right_count);
  }
  moniker_parts_free(left_parts, left_count);
  return status;
}
