/*
 * SAFEARRAY contents: element lifetime, copying, element access, redimensioning, byte vectors and BSTRs.
 */
#include "dispatch/values/safearray.h"

#include "dispatch/values/variant.h"

#include <combaseapi.h>

#include <stddef.h>
#include <string.h>

static char *element_at(const SAFEARRAY *array, uint32_t cell) {
  return (char *)array->pvData + (size_t)cell * array->cbElements;
}

/* One element: pointers may be unaligned in arrays of callers, hence the copies */

static void element_clear(const SAFEARRAY *array, char *element) {
  void *owned = NULL;

  if (array->fFeatures & FADF_VARIANT) {
    /* A VARIANT that cannot be cleared (a locked array inside) is abandoned, as Automation does. */
    VariantClear((VARIANT *)(void *)element);
    return;
  }
  if (array->fFeatures & FADF_RECORD) {
    IRecordInfo *info = safearray_record_info(array);
    if (info)
      IRecordInfo_RecordClear(info, element);
    return;
  }
  memcpy(&owned, element, sizeof owned);
  if (!owned)
    return;
  if (array->fFeatures & FADF_BSTR)
    SysFreeString(owned);
  else if (array->fFeatures & (FADF_UNKNOWN | FADF_DISPATCH))
    IUnknown_Release((IUnknown *)owned);
}

static HRESULT bstr_duplicate(BSTR source, BSTR *copy) {
  *copy = NULL;
  if (!source)
    return S_OK;
  *copy = SysAllocStringByteLen((const char *)source, SysStringByteLen(source));
  return *copy ? S_OK : E_OUTOFMEMORY;
}

/* Copy what `owned` (the value of a BSTR or interface element) refers to into the zeroed `target`. */
static HRESULT pointer_copy(const SAFEARRAY *array, void *owned, char *target) {
  HRESULT hr = S_OK;

  if (array->fFeatures & FADF_BSTR) {
    BSTR copy = NULL;
    hr = bstr_duplicate(owned, &copy);
    owned = copy;
  } else if (owned) {
    IUnknown_AddRef((IUnknown *)owned);
  }
  memcpy(target, &owned, sizeof owned);
  return hr;
}

/* `target` is zeroed memory of one element. */
static HRESULT element_copy(const SAFEARRAY *array, const char *source, char *target) {
  void *owned = NULL;

  if (array->fFeatures & FADF_VARIANT) {
    VARIANT *copy = (VARIANT *)(void *)target;
    VariantInit(copy);
    return VariantCopy(copy, (const VARIANT *)(const void *)source);
  }
  if (array->fFeatures & FADF_RECORD) {
    IRecordInfo *info = safearray_record_info(array);
    if (info)
      return variant_copy_record(info, (void *)(uintptr_t)source, target);
  } else if (array->fFeatures & SAFEARRAY_OWNERSHIP) {
    memcpy(&owned, source, sizeof owned);
    return pointer_copy(array, owned, target);
  }
  memcpy(target, source, array->cbElements);
  return S_OK;
}

/* Whether the bytes of an element are big enough for what the features say it is. */
static BOOL element_is_sound(const SAFEARRAY *array) {
  if (array->fFeatures & FADF_VARIANT)
    return array->cbElements == sizeof(VARIANT);
  if (array->fFeatures & (FADF_BSTR | FADF_UNKNOWN | FADF_DISPATCH))
    return array->cbElements == sizeof(void *);
  return TRUE;
}

void safearray_clear_elements(SAFEARRAY *array, uint32_t first, uint32_t count) {
  if ((array->fFeatures & SAFEARRAY_OWNERSHIP) && element_is_sound(array)) {
    for (uint32_t i = 0; i < count; i++)
      element_clear(array, element_at(array, first + i));
  }
  if (count > 0)
    memset(element_at(array, first), 0, (size_t)count * array->cbElements);
}

