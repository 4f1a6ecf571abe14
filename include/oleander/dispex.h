/* IDispatchEx: objects whose members come and go. Made by interfaces/generate.lua from dispex.h.in; do not edit. */
#ifndef OLEANDER_DISPEX_H
#define OLEANDER_DISPEX_H

#include <oaidl.h>
#include <servprov.h>

typedef struct IDispatchEx IDispatchEx;
typedef struct IDispError IDispError;
typedef struct IVariantChangeType IVariantChangeType;

OLEANDER_DATA(const GUID, SID_VariantConversion);
OLEANDER_DATA(const GUID, SID_GetCaller);
OLEANDER_DATA(const GUID, SID_ProvideRuntimeContext);

/* How a name is looked up. */
#define fdexNameCaseSensitive 0x00000001
#define fdexNameEnsure 0x00000002
#define fdexNameImplicit 0x00000004
#define fdexNameCaseInsensitive 0x00000008
#define fdexNameInternal 0x00000010
#define fdexNameNoDynamicProperties 0x00000020

/* What GetMemberProperties asks and answers. */
#define fdexPropCanGet 0x00000001
#define fdexPropCannotGet 0x00000002
#define fdexPropCanPut 0x00000004
#define fdexPropCannotPut 0x00000008
#define fdexPropCanPutRef 0x00000010
#define fdexPropCannotPutRef 0x00000020
#define fdexPropNoSideEffects 0x00000040
#define fdexPropDynamicType 0x00000080
#define fdexPropCanCall 0x00000100
#define fdexPropCannotCall 0x00000200
#define fdexPropCanConstruct 0x00000400
#define fdexPropCannotConstruct 0x00000800
#define fdexPropCanSourceEvents 0x00001000
#define fdexPropCannotSourceEvents 0x00002000
#define grfdexPropCanAll                                                                                               \
    (fdexPropCanGet | fdexPropCanPut | fdexPropCanPutRef | fdexPropCanCall | fdexPropCanConstruct |                    \
     fdexPropCanSourceEvents)
#define grfdexPropCannotAll                                                                                            \
    (fdexPropCannotGet | fdexPropCannotPut | fdexPropCannotPutRef | fdexPropCannotCall | fdexPropCannotConstruct |     \
     fdexPropCannotSourceEvents)
#define grfdexPropExtraAll (fdexPropNoSideEffects | fdexPropDynamicType)
#define grfdexPropAll (grfdexPropCanAll | grfdexPropCannotAll | grfdexPropExtraAll)

#define fdexEnumDefault 0x00000001
#define fdexEnumAll 0x00000002

/* One more thing that InvokeEx is asked for. */
#define DISPATCH_CONSTRUCT 0x4000
#ifndef DISPID_THIS
#define DISPID_THIS (-613)
#endif
#define DISPID_STARTENUM DISPID_UNKNOWN

