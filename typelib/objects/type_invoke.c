/* type_invoke.c - ITypeInfo::Invoke: finds the member, and calls it through its signature. */
#include "typelib/objects/type_objects.h"

#include <string.h>

static HRESULT invoke_on_dispatch(PVOID instance, MEMBERID memid, WORD flags, DISPPARAMS *params, VARIANT *result,
                                  EXCEPINFO *exception, UINT *bad_argument) {
  return IDispatch_Invoke((IDispatch *)instance, memid, &IID_NULL, LOCALE_USER_DEFAULT, flags, params, result,
                          exception, bad_argument);
}

static HRESULT invoke_constant(TypeInfo *self, UINT index, VARIANT *result) {
  VARDESC *desc;
  HRESULT hr = TypeInfo_GetVarDesc(&self->info, index, &desc);

  if (FAILED(hr))
    return hr;
  if (result)
    VariantInit(result); /* as for the results of functions: nothing is read of it */
  hr = desc->varkind != VAR_CONST ? DISP_E_MEMBERNOTFOUND : result ? VariantCopy(result, desc->lpvarValue) : S_OK;
  TypeInfo_ReleaseVarDesc(&self->info, desc);
  return hr;
}

static HRESULT invoke_variable(TypeInfo *self, PVOID instance, MEMBERID memid, WORD flags, DISPPARAMS *params,
                               VARIANT *result, EXCEPINFO *exception, UINT *bad_argument) {
  UINT index;

  if (FAILED(TypeInfo_GetVarIndexOfMemId(&self->info, memid, &index)))
    return DISP_E_MEMBERNOTFOUND;
  if (type_is_dispatch_view(self)) /* a property of a dispinterface */
    return !instance ? E_INVALIDARG
                     : invoke_on_dispatch(instance, memid, flags, params, result, exception, bad_argument);
  return flags & DISPATCH_PROPERTYGET ? invoke_constant(self, index, result) : DISP_E_MEMBERNOTFOUND;
}

static HRESULT read_kind(TypeInfo *declaring, UINT own_index, FUNCKIND *kind) {
  const LibraryReader *reader = declaring->library->reader;
  FunctionFacts facts = { 0 };
  HRESULT hr = reader->methods->read_function(reader, declaring->index, own_index, &facts);
  *kind = facts.kind;
  return hr;
}

/* A function of a module needs no instance: its address comes from the shared object. */
static HRESULT invoke_static(TypeInfo *declaring, const Signature *signature, WORD flags, DISPPARAMS *params,
                             VARIANT *result, EXCEPINFO *exception, UINT *bad_argument) {
  void (*function)(void);
  void *address;
  HRESULT hr = TypeInfo_AddressOfMember(&declaring->info, signature->memid, signature->invkind, &address);

  if (FAILED(hr))
    return hr;
  memcpy(&function, &address, sizeof function);
  return signature_dispinvoke_function(signature, (ITypeInfo *)&declaring->info, function, flags,
                                       declaring->library->facts.lcid, params, result, exception, bad_argument);
}

static HRESULT invoke_by_signature(TypeInfo *declaring, const Signature *signature, MEMBERID memid, PVOID instance,
                                   WORD flags, DISPPARAMS *params, VARIANT *result, EXCEPINFO *exception,
                                   UINT *bad_argument) {
  if (signature->flags & SIGNATURE_STATIC)
    return invoke_static(declaring, signature, flags, params, result, exception, bad_argument);
  if (!instance)
    return E_INVALIDARG;
  if (signature->flags & SIGNATURE_DISPATCH)
    return invoke_on_dispatch(instance, memid, flags, params, result, exception, bad_argument);
  /* Invoke has no locale of its own: a [lcid] parameter gets that of the library. */
  return signature_dispinvoke(signature, (ITypeInfo *)&declaring->info, instance, flags, declaring->library->facts.lcid,
                              params, result, exception, bad_argument);
}

/* The signature is made for the first call that needs it; it lives as long as the type, which the caller holds. */
static HRESULT invoke_function(TypeInfo *declaring, UINT own_index, MEMBERID memid, PVOID instance, WORD flags,
                               DISPPARAMS *params, VARIANT *result, EXCEPINFO *exception, UINT *bad_argument) {
  const Signature *signature = type_known_signature(declaring, own_index);
  FUNCKIND kind;

  if (!signature) {
    HRESULT hr = read_kind(declaring, own_index, &kind);
    if (FAILED(hr))
      return hr;
    if (!instance && kind != FUNC_STATIC)
      return E_INVALIDARG;
    if (kind == FUNC_DISPATCH)
      return invoke_on_dispatch(instance, memid, flags, params, result, exception, bad_argument);
    hr = type_own_signature(declaring, own_index, &signature);
    if (FAILED(hr))
      return hr;
    signature_release(signature);
  }
  return invoke_by_signature(declaring, signature, memid, instance, flags, params, result, exception, bad_argument);
}

HRESULT TypeInfo_Invoke(ITypeInfo2 *face, PVOID instance, MEMBERID memid, WORD flags, DISPPARAMS *params,
                        VARIANT *result, EXCEPINFO *exception, UINT *bad_argument) {
  TypeInfo *self = type_info_from(face), *declaring;
  WantedFunction wanted = { memid, flags, true };
  UINT own_index;
  HRESULT hr;

  if (self->facts.flags & TYPEFLAG_FRESTRICTED)
    return DISP_E_MEMBERNOTFOUND;
  if (!params || params->cNamedArgs > params->cArgs)
    return E_INVALIDARG;
  if (SUCCEEDED(type_find_own(self, &wanted, &own_index)))
    return invoke_function(self, own_index, memid, instance, flags, params, result, exception, bad_argument);
  hr = type_find_declaration(self, &wanted, 0, &declaring, &own_index);
  if (hr == TYPE_E_ELEMENTNOTFOUND)
    return invoke_variable(self, instance, memid, flags, params, result, exception, bad_argument);
  if (FAILED(hr))
    return hr;
  hr = invoke_function(declaring, own_index, memid, instance, flags, params, result, exception, bad_argument);
  type_info_release(declaring);
  return hr;
}
