/* values.c - currency, decimal and date as Lua values: making them, exact arithmetic, comparison, text, fields. The
 * arithmetic is that of Automation (VarCy*, VarDec*). */
#include "bridge/values/values.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define LOCALE_PLAIN 0x0409 /* numbers as text, whatever the locale: a point and no grouping */

static const char currency_metatable, decimal_metatable, date_metatable;

const void *values_metatable_key(VARTYPE vt) {
  return vt == VT_CY         ? &currency_metatable
         : vt == VT_DECIMAL  ? &decimal_metatable
         : vt == VT_FILETIME ? &filetime_metatable
                             : &date_metatable;
}

/* taking them */

static HRESULT number_to_decimal(lua_State *L, int index, DECIMAL *decimal) {
  if (lua_isinteger(L, index))
    return VarDecFromI8(lua_tointeger(L, index), decimal);
  return VarDecFromR8(lua_tonumber(L, index), decimal);
}

static HRESULT number_to_currency(lua_State *L, int index, CY *currency) {
  if (lua_isinteger(L, index))
    return VarCyFromI8(lua_tointeger(L, index), currency);
  return VarCyFromR8(lua_tonumber(L, index), currency);
}

static HRESULT out_of_range(Converting *converting, HRESULT result, int index, const char *type) {
  if (result == DISP_E_OVERFLOW)
    return convert_problem(converting, result, "%.17g is out of range for %s", lua_tonumber(converting->L, index),
                           type);
  return result;
}

/* The exact value of a text that is wholly a number; S_FALSE: it is not one that Automation reads (0x10, 1e400). */
static HRESULT exact_text(lua_State *L, int index, VARTYPE vt, void *storage) {
  size_t length;
  BSTR text = NULL;
  if (lua_type(L, index) != LUA_TSTRING)
    return S_FALSE;
  const char *bytes = lua_tolstring(L, index, &length);
  HRESULT result = text_to_bstr(bytes, length, &text);
  if (SUCCEEDED(result))
    result = vt == VT_CY ? VarCyFromStr(text, LOCALE_PLAIN, 0, storage) : VarDecFromStr(text, LOCALE_PLAIN, 0, storage);
  SysFreeString(text);
  return result == E_OUTOFMEMORY || SUCCEEDED(result) ? result : S_FALSE;
}

HRESULT take_currency(Converting *converting, int index, const Type *type, void *storage) {
  (void)type;
  HRESULT exact = is_numeric(converting->L, index) ? exact_text(converting->L, index, VT_CY, storage) : S_FALSE;
  if (exact != S_FALSE)
    return exact;
  if (!is_numeric(converting->L, index))
    return convert_mismatch(converting, index, "a currency value or a number");
  return out_of_range(converting, number_to_currency(converting->L, index, storage), index, "a currency value");
}

HRESULT take_decimal(Converting *converting, int index, const Type *type, void *storage) {
  (void)type;
  HRESULT exact = is_numeric(converting->L, index) ? exact_text(converting->L, index, VT_DECIMAL, storage) : S_FALSE;
  if (exact != S_FALSE)
    return exact;
  if (!is_numeric(converting->L, index))
    return convert_mismatch(converting, index, "a decimal value or a number");
  return out_of_range(converting, number_to_decimal(converting->L, index, storage), index, "a decimal value");
}

/* What a table may say of a date, in the order of `enum`. */
static const struct {
  const char *name;
  lua_Integer least, most, absent; /* absent < least: it has to be there */
} date_fields[] = {
  { "year", 100, 9999, -1 }, { "month", 1, 12, -1 }, { "day", 1, 31, -1 }, { "hour", 0, 23, 0 }, { "min", 0, 59, 0 },
};
enum { YEAR, MONTH, DAY, HOUR, MINUTE, DATE_FIELDS };

