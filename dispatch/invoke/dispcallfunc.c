/* DispCallFunc: the call of which only the VARTYPEs are known. Arguments are described to libffi on the stack, so that
 * nothing is allocated. https://learn.microsoft.com/windows/win32/api/oleauto/nf-oleauto-dispcallfunc */
#include "dispatch/types/signature.h"

#include <ffi.h>
#include <oleauto.h>
#include <string.h>

enum { ARGUMENT_LIMIT = 255 };

/* What one argument becomes: its type and where its value is. */
typedef struct Argument {
  ffi_type *type;
  void *value;
  int64_t widened; /* of an integer narrower than a register */
} Argument;

static ffi_type *ffi_type_of(const BaseType *base) {
  return (ffi_type *)(uintptr_t)base->ffi;
}

/* Only VARIANT and DECIMAL by value are more than a word; whatever is no value type goes as the word that it is. */
static const BaseType *argument_type(VARTYPE vt) {
  const BaseType *base = vt & (VT_BYREF | VT_ARRAY) ? NULL : base_type(vt);
  if (!base || base->size == 0 || (base->value_class == VALUE_AGGREGATE && vt != VT_VARIANT && vt != VT_DECIMAL))
    return base_type(VT_UI8);
  return base;
}

/* Fills one argument from its VARIANT. The type comes from prgvt, not from the VARIANT. */
static void take_argument(VARTYPE vt, VARIANTARG *source, Argument *argument) {
  argument->type = ffi_type_of(argument_type(vt));
  if (vt == VT_VARIANT) {
    argument->value = source;
  } else if (vt == VT_DECIMAL) {
    argument->value = &V_DECIMAL(source);
  } else if (vt == VT_BOOL) { /* a BOOL fills a 32-bit slot */
    argument->type = &ffi_type_sint32;
    argument->widened = V_BOOL(source);
    argument->value = &argument->widened;
  } else {
    argument->value = &V_I8(source);
  }
}

/* Room for any result: libffi fills at least a word. */
typedef union Result {
  ffi_arg word;
  float r4;
  double r8;
  VARIANT variant;
  DECIMAL decimal;
  GUID guid;
  unsigned char bytes[24];
} Result;

/* Stores the native result as a VARIANT of type vt; what it held before is overwritten, as documented. */
static void store_result(VARTYPE vt, Result *native, VARIANT *result) {
  if (vt == VT_VARIANT) {
    *result = native->variant;
    return;
  }
  if (vt == VT_DECIMAL)
    V_DECIMAL(result) = native->decimal;
  else
    memcpy(&V_I8(result), native->bytes, sizeof(LONGLONG));
  V_VT(result) = vt;
}

static HRESULT abi_of(CALLCONV convention, ffi_abi *abi) {
  switch ((int)convention) {
  case CC_CDECL:
  case CC_STDCALL:
    *abi = FFI_DEFAULT_ABI;
    return S_OK;
#if defined(__x86_64__)
  case CC_OLEANDER_MS_ABI:
    *abi = FFI_GNUW64;
    return S_OK;
#endif
  default:
    return DISP_E_BADCALLEE;
  }
}

HRESULT STDAPICALLTYPE DispCallFunc(void *instance, ULONG_PTR offset, CALLCONV convention, VARTYPE result_vt,
                                    UINT count, VARTYPE *types, VARIANTARG **arguments, VARIANT *result) {
  ffi_abi abi;
  HRESULT hr = abi_of(convention, &abi);
  if (FAILED(hr))
    return hr;
  if (result_vt == VT_HRESULT) /* is no type of a VARIANT */
    return E_INVALIDARG;
  if (count > ARGUMENT_LIMIT || (count && (!types || !arguments)) || (!instance && !offset))
    return E_INVALIDARG;
  unsigned first = instance ? 1 : 0;
  Argument *all = __builtin_alloca((count + 1) * sizeof *all);
  ffi_type **ffi_types = __builtin_alloca((count + 1) * sizeof *ffi_types);
  void **values = __builtin_alloca((count + 1) * sizeof *values);
  ffi_types[0] = &ffi_type_pointer;
  values[0] = &instance;
  for (UINT i = 0; i < count; i++) {
    if (!arguments[i])
      return E_INVALIDARG;
    take_argument(types[i], arguments[i], &all[i]);
    ffi_types[first + i] = all[i].type;
    values[first + i] = all[i].value;
  }
  ffi_cif cif;
  if (ffi_prep_cif(&cif, abi, count + first, ffi_type_of(argument_type(result_vt)), ffi_types) != FFI_OK)
    return E_UNEXPECTED;
  void (*function)(void);
  if (instance)
    memcpy(&function, *(char **)instance + offset, sizeof function);
  else
    memcpy(&function, &offset, sizeof function);
  Result native;
  memset(&native, 0, sizeof native);
  ffi_call(&cif, function, &native, values);
  if (result)
    store_result(result_vt, &native, result);
  return S_OK;
}
