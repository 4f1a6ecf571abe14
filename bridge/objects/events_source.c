/* events_source.c - connection points of objects written in Lua: one for each source interface of the object's class, or for
 * the one that its table declares by __events.
 * They live as long as the object and share its reference count; listeners come and go from any thread. Firing is done in
 * lua/oleander/events.lua, which calls each listener as a client calls any object. */
#include "bridge/objects/events_internal.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

typedef struct Source Source;

/* A listener. Counted, so that the list can be read under the lock and the foreign object be referenced outside of it. */
typedef struct Sink {
  _Atomic uint32_t references;
  DWORD cookie;
  uint64_t serial; /* grows: the order in which they came */
  IUnknown *face;  /* of the source interface; of IDispatch where the listener of a dispinterface has only that */
} Sink;

typedef struct Point {
  IConnectionPoint face;
  Source *source;
  IID iid;
  ITypeInfo *info;
  bool dispatch, pure; /* pure: a dispinterface without a vtable */
  DWORD last_cookie;
  uint64_t last_serial;
  Sink **sinks;
  unsigned count, capacity;
} Point;

struct Source {
  IConnectionPointContainer face;
  LuaObject *object;
  uint64_t serial;      /* different for each */
  pthread_mutex_t lock; /* for the sinks */
  unsigned count;
  Point points[];
};

/* enumerators */

/* Both enumerators: a list of things that was taken when it was made. */
typedef struct Listing {
  IUnknown face; /* its vtable is that of an enumerator */
  const IID *iid;
  _Atomic ULONG references;
  unsigned position, count;
  CONNECTDATA items[]; /* connection points stand in pUnk */
} Listing;

static const FaceMethod connections_vtable[7], points_vtable[7];

static Listing *listing_make(const IID *iid, unsigned count) {
  Listing *listing = calloc(1, sizeof *listing + (count + 1) * sizeof(CONNECTDATA));
  if (!listing)
    return NULL;
  listing->face.lpVtbl =
      (IUnknownVtbl *)(void *)(IsEqualGUID(iid, &IID_IEnumConnections) ? connections_vtable : points_vtable);
  listing->iid = iid;
  listing->references = 1;
  return listing;
}

static void listing_add(Listing *listing, IUnknown *object, DWORD cookie) {
  IUnknown_AddRef(object);
  listing->items[listing->count++] = (CONNECTDATA){ .pUnk = object, .dwCookie = cookie };
}

static HRESULT STDMETHODCALLTYPE Listing_QueryInterface(Listing *listing, REFIID iid, void **result) {
  if (!result)
    return E_POINTER;
  bool has = IsEqualGUID(iid, &IID_IUnknown) || IsEqualGUID(iid, listing->iid);
  *result = has ? listing : NULL;
  if (has)
    atomic_fetch_add(&listing->references, 1);
  return has ? S_OK : E_NOINTERFACE;
}

static ULONG STDMETHODCALLTYPE Listing_AddRef(Listing *listing) {
  return atomic_fetch_add(&listing->references, 1) + 1;
}

static ULONG STDMETHODCALLTYPE Listing_Release(Listing *listing) {
  ULONG left = atomic_fetch_sub(&listing->references, 1) - 1;
  if (left != 0)
    return left;
  for (unsigned i = 0; i < listing->count; i++)
    IUnknown_Release(listing->items[i].pUnk);
  free(listing);
  return 0;
}

/* The next items, from `from` on; at most `wanted`. */
static unsigned listing_advance(Listing *listing, ULONG wanted, unsigned *from) {
  *from = listing->position;
  unsigned left = listing->count - listing->position;
  unsigned taken = wanted < left ? (unsigned)wanted : left;
  listing->position += taken;
  return taken;
}

