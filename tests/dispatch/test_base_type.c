/* The table of base types: every column against the declarations of the public headers, and the integers of every width. */
#include "dispatch/types/native_integer.h"
#include "dispatch/types/type.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

typedef struct Expected {
  VARTYPE vt, variant_vt, element_vt;
  uint8_t size, element_size;
} Expected;

static const Expected expected[] = {
  { VT_EMPTY, VT_ILLEGAL, VT_ILLEGAL, 0, 0 },
  { VT_NULL, VT_ILLEGAL, VT_ILLEGAL, 0, 0 },
  { VT_I1, VT_I1, VT_I1, 1, 1 },
  { VT_BOOL, VT_BOOL, VT_BOOL, 2, 2 },
  { VT_I4, VT_I4, VT_I4, 4, 4 },
  { VT_INT, VT_I4, VT_INT, 4, 4 },
  { VT_UINT, VT_UI4, VT_UINT, 4, 4 },
  { VT_UI8, VT_UI8, VT_UI8, 8, 8 },
  { VT_CY, VT_CY, VT_CY, sizeof(CY), sizeof(CY) },
  { VT_BSTR, VT_BSTR, VT_BSTR, sizeof(BSTR), sizeof(BSTR) },
  { VT_DISPATCH, VT_DISPATCH, VT_DISPATCH, sizeof(void *), sizeof(void *) },
  { VT_VARIANT, VT_VARIANT, VT_VARIANT, sizeof(VARIANT), sizeof(VARIANT) },
  { VT_DECIMAL, VT_DECIMAL, VT_DECIMAL, sizeof(DECIMAL), sizeof(DECIMAL) },
  { VT_HRESULT, VT_ERROR, VT_ERROR, 4, 0 },
  { VT_INT_PTR, VT_I8, VT_I8, 8, 8 },
  { VT_UINT_PTR, VT_UI8, VT_UI8, 8, 8 },
  { VT_LPWSTR, VT_ILLEGAL, VT_ILLEGAL, sizeof(void *), 0 },
  { VT_CLSID, VT_ILLEGAL, VT_ILLEGAL, sizeof(GUID), 0 },
  { VT_FILETIME, VT_ILLEGAL, VT_ILLEGAL, sizeof(FILETIME), 0 },
  { VT_VOID, VT_ILLEGAL, VT_ILLEGAL, 0, 0 },
};

static void test_rows(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
    const Expected *row = &expected[i];
    const BaseType *base = base_type(row->vt);
    assert_non_null(base);
    assert_int_equal(base->vt, row->vt);
    assert_int_equal(base->size, row->size);
    assert_int_equal(base->variant_vt, row->variant_vt);
    assert_int_equal(base_type_element_vt(base), row->element_vt);
    assert_int_equal(base->element_size, row->element_size);
  }
}

/* Whatever is asked, the three views of a VARTYPE agree, and what is no base type is none in all of them. */
static void test_views_agree(void **state) {
  (void)state;
  for (unsigned vt = 0; vt <= 0xFFFF; vt++) {
    const BaseType *base = base_type((VARTYPE)vt);
    const Type *node = type_of_vartype((VARTYPE)vt);
    assert_true((base == NULL) == (node == NULL));
    if (!base)
      continue;
    assert_ptr_equal(node->base, base);
    assert_ptr_equal(base_type_named(base->name, strlen(base->name)), base);
    assert_int_equal(node->size, base->size);
    assert_int_equal(node->alignment, base->alignment);
    assert_int_equal(node->owner, base->owner);
    assert_int_equal(node->reference, TYPE_NO_REFERENCE);
    assert_true(base->element_size == 0 || base->element_size == base->size);
    assert_true(base->in_variant || base->variant_vt != vt);
    assert_true(base->script_kind != SCRIPT_INTEGER || base->least < base->most);
  }
  assert_null(base_type(VT_RECORD));
  assert_null(base_type(VT_ARRAY | VT_I4));
  assert_null(base_type_named("I", 1));
}

static void test_integers(void **state) {
  static const struct {
    size_t size;
    bool is_signed;
    int64_t value, wide;
  } cases[] = {
    { 1, true, -1, -1 },          { 1, false, -1, 255 },
    { 1, true, 128, -128 },       { 2, true, 0x18000, -32768 },
    { 2, false, -2, 65534 },      { 4, true, INT32_MIN, INT32_MIN },
    { 4, false, -1, UINT32_MAX }, { 8, true, INT64_MIN, INT64_MIN },
    { 8, false, -1, -1 },
  };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    uint64_t memory[2] = { 0x5A5A5A5A5A5A5A5A, 0x5A5A5A5A5A5A5A5A };
    integer_store(memory, cases[i].size, cases[i].value);
    assert_int_equal(((unsigned char *)memory)[cases[i].size], 0x5A); /* nothing beyond */
    assert_int_equal(integer_load(memory, cases[i].size, cases[i].is_signed), cases[i].wide);
    assert_int_equal(integer_widen((uint64_t)cases[i].value, cases[i].size, cases[i].is_signed), cases[i].wide);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_rows),
    cmocka_unit_test(test_views_agree),
    cmocka_unit_test(test_integers),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
