/* token_internal.h - what the files of the token share:
 *
 *   token.c       who has the token: the owner, foreign threads, calls that wait, the pump
 *   coroutine.c   on what calls into the state run
 *   life.c        how token and state begin and end, and the work that is left to the state */
#ifndef OLEANDER_BRIDGE_TOKEN_INTERNAL_H
#define OLEANDER_BRIDGE_TOKEN_INTERNAL_H

#include "bridge/state/token.h"

#include <setjmp.h>
#include <stdatomic.h>

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

/* token.c */

extern bool barrier_works; /* of all threads at once, by the kernel */
void barrier_begin(void);

/* The store, and then nothing that follows before it. */
static inline void owner_set(Token *token, bool in) {
  if (barrier_works) {
    atomic_store_explicit(&token->owner_in, in, memory_order_release);
    atomic_signal_fence(memory_order_seq_cst);
  } else {
    atomic_exchange(&token->owner_in, in);
  }
}

/* Whoever may have the token now is told: who comes back takes it first, then the call that waits longest. */
void token_wake_locked(Token *token);
/* The owner is told of calls and of work when he waits or polls next. */
void token_post_locked(Token *token);
/* The state gets its errand and its hooks. */
void token_serve(Token *token, Bridge *bridge);
void call_remove(Token *token, QueuedCall *call);
void call_settle_locked(QueuedCall *call, HRESULT result);

/* life.c */

void token_drain(Token *token);
/* The owner of a state that is gone waits for the end of the process. */
void await_end(void);

/* coroutine.c */

lua_State *coroutine_make(Token *token); /* NULL: out of memory */
void coroutine_forget(Token *token, lua_State *L);
HRESULT coroutine_run_on_scarce_stack(Token *token, lua_State *L, TokenBody *body, void *context);

static inline lua_State *coroutine_take(Token *token) {
  return token->free_count != 0 ? token->free[--token->free_count] : coroutine_make(token);
}

static inline void coroutine_give_back(Token *token, lua_State *L) {
  lua_settop(L, STACK_BASE);
  if (token->free_count < sizeof token->free / sizeof *token->free)
    token->free[token->free_count++] = L;
  else
    coroutine_forget(token, L);
}

#endif
