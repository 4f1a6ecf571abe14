/* Scripting.Dictionary. Safe to use from several threads: the table is locked while it is looked at and changed;
 * what calls out (queries, the release of old values) happens outside the lock. */
#include "dictionary_state.h"
#include "dictionary_table.h"

#include <combaseapi.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

typedef struct Dictionary {
  IDictionary dictionary;
  IPersistStreamInit lasting;
  OleanderObject object;
  pthread_mutex_t lock;
  DictionaryTable table;
  LONG compare;                /* CompareMethod, or an LCID */
  _Atomic bool ready;          /* InitNew or Load has been called */
  _Atomic uint64_t saved_hash; /* of the bytes that were saved last; 0: never */
} Dictionary;

OLEANDER_DUAL(Dictionary, dictionary, IDictionary)
OLEANDER_FACE(Dictionary, lasting, IPersistStreamInit)

static Dictionary *self_of(IDictionary *face) {
  return OLEANDER_SELF(face, Dictionary, dictionary);
}

static HRESULT report(HRESULT hr) {
  return scripting_report(hr, &IID_IDictionary, "Scripting.Dictionary");
}

static LONG compare_mode(Dictionary *self) {
  return __atomic_load_n(&self->compare, __ATOMIC_RELAXED);
}

/* A key as it came: without its reference, and in normal form. */
typedef struct GivenKey {
  VARIANT value;
  DictionaryKey normal;
} GivenKey;

static void given_free(GivenKey *given) {
  key_free(&given->normal);
  VariantClear(&given->value);
}

/* The copy is made only of what has to be: a lookup by a plain value borrows it. */
static HRESULT given_borrow(Dictionary *self, VARIANT *key, VARIANT *copy, DictionaryKey *normal) {
  VariantInit(copy);
  if (!key)
    return E_POINTER;
  if (V_VT(key) & VT_BYREF) {
    HRESULT hr = VariantCopyInd(copy, key);

    if (FAILED(hr))
      return hr == DISP_E_BADVARTYPE ? RUNTIME_INVALID_CALL : hr;
    key = copy;
  }
  return key_make(key, compare_mode(self), normal);
}

static HRESULT given_copy(Dictionary *self, VARIANT *key, GivenKey *given) {
  HRESULT hr;

  VariantInit(&given->value);
  given->normal = (DictionaryKey){ .kind = KEY_EMPTY };
  if (!key)
    return E_POINTER;
  if (V_ISARRAY(key) || V_VT(key) == VT_RECORD)
    return RUNTIME_INVALID_CALL;
  hr = VariantCopyInd(&given->value, key);
  if (SUCCEEDED(hr))
    hr = key_make(&given->value, compare_mode(self), &given->normal);
  if (FAILED(hr))
    VariantClear(&given->value);
  return hr == DISP_E_BADVARTYPE ? RUNTIME_INVALID_CALL : hr;
}

/* Appends an entry while the table is locked; on success the given key and the item belong to it. */
static HRESULT append(Dictionary *self, GivenKey *given, VARIANT *item) {
  HRESULT hr = table_add(&self->table, &given->normal, &given->value, item);

  if (SUCCEEDED(hr)) {
    given->normal = (DictionaryKey){ .kind = KEY_EMPTY };
    VariantInit(&given->value);
    VariantInit(item);
  }
  return hr;
}

/* IDictionary */

/* Gives *item to the entry of a key that is there, and takes back what the entry held; S_FALSE when it is not there. */
static HRESULT exchange_item(Dictionary *self, VARIANT *key, VARIANT *item) {
  DictionaryEntry *entry;
  DictionaryKey normal;
  VARIANT copy;
  HRESULT hr = given_borrow(self, key, &copy, &normal);

  if (SUCCEEDED(hr)) {
    pthread_mutex_lock(&self->lock);
    entry = table_find(&self->table, &normal);
    if (entry) {
      VARIANT old = entry->item;

      entry->item = *item;
      *item = old;
    } else {
      hr = S_FALSE;
    }
    pthread_mutex_unlock(&self->lock);
    key_free(&normal);
  }
  VariantClear(&copy);
  return hr;
}