/* Says what is wrong with the field, whose value is on top. */
static HRESULT refuse_field(Converting *converting, const char *name, const char *wanted, lua_Integer least,
                            lua_Integer most) {
  lua_State *L = converting->L;
  char given[48];
  if (lua_isnil(L, -1))
    return convert_problem(converting, DISP_E_TYPEMISMATCH, "the fields are no date: %s is missing", name);
  if (is_numeric(L, -1))
    snprintf(given, sizeof given, "%.14g", lua_tonumber(L, -1));
  else
    snprintf(given, sizeof given, "a %s", luaL_typename(L, -1));
  return convert_problem(converting, DISP_E_TYPEMISMATCH,
                         "the fields are no date: %s is %s; %s from %lld to %lld is wanted", name, given, wanted,
                         (long long)least, (long long)most);
}

static HRESULT read_field(Converting *converting, int table, unsigned field, lua_Integer *value) {
  lua_State *L = converting->L;
  lua_Integer least = date_fields[field].least, most = date_fields[field].most;
  int exact = 0;
  lua_pushstring(L, date_fields[field].name);
  bool nothing = lua_rawget(L, table) == LUA_TNIL;
  *value = nothing ? date_fields[field].absent : lua_tointegerx(L, -1, &exact);
  HRESULT result = S_OK;
  if (!(exact || nothing) || *value < least || *value > most)
    result = refuse_field(converting, date_fields[field].name, "an integer", least, most);
  lua_pop(L, 1);
  return result;
}

/* Seconds, with a fraction or none, and milliseconds: in milliseconds, rounded. */
static HRESULT read_seconds(Converting *converting, int table, double *milliseconds) {
  static const struct {
    const char *name;
    double below, factor;
  } fields[] = { { "sec", 60, 1000 }, { "ms", 1000, 1 } };
  lua_State *L = converting->L;
  HRESULT result = S_OK;
  double sum = 0;
  for (int i = 0; SUCCEEDED(result) && i < 2; i++) {
    lua_pushstring(L, fields[i].name);
    bool nothing = lua_rawget(L, table) == LUA_TNIL;
    double value = nothing ? 0 : lua_tonumber(L, -1);
    if ((!nothing && !is_numeric(L, -1)) || !(floor(value * fields[i].factor + 0.5) >= 0 && value < fields[i].below))
      result = refuse_field(converting, fields[i].name, "a number", 0, (lua_Integer)fields[i].below - 1);
    lua_pop(L, 1);
    sum += value * fields[i].factor;
  }
  *milliseconds = fmax(floor(sum + 0.5), 0);
  return result;
}

/* A DATE on a line: days since 1899-12-30 with the fraction always counted forward. */
static double linear(double date) {
  double day = trunc(date);
  return day + fabs(date - day);
}

static double from_linear(double days) {
  double day = floor(days);
  return day < 0 ? day - (days - day) : days;
}

static bool date_in_range(double date) {
  return date > -657435.0 && date < 2958466.0;
}

/* A table as os.date "*t" makes it; seconds may have a fraction, which rounds to milliseconds and may carry. */
static HRESULT table_to_date(Converting *converting, int table, double *date) {
  lua_Integer values[DATE_FIELDS];
  double milliseconds;
  HRESULT result = S_OK;
  for (unsigned field = 0; SUCCEEDED(result) && field < DATE_FIELDS; field++)
    result = read_field(converting, table, field, &values[field]);
  if (FAILED(result) || FAILED(result = read_seconds(converting, table, &milliseconds)))
    return result;
  SYSTEMTIME time, back;
  memset(&time, 0, sizeof time);
  time.wYear = (WORD)values[YEAR];
  time.wMonth = (WORD)values[MONTH];
  time.wDay = (WORD)values[DAY];
  if (!SystemTimeToVariantTime(&time, date) || !VariantTimeToSystemTime(*date, &back) || back.wDay != time.wDay)
    return convert_problem(converting, DISP_E_TYPEMISMATCH,
                           "the fields are no date: month %d of the year %d has no day %d", time.wMonth, time.wYear,
                           time.wDay);
  *date =
      from_linear(*date + (((double)values[HOUR] * 60 + (double)values[MINUTE]) * 60000 + milliseconds) / 86400000.0);
  return date_in_range(*date)
             ? S_OK
             : convert_problem(converting, DISP_E_TYPEMISMATCH, "the fields are no date: dates end with the year 9999");
}