/* Copies. Arrays can be nested without limit: one that lies in another is not copied at once but listed, in the memory where
 * the VARIANT of its copy will be. Its source is locked meanwhile. */
typedef struct NestedCopy {
  VARTYPE vt; /* VT_EMPTY: what lies here owns nothing */
  VARTYPE wanted;
  struct NestedCopy *next;
  SAFEARRAY *source;
} NestedCopy;

_Static_assert(sizeof(NestedCopy) <= sizeof(VARIANT) && offsetof(NestedCopy, vt) == offsetof(VARIANT, vt),
               "a copy to be made lies in its VARIANT");

static bool is_array_value(const VARIANT *value) {
  return (value->vt & (VT_ARRAY | VT_BYREF)) == VT_ARRAY && variant_type_is_valid(value->vt) &&
         variant_base_type(value) != VT_CLSID && value->parray;
}

static HRESULT variant_copy_flat(const VARIANT *source, VARIANT *target, NestedCopy **nested) {
  if (!is_array_value(source)) {
    VariantInit(target);
    return VariantCopy(target, source);
  }
  HRESULT hr = SafeArrayLock(source->parray);
  if (FAILED(hr))
    return hr;
  NestedCopy *copy = (NestedCopy *)(void *)target;
  *copy = (NestedCopy){ .vt = VT_EMPTY, .wanted = source->vt, .next = *nested, .source = source->parray };
  *nested = copy;
  return S_OK;
}

/* Copies elements by the features of `source` into zeroed memory, which on failure keeps what was made by then. */
static HRESULT copy_elements_flat(const SAFEARRAY *source, char *target, uint32_t count, NestedCopy **nested) {
  size_t size = source->cbElements;
  HRESULT hr = S_OK;

  if (count == 0)
    return S_OK;
  if (!(source->fFeatures & SAFEARRAY_OWNERSHIP)) {
    memcpy(target, source->pvData, count * size);
    return S_OK;
  }
  if (!element_is_sound(source))
    return E_INVALIDARG;
  bool variants = source->fFeatures & FADF_VARIANT;
  for (uint32_t i = 0; i < count && SUCCEEDED(hr); i++) {
    char *from = element_at(source, i), *to = target + i * size;
    hr = variants ? variant_copy_flat((VARIANT *)(void *)from, (VARIANT *)(void *)to, nested)
                  : element_copy(source, from, to);
  }
  return hr;
}

/* Whole arrays */

/* A descriptor like that of `source`, without data and without what says where the source lives. */
static HRESULT descriptor_copy(SAFEARRAY *source, SAFEARRAY **copy) {
  VARTYPE vt = VT_EMPTY;
  HRESULT hr;

  if (SUCCEEDED(SafeArrayGetVartype(source, &vt)))
    hr = SafeArrayAllocDescriptorEx(vt, source->cDims, copy);
  else
    hr = SafeArrayAllocDescriptor(source->cDims, copy);
  if (FAILED(hr))
    return hr;
  (*copy)->fFeatures = (USHORT)(source->fFeatures & ~(SAFEARRAY_PLACEMENT | SAFEARRAY_VECTOR | SAFEARRAY_DATA_DELETED));
  (*copy)->cbElements = source->cbElements;
  memcpy((*copy)->rgsabound, source->rgsabound, source->cDims * sizeof source->rgsabound[0]);
  if (source->fFeatures & FADF_RECORD) {
    hr = SafeArraySetRecordInfo(*copy, safearray_record_info(source));
  } else if (source->fFeatures & FADF_HAVEIID) {
    GUID iid;
    SafeArrayGetIID(source, &iid);
    SafeArraySetIID(*copy, &iid);
  }
  return hr;
}

