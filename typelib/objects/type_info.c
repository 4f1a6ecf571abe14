/* type_info.c - the ITypeInfo2 object: its life, its views, and the short methods. */
#include "typelib/objects/type_objects.h"

#include <stdlib.h>
#include <string.h>

/* Gives a reference back unless it is the last one. */
static bool release_unless_last(Object *object, ULONG *left) {
  ULONG count = __atomic_load_n(&object->references, __ATOMIC_RELAXED);

  while (count > 1) {
    if (__atomic_compare_exchange_n(&object->references, &count, count - 1, true, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED)) {
      *left = count - 1;
      return true;
    }
  }
  return false;
}

ULONG weak_release(Object *object, pthread_mutex_t *lock, void (*forget)(void *self), void *self) {
  ULONG left;

  if (release_unless_last(object, &left))
    return left;
  pthread_mutex_lock(lock); /* whoever finds the object in the table takes a reference under it */
  bool others = release_unless_last(object, &left);
  if (!others)
    forget(self);
  pthread_mutex_unlock(lock);
  return others ? left : object_release(object);
}

static TypeInfo **weak_place(TypeInfo *self) {
  return &self->library->infos[2 * self->index + self->vtable_view];
}

static void forget(void *self) {
  *weak_place(self) = NULL;
}

static ULONG release(TypeInfo *self) {
  return weak_release(&self->object, &self->library->lock, forget, self);
}

#define TYPE_INFO_FACE(member, Interface)                                                                              \
  static HRESULT TypeInfo_##member##_QueryInterface(Interface *face, REFIID iid, void **result) {                      \
    return object_query(&OBJECT_CONTAINER(face, TypeInfo, member)->object, iid, result);                               \
  }                                                                                                                    \
  static ULONG TypeInfo_##member##_AddRef(Interface *face) {                                                           \
    return object_addref(&OBJECT_CONTAINER(face, TypeInfo, member)->object);                                           \
  }                                                                                                                    \
  static ULONG TypeInfo_##member##_Release(Interface *face) {                                                          \
    return release(OBJECT_CONTAINER(face, TypeInfo, member));                                                          \
  }

TYPE_INFO_FACE(info, ITypeInfo2)
TYPE_INFO_FACE(comp, ITypeComp)
TYPE_INFO_FACE(signatures, IOleanderTypeInfo)

static HRESULT TypeInfo_GetTypeComp(ITypeInfo2 *face, ITypeComp **comp) {
  if (!comp)
    return E_INVALIDARG;
  *comp = &type_info_from(face)->comp;
  ITypeInfo2_AddRef(face);
  return S_OK;
}

static HRESULT TypeInfo_GetRefTypeOfImplType(ITypeInfo2 *face, UINT index, HREFTYPE *reference) {
  TypeInfo *self = type_info_from(face);
  ImplementedFacts implemented;
  HRESULT hr;

  if (!reference)
    return E_INVALIDARG;
  if (index == (UINT)-1) {
    if (!type_is_dual(self))
      return TYPE_E_ELEMENTNOTFOUND;
    *reference = REFERENCE_OTHER_HALF;
    return S_OK;
  }
  if (type_is_dispatch_view(self)) { /* a dispinterface implements IDispatch, whatever else is said about it */
    if (index != 0)
      return TYPE_E_ELEMENTNOTFOUND;
    *reference = self->library->facts.dispatch;
    if (*reference == NO_REFERENCE)
      *reference = REFERENCE_IDISPATCH;
    return S_OK;
  }
  if (index >= self->facts.implemented_count)
    return TYPE_E_ELEMENTNOTFOUND;
  hr = self->library->reader->methods->read_implemented(self->library->reader, self->index, index, &implemented);
  if (FAILED(hr))
    return hr;
  *reference = implemented.reference;
  if (self->facts.kind != TKIND_COCLASS && *reference != NO_REFERENCE)
    *reference |= REFERENCE_TO_BASE;
  return S_OK;
}

