/* IObjectSafety. Made by interfaces/generate.lua from objsafe.h.in; do not edit. */
#ifndef OLEANDER_OBJSAFE_H
#define OLEANDER_OBJSAFE_H

#include <objidl.h>

#define INTERFACESAFE_FOR_UNTRUSTED_CALLER 0x00000001
#define INTERFACESAFE_FOR_UNTRUSTED_DATA 0x00000002
#define INTERFACE_USES_DISPEX 0x00000004
#define INTERFACE_USES_SECURITY_MANAGER 0x00000008

OLEANDER_DATA(const IID, IID_IObjectSafety);
typedef struct IObjectSafety IObjectSafety;
#ifndef __IObjectSafety_INTERFACE_DEFINED__
#define __IObjectSafety_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("CB5BDC81-93C1-11CF-8F20-00805F2CD064")
IObjectSafety : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE GetInterfaceSafetyOptions(REFIID riid, DWORD *pdwSupportedOptions,
        DWORD *pdwEnabledOptions) = 0;
    virtual HRESULT STDMETHODCALLTYPE SetInterfaceSafetyOptions(REFIID riid, DWORD dwOptionSetMask,
        DWORD dwEnabledOptions) = 0;
};
__CRT_UUID_DECL(IObjectSafety, 0xcb5bdc81, 0x93c1, 0x11cf, 0x8f, 0x20, 0x00, 0x80, 0x5f, 0x2c, 0xd0, 0x64)
#else
typedef struct IObjectSafetyVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IObjectSafety *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IObjectSafety *This);
    ULONG (STDMETHODCALLTYPE *Release)(IObjectSafety *This);
    HRESULT (STDMETHODCALLTYPE *GetInterfaceSafetyOptions)(IObjectSafety *This, REFIID riid,
        DWORD *pdwSupportedOptions, DWORD *pdwEnabledOptions);
    HRESULT (STDMETHODCALLTYPE *SetInterfaceSafetyOptions)(IObjectSafety *This, REFIID riid, DWORD dwOptionSetMask,
        DWORD dwEnabledOptions);
} IObjectSafetyVtbl;
struct IObjectSafety {
    CONST_VTBL IObjectSafetyVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IObjectSafety_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IObjectSafety_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IObjectSafety_Release(This) ((This)->lpVtbl->Release(This))
#define IObjectSafety_GetInterfaceSafetyOptions(This, riid, pdwSupportedOptions, pdwEnabledOptions) \
    ((This)->lpVtbl->GetInterfaceSafetyOptions(This, riid, pdwSupportedOptions, pdwEnabledOptions))
#define IObjectSafety_SetInterfaceSafetyOptions(This, riid, dwOptionSetMask, dwEnabledOptions) \
    ((This)->lpVtbl->SetInterfaceSafetyOptions(This, riid, dwOptionSetMask, dwEnabledOptions))
#endif
#endif
#endif
typedef IObjectSafety *LPOBJECTSAFETY;

#endif
