/* token.c - the token of a Lua state (LUA-API.md, Threads): who runs in it, who waits for it, what was left to it.
 *
 * The owner thread marks itself in and out with plain stores, because it does so around every outgoing call and nobody
 * else is interested nearly always. A foreign thread first says that it is interested (`foreigners`), then makes every
 * thread of the process pass a memory barrier, and only then looks whether the owner is in: so either it sees the owner,
 * or the owner sees it (Dekker's algorithm with the costs on one side). Where the kernel has no such barrier, the owner
 * pays for its own. */
#include "bridge/objects/events_internal.h"

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
  ServerBody *body;
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
static inline void owner_set(Server *server, bool in) {
  if (barrier_works) {
    atomic_store_explicit(&server->owner_in, in, memory_order_release);
    atomic_signal_fence(memory_order_seq_cst);
  } else {
    atomic_exchange(&server->owner_in, in);
  }
}

static void owner_wait(Server *server) {
  pthread_mutex_lock(&server->lock);
  while (atomic_load(&server->foreign) != 0)
    pthread_cond_wait(&server->changed, &server->lock);
  pthread_mutex_unlock(&server->lock);
}

static inline void owner_take(Server *server) {
  owner_set(server, true);
  if (atomic_load(&server->foreigners) != 0)
    owner_wait(server);
}

static void wake_all(Server *server) {
  pthread_mutex_lock(&server->lock);
  pthread_cond_broadcast(&server->changed);
  pthread_mutex_unlock(&server->lock);
}

static inline void owner_give(Server *server) {
  owner_set(server, false);
  if (atomic_load(&server->foreigners) != 0)
    wake_all(server);
}

/* A foreign thread cannot go on in a state that is gone, and there is nowhere to go back to. */
static void park(Server *server) {
  for (;;)
    pthread_cond_wait(&server->changed, &server->lock);
}

static void foreign_take_back(Server *server, uint64_t self) {
  pthread_mutex_lock(&server->lock);
  server->returning++;
  while (atomic_load(&server->owner_in) || atomic_load(&server->foreign) != 0)
    pthread_cond_wait(&server->changed, &server->lock);
  server->returning--;
  if (server->closed)
    park(server);
  atomic_store(&server->foreign, self);
  pthread_mutex_unlock(&server->lock);
}

static void foreign_give(Server *server) {
  pthread_mutex_lock(&server->lock);
  atomic_store(&server->foreign, 0);
  pthread_cond_broadcast(&server->changed);
  pthread_mutex_unlock(&server->lock);
}

/* ------------------------------------------------------------------------------------------------- what is left to do */

void server_defer(Server *server, Deferred *deferred) {
  pthread_mutex_lock(&server->lock);
  bool closed = server->closed;
  if (!closed) {
    deferred->next = NULL;
    if (server->deferred == NULL)
      server->deferred = deferred;
    else
      server->deferred_last->next = deferred;
    server->deferred_last = deferred;
    server->bridge->foreign_work = true;
    if (server->wake >= 0 && this_thread() != server->owner)
      (void)!write(server->wake, &(uint64_t){ 1 }, sizeof(uint64_t));
  }
  pthread_mutex_unlock(&server->lock);
  if (closed)
    deferred->run(NULL, server, deferred);
}

static Deferred *next_deferred(Server *server) {
  pthread_mutex_lock(&server->lock);
  Deferred *deferred = server->deferred;
  if (deferred != NULL)
    server->deferred = deferred->next;
  else if (server->bridge != NULL)
    server->bridge->foreign_work = false;
  pthread_mutex_unlock(&server->lock);
  return deferred;
}

static void drain_all(Server *server) {
  if (server->draining)
    return;
  server->draining = true;
  for (Deferred *deferred; (deferred = next_deferred(server)) != NULL;)
    deferred->run(server->bridge != NULL ? server->work : NULL, server, deferred);
  server->draining = false;
}

static void hook_drain(lua_State *L, Bridge *bridge) {
  (void)L;
  drain_all(bridge->server);
}

