/* PROPVARIANTs: what each type owns, cleared and copied. */
#include <string.h>

#include "storage/prop_variant.h"

static const PropertyKind kinds[] = {
  { VT_EMPTY, 0, KIND_PLAIN, false },     { VT_NULL, 0, KIND_PLAIN, false },
  { VT_I1, 1, KIND_PLAIN, true },         { VT_UI1, 1, KIND_PLAIN, true },
  { VT_I2, 2, KIND_PLAIN, true },         { VT_UI2, 2, KIND_PLAIN, true },
  { VT_BOOL, 2, KIND_PLAIN, true },       { VT_I4, 4, KIND_PLAIN, true },
  { VT_UI4, 4, KIND_PLAIN, true },        { VT_INT, 4, KIND_PLAIN, false },
  { VT_UINT, 4, KIND_PLAIN, false },      { VT_R4, 4, KIND_PLAIN, true },
  { VT_ERROR, 4, KIND_PLAIN, true },      { VT_I8, 8, KIND_PLAIN, true },
  { VT_UI8, 8, KIND_PLAIN, true },        { VT_R8, 8, KIND_PLAIN, true },
  { VT_CY, 8, KIND_PLAIN, true },         { VT_DATE, 8, KIND_PLAIN, true },
  { VT_FILETIME, 8, KIND_PLAIN, true },   { VT_LPSTR, 8, KIND_LPSTR, true },
  { VT_LPWSTR, 8, KIND_LPWSTR, true },    { VT_BSTR, 8, KIND_BSTR, true },
  { VT_CLSID, 16, KIND_CLSID, true },     { VT_CF, 16, KIND_CF, true },
  { VT_VARIANT, 24, KIND_VARIANT, true }, { VT_DECIMAL, 16, KIND_DECIMAL, false },
  { VT_BLOB, 16, KIND_BLOB, false },      { VT_BLOB_OBJECT, 16, KIND_BLOB, false },
};

const PropertyKind *property_kind(VARTYPE type) {
  for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
    if (kinds[i].type == type)
      return &kinds[i];
  }
  return NULL;
}

/* One element, as it lies in a vector; scalars of the kinds CLSID and CF are pointers to one. */
void element_clear(const PropertyKind *kind, void *element) {
  switch (kind->kind) {
  case KIND_LPSTR:
  case KIND_LPWSTR:
    CoTaskMemFree(*(void **)element);
    break;
  case KIND_BSTR:
    SysFreeString(*(BSTR *)element);
    break;
  case KIND_CF:
    CoTaskMemFree(((CLIPDATA *)element)->pClipData);
    break;
  case KIND_BLOB:
    CoTaskMemFree(((BLOB *)element)->pBlobData);
    break;
  case KIND_VARIANT:
    PropVariantClear(element);
    break;
  default:
    break;
  }
}

static HRESULT copy_block(const void *from, size_t size, void **to) {
  *to = CoTaskMemAlloc(size);
  if (!*to)
    return E_OUTOFMEMORY;
  memcpy(*to, from, size);
  return S_OK;
}

static HRESULT copy_bstr(BSTR from, BSTR *to) {
  *to = from ? SysAllocStringByteLen((const char *)from, SysStringByteLen(from)) : NULL;
  return from && !*to ? E_OUTOFMEMORY : S_OK;
}

/* Bytes of a clipboard value behind its format. */
size_t clip_size(const CLIPDATA *clip) {
  return clip->cbSize > 4 && clip->pClipData ? clip->cbSize - 4 : 0;
}

static HRESULT element_copy(const PropertyKind *kind, void *to, const void *from) {
  switch (kind->kind) {
  case KIND_LPSTR: {
    const char *text = *(const char *const *)from;
    *(char **)to = NULL;
    return text ? copy_block(text, strlen(text) + 1, to) : S_OK;
  }
  case KIND_LPWSTR: {
    const char16_t *text = *(const char16_t *const *)from;
    *(char16_t **)to = NULL;
    return text ? copy_block(text, (utf16_units(text) + 1) * sizeof *text, to) : S_OK;
  }
  case KIND_BSTR:
    return copy_bstr(*(const BSTR *)from, to);
  case KIND_CF: {
    CLIPDATA copy = *(const CLIPDATA *)from;
    void *data = NULL;
    HRESULT status = clip_size(&copy) ? copy_block(copy.pClipData, clip_size(&copy), &data) : S_OK;
    copy.pClipData = data;
    *(CLIPDATA *)to = copy;
    return status;
  }
  case KIND_BLOB: {
    BLOB copy = *(const BLOB *)from;
    void *data = NULL;
    HRESULT status = copy.cbSize && copy.pBlobData ? copy_block(copy.pBlobData, copy.cbSize, &data) : S_OK;
    copy.pBlobData = data;
    *(BLOB *)to = copy;
    return status;
  }
  case KIND_VARIANT:
    return PropVariantCopy(to, from);
  default:
    memcpy(to, from, kind->size);
    return S_OK;
  }
}

void vector_clear(const PropertyKind *kind, void *elements, size_t count) {
  for (size_t i = 0; elements && i < count; i++)
    element_clear(kind, (char *)elements + i * kind->size);
  CoTaskMemFree(elements);
}

