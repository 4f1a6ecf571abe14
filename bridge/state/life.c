/* life.c - how the token of a Lua state is made and how it ends, what outlives a state that is closed, and the work that
 * objects leave to their state until it is entered next. */
#include "bridge/state/token_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* What is left to do */

void token_defer(Token *token, Deferred *deferred) {
  pthread_mutex_lock(&token->lock);
  bool closed = token->closed;
  if (!closed) {
    deferred->next = NULL;
    if (!token->deferred)
      token->deferred = deferred;
    else
      token->deferred_last->next = deferred;
    token->deferred_last = deferred;
    token->bridge->foreign_work = true;
    if (this_thread() != token->owner)
      token_post_locked(token);
  }
  pthread_mutex_unlock(&token->lock);
  if (closed)
    deferred->run(NULL, token, deferred);
}

void token_notify(Token *token, Notice *notice) {
  notice->next = NULL;
  pthread_mutex_lock(&token->lock);
  bool closed = token->closed;
  if (!closed) {
    if (!token->notices)
      token->notices = notice;
    else
      token->notices_last->next = notice;
    token->notices_last = notice;
    token->served++;
    queue_wake(token->queue);
  }
  pthread_mutex_unlock(&token->lock);
  if (closed)
    notice->taken(notice);
}

Notice *token_take_notice(Token *token) {
  pthread_mutex_lock(&token->lock);
  Notice *notice = token->notices;
  if (notice)
    token->notices = notice->next;
  pthread_mutex_unlock(&token->lock);
  return notice;
}

void token_drop_notice(Token *token, const Notice *notice) {
  pthread_mutex_lock(&token->lock);
  Notice *before = NULL;
  for (Notice *one = token->notices; one; before = one, one = one->next) {
    if (one != notice)
      continue;
    *(before ? &before->next : &token->notices) = one->next;
    if (token->notices_last == one)
      token->notices_last = before;
    break;
  }
  pthread_mutex_unlock(&token->lock);
}

static Deferred *next_deferred(Token *token) {
  pthread_mutex_lock(&token->lock);
  Deferred *deferred = token->deferred;
  if (deferred)
    token->deferred = deferred->next;
  else if (token->bridge)
    token->bridge->foreign_work = false;
  pthread_mutex_unlock(&token->lock);
  return deferred;
}

void token_drain(Token *token) {
  if (token->draining)
    return;
  token->draining = true;
  for (Deferred *deferred; (deferred = next_deferred(token)) != NULL;)
    deferred->run(token->bridge ? token->work : NULL, token, deferred);
  token->draining = false;
}

static void hook_drain(lua_State *L, Bridge *bridge) {
  (void)L;
  token_drain(bridge->token);
}

/* Life and death */

Bridge *_Atomic bridge_lost;

/* The owner of a state that is gone waits for the end of the process. */
void await_end(void) {
  for (;;)
    pause();
}

Token *token_addref(Token *token) {
  atomic_fetch_add(&token->references, 1);
  return token;
}

void token_release(Token *token) {
  if (atomic_fetch_sub(&token->references, 1) != 1)
    return;
  queue_release(token->queue);
  pthread_mutex_destroy(&token->lock);
  pthread_cond_destroy(&token->changed);
  free(token);
}

/* Five seconds from now, for pthread_cond_timedwait. */
static struct timespec moment_to_give_up(void) {
  struct timespec moment;
  clock_gettime(CLOCK_MONOTONIC, &moment);
  moment.tv_sec += 5;
  return moment;
}

/* Calls that are running on other threads may end first; for a while. */
static void let_others_end(Token *token) {
  struct timespec end = moment_to_give_up();
  owner_set(token, false);
  pthread_mutex_lock(&token->lock);
  token_wake_locked(token);
  while (token->foreign_runs || atomic_load(&token->foreign) != 0) {
    if (pthread_cond_timedwait(&token->changed, &token->lock, &end) == ETIMEDOUT)
      break;
  }
  owner_set(token, true);
  /* Whoever is in the state and does not come out cannot be stopped. */
  while (atomic_load(&token->foreign) != 0)
    pthread_cond_wait(&token->changed, &token->lock);
  pthread_mutex_unlock(&token->lock);
}

/* Callers go on with RPC_E_DISCONNECTED: those that wait, and those whose call the owner was just running, who will not
 * come back to it. */
static void end_calls_locked(Token *token) {
  while (token->first) {
    QueuedCall *call = token->first;
    call_remove(token, call);
    call_settle_locked(call, RPC_E_DISCONNECTED);
  }
  for (PumpedCall *pumped = token->pumped; pumped; pumped = pumped->outer) {
    if (pumped->call)
      call_settle_locked(pumped->call, RPC_E_DISCONNECTED);
    pumped->call = NULL;
  }
}