static HRESULT TypeInfo_GetImplTypeFlags(ITypeInfo2 *face, UINT index, INT *flags) {
  TypeInfo *self = type_info_from(face);
  ImplementedFacts implemented;
  HRESULT hr;

  if (!flags)
    return E_INVALIDARG;
  *flags = 0;
  if (type_is_dispatch_view(self) && index == 0)
    return S_OK;
  if (index >= self->facts.implemented_count)
    return TYPE_E_ELEMENTNOTFOUND;
  hr = self->library->reader->methods->read_implemented(self->library->reader, self->index, index, &implemented);
  if (SUCCEEDED(hr))
    *flags = implemented.flags;
  return hr;
}

static HRESULT TypeInfo_GetRefTypeInfo(ITypeInfo2 *face, HREFTYPE reference, ITypeInfo **info) {
  TypeInfo *target;
  HRESULT hr;

  if (!info)
    return E_INVALIDARG;
  *info = NULL;
  hr = type_resolve_reference(type_info_from(face), reference, &target);
  if (SUCCEEDED(hr))
    *info = (ITypeInfo *)&target->info;
  return hr;
}

/* Marshaling strings: no library format stores them. */
static HRESULT TypeInfo_GetMops(ITypeInfo2 *face, MEMBERID memid, BSTR *mops) {
  TypeInfo *self = type_info_from(face);
  UINT index;

  if (!mops)
    return E_INVALIDARG;
  *mops = NULL;
  return memid == MEMBERID_NIL ? S_OK : type_find_memid(self, memid, &index);
}

static HRESULT TypeInfo_GetContainingTypeLib(ITypeInfo2 *face, ITypeLib **library, UINT *index) {
  TypeInfo *self = type_info_from(face);

  if (library) {
    *library = (ITypeLib *)&self->library->lib;
    ITypeLib2_AddRef(&self->library->lib);
  }
  if (index)
    *index = self->index;
  return S_OK;
}

static HRESULT TypeInfo_GetTypeKind(ITypeInfo2 *face, TYPEKIND *kind) {
  TypeInfo *self = type_info_from(face);

  if (!kind)
    return E_INVALIDARG;
  *kind = self->vtable_view ? TKIND_INTERFACE : self->facts.kind;
  return S_OK;
}

static HRESULT TypeInfo_GetTypeFlags(ITypeInfo2 *face, ULONG *flags) {
  if (!flags)
    return E_INVALIDARG;
  *flags = type_info_from(face)->facts.flags;
  return S_OK;
}

const ITypeInfo2Vtbl type_info_vtable = {
  .QueryInterface = TypeInfo_info_QueryInterface,
  .AddRef = TypeInfo_info_AddRef,
  .Release = TypeInfo_info_Release,
  .GetTypeAttr = TypeInfo_GetTypeAttr,
  .GetTypeComp = TypeInfo_GetTypeComp,
  .GetFuncDesc = TypeInfo_GetFuncDesc,
  .GetVarDesc = TypeInfo_GetVarDesc,
  .GetNames = TypeInfo_GetNames,
  .GetRefTypeOfImplType = TypeInfo_GetRefTypeOfImplType,
  .GetImplTypeFlags = TypeInfo_GetImplTypeFlags,
  .GetIDsOfNames = TypeInfo_GetIDsOfNames,
  .Invoke = TypeInfo_Invoke,
  .GetDocumentation = TypeInfo_GetDocumentation,
  .GetDllEntry = TypeInfo_GetDllEntry,
  .GetRefTypeInfo = TypeInfo_GetRefTypeInfo,
  .AddressOfMember = TypeInfo_AddressOfMember,
  .CreateInstance = TypeInfo_CreateInstance,
  .GetMops = TypeInfo_GetMops,
  .GetContainingTypeLib = TypeInfo_GetContainingTypeLib,
  .ReleaseTypeAttr = TypeInfo_ReleaseTypeAttr,
  .ReleaseFuncDesc = TypeInfo_ReleaseFuncDesc,
  .ReleaseVarDesc = TypeInfo_ReleaseVarDesc,
  .GetTypeKind = TypeInfo_GetTypeKind,
  .GetTypeFlags = TypeInfo_GetTypeFlags,
  .GetFuncIndexOfMemId = TypeInfo_GetFuncIndexOfMemId,
  .GetVarIndexOfMemId = TypeInfo_GetVarIndexOfMemId,
  .GetCustData = TypeInfo_GetCustData,
  .GetFuncCustData = TypeInfo_GetFuncCustData,
  .GetParamCustData = TypeInfo_GetParamCustData,
  .GetVarCustData = TypeInfo_GetVarCustData,
  .GetImplTypeCustData = TypeInfo_GetImplTypeCustData,
  .GetDocumentation2 = TypeInfo_GetDocumentation2,
  .GetAllCustData = TypeInfo_GetAllCustData,
  .GetAllFuncCustData = TypeInfo_GetAllFuncCustData,
  .GetAllParamCustData = TypeInfo_GetAllParamCustData,
  .GetAllVarCustData = TypeInfo_GetAllVarCustData,
  .GetAllImplTypeCustData = TypeInfo_GetAllImplTypeCustData,
};

