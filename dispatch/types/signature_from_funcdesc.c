/* Builds signatures from type information: a FUNCDESC, with its references resolved through the public ITypeInfo. */
#include "dispatch/types/signature_internal.h"
#include "dispatch/types/typeinfo_read.h"

#include "com/com_api.h"

#include <stdlib.h>
#include <string.h>

/* The type of parameter k, or of the result (k < 0). What can't be built is noted as the signature's problem, and the
 * parameter becomes a plain pointer, so that the rest can still be described. */
static HRESULT build_type(SignatureBuilder *builder, TypeBuilder *types, const TYPEDESC *desc, int k,
                          const Type **type) {
  HRESULT hr = type_build(types, desc, type);
  if (SUCCEEDED(hr) || hr == E_OUTOFMEMORY)
    return hr;
  *type = NULL;
  signature_problem(builder, k, *types->problem ? types->problem : "a type that can't be read");
  return type_new_base(builder->set, VT_PTR, type);
}

/* A default that can't be read, or of no type that a VARIANT has, is none: the parameter must be given. */
static HRESULT copy_default(SignatureBuilder *builder, Parameter *parameter, const VARIANT *source) {
  VARIANT *copy = type_set_allocate(builder->set, sizeof *copy);
  if (!copy)
    return E_OUTOFMEMORY;
  VariantInit(copy);
  HRESULT hr = VariantCopyInd(copy, (VARIANT *)(uintptr_t)source);
  if (FAILED(hr))
    return hr == E_OUTOFMEMORY ? hr : S_OK;
  parameter->default_value = copy;
  parameter->flags |= PARAMETER_DEFAULT;
  return S_OK;
}

static HRESULT build_parameter(SignatureBuilder *builder, TypeBuilder *types, const ELEMDESC *element, unsigned k,
                               BSTR name) {
  Parameter *parameter = &builder->parameters[k];
  unsigned flags = element->paramdesc.wParamFlags;
  parameter->flags =
      (uint16_t)(flags & (PARAMETER_IN | PARAMETER_OUT | PARAMETER_LCID | PARAMETER_RETVAL | PARAMETER_OPTIONAL));
  if (name) {
    parameter->name = type_set_text(builder->set, name, SysStringLen(name));
    if (!parameter->name)
      return E_OUTOFMEMORY;
  }
  HRESULT hr = build_type(builder, types, &element->tdesc, (int)k, &parameter->type);
  const VARIANT *value = elemdesc_default(element);
  return SUCCEEDED(hr) && value ? copy_default(builder, parameter, value) : hr;
}

/* Old libraries say only how many parameters at the end are optional. */
static void mark_optional(SignatureBuilder *builder, int optional) {
  int last = builder->signature->count - 1;
  for (int k = 0; k <= last; k++)
    if (builder->parameters[k].flags & (PARAMETER_OPTIONAL | PARAMETER_DEFAULT))
      return;
  for (; last >= 0 && optional > 0; last--) {
    unsigned flags = builder->parameters[last].flags;
    if (flags & (PARAMETER_RETVAL | PARAMETER_LCID))
      continue;
    builder->parameters[last].flags |= PARAMETER_OPTIONAL;
    optional--;
  }
}

static HRESULT describe_function(SignatureBuilder *builder, const FUNCDESC *desc, const BSTR *names, UINT name_count,
                                 const SignatureAbi *abi) {
  Signature *signature = builder->signature;
  signature->memid = desc->memid;
  signature->invkind = desc->invkind;
  signature->slot = (uint32_t)((USHORT)desc->oVft / sizeof(void *));
  if (abi)
    signature->abi = *abi;
  if (desc->funckind == FUNC_DISPATCH)
    signature->flags |= SIGNATURE_DISPATCH;
  if (desc->wFuncFlags & FUNCFLAG_FRESTRICTED)
    signature->flags |= SIGNATURE_RESTRICTED;
  if (desc->funckind == FUNC_STATIC)
    signature->flags |= SIGNATURE_STATIC;
  if (name_count && names && names[0]) {
    signature->name = type_set_text(builder->set, names[0], SysStringLen(names[0]));
    if (!signature->name)
      return E_OUTOFMEMORY;
  }
  return S_OK;
}

/* {6F1B1C5A-3D0E-4E5B-9A57-0C4F2B7E61D2}: under it a library says what it is of an ABI that is not ours, and a function that
 * the interface pointer which it returns is borrowed. */
static const GUID abi_guid = { 0x6f1b1c5a, 0x3d0e, 0x4e5b, { 0x9a, 0x57, 0x0c, 0x4f, 0x2b, 0x7e, 0x61, 0xd2 } };

static bool is_borrowed(ITypeInfo2 *info, UINT index) {
  VARIANT value;
  VariantInit(&value);
  bool borrowed = SUCCEEDED(ITypeInfo2_GetFuncCustData(info, index, &abi_guid, &value)) && V_VT(&value) == VT_BSTR &&
                  V_BSTR(&value) && caseless_equal(V_BSTR(&value), u"borrowed");
  VariantClear(&value);
  return borrowed;
}

