/* VARIANTs, BSTRs and SAFEARRAYs on the wire: bytes of [MS-OAUT] 2.2.23, 2.2.29 and 2.2.30, there and back. */
#include "tests/remote/ndr_test.h"

#include "support/faults.h"

typedef struct VariantCase {
  const char *label;
  const char *stub; /* with the mark in front, and the padding behind it */
  VARIANT value;
} VariantCase;

static LONG seven = 7;
static VARIANT seven_variant = { .vt = VT_I4, .lVal = 7 };

#define MARK "55736572 00000000 "

static const VariantCase scalars[] = {
  { "EMPTY", MARK "03000000 00000000 0000 000000000000 00000000", { .vt = VT_EMPTY } },
  { "NULL", MARK "03000000 00000000 0100 000000000000 01000000", { .vt = VT_NULL } },
  { "I4", MARK "03000000 00000000 0300 000000000000 03000000 2a000000", { .vt = VT_I4, .lVal = 42 } },
  { "R8",
    MARK "04000000 00000000 0500 000000000000 05000000 00000000 00000000 00000440",
    { .vt = VT_R8, .dblVal = 2.5 } },
  { "BOOL", MARK "03000000 00000000 0b00 000000000000 0b000000 ffff", { .vt = VT_BOOL, .boolVal = VARIANT_TRUE } },
  { "UI1", MARK "03000000 00000000 1100 000000000000 11000000 fe", { .vt = VT_UI1, .bVal = 254 } },
  { "I2", MARK "03000000 00000000 0200 000000000000 02000000 feff", { .vt = VT_I2, .iVal = -2 } },
  { "R4", MARK "03000000 00000000 0400 000000000000 04000000 0000c03f", { .vt = VT_R4, .fltVal = 1.5f } },
  { "ERROR",
    MARK "03000000 00000000 0a00 000000000000 0a000000 04000280",
    { .vt = VT_ERROR, .scode = DISP_E_PARAMNOTFOUND } },
  { "CY",
    MARK "04000000 00000000 0600 000000000000 06000000 00000000 10270000 00000000",
    { .vt = VT_CY, .cyVal = { .int64 = 10000 } } },
  { "DATE",
    MARK "04000000 00000000 0700 000000000000 07000000 00000000 00000000 0000f03f",
    { .vt = VT_DATE, .date = 1.0 } },
  { "I8",
    MARK "04000000 00000000 1400 000000000000 14000000 00000000 feffffff ffffffff",
    { .vt = VT_I8, .llVal = -2 } },
  { "INT", MARK "03000000 00000000 1600 000000000000 16000000 ffffffff", { .vt = VT_INT, .intVal = -1 } },
  { "BYREF|I4",
    MARK "04000000 00000000 0340 000000000000 03400000 04000200 07000000",
    { .vt = VT_BYREF | VT_I4, .plVal = &seven } },
  { "BYREF|VARIANT",
    MARK "07000000 00000000 0c40 000000000000 0c400000 04000200 55736572 00000000"
         "03000000 00000000 03000000 00000000 03000000 07000000",
    { .vt = VT_BYREF | VT_VARIANT, .pvarVal = &seven_variant } },
  { "BYREF|I4 to nothing", MARK "03000000 00000000 0340 000000000000 03400000 00000000", { .vt = VT_BYREF | VT_I4 } },
  { "ARRAY of nothing", MARK "03000000 00000000 0320 000000000000 00200000 00000000", { .vt = VT_ARRAY | VT_I4 } },
};

static bool same_scalar(const VARIANT *a, const VARIANT *b) {
  if (V_VT(a) != V_VT(b))
    return false;
  if (V_VT(a) == (VT_BYREF | VT_VARIANT))
    return same_scalar(V_VARIANTREF(a), V_VARIANTREF(b));
  if (V_VT(a) == (VT_BYREF | VT_I4) && V_BYREF(a) && V_BYREF(b))
    return *V_I4REF(a) == *V_I4REF(b);
  const BaseType *base = base_type(V_VT(a));
  return memcmp(&a->llVal, &b->llVal, base ? base->size : sizeof(void *)) == 0;
}

