/* VarAnd, VarOr, VarXor, VarEqv, VarImp, VarNot: types of results, Null, strings. */
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
    VARIANT result = EMPTY;
    HRESULT hr = function(&left, &right, &result);
    check_value(i, hr, rows[i].hr, &result, &rows[i].expected);
  }
}
#define RUN(function, rows) run(function, rows, COUNT_OF(rows))

/* The type of `x And y` for every pair of types; the other operators have the same. */
static VARTYPE logic_type(VARTYPE left, VARTYPE right) {
  static const VARTYPE order[] = { VT_I8, VT_I4, VT_I2, VT_UI1, VT_BOOL };
  VARTYPE kinds[2] = { left, right };
  if ((left == VT_I8 && right == VT_INT) || (left == VT_INT && right == VT_I8)) {
    return VT_ERROR;
  }
  for (int i = 0; i < 2; i++) {
    switch (kinds[i]) {
    case VT_INT:
    case VT_UINT:
    case VT_R4:
    case VT_R8:
    case VT_CY:
    case VT_DATE:
    case VT_I1:
    case VT_UI2:
    case VT_UI4:
    case VT_UI8:
    case VT_DECIMAL:
      kinds[i] = VT_I4;
      break;
    case VT_EMPTY:
      kinds[i] = VT_I2;
      break;
    default:
      break;
    }
  }
  if (kinds[0] == VT_UI1 || kinds[1] == VT_UI1) {
    VARTYPE other = kinds[0] == VT_UI1 ? kinds[1] : kinds[0];
    if (other == VT_BOOL || other == VT_BSTR) {
      return VT_I2;
    }
  }
  for (size_t i = 0; i < COUNT_OF(order); i++) {
    if (kinds[0] == order[i] || kinds[1] == order[i]) {
      return order[i];
    }
  }
  return VT_BOOL;
}

static void the_result_type_follows_the_table(void **state) {
  (void)state;
  static Binary *const functions[] = { VarAnd, VarOr, VarXor, VarEqv, VarImp };
  const VARIANT values[] = { EMPTY,   I1(1),    UI1(1), I2(1), UI2(1),     I4(1),    UI4(1),    I8(1),    UI8(1),
                             INT_(1), UINT_(1), R4(1),  R8(1), CY_(10000), DATE_(1), DEC(1, 0), BOOL_(1), STR("1") };
  for (size_t f = 0; f < COUNT_OF(functions); f++) {
    for (size_t i = 0; i < COUNT_OF(values); i++) {
      for (size_t j = 0; j < COUNT_OF(values); j++) {
        VARIANT left = values[i];
        VARIANT right = values[j];
        VARIANT result = EMPTY;
        HRESULT hr = functions[f](&left, &right, &result);
        VARTYPE expected = logic_type(left.vt, right.vt);
        if (functions[f] == VarImp && left.vt == VT_INT && right.vt == VT_I8) {
          expected = VT_I8;
        }
        assert_int_equal(hr, expected == VT_ERROR ? DISP_E_BADVARTYPE : S_OK);
        if (SUCCEEDED(hr) && result.vt != expected) {
          print_message("function %zu, types %d and %d: %d, expected %d\n", f, left.vt, right.vt, result.vt, expected);
          fail();
        }
      }
    }
  }
}

static void and_(void **state) {
  (void)state;
  const Row rows[] = {
    OK(I2(12), I2(10), I2(8)),
    OK(UI1(0xF0), UI1(0x3C), UI1(0x30)),
    OK(BOOL_(1), BOOL_(0), BOOL_(0)),
    OK(BOOL_(1), BOOL_(1), BOOL_(1)),
    OK(BOOL_(1), I4(6), I4(6)),
    OK(R8(2.5), I4(7), I4(2)),
    OK(R8(3.5), I4(7), I4(4)),
    OK(EMPTY, I2(7), I2(0)),
    OK(STR("6"), I4(3), I4(2)),
    OK(STR("True"), I4(3), I4(3)),
    OK(STR("True"), STR("False"), BOOL_(0)),
    OK(STR("1"), STR("2"), BOOL_(1)),
    OK(I8(INT64_MIN), I8(-1), I8(INT64_MIN)),
    OK(NULL_, NULL_, NULL_),
    OK(NULL_, I2(0), I2(0)),
    OK(NULL_, I2(1), NULL_),
    OK(I4(0), NULL_, I4(0)),
    OK(BOOL_(0), NULL_, BOOL_(0)),
    OK(BOOL_(1), NULL_, NULL_),
    OK(UI1(0), NULL_, UI1(0)),
    OK(EMPTY, NULL_, I2(0)),
    OK(NULL_, STR("False"), BOOL_(0)),
    OK(NULL_, STR("True"), NULL_),
    OK(NULL_, R8(0), I4(0)),
    BAD(STR("x"), I2(1), DISP_E_TYPEMISMATCH),
    BAD(R8(3e9), I4(1), DISP_E_OVERFLOW),
    BAD(ERR(1), I4(1), DISP_E_BADVARTYPE),
    BAD(make_integer(VT_BYREF | VT_I4, 0), I4(1), DISP_E_BADVARTYPE),
  };
  RUN(VarAnd, rows);
}

