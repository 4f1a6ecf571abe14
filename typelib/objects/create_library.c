/* create_library.c - CreateTypeLib2 and the methods of ICreateTypeLib2. */
#include "typelib/objects/create_objects.h"
#include "typelib/objects/library_load.h"
#include "typelib/writers/writers.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define LCID_OF_NAMES 0x0409 /* what the hash values of names are made with where no language is said */

static CreatedLibrary *library_from(ICreateTypeLib2 *face) {
  return OBJECT_CONTAINER(face, CreatedLibrary, create);
}

/* What goes into files. */

static bool fits_file(const OLECHAR *text, size_t limit) {
  size_t length = 0;

  for (; text[length] && length <= limit; length++)
    if (library_text_octet(text[length]) < 0)
      return false;
  return length <= limit;
}

HRESULT created_name(LibraryModel *model, const OLECHAR *name, NameId *id) {
  if (!name || !*name || !fits_file(name, NAME_LENGTH_LIMIT))
    return E_INVALIDARG;
  return library_model_name(model, name, id);
}

HRESULT created_text(LibraryModel *model, const OLECHAR *text, LibraryText *copy) {
  return text ? library_model_text(model, text, copy) : E_INVALIDARG;
}

HRESULT created_value_check(const VARIANT *value) {
  if (!value)
    return E_INVALIDARG;
  switch (V_VT(value)) {
  case VT_EMPTY:
  case VT_NULL:
  case VT_I1:
  case VT_UI1:
  case VT_I2:
  case VT_UI2:
  case VT_BOOL:
  case VT_I4:
  case VT_UI4:
  case VT_INT:
  case VT_UINT:
  case VT_R4:
  case VT_ERROR:
  case VT_HRESULT:
  case VT_I8:
  case VT_UI8:
  case VT_R8:
  case VT_CY:
  case VT_DATE:
  case VT_DECIMAL:
  case VT_BSTR:
    return S_OK;
  case VT_DISPATCH:
  case VT_UNKNOWN:
    return V_UNKNOWN(value) ? E_INVALIDARG : S_OK; /* no object lasts in a file */
  default:
    return DISP_E_BADVARTYPE;
  }
}

HRESULT created_custom(LibraryModel *model, CustomList *list, REFGUID guid, const VARIANT *value) {
  if (!guid)
    return E_INVALIDARG;
  HRESULT hr = created_value_check(value);
  return SUCCEEDED(hr) ? library_model_set_custom(model, list, guid, value) : hr;
}

HRESULT created_name_conflict(CreatedLibrary *library, NameId name, TYPEKIND kind, UINT self) {
  for (UINT type = 0; type < library->library.facts.type_count; type++) {
    const TypeFacts *facts = library_model_type(library->model, type);

    if (type != self && facts->name == name && !(kind == TKIND_ALIAS && facts->kind == TKIND_ALIAS))
      return TYPE_E_NAMECONFLICT;
  }
  return S_OK;
}

/* Types. */

static HRESULT reserve_types(CreatedLibrary *self, UINT count) {
  if (count <= self->type_room)
    return S_OK;
  UINT room = count + count / 2 + 8;
  MakingType *types = realloc(self->types, room * sizeof *types);
  if (!types)
    return E_OUTOFMEMORY;
  self->types = types;
  self->type_room = room;
  return S_OK;
}

/* Sizes and alignments of types that say nothing else, where a pointer has `pointer` bytes. */
static void begin_facts(TypeFacts *facts, TYPEKIND kind, unsigned pointer) {
  facts->kind = kind;
  facts->custom = NO_CUSTOM_DATA;
  switch (kind) {
  case TKIND_ENUM:
    facts->instance_size = facts->alignment = 4;
    break;
  case TKIND_MODULE:
    facts->instance_size = 2;
    facts->alignment = 1;
    break;
  case TKIND_COCLASS:
    facts->instance_size = pointer;
    facts->alignment = 4;
    break;
  case TKIND_INTERFACE:
  case TKIND_DISPATCH:
    facts->instance_size = pointer;
    facts->alignment = (WORD)pointer;
    break;
  default:
    facts->alignment = 1;
    break;
  }
}