HRESULT take_date(Converting *converting, int index, const Type *type, void *storage) {
  lua_State *L = converting->L;
  (void)type;
  if (lua_type(L, index) == LUA_TNUMBER) {
    double days = lua_tonumber(L, index);
    *(double *)storage = days;
    if (!date_in_range(days))
      return convert_problem(converting, DISP_E_OVERFLOW,
                             "%.17g days after 1899-12-30 are no date of the years 100 to 9999 (com.from_time takes "
                             "seconds as os.time counts them)",
                             days);
    return S_OK;
  }
  if (lua_type(L, index) != LUA_TTABLE)
    return convert_mismatch(converting, index, "a date, a number or a table of fields");
  if (!lua_checkstack(L, 4))
    return E_OUTOFMEMORY;
  return table_to_date(converting, lua_absindex(L, index), storage);
}

/* making */

static void push_cy(lua_State *L, CY currency) {
  VARIANT value;
  memset(&value, 0, sizeof value);
  V_VT(&value) = VT_CY;
  V_CY(&value) = currency;
  boxed_push(L, bridge_get(L), &value);
}

static void push_decimal(lua_State *L, const DECIMAL *decimal) {
  VARIANT value;
  V_DECIMAL(&value) = *decimal;
  V_VT(&value) = VT_DECIMAL;
  boxed_push(L, bridge_get(L), &value);
}

static void push_date(lua_State *L, double date) {
  VARIANT value;
  memset(&value, 0, sizeof value);
  V_VT(&value) = VT_DATE;
  V_DATE(&value) = date;
  boxed_push(L, bridge_get(L), &value);
}

/* A value of type `vt` made of whatever is at `index`. */
static HRESULT make(lua_State *L, int index, VARTYPE vt, VARIANT *value, Converting *converting) {
  memset(value, 0, sizeof *value);
  HRESULT result;
  if (lua_type(L, index) == LUA_TSTRING) {
    VARIANT text;
    VariantInit(&text);
    result = variant_from_lua(converting, index, &text);
    if (SUCCEEDED(result)) {
      result = VariantChangeTypeEx(value, &text, LOCALE_PLAIN, 0, vt);
      VariantClear(&text);
    }
  } else {
    void *storage = vt == VT_DECIMAL ? (void *)&V_DECIMAL(value) : (void *)&V_I8(value);
    result = convert_from_lua(converting, index, base_type_node(vt), storage);
    V_VT(value) = vt;
  }
  if (FAILED(result) && converting->problem[0] == 0)
    convert_problem(converting, result,
                    result == DISP_E_OVERFLOW ? "the value is out of range" : "the text is no such value");
  return result;
}

static int construct(lua_State *L, VARTYPE vt, const char *function) {
  Bridge *bridge = bridge_get(L);
  Converting converting = { .L = L, .bridge = bridge };
  VARIANT value;
  HRESULT result = make(L, 1, vt, &value, &converting);
  if (FAILED(result))
    return raise_argument(L, result, function, 1, "%s", converting.problem);
  boxed_push(L, bridge, &value);
  return 1;
}

static int core_currency(lua_State *L) {
  return construct(L, VT_CY, "com.currency");
}

static int core_decimal(lua_State *L) {
  return construct(L, VT_DECIMAL, "com.decimal");
}

static int core_date(lua_State *L) {
  return construct(L, VT_DATE, "com.date");
}

/* arithmetic */

typedef enum Operation { ADD, SUBTRACT, MULTIPLY, DIVIDE } Operation;

