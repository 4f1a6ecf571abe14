/* A VARIANTARG becomes a native argument, and a native value a VARIANT. Nothing is copied that need not be: an argument
 * that has the right type already is passed as it lies in the caller's VARIANT. */
#include "dispatch/dispatch_api.h"
#include "dispatch/invoke/dispinvoke_internal.h"

#include <string.h>

/* VARTYPEs that are one type under two names. */
static VARTYPE canonical(VARTYPE vt) {
  VARTYPE base = vt & VT_TYPEMASK;
  if (base == VT_INT)
    return (VARTYPE)((vt & ~VT_TYPEMASK) | VT_I4);
  if (base == VT_UINT)
    return (VARTYPE)((vt & ~VT_TYPEMASK) | VT_UI4);
  return vt;
}

static bool same_type(VARTYPE a, VARTYPE b) {
  return a == b || canonical(a) == canonical(b);
}

/* What is passed as it is besides the declared type: a negative VT_I4 where an unsigned number is declared is a colour, a
 * handle, a mask in the only type that VB has for them. */
static bool same_bits(VARTYPE wanted, VARTYPE given) {
  return canonical(wanted) == VT_UI4 && canonical(given) == VT_I4;
}

/* Whether an array of type `given` may go where `wanted` is declared; an element type that no VARIANT has matches any. */
static bool array_fits(VARTYPE wanted, VARTYPE given) {
  if (!(wanted & VT_ARRAY) || !(given & VT_ARRAY))
    return false;
  VARTYPE element = wanted & VT_TYPEMASK;
  return element == VT_EMPTY || element == (VT_ILLEGAL & VT_TYPEMASK) || same_type(wanted, given);
}

/* The native value inside a VARIANT that is no reference. */
static void *native_of(VARIANT *value) {
  switch (V_VT(value)) {
  case VT_DECIMAL:
    return &V_DECIMAL(value);
  case VT_RECORD:
    return V_RECORD(value);
  default:
    return &V_NONE(value);
  }
}

static bool is_missing(const VARIANT *value) {
  if (V_VT(value) == (VT_BYREF | VT_VARIANT) && V_VARIANTREF(value))
    value = V_VARIANTREF(value);
  return V_VT(value) == VT_ERROR && V_ERROR(value) == DISP_E_PARAMNOTFOUND;
}

/* The neutral locale is what a [lcid] parameter may get; text is converted as the user writes it. */
static LCID conversion_locale(const Invocation *invocation) {
  return invocation->lcid ? invocation->lcid : LOCALE_USER_DEFAULT;
}

static Scratch *new_scratch(Invocation *invocation, unsigned k, UINT index) {
  Scratch *scratch = &invocation->scratch[invocation->scratch_count++];
  V_VT(&scratch->value) = VT_EMPTY;
  scratch->target = NULL;
  scratch->index = index;
  scratch->k = k;
  return scratch;
}

/* Writes a native value to where the parameter keeps it: widened when that is the argument itself. */
static void store(const Invocation *invocation, unsigned k, const void *native) {
  const Parameter *parameter = &invocation->signature->parameters[k];
  void *storage = frame_at(invocation->frame, parameter->storage);
  const Type *type = parameter->value;
  if (parameter->storage != parameter->slot || type->value_class > VALUE_UNSIGNED) {
    memcpy(storage, native, type->size);
    return;
  }
  *(int64_t *)storage = integer_load(native, type->size, type->value_class == VALUE_SIGNED);
}

/* Values of special kinds */

/* Whether a VARIANT's record is of the declared type: same GUID where both have one, same size. */
static bool record_fits(const Type *type, const VARIANT *value) {
  IRecordInfo *info = V_RECORDINFO(value);
  GUID guid;
  ULONG size = 0;
  if (!info || !V_RECORD(value) || FAILED(IRecordInfo_GetSize(info, &size)) || size != type->size)
    return false;
  return FAILED(IRecordInfo_GetGuid(info, &guid)) || IsEqualGUID(&guid, &GUID_NULL) ||
         IsEqualGUID(&type->guid, &GUID_NULL) || IsEqualGUID(&guid, &type->guid);
}