/* A dispinterface has one implemented type, which is IDispatch and need not be said; an alias is of nothing yet. */
static HRESULT add_type(CreatedLibrary *self, NameId name, TYPEKIND kind, UINT type) {
  ImplementedFacts none = { NO_REFERENCE, 0, NO_CUSTOM_DATA };
  TYPEDESC nothing = { .vt = VT_EMPTY };
  TypeFacts facts = { .name = name };

  begin_facts(&facts, kind, created_pointer_size(self));
  HRESULT hr = library_model_desc(self->model, &nothing, &facts.alias);
  if (SUCCEEDED(hr))
    hr = library_model_add_type(self->model, &facts);
  if (FAILED(hr) || kind != TKIND_DISPATCH)
    return hr;
  hr = library_model_add_implemented(self->model, type, 0, &none);
  return hr;
}

static HRESULT CreatedLibrary_CreateTypeInfo(ICreateTypeLib2 *face, LPOLESTR name, TYPEKIND kind,
                                             ICreateTypeInfo **result) {
  CreatedLibrary *self = library_from(face);
  UINT type = self->library.facts.type_count, removed = library_model_removed_count(self->model);
  TypeInfo *info;
  NameId id;

  if (!result || kind < 0 || kind >= TKIND_MAX)
    return E_INVALIDARG;
  *result = NULL;
  HRESULT hr = created_name(self->model, name, &id);
  if (SUCCEEDED(hr))
    hr = created_name_conflict(self, id, kind, UINT_MAX);
  if (SUCCEEDED(hr))
    hr = reserve_types(self, type + removed + 1);
  if (SUCCEEDED(hr))
    hr = add_type(self, id, kind, type);
  if (FAILED(hr))
    return hr;
  memmove(&self->types[type + 1], &self->types[type], removed * sizeof *self->types);
  self->types[type] = (MakingType){ .reference = NO_REFERENCE, .kind = kind };
  self->changes++;
  hr = type_library_added_type(&self->library, type, removed);
  if (SUCCEEDED(hr))
    hr = type_library_open_type(&self->library, type, false, &info);
  if (SUCCEEDED(hr))
    *result = (ICreateTypeInfo *)&OBJECT_CONTAINER(info, CreatedType, type)->create;
  return hr;
}

static HRESULT CreatedLibrary_DeleteTypeInfo(ICreateTypeLib2 *face, LPOLESTR name) {
  CreatedLibrary *self = library_from(face);
  UINT type = 0, count = self->library.facts.type_count, gone;

  if (!name)
    return E_INVALIDARG;
  NameSet names = type_library_names(&self->library, name);
  while (type < count && !name_set_has(&names, library_model_type(self->model, type)->name))
    type++;
  if (type == count)
    return TYPE_E_ELEMENTNOTFOUND;
  HRESULT hr = type_library_removed_type(&self->library, type, count - 1);
  if (FAILED(hr))
    return hr;
  library_model_remove_type(self->model, type, &gone);
  MakingType removed = self->types[type];
  memmove(&self->types[type], &self->types[type + 1], (gone - type) * sizeof removed);
  self->types[gone] = removed;
  created_references_renumber(self, type);
  self->changes++;
  return type_library_changed(&self->library);
}

/* What the library says of itself. */

static HRESULT changed(CreatedLibrary *self, HRESULT hr) {
  return SUCCEEDED(hr) ? type_library_changed_facts(&self->library) : hr;
}

static HRESULT CreatedLibrary_SetName(ICreateTypeLib2 *face, LPOLESTR name) {
  CreatedLibrary *self = library_from(face);

  return changed(self, created_name(self->model, name, &library_model_facts(self->model)->name));
}

static HRESULT CreatedLibrary_SetVersion(ICreateTypeLib2 *face, WORD major, WORD minor) {
  CreatedLibrary *self = library_from(face);

  library_model_facts(self->model)->major = major;
  library_model_facts(self->model)->minor = minor;
  return changed(self, S_OK);
}

