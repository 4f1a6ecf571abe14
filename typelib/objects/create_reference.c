/* create_reference.c - ICreateTypeInfo::AddRefTypeInfo: references to types of the library and of others.
 *
 * Every reference is an entry of the model's table, also one to a type of the library itself: so it stays what it is when
 * types are removed. A type of another library is kept as an object, to be read at once, and as what the file will say. */
#include "typelib/objects/create_objects.h"
#include "typelib/objects/library_load.h"

#include <limits.h>
#include <string.h>

static HRESULT local_reference(CreatedLibrary *library, UINT type, HREFTYPE *reference) {
  ReferenceFacts facts = { .local = true, .index = type, .kind = TKIND_MAX };
  HRESULT hr = S_OK;

  if (library->types[type].reference == NO_REFERENCE)
    hr = library_model_reference(library->model, &facts, &library->types[type].reference);
  *reference = library->types[type].reference;
  return hr;
}

static bool same_import(const ReferenceFacts *one, const ReferenceFacts *other) {
  if (one->local || one->by_guid != other->by_guid || !IsEqualGUID(&one->library, &other->library) ||
      one->major != other->major || one->minor != other->minor || one->object != other->object)
    return false;
  return one->by_guid ? IsEqualGUID(&one->guid, &other->guid) : one->index == other->index;
}

static bool find_import(LibraryModel *model, const ReferenceFacts *facts, HREFTYPE *reference) {
  for (UINT number = library_model_reference_count(model); number-- > 0;) {
    if (same_import(library_model_reference_facts(model, number), facts)) {
      *reference = MODEL_REFERENCE(number);
      return true;
    }
  }
  return false;
}

/* The name by which the other library is known: that of its file. */
static HRESULT file_name(LibraryModel *model, const OLECHAR *path, LibraryText *name) {
  const OLECHAR *base = path;

  for (const OLECHAR *mark = path; *mark; mark++)
    if (*mark == '/')
      base = mark + 1;
  return library_model_text(model, base, name);
}

static HRESULT name_library(LibraryModel *model, const GUID *libid, const OLECHAR *path, BSTR title,
                            LibraryText *name) {
  if (path)
    return file_name(model, path, name);
  const OLECHAR *builtin = library_builtin_name(libid, 0xFFFF);
  if (builtin)
    return library_model_text(model, builtin, name);
  return library_model_text(model, title ? title : u"", name);
}

/* What the import records will say of a type. The facts' text is not made yet. */
static HRESULT describe_import(ITypeInfo *info, ITypeLib *library, UINT index, ReferenceFacts *facts) {
  TYPEATTR *type;
  TLIBATTR *attr;
  HRESULT hr = ITypeLib_GetLibAttr(library, &attr);

  if (FAILED(hr))
    return hr;
  facts->library = attr->guid;
  facts->lcid = attr->lcid;
  facts->major = attr->wMajorVerNum;
  facts->minor = attr->wMinorVerNum;
  ITypeLib_ReleaseTLibAttr(library, attr);
  hr = ITypeInfo_GetTypeAttr(info, &type);
  if (FAILED(hr))
    return hr;
  facts->kind = type->typekind;
  facts->guid = type->guid;
  facts->by_guid = !IsEqualGUID(&type->guid, &GUID_NULL);
  facts->index = facts->by_guid ? 0 : index;
  ITypeInfo_ReleaseTypeAttr(info, type);
  return S_OK;
}

/* The types of the built-in library of interfaces stand in no file: those that stdole has are meant there. */
static HRESULT stand_in_stdole(const GUID *guid, TypeInfo **info) {
  TypeLibrary *stdole;
  UINT index;
  HRESULT hr = library_stdole(&stdole);

  if (FAILED(hr))
    return hr;
  hr = stdole->reader->methods->find_guid(stdole->reader, guid, &index);
  if (SUCCEEDED(hr))
    hr = type_library_open_type(stdole, index, false, info);
  ITypeLib2_Release(&stdole->lib);
  return hr;
}