/* Finds the interface that the parameter wants. *pointer is borrowed from the argument or from the scratch. */
static HRESULT find_interface(Invocation *invocation, unsigned k, VARIANT *argument, UINT index, void **pointer) {
  const Type *type = invocation->signature->parameters[k].value;
  VARTYPE vt = V_VT(argument) & ~VT_BYREF;
  if ((vt != VT_DISPATCH && vt != VT_UNKNOWN) || (V_VT(argument) & VT_BYREF && !V_BYREF(argument)))
    return DISP_E_TYPEMISMATCH;
  IUnknown *object = V_VT(argument) & VT_BYREF ? *V_UNKNOWNREF(argument) : V_UNKNOWN(argument);
  *pointer = object;
  if (!object || IsEqualIID(&type->guid, &IID_IUnknown) ||
      (vt == VT_DISPATCH && IsEqualIID(&type->guid, &IID_IDispatch)))
    return S_OK;
  Scratch *scratch = new_scratch(invocation, k, index);
  if (FAILED(IUnknown_QueryInterface(object, &type->guid, pointer)) || !*pointer) {
    *pointer = NULL;
    return DISP_E_TYPEMISMATCH;
  }
  V_VT(&scratch->value) = VT_UNKNOWN;
  V_UNKNOWN(&scratch->value) = *pointer;
  return S_OK;
}

/* The native value of an argument as the parameter wants it; converted in a scratch when it has another type.
 * `made` (may be NULL) gets the scratch that owns the value, NULL when the argument does. */
static HRESULT find_native(Invocation *invocation, unsigned k, VARIANT *argument, UINT index, void **native,
                           Scratch **made) {
  const Parameter *parameter = &invocation->signature->parameters[k];
  VARTYPE vt = V_VT(argument);
  if (made)
    *made = NULL;
  if (vt == (VT_BYREF | VT_VARIANT)) {
    argument = V_VARIANTREF(argument);
    if (!argument)
      return E_INVALIDARG;
    vt = V_VT(argument);
  }
  if (parameter->value->kind == TYPE_RECORD) {
    *native = V_RECORD(argument);
    return (vt & ~VT_BYREF) == VT_RECORD && record_fits(parameter->value, argument) ? S_OK : DISP_E_TYPEMISMATCH;
  }
  VARTYPE bare = vt & ~VT_BYREF;
  if (same_type(bare, parameter->vt) || same_bits(parameter->vt, bare) || array_fits(parameter->vt, bare)) {
    *native = vt & VT_BYREF ? V_BYREF(argument) : native_of(argument);
    return *native ? S_OK : E_INVALIDARG;
  }
  if (parameter->vt & VT_ARRAY && !(vt & VT_ARRAY) && bare != VT_BSTR)
    return DISP_E_TYPEMISMATCH;
  Scratch *scratch = new_scratch(invocation, k, index);
  HRESULT hr = VariantChangeTypeEx(&scratch->value, argument, conversion_locale(invocation), 0, parameter->vt);
  *native = native_of(&scratch->value);
  if (made)
    *made = scratch;
  return hr;
}

/* Arguments */

static HRESULT put_value(Invocation *invocation, unsigned k, VARIANTARG *argument, UINT index) {
  const Parameter *parameter = &invocation->signature->parameters[k];
  void *native = NULL;
  HRESULT hr = S_OK;
  if (parameter->vt == VT_VARIANT) {
    native = argument;
  } else if (parameter->value->kind == TYPE_INTERFACE) {
    VARIANT *object = V_VT(argument) == (VT_BYREF | VT_VARIANT) ? V_VARIANTREF(argument) : argument;
    void *pointer = NULL;
    hr = object ? find_interface(invocation, k, object, index, &pointer) : E_INVALIDARG;
    if (SUCCEEDED(hr))
      store(invocation, k, &pointer);
    return hr;
  } else {
    hr = find_native(invocation, k, argument, index, &native, NULL);
  }
  if (SUCCEEDED(hr))
    store(invocation, k, native);
  return hr;
}

