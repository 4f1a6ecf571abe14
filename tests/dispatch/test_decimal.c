/* DECIMAL: all VarDec functions. The long rows were computed with the exact fractions of another program. */
#include "support/values.h"

typedef struct Number {
  bool negative;
  int scale;
  uint32_t high;
  uint64_t low;
} Number;

typedef struct Row {
  Number left;
  Number right;
  HRESULT hr;
  Number expected;
} Row;

typedef HRESULT Binary(LPDECIMAL left, LPDECIMAL right, LPDECIMAL result);
typedef HRESULT Unary(LPDECIMAL value, LPDECIMAL result);

static DECIMAL make(Number number) {
  DECIMAL result;
  memset(&result, 0, sizeof result);
  result.sign = number.negative ? DECIMAL_NEG : 0;
  result.scale = (BYTE)number.scale;
  result.Hi32 = number.high;
  result.Lo64 = number.low;
  return result;
}

static void check(size_t row, HRESULT hr, HRESULT expected_hr, const DECIMAL *result, Number number) {
  DECIMAL expected = make(number);
  bool right = hr == expected_hr && (FAILED(hr) || (result->signscale == expected.signscale &&
                                                    result->Hi32 == expected.Hi32 && result->Lo64 == expected.Lo64));
  if (!right) {
    print_message("row %zu: hr 0x%08X, sign %u, scale %u, 0x%08X %016llX\n", row, (unsigned)hr, result->sign,
                  result->scale, result->Hi32, (unsigned long long)result->Lo64);
    fail();
  }
}

static void run(Binary *function, const Row *rows, size_t count) {
  for (size_t i = 0; i < count; i++) {
    DECIMAL left = make(rows[i].left);
    DECIMAL right = make(rows[i].right);
    DECIMAL result;
    memset(&result, 0xAA, sizeof result);
    HRESULT hr = function(&left, &right, &result);
    check(i, hr, rows[i].hr, &result, rows[i].expected);
    assert_int_equal(result.wReserved, 0xAAAA);
  }
}
#define RUN(function, rows) run(function, rows, COUNT_OF(rows))

#define MOST_HIGH           UINT32_MAX
#define MOST_LOW            UINT64_MAX
#define P(value, scale)                                                                                                \
  { false, scale, 0, value }
#define N(value, scale)                                                                                                \
  { true, scale, 0, value }
#define MOST(scale)                                                                                                    \
  { false, scale, MOST_HIGH, MOST_LOW }
#define LEAST(scale)                                                                                                   \
  { true, scale, MOST_HIGH, MOST_LOW }
#define BAD_SCALE                                                                                                      \
  { false, 29, 0, 1 }

