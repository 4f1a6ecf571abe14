/* The state of a dictionary as a property set. */
#include "dictionary_state.h"

#include <coml2api.h>
#include <ole2.h>
#include <string.h>

/* {3D1F0D6B-5C1B-4F0E-9B61-2E6B7A94C815} */
static const FMTID dictionary_state = {
  0x3d1f0d6b, 0x5c1b, 0x4f0e, { 0x9b, 0x61, 0x2e, 0x6b, 0x7a, 0x94, 0xc8, 0x15 }
};

enum { PROPERTY_COMPARE = 2, PROPERTY_KEYS, PROPERTY_ITEMS, PROPERTIES = 3 };

#define HEAD_BYTES  48u /* before the section of a set with one */
#define DEPTH_LIMIT 32  /* dictionaries in dictionaries; one may hold itself */

static _Thread_local int depth;

void state_free(DictionaryState *state) {
  for (ULONG i = 0; i < state->count; i++) {
    if (state->keys)
      VariantClear(&state->keys[i]);
    if (state->items)
      VariantClear(&state->items[i]);
  }
  CoTaskMemFree(state->keys);
  CoTaskMemFree(state->items);
  *state = (DictionaryState){ 0 };
}

static HRESULT rewind_stream(IStream *stream) {
  return stream->lpVtbl->Seek(stream, (LARGE_INTEGER){ .QuadPart = 0 }, STREAM_SEEK_SET, NULL);
}

static HRESULT size_of(IStream *stream, ULONG *size) {
  STATSTG stat;
  HRESULT hr = stream->lpVtbl->Stat(stream, &stat, STATFLAG_NONAME);

  if (SUCCEEDED(hr) && stat.cbSize.QuadPart > 0x7FFFFFFF)
    hr = E_OUTOFMEMORY;
  *size = SUCCEEDED(hr) ? (ULONG)stat.cbSize.QuadPart : 0;
  return hr;
}

/* An object, with its class before it. */
static HRESULT object_to_blob(IUnknown *object, PROPVARIANT *value) {
  IPersistStream *lasting = NULL;
  IStream *stream = NULL;
  HRESULT hr;

  if (!object) {
    value->vt = VT_BLOB_OBJECT; /* Nothing: no bytes */
    return S_OK;
  }
  hr = object->lpVtbl->QueryInterface(object, &IID_IPersistStream, (void **)&lasting);
  if (FAILED(hr))
    hr = object->lpVtbl->QueryInterface(object, &IID_IPersistStreamInit, (void **)&lasting);
  if (FAILED(hr))
    return hr == E_NOINTERFACE ? E_INVALIDARG : hr;
  hr = CreateStreamOnHGlobal(NULL, TRUE, &stream);
  if (SUCCEEDED(hr))
    hr = OleSaveToStream(lasting, stream);
  if (SUCCEEDED(hr))
    hr = size_of(stream, &value->blob.cbSize);
  if (SUCCEEDED(hr)) {
    value->blob.pBlobData = CoTaskMemAlloc(value->blob.cbSize + 1);
    hr = value->blob.pBlobData ? rewind_stream(stream) : E_OUTOFMEMORY;
  }
  if (value->blob.pBlobData)
    value->vt = VT_BLOB_OBJECT;
  if (SUCCEEDED(hr))
    hr = stream->lpVtbl->Read(stream, value->blob.pBlobData, value->blob.cbSize, NULL);
  if (stream)
    stream->lpVtbl->Release(stream);
  lasting->lpVtbl->Release(lasting);
  return hr;
}

static HRESULT to_property(const VARIANT *from, PROPVARIANT *to) {
  VARIANT copy;
  HRESULT hr;

  if (V_VT(from) == VT_DISPATCH || V_VT(from) == VT_UNKNOWN)
    return object_to_blob(V_UNKNOWN(from), to);
  if (V_VT(from) == VT_RECORD)
    return E_INVALIDARG;
  VariantInit(&copy);
  hr = VariantCopy(&copy, from);
  if (SUCCEEDED(hr))
    memcpy(to, &copy, sizeof copy);
  return hr;
}

