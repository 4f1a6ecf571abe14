/* type_library.c - the ITypeLib2 object. */
#include "typelib/objects/type_objects.h"

#include <oleander_typelib.h>

#include <stdlib.h>

static void forget(void *self) {
  library_cache_remove(self);
}

static ULONG release(TypeLibrary *self) {
  return weak_release(&self->object, &library_cache_lock, forget, self);
}

#define TYPE_LIBRARY_FACE(member, Interface)                                                                           \
  static HRESULT TypeLibrary_##member##_QueryInterface(Interface *face, REFIID iid, void **result) {                   \
    return object_query(&OBJECT_CONTAINER(face, TypeLibrary, member)->object, iid, result);                            \
  }                                                                                                                    \
  static ULONG TypeLibrary_##member##_AddRef(Interface *face) {                                                        \
    return object_addref(&OBJECT_CONTAINER(face, TypeLibrary, member)->object);                                        \
  }                                                                                                                    \
  static ULONG TypeLibrary_##member##_Release(Interface *face) {                                                       \
    return release(OBJECT_CONTAINER(face, TypeLibrary, member));                                                       \
  }

TYPE_LIBRARY_FACE(lib, ITypeLib2)
TYPE_LIBRARY_FACE(comp, ITypeComp)

static UINT TypeLibrary_GetTypeInfoCount(ITypeLib2 *face) {
  return type_library_from(face)->facts.type_count;
}

static HRESULT TypeLibrary_GetTypeInfo(ITypeLib2 *face, UINT index, ITypeInfo **info) {
  TypeInfo *type;
  HRESULT hr;

  if (!info)
    return E_INVALIDARG;
  *info = NULL;
  hr = type_library_open_type(type_library_from(face), index, false, &type);
  if (SUCCEEDED(hr))
    *info = (ITypeInfo *)&type->info;
  return hr;
}

static HRESULT TypeLibrary_GetTypeInfoType(ITypeLib2 *face, UINT index, TYPEKIND *kind) {
  TypeLibrary *self = type_library_from(face);

  if (!kind)
    return E_INVALIDARG;
  if (index >= self->facts.type_count)
    return TYPE_E_ELEMENTNOTFOUND;
  return self->reader->methods->read_kind(self->reader, index, kind);
}

static HRESULT TypeLibrary_GetTypeInfoOfGuid(ITypeLib2 *face, REFGUID guid, ITypeInfo **info) {
  TypeLibrary *self = type_library_from(face);
  UINT index;
  HRESULT hr;

  if (!guid || !info)
    return E_INVALIDARG;
  *info = NULL;
  hr = self->reader->methods->find_guid(self->reader, guid, &index);
  return FAILED(hr) ? hr : TypeLibrary_GetTypeInfo(face, index, info);
}

static HRESULT TypeLibrary_GetLibAttr(ITypeLib2 *face, TLIBATTR **attr) {
  const LibraryFacts *facts = &type_library_from(face)->facts;

  if (!attr)
    return E_INVALIDARG;
  *attr = calloc(1, sizeof **attr);
  if (!*attr)
    return E_OUTOFMEMORY;
  (*attr)->guid = facts->guid;
  (*attr)->lcid = facts->lcid;
  (*attr)->syskind = facts->syskind;
  (*attr)->wMajorVerNum = facts->major;
  (*attr)->wMinorVerNum = facts->minor;
  (*attr)->wLibFlags = facts->flags;
  return S_OK;
}

static void TypeLibrary_ReleaseTLibAttr(ITypeLib2 *face, TLIBATTR *attr) {
  (void)face;
  free(attr);
}

static HRESULT TypeLibrary_GetTypeComp(ITypeLib2 *face, ITypeComp **comp) {
  if (!comp)
    return E_INVALIDARG;
  *comp = &type_library_from(face)->comp;
  ITypeLib2_AddRef(face);
  return S_OK;
}

