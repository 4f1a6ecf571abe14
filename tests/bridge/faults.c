/* Want of memory outside of Lua: preloaded, this library stands before malloc and its like; as a Lua module it makes the
 * n-th allocation of a call fail that is not Lua's own. */
#include <dlfcn.h>
#include <lauxlib.h>
#include <lua.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

#define SHOWN __attribute__((visibility("default")))

static void *(*next_malloc)(size_t), *(*next_calloc)(size_t, size_t), *(*next_realloc)(void *, size_t);
static void (*next_free)(void *);

/* What the loader needs before it can tell where the next functions are; never given back. */
static _Alignas(16) char early[65536];
static size_t early_used;
static bool finding;

static _Thread_local long left = -1; /* allocations until one fails; negative: none does */
static _Thread_local long count;
static bool failed;

static void find_next(void) {
  finding = true;
  *(void **)&next_malloc = dlsym(RTLD_NEXT, "malloc");
  *(void **)&next_calloc = dlsym(RTLD_NEXT, "calloc");
  *(void **)&next_realloc = dlsym(RTLD_NEXT, "realloc");
  *(void **)&next_free = dlsym(RTLD_NEXT, "free");
  finding = false;
}

static void *take_early(size_t size) {
  size_t at = early_used;
  early_used += (size + 15) / 16 * 16;
  return early_used <= sizeof early ? early + at : NULL;
}

static bool is_early(const void *block) {
  return (const char *)block >= early && (const char *)block < early + sizeof early;
}

static bool is_failing(void) {
  count++;
  if (left < 0 || left-- > 0)
    return false;
  failed = true;
  return true;
}

SHOWN void *malloc(size_t size) {
  if (!next_malloc && !finding)
    find_next();
  if (!next_malloc)
    return take_early(size);
  return is_failing() ? NULL : next_malloc(size);
}

SHOWN void *calloc(size_t number, size_t size) {
  if (!next_calloc && !finding)
    find_next();
  if (!next_calloc)
    return take_early(number * size);
  return is_failing() ? NULL : next_calloc(number, size);
}

SHOWN void *realloc(void *block, size_t size) {
  if (!next_realloc && !finding)
    find_next();
  return is_failing() ? NULL : next_realloc(block, size);
}

SHOWN void free(void *block) {
  if (!block || is_early(block))
    return;
  if (!next_free)
    find_next();
  next_free(block);
}

/* Lua's memory does not count. */
static void *lua_memory(void *data, void *block, size_t before, size_t after) {
  (void)data;
  (void)before;
  if (after != 0)
    return next_realloc(block, after);
  next_free(block);
  return NULL;
}

/* call(n, f): pcall(f) with the n-th allocation failing (0: none). Whether it was reached, whether f succeeded, what it gave
 * or raised. */
static int faults_call(lua_State *L) {
  long n = (long)luaL_checkinteger(L, 1);
  void *data;
  lua_Alloc old = lua_getallocf(L, &data);
  lua_settop(L, 2);
  lua_setallocf(L, lua_memory, NULL);
  failed = false;
  left = n - 1;
  int status = lua_pcall(L, 0, 1, 0);
  left = -1;
  lua_setallocf(L, old, data);
  lua_pushboolean(L, failed);
  lua_pushboolean(L, status == LUA_OK);
  lua_pushvalue(L, -3);
  return 3;
}

SHOWN int luaopen_faults(lua_State *L);

int luaopen_faults(lua_State *L) {
  lua_createtable(L, 0, 1);
  lua_pushcfunction(L, faults_call);
  lua_setfield(L, -2, "call");
  return 1;
}
