/* SAFEARRAY: descriptors, features, locks, elements, copies, redimensioning, pinning. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <objbase.h>
#include <oleauto.h>
#include <string.h>

#include "support/faults.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* an object that counts its references */

typedef struct Counted {
  IDispatch dispatch;
  LONG references;
} Counted;

static HRESULT STDMETHODCALLTYPE counted_query(IDispatch *self, REFIID iid, void **object) {
  (void)iid;
  *object = self;
  ((Counted *)self)->references++;
  return S_OK;
}

static ULONG STDMETHODCALLTYPE counted_addref(IDispatch *self) {
  return (ULONG)++((Counted *)self)->references;
}

static ULONG STDMETHODCALLTYPE counted_release(IDispatch *self) {
  return (ULONG)--((Counted *)self)->references;
}

static const IDispatchVtbl counted_vtable = { .QueryInterface = counted_query,
                                              .AddRef = counted_addref,
                                              .Release = counted_release };

/* types */

static const struct {
  VARTYPE vt;
  UINT size;
  USHORT features; /* of SafeArrayCreate */
} element_types[] = {
  { VT_I1, 1, 0x80 },        { VT_UI1, 1, 0x80 },   { VT_I2, 2, 0x80 },        { VT_UI2, 2, 0x80 },
  { VT_BOOL, 2, 0x80 },      { VT_I4, 4, 0x80 },    { VT_UI4, 4, 0x80 },       { VT_INT, 4, 0x80 },
  { VT_UINT, 4, 0x80 },      { VT_ERROR, 4, 0x80 }, { VT_R4, 4, 0x80 },        { VT_R8, 8, 0x80 },
  { VT_I8, 8, 0x80 },        { VT_UI8, 8, 0x80 },   { VT_CY, 8, 0x80 },        { VT_DATE, 8, 0x80 },
  { VT_DECIMAL, 16, 0x80 },  { VT_BSTR, 8, 0x180 }, { VT_VARIANT, 24, 0x880 }, { VT_UNKNOWN, 8, 0x240 },
  { VT_DISPATCH, 8, 0x440 },
};

static void arrays_of_every_element_type(void **state) {
  (void)state;
  SAFEARRAYBOUND bounds[] = { { 3, 0 }, { 2, -5 } };
  for (size_t i = 0; i < COUNT(element_types); i++) {
    VARTYPE vt = VT_ILLEGAL;
    SAFEARRAY *array = SafeArrayCreate(element_types[i].vt, 2, bounds);
    assert_non_null(array);
    assert_int_equal(array->fFeatures, element_types[i].features);
    assert_int_equal(array->cbElements, element_types[i].size);
    assert_int_equal(SafeArrayGetElemsize(array), element_types[i].size);
    assert_int_equal(SafeArrayGetVartype(array, &vt), S_OK);
    assert_int_equal(vt, element_types[i].vt);
    assert_int_equal(SafeArrayGetDim(array), 2);
    assert_non_null(array->pvData);
    for (UINT at = 0; at < 6 * element_types[i].size; at++)
      assert_int_equal(((char *)array->pvData)[at], 0);
    assert_int_equal(SafeArrayDestroy(array), S_OK);
    array = SafeArrayCreateVector(element_types[i].vt, 7, 4);
    assert_non_null(array);
    assert_int_equal(array->fFeatures & ~0x2000, element_types[i].features);
    assert_ptr_equal(array->pvData, array + 1);
    assert_int_equal(SafeArrayDestroy(array), S_OK);
    /* A descriptor alone says what its header holds, not what its elements own. */
    assert_int_equal(SafeArrayAllocDescriptorEx(element_types[i].vt, 1, &array), S_OK);
    assert_int_equal(array->fFeatures, element_types[i].features & (FADF_HAVEVARTYPE | FADF_HAVEIID));
    assert_int_equal(SafeArrayGetVartype(array, &vt), S_OK);
    assert_int_equal(vt, element_types[i].vt == VT_DISPATCH ? VT_UNKNOWN : element_types[i].vt);
    assert_int_equal(array->cbElements, element_types[i].size);
    assert_null(array->pvData);
    assert_int_equal(SafeArrayDestroyDescriptor(array), S_OK);
  }
}

static void what_cannot_be_an_array(void **state) {
  (void)state;
  static const VARTYPE bad[] = { VT_EMPTY,     VT_NULL,     15,       VT_VOID,   VT_HRESULT,       VT_PTR,
                                 VT_SAFEARRAY, VT_CARRAY,   VT_LPSTR, VT_LPWSTR, VT_USERDEFINED,   VT_RECORD,
                                 VT_CLSID,     VT_FILETIME, VT_BLOB,  0xFFFF,    VT_I4 | VT_BYREF, VT_I4 | VT_ARRAY };
  SAFEARRAYBOUND bound = { 1, 0 };
  for (size_t i = 0; i < COUNT(bad); i++) {
    assert_null(SafeArrayCreate(bad[i], 1, &bound));
    assert_null(SafeArrayCreateEx(bad[i], 1, &bound, NULL));
    assert_null(SafeArrayCreateVector(bad[i], 0, 1));
    assert_null(SafeArrayCreateVectorEx(bad[i], 0, 1, NULL));
  }
  assert_null(SafeArrayCreate(VT_I4, 0, &bound));
  assert_null(SafeArrayCreate(VT_I4, 1, NULL));
  assert_null(SafeArrayCreate(VT_I4, 0x10000, &bound));
}

