/* Persistence, monikers, binding, the running object table, message filters, storages and data transfer.
 * Made by interfaces/generate.lua from objidl.h.in; do not edit. */
#ifndef OLEANDER_OBJIDL_H
#define OLEANDER_OBJIDL_H

#include <objidlbase.h>
#include <wtypes.h>

typedef struct IMoniker IMoniker;
typedef struct IBindCtx IBindCtx;
typedef struct IRunningObjectTable IRunningObjectTable;
typedef struct IEnumMoniker IEnumMoniker;
typedef struct IStorage IStorage;
typedef struct IEnumSTATSTG IEnumSTATSTG;
typedef struct IEnumSTATDATA IEnumSTATDATA;
typedef struct IEnumFORMATETC IEnumFORMATETC;
typedef struct IAdviseSink IAdviseSink;

/* Binding */

typedef struct tagBIND_OPTS {
    DWORD cbStruct;
    DWORD grfFlags;
    DWORD grfMode;
    DWORD dwTickCountDeadline;
} BIND_OPTS, *LPBIND_OPTS;

#ifdef __cplusplus
typedef struct tagBIND_OPTS2 : tagBIND_OPTS {
    DWORD dwTrackFlags;
    DWORD dwClassContext;
    LCID locale;
    COSERVERINFO *pServerInfo;
} BIND_OPTS2, *LPBIND_OPTS2;
typedef struct tagBIND_OPTS3 : tagBIND_OPTS2 {
    HWND hwnd;
} BIND_OPTS3, *LPBIND_OPTS3;
#else
typedef struct tagBIND_OPTS2 {
    DWORD cbStruct;
    DWORD grfFlags;
    DWORD grfMode;
    DWORD dwTickCountDeadline;
    DWORD dwTrackFlags;
    DWORD dwClassContext;
    LCID locale;
    COSERVERINFO *pServerInfo;
} BIND_OPTS2, *LPBIND_OPTS2;
typedef struct tagBIND_OPTS3 {
    DWORD cbStruct;
    DWORD grfFlags;
    DWORD grfMode;
    DWORD dwTickCountDeadline;
    DWORD dwTrackFlags;
    DWORD dwClassContext;
    LCID locale;
    COSERVERINFO *pServerInfo;
    HWND hwnd;
} BIND_OPTS3, *LPBIND_OPTS3;
#endif

typedef enum tagBIND_FLAGS { BIND_MAYBOTHERUSER = 1, BIND_JUSTTESTEXISTENCE = 2 } BIND_FLAGS;

