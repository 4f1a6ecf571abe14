/* VarAdd, VarSub, VarMul, VarDiv, VarIdiv, VarMod, VarPow, VarCat: types of results, values, overflow. */
#include "support/faults.h"
#include "support/values.h"

typedef HRESULT Binary(LPVARIANT left, LPVARIANT right, LPVARIANT result);

typedef struct Row {
  VARIANT left;
  VARIANT right;
  HRESULT hr;
  VARIANT expected;
} Row;

#define OK(left, right, expected)                                                                                      \
  { left, right, S_OK, expected }
#define BAD(left, right, hr)                                                                                           \
  { left, right, hr, EMPTY }

static void run(Binary *function, const Row *rows, size_t count) {
  for (size_t i = 0; i < count; i++) {
    VARIANT left = rows[i].left;
    VARIANT right = rows[i].right;
    VARIANT result;
    memset(&result, 0xAA, sizeof result);
    HRESULT hr = function(&left, &right, &result);
    check_value(i, hr, rows[i].hr, &result, &rows[i].expected);
    if (SUCCEEDED(hr)) {
      VariantClear(&result);
    }
  }
}
#define RUN(function, rows) run(function, rows, COUNT_OF(rows))

static void addition(void **state) {
  (void)state;
  const Row rows[] = {
    OK(EMPTY, EMPTY, I2(0)),
    OK(EMPTY, UI1(3), UI1(3)),
    OK(EMPTY, I4(3), I4(3)),
    OK(EMPTY, STR("x"), STR("x")),
    OK(STR("1"), STR("2"), STR("12")),
    OK(STR("1"), I2(2), R8(3)),
    OK(STR("1.5"), R4(1), R8(2.5)),
    BAD(STR("x"), I2(2), DISP_E_TYPEMISMATCH),
    OK(NULL_, I4(1), NULL_),
    OK(STR("x"), NULL_, NULL_),
    OK(UI1(200), UI1(55), UI1(255)),
    OK(UI1(200), UI1(56), I2(256)),
    OK(UI1(1), I2(-2), I2(-1)),
    OK(I2(32767), I2(1), I4(32768)),
    OK(I2(-32768), I2(-1), I4(-32769)),
    OK(I2(1), I4(2), I4(3)),
    OK(I4(INT32_MAX), I4(1), R8(2147483648.0)),
    OK(I4(INT32_MIN), I4(-1), R8(-2147483649.0)),
    OK(I4(1), I8(2), I8(3)),
    OK(I8(INT64_MAX), I8(1), R8(9223372036854775808.0)),
    OK(BOOL_(1), BOOL_(1), I2(-2)),
    OK(BOOL_(1), UI1(5), I2(4)),
    OK(R4(1.5), R4(1.5), R4(3)),
    OK(R4(1.5), I2(1), R4(2.5)),
    OK(R4(1.5), I4(1), R8(2.5)),
    OK(R4(1.5), I8(1), R8(2.5)),
    OK(R4(3e38f), R4(3e38f), R8(2.0 * (double)3e38f)),
    OK(R8(1.5), R4(1), R8(2.5)),
    BAD(R8(1.7e308), R8(1.7e308), DISP_E_OVERFLOW),
    OK(CY_(10000), I4(2), CY_(30000)),
    OK(CY_(10000), R8(2), CY_(30000)),
    BAD(CY_(INT64_MAX), CY_(1), DISP_E_OVERFLOW),
    OK(DATE_(1), I2(1), DATE_(2)),
    OK(DATE_(1), DATE_(1.5), DATE_(2.5)),
    OK(DATE_(1), CY_(10000), DATE_(2)),
    OK(DATE_(2958465), I4(1), R8(2958466)),
    OK(DATE_(-600000), I4(3000000), DATE_(2400000)),
    OK(DATE_(1), STR("1.5"), DATE_(2.5)),
    OK(DEC(15, 1), I2(1), DEC(25, 1)),
    OK(DEC(15, 1), R8(0.25), DEC(175, 2)),
    OK(DEC(15, 1), DATE_(1), DEC(25, 1)),
    OK(DEC(15, 1), STR("1.5"), DEC(30, 1)),
    BAD(I1(1), I2(1), DISP_E_BADVARTYPE),
    BAD(I2(1), UI2(1), DISP_E_BADVARTYPE),
    BAD(UI4(1), I2(1), DISP_E_BADVARTYPE),
    BAD(UI8(1), I2(1), DISP_E_BADVARTYPE),
    BAD(INT_(1), I2(1), DISP_E_BADVARTYPE),
    BAD(ERR(1), I2(1), DISP_E_BADVARTYPE),
    BAD(make_integer(VT_BYREF | VT_I4, 0), I2(1), DISP_E_BADVARTYPE),
    BAD(I2(1), make_integer(VT_ARRAY | VT_I4, 0), DISP_E_BADVARTYPE),
    BAD(make_integer(0x7777, 0), I2(1), DISP_E_BADVARTYPE),
  };
  RUN(VarAdd, rows);
}