static void sizes_that_overflow(void **state) {
  (void)state;
  SAFEARRAYBOUND bounds[4] = { { 0x10000, 0 }, { 0x10000, 0 }, { 0x10000, 0 }, { 0x10000, 0 } };
  assert_null(SafeArrayCreate(VT_I1, 4, bounds));
  assert_null(SafeArrayCreate(VT_I1, 2, bounds));
  bounds[0].cElements = 0x40000000;
  assert_null(SafeArrayCreate(VT_I4, 1, bounds));
  assert_null(SafeArrayCreate(VT_VARIANT, 1, bounds));
  assert_null(SafeArrayCreateVector(VT_I4, 0, 0x40000000));
  bounds[3].cElements = 0; /* nothing at all is not too much */
  SAFEARRAY *array = SafeArrayCreate(VT_I8, 4, bounds);
  assert_non_null(array);
  SafeArrayDestroy(array);
}

static void null_arguments(void **state) {
  (void)state;
  SAFEARRAY *array = NULL;
  SAFEARRAYBOUND bound = { 1, 0 };
  LONG index = 0;
  void *data = NULL;
  VARTYPE vt;
  GUID guid;
  BSTR text;
  IRecordInfo *info;
  assert_int_equal(SafeArrayAllocDescriptor(0, &array), E_INVALIDARG);
  assert_int_equal(SafeArrayAllocDescriptor(65536, &array), E_INVALIDARG);
  assert_int_equal(SafeArrayAllocDescriptor(1, NULL), E_POINTER);
  assert_int_equal(SafeArrayAllocData(NULL), E_INVALIDARG);
  assert_int_equal(SafeArrayDestroy(NULL), S_OK);
  assert_int_equal(SafeArrayDestroyData(NULL), E_INVALIDARG);
  assert_int_equal(SafeArrayDestroyDescriptor(NULL), S_OK);
  assert_int_equal(SafeArrayLock(NULL), E_INVALIDARG);
  assert_int_equal(SafeArrayUnlock(NULL), E_INVALIDARG);
  assert_int_equal(SafeArrayAccessData(NULL, &data), E_INVALIDARG);
  assert_int_equal(SafeArrayUnaccessData(NULL), E_INVALIDARG);
  assert_int_equal(SafeArrayGetDim(NULL), 0);
  assert_int_equal(SafeArrayGetElemsize(NULL), 0);
  assert_int_equal(SafeArrayGetLBound(NULL, 1, &index), E_INVALIDARG);
  assert_int_equal(SafeArrayGetUBound(NULL, 1, &index), E_INVALIDARG);
  assert_int_equal(SafeArrayGetElement(NULL, &index, data), E_INVALIDARG);
  assert_int_equal(SafeArrayPutElement(NULL, &index, data), E_INVALIDARG);
  assert_int_equal(SafeArrayPtrOfIndex(NULL, &index, &data), E_INVALIDARG);
  assert_int_equal(SafeArrayCopy(NULL, NULL), E_INVALIDARG);
  array = (SAFEARRAY *)&bound;
  assert_int_equal(SafeArrayCopy(NULL, &array), S_OK);
  assert_null(array);
  assert_int_equal(SafeArrayCopyData(NULL, NULL), E_INVALIDARG);
  assert_int_equal(SafeArrayRedim(NULL, &bound), E_INVALIDARG);
  assert_int_equal(SafeArrayGetVartype(NULL, &vt), E_INVALIDARG);
  assert_int_equal(SafeArrayGetIID(NULL, &guid), E_INVALIDARG);
  assert_int_equal(SafeArraySetIID(NULL, &IID_IUnknown), E_INVALIDARG);
  assert_int_equal(SafeArrayGetRecordInfo(NULL, &info), E_INVALIDARG);
  assert_int_equal(SafeArraySetRecordInfo(NULL, NULL), E_INVALIDARG);
  assert_int_equal(VectorFromBstr(NULL, NULL), E_INVALIDARG);
  assert_int_equal(BstrFromVector(NULL, &text), E_INVALIDARG);

  array = SafeArrayCreate(VT_I4, 1, &bound);
  assert_int_equal(SafeArrayAccessData(array, NULL), E_INVALIDARG);
  assert_int_equal(SafeArrayGetElement(array, NULL, &index), E_INVALIDARG);
  assert_int_equal(SafeArrayGetElement(array, &index, NULL), E_INVALIDARG);
  assert_int_equal(SafeArrayPutElement(array, NULL, &index), E_INVALIDARG);
  assert_int_equal(SafeArrayPtrOfIndex(array, NULL, &data), E_INVALIDARG);
  assert_int_equal(SafeArrayPtrOfIndex(array, &index, NULL), E_INVALIDARG);
  assert_int_equal(SafeArrayRedim(array, NULL), E_INVALIDARG);
  assert_int_equal(SafeArrayGetVartype(array, NULL), E_INVALIDARG);
  assert_int_equal(SafeArrayGetIID(array, &guid), E_INVALIDARG);
  assert_int_equal(SafeArraySetIID(array, &IID_IUnknown), E_INVALIDARG);
  assert_int_equal(SafeArrayGetRecordInfo(array, &info), E_INVALIDARG);
  assert_int_equal(SafeArraySetRecordInfo(array, NULL), E_INVALIDARG);
  SafeArrayDestroy(array);
}

