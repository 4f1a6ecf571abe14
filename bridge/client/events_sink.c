/* events_sink.c - the client's side of events: what sources an object has, and a table of handlers advised to one.
 * Which interface and which handlers is decided in lua/oleander/events.lua. */
#include "bridge/client/client.h"

#include <stdlib.h>
#include <string.h>

#include "com/com_api.h"
#include "remote/remote_api.h"

static const char connection_tag = 0;

/* One Advise. Dropping it does not disconnect. */
typedef struct Connection {
  const char *tag;
  Bridge *bridge;
  IConnectionPoint *point; /* NULL once disconnected */
  DWORD cookie;
} Connection;

static int connection_gc(lua_State *L) {
  Connection *connection = tagged(L, 1, &connection_tag, sizeof *connection);
  if (connection && connection->point)
    bridge_defer_release(connection->bridge, (IUnknown *)connection->point);
  if (connection)
    connection->point = NULL;
  return 0;
}

/* A connection that can be filled without an allocation. */
static Connection *connection_push(lua_State *L, Bridge *bridge) {
  Connection *connection = lua_newuserdatauv(L, sizeof *connection, 0);
  memset(connection, 0, sizeof *connection);
  connection->tag = &connection_tag;
  connection->bridge = bridge;
  lua_rawgetp(L, LUA_REGISTRYINDEX, &connection_tag);
  lua_setmetatable(L, -2);
  return connection;
}

static HRESULT find_point(Handle *handle, REFIID iid, IConnectionPoint **point) {
  IConnectionPointContainer *container = NULL;
  HRESULT result = handle_query(handle, &IID_IConnectionPointContainer, (void **)&container);
  if (FAILED(result))
    return result;
  result = IConnectionPointContainer_FindConnectionPoint(container, iid, point);
  IConnectionPointContainer_Release(container);
  return SUCCEEDED(result) && !*point ? E_POINTER : result;
}

/* Why the source does not take listeners: as far as that is known. Freed by SysFreeString. */
static BSTR refusal_reason(void) {
  IErrorInfo *info = NULL;
  BSTR text = NULL;
  if (GetErrorInfo(0, &info) != S_OK || !info)
    return NULL;
  IErrorInfo_GetDescription(info, &text);
  IErrorInfo_Release(info);
  return text;
}

static int raise_refusal(lua_State *L, Handle *handle, HRESULT result, BSTR reason) {
  RemotePlace place;
  const char *iid = lua_tostring(L, 2), *why = "";
  remote_place(handle->face, &place);
  char *said = reason && place.host ? utf8_copy(reason) : NULL;
  SysFreeString(reason);
  if (!said && place.host && (result == HRESULT_FROM_WIN32(RPC_S_SERVER_UNAVAILABLE) || result == RPC_E_TIMEOUT))
    why = "the other host cannot connect to this one, which events have to come to (a firewall between them?)";
  lua_pushstring(L, said ? said : why);
  free(said);
  const char *text = lua_tostring(L, -1);
  return raise_text(L, result, "com.connect", "the object does not take listeners for %s%s%s", iid, *text ? ": " : "",
                    text);
}

/* advise(o, iid text, type information of the source, table): a connection */
static int core_advise(lua_State *L) {
  Handle *handle = handle_check(L, 1, "com.connect");
  Bridge *bridge = handle->view->bridge;
  IID iid;
  bridge_enter(L, bridge);
  lua_settop(L, 4);
  luaL_checktype(L, 4, LUA_TTABLE);
  if (!guid_from_text(luaL_checkstring(L, 2), &iid))
    return raise_argument(L, E_INVALIDARG, "com.connect", 2, "an IID in braces is wanted");
  ITypeInfo *info = lua_isnil(L, 3) ? NULL : typeinfo_check(L, 3);
  Connection *connection = connection_push(L, bridge);
  token_get(L, bridge);
  if (!bridge_reserve_release(bridge))
    return raise_status(L, E_OUTOFMEMORY, "com.connect");
  IConnectionPoint *point = NULL;
  void *sink = NULL;
  DWORD cookie = 0;
  HRESULT result = bridge->wrap_table(L, bridge, 4, &iid, info, NULL, &sink);
  bridge_leave(bridge);
  if (SUCCEEDED(result))
    result = find_point(handle, &iid, &point);
  if (SUCCEEDED(result))
    result = IConnectionPoint_Advise(point, (IUnknown *)sink, &cookie);
  BSTR reason = FAILED(result) ? refusal_reason() : NULL;
  if (FAILED(result) && point)
    IConnectionPoint_Release(point);
  if (sink)
    IUnknown_Release((IUnknown *)sink);
  bridge_return(bridge);
  if (FAILED(result)) {
    bridge_unreserve_release(bridge);
    if (bridge->pending_error)
      SysFreeString(reason);
    raise_pending(L, bridge);
    return raise_refusal(L, handle, result, reason);
  }
  connection->point = point;
  connection->cookie = cookie;
  raise_pending(L, bridge);
  return 1;
}

/* The source has dropped its listeners by itself, or has gone with its process: then nothing is left to do. */
static bool source_has_left(HRESULT result) {
  return result == CONNECT_E_NOCONNECTION || result == RPC_E_DISCONNECTED || result == CO_E_OBJNOTCONNECTED ||
         result == RPC_E_SERVER_DIED || result == RPC_E_SERVER_DIED_DNE ||
         result == HRESULT_FROM_WIN32(RPC_S_SERVER_UNAVAILABLE) || result == HRESULT_FROM_WIN32(RPC_S_CALL_FAILED) ||
         result == HRESULT_FROM_WIN32(RPC_S_CALL_FAILED_DNE);
}

