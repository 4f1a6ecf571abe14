/* objects_internal.h - objects written in Lua: what the files of bridge/objects share.
 *
 *   object     LuaObject: identity, references, faces; which table is behind it                   object.c
 *   interface  InterfacePlan, MethodPlan: an interface as its implementation in Lua needs it      object_interface.c
 *   names      Name: the name of a member that becomes a Lua string                               object_names.c
 *   lookup     what a table has under a name                                                      object_lookup.c
 *   call       a vtable call into a Lua method                                                    object_call.c
 *   dispatch   IDispatch over an interface's plan                                                 object_dispatch.c
 *   dynamic    IDispatchEx over the table alone                                                   object_dynamic.c
 *   enumerator IEnumVARIANT over __pairs or an iterator function                                  object_enumerator.c
 *   lua        core.* functions, the seams of the bridge                                          object_lua.c
 *
 * A call into Lua never jumps through foreign frames: whatever may raise runs inside lua_pcall. AddRef and Release never
 * enter Lua: what follows from them is left to the state (token_defer). */
#ifndef OLEANDER_BRIDGE_SERVER_INTERNAL_H
#define OLEANDER_BRIDGE_SERVER_INTERNAL_H

#include "bridge/client/client.h"

#include <stdatomic.h>

typedef struct LuaObject LuaObject;
typedef struct InterfacePlan InterfacePlan;
typedef struct MethodPlan MethodPlan;

/* object */

/* Every interface pointer of ours. */
typedef struct Face {
  const void *vtable;
  LuaObject *object;
  const InterfacePlan *plan; /* NULL: the table alone decides */
} Face;

struct LuaObject {
  Deferred deferred;
  Token *token;
  IUnknown *outer;               /* of an aggregate, not counted; NULL */
  _Atomic uint64_t counts;       /* low half: references; high half: those of them that handles of the same state own */
  _Atomic bool anchored;         /* the table is kept alive for clients */
  _Atomic bool queued;           /* `deferred` stands in the queue; under the lock of the token */
  bool fixed;                    /* has an interface: its members don't come and go */
  bool exact;                    /* its methods get VARIANTs with their wire types (HANDLE_EXACT) */
  bool gives_status;             /* its methods may give a success code behind their results (__status) */
  unsigned running;              /* calls inside; of the holder of the token. It is not freed meanwhile */
  lua_Integer number;            /* in the tables of the token */
  ITypeInfo *class_info;         /* coclass, or NULL */
  ITypeInfo *events;             /* without class_info: the source interface that its table declares, or NULL */
  InterfacePlan *type_plan;      /* its plan, when members have declared types */
  const char *script;            /* that made it, behind the faces; NULL */
  int line;                      /* there */
  _Atomic(void *) source;        /* its connection points (events_source.c); NULL */
  _Atomic(void *) lasting;       /* its IPersist faces (lasting.c); NULL: nobody has asked for one */
  _Atomic(IUnknown *) marshaler; /* the free-threaded one, inside of it; NULL: nobody has asked for it */
  Face inner;                    /* non-delegating IUnknown */
  Face main;                     /* IDispatch or IDispatchEx; the identity */
  Face provide, support;
  unsigned face_count;
  Face faces[]; /* one for each interface */
};

typedef struct ObjectMaking {
  InterfacePlan *const *plans; /* references are taken */
  unsigned plan_count;
  ITypeInfo *class_info; /* may be NULL */
  ITypeInfo *events;     /* may be NULL */
  IUnknown *outer;       /* may be NULL */
} ObjectMaking;

/* Makes the object of the table (or function) at `index`. One reference: to its inner IUnknown when it is aggregated,
 * else to its main face. Raises. */
LuaObject *object_make(lua_State *L, Token *token, int index, const ObjectMaking *making);
/* NULL: not an object of ours. Any interface pointer is allowed. */
LuaObject *object_of(IUnknown *face);
/* Pushes the table; nil when it is gone. L: a pooled coroutine or not. */
void object_push_table(lua_State *L, LuaObject *object);
HRESULT lua_object_query(LuaObject *object, REFIID iid, void **face);
ULONG lua_object_addref(LuaObject *object);
ULONG lua_object_release(LuaObject *object);
/* The object that was made of the table at `index`, with a reference; NULL. */
LuaObject *object_of_table(lua_State *L, Token *token, int index);
/* A reference, unless the last one is gone already. */
bool object_revive(LuaObject *object);
/* Around a call into the table, with the token: a careless caller may hold no reference, and a nested call drain what the last
 * release left to do. Not reached when the call ends with the state: then nothing here is used again. */
