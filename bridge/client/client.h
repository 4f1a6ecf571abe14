/* client.h - objects as a script uses them.
 *
 *   handle       Handle: the userdata that owns one COM reference                                  handle.c
 *   view         View: how objects of one type are seen (metatable, members)                       view.c
 *   member       Member, Plan: what one name of a type means and how it is called                  member.c, plan.c
 *   call         through the vtable (call_vtable.c, call_fast.c) or Invoke (call_invoke.c); arguments.c
 *   access       o.Name, o[i], o:Name(...) with types (access.c) and without (dynamic.c); com.each (enumerate.c)
 *   create       com.create, com.class, com.query, com.assume                                      create.c
 *   events       a table of handlers at a connection point of somebody else's object               events_sink.c */
#ifndef OLEANDER_BRIDGE_CLIENT_H
#define OLEANDER_BRIDGE_CLIENT_H

#include "bridge/state/token.h"
#include "bridge/types/interface_plan.h"
#include "bridge/types/quick.h"
#include "bridge/types/types.h"

typedef struct View View;
typedef struct Member Member;
typedef struct Plan Plan;

extern const char handle_tag, bound_tag;

/* One COM reference. The first user value is a table with what is known of this very object (dynamic.c), or nil; the
 * second the Lua table behind it when it is one of this state's own objects. */
struct Handle {
  const char *tag;
  Bridge *bridge;
  View *view;
  IUnknown *face;      /* the one reference; NULL once released. The interface that the view calls */
  IUnknown *target;    /* what calls through the vtable go to: the same pointer, or what stands behind it in a module */
  IDispatch *dispatch; /* the same pointer when it is an IDispatch, else NULL */
  uint32_t busy;       /* calls that are running in the object */
  uint32_t flags;      /* HandleFlags */
  bool collected;      /* its finalizer has run */
  IUnknown *parting;   /* HANDLE_DOOMED: the reference to let go */
};

static inline Handle *handle_at(lua_State *L, int index) {
  return tagged(L, index, &handle_tag, sizeof(Handle));
}

/* The object at `index`, not released; else raises. `name` (may be NULL) says for what it was wanted. */
Handle *handle_check(lua_State *L, int index, const char *name);

/* Pushes the userdata for `object`, taking over the caller's reference in every case (also when it raises). NULL
 * pushes nil. */
void handle_push(lua_State *L, Bridge *bridge, IUnknown *object, const Arrival *arrival);

/* The pointer for interface `iid`, with a reference. E_NOINTERFACE; CO_E_RELEASED when the object is released. */
HRESULT handle_query(Handle *handle, REFIID iid, void **face);

/* After an outgoing call into the object (handle->busy was counted up before it). */
void handle_settle(Handle *handle);
static inline void handle_leave(Handle *handle) {
  if (--handle->busy == 0 && (handle->flags & HANDLE_DOOMED))
    handle_settle(handle);
}

int handle_gc(lua_State *L);
int handle_close(lua_State *L);
int handle_equal(lua_State *L);
int handle_tostring(lua_State *L);

typedef enum Route {
  ROUTE_INVOKE, /* IDispatch::Invoke with cached DISPIDs */
  ROUTE_VTABLE  /* the vtable of `iid`; members that are not representable still go through Invoke */
} Route;

/* Variants of one type's view: numbers below the alignment of a pointer. */
typedef enum ViewVariant { VIEW_INVOKE = 1, VIEW_FORCED = 2, VIEW_ATTACHED = 4, VIEW_VARIANTS = 8 } ViewVariant;

#define VIEW_CHAIN_LIMIT TYPEINFO_CHAIN_LIMIT

/* How the objects of one type are seen. A userdata that its metatable and its functions keep alive. */
struct View {
  Bridge *bridge;
  ITypeInfo *info; /* NULL: no type information */
  IID iid;         /* of the interface half, or of the dispinterface */
  TYPEKIND kind;
  Route route;
  unsigned variant;        /* ViewVariant */
  const SignatureAbi *abi; /* of the module whose objects they are; NULL */
  bool dispatch;           /* objects are called through an IDispatch (also when the vtable is) */
  bool attached, forced;
  const char *name;                   /* "Lib.IFoo"; "object" when it is not known */
  char *own_name;                     /* the same, when it must be freed */
  unsigned slots;                     /* of the vtable, where there is an abi */
  const char *refusal;                /* why the vtable is not used; NULL when it is */
  ITypeInfo *chain[VIEW_CHAIN_LIMIT]; /* the interface and its bases, or the dispinterface */
  unsigned chain_length;
  Member **members; /* in the order of the type information */
  size_t member_count;
  bool indexed;   /* members are complete */
  bool collected; /* its finalizer has run */
  uint32_t users; /* objects that are seen through it */
};

/* Pushes the metatable for an object that arrives; the view is kept alive by it. The object is asked for its type
 * information unless the arrival forbids; *face is exchanged for the interface that the view calls. Raises. */
