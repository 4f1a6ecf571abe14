/* token.c - the token of a Lua state (LUA-API.md, Threads): who runs in it, who waits for it, what was left to it.
 *
 * The owner thread marks itself in and out with plain stores, because it does so around every outgoing call and nobody
 * else is interested nearly always. A foreign thread first says that it is interested (`foreigners`), then makes every
 * thread of the process pass a memory barrier, and only then looks whether the owner is in: so either it sees the owner,
 * or the owner sees it (Dekker's algorithm with the costs on one side). Where the kernel has no such barrier, the owner
 * pays for its own. */
#include "bridge/state/token.h"

#include <errno.h>
#include <linux/membarrier.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

typedef enum CallState { CALL_WAITS, CALL_RUNS, CALL_DONE } CallState;

/* A call from a foreign thread, on that thread's stack. */
struct QueuedCall {
  QueuedCall *next;
  TokenBody *body;
  void *context;
  CallState state;
  HRESULT result;
  IErrorInfo *error; /* what the call left on the thread that ran it */
};

static pthread_once_t barrier_once = PTHREAD_ONCE_INIT;
static bool barrier_works;

static void barrier_register(void) {
#if !defined(__SANITIZE_THREAD__)
  barrier_works = syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0) == 0;
#endif
}

static void barrier_everywhere(void) {
  if (barrier_works)
    syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0);
}

static inline uint64_t this_thread(void) {
  return (uint64_t)pthread_self();
}

/* ------------------------------------------------------------------------------------------------------- the token */

/* The store, and then nothing that follows before it. */
static inline void owner_set(Token *token, bool in) {
  if (barrier_works) {
    atomic_store_explicit(&token->owner_in, in, memory_order_release);
    atomic_signal_fence(memory_order_seq_cst);
  } else {
    atomic_exchange(&token->owner_in, in);
  }
}

static void owner_wait(Token *token) {
  pthread_mutex_lock(&token->lock);
  while (atomic_load(&token->foreign) != 0)
    pthread_cond_wait(&token->changed, &token->lock);
  pthread_mutex_unlock(&token->lock);
}

static inline void owner_take(Token *token) {
  owner_set(token, true);
  if (atomic_load(&token->foreigners) != 0)
    owner_wait(token);
}

static void wake_all(Token *token) {
  pthread_mutex_lock(&token->lock);
  pthread_cond_broadcast(&token->changed);
  pthread_mutex_unlock(&token->lock);
}

static inline void owner_give(Token *token) {
  owner_set(token, false);
  if (atomic_load(&token->foreigners) != 0)
    wake_all(token);
}

/* A foreign thread cannot go on in a state that is gone, and there is nowhere to go back to. */
static void park(Token *token) {
  for (;;)
    pthread_cond_wait(&token->changed, &token->lock);
}

static void foreign_take_back(Token *token, uint64_t self) {
  pthread_mutex_lock(&token->lock);
  token->returning++;
  while (atomic_load(&token->owner_in) || atomic_load(&token->foreign) != 0)
    pthread_cond_wait(&token->changed, &token->lock);
  token->returning--;
  if (token->closed)
    park(token);
  atomic_store(&token->foreign, self);
  pthread_mutex_unlock(&token->lock);
}

static void foreign_give(Token *token) {
  pthread_mutex_lock(&token->lock);
  atomic_store(&token->foreign, 0);
  pthread_cond_broadcast(&token->changed);
  pthread_mutex_unlock(&token->lock);
}

/* ------------------------------------------------------------------------------------------------- what is left to do */

void token_defer(Token *token, Deferred *deferred) {
  pthread_mutex_lock(&token->lock);
  bool closed = token->closed;
  if (!closed) {
    deferred->next = NULL;
    if (token->deferred == NULL)
      token->deferred = deferred;
    else
      token->deferred_last->next = deferred;
    token->deferred_last = deferred;
    token->bridge->foreign_work = true;
    if (token->wake >= 0 && this_thread() != token->owner)
      (void)!write(token->wake, &(uint64_t){ 1 }, sizeof(uint64_t));
  }
  pthread_mutex_unlock(&token->lock);
  if (closed)
    deferred->run(NULL, token, deferred);
}

