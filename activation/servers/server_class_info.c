/* What is known of a class of oleander_server.h and its events: from the type library in its module, or, where that says
 * nothing of it, types made of the tables in the class. */
#include <oleander_server.h>

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "activation/activation_internal.h"
#include "activation/servers/server_module.h"
#include "com/com_api.h"
#include "dispatch/dispatch_api.h"
#include "typelib/typelib_api.h"

#define ERROR_EVENTS "Oleander"

/* Types of the events of a class while they are made: wide names and lists on the heap. */
typedef struct Making {
  MemoryType *types; /* the coclass, then a dispinterface for each source */
  UINT type_count;
  MemoryImplemented *implemented;
  HRESULT status;
} Making;

static OLECHAR *wide_name(Making *making, const char *text, size_t size) {
  char *part = malloc(size + 1);
  OLECHAR *wide = NULL;

  if (part) {
    memcpy(part, text, size);
    part[size] = 0;
    wide = error_text_wide(part);
    free(part);
  }
  if (!wide)
    making->status = E_OUTOFMEMORY;
  return wide;
}

static const char *skip_blanks(const char *text) {
  while (isspace((unsigned char)*text))
    text++;
  return text;
}

static size_t word(const char *text) {
  size_t size = 0;

  while (isalnum((unsigned char)text[size]) || text[size] == '_')
    size++;
  return size;
}

/* One "type name" of a list; where it ends. */
static const char *read_parameter(Making *making, const OleanderEvent *event, const char *text,
                                  MemoryParameter *parameter) {
  size_t size = word(text);
  const BaseType *base = base_type_named(text, size);

  if (!base || !base->in_variant || base->value_class == VALUE_NONE) {
    making->status = error_raise(E_INVALIDARG, ERROR_EVENTS, "event %s: \"%.*s\" is no type of a parameter",
                                 event->name, (int)(size ? size : strlen(text)), text);
    return text;
  }
  parameter->type.vt = base->vt;
  parameter->flags = PARAMFLAG_FIN;
  text = skip_blanks(text + size);
  size = word(text);
  parameter->name = wide_name(making, size ? text : "value", size ? size : 5);
  return skip_blanks(text + size);
}

/* "(bstr name, i4 count)", with or without its parentheses. */
static void read_parameters(Making *making, const OleanderEvent *event, MemoryFunction *function) {
  const char *text = skip_blanks(event->parameters ? event->parameters : "");
  MemoryParameter *parameters;
  size_t room = 1, i;

  for (i = 0; text[i]; i++)
    room += text[i] == ',';
  parameters = calloc(room, sizeof *parameters);
  function->parameters = parameters;
  if (!parameters) {
    making->status = E_OUTOFMEMORY;
    return;
  }
  if (*text == '(')
    text = skip_blanks(text + 1);
  while (SUCCEEDED(making->status) && *text && *text != ')') {
    text = read_parameter(making, event, text, &parameters[function->parameter_count++]);
    if (*text == ',' && SUCCEEDED(making->status))
      text = skip_blanks(text + 1);
    else if (*text && *text != ')' && SUCCEEDED(making->status))
      making->status =
          error_raise(E_INVALIDARG, ERROR_EVENTS, "event %s: \",\" is wanted before \"%s\"", event->name, text);
  }
}

static void make_source(Making *making, const OleanderSource *source, MemoryType *type) {
  MemoryFunction *functions;
  UINT count = 0;

  while (source->events[count].name)
    count++;
  functions = calloc(count + 1, sizeof *functions);
  type->functions = functions;
  type->kind = TKIND_DISPATCH;
  type->guid = *source->iid;
  type->flags = TYPEFLAG_FDISPATCHABLE;
  type->name =
      wide_name(making, source->name ? source->name : "Events", strlen(source->name ? source->name : "Events"));
  if (!functions)
    making->status = E_OUTOFMEMORY;
  while (SUCCEEDED(making->status) && type->function_count < count) {
    const OleanderEvent *event = &source->events[type->function_count];
    MemoryFunction *function = &functions[type->function_count++];

    function->name = wide_name(making, event->name, strlen(event->name));
    function->memid = event->id;
    function->invkind = INVOKE_FUNC;
    function->kind = FUNC_DISPATCH;
    function->callconv = CC_STDCALL;
    function->result.vt = VT_VOID;
    read_parameters(making, event, function);
  }
}

