/* Signatures: what are the parameters of this method? One immutable description, four uses:
 * call a vtable slot, be called as a vtable slot, convert DISPPARAMS to C arguments and back, and later travel.
 *
 *     type tree   Type, TypeSet          type.h
 *     signature   Signature, Parameter   signature.c, signature_from_funcdesc.c, signature_from_text.c
 *     use 1       signature_prepare, put values, signature_invoke, read values, signature_finish
 *     use 2       VtableTemplate         closure.c
 *     use 3       signature_dispinvoke   dispinvoke.c
 *
 * Functions have a public label because the bridge, a module of its own, uses them too; they are no public interface.
 * Nothing outside dispatch/signature*.c and dispatch/closure*.c knows how arguments travel in registers. */
#ifndef OLEANDER_DISPATCH_SIGNATURE_H
#define OLEANDER_DISPATCH_SIGNATURE_H

#include "dispatch/types/native_integer.h"
#include "dispatch/types/type.h"

/* signatures */

typedef enum ParameterFlags {
  PARAMETER_IN = 1,          /* as PARAMFLAG_FIN; neither IN nor OUT in a library is taken as IN */
  PARAMETER_OUT = 2,         /* as PARAMFLAG_FOUT */
  PARAMETER_LCID = 4,        /* as PARAMFLAG_FLCID: filled by the caller's machinery, not by the script */
  PARAMETER_RETVAL = 8,      /* as PARAMFLAG_FRETVAL */
  PARAMETER_OPTIONAL = 16,   /* as PARAMFLAG_FOPT */
  PARAMETER_DEFAULT = 32,    /* as PARAMFLAG_FHASDEFAULT: default_value is set */
  PARAMETER_STRING = 256,    /* [string]: zero-terminated characters behind the pointer */
  PARAMETER_UNIQUE = 512,    /* may be NULL */
  PARAMETER_BUFFER = 1024,   /* the pointer goes to size_is (or length_is) elements that the caller provides: no cell */
  PARAMETER_COUNT = 8192,    /* [in] number of elements of an [in] buffer: known from the buffer when it is not given */
  PARAMETER_DIRECT = 4096,   /* an [in] word by value that may be taken from a VARIANT of type vt as it lies there */
  PARAMETER_COUNTED = 16384, /* foreign: an [in] count that the buffers given tell; it is no argument of its own */
  PARAMETER_VARARG = 2048    /* the SAFEARRAY(VARIANT)* that collects the rest of the arguments */
} ParameterFlags;

/* Where the parameter's value lives in a CallFrame (see below). */
typedef struct Parameter {
  const Type *type;  /* as declared */
  const Type *value; /* aliases and `indirection` pointers stripped: what a script sees */
  const Type *cell;  /* what is stored at `storage`: `value` or, for [out] `T**`, the `T*` */
  uint16_t flags;    /* ParameterFlags */
  uint8_t
      indirection; /* pointers stripped from `type` to get `value`; `void*`, buffers and [string] pointers are values */
  uint8_t value_class; /* ValueClass of `cell` */
  VARTYPE vt;       /* what a VARIANT with this value carries (VT_I4 for an enum or an int), VT_ILLEGAL when it can't */
  uint16_t size;    /* bytes of `cell`; 0xFFFF when larger */
  uint32_t slot;    /* byte offset of the argument itself in the frame */
  uint32_t storage; /* byte offset of the value: equal to `slot` for by-value arguments, else the by-ref cell */
  int16_t size_is;  /* index of the parameter with the number of elements, -1 */
  int16_t length_is;            /* index of the parameter with the number of valid elements, -1 */
  int16_t iid_is;               /* index of the parameter with the IID of this interface pointer, -1 */
  const OLECHAR *name;          /* NULL when the library has none */
  const VARIANT *default_value; /* NULL without PARAMETER_DEFAULT */
} Parameter;

typedef enum AbiConvention { ABI_NATIVE, ABI_MS } AbiConvention;

/* A CALLCONV of ours for DispCallFunc: functions compiled with __attribute__((ms_abi)). */
#define CC_OLEANDER_MS_ABI 64

