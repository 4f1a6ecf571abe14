/* events_source.c - connection points of objects written in Lua: one for each source interface of the object's class, or for
 * the one that its table declares by __events.
 * Firing is done in lua/oleander/events.lua, which calls each listener as a client calls any object. */
#include "activation/activation_api.h"
#include "bridge/objects/events_internal.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* What a connection point raises. */
typedef struct EventType {
  IID iid;
  ITypeInfo *info;
  bool dispatch, pure; /* pure: a dispinterface without a vtable */
} EventType;

typedef struct Source {
  ConnectionPoints *points;
  uint64_t serial; /* different for each */
  unsigned count;
  EventType types[];
} Source;

static HRESULT query(void *object, REFIID iid, void **result) {
  return lua_object_query(object, iid, result);
}

static ULONG addref(void *object) {
  return lua_object_addref(object);
}

static ULONG release(void *object) {
  return lua_object_release(object);
}

static bool takes_dispatch(void *self, UINT index) {
  const LuaObject *object = self;
  const Source *source = atomic_load(&object->source);
  return source->types[index].pure;
}

static const ConnectionOwner owner = { query, addref, release, takes_dispatch };

/* making */

/* The interface `index` of a class when it is a source, with a reference; NULL. */
static ITypeInfo *source_info(ITypeInfo *class_info, UINT index) {
  ITypeInfo *info = NULL;
  if (typeinfo_implemented_flags(class_info, index) & IMPLTYPEFLAG_FSOURCE)
    typeinfo_get_implemented(class_info, index, &info);
  return info;
}

static void source_destroy(Source *source) {
  if (source->points)
    connection_points_free(source->points);
  for (unsigned i = 0; i < source->count; i++)
    ITypeInfo_Release(source->types[i].info);
  free(source);
}

/* Takes over the reference to `info`. */
static void add_type(Source *source, ITypeInfo *info) {
  TYPEATTR attributes;
  if (FAILED(typeinfo_copy_attributes(info, &attributes))) {
    ITypeInfo_Release(info);
    return;
  }
  bool dispinterface = attributes.typekind == TKIND_DISPATCH;
  bool dispatch = dispinterface || (attributes.wTypeFlags & (TYPEFLAG_FDUAL | TYPEFLAG_FDISPATCHABLE)) != 0;
  bool pure = dispinterface && !(attributes.wTypeFlags & TYPEFLAG_FDUAL);
  source->types[source->count++] = (EventType){ attributes.guid, info, dispatch, pure };
}

#define SOURCE_LIMIT 256 /* interfaces of a class: more than any has, for type information that lies */

static UINT implemented_count(ITypeInfo *class_info) {
  TYPEATTR attributes;
  if (FAILED(typeinfo_copy_attributes(class_info, &attributes)))
    return 0;
  return attributes.cImplTypes < SOURCE_LIMIT ? attributes.cImplTypes : SOURCE_LIMIT;
}

static void add_points(Source *source, LuaObject *object) {
  IID *iids = malloc((source->count + 1) * sizeof *iids);
  for (unsigned i = 0; iids && i < source->count; i++)
    iids[i] = source->types[i].iid;
  if (iids && source->count != 0)
    source->points = connection_points_create(&owner, object, iids, source->count);
  free(iids);
}

/* NULL: no sources, or no memory. */
static Source *source_make(LuaObject *object) {
  static _Atomic uint64_t last_serial;
  UINT count = object->class_info ? implemented_count(object->class_info) : 1;
  Source *source = calloc(1, sizeof *source + count * sizeof(EventType));
  if (!source)
    return NULL;
  source->serial = atomic_fetch_add(&last_serial, 1) + 1;
  for (UINT i = 0; object->class_info && i < count; i++) {
    ITypeInfo *info = source_info(object->class_info, i);
    if (info)
      add_type(source, info);
  }
  if (!object->class_info) {
    ITypeInfo_AddRef(object->events);
    add_type(source, object->events);
  }
  add_points(source, object);
  if (source->points)
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
  *face = connection_points_container(source->points);
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

/* The source whose connection point has the number that is the second argument; NULL: it has none. */
static Source *point_at(lua_State *L, UINT *point) {
  Source *source = source_at(L);
  lua_Integer number = luaL_checkinteger(L, 2);
  *point = (UINT)number - 1;
  return source && number >= 1 && number <= source->count ? source : NULL;
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
    ITypeInfo_AddRef(source->types[i].info);
    typeinfo_push(L, bridge, source->types[i].info);
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
static void push_sink(lua_State *L, Bridge *bridge, const EventType *type, IUnknown *sink) {
  Arrival arrival = { .iid = &type->iid,
                      .dispatch = type->dispatch,
                      .custom = !type->dispatch,
                      .info = type->info,
                      .attached = true,
                      .client_view = true,
                      .flags = HANDLE_BY_ID };
  handle_push(L, bridge, sink, &arrival);
}

/* The listener that came after those of which the serial is the newest, as a reference to its sink; false: there is none. */
static bool next_sink(const Source *source, UINT point, uint64_t *serial, IUnknown **sink, DWORD *cookie) {
  Listener *listener = connection_points_after(source->points, point, *serial);
  if (!listener)
    return false;
  *serial = listener->serial;
  *cookie = listener->cookie;
  *sink = listener->sink;
  IUnknown_AddRef(*sink);
  listener_release(listener);
  return true;
}

static int list_sinks(lua_State *L) {
  Bridge *bridge = bridge_get(L);
  UINT point;
  const Source *source = point_at(L, &point);
  lua_Integer place = 0;
  uint64_t serial = 0;
  IUnknown *sink;
  DWORD cookie;
  lua_newtable(L);
  int list = lua_gettop(L);
  while (source && next_sink(source, point, &serial, &sink, &cookie)) {
    push_sink(L, bridge, &source->types[point], sink);
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
  UINT point;
  const Source *source = point_at(L, &point);
  lua_Integer cookie = luaL_checkinteger(L, 3);
  lua_pushboolean(L, source && connection_points_has(source->points, point, (DWORD)cookie));
  return 1;
}

/* event_connected(o, point number, cookie) */
static int core_event_connected(lua_State *L) {
  return with_object(L, push_connected);
}

static int drop_connection(lua_State *L) {
  UINT point;
  const Source *source = point_at(L, &point);
  lua_Integer cookie = luaL_checkinteger(L, 3);
  if (source)
    connection_points_drop(source->points, point, (DWORD)cookie);
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