/* bounds and indices */

static void bounds_are_kept_last_dimension_first(void **state) {
  (void)state;
  static const SAFEARRAYBOUND given[] = { { 4, -1 }, { 3, 0 }, { 2, 10 } };
  SAFEARRAYBOUND bounds[3];
  LONG lower, upper;
  memcpy(bounds, given, sizeof bounds);
  SAFEARRAY *array = SafeArrayCreate(VT_I2, 3, bounds);
  for (UINT i = 0; i < 3; i++) {
    assert_int_equal(SafeArrayGetLBound(array, i + 1, &lower), S_OK);
    assert_int_equal(SafeArrayGetUBound(array, i + 1, &upper), S_OK);
    assert_int_equal(lower, given[i].lLbound);
    assert_int_equal(upper, given[i].lLbound + (LONG)given[i].cElements - 1);
    assert_int_equal(array->rgsabound[2 - i].cElements, given[i].cElements);
  }
  assert_int_equal(SafeArrayGetLBound(array, 0, &lower), DISP_E_BADINDEX);
  assert_int_equal(SafeArrayGetLBound(array, 4, &lower), DISP_E_BADINDEX);
  assert_int_equal(SafeArrayGetUBound(array, 0, &upper), DISP_E_BADINDEX);
  assert_int_equal(SafeArrayGetUBound(array, 4, &upper), DISP_E_BADINDEX);
  SafeArrayDestroy(array);
}

static void first_index_varies_fastest(void **state) {
  (void)state;
  SAFEARRAYBOUND bounds[] = { { 4, -1 }, { 3, 0 }, { 2, 10 } };
  SAFEARRAY *array = SafeArrayCreate(VT_I4, 3, bounds);
  LONG expected = 0;
  for (LONG k = 10; k < 12; k++)
    for (LONG j = 0; j < 3; j++)
      for (LONG i = -1; i < 3; i++, expected++) {
        LONG indices[] = { i, j, k };
        void *element = NULL;
        LONG value = expected;
        LONG back = -1;
        assert_int_equal(SafeArrayPtrOfIndex(array, indices, &element), S_OK);
        assert_ptr_equal(element, (LONG *)array->pvData + expected);
        assert_int_equal(SafeArrayPutElement(array, indices, &value), S_OK);
        assert_int_equal(SafeArrayGetElement(array, indices, &back), S_OK);
        assert_int_equal(back, expected);
      }
  static const LONG outside[][3] = { { -2, 0, 10 }, { 3, 0, 10 }, { 0, -1, 10 },        { 0, 3, 10 },
                                     { 0, 0, 9 },   { 0, 0, 12 }, { INT32_MAX, 0, 10 }, { INT32_MIN, 0, 10 } };
  for (size_t i = 0; i < COUNT(outside); i++) {
    LONG indices[3];
    LONG value = 1;
    void *element;
    memcpy(indices, outside[i], sizeof indices);
    assert_int_equal(SafeArrayPtrOfIndex(array, indices, &element), DISP_E_BADINDEX);
    assert_int_equal(SafeArrayPutElement(array, indices, &value), DISP_E_BADINDEX);
    assert_int_equal(SafeArrayGetElement(array, indices, &value), DISP_E_BADINDEX);
  }
  assert_int_equal(array->cLocks, 0);
  SafeArrayDestroy(array);
}

/* locks */

