/* Events of the objects of oleander_server.h: a connection point for each source of the class (connection_points.h), and
 * raising events. */
#include <oleander_server.h>

#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "activation/activation_internal.h"
#include "activation/servers/connection_points.h"
#include "activation/servers/server_module.h"
#include "com/com_api.h"

/* Most arguments of an event that need no memory. */
#define FEW_ARGUMENTS  16
#define ARGUMENT_LIMIT 255

static HRESULT query(void *object, REFIID iid, void **result) {
  return oleander_object_query(object, iid, result);
}

static ULONG addref(void *object) {
  return oleander_object_addref(object);
}

static ULONG release(void *object) {
  return oleander_object_release(object);
}

/* Whether the source has no vtable of its own: then a listener may as well show its IDispatch. */
static bool takes_dispatch(void *self, UINT index) {
  const OleanderObject *object = self;
  const OleanderSource *source = &object->type->sources[index];
  ITypeInfo *info = NULL;
  TYPEATTR *attributes = NULL;
  bool pure = true;

  if (source->events || FAILED(oleander_module_type_info(object->type->module, source->iid, &info)))
    return true;
  if (SUCCEEDED(ITypeInfo_GetTypeAttr(info, &attributes)) && attributes) {
    pure = attributes->typekind == TKIND_DISPATCH && !(attributes->wTypeFlags & TYPEFLAG_FDUAL);
    ITypeInfo_ReleaseTypeAttr(info, attributes);
  }
  ITypeInfo_Release(info);
  return pure;
}

static const ConnectionOwner owner = { query, addref, release, takes_dispatch };

/* The points of an object: made when they are first asked for */

static UINT source_count(const OleanderClass *type) {
  UINT count = 0;

  while (type->sources[count].iid)
    count++;
  return count;
}

static ConnectionPoints *points_new(OleanderObject *object) {
  UINT count = source_count(object->type), i;
  IID *iids = malloc((count + 1) * sizeof *iids);

  if (!iids)
    return NULL;
  for (i = 0; i < count; i++)
    iids[i] = *object->type->sources[i].iid;
  ConnectionPoints *points = connection_points_create(&owner, object, iids, count);
  free(iids);
  return points;
}

