/* token.c - the token of a Lua state (LUA-API.md, Threads): who runs in it, who waits for it.
 *
 * The owner thread marks itself in and out with plain stores, because it does so around every outgoing call and nobody
 * else is interested nearly always. A foreign thread first says that it is interested (`foreigners`), then makes every
 * thread of the process pass a memory barrier, and only then looks whether the owner is in: so either it sees the owner,
 * or the owner sees it (Dekker's algorithm with the costs on one side). Where the kernel has no such barrier, the owner
 * pays for its own. */
#include "bridge/state/stack.h"
#include "bridge/state/token_internal.h"

#include <linux/membarrier.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

_Thread_local ForeignRun *foreign_runs_of_thread;

static ForeignRun *run_in(const Bridge *bridge) {
  ForeignRun *run = foreign_runs_of_thread;
  while (run && run->bridge != bridge)
    run = run->outer;
  return run;
}

static pthread_once_t barrier_once = PTHREAD_ONCE_INIT;
bool barrier_works;

static void barrier_register(void) {
#if !defined(__SANITIZE_THREAD__)
  barrier_works = syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0) == 0;
#endif
}

void barrier_begin(void) {
  pthread_once(&barrier_once, barrier_register);
}

static void barrier_everywhere(void) {
  if (barrier_works)
    syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0);
}

/* The token */

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

void token_wake_locked(Token *token) {
  pthread_cond_broadcast(&token->changed);
  if (token->first)
    queue_wake(token->first->queue);
}

static void wake_next(Token *token) {
  pthread_mutex_lock(&token->lock);
  token_wake_locked(token);
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
  token_wake_locked(token);
  pthread_mutex_unlock(&token->lock);
}

void token_post_locked(Token *token) {
  if (token->posted || FAILED(queue_post(token->queue, &token->errand)))
    return;
  token->posted = true;
  token_addref(token);
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
    token_drain(token);
}

/* The first object may have been made during an outgoing call: then the token was never given away. */
static void hook_enter(Bridge *bridge) {
  Token *token = bridge->token;
  if (atomic_load_explicit(&token->owner_in, memory_order_relaxed))
    return;
  owner_take(token);
  came_back(token);
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
  token_drain(token);
}

/* Calls into the state */

static inline HRESULT run_here(Token *token, TokenBody *body, void *context) {
  if (!token->bridge)
    return RPC_E_DISCONNECTED;
  lua_State *L = coroutine_take(token);
  if (!L)
    return E_OUTOFMEMORY;
  HRESULT result = S_OK;
  if (stack_is_ample())
    body(L, context);
  else
    result = coroutine_run_on_scarce_stack(token, L, body, context);
  if (token->bridge) {
    /* What was handed out belongs to clients from now on: the collector must know before it runs again. */
    if (token->bridge->foreign_work)
      token_drain(token);
    coroutine_give_back(token, L);
  }
  return result;
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

void call_remove(Token *token, QueuedCall *call) {
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

void call_settle_locked(QueuedCall *call, HRESULT result) {
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
    call_remove(token, call);
    atomic_store(&token->foreign, this_thread());
    call->state = CALL_MAY_RUN;
  }
  bool settled = call->state == CALL_MAY_RUN || call->state == CALL_DONE;
  pthread_mutex_unlock(&token->lock);
  return settled;
}

static HRESULT wait_for_call(QueuedCall *call) {
  apartment_wait_woken(call_is_settled, call, APARTMENT_NEVER);
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
      token_post_locked(token);
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
  call_remove(token, call);
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
    call_settle_locked(pumped.call, result);
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
    token_drain(token);
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
    token_post_locked(token); /* it came when the owner was elsewhere */
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
  token_drain(token);
  return served;
}

void token_serve(Token *token, Bridge *bridge) {
  token->errand.run = serve_calls;
  bridge->leave = hook_leave;
  bridge->enter = hook_enter;
}
