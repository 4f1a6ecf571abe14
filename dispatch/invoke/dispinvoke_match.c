/* Which argument of a DISPPARAMS belongs to which parameter, and what a failed call says about itself.
 * https://learn.microsoft.com/previous-versions/windows/desktop/automat/passing-parameters,
 * https://learn.microsoft.com/previous-versions/windows/desktop/automat/returning-errors */
#include "com/com_api.h"
#include "dispatch/types/signature_internal.h"

#include <string.h>

static void blame(UINT *bad_argument, UINT index) {
  if (bad_argument)
    *bad_argument = index;
}

/* Parameters that never take an argument of the caller. */
static bool is_ours(const Parameter *parameter) {
  return (parameter->flags & (PARAMETER_LCID | PARAMETER_RETVAL | PARAMETER_VARARG)) != 0;
}

static bool is_put(const Signature *signature) {
  return (signature->invkind & (INVOKE_PROPERTYPUT | INVOKE_PROPERTYPUTREF)) != 0;
}

/* The parameter that takes the new value of a property: the last one that takes an argument at all. */
static int value_parameter(const Signature *signature) {
  int k = signature->count - 1;
  while (k >= 0 && is_ours(&signature->parameters[k]))
    k--;
  return k;
}

/* The named arguments, which stand first in rgvarg. Their DISPID is the parameter's position. */
static HRESULT match_named(const Signature *signature, const DISPPARAMS *params, int *order, UINT *bad_argument) {
  if (signature->flags & SIGNATURE_VARARG && !(params->cNamedArgs == 1 && is_put(signature)))
    return DISP_E_NONAMEDARGS;
  for (UINT i = 0; i < params->cNamedArgs; i++) {
    DISPID id = params->rgdispidNamedArgs[i];
    int k = id == DISPID_PROPERTYPUT && is_put(signature) ? value_parameter(signature) : (int)id;
    if (k < 0 || k >= signature->count || is_ours(&signature->parameters[k]) || order[k] >= 0) {
      blame(bad_argument, i);
      return DISP_E_PARAMNOTFOUND;
    }
    order[k] = (int)i;
  }
  return S_OK;
}

static bool may_be_missing(const Parameter *parameter) {
  return is_ours(parameter) || parameter->flags & (PARAMETER_OPTIONAL | PARAMETER_DEFAULT);
}

int signature_missing_parameter(const Signature *signature, const int *order) {
  for (unsigned k = 0; k < signature->count; k++)
    if (order[k] < 0 && !may_be_missing(&signature->parameters[k]))
      return (int)k;
  return -1;
}

/* How many arguments there may be; what is beyond them is refused before names are looked at. */
static bool are_too_many(const Signature *signature, UINT arguments) {
  if (signature->flags & SIGNATURE_VARARG || arguments <= signature->arguments)
    return false;
  UINT takes = 0;
  for (unsigned k = 0; k < signature->count; k++)
    takes += !is_ours(&signature->parameters[k]);
  return arguments > takes;
}

HRESULT signature_match_params(const Signature *signature, const DISPPARAMS *params, WORD flags, int *order, UINT *rest,
                               UINT *bad_argument) {
  (void)flags;
  *rest = 0;
  if (!params || params->cNamedArgs > params->cArgs || (params->cArgs && !params->rgvarg) ||
      (params->cNamedArgs && !params->rgdispidNamedArgs))
    return E_INVALIDARG;
  for (unsigned k = 0; k < signature->count; k++)
    order[k] = -1;
  if (are_too_many(signature, params->cArgs))
    return DISP_E_BADPARAMCOUNT;
  if (is_put(signature) && (!params->cNamedArgs || params->rgdispidNamedArgs[0] != DISPID_PROPERTYPUT))
    return DISP_E_PARAMNOTFOUND;
  if (params->cNamedArgs) {
    HRESULT hr = match_named(signature, params, order, bad_argument);
    if (FAILED(hr))
      return hr;
  }
  UINT positional = params->cArgs - params->cNamedArgs, taken = 0;
  for (unsigned k = 0; k < signature->count && taken < positional; k++)
    if (order[k] < 0 && !is_ours(&signature->parameters[k]))
      order[k] = (int)(params->cArgs - 1 - taken++);
  if (taken < positional) {
    if (!(signature->flags & SIGNATURE_VARARG))
      return DISP_E_BADPARAMCOUNT;
    *rest = positional - taken;
  }
  return signature_missing_parameter(signature, order) < 0 ? S_OK : DISP_E_BADPARAMCOUNT;
}

/* Errors */

static bool confirms_error_info(IUnknown *object, const IID *iid) {
  ISupportErrorInfo *support = NULL;
  if (!iid || IsEqualIID(iid, &GUID_NULL))
    return true;
  if (!object || FAILED(IUnknown_QueryInterface(object, &IID_ISupportErrorInfo, (void **)&support)) || !support)
    return false;
  HRESULT hr = ISupportErrorInfo_InterfaceSupportsErrorInfo(support, iid);
  ISupportErrorInfo_Release(support);
  return hr == S_OK;
}

/* An exception has no room for what led to the error: where the call came from elsewhere, the information itself goes there, too. */
static void keep_causes(IErrorInfo *info) {
  IUnknown *context;
  BSTR causes = error_causes_of(info);
  if (causes && CoGetCallContext(&IID_IUnknown, (void **)&context) == S_OK) {
    SetErrorInfo(0, info);
    IUnknown_Release(context);
  }
  SysFreeString(causes);
}

HRESULT exception_from_error_info(IUnknown *object, const IID *iid, HRESULT hr, EXCEPINFO *exception) {
  if (!exception)
    return hr;
  memset(exception, 0, sizeof *exception);
  IErrorInfo *info = NULL;
  if (!confirms_error_info(object, iid) || GetErrorInfo(0, &info) != S_OK || !info)
    return hr;
  IErrorInfo_GetSource(info, &exception->bstrSource);
  IErrorInfo_GetDescription(info, &exception->bstrDescription);
  IErrorInfo_GetHelpFile(info, &exception->bstrHelpFile);
  IErrorInfo_GetHelpContext(info, &exception->dwHelpContext);
  keep_causes(info);
  IErrorInfo_Release(info);
  exception->scode = hr;
  return DISP_E_EXCEPTION;
}

void exception_complete(EXCEPINFO *exception) {
  HRESULT(STDAPICALLTYPE * fill_in)(EXCEPINFO *) = exception->pfnDeferredFillIn;
  exception->pfnDeferredFillIn = NULL;
  if (fill_in)
    fill_in(exception);
}

void exception_clear(EXCEPINFO *exception) {
  SysFreeString(exception->bstrSource);
  SysFreeString(exception->bstrDescription);
  SysFreeString(exception->bstrHelpFile);
  memset(exception, 0, sizeof *exception);
}

HRESULT exception_to_error_info(EXCEPINFO *exception, REFIID iid) {
  exception_complete(exception);
  HRESULT code = exception->scode   ? exception->scode
                 : exception->wCode ? (HRESULT)(0x80040200u + exception->wCode)
                                    : E_FAIL;
  ErrorFacts facts = { iid, exception->bstrSource, exception->bstrDescription, exception->bstrHelpFile,
                       exception->dwHelpContext };
  return error_set(code, &facts);
}