static const Row sums[] = {
  { { true, 28, 0x00000000, 0x00000000536E95DF },
    { true, 0, 0x00F3849A, 0x9C8052E3FFEC3FEE },
    S_OK,
    { true, 2, 0x5F1FCC65, 0x2220610FF848F8F8 } },
  { { false, 0, 0x00000000, 0x0000000000000001 },
    { false, 0, 0x00000000, 0x0DE0B6B3A7640000 },
    S_OK,
    { false, 0, 0x00000000, 0x0DE0B6B3A7640001 } },
  { { true, 0, 0x00000000, 0x0000000071DBADAB },
    { true, 27, 0x00000000, 0x951FD49DC045596E },
    S_OK,
    { true, 19, 0x3DB8FCF5, 0x3B6FD6CAEACF6FB3 } },
  { { true, 28, 0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF },
    { false, 1, 0x00000000, 0x0000000000000001 },
    S_OK,
    { true, 28, 0xFCC4D1C3, 0x602F7FC317FFFFFF } },
  { { true, 28, 0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF },
    { true, 5, 0x035B59B8, 0x9927DCC3448EE771 },
    S_OK,
    { true, 6, 0x21918135, 0xFB8E9FA0AE0DEEEA } },
  { { false, 0, 0x00000000, 0x0000000000000001 },
    { true, 5, 0x00000000, 0x000009184E72A000 },
    S_OK,
    { true, 5, 0x00000000, 0x000009184E711960 } },
  { { true, 5, 0x00000000, 0x7D028566E09294C6 },
    { false, 5, 0x00000000, 0x002386F26FC10000 },
    S_OK,
    { true, 5, 0x00000000, 0x7CDEFE7470D194C6 } },
  { { true, 27, 0x00000000, 0x00000000C13E2E1A },
    { true, 0, 0x00000000, 0x0000000060E75E3C },
    S_OK,
    { true, 19, 0x348819E7, 0xF257500B82600020 } },
  { { false, 2, 0x00000000, 0x00000000ACD5DE1A },
    { false, 1, 0x00000000, 0x0000000000000001 },
    S_OK,
    { false, 2, 0x00000000, 0x00000000ACD5DE24 } },
  { { true, 0, 0x00000000, 0x00000000CB5A15FF },
    { false, 28, 0x5C0A21D7, 0x142CFCF94CE8A4EF },
    S_OK,
    { true, 19, 0x6E3CBEB1, 0xEFE01E14808CD858 } },
  { { false, 27, 0x7EDA97B5, 0x261AA8F0D7ED4E6B },
    { true, 5, 0x00084595, 0x161401484A000000 },
    S_OK,
    { true, 8, 0x204FCE5E, 0x3E25026025FEF33B } },
  { { true, 0, 0x2CA9A021, 0xD332BAACE80B3D6E },
    { true, 14, 0x00000000, 0x00000000000000BC },
    S_OK,
    { true, 0, 0x2CA9A021, 0xD332BAACE80B3D6E } },
  { { false, 27, 0x00000000, 0x309C9B1E3ACA1137 },
    { true, 14, 0xC93A3D1B, 0x3631CB8218AF02AD },
    S_OK,
    { true, 14, 0xC93A3D1B, 0x3631CB8218A9AA60 } },
  { { true, 2, 0x80CC3374, 0x30FA78796DE7E8A4 },
    { true, 5, 0x00000000, 0x0000000000000058 },
    S_OK,
    { true, 2, 0x80CC3374, 0x30FA78796DE7E8A4 } },
};

static const Row products[] = {
  { { false, 5, 0x00000000, 0x000000007E1BC7D6 },
    { true, 27, 0x00000000, 0x000000002C4D912A },
    S_OK,
    { true, 28, 0x00000000, 0x00008F06DDC15588 } },
  { { true, 28, 0xD2326B65, 0xE065FC6C666AA18E },
    { true, 5, 0x00000000, 0x61F81F9DEA4A88C4 },
    S_OK,
    { false, 14, 0x946312E5, 0x2FD96818AABE3E17 } },
  { { true, 0, 0x00000000, 0x0000000000000001 },
    { false, 14, 0x0152897B, 0x6366B13F1394F736 },
    S_OK,
    { true, 14, 0x0152897B, 0x6366B13F1394F736 } },
  { { false, 28, 0x00000000, 0x00000000256A75DA },
    { false, 1, 0x016DD8E1, 0x57EF669F4B4701C6 },
    S_OK,
    { false, 22, 0x59B57899, 0xBB7822D61A889BF4 } },
  { { true, 2, 0x00000000, 0x000000006D29D78B },
    { true, 0, 0x00000000, 0x00038D7EA4C68000 },
    S_OK,
    { false, 2, 0x000183D3, 0x93341870AD478000 } },
  { { false, 2, 0x011C0873, 0x36868DA0CB2973A6 },
    { false, 28, 0x00000000, 0x00000000A36E4EB8 },
    S_OK,
    { false, 22, 0x1E6BF1CE, 0xB7949331ADE176AA } },
  { { true, 5, 0x00000000, 0x0000000000000001 },
    { false, 28, 0x005D364D, 0x8232B96777CCC28E },
    S_OK,
    { true, 28, 0x0000003D, 0x166613F459B8B567 } },
  { { true, 1, 0xB4093ED1, 0xCA8DA70707BA8FCF },
    { true, 2, 0x00000000, 0x0000000000000001 },
    S_OK,
    { false, 3, 0xB4093ED1, 0xCA8DA70707BA8FCF } },
  { { false, 0, 0xE790BA78, 0x7715966497FDD07B },
    { true, 5, 0x00000000, 0x0000000000000001 },
    S_OK,
    { true, 5, 0xE790BA78, 0x7715966497FDD07B } },
  { { false, 0, 0x00000000, 0x0000000073F9D3EB },
    { false, 28, 0x00000000, 0xCD6E4BE1C6DD375D },
    S_OK,
    { false, 28, 0x5D11066C, 0xB7BA8C338228795F } },
  { { false, 5, 0x00000000, 0x6F6C3CB0C34624CA },
    { true, 14, 0x00000000, 0xE0CCE3CD511E3685 },
    S_OK,
    { true, 9, 0x2A05FC0E, 0xB1912ED3CAF2BCC3 } },
  { { false, 0, 0x00000000, 0x000000003CABF8A4 },
    { true, 14, 0x00000000, 0xF25B4A48E07B85F8 },
    S_OK,
    { true, 14, 0x397033C7, 0x65BD1610159212E0 } },
  { { true, 2, 0x01AEC4AF, 0x05D635239694E485 },
    { true, 5, 0x00000000, 0x00000000000003E8 },
    S_OK,
    { false, 6, 0xA844D45E, 0x47ACC1E6D22943F4 } },
  { { false, 14, 0x00000000, 0x0000000000000056 },
    { false, 1, 0x00000000, 0x00000000000000C6 },
    S_OK,
    { false, 15, 0x00000000, 0x0000000000004284 } },
};