static void a_locked_array_stays(void **state) {
  (void)state;
  SAFEARRAYBOUND bound = { 3, 0 };
  void *data = NULL;
  SAFEARRAY *array = SafeArrayCreate(VT_I4, 1, &bound);
  assert_int_equal(SafeArrayAccessData(array, &data), S_OK);
  assert_ptr_equal(data, array->pvData);
  assert_int_equal(array->cLocks, 1);
  assert_int_equal(SafeArrayDestroy(array), DISP_E_ARRAYISLOCKED);
  assert_int_equal(SafeArrayDestroyData(array), DISP_E_ARRAYISLOCKED);
  assert_int_equal(SafeArrayDestroyDescriptor(array), DISP_E_ARRAYISLOCKED);
  assert_int_equal(SafeArrayRedim(array, &bound), DISP_E_ARRAYISLOCKED);
  assert_int_equal(SafeArrayUnaccessData(array), S_OK);
  assert_int_equal(SafeArrayUnlock(array), E_UNEXPECTED);
  for (int i = 0; i < 65535; i++)
    assert_int_equal(SafeArrayLock(array), S_OK);
  assert_int_equal(SafeArrayLock(array), E_UNEXPECTED);
  data = array;
  assert_int_equal(SafeArrayAccessData(array, &data), E_UNEXPECTED);
  assert_null(data);
  for (int i = 0; i < 65535; i++)
    assert_int_equal(SafeArrayUnlock(array), S_OK);
  assert_int_equal(SafeArrayUnlock(array), E_UNEXPECTED);
  assert_int_equal(SafeArrayDestroy(array), S_OK);
}

/* elements that own something */

static void elements_are_copied_in_and_out(void **state) {
  (void)state;
  SAFEARRAYBOUND bound = { 2, 0 };
  LONG index = 0;
  SAFEARRAY *array = SafeArrayCreate(VT_BSTR, 1, &bound);
  BSTR in = SysAllocStringByteLen("a\0b", 3);
  BSTR out = NULL;
  assert_int_equal(SafeArrayPutElement(array, &index, in), S_OK);
  assert_int_equal(SafeArrayPutElement(array, &index, in), S_OK);
  assert_ptr_not_equal(((BSTR *)array->pvData)[0], in);
  assert_int_equal(SafeArrayGetElement(array, &index, &out), S_OK);
  assert_ptr_not_equal(out, in);
  assert_int_equal(SysStringByteLen(out), 3);
  assert_memory_equal(out, in, 3);
  SysFreeString(out);
  SysFreeString(in);
  assert_int_equal(SafeArrayPutElement(array, &index, NULL), S_OK);
  assert_int_equal(SafeArrayGetElement(array, &index, &out), S_OK);
  assert_null(out);
  SafeArrayDestroy(array);

  Counted object = { { &counted_vtable }, 1 };
  IDispatch *back = NULL;
  array = SafeArrayCreate(VT_DISPATCH, 1, &bound);
  assert_int_equal(SafeArrayPutElement(array, &index, &object.dispatch), S_OK);
  assert_int_equal(object.references, 2);
  assert_int_equal(SafeArrayGetElement(array, &index, &back), S_OK);
  assert_ptr_equal(back, &object.dispatch);
  assert_int_equal(object.references, 3);
  assert_int_equal(SafeArrayPutElement(array, &index, &object.dispatch), S_OK);
  assert_int_equal(object.references, 3);
  index = 1;
  assert_int_equal(SafeArrayPutElement(array, &index, &object.dispatch), S_OK);
  assert_int_equal(object.references, 4);
  SafeArrayDestroy(array);
  assert_int_equal(object.references, 2);

  VARIANT variant, copy;
  VariantInit(&copy);
  V_VT(&variant) = VT_DISPATCH;
  V_DISPATCH(&variant) = &object.dispatch;
  array = SafeArrayCreate(VT_VARIANT, 1, &bound);
  assert_int_equal(SafeArrayPutElement(array, &index, &variant), S_OK);
  assert_int_equal(object.references, 3);
  assert_int_equal(SafeArrayGetElement(array, &index, &copy), S_OK);
  assert_int_equal(V_VT(&copy), VT_DISPATCH);
  assert_int_equal(object.references, 4);
  SafeArrayDestroy(array);
  assert_int_equal(object.references, 3);
}

static SAFEARRAY *filled_array(Counted *object) {
  SAFEARRAYBOUND bounds[] = { { 2, 1 }, { 3, 0 } };
  SAFEARRAY *array = SafeArrayCreate(VT_VARIANT, 2, bounds);
  VARIANT *cells = array->pvData;
  for (int i = 0; i < 6; i++) {
    V_VT(&cells[i]) = i % 2 ? VT_BSTR : VT_UNKNOWN;
    if (i % 2) {
      V_BSTR(&cells[i]) = SysAllocString(u"text");
    } else {
      V_UNKNOWN(&cells[i]) = (IUnknown *)object;
      object->references++;
    }
  }
  return array;
}

