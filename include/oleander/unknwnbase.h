/* IUnknown and the class object. Made by interfaces/generate.lua from unknwnbase.h.in; do not edit. */
#ifndef OLEANDER_UNKNWNBASE_H
#define OLEANDER_UNKNWNBASE_H

#include <wtypesbase.h>

/* Identity and lifetime: every interface begins with these three methods. */
OLEANDER_DATA(const IID, IID_IUnknown);
typedef struct IUnknown IUnknown;
#ifndef __IUnknown_INTERFACE_DEFINED__
#define __IUnknown_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("00000000-0000-0000-C000-000000000046")
IUnknown {
    /* Gives the interface `riid` of the same object, with a reference that the caller releases, or E_NOINTERFACE and NULL. */
    virtual HRESULT STDMETHODCALLTYPE QueryInterface(REFIID riid, void **ppvObject) = 0;
    /* Adds a reference; the result is for diagnosis only. */
    virtual ULONG STDMETHODCALLTYPE AddRef() = 0;
    /* Drops a reference; the object may be gone when this returns. */
    virtual ULONG STDMETHODCALLTYPE Release() = 0;
};
__CRT_UUID_DECL(IUnknown, 0x00000000, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IUnknownVtbl {
    /* Gives the interface `riid` of the same object, with a reference that the caller releases, or E_NOINTERFACE and NULL. */
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IUnknown *This, REFIID riid, void **ppvObject);
    /* Adds a reference; the result is for diagnosis only. */
    ULONG (STDMETHODCALLTYPE *AddRef)(IUnknown *This);
    /* Drops a reference; the object may be gone when this returns. */
    ULONG (STDMETHODCALLTYPE *Release)(IUnknown *This);
} IUnknownVtbl;
struct IUnknown {
    CONST_VTBL IUnknownVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IUnknown_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IUnknown_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IUnknown_Release(This) ((This)->lpVtbl->Release(This))
#endif
#endif
#endif
typedef IUnknown *LPUNKNOWN;

/* Makes objects of one class. */
OLEANDER_DATA(const IID, IID_IClassFactory);
typedef struct IClassFactory IClassFactory;
#ifndef __IClassFactory_INTERFACE_DEFINED__
#define __IClassFactory_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("00000001-0000-0000-C000-000000000046")
IClassFactory : public IUnknown {
    /* Makes an object; with `pUnkOuter` it is aggregated, and `riid` must be IID_IUnknown. */
    virtual HRESULT STDMETHODCALLTYPE CreateInstance(IUnknown *pUnkOuter, REFIID riid, void **ppvObject) = 0;
    /* TRUE keeps the server loaded until a matching FALSE. */
    virtual HRESULT STDMETHODCALLTYPE LockServer(BOOL fLock) = 0;
};
__CRT_UUID_DECL(IClassFactory, 0x00000001, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IClassFactoryVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IClassFactory *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IClassFactory *This);
    ULONG (STDMETHODCALLTYPE *Release)(IClassFactory *This);
    /* Makes an object; with `pUnkOuter` it is aggregated, and `riid` must be IID_IUnknown. */
    HRESULT (STDMETHODCALLTYPE *CreateInstance)(IClassFactory *This, IUnknown *pUnkOuter, REFIID riid,
        void **ppvObject);
    /* TRUE keeps the server loaded until a matching FALSE. */
    HRESULT (STDMETHODCALLTYPE *LockServer)(IClassFactory *This, BOOL fLock);
} IClassFactoryVtbl;
struct IClassFactory {
    CONST_VTBL IClassFactoryVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IClassFactory_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IClassFactory_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IClassFactory_Release(This) ((This)->lpVtbl->Release(This))
#define IClassFactory_CreateInstance(This, pUnkOuter, riid, ppvObject) \
    ((This)->lpVtbl->CreateInstance(This, pUnkOuter, riid, ppvObject))
#define IClassFactory_LockServer(This, fLock) ((This)->lpVtbl->LockServer(This, fLock))
#endif
#endif
#endif
typedef IClassFactory *LPCLASSFACTORY;

OLEANDER_DATA(const IID, IID_AsyncIUnknown);
typedef struct AsyncIUnknown AsyncIUnknown;
#ifndef __AsyncIUnknown_INTERFACE_DEFINED__
#define __AsyncIUnknown_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("000E0000-0000-0000-C000-000000000046")
AsyncIUnknown : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE Begin_QueryInterface(REFIID riid) = 0;
    virtual HRESULT STDMETHODCALLTYPE Finish_QueryInterface(void **ppvObject) = 0;
    virtual HRESULT STDMETHODCALLTYPE Begin_AddRef() = 0;
    virtual ULONG STDMETHODCALLTYPE Finish_AddRef() = 0;
    virtual HRESULT STDMETHODCALLTYPE Begin_Release() = 0;
    virtual ULONG STDMETHODCALLTYPE Finish_Release() = 0;
};
__CRT_UUID_DECL(AsyncIUnknown, 0x000e0000, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct AsyncIUnknownVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(AsyncIUnknown *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(AsyncIUnknown *This);
    ULONG (STDMETHODCALLTYPE *Release)(AsyncIUnknown *This);
    HRESULT (STDMETHODCALLTYPE *Begin_QueryInterface)(AsyncIUnknown *This, REFIID riid);
    HRESULT (STDMETHODCALLTYPE *Finish_QueryInterface)(AsyncIUnknown *This, void **ppvObject);
    HRESULT (STDMETHODCALLTYPE *Begin_AddRef)(AsyncIUnknown *This);
    ULONG (STDMETHODCALLTYPE *Finish_AddRef)(AsyncIUnknown *This);
    HRESULT (STDMETHODCALLTYPE *Begin_Release)(AsyncIUnknown *This);
    ULONG (STDMETHODCALLTYPE *Finish_Release)(AsyncIUnknown *This);
} AsyncIUnknownVtbl;
struct AsyncIUnknown {
    CONST_VTBL AsyncIUnknownVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define AsyncIUnknown_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define AsyncIUnknown_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define AsyncIUnknown_Release(This) ((This)->lpVtbl->Release(This))
#define AsyncIUnknown_Begin_QueryInterface(This, riid) ((This)->lpVtbl->Begin_QueryInterface(This, riid))
#define AsyncIUnknown_Finish_QueryInterface(This, ppvObject) ((This)->lpVtbl->Finish_QueryInterface(This, ppvObject))
#define AsyncIUnknown_Begin_AddRef(This) ((This)->lpVtbl->Begin_AddRef(This))
#define AsyncIUnknown_Finish_AddRef(This) ((This)->lpVtbl->Finish_AddRef(This))
#define AsyncIUnknown_Begin_Release(This) ((This)->lpVtbl->Begin_Release(This))
#define AsyncIUnknown_Finish_Release(This) ((This)->lpVtbl->Finish_Release(This))
#endif
#endif
#endif

#ifdef __cplusplus
/* IID and void** of a typed out parameter: CoCreateInstance(clsid, NULL, CLSCTX_ALL, IID_PPV_ARGS(&foo)). */
extern "C++" {
template <typename Type> void **IID_PPV_ARGS_Helper(Type **out) {
    (void)static_cast<IUnknown *>(*out);
    return reinterpret_cast<void **>(out);
}
}
#define IID_PPV_ARGS(out) __uuidof(**(out)), IID_PPV_ARGS_Helper(out)
#endif

#endif
