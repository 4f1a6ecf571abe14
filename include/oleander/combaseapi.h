/* The functions of COM: apartments, class objects, task memory, marshaling, monikers' base.
 *
 * Unless said otherwise a function may be called from any thread, returns E_OUTOFMEMORY when memory runs out and
 * E_INVALIDARG or E_POINTER for a NULL where a pointer is needed. */
#ifndef OLEANDER_COMBASEAPI_H
#define OLEANDER_COMBASEAPI_H

#include <objidlbase.h>
#include <winerror.h>
#include <wtypes.h>

/* Apartments */

typedef enum tagCOINIT {
    COINIT_APARTMENTTHREADED = 0x2,
    COINIT_MULTITHREADED = 0x0,
    COINIT_DISABLE_OLE1DDE = 0x4,
    COINIT_SPEED_OVER_MEMORY = 0x8
} COINIT;
#define COINITBASE_MULTITHREADED 0x0

/* Enters an apartment; every success (S_FALSE too) needs a CoUninitialize. RPC_E_CHANGED_MODE if the thread is in one of
 * the other kind. pvReserved is NULL. */
OLEANDER_API(HRESULT, CoInitializeEx, (LPVOID pvReserved, DWORD dwCoInit));
/* Leaves the apartment; the last one releases what the thread still holds. */
OLEANDER_API(void, CoUninitialize, (void));
/* Kind of the thread's apartment; CO_E_NOTINITIALIZED. */
OLEANDER_API(HRESULT, CoGetApartmentType, (APTTYPE *pAptType, APTTYPEQUALIFIER *pAptQualifier));
/* Keeps the multithreaded apartment alive until CoDecrementMTAUsage, without entering it. */
typedef struct CO_MTA_USAGE_COOKIE__ *CO_MTA_USAGE_COOKIE;
OLEANDER_API(HRESULT, CoIncrementMTAUsage, (CO_MTA_USAGE_COOKIE *pCookie));
/* Gives up what the CoIncrementMTAUsage with that cookie took; E_INVALIDARG when it was given up already. */
OLEANDER_API(HRESULT, CoDecrementMTAUsage, (CO_MTA_USAGE_COOKIE Cookie));
/* Object of the current context: IObjContext, IComThreadingInfo, IContextCallback. There is one in each apartment. */
OLEANDER_API(HRESULT, CoGetObjectContext, (REFIID riid, LPVOID *ppv));
/* The IObjContext of the current context as a number, without a reference. */
OLEANDER_API(HRESULT, CoGetContextToken, (ULONG_PTR *pToken));
/* Numbers of the logical thread (it follows a call through processes) and of the process; never reused. */
OLEANDER_API(HRESULT, CoGetCurrentLogicalThreadId, (GUID *pguid));
/* A number for this process that no other process of this host had before. */
OLEANDER_API(DWORD, CoGetCurrentProcess, (void));

/* Task memory */

/* The task allocator (dwMemContext 1). */
OLEANDER_API(HRESULT, CoGetMalloc, (DWORD dwMemContext, IMalloc **ppMalloc));
/* Memory that one side of a call allocates and the other frees; NULL if there is none. */
OLEANDER_API(LPVOID, CoTaskMemAlloc, (SIZE_T cb));
/* Resizes a block; pv NULL allocates, cb 0 frees and gives NULL. NULL leaves the old block as it was. */
OLEANDER_API(LPVOID, CoTaskMemRealloc, (LPVOID pv, SIZE_T cb));
/* NULL is allowed. */
OLEANDER_API(void, CoTaskMemFree, (LPVOID pv));
/* One spy sees every use of the task allocator; CO_E_OBJISREG if there is one already. */
OLEANDER_API(HRESULT, CoRegisterMallocSpy, (IMallocSpy *pMallocSpy));
/* Takes the spy out; E_ACCESSDENIED while blocks that it saw allocated are alive. */
OLEANDER_API(HRESULT, CoRevokeMallocSpy, (void));

/* GUIDs and class names */

