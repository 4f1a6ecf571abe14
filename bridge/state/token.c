/* token.c - the token of a Lua state (LUA-API.md, Threads): who runs in it, who waits for it, what was left to it.
 *
 * The owner thread marks itself in and out with plain stores, because it does so around every outgoing call and nobody
 * else is interested nearly always. A foreign thread first says that it is interested (`foreigners`), then makes every
 * thread of the process pass a memory barrier, and only then looks whether the owner is in: so either it sees the owner,
 * or the owner sees it (Dekker's algorithm with the costs on one side). Where the kernel has no such barrier, the owner
 * pays for its own. */
#include "bridge/state/token.h"
#include "bridge/state/stack.h"

#include <errno.h>
#include <linux/membarrier.h>
#include <setjmp.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

typedef enum CallState { CALL_WAITS, CALL_MAY_RUN, CALL_PUMPED, CALL_DONE } CallState;

/* A call from a foreign thread, on that thread's stack. */
struct QueuedCall {
  QueuedCall *next;
  Token *token;
  TokenBody *body;
  void *context;
  ApartmentQueue *queue; /* where the thread sleeps */
  CallState state;
  HRESULT result;
  IErrorInfo *error; /* what the call left on the thread that ran it */
};

/* Such a call on the stack of the owner, who runs it. */
struct PumpedCall {
  PumpedCall *outer;
  QueuedCall *call; /* NULL: the state was closed meanwhile, and the caller has gone on */
};

/* A call that a foreign thread runs, on that thread's stack. */
struct ForeignRun {
  ForeignRun *outer;    /* of the thread */
  ForeignRun *next;     /* of the token */
  Token *token;         /* referenced */
  const Bridge *bridge; /* only to be compared: it goes with the state */
  jmp_buf way_out;      /* when the state is closed while the thread is outside of it */
};

_Thread_local ForeignRun *foreign_runs_of_thread;

static ForeignRun *run_in(const Bridge *bridge) {
  ForeignRun *run = foreign_runs_of_thread;
  while (run && run->bridge != bridge)
    run = run->outer;
  return run;
}

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

/* The token */

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

/* The token may be free: who comes back takes it first, then the call that waits longest. */
static void wake_locked(Token *token) {
  pthread_cond_broadcast(&token->changed);
  if (token->first)
    queue_wake(token->first->queue);
}

static void wake_next(Token *token) {
  pthread_mutex_lock(&token->lock);
  wake_locked(token);
  pthread_mutex_unlock(&token->lock);
}

static inline void owner_give(Token *token) {
  owner_set(token, false);
  if (atomic_load(&token->foreigners) != 0)
    wake_next(token);
}

/* When the state is gone a foreign thread cannot go on in it: it leaves the call that it was running, which ends with
 * RPC_E_DISCONNECTED. Between here and there are only frames of Lua and of the bridge. */
static void foreign_take_back(ForeignRun *run) {
  Token *token = run->token;
  pthread_mutex_lock(&token->lock);
  token->returning++;
  while (!token->closed && (atomic_load(&token->owner_in) || atomic_load(&token->foreign) != 0))
    pthread_cond_wait(&token->changed, &token->lock);
  token->returning--;
  bool closed = token->closed;
  if (!closed)
    atomic_store(&token->foreign, this_thread());
  pthread_mutex_unlock(&token->lock);
  if (closed)
    longjmp(run->way_out, 1);
}

static void foreign_give(Token *token) {
  pthread_mutex_lock(&token->lock);
  atomic_store(&token->foreign, 0);
  wake_locked(token);
  pthread_mutex_unlock(&token->lock);
}

/* What is left to do */

/* The owner is told when he waits or polls next. */
static void post_locked(Token *token) {
  if (token->posted || FAILED(queue_post(token->queue, &token->errand)))
    return;
  token->posted = true;
  token_addref(token);
}

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
      post_locked(token);
  }
  pthread_mutex_unlock(&token->lock);
  if (closed)
    deferred->run(NULL, token, deferred);
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

static void drain_all(Token *token) {
  if (token->draining)
    return;
  token->draining = true;
  for (Deferred *deferred; (deferred = next_deferred(token)) != NULL;)
    deferred->run(token->bridge ? token->work : NULL, token, deferred);
  token->draining = false;
}

static void hook_drain(lua_State *L, Bridge *bridge) {
  (void)L;
  drain_all(bridge->token);
}

/* Outgoing calls */

static void hook_leave(Bridge *bridge) {
  Token *token = bridge->token;
  token->outgoing++;
  if (this_thread() == token->owner)
    owner_give(token);
  else
    foreign_give(token);
}

