/* What names elements may have ([MS-CFB] 2.6.1), and which modes go together ("STGM constants"). */
#include "storage/storage_internal.h"

HRESULT element_check_name(const char16_t *name, size_t *units) {
  if (!name)
    return STG_E_INVALIDNAME;
  for (*units = 0; name[*units]; ++*units) {
    char16_t unit = name[*units];

    if (*units == ENTRY_NAME_UNITS || unit == '/' || unit == '\\' || unit == ':' || unit == '!')
      return STG_E_INVALIDNAME;
  }
  return *units ? S_OK : STG_E_INVALIDNAME;
}

#define KNOWN_FLAGS                                                                                                    \
  (STGM_ACCESS | STGM_SHARE | STGM_CREATE | STGM_TRANSACTED | STGM_CONVERT | STGM_PRIORITY | STGM_NOSCRATCH |          \
   STGM_NOSNAPSHOT | STGM_DIRECT_SWMR | STGM_DELETEONRELEASE | STGM_SIMPLE)

/* What is wrong with any mode. */
static HRESULT check_flags(DWORD mode) {
  if (mode & ~(DWORD)KNOWN_FLAGS || (mode & STGM_ACCESS) == STGM_ACCESS || (mode & STGM_SHARE) > STGM_SHARE_DENY_NONE)
    return STG_E_INVALIDFLAG;
  if (mode & (STGM_NOSCRATCH | STGM_NOSNAPSHOT) && !(mode & STGM_TRANSACTED))
    return STG_E_INVALIDFLAG;
  return S_OK;
}

/* Elements of a compound file are opened by one at a time, and with no more access than their storage has. */
HRESULT element_check_mode(DWORD mode, bool storage, DWORD parent_mode) {
  HRESULT status = check_flags(mode);

  if (FAILED(status))
    return status;
  if ((mode & STGM_SHARE) != STGM_SHARE_EXCLUSIVE)
    return STG_E_INVALIDFLAG;
  if (mode & (STGM_DELETEONRELEASE | STGM_PRIORITY | STGM_SIMPLE | STGM_DIRECT_SWMR))
    return STG_E_INVALIDFUNCTION;
  if (mode & STGM_TRANSACTED && !storage)
    return STG_E_INVALIDFUNCTION;
  if ((mode_writes(mode) && !mode_writes(parent_mode)) || (mode_reads(mode) && !mode_reads(parent_mode)))
    return STG_E_ACCESSDENIED;
  return S_OK;
}

/* Direct mode promises nobody a consistent picture: others may read at most while nobody writes. */
static bool share_fits(DWORD mode) {
  DWORD share = mode & STGM_SHARE;

  if (mode & STGM_TRANSACTED || share == STGM_SHARE_EXCLUSIVE)
    return true;
  if (mode & STGM_PRIORITY)
    return !mode_writes(mode);
  if (mode & STGM_DIRECT_SWMR)
    return mode_writes(mode) ? share == STGM_SHARE_DENY_WRITE : share == STGM_SHARE_DENY_NONE;
  return share == STGM_SHARE_DENY_WRITE && !mode_writes(mode);
}

HRESULT root_check_mode(DWORD mode, bool create) {
  HRESULT status = check_flags(mode);

  if (FAILED(status))
    return status;
  if (create && (!mode_writes(mode) || mode & STGM_PRIORITY))
    return STG_E_INVALIDFLAG;
  if (!create && mode & (STGM_CREATE | STGM_CONVERT | STGM_DELETEONRELEASE))
    return STG_E_INVALIDFLAG;
  if (mode & STGM_CREATE && mode & STGM_CONVERT)
    return STG_E_INVALIDFLAG;
  if (mode & STGM_SIMPLE && mode & STGM_TRANSACTED)
    return STG_E_INVALIDFLAG;
  return share_fits(mode) ? S_OK : STG_E_INVALIDFLAG;
}
