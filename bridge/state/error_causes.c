/* error_causes.c - Lua error values as bytes and back: what an IErrorInfo carries to other processes, where the value itself cannot
 * go (com/error_causes.h). One entry for the value, one for its cause, and so on:
 *
 *     1, text                                                      a text, or anything else as text: the last
 *     2, hresult, help context, name, description, source, help file, where      an error object
 *
 * Numbers have 32 bits, little-endian; a text is its length (-1: none) and its bytes. */
#include "bridge/state/error.h"

#include "com/com_api.h"

#include <string.h>

enum { KIND_TEXT = 1, KIND_OBJECT = 2, MOST_CAUSES = 16, MOST_BYTES = 16 << 10 };

#define NO_TEXT UINT32_MAX

static const char *const text_fields[] = { "name", "description", "source", "helpfile", "where" };
enum { TEXT_FIELDS = sizeof text_fields / sizeof text_fields[0] };

/* Writing: pieces on the stack, which are joined at the end. */

static void put_u32(lua_State *L, uint32_t value) {
  unsigned char bytes[4];
  for (int i = 0; i < 4; i++)
    bytes[i] = (unsigned char)(value >> 8 * i);
  lua_pushlstring(L, (const char *)bytes, sizeof bytes);
}

/* In the place of the value at the top: two pieces. */
static void put_text(lua_State *L) {
  size_t length = 0;
  const char *text = lua_type(L, -1) == LUA_TSTRING ? lua_tolstring(L, -1, &length) : NULL;
  if (length > MOST_BYTES)
    length = MOST_BYTES;
  put_u32(L, text ? (uint32_t)length : NO_TEXT);
  lua_pushlstring(L, text ? text : "", length);
  lua_remove(L, -3);
}

static void push_field(lua_State *L, int value, const char *field) {
  lua_pushstring(L, field);
  lua_rawget(L, value);
}

static void put_object(lua_State *L, int value) {
  static const char kind = KIND_OBJECT;
  static const char *const numbers[] = { "hresult", "helpcontext" };
  lua_pushlstring(L, &kind, 1);
  for (int i = 0; i < 2; i++) {
    push_field(L, value, numbers[i]);
    uint32_t number = (uint32_t)lua_tointeger(L, -1);
    lua_pop(L, 1);
    put_u32(L, number);
  }
  for (int i = 0; i < TEXT_FIELDS; i++) {
    push_field(L, value, text_fields[i]);
    put_text(L);
  }
}

static void put_plain(lua_State *L, int value) {
  static const char kind = KIND_TEXT;
  lua_pushlstring(L, &kind, 1);
  luaL_tolstring(L, value, NULL);
  put_text(L);
}

void error_causes_write(lua_State *L, int value, BSTR *causes) {
  int top = lua_gettop(L);
  *causes = NULL;
  luaL_checkstack(L, MOST_CAUSES * (3 + 2 * TEXT_FIELDS) + LUA_MINSTACK, NULL);
  lua_pushvalue(L, value);
  int at = lua_gettop(L);
  for (int i = 0; i < MOST_CAUSES && !lua_isnil(L, at); i++) {
    if (!error_is_object(L, at)) {
      put_plain(L, at);
      break;
    }
    put_object(L, at);
    push_field(L, at, "cause");
    lua_replace(L, at);
  }
  size_t size;
  lua_concat(L, lua_gettop(L) - at);
  const char *bytes = lua_tolstring(L, -1, &size);
  *causes = size ? SysAllocStringByteLen(bytes, (UINT)size) : NULL;
  lua_settop(L, top);
}

/* Reading. The bytes may come from anywhere. */

static bool push_text(lua_State *L, Cursor *cursor) {
  uint32_t length = cursor_u32(cursor);
  if (length == NO_TEXT) {
    lua_pushnil(L);
    return !cursor->failed;
  }
  const uint8_t *bytes = cursor_bytes(cursor, length);
  if (!bytes)
    return false;
  lua_pushlstring(L, (const char *)bytes, length);
  return true;
}

/* False: there is none, and nothing is pushed. */
static bool push_cause(lua_State *L, Cursor *cursor, int depth) {
  int top = lua_gettop(L);
  uint8_t kind = depth < MOST_CAUSES && cursor_left(cursor) ? cursor_u8(cursor) : 0;
  luaL_checkstack(L, LUA_MINSTACK, NULL);
  if (kind == KIND_TEXT && push_text(L, cursor))
    return true;
  lua_settop(L, top);
  if (kind != KIND_OBJECT)
    return false;
  uint32_t hresult = cursor_u32(cursor), context = cursor_u32(cursor);
  lua_createtable(L, 0, TEXT_FIELDS + 4);
  lua_pushinteger(L, hresult);
  lua_setfield(L, -2, "hresult");
  lua_pushinteger(L, hresult & 0xFFFF);
  lua_setfield(L, -2, "code");
  if (context) {
    lua_pushinteger(L, context);
    lua_setfield(L, -2, "helpcontext");
  }
  for (int i = 0; i < TEXT_FIELDS; i++) {
    if (cursor->failed || !push_text(L, cursor)) {
      lua_settop(L, top);
      return false;
    }
    lua_setfield(L, -2, text_fields[i]);
  }
  if (push_cause(L, cursor, depth + 1))
    lua_setfield(L, -2, "cause");
  error_dress(L);
  return true;
}

bool error_causes_push(lua_State *L, BSTR causes) {
  Cursor cursor = { .data = (const uint8_t *)causes, .size = SysStringByteLen(causes) };
  return causes && push_cause(L, &cursor, 0);
}
