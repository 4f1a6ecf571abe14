/* VarNeg, VarAbs, VarFix, VarInt, VarRound. */
#include "support/values.h"

typedef HRESULT Unary(LPVARIANT value, LPVARIANT result);

typedef struct Row {
  VARIANT value;
  HRESULT hr;
  VARIANT expected;
} Row;

static void run(Unary *function, const Row *rows, size_t count) {
  for (size_t i = 0; i < count; i++) {
    VARIANT value = rows[i].value;
    VARIANT result = EMPTY;
    HRESULT hr = function(&value, &result);
    check_value(i, hr, rows[i].hr, &result, &rows[i].expected);
  }
}
#define RUN(function, rows) run(function, rows, COUNT_OF(rows))

static void bad_types_are_refused(void **state) {
  (void)state;
  static Unary *const functions[] = { VarNeg, VarFix, VarInt };
  const Row rows[] = {
    { I1(1), DISP_E_TYPEMISMATCH, EMPTY },
    { UI2(1), DISP_E_TYPEMISMATCH, EMPTY },
    { UI4(1), DISP_E_TYPEMISMATCH, EMPTY },
    { UI8(1), DISP_E_TYPEMISMATCH, EMPTY },
    { INT_(1), DISP_E_TYPEMISMATCH, EMPTY },
    { UINT_(1), DISP_E_TYPEMISMATCH, EMPTY },
    { ERR(1), DISP_E_TYPEMISMATCH, EMPTY },
    { STR("x"), DISP_E_TYPEMISMATCH, EMPTY },
    { make_integer(VT_BYREF | VT_I2, 0), DISP_E_TYPEMISMATCH, EMPTY },
    { make_integer(VT_ARRAY | VT_I2, 0), DISP_E_TYPEMISMATCH, EMPTY },
    { make_integer(VT_RECORD, 0), DISP_E_TYPEMISMATCH, EMPTY },
    { make_integer(0x3333, 0), DISP_E_BADVARTYPE, EMPTY },
    { make_integer(VT_CLSID, 0), DISP_E_BADVARTYPE, EMPTY },
    { make_integer(VT_VECTOR | VT_I2, 0), DISP_E_BADVARTYPE, EMPTY },
    { NULL_, S_OK, NULL_ },
    { EMPTY, S_OK, I2(0) },
  };
  for (size_t i = 0; i < COUNT_OF(functions); i++) {
    RUN(functions[i], rows);
  }
}

/* VarAbs looks at the flags before the type. */
static void what_has_no_absolute_value(void **state) {
  (void)state;
  static const VARTYPE flags[] = { 0, VT_BYREF, VT_VECTOR, VT_RESERVED, VT_BYREF | VT_VECTOR | VT_RESERVED };
  for (unsigned vt = 0; vt <= VT_TYPEMASK; vt = vt == VT_CLSID + 1 ? VT_TYPEMASK : vt + 1) {
    for (size_t i = 0; i < COUNT_OF(flags); i++) {
      VARIANT value = make_integer((VARTYPE)(vt | flags[i]), 0);
      VARIANT array = make_integer((VARTYPE)(vt | flags[i] | VT_ARRAY), 0);
      VARIANT result = I2(77);
      assert_int_equal(VarAbs(&array, &result), DISP_E_TYPEMISMATCH);
      bool plain = flags[i] == 0 && ((vt <= VT_UINT && vt != 15 && vt != VT_VARIANT) || vt == VT_RECORD);
      if (!plain) {
        assert_int_equal(VarAbs(&value, &result), DISP_E_BADVARTYPE);
      }
      if (flags[i] == 0 &&
          (vt == VT_UNKNOWN || vt == VT_DISPATCH || vt == VT_ERROR || vt == VT_RECORD || vt == VT_BSTR)) {
        assert_int_equal(VarAbs(&value, &result), DISP_E_TYPEMISMATCH);
      }
    }
  }
  VARIANT text = STR("x");
  VARIANT result = EMPTY;
  assert_int_equal(VarAbs(&text, &result), DISP_E_TYPEMISMATCH);
  assert_int_equal(VarAbs(NULL, &result), E_INVALIDARG);
  assert_int_equal(VarAbs(&text, NULL), E_INVALIDARG);
}

static void negation(void **state) {
  (void)state;
  const Row rows[] = {
    { UI1(5), S_OK, I2(-5) },
    { I2(5), S_OK, I2(-5) },
    { I2(-32768), S_OK, I4(32768) },
    { I4(5), S_OK, I4(-5) },
    { I4(INT32_MIN), S_OK, R8(2147483648.0) },
    { I8(5), S_OK, I8(-5) },
    { I8(INT64_MIN), S_OK, R8(9223372036854775808.0) },
    { BOOL_(1), S_OK, I2(1) },
    { R4(1.5), S_OK, R4(-1.5) },
    { R8(-1.5), S_OK, R8(1.5) },
    { DATE_(2.5), S_OK, DATE_(-2.5) },
    { CY_(15), S_OK, CY_(-15) },
    { CY_(INT64_MIN), DISP_E_OVERFLOW, EMPTY },
    { DEC(15, 1), S_OK, DEC(-15, 1) },
    { STR("1.5"), S_OK, R8(-1.5) },
  };
  RUN(VarNeg, rows);
}