/* A new random GUID. */
OLEANDER_API(HRESULT, CoCreateGuid, (GUID *pguid));
/* "{XXXXXXXX-XXXX-XXXX-XXXX-XXXXXXXXXXXX}" in upper case; 39 if cchMax units suffice, else 0. */
OLEANDER_API(int, StringFromGUID2, (REFGUID rguid, LPOLESTR lpsz, int cchMax));
/* The same in task memory. */
OLEANDER_API(HRESULT, StringFromCLSID, (REFCLSID rclsid, LPOLESTR *lplpsz));
/* The same for an interface; both are freed with CoTaskMemFree. */
OLEANDER_API(HRESULT, StringFromIID, (REFIID rclsid, LPOLESTR *lplpsz));
/* CO_E_CLASSSTRING for what is neither a GUID in braces nor a registered ProgID; NULL gives CLSID_NULL. */
OLEANDER_API(HRESULT, CLSIDFromString, (LPCOLESTR lpsz, LPCLSID pclsid));
/* CO_E_IIDSTRING. */
OLEANDER_API(HRESULT, IIDFromString, (LPCOLESTR lpsz, LPIID lpiid));
/* From the registry store, following CurVer; CO_E_CLASSSTRING. */
OLEANDER_API(HRESULT, CLSIDFromProgID, (LPCOLESTR lpszProgID, LPCLSID lpclsid));
/* The same; nothing is ever installed on demand. */
OLEANDER_API(HRESULT, CLSIDFromProgIDEx, (LPCOLESTR lpszProgID, LPCLSID lpclsid));
/* REGDB_E_CLASSNOTREG; the caller frees the string with CoTaskMemFree. */
OLEANDER_API(HRESULT, ProgIDFromCLSID, (REFCLSID clsid, LPOLESTR *lplpszProgID));
/* The class of the proxies and stubs of an interface; REGDB_E_IIDNOTREG. */
OLEANDER_API(HRESULT, CoGetPSClsid, (REFIID riid, CLSID *pClsid));
/* Sets that class for this process. */
OLEANDER_API(HRESULT, CoRegisterPSClsid, (REFIID riid, REFCLSID rclsid));
/* The class that stands in for another, and setting it (rclsidNew CLSID_NULL: no longer). */
OLEANDER_API(HRESULT, CoGetTreatAsClass, (REFCLSID clsidOld, LPCLSID pClsidNew));

/* Making objects */

typedef enum tagREGCLS {
    REGCLS_SINGLEUSE = 0,
    REGCLS_MULTIPLEUSE = 1,
    REGCLS_MULTI_SEPARATE = 2,
    REGCLS_SUSPENDED = 4,
    REGCLS_SURROGATE = 8,
    REGCLS_AGILE = 0x10
} REGCLS;

/* One interface of a new object; the caller releases it. */
OLEANDER_API(HRESULT, CoCreateInstance,
    (REFCLSID rclsid, IUnknown *pUnkOuter, DWORD dwClsContext, REFIID riid, LPVOID *ppv));
/* Several at once; CO_S_NOTALLINTERFACES if some are missing, each entry has its HRESULT. */
OLEANDER_API(HRESULT, CoCreateInstanceEx,
    (REFCLSID Clsid, IUnknown *punkOuter, DWORD dwClsCtx, COSERVERINFO *pServerInfo, DWORD dwCount,
        MULTI_QI *pResults));
/* The class object of a class. */
OLEANDER_API(HRESULT, CoGetClassObject,
    (REFCLSID rclsid, DWORD dwClsContext, LPVOID pvReserved, REFIID riid, LPVOID *ppv));
/* Offers a class object of this process; *lpdwRegister is for CoRevokeClassObject. */
OLEANDER_API(HRESULT, CoRegisterClassObject,
    (REFCLSID rclsid, IUnknown *pUnk, DWORD dwClsContext, DWORD flags, DWORD *lpdwRegister));
/* Withdraws a class object; CO_E_OBJNOTREG for an unknown number. */
OLEANDER_API(HRESULT, CoRevokeClassObject, (DWORD dwRegister));
/* Opens and closes all class objects that were registered with REGCLS_SUSPENDED. */
OLEANDER_API(HRESULT, CoResumeClassObjects, (void));
/* Closes them again: new activations are refused until CoResumeClassObjects. */
OLEANDER_API(HRESULT, CoSuspendClassObjects, (void));
/* References that keep a server process running; the last one suspends its class objects. */
OLEANDER_API(ULONG, CoAddRefServerProcess, (void));
/* Drops one such reference and returns how many are left. */
OLEANDER_API(ULONG, CoReleaseServerProcess, (void));
/* Unloads modules that answer S_OK to DllCanUnloadNow, and have done so for the delay in milliseconds. Where the process has
 * other threads the delay is a second at least: one of them may be in the last instructions of a Release. */
