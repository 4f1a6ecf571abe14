/*
 * Names of months and days, and the process's setting for locale conversions.
 */
#include "dispatch/text/locale.h"

#include <oleauto.h>

static HRESULT name_return(const char16_t *name, BSTR *result) {
  *result = SysAllocString(name);
  return *result ? S_OK : E_OUTOFMEMORY;
}

HRESULT VarMonthName(int iMonth, int fAbbrev, ULONG dwFlags, BSTR *pbstrOut) {
  const Locale *locale = locale_get(LOCALE_USER_DEFAULT);

  (void)dwFlags;
  if (!pbstrOut || iMonth < 1 || iMonth > 12)
    return E_INVALIDARG;
  return name_return(fAbbrev ? locale->months_short[iMonth - 1] : locale->months[iMonth - 1], pbstrOut);
}

HRESULT VarWeekdayName(int iWeekday, int fAbbrev, int iFirstDay, ULONG dwFlags, BSTR *pbstrOut) {
  const Locale *locale = locale_get(LOCALE_USER_DEFAULT);

  (void)dwFlags;
  if (!pbstrOut || iWeekday < 1 || iWeekday > 7 || iFirstDay < 0 || iFirstDay > 7)
    return E_INVALIDARG;
  int first = iFirstDay == 0 ? locale->first_day : iFirstDay - 1;
  int day = (first + iWeekday - 1) % 7;
  return name_return(fAbbrev ? locale->days_short[day] : locale->days[day], pbstrOut);
}

/* The names belong to the language: all its countries share one list. */
HRESULT GetAltMonthNames(LCID lcid, LPOLESTR **prgp) {
  if (!prgp)
    return E_INVALIDARG;
  const Locale *locale = locale_get(PRIMARYLANGID(LANGIDFROMLCID(lcid)));
  *prgp = locale->alternate_list[0] ? (LPOLESTR *)(uintptr_t)locale->alternate_list : NULL;
  return S_OK;
}

static ULONG conversion_setting;

HRESULT GetVarConversionLocaleSetting(ULONG *dwFlags) {
  if (!dwFlags)
    return E_INVALIDARG;
  *dwFlags = __atomic_load_n(&conversion_setting, __ATOMIC_RELAXED);
  return S_OK;
}

HRESULT SetVarConversionLocaleSetting(ULONG dwFlags) {
  __atomic_store_n(&conversion_setting, dwFlags, __ATOMIC_RELAXED);
  return S_OK;
}
