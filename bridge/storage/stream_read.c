/* stream_read.c - reading as Lua's files do: "l", "L", "n", "a" and a number of bytes. What was read too far is given
 * back by a seek, so that the stream stands where its other users expect it. */
#include "bridge/storage/storage.h"

#include <string.h>

#define SMALL_STEP   256u       /* of text, when it is not known how far it goes */
#define LARGE_STEP   (1u << 20) /* bytes at once */
#define NUMBER_BYTES 200u       /* of a numeral, as Lua's files have it */

static HRESULT read_bytes(Held *held, void *bytes, size_t size, size_t *done) {
  Bridge *bridge = held->bridge;
  ULONG count = 0;
  IUnknown *face = held_enter(held);
  HRESULT status = IStream_Read((IStream *)face, bytes, (ULONG)size, &count);
  held_leave(bridge, face);
  *done = count <= size ? count : 0;
  return status;
}

static void read_or_raise(lua_State *L, void *bytes, size_t size, size_t *done) {
  Held *held = stream_check(L, 1, "stream:read");
  HRESULT status = read_bytes(held, bytes, size, done);
  if (FAILED(status))
    raise_status(L, status, "stream:read");
}

static void give_back(lua_State *L, size_t bytes) {
  Held *held = stream_check(L, 1, "stream:read");
  Bridge *bridge = held->bridge;
  if (!bytes)
    return;
  IUnknown *face = held_enter(held);
  HRESULT status =
      IStream_Seek((IStream *)face, (LARGE_INTEGER){ .QuadPart = -(LONGLONG)bytes }, STREAM_SEEK_CUR, NULL);
  held_leave(bridge, face);
  if (FAILED(status))
    raise_status(L, status, "stream:read");
}

/* Whether what was read too far can be given back. */
static bool can_go_back(lua_State *L) {
  Held *held = stream_check(L, 1, "stream:read");
  Bridge *bridge = held->bridge;
  IUnknown *face = held_enter(held);
  HRESULT status = IStream_Seek((IStream *)face, (LARGE_INTEGER){ .QuadPart = 0 }, STREAM_SEEK_CUR, NULL);
  held_leave(bridge, face);
  return SUCCEEDED(status);
}

/* A line, with its end or without; false where there is none. */
static bool read_line(lua_State *L, bool whole) {
  luaL_Buffer buffer;
  bool ended = false, any = false;
  size_t step = can_go_back(L) ? SMALL_STEP : 1;
  luaL_buffinit(L, &buffer);
  while (!ended) {
    char *bytes = luaL_prepbuffsize(&buffer, step);
    size_t done;
    read_or_raise(L, bytes, step, &done);
    if (!done)
      break;
    any = true;
    const char *end = memchr(bytes, '\n', done);
    size_t kept = end ? (size_t)(end - bytes) + 1 : done;
    ended = end != NULL;
    give_back(L, done - kept);
    luaL_addsize(&buffer, kept - (ended && !whole ? 1 : 0));
    step = step > 1 && step < LARGE_STEP ? step * 2 : step;
  }
  luaL_pushresult(&buffer);
  return any;
}

static bool read_all(lua_State *L) {
  luaL_Buffer buffer;
  size_t step = 4096, done = 1;
  luaL_buffinit(L, &buffer);
  while (done) {
    char *bytes = luaL_prepbuffsize(&buffer, step);
    read_or_raise(L, bytes, step, &done);
    luaL_addsize(&buffer, done);
    if (step < LARGE_STEP)
      step *= 2;
  }
  luaL_pushresult(&buffer);
  return true;
}

/* Up to so many bytes; false at the end. */
static bool read_count(lua_State *L, size_t count) {
  luaL_Buffer buffer;
  size_t left = count, done = 1;
  if (!count) { /* whether there is anything left */
    char one;
    read_or_raise(L, &one, 1, &done);
    give_back(L, done);
    lua_pushliteral(L, "");
    return done > 0;
  }
  luaL_buffinit(L, &buffer);
  while (left && done) {
    size_t step = left < LARGE_STEP ? left : LARGE_STEP;
    char *bytes = luaL_prepbuffsize(&buffer, step);
    read_or_raise(L, bytes, step, &done);
    luaL_addsize(&buffer, done);
    left -= done;
  }
  luaL_pushresult(&buffer);
  return left < count;
}

/* Numerals */

typedef struct Numeral {
  char text[NUMBER_BYTES + 1];
  size_t length;
  const char *at, *end;
  bool failed; /* too long */
} Numeral;

