/* Values in the memory of modules that know nothing of Oleander: what a SignatureAbi says of strings, variants, GUIDs and of
 * calls to IUnknown. The types of such a module carry its ABI (Type.abi); everything that clears, copies or converts a value
 * asks it, so there is no second way through a call. */
#ifndef OLEANDER_DISPATCH_FOREIGN_H
#define OLEANDER_DISPATCH_FOREIGN_H

#include "dispatch/types/signature.h"

/* The node of a base type in such a module, made when it is another one than ours. */
HRESULT foreign_base(TypeSet *set, const Type *own, const Type **result);

/* Bytes of a wide character. */
static inline uint32_t abi_wchar_width(const SignatureAbi *abi) {
  return abi->wchar_width ? abi->wchar_width : 2;
}

/* Whether IUnknown's methods are to be called in another way than ours. */
static inline bool abi_wraps_unknown(const SignatureAbi *abi) {
  return abi && (abi->convention != ABI_NATIVE || abi->guid_big_endian);
}

/* Whether this result of a method is a failure. */
static inline bool abi_failed(const SignatureAbi *abi, HRESULT result) {
  if (__builtin_expect(!abi->codes_decide, 1))
    return FAILED(result);
  for (unsigned i = 0; i < abi->code_count; i++)
    if (abi->codes[i].code == result)
      return !abi->codes[i].good;
  return true;
}

/* The name that the module gives to a result; NULL. */
OLEANDER_API(const char *, abi_result_name, (const SignatureAbi *abi, HRESULT result));

/* Between the order in memory that the module has and ours; its own inverse. */
OLEANDER_API(void, abi_swap_guid, (const SignatureAbi *abi, GUID *guid));

/* A BSTR of the module with these bytes and a zero behind them; NULL: out of memory. */
OLEANDER_API(void *, foreign_string_new, (const SignatureAbi *abi, const void *bytes, uint32_t length));
OLEANDER_API(void, foreign_string_free, (const SignatureAbi *abi, void *text));
static inline uint32_t foreign_string_length(const void *text) { /* bytes */
  return text ? ((const uint32_t *)text)[-1] : 0;
}

/* A VARIANT or PROPVARIANT of the module: VARTYPE, three words, and from byte 8 on the value. */
enum { FOREIGN_VALUE = 8 };
OLEANDER_API(void, foreign_variant_clear, (const SignatureAbi *abi, void *variant));
OLEANDER_API(HRESULT, foreign_variant_copy,
             (const SignatureAbi *abi, void *to, const void *from)); /* `to` is no value yet */

OLEANDER_API(HRESULT, foreign_query, (const SignatureAbi *abi, void *object, REFIID iid, void **face));
OLEANDER_API(ULONG, foreign_addref, (const SignatureAbi *abi, void *object));
OLEANDER_API(ULONG, foreign_release, (const SignatureAbi *abi, void *object));

#endif
