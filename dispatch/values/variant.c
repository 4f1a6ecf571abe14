/*
 * VARIANT: initialize, clear, copy, copy through a reference ([MS-OAUT] 2.2.29). The type is checked before anything
 * else of a VARIANT is looked at.
 */
#include "dispatch/values/variant.h"

#include <string.h>

#include <objbase.h>

#include "com/com_api.h"
#include "dispatch/types/base_type.h"
#include "dispatch/types/copy_depth.h"
#include "dispatch/values/bstr.h"
#include "dispatch/values/record_memory.h"
#include "dispatch/values/safearray.h"

enum { VARTYPE_UNUSED = 15 };

/* The types up to VT_UINT, records and CLSIDs; by reference or in an array, none that has no value. */
bool variant_type_is_valid(VARTYPE vt) {
  VARTYPE base = vt & VT_TYPEMASK;
  if (vt & (VT_VECTOR | VT_RESERVED)) {
    return false;
  }
  if ((vt & (VT_BYREF | VT_ARRAY)) && base <= VT_NULL) {
    return false;
  }
  return (base <= VT_UINT && base != VARTYPE_UNUSED) || base == VT_RECORD || base == VT_CLSID;
}

void VariantInit(VARIANTARG *value) {
  if (value) {
    memset(value, 0, sizeof *value);
  }
}

/* Clears a record and frees it when its memory is ours. Deep inside of what is ending it is left for later: as it is, or with
 * its contents moved out of the caller's memory. */
static void record_end(IRecordInfo *info, void *record) {
  bool is_ours = record_memory_detach(record);
  if (ending_is_deep() && safearray_wait_for_record(info, record, is_ours))
    return;
  ending_begin();
  info->lpVtbl->RecordClear(info, record);
  if (is_ours)
    CoTaskMemFree(record);
  ending_done();
}

static void record_clear(VARIANT *value) {
  IRecordInfo *info = value->pRecInfo;
  if (!info) {
    return;
  }
  if (value->pvRecord) {
    record_end(info, value->pvRecord);
  }
  info->lpVtbl->Release(info);
}

HRESULT VariantClear(VARIANTARG *value) {
  if (!value) {
    return E_INVALIDARG;
  }
  if (!variant_type_is_valid(value->vt)) {
    return DISP_E_BADVARTYPE;
  }
  HRESULT hr = S_OK;
  if (value->vt & VT_BYREF) {
    value->vt = VT_EMPTY;
    return S_OK;
  }
  if (value->vt & VT_ARRAY) {
    hr = SafeArrayDestroy(value->parray);
    if (FAILED(hr)) {
      return hr;
    }
  }
  switch (value->vt) {
  case VT_BSTR:
    SysFreeString(value->bstrVal);
    break;
  case VT_DISPATCH:
  case VT_UNKNOWN:
    if (value->punkVal) {
      value->punkVal->lpVtbl->Release(value->punkVal);
    }
    break;
  case VT_RECORD:
    record_clear(value);
    break;
  default:
    break;
  }
  value->vt = VT_EMPTY;
  return S_OK;
}

HRESULT variant_copy_record(IRecordInfo *info, void *source, void *target) {
  if (copy_depth >= COPY_DEPTH_LIMIT)
    return E_INVALIDARG;
  copy_depth += COPY_DEPTH_RECORD;
  HRESULT hr = info->lpVtbl->RecordCopy(info, source, target);
  copy_depth -= COPY_DEPTH_RECORD;
  return hr;
}

/* The caller owns the copy, and info gains a reference. */
static HRESULT record_copy(IRecordInfo *info, void *source, VARIANT *copy) {
  if (!info) {
    return !copy->pvRecord ? S_OK : E_INVALIDARG;
  }
  void *record = NULL;
  if (source) {
    ULONG size = 0;
    HRESULT hr = info->lpVtbl->GetSize(info, &size);
    if (FAILED(hr)) {
      return hr;
    }
    record = record_memory_new(size);
    if (!record) {
      return E_OUTOFMEMORY;
    }
    hr = variant_copy_record(info, source, record);
    if (FAILED(hr)) {
      record_memory_free(record);
      return hr;
    }
  }
  info->lpVtbl->AddRef(info);
  copy->pvRecord = record;
  copy->pRecInfo = info;
  return S_OK;
}