static void test_scalars(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof scalars / sizeof *scalars; i++) {
    NdrWriter writer;
    NdrReader reader;
    NdrCell *cells = NULL;
    VARIANT back;
    size_t size;
    ndr_writer_begin(&writer, NULL);
    ndr_put_variant(&writer, &scalars[i].value);
    check_stub(scalars[i].label, &writer, scalars[i].stub);
    uint8_t *stub = stub_of(&writer, &size);
    ndr_reader_begin(&reader, stub, size, NULL);
    reader.cells = &cells;
    ndr_get_variant(&reader, &back);
    assert_int_equal(reader.error, S_OK);
    assert_int_equal(ndr_left(&reader), 0);
    assert_true(same_scalar(&scalars[i].value, &back));
    for (size_t shorter = 0; shorter < size; shorter++) {
      ndr_reader_begin(&reader, stub, shorter, NULL);
      reader.cells = &cells;
      ndr_get_variant(&reader, &back);
      assert_int_equal(reader.error, (HRESULT)0x800706F7);
    }
    ndr_cells_free(cells);
    test_free(stub);
    ndr_writer_end(&writer, true);
  }
}

/* Where nobody remembers references, values come. */
static void test_references_become_values(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof scalars / sizeof *scalars; i++) {
    uint8_t stub[128];
    size_t size = bytes_of(scalars[i].stub, stub, sizeof stub);
    NdrReader reader;
    VARIANT back;
    ndr_reader_begin(&reader, stub, size, NULL);
    ndr_get_variant(&reader, &back);
    assert_int_equal(reader.error, S_OK);
    assert_false(V_VT(&back) & VT_BYREF);
    if (V_VT(&scalars[i].value) & VT_BYREF && V_BYREF(&scalars[i].value)) {
      assert_int_equal(V_VT(&back), VT_I4);
      assert_int_equal(V_I4(&back), 7);
    }
  }
}

static SAFEARRAY *array_of(VARTYPE vt, ULONG count) {
  SAFEARRAY *array = SafeArrayCreateVector(vt, 0, count);
  assert_non_null(array);
  return array;
}

static SAFEARRAY *doubles(void) {
  SAFEARRAY *array = array_of(VT_R8, 2);
  memcpy(array->pvData, (double[]){ 1.5, 2.5 }, 2 * sizeof(double));
  return array;
}

static SAFEARRAY *texts(void) {
  SAFEARRAY *array = array_of(VT_BSTR, 2);
  ((BSTR *)array->pvData)[0] = SysAllocString(u"a");
  ((BSTR *)array->pvData)[1] = SysAllocString(u"bc");
  return array;
}

/* [1..2, 0..2] of I2 */
static SAFEARRAY *table(void) {
  SAFEARRAYBOUND bounds[] = { { 2, 1 }, { 3, 0 } };
  SAFEARRAY *array = SafeArrayCreate(VT_I2, 2, bounds);
  memcpy(array->pvData, (SHORT[]){ 1, 2, 3, 4, 5, 6 }, 6 * sizeof(SHORT));
  return array;
}

static SAFEARRAY *nothing(void) {
  return array_of(VT_I4, 0);
}

static SAFEARRAY *decimals(void) {
  SAFEARRAY *array = array_of(VT_DECIMAL, 1);
  *(DECIMAL *)array->pvData = (DECIMAL){ .scale = 1, .Lo64 = 5 };
  return array;
}

static SAFEARRAY *variants(void) {
  SAFEARRAY *array = array_of(VT_VARIANT, 2);
  ((VARIANT *)array->pvData)[0] = (VARIANT){ .vt = VT_I4, .lVal = 7 };
  return array;
}

typedef struct ArrayCase {
  const char *label, *stub;
  VARTYPE vt;
  SAFEARRAY *(*make)(void);
} ArrayCase;

