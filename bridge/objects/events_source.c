/* events_source.c - connection points of objects written in Lua: one for each source interface of the object's class.
 * They live as long as the object and share its reference count; listeners come and go from any thread. Firing is done in
 * lua/oleander/events.lua, which calls each listener as a client calls any object. */
#include "bridge/objects/events_internal.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

typedef struct Source Source;

typedef struct Sink {
  DWORD cookie;
  IUnknown *face; /* of the source interface; of IDispatch where the listener of a dispinterface has only that */
} Sink;

typedef struct Point {
  IConnectionPoint face;
  Source *source;
  IID iid;
  ITypeInfo *info;
  bool dispatch, pure; /* pure: a dispinterface without a vtable */
  DWORD last_cookie;
  Sink *sinks;
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

/* ------------------------------------------------------------------------------------------------------------ enumerators */

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
  if (listing == NULL)
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
  if (result == NULL)
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
  if (items == NULL || (fetched == NULL && wanted != 1))
    return E_POINTER;
  unsigned taken = listing_advance(listing, wanted, &from);
  for (unsigned i = 0; i < taken; i++) {
    items[i] = listing->items[from + i];
    IUnknown_AddRef(items[i].pUnk);
  }
  if (fetched != NULL)
    *fetched = taken;
  return taken == wanted ? S_OK : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE Points_Next(Listing *listing, ULONG wanted, IConnectionPoint **items, ULONG *fetched) {
  unsigned from;
  if (items == NULL || (fetched == NULL && wanted != 1))
    return E_POINTER;
  unsigned taken = listing_advance(listing, wanted, &from);
  for (unsigned i = 0; i < taken; i++) {
    items[i] = (IConnectionPoint *)(void *)listing->items[from + i].pUnk;
    IConnectionPoint_AddRef(items[i]);
  }
  if (fetched != NULL)
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
  if (result == NULL)
    return E_POINTER;
  Listing *copy = listing_make(listing->iid, listing->count);
  *result = copy;
  if (copy == NULL)
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

/* -------------------------------------------------------------------------------------------------------- connection point */

static inline Point *point_of(IConnectionPoint *face) {
  return (Point *)(void *)face;
}

static HRESULT STDMETHODCALLTYPE Point_QueryInterface(IConnectionPoint *face, REFIID iid, void **result) {
  if (result == NULL)
    return E_POINTER;
  bool has = IsEqualGUID(iid, &IID_IUnknown) || IsEqualGUID(iid, &IID_IConnectionPoint);
  *result = has ? face : NULL;
  if (has)
    IConnectionPoint_AddRef(face);
  return has ? S_OK : E_NOINTERFACE;
}

static ULONG STDMETHODCALLTYPE Point_AddRef(IConnectionPoint *face) {
  return object_addref(point_of(face)->source->object);
}

static ULONG STDMETHODCALLTYPE Point_Release(IConnectionPoint *face) {
  return object_release(point_of(face)->source->object);
}

static HRESULT STDMETHODCALLTYPE Point_GetConnectionInterface(IConnectionPoint *face, IID *iid) {
  if (iid == NULL)
    return E_POINTER;
  *iid = point_of(face)->iid;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Point_GetConnectionPointContainer(IConnectionPoint *face,
                                                                   IConnectionPointContainer **result) {
  if (result == NULL)
    return E_POINTER;
  *result = &point_of(face)->source->face;
  IConnectionPointContainer_AddRef(*result);
  return S_OK;
}

static HRESULT point_add(Point *point, IUnknown *sink, DWORD *cookie) {
  HRESULT result = S_OK;
  pthread_mutex_lock(&point->source->lock);
  if (point->count == point->capacity) {
    unsigned capacity = point->capacity != 0 ? point->capacity * 2 : 4;
    Sink *room = realloc(point->sinks, capacity * sizeof *room);
    if (room == NULL) {
      result = E_OUTOFMEMORY;
    } else {
      point->sinks = room;
      point->capacity = capacity;
    }
  }
  if (SUCCEEDED(result)) {
    if (++point->last_cookie == 0)
      point->last_cookie = 1;
    *cookie = point->last_cookie;
    point->sinks[point->count++] = (Sink){ *cookie, sink };
  }
  pthread_mutex_unlock(&point->source->lock);
  return result;
}

static HRESULT STDMETHODCALLTYPE Point_Advise(IConnectionPoint *face, IUnknown *given, DWORD *cookie) {
  Point *point = point_of(face);
  void *sink = NULL;
  if (given == NULL || cookie == NULL)
    return E_POINTER;
  *cookie = 0;
  HRESULT result = IUnknown_QueryInterface(given, &point->iid, &sink);
  if ((FAILED(result) || sink == NULL) && point->pure)
    result = IUnknown_QueryInterface(given, &IID_IDispatch, &sink);
  if (FAILED(result) || sink == NULL)
    return CONNECT_E_CANNOTCONNECT;
  result = point_add(point, sink, cookie);
  if (FAILED(result))
    IUnknown_Release((IUnknown *)sink);
  return result;
}

static HRESULT STDMETHODCALLTYPE Point_Unadvise(IConnectionPoint *face, DWORD cookie) {
  Point *point = point_of(face);
  IUnknown *sink = NULL;
  pthread_mutex_lock(&point->source->lock);
  for (unsigned i = 0; i < point->count && sink == NULL; i++) {
    if (point->sinks[i].cookie != cookie)
      continue;
    sink = point->sinks[i].face;
    point->count--;
    memmove(&point->sinks[i], &point->sinks[i + 1], (point->count - i) * sizeof(Sink));
  }
  pthread_mutex_unlock(&point->source->lock);
  if (sink == NULL)
    return CONNECT_E_NOCONNECTION;
  IUnknown_Release(sink);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Point_EnumConnections(IConnectionPoint *face, IEnumConnections **result) {
  Point *point = point_of(face);
  if (result == NULL)
    return E_POINTER;
  pthread_mutex_lock(&point->source->lock);
  Listing *listing = listing_make(&IID_IEnumConnections, point->count);
  for (unsigned i = 0; listing != NULL && i < point->count; i++)
    listing_add(listing, point->sinks[i].face, point->sinks[i].cookie);
  pthread_mutex_unlock(&point->source->lock);
  *result = (IEnumConnections *)(void *)listing;
  return listing != NULL ? S_OK : E_OUTOFMEMORY;
}

static const IConnectionPointVtbl point_vtable = { Point_QueryInterface,
                                                   Point_AddRef,
                                                   Point_Release,
                                                   Point_GetConnectionInterface,
                                                   Point_GetConnectionPointContainer,
                                                   Point_Advise,
                                                   Point_Unadvise,
                                                   Point_EnumConnections };

/* --------------------------------------------------------------------------------------------------------------- container */

static inline Source *source_of(IConnectionPointContainer *face) {
  return (Source *)(void *)face;
}

static HRESULT STDMETHODCALLTYPE Source_QueryInterface(IConnectionPointContainer *face, REFIID iid, void **result) {
  return object_query(source_of(face)->object, iid, result);
}

static ULONG STDMETHODCALLTYPE Source_AddRef(IConnectionPointContainer *face) {
  return object_addref(source_of(face)->object);
}

static ULONG STDMETHODCALLTYPE Source_Release(IConnectionPointContainer *face) {
  return object_release(source_of(face)->object);
}

static HRESULT STDMETHODCALLTYPE Source_EnumConnectionPoints(IConnectionPointContainer *face,
                                                             IEnumConnectionPoints **result) {
  Source *source = source_of(face);
  if (result == NULL)
    return E_POINTER;
  Listing *listing = listing_make(&IID_IEnumConnectionPoints, source->count);
  *result = (IEnumConnectionPoints *)(void *)listing;
  if (listing == NULL)
    return E_OUTOFMEMORY;
  for (unsigned i = 0; i < source->count; i++)
    listing_add(listing, (IUnknown *)(void *)&source->points[i].face, 0);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Source_FindConnectionPoint(IConnectionPointContainer *face, REFIID iid,
                                                            IConnectionPoint **result) {
  Source *source = source_of(face);
  if (result == NULL || iid == NULL)
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

/* ----------------------------------------------------------------------------------------------------------------- making */

/* The interface `index` of a class when it is a source, with a reference; NULL. */
static ITypeInfo *source_info(ITypeInfo *class_info, UINT index) {
  INT flags = 0;
  HREFTYPE reference;
  ITypeInfo *info = NULL;
  if (FAILED(ITypeInfo_GetImplTypeFlags(class_info, index, &flags)) || !(flags & IMPLTYPEFLAG_FSOURCE) ||
      FAILED(ITypeInfo_GetRefTypeOfImplType(class_info, index, &reference)) ||
      FAILED(ITypeInfo_GetRefTypeInfo(class_info, reference, &info)))
    return NULL;
  return info;
}

static void source_destroy(Source *source) {
  for (unsigned i = 0; i < source->count; i++) {
    Point *point = &source->points[i];
    for (unsigned k = 0; k < point->count; k++)
      IUnknown_Release(point->sinks[k].face);
    ITypeInfo_Release(point->info);
    free(point->sinks);
  }
  pthread_mutex_destroy(&source->lock);
  free(source);
}

/* Takes over the reference to `info`. */
static void add_point(Source *source, ITypeInfo *info) {
  TYPEATTR *attributes = NULL;
  if (FAILED(ITypeInfo_GetTypeAttr(info, &attributes)) || attributes == NULL) {
    ITypeInfo_Release(info);
    return;
  }
  Point *point = &source->points[source->count++];
  point->face.lpVtbl = (IConnectionPointVtbl *)&point_vtable;
  point->source = source;
  point->iid = attributes->guid;
  point->info = info;
  point->dispatch = attributes->typekind == TKIND_DISPATCH ||
                    (attributes->wTypeFlags & (TYPEFLAG_FDUAL | TYPEFLAG_FDISPATCHABLE)) != 0;
  point->pure = attributes->typekind == TKIND_DISPATCH && !(attributes->wTypeFlags & TYPEFLAG_FDUAL);
  ITypeInfo_ReleaseTypeAttr(info, attributes);
}

/* NULL: no sources, or no memory. */
static Source *source_make(LuaObject *object) {
  TYPEATTR *attributes = NULL;
  if (object->class_info == NULL || FAILED(ITypeInfo_GetTypeAttr(object->class_info, &attributes)))
    return NULL;
  UINT count = attributes->cImplTypes;
  ITypeInfo_ReleaseTypeAttr(object->class_info, attributes);
  Source *source = calloc(1, sizeof *source + count * sizeof(Point));
  if (source == NULL)
    return NULL;
  source->face.lpVtbl = (IConnectionPointContainerVtbl *)&source_vtable;
  source->object = object;
  static _Atomic uint64_t last_serial;
  source->serial = atomic_fetch_add(&last_serial, 1) + 1;
  pthread_mutex_init(&source->lock, NULL);
  for (UINT i = 0; i < count; i++) {
    ITypeInfo *info = source_info(object->class_info, i);
    if (info != NULL)
      add_point(source, info);
  }
  if (source->count != 0)
    return source;
  source_destroy(source);
  return NULL;
}

static Source *source_get(LuaObject *object) {
  void *known = atomic_load(&object->source);
  if (known != NULL || object->class_info == NULL)
    return known;
  Source *source = source_make(object);
  if (source != NULL && !atomic_compare_exchange_strong(&object->source, &known, (void *)source)) {
    source_destroy(source); /* another thread was faster */
    return known;
  }
  return source;
}

HRESULT source_query(LuaObject *object, REFIID iid, void **face) {
  if (!IsEqualGUID(iid, &IID_IConnectionPointContainer))
    return E_NOINTERFACE;
  Source *source = source_get(object);
  if (source == NULL)
    return E_NOINTERFACE;
  *face = &source->face;
  object_addref(object);
  return S_OK;
}

void source_free(LuaObject *object) {
  Source *source = atomic_load(&object->source);
  if (source != NULL)
    source_destroy(source);
}

/* ----------------------------------------------------------------------------------------------------------------- for Lua */

/* The object that is, or is made of, the value at `index`, with a reference; NULL. */
static LuaObject *own_object_at(lua_State *L, Bridge *bridge, int index) {
  if (lua_type(L, index) == LUA_TTABLE || lua_type(L, index) == LUA_TFUNCTION)
    return object_of_table(L, bridge->token, index);
  Handle *handle = handle_check(L, index, "com.fire");
  LuaObject *object = object_of(handle->face);
  if (object != NULL)
    object_addref(object);
  return object;
}

/* event_points(o): list of the type information of its source interfaces; nil when it is no object written in Lua (yet) */
static int core_event_points(lua_State *L) {
  Bridge *bridge = bridge_get(L);
  bridge_enter(L, bridge);
  LuaObject *object = own_object_at(L, bridge, 1);
  if (object == NULL) {
    lua_pushnil(L);
    return 1;
  }
  Source *source = source_get(object);
  lua_newtable(L);
  for (unsigned i = 0; source != NULL && i < source->count; i++) {
    ITypeInfo_AddRef(source->points[i].info);
    typeinfo_push(L, bridge, source->points[i].info);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  object_release(object);
  return 1;
}

/* event_serial(o): a number of its connection points, under which facts about them can be remembered; nil for none */
static int core_event_serial(lua_State *L) {
  Bridge *bridge = bridge_get(L);
  bridge_enter(L, bridge);
  LuaObject *object = own_object_at(L, bridge, 1);
  Source *source = object != NULL ? source_get(object) : NULL;
  if (source != NULL)
    lua_pushinteger(L, (lua_Integer)source->serial);
  else
    lua_pushnil(L);
  if (object != NULL)
    object_release(object);
  return 1;
}

static void push_sink(lua_State *L, Bridge *bridge, const Point *point, IUnknown *sink) {
  Arrival arrival = { .iid = &point->iid,
                      .dispatch = point->dispatch,
                      .custom = !point->dispatch,
                      .info = point->info,
                      .attached = true,
                      .client_view = true };
  handle_push(L, bridge, sink, &arrival);
}

/* event_sinks(o, point number): handle, cookie, handle, cookie ... of those who listen now */
static int core_event_sinks(lua_State *L) {
  Bridge *bridge = bridge_get(L);
  LuaObject *object = own_object_at(L, bridge, 1);
  lua_Integer number = luaL_checkinteger(L, 2);
  Source *source = object != NULL ? source_get(object) : NULL;
  lua_newtable(L);
  if (source != NULL && number >= 1 && number <= source->count) {
    Point *point = &source->points[number - 1];
    lua_Integer place = 0;
    DWORD last = 0;
    for (bool more = true; more;) { /* cookies grow: the list may change while handles are made */
      IUnknown *sink = NULL;
      pthread_mutex_lock(&source->lock);
      for (unsigned i = 0; i < point->count && sink == NULL; i++) {
        if (point->sinks[i].cookie <= last)
          continue;
        sink = point->sinks[i].face;
        last = point->sinks[i].cookie;
        IUnknown_AddRef(sink);
      }
      pthread_mutex_unlock(&source->lock);
      more = sink != NULL;
      if (more) {
        push_sink(L, bridge, point, sink);
        lua_rawseti(L, 3, ++place);
        lua_pushinteger(L, last);
        lua_rawseti(L, 3, ++place);
      }
    }
  }
  if (object != NULL)
    object_release(object);
  return 1;
}

/* event_connected(o, point number, cookie) */
static int core_event_connected(lua_State *L) {
  LuaObject *object = own_object_at(L, bridge_get(L), 1);
  lua_Integer number = luaL_checkinteger(L, 2), cookie = luaL_checkinteger(L, 3);
  Source *source = object != NULL ? source_get(object) : NULL;
  bool connected = false;
  if (source != NULL && number >= 1 && number <= source->count) {
    Point *point = &source->points[number - 1];
    pthread_mutex_lock(&source->lock);
    for (unsigned i = 0; i < point->count; i++)
      connected |= point->sinks[i].cookie == (DWORD)cookie;
    pthread_mutex_unlock(&source->lock);
  }
  if (object != NULL)
    object_release(object);
  lua_pushboolean(L, connected);
  return 1;
}

/* event_drop(o, point number, cookie): a listener that is gone */
static int core_event_drop(lua_State *L) {
  LuaObject *object = own_object_at(L, bridge_get(L), 1);
  lua_Integer number = luaL_checkinteger(L, 2), cookie = luaL_checkinteger(L, 3);
  Source *source = object != NULL ? source_get(object) : NULL;
  if (source != NULL && number >= 1 && number <= source->count)
    Point_Unadvise(&source->points[number - 1].face, (DWORD)cookie);
  if (object != NULL)
    object_release(object);
  return 0;
}

const luaL_Reg core_source_functions[] = {
  { "event_points", core_event_points }, { "event_serial", core_event_serial },
  { "event_sinks", core_event_sinks },   { "event_connected", core_event_connected },
  { "event_drop", core_event_drop },     { NULL, NULL }
};