static void subtraction(void **state) {
  (void)state;
  const Row rows[] = {
    OK(EMPTY, EMPTY, I2(0)),
    OK(STR("3"), STR("1"), R8(2)),
    OK(EMPTY, STR("1"), R8(-1)),
    OK(NULL_, STR("1"), NULL_),
    OK(UI1(1), UI1(2), I2(-1)),
    OK(UI1(2), UI1(2), UI1(0)),
    OK(I2(-32768), I2(1), I4(-32769)),
    OK(I4(INT32_MIN), I4(1), R8(-2147483649.0)),
    OK(I8(INT64_MIN), I8(1), R8(-9223372036854775808.0)),
    OK(DATE_(3), DATE_(1.5), R8(1.5)),
    OK(DATE_(3), I4(1), DATE_(2)),
    OK(I4(3), DATE_(1), DATE_(2)),
    OK(DATE_(-657434), I4(1), R8(-657435)),
    OK(CY_(5), CY_(7), CY_(-2)),
    BAD(CY_(INT64_MIN), CY_(1), DISP_E_OVERFLOW),
    OK(R4(1), BOOL_(1), R4(2)),
    OK(DEC(1, 0), DEC(1, 1), DEC(9, 1)),
    BAD(STR("abc"), STR("1"), DISP_E_TYPEMISMATCH),
  };
  RUN(VarSub, rows);
}

static void multiplication(void **state) {
  (void)state;
  const Row rows[] = {
    OK(EMPTY, EMPTY, I2(0)),
    OK(NULL_, I2(1), NULL_),
    OK(STR("3"), STR("4"), R8(12)),
    OK(UI1(16), UI1(16), I2(256)),
    OK(UI1(255), UI1(255), I4(65025)),
    OK(I2(256), I2(256), I4(65536)),
    OK(I2(-32768), I2(-32768), I4(1073741824)),
    OK(I4(65536), I4(65536), R8(4294967296.0)),
    OK(I8(INT64_MAX), I8(2), R8(18446744073709551616.0)),
    OK(I8(INT64_MIN), I8(-1), R8(9223372036854775808.0)),
    OK(BOOL_(1), BOOL_(1), I2(1)),
    OK(R4(2), R4(3), R4(6)),
    OK(R4(2), CY_(30000), R8(6)),
    OK(R8(2), CY_(30000), R8(6)),
    OK(CY_(20000), CY_(30000), CY_(60000)),
    OK(CY_(20000), I4(3), CY_(60000)),
    OK(DATE_(2), I2(3), R8(6)),
    OK(DEC(25, 1), DEC(4, 0), DEC(100, 1)),
    OK(DEC(25, 1), R8(4), DEC(100, 1)),
    BAD(CY_(INT64_MAX), I4(2), DISP_E_OVERFLOW),
    BAD(R8(1e200), R8(1e200), DISP_E_OVERFLOW),
  };
  RUN(VarMul, rows);
}

static void division(void **state) {
  (void)state;
  const Row rows[] = {
    OK(I2(1), I2(2), R8(0.5)),
    OK(I4(6), I4(3), R8(2)),
    OK(R4(1), R4(4), R4(0.25)),
    OK(R4(1), I2(4), R4(0.25)),
    OK(UI1(1), R4(4), R4(0.25)),
    OK(R4(1), I4(4), R8(0.25)),
    OK(R4(1), R8(4), R8(0.25)),
    OK(CY_(10000), CY_(40000), R8(0.25)),
    OK(DATE_(1), I2(4), R8(0.25)),
    OK(STR("1"), STR("4"), R8(0.25)),
    OK(DEC(1, 0), DEC(4, 0), DEC(25, 2)),
    OK(DEC(1, 0), R8(4), DEC(25, 2)),
    OK(NULL_, I2(1), NULL_),
    BAD(I2(1), I2(0), DISP_E_DIVBYZERO),
    BAD(I2(0), I2(0), DISP_E_OVERFLOW),
    BAD(I2(1), EMPTY, DISP_E_DIVBYZERO),
    BAD(EMPTY, EMPTY, DISP_E_OVERFLOW),
    BAD(DEC(1, 0), DEC(0, 0), DISP_E_DIVBYZERO),
  };
  RUN(VarDiv, rows);
}