static void or_(void **state) {
  (void)state;
  const Row rows[] = {
    OK(I2(12), I2(10), I2(14)),     OK(BOOL_(1), BOOL_(0), BOOL_(1)), OK(STR("False"), STR("False"), BOOL_(0)),
    OK(NULL_, NULL_, NULL_),        OK(NULL_, I2(0), NULL_),          OK(NULL_, I2(5), I2(5)),
    OK(I4(-1), NULL_, I4(-1)),      OK(BOOL_(1), NULL_, BOOL_(1)),    OK(BOOL_(0), NULL_, NULL_),
    OK(EMPTY, NULL_, NULL_),        OK(UI1(5), NULL_, UI1(5)),        OK(STR("True"), NULL_, BOOL_(1)),
    OK(STR("False"), NULL_, NULL_),
  };
  RUN(VarOr, rows);
}

static void xor_and_eqv(void **state) {
  (void)state;
  const Row xors[] = {
    OK(I2(12), I2(10), I2(6)), OK(BOOL_(1), BOOL_(1), BOOL_(0)), OK(BOOL_(1), BOOL_(0), BOOL_(1)),
    OK(NULL_, I2(0), NULL_),   OK(I2(0), NULL_, NULL_),          OK(EMPTY, EMPTY, I2(0)),
  };
  RUN(VarXor, xors);
  const Row eqvs[] = {
    OK(I2(12), I2(10), I2(~6)),       OK(UI1(12), UI1(10), UI1(0xF9)), OK(BOOL_(1), BOOL_(1), BOOL_(1)),
    OK(BOOL_(1), BOOL_(0), BOOL_(0)), OK(NULL_, I2(0), NULL_),         OK(EMPTY, EMPTY, I2(-1)),
  };
  RUN(VarEqv, eqvs);
}

static void imp(void **state) {
  (void)state;
  const Row rows[] = {
    OK(BOOL_(1), BOOL_(1), BOOL_(1)), OK(BOOL_(1), BOOL_(0), BOOL_(0)), OK(BOOL_(0), BOOL_(1), BOOL_(1)),
    OK(BOOL_(0), BOOL_(0), BOOL_(1)), OK(BOOL_(1), NULL_, NULL_),       OK(BOOL_(0), NULL_, BOOL_(1)),
    OK(NULL_, BOOL_(1), BOOL_(1)),    OK(NULL_, BOOL_(0), NULL_),       OK(NULL_, NULL_, NULL_),
    OK(I2(5), I2(1), I2(-5)),         OK(I4(-1), NULL_, NULL_),         OK(I4(5), NULL_, I4(~5)),
    OK(NULL_, I4(5), I4(5)),          OK(UI1(255), NULL_, NULL_),       OK(EMPTY, NULL_, I2(-1)),
    OK(NULL_, EMPTY, NULL_),
  };
  RUN(VarImp, rows);
}

/* 32 unsigned bits are taken as they are. */
static void unsigned_operands_keep_their_bits(void **state) {
  (void)state;
  const struct {
    VARIANT left;
    VARIANT right;
    VARIANT expected[3]; /* And, Or, Xor */
  } rows[] = {
    { BOOL_(1), UI4(0xFFFFFFFF), { I4(-1), I4(-1), I4(0) } },
    { I1(-1), UINT_(0xFFFFFFFF), { I4(-1), I4(-1), I4(0) } },
    { UI1(255), UI4(0xFFFFFFFF), { I4(255), I4(-1), I4(-256) } },
    { I4(-1), UI4(0xFFFFFFFF), { I4(-1), I4(-1), I4(0) } },
    { UI4(0xFFFFFFFF), R4(-1), { I4(-1), I4(-1), I4(0) } },
    { UI4(0xFFFFFFFF), DATE_(0), { I4(0), I4(-1), I4(-1) } },
    { UI4(0xFFFFFFFF), UI8(0), { I4(0), I4(-1), I4(-1) } },
    { UI4(0xFFFFFFFF), STR("#TRUE#"), { I4(-1), I4(-1), I4(0) } },
    { UI4(0xFFFFFFFF), CY_(10000), { I4(1), I4(-1), I4(-2) } },
    { R8(-1), UINT_(0xFFFFFFFF), { I4(-1), I4(-1), I4(0) } },
    { UI4(0xFFFFFFFF), UINT_(0x80000000), { I4(INT32_MIN), I4(-1), I4(INT32_MAX) } },
    { UI4(0xFFFFFFFF), I8(0), { I8(0), I8(0xFFFFFFFF), I8(0xFFFFFFFF) } }, /* widened without sign */
    { I8(-1), UINT_(0xFFFFFFFF), { I8(0xFFFFFFFF), I8(-1), I8(~(int64_t)0xFFFFFFFF) } },
  };
  static Binary *const functions[] = { VarAnd, VarOr, VarXor };
  for (size_t i = 0; i < COUNT_OF(rows); i++) {
    for (size_t f = 0; f < COUNT_OF(functions); f++) {
      VARIANT operands[2] = { rows[i].left, rows[i].right };
      for (size_t swap = 0; swap < 2; swap++) {
        VARIANT result = EMPTY;
        HRESULT hr = functions[f](&operands[swap], &operands[1 - swap], &result);
        check_value(i * 10 + f, hr, S_OK, &result, &rows[i].expected[f]);
      }
    }
  }
}

