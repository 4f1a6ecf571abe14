/* HRESULT: its macros and its codes. Each code is one line, its English text the comment behind it; the table of
 * names and texts in com/hresult.c is made from these lines. */
#ifndef OLEANDER_WINERROR_H
#define OLEANDER_WINERROR_H

#include <wtypesbase.h>

#define _HRESULT_TYPEDEF_(code) ((HRESULT)code)
#define _NDIS_ERROR_TYPEDEF_(code) ((HRESULT)code)

#define SEVERITY_SUCCESS 0
#define SEVERITY_ERROR 1

#define SUCCEEDED(hr) ((HRESULT)(hr) >= 0)
#define FAILED(hr) ((HRESULT)(hr) < 0)
#define IS_ERROR(status) ((ULONG)(status) >> 31 == SEVERITY_ERROR)
#define HRESULT_CODE(hr) ((hr)&0xFFFF)
#define HRESULT_FACILITY(hr) (((hr) >> 16) & 0x1FFF)
#define HRESULT_SEVERITY(hr) (((hr) >> 31) & 0x1)
#define SCODE_CODE(sc) ((sc)&0xFFFF)
#define SCODE_FACILITY(sc) (((sc) >> 16) & 0x1FFF)
#define SCODE_SEVERITY(sc) (((sc) >> 31) & 0x1)
#define MAKE_HRESULT(severity, facility, code)                                                                         \
    ((HRESULT)(((ULONG)(severity) << 31) | ((ULONG)(facility) << 16) | ((ULONG)(code))))
#define MAKE_SCODE(severity, facility, code)                                                                           \
    ((SCODE)(((ULONG)(severity) << 31) | ((ULONG)(facility) << 16) | ((ULONG)(code))))
#define GetScode(hr) ((SCODE)(hr))
#define ResultFromScode(sc) ((HRESULT)(sc))
#define FACILITY_NT_BIT 0x10000000
#define HRESULT_FROM_NT(status) ((HRESULT)((status) | FACILITY_NT_BIT))

#define FACILITY_NULL 0
#define FACILITY_RPC 1
#define FACILITY_DISPATCH 2
#define FACILITY_STORAGE 3
#define FACILITY_ITF 4
#define FACILITY_WIN32 7
#define FACILITY_WINDOWS 8
#define FACILITY_SSPI 9
#define FACILITY_SECURITY 9
#define FACILITY_CONTROL 10
#define FACILITY_CERT 11
#define FACILITY_INTERNET 12
#define FACILITY_MEDIASERVER 13
#define FACILITY_MSMQ 14
#define FACILITY_SETUPAPI 15
#define FACILITY_SCARD 16
#define FACILITY_COMPLUS 17
#define FACILITY_AAF 18
#define FACILITY_URT 19
#define FACILITY_ACS 20
#define FACILITY_DPLAY 21
#define FACILITY_UMI 22
#define FACILITY_SXS 23
#define FACILITY_WINDOWS_CE 24
#define FACILITY_HTTP 25

/* A Win32 error as an HRESULT; what is an HRESULT (or zero) already stays as it is. */
static inline HRESULT HRESULT_FROM_WIN32(unsigned int error) {
    return (HRESULT)error <= 0 ? (HRESULT)error
                               : (HRESULT)((error & 0x0000FFFFu) | (FACILITY_WIN32 << 16) | 0x80000000u);
}
#define __HRESULT_FROM_WIN32(error)                                                                                    \
    ((HRESULT)(error) <= 0 ? ((HRESULT)(error))                                                                        \
                           : ((HRESULT)(((error)&0x0000FFFF) | (FACILITY_WIN32 << 16) | 0x80000000)))

#define NOERROR 0

/* Success */
#define S_OK _HRESULT_TYPEDEF_(0x00000000) /* Success */
#define S_FALSE _HRESULT_TYPEDEF_(0x00000001) /* Success, with the answer "no" or nothing done */

/* Generic errors */
#define E_PENDING _HRESULT_TYPEDEF_(0x8000000A) /* The data necessary to complete this operation is not yet available */
#define E_BOUNDS _HRESULT_TYPEDEF_(0x8000000B) /* The operation attempted to access data outside the valid range */
#define E_CHANGED_STATE _HRESULT_TYPEDEF_(0x8000000C) /* A concurrent or interleaved operation changed the state of the object */
#define E_ILLEGAL_STATE_CHANGE _HRESULT_TYPEDEF_(0x8000000D) /* An illegal state change was requested */
#define E_ILLEGAL_METHOD_CALL _HRESULT_TYPEDEF_(0x8000000E) /* A method was called at an unexpected time */
#define E_UNEXPECTED _HRESULT_TYPEDEF_(0x8000FFFF) /* Catastrophic failure */
#define E_NOTIMPL _HRESULT_TYPEDEF_(0x80004001) /* Not implemented */
#define E_NOINTERFACE _HRESULT_TYPEDEF_(0x80004002) /* No such interface supported */
#define E_POINTER _HRESULT_TYPEDEF_(0x80004003) /* Invalid pointer */
#define E_ABORT _HRESULT_TYPEDEF_(0x80004004) /* Operation aborted */
#define E_FAIL _HRESULT_TYPEDEF_(0x80004005) /* Unspecified error */
#define E_ACCESSDENIED _HRESULT_TYPEDEF_(0x80070005) /* Access is denied */
#define E_HANDLE _HRESULT_TYPEDEF_(0x80070006) /* The handle is invalid */
#define E_OUTOFMEMORY _HRESULT_TYPEDEF_(0x8007000E) /* Not enough memory to complete this operation */
#define E_INVALIDARG _HRESULT_TYPEDEF_(0x80070057) /* The parameter is incorrect */
#define E_NOT_SUFFICIENT_BUFFER _HRESULT_TYPEDEF_(0x8007007A) /* The data area passed to a call is too small */
#define E_NOT_SET _HRESULT_TYPEDEF_(0x80070490) /* Element not found */
#define E_NOT_VALID_STATE _HRESULT_TYPEDEF_(0x8007139F) /* The group or resource is not in the correct state to perform the operation */

