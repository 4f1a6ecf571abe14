/* token.h - Token: the token of a Lua state, calls from other threads, what they left to do (token.c), and Lua errors as
 * HRESULT and IErrorInfo and back (callback_error.c). */
#ifndef OLEANDER_BRIDGE_TOKEN_H
#define OLEANDER_BRIDGE_TOKEN_H

#include "bridge/state/error.h"
#include "bridge/state/text.h"
#include "com/apartment/apartment_api.h"

#include <pthread.h>

typedef struct Token Token;

/* Something for the state to do when it is entered next. `run` has the token; L is NULL when the state is closed: only
 * memory is freed then. */
typedef struct Deferred {
  struct Deferred *next;
  void (*run)(lua_State *L, Token *token, struct Deferred *deferred);
} Deferred;

/* Runs with the token, on a pooled coroutine, unprotected: it must not raise. */
typedef void TokenBody(lua_State *L, void *context);

/* Something that the loop of the script is told of by a number; given back to `taken` when it was, or when there is no state
 * any more. */
typedef struct Notice {
  struct Notice *next;
  lua_Integer number;
  void (*taken)(struct Notice *notice);
} Notice;

typedef struct QueuedCall QueuedCall;
typedef struct PumpedCall PumpedCall;
typedef struct ForeignRun ForeignRun;

/* What objects share with their state, and what outlives it. */
struct Token {
  _Atomic uint32_t references; /* the bridge's, one per object and error, and the queue's while `errand` stands in it */
  uint64_t owner;              /* the thread of the state */
  ApartmentQueue *queue;       /* of that thread; referenced */

  /* The token. The owner thread has it while owner_in; a foreign thread while it stands in `foreign`. The owner takes and
   * gives it with plain stores as long as no foreign thread is interested (`foreigners`); see token.c. */
  _Atomic bool owner_in;
  _Atomic uint32_t foreigners;
  _Atomic uint64_t foreign;
  pthread_mutex_t lock; /* for the rest */
  pthread_cond_t changed;
  unsigned returning;       /* foreign threads whose outgoing call came back: they go first */
  QueuedCall *first, *last; /* calls of foreign threads that wait */
  PumpedCall *pumped;       /* those of them that the owner runs, the innermost first */
  ForeignRun *foreign_runs; /* those that foreign threads run, the youngest first */
  IUnknown **kept;          /* once closed: what their outgoing calls may still use, until the last of them ends */
  size_t kept_count;
  Deferred *deferred, *deferred_last;
  Notice *notices, *notices_last;
  ApartmentWork errand; /* tells the owner of calls and deferred work */
  bool posted;          /* `errand` stands in the queue */
  bool closed;
  unsigned pumping;
  uint64_t served; /* calls that the owner has run for others */

  /* Of the holder of the token. */
  Bridge *bridge;      /* NULL once closed */
  lua_State *work;     /* for drain: the tables of objects stand on its stack */
  lua_State *free[64]; /* coroutines that nobody uses */
  unsigned free_count;
  unsigned unmeasured; /* calls on stacks whose bounds are not known */
  unsigned outgoing;   /* outgoing calls that are running */
  bool draining;
  lua_State *counters[2]; /* carry a count of C levels (run_counted); NULL until it is needed */
  int coroutines;         /* registry references: the set of the pooled coroutines, */
  int weak;               /* object number -> table, weak */
  int strong;   /* object number -> table while others hold references, else false; free numbers are chained */
  int names;    /* key of a name -> string; KEY_INDEX is always there */
  int by_table; /* table -> its LuaObject (light), weak keys */
  int pending;  /* the error that waits for the outermost call, or 0 */
  lua_Integer free_number, numbers;
  size_t names_met; /* keys entered into `names` since it was empty */
  size_t live;      /* objects */

  /* An error that no outgoing call waits for; L is protected. May be NULL. */
  void (*uncaught)(lua_State *L, Token *token, int value);
};

#define ERROR_STACK ((HRESULT)0x800703E9) /* HRESULT_FROM_WIN32(ERROR_STACK_OVERFLOW) */

/* Where a pooled coroutine (and `work`) keeps what every call needs. */
enum { STACK_WEAK = 1, STACK_NAMES = 2, STACK_STRONG = 3, STACK_BASE = 3 };
enum { KEY_INDEX = 1 }; /* "__index" */

Token *token_get(lua_State *L, Bridge *bridge); /* makes it at the first call; raises */
Token *token_addref(Token *token);
void token_release(Token *token);

/* Carries out body(L, context) with the token: at once where this thread has it or may have it, else when the script
 * waits or pumps; a foreign thread serves its own apartment meanwhile. RPC_E_DISCONNECTED: the state is closed.
 * ERROR_STACK: the thread's stack is nearly used up. E_OUTOFMEMORY. */
HRESULT token_run(Token *token, TokenBody *body, void *context);

/* From any thread. */
void token_defer(Token *token, Deferred *deferred);
/* From any thread, also within a wait: ends the wait of the owner's loop. */
void token_notify(Token *token, Notice *notice);
/* The oldest one, for the owner; NULL. */
Notice *token_take_notice(Token *token);
/* It is not taken any more. */
void token_drop_notice(Token *token, const Notice *notice);
/* The owner thread leaves the state without an outgoing call: other threads may run in it until it resumes. */
void token_rest(Token *token);
void token_resume(Token *token);
/* Serves the thread's apartment, and with it the calls that wait, for at most `seconds` (negative: until there is one).
 * False: none came. Has the token, and gives it away while it waits. */
bool token_pump(Token *token, double seconds);

/* The Lua error on top of the stack, which is popped, becomes an HRESULT with error information. */
HRESULT error_to_status(lua_State *L, Token *token, REFIID iid, const char *subject);
/* The same for a text of our own. */
HRESULT error_from_text(Token *token, HRESULT result, REFIID iid, const char *subject, const char *text);
bool error_take_cause(lua_State *L, Bridge *bridge, IErrorInfo *info);
void error_take_pending(lua_State *L, Bridge *bridge);

extern const luaL_Reg core_loop_functions[];      /* pump.c */
extern const luaL_Reg core_interrupt_functions[]; /* interrupt.c */

#endif