/* Results of methods that are no HRESULTs, or only nearly. */
typedef struct ResultCode {
  int32_t code;
  bool good;        /* it is no failure */
  const char *name; /* NULL: it has none */
} ResultCode;

/* How the object's module was compiled. Zero-initialized it is Oleander's own ABI. */
typedef struct SignatureAbi {
  uint8_t convention;      /* AbiConvention */
  uint8_t extra_slots;     /* vtable slots that type information does not know (a C++ virtual destructor has two) */
  uint16_t extra_position; /* the logical slot from which on they shift (3: after Release) */
  uint8_t wchar_width;     /* 0 or 2: UTF-16; 4: LPWSTR and BSTR characters are UTF-32 */
  bool guid_big_endian;    /* GUIDs in memory are in text order */
  bool foreign;            /* of a module that knows nothing of Oleander: strings, variants, counts go by foreign.h */
  uint8_t variant_size;    /* 0 or 24 bytes; 16 */
  uint16_t code_count;
  bool codes_decide; /* the codes that are good are those among `codes`; else HRESULT's rule */
  const ResultCode *codes;
  void *handle; /* of the module; NULL */
  /* Functions of the module, in its convention; NULL: none. SysAllocStringLen, SysFreeString, VariantClear, VariantCopy */
  void (*string_alloc)(void), (*string_free)(void), (*variant_clear)(void), (*variant_copy)(void);
} SignatureAbi;

typedef enum SignatureFlags {
  SIGNATURE_HRESULT = 1,      /* the native result is an HRESULT */
  SIGNATURE_VARARG = 2,       /* FUNCDESC.cParamsOpt == -1 */
  SIGNATURE_PLAIN = 4,        /* no value of it owns anything: signature_finish has nothing to do */
  SIGNATURE_DISPATCH = 8,     /* FUNC_DISPATCH: describes a member of a dispinterface, has no vtable slot */
  SIGNATURE_STATIC = 16,      /* FUNC_STATIC: a module function without `this` */
  SIGNATURE_FAST = 32,        /* called without libffi */
  SIGNATURE_DIRECT = 128,     /* arguments are all PARAMETER_DIRECT, only a [retval] of one word may follow */
  SIGNATURE_RESTRICTED = 256, /* FUNCFLAG_FRESTRICTED */
  SIGNATURE_COUNTED = 512,    /* parameters tell others their number of elements or their interface */
  SIGNATURE_BUFFERS = 1024,   /* foreign: the same; has buffers, or an interface whose IID another parameter tells */
  SIGNATURE_BORROWED = 2048,  /* the interface pointer that is the native result is not the caller's to release */
  SIGNATURE_HIDDEN = 64       /* the result goes through a hidden pointer, which is the first argument, before `this` */
} SignatureFlags;

typedef struct Signature Signature;
typedef struct CallFrame CallFrame;
typedef uint64_t (*SignatureInvoke)(const Signature *signature, void (*function)(void), void *object, CallFrame *frame);

/* Immutable once built; shared between threads. Read the fields freely. */
struct Signature {
  _Atomic uint32_t references;
  uint16_t count;     /* parameters, `this` not counted */
  uint16_t flags;     /* SignatureFlags */
  int16_t retval;     /* index of the [retval] parameter, -1 */
  int16_t lcid;       /* index of the [lcid] parameter, -1 */
  int16_t vararg;     /* index of the vararg parameter, -1 */
  uint16_t arguments; /* parameters a script gives at most: [in] or [in,out], without [lcid], vararg and COUNTED */
  uint16_t counted;   /* parameters that are PARAMETER_COUNTED */
  uint16_t required;  /* of these, the ones that are neither optional nor have a default */
  uint16_t results;   /* values that come back: the result (unless HRESULT or void), [retval], [out], [in,out] */
  const Parameter *parameters;
  const Type *result; /* native result; void is a TYPE_BASE of VT_VOID */
  MEMBERID memid;
  INVOKEKIND invkind;
  uint32_t vtable_offset; /* bytes from the vtable's begin, extra slots of the ABI included */
  uint32_t slot;          /* logical slot, as type information counts */
  SignatureAbi abi;
  const OLECHAR *name;     /* of the method; NULL when not known */
  const char *unsupported; /* NULL, or why it can't be called through the vtable (UTF-8; names type and parameter) */

