/* VariantInit, VariantClear, VariantCopy, VariantCopyInd: every type with every flag, ownership, failures. */
#include "support/faults.h"
#include "support/values.h"

#include <objbase.h>

static const VARTYPE flag_sets[] = { 0,
                                     VT_VECTOR,
                                     VT_ARRAY,
                                     VT_BYREF,
                                     VT_RESERVED,
                                     VT_ARRAY | VT_BYREF,
                                     VT_ARRAY | VT_VECTOR,
                                     VT_BYREF | VT_VECTOR,
                                     VT_ARRAY | VT_RESERVED,
                                     VT_BYREF | VT_RESERVED,
                                     VT_VECTOR | VT_RESERVED,
                                     VT_ARRAY | VT_BYREF | VT_VECTOR | VT_RESERVED };

static bool is_valid(VARTYPE base, VARTYPE flags) {
  bool known = (base <= VT_UINT && base != 15) || base == VT_RECORD || base == VT_CLSID;
  bool plain = (flags & (VT_VECTOR | VT_RESERVED)) == 0;
  return known && plain && (flags == 0 || base > VT_NULL);
}

/* An object that counts */

typedef struct Counted {
  IUnknown unknown;
  LONG references;
} Counted;

static HRESULT STDMETHODCALLTYPE Counted_QueryInterface(IUnknown *self, REFIID iid, void **result) {
  (void)self, (void)iid;
  *result = NULL;
  return E_NOINTERFACE;
}

static ULONG STDMETHODCALLTYPE Counted_AddRef(IUnknown *self) {
  return (ULONG)++((Counted *)self)->references;
}

static ULONG STDMETHODCALLTYPE Counted_Release(IUnknown *self) {
  return (ULONG)--((Counted *)self)->references;
}

static IUnknownVtbl counted_vtable = { Counted_QueryInterface, Counted_AddRef, Counted_Release };

/* Records: an IRecordInfo that counts */

typedef struct CountingRecord {
  IRecordInfo info;
  LONG references;
  int cleared, copied, sized;
  HRESULT copy_result;
} CountingRecord;

static HRESULT STDMETHODCALLTYPE Record_QueryInterface(IRecordInfo *self, REFIID iid, void **result) {
  (void)self, (void)iid;
  *result = NULL;
  return E_NOINTERFACE;
}

static ULONG STDMETHODCALLTYPE Record_AddRef(IRecordInfo *self) {
  return (ULONG)++((CountingRecord *)self)->references;
}

static ULONG STDMETHODCALLTYPE Record_Release(IRecordInfo *self) {
  return (ULONG)--((CountingRecord *)self)->references;
}