/* Copies a locked array but for the arrays inside. *copy is what was made, also on failure. */
static HRESULT copy_flat(SAFEARRAY *source, SAFEARRAY **copy, NestedCopy **nested) {
  uint32_t count = 0;

  if (source->cDims == 0 || source->cbElements == 0 || !safearray_count(source, 0, &count))
    return E_INVALIDARG;
  HRESULT hr = descriptor_copy(source, copy);
  if (SUCCEEDED(hr) && source->pvData) {
    hr = source->fFeatures & SAFEARRAY_OWNERSHIP ? SafeArrayAllocData(*copy) : safearray_alloc_unfilled(*copy);
    if (SUCCEEDED(hr))
      hr = copy_elements_flat(source, (*copy)->pvData, count, nested);
  }
  return hr;
}

/* Makes the copies on the list, and what they list. After a failure the rest stays empty. */
static HRESULT copy_nested(NestedCopy *nested, HRESULT hr) {
  while (nested) {
    NestedCopy listed = *nested;
    VARIANT *value = (VARIANT *)(void *)nested;
    SAFEARRAY *copy = NULL;

    nested = listed.next;
    if (SUCCEEDED(hr))
      hr = copy_flat(listed.source, &copy, &nested);
    SafeArrayUnlock(listed.source);
    VariantInit(value);
    value->vt = copy ? listed.wanted : VT_EMPTY;
    value->parray = copy;
  }
  return hr;
}

HRESULT SafeArrayCopy(SAFEARRAY *psa, SAFEARRAY **ppsaOut) {
  SAFEARRAY *copy = NULL;
  NestedCopy *nested = NULL;

  if (!ppsaOut)
    return E_INVALIDARG;
  *ppsaOut = NULL;
  if (!psa)
    return S_OK;
  HRESULT hr = SafeArrayLock(psa);
  if (FAILED(hr))
    return hr;
  hr = copy_flat(psa, &copy, &nested);
  hr = copy_nested(nested, hr);
  SafeArrayUnlock(psa);
  if (FAILED(hr))
    SafeArrayDestroy(copy);
  else
    *ppsaOut = copy;
  return hr;
}

/* Fills zeroed memory, which is zeroed again on failure. */
static HRESULT copy_elements(const SAFEARRAY *source, SAFEARRAY *target, uint32_t count) {
  NestedCopy *nested = NULL;
  HRESULT hr = copy_elements_flat(source, target->pvData, count, &nested);

  hr = copy_nested(nested, hr);
  if (FAILED(hr))
    safearray_clear_elements(target, 0, count);
  return hr;
}

static BOOL same_shape(const SAFEARRAY *one, const SAFEARRAY *other) {
  if (one->cDims != other->cDims || one->cbElements != other->cbElements)
    return FALSE;
  for (unsigned i = 0; i < one->cDims; i++) {
    if (one->rgsabound[i].cElements != other->rgsabound[i].cElements)
      return FALSE;
  }
  return TRUE;
}

/* After a copy the target's elements own what the source's elements own. */
static void adopt_ownership(const SAFEARRAY *source, SAFEARRAY *target) {
  target->fFeatures = (USHORT)((target->fFeatures & ~SAFEARRAY_OWNERSHIP) | (source->fFeatures & SAFEARRAY_OWNERSHIP));
}

/* Record over record: RecordCopy itself lets go of what the target held. What follows a record that cannot be copied stays
 * as it was. */
static HRESULT copy_over_records(SAFEARRAY *source, SAFEARRAY *target, uint32_t count) {
  HRESULT hr = SafeArraySetRecordInfo(target, safearray_record_info(source));

  for (uint32_t i = 0; i < count && SUCCEEDED(hr); i++)
    hr = element_copy(source, element_at(source, i), element_at(target, i));
  return hr;
}