static HRESULT operand_decimal(lua_State *L, int index, DECIMAL *decimal) {
  const Boxed *boxed = boxed_at(L, index);
  if (boxed && V_VT(&boxed->value) == VT_DECIMAL) {
    *decimal = V_DECIMAL(&boxed->value);
    decimal->wReserved = 0;
    return S_OK;
  }
  if (boxed && V_VT(&boxed->value) == VT_CY)
    return VarDecFromCy(V_CY(&boxed->value), decimal);
  return lua_type(L, index) == LUA_TNUMBER ? number_to_decimal(L, index, decimal) : DISP_E_TYPEMISMATCH;
}

static HRESULT operand_currency(lua_State *L, int index, CY *currency) {
  const Boxed *boxed = boxed_at(L, index);
  if (boxed && V_VT(&boxed->value) == VT_CY) {
    *currency = V_CY(&boxed->value);
    return S_OK;
  }
  return lua_type(L, index) == LUA_TNUMBER ? number_to_currency(L, index, currency) : DISP_E_TYPEMISMATCH;
}

static bool is_of(lua_State *L, int index, VARTYPE vt) {
  const Boxed *boxed = boxed_at(L, index);
  return boxed && V_VT(&boxed->value) == vt;
}

static int raise_operands(lua_State *L, HRESULT result) {
  if (result == DISP_E_TYPEMISMATCH)
    return raise_text(L, result, NULL, "%s and %s do not go together in arithmetic", value_type_name(L, 1),
                      value_type_name(L, 2));
  return raise_status(L, result, "arithmetic");
}

/* Currency stays currency under addition and multiplication; anything else is done in decimal. */
static int calculate_currency(lua_State *L, Operation operation) {
  CY a, b, sum;
  HRESULT result = operand_currency(L, 1, &a);
  if (SUCCEEDED(result))
    result = operand_currency(L, 2, &b);
  if (SUCCEEDED(result))
    result = operation == ADD        ? VarCyAdd(a, b, &sum)
             : operation == SUBTRACT ? VarCySub(a, b, &sum)
                                     : VarCyMul(a, b, &sum);
  if (FAILED(result))
    return raise_operands(L, result);
  push_cy(L, sum);
  return 1;
}

static int calculate_decimal(lua_State *L, Operation operation) {
  static HRESULT(STDAPICALLTYPE *const functions[])(LPDECIMAL, LPDECIMAL, LPDECIMAL) = { VarDecAdd, VarDecSub,
                                                                                         VarDecMul, VarDecDiv };
  DECIMAL a, b, sum;
  HRESULT result = operand_decimal(L, 1, &a);
  if (SUCCEEDED(result))
    result = operand_decimal(L, 2, &b);
  if (SUCCEEDED(result))
    result = functions[operation](&a, &b, &sum);
  if (FAILED(result))
    return raise_operands(L, result);
  push_decimal(L, &sum);
  return 1;
}

static int calculate(lua_State *L, Operation operation) {
  bool decimal = is_of(L, 1, VT_DECIMAL) || is_of(L, 2, VT_DECIMAL) || operation == DIVIDE;
  return decimal ? calculate_decimal(L, operation) : calculate_currency(L, operation);
}

static int number_add(lua_State *L) {
  return calculate(L, ADD);
}

static int number_subtract(lua_State *L) {
  return calculate(L, SUBTRACT);
}

static int number_multiply(lua_State *L) {
  return calculate(L, MULTIPLY);
}

static int number_divide(lua_State *L) {
  return calculate(L, DIVIDE);
}

static int number_negate(lua_State *L) {
  DECIMAL decimal, negative;
  CY currency, opposite;
  if (is_of(L, 1, VT_CY)) {
    operand_currency(L, 1, &currency);
    HRESULT result = VarCyNeg(currency, &opposite);
    if (FAILED(result))
      return raise_operands(L, result);
    push_cy(L, opposite);
    return 1;
  }
  HRESULT result = operand_decimal(L, 1, &decimal);
  if (SUCCEEDED(result))
    result = VarDecNeg(&decimal, &negative);
  if (FAILED(result))
    return raise_operands(L, result);
  push_decimal(L, &negative);
  return 1;
}