static Deferred *next_deferred(Token *token) {
  pthread_mutex_lock(&token->lock);
  Deferred *deferred = token->deferred;
  if (deferred != NULL)
    token->deferred = deferred->next;
  else if (token->bridge != NULL)
    token->bridge->foreign_work = false;
  pthread_mutex_unlock(&token->lock);
  return deferred;
}

static void drain_all(Token *token) {
  if (token->draining)
    return;
  token->draining = true;
  for (Deferred *deferred; (deferred = next_deferred(token)) != NULL;)
    deferred->run(token->bridge != NULL ? token->work : NULL, token, deferred);
  token->draining = false;
}

static void hook_drain(lua_State *L, Bridge *bridge) {
  (void)L;
  drain_all(bridge->token);
}

/* ------------------------------------------------------------------------------------------------- outgoing calls */

static void hook_leave(Bridge *bridge) {
  Token *token = bridge->token;
  token->outgoing++;
  if (this_thread() == token->owner)
    owner_give(token);
  else
    foreign_give(token);
}

/* The first object may have been made during an outgoing call: then the token was never given away. */
static void hook_enter(Bridge *bridge) {
  Token *token = bridge->token;
  uint64_t self = this_thread();
  if (self == token->owner) {
    if (atomic_load_explicit(&token->owner_in, memory_order_relaxed))
      return;
    owner_take(token);
  } else {
    if (atomic_load(&token->foreign) == self)
      return;
    foreign_take_back(token, self);
  }
  if (token->outgoing != 0)
    token->outgoing--;
  if (bridge->foreign_work)
    drain_all(token);
}

void token_rest(Token *token) {
  owner_give(token);
}

void token_resume(Token *token) {
  if (!atomic_load_explicit(&token->owner_in, memory_order_relaxed))
    owner_take(token);
  drain_all(token);
}

/* ------------------------------------------------------------------------------------------------- calls into the state */

static int make_coroutine(lua_State *L) {
  Token *token = lua_touserdata(L, 1);
  lua_rawgeti(L, LUA_REGISTRYINDEX, token->coroutines);
  lua_State *made = lua_newthread(L);
  lua_pushboolean(L, true);
  lua_rawset(L, -3);
  const int tables[] = { token->weak, token->names, token->strong };
  for (int i = 0; i < STACK_BASE; i++)
    lua_rawgeti(made, LUA_REGISTRYINDEX, tables[i]);
  token->free[token->free_count++] = made;
  return 0;
}

static lua_State *take_coroutine(Token *token) {
  if (token->free_count == 0) {
    if (!lua_checkstack(token->work, LUA_MINSTACK))
      return NULL;
    if (!bridge_protected(token->work, make_coroutine, token, 0)) {
      lua_pop(token->work, 1);
      return NULL;
    }
  }
  return token->free[--token->free_count];
}

static void forget_coroutine(Token *token, lua_State *L) {
  lua_settop(L, 0);
  lua_rawgeti(L, LUA_REGISTRYINDEX, token->coroutines);
  lua_pushthread(L);
  lua_pushnil(L);
  lua_rawset(L, -3); /* an existing key: nothing is allocated */
  lua_settop(L, 0);
}

static inline HRESULT run_here(Token *token, TokenBody *body, void *context) {
  if (token->bridge == NULL)
    return RPC_E_DISCONNECTED;
  if (token->in_use >= TOKEN_NESTING)
    return ERROR_STACK;
  lua_State *L = take_coroutine(token);
  if (L == NULL)
    return E_OUTOFMEMORY;
  token->in_use++;
  body(L, context);
  if (token->bridge == NULL)
    return S_OK;
  token->in_use--;
  lua_settop(L, STACK_BASE);
  if (token->free_count < sizeof token->free / sizeof *token->free)
    token->free[token->free_count++] = L;
  else
    forget_coroutine(token, L);
  return S_OK;
}

static void queue_append(Token *token, QueuedCall *call) {
  if (token->first == NULL)
    token->first = call;
  else
    token->last->next = call;
  token->last = call;
  if (token->wake >= 0)
    (void)!write(token->wake, &(uint64_t){ 1 }, sizeof(uint64_t));
}

static void queue_remove(Token *token, QueuedCall *call) {
  QueuedCall *before = NULL;
  for (QueuedCall *other = token->first; other != call; other = other->next)
    before = other;
  if (before == NULL)
    token->first = call->next;
  else
    before->next = call->next;
  if (token->last == call)
    token->last = before;
}

