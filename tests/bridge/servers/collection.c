/* Collection: Item (default), Count, _NewEnum. */
#include "automation_internal.h"

#define LIMIT 64

typedef struct Collection {
  ICollection collection;
  OleanderObject object;
  VARIANT values[LIMIT];
  LONG count;
} Collection;

typedef struct Elements {
  IEnumVARIANT elements;
  OleanderObject object;
  Collection *collection;
  LONG at;
} Elements;

OLEANDER_DUAL(Collection, collection, ICollection)
OLEANDER_FACE(Elements, elements, IEnumVARIANT)

static OleanderClass elements_class;

static Collection *self_of(ICollection *face) {
  ARRIVED();
  return OLEANDER_SELF(face, Collection, collection);
}

static HRESULT STDMETHODCALLTYPE Collection_get_Item(ICollection *face, LONG index, VARIANT *value) {
  Collection *self = self_of(face);
  VariantInit(value);
  if (index < 1 || index > self->count)
    return oleander_object_fail(DISP_E_BADINDEX, &IID_ICollection, "BridgeTest.Collection", "no such position");
  return VariantCopy(value, &self->values[index - 1]);
}

static HRESULT STDMETHODCALLTYPE Collection_put_Item(ICollection *face, LONG index, VARIANT value) {
  Collection *self = self_of(face);
  if (index < 1 || index > self->count)
    return oleander_object_fail(DISP_E_BADINDEX, &IID_ICollection, "BridgeTest.Collection", "no such position");
  return VariantCopy(&self->values[index - 1], &value);
}

static HRESULT STDMETHODCALLTYPE Collection_get_Count(ICollection *face, LONG *count) {
  *count = self_of(face)->count;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Collection_Append(ICollection *face, VARIANT value) {
  Collection *self = self_of(face);
  if (self->count == LIMIT)
    return E_OUTOFMEMORY;
  VariantInit(&self->values[self->count]);
  return VariantCopy(&self->values[self->count++], &value);
}

static HRESULT STDMETHODCALLTYPE Collection_get__NewEnum(ICollection *face, IUnknown **result) {
  Collection *self = self_of(face);
  Elements *elements = NULL;
  HRESULT hr = oleander_object_create(&elements_class, NULL, (void **)&elements);
  if (FAILED(hr))
    return hr;
  elements->collection = self;
  ICollection_AddRef(face);
  *result = (IUnknown *)&elements->elements;
  return S_OK;
}

static const ICollectionVtbl collection_vtable = { OLEANDER_DUAL_SLOTS(Collection, collection),
                                                   Collection_get_Item,
                                                   Collection_put_Item,
                                                   Collection_get_Count,
                                                   Collection_Append,
                                                   Collection_get__NewEnum };

static void destroy(void *pointer) {
  Collection *self = pointer;
  for (LONG i = 0; i < self->count; i++)
    VariantClear(&self->values[i]);
  count_death(self);
}

static const OleanderFace collection_faces[] = {
  { &IID_ICollection, offsetof(Collection, collection), &collection_vtable }, { NULL, 0, NULL }
};

OleanderClass collection_class = { .module = &automation_module,
                                   .clsid = &CLSID_Collection,
                                   .progid = "BridgeTest.Collection",
                                   .title = "A collection",
                                   .size = sizeof(Collection),
                                   .object = offsetof(Collection, object),
                                   .faces = collection_faces,
                                   .construct = count_birth,
                                   .destroy = destroy };

static HRESULT STDMETHODCALLTYPE Elements_Next(IEnumVARIANT *face, ULONG wanted, VARIANT *values, ULONG *fetched) {
  Elements *self = OLEANDER_SELF(face, Elements, elements);
  ULONG given = 0;
  while (given < wanted && self->at < self->collection->count) {
    VariantInit(&values[given]);
    HRESULT hr = VariantCopy(&values[given++], &self->collection->values[self->at++]);
    if (FAILED(hr))
      return hr;
  }
  if (fetched != NULL)
    *fetched = given;
  return given == wanted ? S_OK : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE Elements_Skip(IEnumVARIANT *face, ULONG count) {
  OLEANDER_SELF(face, Elements, elements)->at += (LONG)count;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Elements_Reset(IEnumVARIANT *face) {
  OLEANDER_SELF(face, Elements, elements)->at = 0;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Elements_Clone(IEnumVARIANT *face, IEnumVARIANT **result) {
  (void)face;
  *result = NULL;
  return E_NOTIMPL;
}

static const IEnumVARIANTVtbl elements_vtable = { OLEANDER_FACE_SLOTS(Elements, elements), Elements_Next, Elements_Skip,
                                                  Elements_Reset, Elements_Clone };

static void destroy_elements(void *pointer) {
  Elements *self = pointer;
  if (self->collection != NULL)
    ICollection_Release(&self->collection->collection);
  count_death(self);
}

static const OleanderFace elements_faces[] = { { &IID_IEnumVARIANT, offsetof(Elements, elements), &elements_vtable },
                                               { NULL, 0, NULL } };

static OleanderClass elements_class = { .module = &automation_module,
                                        .title = "Elements of a collection",
                                        .size = sizeof(Elements),
                                        .object = offsetof(Elements, object),
                                        .faces = elements_faces,
                                        .construct = count_birth,
                                        .destroy = destroy_elements };
