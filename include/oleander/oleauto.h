/* The functions of Automation: strings, arrays, variants and their arithmetic, type libraries, dispatch helpers.
 *
 * Unless said otherwise a function may be called from any thread, needs no CoInitialize, returns E_OUTOFMEMORY when
 * memory runs out, and leaves its out parameters alone when it fails. */
#ifndef OLEANDER_OLEAUTO_H
#define OLEANDER_OLEAUTO_H

#include <oaidl.h>
#include <winerror.h>

/* BSTR */

/* A copy of a zero-terminated string; NULL for NULL or when memory runs out. Freed with SysFreeString. */
OLEANDER_API(BSTR, SysAllocString, (const OLECHAR *psz));
/* Replaces *pbstr by a copy of psz (which may lie inside the old string); FALSE if memory ran out. */
OLEANDER_API(INT, SysReAllocString, (BSTR *pbstr, const OLECHAR *psz));
/* A string of ui characters, copied from strIn; with strIn NULL its characters are undefined but for the end. */
OLEANDER_API(BSTR, SysAllocStringLen, (const OLECHAR *strIn, UINT ui));
/* Replaces *pbstr by a string of `len` characters copied from psz (NULL: keeps what fits); FALSE if memory ran out. */
OLEANDER_API(INT, SysReAllocStringLen, (BSTR *pbstr, const OLECHAR *psz, unsigned int len));
/* Keeps the string alive until SysReleaseString, even over SysFreeString; E_... only for want of memory. */
OLEANDER_API(HRESULT, SysAddRefString, (BSTR bstrString));
/* Undoes SysAddRefString. */
OLEANDER_API(void, SysReleaseString, (BSTR bstrString));
/* Frees a BSTR; NULL is allowed. */
OLEANDER_API(void, SysFreeString, (BSTR bstrString));
/* Length in characters, 0 for NULL. */
OLEANDER_API(UINT, SysStringLen, (BSTR pbstr));
/* Length in bytes, 0 for NULL. */
OLEANDER_API(UINT, SysStringByteLen, (BSTR bstr));
/* A BSTR of `len` bytes, not converted; psz NULL leaves them undefined. */
OLEANDER_API(BSTR, SysAllocStringByteLen, (LPCSTR psz, UINT len));

/* SAFEARRAY */

/* An empty descriptor of cDims (1..65535) dimensions, else E_INVALIDARG. Freed with SafeArrayDestroyDescriptor. */
OLEANDER_API(HRESULT, SafeArrayAllocDescriptor, (UINT cDims, SAFEARRAY **ppsaOut));
/* The same, with the features, element size and hidden fields that belong to vt. */
OLEANDER_API(HRESULT, SafeArrayAllocDescriptorEx, (VARTYPE vt, UINT cDims, SAFEARRAY **ppsaOut));
/* Zeroed memory for the elements that the descriptor describes. */
OLEANDER_API(HRESULT, SafeArrayAllocData, (SAFEARRAY *psa));
/* An array of cDims dimensions, elements zero; rgsabound[0] is the leftmost dimension. NULL if anything is wrong. */
OLEANDER_API(SAFEARRAY *, SafeArrayCreate, (VARTYPE vt, UINT cDims, SAFEARRAYBOUND *rgsabound));
/* The same; pvExtra is the IRecordInfo of VT_RECORD, or the IID of VT_UNKNOWN and VT_DISPATCH. */
OLEANDER_API(SAFEARRAY *, SafeArrayCreateEx, (VARTYPE vt, UINT cDims, SAFEARRAYBOUND *rgsabound, PVOID pvExtra));
/* One dimension; descriptor and data are one block of memory, so it can't be redimensioned. */
OLEANDER_API(SAFEARRAY *, SafeArrayCreateVector, (VARTYPE vt, LONG lLbound, ULONG cElements));
/* The same; pvExtra as for SafeArrayCreateEx. */
OLEANDER_API(SAFEARRAY *, SafeArrayCreateVectorEx, (VARTYPE vt, LONG lLbound, ULONG cElements, PVOID pvExtra));
/* A copy of the elements into an existing array of the same shape. */
OLEANDER_API(HRESULT, SafeArrayCopyData, (SAFEARRAY *psaSource, SAFEARRAY *psaTarget));
/* Pins descriptor and data; *ppDataToRelease is for SafeArrayReleaseData, or NULL. */
OLEANDER_API(HRESULT, SafeArrayAddRef, (SAFEARRAY *psa, PVOID *ppDataToRelease));
/* Drops the pin of the descriptor. */
OLEANDER_API(void, SafeArrayReleaseDescriptor, (SAFEARRAY *psa));
/* Drops the pin of the data. */
OLEANDER_API(void, SafeArrayReleaseData, (PVOID pData));
/* Frees the descriptor only; DISP_E_ARRAYISLOCKED while locked. */
OLEANDER_API(HRESULT, SafeArrayDestroyDescriptor, (SAFEARRAY *psa));
/* Releases the elements and frees their memory (FADF_STATIC memory is only zeroed). */
OLEANDER_API(HRESULT, SafeArrayDestroyData, (SAFEARRAY *psa));
/* Both; DISP_E_ARRAYISLOCKED while locked, S_OK for NULL. */
OLEANDER_API(HRESULT, SafeArrayDestroy, (SAFEARRAY *psa));
/* Changes the bounds of the rightmost dimension; elements that go are released, new ones are zero. */
OLEANDER_API(HRESULT, SafeArrayRedim, (SAFEARRAY *psa, SAFEARRAYBOUND *psaboundNew));
/* Number of dimensions, 0 for NULL. */
OLEANDER_API(UINT, SafeArrayGetDim, (SAFEARRAY *psa));
/* Bytes of an element. */
OLEANDER_API(UINT, SafeArrayGetElemsize, (SAFEARRAY *psa));
/* Bounds of dimension nDim, counted from 1 on the left; DISP_E_BADINDEX. */
OLEANDER_API(HRESULT, SafeArrayGetUBound, (SAFEARRAY *psa, UINT nDim, LONG *plUbound));
/* Lowest index of dimension nDim. */
OLEANDER_API(HRESULT, SafeArrayGetLBound, (SAFEARRAY *psa, UINT nDim, LONG *plLbound));
/* While locked an array can't be redimensioned or destroyed. */
OLEANDER_API(HRESULT, SafeArrayLock, (SAFEARRAY *psa));
/* E_UNEXPECTED if it was not locked. */
OLEANDER_API(HRESULT, SafeArrayUnlock, (SAFEARRAY *psa));
/* Locks and gives the address of the elements (the leftmost index moves fastest). */
OLEANDER_API(HRESULT, SafeArrayAccessData, (SAFEARRAY *psa, void **ppvData));
/* Unlocks after SafeArrayAccessData. */
OLEANDER_API(HRESULT, SafeArrayUnaccessData, (SAFEARRAY *psa));
/* A copy of one element; rgIndices[0] is the leftmost index. */
OLEANDER_API(HRESULT, SafeArrayGetElement, (SAFEARRAY *psa, LONG *rgIndices, void *pv));
/* Stores a copy; pv is the value's address, but for BSTR and interfaces the value itself. */
OLEANDER_API(HRESULT, SafeArrayPutElement, (SAFEARRAY *psa, LONG *rgIndices, void *pv));
/* A deep copy; a NULL array gives NULL. */
OLEANDER_API(HRESULT, SafeArrayCopy, (SAFEARRAY *psa, SAFEARRAY **ppsaOut));
/* Address of one element; the array should be locked. */
OLEANDER_API(HRESULT, SafeArrayPtrOfIndex, (SAFEARRAY *psa, LONG *rgIndices, void **ppvData));
/* Replaces the description of the records; the array must have FADF_RECORD. */
OLEANDER_API(HRESULT, SafeArraySetRecordInfo, (SAFEARRAY *psa, IRecordInfo *prinfo));
/* The description of the records; the caller releases it. */
OLEANDER_API(HRESULT, SafeArrayGetRecordInfo, (SAFEARRAY *psa, IRecordInfo **prinfo));
/* Sets the interface of the elements; the array must have FADF_HAVEIID. */
OLEANDER_API(HRESULT, SafeArraySetIID, (SAFEARRAY *psa, REFGUID guid));
/* The interface of the elements. */
OLEANDER_API(HRESULT, SafeArrayGetIID, (SAFEARRAY *psa, GUID *pguid));
/* The type of the elements, from the hidden header or from the features. */
OLEANDER_API(HRESULT, SafeArrayGetVartype, (SAFEARRAY *psa, VARTYPE *pvt));

/* VARIANT */

/* Makes uninitialised memory VT_EMPTY. */
OLEANDER_API(void, VariantInit, (VARIANTARG *pvarg));
/* Releases what the variant owns and makes it VT_EMPTY; what VT_BYREF points at is not touched. */
OLEANDER_API(HRESULT, VariantClear, (VARIANTARG *pvarg));
/* Clears the target and copies deeply (interfaces: AddRef); VT_BYREF stays a reference to the same place. */
OLEANDER_API(HRESULT, VariantCopy, (VARIANTARG *pvargDest, const VARIANTARG *pvargSrc));
/* The same, but follows VT_BYREF and copies what it refers to. */
OLEANDER_API(HRESULT, VariantCopyInd, (VARIANT *pvarDest, const VARIANTARG *pvargSrc));
/* Converts to vt with the user's locale; source and target may be the same. */
OLEANDER_API(HRESULT, VariantChangeType, (VARIANTARG *pvargDest, const VARIANTARG *pvarSrc, USHORT wFlags, VARTYPE vt));
/* Converts with the given locale; DISP_E_TYPEMISMATCH, DISP_E_OVERFLOW, DISP_E_BADVARTYPE ... */
OLEANDER_API(HRESULT, VariantChangeTypeEx,
    (VARIANTARG *pvargDest, const VARIANTARG *pvarSrc, LCID lcid, USHORT wFlags, VARTYPE vt));