static ConnectionPoints *points_of(OleanderObject *object) {
  void *points = __atomic_load_n(&object->listeners, __ATOMIC_ACQUIRE), *none = NULL;

  if (points)
    return points;
  points = points_new(object);
  if (points &&
      !__atomic_compare_exchange_n(&object->listeners, &none, points, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
    connection_points_free(points);
    points = none;
  }
  return points;
}

void server_events_end(OleanderObject *object) {
  if (object->listeners)
    connection_points_free(object->listeners);
  object->listeners = NULL;
}

/* IConnectionPointContainer: the face that every object has, before it has points */

static OleanderObject *of_container(IConnectionPointContainer *face) {
  return OBJECT_CONTAINER(face, OleanderObject, points);
}

static HRESULT STDMETHODCALLTYPE Container_QueryInterface(IConnectionPointContainer *face, REFIID iid, void **result) {
  return oleander_object_query(of_container(face), iid, result);
}

static ULONG STDMETHODCALLTYPE Container_AddRef(IConnectionPointContainer *face) {
  return oleander_object_addref(of_container(face));
}

static ULONG STDMETHODCALLTYPE Container_Release(IConnectionPointContainer *face) {
  return oleander_object_release(of_container(face));
}

static HRESULT STDMETHODCALLTYPE Container_EnumConnectionPoints(IConnectionPointContainer *face,
                                                                IEnumConnectionPoints **result) {
  ConnectionPoints *points = points_of(of_container(face));

  if (result)
    *result = NULL;
  return points ? IConnectionPointContainer_EnumConnectionPoints(connection_points_container(points), result)
                : E_OUTOFMEMORY;
}

static HRESULT STDMETHODCALLTYPE Container_FindConnectionPoint(IConnectionPointContainer *face, REFIID iid,
                                                               IConnectionPoint **result) {
  ConnectionPoints *points = points_of(of_container(face));

  if (result)
    *result = NULL;
  return points ? IConnectionPointContainer_FindConnectionPoint(connection_points_container(points), iid, result)
                : E_OUTOFMEMORY;
}

const IConnectionPointContainerVtbl server_points_vtable = {
  Container_QueryInterface,      Container_AddRef, Container_Release, Container_EnumConnectionPoints,
  Container_FindConnectionPoint,
};

/* Raising */

/* A source that is no IDispatch is called through its vtable, as the library describes it. */
static void call_listener(const OleanderObject *object, const IID *iid, IUnknown *sink, DISPID event,
                          DISPPARAMS *params) {
  IDispatch *dispatch = NULL;
  ITypeInfo *info = NULL;
  EXCEPINFO exception;
  VARIANT result;

  memset(&exception, 0, sizeof exception);
  VariantInit(&result);
  if (SUCCEEDED(IUnknown_QueryInterface(sink, &IID_IDispatch, (void **)&dispatch)) && dispatch) {
    IDispatch_Invoke(dispatch, event, &IID_NULL, LOCALE_USER_DEFAULT, DISPATCH_METHOD, params, &result, &exception,
                     NULL);
    IDispatch_Release(dispatch);
  } else if (SUCCEEDED(oleander_module_type_info(object->type->module, iid, &info))) {
    ITypeInfo_Invoke(info, sink, event, DISPATCH_METHOD, params, &result, &exception, NULL);
    ITypeInfo_Release(info);
  }
  VariantClear(&result);
  SysFreeString(exception.bstrSource);
  SysFreeString(exception.bstrDescription);
  SysFreeString(exception.bstrHelpFile);
}

/* Those who are there when the event is raised and have not left meanwhile. */
static void call_listeners(const OleanderObject *object, ConnectionPoints *points, UINT point, DISPID event,
                           const DISPPARAMS *params) {
  uint64_t last = connection_points_last(points, point), serial = 0;

  while (serial < last) {
    Listener *listener = connection_points_after(points, point, serial);
    DISPPARAMS copy = *params;

    if (!listener)
      return;
    serial = listener->serial;
    if (serial <= last)
      call_listener(object, object->type->sources[point].iid, listener->sink, event, &copy);
    listener_release(listener);
  }
}

/* Invoke takes arguments from the last to the first. */
static HRESULT fire(OleanderObject *object, UINT point, DISPID event, const VARIANT *arguments, UINT count) {
  VARIANT few[FEW_ARGUMENTS];
  VARIANT *backward = count > FEW_ARGUMENTS ? malloc(count * sizeof *backward) : few;
  ConnectionPoints *points = points_of(object);

  if (backward && points) {
    for (UINT i = 0; i < count; i++)
      backward[count - 1 - i] = arguments[i];
    oleander_object_addref(object); /* a listener may let go of the last reference */
    call_listeners(object, points, point, event, &(DISPPARAMS){ backward, NULL, count, 0 });
    oleander_object_release(object);
  }
  if (backward != few)
    free(backward);
  return backward && points ? S_OK : E_OUTOFMEMORY;
}

HRESULT oleander_object_fire_id(OleanderObject *object, const IID *iid, DISPID event, const VARIANT *arguments,
                                UINT count) {
  const OleanderSource *sources = object->type->sources;

  if (count > ARGUMENT_LIMIT || (count && !arguments))
    return E_INVALIDARG;
  for (UINT i = 0; sources && sources[i].iid; i++) {
    if (!iid || IsEqualIID(iid, sources[i].iid))
      return fire(object, i, event, arguments, count);
  }
  return CONNECT_E_NOCONNECTION;
}

BOOL oleander_object_is_heard(OleanderObject *object) {
  ConnectionPoints *points = __atomic_load_n(&object->listeners, __ATOMIC_ACQUIRE);

  return points && connection_points_are_heard(points);
}

/* Reads one argument by its VARTYPE; it stays the caller's. */
static HRESULT read_argument(VARTYPE vt, va_list *list, VARIANT *argument) {
  V_VT(argument) = vt;
  if (vt & (VT_BYREF | VT_ARRAY)) {
    V_BYREF(argument) = va_arg(*list, void *);
    return S_OK;
  }
  switch (vt) {
  case VT_EMPTY:
  case VT_NULL:
    return S_OK;
  case VT_I1:
  case VT_UI1:
    V_UI1(argument) = (BYTE)va_arg(*list, int);
    return S_OK;
  case VT_I2:
  case VT_UI2:
    V_I2(argument) = (SHORT)va_arg(*list, int);
    return S_OK;
  case VT_BOOL:
    V_BOOL(argument) = va_arg(*list, int) ? VARIANT_TRUE : VARIANT_FALSE;
    return S_OK;
  case VT_I4:
  case VT_UI4:
  case VT_INT:
  case VT_UINT:
  case VT_ERROR:
    V_I4(argument) = va_arg(*list, LONG);
    return S_OK;
  case VT_I8:
  case VT_UI8:
    V_I8(argument) = va_arg(*list, LONGLONG);
    return S_OK;
  case VT_CY:
    V_CY(argument) = va_arg(*list, CY);
    return S_OK;
  case VT_R4:
    V_R4(argument) = (float)va_arg(*list, double);
    return S_OK;
  case VT_R8:
  case VT_DATE:
    V_R8(argument) = va_arg(*list, double);
    return S_OK;
  case VT_BSTR:
  case VT_DISPATCH:
  case VT_UNKNOWN:
    V_BYREF(argument) = va_arg(*list, void *);
    return S_OK;
  case VT_DECIMAL:
    V_DECIMAL(argument) = *va_arg(*list, DECIMAL *);
    V_VT(argument) = VT_DECIMAL;
    return S_OK;
  case VT_VARIANT:
    *argument = *va_arg(*list, VARIANT *);
    return S_OK;
  default:
    return DISP_E_BADVARTYPE;
  }
}

HRESULT oleander_object_fire(OleanderObject *object, const char *event, UINT count, ...) {
  const OleanderSource *source = object->type->sources;
  VARIANT arguments[ARGUMENT_LIMIT];
  HRESULT status = DISP_E_UNKNOWNNAME;
  DISPID id = DISPID_UNKNOWN;
  va_list list;

  if (!event || count > ARGUMENT_LIMIT)
    return E_INVALIDARG;
  for (; source && source->iid && status == DISP_E_UNKNOWNNAME; source++)
    status = server_event_id(object->type, source, event, &id);
  if (FAILED(status))
    return error_raise(status, ERROR_SOURCE, "%s has no event %s",
                       object->type->progid ? object->type->progid : "the object", event);
  va_start(list, count);
  for (UINT i = 0; i < count && SUCCEEDED(status); i++) {
    memset(&arguments[i], 0, sizeof arguments[i]);
    status = read_argument((VARTYPE)va_arg(list, int), &list, &arguments[i]);
  }
  va_end(list);
  return SUCCEEDED(status) ? oleander_object_fire_id(object, source[-1].iid, id, arguments, count) : status;
}