static HRESULT to_vector(const VARIANT *values, ULONG count, PROPVARIANT *vector) {
  HRESULT hr = S_OK;

  vector->capropvar.pElems = CoTaskMemAlloc((size_t)count * sizeof(PROPVARIANT) + 1);
  if (!vector->capropvar.pElems)
    return E_OUTOFMEMORY;
  vector->vt = VT_VECTOR | VT_VARIANT;
  vector->capropvar.cElems = count;
  memset(vector->capropvar.pElems, 0, (size_t)count * sizeof(PROPVARIANT));
  for (ULONG i = 0; i < count && SUCCEEDED(hr); i++)
    hr = to_property(&values[i], &vector->capropvar.pElems[i]);
  return hr;
}

static HRESULT write_set(IStream *stream, PROPVARIANT values[PROPERTIES]) {
  PROPSPEC specs[PROPERTIES];
  IPropertyStorage *set = NULL;
  HRESULT hr = StgCreatePropStg((IUnknown *)stream, &dictionary_state, &CLSID_Dictionary, PROPSETFLAG_DEFAULT, 0, &set);

  if (FAILED(hr))
    return hr;
  for (ULONG i = 0; i < PROPERTIES; i++)
    specs[i] = (PROPSPEC){ .ulKind = PRSPEC_PROPID, .propid = PROPERTY_COMPARE + i };
  hr = set->lpVtbl->WriteMultiple(set, PROPERTIES, specs, values, PROPERTY_COMPARE);
  if (SUCCEEDED(hr))
    hr = set->lpVtbl->Commit(set, STGC_DEFAULT);
  set->lpVtbl->Release(set);
  return hr;
}

HRESULT state_encode(const DictionaryState *state, IStream **bytes, ULONG *size) {
  PROPVARIANT values[PROPERTIES] = { { .vt = VT_I4, .lVal = state->compare } };
  HRESULT hr;

  *bytes = NULL;
  *size = 0;
  if (depth >= DEPTH_LIMIT)
    return E_INVALIDARG;
  depth++;
  hr = to_vector(state->keys, state->count, &values[1]);
  if (SUCCEEDED(hr))
    hr = to_vector(state->items, state->count, &values[2]);
  depth--;
  if (SUCCEEDED(hr))
    hr = CreateStreamOnHGlobal(NULL, TRUE, bytes);
  if (SUCCEEDED(hr))
    hr = write_set(*bytes, values);
  if (SUCCEEDED(hr))
    hr = size_of(*bytes, size);
  if (SUCCEEDED(hr))
    hr = rewind_stream(*bytes);
  FreePropVariantArray(PROPERTIES, values);
  if (FAILED(hr) && *bytes) {
    (*bytes)->lpVtbl->Release(*bytes);
    *bytes = NULL;
  }
  return hr;
}

/* Reading */

static HRESULT copy_exactly(IStream *from, IStream *to, ULONG size) {
  ULARGE_INTEGER read = { .QuadPart = 0 };
  HRESULT hr = from->lpVtbl->CopyTo(from, to, (ULARGE_INTEGER){ .QuadPart = size }, &read, NULL);

  return SUCCEEDED(hr) && read.QuadPart != size ? STG_E_READFAULT : hr;
}

static ULONG number_at(const BYTE *bytes) {
  return (ULONG)bytes[0] | (ULONG)bytes[1] << 8 | (ULONG)bytes[2] << 16 | (ULONG)bytes[3] << 24;
}

/* The set alone, from a stream that may go on behind it. */
static HRESULT take_set(IStream *stream, IStream *copy) {
  BYTE head[HEAD_BYTES + 4];
  ULONG got = 0, size;
  HRESULT hr = stream->lpVtbl->Read(stream, head, sizeof head, &got);

  if (FAILED(hr))
    return hr;
  size = got == sizeof head ? number_at(head + HEAD_BYTES) : 0;
  if (size < 4 || number_at(head + 24) != 1 || number_at(head + 44) != HEAD_BYTES)
    return STG_E_READFAULT;
  hr = copy->lpVtbl->Write(copy, head, sizeof head, NULL);
  return SUCCEEDED(hr) ? copy_exactly(stream, copy, size - 4) : hr;
}