static const ArrayCase arrays[] = {
  { "R8",
    MARK "0a000000 00000000 0520 000000000000 00200000 04000200 01000000 0100 8000 08000000 0000 0500 14000000 02000000"
         "08000200 02000000 00000000 02000000 00000000 0000f83f 00000000 00000440",
    VT_R8, doubles },
  { "BSTR",
    MARK "0d000000 00000000 0820 000000000000 00200000 04000200 01000000 0100 8001 04000000 0000 0800 08000000 02000000"
         "08000200 02000000 00000000 02000000 55736572 55736572 01000000 02000000 01000000 6100 0000"
         "02000000 04000000 02000000 62006300",
    VT_BSTR, texts },
  { "I2 of two dimensions",
    MARK "0b000000 00000000 0220 000000000000 00200000 04000200 02000000 0200 8000 02000000 0000 0200 02000000 06000000"
         "08000200 02000000 01000000 03000000 00000000 06000000 0100 0200 0300 0400 0500 0600",
    VT_I2, table },
  { "no elements",
    MARK "08000000 00000000 0320 000000000000 00200000 04000200 01000000 0100 8000 04000000 0000 0300 03000000 00000000"
         "08000200 00000000 00000000 00000000",
    VT_I4, nothing },
  { "DECIMAL",
    MARK "0a000000 00000000 0e20 000000000000 00200000 04000200 01000000 0100 8000 10000000 0000 0e00 14000000 02000000"
         "08000200 01000000 00000000 02000000 0000 01 00 00000000 05000000 00000000",
    VT_DECIMAL, decimals },
  { "VARIANT",
    MARK "0f000000 00000000 0c20 000000000000 00200000 04000200 01000000 0100 8008 10000000 0000 0c00 0c000000 02000000"
         "08000200 02000000 00000000 02000000 55736572 55736572"
         "03000000 00000000 0300 000000000000 03000000 07000000"
         "03000000 00000000 0000 000000000000 00000000",
    VT_VARIANT, variants },
};

static void check_array(const ArrayCase *row, const SAFEARRAY *array, const SAFEARRAY *back) {
  VARTYPE vt;
  assert_int_equal(SafeArrayGetVartype((SAFEARRAY *)back, &vt), S_OK);
  assert_int_equal(vt, row->vt);
  assert_int_equal(back->cDims, array->cDims);
  assert_int_equal(back->cbElements, array->cbElements);
  assert_memory_equal(back->rgsabound, array->rgsabound, array->cDims * sizeof *array->rgsabound);
  if (row->vt == VT_BSTR) {
    for (ULONG i = 0; i < 2; i++)
      assert_int_equal(VarBstrCmp(((BSTR *)back->pvData)[i], ((BSTR *)array->pvData)[i], 0, 0), VARCMP_EQ);
  } else if (row->vt != VT_VARIANT) {
    size_t count = 1;
    for (USHORT i = 0; i < array->cDims; i++)
      count *= array->rgsabound[i].cElements;
    assert_memory_equal(back->pvData, array->pvData, count * array->cbElements);
  } else {
    assert_true(same_scalar(back->pvData, array->pvData));
  }
}

static void test_arrays(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) {
    NdrWriter writer;
    NdrReader reader;
    size_t size;
    SAFEARRAY *array = arrays[i].make();
    VARIANT value = { .vt = (VARTYPE)(VT_ARRAY | arrays[i].vt), .parray = array }, back;
    ndr_writer_begin(&writer, NULL);
    ndr_put_variant(&writer, &value);
    check_stub(arrays[i].label, &writer, arrays[i].stub);
    uint8_t *stub = stub_of(&writer, &size);
    ndr_reader_begin(&reader, stub, size, NULL);
    ndr_get_variant(&reader, &back);
    assert_int_equal(reader.error, S_OK);
    assert_int_equal(ndr_left(&reader), 0);
    check_array(&arrays[i], array, V_ARRAY(&back));
    VariantClear(&back);
    for (size_t shorter = 0; shorter < size; shorter++) {
      ndr_reader_begin(&reader, stub, shorter, NULL);
      ndr_get_variant(&reader, &back);
      assert_int_equal(reader.error, (HRESULT)0x800706F7);
      assert_int_equal(V_VT(&back), VT_EMPTY);
    }
    test_free(stub);
    ndr_writer_end(&writer, true);
    SafeArrayDestroy(array);
  }
}