/* Puts a value that the callee may replace into the cell, which signature_finish clears: so it must be its own. */
static HRESULT put_own_value(Invocation *invocation, unsigned k, VARIANTARG *argument, UINT index) {
  const Parameter *parameter = &invocation->signature->parameters[k];
  void *cell = frame_value(invocation->signature, invocation->frame, k);
  if (parameter->value->kind == TYPE_INTERFACE) {
    HRESULT hr = put_value(invocation, k, argument, index);
    if (SUCCEEDED(hr) && *(IUnknown **)cell)
      IUnknown_AddRef(*(IUnknown **)cell);
    return hr;
  }
  if (parameter->vt == VT_VARIANT)
    return VariantCopyInd(cell, argument);
  void *native = NULL;
  Scratch *made = NULL;
  HRESULT hr = find_native(invocation, k, argument, index, &native, &made);
  if (FAILED(hr))
    return hr;
  if (!made)
    return type_copy(parameter->value, cell, native);
  memcpy(cell, native, parameter->value->size);
  V_VT(&made->value) = VT_EMPTY; /* moved */
  return S_OK;
}

/* A `VARIANT*` takes the caller's VARIANT itself. */
static HRESULT put_variant_reference(Invocation *invocation, unsigned k, VARIANTARG *argument, UINT index) {
  const Parameter *parameter = &invocation->signature->parameters[k];
  void **pointer = frame_pointer(invocation->signature, invocation->frame, k);
  bool only_out = !(parameter->flags & PARAMETER_IN);
  if (V_VT(argument) & VT_BYREF && !V_BYREF(argument))
    return E_INVALIDARG;
  if (V_VT(argument) == (VT_BYREF | VT_VARIANT)) {
    if (only_out)
      VariantClear(V_VARIANTREF(argument));
    *pointer = V_VARIANTREF(argument);
    return S_OK;
  }
  if (!only_out)
    *pointer = argument;
  else if (V_VT(argument) & VT_BYREF)
    new_scratch(invocation, k, index)->target = argument;
  return S_OK;
}

/* Whether the callee can work on the caller's variable directly. */
static bool can_share(const Parameter *parameter, VARTYPE vt) {
  if (parameter->value->kind == TYPE_INTERFACE) /* by its IID, unless that is what the VARTYPE says */
    return vt == parameter->vt &&
           (IsEqualIID(&parameter->value->guid, vt == VT_DISPATCH ? &IID_IDispatch : &IID_IUnknown) ||
            !(parameter->flags & PARAMETER_IN));
  return parameter->value->kind != TYPE_RECORD && (same_type(vt, parameter->vt) || array_fits(parameter->vt, vt));
}

static HRESULT put_reference(Invocation *invocation, unsigned k, VARIANTARG *argument, UINT index) {
  const Parameter *parameter = &invocation->signature->parameters[k];
  void **pointer = frame_pointer(invocation->signature, invocation->frame, k);
  VARTYPE vt = V_VT(argument);
  bool in = (parameter->flags & PARAMETER_IN) != 0, out = (parameter->flags & PARAMETER_OUT) != 0;
  if (parameter->vt == VT_VARIANT)
    return put_variant_reference(invocation, k, argument, index);
  if (vt & VT_BYREF && !V_BYREF(argument))
    return E_INVALIDARG;
  if (vt == (VT_BYREF | VT_VARIANT) &&
      V_VT(V_VARIANTREF(argument)) & VT_BYREF) { /* a variable that refers to another */
    argument = V_VARIANTREF(argument);
    vt = V_VT(argument);
    if (!V_BYREF(argument))
      return E_INVALIDARG;
  }
  if (vt & VT_BYREF && (can_share(parameter, vt & ~VT_BYREF) || same_bits(parameter->vt, vt & ~VT_BYREF))) {
    *pointer = V_BYREF(argument);
    if (!in)
      type_clear(parameter->cell, *pointer);
    return S_OK;
  }
  if ((vt & ~VT_BYREF) == VT_RECORD && parameter->value->kind == TYPE_RECORD &&
      record_fits(parameter->value, argument)) {
    *pointer = V_RECORD(argument);
    if (!in)
      type_clear(parameter->cell, *pointer);
    return S_OK;
  }
  VARIANT *variable = vt == (VT_BYREF | VT_VARIANT) ? V_VARIANTREF(argument) : argument;
  if (in && !(V_VT(variable) & VT_BYREF) && can_share(parameter, V_VT(variable)) &&
      !(out && parameter->vt == VT_DECIMAL)) { /* a DECIMAL lies over the VARTYPE */
    *pointer = native_of(variable);
    return S_OK;
  }
  if (out && vt & VT_BYREF) {
    HRESULT hr = variant_check_target(argument, parameter->vt);
    if (FAILED(hr))
      return hr;
    new_scratch(invocation, k, index)->target = argument;
  }
  if (!in)
    return S_OK;
  return out ? put_own_value(invocation, k, argument, index) : put_value(invocation, k, argument, index);
}