/* COM itself */
#define CO_E_INIT_TLS _HRESULT_TYPEDEF_(0x80004006) /* Thread local storage failure */
#define CO_E_INIT_SHARED_ALLOCATOR _HRESULT_TYPEDEF_(0x80004007) /* Get shared memory allocator failure */
#define CO_E_INIT_MEMORY_ALLOCATOR _HRESULT_TYPEDEF_(0x80004008) /* Get memory allocator failure */
#define CO_E_INIT_CLASS_CACHE _HRESULT_TYPEDEF_(0x80004009) /* Unable to initialize class cache */
#define CO_E_INIT_RPC_CHANNEL _HRESULT_TYPEDEF_(0x8000400A) /* Unable to initialize RPC services */
#define CO_E_INIT_TLS_SET_CHANNEL_CONTROL _HRESULT_TYPEDEF_(0x8000400B) /* Cannot set thread local storage channel control */
#define CO_E_INIT_TLS_CHANNEL_CONTROL _HRESULT_TYPEDEF_(0x8000400C) /* Could not allocate thread local storage channel control */
#define CO_E_INIT_UNACCEPTED_USER_ALLOCATOR _HRESULT_TYPEDEF_(0x8000400D) /* The user supplied memory allocator is unacceptable */
#define CO_E_INIT_SCM_MUTEX_EXISTS _HRESULT_TYPEDEF_(0x8000400E) /* The OLE service mutex already exists */
#define CO_E_INIT_SCM_FILE_MAPPING_EXISTS _HRESULT_TYPEDEF_(0x8000400F) /* The OLE service file mapping already exists */
#define CO_E_INIT_SCM_MAP_VIEW_OF_FILE _HRESULT_TYPEDEF_(0x80004010) /* Unable to map view of file for OLE service */
#define CO_E_INIT_SCM_EXEC_FAILURE _HRESULT_TYPEDEF_(0x80004011) /* Failure attempting to launch OLE service */
#define CO_E_INIT_ONLY_SINGLE_THREADED _HRESULT_TYPEDEF_(0x80004012) /* There was an attempt to call CoInitialize a second time while single threaded */
#define CO_E_CANT_REMOTE _HRESULT_TYPEDEF_(0x80004013) /* A remote activation was necessary but was not allowed */
#define CO_E_BAD_SERVER_NAME _HRESULT_TYPEDEF_(0x80004014) /* A remote activation was necessary but the server name provided was invalid */
#define CO_E_WRONG_SERVER_IDENTITY _HRESULT_TYPEDEF_(0x80004015) /* The class is configured to run as a security id different from the caller */
#define CO_E_OLE1DDE_DISABLED _HRESULT_TYPEDEF_(0x80004016) /* Use of OLE 1 services requiring DDE is disabled */
#define CO_E_RUNAS_SYNTAX _HRESULT_TYPEDEF_(0x80004017) /* A RunAs specification must be <domain name>\<user name> or simply <user name> */
#define CO_E_CREATEPROCESS_FAILURE _HRESULT_TYPEDEF_(0x80004018) /* The server process could not be started; the path may be incorrect */
#define CO_E_RUNAS_CREATEPROCESS_FAILURE _HRESULT_TYPEDEF_(0x80004019) /* The server process could not be started as the configured identity */
#define CO_E_RUNAS_LOGON_FAILURE _HRESULT_TYPEDEF_(0x8000401A) /* The server process could not be started because the configured identity is incorrect */
#define CO_E_LAUNCH_PERMSSION_DENIED _HRESULT_TYPEDEF_(0x8000401B) /* The client is not allowed to launch this server */
#define CO_E_START_SERVICE_FAILURE _HRESULT_TYPEDEF_(0x8000401C) /* The service providing this server could not be started */
#define CO_E_REMOTE_COMMUNICATION_FAILURE _HRESULT_TYPEDEF_(0x8000401D) /* This computer was unable to communicate with the computer providing the server */
#define CO_E_SERVER_START_TIMEOUT _HRESULT_TYPEDEF_(0x8000401E) /* The server did not respond after being launched */
#define CO_E_CLSREG_INCONSISTENT _HRESULT_TYPEDEF_(0x8000401F) /* The registration information for this server is inconsistent or incomplete */
#define CO_E_IIDREG_INCONSISTENT _HRESULT_TYPEDEF_(0x80004020) /* The registration information for this interface is inconsistent or incomplete */
#define CO_E_NOT_SUPPORTED _HRESULT_TYPEDEF_(0x80004021) /* The operation attempted is not supported */
#define CO_E_RELOAD_DLL _HRESULT_TYPEDEF_(0x80004022) /* A module must be loaded */
#define CO_E_MSI_ERROR _HRESULT_TYPEDEF_(0x80004023) /* An installer error was encountered */
#define CO_E_ATTEMPT_TO_CREATE_OUTSIDE_CLIENT_CONTEXT _HRESULT_TYPEDEF_(0x80004024) /* The specified activation could not occur in the client context as specified */
#define CO_E_SERVER_PAUSED _HRESULT_TYPEDEF_(0x80004025) /* Activations on the server are paused */
#define CO_E_SERVER_NOT_PAUSED _HRESULT_TYPEDEF_(0x80004026) /* Activations on the server are not paused */
#define CO_E_CLASS_DISABLED _HRESULT_TYPEDEF_(0x80004027) /* The component or application containing the component has been disabled */
#define CO_E_CLRNOTAVAILABLE _HRESULT_TYPEDEF_(0x80004028) /* The common language runtime is not available */
#define CO_E_ASYNC_WORK_REJECTED _HRESULT_TYPEDEF_(0x80004029) /* The thread-pool rejected the submitted asynchronous work */
#define CO_E_SERVER_INIT_TIMEOUT _HRESULT_TYPEDEF_(0x8000402A) /* The server started, but did not finish initializing in a timely fashion */
#define CO_E_NO_SECCTX_IN_ACTIVATE _HRESULT_TYPEDEF_(0x8000402B) /* Unable to complete the call since there is no COM+ security context inside IObjectControl.Activate */
#define CO_E_TRACKER_CONFIG _HRESULT_TYPEDEF_(0x80004030) /* The provided tracker configuration is invalid */
#define CO_E_THREADPOOL_CONFIG _HRESULT_TYPEDEF_(0x80004031) /* The provided thread pool configuration is invalid */
#define CO_E_SXS_CONFIG _HRESULT_TYPEDEF_(0x80004032) /* The provided side-by-side configuration is invalid */
#define CO_E_MALFORMED_SPN _HRESULT_TYPEDEF_(0x80004033) /* The server principal name obtained during security negotiation is malformed */
#define CO_E_UNREVOKED_REGISTRATION_ON_APARTMENT_SHUTDOWN _HRESULT_TYPEDEF_(0x80004034) /* The caller failed to revoke a per-apartment registration before apartment shutdown */
#define CO_E_PREMATURE_STUB_RUNDOWN _HRESULT_TYPEDEF_(0x80004035) /* The object has been rundown by the stub manager while there are external clients */

/* OLE */
#define OLE_E_OLEVERB _HRESULT_TYPEDEF_(0x80040000) /* Invalid OLEVERB structure */
#define OLE_E_ADVF _HRESULT_TYPEDEF_(0x80040001) /* Invalid advise flags */
#define OLE_E_ENUM_NOMORE _HRESULT_TYPEDEF_(0x80040002) /* Can't enumerate any more, because the associated data is missing */
#define OLE_E_ADVISENOTSUPPORTED _HRESULT_TYPEDEF_(0x80040003) /* This implementation doesn't take advises */
#define OLE_E_NOCONNECTION _HRESULT_TYPEDEF_(0x80040004) /* There is no connection for this connection ID */
#define OLE_E_NOTRUNNING _HRESULT_TYPEDEF_(0x80040005) /* Need to run the object to perform this operation */
#define OLE_E_NOCACHE _HRESULT_TYPEDEF_(0x80040006) /* There is no cache to operate on */
#define OLE_E_BLANK _HRESULT_TYPEDEF_(0x80040007) /* Uninitialized object */
#define OLE_E_CLASSDIFF _HRESULT_TYPEDEF_(0x80040008) /* Linked object's source class has changed */
#define OLE_E_CANT_GETMONIKER _HRESULT_TYPEDEF_(0x80040009) /* Not able to get the moniker of the object */
#define OLE_E_CANT_BINDTOSOURCE _HRESULT_TYPEDEF_(0x8004000A) /* Not able to bind to the source */
#define OLE_E_STATIC _HRESULT_TYPEDEF_(0x8004000B) /* Object is static; operation not allowed */
#define OLE_E_PROMPTSAVECANCELLED _HRESULT_TYPEDEF_(0x8004000C) /* User canceled out of save dialog */
#define OLE_E_INVALIDRECT _HRESULT_TYPEDEF_(0x8004000D) /* Invalid rectangle */
#define OLE_E_WRONGCOMPOBJ _HRESULT_TYPEDEF_(0x8004000E) /* The COM library is too old for the OLE library initialized */
#define OLE_E_INVALIDHWND _HRESULT_TYPEDEF_(0x8004000F) /* Invalid window handle */
#define OLE_E_NOT_INPLACEACTIVE _HRESULT_TYPEDEF_(0x80040010) /* Object is not in any of the inplace active states */
#define OLE_E_CANTCONVERT _HRESULT_TYPEDEF_(0x80040011) /* Not able to convert object */
#define OLE_E_NOSTORAGE _HRESULT_TYPEDEF_(0x80040012) /* Not able to perform the operation because object is not given storage yet */
#define OLE_S_USEREG _HRESULT_TYPEDEF_(0x00040000) /* Use the registry database to provide the requested information */
#define OLE_S_STATIC _HRESULT_TYPEDEF_(0x00040001) /* Success, but static */
#define OLE_S_MAC_CLIPFORMAT _HRESULT_TYPEDEF_(0x00040002) /* Macintosh clipboard format */
#define DV_E_FORMATETC _HRESULT_TYPEDEF_(0x80040064) /* Invalid FORMATETC structure */
#define DV_E_DVTARGETDEVICE _HRESULT_TYPEDEF_(0x80040065) /* Invalid DVTARGETDEVICE structure */
#define DV_E_STGMEDIUM _HRESULT_TYPEDEF_(0x80040066) /* Invalid STGMEDIUM structure */
#define DV_E_STATDATA _HRESULT_TYPEDEF_(0x80040067) /* Invalid STATDATA structure */
#define DV_E_LINDEX _HRESULT_TYPEDEF_(0x80040068) /* Invalid lindex */
#define DV_E_TYMED _HRESULT_TYPEDEF_(0x80040069) /* Invalid tymed structure */
#define DV_E_CLIPFORMAT _HRESULT_TYPEDEF_(0x8004006A) /* Invalid clipboard format */
#define DV_E_DVASPECT _HRESULT_TYPEDEF_(0x8004006B) /* Invalid aspects */
#define DV_E_DVTARGETDEVICE_SIZE _HRESULT_TYPEDEF_(0x8004006C) /* The tdSize parameter of the DVTARGETDEVICE structure is invalid */
#define DV_E_NOIVIEWOBJECT _HRESULT_TYPEDEF_(0x8004006D) /* Object doesn't support IViewObject interface */
#define DRAGDROP_E_NOTREGISTERED _HRESULT_TYPEDEF_(0x80040100) /* Trying to revoke a drop target that has not been registered */
#define DRAGDROP_E_ALREADYREGISTERED _HRESULT_TYPEDEF_(0x80040101) /* This window has already been registered as a drop target */
#define DRAGDROP_E_INVALIDHWND _HRESULT_TYPEDEF_(0x80040102) /* Invalid window handle */
#define DRAGDROP_S_DROP _HRESULT_TYPEDEF_(0x00040100) /* Successful drop took place */
#define DRAGDROP_S_CANCEL _HRESULT_TYPEDEF_(0x00040101) /* Drag-drop operation canceled */
#define DRAGDROP_S_USEDEFAULTCURSORS _HRESULT_TYPEDEF_(0x00040102) /* Use the default cursor */
#define DATA_S_SAMEFORMATETC _HRESULT_TYPEDEF_(0x00040130) /* Data has same FORMATETC */
#define VIEW_E_DRAW _HRESULT_TYPEDEF_(0x80040140) /* Error drawing view */
#define VIEW_S_ALREADY_FROZEN _HRESULT_TYPEDEF_(0x00040140) /* View is already frozen */
#define CACHE_E_NOCACHE_UPDATED _HRESULT_TYPEDEF_(0x80040170) /* Cache not updated */
#define CACHE_S_FORMATETC_NOTSUPPORTED _HRESULT_TYPEDEF_(0x00040170) /* FORMATETC not supported */
#define CACHE_S_SAMECACHE _HRESULT_TYPEDEF_(0x00040171) /* Same cache */
#define CACHE_S_SOMECACHES_NOTUPDATED _HRESULT_TYPEDEF_(0x00040172) /* Some caches are not updated */
#define OLEOBJ_E_NOVERBS _HRESULT_TYPEDEF_(0x80040180) /* No verbs for OLE object */
#define OLEOBJ_E_INVALIDVERB _HRESULT_TYPEDEF_(0x80040181) /* Invalid verb for OLE object */
#define OLEOBJ_S_INVALIDVERB _HRESULT_TYPEDEF_(0x00040180) /* Invalid verb for OLE object */
#define OLEOBJ_S_CANNOT_DOVERB_NOW _HRESULT_TYPEDEF_(0x00040181) /* Verb number is valid but verb cannot be done now */
#define OLEOBJ_S_INVALIDHWND _HRESULT_TYPEDEF_(0x00040182) /* Invalid window handle passed */
#define INPLACE_E_NOTUNDOABLE _HRESULT_TYPEDEF_(0x800401A0) /* Undo is not available */
#define INPLACE_E_NOTOOLSPACE _HRESULT_TYPEDEF_(0x800401A1) /* Space for tools is not available */
#define INPLACE_S_TRUNCATED _HRESULT_TYPEDEF_(0x000401A0) /* Message is too long; some of it had to be truncated before displaying */
#define CONVERT10_E_OLESTREAM_GET _HRESULT_TYPEDEF_(0x800401C0) /* OLESTREAM Get method failed */
#define CONVERT10_E_OLESTREAM_PUT _HRESULT_TYPEDEF_(0x800401C1) /* OLESTREAM Put method failed */
#define CONVERT10_E_OLESTREAM_FMT _HRESULT_TYPEDEF_(0x800401C2) /* Contents of the OLESTREAM not in correct format */
#define CONVERT10_E_OLESTREAM_BITMAP_TO_DIB _HRESULT_TYPEDEF_(0x800401C3) /* Converting the bitmap to a DIB failed */
#define CONVERT10_E_STG_FMT _HRESULT_TYPEDEF_(0x800401C4) /* Contents of the IStorage not in correct format */
#define CONVERT10_E_STG_NO_STD_STREAM _HRESULT_TYPEDEF_(0x800401C5) /* Contents of IStorage is missing one of the standard streams */
#define CONVERT10_E_STG_DIB_TO_BITMAP _HRESULT_TYPEDEF_(0x800401C6) /* Converting the DIB to a bitmap failed */
#define CONVERT10_S_NO_PRESENTATION _HRESULT_TYPEDEF_(0x000401C0) /* Unable to convert OLESTREAM to IStorage */
#define CLIPBRD_E_CANT_OPEN _HRESULT_TYPEDEF_(0x800401D0) /* OpenClipboard failed */
#define CLIPBRD_E_CANT_EMPTY _HRESULT_TYPEDEF_(0x800401D1) /* EmptyClipboard failed */
#define CLIPBRD_E_CANT_SET _HRESULT_TYPEDEF_(0x800401D2) /* SetClipboard failed */
#define CLIPBRD_E_BAD_DATA _HRESULT_TYPEDEF_(0x800401D3) /* Data on clipboard is invalid */
#define CLIPBRD_E_CANT_CLOSE _HRESULT_TYPEDEF_(0x800401D4) /* CloseClipboard failed */