static inline void came_back(Token *token) {
  if (token->outgoing != 0)
    token->outgoing--;
  if (token->bridge->foreign_work)
    drain_all(token);
}

/* The first object may have been made during an outgoing call: then the token was never given away. */
static void hook_enter(Bridge *bridge) {
  Token *token = bridge->token;
  if (atomic_load_explicit(&token->owner_in, memory_order_relaxed))
    return;
  owner_take(token);
  came_back(token);
}

Bridge *_Atomic bridge_lost;

/* The owner of a state that is gone waits for the end of the process. */
static void await_end(void) {
  for (;;)
    pause();
}

/* A thread that is foreign in one state may be the owner of another. */
void foreign_return(Bridge *bridge) {
  ForeignRun *run = run_in(bridge);
  if (!run) {
    if (bridge == atomic_load(&bridge_lost))
      await_end();
    if (bridge->enter)
      bridge->enter(bridge);
    return;
  }
  if (atomic_load(&run->token->foreign) == this_thread())
    return;
  foreign_take_back(run);
  came_back(run->token);
}

void token_rest(Token *token) {
  owner_give(token);
}

void token_resume(Token *token) {
  if (!atomic_load_explicit(&token->owner_in, memory_order_relaxed))
    owner_take(token);
  drain_all(token);
}

/* Calls into the state */

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

static inline void give_back_coroutine(Token *token, lua_State *L) {
  lua_settop(L, STACK_BASE);
  if (token->free_count < sizeof token->free / sizeof *token->free)
    token->free[token->free_count++] = L;
  else
    forget_coroutine(token, L);
}

typedef struct CountedCall {
  TokenBody *body;
  void *context;
} CountedCall;

/* (the tables of STACK_BASE, call) */
static int counted_body(lua_State *L) {
  const CountedCall *call = lua_touserdata(L, STACK_BASE + 1);
  lua_settop(L, STACK_BASE);
  call->body(L, call->context);
  return 0;
}

static int nothing(lua_State *L) {
  (void)L;
  return 0;
}

static int make_counters(lua_State *L) {
  Token *token = lua_touserdata(L, 1);
  lua_State *made[2];
  for (int i = 0; i < 2; i++) {
    made[i] = lua_newthread(L);
    luaL_ref(L, LUA_REGISTRYINDEX);
    luaL_checkstack(made[i], LUA_MINSTACK, NULL);
  }
  memcpy(token->counters, made, sizeof made);
  return 0;
}

/* A coroutine from which `used` levels of C count as used. Each that is resumed counts one more than the one that it was
 * resumed from, and goes on saying so when it has ended. */
static lua_State *counter_for(Token *token, int used) {
  if (!token->counters[0] && !bridge_protected(token->work, make_counters, token, 0)) {
    lua_pop(token->work, 1);
    return NULL;
  }
  lua_State *from = NULL;
  for (int i = 0; i < used; i++) {
    lua_State *next = token->counters[i % 2];
    int results;
    lua_pushcfunction(next, nothing);
    lua_resume(next, from, 0, &results);
    lua_settop(next, 0);
    from = next;
  }
  return from;
}

/* The coroutine counts from nothing again. */
static void forget_count(lua_State *L) {
  int results;
  lua_settop(L, STACK_BASE);
  lua_pushcfunction(L, nothing);
  lua_resume(L, NULL, 0, &results);
}

/* Runs the body as a coroutine that has only `levels` levels of C before it, so that Lua ends a recursion before the stack
 * does. */
static HRESULT run_counted(Token *token, lua_State *L, int levels, TokenBody *body, void *context) {
  CountedCall call = { body, context };
  lua_State *from = counter_for(token, STACK_LUA_LEVELS - levels);
  if (!from || !lua_checkstack(L, LUA_MINSTACK))
    return E_OUTOFMEMORY;
  lua_pushcfunction(L, counted_body);
  for (int i = 1; i <= STACK_BASE; i++)
    lua_pushvalue(L, i);
  lua_pushlightuserdata(L, &call);
  int results;
  int status = lua_resume(L, from, STACK_BASE + 1, &results);
  if (token->bridge)
    forget_count(L);
  return status == LUA_OK ? S_OK : ERROR_STACK;
}

#define FEWEST_LEVELS      8   /* less is not worth a call */
#define UNMEASURED_NESTING 100 /* calls at a time on stacks whose bounds are not known */

static HRESULT run_on_scarce_stack(Token *token, lua_State *L, TokenBody *body, void *context) {
  int levels = stack_levels();
  if (levels >= STACK_LUA_LEVELS) { /* only not measured yet */
    body(L, context);
    return S_OK;
  }
  if (levels >= 0)
    return levels < FEWEST_LEVELS ? ERROR_STACK : run_counted(token, L, levels, body, context);
  if (token->unmeasured >= UNMEASURED_NESTING)
    return ERROR_STACK;
  token->unmeasured++;
  body(L, context);
  if (token->bridge)
    token->unmeasured--;
  return S_OK;
}