#define VARIANT_NOVALUEPROP 0x01
#define VARIANT_ALPHABOOL 0x02
#define VARIANT_NOUSEROVERRIDE 0x04
#define VARIANT_CALENDAR_HIJRI 0x08
#define VARIANT_LOCALBOOL 0x10
#define VARIANT_CALENDAR_THAI 0x20
#define VARIANT_CALENDAR_GREGORIAN 0x40
#define VARIANT_USE_NLS 0x80

#define LOCALE_USE_NLS 0x10000000

/* The bytes of a BSTR as an array of VT_UI1, and back. */
OLEANDER_API(HRESULT, VectorFromBstr, (BSTR bstr, SAFEARRAY **ppsa));
/* The bytes of a one-dimensional array as a BSTR, which the caller frees. */
OLEANDER_API(HRESULT, BstrFromVector, (SAFEARRAY *psa, BSTR *pbstr));

/* Flags of the conversions from and to strings and dates. */
#define VAR_TIMEVALUEONLY ((DWORD)0x00000001)
#define VAR_DATEVALUEONLY ((DWORD)0x00000002)
#define VAR_VALIDDATE ((DWORD)0x00000004)
#define VAR_CALENDAR_HIJRI ((DWORD)0x00000008)
#define VAR_LOCALBOOL ((DWORD)0x00000010)
#define VAR_FORMAT_NOSUBSTITUTE ((DWORD)0x00000020)
#define VAR_FOURDIGITYEARS ((DWORD)0x00000040)
#define VAR_CALENDAR_THAI ((DWORD)0x00000080)
#define VAR_CALENDAR_GREGORIAN ((DWORD)0x00000100)

/* VarXFromY: one value to another type. Rounding is to even; DISP_E_OVERFLOW if it does not fit, DISP_E_TYPEMISMATCH
 * if it can't be read. Strings are read and written by the rules of lcid; FromDisp reads the object's default property. */

/* Conversions to an unsigned byte. */
OLEANDER_API(HRESULT, VarUI1FromI2, (SHORT sIn, BYTE *pbOut));
OLEANDER_API(HRESULT, VarUI1FromI4, (LONG lIn, BYTE *pbOut));
OLEANDER_API(HRESULT, VarUI1FromI8, (LONG64 i64In, BYTE *pbOut));
OLEANDER_API(HRESULT, VarUI1FromR4, (FLOAT fltIn, BYTE *pbOut));
OLEANDER_API(HRESULT, VarUI1FromR8, (DOUBLE dblIn, BYTE *pbOut));
OLEANDER_API(HRESULT, VarUI1FromCy, (CY cyIn, BYTE *pbOut));
OLEANDER_API(HRESULT, VarUI1FromDate, (DATE dateIn, BYTE *pbOut));
OLEANDER_API(HRESULT, VarUI1FromStr, (LPCOLESTR strIn, LCID lcid, ULONG dwFlags, BYTE *pbOut));
OLEANDER_API(HRESULT, VarUI1FromDisp, (IDispatch *pdispIn, LCID lcid, BYTE *pbOut));
OLEANDER_API(HRESULT, VarUI1FromBool, (VARIANT_BOOL boolIn, BYTE *pbOut));
OLEANDER_API(HRESULT, VarUI1FromI1, (CHAR cIn, BYTE *pbOut));
OLEANDER_API(HRESULT, VarUI1FromUI2, (USHORT uiIn, BYTE *pbOut));
OLEANDER_API(HRESULT, VarUI1FromUI4, (ULONG ulIn, BYTE *pbOut));
OLEANDER_API(HRESULT, VarUI1FromUI8, (ULONG64 ui64In, BYTE *pbOut));
OLEANDER_API(HRESULT, VarUI1FromDec, (const DECIMAL *pdecIn, BYTE *pbOut));

/* Conversions to a 16-bit integer. */
OLEANDER_API(HRESULT, VarI2FromUI1, (BYTE bIn, SHORT *psOut));
OLEANDER_API(HRESULT, VarI2FromI4, (LONG lIn, SHORT *psOut));
OLEANDER_API(HRESULT, VarI2FromI8, (LONG64 i64In, SHORT *psOut));
OLEANDER_API(HRESULT, VarI2FromR4, (FLOAT fltIn, SHORT *psOut));
OLEANDER_API(HRESULT, VarI2FromR8, (DOUBLE dblIn, SHORT *psOut));
OLEANDER_API(HRESULT, VarI2FromCy, (CY cyIn, SHORT *psOut));
OLEANDER_API(HRESULT, VarI2FromDate, (DATE dateIn, SHORT *psOut));
OLEANDER_API(HRESULT, VarI2FromStr, (LPCOLESTR strIn, LCID lcid, ULONG dwFlags, SHORT *psOut));
OLEANDER_API(HRESULT, VarI2FromDisp, (IDispatch *pdispIn, LCID lcid, SHORT *psOut));
OLEANDER_API(HRESULT, VarI2FromBool, (VARIANT_BOOL boolIn, SHORT *psOut));
OLEANDER_API(HRESULT, VarI2FromI1, (CHAR cIn, SHORT *psOut));
OLEANDER_API(HRESULT, VarI2FromUI2, (USHORT uiIn, SHORT *psOut));
OLEANDER_API(HRESULT, VarI2FromUI4, (ULONG ulIn, SHORT *psOut));
OLEANDER_API(HRESULT, VarI2FromUI8, (ULONG64 ui64In, SHORT *psOut));
OLEANDER_API(HRESULT, VarI2FromDec, (const DECIMAL *pdecIn, SHORT *psOut));

/* Conversions to a 32-bit integer. */
OLEANDER_API(HRESULT, VarI4FromUI1, (BYTE bIn, LONG *plOut));
OLEANDER_API(HRESULT, VarI4FromI2, (SHORT sIn, LONG *plOut));
OLEANDER_API(HRESULT, VarI4FromI8, (LONG64 i64In, LONG *plOut));
OLEANDER_API(HRESULT, VarI4FromR4, (FLOAT fltIn, LONG *plOut));
OLEANDER_API(HRESULT, VarI4FromR8, (DOUBLE dblIn, LONG *plOut));
OLEANDER_API(HRESULT, VarI4FromCy, (CY cyIn, LONG *plOut));
OLEANDER_API(HRESULT, VarI4FromDate, (DATE dateIn, LONG *plOut));
OLEANDER_API(HRESULT, VarI4FromStr, (LPCOLESTR strIn, LCID lcid, ULONG dwFlags, LONG *plOut));
OLEANDER_API(HRESULT, VarI4FromDisp, (IDispatch *pdispIn, LCID lcid, LONG *plOut));
OLEANDER_API(HRESULT, VarI4FromBool, (VARIANT_BOOL boolIn, LONG *plOut));
OLEANDER_API(HRESULT, VarI4FromI1, (CHAR cIn, LONG *plOut));
OLEANDER_API(HRESULT, VarI4FromUI2, (USHORT uiIn, LONG *plOut));
OLEANDER_API(HRESULT, VarI4FromUI4, (ULONG ulIn, LONG *plOut));
OLEANDER_API(HRESULT, VarI4FromUI8, (ULONG64 ui64In, LONG *plOut));
OLEANDER_API(HRESULT, VarI4FromDec, (const DECIMAL *pdecIn, LONG *plOut));

/* Conversions to a 64-bit integer. */
OLEANDER_API(HRESULT, VarI8FromUI1, (BYTE bIn, LONG64 *pi64Out));
OLEANDER_API(HRESULT, VarI8FromI2, (SHORT sIn, LONG64 *pi64Out));
OLEANDER_API(HRESULT, VarI8FromR4, (FLOAT fltIn, LONG64 *pi64Out));
OLEANDER_API(HRESULT, VarI8FromR8, (DOUBLE dblIn, LONG64 *pi64Out));
OLEANDER_API(HRESULT, VarI8FromCy, (CY cyIn, LONG64 *pi64Out));
OLEANDER_API(HRESULT, VarI8FromDate, (DATE dateIn, LONG64 *pi64Out));
OLEANDER_API(HRESULT, VarI8FromStr, (LPCOLESTR strIn, LCID lcid, ULONG dwFlags, LONG64 *pi64Out));
OLEANDER_API(HRESULT, VarI8FromDisp, (IDispatch *pdispIn, LCID lcid, LONG64 *pi64Out));
OLEANDER_API(HRESULT, VarI8FromBool, (VARIANT_BOOL boolIn, LONG64 *pi64Out));
OLEANDER_API(HRESULT, VarI8FromI1, (CHAR cIn, LONG64 *pi64Out));
OLEANDER_API(HRESULT, VarI8FromUI2, (USHORT uiIn, LONG64 *pi64Out));
OLEANDER_API(HRESULT, VarI8FromUI4, (ULONG ulIn, LONG64 *pi64Out));
OLEANDER_API(HRESULT, VarI8FromUI8, (ULONG64 ui64In, LONG64 *pi64Out));
OLEANDER_API(HRESULT, VarI8FromDec, (const DECIMAL *pdecIn, LONG64 *pi64Out));