static const Row quotients[] = {
  { { false, 27, 0x00000000, 0x000000174876E800 },
    { true, 28, 0xFFFFFFFF, 0xFFFFFFFFFFFFFFFD },
    S_OK,
    { true, 28, 0x00000000, 0x0000001D6329F1C3 } },
  { { false, 0, 0x00000000, 0x09DDAC611C4582CC },
    { false, 27, 0x2C60642D, 0xD2ECB29591CB81DC },
    S_OK,
    { false, 12, 0xA741CD80, 0x4D1079C0A069440D } },
  { { true, 0, 0x00000000, 0x0000000000000001 },
    { false, 28, 0x00000000, 0x0000000040750CAF },
    S_OK,
    { true, 9, 0x1DE112E0, 0xED3D9B3FF15B1FD1 } },
  { { false, 0, 0x00000000, 0xA6424466F7D9B0BA },
    { false, 5, 0x00000000, 0x0000000076F17F8B },
    S_OK,
    { false, 14, 0xC1FBC892, 0xB8F857B2499378B0 } },
  { { true, 0, 0x00000000, 0x0000000032F8587B },
    { false, 0, 0x00000000, 0x5E3E69445E40BA04 },
    S_OK,
    { true, 28, 0x00000000, 0x1179A9387784FE96 } },
  { { true, 0, 0xC9B5CE93, 0x6FC133245FC5D827 },
    { true, 0, 0x00000000, 0x00000000000186A0 },
    S_OK,
    { false, 5, 0xC9B5CE93, 0x6FC133245FC5D827 } },
  { { false, 0, 0x00000000, 0x0000000000000001 },
    { false, 0, 0x00000000, 0x00000000B955255B },
    S_OK,
    { false, 28, 0x00000000, 0x2CA1D96A450E713B } },
  { { true, 1, 0x00000000, 0x00000000000F4240 },
    { true, 28, 0x00000000, 0x549D49E3EC9AE16C },
    S_OK,
    { false, 14, 0x34FEC38C, 0x0971B9D80328F962 } },
  { { false, 27, 0x02ADD572, 0xAD74A7D670E61E41 },
    { true, 2, 0x00000000, 0x4E9384A09D20F8DA },
    S_OK,
    { true, 27, 0x00000000, 0x0000000368D36CF8 } },
  { { false, 0, 0x00000000, 0x00000000E47229A6 },
    { false, 28, 0x6580AE61, 0x85D48133498F19DA },
    S_OK,
    { false, 19, 0x276C3801, 0xB7880E227C14B0C0 } },
  { { true, 5, 0xFFFFFFFF, 0xFFFFFFFFFFFFFFFD },
    { false, 0, 0x00000000, 0x0000000082579A35 },
    S_OK,
    { true, 14, 0x75113085, 0xC67A26321CF464B9 } },
  { { true, 0, 0x00000000, 0x00000000000000CE },
    { false, 27, 0xFFFFFFFF, 0xFFFFFFFFFFFFFFFE },
    S_OK,
    { true, 28, 0x5403674D, 0x83A3F0FA09FB74C8 } },
  { { true, 27, 0x05E3A37D, 0xE94DD4E853187BD9 },
    { true, 0, 0x00000000, 0x0000000000000001 },
    S_OK,
    { false, 27, 0x05E3A37D, 0xE94DD4E853187BD9 } },
  { { false, 1, 0x00000000, 0x960E16AC56303380 },
    { true, 2, 0x00000000, 0x000000000000009F },
    S_OK,
    { true, 11, 0xDBBB6D6E, 0x27278719ED02C46D } },
};