static inline void object_enter(LuaObject *object) {
  object->running++;
}
void object_end_later(LuaObject *object); /* its last reference went during a call */
static inline void object_leave(LuaObject *object) {
  if (--object->running == 0 && (uint32_t)atomic_load_explicit(&object->counts, memory_order_relaxed) == 0)
    object_end_later(object);
}
void object_mark_exact(lua_State *L); /* the table on top */
static inline uint32_t object_giving_flags(const LuaObject *object) {
  return object->exact ? HANDLE_EXACT | HANDLE_REFERENCES : 0;
}
/* The three methods of faces for modules, by convention; face_foreign.c. */
extern void (*const foreign_face_methods[2][3])(void);
bool face_is_foreign(const void *pointer);
HRESULT foreign_face_query(LuaObject *object, const SignatureAbi *abi, REFIID iid, void **result);
/* Adds the other interfaces of the library of `info` that the table at `index` has all methods of, with references. */
void offered_interfaces(lua_State *L, int index, ITypeInfo *info, const SignatureAbi *abi, InterfacePlan **plans,
                        unsigned *count, unsigned limit);
/* Buffers of a method that a module calls; object_buffers.c */
bool incoming_is_buffer(const Signature *signature, unsigned k);
void incoming_push_buffer(lua_State *L, const Giving *giving, const ClosureCall *call, unsigned k);
HRESULT incoming_store_buffer(Converting *converting, const ClosureCall *call, unsigned k, int index);

HRESULT STDMETHODCALLTYPE face_query_interface(Face *face, REFIID iid, void **result);
ULONG STDMETHODCALLTYPE face_add_ref(Face *face);
ULONG STDMETHODCALLTYPE face_release(Face *face);
/* An own object becomes the face of a handle, and stops being it. */
bool object_adopt(lua_State *L, Bridge *bridge, Handle *handle);
void object_disown(Bridge *bridge, IUnknown *face);

/* interface */

/* The name of a member, counted. */
typedef struct Name {
  struct Name *next;
  lua_Integer key; /* in STACK_NAMES of every state */
  size_t references;
  char text[];
} Name;

const Name *name_get(const char *text); /* a reference; NULL: no memory */
void name_release(const Name *name);    /* NULL is allowed */
/* Pushes the string; L is a pooled coroutine. False: the error is pushed instead. */
bool name_push(lua_State *L, const Name *name);

/* What a member is called in Lua. Type libraries keep one spelling for names that differ only in case ("value" for the
 * property Value, because of a parameter), so the script's own spelling may be another; each state remembers it. */
typedef struct MemberNames {
  const Name *name, *accessor; /* "Name"; "get_Name" or "set_Name" (NULL: none) */
} MemberNames;

/* One function, or one way of access to a variable of a dispinterface. */
struct MethodPlan {
  const Signature *signature;
  ITypeInfo *owner; /* resolves the types; borrowed from the plan */
  MEMBERID id;
  INVOKEKIND kind;
  char *name; /* UTF-8 */
  MemberNames names;
  bool plain;          /* quick scalars only, the result last: object_quick.c */
  uint8_t quick_count; /* plain: arguments */
  QuickStep quick[QUICK_LIMIT], result;
  lua_Integer first_key;    /* of the name that is looked up first */
  uint8_t pushed, returned; /* values that the Lua method gets and gives */
  uint8_t kept;             /* of the pushed ones, those that are [in,out] */
  int result_index;         /* parameter that is the first result, -1: the native result or none */
  uint32_t temporary;       /* bytes for copies of arguments and for results */
};