/* Runs the call on its own thread when the token is free, or waits until the owner has run it (token_pump). Under the
 * lock. */
static HRESULT await_call(Token *token, QueuedCall *call, uint64_t self) {
  for (;;) {
    if (call->state == CALL_DONE) {
      if (call->error != NULL) {
        SetErrorInfo(0, call->error);
        IErrorInfo_Release(call->error);
      }
      return call->result;
    }
    if (call->state == CALL_WAITS && token->closed) {
      queue_remove(token, call);
      return RPC_E_DISCONNECTED;
    }
    if (call->state == CALL_WAITS && token->first == call && token->pumping == 0 && token->returning == 0 &&
        !atomic_load(&token->owner_in) && atomic_load(&token->foreign) == 0) {
      queue_remove(token, call);
      atomic_store(&token->foreign, self);
      pthread_mutex_unlock(&token->lock);
      HRESULT result = run_here(token, call->body, call->context);
      pthread_mutex_lock(&token->lock);
      atomic_store(&token->foreign, 0);
      pthread_cond_broadcast(&token->changed);
      return result;
    }
    pthread_cond_wait(&token->changed, &token->lock);
  }
}

static HRESULT run_foreign(Token *token, TokenBody *body, void *context, uint64_t self) {
  QueuedCall call = { .body = body, .context = context, .state = CALL_WAITS };
  atomic_fetch_add(&token->foreigners, 1);
  barrier_everywhere();
  pthread_mutex_lock(&token->lock);
  if (token->closed) {
    call.result = RPC_E_DISCONNECTED;
  } else {
    queue_append(token, &call);
    pthread_cond_broadcast(&token->changed); /* a pump may wait for it */
    call.result = await_call(token, &call, self);
  }
  atomic_fetch_sub(&token->foreigners, 1);
  pthread_mutex_unlock(&token->lock);
  return call.result;
}

HRESULT token_run(Token *token, TokenBody *body, void *context) {
  uint64_t self = this_thread();
  if (self != token->owner) {
    if (atomic_load(&token->foreign) == self)
      return run_here(token, body, context);
    return run_foreign(token, body, context, self);
  }
  if (atomic_load_explicit(&token->owner_in, memory_order_relaxed))
    return run_here(token, body, context);
  owner_take(token);
  HRESULT result = run_here(token, body, context);
  owner_give(token);
  return result;
}

/* ------------------------------------------------------------------------------------------------------------- the pump */

static void run_queued(Token *token, QueuedCall *call) {
  queue_remove(token, call);
  call->state = CALL_RUNS;
  pthread_mutex_unlock(&token->lock);
  HRESULT result = run_here(token, call->body, call->context);
  IErrorInfo *error = NULL;
  GetErrorInfo(0, &error);
  pthread_mutex_lock(&token->lock);
  call->result = result;
  call->error = error;
  call->state = CALL_DONE;
  pthread_cond_broadcast(&token->changed);
}

static struct timespec moment_after(double seconds) {
  struct timespec moment;
  clock_gettime(CLOCK_MONOTONIC, &moment);
  if (seconds > 1e8)
    seconds = 1e8;
  moment.tv_sec += (time_t)seconds;
  moment.tv_nsec += (long)((seconds - (double)(time_t)seconds) * 1e9);
  if (moment.tv_nsec >= 1000000000) {
    moment.tv_sec++;
    moment.tv_nsec -= 1000000000;
  }
  return moment;
}

/* Waits, with the token given away, until a call is queued. False: the time is over. Under the lock. */
static bool pump_wait(Token *token, double seconds) {
  struct timespec end = moment_after(seconds < 0 ? 0 : seconds);
  bool in_time = true;
  owner_set(token, false);
  pthread_cond_broadcast(&token->changed);
  while (token->first == NULL && in_time && !token->bridge->foreign_work) {
    if (seconds < 0)
      pthread_cond_wait(&token->changed, &token->lock);
    else
      in_time = pthread_cond_timedwait(&token->changed, &token->lock, &end) != ETIMEDOUT;
  }
  owner_set(token, true);
  while (atomic_load(&token->foreign) != 0)
    pthread_cond_wait(&token->changed, &token->lock);
  return token->first != NULL;
}

