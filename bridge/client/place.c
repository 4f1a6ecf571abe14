/* place.c - where objects live: references as bytes, the process of an object and its end, how long calls may take
 * (lua/oleander/place.lua). */
#include "bridge/client/client.h"
#include "activation/activation_api.h"
#include "remote/remote_api.h"

#include <ole2.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* References as bytes */

/* Which interface the reference is for: the one that the script sees, where it can travel. */
static const IID *seen_interface(const Handle *handle) {
  if (handle->view->route == ROUTE_VTABLE)
    return &handle->view->iid;
  return handle->dispatch ? &IID_IDispatch : &IID_IUnknown;
}

static HRESULT marshal_to(IStream *stream, Handle *handle, DWORD flags) {
  const IID *iid = seen_interface(handle);
  HRESULT result = CoMarshalInterface(stream, iid, handle->face, MSHCTX_LOCAL, NULL, flags);
  if (result == REGDB_E_IIDNOTREG && handle->dispatch && !IsEqualIID(iid, &IID_IDispatch))
    result = CoMarshalInterface(stream, &IID_IDispatch, handle->face, MSHCTX_LOCAL, NULL, flags);
  return result;
}

static int push_stream(lua_State *L) {
  IStream *stream = lua_touserdata(L, 1);
  HGLOBAL block = NULL;
  ULARGE_INTEGER end;
  LARGE_INTEGER zero = { .QuadPart = 0 };
  HRESULT result = IStream_Seek(stream, zero, STREAM_SEEK_CUR, &end);
  if (SUCCEEDED(result))
    result = GetHGlobalFromStream(stream, &block);
  if (FAILED(result))
    return raise_status(L, result, "com.marshal");
  lua_pushlstring(L, block, (size_t)end.QuadPart);
  return 1;
}

/* marshal(o, for a table): the bytes of a reference */
static int core_marshal(lua_State *L) {
  Handle *handle = handle_check(L, 1, "com.marshal");
  Bridge *bridge = handle->bridge;
  bridge_enter(L, bridge);
  DWORD flags = lua_toboolean(L, 2) ? MSHLFLAGS_TABLESTRONG : MSHLFLAGS_NORMAL;
  IStream *stream = NULL;
  HRESULT result = CreateStreamOnHGlobal(NULL, TRUE, &stream);
  if (FAILED(result))
    return raise_status(L, result, "com.marshal");
  handle->busy++;
  bridge_leave(bridge);
  result = marshal_to(stream, handle, flags);
  bridge_return(bridge);
  handle_leave(handle);
  bool pushed = SUCCEEDED(result) && bridge_protected(L, push_stream, stream, 1);
  IStream_Release(stream);
  if (FAILED(result)) {
    raise_pending(L, bridge);
    return raise_text(L, result, "com.marshal", "the object cannot be reached from other processes");
  }
  return pushed ? 1 : lua_error(L);
}

/* A stream over the bytes at `index`, which stay there. */
static HRESULT stream_over(lua_State *L, int index, IStream **stream) {
  size_t size;
  ULONG written = 0;
  LARGE_INTEGER zero = { .QuadPart = 0 };
  const char *bytes = lua_tolstring(L, index, &size);
  HRESULT result = size <= UINT32_MAX ? CreateStreamOnHGlobal(NULL, TRUE, stream) : E_INVALIDARG;
  if (FAILED(result))
    return result;
  result = IStream_Write(*stream, bytes, (ULONG)size, &written);
  if (SUCCEEDED(result))
    result = IStream_Seek(*stream, zero, STREAM_SEEK_SET, NULL);
  if (FAILED(result))
    IStream_Release(*stream);
  return result;
}

static void check_bytes(lua_State *L, const char *function) {
  if (lua_type(L, 1) != LUA_TSTRING)
    raise_argument(L, E_INVALIDARG, function, 1, "the bytes that com.marshal gave are wanted, not %s",
                   value_type_name(L, 1));
}

/* The interface that a reference is for ([MS-DCOM] 2.2.18). */
static const IID *interface_in(const char *bytes, size_t size, IID *iid) {
  if (size < 8 + sizeof *iid)
    return NULL;
  memcpy(iid, bytes + 8, sizeof *iid);
  return iid;
}