View *view_push_metatable(lua_State *L, Bridge *bridge, IUnknown **face, const Arrival *arrival);
const char *view_route_name(const View *view);
void view_index_members(lua_State *L, View *view); /* raises */
void view_free_members(View *view);
void view_push(lua_State *L, View *view);                 /* its userdata */
void *view_memory(lua_State *L, View *view, size_t size); /* zeroed; raises */
void view_leave(View *view);                              /* an object is gone (view->users) */

/* Where one kind of access to a member is described. */
typedef struct MemberSource {
  bool known, variable; /* variable: by a VARDESC */
  unsigned chain;       /* in view->chain[chain] */
  UINT index;           /* function or variable number */
  MEMBERID memid;
} MemberSource;

/* One name of a type. Lives as long as its view. */
struct Member {
  View *view;
  const char *name; /* UTF-8, as declared */
  OLECHAR *wide;    /* the same */
  DISPID id;
  bool restricted;           /* found by nobody */
  bool id_checked, id_false; /* the object was asked for the DISPID; it gave another one */
  bool plain_get;            /* readable without arguments; known once it was looked up by name */
  MemberSource sources[PLAN_KINDS];
  Plan *plans[PLAN_KINDS];     /* made on demand */
  Plan *quick_get, *quick_put; /* for o.Name and o.Name = v, where call_quick does it */
};

/* Finds a name: exactly, else without case; then *ambiguous is another member that differs only in case, or NULL. */
Member *member_find(lua_State *L, View *view, const char *name, size_t length, Member **ambiguous);
/* By DISPID (DISPID_VALUE, DISPID_NEWENUM), restricted members included. NULL. */
Member *member_by_id(lua_State *L, View *view, DISPID id);
bool member_is_method(const Member *member);
bool member_is_readable_plain(lua_State *L, Member *member);

#define QUICK_FRAME 256

/* How one kind of access to a member is carried out. */
struct Plan {
  Member *member;
  PlanKind kind;
  bool vtable;          /* through the vtable; else Invoke */
  bool is_quick_invoke; /* call_quick_invoke can */
  bool gives_result;    /* Invoke: there is a result */
  bool is_quick;        /* call_quick can do it */
  uint8_t quick_count;  /* values that it takes */
  const Type *declared; /* of the one result (Invoke); NULL: none */
  uint32_t result_slot;
  uint32_t most_status; /* the greatest HRESULT after which only the result comes back */
  QuickStep result;     /* the one value that comes back; op QUICK_NONE: none, or not as it is */
  QuickStep quick[QUICK_LIMIT];
  const Signature *signature;
  ITypeInfo *owner;    /* resolves the named types of the signature; borrowed from the view */
  const char *refusal; /* why not through the vtable */
  DISPID id;
  WORD flags; /* for Invoke */
};

/* Makes the plan at the first use. The member has that kind. Raises. */
Plan *plan_get(lua_State *L, Member *member, PlanKind kind);
/* Script index (from 1) of a parameter. */
int plan_script_index(const Plan *plan, unsigned parameter);
const char *plan_push_subject(lua_State *L, const Plan *plan);
int plan_raise(lua_State *L, const Plan *plan, ErrorReport *report); /* the plan's method is the subject */
/* Whether the result is a failure, by the rules of whose method it is; and the name that it has there. */
static inline bool plan_failed(const Plan *plan, HRESULT result) {
  return abi_failed(&plan->signature->abi, result);
}
static inline void plan_name_status(const Plan *plan, ErrorReport *report) {
  report->name = abi_result_name(&plan->signature->abi, report->hresult);
}
/* Carries out the plan with the `count` values from `first` on, by the way that is the plan's. Raises. */
int plan_run(lua_State *L, Handle *handle, Plan *plan, int first, int count, bool with_status);
bool plan_takes(const Parameter *parameter);
bool plan_gives(const Parameter *parameter);

/* Each carries out a call with the `count` values from stack index `first` on and returns the number of results, which
 * are on top of the stack. with_status: the HRESULT is the first of them. */
int call_quick(lua_State *L, Handle *handle, Plan *plan, int first, int count);
int call_quick_get(lua_State *L, Handle *handle, Plan *plan);
/* As call_quick, but nothing is converted or raised: true and the results, or false and the error. No results: the values do
 * not fit as they are, or the call would suspend a coroutine; nothing was done. */
int call_quick_told(lua_State *L, Handle *handle, Plan *plan, int first, int count);
int call_vtable(lua_State *L, Handle *handle, Plan *plan, int first, int count, bool with_status);
/* The same for a function of a module. */
int call_function(lua_State *L, Plan *plan, void (*function)(void), int first, int count);

typedef struct InvokeCall {
  const Plan *plan;    /* NULL: nothing is known of the parameters */
  const char *subject; /* for messages, without a plan: stays on the stack. NULL: the name at `key` */
  int key;
  DISPID id;
  WORD flags;
  int first, count;
  const DISPID *names; /* of the `named` values behind the others */
  unsigned named;
  bool with_status;
  bool probes;                      /* what follows depends on the answer: it is waited for */
  bool (*tolerate)(HRESULT result); /* failures that are not raised: no results, see `answer` */
  HRESULT answer;                   /* what Invoke returned */
} InvokeCall;

