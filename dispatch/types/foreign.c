/* The memory of modules that know nothing of Oleander; see foreign.h. */
#include "dispatch/types/foreign.h"

#include "dispatch/types/signature_internal.h"

#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__)
#define MS_ABI __attribute__((ms_abi))
#else
#define MS_ABI
#endif

typedef uint64_t Word;
typedef Word Call3(Word, Word, Word);
typedef Word MsCall3(Word, Word, Word) MS_ABI;

/* On its own: the compiler takes calls that differ in nothing but their convention for the same. */
static __attribute__((noinline)) Word call_ms(void (*function)(void), Word a, Word b, Word c) {
  return ((MsCall3 *)function)(a, b, c);
}

/* A call of a function of the module, which has up to three words as arguments. */
static Word call_foreign(const SignatureAbi *abi, void (*function)(void), const void *a, const void *b, const void *c) {
  Word x = (Word)(uintptr_t)a, y = (Word)(uintptr_t)b, z = (Word)(uintptr_t)c;
  return abi->convention == ABI_MS ? call_ms(function, x, y, z) : ((Call3 *)function)(x, y, z);
}

HRESULT foreign_base(TypeSet *set, const Type *own, const Type **result) {
  const SignatureAbi *abi = type_set_abi(set);
  bool other =
      own->vt == VT_BSTR || own->vt == VT_LPSTR || own->vt == VT_LPWSTR || own->vt == VT_VARIANT || own->vt == VT_CLSID;
  if (!other)
    return S_OK;
  Type *type = type_set_allocate(set, sizeof *type);
  if (!type)
    return E_OUTOFMEMORY;
  *type = *own;
  type->abi = abi;
  if (type->owner == OWNS_TASK_MEMORY) /* who frees a text of the module, nobody knows */
    type->owner = OWNS_NOTHING;
  if (own->vt == VT_VARIANT && abi->variant_size) {
    type->size = abi->variant_size;
    type->ffi = NULL; /* made on need; the words are integers */
  }
  *result = type;
  return S_OK;
}

const char *abi_result_name(const SignatureAbi *abi, HRESULT result) {
  for (unsigned i = 0; i < abi->code_count; i++)
    if (abi->codes[i].code == result)
      return abi->codes[i].name;
  return NULL;
}

void abi_swap_guid(const SignatureAbi *abi, GUID *guid) {
  if (!abi || !abi->guid_big_endian)
    return;
  guid->Data1 = __builtin_bswap32(guid->Data1);
  guid->Data2 = __builtin_bswap16(guid->Data2);
  guid->Data3 = __builtin_bswap16(guid->Data3);
}

/* Strings. Without an allocator of its own the module takes them as everybody writes them: the length in bytes in front. */

static void *plain_string_new(const void *bytes, uint32_t length, uint32_t width) {
  unsigned char *block = malloc(sizeof length + (size_t)length + width + 3);
  if (!block)
    return NULL;
  memcpy(block, &length, sizeof length);
  memcpy(block + sizeof length, bytes, length);
  memset(block + sizeof length + length, 0, width);
  return block + sizeof length;
}

void *foreign_string_new(const SignatureAbi *abi, const void *bytes, uint32_t length) {
  uint32_t width = abi_wchar_width(abi);
  if (!abi->string_alloc && width == sizeof(OLECHAR))
    return SysAllocStringByteLen(bytes, length);
  if (!abi->string_alloc)
    return plain_string_new(bytes, length, width);
  unsigned char *text = (void *)(uintptr_t)call_foreign(abi, abi->string_alloc, NULL,
                                                        (void *)(uintptr_t)((length + width - 1) / width), NULL);
  if (!text)
    return NULL;
  memcpy(text, bytes, length);
  if (length % width != 0) { /* bytes, no characters */
    memset(text + length, 0, width - length % width);
    ((uint32_t *)(void *)text)[-1] = length;
  }
  return text;
}

void foreign_string_free(const SignatureAbi *abi, void *text) {
  if (!text)
    return;
  if (abi->string_free)
    call_foreign(abi, abi->string_free, text, NULL, NULL);
  else if (abi_wchar_width(abi) == sizeof(OLECHAR) && !abi->string_alloc)
    SysFreeString(text);
  else
    free((unsigned char *)text - sizeof(uint32_t));
}

/* Variants */

static void **variant_word(const void *variant) {
  return (void **)(uintptr_t)((const unsigned char *)variant + FOREIGN_VALUE);
}

void foreign_variant_clear(const SignatureAbi *abi, void *variant) {
  VARTYPE vt = *(VARTYPE *)variant;
  size_t size = abi->variant_size ? abi->variant_size : sizeof(VARIANT);
  if (abi->variant_clear) {
    call_foreign(abi, abi->variant_clear, variant, NULL, NULL);
  } else if (vt == VT_BSTR) {
    foreign_string_free(abi, *variant_word(variant));
  } else if (vt == VT_UNKNOWN || vt == VT_DISPATCH) {
    if (*variant_word(variant))
      foreign_release(abi, *variant_word(variant));
  } else if (size == sizeof(VARIANT)) {
    VariantClear(variant);
  }
  memset(variant, 0, size);
}

HRESULT foreign_variant_copy(const SignatureAbi *abi, void *to, const void *from) {
  VARTYPE vt = *(const VARTYPE *)from;
  size_t size = abi->variant_size ? abi->variant_size : sizeof(VARIANT);
  memset(to, 0, size);
  if (abi->variant_copy)
    return (HRESULT)call_foreign(abi, abi->variant_copy, to, from, NULL);
  if (size == sizeof(VARIANT) && vt != VT_BSTR && vt != VT_UNKNOWN && vt != VT_DISPATCH)
    return VariantCopy(to, (VARIANT *)(uintptr_t)from);
  memcpy(to, from, size);
  void **word = variant_word(to);
  if (vt == VT_BSTR && *word) {
    *word = foreign_string_new(abi, *word, foreign_string_length(*word));
    if (!*word)
      memset(to, 0, size);
    return *word ? S_OK : E_OUTOFMEMORY;
  }
  if ((vt == VT_UNKNOWN || vt == VT_DISPATCH) && *word)
    foreign_addref(abi, *word);
  return S_OK;
}

/* IUnknown */

static void (*slot_of(void *object, unsigned slot))(void) {
  return (*(void (***)(void))object)[slot];
}

HRESULT foreign_query(const SignatureAbi *abi, void *object, REFIID iid, void **face) {
  GUID given = *iid;
  abi_swap_guid(abi, &given);
  *face = NULL;
  HRESULT result = (HRESULT)call_foreign(abi, slot_of(object, 0), object, &given, face);
  if (!abi_failed(abi, result))
    return *face ? S_OK : E_NOINTERFACE;
  *face = NULL;
  return FAILED(result) ? result : E_NOINTERFACE;
}

ULONG foreign_addref(const SignatureAbi *abi, void *object) {
  return (ULONG)call_foreign(abi, slot_of(object, 1), object, NULL, NULL);
}

ULONG foreign_release(const SignatureAbi *abi, void *object) {
  return (ULONG)call_foreign(abi, slot_of(object, 2), object, NULL, NULL);
}
