/* Events of the objects of oleander_server.h: IConnectionPointContainer with a connection point for each source of the
 * class, and raising events ("Connectable Object Interfaces"). The points live as long as the object and share its count.
 * No listener is called, counted or released under a lock. */
#include <oleander_server.h>

#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "activation/activation_internal.h"
#include "activation/servers/server_module.h"
#include "com/com_api.h"

/* Most arguments of an event that need no memory. */
#define FEW_ARGUMENTS  16
#define ARGUMENT_LIMIT 255

/* One listener. Whoever calls it holds the record, so that it may be unadvised meanwhile. */
typedef struct Listener {
  IUnknown *sink; /* of the source interface, or an IDispatch */
  DWORD cookie;
  _Atomic ULONG references;
  _Atomic bool gone;
} Listener;

typedef struct Points Points;

typedef struct Point {
  IConnectionPoint face;
  Points *points;
  const OleanderSource *source;
  Listener **listeners; /* in the order in which they came */
  size_t count, room;
} Point;

struct Points {
  OleanderObject *object;
  pthread_mutex_t lock; /* for the lists of listeners */
  DWORD last_cookie;
  UINT count;
  Point points[];
};

static Listener *listener_addref(Listener *listener) {
  listener->references++;
  return listener;
}

static void listener_release(Listener *listener) {
  if (--listener->references > 0)
    return;
  IUnknown_Release(listener->sink);
  free(listener);
}

/* The listeners of a point as they are now, each held; NULL with *count 0 when there are none or no memory. */
static HRESULT take_listeners(Point *point, Listener ***result, size_t *count) {
  Listener **list = NULL;
  size_t i;

  pthread_mutex_lock(&point->points->lock);
  *count = point->count;
  if (*count)
    list = malloc(*count * sizeof(Listener *));
  for (i = 0; list && i < *count; i++)
    list[i] = listener_addref(point->listeners[i]);
  pthread_mutex_unlock(&point->points->lock);
  *result = list;
  return list || !*count ? S_OK : E_OUTOFMEMORY;
}

static void release_listeners(Listener **list, size_t count) {
  size_t i;

  for (i = 0; i < count; i++)
    listener_release(list[i]);
  free(list);
}

/* IConnectionPoint */

static Point *point_of(IConnectionPoint *face) {
  return OBJECT_CONTAINER(face, Point, face);
}

static const ObjectFace point_faces[] = {
  { &IID_IConnectionPoint, offsetof(Point, face), NULL },
  { &IID_IUnknown, offsetof(Point, face), NULL },
  { 0 },
};

static HRESULT STDMETHODCALLTYPE Point_QueryInterface(IConnectionPoint *face, REFIID iid, void **result) {
  if (!result)
    return E_POINTER;
  *result = object_find_face(point_faces, point_of(face), iid);
  if (!*result)
    return E_NOINTERFACE;
  oleander_object_addref(point_of(face)->points->object);
  return S_OK;
}

static ULONG STDMETHODCALLTYPE Point_AddRef(IConnectionPoint *face) {
  return oleander_object_addref(point_of(face)->points->object);
}

static ULONG STDMETHODCALLTYPE Point_Release(IConnectionPoint *face) {
  return oleander_object_release(point_of(face)->points->object);
}