int call_invoke(lua_State *L, Handle *handle, InvokeCall *call);
/* The same for a described member with plain parameters, which was found to be true to its description. */
int call_quick_invoke(lua_State *L, Handle *handle, Plan *plan, int first, int count);

/* arguments.c */
int arguments_count(lua_State *L, const Plan *plan, int first, int count);
int arguments_spread(lua_State *L, const Plan *plan, int first, int count);
int arguments_spread_indexes(lua_State *L, const Plan *plan, int args);
int arguments_index(const Plan *plan, int taken, int first, int count);
/* Which one of the counts that are no arguments a parameter is, from 0: they stand behind the arguments when com.args gives
 * one of them. */
int plan_count_index(const Plan *plan, unsigned parameter);

/* call_buffers.c: buffers, and counts that they tell, in a call into a module */
typedef struct BufferCall {
  const Plan *plan;
  CallFrame *frame;
  int first, count;
  size_t *elements; /* by parameter: that the memory has room for */
} BufferCall;

HRESULT buffer_take(Converting *converting, BufferCall *call, unsigned k, int index);
/* When all arguments are there: counts, and memory for what comes back. *bad is the parameter. */
HRESULT buffers_settle(Converting *converting, BufferCall *call, unsigned *bad);
/* Pushes what came back. */
void buffer_give(lua_State *L, const Giving *giving, const BufferCall *call, unsigned k);
/* The type of an interface as another parameter tells it; false: none does. */
bool interface_told(const Signature *signature, CallFrame *frame, unsigned k, Type *type);

/* arguments.c: one parameter, and what stands in for a value that was not given */
HRESULT argument_take(Converting *converting, const Parameter *parameter, int index, void *storage);
HRESULT argument_take_back(lua_State *L, const Parameter *parameter, int index, const void *storage);
int argument_raise(lua_State *L, const Plan *plan, unsigned parameter, HRESULT result, const char *problem);

int access_index(lua_State *L);
int access_newindex(lua_State *L);
int access_call(lua_State *L);
int access_length(lua_State *L);
int access_pairs(lua_State *L);
int default_call(lua_State *L, Handle *handle, int first, int count, bool with_status);
int default_put(lua_State *L, Handle *handle, int first, int count);
int raise_unknown(lua_State *L, const View *view, int key);
int bound_push(lua_State *L, int object, Member *member);
void bound_open_type(lua_State *L);

/* dynamic.c */
HRESULT dynamic_id(lua_State *L, Handle *handle, int key, DISPID *id);
int dynamic_index(lua_State *L, Handle *handle);
int dynamic_newindex(lua_State *L, Handle *handle);
int dynamic_access(lua_State *L, Handle *handle, WORD flags, bool with_status);
int dynamic_run(lua_State *L, Handle *handle, int key, int first, int count, WORD flags, bool with_status);
int dynamic_self_call(lua_State *L, Handle *handle);
WORD dynamic_put_flags(lua_State *L, int value);

/* How many elements a call of Next for one of them gave. Enumerators that answer S_OK need not write the count, which
 * is COUNT_UNTOUCHED before the call: S_OK means as many as were asked for, unless they say that it was none. */
#define COUNT_UNTOUCHED 0xFFFFFFFFu
static inline ULONG next_count(HRESULT result, ULONG fetched) {
  if (FAILED(result))
    return 0;
  if (fetched == COUNT_UNTOUCHED)
    return result == S_OK;
  return fetched != 0;
}

/* place.c: whether the object is in another process, or on another host; asked once. */
bool handle_is_elsewhere(Handle *handle);

/* enumerate.c: the results of a C function whose first argument is the object: the iterator, the enumerator and nil, and, for a loop
 * that closes it, the enumerator once more. May suspend. */
int enumerator_push(lua_State *L, Handle *handle, bool closes);

/* Each file lists its functions for Lua; module.c registers them. */
extern const luaL_Reg core_handle_functions[], core_view_functions[], core_access_functions[],
    core_enumerate_functions[], core_create_functions[], core_dynamic_functions[], core_sink_functions[],
    core_place_functions[], core_host_functions[], core_flight_functions[], core_shortcut_functions[],
    core_security_functions[];

/* security.c: in whose name; borrowed. NULL: nothing is there. Raises. */
struct RemoteLogin;
struct RemoteLogin *login_at(lua_State *L, int index);

/* Make the metatables of a file's userdata. */
void handle_open_types(lua_State *L, Bridge *bridge);
void view_open_types(lua_State *L);
void dynamic_open_types(lua_State *L);
void enumerator_open_type(lua_State *L);
void sink_open_type(lua_State *L);
void place_open_type(lua_State *L);
void flight_open_type(lua_State *L);

#endif