/* VARCMP_LT, VARCMP_EQ or VARCMP_GT. */
static int compare(lua_State *L) {
  DECIMAL a, b;
  HRESULT result = operand_decimal(L, 1, &a);
  if (SUCCEEDED(result))
    result = operand_decimal(L, 2, &b);
  if (SUCCEEDED(result))
    result = VarDecCmp(&a, &b);
  if (FAILED(result))
    raise_operands(L, result);
  return result;
}

static int number_equal(lua_State *L) {
  bool numbers = (is_of(L, 1, VT_CY) || is_of(L, 1, VT_DECIMAL)) && (is_of(L, 2, VT_CY) || is_of(L, 2, VT_DECIMAL));
  lua_pushboolean(L, numbers && compare(L) == VARCMP_EQ);
  return 1;
}

static int number_less(lua_State *L) {
  lua_pushboolean(L, compare(L) == VARCMP_LT);
  return 1;
}

static int number_less_equal(lua_State *L) {
  lua_pushboolean(L, compare(L) != VARCMP_GT);
  return 1;
}

static int push_text(lua_State *L, HRESULT result, BSTR text) {
  if (FAILED(result) || !text)
    return raise_status(L, FAILED(result) ? result : E_OUTOFMEMORY, "tostring");
  if (!text_push_small(L, text)) {
    SysFreeString(text);
    return raise_status(L, E_UNEXPECTED, "tostring");
  }
  return 1;
}

static int number_tostring(lua_State *L) {
  BSTR text = NULL;
  if (is_of(L, 1, VT_CY)) {
    CY currency;
    operand_currency(L, 1, &currency);
    HRESULT made = VarBstrFromCy(currency, LOCALE_PLAIN, 0, &text);
    return push_text(L, made, text);
  }
  DECIMAL decimal;
  HRESULT result = operand_decimal(L, 1, &decimal);
  if (SUCCEEDED(result))
    result = VarBstrFromDec(&decimal, LOCALE_PLAIN, 0, &text);
  return push_text(L, result, text);
}

/* DECIMALs with all their digits: 1.50 is not 1.5 to somebody who looks at the scale, as recordings do. */

enum { DECIMAL_DIGITS = 29, DECIMAL_SCALE_MAX = 28 };

/* Divides the 96 bits by 10 and gives the rest. */
static unsigned take_digit(DECIMAL *decimal) {
  uint64_t parts[3] = { decimal->Hi32, decimal->Mid32, decimal->Lo32 }, rest = 0;
  for (int i = 0; i < 3; i++) {
    uint64_t part = rest << 32 | parts[i];
    parts[i] = part / 10;
    rest = part % 10;
  }
  decimal->Hi32 = (ULONG)parts[0];
  decimal->Mid32 = (ULONG)parts[1];
  decimal->Lo32 = (ULONG)parts[2];
  return (unsigned)rest;
}

/* Multiplies the 96 bits by 10; false, and as it was, when that does not fit. */
static bool add_zero(DECIMAL *decimal) {
  uint64_t low = (uint64_t)decimal->Lo32 * 10, middle = (uint64_t)decimal->Mid32 * 10 + (low >> 32);
  uint64_t high = (uint64_t)decimal->Hi32 * 10 + (middle >> 32);
  if (high > UINT32_MAX || decimal->scale >= DECIMAL_SCALE_MAX)
    return false;
  decimal->Lo32 = (ULONG)low;
  decimal->Mid32 = (ULONG)middle;
  decimal->Hi32 = (ULONG)high;
  decimal->scale++;
  return true;
}

