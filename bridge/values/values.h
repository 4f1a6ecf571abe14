/* values.h - Lua values <-> native values: one table keyed by base type (convert.c), VARIANTs (variant.c), exact wire values,
 * currency, decimal and date (boxed.c, values.c), arrays (array.c), records (record.c). */
#ifndef OLEANDER_BRIDGE_VALUES_H
#define OLEANDER_BRIDGE_VALUES_H

#include "bridge/state/error.h"
#include "bridge/state/text.h"
#include "dispatch/dispatch_api.h"

extern const char boxed_tag, array_tag, record_tag;

typedef enum CallMode { CALL_AUTO, CALL_VTABLE, CALL_INVOKE } CallMode;

typedef enum HandleFlags {
  HANDLE_NO_PROBE = 1,    /* create's probe = false: o.Name never touches the server */
  HANDLE_BY_ID = 4,       /* a listener: it knows the DISPIDs of its events, and need not know their names */
  HANDLE_PLACED = 8,      /* it is known whether it is */
  HANDLE_ELSEWHERE = 16,  /* in another process */
  HANDLE_EXACT = 32,      /* a spy's: what comes in a VARIANT keeps its wire type (variant.c) */
  HANDLE_REFERENCES = 64, /* and VT_BYREF ones stay references, which last as long as the call */
  HANDLE_INHERITED = HANDLE_NO_PROBE | HANDLE_EXACT, /* by the objects that its calls give */
  HANDLE_DOOMED = 2 /* released while a call was running in it: let go when that returns */
} HandleFlags;

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
  const SignatureAbi
      *abi; /* of the module from which the pointer comes; NULL: it is COM's own. Lives as long as the process */
  bool client_view; /* an own object arrives as object, too, not as the table */
  uint32_t flags;   /* HandleFlags */
} Arrival;

/* How values ask for objects, which are made in client/. */
typedef struct ObjectSeam {
  /* The type's name of the object at `index`, for messages; NULL: it is no object. */
  const char *(*name)(lua_State *L, int index);
  /* The object at `index` as interface `iid`, with a reference. S_FALSE: it is no object; E_NOINTERFACE; CO_E_RELEASED. */
  HRESULT (*query)(lua_State *L, int index, REFIID iid, void **face);
  /* The same for a module of that ABI. RPC_E_WRONG_THREAD: the object is of another ABI. */
  HRESULT (*query_foreign)(lua_State *L, int index, REFIID iid, const SignatureAbi *abi, void **face);
  /* The same as a VARIANT. */
  HRESULT (*to_variant)(lua_State *L, int index, VARIANT *value);
  /* Pushes the userdata for an object that arrives (handle_push). */
  void (*push)(lua_State *L, Bridge *bridge, IUnknown *object, const Arrival *arrival);
} ObjectSeam;

/* A conversion from Lua under way. Nothing in it raises. */
typedef struct Converting {
  lua_State *L;
  Bridge *bridge;
  ITypeInfo *owner;    /* resolves named types; NULL: none */
  Scratch *scratch;    /* strings may be lent from here; NULL: they must be real BSTRs */
  struct Arena *arena; /* memory that goes with the call (arena.h); NULL: the callee gives it back */
  bool owned;          /* out: the stored value holds memory of its own */
  bool boxes;          /* out: a com.vt.byref is among the values */
  int depth;           /* nested tables */
  char problem[192];   /* out: what is wrong with the value, UTF-8 */
} Converting;

typedef struct Giving {
  Bridge *bridge;
  ITypeInfo *owner;
  uint32_t flags; /* HandleFlags that objects inherit */
} Giving;

/* Converts the value at `index` to the native value of `type` at zeroed `storage`. */
HRESULT convert_from_lua(Converting *converting, int index, const Type *type, void *storage);
/* Pushes a native value. What can be moved out of the storage (interfaces, arrays) is, and zeroed there. Raises. */
void convert_to_lua(lua_State *L, const Giving *giving, const Type *type, void *storage);