  /* The frame's layout. */
  uint32_t frame_size;             /* bytes; at most SIGNATURE_FRAME_LIMIT (else `unsupported` says so) */
  uint32_t owned_offset;           /* one byte per parameter: frame_own */
  uint32_t result_offset;          /* the native result in the frame, widened to a word when it is an integer */
  uint32_t clear_begin, clear_end; /* bytes that signature_prepare zeroes */
  uint16_t cell_count;             /* by-ref cells: */
  const struct FrameCell { uint32_t slot, target; } * cells; /* frame[slot] := &frame[target] */
  SignatureInvoke invoke;
  void *cif; /* prepared ffi_cif, or NULL; for signature*.c only */
  /* For signature*.c only: words on the stack, halves of records that go in two kinds of register, result registers. */
  uint32_t stack_words;
  const struct FrameCell *moves;
  uint16_t move_count;
  uint8_t result_words[2];
  TypeSet *types;
};

#define SIGNATURE_FRAME_LIMIT 32768u

/* Builds a signature from type information.
 * info   the type that declares the function; HREFTYPEs of `desc` are relative to it
 * desc   the function
 * names  its name and its parameters' names as GetNames gives them, may be NULL
 * abi    NULL for Oleander's own
 * An unsupported kind is no error here: the signature has `unsupported` set and describes what it can (Invoke may
 * still work). Errors: E_OUTOFMEMORY, E_INVALIDARG, what a broken reference gives. */
OLEANDER_API(HRESULT, signature_from_funcdesc,
             (ITypeInfo * info, const FUNCDESC *desc, const BSTR *names, UINT name_count, const SignatureAbi *abi,
              const Signature **signature));

/* Builds a signature from a line of text, for interfaces that no type library describes:
 *     "Read([out,size_is(size),length_is(done)] ui1* data, [in] ui4 size, [out,unique] ui4* done)"
 *     "[propput] Value([in] bstr text)"   also propget, propputref, vararg, id(n)
 *     "ui4 GetDigestSize()"          without a type in front the result is an HRESULT
 * Type names are those of base_type_named (i4, bstr, variant, lpwstr, void ...), safearray(T), the names in
 * `context`, `*` and, after the parameter's name, `[4]`. Attributes as in IDL: in, out, retval, lcid, optional,
 * defaultvalue(n), string, unique, ref, ptr, size_is(p), max_is(p), length_is(p), iid_is(p). Sizes are given for each pointer,
 * from the outermost on: "[out,size_is(,*n)] bstr** names"; they may be calculated in one step: n+1, n-1, n*2, n/2. Fields of
 * records have the same attributes and name fields beside them. `enum` is a plain enumeration of IDL, with 16 bits when it
 * travels; one with v1_enum is an i4. A union travels in a record where the field in front of it is its tag, or as a
 * parameter whose tag another one is; with [switch(kind)] the tag is the union's own and travels once:
 *     "i4 kind, [switch_is(kind)] Either value" with "union [case(1,2)] i4 number, [case(3)] bstr text, [default] void none"
 * slot   logical vtable slot. E_INVALIDARG for a text with an error in it. */
typedef struct InterfaceName {
  const char *name;
  const IID *iid;
} InterfaceName;

typedef struct RecordText {
  const char *name;
  const char *fields; /* "i4 x, bstr name, r8 v[3]"; a union: "union i4 a, r8 b"; packed: "pack1 i1 a, i4 b" */
} RecordText;

typedef struct SignatureNames {
  const InterfaceName *interfaces; /* ends with a NULL name; may be NULL */
  const RecordText *records;       /* ends with a NULL name; may be NULL */
} SignatureNames;

OLEANDER_API(HRESULT, signature_from_text,
             (const char *text, uint32_t slot, const SignatureNames *names, const SignatureAbi *abi,
              const Signature **signature));

