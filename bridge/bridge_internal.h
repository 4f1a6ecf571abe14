/* bridge_internal.h - what the files of bridge/ share.
 *
 *   state        Bridge: one per Lua state. Owner token, deferred releases, apartment              state.c
 *   handle       Handle: the userdata that owns one COM reference                                  handle.c
 *   view         View: how objects of one type are seen (metatable, members)                       view.c
 *   member       Member, Plan: what one name of a type means and how it is called                  member.c, plan.c
 *   call         through the vtable (call_vtable.c, call_fast.c) or Invoke (call_invoke.c); arguments.c
 *   convert      Lua values <-> native values, one table keyed by base type                        convert*.c
 *   values       Boxed (exact wire values, currency, decimal, date), arrays, records               boxed.c ...
 *   error        raised error objects                                                              error.c
 *
 * Lua errors are longjmps. Therefore conversions from Lua never raise: they return an HRESULT and leave a text in
 * Converting.problem; the caller frees what it holds and raises then. Pushing a value that owns memory happens either
 * from a copy on the C stack or inside a protected call (bridge_protected). */
#ifndef OLEANDER_BRIDGE_INTERNAL_H
#define OLEANDER_BRIDGE_INTERNAL_H

#include "dispatch/types/signature.h"

#include <oaidl.h>
#include <ocidl.h>
#include <oleauto.h>
#include <objbase.h>
#include <oleander.h>
#include <dispex.h>

#include <lauxlib.h>
#include <lua.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Bridge Bridge;
typedef struct Handle Handle;
typedef struct View View;
typedef struct Member Member;
typedef struct Plan Plan;

/* ------------------------------------------------------------------------------------------------------------- state */

/* One per Lua state (a userdata in its registry, made first and so finalized last). Everything here belongs to whoever
 * holds the state: the owner thread, or a foreign thread to which an outgoing call has lent it. */
struct Bridge {
  lua_State *main; /* the main thread of the state */
  uint64_t owner;  /* thread that loaded the module */
  bool initialized_apartment;
  bool closing; /* the state is being closed: no new objects */

  /* References whose userdata was collected: released at the next entry. Room is reserved when a reference is taken
     * (bridge_reserve_release), so that __gc can neither fail nor call out. */
  IUnknown **deferred;
  size_t deferred_count, deferred_capacity, references;
  unsigned arrivals; /* of interface pointers, for the collector's sake */

  /* Seams for objects written in Lua; all NULL or false until there are some.
     * leave/enter: around every outgoing call: lend the token, take it back.
     * drain: work that other threads left for this state (their releases), done at each entry when `foreign_work`.
     * own_object: pushes the table when `object` is one of this state's own objects, else pushes nothing.
     * wrap_table: makes a COM object of the table (or function) at `index` for the wanted interface; a reference.
     * take_cause: pushes the Lua error that travelled inside an IErrorInfo, else pushes nothing.
     * adopt/disown: the handle on top of the stack took a reference to its face; the reference is about to be released.
     * pending_error: a callback raised during the outgoing call; take_pending pushes it and clears the flag. */
  void (*leave)(Bridge *bridge);
  void (*enter)(Bridge *bridge);
  void (*drain)(lua_State *L, Bridge *bridge);
  _Atomic bool foreign_work;
  bool (*own_object)(lua_State *L, Bridge *bridge, IUnknown *object);
  HRESULT (*wrap_table)(lua_State *L, Bridge *bridge, int index, REFIID iid, ITypeInfo *info, void **face);
  bool (*take_cause)(lua_State *L, Bridge *bridge, IErrorInfo *info);
  bool (*adopt)(lua_State *L, Bridge *bridge, Handle *handle);
  void (*disown)(Bridge *bridge, IUnknown *face);
  bool pending_error;
  void (*take_pending)(lua_State *L, Bridge *bridge);
  void (*close)(lua_State *L, Bridge *bridge);
  struct Token *token; /* once there are objects, or a pump; NULL */

  /* Values in the Lua registry (luaL_ref). */
  int views;       /* weak table: ITypeInfo* or type key -> View userdata */
  int recent;      /* array of the views used last, which keeps them alive */
  int identities;  /* weak table: IUnknown* -> key userdata */
  int helpers;     /* table of the Lua functions that C calls (set_helper) */
  int own_sources; /* set of chunk names that are ours: skipped when an error's position is looked for */
  unsigned recent_next;
};

