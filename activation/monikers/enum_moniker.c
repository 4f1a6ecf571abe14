/* IEnumMoniker over a list that is known from the beginning. */
#include <stdlib.h>

#include "activation/monikers/moniker_internal.h"

typedef struct EnumMoniker {
  IEnumMoniker enumerator;
  Object object;
  IMoniker **monikers;
  size_t count;
  size_t position;
} EnumMoniker;

OBJECT_FACE(EnumMoniker, enumerator, IEnumMoniker)

static EnumMoniker *from_enumerator(IEnumMoniker *face) {
  return OBJECT_CONTAINER(face, EnumMoniker, enumerator);
}

static void enum_moniker_destroy(void *self) {
  EnumMoniker *list = self;

  moniker_parts_free(list->monikers, list->count);
}

static HRESULT STDMETHODCALLTYPE EnumMoniker_Next(IEnumMoniker *face, ULONG count, IMoniker **out, ULONG *fetched) {
  EnumMoniker *list = from_enumerator(face);
  ULONG done = 0;

  if (!out || (count > 1 && !fetched))
    return E_INVALIDARG;
  out[0] = NULL; /* also when none is asked for */
  for (; done < count && list->position < list->count; done++)
    moniker_share(list->monikers[list->position++], &out[done]);
  if (fetched)
    *fetched = done;
  return done == count ? S_OK : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE EnumMoniker_Skip(IEnumMoniker *face, ULONG count) {
  EnumMoniker *list = from_enumerator(face);
  bool enough = count <= list->count - list->position;

  list->position = enough ? list->position + count : list->count;
  return enough ? S_OK : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE EnumMoniker_Reset(IEnumMoniker *face) {
  from_enumerator(face)->position = 0;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE EnumMoniker_Clone(IEnumMoniker *face, IEnumMoniker **result) {
  EnumMoniker *list = from_enumerator(face);

  if (!result)
    return E_INVALIDARG;
  HRESULT status = enum_moniker_create(list->monikers, list->count, result);
  if (SUCCEEDED(status))
    from_enumerator(*result)->position = list->position;
  return status;
}

static const IEnumMonikerVtbl enum_vtable = {
  EnumMoniker_enumerator_QueryInterface,
  EnumMoniker_enumerator_AddRef,
  EnumMoniker_enumerator_Release,
  EnumMoniker_Next,
  EnumMoniker_Skip,
  EnumMoniker_Reset,
  EnumMoniker_Clone,
};
static const ObjectFace enum_faces[] = { { &IID_IEnumMoniker, offsetof(EnumMoniker, enumerator), &enum_vtable },
                                         { 0 } };
static const ObjectType enum_type = {
  "EnumMoniker", sizeof(EnumMoniker), offsetof(EnumMoniker, object), enum_faces, enum_moniker_destroy, NULL,
};

HRESULT enum_moniker_create(IMoniker **monikers, size_t count, IEnumMoniker **result) {
  EnumMoniker *list = object_create(&enum_type);

  *result = NULL;
  if (!list)
    return E_OUTOFMEMORY;
  list->monikers = moniker_parts_copy(monikers, count);
  if (!list->monikers) {
    IEnumMoniker_Release(&list->enumerator);
    return E_OUTOFMEMORY;
  }
  list->count = count;
  *result = &list->enumerator;
  return S_OK;
}
