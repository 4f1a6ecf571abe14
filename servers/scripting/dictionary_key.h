/* The normal form of a dictionary's key: what makes two VARIANTs the same key. Numbers of every type, dates,
 * currency and booleans (True is -1) are the same key when they are the same number, exactly. Texts compare by
 * their units, or with case folded. Objects are the same key when they are the same object. Empty and Null are
 * keys of their own. Arrays and records are no keys. */
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
  bool owned; /* `text` is a folded copy; else it is the BSTR's own */
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

/* Lets a key that was made from another VARIANT refer to `value`, an equal copy. */
void key_adopt(DictionaryKey *key, const VARIANT *value);

/* The number that HashVal answers: 0 to 1200. */
HRESULT key_hash_value(const VARIANT *value, LONG compare, LONG *hash);

#endif