static HRESULT STDMETHODCALLTYPE Record_RecordClear(IRecordInfo *self, PVOID record) {
  (void)record;
  ((CountingRecord *)self)->cleared++;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Record_RecordCopy(IRecordInfo *self, PVOID source, PVOID target) {
  (void)source, (void)target;
  ((CountingRecord *)self)->copied++;
  return ((CountingRecord *)self)->copy_result;
}

static HRESULT STDMETHODCALLTYPE Record_GetSize(IRecordInfo *self, ULONG *size) {
  ((CountingRecord *)self)->sized++;
  *size = 0;
  return S_OK;
}

static IRecordInfoVtbl record_vtable = { .QueryInterface = Record_QueryInterface,
                                         .AddRef = Record_AddRef,
                                         .Release = Record_Release,
                                         .RecordClear = Record_RecordClear,
                                         .RecordCopy = Record_RecordCopy,
                                         .GetSize = Record_GetSize };

/* Tests */

static void init_sets_every_byte_to_zero(void **state) {
  (void)state;
  VARIANT value;
  VARIANT expected;
  memset(&value, 0xFF, sizeof value);
  memset(&expected, 0, sizeof expected);
  VariantInit(&value);
  assert_memory_equal(&value, &expected, sizeof value);
}

static void junk_is_refused_by_its_type(void **state) {
  (void)state;
  for (size_t f = 0; f < COUNT_OF(flag_sets); f++) {
    for (VARTYPE base = 0; base <= VT_BSTR_BLOB; base++) {
      VARIANT value;
      bool owned = flag_sets[f] == 0 && (base == VT_BSTR || base == VT_DISPATCH || base == VT_UNKNOWN);
      /* what must not be touched would crash */
      memset(&value,
             is_valid(base, flag_sets[f]) && (owned || base == VT_RECORD || (flag_sets[f] & VT_ARRAY)) ? 0 : 0xCC,
             sizeof value);
      value.vt = base | flag_sets[f];
      HRESULT expected = is_valid(base, flag_sets[f]) ? S_OK : DISP_E_BADVARTYPE;
      VARIANT copy = I4(5);
      VARIANT source = value;
      HRESULT hr = VariantCopy(&copy, &source);
      if (expected == S_OK && base == VT_CLSID) {
        assert_int_equal(hr, DISP_E_BADVARTYPE);
      } else {
        assert_int_equal(hr, expected);
      }
      assert_int_equal(VariantClear(&copy), S_OK);
      hr = VariantClear(&value);
      if (hr != expected) {
        print_message("vt 0x%04X\n", base | flag_sets[f]);
      }
      assert_int_equal(hr, expected);
      assert_int_equal(value.vt, expected == S_OK ? VT_EMPTY : base | flag_sets[f]);
    }
  }
  assert_int_equal(VariantClear(NULL), E_INVALIDARG);
}

static void clear_releases_what_is_owned(void **state) {
  (void)state;
  Counted object = { { &counted_vtable }, 1 };
  VARIANT value = EMPTY;
  value.vt = VT_UNKNOWN;
  value.punkVal = &object.unknown;
  object.references = 2;
  assert_int_equal(VariantClear(&value), S_OK);
  assert_int_equal(object.references, 1);
  IUnknown *pointer = &object.unknown;
  value.vt = VT_UNKNOWN | VT_BYREF;
  value.ppunkVal = &pointer;
  assert_int_equal(VariantClear(&value), S_OK);
  assert_int_equal(object.references, 1);
  value = EMPTY;
  value.vt = VT_BSTR;
  value.bstrVal = SysAllocString(u"text");
  assert_int_equal(VariantClear(&value), S_OK);
}

static void a_locked_array_stays(void **state) {
  (void)state;
  VARIANT value = EMPTY;
  VARIANT other = I4(5);
  value.parray = SafeArrayCreateVector(VT_I4, 0, 3);
  value.vt = VT_ARRAY | VT_I4;
  assert_int_equal(SafeArrayLock(value.parray), S_OK);
  assert_int_equal(VariantClear(&value), DISP_E_ARRAYISLOCKED);
  assert_int_equal(value.vt, VT_ARRAY | VT_I4);
  assert_int_equal(VariantCopy(&value, &other), DISP_E_ARRAYISLOCKED);
  assert_int_equal(SafeArrayUnlock(value.parray), S_OK);
  assert_int_equal(VariantClear(&value), S_OK);
}

static void records_are_cleared_and_copied_through_their_info(void **state) {
  (void)state;
  CountingRecord record = { { &record_vtable }, 2, 0, 0, 0, S_OK };
  int anything = 0;
  VARIANT value = EMPTY;
  VARIANT copy = EMPTY;
  value.vt = VT_RECORD;
  value.pRecInfo = &record.info;
  value.pvRecord = &anything;
  assert_int_equal(VariantCopy(&copy, &value), S_OK);
  assert_int_equal(record.sized, 1);
  assert_int_equal(record.copied, 1);
  assert_int_equal(record.references, 3);
  assert_true(copy.pvRecord != NULL && copy.pvRecord != &anything);
  assert_int_equal(VariantClear(&copy), S_OK);
  assert_int_equal(record.cleared, 1);
  assert_int_equal(record.references, 2);
  record.copy_result = E_FAIL;
  assert_int_equal(VariantCopy(&copy, &value), E_FAIL);
  assert_int_equal(record.references, 2);
  assert_int_equal(VariantClear(&value), S_OK); /* the record itself is the caller's */
  assert_int_equal(record.cleared, 2);
  assert_int_equal(record.references, 1);
}

static void copies_are_deep(void **state) {
  (void)state;
  VARIANT source = STR("text");
  VARIANT copy = EMPTY;
  assert_int_equal(VariantCopy(&copy, &source), S_OK);
  assert_true(values_equal(&copy, &source));
  assert_ptr_not_equal(copy.bstrVal, source.bstrVal);
  assert_int_equal(VariantCopy(&copy, &copy), S_OK);
  assert_true(values_equal(&copy, &source));
  VARIANT none = EMPTY;
  none.vt = VT_BSTR;
  assert_int_equal(VariantCopy(&copy, &none), S_OK);
  assert_non_null(copy.bstrVal); /* NULL becomes an empty string */
  assert_int_equal(SysStringLen(copy.bstrVal), 0);
  Counted object = { { &counted_vtable }, 1 };
  VARIANT unknown = EMPTY;
  unknown.vt = VT_UNKNOWN;
  unknown.punkVal = &object.unknown;
  assert_int_equal(VariantCopy(&copy, &unknown), S_OK);
  assert_int_equal(object.references, 2);
  assert_int_equal(VariantClear(&copy), S_OK);
  assert_int_equal(object.references, 1);
  VARIANT decimal = DEC(-15, 1);
  assert_int_equal(VariantCopy(&copy, &decimal), S_OK);
  assert_memory_equal(&copy, &decimal, sizeof copy.decVal);
  VARIANT array = EMPTY;
  array.vt = VT_ARRAY | VT_I4;
  array.parray = SafeArrayCreateVector(VT_I4, 0, 3);
  assert_int_equal(VariantCopy(&copy, &array), S_OK);
  assert_ptr_not_equal(copy.parray, array.parray);
  assert_int_equal(VariantClear(&copy), S_OK);
  assert_int_equal(VariantClear(&array), S_OK);
  assert_int_equal(VariantCopy(NULL, &array), E_INVALIDARG);
  assert_int_equal(VariantCopy(&array, NULL), E_INVALIDARG);
}

static void a_reference_is_copied_as_one(void **state) {
  (void)state;
  LONG number = 5;
  VARIANT source = EMPTY;
  VARIANT copy = EMPTY;
  source.vt = VT_BYREF | VT_I4;
  source.plVal = &number;
  assert_int_equal(VariantCopy(&copy, &source), S_OK);
  assert_int_equal(copy.vt, VT_BYREF | VT_I4);
  assert_ptr_equal(copy.plVal, &number);
}

static void indirection_is_followed(void **state) {
  (void)state;
  BYTE ui1 = 200;
  SHORT i2 = -5;
  LONG i4 = -70000;
  LONG64 i8 = INT64_MIN;
  float r4 = 1.5f;
  double r8 = 2.5, date = 3.5;
  CY cy = { .int64 = 12345 };
  VARIANT_BOOL truth = VARIANT_TRUE;
  VARIANT decimal = DEC(-15, 1);
  BSTR text = SysAllocString(u"text");
  VARIANT expected_text = STR("text");
  const struct {
    VARTYPE vt;
    void *reference;
    VARIANT expected;
  } rows[] = {
    { VT_UI1, &ui1, UI1(200) },        { VT_I2, &i2, I2(-5) },
    { VT_I4, &i4, I4(-70000) },        { VT_I8, &i8, I8(INT64_MIN) },
    { VT_R4, &r4, R4(1.5) },           { VT_R8, &r8, R8(2.5) },
    { VT_DATE, &date, DATE_(3.5) },    { VT_CY, &cy, CY_(12345) },
    { VT_BOOL, &truth, BOOL_(1) },     { VT_DECIMAL, &decimal.decVal, DEC(-15, 1) },
    { VT_BSTR, &text, expected_text }, { VT_ERROR, &i4, ERR(-70000) },
    { VT_INT, &i4, INT_(-70000) },
  };
  for (size_t i = 0; i < COUNT_OF(rows); i++) {
    VARIANT source = EMPTY;
    VARIANT copy = I4(77);
    source.vt = VT_BYREF | rows[i].vt;
    source.byref = rows[i].reference;
    HRESULT hr = VariantCopyInd(&copy, &source);
    check_value(i, hr, S_OK, &copy, &rows[i].expected);
    assert_int_equal(VariantClear(&copy), S_OK);
    /* through a VARIANT, and in place */
    VARIANT outer = EMPTY;
    outer.vt = VT_BYREF | VT_VARIANT;
    outer.pvarVal = &source;
    hr = VariantCopyInd(&outer, &outer);
    check_value(i, hr, S_OK, &outer, &rows[i].expected);
    assert_int_equal(VariantClear(&outer), S_OK);
  }
  SysFreeString(text);
}

static void indirection_has_limits(void **state) {
  (void)state;
  VARIANT value = I4(5);
  VARIANT inner = EMPTY;
  VARIANT outer = EMPTY;
  VARIANT copy = EMPTY;
  inner.vt = outer.vt = VT_BYREF | VT_VARIANT;
  inner.pvarVal = &value;
  outer.pvarVal = &inner;
  assert_int_equal(VariantCopyInd(&copy, &inner), S_OK);
  assert_int_equal(copy.lVal, 5);
  assert_int_equal(VariantCopyInd(&copy, &outer), E_INVALIDARG);
  inner.vt = VT_BYREF | VT_EMPTY;
  assert_int_equal(VariantCopyInd(&copy, &inner), E_INVALIDARG);
  inner.vt = VT_BYREF | VT_NULL;
  assert_int_equal(VariantCopyInd(&copy, &inner), E_INVALIDARG);
  inner.vt = VT_BYREF | 15;
  assert_int_equal(VariantCopyInd(&copy, &inner), E_INVALIDARG);
  inner.vt = VT_BYREF | VT_VOID;
  assert_int_equal(VariantCopyInd(&copy, &inner), E_INVALIDARG);
  inner.vt = VT_BYREF | VT_VECTOR | VT_I4;
  assert_int_equal(VariantCopyInd(&copy, &inner), E_INVALIDARG);
  inner.vt = VT_BYREF | VT_I4;
  inner.byref = NULL;
  assert_int_equal(VariantCopyInd(&copy, &inner), E_INVALIDARG);
  assert_int_equal(copy.lVal, 5);
}

static int copy_text(void *context) {
  VARIANT *source = context;
  VARIANT copy = I4(77);
  HRESULT hr = VariantCopy(&copy, source);
  if (hr == E_OUTOFMEMORY) {
    return !(copy.vt == VT_I4 && copy.lVal == 77);
  }
  VariantClear(&copy);
  return hr != S_OK;
}

static void a_failed_allocation_changes_nothing(void **state) {
  (void)state;
  VARIANT text = STR("text");
  faults_each(copy_text, &text);
  CountingRecord record = { { &record_vtable }, 1, 0, 0, 0, S_OK };
  int anything = 0;
  VARIANT value = EMPTY;
  value.vt = VT_RECORD;
  value.pRecInfo = &record.info;
  value.pvRecord = &anything;
  faults_each(copy_text, &value);
  assert_int_equal(record.references, 1);
}

static void custom_data_is_released(void **state) {
  (void)state;
  CUSTDATA data = { 2, CoTaskMemAlloc(2 * sizeof(CUSTDATAITEM)) };
  assert_non_null(data.prgCustData);
  memset(data.prgCustData, 0, 2 * sizeof(CUSTDATAITEM));
  data.prgCustData[0].varValue.vt = VT_BSTR;
  data.prgCustData[0].varValue.bstrVal = SysAllocString(u"text");
  data.prgCustData[1].varValue.vt = VT_I4;
  ClearCustData(&data);
  assert_int_equal(data.cCustData, 0);
  assert_null(data.prgCustData);
  ClearCustData(&data);
  ClearCustData(NULL);
  assert_true(OaBuildVersion() != 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(init_sets_every_byte_to_zero),
    cmocka_unit_test(junk_is_refused_by_its_type),
    cmocka_unit_test(clear_releases_what_is_owned),
    cmocka_unit_test(a_locked_array_stays),
    cmocka_unit_test(records_are_cleared_and_copied_through_their_info),
    cmocka_unit_test(copies_are_deep),
    cmocka_unit_test(a_reference_is_copied_as_one),
    cmocka_unit_test(indirection_is_followed),
    cmocka_unit_test(indirection_has_limits),
    cmocka_unit_test(custom_data_is_released),
    cmocka_unit_test(a_failed_allocation_changes_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