/* Classes, aggregation, registration */
#define CLASS_E_NOAGGREGATION _HRESULT_TYPEDEF_(0x80040110) /* Class does not support aggregation (or class object is remote) */
#define CLASS_E_CLASSNOTAVAILABLE _HRESULT_TYPEDEF_(0x80040111) /* ClassFactory cannot supply requested class */
#define CLASS_E_NOTLICENSED _HRESULT_TYPEDEF_(0x80040112) /* Class is not licensed for use */
#define REGDB_E_READREGDB _HRESULT_TYPEDEF_(0x80040150) /* Could not read key from registry */
#define REGDB_E_WRITEREGDB _HRESULT_TYPEDEF_(0x80040151) /* Could not write key to registry */
#define REGDB_E_KEYMISSING _HRESULT_TYPEDEF_(0x80040152) /* Could not find the key in the registry */
#define REGDB_E_INVALIDVALUE _HRESULT_TYPEDEF_(0x80040153) /* Invalid value for registry */
#define REGDB_E_CLASSNOTREG _HRESULT_TYPEDEF_(0x80040154) /* Class not registered */
#define REGDB_E_IIDNOTREG _HRESULT_TYPEDEF_(0x80040155) /* Interface not registered */
#define REGDB_E_BADTHREADINGMODEL _HRESULT_TYPEDEF_(0x80040156) /* Threading model entry is not valid */
#define CAT_E_CATIDNOEXIST _HRESULT_TYPEDEF_(0x80040160) /* CATID does not exist */
#define CAT_E_NODESCRIPTION _HRESULT_TYPEDEF_(0x80040161) /* Description not found */
#define CS_E_PACKAGE_NOTFOUND _HRESULT_TYPEDEF_(0x80040164) /* No package in the software installation data meets this criteria */
#define CS_E_NOT_DELETABLE _HRESULT_TYPEDEF_(0x80040165) /* Deleting this will break the referential integrity of the software installation data */
#define CS_E_CLASS_NOTFOUND _HRESULT_TYPEDEF_(0x80040166) /* The CLSID was not found in the software installation data */
#define CS_E_INVALID_VERSION _HRESULT_TYPEDEF_(0x80040167) /* The software installation data is corrupt */
#define CS_E_NO_CLASSSTORE _HRESULT_TYPEDEF_(0x80040168) /* There is no software installation data */
#define CS_E_OBJECT_NOTFOUND _HRESULT_TYPEDEF_(0x80040169) /* There is no software installation data object */
#define CS_E_OBJECT_ALREADY_EXISTS _HRESULT_TYPEDEF_(0x8004016A) /* The software installation data object already exists */
#define CS_E_INVALID_PATH _HRESULT_TYPEDEF_(0x8004016B) /* The path to the software installation data is not correct */
#define CS_E_NETWORK_ERROR _HRESULT_TYPEDEF_(0x8004016C) /* A network error interrupted the operation */
#define CS_E_ADMIN_LIMIT_EXCEEDED _HRESULT_TYPEDEF_(0x8004016D) /* The size of this object exceeds the maximum size set by the administrator */
#define CS_E_SCHEMA_MISMATCH _HRESULT_TYPEDEF_(0x8004016E) /* The schema for the software installation data does not match the required schema */
#define CS_E_INTERNAL_ERROR _HRESULT_TYPEDEF_(0x8004016F) /* An error occurred in the software installation data */

/* Monikers */
#define MK_E_CONNECTMANUALLY _HRESULT_TYPEDEF_(0x800401E0) /* Moniker needs to be connected manually */
#define MK_E_EXCEEDEDDEADLINE _HRESULT_TYPEDEF_(0x800401E1) /* Operation exceeded deadline */
#define MK_E_NEEDGENERIC _HRESULT_TYPEDEF_(0x800401E2) /* Moniker needs to be generic */
#define MK_E_UNAVAILABLE _HRESULT_TYPEDEF_(0x800401E3) /* Operation unavailable */
#define MK_E_SYNTAX _HRESULT_TYPEDEF_(0x800401E4) /* Invalid syntax */
#define MK_E_NOOBJECT _HRESULT_TYPEDEF_(0x800401E5) /* No object for moniker */
#define MK_E_INVALIDEXTENSION _HRESULT_TYPEDEF_(0x800401E6) /* Bad extension for file */
#define MK_E_INTERMEDIATEINTERFACENOTSUPPORTED _HRESULT_TYPEDEF_(0x800401E7) /* Intermediate operation failed */
#define MK_E_NOTBINDABLE _HRESULT_TYPEDEF_(0x800401E8) /* Moniker is not bindable */
#define MK_E_NOTBOUND _HRESULT_TYPEDEF_(0x800401E9) /* Moniker is not bound */
#define MK_E_CANTOPENFILE _HRESULT_TYPEDEF_(0x800401EA) /* Moniker cannot open file */
#define MK_E_MUSTBOTHERUSER _HRESULT_TYPEDEF_(0x800401EB) /* User input required for operation to succeed */
#define MK_E_NOINVERSE _HRESULT_TYPEDEF_(0x800401EC) /* Moniker class has no inverse */
#define MK_E_NOSTORAGE _HRESULT_TYPEDEF_(0x800401ED) /* Moniker does not refer to storage */
#define MK_E_NOPREFIX _HRESULT_TYPEDEF_(0x800401EE) /* No common prefix */
#define MK_E_ENUMERATION_FAILED _HRESULT_TYPEDEF_(0x800401EF) /* Moniker could not be enumerated */
#define MK_E_NO_NORMALIZED _HRESULT_TYPEDEF_(0x80080007) /* Moniker path could not be normalized */
#define MK_S_REDUCED_TO_SELF _HRESULT_TYPEDEF_(0x000401E2) /* Moniker reduced to itself */
#define MK_S_ME _HRESULT_TYPEDEF_(0x000401E4) /* Common prefix is this moniker */
#define MK_S_HIM _HRESULT_TYPEDEF_(0x000401E5) /* Common prefix is input moniker */
#define MK_S_US _HRESULT_TYPEDEF_(0x000401E6) /* Common prefix is both monikers */
#define MK_S_MONIKERALREADYREGISTERED _HRESULT_TYPEDEF_(0x000401E7) /* Moniker is already registered in running object table */