struct InterfacePlan {
  _Atomic uint32_t references;
  InterfacePlan *next;
  IID iid;
  const SignatureAbi *abi; /* of the module for which it is; NULL */
  ITypeInfo *info;         /* as IDispatch::GetTypeInfo gives it */
  ITypeInfo *source;       /* what it was made from: the key of the cache */
  char *name;
  InterfaceLevels levels;
  MethodPlan *methods;
  unsigned method_count;
  MethodPlan **slots; /* by vtable slot */
  unsigned slot_count;
  bool invokes_itself; /* IDispatch::Invoke may go through the vtable: every method has a slot of its own there */
  const VtableTemplate *vtable;
  _Atomic uint8_t carriage; /* Carriage: whether DispInvoke can carry all its members; object_dispatch.c */
};

/* The plan of an interface or dispinterface. shared: with all others who ask for the same type information. abi: of the module
 * for which it is (such plans are always shared); NULL. `problem` says what is wrong. */
HRESULT interface_plan_get(ITypeInfo *info, bool shared, const SignatureAbi *abi, InterfacePlan **plan, char *problem,
                           size_t size);
InterfacePlan *interface_plan_addref(InterfacePlan *plan);
void interface_plan_release(InterfacePlan *plan);
/* The method for a DISPID and kinds of invocation; NULL. */
MethodPlan *interface_plan_find(const InterfacePlan *plan, MEMBERID id, unsigned kinds);
bool interface_plan_answers(const InterfacePlan *plan, REFIID iid);
void plan_slot_called(const ClosureCall *call); /* object_call.c */

/* call */

typedef enum Found {
  FOUND_NOTHING,  /* nothing pushed */
  FOUND_FUNCTION, /* the function and its first argument, the table, are pushed */
  FOUND_PLAIN,    /* the function is pushed; the object is nothing but that function */
  FOUND_VALUE,    /* a field: pushed */
  FOUND_ERROR     /* the error value is pushed */
} Found;

/* Finds what implements a member. L is a pooled coroutine; the table is on top and stays below. */
Found member_lookup(lua_State *L, const MemberNames *names, unsigned kind);
/* The same for names that are strings at stack indexes (0: none), exactly as they are spelled. */
Found lookup_spelling(lua_State *L, int table, int name, int accessor, unsigned kind, bool functions);
/* The spelling under which a field is to be written; the table is on top. */
const char *member_spelling(lua_State *L, const MemberNames *names);
/* Replaces the name on top by what it means in the table at `table`, __index tables walked (and functions called, if
 * `functions`). False: by an error. */
bool table_lookup(lua_State *L, int table, bool functions);
/* Replaces the table on top by the one in its metatable's __index; false: it is popped, there is none. */
bool table_parent(lua_State *L);
#define INDEX_DEPTH 100 /* __index tables that are walked */

/* [in,out]: copies of these arguments, of the `pushed` ones on top, are put below at `place`, because a record or an array may
 * be changed in place. Inside a protected call. */
void keep_arguments(lua_State *L, const MethodPlan *method, int pushed, int place);
/* The stack index of what an [in,out] parameter gets: the result at `index`, or the record or array that was kept at
 * `kept` when the result is nil; 0: it stays as it came. */
int changed_value(lua_State *L, int index, int kept);
static inline bool is_kept(const Parameter *parameter) {
  return (parameter->flags & PARAMETER_IN) && plan_gives(parameter) && plan_takes(parameter);
}

typedef struct Incoming {
  LuaObject *object;
  const InterfacePlan *plan;
  MethodPlan *method;
  const ClosureCall *call;
  unsigned char *temporary; /* zeroed: first_place */
  VARIANT element;          /* of a vararg's array, under way to Lua */
  const char *spelling;     /* of the field to be written */
  char problem[320];
  HRESULT result;
} Incoming;

/* A success code that is not S_OK, which a method gave behind its results as com.vt.error(code). S_OK: none is there. */
static inline HRESULT extra_status(lua_State *L, int index) {
  const Boxed *boxed = boxed_at(L, index);
  return boxed && V_VT(&boxed->value) == VT_ERROR && !boxed->reference && SUCCEEDED(V_ERROR(&boxed->value))
             ? V_ERROR(&boxed->value)
             : S_OK;
}

