/* The one implementation of IEnumXXX: IEnumUnknown, IEnumString, IEnumVARIANT, IEnumMoniker ... differ in what an element
 * is, and in nothing else ("IEnumXXXX" of the documentation). */
#include <oleander_enumerator.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <objbase.h>
#include <ocidl.h>
#include <oleauto.h>

#include "com/object.h"

/* The common shape of all vtables; what Next fills is an array of elements. */
typedef struct IElements IElements;

typedef struct IElementsVtbl {
  HRESULT(STDMETHODCALLTYPE *QueryInterface)(IElements *self, REFIID iid, void **result);
  ULONG(STDMETHODCALLTYPE *AddRef)(IElements *self);
  ULONG(STDMETHODCALLTYPE *Release)(IElements *self);
  HRESULT(STDMETHODCALLTYPE *Next)(IElements *self, ULONG count, void *elements, ULONG *fetched);
  HRESULT(STDMETHODCALLTYPE *Skip)(IElements *self, ULONG count);
  HRESULT(STDMETHODCALLTYPE *Reset)(IElements *self);
  HRESULT(STDMETHODCALLTYPE *Clone)(IElements *self, void **result);
} IElementsVtbl;

struct IElements {
  const IElementsVtbl *lpVtbl;
};

typedef struct Enumerator {
  IElements enumerator;
  Object object;
  IID iid;
  const OleanderElements *kind;
  const OleanderElementSource *source;
  void *context;
  _Atomic uint64_t position;
  _Atomic bool ended;
} Enumerator;

OBJECT_FACE(Enumerator, enumerator, IElements)

static Enumerator *enumerator_of(IElements *face) {
  return OBJECT_CONTAINER(face, Enumerator, enumerator);
}

static HRESULT bad_pointer(const Enumerator *self) {
  return self->kind->flags & OLEANDER_ELEMENTS_MONIKERS ? E_INVALIDARG : E_POINTER;
}