/* Conversions to a float. */
OLEANDER_API(HRESULT, VarR4FromUI1, (BYTE bIn, FLOAT *pfltOut));
OLEANDER_API(HRESULT, VarR4FromI2, (SHORT sIn, FLOAT *pfltOut));
OLEANDER_API(HRESULT, VarR4FromI4, (LONG lIn, FLOAT *pfltOut));
OLEANDER_API(HRESULT, VarR4FromI8, (LONG64 i64In, FLOAT *pfltOut));
OLEANDER_API(HRESULT, VarR4FromR8, (DOUBLE dblIn, FLOAT *pfltOut));
OLEANDER_API(HRESULT, VarR4FromCy, (CY cyIn, FLOAT *pfltOut));
OLEANDER_API(HRESULT, VarR4FromDate, (DATE dateIn, FLOAT *pfltOut));
OLEANDER_API(HRESULT, VarR4FromStr, (LPCOLESTR strIn, LCID lcid, ULONG dwFlags, FLOAT *pfltOut));
OLEANDER_API(HRESULT, VarR4FromDisp, (IDispatch *pdispIn, LCID lcid, FLOAT *pfltOut));
OLEANDER_API(HRESULT, VarR4FromBool, (VARIANT_BOOL boolIn, FLOAT *pfltOut));
OLEANDER_API(HRESULT, VarR4FromI1, (CHAR cIn, FLOAT *pfltOut));
OLEANDER_API(HRESULT, VarR4FromUI2, (USHORT uiIn, FLOAT *pfltOut));
OLEANDER_API(HRESULT, VarR4FromUI4, (ULONG ulIn, FLOAT *pfltOut));
OLEANDER_API(HRESULT, VarR4FromUI8, (ULONG64 ui64In, FLOAT *pfltOut));
OLEANDER_API(HRESULT, VarR4FromDec, (const DECIMAL *pdecIn, FLOAT *pfltOut));

/* Conversions to a double. */
OLEANDER_API(HRESULT, VarR8FromUI1, (BYTE bIn, DOUBLE *pdblOut));
OLEANDER_API(HRESULT, VarR8FromI2, (SHORT sIn, DOUBLE *pdblOut));
OLEANDER_API(HRESULT, VarR8FromI4, (LONG lIn, DOUBLE *pdblOut));
OLEANDER_API(HRESULT, VarR8FromI8, (LONG64 i64In, DOUBLE *pdblOut));
OLEANDER_API(HRESULT, VarR8FromR4, (FLOAT fltIn, DOUBLE *pdblOut));
OLEANDER_API(HRESULT, VarR8FromCy, (CY cyIn, DOUBLE *pdblOut));
OLEANDER_API(HRESULT, VarR8FromDate, (DATE dateIn, DOUBLE *pdblOut));
OLEANDER_API(HRESULT, VarR8FromStr, (LPCOLESTR strIn, LCID lcid, ULONG dwFlags, DOUBLE *pdblOut));
OLEANDER_API(HRESULT, VarR8FromDisp, (IDispatch *pdispIn, LCID lcid, DOUBLE *pdblOut));
OLEANDER_API(HRESULT, VarR8FromBool, (VARIANT_BOOL boolIn, DOUBLE *pdblOut));
OLEANDER_API(HRESULT, VarR8FromI1, (CHAR cIn, DOUBLE *pdblOut));
OLEANDER_API(HRESULT, VarR8FromUI2, (USHORT uiIn, DOUBLE *pdblOut));
OLEANDER_API(HRESULT, VarR8FromUI4, (ULONG ulIn, DOUBLE *pdblOut));
OLEANDER_API(HRESULT, VarR8FromUI8, (ULONG64 ui64In, DOUBLE *pdblOut));
OLEANDER_API(HRESULT, VarR8FromDec, (const DECIMAL *pdecIn, DOUBLE *pdblOut));

/* Conversions to a currency value. */
OLEANDER_API(HRESULT, VarCyFromUI1, (BYTE bIn, CY *pcyOut));
OLEANDER_API(HRESULT, VarCyFromI2, (SHORT sIn, CY *pcyOut));
OLEANDER_API(HRESULT, VarCyFromI4, (LONG lIn, CY *pcyOut));
OLEANDER_API(HRESULT, VarCyFromI8, (LONG64 i64In, CY *pcyOut));
OLEANDER_API(HRESULT, VarCyFromR4, (FLOAT fltIn, CY *pcyOut));
OLEANDER_API(HRESULT, VarCyFromR8, (DOUBLE dblIn, CY *pcyOut));
OLEANDER_API(HRESULT, VarCyFromDate, (DATE dateIn, CY *pcyOut));
OLEANDER_API(HRESULT, VarCyFromStr, (LPCOLESTR strIn, LCID lcid, ULONG dwFlags, CY *pcyOut));
OLEANDER_API(HRESULT, VarCyFromDisp, (IDispatch *pdispIn, LCID lcid, CY *pcyOut));
OLEANDER_API(HRESULT, VarCyFromBool, (VARIANT_BOOL boolIn, CY *pcyOut));
OLEANDER_API(HRESULT, VarCyFromI1, (CHAR cIn, CY *pcyOut));
OLEANDER_API(HRESULT, VarCyFromUI2, (USHORT uiIn, CY *pcyOut));
OLEANDER_API(HRESULT, VarCyFromUI4, (ULONG ulIn, CY *pcyOut));
OLEANDER_API(HRESULT, VarCyFromUI8, (ULONG64 ui64In, CY *pcyOut));
OLEANDER_API(HRESULT, VarCyFromDec, (const DECIMAL *pdecIn, CY *pcyOut));

/* Conversions to a date. */
OLEANDER_API(HRESULT, VarDateFromUI1, (BYTE bIn, DATE *pdateOut));
OLEANDER_API(HRESULT, VarDateFromI2, (SHORT sIn, DATE *pdateOut));
OLEANDER_API(HRESULT, VarDateFromI4, (LONG lIn, DATE *pdateOut));
OLEANDER_API(HRESULT, VarDateFromI8, (LONG64 i64In, DATE *pdateOut));
OLEANDER_API(HRESULT, VarDateFromR4, (FLOAT fltIn, DATE *pdateOut));
OLEANDER_API(HRESULT, VarDateFromR8, (DOUBLE dblIn, DATE *pdateOut));
OLEANDER_API(HRESULT, VarDateFromCy, (CY cyIn, DATE *pdateOut));
OLEANDER_API(HRESULT, VarDateFromStr, (LPCOLESTR strIn, LCID lcid, ULONG dwFlags, DATE *pdateOut));
OLEANDER_API(HRESULT, VarDateFromDisp, (IDispatch *pdispIn, LCID lcid, DATE *pdateOut));
OLEANDER_API(HRESULT, VarDateFromBool, (VARIANT_BOOL boolIn, DATE *pdateOut));
OLEANDER_API(HRESULT, VarDateFromI1, (CHAR cIn, DATE *pdateOut));
OLEANDER_API(HRESULT, VarDateFromUI2, (USHORT uiIn, DATE *pdateOut));
OLEANDER_API(HRESULT, VarDateFromUI4, (ULONG ulIn, DATE *pdateOut));
OLEANDER_API(HRESULT, VarDateFromUI8, (ULONG64 ui64In, DATE *pdateOut));
OLEANDER_API(HRESULT, VarDateFromDec, (const DECIMAL *pdecIn, DATE *pdateOut));

/* Conversions to a string, which the caller frees. */
OLEANDER_API(HRESULT, VarBstrFromUI1, (BYTE bIn, LCID lcid, ULONG dwFlags, BSTR *pbstrOut));
OLEANDER_API(HRESULT, VarBstrFromI2, (SHORT sIn, LCID lcid, ULONG dwFlags, BSTR *pbstrOut));
OLEANDER_API(HRESULT, VarBstrFromI4, (LONG lIn, LCID lcid, ULONG dwFlags, BSTR *pbstrOut));
OLEANDER_API(HRESULT, VarBstrFromI8, (LONG64 i64In, LCID lcid, ULONG dwFlags, BSTR *pbstrOut));
OLEANDER_API(HRESULT, VarBstrFromR4, (FLOAT fltIn, LCID lcid, ULONG dwFlags, BSTR *pbstrOut));
OLEANDER_API(HRESULT, VarBstrFromR8, (DOUBLE dblIn, LCID lcid, ULONG dwFlags, BSTR *pbstrOut));
OLEANDER_API(HRESULT, VarBstrFromCy, (CY cyIn, LCID lcid, ULONG dwFlags, BSTR *pbstrOut));
OLEANDER_API(HRESULT, VarBstrFromDate, (DATE dateIn, LCID lcid, ULONG dwFlags, BSTR *pbstrOut));
OLEANDER_API(HRESULT, VarBstrFromDisp, (IDispatch *pdispIn, LCID lcid, ULONG dwFlags, BSTR *pbstrOut));
OLEANDER_API(HRESULT, VarBstrFromBool, (VARIANT_BOOL boolIn, LCID lcid, ULONG dwFlags, BSTR *pbstrOut));
OLEANDER_API(HRESULT, VarBstrFromI1, (CHAR cIn, LCID lcid, ULONG dwFlags, BSTR *pbstrOut));
OLEANDER_API(HRESULT, VarBstrFromUI2, (USHORT uiIn, LCID lcid, ULONG dwFlags, BSTR *pbstrOut));
OLEANDER_API(HRESULT, VarBstrFromUI4, (ULONG ulIn, LCID lcid, ULONG dwFlags, BSTR *pbstrOut));
OLEANDER_API(HRESULT, VarBstrFromUI8, (ULONG64 ui64In, LCID lcid, ULONG dwFlags, BSTR *pbstrOut));
OLEANDER_API(HRESULT, VarBstrFromDec, (const DECIMAL *pdecIn, LCID lcid, ULONG dwFlags, BSTR *pbstrOut));