/* unmarshal(bytes) */
static int core_unmarshal(lua_State *L) {
  Bridge *bridge = bridge_get(L);
  bridge_enter(L, bridge);
  check_bytes(L, "com.unmarshal");
  size_t size;
  IID iid;
  const char *bytes = lua_tolstring(L, 1, &size);
  Arrival arrival = { .iid = interface_in(bytes, size, &iid), .client_view = true };
  arrival.dispatch = arrival.iid && IsEqualIID(arrival.iid, &IID_IDispatch);
  IStream *stream = NULL;
  void *object = NULL;
  HRESULT result = stream_over(L, 1, &stream);
  if (SUCCEEDED(result)) {
    bridge_leave(bridge);
    result = CoUnmarshalInterface(stream, &IID_NULL, &object);
    IStream_Release(stream);
    bridge_return(bridge);
  }
  if (FAILED(result)) {
    raise_pending(L, bridge);
    return raise_status(L, result, "com.unmarshal");
  }
  handle_push(L, bridge, object, &arrival);
  return 1;
}

/* end_reference(bytes): nobody will unmarshal them any more */
static int core_end_reference(lua_State *L) {
  Bridge *bridge = bridge_get(L);
  bridge_enter(L, bridge);
  check_bytes(L, "com.release");
  IStream *stream = NULL;
  HRESULT result = stream_over(L, 1, &stream);
  if (SUCCEEDED(result)) {
    bridge_leave(bridge);
    result = CoReleaseMarshalData(stream);
    IStream_Release(stream);
    bridge_return(bridge);
  }
  return FAILED(result) ? raise_status(L, result, "com.release") : 0;
}

/* Where it is */

bool handle_is_elsewhere(Handle *handle) {
  if (!(handle->flags & HANDLE_PLACED)) {
    RemotePlace place;
    remote_place(handle->face, &place);
    handle->flags |= HANDLE_PLACED | (place.process ? HANDLE_ELSEWHERE : 0);
  }
  return (handle->flags & HANDLE_ELSEWHERE) != 0;
}

/* place(o): "inproc" | "local" | "remote"; process and path of its program or nil; of another host its address */
static int core_place(lua_State *L) {
  Handle *handle = handle_check(L, 1, "com.where");
  RemotePlace place;
  char path[1024];
  remote_place(handle->face, &place);
  lua_pushstring(L, place.host ? "remote" : place.process ? "local" : "inproc");
  if (place.host) {
    lua_pushstring(L, place.name);
    return 2;
  }
  if (!place.process || place.pid == 0)
    return 1;
  lua_pushinteger(L, (lua_Integer)place.pid);
  ssize_t length = readlink(lua_pushfstring(L, "/proc/%I/exe", (LUAI_UACINT)place.pid), path, sizeof path);
  lua_pop(L, 1);
  if (length > 0)
    lua_pushlstring(L, path, (size_t)length);
  else
    lua_pushnil(L);
  return 3;
}

/* Its end */

static const char death_tag = 0;

/* What hears of it outlives the state; the userdata is what the script holds. */
typedef struct DeathWatch {
  RemoteWatch watch;
  Notice notice;
  Token *token;
} DeathWatch;

typedef struct Death {
  const char *tag;
  DeathWatch *watch; /* NULL: over */
} Death;

static void death_free(DeathWatch *watch) {
  token_release(watch->token);
  free(watch);
}

static void death_taken(Notice *notice) {
  death_free((DeathWatch *)(void *)((char *)notice - offsetof(DeathWatch, notice)));
}

static void death_came(RemoteWatch *watch) {
  DeathWatch *death = (DeathWatch *)(void *)watch;
  token_notify(death->token, &death->notice);
}

/* Whoever ends it frees it; else the notice does. */
static bool death_end(Death *death) {
  DeathWatch *watch = death->watch;
  death->watch = NULL;
  if (!watch || !remote_unwatch(&watch->watch))
    return false;
  death_free(watch);
  return true;
}

static int death_gc(lua_State *L) {
  Death *death = tagged(L, 1, &death_tag, sizeof *death);
  if (death)
    death_end(death);
  return 0;
}

/* watch_end(o, number): take_notice gives the number when the process of the object has gone. Gives what ends the watch; or
 * false: it has gone already; nil: it is in no other process. */
static int core_watch_end(lua_State *L) {
  Handle *handle = handle_check(L, 1, "com.on_disconnect");
  lua_Integer number = luaL_checkinteger(L, 2);
  Token *token = token_get(L, handle->bridge);
  Death *death = lua_newuserdatauv(L, sizeof *death, 0);
  *death = (Death){ &death_tag, NULL };
  lua_rawgetp(L, LUA_REGISTRYINDEX, &death_tag);
  lua_setmetatable(L, -2);
  DeathWatch *watch = calloc(1, sizeof *watch);
  if (!watch)
    return raise_status(L, E_OUTOFMEMORY, "com.on_disconnect");
  watch->watch.gone = death_came;
  watch->notice.number = number;
  watch->notice.taken = death_taken;
  watch->token = token_addref(token);
  HRESULT result = remote_watch(handle->face, &watch->watch);
  if (result == S_OK) {
    death->watch = watch;
    return 1;
  }
  death_free(watch);
  if (result == S_FALSE)
    lua_pushboolean(L, false);
  else
    lua_pushnil(L);
  return 1;
}