/* Gives up to `wanted` elements (NULL: skips them). The place in the enumerator moves only when that succeeds. */
static HRESULT advance(Enumerator *self, ULONG wanted, char *elements, ULONG *done) {
  const OleanderElements *kind = self->kind;
  uint64_t position = self->position;
  HRESULT status = self->ended ? S_FALSE : S_OK;

  for (*done = 0; *done < wanted && status == S_OK; *done += status == S_OK) {
    char *element = elements ? elements + (size_t)*done * kind->size : NULL;

    if (element)
      memset(element, 0, kind->size);
    status = self->source->next(self->context, &position, element);
  }
  if (FAILED(status)) {
    while (elements && (*done)-- > 0) {
      if (kind->clear)
        kind->clear(elements + (size_t)*done * kind->size);
      memset(elements + (size_t)*done * kind->size, 0, kind->size);
    }
    *done = 0;
    return status;
  }
  self->position = position;
  if (status != S_OK)
    self->ended = true;
  return *done == wanted ? S_OK : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE Enumerator_Next(IElements *face, ULONG count, void *elements, ULONG *fetched) {
  Enumerator *self = enumerator_of(face);
  ULONG done;

  if (fetched)
    *fetched = 0;
  /* IEnumVARIANT alone lets the count be left out for several. */
  if ((!elements && (count || bad_pointer(self) == E_INVALIDARG)) ||
      (!fetched && count > 1 && !(self->kind->flags & OLEANDER_ELEMENTS_EMPTIED)))
    return bad_pointer(self);
  if (self->kind->flags & OLEANDER_ELEMENTS_EMPTIED && count)
    memset(elements, 0, (size_t)count * self->kind->size);
  if (!count && self->kind->flags & OLEANDER_ELEMENTS_MONIKERS)
    memset(elements, 0, self->kind->size);
  HRESULT status = advance(self, count, elements, &done);
  if (fetched)
    *fetched = done;
  return status;
}

static HRESULT STDMETHODCALLTYPE Enumerator_Skip(IElements *face, ULONG count) {
  ULONG done;

  return advance(enumerator_of(face), count, NULL, &done);
}

static HRESULT STDMETHODCALLTYPE Enumerator_Reset(IElements *face) {
  Enumerator *self = enumerator_of(face);

  self->position = 0;
  self->ended = false;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Enumerator_Clone(IElements *face, void **result) {
  Enumerator *self = enumerator_of(face);

  if (!result)
    return bad_pointer(self);
  HRESULT status = oleander_enumerator_over(&self->iid, self->kind, self->source, self->context, result);
  if (SUCCEEDED(status)) {
    enumerator_of(*result)->position = self->position;
    enumerator_of(*result)->ended = self->ended;
  }
  return status;
}

static HRESULT enumerator_query(void *self, REFIID iid, void **result) {
  Enumerator *enumerator = self;

  if (!IsEqualIID(iid, &enumerator->iid))
    return E_NOINTERFACE;
  *result = &enumerator->enumerator;
  object_addref(&enumerator->object);
  return S_OK;
}

static void enumerator_destroy(void *self) {
  Enumerator *enumerator = self;

  enumerator->source->release(enumerator->context);
}

static const IElementsVtbl enumerator_vtable = {
  OLEANDER_FACE_SLOTS(Enumerator, enumerator), Enumerator_Next, Enumerator_Skip, Enumerator_Reset, Enumerator_Clone,
};
static const ObjectFace enumerator_faces[] = {
  { &IID_IUnknown, offsetof(Enumerator, enumerator), &enumerator_vtable },
  { 0 },
};
static const ObjectType enumerator_type = {
  "Enumerator",     sizeof(Enumerator), offsetof(Enumerator, object),
  enumerator_faces, enumerator_destroy, enumerator_query,
};

HRESULT oleander_enumerator_over(REFIID iid, const OleanderElements *kind, const OleanderElementSource *source,
                                 void *context, void **result) {
  if (!result)
    return E_POINTER;
  *result = NULL;
  if (!iid || !kind || !source)
    return E_INVALIDARG;
  Enumerator *self = object_create(&enumerator_type);
  if (!self)
    return E_OUTOFMEMORY;
  self->iid = *iid;
  self->kind = kind;
  self->source = source;
  self->context = context;
  source->addref(context);
  *result = &self->enumerator;
  return S_OK;
}

/* Elements that are there: a list that all clones share and nobody changes. */

typedef struct ElementList {
  const OleanderElements *kind;
  _Atomic ULONG references;
  size_t count;
  _Alignas(16) char elements[];
} ElementList;

static HRESULT copy_element(const OleanderElements *kind, void *copy, const void *from) {
  if (kind->copy)
    return kind->copy(copy, from);
  memcpy(copy, from, kind->size);
  return S_OK;
}

static HRESULT list_next(void *context, uint64_t *position, void *element) {
  ElementList *list = context;
  size_t index = (size_t)*position;

  if (index >= list->count)
    return S_FALSE;
  ++*position;
  return element ? copy_element(list->kind, element, list->elements + index * list->kind->size) : S_OK;
}

static void list_addref(void *context) {
  ((ElementList *)context)->references++;
}

static void list_release(void *context) {
  ElementList *list = context;

  if (--list->references > 0)
    return;
  while (list->kind->clear && list->count > 0)
    list->kind->clear(list->elements + --list->count * list->kind->size);
  free(list);
}

static const OleanderElementSource list_source = { list_next, list_addref, list_release };

HRESULT oleander_enumerator_create(REFIID iid, const OleanderElements *kind, const void *elements, size_t count,
                                   void **result) {
  HRESULT status = S_OK;
  ElementList *list;

  if (!result)
    return E_POINTER;
  *result = NULL;
  if (!iid || !kind || (count && !elements))
    return E_INVALIDARG;
  list = count > (SIZE_MAX - sizeof *list) / kind->size ? NULL : calloc(1, sizeof *list + count * kind->size);
  if (!list)
    return E_OUTOFMEMORY;
  list->kind = kind;
  list->references = 1;
  while (list->count < count && SUCCEEDED(status)) {
    status = copy_element(kind, list->elements + list->count * kind->size,
                          (const char *)elements + list->count * kind->size);
    list->count += SUCCEEDED(status);
  }
  if (SUCCEEDED(status))
    status = oleander_enumerator_over(iid, kind, &list_source, list, result);
  list_release(list);
  return status;
}

/* Kinds of elements */

static HRESULT interface_copy(void *copy, const void *from) {
  IUnknown *object = *(IUnknown *const *)from;

  *(IUnknown **)copy = object;
  if (object)
    IUnknown_AddRef(object);
  return S_OK;
}

static void interface_clear(void *element) {
  IUnknown *object = *(IUnknown **)element;

  if (object)
    IUnknown_Release(object);
}

static HRESULT variant_copy(void *copy, const void *from) {
  VariantInit(copy);
  return VariantCopy(copy, (VARIANT *)(uintptr_t)from);
}

static void variant_clear(void *element) {
  VariantClear(element);
}

static HRESULT string_copy(void *copy, const void *from) {
  const OLECHAR *text = *(const OLECHAR *const *)from;
  size_t size = 1;
  OLECHAR *fresh;

  if (!text)
    return S_OK;
  while (text[size - 1])
    size++;
  fresh = CoTaskMemAlloc(size * sizeof *fresh);
  if (!fresh)
    return E_OUTOFMEMORY;
  *(OLECHAR **)copy = memcpy(fresh, text, size * sizeof *fresh);
  return S_OK;
}

static void string_clear(void *element) {
  CoTaskMemFree(*(OLECHAR **)element);
}

static HRESULT connection_copy(void *copy, const void *from) {
  const CONNECTDATA *connection = from;

  *(CONNECTDATA *)copy = *connection;
  if (connection->pUnk)
    IUnknown_AddRef(connection->pUnk);
  return S_OK;
}

static void connection_clear(void *element) {
  IUnknown *object = ((CONNECTDATA *)element)->pUnk;

  if (object)
    IUnknown_Release(object);
}

const OleanderElements oleander_interfaces = { sizeof(IUnknown *), interface_copy, interface_clear, 0 };
const OleanderElements oleander_monikers = { sizeof(IUnknown *), interface_copy, interface_clear,
                                             OLEANDER_ELEMENTS_MONIKERS };
const OleanderElements oleander_variants = { sizeof(VARIANT), variant_copy, variant_clear, OLEANDER_ELEMENTS_EMPTIED };
const OleanderElements oleander_strings = { sizeof(OLECHAR *), string_copy, string_clear, 0 };
const OleanderElements oleander_guids = { sizeof(GUID), NULL, NULL, 0 };
const OleanderElements oleander_connections = { sizeof(CONNECTDATA), connection_copy, connection_clear, 0 };