OLEANDER_DATA(const IID, IID_IBindCtx);
typedef struct IBindCtx IBindCtx;
#ifndef __IBindCtx_INTERFACE_DEFINED__
#define __IBindCtx_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("0000000E-0000-0000-C000-000000000046")
IBindCtx : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE RegisterObjectBound(IUnknown *punk) = 0;
    virtual HRESULT STDMETHODCALLTYPE RevokeObjectBound(IUnknown *punk) = 0;
    virtual HRESULT STDMETHODCALLTYPE ReleaseBoundObjects() = 0;
    virtual HRESULT STDMETHODCALLTYPE SetBindOptions(BIND_OPTS *pbindopts) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetBindOptions(BIND_OPTS *pbindopts) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetRunningObjectTable(IRunningObjectTable **pprot) = 0;
    virtual HRESULT STDMETHODCALLTYPE RegisterObjectParam(LPOLESTR pszKey, IUnknown *punk) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetObjectParam(LPOLESTR pszKey, IUnknown **ppunk) = 0;
    virtual HRESULT STDMETHODCALLTYPE EnumObjectParam(IEnumString **ppenum) = 0;
    virtual HRESULT STDMETHODCALLTYPE RevokeObjectParam(LPOLESTR pszKey) = 0;
};
__CRT_UUID_DECL(IBindCtx, 0x0000000e, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IBindCtxVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IBindCtx *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IBindCtx *This);
    ULONG (STDMETHODCALLTYPE *Release)(IBindCtx *This);
    HRESULT (STDMETHODCALLTYPE *RegisterObjectBound)(IBindCtx *This, IUnknown *punk);
    HRESULT (STDMETHODCALLTYPE *RevokeObjectBound)(IBindCtx *This, IUnknown *punk);
    HRESULT (STDMETHODCALLTYPE *ReleaseBoundObjects)(IBindCtx *This);
    HRESULT (STDMETHODCALLTYPE *SetBindOptions)(IBindCtx *This, BIND_OPTS *pbindopts);
    HRESULT (STDMETHODCALLTYPE *GetBindOptions)(IBindCtx *This, BIND_OPTS *pbindopts);
    HRESULT (STDMETHODCALLTYPE *GetRunningObjectTable)(IBindCtx *This, IRunningObjectTable **pprot);
    HRESULT (STDMETHODCALLTYPE *RegisterObjectParam)(IBindCtx *This, LPOLESTR pszKey, IUnknown *punk);
    HRESULT (STDMETHODCALLTYPE *GetObjectParam)(IBindCtx *This, LPOLESTR pszKey, IUnknown **ppunk);
    HRESULT (STDMETHODCALLTYPE *EnumObjectParam)(IBindCtx *This, IEnumString **ppenum);
    HRESULT (STDMETHODCALLTYPE *RevokeObjectParam)(IBindCtx *This, LPOLESTR pszKey);
} IBindCtxVtbl;
struct IBindCtx {
    CONST_VTBL IBindCtxVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IBindCtx_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IBindCtx_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IBindCtx_Release(This) ((This)->lpVtbl->Release(This))
#define IBindCtx_RegisterObjectBound(This, punk) ((This)->lpVtbl->RegisterObjectBound(This, punk))
#define IBindCtx_RevokeObjectBound(This, punk) ((This)->lpVtbl->RevokeObjectBound(This, punk))
#define IBindCtx_ReleaseBoundObjects(This) ((This)->lpVtbl->ReleaseBoundObjects(This))
#define IBindCtx_SetBindOptions(This, pbindopts) ((This)->lpVtbl->SetBindOptions(This, pbindopts))
#define IBindCtx_GetBindOptions(This, pbindopts) ((This)->lpVtbl->GetBindOptions(This, pbindopts))
#define IBindCtx_GetRunningObjectTable(This, pprot) ((This)->lpVtbl->GetRunningObjectTable(This, pprot))
#define IBindCtx_RegisterObjectParam(This, pszKey, punk) ((This)->lpVtbl->RegisterObjectParam(This, pszKey, punk))
#define IBindCtx_GetObjectParam(This, pszKey, ppunk) ((This)->lpVtbl->GetObjectParam(This, pszKey, ppunk))
#define IBindCtx_EnumObjectParam(This, ppenum) ((This)->lpVtbl->EnumObjectParam(This, ppenum))
#define IBindCtx_RevokeObjectParam(This, pszKey) ((This)->lpVtbl->RevokeObjectParam(This, pszKey))
#endif
#endif
#endif
typedef IBindCtx *LPBINDCTX;
typedef IBindCtx *LPBC;

OLEANDER_DATA(const IID, IID_IEnumMoniker);
typedef struct IEnumMoniker IEnumMoniker;
#ifndef __IEnumMoniker_INTERFACE_DEFINED__
#define __IEnumMoniker_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("00000102-0000-0000-C000-000000000046")
IEnumMoniker : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE Next(ULONG celt, IMoniker **rgelt, ULONG *pceltFetched) = 0;
    virtual HRESULT STDMETHODCALLTYPE Skip(ULONG celt) = 0;
    virtual HRESULT STDMETHODCALLTYPE Reset() = 0;
    virtual HRESULT STDMETHODCALLTYPE Clone(IEnumMoniker **ppenum) = 0;
};
__CRT_UUID_DECL(IEnumMoniker, 0x00000102, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IEnumMonikerVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IEnumMoniker *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IEnumMoniker *This);
    ULONG (STDMETHODCALLTYPE *Release)(IEnumMoniker *This);
    HRESULT (STDMETHODCALLTYPE *Next)(IEnumMoniker *This, ULONG celt, IMoniker **rgelt, ULONG *pceltFetched);
    HRESULT (STDMETHODCALLTYPE *Skip)(IEnumMoniker *This, ULONG celt);
    HRESULT (STDMETHODCALLTYPE *Reset)(IEnumMoniker *This);
    HRESULT (STDMETHODCALLTYPE *Clone)(IEnumMoniker *This, IEnumMoniker **ppenum);
} IEnumMonikerVtbl;
struct IEnumMoniker {
    CONST_VTBL IEnumMonikerVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IEnumMoniker_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IEnumMoniker_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IEnumMoniker_Release(This) ((This)->lpVtbl->Release(This))
#define IEnumMoniker_Next(This, celt, rgelt, pceltFetched) ((This)->lpVtbl->Next(This, celt, rgelt, pceltFetched))
#define IEnumMoniker_Skip(This, celt) ((This)->lpVtbl->Skip(This, celt))
#define IEnumMoniker_Reset(This) ((This)->lpVtbl->Reset(This))
#define IEnumMoniker_Clone(This, ppenum) ((This)->lpVtbl->Clone(This, ppenum))
#endif
#endif
#endif
typedef IEnumMoniker *LPENUMMONIKER;

OLEANDER_DATA(const IID, IID_IRunningObjectTable);
typedef struct IRunningObjectTable IRunningObjectTable;
#ifndef __IRunningObjectTable_INTERFACE_DEFINED__
#define __IRunningObjectTable_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("00000010-0000-0000-C000-000000000046")
IRunningObjectTable : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE Register(DWORD grfFlags, IUnknown *punkObject, IMoniker *pmkObjectName,
        DWORD *pdwRegister) = 0;
    virtual HRESULT STDMETHODCALLTYPE Revoke(DWORD dwRegister) = 0;
    virtual HRESULT STDMETHODCALLTYPE IsRunning(IMoniker *pmkObjectName) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetObject(IMoniker *pmkObjectName, IUnknown **ppunkObject) = 0;
    virtual HRESULT STDMETHODCALLTYPE NoteChangeTime(DWORD dwRegister, FILETIME *pfiletime) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetTimeOfLastChange(IMoniker *pmkObjectName, FILETIME *pfiletime) = 0;
    virtual HRESULT STDMETHODCALLTYPE EnumRunning(IEnumMoniker **ppenumMoniker) = 0;
};
__CRT_UUID_DECL(IRunningObjectTable, 0x00000010, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IRunningObjectTableVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IRunningObjectTable *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IRunningObjectTable *This);
    ULONG (STDMETHODCALLTYPE *Release)(IRunningObjectTable *This);
    HRESULT (STDMETHODCALLTYPE *Register)(IRunningObjectTable *This, DWORD grfFlags, IUnknown *punkObject,
        IMoniker *pmkObjectName, DWORD *pdwRegister);
    HRESULT (STDMETHODCALLTYPE *Revoke)(IRunningObjectTable *This, DWORD dwRegister);
    HRESULT (STDMETHODCALLTYPE *IsRunning)(IRunningObjectTable *This, IMoniker *pmkObjectName);
    HRESULT (STDMETHODCALLTYPE *GetObject)(IRunningObjectTable *This, IMoniker *pmkObjectName,
        IUnknown **ppunkObject);
    HRESULT (STDMETHODCALLTYPE *NoteChangeTime)(IRunningObjectTable *This, DWORD dwRegister, FILETIME *pfiletime);
    HRESULT (STDMETHODCALLTYPE *GetTimeOfLastChange)(IRunningObjectTable *This, IMoniker *pmkObjectName,
        FILETIME *pfiletime);
    HRESULT (STDMETHODCALLTYPE *EnumRunning)(IRunningObjectTable *This, IEnumMoniker **ppenumMoniker);
} IRunningObjectTableVtbl;
struct IRunningObjectTable {
    CONST_VTBL IRunningObjectTableVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IRunningObjectTable_QueryInterface(This, riid, ppvObject) \
    ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IRunningObjectTable_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IRunningObjectTable_Release(This) ((This)->lpVtbl->Release(This))
#define IRunningObjectTable_Register(This, grfFlags, punkObject, pmkObjectName, pdwRegister) \
    ((This)->lpVtbl->Register(This, grfFlags, punkObject, pmkObjectName, pdwRegister))
#define IRunningObjectTable_Revoke(This, dwRegister) ((This)->lpVtbl->Revoke(This, dwRegister))
#define IRunningObjectTable_IsRunning(This, pmkObjectName) ((This)->lpVtbl->IsRunning(This, pmkObjectName))
#define IRunningObjectTable_GetObject(This, pmkObjectName, ppunkObject) \
    ((This)->lpVtbl->GetObject(This, pmkObjectName, ppunkObject))
#define IRunningObjectTable_NoteChangeTime(This, dwRegister, pfiletime) \
    ((This)->lpVtbl->NoteChangeTime(This, dwRegister, pfiletime))
#define IRunningObjectTable_GetTimeOfLastChange(This, pmkObjectName, pfiletime) \
    ((This)->lpVtbl->GetTimeOfLastChange(This, pmkObjectName, pfiletime))
#define IRunningObjectTable_EnumRunning(This, ppenumMoniker) ((This)->lpVtbl->EnumRunning(This, ppenumMoniker))
#endif
#endif
#endif
typedef IRunningObjectTable *LPRUNNINGOBJECTTABLE;

#define ROTFLAGS_REGISTRATIONKEEPSALIVE 0x1
#define ROTFLAGS_ALLOWANYCLIENT 0x2

/* Persistence */

OLEANDER_DATA(const IID, IID_IPersist);
typedef struct IPersist IPersist;
#ifndef __IPersist_INTERFACE_DEFINED__
#define __IPersist_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("0000010C-0000-0000-C000-000000000046")
IPersist : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE GetClassID(CLSID *pClassID) = 0;
};
__CRT_UUID_DECL(IPersist, 0x0000010c, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IPersistVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IPersist *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IPersist *This);
    ULONG (STDMETHODCALLTYPE *Release)(IPersist *This);
    HRESULT (STDMETHODCALLTYPE *GetClassID)(IPersist *This, CLSID *pClassID);
} IPersistVtbl;
struct IPersist {
    CONST_VTBL IPersistVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IPersist_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IPersist_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IPersist_Release(This) ((This)->lpVtbl->Release(This))
#define IPersist_GetClassID(This, pClassID) ((This)->lpVtbl->GetClassID(This, pClassID))
#endif
#endif
#endif
typedef IPersist *LPPERSIST;

OLEANDER_DATA(const IID, IID_IPersistStream);
typedef struct IPersistStream IPersistStream;
#ifndef __IPersistStream_INTERFACE_DEFINED__
#define __IPersistStream_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("00000109-0000-0000-C000-000000000046")
IPersistStream : public IPersist {
    virtual HRESULT STDMETHODCALLTYPE IsDirty() = 0;
    virtual HRESULT STDMETHODCALLTYPE Load(IStream *pStm) = 0;
    virtual HRESULT STDMETHODCALLTYPE Save(IStream *pStm, BOOL fClearDirty) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetSizeMax(ULARGE_INTEGER *pcbSize) = 0;
};
__CRT_UUID_DECL(IPersistStream, 0x00000109, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IPersistStreamVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IPersistStream *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IPersistStream *This);
    ULONG (STDMETHODCALLTYPE *Release)(IPersistStream *This);
    HRESULT (STDMETHODCALLTYPE *GetClassID)(IPersistStream *This, CLSID *pClassID);
    HRESULT (STDMETHODCALLTYPE *IsDirty)(IPersistStream *This);
    HRESULT (STDMETHODCALLTYPE *Load)(IPersistStream *This, IStream *pStm);
    HRESULT (STDMETHODCALLTYPE *Save)(IPersistStream *This, IStream *pStm, BOOL fClearDirty);
    HRESULT (STDMETHODCALLTYPE *GetSizeMax)(IPersistStream *This, ULARGE_INTEGER *pcbSize);
} IPersistStreamVtbl;
struct IPersistStream {
    CONST_VTBL IPersistStreamVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IPersistStream_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IPersistStream_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IPersistStream_Release(This) ((This)->lpVtbl->Release(This))
#define IPersistStream_GetClassID(This, pClassID) ((This)->lpVtbl->GetClassID(This, pClassID))
#define IPersistStream_IsDirty(This) ((This)->lpVtbl->IsDirty(This))
#define IPersistStream_Load(This, pStm) ((This)->lpVtbl->Load(This, pStm))
#define IPersistStream_Save(This, pStm, fClearDirty) ((This)->lpVtbl->Save(This, pStm, fClearDirty))
#define IPersistStream_GetSizeMax(This, pcbSize) ((This)->lpVtbl->GetSizeMax(This, pcbSize))
#endif
#endif
#endif
typedef IPersistStream *LPPERSISTSTREAM;

OLEANDER_DATA(const IID, IID_IPersistFile);
typedef struct IPersistFile IPersistFile;
#ifndef __IPersistFile_INTERFACE_DEFINED__
#define __IPersistFile_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("0000010B-0000-0000-C000-000000000046")
IPersistFile : public IPersist {
    virtual HRESULT STDMETHODCALLTYPE IsDirty() = 0;
    virtual HRESULT STDMETHODCALLTYPE Load(LPCOLESTR pszFileName, DWORD dwMode) = 0;
    virtual HRESULT STDMETHODCALLTYPE Save(LPCOLESTR pszFileName, BOOL fRemember) = 0;
    virtual HRESULT STDMETHODCALLTYPE SaveCompleted(LPCOLESTR pszFileName) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetCurFile(LPOLESTR *ppszFileName) = 0;
};
__CRT_UUID_DECL(IPersistFile, 0x0000010b, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IPersistFileVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IPersistFile *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IPersistFile *This);
    ULONG (STDMETHODCALLTYPE *Release)(IPersistFile *This);
    HRESULT (STDMETHODCALLTYPE *GetClassID)(IPersistFile *This, CLSID *pClassID);
    HRESULT (STDMETHODCALLTYPE *IsDirty)(IPersistFile *This);
    HRESULT (STDMETHODCALLTYPE *Load)(IPersistFile *This, LPCOLESTR pszFileName, DWORD dwMode);
    HRESULT (STDMETHODCALLTYPE *Save)(IPersistFile *This, LPCOLESTR pszFileName, BOOL fRemember);
    HRESULT (STDMETHODCALLTYPE *SaveCompleted)(IPersistFile *This, LPCOLESTR pszFileName);
    HRESULT (STDMETHODCALLTYPE *GetCurFile)(IPersistFile *This, LPOLESTR *ppszFileName);
} IPersistFileVtbl;
struct IPersistFile {
    CONST_VTBL IPersistFileVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IPersistFile_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IPersistFile_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IPersistFile_Release(This) ((This)->lpVtbl->Release(This))
#define IPersistFile_GetClassID(This, pClassID) ((This)->lpVtbl->GetClassID(This, pClassID))
#define IPersistFile_IsDirty(This) ((This)->lpVtbl->IsDirty(This))
#define IPersistFile_Load(This, pszFileName, dwMode) ((This)->lpVtbl->Load(This, pszFileName, dwMode))
#define IPersistFile_Save(This, pszFileName, fRemember) ((This)->lpVtbl->Save(This, pszFileName, fRemember))
#define IPersistFile_SaveCompleted(This, pszFileName) ((This)->lpVtbl->SaveCompleted(This, pszFileName))
#define IPersistFile_GetCurFile(This, ppszFileName) ((This)->lpVtbl->GetCurFile(This, ppszFileName))
#endif
#endif
#endif
typedef IPersistFile *LPPERSISTFILE;

OLEANDER_DATA(const IID, IID_IPersistStorage);
typedef struct IPersistStorage IPersistStorage;
#ifndef __IPersistStorage_INTERFACE_DEFINED__
#define __IPersistStorage_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("0000010A-0000-0000-C000-000000000046")
IPersistStorage : public IPersist {
    virtual HRESULT STDMETHODCALLTYPE IsDirty() = 0;
    virtual HRESULT STDMETHODCALLTYPE InitNew(IStorage *pStg) = 0;
    virtual HRESULT STDMETHODCALLTYPE Load(IStorage *pStg) = 0;
    virtual HRESULT STDMETHODCALLTYPE Save(IStorage *pStgSave, BOOL fSameAsLoad) = 0;
    virtual HRESULT STDMETHODCALLTYPE SaveCompleted(IStorage *pStgNew) = 0;
    virtual HRESULT STDMETHODCALLTYPE HandsOffStorage() = 0;
};
__CRT_UUID_DECL(IPersistStorage, 0x0000010a, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IPersistStorageVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IPersistStorage *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IPersistStorage *This);
    ULONG (STDMETHODCALLTYPE *Release)(IPersistStorage *This);
    HRESULT (STDMETHODCALLTYPE *GetClassID)(IPersistStorage *This, CLSID *pClassID);
    HRESULT (STDMETHODCALLTYPE *IsDirty)(IPersistStorage *This);
    HRESULT (STDMETHODCALLTYPE *InitNew)(IPersistStorage *This, IStorage *pStg);
    HRESULT (STDMETHODCALLTYPE *Load)(IPersistStorage *This, IStorage *pStg);
    HRESULT (STDMETHODCALLTYPE *Save)(IPersistStorage *This, IStorage *pStgSave, BOOL fSameAsLoad);
    HRESULT (STDMETHODCALLTYPE *SaveCompleted)(IPersistStorage *This, IStorage *pStgNew);
    HRESULT (STDMETHODCALLTYPE *HandsOffStorage)(IPersistStorage *This);
} IPersistStorageVtbl;
struct IPersistStorage {
    CONST_VTBL IPersistStorageVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IPersistStorage_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IPersistStorage_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IPersistStorage_Release(This) ((This)->lpVtbl->Release(This))
#define IPersistStorage_GetClassID(This, pClassID) ((This)->lpVtbl->GetClassID(This, pClassID))
#define IPersistStorage_IsDirty(This) ((This)->lpVtbl->IsDirty(This))
#define IPersistStorage_InitNew(This, pStg) ((This)->lpVtbl->InitNew(This, pStg))
#define IPersistStorage_Load(This, pStg) ((This)->lpVtbl->Load(This, pStg))
#define IPersistStorage_Save(This, pStgSave, fSameAsLoad) ((This)->lpVtbl->Save(This, pStgSave, fSameAsLoad))
#define IPersistStorage_SaveCompleted(This, pStgNew) ((This)->lpVtbl->SaveCompleted(This, pStgNew))
#define IPersistStorage_HandsOffStorage(This) ((This)->lpVtbl->HandsOffStorage(This))
#endif
#endif
#endif
typedef IPersistStorage *LPPERSISTSTORAGE;

/* Monikers */

typedef enum tagMKSYS {
    MKSYS_NONE = 0,
    MKSYS_GENERICCOMPOSITE = 1,
    MKSYS_FILEMONIKER = 2,
    MKSYS_ANTIMONIKER = 3,
    MKSYS_ITEMMONIKER = 4,
    MKSYS_POINTERMONIKER = 5,
    MKSYS_CLASSMONIKER = 7,
    MKSYS_OBJREFMONIKER = 8,
    MKSYS_SESSIONMONIKER = 9,
    MKSYS_LUAMONIKER = 10
} MKSYS;

typedef enum tagMKREDUCE {
    MKRREDUCE_ONE = 3 << 16,
    MKRREDUCE_TOUSER = 2 << 16,
    MKRREDUCE_THROUGHUSER = 1 << 16,
    MKRREDUCE_ALL = 0
} MKRREDUCE;

/* The classes of the system monikers, as they are written into streams. */
OLEANDER_DATA(const CLSID, CLSID_FileMoniker);
OLEANDER_DATA(const CLSID, CLSID_ItemMoniker);
OLEANDER_DATA(const CLSID, CLSID_AntiMoniker);
OLEANDER_DATA(const CLSID, CLSID_PointerMoniker);
OLEANDER_DATA(const CLSID, CLSID_CompositeMoniker);
OLEANDER_DATA(const CLSID, CLSID_ClassMoniker);

OLEANDER_DATA(const IID, IID_IMoniker);
typedef struct IMoniker IMoniker;
#ifndef __IMoniker_INTERFACE_DEFINED__
#define __IMoniker_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("0000000F-0000-0000-C000-000000000046")
IMoniker : public IPersistStream {
    virtual HRESULT STDMETHODCALLTYPE BindToObject(IBindCtx *pbc, IMoniker *pmkToLeft, REFIID riidResult,
        void **ppvResult) = 0;
    virtual HRESULT STDMETHODCALLTYPE BindToStorage(IBindCtx *pbc, IMoniker *pmkToLeft, REFIID riid,
        void **ppvObj) = 0;
    virtual HRESULT STDMETHODCALLTYPE Reduce(IBindCtx *pbc, DWORD dwReduceHowFar, IMoniker **ppmkToLeft,
        IMoniker **ppmkReduced) = 0;
    virtual HRESULT STDMETHODCALLTYPE ComposeWith(IMoniker *pmkRight, BOOL fOnlyIfNotGeneric,
        IMoniker **ppmkComposite) = 0;
    virtual HRESULT STDMETHODCALLTYPE Enum(BOOL fForward, IEnumMoniker **ppenumMoniker) = 0;
    virtual HRESULT STDMETHODCALLTYPE IsEqual(IMoniker *pmkOtherMoniker) = 0;
    virtual HRESULT STDMETHODCALLTYPE Hash(DWORD *pdwHash) = 0;
    virtual HRESULT STDMETHODCALLTYPE IsRunning(IBindCtx *pbc, IMoniker *pmkToLeft, IMoniker *pmkNewlyRunning) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetTimeOfLastChange(IBindCtx *pbc, IMoniker *pmkToLeft,
        FILETIME *pFileTime) = 0;
    virtual HRESULT STDMETHODCALLTYPE Inverse(IMoniker **ppmk) = 0;
    virtual HRESULT STDMETHODCALLTYPE CommonPrefixWith(IMoniker *pmkOther, IMoniker **ppmkPrefix) = 0;
    virtual HRESULT STDMETHODCALLTYPE RelativePathTo(IMoniker *pmkOther, IMoniker **ppmkRelPath) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetDisplayName(IBindCtx *pbc, IMoniker *pmkToLeft,
        LPOLESTR *ppszDisplayName) = 0;
    virtual HRESULT STDMETHODCALLTYPE ParseDisplayName(IBindCtx *pbc, IMoniker *pmkToLeft, LPOLESTR pszDisplayName,
        ULONG *pchEaten, IMoniker **ppmkOut) = 0;
    virtual HRESULT STDMETHODCALLTYPE IsSystemMoniker(DWORD *pdwMksys) = 0;
};
__CRT_UUID_DECL(IMoniker, 0x0000000f, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IMonikerVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IMoniker *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IMoniker *This);
    ULONG (STDMETHODCALLTYPE *Release)(IMoniker *This);
    HRESULT (STDMETHODCALLTYPE *GetClassID)(IMoniker *This, CLSID *pClassID);
    HRESULT (STDMETHODCALLTYPE *IsDirty)(IMoniker *This);
    HRESULT (STDMETHODCALLTYPE *Load)(IMoniker *This, IStream *pStm);
    HRESULT (STDMETHODCALLTYPE *Save)(IMoniker *This, IStream *pStm, BOOL fClearDirty);
    HRESULT (STDMETHODCALLTYPE *GetSizeMax)(IMoniker *This, ULARGE_INTEGER *pcbSize);
    HRESULT (STDMETHODCALLTYPE *BindToObject)(IMoniker *This, IBindCtx *pbc, IMoniker *pmkToLeft, REFIID riidResult,
        void **ppvResult);
    HRESULT (STDMETHODCALLTYPE *BindToStorage)(IMoniker *This, IBindCtx *pbc, IMoniker *pmkToLeft, REFIID riid,
        void **ppvObj);
    HRESULT (STDMETHODCALLTYPE *Reduce)(IMoniker *This, IBindCtx *pbc, DWORD dwReduceHowFar, IMoniker **ppmkToLeft,
        IMoniker **ppmkReduced);
    HRESULT (STDMETHODCALLTYPE *ComposeWith)(IMoniker *This, IMoniker *pmkRight, BOOL fOnlyIfNotGeneric,
        IMoniker **ppmkComposite);
    HRESULT (STDMETHODCALLTYPE *Enum)(IMoniker *This, BOOL fForward, IEnumMoniker **ppenumMoniker);
    HRESULT (STDMETHODCALLTYPE *IsEqual)(IMoniker *This, IMoniker *pmkOtherMoniker);
    HRESULT (STDMETHODCALLTYPE *Hash)(IMoniker *This, DWORD *pdwHash);
    HRESULT (STDMETHODCALLTYPE *IsRunning)(IMoniker *This, IBindCtx *pbc, IMoniker *pmkToLeft,
        IMoniker *pmkNewlyRunning);
    HRESULT (STDMETHODCALLTYPE *GetTimeOfLastChange)(IMoniker *This, IBindCtx *pbc, IMoniker *pmkToLeft,
        FILETIME *pFileTime);
    HRESULT (STDMETHODCALLTYPE *Inverse)(IMoniker *This, IMoniker **ppmk);
    HRESULT (STDMETHODCALLTYPE *CommonPrefixWith)(IMoniker *This, IMoniker *pmkOther, IMoniker **ppmkPrefix);
    HRESULT (STDMETHODCALLTYPE *RelativePathTo)(IMoniker *This, IMoniker *pmkOther, IMoniker **ppmkRelPath);
    HRESULT (STDMETHODCALLTYPE *GetDisplayName)(IMoniker *This, IBindCtx *pbc, IMoniker *pmkToLeft,
        LPOLESTR *ppszDisplayName);
    HRESULT (STDMETHODCALLTYPE *ParseDisplayName)(IMoniker *This, IBindCtx *pbc, IMoniker *pmkToLeft,
        LPOLESTR pszDisplayName, ULONG *pchEaten, IMoniker **ppmkOut);
    HRESULT (STDMETHODCALLTYPE *IsSystemMoniker)(IMoniker *This, DWORD *pdwMksys);
} IMonikerVtbl;
struct IMoniker {
    CONST_VTBL IMonikerVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IMoniker_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IMoniker_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IMoniker_Release(This) ((This)->lpVtbl->Release(This))
#define IMoniker_GetClassID(This, pClassID) ((This)->lpVtbl->GetClassID(This, pClassID))
#define IMoniker_IsDirty(This) ((This)->lpVtbl->IsDirty(This))
#define IMoniker_Load(This, pStm) ((This)->lpVtbl->Load(This, pStm))
#define IMoniker_Save(This, pStm, fClearDirty) ((This)->lpVtbl->Save(This, pStm, fClearDirty))
#define IMoniker_GetSizeMax(This, pcbSize) ((This)->lpVtbl->GetSizeMax(This, pcbSize))
#define IMoniker_BindToObject(This, pbc, pmkToLeft, riidResult, ppvResult) \
    ((This)->lpVtbl->BindToObject(This, pbc, pmkToLeft, riidResult, ppvResult))
#define IMoniker_BindToStorage(This, pbc, pmkToLeft, riid, ppvObj) \
    ((This)->lpVtbl->BindToStorage(This, pbc, pmkToLeft, riid, ppvObj))
#define IMoniker_Reduce(This, pbc, dwReduceHowFar, ppmkToLeft, ppmkReduced) \
    ((This)->lpVtbl->Reduce(This, pbc, dwReduceHowFar, ppmkToLeft, ppmkReduced))
#define IMoniker_ComposeWith(This, pmkRight, fOnlyIfNotGeneric, ppmkComposite) \
    ((This)->lpVtbl->ComposeWith(This, pmkRight, fOnlyIfNotGeneric, ppmkComposite))
#define IMoniker_Enum(This, fForward, ppenumMoniker) ((This)->lpVtbl->Enum(This, fForward, ppenumMoniker))
#define IMoniker_IsEqual(This, pmkOtherMoniker) ((This)->lpVtbl->IsEqual(This, pmkOtherMoniker))
#define IMoniker_Hash(This, pdwHash) ((This)->lpVtbl->Hash(This, pdwHash))
#define IMoniker_IsRunning(This, pbc, pmkToLeft, pmkNewlyRunning) \
    ((This)->lpVtbl->IsRunning(This, pbc, pmkToLeft, pmkNewlyRunning))
#define IMoniker_GetTimeOfLastChange(This, pbc, pmkToLeft, pFileTime) \
    ((This)->lpVtbl->GetTimeOfLastChange(This, pbc, pmkToLeft, pFileTime))
#define IMoniker_Inverse(This, ppmk) ((This)->lpVtbl->Inverse(This, ppmk))
#define IMoniker_CommonPrefixWith(This, pmkOther, ppmkPrefix) \
    ((This)->lpVtbl->CommonPrefixWith(This, pmkOther, ppmkPrefix))
#define IMoniker_RelativePathTo(This, pmkOther, ppmkRelPath) \
    ((This)->lpVtbl->RelativePathTo(This, pmkOther, ppmkRelPath))
#define IMoniker_GetDisplayName(This, pbc, pmkToLeft, ppszDisplayName) \
    ((This)->lpVtbl->GetDisplayName(This, pbc, pmkToLeft, ppszDisplayName))
#define IMoniker_ParseDisplayName(This, pbc, pmkToLeft, pszDisplayName, pchEaten, ppmkOut) \
    ((This)->lpVtbl->ParseDisplayName(This, pbc, pmkToLeft, pszDisplayName, pchEaten, ppmkOut))
#define IMoniker_IsSystemMoniker(This, pdwMksys) ((This)->lpVtbl->IsSystemMoniker(This, pdwMksys))
#endif
#endif
#endif
typedef IMoniker *LPMONIKER;

OLEANDER_DATA(const IID, IID_IROTData);
typedef struct IROTData IROTData;
#ifndef __IROTData_INTERFACE_DEFINED__
#define __IROTData_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("F29F6BC0-5021-11CE-AA15-00006901293F")
IROTData : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE GetComparisonData(BYTE *pbData, ULONG cbMax, ULONG *pcbData) = 0;
};
__CRT_UUID_DECL(IROTData, 0xf29f6bc0, 0x5021, 0x11ce, 0xaa, 0x15, 0x00, 0x00, 0x69, 0x01, 0x29, 0x3f)
#else
typedef struct IROTDataVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IROTData *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IROTData *This);
    ULONG (STDMETHODCALLTYPE *Release)(IROTData *This);
    HRESULT (STDMETHODCALLTYPE *GetComparisonData)(IROTData *This, BYTE *pbData, ULONG cbMax, ULONG *pcbData);
} IROTDataVtbl;
struct IROTData {
    CONST_VTBL IROTDataVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IROTData_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IROTData_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IROTData_Release(This) ((This)->lpVtbl->Release(This))
#define IROTData_GetComparisonData(This, pbData, cbMax, pcbData) \
    ((This)->lpVtbl->GetComparisonData(This, pbData, cbMax, pcbData))
#endif
#endif
#endif

/* Storages */

typedef LPOLESTR *SNB; /* a list of names that ends with NULL */

typedef struct tagRemSNB {
    ULONG ulCntStr;
    ULONG ulCntChar;
    OLECHAR rgString[1];
} RemSNB, *wireSNB;

OLEANDER_DATA(const IID, IID_IEnumSTATSTG);
typedef struct IEnumSTATSTG IEnumSTATSTG;
#ifndef __IEnumSTATSTG_INTERFACE_DEFINED__
#define __IEnumSTATSTG_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("0000000D-0000-0000-C000-000000000046")
IEnumSTATSTG : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE Next(ULONG celt, STATSTG *rgelt, ULONG *pceltFetched) = 0;
    virtual HRESULT STDMETHODCALLTYPE Skip(ULONG celt) = 0;
    virtual HRESULT STDMETHODCALLTYPE Reset() = 0;
    virtual HRESULT STDMETHODCALLTYPE Clone(IEnumSTATSTG **ppenum) = 0;
};
__CRT_UUID_DECL(IEnumSTATSTG, 0x0000000d, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IEnumSTATSTGVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IEnumSTATSTG *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IEnumSTATSTG *This);
    ULONG (STDMETHODCALLTYPE *Release)(IEnumSTATSTG *This);
    HRESULT (STDMETHODCALLTYPE *Next)(IEnumSTATSTG *This, ULONG celt, STATSTG *rgelt, ULONG *pceltFetched);
    HRESULT (STDMETHODCALLTYPE *Skip)(IEnumSTATSTG *This, ULONG celt);
    HRESULT (STDMETHODCALLTYPE *Reset)(IEnumSTATSTG *This);
    HRESULT (STDMETHODCALLTYPE *Clone)(IEnumSTATSTG *This, IEnumSTATSTG **ppenum);
} IEnumSTATSTGVtbl;
struct IEnumSTATSTG {
    CONST_VTBL IEnumSTATSTGVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IEnumSTATSTG_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IEnumSTATSTG_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IEnumSTATSTG_Release(This) ((This)->lpVtbl->Release(This))
#define IEnumSTATSTG_Next(This, celt, rgelt, pceltFetched) ((This)->lpVtbl->Next(This, celt, rgelt, pceltFetched))
#define IEnumSTATSTG_Skip(This, celt) ((This)->lpVtbl->Skip(This, celt))
#define IEnumSTATSTG_Reset(This) ((This)->lpVtbl->Reset(This))
#define IEnumSTATSTG_Clone(This, ppenum) ((This)->lpVtbl->Clone(This, ppenum))
#endif
#endif
#endif
typedef IEnumSTATSTG *LPENUMSTATSTG;

OLEANDER_DATA(const IID, IID_IStorage);
typedef struct IStorage IStorage;
#ifndef __IStorage_INTERFACE_DEFINED__
#define __IStorage_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("0000000B-0000-0000-C000-000000000046")
IStorage : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE CreateStream(const OLECHAR *pwcsName, DWORD grfMode, DWORD reserved1,
        DWORD reserved2, IStream **ppstm) = 0;
    virtual HRESULT STDMETHODCALLTYPE OpenStream(const OLECHAR *pwcsName, void *reserved1, DWORD grfMode,
        DWORD reserved2, IStream **ppstm) = 0;
    virtual HRESULT STDMETHODCALLTYPE CreateStorage(const OLECHAR *pwcsName, DWORD grfMode, DWORD reserved1,
        DWORD reserved2, IStorage **ppstg) = 0;
    virtual HRESULT STDMETHODCALLTYPE OpenStorage(const OLECHAR *pwcsName, IStorage *pstgPriority, DWORD grfMode,
        SNB snbExclude, DWORD reserved, IStorage **ppstg) = 0;
    virtual HRESULT STDMETHODCALLTYPE CopyTo(DWORD ciidExclude, const IID *rgiidExclude, SNB snbExclude,
        IStorage *pstgDest) = 0;
    virtual HRESULT STDMETHODCALLTYPE MoveElementTo(const OLECHAR *pwcsName, IStorage *pstgDest,
        const OLECHAR *pwcsNewName, DWORD grfFlags) = 0;
    virtual HRESULT STDMETHODCALLTYPE Commit(DWORD grfCommitFlags) = 0;
    virtual HRESULT STDMETHODCALLTYPE Revert() = 0;
    virtual HRESULT STDMETHODCALLTYPE EnumElements(DWORD reserved1, void *reserved2, DWORD reserved3,
        IEnumSTATSTG **ppenum) = 0;
    virtual HRESULT STDMETHODCALLTYPE DestroyElement(const OLECHAR *pwcsName) = 0;
    virtual HRESULT STDMETHODCALLTYPE RenameElement(const OLECHAR *pwcsOldName, const OLECHAR *pwcsNewName) = 0;
    virtual HRESULT STDMETHODCALLTYPE SetElementTimes(const OLECHAR *pwcsName, const FILETIME *pctime,
        const FILETIME *patime, const FILETIME *pmtime) = 0;
    virtual HRESULT STDMETHODCALLTYPE SetClass(REFCLSID clsid) = 0;
    virtual HRESULT STDMETHODCALLTYPE SetStateBits(DWORD grfStateBits, DWORD grfMask) = 0;
    virtual HRESULT STDMETHODCALLTYPE Stat(STATSTG *pstatstg, DWORD grfStatFlag) = 0;
};
__CRT_UUID_DECL(IStorage, 0x0000000b, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IStorageVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IStorage *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IStorage *This);
    ULONG (STDMETHODCALLTYPE *Release)(IStorage *This);
    HRESULT (STDMETHODCALLTYPE *CreateStream)(IStorage *This, const OLECHAR *pwcsName, DWORD grfMode,
        DWORD reserved1, DWORD reserved2, IStream **ppstm);
    HRESULT (STDMETHODCALLTYPE *OpenStream)(IStorage *This, const OLECHAR *pwcsName, void *reserved1, DWORD grfMode,
        DWORD reserved2, IStream **ppstm);
    HRESULT (STDMETHODCALLTYPE *CreateStorage)(IStorage *This, const OLECHAR *pwcsName, DWORD grfMode,
        DWORD reserved1, DWORD reserved2, IStorage **ppstg);
    HRESULT (STDMETHODCALLTYPE *OpenStorage)(IStorage *This, const OLECHAR *pwcsName, IStorage *pstgPriority,
        DWORD grfMode, SNB snbExclude, DWORD reserved, IStorage **ppstg);
    HRESULT (STDMETHODCALLTYPE *CopyTo)(IStorage *This, DWORD ciidExclude, const IID *rgiidExclude, SNB snbExclude,
        IStorage *pstgDest);
    HRESULT (STDMETHODCALLTYPE *MoveElementTo)(IStorage *This, const OLECHAR *pwcsName, IStorage *pstgDest,
        const OLECHAR *pwcsNewName, DWORD grfFlags);
    HRESULT (STDMETHODCALLTYPE *Commit)(IStorage *This, DWORD grfCommitFlags);
    HRESULT (STDMETHODCALLTYPE *Revert)(IStorage *This);
    HRESULT (STDMETHODCALLTYPE *EnumElements)(IStorage *This, DWORD reserved1, void *reserved2, DWORD reserved3,
        IEnumSTATSTG **ppenum);
    HRESULT (STDMETHODCALLTYPE *DestroyElement)(IStorage *This, const OLECHAR *pwcsName);
    HRESULT (STDMETHODCALLTYPE *RenameElement)(IStorage *This, const OLECHAR *pwcsOldName,
        const OLECHAR *pwcsNewName);
    HRESULT (STDMETHODCALLTYPE *SetElementTimes)(IStorage *This, const OLECHAR *pwcsName, const FILETIME *pctime,
        const FILETIME *patime, const FILETIME *pmtime);
    HRESULT (STDMETHODCALLTYPE *SetClass)(IStorage *This, REFCLSID clsid);
    HRESULT (STDMETHODCALLTYPE *SetStateBits)(IStorage *This, DWORD grfStateBits, DWORD grfMask);
    HRESULT (STDMETHODCALLTYPE *Stat)(IStorage *This, STATSTG *pstatstg, DWORD grfStatFlag);
} IStorageVtbl;
struct IStorage {
    CONST_VTBL IStorageVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IStorage_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IStorage_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IStorage_Release(This) ((This)->lpVtbl->Release(This))
#define IStorage_CreateStream(This, pwcsName, grfMode, reserved1, reserved2, ppstm) \
    ((This)->lpVtbl->CreateStream(This, pwcsName, grfMode, reserved1, reserved2, ppstm))
#define IStorage_OpenStream(This, pwcsName, reserved1, grfMode, reserved2, ppstm) \
    ((This)->lpVtbl->OpenStream(This, pwcsName, reserved1, grfMode, reserved2, ppstm))
#define IStorage_CreateStorage(This, pwcsName, grfMode, reserved1, reserved2, ppstg) \
    ((This)->lpVtbl->CreateStorage(This, pwcsName, grfMode, reserved1, reserved2, ppstg))
#define IStorage_OpenStorage(This, pwcsName, pstgPriority, grfMode, snbExclude, reserved, ppstg) \
    ((This)->lpVtbl->OpenStorage(This, pwcsName, pstgPriority, grfMode, snbExclude, reserved, ppstg))
#define IStorage_CopyTo(This, ciidExclude, rgiidExclude, snbExclude, pstgDest) \
    ((This)->lpVtbl->CopyTo(This, ciidExclude, rgiidExclude, snbExclude, pstgDest))
#define IStorage_MoveElementTo(This, pwcsName, pstgDest, pwcsNewName, grfFlags) \
    ((This)->lpVtbl->MoveElementTo(This, pwcsName, pstgDest, pwcsNewName, grfFlags))
#define IStorage_Commit(This, grfCommitFlags) ((This)->lpVtbl->Commit(This, grfCommitFlags))
#define IStorage_Revert(This) ((This)->lpVtbl->Revert(This))
#define IStorage_EnumElements(This, reserved1, reserved2, reserved3, ppenum) \
    ((This)->lpVtbl->EnumElements(This, reserved1, reserved2, reserved3, ppenum))
#define IStorage_DestroyElement(This, pwcsName) ((This)->lpVtbl->DestroyElement(This, pwcsName))
#define IStorage_RenameElement(This, pwcsOldName, pwcsNewName) \
    ((This)->lpVtbl->RenameElement(This, pwcsOldName, pwcsNewName))
#define IStorage_SetElementTimes(This, pwcsName, pctime, patime, pmtime) \
    ((This)->lpVtbl->SetElementTimes(This, pwcsName, pctime, patime, pmtime))
#define IStorage_SetClass(This, clsid) ((This)->lpVtbl->SetClass(This, clsid))
#define IStorage_SetStateBits(This, grfStateBits, grfMask) ((This)->lpVtbl->SetStateBits(This, grfStateBits, grfMask))
#define IStorage_Stat(This, pstatstg, grfStatFlag) ((This)->lpVtbl->Stat(This, pstatstg, grfStatFlag))
#endif
#endif
#endif
typedef IStorage *LPSTORAGE;

OLEANDER_DATA(const IID, IID_IRootStorage);
typedef struct IRootStorage IRootStorage;
#ifndef __IRootStorage_INTERFACE_DEFINED__
#define __IRootStorage_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("00000012-0000-0000-C000-000000000046")
IRootStorage : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE SwitchToFile(LPOLESTR pszFile) = 0;
};
__CRT_UUID_DECL(IRootStorage, 0x00000012, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IRootStorageVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IRootStorage *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IRootStorage *This);
    ULONG (STDMETHODCALLTYPE *Release)(IRootStorage *This);
    HRESULT (STDMETHODCALLTYPE *SwitchToFile)(IRootStorage *This, LPOLESTR pszFile);
} IRootStorageVtbl;
struct IRootStorage {
    CONST_VTBL IRootStorageVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IRootStorage_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IRootStorage_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IRootStorage_Release(This) ((This)->lpVtbl->Release(This))
#define IRootStorage_SwitchToFile(This, pszFile) ((This)->lpVtbl->SwitchToFile(This, pszFile))
#endif
#endif
#endif
typedef IRootStorage *LPROOTSTORAGE;

OLEANDER_DATA(const IID, IID_ILockBytes);
typedef struct ILockBytes ILockBytes;
#ifndef __ILockBytes_INTERFACE_DEFINED__
#define __ILockBytes_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("0000000A-0000-0000-C000-000000000046")
ILockBytes : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE ReadAt(ULARGE_INTEGER ulOffset, void *pv, ULONG cb, ULONG *pcbRead) = 0;
    virtual HRESULT STDMETHODCALLTYPE WriteAt(ULARGE_INTEGER ulOffset, const void *pv, ULONG cb,
        ULONG *pcbWritten) = 0;
    virtual HRESULT STDMETHODCALLTYPE Flush() = 0;
    virtual HRESULT STDMETHODCALLTYPE SetSize(ULARGE_INTEGER cb) = 0;
    virtual HRESULT STDMETHODCALLTYPE LockRegion(ULARGE_INTEGER libOffset, ULARGE_INTEGER cb, DWORD dwLockType) = 0;
    virtual HRESULT STDMETHODCALLTYPE UnlockRegion(ULARGE_INTEGER libOffset, ULARGE_INTEGER cb, DWORD dwLockType) = 0;
    virtual HRESULT STDMETHODCALLTYPE Stat(STATSTG *pstatstg, DWORD grfStatFlag) = 0;
};
__CRT_UUID_DECL(ILockBytes, 0x0000000a, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct ILockBytesVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(ILockBytes *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(ILockBytes *This);
    ULONG (STDMETHODCALLTYPE *Release)(ILockBytes *This);
    HRESULT (STDMETHODCALLTYPE *ReadAt)(ILockBytes *This, ULARGE_INTEGER ulOffset, void *pv, ULONG cb,
        ULONG *pcbRead);
    HRESULT (STDMETHODCALLTYPE *WriteAt)(ILockBytes *This, ULARGE_INTEGER ulOffset, const void *pv, ULONG cb,
        ULONG *pcbWritten);
    HRESULT (STDMETHODCALLTYPE *Flush)(ILockBytes *This);
    HRESULT (STDMETHODCALLTYPE *SetSize)(ILockBytes *This, ULARGE_INTEGER cb);
    HRESULT (STDMETHODCALLTYPE *LockRegion)(ILockBytes *This, ULARGE_INTEGER libOffset, ULARGE_INTEGER cb,
        DWORD dwLockType);
    HRESULT (STDMETHODCALLTYPE *UnlockRegion)(ILockBytes *This, ULARGE_INTEGER libOffset, ULARGE_INTEGER cb,
        DWORD dwLockType);
    HRESULT (STDMETHODCALLTYPE *Stat)(ILockBytes *This, STATSTG *pstatstg, DWORD grfStatFlag);
} ILockBytesVtbl;
struct ILockBytes {
    CONST_VTBL ILockBytesVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define ILockBytes_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define ILockBytes_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define ILockBytes_Release(This) ((This)->lpVtbl->Release(This))
#define ILockBytes_ReadAt(This, ulOffset, pv, cb, pcbRead) ((This)->lpVtbl->ReadAt(This, ulOffset, pv, cb, pcbRead))
#define ILockBytes_WriteAt(This, ulOffset, pv, cb, pcbWritten) \
    ((This)->lpVtbl->WriteAt(This, ulOffset, pv, cb, pcbWritten))
#define ILockBytes_Flush(This) ((This)->lpVtbl->Flush(This))
#define ILockBytes_SetSize(This, cb) ((This)->lpVtbl->SetSize(This, cb))
#define ILockBytes_LockRegion(This, libOffset, cb, dwLockType) \
    ((This)->lpVtbl->LockRegion(This, libOffset, cb, dwLockType))
#define ILockBytes_UnlockRegion(This, libOffset, cb, dwLockType) \
    ((This)->lpVtbl->UnlockRegion(This, libOffset, cb, dwLockType))
#define ILockBytes_Stat(This, pstatstg, grfStatFlag) ((This)->lpVtbl->Stat(This, pstatstg, grfStatFlag))
#endif
#endif
#endif
typedef ILockBytes *LPLOCKBYTES;

/* Message filter */

typedef enum tagSERVERCALL { SERVERCALL_ISHANDLED = 0, SERVERCALL_REJECTED = 1, SERVERCALL_RETRYLATER = 2 } SERVERCALL;
typedef enum tagCALLTYPE {
    CALLTYPE_TOPLEVEL = 1,
    CALLTYPE_NESTED = 2,
    CALLTYPE_ASYNC = 3,
    CALLTYPE_TOPLEVEL_CALLPENDING = 4,
    CALLTYPE_ASYNC_CALLPENDING = 5
} CALLTYPE;
typedef enum tagPENDINGTYPE { PENDINGTYPE_TOPLEVEL = 1, PENDINGTYPE_NESTED = 2 } PENDINGTYPE;
typedef enum tagPENDINGMSG {
    PENDINGMSG_CANCELCALL = 0,
    PENDINGMSG_WAITNOPROCESS = 1,
    PENDINGMSG_WAITDEFPROCESS = 2
} PENDINGMSG;

typedef struct tagINTERFACEINFO {
    IUnknown *pUnk;
    IID iid;
    WORD wMethod;
} INTERFACEINFO, *LPINTERFACEINFO;

OLEANDER_DATA(const IID, IID_IMessageFilter);
typedef struct IMessageFilter IMessageFilter;
#ifndef __IMessageFilter_INTERFACE_DEFINED__
#define __IMessageFilter_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("00000016-0000-0000-C000-000000000046")
IMessageFilter : public IUnknown {
    virtual DWORD STDMETHODCALLTYPE HandleInComingCall(DWORD dwCallType, HTASK htaskCaller, DWORD dwTickCount,
        INTERFACEINFO *lpInterfaceInfo) = 0;
    virtual DWORD STDMETHODCALLTYPE RetryRejectedCall(HTASK htaskCallee, DWORD dwTickCount, DWORD dwRejectType) = 0;
    virtual DWORD STDMETHODCALLTYPE MessagePending(HTASK htaskCallee, DWORD dwTickCount, DWORD dwPendingType) = 0;
};
__CRT_UUID_DECL(IMessageFilter, 0x00000016, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IMessageFilterVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IMessageFilter *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IMessageFilter *This);
    ULONG (STDMETHODCALLTYPE *Release)(IMessageFilter *This);
    DWORD (STDMETHODCALLTYPE *HandleInComingCall)(IMessageFilter *This, DWORD dwCallType, HTASK htaskCaller,
        DWORD dwTickCount, INTERFACEINFO *lpInterfaceInfo);
    DWORD (STDMETHODCALLTYPE *RetryRejectedCall)(IMessageFilter *This, HTASK htaskCallee, DWORD dwTickCount,
        DWORD dwRejectType);
    DWORD (STDMETHODCALLTYPE *MessagePending)(IMessageFilter *This, HTASK htaskCallee, DWORD dwTickCount,
        DWORD dwPendingType);
} IMessageFilterVtbl;
struct IMessageFilter {
    CONST_VTBL IMessageFilterVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IMessageFilter_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IMessageFilter_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IMessageFilter_Release(This) ((This)->lpVtbl->Release(This))
#define IMessageFilter_HandleInComingCall(This, dwCallType, htaskCaller, dwTickCount, lpInterfaceInfo) \
    ((This)->lpVtbl->HandleInComingCall(This, dwCallType, htaskCaller, dwTickCount, lpInterfaceInfo))
#define IMessageFilter_RetryRejectedCall(This, htaskCallee, dwTickCount, dwRejectType) \
    ((This)->lpVtbl->RetryRejectedCall(This, htaskCallee, dwTickCount, dwRejectType))
#define IMessageFilter_MessagePending(This, htaskCallee, dwTickCount, dwPendingType) \
    ((This)->lpVtbl->MessagePending(This, htaskCallee, dwTickCount, dwPendingType))
#endif
#endif
#endif
typedef IMessageFilter *LPMESSAGEFILTER;

/* Data transfer */

typedef struct tagDVTARGETDEVICE {
    DWORD tdSize;
    WORD tdDriverNameOffset;
    WORD tdDeviceNameOffset;
    WORD tdPortNameOffset;
    WORD tdExtDevmodeOffset;
    BYTE tdData[1];
} DVTARGETDEVICE;

typedef struct tagFORMATETC {
    CLIPFORMAT cfFormat;
    DVTARGETDEVICE *ptd;
    DWORD dwAspect;
    LONG lindex;
    DWORD tymed;
} FORMATETC, *LPFORMATETC;

typedef enum tagADVF {
    ADVF_NODATA = 1,
    ADVF_PRIMEFIRST = 2,
    ADVF_ONLYONCE = 4,
    ADVF_DATAONSTOP = 64,
    ADVFCACHE_NOHANDLER = 8,
    ADVFCACHE_FORCEBUILTIN = 16,
    ADVFCACHE_ONSAVE = 32
} ADVF;

typedef struct tagSTATDATA {
    FORMATETC formatetc;
    DWORD advf;
    IAdviseSink *pAdvSink;
    DWORD dwConnection;
} STATDATA, *LPSTATDATA;

typedef enum tagTYMED {
    TYMED_HGLOBAL = 1,
    TYMED_FILE = 2,
    TYMED_ISTREAM = 4,
    TYMED_ISTORAGE = 8,
    TYMED_GDI = 16,
    TYMED_MFPICT = 32,
    TYMED_ENHMF = 64,
    TYMED_NULL = 0
} TYMED;

typedef struct tagSTGMEDIUM {
    DWORD tymed;
    __extension__ union {
        HBITMAP hBitmap;
        HMETAFILEPICT hMetaFilePict;
        HENHMETAFILE hEnhMetaFile;
        HGLOBAL hGlobal;
        LPOLESTR lpszFileName;
        IStream *pstm;
        IStorage *pstg;
    };
    IUnknown *pUnkForRelease;
} uSTGMEDIUM, STGMEDIUM, *LPSTGMEDIUM;

typedef enum tagDATADIR { DATADIR_GET = 1, DATADIR_SET = 2 } DATADIR;

OLEANDER_DATA(const IID, IID_IEnumFORMATETC);
typedef struct IEnumFORMATETC IEnumFORMATETC;
#ifndef __IEnumFORMATETC_INTERFACE_DEFINED__
#define __IEnumFORMATETC_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("00000103-0000-0000-C000-000000000046")
IEnumFORMATETC : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE Next(ULONG celt, FORMATETC *rgelt, ULONG *pceltFetched) = 0;
    virtual HRESULT STDMETHODCALLTYPE Skip(ULONG celt) = 0;
    virtual HRESULT STDMETHODCALLTYPE Reset() = 0;
    virtual HRESULT STDMETHODCALLTYPE Clone(IEnumFORMATETC **ppenum) = 0;
};
__CRT_UUID_DECL(IEnumFORMATETC, 0x00000103, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IEnumFORMATETCVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IEnumFORMATETC *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IEnumFORMATETC *This);
    ULONG (STDMETHODCALLTYPE *Release)(IEnumFORMATETC *This);
    HRESULT (STDMETHODCALLTYPE *Next)(IEnumFORMATETC *This, ULONG celt, FORMATETC *rgelt, ULONG *pceltFetched);
    HRESULT (STDMETHODCALLTYPE *Skip)(IEnumFORMATETC *This, ULONG celt);
    HRESULT (STDMETHODCALLTYPE *Reset)(IEnumFORMATETC *This);
    HRESULT (STDMETHODCALLTYPE *Clone)(IEnumFORMATETC *This, IEnumFORMATETC **ppenum);
} IEnumFORMATETCVtbl;
struct IEnumFORMATETC {
    CONST_VTBL IEnumFORMATETCVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IEnumFORMATETC_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IEnumFORMATETC_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IEnumFORMATETC_Release(This) ((This)->lpVtbl->Release(This))
#define IEnumFORMATETC_Next(This, celt, rgelt, pceltFetched) ((This)->lpVtbl->Next(This, celt, rgelt, pceltFetched))
#define IEnumFORMATETC_Skip(This, celt) ((This)->lpVtbl->Skip(This, celt))
#define IEnumFORMATETC_Reset(This) ((This)->lpVtbl->Reset(This))
#define IEnumFORMATETC_Clone(This, ppenum) ((This)->lpVtbl->Clone(This, ppenum))
#endif
#endif
#endif
typedef IEnumFORMATETC *LPENUMFORMATETC;

OLEANDER_DATA(const IID, IID_IEnumSTATDATA);
typedef struct IEnumSTATDATA IEnumSTATDATA;
#ifndef __IEnumSTATDATA_INTERFACE_DEFINED__
#define __IEnumSTATDATA_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("00000105-0000-0000-C000-000000000046")
IEnumSTATDATA : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE Next(ULONG celt, STATDATA *rgelt, ULONG *pceltFetched) = 0;
    virtual HRESULT STDMETHODCALLTYPE Skip(ULONG celt) = 0;
    virtual HRESULT STDMETHODCALLTYPE Reset() = 0;
    virtual HRESULT STDMETHODCALLTYPE Clone(IEnumSTATDATA **ppenum) = 0;
};
__CRT_UUID_DECL(IEnumSTATDATA, 0x00000105, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IEnumSTATDATAVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IEnumSTATDATA *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IEnumSTATDATA *This);
    ULONG (STDMETHODCALLTYPE *Release)(IEnumSTATDATA *This);
    HRESULT (STDMETHODCALLTYPE *Next)(IEnumSTATDATA *This, ULONG celt, STATDATA *rgelt, ULONG *pceltFetched);
    HRESULT (STDMETHODCALLTYPE *Skip)(IEnumSTATDATA *This, ULONG celt);
    HRESULT (STDMETHODCALLTYPE *Reset)(IEnumSTATDATA *This);
    HRESULT (STDMETHODCALLTYPE *Clone)(IEnumSTATDATA *This, IEnumSTATDATA **ppenum);
} IEnumSTATDATAVtbl;
struct IEnumSTATDATA {
    CONST_VTBL IEnumSTATDATAVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IEnumSTATDATA_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IEnumSTATDATA_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IEnumSTATDATA_Release(This) ((This)->lpVtbl->Release(This))
#define IEnumSTATDATA_Next(This, celt, rgelt, pceltFetched) ((This)->lpVtbl->Next(This, celt, rgelt, pceltFetched))
#define IEnumSTATDATA_Skip(This, celt) ((This)->lpVtbl->Skip(This, celt))
#define IEnumSTATDATA_Reset(This) ((This)->lpVtbl->Reset(This))
#define IEnumSTATDATA_Clone(This, ppenum) ((This)->lpVtbl->Clone(This, ppenum))
#endif
#endif
#endif
typedef IEnumSTATDATA *LPENUMSTATDATA;

OLEANDER_DATA(const IID, IID_IAdviseSink);
typedef struct IAdviseSink IAdviseSink;
#ifndef __IAdviseSink_INTERFACE_DEFINED__
#define __IAdviseSink_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("0000010F-0000-0000-C000-000000000046")
IAdviseSink : public IUnknown {
    virtual void STDMETHODCALLTYPE OnDataChange(FORMATETC *pFormatetc, STGMEDIUM *pStgmed) = 0;
    virtual void STDMETHODCALLTYPE OnViewChange(DWORD dwAspect, LONG lindex) = 0;
    virtual void STDMETHODCALLTYPE OnRename(IMoniker *pmk) = 0;
    virtual void STDMETHODCALLTYPE OnSave() = 0;
    virtual void STDMETHODCALLTYPE OnClose() = 0;
};
__CRT_UUID_DECL(IAdviseSink, 0x0000010f, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IAdviseSinkVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IAdviseSink *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IAdviseSink *This);
    ULONG (STDMETHODCALLTYPE *Release)(IAdviseSink *This);
    void (STDMETHODCALLTYPE *OnDataChange)(IAdviseSink *This, FORMATETC *pFormatetc, STGMEDIUM *pStgmed);
    void (STDMETHODCALLTYPE *OnViewChange)(IAdviseSink *This, DWORD dwAspect, LONG lindex);
    void (STDMETHODCALLTYPE *OnRename)(IAdviseSink *This, IMoniker *pmk);
    void (STDMETHODCALLTYPE *OnSave)(IAdviseSink *This);
    void (STDMETHODCALLTYPE *OnClose)(IAdviseSink *This);
} IAdviseSinkVtbl;
struct IAdviseSink {
    CONST_VTBL IAdviseSinkVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IAdviseSink_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IAdviseSink_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IAdviseSink_Release(This) ((This)->lpVtbl->Release(This))
#define IAdviseSink_OnDataChange(This, pFormatetc, pStgmed) ((This)->lpVtbl->OnDataChange(This, pFormatetc, pStgmed))
#define IAdviseSink_OnViewChange(This, dwAspect, lindex) ((This)->lpVtbl->OnViewChange(This, dwAspect, lindex))
#define IAdviseSink_OnRename(This, pmk) ((This)->lpVtbl->OnRename(This, pmk))
#define IAdviseSink_OnSave(This) ((This)->lpVtbl->OnSave(This))
#define IAdviseSink_OnClose(This) ((This)->lpVtbl->OnClose(This))
#endif
#endif
#endif
typedef IAdviseSink *LPADVISESINK;

OLEANDER_DATA(const IID, IID_IAdviseSink2);
typedef struct IAdviseSink2 IAdviseSink2;
#ifndef __IAdviseSink2_INTERFACE_DEFINED__
#define __IAdviseSink2_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("00000125-0000-0000-C000-000000000046")
IAdviseSink2 : public IAdviseSink {
    virtual void STDMETHODCALLTYPE OnLinkSrcChange(IMoniker *pmk) = 0;
};
__CRT_UUID_DECL(IAdviseSink2, 0x00000125, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IAdviseSink2Vtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IAdviseSink2 *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IAdviseSink2 *This);
    ULONG (STDMETHODCALLTYPE *Release)(IAdviseSink2 *This);
    void (STDMETHODCALLTYPE *OnDataChange)(IAdviseSink2 *This, FORMATETC *pFormatetc, STGMEDIUM *pStgmed);
    void (STDMETHODCALLTYPE *OnViewChange)(IAdviseSink2 *This, DWORD dwAspect, LONG lindex);
    void (STDMETHODCALLTYPE *OnRename)(IAdviseSink2 *This, IMoniker *pmk);
    void (STDMETHODCALLTYPE *OnSave)(IAdviseSink2 *This);
    void (STDMETHODCALLTYPE *OnClose)(IAdviseSink2 *This);
    void (STDMETHODCALLTYPE *OnLinkSrcChange)(IAdviseSink2 *This, IMoniker *pmk);
} IAdviseSink2Vtbl;
struct IAdviseSink2 {
    CONST_VTBL IAdviseSink2Vtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IAdviseSink2_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IAdviseSink2_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IAdviseSink2_Release(This) ((This)->lpVtbl->Release(This))
#define IAdviseSink2_OnDataChange(This, pFormatetc, pStgmed) ((This)->lpVtbl->OnDataChange(This, pFormatetc, pStgmed))
#define IAdviseSink2_OnViewChange(This, dwAspect, lindex) ((This)->lpVtbl->OnViewChange(This, dwAspect, lindex))
#define IAdviseSink2_OnRename(This, pmk) ((This)->lpVtbl->OnRename(This, pmk))
#define IAdviseSink2_OnSave(This) ((This)->lpVtbl->OnSave(This))
#define IAdviseSink2_OnClose(This) ((This)->lpVtbl->OnClose(This))
#define IAdviseSink2_OnLinkSrcChange(This, pmk) ((This)->lpVtbl->OnLinkSrcChange(This, pmk))
#endif
#endif
#endif
typedef IAdviseSink2 *LPADVISESINK2;

OLEANDER_DATA(const IID, IID_IDataObject);
typedef struct IDataObject IDataObject;
#ifndef __IDataObject_INTERFACE_DEFINED__
#define __IDataObject_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("0000010E-0000-0000-C000-000000000046")
IDataObject : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE GetData(FORMATETC *pformatetcIn, STGMEDIUM *pmedium) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetDataHere(FORMATETC *pformatetc, STGMEDIUM *pmedium) = 0;
    virtual HRESULT STDMETHODCALLTYPE QueryGetData(FORMATETC *pformatetc) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetCanonicalFormatEtc(FORMATETC *pformatectIn, FORMATETC *pformatetcOut) = 0;
    virtual HRESULT STDMETHODCALLTYPE SetData(FORMATETC *pformatetc, STGMEDIUM *pmedium, BOOL fRelease) = 0;
    virtual HRESULT STDMETHODCALLTYPE EnumFormatEtc(DWORD dwDirection, IEnumFORMATETC **ppenumFormatEtc) = 0;
    virtual HRESULT STDMETHODCALLTYPE DAdvise(FORMATETC *pformatetc, DWORD advf, IAdviseSink *pAdvSink,
        DWORD *pdwConnection) = 0;
    virtual HRESULT STDMETHODCALLTYPE DUnadvise(DWORD dwConnection) = 0;
    virtual HRESULT STDMETHODCALLTYPE EnumDAdvise(IEnumSTATDATA **ppenumAdvise) = 0;
};
__CRT_UUID_DECL(IDataObject, 0x0000010e, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IDataObjectVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IDataObject *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IDataObject *This);
    ULONG (STDMETHODCALLTYPE *Release)(IDataObject *This);
    HRESULT (STDMETHODCALLTYPE *GetData)(IDataObject *This, FORMATETC *pformatetcIn, STGMEDIUM *pmedium);
    HRESULT (STDMETHODCALLTYPE *GetDataHere)(IDataObject *This, FORMATETC *pformatetc, STGMEDIUM *pmedium);
    HRESULT (STDMETHODCALLTYPE *QueryGetData)(IDataObject *This, FORMATETC *pformatetc);
    HRESULT (STDMETHODCALLTYPE *GetCanonicalFormatEtc)(IDataObject *This, FORMATETC *pformatectIn,
        FORMATETC *pformatetcOut);
    HRESULT (STDMETHODCALLTYPE *SetData)(IDataObject *This, FORMATETC *pformatetc, STGMEDIUM *pmedium, BOOL fRelease);
    HRESULT (STDMETHODCALLTYPE *EnumFormatEtc)(IDataObject *This, DWORD dwDirection,
        IEnumFORMATETC **ppenumFormatEtc);
    HRESULT (STDMETHODCALLTYPE *DAdvise)(IDataObject *This, FORMATETC *pformatetc, DWORD advf, IAdviseSink *pAdvSink,
        DWORD *pdwConnection);
    HRESULT (STDMETHODCALLTYPE *DUnadvise)(IDataObject *This, DWORD dwConnection);
    HRESULT (STDMETHODCALLTYPE *EnumDAdvise)(IDataObject *This, IEnumSTATDATA **ppenumAdvise);
} IDataObjectVtbl;
struct IDataObject {
    CONST_VTBL IDataObjectVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IDataObject_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IDataObject_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IDataObject_Release(This) ((This)->lpVtbl->Release(This))
#define IDataObject_GetData(This, pformatetcIn, pmedium) ((This)->lpVtbl->GetData(This, pformatetcIn, pmedium))
#define IDataObject_GetDataHere(This, pformatetc, pmedium) ((This)->lpVtbl->GetDataHere(This, pformatetc, pmedium))
#define IDataObject_QueryGetData(This, pformatetc) ((This)->lpVtbl->QueryGetData(This, pformatetc))
#define IDataObject_GetCanonicalFormatEtc(This, pformatectIn, pformatetcOut) \
    ((This)->lpVtbl->GetCanonicalFormatEtc(This, pformatectIn, pformatetcOut))
#define IDataObject_SetData(This, pformatetc, pmedium, fRelease) \
    ((This)->lpVtbl->SetData(This, pformatetc, pmedium, fRelease))
#define IDataObject_EnumFormatEtc(This, dwDirection, ppenumFormatEtc) \
    ((This)->lpVtbl->EnumFormatEtc(This, dwDirection, ppenumFormatEtc))
#define IDataObject_DAdvise(This, pformatetc, advf, pAdvSink, pdwConnection) \
    ((This)->lpVtbl->DAdvise(This, pformatetc, advf, pAdvSink, pdwConnection))
#define IDataObject_DUnadvise(This, dwConnection) ((This)->lpVtbl->DUnadvise(This, dwConnection))
#define IDataObject_EnumDAdvise(This, ppenumAdvise) ((This)->lpVtbl->EnumDAdvise(This, ppenumAdvise))
#endif
#endif
#endif
typedef IDataObject *LPDATAOBJECT;

OLEANDER_DATA(const IID, IID_IDataAdviseHolder);
typedef struct IDataAdviseHolder IDataAdviseHolder;
#ifndef __IDataAdviseHolder_INTERFACE_DEFINED__
#define __IDataAdviseHolder_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("00000110-0000-0000-C000-000000000046")
IDataAdviseHolder : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE Advise(IDataObject *pDataObject, FORMATETC *pFetc, DWORD advf,
        IAdviseSink *pAdvise, DWORD *pdwConnection) = 0;
    virtual HRESULT STDMETHODCALLTYPE Unadvise(DWORD dwConnection) = 0;
    virtual HRESULT STDMETHODCALLTYPE EnumAdvise(IEnumSTATDATA **ppenumAdvise) = 0;
    virtual HRESULT STDMETHODCALLTYPE SendOnDataChange(IDataObject *pDataObject, DWORD dwReserved, DWORD advf) = 0;
};
__CRT_UUID_DECL(IDataAdviseHolder, 0x00000110, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IDataAdviseHolderVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IDataAdviseHolder *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IDataAdviseHolder *This);
    ULONG (STDMETHODCALLTYPE *Release)(IDataAdviseHolder *This);
    HRESULT (STDMETHODCALLTYPE *Advise)(IDataAdviseHolder *This, IDataObject *pDataObject, FORMATETC *pFetc,
        DWORD advf, IAdviseSink *pAdvise, DWORD *pdwConnection);
    HRESULT (STDMETHODCALLTYPE *Unadvise)(IDataAdviseHolder *This, DWORD dwConnection);
    HRESULT (STDMETHODCALLTYPE *EnumAdvise)(IDataAdviseHolder *This, IEnumSTATDATA **ppenumAdvise);
    HRESULT (STDMETHODCALLTYPE *SendOnDataChange)(IDataAdviseHolder *This, IDataObject *pDataObject,
        DWORD dwReserved, DWORD advf);
} IDataAdviseHolderVtbl;
struct IDataAdviseHolder {
    CONST_VTBL IDataAdviseHolderVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IDataAdviseHolder_QueryInterface(This, riid, ppvObject) \
    ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IDataAdviseHolder_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IDataAdviseHolder_Release(This) ((This)->lpVtbl->Release(This))
#define IDataAdviseHolder_Advise(This, pDataObject, pFetc, advf, pAdvise, pdwConnection) \
    ((This)->lpVtbl->Advise(This, pDataObject, pFetc, advf, pAdvise, pdwConnection))
#define IDataAdviseHolder_Unadvise(This, dwConnection) ((This)->lpVtbl->Unadvise(This, dwConnection))
#define IDataAdviseHolder_EnumAdvise(This, ppenumAdvise) ((This)->lpVtbl->EnumAdvise(This, ppenumAdvise))
#define IDataAdviseHolder_SendOnDataChange(This, pDataObject, dwReserved, advf) \
    ((This)->lpVtbl->SendOnDataChange(This, pDataObject, dwReserved, advf))
#endif
#endif
#endif
typedef IDataAdviseHolder *LPDATAADVISEHOLDER;

/* Classes that are found elsewhere */

/* Told of every CoInitializeEx and CoUninitialize of a thread. What PostInitialize returns is what CoInitializeEx returns. */
OLEANDER_DATA(const IID, IID_IInitializeSpy);
typedef struct IInitializeSpy IInitializeSpy;
#ifndef __IInitializeSpy_INTERFACE_DEFINED__
#define __IInitializeSpy_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("00000034-0000-0000-C000-000000000046")
IInitializeSpy : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE PreInitialize(DWORD dwCoInit, DWORD dwCurThreadAptRefs) = 0;
    virtual HRESULT STDMETHODCALLTYPE PostInitialize(HRESULT hrCoInit, DWORD dwCoInit, DWORD dwNewThreadAptRefs) = 0;
    virtual HRESULT STDMETHODCALLTYPE PreUninitialize(DWORD dwCurThreadAptRefs) = 0;
    virtual HRESULT STDMETHODCALLTYPE PostUninitialize(DWORD dwNewThreadAptRefs) = 0;
};
__CRT_UUID_DECL(IInitializeSpy, 0x00000034, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IInitializeSpyVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IInitializeSpy *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IInitializeSpy *This);
    ULONG (STDMETHODCALLTYPE *Release)(IInitializeSpy *This);
    HRESULT (STDMETHODCALLTYPE *PreInitialize)(IInitializeSpy *This, DWORD dwCoInit, DWORD dwCurThreadAptRefs);
    HRESULT (STDMETHODCALLTYPE *PostInitialize)(IInitializeSpy *This, HRESULT hrCoInit, DWORD dwCoInit,
        DWORD dwNewThreadAptRefs);
    HRESULT (STDMETHODCALLTYPE *PreUninitialize)(IInitializeSpy *This, DWORD dwCurThreadAptRefs);
    HRESULT (STDMETHODCALLTYPE *PostUninitialize)(IInitializeSpy *This, DWORD dwNewThreadAptRefs);
} IInitializeSpyVtbl;
struct IInitializeSpy {
    CONST_VTBL IInitializeSpyVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IInitializeSpy_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IInitializeSpy_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IInitializeSpy_Release(This) ((This)->lpVtbl->Release(This))
#define IInitializeSpy_PreInitialize(This, dwCoInit, dwCurThreadAptRefs) \
    ((This)->lpVtbl->PreInitialize(This, dwCoInit, dwCurThreadAptRefs))
#define IInitializeSpy_PostInitialize(This, hrCoInit, dwCoInit, dwNewThreadAptRefs) \
    ((This)->lpVtbl->PostInitialize(This, hrCoInit, dwCoInit, dwNewThreadAptRefs))
#define IInitializeSpy_PreUninitialize(This, dwCurThreadAptRefs) \
    ((This)->lpVtbl->PreUninitialize(This, dwCurThreadAptRefs))
#define IInitializeSpy_PostUninitialize(This, dwNewThreadAptRefs) \
    ((This)->lpVtbl->PostUninitialize(This, dwNewThreadAptRefs))
#endif
#endif
#endif
typedef IInitializeSpy *LPINITIALIZESPY;

OLEANDER_DATA(const IID, IID_IClassActivator);
typedef struct IClassActivator IClassActivator;
#ifndef __IClassActivator_INTERFACE_DEFINED__
#define __IClassActivator_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("00000140-0000-0000-C000-000000000046")
IClassActivator : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE GetClassObject(REFCLSID rclsid, DWORD dwClassContext, LCID locale, REFIID riid,
        void **ppv) = 0;
};
__CRT_UUID_DECL(IClassActivator, 0x00000140, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IClassActivatorVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IClassActivator *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IClassActivator *This);
    ULONG (STDMETHODCALLTYPE *Release)(IClassActivator *This);
    HRESULT (STDMETHODCALLTYPE *GetClassObject)(IClassActivator *This, REFCLSID rclsid, DWORD dwClassContext,
        LCID locale, REFIID riid, void **ppv);
} IClassActivatorVtbl;
struct IClassActivator {
    CONST_VTBL IClassActivatorVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IClassActivator_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IClassActivator_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IClassActivator_Release(This) ((This)->lpVtbl->Release(This))
#define IClassActivator_GetClassObject(This, rclsid, dwClassContext, locale, riid, ppv) \
    ((This)->lpVtbl->GetClassObject(This, rclsid, dwClassContext, locale, riid, ppv))
#endif
#endif
#endif

OLEANDER_DATA(const IID, IID_IProgressNotify);
typedef struct IProgressNotify IProgressNotify;
#ifndef __IProgressNotify_INTERFACE_DEFINED__
#define __IProgressNotify_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("A9D758A0-4617-11CF-95FC-00AA00680DB4")
IProgressNotify : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE OnProgress(DWORD dwProgressCurrent, DWORD dwProgressMaximum, BOOL fAccurate,
        BOOL fOwner) = 0;
};
__CRT_UUID_DECL(IProgressNotify, 0xa9d758a0, 0x4617, 0x11cf, 0x95, 0xfc, 0x00, 0xaa, 0x00, 0x68, 0x0d, 0xb4)
#else
typedef struct IProgressNotifyVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IProgressNotify *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IProgressNotify *This);
    ULONG (STDMETHODCALLTYPE *Release)(IProgressNotify *This);
    HRESULT (STDMETHODCALLTYPE *OnProgress)(IProgressNotify *This, DWORD dwProgressCurrent, DWORD dwProgressMaximum,
        BOOL fAccurate, BOOL fOwner);
} IProgressNotifyVtbl;
struct IProgressNotify {
    CONST_VTBL IProgressNotifyVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IProgressNotify_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IProgressNotify_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IProgressNotify_Release(This) ((This)->lpVtbl->Release(This))
#define IProgressNotify_OnProgress(This, dwProgressCurrent, dwProgressMaximum, fAccurate, fOwner) \
    ((This)->lpVtbl->OnProgress(This, dwProgressCurrent, dwProgressMaximum, fAccurate, fOwner))
#endif
#endif
#endif

OLEANDER_DATA(const IID, IID_IBlockingLock);
typedef struct IBlockingLock IBlockingLock;
#ifndef __IBlockingLock_INTERFACE_DEFINED__
#define __IBlockingLock_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("30F3D47A-6447-11D1-8E3C-00C04FB9386D")
IBlockingLock : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE Lock(DWORD dwTimeout) = 0;
    virtual HRESULT STDMETHODCALLTYPE Unlock() = 0;
};
__CRT_UUID_DECL(IBlockingLock, 0x30f3d47a, 0x6447, 0x11d1, 0x8e, 0x3c, 0x00, 0xc0, 0x4f, 0xb9, 0x38, 0x6d)
#else
typedef struct IBlockingLockVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IBlockingLock *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IBlockingLock *This);
    ULONG (STDMETHODCALLTYPE *Release)(IBlockingLock *This);
    HRESULT (STDMETHODCALLTYPE *Lock)(IBlockingLock *This, DWORD dwTimeout);
    HRESULT (STDMETHODCALLTYPE *Unlock)(IBlockingLock *This);
} IBlockingLockVtbl;
struct IBlockingLock {
    CONST_VTBL IBlockingLockVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IBlockingLock_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IBlockingLock_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IBlockingLock_Release(This) ((This)->lpVtbl->Release(This))
#define IBlockingLock_Lock(This, dwTimeout) ((This)->lpVtbl->Lock(This, dwTimeout))
#define IBlockingLock_Unlock(This) ((This)->lpVtbl->Unlock(This))
#endif
#endif
#endif

#endif
