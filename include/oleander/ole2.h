/* Everything of COM and Automation, under the name that old sources include. */
#ifndef OLEANDER_OLE2_H
#define OLEANDER_OLE2_H

#include <objbase.h>
#include <oleauto.h>
#include <oleidl.h>

/* The class identifier of an object in a stream: sixteen bytes. */
OLEANDER_API(HRESULT, WriteClassStm, (LPSTREAM pStm, REFCLSID rclsid));
OLEANDER_API(HRESULT, ReadClassStm, (LPSTREAM pStm, CLSID *pclsid));

/* The class of a storage, which it keeps itself. */
OLEANDER_API(HRESULT, WriteClassStg, (LPSTORAGE pStg, REFCLSID rclsid));
OLEANDER_API(HRESULT, ReadClassStg, (LPSTORAGE pStg, CLSID *pclsid));
/* What users call the kind of object in a storage, and its format of the clipboard. The string is freed with CoTaskMemFree; a
 * format that has only a name there is 0. */
OLEANDER_API(HRESULT, WriteFmtUserTypeStg, (LPSTORAGE pstg, CLIPFORMAT cf, LPOLESTR lpszUserType));
OLEANDER_API(HRESULT, ReadFmtUserTypeStg, (LPSTORAGE pstg, CLIPFORMAT *pcf, LPOLESTR *lplpszUserType));
/* Saves an object into a storage, with its class, and commits that. */
OLEANDER_API(HRESULT, OleSave, (LPPERSISTSTORAGE pPS, LPSTORAGE pStg, BOOL fSameAsLoad));

/* What the registry calls a class (USERCLASSTYPE_*): in full, in short, or its application; the string is freed with
 * CoTaskMemFree. Without a short name or an application's it is the full one. REGDB_E_CLASSNOTREG, or REGDB_E_READREGDB for a
 * class without a name. */
OLEANDER_API(HRESULT, OleRegGetUserType, (REFCLSID clsid, DWORD dwFormOfType, LPOLESTR *pszUserType));
/* Its OLEMISC_* for an aspect (DVASPECT_*), or else for all of them; 0 where the registry says nothing. */
OLEANDER_API(HRESULT, OleRegGetMiscStatus, (REFCLSID clsid, DWORD dwAspect, DWORD *pdwStatus));

/* An object with its class identifier before it: saved, and made again and loaded. */
OLEANDER_API(HRESULT, OleSaveToStream, (LPPERSISTSTREAM pPStm, LPSTREAM pStm));
OLEANDER_API(HRESULT, OleLoadFromStream, (LPSTREAM pStm, REFIID iidInterface, LPVOID *ppvObj));

#endif