static void making_free(Making *making) {
  UINT i, j, k;

  for (i = 0; making->types && i < making->type_count; i++) {
    const MemoryType *type = &making->types[i];

    for (j = 0; j < type->function_count; j++) {
      const MemoryFunction *function = &type->functions[j];

      for (k = 0; k < function->parameter_count; k++)
        free((void *)(uintptr_t)function->parameters[k].name);
      free((void *)(uintptr_t)function->parameters);
      free((void *)(uintptr_t)function->name);
    }
    free((void *)(uintptr_t)type->functions);
    free((void *)(uintptr_t)type->name);
  }
  free(making->implemented);
  free(making->types);
}

static HRESULT make_library(Making *making, ITypeInfo **info) {
  MemoryLibrary library = { .name = u"Events", .major = 1, .types = making->types, .type_count = making->type_count };
  ITypeLib *made;
  HRESULT status = memory_library_create(&library, &made);

  if (FAILED(status))
    return status;
  status = ITypeLib_GetTypeInfo(made, 0, info);
  ITypeLib_Release(made);
  return status;
}

/* A coclass with the sources of the class, those that have a table of events. */
static HRESULT make_class(const OleanderClass *type, ITypeInfo **info) {
  const OleanderSource *source;
  Making making = { .status = S_OK };
  UINT count = 0;

  for (source = type->sources; source->iid; source++)
    count += source->events != NULL;
  if (!count)
    return TYPE_E_ELEMENTNOTFOUND;
  making.types = calloc(count + 1, sizeof *making.types);
  making.implemented = calloc(count, sizeof *making.implemented);
  if (!making.types || !making.implemented)
    making.status = E_OUTOFMEMORY;
  for (source = type->sources; SUCCEEDED(making.status) && source->iid; source++) {
    if (!source->events)
      continue;
    making.implemented[making.type_count].type = MEMORY_LOCAL_TYPE(making.type_count + 1);
    making.implemented[making.type_count].flags =
        IMPLTYPEFLAG_FSOURCE | (making.type_count ? 0 : IMPLTYPEFLAG_FDEFAULT);
    make_source(&making, source, &making.types[++making.type_count]);
  }
  making.type_count++;
  if (SUCCEEDED(making.status)) {
    MemoryType *coclass = &making.types[0];
    const char *name = type->title ? type->title : "Object";

    coclass->name = wide_name(&making, name, strlen(name));
    coclass->kind = TKIND_COCLASS;
    coclass->guid = type->clsid ? *type->clsid : GUID_NULL;
    coclass->implemented = making.implemented;
    coclass->implemented_count = count;
  }
  if (SUCCEEDED(making.status))
    making.status = make_library(&making, info);
  making_free(&making);
  return making.status;
}

/* The class made of tables, once; it is kept with the class. */
static HRESULT made_class(OleanderClass *type, ITypeInfo **info) {
  ITypeInfo *mine = __atomic_load_n(&type->class_info, __ATOMIC_ACQUIRE), *none = NULL;

  *info = NULL;
  if (!mine) {
    HRESULT status = make_class(type, &mine);

    if (FAILED(status))
      return status;
    if (!__atomic_compare_exchange_n(&type->class_info, &none, mine, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
      ITypeInfo_Release(mine);
      mine = none;
    }
  }
  ITypeInfo_AddRef(mine);
  *info = mine;
  return S_OK;
}

HRESULT server_class_info(OleanderClass *type, ITypeInfo **info) {
  HRESULT status = TYPE_E_ELEMENTNOTFOUND;

  if (!info)
    return E_POINTER;
  *info = NULL;
  if (type->clsid)
    status = oleander_module_type_info(type->module, type->clsid, info);
  if (FAILED(status) && type->sources) {
    HRESULT made = made_class(type, info);

    if (made != TYPE_E_ELEMENTNOTFOUND)
      status = made;
  }
  return status;
}

static HRESULT id_from_library(const OleanderClass *type, const OleanderSource *source, const char *name, DISPID *id) {
  OLECHAR *wide = error_text_wide(name);
  ITypeInfo *info = NULL;
  HRESULT status = wide ? oleander_module_type_info(type->module, source->iid, &info) : E_OUTOFMEMORY;

  if (SUCCEEDED(status)) {
    status = ITypeInfo_GetIDsOfNames(info, &wide, 1, id);
    ITypeInfo_Release(info);
  }
  free(wide);
  return status;
}

HRESULT server_event_id(OleanderClass *type, const OleanderSource *source, const char *name, DISPID *id) {
  const OleanderEvent *event;

  if (!source->events)
    return id_from_library(type, source, name, id);
  for (event = source->events; event->name; event++) {
    if (strcmp(event->name, name) == 0) {
      *id = event->id;
      return S_OK;
    }
  }
  return DISP_E_UNKNOWNNAME;
}
