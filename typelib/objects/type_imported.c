/* type_imported.c - what a file says and the API has no question for: what is known of a type of another library, which
 * may be absent; which interface a dispinterface shows. */
#include "typelib/objects/type_objects.h"
#include "typelib/typelib_api.h"

/* The type whose file holds the reference: itself, or a base so many levels up. With a reference. */
static HRESULT referring_type(TypeInfo *info, HREFTYPE reference, TypeInfo **result) {
  unsigned level = (reference & ~REFERENCE_TO_BASE) >> REFERENCE_LEVEL_SHIFT;
  TypeInfo *at = info, *base;

  if (level > BASE_LIMIT)
    return TYPE_E_ELEMENTNOTFOUND;
  ITypeInfo2_AddRef(&at->info);
  for (; level > 0; level--) {
    HRESULT hr = type_base(at, &base);
    type_info_release(at);
    if (FAILED(hr))
      return hr;
    at = base;
  }
  *result = at;
  return S_OK;
}

static HRESULT describe(TypeInfo *from, HREFTYPE reference, ImportedType *imported) {
  const LibraryReader *reader = from->library->reader;
  ReferenceFacts facts;
  HRESULT hr = reader->methods->read_reference(reader, from->index, reference & REFERENCE_OWN_MASK, &facts);

  if (FAILED(hr))
    return hr;
  if (facts.local || facts.object)
    return TYPE_E_ELEMENTNOTFOUND;
  *imported = (ImportedType){
    .library = facts.library,
    .lcid = facts.lcid,
    .major = facts.major,
    .minor = facts.minor,
    .by_guid = facts.by_guid,
    .guid = facts.guid,
    .index = facts.index,
    .kind = facts.kind,
    .inherited_functions = from->facts.inherited_function_count,
    .base_count = from->facts.base_count,
  };
  return library_text_to_bstr(facts.file, &imported->file);
}

/* E_NOINTERFACE: it is of another making. */
static HRESULT own_type(ITypeInfo *info, TypeInfo **own) {
  IOleanderTypeInfo *face;
  HRESULT hr = ITypeInfo_QueryInterface(info, &IID_IOleanderTypeInfo, (void **)&face);

  *own = SUCCEEDED(hr) ? OBJECT_CONTAINER(face, TypeInfo, signatures) : NULL;
  return hr;
}

HRESULT typeinfo_imported(ITypeInfo *info, HREFTYPE reference, ImportedType *imported) {
  TypeInfo *own, *from;
  HRESULT hr = own_type(info, &own);

  if (FAILED(hr))
    return hr;
  bool special = reference == REFERENCE_OTHER_HALF || reference == REFERENCE_SELF || reference == REFERENCE_IDISPATCH ||
                 reference == NO_REFERENCE;
  hr = special ? TYPE_E_ELEMENTNOTFOUND : referring_type(own, reference, &from);
  if (SUCCEEDED(hr)) {
    hr = describe(from, reference, imported);
    type_info_release(from);
  }
  type_info_release(own);
  return hr;
}

HRESULT typeinfo_shown_interface(ITypeInfo *info, ITypeInfo **shown) {
  TypeInfo *own, *base = NULL;
  HRESULT hr = own_type(info, &own);

  *shown = NULL;
  if (FAILED(hr))
    return hr;
  hr = type_is_dispatch_view(own) && !type_is_dual(own) ? type_resolve_base(own, &base) : TYPE_E_ELEMENTNOTFOUND;
  type_info_release(own);
  if (SUCCEEDED(hr))
    *shown = (ITypeInfo *)&base->info;
  return hr;
}