/* Adds an entry, or changes the one that another thread has added meanwhile. */
static HRESULT add_or_exchange_item(Dictionary *self, VARIANT *key, VARIANT *item) {
  DictionaryEntry *entry;
  GivenKey given;
  HRESULT hr = given_copy(self, key, &given);

  if (FAILED(hr))
    return hr;
  pthread_mutex_lock(&self->lock);
  entry = table_find(&self->table, &given.normal);
  if (entry) {
    VARIANT old = entry->item;

    entry->item = *item;
    *item = old;
  } else {
    hr = append(self, &given, item);
  }
  pthread_mutex_unlock(&self->lock);
  given_free(&given);
  return hr;
}

static HRESULT set_item(Dictionary *self, VARIANT *key, VARIANT *value) {
  VARIANT item;
  HRESULT hr;

  if (!value)
    return E_POINTER;
  VariantInit(&item);
  hr = VariantCopyInd(&item, value);
  if (SUCCEEDED(hr))
    hr = exchange_item(self, key, &item);
  if (hr == S_FALSE)
    hr = add_or_exchange_item(self, key, &item);
  VariantClear(&item);
  return hr;
}

static HRESULT STDMETHODCALLTYPE Dictionary_putref_Item(IDictionary *face, VARIANT *key, VARIANT *item) {
  return report(set_item(self_of(face), key, item));
}

static HRESULT STDMETHODCALLTYPE Dictionary_put_Item(IDictionary *face, VARIANT *key, VARIANT *item) {
  return report(set_item(self_of(face), key, item));
}

/* The item of a key that is there; S_FALSE when it is not. */
static HRESULT look_up(Dictionary *self, VARIANT *key, VARIANT *item) {
  DictionaryEntry *entry;
  DictionaryKey normal;
  VARIANT copy;
  HRESULT hr = given_borrow(self, key, &copy, &normal);

  if (SUCCEEDED(hr)) {
    pthread_mutex_lock(&self->lock);
    entry = table_find(&self->table, &normal);
    if (!entry)
      hr = S_FALSE;
    else if (item)
      hr = VariantCopy(item, &entry->item);
    pthread_mutex_unlock(&self->lock);
    key_free(&normal);
  }
  VariantClear(&copy);
  return hr;
}

/* Asking for a key that is not there adds it, with an Empty item. */
static HRESULT add_empty(Dictionary *self, VARIANT *key) {
  GivenKey given;
  VARIANT empty;
  HRESULT hr = given_copy(self, key, &given);

  if (FAILED(hr))
    return hr;
  VariantInit(&empty);
  pthread_mutex_lock(&self->lock);
  if (!table_find(&self->table, &given.normal))
    hr = append(self, &given, &empty);
  pthread_mutex_unlock(&self->lock);
  given_free(&given);
  return hr;
}

static HRESULT STDMETHODCALLTYPE Dictionary_get_Item(IDictionary *face, VARIANT *key, VARIANT *item) {
  HRESULT hr;

  if (!item)
    return E_POINTER;
  VariantInit(item);
  hr = look_up(self_of(face), key, item);
  if (hr == S_FALSE)
    hr = add_empty(self_of(face), key);
  return report(hr);
}

static HRESULT add_item(Dictionary *self, VARIANT *key, VARIANT *value) {
  GivenKey given;
  VARIANT item;
  HRESULT hr;

  if (!value)
    return E_POINTER;
  VariantInit(&item);
  hr = given_copy(self, key, &given);
  if (FAILED(hr))
    return hr;
  hr = VariantCopyInd(&item, value);
  if (SUCCEEDED(hr)) {
    pthread_mutex_lock(&self->lock);
    hr = table_find(&self->table, &given.normal) ? RUNTIME_KEY_EXISTS : append(self, &given, &item);
    pthread_mutex_unlock(&self->lock);
  }
  VariantClear(&item);
  given_free(&given);
  return hr;
}

static HRESULT STDMETHODCALLTYPE Dictionary_Add(IDictionary *face, VARIANT *key, VARIANT *item) {
  return report(add_item(self_of(face), key, item));
}