const ITypeCompVtbl type_info_comp_vtable = {
  .QueryInterface = TypeInfo_comp_QueryInterface,
  .AddRef = TypeInfo_comp_AddRef,
  .Release = TypeInfo_comp_Release,
  .Bind = TypeInfo_Bind,
  .BindType = TypeInfo_BindType,
};

const IOleanderTypeInfoVtbl type_info_signatures_vtable = {
  .QueryInterface = TypeInfo_signatures_QueryInterface,
  .AddRef = TypeInfo_signatures_AddRef,
  .Release = TypeInfo_signatures_Release,
  .GetSignature = TypeInfo_GetSignature,
  .FindSignature = TypeInfo_FindSignature,
};

void type_info_destroy(void *memory) {
  TypeInfo *self = memory;

  type_signatures_release(self);
  free(self->keys);
  type_info_release(self->base);
  ITypeLib2_Release(&self->library->lib);
}

static const ObjectFace faces[] = { TYPE_INFO_FACES, { 0 } };
static const ObjectType type_info_type = { "TypeInfo", sizeof(TypeInfo),  offsetof(TypeInfo, object),
                                           faces,      type_info_destroy, NULL };

static HRESULT create(TypeLibrary *library, UINT index, bool vtable_view, TypeInfo **info) {
  TypeFacts facts;
  TypeInfo *self;
  HRESULT hr = library->reader->methods->read_type(library->reader, index, &facts);

  if (FAILED(hr))
    return hr;
  if (vtable_view && !(facts.kind == TKIND_DISPATCH && facts.flags & TYPEFLAG_FDUAL))
    return TYPE_E_ELEMENTNOTFOUND;
  self = object_create(library->info_type ? library->info_type : &type_info_type);
  if (!self)
    return E_OUTOFMEMORY;
  self->info.lpVtbl = &type_info_vtable;
  self->comp.lpVtbl = &type_info_comp_vtable;
  self->signatures.lpVtbl = &type_info_signatures_vtable;
  self->library = library;
  self->index = index;
  self->vtable_view = vtable_view;
  self->facts = facts;
  self->inherited = -1;
  ITypeLib2_AddRef(&library->lib);
  *info = self;
  return S_OK;
}

/* Called with the library's lock held. */
static HRESULT open_locked(TypeLibrary *library, UINT index, bool vtable_view, TypeInfo **info) {
  TypeInfo **place;
  HRESULT hr;

  if (!library->infos) {
    library->infos = calloc(2 * (size_t)library->facts.type_count, sizeof *library->infos);
    if (!library->infos)
      return E_OUTOFMEMORY;
    library->place_count = library->facts.type_count;
  }
  place = &library->infos[2 * index + vtable_view];
  if (*place) {
    object_addref(&(*place)->object);
    *info = *place;
    return S_OK;
  }
  hr = create(library, index, vtable_view, place);
  if (SUCCEEDED(hr))
    *info = *place;
  return hr;
}

HRESULT type_library_open_type(TypeLibrary *library, UINT index, bool vtable_view, TypeInfo **info) {
  HRESULT hr;

  *info = NULL;
  if (index >= library->facts.type_count)
    return TYPE_E_ELEMENTNOTFOUND;
  pthread_mutex_lock(&library->lock);
  hr = open_locked(library, index, vtable_view, info);
  pthread_mutex_unlock(&library->lock);
  return hr;
}

/* What it knows of its bases it is to find out again. */
static void forget_base(TypeInfo *self) {
  TypeInfo *base = self->base;

  self->base = NULL;
  self->inherited = -1;
  type_info_release(base);
}