static void push_all_digits(lua_State *L, DECIMAL decimal) {
  char text[DECIMAL_DIGITS + 4], *at = text + sizeof text;
  int digits = 0, scale = decimal.scale <= DECIMAL_SCALE_MAX ? decimal.scale : 0;
  while (digits <= scale || decimal.Hi32 || decimal.Lo64) {
    if (digits == scale && scale > 0)
      *--at = '.';
    *--at = (char)('0' + take_digit(&decimal));
    digits++;
  }
  if (decimal.sign & DECIMAL_NEG)
    *--at = '-';
  lua_pushlstring(L, at, (size_t)(text + sizeof text - at));
}

/* decimal_digits(decimal): its text with all digits, decimal_digits(text): the decimal that has them */
static int core_decimal_digits(lua_State *L) {
  DECIMAL decimal;
  if (lua_type(L, 1) != LUA_TSTRING) {
    HRESULT result = operand_decimal(L, 1, &decimal);
    if (FAILED(result))
      return raise_argument(L, result, "com.replay", 1, "a decimal is wanted, not %s", value_type_name(L, 1));
    push_all_digits(L, decimal);
    return 1;
  }
  lua_settop(L, 1);
  core_decimal(L);
  const char *point = strchr(lua_tostring(L, 1), '.');
  size_t scale = point ? strspn(point + 1, "0123456789") : 0;
  operand_decimal(L, -1, &decimal);
  while (decimal.scale < scale && add_zero(&decimal))
    ;
  push_decimal(L, &decimal);
  return 1;
}

/* dates */

static double date_of(lua_State *L, int index) {
  return is_of(L, index, VT_DATE) ? V_DATE(&boxed_at(L, index)->value) : lua_tonumber(L, index);
}

static bool date_operands(lua_State *L) {
  for (int i = 1; i <= 2; i++) {
    if (!is_of(L, i, VT_DATE) && lua_type(L, i) != LUA_TNUMBER)
      return false;
  }
  return true;
}

static int check_date(lua_State *L, double days) {
  double date = from_linear(days);
  if (!date_in_range(date))
    return raise_text(L, DISP_E_OVERFLOW, "date", "the date is outside of the years 100 to 9999");
  push_date(L, date);
  return 1;
}

/* date + days */
static int date_add(lua_State *L) {
  if (!date_operands(L) || (is_of(L, 1, VT_DATE) && is_of(L, 2, VT_DATE)))
    return raise_operands(L, DISP_E_TYPEMISMATCH);
  double a = is_of(L, 1, VT_DATE) ? linear(date_of(L, 1)) : date_of(L, 1);
  double b = is_of(L, 2, VT_DATE) ? linear(date_of(L, 2)) : date_of(L, 2);
  return check_date(L, a + b);
}

/* date - days is a date, date - date are days */
static int date_subtract(lua_State *L) {
  if (!date_operands(L) || !is_of(L, 1, VT_DATE))
    return raise_operands(L, DISP_E_TYPEMISMATCH);
  double a = linear(date_of(L, 1));
  if (!is_of(L, 2, VT_DATE))
    return check_date(L, a - date_of(L, 2));
  lua_pushnumber(L, a - linear(date_of(L, 2)));
  return 1;
}

static int date_compare(lua_State *L) {
  if (!is_of(L, 1, VT_DATE) || !is_of(L, 2, VT_DATE))
    raise_operands(L, DISP_E_TYPEMISMATCH);
  double a = linear(date_of(L, 1)), b = linear(date_of(L, 2));
  return a < b ? -1 : a > b;
}

static int date_equal(lua_State *L) {
  lua_pushboolean(L, is_of(L, 1, VT_DATE) && is_of(L, 2, VT_DATE) && date_compare(L) == 0);
  return 1;
}

static int date_less(lua_State *L) {
  lua_pushboolean(L, date_compare(L) < 0);
  return 1;
}

static int date_less_equal(lua_State *L) {
  lua_pushboolean(L, date_compare(L) <= 0);
  return 1;
}

