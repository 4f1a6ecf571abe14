/* object_names.c - names of interface members that become Lua strings. A name is counted, shared by all plans that use it,
 * and has a number that is good in every state and never used again; each state keeps the strings of the numbers that
 * it met (STACK_NAMES), and forgets them all when most of them stand for names that are gone. */
#include "bridge/objects/objects_internal.h"

#include <stdlib.h>
#include <string.h>

static pthread_mutex_t names_lock = PTHREAD_MUTEX_INITIALIZER;
static Name **buckets;
static size_t bucket_count, live_names;
static lua_Integer last_key = KEY_INDEX;

static size_t hash_text(const char *text) {
  size_t hash = 5381;
  for (; *text != 0; text++)
    hash = hash * 33 + (unsigned char)*text;
  return hash;
}

/* Under the lock. A table that cannot grow is only slower. */
static void grow(void) {
  size_t count = bucket_count != 0 ? bucket_count * 2 : 256;
  Name **room = calloc(count, sizeof *room);
  if (!room)
    return;
  for (size_t i = 0; i < bucket_count; i++) {
    for (Name *name = buckets[i], *next; name; name = next) {
      next = name->next;
      size_t place = hash_text(name->text) % count;
      name->next = room[place];
      room[place] = name;
    }
  }
  free(buckets);
  buckets = room;
  bucket_count = count;
}

static Name *add_name(const char *text, size_t hash) {
  if (live_names >= bucket_count)
    grow();
  Name *name = bucket_count != 0 ? malloc(sizeof *name + strlen(text) + 1) : NULL;
  if (!name)
    return NULL;
  strcpy(name->text, text);
  name->references = 1;
  name->key = ++last_key;
  name->next = buckets[hash % bucket_count];
  buckets[hash % bucket_count] = name;
  live_names++;
  return name;
}

const Name *name_get(const char *text) {
  size_t hash = hash_text(text);
  pthread_mutex_lock(&names_lock);
  Name *name = bucket_count != 0 ? buckets[hash % bucket_count] : NULL;
  while (name && strcmp(name->text, text) != 0)
    name = name->next;
  if (name)
    name->references++;
  else
    name = add_name(text, hash);
  pthread_mutex_unlock(&names_lock);
  return name;
}

void name_release(const Name *name) {
  if (!name)
    return;
  pthread_mutex_lock(&names_lock);
  Name **place = &buckets[hash_text(name->text) % bucket_count];
  while (*place != name)
    place = &(*place)->next;
  Name *found = *place;
  if (--found->references == 0) {
    *place = found->next;
    live_names--;
    free(found);
  }
  pthread_mutex_unlock(&names_lock);
}

static size_t count_live(void) {
  pthread_mutex_lock(&names_lock);
  size_t count = live_names;
  pthread_mutex_unlock(&names_lock);
  return count;
}

/* Clears the table of strings on top of the stack, "__index" excepted. */
static void forget_strings(lua_State *L) {
  for (lua_pushnil(L); lua_next(L, -2) != 0;) {
    lua_pop(L, 1);
    if (lua_tointeger(L, -1) == KEY_INDEX)
      continue;
    lua_pushvalue(L, -1);
    lua_pushnil(L);
    lua_rawset(L, -4);
  }
}

/* (name): its string, entered into the state's table */
static int enter_name(lua_State *L) {
  const Name *name = lua_touserdata(L, 1);
  Token *token = bridge_get(L)->token;
  lua_rawgeti(L, LUA_REGISTRYINDEX, token->names);
  if (++token->names_met > 2 * count_live() + 64) {
    forget_strings(L);
    token->names_met = 1;
  }
  lua_pushstring(L, name->text);
  lua_pushvalue(L, -1);
  lua_rawseti(L, -3, name->key);
  return 1;
}

bool name_push(lua_State *L, const Name *name) {
  if (lua_rawgeti(L, STACK_NAMES, name->key) == LUA_TSTRING)
    return true;
  lua_pop(L, 1);
  return bridge_protected(L, enter_name, (void *)name, 1);
}
