/* VarParseNumFromStr and VarNumFromParseNum: flags, digits, powers, choice of the type. */
#include "support/values.h"

enum { EN_US = 0x0409, FRENCH = 0x040C, ROOM = 30, UNTOUCHED = 0xEE };

typedef struct Row {
  const OLECHAR *text;
  ULONG in_flags;
  INT room;
  HRESULT hr;
  ULONG out_flags;
  INT used, base_shift, power;
  const char *digits; /* hexadecimal digits, one per digit */
} Row;

#define OK(text, in, out, used, shift, power, digits)                                                                  \
  { u##text, in, ROOM, S_OK, out, used, shift, power, digits }
#define NO(text, in)                                                                                                   \
  { u##text, in, ROOM, DISP_E_TYPEMISMATCH, 0, 0, 0, 0, "" }

#define LW  NUMPRS_LEADING_WHITE
#define TW  NUMPRS_TRAILING_WHITE
#define LP  NUMPRS_LEADING_PLUS
#define TP  NUMPRS_TRAILING_PLUS
#define LM  NUMPRS_LEADING_MINUS
#define TM  NUMPRS_TRAILING_MINUS
#define HEX NUMPRS_HEX_OCT
#define PAR NUMPRS_PARENS
#define DP  NUMPRS_DECIMAL
#define TH  NUMPRS_THOUSANDS
#define CUR NUMPRS_CURRENCY
#define EXP NUMPRS_EXPONENT
#define ALL NUMPRS_USE_ALL
#define NEG NUMPRS_NEG

static void run_in(LCID lcid, const Row *rows, size_t count) {
  for (size_t i = 0; i < count; i++) {
    NUMPARSE parse = { .cDig = rows[i].room, .dwInFlags = rows[i].in_flags };
    BYTE digits[ROOM + 2];
    memset(digits, UNTOUCHED, sizeof digits);
    HRESULT hr = VarParseNumFromStr(rows[i].text, lcid, 0, &parse, digits);
    bool right = hr == rows[i].hr;
    if (right && SUCCEEDED(hr)) {
      int length = (int)strlen(rows[i].digits);
      right = parse.cDig == length && parse.dwInFlags == rows[i].in_flags && parse.dwOutFlags == rows[i].out_flags &&
              parse.cchUsed == rows[i].used && parse.nBaseShift == rows[i].base_shift && parse.nPwr10 == rows[i].power;
      for (int d = 0; d < length && right; d++) {
        char name[2] = { rows[i].digits[d], 0 };
        right = digits[d] == strtol(name, NULL, 16);
      }
    }
    if (!right) {
      print_message("row %zu: 0x%08X cDig %d out 0x%X used %d shift %d power %d\n", i, (unsigned)hr, parse.cDig,
                    (unsigned)parse.dwOutFlags, parse.cchUsed, parse.nBaseShift, parse.nPwr10);
      fail();
    }
  }
}
#define RUN(rows)          run_in(EN_US, rows, COUNT_OF(rows))
#define RUN_IN(lcid, rows) run_in(lcid, rows, COUNT_OF(rows))

static void plain_digits(void **state) {
  (void)state;
  static const Row rows[] = {
    OK("0", 0, 0, 1, 0, 0, "0"),
    OK("1", 0, 0, 1, 0, 0, "1"),
    OK("12", 0, 0, 2, 0, 0, "12"),
    OK("000012", 0, 0, 6, 0, 0, "12"),
    OK("100", 0, 0, 3, 0, 2, "1"),
    OK("120300", 0, 0, 6, 0, 2, "1203"),
    OK("000", 0, 0, 3, 0, 0, "0"),
    OK("12x", 0, 0, 2, 0, 0, "12"),
    NO("12x", ALL),
    NO("x", 0),
    NO("", 0),
    NO("-1", 0),
    NO(" 1", 0),
    OK("1 ", 0, 0, 1, 0, 0, "1"),
    OK("1 ", TW, TW, 2, 0, 0, "1"),
    OK(" 1", LW, LW, 2, 0, 0, "1"),
    OK("\t\n\v 1", LW, LW, 5, 0, 0, "1"),
    OK("1 ", LW, 0, 1, 0, 0, "1"),
  };
  RUN(rows);
}

static void signs(void **state) {
  (void)state;
  static const Row rows[] = {
    OK("+1", LP, LP, 2, 0, 0, "1"),
    OK("1+", TP, TP, 2, 0, 0, "1"),
    OK("-1", LM, LM | NEG, 2, 0, 0, "1"),
    OK("1-", TM, TM | NEG, 2, 0, 0, "1"),
    OK("(1)", PAR, PAR | NEG, 3, 0, 0, "1"),
    OK("- 1", LM | LW, LM | LW | NEG, 3, 0, 0, "1"),
    NO("(1", PAR),
    OK("1)", PAR, 0, 1, 0, 0, "1"),
    NO("+-1", LP | LM),
    NO("--1", LM),
    OK("-1-", LM | TM, LM | NEG, 2, 0, 0, "1"),
    NO("-1-", LM | TM | ALL),
    OK("+0", LP, LP, 2, 0, 0, "0"),
  };
  RUN(rows);
}

static void decimals_and_thousands(void **state) {
  (void)state;
  static const Row rows[] = {
    OK("1.5", DP, DP, 3, 0, -1, "15"),
    OK("1.50", DP, DP, 4, 0, -1, "15"),
    OK(".5", DP, DP, 2, 0, -1, "5"),
    OK("5.", DP, DP, 2, 0, 0, "5"),
    OK("0.05", DP, DP, 4, 0, -2, "5"),
    OK("0.00", DP, DP, 4, 0, 0, "0"),
    OK(".0", DP, DP, 2, 0, -1, "0"),
    OK(".00", DP, DP, 3, 0, -2, "0"),
    OK(".05", DP, DP, 3, 0, -2, "5"),
    OK("1,,000", TH, TH, 6, 0, 3, "1"),
    OK("1,", TH | ALL, TH, 2, 0, 0, "1"),
    OK("1.5,5", TH | DP | ALL, TH | DP, 5, 0, -2, "155"),
    OK("1.,5", TH | DP | ALL, TH | DP, 4, 0, -1, "15"),
    NO(",1", TH),
    NO(".,1", TH | DP),
    OK("1.5", 0, 0, 1, 0, 0, "1"),
    OK("1.2.3", DP, DP, 3, 0, -1, "12"),
    NO(".", DP),
    OK("1,000", TH, TH, 5, 0, 3, "1"),
    OK("1,234,567", TH, TH, 9, 0, 0, "1234567"),
    OK("1,000", 0, 0, 1, 0, 0, "1"),
    OK("1,000.5", TH | DP, TH | DP, 7, 0, -1, "10005"),
    OK("$1", CUR, CUR, 2, 0, 0, "1"),
    OK("1$", CUR, CUR, 2, 0, 0, "1"),
    OK("$1,234.5", CUR | TH | DP, CUR | TH | DP, 8, 0, -1, "12345"),
    OK("-$1", CUR | LM, CUR | LM | NEG, 3, 0, 0, "1"),
    OK("$-1", CUR | LM, CUR | LM | NEG, 3, 0, 0, "1"),
    OK("($1)", CUR | PAR, CUR | PAR | NEG, 4, 0, 0, "1"),
    NO("$1", 0),
    NO("$", CUR),
    NO("$$1", CUR),
    OK("$11$$", CUR | ALL, CUR, 5, 0, 0, "11"),
    OK("11$ $$", CUR | TW | ALL, CUR | TW, 6, 0, 0, "11"),
    NO("$&ha", HEX | CUR),
    NO("$&o7", HEX | CUR),
    OK("&ha$", HEX | CUR, HEX, 3, 4, 0, "a"),
    NO("&ha$", HEX | CUR | ALL),
  };
  RUN(rows);
}

/* French separates thousands by a space that does not break. */
static void spaces_that_separate_thousands(void **state) {
  (void)state;
  static const Row french[] = {
    NO("3 ", TW | ALL),
    NO("3\u00a0", TW | ALL),
    OK("3 ", TW, 0, 1, 0, 0, "3"),
    OK("3\t", TW | ALL, TW, 2, 0, 0, "3"),
    OK(" 2", LW | ALL, LW, 2, 0, 0, "2"),
    OK("\u00a02", LW | ALL, LW, 2, 0, 0, "2"),
    OK("1  000", TH | ALL, TH, 6, 0, 3, "1"),
    OK("1\u00a0000", TH | ALL, TH, 5, 0, 3, "1"),
    OK("1 ", TH | ALL, TH, 2, 0, 0, "1"),
    NO("12 €", CUR | TW | ALL),
    OK("12 €", CUR | TH | ALL, CUR | TH, 4, 0, 0, "12"),
    OK("12€", CUR | ALL, CUR, 3, 0, 0, "12"),
  };
  RUN_IN(FRENCH, french);
  static const Row english[] = {
    OK("3 ", TW | ALL, TW, 2, 0, 0, "3"),
    OK("3\u00a0", TW | ALL, TW, 2, 0, 0, "3"),
    NO("1 000", TH | ALL),
  };
  RUN(english);
}

/* Digits are there before what follows them is refused, and a missing parenthesis is only reported. */
static void what_is_left_when_a_text_is_refused(void **state) {
  (void)state;
  static const struct {
    const OLECHAR *text;
    ULONG flags;
    BYTE first;
    INT count, used;
    ULONG out;
  } rows[] = {
    { u"12x", ALL, 1, 0, 0, 0 },         { u"0x", ALL, 0, 0, 0, 0 },
    { u"(12", PAR, 1, 2, 3, PAR | NEG }, { u"(12", PAR | ALL, 1, 2, 3, PAR | NEG },
    { u"(0", PAR, 0, 1, 2, PAR | NEG },  { u"x", 0, UNTOUCHED, 0, 0, 0 },
  };
  for (size_t i = 0; i < COUNT_OF(rows); i++) {
    NUMPARSE parse = { .cDig = ROOM, .dwInFlags = rows[i].flags };
    BYTE digits[ROOM];
    memset(digits, UNTOUCHED, sizeof digits);
    assert_int_equal(VarParseNumFromStr(rows[i].text, EN_US, 0, &parse, digits), DISP_E_TYPEMISMATCH);
    assert_int_equal(digits[0], rows[i].first);
    assert_int_equal(parse.cDig, rows[i].count);
    assert_int_equal(parse.cchUsed, rows[i].used);
    assert_int_equal(parse.dwOutFlags, rows[i].out);
  }
}

static void exponents(void **state) {
  (void)state;
  static const Row rows[] = {
    OK("1e5", EXP, EXP, 3, 0, 5, "1"),
    OK("1E5", EXP, EXP, 3, 0, 5, "1"),
    OK("1e+5", EXP, EXP, 4, 0, 5, "1"),
    OK("1e-5", EXP, EXP, 4, 0, -5, "1"),
    OK("1.5e-5", EXP | DP, EXP | DP, 6, 0, -6, "15"),
    OK("10e2", EXP, EXP, 4, 0, 3, "1"),
    OK("0e5", EXP, EXP, 3, 0, 0, "0"),
    OK("1e5", 0, 0, 1, 0, 0, "1"),
    OK("1e", EXP, 0, 1, 0, 0, "1"),
    OK("1e+", EXP, 0, 1, 0, 0, "1"),
    NO("1e", EXP | ALL),
    NO("e5", EXP),
  };
  RUN(rows);
}

static void other_bases(void **state) {
  (void)state;
  static const Row rows[] = {
    OK("&HF800", HEX, HEX, 6, 4, 0, "F800"),
    OK("&hff", HEX, HEX, 4, 4, 0, "FF"),
    OK("&H0F", HEX, HEX, 4, 4, 0, "F"),
    OK("&O123", HEX, HEX, 5, 3, 0, "123"),
    OK("&o17", HEX, HEX, 4, 3, 0, "17"),
    OK("&17", HEX, HEX, 3, 3, 0, "17"),
    OK("&O18", HEX, HEX, 3, 3, 0, "1"),
    OK("&H0", HEX, HEX, 3, 4, 0, "0"),
    OK("&H1.5", HEX | DP, HEX, 3, 4, 0, "1"),
    NO("&H", HEX),
    NO("&HG", HEX),
    NO("&H1", 0),
  };
  RUN(rows);
}

static void too_many_digits(void **state) {
  (void)state;
  static const Row rows[] = {
    { u"123", 0, 2, S_OK, NUMPRS_INEXACT, 3, 0, 1, "12" },
    { u"129", 0, 2, S_OK, NUMPRS_INEXACT, 3, 0, 1, "12" },
    { u"120", 0, 2, S_OK, 0, 3, 0, 1, "12" },
    { u"999", 0, 2, S_OK, NUMPRS_INEXACT, 3, 0, 1, "99" },
    { u"1.239", DP, 2, S_OK, DP | NUMPRS_INEXACT, 5, 0, -1, "12" },
    { u"12300", 0, 3, S_OK, 0, 5, 0, 2, "123" },
    { u"1", 0, 1, S_OK, 0, 1, 0, 0, "1" },
  };
  RUN(rows);
}

static void bad_arguments(void **state) {
  (void)state;
  BYTE digits[4];
  NUMPARSE parse = { .cDig = 4, .dwInFlags = NUMPRS_STD };
  assert_int_equal(VarParseNumFromStr(NULL, EN_US, 0, &parse, digits), DISP_E_TYPEMISMATCH);
  assert_int_equal(VarParseNumFromStr(u"1", EN_US, 0, NULL, digits), E_INVALIDARG);
  parse.cDig = -1;
  assert_int_equal(VarParseNumFromStr(u"1", EN_US, 0, &parse, digits), E_INVALIDARG);
}

/* The type */

static const ULONG integer_bits =
    VTBIT_I1 | VTBIT_UI1 | VTBIT_I2 | VTBIT_UI2 | VTBIT_I4 | VTBIT_UI4 | VTBIT_I8 | VTBIT_UI8;
static const ULONG real_bits = VTBIT_R4 | VTBIT_R8 | VTBIT_CY | VTBIT_DECIMAL;

static void the_smallest_type_that_fits(void **state) {
  (void)state;
  const struct {
    const OLECHAR *text;
    ULONG allowed;
    HRESULT hr;
    VARIANT expected;
  } rows[] = {
    { u"1", integer_bits, S_OK, I1(1) },
    { u"-1", integer_bits, S_OK, I1(-1) },
    { u"128", integer_bits, S_OK, UI1(128) },
    { u"256", integer_bits, S_OK, I2(256) },
    { u"-129", integer_bits, S_OK, I2(-129) },
    { u"40000", integer_bits, S_OK, UI2(40000) },
    { u"70000", integer_bits, S_OK, I4(70000) },
    { u"3000000000", integer_bits, S_OK, UI4(3000000000) },
    { u"5000000000", integer_bits, S_OK, I8(5000000000) },
    { u"10000000000000000000", integer_bits, S_OK, UI8(10000000000000000000u) },
    { u"100000000000000000000", integer_bits, DISP_E_OVERFLOW, EMPTY },
    { u"-10000000000000000000", integer_bits, DISP_E_OVERFLOW, EMPTY },
    { u"1", VTBIT_I4 | VTBIT_R8, S_OK, I4(1) },
    { u"1.5", VTBIT_I4 | VTBIT_R8, S_OK, R8(1.5) },
    { u"1.5", VTBIT_I4, S_OK, I4(2) },
    { u"2.5", VTBIT_I4, S_OK, I4(2) },
    { u"3000000000", VTBIT_I4 | VTBIT_R8, S_OK, R8(3000000000.0) },
    { u"1.5", real_bits, S_OK, R4(1.5) },
    { u"1e40", real_bits, S_OK, R8(1e40) },
    { u"1.5", VTBIT_CY | VTBIT_DECIMAL, S_OK, CY_(15000) },
    { u"1e20", VTBIT_CY | VTBIT_DECIMAL, S_OK, DEC(0, 0) },
    { u"1.5", VTBIT_DECIMAL, S_OK, DEC(15, 1) },
    { u"1e400", VTBIT_R8, DISP_E_OVERFLOW, EMPTY },
    { u"1", 0, DISP_E_OVERFLOW, EMPTY },
    { u"&HFF", integer_bits, S_OK, I1(-1) },
    { u"&HFF", VTBIT_I2, S_OK, I2(255) },
    { u"&HFFFF", VTBIT_I2 | VTBIT_I4, S_OK, I2(-1) },
    { u"&HFFFFF", VTBIT_I2 | VTBIT_I4, S_OK, I4(0xFFFFF) },
    { u"&HFFFFFFFFFFFFFFFF", VTBIT_I8, S_OK, I8(-1) },
    { u"&H10000000000000000", VTBIT_I8 | VTBIT_R8, DISP_E_OVERFLOW, EMPTY },
    { u"&HFFFF", VTBIT_R8, S_OK, R8(65535) },
    { u"&O377", VTBIT_UI1, S_OK, UI1(255) },
  };
  for (size_t i = 0; i < COUNT_OF(rows); i++) {
    NUMPARSE parse = { .cDig = ROOM, .dwInFlags = NUMPRS_STD };
    BYTE digits[ROOM];
    VARIANT result = EMPTY;
    VARIANT expected = rows[i].expected;
    if (expected.vt == VT_DECIMAL && expected.decVal.Lo64 == 0) { /* 1e20 */
      expected.decVal.Lo64 = 0x6BC75E2D63100000;
      expected.decVal.Hi32 = 5;
    }
    assert_int_equal(VarParseNumFromStr(rows[i].text, EN_US, 0, &parse, digits), S_OK);
    HRESULT hr = VarNumFromParseNum(&parse, digits, rows[i].allowed, &result);
    check_value(i, hr, rows[i].hr, &result, &expected);
  }
}

static void what_was_cut_off_counts_for_rounding(void **state) {
  (void)state;
  VARIANT result = EMPTY;
  BYTE digits[2] = { 2, 5 };
  NUMPARSE parse = { .cDig = 2, .nPwr10 = -1 };
  assert_int_equal(VarNumFromParseNum(&parse, digits, VTBIT_I4, &result), S_OK);
  assert_int_equal(result.lVal, 2);
  parse.dwOutFlags = NUMPRS_INEXACT;
  assert_int_equal(VarNumFromParseNum(&parse, digits, VTBIT_I4, &result), S_OK);
  assert_int_equal(result.lVal, 3);
}

static void junk_in_the_digits_is_refused(void **state) {
  (void)state;
  VARIANT result = EMPTY;
  BYTE digits[2] = { 1, 12 };
  NUMPARSE parse = { .cDig = 2 };
  assert_int_equal(VarNumFromParseNum(&parse, digits, VTBIT_I4, &result), E_INVALIDARG);
  parse.nBaseShift = 3;
  assert_int_equal(VarNumFromParseNum(&parse, digits, VTBIT_I4, &result), E_INVALIDARG);
  parse.nBaseShift = 4;
  assert_int_equal(VarNumFromParseNum(&parse, digits, VTBIT_I4, &result), S_OK);
  assert_int_equal(result.lVal, 0x1C);
  parse.nBaseShift = 5;
  assert_int_equal(VarNumFromParseNum(&parse, digits, VTBIT_I4, &result), E_INVALIDARG);
  parse.nBaseShift = 0;
  parse.cDig = 1;
  parse.nPwr10 = INT32_MAX;
  assert_int_equal(VarNumFromParseNum(&parse, digits, VTBIT_R8 | VTBIT_I4 | VTBIT_CY | VTBIT_DECIMAL, &result),
                   DISP_E_OVERFLOW);
  parse.nPwr10 = INT32_MIN;
  assert_int_equal(VarNumFromParseNum(&parse, digits, VTBIT_R8, &result), S_OK);
  assert_true(result.dblVal == 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(plain_digits),
    cmocka_unit_test(signs),
    cmocka_unit_test(decimals_and_thousands),
    cmocka_unit_test(spaces_that_separate_thousands),
    cmocka_unit_test(what_is_left_when_a_text_is_refused),
    cmocka_unit_test(exponents),
    cmocka_unit_test(other_bases),
    cmocka_unit_test(too_many_digits),
    cmocka_unit_test(bad_arguments),
    cmocka_unit_test(the_smallest_type_that_fits),
    cmocka_unit_test(what_was_cut_off_counts_for_rounding),
    cmocka_unit_test(junk_in_the_digits_is_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