static void copies_are_deep(void **state) {
  (void)state;
  Counted object = { { &counted_vtable }, 1 };
  SAFEARRAY *copy = NULL;
  SAFEARRAY *array = filled_array(&object);
  assert_int_equal(object.references, 4);
  array->fFeatures |= FADF_FIXEDSIZE;
  assert_int_equal(SafeArrayLock(array), S_OK);
  assert_int_equal(SafeArrayCopy(array, &copy), S_OK);
  assert_int_equal(object.references, 7);
  assert_int_equal(copy->cLocks, 0);
  assert_int_equal(copy->fFeatures, 0x880);
  assert_int_equal(copy->cDims, 2);
  assert_memory_equal(copy->rgsabound, array->rgsabound, 2 * sizeof(SAFEARRAYBOUND));
  assert_int_equal(SafeArrayUnlock(array), S_OK);
  assert_int_equal(SafeArrayCopyData(array, copy), S_OK); /* releases what was there */
  assert_int_equal(object.references, 7);
  assert_int_equal(SafeArrayDestroy(array), S_OK);
  assert_int_equal(object.references, 4);
  assert_int_equal(SafeArrayDestroy(copy), S_OK);
  assert_int_equal(object.references, 1);
}

static void copy_keeps_type_information(void **state) {
  (void)state;
  SAFEARRAYBOUND bound = { 1, 0 };
  GUID iid;
  SAFEARRAY *copy = NULL;
  GUID own = { 1, 2, 3, { 4 } };
  SAFEARRAY *array = SafeArrayCreateEx(VT_UNKNOWN, 1, &bound, &own);
  assert_int_equal(SafeArrayCopy(array, &copy), S_OK);
  assert_int_equal(SafeArrayGetIID(copy, &iid), S_OK);
  assert_memory_equal(&iid, &own, sizeof iid);
  assert_int_equal(SafeArraySetIID(copy, &IID_IUnknown), S_OK);
  assert_int_equal(SafeArrayGetIID(copy, &iid), S_OK);
  assert_memory_equal(&iid, &IID_IUnknown, sizeof iid);
  SafeArrayDestroy(copy);
  SafeArrayDestroy(array);
  array = SafeArrayCreateVector(VT_DISPATCH, 0, 1);
  assert_int_equal(SafeArrayGetIID(array, &iid), S_OK);
  assert_memory_equal(&iid, &IID_IDispatch, sizeof iid);
  assert_int_equal(SafeArrayCopy(array, &copy), S_OK);
  assert_int_equal(copy->fFeatures, 0x440); /* a copy is no vector */
  SafeArrayDestroy(copy);
  SafeArrayDestroy(array);
  assert_int_equal(SafeArrayAllocDescriptor(1, &array), S_OK);
  assert_int_equal(SafeArrayCopy(array, &copy), E_INVALIDARG); /* no element size */
  array->cbElements = 4;
  array->rgsabound[0].cElements = 2;
  assert_int_equal(SafeArrayCopy(array, &copy), S_OK);
  assert_null(copy->pvData);
  SafeArrayDestroy(copy);
  SafeArrayDestroyDescriptor(array);
}

static void copy_data_wants_the_same_shape(void **state) {
  (void)state;
  SAFEARRAYBOUND bounds[] = { { 4, 0 }, { 2, 0 } };
  SAFEARRAYBOUND other[] = { { 2, 0 }, { 4, 0 } };
  SAFEARRAY *two = SafeArrayCreate(VT_I4, 2, bounds);
  SAFEARRAY *turned = SafeArrayCreate(VT_I4, 2, other);
  SAFEARRAY *one = SafeArrayCreate(VT_I4, 1, bounds);
  SAFEARRAY *shorts = SafeArrayCreate(VT_I2, 2, bounds);
  assert_int_equal(SafeArrayCopyData(two, NULL), E_INVALIDARG);
  assert_int_equal(SafeArrayCopyData(NULL, two), E_INVALIDARG);
  assert_int_equal(SafeArrayCopyData(two, turned), E_INVALIDARG);
  assert_int_equal(SafeArrayCopyData(two, one), E_INVALIDARG);
  assert_int_equal(SafeArrayCopyData(two, shorts), E_INVALIDARG);
  SafeArrayDestroyData(one);
  assert_null(one->pvData);
  SafeArrayDestroy(two);
  SafeArrayDestroy(turned);
  SafeArrayDestroy(one);
  SafeArrayDestroy(shorts);
}

/* Redim */