/* Conversions to VARIANT_TRUE or VARIANT_FALSE. */
OLEANDER_API(HRESULT, VarBoolFromUI1, (BYTE bIn, VARIANT_BOOL *pboolOut));
OLEANDER_API(HRESULT, VarBoolFromI2, (SHORT sIn, VARIANT_BOOL *pboolOut));
OLEANDER_API(HRESULT, VarBoolFromI4, (LONG lIn, VARIANT_BOOL *pboolOut));
OLEANDER_API(HRESULT, VarBoolFromI8, (LONG64 i64In, VARIANT_BOOL *pboolOut));
OLEANDER_API(HRESULT, VarBoolFromR4, (FLOAT fltIn, VARIANT_BOOL *pboolOut));
OLEANDER_API(HRESULT, VarBoolFromR8, (DOUBLE dblIn, VARIANT_BOOL *pboolOut));
OLEANDER_API(HRESULT, VarBoolFromCy, (CY cyIn, VARIANT_BOOL *pboolOut));
OLEANDER_API(HRESULT, VarBoolFromDate, (DATE dateIn, VARIANT_BOOL *pboolOut));
OLEANDER_API(HRESULT, VarBoolFromStr, (LPCOLESTR strIn, LCID lcid, ULONG dwFlags, VARIANT_BOOL *pboolOut));
OLEANDER_API(HRESULT, VarBoolFromDisp, (IDispatch *pdispIn, LCID lcid, VARIANT_BOOL *pboolOut));
OLEANDER_API(HRESULT, VarBoolFromI1, (CHAR cIn, VARIANT_BOOL *pboolOut));
OLEANDER_API(HRESULT, VarBoolFromUI2, (USHORT uiIn, VARIANT_BOOL *pboolOut));
OLEANDER_API(HRESULT, VarBoolFromUI4, (ULONG ulIn, VARIANT_BOOL *pboolOut));
OLEANDER_API(HRESULT, VarBoolFromUI8, (ULONG64 ui64In, VARIANT_BOOL *pboolOut));
OLEANDER_API(HRESULT, VarBoolFromDec, (const DECIMAL *pdecIn, VARIANT_BOOL *pboolOut));

/* Conversions to a signed byte. */
OLEANDER_API(HRESULT, VarI1FromUI1, (BYTE bIn, CHAR *pcOut));
OLEANDER_API(HRESULT, VarI1FromI2, (SHORT sIn, CHAR *pcOut));
OLEANDER_API(HRESULT, VarI1FromI4, (LONG lIn, CHAR *pcOut));
OLEANDER_API(HRESULT, VarI1FromI8, (LONG64 i64In, CHAR *pcOut));
OLEANDER_API(HRESULT, VarI1FromR4, (FLOAT fltIn, CHAR *pcOut));
OLEANDER_API(HRESULT, VarI1FromR8, (DOUBLE dblIn, CHAR *pcOut));
OLEANDER_API(HRESULT, VarI1FromCy, (CY cyIn, CHAR *pcOut));
OLEANDER_API(HRESULT, VarI1FromDate, (DATE dateIn, CHAR *pcOut));
OLEANDER_API(HRESULT, VarI1FromStr, (LPCOLESTR strIn, LCID lcid, ULONG dwFlags, CHAR *pcOut));
OLEANDER_API(HRESULT, VarI1FromDisp, (IDispatch *pdispIn, LCID lcid, CHAR *pcOut));
OLEANDER_API(HRESULT, VarI1FromBool, (VARIANT_BOOL boolIn, CHAR *pcOut));
OLEANDER_API(HRESULT, VarI1FromUI2, (USHORT uiIn, CHAR *pcOut));
OLEANDER_API(HRESULT, VarI1FromUI4, (ULONG ulIn, CHAR *pcOut));
OLEANDER_API(HRESULT, VarI1FromUI8, (ULONG64 ui64In, CHAR *pcOut));
OLEANDER_API(HRESULT, VarI1FromDec, (const DECIMAL *pdecIn, CHAR *pcOut));

/* Conversions to an unsigned 16-bit integer. */
OLEANDER_API(HRESULT, VarUI2FromUI1, (BYTE bIn, USHORT *puiOut));
OLEANDER_API(HRESULT, VarUI2FromI2, (SHORT sIn, USHORT *puiOut));
OLEANDER_API(HRESULT, VarUI2FromI4, (LONG lIn, USHORT *puiOut));
OLEANDER_API(HRESULT, VarUI2FromI8, (LONG64 i64In, USHORT *puiOut));
OLEANDER_API(HRESULT, VarUI2FromR4, (FLOAT fltIn, USHORT *puiOut));
OLEANDER_API(HRESULT, VarUI2FromR8, (DOUBLE dblIn, USHORT *puiOut));
OLEANDER_API(HRESULT, VarUI2FromCy, (CY cyIn, USHORT *puiOut));
OLEANDER_API(HRESULT, VarUI2FromDate, (DATE dateIn, USHORT *puiOut));
OLEANDER_API(HRESULT, VarUI2FromStr, (LPCOLESTR strIn, LCID lcid, ULONG dwFlags, USHORT *puiOut));
OLEANDER_API(HRESULT, VarUI2FromDisp, (IDispatch *pdispIn, LCID lcid, USHORT *puiOut));
OLEANDER_API(HRESULT, VarUI2FromBool, (VARIANT_BOOL boolIn, USHORT *puiOut));
OLEANDER_API(HRESULT, VarUI2FromI1, (CHAR cIn, USHORT *puiOut));
OLEANDER_API(HRESULT, VarUI2FromUI4, (ULONG ulIn, USHORT *puiOut));
OLEANDER_API(HRESULT, VarUI2FromUI8, (ULONG64 ui64In, USHORT *puiOut));
OLEANDER_API(HRESULT, VarUI2FromDec, (const DECIMAL *pdecIn, USHORT *puiOut));

/* Conversions to an unsigned 32-bit integer. */
OLEANDER_API(HRESULT, VarUI4FromUI1, (BYTE bIn, ULONG *pulOut));
OLEANDER_API(HRESULT, VarUI4FromI2, (SHORT sIn, ULONG *pulOut));
OLEANDER_API(HRESULT, VarUI4FromI4, (LONG lIn, ULONG *pulOut));
OLEANDER_API(HRESULT, VarUI4FromI8, (LONG64 i64In, ULONG *pulOut));
OLEANDER_API(HRESULT, VarUI4FromR4, (FLOAT fltIn, ULONG *pulOut));
OLEANDER_API(HRESULT, VarUI4FromR8, (DOUBLE dblIn, ULONG *pulOut));
OLEANDER_API(HRESULT, VarUI4FromCy, (CY cyIn, ULONG *pulOut));
OLEANDER_API(HRESULT, VarUI4FromDate, (DATE dateIn, ULONG *pulOut));
OLEANDER_API(HRESULT, VarUI4FromStr, (LPCOLESTR strIn, LCID lcid, ULONG dwFlags, ULONG *pulOut));
OLEANDER_API(HRESULT, VarUI4FromDisp, (IDispatch *pdispIn, LCID lcid, ULONG *pulOut));
OLEANDER_API(HRESULT, VarUI4FromBool, (VARIANT_BOOL boolIn, ULONG *pulOut));
OLEANDER_API(HRESULT, VarUI4FromI1, (CHAR cIn, ULONG *pulOut));
OLEANDER_API(HRESULT, VarUI4FromUI2, (USHORT uiIn, ULONG *pulOut));
OLEANDER_API(HRESULT, VarUI4FromUI8, (ULONG64 ui64In, ULONG *pulOut));
OLEANDER_API(HRESULT, VarUI4FromDec, (const DECIMAL *pdecIn, ULONG *pulOut));

/* Conversions to an unsigned 64-bit integer. */
OLEANDER_API(HRESULT, VarUI8FromUI1, (BYTE bIn, ULONG64 *pi64Out));
OLEANDER_API(HRESULT, VarUI8FromI2, (SHORT sIn, ULONG64 *pi64Out));
OLEANDER_API(HRESULT, VarUI8FromI4, (LONG lIn, ULONG64 *pi64Out));
OLEANDER_API(HRESULT, VarUI8FromI8, (LONG64 i64In, ULONG64 *pi64Out));
OLEANDER_API(HRESULT, VarUI8FromR4, (FLOAT fltIn, ULONG64 *pi64Out));
OLEANDER_API(HRESULT, VarUI8FromR8, (DOUBLE dblIn, ULONG64 *pi64Out));
OLEANDER_API(HRESULT, VarUI8FromCy, (CY cyIn, ULONG64 *pi64Out));
OLEANDER_API(HRESULT, VarUI8FromDate, (DATE dateIn, ULONG64 *pi64Out));
OLEANDER_API(HRESULT, VarUI8FromStr, (LPCOLESTR strIn, LCID lcid, ULONG dwFlags, ULONG64 *pi64Out));
OLEANDER_API(HRESULT, VarUI8FromDisp, (IDispatch *pdispIn, LCID lcid, ULONG64 *pi64Out));
OLEANDER_API(HRESULT, VarUI8FromBool, (VARIANT_BOOL boolIn, ULONG64 *pi64Out));
OLEANDER_API(HRESULT, VarUI8FromI1, (CHAR cIn, ULONG64 *pi64Out));
OLEANDER_API(HRESULT, VarUI8FromUI2, (USHORT uiIn, ULONG64 *pi64Out));
OLEANDER_API(HRESULT, VarUI8FromUI4, (ULONG ulIn, ULONG64 *pi64Out));
OLEANDER_API(HRESULT, VarUI8FromDec, (const DECIMAL *pdecIn, ULONG64 *pi64Out));

