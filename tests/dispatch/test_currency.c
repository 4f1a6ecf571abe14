/* Currency: all VarCy functions. Values in 1/10000. */
#include "support/values.h"

static CY cy(int64_t units) {
  CY result = { .int64 = units };
  return result;
}

typedef HRESULT Binary(CY left, CY right, LPCY result);

static void two_operands(void **state) {
  (void)state;
  static const struct {
    Binary *function;
    int64_t left, right;
    HRESULT hr;
    int64_t expected;
  } rows[] = {
    { VarCyAdd, 10000, 5000, S_OK, 15000 },
    { VarCyAdd, INT64_MAX, 1, DISP_E_OVERFLOW, 0 },
    { VarCyAdd, INT64_MIN, -1, DISP_E_OVERFLOW, 0 },
    { VarCySub, 10000, 15000, S_OK, -5000 },
    { VarCySub, INT64_MIN, 1, DISP_E_OVERFLOW, 0 },
    { VarCyMul, 15000, 20000, S_OK, 30000 },
    { VarCyMul, 1, 5000, S_OK, 0 },
    { VarCyMul, 3, 5000, S_OK, 2 },
    { VarCyMul, -3, 5000, S_OK, -2 },
    { VarCyMul, -1, 5000, S_OK, 0 },
    { VarCyMul, INT64_MAX, 10000, S_OK, INT64_MAX },
    { VarCyMul, INT64_MAX, 10001, DISP_E_OVERFLOW, 0 },
    { VarCyMul, INT64_MIN, 10000, S_OK, INT64_MIN },
    { VarCyMul, INT64_MIN, -10000, DISP_E_OVERFLOW, 0 },
  };
  for (size_t i = 0; i < COUNT_OF(rows); i++) {
    CY result = cy(77);
    assert_int_equal(rows[i].function(cy(rows[i].left), cy(rows[i].right), &result), rows[i].hr);
    assert_true(result.int64 == (FAILED(rows[i].hr) ? 77 : rows[i].expected));
  }
}

static void by_integers(void **state) {
  (void)state;
  CY result;
  assert_int_equal(VarCyMulI4(cy(15000), -3, &result), S_OK);
  assert_true(result.int64 == -45000);
  assert_int_equal(VarCyMulI4(cy(INT64_MAX), 2, &result), DISP_E_OVERFLOW);
  assert_int_equal(VarCyMulI8(cy(1), INT64_MIN, &result), S_OK);
  assert_true(result.int64 == INT64_MIN);
  assert_int_equal(VarCyMulI8(cy(INT64_MIN), INT64_MIN, &result), DISP_E_OVERFLOW);
}

typedef HRESULT Unary(CY value, LPCY result);

static void one_operand(void **state) {
  (void)state;
  static const struct {
    Unary *function;
    int64_t value;
    HRESULT hr;
    int64_t expected;
  } rows[] = {
    { VarCyAbs, -15, S_OK, 15 },
    { VarCyAbs, 15, S_OK, 15 },
    { VarCyAbs, INT64_MIN, DISP_E_OVERFLOW, 0 },
    { VarCyNeg, 15, S_OK, -15 },
    { VarCyNeg, INT64_MIN, DISP_E_OVERFLOW, 0 },
    { VarCyFix, 19999, S_OK, 10000 },
    { VarCyFix, -19999, S_OK, -10000 },
    { VarCyInt, 19999, S_OK, 10000 },
    { VarCyInt, -10001, S_OK, -20000 },
    { VarCyInt, -10000, S_OK, -10000 },
    { VarCyInt, INT64_MIN, DISP_E_OVERFLOW, 0 },
    { VarCyFix, INT64_MIN, S_OK, -9223372036854770000 },
  };
  for (size_t i = 0; i < COUNT_OF(rows); i++) {
    CY result = cy(77);
    assert_int_equal(rows[i].function(cy(rows[i].value), &result), rows[i].hr);
    assert_true(result.int64 == (FAILED(rows[i].hr) ? 77 : rows[i].expected));
  }
}

static void rounding(void **state) {
  (void)state;
  static const struct {
    int64_t value;
    int places;
    HRESULT hr;
    int64_t expected;
  } rows[] = {
    { 12345, 4, S_OK, 12345 },
    { 12345, 3, S_OK, 12340 },
    { 12355, 3, S_OK, 12360 },
    { 12350, 2, S_OK, 12400 },
    { 12450, 2, S_OK, 12400 },
    { 12451, 2, S_OK, 12500 },
    { 5000, 0, S_OK, 0 },
    { 15000, 0, S_OK, 20000 },
    { -15000, 0, S_OK, -20000 },
    { -25000, 0, S_OK, -20000 },
    { 12345, 50, S_OK, 12345 },
    { 12345, -1, E_INVALIDARG, 0 },
    { INT64_MAX, 0, DISP_E_OVERFLOW, 0 },
  };
  for (size_t i = 0; i < COUNT_OF(rows); i++) {
    CY result = cy(77);
    assert_int_equal(VarCyRound(cy(rows[i].value), rows[i].places, &result), rows[i].hr);
    assert_true(result.int64 == (FAILED(rows[i].hr) ? 77 : rows[i].expected));
  }
}

static void comparison(void **state) {
  (void)state;
  assert_int_equal(VarCyCmp(cy(1), cy(2)), VARCMP_LT);
  assert_int_equal(VarCyCmp(cy(2), cy(2)), VARCMP_EQ);
  assert_int_equal(VarCyCmp(cy(INT64_MAX), cy(INT64_MIN)), VARCMP_GT);
  assert_int_equal(VarCyCmpR8(cy(15000), 1.5), VARCMP_EQ);
  assert_int_equal(VarCyCmpR8(cy(15000), 1.6), VARCMP_LT);
  assert_int_equal(VarCyCmpR8(cy(15000), -1.6), VARCMP_GT);
  assert_int_equal(VarCyCmpR8(cy(15000), 1e30), DISP_E_OVERFLOW);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(two_operands), cmocka_unit_test(by_integers), cmocka_unit_test(one_operand),
    cmocka_unit_test(rounding),     cmocka_unit_test(comparison),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