static void redim_changes_the_last_dimension(void **state) {
  (void)state;
  SAFEARRAYBOUND bounds[] = { { 2, 0 }, { 3, 1 } };
  SAFEARRAYBOUND more = { 5, -7 };
  SAFEARRAYBOUND less = { 1, 2 };
  SAFEARRAYBOUND none = { 0, 0 };
  SAFEARRAYBOUND huge = { 0xFFFFFFFF, 0 };
  SAFEARRAY *array = SafeArrayCreate(VT_I4, 2, bounds);
  LONG *cells = array->pvData;
  for (LONG i = 0; i < 6; i++)
    cells[i] = i + 1;
  assert_int_equal(SafeArrayRedim(array, &more), S_OK);
  cells = array->pvData;
  for (LONG i = 0; i < 10; i++)
    assert_int_equal(cells[i], i < 6 ? i + 1 : 0);
  assert_int_equal(array->rgsabound[0].cElements, 5);
  assert_int_equal(array->rgsabound[0].lLbound, -7);
  assert_int_equal(SafeArrayRedim(array, &huge), E_OUTOFMEMORY);
  assert_int_equal(array->rgsabound[0].cElements, 5);
  assert_int_equal(SafeArrayRedim(array, &less), S_OK);
  assert_int_equal(((LONG *)array->pvData)[1], 2);
  assert_int_equal(SafeArrayRedim(array, &none), S_OK);
  assert_int_equal(SafeArrayRedim(array, &more), S_OK);
  for (LONG i = 0; i < 10; i++)
    assert_int_equal(((LONG *)array->pvData)[i], 0);
  array->fFeatures |= FADF_FIXEDSIZE;
  assert_int_equal(SafeArrayRedim(array, &less), DISP_E_ARRAYISLOCKED);
  assert_int_equal(array->cLocks, 0);
  SafeArrayDestroy(array);
}

static void redim_releases_what_falls_off(void **state) {
  (void)state;
  Counted object = { { &counted_vtable }, 1 };
  SAFEARRAYBOUND less = { 1, 0 };
  SAFEARRAYBOUND more = { 4, 0 };
  SAFEARRAY *array = filled_array(&object);
  assert_int_equal(SafeArrayRedim(array, &less), S_OK); /* keeps two of six cells */
  assert_int_equal(object.references, 2);
  assert_int_equal(SafeArrayRedim(array, &more), S_OK);
  assert_int_equal(V_VT(&((VARIANT *)array->pvData)[7]), VT_EMPTY);
  SafeArrayDestroy(array);
  assert_int_equal(object.references, 1);

  array = SafeArrayCreateVector(VT_I2, 0, 2); /* leaves the block of its descriptor */
  ((SHORT *)array->pvData)[1] = 5;
  assert_int_equal(SafeArrayRedim(array, &more), S_OK);
  assert_ptr_not_equal(array->pvData, array + 1);
  assert_int_equal(((SHORT *)array->pvData)[1], 5);
  assert_int_equal(((SHORT *)array->pvData)[3], 0);
  SafeArrayDestroy(array);
}

/* arrays whose memory is the caller's */

static void static_data_is_cleared_not_freed(void **state) {
  (void)state;
  LONG cells[] = { 1, 2, 3 };
  SAFEARRAYBOUND bound = { 3, 0 };
  SAFEARRAYBOUND more = { 4, 0 };
  SAFEARRAY *array = NULL;
  assert_int_equal(SafeArrayAllocDescriptor(1, &array), S_OK);
  array->fFeatures = FADF_STATIC;
  array->cbElements = sizeof(LONG);
  array->pvData = cells;
  array->rgsabound[0] = bound;
  assert_int_equal(SafeArrayRedim(array, &more), E_INVALIDARG);
  assert_int_equal(SafeArrayDestroyData(array), S_OK);
  assert_ptr_equal(array->pvData, cells);
  assert_int_equal(cells[0] | cells[1] | cells[2], 0);
  array->fFeatures = 0;
  array->pvData = NULL;
  assert_int_equal(SafeArrayDestroy(array), S_OK);

  SAFEARRAY local = { 1, FADF_AUTO | FADF_FIXEDSIZE, sizeof(LONG), 0, cells, { { 3, 0 } } };
  cells[1] = 9;
  assert_int_equal(SafeArrayDestroy(&local), S_OK);
  assert_int_equal(cells[1], 0);
}

static void pinned_memory_outlives_the_array(void **state) {
  (void)state;
  SAFEARRAYBOUND bound = { 3, 0 };
  void *data = NULL;
  void *again = NULL;
  assert_int_equal(SafeArrayAddRef(NULL, NULL), E_INVALIDARG);
  assert_int_equal(SafeArrayAddRef(NULL, &data), S_OK);
  assert_null(data);
  SafeArrayReleaseData(NULL);
  SafeArrayReleaseDescriptor(NULL);
  SAFEARRAY *array = SafeArrayCreate(VT_I4, 1, &bound);
  assert_int_equal(SafeArrayAddRef(array, &data), S_OK);
  assert_ptr_equal(data, array->pvData);
  assert_int_equal(SafeArrayAddRef(array, &again), S_OK);
  assert_int_equal(SafeArrayDestroy(array), S_OK);
  assert_int_equal(array->cDims, 1); /* still readable, zeroed data */
  assert_int_equal(((LONG *)data)[2], 0);
  SafeArrayReleaseData(data);
  SafeArrayReleaseDescriptor(array);
  assert_int_equal(((LONG *)data)[2], 0);
  SafeArrayReleaseData(again);
  SafeArrayReleaseDescriptor(array);
  array = SafeArrayCreateVector(VT_I4, 0, 3);
  assert_int_equal(SafeArrayAddRef(array, &data), S_OK);
  assert_null(data); /* no block of its own */
  SafeArrayReleaseDescriptor(array);
  SafeArrayDestroy(array);
}

