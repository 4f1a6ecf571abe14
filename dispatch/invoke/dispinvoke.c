/* Use 3 of the Signature: IDispatch::Invoke done by a vtable call. ITypeInfo::Invoke finds the function and comes here;
 * so does whatever implements IDispatch over type information.
 * https://learn.microsoft.com/windows/win32/api/oaidl/nf-oaidl-itypeinfo-invoke */
#include "dispatch/invoke/dispinvoke_internal.h"
#include "dispatch/types/typeinfo_read.h"

#include <stdlib.h>
#include <string.h>

/* The SAFEARRAY of the arguments beyond the declared ones: it lives on the stack, with its VARTYPE in front of it, and
 * its elements are the caller's arguments themselves, in the order in which they were written. How many there are is the
 * caller's word alone, so only a few are on the stack. */
enum { FEW_ARGUMENTS = 16 };

typedef struct ArgumentArray {
  DWORD reserved[3];
  DWORD vt;
  SAFEARRAY array;
  VARIANT few[FEW_ARGUMENTS];
} ArgumentArray;

_Static_assert(offsetof(ArgumentArray, array) == 16, "the hidden header of a SAFEARRAY is 16 bytes");

static HRESULT collect_rest(ArgumentArray *rest, const DISPPARAMS *params, UINT count) {
  VARIANT *elements = count > FEW_ARGUMENTS ? malloc(count * sizeof *elements) : rest->few;
  if (!elements)
    return E_OUTOFMEMORY;
  for (UINT i = 0; i < count; i++)
    elements[i] = params->rgvarg[params->cNamedArgs + count - 1 - i];
  memset(rest, 0, offsetof(ArgumentArray, few));
  rest->vt = VT_VARIANT;
  rest->array.cDims = 1;
  rest->array.fFeatures = FADF_AUTO | FADF_FIXEDSIZE | FADF_VARIANT | FADF_HAVEVARTYPE;
  rest->array.cbElements = sizeof(VARIANT);
  rest->array.pvData = elements;
  rest->array.rgsabound[0].cElements = count;
  return S_OK;
}

/* The array belongs to us again, whatever the callee made of its header. */
static void discard_rest(ArgumentArray *rest, void *elements) {
  if (elements != rest->few)
    free(elements);
}

/* The call */

/* Whether the object says that texts on the thread are not about this interface. One that has nothing to say about it
 * may still have set them: it need not even have QueryInterface when its interface has no IID. */
static bool disowns_error_info(ITypeInfo *owner, IUnknown *instance) {
  TYPEATTR attributes;
  ISupportErrorInfo *support = NULL;
  if (!instance || !owner || FAILED(typeinfo_copy_attributes(owner, &attributes)) ||
      IsEqualIID(&attributes.guid, &GUID_NULL) ||
      FAILED(IUnknown_QueryInterface(instance, &IID_ISupportErrorInfo, (void **)&support)) || !support)
    return false;
  HRESULT hr = ISupportErrorInfo_InterfaceSupportsErrorInfo(support, &attributes.guid);
  ISupportErrorInfo_Release(support);
  return hr != S_OK;
}

static HRESULT raise(ITypeInfo *owner, void *instance, HRESULT hr, EXCEPINFO *exception) {
  if (!exception)
    return DISP_E_EXCEPTION;
  if (disowns_error_info(owner, instance))
    memset(exception, 0, sizeof *exception);
  else
    exception_from_error_info(instance, NULL, hr, exception);
  exception->scode = hr;
  return DISP_E_EXCEPTION;
}

/* What the method gives back: the [retval], else the native result. */
static HRESULT take_result(Invocation *invocation, VARIANT *result) {
  const Signature *signature = invocation->signature;
  if (signature->retval >= 0) {
    const Parameter *parameter = &signature->parameters[signature->retval];
    return invocation_take(invocation, parameter->cell, type_variant_vt(parameter->cell),
                           frame_value(signature, invocation->frame, (unsigned)signature->retval), result);
  }
  if (signature->flags & SIGNATURE_HRESULT || signature->result->size == 0)
    return S_OK;
  return invocation_take(invocation, signature->result, type_variant_vt(signature->result),
                         frame_result(signature, invocation->frame), result);
}

static HRESULT put_all(Invocation *invocation, DISPPARAMS *params, const int *order, UINT *bad_argument) {
  for (unsigned k = 0; k < invocation->signature->count; k++) {
    unsigned flags = invocation->signature->parameters[k].flags;
    if (flags & PARAMETER_VARARG || (flags & PARAMETER_RETVAL && flags & PARAMETER_OUT))
      continue;
    HRESULT hr = invocation_put(invocation, k, order[k] >= 0 ? &params->rgvarg[order[k]] : NULL, (UINT)order[k]);
    if (FAILED(hr)) {
      if (bad_argument && order[k] >= 0)
        *bad_argument = (UINT)order[k];
      return hr;
    }
  }
  return S_OK;
}

