/* Streams over files, as the shell's utility functions make them. */
#ifndef OLEANDER_SHLWAPI_H
#define OLEANDER_SHLWAPI_H

#include <objbase.h>

/* Opens a file as a stream, or makes it (STGM_CREATE). Failures are codes of the system: 0x80070002 for no such file. */
OLEANDER_API(HRESULT, SHCreateStreamOnFile, (LPCWSTR pszFile, DWORD grfMode, IStream **ppstm));
/* fCreate without STGM_CREATE: makes the file, and fails if it is there. dwAttributes is not used, pstmTemplate NULL. */
OLEANDER_API(HRESULT, SHCreateStreamOnFileEx,
    (LPCWSTR pszFile, DWORD grfMode, DWORD dwAttributes, BOOL fCreate, IStream *pstmTemplate, IStream **ppstm));
#define SHCreateStreamOnFileW SHCreateStreamOnFile

#endif
