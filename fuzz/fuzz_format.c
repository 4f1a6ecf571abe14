/* VarFormat: some bytes choose value, locale and week rules, the rest is the format string in UTF-16. */
#include "fuzz/work_limit.h"

#include <oleauto.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { HEAD = 12 };

/* A value of the type that the first byte chooses, from eight bytes. */
static void make_value(VARIANT *value, const uint8_t *data) {
  static const VARTYPE types[] = { VT_R8, VT_DATE, VT_I4,    VT_CY,      VT_BOOL,  VT_I8,  VT_UI8,
                                   VT_R4, VT_NULL, VT_EMPTY, VT_DECIMAL, VT_ERROR, VT_BSTR };

  memset(value, 0, sizeof *value);
  VARTYPE vt = types[data[0] % (sizeof types / sizeof types[0])];
  if (vt == VT_DECIMAL) {
    V_DECIMAL(value).scale = data[1] % 29;
    V_DECIMAL(value).sign = data[2] & DECIMAL_NEG;
    memcpy(&V_DECIMAL(value).Lo64, data + 4, 8);
  } else if (vt == VT_BSTR) {
    V_BSTR(value) = SysAllocStringByteLen((const char *)data + 4, 8);
  } else {
    memcpy(&V_I8(value), data + 4, 8);
  }
  if (vt == VT_BOOL)
    V_BOOL(value) = data[4] & 1 ? VARIANT_TRUE : VARIANT_FALSE;
  V_VT(value) = vt;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const LCID lcids[] = { 0x409, 0x407, 0x40C, 0x415, 0x401, 0x411, 0x439 };
  VARIANT value;
  BSTR result = NULL;
  BYTE tokens[512];

  if (size < HEAD)
    return 0;
  LCID lcid = lcids[data[1] % (sizeof lcids / sizeof lcids[0])];
  int first_day = data[2] % 9;
  int first_week = data[3] % 5;
  size_t length = (size - HEAD) / 2;
  OLECHAR *format = malloc((length + 1) * sizeof *format);
  if (!format)
    return 0;
  memcpy(format, data + HEAD, length * sizeof *format);
  format[length] = 0;
  make_value(&value, data);

  double begin = work_seconds();
  VarFormat(&value, format, first_day, first_week, 0, &result);
  SysFreeString(result);
  if (VarTokenizeFormatString(format, tokens, sizeof tokens, first_day, first_week, lcid, NULL) == S_OK) {
    VarFormatFromTokens(&value, format, tokens, 0, &result, lcid);
    SysFreeString(result);
    OLECHAR shorter[] = u"0"; /* tokens of another string */
    VarFormatFromTokens(&value, shorter, tokens, 0, &result, lcid);
    SysFreeString(result);
  }
  work_check(begin, "the format");
  VariantClear(&value);
  free(format);
  return 0;
}