static HRESULT call(Invocation *invocation, void *instance, VARIANT *result, EXCEPINFO *exception, UINT *bad_argument) {
  const Signature *signature = invocation->signature;
  uint64_t raw = invocation->function
                     ? signature_invoke_function(signature, invocation->function, instance, invocation->frame)
                     : signature_invoke(signature, instance, invocation->frame);
  HRESULT status = signature->flags & SIGNATURE_HRESULT ? (HRESULT)raw : S_OK;
  if (FAILED(status))
    return raise(invocation->owner, instance, status, exception);
  HRESULT hr = invocation_write_back(invocation, bad_argument);
  if (SUCCEEDED(hr) && result)
    hr = take_result(invocation, result);
  return FAILED(hr) ? hr : status;
}

/* `function` NULL: the signature's slot in the vtable of `instance`. */
static HRESULT call_with(Invocation *invocation, void *instance, DISPPARAMS *params, const int *order, VARIANT *result,
                         EXCEPINFO *exception, UINT *bad_argument) {
  const Signature *signature = invocation->signature;
  CallFrame *frame = CALL_FRAME(signature);
  invocation->frame = frame;
  invocation->scratch = __builtin_alloca(2 * signature->count * sizeof(Scratch) + 1);
  signature_prepare(signature, frame);
  if (signature->vararg >= 0) {
    const Parameter *parameter = &signature->parameters[signature->vararg];
    void *array = parameter->indirection ? (void *)&invocation->rest : invocation->rest;
    *frame_pointer(signature, frame, (unsigned)signature->vararg) = array;
  }
  HRESULT hr = put_all(invocation, params, order, bad_argument);
  if (SUCCEEDED(hr))
    hr = call(invocation, instance, result, exception, bad_argument);
  invocation_discard(invocation);
  signature_finish(signature, frame);
  return hr;
}

static HRESULT call_with_rest(Invocation *invocation, void *instance, DISPPARAMS *params, const int *order, UINT count,
                              VARIANT *result, EXCEPINFO *exception, UINT *bad_argument) {
  ArgumentArray rest;
  HRESULT hr = collect_rest(&rest, params, count);
  if (FAILED(hr))
    return hr;
  void *elements = rest.array.pvData;
  invocation->rest = &rest.array;
  hr = call_with(invocation, instance, params, order, result, exception, bad_argument);
  discard_rest(&rest, elements);
  return hr;
}

/* Collections */

/* Whether `x(1)` may mean the default member of what the property x returns: x takes no arguments of its own. */
static bool returns_collection(const Signature *signature, const DISPPARAMS *params) {
  if (!params || params->cArgs == 0 || params->cNamedArgs != 0 || !(signature->invkind & INVOKE_PROPERTYGET))
    return false;
  for (unsigned k = 0; k < signature->count; k++)
    if (!(signature->parameters[k].flags & (PARAMETER_RETVAL | PARAMETER_LCID)))
      return false;
  const Type *type = signature->retval >= 0 ? signature->parameters[signature->retval].cell : signature->result;
  VARTYPE vt = type_variant_vt(type);
  return vt == VT_DISPATCH || vt == VT_UNKNOWN || vt == VT_VARIANT;
}

static HRESULT invoke_default(VARIANT *object, WORD flags, LCID lcid, DISPPARAMS *params, VARIANT *result,
                              EXCEPINFO *exception, UINT *bad_argument) {
  IDispatch *dispatch = NULL;
  IUnknown *unknown = V_VT(object) == VT_DISPATCH || V_VT(object) == VT_UNKNOWN ? V_UNKNOWN(object) : NULL;
  if (!unknown || FAILED(IUnknown_QueryInterface(unknown, &IID_IDispatch, (void **)&dispatch)))
    return DISP_E_BADPARAMCOUNT;
  HRESULT hr =
      IDispatch_Invoke(dispatch, DISPID_VALUE, &IID_NULL, lcid, flags, params, result, exception, bad_argument);
  IDispatch_Release(dispatch);
  return hr;
}

static HRESULT invoke_collection(const Signature *signature, ITypeInfo *owner, void *instance, WORD flags, LCID lcid,
                                 DISPPARAMS *params, VARIANT *result, EXCEPINFO *exception, UINT *bad_argument) {
  DISPPARAMS none = { 0 };
  VARIANT object;
  V_VT(&object) = VT_EMPTY;
  HRESULT hr = signature_dispinvoke(signature, owner, instance, flags, lcid, &none, &object, exception, bad_argument);
  if (FAILED(hr))
    return hr;
  hr = invoke_default(&object, flags & (DISPATCH_METHOD | DISPATCH_PROPERTYGET), lcid, params, result, exception,
                      bad_argument);
  VariantClear(&object);
  return hr;
}

/* The short way */