/* An array of I4 that says it is one of BSTRs, and the like. */
static void test_arrays_are_what_is_declared(void **state) {
  (void)state;
  static const VARTYPE kinds[] = { VT_I4, VT_BSTR, VT_VARIANT, VT_R8, VT_UNKNOWN, VT_DISPATCH, VT_DECIMAL };
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
      NdrWriter writer;
      NdrReader reader;
      size_t size;
      SAFEARRAY *array = array_of(kinds[i], 2), *back;
      ndr_writer_begin(&writer, NULL);
      ndr_put_safearray(&writer, array, NULL);
      uint8_t *stub = stub_of(&writer, &size);
      ndr_reader_begin(&reader, stub, size, NULL);
      ndr_get_safearray(&reader, type_of_vartype(kinds[k]), &back);
      bool fits = i == k || (kinds[i] == VT_DISPATCH && kinds[k] == VT_UNKNOWN);
      assert_int_equal(SUCCEEDED(reader.error), fits);
      assert_int_equal(back != NULL, fits);
      SafeArrayDestroy(back);
      SafeArrayDestroy(array);
      test_free(stub);
      ndr_writer_end(&writer, true);
    }
}

/* The features of an array say less than a VARTYPE: what has none comes back with none. */
static void test_array_without_vartype(void **state) {
  (void)state;
  SAFEARRAY *array, *back;
  NdrWriter writer;
  NdrReader reader;
  size_t size;
  assert_int_equal(SafeArrayAllocDescriptor(1, &array), S_OK);
  array->cbElements = 2;
  array->rgsabound[0] = (SAFEARRAYBOUND){ 3, -1 };
  array->fFeatures = FADF_FIXEDSIZE;
  assert_int_equal(SafeArrayAllocData(array), S_OK);
  ndr_writer_begin(&writer, NULL);
  ndr_put_safearray(&writer, array, NULL);
  check_stub("no VARTYPE", &writer,
             "04000200 55736572 01000000 0100 0000 02000000 00000000 02000000 03000000 08000200 03000000 ffffffff"
             "03000000 0000 0000 0000");
  uint8_t *stub = stub_of(&writer, &size);
  ndr_reader_begin(&reader, stub, size, NULL);
  ndr_get_safearray(&reader, NULL, &back);
  assert_int_equal(reader.error, S_OK);
  assert_int_equal(back->fFeatures, 0);
  assert_int_equal(back->cbElements, 2);
  assert_int_equal(back->rgsabound[0].lLbound, -1);
  SafeArrayDestroy(back);
  SafeArrayDestroy(array);
  test_free(stub);
  ndr_writer_end(&writer, true);
}

static void test_bstrs(void **state) {
  (void)state;
  static const struct {
    const char *label, *bytes;
    UINT size;
    const char *stub;
  } rows[] = {
    { "Ab", "A\0b", 4, "55736572 02000000 04000000 02000000 41006200" },
    { "empty", "", 0, "55736572 00000000 00000000 00000000" },
    { "odd", "xyz", 3, "55736572 02000000 03000000 02000000 78797a00" },
    { "none", NULL, 0, "55736572 00000000 ffffffff 00000000" },
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    BSTR text = rows[i].bytes ? SysAllocStringByteLen(rows[i].bytes, rows[i].size) : NULL, back;
    NdrWriter writer;
    NdrReader reader;
    size_t size;
    ndr_writer_begin(&writer, NULL);
    ndr_put_bstr(&writer, text);
    check_stub(rows[i].label, &writer, rows[i].stub);
    uint8_t *stub = stub_of(&writer, &size);
    ndr_reader_begin(&reader, stub, size, NULL);
    ndr_get_bstr(&reader, &back);
    assert_int_equal(reader.error, S_OK);
    assert_int_equal(!back, !text);
    assert_int_equal(SysStringByteLen(back), rows[i].size);
    if (text)
      assert_memory_equal(back, text, rows[i].size);
    SysFreeString(back);
    SysFreeString(text);
    test_free(stub);
    ndr_writer_end(&writer, true);
  }
}

