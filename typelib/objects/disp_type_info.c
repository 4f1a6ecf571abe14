/* disp_type_info.c - CreateDispTypeInfo: type information for an INTERFACEDATA, the description of a C++ class's methods.
 * Type 0 of the little library is the interface, type 1 the class that is given out. */
#include "typelib/typelib_api.h"

#include <stdlib.h>

enum { DISP_INTERFACE, DISP_CLASS, DISP_TYPES };

/* `target` is room for what a by-reference type points to. */
static void describe_type(VARTYPE vt, TYPEDESC *target, TYPEDESC *type) {
  if (vt & VT_BYREF) {
    target->vt = vt & ~VT_BYREF;
    type->vt = VT_PTR;
    type->lptdesc = target;
  } else {
    type->vt = vt;
  }
}

static void describe_method(const METHODDATA *method, MemoryParameter *parameters, TYPEDESC *targets,
                            MemoryFunction *function) {
  UINT index;

  function->name = method->szName;
  function->memid = method->dispid;
  function->invkind = (INVOKEKIND)method->wFlags;
  function->kind = FUNC_VIRTUAL;
  function->callconv = method->cc;
  function->slot = method->iMeth;
  function->result.vt = method->vtReturn;
  function->parameters = parameters;
  function->parameter_count = method->cArgs;
  for (index = 0; index < method->cArgs; index++) {
    parameters[index].name = method->ppdata[index].szName;
    describe_type(method->ppdata[index].vt, &targets[index], &parameters[index].type);
  }
}

static HRESULT make_class(const MemoryFunction *functions, UINT count, LCID lcid, ITypeInfo **info) {
  MemoryImplemented implemented = { .type = MEMORY_LOCAL_TYPE(DISP_INTERFACE), .flags = IMPLTYPEFLAG_FDEFAULT };
  MemoryType types[DISP_TYPES] = {
    [DISP_INTERFACE] = { .kind = TKIND_INTERFACE, .functions = functions, .function_count = count },
    [DISP_CLASS] = { .kind = TKIND_COCLASS, .implemented = &implemented, .implemented_count = 1 },
  };
  MemoryLibrary library = { .lcid = lcid, .types = types, .type_count = DISP_TYPES };
  ITypeLib *made;
  HRESULT hr = memory_library_create(&library, &made);

  if (FAILED(hr))
    return hr;
  hr = ITypeLib_GetTypeInfo(made, DISP_CLASS, info);
  ITypeLib_Release(made);
  return hr;
}

HRESULT CreateDispTypeInfo(INTERFACEDATA *data, LCID lcid, ITypeInfo **info) {
  MemoryFunction *functions;
  MemoryParameter *parameters;
  TYPEDESC *targets;
  size_t parameter_count = 0, used = 0;
  UINT index;
  HRESULT hr = E_OUTOFMEMORY;

  if (!data || !info || (data->cMembers > 0 && !data->pmethdata))
    return E_INVALIDARG;
  *info = NULL;
  for (index = 0; index < data->cMembers; index++) {
    if (data->pmethdata[index].cArgs > 0 && !data->pmethdata[index].ppdata)
      return E_INVALIDARG;
    parameter_count += data->pmethdata[index].cArgs;
  }
  functions = calloc(data->cMembers + 1u, sizeof *functions);
  parameters = calloc(parameter_count + 1u, sizeof *parameters);
  targets = calloc(parameter_count + 1u, sizeof *targets);
  if (functions && parameters && targets) {
    for (index = 0; index < data->cMembers; index++) {
      describe_method(&data->pmethdata[index], parameters + used, targets + used, &functions[index]);
      used += data->pmethdata[index].cArgs;
    }
    hr = make_class(functions, data->cMembers, lcid, info);
  }
  free(functions);
  free(parameters);
  free(targets);
  return hr;
}