/* Conversions to a decimal. */
OLEANDER_API(HRESULT, VarDecFromUI1, (BYTE bIn, DECIMAL *pdecOut));
OLEANDER_API(HRESULT, VarDecFromI2, (SHORT sIn, DECIMAL *pdecOut));
OLEANDER_API(HRESULT, VarDecFromI4, (LONG lIn, DECIMAL *pdecOut));
OLEANDER_API(HRESULT, VarDecFromI8, (LONG64 i64In, DECIMAL *pdecOut));
OLEANDER_API(HRESULT, VarDecFromR4, (FLOAT fltIn, DECIMAL *pdecOut));
OLEANDER_API(HRESULT, VarDecFromR8, (DOUBLE dblIn, DECIMAL *pdecOut));
OLEANDER_API(HRESULT, VarDecFromCy, (CY cyIn, DECIMAL *pdecOut));
OLEANDER_API(HRESULT, VarDecFromDate, (DATE dateIn, DECIMAL *pdecOut));
OLEANDER_API(HRESULT, VarDecFromStr, (LPCOLESTR strIn, LCID lcid, ULONG dwFlags, DECIMAL *pdecOut));
OLEANDER_API(HRESULT, VarDecFromDisp, (IDispatch *pdispIn, LCID lcid, DECIMAL *pdecOut));
OLEANDER_API(HRESULT, VarDecFromBool, (VARIANT_BOOL boolIn, DECIMAL *pdecOut));
OLEANDER_API(HRESULT, VarDecFromI1, (CHAR cIn, DECIMAL *pdecOut));
OLEANDER_API(HRESULT, VarDecFromUI2, (USHORT uiIn, DECIMAL *pdecOut));
OLEANDER_API(HRESULT, VarDecFromUI4, (ULONG ulIn, DECIMAL *pdecOut));
OLEANDER_API(HRESULT, VarDecFromUI8, (ULONG64 ui64In, DECIMAL *pdecOut));
/* Arithmetic and comparison */

/* Results of VarCmp, VarBstrCmp, VarCyCmp, VarDecCmp and VarR4CmpR8, which return them as HRESULTs. */
#define VARCMP_LT 0
#define VARCMP_EQ 1
#define VARCMP_GT 2
#define VARCMP_NULL 3

#define VT_HARDTYPE VT_RESERVED

/* The operators of Visual Basic on variants. The operands are read only; pvarResult may be one of them. */

/* left + right; two strings are joined. */
OLEANDER_API(HRESULT, VarAdd, (LPVARIANT pvarLeft, LPVARIANT pvarRight, LPVARIANT pvarResult));
/* left And right: bits of integers, truth of booleans; Null by three-valued logic. */
OLEANDER_API(HRESULT, VarAnd, (LPVARIANT pvarLeft, LPVARIANT pvarRight, LPVARIANT pvarResult));
/* left & right: the texts of both, joined. */
OLEANDER_API(HRESULT, VarCat, (LPVARIANT pvarLeft, LPVARIANT pvarRight, LPVARIANT pvarResult));
/* left / right: always floating point or decimal; DISP_E_DIVBYZERO. */
OLEANDER_API(HRESULT, VarDiv, (LPVARIANT pvarLeft, LPVARIANT pvarRight, LPVARIANT pvarResult));
/* left Eqv right: the bits in which both agree. */
OLEANDER_API(HRESULT, VarEqv, (LPVARIANT pvarLeft, LPVARIANT pvarRight, LPVARIANT pvarResult));
/* left \ right: integers, rounded towards zero. */
OLEANDER_API(HRESULT, VarIdiv, (LPVARIANT pvarLeft, LPVARIANT pvarRight, LPVARIANT pvarResult));
/* left Imp right: Not left Or right. */
OLEANDER_API(HRESULT, VarImp, (LPVARIANT pvarLeft, LPVARIANT pvarRight, LPVARIANT pvarResult));
/* left Mod right: the rest of VarIdiv, with the sign of left. */
OLEANDER_API(HRESULT, VarMod, (LPVARIANT pvarLeft, LPVARIANT pvarRight, LPVARIANT pvarResult));
/* left * right. */
OLEANDER_API(HRESULT, VarMul, (LPVARIANT pvarLeft, LPVARIANT pvarRight, LPVARIANT pvarResult));
/* left Or right. */
OLEANDER_API(HRESULT, VarOr, (LPVARIANT pvarLeft, LPVARIANT pvarRight, LPVARIANT pvarResult));
/* left ^ right, as a double. */
OLEANDER_API(HRESULT, VarPow, (LPVARIANT pvarLeft, LPVARIANT pvarRight, LPVARIANT pvarResult));
/* left - right. */
OLEANDER_API(HRESULT, VarSub, (LPVARIANT pvarLeft, LPVARIANT pvarRight, LPVARIANT pvarResult));
/* left Xor right. */
OLEANDER_API(HRESULT, VarXor, (LPVARIANT pvarLeft, LPVARIANT pvarRight, LPVARIANT pvarResult));
/* The absolute value. */
OLEANDER_API(HRESULT, VarAbs, (LPVARIANT pvarIn, LPVARIANT pvarResult));
/* The integer part, towards zero. */
OLEANDER_API(HRESULT, VarFix, (LPVARIANT pvarIn, LPVARIANT pvarResult));
/* The integer part, downwards. */
OLEANDER_API(HRESULT, VarInt, (LPVARIANT pvarIn, LPVARIANT pvarResult));
/* The value with the other sign. */
OLEANDER_API(HRESULT, VarNeg, (LPVARIANT pvarIn, LPVARIANT pvarResult));
/* The complement of the bits, or of the truth value. */
OLEANDER_API(HRESULT, VarNot, (LPVARIANT pvarIn, LPVARIANT pvarResult));
/* Rounded half to even to cDecimals places. */
OLEANDER_API(HRESULT, VarRound, (LPVARIANT pvarIn, int cDecimals, LPVARIANT pvarResult));
/* VARCMP_* of two variants; dwFlags are NORM_IGNORECASE and the like. */
OLEANDER_API(HRESULT, VarCmp, (LPVARIANT pvarLeft, LPVARIANT pvarRight, LCID lcid, ULONG dwFlags));

/* Exact arithmetic on DECIMAL; DISP_E_OVERFLOW, DISP_E_DIVBYZERO. */

/* The sum. */
OLEANDER_API(HRESULT, VarDecAdd, (LPDECIMAL pdecLeft, LPDECIMAL pdecRight, LPDECIMAL pdecResult));
/* The quotient, rounded where 96 bits do not hold it. */
OLEANDER_API(HRESULT, VarDecDiv, (LPDECIMAL pdecLeft, LPDECIMAL pdecRight, LPDECIMAL pdecResult));
/* The product, rounded where 96 bits do not hold it. */
OLEANDER_API(HRESULT, VarDecMul, (LPDECIMAL pdecLeft, LPDECIMAL pdecRight, LPDECIMAL pdecResult));
/* The difference. */
OLEANDER_API(HRESULT, VarDecSub, (LPDECIMAL pdecLeft, LPDECIMAL pdecRight, LPDECIMAL pdecResult));
/* The absolute value. */
OLEANDER_API(HRESULT, VarDecAbs, (LPDECIMAL pdecIn, LPDECIMAL pdecResult));
/* The integer part, towards zero. */
OLEANDER_API(HRESULT, VarDecFix, (LPDECIMAL pdecIn, LPDECIMAL pdecResult));
/* The integer part, downwards. */
OLEANDER_API(HRESULT, VarDecInt, (LPDECIMAL pdecIn, LPDECIMAL pdecResult));
/* The value with the other sign. */
OLEANDER_API(HRESULT, VarDecNeg, (LPDECIMAL pdecIn, LPDECIMAL pdecResult));
/* Rounded half to even to cDecimals places. */
OLEANDER_API(HRESULT, VarDecRound, (LPDECIMAL pdecIn, int cDecimals, LPDECIMAL pdecResult));
/* VARCMP_* of two decimals. */
OLEANDER_API(HRESULT, VarDecCmp, (LPDECIMAL pdecLeft, LPDECIMAL pdecRight));
/* VARCMP_* of a decimal and a double. */
OLEANDER_API(HRESULT, VarDecCmpR8, (LPDECIMAL pdecLeft, double dblRight));

/* Exact arithmetic on CY. */

/* The sum. */
OLEANDER_API(HRESULT, VarCyAdd, (CY cyLeft, CY cyRight, LPCY pcyResult));
/* The product, rounded half to even. */
OLEANDER_API(HRESULT, VarCyMul, (CY cyLeft, CY cyRight, LPCY pcyResult));
/* The product with a 32-bit integer. */
OLEANDER_API(HRESULT, VarCyMulI4, (CY cyLeft, LONG lRight, LPCY pcyResult));
/* The product with a 64-bit integer. */
OLEANDER_API(HRESULT, VarCyMulI8, (CY cyLeft, LONG64 lRight, LPCY pcyResult));
/* The difference. */
OLEANDER_API(HRESULT, VarCySub, (CY cyLeft, CY cyRight, LPCY pcyResult));
/* The absolute value. */
OLEANDER_API(HRESULT, VarCyAbs, (CY cyIn, LPCY pcyResult));
/* The integer part, towards zero. */
OLEANDER_API(HRESULT, VarCyFix, (CY cyIn, LPCY pcyResult));
/* The integer part, downwards. */
OLEANDER_API(HRESULT, VarCyInt, (CY cyIn, LPCY pcyResult));
/* The value with the other sign. */
OLEANDER_API(HRESULT, VarCyNeg, (CY cyIn, LPCY pcyResult));
/* Rounded half to even to cDecimals places. */
OLEANDER_API(HRESULT, VarCyRound, (CY cyIn, int cDecimals, LPCY pcyResult));
/* VARCMP_* of two currency values. */
OLEANDER_API(HRESULT, VarCyCmp, (CY cyLeft, CY cyRight));
/* VARCMP_* of a currency value and a double. */
OLEANDER_API(HRESULT, VarCyCmpR8, (CY cyLeft, double dblRight));