static void whole_division(void **state) {
  (void)state;
  const Row rows[] = {
    OK(I2(7), I2(2), I2(3)),
    OK(I2(-7), I2(2), I2(-3)),
    OK(UI1(7), UI1(2), UI1(3)),
    OK(UI1(7), I2(2), I2(3)),
    OK(I4(7), I2(2), I4(3)),
    OK(I8(7), I2(2), I8(3)),
    OK(R8(7.5), I2(2), I4(4)),
    OK(R8(6.5), I2(2), I4(3)),
    OK(STR("7"), I2(2), I4(3)),
    OK(CY_(75000), I2(2), I4(4)),
    OK(DEC(75, 1), I2(2), I4(4)),
    OK(BOOL_(1), I2(1), I2(-1)),
    OK(EMPTY, I2(1), I2(0)),
    OK(UI4(7), I2(2), I4(3)),
    OK(I1(7), I1(2), I4(3)),
    OK(NULL_, I2(2), NULL_),
    BAD(I2(7), I2(0), DISP_E_DIVBYZERO),
    BAD(I2(7), EMPTY, DISP_E_DIVBYZERO),
    BAD(I2(7), R8(0.5), DISP_E_DIVBYZERO),
    BAD(R8(3e9), I2(1), DISP_E_OVERFLOW),
    BAD(I4(INT32_MIN), I4(-1), DISP_E_OVERFLOW),
    BAD(I8(INT64_MIN), I8(-1), DISP_E_OVERFLOW),
    BAD(I8(1), INT_(1), DISP_E_BADVARTYPE),
  };
  RUN(VarIdiv, rows);
}

static void modulus(void **state) {
  (void)state;
  const Row rows[] = {
    OK(I2(7), I2(3), I2(1)),
    OK(I2(-7), I2(3), I2(-1)),
    OK(I2(7), I2(-3), I2(1)),
    OK(UI1(100), UI1(7), UI1(2)),
    OK(I4(100), UI1(7), I4(2)),
    OK(I8(100), UI1(7), I8(2)),
    OK(R8(10.6), R8(3.3), I4(2)),
    OK(STR("10"), STR("3"), I4(1)),
    OK(I4(INT32_MIN), I4(-1), I4(0)),
    OK(I8(INT64_MIN), I8(-1), I8(0)),
    OK(I2(7), NULL_, NULL_),
    BAD(I2(7), I2(0), DISP_E_DIVBYZERO),
    BAD(I2(7), BOOL_(0), DISP_E_DIVBYZERO),
    BAD(STR("x"), I2(1), DISP_E_TYPEMISMATCH),
    BAD(ERR(1), I2(1), DISP_E_TYPEMISMATCH),
    BAD(I2(1), make_integer(VT_UNKNOWN, 0), DISP_E_TYPEMISMATCH),
    BAD(I2(1), make_integer(VT_VOID, 0), DISP_E_BADVARTYPE),
  };
  RUN(VarMod, rows);
}

static void power(void **state) {
  (void)state;
  const Row rows[] = {
    OK(I2(2), I2(10), R8(1024)),
    OK(EMPTY, EMPTY, R8(1)),
    OK(STR("2"), CY_(30000), R8(8)),
    OK(DEC(25, 1), I2(2), R8(6.25)),
    OK(I4(4), R8(0.5), R8(2)),
    OK(NULL_, I2(2), NULL_),
    BAD(R8(10), I4(400), DISP_E_OVERFLOW),
    BAD(I2(-8), R8(0.5), E_INVALIDARG),
  };
  RUN(VarPow, rows);
}