static HRESULT put_missing(Invocation *invocation, unsigned k, VARIANTARG *given, UINT index) {
  const Parameter *parameter = &invocation->signature->parameters[k];
  VARIANT missing;
  if (parameter->flags & PARAMETER_LCID) {
    LONG lcid = (LONG)invocation->lcid;
    store(invocation, k, &lcid);
    return S_OK;
  }
  if (parameter->flags & PARAMETER_DEFAULT && parameter->flags & PARAMETER_IN) {
    VARIANT *value = (VARIANT *)(uintptr_t)parameter->default_value;
    return parameter->flags & PARAMETER_OUT && parameter->indirection ? put_own_value(invocation, k, value, index)
                                                                      : put_value(invocation, k, value, index);
  }
  if (parameter->vt != VT_VARIANT || !(parameter->flags & PARAMETER_IN)) {
    bool required = given && !(parameter->flags & (PARAMETER_OPTIONAL | PARAMETER_RETVAL));
    return required && parameter->flags & PARAMETER_IN ? DISP_E_PARAMNOTOPTIONAL : S_OK;
  }
  V_VT(&missing) = VT_ERROR;
  V_ERROR(&missing) = DISP_E_PARAMNOTFOUND;
  store(invocation, k, &missing);
  return S_OK;
}

/* Whether Invoke can serve a parameter at all. */
static bool is_automation(const Parameter *parameter) {
  if (parameter->vt == VT_ILLEGAL)
    return parameter->flags & PARAMETER_LCID;
  return !(parameter->flags & PARAMETER_OUT) || parameter->cell == parameter->value;
}

/* Whether an argument says that it was left out. To an SCODE that must be there it is a code as any other. */
static bool is_left_out(const Parameter *parameter, const VARIANT *argument) {
  bool may_be_missing = parameter->flags & (PARAMETER_OPTIONAL | PARAMETER_DEFAULT);
  return is_missing(argument) && (parameter->vt != VT_ERROR || may_be_missing);
}

HRESULT invocation_put(Invocation *invocation, unsigned k, VARIANTARG *argument, UINT index) {
  const Parameter *parameter = &invocation->signature->parameters[k];
  if (!is_automation(parameter))
    return DISP_E_BADVARTYPE;
  bool is_variable = argument && parameter->indirection && parameter->vt == VT_VARIANT && V_VT(argument) & VT_BYREF &&
                     !(parameter->flags & PARAMETER_DEFAULT);
  if (!argument || (!is_variable && is_left_out(parameter, argument)))
    return put_missing(invocation, k, argument, index);
  return parameter->indirection ? put_reference(invocation, k, argument, index)
                                : put_value(invocation, k, argument, index);
}

/* Results */