/* CoInitialize and class strings */
#define CO_E_NOTINITIALIZED _HRESULT_TYPEDEF_(0x800401F0) /* CoInitialize has not been called */
#define CO_E_ALREADYINITIALIZED _HRESULT_TYPEDEF_(0x800401F1) /* CoInitialize has already been called */
#define CO_E_CANTDETERMINECLASS _HRESULT_TYPEDEF_(0x800401F2) /* Class of object cannot be determined */
#define CO_E_CLASSSTRING _HRESULT_TYPEDEF_(0x800401F3) /* Invalid class string */
#define CO_E_IIDSTRING _HRESULT_TYPEDEF_(0x800401F4) /* Invalid interface string */
#define CO_E_APPNOTFOUND _HRESULT_TYPEDEF_(0x800401F5) /* Application not found */
#define CO_E_APPSINGLEUSE _HRESULT_TYPEDEF_(0x800401F6) /* Application cannot be run more than once */
#define CO_E_ERRORINAPP _HRESULT_TYPEDEF_(0x800401F7) /* Some error in application program */
#define CO_E_DLLNOTFOUND _HRESULT_TYPEDEF_(0x800401F8) /* Module for class not found */
#define CO_E_ERRORINDLL _HRESULT_TYPEDEF_(0x800401F9) /* Error in the module of the class */
#define CO_E_WRONGOSFORAPP _HRESULT_TYPEDEF_(0x800401FA) /* Wrong operating system or version for application */
#define CO_E_OBJNOTREG _HRESULT_TYPEDEF_(0x800401FB) /* Object is not registered */
#define CO_E_OBJISREG _HRESULT_TYPEDEF_(0x800401FC) /* Object is already registered */
#define CO_E_OBJNOTCONNECTED _HRESULT_TYPEDEF_(0x800401FD) /* Object is not connected to server */
#define CO_E_APPDIDNTREG _HRESULT_TYPEDEF_(0x800401FE) /* Application was launched but it didn't register a class factory */
#define CO_E_RELEASED _HRESULT_TYPEDEF_(0x800401FF) /* Object has been released */
#define CO_S_NOTALLINTERFACES _HRESULT_TYPEDEF_(0x00080012) /* Not all the requested interfaces were available */
#define CO_S_MACHINENAMENOTFOUND _HRESULT_TYPEDEF_(0x00080013) /* The specified machine name was not found in the cache */

/* Connection points, events, contexts */
#define CONNECT_E_NOCONNECTION _HRESULT_TYPEDEF_(0x80040200) /* There is no connection for this connection ID */
#define CONNECT_E_ADVISELIMIT _HRESULT_TYPEDEF_(0x80040201) /* This implementation's limit for advisory connections has been reached */
#define CONNECT_E_CANNOTCONNECT _HRESULT_TYPEDEF_(0x80040202) /* Connection attempt failed */
#define CONNECT_E_OVERRIDDEN _HRESULT_TYPEDEF_(0x80040203) /* Must use a derived interface to connect */
#define SELFREG_E_TYPELIB _HRESULT_TYPEDEF_(0x80040200) /* Failed to register or unregister the type library */
#define SELFREG_E_CLASS _HRESULT_TYPEDEF_(0x80040201) /* Failed to register or unregister the class */
#define PERPROP_E_NOPAGEAVAILABLE _HRESULT_TYPEDEF_(0x80040200) /* No property page is available */
#define EVENT_S_SOME_SUBSCRIBERS_FAILED _HRESULT_TYPEDEF_(0x00040200) /* An event was able to invoke some but not all of the subscribers */
#define EVENT_E_ALL_SUBSCRIBERS_FAILED _HRESULT_TYPEDEF_(0x80040201) /* An event was unable to invoke any of the subscribers */
#define EVENT_S_NOSUBSCRIBERS _HRESULT_TYPEDEF_(0x00040202) /* An event was delivered but there were no subscribers */
#define CONTEXT_E_ABORTED _HRESULT_TYPEDEF_(0x8004E002) /* The root transaction wanted to commit, but the transaction aborted */
#define CONTEXT_E_ABORTING _HRESULT_TYPEDEF_(0x8004E003) /* The component made a method call on a transaction that is aborting */
#define CONTEXT_E_NOCONTEXT _HRESULT_TYPEDEF_(0x8004E004) /* There is no MTS object context */
#define CONTEXT_E_WOULD_DEADLOCK _HRESULT_TYPEDEF_(0x8004E005) /* The component is configured to use synchronization and this call would deadlock */
#define CONTEXT_E_SYNCH_TIMEOUT _HRESULT_TYPEDEF_(0x8004E006) /* A thread timed out waiting to enter the context */
#define CONTEXT_E_OLDREF _HRESULT_TYPEDEF_(0x8004E007) /* An operation was attempted on a stale reference to the object context */
#define CONTEXT_E_ROLENOTFOUND _HRESULT_TYPEDEF_(0x8004E00C) /* The specified role was not found */
#define CONTEXT_E_TMNOTAVAILABLE _HRESULT_TYPEDEF_(0x8004E00F) /* The transaction manager is not available */
#define CO_E_ACTIVATIONFAILED _HRESULT_TYPEDEF_(0x8004E021) /* Activation of the configured component failed */
#define CO_E_ACTIVATIONFAILED_EVENTLOGGED _HRESULT_TYPEDEF_(0x8004E022) /* Activation of the configured component failed; details were logged */
#define CO_E_ACTIVATIONFAILED_CATALOGERROR _HRESULT_TYPEDEF_(0x8004E023) /* The configured component could not be activated because of inconsistent configuration information */
#define CO_E_ACTIVATIONFAILED_TIMEOUT _HRESULT_TYPEDEF_(0x8004E024) /* The activation could not be completed in the specified amount of time */
#define CO_E_INITIALIZATIONFAILED _HRESULT_TYPEDEF_(0x8004E025) /* The initialization of the configured component failed */
#define CONTEXT_E_NOJIT _HRESULT_TYPEDEF_(0x8004E026) /* The requested operation requires that just-in-time activation be enabled */
#define CONTEXT_E_NOTRANSACTION _HRESULT_TYPEDEF_(0x8004E027) /* The requested operation requires a transaction */
#define CO_E_THREADINGMODEL_CHANGED _HRESULT_TYPEDEF_(0x8004E028) /* The threading model of the component has changed since it was installed */
#define CO_E_NOIISINTRINSICS _HRESULT_TYPEDEF_(0x8004E029) /* Web server intrinsics are not available */
#define CO_E_NOCOOKIES _HRESULT_TYPEDEF_(0x8004E02A) /* An attempt to write a cookie failed */
#define CO_E_DBERROR _HRESULT_TYPEDEF_(0x8004E02B) /* An attempt to use a database generated a database-specific error */
#define CO_E_NOTPOOLED _HRESULT_TYPEDEF_(0x8004E02C) /* The object is not pooled */
#define CO_E_NOTCONSTRUCTED _HRESULT_TYPEDEF_(0x8004E02D) /* The object has not been constructed */
#define CO_E_NOSYNCHRONIZATION _HRESULT_TYPEDEF_(0x8004E02E) /* The component is not configured to use synchronization */
#define CO_E_ISOLEVELMISMATCH _HRESULT_TYPEDEF_(0x8004E02F) /* The isolation level of the component does not match that of the transaction */

/* Automation */
#define DISP_E_UNKNOWNINTERFACE _HRESULT_TYPEDEF_(0x80020001) /* Unknown interface */
#define DISP_E_MEMBERNOTFOUND _HRESULT_TYPEDEF_(0x80020003) /* Member not found */
#define DISP_E_PARAMNOTFOUND _HRESULT_TYPEDEF_(0x80020004) /* Parameter not found */
#define DISP_E_TYPEMISMATCH _HRESULT_TYPEDEF_(0x80020005) /* Type mismatch */
#define DISP_E_UNKNOWNNAME _HRESULT_TYPEDEF_(0x80020006) /* Unknown name */
#define DISP_E_NONAMEDARGS _HRESULT_TYPEDEF_(0x80020007) /* No named arguments */
#define DISP_E_BADVARTYPE _HRESULT_TYPEDEF_(0x80020008) /* Bad variable type */
#define DISP_E_EXCEPTION _HRESULT_TYPEDEF_(0x80020009) /* Exception occurred */
#define DISP_E_OVERFLOW _HRESULT_TYPEDEF_(0x8002000A) /* Out of present range */
#define DISP_E_BADINDEX _HRESULT_TYPEDEF_(0x8002000B) /* Invalid index */
#define DISP_E_UNKNOWNLCID _HRESULT_TYPEDEF_(0x8002000C) /* Unknown language */
#define DISP_E_ARRAYISLOCKED _HRESULT_TYPEDEF_(0x8002000D) /* Memory is locked */
#define DISP_E_BADPARAMCOUNT _HRESULT_TYPEDEF_(0x8002000E) /* Invalid number of parameters */
#define DISP_E_PARAMNOTOPTIONAL _HRESULT_TYPEDEF_(0x8002000F) /* Parameter not optional */
#define DISP_E_BADCALLEE _HRESULT_TYPEDEF_(0x80020010) /* Invalid callee */
#define DISP_E_NOTACOLLECTION _HRESULT_TYPEDEF_(0x80020011) /* Does not support a collection */
#define DISP_E_DIVBYZERO _HRESULT_TYPEDEF_(0x80020012) /* Division by zero */
#define DISP_E_BUFFERTOOSMALL _HRESULT_TYPEDEF_(0x80020013) /* Buffer too small */

