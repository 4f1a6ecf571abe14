/* VarDateFromStr: two bytes choose locale and flags, the rest is UTF-16. What is read must survive being written. */
#include "fuzz/work_limit.h"

#include <oleauto.h>

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const LCID lcids[] = { 0x409, 0x407, 0x40C, 0xC0A, 0x415, 0x419, 0x401, 0x411, 0x809, 0x412, 0x804, 0x41F };

  if (size < 2)
    return 0;
  LCID lcid = lcids[data[0] % (sizeof lcids / sizeof lcids[0])];
  ULONG flags = data[1];
  size_t length = (size - 2) / 2;
  OLECHAR *text = malloc((length + 1) * sizeof *text); /* of its exact size, so that a sanitizer sees every overrun */
  if (!text)
    return 0;
  memcpy(text, data + 2, length * sizeof *text);
  text[length] = 0;

  double begin = work_seconds();
  double value = 0;
  if (VarDateFromStr(text, lcid, flags, &value) == S_OK) {
    BSTR written = NULL;
    double back = 0;
    if (VarBstrFromDate(value, lcid, 0, &written) != S_OK)
      abort();
    if (lcid == 0x409 && (VarDateFromStr(written, lcid, 0, &back) != S_OK || fabs(back - value) > 1e-6))
      abort();
    SysFreeString(written);
  }
  work_check(begin, "the text");
  free(text);
  return 0;
}
