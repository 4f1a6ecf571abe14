/* IServiceProvider. Made by interfaces/generate.lua from servprov.h.in; do not edit. */
#ifndef OLEANDER_SERVPROV_H
#define OLEANDER_SERVPROV_H

#include <objidl.h>

OLEANDER_DATA(const IID, IID_IServiceProvider);
typedef struct IServiceProvider IServiceProvider;
#ifndef __IServiceProvider_INTERFACE_DEFINED__
#define __IServiceProvider_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("6D5140C1-7436-11CE-8034-00AA006009FA")
IServiceProvider : public IUnknown {
    /* An interface of the object that provides a service in this environment. */
    virtual HRESULT STDMETHODCALLTYPE QueryService(REFGUID guidService, REFIID riid, void **ppvObject) = 0;
};
__CRT_UUID_DECL(IServiceProvider, 0x6d5140c1, 0x7436, 0x11ce, 0x80, 0x34, 0x00, 0xaa, 0x00, 0x60, 0x09, 0xfa)
#else
typedef struct IServiceProviderVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IServiceProvider *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IServiceProvider *This);
    ULONG (STDMETHODCALLTYPE *Release)(IServiceProvider *This);
    /* An interface of the object that provides a service in this environment. */
    HRESULT (STDMETHODCALLTYPE *QueryService)(IServiceProvider *This, REFGUID guidService, REFIID riid,
        void **ppvObject);
} IServiceProviderVtbl;
struct IServiceProvider {
    CONST_VTBL IServiceProviderVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IServiceProvider_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IServiceProvider_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IServiceProvider_Release(This) ((This)->lpVtbl->Release(This))
#define IServiceProvider_QueryService(This, guidService, riid, ppvObject) \
    ((This)->lpVtbl->QueryService(This, guidService, riid, ppvObject))
#endif
#endif
#endif
typedef IServiceProvider *LPSERVICEPROVIDER;
#define SID_SServiceProvider IID_IServiceProvider


#endif