static HRESULT CreatedLibrary_SetGuid(ICreateTypeLib2 *face, REFGUID guid) {
  CreatedLibrary *self = library_from(face);

  if (!guid)
    return E_INVALIDARG;
  library_model_facts(self->model)->guid = *guid;
  return changed(self, S_OK);
}

static HRESULT CreatedLibrary_SetDocString(ICreateTypeLib2 *face, LPOLESTR text) {
  CreatedLibrary *self = library_from(face);

  return changed(self, created_text(self->model, text, &library_model_facts(self->model)->documentation.help_string));
}

static HRESULT CreatedLibrary_SetHelpFileName(ICreateTypeLib2 *face, LPOLESTR name) {
  CreatedLibrary *self = library_from(face);

  return changed(self, created_text(self->model, name, &library_model_facts(self->model)->help_file));
}

static HRESULT CreatedLibrary_SetHelpContext(ICreateTypeLib2 *face, DWORD context) {
  CreatedLibrary *self = library_from(face);

  library_model_facts(self->model)->documentation.help_context = context;
  return changed(self, S_OK);
}

static HRESULT CreatedLibrary_SetLcid(ICreateTypeLib2 *face, LCID lcid) {
  CreatedLibrary *self = library_from(face);

  library_model_facts(self->model)->lcid = lcid;
  library_model_facts(self->model)->name_lcid = lcid ? lcid : LCID_OF_NAMES;
  return changed(self, S_OK);
}

static HRESULT CreatedLibrary_SetLibFlags(ICreateTypeLib2 *face, UINT flags) {
  CreatedLibrary *self = library_from(face);

  if (flags > 0xFFFF)
    return E_INVALIDARG;
  library_model_facts(self->model)->flags = (WORD)flags;
  return changed(self, S_OK);
}

static HRESULT CreatedLibrary_SetCustData(ICreateTypeLib2 *face, REFGUID guid, VARIANT *value) {
  CreatedLibrary *self = library_from(face);

  return changed(self, created_custom(self->model, &library_model_facts(self->model)->custom, guid, value));
}

static HRESULT CreatedLibrary_SetHelpStringContext(ICreateTypeLib2 *face, ULONG context) {
  CreatedLibrary *self = library_from(face);

  library_model_facts(self->model)->documentation.help_string_context = context;
  return changed(self, S_OK);
}

static HRESULT CreatedLibrary_SetHelpStringDll(ICreateTypeLib2 *face, LPOLESTR name) {
  CreatedLibrary *self = library_from(face);

  return changed(self, created_text(self->model, name, &library_model_facts(self->model)->help_dll));
}

/* Anew: bases in other libraries may have changed. */
static HRESULT lay_out_all(CreatedLibrary *self) {
  HRESULT hr = S_OK;

  self->changes++;
  for (UINT type = 0; SUCCEEDED(hr) && type < self->library.facts.type_count; type++) {
    TypeInfo *info;

    hr = type_library_open_type(&self->library, type, false, &info);
    if (FAILED(hr))
      break;
    hr = created_type_lay_out(OBJECT_CONTAINER(info, CreatedType, type));
    type_info_release(info);
  }
  return hr;
}

static HRESULT CreatedLibrary_SaveAllChanges(ICreateTypeLib2 *face) {
  CreatedLibrary *self = library_from(face);
  HRESULT hr = lay_out_all(self);

  return SUCCEEDED(hr) ? msft_write_file(self->library.reader, self->library.path) : hr;
}

/* The object. */

static HRESULT CreatedLibrary_create_QueryInterface(ICreateTypeLib2 *face, REFIID iid, void **result) {
  return ITypeLib2_QueryInterface(&library_from(face)->library.lib, iid, result);
}

static ULONG CreatedLibrary_create_AddRef(ICreateTypeLib2 *face) {
  return ITypeLib2_AddRef(&library_from(face)->library.lib);
}