/* ------------------------------------------------------------------------------------------------- outgoing calls */

static void hook_leave(Bridge *bridge) {
  Server *server = bridge->server;
  server->outgoing++;
  if (this_thread() == server->owner)
    owner_give(server);
  else
    foreign_give(server);
}

/* The first object may have been made during an outgoing call: then the token was never given away. */
static void hook_enter(Bridge *bridge) {
  Server *server = bridge->server;
  uint64_t self = this_thread();
  if (self == server->owner) {
    if (atomic_load_explicit(&server->owner_in, memory_order_relaxed))
      return;
    owner_take(server);
  } else {
    if (atomic_load(&server->foreign) == self)
      return;
    foreign_take_back(server, self);
  }
  if (server->outgoing != 0)
    server->outgoing--;
  if (bridge->foreign_work)
    drain_all(server);
}

void server_rest(Server *server) {
  owner_give(server);
}

void server_resume(Server *server) {
  if (!atomic_load_explicit(&server->owner_in, memory_order_relaxed))
    owner_take(server);
  drain_all(server);
}

/* ------------------------------------------------------------------------------------------------- calls into the state */

static int make_coroutine(lua_State *L) {
  Server *server = lua_touserdata(L, 1);
  lua_rawgeti(L, LUA_REGISTRYINDEX, server->coroutines);
  lua_State *made = lua_newthread(L);
  lua_pushboolean(L, true);
  lua_rawset(L, -3);
  const int tables[] = { server->weak, server->names, server->strong };
  for (int i = 0; i < STACK_BASE; i++)
    lua_rawgeti(made, LUA_REGISTRYINDEX, tables[i]);
  server->free[server->free_count++] = made;
  return 0;
}

static lua_State *take_coroutine(Server *server) {
  if (server->free_count == 0) {
    if (!lua_checkstack(server->work, LUA_MINSTACK))
      return NULL;
    if (!bridge_protected(server->work, make_coroutine, server, 0)) {
      lua_pop(server->work, 1);
      return NULL;
    }
  }
  return server->free[--server->free_count];
}

static void forget_coroutine(Server *server, lua_State *L) {
  lua_settop(L, 0);
  lua_rawgeti(L, LUA_REGISTRYINDEX, server->coroutines);
  lua_pushthread(L);
  lua_pushnil(L);
  lua_rawset(L, -3); /* an existing key: nothing is allocated */
  lua_settop(L, 0);
}

static inline HRESULT run_here(Server *server, ServerBody *body, void *context) {
  if (server->bridge == NULL)
    return RPC_E_DISCONNECTED;
  if (server->in_use >= SERVER_NESTING)
    return ERROR_STACK;
  lua_State *L = take_coroutine(server);
  if (L == NULL)
    return E_OUTOFMEMORY;
  server->in_use++;
  body(L, context);
  if (server->bridge == NULL)
    return S_OK;
  server->in_use--;
  lua_settop(L, STACK_BASE);
  if (server->free_count < sizeof server->free / sizeof *server->free)
    server->free[server->free_count++] = L;
  else
    forget_coroutine(server, L);
  return S_OK;
}

static void queue_append(Server *server, QueuedCall *call) {
  if (server->first == NULL)
    server->first = call;
  else
    server->last->next = call;
  server->last = call;
  if (server->wake >= 0)
    (void)!write(server->wake, &(uint64_t){ 1 }, sizeof(uint64_t));
}

static void queue_remove(Server *server, QueuedCall *call) {
  QueuedCall *before = NULL;
  for (QueuedCall *other = server->first; other != call; other = other->next)
    before = other;
  if (before == NULL)
    server->first = call->next;
  else
    before->next = call->next;
  if (server->last == call)
    server->last = before;
}

/* Runs the call on its own thread when the token is free, or waits until the owner has run it (server_pump). Under the
 * lock. */