HRESULT SafeArrayCopyData(SAFEARRAY *psaSource, SAFEARRAY *psaTarget) {
  uint32_t count = 0;

  if (!psaSource || !psaTarget || !same_shape(psaSource, psaTarget))
    return E_INVALIDARG;
  if (psaSource->cDims == 0 || !psaSource->pvData || !psaTarget->pvData || !safearray_count(psaSource, 0, &count))
    return E_INVALIDARG;
  if (psaSource == psaTarget || psaSource->pvData == psaTarget->pvData)
    return S_OK;
  if ((psaSource->fFeatures ^ psaTarget->fFeatures) & FADF_RECORD)
    return E_INVALIDARG; /* no room for, or a left-over, IRecordInfo in the hidden header */
  if (psaSource->fFeatures & FADF_RECORD)
    return copy_over_records(psaSource, psaTarget, count);
  safearray_clear_elements(psaTarget, 0, count);
  adopt_ownership(psaSource, psaTarget);
  return copy_elements(psaSource, psaTarget, count);
}

/* Redimensioning: only the last dimension, which varies slowest, so cells keep their places */

static HRESULT data_grow(SAFEARRAY *array, uint64_t old_size, uint64_t new_size) {
  if (!safearray_data_is_heap(array) && !(array->fFeatures & SAFEARRAY_VECTOR))
    return E_INVALIDARG; /* the data lies in memory of the caller */
  if (new_size > UINT32_MAX)
    return E_OUTOFMEMORY;
  char *data = CoTaskMemAlloc(new_size > 0 ? (SIZE_T)new_size : 1);
  if (!data)
    return E_OUTOFMEMORY;
  if (!array->pvData)
    old_size = 0;
  if (old_size > 0)
    memcpy(data, array->pvData, (size_t)old_size);
  memset(data + old_size, 0, (size_t)(new_size - old_size));
  if (safearray_data_is_heap(array))
    safearray_free_data(array->pvData);
  array->pvData = data;
  array->fFeatures &= (USHORT) ~(SAFEARRAY_VECTOR | SAFEARRAY_DATA_DELETED);
  return S_OK;
}

static HRESULT redim_locked(SAFEARRAY *array, const SAFEARRAYBOUND *bound) {
  uint32_t slice = 0; /* elements of one step of the last dimension */
  uint32_t old_size = 0;
  ULONG old_count = array->rgsabound[0].cElements;
  HRESULT hr = S_OK;

  if (!safearray_count(array, 1, &slice) || !safearray_data_size(array, &old_size))
    return E_INVALIDARG;
  uint64_t new_cells = (uint64_t)slice * bound->cElements;
  if (new_cells > UINT32_MAX)
    return E_OUTOFMEMORY;
  if (bound->cElements > old_count)
    hr = data_grow(array, old_size, new_cells * array->cbElements);
  else if (bound->cElements < old_count && array->pvData)
    safearray_clear_elements(array, (uint32_t)new_cells, (old_count - bound->cElements) * slice);
  if (SUCCEEDED(hr))
    array->rgsabound[0] = *bound;
  return hr;
}

HRESULT SafeArrayRedim(SAFEARRAY *psa, SAFEARRAYBOUND *psaboundNew) {
  if (!psa || !psaboundNew || psa->cDims == 0)
    return E_INVALIDARG;
  if ((psa->fFeatures & FADF_FIXEDSIZE) || psa->cLocks != 0)
    return DISP_E_ARRAYISLOCKED;
  HRESULT hr = SafeArrayLock(psa);
  if (FAILED(hr))
    return hr;
  SAFEARRAYBOUND bound = *psaboundNew; /* may point into the descriptor */
  hr = redim_locked(psa, &bound);
  SafeArrayUnlock(psa);
  return hr;
}

/* Element access: rgIndices[0] is the first dimension, which varies fastest */