/* The fields, to the millisecond. */
static bool split(double date, SYSTEMTIME *time) {
  double days = linear(date), day = floor(days);
  double milliseconds = floor((days - day) * 86400000.0 + 0.5);
  if (milliseconds >= 86400000.0) {
    milliseconds = 0;
    day += 1;
  }
  if (!VariantTimeToSystemTime(day, time))
    return false;
  unsigned rest = (unsigned)milliseconds;
  time->wMilliseconds = (WORD)(rest % 1000);
  time->wSecond = (WORD)(rest / 1000 % 60);
  time->wMinute = (WORD)(rest / 60000 % 60);
  time->wHour = (WORD)(rest / 3600000);
  return true;
}

/* ISO 8601, with milliseconds when there are any. */
static int date_tostring(lua_State *L) {
  SYSTEMTIME time;
  char text[40];
  if (!split(date_of(L, 1), &time)) {
    lua_pushfstring(L, "date(%f)", date_of(L, 1));
    return 1;
  }
  int length = snprintf(text, sizeof text, "%04u-%02u-%02uT%02u:%02u:%02u", time.wYear, time.wMonth, time.wDay,
                        time.wHour, time.wMinute, time.wSecond);
  if (time.wMilliseconds != 0)
    snprintf(text + length, sizeof text - (size_t)length, ".%03u", time.wMilliseconds);
  lua_pushstring(L, text);
  return 1;
}

/* year, month, day, hour, min, sec, ms; wday (1 is Sunday, as in os.date) */
static int date_index(lua_State *L) {
  static const struct {
    const char *name;
    size_t offset;
    int base;
  } fields[] = { { "year", offsetof(SYSTEMTIME, wYear), 0 },       { "month", offsetof(SYSTEMTIME, wMonth), 0 },
                 { "day", offsetof(SYSTEMTIME, wDay), 0 },         { "hour", offsetof(SYSTEMTIME, wHour), 0 },
                 { "min", offsetof(SYSTEMTIME, wMinute), 0 },      { "sec", offsetof(SYSTEMTIME, wSecond), 0 },
                 { "ms", offsetof(SYSTEMTIME, wMilliseconds), 0 }, { "wday", offsetof(SYSTEMTIME, wDayOfWeek), 1 } };
  SYSTEMTIME time;
  const char *name = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "";
  for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
    if (strcmp(fields[i].name, name) == 0 && split(date_of(L, 1), &time)) {
      lua_pushinteger(L, *(const WORD *)(const void *)((const char *)&time + fields[i].offset) + fields[i].base);
      return 1;
    }
  }
  return raise_text(L, DISP_E_UNKNOWNNAME, "date", "a date has no field %s", value_field_name(L, 2));
}

/* numbers */

/* tonumber(x): an integer where the value is one, else a float; a date is its number of days. nil for what is none. */
static int core_tonumber(lua_State *L) {
  const Boxed *boxed = boxed_at(L, 1);
  if (!boxed) {
    if (lua_isnone(L, 1))
      return raise_argument(L, E_INVALIDARG, "com.tonumber", 1, "a value is wanted, nothing was given");
    if (lua_type(L, 1) == LUA_TNUMBER || lua_type(L, 1) == LUA_TSTRING) {
      int is = 0;
      double number = lua_tonumberx(L, 1, &is);
      if (lua_isinteger(L, 1))
        lua_pushvalue(L, 1);
      else if (is)
        lua_pushnumber(L, number);
      else
        lua_pushnil(L);
      return 1;
    }
    lua_pushnil(L);
    return 1;
  }
  LONG64 integer;
  double number;
  VARIANT *value = (VARIANT *)&boxed->value, back;
  VARTYPE vt = V_VT(value);
  VariantInit(&back);
  if (vt == VT_DATE) {
    lua_pushnumber(L, V_DATE(value));
    return 1;
  }
  if (vt == VT_CY || vt == VT_DECIMAL) {
    DECIMAL decimal, whole;
    if (SUCCEEDED(operand_decimal(L, 1, &decimal)) && SUCCEEDED(VarDecFix(&decimal, &whole)) &&
        VarDecCmp(&decimal, &whole) == VARCMP_EQ && SUCCEEDED(VarI8FromDec(&whole, &integer))) {
      lua_pushinteger(L, integer);
      return 1;
    }
    operand_decimal(L, 1, &decimal);
    if (SUCCEEDED(VarR8FromDec(&decimal, &number))) {
      lua_pushnumber(L, number);
      return 1;
    }
  } else if (SUCCEEDED(VariantChangeType(&back, value, 0, VT_R8))) {
    lua_pushnumber(L, V_R8(&back));
    return 1;
  }
  lua_pushnil(L);
  return 1;
}