/* unadvise(connection): false when it was closed before */
static int core_unadvise(lua_State *L) {
  Connection *connection = tagged(L, 1, &connection_tag, sizeof *connection);
  if (!connection)
    return raise_argument(L, E_INVALIDARG, "connection:close", 1, "a connection is wanted, not %s",
                          value_type_name(L, 1));
  IConnectionPoint *point = connection->point;
  if (!point) {
    lua_pushboolean(L, false);
    return 1;
  }
  Bridge *bridge = connection->bridge;
  connection->point = NULL;
  bridge_unreserve_release(bridge);
  bridge_leave(bridge);
  HRESULT result = IConnectionPoint_Unadvise(point, connection->cookie);
  IConnectionPoint_Release(point);
  bridge_return(bridge);
  raise_pending(L, bridge);
  if (FAILED(result) && !source_has_left(result))
    return raise_status(L, result, "connection:close");
  lua_pushboolean(L, true);
  return 1;
}

/* sources of an object */

static HRESULT next_point(IEnumConnectionPoints *points, IID *iid) {
  IConnectionPoint *point = NULL;
  ULONG fetched = COUNT_UNTOUCHED;
  HRESULT result = IEnumConnectionPoints_Next(points, 1, &point, &fetched);
  if (next_count(result, fetched) == 0 || !point)
    return S_FALSE;
  result = IConnectionPoint_GetConnectionInterface(point, iid);
  IConnectionPoint_Release(point);
  return result;
}

#define SOURCE_LIMIT 256

/* sources(o): list of the IIDs of its connection points; nil when it has no events */
static int core_sources(lua_State *L) {
  Handle *handle = handle_check(L, 1, "com.show_events");
  Bridge *bridge = handle->view->bridge;
  bridge_enter(L, bridge);
  IID *iids = lua_newuserdatauv(L, SOURCE_LIMIT * sizeof *iids, 0);
  IConnectionPointContainer *container = NULL;
  IEnumConnectionPoints *points = NULL;
  int count = 0;
  bridge_leave(bridge);
  HRESULT result = handle_query(handle, &IID_IConnectionPointContainer, (void **)&container);
  bool has = SUCCEEDED(result) && container;
  if (has) {
    result = IConnectionPointContainer_EnumConnectionPoints(container, &points);
    while (SUCCEEDED(result) && points && count < SOURCE_LIMIT && next_point(points, &iids[count]) == S_OK)
      count++;
    if (points)
      IEnumConnectionPoints_Release(points);
    IConnectionPointContainer_Release(container);
  }
  bridge_return(bridge);
  raise_pending(L, bridge);
  if (!has) {
    lua_pushnil(L);
    return 1;
  }
  lua_createtable(L, count, 0);
  for (int i = 0; i < count; i++) {
    guid_push(L, &iids[i]);
    lua_rawseti(L, -2, i + 1);
  }
  return 1;
}

/* class_info(o): the type information of its class or nil, IID of its default source or nil */
static int core_class_info(lua_State *L) {
  Handle *handle = handle_check(L, 1, "com.connect");
  Bridge *bridge = handle->view->bridge;
  bridge_enter(L, bridge);
  IProvideClassInfo *provider = NULL;
  IProvideClassInfo2 *second = NULL;
  ITypeInfo *info = NULL;
  GUID guid = GUID_NULL;
  bool has_guid = false;
  bridge_leave(bridge);
  if (SUCCEEDED(handle_query(handle, &IID_IProvideClassInfo2, (void **)&second)) && second) {
    has_guid = IProvideClassInfo2_GetGUID(second, GUIDKIND_DEFAULT_SOURCE_DISP_IID, &guid) == S_OK;
    if (FAILED(IProvideClassInfo2_GetClassInfo(second, &info)))
      info = NULL;
    IProvideClassInfo2_Release(second);
  } else if (SUCCEEDED(handle_query(handle, &IID_IProvideClassInfo, (void **)&provider)) && provider) {
    if (FAILED(IProvideClassInfo_GetClassInfo(provider, &info)))
      info = NULL;
    IProvideClassInfo_Release(provider);
  }
  bridge_return(bridge);
  if (info)
    typeinfo_push(L, bridge, info);
  else
    lua_pushnil(L);
  raise_pending(L, bridge);
  if (has_guid && !IsEqualGUID(&guid, &GUID_NULL))
    guid_push(L, &guid);
  else
    lua_pushnil(L);
  return 2;
}

/* is_called_out(): whether a call to another object is running, at whose return an error will be raised again */
static int core_is_called_out(lua_State *L) {
  Token *token = bridge_get(L)->token;
  lua_pushboolean(L, token && token->outgoing != 0);
  return 1;
}

const luaL_Reg core_sink_functions[] = {
  { "advise", core_advise },         { "unadvise", core_unadvise },           { "sources", core_sources },
  { "class_info", core_class_info }, { "is_called_out", core_is_called_out }, { NULL, NULL }
};

void sink_open_type(lua_State *L) {
  static const luaL_Reg methods[] = { { "__gc", connection_gc }, { NULL, NULL } };
  lua_createtable(L, 0, 2);
  luaL_setfuncs(L, methods, 0);
  lua_pushliteral(L, "oleander.connection");
  lua_setfield(L, -2, "__name");
  lua_rawsetp(L, LUA_REGISTRYINDEX, &connection_tag);
}