HRESULT convert_problem(Converting *converting, HRESULT result, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Puts where it is before what is wrong; of a long way the beginning and the end are kept. */
HRESULT convert_located(Converting *converting, HRESULT result, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
HRESULT convert_mismatch(Converting *converting, int index, const char *wanted);
HRESULT convert_released(Converting *converting, int index); /* the object there has been released */
const char *value_type_name(lua_State *L, int index);        /* "a string", "Lib.IFoo", for messages */
int64_t native_integer(const void *storage, size_t size, bool negative);
const Type *base_type_node(VARTYPE vt); /* a Type for a plain VARTYPE; NULL */

/* A table marked by com.args: the named arguments of a call, no value. */
extern const char args_metatable_key;
bool args_at(lua_State *L, int index);

/* The text of the number at `index`, as Lua writes it; the length. */
enum { NUMBER_TEXT = 48 };
size_t number_text(lua_State *L, int index, char text[NUMBER_TEXT]);
/* A number, or a text that is wholly one. */
bool is_numeric(lua_State *L, int index);

/* variant.c */
HRESULT variant_from_lua(Converting *converting, int index, VARIANT *value);
HRESULT variant_to_native(Converting *converting, const VARIANT *value, const Type *type, void *storage);
/* Pushes a VARIANT that stands for a value declared as `type`: a declared status is an integer whatever it says, a GUID
 * its text. */
void variant_push_declared(lua_State *L, const Giving *giving, const Type *type, VARIANT *value);
/* A copy of a native value as a VARIANT. DISP_E_BADVARTYPE: there is no VARIANT for it. */
HRESULT native_to_variant(const Type *type, const void *storage, VARIANT *value);
void variant_push(lua_State *L, const Giving *giving, VARIANT *value);
/* The same for a value that the caller owns: it is cleared, also when this raises. flags: HandleFlags for objects.
 * declared: what the value stands for, NULL: nobody says. */
void variant_push_clear(lua_State *L, Bridge *bridge, uint32_t flags, const Type *declared, VARIANT *value);
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
  bool decimal;   /* a reference to a DECIMAL, which covers the type of `value` when it is written */
  VARIANT value;
} Boxed;

/* The type of a referred DECIMAL, which whoever wrote the number wrote over. */
static inline void boxed_settle(Boxed *boxed) {
  if (boxed->decimal)
    V_VT(&boxed->value) = VT_DECIMAL;
}

static inline Boxed *boxed_at(lua_State *L, int index) {
  return lua_type(L, index) == LUA_TUSERDATA ? tagged(L, index, &boxed_tag, sizeof(Boxed)) : NULL;
}

const char *boxed_type_name(const Boxed *boxed);
bool boxed_is_missing(lua_State *L, int index);
bool boxed_is_nothing(lua_State *L, int index);
/* The com.vt.byref at `index`; NULL. */
Boxed *boxed_reference_at(lua_State *L, int index);
/* The value of a by-reference argument for which the box stood, as the callee left it; the storage keeps its own. */
HRESULT boxed_take_back(Boxed *boxed, const Type *type, const void *storage);
HRESULT boxed_to_native(Converting *converting, Boxed *boxed, const Type *type, void *storage);
void boxed_push_null(lua_State *L);
const void *values_metatable_key(VARTYPE vt); /* values.c */
const char *value_field_name(lua_State *L, int index);
/* Pushes a value that passes exactly as it is, and owns nothing: a number, a null object, a VT_BYREF. */
void boxed_push_wire(lua_State *L, Bridge *bridge, const VARIANT *value);
/* Pushes com.empty, com.missing (VT_ERROR) or com.nothing (VT_DISPATCH). */
void boxed_push_constant(lua_State *L, VARTYPE vt);
/* Pushes a copy of `value` (a scalar: CY, DATE, DECIMAL, ERROR). */
void boxed_push(lua_State *L, Bridge *bridge, const VARIANT *value);
void give_boxed(lua_State *L, const Giving *giving, const Type *type, void *storage);
HRESULT take_currency(Converting *converting, int index, const Type *type, void *storage);
HRESULT take_decimal(Converting *converting, int index, const Type *type, void *storage);
HRESULT take_date(Converting *converting, int index, const Type *type, void *storage);
/* filetime.c */
HRESULT take_filetime(Converting *converting, int index, const Type *type, void *storage);
void give_filetime(lua_State *L, const Giving *giving, const Type *type, void *storage);
extern const char filetime_metatable;
extern const luaL_Reg core_filetime_functions[];
void filetime_open_type(lua_State *L);

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
bool record_is_guid(const Type *type); /* in Lua it is its text */
HRESULT record_info_of_type(const Type *type, ITypeInfo *owner, IRecordInfo **info);
HRESULT take_record(Converting *converting, int index, const Type *type, void *storage);
void give_record(lua_State *L, const Giving *giving, const Type *type, void *storage);
HRESULT record_to_variant(Converting *converting, const Type *type, int index, VARIANT *value);
HRESULT record_copy_to_variant(lua_State *L, int index, VARIANT *value); /* S_FALSE: no record */
/* Pushes a record userdata with a copy of the data. */
void record_push(lua_State *L, const Giving *giving, IRecordInfo *info, const void *data);
/* What describes the record userdata at `index`, borrowed; NULL: it is none. */
IRecordInfo *record_info_at(lua_State *L, int index);

extern const luaL_Reg core_boxed_functions[], core_array_functions[], core_values_functions[];

/* Make the metatables of a file's userdata. */
void boxed_open_types(lua_State *L, Bridge *bridge);
void values_open_types(lua_State *L);
void array_open_type(lua_State *L);
void record_open_type(lua_State *L);

#endif