/* features and GetVartype */

static void vartype_follows_the_features(void **state) {
  (void)state;
  VARTYPE vt = VT_ILLEGAL;
  SAFEARRAY *array = NULL;
  assert_int_equal(SafeArrayAllocDescriptor(1, &array), S_OK);
  assert_int_equal(SafeArrayGetVartype(array, &vt), E_INVALIDARG);
  array->fFeatures = FADF_HAVEIID;
  assert_int_equal(SafeArrayGetVartype(array, &vt), S_OK);
  assert_int_equal(vt, VT_UNKNOWN);
  array->fFeatures = FADF_HAVEIID | FADF_DISPATCH;
  assert_int_equal(SafeArrayGetVartype(array, &vt), S_OK);
  assert_int_equal(vt, VT_DISPATCH);
  array->fFeatures = FADF_DISPATCH;
  assert_int_equal(SafeArrayGetVartype(array, &vt), S_OK);
  assert_int_equal(vt, VT_DISPATCH);
  array->fFeatures = FADF_UNKNOWN;
  assert_int_equal(SafeArrayGetVartype(array, &vt), S_OK);
  assert_int_equal(vt, VT_UNKNOWN);
  array->fFeatures = FADF_RECORD;
  assert_int_equal(SafeArrayGetVartype(array, &vt), S_OK);
  assert_int_equal(vt, VT_RECORD);
  array->fFeatures = 0;
  SafeArrayDestroyDescriptor(array);
}

static void vectors_destroy_data_and_descriptor_apart(void **state) {
  (void)state;
  SAFEARRAY *array = SafeArrayCreateVector(VT_BSTR, 0, 2);
  ((BSTR *)array->pvData)[1] = SysAllocString(u"x");
  assert_int_equal(SafeArrayDestroyData(array), S_OK);
  assert_null(array->pvData);
  assert_int_equal(SafeArrayDestroyDescriptor(array), S_OK);
  array = SafeArrayCreateVector(VT_BSTR, 0, 2);
  ((BSTR *)array->pvData)[1] = SysAllocString(u"x");
  assert_int_equal(SafeArrayDestroyDescriptor(array), S_OK); /* takes the data with it */
  array = SafeArrayCreateVector(VT_I4, 0, 0);
  assert_non_null(array);
  SafeArrayDestroy(array);
}

/* records */

/* A record type that counts what is asked of it. */
typedef struct CountedRecords {
  IRecordInfo info;
  LONG references;
  ULONG size;
  HRESULT size_result;
  int copied, cleared;
} CountedRecords;

static ULONG STDMETHODCALLTYPE records_addref(IRecordInfo *self) {
  return (ULONG)++((CountedRecords *)self)->references;
}

static ULONG STDMETHODCALLTYPE records_release(IRecordInfo *self) {
  return (ULONG)--((CountedRecords *)self)->references;
}

static HRESULT STDMETHODCALLTYPE records_size(IRecordInfo *self, ULONG *size) {
  *size = ((CountedRecords *)self)->size;
  return ((CountedRecords *)self)->size_result;
}