static HRESULT vector_copy(const PropertyKind *kind, PROPVARIANT *to, const PROPVARIANT *from) {
  ULONG count = from->caub.pElems ? from->caub.cElems : 0;
  char *elements = CoTaskMemAlloc((size_t)count * kind->size + 1);

  if (!elements)
    return E_OUTOFMEMORY;
  for (ULONG i = 0; i < count; i++) {
    HRESULT status = element_copy(kind, elements + i * kind->size, (const char *)from->caub.pElems + i * kind->size);
    if (FAILED(status)) {
      vector_clear(kind, elements, i);
      return status;
    }
  }
  to->caub.cElems = count;
  to->caub.pElems = (UCHAR *)elements;
  return S_OK;
}

HRESULT PropVariantClear(PROPVARIANT *value) {
  if (!value)
    return S_OK;
  VARTYPE base = value->vt & VT_TYPEMASK;
  const PropertyKind *kind = property_kind(base);

  if (kind && value->vt == (base | VT_VECTOR) && kind->vector) {
    vector_clear(kind, value->caub.pElems, value->caub.cElems);
  } else if (kind && value->vt == base && kind->kind != KIND_VARIANT) {
    if (kind->kind == KIND_CF && value->pclipdata)
      element_clear(kind, value->pclipdata);
    if (kind->kind == KIND_CF || kind->kind == KIND_CLSID)
      CoTaskMemFree(value->puuid);
    else if (kind->kind != KIND_PLAIN && kind->kind != KIND_DECIMAL)
      element_clear(kind, &value->hVal);
  } else if (value->vt == VT_STREAM || value->vt == VT_STORAGE || value->vt == VT_STREAMED_OBJECT ||
             value->vt == VT_STORED_OBJECT) {
    if (value->punkVal)
      IUnknown_Release(value->punkVal);
  } else if (value->vt == VT_VERSIONED_STREAM) {
    if (value->pVersionedStream && value->pVersionedStream->pStream)
      IStream_Release(value->pVersionedStream->pStream);
    CoTaskMemFree(value->pVersionedStream);
  } else if (value->vt & (VT_ARRAY | VT_BYREF) || value->vt == VT_UNKNOWN || value->vt == VT_DISPATCH) {
    VariantClear((VARIANT *)value);
  } else {
    return STG_E_INVALIDPARAMETER;
  }
  memset(value, 0, sizeof *value);
  return S_OK;
}

static HRESULT scalar_copy(const PropertyKind *kind, PROPVARIANT *to, const PROPVARIANT *from) {
  void *block;

  if (kind->kind == KIND_DECIMAL) {
    to->decVal = from->decVal;
    to->vt = from->vt;
    return S_OK;
  }
  if (kind->kind != KIND_CF && kind->kind != KIND_CLSID)
    return element_copy(kind, &to->hVal, &from->hVal);
  if (!from->puuid) {
    to->puuid = NULL;
    return S_OK;
  }
  HRESULT status = copy_block(from->puuid, kind->size, &block);
  if (SUCCEEDED(status)) {
    status = element_copy(kind, block, from->puuid);
    to->puuid = block;
    if (FAILED(status))
      CoTaskMemFree(block);
  }
  return status;
}

HRESULT PropVariantCopy(PROPVARIANT *target, const PROPVARIANT *source) {
  PROPVARIANT copy = { 0 };
  HRESULT status = S_OK;

  if (!target || !source)
    return E_INVALIDARG;
  VARTYPE base = source->vt & VT_TYPEMASK;
  const PropertyKind *kind = property_kind(base);
  copy.vt = source->vt;
  if (kind && source->vt == (base | VT_VECTOR) && kind->vector) {
    status = vector_copy(kind, &copy, source);
  } else if (kind && source->vt == base && kind->kind != KIND_VARIANT) {
    status = scalar_copy(kind, &copy, source);
  } else if (source->vt == VT_STREAM || source->vt == VT_STORAGE || source->vt == VT_STREAMED_OBJECT ||
             source->vt == VT_STORED_OBJECT) {
    copy.punkVal = source->punkVal;
    if (copy.punkVal)
      IUnknown_AddRef(copy.punkVal);
  } else if (source->vt == VT_VERSIONED_STREAM) {
    void *block = NULL;
    if (source->pVersionedStream)
      status = copy_block(source->pVersionedStream, sizeof *source->pVersionedStream, &block);
    copy.pVersionedStream = block;
    if (block && copy.pVersionedStream->pStream)
      IStream_AddRef(copy.pVersionedStream->pStream);
  } else if (source->vt & (VT_ARRAY | VT_BYREF) || source->vt == VT_UNKNOWN || source->vt == VT_DISPATCH) {
    VariantInit((VARIANT *)&copy);
    status = VariantCopy((VARIANT *)&copy, (const VARIANT *)source);
  } else {
    status = STG_E_INVALIDPARAMETER;
  }
  if (SUCCEEDED(status))
    *target = copy;
  return status;
}

HRESULT FreePropVariantArray(ULONG count, PROPVARIANT *values) {
  HRESULT status = S_OK;

  if (!values)
    return E_INVALIDARG;
  for (ULONG i = 0; i < count; i++) {
    HRESULT cleared = PropVariantClear(&values[i]);
    status = SUCCEEDED(status) ? cleared : status;
  }
  return status;
}
