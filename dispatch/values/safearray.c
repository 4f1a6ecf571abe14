/*
 * SAFEARRAY descriptors: making, pinning, locking and destroying arrays.
 * Layout and feature bits: [MS-OAUT] 2.2.30; documented behaviour of SafeArrayCreate and its family.
 */
#include "dispatch/values/safearray.h"

#include "com/com_api.h"
#include "dispatch/types/base_type.h"

#include <combaseapi.h>

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { LOCKS_MAX = 0xFFFF, DIMENSIONS_MAX = 0xFFFF };

uint32_t safearray_element_size(VARTYPE vt) {
  const BaseType *base = base_type(vt);
  return base ? base->element_size : 0;
}

/* The hidden header */

static void *hidden_block(const SAFEARRAY *array) {
  return (char *)(uintptr_t)array - SAFEARRAY_HIDDEN_SIZE;
}

static IRecordInfo **hidden_record(const SAFEARRAY *array) {
  return (IRecordInfo **)(void *)((char *)hidden_block(array) + SAFEARRAY_HIDDEN_SIZE - sizeof(void *));
}

static uint32_t *hidden_vartype(const SAFEARRAY *array) {
  return (uint32_t *)(void *)((char *)hidden_block(array) + SAFEARRAY_HIDDEN_SIZE - sizeof(uint32_t));
}

IRecordInfo *safearray_record_info(const SAFEARRAY *array) {
  return *hidden_record(array);
}

/* Pinning (SafeArrayAddRef): blocks that may not be freed yet */

typedef struct Pin {
  struct Pin *next;
  void *block;   /* what callers know: the descriptor or the data */
  void *to_free; /* set when the block was destroyed while pinned */
  uint32_t count;
} Pin;

static pthread_mutex_t pin_mutex = PTHREAD_MUTEX_INITIALIZER;
static Pin *pin_list;
static uint32_t pin_total; /* read without the mutex: pinning is rare, freeing is not */

static Pin **pin_find(const void *block) {
  Pin **link = &pin_list;

  while (*link && (*link)->block != block)
    link = &(*link)->next;
  return link;
}

static HRESULT pin_add(void *block) {
  HRESULT hr = S_OK;

  pthread_mutex_lock(&pin_mutex);
  Pin *pin = *pin_find(block);
  if (pin) {
    pin->count++;
  } else if ((pin = malloc(sizeof *pin))) {
    *pin = (Pin){ .next = pin_list, .block = block, .count = 1 };
    pin_list = pin;
    __atomic_add_fetch(&pin_total, 1, __ATOMIC_RELEASE);
  } else {
    hr = E_OUTOFMEMORY;
  }
  pthread_mutex_unlock(&pin_mutex);
  return hr;
}

static void pin_release(const void *block) {
  void *to_free = NULL;

  pthread_mutex_lock(&pin_mutex);
  Pin **link = pin_find(block);
  Pin *pin = *link;
  if (pin && --pin->count == 0) {
    *link = pin->next;
    to_free = pin->to_free;
    free(pin);
    __atomic_sub_fetch(&pin_total, 1, __ATOMIC_RELEASE);
  }
  pthread_mutex_unlock(&pin_mutex);
  CoTaskMemFree(to_free);
}

/* Free `memory`, known to callers as `block`, now or with the last pin. */
static void free_unless_pinned(void *block, void *memory) {
  BOOL pinned = FALSE;

  if (!block)
    return;
  if (__atomic_load_n(&pin_total, __ATOMIC_ACQUIRE) != 0) {
    pthread_mutex_lock(&pin_mutex);
    Pin *pin = *pin_find(block);
    if (pin) {
      pin->to_free = memory;
      pinned = TRUE;
    }
    pthread_mutex_unlock(&pin_mutex);
  }
  if (!pinned)
    CoTaskMemFree(memory);
}

void safearray_free_data(void *data) {
  free_unless_pinned(data, data);
}

BOOL safearray_data_is_heap(const SAFEARRAY *array) {
  if (array->fFeatures & (FADF_STATIC | SAFEARRAY_VECTOR))
    return FALSE;
  /* A fixed array on the stack or inside a structure has its data there too. */
  return !((array->fFeatures & (FADF_AUTO | FADF_EMBEDDED)) && (array->fFeatures & FADF_FIXEDSIZE));
}

