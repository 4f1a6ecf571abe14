/* interim.c - weak stand-ins until dispatch/ has its own. */
#include <combaseapi.h>
#include <oleauto.h>

/* Upper case; W counts as V and Y as U. */
static ULONG hash_unit(OLECHAR unit) {
  if (unit >= 'a' && unit <= 'z')
    unit = (OLECHAR)(unit - 0x20);
  return unit == 'W' ? 'V' : unit == 'Y' ? 'U' : unit;
}

__attribute__((weak)) ULONG LHashValOfNameSys(SYSKIND syskind, LCID lcid, const OLECHAR *name) {
  ULONG hash = 0x0DEADBEE;

  (void)syskind;
  (void)lcid;
  if (!name)
    return 0;
  while (*name)
    hash = hash * 37 + hash_unit(*name++);
  return 0x00100000 | (hash % 65599 & 0xFFFF);
}

__attribute__((weak)) void ClearCustData(LPCUSTDATA data) {
  DWORD index;

  if (!data)
    return;
  for (index = 0; index < data->cCustData; index++)
    VariantClear(&data->prgCustData[index].varValue);
  CoTaskMemFree(data->prgCustData);
  data->cCustData = 0;
  data->prgCustData = NULL;
}