/* Whether the arguments stand for the parameters one by one, the new value of a property as the last. */
static bool arguments_are_plain(const Signature *signature, const DISPPARAMS *params) {
  if (!(signature->flags & SIGNATURE_DIRECT) || params->cArgs != signature->arguments ||
      (params->cArgs && !params->rgvarg))
    return false;
  if (!(signature->invkind & (INVOKE_PROPERTYPUT | INVOKE_PROPERTYPUTREF)))
    return params->cNamedArgs == 0;
  return params->cNamedArgs == 1 && params->rgdispidNamedArgs && params->rgdispidNamedArgs[0] == DISPID_PROPERTYPUT;
}

/* Puts arguments that have the very types of their parameters. False: one has not; nothing to undo. */
static bool put_plain(const Signature *signature, CallFrame *frame, const DISPPARAMS *params) {
  const VARIANTARG *argument = params->rgvarg + params->cArgs;
  const Parameter *parameter = signature->parameters;
  for (UINT k = 0; k < params->cArgs; k++, parameter++) {
    argument--;
    if (V_VT(argument) != parameter->vt)
      return false;
    uint64_t word = (uint64_t)V_I8(argument);
    if (parameter->value_class <= VALUE_UNSIGNED)
      word = (uint64_t)integer_widen(word, parameter->size, parameter->value_class == VALUE_SIGNED);
    *(uint64_t *)frame_at(frame, parameter->slot) = word;
  }
  return true;
}

/* The call of a method whose arguments and result are words that need no conversion: what most calls are. False: this is
 * no such call. */
static bool invoke_plain(const Signature *signature, ITypeInfo *owner, void *instance, const DISPPARAMS *params,
                         VARIANT *result, EXCEPINFO *exception, HRESULT *hr) {
  if (signature->unsupported)
    return false;
  CallFrame *frame = CALL_FRAME(signature);
  signature_prepare(signature, frame);
  if (!put_plain(signature, frame, params))
    return false;
  if (result)
    V_VT(result) = VT_EMPTY;
  uint64_t raw = signature_invoke(signature, instance, frame);
  *hr = signature->flags & SIGNATURE_HRESULT ? (HRESULT)raw : S_OK;
  if (FAILED(*hr)) {
    *hr = raise(owner, instance, *hr, exception);
  } else if (result && signature->retval >= 0) {
    const Parameter *parameter = &signature->parameters[signature->retval];
    uint64_t *cell = frame_at(frame, parameter->storage);
    V_VT(result) = parameter->vt;
    V_I8(result) = (LONGLONG)*cell;
    *cell = 0;
  }
  signature_finish(signature, frame);
  return true;
}

static HRESULT match_and_call(const Signature *signature, ITypeInfo *owner, void *instance, void (*function)(void),
                              WORD flags, LCID lcid, DISPPARAMS *params, VARIANT *result, EXCEPINFO *exception,
                              UINT *bad_argument) {
  UINT rest = 0;
  int *order = __builtin_alloca((signature->count + 1u) * sizeof *order);
  HRESULT hr = signature_match_params(signature, params, flags, order, &rest, bad_argument);
  if (FAILED(hr))
    return hr;
  if (result)
    V_VT(result) = VT_EMPTY;
  Invocation invocation = { .signature = signature, .owner = owner, .function = function, .lcid = lcid };
  if (signature->vararg >= 0)
    return call_with_rest(&invocation, instance, params, order, rest, result, exception, bad_argument);
  return call_with(&invocation, instance, params, order, result, exception, bad_argument);
}

HRESULT signature_dispinvoke_function(const Signature *signature, ITypeInfo *owner, void (*function)(void), WORD flags,
                                      LCID lcid, DISPPARAMS *params, VARIANT *result, EXCEPINFO *exception,
                                      UINT *bad_argument) {
  if (!function || !params)
    return E_INVALIDARG;
  if (signature->unsupported || !(signature->flags & SIGNATURE_STATIC))
    return DISP_E_BADVARTYPE;
  return match_and_call(signature, owner, NULL, function, flags, lcid, params, result, exception, bad_argument);
}

HRESULT signature_dispinvoke(const Signature *signature, ITypeInfo *owner, void *instance, WORD flags, LCID lcid,
                             DISPPARAMS *params, VARIANT *result, EXCEPINFO *exception, UINT *bad_argument) {
  HRESULT status;
  if (!instance || !params)
    return E_INVALIDARG;
  if (signature->invkind & INVOKE_PROPERTYPUT) /* documented: the result is ignored. For PROPERTYPUTREF it is filled. */
    result = NULL;
  if (arguments_are_plain(signature, params) &&
      invoke_plain(signature, owner, instance, params, result, exception, &status))
    return status;
  if (signature->flags & SIGNATURE_DISPATCH)
    return IDispatch_Invoke((IDispatch *)instance, signature->memid, &IID_NULL, lcid, flags, params, result, exception,
                            bad_argument);
  if (signature->unsupported || signature->flags & SIGNATURE_STATIC)
    return DISP_E_BADVARTYPE;
  if (returns_collection(signature, params))
    return invoke_collection(signature, owner, instance, flags, lcid, params, result, exception, bad_argument);
  return match_and_call(signature, owner, instance, NULL, flags, lcid, params, result, exception, bad_argument);
}