static void concatenation(void **state) {
  (void)state;
  const Row rows[] = {
    OK(STR("a"), STR("b"), STR("ab")),
    OK(NULL_, NULL_, NULL_),
    OK(NULL_, STR("b"), STR("b")),
    OK(EMPTY, EMPTY, STR("")),
    OK(EMPTY, NULL_, STR("")),
    OK(I2(1), I4(-2), STR("1-2")),
    OK(BOOL_(1), BOOL_(0), STR("TrueFalse")),
    OK(R8(0.5), CY_(12500), STR("0.51.25")),
    OK(DEC(150, 2), UI8(UINT64_MAX), STR("1.518446744073709551615")),
    OK(I1(-5), UI1(5), STR("-55")),
    BAD(ERR(1), STR("b"), DISP_E_TYPEMISMATCH),
    BAD(STR("b"), ERR(1), DISP_E_TYPEMISMATCH),
    BAD(make_integer(VT_VARIANT, 0), STR("b"), DISP_E_TYPEMISMATCH),
    BAD(STR("b"), make_integer(VT_VARIANT, 0), DISP_E_TYPEMISMATCH),
    BAD(make_integer(15, 0), STR("b"), DISP_E_BADVARTYPE),
    BAD(make_integer(VT_BYREF | VT_I2, 0), STR("b"), DISP_E_BADVARTYPE),
  };
  RUN(VarCat, rows);
}

/* Which types are refused */

static HRESULT STDMETHODCALLTYPE silent_invoke(IDispatch *self, DISPID id, REFIID iid, LCID lcid, WORD kind,
                                               DISPPARAMS *parameters, VARIANT *result, EXCEPINFO *exception,
                                               UINT *argument) {
  (void)self, (void)id, (void)iid, (void)lcid, (void)kind, (void)parameters, (void)result, (void)exception,
      (void)argument;
  fail_msg("asked");
  return E_FAIL;
}

static VARIANT silent_object(void) {
  static const IDispatchVtbl vtable = { .Invoke = silent_invoke };
  static IDispatch object = { &vtable };
  VARIANT value = make_integer(VT_DISPATCH, 0);
  value.pdispVal = &object;
  return value;
}

static bool in_set(VARTYPE vt, const VARTYPE *set, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (set[i] == vt) {
      return true;
    }
  }
  return false;
}

/* What the documented order of looks says about `left - right` of NULL pointers and zeros; S_OK: nothing. */
static HRESULT subtraction_refused(VARTYPE left, VARTYPE right) {
  static const VARTYPE foreign[] = { VT_I1,   VT_UI2,     VT_UI4,     VT_UI8,   VT_INT,
                                     VT_UINT, VT_UNKNOWN, VT_VARIANT, VT_CLSID, 15 };
  if (right == VT_RECORD) {
    return DISP_E_TYPEMISMATCH;
  }
  if (left == VT_RECORD) {
    return right <= 17 || right == VT_I8 ? DISP_E_TYPEMISMATCH : DISP_E_BADVARTYPE;
  }
  if (left > VT_UINT || right > VT_UINT || in_set(left, foreign, COUNT_OF(foreign)) ||
      in_set(right, foreign, COUNT_OF(foreign))) {
    return DISP_E_BADVARTYPE;
  }
  if ((left == VT_NULL && right == VT_DISPATCH) || (left == VT_DISPATCH && right == VT_NULL)) {
    return S_OK;
  }
  bool bad = left == VT_ERROR || right == VT_ERROR || left == VT_DISPATCH || right == VT_DISPATCH;
  return bad ? DISP_E_TYPEMISMATCH : S_OK;
}

