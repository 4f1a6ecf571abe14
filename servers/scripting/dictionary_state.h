/* What a dictionary holds as bytes, and back: a property set [MS-OLEPS] of the class, with the compare mode (2), the keys (3)
 * and the items (4), as vectors of VARIANT. An object among the items is VT_BLOB_OBJECT, as OleSaveToStream writes it. */
#ifndef SCRIPTING_DICTIONARY_STATE_H
#define SCRIPTING_DICTIONARY_STATE_H

#include "scripting_internal.h"

typedef struct DictionaryState {
  LONG compare;
  ULONG count;
  VARIANT *keys, *items; /* task memory */
} DictionaryState;

void state_free(DictionaryState *state);

/* A stream in memory that stands at the beginning of the bytes. E_INVALIDARG: an item is an object that does not last. */
HRESULT state_encode(const DictionaryState *state, IStream **bytes, ULONG *size);
/* Reads a state and no byte more. */
HRESULT state_decode(IStream *stream, DictionaryState *state);

#endif