OLEANDER_API(void, CoFreeUnusedLibraries, (void));
/* The same with a delay of its own: 0 at once, INFINITE the default. */
OLEANDER_API(void, CoFreeUnusedLibrariesEx, (DWORD dwUnloadDelay, DWORD dwReserved));

/* Marshaling */

/* Writes a reference to an object into a stream, for dwDestContext (MSHCTX_*) and mshlflags (MSHLFLAGS_*). */
OLEANDER_API(HRESULT, CoMarshalInterface,
    (IStream *pStm, REFIID riid, IUnknown *pUnk, DWORD dwDestContext, LPVOID pvDestContext, DWORD mshlflags));
/* Reads it and gives a pointer that may be used in this apartment. */
OLEANDER_API(HRESULT, CoUnmarshalInterface, (IStream *pStm, REFIID riid, LPVOID *ppv));
/* Drops what a marshaled reference holds. */
OLEANDER_API(HRESULT, CoReleaseMarshalData, (IStream *pStm));
/* Upper bound of what CoMarshalInterface will write, in bytes. */
OLEANDER_API(HRESULT, CoGetMarshalSizeMax,
    (ULONG *pulSize, REFIID riid, IUnknown *pUnk, DWORD dwDestContext, LPVOID pvDestContext, DWORD mshlflags));
/* The marshaler that is used for objects without an IMarshal of their own. */
OLEANDER_API(HRESULT, CoGetStandardMarshal,
    (REFIID riid, IUnknown *pUnk, DWORD dwDestContext, LPVOID pvDestContext, DWORD mshlflags, IMarshal **ppMarshal));
/* The standard marshaler as an inner object, for an object that marshals itself only in part. */
OLEANDER_API(HRESULT, CoGetStdMarshalEx, (IUnknown *pUnkOuter, DWORD smexflags, IUnknown **ppUnkInner));
typedef enum tagSTDMSHLFLAGS { SMEXF_SERVER = 0x1, SMEXF_HANDLER = 0x2 } STDMSHLFLAGS;
/* An IMarshal that hands the pointer itself over within a process; aggregate it. */
OLEANDER_API(HRESULT, CoCreateFreeThreadedMarshaler, (IUnknown *punkOuter, IUnknown **ppunkMarshal));
/* The two together: marshal for another thread of this process, and take it there. */
OLEANDER_API(HRESULT, CoMarshalInterThreadInterfaceInStream, (REFIID riid, IUnknown *pUnk, IStream **ppStm));
/* Takes the pointer out of such a stream, in the other thread, and releases the stream. */
OLEANDER_API(HRESULT, CoGetInterfaceAndReleaseStream, (IStream *pStm, REFIID riid, LPVOID *ppv));
/* Writes an HRESULT to a stream, in the form that travels. */
OLEANDER_API(HRESULT, CoMarshalHresult, (IStream *pstm, HRESULT hresult));
/* Reads it back. */
OLEANDER_API(HRESULT, CoUnmarshalHresult, (IStream *pstm, HRESULT *phresult));
/* Cuts the object off from all its remote clients. */
OLEANDER_API(HRESULT, CoDisconnectObject, (IUnknown *pUnk, DWORD dwReserved));
/* Adds or drops a lock that keeps the object alive for remote clients although none is connected. */
OLEANDER_API(HRESULT, CoLockObjectExternal, (IUnknown *pUnk, BOOL fLock, BOOL fLastUnlockReleases));
/* TRUE while there are connections to the handler from outside. */
OLEANDER_API(BOOL, CoIsHandlerConnected, (IUnknown *pUnk));

enum AgileReferenceOptions { AGILEREFERENCE_DEFAULT = 0, AGILEREFERENCE_DELAYEDMARSHAL = 1 };
/* A reference that any apartment may resolve to a pointer of its own; the caller releases it. */
OLEANDER_API(HRESULT, RoGetAgileReference,
    (enum AgileReferenceOptions options, REFIID riid, IUnknown *pUnk, IAgileReference **ppAgileReference));

/* Security */

