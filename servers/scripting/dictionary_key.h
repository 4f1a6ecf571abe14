/* The normal form of a dictionary's key: what makes two VARIANTs the same key. Numbers of every type, dates,
 * currency and booleans (True is -1) are the same key when they are the same number, exactly; beside a Single they are
 * looked at in single precision. Texts compare by their units, or with case folded. Empty is the same key as "" and as
 * 0, which are two keys. Objects are the same key when they are the same object. Null is a key of its own. Arrays,
 * records and what is no number (NaN) are no keys.
 *
 * Equality beside a Single or Empty is no equivalence, so no hash can follow it: key_equal and the hash are exact, and
 * the table looks a second time for what key_meets says (dictionary_table.c). */
#ifndef SCRIPTING_DICTIONARY_KEY_H
#define SCRIPTING_DICTIONARY_KEY_H

#include "scripting_internal.h"

typedef enum KeyKind {
  KEY_EMPTY,
  KEY_NULL,
  KEY_INTEGER, /* magnitude, negative */
  KEY_REAL,    /* bits of the double */
  KEY_TEXT,
  KEY_OBJECT,
  KEY_ERROR
} KeyKind;

typedef struct DictionaryKey {
  KeyKind kind;
  bool negative;
  bool single; /* a number that came as a Single */
  bool owned;  /* `text` is a folded copy; else it is the BSTR's own */
  uint32_t length;
  uint64_t hash;
  union {
    uint64_t number;
    const OLECHAR *text;
    IUnknown *identity; /* with a reference */
  } u;
} DictionaryKey;

/* RUNTIME_INVALID_CALL for what cannot be a key. `value` must outlive the key when it is a text. */
HRESULT key_make(const VARIANT *value, LONG compare, DictionaryKey *key);
void key_free(DictionaryKey *key);
bool key_equal(const DictionaryKey *first, const DictionaryKey *second);

/* Whether the key is a number that no Single is: one that a Single may meet without being equal to it. */
bool key_is_fine(const DictionaryKey *key);

/* The key that this number has when it is rounded to a Single. */
DictionaryKey key_rounded(const DictionaryKey *key);

/* The keys "" and 0, which Empty meets. */
typedef enum EmptyKey { EMPTY_TEXT, EMPTY_NUMBER, EMPTY_ITSELF } EmptyKey;
DictionaryKey key_like_empty(EmptyKey which);
bool key_meets_empty(const DictionaryKey *key);

/* Lets a key that was made from another VARIANT refer to `value`, an equal copy. */
void key_adopt(DictionaryKey *key, const VARIANT *value);

/* The number that HashVal answers: 0 to 1200, and -1 for what is no key. */
HRESULT key_hash_value(const VARIANT *value, LONG compare, LONG *hash);

#endif
