/* host_line.c - what tools ask of the services of other hosts (lua/oleander/host.lua). */
#include "bridge/client/client.h"
#include "remote/hosts_api.h"

#include <stdlib.h>
#include <string.h>

static const char *const LINE = "oleander.HostLine";

static HostLine **line_slot(lua_State *L) {
  HostLine **slot = luaL_checkudata(L, 1, LINE);
  if (!*slot)
    raise_text(L, RPC_E_DISCONNECTED, "oleander dcom", "the connection is closed");
  return slot;
}

static int line_close(lua_State *L) {
  HostLine **slot = luaL_checkudata(L, 1, LINE), *line = *slot;
  *slot = NULL;
  host_line_close(line);
  return 0;
}

/* host_open(host, port, secure): a connection; raises what the system has said */
static int core_host_open(lua_State *L) {
  Bridge *bridge = bridge_get(L);
  bridge_enter(L, bridge);
  const char *host = luaL_checkstring(L, 1);
  lua_Integer port = luaL_checkinteger(L, 2);
  luaL_argcheck(L, port > 0 && port <= UINT16_MAX, 2, "no port");
  bool secure = lua_toboolean(L, 3);
  HostLine **slot = lua_newuserdatauv(L, sizeof *slot, 0);
  *slot = NULL;
  if (luaL_newmetatable(L, LINE)) {
    lua_pushcfunction(L, line_close);
    lua_setfield(L, -2, "__gc");
  }
  lua_setmetatable(L, -2);
  bridge_leave(bridge);
  HRESULT result = host_line_open(host, (uint16_t)port, secure, slot);
  bridge_return(bridge);
  return FAILED(result) ? raise_said(L, result, host) : 1;
}

/* Entries are gathered in C, and pushed when nothing else runs. */
typedef struct Entries {
  struct {
    char *text, *note;
    IID iid;
    uint32_t version;
    uint16_t service;
  } * list;
  size_t count, room;
  bool failed;
} Entries;

static void gather(void *context, const HostEntry *entry) {
  Entries *entries = context;
  if (entries->count == entries->room) {
    size_t room = entries->room ? entries->room * 2 : 16;
    void *moved = realloc(entries->list, room * sizeof *entries->list);
    if (!moved) {
      entries->failed = true;
      return;
    }
    entries->list = moved;
    entries->room = room;
  }
  size_t at = entries->count++;
  entries->list[at].text = strdup(entry->text);
  entries->list[at].note = strdup(entry->note);
  entries->list[at].iid = entry->iid;
  entries->list[at].version = entry->version;
  entries->list[at].service = entry->service;
  entries->failed |= !entries->list[at].text || !entries->list[at].note;
}

static void entries_end(Entries *entries) {
  for (size_t i = 0; i < entries->count; i++) {
    free(entries->list[i].text);
    free(entries->list[i].note);
  }
  free(entries->list);
}

static int push_entries(lua_State *L) {
  const Entries *entries = lua_touserdata(L, 1);
  lua_createtable(L, (int)entries->count, 0);
  for (size_t i = 0; i < entries->count; i++) {
    lua_createtable(L, 0, 5);
    lua_pushstring(L, entries->list[i].text);
    lua_setfield(L, -2, "text");
    lua_pushstring(L, entries->list[i].note);
    lua_setfield(L, -2, "note");
    guid_push(L, &entries->list[i].iid);
    lua_setfield(L, -2, "iid");
    lua_pushinteger(L, entries->list[i].version);
    lua_setfield(L, -2, "version");
    lua_pushinteger(L, entries->list[i].service);
    lua_setfield(L, -2, "service");
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  return 1;
}

static int give_entries(lua_State *L, HRESULT result, Entries *entries, const char *subject) {
  if (SUCCEEDED(result) && entries->failed)
    result = E_OUTOFMEMORY;
  bool pushed = SUCCEEDED(result) && bridge_protected(L, push_entries, entries, 1);
  entries_end(entries);
  if (FAILED(result))
    return raise_said(L, result, subject);
  return pushed ? 1 : lua_error(L);
}

/* host_alive(line): entries of the bindings, the version of COM (two numbers) */
static int core_host_alive(lua_State *L) {
  Bridge *bridge = bridge_get(L);
  uint16_t version[2] = { 0, 0 };
  Entries entries = { .count = 0 };
  bridge_enter(L, bridge);
  HostLine *line = *line_slot(L);
  bridge_leave(bridge);
  HRESULT result = host_line_alive(line, version, gather, &entries);
  bridge_return(bridge);
  give_entries(L, result, &entries, "ServerAlive2");
  lua_pushinteger(L, version[0]);
  lua_pushinteger(L, version[1]);
  return 3;
}

/* host_endpoints(line): entries of the endpoint mapper */
static int core_host_endpoints(lua_State *L) {
  Bridge *bridge = bridge_get(L);
  Entries entries = { .count = 0 };
  bridge_enter(L, bridge);
  HostLine *line = *line_slot(L);
  bridge_leave(bridge);
  HRESULT result = host_line_endpoints(line, gather, &entries);
  bridge_return(bridge);
  return give_entries(L, result, &entries, "ept_lookup");
}

typedef struct Answer {
  uint8_t *bytes;
  size_t size;
} Answer;

static int push_answer(lua_State *L) {
  const Answer *answer = lua_touserdata(L, 1);
  lua_pushlstring(L, (const char *)answer->bytes, answer->size);
  return 1;
}

/* host_ask(line, iid, opnum): what the COM service of Oleander answers to a question without arguments */
static int core_host_ask(lua_State *L) {
  Bridge *bridge = bridge_get(L);
  Answer answer = { NULL, 0 };
  IID iid;
  bridge_enter(L, bridge);
  HostLine *line = *line_slot(L);
  luaL_argcheck(L, guid_from_text(luaL_checkstring(L, 2), &iid), 2, "no GUID");
  lua_Integer opnum = luaL_checkinteger(L, 3);
  luaL_argcheck(L, opnum >= 0 && opnum <= UINT16_MAX, 3, "no method");
  bridge_leave(bridge);
  HRESULT result = host_line_ask(line, &iid, (uint16_t)opnum, &answer.bytes, &answer.size);
  bridge_return(bridge);
  bool pushed = SUCCEEDED(result) && bridge_protected(L, push_answer, &answer, 1);
  free(answer.bytes);
  if (FAILED(result))
    return raise_said(L, result, "com.processes");
  return pushed ? 1 : lua_error(L);
}

/* host_close(line) */
static int core_host_close(lua_State *L) {
  Bridge *bridge = bridge_get(L);
  bridge_enter(L, bridge);
  return line_close(L);
}

const luaL_Reg core_host_functions[] = { { "host_open", core_host_open },           { "host_alive", core_host_alive },
                                         { "host_endpoints", core_host_endpoints }, { "host_ask", core_host_ask },
                                         { "host_close", core_host_close },         { NULL, NULL } };