/* A new string of both; the caller frees it. */
OLEANDER_API(HRESULT, VarBstrCat, (BSTR bstrLeft, BSTR bstrRight, LPBSTR pbstrResult));
/* VARCMP_* of two strings by the rules of lcid; lcid 0 compares code units. */
OLEANDER_API(HRESULT, VarBstrCmp, (BSTR bstrLeft, BSTR bstrRight, LCID lcid, ULONG dwFlags));
/* dblLeft to the power of dblRight. */
OLEANDER_API(HRESULT, VarR8Pow, (double dblLeft, double dblRight, double *pdblResult));
/* VARCMP_* of a float and a double. */
OLEANDER_API(HRESULT, VarR4CmpR8, (float fltLeft, double dblRight));
/* Rounded half to even to cDecimals places. */
OLEANDER_API(HRESULT, VarR8Round, (double dblIn, int cDecimals, double *pdblResult));

/* Dates */

typedef struct tagUDATE {
    SYSTEMTIME st;
    USHORT wDayOfYear;
} UDATE;

/* The date that calendar fields stand for; fields out of range count on (month 13 is next January). */
OLEANDER_API(HRESULT, VarDateFromUdate, (UDATE *pudateIn, ULONG dwFlags, DATE *pdateOut));
/* The same by the calendar of lcid. */
OLEANDER_API(HRESULT, VarDateFromUdateEx, (UDATE *pudateIn, LCID lcid, ULONG dwFlags, DATE *pdateOut));
/* The calendar fields of a date, weekday and day of the year included. */
OLEANDER_API(HRESULT, VarUdateFromDate, (DATE dateIn, ULONG dwFlags, UDATE *pudateOut));
/* Month names in the genitive (Polish, Russian ...) or of other calendars, or NULL; not to be freed. */
OLEANDER_API(HRESULT, GetAltMonthNames, (LCID lcid, LPOLESTR **prgp));
/* MS-DOS date and time words as a date; like its three kin it returns TRUE if the value could be represented. */
OLEANDER_API(INT, DosDateTimeToVariantTime, (USHORT wDosDate, USHORT wDosTime, DOUBLE *pvtime));
/* A date as MS-DOS date and time words. */
OLEANDER_API(INT, VariantTimeToDosDateTime, (DOUBLE vtime, USHORT *pwDosDate, USHORT *pwDosTime));
/* A SYSTEMTIME as a date. */
OLEANDER_API(INT, SystemTimeToVariantTime, (LPSYSTEMTIME lpSystemTime, DOUBLE *pvtime));
/* A date as a SYSTEMTIME. */
OLEANDER_API(INT, VariantTimeToSystemTime, (DOUBLE vtime, LPSYSTEMTIME lpSystemTime));

/* Formatting */

/* Formats by a Visual Basic format string or a name ("Currency", "Long Date"); the caller frees *pbstrOut. */
OLEANDER_API(HRESULT, VarFormat,
    (LPVARIANT pvarIn, LPOLESTR pstrFormat, int iFirstDay, int iFirstWeek, ULONG dwFlags, BSTR *pbstrOut));
/* iNamedFormat: 0 general date, 1 long date, 2 short date, 3 long time, 4 short time. */
OLEANDER_API(HRESULT, VarFormatDateTime, (LPVARIANT pvarIn, int iNamedFormat, ULONG dwFlags, BSTR *pbstrOut));
/* iNumDig -1 and the tristates -2 stand for the locale's habit; tristates: 0 no, -1 yes. */
OLEANDER_API(HRESULT, VarFormatNumber,
    (LPVARIANT pvarIn, int iNumDig, int iIncLead, int iUseParens, int iGroup, ULONG dwFlags, BSTR *pbstrOut));
/* The same as a percentage. */
OLEANDER_API(HRESULT, VarFormatPercent,
    (LPVARIANT pvarIn, int iNumDig, int iIncLead, int iUseParens, int iGroup, ULONG dwFlags, BSTR *pbstrOut));
/* The same with the locale's currency symbol. */
OLEANDER_API(HRESULT, VarFormatCurrency,
    (LPVARIANT pvarIn, int iNumDig, int iIncLead, int iUseParens, int iGroup, ULONG dwFlags, BSTR *pbstrOut));
/* iWeekday 1..7 counted from iFirstDay (1 Sunday ... 7 Saturday, 0 the locale's first day). */
OLEANDER_API(HRESULT, VarWeekdayName, (int iWeekday, int fAbbrev, int iFirstDay, ULONG dwFlags, BSTR *pbstrOut));
/* iMonth 1..12. */
OLEANDER_API(HRESULT, VarMonthName, (int iMonth, int fAbbrev, ULONG dwFlags, BSTR *pbstrOut));
/* Formats with a format string that VarTokenizeFormatString made into tokens. */
OLEANDER_API(HRESULT, VarFormatFromTokens,
    (LPVARIANT pvarIn, LPOLESTR pstrFormat, LPBYTE pbTokCur, ULONG dwFlags, BSTR *pbstrOut, LCID lcid));
/* Fills rgbTok (cbTok bytes); TYPE_E_BUFFERTOOSMALL if it is too small. */
OLEANDER_API(HRESULT, VarTokenizeFormatString,
    (LPOLESTR pstrFormat, LPBYTE rgbTok, int cbTok, int iFirstDay, int iFirstWeek, LCID lcid, int *pcbActual));

/* Numbers in strings */

typedef struct {
    INT cDig;       /* in: room in rgbDig; out: digits there */
    ULONG dwInFlags;
    ULONG dwOutFlags;
    INT cchUsed;
    INT nBaseShift; /* bits per digit: 0 decimal, 3 octal, 4 hexadecimal */
    INT nPwr10;
} NUMPARSE;

#define NUMPRS_LEADING_WHITE 0x0001
#define NUMPRS_TRAILING_WHITE 0x0002
#define NUMPRS_LEADING_PLUS 0x0004
#define NUMPRS_TRAILING_PLUS 0x0008
#define NUMPRS_LEADING_MINUS 0x0010
#define NUMPRS_TRAILING_MINUS 0x0020
#define NUMPRS_HEX_OCT 0x0040
#define NUMPRS_PARENS 0x0080
#define NUMPRS_DECIMAL 0x0100
#define NUMPRS_THOUSANDS 0x0200
#define NUMPRS_CURRENCY 0x0400
#define NUMPRS_EXPONENT 0x0800
#define NUMPRS_USE_ALL 0x1000
#define NUMPRS_STD 0x1FFF
#define NUMPRS_NEG 0x10000
#define NUMPRS_INEXACT 0x20000

#define VTBIT_I1 (1 << VT_I1)
#define VTBIT_UI1 (1 << VT_UI1)
#define VTBIT_I2 (1 << VT_I2)
#define VTBIT_UI2 (1 << VT_UI2)
#define VTBIT_I4 (1 << VT_I4)
#define VTBIT_UI4 (1 << VT_UI4)
#define VTBIT_I8 (1 << VT_I8)
#define VTBIT_UI8 (1 << VT_UI8)
#define VTBIT_R4 (1 << VT_R4)
#define VTBIT_R8 (1 << VT_R8)
#define VTBIT_CY (1 << VT_CY)
#define VTBIT_DECIMAL (1 << VT_DECIMAL)

/* Reads a number into digits (one per byte of rgbDig), by pnumprs->dwInFlags and the locale. */
OLEANDER_API(HRESULT, VarParseNumFromStr,
    (LPCOLESTR strIn, LCID lcid, ULONG dwFlags, NUMPARSE *pnumprs, BYTE *rgbDig));
/* Makes parsed digits a variant of the smallest of the types in dwVtBits (VTBIT_*) that holds them. */
OLEANDER_API(HRESULT, VarNumFromParseNum, (NUMPARSE *pnumprs, BYTE *rgbDig, ULONG dwVtBits, VARIANT *pvar));

/* Locales */

#ifndef MAKELANGID
#define MAKELANGID(primary, sub) ((((WORD)(sub)) << 10) | (WORD)(primary))
#define PRIMARYLANGID(langid) ((WORD)(langid)&0x3ff)
#define SUBLANGID(langid) ((WORD)(langid) >> 10)
#define MAKELCID(langid, sortid) ((DWORD)((((DWORD)((WORD)(sortid))) << 16) | ((DWORD)((WORD)(langid)))))
#define LANGIDFROMLCID(lcid) ((WORD)(lcid))
#define SORTIDFROMLCID(lcid) ((WORD)((((DWORD)(lcid)) >> 16) & 0xf))
#define SORT_DEFAULT 0x0
#define LANG_NEUTRAL 0x00
#define LANG_INVARIANT 0x7f
#define LANG_CHINESE 0x04
#define LANG_CZECH 0x05
#define LANG_DANISH 0x06
#define LANG_GERMAN 0x07
#define LANG_GREEK 0x08
#define LANG_ENGLISH 0x09
#define LANG_SPANISH 0x0a
#define LANG_FINNISH 0x0b
#define LANG_FRENCH 0x0c
#define LANG_HEBREW 0x0d
#define LANG_HUNGARIAN 0x0e
#define LANG_ITALIAN 0x10
#define LANG_JAPANESE 0x11
#define LANG_KOREAN 0x12
#define LANG_DUTCH 0x13
#define LANG_NORWEGIAN 0x14
#define LANG_POLISH 0x15
#define LANG_PORTUGUESE 0x16
#define LANG_RUSSIAN 0x19
#define LANG_SWEDISH 0x1d
#define LANG_THAI 0x1e
#define LANG_TURKISH 0x1f
#define LANG_ARABIC 0x01
#define SUBLANG_NEUTRAL 0x00
#define SUBLANG_DEFAULT 0x01
#define SUBLANG_SYS_DEFAULT 0x02
#define SUBLANG_ENGLISH_US 0x01
#define SUBLANG_ENGLISH_UK 0x02
#define LANG_SYSTEM_DEFAULT (MAKELANGID(LANG_NEUTRAL, SUBLANG_SYS_DEFAULT))
#define LANG_USER_DEFAULT (MAKELANGID(LANG_NEUTRAL, SUBLANG_DEFAULT))
#define LOCALE_NEUTRAL (MAKELCID(MAKELANGID(LANG_NEUTRAL, SUBLANG_NEUTRAL), SORT_DEFAULT))
#define LOCALE_SYSTEM_DEFAULT (MAKELCID(LANG_SYSTEM_DEFAULT, SORT_DEFAULT))
#define LOCALE_USER_DEFAULT (MAKELCID(LANG_USER_DEFAULT, SORT_DEFAULT))
#define LOCALE_INVARIANT (MAKELCID(MAKELANGID(LANG_INVARIANT, SUBLANG_NEUTRAL), SORT_DEFAULT))
#endif
#ifndef LOCALE_NOUSEROVERRIDE
#define LOCALE_NOUSEROVERRIDE 0x80000000u
#endif

