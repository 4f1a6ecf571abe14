/* Dispinterfaces that are served in C: a library describes such an interface by its members alone. Its functions stand in
 * the vtable behind IDispatch in the order of the library, then for each property the function that reads it and the one
 * that writes it; what a member gives is the function's last parameter. Invoke finds the slot and calls it. */
#include <oleander_server.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "activation/servers/server_module.h"
#include "dispatch/dispatch_api.h"

#define FIRST_SLOT 7   /* behind IUnknown and IDispatch */
#define NAMES      512 /* of one function and its parameters */

/* A member as the function that it is in C. */
typedef struct Served {
  FUNCDESC function;
  ELEMDESC *parameters; /* those of the library and one more */
  TYPEDESC result;      /* what the last one points to */
} Served;

bool server_is_dispinterface(ITypeInfo *info) {
  TYPEATTR *attributes = NULL;
  bool is = false;

  if (SUCCEEDED(ITypeInfo_GetTypeAttr(info, &attributes))) {
    is = attributes->typekind == TKIND_DISPATCH && !(attributes->wTypeFlags & TYPEFLAG_FDUAL);
    ITypeInfo_ReleaseTypeAttr(info, attributes);
  }
  return is;
}

static bool served_begin(Served *served, SHORT parameters, DISPID id, INVOKEKIND kind, UINT slot) {
  memset(served, 0, sizeof *served);
  served->parameters = calloc((size_t)(parameters > 0 ? parameters : 0) + 1, sizeof *served->parameters);
  served->function = (FUNCDESC){ .memid = id,
                                 .lprgelemdescParam = served->parameters,
                                 .funckind = FUNC_PUREVIRTUAL,
                                 .invkind = kind,
                                 .callconv = CC_STDCALL,
                                 .oVft = (SHORT)(slot * sizeof(void *)) };
  served->function.elemdescFunc.tdesc.vt = VT_HRESULT;
  return served->parameters;
}

static void add_result(Served *served, const TYPEDESC *type) {
  ELEMDESC *last = &served->parameters[served->function.cParams++];

  served->result = *type;
  last->tdesc.vt = VT_PTR;
  last->tdesc.lptdesc = &served->result;
  last->paramdesc.wParamFlags = PARAMFLAG_FOUT | PARAMFLAG_FRETVAL;
}

static HRESULT invoke(const Served *served, ITypeInfo *info, void *face, WORD flags, LCID lcid, DISPPARAMS *params,
                      VARIANT *result, EXCEPINFO *exception, UINT *bad_argument) {
  const Signature *signature = NULL;
  BSTR names[NAMES];
  UINT count = 0;

  if (FAILED(ITypeInfo_GetNames(info, served->function.memid, names, NAMES, &count)))
    count = 0;
  HRESULT hr = signature_from_funcdesc(info, &served->function, names, count, NULL, &signature);
  for (UINT i = 0; i < count; i++)
    SysFreeString(names[i]);
  if (FAILED(hr))
    return hr;
  hr = signature_dispinvoke(signature, info, face, flags, lcid, params, result, exception, bad_argument);
  signature_release(signature);
  return hr;
}

static bool is_wanted(INVOKEKIND kind, WORD flags) {
  WORD puts = DISPATCH_PROPERTYPUT | DISPATCH_PROPERTYPUTREF;

  return (kind & flags) != 0 || ((kind & puts) != 0 && (flags & puts) != 0);
}

/* A function of the dispinterface. DISP_E_MEMBERNOTFOUND: none is meant. */
static HRESULT find_function(ITypeInfo *info, UINT count, DISPID id, WORD flags, Served *served, FUNCDESC **kept) {
  for (UINT i = 0; i < count; i++) {
    FUNCDESC *function = NULL;
    HRESULT hr = ITypeInfo_GetFuncDesc(info, i, &function);

    if (FAILED(hr))
      return hr;
    if (function->memid != id || !is_wanted(function->invkind, flags)) {
      ITypeInfo_ReleaseFuncDesc(info, function);
      continue;
    }
    *kept = function;
    if (!served_begin(served, function->cParams, id, function->invkind, FIRST_SLOT + i))
      return E_OUTOFMEMORY;
    served->function.cParams = function->cParams;
    served->function.cParamsOpt = function->cParamsOpt;
    if (function->cParams > 0)
      memcpy(served->parameters, function->lprgelemdescParam, (size_t)function->cParams * sizeof(ELEMDESC));
    VARTYPE vt = function->elemdescFunc.tdesc.vt;
    if (vt != VT_VOID && vt != VT_HRESULT)
      add_result(served, &function->elemdescFunc.tdesc);
    return S_OK;
  }
  return DISP_E_MEMBERNOTFOUND;
}

/* The reading or the writing of a property. */
static HRESULT find_property(ITypeInfo *info, const TYPEATTR *attributes, DISPID id, WORD flags, Served *served,
                             VARDESC **kept) {
  bool put = (flags & (DISPATCH_PROPERTYPUT | DISPATCH_PROPERTYPUTREF)) != 0;

  for (UINT i = 0; i < attributes->cVars; i++) {
    VARDESC *variable = NULL;
    HRESULT hr = ITypeInfo_GetVarDesc(info, i, &variable);
    UINT slot = FIRST_SLOT + attributes->cFuncs + 2 * i + put;

    if (FAILED(hr))
      return hr;
    if (variable->memid != id || variable->varkind != VAR_DISPATCH ||
        (put ? (variable->wVarFlags & VARFLAG_FREADONLY) != 0 : !(flags & DISPATCH_PROPERTYGET))) {
      ITypeInfo_ReleaseVarDesc(info, variable);
      continue;
    }
    *kept = variable;
    if (!served_begin(served, 1, id, put ? INVOKE_PROPERTYPUT : INVOKE_PROPERTYGET, slot))
      return E_OUTOFMEMORY;
    if (put) {
      served->parameters[0].tdesc = variable->elemdescVar.tdesc;
      served->parameters[0].paramdesc.wParamFlags = PARAMFLAG_FIN;
      served->function.cParams = 1;
    } else {
      add_result(served, &variable->elemdescVar.tdesc);
    }
    return S_OK;
  }
  return DISP_E_MEMBERNOTFOUND;
}

HRESULT server_invoke_dispinterface(ITypeInfo *info, void *face, DISPID id, LCID lcid, WORD flags, DISPPARAMS *params,
                                    VARIANT *result, EXCEPINFO *exception, UINT *bad_argument) {
  TYPEATTR *attributes = NULL;
  FUNCDESC *function = NULL;
  VARDESC *variable = NULL;
  Served served = { .parameters = NULL };

  if (!params)
    return E_INVALIDARG;
  HRESULT hr = ITypeInfo_GetTypeAttr(info, &attributes);
  if (FAILED(hr))
    return hr;
  hr = find_function(info, attributes->cFuncs, id, flags, &served, &function);
  if (hr == DISP_E_MEMBERNOTFOUND)
    hr = find_property(info, attributes, id, flags, &served, &variable);
  if (SUCCEEDED(hr)) {
    const void *const *slots = *(const void *const *const *)face;

    if (!slots[(size_t)served.function.oVft / sizeof(void *)])
      hr = DISP_E_MEMBERNOTFOUND;
    else
      hr = invoke(&served, info, face, flags, lcid, params, result, exception, bad_argument);
  }
  free(served.parameters);
  if (function)
    ITypeInfo_ReleaseFuncDesc(info, function);
  if (variable)
    ITypeInfo_ReleaseVarDesc(info, variable);
  ITypeInfo_ReleaseTypeAttr(info, attributes);
  return hr;
}