OLEANDER_API(const Signature *, signature_addref, (const Signature *signature));
OLEANDER_API(void, signature_release, (const Signature *signature));

/* Index of the parameter with this name (without case), -1. */
OLEANDER_API(int, signature_find_parameter, (const Signature *signature, const OLECHAR *name));

/* Use 1: call.
 *
 *     CallFrame *frame = CALL_FRAME(signature);           on the caller's stack
 *     signature_prepare(signature, frame);
 *     frame_put_integer(signature, frame, 0, 42);         or *(BSTR *) frame_value(signature, frame, 0) = text
 *     HRESULT hr = (HRESULT) signature_invoke(signature, object, frame);
 *     sum = frame_get_integer(signature, frame, 2);
 *     signature_finish(signature, frame);
 *
 * The native value of parameter k lives at frame_value(k). For a by-value argument that is the argument itself; for
 * `[in] T*` and `T**` a cell behind the pointer(s); for `[out] T*` and `[out] T**` the cell that the callee fills
 * (of type parameter->cell). Prepare zeroes all of it (so an untouched [in] VARIANT is VT_EMPTY, an untouched BSTR
 * NULL), no allocation ever happens in prepare, invoke or finish.
 *
 * By-value integers narrower than a word are written *widened* (use frame_put_integer); cells hold the bare type.
 *
 * Ownership: finish clears every [out] and [in,out] cell and the result; a caller that moves such a value out zeroes
 * it. Values of [in] parameters belong to the caller unless it says frame_own(k): then finish clears them too. */
struct CallFrame {
  uint64_t words[1]; /* really signature->frame_size bytes, 16-aligned */
};

#define CALL_FRAME(signature) ((CallFrame *)__builtin_alloca_with_align((signature)->frame_size, 128))

static inline void *frame_at(CallFrame *frame, uint32_t offset) {
  return (unsigned char *)frame + offset;
}

/* The storage of parameter k's native value. */
static inline void *frame_value(const Signature *signature, CallFrame *frame, unsigned k) {
  return frame_at(frame, signature->parameters[k].storage);
}

/* The argument itself: to pass NULL for an optional pointer, or a pointer of the caller's own instead of the cell. */
static inline void **frame_pointer(const Signature *signature, CallFrame *frame, unsigned k) {
  return (void **)frame_at(frame, signature->parameters[k].slot);
}

static inline void *frame_result(const Signature *signature, CallFrame *frame) {
  return frame_at(frame, signature->result_offset);
}

/* Lays the frame out: zeroes it and points by-ref arguments to their cells. */
static inline void signature_prepare(const Signature *signature, CallFrame *frame) {
  __builtin_memset((unsigned char *)frame + signature->clear_begin, 0, signature->clear_end - signature->clear_begin);
  for (unsigned i = 0; i < signature->cell_count; i++)
    *(void **)frame_at(frame, signature->cells[i].slot) = frame_at(frame, signature->cells[i].target);
}

/* Writes an integer (VALUE_SIGNED, VALUE_UNSIGNED), widened in an argument, at its own size in a cell. The caller has
 * checked the range. */
static inline void frame_put_integer(const Signature *signature, CallFrame *frame, unsigned k, int64_t value) {
  const Parameter *parameter = &signature->parameters[k];
  integer_store(frame_at(frame, parameter->storage),
                parameter->storage == parameter->slot ? sizeof value : parameter->size, value);
}

/* Reads an integer cell or argument, extended by its signedness. */
static inline int64_t frame_get_integer(const Signature *signature, CallFrame *frame, unsigned k) {
  const Parameter *parameter = &signature->parameters[k];
  return integer_load(frame_at(frame, parameter->storage), parameter->size, parameter->value_class == VALUE_SIGNED);
}

/* Marks the value of an [in] parameter as the frame's: signature_finish clears it. */
OLEANDER_API(void, frame_own, (const Signature *signature, CallFrame *frame, unsigned k));

