/* VarXFromY between numbers: each conversion at its boundaries. */
#include <float.h>
#include <math.h>

#include "support/values.h"

/* Integers among themselves: every value of a set, against plain arithmetic */

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
  LONG64 large = 77;
  assert_int_equal(VarUI1FromUI8(256, &narrow), DISP_E_OVERFLOW);
  assert_int_equal(VarI8FromUI8((ULONG64)INT64_MAX + 1, &large), DISP_E_OVERFLOW);
  assert_int_equal(VarI8FromUI8(INT64_MAX, &large), S_OK);
  assert_true(large == INT64_MAX);
}

/* Reals to integers: half to even */

#define REAL_ROW(To, type, value, hr_, expected_)                                                                      \
  {                                                                                                                    \
    type result = 77;                                                                                                  \
    assert_int_equal(Var##To##FromR8(value, &result), hr_);                                                            \
    assert_true(result == (type)(FAILED(hr_) ? 77 : expected_));                                                       \
    result = 77;                                                                                                       \
    assert_int_equal(Var##To##FromDate(value, &result), hr_);                                                          \
    assert_true(result == (type)(FAILED(hr_) ? 77 : expected_));                                                       \
  }
#define ROUNDS(To, type)                                                                                               \
  REAL_ROW(To, type, 0.5, S_OK, 0)                                                                                     \
  REAL_ROW(To, type, -0.5, S_OK, 0)                                                                                    \
  REAL_ROW(To, type, 0.51, S_OK, 1)                                                                                    \
  REAL_ROW(To, type, 1.5, S_OK, 2)                                                                                     \
  REAL_ROW(To, type, 2.5, S_OK, 2)                                                                                     \
  REAL_ROW(To, type, 99.49, S_OK, 99)                                                                                  \
  REAL_ROW(To, type, (double)NAN, DISP_E_OVERFLOW, 0)                                                                  \
  REAL_ROW(To, type, (double)INFINITY, DISP_E_OVERFLOW, 0)                                                             \
  REAL_ROW(To, type, -(double)INFINITY, DISP_E_OVERFLOW, 0)                                                            \
  REAL_ROW(To, type, 1e30, DISP_E_OVERFLOW, 0)

static void reals_to_integers(void **state) {
  (void)state;
  ROUNDS(I1, CHAR)
  ROUNDS(UI1, BYTE)
  ROUNDS(I2, SHORT)
  ROUNDS(UI2, USHORT)
  ROUNDS(I4, LONG)
  ROUNDS(UI4, ULONG)
  ROUNDS(I8, LONG64)
  ROUNDS(UI8, ULONG64)
  REAL_ROW(I1, CHAR, -128.5, S_OK, -128)
  REAL_ROW(I1, CHAR, -128.51, DISP_E_OVERFLOW, 0)
  REAL_ROW(I1, CHAR, 127.49, S_OK, 127)
  REAL_ROW(I1, CHAR, 127.5, DISP_E_OVERFLOW, 0)
  REAL_ROW(UI1, BYTE, -0.51, DISP_E_OVERFLOW, 0)
  REAL_ROW(UI1, BYTE, 255.49, S_OK, 255)
  REAL_ROW(UI1, BYTE, 255.5, DISP_E_OVERFLOW, 0)
  REAL_ROW(I2, SHORT, -32768.5, S_OK, -32768)
  REAL_ROW(I2, SHORT, -32768.51, DISP_E_OVERFLOW, 0)
  REAL_ROW(I2, SHORT, 32767.5, DISP_E_OVERFLOW, 0)
  REAL_ROW(UI2, USHORT, 65535.49, S_OK, 65535)
  REAL_ROW(UI2, USHORT, 65535.5, DISP_E_OVERFLOW, 0)
  REAL_ROW(I4, LONG, -2147483648.5, S_OK, INT32_MIN)
  REAL_ROW(I4, LONG, -2147483648.51, DISP_E_OVERFLOW, 0)
  REAL_ROW(I4, LONG, 2147483647.49, S_OK, INT32_MAX)
  REAL_ROW(I4, LONG, 2147483647.5, DISP_E_OVERFLOW, 0)
  REAL_ROW(UI4, ULONG, 4294967295.49, S_OK, UINT32_MAX)
  REAL_ROW(UI4, ULONG, 4294967295.5, DISP_E_OVERFLOW, 0)
  REAL_ROW(I8, LONG64, -9223372036854775808.0, S_OK, INT64_MIN)
  REAL_ROW(I8, LONG64, 9223372036854775808.0, DISP_E_OVERFLOW, 0)
  REAL_ROW(I8, LONG64, 9223372036854774784.0, S_OK, 9223372036854774784)
  REAL_ROW(UI8, ULONG64, 18446744073709549568.0, S_OK, 18446744073709549568u)
  REAL_ROW(UI8, ULONG64, 18446744073709551616.0, DISP_E_OVERFLOW, 0)
  SHORT short_result = 77;
  assert_int_equal(VarI2FromR4(2.5f, &short_result), S_OK);
  assert_int_equal(short_result, 2);
  assert_int_equal(VarI2FromR4(40000.0f, &short_result), DISP_E_OVERFLOW);
}

/* Currency */

static CY cy(int64_t units) {
  CY result = { .int64 = units };
  return result;
}

static void currency_to_others(void **state) {
  (void)state;
  static const struct {
    int64_t units;
    LONG expected;
  } rows[] = { { 0, 0 },     { 4999, 0 },   { 5000, 0 },    { 5001, 1 },    { 15000, 2 },   { 25000, 2 },
               { -5000, 0 }, { -5001, -1 }, { -15000, -2 }, { 320000, 32 }, { -10000, -1 }, { 1270000, 127 } };
  for (size_t i = 0; i < COUNT_OF(rows); i++) {
    CHAR tiny = 77;
    SHORT narrow = 77;
    LONG medium = 77;
    ULONG64 large = 77;
    assert_int_equal(VarI1FromCy(cy(rows[i].units), &tiny), S_OK);
    assert_int_equal(VarI2FromCy(cy(rows[i].units), &narrow), S_OK);
    assert_int_equal(VarI4FromCy(cy(rows[i].units), &medium), S_OK);
    assert_int_equal(tiny, rows[i].expected);
    assert_int_equal(narrow, rows[i].expected);
    assert_int_equal(medium, rows[i].expected);
    assert_int_equal(VarUI8FromCy(cy(rows[i].units), &large), rows[i].expected < 0 ? DISP_E_OVERFLOW : S_OK);
  }
  LONG64 whole = 0;
  assert_int_equal(VarI8FromCy(cy(15000), &whole), S_OK);
  assert_true(whole == 2);
  /* for amounts below zero Windows goes one too far */
  assert_int_equal(VarI8FromCy(cy(-1280000), &whole), S_OK);
  assert_true(whole == -129);
  BYTE byte_result = 77;
  assert_int_equal(VarUI1FromCy(cy(-10000), &byte_result), DISP_E_OVERFLOW);
  assert_int_equal(VarUI1FromCy(cy(2560000), &byte_result), DISP_E_OVERFLOW);
  double real = 0;
  assert_int_equal(VarR8FromCy(cy(15001), &real), S_OK);
  assert_true(real == 1.5001);
  DECIMAL decimal;
  assert_int_equal(VarDecFromCy(cy(-15000), &decimal), S_OK);
  assert_true(decimal.scale == 4 && decimal.sign == DECIMAL_NEG && decimal.Lo64 == 15000 && decimal.Hi32 == 0);
}

static void others_to_currency(void **state) {
  (void)state;
  CY result = cy(77);
  assert_int_equal(VarCyFromI4(-5, &result), S_OK);
  assert_true(result.int64 == -50000);
  assert_int_equal(VarCyFromI8(922337203685476, &result), S_OK);
  assert_true(result.int64 == 9223372036854760000);
  assert_int_equal(VarCyFromI8(-922337203685476, &result), S_OK);
  assert_true(result.int64 == -9223372036854760000);
  assert_int_equal(VarCyFromI8(922337203685477, &result), DISP_E_OVERFLOW); /* it would fit */
  assert_int_equal(VarCyFromI8(-922337203685477, &result), DISP_E_OVERFLOW);
  assert_int_equal(VarCyFromI8(INT64_MIN, &result), DISP_E_OVERFLOW);
  assert_int_equal(VarCyFromUI8(922337203685477, &result), S_OK);
  assert_true(result.int64 == 9223372036854770000);
  assert_int_equal(VarCyFromUI8(UINT64_MAX, &result), DISP_E_OVERFLOW);
  static const struct {
    double value;
    HRESULT hr;
    int64_t units;
  } rows[] = {
    { 0.5, S_OK, 5000 },
    { 0.00005, S_OK, 1 }, /* the double lies just above the half */
    { 0.00025, S_OK, 3 },
    { 0.00015, S_OK, 1 }, /* or just below it */
    { 1.00005, S_OK, 10001 },
    { 2.00005, S_OK, 20000 },
    { 0.03125 / 10, S_OK, 31 },
    { -1.23456, S_OK, -12346 },
    { 1e15, DISP_E_OVERFLOW, 0 },
    { -1e15, DISP_E_OVERFLOW, 0 },
    { 922337203685476.0, S_OK, 9223372036854760000 }, /* exact, though no double is */
    { 922337203685477.0, S_OK, 9223372036854770000 },
    { -922337203685476.0, S_OK, -9223372036854760000 },
    { 922337203685477.5, S_OK, 9223372036854775000 },
    { 922337203685477.75, DISP_E_OVERFLOW, 0 },
    { -922337203685477.75, DISP_E_OVERFLOW, 0 },
    { (double)NAN, DISP_E_OVERFLOW, 0 },
  };
  for (size_t i = 0; i < COUNT_OF(rows); i++) {
    result = cy(77);
    assert_int_equal(VarCyFromR8(rows[i].value, &result), rows[i].hr);
    assert_true(result.int64 == (FAILED(rows[i].hr) ? 77 : rows[i].units));
  }
}

/* Decimals, dates, truth values */

static void decimals_to_others(void **state) {
  (void)state;
  VARIANT half = DEC(25, 1);
  LONG whole = 77;
  assert_int_equal(VarI4FromDec(&half.decVal, &whole), S_OK);
  assert_int_equal(whole, 2);
  half = DEC(-35, 1);
  assert_int_equal(VarI4FromDec(&half.decVal, &whole), S_OK);
  assert_int_equal(whole, -4);
  VARIANT large = DEC(2147483648, 0);
  assert_int_equal(VarI4FromDec(&large.decVal, &whole), DISP_E_OVERFLOW);
  large = DEC(-2147483648, 0);
  assert_int_equal(VarI4FromDec(&large.decVal, &whole), S_OK);
  assert_int_equal(whole, INT32_MIN);
  DECIMAL most = { .scale = 0, .sign = 0, .Hi32 = UINT32_MAX, .Lo64 = UINT64_MAX };
  ULONG64 wide = 77;
  CY currency = cy(77);
  double real = 0;
  assert_int_equal(VarUI8FromDec(&most, &wide), DISP_E_OVERFLOW);
  assert_int_equal(VarCyFromDec(&most, &currency), DISP_E_OVERFLOW);
  assert_int_equal(VarR8FromDec(&most, &real), S_OK);
  assert_true(real == 79228162514264337593543950336.0);
  VARIANT places = DEC(123455, 5);
  assert_int_equal(VarCyFromDec(&places.decVal, &currency), S_OK);
  assert_true(currency.int64 == 12346);
  places = DEC(123465, 5);
  assert_int_equal(VarCyFromDec(&places.decVal, &currency), S_OK);
  assert_true(currency.int64 == 12346);
  LONG64 least = 0;
  DECIMAL low = { .scale = 0, .sign = DECIMAL_NEG, .Hi32 = 0, .Lo64 = (uint64_t)INT64_MAX + 1 };
  assert_int_equal(VarI8FromDec(&low, &least), S_OK);
  assert_true(least == INT64_MIN);
}

static void a_decimal_that_is_none_is_refused(void **state) {
  (void)state;
  static const struct { BYTE scale, sign; } rows[] = { { 29, 0 }, { 29, 0x80 }, { 0, 1 }, { 0, 0x7F }, { 255, 0 } };
  for (size_t i = 0; i < COUNT_OF(rows); i++) {
    DECIMAL bad = { .scale = rows[i].scale, .sign = rows[i].sign, .Hi32 = 0, .Lo64 = 1 };
    CHAR i1;
    BYTE ui1;
    SHORT i2;
    USHORT ui2;
    LONG i4;
    ULONG ui4;
    LONG64 i8;
    ULONG64 ui8;
    float r4;
    double r8;
    CY currency;
    VARIANT_BOOL truth;
    BSTR text = NULL;
    assert_int_equal(VarI1FromDec(&bad, &i1), E_INVALIDARG);
    assert_int_equal(VarUI1FromDec(&bad, &ui1), E_INVALIDARG);
    assert_int_equal(VarI2FromDec(&bad, &i2), E_INVALIDARG);
    assert_int_equal(VarUI2FromDec(&bad, &ui2), E_INVALIDARG);
    assert_int_equal(VarI4FromDec(&bad, &i4), E_INVALIDARG);
    assert_int_equal(VarUI4FromDec(&bad, &ui4), E_INVALIDARG);
    assert_int_equal(VarI8FromDec(&bad, &i8), E_INVALIDARG);
    assert_int_equal(VarUI8FromDec(&bad, &ui8), E_INVALIDARG);
    assert_int_equal(VarR4FromDec(&bad, &r4), E_INVALIDARG);
    assert_int_equal(VarR8FromDec(&bad, &r8), E_INVALIDARG);
    assert_int_equal(VarDateFromDec(&bad, &r8), E_INVALIDARG);
    assert_int_equal(VarCyFromDec(&bad, &currency), E_INVALIDARG);
    assert_int_equal(VarBoolFromDec(&bad, &truth), E_INVALIDARG);
    assert_int_equal(VarBstrFromDec(&bad, 0x409, 0, &text), E_INVALIDARG);
    assert_null(text);
  }
}

static void dates_have_limits(void **state) {
  (void)state;
  double date = 77;
  assert_int_equal(VarDateFromI4(-657434, &date), S_OK);
  assert_int_equal(VarDateFromI4(-657435, &date), DISP_E_OVERFLOW);
  assert_int_equal(VarDateFromI4(2958465, &date), S_OK);
  assert_int_equal(VarDateFromI4(2958466, &date), DISP_E_OVERFLOW);
  assert_int_equal(VarDateFromR8(-657434.999, &date), S_OK);
  assert_int_equal(VarDateFromR8(-657435.0, &date), DISP_E_OVERFLOW);
  assert_int_equal(VarDateFromR8(2958465.999, &date), S_OK);
  assert_int_equal(VarDateFromR8(2958466.0, &date), DISP_E_OVERFLOW);
  assert_int_equal(VarDateFromR8((double)NAN, &date), DISP_E_OVERFLOW);
  assert_int_equal(VarDateFromUI8(UINT64_MAX, &date), DISP_E_OVERFLOW);
  assert_int_equal(VarDateFromCy(cy(15000), &date), S_OK);
  assert_true(date == 1.5);
}

static void singles(void **state) {
  (void)state;
  float single = 77;
  assert_int_equal(VarR4FromR8((double)FLT_MAX, &single), S_OK);
  assert_true(single == FLT_MAX);
  assert_int_equal(VarR4FromR8((double)FLT_MAX * 2, &single), DISP_E_OVERFLOW);
  /* what rounds to the largest float is one: the limit lies half a unit above */
  assert_int_equal(VarR4FromR8(3.4028235e38, &single), S_OK);
  assert_true(single == FLT_MAX);
  assert_int_equal(VarR4FromR8(-3.4028235677973362e38, &single), S_OK);
  assert_true(single == -FLT_MAX);
  assert_int_equal(VarR4FromR8(3.4028235677973366e38, &single), DISP_E_OVERFLOW);
  assert_int_equal(VarR4FromStr(u"3.4028235E+38", 0x0409, 0, &single), S_OK);
  assert_true(single == FLT_MAX);
  assert_int_equal(VarR4FromR8(-1e300, &single), DISP_E_OVERFLOW);
  assert_int_equal(VarR4FromR8(1e-300, &single), S_OK);
  assert_true(single == 0);
  assert_int_equal(VarR4FromI4(INT32_MAX, &single), S_OK);
  assert_true(single == 2147483648.0f);
}

/* To integers as a cast: true is all ones, and everything wraps around. */
static void truth_values(void **state) {
  (void)state;
  static const struct {
    SHORT value;
    BYTE byte_expected;
  } rows[] = { { -1, 255 }, { 0, 0 }, { 1, 1 }, { 255, 255 }, { 256, 0 }, { -256, 0 }, { -257, 255 } };
  for (size_t i = 0; i < COUNT_OF(rows); i++) {
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

/* Pointers */

static void null_pointers_are_refused(void **state) {
  (void)state;
  DECIMAL decimal = { 0 };
  DOUBLE real = 0;
  LONG whole = 0;
  assert_int_equal(VarUI1FromI4(1, NULL), E_INVALIDARG);
  assert_int_equal(VarI8FromR8(1, NULL), E_INVALIDARG);
  assert_int_equal(VarDateFromI2(1, NULL), E_INVALIDARG);
  assert_int_equal(VarDecFromI4(1, NULL), E_INVALIDARG);
  assert_int_equal(VarI4FromStr(u"1", 0x0409, 0, NULL), E_INVALIDARG);
  assert_int_equal(VarR8FromStr(u"1", 0x0409, 0, NULL), E_INVALIDARG);
  assert_int_equal(VarBoolFromStr(u"1", 0x0409, 0, NULL), E_INVALIDARG);
  assert_int_equal(VarR8FromDec(NULL, &real), E_INVALIDARG);
  assert_int_equal(VarI4FromDec(NULL, &whole), E_INVALIDARG);
  assert_int_equal(VarR8FromDec(&decimal, NULL), E_INVALIDARG);
  assert_int_equal(VarDecAdd(NULL, &decimal, &decimal), E_INVALIDARG);
  assert_int_equal(VarDecSub(&decimal, NULL, &decimal), E_INVALIDARG);
  assert_int_equal(VarDecMul(&decimal, &decimal, NULL), E_INVALIDARG);
  assert_int_equal(VarDecNeg(&decimal, NULL), E_INVALIDARG);
  assert_int_equal(VarCyAbs(cy(1), NULL), E_INVALIDARG);
  assert_int_equal(VarR8Round(1, 0, NULL), E_INVALIDARG);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(integers),           cmocka_unit_test(reals_to_integers),
    cmocka_unit_test(currency_to_others), cmocka_unit_test(others_to_currency),
    cmocka_unit_test(decimals_to_others), cmocka_unit_test(a_decimal_that_is_none_is_refused),
    cmocka_unit_test(dates_have_limits),  cmocka_unit_test(singles),
    cmocka_unit_test(truth_values),       cmocka_unit_test(null_pointers_are_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