static void absolute_value(void **state) {
  (void)state;
  const Row rows[] = {
    { UI1(5), S_OK, UI1(5) },
    { I2(-5), S_OK, I2(5) },
    { I2(-32768), S_OK, I4(32768) },
    { I4(-5), S_OK, I4(5) },
    { I4(INT32_MIN), S_OK, R8(2147483648.0) },
    { I8(-5), S_OK, I8(5) },
    { I8(INT64_MIN), S_OK, R8(9223372036854775808.0) },
    { BOOL_(1), S_OK, I2(1) },
    { R4(-1.5), S_OK, R4(1.5) },
    { R8(-1.5), S_OK, R8(1.5) },
    { DATE_(-2.5), S_OK, DATE_(2.5) },
    { CY_(-15), S_OK, CY_(15) },
    { DEC(-15, 1), S_OK, DEC(15, 1) },
    { STR("-1.5"), S_OK, R8(1.5) },
  };
  RUN(VarAbs, rows);
}

static void fix_and_int(void **state) {
  (void)state;
  const Row fixes[] = {
    { UI1(5), S_OK, UI1(5) },           { I2(-5), S_OK, I2(-5) },           { BOOL_(1), S_OK, I2(-1) },
    { I4(-5), S_OK, I4(-5) },           { I8(-5), S_OK, I8(-5) },           { R4(-1.5), S_OK, R4(-1) },
    { R8(1.999), S_OK, R8(1) },         { R8(-1.999), S_OK, R8(-1) },       { DATE_(-1.5), S_OK, DATE_(-1) },
    { CY_(-19999), S_OK, CY_(-10000) }, { DEC(-199, 2), S_OK, DEC(-1, 0) }, { STR("-1.5"), S_OK, R8(-1) },
  };
  RUN(VarFix, fixes);
  const Row ints[] = {
    { UI1(5), S_OK, UI1(5) },           { I2(-5), S_OK, I2(-5) },           { BOOL_(1), S_OK, I2(-1) },
    { I4(-5), S_OK, I4(-5) },           { I8(-5), S_OK, I8(-5) },           { R4(-1.5), S_OK, R4(-2) },
    { R8(1.999), S_OK, R8(1) },         { R8(-1.001), S_OK, R8(-2) },       { DATE_(-1.5), S_OK, DATE_(-2) },
    { CY_(-10001), S_OK, CY_(-20000) }, { CY_(-10000), S_OK, CY_(-10000) }, { DEC(-101, 2), S_OK, DEC(-2, 0) },
    { DEC(-100, 2), S_OK, DEC(-1, 0) }, { STR("-1.5"), S_OK, R8(-2) },
  };
  RUN(VarInt, ints);
}

static void rounding(void **state) {
  (void)state;
  const struct {
    VARIANT value;
    int places;
    HRESULT hr;
    VARIANT expected;
  } rows[] = {
    { R8(0.5), 0, S_OK, R8(0) },
    { R8(1.5), 0, S_OK, R8(2) },
    { R8(-2.5), 0, S_OK, R8(-2) },
    { R8(1.25), 1, S_OK, R8(1.2) },
    { R8(1.375), 2, S_OK, R8(1.38) },
    { R8(1e300), 30, S_OK, R8(1e300) },
    { R4(1.25), 1, S_OK, R4(1.2) },
    { DATE_(1.5), 0, S_OK, DATE_(2) },
    { CY_(12345), 3, S_OK, CY_(12340) },
    { CY_(12355), 3, S_OK, CY_(12360) },
    { CY_(12345), 9, S_OK, CY_(12345) },
    { DEC(125, 2), 1, S_OK, DEC(12, 1) },
    { DEC(135, 2), 1, S_OK, DEC(14, 1) },
    { DEC(125, 2), 5, S_OK, DEC(125, 2) },
    { STR("2.5"), 0, S_OK, R8(2) },
    { I2(7), 0, S_OK, I2(7) },
    { UI1(7), 3, S_OK, UI1(7) },
    { I8(7), 3, S_OK, I8(7) },
    { BOOL_(1), 0, S_OK, I2(-1) },
    { EMPTY, 0, S_OK, I2(0) },
    { NULL_, 0, S_OK, NULL_ },
    { R8(1), -1, E_INVALIDARG, EMPTY },
    { UI4(1), 0, DISP_E_TYPEMISMATCH, EMPTY },
  };
  for (size_t i = 0; i < COUNT_OF(rows); i++) {
    VARIANT value = rows[i].value;
    VARIANT result = EMPTY;
    HRESULT hr = VarRound(&value, rows[i].places, &result);
    check_value(i, hr, rows[i].hr, &result, &rows[i].expected);
  }
}

static void plain_doubles(void **state) {
  (void)state;
  double result = 77;
  assert_int_equal(VarR8Round(2.5, 0, &result), S_OK);
  assert_true(result == 2);
  assert_int_equal(VarR8Round(1.375, 2, &result), S_OK);
  assert_true(result == 1.38);
  assert_int_equal(VarR8Round(1, -1, &result), E_INVALIDARG);
  assert_int_equal(VarR8Pow(2, 0.5, &result), S_OK);
  assert_true(result == 1.4142135623730951);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(what_has_no_absolute_value),
    cmocka_unit_test(bad_types_are_refused),
    cmocka_unit_test(negation),
    cmocka_unit_test(absolute_value),
    cmocka_unit_test(fix_and_int),
    cmocka_unit_test(rounding),
    cmocka_unit_test(plain_doubles),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