/* Calls the method of `object`. The result is in frame_result and, when it is an integer or HRESULT, returned. The
 * signature must not be `unsupported`, STATIC or DISPATCH. */
static inline uint64_t signature_invoke(const Signature *signature, void *object, CallFrame *frame) {
  void (*function)(void) = *(void (**)(void))(*(unsigned char **)object + signature->vtable_offset);
  return signature->invoke(signature, function, object, frame);
}

/* The same for a function that is not in a vtable; `object` is passed as `this` unless the signature is STATIC. */
static inline uint64_t signature_invoke_function(const Signature *signature, void (*function)(void), void *object,
                                                 CallFrame *frame) {
  return signature->invoke(signature, function, object, frame);
}

OLEANDER_API(void, signature_clear_frame, (const Signature *signature, CallFrame *frame));

/* Clears what the frame owns. Once per prepare, also when invoke was never reached. */
static inline void signature_finish(const Signature *signature, CallFrame *frame) {
  if (!(signature->flags & SIGNATURE_PLAIN))
    signature_clear_frame(signature, frame);
}

/* use 2: be called */

/* A call that arrived at a closure. Decoded arguments: arguments[k] points to the native argument k as declared
 * (parameter->type): a `long*` argument is a pointer to a pointer to long. */
typedef struct ClosureCall {
  const Signature *signature;
  void *object; /* `this`, as the caller passed it: points to the vtable pointer */
  void *const *arguments;
  void *result;  /* zeroed storage of signature->result; the closure widens it for the caller */
  uint32_t slot; /* logical slot */
  void *context; /* of the template */
} ClosureCall;

/* Runs on whatever thread called. For an HRESULT method it writes *(HRESULT *) call->result. It must return (no jump
 * through foreign frames). [out] cells are the caller's memory: the handler checks pointers for NULL and writes them;
 * nothing is cleared for it. */
typedef void (*ClosureHandler)(const ClosureCall *call);

typedef struct VtableSlot {
  void (*function)(void);     /* a C function for this slot (QueryInterface ...), or NULL: */
  const Signature *signature; /* a closure over this signature */
} VtableSlot;

typedef struct VtableTemplate VtableTemplate;

/* Makes a vtable of `count` logical slots, to be shared by all objects of one interface type. It lives until
 * vtable_template_destroy, so make one per type and keep it. Signatures are referenced.
 * abi: where extra slots go (filled with a function that returns E_NOTIMPL). E_NOTIMPL when a signature is
 * `unsupported` or has none and no function. */
OLEANDER_API(HRESULT, vtable_template_create,
             (const VtableSlot *slots, UINT count, ClosureHandler handler, void *context, const SignatureAbi *abi,
              const VtableTemplate **result));

/* Frees a template that no object points to and in which no call is running; NULL is allowed. */
OLEANDER_API(void, vtable_template_destroy, (const VtableTemplate *vtable));

/* The vtable to put into an object. */
OLEANDER_API(const void *, vtable_template_vtable, (const VtableTemplate *vtable));

/* The template of an object's vtable pointer, made by vtable_template_create. */
OLEANDER_API(const VtableTemplate *, vtable_template_of, (const void *object));

OLEANDER_API(void *, vtable_template_context, (const VtableTemplate *vtable));

/* A single callable function over a signature (module callbacks); lives for good, too. */
OLEANDER_API(HRESULT, signature_closure,
             (const Signature *signature, ClosureHandler handler, void *context, void (**function)(void)));

/* use 3: DISPPARAMS to C arguments */

/* Does what ITypeInfo::Invoke does once the function is found: converts the arguments, calls the vtable slot of
 * `instance`, converts the result. `owner` is the ITypeInfo of the signature (for records and enums), may be NULL.
 * lcid fills [lcid] parameters and steers conversions. No allocation except what converted values need.
 * HRESULT, *result, *exception and *bad_argument as ITypeInfo::Invoke documents them. */
OLEANDER_API(HRESULT, signature_dispinvoke,
             (const Signature *signature, ITypeInfo *owner, void *instance, WORD flags, LCID lcid, DISPPARAMS *params,
              VARIANT *result, EXCEPINFO *exception, UINT *bad_argument));

