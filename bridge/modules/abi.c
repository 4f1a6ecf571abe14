/* abi.c - what a script says of a module's ABI, as a SignatureAbi. There is one for each that is said, for good: views, vtables
 * and code of the module that still runs may use it. */
#include "bridge/modules/abi.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

typedef struct KnownAbi {
  struct KnownAbi *next;
  SignatureAbi abi;
  ResultCode codes[];
} KnownAbi;

static pthread_mutex_t known_lock = PTHREAD_MUTEX_INITIALIZER;
static KnownAbi *known;

static bool same_codes(const SignatureAbi *a, const SignatureAbi *b) {
  for (unsigned i = 0; i < a->code_count; i++) {
    const ResultCode *x = &a->codes[i], *y = &b->codes[i];
    if (x->code != y->code || x->good != y->good || !x->name != !y->name || (x->name && strcmp(x->name, y->name) != 0))
      return false;
  }
  return true;
}

static bool same_abi(const SignatureAbi *a, const SignatureAbi *b) {
  return a->convention == b->convention && a->extra_slots == b->extra_slots && a->extra_position == b->extra_position &&
         a->wchar_width == b->wchar_width && a->guid_big_endian == b->guid_big_endian &&
         a->variant_size == b->variant_size && a->code_count == b->code_count && a->codes_decide == b->codes_decide &&
         a->handle == b->handle && a->string_alloc == b->string_alloc && a->string_free == b->string_free &&
         a->variant_clear == b->variant_clear && a->variant_copy == b->variant_copy && same_codes(a, b);
}

/* NULL: out of memory. */
static const SignatureAbi *keep(const SignatureAbi *abi) {
  KnownAbi *fresh = calloc(1, sizeof *fresh + abi->code_count * sizeof fresh->codes[0]);
  pthread_mutex_lock(&known_lock);
  KnownAbi *found = known;
  while (found && !same_abi(&found->abi, abi))
    found = found->next;
  if (!found && fresh) {
    fresh->abi = *abi;
    fresh->abi.codes = fresh->codes;
    for (unsigned i = 0; i < abi->code_count; i++) {
      fresh->codes[i] = abi->codes[i];
      fresh->codes[i].name = abi->codes[i].name ? strdup(abi->codes[i].name) : NULL;
    }
    fresh->next = known;
    known = found = fresh;
    fresh = NULL;
  }
  pthread_mutex_unlock(&known_lock);
  free(fresh);
  return found ? &found->abi : NULL;
}

/* Reading the table; lua/oleander/module.lua has checked its fields. */

static lua_Integer integer_field(lua_State *L, int table, const char *name, lua_Integer absent) {
  lua_getfield(L, table, name);
  lua_Integer value = lua_isinteger(L, -1) ? lua_tointeger(L, -1) : absent;
  lua_pop(L, 1);
  return value;
}

static bool text_field_is(lua_State *L, int table, const char *name, const char *wanted) {
  lua_getfield(L, table, name);
  bool is = lua_type(L, -1) == LUA_TSTRING && strcmp(lua_tostring(L, -1), wanted) == 0;
  lua_pop(L, 1);
  return is;
}

static void function_field(lua_State *L, int table, const char *name, void *handle, void (**function)(void)) {
  lua_getfield(L, table, name);
  if (lua_type(L, -1) == LUA_TSTRING) {
    void *symbol = dlsym(handle, lua_tostring(L, -1));
    if (!symbol)
      raise_text(L, TYPE_E_DLLFUNCTIONNOTFOUND, "com.module",
                 "the module has no function %s, which its ABI names as %s", lua_tostring(L, -1), name);
    memcpy(function, &symbol, sizeof symbol);
  }
  lua_pop(L, 1);
}

/* codes = { { code =, good =, name = } } */
static void read_codes(lua_State *L, int table, SignatureAbi *abi) {
  lua_getfield(L, table, "codes");
  lua_Unsigned count = lua_istable(L, -1) ? lua_rawlen(L, -1) : 0;
  if (count > 256)
    raise_text(L, E_INVALIDARG, "com.module", "there are more than 256 result codes");
  ResultCode *codes = lua_newuserdatauv(L, (size_t)(count + 1) * sizeof *codes, 0); /* stays on the stack */
  for (lua_Unsigned i = 0; i < count; i++) {
    lua_rawgeti(L, -2, (lua_Integer)i + 1);
    int entry = lua_gettop(L);
    codes[i].code = (int32_t)integer_field(L, entry, "code", 0);
    lua_getfield(L, entry, "good");
    codes[i].good = lua_toboolean(L, -1);
    lua_getfield(L, entry, "name");
    codes[i].name = lua_tostring(L, -1); /* a string of the entry, which the list keeps */
    lua_settop(L, entry - 1);
  }
  abi->codes = codes;
  abi->code_count = (uint16_t)count;
}

const SignatureAbi *abi_read(lua_State *L, int table, void *handle) {
  SignatureAbi abi;
  memset(&abi, 0, sizeof abi);
  table = lua_absindex(L, table);
  luaL_checktype(L, table, LUA_TTABLE);
  luaL_checkstack(L, LUA_MINSTACK, NULL);
  abi.foreign = true;
  abi.handle = handle;
  abi.convention = text_field_is(L, table, "convention", "ms") ? ABI_MS : ABI_NATIVE;
  abi.extra_slots = (uint8_t)integer_field(L, table, "extra_slots", 0);
  abi.extra_position = (uint16_t)integer_field(L, table, "extra_after", 3);
  abi.wchar_width = (uint8_t)integer_field(L, table, "wchar", 2);
  abi.guid_big_endian = text_field_is(L, table, "guids", "big");
  abi.variant_size = (uint8_t)integer_field(L, table, "variant_size", 0);
  function_field(L, table, "alloc", handle, &abi.string_alloc);
  function_field(L, table, "free", handle, &abi.string_free);
  function_field(L, table, "clear", handle, &abi.variant_clear);
  function_field(L, table, "copy", handle, &abi.variant_copy);
  lua_getfield(L, table, "codes_decide");
  abi.codes_decide = lua_toboolean(L, -1);
  read_codes(L, table, &abi);
  const SignatureAbi *kept = keep(&abi);
  if (!kept)
    raise_status(L, E_OUTOFMEMORY, "com.module");
  return kept;
}