/* One of our own objects, with a reference: the dispatch half of a dual interface. NULL: it is of another making. */
static HRESULT own_info(ITypeInfo *info, TypeInfo **own) {
  IOleanderTypeInfo *face;
  TypeInfo *whole;

  *own = NULL;
  if (FAILED(ITypeInfo_QueryInterface(info, &IID_IOleanderTypeInfo, (void **)&face)))
    return S_OK;
  *own = OBJECT_CONTAINER(face, TypeInfo, signatures);
  if (IsEqualGUID(&(*own)->library->facts.guid, &GUID_NULL) && !(*own)->library->changing &&
      SUCCEEDED(stand_in_stdole(&(*own)->facts.guid, &whole))) {
    type_info_release(*own);
    *own = whole;
    return S_OK;
  }
  if (!(*own)->vtable_view)
    return S_OK;
  HRESULT hr = type_library_open_type((*own)->library, (*own)->index, false, &whole);
  type_info_release(*own);
  *own = SUCCEEDED(hr) ? whole : NULL;
  return hr;
}

static HRESULT title_of(ITypeLib *library, BSTR *title) {
  return ITypeLib_GetDocumentation(library, -1, title, NULL, NULL, NULL);
}

/* Takes `own` over where it is kept. */
static HRESULT import_reference(LibraryModel *model, ITypeInfo *info, TypeInfo *own, HREFTYPE *reference) {
  ReferenceFacts facts = { .object = own, .kind = TKIND_MAX };
  ITypeLib *library;
  BSTR title = NULL;
  UINT index;
  HRESULT hr = ITypeInfo_GetContainingTypeLib(info, &library, &index);

  if (FAILED(hr))
    return hr;
  hr = describe_import(info, library, index, &facts);
  if (SUCCEEDED(hr) && !find_import(model, &facts, reference)) {
    hr = title_of(library, &title);
    if (SUCCEEDED(hr))
      hr = name_library(model, &facts.library, own ? own->library->path : NULL, title, &facts.file);
    if (SUCCEEDED(hr))
      hr = library_model_reference(model, &facts, reference);
    if (SUCCEEDED(hr) && own)
      ITypeInfo2_AddRef(&own->info);
    SysFreeString(title);
  }
  ITypeLib_Release(library);
  return hr;
}

HRESULT CreatedType_AddRefTypeInfo(ICreateTypeInfo2 *face, ITypeInfo *info, HREFTYPE *reference) {
  CreatedType *self = created_type_from(face);
  CreatedLibrary *library = created_library_of(self);
  TypeInfo *own;

  if (!info || !reference)
    return E_INVALIDARG;
  HRESULT hr = own_info(info, &own);
  if (FAILED(hr))
    return hr;
  if (own && own->library == &library->library)
    hr = own->index < library->library.facts.type_count ? local_reference(library, own->index, reference)
                                                        : TYPE_E_ELEMENTNOTFOUND;
  else
    hr = import_reference(library->model, own ? (ITypeInfo *)&own->info : info, own, reference);
  type_info_release(own);
  return hr;
}

/* Whoever refers to the removed type refers to nothing. */
void created_references_renumber(CreatedLibrary *library, UINT removed) {
  for (UINT number = library_model_reference_count(library->model); number-- > 0;) {
    ReferenceFacts *facts = library_model_reference_facts(library->model, number);

    if (!facts->local || facts->index < removed)
      continue;
    if (facts->index == removed)
      *facts = (ReferenceFacts){ .index = UINT_MAX, .kind = TKIND_MAX };
    else
      facts->index--;
  }
}

bool created_reference_known(const CreatedType *self, HREFTYPE reference) {
  return (reference & 3) == 1 && reference >> 2 < library_model_reference_count(created_model(self));
}

bool created_desc_known(const CreatedType *self, const TYPEDESC *desc) {
  for (unsigned depth = 0; desc && depth <= TYPE_DEPTH_LIMIT; depth++) {
    switch (desc->vt) {
    case VT_PTR:
    case VT_SAFEARRAY:
      desc = desc->lptdesc;
      break;
    case VT_CARRAY:
      if (!desc->lpadesc || desc->lpadesc->cDims == 0)
        return false;
      desc = &desc->lpadesc->tdescElem;
      break;
    case VT_USERDEFINED:
      return created_reference_known(self, desc->hreftype);
    default:
      return desc->vt <= VT_TYPEMASK;
    }
  }
  return false;
}
