/* What Automation says of itself, and the release of custom data. */
#include <objbase.h>
#include <oleauto.h>

/* Major version 50 (that of the systems since Windows 2000), any build. */
ULONG OaBuildVersion(void) {
  return (ULONG)50 << 16 | 0xFFFF;
}

/* Every user has a registry store of their own in any case. */
void OaEnablePerUserTLibRegistration(void) {
}

void ClearCustData(LPCUSTDATA data) {
  if (!data) {
    return;
  }
  if (data->prgCustData) {
    for (DWORD i = 0; i < data->cCustData; i++) {
      VariantClear(&data->prgCustData[i].varValue);
    }
    CoTaskMemFree(data->prgCustData);
    data->prgCustData = NULL;
  }
  data->cCustData = 0;
}