HRESULT SafeArrayAddRef(SAFEARRAY *psa, PVOID *ppDataToRelease) {
  if (!ppDataToRelease)
    return E_INVALIDARG;
  *ppDataToRelease = NULL;
  if (!psa)
    return S_OK;
  HRESULT hr = pin_add(psa);
  if (FAILED(hr) || !psa->pvData || !safearray_data_is_heap(psa))
    return hr;
  hr = pin_add(psa->pvData);
  if (FAILED(hr))
    pin_release(psa);
  else
    *ppDataToRelease = psa->pvData;
  return hr;
}

void SafeArrayReleaseData(PVOID pData) {
  if (pData)
    pin_release(pData);
}

void SafeArrayReleaseDescriptor(SAFEARRAY *psa) {
  if (psa)
    pin_release(psa);
}

/* Sizes */

BOOL safearray_count(const SAFEARRAY *array, unsigned first, uint32_t *count) {
  uint64_t cells = 1;
  BOOL fits = TRUE;

  for (unsigned i = first; i < array->cDims; i++) {
    if (array->rgsabound[i].cElements == 0) {
      *count = 0;
      return TRUE;
    }
    if (fits)
      cells *= array->rgsabound[i].cElements;
    fits = fits && cells <= UINT32_MAX;
  }
  *count = (uint32_t)cells;
  return fits;
}

BOOL safearray_data_size(const SAFEARRAY *array, uint32_t *size) {
  uint32_t cells = 0;

  if (!safearray_count(array, 0, &cells))
    return FALSE;
  uint64_t bytes = (uint64_t)cells * array->cbElements;
  *size = (uint32_t)bytes;
  return bytes <= UINT32_MAX;
}

static size_t descriptor_size(UINT dimensions) {
  size_t size = sizeof(SAFEARRAY);

  if (dimensions > 1)
    size += (dimensions - 1) * sizeof(SAFEARRAYBOUND);
  return size;
}

/* Making */

/* A zeroed descriptor with its hidden header and `extra` bytes behind it, in one block. */
static SAFEARRAY *descriptor_allocate(UINT dimensions, size_t extra) {
  size_t size = SAFEARRAY_HIDDEN_SIZE + descriptor_size(dimensions) + extra;
  char *block = CoTaskMemAlloc(size);

  if (!block)
    return NULL;
  memset(block, 0, size);
  SAFEARRAY *array = (SAFEARRAY *)(void *)(block + SAFEARRAY_HIDDEN_SIZE);
  array->cDims = (USHORT)dimensions;
  return array;
}

/* What the hidden header says. */
static void descriptor_set_type(SAFEARRAY *array, VARTYPE vt) {
  array->cbElements = safearray_element_size(vt);
  switch (vt) {
  case VT_DISPATCH:
    array->fFeatures = FADF_HAVEIID;
    memcpy(hidden_block(array), &IID_IDispatch, sizeof(IID));
    return;
  case VT_UNKNOWN:
    array->fFeatures = FADF_HAVEIID;
    memcpy(hidden_block(array), &IID_IUnknown, sizeof(IID));
    return;
  case VT_RECORD:
    array->fFeatures = FADF_RECORD;
    return;
  default:
    array->fFeatures = FADF_HAVEVARTYPE;
    *hidden_vartype(array) = vt;
  }
}

/* What the elements own, which only an array that is made at once says. */
static USHORT ownership_features(VARTYPE vt) {
  switch (vt) {
  case VT_BSTR:
    return FADF_BSTR;
  case VT_UNKNOWN:
    return FADF_UNKNOWN;
  case VT_DISPATCH:
    return FADF_DISPATCH;
  case VT_VARIANT:
    return FADF_VARIANT;
  default:
    return 0;
  }
}

HRESULT SafeArrayAllocDescriptor(UINT cDims, SAFEARRAY **ppsaOut) {
  if (!ppsaOut)
    return E_POINTER;
  if (cDims == 0 || cDims > DIMENSIONS_MAX)
    return E_INVALIDARG;
  *ppsaOut = descriptor_allocate(cDims, 0);
  return *ppsaOut ? S_OK : E_OUTOFMEMORY;
}

HRESULT SafeArrayAllocDescriptorEx(VARTYPE vt, UINT cDims, SAFEARRAY **ppsaOut) {
  HRESULT hr = SafeArrayAllocDescriptor(cDims, ppsaOut);

  if (SUCCEEDED(hr))
    descriptor_set_type(*ppsaOut, vt);
  return hr;
}

HRESULT safearray_alloc_unfilled(SAFEARRAY *array) {
  uint32_t size = 0;

  if (!safearray_data_size(array, &size))
    return E_OUTOFMEMORY;
  void *data = CoTaskMemAlloc(size > 0 ? size : 1);
  if (!data)
    return E_OUTOFMEMORY;
  array->pvData = data;
  return S_OK;
}