/* Type libraries */
#define TYPE_E_BUFFERTOOSMALL _HRESULT_TYPEDEF_(0x80028016) /* Buffer too small */
#define TYPE_E_FIELDNOTFOUND _HRESULT_TYPEDEF_(0x80028017) /* Field name not defined in the record */
#define TYPE_E_INVDATAREAD _HRESULT_TYPEDEF_(0x80028018) /* Old format or invalid type library */
#define TYPE_E_UNSUPFORMAT _HRESULT_TYPEDEF_(0x80028019) /* Old format or invalid type library */
#define TYPE_E_REGISTRYACCESS _HRESULT_TYPEDEF_(0x8002801C) /* Error accessing the OLE registry */
#define TYPE_E_LIBNOTREGISTERED _HRESULT_TYPEDEF_(0x8002801D) /* Library not registered */
#define TYPE_E_UNDEFINEDTYPE _HRESULT_TYPEDEF_(0x80028027) /* Bound to unknown type */
#define TYPE_E_QUALIFIEDNAMEDISALLOWED _HRESULT_TYPEDEF_(0x80028028) /* Qualified name disallowed */
#define TYPE_E_INVALIDSTATE _HRESULT_TYPEDEF_(0x80028029) /* Invalid forward reference, or reference to uncompiled type */
#define TYPE_E_WRONGTYPEKIND _HRESULT_TYPEDEF_(0x8002802A) /* Type mismatch */
#define TYPE_E_ELEMENTNOTFOUND _HRESULT_TYPEDEF_(0x8002802B) /* Element not found */
#define TYPE_E_AMBIGUOUSNAME _HRESULT_TYPEDEF_(0x8002802C) /* Ambiguous name */
#define TYPE_E_NAMECONFLICT _HRESULT_TYPEDEF_(0x8002802D) /* Name already exists in the library */
#define TYPE_E_UNKNOWNLCID _HRESULT_TYPEDEF_(0x8002802E) /* Unknown LCID */
#define TYPE_E_DLLFUNCTIONNOTFOUND _HRESULT_TYPEDEF_(0x8002802F) /* Function not defined in specified module */
#define TYPE_E_BADMODULEKIND _HRESULT_TYPEDEF_(0x800288BD) /* Wrong module kind for the operation */
#define TYPE_E_SIZETOOBIG _HRESULT_TYPEDEF_(0x800288C5) /* Size may not exceed 64K */
#define TYPE_E_DUPLICATEID _HRESULT_TYPEDEF_(0x800288C6) /* Duplicate ID in inheritance hierarchy */
#define TYPE_E_INVALIDID _HRESULT_TYPEDEF_(0x800288CF) /* Incorrect inheritance depth in standard OLE hmember */
#define TYPE_E_TYPEMISMATCH _HRESULT_TYPEDEF_(0x80028CA0) /* Type mismatch */
#define TYPE_E_OUTOFBOUNDS _HRESULT_TYPEDEF_(0x80028CA1) /* Invalid number of arguments */
#define TYPE_E_IOERROR _HRESULT_TYPEDEF_(0x80028CA2) /* I/O error */
#define TYPE_E_CANTCREATETMPFILE _HRESULT_TYPEDEF_(0x80028CA3) /* Error creating unique temporary file */
#define TYPE_E_CANTLOADLIBRARY _HRESULT_TYPEDEF_(0x80029C4A) /* Error loading type library or module */
#define TYPE_E_INCONSISTENTPROPFUNCS _HRESULT_TYPEDEF_(0x80029C83) /* Inconsistent property functions */
#define TYPE_E_CIRCULARTYPE _HRESULT_TYPEDEF_(0x80029C84) /* Circular dependency between types or modules */

/* Storage */
#define STG_E_INVALIDFUNCTION _HRESULT_TYPEDEF_(0x80030001) /* Unable to perform requested operation */
#define STG_E_FILENOTFOUND _HRESULT_TYPEDEF_(0x80030002) /* The file could not be found */
#define STG_E_PATHNOTFOUND _HRESULT_TYPEDEF_(0x80030003) /* The path could not be found */
#define STG_E_TOOMANYOPENFILES _HRESULT_TYPEDEF_(0x80030004) /* There are insufficient resources to open another file */
#define STG_E_ACCESSDENIED _HRESULT_TYPEDEF_(0x80030005) /* Access denied */
#define STG_E_INVALIDHANDLE _HRESULT_TYPEDEF_(0x80030006) /* Attempted an operation on an invalid object */
#define STG_E_INSUFFICIENTMEMORY _HRESULT_TYPEDEF_(0x80030008) /* There is insufficient memory available to complete operation */
#define STG_E_INVALIDPOINTER _HRESULT_TYPEDEF_(0x80030009) /* Invalid pointer error */
#define STG_E_NOMOREFILES _HRESULT_TYPEDEF_(0x80030012) /* There are no more entries to return */
#define STG_E_DISKISWRITEPROTECTED _HRESULT_TYPEDEF_(0x80030013) /* Disk is write-protected */
#define STG_E_SEEKERROR _HRESULT_TYPEDEF_(0x80030019) /* An error occurred during a seek operation */
#define STG_E_WRITEFAULT _HRESULT_TYPEDEF_(0x8003001D) /* A disk error occurred during a write operation */
#define STG_E_READFAULT _HRESULT_TYPEDEF_(0x8003001E) /* A disk error occurred during a read operation */
#define STG_E_SHAREVIOLATION _HRESULT_TYPEDEF_(0x80030020) /* A share violation has occurred */
#define STG_E_LOCKVIOLATION _HRESULT_TYPEDEF_(0x80030021) /* A lock violation has occurred */
#define STG_E_FILEALREADYEXISTS _HRESULT_TYPEDEF_(0x80030050) /* File already exists */
#define STG_E_INVALIDPARAMETER _HRESULT_TYPEDEF_(0x80030057) /* Invalid parameter error */
#define STG_E_MEDIUMFULL _HRESULT_TYPEDEF_(0x80030070) /* There is insufficient disk space to complete operation */
#define STG_E_PROPSETMISMATCHED _HRESULT_TYPEDEF_(0x800300F0) /* Illegal write of non-simple property to simple property set */
#define STG_E_ABNORMALAPIEXIT _HRESULT_TYPEDEF_(0x800300FA) /* An API call exited abnormally */
#define STG_E_INVALIDHEADER _HRESULT_TYPEDEF_(0x800300FB) /* The file is not a valid compound file */
#define STG_E_INVALIDNAME _HRESULT_TYPEDEF_(0x800300FC) /* The name is not valid */
#define STG_E_UNKNOWN _HRESULT_TYPEDEF_(0x800300FD) /* An unexpected error occurred */
#define STG_E_UNIMPLEMENTEDFUNCTION _HRESULT_TYPEDEF_(0x800300FE) /* That function is not implemented */
#define STG_E_INVALIDFLAG _HRESULT_TYPEDEF_(0x800300FF) /* Invalid flag error */
#define STG_E_INUSE _HRESULT_TYPEDEF_(0x80030100) /* Attempted to use an object that is busy */
#define STG_E_NOTCURRENT _HRESULT_TYPEDEF_(0x80030101) /* The storage has been changed since the last commit */
#define STG_E_REVERTED _HRESULT_TYPEDEF_(0x80030102) /* Attempted to use an object that has ceased to exist */
#define STG_E_CANTSAVE _HRESULT_TYPEDEF_(0x80030103) /* Can't save */
#define STG_E_OLDFORMAT _HRESULT_TYPEDEF_(0x80030104) /* The compound file was produced with an incompatible version of storage */
#define STG_E_OLDDLL _HRESULT_TYPEDEF_(0x80030105) /* The compound file was produced with a newer version of storage */
#define STG_E_SHAREREQUIRED _HRESULT_TYPEDEF_(0x80030106) /* Sharing or equivalent is required for operation */
#define STG_E_NOTFILEBASEDSTORAGE _HRESULT_TYPEDEF_(0x80030107) /* Illegal operation called on non-file based storage */
#define STG_E_EXTANTMARSHALLINGS _HRESULT_TYPEDEF_(0x80030108) /* Illegal operation called on object with extant marshalings */
#define STG_E_DOCFILECORRUPT _HRESULT_TYPEDEF_(0x80030109) /* The compound file has been corrupted */
#define STG_E_BADBASEADDRESS _HRESULT_TYPEDEF_(0x80030110) /* The storage module has been loaded at the wrong address */
#define STG_E_DOCFILETOOLARGE _HRESULT_TYPEDEF_(0x80030111) /* The compound file is too large for the current implementation */
#define STG_E_NOTSIMPLEFORMAT _HRESULT_TYPEDEF_(0x80030112) /* The compound file was not created with the STGM_SIMPLE flag */
#define STG_E_INCOMPLETE _HRESULT_TYPEDEF_(0x80030201) /* The file download was aborted abnormally; the file is incomplete */
#define STG_E_TERMINATED _HRESULT_TYPEDEF_(0x80030202) /* The file download has been terminated */
#define STG_S_CONVERTED _HRESULT_TYPEDEF_(0x00030200) /* The underlying file was converted to compound file format */
#define STG_S_BLOCK _HRESULT_TYPEDEF_(0x00030201) /* The storage operation should block until more data is available */
#define STG_S_RETRYNOW _HRESULT_TYPEDEF_(0x00030202) /* The storage operation should retry immediately */
#define STG_S_MONITORING _HRESULT_TYPEDEF_(0x00030203) /* The notified event sink will not influence the storage operation */
#define STG_S_MULTIPLEOPENS _HRESULT_TYPEDEF_(0x00030204) /* Multiple opens prevent consolidated (commit succeeded) */
#define STG_S_CONSOLIDATIONFAILED _HRESULT_TYPEDEF_(0x00030205) /* Consolidation of the storage file failed (commit succeeded) */
#define STG_S_CANNOTCONSOLIDATE _HRESULT_TYPEDEF_(0x00030206) /* Consolidation of the storage file is inappropriate (commit succeeded) */

