/* stream.c - an IStream that reads and writes as Lua's files do. */
#include "bridge/storage/storage.h"

#include "com/com_api.h"

#include <shlwapi.h>
#include <string.h>

const HeldKind stream_kind = { "a stream", "oleander.Stream" };

typedef struct StreamPush {
  Bridge *bridge;
  IStream *stream;
} StreamPush;

static int push_body(lua_State *L) {
  StreamPush *push = lua_touserdata(L, 1);
  Held *held = held_push(L, push->bridge, &stream_kind);
  held->face = (IUnknown *)push->stream;
  push->stream = NULL;
  return 1;
}

void stream_push(lua_State *L, Bridge *bridge, IStream *stream) {
  StreamPush push = { bridge, stream };
  bool pushed = bridge_protected(L, push_body, &push, 1);
  if (push.stream)
    IStream_Release(push.stream);
  if (!pushed)
    lua_error(L);
}

const OLECHAR *wide_check(lua_State *L, int index, const char *subject, const char *wanted) {
  size_t length;
  int place = strchr(subject, ':') ? index - 1 : index; /* the object is not counted */
  if (lua_type(L, index) != LUA_TSTRING)
    raise_argument(L, E_INVALIDARG, subject, place, "%s is wanted, not %s", wanted, value_type_name(L, index));
  const char *text = lua_tolstring(L, index, &length);
  if (memchr(text, 0, length))
    raise_argument(L, E_INVALIDARG, subject, place, "%s has no zero bytes in it", wanted);
  size_t units = utf16_length(text, length);
  if (units == UNICODE_INVALID)
    raise_argument(L, E_INVALIDARG, subject, place, "%s is UTF-8, and this is not", wanted);
  OLECHAR *wide = lua_newuserdatauv(L, (units + 1) * sizeof *wide, 0);
  utf16_from_utf8(text, length, wide);
  wide[units] = 0;
  return wide;
}

HRESULT attempt_collected(lua_State *L, Bridge *bridge, HRESULT (*attempt)(void *), void *argument) {
  HRESULT status = S_OK;
  for (int round = 0; round < 2; round++) {
    bridge_leave(bridge);
    status = attempt(argument);
    bridge_return(bridge);
    bool busy = status == STG_E_ACCESSDENIED || status == STG_E_SHAREVIOLATION || status == STG_E_LOCKVIOLATION;
    if (!busy || round > 0 || !lua_gc(L, LUA_GCISRUNNING))
      break;
    lua_gc(L, LUA_GCCOLLECT);
    bridge_drain(L, bridge);
  }
  return status;
}

/* Making */

/* stream_new(): empty, in memory; it grows */
static int core_stream_new(lua_State *L) {
  Bridge *bridge = bridge_get(L);
  bridge_enter(L, bridge);
  Held *held = held_push(L, bridge, &stream_kind);
  HRESULT status = CreateStreamOnHGlobal(NULL, TRUE, (IStream **)&held->face);
  return FAILED(status) ? raise_status(L, status, "com.stream") : 1;
}

typedef struct FileOpening {
  const OLECHAR *path;
  DWORD mode;
  bool create;
  IStream *stream;
} FileOpening;

static HRESULT open_file(void *argument) {
  FileOpening *opening = argument;
  return SHCreateStreamOnFileEx(opening->path, opening->mode, 0, opening->create, NULL, &opening->stream);
}

/* stream_open(path, STGM) */
static int core_stream_open(lua_State *L) {
  Bridge *bridge = bridge_get(L);
  bridge_enter(L, bridge);
  lua_settop(L, 2);
  FileOpening opening = { .mode = (DWORD)luaL_checkinteger(L, 2) };
  opening.path = wide_check(L, 1, "com.stream", "the path of a file");
  Held *held = held_push(L, bridge, &stream_kind);
  HRESULT status = attempt_collected(L, bridge, open_file, &opening);
  if (FAILED(status))
    return raise_text(L, status, "com.stream", "%s: %s", lua_tostring(L, 1), oleander_hresult_text(status));
  held->face = (IUnknown *)opening.stream;
  return 1;
}

