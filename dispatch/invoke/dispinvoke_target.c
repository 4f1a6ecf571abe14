/* What may be stored in the variable behind a by-reference argument, told before the method runs: a result that has no place
 * is no result, but what the method did stays done. */
#include "dispatch/dispatch_api.h"

/* A value of the type whose conversion is refused only where that of every value is. */
static void make_typical(VARIANT *value, VARTYPE vt) {
  VariantInit(value);
  V_VT(value) = vt;
  if (vt == VT_DECIMAL)
    return; /* the rest is zero: VariantInit leaves it, the caller has cleared it */
  V_I8(value) = 0;
  if (vt == VT_BSTR)
    V_BSTR(value) = SysAllocString(OLESTR("0"));
}

/* Whether some value of type `from` can become one of type `to`. */
static bool may_convert(VARTYPE from, VARTYPE to) {
  if (from == to || from == VT_VARIANT)
    return true;
  if ((from | to) & VT_ARRAY) {
    VARTYPE other = from == VT_BSTR ? to : from;
    return (from == VT_BSTR || to == VT_BSTR) && other == (VT_ARRAY | VT_UI1);
  }
  if (from == VT_DISPATCH || from == VT_UNKNOWN) /* by its default property */
    return true;
  if (from == VT_RECORD || to == VT_RECORD)
    return false;
  if (from == VT_BSTR && to == VT_DATE)
    return true;
  VARIANT typical = { 0 }, converted;
  make_typical(&typical, from);
  VariantInit(&converted);
  HRESULT result = VariantChangeTypeEx(&converted, &typical, LOCALE_NEUTRAL, 0, to);
  VariantClear(&typical);
  VariantClear(&converted);
  return result != DISP_E_TYPEMISMATCH && result != DISP_E_BADVARTYPE;
}

static bool same_array(VARTYPE from, VARTYPE to) {
  VARTYPE element = from & VT_TYPEMASK;
  return from & to & VT_ARRAY && (element == VT_EMPTY || element == (VT_ILLEGAL & VT_TYPEMASK));
}

HRESULT variant_check_target(const VARIANT *target, VARTYPE vt) {
  if (!(V_VT(target) & VT_BYREF))
    return S_OK;
  if (!V_BYREF(target))
    return E_INVALIDARG;
  VARTYPE to = (VARTYPE)(V_VT(target) & ~VT_BYREF);
  if (to == VT_VARIANT)
    return S_OK;
  const BaseType *base = base_type((VARTYPE)(to & VT_TYPEMASK));
  if (to != VT_RECORD && (!base || !base->in_variant || base->element_size == 0))
    return DISP_E_BADVARTYPE;
  return same_array(vt, to) || may_convert(vt, to) ? S_OK : DISP_E_TYPEMISMATCH;
}
