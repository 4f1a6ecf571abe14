/* The normal form of keys; see dictionary_key.h. */
#include "dictionary_key.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unicode/uchar.h>
#include <unicode/ustring.h>

/* hashing */

/* Differs from process to process, so that nobody can prepare keys that collide. */
static uint64_t hash_seed(void) {
  static uint64_t seed;
  uint64_t now = __atomic_load_n(&seed, __ATOMIC_RELAXED);

  if (!now) {
    if (getrandom(&now, sizeof now, GRND_NONBLOCK) != sizeof now)
      now = (uint64_t)(uintptr_t)&now;
    now |= 1;
    __atomic_store_n(&seed, now, __ATOMIC_RELAXED);
  }
  return now;
}

static uint64_t mix(uint64_t hash, uint64_t value) {
  __extension__ typedef unsigned __int128 Wide;
  Wide product = (Wide)(hash ^ value) * 0x9E3779B97F4A7C15u;

  return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint64_t hash_text(const OLECHAR *text, size_t length) {
  uint64_t hash = mix(hash_seed(), length), word;

  for (; length >= 4; length -= 4, text += 4) {
    memcpy(&word, text, sizeof word);
    hash = mix(hash, word);
  }
  word = 0;
  memcpy(&word, text, length * sizeof *text);
  return mix(hash, word);
}

/* numbers */

static void set_integer(DictionaryKey *key, int64_t value) {
  key->kind = KEY_INTEGER;
  key->negative = value < 0;
  key->u.number = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
}

static void set_unsigned(DictionaryKey *key, uint64_t value) {
  key->kind = KEY_INTEGER;
  key->negative = false;
  key->u.number = value;
}

/* A whole number becomes an integer key when 64 bits hold it, so that it meets the integers exactly. */
static void set_real(DictionaryKey *key, double value) {
  double magnitude = fabs(value);

  if (magnitude < 18446744073709551616.0 && floor(value) == value) {
    set_unsigned(key, (uint64_t)magnitude);
    key->negative = value < 0;
    return;
  }
  key->kind = KEY_REAL;
  memcpy(&key->u.number, &value, sizeof value);
}

static HRESULT set_decimal(DictionaryKey *key, const DECIMAL *decimal) {
  DECIMAL exact = *decimal;
  double value;
  HRESULT hr;

  /* An integer in disguise: 5.00 */
  while (exact.scale > 0 && exact.Hi32 == 0 && exact.Lo64 % 10 == 0) {
    exact.Lo64 /= 10;
    exact.scale--;
  }
  if (exact.scale == 0 && exact.Hi32 == 0) {
    set_unsigned(key, exact.Lo64);
    key->negative = (exact.sign & DECIMAL_NEG) != 0 && exact.Lo64 != 0;
    return S_OK;
  }
  hr = VarR8FromDec(decimal, &value);
  if (SUCCEEDED(hr))
    set_real(key, value);
  return hr;
}

/* the other kinds */

static char16_t fold_ascii(char16_t unit) {
  return unit >= 'A' && unit <= 'Z' ? (char16_t)(unit + ('a' - 'A')) : unit;
}

/* Folds the case of a text by the rules of Unicode; Turkish and Azeri fold their dotted and dotless i apart. */
static HRESULT fold_text(const OLECHAR *text, size_t length, LONG compare, OLECHAR **folded, size_t *folded_length) {
  bool turkic = compare > 2 && ((compare & 0x3FF) == 0x1F || (compare & 0x3FF) == 0x2C);
  size_t room = length * 3 + 1, i;
  UErrorCode status = U_ZERO_ERROR;
  OLECHAR *out;

  *folded = out = malloc(room * sizeof *out);
  if (!out)
    return E_OUTOFMEMORY;
  for (i = 0; i < length && text[i] < 0x80 && !turkic; i++)
    out[i] = fold_ascii(text[i]);
  *folded_length = i;
  if (i == length)
    return S_OK;
  *folded_length = (size_t)u_strFoldCase((UChar *)out, (int32_t)room, (const UChar *)text, (int32_t)length,
                                         turkic ? U_FOLD_CASE_EXCLUDE_SPECIAL_I : U_FOLD_CASE_DEFAULT, &status);
  if (U_SUCCESS(status) || status == U_STRING_NOT_TERMINATED_WARNING)
    return S_OK;
  free(out);
  *folded = NULL;
  return status == U_MEMORY_ALLOCATION_ERROR ? E_OUTOFMEMORY : RUNTIME_INVALID_CALL;
}

static HRESULT set_text(DictionaryKey *key, BSTR text, LONG compare) {
  size_t length = SysStringLen(text);
  OLECHAR *folded = NULL;
  HRESULT hr = S_OK;

  key->kind = KEY_TEXT;
  key->u.text = text ? text : OLESTR("");
  if (compare != BinaryCompare && length > 0) {
    if (length > INT32_MAX / 3 - 1)
      return E_OUTOFMEMORY;
    hr = fold_text(text, length, compare, &folded, &length);
    if (FAILED(hr))
      return hr;
    key->u.text = folded;
    key->owned = true;
  }
  key->length = (uint32_t)length;
  key->hash = hash_text(key->u.text, length);
  return hr;
}

/* The identity of the object is all that is asked of it. */
static HRESULT set_object(DictionaryKey *key, IUnknown *object) {
  key->kind = KEY_OBJECT;
  key->u.identity = NULL;
  if (!object)
    return S_OK;
  if (SUCCEEDED(IUnknown_QueryInterface(object, &IID_IUnknown, (void **)&key->u.identity)) && key->u.identity)
    return S_OK;
  key->u.identity = NULL;
  return RUNTIME_INVALID_CALL;
}

static HRESULT set_value(DictionaryKey *key, const VARIANT *value, LONG compare) {
  switch (V_VT(value)) {
  case VT_EMPTY:
    key->kind = KEY_EMPTY;
    return S_OK;
  case VT_NULL:
    key->kind = KEY_NULL;
    return S_OK;
  case VT_I1:
    set_integer(key, (signed char)V_I1(value));
    return S_OK;
  case VT_I2:
    set_integer(key, V_I2(value));
    return S_OK;
  case VT_BOOL:
    set_integer(key, V_BOOL(value) ? -1 : 0);
    return S_OK;
  case VT_I4:
  case VT_INT:
    set_integer(key, V_I4(value));
    return S_OK;
  case VT_I8:
    set_integer(key, V_I8(value));
    return S_OK;
  case VT_UI1:
    set_unsigned(key, V_UI1(value));
    return S_OK;
  case VT_UI2:
    set_unsigned(key, V_UI2(value));
    return S_OK;
  case VT_UI4:
  case VT_UINT:
    set_unsigned(key, V_UI4(value));
    return S_OK;
  case VT_UI8:
    set_unsigned(key, V_UI8(value));
    return S_OK;
  case VT_R4:
    if (isnan(V_R4(value)))
      return RUNTIME_INVALID_CALL;
    set_real(key, (double)V_R4(value));
    key->single = true;
    return S_OK;
  case VT_R8:
  case VT_DATE:
    if (isnan(V_R8(value)))
      return RUNTIME_INVALID_CALL;
    set_real(key, V_R8(value));
    return S_OK;
  case VT_CY:
    if (V_CY(value).int64 % 10000 == 0)
      set_integer(key, V_CY(value).int64 / 10000);
    else
      set_real(key, (double)V_CY(value).int64 / 10000.0);
    return S_OK;
  case VT_DECIMAL:
    return set_decimal(key, &V_DECIMAL(value));
  case VT_BSTR:
    return set_text(key, V_BSTR(value), compare);
  case VT_DISPATCH:
  case VT_UNKNOWN:
    return set_object(key, V_UNKNOWN(value));
  case VT_ERROR:
    key->kind = KEY_ERROR;
    key->u.number = (uint32_t)V_ERROR(value);
    return S_OK;
  default:
    return RUNTIME_INVALID_CALL;
  }
}

static void set_hash(DictionaryKey *key) {
  if (key->kind == KEY_OBJECT)
    key->hash = mix(hash_seed(), (uint64_t)(uintptr_t)key->u.identity);
  else if (key->kind != KEY_TEXT)
    key->hash = mix(mix(hash_seed(), (uint64_t)key->kind * 2 + key->negative), key->u.number);
}

HRESULT key_make(const VARIANT *value, LONG compare, DictionaryKey *key) {
  memset(key, 0, sizeof *key);
  HRESULT hr = set_value(key, value, compare);
  if (FAILED(hr))
    return hr;
  set_hash(key);
  return S_OK;
}

void key_free(DictionaryKey *key) {
  if (key->kind == KEY_TEXT && key->owned)
    free((void *)(uintptr_t)key->u.text);
  else if (key->kind == KEY_OBJECT && key->u.identity)
    IUnknown_Release(key->u.identity);
  memset(key, 0, sizeof *key);
}

void key_adopt(DictionaryKey *key, const VARIANT *value) {
  if (key->kind == KEY_TEXT && !key->owned)
    key->u.text = V_BSTR(value) ? V_BSTR(value) : OLESTR("");
}

bool key_equal(const DictionaryKey *first, const DictionaryKey *second) {
  if (first->hash != second->hash || first->kind != second->kind || first->negative != second->negative)
    return false;
  if (first->kind == KEY_TEXT)
    return first->length == second->length &&
           memcmp(first->u.text, second->u.text, first->length * sizeof *first->u.text) == 0;
  if (first->kind == KEY_OBJECT)
    return first->u.identity == second->u.identity;
  return first->u.number == second->u.number;
}

static double key_number(const DictionaryKey *key) {
  double number = (double)key->u.number;

  if (key->kind == KEY_REAL)
    memcpy(&number, &key->u.number, sizeof number);
  return key->negative && key->kind == KEY_INTEGER ? -number : number;
}

static bool is_number(const DictionaryKey *key) {
  return key->kind == KEY_INTEGER || key->kind == KEY_REAL;
}

DictionaryKey key_rounded(const DictionaryKey *key) {
  DictionaryKey rounded = { .kind = KEY_NULL };

  set_real(&rounded, (double)(float)key_number(key));
  rounded.single = true;
  set_hash(&rounded);
  return rounded;
}

bool key_is_fine(const DictionaryKey *key) {
  if (!is_number(key) || key->single)
    return false;
  DictionaryKey rounded = key_rounded(key);
  return !key_equal(&rounded, key);
}

DictionaryKey key_like_empty(EmptyKey which) {
  DictionaryKey key = { .kind = which == EMPTY_TEXT ? KEY_TEXT : which == EMPTY_NUMBER ? KEY_INTEGER : KEY_EMPTY };

  if (which == EMPTY_TEXT) {
    key.u.text = OLESTR("");
    key.hash = hash_text(key.u.text, 0);
  }
  set_hash(&key);
  return key;
}

bool key_meets_empty(const DictionaryKey *key) {
  return key->kind == KEY_TEXT ? key->length == 0 : key->kind == KEY_INTEGER && key->u.number == 0;
}

/* HashVal */

#define HASH_VALUES 1201

static LONG text_hash_value(const DictionaryKey *key) {
  uint32_t hash = 0, i;

  for (i = 0; i < key->length; i++)
    hash = hash * 17 + key->u.text[i];
  return (LONG)(hash % HASH_VALUES);
}

static LONG number_hash_value(const DictionaryKey *key) {
  double number = key_number(key);
  float single = (float)number;
  uint32_t bits;

  if (isinf(number))
    return 0;
  memcpy(&bits, &single, sizeof bits);
  return (LONG)(bits % HASH_VALUES);
}

HRESULT key_hash_value(const VARIANT *value, LONG compare, LONG *hash) {
  DictionaryKey key;
  HRESULT hr = key_make(value, compare, &key);

  *hash = -1;
  if (FAILED(hr))
    return hr;
  *hash = 0;
  if (key.kind == KEY_TEXT)
    *hash = text_hash_value(&key);
  else if (key.kind == KEY_INTEGER || key.kind == KEY_REAL)
    *hash = number_hash_value(&key);
  else if (key.kind == KEY_OBJECT)
    *hash = (LONG)((uint32_t)(uintptr_t)key.u.identity % HASH_VALUES);
  key_free(&key);
  return S_OK;
}