static HRESULT blob_to_object(const BLOB *blob, VARIANT *value) {
  IStream *stream = NULL;
  IDispatch *object = NULL;
  HRESULT hr;

  V_VT(value) = VT_DISPATCH;
  V_DISPATCH(value) = NULL;
  if (!blob->cbSize)
    return S_OK;
  hr = CreateStreamOnHGlobal(NULL, TRUE, &stream);

  if (SUCCEEDED(hr))
    hr = stream->lpVtbl->Write(stream, blob->pBlobData, blob->cbSize, NULL);
  if (SUCCEEDED(hr))
    hr = rewind_stream(stream);
  if (SUCCEEDED(hr))
    hr = OleLoadFromStream(stream, &IID_IDispatch, (void **)&object);
  if (stream)
    stream->lpVtbl->Release(stream);
  V_DISPATCH(value) = object;
  return hr;
}

static HRESULT from_property(PROPVARIANT *from, VARIANT *to) {
  switch (from->vt) {
  case VT_BLOB_OBJECT:
    return blob_to_object(&from->blob, to);
  case VT_LPSTR:
  case VT_LPWSTR:
  case VT_BLOB:
  case VT_CLSID:
  case VT_CF:
  case VT_FILETIME:
    return STG_E_DOCFILECORRUPT;
  default:
    if (from->vt & VT_VECTOR)
      return STG_E_DOCFILECORRUPT;
    memcpy(to, from, sizeof *to);
    memset(from, 0, sizeof *from);
    return S_OK;
  }
}

static HRESULT from_vector(PROPVARIANT *vector, VARIANT *values) {
  HRESULT hr = S_OK;

  for (ULONG i = 0; i < vector->capropvar.cElems && SUCCEEDED(hr); i++)
    hr = from_property(&vector->capropvar.pElems[i], &values[i]);
  return hr;
}

static HRESULT read_set(IStream *stream, DictionaryState *state) {
  PROPVARIANT values[PROPERTIES] = { { .vt = VT_EMPTY } };
  PROPSPEC specs[PROPERTIES];
  IPropertyStorage *set = NULL;
  HRESULT hr = StgOpenPropStg((IUnknown *)stream, &dictionary_state, PROPSETFLAG_DEFAULT, 0, &set);

  if (FAILED(hr))
    return hr;
  for (ULONG i = 0; i < PROPERTIES; i++)
    specs[i] = (PROPSPEC){ .ulKind = PRSPEC_PROPID, .propid = PROPERTY_COMPARE + i };
  hr = set->lpVtbl->ReadMultiple(set, PROPERTIES, specs, values);
  set->lpVtbl->Release(set);
  if (SUCCEEDED(hr) && (values[0].vt != VT_I4 || values[1].vt != (VT_VECTOR | VT_VARIANT) ||
                        values[2].vt != values[1].vt || values[1].capropvar.cElems != values[2].capropvar.cElems))
    hr = STG_E_DOCFILECORRUPT;
  if (SUCCEEDED(hr)) {
    size_t bytes = (size_t)values[1].capropvar.cElems * sizeof(VARIANT);

    state->compare = values[0].lVal;
    state->count = values[1].capropvar.cElems;
    state->keys = CoTaskMemAlloc(bytes + 1);
    state->items = CoTaskMemAlloc(bytes + 1);
    if (state->keys)
      memset(state->keys, 0, bytes);
    if (state->items)
      memset(state->items, 0, bytes);
    hr = state->keys && state->items ? S_OK : E_OUTOFMEMORY;
  }
  if (SUCCEEDED(hr))
    hr = from_vector(&values[1], state->keys);
  if (SUCCEEDED(hr))
    hr = from_vector(&values[2], state->items);
  FreePropVariantArray(PROPERTIES, values);
  return hr;
}

HRESULT state_decode(IStream *stream, DictionaryState *state) {
  IStream *copy = NULL;
  HRESULT hr = depth < DEPTH_LIMIT ? CreateStreamOnHGlobal(NULL, TRUE, &copy) : STG_E_DOCFILECORRUPT;

  *state = (DictionaryState){ 0 };
  depth++;
  if (SUCCEEDED(hr))
    hr = take_set(stream, copy);
  if (SUCCEEDED(hr))
    hr = read_set(copy, state);
  depth--;
  if (copy)
    copy->lpVtbl->Release(copy);
  if (FAILED(hr))
    state_free(state);
  return hr;
}
