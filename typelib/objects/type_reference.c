/* type_reference.c - what an HREFTYPE leads to: a type of the same library, of a base, or of another library. */
#include "typelib/objects/library_load.h"

static HRESULT open_imported(TypeInfo *info, const ReferenceFacts *facts, TypeInfo **target) {
  TypeLibrary *library;
  UINT index = facts->index;
  HRESULT hr = library_import(info->library, facts, &library);

  if (FAILED(hr))
    return hr;
  if (facts->by_guid)
    hr = library->reader->methods->find_guid(library->reader, &facts->guid, &index);
  if (SUCCEEDED(hr))
    hr = type_library_open_type(library, index, false, target);
  ITypeLib2_Release(&library->lib);
  return hr;
}

static HRESULT resolve_own(TypeInfo *info, HREFTYPE reference, TypeInfo **target) {
  const LibraryReader *reader = info->library->reader;
  ReferenceFacts facts;
  HRESULT hr = reader->methods->read_reference(reader, info->index, reference, &facts);

  if (FAILED(hr))
    return hr;
  if (facts.object) {
    *target = facts.object;
    ITypeInfo2_AddRef(&(*target)->info);
    return S_OK;
  }
  if (facts.local)
    return type_library_open_type(info->library, facts.index, false, target);
  return open_imported(info, &facts, target);
}

static HRESULT resolve_at_base(TypeInfo *info, unsigned level, HREFTYPE reference, TypeInfo **target) {
  TypeInfo *at = info, *base;
  HRESULT hr = S_OK;

  if (level > BASE_LIMIT)
    return TYPE_E_ELEMENTNOTFOUND;
  ITypeInfo2_AddRef(&at->info);
  for (; level > 0; level--) {
    hr = type_base(at, &base);
    type_info_release(at);
    if (FAILED(hr))
      return hr;
    at = base;
  }
  hr = resolve_own(at, reference, target);
  type_info_release(at);
  return hr;
}

static HRESULT open_idispatch(TypeInfo **target) {
  TypeLibrary *stdole;
  UINT index;
  HRESULT hr = library_stdole(&stdole);

  if (FAILED(hr))
    return hr;
  hr = stdole->reader->methods->find_guid(stdole->reader, &IID_IDispatch, &index);
  if (SUCCEEDED(hr))
    hr = type_library_open_type(stdole, index, false, target);
  ITypeLib2_Release(&stdole->lib);
  return hr;
}

static HRESULT take_interface_half(TypeInfo **target) {
  TypeInfo *dispatch = *target;
  HRESULT hr;

  if (!type_is_dual(dispatch) || dispatch->vtable_view)
    return S_OK;
  hr = type_library_open_type(dispatch->library, dispatch->index, true, target);
  type_info_release(dispatch);
  return hr;
}

HRESULT type_resolve_reference(TypeInfo *info, HREFTYPE reference, TypeInfo **target) {
  unsigned level = (reference & ~REFERENCE_TO_BASE) >> REFERENCE_LEVEL_SHIFT;
  HRESULT hr;

  *target = NULL;
  switch (reference) {
  case REFERENCE_OTHER_HALF:
    if (!type_is_dual(info))
      return TYPE_E_ELEMENTNOTFOUND;
    return type_library_open_type(info->library, info->index, !info->vtable_view, target);
  case REFERENCE_SELF:
    return type_library_open_type(info->library, info->index, info->vtable_view, target);
  case REFERENCE_IDISPATCH:
    return open_idispatch(target);
  case NO_REFERENCE:
    return TYPE_E_ELEMENTNOTFOUND;
  default:
    hr = resolve_at_base(info, level, reference & REFERENCE_OWN_MASK, target);
    if (SUCCEEDED(hr) && reference & REFERENCE_TO_BASE)
      hr = take_interface_half(target);
    return hr;
  }
}
