/* object_spelling.c - whether a table has members whose names differ only in case: asked whenever an object is made, and the answer
 * is hardly ever yes. */
#include "bridge/objects/objects_internal.h"

#include <string.h>

enum { NAMES = 64, PLACES = 2 * NAMES, CHAIN_LIMIT = 100 };

typedef struct Spelling {
  const char *text;
  uint32_t length, hash;
} Spelling;

/* The names that have been met, by hash. */
typedef struct Spellings {
  Spelling names[NAMES];
  unsigned count;
  uint8_t places[PLACES]; /* number of a name from 1; 0: free */
} Spellings;

static unsigned char lower(unsigned char letter) {
  return letter >= 'A' && letter <= 'Z' ? letter | 0x20 : letter;
}

/* False: only the whole alphabet tells what its other case is. */
static bool hash_ascii(const char *text, size_t length, uint32_t *hash) {
  unsigned char all = 0;
  uint32_t sum = 2166136261u;
  for (size_t i = 0; i < length; i++) {
    unsigned char letter = (unsigned char)text[i];
    all |= letter;
    sum = (sum ^ lower(letter)) * 16777619u;
  }
  *hash = sum;
  return all < 0x80;
}

static bool same_but_for_case(const char *one, const char *other, size_t length) {
  for (size_t i = 0; i < length; i++) {
    if (lower((unsigned char)one[i]) != lower((unsigned char)other[i]))
      return false;
  }
  return true;
}

/* Whether the name is another spelling of one that has been met, or cannot be told apart here. */
static bool meet(Spellings *met, const char *text, size_t length) {
  uint32_t hash;
  if (!hash_ascii(text, length, &hash) || met->count == NAMES)
    return true;
  for (unsigned place = hash % PLACES;; place = (place + 1) % PLACES) {
    if (!met->places[place]) {
      met->names[met->count] = (Spelling){ text, (uint32_t)length, hash };
      met->places[place] = (uint8_t)++met->count;
      return false;
    }
    const Spelling *name = &met->names[met->places[place] - 1];
    if (name->hash != hash || name->length != length || !same_but_for_case(name->text, text, length))
      continue;
    return memcmp(name->text, text, length) != 0; /* the same one, in a table further down */
  }
}

/* The table is on top. */
static bool meet_keys(lua_State *L, Spellings *met) {
  for (lua_pushnil(L); lua_next(L, -2) != 0; lua_pop(L, 1)) {
    size_t length;
    const char *text = lua_type(L, -2) == LUA_TSTRING ? lua_tolstring(L, -2, &length) : NULL;
    if (text && text[0] != '_' && meet(met, text, length)) {
      lua_pop(L, 2);
      return true;
    }
  }
  return false;
}

/* spelled_twice(table): false: no two public string keys of the table and of its __index tables differ only in case; true: some
 * may, or it takes a longer look. */
static int core_spelled_twice(lua_State *L) {
  Spellings met;
  bool twice = false;
  met.count = 0;
  memset(met.places, 0, sizeof met.places);
  lua_settop(L, 1);
  for (int level = 0; level < CHAIN_LIMIT && !twice && lua_type(L, 1) == LUA_TTABLE; level++) {
    twice = meet_keys(L, &met);
    if (!lua_getmetatable(L, 1))
      break;
    lua_pushliteral(L, "__index");
    lua_rawget(L, -2);
    lua_replace(L, 1);
    lua_settop(L, 1);
  }
  lua_pushboolean(L, twice);
  return 1;
}

const luaL_Reg core_spelling_functions[] = { { "spelled_twice", core_spelled_twice }, { NULL, NULL } };