const char *value_field_name(lua_State *L, int index) {
  return lua_type(L, index) == LUA_TSTRING ? lua_tostring(L, index) : luaL_typename(L, index);
}

/* format(value, picture [, first day of the week, first week of the year]) */
static int core_format(lua_State *L) {
  Bridge *bridge = bridge_get(L);
  Converting converting = { .L = L, .bridge = bridge };
  BSTR picture = NULL, text = NULL;
  VARIANT value;
  VariantInit(&value);
  size_t length = 0;
  if (lua_isnone(L, 1))
    return raise_argument(L, E_INVALIDARG, "com.format", 1, "a value is wanted, nothing was given");
  if (!lua_isnoneornil(L, 2) && !lua_isstring(L, 2))
    return raise_argument(L, E_INVALIDARG, "com.format", 2, "a picture is wanted, not %s", value_type_name(L, 2));
  const char *pattern = luaL_optlstring(L, 2, "", &length);
  HRESULT result = text_to_bstr(pattern, length, &picture);
  if (SUCCEEDED(result))
    result = variant_from_lua(&converting, 1, &value);
  if (SUCCEEDED(result))
    result = VarFormat(&value, picture, 0, 0, 0, &text);
  VariantClear(&value);
  SysFreeString(picture);
  if (FAILED(result))
    return raise_text(L, result, "com.format", "%s",
                      converting.problem[0] != 0 ? converting.problem : "the value cannot be shown with this picture");
  if (!text) {
    lua_pushliteral(L, "");
    return 1;
  }
  return push_text(L, S_OK, text);
}

const luaL_Reg core_values_functions[] = { { "currency", core_currency },
                                           { "decimal", core_decimal },
                                           { "decimal_digits", core_decimal_digits },
                                           { "date", core_date },
                                           { "tonumber", core_tonumber },
                                           { "format", core_format },
                                           { NULL, NULL } };

static void make_metatable(lua_State *L, const void *key, const char *name, const luaL_Reg *methods) {
  lua_createtable(L, 0, 12);
  luaL_setfuncs(L, methods, 0);
  lua_pushstring(L, name);
  lua_setfield(L, -2, "__name");
  lua_pushstring(L, name);
  lua_setfield(L, -2, "__metatable");
  lua_rawsetp(L, LUA_REGISTRYINDEX, key);
}

void values_open_types(lua_State *L) {
  static const luaL_Reg numbers[] = { { "__add", number_add },           { "__sub", number_subtract },
                                      { "__mul", number_multiply },      { "__div", number_divide },
                                      { "__unm", number_negate },        { "__eq", number_equal },
                                      { "__lt", number_less },           { "__le", number_less_equal },
                                      { "__tostring", number_tostring }, { NULL, NULL } };
  static const luaL_Reg dates[] = { { "__add", date_add },       { "__sub", date_subtract },
                                    { "__eq", date_equal },      { "__lt", date_less },
                                    { "__le", date_less_equal }, { "__tostring", date_tostring },
                                    { "__index", date_index },   { NULL, NULL } };
  make_metatable(L, &currency_metatable, "currency", numbers);
  make_metatable(L, &decimal_metatable, "decimal", numbers);
  make_metatable(L, &date_metatable, "date", dates);
}