HRESULT SafeArrayAllocData(SAFEARRAY *psa) {
  uint32_t size = 0;

  if (!psa)
    return E_INVALIDARG;
  HRESULT hr = safearray_alloc_unfilled(psa);
  if (SUCCEEDED(hr) && safearray_data_size(psa, &size))
    memset(psa->pvData, 0, size);
  return hr;
}

/* Bytes of one element; 0 when the type cannot be one. A record's size is what its IRecordInfo writes, asked once: whether
 * it also says that it failed does not matter. */
static uint32_t element_size(VARTYPE vt, PVOID extra) {
  ULONG size = 0;

  if (vt != VT_RECORD)
    return safearray_element_size(vt);
  if (extra)
    IRecordInfo_GetSize((IRecordInfo *)extra, &size);
  return size;
}

/* Completes a new array. What `extra` means depends on the type: an IRecordInfo, or the IID of the elements. */
static void descriptor_set_extra(SAFEARRAY *array, VARTYPE vt, uint32_t size, PVOID extra) {
  array->cbElements = size;
  array->fFeatures |= ownership_features(vt);
  if (vt == VT_RECORD)
    SafeArraySetRecordInfo(array, extra);
  else if (extra && (array->fFeatures & FADF_HAVEIID))
    memcpy(hidden_block(array), extra, sizeof(IID));
}

SAFEARRAY *SafeArrayCreateEx(VARTYPE vt, UINT cDims, SAFEARRAYBOUND *rgsabound, PVOID pvExtra) {
  SAFEARRAY *array = NULL;
  uint32_t size = rgsabound ? element_size(vt, pvExtra) : 0;

  if (size == 0 || FAILED(SafeArrayAllocDescriptorEx(vt, cDims, &array)))
    return NULL;
  /* The descriptor keeps the bounds from the last dimension to the first. */
  for (UINT i = 0; i < cDims; i++)
    array->rgsabound[cDims - 1 - i] = rgsabound[i];
  descriptor_set_extra(array, vt, size, pvExtra);
  if (FAILED(SafeArrayAllocData(array))) {
    SafeArrayDestroyDescriptor(array);
    return NULL;
  }
  return array;
}

SAFEARRAY *SafeArrayCreate(VARTYPE vt, UINT cDims, SAFEARRAYBOUND *rgsabound) {
  if (vt == VT_RECORD) /* needs its IRecordInfo */
    return NULL;
  return SafeArrayCreateEx(vt, cDims, rgsabound, NULL);
}

SAFEARRAY *SafeArrayCreateVectorEx(VARTYPE vt, LONG lLbound, ULONG cElements, PVOID pvExtra) {
  uint32_t element = element_size(vt, pvExtra);
  uint64_t size = (uint64_t)cElements * element;

  if (element == 0 || size > UINT32_MAX)
    return NULL;
  SAFEARRAY *array = descriptor_allocate(1, (size_t)size);
  if (!array)
    return NULL;
  descriptor_set_type(array, vt);
  descriptor_set_extra(array, vt, element, pvExtra);
  array->fFeatures |= SAFEARRAY_VECTOR;
  array->pvData = &array[1];
  array->rgsabound[0].cElements = cElements;
  array->rgsabound[0].lLbound = lLbound;
  return array;
}

SAFEARRAY *SafeArrayCreateVector(VARTYPE vt, LONG lLbound, ULONG cElements) {
  if (vt == VT_RECORD)
    return NULL;
  return SafeArrayCreateVectorEx(vt, lLbound, cElements, NULL);
}

/* Destroying */

HRESULT SafeArrayDestroyData(SAFEARRAY *psa) {
  uint32_t count = 0;

  if (!psa)
    return E_INVALIDARG;
  if (psa->cLocks != 0)
    return DISP_E_ARRAYISLOCKED;
  if (!psa->pvData)
    return S_OK;
  if (!safearray_count(psa, 0, &count))
    return E_INVALIDARG;
  BOOL is_heap = safearray_data_is_heap(psa);
  if (!is_heap || (psa->fFeatures & SAFEARRAY_OWNERSHIP))
    safearray_clear_elements(psa, 0, count);
  if (is_heap) {
    void *data = psa->pvData;
    psa->pvData = NULL;
    safearray_free_data(data);
  } else if (psa->fFeatures & SAFEARRAY_VECTOR) {
    psa->pvData = NULL;
    psa->fFeatures |= SAFEARRAY_DATA_DELETED;
  }
  return S_OK;
}