static HRESULT STDMETHODCALLTYPE Connections_Next(Listing *listing, ULONG wanted, CONNECTDATA *items, ULONG *fetched) {
  unsigned from;
  if (!items || (!fetched && wanted != 1))
    return E_POINTER;
  unsigned taken = listing_advance(listing, wanted, &from);
  for (unsigned i = 0; i < taken; i++) {
    items[i] = listing->items[from + i];
    IUnknown_AddRef(items[i].pUnk);
  }
  if (fetched)
    *fetched = taken;
  return taken == wanted ? S_OK : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE Points_Next(Listing *listing, ULONG wanted, IConnectionPoint **items, ULONG *fetched) {
  unsigned from;
  if (!items || (!fetched && wanted != 1))
    return E_POINTER;
  unsigned taken = listing_advance(listing, wanted, &from);
  for (unsigned i = 0; i < taken; i++) {
    items[i] = (IConnectionPoint *)(void *)listing->items[from + i].pUnk;
    IConnectionPoint_AddRef(items[i]);
  }
  if (fetched)
    *fetched = taken;
  return taken == wanted ? S_OK : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE Listing_Skip(Listing *listing, ULONG count) {
  unsigned from;
  return listing_advance(listing, count, &from) == count ? S_OK : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE Listing_Reset(Listing *listing) {
  listing->position = 0;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Listing_Clone(Listing *listing, void **result) {
  if (!result)
    return E_POINTER;
  Listing *copy = listing_make(listing->iid, listing->count);
  *result = copy;
  if (!copy)
    return E_OUTOFMEMORY;
  for (unsigned i = 0; i < listing->count; i++)
    listing_add(copy, listing->items[i].pUnk, listing->items[i].dwCookie);
  copy->position = listing->position;
  return S_OK;
}

static const FaceMethod connections_vtable[7] = { (FaceMethod)Listing_QueryInterface, (FaceMethod)Listing_AddRef,
                                                  (FaceMethod)Listing_Release,        (FaceMethod)Connections_Next,
                                                  (FaceMethod)Listing_Skip,           (FaceMethod)Listing_Reset,
                                                  (FaceMethod)Listing_Clone };
static const FaceMethod points_vtable[7] = { (FaceMethod)Listing_QueryInterface, (FaceMethod)Listing_AddRef,
                                             (FaceMethod)Listing_Release,        (FaceMethod)Points_Next,
                                             (FaceMethod)Listing_Skip,           (FaceMethod)Listing_Reset,
                                             (FaceMethod)Listing_Clone };

/* connection point */

static inline Point *point_of(IConnectionPoint *face) {
  return (Point *)(void *)face;
}

static HRESULT STDMETHODCALLTYPE Point_QueryInterface(IConnectionPoint *face, REFIID iid, void **result) {
  if (!result)
    return E_POINTER;
  bool has = IsEqualGUID(iid, &IID_IUnknown) || IsEqualGUID(iid, &IID_IConnectionPoint);
  *result = has ? face : NULL;
  if (has)
    IConnectionPoint_AddRef(face);
  return has ? S_OK : E_NOINTERFACE;
}

static ULONG STDMETHODCALLTYPE Point_AddRef(IConnectionPoint *face) {
  return lua_object_addref(point_of(face)->source->object);
}

static ULONG STDMETHODCALLTYPE Point_Release(IConnectionPoint *face) {
  return lua_object_release(point_of(face)->source->object);
}

static HRESULT STDMETHODCALLTYPE Point_GetConnectionInterface(IConnectionPoint *face, IID *iid) {
  if (!iid)
    return E_POINTER;
  *iid = point_of(face)->iid;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Point_GetConnectionPointContainer(IConnectionPoint *face,
                                                                   IConnectionPointContainer **result) {
  if (!result)
    return E_POINTER;
  *result = &point_of(face)->source->face;
  IConnectionPointContainer_AddRef(*result);
  return S_OK;
}

/* Takes over the reference to `face`. */
static Sink *sink_make(IUnknown *face) {
  Sink *sink = malloc(sizeof *sink);
  if (sink)
    *sink = (Sink){ .references = 1, .face = face };
  return sink;
}

static Sink *sink_hold(Sink *sink) {
  atomic_fetch_add(&sink->references, 1);
  return sink;
}

/* Calls the listener's Release: not under the lock. */
static void sink_drop(Sink *sink) {
  if (atomic_fetch_sub(&sink->references, 1) != 1)
    return;
  IUnknown_Release(sink->face);
  free(sink);
}

/* The place of a cookie in the list, `count` when it is not there. Under the lock. */
static unsigned point_find(const Point *point, DWORD cookie) {
  unsigned place = 0;
  while (place < point->count && point->sinks[place]->cookie != cookie)
    place++;
  return place;
}

/* Under the lock. */
static bool point_reserve(Point *point) {
  if (point->count < point->capacity)
    return true;
  unsigned capacity = point->capacity != 0 ? point->capacity * 2 : 4;
  Sink **room = realloc(point->sinks, capacity * sizeof *room);
  if (!room)
    return false;
  point->sinks = room;
  point->capacity = capacity;
  return true;
}

static HRESULT point_add(Point *point, Sink *sink, DWORD *cookie) {
  pthread_mutex_lock(&point->source->lock);
  bool room = point_reserve(point);
  if (room) {
    do
      point->last_cookie++;
    while (point->last_cookie == 0 || point_find(point, point->last_cookie) != point->count);
    sink->cookie = *cookie = point->last_cookie;
    sink->serial = ++point->last_serial;
    point->sinks[point->count++] = sink;
  }
  pthread_mutex_unlock(&point->source->lock);
  return room ? S_OK : E_OUTOFMEMORY;
}

/* The first listener that came after `serial`, held; NULL. */
static Sink *point_next(Point *point, uint64_t serial) {
  Sink *found = NULL;
  pthread_mutex_lock(&point->source->lock);
  for (unsigned i = 0; i < point->count && !found; i++) {
    if (point->sinks[i]->serial > serial)
      found = sink_hold(point->sinks[i]);
  }
  pthread_mutex_unlock(&point->source->lock);
  return found;
}

static HRESULT STDMETHODCALLTYPE Point_Advise(IConnectionPoint *face, IUnknown *given, DWORD *cookie) {
  Point *point = point_of(face);
  void *listener = NULL;
  if (!given || !cookie)
    return E_POINTER;
  *cookie = 0;
  HRESULT result = IUnknown_QueryInterface(given, &point->iid, &listener);
  if ((FAILED(result) || !listener) && point->pure)
    result = IUnknown_QueryInterface(given, &IID_IDispatch, &listener);
  if (FAILED(result) || !listener)
    return CONNECT_E_CANNOTCONNECT;
  Sink *sink = sink_make(listener);
  if (!sink) {
    IUnknown_Release((IUnknown *)listener);
    return E_OUTOFMEMORY;
  }
  result = point_add(point, sink, cookie);
  if (FAILED(result))
    sink_drop(sink);
  return result;
}

static HRESULT STDMETHODCALLTYPE Point_Unadvise(IConnectionPoint *face, DWORD cookie) {
  Point *point = point_of(face);
  Sink *sink = NULL;
  pthread_mutex_lock(&point->source->lock);
  unsigned place = point_find(point, cookie);
  if (place < point->count) {
    sink = point->sinks[place];
    point->count--;
    memmove(&point->sinks[place], &point->sinks[place + 1], (point->count - place) * sizeof *point->sinks);
  }
  pthread_mutex_unlock(&point->source->lock);
  if (!sink)
    return CONNECT_E_NOCONNECTION;
  sink_drop(sink);
  return S_OK;
}

/* Room for as many as there are now, and some that come meanwhile. */
static Listing *point_listing(Point *point) {
  pthread_mutex_lock(&point->source->lock);
  unsigned room = point->count + 4;
  pthread_mutex_unlock(&point->source->lock);
  Listing *listing = listing_make(&IID_IEnumConnections, room);
  uint64_t serial = 0;
  for (Sink *sink; listing && listing->count < room && (sink = point_next(point, serial)) != NULL;) {
    listing_add(listing, sink->face, sink->cookie);
    serial = sink->serial;
    sink_drop(sink);
  }
  return listing;
}

static HRESULT STDMETHODCALLTYPE Point_EnumConnections(IConnectionPoint *face, IEnumConnections **result) {
  if (!result)
    return E_POINTER;
  Listing *listing = point_listing(point_of(face));
  *result = (IEnumConnections *)(void *)listing;
  return listing ? S_OK : E_OUTOFMEMORY;
}

static const IConnectionPointVtbl point_vtable = { Point_QueryInterface,
                                                   Point_AddRef,
                                                   Point_Release,
                                                   Point_GetConnectionInterface,
                                                   Point_GetConnectionPointContainer,
                                                   Point_Advise,
                                                   Point_Unadvise,
                                                   Point_EnumConnections };

/* container */

static inline Source *source_of(IConnectionPointContainer *face) {
  return (Source *)(void *)face;
}

static HRESULT STDMETHODCALLTYPE Source_QueryInterface(IConnectionPointContainer *face, REFIID iid, void **result) {
  return lua_object_query(source_of(face)->object, iid, result);
}

static ULONG STDMETHODCALLTYPE Source_AddRef(IConnectionPointContainer *face) {
  return lua_object_addref(source_of(face)->object);
}

static ULONG STDMETHODCALLTYPE Source_Release(IConnectionPointContainer *face) {
  return lua_object_release(source_of(face)->object);
}

static HRESULT STDMETHODCALLTYPE Source_EnumConnectionPoints(IConnectionPointContainer *face,
                                                             IEnumConnectionPoints **result) {
  Source *source = source_of(face);
  if (!result)
    return E_POINTER;
  Listing *listing = listing_make(&IID_IEnumConnectionPoints, source->count);
  *result = (IEnumConnectionPoints *)(void *)listing;
  if (!listing)
    return E_OUTOFMEMORY;
  for (unsigned i = 0; i < source->count; i++)
    listing_add(listing, (IUnknown *)(void *)&source->points[i].face, 0);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Source_FindConnectionPoint(IConnectionPointContainer *face, REFIID iid,
                                                            IConnectionPoint **result) {
  Source *source = source_of(face);
  if (!result || !iid)
    return E_POINTER;
  *result = NULL;
  for (unsigned i = 0; i < source->count; i++) {
    if (IsEqualGUID(&source->points[i].iid, iid)) {
      *result = &source->points[i].face;
      IConnectionPoint_AddRef(*result);
      return S_OK;
    }
  }
  return CONNECT_E_NOCONNECTION;
}

static const IConnectionPointContainerVtbl source_vtable = { Source_QueryInterface, Source_AddRef, Source_Release,
                                                             Source_EnumConnectionPoints, Source_FindConnectionPoint };

/* making */

/* The interface `index` of a class when it is a source, with a reference; NULL. */
static ITypeInfo *source_info(ITypeInfo *class_info, UINT index) {
  ITypeInfo *info = NULL;
  if (typeinfo_implemented_flags(class_info, index) & IMPLTYPEFLAG_FSOURCE)
    typeinfo_get_implemented(class_info, index, &info);
  return info;
}

static void source_destroy(Source *source) {
  for (unsigned i = 0; i < source->count; i++) {
    Point *point = &source->points[i];
    for (unsigned k = 0; k < point->count; k++)
      sink_drop(point->sinks[k]);
    ITypeInfo_Release(point->info);
    free(point->sinks);
  }
  pthread_mutex_destroy(&source->lock);
  free(source);
}

/* Takes over the reference to `info`. */
static void add_point(Source *source, ITypeInfo *info) {
  TYPEATTR attributes;
  if (FAILED(typeinfo_copy_attributes(info, &attributes))) {
    ITypeInfo_Release(info);
    return;
  }
  Point *point = &source->points[source->count++];
  point->face.lpVtbl = (IConnectionPointVtbl *)&point_vtable;
  point->source = source;
  point->iid = attributes.guid;
  point->info = info;
  point->dispatch =
      attributes.typekind == TKIND_DISPATCH || (attributes.wTypeFlags & (TYPEFLAG_FDUAL | TYPEFLAG_FDISPATCHABLE)) != 0;
  point->pure = attributes.typekind == TKIND_DISPATCH && !(attributes.wTypeFlags & TYPEFLAG_FDUAL);
}

#define SOURCE_LIMIT 256 /* interfaces of a class: more than any has, for type information that lies */

static UINT implemented_count(ITypeInfo *class_info) {
  TYPEATTR attributes;
  if (FAILED(typeinfo_copy_attributes(class_info, &attributes)))
    return 0;
  return attributes.cImplTypes < SOURCE_LIMIT ? attributes.cImplTypes : SOURCE_LIMIT;
}

/* NULL: no sources, or no memory. */
static Source *source_make(LuaObject *object) {
  UINT count = object->class_info ? implemented_count(object->class_info) : 1;
  Source *source = calloc(1, sizeof *source + count * sizeof(Point));
  if (!source)
    return NULL;
  source->face.lpVtbl = (IConnectionPointContainerVtbl *)&source_vtable;
  source->object = object;
  static _Atomic uint64_t last_serial;
  source->serial = atomic_fetch_add(&last_serial, 1) + 1;
  pthread_mutex_init(&source->lock, NULL);
  for (UINT i = 0; object->class_info && i < count; i++) {
    ITypeInfo *info = source_info(object->class_info, i);
    if (info)
      add_point(source, info);
  }
  if (!object->class_info) {
    ITypeInfo_AddRef(object->events);
    add_point(source, object->events);
  }
  if (source->count != 0)
    return source;
  source_destroy(source);
  return NULL;
}

static Source *source_get(LuaObject *object) {
  void *known = atomic_load(&object->source);
  if (known || (!object->class_info && !object->events))
    return known;
  Source *source = source_make(object);
  if (source && !atomic_compare_exchange_strong(&object->source, &known, (void *)source)) {
    source_destroy(source); /* another thread was faster */
    return known;
  }
  return source;
}

HRESULT source_query(LuaObject *object, REFIID iid, void **face) {
  if (!IsEqualGUID(iid, &IID_IConnectionPointContainer))
    return E_NOINTERFACE;
  Source *source = source_get(object);
  if (!source)
    return E_NOINTERFACE;
  *face = &source->face;
  lua_object_addref(object);
  return S_OK;
}

void source_free(LuaObject *object) {
  Source *source = atomic_load(&object->source);
  if (source)
    source_destroy(source);
}

/* for Lua */

/* The object that is, or is made of, the value at `index`, with a reference; NULL. */
static LuaObject *own_object_at(lua_State *L, Bridge *bridge, int index) {
  if (lua_type(L, index) == LUA_TTABLE || lua_type(L, index) == LUA_TFUNCTION)
    return object_of_table(L, bridge->token, index);
  Handle *handle = handle_check(L, index, "com.fire");
  LuaObject *object = object_of(handle->face);
  if (object)
    lua_object_addref(object);
  return object;
}

/* Runs body(object or NULL, arguments...) for a core function whose first argument is the object: what the object holds is
 * let go when the body raises, too. */
static int with_object(lua_State *L, lua_CFunction body) {
  Bridge *bridge = bridge_get(L);
  bridge_enter(L, bridge);
  lua_settop(L, 3);
  LuaObject *object = own_object_at(L, bridge, 1);
  lua_pushcfunction(L, body);
  lua_replace(L, 1);
  lua_pushlightuserdata(L, object);
  lua_insert(L, 2);
  int status = lua_pcall(L, 3, 1, 0);
  if (object)
    lua_object_release(object);
  return status == LUA_OK ? 1 : lua_error(L);
}

static Source *source_at(lua_State *L) {
  LuaObject *object = lua_touserdata(L, 1);
  return object ? source_get(object) : NULL;
}

/* The connection point whose number is the second argument; NULL. */
static Point *point_at(lua_State *L) {
  Source *source = source_at(L);
  lua_Integer number = luaL_checkinteger(L, 2);
  return source && number >= 1 && number <= source->count ? &source->points[number - 1] : NULL;
}

static int list_points(lua_State *L) {
  Bridge *bridge = bridge_get(L);
  if (!lua_touserdata(L, 1)) {
    lua_pushnil(L);
    return 1;
  }
  Source *source = source_at(L);
  lua_newtable(L);
  for (unsigned i = 0; source && i < source->count; i++) {
    ITypeInfo_AddRef(source->points[i].info);
    typeinfo_push(L, bridge, source->points[i].info);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  return 1;
}

/* event_points(o): list of the type information of its source interfaces; nil when it is no object written in Lua (yet) */
static int core_event_points(lua_State *L) {
  return with_object(L, list_points);
}

static int push_serial(lua_State *L) {
  const Source *source = source_at(L);
  if (source)
    lua_pushinteger(L, (lua_Integer)source->serial);
  else
    lua_pushnil(L);
  return 1;
}

/* event_serial(o): a number of its connection points, under which facts about them can be remembered; nil for none */
static int core_event_serial(lua_State *L) {
  return with_object(L, push_serial);
}

/* Takes over the reference. */
static void push_sink(lua_State *L, Bridge *bridge, const Point *point, IUnknown *sink) {
  Arrival arrival = { .iid = &point->iid,
                      .dispatch = point->dispatch,
                      .custom = !point->dispatch,
                      .info = point->info,
                      .attached = true,
                      .client_view = true,
                      .flags = HANDLE_BY_ID };
  handle_push(L, bridge, sink, &arrival);
}

static int list_sinks(lua_State *L) {
  Bridge *bridge = bridge_get(L);
  Point *point = point_at(L);
  lua_Integer place = 0;
  uint64_t serial = 0;
  lua_newtable(L);
  int list = lua_gettop(L);
  for (Sink *sink; point && (sink = point_next(point, serial)) != NULL;) {
    IUnknown *face = sink->face;
    DWORD cookie = sink->cookie;
    serial = sink->serial;
    IUnknown_AddRef(face);
    sink_drop(sink);
    push_sink(L, bridge, point, face);
    lua_rawseti(L, list, ++place);
    lua_pushinteger(L, cookie);
    lua_rawseti(L, list, ++place);
  }
  return 1;
}

/* event_sinks(o, point number): handle, cookie, handle, cookie ... of those who listen now */
static int core_event_sinks(lua_State *L) {
  return with_object(L, list_sinks);
}

static int push_connected(lua_State *L) {
  Point *point = point_at(L);
  lua_Integer cookie = luaL_checkinteger(L, 3);
  bool connected = false;
  if (point) {
    pthread_mutex_lock(&point->source->lock);
    connected = point_find(point, (DWORD)cookie) != point->count;
    pthread_mutex_unlock(&point->source->lock);
  }
  lua_pushboolean(L, connected);
  return 1;
}

/* event_connected(o, point number, cookie) */
static int core_event_connected(lua_State *L) {
  return with_object(L, push_connected);
}

static int drop_connection(lua_State *L) {
  Point *point = point_at(L);
  lua_Integer cookie = luaL_checkinteger(L, 3);
  if (point)
    Point_Unadvise(&point->face, (DWORD)cookie);
  return 0;
}

/* event_drop(o, point number, cookie): a listener that is gone */
static int core_event_drop(lua_State *L) {
  return with_object(L, drop_connection);
}

const luaL_Reg core_source_functions[] = {
  { "event_points", core_event_points }, { "event_serial", core_event_serial },
  { "event_sinks", core_event_sinks },   { "event_connected", core_event_connected },
  { "event_drop", core_event_drop },     { NULL, NULL }
};