static bool take(Numeral *numeral, const char *set) {
  if (numeral->failed || numeral->at == numeral->end || !*numeral->at || !strchr(set, *numeral->at))
    return false;
  if (numeral->length == NUMBER_BYTES) {
    numeral->failed = true;
    return false;
  }
  numeral->text[numeral->length++] = *numeral->at++;
  return true;
}

static size_t take_digits(Numeral *numeral, bool hexadecimal) {
  size_t count = 0;
  while (take(numeral, hexadecimal ? "0123456789abcdefABCDEF" : "0123456789"))
    count++;
  return count;
}

/* As liolib does it: the longest beginning that may be a numeral is used up, whether it is one or not. */
static void scan(Numeral *numeral) {
  bool hexadecimal = false;
  size_t digits = 0;
  take(numeral, "+-");
  if (take(numeral, "0")) {
    if (take(numeral, "xX"))
      hexadecimal = true;
    else
      digits = 1;
  }
  digits += take_digits(numeral, hexadecimal);
  if (take(numeral, "."))
    digits += take_digits(numeral, hexadecimal);
  if (digits && take(numeral, hexadecimal ? "pP" : "eE")) {
    take(numeral, "+-");
    take_digits(numeral, false);
  }
  numeral->text[numeral->failed ? 0 : numeral->length] = 0;
}

static void skip_blanks(lua_State *L) {
  char one;
  size_t done;
  for (;;) {
    read_or_raise(L, &one, 1, &done);
    if (!done)
      return;
    if (!strchr(" \t\n\v\f\r", one) || !one) {
      give_back(L, 1);
      return;
    }
  }
}

static bool read_number(lua_State *L) {
  char bytes[NUMBER_BYTES + 2];
  Numeral numeral = { .length = 0 };
  size_t done;
  skip_blanks(L);
  read_or_raise(L, bytes, sizeof bytes, &done);
  numeral.at = bytes;
  numeral.end = bytes + done;
  scan(&numeral);
  give_back(L, (size_t)(numeral.end - numeral.at));
  if (lua_stringtonumber(L, numeral.text))
    return true;
  lua_pushnil(L);
  return false;
}

static bool read_format(lua_State *L, int index) {
  if (lua_type(L, index) == LUA_TNUMBER) {
    lua_Integer count = luaL_checkinteger(L, index);
    luaL_argcheck(L, count >= 0, index, "a number of bytes is not negative");
    return read_count(L, (size_t)count);
  }
  const char *format = luaL_checkstring(L, index);
  switch (*format == '*' ? format[1] : *format) {
  case 'n':
    return read_number(L);
  case 'l':
    return read_line(L, false);
  case 'L':
    return read_line(L, true);
  case 'a':
    return read_all(L);
  default:
    raise_argument(L, E_INVALIDARG, "stream:read", index - 1,
                   "\"l\", \"L\", \"n\", \"a\" or a number of bytes is wanted, not \"%s\"", format);
    return false;
  }
}

/* The values stand behind index `first`; nil for the first that fails, and no more. */
static int read_formats(lua_State *L, int first, int last) {
  Held *held = stream_check(L, 1, "stream:read");
  bridge_enter(L, held->bridge);
  if (first > last) {
    if (!read_line(L, false))
      lua_pushnil(L);
    return 1;
  }
  luaL_checkstack(L, last - first + 1 + LUA_MINSTACK, "too many arguments");
  for (int i = first; i <= last; i++) {
    if (!read_format(L, i)) {
      lua_pop(L, 1);
      lua_pushnil(L);
      return i - first + 1;
    }
  }
  return last - first + 1;
}

int stream_read(lua_State *L) {
  stream_check(L, 1, "stream:read");
  return read_formats(L, 2, lua_gettop(L));
}

static int next_line(lua_State *L) {
  int count = (int)lua_tointeger(L, lua_upvalueindex(2));
  lua_settop(L, 0);
  luaL_checkstack(L, count + LUA_MINSTACK, "too many arguments");
  lua_pushvalue(L, lua_upvalueindex(1));
  for (int i = 1; i <= count; i++)
    lua_pushvalue(L, lua_upvalueindex(2 + i));
  return read_formats(L, 2, lua_gettop(L));
}

int stream_lines(lua_State *L) {
  stream_check(L, 1, "stream:lines");
  int count = lua_gettop(L) - 1;
  luaL_argcheck(L, count <= 250, 252, "too many arguments");
  lua_pushvalue(L, 1);
  lua_pushinteger(L, count);
  lua_rotate(L, 2, 2);
  lua_pushcclosure(L, next_line, count + 2);
  return 1;
}