OLEANDER_DATA(const IID, IID_IDispatchEx);
typedef struct IDispatchEx IDispatchEx;
#ifndef __IDispatchEx_INTERFACE_DEFINED__
#define __IDispatchEx_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("A6EF9860-C720-11D0-9337-00A0C90DCAA9")
IDispatchEx : public IDispatch {
    virtual HRESULT STDMETHODCALLTYPE GetDispID(BSTR bstrName, DWORD grfdex, DISPID *pid) = 0;
    virtual HRESULT STDMETHODCALLTYPE InvokeEx(DISPID id, LCID lcid, WORD wFlags, DISPPARAMS *pdp, VARIANT *pvarRes,
        EXCEPINFO *pei, IServiceProvider *pspCaller) = 0;
    /* S_FALSE if the member can't be deleted. */
    virtual HRESULT STDMETHODCALLTYPE DeleteMemberByName(BSTR bstrName, DWORD grfdex) = 0;
    virtual HRESULT STDMETHODCALLTYPE DeleteMemberByDispID(DISPID id) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetMemberProperties(DISPID id, DWORD grfdexFetch, DWORD *pgrfdex) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetMemberName(DISPID id, BSTR *pbstrName) = 0;
    /* Begins with DISPID_STARTENUM; S_FALSE at the end. */
    virtual HRESULT STDMETHODCALLTYPE GetNextDispID(DWORD grfdex, DISPID id, DISPID *pid) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetNameSpaceParent(IUnknown **ppunk) = 0;
};
__CRT_UUID_DECL(IDispatchEx, 0xa6ef9860, 0xc720, 0x11d0, 0x93, 0x37, 0x00, 0xa0, 0xc9, 0x0d, 0xca, 0xa9)
#else
typedef struct IDispatchExVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IDispatchEx *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IDispatchEx *This);
    ULONG (STDMETHODCALLTYPE *Release)(IDispatchEx *This);
    HRESULT (STDMETHODCALLTYPE *GetTypeInfoCount)(IDispatchEx *This, UINT *pctinfo);
    HRESULT (STDMETHODCALLTYPE *GetTypeInfo)(IDispatchEx *This, UINT iTInfo, LCID lcid, ITypeInfo **ppTInfo);
    HRESULT (STDMETHODCALLTYPE *GetIDsOfNames)(IDispatchEx *This, REFIID riid, LPOLESTR *rgszNames, UINT cNames,
        LCID lcid, DISPID *rgDispId);
    HRESULT (STDMETHODCALLTYPE *Invoke)(IDispatchEx *This, DISPID dispIdMember, REFIID riid, LCID lcid, WORD wFlags,
        DISPPARAMS *pDispParams, VARIANT *pVarResult, EXCEPINFO *pExcepInfo, UINT *puArgErr);
    HRESULT (STDMETHODCALLTYPE *GetDispID)(IDispatchEx *This, BSTR bstrName, DWORD grfdex, DISPID *pid);
    HRESULT (STDMETHODCALLTYPE *InvokeEx)(IDispatchEx *This, DISPID id, LCID lcid, WORD wFlags, DISPPARAMS *pdp,
        VARIANT *pvarRes, EXCEPINFO *pei, IServiceProvider *pspCaller);
    /* S_FALSE if the member can't be deleted. */
    HRESULT (STDMETHODCALLTYPE *DeleteMemberByName)(IDispatchEx *This, BSTR bstrName, DWORD grfdex);
    HRESULT (STDMETHODCALLTYPE *DeleteMemberByDispID)(IDispatchEx *This, DISPID id);
    HRESULT (STDMETHODCALLTYPE *GetMemberProperties)(IDispatchEx *This, DISPID id, DWORD grfdexFetch, DWORD *pgrfdex);
    HRESULT (STDMETHODCALLTYPE *GetMemberName)(IDispatchEx *This, DISPID id, BSTR *pbstrName);
    /* Begins with DISPID_STARTENUM; S_FALSE at the end. */
    HRESULT (STDMETHODCALLTYPE *GetNextDispID)(IDispatchEx *This, DWORD grfdex, DISPID id, DISPID *pid);
    HRESULT (STDMETHODCALLTYPE *GetNameSpaceParent)(IDispatchEx *This, IUnknown **ppunk);
} IDispatchExVtbl;
struct IDispatchEx {
    CONST_VTBL IDispatchExVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IDispatchEx_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IDispatchEx_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IDispatchEx_Release(This) ((This)->lpVtbl->Release(This))
#define IDispatchEx_GetTypeInfoCount(This, pctinfo) ((This)->lpVtbl->GetTypeInfoCount(This, pctinfo))
#define IDispatchEx_GetTypeInfo(This, iTInfo, lcid, ppTInfo) \
    ((This)->lpVtbl->GetTypeInfo(This, iTInfo, lcid, ppTInfo))
#define IDispatchEx_GetIDsOfNames(This, riid, rgszNames, cNames, lcid, rgDispId) \
    ((This)->lpVtbl->GetIDsOfNames(This, riid, rgszNames, cNames, lcid, rgDispId))
#define IDispatchEx_Invoke(This, dispIdMember, riid, lcid, wFlags, pDispParams, pVarResult, pExcepInfo, puArgErr) \
    ((This)->lpVtbl->Invoke(This, dispIdMember, riid, lcid, wFlags, pDispParams, pVarResult, pExcepInfo, puArgErr))
#define IDispatchEx_GetDispID(This, bstrName, grfdex, pid) ((This)->lpVtbl->GetDispID(This, bstrName, grfdex, pid))
#define IDispatchEx_InvokeEx(This, id, lcid, wFlags, pdp, pvarRes, pei, pspCaller) \
    ((This)->lpVtbl->InvokeEx(This, id, lcid, wFlags, pdp, pvarRes, pei, pspCaller))
#define IDispatchEx_DeleteMemberByName(This, bstrName, grfdex) \
    ((This)->lpVtbl->DeleteMemberByName(This, bstrName, grfdex))
#define IDispatchEx_DeleteMemberByDispID(This, id) ((This)->lpVtbl->DeleteMemberByDispID(This, id))
#define IDispatchEx_GetMemberProperties(This, id, grfdexFetch, pgrfdex) \
    ((This)->lpVtbl->GetMemberProperties(This, id, grfdexFetch, pgrfdex))
#define IDispatchEx_GetMemberName(This, id, pbstrName) ((This)->lpVtbl->GetMemberName(This, id, pbstrName))
#define IDispatchEx_GetNextDispID(This, grfdex, id, pid) ((This)->lpVtbl->GetNextDispID(This, grfdex, id, pid))
#define IDispatchEx_GetNameSpaceParent(This, ppunk) ((This)->lpVtbl->GetNameSpaceParent(This, ppunk))
#endif
#endif
#endif

OLEANDER_DATA(const IID, IID_IDispError);
typedef struct IDispError IDispError;
#ifndef __IDispError_INTERFACE_DEFINED__
#define __IDispError_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("A6EF9861-C720-11D0-9337-00A0C90DCAA9")
IDispError : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE QueryErrorInfo(GUID guidErrorType, IDispError **ppde) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetNext(IDispError **ppde) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetHresult(HRESULT *phr) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetSource(BSTR *pbstrSource) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetHelpInfo(BSTR *pbstrFileName, DWORD *pdwContext) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetDescription(BSTR *pbstrDescription) = 0;
};
__CRT_UUID_DECL(IDispError, 0xa6ef9861, 0xc720, 0x11d0, 0x93, 0x37, 0x00, 0xa0, 0xc9, 0x0d, 0xca, 0xa9)
#else
typedef struct IDispErrorVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IDispError *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IDispError *This);
    ULONG (STDMETHODCALLTYPE *Release)(IDispError *This);
    HRESULT (STDMETHODCALLTYPE *QueryErrorInfo)(IDispError *This, GUID guidErrorType, IDispError **ppde);
    HRESULT (STDMETHODCALLTYPE *GetNext)(IDispError *This, IDispError **ppde);
    HRESULT (STDMETHODCALLTYPE *GetHresult)(IDispError *This, HRESULT *phr);
    HRESULT (STDMETHODCALLTYPE *GetSource)(IDispError *This, BSTR *pbstrSource);
    HRESULT (STDMETHODCALLTYPE *GetHelpInfo)(IDispError *This, BSTR *pbstrFileName, DWORD *pdwContext);
    HRESULT (STDMETHODCALLTYPE *GetDescription)(IDispError *This, BSTR *pbstrDescription);
} IDispErrorVtbl;
struct IDispError {
    CONST_VTBL IDispErrorVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IDispError_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IDispError_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IDispError_Release(This) ((This)->lpVtbl->Release(This))
#define IDispError_QueryErrorInfo(This, guidErrorType, ppde) \
    ((This)->lpVtbl->QueryErrorInfo(This, guidErrorType, ppde))
#define IDispError_GetNext(This, ppde) ((This)->lpVtbl->GetNext(This, ppde))
#define IDispError_GetHresult(This, phr) ((This)->lpVtbl->GetHresult(This, phr))
#define IDispError_GetSource(This, pbstrSource) ((This)->lpVtbl->GetSource(This, pbstrSource))
#define IDispError_GetHelpInfo(This, pbstrFileName, pdwContext) \
    ((This)->lpVtbl->GetHelpInfo(This, pbstrFileName, pdwContext))
#define IDispError_GetDescription(This, pbstrDescription) ((This)->lpVtbl->GetDescription(This, pbstrDescription))
#endif
#endif
#endif

OLEANDER_DATA(const IID, IID_IVariantChangeType);
typedef struct IVariantChangeType IVariantChangeType;
#ifndef __IVariantChangeType_INTERFACE_DEFINED__
#define __IVariantChangeType_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("A6EF9862-C720-11D0-9337-00A0C90DCAA9")
IVariantChangeType : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE ChangeType(VARIANT *pvarDst, VARIANT *pvarSrc, LCID lcid, VARTYPE vtNew) = 0;
};
__CRT_UUID_DECL(IVariantChangeType, 0xa6ef9862, 0xc720, 0x11d0, 0x93, 0x37, 0x00, 0xa0, 0xc9, 0x0d, 0xca, 0xa9)
#else
typedef struct IVariantChangeTypeVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IVariantChangeType *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IVariantChangeType *This);
    ULONG (STDMETHODCALLTYPE *Release)(IVariantChangeType *This);
    HRESULT (STDMETHODCALLTYPE *ChangeType)(IVariantChangeType *This, VARIANT *pvarDst, VARIANT *pvarSrc, LCID lcid,
        VARTYPE vtNew);
} IVariantChangeTypeVtbl;
struct IVariantChangeType {
    CONST_VTBL IVariantChangeTypeVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IVariantChangeType_QueryInterface(This, riid, ppvObject) \
    ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IVariantChangeType_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IVariantChangeType_Release(This) ((This)->lpVtbl->Release(This))
#define IVariantChangeType_ChangeType(This, pvarDst, pvarSrc, lcid, vtNew) \
    ((This)->lpVtbl->ChangeType(This, pvarDst, pvarSrc, lcid, vtNew))
#endif
#endif
#endif

OLEANDER_DATA(const IID, IID_IObjectIdentity);
typedef struct IObjectIdentity IObjectIdentity;
#ifndef __IObjectIdentity_INTERFACE_DEFINED__
#define __IObjectIdentity_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("CA04B7E6-0D21-11D1-8CC5-00C04FC2B085")
IObjectIdentity : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE IsEqualObject(IUnknown *punk) = 0;
};
__CRT_UUID_DECL(IObjectIdentity, 0xca04b7e6, 0x0d21, 0x11d1, 0x8c, 0xc5, 0x00, 0xc0, 0x4f, 0xc2, 0xb0, 0x85)
#else
typedef struct IObjectIdentityVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IObjectIdentity *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IObjectIdentity *This);
    ULONG (STDMETHODCALLTYPE *Release)(IObjectIdentity *This);
    HRESULT (STDMETHODCALLTYPE *IsEqualObject)(IObjectIdentity *This, IUnknown *punk);
} IObjectIdentityVtbl;
struct IObjectIdentity {
    CONST_VTBL IObjectIdentityVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IObjectIdentity_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IObjectIdentity_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IObjectIdentity_Release(This) ((This)->lpVtbl->Release(This))
#define IObjectIdentity_IsEqualObject(This, punk) ((This)->lpVtbl->IsEqualObject(This, punk))
#endif
#endif
#endif

OLEANDER_DATA(const IID, IID_ICanHandleException);
typedef struct ICanHandleException ICanHandleException;
#ifndef __ICanHandleException_INTERFACE_DEFINED__
#define __ICanHandleException_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("C5598E60-B307-11D1-B27D-006008C3FBFB")
ICanHandleException : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE CanHandleException(EXCEPINFO *pExcepInfo, VARIANT *pvar) = 0;
};
__CRT_UUID_DECL(ICanHandleException, 0xc5598e60, 0xb307, 0x11d1, 0xb2, 0x7d, 0x00, 0x60, 0x08, 0xc3, 0xfb, 0xfb)
#else
typedef struct ICanHandleExceptionVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(ICanHandleException *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(ICanHandleException *This);
    ULONG (STDMETHODCALLTYPE *Release)(ICanHandleException *This);
    HRESULT (STDMETHODCALLTYPE *CanHandleException)(ICanHandleException *This, EXCEPINFO *pExcepInfo, VARIANT *pvar);
} ICanHandleExceptionVtbl;
struct ICanHandleException {
    CONST_VTBL ICanHandleExceptionVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define ICanHandleException_QueryInterface(This, riid, ppvObject) \
    ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define ICanHandleException_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define ICanHandleException_Release(This) ((This)->lpVtbl->Release(This))
#define ICanHandleException_CanHandleException(This, pExcepInfo, pvar) \
    ((This)->lpVtbl->CanHandleException(This, pExcepInfo, pvar))
#endif
#endif
#endif

OLEANDER_DATA(const IID, IID_IProvideRuntimeContext);
typedef struct IProvideRuntimeContext IProvideRuntimeContext;
#ifndef __IProvideRuntimeContext_INTERFACE_DEFINED__
#define __IProvideRuntimeContext_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("10E2414A-EC59-49D2-BC51-5ADD2C36FEBC")
IProvideRuntimeContext : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE GetCurrentSourceContext(DWORD_PTR *pdwContext,
        VARIANT_BOOL *pfExecutingGlobalCode) = 0;
};
__CRT_UUID_DECL(IProvideRuntimeContext, 0x10e2414a, 0xec59, 0x49d2, 0xbc, 0x51, 0x5a, 0xdd, 0x2c, 0x36, 0xfe, 0xbc)
#else
typedef struct IProvideRuntimeContextVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IProvideRuntimeContext *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IProvideRuntimeContext *This);
    ULONG (STDMETHODCALLTYPE *Release)(IProvideRuntimeContext *This);
    HRESULT (STDMETHODCALLTYPE *GetCurrentSourceContext)(IProvideRuntimeContext *This, DWORD_PTR *pdwContext,
        VARIANT_BOOL *pfExecutingGlobalCode);
} IProvideRuntimeContextVtbl;
struct IProvideRuntimeContext {
    CONST_VTBL IProvideRuntimeContextVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IProvideRuntimeContext_QueryInterface(This, riid, ppvObject) \
    ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IProvideRuntimeContext_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IProvideRuntimeContext_Release(This) ((This)->lpVtbl->Release(This))
#define IProvideRuntimeContext_GetCurrentSourceContext(This, pdwContext, pfExecutingGlobalCode) \
    ((This)->lpVtbl->GetCurrentSourceContext(This, pdwContext, pfExecutingGlobalCode))
#endif
#endif
#endif

#endif