static HRESULT type_changed(TypeInfo *self) {
  TypeFacts facts;
  HRESULT hr = self->library->reader->methods->read_type(self->library->reader, self->index, &facts);

  if (FAILED(hr))
    return hr;
  type_signatures_release(self); /* as many as there were functions */
  self->signature_cache = NULL;
  free(self->keys);
  self->keys = NULL;
  self->inherited = -1;
  self->facts = facts;
  return S_OK;
}

/* Room for at least `count` types. */
static HRESULT reserve_infos(TypeLibrary *library, UINT count) {
  if (!library->infos || count <= library->place_count)
    return S_OK;
  size_t room = count + library->place_count / 2;
  TypeInfo **infos = calloc(2 * room, sizeof *infos);
  if (!infos)
    return E_OUTOFMEMORY;
  memcpy(infos, library->infos, 2 * (size_t)library->place_count * sizeof *infos);
  free(library->infos);
  library->infos = infos;
  library->place_count = (UINT)room;
  return S_OK;
}

/* The object at a place, with a reference; NULL: none. To be released without the lock. */
static TypeInfo *hold_info(TypeLibrary *library, size_t place) {
  TypeInfo *info;

  pthread_mutex_lock(&library->lock);
  info = library->infos ? library->infos[place] : NULL;
  if (info)
    object_addref(&info->object);
  pthread_mutex_unlock(&library->lock);
  return info;
}

HRESULT type_library_changed_type(TypeLibrary *library, UINT index) {
  HRESULT hr = S_OK;

  for (unsigned half = 0; half < 2 && SUCCEEDED(hr) && index < library->place_count; half++) {
    TypeInfo *info = hold_info(library, 2 * (size_t)index + half);

    if (info)
      hr = type_changed(info);
    type_info_release(info);
  }
  return hr;
}

HRESULT type_library_changed_facts(TypeLibrary *library) {
  LibraryFacts facts;
  HRESULT hr = library->reader->methods->read_library(library->reader, &facts);

  if (SUCCEEDED(hr))
    library->facts = facts;
  return hr;
}

HRESULT type_library_changed(TypeLibrary *library) {
  LibraryFacts facts;
  HRESULT hr = library->reader->methods->read_library(library->reader, &facts);

  if (SUCCEEDED(hr))
    hr = reserve_infos(library, facts.type_count);
  if (FAILED(hr))
    return hr;
  library->facts = facts;
  library->bases_known = false;
  for (size_t place = 0; SUCCEEDED(hr) && place < 2 * (size_t)library->place_count; place++) {
    TypeInfo *info = hold_info(library, place);

    if (!info)
      continue;
    forget_base(info);
    hr = type_changed(info);
    type_info_release(info);
  }
  return hr;
}

static void move_info(TypeInfo **infos, UINT from, UINT to) {
  for (unsigned half = 0; half < 2; half++) {
    infos[2 * (size_t)to + half] = infos[2 * (size_t)from + half];
    if (infos[2 * (size_t)to + half])
      infos[2 * (size_t)to + half]->index = to;
  }
}

HRESULT type_library_added_type(TypeLibrary *library, UINT index, UINT behind) {
  HRESULT hr = type_library_changed_facts(library);

  if (SUCCEEDED(hr))
    hr = reserve_infos(library, index + behind + 1);
  if (FAILED(hr) || !library->infos)
    return hr;
  pthread_mutex_lock(&library->lock);
  for (UINT type = index + behind; type > index; type--)
    move_info(library->infos, type - 1, type);
  memset(&library->infos[2 * (size_t)index], 0, 2 * sizeof *library->infos);
  pthread_mutex_unlock(&library->lock);
  return S_OK;
}

HRESULT type_library_removed_type(TypeLibrary *library, UINT index, UINT gone) {
  TypeInfo *removed[2];
  HRESULT hr = reserve_infos(library, gone + 1);

  if (FAILED(hr) || !library->infos)
    return hr;
  pthread_mutex_lock(&library->lock);
  memcpy(removed, &library->infos[2 * (size_t)index], sizeof removed);
  for (UINT type = index; type < gone; type++)
    move_info(library->infos, type + 1, type);
  memcpy(&library->infos[2 * (size_t)gone], removed, sizeof removed);
  for (unsigned half = 0; half < 2; half++)
    if (removed[half])
      removed[half]->index = gone;
  pthread_mutex_unlock(&library->lock);
  return S_OK;
}