/* Fills *copy, which holds nothing yet and may not be the source. A copy of a NULL BSTR is an empty one. */
static HRESULT variant_duplicate(VARIANT *copy, const VARIANT *source) {
  *copy = *source;
  if (source->vt & VT_BYREF) {
    return S_OK;
  }
  if (source->vt & VT_ARRAY) {
    return SafeArrayCopy(source->parray, &copy->parray);
  }
  switch (source->vt) {
  case VT_BSTR:
    copy->bstrVal = SysAllocStringByteLen((LPCSTR)source->bstrVal, SysStringByteLen(source->bstrVal));
    return !copy->bstrVal ? E_OUTOFMEMORY : S_OK;
  case VT_DISPATCH:
  case VT_UNKNOWN:
    if (source->punkVal) {
      source->punkVal->lpVtbl->AddRef(source->punkVal);
    }
    return S_OK;
  case VT_RECORD:
    return record_copy(source->pRecInfo, source->pvRecord, copy);
  default:
    return S_OK;
  }
}

HRESULT variant_replace(VARIANT *target, VARIANT *value) {
  HRESULT hr = VariantClear(target);
  if (FAILED(hr)) {
    VariantClear(value);
    return hr;
  }
  *target = *value;
  return S_OK;
}

HRESULT VariantCopy(VARIANTARG *target, const VARIANTARG *source) {
  if (!target || !source) {
    return E_INVALIDARG;
  }
  if (variant_base_type(source) == VT_CLSID || !variant_type_is_valid(source->vt)) {
    return DISP_E_BADVARTYPE;
  }
  if (target == source) {
    return S_OK;
  }
  VARIANT copy;
  HRESULT hr = variant_duplicate(&copy, source);
  return FAILED(hr) ? hr : variant_replace(target, &copy);
}

/* The value behind a reference to anything but a VARIANT, as a VARIANT that owns nothing of its own. */
static HRESULT variant_look_through(const VARIANT *source, VARIANT *value) {
  VARTYPE vt = (VARTYPE)(source->vt & ~VT_BYREF);
  memset(value, 0, sizeof *value);
  if (vt == VT_RECORD) {
    value->pvRecord = source->pvRecord;
    value->pRecInfo = source->pRecInfo;
  } else if (!source->byref) {
    return E_INVALIDARG;
  } else if (vt & VT_ARRAY) {
    value->parray = *source->pparray;
  } else if (vt == VT_DECIMAL) {
    value->decVal = *source->pdecVal;
  } else {
    memcpy(&value->byref, source->byref, base_type(vt)->size);
  }
  value->vt = vt;
  return S_OK;
}

/* What VariantCopyInd takes by reference: any array, or a type with a value. */
static bool variant_can_be_dereferenced(VARTYPE vt) {
  VARTYPE base = vt & VT_TYPEMASK;
  if (vt & (VT_VECTOR | VT_RESERVED)) {
    return false;
  }
  return base > VT_NULL && variant_type_is_valid(base) && base != VT_CLSID;
}

HRESULT variant_borrow(const VARIANT *source, VARIANT *value) {
  const VARIANT *inner = source;
  if (source->vt == (VT_BYREF | VT_VARIANT)) {
    inner = source->pvarVal;
    if (!inner || inner->vt == (VT_BYREF | VT_VARIANT)) {
      return E_INVALIDARG; /* one level only */
    }
  }
  if (!(inner->vt & VT_BYREF)) {
    bool copyable = variant_type_is_valid(inner->vt) && variant_base_type(inner) != VT_CLSID;
    *value = *inner;
    return copyable ? S_OK : DISP_E_BADVARTYPE;
  }
  return variant_can_be_dereferenced(inner->vt) ? variant_look_through(inner, value) : E_INVALIDARG;
}

/* As VariantCopy, but a reference becomes a copy of what it refers to. */
HRESULT VariantCopyInd(VARIANTARG *target, const VARIANTARG *source) {
  if (!target || !source) {
    return E_INVALIDARG;
  }
  if (!(source->vt & VT_BYREF)) {
    return VariantCopy(target, source);
  }
  VARIANT value;
  VARIANT copy;
  HRESULT hr = variant_borrow(source, &value);
  if (SUCCEEDED(hr)) {
    hr = variant_duplicate(&copy, &value);
  }
  if (FAILED(hr)) {
    return hr;
  }
  if (target == source) {
    *target = copy;
    return S_OK;
  }
  return variant_replace(target, &copy);
}
