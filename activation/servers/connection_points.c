/* Connection points; see connection_points.h. */
#include "activation/servers/connection_points.h"

#include <oleander_enumerator.h>
#include <winerror.h>

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "com/com_api.h"

typedef struct Point {
  IConnectionPoint face;
  ConnectionPoints *points;
  IID iid;
  Listener **listeners; /* in the order in which they came */
  size_t count, room;
} Point;

struct ConnectionPoints {
  IConnectionPointContainer container;
  const ConnectionOwner *owner;
  void *object;
  pthread_mutex_t lock; /* for the lists of listeners */
  DWORD last_cookie;
  uint64_t last_serial;
  UINT count;
  Point points[];
};

/* listeners */

static Listener *listener_addref(Listener *listener) {
  listener->references++;
  return listener;
}

void listener_release(Listener *listener) {
  if (--listener->references > 0)
    return;
  IUnknown_Release(listener->sink);
  free(listener);
}

/* The place of the first listener that came after that one. Under the lock. */
static size_t place_after(const Point *point, uint64_t serial) {
  size_t low = 0, high = point->count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (point->listeners[middle]->serial <= serial)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

/* The place of a cookie, `count` when it is not there. Under the lock. */
static size_t place_of_cookie(const Point *point, DWORD cookie) {
  size_t place = 0;
  while (place < point->count && point->listeners[place]->cookie != cookie)
    place++;
  return place;
}

uint64_t connection_points_last(ConnectionPoints *points, UINT index) {
  const Point *point = &points->points[index];
  pthread_mutex_lock(&points->lock);
  uint64_t last = point->count != 0 ? point->listeners[point->count - 1]->serial : 0;
  pthread_mutex_unlock(&points->lock);
  return last;
}

Listener *connection_points_after(ConnectionPoints *points, UINT index, uint64_t serial) {
  const Point *point = &points->points[index];
  pthread_mutex_lock(&points->lock);
  size_t place = place_after(point, serial);
  Listener *found = place < point->count ? listener_addref(point->listeners[place]) : NULL;
  pthread_mutex_unlock(&points->lock);
  return found;
}

bool connection_points_has(ConnectionPoints *points, UINT index, DWORD cookie) {
  const Point *point = &points->points[index];
  pthread_mutex_lock(&points->lock);
  bool has = place_of_cookie(point, cookie) < point->count;
  pthread_mutex_unlock(&points->lock);
  return has;
}

bool connection_points_are_heard(ConnectionPoints *points) {
  bool heard = false;
  pthread_mutex_lock(&points->lock);
  for (UINT i = 0; i < points->count; i++)
    heard = heard || points->points[i].count != 0;
  pthread_mutex_unlock(&points->lock);
  return heard;
}

/* Under the lock. */
static bool reserve(Point *point) {
  if (point->count < point->room)
    return true;
  size_t room = point->room != 0 ? point->room * 2 : 4;
  Listener **list = realloc(point->listeners, room * sizeof *list);
  if (!list)
    return false;
  point->listeners = list;
  point->room = room;
  return true;
}

static bool is_taken(const ConnectionPoints *points, DWORD cookie) {
  for (UINT i = 0; i < points->count; i++) {
    if (place_of_cookie(&points->points[i], cookie) < points->points[i].count)
      return true;
  }
  return false;
}

static HRESULT add_listener(Point *point, Listener *listener, DWORD *cookie) {
  ConnectionPoints *points = point->points;
  pthread_mutex_lock(&points->lock);
  bool room = reserve(point);
  if (room) {
    do
      points->last_cookie++;
    while (points->last_cookie == 0 || (points->last_serial >= UINT32_MAX && is_taken(points, points->last_cookie)));
    listener->cookie = *cookie = points->last_cookie;
    listener->serial = ++points->last_serial;
    point->listeners[point->count++] = listener;
  }
  pthread_mutex_unlock(&points->lock);
  return room ? S_OK : E_OUTOFMEMORY;
}

HRESULT connection_points_drop(ConnectionPoints *points, UINT index, DWORD cookie) {
  Point *point = &points->points[index];
  Listener *listener = NULL;
  pthread_mutex_lock(&points->lock);
  size_t place = place_of_cookie(point, cookie);
  if (place < point->count) {
    listener = point->listeners[place];
    memmove(&point->listeners[place], &point->listeners[place + 1], (--point->count - place) * sizeof(Listener *));
  }
  pthread_mutex_unlock(&points->lock);
  if (!listener)
    return CONNECT_E_NOCONNECTION;
  listener_release(listener);
  return S_OK;
}

/* IConnectionPoint: an object of its own, which counts as its owner */

static Point *point_of(IConnectionPoint *face) {
  return OBJECT_CONTAINER(face, Point, face);
}

static UINT index_of(const Point *point) {
  return (UINT)(point - point->points->points);
}

static const ObjectFace point_faces[] = {
  { &IID_IConnectionPoint, offsetof(Point, face), NULL },
  { &IID_IUnknown, offsetof(Point, face), NULL },
  { 0 },
};

static ULONG STDMETHODCALLTYPE Point_AddRef(IConnectionPoint *face) {
  const ConnectionPoints *points = point_of(face)->points;
  return points->owner->addref(points->object);
}

static ULONG STDMETHODCALLTYPE Point_Release(IConnectionPoint *face) {
  const ConnectionPoints *points = point_of(face)->points;
  return points->owner->release(points->object);
}

static HRESULT STDMETHODCALLTYPE Point_QueryInterface(IConnectionPoint *face, REFIID iid, void **result) {
  if (!result)
    return E_POINTER;
  *result = object_find_face(point_faces, point_of(face), iid);
  if (!*result)
    return E_NOINTERFACE;
  Point_AddRef(face);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Point_GetConnectionInterface(IConnectionPoint *face, IID *iid) {
  if (!iid)
    return E_POINTER;
  *iid = point_of(face)->iid;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Point_GetConnectionPointContainer(IConnectionPoint *face,
                                                                   IConnectionPointContainer **result) {
  const ConnectionPoints *points = point_of(face)->points;
  return points->owner->query(points->object, &IID_IConnectionPointContainer, (void **)result);
}

static HRESULT STDMETHODCALLTYPE Point_Advise(IConnectionPoint *face, IUnknown *given, DWORD *cookie) {
  Point *point = point_of(face);
  const ConnectionPoints *points = point->points;
  IUnknown *sink = NULL;
  if (cookie)
    *cookie = 0;
  if (!given || !cookie)
    return E_POINTER;
  HRESULT status = IUnknown_QueryInterface(given, &point->iid, (void **)&sink);
  if ((FAILED(status) || !sink) && points->owner->takes_dispatch(points->object, index_of(point)))
    status = IUnknown_QueryInterface(given, &IID_IDispatch, (void **)&sink);
  if (FAILED(status) || !sink)
    return CONNECT_E_CANNOTCONNECT;
  Listener *listener = calloc(1, sizeof *listener);
  if (!listener) {
    IUnknown_Release(sink);
    return E_OUTOFMEMORY;
  }
  listener->sink = sink;
  listener->references = 1;
  status = add_listener(point, listener, cookie);
  if (FAILED(status))
    listener_release(listener);
  return status;
}

static HRESULT STDMETHODCALLTYPE Point_Unadvise(IConnectionPoint *face, DWORD cookie) {
  Point *point = point_of(face);
  return connection_points_drop(point->points, index_of(point), cookie);
}

/* The listeners as they are now, each held. */
static HRESULT take_listeners(Point *point, Listener ***result, size_t *count) {
  Listener **list = NULL;
  pthread_mutex_lock(&point->points->lock);
  *count = point->count;
  if (*count != 0)
    list = malloc(*count * sizeof *list);
  for (size_t i = 0; list && i < *count; i++)
    list[i] = listener_addref(point->listeners[i]);
  pthread_mutex_unlock(&point->points->lock);
  *result = list;
  return list || *count == 0 ? S_OK : E_OUTOFMEMORY;
}

static HRESULT STDMETHODCALLTYPE Point_EnumConnections(IConnectionPoint *face, IEnumConnections **result) {
  Listener **listeners;
  size_t count;
  if (!result)
    return E_POINTER;
  *result = NULL;
  HRESULT status = take_listeners(point_of(face), &listeners, &count);
  if (FAILED(status))
    return status;
  CONNECTDATA *connections = calloc(count + 1, sizeof *connections);
  for (size_t i = 0; connections && i < count; i++)
    connections[i] = (CONNECTDATA){ listeners[i]->sink, listeners[i]->cookie };
  status = connections ? oleander_enumerator_create(&IID_IEnumConnections, &oleander_connections, connections, count,
                                                    (void **)result)
                       : E_OUTOFMEMORY;
  free(connections);
  for (size_t i = 0; i < count; i++)
    listener_release(listeners[i]);
  free(listeners);
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

/* IConnectionPointContainer: a face of the owner */

static ConnectionPoints *of_container(IConnectionPointContainer *face) {
  return OBJECT_CONTAINER(face, ConnectionPoints, container);
}

static HRESULT STDMETHODCALLTYPE Container_QueryInterface(IConnectionPointContainer *face, REFIID iid, void **result) {
  const ConnectionPoints *points = of_container(face);
  return points->owner->query(points->object, iid, result);
}

static ULONG STDMETHODCALLTYPE Container_AddRef(IConnectionPointContainer *face) {
  const ConnectionPoints *points = of_container(face);
  return points->owner->addref(points->object);
}

static ULONG STDMETHODCALLTYPE Container_Release(IConnectionPointContainer *face) {
  const ConnectionPoints *points = of_container(face);
  return points->owner->release(points->object);
}

static HRESULT STDMETHODCALLTYPE Container_EnumConnectionPoints(IConnectionPointContainer *face,
                                                                IEnumConnectionPoints **result) {
  ConnectionPoints *points = of_container(face);
  if (!result)
    return E_POINTER;
  *result = NULL;
  IConnectionPoint **list = malloc((points->count + 1) * sizeof *list);
  if (!list)
    return E_OUTOFMEMORY;
  for (UINT i = 0; i < points->count; i++)
    list[i] = &points->points[i].face;
  HRESULT status = oleander_enumerator_create(&IID_IEnumConnectionPoints, &oleander_interfaces, list, points->count,
                                              (void **)result);
  free(list);
  return status;
}

static HRESULT STDMETHODCALLTYPE Container_FindConnectionPoint(IConnectionPointContainer *face, REFIID iid,
                                                               IConnectionPoint **result) {
  ConnectionPoints *points = of_container(face);
  if (!result)
    return E_POINTER;
  *result = NULL;
  if (!iid)
    return E_POINTER;
  for (UINT i = 0; i < points->count; i++) {
    if (IsEqualIID(&points->points[i].iid, iid))
      return Point_QueryInterface(&points->points[i].face, &IID_IConnectionPoint, (void **)result);
  }
  return CONNECT_E_NOCONNECTION;
}

static const IConnectionPointContainerVtbl container_vtable = {
  Container_QueryInterface,      Container_AddRef, Container_Release, Container_EnumConnectionPoints,
  Container_FindConnectionPoint,
};

IConnectionPointContainer *connection_points_container(ConnectionPoints *points) {
  return &points->container;
}

/* making */

ConnectionPoints *connection_points_create(const ConnectionOwner *owner, void *object, const IID *iids, UINT count) {
  ConnectionPoints *points = calloc(1, sizeof *points + count * sizeof(Point));
  if (!points)
    return NULL;
  points->container.lpVtbl = (IConnectionPointContainerVtbl *)(uintptr_t)&container_vtable;
  points->owner = owner;
  points->object = object;
  points->count = count;
  pthread_mutex_init(&points->lock, NULL);
  for (UINT i = 0; i < count; i++) {
    points->points[i].face.lpVtbl = (IConnectionPointVtbl *)(uintptr_t)&point_vtable;
    points->points[i].points = points;
    points->points[i].iid = iids[i];
  }
  return points;
}

void connection_points_free(ConnectionPoints *points) {
  for (UINT i = 0; i < points->count; i++) {
    for (size_t k = 0; k < points->points[i].count; k++)
      listener_release(points->points[i].listeners[k]);
    free(points->points[i].listeners);
  }
  pthread_mutex_destroy(&points->lock);
  free(points);
}