HRESULT SafeArrayDestroyDescriptor(SAFEARRAY *psa) {
  if (!psa)
    return S_OK;
  if (psa->cLocks != 0)
    return DISP_E_ARRAYISLOCKED;
  if ((psa->fFeatures & SAFEARRAY_VECTOR) && !(psa->fFeatures & SAFEARRAY_DATA_DELETED))
    SafeArrayDestroyData(psa);
  if (psa->fFeatures & FADF_RECORD)
    SafeArraySetRecordInfo(psa, NULL);
  if (!(psa->fFeatures & (FADF_AUTO | FADF_STATIC | FADF_EMBEDDED)))
    free_unless_pinned(psa, hidden_block(psa));
  return S_OK;
}

static void array_end(SAFEARRAY *array) {
  ending_begin();
  SafeArrayDestroyData(array);
  SafeArrayDestroyDescriptor(array);
  ending_done();
}

_Static_assert(sizeof(Ending) <= SAFEARRAY_HIDDEN_SIZE - sizeof(void *), "an array waits in front of its IRecordInfo");

static void array_end_waiting(Ending *ending) {
  array_end((SAFEARRAY *)(void *)((char *)ending + SAFEARRAY_HIDDEN_SIZE));
}

/* From here on the array is nobody's. */
static void array_leave(SAFEARRAY *array) {
  ending_later(ENDING_ARRAY, hidden_block(array), array_end_waiting);
}

/* An array of one dimension whose elements are `size` bytes that are moved there from `data`; NULL without memory. */
static SAFEARRAY *array_take_over(const SAFEARRAY *like, void *data, uint32_t count, BOOL data_is_heap) {
  size_t size = (size_t)count * like->cbElements;
  SAFEARRAY *array = descriptor_allocate(1, 0);
  if (!array)
    return NULL;
  array->pvData = data_is_heap ? data : CoTaskMemAlloc(size);
  if (!array->pvData) {
    CoTaskMemFree(hidden_block(array));
    return NULL;
  }
  if (!data_is_heap) {
    memcpy(array->pvData, data, size);
    memset(data, 0, size);
  }
  array->fFeatures = like->fFeatures & SAFEARRAY_OWNERSHIP;
  array->cbElements = like->cbElements;
  array->rgsabound[0].cElements = count;
  return array;
}

/* Deep inside of what is ending: true when the whole array was left for later. Of one that lies in memory of the caller, who
 * may take that away, only what the elements own can be left. */
static BOOL array_wait(SAFEARRAY *array) {
  uint32_t count = 0;
  if (!(array->fFeatures & SAFEARRAY_OWNERSHIP) || !array->pvData || !safearray_count(array, 0, &count) || count == 0)
    return FALSE;
  BOOL data_is_own = safearray_data_is_heap(array) || array->fFeatures & SAFEARRAY_VECTOR;
  if (data_is_own && !(array->fFeatures & (FADF_AUTO | FADF_STATIC | FADF_EMBEDDED))) {
    array_leave(array);
    return TRUE;
  }
  SAFEARRAY *rest = array_take_over(array, array->pvData, count, FALSE);
  if (rest && array->fFeatures & FADF_RECORD)
    SafeArraySetRecordInfo(rest, safearray_record_info(array));
  if (rest)
    array_leave(rest);
  return FALSE;
}

BOOL safearray_wait_for_record(IRecordInfo *info, void *record, BOOL is_heap) {
  SAFEARRAY one = { .fFeatures = FADF_RECORD };
  if (FAILED(IRecordInfo_GetSize(info, &one.cbElements)) || one.cbElements == 0)
    return FALSE;
  SAFEARRAY *array = array_take_over(&one, record, 1, is_heap);
  if (!array)
    return FALSE;
  SafeArraySetRecordInfo(array, info);
  array_leave(array);
  return TRUE;
}

HRESULT SafeArrayDestroy(SAFEARRAY *psa) {
  if (!psa)
    return S_OK;
  if (psa->cLocks != 0)
    return DISP_E_ARRAYISLOCKED;
  if (!ending_is_deep() || !array_wait(psa))
    array_end(psa);
  return S_OK;
}

/* Locks */