HRESULT SafeArrayPtrOfIndex(SAFEARRAY *psa, LONG *rgIndices, void **ppvData) {
  uint64_t cell = 0;
  uint64_t stride = 1;

  if (!psa || !rgIndices || !ppvData)
    return E_INVALIDARG;
  for (unsigned i = 0; i < psa->cDims; i++) {
    const SAFEARRAYBOUND *bound = &psa->rgsabound[psa->cDims - 1 - i];
    int64_t offset = (int64_t)rgIndices[i] - bound->lLbound;
    if (offset < 0 || offset >= (int64_t)bound->cElements)
      return DISP_E_BADINDEX;
    cell += (uint64_t)offset * stride;
    stride *= bound->cElements;
    if (stride > UINT32_MAX)
      return DISP_E_BADINDEX;
  }
  if (psa->cDims == 0 || !psa->pvData)
    return E_INVALIDARG;
  *ppvData = (char *)psa->pvData + cell * psa->cbElements;
  return S_OK;
}

/* What a caller passes for an element: BSTRs and interfaces are passed as themselves, all else by address. */
static HRESULT element_put(SAFEARRAY *array, char *element, void *value) {
  char fresh[sizeof(VARIANT)] = { 0 };
  HRESULT hr;

  if (!element_is_sound(array))
    return E_INVALIDARG;
  if (array->fFeatures & (FADF_BSTR | FADF_UNKNOWN | FADF_DISPATCH)) {
    hr = pointer_copy(array, value, fresh);
    if (SUCCEEDED(hr)) {
      element_clear(array, element);
      memcpy(element, fresh, sizeof(void *));
    }
    return hr;
  }
  if (!value)
    return E_INVALIDARG;
  if (array->fFeatures & FADF_VARIANT)
    return VariantCopy((VARIANT *)(void *)element, value);
  return element_copy(array, value, element); /* a record copies over what is there */
}

HRESULT SafeArrayPutElement(SAFEARRAY *psa, LONG *rgIndices, void *pv) {
  void *element = NULL;

  if (!psa || !rgIndices)
    return E_INVALIDARG;
  HRESULT hr = SafeArrayLock(psa);
  if (FAILED(hr))
    return hr;
  hr = SafeArrayPtrOfIndex(psa, rgIndices, &element);
  if (SUCCEEDED(hr))
    hr = element_put(psa, element, pv);
  SafeArrayUnlock(psa);
  return hr;
}

HRESULT SafeArrayGetElement(SAFEARRAY *psa, LONG *rgIndices, void *pv) {
  void *element = NULL;

  if (!psa || !rgIndices || !pv)
    return E_INVALIDARG;
  HRESULT hr = SafeArrayLock(psa);
  if (FAILED(hr))
    return hr;
  hr = SafeArrayPtrOfIndex(psa, rgIndices, &element);
  if (SUCCEEDED(hr))
    hr = element_is_sound(psa) ? element_copy(psa, element, pv) : E_INVALIDARG;
  SafeArrayUnlock(psa);
  return hr;
}

/* Bytes and strings */

HRESULT VectorFromBstr(BSTR bstr, SAFEARRAY **ppsa) {
  if (!ppsa)
    return E_INVALIDARG;
  SAFEARRAYBOUND bound = { .cElements = SysStringByteLen(bstr), .lLbound = 0 };
  *ppsa = SafeArrayCreate(VT_UI1, 1, &bound);
  if (!*ppsa)
    return E_OUTOFMEMORY;
  if (bound.cElements > 0)
    memcpy((*ppsa)->pvData, bstr, bound.cElements);
  return S_OK;
}

HRESULT BstrFromVector(SAFEARRAY *psa, BSTR *pbstr) {
  if (!pbstr)
    return E_INVALIDARG;
  *pbstr = NULL;
  if (!psa || psa->cbElements != 1)
    return E_INVALIDARG;
  if (psa->cDims != 1)
    return DISP_E_BADINDEX;
  HRESULT hr = SafeArrayLock(psa);
  if (FAILED(hr))
    return hr;
  if (!psa->pvData && psa->rgsabound[0].cElements > 0)
    hr = E_INVALIDARG;
  else if (!(*pbstr = SysAllocStringByteLen(psa->pvData, psa->rgsabound[0].cElements)))
    hr = E_OUTOFMEMORY;
  SafeArrayUnlock(psa);
  return hr;
}