/* Remote calls */
#define RPC_E_CALL_REJECTED _HRESULT_TYPEDEF_(0x80010001) /* Call was rejected by callee */
#define RPC_E_CALL_CANCELED _HRESULT_TYPEDEF_(0x80010002) /* Call was canceled by the message filter */
#define RPC_E_CANTPOST_INSENDCALL _HRESULT_TYPEDEF_(0x80010003) /* The caller is dispatching an intertask SendMessage call and cannot call out */
#define RPC_E_CANTCALLOUT_INASYNCCALL _HRESULT_TYPEDEF_(0x80010004) /* The caller is dispatching an asynchronous call and cannot make an outgoing call on behalf of this call */
#define RPC_E_CANTCALLOUT_INEXTERNALCALL _HRESULT_TYPEDEF_(0x80010005) /* It is illegal to call out while inside message filter */
#define RPC_E_CONNECTION_TERMINATED _HRESULT_TYPEDEF_(0x80010006) /* The connection terminated or is in a bogus state and cannot be used any more */
#define RPC_E_SERVER_DIED _HRESULT_TYPEDEF_(0x80010007) /* The callee is not available and disappeared; all connections are invalid; the call may have executed */
#define RPC_E_CLIENT_DIED _HRESULT_TYPEDEF_(0x80010008) /* The caller disappeared while the callee was processing a call */
#define RPC_E_INVALID_DATAPACKET _HRESULT_TYPEDEF_(0x80010009) /* The data packet with the marshaled parameter data is incorrect */
#define RPC_E_CANTTRANSMIT_CALL _HRESULT_TYPEDEF_(0x8001000A) /* The call was not transmitted properly; the message queue was full and was not emptied after yielding */
#define RPC_E_CLIENT_CANTMARSHAL_DATA _HRESULT_TYPEDEF_(0x8001000B) /* The client cannot marshal the parameter data */
#define RPC_E_CLIENT_CANTUNMARSHAL_DATA _HRESULT_TYPEDEF_(0x8001000C) /* The client cannot unmarshal the return data */
#define RPC_E_SERVER_CANTMARSHAL_DATA _HRESULT_TYPEDEF_(0x8001000D) /* The server cannot marshal the return data */
#define RPC_E_SERVER_CANTUNMARSHAL_DATA _HRESULT_TYPEDEF_(0x8001000E) /* The server cannot unmarshal the parameter data */
#define RPC_E_INVALID_DATA _HRESULT_TYPEDEF_(0x8001000F) /* Received data is invalid; it could be server or client data */
#define RPC_E_INVALID_PARAMETER _HRESULT_TYPEDEF_(0x80010010) /* A particular parameter is invalid and cannot be (un)marshaled */
#define RPC_E_CANTCALLOUT_AGAIN _HRESULT_TYPEDEF_(0x80010011) /* There is no second outgoing call on same channel in conversation */
#define RPC_E_SERVER_DIED_DNE _HRESULT_TYPEDEF_(0x80010012) /* The callee is not available and disappeared; all connections are invalid; the call did not execute */
#define RPC_E_SYS_CALL_FAILED _HRESULT_TYPEDEF_(0x80010100) /* System call failed */
#define RPC_E_OUT_OF_RESOURCES _HRESULT_TYPEDEF_(0x80010101) /* Could not allocate some required resource (memory, events, ...) */
#define RPC_E_ATTEMPTED_MULTITHREAD _HRESULT_TYPEDEF_(0x80010102) /* Attempted to make calls on more than one thread in single threaded mode */
#define RPC_E_NOT_REGISTERED _HRESULT_TYPEDEF_(0x80010103) /* The requested interface is not registered on the server object */
#define RPC_E_FAULT _HRESULT_TYPEDEF_(0x80010104) /* RPC could not call the server or could not return the results of calling the server */
#define RPC_E_SERVERFAULT _HRESULT_TYPEDEF_(0x80010105) /* The server threw an exception */
#define RPC_E_CHANGED_MODE _HRESULT_TYPEDEF_(0x80010106) /* Cannot change thread mode after it is set */
#define RPC_E_INVALIDMETHOD _HRESULT_TYPEDEF_(0x80010107) /* The method called does not exist on the server */
#define RPC_E_DISCONNECTED _HRESULT_TYPEDEF_(0x80010108) /* The object invoked has disconnected from its clients */
#define RPC_E_RETRY _HRESULT_TYPEDEF_(0x80010109) /* The object invoked chose not to process the call now; try again later */
#define RPC_E_SERVERCALL_RETRYLATER _HRESULT_TYPEDEF_(0x8001010A) /* The message filter indicated that the application is busy */
#define RPC_E_SERVERCALL_REJECTED _HRESULT_TYPEDEF_(0x8001010B) /* The message filter rejected the call */
#define RPC_E_INVALID_CALLDATA _HRESULT_TYPEDEF_(0x8001010C) /* A call control interface was called with invalid data */
#define RPC_E_CANTCALLOUT_ININPUTSYNCCALL _HRESULT_TYPEDEF_(0x8001010D) /* An outgoing call cannot be made since the application is dispatching an input-synchronous call */
#define RPC_E_WRONG_THREAD _HRESULT_TYPEDEF_(0x8001010E) /* The application called an interface that was marshaled for a different thread */
#define RPC_E_THREAD_NOT_INIT _HRESULT_TYPEDEF_(0x8001010F) /* CoInitialize has not been called on the current thread */
#define RPC_E_VERSION_MISMATCH _HRESULT_TYPEDEF_(0x80010110) /* The version of OLE on the client and server machines does not match */
#define RPC_E_INVALID_HEADER _HRESULT_TYPEDEF_(0x80010111) /* OLE received a packet with an invalid header */
#define RPC_E_INVALID_EXTENSION _HRESULT_TYPEDEF_(0x80010112) /* OLE received a packet with an invalid extension */
#define RPC_E_INVALID_IPID _HRESULT_TYPEDEF_(0x80010113) /* The requested object or interface does not exist */
#define RPC_E_INVALID_OBJECT _HRESULT_TYPEDEF_(0x80010114) /* The requested object does not exist */
#define RPC_S_CALLPENDING _HRESULT_TYPEDEF_(0x80010115) /* OLE has sent a request and is waiting for a reply */
#define RPC_S_WAITONTIMER _HRESULT_TYPEDEF_(0x80010116) /* OLE is waiting before retrying a request */
#define RPC_E_CALL_COMPLETE _HRESULT_TYPEDEF_(0x80010117) /* Call context cannot be accessed after call completed */
#define RPC_E_UNSECURE_CALL _HRESULT_TYPEDEF_(0x80010118) /* Impersonate on unsecure calls is not supported */
#define RPC_E_TOO_LATE _HRESULT_TYPEDEF_(0x80010119) /* Security must be initialized before any interfaces are marshaled or unmarshaled, and cannot be changed afterwards */
#define RPC_E_NO_GOOD_SECURITY_PACKAGES _HRESULT_TYPEDEF_(0x8001011A) /* No security packages are installed on this machine, or the user is not logged on, or there are no compatible security packages */
#define RPC_E_ACCESS_DENIED _HRESULT_TYPEDEF_(0x8001011B) /* Access is denied */
#define RPC_E_REMOTE_DISABLED _HRESULT_TYPEDEF_(0x8001011C) /* Remote calls are not allowed for this process */
#define RPC_E_INVALID_OBJREF _HRESULT_TYPEDEF_(0x8001011D) /* The marshaled interface data packet (OBJREF) has an invalid or unknown format */
#define RPC_E_NO_CONTEXT _HRESULT_TYPEDEF_(0x8001011E) /* No context is associated with this call */
#define RPC_E_TIMEOUT _HRESULT_TYPEDEF_(0x8001011F) /* This operation returned because the timeout period expired */
#define RPC_E_NO_SYNC _HRESULT_TYPEDEF_(0x80010120) /* There are no synchronize objects to wait on */
#define RPC_E_FULLSIC_REQUIRED _HRESULT_TYPEDEF_(0x80010121) /* Full subject issuer chain SSL principal name expected from the server */
#define RPC_E_INVALID_STD_NAME _HRESULT_TYPEDEF_(0x80010122) /* Principal name is not a valid MSSTD name */
#define CO_E_FAILEDTOIMPERSONATE _HRESULT_TYPEDEF_(0x80010123) /* Unable to impersonate DCOM client */
#define CO_E_FAILEDTOGETSECCTX _HRESULT_TYPEDEF_(0x80010124) /* Unable to obtain server's security context */
#define CO_E_FAILEDTOOPENTHREADTOKEN _HRESULT_TYPEDEF_(0x80010125) /* Unable to open the access token of the current thread */
#define CO_E_FAILEDTOGETTOKENINFO _HRESULT_TYPEDEF_(0x80010126) /* Unable to obtain user info from an access token */
#define CO_E_TRUSTEEDOESNTMATCHCLIENT _HRESULT_TYPEDEF_(0x80010127) /* The client who called IAccessControl::IsAccessPermitted was not the trustee provided to the method */
#define CO_E_FAILEDTOQUERYCLIENTBLANKET _HRESULT_TYPEDEF_(0x80010128) /* Unable to obtain the client's security blanket */
#define CO_E_FAILEDTOSETDACL _HRESULT_TYPEDEF_(0x80010129) /* Unable to set a discretionary ACL into a security descriptor */
#define CO_E_ACCESSCHECKFAILED _HRESULT_TYPEDEF_(0x8001012A) /* The system function AccessCheck returned false */
#define CO_E_NETACCESSAPIFAILED _HRESULT_TYPEDEF_(0x8001012B) /* Either NetAccessDel or NetAccessAdd returned an error code */
#define CO_E_WRONGTRUSTEENAMESYNTAX _HRESULT_TYPEDEF_(0x8001012C) /* One of the trustee strings provided by the user did not conform to the <Domain>\<Name> syntax */
#define CO_E_INVALIDSID _HRESULT_TYPEDEF_(0x8001012D) /* One of the security identifiers provided by the user was invalid */
#define CO_E_CONVERSIONFAILED _HRESULT_TYPEDEF_(0x8001012E) /* Unable to convert a wide character trustee string to a multibyte trustee string */
#define CO_E_NOMATCHINGSIDFOUND _HRESULT_TYPEDEF_(0x8001012F) /* Unable to find a security identifier that corresponds to a trustee string provided by the user */
#define CO_E_LOOKUPACCSIDFAILED _HRESULT_TYPEDEF_(0x80010130) /* The system function LookupAccountSID failed */
#define CO_E_NOMATCHINGNAMEFOUND _HRESULT_TYPEDEF_(0x80010131) /* Unable to find a trustee name that corresponds to a security identifier provided by the user */
#define CO_E_LOOKUPACCNAMEFAILED _HRESULT_TYPEDEF_(0x80010132) /* The system function LookupAccountName failed */
#define CO_E_SETSERLHNDLFAILED _HRESULT_TYPEDEF_(0x80010133) /* Unable to set or reset a serialization handle */
#define CO_E_FAILEDTOGETWINDIR _HRESULT_TYPEDEF_(0x80010134) /* Unable to obtain the Windows directory */
#define CO_E_PATHTOOLONG _HRESULT_TYPEDEF_(0x80010135) /* Path too long */
#define CO_E_FAILEDTOGENUUID _HRESULT_TYPEDEF_(0x80010136) /* Unable to generate a UUID */
#define CO_E_FAILEDTOCREATEFILE _HRESULT_TYPEDEF_(0x80010137) /* Unable to create file */
#define CO_E_FAILEDTOCLOSEHANDLE _HRESULT_TYPEDEF_(0x80010138) /* Unable to close a serialization handle or a file handle */
#define CO_E_EXCEEDSYSACLLIMIT _HRESULT_TYPEDEF_(0x80010139) /* The number of access control entries in an access control list exceeds the system limit */
#define CO_E_ACESINWRONGORDER _HRESULT_TYPEDEF_(0x8001013A) /* Not all the DENY_ACCESS entries are arranged in front of the GRANT_ACCESS entries in the stream */
#define CO_E_INCOMPATIBLESTREAMVERSION _HRESULT_TYPEDEF_(0x8001013B) /* The version of the access control list format in the stream is not supported */
#define CO_E_FAILEDTOOPENPROCESSTOKEN _HRESULT_TYPEDEF_(0x8001013C) /* Unable to open the access token of the server process */
#define CO_E_DECODEFAILED _HRESULT_TYPEDEF_(0x8001013D) /* Unable to decode the access control list in the stream provided by the user */
#define CO_E_ACNOTINITIALIZED _HRESULT_TYPEDEF_(0x8001013F) /* The COM IAccessControl object is not initialized */
#define CO_E_CANCEL_DISABLED _HRESULT_TYPEDEF_(0x80010140) /* Call cancellation is disabled */
#define RPC_E_UNEXPECTED _HRESULT_TYPEDEF_(0x8001FFFF) /* An internal error occurred */

