/* filetime.c - moments as files have them (FILETIME): ticks of 100 ns since 1601-01-01, always UTC. */
#include "bridge/values/values.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const char filetime_metatable = 0;

#define TICKS_A_DAY    864000000000.0
#define TICKS_A_SECOND 10000000LL
#define DATE_OF_ZERO   (-109205.0) /* 1601-01-01 as a DATE */

static bool filetime_at(lua_State *L, int index, int64_t *ticks) {
  const Boxed *boxed = boxed_at(L, index);
  if (!boxed || V_VT(&boxed->value) != VT_FILETIME)
    return false;
  *ticks = V_I8(&boxed->value);
  return true;
}

static void push_filetime(lua_State *L, Bridge *bridge, int64_t ticks) {
  VARIANT value;
  memset(&value, 0, sizeof value);
  V_VT(&value) = VT_FILETIME;
  V_I8(&value) = ticks;
  boxed_push(L, bridge, &value);
}

/* Ticks, or a date, which is one of UTC. */
static bool ticks_at(lua_State *L, int index, int64_t *ticks) {
  const Boxed *boxed = boxed_at(L, index);
  int exact = 0;
  if (filetime_at(L, index, ticks))
    return true;
  if (boxed && V_VT(&boxed->value) == VT_DATE) {
    double date = V_DATE(&boxed->value), day = trunc(date);
    double milliseconds = floor(fabs(date - day) * 86400000.0 + 0.5);
    *ticks = (int64_t)((day - DATE_OF_ZERO) * TICKS_A_DAY) + (int64_t)milliseconds * 10000;
    return true;
  }
  if (lua_type(L, index) != LUA_TNUMBER)
    return false;
  *ticks = lua_tointegerx(L, index, &exact);
  return exact != 0;
}

HRESULT take_filetime(Converting *converting, int index, const Type *type, void *storage) {
  int64_t ticks;
  (void)type;
  if (!ticks_at(converting->L, index, &ticks))
    return convert_mismatch(converting, index, "a file time (com.vt.filetime), a date of UTC or a number of ticks");
  memcpy(storage, &ticks, sizeof ticks);
  return S_OK;
}

void give_filetime(lua_State *L, const Giving *giving, const Type *type, void *storage) {
  int64_t ticks;
  (void)type;
  memcpy(&ticks, storage, sizeof ticks);
  push_filetime(L, giving->bridge, ticks);
}

/* filetime(ticks or date) */
static int core_filetime(lua_State *L) {
  int64_t ticks;
  if (!ticks_at(L, 1, &ticks))
    return raise_argument(L, E_INVALIDARG, "com.vt.filetime", 1,
                          "ticks, a date, seconds as os.time counts them (as a float) or fields are wanted, not %s",
                          value_type_name(L, 1));
  push_filetime(L, bridge_get(L), ticks);
  return 1;
}

static int64_t filetime_check(lua_State *L, int index) {
  int64_t ticks = 0;
  if (!filetime_at(L, index, &ticks))
    raise_argument(L, E_INVALIDARG, "com.vt.filetime", index, "a file time is wanted, not %s",
                   value_type_name(L, index));
  return ticks;
}

/* date(): in UTC, to the millisecond */
static int filetime_date(lua_State *L) {
  int64_t ticks = filetime_check(L, 1);
  double milliseconds = floor((double)(ticks / 10000) + ((double)(ticks % 10000) / 10000.0) + 0.5);
  double days = milliseconds / 86400000.0 + DATE_OF_ZERO, day = floor(days);
  VARIANT value;
  memset(&value, 0, sizeof value);
  V_VT(&value) = VT_DATE;
  V_DATE(&value) = day < 0 ? day - (days - day) : days;
  if (!(V_DATE(&value) < 2958466.0 && V_DATE(&value) > -657435.0))
    return raise_text(L, DISP_E_OVERFLOW, "com.vt.filetime", "there is no date for %lld ticks", (long long)ticks);
  boxed_push(L, bridge_get(L), &value);
  return 1;
}

/* time(): seconds since 1970; an integer where it is whole */
static int filetime_time(lua_State *L) {
  int64_t ticks = filetime_check(L, 1) - 116444736000000000LL;
  if (ticks % TICKS_A_SECOND == 0)
    lua_pushinteger(L, ticks / TICKS_A_SECOND);
  else
    lua_pushnumber(L, (double)ticks / (double)TICKS_A_SECOND);
  return 1;
}

static int filetime_index(lua_State *L) {
  const char *name = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "";
  int64_t ticks = filetime_check(L, 1);
  if (strcmp(name, "ticks") == 0 || strcmp(name, "value") == 0)
    lua_pushinteger(L, ticks);
  else if (strcmp(name, "type") == 0)
    lua_pushliteral(L, "FILETIME");
  else if (strcmp(name, "date") == 0)
    lua_pushcfunction(L, filetime_date);
  else if (strcmp(name, "time") == 0)
    lua_pushcfunction(L, filetime_time);
  else
    return raise_text(L, DISP_E_UNKNOWNNAME, "com.vt.filetime", "a file time has no field %s", value_field_name(L, 2));
  return 1;
}

static int filetime_equal(lua_State *L) {
  int64_t a, b;
  lua_pushboolean(L, filetime_at(L, 1, &a) && filetime_at(L, 2, &b) && a == b);
  return 1;
}

static int filetime_less(lua_State *L) {
  lua_pushboolean(L, filetime_check(L, 1) < filetime_check(L, 2));
  return 1;
}

static int filetime_less_equal(lua_State *L) {
  lua_pushboolean(L, filetime_check(L, 1) <= filetime_check(L, 2));
  return 1;
}

/* ISO 8601 with Z; ticks of a second where there are any */
static int filetime_tostring(lua_State *L) {
  int64_t ticks = filetime_check(L, 1);
  int64_t rest = ticks % TICKS_A_SECOND;
  SYSTEMTIME time;
  double days = (double)((ticks - rest) / TICKS_A_SECOND) / 86400.0 + DATE_OF_ZERO;
  int64_t seconds = (ticks - rest) / TICKS_A_SECOND % 86400;
  if (ticks < 0 || days >= 2958466.0 || !VariantTimeToSystemTime(floor(days + 1e-9), &time)) {
    lua_pushfstring(L, "filetime(%I)", (LUAI_UACINT)ticks);
    return 1;
  }
  char text[48];
  int length = snprintf(text, sizeof text, "%04u-%02u-%02uT%02u:%02u:%02u", time.wYear, time.wMonth, time.wDay,
                        (unsigned)(seconds / 3600), (unsigned)(seconds / 60 % 60), (unsigned)(seconds % 60));
  if (rest != 0)
    length += snprintf(text + length, sizeof text - (size_t)length, ".%07u", (unsigned)rest);
  snprintf(text + length, sizeof text - (size_t)length, "Z");
  lua_pushstring(L, text);
  return 1;
}

const luaL_Reg core_filetime_functions[] = { { "filetime", core_filetime }, { NULL, NULL } };

void filetime_open_type(lua_State *L) {
  static const luaL_Reg metamethods[] = { { "__index", filetime_index },       { "__eq", filetime_equal },
                                          { "__lt", filetime_less },           { "__le", filetime_less_equal },
                                          { "__tostring", filetime_tostring }, { NULL, NULL } };
  luaL_newlib(L, metamethods);
  lua_pushliteral(L, "filetime");
  lua_setfield(L, -2, "__name");
  lua_pushliteral(L, "filetime");
  lua_setfield(L, -2, "__metatable");
  lua_rawsetp(L, LUA_REGISTRYINDEX, &filetime_metatable);
}
