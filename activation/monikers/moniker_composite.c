/* The generic composite: two or more monikers in a row. CreateGenericComposite simplifies as it puts them together. */
#include <stdlib.h>
#include <string.h>

#include <oleander_enumerator.h>

#include "activation/monikers/moniker_internal.h"
#include "com/com_api.h"

typedef struct CompositeMoniker {
  Moniker base;
  IMoniker **parts; /* never composites of ours themselves */
  size_t count;     /* 0 in one that is yet to be loaded */
} CompositeMoniker;

static const IMonikerVtbl composite_vtable;

static CompositeMoniker *from_moniker(IMoniker *face) {
  return OBJECT_CONTAINER(face, CompositeMoniker, base.moniker);
}

static void composite_destroy(void *self) {
  CompositeMoniker *composite = self;

  moniker_parts_free(composite->parts, composite->count);
}

static HRESULT STDMETHODCALLTYPE CompositeMoniker_GetClassID(IMoniker *face, CLSID *clsid) {
  (void)face;
  return moniker_class(clsid, &CLSID_CompositeMoniker);
}

/* Persistence: the number of parts, then each with its class. */

typedef struct PartList {
  IMoniker **parts;
  size_t count;
} PartList;

/* Takes one loaded part over; the parts of a composite within the composite take its place. */
static HRESULT list_take(PartList *list, IMoniker *part) {
  CompositeMoniker *inner = part->lpVtbl == &composite_vtable ? from_moniker(part) : NULL;
  IMoniker **more = inner ? inner->parts : &part;
  size_t count = inner ? inner->count : 1;
  IMoniker **bigger = NULL;
  HRESULT status = list->count + count > MONIKER_PARTS_LIMIT ? E_UNEXPECTED : E_OUTOFMEMORY;

  if (status == E_OUTOFMEMORY)
    bigger = realloc(list->parts, (list->count + count) * sizeof(IMoniker *));
  if (bigger) {
    list->parts = bigger;
    for (size_t i = 0; i < count; i++)
      moniker_share(more[i], &list->parts[list->count++]);
    status = S_OK;
  }
  IMoniker_Release(part);
  return status;
}