void call_body(lua_State *L, void *context);      /* TokenBody of an Incoming */
void call_take_plain(lua_State *L, Incoming *in); /* the result of a plain method, which is on top of the stack */
/* object_quick.c */
void quick_push_arguments(lua_State *L, const MethodPlan *method, void *const *arguments);
/* Takes what a plain method gave from the top of the stack: its results, and a status where the object gives them. */
void quick_finish(lua_State *L, Incoming *in);
void quick_slot_called(const ClosureCall *call, MethodPlan *method);

/* dispatch */

/* Vtables of a Face: IDispatch over a plan, IDispatchEx over the table alone. */
typedef void (*FaceMethod)(void);
extern const FaceMethod dispatch_vtable[7];
extern const FaceMethod dispatch_ex_vtable[15];
HRESULT STDMETHODCALLTYPE face_get_type_info_count(Face *face, UINT *count);
HRESULT STDMETHODCALLTYPE face_get_type_info(Face *face, UINT index, LCID lcid, ITypeInfo **info);
HRESULT STDMETHODCALLTYPE face_get_ids_of_names(Face *face, REFIID iid, LPOLESTR *names, UINT count, LCID lcid,
                                                DISPID *ids);
HRESULT STDMETHODCALLTYPE face_invoke(Face *face, DISPID id, REFIID iid, LCID lcid, WORD flags, DISPPARAMS *params,
                                      VARIANT *result, EXCEPINFO *exception, UINT *bad_argument);

/* One call through Invoke. */
typedef struct Invocation {
  LuaObject *object;
  MethodPlan *method; /* NULL: nothing is declared */
  const IID *iid;
  const char *source, *name, *spelling;
  DISPID id; /* without a method */
  WORD flags;
  LCID lcid;
  const DISPPARAMS *params;
  VARIANT *result;
  UINT *bad_argument;
  int *order; /* with a signature: signature_match_params */
  UINT rest;
  VARIANT argument; /* under way to Lua */
  HRESULT status;
  char problem[320]; /* what is wrong with an argument or a result */
} Invocation;

/* Runs body(light userdata of the invocation, the `values` on top of the stack) protected; an error becomes its status. */
void invocation_protect(lua_State *L, Invocation *invocation, lua_CFunction body, int values);
/* Runs what a look-up found, which is on top of the stack. Raises: inside invocation_protect. */
void invocation_call(lua_State *L, Invocation *invocation, Found found);
HRESULT variant_or_object(Converting *converting, int index, VARIANT *value);
/* Matches the arguments and calls; the method is given. */
HRESULT dispatch_call_method(LuaObject *object, const InterfacePlan *plan, MethodPlan *method, LCID lcid, WORD flags,
                             DISPPARAMS *params, VARIANT *result, EXCEPINFO *exception, UINT *bad_argument);
HRESULT dynamic_invoke(LuaObject *object, DISPID id, LCID lcid, WORD flags, DISPPARAMS *params, VARIANT *result,
                       EXCEPINFO *exception, UINT *bad_argument);
HRESULT dynamic_type_info(LuaObject *object, ITypeInfo **info);
HRESULT dynamic_ids_of_names(LuaObject *object, LPOLESTR *names, UINT count, DISPID *ids);
/* object_ids.c. An object's table of DISPIDs: pushes it, made when it is not there. Raises. */
void member_ids_push(lua_State *L, LuaObject *object);
/* The DISPID of the name at `name` in the table of DISPIDs at `ids`; 0: it has none, and none was to be made. Raises. */
DISPID member_id(lua_State *L, int ids, int name, bool make);
/* Pushes the name of a DISPID, which stays the same as long as the object lives. NULL: there is none, nothing is pushed. */
const char *member_id_push_name(lua_State *L, int ids, DISPID id);
void member_ids_forget(lua_State *L, LuaObject *object); /* its last reference is gone; doesn't raise */

/* The enumerator over the table at the top of the stack, popped. Doesn't raise. */
HRESULT enumerator_make(lua_State *L, Token *token, LuaObject *object, IUnknown **enumerator);
extern const luaL_Reg core_object_functions[];
extern const luaL_Reg core_spelling_functions[];
void objects_open(lua_State *L, Bridge *bridge);

#endif