/* Activation by the system */
#define CO_E_CLASS_CREATE_FAILED _HRESULT_TYPEDEF_(0x80080001) /* Attempt to create a class object failed */
#define CO_E_SCM_ERROR _HRESULT_TYPEDEF_(0x80080002) /* OLE service could not bind object */
#define CO_E_SCM_RPC_FAILURE _HRESULT_TYPEDEF_(0x80080003) /* RPC communication failed with OLE service */
#define CO_E_BAD_PATH _HRESULT_TYPEDEF_(0x80080004) /* Bad path to object */
#define CO_E_SERVER_EXEC_FAILURE _HRESULT_TYPEDEF_(0x80080005) /* Server execution failed */
#define CO_E_OBJSRV_RPC_FAILURE _HRESULT_TYPEDEF_(0x80080006) /* OLE service could not communicate with the object server */
#define CO_E_SERVER_STOPPING _HRESULT_TYPEDEF_(0x80080008) /* Object server is stopping when OLE service contacts it */
#define MEM_E_INVALID_ROOT _HRESULT_TYPEDEF_(0x80080009) /* An invalid root block pointer was specified */
#define MEM_E_INVALID_LINK _HRESULT_TYPEDEF_(0x80080010) /* An allocation chain contained an invalid link pointer */
#define MEM_E_INVALID_SIZE _HRESULT_TYPEDEF_(0x80080011) /* The requested allocation size was too large */
#define CO_E_MISSING_DISPLAYNAME _HRESULT_TYPEDEF_(0x80080015) /* The activation requires a display name to be present under the CLSID key */
#define CO_E_RUNAS_VALUE_MUST_BE_AAA _HRESULT_TYPEDEF_(0x80080016) /* The activation requires that the RunAs value for the application is Activate As Activator */
#define CO_E_ELEVATION_DISABLED _HRESULT_TYPEDEF_(0x80080017) /* The class is not configured to support elevated activation */

#define SEC_E_LOGON_DENIED _HRESULT_TYPEDEF_(0x8009030C) /* The logon attempt failed */
#define SEC_E_NO_CREDENTIALS _HRESULT_TYPEDEF_(0x8009030E) /* No credentials are available in the security package */

/* Controls (Visual Basic's run-time error numbers) */
#define STD_CTL_SCODE(number) MAKE_SCODE(SEVERITY_ERROR, FACILITY_CONTROL, number)
#define CTL_E_ILLEGALFUNCTIONCALL _HRESULT_TYPEDEF_(0x800A0005) /* Invalid procedure call or argument */
#define CTL_E_OVERFLOW _HRESULT_TYPEDEF_(0x800A0006) /* Overflow */
#define CTL_E_OUTOFMEMORY _HRESULT_TYPEDEF_(0x800A0007) /* Out of memory */
#define CTL_E_DIVISIONBYZERO _HRESULT_TYPEDEF_(0x800A000B) /* Division by zero */
#define CTL_E_OUTOFSTRINGSPACE _HRESULT_TYPEDEF_(0x800A000E) /* Out of string space */
#define CTL_E_OUTOFSTACKSPACE _HRESULT_TYPEDEF_(0x800A001C) /* Out of stack space */
#define CTL_E_BADFILENAMEORNUMBER _HRESULT_TYPEDEF_(0x800A0034) /* Bad file name or number */
#define CTL_E_FILENOTFOUND _HRESULT_TYPEDEF_(0x800A0035) /* File not found */
#define CTL_E_BADFILEMODE _HRESULT_TYPEDEF_(0x800A0036) /* Bad file mode */
#define CTL_E_FILEALREADYOPEN _HRESULT_TYPEDEF_(0x800A0037) /* File already open */
#define CTL_E_DEVICEIOERROR _HRESULT_TYPEDEF_(0x800A0039) /* Device I/O error */
#define CTL_E_FILEALREADYEXISTS _HRESULT_TYPEDEF_(0x800A003A) /* File already exists */
#define CTL_E_BADRECORDLENGTH _HRESULT_TYPEDEF_(0x800A003B) /* Bad record length */
#define CTL_E_DISKFULL _HRESULT_TYPEDEF_(0x800A003D) /* Disk full */
#define CTL_E_BADRECORDNUMBER _HRESULT_TYPEDEF_(0x800A003F) /* Bad record number */
#define CTL_E_BADFILENAME _HRESULT_TYPEDEF_(0x800A0040) /* Bad file name */
#define CTL_E_TOOMANYFILES _HRESULT_TYPEDEF_(0x800A0043) /* Too many files */
#define CTL_E_DEVICEUNAVAILABLE _HRESULT_TYPEDEF_(0x800A0044) /* Device unavailable */
#define CTL_E_PERMISSIONDENIED _HRESULT_TYPEDEF_(0x800A0046) /* Permission denied */
#define CTL_E_DISKNOTREADY _HRESULT_TYPEDEF_(0x800A0047) /* Disk not ready */
#define CTL_E_PATHFILEACCESSERROR _HRESULT_TYPEDEF_(0x800A004B) /* Path/File access error */
#define CTL_E_PATHNOTFOUND _HRESULT_TYPEDEF_(0x800A004C) /* Path not found */
#define CTL_E_INVALIDPATTERNSTRING _HRESULT_TYPEDEF_(0x800A005D) /* Invalid pattern string */
#define CTL_E_INVALIDUSEOFNULL _HRESULT_TYPEDEF_(0x800A005E) /* Invalid use of Null */
#define CTL_E_INVALIDFILEFORMAT _HRESULT_TYPEDEF_(0x800A0141) /* Invalid file format */
#define CTL_E_INVALIDPROPERTYVALUE _HRESULT_TYPEDEF_(0x800A017C) /* Invalid property value */
#define CTL_E_INVALIDPROPERTYARRAYINDEX _HRESULT_TYPEDEF_(0x800A017D) /* Invalid property array index */
#define CTL_E_SETNOTSUPPORTEDATRUNTIME _HRESULT_TYPEDEF_(0x800A017E) /* Set not supported at run time */
#define CTL_E_SETNOTSUPPORTED _HRESULT_TYPEDEF_(0x800A017F) /* Set not supported (read-only property) */
#define CTL_E_NEEDPROPERTYARRAYINDEX _HRESULT_TYPEDEF_(0x800A0181) /* Need property array index */
#define CTL_E_SETNOTPERMITTED _HRESULT_TYPEDEF_(0x800A0183) /* Set not permitted */
#define CTL_E_GETNOTSUPPORTEDATRUNTIME _HRESULT_TYPEDEF_(0x800A0189) /* Get not supported at run time */
#define CTL_E_GETNOTSUPPORTED _HRESULT_TYPEDEF_(0x800A018A) /* Get not supported (write-only property) */
#define CTL_E_PROPERTYNOTFOUND _HRESULT_TYPEDEF_(0x800A01A6) /* Property not found */
#define CTL_E_INVALIDCLIPBOARDFORMAT _HRESULT_TYPEDEF_(0x800A01CC) /* Invalid clipboard format */
#define CTL_E_INVALIDPICTURE _HRESULT_TYPEDEF_(0x800A01E1) /* Invalid picture */
#define CTL_E_PRINTERERROR _HRESULT_TYPEDEF_(0x800A01E2) /* Printer error */
#define CTL_E_CANTSAVEFILETOTEMP _HRESULT_TYPEDEF_(0x800A02DF) /* Can't save file to TEMP */
#define CTL_E_SEARCHTEXTNOTFOUND _HRESULT_TYPEDEF_(0x800A02E8) /* Search text not found */
#define CTL_E_REPLACEMENTSTOOLONG _HRESULT_TYPEDEF_(0x800A02EA) /* Replacements too long */
#define CTL_E_CUSTOM_FIRST 600