/* Unlike a type, a library says it when it has no such data. */
static HRESULT TypeLibrary_GetCustData(ITypeLib2 *face, REFGUID guid, VARIANT *value) {
  TypeLibrary *self = type_library_from(face);
  HRESULT hr = custom_data_one(self, self->facts.custom, guid, value);

  return hr == S_OK && V_VT(value) == VT_EMPTY ? TYPE_E_ELEMENTNOTFOUND : hr;
}

static HRESULT TypeLibrary_GetAllCustData(ITypeLib2 *face, CUSTDATA *data) {
  TypeLibrary *self = type_library_from(face);

  return custom_data_all(self, self->facts.custom, data);
}

/* How full the table of names is. */
static HRESULT TypeLibrary_GetLibStatistics(ITypeLib2 *face, ULONG *unique_names, ULONG *characters) {
  const LibraryFacts *facts = &type_library_from(face)->facts;

  if (!unique_names || !characters)
    return E_INVALIDARG;
  *unique_names = facts->name_count;
  *characters = facts->name_characters;
  return S_OK;
}

const ITypeLib2Vtbl type_library_vtable = {
  .QueryInterface = TypeLibrary_lib_QueryInterface,
  .AddRef = TypeLibrary_lib_AddRef,
  .Release = TypeLibrary_lib_Release,
  .GetTypeInfoCount = TypeLibrary_GetTypeInfoCount,
  .GetTypeInfo = TypeLibrary_GetTypeInfo,
  .GetTypeInfoType = TypeLibrary_GetTypeInfoType,
  .GetTypeInfoOfGuid = TypeLibrary_GetTypeInfoOfGuid,
  .GetLibAttr = TypeLibrary_GetLibAttr,
  .GetTypeComp = TypeLibrary_GetTypeComp,
  .GetDocumentation = TypeLibrary_GetDocumentation,
  .IsName = TypeLibrary_IsName,
  .FindName = TypeLibrary_FindName,
  .ReleaseTLibAttr = TypeLibrary_ReleaseTLibAttr,
  .GetCustData = TypeLibrary_GetCustData,
  .GetLibStatistics = TypeLibrary_GetLibStatistics,
  .GetDocumentation2 = TypeLibrary_GetDocumentation2,
  .GetAllCustData = TypeLibrary_GetAllCustData,
};

const char *oleander_typelib_format(ITypeLib *library) {
  ITypeLib2 *face = (ITypeLib2 *)library;

  return library && face->lpVtbl == &type_library_vtable ? type_library_from(face)->reader->methods->format : NULL;
}

const ITypeCompVtbl type_library_comp_vtable = {
  .QueryInterface = TypeLibrary_comp_QueryInterface,
  .AddRef = TypeLibrary_comp_AddRef,
  .Release = TypeLibrary_comp_Release,
  .Bind = TypeLibrary_Bind,
  .BindType = TypeLibrary_BindType,
};

void type_library_destroy(void *memory) {
  TypeLibrary *self = memory;

  self->reader->methods->close(self->reader);
  pthread_mutex_destroy(&self->lock);
  free(self->infos);
  free(self->path);
}

static const ObjectFace faces[] = { TYPE_LIBRARY_FACES, { 0 } };
static const ObjectType type_library_type = { "TypeLibrary", sizeof(TypeLibrary),  offsetof(TypeLibrary, object),
                                              faces,         type_library_destroy, NULL };

HRESULT type_library_create(LibraryReader *reader, TypeLibrary **library) {
  return type_library_create_as(&type_library_type, reader, library);
}

HRESULT type_library_create_as(const ObjectType *type, LibraryReader *reader, TypeLibrary **library) {
  LibraryFacts facts;
  TypeLibrary *self = NULL;
  HRESULT hr = reader->methods->read_library(reader, &facts);

  if (SUCCEEDED(hr)) {
    self = object_create(type);
    if (!self)
      hr = E_OUTOFMEMORY;
  }
  if (FAILED(hr)) {
    reader->methods->close(reader);
    return hr;
  }
  self->lib.lpVtbl = &type_library_vtable;
  self->comp.lpVtbl = &type_library_comp_vtable;
  self->reader = reader;
  self->facts = facts;
  pthread_mutex_init(&self->lock, NULL);
  *library = self;
  return S_OK;
}