/* stream_wrap(object): the object's IStream */
static int core_stream_wrap(lua_State *L) {
  Bridge *bridge = bridge_get(L);
  bridge_enter(L, bridge);
  luaL_checkany(L, 1);
  Held *held = held_push(L, bridge, &stream_kind);
  HRESULT status = interface_at(L, 1, &IID_IStream, (void **)&held->face);
  if (status == S_FALSE)
    return raise_argument(L, E_INVALIDARG, "com.stream", 1,
                          "bytes, a path or an object that is a stream is wanted, not %s", value_type_name(L, 1));
  if (FAILED(status))
    return raise_text(L, status, "com.stream", "%s is no stream (IStream)", value_type_name(L, 1));
  return 1;
}

/* Methods */

static HRESULT write_all(IStream *stream, const char *bytes, size_t size) {
  HRESULT status = S_OK;
  while (size && SUCCEEDED(status)) {
    ULONG step = size > 0x40000000 ? 0x40000000 : (ULONG)size, done = 0;
    status = IStream_Write(stream, bytes, step, &done);
    if (SUCCEEDED(status) && done == 0)
      status = STG_E_MEDIUMFULL;
    bytes += done;
    size -= done;
  }
  return status;
}

static int stream_write(lua_State *L) {
  int count = lua_gettop(L);
  for (int i = 1; i <= count; i++) {
    Held *held = stream_check(L, 1, "stream:write");
    size_t size;
    if (i == 1)
      continue;
    const char *bytes = lua_tolstring(L, i, &size);
    if (!bytes)
      return raise_argument(L, E_INVALIDARG, "stream:write", i - 1, "a string or a number is wanted, not %s",
                            value_type_name(L, i));
    Bridge *bridge = held->bridge;
    bridge_enter(L, bridge);
    IUnknown *face = held_enter(held);
    HRESULT status = write_all((IStream *)face, bytes, size);
    held_leave(bridge, face);
    if (FAILED(status))
      return raise_status(L, status, "stream:write");
  }
  lua_settop(L, 1);
  stream_check(L, 1, "stream:write");
  return 1;
}

/* st:seek([whence [, offset]]): the position, from the beginning */
static int stream_seek(lua_State *L) {
  static const char *const names[] = { "set", "cur", "end", NULL };
  Held *held = stream_check(L, 1, "stream:seek");
  Bridge *bridge = held->bridge;
  DWORD origin = (DWORD)luaL_checkoption(L, 2, "cur", names);
  LARGE_INTEGER move = { .QuadPart = luaL_optinteger(L, 3, 0) };
  ULARGE_INTEGER position = { .QuadPart = 0 };
  bridge_enter(L, bridge);
  IUnknown *face = held_enter(held);
  HRESULT status = IStream_Seek((IStream *)face, move, origin, &position);
  held_leave(bridge, face);
  if (FAILED(status))
    return raise_status(L, status, "stream:seek");
  lua_pushinteger(L, (lua_Integer)position.QuadPart);
  return 1;
}

/* st:resize(bytes) */
static int stream_resize(lua_State *L) {
  Held *held = stream_check(L, 1, "stream:resize");
  Bridge *bridge = held->bridge;
  lua_Integer size = luaL_checkinteger(L, 2);
  luaL_argcheck(L, size >= 0, 2, "a size is not negative");
  bridge_enter(L, bridge);
  IUnknown *face = held_enter(held);
  HRESULT status = IStream_SetSize((IStream *)face, (ULARGE_INTEGER){ .QuadPart = (ULONGLONG)size });
  held_leave(bridge, face);
  if (FAILED(status))
    return raise_status(L, status, "stream:resize");
  lua_settop(L, 1);
  return 1;
}

static int stream_flush(lua_State *L) {
  Held *held = stream_check(L, 1, "stream:flush");
  Bridge *bridge = held->bridge;
  bridge_enter(L, bridge);
  IUnknown *face = held_enter(held);
  HRESULT status = IStream_Commit((IStream *)face, STGC_DEFAULT);
  held_leave(bridge, face);
  if (FAILED(status))
    return raise_status(L, status, "stream:flush");
  lua_settop(L, 1);
  return 1;
}