HRESULT SafeArrayLock(SAFEARRAY *psa) {
  if (!psa)
    return E_INVALIDARG;
  if (__atomic_add_fetch(&psa->cLocks, 1, __ATOMIC_ACQ_REL) > LOCKS_MAX) {
    __atomic_sub_fetch(&psa->cLocks, 1, __ATOMIC_ACQ_REL);
    return E_UNEXPECTED;
  }
  return S_OK;
}

HRESULT SafeArrayUnlock(SAFEARRAY *psa) {
  if (!psa)
    return E_INVALIDARG;
  if ((int32_t)__atomic_sub_fetch(&psa->cLocks, 1, __ATOMIC_ACQ_REL) < 0) {
    __atomic_add_fetch(&psa->cLocks, 1, __ATOMIC_ACQ_REL);
    return E_UNEXPECTED;
  }
  return S_OK;
}

HRESULT SafeArrayAccessData(SAFEARRAY *psa, void **ppvData) {
  if (!psa || !ppvData)
    return E_INVALIDARG;
  HRESULT hr = SafeArrayLock(psa);
  *ppvData = SUCCEEDED(hr) ? psa->pvData : NULL;
  return hr;
}

HRESULT SafeArrayUnaccessData(SAFEARRAY *psa) {
  return SafeArrayUnlock(psa);
}

/* What an array says of itself */

UINT SafeArrayGetDim(SAFEARRAY *psa) {
  return psa ? psa->cDims : 0;
}

UINT SafeArrayGetElemsize(SAFEARRAY *psa) {
  return psa ? psa->cbElements : 0;
}

HRESULT SafeArrayGetLBound(SAFEARRAY *psa, UINT nDim, LONG *plLbound) {
  if (!psa || !plLbound)
    return E_INVALIDARG;
  if (nDim == 0 || nDim > psa->cDims)
    return DISP_E_BADINDEX;
  *plLbound = psa->rgsabound[psa->cDims - nDim].lLbound;
  return S_OK;
}

HRESULT SafeArrayGetUBound(SAFEARRAY *psa, UINT nDim, LONG *plUbound) {
  if (!psa || !plUbound)
    return E_INVALIDARG;
  if (nDim == 0 || nDim > psa->cDims)
    return DISP_E_BADINDEX;
  const SAFEARRAYBOUND *bound = &psa->rgsabound[psa->cDims - nDim];
  *plUbound = (LONG)((uint32_t)bound->lLbound + bound->cElements - 1);
  return S_OK;
}

HRESULT SafeArrayGetVartype(SAFEARRAY *psa, VARTYPE *pvt) {
  if (!psa || !pvt)
    return E_INVALIDARG;
  if (psa->fFeatures & FADF_HAVEVARTYPE)
    *pvt = (VARTYPE)*hidden_vartype(psa);
  else if (psa->fFeatures & FADF_RECORD)
    *pvt = VT_RECORD;
  else if (psa->fFeatures & FADF_DISPATCH)
    *pvt = VT_DISPATCH;
  else if (psa->fFeatures & (FADF_UNKNOWN | FADF_HAVEIID))
    *pvt = VT_UNKNOWN;
  else
    return E_INVALIDARG;
  return S_OK;
}

HRESULT SafeArraySetIID(SAFEARRAY *psa, REFGUID guid) {
  if (!psa || !guid || !(psa->fFeatures & FADF_HAVEIID))
    return E_INVALIDARG;
  memcpy(hidden_block(psa), guid, sizeof(GUID));
  return S_OK;
}

HRESULT SafeArrayGetIID(SAFEARRAY *psa, GUID *pguid) {
  if (!psa || !pguid || !(psa->fFeatures & FADF_HAVEIID))
    return E_INVALIDARG;
  memcpy(pguid, hidden_block(psa), sizeof(GUID));
  return S_OK;
}

HRESULT SafeArraySetRecordInfo(SAFEARRAY *psa, IRecordInfo *prinfo) {
  if (!psa || !(psa->fFeatures & FADF_RECORD))
    return E_INVALIDARG;
  IRecordInfo *old = safearray_record_info(psa);
  if (prinfo)
    IRecordInfo_AddRef(prinfo);
  *hidden_record(psa) = prinfo;
  if (old)
    IRecordInfo_Release(old);
  return S_OK;
}

HRESULT SafeArrayGetRecordInfo(SAFEARRAY *psa, IRecordInfo **prinfo) {
  if (!psa || !prinfo || !(psa->fFeatures & FADF_RECORD))
    return E_INVALIDARG;
  *prinfo = safearray_record_info(psa);
  if (*prinfo)
    IRecordInfo_AddRef(*prinfo);
  return S_OK;
}