static void what_cannot_be_subtracted(void **state) {
  (void)state;
  static const VARTYPE flags[] = {
    VT_BYREF, VT_ARRAY, VT_VECTOR, VT_RESERVED, VT_ARRAY | VT_BYREF, VT_ARRAY | VT_VECTOR
  };
  for (VARTYPE left = 0; left <= VT_CLSID; left++) {
    for (VARTYPE right = 0; right <= VT_CLSID; right++) {
      VARIANT operands[] = { make_integer(left, 0), make_integer(right, 0) };
      VARIANT result = I4(1231);
      HRESULT expected = subtraction_refused(left, right);
      HRESULT hr = VarSub(&operands[0], &operands[1], &result);
      bool text = left == VT_BSTR || right == VT_BSTR; /* a NULL string is no number */
      if (hr != expected && !(text && expected == S_OK && hr == DISP_E_TYPEMISMATCH)) {
        fail_msg("types %d and %d: 0x%08X, expected 0x%08X", left, right, (unsigned)hr, (unsigned)expected);
      }
      if (FAILED(hr)) {
        assert_int_equal(result.vt, VT_EMPTY);
        assert_int_equal(result.lVal, 1231);
      } else if (left == VT_NULL || right == VT_NULL) {
        assert_int_equal(result.vt, VT_NULL);
      }
    }
    for (size_t i = 0; i < COUNT_OF(flags); i++) {
      VARIANT flagged = make_integer((VARTYPE)(left | flags[i]), 0);
      VARIANT one = I4(1);
      VARIANT result = EMPTY;
      HRESULT expected = flags[i] & VT_ARRAY ? DISP_E_TYPEMISMATCH : DISP_E_BADVARTYPE;
      assert_int_equal(VarSub(&flagged, &one, &result), expected);
      assert_int_equal(VarSub(&one, &flagged, &result), expected);
    }
  }
}

static void an_object_with_null_is_not_asked(void **state) {
  (void)state;
  static Binary *const functions[] = { VarAdd, VarSub };
  for (size_t f = 0; f < COUNT_OF(functions); f++) {
    for (size_t i = 0; i < 2; i++) {
      VARIANT object = i == 0 ? silent_object() : make_integer(VT_DISPATCH, 0);
      VARIANT null = NULL_;
      VARIANT result = EMPTY;
      assert_int_equal(functions[f](&object, &null, &result), S_OK);
      assert_int_equal(result.vt, VT_NULL);
      result.vt = VT_EMPTY;
      assert_int_equal(functions[f](&null, &object, &result), S_OK);
      assert_int_equal(result.vt, VT_NULL);
    }
  }
}

static HRESULT modulus_type(VARTYPE vt) {
  static const VARTYPE mismatches[] = { VT_ERROR, VT_VARIANT, VT_UNKNOWN, VT_RECORD };
  if (in_set(vt, mismatches, COUNT_OF(mismatches))) {
    return DISP_E_TYPEMISMATCH;
  }
  return vt > VT_UINT || vt == 15 ? DISP_E_BADVARTYPE : S_OK;
}

/* The left side is looked at before the right one. */
static void what_has_no_remainder(void **state) {
  (void)state;
  for (VARTYPE left = 0; left <= VT_CLSID; left++) {
    for (VARTYPE right = 0; right <= VT_CLSID; right++) {
      VARIANT operands[] = { make_integer(left, 0), make_integer(right, 0) };
      VARIANT result = I4(1231);
      HRESULT expected = modulus_type(left);
      if (SUCCEEDED(expected)) {
        expected = modulus_type(right);
      }
      if (SUCCEEDED(expected) && ((left == VT_I8 && right == VT_INT) || (left == VT_INT && right == VT_I8))) {
        expected = DISP_E_TYPEMISMATCH;
      }
      HRESULT hr = VarMod(&operands[0], &operands[1], &result);
      if (FAILED(expected)) {
        assert_int_equal(hr, expected);
      } else if (left == VT_NULL || right == VT_NULL) {
        assert_int_equal(hr, S_OK);
        assert_int_equal(result.vt, VT_NULL);
      } else if (right == VT_EMPTY) {
        assert_int_equal(hr, DISP_E_DIVBYZERO);
      } else {
        assert_true(FAILED(hr)); /* zeros, and strings and objects that are none */
      }
      if (FAILED(hr)) {
        assert_int_equal(result.vt, VT_EMPTY);
        assert_int_equal(result.lVal, 1231);
      }
    }
  }
}