/* Persistence of properties */
#define PERSIST_E_SIZEDEFINITE _HRESULT_TYPEDEF_(0x800B0009) /* The size of the data could not be determined */
#define PERSIST_E_SIZEINDEFINITE _HRESULT_TYPEDEF_(0x800B000A) /* The size of the indefinite-sized data could not be determined */
#define PERSIST_E_NOTSELFSIZING _HRESULT_TYPEDEF_(0x800B000B) /* This object does not read and write self-sizing data */

/* Binding and object safety */
#define INET_E_INVALID_URL _HRESULT_TYPEDEF_(0x800C0002) /* The URL is invalid */
#define INET_E_UNKNOWN_PROTOCOL _HRESULT_TYPEDEF_(0x800C000D) /* The protocol is not known */

/* Win32 errors: plain numbers, made into HRESULTs by HRESULT_FROM_WIN32. */
#define ERROR_SUCCESS 0L
#define NO_ERROR 0L
#define ERROR_INVALID_FUNCTION 1L
#define ERROR_FILE_NOT_FOUND 2L
#define ERROR_PATH_NOT_FOUND 3L
#define ERROR_TOO_MANY_OPEN_FILES 4L
#define ERROR_ACCESS_DENIED 5L
#define ERROR_INVALID_HANDLE 6L
#define ERROR_NOT_ENOUGH_MEMORY 8L
#define ERROR_BAD_ENVIRONMENT 10L
#define ERROR_BAD_FORMAT 11L
#define ERROR_INVALID_ACCESS 12L
#define ERROR_INVALID_DATA 13L
#define ERROR_OUTOFMEMORY 14L
#define ERROR_INVALID_DRIVE 15L
#define ERROR_CURRENT_DIRECTORY 16L
#define ERROR_NOT_SAME_DEVICE 17L
#define ERROR_NO_MORE_FILES 18L
#define ERROR_WRITE_PROTECT 19L
#define ERROR_NOT_READY 21L
#define ERROR_SEEK 25L
#define ERROR_WRITE_FAULT 29L
#define ERROR_READ_FAULT 30L
#define ERROR_GEN_FAILURE 31L
#define ERROR_SHARING_VIOLATION 32L
#define ERROR_LOCK_VIOLATION 33L
#define ERROR_HANDLE_EOF 38L
#define ERROR_HANDLE_DISK_FULL 39L
#define ERROR_NOT_SUPPORTED 50L
#define ERROR_FILE_EXISTS 80L
#define ERROR_CANNOT_MAKE 82L
#define ERROR_INVALID_PARAMETER 87L
#define ERROR_BROKEN_PIPE 109L
#define ERROR_OPEN_FAILED 110L
#define ERROR_BUFFER_OVERFLOW 111L
#define ERROR_DISK_FULL 112L
#define ERROR_CALL_NOT_IMPLEMENTED 120L
#define ERROR_SEM_TIMEOUT 121L
#define ERROR_INSUFFICIENT_BUFFER 122L
#define ERROR_INVALID_NAME 123L
#define ERROR_MOD_NOT_FOUND 126L
#define ERROR_PROC_NOT_FOUND 127L
#define ERROR_DIR_NOT_EMPTY 145L
#define ERROR_BAD_PATHNAME 161L
#define ERROR_BUSY 170L
#define ERROR_ALREADY_EXISTS 183L
#define ERROR_BAD_EXE_FORMAT 193L
#define ERROR_FILENAME_EXCED_RANGE 206L
#define ERROR_MORE_DATA 234L
#define ERROR_NO_MORE_ITEMS 259L
#define ERROR_DIRECTORY 267L
#define ERROR_INVALID_ADDRESS 487L
#define ERROR_ARITHMETIC_OVERFLOW 534L
#define ERROR_OPERATION_ABORTED 995L
#define ERROR_IO_PENDING 997L
#define ERROR_NOACCESS 998L
#define ERROR_STACK_OVERFLOW 1001L
#define ERROR_INVALID_FLAGS 1004L
#define ERROR_FILE_INVALID 1006L
#define ERROR_BADDB 1009L
#define ERROR_BADKEY 1010L
#define ERROR_CANTOPEN 1011L
#define ERROR_CANTREAD 1012L
#define ERROR_CANTWRITE 1013L
#define ERROR_REGISTRY_CORRUPT 1015L
#define ERROR_KEY_DELETED 1018L
#define ERROR_NO_UNICODE_TRANSLATION 1113L
#define ERROR_DLL_INIT_FAILED 1114L
#define ERROR_SHUTDOWN_IN_PROGRESS 1115L
#define ERROR_POSSIBLE_DEADLOCK 1131L
#define ERROR_NOT_FOUND 1168L
#define ERROR_CANCELLED 1223L
#define ERROR_CONNECTION_REFUSED 1225L
#define ERROR_NOT_AUTHENTICATED 1244L
#define ERROR_LOGON_FAILURE 1326L
#define ERROR_NO_SYSTEM_RESOURCES 1450L
#define ERROR_TIMEOUT 1460L
#define ERROR_UNKNOWN_REVISION 1305L
#define ERROR_RESOURCE_DATA_NOT_FOUND 1812L
#define ERROR_RESOURCE_TYPE_NOT_FOUND 1813L
#define ERROR_RESOURCE_NAME_NOT_FOUND 1814L
#define ERROR_RESOURCE_LANG_NOT_FOUND 1815L
#define ERROR_INVALID_STATE 5023L

#define RPC_S_OK ERROR_SUCCESS
#define RPC_S_INVALID_STRING_BINDING 1700L
#define RPC_S_WRONG_KIND_OF_BINDING 1701L
#define RPC_S_INVALID_BINDING 1702L
#define RPC_S_PROTSEQ_NOT_SUPPORTED 1703L
#define RPC_S_INVALID_RPC_PROTSEQ 1704L
#define RPC_S_INVALID_STRING_UUID 1705L
#define RPC_S_INVALID_ENDPOINT_FORMAT 1706L
#define RPC_S_INVALID_NET_ADDR 1707L
#define RPC_S_NO_ENDPOINT_FOUND 1708L
#define RPC_S_UNKNOWN_IF 1717L
#define RPC_S_SERVER_UNAVAILABLE 1722L
#define RPC_S_SERVER_TOO_BUSY 1723L
#define RPC_S_CALL_FAILED 1726L
#define RPC_S_CALL_FAILED_DNE 1727L
#define RPC_S_PROTOCOL_ERROR 1728L
#define RPC_S_UNSUPPORTED_TRANS_SYN 1730L
#define RPC_S_UNSUPPORTED_TYPE 1732L
#define RPC_S_INVALID_TAG 1733L
#define RPC_S_INVALID_BOUND 1734L
#define RPC_S_UNKNOWN_AUTHN_SERVICE 1747L
#define RPC_S_UNKNOWN_AUTHN_LEVEL 1748L
#define RPC_S_PROCNUM_OUT_OF_RANGE 1745L
#define RPC_S_SEC_PKG_ERROR 1825L
#define RPC_S_CALL_CANCELLED 1818L
#define RPC_X_SS_IN_NULL_CONTEXT 1775L
#define RPC_X_NULL_REF_POINTER 1780L
#define RPC_X_ENUM_VALUE_OUT_OF_RANGE 1781L
#define RPC_X_BYTE_COUNT_TOO_SMALL 1782L
#define RPC_X_BAD_STUB_DATA 1783L

#endif