static void long_operands(void **state) {
  (void)state;
  RUN(VarDecAdd, sums);
  RUN(VarDecMul, products);
  RUN(VarDecDiv, quotients);
}

static void addition(void **state) {
  (void)state;
  static const Row rows[] = {
    { P(0, 0), P(0, 0), S_OK, P(0, 0) },
    { P(1, 0), P(1, 0), S_OK, P(2, 0) },
    { P(1, 0), N(2, 0), S_OK, N(1, 0) },
    { N(1, 0), P(2, 0), S_OK, P(1, 0) },
    { N(1, 0), N(2, 0), S_OK, N(3, 0) },
    { P(1, 0), P(1, 1), S_OK, P(11, 1) },
    { P(UINT64_MAX, 0), P(1, 0), S_OK, { false, 0, 1, 0 } },
    { MOST(0), P(1, 0), DISP_E_OVERFLOW, P(0, 0) },
    { LEAST(0), N(1, 0), DISP_E_OVERFLOW, P(0, 0) },
    { MOST(0), N(1, 0), S_OK, { false, 0, MOST_HIGH, MOST_LOW - 1 } },
    /* 7922816251426433759354395033.5 + 0.1 keeps one place; twice that loses it */
    { MOST(1), P(1, 1), S_OK, { false, 0, 0x19999999, 0x999999999999999A } },
    { MOST(0), P(4, 1), S_OK, MOST(0) },
    { MOST(0), P(5, 1), DISP_E_OVERFLOW, P(0, 0) },
    { BAD_SCALE, P(1, 0), E_INVALIDARG, P(0, 0) },
    { P(1, 0), BAD_SCALE, E_INVALIDARG, P(0, 0) },
  };
  RUN(VarDecAdd, rows);
}

static void subtraction(void **state) {
  (void)state;
  static const Row rows[] = {
    { P(3, 0), P(2, 0), S_OK, P(1, 0) },
    { P(2, 0), P(3, 0), S_OK, N(1, 0) },
    { N(2, 0), P(3, 0), S_OK, N(5, 0) },
    { P(2, 0), N(3, 0), S_OK, P(5, 0) },
    { P(1, 0), P(1, 28), S_OK, { false, 28, 542101086, 4477988020393345023 } },
    { LEAST(0), P(1, 0), DISP_E_OVERFLOW, P(0, 0) },
    { P(1, 0), BAD_SCALE, E_INVALIDARG, P(0, 0) },
  };
  RUN(VarDecSub, rows);
}

static void multiplication(void **state) {
  (void)state;
  static const Row rows[] = {
    { P(2, 0), P(3, 0), S_OK, P(6, 0) },    { N(2, 0), P(3, 0), S_OK, N(6, 0) },
    { N(2, 0), N(3, 0), S_OK, P(6, 0) },    { P(25, 1), P(4, 0), S_OK, P(100, 1) },
    { P(1, 28), P(1, 1), S_OK, P(0, 28) },  { P(1, 28), P(5, 1), S_OK, P(0, 28) },
    { P(3, 28), P(5, 1), S_OK, P(2, 28) },  { MOST(0), P(2, 0), DISP_E_OVERFLOW, P(0, 0) },
    { MOST(28), P(10, 0), S_OK, MOST(27) }, { BAD_SCALE, P(1, 0), E_INVALIDARG, P(0, 0) },
  };
  RUN(VarDecMul, rows);
}

static void division(void **state) {
  (void)state;
  static const Row rows[] = {
    { P(6, 0), P(3, 0), S_OK, P(2, 0) },
    { P(1, 0), P(2, 0), S_OK, P(5, 1) },
    { P(1, 0), N(4, 0), S_OK, N(25, 2) },
    { P(10, 0), P(1, 1), S_OK, P(100, 0) },
    { P(1, 0), P(3, 0), S_OK, { false, 28, 180700362, 1492662673464448341ull } },
    { P(2, 0), P(3, 0), S_OK, { false, 28, 361400724, 2985325346928896683ull } },
    { P(0, 0), P(3, 0), S_OK, P(0, 0) },
    { MOST(0), P(1, 1), DISP_E_OVERFLOW, P(0, 0) },
    { MOST(0), MOST(0), S_OK, P(1, 0) },
    { P(1, 28), P(3, 0), S_OK, P(0, 0) },
    { P(1, 0), P(0, 0), DISP_E_DIVBYZERO, P(0, 0) },
    { P(1, 0), BAD_SCALE, E_INVALIDARG, P(0, 0) },
  };
  RUN(VarDecDiv, rows);
}