/* The state is closed while foreign threads are outside: the objects that they call, and the type information behind these
 * calls, stay until they are back. Without memory they go with the state. */
static void keep_references_locked(Token *token, Bridge *bridge) {
  if (!token->foreign_runs || !bridge->deferred_count)
    return;
  token->kept = malloc(bridge->deferred_count * sizeof *token->kept);
  if (!token->kept)
    return;
  token->kept_count = bridge->deferred_count;
  memcpy(token->kept, bridge->deferred, token->kept_count * sizeof *token->kept);
  bridge->deferred_count = 0;
}

/* The state is being closed: its objects stay, dead. */
static void hook_close(lua_State *L, Bridge *bridge) {
  Token *token = bridge->token;
  bool abroad = atomic_load(&token->foreign) == this_thread(); /* in a call that the owner's own has let in */
  (void)L;
  if (abroad)
    atomic_store(&bridge_lost, bridge);
  pthread_mutex_lock(&token->lock);
  bool others = token->foreign_runs;
  pthread_mutex_unlock(&token->lock);
  if (others && token->outgoing == 0 && this_thread() == token->owner)
    let_others_end(token);
  token_drain(token);
  pthread_mutex_lock(&token->lock);
  token->closed = true;
  Deferred *left = token->deferred;
  Notice *unheard = token->notices;
  token->deferred = NULL;
  token->notices = NULL;
  token->bridge = NULL;
  keep_references_locked(token, bridge);
  end_calls_locked(token);
  pthread_cond_broadcast(&token->changed);
  pthread_mutex_unlock(&token->lock);
  while (left) {
    Deferred *deferred = left;
    left = left->next;
    deferred->run(NULL, token, deferred);
  }
  while (unheard) {
    Notice *notice = unheard;
    unheard = unheard->next;
    notice->taken(notice);
  }
  bridge->leave = NULL;
  bridge->enter = NULL;
  bridge->drain = NULL;
  bridge->own_object = NULL;
  bridge->wrap_table = NULL;
  bridge->take_cause = NULL;
  bridge->adopt = NULL;
  bridge->pending_error = false;
  bridge->token = NULL;
  if (!abroad)
    token_release(token); /* else the owner may be waiting for it, until the process ends */
}

static int push_table(lua_State *L, const char *mode) {
  lua_newtable(L);
  if (mode) {
    lua_createtable(L, 0, 1);
    lua_pushstring(L, mode);
    lua_setfield(L, -2, "__mode");
    lua_setmetatable(L, -2);
  }
  return luaL_ref(L, LUA_REGISTRYINDEX);
}

static void init_lock(Token *token) {
  pthread_condattr_t attributes;
  pthread_condattr_init(&attributes);
  pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
  pthread_cond_init(&token->changed, &attributes);
  pthread_condattr_destroy(&attributes);
  pthread_mutex_init(&token->lock, NULL);
}

Token *token_get(lua_State *L, Bridge *bridge) {
  if (bridge->token)
    return bridge->token;
  if (bridge->closing)
    raise_text(L, RPC_E_DISCONNECTED, "com.object", "the Lua state is being closed");
  luaL_checkstack(L, LUA_MINSTACK, NULL);
  barrier_begin();
  int coroutines = push_table(L, NULL), weak = push_table(L, "v"), strong = push_table(L, NULL);
  int names = push_table(L, NULL), by_table = push_table(L, "k");
  lua_rawgeti(L, LUA_REGISTRYINDEX, names);
  lua_pushliteral(L, "__index");
  lua_rawseti(L, -2, KEY_INDEX);
  lua_pop(L, 1);
  lua_State *work = lua_newthread(L);
  luaL_ref(L, LUA_REGISTRYINDEX);
  if (!lua_checkstack(work, LUA_MINSTACK))
    raise_status(L, E_OUTOFMEMORY, "com.object");
  Token *token = queue_of_thread() ? calloc(1, sizeof *token) : NULL;
  if (!token)
    raise_status(L, E_OUTOFMEMORY, "com.object");
  else {
    *token = (Token){ .references = 1,
                      .owner = bridge->owner,
                      .owner_in = true,
                      .queue = queue_addref(queue_of_thread()),
                      .bridge = bridge,
                      .work = work,
                      .coroutines = coroutines,
                      .weak = weak,
                      .strong = strong,
                      .names = names,
                      .by_table = by_table };
    lua_rawgeti(work, LUA_REGISTRYINDEX, weak);
    lua_rawgeti(work, LUA_REGISTRYINDEX, names);
    lua_rawgeti(work, LUA_REGISTRYINDEX, strong);
    init_lock(token);
    bridge->token = token;
    token_serve(token, bridge);
    bridge->drain = hook_drain;
    bridge->take_cause = error_take_cause;
    bridge->take_pending = error_take_pending;
    bridge->close = hook_close;
    bridge->token_made(bridge);
  }
  return token;
}