/* unwatch_end(watch): whether it was going on */
static int core_unwatch_end(lua_State *L) {
  Death *death = tagged(L, 1, &death_tag, sizeof *death);
  lua_pushboolean(L, death && death_end(death));
  return 1;
}

/* The COM service */

static int push_bytes(lua_State *L) {
  const struct {
    uint8_t *bytes;
    size_t size;
  } *answer = lua_touserdata(L, 1);
  lua_pushlstring(L, (const char *)answer->bytes, answer->size);
  return 1;
}

static int push_answer(lua_State *L, HRESULT (*ask)(uint8_t **bytes, size_t *size)) {
  Bridge *bridge = bridge_get(L);
  struct {
    uint8_t *bytes;
    size_t size;
  } answer;
  bridge_enter(L, bridge);
  bridge_leave(bridge);
  HRESULT result = ask(&answer.bytes, &answer.size);
  bridge_return(bridge);
  if (FAILED(result))
    return raise_status(L, result, "com.processes");
  if (result == S_FALSE)
    return 0;
  bool pushed = bridge_protected(L, push_bytes, &answer, 1);
  free(answer.bytes);
  return pushed ? 1 : lua_error(L);
}

/* service_status(): what the COM service answers (broker_api.h, BROKER_STATUS); nil: none runs */
static int core_service_status(lua_State *L) {
  return push_answer(L, local_status);
}

/* service_facts(): what it answers to BROKER_ASK_ALL */
static int core_service_facts(lua_State *L) {
  return push_answer(L, local_facts);
}

static HRESULT name_of_moniker(IStream *stream, OLECHAR **name) {
  IMoniker *moniker = NULL;
  IBindCtx *context = NULL;
  HRESULT result = OleLoadFromStream(stream, &IID_IMoniker, (void **)&moniker);
  if (FAILED(result))
    return result;
  result = CreateBindCtx(0, &context);
  if (SUCCEEDED(result)) {
    result = IMoniker_GetDisplayName(moniker, context, NULL, name);
    IBindCtx_Release(context);
  }
  IMoniker_Release(moniker);
  return result;
}

/* moniker_name(bytes): of a moniker that was saved; nil */
static int core_moniker_name(lua_State *L) {
  OLECHAR *name = NULL;
  IStream *stream = NULL;
  luaL_checkstring(L, 1);
  HRESULT result = stream_over(L, 1, &stream);
  if (SUCCEEDED(result)) {
    result = name_of_moniker(stream, &name);
    IStream_Release(stream);
  }
  char *text = SUCCEEDED(result) && name ? text_copy_utf8(name) : NULL;
  CoTaskMemFree(name);
  if (!text)
    return 0;
  lua_pushstring(L, text);
  free(text);
  return 1;
}

/* Deadlines */

/* set_deadline(moment of the monotonic clock in seconds, or nil): of the calls that begin from now on; gives the one before */
static int core_set_deadline(lua_State *L) {
  double moment = luaL_optnumber(L, 1, -1);
  int64_t before = remote_set_deadline(moment >= 0 && moment < 9e9 ? (int64_t)(moment * 1e9) + 1 : APARTMENT_NEVER);
  if (before == APARTMENT_NEVER)
    return 0;
  lua_pushnumber(L, (double)before * 1e-9);
  return 1;
}

void place_open_type(lua_State *L) {
  lua_createtable(L, 0, 2);
  lua_pushcfunction(L, death_gc);
  lua_setfield(L, -2, "__gc");
  lua_pushliteral(L, "oleander.watch");
  lua_setfield(L, -2, "__name");
  lua_rawsetp(L, LUA_REGISTRYINDEX, &death_tag);
}

const luaL_Reg core_place_functions[] = { { "marshal", core_marshal },
                                          { "unmarshal", core_unmarshal },
                                          { "end_reference", core_end_reference },
                                          { "place", core_place },
                                          { "watch_end", core_watch_end },
                                          { "unwatch_end", core_unwatch_end },
                                          { "set_deadline", core_set_deadline },
                                          { "service_status", core_service_status },
                                          { "service_facts", core_service_facts },
                                          { "moniker_name", core_moniker_name },
                                          { NULL, NULL } };