static inline HRESULT run_here(Token *token, TokenBody *body, void *context) {
  if (!token->bridge)
    return RPC_E_DISCONNECTED;
  lua_State *L = take_coroutine(token);
  if (!L)
    return E_OUTOFMEMORY;
  HRESULT result = S_OK;
  if (stack_is_ample())
    body(L, context);
  else
    result = run_on_scarce_stack(token, L, body, context);
  if (token->bridge)
    give_back_coroutine(token, L);
  return result;
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

/* A foreign thread has come out of its run. */
static void end_foreign_run(ForeignRun *run) {
  Token *token = run->token;
  IUnknown **kept = NULL;
  size_t count = 0;
  pthread_mutex_lock(&token->lock);
  ForeignRun **link = &token->foreign_runs;
  while (*link != run)
    link = &(*link)->next;
  *link = run->next;
  if (!token->foreign_runs) {
    kept = token->kept;
    count = token->kept_count;
    token->kept = NULL;
  }
  pthread_cond_broadcast(&token->changed); /* who closes the state may wait for it */
  pthread_mutex_unlock(&token->lock);
  for (size_t i = 0; kept && i < count; i++)
    IUnknown_Release(kept[i]);
  free(kept);
  token_release(token);
}

/* A foreign thread runs in the state, and has the token. */
static HRESULT run_as_foreign(Token *token, TokenBody *body, void *context) {
  ForeignRun run = { .outer = foreign_runs_of_thread, .token = token_addref(token), .bridge = token->bridge };
  pthread_mutex_lock(&token->lock);
  run.next = token->foreign_runs;
  token->foreign_runs = &run;
  pthread_mutex_unlock(&token->lock);
  foreign_runs_of_thread = &run;
  volatile HRESULT result = RPC_E_DISCONNECTED;
  if (!setjmp(run.way_out))
    result = run_here(token, body, context);
  foreign_runs_of_thread = run.outer;
  end_foreign_run(&run);
  return result;
}

static void queue_append(Token *token, QueuedCall *call) {
  if (token->first)
    token->last->next = call;
  else
    token->first = call;
  token->last = call;
}

static void queue_remove(Token *token, QueuedCall *call) {
  QueuedCall *before = NULL;
  for (QueuedCall *other = token->first; other != call; other = other->next)
    before = other;
  if (before)
    before->next = call->next;
  else
    token->first = call->next;
  if (token->last == call)
    token->last = before;
}

static void settle_locked(QueuedCall *call, HRESULT result) {
  call->result = result;
  call->state = CALL_DONE;
  queue_wake(call->queue);
}

/* The thread may run the call itself when it is the first and the token is free. While the owner pumps, he runs it. */
static bool call_is_settled(void *context) {
  QueuedCall *call = context;
  Token *token = call->token;
  pthread_mutex_lock(&token->lock);
  if (call->state == CALL_WAITS && token->first == call && token->pumping == 0 && token->returning == 0 &&
      !atomic_load(&token->owner_in) && atomic_load(&token->foreign) == 0) {
    queue_remove(token, call);
    atomic_store(&token->foreign, this_thread());
    call->state = CALL_MAY_RUN;
  }
  bool settled = call->state == CALL_MAY_RUN || call->state == CALL_DONE;
  pthread_mutex_unlock(&token->lock);
  return settled;
}

static HRESULT wait_for_call(QueuedCall *call) {
  apartment_wait(call_is_settled, call, APARTMENT_NEVER);
  if (call->state == CALL_MAY_RUN) {
    HRESULT result = run_as_foreign(call->token, call->body, call->context);
    foreign_give(call->token);
    return result;
  }
  if (call->error) {
    SetErrorInfo(0, call->error);
    IErrorInfo_Release(call->error);
  }
  return call->result;
}

static HRESULT run_foreign(Token *token, TokenBody *body, void *context) {
  QueuedCall call = { .token = token, .body = body, .context = context, .queue = queue_of_thread() };
  if (!call.queue)
    return E_OUTOFMEMORY;
  atomic_fetch_add(&token->foreigners, 1);
  barrier_everywhere();
  pthread_mutex_lock(&token->lock);
  bool closed = token->closed;
  if (!closed) {
    queue_append(token, &call);
    if (atomic_load(&token->owner_in) || token->pumping != 0)
      post_locked(token);
  }
  pthread_mutex_unlock(&token->lock);
  HRESULT result = closed ? RPC_E_DISCONNECTED : wait_for_call(&call);
  atomic_fetch_sub(&token->foreigners, 1);
  return result;
}

HRESULT token_run(Token *token, TokenBody *body, void *context) {
  uint64_t self = this_thread();
  if (self != token->owner)
    return atomic_load(&token->foreign) == self ? run_as_foreign(token, body, context)
                                                : run_foreign(token, body, context);
  if (atomic_load_explicit(&token->owner_in, memory_order_relaxed))
    return run_here(token, body, context);
  owner_take(token);
  HRESULT result = run_here(token, body, context);
  owner_give(token);
  return result;
}

/* The pump */

/* Under the lock, which is given up meanwhile. The state may be closed within the call. */
static void run_queued(Token *token, QueuedCall *call) {
  PumpedCall pumped = { token->pumped, call };
  queue_remove(token, call);
  call->state = CALL_PUMPED;
  token->pumped = &pumped;
  token->served++;
  pthread_mutex_unlock(&token->lock);
  HRESULT result = run_here(token, call->body, call->context);
  IErrorInfo *error = NULL;
  GetErrorInfo(0, &error);
  pthread_mutex_lock(&token->lock);
  token->pumped = pumped.outer;
  if (pumped.call) {
    pumped.call->error = error;
    settle_locked(pumped.call, result);
  } else if (error) {
    IErrorInfo_Release(error);
  }
}

/* On the owner's thread, within any wait of it. */
static void serve_calls(ApartmentWork *work, bool dropped) {
  Token *token = (Token *)(void *)((char *)work - offsetof(Token, errand));
  pthread_mutex_lock(&token->lock);
  token->posted = false;
  bool serve = !dropped && !token->closed;
  pthread_mutex_unlock(&token->lock);
  if (serve) {
    bool has_token = atomic_load_explicit(&token->owner_in, memory_order_relaxed);
    if (!has_token)
      owner_take(token);
    pthread_mutex_lock(&token->lock);
    while (token->first)
      run_queued(token, token->first);
    pthread_mutex_unlock(&token->lock);
    drain_all(token);
    if (!has_token)
      owner_give(token);
  }
  token_release(token);
}

typedef struct Pump {
  Token *token;
  uint64_t served;
} Pump;

static bool pump_is_done(void *context) {
  const Pump *pump = context;
  pthread_mutex_lock(&pump->token->lock);
  bool done = pump->token->served != pump->served || pump->token->closed;
  pthread_mutex_unlock(&pump->token->lock);
  return done;
}

/* What is served at a time before the script is asked again. */
#define PUMP_LIMIT 256

static void set_pumping(Token *token, int change) {
  pthread_mutex_lock(&token->lock);
  token->pumping += (unsigned)change;
  if (token->first)
    post_locked(token); /* it came when the owner was elsewhere */
  pthread_mutex_unlock(&token->lock);
}

bool token_pump(Token *token, double seconds) {
  int64_t deadline = seconds < 0 ? APARTMENT_NEVER : seconds == 0 ? 0 : apartment_after(seconds);
  if (this_thread() != token->owner) {
    /* A handler on a foreign thread waits: that thread's apartment is served, and others come in. */
    ForeignRun *run = run_in(token->bridge);
    foreign_give(token);
    apartment_wait(NULL, NULL, deadline);
    foreign_take_back(run);
    return false;
  }
  Pump pump = { token, token->served };
  set_pumping(token, 1);
  owner_give(token);
  for (int i = 0; i < PUMP_LIMIT && apartment_wait(NULL, NULL, 0); i++)
    ;
  bool served = apartment_wait(pump_is_done, &pump, deadline);
  pthread_mutex_lock(&token->lock);
  bool lost = token->closed; /* by a foreign thread: this one would not be here */
  pthread_mutex_unlock(&token->lock);
  if (lost)
    await_end();
  owner_take(token);
  set_pumping(token, -1);
  drain_all(token);
  return served;
}

/* Life and death */

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
  wake_locked(token);
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
    queue_remove(token, call);
    settle_locked(call, RPC_E_DISCONNECTED);
  }
  for (PumpedCall *pumped = token->pumped; pumped; pumped = pumped->outer) {
    if (pumped->call)
      settle_locked(pumped->call, RPC_E_DISCONNECTED);
    pumped->call = NULL;
  }
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
  drain_all(token);
  pthread_mutex_lock(&token->lock);
  token->closed = true;
  Deferred *left = token->deferred;
  token->deferred = NULL;
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
  pthread_once(&barrier_once, barrier_register);
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
                      .errand = { .run = serve_calls },
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