#define NORM_IGNORECASE 0x00000001
#define NORM_IGNORENONSPACE 0x00000002
#define NORM_IGNORESYMBOLS 0x00000004
#define NORM_IGNOREKANATYPE 0x00010000
#define NORM_IGNOREWIDTH 0x00020000
#define NORM_LINGUISTIC_CASING 0x08000000
#define LINGUISTIC_IGNORECASE 0x00000010
#define LINGUISTIC_IGNOREDIACRITIC 0x00000020
#define SORT_STRINGSORT 0x00001000
#define SORT_DIGITSASNUMBERS 0x00000008

/* Flags of the locale that conversions use instead of the one they are given (a process-wide setting). */
OLEANDER_API(HRESULT, GetVarConversionLocaleSetting, (ULONG *dwFlags));
/* Sets those flags. */
OLEANDER_API(HRESULT, SetVarConversionLocaleSetting, (ULONG dwFlags));

/* Type libraries */

typedef enum tagREGKIND { REGKIND_DEFAULT, REGKIND_REGISTER, REGKIND_NONE } REGKIND;
#define LOAD_TLB_AS_32BIT 0x20
#define LOAD_TLB_AS_64BIT 0x40
#define MASK_TO_RESET_TLB_BITS (~(LOAD_TLB_AS_32BIT | LOAD_TLB_AS_64BIT))

/* The hash of a name as type libraries use it: lcid and system in the upper half, for FindName, IsName and Bind. */
OLEANDER_API(ULONG, LHashValOfNameSysA, (SYSKIND syskind, LCID lcid, LPCSTR szName));
/* The same for a UTF-16 name. */
OLEANDER_API(ULONG, LHashValOfNameSys, (SYSKIND syskind, LCID lcid, const OLECHAR *szName));
#define LHashValOfName(lcid, szName) LHashValOfNameSys(SYS_WIN32, lcid, szName)
#define WHashValOfLHashVal(lhashval) ((USHORT)(0x0000ffff & (lhashval)))
#define IsHashValCompatible(lhashval1, lhashval2)                                                                      \
    ((BOOL)((0x00ff0000 & (lhashval1)) == (0x00ff0000 & (lhashval2)) ? TRUE : FALSE))

/* Loads the type library in a file or module ("path" or "path\resource"); never registers it. */
OLEANDER_API(HRESULT, LoadTypeLib, (LPCOLESTR szFile, ITypeLib **pptlib));
/* The same, registering it only for REGKIND_REGISTER. TYPE_E_CANTLOADLIBRARY, TYPE_E_INVDATAREAD ... */
OLEANDER_API(HRESULT, LoadTypeLibEx, (LPCOLESTR szFile, REGKIND regkind, ITypeLib **pptlib));
/* Loads a registered library: the same major version, the same or a higher minor version. */
OLEANDER_API(HRESULT, LoadRegTypeLib, (REFGUID rguid, WORD wVerMajor, WORD wVerMinor, LCID lcid, ITypeLib **pptlib));
/* The path of a registered library; the caller frees it. */
OLEANDER_API(HRESULT, QueryPathOfRegTypeLib,
    (REFGUID guid, USHORT wMaj, USHORT wMin, LCID lcid, LPBSTR lpbstrPathName));
/* Writes the library and its automation interfaces to the registry store. */
OLEANDER_API(HRESULT, RegisterTypeLib, (ITypeLib *ptlib, LPCOLESTR szFullPath, LPCOLESTR szHelpDir));
/* Takes a library out of the registry store. */
OLEANDER_API(HRESULT, UnRegisterTypeLib,
    (REFGUID libID, WORD wVerMajor, WORD wVerMinor, LCID lcid, SYSKIND syskind));
/* The same in the user's layer of the store. */
OLEANDER_API(HRESULT, RegisterTypeLibForUser, (ITypeLib *ptlib, OLECHAR *szFullPath, OLECHAR *szHelpDir));
/* The same in the user's layer of the store. */
OLEANDER_API(HRESULT, UnRegisterTypeLibForUser,
    (REFGUID libID, WORD wMajorVerNum, WORD wMinorVerNum, LCID lcid, SYSKIND syskind));
/* A new library that SaveAllChanges writes to szFile. */
OLEANDER_API(HRESULT, CreateTypeLib, (SYSKIND syskind, LPCOLESTR szFile, ICreateTypeLib **ppctlib));
/* The same, with deletion, custom data and help strings. */
OLEANDER_API(HRESULT, CreateTypeLib2, (SYSKIND syskind, LPCOLESTR szFile, ICreateTypeLib2 **ppctlib));
/* Frees what GetAllCustData gave. */
OLEANDER_API(void, ClearCustData, (LPCUSTDATA pCustData));
/* Makes RegisterTypeLib work like RegisterTypeLibForUser in this process. */
OLEANDER_API(void, OaEnablePerUserTLibRegistration, (void));
/* The version of this implementation: major in the upper half, minor in the lower. */
OLEANDER_API(ULONG, OaBuildVersion, (void));

/* IDispatch helpers */

typedef struct tagPARAMDATA {
    OLECHAR *szName;
    VARTYPE vt;
} PARAMDATA, *LPPARAMDATA;

typedef struct tagMETHODDATA {
    OLECHAR *szName;
    PARAMDATA *ppdata;
    DISPID dispid;
    UINT iMeth;
    CALLCONV cc;
    UINT cArgs;
    WORD wFlags;
    VARTYPE vtReturn;
} METHODDATA, *LPMETHODDATA;

typedef struct tagINTERFACEDATA {
    METHODDATA *pmethdata;
    UINT cMembers;
} INTERFACEDATA, *LPINTERFACEDATA;

/* What Invoke is asked for. */
#define DISPATCH_METHOD 0x1
#define DISPATCH_PROPERTYGET 0x2
#define DISPATCH_PROPERTYPUT 0x4
#define DISPATCH_PROPERTYPUTREF 0x8

/* Argument `position` (from the left; DISPID_PROPERTYPUT for the new value) converted to vtTarg. */
OLEANDER_API(HRESULT, DispGetParam,
    (DISPPARAMS *pdispparams, UINT position, VARTYPE vtTarg, VARIANT *pvarResult, UINT *puArgErr));
/* ITypeInfo::GetIDsOfNames, as an IDispatch needs it. */
OLEANDER_API(HRESULT, DispGetIDsOfNames, (ITypeInfo *ptinfo, LPOLESTR *rgszNames, UINT cNames, DISPID *rgdispid));
/* ITypeInfo::Invoke on _this. */
OLEANDER_API(HRESULT, DispInvoke,
    (void *_this, ITypeInfo *ptinfo, DISPID dispidMember, WORD wFlags, DISPPARAMS *pparams, VARIANT *pvarResult,
        EXCEPINFO *pexcepinfo, UINT *puArgErr));
/* Type information from a table in C. */
OLEANDER_API(HRESULT, CreateDispTypeInfo, (INTERFACEDATA *pidata, LCID lcid, ITypeInfo **pptinfo));
/* An IDispatch for pvThis that works by its type information; aggregated into punkOuter if that is given. */
OLEANDER_API(HRESULT, CreateStdDispatch,
    (IUnknown *punkOuter, void *pvThis, ITypeInfo *ptinfo, IUnknown **ppunkStdDisp));
/* Calls the function at byte offset oVft of the vtable (pvInstance NULL: at address oVft) with cActuals arguments. */
OLEANDER_API(HRESULT, DispCallFunc,
    (void *pvInstance, ULONG_PTR oVft, CALLCONV cc, VARTYPE vtReturn, UINT cActuals, VARTYPE *prgvt,
        VARIANTARG **prgpvarg, VARIANT *pvargResult));

/* Marshaling by hand */

/* What the proxies and stubs of a foreign interface compiler call for values of Automation ([wire_marshal]). They come in
 * four kinds for BSTR, VARIANT and LPSAFEARRAY:
 *   UserSize       where a value would end that begins at offset `start` (aligned as it needs); 0: it does not travel
 *   UserMarshal    writes it there, and returns the place behind it; NULL: it does not travel, or there is no memory
 *   UserUnmarshal  replaces the value by what is in the buffer, and returns the place behind it; NULL: the buffer holds no
 *                  such value, or there is no memory; the value is empty then
 *   UserFree       frees the value, for a VARIANT by reference also what it refers to
 * The low word of *pFlags is the context of the other side (MSHCTX_LOCAL ...). Buffers are aligned to 8 bytes and as long as
 * UserSize said. The bytes are those of NDR 2.0, which is the only form in which objects are called: also for the names with
 * 64. */