/* st:clone(): the same bytes, with a position of its own */
static int stream_clone(lua_State *L) {
  Held *held = stream_check(L, 1, "stream:clone");
  Bridge *bridge = held->bridge;
  bridge_enter(L, bridge);
  Held *copy = held_push(L, bridge, &stream_kind);
  IStream *clone = NULL;
  IUnknown *face = held_enter(held);
  HRESULT status = IStream_Clone((IStream *)face, &clone);
  held_leave(bridge, face);
  if (FAILED(status))
    return raise_status(L, status, "stream:clone");
  copy->face = (IUnknown *)clone;
  lua_getiuservalue(L, 1, 1); /* a part holds its storage */
  lua_setiuservalue(L, -2, 1);
  return 1;
}

/* st:copy(to [, bytes]): from here on, to where the other one stands; how many */
static int stream_copy(lua_State *L) {
  Held *held = stream_check(L, 1, "stream:copy");
  Held *to = stream_check(L, 2, "stream:copy");
  Bridge *bridge = held->bridge;
  lua_Integer most = luaL_optinteger(L, 3, LUA_MAXINTEGER);
  ULARGE_INTEGER read = { .QuadPart = 0 }, written = { .QuadPart = 0 };
  luaL_argcheck(L, most >= 0, 3, "a number of bytes is not negative");
  bridge_enter(L, bridge);
  IStream *target = (IStream *)to->face;
  IStream_AddRef(target);
  IUnknown *face = held_enter(held);
  HRESULT status =
      IStream_CopyTo((IStream *)face, target, (ULARGE_INTEGER){ .QuadPart = (ULONGLONG)most }, &read, &written);
  IStream_Release(target);
  held_leave(bridge, face);
  if (FAILED(status))
    return raise_status(L, status, "stream:copy");
  lua_pushinteger(L, (lua_Integer)written.QuadPart);
  return 1;
}

static const luaL_Reg methods[] = { { "read", stream_read },     { "lines", stream_lines },
                                    { "write", stream_write },   { "seek", stream_seek },
                                    { "flush", stream_flush },   { "close", held_close },
                                    { "resize", stream_resize }, { "clone", stream_clone },
                                    { "copy", stream_copy },     { NULL, NULL } };

static int push_size(lua_State *L) {
  Held *held = stream_check(L, 1, "stream.size");
  Bridge *bridge = held->bridge;
  STATSTG stat;
  memset(&stat, 0, sizeof stat);
  bridge_enter(L, bridge);
  IUnknown *face = held_enter(held);
  HRESULT status = IStream_Stat((IStream *)face, &stat, STATFLAG_NONAME);
  held_leave(bridge, face);
  if (FAILED(status))
    return raise_status(L, status, "stream.size");
  lua_pushinteger(L, (lua_Integer)stat.cbSize.QuadPart);
  return 1;
}

static int stream_length(lua_State *L) {
  lua_settop(L, 1);
  return push_size(L);
}

static int stream_index(lua_State *L) {
  const char *name = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "";
  if (strcmp(name, "size") == 0)
    return push_size(L);
  lua_pushvalue(L, 2);
  if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL)
    return 1;
  return raise_text(L, DISP_E_UNKNOWNNAME, "stream",
                    "a stream has no %s; it has read, lines, write, seek, flush, resize, clone, copy, close and size",
                    value_field_name(L, 2));
}

const luaL_Reg core_stream_functions[] = {
  { "stream_new", core_stream_new },
  { "stream_open", core_stream_open },
  { "stream_wrap", core_stream_wrap },
  { "stream_close", held_close },
  { NULL, NULL },
};

void stream_open_type(lua_State *L) {
  static const luaL_Reg metamethods[] = { { "__len", stream_length }, { NULL, NULL } };
  held_open_type(L, &stream_kind, metamethods);
  lua_rawgetp(L, LUA_REGISTRYINDEX, &stream_kind);
  luaL_newlib(L, methods);
  lua_pushcclosure(L, stream_index, 1);
  lua_setfield(L, -2, "__index");
  lua_pop(L, 1);
}