static void comparison(void **state) {
  (void)state;
  static const struct {
    Number left;
    Number right;
    HRESULT expected;
  } rows[] = {
    { P(1, 0), P(10, 1), VARCMP_EQ },     { P(1, 0), P(11, 1), VARCMP_LT },   { P(2, 0), P(11, 1), VARCMP_GT },
    { N(1, 0), P(1, 0), VARCMP_LT },      { N(1, 0), N(2, 0), VARCMP_GT },    { N(0, 0), P(0, 5), VARCMP_EQ },
    { MOST(0), MOST(28), VARCMP_GT },     { LEAST(0), LEAST(28), VARCMP_LT }, { P(0, 0), N(1, 28), VARCMP_GT },
    { BAD_SCALE, P(0, 0), E_INVALIDARG },
  };
  for (size_t i = 0; i < COUNT_OF(rows); i++) {
    DECIMAL left = make(rows[i].left);
    DECIMAL right = make(rows[i].right);
    assert_int_equal(VarDecCmp(&left, &right), rows[i].expected);
  }
  DECIMAL one_and_a_half = make((Number)P(15, 1));
  assert_int_equal(VarDecCmpR8(&one_and_a_half, 1.5), VARCMP_EQ);
  assert_int_equal(VarDecCmpR8(&one_and_a_half, -1.5), VARCMP_GT);
  assert_int_equal(VarDecCmpR8(&one_and_a_half, 1e30), DISP_E_OVERFLOW);
}

static void run_unary(Unary *function, const Number rows[][2], size_t count) {
  for (size_t i = 0; i < count; i++) {
    DECIMAL value = make(rows[i][0]);
    DECIMAL result;
    HRESULT hr = function(&value, &result);
    check(i, hr, S_OK, &result, rows[i][1]);
  }
  DECIMAL result;
  assert_int_equal(function(NULL, &result), E_INVALIDARG);
  assert_int_equal(function(&result, NULL), E_INVALIDARG);
}

static void run_checked(Unary *function, const Number rows[][2], size_t count) {
  run_unary(function, rows, count);
  DECIMAL bad = make((Number)BAD_SCALE);
  DECIMAL result;
  assert_int_equal(function(&bad, &result), E_INVALIDARG);
  bad = make((Number)P(1, 0));
  bad.sign = 1;
  assert_int_equal(function(&bad, &result), E_INVALIDARG);
}

/* VarDecAbs and VarDecNeg take the value as it is. */
static void the_sign_is_one_bit(void **state) {
  (void)state;
  static const struct {
    Unary *function;
    BYTE scale, sign, result;
  } rows[] = {
    { VarDecNeg, 0, 0x7F, 0xFF }, { VarDecNeg, 0, 0xFF, 0x7F }, { VarDecNeg, 99, 0, 0x80 },
    { VarDecAbs, 0, 0xFF, 0x7F }, { VarDecAbs, 0, 0x7F, 0x7F }, { VarDecAbs, 99, 0x80, 0 },
  };
  for (size_t i = 0; i < COUNT_OF(rows); i++) {
    DECIMAL value = { .scale = rows[i].scale, .sign = rows[i].sign, .Lo64 = 1 };
    DECIMAL result = { 0 };
    assert_int_equal(rows[i].function(&value, &result), S_OK);
    assert_int_equal(result.sign, rows[i].result);
    assert_int_equal(result.scale, rows[i].scale);
    assert_true(result.Lo64 == 1);
  }
}

