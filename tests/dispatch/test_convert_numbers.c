/* VarXFromY between numbers: each conversion at its boundaries. */
#include <float.h>
#include <math.h>

#include "support/values.h"

/* --- Integers among themselves: every value of a set, against plain arithmetic ------------------------------- */

static const int64_t edges[] = { INT64_MIN,
                                 INT64_MIN + 1,
                                 (int64_t)INT32_MIN - 1,
                                 INT32_MIN,
                                 INT16_MIN - 1,
                                 INT16_MIN,
                                 -257,
                                 INT8_MIN - 1,
                                 INT8_MIN,
                                 -1,
                                 0,
                                 1,
                                 INT8_MAX,
                                 INT8_MAX + 1,
                                 UINT8_MAX,
                                 UINT8_MAX + 1,
                                 INT16_MAX,
                                 INT16_MAX + 1,
                                 UINT16_MAX,
                                 UINT16_MAX + 1,
                                 INT32_MAX,
                                 (int64_t)INT32_MAX + 1,
                                 UINT32_MAX,
                                 (int64_t)UINT32_MAX + 1,
                                 INT64_MAX };

/* Out of range: overflow, the result untouched. */
#define CHECK(To, Source, to_type, from_type, least, most)                                                             \
  for (size_t i = 0; i < COUNT_OF(edges); i++) {                                                                       \
    from_type value = (from_type)edges[i];                                                                             \
    if ((int64_t)value != edges[i]) {                                                                                  \
      continue;                                                                                                        \
    }                                                                                                                  \
    to_type result = 77;                                                                                               \
    bool fits = edges[i] >= (int64_t)(least) && (edges[i] < 0 || (uint64_t)edges[i] <= (uint64_t)(most));              \
    assert_int_equal(Var##To##From##Source(value, &result), fits ? S_OK : DISP_E_OVERFLOW);                            \
    assert_true(fits ? (int64_t)result == edges[i] : result == 77);                                                    \
  }
#define I1_(Source, type)  CHECK(I1, Source, CHAR, type, INT8_MIN, INT8_MAX)
#define UI1_(Source, type) CHECK(UI1, Source, BYTE, type, 0, UINT8_MAX)
#define I2_(Source, type)  CHECK(I2, Source, SHORT, type, INT16_MIN, INT16_MAX)
#define UI2_(Source, type) CHECK(UI2, Source, USHORT, type, 0, UINT16_MAX)
#define I4_(Source, type)  CHECK(I4, Source, LONG, type, INT32_MIN, INT32_MAX)
#define UI4_(Source, type) CHECK(UI4, Source, ULONG, type, 0, UINT32_MAX)
#define I8_(Source, type)  CHECK(I8, Source, LONG64, type, INT64_MIN, INT64_MAX)
#define UI8_(Source, type) CHECK(UI8, Source, ULONG64, type, 0, UINT64_MAX)

static void integers(void **state) {
  (void)state;
  /* clang-format off */
                    UI1_(I1, CHAR)    I2_(I1, CHAR)     UI2_(I1, CHAR)    I4_(I1, CHAR)     UI4_(I1, CHAR)    I8_(I1, CHAR)     UI8_(I1, CHAR)
  I1_(UI1, BYTE)                      I2_(UI1, BYTE)    UI2_(UI1, BYTE)   I4_(UI1, BYTE)    UI4_(UI1, BYTE)   I8_(UI1, BYTE)    UI8_(UI1, BYTE)
  I1_(I2, SHORT)    UI1_(I2, SHORT)                     UI2_(I2, SHORT)   I4_(I2, SHORT)    UI4_(I2, SHORT)   I8_(I2, SHORT)    UI8_(I2, SHORT)
  I1_(UI2, USHORT)  UI1_(UI2, USHORT) I2_(UI2, USHORT)                    I4_(UI2, USHORT)  UI4_(UI2, USHORT) I8_(UI2, USHORT)  UI8_(UI2, USHORT)
  I1_(I4, LONG)     UI1_(I4, LONG)    I2_(I4, LONG)     UI2_(I4, LONG)                      UI4_(I4, LONG)                      UI8_(I4, LONG)
  I1_(UI4, ULONG)   UI1_(UI4, ULONG)  I2_(UI4, ULONG)   UI2_(UI4, ULONG)  I4_(UI4, ULONG)                     I8_(UI4, ULONG)   UI8_(UI4, ULONG)
  I1_(I8, LONG64)   UI1_(I8, LONG64)  I2_(I8, LONG64)   UI2_(I8, LONG64)  I4_(I8, LONG64)   UI4_(I8, LONG64)                    UI8_(I8, LONG64)
      /* clang-format on */
      BYTE narrow = 77;
  LONG large = 77;
  USHORT word = 77;
  assert_int_equal(VarUI1FromBool(rows[i].value, &narrow), S_OK);
  assert_int_equal(narrow, rows[i].byte_expected);
  assert_int_equal(VarI4FromBool(rows[i].value, &large), S_OK);
  assert_int_equal(large, rows[i].value);
  assert_int_equal(VarUI2FromBool(rows[i].value, &word), S_OK);
  assert_int_equal(word, (USHORT)rows[i].value);
}
ULONG64 wide = 0;
assert_int_equal(VarUI8FromBool(VARIANT_TRUE, &wide), S_OK);
assert_true(wide == UINT64_MAX);
double real = 0;
assert_int_equal(VarR8FromBool(VARIANT_TRUE, &real), S_OK);
assert_true(real == -1);
CY currency = cy(0);
assert_int_equal(VarCyFromBool(VARIANT_TRUE, &currency), S_OK);
assert_true(currency.int64 == -10000);
DECIMAL decimal;
assert_int_equal(VarDecFromBool(VARIANT_TRUE, &decimal), S_OK);
assert_true(decimal.sign == DECIMAL_NEG && decimal.Lo64 == 1 && decimal.scale == 0);
VARIANT_BOOL truth = 77;
assert_int_equal(VarBoolFromI4(5, &truth), S_OK);
assert_int_equal(truth, VARIANT_TRUE);
assert_int_equal(VarBoolFromR8(0.0001, &truth), S_OK);
assert_int_equal(truth, VARIANT_TRUE);
assert_int_equal(VarBoolFromR8(-0.0, &truth), S_OK);
assert_int_equal(truth, VARIANT_FALSE);
assert_int_equal(VarBoolFromCy(cy(1), &truth), S_OK);
assert_int_equal(truth, VARIANT_TRUE);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(integers),           cmocka_unit_test(reals_to_integers),
    cmocka_unit_test(currency_to_others), cmocka_unit_test(others_to_currency),
    cmocka_unit_test(decimals_to_others), cmocka_unit_test(a_decimal_that_is_none_is_refused),
    cmocka_unit_test(dates_have_limits),  cmocka_unit_test(singles),
    cmocka_unit_test(truth_values),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