static HRESULT take_record(const Invocation *invocation, const Type *type, void *native, VARIANT *result) {
  ITypeInfo *info = NULL;
  IRecordInfo *record = NULL;
  HRESULT hr = type_info(type, invocation->owner, &info);
  if (FAILED(hr))
    return hr;
  hr = GetRecordInfoFromTypeInfo(info, &record);
  ITypeInfo_Release(info);
  if (FAILED(hr))
    return hr;
  void *copy = IRecordInfo_RecordCreate(record);
  if (!copy) {
    IRecordInfo_Release(record);
    return E_OUTOFMEMORY;
  }
  memcpy(copy, native, type->size);
  memset(native, 0, type->size);
  V_RECORD(result) = copy;
  V_RECORDINFO(result) = record;
  V_VT(result) = VT_RECORD;
  return S_OK;
}

HRESULT invocation_take(const Invocation *invocation, const Type *type, VARTYPE vt, void *native, VARIANT *result) {
  type = type_resolve(type);
  V_VT(result) = VT_EMPTY;
  if (vt == VT_ILLEGAL)
    return DISP_E_BADVARTYPE;
  if (type->kind == TYPE_RECORD)
    return take_record(invocation, type, native, result);
  if (vt == VT_VARIANT) {
    *result = *(VARIANT *)native;
    V_VT((VARIANT *)native) = VT_EMPTY;
    return S_OK;
  }
  if (vt == VT_DECIMAL) {
    V_DECIMAL(result) = *(DECIMAL *)native;
  } else {
    V_I8(result) = 0;
    memcpy(&V_NONE(result), native, type->size);
  }
  V_VT(result) = vt;
  if (type->owner != OWNS_NOTHING)
    memset(native, 0, type->size);
  return S_OK;
}

/* Assigns a value to the variable behind a by-reference argument, in that variable's own type. */
static HRESULT assign(VARIANTARG *target, VARIANT *value, LCID lcid) {
  if (V_VT(target) == (VT_BYREF | VT_VARIANT)) {
    HRESULT hr = VariantClear(V_VARIANTREF(target));
    if (FAILED(hr))
      return hr;
    *V_VARIANTREF(target) = *value;
    V_VT(value) = VT_EMPTY;
    return S_OK;
  }
  VARTYPE vt = V_VT(target) & ~VT_BYREF;
  const BaseType *base = vt & VT_ARRAY ? base_type(VT_SAFEARRAY) : base_type(vt);
  if (!base || base->size == 0)
    return DISP_E_TYPEMISMATCH;
  HRESULT hr = VariantChangeTypeEx(value, value, lcid, 0, vt);
  if (FAILED(hr))
    return hr;
  void *variable = V_BYREF(target), *old = NULL;
  if (base->value_class == VALUE_POINTER)
    memcpy(&old, variable, sizeof old);
  memcpy(variable, native_of(value), base->size);
  V_VT(value) = VT_EMPTY;
  if (base->value_class == VALUE_POINTER) {
    VARIANT previous;
    V_VT(&previous) = vt;
    V_BYREF(&previous) = old;
    VariantClear(&previous);
  }
  return S_OK;
}

HRESULT invocation_write_back(Invocation *invocation, UINT *bad_argument) {
  HRESULT result = S_OK;
  for (unsigned i = 0; i < invocation->scratch_count; i++) {
    Scratch *scratch = &invocation->scratch[i];
    if (!scratch->target)
      continue;
    const Parameter *parameter = &invocation->signature->parameters[scratch->k];
    void *cell = frame_value(invocation->signature, invocation->frame, scratch->k);
    VARIANT value;
    HRESULT hr = invocation_take(invocation, parameter->value, parameter->vt, cell, &value);
    if (SUCCEEDED(hr)) {
      hr = assign(scratch->target, &value, conversion_locale(invocation));
      VariantClear(&value);
    }
    if (FAILED(hr) && SUCCEEDED(result)) {
      result = hr;
      if (bad_argument)
        *bad_argument = scratch->index;
    }
  }
  return result;
}

void invocation_discard(Invocation *invocation) {
  for (unsigned i = 0; i < invocation->scratch_count; i++)
    if (V_VT(&invocation->scratch[i].value) != VT_EMPTY)
      VariantClear(&invocation->scratch[i].value);
}