bool token_pump(Token *token, double seconds) {
  uint64_t count;
  bool ran = false;
  if (this_thread() != token->owner)
    return false;
  pthread_mutex_lock(&token->lock);
  token->pumping++;
  if (token->first == NULL && seconds != 0)
    pump_wait(token, seconds);
  while (token->first != NULL) {
    run_queued(token, token->first);
    ran = true;
  }
  token->pumping--;
  if (token->wake >= 0 && token->pumping == 0)
    (void)!read(token->wake, &count, sizeof count);
  pthread_mutex_unlock(&token->lock);
  drain_all(token);
  return ran;
}

int token_wake_descriptor(Token *token) {
  pthread_mutex_lock(&token->lock);
  if (token->wake < 0)
    token->wake = eventfd(token->first != NULL, EFD_CLOEXEC | EFD_NONBLOCK);
  int wake = token->wake;
  pthread_mutex_unlock(&token->lock);
  return wake;
}

/* ------------------------------------------------------------------------------------------------------ life and death */

Token *token_addref(Token *token) {
  atomic_fetch_add(&token->references, 1);
  return token;
}

void token_release(Token *token) {
  if (atomic_fetch_sub(&token->references, 1) != 1)
    return;
  if (token->wake >= 0)
    close(token->wake);
  pthread_mutex_destroy(&token->lock);
  pthread_cond_destroy(&token->changed);
  free(token);
}

/* Calls that are running on other threads may end first; for a while. */
static void let_others_end(Token *token) {
  struct timespec end = moment_after(5);
  owner_set(token, false);
  pthread_mutex_lock(&token->lock);
  pthread_cond_broadcast(&token->changed);
  while (token->in_use != 0 || atomic_load(&token->foreign) != 0) {
    if (pthread_cond_timedwait(&token->changed, &token->lock, &end) == ETIMEDOUT)
      break;
  }
  owner_set(token, true);
  while (atomic_load(&token->foreign) != 0)
    pthread_cond_wait(&token->changed, &token->lock);
  pthread_mutex_unlock(&token->lock);
}

/* The state is being closed: its objects stay, dead. */
static void hook_close(lua_State *L, Bridge *bridge) {
  Token *token = bridge->token;
  (void)L;
  if (token->in_use != 0 && token->outgoing == 0 && this_thread() == token->owner)
    let_others_end(token);
  drain_all(token);
  pthread_mutex_lock(&token->lock);
  token->closed = true;
  Deferred *left = token->deferred;
  token->deferred = NULL;
  token->bridge = NULL;
  pthread_cond_broadcast(&token->changed);
  pthread_mutex_unlock(&token->lock);
  while (left != NULL) {
    Deferred *deferred = left;
    left = left->next;
    deferred->run(NULL, token, deferred);
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
  token_release(token);
}

static int push_table(lua_State *L, const char *mode) {
  lua_newtable(L);
  if (mode != NULL) {
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
  if (bridge->token != NULL)
    return bridge->token;
  if (bridge->closing)
    raise_text(L, RPC_E_DISCONNECTED, "com.object", "the Lua state is being closed");
  luaL_checkstack(L, LUA_MINSTACK, NULL);
  pthread_once(&barrier_once, barrier_register);
  int coroutines = push_table(L, NULL), weak = push_table(L, "v"), strong = push_table(L, NULL);
  int names = push_table(L, NULL), by_table = push_table(L, "k");
  lua_State *work = lua_newthread(L);
  luaL_ref(L, LUA_REGISTRYINDEX);
  if (!lua_checkstack(work, LUA_MINSTACK))
    raise_status(L, E_OUTOFMEMORY, "com.object");
  Token *token = calloc(1, sizeof *token);
  if (token == NULL)
    raise_status(L, E_OUTOFMEMORY, "com.object");
  else {
    *token = (Token){ .references = 1,
                      .owner = bridge->owner,
                      .owner_in = true,
                      .wake = -1,
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
    bridge->leave = hook_leave;
    bridge->enter = hook_enter;
    bridge->drain = hook_drain;
    bridge->take_cause = error_take_cause;
    bridge->take_pending = error_take_pending;
    bridge->close = hook_close;
    bridge->token_made(bridge);
  }
  return token;
}