static void a_failing_operation_empties_the_result(void **state) {
  (void)state;
  static Binary *const functions[] = { VarAdd, VarSub, VarMul, VarDiv, VarIdiv, VarMod, VarPow,
                                       VarAnd, VarOr,  VarXor, VarEqv, VarImp,  VarCat };
  const VARIANT bad[] = { make_integer(15, 0), ERR(1), make_integer(VT_BYREF | VT_I4, 0), make_integer(VT_UNKNOWN, 0) };
  for (size_t f = 0; f < COUNT_OF(functions); f++) {
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
      VARIANT left = bad[i];
      VARIANT right = I4(1);
      VARIANT result = I4(1231);
      assert_true(FAILED(functions[f](&left, &right, &result)));
      assert_int_equal(result.vt, VT_EMPTY);
      assert_int_equal(result.lVal, 1231);
      result.vt = VT_I4;
      assert_true(FAILED(functions[f](&right, &left, &result)));
      assert_int_equal(result.vt, VT_EMPTY);
      assert_int_equal(result.lVal, 1231);
    }
  }
  const struct {
    Binary *function;
    VARIANT left, right;
    HRESULT hr;
  } rows[] = {
    { VarDiv, R8(1), R8(0), DISP_E_DIVBYZERO },       { VarDiv, R8(0), R8(0), DISP_E_OVERFLOW },
    { VarDiv, EMPTY, EMPTY, DISP_E_OVERFLOW },        { VarIdiv, I2(0), I2(0), DISP_E_DIVBYZERO },
    { VarIdiv, EMPTY, EMPTY, DISP_E_DIVBYZERO },      { VarMod, I4(1), EMPTY, DISP_E_DIVBYZERO },
    { VarMul, STR("x"), I4(1), DISP_E_TYPEMISMATCH }, { VarPow, I2(-8), R8(0.5), E_INVALIDARG },
    { VarAnd, STR("x"), I4(1), DISP_E_TYPEMISMATCH }, { VarAdd, CY_(INT64_MAX), CY_(1), DISP_E_OVERFLOW },
  };
  for (size_t i = 0; i < COUNT_OF(rows); i++) {
    VARIANT left = rows[i].left;
    VARIANT right = rows[i].right;
    VARIANT result = I4(1231);
    assert_int_equal(rows[i].function(&left, &right, &result), rows[i].hr);
    assert_int_equal(result.vt, VT_EMPTY);
    assert_int_equal(result.lVal, 1231);
  }
}

/* Between operands of one width the bits count, as in VariantChangeType. */
static void unsigned_operands_keep_their_bits(void **state) {
  (void)state;
  const Row rests[] = { OK(UI4(0xFFFFFFFF), I4(7), I4(-1)), OK(UINT_(0x80000001), I4(2), I4(-1)) };
  RUN(VarMod, rests);
  const Row quotients[] = { OK(UI4(0xFFFFFFFE), I4(2), I4(-1)), OK(UI4(0xFFFFFFFE), I8(2), I8(0x7FFFFFFF)) };
  RUN(VarIdiv, quotients);
}

static void null_pointers_are_refused(void **state) {
  (void)state;
  VARIANT value = I2(1);
  assert_int_equal(VarAdd(NULL, &value, &value), E_INVALIDARG);
  assert_int_equal(VarDiv(&value, NULL, &value), E_INVALIDARG);
  assert_int_equal(VarCat(&value, &value, NULL), E_INVALIDARG);
}

static void the_result_may_be_an_operand(void **state) {
  (void)state;
  VARIANT value = I2(20000);
  VARIANT expected = I4(40000);
  assert_int_equal(VarAdd(&value, &value, &value), S_OK);
  assert_true(values_equal(&value, &expected));
}

static int join(void *context) {
  (void)context;
  VARIANT left = I4(12345);
  VARIANT right = R8(1.5);
  VARIANT result = I2(77);
  HRESULT hr = VarCat(&left, &right, &result);
  if (hr == E_OUTOFMEMORY) {
    return !(result.vt == VT_I2 && result.iVal == 77);
  }
  VariantClear(&result);
  return hr != S_OK;
}

static void a_failed_allocation_changes_nothing(void **state) {
  (void)state;
  faults_each(join, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(addition),
    cmocka_unit_test(subtraction),
    cmocka_unit_test(multiplication),
    cmocka_unit_test(division),
    cmocka_unit_test(whole_division),
    cmocka_unit_test(modulus),
    cmocka_unit_test(power),
    cmocka_unit_test(concatenation),
    cmocka_unit_test(what_cannot_be_subtracted),
    cmocka_unit_test(an_object_with_null_is_not_asked),
    cmocka_unit_test(what_has_no_remainder),
    cmocka_unit_test(a_failing_operation_empties_the_result),
    cmocka_unit_test(unsigned_operands_keep_their_bits),
    cmocka_unit_test(null_pointers_are_refused),
    cmocka_unit_test(the_result_may_be_an_operand),
    cmocka_unit_test(a_failed_allocation_changes_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