#define RPC_C_AUTHN_LEVEL_DEFAULT 0
#define RPC_C_AUTHN_LEVEL_NONE 1
#define RPC_C_AUTHN_LEVEL_CONNECT 2
#define RPC_C_AUTHN_LEVEL_CALL 3
#define RPC_C_AUTHN_LEVEL_PKT 4
#define RPC_C_AUTHN_LEVEL_PKT_INTEGRITY 5
#define RPC_C_AUTHN_LEVEL_PKT_PRIVACY 6
#define RPC_C_IMP_LEVEL_DEFAULT 0
#define RPC_C_IMP_LEVEL_ANONYMOUS 1
#define RPC_C_IMP_LEVEL_IDENTIFY 2
#define RPC_C_IMP_LEVEL_IMPERSONATE 3
#define RPC_C_IMP_LEVEL_DELEGATE 4
#define RPC_C_AUTHN_NONE 0
#define RPC_C_AUTHN_DCE_PRIVATE 1
#define RPC_C_AUTHN_DCE_PUBLIC 2
#define RPC_C_AUTHN_DEC_PUBLIC 4
#define RPC_C_AUTHN_GSS_NEGOTIATE 9
#define RPC_C_AUTHN_WINNT 10
#define RPC_C_AUTHN_GSS_KERBEROS 16
#define RPC_C_AUTHN_DEFAULT ((DWORD)0xFFFFFFFF)
#define RPC_C_AUTHZ_NONE 0
#define RPC_C_AUTHZ_NAME 1
#define RPC_C_AUTHZ_DCE 2
#define RPC_C_AUTHZ_DEFAULT 0xffffffff

/* Once per process, before anything is marshaled. */
OLEANDER_API(HRESULT, CoInitializeSecurity,
    (PSECURITY_DESCRIPTOR pSecDesc, LONG cAuthSvc, SOLE_AUTHENTICATION_SERVICE *asAuthSvc, void *pReserved1,
        DWORD dwAuthnLevel, DWORD dwImpLevel, void *pAuthList, DWORD dwCapabilities, void *pReserved3));
/* The security of one proxy, read and set. */
OLEANDER_API(HRESULT, CoQueryProxyBlanket,
    (IUnknown *pProxy, DWORD *pwAuthnSvc, DWORD *pAuthzSvc, LPOLESTR *pServerPrincName, DWORD *pAuthnLevel,
        DWORD *pImpLevel, void **pAuthInfo, DWORD *pCapabilites));
/* Sets the security of calls through this proxy. */
OLEANDER_API(HRESULT, CoSetProxyBlanket,
    (IUnknown *pProxy, DWORD dwAuthnSvc, DWORD dwAuthzSvc, OLECHAR *pServerPrincName, DWORD dwAuthnLevel,
        DWORD dwImpLevel, void *pAuthInfo, DWORD dwCapabilities));
/* A proxy of its own for the same interface, so that its security can differ. */
OLEANDER_API(HRESULT, CoCopyProxy, (IUnknown *pProxy, IUnknown **ppCopy));
/* Who calls, and on whose behalf; within a call from outside. */
OLEANDER_API(HRESULT, CoGetCallContext, (REFIID riid, void **ppInterface));
/* Replaces the call context of this thread and gives the old one; neither is counted. */
OLEANDER_API(HRESULT, CoSwitchCallContext, (IUnknown *pNewObject, IUnknown **ppOldObject));
/* The caller's security, within a call from outside; RPC_E_CALL_COMPLETE outside one. */
OLEANDER_API(HRESULT, CoQueryClientBlanket,
    (DWORD *pAuthnSvc, DWORD *pAuthzSvc, LPOLESTR *pServerPrincName, DWORD *pAuthnLevel, DWORD *pImpLevel,
        void **pPrivs, DWORD *pCapabilities));
/* Acts as the caller until CoRevertToSelf or the call's end. */
OLEANDER_API(HRESULT, CoImpersonateClient, (void));
/* Acts as this process again. */
OLEANDER_API(HRESULT, CoRevertToSelf, (void));
/* The authentication services that CoInitializeSecurity registered; freed with CoTaskMemFree. */
OLEANDER_API(HRESULT, CoQueryAuthenticationServices,
    (DWORD *pcAuthSvc, SOLE_AUTHENTICATION_SERVICE **asAuthSvc));