Bridge *bridge_get(lua_State *L);
Bridge *bridge_open(lua_State *L); /* makes it at the first call */

/* The entry of every function that may touch an object: releases what the collector left. */
void bridge_drain(lua_State *L, Bridge *bridge);
static inline void bridge_enter(lua_State *L, Bridge *bridge) {
  if (bridge->deferred_count != 0 || bridge->foreign_work)
    bridge_drain(L, bridge);
}

/* Makes room for one more reference that a userdata will own. False: out of memory. */
bool bridge_reserve_release(Bridge *bridge);
/* The reservation ends without a deferred release. */
void bridge_unreserve_release(Bridge *bridge);
/* From __gc: the reference is released at the next entry; uses up the reservation. */
void bridge_defer_release(Bridge *bridge, IUnknown *object);

/* Around an outgoing call. */
static inline void bridge_leave(Bridge *bridge) {
  if (bridge->leave != NULL)
    bridge->leave(bridge);
}
static inline void bridge_return(Bridge *bridge) {
  if (bridge->enter != NULL)
    bridge->enter(bridge);
}

/* Runs body(L) with a light userdata as its only argument in protected mode; results stay on the stack. False: an error,
 * which is left on the stack. */
bool bridge_protected(lua_State *L, lua_CFunction body, void *argument, int results);

/* Calls helper `name` (a Lua function registered by lua/oleander.lua) with the `arguments` on the stack. */
void bridge_call_helper(lua_State *L, Bridge *bridge, const char *name, int arguments, int results);

/* ------------------------------------------------------------------------------------------------------------ errors */

/* What an error object is made of. Texts may stand on the C stack; the BSTRs are freed by raising. */
typedef struct ErrorReport {
  HRESULT hresult;
  const char *subject;     /* "Lib.IFoo:Name": the method, for the text */
  const char *description; /* NULL: the text of the HRESULT */
  const char *source;
  BSTR wide_description, wide_source, wide_help_file;
  DWORD help_context;
  int argument; /* from 1 in the script's order; 0: none */
  const char *argument_name;
  int cause; /* registry reference of the original Lua error, 0: none */
} ErrorReport;