static HRESULT STDMETHODCALLTYPE CompositeMoniker_Load(IMoniker *face, IStream *stream) {
  CompositeMoniker *composite = from_moniker(face);
  DWORD count;
  HRESULT status = stream ? stream_read(stream, &count, sizeof count) : E_INVALIDARG;

  if (FAILED(status))
    return status;
  if (composite->count || count < 2 || count > MONIKER_PARTS_LIMIT)
    return E_UNEXPECTED;
  PartList list = { NULL, 0 };
  load_begin();
  for (DWORD i = 0; i < count && SUCCEEDED(status); i++) {
    IMoniker *part;

    status = OleLoadFromStream(stream, &IID_IMoniker, (void **)&part);
    if (SUCCEEDED(status))
      status = list_take(&list, part);
  }
  load_end();
  if (FAILED(status)) {
    moniker_parts_free(list.parts, list.count);
    return status;
  }
  free(composite->parts);
  composite->parts = list.parts;
  composite->count = list.count;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE CompositeMoniker_Save(IMoniker *face, IStream *stream, BOOL clear_dirty) {
  CompositeMoniker *composite = from_moniker(face);
  DWORD count = (DWORD)composite->count;

  (void)clear_dirty;
  if (!stream)
    return E_INVALIDARG;
  HRESULT status = count ? stream_write(stream, &count, sizeof count) : E_UNEXPECTED;
  for (size_t i = 0; i < count && SUCCEEDED(status); i++)
    status = OleSaveToStream((IPersistStream *)composite->parts[i], stream);
  return status;
}

static HRESULT STDMETHODCALLTYPE CompositeMoniker_GetSizeMax(IMoniker *face, ULARGE_INTEGER *size) {
  CompositeMoniker *composite = from_moniker(face);
  ULONGLONG total = sizeof(CLSID) + sizeof(DWORD);
  HRESULT status = S_OK;

  if (!size)
    return E_INVALIDARG;
  for (size_t i = 0; i < composite->count && SUCCEEDED(status); i++) {
    ULARGE_INTEGER part;

    status = IMoniker_GetSizeMax(composite->parts[i], &part);
    if (SUCCEEDED(status))
      total += sizeof(CLSID) + part.QuadPart;
  }
  size->QuadPart = total;
  return status;
}

/* Binding: the last part is bound with the others as its left. */

static HRESULT from_parts(IMoniker **parts, size_t count, IMoniker **result);

/* What stands left of the last part, seen from outside: `left` and all other parts. */
static HRESULT left_of_last(CompositeMoniker *composite, IMoniker *left, IMoniker **result) {
  IMoniker *rest;

  *result = NULL;
  if (!composite->count)
    return E_UNEXPECTED;
  HRESULT status = from_parts(composite->parts, composite->count - 1, &rest);
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

static void release(IMoniker *moniker) {
  if (moniker)
    IMoniker_Release(moniker);
}

static HRESULT STDMETHODCALLTYPE CompositeMoniker_BindToObject(IMoniker *face, IBindCtx *context, IMoniker *left,
                                                               REFIID iid, void **result) {
  CompositeMoniker *composite = from_moniker(face);
  IMoniker *before;

  if (!result)
    return E_INVALIDARG;
  *result = NULL;
  if (!context)
    return E_INVALIDARG;
  if (!left) {
    HRESULT running = running_bind(context, face, iid, result);

    if (running != MK_E_UNAVAILABLE)
      return running;
  }
  HRESULT status = left_of_last(composite, left, &before);
  if (FAILED(status))
    return status;
  status = IMoniker_BindToObject(last_part(composite), context, before, iid, result);
  release(before);
  return status;
}

static HRESULT STDMETHODCALLTYPE CompositeMoniker_BindToStorage(IMoniker *face, IBindCtx *context, IMoniker *left,
                                                                REFIID iid, void **result) {
  CompositeMoniker *composite = from_moniker(face);
  IMoniker *before;

  if (!result)
    return E_INVALIDARG;
  *result = NULL;
  if (!context)
    return E_INVALIDARG;
  HRESULT status = left_of_last(composite, left, &before);
  if (FAILED(status))
    return status;
  status = IMoniker_BindToStorage(last_part(composite), context, before, iid, result);
  release(before);
  return status;
}

/* Reduces one part with what stands left of it, and puts what comes of it behind that. */
static HRESULT reduce_part(IMoniker *part, IBindCtx *context, DWORD how_far, IMoniker **so_far, bool *changed) {
  IMoniker *left = *so_far;
  IMoniker *reduced = NULL;
  IMoniker *joined = NULL;
  HRESULT status = IMoniker_Reduce(part, context, how_far, &left, &reduced);

  if (status == S_OK)
    *changed = true;
  if (SUCCEEDED(status))
    status = CreateGenericComposite(*so_far, reduced, &joined);
  release(reduced);
  release(*so_far);
  *so_far = joined;
  return status;
}

/* Reduced to itself when no part changes. */
static HRESULT STDMETHODCALLTYPE CompositeMoniker_Reduce(IMoniker *face, IBindCtx *context, DWORD how_far,
                                                         IMoniker **to_left, IMoniker **reduced) {
  CompositeMoniker *composite = from_moniker(face);
  IMoniker *so_far = NULL;
  HRESULT status = S_OK;
  bool changed = false;

  if (!reduced)
    return E_INVALIDARG;
  *reduced = NULL;
  if (!context)
    return E_INVALIDARG;
  for (size_t i = 0; i < composite->count && SUCCEEDED(status); i++)
    status = reduce_part(composite->parts[i], context, how_far, &so_far, &changed);
  if (FAILED(status) || !changed) {
    release(so_far);
    return FAILED(status) ? status : Moniker_Reduce(face, context, how_far, to_left, reduced);
  }
  *reduced = so_far;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE CompositeMoniker_ComposeWith(IMoniker *face, IMoniker *right, BOOL only_if_not_generic,
                                                              IMoniker **composite) {
  if (!composite)
    return E_POINTER;
  *composite = NULL;
  if (only_if_not_generic && (!right || moniker_kind_of(right) != MKSYS_ANTIMONIKER))
    return MK_E_NEEDGENERIC;
  return CreateGenericComposite(face, right, composite);
}

static HRESULT STDMETHODCALLTYPE CompositeMoniker_Enum(IMoniker *face, BOOL forward, IEnumMoniker **result) {
  CompositeMoniker *composite = from_moniker(face);

  if (!result)
    return E_INVALIDARG;
  *result = NULL;
  if (forward)
    return oleander_enumerator_create(&IID_IEnumMoniker, &oleander_monikers, composite->parts, composite->count,
                                      (void **)result);
  IMoniker **backward = malloc((composite->count + 1) * sizeof(IMoniker *));
  if (!backward)
    return E_OUTOFMEMORY;
  for (size_t i = 0; i < composite->count; i++)
    backward[i] = composite->parts[composite->count - 1 - i];
  HRESULT status =
      oleander_enumerator_create(&IID_IEnumMoniker, &oleander_monikers, backward, composite->count, (void **)result);
  free(backward);
  return status;
}

static HRESULT STDMETHODCALLTYPE CompositeMoniker_IsEqual(IMoniker *face, IMoniker *other) {
  CompositeMoniker *first = from_moniker(face);

  if (!other)
    return E_INVALIDARG;
  if (other->lpVtbl != &composite_vtable)
    return S_FALSE;
  CompositeMoniker *second = from_moniker(other);
  if (first->count != second->count)
    return S_FALSE;
  for (size_t i = 0; i < first->count; i++)
    if (IMoniker_IsEqual(first->parts[i], second->parts[i]) != S_OK)
      return S_FALSE;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE CompositeMoniker_Hash(IMoniker *face, DWORD *hash) {
  CompositeMoniker *composite = from_moniker(face);
  HRESULT status = S_OK;
  DWORD all = 0;

  if (!hash)
    return E_INVALIDARG;
  if (!composite->count)
    return E_UNEXPECTED;
  for (size_t i = 0; i < composite->count && SUCCEEDED(status); i++) {
    DWORD one = 0;

    status = IMoniker_Hash(composite->parts[i], &one);
    all ^= one;
  }
  if (SUCCEEDED(status))
    *hash = all;
  return status;
}

static HRESULT STDMETHODCALLTYPE CompositeMoniker_IsRunning(IMoniker *face, IBindCtx *context, IMoniker *left,
                                                            IMoniker *newly_running) {
  CompositeMoniker *composite = from_moniker(face);
  IMoniker *whole;
  IMoniker *before;

  if (!context)
    return E_INVALIDARG;
  if (left) {
    HRESULT status = CreateGenericComposite(left, face, &whole);

    if (FAILED(status) || !whole)
      return FAILED(status) ? status : S_FALSE;
    status = IMoniker_IsRunning(whole, context, NULL, newly_running);
    IMoniker_Release(whole);
    return status;
  }
  if (newly_running ? IMoniker_IsEqual(face, newly_running) == S_OK : running_has(context, face) == S_OK)
    return S_OK;
  HRESULT status = left_of_last(composite, NULL, &before);
  if (FAILED(status))
    return status;
  status = IMoniker_IsRunning(last_part(composite), context, before, newly_running);
  release(before);
  return status;
}

static HRESULT STDMETHODCALLTYPE CompositeMoniker_GetTimeOfLastChange(IMoniker *face, IBindCtx *context, IMoniker *left,
                                                                      FILETIME *time) {
  CompositeMoniker *composite = from_moniker(face);
  IMoniker *before;

  if (!time || !context)
    return E_INVALIDARG;
  if (!left && SUCCEEDED(running_time(context, face, time)))
    return S_OK;
  HRESULT status = left_of_last(composite, left, &before);
  if (FAILED(status))
    return status;
  status = IMoniker_GetTimeOfLastChange(last_part(composite), context, before, time);
  release(before);
  return status;
}

/* The inverses of the parts, the last part's first; these may cancel each other out. */
static HRESULT STDMETHODCALLTYPE CompositeMoniker_Inverse(IMoniker *face, IMoniker **inverse) {
  CompositeMoniker *composite = from_moniker(face);
  IMoniker *whole = NULL;
  HRESULT status = S_OK;

  if (!inverse)
    return E_INVALIDARG;
  *inverse = NULL;
  for (size_t i = composite->count; i-- > 0 && SUCCEEDED(status);) {
    IMoniker *part = NULL;
    IMoniker *joined = NULL;

    status = IMoniker_Inverse(composite->parts[i], &part);
    if (SUCCEEDED(status))
      status = CreateGenericComposite(whole, part, &joined);
    release(part);
    release(whole);
    whole = joined;
  }
  *inverse = whole;
  return status;
}

static HRESULT STDMETHODCALLTYPE CompositeMoniker_CommonPrefixWith(IMoniker *face, IMoniker *other, IMoniker **prefix) {
  if (prefix)
    *prefix = NULL;
  return prefix && other ? MonikerCommonPrefixWith(face, other, prefix) : E_INVALIDARG;
}

/* Appends a name to *text, of *units units; gives the memory of the name back. */
static HRESULT append_name(LPOLESTR *text, size_t *units, LPOLESTR name) {
  size_t more = utf16_units(name);
  LPOLESTR bigger = NULL;

  if (*units + more <= MONIKER_NAME_LIMIT)
    bigger = CoTaskMemRealloc(*text, (*units + more + 1) * sizeof(OLECHAR));
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

  (void)left;
  if (name)
    *name = NULL;
  if (!name || !context || !composite->count)
    return E_INVALIDARG;
  HRESULT status = S_OK;
  for (size_t i = 0; i < composite->count && SUCCEEDED(status); i++) {
    LPOLESTR part = NULL;

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

  if (result)
    *result = NULL;
  if (!result || !eaten || !name || !context)
    return E_INVALIDARG;
  HRESULT status = left_of_last(composite, left, &before);
  if (FAILED(status))
    return status;
  status = IMoniker_ParseDisplayName(last_part(composite), context, before, name, eaten, result);
  release(before);
  return status;
}

static HRESULT STDMETHODCALLTYPE CompositeMoniker_IsSystemMoniker(IMoniker *face, DWORD *kind) {
  (void)face;
  return moniker_kind(kind, MKSYS_GENERICCOMPOSITE);
}

/* The class, then the data of all parts. */
static HRESULT STDMETHODCALLTYPE CompositeMoniker_GetComparisonData(IROTData *face, BYTE *data, ULONG room,
                                                                    ULONG *needed) {
  CompositeMoniker *composite = OBJECT_CONTAINER(face, CompositeMoniker, base.rot);
  BYTE *all = NULL;
  size_t total = 0;
  HRESULT status = S_OK;

  for (size_t i = 0; i < composite->count && SUCCEEDED(status); i++) {
    BYTE *part;
    ULONG size;

    status = running_key(composite->parts[i], NULL, &part, &size);
    if (FAILED(status))
      break;
    BYTE *bigger = realloc(all, total + size + 1);
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
  Moniker_QueryInterface,
  Moniker_AddRef,
  Moniker_Release,
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
  Moniker_RelativePathTo,
  CompositeMoniker_GetDisplayName,
  CompositeMoniker_ParseDisplayName,
  CompositeMoniker_IsSystemMoniker,
};
static const IROTDataVtbl composite_rot_vtable = MONIKER_ROT_VTABLE(CompositeMoniker);
static const ObjectFace composite_faces[] = {
  MONIKER_FACES(CLSID_CompositeMoniker, composite_vtable, moniker_marshal_vtable),
  MONIKER_FACE_ROT(composite_rot_vtable),
  { 0 },
};
static const ObjectType composite_type = {
  "CompositeMoniker", sizeof(CompositeMoniker), offsetof(CompositeMoniker, base.object),
  composite_faces,    composite_destroy,        NULL,
};

static HRESULT composite_create(IMoniker **parts, size_t count, IMoniker **result) {
  CompositeMoniker *composite = object_create(&composite_type);

  *result = NULL;
  if (!composite)
    return E_OUTOFMEMORY;
  composite->parts = moniker_parts_copy(parts, count);
  if (!composite->parts) {
    IMoniker_Release(&composite->base.moniker);
    return E_OUTOFMEMORY;
  }
  composite->count = count;
  *result = &composite->base.moniker;
  return S_OK;
}

HRESULT composite_moniker_new(IMoniker **result) {
  return composite_create(NULL, 0, result);
}

/* The composite of parts[0..count), without simplification: NULL for none, the part itself for one. */
static HRESULT from_parts(IMoniker **parts, size_t count, IMoniker **result) {
  if (count > 1)
    return composite_create(parts, count, result);
  *result = NULL;
  if (count)
    moniker_share(parts[0], result);
  return S_OK;
}

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
  IMoniker **list = malloc((left_count + right_count + 1) * sizeof(IMoniker *));
  HRESULT status = S_OK;
  size_t count = 0;

  if (!list)
    return E_OUTOFMEMORY;
  for (; count < left_count; count++)
    moniker_share(left[count], &list[count]);
  for (size_t i = 0; i < right_count && SUCCEEDED(status); i++) {
    IMoniker_AddRef(right[i]);
    status = push_part(list, &count, right[i]);
  }
  if (SUCCEEDED(status))
    status = from_parts(list, count, result);
  moniker_parts_free(list, count);
  return status;
}

HRESULT CreateGenericComposite(IMoniker *left, IMoniker *right, IMoniker **result) {
  IMoniker **left_parts;
  IMoniker **right_parts;
  size_t left_count;
  size_t right_count;

  if (!result)
    return E_POINTER;
  *result = NULL;
  if (!left || !right) {
    if (left || right)
      moniker_share(left ? left : right, result);
    return S_OK;
  }
  HRESULT status = moniker_parts(left, &left_parts, &left_count);
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