/* Calls */

typedef enum tagCOWAIT_FLAGS {
    COWAIT_DEFAULT = 0,
    COWAIT_WAITALL = 1,
    COWAIT_ALERTABLE = 2,
    COWAIT_INPUTAVAILABLE = 4,
    COWAIT_DISPATCH_CALLS = 8,
    COWAIT_DISPATCH_WINDOW_MESSAGES = 0x10
} COWAIT_FLAGS;
typedef enum CWMO_FLAGS { CWMO_DEFAULT = 0, CWMO_DISPATCH_CALLS = 1, CWMO_DISPATCH_WINDOW_MESSAGES = 2 } CWMO_FLAGS;
#define CWMO_MAX_HANDLES 56

/* Waits until one of the handles is signalled (COWAIT_WAITALL: all at the same time), and lets calls into this thread's
 * apartment meanwhile. A handle is a descriptor, cast: signalled while it can be read, or its other end is gone; nothing is
 * read from it. dwTimeout in milliseconds, or INFINITE; *lpdwindex is the first one that is signalled. RPC_S_CALLPENDING: not
 * in time; RPC_E_NO_SYNC: cHandles is 0; E_HANDLE: one is no descriptor. */
OLEANDER_API(HRESULT, CoWaitForMultipleHandles,
    (DWORD dwFlags, DWORD dwTimeout, ULONG cHandles, LPHANDLE pHandles, LPDWORD lpdwindex));
/* The same for one of them: dwFlags of CWMO_FLAGS, at most CWMO_MAX_HANDLES handles. */
OLEANDER_API(HRESULT, CoWaitForMultipleObjects,
    (DWORD dwFlags, DWORD dwTimeout, ULONG cHandles, const HANDLE *pHandles, LPDWORD lpdwindex));

/* Lets calls of this thread be cancelled; nested with CoDisableCallCancellation. */
OLEANDER_API(HRESULT, CoEnableCallCancellation, (LPVOID pReserved));
/* Undoes one CoEnableCallCancellation; CO_E_CANCEL_DISABLED if there is none. */
OLEANDER_API(HRESULT, CoDisableCallCancellation, (LPVOID pReserved));
/* The cancel object of the call that a thread is waiting for (0: this thread). */
OLEANDER_API(HRESULT, CoGetCancelObject, (DWORD dwThreadId, REFIID iid, void **ppUnk));
/* Sets this thread's cancel object for calls that begin from now on. */
OLEANDER_API(HRESULT, CoSetCancelObject, (IUnknown *pUnk));
/* Cancels the call that a thread waits for, at the latest after ulTimeout seconds. */
OLEANDER_API(HRESULT, CoCancelCall, (DWORD dwThreadId, ULONG ulTimeout));
/* Within a call from outside: RPC_E_CALL_CANCELED if the client gave it up, RPC_S_CALLPENDING if not. */
OLEANDER_API(HRESULT, CoTestCancel, (void));

/* What servers export */

typedef HRESULT(STDAPICALLTYPE *LPFNGETCLASSOBJECT)(REFCLSID, REFIID, LPVOID *);
typedef HRESULT(STDAPICALLTYPE *LPFNCANUNLOADNOW)(void);

/* Defined by a server's module, under these very names. */
EXTERN_C OLEANDER_VISIBLE HRESULT STDAPICALLTYPE DllGetClassObject(REFCLSID rclsid, REFIID riid, LPVOID *ppv);
EXTERN_C OLEANDER_VISIBLE HRESULT STDAPICALLTYPE DllCanUnloadNow(void);
EXTERN_C OLEANDER_VISIBLE HRESULT STDAPICALLTYPE DllRegisterServer(void);
EXTERN_C OLEANDER_VISIBLE HRESULT STDAPICALLTYPE DllUnregisterServer(void);

/* CreateStreamOnHGlobal's memory comes from malloc: hGlobal NULL makes a growing stream. */
OLEANDER_API(HRESULT, CreateStreamOnHGlobal, (HGLOBAL hGlobal, BOOL fDeleteOnRelease, IStream **ppstm));
/* The memory behind such a stream; it still belongs to the stream. */
OLEANDER_API(HRESULT, GetHGlobalFromStream, (IStream *pstm, HGLOBAL *phglobal));

#endif