static void test_interfaces_in_arrays(void **state) {
  (void)state;
  Counted one = counted_new(), two = counted_new();
  TestInterfaces interfaces = test_interfaces(&one, &two);
  SAFEARRAY *array = array_of(VT_UNKNOWN, 3), *back;
  SafeArraySetIID(array, &IID_IStream);
  ((IUnknown **)array->pvData)[0] = &one.face;
  ((IUnknown **)array->pvData)[2] = &two.face;
  one.references++;
  two.references++;
  NdrWriter writer;
  NdrReader reader;
  size_t size;
  ndr_writer_begin(&writer, &interfaces.interfaces);
  ndr_put_safearray(&writer, array, NULL);
  assert_int_equal(writer.error, S_OK);
  assert_int_equal(interfaces.under_way, 2);
  uint8_t *stub = stub_of(&writer, &size);
  ndr_reader_begin(&reader, stub, size, &interfaces.interfaces);
  ndr_get_safearray(&reader, NULL, &back);
  assert_int_equal(reader.error, S_OK);
  IID iid;
  assert_int_equal(SafeArrayGetIID(back, &iid), S_OK);
  assert_true(IsEqualIID(&iid, &IID_IStream));
  assert_true(IsEqualIID(&interfaces.last_iid, &IID_IStream));
  assert_ptr_equal(((IUnknown **)back->pvData)[0], &one.face);
  assert_null(((IUnknown **)back->pvData)[1]);
  SafeArrayDestroy(back);
  ndr_writer_end(&writer, true);
  ndr_writer_begin(&writer, &interfaces.interfaces);
  ndr_put_safearray(&writer, array, NULL);
  ndr_writer_end(&writer, false);
  SafeArrayDestroy(array);
  assert_int_equal(interfaces.under_way, 0);
  assert_int_equal(one.references, 1);
  assert_int_equal(two.references, 1);
  test_free(stub);
}

/* VARIANTs in VARIANTs are limited on both sides. */
static void test_nesting(void **state) {
  (void)state;
  enum { LEVELS = 100 };
  VARIANT levels[LEVELS];
  levels[0] = (VARIANT){ .vt = VT_I4, .lVal = 1 };
  for (int i = 1; i < LEVELS; i++)
    levels[i] = (VARIANT){ .vt = VT_BYREF | VT_VARIANT, .pvarVal = &levels[i - 1] };
  NdrWriter writer;
  ndr_writer_begin(&writer, NULL);
  ndr_put_variant(&writer, &levels[LEVELS - 1]);
  assert_int_equal(writer.error, E_INVALIDARG);
  ndr_writer_end(&writer, false);
  ndr_writer_begin(&writer, NULL);
  ndr_put_variant(&writer, &levels[40]);
  assert_int_equal(writer.error, S_OK);
  size_t size;
  uint8_t *stub = stub_of(&writer, &size);
  NdrReader reader;
  VARIANT back;
  ndr_reader_begin(&reader, stub, size, NULL);
  ndr_get_variant(&reader, &back);
  assert_int_equal(reader.error, S_OK);
  assert_int_equal(V_VT(&back), VT_I4);
  test_free(stub);
  ndr_writer_end(&writer, true);
}

/* Damaged in one byte, a stub is refused or read; nothing else. */
static void test_damaged(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) {
    uint8_t stub[256];
    size_t size = bytes_of(arrays[i].stub, stub, sizeof stub);
    for (size_t at = 0; at < size; at++)
      for (int bit = 0; bit < 8; bit++) {
        NdrReader reader;
        NdrCell *cells = NULL;
        VARIANT back;
        stub[at] ^= (uint8_t)(1 << bit);
        ndr_reader_begin(&reader, stub, size, NULL);
        reader.cells = &cells;
        ndr_get_variant(&reader, &back);
        VariantClear(&back);
        ndr_cells_free(cells);
        stub[at] ^= (uint8_t)(1 << bit);
      }
  }
}

