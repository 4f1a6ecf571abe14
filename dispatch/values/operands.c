/* Operands of VarAdd and its kin. */
#include "dispatch/values/operands.h"

#include <oleauto.h>

static HRESULT operand_check(VARTYPE vt, uint32_t allowed) {
  return vt <= VT_UINT && (allowed & TYPE_BIT(vt)) != 0 ? S_OK : DISP_E_BADVARTYPE;
}

static HRESULT operand_fetch(const VARIANT *source, uint32_t allowed, VARIANT *operand, bool *owned) {
  *owned = false;
  *operand = *source;
  if (source->vt == VT_DISPATCH) {
    HRESULT hr = object_default_value(source->pdispVal, LOCALE_USER_DEFAULT, operand);
    if (FAILED(hr)) {
      return hr;
    }
    *owned = true;
  }
  return operand_check(operand->vt, allowed);
}

HRESULT operands_fetch(Operands *operands, const VARIANT *left, const VARIANT *right, uint32_t allowed) {
  operands->right_owned = false;
  HRESULT hr = operand_fetch(left, allowed, &operands->left, &operands->left_owned);
  if (SUCCEEDED(hr)) {
    hr = operand_fetch(right, allowed, &operands->right, &operands->right_owned);
  }
  if (FAILED(hr)) {
    operands_done(operands);
    return hr;
  }
  operands->types = TYPE_BIT(operands->left.vt) | TYPE_BIT(operands->right.vt);
  return S_OK;
}

HRESULT operands_fetch_one(Operands *operands, const VARIANT *value, uint32_t allowed) {
  operands->right_owned = false;
  VariantInit(&operands->right);
  HRESULT hr = operand_fetch(value, allowed, &operands->left, &operands->left_owned);
  if (FAILED(hr)) {
    operands_done(operands);
    bool mismatch = hr == DISP_E_BADVARTYPE && variant_type_is_valid(value->vt) && variant_base_type(value) != VT_CLSID;
    return mismatch ? DISP_E_TYPEMISMATCH : hr;
  }
  operands->types = TYPE_BIT(operands->left.vt);
  return S_OK;
}

void operands_done(Operands *operands) {
  if (operands->left_owned) {
    VariantClear(&operands->left);
  }
  if (operands->right_owned) {
    VariantClear(&operands->right);
  }
  operands->left_owned = operands->right_owned = false;
}

HRESULT operands_conclude(HRESULT hr, VARIANT *result) {
  if (FAILED(hr) && hr != E_OUTOFMEMORY) {
    result->vt = VT_EMPTY;
  }
  return hr;
}

VARTYPE operands_result_type(const Operands *operands, const TypeRule *rules, size_t count) {
  uint32_t types = operands->types;
  for (size_t i = 0; i < count; i++) {
    const TypeRule *rule = &rules[i];
    if ((rule->first == 0 || (types & rule->first) != 0) && (rule->second == 0 || (types & rule->second) != 0) &&
        (rule->within == 0 || (types & ~rule->within) == 0)) {
      return rule->result;
    }
  }
  return VT_ERROR;
}

static HRESULT operand_coerce(VARIANT *operand, bool *owned, VARTYPE vt) {
  if (operand->vt == vt) {
    return S_OK;
  }
  VARIANT converted;
  HRESULT hr = variant_coerce(operand, LOCALE_USER_DEFAULT, 0, vt, &converted);
  if (FAILED(hr)) {
    return hr;
  }
  if (*owned) {
    VariantClear(operand);
    *owned = false;
  }
  *operand = converted;
  return S_OK;
}

HRESULT operands_coerce(Operands *operands, VARTYPE vt) {
  HRESULT hr = operand_coerce(&operands->left, &operands->left_owned, vt);
  return FAILED(hr) ? hr : operand_coerce(&operands->right, &operands->right_owned, vt);
}