static void truth_values_keep_their_bits(void **state) {
  (void)state;
  const Row eqvs[] = { OK(BITS(6), BITS(7), BITS(-2)), OK(BITS(1), BITS(1), BITS(-1)), OK(BITS(1), BITS(0), BITS(-2)) };
  RUN(VarEqv, eqvs);
  const Row ands[] = { OK(BITS(6), BITS(3), BITS(2)), OK(BITS(4), BITS(3), BITS(0)), OK(NULL_, BITS(1), NULL_) };
  RUN(VarAnd, ands);
  const Row ors[] = { OK(BITS(6), BITS(3), BITS(7)), OK(NULL_, BITS(1), BITS(1)), OK(BITS(6), NULL_, BITS(6)),
                      OK(NULL_, BITS(0), NULL_) };
  RUN(VarOr, ors);
  const Row xors[] = { OK(BITS(6), BITS(3), BITS(5)), OK(BITS(6), BITS(6), BITS(0)) };
  RUN(VarXor, xors);
  const Row imps[] = { OK(BITS(1), BITS(0), BITS(-2)), OK(NULL_, BITS(6), BITS(6)) };
  RUN(VarImp, imps);
  VARIANT value = BITS(1);
  VARIANT result = EMPTY;
  VARIANT expected = BITS(-2);
  check_value(0, VarNot(&value, &result), S_OK, &result, &expected);
}

static void implication_alone_takes_int_with_i8(void **state) {
  (void)state;
  const Row imps[] = { OK(INT_(-1), I8(1), I8(1)), OK(INT_(0), I8(1), I8(-1)),
                       BAD(I8(1), INT_(-1), DISP_E_BADVARTYPE) };
  RUN(VarImp, imps);
  const Row others[] = { BAD(INT_(-1), I8(1), DISP_E_BADVARTYPE), BAD(I8(1), INT_(-1), DISP_E_BADVARTYPE) };
  RUN(VarAnd, others);
  RUN(VarEqv, others);
}

static void not_(void **state) {
  (void)state;
  const struct {
    VARIANT value;
    HRESULT hr;
    VARIANT expected;
  } rows[] = {
    { NULL_, S_OK, NULL_ },
    { EMPTY, S_OK, I2(-1) },
    { BOOL_(1), S_OK, BOOL_(0) },
    { BOOL_(0), S_OK, BOOL_(1) },
    { UI1(1), S_OK, UI1(254) },
    { I2(1), S_OK, I2(-2) },
    { I1(1), S_OK, I4(-2) },
    { UI2(1), S_OK, I4(-2) },
    { I4(1), S_OK, I4(-2) },
    { UI4(1), S_OK, I4(-2) },
    { UI4(0xFFFFFFFF), S_OK, I4(0) },
    { INT_(1), S_OK, I4(-2) },
    { UINT_(1), S_OK, I4(-2) },
    { I8(1), S_OK, I8(-2) },
    { UI8(1), S_OK, I4(-2) },
    { R4(1.4), S_OK, I4(-2) },
    { R8(2.5), S_OK, I4(-3) },
    { DATE_(1), S_OK, I4(-2) },
    { CY_(10000), S_OK, I4(-2) },
    { DEC(1, 0), S_OK, I4(-2) },
    { STR("1"), S_OK, I4(-2) },
    { STR("True"), S_OK, BOOL_(0) },
    { STR("#FALSE#"), S_OK, BOOL_(1) },
    { STR("x"), DISP_E_TYPEMISMATCH, EMPTY },
    { R8(3e9), DISP_E_OVERFLOW, EMPTY },
    { UI8(UINT64_MAX), DISP_E_OVERFLOW, EMPTY },
    { ERR(1), DISP_E_TYPEMISMATCH, EMPTY },
    { make_integer(VT_BYREF | VT_I4, 0), DISP_E_TYPEMISMATCH, EMPTY },
    { make_integer(15, 0), DISP_E_BADVARTYPE, EMPTY },
  };
  for (size_t i = 0; i < COUNT_OF(rows); i++) {
    VARIANT value = rows[i].value;
    VARIANT result = EMPTY;
    HRESULT hr = VarNot(&value, &result);
    check_value(i, hr, rows[i].hr, &result, &rows[i].expected);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(the_result_type_follows_the_table),
    cmocka_unit_test(and_),
    cmocka_unit_test(or_),
    cmocka_unit_test(xor_and_eqv),
    cmocka_unit_test(imp),
    cmocka_unit_test(unsigned_operands_keep_their_bits),
    cmocka_unit_test(truth_values_keep_their_bits),
    cmocka_unit_test(implication_alone_takes_int_with_i8),
    cmocka_unit_test(not_),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