static HRESULT await_call(Server *server, QueuedCall *call, uint64_t self) {
  for (;;) {
    if (call->state == CALL_DONE) {
      if (call->error != NULL) {
        SetErrorInfo(0, call->error);
        IErrorInfo_Release(call->error);
      }
      return call->result;
    }
    if (call->state == CALL_WAITS && server->closed) {
      queue_remove(server, call);
      return RPC_E_DISCONNECTED;
    }
    if (call->state == CALL_WAITS && server->first == call && server->pumping == 0 && server->returning == 0 &&
        !atomic_load(&server->owner_in) && atomic_load(&server->foreign) == 0) {
      queue_remove(server, call);
      atomic_store(&server->foreign, self);
      pthread_mutex_unlock(&server->lock);
      HRESULT result = run_here(server, call->body, call->context);
      pthread_mutex_lock(&server->lock);
      atomic_store(&server->foreign, 0);
      pthread_cond_broadcast(&server->changed);
      return result;
    }
    pthread_cond_wait(&server->changed, &server->lock);
  }
}

static HRESULT run_foreign(Server *server, ServerBody *body, void *context, uint64_t self) {
  QueuedCall call = { .body = body, .context = context, .state = CALL_WAITS };
  atomic_fetch_add(&server->foreigners, 1);
  barrier_everywhere();
  pthread_mutex_lock(&server->lock);
  if (server->closed) {
    call.result = RPC_E_DISCONNECTED;
  } else {
    queue_append(server, &call);
    pthread_cond_broadcast(&server->changed); /* a pump may wait for it */
    call.result = await_call(server, &call, self);
  }
  atomic_fetch_sub(&server->foreigners, 1);
  pthread_mutex_unlock(&server->lock);
  return call.result;
}

HRESULT server_run(Server *server, ServerBody *body, void *context) {
  uint64_t self = this_thread();
  if (self != server->owner) {
    if (atomic_load(&server->foreign) == self)
      return run_here(server, body, context);
    return run_foreign(server, body, context, self);
  }
  if (atomic_load_explicit(&server->owner_in, memory_order_relaxed))
    return run_here(server, body, context);
  owner_take(server);
  HRESULT result = run_here(server, body, context);
  owner_give(server);
  return result;
}

/* ------------------------------------------------------------------------------------------------------------- the pump */

