/* Numbers in text: the first bytes choose locale, flags and types, the rest is the text. What parses goes back to text. */
#include "fuzz/work_limit.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <oleauto.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void convert_every_way(OLECHAR *text, LCID lcid) {
  static const VARTYPE types[] = { VT_I1,  VT_UI1, VT_I2, VT_UI2, VT_I4,   VT_UI4,    VT_I8,
                                   VT_UI8, VT_R4,  VT_R8, VT_CY,  VT_BOOL, VT_DECIMAL };
  VARIANT source;
  source.vt = VT_BSTR;
  source.bstrVal = SysAllocString(text);
  for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
    VARIANT value;
    VARIANT back;
    VariantInit(&value);
    VariantInit(&back);
    if (SUCCEEDED(VariantChangeTypeEx(&value, &source, lcid, VARIANT_LOCALBOOL, types[i])) &&
        FAILED(VariantChangeTypeEx(&back, &value, lcid, VARIANT_LOCALBOOL, VT_BSTR))) {
      abort();
    }
    VariantClear(&back);
    VariantClear(&value);
  }
  VariantClear(&source);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const LCID locales[] = { 0x0409, 0x0407, 0x040C, 0x0419, 0x0401, 0x0411, 0x0C0A, 0 };
  enum { HEADER = 8, MOST_UNITS = 200 };
  OLECHAR text[MOST_UNITS + 1];
  BYTE digits[64];
  ULONG allowed = 0;
  if (size < HEADER) {
    return 0;
  }
  LCID lcid = locales[data[0] % (sizeof locales / sizeof *locales)];
  NUMPARSE parse = { .cDig = data[1] % 65, .dwInFlags = (ULONG)(data[2] | data[3] << 8) & NUMPRS_STD };
  memcpy(&allowed, data + 4, sizeof allowed);
  size_t units = (size - HEADER) / sizeof(OLECHAR);
  units = units > MOST_UNITS ? MOST_UNITS : units;
  memcpy(text, data + HEADER, units * sizeof(OLECHAR));
  text[units] = 0;
  double begin = work_seconds();
  VARIANT value;
  VariantInit(&value);
  if (SUCCEEDED(VarParseNumFromStr(text, lcid, 0, &parse, digits))) {
    if (parse.cDig > 64 || parse.cchUsed < 0 || (size_t)parse.cchUsed > units) {
      abort();
    }
    VarNumFromParseNum(&parse, digits, allowed, &value);
  }
  /* digits as they come */
  NUMPARSE raw = { .cDig = data[1] % 65, .dwOutFlags = data[2] == 0 ? 0 : NUMPRS_NEG, .nBaseShift = data[3] % 5 };
  memcpy(&raw.nPwr10, data + 4, sizeof raw.nPwr10);
  memset(digits, 0, sizeof digits);
  memcpy(digits, data + HEADER, size - HEADER < sizeof digits ? size - HEADER : sizeof digits);
  VarNumFromParseNum(&raw, digits, allowed, &value);
  convert_every_way(text, lcid);
  work_check(begin, "the text");
  return 0;
}