static HRESULT STDMETHODCALLTYPE Point_GetConnectionInterface(IConnectionPoint *face, IID *iid) {
  if (!iid)
    return E_POINTER;
  *iid = *point_of(face)->source->iid;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Point_GetConnectionPointContainer(IConnectionPoint *face,
                                                                   IConnectionPointContainer **result) {
  return oleander_object_query(point_of(face)->points->object, &IID_IConnectionPointContainer, (void **)result);
}

/* Whether the source has no vtable of its own: then a listener may as well show its IDispatch. */
static bool is_pure_dispatch(const Point *point) {
  ITypeInfo *info = NULL;
  TYPEATTR *attributes = NULL;
  bool pure = true;

  if (point->source->events ||
      FAILED(oleander_module_type_info(point->points->object->type->module, point->source->iid, &info)))
    return true;
  if (SUCCEEDED(ITypeInfo_GetTypeAttr(info, &attributes)) && attributes) {
    pure = attributes->typekind == TKIND_DISPATCH && !(attributes->wTypeFlags & TYPEFLAG_FDUAL);
    ITypeInfo_ReleaseTypeAttr(info, attributes);
  }
  ITypeInfo_Release(info);
  return pure;
}

static HRESULT add_listener(Point *point, Listener *listener) {
  Points *points = point->points;
  HRESULT status = S_OK;

  pthread_mutex_lock(&points->lock);
  if (point->count == point->room) {
    size_t room = point->room ? point->room * 2 : 4;
    Listener **list = realloc(point->listeners, room * sizeof(Listener *));

    if (list) {
      point->listeners = list;
      point->room = room;
    } else {
      status = E_OUTOFMEMORY;
    }
  }
  if (SUCCEEDED(status)) {
    if (++points->last_cookie == 0)
      points->last_cookie = 1;
    listener->cookie = points->last_cookie;
    point->listeners[point->count++] = listener;
  }
  pthread_mutex_unlock(&points->lock);
  return status;
}

static HRESULT STDMETHODCALLTYPE Point_Advise(IConnectionPoint *face, IUnknown *given, DWORD *cookie) {
  Point *point = point_of(face);
  IUnknown *sink = NULL;
  Listener *listener;
  HRESULT status;

  if (cookie)
    *cookie = 0;
  if (!given || !cookie)
    return E_POINTER;
  status = IUnknown_QueryInterface(given, point->source->iid, (void **)&sink);
  if ((FAILED(status) || !sink) && is_pure_dispatch(point))
    status = IUnknown_QueryInterface(given, &IID_IDispatch, (void **)&sink);
  if (FAILED(status) || !sink)
    return CONNECT_E_CANNOTCONNECT;
  listener = calloc(1, sizeof *listener);
  if (!listener) {
    IUnknown_Release(sink);
    return E_OUTOFMEMORY;
  }
  listener->sink = sink;
  listener->references = 1;
  status = add_listener(point, listener);
  if (SUCCEEDED(status))
    *cookie = listener->cookie;
  else
    listener_release(listener);
  return status;
}

static HRESULT STDMETHODCALLTYPE Point_Unadvise(IConnectionPoint *face, DWORD cookie) {
  Point *point = point_of(face);
  Listener *listener = NULL;
  size_t i;

  pthread_mutex_lock(&point->points->lock);
  for (i = 0; i < point->count && point->listeners[i]->cookie != cookie; i++)
    ;
  if (i < point->count) {
    listener = point->listeners[i];
    memmove(&point->listeners[i], &point->listeners[i + 1], (--point->count - i) * sizeof(Listener *));
  }
  pthread_mutex_unlock(&point->points->lock);
  if (!listener)
    return CONNECT_E_NOCONNECTION;
  listener->gone = true;
  listener_release(listener);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Point_EnumConnections(IConnectionPoint *face, IEnumConnections **result) {
  CONNECTDATA *connections;
  Listener **listeners;
  HRESULT status;
  size_t count, i;

  if (!result)
    return E_POINTER;
  *result = NULL;
  status = take_listeners(point_of(face), &listeners, &count);
  if (FAILED(status))
    return status;
  connections = calloc(count + 1, sizeof *connections);
  for (i = 0; connections && i < count; i++)
    connections[i] = (CONNECTDATA){ listeners[i]->sink, listeners[i]->cookie };
  status = connections ? oleander_enumerator_create(&IID_IEnumConnections, &oleander_connections, connections, count,
                                                    (void **)result)
                       : E_OUTOFMEMORY;
  free(connections);
  release_listeners(listeners, count);
  return status;
}

static const IConnectionPointVtbl point_vtable = {
  Point_QueryInterface,
  Point_AddRef,
  Point_Release,
  Point_GetConnectionInterface,
  Point_GetConnectionPointContainer,
  Point_Advise,
  Point_Unadvise,
  Point_EnumConnections,
};

/* The points of an object: made when they are first asked for */

static Points *points_new(OleanderObject *object) {
  const OleanderSource *sources = object->type->sources;
  Points *points;
  UINT count = 0, i;

  while (sources[count].iid)
    count++;
  points = calloc(1, sizeof *points + count * sizeof(Point));
  if (!points)
    return NULL;
  points->object = object;
  points->count = count;
  pthread_mutex_init(&points->lock, NULL);
  for (i = 0; i < count; i++) {
    points->points[i].face.lpVtbl = (IConnectionPointVtbl *)(uintptr_t)&point_vtable;
    points->points[i].points = points;
    points->points[i].source = &sources[i];
  }
  return points;
}

static void points_free(Points *points) {
  UINT i;

  for (i = 0; i < points->count; i++)
    release_listeners(points->points[i].listeners, points->points[i].count);
  pthread_mutex_destroy(&points->lock);
  free(points);
}

static Points *points_of(OleanderObject *object) {
  void *points = __atomic_load_n(&object->listeners, __ATOMIC_ACQUIRE), *none = NULL;

  if (points)
    return points;
  points = points_new(object);
  if (points &&
      !__atomic_compare_exchange_n(&object->listeners, &none, points, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
    points_free(points);
    points = none;
  }
  return points;
}

void server_events_end(OleanderObject *object) {
  if (object->listeners)
    points_free(object->listeners);
  object->listeners = NULL;
}

/* IConnectionPointContainer */

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
  IConnectionPoint **list;
  Points *points;
  HRESULT status;
  UINT i;

  if (!result)
    return E_POINTER;
  *result = NULL;
  points = points_of(of_container(face));
  list = points ? malloc((points->count + 1) * sizeof(IConnectionPoint *)) : NULL;
  if (!list)
    return E_OUTOFMEMORY;
  for (i = 0; i < points->count; i++)
    list[i] = &points->points[i].face;
  status = oleander_enumerator_create(&IID_IEnumConnectionPoints, &oleander_interfaces, list, points->count,
                                      (void **)result);
  free(list);
  return status;
}

static HRESULT STDMETHODCALLTYPE Container_FindConnectionPoint(IConnectionPointContainer *face, REFIID iid,
                                                               IConnectionPoint **result) {
  Points *points;
  UINT i;

  if (!result)
    return E_POINTER;
  *result = NULL;
  if (!iid)
    return E_POINTER;
  points = points_of(of_container(face));
  if (!points)
    return E_OUTOFMEMORY;
  for (i = 0; i < points->count; i++) {
    if (IsEqualIID(points->points[i].source->iid, iid))
      return IConnectionPoint_QueryInterface(&points->points[i].face, &IID_IConnectionPoint, (void **)result);
  }
  return CONNECT_E_NOCONNECTION;
}

const IConnectionPointContainerVtbl server_points_vtable = {
  Container_QueryInterface,      Container_AddRef, Container_Release, Container_EnumConnectionPoints,
  Container_FindConnectionPoint,
};

/* Raising */

/* A source that is no IDispatch is called through its vtable, as the library describes it. */
static void call_listener(const Point *point, IUnknown *sink, DISPID event, DISPPARAMS *params) {
  OleanderModule *module = point->points->object->type->module;
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
  } else if (SUCCEEDED(oleander_module_type_info(module, point->source->iid, &info))) {
    ITypeInfo_Invoke(info, sink, event, DISPATCH_METHOD, params, &result, &exception, NULL);
    ITypeInfo_Release(info);
  }
  VariantClear(&result);
  SysFreeString(exception.bstrSource);
  SysFreeString(exception.bstrDescription);
  SysFreeString(exception.bstrHelpFile);
}

/* Invoke takes arguments from the last to the first. */
static HRESULT fire(Point *point, DISPID event, const VARIANT *arguments, UINT count) {
  VARIANT few[FEW_ARGUMENTS];
  VARIANT *backward = count > FEW_ARGUMENTS ? malloc(count * sizeof *backward) : few;
  OleanderObject *object = point->points->object;
  Listener **listeners;
  size_t listening, i;
  HRESULT status = backward ? take_listeners(point, &listeners, &listening) : E_OUTOFMEMORY;

  if (SUCCEEDED(status)) {
    for (i = 0; i < count; i++)
      backward[count - 1 - i] = arguments[i];
    oleander_object_addref(object); /* a listener may let go of the last reference */
    for (i = 0; i < listening; i++) {
      DISPPARAMS params = { backward, NULL, count, 0 };

      if (!listeners[i]->gone)
        call_listener(point, listeners[i]->sink, event, &params);
    }
    release_listeners(listeners, listening);
    oleander_object_release(object);
  }
  if (backward != few)
    free(backward);
  return status;
}

HRESULT oleander_object_fire_id(OleanderObject *object, const IID *iid, DISPID event, const VARIANT *arguments,
                                UINT count) {
  Points *points;
  UINT i;

  if (count > ARGUMENT_LIMIT || (count && !arguments))
    return E_INVALIDARG;
  if (!object->type->sources)
    return CONNECT_E_NOCONNECTION;
  points = points_of(object);
  if (!points)
    return E_OUTOFMEMORY;
  for (i = 0; i < points->count; i++) {
    if (!iid || IsEqualIID(iid, points->points[i].source->iid))
      return fire(&points->points[i], event, arguments, count);
  }
  return CONNECT_E_NOCONNECTION;
}

BOOL oleander_object_is_heard(OleanderObject *object) {
  Points *points = __atomic_load_n(&object->listeners, __ATOMIC_ACQUIRE);
  bool heard = false;
  UINT i;

  if (!points)
    return FALSE;
  pthread_mutex_lock(&points->lock);
  for (i = 0; i < points->count; i++)
    heard = heard || points->points[i].count;
  pthread_mutex_unlock(&points->lock);
  return heard;
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
  UINT i;

  if (!event || count > ARGUMENT_LIMIT)
    return E_INVALIDARG;
  for (; source && source->iid && status == DISP_E_UNKNOWNNAME; source++)
    status = server_event_id(object->type, source, event, &id);
  if (FAILED(status))
    return error_raise(status, ERROR_SOURCE, "%s has no event %s",
                       object->type->progid ? object->type->progid : "the object", event);
  va_start(list, count);
  for (i = 0; i < count && SUCCEEDED(status); i++) {
    memset(&arguments[i], 0, sizeof arguments[i]);
    status = read_argument((VARTYPE)va_arg(list, int), &list, &arguments[i]);
  }
  va_end(list);
  return SUCCEEDED(status) ? oleander_object_fire_id(object, source[-1].iid, id, arguments, count) : status;
}
