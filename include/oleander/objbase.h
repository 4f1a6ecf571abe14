/* The classic face of COM: initialisation, objects by class, monikers and the running object table. */
#ifndef OLEANDER_OBJBASE_H
#define OLEANDER_OBJBASE_H

#include <combaseapi.h>
#include <objidl.h>
#include <coml2api.h>

#define interface struct

/* CoInitializeEx(pvReserved, COINIT_APARTMENTTHREADED). */
OLEANDER_API(HRESULT, CoInitialize, (LPVOID pvReserved));
/* Opens a module (a path) for this process, NULL if that fails. With bAutoFree it may go when CoFreeUnusedLibraries finds it
 * unused, else after CoFreeLibrary. */
OLEANDER_API(HINSTANCE, CoLoadLibrary, (LPOLESTR lpszLibName, BOOL bAutoFree));
/* Drops a module that CoLoadLibrary loaded. */
OLEANDER_API(void, CoFreeLibrary, (HINSTANCE hInst));
/* Undoes every CoLoadLibrary and closes what is unused. */
OLEANDER_API(void, CoFreeAllLibraries, (void));

/* The version of this interface: rmm in the upper, rup in the lower half. */
OLEANDER_API(DWORD, CoBuildVersion, (void));
/* FALSE: there are no OLE 1 classes here. */
OLEANDER_API(BOOL, CoIsOle1Class, (REFCLSID rclsid));

/* An object of a class that is loaded from a file, by the class of the file. */
OLEANDER_API(HRESULT, CoGetInstanceFromFile,
    (COSERVERINFO *pServerInfo, CLSID *pClsid, IUnknown *punkOuter, DWORD dwClsCtx, DWORD grfMode, OLECHAR *pwszName,
        DWORD dwCount, MULTI_QI *pResults));
/* Likewise of one that is loaded from a storage. */
OLEANDER_API(HRESULT, CoGetInstanceFromIStorage,
    (COSERVERINFO *pServerInfo, CLSID *pClsid, IUnknown *punkOuter, DWORD dwClsCtx, struct IStorage *pstg, DWORD dwCount,
        MULTI_QI *pResults));

/* Tells the spy of every CoInitializeEx and CoUninitialize of this thread, from now on, until it is revoked. */
OLEANDER_API(HRESULT, CoRegisterInitializeSpy, (IInitializeSpy *pSpy, ULARGE_INTEGER *puliCookie));
/* Ends that; E_INVALIDARG for the cookie of another thread, or of none. */
OLEANDER_API(HRESULT, CoRevokeInitializeSpy, (ULARGE_INTEGER uliCookie));

/* The object that a display name stands for: parses, binds, releases the moniker. */
OLEANDER_API(HRESULT, CoGetObject, (LPCWSTR pszName, BIND_OPTS *pBindOptions, REFIID riid, void **ppv));

/* Makes clsidNew stand in for clsidOld in the registry store; CLSID_NULL ends it. */
OLEANDER_API(HRESULT, CoTreatAsClass, (REFCLSID clsidOld, REFCLSID clsidNew));
/* Makes this process the surrogate that hosts in-process servers for others. */
OLEANDER_API(HRESULT, CoRegisterSurrogate, (ISurrogate *pSurrogate));
/* Sets the message filter of a single-threaded apartment and gives the old one. */
OLEANDER_API(HRESULT, CoRegisterMessageFilter, (IMessageFilter *lpMessageFilter, IMessageFilter **lplpMessageFilter));
/* Registers a hook that adds data of its own to calls between processes. */
OLEANDER_API(HRESULT, CoRegisterChannelHook, (REFGUID ExtensionUuid, IChannelHook *pChannelHook));

/* TRUE if the time could be represented (1980 to 2107, two-second steps). */
OLEANDER_API(BOOL, CoFileTimeToDosDateTime, (FILETIME *lpFileTime, LPWORD lpDosDate, LPWORD lpDosTime));
/* TRUE if the date and time were valid. */
OLEANDER_API(BOOL, CoDosDateTimeToFileTime, (WORD nDosDate, WORD nDosTime, FILETIME *lpFileTime));
/* The time now, in units of 100 ns since 1601, UTC. */
OLEANDER_API(HRESULT, CoFileTimeNow, (FILETIME *lpFileTime));

/* Monikers */

/* A new bind context with default options. */
OLEANDER_API(HRESULT, CreateBindCtx, (DWORD reserved, IBindCtx **ppbc));
/* The running object table; the caller releases it. */
OLEANDER_API(HRESULT, GetRunningObjectTable, (DWORD reserved, IRunningObjectTable **pprot));
/* A display name to a moniker; *pchEaten counts what was understood. MK_E_SYNTAX, MK_E_CANTOPENFILE ... */
OLEANDER_API(HRESULT, MkParseDisplayName, (IBindCtx *pbc, LPCOLESTR szUserName, ULONG *pchEaten, IMoniker **ppmk));
/* Binds a moniker with a bind context of its own. */
OLEANDER_API(HRESULT, BindMoniker, (IMoniker *pmk, DWORD grfOpt, REFIID iidResult, LPVOID *ppvResult));
/* A moniker for a path. */
OLEANDER_API(HRESULT, CreateFileMoniker, (LPCOLESTR lpszPathName, IMoniker **ppmk));
/* A moniker for an item in the object to its left; lpszDelim is put in front of it ("!"). */
OLEANDER_API(HRESULT, CreateItemMoniker, (LPCOLESTR lpszDelim, LPCOLESTR lpszItem, IMoniker **ppmk));
/* A moniker that annihilates the one to its left. */
OLEANDER_API(HRESULT, CreateAntiMoniker, (IMoniker **ppmk));
/* A moniker for an object in this process. */
OLEANDER_API(HRESULT, CreatePointerMoniker, (IUnknown *punk, IMoniker **ppmk));
/* A moniker whose display name carries a marshaled reference to the object. */
OLEANDER_API(HRESULT, CreateObjrefMoniker, (IUnknown *punk, IMoniker **ppmk));
/* A moniker for the class object of a class ("clsid:..."). */
OLEANDER_API(HRESULT, CreateClassMoniker, (REFCLSID rclsid, IMoniker **ppmk));
/* Either side may be NULL. */
OLEANDER_API(HRESULT, CreateGenericComposite, (IMoniker *pmkFirst, IMoniker *pmkRest, IMoniker **ppmkComposite));
/* For implementers of IMoniker::CommonPrefixWith that know nothing of the other moniker. */
OLEANDER_API(HRESULT, MonikerCommonPrefixWith, (IMoniker *pmkThis, IMoniker *pmkOther, IMoniker **ppmkCommon));
/* For implementers of IMoniker::RelativePathTo that know nothing of the other moniker. */
OLEANDER_API(HRESULT, MonikerRelativePathTo,
    (IMoniker *pmkSrc, IMoniker *pmkDest, IMoniker **ppmkRelPath, BOOL dwReserved));
/* The class of a file: by its own contents, by the FileType patterns, by its extension. */
OLEANDER_API(HRESULT, GetClassFile, (LPCOLESTR szFilename, CLSID *pclsid));

#endif