typedef struct MemoryCase {
  const VARIANT *value;
  uint8_t *stub;
  size_t size;
} MemoryCase;

static int write_variant(void *context) {
  const MemoryCase *row = context;
  NdrWriter writer;
  ndr_writer_begin(&writer, NULL);
  ndr_put_variant(&writer, row->value);
  HRESULT hr = writer.error;
  ndr_writer_end(&writer, false);
  return hr == S_OK || hr == E_OUTOFMEMORY ? 0 : 1;
}

static int read_variant(void *context) {
  const MemoryCase *row = context;
  NdrReader reader;
  VARIANT back;
  NdrCell *cells = NULL;
  ndr_reader_begin(&reader, row->stub, row->size, NULL);
  reader.cells = &cells;
  ndr_get_variant(&reader, &back);
  HRESULT hr = reader.error;
  VariantClear(&back);
  ndr_cells_free(cells);
  return hr == S_OK || hr == E_OUTOFMEMORY ? 0 : 1;
}

static void test_memory(void **state) {
  (void)state;
  VARIANT values[sizeof arrays / sizeof *arrays + 1];
  for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
    values[i] = (VARIANT){ .vt = (VARTYPE)(VT_ARRAY | arrays[i].vt), .parray = arrays[i].make() };
  values[sizeof arrays / sizeof *arrays] = (VARIANT){ .vt = VT_BYREF | VT_VARIANT, .pvarVal = &values[1] };
  for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
    MemoryCase row = { &values[i], NULL, 0 };
    NdrWriter writer;
    faults_each(write_variant, &row);
    ndr_writer_begin(&writer, NULL);
    ndr_put_variant(&writer, &values[i]);
    row.stub = stub_of(&writer, &row.size);
    faults_each(read_variant, &row);
    test_free(row.stub);
    ndr_writer_end(&writer, true);
  }
  for (size_t i = 0; i < sizeof values / sizeof *values; i++)
    VariantClear(&values[i]);
}

/* Long texts and arrays are not copied on their way out, and once on their way in. */
static void test_bulk(void **state) {
  (void)state;
  enum { UNITS = 50 * 1000 * 1000 };
  BSTR text = SysAllocStringLen(NULL, UNITS), back;
  for (UINT i = 0; i < UNITS; i++)
    text[i] = (OLECHAR)i;
  NdrWriter writer;
  NdrReader reader;
  size_t size;
  ndr_writer_begin(&writer, NULL);
  ndr_put_bstr(&writer, text);
  ndr_put_u32(&writer, 5);
  assert_int_equal(writer.size, 4 * 5);
  struct iovec pieces[3];
  assert_int_equal(ndr_writer_gather(&writer, pieces), 3);
  assert_ptr_equal(pieces[1].iov_base, text);
  uint8_t *stub = stub_of(&writer, &size);
  ndr_reader_begin(&reader, stub, size, NULL);
  ndr_get_bstr(&reader, &back);
  assert_int_equal(ndr_get_u32(&reader), 5);
  assert_int_equal(reader.error, S_OK);
  assert_int_equal(SysStringLen(back), UNITS);
  assert_memory_equal(back, text, UNITS * sizeof *text);
  test_free(stub);
  ndr_writer_end(&writer, true);
  SysFreeString(back);
  SysFreeString(text);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_scalars),
    cmocka_unit_test(test_references_become_values),
    cmocka_unit_test(test_arrays),
    cmocka_unit_test(test_arrays_are_what_is_declared),
    cmocka_unit_test(test_array_without_vartype),
    cmocka_unit_test(test_bstrs),
    cmocka_unit_test(test_interfaces_in_arrays),
    cmocka_unit_test(test_nesting),
    cmocka_unit_test(test_damaged),
    cmocka_unit_test(test_memory),
    cmocka_unit_test(test_bulk),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