static ULONG CreatedLibrary_create_Release(ICreateTypeLib2 *face) {
  return ITypeLib2_Release(&library_from(face)->library.lib);
}

static const ICreateTypeLib2Vtbl create_vtable = {
  .QueryInterface = CreatedLibrary_create_QueryInterface,
  .AddRef = CreatedLibrary_create_AddRef,
  .Release = CreatedLibrary_create_Release,
  .CreateTypeInfo = CreatedLibrary_CreateTypeInfo,
  .SetName = CreatedLibrary_SetName,
  .SetVersion = CreatedLibrary_SetVersion,
  .SetGuid = CreatedLibrary_SetGuid,
  .SetDocString = CreatedLibrary_SetDocString,
  .SetHelpFileName = CreatedLibrary_SetHelpFileName,
  .SetHelpContext = CreatedLibrary_SetHelpContext,
  .SetLcid = CreatedLibrary_SetLcid,
  .SetLibFlags = CreatedLibrary_SetLibFlags,
  .SaveAllChanges = CreatedLibrary_SaveAllChanges,
  .DeleteTypeInfo = CreatedLibrary_DeleteTypeInfo,
  .SetCustData = CreatedLibrary_SetCustData,
  .SetHelpStringContext = CreatedLibrary_SetHelpStringContext,
  .SetHelpStringDll = CreatedLibrary_SetHelpStringDll,
};

static void destroy(void *memory) {
  CreatedLibrary *self = memory;

  free(self->types);
  type_library_destroy(&self->library);
}

static const ObjectFace faces[] = {
  TYPE_LIBRARY_FACES,
  { &IID_ICreateTypeLib, offsetof(CreatedLibrary, create), &create_vtable },
  { &IID_ICreateTypeLib2, offsetof(CreatedLibrary, create), &create_vtable },
  { 0 },
};
static const ObjectType created_library_object = {
  "CreatedLibrary", sizeof(CreatedLibrary), offsetof(CreatedLibrary, library.object), faces, destroy, NULL
};

static void release_info(void *info) {
  type_info_release(info);
}

static OLECHAR *copy_path(const OLECHAR *path) {
  size_t size = (utf16_units(path) + 1) * sizeof *path;
  OLECHAR *copy = malloc(size);

  return copy ? memcpy(copy, path, size) : NULL;
}

static HRESULT begin_library(SYSKIND system, const OLECHAR *path, CreatedLibrary **result) {
  LibraryModel *model;
  TypeLibrary *library;
  HRESULT hr = library_model_create(release_info, &model);

  if (FAILED(hr))
    return hr;
  library_model_fold_names(model);
  library_model_facts(model)->syskind = system;
  library_model_facts(model)->pointer_size = system == SYS_WIN64 ? 8 : 4;
  library_model_facts(model)->name_lcid = LCID_OF_NAMES;
  hr = type_library_create_as(&created_library_object, library_model_reader(model), &library);
  if (FAILED(hr))
    return hr;
  *result = OBJECT_CONTAINER(library, CreatedLibrary, library);
  (*result)->model = model;
  library->changing = true;
  library->info_type = &created_type_object;
  library->path = copy_path(path);
  if (library->path)
    return S_OK;
  ITypeLib2_Release(&library->lib);
  return E_OUTOFMEMORY;
}

HRESULT CreateTypeLib2(SYSKIND system, LPCOLESTR path, ICreateTypeLib2 **result) {
  CreatedLibrary *library;

  if (!path || !result || system < SYS_WIN16 || system > SYS_WIN64)
    return E_INVALIDARG;
  *result = NULL;
  HRESULT hr = begin_library(system, path, &library);
  if (SUCCEEDED(hr))
    *result = &library->create;
  return hr;
}

/* Made long ago for the older format; what it gives writes the one of today. */
HRESULT CreateTypeLib(SYSKIND system, LPCOLESTR path, ICreateTypeLib **result) {
  return CreateTypeLib2(system, path, (ICreateTypeLib2 **)result);
}