/* The same for a function of a module (SIGNATURE_STATIC), which has no instance. */
OLEANDER_API(HRESULT, signature_dispinvoke_function,
             (const Signature *signature, ITypeInfo *owner, void (*function)(void), WORD flags, LCID lcid,
              DISPPARAMS *params, VARIANT *result, EXCEPINFO *exception, UINT *bad_argument));

/* The mirror image, for objects whose methods are handlers: spreads `params` over the parameters in declaration order.
 * order[k] becomes the index in params->rgvarg of the value for parameter k, or -1 (not given; use default_value or
 * missing). Applies the rules for named arguments, DISPID_PROPERTYPUT, counts and optional parameters. A vararg
 * parameter and [lcid] and [retval] stay -1; *rest gets the number of vararg values (rgvarg[0..rest-1], reversed). */
OLEANDER_API(HRESULT, signature_match_params,
             (const Signature *signature, const DISPPARAMS *params, WORD flags, int *order, UINT *rest,
              UINT *bad_argument));

/* After signature_match_params: the first parameter that must be given and was not (then the answer was
 * DISP_E_BADPARAMCOUNT), -1 when there is none. */
OLEANDER_API(int, signature_missing_parameter, (const Signature *signature, const int *order));

/* Fills `exception` from the thread's IErrorInfo after a failed call, only when `object` confirms through
 * ISupportErrorInfo that `iid` sets it (iid NULL: not asked). Returns DISP_E_EXCEPTION when `exception` was filled,
 * else hr. */
OLEANDER_API(HRESULT, exception_from_error_info, (IUnknown * object, const IID *iid, HRESULT hr, EXCEPINFO *exception));

/* Runs the deferred fill-in of an EXCEPINFO, once. */
OLEANDER_API(void, exception_complete, (EXCEPINFO * exception));

/* Frees its strings and zeroes it. */
OLEANDER_API(void, exception_clear, (EXCEPINFO * exception));

/* The way back: makes an EXCEPINFO from Invoke the thread's IErrorInfo and returns the HRESULT it stands for. */
OLEANDER_API(HRESULT, exception_to_error_info, (EXCEPINFO * exception, REFIID iid));

/* how type infos hand them out */

/* Implemented by our own ITypeInfo objects beside ITypeInfo. Signatures are made on demand, cached with the type and
 * returned with a reference. They don't keep the library alive: the caller holds the ITypeInfo. */
typedef struct IOleanderTypeInfo IOleanderTypeInfo;
typedef struct IOleanderTypeInfoVtbl {
  HRESULT(STDMETHODCALLTYPE *QueryInterface)(IOleanderTypeInfo *self, REFIID iid, void **object);
  ULONG(STDMETHODCALLTYPE *AddRef)(IOleanderTypeInfo *self);
  ULONG(STDMETHODCALLTYPE *Release)(IOleanderTypeInfo *self);
  /* By index, as GetFuncDesc counts. */
  HRESULT(STDMETHODCALLTYPE *GetSignature)(IOleanderTypeInfo *self, UINT index, const Signature **signature);
  /* By member and kind(s) of invocation, inherited members included; the vtable half of a dual interface.
       TYPE_E_ELEMENTNOTFOUND. *owner (may be NULL) gets the ITypeInfo that the signature is relative to, referenced. */
  HRESULT(STDMETHODCALLTYPE *FindSignature)
  (IOleanderTypeInfo *self, MEMBERID memid, UINT invkinds, const Signature **signature, ITypeInfo **owner);
} IOleanderTypeInfoVtbl;
struct IOleanderTypeInfo {
  const IOleanderTypeInfoVtbl *lpVtbl;
};
OLEANDER_DATA(const IID, IID_IOleanderTypeInfo);

/* The signature of function `index` of any ITypeInfo: through IOleanderTypeInfo, else built from its FUNCDESC. */
OLEANDER_API(HRESULT, typeinfo_signature,
             (ITypeInfo * info, UINT index, const SignatureAbi *abi, const Signature **signature));

#endif