static void run_queued(Server *server, QueuedCall *call) {
  queue_remove(server, call);
  call->state = CALL_RUNS;
  pthread_mutex_unlock(&server->lock);
  HRESULT result = run_here(server, call->body, call->context);
  IErrorInfo *error = NULL;
  GetErrorInfo(0, &error);
  pthread_mutex_lock(&server->lock);
  call->result = result;
  call->error = error;
  call->state = CALL_DONE;
  pthread_cond_broadcast(&server->changed);
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
static bool pump_wait(Server *server, double seconds) {
  struct timespec end = moment_after(seconds < 0 ? 0 : seconds);
  bool in_time = true;
  owner_set(server, false);
  pthread_cond_broadcast(&server->changed);
  while (server->first == NULL && in_time && !server->bridge->foreign_work) {
    if (seconds < 0)
      pthread_cond_wait(&server->changed, &server->lock);
    else
      in_time = pthread_cond_timedwait(&server->changed, &server->lock, &end) != ETIMEDOUT;
  }
  owner_set(server, true);
  while (atomic_load(&server->foreign) != 0)
    pthread_cond_wait(&server->changed, &server->lock);
  return server->first != NULL;
}

bool server_pump(Server *server, double seconds) {
  uint64_t count;
  bool ran = false;
  if (this_thread() != server->owner)
    return false;
  pthread_mutex_lock(&server->lock);
  server->pumping++;
  if (server->first == NULL && seconds != 0)
    pump_wait(server, seconds);
  while (server->first != NULL) {
    run_queued(server, server->first);
    ran = true;
  }
  server->pumping--;
  if (server->wake >= 0 && server->pumping == 0)
    (void)!read(server->wake, &count, sizeof count);
  pthread_mutex_unlock(&server->lock);
  drain_all(server);
  return ran;
}

int server_wake_descriptor(Server *server) {
  pthread_mutex_lock(&server->lock);
  if (server->wake < 0)
    server->wake = eventfd(server->first != NULL, EFD_CLOEXEC | EFD_NONBLOCK);
  int wake = server->wake;
  pthread_mutex_unlock(&server->lock);
  return wake;
}

/* ------------------------------------------------------------------------------------------------------ life and death */

Server *server_addref(Server *server) {
  atomic_fetch_add(&server->references, 1);
  return server;
}

void server_release(Server *server) {
  if (atomic_fetch_sub(&server->references, 1) != 1)
    return;
  if (server->wake >= 0)
    close(server->wake);
  pthread_mutex_destroy(&server->lock);
  pthread_cond_destroy(&server->changed);
  free(server);
}

/* Calls that are running on other threads may end first; for a while. */
static void let_others_end(Server *server) {
  struct timespec end = moment_after(5);
  owner_set(server, false);
  pthread_mutex_lock(&server->lock);
  pthread_cond_broadcast(&server->changed);
  while (server->in_use != 0 || atomic_load(&server->foreign) != 0) {
    if (pthread_cond_timedwait(&server->changed, &server->lock, &end) == ETIMEDOUT)
      break;
  }
  owner_set(server, true);
  while (atomic_load(&server->foreign) != 0)
    pthread_cond_wait(&server->changed, &server->lock);
  pthread_mutex_unlock(&server->lock);
}

/* The state is being closed: its objects stay, dead. */
static void hook_close(lua_State *L, Bridge *bridge) {
  Server *server = bridge->server;
  (void)L;
  if (server->in_use != 0 && server->outgoing == 0 && this_thread() == server->owner)
    let_others_end(server);
  drain_all(server);
  pthread_mutex_lock(&server->lock);
  server->closed = true;
  Deferred *left = server->deferred;
  server->deferred = NULL;
  server->bridge = NULL;
  pthread_cond_broadcast(&server->changed);
  pthread_mutex_unlock(&server->lock);
  while (left != NULL) {
    Deferred *deferred = left;
    left = left->next;
    deferred->run(NULL, server, deferred);
  }
  bridge->leave = NULL;
  bridge->enter = NULL;
  bridge->drain = NULL;
  bridge->own_object = NULL;
  bridge->wrap_table = NULL;
  bridge->take_cause = NULL;
  bridge->adopt = NULL;
  bridge->pending_error = false;
  bridge->server = NULL;
  server_release(server);
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

static void init_lock(Server *server) {
  pthread_condattr_t attributes;
  pthread_condattr_init(&attributes);
  pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
  pthread_cond_init(&server->changed, &attributes);
  pthread_condattr_destroy(&attributes);
  pthread_mutex_init(&server->lock, NULL);
}

Server *server_get(lua_State *L, Bridge *bridge) {
  if (bridge->server != NULL)
    return bridge->server;
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
  Server *server = calloc(1, sizeof *server);
  if (server == NULL)
    raise_status(L, E_OUTOFMEMORY, "com.object");
  else {
    *server = (Server){ .references = 1,
                        .owner = bridge->owner,
                        .owner_in = true,
                        .wake = -1,
                        .bridge = bridge,
                        .work = work,
                        .coroutines = coroutines,
                        .weak = weak,
                        .strong = strong,
                        .names = names,
                        .by_table = by_table,
                        .query_more = source_query };
    lua_rawgeti(work, LUA_REGISTRYINDEX, weak);
    lua_rawgeti(work, LUA_REGISTRYINDEX, names);
    lua_rawgeti(work, LUA_REGISTRYINDEX, strong);
    init_lock(server);
    bridge->server = server;
    bridge->leave = hook_leave;
    bridge->enter = hook_enter;
    bridge->drain = hook_drain;
    bridge->take_cause = error_take_cause;
    bridge->take_pending = error_take_pending;
    bridge->adopt = object_adopt;
    bridge->disown = object_disown;
    bridge->close = hook_close;
  }
  return server;
}