static HRESULT STDMETHODCALLTYPE Dictionary_get_Count(IDictionary *face, LONG *count) {
  Dictionary *self = self_of(face);

  if (!count)
    return E_POINTER;
  pthread_mutex_lock(&self->lock);
  *count = (LONG)self->table.count;
  pthread_mutex_unlock(&self->lock);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Dictionary_Exists(IDictionary *face, VARIANT *key, VARIANT_BOOL *exists) {
  HRESULT hr;

  if (!exists)
    return report(RUNTIME_INVALID_CALL);
  *exists = VARIANT_FALSE;
  hr = look_up(self_of(face), key, NULL);
  if (hr == S_OK)
    *exists = VARIANT_TRUE;
  return report(hr == S_FALSE ? S_OK : hr);
}

/* The array from 0 of all keys, or of all items, in the order in which they came. */
static HRESULT list(Dictionary *self, bool keys, VARIANT *result) {
  SAFEARRAY *array;
  VARIANT *values;
  uint32_t i, filled = 0;
  HRESULT hr;

  if (!result)
    return S_OK; /* as Windows does: nobody wants it */
  VariantInit(result);
  pthread_mutex_lock(&self->lock);
  array = SafeArrayCreateVector(VT_VARIANT, 0, self->table.count);
  hr = array ? SafeArrayAccessData(array, (void **)&values) : E_OUTOFMEMORY;
  if (SUCCEEDED(hr)) {
    for (i = 0; i < self->table.used && SUCCEEDED(hr); i++) {
      const DictionaryEntry *entry = &self->table.entries[i];

      if (entry->live)
        hr = VariantCopy(&values[filled++], keys ? &entry->key : &entry->item);
    }
    SafeArrayUnaccessData(array);
  }
  pthread_mutex_unlock(&self->lock);
  if (FAILED(hr)) {
    if (array)
      SafeArrayDestroy(array);
    return hr;
  }
  V_VT(result) = VT_ARRAY | VT_VARIANT;
  V_ARRAY(result) = array;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Dictionary_Items(IDictionary *face, VARIANT *items) {
  return report(list(self_of(face), false, items));
}

static HRESULT change_key(Dictionary *self, VARIANT *key, VARIANT *fresh) {
  DictionaryEntry *entry;
  DictionaryKey normal;
  GivenKey given;
  VARIANT copy;
  HRESULT hr = given_copy(self, fresh, &given);

  if (FAILED(hr))
    return hr;
  hr = given_borrow(self, key, &copy, &normal);
  if (SUCCEEDED(hr)) {
    pthread_mutex_lock(&self->lock);
    if (table_find(&self->table, &given.normal))
      hr = RUNTIME_KEY_EXISTS;
    else if (!table_find(&self->table, &normal))
      hr = RUNTIME_KEY_NOT_FOUND;
    else
      hr = table_reserve(&self->table);
    if (SUCCEEDED(hr)) {
      entry = table_find(&self->table, &normal);
      table_rekey(&self->table, entry, &given.normal, &given.value);
    }
    pthread_mutex_unlock(&self->lock);
    key_free(&normal);
  }
  VariantClear(&copy);
  given_free(&given);
  return hr;
}

static HRESULT STDMETHODCALLTYPE Dictionary_put_Key(IDictionary *face, VARIANT *key, VARIANT *fresh) {
  return report(change_key(self_of(face), key, fresh));
}

static HRESULT STDMETHODCALLTYPE Dictionary_Keys(IDictionary *face, VARIANT *keys) {
  return report(list(self_of(face), true, keys));
}

static HRESULT remove_key(Dictionary *self, VARIANT *key) {
  DictionaryEntry *entry, taken;
  DictionaryKey normal;
  VARIANT copy;
  HRESULT hr = given_borrow(self, key, &copy, &normal);

  if (SUCCEEDED(hr)) {
    pthread_mutex_lock(&self->lock);
    entry = table_find(&self->table, &normal);
    if (entry)
      table_take(&self->table, entry, &taken);
    pthread_mutex_unlock(&self->lock);
    key_free(&normal);
    if (entry)
      entry_free(&taken);
    else
      hr = RUNTIME_KEY_NOT_FOUND;
  }
  VariantClear(&copy);
  return hr;
}

static HRESULT STDMETHODCALLTYPE Dictionary_Remove(IDictionary *face, VARIANT *key) {
  return report(remove_key(self_of(face), key));
}

static HRESULT STDMETHODCALLTYPE Dictionary_RemoveAll(IDictionary *face) {
  Dictionary *self = self_of(face);
  DictionaryTable old;

  pthread_mutex_lock(&self->lock);
  old = self->table;
  /* Serial numbers go on, for the enumerators that are under way. */
  self->table = (DictionaryTable){ .next_serial = old.next_serial };
  pthread_mutex_unlock(&self->lock);
  table_free(&old);
  return S_OK;
}

/* 0 to 2, or a well-formed LCID; only while there is nothing to compare. */
static HRESULT STDMETHODCALLTYPE Dictionary_put_CompareMode(IDictionary *face, CompareMethod mode) {
  Dictionary *self = self_of(face);
  LONG compare = (LONG)mode;
  HRESULT hr = S_OK;

  pthread_mutex_lock(&self->lock);
  if (self->table.count > 0 || compare < 0 || (compare & ~0xFFFFF) != 0)
    hr = RUNTIME_INVALID_CALL;
  else
    __atomic_store_n(&self->compare, compare, __ATOMIC_RELAXED);
  pthread_mutex_unlock(&self->lock);
  return report(hr);
}

static HRESULT STDMETHODCALLTYPE Dictionary_get_CompareMode(IDictionary *face, CompareMethod *mode) {
  if (!mode)
    return E_POINTER;
  *mode = (CompareMethod)compare_mode(self_of(face));
  return S_OK;
}

static HRESULT next_key(void *source, uint64_t *position, VARIANT *item) {
  Dictionary *self = source;
  DictionaryEntry *entry;
  HRESULT hr = S_FALSE;

  pthread_mutex_lock(&self->lock);
  entry = table_from(&self->table, *position);
  if (entry)
    hr = item ? VariantCopy(item, &entry->key) : S_OK;
  if (hr == S_OK)
    *position = entry->serial + 1;
  pthread_mutex_unlock(&self->lock);
  return hr;
}

static void addref_source(void *source) {
  oleander_object_addref(&((Dictionary *)source)->object);
}

static void release_source(void *source) {
  oleander_object_release(&((Dictionary *)source)->object);
}

static const EnumeratorSource key_source = { next_key, addref_source, release_source };

static HRESULT STDMETHODCALLTYPE Dictionary__NewEnum(IDictionary *face, IUnknown **result) {
  return result ? enumerator_create(&key_source, self_of(face), result) : E_POINTER;
}

static HRESULT STDMETHODCALLTYPE Dictionary_get_HashVal(IDictionary *face, VARIANT *key, VARIANT *result) {
  Dictionary *self = self_of(face);
  LONG hash = -1;
  VARIANT copy;
  HRESULT hr;

  if (!result || !key)
    return E_POINTER;
  VariantInit(result);
  VariantInit(&copy);
  hr = VariantCopyInd(&copy, key);
  if (SUCCEEDED(hr))
    hr = key_hash_value(&copy, compare_mode(self), &hash);
  VariantClear(&copy);
  V_VT(result) = VT_I4;
  V_I4(result) = hash;
  return report(hr);
}

static const IDictionaryVtbl dictionary_vtable = { OLEANDER_DUAL_SLOTS(Dictionary, dictionary),
                                                   Dictionary_putref_Item,
                                                   Dictionary_put_Item,
                                                   Dictionary_get_Item,
                                                   Dictionary_Add,
                                                   Dictionary_get_Count,
                                                   Dictionary_Exists,
                                                   Dictionary_Items,
                                                   Dictionary_put_Key,
                                                   Dictionary_Keys,
                                                   Dictionary_Remove,
                                                   Dictionary_RemoveAll,
                                                   Dictionary_put_CompareMode,
                                                   Dictionary_get_CompareMode,
                                                   Dictionary__NewEnum,
                                                   Dictionary_get_HashVal };

/* IPersistStreamInit */

static Dictionary *lasting_self(IPersistStreamInit *face) {
  return OLEANDER_SELF(face, Dictionary, lasting);
}

/* Copies of all keys and items. */
static HRESULT snapshot(Dictionary *self, DictionaryState *state) {
  HRESULT hr = S_OK;
  uint64_t position = 0;
  DictionaryEntry *entry;

  pthread_mutex_lock(&self->lock);
  *state = (DictionaryState){ .compare = self->compare };
  state->keys = CoTaskMemAlloc((size_t)self->table.count * sizeof(VARIANT) + 1);
  state->items = CoTaskMemAlloc((size_t)self->table.count * sizeof(VARIANT) + 1);
  if (!state->keys || !state->items)
    hr = E_OUTOFMEMORY;
  while (SUCCEEDED(hr) && (entry = table_from(&self->table, position))) {
    VARIANT *key = &state->keys[state->count], *item = &state->items[state->count];

    VariantInit(key);
    VariantInit(item);
    state->count++;
    position = entry->serial + 1;
    hr = VariantCopy(key, &entry->key);
    if (SUCCEEDED(hr))
      hr = VariantCopy(item, &entry->item);
  }
  pthread_mutex_unlock(&self->lock);
  if (FAILED(hr))
    state_free(state);
  return hr;
}

static HRESULT encode(Dictionary *self, IStream **bytes, ULONG *size) {
  DictionaryState state;
  HRESULT hr = snapshot(self, &state);

  if (FAILED(hr))
    return hr;
  hr = state_encode(&state, bytes, size);
  state_free(&state);
  return hr;
}

/* Of a state, never 0 (FNV-1a); the stream stands at the beginning again. */
static HRESULT hash_of(IStream *bytes, uint64_t *hash) {
  static const LARGE_INTEGER start = { .QuadPart = 0 };
  BYTE block[4096];
  ULONG got = 1;
  HRESULT hr = S_OK;

  *hash = UINT64_C(0xcbf29ce484222325);
  while (SUCCEEDED(hr) && got) {
    hr = bytes->lpVtbl->Read(bytes, block, sizeof block, &got);
    for (ULONG i = 0; SUCCEEDED(hr) && i < got; i++)
      *hash = (*hash ^ block[i]) * UINT64_C(0x100000001b3);
  }
  *hash += *hash == 0;
  return SUCCEEDED(hr) ? bytes->lpVtbl->Seek(bytes, start, STREAM_SEEK_SET, NULL) : hr;
}

static HRESULT current_hash(Dictionary *self, uint64_t *hash) {
  IStream *bytes;
  ULONG size;
  HRESULT hr = encode(self, &bytes, &size);

  if (FAILED(hr))
    return hr;
  hr = hash_of(bytes, hash);
  bytes->lpVtbl->Release(bytes);
  return hr;
}

static HRESULT STDMETHODCALLTYPE Dictionary_GetClassID(IPersistStreamInit *face, CLSID *clsid) {
  (void)face;
  if (!clsid)
    return E_POINTER;
  *clsid = CLSID_Dictionary;
  return S_OK;
}

/* As a comparison with what was saved last. */
static HRESULT STDMETHODCALLTYPE Dictionary_IsDirty(IPersistStreamInit *face) {
  Dictionary *self = lasting_self(face);
  uint64_t hash;
  HRESULT hr = current_hash(self, &hash);

  if (FAILED(hr))
    return hr;
  return hash == self->saved_hash ? S_FALSE : S_OK;
}

/* Fills a table; keys that meet each other are a damaged state. */
static HRESULT fill_table(const DictionaryState *state, DictionaryTable *table) {
  HRESULT hr = state->compare < 0 || (state->compare & ~0xFFFFF) != 0 ? STG_E_DOCFILECORRUPT : S_OK;

  for (ULONG i = 0; i < state->count && SUCCEEDED(hr); i++) {
    DictionaryKey normal = { .kind = KEY_EMPTY };

    hr = V_ISARRAY(&state->keys[i]) ? STG_E_DOCFILECORRUPT : key_make(&state->keys[i], state->compare, &normal);
    if (SUCCEEDED(hr) && table_find(table, &normal))
      hr = STG_E_DOCFILECORRUPT;
    if (SUCCEEDED(hr))
      hr = table_add(table, &normal, &state->keys[i], &state->items[i]);
    if (SUCCEEDED(hr)) {
      VariantInit(&state->keys[i]);
      VariantInit(&state->items[i]);
    } else {
      key_free(&normal);
    }
  }
  return hr;
}

static HRESULT STDMETHODCALLTYPE Dictionary_Load(IPersistStreamInit *face, IStream *stream) {
  Dictionary *self = lasting_self(face);
  DictionaryState state;
  DictionaryTable table = { 0 };
  uint64_t hash;
  HRESULT hr = stream ? state_decode(stream, &state) : E_POINTER;

  if (FAILED(hr))
    return hr;
  hr = fill_table(&state, &table);
  if (SUCCEEDED(hr)) {
    pthread_mutex_lock(&self->lock);
    DictionaryTable old = self->table;
    self->table = table;
    self->table.next_serial += old.next_serial;
    table = old;
    for (uint32_t i = 0; i < self->table.used; i++)
      self->table.entries[i].serial += old.next_serial;
    __atomic_store_n(&self->compare, state.compare, __ATOMIC_RELAXED);
    pthread_mutex_unlock(&self->lock);
    self->ready = true;
  }
  table_free(&table);
  state_free(&state);
  if (SUCCEEDED(hr))
    self->saved_hash = SUCCEEDED(current_hash(self, &hash)) ? hash : 0;
  return hr;
}

static HRESULT STDMETHODCALLTYPE Dictionary_Save(IPersistStreamInit *face, IStream *stream, BOOL clear) {
  Dictionary *self = lasting_self(face);
  ULARGE_INTEGER written = { .QuadPart = 0 };
  IStream *bytes;
  ULONG size;
  uint64_t hash;
  HRESULT hr = stream ? encode(self, &bytes, &size) : E_POINTER;

  if (FAILED(hr))
    return hr;
  hr = hash_of(bytes, &hash);
  if (SUCCEEDED(hr))
    hr = bytes->lpVtbl->CopyTo(bytes, stream, (ULARGE_INTEGER){ .QuadPart = size }, NULL, &written);
  if (SUCCEEDED(hr) && written.QuadPart != size)
    hr = STG_E_MEDIUMFULL;
  bytes->lpVtbl->Release(bytes);
  if (SUCCEEDED(hr) && clear)
    self->saved_hash = hash;
  return hr;
}

static HRESULT STDMETHODCALLTYPE Dictionary_GetSizeMax(IPersistStreamInit *face, ULARGE_INTEGER *size) {
  IStream *bytes;
  ULONG exact;
  HRESULT hr = size ? encode(lasting_self(face), &bytes, &exact) : E_POINTER;

  if (FAILED(hr))
    return hr;
  size->QuadPart = exact;
  bytes->lpVtbl->Release(bytes);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Dictionary_InitNew(IPersistStreamInit *face) {
  return atomic_exchange(&lasting_self(face)->ready, true) ? CO_E_ALREADYINITIALIZED : S_OK;
}

static const IPersistStreamInitVtbl lasting_vtable = { OLEANDER_FACE_SLOTS(Dictionary, lasting),
                                                       Dictionary_GetClassID,
                                                       Dictionary_IsDirty,
                                                       Dictionary_Load,
                                                       Dictionary_Save,
                                                       Dictionary_GetSizeMax,
                                                       Dictionary_InitNew };

/* the class */

static HRESULT Dictionary_construct(void *pointer) {
  Dictionary *self = pointer;

  return pthread_mutex_init(&self->lock, NULL) == 0 ? S_OK : E_OUTOFMEMORY;
}

static void Dictionary_destroy(void *pointer) {
  Dictionary *self = pointer;

  table_free(&self->table);
  pthread_mutex_destroy(&self->lock);
}

static const OleanderFace dictionary_faces[] = {
  { &IID_IDictionary, offsetof(Dictionary, dictionary), &dictionary_vtable },
  { &IID_IPersistStreamInit, offsetof(Dictionary, lasting), &lasting_vtable },
  { &IID_IPersistStream, offsetof(Dictionary, lasting), &lasting_vtable },
  { &IID_IPersist, offsetof(Dictionary, lasting), &lasting_vtable },
  { 0 }
};

OleanderClass dictionary_class = { .module = &scripting_module,
                                   .clsid = &CLSID_Dictionary,
                                   .progid = "Scripting.Dictionary",
                                   .title = "Scripting.Dictionary",
                                   .size = sizeof(Dictionary),
                                   .object = offsetof(Dictionary, object),
                                   .faces = dictionary_faces,
                                   .construct = Dictionary_construct,
                                   .destroy = Dictionary_destroy };
