/* The base types of Automation: one table of what every VARTYPE is in memory and in a call. Everything that needs the
 * size, the alignment, the register class or the name of a VARTYPE (signatures, records, SAFEARRAY, the bridge, later
 * the wire) asks here; there is no second table. [MS-OAUT] 2.2.7, 2.2.29. */
#ifndef OLEANDER_DISPATCH_BASE_TYPE_H
#define OLEANDER_DISPATCH_BASE_TYPE_H

#include <oaidl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How a value behaves, in registers and for conversions. The order matters: up to VALUE_POINTER it is one word. */
typedef enum ValueClass {
  VALUE_NONE,     /* VT_VOID, VT_EMPTY, VT_NULL: no storage */
  VALUE_SIGNED,   /* sign-extended integer: I1 I2 I4 I8 INT BOOL ERROR HRESULT CY INT_PTR */
  VALUE_UNSIGNED, /* zero-extended integer: UI1 UI2 UI4 UI8 UINT UINT_PTR */
  VALUE_POINTER,  /* BSTR, interfaces, LPSTR, LPWSTR, SAFEARRAY, PTR */
  VALUE_FLOAT,    /* R4 */
  VALUE_DOUBLE,   /* R8, DATE */
  VALUE_AGGREGATE /* VARIANT, DECIMAL, FILETIME, CLSID, records, unions, fixed arrays */
} ValueClass;

/* What clearing a value of this type has to let go. */
typedef enum ValueOwner {
  OWNS_NOTHING,
  OWNS_BSTR,
  OWNS_INTERFACE,
  OWNS_VARIANT,
  OWNS_SAFEARRAY,
  OWNS_TASK_MEMORY, /* LPSTR, LPWSTR: CoTaskMemFree */
  OWNS_FIELDS       /* decided by the fields (records, arrays, pointers): see type_clear */
} ValueOwner;

/* What a script's own value stands for it without any conversion but a check. */
typedef enum ScriptKind {
  SCRIPT_OTHER,   /* none: it is converted, or is an object of its own */
  SCRIPT_INTEGER, /* between `least` and `most` */
  SCRIPT_NUMBER,  /* R8 */
  SCRIPT_BOOLEAN, /* BOOL */
  SCRIPT_TEXT     /* BSTR */
} ScriptKind;

typedef struct BaseType {
  VARTYPE vt;
  VARTYPE variant_vt;   /* of a VARIANT that holds such a value (VT_I4 for an INT, VT_ERROR for an HRESULT); VT_ILLEGAL
                         when none does */
  uint8_t size;         /* bytes; 0 for no storage */
  uint8_t alignment;    /* bytes */
  uint8_t value_class;  /* ValueClass */
  uint8_t owner;        /* ValueOwner */
  uint8_t element_size; /* bytes as an element of a SAFEARRAY; 0 when there are no such arrays */
  uint8_t script_kind;  /* ScriptKind */
  bool in_variant;      /* may itself be the type of a VARIANT (perhaps with VT_BYREF or VT_ARRAY) */
  int64_t least, most;  /* of the integers: what a script may give, a status also unsigned, UI8 by its bits; else 0 */
  const char *name;     /* "I4": VT_ without the prefix */
  const char *idl;      /* "long" */
  const void *ffi;      /* ffi_type*, for signature*.c only */
} BaseType;

/* The entry of a plain VARTYPE (no VT_BYREF, VT_ARRAY, VT_VECTOR), NULL when it is none. Constant, any thread. */
OLEANDER_API(const BaseType *, base_type, (VARTYPE vt));

/* The entry of that short name ("I4", without case), NULL when there is none. */
OLEANDER_API(const BaseType *, base_type_named, (const char *name, size_t length));

/* The VARTYPE by which a reference to such a value, or an array of such values, is typed: its own where a VARIANT has it
 * (INT stays INT), else variant_vt. VT_ILLEGAL when there is none. */
OLEANDER_API(VARTYPE, base_type_element_vt, (const BaseType *base));

#endif