static HRESULT STDMETHODCALLTYPE records_copy(IRecordInfo *self, PVOID source, PVOID target) {
  memcpy(target, source, ((CountedRecords *)self)->size);
  ((CountedRecords *)self)->copied++;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE records_clear(IRecordInfo *self, PVOID record) {
  memset(record, 0, ((CountedRecords *)self)->size);
  ((CountedRecords *)self)->cleared++;
  return S_OK;
}

static const IRecordInfoVtbl records_vtable = { .AddRef = records_addref,
                                                .Release = records_release,
                                                .GetSize = records_size,
                                                .RecordCopy = records_copy,
                                                .RecordClear = records_clear };

static void records_are_as_large_as_was_written(void **state) {
  (void)state;
  static const HRESULT results[] = { S_OK, E_FAIL, E_UNEXPECTED };
  SAFEARRAYBOUND bound = { 3, 0 };
  for (size_t i = 0; i < COUNT(results); i++) {
    CountedRecords records = { .info = { &records_vtable }, .references = 1, .size = 17, .size_result = results[i] };
    SAFEARRAY *array = SafeArrayCreateEx(VT_RECORD, 1, &bound, &records.info);
    assert_non_null(array);
    assert_int_equal(array->cbElements, 17);
    assert_int_equal(array->fFeatures, FADF_RECORD);
    assert_int_equal(records.references, 2);
    assert_int_equal(SafeArrayDestroy(array), S_OK);
    assert_int_equal(records.cleared, 3);
    assert_int_equal(records.references, 1);
  }
}

static void copied_data_of_records_is_not_cleared_before(void **state) {
  (void)state;
  CountedRecords records = { .info = { &records_vtable }, .references = 1, .size = 8 };
  SAFEARRAYBOUND bound = { 4, 0 };
  SAFEARRAY *source = SafeArrayCreateEx(VT_RECORD, 1, &bound, &records.info);
  SAFEARRAY *target = SafeArrayCreateEx(VT_RECORD, 1, &bound, &records.info);
  memset(source->pvData, 5, 32);
  assert_int_equal(SafeArrayCopyData(source, target), S_OK);
  assert_int_equal(records.copied, 4);
  assert_int_equal(records.cleared, 0);
  assert_memory_equal(source->pvData, target->pvData, 32);
  SafeArrayDestroy(source);
  SafeArrayDestroy(target);
  assert_int_equal(records.references, 1);
}

/* byte vectors */

static void strings_and_byte_vectors(void **state) {
  (void)state;
  SAFEARRAY *array = NULL;
  VARTYPE vt;
  BSTR back = NULL;
  BSTR odd = SysAllocStringByteLen("abc", 3);
  assert_int_equal(VectorFromBstr(odd, &array), S_OK);
  assert_int_equal(SafeArrayGetVartype(array, &vt), S_OK);
  assert_int_equal(vt, VT_UI1);
  assert_int_equal(array->rgsabound[0].cElements, 3);
  assert_int_equal(array->rgsabound[0].lLbound, 0);
  assert_memory_equal(array->pvData, "abc", 3);
  assert_int_equal(BstrFromVector(array, &back), S_OK);
  assert_int_equal(SysStringByteLen(back), 3);
  assert_memory_equal(back, "abc", 3);
  assert_int_equal(BstrFromVector(array, NULL), E_INVALIDARG);
  SysFreeString(back);
  SysFreeString(odd);
  SafeArrayDestroy(array);
  assert_int_equal(VectorFromBstr(NULL, &array), S_OK);
  assert_int_equal(array->rgsabound[0].cElements, 0);
  assert_int_equal(BstrFromVector(array, &back), S_OK);
  assert_int_equal(SysStringByteLen(back), 0);
  SysFreeString(back);
  SafeArrayDestroy(array);
  SAFEARRAYBOUND bounds[] = { { 2, 0 }, { 2, 0 } };
  array = SafeArrayCreate(VT_UI1, 2, bounds);
  assert_int_equal(BstrFromVector(array, &back), DISP_E_BADINDEX);
  SafeArrayDestroy(array);
  array = SafeArrayCreate(VT_I2, 1, bounds);
  assert_int_equal(BstrFromVector(array, &back), E_INVALIDARG);
  SafeArrayDestroy(array);
}

/* out of memory */

static int copy_without_memory(void *context) {
  Counted *object = context;
  LONG before = object->references;
  SAFEARRAY *copy = NULL;
  SAFEARRAYBOUND more = { 9, 0 };
  LONG index = 0;
  SAFEARRAY *array = SafeArrayCreateVector(VT_VARIANT, 0, 3);
  if (array == NULL)
    return 0;
  VARIANT value;
  V_VT(&value) = VT_BSTR;
  V_BSTR(&value) = SysAllocString(u"text");
  if (V_BSTR(&value) != NULL && SUCCEEDED(SafeArrayPutElement(array, &index, &value)) &&
      SUCCEEDED(SafeArrayCopy(array, &copy)))
    SafeArrayRedim(copy, &more);
  SysFreeString(V_BSTR(&value));
  SafeArrayDestroy(copy);
  SafeArrayDestroy(array);
  return object->references != before;
}

static void failing_allocations_leave_nothing_behind(void **state) {
  (void)state;
  Counted object = { { &counted_vtable }, 1 };
  faults_each(copy_without_memory, &object);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(arrays_of_every_element_type),
    cmocka_unit_test(what_cannot_be_an_array),
    cmocka_unit_test(sizes_that_overflow),
    cmocka_unit_test(null_arguments),
    cmocka_unit_test(bounds_are_kept_last_dimension_first),
    cmocka_unit_test(first_index_varies_fastest),
    cmocka_unit_test(a_locked_array_stays),
    cmocka_unit_test(elements_are_copied_in_and_out),
    cmocka_unit_test(copies_are_deep),
    cmocka_unit_test(copy_keeps_type_information),
    cmocka_unit_test(copy_data_wants_the_same_shape),
    cmocka_unit_test(redim_changes_the_last_dimension),
    cmocka_unit_test(redim_releases_what_falls_off),
    cmocka_unit_test(static_data_is_cleared_not_freed),
    cmocka_unit_test(pinned_memory_outlives_the_array),
    cmocka_unit_test(vartype_follows_the_features),
    cmocka_unit_test(vectors_destroy_data_and_descriptor_apart),
    cmocka_unit_test(records_are_as_large_as_was_written),
    cmocka_unit_test(copied_data_of_records_is_not_cleared_before),
    cmocka_unit_test(strings_and_byte_vectors),
    cmocka_unit_test(failing_allocations_leave_nothing_behind),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