OLEANDER_API(ULONG, BSTR_UserSize, (ULONG *pFlags, ULONG start, BSTR *value));
OLEANDER_API(unsigned char *, BSTR_UserMarshal, (ULONG *pFlags, unsigned char *buffer, BSTR *value));
OLEANDER_API(unsigned char *, BSTR_UserUnmarshal, (ULONG *pFlags, unsigned char *buffer, BSTR *value));
OLEANDER_API(void, BSTR_UserFree, (ULONG *pFlags, BSTR *value));
OLEANDER_API(ULONG, BSTR_UserSize64, (ULONG *pFlags, ULONG start, BSTR *value));
OLEANDER_API(unsigned char *, BSTR_UserMarshal64, (ULONG *pFlags, unsigned char *buffer, BSTR *value));
OLEANDER_API(unsigned char *, BSTR_UserUnmarshal64, (ULONG *pFlags, unsigned char *buffer, BSTR *value));
OLEANDER_API(void, BSTR_UserFree64, (ULONG *pFlags, BSTR *value));
OLEANDER_API(ULONG, VARIANT_UserSize, (ULONG *pFlags, ULONG start, VARIANT *value));
OLEANDER_API(unsigned char *, VARIANT_UserMarshal, (ULONG *pFlags, unsigned char *buffer, VARIANT *value));
OLEANDER_API(unsigned char *, VARIANT_UserUnmarshal, (ULONG *pFlags, unsigned char *buffer, VARIANT *value));
OLEANDER_API(void, VARIANT_UserFree, (ULONG *pFlags, VARIANT *value));
OLEANDER_API(ULONG, VARIANT_UserSize64, (ULONG *pFlags, ULONG start, VARIANT *value));
OLEANDER_API(unsigned char *, VARIANT_UserMarshal64, (ULONG *pFlags, unsigned char *buffer, VARIANT *value));
OLEANDER_API(unsigned char *, VARIANT_UserUnmarshal64, (ULONG *pFlags, unsigned char *buffer, VARIANT *value));
OLEANDER_API(void, VARIANT_UserFree64, (ULONG *pFlags, VARIANT *value));
OLEANDER_API(ULONG, LPSAFEARRAY_UserSize, (ULONG *pFlags, ULONG start, LPSAFEARRAY *value));
OLEANDER_API(unsigned char *, LPSAFEARRAY_UserMarshal, (ULONG *pFlags, unsigned char *buffer, LPSAFEARRAY *value));
OLEANDER_API(unsigned char *, LPSAFEARRAY_UserUnmarshal, (ULONG *pFlags, unsigned char *buffer, LPSAFEARRAY *value));
OLEANDER_API(void, LPSAFEARRAY_UserFree, (ULONG *pFlags, LPSAFEARRAY *value));
OLEANDER_API(ULONG, LPSAFEARRAY_UserSize64, (ULONG *pFlags, ULONG start, LPSAFEARRAY *value));
OLEANDER_API(unsigned char *, LPSAFEARRAY_UserMarshal64, (ULONG *pFlags, unsigned char *buffer, LPSAFEARRAY *value));
OLEANDER_API(unsigned char *, LPSAFEARRAY_UserUnmarshal64, (ULONG *pFlags, unsigned char *buffer, LPSAFEARRAY *value));
OLEANDER_API(void, LPSAFEARRAY_UserFree64, (ULONG *pFlags, LPSAFEARRAY *value));

/* Running objects by class */

#define ACTIVEOBJECT_STRONG 0x0
#define ACTIVEOBJECT_WEAK 0x1

/* Registers the running object of a class; *pdwRegister is for RevokeActiveObject. */
OLEANDER_API(HRESULT, RegisterActiveObject, (IUnknown *punk, REFCLSID rclsid, DWORD dwFlags, DWORD *pdwRegister));
/* Takes the object out again. */
OLEANDER_API(HRESULT, RevokeActiveObject, (DWORD dwRegister, void *pvReserved));
/* The running object of a class, or MK_E_UNAVAILABLE; the caller releases it. */
OLEANDER_API(HRESULT, GetActiveObject, (REFCLSID rclsid, void *pvReserved, IUnknown **ppunk));

/* The thread's error object */

/* Sets (NULL: clears) the error object of this thread. */
OLEANDER_API(HRESULT, SetErrorInfo, (ULONG dwReserved, IErrorInfo *perrinfo));
/* Takes the error object of this thread, which is cleared; S_FALSE and NULL if there is none. */
OLEANDER_API(HRESULT, GetErrorInfo, (ULONG dwReserved, IErrorInfo **pperrinfo));
/* A new error object; query it for IErrorInfo. */
OLEANDER_API(HRESULT, CreateErrorInfo, (ICreateErrorInfo **pperrinfo));

/* Records */

/* The description of the record (or alias of one) that a type information describes. */
OLEANDER_API(HRESULT, GetRecordInfoFromTypeInfo, (ITypeInfo *pTypeInfo, IRecordInfo **ppRecInfo));
/* The same, looked up in a registered library. */
OLEANDER_API(HRESULT, GetRecordInfoFromGuids,
    (REFGUID rGuidTypeLib, ULONG uVerMajor, ULONG uVerMinor, LCID lcid, REFGUID rGuidTypeInfo,
        IRecordInfo **ppRecInfo));

/* Reading and writing the parts of a VARIANT */

#ifdef NONAMELESSUNION
#define V_UNION(x, member) ((x)->n1.n2.n3.member)
#define V_VT(x) ((x)->n1.n2.vt)
#define V_RECORDINFO(x) ((x)->n1.n2.n3.brecVal.pRecInfo)
#define V_RECORD(x) ((x)->n1.n2.n3.brecVal.pvRecord)
#define V_DECIMAL(x) ((x)->n1.decVal)
#else
#define V_UNION(x, member) ((x)->member)
#define V_VT(x) ((x)->vt)
#define V_RECORDINFO(x) ((x)->pRecInfo)
#define V_RECORD(x) ((x)->pvRecord)
#define V_DECIMAL(x) ((x)->decVal)
#endif
#define V_ISBYREF(x) (V_VT(x) & VT_BYREF)
#define V_ISARRAY(x) (V_VT(x) & VT_ARRAY)
#define V_ISVECTOR(x) (V_VT(x) & VT_VECTOR)
#define V_NONE(x) V_I2(x)

#define V_UI1(x) V_UNION(x, bVal)
#define V_UI1REF(x) V_UNION(x, pbVal)
#define V_I1(x) V_UNION(x, cVal)
#define V_I1REF(x) V_UNION(x, pcVal)
#define V_I2(x) V_UNION(x, iVal)
#define V_I2REF(x) V_UNION(x, piVal)
#define V_UI2(x) V_UNION(x, uiVal)
#define V_UI2REF(x) V_UNION(x, puiVal)
#define V_I4(x) V_UNION(x, lVal)
#define V_I4REF(x) V_UNION(x, plVal)
#define V_UI4(x) V_UNION(x, ulVal)
#define V_UI4REF(x) V_UNION(x, pulVal)
#define V_I8(x) V_UNION(x, llVal)
#define V_I8REF(x) V_UNION(x, pllVal)
#define V_UI8(x) V_UNION(x, ullVal)
#define V_UI8REF(x) V_UNION(x, pullVal)
#define V_INT(x) V_UNION(x, intVal)
#define V_INTREF(x) V_UNION(x, pintVal)
#define V_UINT(x) V_UNION(x, uintVal)
#define V_UINTREF(x) V_UNION(x, puintVal)
#define V_INT_PTR(x) V_UNION(x, llVal)
#define V_INT_PTRREF(x) V_UNION(x, pllVal)
#define V_UINT_PTR(x) V_UNION(x, ullVal)
#define V_UINT_PTRREF(x) V_UNION(x, pullVal)
#define V_R4(x) V_UNION(x, fltVal)
#define V_R4REF(x) V_UNION(x, pfltVal)
#define V_R8(x) V_UNION(x, dblVal)
#define V_R8REF(x) V_UNION(x, pdblVal)
#define V_CY(x) V_UNION(x, cyVal)
#define V_CYREF(x) V_UNION(x, pcyVal)
#define V_DATE(x) V_UNION(x, date)
#define V_DATEREF(x) V_UNION(x, pdate)
#define V_BSTR(x) V_UNION(x, bstrVal)
#define V_BSTRREF(x) V_UNION(x, pbstrVal)
#define V_DISPATCH(x) V_UNION(x, pdispVal)
#define V_DISPATCHREF(x) V_UNION(x, ppdispVal)
#define V_ERROR(x) V_UNION(x, scode)
#define V_ERRORREF(x) V_UNION(x, pscode)
#define V_BOOL(x) V_UNION(x, boolVal)
#define V_BOOLREF(x) V_UNION(x, pboolVal)
#define V_UNKNOWN(x) V_UNION(x, punkVal)
#define V_UNKNOWNREF(x) V_UNION(x, ppunkVal)
#define V_VARIANTREF(x) V_UNION(x, pvarVal)
#define V_DECIMALREF(x) V_UNION(x, pdecVal)
#define V_ARRAY(x) V_UNION(x, parray)
#define V_ARRAYREF(x) V_UNION(x, pparray)
#define V_BYREF(x) V_UNION(x, byref)

#endif
