/* Connection points, class information, licensed classes, persistence of components, controls, fonts and pictures.
 * Made by interfaces/generate.lua from ocidl.h.in; do not edit. */
#ifndef OLEANDER_OCIDL_H
#define OLEANDER_OCIDL_H

#include <oaidl.h>
#include <oleidl.h>
#include <servprov.h>

typedef struct IConnectionPointContainer IConnectionPointContainer;
typedef struct IConnectionPoint IConnectionPoint;
typedef struct IEnumConnectionPoints IEnumConnectionPoints;
typedef struct IEnumConnections IEnumConnections;
typedef struct IPropertyPageSite IPropertyPageSite;

/* Connection points */

typedef struct tagCONNECTDATA {
    IUnknown *pUnk;
    DWORD dwCookie;
} CONNECTDATA, *LPCONNECTDATA;

OLEANDER_DATA(const IID, IID_IEnumConnections);
typedef struct IEnumConnections IEnumConnections;
#ifndef __IEnumConnections_INTERFACE_DEFINED__
#define __IEnumConnections_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("B196B287-BAB4-101A-B69C-00AA00341D07")
IEnumConnections : public IUnknown {
    /* The caller releases each pUnk. */
    virtual HRESULT STDMETHODCALLTYPE Next(ULONG cConnections, CONNECTDATA *rgcd, ULONG *pcFetched) = 0;
    virtual HRESULT STDMETHODCALLTYPE Skip(ULONG cConnections) = 0;
    virtual HRESULT STDMETHODCALLTYPE Reset() = 0;
    virtual HRESULT STDMETHODCALLTYPE Clone(IEnumConnections **ppEnum) = 0;
};
__CRT_UUID_DECL(IEnumConnections, 0xb196b287, 0xbab4, 0x101a, 0xb6, 0x9c, 0x00, 0xaa, 0x00, 0x34, 0x1d, 0x07)
#else
typedef struct IEnumConnectionsVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IEnumConnections *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IEnumConnections *This);
    ULONG (STDMETHODCALLTYPE *Release)(IEnumConnections *This);
    /* The caller releases each pUnk. */
    HRESULT (STDMETHODCALLTYPE *Next)(IEnumConnections *This, ULONG cConnections, CONNECTDATA *rgcd,
        ULONG *pcFetched);
    HRESULT (STDMETHODCALLTYPE *Skip)(IEnumConnections *This, ULONG cConnections);
    HRESULT (STDMETHODCALLTYPE *Reset)(IEnumConnections *This);
    HRESULT (STDMETHODCALLTYPE *Clone)(IEnumConnections *This, IEnumConnections **ppEnum);
} IEnumConnectionsVtbl;
struct IEnumConnections {
    CONST_VTBL IEnumConnectionsVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IEnumConnections_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IEnumConnections_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IEnumConnections_Release(This) ((This)->lpVtbl->Release(This))
#define IEnumConnections_Next(This, cConnections, rgcd, pcFetched) \
    ((This)->lpVtbl->Next(This, cConnections, rgcd, pcFetched))
#define IEnumConnections_Skip(This, cConnections) ((This)->lpVtbl->Skip(This, cConnections))
#define IEnumConnections_Reset(This) ((This)->lpVtbl->Reset(This))
#define IEnumConnections_Clone(This, ppEnum) ((This)->lpVtbl->Clone(This, ppEnum))
#endif
#endif
#endif
typedef IEnumConnections *PENUMCONNECTIONS, *LPENUMCONNECTIONS;

OLEANDER_DATA(const IID, IID_IConnectionPoint);
typedef struct IConnectionPoint IConnectionPoint;
#ifndef __IConnectionPoint_INTERFACE_DEFINED__
#define __IConnectionPoint_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("B196B286-BAB4-101A-B69C-00AA00341D07")
IConnectionPoint : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE GetConnectionInterface(IID *pIID) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetConnectionPointContainer(IConnectionPointContainer **ppCPC) = 0;
    /* CONNECT_E_CANNOTCONNECT if the sink lacks the interface, CONNECT_E_ADVISELIMIT. */
    virtual HRESULT STDMETHODCALLTYPE Advise(IUnknown *pUnkSink, DWORD *pdwCookie) = 0;
    virtual HRESULT STDMETHODCALLTYPE Unadvise(DWORD dwCookie) = 0;
    virtual HRESULT STDMETHODCALLTYPE EnumConnections(IEnumConnections **ppEnum) = 0;
};
__CRT_UUID_DECL(IConnectionPoint, 0xb196b286, 0xbab4, 0x101a, 0xb6, 0x9c, 0x00, 0xaa, 0x00, 0x34, 0x1d, 0x07)
#else
typedef struct IConnectionPointVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IConnectionPoint *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IConnectionPoint *This);
    ULONG (STDMETHODCALLTYPE *Release)(IConnectionPoint *This);
    HRESULT (STDMETHODCALLTYPE *GetConnectionInterface)(IConnectionPoint *This, IID *pIID);
    HRESULT (STDMETHODCALLTYPE *GetConnectionPointContainer)(IConnectionPoint *This,
        IConnectionPointContainer **ppCPC);
    /* CONNECT_E_CANNOTCONNECT if the sink lacks the interface, CONNECT_E_ADVISELIMIT. */
    HRESULT (STDMETHODCALLTYPE *Advise)(IConnectionPoint *This, IUnknown *pUnkSink, DWORD *pdwCookie);
    HRESULT (STDMETHODCALLTYPE *Unadvise)(IConnectionPoint *This, DWORD dwCookie);
    HRESULT (STDMETHODCALLTYPE *EnumConnections)(IConnectionPoint *This, IEnumConnections **ppEnum);
} IConnectionPointVtbl;
struct IConnectionPoint {
    CONST_VTBL IConnectionPointVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IConnectionPoint_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IConnectionPoint_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IConnectionPoint_Release(This) ((This)->lpVtbl->Release(This))
#define IConnectionPoint_GetConnectionInterface(This, pIID) ((This)->lpVtbl->GetConnectionInterface(This, pIID))
#define IConnectionPoint_GetConnectionPointContainer(This, ppCPC) \
    ((This)->lpVtbl->GetConnectionPointContainer(This, ppCPC))
#define IConnectionPoint_Advise(This, pUnkSink, pdwCookie) ((This)->lpVtbl->Advise(This, pUnkSink, pdwCookie))
#define IConnectionPoint_Unadvise(This, dwCookie) ((This)->lpVtbl->Unadvise(This, dwCookie))
#define IConnectionPoint_EnumConnections(This, ppEnum) ((This)->lpVtbl->EnumConnections(This, ppEnum))
#endif
#endif
#endif
typedef IConnectionPoint *PCONNECTIONPOINT, *LPCONNECTIONPOINT;

OLEANDER_DATA(const IID, IID_IEnumConnectionPoints);
typedef struct IEnumConnectionPoints IEnumConnectionPoints;
#ifndef __IEnumConnectionPoints_INTERFACE_DEFINED__
#define __IEnumConnectionPoints_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("B196B285-BAB4-101A-B69C-00AA00341D07")
IEnumConnectionPoints : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE Next(ULONG cConnections, LPCONNECTIONPOINT *ppCP, ULONG *pcFetched) = 0;
    virtual HRESULT STDMETHODCALLTYPE Skip(ULONG cConnections) = 0;
    virtual HRESULT STDMETHODCALLTYPE Reset() = 0;
    virtual HRESULT STDMETHODCALLTYPE Clone(IEnumConnectionPoints **ppEnum) = 0;
};
__CRT_UUID_DECL(IEnumConnectionPoints, 0xb196b285, 0xbab4, 0x101a, 0xb6, 0x9c, 0x00, 0xaa, 0x00, 0x34, 0x1d, 0x07)
#else
typedef struct IEnumConnectionPointsVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IEnumConnectionPoints *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IEnumConnectionPoints *This);
    ULONG (STDMETHODCALLTYPE *Release)(IEnumConnectionPoints *This);
    HRESULT (STDMETHODCALLTYPE *Next)(IEnumConnectionPoints *This, ULONG cConnections, LPCONNECTIONPOINT *ppCP,
        ULONG *pcFetched);
    HRESULT (STDMETHODCALLTYPE *Skip)(IEnumConnectionPoints *This, ULONG cConnections);
    HRESULT (STDMETHODCALLTYPE *Reset)(IEnumConnectionPoints *This);
    HRESULT (STDMETHODCALLTYPE *Clone)(IEnumConnectionPoints *This, IEnumConnectionPoints **ppEnum);
} IEnumConnectionPointsVtbl;
struct IEnumConnectionPoints {
    CONST_VTBL IEnumConnectionPointsVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IEnumConnectionPoints_QueryInterface(This, riid, ppvObject) \
    ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IEnumConnectionPoints_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IEnumConnectionPoints_Release(This) ((This)->lpVtbl->Release(This))
#define IEnumConnectionPoints_Next(This, cConnections, ppCP, pcFetched) \
    ((This)->lpVtbl->Next(This, cConnections, ppCP, pcFetched))
#define IEnumConnectionPoints_Skip(This, cConnections) ((This)->lpVtbl->Skip(This, cConnections))
#define IEnumConnectionPoints_Reset(This) ((This)->lpVtbl->Reset(This))
#define IEnumConnectionPoints_Clone(This, ppEnum) ((This)->lpVtbl->Clone(This, ppEnum))
#endif
#endif
#endif
typedef IEnumConnectionPoints *PENUMCONNECTIONPOINTS, *LPENUMCONNECTIONPOINTS;

OLEANDER_DATA(const IID, IID_IConnectionPointContainer);
typedef struct IConnectionPointContainer IConnectionPointContainer;
#ifndef __IConnectionPointContainer_INTERFACE_DEFINED__
#define __IConnectionPointContainer_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("B196B284-BAB4-101A-B69C-00AA00341D07")
IConnectionPointContainer : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE EnumConnectionPoints(IEnumConnectionPoints **ppEnum) = 0;
    /* CONNECT_E_NOCONNECTION if the object does not raise riid. */
    virtual HRESULT STDMETHODCALLTYPE FindConnectionPoint(REFIID riid, IConnectionPoint **ppCP) = 0;
};
__CRT_UUID_DECL(IConnectionPointContainer, 0xb196b284, 0xbab4, 0x101a, 0xb6, 0x9c, 0x00, 0xaa, 0x00, 0x34, 0x1d, 0x07)
#else
typedef struct IConnectionPointContainerVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IConnectionPointContainer *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IConnectionPointContainer *This);
    ULONG (STDMETHODCALLTYPE *Release)(IConnectionPointContainer *This);
    HRESULT (STDMETHODCALLTYPE *EnumConnectionPoints)(IConnectionPointContainer *This,
        IEnumConnectionPoints **ppEnum);
    /* CONNECT_E_NOCONNECTION if the object does not raise riid. */
    HRESULT (STDMETHODCALLTYPE *FindConnectionPoint)(IConnectionPointContainer *This, REFIID riid,
        IConnectionPoint **ppCP);
} IConnectionPointContainerVtbl;
struct IConnectionPointContainer {
    CONST_VTBL IConnectionPointContainerVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IConnectionPointContainer_QueryInterface(This, riid, ppvObject) \
    ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IConnectionPointContainer_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IConnectionPointContainer_Release(This) ((This)->lpVtbl->Release(This))
#define IConnectionPointContainer_EnumConnectionPoints(This, ppEnum) \
    ((This)->lpVtbl->EnumConnectionPoints(This, ppEnum))
#define IConnectionPointContainer_FindConnectionPoint(This, riid, ppCP) \
    ((This)->lpVtbl->FindConnectionPoint(This, riid, ppCP))
#endif
#endif
#endif
typedef IConnectionPointContainer *PCONNECTIONPOINTCONTAINER, *LPCONNECTIONPOINTCONTAINER;

/* Classes */

typedef struct tagLICINFO {
    LONG cbLicInfo;
    BOOL fRuntimeKeyAvail;
    BOOL fLicVerified;
} LICINFO, *LPLICINFO;

OLEANDER_DATA(const IID, IID_IClassFactory2);
typedef struct IClassFactory2 IClassFactory2;
#ifndef __IClassFactory2_INTERFACE_DEFINED__
#define __IClassFactory2_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("B196B28F-BAB4-101A-B69C-00AA00341D07")
IClassFactory2 : public IClassFactory {
    virtual HRESULT STDMETHODCALLTYPE GetLicInfo(LICINFO *pLicInfo) = 0;
    virtual HRESULT STDMETHODCALLTYPE RequestLicKey(DWORD dwReserved, BSTR *pBstrKey) = 0;
    virtual HRESULT STDMETHODCALLTYPE CreateInstanceLic(IUnknown *pUnkOuter, IUnknown *pUnkReserved, REFIID riid,
        BSTR bstrKey, PVOID *ppvObj) = 0;
};
__CRT_UUID_DECL(IClassFactory2, 0xb196b28f, 0xbab4, 0x101a, 0xb6, 0x9c, 0x00, 0xaa, 0x00, 0x34, 0x1d, 0x07)
#else
typedef struct IClassFactory2Vtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IClassFactory2 *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IClassFactory2 *This);
    ULONG (STDMETHODCALLTYPE *Release)(IClassFactory2 *This);
    HRESULT (STDMETHODCALLTYPE *CreateInstance)(IClassFactory2 *This, IUnknown *pUnkOuter, REFIID riid,
        void **ppvObject);
    HRESULT (STDMETHODCALLTYPE *LockServer)(IClassFactory2 *This, BOOL fLock);
    HRESULT (STDMETHODCALLTYPE *GetLicInfo)(IClassFactory2 *This, LICINFO *pLicInfo);
    HRESULT (STDMETHODCALLTYPE *RequestLicKey)(IClassFactory2 *This, DWORD dwReserved, BSTR *pBstrKey);
    HRESULT (STDMETHODCALLTYPE *CreateInstanceLic)(IClassFactory2 *This, IUnknown *pUnkOuter, IUnknown *pUnkReserved,
        REFIID riid, BSTR bstrKey, PVOID *ppvObj);
} IClassFactory2Vtbl;
struct IClassFactory2 {
    CONST_VTBL IClassFactory2Vtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IClassFactory2_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IClassFactory2_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IClassFactory2_Release(This) ((This)->lpVtbl->Release(This))
#define IClassFactory2_CreateInstance(This, pUnkOuter, riid, ppvObject) \
    ((This)->lpVtbl->CreateInstance(This, pUnkOuter, riid, ppvObject))
#define IClassFactory2_LockServer(This, fLock) ((This)->lpVtbl->LockServer(This, fLock))
#define IClassFactory2_GetLicInfo(This, pLicInfo) ((This)->lpVtbl->GetLicInfo(This, pLicInfo))
#define IClassFactory2_RequestLicKey(This, dwReserved, pBstrKey) \
    ((This)->lpVtbl->RequestLicKey(This, dwReserved, pBstrKey))
#define IClassFactory2_CreateInstanceLic(This, pUnkOuter, pUnkReserved, riid, bstrKey, ppvObj) \
    ((This)->lpVtbl->CreateInstanceLic(This, pUnkOuter, pUnkReserved, riid, bstrKey, ppvObj))
#endif
#endif
#endif
typedef IClassFactory2 *LPCLASSFACTORY2;

OLEANDER_DATA(const IID, IID_IProvideClassInfo);
typedef struct IProvideClassInfo IProvideClassInfo;
#ifndef __IProvideClassInfo_INTERFACE_DEFINED__
#define __IProvideClassInfo_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("B196B283-BAB4-101A-B69C-00AA00341D07")
IProvideClassInfo : public IUnknown {
    /* The coclass of the object. */
    virtual HRESULT STDMETHODCALLTYPE GetClassInfo(ITypeInfo **ppTI) = 0;
};
__CRT_UUID_DECL(IProvideClassInfo, 0xb196b283, 0xbab4, 0x101a, 0xb6, 0x9c, 0x00, 0xaa, 0x00, 0x34, 0x1d, 0x07)
#else
typedef struct IProvideClassInfoVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IProvideClassInfo *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IProvideClassInfo *This);
    ULONG (STDMETHODCALLTYPE *Release)(IProvideClassInfo *This);
    /* The coclass of the object. */
    HRESULT (STDMETHODCALLTYPE *GetClassInfo)(IProvideClassInfo *This, ITypeInfo **ppTI);
} IProvideClassInfoVtbl;
struct IProvideClassInfo {
    CONST_VTBL IProvideClassInfoVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IProvideClassInfo_QueryInterface(This, riid, ppvObject) \
    ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IProvideClassInfo_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IProvideClassInfo_Release(This) ((This)->lpVtbl->Release(This))
#define IProvideClassInfo_GetClassInfo(This, ppTI) ((This)->lpVtbl->GetClassInfo(This, ppTI))
#endif
#endif
#endif
typedef IProvideClassInfo *LPPROVIDECLASSINFO;

typedef enum tagGUIDKIND { GUIDKIND_DEFAULT_SOURCE_DISP_IID = 1 } GUIDKIND;

OLEANDER_DATA(const IID, IID_IProvideClassInfo2);
typedef struct IProvideClassInfo2 IProvideClassInfo2;
#ifndef __IProvideClassInfo2_INTERFACE_DEFINED__
#define __IProvideClassInfo2_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("A6BC3AC0-DBAA-11CE-9DE3-00AA004BB851")
IProvideClassInfo2 : public IProvideClassInfo {
    virtual HRESULT STDMETHODCALLTYPE GetGUID(DWORD dwGuidKind, GUID *pGUID) = 0;
};
__CRT_UUID_DECL(IProvideClassInfo2, 0xa6bc3ac0, 0xdbaa, 0x11ce, 0x9d, 0xe3, 0x00, 0xaa, 0x00, 0x4b, 0xb8, 0x51)
#else
typedef struct IProvideClassInfo2Vtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IProvideClassInfo2 *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IProvideClassInfo2 *This);
    ULONG (STDMETHODCALLTYPE *Release)(IProvideClassInfo2 *This);
    HRESULT (STDMETHODCALLTYPE *GetClassInfo)(IProvideClassInfo2 *This, ITypeInfo **ppTI);
    HRESULT (STDMETHODCALLTYPE *GetGUID)(IProvideClassInfo2 *This, DWORD dwGuidKind, GUID *pGUID);
} IProvideClassInfo2Vtbl;
struct IProvideClassInfo2 {
    CONST_VTBL IProvideClassInfo2Vtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IProvideClassInfo2_QueryInterface(This, riid, ppvObject) \
    ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IProvideClassInfo2_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IProvideClassInfo2_Release(This) ((This)->lpVtbl->Release(This))
#define IProvideClassInfo2_GetClassInfo(This, ppTI) ((This)->lpVtbl->GetClassInfo(This, ppTI))
#define IProvideClassInfo2_GetGUID(This, dwGuidKind, pGUID) ((This)->lpVtbl->GetGUID(This, dwGuidKind, pGUID))
#endif
#endif
#endif
typedef IProvideClassInfo2 *LPPROVIDECLASSINFO2;

#define MULTICLASSINFO_GETTYPEINFO 0x00000001
#define MULTICLASSINFO_GETNUMRESERVEDDISPIDS 0x00000002
#define MULTICLASSINFO_GETIIDPRIMARY 0x00000004
#define MULTICLASSINFO_GETIIDSOURCE 0x00000008
#define TIFLAGS_EXTENDDISPATCHONLY 0x00000001

OLEANDER_DATA(const IID, IID_IProvideMultipleClassInfo);
typedef struct IProvideMultipleClassInfo IProvideMultipleClassInfo;
#ifndef __IProvideMultipleClassInfo_INTERFACE_DEFINED__
#define __IProvideMultipleClassInfo_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("A7ABA9C1-8983-11CF-8F20-00805F2CD064")
IProvideMultipleClassInfo : public IProvideClassInfo2 {
    virtual HRESULT STDMETHODCALLTYPE GetMultiTypeInfoCount(ULONG *pcti) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetInfoOfIndex(ULONG iti, DWORD dwFlags, ITypeInfo **pptiCoClass,
        DWORD *pdwTIFlags, ULONG *pcdispidReserved, IID *piidPrimary, IID *piidSource) = 0;
};
__CRT_UUID_DECL(IProvideMultipleClassInfo, 0xa7aba9c1, 0x8983, 0x11cf, 0x8f, 0x20, 0x00, 0x80, 0x5f, 0x2c, 0xd0, 0x64)
#else
typedef struct IProvideMultipleClassInfoVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IProvideMultipleClassInfo *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IProvideMultipleClassInfo *This);
    ULONG (STDMETHODCALLTYPE *Release)(IProvideMultipleClassInfo *This);
    HRESULT (STDMETHODCALLTYPE *GetClassInfo)(IProvideMultipleClassInfo *This, ITypeInfo **ppTI);
    HRESULT (STDMETHODCALLTYPE *GetGUID)(IProvideMultipleClassInfo *This, DWORD dwGuidKind, GUID *pGUID);
    HRESULT (STDMETHODCALLTYPE *GetMultiTypeInfoCount)(IProvideMultipleClassInfo *This, ULONG *pcti);
    HRESULT (STDMETHODCALLTYPE *GetInfoOfIndex)(IProvideMultipleClassInfo *This, ULONG iti, DWORD dwFlags,
        ITypeInfo **pptiCoClass, DWORD *pdwTIFlags, ULONG *pcdispidReserved, IID *piidPrimary, IID *piidSource);
} IProvideMultipleClassInfoVtbl;
struct IProvideMultipleClassInfo {
    CONST_VTBL IProvideMultipleClassInfoVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IProvideMultipleClassInfo_QueryInterface(This, riid, ppvObject) \
    ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IProvideMultipleClassInfo_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IProvideMultipleClassInfo_Release(This) ((This)->lpVtbl->Release(This))
#define IProvideMultipleClassInfo_GetClassInfo(This, ppTI) ((This)->lpVtbl->GetClassInfo(This, ppTI))
#define IProvideMultipleClassInfo_GetGUID(This, dwGuidKind, pGUID) ((This)->lpVtbl->GetGUID(This, dwGuidKind, pGUID))
#define IProvideMultipleClassInfo_GetMultiTypeInfoCount(This, pcti) \
    ((This)->lpVtbl->GetMultiTypeInfoCount(This, pcti))
#define IProvideMultipleClassInfo_GetInfoOfIndex(This, iti, dwFlags, pptiCoClass, pdwTIFlags, pcdispidReserved, piidPrimary, piidSource) \
    ((This)->lpVtbl->GetInfoOfIndex(This, iti, dwFlags, pptiCoClass, pdwTIFlags, pcdispidReserved, piidPrimary, piidSource))
#endif
#endif
#endif
typedef IProvideMultipleClassInfo *LPPROVIDEMULTIPLECLASSINFO;

/* Persistence of components */

OLEANDER_DATA(const IID, IID_IPersistStreamInit);
typedef struct IPersistStreamInit IPersistStreamInit;
#ifndef __IPersistStreamInit_INTERFACE_DEFINED__
#define __IPersistStreamInit_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("7FD52380-4E07-101B-AE2D-08002B2EC713")
IPersistStreamInit : public IPersist {
    virtual HRESULT STDMETHODCALLTYPE IsDirty() = 0;
    virtual HRESULT STDMETHODCALLTYPE Load(IStream *pStm) = 0;
    virtual HRESULT STDMETHODCALLTYPE Save(IStream *pStm, BOOL fClearDirty) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetSizeMax(ULARGE_INTEGER *pCbSize) = 0;
    virtual HRESULT STDMETHODCALLTYPE InitNew() = 0;
};
__CRT_UUID_DECL(IPersistStreamInit, 0x7fd52380, 0x4e07, 0x101b, 0xae, 0x2d, 0x08, 0x00, 0x2b, 0x2e, 0xc7, 0x13)
#else
typedef struct IPersistStreamInitVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IPersistStreamInit *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IPersistStreamInit *This);
    ULONG (STDMETHODCALLTYPE *Release)(IPersistStreamInit *This);
    HRESULT (STDMETHODCALLTYPE *GetClassID)(IPersistStreamInit *This, CLSID *pClassID);
    HRESULT (STDMETHODCALLTYPE *IsDirty)(IPersistStreamInit *This);
    HRESULT (STDMETHODCALLTYPE *Load)(IPersistStreamInit *This, IStream *pStm);
    HRESULT (STDMETHODCALLTYPE *Save)(IPersistStreamInit *This, IStream *pStm, BOOL fClearDirty);
    HRESULT (STDMETHODCALLTYPE *GetSizeMax)(IPersistStreamInit *This, ULARGE_INTEGER *pCbSize);
    HRESULT (STDMETHODCALLTYPE *InitNew)(IPersistStreamInit *This);
} IPersistStreamInitVtbl;
struct IPersistStreamInit {
    CONST_VTBL IPersistStreamInitVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IPersistStreamInit_QueryInterface(This, riid, ppvObject) \
    ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IPersistStreamInit_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IPersistStreamInit_Release(This) ((This)->lpVtbl->Release(This))
#define IPersistStreamInit_GetClassID(This, pClassID) ((This)->lpVtbl->GetClassID(This, pClassID))
#define IPersistStreamInit_IsDirty(This) ((This)->lpVtbl->IsDirty(This))
#define IPersistStreamInit_Load(This, pStm) ((This)->lpVtbl->Load(This, pStm))
#define IPersistStreamInit_Save(This, pStm, fClearDirty) ((This)->lpVtbl->Save(This, pStm, fClearDirty))
#define IPersistStreamInit_GetSizeMax(This, pCbSize) ((This)->lpVtbl->GetSizeMax(This, pCbSize))
#define IPersistStreamInit_InitNew(This) ((This)->lpVtbl->InitNew(This))
#endif
#endif
#endif
typedef IPersistStreamInit *LPPERSISTSTREAMINIT;

OLEANDER_DATA(const IID, IID_IPersistMemory);
typedef struct IPersistMemory IPersistMemory;
#ifndef __IPersistMemory_INTERFACE_DEFINED__
#define __IPersistMemory_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("BD1AE5E0-A6AE-11CE-BD37-504200C10000")
IPersistMemory : public IPersist {
    virtual HRESULT STDMETHODCALLTYPE IsDirty() = 0;
    virtual HRESULT STDMETHODCALLTYPE Load(PVOID pMem, ULONG cbSize) = 0;
    virtual HRESULT STDMETHODCALLTYPE Save(PVOID pMem, BOOL fClearDirty, ULONG cbSize) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetSizeMax(ULONG *pCbSize) = 0;
    virtual HRESULT STDMETHODCALLTYPE InitNew() = 0;
};
__CRT_UUID_DECL(IPersistMemory, 0xbd1ae5e0, 0xa6ae, 0x11ce, 0xbd, 0x37, 0x50, 0x42, 0x00, 0xc1, 0x00, 0x00)
#else
typedef struct IPersistMemoryVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IPersistMemory *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IPersistMemory *This);
    ULONG (STDMETHODCALLTYPE *Release)(IPersistMemory *This);
    HRESULT (STDMETHODCALLTYPE *GetClassID)(IPersistMemory *This, CLSID *pClassID);
    HRESULT (STDMETHODCALLTYPE *IsDirty)(IPersistMemory *This);
    HRESULT (STDMETHODCALLTYPE *Load)(IPersistMemory *This, PVOID pMem, ULONG cbSize);
    HRESULT (STDMETHODCALLTYPE *Save)(IPersistMemory *This, PVOID pMem, BOOL fClearDirty, ULONG cbSize);
    HRESULT (STDMETHODCALLTYPE *GetSizeMax)(IPersistMemory *This, ULONG *pCbSize);
    HRESULT (STDMETHODCALLTYPE *InitNew)(IPersistMemory *This);
} IPersistMemoryVtbl;
struct IPersistMemory {
    CONST_VTBL IPersistMemoryVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IPersistMemory_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IPersistMemory_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IPersistMemory_Release(This) ((This)->lpVtbl->Release(This))
#define IPersistMemory_GetClassID(This, pClassID) ((This)->lpVtbl->GetClassID(This, pClassID))
#define IPersistMemory_IsDirty(This) ((This)->lpVtbl->IsDirty(This))
#define IPersistMemory_Load(This, pMem, cbSize) ((This)->lpVtbl->Load(This, pMem, cbSize))
#define IPersistMemory_Save(This, pMem, fClearDirty, cbSize) ((This)->lpVtbl->Save(This, pMem, fClearDirty, cbSize))
#define IPersistMemory_GetSizeMax(This, pCbSize) ((This)->lpVtbl->GetSizeMax(This, pCbSize))
#define IPersistMemory_InitNew(This) ((This)->lpVtbl->InitNew(This))
#endif
#endif
#endif
typedef IPersistMemory *LPPERSISTMEMORY;

OLEANDER_DATA(const IID, IID_IPersistPropertyBag);
typedef struct IPersistPropertyBag IPersistPropertyBag;
#ifndef __IPersistPropertyBag_INTERFACE_DEFINED__
#define __IPersistPropertyBag_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("37D84F60-42CB-11CE-8135-00AA004BB851")
IPersistPropertyBag : public IPersist {
    virtual HRESULT STDMETHODCALLTYPE InitNew() = 0;
    virtual HRESULT STDMETHODCALLTYPE Load(IPropertyBag *pPropBag, IErrorLog *pErrorLog) = 0;
    virtual HRESULT STDMETHODCALLTYPE Save(IPropertyBag *pPropBag, BOOL fClearDirty, BOOL fSaveAllProperties) = 0;
};
__CRT_UUID_DECL(IPersistPropertyBag, 0x37d84f60, 0x42cb, 0x11ce, 0x81, 0x35, 0x00, 0xaa, 0x00, 0x4b, 0xb8, 0x51)
#else
typedef struct IPersistPropertyBagVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IPersistPropertyBag *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IPersistPropertyBag *This);
    ULONG (STDMETHODCALLTYPE *Release)(IPersistPropertyBag *This);
    HRESULT (STDMETHODCALLTYPE *GetClassID)(IPersistPropertyBag *This, CLSID *pClassID);
    HRESULT (STDMETHODCALLTYPE *InitNew)(IPersistPropertyBag *This);
    HRESULT (STDMETHODCALLTYPE *Load)(IPersistPropertyBag *This, IPropertyBag *pPropBag, IErrorLog *pErrorLog);
    HRESULT (STDMETHODCALLTYPE *Save)(IPersistPropertyBag *This, IPropertyBag *pPropBag, BOOL fClearDirty,
        BOOL fSaveAllProperties);
} IPersistPropertyBagVtbl;
struct IPersistPropertyBag {
    CONST_VTBL IPersistPropertyBagVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IPersistPropertyBag_QueryInterface(This, riid, ppvObject) \
    ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IPersistPropertyBag_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IPersistPropertyBag_Release(This) ((This)->lpVtbl->Release(This))
#define IPersistPropertyBag_GetClassID(This, pClassID) ((This)->lpVtbl->GetClassID(This, pClassID))
#define IPersistPropertyBag_InitNew(This) ((This)->lpVtbl->InitNew(This))
#define IPersistPropertyBag_Load(This, pPropBag, pErrorLog) ((This)->lpVtbl->Load(This, pPropBag, pErrorLog))
#define IPersistPropertyBag_Save(This, pPropBag, fClearDirty, fSaveAllProperties) \
    ((This)->lpVtbl->Save(This, pPropBag, fClearDirty, fSaveAllProperties))
#endif
#endif
#endif
typedef IPersistPropertyBag *LPPERSISTPROPERTYBAG;

typedef enum tagPROPBAG2_TYPE {
    PROPBAG2_TYPE_UNDEFINED = 0,
    PROPBAG2_TYPE_DATA = 1,
    PROPBAG2_TYPE_URL = 2,
    PROPBAG2_TYPE_OBJECT = 3,
    PROPBAG2_TYPE_STREAM = 4,
    PROPBAG2_TYPE_STORAGE = 5,
    PROPBAG2_TYPE_MONIKER = 6
} PROPBAG2_TYPE;

typedef struct tagPROPBAG2 {
    DWORD dwType;
    VARTYPE vt;
    CLIPFORMAT cfType;
    DWORD dwHint;
    LPOLESTR pstrName;
    CLSID clsid;
} PROPBAG2;

OLEANDER_DATA(const IID, IID_IPropertyBag2);
typedef struct IPropertyBag2 IPropertyBag2;
#ifndef __IPropertyBag2_INTERFACE_DEFINED__
#define __IPropertyBag2_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("22F55882-280B-11D0-A8A9-00A0C90C2004")
IPropertyBag2 : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE Read(ULONG cProperties, PROPBAG2 *pPropBag, IErrorLog *pErrLog,
        VARIANT *pvarValue, HRESULT *phrError) = 0;
    virtual HRESULT STDMETHODCALLTYPE Write(ULONG cProperties, PROPBAG2 *pPropBag, VARIANT *pvarValue) = 0;
    virtual HRESULT STDMETHODCALLTYPE CountProperties(ULONG *pcProperties) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetPropertyInfo(ULONG iProperty, ULONG cProperties, PROPBAG2 *pPropBag,
        ULONG *pcProperties) = 0;
    virtual HRESULT STDMETHODCALLTYPE LoadObject(LPCOLESTR pstrName, DWORD dwHint, IUnknown *pUnkObject,
        IErrorLog *pErrLog) = 0;
};
__CRT_UUID_DECL(IPropertyBag2, 0x22f55882, 0x280b, 0x11d0, 0xa8, 0xa9, 0x00, 0xa0, 0xc9, 0x0c, 0x20, 0x04)
#else
typedef struct IPropertyBag2Vtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IPropertyBag2 *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IPropertyBag2 *This);
    ULONG (STDMETHODCALLTYPE *Release)(IPropertyBag2 *This);
    HRESULT (STDMETHODCALLTYPE *Read)(IPropertyBag2 *This, ULONG cProperties, PROPBAG2 *pPropBag, IErrorLog *pErrLog,
        VARIANT *pvarValue, HRESULT *phrError);
    HRESULT (STDMETHODCALLTYPE *Write)(IPropertyBag2 *This, ULONG cProperties, PROPBAG2 *pPropBag,
        VARIANT *pvarValue);
    HRESULT (STDMETHODCALLTYPE *CountProperties)(IPropertyBag2 *This, ULONG *pcProperties);
    HRESULT (STDMETHODCALLTYPE *GetPropertyInfo)(IPropertyBag2 *This, ULONG iProperty, ULONG cProperties,
        PROPBAG2 *pPropBag, ULONG *pcProperties);
    HRESULT (STDMETHODCALLTYPE *LoadObject)(IPropertyBag2 *This, LPCOLESTR pstrName, DWORD dwHint,
        IUnknown *pUnkObject, IErrorLog *pErrLog);
} IPropertyBag2Vtbl;
struct IPropertyBag2 {
    CONST_VTBL IPropertyBag2Vtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IPropertyBag2_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IPropertyBag2_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IPropertyBag2_Release(This) ((This)->lpVtbl->Release(This))
#define IPropertyBag2_Read(This, cProperties, pPropBag, pErrLog, pvarValue, phrError) \
    ((This)->lpVtbl->Read(This, cProperties, pPropBag, pErrLog, pvarValue, phrError))
#define IPropertyBag2_Write(This, cProperties, pPropBag, pvarValue) \
    ((This)->lpVtbl->Write(This, cProperties, pPropBag, pvarValue))
#define IPropertyBag2_CountProperties(This, pcProperties) ((This)->lpVtbl->CountProperties(This, pcProperties))
#define IPropertyBag2_GetPropertyInfo(This, iProperty, cProperties, pPropBag, pcProperties) \
    ((This)->lpVtbl->GetPropertyInfo(This, iProperty, cProperties, pPropBag, pcProperties))
#define IPropertyBag2_LoadObject(This, pstrName, dwHint, pUnkObject, pErrLog) \
    ((This)->lpVtbl->LoadObject(This, pstrName, dwHint, pUnkObject, pErrLog))
#endif
#endif
#endif
typedef IPropertyBag2 *LPPROPERTYBAG2;

OLEANDER_DATA(const IID, IID_IPersistPropertyBag2);
typedef struct IPersistPropertyBag2 IPersistPropertyBag2;
#ifndef __IPersistPropertyBag2_INTERFACE_DEFINED__
#define __IPersistPropertyBag2_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("22F55881-280B-11D0-A8A9-00A0C90C2004")
IPersistPropertyBag2 : public IPersist {
    virtual HRESULT STDMETHODCALLTYPE InitNew() = 0;
    virtual HRESULT STDMETHODCALLTYPE Load(IPropertyBag2 *pPropBag, IErrorLog *pErrLog) = 0;
    virtual HRESULT STDMETHODCALLTYPE Save(IPropertyBag2 *pPropBag, BOOL fClearDirty, BOOL fSaveAllProperties) = 0;
    virtual HRESULT STDMETHODCALLTYPE IsDirty() = 0;
};
__CRT_UUID_DECL(IPersistPropertyBag2, 0x22f55881, 0x280b, 0x11d0, 0xa8, 0xa9, 0x00, 0xa0, 0xc9, 0x0c, 0x20, 0x04)
#else
typedef struct IPersistPropertyBag2Vtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IPersistPropertyBag2 *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IPersistPropertyBag2 *This);
    ULONG (STDMETHODCALLTYPE *Release)(IPersistPropertyBag2 *This);
    HRESULT (STDMETHODCALLTYPE *GetClassID)(IPersistPropertyBag2 *This, CLSID *pClassID);
    HRESULT (STDMETHODCALLTYPE *InitNew)(IPersistPropertyBag2 *This);
    HRESULT (STDMETHODCALLTYPE *Load)(IPersistPropertyBag2 *This, IPropertyBag2 *pPropBag, IErrorLog *pErrLog);
    HRESULT (STDMETHODCALLTYPE *Save)(IPersistPropertyBag2 *This, IPropertyBag2 *pPropBag, BOOL fClearDirty,
        BOOL fSaveAllProperties);
    HRESULT (STDMETHODCALLTYPE *IsDirty)(IPersistPropertyBag2 *This);
} IPersistPropertyBag2Vtbl;
struct IPersistPropertyBag2 {
    CONST_VTBL IPersistPropertyBag2Vtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IPersistPropertyBag2_QueryInterface(This, riid, ppvObject) \
    ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IPersistPropertyBag2_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IPersistPropertyBag2_Release(This) ((This)->lpVtbl->Release(This))
#define IPersistPropertyBag2_GetClassID(This, pClassID) ((This)->lpVtbl->GetClassID(This, pClassID))
#define IPersistPropertyBag2_InitNew(This) ((This)->lpVtbl->InitNew(This))
#define IPersistPropertyBag2_Load(This, pPropBag, pErrLog) ((This)->lpVtbl->Load(This, pPropBag, pErrLog))
#define IPersistPropertyBag2_Save(This, pPropBag, fClearDirty, fSaveAllProperties) \
    ((This)->lpVtbl->Save(This, pPropBag, fClearDirty, fSaveAllProperties))
#define IPersistPropertyBag2_IsDirty(This) ((This)->lpVtbl->IsDirty(This))
#endif
#endif
#endif
typedef IPersistPropertyBag2 *LPPERSISTPROPERTYBAG2;

OLEANDER_DATA(const IID, IID_IObjectWithSite);
typedef struct IObjectWithSite IObjectWithSite;
#ifndef __IObjectWithSite_INTERFACE_DEFINED__
#define __IObjectWithSite_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("FC4801A3-2BA9-11CF-A229-00AA003D7352")
IObjectWithSite : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE SetSite(IUnknown *pUnkSite) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetSite(REFIID riid, void **ppvSite) = 0;
};
__CRT_UUID_DECL(IObjectWithSite, 0xfc4801a3, 0x2ba9, 0x11cf, 0xa2, 0x29, 0x00, 0xaa, 0x00, 0x3d, 0x73, 0x52)
#else
typedef struct IObjectWithSiteVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IObjectWithSite *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IObjectWithSite *This);
    ULONG (STDMETHODCALLTYPE *Release)(IObjectWithSite *This);
    HRESULT (STDMETHODCALLTYPE *SetSite)(IObjectWithSite *This, IUnknown *pUnkSite);
    HRESULT (STDMETHODCALLTYPE *GetSite)(IObjectWithSite *This, REFIID riid, void **ppvSite);
} IObjectWithSiteVtbl;
struct IObjectWithSite {
    CONST_VTBL IObjectWithSiteVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IObjectWithSite_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IObjectWithSite_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IObjectWithSite_Release(This) ((This)->lpVtbl->Release(This))
#define IObjectWithSite_SetSite(This, pUnkSite) ((This)->lpVtbl->SetSite(This, pUnkSite))
#define IObjectWithSite_GetSite(This, riid, ppvSite) ((This)->lpVtbl->GetSite(This, riid, ppvSite))
#endif
#endif
#endif
typedef IObjectWithSite *LPOBJECTWITHSITE;

/* Properties: notification, browsing, pages */

OLEANDER_DATA(const IID, IID_IPropertyNotifySink);
typedef struct IPropertyNotifySink IPropertyNotifySink;
#ifndef __IPropertyNotifySink_INTERFACE_DEFINED__
#define __IPropertyNotifySink_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("9BFBBC02-EFF1-101A-84ED-00AA00341D07")
IPropertyNotifySink : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE OnChanged(DISPID dispID) = 0;
    /* S_FALSE refuses the change. */
    virtual HRESULT STDMETHODCALLTYPE OnRequestEdit(DISPID dispID) = 0;
};
__CRT_UUID_DECL(IPropertyNotifySink, 0x9bfbbc02, 0xeff1, 0x101a, 0x84, 0xed, 0x00, 0xaa, 0x00, 0x34, 0x1d, 0x07)
#else
typedef struct IPropertyNotifySinkVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IPropertyNotifySink *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IPropertyNotifySink *This);
    ULONG (STDMETHODCALLTYPE *Release)(IPropertyNotifySink *This);
    HRESULT (STDMETHODCALLTYPE *OnChanged)(IPropertyNotifySink *This, DISPID dispID);
    /* S_FALSE refuses the change. */
    HRESULT (STDMETHODCALLTYPE *OnRequestEdit)(IPropertyNotifySink *This, DISPID dispID);
} IPropertyNotifySinkVtbl;
struct IPropertyNotifySink {
    CONST_VTBL IPropertyNotifySinkVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IPropertyNotifySink_QueryInterface(This, riid, ppvObject) \
    ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IPropertyNotifySink_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IPropertyNotifySink_Release(This) ((This)->lpVtbl->Release(This))
#define IPropertyNotifySink_OnChanged(This, dispID) ((This)->lpVtbl->OnChanged(This, dispID))
#define IPropertyNotifySink_OnRequestEdit(This, dispID) ((This)->lpVtbl->OnRequestEdit(This, dispID))
#endif
#endif
#endif
typedef IPropertyNotifySink *LPPROPERTYNOTIFYSINK;

typedef struct tagCALPOLESTR {
    ULONG cElems;
    LPOLESTR *pElems;
} CALPOLESTR, *LPCALPOLESTR;

typedef struct tagCADWORD {
    ULONG cElems;
    DWORD *pElems;
} CADWORD, *LPCADWORD;

typedef struct tagCAUUID {
    ULONG cElems;
    GUID *pElems;
} CAUUID, *LPCAUUID;

OLEANDER_DATA(const IID, IID_ISpecifyPropertyPages);
typedef struct ISpecifyPropertyPages ISpecifyPropertyPages;
#ifndef __ISpecifyPropertyPages_INTERFACE_DEFINED__
#define __ISpecifyPropertyPages_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("B196B28B-BAB4-101A-B69C-00AA00341D07")
ISpecifyPropertyPages : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE GetPages(CAUUID *pPages) = 0;
};
__CRT_UUID_DECL(ISpecifyPropertyPages, 0xb196b28b, 0xbab4, 0x101a, 0xb6, 0x9c, 0x00, 0xaa, 0x00, 0x34, 0x1d, 0x07)
#else
typedef struct ISpecifyPropertyPagesVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(ISpecifyPropertyPages *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(ISpecifyPropertyPages *This);
    ULONG (STDMETHODCALLTYPE *Release)(ISpecifyPropertyPages *This);
    HRESULT (STDMETHODCALLTYPE *GetPages)(ISpecifyPropertyPages *This, CAUUID *pPages);
} ISpecifyPropertyPagesVtbl;
struct ISpecifyPropertyPages {
    CONST_VTBL ISpecifyPropertyPagesVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define ISpecifyPropertyPages_QueryInterface(This, riid, ppvObject) \
    ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define ISpecifyPropertyPages_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define ISpecifyPropertyPages_Release(This) ((This)->lpVtbl->Release(This))
#define ISpecifyPropertyPages_GetPages(This, pPages) ((This)->lpVtbl->GetPages(This, pPages))
#endif
#endif
#endif
typedef ISpecifyPropertyPages *LPSPECIFYPROPERTYPAGES;

OLEANDER_DATA(const IID, IID_IPerPropertyBrowsing);
typedef struct IPerPropertyBrowsing IPerPropertyBrowsing;
#ifndef __IPerPropertyBrowsing_INTERFACE_DEFINED__
#define __IPerPropertyBrowsing_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("376BD3AA-3845-101B-84ED-08002B2EC713")
IPerPropertyBrowsing : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE GetDisplayString(DISPID dispID, BSTR *pBstr) = 0;
    virtual HRESULT STDMETHODCALLTYPE MapPropertyToPage(DISPID dispID, CLSID *pClsid) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetPredefinedStrings(DISPID dispID, CALPOLESTR *pCaStringsOut,
        CADWORD *pCaCookiesOut) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetPredefinedValue(DISPID dispID, DWORD dwCookie, VARIANT *pVarOut) = 0;
};
__CRT_UUID_DECL(IPerPropertyBrowsing, 0x376bd3aa, 0x3845, 0x101b, 0x84, 0xed, 0x08, 0x00, 0x2b, 0x2e, 0xc7, 0x13)
#else
typedef struct IPerPropertyBrowsingVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IPerPropertyBrowsing *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IPerPropertyBrowsing *This);
    ULONG (STDMETHODCALLTYPE *Release)(IPerPropertyBrowsing *This);
    HRESULT (STDMETHODCALLTYPE *GetDisplayString)(IPerPropertyBrowsing *This, DISPID dispID, BSTR *pBstr);
    HRESULT (STDMETHODCALLTYPE *MapPropertyToPage)(IPerPropertyBrowsing *This, DISPID dispID, CLSID *pClsid);
    HRESULT (STDMETHODCALLTYPE *GetPredefinedStrings)(IPerPropertyBrowsing *This, DISPID dispID,
        CALPOLESTR *pCaStringsOut, CADWORD *pCaCookiesOut);
    HRESULT (STDMETHODCALLTYPE *GetPredefinedValue)(IPerPropertyBrowsing *This, DISPID dispID, DWORD dwCookie,
        VARIANT *pVarOut);
} IPerPropertyBrowsingVtbl;
struct IPerPropertyBrowsing {
    CONST_VTBL IPerPropertyBrowsingVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IPerPropertyBrowsing_QueryInterface(This, riid, ppvObject) \
    ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IPerPropertyBrowsing_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IPerPropertyBrowsing_Release(This) ((This)->lpVtbl->Release(This))
#define IPerPropertyBrowsing_GetDisplayString(This, dispID, pBstr) \
    ((This)->lpVtbl->GetDisplayString(This, dispID, pBstr))
#define IPerPropertyBrowsing_MapPropertyToPage(This, dispID, pClsid) \
    ((This)->lpVtbl->MapPropertyToPage(This, dispID, pClsid))
#define IPerPropertyBrowsing_GetPredefinedStrings(This, dispID, pCaStringsOut, pCaCookiesOut) \
    ((This)->lpVtbl->GetPredefinedStrings(This, dispID, pCaStringsOut, pCaCookiesOut))
#define IPerPropertyBrowsing_GetPredefinedValue(This, dispID, dwCookie, pVarOut) \
    ((This)->lpVtbl->GetPredefinedValue(This, dispID, dwCookie, pVarOut))
#endif
#endif
#endif
typedef IPerPropertyBrowsing *LPPERPROPERTYBROWSING;

typedef struct tagPROPPAGEINFO {
    ULONG cb;
    LPOLESTR pszTitle;
    SIZE size;
    LPOLESTR pszDocString;
    LPOLESTR pszHelpFile;
    DWORD dwHelpContext;
} PROPPAGEINFO, *LPPROPPAGEINFO;

typedef enum tagPROPPAGESTATUS {
    PROPPAGESTATUS_DIRTY = 1,
    PROPPAGESTATUS_VALIDATE = 2,
    PROPPAGESTATUS_CLEAN = 4
} PROPPAGESTATUS;

OLEANDER_DATA(const IID, IID_IPropertyPage);
typedef struct IPropertyPage IPropertyPage;
#ifndef __IPropertyPage_INTERFACE_DEFINED__
#define __IPropertyPage_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("B196B28D-BAB4-101A-B69C-00AA00341D07")
IPropertyPage : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE SetPageSite(IPropertyPageSite *pPageSite) = 0;
    virtual HRESULT STDMETHODCALLTYPE Activate(HWND hWndParent, LPCRECT pRect, BOOL bModal) = 0;
    virtual HRESULT STDMETHODCALLTYPE Deactivate() = 0;
    virtual HRESULT STDMETHODCALLTYPE GetPageInfo(PROPPAGEINFO *pPageInfo) = 0;
    virtual HRESULT STDMETHODCALLTYPE SetObjects(ULONG cObjects, IUnknown **ppUnk) = 0;
    virtual HRESULT STDMETHODCALLTYPE Show(UINT nCmdShow) = 0;
    virtual HRESULT STDMETHODCALLTYPE Move(LPCRECT pRect) = 0;
    virtual HRESULT STDMETHODCALLTYPE IsPageDirty() = 0;
    virtual HRESULT STDMETHODCALLTYPE Apply() = 0;
    virtual HRESULT STDMETHODCALLTYPE Help(LPCOLESTR pszHelpDir) = 0;
    virtual HRESULT STDMETHODCALLTYPE TranslateAccelerator(MSG *pMsg) = 0;
};
__CRT_UUID_DECL(IPropertyPage, 0xb196b28d, 0xbab4, 0x101a, 0xb6, 0x9c, 0x00, 0xaa, 0x00, 0x34, 0x1d, 0x07)
#else
typedef struct IPropertyPageVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IPropertyPage *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IPropertyPage *This);
    ULONG (STDMETHODCALLTYPE *Release)(IPropertyPage *This);
    HRESULT (STDMETHODCALLTYPE *SetPageSite)(IPropertyPage *This, IPropertyPageSite *pPageSite);
    HRESULT (STDMETHODCALLTYPE *Activate)(IPropertyPage *This, HWND hWndParent, LPCRECT pRect, BOOL bModal);
    HRESULT (STDMETHODCALLTYPE *Deactivate)(IPropertyPage *This);
    HRESULT (STDMETHODCALLTYPE *GetPageInfo)(IPropertyPage *This, PROPPAGEINFO *pPageInfo);
    HRESULT (STDMETHODCALLTYPE *SetObjects)(IPropertyPage *This, ULONG cObjects, IUnknown **ppUnk);
    HRESULT (STDMETHODCALLTYPE *Show)(IPropertyPage *This, UINT nCmdShow);
    HRESULT (STDMETHODCALLTYPE *Move)(IPropertyPage *This, LPCRECT pRect);
    HRESULT (STDMETHODCALLTYPE *IsPageDirty)(IPropertyPage *This);
    HRESULT (STDMETHODCALLTYPE *Apply)(IPropertyPage *This);
    HRESULT (STDMETHODCALLTYPE *Help)(IPropertyPage *This, LPCOLESTR pszHelpDir);
    HRESULT (STDMETHODCALLTYPE *TranslateAccelerator)(IPropertyPage *This, MSG *pMsg);
} IPropertyPageVtbl;
struct IPropertyPage {
    CONST_VTBL IPropertyPageVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IPropertyPage_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IPropertyPage_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IPropertyPage_Release(This) ((This)->lpVtbl->Release(This))
#define IPropertyPage_SetPageSite(This, pPageSite) ((This)->lpVtbl->SetPageSite(This, pPageSite))
#define IPropertyPage_Activate(This, hWndParent, pRect, bModal) \
    ((This)->lpVtbl->Activate(This, hWndParent, pRect, bModal))
#define IPropertyPage_Deactivate(This) ((This)->lpVtbl->Deactivate(This))
#define IPropertyPage_GetPageInfo(This, pPageInfo) ((This)->lpVtbl->GetPageInfo(This, pPageInfo))
#define IPropertyPage_SetObjects(This, cObjects, ppUnk) ((This)->lpVtbl->SetObjects(This, cObjects, ppUnk))
#define IPropertyPage_Show(This, nCmdShow) ((This)->lpVtbl->Show(This, nCmdShow))
#define IPropertyPage_Move(This, pRect) ((This)->lpVtbl->Move(This, pRect))
#define IPropertyPage_IsPageDirty(This) ((This)->lpVtbl->IsPageDirty(This))
#define IPropertyPage_Apply(This) ((This)->lpVtbl->Apply(This))
#define IPropertyPage_Help(This, pszHelpDir) ((This)->lpVtbl->Help(This, pszHelpDir))
#define IPropertyPage_TranslateAccelerator(This, pMsg) ((This)->lpVtbl->TranslateAccelerator(This, pMsg))
#endif
#endif
#endif
typedef IPropertyPage *LPPROPERTYPAGE;

OLEANDER_DATA(const IID, IID_IPropertyPage2);
typedef struct IPropertyPage2 IPropertyPage2;
#ifndef __IPropertyPage2_INTERFACE_DEFINED__
#define __IPropertyPage2_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("01E44665-24AC-101B-84ED-08002B2EC713")
IPropertyPage2 : public IPropertyPage {
    virtual HRESULT STDMETHODCALLTYPE EditProperty(DISPID dispID) = 0;
};
__CRT_UUID_DECL(IPropertyPage2, 0x01e44665, 0x24ac, 0x101b, 0x84, 0xed, 0x08, 0x00, 0x2b, 0x2e, 0xc7, 0x13)
#else
typedef struct IPropertyPage2Vtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IPropertyPage2 *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IPropertyPage2 *This);
    ULONG (STDMETHODCALLTYPE *Release)(IPropertyPage2 *This);
    HRESULT (STDMETHODCALLTYPE *SetPageSite)(IPropertyPage2 *This, IPropertyPageSite *pPageSite);
    HRESULT (STDMETHODCALLTYPE *Activate)(IPropertyPage2 *This, HWND hWndParent, LPCRECT pRect, BOOL bModal);
    HRESULT (STDMETHODCALLTYPE *Deactivate)(IPropertyPage2 *This);
    HRESULT (STDMETHODCALLTYPE *GetPageInfo)(IPropertyPage2 *This, PROPPAGEINFO *pPageInfo);
    HRESULT (STDMETHODCALLTYPE *SetObjects)(IPropertyPage2 *This, ULONG cObjects, IUnknown **ppUnk);
    HRESULT (STDMETHODCALLTYPE *Show)(IPropertyPage2 *This, UINT nCmdShow);
    HRESULT (STDMETHODCALLTYPE *Move)(IPropertyPage2 *This, LPCRECT pRect);
    HRESULT (STDMETHODCALLTYPE *IsPageDirty)(IPropertyPage2 *This);
    HRESULT (STDMETHODCALLTYPE *Apply)(IPropertyPage2 *This);
    HRESULT (STDMETHODCALLTYPE *Help)(IPropertyPage2 *This, LPCOLESTR pszHelpDir);
    HRESULT (STDMETHODCALLTYPE *TranslateAccelerator)(IPropertyPage2 *This, MSG *pMsg);
    HRESULT (STDMETHODCALLTYPE *EditProperty)(IPropertyPage2 *This, DISPID dispID);
} IPropertyPage2Vtbl;
struct IPropertyPage2 {
    CONST_VTBL IPropertyPage2Vtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IPropertyPage2_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IPropertyPage2_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IPropertyPage2_Release(This) ((This)->lpVtbl->Release(This))
#define IPropertyPage2_SetPageSite(This, pPageSite) ((This)->lpVtbl->SetPageSite(This, pPageSite))
#define IPropertyPage2_Activate(This, hWndParent, pRect, bModal) \
    ((This)->lpVtbl->Activate(This, hWndParent, pRect, bModal))
#define IPropertyPage2_Deactivate(This) ((This)->lpVtbl->Deactivate(This))
#define IPropertyPage2_GetPageInfo(This, pPageInfo) ((This)->lpVtbl->GetPageInfo(This, pPageInfo))
#define IPropertyPage2_SetObjects(This, cObjects, ppUnk) ((This)->lpVtbl->SetObjects(This, cObjects, ppUnk))
#define IPropertyPage2_Show(This, nCmdShow) ((This)->lpVtbl->Show(This, nCmdShow))
#define IPropertyPage2_Move(This, pRect) ((This)->lpVtbl->Move(This, pRect))
#define IPropertyPage2_IsPageDirty(This) ((This)->lpVtbl->IsPageDirty(This))
#define IPropertyPage2_Apply(This) ((This)->lpVtbl->Apply(This))
#define IPropertyPage2_Help(This, pszHelpDir) ((This)->lpVtbl->Help(This, pszHelpDir))
#define IPropertyPage2_TranslateAccelerator(This, pMsg) ((This)->lpVtbl->TranslateAccelerator(This, pMsg))
#define IPropertyPage2_EditProperty(This, dispID) ((This)->lpVtbl->EditProperty(This, dispID))
#endif
#endif
#endif
typedef IPropertyPage2 *LPPROPERTYPAGE2;

OLEANDER_DATA(const IID, IID_IPropertyPageSite);
typedef struct IPropertyPageSite IPropertyPageSite;
#ifndef __IPropertyPageSite_INTERFACE_DEFINED__
#define __IPropertyPageSite_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("B196B28C-BAB4-101A-B69C-00AA00341D07")
IPropertyPageSite : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE OnStatusChange(DWORD dwFlags) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetLocaleID(LCID *pLocaleID) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetPageContainer(IUnknown **ppUnk) = 0;
    virtual HRESULT STDMETHODCALLTYPE TranslateAccelerator(MSG *pMsg) = 0;
};
__CRT_UUID_DECL(IPropertyPageSite, 0xb196b28c, 0xbab4, 0x101a, 0xb6, 0x9c, 0x00, 0xaa, 0x00, 0x34, 0x1d, 0x07)
#else
typedef struct IPropertyPageSiteVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IPropertyPageSite *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IPropertyPageSite *This);
    ULONG (STDMETHODCALLTYPE *Release)(IPropertyPageSite *This);
    HRESULT (STDMETHODCALLTYPE *OnStatusChange)(IPropertyPageSite *This, DWORD dwFlags);
    HRESULT (STDMETHODCALLTYPE *GetLocaleID)(IPropertyPageSite *This, LCID *pLocaleID);
    HRESULT (STDMETHODCALLTYPE *GetPageContainer)(IPropertyPageSite *This, IUnknown **ppUnk);
    HRESULT (STDMETHODCALLTYPE *TranslateAccelerator)(IPropertyPageSite *This, MSG *pMsg);
} IPropertyPageSiteVtbl;
struct IPropertyPageSite {
    CONST_VTBL IPropertyPageSiteVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IPropertyPageSite_QueryInterface(This, riid, ppvObject) \
    ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IPropertyPageSite_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IPropertyPageSite_Release(This) ((This)->lpVtbl->Release(This))
#define IPropertyPageSite_OnStatusChange(This, dwFlags) ((This)->lpVtbl->OnStatusChange(This, dwFlags))
#define IPropertyPageSite_GetLocaleID(This, pLocaleID) ((This)->lpVtbl->GetLocaleID(This, pLocaleID))
#define IPropertyPageSite_GetPageContainer(This, ppUnk) ((This)->lpVtbl->GetPageContainer(This, ppUnk))
#define IPropertyPageSite_TranslateAccelerator(This, pMsg) ((This)->lpVtbl->TranslateAccelerator(This, pMsg))
#endif
#endif
#endif
typedef IPropertyPageSite *LPPROPERTYPAGESITE;

/* Controls */

typedef struct tagCONTROLINFO {
    ULONG cb;
    HACCEL hAccel;
    USHORT cAccel;
    DWORD dwFlags;
} CONTROLINFO, *LPCONTROLINFO;

typedef enum tagCTRLINFO { CTRLINFO_EATS_RETURN = 1, CTRLINFO_EATS_ESCAPE = 2 } CTRLINFO;

typedef struct tagPOINTF {
    FLOAT x;
    FLOAT y;
} POINTF, *LPPOINTF;

typedef enum tagXFORMCOORDS {
    XFORMCOORDS_POSITION = 0x1,
    XFORMCOORDS_SIZE = 0x2,
    XFORMCOORDS_HIMETRICTOCONTAINER = 0x4,
    XFORMCOORDS_CONTAINERTOHIMETRIC = 0x8,
    XFORMCOORDS_EVENTCOMPAT = 0x10
} XFORMCOORDS;

OLEANDER_DATA(const IID, IID_IOleControl);
typedef struct IOleControl IOleControl;
#ifndef __IOleControl_INTERFACE_DEFINED__
#define __IOleControl_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("B196B288-BAB4-101A-B69C-00AA00341D07")
IOleControl : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE GetControlInfo(CONTROLINFO *pCI) = 0;
    virtual HRESULT STDMETHODCALLTYPE OnMnemonic(MSG *pMsg) = 0;
    virtual HRESULT STDMETHODCALLTYPE OnAmbientPropertyChange(DISPID dispID) = 0;
    virtual HRESULT STDMETHODCALLTYPE FreezeEvents(BOOL bFreeze) = 0;
};
__CRT_UUID_DECL(IOleControl, 0xb196b288, 0xbab4, 0x101a, 0xb6, 0x9c, 0x00, 0xaa, 0x00, 0x34, 0x1d, 0x07)
#else
typedef struct IOleControlVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IOleControl *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IOleControl *This);
    ULONG (STDMETHODCALLTYPE *Release)(IOleControl *This);
    HRESULT (STDMETHODCALLTYPE *GetControlInfo)(IOleControl *This, CONTROLINFO *pCI);
    HRESULT (STDMETHODCALLTYPE *OnMnemonic)(IOleControl *This, MSG *pMsg);
    HRESULT (STDMETHODCALLTYPE *OnAmbientPropertyChange)(IOleControl *This, DISPID dispID);
    HRESULT (STDMETHODCALLTYPE *FreezeEvents)(IOleControl *This, BOOL bFreeze);
} IOleControlVtbl;
struct IOleControl {
    CONST_VTBL IOleControlVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IOleControl_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IOleControl_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IOleControl_Release(This) ((This)->lpVtbl->Release(This))
#define IOleControl_GetControlInfo(This, pCI) ((This)->lpVtbl->GetControlInfo(This, pCI))
#define IOleControl_OnMnemonic(This, pMsg) ((This)->lpVtbl->OnMnemonic(This, pMsg))
#define IOleControl_OnAmbientPropertyChange(This, dispID) ((This)->lpVtbl->OnAmbientPropertyChange(This, dispID))
#define IOleControl_FreezeEvents(This, bFreeze) ((This)->lpVtbl->FreezeEvents(This, bFreeze))
#endif
#endif
#endif
typedef IOleControl *LPOLECONTROL;

OLEANDER_DATA(const IID, IID_IOleControlSite);
typedef struct IOleControlSite IOleControlSite;
#ifndef __IOleControlSite_INTERFACE_DEFINED__
#define __IOleControlSite_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("B196B289-BAB4-101A-B69C-00AA00341D07")
IOleControlSite : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE OnControlInfoChanged() = 0;
    virtual HRESULT STDMETHODCALLTYPE LockInPlaceActive(BOOL fLock) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetExtendedControl(IDispatch **ppDisp) = 0;
    virtual HRESULT STDMETHODCALLTYPE TransformCoords(POINTL *pPtlHimetric, POINTF *pPtfContainer, DWORD dwFlags) = 0;
    virtual HRESULT STDMETHODCALLTYPE TranslateAccelerator(MSG *pMsg, DWORD grfModifiers) = 0;
    virtual HRESULT STDMETHODCALLTYPE OnFocus(BOOL fGotFocus) = 0;
    virtual HRESULT STDMETHODCALLTYPE ShowPropertyFrame() = 0;
};
__CRT_UUID_DECL(IOleControlSite, 0xb196b289, 0xbab4, 0x101a, 0xb6, 0x9c, 0x00, 0xaa, 0x00, 0x34, 0x1d, 0x07)
#else
typedef struct IOleControlSiteVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IOleControlSite *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IOleControlSite *This);
    ULONG (STDMETHODCALLTYPE *Release)(IOleControlSite *This);
    HRESULT (STDMETHODCALLTYPE *OnControlInfoChanged)(IOleControlSite *This);
    HRESULT (STDMETHODCALLTYPE *LockInPlaceActive)(IOleControlSite *This, BOOL fLock);
    HRESULT (STDMETHODCALLTYPE *GetExtendedControl)(IOleControlSite *This, IDispatch **ppDisp);
    HRESULT (STDMETHODCALLTYPE *TransformCoords)(IOleControlSite *This, POINTL *pPtlHimetric, POINTF *pPtfContainer,
        DWORD dwFlags);
    HRESULT (STDMETHODCALLTYPE *TranslateAccelerator)(IOleControlSite *This, MSG *pMsg, DWORD grfModifiers);
    HRESULT (STDMETHODCALLTYPE *OnFocus)(IOleControlSite *This, BOOL fGotFocus);
    HRESULT (STDMETHODCALLTYPE *ShowPropertyFrame)(IOleControlSite *This);
} IOleControlSiteVtbl;
struct IOleControlSite {
    CONST_VTBL IOleControlSiteVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IOleControlSite_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IOleControlSite_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IOleControlSite_Release(This) ((This)->lpVtbl->Release(This))
#define IOleControlSite_OnControlInfoChanged(This) ((This)->lpVtbl->OnControlInfoChanged(This))
#define IOleControlSite_LockInPlaceActive(This, fLock) ((This)->lpVtbl->LockInPlaceActive(This, fLock))
#define IOleControlSite_GetExtendedControl(This, ppDisp) ((This)->lpVtbl->GetExtendedControl(This, ppDisp))
#define IOleControlSite_TransformCoords(This, pPtlHimetric, pPtfContainer, dwFlags) \
    ((This)->lpVtbl->TransformCoords(This, pPtlHimetric, pPtfContainer, dwFlags))
#define IOleControlSite_TranslateAccelerator(This, pMsg, grfModifiers) \
    ((This)->lpVtbl->TranslateAccelerator(This, pMsg, grfModifiers))
#define IOleControlSite_OnFocus(This, fGotFocus) ((This)->lpVtbl->OnFocus(This, fGotFocus))
#define IOleControlSite_ShowPropertyFrame(This) ((This)->lpVtbl->ShowPropertyFrame(This))
#endif
#endif
#endif
typedef IOleControlSite *LPOLECONTROLSITE;

OLEANDER_DATA(const IID, IID_ISimpleFrameSite);
typedef struct ISimpleFrameSite ISimpleFrameSite;
#ifndef __ISimpleFrameSite_INTERFACE_DEFINED__
#define __ISimpleFrameSite_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("742B0E01-14E6-101B-914E-00AA00300CAB")
ISimpleFrameSite : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE PreMessageFilter(HWND hWnd, UINT msg, UINT_PTR wp, LONG_PTR lp,
        LONG_PTR *plResult, DWORD *pdwCookie) = 0;
    virtual HRESULT STDMETHODCALLTYPE PostMessageFilter(HWND hWnd, UINT msg, UINT_PTR wp, LONG_PTR lp,
        LONG_PTR *plResult, DWORD dwCookie) = 0;
};
__CRT_UUID_DECL(ISimpleFrameSite, 0x742b0e01, 0x14e6, 0x101b, 0x91, 0x4e, 0x00, 0xaa, 0x00, 0x30, 0x0c, 0xab)
#else
typedef struct ISimpleFrameSiteVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(ISimpleFrameSite *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(ISimpleFrameSite *This);
    ULONG (STDMETHODCALLTYPE *Release)(ISimpleFrameSite *This);
    HRESULT (STDMETHODCALLTYPE *PreMessageFilter)(ISimpleFrameSite *This, HWND hWnd, UINT msg, UINT_PTR wp,
        LONG_PTR lp, LONG_PTR *plResult, DWORD *pdwCookie);
    HRESULT (STDMETHODCALLTYPE *PostMessageFilter)(ISimpleFrameSite *This, HWND hWnd, UINT msg, UINT_PTR wp,
        LONG_PTR lp, LONG_PTR *plResult, DWORD dwCookie);
} ISimpleFrameSiteVtbl;
struct ISimpleFrameSite {
    CONST_VTBL ISimpleFrameSiteVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define ISimpleFrameSite_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define ISimpleFrameSite_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define ISimpleFrameSite_Release(This) ((This)->lpVtbl->Release(This))
#define ISimpleFrameSite_PreMessageFilter(This, hWnd, msg, wp, lp, plResult, pdwCookie) \
    ((This)->lpVtbl->PreMessageFilter(This, hWnd, msg, wp, lp, plResult, pdwCookie))
#define ISimpleFrameSite_PostMessageFilter(This, hWnd, msg, wp, lp, plResult, dwCookie) \
    ((This)->lpVtbl->PostMessageFilter(This, hWnd, msg, wp, lp, plResult, dwCookie))
#endif
#endif
#endif
typedef ISimpleFrameSite *LPSIMPLEFRAMESITE;

/* Fonts and pictures */

typedef struct tagTEXTMETRICW TEXTMETRICOLE, *LPTEXTMETRICOLE;
typedef DWORD OLE_COLOR;
typedef UINT OLE_HANDLE;
typedef LONG OLE_XPOS_PIXELS;
typedef LONG OLE_YPOS_PIXELS;
typedef LONG OLE_XSIZE_PIXELS;
typedef LONG OLE_YSIZE_PIXELS;
typedef FLOAT OLE_XPOS_CONTAINER;
typedef FLOAT OLE_YPOS_CONTAINER;
typedef FLOAT OLE_XSIZE_CONTAINER;
typedef FLOAT OLE_YSIZE_CONTAINER;
typedef enum { triUnchecked = 0, triChecked = 1, triGray = 2 } OLE_TRISTATE;
typedef VARIANT_BOOL OLE_OPTEXCLUSIVE;
typedef VARIANT_BOOL OLE_CANCELBOOL;
typedef VARIANT_BOOL OLE_ENABLEDEFAULTBOOL;
typedef LONG OLE_XPOS_HIMETRIC;
typedef LONG OLE_YPOS_HIMETRIC;
typedef LONG OLE_XSIZE_HIMETRIC;
typedef LONG OLE_YSIZE_HIMETRIC;

OLEANDER_DATA(const IID, IID_IFont);
typedef struct IFont IFont;
#ifndef __IFont_INTERFACE_DEFINED__
#define __IFont_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("BEF6E002-A874-101A-8BBA-00AA00300CAB")
IFont : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE get_Name(BSTR *pName) = 0;
    virtual HRESULT STDMETHODCALLTYPE put_Name(BSTR name) = 0;
    virtual HRESULT STDMETHODCALLTYPE get_Size(CY *pSize) = 0;
    virtual HRESULT STDMETHODCALLTYPE put_Size(CY size) = 0;
    virtual HRESULT STDMETHODCALLTYPE get_Bold(BOOL *pBold) = 0;
    virtual HRESULT STDMETHODCALLTYPE put_Bold(BOOL bold) = 0;
    virtual HRESULT STDMETHODCALLTYPE get_Italic(BOOL *pItalic) = 0;
    virtual HRESULT STDMETHODCALLTYPE put_Italic(BOOL italic) = 0;
    virtual HRESULT STDMETHODCALLTYPE get_Underline(BOOL *pUnderline) = 0;
    virtual HRESULT STDMETHODCALLTYPE put_Underline(BOOL underline) = 0;
    virtual HRESULT STDMETHODCALLTYPE get_Strikethrough(BOOL *pStrikethrough) = 0;
    virtual HRESULT STDMETHODCALLTYPE put_Strikethrough(BOOL strikethrough) = 0;
    virtual HRESULT STDMETHODCALLTYPE get_Weight(SHORT *pWeight) = 0;
    virtual HRESULT STDMETHODCALLTYPE put_Weight(SHORT weight) = 0;
    virtual HRESULT STDMETHODCALLTYPE get_Charset(SHORT *pCharset) = 0;
    virtual HRESULT STDMETHODCALLTYPE put_Charset(SHORT charset) = 0;
    virtual HRESULT STDMETHODCALLTYPE get_hFont(HFONT *phFont) = 0;
    virtual HRESULT STDMETHODCALLTYPE Clone(IFont **ppFont) = 0;
    virtual HRESULT STDMETHODCALLTYPE IsEqual(IFont *pFontOther) = 0;
    virtual HRESULT STDMETHODCALLTYPE SetRatio(LONG cyLogical, LONG cyHimetric) = 0;
    virtual HRESULT STDMETHODCALLTYPE QueryTextMetrics(TEXTMETRICOLE *pTM) = 0;
    virtual HRESULT STDMETHODCALLTYPE AddRefHfont(HFONT hFont) = 0;
    virtual HRESULT STDMETHODCALLTYPE ReleaseHfont(HFONT hFont) = 0;
    virtual HRESULT STDMETHODCALLTYPE SetHdc(HDC hDC) = 0;
};
__CRT_UUID_DECL(IFont, 0xbef6e002, 0xa874, 0x101a, 0x8b, 0xba, 0x00, 0xaa, 0x00, 0x30, 0x0c, 0xab)
#else
typedef struct IFontVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IFont *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IFont *This);
    ULONG (STDMETHODCALLTYPE *Release)(IFont *This);
    HRESULT (STDMETHODCALLTYPE *get_Name)(IFont *This, BSTR *pName);
    HRESULT (STDMETHODCALLTYPE *put_Name)(IFont *This, BSTR name);
    HRESULT (STDMETHODCALLTYPE *get_Size)(IFont *This, CY *pSize);
    HRESULT (STDMETHODCALLTYPE *put_Size)(IFont *This, CY size);
    HRESULT (STDMETHODCALLTYPE *get_Bold)(IFont *This, BOOL *pBold);
    HRESULT (STDMETHODCALLTYPE *put_Bold)(IFont *This, BOOL bold);
    HRESULT (STDMETHODCALLTYPE *get_Italic)(IFont *This, BOOL *pItalic);
    HRESULT (STDMETHODCALLTYPE *put_Italic)(IFont *This, BOOL italic);
    HRESULT (STDMETHODCALLTYPE *get_Underline)(IFont *This, BOOL *pUnderline);
    HRESULT (STDMETHODCALLTYPE *put_Underline)(IFont *This, BOOL underline);
    HRESULT (STDMETHODCALLTYPE *get_Strikethrough)(IFont *This, BOOL *pStrikethrough);
    HRESULT (STDMETHODCALLTYPE *put_Strikethrough)(IFont *This, BOOL strikethrough);
    HRESULT (STDMETHODCALLTYPE *get_Weight)(IFont *This, SHORT *pWeight);
    HRESULT (STDMETHODCALLTYPE *put_Weight)(IFont *This, SHORT weight);
    HRESULT (STDMETHODCALLTYPE *get_Charset)(IFont *This, SHORT *pCharset);
    HRESULT (STDMETHODCALLTYPE *put_Charset)(IFont *This, SHORT charset);
    HRESULT (STDMETHODCALLTYPE *get_hFont)(IFont *This, HFONT *phFont);
    HRESULT (STDMETHODCALLTYPE *Clone)(IFont *This, IFont **ppFont);
    HRESULT (STDMETHODCALLTYPE *IsEqual)(IFont *This, IFont *pFontOther);
    HRESULT (STDMETHODCALLTYPE *SetRatio)(IFont *This, LONG cyLogical, LONG cyHimetric);
    HRESULT (STDMETHODCALLTYPE *QueryTextMetrics)(IFont *This, TEXTMETRICOLE *pTM);
    HRESULT (STDMETHODCALLTYPE *AddRefHfont)(IFont *This, HFONT hFont);
    HRESULT (STDMETHODCALLTYPE *ReleaseHfont)(IFont *This, HFONT hFont);
    HRESULT (STDMETHODCALLTYPE *SetHdc)(IFont *This, HDC hDC);
} IFontVtbl;
struct IFont {
    CONST_VTBL IFontVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IFont_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IFont_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IFont_Release(This) ((This)->lpVtbl->Release(This))
#define IFont_get_Name(This, pName) ((This)->lpVtbl->get_Name(This, pName))
#define IFont_put_Name(This, name) ((This)->lpVtbl->put_Name(This, name))
#define IFont_get_Size(This, pSize) ((This)->lpVtbl->get_Size(This, pSize))
#define IFont_put_Size(This, size) ((This)->lpVtbl->put_Size(This, size))
#define IFont_get_Bold(This, pBold) ((This)->lpVtbl->get_Bold(This, pBold))
#define IFont_put_Bold(This, bold) ((This)->lpVtbl->put_Bold(This, bold))
#define IFont_get_Italic(This, pItalic) ((This)->lpVtbl->get_Italic(This, pItalic))
#define IFont_put_Italic(This, italic) ((This)->lpVtbl->put_Italic(This, italic))
#define IFont_get_Underline(This, pUnderline) ((This)->lpVtbl->get_Underline(This, pUnderline))
#define IFont_put_Underline(This, underline) ((This)->lpVtbl->put_Underline(This, underline))
#define IFont_get_Strikethrough(This, pStrikethrough) ((This)->lpVtbl->get_Strikethrough(This, pStrikethrough))
#define IFont_put_Strikethrough(This, strikethrough) ((This)->lpVtbl->put_Strikethrough(This, strikethrough))
#define IFont_get_Weight(This, pWeight) ((This)->lpVtbl->get_Weight(This, pWeight))
#define IFont_put_Weight(This, weight) ((This)->lpVtbl->put_Weight(This, weight))
#define IFont_get_Charset(This, pCharset) ((This)->lpVtbl->get_Charset(This, pCharset))
#define IFont_put_Charset(This, charset) ((This)->lpVtbl->put_Charset(This, charset))
#define IFont_get_hFont(This, phFont) ((This)->lpVtbl->get_hFont(This, phFont))
#define IFont_Clone(This, ppFont) ((This)->lpVtbl->Clone(This, ppFont))
#define IFont_IsEqual(This, pFontOther) ((This)->lpVtbl->IsEqual(This, pFontOther))
#define IFont_SetRatio(This, cyLogical, cyHimetric) ((This)->lpVtbl->SetRatio(This, cyLogical, cyHimetric))
#define IFont_QueryTextMetrics(This, pTM) ((This)->lpVtbl->QueryTextMetrics(This, pTM))
#define IFont_AddRefHfont(This, hFont) ((This)->lpVtbl->AddRefHfont(This, hFont))
#define IFont_ReleaseHfont(This, hFont) ((This)->lpVtbl->ReleaseHfont(This, hFont))
#define IFont_SetHdc(This, hDC) ((This)->lpVtbl->SetHdc(This, hDC))
#endif
#endif
#endif
typedef IFont *LPFONT;

typedef enum tagPictureAttributes { PICTURE_SCALABLE = 0x1, PICTURE_TRANSPARENT = 0x2 } PICTUREATTRIBUTES;

OLEANDER_DATA(const IID, IID_IPicture);
typedef struct IPicture IPicture;
#ifndef __IPicture_INTERFACE_DEFINED__
#define __IPicture_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("7BF80980-BF32-101A-8BBB-00AA00300CAB")
IPicture : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE get_Handle(OLE_HANDLE *pHandle) = 0;
    virtual HRESULT STDMETHODCALLTYPE get_hPal(OLE_HANDLE *phPal) = 0;
    virtual HRESULT STDMETHODCALLTYPE get_Type(SHORT *pType) = 0;
    virtual HRESULT STDMETHODCALLTYPE get_Width(OLE_XSIZE_HIMETRIC *pWidth) = 0;
    virtual HRESULT STDMETHODCALLTYPE get_Height(OLE_YSIZE_HIMETRIC *pHeight) = 0;
    virtual HRESULT STDMETHODCALLTYPE Render(HDC hDC, LONG x, LONG y, LONG cx, LONG cy, OLE_XPOS_HIMETRIC xSrc,
        OLE_YPOS_HIMETRIC ySrc, OLE_XSIZE_HIMETRIC cxSrc, OLE_YSIZE_HIMETRIC cySrc, LPCRECT pRcWBounds) = 0;
    virtual HRESULT STDMETHODCALLTYPE set_hPal(OLE_HANDLE hPal) = 0;
    virtual HRESULT STDMETHODCALLTYPE get_CurDC(HDC *phDC) = 0;
    virtual HRESULT STDMETHODCALLTYPE SelectPicture(HDC hDCIn, HDC *phDCOut, OLE_HANDLE *phBmpOut) = 0;
    virtual HRESULT STDMETHODCALLTYPE get_KeepOriginalFormat(BOOL *pKeep) = 0;
    virtual HRESULT STDMETHODCALLTYPE put_KeepOriginalFormat(BOOL keep) = 0;
    virtual HRESULT STDMETHODCALLTYPE PictureChanged() = 0;
    virtual HRESULT STDMETHODCALLTYPE SaveAsFile(LPSTREAM pStream, BOOL fSaveMemCopy, LONG *pCbSize) = 0;
    virtual HRESULT STDMETHODCALLTYPE get_Attributes(DWORD *pDwAttr) = 0;
};
__CRT_UUID_DECL(IPicture, 0x7bf80980, 0xbf32, 0x101a, 0x8b, 0xbb, 0x00, 0xaa, 0x00, 0x30, 0x0c, 0xab)
#else
typedef struct IPictureVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IPicture *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IPicture *This);
    ULONG (STDMETHODCALLTYPE *Release)(IPicture *This);
    HRESULT (STDMETHODCALLTYPE *get_Handle)(IPicture *This, OLE_HANDLE *pHandle);
    HRESULT (STDMETHODCALLTYPE *get_hPal)(IPicture *This, OLE_HANDLE *phPal);
    HRESULT (STDMETHODCALLTYPE *get_Type)(IPicture *This, SHORT *pType);
    HRESULT (STDMETHODCALLTYPE *get_Width)(IPicture *This, OLE_XSIZE_HIMETRIC *pWidth);
    HRESULT (STDMETHODCALLTYPE *get_Height)(IPicture *This, OLE_YSIZE_HIMETRIC *pHeight);
    HRESULT (STDMETHODCALLTYPE *Render)(IPicture *This, HDC hDC, LONG x, LONG y, LONG cx, LONG cy,
        OLE_XPOS_HIMETRIC xSrc, OLE_YPOS_HIMETRIC ySrc, OLE_XSIZE_HIMETRIC cxSrc, OLE_YSIZE_HIMETRIC cySrc,
        LPCRECT pRcWBounds);
    HRESULT (STDMETHODCALLTYPE *set_hPal)(IPicture *This, OLE_HANDLE hPal);
    HRESULT (STDMETHODCALLTYPE *get_CurDC)(IPicture *This, HDC *phDC);
    HRESULT (STDMETHODCALLTYPE *SelectPicture)(IPicture *This, HDC hDCIn, HDC *phDCOut, OLE_HANDLE *phBmpOut);
    HRESULT (STDMETHODCALLTYPE *get_KeepOriginalFormat)(IPicture *This, BOOL *pKeep);
    HRESULT (STDMETHODCALLTYPE *put_KeepOriginalFormat)(IPicture *This, BOOL keep);
    HRESULT (STDMETHODCALLTYPE *PictureChanged)(IPicture *This);
    HRESULT (STDMETHODCALLTYPE *SaveAsFile)(IPicture *This, LPSTREAM pStream, BOOL fSaveMemCopy, LONG *pCbSize);
    HRESULT (STDMETHODCALLTYPE *get_Attributes)(IPicture *This, DWORD *pDwAttr);
} IPictureVtbl;
struct IPicture {
    CONST_VTBL IPictureVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IPicture_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IPicture_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IPicture_Release(This) ((This)->lpVtbl->Release(This))
#define IPicture_get_Handle(This, pHandle) ((This)->lpVtbl->get_Handle(This, pHandle))
#define IPicture_get_hPal(This, phPal) ((This)->lpVtbl->get_hPal(This, phPal))
#define IPicture_get_Type(This, pType) ((This)->lpVtbl->get_Type(This, pType))
#define IPicture_get_Width(This, pWidth) ((This)->lpVtbl->get_Width(This, pWidth))
#define IPicture_get_Height(This, pHeight) ((This)->lpVtbl->get_Height(This, pHeight))
#define IPicture_Render(This, hDC, x, y, cx, cy, xSrc, ySrc, cxSrc, cySrc, pRcWBounds) \
    ((This)->lpVtbl->Render(This, hDC, x, y, cx, cy, xSrc, ySrc, cxSrc, cySrc, pRcWBounds))
#define IPicture_set_hPal(This, hPal) ((This)->lpVtbl->set_hPal(This, hPal))
#define IPicture_get_CurDC(This, phDC) ((This)->lpVtbl->get_CurDC(This, phDC))
#define IPicture_SelectPicture(This, hDCIn, phDCOut, phBmpOut) \
    ((This)->lpVtbl->SelectPicture(This, hDCIn, phDCOut, phBmpOut))
#define IPicture_get_KeepOriginalFormat(This, pKeep) ((This)->lpVtbl->get_KeepOriginalFormat(This, pKeep))
#define IPicture_put_KeepOriginalFormat(This, keep) ((This)->lpVtbl->put_KeepOriginalFormat(This, keep))
#define IPicture_PictureChanged(This) ((This)->lpVtbl->PictureChanged(This))
#define IPicture_SaveAsFile(This, pStream, fSaveMemCopy, pCbSize) \
    ((This)->lpVtbl->SaveAsFile(This, pStream, fSaveMemCopy, pCbSize))
#define IPicture_get_Attributes(This, pDwAttr) ((This)->lpVtbl->get_Attributes(This, pDwAttr))
#endif
#endif
#endif
typedef IPicture *LPPICTURE;

OLEANDER_DATA(const IID, IID_IFontEventsDisp);
typedef struct IFontEventsDisp IFontEventsDisp;
#ifndef __IFontEventsDisp_INTERFACE_DEFINED__
#define __IFontEventsDisp_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("4EF6100A-AF88-11D0-9846-00C04FC29993")
IFontEventsDisp : public IDispatch {
};
__CRT_UUID_DECL(IFontEventsDisp, 0x4ef6100a, 0xaf88, 0x11d0, 0x98, 0x46, 0x00, 0xc0, 0x4f, 0xc2, 0x99, 0x93)
#else
typedef struct IFontEventsDispVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IFontEventsDisp *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IFontEventsDisp *This);
    ULONG (STDMETHODCALLTYPE *Release)(IFontEventsDisp *This);
    HRESULT (STDMETHODCALLTYPE *GetTypeInfoCount)(IFontEventsDisp *This, UINT *pctinfo);
    HRESULT (STDMETHODCALLTYPE *GetTypeInfo)(IFontEventsDisp *This, UINT iTInfo, LCID lcid, ITypeInfo **ppTInfo);
    HRESULT (STDMETHODCALLTYPE *GetIDsOfNames)(IFontEventsDisp *This, REFIID riid, LPOLESTR *rgszNames, UINT cNames,
        LCID lcid, DISPID *rgDispId);
    HRESULT (STDMETHODCALLTYPE *Invoke)(IFontEventsDisp *This, DISPID dispIdMember, REFIID riid, LCID lcid,
        WORD wFlags, DISPPARAMS *pDispParams, VARIANT *pVarResult, EXCEPINFO *pExcepInfo, UINT *puArgErr);
} IFontEventsDispVtbl;
struct IFontEventsDisp {
    CONST_VTBL IFontEventsDispVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IFontEventsDisp_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IFontEventsDisp_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IFontEventsDisp_Release(This) ((This)->lpVtbl->Release(This))
#define IFontEventsDisp_GetTypeInfoCount(This, pctinfo) ((This)->lpVtbl->GetTypeInfoCount(This, pctinfo))
#define IFontEventsDisp_GetTypeInfo(This, iTInfo, lcid, ppTInfo) \
    ((This)->lpVtbl->GetTypeInfo(This, iTInfo, lcid, ppTInfo))
#define IFontEventsDisp_GetIDsOfNames(This, riid, rgszNames, cNames, lcid, rgDispId) \
    ((This)->lpVtbl->GetIDsOfNames(This, riid, rgszNames, cNames, lcid, rgDispId))
#define IFontEventsDisp_Invoke(This, dispIdMember, riid, lcid, wFlags, pDispParams, pVarResult, pExcepInfo, puArgErr) \
    ((This)->lpVtbl->Invoke(This, dispIdMember, riid, lcid, wFlags, pDispParams, pVarResult, pExcepInfo, puArgErr))
#endif
#endif
#endif
typedef IFontEventsDisp *LPFONTEVENTS;

OLEANDER_DATA(const IID, IID_IFontDisp);
typedef struct IFontDisp IFontDisp;
#ifndef __IFontDisp_INTERFACE_DEFINED__
#define __IFontDisp_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("BEF6E003-A874-101A-8BBA-00AA00300CAB")
IFontDisp : public IDispatch {
};
__CRT_UUID_DECL(IFontDisp, 0xbef6e003, 0xa874, 0x101a, 0x8b, 0xba, 0x00, 0xaa, 0x00, 0x30, 0x0c, 0xab)
#else
typedef struct IFontDispVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IFontDisp *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IFontDisp *This);
    ULONG (STDMETHODCALLTYPE *Release)(IFontDisp *This);
    HRESULT (STDMETHODCALLTYPE *GetTypeInfoCount)(IFontDisp *This, UINT *pctinfo);
    HRESULT (STDMETHODCALLTYPE *GetTypeInfo)(IFontDisp *This, UINT iTInfo, LCID lcid, ITypeInfo **ppTInfo);
    HRESULT (STDMETHODCALLTYPE *GetIDsOfNames)(IFontDisp *This, REFIID riid, LPOLESTR *rgszNames, UINT cNames,
        LCID lcid, DISPID *rgDispId);
    HRESULT (STDMETHODCALLTYPE *Invoke)(IFontDisp *This, DISPID dispIdMember, REFIID riid, LCID lcid, WORD wFlags,
        DISPPARAMS *pDispParams, VARIANT *pVarResult, EXCEPINFO *pExcepInfo, UINT *puArgErr);
} IFontDispVtbl;
struct IFontDisp {
    CONST_VTBL IFontDispVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IFontDisp_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IFontDisp_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IFontDisp_Release(This) ((This)->lpVtbl->Release(This))
#define IFontDisp_GetTypeInfoCount(This, pctinfo) ((This)->lpVtbl->GetTypeInfoCount(This, pctinfo))
#define IFontDisp_GetTypeInfo(This, iTInfo, lcid, ppTInfo) ((This)->lpVtbl->GetTypeInfo(This, iTInfo, lcid, ppTInfo))
#define IFontDisp_GetIDsOfNames(This, riid, rgszNames, cNames, lcid, rgDispId) \
    ((This)->lpVtbl->GetIDsOfNames(This, riid, rgszNames, cNames, lcid, rgDispId))
#define IFontDisp_Invoke(This, dispIdMember, riid, lcid, wFlags, pDispParams, pVarResult, pExcepInfo, puArgErr) \
    ((This)->lpVtbl->Invoke(This, dispIdMember, riid, lcid, wFlags, pDispParams, pVarResult, pExcepInfo, puArgErr))
#endif
#endif
#endif
typedef IFontDisp *LPFONTDISP;

OLEANDER_DATA(const IID, IID_IPictureDisp);
typedef struct IPictureDisp IPictureDisp;
#ifndef __IPictureDisp_INTERFACE_DEFINED__
#define __IPictureDisp_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("7BF80981-BF32-101A-8BBB-00AA00300CAB")
IPictureDisp : public IDispatch {
};
__CRT_UUID_DECL(IPictureDisp, 0x7bf80981, 0xbf32, 0x101a, 0x8b, 0xbb, 0x00, 0xaa, 0x00, 0x30, 0x0c, 0xab)
#else
typedef struct IPictureDispVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IPictureDisp *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IPictureDisp *This);
    ULONG (STDMETHODCALLTYPE *Release)(IPictureDisp *This);
    HRESULT (STDMETHODCALLTYPE *GetTypeInfoCount)(IPictureDisp *This, UINT *pctinfo);
    HRESULT (STDMETHODCALLTYPE *GetTypeInfo)(IPictureDisp *This, UINT iTInfo, LCID lcid, ITypeInfo **ppTInfo);
    HRESULT (STDMETHODCALLTYPE *GetIDsOfNames)(IPictureDisp *This, REFIID riid, LPOLESTR *rgszNames, UINT cNames,
        LCID lcid, DISPID *rgDispId);
    HRESULT (STDMETHODCALLTYPE *Invoke)(IPictureDisp *This, DISPID dispIdMember, REFIID riid, LCID lcid, WORD wFlags,
        DISPPARAMS *pDispParams, VARIANT *pVarResult, EXCEPINFO *pExcepInfo, UINT *puArgErr);
} IPictureDispVtbl;
struct IPictureDisp {
    CONST_VTBL IPictureDispVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IPictureDisp_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IPictureDisp_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IPictureDisp_Release(This) ((This)->lpVtbl->Release(This))
#define IPictureDisp_GetTypeInfoCount(This, pctinfo) ((This)->lpVtbl->GetTypeInfoCount(This, pctinfo))
#define IPictureDisp_GetTypeInfo(This, iTInfo, lcid, ppTInfo) \
    ((This)->lpVtbl->GetTypeInfo(This, iTInfo, lcid, ppTInfo))
#define IPictureDisp_GetIDsOfNames(This, riid, rgszNames, cNames, lcid, rgDispId) \
    ((This)->lpVtbl->GetIDsOfNames(This, riid, rgszNames, cNames, lcid, rgDispId))
#define IPictureDisp_Invoke(This, dispIdMember, riid, lcid, wFlags, pDispParams, pVarResult, pExcepInfo, puArgErr) \
    ((This)->lpVtbl->Invoke(This, dispIdMember, riid, lcid, wFlags, pDispParams, pVarResult, pExcepInfo, puArgErr))
#endif
#endif
#endif
typedef IPictureDisp *LPPICTUREDISP;

#endif