static void one_operand(void **state) {
  (void)state;
  static const Number absolutes[][2] = { { P(15, 1), P(15, 1) }, { N(15, 1), P(15, 1) }, { LEAST(3), MOST(3) } };
  run_unary(VarDecAbs, absolutes, COUNT_OF(absolutes));
  static const Number negatives[][2] = { { P(15, 1), N(15, 1) }, { N(15, 1), P(15, 1) }, { MOST(0), LEAST(0) } };
  run_unary(VarDecNeg, negatives, COUNT_OF(negatives));
  static const Number fixes[][2] = {
    { P(19, 1), P(1, 0) }, { N(19, 1), N(1, 0) }, { P(7, 0), P(7, 0) }, { MOST(28), P(7, 0) }
  };
  run_checked(VarDecFix, fixes, COUNT_OF(fixes));
  static const Number ints[][2] = {
    { P(19, 1), P(1, 0) }, { N(11, 1), N(2, 0) }, { N(10, 1), N(1, 0) }, { LEAST(28), N(8, 0) }, { N(1, 28), N(1, 0) }
  };
  run_checked(VarDecInt, ints, COUNT_OF(ints));
}

static void rounding(void **state) {
  (void)state;
  static const struct {
    Number value;
    int places;
    HRESULT hr;
    Number expected;
  } rows[] = {
    { P(125, 2), 1, S_OK, P(12, 1) },
    { P(135, 2), 1, S_OK, P(14, 1) },
    { N(125, 2), 1, S_OK, N(12, 1) },
    { P(1251, 3), 1, S_OK, P(13, 1) },
    { P(5, 1), 0, S_OK, P(0, 0) },
    { P(15, 1), 0, S_OK, P(2, 0) },
    { P(125, 2), 2, S_OK, P(125, 2) },
    { P(125, 2), 99, S_OK, P(125, 2) },
    { P(125, 2), -1, E_INVALIDARG, P(0, 0) },
    { BAD_SCALE, 1, E_INVALIDARG, P(0, 0) },
  };
  for (size_t i = 0; i < COUNT_OF(rows); i++) {
    DECIMAL value = make(rows[i].value);
    DECIMAL result;
    HRESULT hr = VarDecRound(&value, rows[i].places, &result);
    check(i, hr, rows[i].hr, &result, rows[i].expected);
  }
}

static void from_reals(void **state) {
  (void)state;
  static const struct {
    double value;
    HRESULT hr;
    Number expected;
  } rows[] = {
    { 0.0, S_OK, P(0, 0) },
    { -0.0, S_OK, P(0, 0) },
    { 0.1, S_OK, P(1, 1) },
    { -0.5, S_OK, N(5, 1) },
    { 100, S_OK, P(100, 0) },
    { 1.0 / 3, S_OK, P(333333333333333, 15) },
    { 123456789012345678.0, S_OK, P(123456789012346000, 0) },
    { 1e15, S_OK, P(1000000000000000, 0) },
    { 1e-28, S_OK, P(1, 28) },
    { 4e-29, S_OK, P(0, 0) },
    { 1e-100, S_OK, P(0, 0) },
    { 7.9228162514264e28, S_OK, { false, 0, 0xFFFFFFFF, 0xFFFECCF5E0BC0000 } },
    { 7.9228162514265e28, DISP_E_OVERFLOW, P(0, 0) },
    { 1e29, DISP_E_OVERFLOW, P(0, 0) },
    { -1e300, DISP_E_OVERFLOW, P(0, 0) },
  };
  for (size_t i = 0; i < COUNT_OF(rows); i++) {
    DECIMAL result;
    HRESULT hr = VarDecFromR8(rows[i].value, &result);
    check(i, hr, rows[i].hr, &result, rows[i].expected);
  }
  DECIMAL result;
  assert_int_equal(VarDecFromR4(0.1f, &result), S_OK);
  check(100, S_OK, S_OK, &result, (Number)P(1, 1));
  assert_int_equal(VarDecFromR4(1234567.0f, &result), S_OK);
  check(101, S_OK, S_OK, &result, (Number)P(1234567, 0));
  assert_int_equal(VarDecFromR4(123456789.0f, &result), S_OK);
  check(102, S_OK, S_OK, &result, (Number)P(123456800, 0));
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(long_operands), cmocka_unit_test(addition),
    cmocka_unit_test(subtraction),   cmocka_unit_test(multiplication),
    cmocka_unit_test(division),      cmocka_unit_test(comparison),
    cmocka_unit_test(one_operand),   cmocka_unit_test(the_sign_is_one_bit),
    cmocka_unit_test(rounding),      cmocka_unit_test(from_reals),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