static HRESULT keep_attributes(SignatureBuilder *builder, ITypeInfo *info, const FUNCDESC *desc) {
  ITypeInfo2 *second = NULL;
  VARIANT value;
  UINT index;
  VariantInit(&value);
  bool foreign = type_set_abi(builder->set) != NULL;
  if ((!desc->cParams && !foreign) || FAILED(ITypeInfo_QueryInterface(info, &IID_ITypeInfo2, (void **)&second)) ||
      !second)
    return S_OK;
  HRESULT hr = ITypeInfo2_GetFuncIndexOfMemId(second, desc->memid, desc->invkind, &index);
  if (SUCCEEDED(hr) && foreign && is_borrowed(second, index))
    builder->signature->flags |= SIGNATURE_BORROWED;
  if (SUCCEEDED(hr))
    hr = ITypeInfo2_GetFuncCustData(second, index, &kept_attributes_guid, &value);
  ITypeInfo2_Release(second);
  if (FAILED(hr) || V_VT(&value) != VT_BSTR || !V_BSTR(&value)) {
    VariantClear(&value);
    return hr == E_OUTOFMEMORY ? hr : S_OK;
  }
  size_t room = (size_t)SysStringLen(V_BSTR(&value)) * 3 + 1;
  char *text = malloc(room);
  hr = E_OUTOFMEMORY;
  if (text) {
    name_to_utf8(V_BSTR(&value), text, room);
    hr = signature_keep_attributes(builder, text);
  }
  free(text);
  VariantClear(&value);
  return hr;
}

static HRESULT build_all(SignatureBuilder *builder, TypeBuilder *types, const FUNCDESC *desc, const BSTR *names,
                         UINT name_count, const SignatureAbi *abi) {
  HRESULT hr = describe_function(builder, desc, names, name_count, abi);
  if (SUCCEEDED(hr))
    hr = build_type(builder, types, &desc->elemdescFunc.tdesc, -1, &builder->signature->result);
  for (unsigned k = 0; k < builder->signature->count && SUCCEEDED(hr); k++)
    hr = build_parameter(builder, types, &desc->lprgelemdescParam[k], k,
                         names && k + 1 < name_count ? names[k + 1] : NULL);
  if (SUCCEEDED(hr))
    hr = keep_attributes(builder, types->info, desc);
  if (FAILED(hr))
    return hr;
  signature_settle_flags(builder);
  if (desc->cParamsOpt > 0)
    mark_optional(builder, desc->cParamsOpt);
  else if (desc->cParamsOpt == -1)
    signature_mark_vararg(builder);
  return signature_complete(builder);
}

HRESULT signature_from_funcdesc(ITypeInfo *info, const FUNCDESC *desc, const BSTR *names, UINT name_count,
                                const SignatureAbi *abi, const Signature **signature) {
  *signature = NULL;
  if (!info || !desc || desc->cParams < 0 || (desc->cParams > 0 && !desc->lprgelemdescParam))
    return E_INVALIDARG;
  SignatureBuilder builder;
  HRESULT hr = signature_begin(&builder, (unsigned)desc->cParams);
  if (FAILED(hr))
    return hr;
  if (abi && abi->foreign)
    type_set_use_abi(builder.set, abi);
  TypeBuilder types;
  type_builder_begin(&types, builder.set, info);
  hr = build_all(&builder, &types, desc, names, name_count, abi);
  type_builder_end(&types);
  if (FAILED(hr)) {
    signature_abandon(&builder);
    return hr;
  }
  *signature = builder.signature;
  return S_OK;
}

/* Any ITypeInfo */

static HRESULT signature_of_stranger(ITypeInfo *info, UINT index, const SignatureAbi *abi,
                                     const Signature **signature) {
  FUNCDESC *desc;
  HRESULT hr = typeinfo_get_function(info, index, &desc);
  if (FAILED(hr))
    return hr;
  UINT limit = (UINT)desc->cParams + 1, count = 0;
  BSTR *names = calloc(limit, sizeof *names);
  if (names) {
    typeinfo_get_names(info, desc->memid, names, limit, &count);
    hr = signature_from_funcdesc(info, desc, names, count, abi, signature);
    typeinfo_free_names(names, limit);
    free(names);
  }
  typeinfo_release_function(info, &desc);
  return names ? hr : E_OUTOFMEMORY;
}

HRESULT typeinfo_signature(ITypeInfo *info, UINT index, const SignatureAbi *abi, const Signature **signature) {
  IOleanderTypeInfo *own = NULL;
  *signature = NULL;
  if (!abi && SUCCEEDED(ITypeInfo_QueryInterface(info, &IID_IOleanderTypeInfo, (void **)&own)) && own) {
    HRESULT hr = own->lpVtbl->GetSignature(own, index, signature);
    own->lpVtbl->Release(own);
    return hr;
  }
  return signature_of_stranger(info, index, abi, signature);
}