/* All raise_ functions end in lua_error; they return int to be used as `return raise_...`. */
int raise_report(lua_State *L, ErrorReport *report);
int raise_text(lua_State *L, HRESULT hresult, const char *subject, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
int raise_argument(lua_State *L, HRESULT hresult, const char *function, int argument, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
int raise_status(lua_State *L, HRESULT hresult, const char *subject);

/* Pushes the error object instead of raising it. */
void error_push(lua_State *L, ErrorReport *report);
void error_report_clear(ErrorReport *report);
bool error_is_object(lua_State *L, int index); /* an error object of ours */

/* Adds what the thread's IErrorInfo says, when the object confirms that it speaks for `iid`. */
void error_report_from_info(lua_State *L, Bridge *bridge, IUnknown *object, REFIID iid, ErrorReport *report);
/* Moves the texts of an EXCEPINFO into the report. */
void error_report_from_exception(ErrorReport *report, EXCEPINFO *exception);

static inline void status_describe(HRESULT status, const char **name, const char **text) {
  *name = oleander_hresult_name(status);
  *text = oleander_hresult_text(status);
}

/* ------------------------------------------------------------------------------------------------------------- texts */

#define SCRATCH_SIZE 1024

/* Strings that are lent to a call as BSTRs stand here, on the C stack. */
typedef struct Scratch {
  size_t used;
  _Alignas(8) unsigned char bytes[SCRATCH_SIZE];
} Scratch;

/* A BSTR in the scratch memory; NULL when it does not fit or is not UTF-8. */
BSTR text_scratch_bstr(Scratch *scratch, const char *text, size_t length);
/* DISP_E_TYPEMISMATCH: not UTF-8. */
HRESULT text_to_bstr(const char *text, size_t length, BSTR *result);
void text_push_utf16(lua_State *L, const OLECHAR *text, size_t units);
/* Pushes a short text and frees it; false: too long for the C stack, nothing done. */
bool text_push_small(lua_State *L, BSTR text);
/* Terminated copies on the heap; NULL: out of memory (or not UTF-8). */
char *text_copy_utf8(const OLECHAR *text);
OLECHAR *text_copy_utf16(const char *text);
OLECHAR text_fold(OLECHAR unit);
bool text_equal_fold(const OLECHAR *a, const OLECHAR *b);
bool guid_from_text(const char *text, GUID *guid); /* "{XXXXXXXX-...}" */
void guid_push(lua_State *L, const GUID *guid);

/* ------------------------------------------------------------------------------------------------------------ handle */

/* Every userdata of ours begins with the address of its kind's tag. */
extern const char handle_tag, boxed_tag, array_tag, record_tag, bound_tag;

/* The userdata at `index` when it is one of ours with this tag, else NULL. Never raises, whatever the value is. */
static inline void *tagged(lua_State *L, int index, const char *tag, size_t size) {
  void *block = lua_touserdata(L, index);
  return block != NULL && lua_rawlen(L, index) >= size && *(const char *const *)block == tag ? block : NULL;
}

typedef enum HandleFlags {
  HANDLE_NO_PROBE = 1, /* create's probe = false: o.Name never touches the server */
  HANDLE_DOOMED = 2    /* released while a call was running in it: let go when that returns */
} HandleFlags;

/* One COM reference. The first user value is a table with what is known of this very object (dynamic.c), or nil; the
 * second the Lua table behind it when it is one of this state's own objects. */
struct Handle {
  const char *tag;
  Bridge *bridge;
  View *view;
  IUnknown *face;      /* the one reference; NULL once released. The interface that the view calls */
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

typedef enum CallMode { CALL_AUTO, CALL_VTABLE, CALL_INVOKE } CallMode;

/* What an arriving interface pointer is known to be. Zero-initialized: nothing. */
typedef struct Arrival {
  const IID *iid;   /* the pointer is of this interface (NULL: IUnknown) */
  bool dispatch;    /* the pointer is an IDispatch */
  bool custom;      /* it is of a vtable interface that is no IDispatch and is to be seen as that */
  ITypeInfo *info;  /* describes it; borrowed. A hint, unless `attached` */
  const Type *type; /* or: the type that describes it, with */
  ITypeInfo *owner; /* the ITypeInfo that resolves it */
  bool attached;    /* `info` was said by the script (query, assume, iface =): use it, don't ask the object */
  CallMode mode;    /* what the script forced */
  bool client_view; /* an own object arrives as object, too, not as the table */
  uint32_t flags;   /* HandleFlags */
} Arrival;

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

/* -------------------------------------------------------------------------------------------------------------- view */

typedef enum Route {
  ROUTE_INVOKE, /* IDispatch::Invoke with cached DISPIDs */
  ROUTE_VTABLE  /* the vtable of `iid`; members that are not representable still go through Invoke */
} Route;

/* Variants of one type's view: numbers below the alignment of a pointer. */
typedef enum ViewVariant { VIEW_INVOKE = 1, VIEW_FORCED = 2, VIEW_ATTACHED = 4, VIEW_VARIANTS = 8 } ViewVariant;

#define VIEW_CHAIN_LIMIT 32

/* How the objects of one type are seen. A userdata that its metatable and its functions keep alive. */
struct View {
  Bridge *bridge;
  ITypeInfo *info; /* NULL: no type information */
  IID iid;         /* of the interface half, or of the dispinterface */
  TYPEKIND kind;
  Route route;
  unsigned variant; /* ViewVariant */
  bool dispatch;    /* objects are called through an IDispatch (also when the vtable is) */
  bool attached, forced;
  const char *name;                   /* "Lib.IFoo"; "object" when it is not known */
  char *own_name;                     /* the same, when it must be freed */
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

/* The type information that the registry store knows for an interface, referenced, or NULL. */
ITypeInfo *typeinfo_of_interface(const IID *iid);
ITypeInfo *typeinfo_registered(const char *kind, REFGUID guid); /* "CLSID", "Interface" */

/* ------------------------------------------------------------------------------------------------------------ member */

typedef enum PlanKind { PLAN_METHOD, PLAN_GET, PLAN_PUT, PLAN_PUTREF, PLAN_KINDS } PlanKind;

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

/* -------------------------------------------------------------------------------------------------------------- plan */

typedef enum QuickOp { QUICK_NONE, QUICK_INTEGER, QUICK_I4, QUICK_I8, QUICK_R8, QUICK_BOOL, QUICK_BSTR } QuickOp;

typedef struct QuickStep {
  uint8_t op; /* QuickOp */
  VARTYPE vt;
  uint32_t storage;
  int64_t least, most;
} QuickStep;

#define QUICK_LIMIT 8
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
  uint8_t quick_result; /* QuickOp */
  uint8_t result_size;
  bool result_signed;
  uint32_t result_storage, result_slot;
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
bool plan_takes(const Parameter *parameter);
bool plan_gives(const Parameter *parameter);

/* ------------------------------------------------------------------------------------------------------------- calls */

/* Each carries out a call with the `count` values from stack index `first` on and returns the number of results, which
 * are on top of the stack. with_status: the HRESULT is the first of them. */
int call_quick(lua_State *L, Handle *handle, Plan *plan, int first, int count);
int call_quick_get(lua_State *L, Handle *handle, Plan *plan);
int call_vtable(lua_State *L, Handle *handle, Plan *plan, int first, int count, bool with_status);

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
  bool (*tolerate)(HRESULT result); /* failures that are not raised: no results, see `answer` */
  HRESULT answer;                   /* what Invoke returned */
} InvokeCall;

int call_invoke(lua_State *L, Handle *handle, InvokeCall *call);
/* The same for a described member with plain parameters, which was found to be true to its description. */
int call_quick_invoke(lua_State *L, Handle *handle, Plan *plan, int first, int count);

/* arguments.c */
extern const char args_metatable_key;
bool args_at(lua_State *L, int index);
int arguments_count(lua_State *L, const Plan *plan, int first, int count);
int arguments_spread(lua_State *L, const Plan *plan, int first, int count);
int arguments_spread_indexes(lua_State *L, const Plan *plan, int args);
int arguments_index(const Plan *plan, int taken, int first, int count);

/* ------------------------------------------------------------------------------------------------------- conversions */

/* A conversion from Lua under way. Nothing in it raises. */
typedef struct Converting {
  lua_State *L;
  Bridge *bridge;
  ITypeInfo *owner;  /* resolves named types; NULL: none */
  Scratch *scratch;  /* strings may be lent from here; NULL: they must be real BSTRs */
  bool owned;        /* out: the stored value holds memory of its own */
  int depth;         /* nested tables */
  char problem[192]; /* out: what is wrong with the value, UTF-8 */
} Converting;

typedef struct Giving {
  Bridge *bridge;
  ITypeInfo *owner;
} Giving;

/* Converts the value at `index` to the native value of `type` at zeroed `storage`. */
HRESULT convert_from_lua(Converting *converting, int index, const Type *type, void *storage);
/* Pushes a native value. What can be moved out of the storage (interfaces, arrays) is, and zeroed there. Raises. */
void convert_to_lua(lua_State *L, const Giving *giving, const Type *type, void *storage);

HRESULT convert_problem(Converting *converting, HRESULT result, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
HRESULT convert_mismatch(Converting *converting, int index, const char *wanted);
const char *value_type_name(lua_State *L, int index); /* "a string", "Lib.IFoo", for messages */
void integer_range(VARTYPE vt, int64_t *least, int64_t *most);
int64_t native_integer(const void *storage, size_t size, bool negative);
const Type *base_type_node(VARTYPE vt); /* a Type for a plain VARTYPE; NULL */

/* arguments.c: one parameter, and what stands in for a value that was not given */
HRESULT argument_take(Converting *converting, const Parameter *parameter, int index, void *storage);
int argument_raise(lua_State *L, const Plan *plan, unsigned parameter, HRESULT result, const char *problem);

/* variant.c */
HRESULT variant_from_lua(Converting *converting, int index, VARIANT *value);
HRESULT variant_to_native(Converting *converting, const VARIANT *value, const Type *type, void *storage);
void variant_push(lua_State *L, const Giving *giving, VARIANT *value);
HRESULT take_variant(Converting *converting, int index, const Type *type, void *storage);
void give_variant(lua_State *L, const Giving *giving, const Type *type, void *storage);
HRESULT table_to_interface(Converting *converting, int index, const Type *type, REFIID iid, void **face);

/* boxed.c: a VARIANT as a Lua value: com.null and its like, com.vt.*, currency, decimal, date */
typedef struct Boxed {
  const char *tag;
  Bridge *bridge;
  bool wire;      /* made by com.vt: passes exactly as it is */
  bool constant;  /* null, empty, missing, nothing */
  bool reference; /* com.vt.byref: passes as VT_BYREF to `value` */
  bool whole;     /* ... as VT_BYREF | VT_VARIANT */
  VARIANT value;
} Boxed;

static inline Boxed *boxed_at(lua_State *L, int index) {
  return lua_type(L, index) == LUA_TUSERDATA ? tagged(L, index, &boxed_tag, sizeof(Boxed)) : NULL;
}

const char *boxed_type_name(const Boxed *boxed);
bool boxed_is_missing(lua_State *L, int index);
bool boxed_is_nothing(lua_State *L, int index);
HRESULT boxed_to_native(Converting *converting, Boxed *boxed, const Type *type, void *storage);
void boxed_push_null(lua_State *L);
const void *values_metatable_key(VARTYPE vt); /* values.c */
const char *value_field_name(lua_State *L, int index);
/* Pushes a copy of `value` (a scalar: CY, DATE, DECIMAL). */
void boxed_push(lua_State *L, Bridge *bridge, const VARIANT *value);
void give_boxed(lua_State *L, const Giving *giving, const Type *type, void *storage);
HRESULT take_currency(Converting *converting, int index, const Type *type, void *storage);
HRESULT take_decimal(Converting *converting, int index, const Type *type, void *storage);
HRESULT take_date(Converting *converting, int index, const Type *type, void *storage);

/* array.c: `elements` is the type of the elements (NULL: VARIANT) */
HRESULT take_array(Converting *converting, int index, const Type *type, void *storage);
void give_array(lua_State *L, const Giving *giving, const Type *type, void *storage);
HRESULT array_from_lua(Converting *converting, int index, const Type *elements, SAFEARRAY **array);
/* Pushes an array userdata; takes over *array and zeroes it. */
void array_push(lua_State *L, const Giving *giving, SAFEARRAY **array, VARTYPE vt);
/* The SAFEARRAY of the array userdata at `index`; NULL. */
SAFEARRAY *array_at(lua_State *L, int index, VARTYPE *vt);
HRESULT variants_to_array(Converting *converting, int first, int count, SAFEARRAY **array);
HRESULT bytes_to_bstr(Converting *converting, int index, BSTR *text); /* S_FALSE: not bytes */

IUnknown *keeper_create(VARIANT **value); /* keeper.c: *value is to be filled; NULL: out of memory */

/* record.c */
HRESULT record_info_of_type(const Type *type, ITypeInfo *owner, IRecordInfo **info);
HRESULT take_record(Converting *converting, int index, const Type *type, void *storage);
void give_record(lua_State *L, const Giving *giving, const Type *type, void *storage);
HRESULT record_to_variant(Converting *converting, const Type *type, int index, VARIANT *value);
HRESULT record_copy_to_variant(lua_State *L, int index, VARIANT *value); /* S_FALSE: no record */
/* Pushes a record userdata with a copy of the data. */
void record_push(lua_State *L, const Giving *giving, IRecordInfo *info, const void *data);

/* ------------------------------------------------------------------------------------------------ access to members */

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

/* The text of a value in the registry store; name NULL: the default one. False: none, or longer than `size`. */
bool registry_value(const char *path, const char *name, char *out, size_t size);

/* typeinfo.c */
ITypeInfo *typeinfo_of_class(REFCLSID clsid);
bool typeinfo_is_dispatch(ITypeInfo *info);
void typeinfo_push(lua_State *L, Bridge *bridge, ITypeInfo *info); /* takes over the reference */
/* The ITypeInfo userdata at `index`; raises */
ITypeInfo *typeinfo_check(lua_State *L, int index);
void typelib_push(lua_State *L, Bridge *bridge, ITypeLib *library);
ITypeLib *typelib_check(lua_State *L, int index);

/* enumerate.c: pushes the iterator, the enumerator and nil; the object is at `object` */
void enumerator_push(lua_State *L, Handle *handle, int object);

/* --------------------------------------------------------------------------------------------- functions of the module */

/* Each file lists its functions for Lua; module.c registers them. */
extern const luaL_Reg core_error_functions[], core_handle_functions[], core_access_functions[], core_boxed_functions[],
    core_array_functions[], core_record_functions[], core_enumerate_functions[], core_create_functions[],
    core_typeinfo_functions[], core_values_functions[], core_dynamic_functions[], core_object_functions[];

/* Make the metatables of a file's userdata. */
void boxed_open_types(lua_State *L, Bridge *bridge);
void values_open_types(lua_State *L);
void handle_open_types(lua_State *L);
void view_open_types(lua_State *L);
void dynamic_open_types(lua_State *L);
void array_open_type(lua_State *L);
void record_open_type(lua_State *L);
void enumerator_open_type(lua_State *L);
void typeinfo_open_types(lua_State *L);
void objects_open(lua_State *L, Bridge *bridge);

#endif
