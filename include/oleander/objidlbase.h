/* The interfaces of COM itself: memory, enumeration, streams, marshaling, contexts, security, calls.
 * Made by interfaces/generate.lua from objidlbase.h.in; do not edit. */
#ifndef OLEANDER_OBJIDLBASE_H
#define OLEANDER_OBJIDLBASE_H

#include <unknwnbase.h>

typedef struct ISynchronize ISynchronize;
typedef struct IAsyncManager IAsyncManager;

/* Remote names and several interfaces at once */

typedef struct _COSERVERINFO {
    DWORD dwReserved1;
    LPWSTR pwszName;
    COAUTHINFO *pAuthInfo;
    DWORD dwReserved2;
} COSERVERINFO;

typedef struct tagMULTI_QI {
    const IID *pIID;
    IUnknown *pItf;
    HRESULT hr;
} MULTI_QI;

/* Memory */

OLEANDER_DATA(const IID, IID_IMalloc);
typedef struct IMalloc IMalloc;
#ifndef __IMalloc_INTERFACE_DEFINED__
#define __IMalloc_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("00000002-0000-0000-C000-000000000046")
IMalloc : public IUnknown {
    virtual void *STDMETHODCALLTYPE Alloc(SIZE_T cb) = 0;
    virtual void *STDMETHODCALLTYPE Realloc(void *pv, SIZE_T cb) = 0;
    virtual void STDMETHODCALLTYPE Free(void *pv) = 0;
    virtual SIZE_T STDMETHODCALLTYPE GetSize(void *pv) = 0;
    /* 1 if this allocator gave the block, 0 if not, -1 if that is not known. */
    virtual int STDMETHODCALLTYPE DidAlloc(void *pv) = 0;
    virtual void STDMETHODCALLTYPE HeapMinimize() = 0;
};
__CRT_UUID_DECL(IMalloc, 0x00000002, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IMallocVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IMalloc *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IMalloc *This);
    ULONG (STDMETHODCALLTYPE *Release)(IMalloc *This);
    void *(STDMETHODCALLTYPE *Alloc)(IMalloc *This, SIZE_T cb);
    void *(STDMETHODCALLTYPE *Realloc)(IMalloc *This, void *pv, SIZE_T cb);
    void (STDMETHODCALLTYPE *Free)(IMalloc *This, void *pv);
    SIZE_T (STDMETHODCALLTYPE *GetSize)(IMalloc *This, void *pv);
    /* 1 if this allocator gave the block, 0 if not, -1 if that is not known. */
    int (STDMETHODCALLTYPE *DidAlloc)(IMalloc *This, void *pv);
    void (STDMETHODCALLTYPE *HeapMinimize)(IMalloc *This);
} IMallocVtbl;
struct IMalloc {
    CONST_VTBL IMallocVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IMalloc_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IMalloc_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IMalloc_Release(This) ((This)->lpVtbl->Release(This))
#define IMalloc_Alloc(This, cb) ((This)->lpVtbl->Alloc(This, cb))
#define IMalloc_Realloc(This, pv, cb) ((This)->lpVtbl->Realloc(This, pv, cb))
#define IMalloc_Free(This, pv) ((This)->lpVtbl->Free(This, pv))
#define IMalloc_GetSize(This, pv) ((This)->lpVtbl->GetSize(This, pv))
#define IMalloc_DidAlloc(This, pv) ((This)->lpVtbl->DidAlloc(This, pv))
#define IMalloc_HeapMinimize(This) ((This)->lpVtbl->HeapMinimize(This))
#endif
#endif
#endif
typedef IMalloc *LPMALLOC;

OLEANDER_DATA(const IID, IID_IMallocSpy);
typedef struct IMallocSpy IMallocSpy;
#ifndef __IMallocSpy_INTERFACE_DEFINED__
#define __IMallocSpy_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("0000001D-0000-0000-C000-000000000046")
IMallocSpy : public IUnknown {
    virtual SIZE_T STDMETHODCALLTYPE PreAlloc(SIZE_T cbRequest) = 0;
    virtual void *STDMETHODCALLTYPE PostAlloc(void *pActual) = 0;
    virtual void *STDMETHODCALLTYPE PreFree(void *pRequest, BOOL fSpyed) = 0;
    virtual void STDMETHODCALLTYPE PostFree(BOOL fSpyed) = 0;
    virtual SIZE_T STDMETHODCALLTYPE PreRealloc(void *pRequest, SIZE_T cbRequest, void **ppNewRequest,
        BOOL fSpyed) = 0;
    virtual void *STDMETHODCALLTYPE PostRealloc(void *pActual, BOOL fSpyed) = 0;
    virtual void *STDMETHODCALLTYPE PreGetSize(void *pRequest, BOOL fSpyed) = 0;
    virtual SIZE_T STDMETHODCALLTYPE PostGetSize(SIZE_T cbActual, BOOL fSpyed) = 0;
    virtual void *STDMETHODCALLTYPE PreDidAlloc(void *pRequest, BOOL fSpyed) = 0;
    virtual int STDMETHODCALLTYPE PostDidAlloc(void *pRequest, BOOL fSpyed, int fActual) = 0;
    virtual void STDMETHODCALLTYPE PreHeapMinimize() = 0;
    virtual void STDMETHODCALLTYPE PostHeapMinimize() = 0;
};
__CRT_UUID_DECL(IMallocSpy, 0x0000001d, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IMallocSpyVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IMallocSpy *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IMallocSpy *This);
    ULONG (STDMETHODCALLTYPE *Release)(IMallocSpy *This);
    SIZE_T (STDMETHODCALLTYPE *PreAlloc)(IMallocSpy *This, SIZE_T cbRequest);
    void *(STDMETHODCALLTYPE *PostAlloc)(IMallocSpy *This, void *pActual);
    void *(STDMETHODCALLTYPE *PreFree)(IMallocSpy *This, void *pRequest, BOOL fSpyed);
    void (STDMETHODCALLTYPE *PostFree)(IMallocSpy *This, BOOL fSpyed);
    SIZE_T (STDMETHODCALLTYPE *PreRealloc)(IMallocSpy *This, void *pRequest, SIZE_T cbRequest, void **ppNewRequest,
        BOOL fSpyed);
    void *(STDMETHODCALLTYPE *PostRealloc)(IMallocSpy *This, void *pActual, BOOL fSpyed);
    void *(STDMETHODCALLTYPE *PreGetSize)(IMallocSpy *This, void *pRequest, BOOL fSpyed);
    SIZE_T (STDMETHODCALLTYPE *PostGetSize)(IMallocSpy *This, SIZE_T cbActual, BOOL fSpyed);
    void *(STDMETHODCALLTYPE *PreDidAlloc)(IMallocSpy *This, void *pRequest, BOOL fSpyed);
    int (STDMETHODCALLTYPE *PostDidAlloc)(IMallocSpy *This, void *pRequest, BOOL fSpyed, int fActual);
    void (STDMETHODCALLTYPE *PreHeapMinimize)(IMallocSpy *This);
    void (STDMETHODCALLTYPE *PostHeapMinimize)(IMallocSpy *This);
} IMallocSpyVtbl;
struct IMallocSpy {
    CONST_VTBL IMallocSpyVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IMallocSpy_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IMallocSpy_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IMallocSpy_Release(This) ((This)->lpVtbl->Release(This))
#define IMallocSpy_PreAlloc(This, cbRequest) ((This)->lpVtbl->PreAlloc(This, cbRequest))
#define IMallocSpy_PostAlloc(This, pActual) ((This)->lpVtbl->PostAlloc(This, pActual))
#define IMallocSpy_PreFree(This, pRequest, fSpyed) ((This)->lpVtbl->PreFree(This, pRequest, fSpyed))
#define IMallocSpy_PostFree(This, fSpyed) ((This)->lpVtbl->PostFree(This, fSpyed))
#define IMallocSpy_PreRealloc(This, pRequest, cbRequest, ppNewRequest, fSpyed) \
    ((This)->lpVtbl->PreRealloc(This, pRequest, cbRequest, ppNewRequest, fSpyed))
#define IMallocSpy_PostRealloc(This, pActual, fSpyed) ((This)->lpVtbl->PostRealloc(This, pActual, fSpyed))
#define IMallocSpy_PreGetSize(This, pRequest, fSpyed) ((This)->lpVtbl->PreGetSize(This, pRequest, fSpyed))
#define IMallocSpy_PostGetSize(This, cbActual, fSpyed) ((This)->lpVtbl->PostGetSize(This, cbActual, fSpyed))
#define IMallocSpy_PreDidAlloc(This, pRequest, fSpyed) ((This)->lpVtbl->PreDidAlloc(This, pRequest, fSpyed))
#define IMallocSpy_PostDidAlloc(This, pRequest, fSpyed, fActual) \
    ((This)->lpVtbl->PostDidAlloc(This, pRequest, fSpyed, fActual))
#define IMallocSpy_PreHeapMinimize(This) ((This)->lpVtbl->PreHeapMinimize(This))
#define IMallocSpy_PostHeapMinimize(This) ((This)->lpVtbl->PostHeapMinimize(This))
#endif
#endif
#endif
typedef IMallocSpy *LPMALLOCSPY;

/* Enumeration */

OLEANDER_DATA(const IID, IID_IEnumUnknown);
typedef struct IEnumUnknown IEnumUnknown;
#ifndef __IEnumUnknown_INTERFACE_DEFINED__
#define __IEnumUnknown_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("00000100-0000-0000-C000-000000000046")
IEnumUnknown : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE Next(ULONG celt, IUnknown **rgelt, ULONG *pceltFetched) = 0;
    virtual HRESULT STDMETHODCALLTYPE Skip(ULONG celt) = 0;
    virtual HRESULT STDMETHODCALLTYPE Reset() = 0;
    virtual HRESULT STDMETHODCALLTYPE Clone(IEnumUnknown **ppenum) = 0;
};
__CRT_UUID_DECL(IEnumUnknown, 0x00000100, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IEnumUnknownVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IEnumUnknown *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IEnumUnknown *This);
    ULONG (STDMETHODCALLTYPE *Release)(IEnumUnknown *This);
    HRESULT (STDMETHODCALLTYPE *Next)(IEnumUnknown *This, ULONG celt, IUnknown **rgelt, ULONG *pceltFetched);
    HRESULT (STDMETHODCALLTYPE *Skip)(IEnumUnknown *This, ULONG celt);
    HRESULT (STDMETHODCALLTYPE *Reset)(IEnumUnknown *This);
    HRESULT (STDMETHODCALLTYPE *Clone)(IEnumUnknown *This, IEnumUnknown **ppenum);
} IEnumUnknownVtbl;
struct IEnumUnknown {
    CONST_VTBL IEnumUnknownVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IEnumUnknown_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IEnumUnknown_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IEnumUnknown_Release(This) ((This)->lpVtbl->Release(This))
#define IEnumUnknown_Next(This, celt, rgelt, pceltFetched) ((This)->lpVtbl->Next(This, celt, rgelt, pceltFetched))
#define IEnumUnknown_Skip(This, celt) ((This)->lpVtbl->Skip(This, celt))
#define IEnumUnknown_Reset(This) ((This)->lpVtbl->Reset(This))
#define IEnumUnknown_Clone(This, ppenum) ((This)->lpVtbl->Clone(This, ppenum))
#endif
#endif
#endif
typedef IEnumUnknown *LPENUMUNKNOWN;

OLEANDER_DATA(const IID, IID_IEnumString);
typedef struct IEnumString IEnumString;
#ifndef __IEnumString_INTERFACE_DEFINED__
#define __IEnumString_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("00000101-0000-0000-C000-000000000046")
IEnumString : public IUnknown {
    /* The caller frees each string with CoTaskMemFree. */
    virtual HRESULT STDMETHODCALLTYPE Next(ULONG celt, LPOLESTR *rgelt, ULONG *pceltFetched) = 0;
    virtual HRESULT STDMETHODCALLTYPE Skip(ULONG celt) = 0;
    virtual HRESULT STDMETHODCALLTYPE Reset() = 0;
    virtual HRESULT STDMETHODCALLTYPE Clone(IEnumString **ppenum) = 0;
};
__CRT_UUID_DECL(IEnumString, 0x00000101, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IEnumStringVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IEnumString *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IEnumString *This);
    ULONG (STDMETHODCALLTYPE *Release)(IEnumString *This);
    /* The caller frees each string with CoTaskMemFree. */
    HRESULT (STDMETHODCALLTYPE *Next)(IEnumString *This, ULONG celt, LPOLESTR *rgelt, ULONG *pceltFetched);
    HRESULT (STDMETHODCALLTYPE *Skip)(IEnumString *This, ULONG celt);
    HRESULT (STDMETHODCALLTYPE *Reset)(IEnumString *This);
    HRESULT (STDMETHODCALLTYPE *Clone)(IEnumString *This, IEnumString **ppenum);
} IEnumStringVtbl;
struct IEnumString {
    CONST_VTBL IEnumStringVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IEnumString_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IEnumString_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IEnumString_Release(This) ((This)->lpVtbl->Release(This))
#define IEnumString_Next(This, celt, rgelt, pceltFetched) ((This)->lpVtbl->Next(This, celt, rgelt, pceltFetched))
#define IEnumString_Skip(This, celt) ((This)->lpVtbl->Skip(This, celt))
#define IEnumString_Reset(This) ((This)->lpVtbl->Reset(This))
#define IEnumString_Clone(This, ppenum) ((This)->lpVtbl->Clone(This, ppenum))
#endif
#endif
#endif
typedef IEnumString *LPENUMSTRING;

/* Streams */

OLEANDER_DATA(const IID, IID_ISequentialStream);
typedef struct ISequentialStream ISequentialStream;
#ifndef __ISequentialStream_INTERFACE_DEFINED__
#define __ISequentialStream_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("0C733A30-2A1C-11CE-ADE5-00AA0044773D")
ISequentialStream : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE Read(void *pv, ULONG cb, ULONG *pcbRead) = 0;
    virtual HRESULT STDMETHODCALLTYPE Write(const void *pv, ULONG cb, ULONG *pcbWritten) = 0;
};
__CRT_UUID_DECL(ISequentialStream, 0x0c733a30, 0x2a1c, 0x11ce, 0xad, 0xe5, 0x00, 0xaa, 0x00, 0x44, 0x77, 0x3d)
#else
typedef struct ISequentialStreamVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(ISequentialStream *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(ISequentialStream *This);
    ULONG (STDMETHODCALLTYPE *Release)(ISequentialStream *This);
    HRESULT (STDMETHODCALLTYPE *Read)(ISequentialStream *This, void *pv, ULONG cb, ULONG *pcbRead);
    HRESULT (STDMETHODCALLTYPE *Write)(ISequentialStream *This, const void *pv, ULONG cb, ULONG *pcbWritten);
} ISequentialStreamVtbl;
struct ISequentialStream {
    CONST_VTBL ISequentialStreamVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define ISequentialStream_QueryInterface(This, riid, ppvObject) \
    ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define ISequentialStream_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define ISequentialStream_Release(This) ((This)->lpVtbl->Release(This))
#define ISequentialStream_Read(This, pv, cb, pcbRead) ((This)->lpVtbl->Read(This, pv, cb, pcbRead))
#define ISequentialStream_Write(This, pv, cb, pcbWritten) ((This)->lpVtbl->Write(This, pv, cb, pcbWritten))
#endif
#endif
#endif

typedef struct tagSTATSTG {
    LPOLESTR pwcsName;
    DWORD type;
    ULARGE_INTEGER cbSize;
    FILETIME mtime;
    FILETIME ctime;
    FILETIME atime;
    DWORD grfMode;
    DWORD grfLocksSupported;
    CLSID clsid;
    DWORD grfStateBits;
    DWORD reserved;
} STATSTG;

typedef enum tagSTGTY { STGTY_STORAGE = 1, STGTY_STREAM = 2, STGTY_LOCKBYTES = 3, STGTY_PROPERTY = 4 } STGTY;
typedef enum tagSTREAM_SEEK { STREAM_SEEK_SET = 0, STREAM_SEEK_CUR = 1, STREAM_SEEK_END = 2 } STREAM_SEEK;
/* glibc's <fcntl.h> has a macro of that name. */
#undef LOCK_WRITE
typedef enum tagLOCKTYPE { LOCK_WRITE = 1, LOCK_EXCLUSIVE = 2, LOCK_ONLYONCE = 4 } LOCKTYPE;

OLEANDER_DATA(const IID, IID_IStream);
typedef struct IStream IStream;
#ifndef __IStream_INTERFACE_DEFINED__
#define __IStream_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("0000000C-0000-0000-C000-000000000046")
IStream : public ISequentialStream {
    virtual HRESULT STDMETHODCALLTYPE Seek(LARGE_INTEGER dlibMove, DWORD dwOrigin,
        ULARGE_INTEGER *plibNewPosition) = 0;
    virtual HRESULT STDMETHODCALLTYPE SetSize(ULARGE_INTEGER libNewSize) = 0;
    virtual HRESULT STDMETHODCALLTYPE CopyTo(IStream *pstm, ULARGE_INTEGER cb, ULARGE_INTEGER *pcbRead,
        ULARGE_INTEGER *pcbWritten) = 0;
    virtual HRESULT STDMETHODCALLTYPE Commit(DWORD grfCommitFlags) = 0;
    virtual HRESULT STDMETHODCALLTYPE Revert() = 0;
    virtual HRESULT STDMETHODCALLTYPE LockRegion(ULARGE_INTEGER libOffset, ULARGE_INTEGER cb, DWORD dwLockType) = 0;
    virtual HRESULT STDMETHODCALLTYPE UnlockRegion(ULARGE_INTEGER libOffset, ULARGE_INTEGER cb, DWORD dwLockType) = 0;
    virtual HRESULT STDMETHODCALLTYPE Stat(STATSTG *pstatstg, DWORD grfStatFlag) = 0;
    virtual HRESULT STDMETHODCALLTYPE Clone(IStream **ppstm) = 0;
};
__CRT_UUID_DECL(IStream, 0x0000000c, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IStreamVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IStream *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IStream *This);
    ULONG (STDMETHODCALLTYPE *Release)(IStream *This);
    HRESULT (STDMETHODCALLTYPE *Read)(IStream *This, void *pv, ULONG cb, ULONG *pcbRead);
    HRESULT (STDMETHODCALLTYPE *Write)(IStream *This, const void *pv, ULONG cb, ULONG *pcbWritten);
    HRESULT (STDMETHODCALLTYPE *Seek)(IStream *This, LARGE_INTEGER dlibMove, DWORD dwOrigin,
        ULARGE_INTEGER *plibNewPosition);
    HRESULT (STDMETHODCALLTYPE *SetSize)(IStream *This, ULARGE_INTEGER libNewSize);
    HRESULT (STDMETHODCALLTYPE *CopyTo)(IStream *This, IStream *pstm, ULARGE_INTEGER cb, ULARGE_INTEGER *pcbRead,
        ULARGE_INTEGER *pcbWritten);
    HRESULT (STDMETHODCALLTYPE *Commit)(IStream *This, DWORD grfCommitFlags);
    HRESULT (STDMETHODCALLTYPE *Revert)(IStream *This);
    HRESULT (STDMETHODCALLTYPE *LockRegion)(IStream *This, ULARGE_INTEGER libOffset, ULARGE_INTEGER cb,
        DWORD dwLockType);
    HRESULT (STDMETHODCALLTYPE *UnlockRegion)(IStream *This, ULARGE_INTEGER libOffset, ULARGE_INTEGER cb,
        DWORD dwLockType);
    HRESULT (STDMETHODCALLTYPE *Stat)(IStream *This, STATSTG *pstatstg, DWORD grfStatFlag);
    HRESULT (STDMETHODCALLTYPE *Clone)(IStream *This, IStream **ppstm);
} IStreamVtbl;
struct IStream {
    CONST_VTBL IStreamVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IStream_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IStream_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IStream_Release(This) ((This)->lpVtbl->Release(This))
#define IStream_Read(This, pv, cb, pcbRead) ((This)->lpVtbl->Read(This, pv, cb, pcbRead))
#define IStream_Write(This, pv, cb, pcbWritten) ((This)->lpVtbl->Write(This, pv, cb, pcbWritten))
#define IStream_Seek(This, dlibMove, dwOrigin, plibNewPosition) \
    ((This)->lpVtbl->Seek(This, dlibMove, dwOrigin, plibNewPosition))
#define IStream_SetSize(This, libNewSize) ((This)->lpVtbl->SetSize(This, libNewSize))
#define IStream_CopyTo(This, pstm, cb, pcbRead, pcbWritten) \
    ((This)->lpVtbl->CopyTo(This, pstm, cb, pcbRead, pcbWritten))
#define IStream_Commit(This, grfCommitFlags) ((This)->lpVtbl->Commit(This, grfCommitFlags))
#define IStream_Revert(This) ((This)->lpVtbl->Revert(This))
#define IStream_LockRegion(This, libOffset, cb, dwLockType) \
    ((This)->lpVtbl->LockRegion(This, libOffset, cb, dwLockType))
#define IStream_UnlockRegion(This, libOffset, cb, dwLockType) \
    ((This)->lpVtbl->UnlockRegion(This, libOffset, cb, dwLockType))
#define IStream_Stat(This, pstatstg, grfStatFlag) ((This)->lpVtbl->Stat(This, pstatstg, grfStatFlag))
#define IStream_Clone(This, ppstm) ((This)->lpVtbl->Clone(This, ppstm))
#endif
#endif
#endif
typedef IStream *LPSTREAM;

/* Marshaling */

OLEANDER_DATA(const IID, IID_IMarshal);
typedef struct IMarshal IMarshal;
#ifndef __IMarshal_INTERFACE_DEFINED__
#define __IMarshal_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("00000003-0000-0000-C000-000000000046")
IMarshal : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE GetUnmarshalClass(REFIID riid, void *pv, DWORD dwDestContext,
        void *pvDestContext, DWORD mshlflags, CLSID *pCid) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetMarshalSizeMax(REFIID riid, void *pv, DWORD dwDestContext,
        void *pvDestContext, DWORD mshlflags, DWORD *pSize) = 0;
    virtual HRESULT STDMETHODCALLTYPE MarshalInterface(IStream *pStm, REFIID riid, void *pv, DWORD dwDestContext,
        void *pvDestContext, DWORD mshlflags) = 0;
    virtual HRESULT STDMETHODCALLTYPE UnmarshalInterface(IStream *pStm, REFIID riid, void **ppv) = 0;
    virtual HRESULT STDMETHODCALLTYPE ReleaseMarshalData(IStream *pStm) = 0;
    virtual HRESULT STDMETHODCALLTYPE DisconnectObject(DWORD dwReserved) = 0;
};
__CRT_UUID_DECL(IMarshal, 0x00000003, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IMarshalVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IMarshal *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IMarshal *This);
    ULONG (STDMETHODCALLTYPE *Release)(IMarshal *This);
    HRESULT (STDMETHODCALLTYPE *GetUnmarshalClass)(IMarshal *This, REFIID riid, void *pv, DWORD dwDestContext,
        void *pvDestContext, DWORD mshlflags, CLSID *pCid);
    HRESULT (STDMETHODCALLTYPE *GetMarshalSizeMax)(IMarshal *This, REFIID riid, void *pv, DWORD dwDestContext,
        void *pvDestContext, DWORD mshlflags, DWORD *pSize);
    HRESULT (STDMETHODCALLTYPE *MarshalInterface)(IMarshal *This, IStream *pStm, REFIID riid, void *pv,
        DWORD dwDestContext, void *pvDestContext, DWORD mshlflags);
    HRESULT (STDMETHODCALLTYPE *UnmarshalInterface)(IMarshal *This, IStream *pStm, REFIID riid, void **ppv);
    HRESULT (STDMETHODCALLTYPE *ReleaseMarshalData)(IMarshal *This, IStream *pStm);
    HRESULT (STDMETHODCALLTYPE *DisconnectObject)(IMarshal *This, DWORD dwReserved);
} IMarshalVtbl;
struct IMarshal {
    CONST_VTBL IMarshalVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IMarshal_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IMarshal_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IMarshal_Release(This) ((This)->lpVtbl->Release(This))
#define IMarshal_GetUnmarshalClass(This, riid, pv, dwDestContext, pvDestContext, mshlflags, pCid) \
    ((This)->lpVtbl->GetUnmarshalClass(This, riid, pv, dwDestContext, pvDestContext, mshlflags, pCid))
#define IMarshal_GetMarshalSizeMax(This, riid, pv, dwDestContext, pvDestContext, mshlflags, pSize) \
    ((This)->lpVtbl->GetMarshalSizeMax(This, riid, pv, dwDestContext, pvDestContext, mshlflags, pSize))
#define IMarshal_MarshalInterface(This, pStm, riid, pv, dwDestContext, pvDestContext, mshlflags) \
    ((This)->lpVtbl->MarshalInterface(This, pStm, riid, pv, dwDestContext, pvDestContext, mshlflags))
#define IMarshal_UnmarshalInterface(This, pStm, riid, ppv) ((This)->lpVtbl->UnmarshalInterface(This, pStm, riid, ppv))
#define IMarshal_ReleaseMarshalData(This, pStm) ((This)->lpVtbl->ReleaseMarshalData(This, pStm))
#define IMarshal_DisconnectObject(This, dwReserved) ((This)->lpVtbl->DisconnectObject(This, dwReserved))
#endif
#endif
#endif
typedef IMarshal *LPMARSHAL;

OLEANDER_DATA(const IID, IID_IMarshal2);
typedef struct IMarshal2 IMarshal2;
#ifndef __IMarshal2_INTERFACE_DEFINED__
#define __IMarshal2_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("000001CF-0000-0000-C000-000000000046")
IMarshal2 : public IMarshal {
};
__CRT_UUID_DECL(IMarshal2, 0x000001cf, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IMarshal2Vtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IMarshal2 *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IMarshal2 *This);
    ULONG (STDMETHODCALLTYPE *Release)(IMarshal2 *This);
    HRESULT (STDMETHODCALLTYPE *GetUnmarshalClass)(IMarshal2 *This, REFIID riid, void *pv, DWORD dwDestContext,
        void *pvDestContext, DWORD mshlflags, CLSID *pCid);
    HRESULT (STDMETHODCALLTYPE *GetMarshalSizeMax)(IMarshal2 *This, REFIID riid, void *pv, DWORD dwDestContext,
        void *pvDestContext, DWORD mshlflags, DWORD *pSize);
    HRESULT (STDMETHODCALLTYPE *MarshalInterface)(IMarshal2 *This, IStream *pStm, REFIID riid, void *pv,
        DWORD dwDestContext, void *pvDestContext, DWORD mshlflags);
    HRESULT (STDMETHODCALLTYPE *UnmarshalInterface)(IMarshal2 *This, IStream *pStm, REFIID riid, void **ppv);
    HRESULT (STDMETHODCALLTYPE *ReleaseMarshalData)(IMarshal2 *This, IStream *pStm);
    HRESULT (STDMETHODCALLTYPE *DisconnectObject)(IMarshal2 *This, DWORD dwReserved);
} IMarshal2Vtbl;
struct IMarshal2 {
    CONST_VTBL IMarshal2Vtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IMarshal2_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IMarshal2_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IMarshal2_Release(This) ((This)->lpVtbl->Release(This))
#define IMarshal2_GetUnmarshalClass(This, riid, pv, dwDestContext, pvDestContext, mshlflags, pCid) \
    ((This)->lpVtbl->GetUnmarshalClass(This, riid, pv, dwDestContext, pvDestContext, mshlflags, pCid))
#define IMarshal2_GetMarshalSizeMax(This, riid, pv, dwDestContext, pvDestContext, mshlflags, pSize) \
    ((This)->lpVtbl->GetMarshalSizeMax(This, riid, pv, dwDestContext, pvDestContext, mshlflags, pSize))
#define IMarshal2_MarshalInterface(This, pStm, riid, pv, dwDestContext, pvDestContext, mshlflags) \
    ((This)->lpVtbl->MarshalInterface(This, pStm, riid, pv, dwDestContext, pvDestContext, mshlflags))
#define IMarshal2_UnmarshalInterface(This, pStm, riid, ppv) \
    ((This)->lpVtbl->UnmarshalInterface(This, pStm, riid, ppv))
#define IMarshal2_ReleaseMarshalData(This, pStm) ((This)->lpVtbl->ReleaseMarshalData(This, pStm))
#define IMarshal2_DisconnectObject(This, dwReserved) ((This)->lpVtbl->DisconnectObject(This, dwReserved))
#endif
#endif
#endif
typedef IMarshal2 *LPMARSHAL2;

/* Marks an object that may travel anywhere by its own means. */
OLEANDER_DATA(const IID, IID_INoMarshal);
typedef struct INoMarshal INoMarshal;
#ifndef __INoMarshal_INTERFACE_DEFINED__
#define __INoMarshal_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("ECC8691B-C1DB-4DC0-855E-65F6C551AF49")
INoMarshal : public IUnknown {
};
__CRT_UUID_DECL(INoMarshal, 0xecc8691b, 0xc1db, 0x4dc0, 0x85, 0x5e, 0x65, 0xf6, 0xc5, 0x51, 0xaf, 0x49)
#else
typedef struct INoMarshalVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(INoMarshal *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(INoMarshal *This);
    ULONG (STDMETHODCALLTYPE *Release)(INoMarshal *This);
} INoMarshalVtbl;
struct INoMarshal {
    CONST_VTBL INoMarshalVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define INoMarshal_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define INoMarshal_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define INoMarshal_Release(This) ((This)->lpVtbl->Release(This))
#endif
#endif
#endif

OLEANDER_DATA(const IID, IID_IAgileObject);
typedef struct IAgileObject IAgileObject;
#ifndef __IAgileObject_INTERFACE_DEFINED__
#define __IAgileObject_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("94EA2B94-E9CC-49E0-C0FF-EE64CA8F5B90")
IAgileObject : public IUnknown {
};
__CRT_UUID_DECL(IAgileObject, 0x94ea2b94, 0xe9cc, 0x49e0, 0xc0, 0xff, 0xee, 0x64, 0xca, 0x8f, 0x5b, 0x90)
#else
typedef struct IAgileObjectVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IAgileObject *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IAgileObject *This);
    ULONG (STDMETHODCALLTYPE *Release)(IAgileObject *This);
} IAgileObjectVtbl;
struct IAgileObject {
    CONST_VTBL IAgileObjectVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IAgileObject_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IAgileObject_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IAgileObject_Release(This) ((This)->lpVtbl->Release(This))
#endif
#endif
#endif

OLEANDER_DATA(const IID, IID_IAgileReference);
typedef struct IAgileReference IAgileReference;
#ifndef __IAgileReference_INTERFACE_DEFINED__
#define __IAgileReference_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("C03F6A43-65A4-9818-987E-E0B810D2A6F2")
IAgileReference : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE Resolve(REFIID riid, void **ppvObjectReference) = 0;
};
__CRT_UUID_DECL(IAgileReference, 0xc03f6a43, 0x65a4, 0x9818, 0x98, 0x7e, 0xe0, 0xb8, 0x10, 0xd2, 0xa6, 0xf2)
#else
typedef struct IAgileReferenceVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IAgileReference *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IAgileReference *This);
    ULONG (STDMETHODCALLTYPE *Release)(IAgileReference *This);
    HRESULT (STDMETHODCALLTYPE *Resolve)(IAgileReference *This, REFIID riid, void **ppvObjectReference);
} IAgileReferenceVtbl;
struct IAgileReference {
    CONST_VTBL IAgileReferenceVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IAgileReference_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IAgileReference_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IAgileReference_Release(This) ((This)->lpVtbl->Release(This))
#define IAgileReference_Resolve(This, riid, ppvObjectReference) \
    ((This)->lpVtbl->Resolve(This, riid, ppvObjectReference))
#endif
#endif
#endif

typedef enum tagACTIVATIONTYPE {
    ACTIVATIONTYPE_UNCATEGORIZED = 0,
    ACTIVATIONTYPE_FROM_MONIKER = 1,
    ACTIVATIONTYPE_FROM_DATA = 2,
    ACTIVATIONTYPE_FROM_STORAGE = 4,
    ACTIVATIONTYPE_FROM_STREAM = 8,
    ACTIVATIONTYPE_FROM_FILE = 16
} ACTIVATIONTYPE;

OLEANDER_DATA(const IID, IID_IActivationFilter);
typedef struct IActivationFilter IActivationFilter;
#ifndef __IActivationFilter_INTERFACE_DEFINED__
#define __IActivationFilter_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("00000017-0000-0000-C000-000000000046")
IActivationFilter : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE HandleActivation(DWORD dwActivationType, REFCLSID rclsid,
        CLSID *pReplacementClsId) = 0;
};
__CRT_UUID_DECL(IActivationFilter, 0x00000017, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IActivationFilterVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IActivationFilter *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IActivationFilter *This);
    ULONG (STDMETHODCALLTYPE *Release)(IActivationFilter *This);
    HRESULT (STDMETHODCALLTYPE *HandleActivation)(IActivationFilter *This, DWORD dwActivationType, REFCLSID rclsid,
        CLSID *pReplacementClsId);
} IActivationFilterVtbl;
struct IActivationFilter {
    CONST_VTBL IActivationFilterVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IActivationFilter_QueryInterface(This, riid, ppvObject) \
    ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IActivationFilter_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IActivationFilter_Release(This) ((This)->lpVtbl->Release(This))
#define IActivationFilter_HandleActivation(This, dwActivationType, rclsid, pReplacementClsId) \
    ((This)->lpVtbl->HandleActivation(This, dwActivationType, rclsid, pReplacementClsId))
#endif
#endif
#endif

OLEANDER_DATA(const IID, IID_IStdMarshalInfo);
typedef struct IStdMarshalInfo IStdMarshalInfo;
#ifndef __IStdMarshalInfo_INTERFACE_DEFINED__
#define __IStdMarshalInfo_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("00000018-0000-0000-C000-000000000046")
IStdMarshalInfo : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE GetClassForHandler(DWORD dwDestContext, void *pvDestContext, CLSID *pClsid) = 0;
};
__CRT_UUID_DECL(IStdMarshalInfo, 0x00000018, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IStdMarshalInfoVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IStdMarshalInfo *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IStdMarshalInfo *This);
    ULONG (STDMETHODCALLTYPE *Release)(IStdMarshalInfo *This);
    HRESULT (STDMETHODCALLTYPE *GetClassForHandler)(IStdMarshalInfo *This, DWORD dwDestContext, void *pvDestContext,
        CLSID *pClsid);
} IStdMarshalInfoVtbl;
struct IStdMarshalInfo {
    CONST_VTBL IStdMarshalInfoVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IStdMarshalInfo_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IStdMarshalInfo_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IStdMarshalInfo_Release(This) ((This)->lpVtbl->Release(This))
#define IStdMarshalInfo_GetClassForHandler(This, dwDestContext, pvDestContext, pClsid) \
    ((This)->lpVtbl->GetClassForHandler(This, dwDestContext, pvDestContext, pClsid))
#endif
#endif
#endif
typedef IStdMarshalInfo *LPSTDMARSHALINFO;

typedef enum tagEXTCONN { EXTCONN_STRONG = 1, EXTCONN_WEAK = 2, EXTCONN_CALLABLE = 4 } EXTCONN;

OLEANDER_DATA(const IID, IID_IExternalConnection);
typedef struct IExternalConnection IExternalConnection;
#ifndef __IExternalConnection_INTERFACE_DEFINED__
#define __IExternalConnection_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("00000019-0000-0000-C000-000000000046")
IExternalConnection : public IUnknown {
    virtual DWORD STDMETHODCALLTYPE AddConnection(DWORD extconn, DWORD reserved) = 0;
    virtual DWORD STDMETHODCALLTYPE ReleaseConnection(DWORD extconn, DWORD reserved, BOOL fLastReleaseCloses) = 0;
};
__CRT_UUID_DECL(IExternalConnection, 0x00000019, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IExternalConnectionVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IExternalConnection *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IExternalConnection *This);
    ULONG (STDMETHODCALLTYPE *Release)(IExternalConnection *This);
    DWORD (STDMETHODCALLTYPE *AddConnection)(IExternalConnection *This, DWORD extconn, DWORD reserved);
    DWORD (STDMETHODCALLTYPE *ReleaseConnection)(IExternalConnection *This, DWORD extconn, DWORD reserved,
        BOOL fLastReleaseCloses);
} IExternalConnectionVtbl;
struct IExternalConnection {
    CONST_VTBL IExternalConnectionVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IExternalConnection_QueryInterface(This, riid, ppvObject) \
    ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IExternalConnection_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IExternalConnection_Release(This) ((This)->lpVtbl->Release(This))
#define IExternalConnection_AddConnection(This, extconn, reserved) \
    ((This)->lpVtbl->AddConnection(This, extconn, reserved))
#define IExternalConnection_ReleaseConnection(This, extconn, reserved, fLastReleaseCloses) \
    ((This)->lpVtbl->ReleaseConnection(This, extconn, reserved, fLastReleaseCloses))
#endif
#endif
#endif
typedef IExternalConnection *LPEXTERNALCONNECTION;

OLEANDER_DATA(const IID, IID_IMultiQI);
typedef struct IMultiQI IMultiQI;
#ifndef __IMultiQI_INTERFACE_DEFINED__
#define __IMultiQI_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("00000020-0000-0000-C000-000000000046")
IMultiQI : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE QueryMultipleInterfaces(ULONG cMQIs, MULTI_QI *pMQIs) = 0;
};
__CRT_UUID_DECL(IMultiQI, 0x00000020, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IMultiQIVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IMultiQI *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IMultiQI *This);
    ULONG (STDMETHODCALLTYPE *Release)(IMultiQI *This);
    HRESULT (STDMETHODCALLTYPE *QueryMultipleInterfaces)(IMultiQI *This, ULONG cMQIs, MULTI_QI *pMQIs);
} IMultiQIVtbl;
struct IMultiQI {
    CONST_VTBL IMultiQIVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IMultiQI_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IMultiQI_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IMultiQI_Release(This) ((This)->lpVtbl->Release(This))
#define IMultiQI_QueryMultipleInterfaces(This, cMQIs, pMQIs) \
    ((This)->lpVtbl->QueryMultipleInterfaces(This, cMQIs, pMQIs))
#endif
#endif
#endif
typedef IMultiQI *LPMULTIQI;

OLEANDER_DATA(const IID, IID_AsyncIMultiQI);
typedef struct AsyncIMultiQI AsyncIMultiQI;
#ifndef __AsyncIMultiQI_INTERFACE_DEFINED__
#define __AsyncIMultiQI_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("000E0020-0000-0000-C000-000000000046")
AsyncIMultiQI : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE Begin_QueryMultipleInterfaces(ULONG cMQIs, MULTI_QI *pMQIs) = 0;
    virtual HRESULT STDMETHODCALLTYPE Finish_QueryMultipleInterfaces(MULTI_QI *pMQIs) = 0;
};
__CRT_UUID_DECL(AsyncIMultiQI, 0x000e0020, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct AsyncIMultiQIVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(AsyncIMultiQI *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(AsyncIMultiQI *This);
    ULONG (STDMETHODCALLTYPE *Release)(AsyncIMultiQI *This);
    HRESULT (STDMETHODCALLTYPE *Begin_QueryMultipleInterfaces)(AsyncIMultiQI *This, ULONG cMQIs, MULTI_QI *pMQIs);
    HRESULT (STDMETHODCALLTYPE *Finish_QueryMultipleInterfaces)(AsyncIMultiQI *This, MULTI_QI *pMQIs);
} AsyncIMultiQIVtbl;
struct AsyncIMultiQI {
    CONST_VTBL AsyncIMultiQIVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define AsyncIMultiQI_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define AsyncIMultiQI_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define AsyncIMultiQI_Release(This) ((This)->lpVtbl->Release(This))
#define AsyncIMultiQI_Begin_QueryMultipleInterfaces(This, cMQIs, pMQIs) \
    ((This)->lpVtbl->Begin_QueryMultipleInterfaces(This, cMQIs, pMQIs))
#define AsyncIMultiQI_Finish_QueryMultipleInterfaces(This, pMQIs) \
    ((This)->lpVtbl->Finish_QueryMultipleInterfaces(This, pMQIs))
#endif
#endif
#endif

OLEANDER_DATA(const IID, IID_IInternalUnknown);
typedef struct IInternalUnknown IInternalUnknown;
#ifndef __IInternalUnknown_INTERFACE_DEFINED__
#define __IInternalUnknown_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("00000021-0000-0000-C000-000000000046")
IInternalUnknown : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE QueryInternalInterface(REFIID riid, void **ppv) = 0;
};
__CRT_UUID_DECL(IInternalUnknown, 0x00000021, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IInternalUnknownVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IInternalUnknown *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IInternalUnknown *This);
    ULONG (STDMETHODCALLTYPE *Release)(IInternalUnknown *This);
    HRESULT (STDMETHODCALLTYPE *QueryInternalInterface)(IInternalUnknown *This, REFIID riid, void **ppv);
} IInternalUnknownVtbl;
struct IInternalUnknown {
    CONST_VTBL IInternalUnknownVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IInternalUnknown_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IInternalUnknown_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IInternalUnknown_Release(This) ((This)->lpVtbl->Release(This))
#define IInternalUnknown_QueryInternalInterface(This, riid, ppv) \
    ((This)->lpVtbl->QueryInternalInterface(This, riid, ppv))
#endif
#endif
#endif

typedef ULONG RPCOLEDATAREP;
typedef struct tagRPCOLEMESSAGE {
    void *reserved1;
    RPCOLEDATAREP dataRepresentation;
    void *Buffer;
    ULONG cbBuffer;
    ULONG iMethod;
    void *reserved2[5];
    ULONG rpcFlags;
} RPCOLEMESSAGE;
typedef RPCOLEMESSAGE *PRPCOLEMESSAGE;

/* The channel that a proxy sends through and a stub answers through. */
OLEANDER_DATA(const IID, IID_IRpcChannelBuffer);
typedef struct IRpcChannelBuffer IRpcChannelBuffer;
#ifndef __IRpcChannelBuffer_INTERFACE_DEFINED__
#define __IRpcChannelBuffer_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("D5F56B60-593B-101A-B569-08002B2DBF7A")
IRpcChannelBuffer : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE GetBuffer(RPCOLEMESSAGE *pMessage, REFIID riid) = 0;
    virtual HRESULT STDMETHODCALLTYPE SendReceive(RPCOLEMESSAGE *pMessage, ULONG *pStatus) = 0;
    virtual HRESULT STDMETHODCALLTYPE FreeBuffer(RPCOLEMESSAGE *pMessage) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetDestCtx(DWORD *pdwDestContext, void **ppvDestContext) = 0;
    virtual HRESULT STDMETHODCALLTYPE IsConnected() = 0;
};
__CRT_UUID_DECL(IRpcChannelBuffer, 0xd5f56b60, 0x593b, 0x101a, 0xb5, 0x69, 0x08, 0x00, 0x2b, 0x2d, 0xbf, 0x7a)
#else
typedef struct IRpcChannelBufferVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IRpcChannelBuffer *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IRpcChannelBuffer *This);
    ULONG (STDMETHODCALLTYPE *Release)(IRpcChannelBuffer *This);
    HRESULT (STDMETHODCALLTYPE *GetBuffer)(IRpcChannelBuffer *This, RPCOLEMESSAGE *pMessage, REFIID riid);
    HRESULT (STDMETHODCALLTYPE *SendReceive)(IRpcChannelBuffer *This, RPCOLEMESSAGE *pMessage, ULONG *pStatus);
    HRESULT (STDMETHODCALLTYPE *FreeBuffer)(IRpcChannelBuffer *This, RPCOLEMESSAGE *pMessage);
    HRESULT (STDMETHODCALLTYPE *GetDestCtx)(IRpcChannelBuffer *This, DWORD *pdwDestContext, void **ppvDestContext);
    HRESULT (STDMETHODCALLTYPE *IsConnected)(IRpcChannelBuffer *This);
} IRpcChannelBufferVtbl;
struct IRpcChannelBuffer {
    CONST_VTBL IRpcChannelBufferVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IRpcChannelBuffer_QueryInterface(This, riid, ppvObject) \
    ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IRpcChannelBuffer_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IRpcChannelBuffer_Release(This) ((This)->lpVtbl->Release(This))
#define IRpcChannelBuffer_GetBuffer(This, pMessage, riid) ((This)->lpVtbl->GetBuffer(This, pMessage, riid))
#define IRpcChannelBuffer_SendReceive(This, pMessage, pStatus) ((This)->lpVtbl->SendReceive(This, pMessage, pStatus))
#define IRpcChannelBuffer_FreeBuffer(This, pMessage) ((This)->lpVtbl->FreeBuffer(This, pMessage))
#define IRpcChannelBuffer_GetDestCtx(This, pdwDestContext, ppvDestContext) \
    ((This)->lpVtbl->GetDestCtx(This, pdwDestContext, ppvDestContext))
#define IRpcChannelBuffer_IsConnected(This) ((This)->lpVtbl->IsConnected(This))
#endif
#endif
#endif
typedef IRpcChannelBuffer *LPRPCCHANNELBUFFER;

OLEANDER_DATA(const IID, IID_IRpcChannelBuffer2);
typedef struct IRpcChannelBuffer2 IRpcChannelBuffer2;
#ifndef __IRpcChannelBuffer2_INTERFACE_DEFINED__
#define __IRpcChannelBuffer2_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("594F31D0-7F19-11D0-B194-00A0C90DC8BF")
IRpcChannelBuffer2 : public IRpcChannelBuffer {
    virtual HRESULT STDMETHODCALLTYPE GetProtocolVersion(DWORD *pdwVersion) = 0;
};
__CRT_UUID_DECL(IRpcChannelBuffer2, 0x594f31d0, 0x7f19, 0x11d0, 0xb1, 0x94, 0x00, 0xa0, 0xc9, 0x0d, 0xc8, 0xbf)
#else
typedef struct IRpcChannelBuffer2Vtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IRpcChannelBuffer2 *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IRpcChannelBuffer2 *This);
    ULONG (STDMETHODCALLTYPE *Release)(IRpcChannelBuffer2 *This);
    HRESULT (STDMETHODCALLTYPE *GetBuffer)(IRpcChannelBuffer2 *This, RPCOLEMESSAGE *pMessage, REFIID riid);
    HRESULT (STDMETHODCALLTYPE *SendReceive)(IRpcChannelBuffer2 *This, RPCOLEMESSAGE *pMessage, ULONG *pStatus);
    HRESULT (STDMETHODCALLTYPE *FreeBuffer)(IRpcChannelBuffer2 *This, RPCOLEMESSAGE *pMessage);
    HRESULT (STDMETHODCALLTYPE *GetDestCtx)(IRpcChannelBuffer2 *This, DWORD *pdwDestContext, void **ppvDestContext);
    HRESULT (STDMETHODCALLTYPE *IsConnected)(IRpcChannelBuffer2 *This);
    HRESULT (STDMETHODCALLTYPE *GetProtocolVersion)(IRpcChannelBuffer2 *This, DWORD *pdwVersion);
} IRpcChannelBuffer2Vtbl;
struct IRpcChannelBuffer2 {
    CONST_VTBL IRpcChannelBuffer2Vtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IRpcChannelBuffer2_QueryInterface(This, riid, ppvObject) \
    ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IRpcChannelBuffer2_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IRpcChannelBuffer2_Release(This) ((This)->lpVtbl->Release(This))
#define IRpcChannelBuffer2_GetBuffer(This, pMessage, riid) ((This)->lpVtbl->GetBuffer(This, pMessage, riid))
#define IRpcChannelBuffer2_SendReceive(This, pMessage, pStatus) ((This)->lpVtbl->SendReceive(This, pMessage, pStatus))
#define IRpcChannelBuffer2_FreeBuffer(This, pMessage) ((This)->lpVtbl->FreeBuffer(This, pMessage))
#define IRpcChannelBuffer2_GetDestCtx(This, pdwDestContext, ppvDestContext) \
    ((This)->lpVtbl->GetDestCtx(This, pdwDestContext, ppvDestContext))
#define IRpcChannelBuffer2_IsConnected(This) ((This)->lpVtbl->IsConnected(This))
#define IRpcChannelBuffer2_GetProtocolVersion(This, pdwVersion) ((This)->lpVtbl->GetProtocolVersion(This, pdwVersion))
#endif
#endif
#endif

OLEANDER_DATA(const IID, IID_IAsyncRpcChannelBuffer);
typedef struct IAsyncRpcChannelBuffer IAsyncRpcChannelBuffer;
#ifndef __IAsyncRpcChannelBuffer_INTERFACE_DEFINED__
#define __IAsyncRpcChannelBuffer_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("A5029FB6-3C34-11D1-9C99-00C04FB998AA")
IAsyncRpcChannelBuffer : public IRpcChannelBuffer2 {
    virtual HRESULT STDMETHODCALLTYPE Send(RPCOLEMESSAGE *pMsg, ISynchronize *pSync, ULONG *pulStatus) = 0;
    virtual HRESULT STDMETHODCALLTYPE Receive(RPCOLEMESSAGE *pMsg, ULONG *pulStatus) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetDestCtxEx(RPCOLEMESSAGE *pMsg, DWORD *pdwDestContext,
        void **ppvDestContext) = 0;
};
__CRT_UUID_DECL(IAsyncRpcChannelBuffer, 0xa5029fb6, 0x3c34, 0x11d1, 0x9c, 0x99, 0x00, 0xc0, 0x4f, 0xb9, 0x98, 0xaa)
#else
typedef struct IAsyncRpcChannelBufferVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IAsyncRpcChannelBuffer *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IAsyncRpcChannelBuffer *This);
    ULONG (STDMETHODCALLTYPE *Release)(IAsyncRpcChannelBuffer *This);
    HRESULT (STDMETHODCALLTYPE *GetBuffer)(IAsyncRpcChannelBuffer *This, RPCOLEMESSAGE *pMessage, REFIID riid);
    HRESULT (STDMETHODCALLTYPE *SendReceive)(IAsyncRpcChannelBuffer *This, RPCOLEMESSAGE *pMessage, ULONG *pStatus);
    HRESULT (STDMETHODCALLTYPE *FreeBuffer)(IAsyncRpcChannelBuffer *This, RPCOLEMESSAGE *pMessage);
    HRESULT (STDMETHODCALLTYPE *GetDestCtx)(IAsyncRpcChannelBuffer *This, DWORD *pdwDestContext,
        void **ppvDestContext);
    HRESULT (STDMETHODCALLTYPE *IsConnected)(IAsyncRpcChannelBuffer *This);
    HRESULT (STDMETHODCALLTYPE *GetProtocolVersion)(IAsyncRpcChannelBuffer *This, DWORD *pdwVersion);
    HRESULT (STDMETHODCALLTYPE *Send)(IAsyncRpcChannelBuffer *This, RPCOLEMESSAGE *pMsg, ISynchronize *pSync,
        ULONG *pulStatus);
    HRESULT (STDMETHODCALLTYPE *Receive)(IAsyncRpcChannelBuffer *This, RPCOLEMESSAGE *pMsg, ULONG *pulStatus);
    HRESULT (STDMETHODCALLTYPE *GetDestCtxEx)(IAsyncRpcChannelBuffer *This, RPCOLEMESSAGE *pMsg,
        DWORD *pdwDestContext, void **ppvDestContext);
} IAsyncRpcChannelBufferVtbl;
struct IAsyncRpcChannelBuffer {
    CONST_VTBL IAsyncRpcChannelBufferVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IAsyncRpcChannelBuffer_QueryInterface(This, riid, ppvObject) \
    ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IAsyncRpcChannelBuffer_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IAsyncRpcChannelBuffer_Release(This) ((This)->lpVtbl->Release(This))
#define IAsyncRpcChannelBuffer_GetBuffer(This, pMessage, riid) ((This)->lpVtbl->GetBuffer(This, pMessage, riid))
#define IAsyncRpcChannelBuffer_SendReceive(This, pMessage, pStatus) \
    ((This)->lpVtbl->SendReceive(This, pMessage, pStatus))
#define IAsyncRpcChannelBuffer_FreeBuffer(This, pMessage) ((This)->lpVtbl->FreeBuffer(This, pMessage))
#define IAsyncRpcChannelBuffer_GetDestCtx(This, pdwDestContext, ppvDestContext) \
    ((This)->lpVtbl->GetDestCtx(This, pdwDestContext, ppvDestContext))
#define IAsyncRpcChannelBuffer_IsConnected(This) ((This)->lpVtbl->IsConnected(This))
#define IAsyncRpcChannelBuffer_GetProtocolVersion(This, pdwVersion) \
    ((This)->lpVtbl->GetProtocolVersion(This, pdwVersion))
#define IAsyncRpcChannelBuffer_Send(This, pMsg, pSync, pulStatus) ((This)->lpVtbl->Send(This, pMsg, pSync, pulStatus))
#define IAsyncRpcChannelBuffer_Receive(This, pMsg, pulStatus) ((This)->lpVtbl->Receive(This, pMsg, pulStatus))
#define IAsyncRpcChannelBuffer_GetDestCtxEx(This, pMsg, pdwDestContext, ppvDestContext) \
    ((This)->lpVtbl->GetDestCtxEx(This, pMsg, pdwDestContext, ppvDestContext))
#endif
#endif
#endif

OLEANDER_DATA(const IID, IID_IRpcChannelBuffer3);
typedef struct IRpcChannelBuffer3 IRpcChannelBuffer3;
#ifndef __IRpcChannelBuffer3_INTERFACE_DEFINED__
#define __IRpcChannelBuffer3_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("25B15600-0115-11D0-BF0D-00AA00B8DFD2")
IRpcChannelBuffer3 : public IRpcChannelBuffer2 {
    virtual HRESULT STDMETHODCALLTYPE Send(RPCOLEMESSAGE *pMsg, ULONG *pulStatus) = 0;
    virtual HRESULT STDMETHODCALLTYPE Receive(RPCOLEMESSAGE *pMsg, ULONG ulSize, ULONG *pulStatus) = 0;
    virtual HRESULT STDMETHODCALLTYPE Cancel(RPCOLEMESSAGE *pMsg) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetCallContext(RPCOLEMESSAGE *pMsg, REFIID riid, void **pInterface) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetDestCtxEx(RPCOLEMESSAGE *pMsg, DWORD *pdwDestContext,
        void **ppvDestContext) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetState(RPCOLEMESSAGE *pMsg, DWORD *pState) = 0;
    virtual HRESULT STDMETHODCALLTYPE RegisterAsync(RPCOLEMESSAGE *pMsg, IAsyncManager *pAsyncMgr) = 0;
};
__CRT_UUID_DECL(IRpcChannelBuffer3, 0x25b15600, 0x0115, 0x11d0, 0xbf, 0x0d, 0x00, 0xaa, 0x00, 0xb8, 0xdf, 0xd2)
#else
typedef struct IRpcChannelBuffer3Vtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IRpcChannelBuffer3 *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IRpcChannelBuffer3 *This);
    ULONG (STDMETHODCALLTYPE *Release)(IRpcChannelBuffer3 *This);
    HRESULT (STDMETHODCALLTYPE *GetBuffer)(IRpcChannelBuffer3 *This, RPCOLEMESSAGE *pMessage, REFIID riid);
    HRESULT (STDMETHODCALLTYPE *SendReceive)(IRpcChannelBuffer3 *This, RPCOLEMESSAGE *pMessage, ULONG *pStatus);
    HRESULT (STDMETHODCALLTYPE *FreeBuffer)(IRpcChannelBuffer3 *This, RPCOLEMESSAGE *pMessage);
    HRESULT (STDMETHODCALLTYPE *GetDestCtx)(IRpcChannelBuffer3 *This, DWORD *pdwDestContext, void **ppvDestContext);
    HRESULT (STDMETHODCALLTYPE *IsConnected)(IRpcChannelBuffer3 *This);
    HRESULT (STDMETHODCALLTYPE *GetProtocolVersion)(IRpcChannelBuffer3 *This, DWORD *pdwVersion);
    HRESULT (STDMETHODCALLTYPE *Send)(IRpcChannelBuffer3 *This, RPCOLEMESSAGE *pMsg, ULONG *pulStatus);
    HRESULT (STDMETHODCALLTYPE *Receive)(IRpcChannelBuffer3 *This, RPCOLEMESSAGE *pMsg, ULONG ulSize,
        ULONG *pulStatus);
    HRESULT (STDMETHODCALLTYPE *Cancel)(IRpcChannelBuffer3 *This, RPCOLEMESSAGE *pMsg);
    HRESULT (STDMETHODCALLTYPE *GetCallContext)(IRpcChannelBuffer3 *This, RPCOLEMESSAGE *pMsg, REFIID riid,
        void **pInterface);
    HRESULT (STDMETHODCALLTYPE *GetDestCtxEx)(IRpcChannelBuffer3 *This, RPCOLEMESSAGE *pMsg, DWORD *pdwDestContext,
        void **ppvDestContext);
    HRESULT (STDMETHODCALLTYPE *GetState)(IRpcChannelBuffer3 *This, RPCOLEMESSAGE *pMsg, DWORD *pState);
    HRESULT (STDMETHODCALLTYPE *RegisterAsync)(IRpcChannelBuffer3 *This, RPCOLEMESSAGE *pMsg,
        IAsyncManager *pAsyncMgr);
} IRpcChannelBuffer3Vtbl;
struct IRpcChannelBuffer3 {
    CONST_VTBL IRpcChannelBuffer3Vtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IRpcChannelBuffer3_QueryInterface(This, riid, ppvObject) \
    ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IRpcChannelBuffer3_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IRpcChannelBuffer3_Release(This) ((This)->lpVtbl->Release(This))
#define IRpcChannelBuffer3_GetBuffer(This, pMessage, riid) ((This)->lpVtbl->GetBuffer(This, pMessage, riid))
#define IRpcChannelBuffer3_SendReceive(This, pMessage, pStatus) ((This)->lpVtbl->SendReceive(This, pMessage, pStatus))
#define IRpcChannelBuffer3_FreeBuffer(This, pMessage) ((This)->lpVtbl->FreeBuffer(This, pMessage))
#define IRpcChannelBuffer3_GetDestCtx(This, pdwDestContext, ppvDestContext) \
    ((This)->lpVtbl->GetDestCtx(This, pdwDestContext, ppvDestContext))
#define IRpcChannelBuffer3_IsConnected(This) ((This)->lpVtbl->IsConnected(This))
#define IRpcChannelBuffer3_GetProtocolVersion(This, pdwVersion) ((This)->lpVtbl->GetProtocolVersion(This, pdwVersion))
#define IRpcChannelBuffer3_Send(This, pMsg, pulStatus) ((This)->lpVtbl->Send(This, pMsg, pulStatus))
#define IRpcChannelBuffer3_Receive(This, pMsg, ulSize, pulStatus) \
    ((This)->lpVtbl->Receive(This, pMsg, ulSize, pulStatus))
#define IRpcChannelBuffer3_Cancel(This, pMsg) ((This)->lpVtbl->Cancel(This, pMsg))
#define IRpcChannelBuffer3_GetCallContext(This, pMsg, riid, pInterface) \
    ((This)->lpVtbl->GetCallContext(This, pMsg, riid, pInterface))
#define IRpcChannelBuffer3_GetDestCtxEx(This, pMsg, pdwDestContext, ppvDestContext) \
    ((This)->lpVtbl->GetDestCtxEx(This, pMsg, pdwDestContext, ppvDestContext))
#define IRpcChannelBuffer3_GetState(This, pMsg, pState) ((This)->lpVtbl->GetState(This, pMsg, pState))
#define IRpcChannelBuffer3_RegisterAsync(This, pMsg, pAsyncMgr) ((This)->lpVtbl->RegisterAsync(This, pMsg, pAsyncMgr))
#endif
#endif
#endif

OLEANDER_DATA(const IID, IID_IRpcProxyBuffer);
typedef struct IRpcProxyBuffer IRpcProxyBuffer;
#ifndef __IRpcProxyBuffer_INTERFACE_DEFINED__
#define __IRpcProxyBuffer_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("D5F56A34-593B-101A-B569-08002B2DBF7A")
IRpcProxyBuffer : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE Connect(IRpcChannelBuffer *pRpcChannelBuffer) = 0;
    virtual void STDMETHODCALLTYPE Disconnect() = 0;
};
__CRT_UUID_DECL(IRpcProxyBuffer, 0xd5f56a34, 0x593b, 0x101a, 0xb5, 0x69, 0x08, 0x00, 0x2b, 0x2d, 0xbf, 0x7a)
#else
typedef struct IRpcProxyBufferVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IRpcProxyBuffer *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IRpcProxyBuffer *This);
    ULONG (STDMETHODCALLTYPE *Release)(IRpcProxyBuffer *This);
    HRESULT (STDMETHODCALLTYPE *Connect)(IRpcProxyBuffer *This, IRpcChannelBuffer *pRpcChannelBuffer);
    void (STDMETHODCALLTYPE *Disconnect)(IRpcProxyBuffer *This);
} IRpcProxyBufferVtbl;
struct IRpcProxyBuffer {
    CONST_VTBL IRpcProxyBufferVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IRpcProxyBuffer_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IRpcProxyBuffer_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IRpcProxyBuffer_Release(This) ((This)->lpVtbl->Release(This))
#define IRpcProxyBuffer_Connect(This, pRpcChannelBuffer) ((This)->lpVtbl->Connect(This, pRpcChannelBuffer))
#define IRpcProxyBuffer_Disconnect(This) ((This)->lpVtbl->Disconnect(This))
#endif
#endif
#endif
typedef IRpcProxyBuffer *LPRPCPROXYBUFFER;

OLEANDER_DATA(const IID, IID_IRpcStubBuffer);
typedef struct IRpcStubBuffer IRpcStubBuffer;
#ifndef __IRpcStubBuffer_INTERFACE_DEFINED__
#define __IRpcStubBuffer_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("D5F56AFC-593B-101A-B569-08002B2DBF7A")
IRpcStubBuffer : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE Connect(IUnknown *pUnkServer) = 0;
    virtual void STDMETHODCALLTYPE Disconnect() = 0;
    virtual HRESULT STDMETHODCALLTYPE Invoke(RPCOLEMESSAGE *_prpcmsg, IRpcChannelBuffer *_pRpcChannelBuffer) = 0;
    virtual IRpcStubBuffer *STDMETHODCALLTYPE IsIIDSupported(REFIID riid) = 0;
    virtual ULONG STDMETHODCALLTYPE CountRefs() = 0;
    virtual HRESULT STDMETHODCALLTYPE DebugServerQueryInterface(void **ppv) = 0;
    virtual void STDMETHODCALLTYPE DebugServerRelease(void *pv) = 0;
};
__CRT_UUID_DECL(IRpcStubBuffer, 0xd5f56afc, 0x593b, 0x101a, 0xb5, 0x69, 0x08, 0x00, 0x2b, 0x2d, 0xbf, 0x7a)
#else
typedef struct IRpcStubBufferVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IRpcStubBuffer *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IRpcStubBuffer *This);
    ULONG (STDMETHODCALLTYPE *Release)(IRpcStubBuffer *This);
    HRESULT (STDMETHODCALLTYPE *Connect)(IRpcStubBuffer *This, IUnknown *pUnkServer);
    void (STDMETHODCALLTYPE *Disconnect)(IRpcStubBuffer *This);
    HRESULT (STDMETHODCALLTYPE *Invoke)(IRpcStubBuffer *This, RPCOLEMESSAGE *_prpcmsg,
        IRpcChannelBuffer *_pRpcChannelBuffer);
    IRpcStubBuffer *(STDMETHODCALLTYPE *IsIIDSupported)(IRpcStubBuffer *This, REFIID riid);
    ULONG (STDMETHODCALLTYPE *CountRefs)(IRpcStubBuffer *This);
    HRESULT (STDMETHODCALLTYPE *DebugServerQueryInterface)(IRpcStubBuffer *This, void **ppv);
    void (STDMETHODCALLTYPE *DebugServerRelease)(IRpcStubBuffer *This, void *pv);
} IRpcStubBufferVtbl;
struct IRpcStubBuffer {
    CONST_VTBL IRpcStubBufferVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IRpcStubBuffer_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IRpcStubBuffer_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IRpcStubBuffer_Release(This) ((This)->lpVtbl->Release(This))
#define IRpcStubBuffer_Connect(This, pUnkServer) ((This)->lpVtbl->Connect(This, pUnkServer))
#define IRpcStubBuffer_Disconnect(This) ((This)->lpVtbl->Disconnect(This))
#define IRpcStubBuffer_Invoke(This, _prpcmsg, _pRpcChannelBuffer) \
    ((This)->lpVtbl->Invoke(This, _prpcmsg, _pRpcChannelBuffer))
#define IRpcStubBuffer_IsIIDSupported(This, riid) ((This)->lpVtbl->IsIIDSupported(This, riid))
#define IRpcStubBuffer_CountRefs(This) ((This)->lpVtbl->CountRefs(This))
#define IRpcStubBuffer_DebugServerQueryInterface(This, ppv) ((This)->lpVtbl->DebugServerQueryInterface(This, ppv))
#define IRpcStubBuffer_DebugServerRelease(This, pv) ((This)->lpVtbl->DebugServerRelease(This, pv))
#endif
#endif
#endif
typedef IRpcStubBuffer *LPRPCSTUBBUFFER;

OLEANDER_DATA(const IID, IID_IPSFactoryBuffer);
typedef struct IPSFactoryBuffer IPSFactoryBuffer;
#ifndef __IPSFactoryBuffer_INTERFACE_DEFINED__
#define __IPSFactoryBuffer_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("D5F569D0-593B-101A-B569-08002B2DBF7A")
IPSFactoryBuffer : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE CreateProxy(IUnknown *pUnkOuter, REFIID riid, IRpcProxyBuffer **ppProxy,
        void **ppv) = 0;
    virtual HRESULT STDMETHODCALLTYPE CreateStub(REFIID riid, IUnknown *pUnkServer, IRpcStubBuffer **ppStub) = 0;
};
__CRT_UUID_DECL(IPSFactoryBuffer, 0xd5f569d0, 0x593b, 0x101a, 0xb5, 0x69, 0x08, 0x00, 0x2b, 0x2d, 0xbf, 0x7a)
#else
typedef struct IPSFactoryBufferVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IPSFactoryBuffer *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IPSFactoryBuffer *This);
    ULONG (STDMETHODCALLTYPE *Release)(IPSFactoryBuffer *This);
    HRESULT (STDMETHODCALLTYPE *CreateProxy)(IPSFactoryBuffer *This, IUnknown *pUnkOuter, REFIID riid,
        IRpcProxyBuffer **ppProxy, void **ppv);
    HRESULT (STDMETHODCALLTYPE *CreateStub)(IPSFactoryBuffer *This, REFIID riid, IUnknown *pUnkServer,
        IRpcStubBuffer **ppStub);
} IPSFactoryBufferVtbl;
struct IPSFactoryBuffer {
    CONST_VTBL IPSFactoryBufferVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IPSFactoryBuffer_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IPSFactoryBuffer_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IPSFactoryBuffer_Release(This) ((This)->lpVtbl->Release(This))
#define IPSFactoryBuffer_CreateProxy(This, pUnkOuter, riid, ppProxy, ppv) \
    ((This)->lpVtbl->CreateProxy(This, pUnkOuter, riid, ppProxy, ppv))
#define IPSFactoryBuffer_CreateStub(This, riid, pUnkServer, ppStub) \
    ((This)->lpVtbl->CreateStub(This, riid, pUnkServer, ppStub))
#endif
#endif
#endif
typedef IPSFactoryBuffer *LPPSFACTORYBUFFER;

typedef struct SChannelHookCallInfo {
    IID iid;
    DWORD cbSize;
    GUID uCausality;
    DWORD dwServerPid;
    DWORD iMethod;
    void *pObject;
} SChannelHookCallInfo;

OLEANDER_DATA(const IID, IID_IChannelHook);
typedef struct IChannelHook IChannelHook;
#ifndef __IChannelHook_INTERFACE_DEFINED__
#define __IChannelHook_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("1008C4A0-7613-11CF-9AF1-0020AF6E72F4")
IChannelHook : public IUnknown {
    virtual void STDMETHODCALLTYPE ClientGetSize(REFGUID uExtent, REFIID riid, ULONG *pDataSize) = 0;
    virtual void STDMETHODCALLTYPE ClientFillBuffer(REFGUID uExtent, REFIID riid, ULONG *pDataSize,
        void *pDataBuffer) = 0;
    virtual void STDMETHODCALLTYPE ClientNotify(REFGUID uExtent, REFIID riid, ULONG cbDataSize, void *pDataBuffer,
        DWORD lDataRep, HRESULT hrFault) = 0;
    virtual void STDMETHODCALLTYPE ServerNotify(REFGUID uExtent, REFIID riid, ULONG cbDataSize, void *pDataBuffer,
        DWORD lDataRep) = 0;
    virtual void STDMETHODCALLTYPE ServerGetSize(REFGUID uExtent, REFIID riid, HRESULT hrFault, ULONG *pDataSize) = 0;
    virtual void STDMETHODCALLTYPE ServerFillBuffer(REFGUID uExtent, REFIID riid, ULONG *pDataSize,
        void *pDataBuffer, HRESULT hrFault) = 0;
};
__CRT_UUID_DECL(IChannelHook, 0x1008c4a0, 0x7613, 0x11cf, 0x9a, 0xf1, 0x00, 0x20, 0xaf, 0x6e, 0x72, 0xf4)
#else
typedef struct IChannelHookVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IChannelHook *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IChannelHook *This);
    ULONG (STDMETHODCALLTYPE *Release)(IChannelHook *This);
    void (STDMETHODCALLTYPE *ClientGetSize)(IChannelHook *This, REFGUID uExtent, REFIID riid, ULONG *pDataSize);
    void (STDMETHODCALLTYPE *ClientFillBuffer)(IChannelHook *This, REFGUID uExtent, REFIID riid, ULONG *pDataSize,
        void *pDataBuffer);
    void (STDMETHODCALLTYPE *ClientNotify)(IChannelHook *This, REFGUID uExtent, REFIID riid, ULONG cbDataSize,
        void *pDataBuffer, DWORD lDataRep, HRESULT hrFault);
    void (STDMETHODCALLTYPE *ServerNotify)(IChannelHook *This, REFGUID uExtent, REFIID riid, ULONG cbDataSize,
        void *pDataBuffer, DWORD lDataRep);
    void (STDMETHODCALLTYPE *ServerGetSize)(IChannelHook *This, REFGUID uExtent, REFIID riid, HRESULT hrFault,
        ULONG *pDataSize);
    void (STDMETHODCALLTYPE *ServerFillBuffer)(IChannelHook *This, REFGUID uExtent, REFIID riid, ULONG *pDataSize,
        void *pDataBuffer, HRESULT hrFault);
} IChannelHookVtbl;
struct IChannelHook {
    CONST_VTBL IChannelHookVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IChannelHook_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IChannelHook_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IChannelHook_Release(This) ((This)->lpVtbl->Release(This))
#define IChannelHook_ClientGetSize(This, uExtent, riid, pDataSize) \
    ((This)->lpVtbl->ClientGetSize(This, uExtent, riid, pDataSize))
#define IChannelHook_ClientFillBuffer(This, uExtent, riid, pDataSize, pDataBuffer) \
    ((This)->lpVtbl->ClientFillBuffer(This, uExtent, riid, pDataSize, pDataBuffer))
#define IChannelHook_ClientNotify(This, uExtent, riid, cbDataSize, pDataBuffer, lDataRep, hrFault) \
    ((This)->lpVtbl->ClientNotify(This, uExtent, riid, cbDataSize, pDataBuffer, lDataRep, hrFault))
#define IChannelHook_ServerNotify(This, uExtent, riid, cbDataSize, pDataBuffer, lDataRep) \
    ((This)->lpVtbl->ServerNotify(This, uExtent, riid, cbDataSize, pDataBuffer, lDataRep))
#define IChannelHook_ServerGetSize(This, uExtent, riid, hrFault, pDataSize) \
    ((This)->lpVtbl->ServerGetSize(This, uExtent, riid, hrFault, pDataSize))
#define IChannelHook_ServerFillBuffer(This, uExtent, riid, pDataSize, pDataBuffer, hrFault) \
    ((This)->lpVtbl->ServerFillBuffer(This, uExtent, riid, pDataSize, pDataBuffer, hrFault))
#endif
#endif
#endif

/* Security of calls */

typedef struct tagSOLE_AUTHENTICATION_SERVICE {
    DWORD dwAuthnSvc;
    DWORD dwAuthzSvc;
    OLECHAR *pPrincipalName;
    HRESULT hr;
} SOLE_AUTHENTICATION_SERVICE;

typedef struct tagSOLE_AUTHENTICATION_INFO {
    DWORD dwAuthnSvc;
    DWORD dwAuthzSvc;
    void *pAuthInfo;
} SOLE_AUTHENTICATION_INFO, *PSOLE_AUTHENTICATION_INFO;

typedef struct tagSOLE_AUTHENTICATION_LIST {
    DWORD cAuthInfo;
    SOLE_AUTHENTICATION_INFO *aAuthInfo;
} SOLE_AUTHENTICATION_LIST, *PSOLE_AUTHENTICATION_LIST;

typedef enum tagEOLE_AUTHENTICATION_CAPABILITIES {
    EOAC_NONE = 0x0,
    EOAC_MUTUAL_AUTH = 0x1,
    EOAC_STATIC_CLOAKING = 0x20,
    EOAC_DYNAMIC_CLOAKING = 0x40,
    EOAC_ANY_AUTHORITY = 0x80,
    EOAC_MAKE_FULLSIC = 0x100,
    EOAC_DEFAULT = 0x800,
    EOAC_SECURE_REFS = 0x2,
    EOAC_ACCESS_CONTROL = 0x4,
    EOAC_APPID = 0x8,
    EOAC_DYNAMIC = 0x10,
    EOAC_REQUIRE_FULLSIC = 0x200,
    EOAC_AUTO_IMPERSONATE = 0x400,
    EOAC_DISABLE_AAA = 0x1000,
    EOAC_NO_CUSTOM_MARSHAL = 0x2000,
    EOAC_RESERVED1 = 0x4000
} EOLE_AUTHENTICATION_CAPABILITIES;

#define COLE_DEFAULT_PRINCIPAL ((OLECHAR *)(INT_PTR)-1)
#define COLE_DEFAULT_AUTHINFO ((void *)(INT_PTR)-1)

OLEANDER_DATA(const IID, IID_IClientSecurity);
typedef struct IClientSecurity IClientSecurity;
#ifndef __IClientSecurity_INTERFACE_DEFINED__
#define __IClientSecurity_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("0000013D-0000-0000-C000-000000000046")
IClientSecurity : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE QueryBlanket(IUnknown *pProxy, DWORD *pAuthnSvc, DWORD *pAuthzSvc,
        OLECHAR **pServerPrincName, DWORD *pAuthnLevel, DWORD *pImpLevel, void **pAuthInfo, DWORD *pCapabilites) = 0;
    virtual HRESULT STDMETHODCALLTYPE SetBlanket(IUnknown *pProxy, DWORD dwAuthnSvc, DWORD dwAuthzSvc,
        OLECHAR *pServerPrincName, DWORD dwAuthnLevel, DWORD dwImpLevel, void *pAuthInfo, DWORD dwCapabilities) = 0;
    virtual HRESULT STDMETHODCALLTYPE CopyProxy(IUnknown *pProxy, IUnknown **ppCopy) = 0;
};
__CRT_UUID_DECL(IClientSecurity, 0x0000013d, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IClientSecurityVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IClientSecurity *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IClientSecurity *This);
    ULONG (STDMETHODCALLTYPE *Release)(IClientSecurity *This);
    HRESULT (STDMETHODCALLTYPE *QueryBlanket)(IClientSecurity *This, IUnknown *pProxy, DWORD *pAuthnSvc,
        DWORD *pAuthzSvc, OLECHAR **pServerPrincName, DWORD *pAuthnLevel, DWORD *pImpLevel, void **pAuthInfo,
        DWORD *pCapabilites);
    HRESULT (STDMETHODCALLTYPE *SetBlanket)(IClientSecurity *This, IUnknown *pProxy, DWORD dwAuthnSvc,
        DWORD dwAuthzSvc, OLECHAR *pServerPrincName, DWORD dwAuthnLevel, DWORD dwImpLevel, void *pAuthInfo,
        DWORD dwCapabilities);
    HRESULT (STDMETHODCALLTYPE *CopyProxy)(IClientSecurity *This, IUnknown *pProxy, IUnknown **ppCopy);
} IClientSecurityVtbl;
struct IClientSecurity {
    CONST_VTBL IClientSecurityVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IClientSecurity_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IClientSecurity_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IClientSecurity_Release(This) ((This)->lpVtbl->Release(This))
#define IClientSecurity_QueryBlanket(This, pProxy, pAuthnSvc, pAuthzSvc, pServerPrincName, pAuthnLevel, pImpLevel, pAuthInfo, pCapabilites) \
    ((This)->lpVtbl->QueryBlanket(This, pProxy, pAuthnSvc, pAuthzSvc, pServerPrincName, pAuthnLevel, pImpLevel, pAuthInfo, pCapabilites))
#define IClientSecurity_SetBlanket(This, pProxy, dwAuthnSvc, dwAuthzSvc, pServerPrincName, dwAuthnLevel, dwImpLevel, pAuthInfo, dwCapabilities) \
    ((This)->lpVtbl->SetBlanket(This, pProxy, dwAuthnSvc, dwAuthzSvc, pServerPrincName, dwAuthnLevel, dwImpLevel, pAuthInfo, dwCapabilities))
#define IClientSecurity_CopyProxy(This, pProxy, ppCopy) ((This)->lpVtbl->CopyProxy(This, pProxy, ppCopy))
#endif
#endif
#endif

OLEANDER_DATA(const IID, IID_IServerSecurity);
typedef struct IServerSecurity IServerSecurity;
#ifndef __IServerSecurity_INTERFACE_DEFINED__
#define __IServerSecurity_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("0000013E-0000-0000-C000-000000000046")
IServerSecurity : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE QueryBlanket(DWORD *pAuthnSvc, DWORD *pAuthzSvc, OLECHAR **pServerPrincName,
        DWORD *pAuthnLevel, DWORD *pImpLevel, void **pPrivs, DWORD *pCapabilities) = 0;
    virtual HRESULT STDMETHODCALLTYPE ImpersonateClient() = 0;
    virtual HRESULT STDMETHODCALLTYPE RevertToSelf() = 0;
    virtual BOOL STDMETHODCALLTYPE IsImpersonating() = 0;
};
__CRT_UUID_DECL(IServerSecurity, 0x0000013e, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IServerSecurityVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IServerSecurity *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IServerSecurity *This);
    ULONG (STDMETHODCALLTYPE *Release)(IServerSecurity *This);
    HRESULT (STDMETHODCALLTYPE *QueryBlanket)(IServerSecurity *This, DWORD *pAuthnSvc, DWORD *pAuthzSvc,
        OLECHAR **pServerPrincName, DWORD *pAuthnLevel, DWORD *pImpLevel, void **pPrivs, DWORD *pCapabilities);
    HRESULT (STDMETHODCALLTYPE *ImpersonateClient)(IServerSecurity *This);
    HRESULT (STDMETHODCALLTYPE *RevertToSelf)(IServerSecurity *This);
    BOOL (STDMETHODCALLTYPE *IsImpersonating)(IServerSecurity *This);
} IServerSecurityVtbl;
struct IServerSecurity {
    CONST_VTBL IServerSecurityVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IServerSecurity_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IServerSecurity_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IServerSecurity_Release(This) ((This)->lpVtbl->Release(This))
#define IServerSecurity_QueryBlanket(This, pAuthnSvc, pAuthzSvc, pServerPrincName, pAuthnLevel, pImpLevel, pPrivs, pCapabilities) \
    ((This)->lpVtbl->QueryBlanket(This, pAuthnSvc, pAuthzSvc, pServerPrincName, pAuthnLevel, pImpLevel, pPrivs, pCapabilities))
#define IServerSecurity_ImpersonateClient(This) ((This)->lpVtbl->ImpersonateClient(This))
#define IServerSecurity_RevertToSelf(This) ((This)->lpVtbl->RevertToSelf(This))
#define IServerSecurity_IsImpersonating(This) ((This)->lpVtbl->IsImpersonating(This))
#endif
#endif
#endif

typedef enum tagRPCOPT_PROPERTIES {
    COMBND_RPCTIMEOUT = 1,
    COMBND_SERVER_LOCALITY = 2,
    COMBND_RESERVED1 = 4,
    COMBND_RESERVED2 = 5,
    COMBND_RESERVED3 = 8,
    COMBND_RESERVED4 = 16
} RPCOPT_PROPERTIES;

OLEANDER_DATA(const IID, IID_IRpcOptions);
typedef struct IRpcOptions IRpcOptions;
#ifndef __IRpcOptions_INTERFACE_DEFINED__
#define __IRpcOptions_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("00000144-0000-0000-C000-000000000046")
IRpcOptions : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE Set(IUnknown *pPrx, RPCOPT_PROPERTIES dwProperty, ULONG_PTR dwValue) = 0;
    virtual HRESULT STDMETHODCALLTYPE Query(IUnknown *pPrx, RPCOPT_PROPERTIES dwProperty, ULONG_PTR *pdwValue) = 0;
};
__CRT_UUID_DECL(IRpcOptions, 0x00000144, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IRpcOptionsVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IRpcOptions *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IRpcOptions *This);
    ULONG (STDMETHODCALLTYPE *Release)(IRpcOptions *This);
    HRESULT (STDMETHODCALLTYPE *Set)(IRpcOptions *This, IUnknown *pPrx, RPCOPT_PROPERTIES dwProperty,
        ULONG_PTR dwValue);
    HRESULT (STDMETHODCALLTYPE *Query)(IRpcOptions *This, IUnknown *pPrx, RPCOPT_PROPERTIES dwProperty,
        ULONG_PTR *pdwValue);
} IRpcOptionsVtbl;
struct IRpcOptions {
    CONST_VTBL IRpcOptionsVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IRpcOptions_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IRpcOptions_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IRpcOptions_Release(This) ((This)->lpVtbl->Release(This))
#define IRpcOptions_Set(This, pPrx, dwProperty, dwValue) ((This)->lpVtbl->Set(This, pPrx, dwProperty, dwValue))
#define IRpcOptions_Query(This, pPrx, dwProperty, pdwValue) ((This)->lpVtbl->Query(This, pPrx, dwProperty, pdwValue))
#endif
#endif
#endif

typedef enum tagGLOBALOPT_PROPERTIES {
    COMGLB_EXCEPTION_HANDLING = 1,
    COMGLB_APPID = 2,
    COMGLB_RPC_THREADPOOL_SETTING = 3,
    COMGLB_RO_SETTINGS = 4,
    COMGLB_UNMARSHALING_POLICY = 5
} GLOBALOPT_PROPERTIES;

OLEANDER_DATA(const IID, IID_IGlobalOptions);
typedef struct IGlobalOptions IGlobalOptions;
#ifndef __IGlobalOptions_INTERFACE_DEFINED__
#define __IGlobalOptions_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("0000015B-0000-0000-C000-000000000046")
IGlobalOptions : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE Set(GLOBALOPT_PROPERTIES dwProperty, ULONG_PTR dwValue) = 0;
    virtual HRESULT STDMETHODCALLTYPE Query(GLOBALOPT_PROPERTIES dwProperty, ULONG_PTR *pdwValue) = 0;
};
__CRT_UUID_DECL(IGlobalOptions, 0x0000015b, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IGlobalOptionsVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IGlobalOptions *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IGlobalOptions *This);
    ULONG (STDMETHODCALLTYPE *Release)(IGlobalOptions *This);
    HRESULT (STDMETHODCALLTYPE *Set)(IGlobalOptions *This, GLOBALOPT_PROPERTIES dwProperty, ULONG_PTR dwValue);
    HRESULT (STDMETHODCALLTYPE *Query)(IGlobalOptions *This, GLOBALOPT_PROPERTIES dwProperty, ULONG_PTR *pdwValue);
} IGlobalOptionsVtbl;
struct IGlobalOptions {
    CONST_VTBL IGlobalOptionsVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IGlobalOptions_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IGlobalOptions_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IGlobalOptions_Release(This) ((This)->lpVtbl->Release(This))
#define IGlobalOptions_Set(This, dwProperty, dwValue) ((This)->lpVtbl->Set(This, dwProperty, dwValue))
#define IGlobalOptions_Query(This, dwProperty, pdwValue) ((This)->lpVtbl->Query(This, dwProperty, pdwValue))
#endif
#endif
#endif

/* Surrogates, tables */

OLEANDER_DATA(const IID, IID_ISurrogate);
typedef struct ISurrogate ISurrogate;
#ifndef __ISurrogate_INTERFACE_DEFINED__
#define __ISurrogate_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("00000022-0000-0000-C000-000000000046")
ISurrogate : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE LoadDllServer(REFCLSID Clsid) = 0;
    virtual HRESULT STDMETHODCALLTYPE FreeSurrogate() = 0;
};
__CRT_UUID_DECL(ISurrogate, 0x00000022, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct ISurrogateVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(ISurrogate *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(ISurrogate *This);
    ULONG (STDMETHODCALLTYPE *Release)(ISurrogate *This);
    HRESULT (STDMETHODCALLTYPE *LoadDllServer)(ISurrogate *This, REFCLSID Clsid);
    HRESULT (STDMETHODCALLTYPE *FreeSurrogate)(ISurrogate *This);
} ISurrogateVtbl;
struct ISurrogate {
    CONST_VTBL ISurrogateVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define ISurrogate_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define ISurrogate_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define ISurrogate_Release(This) ((This)->lpVtbl->Release(This))
#define ISurrogate_LoadDllServer(This, Clsid) ((This)->lpVtbl->LoadDllServer(This, Clsid))
#define ISurrogate_FreeSurrogate(This) ((This)->lpVtbl->FreeSurrogate(This))
#endif
#endif
#endif
typedef ISurrogate *LPSURROGATE;

OLEANDER_DATA(const IID, IID_IGlobalInterfaceTable);
typedef struct IGlobalInterfaceTable IGlobalInterfaceTable;
#ifndef __IGlobalInterfaceTable_INTERFACE_DEFINED__
#define __IGlobalInterfaceTable_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("00000146-0000-0000-C000-000000000046")
IGlobalInterfaceTable : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE RegisterInterfaceInGlobal(IUnknown *pUnk, REFIID riid, DWORD *pdwCookie) = 0;
    virtual HRESULT STDMETHODCALLTYPE RevokeInterfaceFromGlobal(DWORD dwCookie) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetInterfaceFromGlobal(DWORD dwCookie, REFIID riid, void **ppv) = 0;
};
__CRT_UUID_DECL(IGlobalInterfaceTable, 0x00000146, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IGlobalInterfaceTableVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IGlobalInterfaceTable *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IGlobalInterfaceTable *This);
    ULONG (STDMETHODCALLTYPE *Release)(IGlobalInterfaceTable *This);
    HRESULT (STDMETHODCALLTYPE *RegisterInterfaceInGlobal)(IGlobalInterfaceTable *This, IUnknown *pUnk, REFIID riid,
        DWORD *pdwCookie);
    HRESULT (STDMETHODCALLTYPE *RevokeInterfaceFromGlobal)(IGlobalInterfaceTable *This, DWORD dwCookie);
    HRESULT (STDMETHODCALLTYPE *GetInterfaceFromGlobal)(IGlobalInterfaceTable *This, DWORD dwCookie, REFIID riid,
        void **ppv);
} IGlobalInterfaceTableVtbl;
struct IGlobalInterfaceTable {
    CONST_VTBL IGlobalInterfaceTableVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IGlobalInterfaceTable_QueryInterface(This, riid, ppvObject) \
    ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IGlobalInterfaceTable_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IGlobalInterfaceTable_Release(This) ((This)->lpVtbl->Release(This))
#define IGlobalInterfaceTable_RegisterInterfaceInGlobal(This, pUnk, riid, pdwCookie) \
    ((This)->lpVtbl->RegisterInterfaceInGlobal(This, pUnk, riid, pdwCookie))
#define IGlobalInterfaceTable_RevokeInterfaceFromGlobal(This, dwCookie) \
    ((This)->lpVtbl->RevokeInterfaceFromGlobal(This, dwCookie))
#define IGlobalInterfaceTable_GetInterfaceFromGlobal(This, dwCookie, riid, ppv) \
    ((This)->lpVtbl->GetInterfaceFromGlobal(This, dwCookie, riid, ppv))
#endif
#endif
#endif
typedef IGlobalInterfaceTable *LPGLOBALINTERFACETABLE;

/* Asynchronous calls and their cancellation */

OLEANDER_DATA(const IID, IID_ISynchronize);
typedef struct ISynchronize ISynchronize;
#ifndef __ISynchronize_INTERFACE_DEFINED__
#define __ISynchronize_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("00000030-0000-0000-C000-000000000046")
ISynchronize : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE Wait(DWORD dwFlags, DWORD dwMilliseconds) = 0;
    virtual HRESULT STDMETHODCALLTYPE Signal() = 0;
    virtual HRESULT STDMETHODCALLTYPE Reset() = 0;
};
__CRT_UUID_DECL(ISynchronize, 0x00000030, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct ISynchronizeVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(ISynchronize *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(ISynchronize *This);
    ULONG (STDMETHODCALLTYPE *Release)(ISynchronize *This);
    HRESULT (STDMETHODCALLTYPE *Wait)(ISynchronize *This, DWORD dwFlags, DWORD dwMilliseconds);
    HRESULT (STDMETHODCALLTYPE *Signal)(ISynchronize *This);
    HRESULT (STDMETHODCALLTYPE *Reset)(ISynchronize *This);
} ISynchronizeVtbl;
struct ISynchronize {
    CONST_VTBL ISynchronizeVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define ISynchronize_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define ISynchronize_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define ISynchronize_Release(This) ((This)->lpVtbl->Release(This))
#define ISynchronize_Wait(This, dwFlags, dwMilliseconds) ((This)->lpVtbl->Wait(This, dwFlags, dwMilliseconds))
#define ISynchronize_Signal(This) ((This)->lpVtbl->Signal(This))
#define ISynchronize_Reset(This) ((This)->lpVtbl->Reset(This))
#endif
#endif
#endif

OLEANDER_DATA(const IID, IID_ISynchronizeHandle);
typedef struct ISynchronizeHandle ISynchronizeHandle;
#ifndef __ISynchronizeHandle_INTERFACE_DEFINED__
#define __ISynchronizeHandle_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("00000031-0000-0000-C000-000000000046")
ISynchronizeHandle : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE GetHandle(HANDLE *ph) = 0;
};
__CRT_UUID_DECL(ISynchronizeHandle, 0x00000031, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct ISynchronizeHandleVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(ISynchronizeHandle *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(ISynchronizeHandle *This);
    ULONG (STDMETHODCALLTYPE *Release)(ISynchronizeHandle *This);
    HRESULT (STDMETHODCALLTYPE *GetHandle)(ISynchronizeHandle *This, HANDLE *ph);
} ISynchronizeHandleVtbl;
struct ISynchronizeHandle {
    CONST_VTBL ISynchronizeHandleVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define ISynchronizeHandle_QueryInterface(This, riid, ppvObject) \
    ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define ISynchronizeHandle_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define ISynchronizeHandle_Release(This) ((This)->lpVtbl->Release(This))
#define ISynchronizeHandle_GetHandle(This, ph) ((This)->lpVtbl->GetHandle(This, ph))
#endif
#endif
#endif

OLEANDER_DATA(const IID, IID_ISynchronizeEvent);
typedef struct ISynchronizeEvent ISynchronizeEvent;
#ifndef __ISynchronizeEvent_INTERFACE_DEFINED__
#define __ISynchronizeEvent_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("00000032-0000-0000-C000-000000000046")
ISynchronizeEvent : public ISynchronizeHandle {
    virtual HRESULT STDMETHODCALLTYPE SetEventHandle(HANDLE *ph) = 0;
};
__CRT_UUID_DECL(ISynchronizeEvent, 0x00000032, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct ISynchronizeEventVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(ISynchronizeEvent *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(ISynchronizeEvent *This);
    ULONG (STDMETHODCALLTYPE *Release)(ISynchronizeEvent *This);
    HRESULT (STDMETHODCALLTYPE *GetHandle)(ISynchronizeEvent *This, HANDLE *ph);
    HRESULT (STDMETHODCALLTYPE *SetEventHandle)(ISynchronizeEvent *This, HANDLE *ph);
} ISynchronizeEventVtbl;
struct ISynchronizeEvent {
    CONST_VTBL ISynchronizeEventVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define ISynchronizeEvent_QueryInterface(This, riid, ppvObject) \
    ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define ISynchronizeEvent_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define ISynchronizeEvent_Release(This) ((This)->lpVtbl->Release(This))
#define ISynchronizeEvent_GetHandle(This, ph) ((This)->lpVtbl->GetHandle(This, ph))
#define ISynchronizeEvent_SetEventHandle(This, ph) ((This)->lpVtbl->SetEventHandle(This, ph))
#endif
#endif
#endif

OLEANDER_DATA(const IID, IID_ISynchronizeContainer);
typedef struct ISynchronizeContainer ISynchronizeContainer;
#ifndef __ISynchronizeContainer_INTERFACE_DEFINED__
#define __ISynchronizeContainer_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("00000033-0000-0000-C000-000000000046")
ISynchronizeContainer : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE AddSynchronize(ISynchronize *pSync) = 0;
    virtual HRESULT STDMETHODCALLTYPE WaitMultiple(DWORD dwFlags, DWORD dwTimeOut, ISynchronize **ppSync) = 0;
};
__CRT_UUID_DECL(ISynchronizeContainer, 0x00000033, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct ISynchronizeContainerVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(ISynchronizeContainer *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(ISynchronizeContainer *This);
    ULONG (STDMETHODCALLTYPE *Release)(ISynchronizeContainer *This);
    HRESULT (STDMETHODCALLTYPE *AddSynchronize)(ISynchronizeContainer *This, ISynchronize *pSync);
    HRESULT (STDMETHODCALLTYPE *WaitMultiple)(ISynchronizeContainer *This, DWORD dwFlags, DWORD dwTimeOut,
        ISynchronize **ppSync);
} ISynchronizeContainerVtbl;
struct ISynchronizeContainer {
    CONST_VTBL ISynchronizeContainerVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define ISynchronizeContainer_QueryInterface(This, riid, ppvObject) \
    ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define ISynchronizeContainer_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define ISynchronizeContainer_Release(This) ((This)->lpVtbl->Release(This))
#define ISynchronizeContainer_AddSynchronize(This, pSync) ((This)->lpVtbl->AddSynchronize(This, pSync))
#define ISynchronizeContainer_WaitMultiple(This, dwFlags, dwTimeOut, ppSync) \
    ((This)->lpVtbl->WaitMultiple(This, dwFlags, dwTimeOut, ppSync))
#endif
#endif
#endif

OLEANDER_DATA(const IID, IID_ISynchronizeMutex);
typedef struct ISynchronizeMutex ISynchronizeMutex;
#ifndef __ISynchronizeMutex_INTERFACE_DEFINED__
#define __ISynchronizeMutex_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("00000025-0000-0000-C000-000000000046")
ISynchronizeMutex : public ISynchronize {
    virtual HRESULT STDMETHODCALLTYPE ReleaseMutex() = 0;
};
__CRT_UUID_DECL(ISynchronizeMutex, 0x00000025, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct ISynchronizeMutexVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(ISynchronizeMutex *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(ISynchronizeMutex *This);
    ULONG (STDMETHODCALLTYPE *Release)(ISynchronizeMutex *This);
    HRESULT (STDMETHODCALLTYPE *Wait)(ISynchronizeMutex *This, DWORD dwFlags, DWORD dwMilliseconds);
    HRESULT (STDMETHODCALLTYPE *Signal)(ISynchronizeMutex *This);
    HRESULT (STDMETHODCALLTYPE *Reset)(ISynchronizeMutex *This);
    HRESULT (STDMETHODCALLTYPE *ReleaseMutex)(ISynchronizeMutex *This);
} ISynchronizeMutexVtbl;
struct ISynchronizeMutex {
    CONST_VTBL ISynchronizeMutexVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define ISynchronizeMutex_QueryInterface(This, riid, ppvObject) \
    ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define ISynchronizeMutex_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define ISynchronizeMutex_Release(This) ((This)->lpVtbl->Release(This))
#define ISynchronizeMutex_Wait(This, dwFlags, dwMilliseconds) ((This)->lpVtbl->Wait(This, dwFlags, dwMilliseconds))
#define ISynchronizeMutex_Signal(This) ((This)->lpVtbl->Signal(This))
#define ISynchronizeMutex_Reset(This) ((This)->lpVtbl->Reset(This))
#define ISynchronizeMutex_ReleaseMutex(This) ((This)->lpVtbl->ReleaseMutex(This))
#endif
#endif
#endif

OLEANDER_DATA(const IID, IID_ICancelMethodCalls);
typedef struct ICancelMethodCalls ICancelMethodCalls;
#ifndef __ICancelMethodCalls_INTERFACE_DEFINED__
#define __ICancelMethodCalls_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("00000029-0000-0000-C000-000000000046")
ICancelMethodCalls : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE Cancel(ULONG ulSeconds) = 0;
    virtual HRESULT STDMETHODCALLTYPE TestCancel() = 0;
};
__CRT_UUID_DECL(ICancelMethodCalls, 0x00000029, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct ICancelMethodCallsVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(ICancelMethodCalls *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(ICancelMethodCalls *This);
    ULONG (STDMETHODCALLTYPE *Release)(ICancelMethodCalls *This);
    HRESULT (STDMETHODCALLTYPE *Cancel)(ICancelMethodCalls *This, ULONG ulSeconds);
    HRESULT (STDMETHODCALLTYPE *TestCancel)(ICancelMethodCalls *This);
} ICancelMethodCallsVtbl;
struct ICancelMethodCalls {
    CONST_VTBL ICancelMethodCallsVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define ICancelMethodCalls_QueryInterface(This, riid, ppvObject) \
    ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define ICancelMethodCalls_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define ICancelMethodCalls_Release(This) ((This)->lpVtbl->Release(This))
#define ICancelMethodCalls_Cancel(This, ulSeconds) ((This)->lpVtbl->Cancel(This, ulSeconds))
#define ICancelMethodCalls_TestCancel(This) ((This)->lpVtbl->TestCancel(This))
#endif
#endif
#endif

typedef enum tagDCOM_CALL_STATE { DCOM_NONE = 0, DCOM_CALL_COMPLETE = 1, DCOM_CALL_CANCELED = 2 } DCOM_CALL_STATE;

OLEANDER_DATA(const IID, IID_IAsyncManager);
typedef struct IAsyncManager IAsyncManager;
#ifndef __IAsyncManager_INTERFACE_DEFINED__
#define __IAsyncManager_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("0000002A-0000-0000-C000-000000000046")
IAsyncManager : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE CompleteCall(HRESULT Result) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetCallContext(REFIID riid, void **pInterface) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetState(ULONG *pulStateFlags) = 0;
};
__CRT_UUID_DECL(IAsyncManager, 0x0000002a, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IAsyncManagerVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IAsyncManager *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IAsyncManager *This);
    ULONG (STDMETHODCALLTYPE *Release)(IAsyncManager *This);
    HRESULT (STDMETHODCALLTYPE *CompleteCall)(IAsyncManager *This, HRESULT Result);
    HRESULT (STDMETHODCALLTYPE *GetCallContext)(IAsyncManager *This, REFIID riid, void **pInterface);
    HRESULT (STDMETHODCALLTYPE *GetState)(IAsyncManager *This, ULONG *pulStateFlags);
} IAsyncManagerVtbl;
struct IAsyncManager {
    CONST_VTBL IAsyncManagerVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IAsyncManager_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IAsyncManager_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IAsyncManager_Release(This) ((This)->lpVtbl->Release(This))
#define IAsyncManager_CompleteCall(This, Result) ((This)->lpVtbl->CompleteCall(This, Result))
#define IAsyncManager_GetCallContext(This, riid, pInterface) ((This)->lpVtbl->GetCallContext(This, riid, pInterface))
#define IAsyncManager_GetState(This, pulStateFlags) ((This)->lpVtbl->GetState(This, pulStateFlags))
#endif
#endif
#endif

OLEANDER_DATA(const IID, IID_ICallFactory);
typedef struct ICallFactory ICallFactory;
#ifndef __ICallFactory_INTERFACE_DEFINED__
#define __ICallFactory_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("1C733A30-2A1C-11CE-ADE5-00AA0044773D")
ICallFactory : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE CreateCall(REFIID riid, IUnknown *pCtrlUnk, REFIID riid2, IUnknown **ppv) = 0;
};
__CRT_UUID_DECL(ICallFactory, 0x1c733a30, 0x2a1c, 0x11ce, 0xad, 0xe5, 0x00, 0xaa, 0x00, 0x44, 0x77, 0x3d)
#else
typedef struct ICallFactoryVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(ICallFactory *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(ICallFactory *This);
    ULONG (STDMETHODCALLTYPE *Release)(ICallFactory *This);
    HRESULT (STDMETHODCALLTYPE *CreateCall)(ICallFactory *This, REFIID riid, IUnknown *pCtrlUnk, REFIID riid2,
        IUnknown **ppv);
} ICallFactoryVtbl;
struct ICallFactory {
    CONST_VTBL ICallFactoryVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define ICallFactory_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define ICallFactory_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define ICallFactory_Release(This) ((This)->lpVtbl->Release(This))
#define ICallFactory_CreateCall(This, riid, pCtrlUnk, riid2, ppv) \
    ((This)->lpVtbl->CreateCall(This, riid, pCtrlUnk, riid2, ppv))
#endif
#endif
#endif

/* Contexts */

typedef DWORD CPFLAGS;
typedef struct tagContextProperty {
    GUID policyId;
    CPFLAGS flags;
    IUnknown *pUnk;
} ContextProperty;

OLEANDER_DATA(const IID, IID_IEnumContextProps);
typedef struct IEnumContextProps IEnumContextProps;
#ifndef __IEnumContextProps_INTERFACE_DEFINED__
#define __IEnumContextProps_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("000001C1-0000-0000-C000-000000000046")
IEnumContextProps : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE Next(ULONG celt, ContextProperty *pContextProperties, ULONG *pceltFetched) = 0;
    virtual HRESULT STDMETHODCALLTYPE Skip(ULONG celt) = 0;
    virtual HRESULT STDMETHODCALLTYPE Reset() = 0;
    virtual HRESULT STDMETHODCALLTYPE Clone(IEnumContextProps **ppEnumContextProps) = 0;
    virtual HRESULT STDMETHODCALLTYPE Count(ULONG *pcelt) = 0;
};
__CRT_UUID_DECL(IEnumContextProps, 0x000001c1, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IEnumContextPropsVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IEnumContextProps *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IEnumContextProps *This);
    ULONG (STDMETHODCALLTYPE *Release)(IEnumContextProps *This);
    HRESULT (STDMETHODCALLTYPE *Next)(IEnumContextProps *This, ULONG celt, ContextProperty *pContextProperties,
        ULONG *pceltFetched);
    HRESULT (STDMETHODCALLTYPE *Skip)(IEnumContextProps *This, ULONG celt);
    HRESULT (STDMETHODCALLTYPE *Reset)(IEnumContextProps *This);
    HRESULT (STDMETHODCALLTYPE *Clone)(IEnumContextProps *This, IEnumContextProps **ppEnumContextProps);
    HRESULT (STDMETHODCALLTYPE *Count)(IEnumContextProps *This, ULONG *pcelt);
} IEnumContextPropsVtbl;
struct IEnumContextProps {
    CONST_VTBL IEnumContextPropsVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IEnumContextProps_QueryInterface(This, riid, ppvObject) \
    ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IEnumContextProps_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IEnumContextProps_Release(This) ((This)->lpVtbl->Release(This))
#define IEnumContextProps_Next(This, celt, pContextProperties, pceltFetched) \
    ((This)->lpVtbl->Next(This, celt, pContextProperties, pceltFetched))
#define IEnumContextProps_Skip(This, celt) ((This)->lpVtbl->Skip(This, celt))
#define IEnumContextProps_Reset(This) ((This)->lpVtbl->Reset(This))
#define IEnumContextProps_Clone(This, ppEnumContextProps) ((This)->lpVtbl->Clone(This, ppEnumContextProps))
#define IEnumContextProps_Count(This, pcelt) ((This)->lpVtbl->Count(This, pcelt))
#endif
#endif
#endif
typedef IEnumContextProps *LPENUMCONTEXTPROPS;

OLEANDER_DATA(const IID, IID_IContext);
typedef struct IContext IContext;
#ifndef __IContext_INTERFACE_DEFINED__
#define __IContext_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("000001C0-0000-0000-C000-000000000046")
IContext : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE SetProperty(REFGUID rpolicyId, CPFLAGS flags, IUnknown *pUnk) = 0;
    virtual HRESULT STDMETHODCALLTYPE RemoveProperty(REFGUID rPolicyId) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetProperty(REFGUID rGuid, CPFLAGS *pFlags, IUnknown **ppUnk) = 0;
    virtual HRESULT STDMETHODCALLTYPE EnumContextProps(IEnumContextProps **ppEnumContextProps) = 0;
};
__CRT_UUID_DECL(IContext, 0x000001c0, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IContextVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IContext *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IContext *This);
    ULONG (STDMETHODCALLTYPE *Release)(IContext *This);
    HRESULT (STDMETHODCALLTYPE *SetProperty)(IContext *This, REFGUID rpolicyId, CPFLAGS flags, IUnknown *pUnk);
    HRESULT (STDMETHODCALLTYPE *RemoveProperty)(IContext *This, REFGUID rPolicyId);
    HRESULT (STDMETHODCALLTYPE *GetProperty)(IContext *This, REFGUID rGuid, CPFLAGS *pFlags, IUnknown **ppUnk);
    HRESULT (STDMETHODCALLTYPE *EnumContextProps)(IContext *This, IEnumContextProps **ppEnumContextProps);
} IContextVtbl;
struct IContext {
    CONST_VTBL IContextVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IContext_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IContext_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IContext_Release(This) ((This)->lpVtbl->Release(This))
#define IContext_SetProperty(This, rpolicyId, flags, pUnk) ((This)->lpVtbl->SetProperty(This, rpolicyId, flags, pUnk))
#define IContext_RemoveProperty(This, rPolicyId) ((This)->lpVtbl->RemoveProperty(This, rPolicyId))
#define IContext_GetProperty(This, rGuid, pFlags, ppUnk) ((This)->lpVtbl->GetProperty(This, rGuid, pFlags, ppUnk))
#define IContext_EnumContextProps(This, ppEnumContextProps) \
    ((This)->lpVtbl->EnumContextProps(This, ppEnumContextProps))
#endif
#endif
#endif

/* Only the identity of a context; CoGetContextToken gives a pointer to it. */
OLEANDER_DATA(const IID, IID_IObjContext);
typedef struct IObjContext IObjContext;
#ifndef __IObjContext_INTERFACE_DEFINED__
#define __IObjContext_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("000001C6-0000-0000-C000-000000000046")
IObjContext : public IContext {
    virtual void STDMETHODCALLTYPE Reserved1() = 0;
    virtual void STDMETHODCALLTYPE Reserved2() = 0;
    virtual void STDMETHODCALLTYPE Reserved3() = 0;
    virtual void STDMETHODCALLTYPE Reserved4() = 0;
    virtual void STDMETHODCALLTYPE Reserved5() = 0;
    virtual void STDMETHODCALLTYPE Reserved6() = 0;
    virtual void STDMETHODCALLTYPE Reserved7() = 0;
};
__CRT_UUID_DECL(IObjContext, 0x000001c6, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IObjContextVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IObjContext *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IObjContext *This);
    ULONG (STDMETHODCALLTYPE *Release)(IObjContext *This);
    HRESULT (STDMETHODCALLTYPE *SetProperty)(IObjContext *This, REFGUID rpolicyId, CPFLAGS flags, IUnknown *pUnk);
    HRESULT (STDMETHODCALLTYPE *RemoveProperty)(IObjContext *This, REFGUID rPolicyId);
    HRESULT (STDMETHODCALLTYPE *GetProperty)(IObjContext *This, REFGUID rGuid, CPFLAGS *pFlags, IUnknown **ppUnk);
    HRESULT (STDMETHODCALLTYPE *EnumContextProps)(IObjContext *This, IEnumContextProps **ppEnumContextProps);
    void (STDMETHODCALLTYPE *Reserved1)(IObjContext *This);
    void (STDMETHODCALLTYPE *Reserved2)(IObjContext *This);
    void (STDMETHODCALLTYPE *Reserved3)(IObjContext *This);
    void (STDMETHODCALLTYPE *Reserved4)(IObjContext *This);
    void (STDMETHODCALLTYPE *Reserved5)(IObjContext *This);
    void (STDMETHODCALLTYPE *Reserved6)(IObjContext *This);
    void (STDMETHODCALLTYPE *Reserved7)(IObjContext *This);
} IObjContextVtbl;
struct IObjContext {
    CONST_VTBL IObjContextVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IObjContext_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IObjContext_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IObjContext_Release(This) ((This)->lpVtbl->Release(This))
#define IObjContext_SetProperty(This, rpolicyId, flags, pUnk) \
    ((This)->lpVtbl->SetProperty(This, rpolicyId, flags, pUnk))
#define IObjContext_RemoveProperty(This, rPolicyId) ((This)->lpVtbl->RemoveProperty(This, rPolicyId))
#define IObjContext_GetProperty(This, rGuid, pFlags, ppUnk) ((This)->lpVtbl->GetProperty(This, rGuid, pFlags, ppUnk))
#define IObjContext_EnumContextProps(This, ppEnumContextProps) \
    ((This)->lpVtbl->EnumContextProps(This, ppEnumContextProps))
#define IObjContext_Reserved1(This) ((This)->lpVtbl->Reserved1(This))
#define IObjContext_Reserved2(This) ((This)->lpVtbl->Reserved2(This))
#define IObjContext_Reserved3(This) ((This)->lpVtbl->Reserved3(This))
#define IObjContext_Reserved4(This) ((This)->lpVtbl->Reserved4(This))
#define IObjContext_Reserved5(This) ((This)->lpVtbl->Reserved5(This))
#define IObjContext_Reserved6(This) ((This)->lpVtbl->Reserved6(This))
#define IObjContext_Reserved7(This) ((This)->lpVtbl->Reserved7(This))
#endif
#endif
#endif

typedef struct tagComCallData {
    DWORD dwDispid;
    DWORD dwReserved;
    void *pUserDefined;
} ComCallData;
typedef HRESULT(STDMETHODCALLTYPE *PFNCONTEXTCALL)(ComCallData *pParam);

OLEANDER_DATA(const IID, IID_IContextCallback);
typedef struct IContextCallback IContextCallback;
#ifndef __IContextCallback_INTERFACE_DEFINED__
#define __IContextCallback_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("000001DA-0000-0000-C000-000000000046")
IContextCallback : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE ContextCallback(PFNCONTEXTCALL pfnCallback, ComCallData *pParam, REFIID riid,
        int iMethod, IUnknown *pUnk) = 0;
};
__CRT_UUID_DECL(IContextCallback, 0x000001da, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IContextCallbackVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IContextCallback *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IContextCallback *This);
    ULONG (STDMETHODCALLTYPE *Release)(IContextCallback *This);
    HRESULT (STDMETHODCALLTYPE *ContextCallback)(IContextCallback *This, PFNCONTEXTCALL pfnCallback,
        ComCallData *pParam, REFIID riid, int iMethod, IUnknown *pUnk);
} IContextCallbackVtbl;
struct IContextCallback {
    CONST_VTBL IContextCallbackVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IContextCallback_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IContextCallback_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IContextCallback_Release(This) ((This)->lpVtbl->Release(This))
#define IContextCallback_ContextCallback(This, pfnCallback, pParam, riid, iMethod, pUnk) \
    ((This)->lpVtbl->ContextCallback(This, pfnCallback, pParam, riid, iMethod, pUnk))
#endif
#endif
#endif

/* For riid, where it names no interface. */
OLEANDER_DATA(const IID, IID_ICallbackWithNoReentrancyToApplicationSTA);
OLEANDER_DATA(const IID, IID_IEnterActivityWithNoLock);

typedef enum _APTTYPEQUALIFIER {
    APTTYPEQUALIFIER_NONE = 0,
    APTTYPEQUALIFIER_IMPLICIT_MTA = 1,
    APTTYPEQUALIFIER_NA_ON_MTA = 2,
    APTTYPEQUALIFIER_NA_ON_STA = 3,
    APTTYPEQUALIFIER_NA_ON_IMPLICIT_MTA = 4,
    APTTYPEQUALIFIER_NA_ON_MAINSTA = 5,
    APTTYPEQUALIFIER_APPLICATION_STA = 6
} APTTYPEQUALIFIER;
typedef enum _APTTYPE {
    APTTYPE_CURRENT = -1,
    APTTYPE_STA = 0,
    APTTYPE_MTA = 1,
    APTTYPE_NA = 2,
    APTTYPE_MAINSTA = 3
} APTTYPE;
typedef enum _THDTYPE { THDTYPE_BLOCKMESSAGES = 0, THDTYPE_PROCESSMESSAGES = 1 } THDTYPE;
typedef DWORD APARTMENTID;

OLEANDER_DATA(const IID, IID_IComThreadingInfo);
typedef struct IComThreadingInfo IComThreadingInfo;
#ifndef __IComThreadingInfo_INTERFACE_DEFINED__
#define __IComThreadingInfo_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("000001CE-0000-0000-C000-000000000046")
IComThreadingInfo : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE GetCurrentApartmentType(APTTYPE *pAptType) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetCurrentThreadType(THDTYPE *pThreadType) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetCurrentLogicalThreadId(GUID *pguidLogicalThreadId) = 0;
    virtual HRESULT STDMETHODCALLTYPE SetCurrentLogicalThreadId(REFGUID rguid) = 0;
};
__CRT_UUID_DECL(IComThreadingInfo, 0x000001ce, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IComThreadingInfoVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IComThreadingInfo *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IComThreadingInfo *This);
    ULONG (STDMETHODCALLTYPE *Release)(IComThreadingInfo *This);
    HRESULT (STDMETHODCALLTYPE *GetCurrentApartmentType)(IComThreadingInfo *This, APTTYPE *pAptType);
    HRESULT (STDMETHODCALLTYPE *GetCurrentThreadType)(IComThreadingInfo *This, THDTYPE *pThreadType);
    HRESULT (STDMETHODCALLTYPE *GetCurrentLogicalThreadId)(IComThreadingInfo *This, GUID *pguidLogicalThreadId);
    HRESULT (STDMETHODCALLTYPE *SetCurrentLogicalThreadId)(IComThreadingInfo *This, REFGUID rguid);
} IComThreadingInfoVtbl;
struct IComThreadingInfo {
    CONST_VTBL IComThreadingInfoVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IComThreadingInfo_QueryInterface(This, riid, ppvObject) \
    ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IComThreadingInfo_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IComThreadingInfo_Release(This) ((This)->lpVtbl->Release(This))
#define IComThreadingInfo_GetCurrentApartmentType(This, pAptType) \
    ((This)->lpVtbl->GetCurrentApartmentType(This, pAptType))
#define IComThreadingInfo_GetCurrentThreadType(This, pThreadType) \
    ((This)->lpVtbl->GetCurrentThreadType(This, pThreadType))
#define IComThreadingInfo_GetCurrentLogicalThreadId(This, pguidLogicalThreadId) \
    ((This)->lpVtbl->GetCurrentLogicalThreadId(This, pguidLogicalThreadId))
#define IComThreadingInfo_SetCurrentLogicalThreadId(This, rguid) \
    ((This)->lpVtbl->SetCurrentLogicalThreadId(This, rguid))
#endif
#endif
#endif

OLEANDER_DATA(const IID, IID_IProcessInitControl);
typedef struct IProcessInitControl IProcessInitControl;
#ifndef __IProcessInitControl_INTERFACE_DEFINED__
#define __IProcessInitControl_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("72380D55-8D2B-43A3-8513-2B6EF31434E9")
IProcessInitControl : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE ResetInitializerTimeout(DWORD dwSecondsRemaining) = 0;
};
__CRT_UUID_DECL(IProcessInitControl, 0x72380d55, 0x8d2b, 0x43a3, 0x85, 0x13, 0x2b, 0x6e, 0xf3, 0x14, 0x34, 0xe9)
#else
typedef struct IProcessInitControlVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IProcessInitControl *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IProcessInitControl *This);
    ULONG (STDMETHODCALLTYPE *Release)(IProcessInitControl *This);
    HRESULT (STDMETHODCALLTYPE *ResetInitializerTimeout)(IProcessInitControl *This, DWORD dwSecondsRemaining);
} IProcessInitControlVtbl;
struct IProcessInitControl {
    CONST_VTBL IProcessInitControlVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IProcessInitControl_QueryInterface(This, riid, ppvObject) \
    ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IProcessInitControl_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IProcessInitControl_Release(This) ((This)->lpVtbl->Release(This))
#define IProcessInitControl_ResetInitializerTimeout(This, dwSecondsRemaining) \
    ((This)->lpVtbl->ResetInitializerTimeout(This, dwSecondsRemaining))
#endif
#endif
#endif

OLEANDER_DATA(const IID, IID_IFastRundown);
typedef struct IFastRundown IFastRundown;
#ifndef __IFastRundown_INTERFACE_DEFINED__
#define __IFastRundown_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("00000040-0000-0000-C000-000000000046")
IFastRundown : public IUnknown {
};
__CRT_UUID_DECL(IFastRundown, 0x00000040, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IFastRundownVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IFastRundown *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IFastRundown *This);
    ULONG (STDMETHODCALLTYPE *Release)(IFastRundown *This);
} IFastRundownVtbl;
struct IFastRundown {
    CONST_VTBL IFastRundownVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IFastRundown_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IFastRundown_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IFastRundown_Release(This) ((This)->lpVtbl->Release(This))
#endif
#endif
#endif

/* Locates classes that unmarshal and classes that the system provides. */
OLEANDER_DATA(const CLSID, CLSID_StdMarshal);
OLEANDER_DATA(const CLSID, CLSID_StdGlobalInterfaceTable);
OLEANDER_DATA(const CLSID, CLSID_GlobalOptions);
OLEANDER_DATA(const CLSID, CLSID_InProcFreeMarshaler);
OLEANDER_DATA(const CLSID, CLSID_ManualResetEvent);
OLEANDER_DATA(const CLSID, CLSID_SynchronizeContainer);
OLEANDER_DATA(const CLSID, CLSID_PSOAInterface);
OLEANDER_DATA(const CLSID, CLSID_PSDispatch);
OLEANDER_DATA(const CLSID, CLSID_PSTypeInfo);
OLEANDER_DATA(const CLSID, CLSID_PSTypeLib);
OLEANDER_DATA(const CLSID, CLSID_PSTypeComp);
OLEANDER_DATA(const CLSID, CLSID_PSEnumVariant);

#endif
