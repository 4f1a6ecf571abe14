/* OLE: windows, embedding, in-place activation, containers, drag and drop. Oleander has no user interface; these are the
 * interfaces that automation servers and their type libraries name.
 * Made by interfaces/generate.lua from oleidl.h.in; do not edit. */
#ifndef OLEANDER_OLEIDL_H
#define OLEANDER_OLEIDL_H

#include <objidl.h>

typedef struct IOleClientSite IOleClientSite;
typedef struct IOleInPlaceUIWindow IOleInPlaceUIWindow;
typedef struct IOleInPlaceActiveObject IOleInPlaceActiveObject;
typedef struct IOleInPlaceFrame IOleInPlaceFrame;
typedef struct IOleContainer IOleContainer;
typedef struct IEnumOLEVERB IEnumOLEVERB;

typedef struct tagMSG {
    HWND hwnd;
    UINT message;
    UINT_PTR wParam;
    LONG_PTR lParam;
    DWORD time;
    POINT pt;
} MSG, *PMSG, *LPMSG;

typedef struct tagLOGPALETTE {
    WORD palVersion;
    WORD palNumEntries;
    DWORD palPalEntry[1];
} LOGPALETTE, *LPLOGPALETTE;

typedef RECT BORDERWIDTHS;
typedef LPRECT LPBORDERWIDTHS;
typedef LPCRECT LPCBORDERWIDTHS;
typedef HANDLE HOLEMENU;

typedef struct tagOIFI {
    UINT cb;
    BOOL fMDIApp;
    HWND hwndFrame;
    HACCEL haccel;
    UINT cAccelEntries;
} OLEINPLACEFRAMEINFO, *LPOLEINPLACEFRAMEINFO;

typedef struct tagOleMenuGroupWidths {
    LONG width[6];
} OLEMENUGROUPWIDTHS, *LPOLEMENUGROUPWIDTHS;

typedef struct tagOLEVERB {
    LONG lVerb;
    LPOLESTR lpszVerbName;
    DWORD fuFlags;
    DWORD grfAttribs;
} OLEVERB, *LPOLEVERB;

typedef struct tagOBJECTDESCRIPTOR {
    ULONG cbSize;
    CLSID clsid;
    DWORD dwDrawAspect;
    SIZEL sizel;
    POINTL pointl;
    DWORD dwStatus;
    DWORD dwFullUserTypeName;
    DWORD dwSrcOfCopy;
} OBJECTDESCRIPTOR, *LPOBJECTDESCRIPTOR;

typedef enum tagOLEGETMONIKER {
    OLEGETMONIKER_ONLYIFTHERE = 1,
    OLEGETMONIKER_FORCEASSIGN = 2,
    OLEGETMONIKER_UNASSIGN = 3,
    OLEGETMONIKER_TEMPFORUSER = 4
} OLEGETMONIKER;
typedef enum tagOLEWHICHMK {
    OLEWHICHMK_CONTAINER = 1,
    OLEWHICHMK_OBJREL = 2,
    OLEWHICHMK_OBJFULL = 3
} OLEWHICHMK;
typedef enum tagUSERCLASSTYPE {
    USERCLASSTYPE_FULL = 1,
    USERCLASSTYPE_SHORT = 2,
    USERCLASSTYPE_APPNAME = 3
} USERCLASSTYPE;
typedef enum tagOLEMISC {
    OLEMISC_RECOMPOSEONRESIZE = 0x1,
    OLEMISC_ONLYICONIC = 0x2,
    OLEMISC_INSERTNOTREPLACE = 0x4,
    OLEMISC_STATIC = 0x8,
    OLEMISC_CANTLINKINSIDE = 0x10,
    OLEMISC_CANLINKBYOLE1 = 0x20,
    OLEMISC_ISLINKOBJECT = 0x40,
    OLEMISC_INSIDEOUT = 0x80,
    OLEMISC_ACTIVATEWHENVISIBLE = 0x100,
    OLEMISC_RENDERINGISDEVICEINDEPENDENT = 0x200,
    OLEMISC_INVISIBLEATRUNTIME = 0x400,
    OLEMISC_ALWAYSRUN = 0x800,
    OLEMISC_ACTSLIKEBUTTON = 0x1000,
    OLEMISC_ACTSLIKELABEL = 0x2000,
    OLEMISC_NOUIACTIVATE = 0x4000,
    OLEMISC_ALIGNABLE = 0x8000,
    OLEMISC_SIMPLEFRAME = 0x10000,
    OLEMISC_SETCLIENTSITEFIRST = 0x20000,
    OLEMISC_IMEMODE = 0x40000,
    OLEMISC_IGNOREACTIVATEWHENVISIBLE = 0x80000,
    OLEMISC_WANTSTOMENUMERGE = 0x100000,
    OLEMISC_SUPPORTSMULTILEVELUNDO = 0x200000
} OLEMISC;
typedef enum tagOLECLOSE { OLECLOSE_SAVEIFDIRTY = 0, OLECLOSE_NOSAVE = 1, OLECLOSE_PROMPTSAVE = 2 } OLECLOSE;
typedef enum tagOLERENDER { OLERENDER_NONE = 0, OLERENDER_DRAW = 1, OLERENDER_FORMAT = 2, OLERENDER_ASIS = 3 } OLERENDER;
typedef enum tagOLEUPDATE { OLEUPDATE_ALWAYS = 1, OLEUPDATE_ONCALL = 3 } OLEUPDATE;
typedef enum tagOLELINKBIND { OLELINKBIND_EVENIFCLASSDIFF = 1 } OLELINKBIND;
typedef enum tagBINDSPEED {
    BINDSPEED_INDEFINITE = 1,
    BINDSPEED_MODERATE = 2,
    BINDSPEED_IMMEDIATE = 3
} BINDSPEED;
typedef enum tagOLECONTF {
    OLECONTF_EMBEDDINGS = 1,
    OLECONTF_LINKS = 2,
    OLECONTF_OTHERS = 4,
    OLECONTF_ONLYUSER = 8,
    OLECONTF_ONLYIFRUNNING = 16
} OLECONTF;
typedef enum tagOLEVERBATTRIB { OLEVERBATTRIB_NEVERDIRTIES = 1, OLEVERBATTRIB_ONCONTAINERMENU = 2 } OLEVERBATTRIB;

#define OLEIVERB_PRIMARY (0)
#define OLEIVERB_SHOW (-1)
#define OLEIVERB_OPEN (-2)
#define OLEIVERB_HIDE (-3)
#define OLEIVERB_UIACTIVATE (-4)
#define OLEIVERB_INPLACEACTIVATE (-5)
#define OLEIVERB_DISCARDUNDOSTATE (-6)

#define EMBDHLP_INPROC_HANDLER 0x0000
#define EMBDHLP_INPROC_SERVER 0x0001
#define EMBDHLP_CREATENOW 0x00000000
#define EMBDHLP_DELAYCREATE 0x00010000

OLEANDER_DATA(const IID, IID_IOleAdviseHolder);
typedef struct IOleAdviseHolder IOleAdviseHolder;
#ifndef __IOleAdviseHolder_INTERFACE_DEFINED__
#define __IOleAdviseHolder_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("00000111-0000-0000-C000-000000000046")
IOleAdviseHolder : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE Advise(IAdviseSink *pAdvise, DWORD *pdwConnection) = 0;
    virtual HRESULT STDMETHODCALLTYPE Unadvise(DWORD dwConnection) = 0;
    virtual HRESULT STDMETHODCALLTYPE EnumAdvise(IEnumSTATDATA **ppenumAdvise) = 0;
    virtual HRESULT STDMETHODCALLTYPE SendOnRename(IMoniker *pmk) = 0;
    virtual HRESULT STDMETHODCALLTYPE SendOnSave() = 0;
    virtual HRESULT STDMETHODCALLTYPE SendOnClose() = 0;
};
__CRT_UUID_DECL(IOleAdviseHolder, 0x00000111, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IOleAdviseHolderVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IOleAdviseHolder *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IOleAdviseHolder *This);
    ULONG (STDMETHODCALLTYPE *Release)(IOleAdviseHolder *This);
    HRESULT (STDMETHODCALLTYPE *Advise)(IOleAdviseHolder *This, IAdviseSink *pAdvise, DWORD *pdwConnection);
    HRESULT (STDMETHODCALLTYPE *Unadvise)(IOleAdviseHolder *This, DWORD dwConnection);
    HRESULT (STDMETHODCALLTYPE *EnumAdvise)(IOleAdviseHolder *This, IEnumSTATDATA **ppenumAdvise);
    HRESULT (STDMETHODCALLTYPE *SendOnRename)(IOleAdviseHolder *This, IMoniker *pmk);
    HRESULT (STDMETHODCALLTYPE *SendOnSave)(IOleAdviseHolder *This);
    HRESULT (STDMETHODCALLTYPE *SendOnClose)(IOleAdviseHolder *This);
} IOleAdviseHolderVtbl;
struct IOleAdviseHolder {
    CONST_VTBL IOleAdviseHolderVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IOleAdviseHolder_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IOleAdviseHolder_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IOleAdviseHolder_Release(This) ((This)->lpVtbl->Release(This))
#define IOleAdviseHolder_Advise(This, pAdvise, pdwConnection) ((This)->lpVtbl->Advise(This, pAdvise, pdwConnection))
#define IOleAdviseHolder_Unadvise(This, dwConnection) ((This)->lpVtbl->Unadvise(This, dwConnection))
#define IOleAdviseHolder_EnumAdvise(This, ppenumAdvise) ((This)->lpVtbl->EnumAdvise(This, ppenumAdvise))
#define IOleAdviseHolder_SendOnRename(This, pmk) ((This)->lpVtbl->SendOnRename(This, pmk))
#define IOleAdviseHolder_SendOnSave(This) ((This)->lpVtbl->SendOnSave(This))
#define IOleAdviseHolder_SendOnClose(This) ((This)->lpVtbl->SendOnClose(This))
#endif
#endif
#endif
typedef IOleAdviseHolder *LPOLEADVISEHOLDER;

OLEANDER_DATA(const IID, IID_IOleCache);
typedef struct IOleCache IOleCache;
#ifndef __IOleCache_INTERFACE_DEFINED__
#define __IOleCache_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("0000011E-0000-0000-C000-000000000046")
IOleCache : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE Cache(FORMATETC *pformatetc, DWORD advf, DWORD *pdwConnection) = 0;
    virtual HRESULT STDMETHODCALLTYPE Uncache(DWORD dwConnection) = 0;
    virtual HRESULT STDMETHODCALLTYPE EnumCache(IEnumSTATDATA **ppenumSTATDATA) = 0;
    virtual HRESULT STDMETHODCALLTYPE InitCache(IDataObject *pDataObject) = 0;
    virtual HRESULT STDMETHODCALLTYPE SetData(FORMATETC *pformatetc, STGMEDIUM *pmedium, BOOL fRelease) = 0;
};
__CRT_UUID_DECL(IOleCache, 0x0000011e, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IOleCacheVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IOleCache *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IOleCache *This);
    ULONG (STDMETHODCALLTYPE *Release)(IOleCache *This);
    HRESULT (STDMETHODCALLTYPE *Cache)(IOleCache *This, FORMATETC *pformatetc, DWORD advf, DWORD *pdwConnection);
    HRESULT (STDMETHODCALLTYPE *Uncache)(IOleCache *This, DWORD dwConnection);
    HRESULT (STDMETHODCALLTYPE *EnumCache)(IOleCache *This, IEnumSTATDATA **ppenumSTATDATA);
    HRESULT (STDMETHODCALLTYPE *InitCache)(IOleCache *This, IDataObject *pDataObject);
    HRESULT (STDMETHODCALLTYPE *SetData)(IOleCache *This, FORMATETC *pformatetc, STGMEDIUM *pmedium, BOOL fRelease);
} IOleCacheVtbl;
struct IOleCache {
    CONST_VTBL IOleCacheVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IOleCache_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IOleCache_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IOleCache_Release(This) ((This)->lpVtbl->Release(This))
#define IOleCache_Cache(This, pformatetc, advf, pdwConnection) \
    ((This)->lpVtbl->Cache(This, pformatetc, advf, pdwConnection))
#define IOleCache_Uncache(This, dwConnection) ((This)->lpVtbl->Uncache(This, dwConnection))
#define IOleCache_EnumCache(This, ppenumSTATDATA) ((This)->lpVtbl->EnumCache(This, ppenumSTATDATA))
#define IOleCache_InitCache(This, pDataObject) ((This)->lpVtbl->InitCache(This, pDataObject))
#define IOleCache_SetData(This, pformatetc, pmedium, fRelease) \
    ((This)->lpVtbl->SetData(This, pformatetc, pmedium, fRelease))
#endif
#endif
#endif
typedef IOleCache *LPOLECACHE;

typedef enum tagDISCARDCACHE { DISCARDCACHE_SAVEIFDIRTY = 0, DISCARDCACHE_NOSAVE = 1 } DISCARDCACHE;

OLEANDER_DATA(const IID, IID_IOleCache2);
typedef struct IOleCache2 IOleCache2;
#ifndef __IOleCache2_INTERFACE_DEFINED__
#define __IOleCache2_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("00000128-0000-0000-C000-000000000046")
IOleCache2 : public IOleCache {
    virtual HRESULT STDMETHODCALLTYPE UpdateCache(IDataObject *pDataObject, DWORD grfUpdf, void *pReserved) = 0;
    virtual HRESULT STDMETHODCALLTYPE DiscardCache(DWORD dwDiscardOptions) = 0;
};
__CRT_UUID_DECL(IOleCache2, 0x00000128, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IOleCache2Vtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IOleCache2 *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IOleCache2 *This);
    ULONG (STDMETHODCALLTYPE *Release)(IOleCache2 *This);
    HRESULT (STDMETHODCALLTYPE *Cache)(IOleCache2 *This, FORMATETC *pformatetc, DWORD advf, DWORD *pdwConnection);
    HRESULT (STDMETHODCALLTYPE *Uncache)(IOleCache2 *This, DWORD dwConnection);
    HRESULT (STDMETHODCALLTYPE *EnumCache)(IOleCache2 *This, IEnumSTATDATA **ppenumSTATDATA);
    HRESULT (STDMETHODCALLTYPE *InitCache)(IOleCache2 *This, IDataObject *pDataObject);
    HRESULT (STDMETHODCALLTYPE *SetData)(IOleCache2 *This, FORMATETC *pformatetc, STGMEDIUM *pmedium, BOOL fRelease);
    HRESULT (STDMETHODCALLTYPE *UpdateCache)(IOleCache2 *This, IDataObject *pDataObject, DWORD grfUpdf,
        void *pReserved);
    HRESULT (STDMETHODCALLTYPE *DiscardCache)(IOleCache2 *This, DWORD dwDiscardOptions);
} IOleCache2Vtbl;
struct IOleCache2 {
    CONST_VTBL IOleCache2Vtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IOleCache2_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IOleCache2_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IOleCache2_Release(This) ((This)->lpVtbl->Release(This))
#define IOleCache2_Cache(This, pformatetc, advf, pdwConnection) \
    ((This)->lpVtbl->Cache(This, pformatetc, advf, pdwConnection))
#define IOleCache2_Uncache(This, dwConnection) ((This)->lpVtbl->Uncache(This, dwConnection))
#define IOleCache2_EnumCache(This, ppenumSTATDATA) ((This)->lpVtbl->EnumCache(This, ppenumSTATDATA))
#define IOleCache2_InitCache(This, pDataObject) ((This)->lpVtbl->InitCache(This, pDataObject))
#define IOleCache2_SetData(This, pformatetc, pmedium, fRelease) \
    ((This)->lpVtbl->SetData(This, pformatetc, pmedium, fRelease))
#define IOleCache2_UpdateCache(This, pDataObject, grfUpdf, pReserved) \
    ((This)->lpVtbl->UpdateCache(This, pDataObject, grfUpdf, pReserved))
#define IOleCache2_DiscardCache(This, dwDiscardOptions) ((This)->lpVtbl->DiscardCache(This, dwDiscardOptions))
#endif
#endif
#endif
typedef IOleCache2 *LPOLECACHE2;

OLEANDER_DATA(const IID, IID_IOleCacheControl);
typedef struct IOleCacheControl IOleCacheControl;
#ifndef __IOleCacheControl_INTERFACE_DEFINED__
#define __IOleCacheControl_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("00000129-0000-0000-C000-000000000046")
IOleCacheControl : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE OnRun(IDataObject *pDataObject) = 0;
    virtual HRESULT STDMETHODCALLTYPE OnStop() = 0;
};
__CRT_UUID_DECL(IOleCacheControl, 0x00000129, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IOleCacheControlVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IOleCacheControl *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IOleCacheControl *This);
    ULONG (STDMETHODCALLTYPE *Release)(IOleCacheControl *This);
    HRESULT (STDMETHODCALLTYPE *OnRun)(IOleCacheControl *This, IDataObject *pDataObject);
    HRESULT (STDMETHODCALLTYPE *OnStop)(IOleCacheControl *This);
} IOleCacheControlVtbl;
struct IOleCacheControl {
    CONST_VTBL IOleCacheControlVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IOleCacheControl_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IOleCacheControl_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IOleCacheControl_Release(This) ((This)->lpVtbl->Release(This))
#define IOleCacheControl_OnRun(This, pDataObject) ((This)->lpVtbl->OnRun(This, pDataObject))
#define IOleCacheControl_OnStop(This) ((This)->lpVtbl->OnStop(This))
#endif
#endif
#endif
typedef IOleCacheControl *LPOLECACHECONTROL;

OLEANDER_DATA(const IID, IID_IParseDisplayName);
typedef struct IParseDisplayName IParseDisplayName;
#ifndef __IParseDisplayName_INTERFACE_DEFINED__
#define __IParseDisplayName_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("0000011A-0000-0000-C000-000000000046")
IParseDisplayName : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE ParseDisplayName(IBindCtx *pbc, LPOLESTR pszDisplayName, ULONG *pchEaten,
        IMoniker **ppmkOut) = 0;
};
__CRT_UUID_DECL(IParseDisplayName, 0x0000011a, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IParseDisplayNameVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IParseDisplayName *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IParseDisplayName *This);
    ULONG (STDMETHODCALLTYPE *Release)(IParseDisplayName *This);
    HRESULT (STDMETHODCALLTYPE *ParseDisplayName)(IParseDisplayName *This, IBindCtx *pbc, LPOLESTR pszDisplayName,
        ULONG *pchEaten, IMoniker **ppmkOut);
} IParseDisplayNameVtbl;
struct IParseDisplayName {
    CONST_VTBL IParseDisplayNameVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IParseDisplayName_QueryInterface(This, riid, ppvObject) \
    ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IParseDisplayName_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IParseDisplayName_Release(This) ((This)->lpVtbl->Release(This))
#define IParseDisplayName_ParseDisplayName(This, pbc, pszDisplayName, pchEaten, ppmkOut) \
    ((This)->lpVtbl->ParseDisplayName(This, pbc, pszDisplayName, pchEaten, ppmkOut))
#endif
#endif
#endif
typedef IParseDisplayName *LPPARSEDISPLAYNAME;

OLEANDER_DATA(const IID, IID_IOleContainer);
typedef struct IOleContainer IOleContainer;
#ifndef __IOleContainer_INTERFACE_DEFINED__
#define __IOleContainer_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("0000011B-0000-0000-C000-000000000046")
IOleContainer : public IParseDisplayName {
    virtual HRESULT STDMETHODCALLTYPE EnumObjects(DWORD grfFlags, IEnumUnknown **ppenum) = 0;
    virtual HRESULT STDMETHODCALLTYPE LockContainer(BOOL fLock) = 0;
};
__CRT_UUID_DECL(IOleContainer, 0x0000011b, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IOleContainerVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IOleContainer *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IOleContainer *This);
    ULONG (STDMETHODCALLTYPE *Release)(IOleContainer *This);
    HRESULT (STDMETHODCALLTYPE *ParseDisplayName)(IOleContainer *This, IBindCtx *pbc, LPOLESTR pszDisplayName,
        ULONG *pchEaten, IMoniker **ppmkOut);
    HRESULT (STDMETHODCALLTYPE *EnumObjects)(IOleContainer *This, DWORD grfFlags, IEnumUnknown **ppenum);
    HRESULT (STDMETHODCALLTYPE *LockContainer)(IOleContainer *This, BOOL fLock);
} IOleContainerVtbl;
struct IOleContainer {
    CONST_VTBL IOleContainerVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IOleContainer_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IOleContainer_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IOleContainer_Release(This) ((This)->lpVtbl->Release(This))
#define IOleContainer_ParseDisplayName(This, pbc, pszDisplayName, pchEaten, ppmkOut) \
    ((This)->lpVtbl->ParseDisplayName(This, pbc, pszDisplayName, pchEaten, ppmkOut))
#define IOleContainer_EnumObjects(This, grfFlags, ppenum) ((This)->lpVtbl->EnumObjects(This, grfFlags, ppenum))
#define IOleContainer_LockContainer(This, fLock) ((This)->lpVtbl->LockContainer(This, fLock))
#endif
#endif
#endif
typedef IOleContainer *LPOLECONTAINER;

OLEANDER_DATA(const IID, IID_IOleClientSite);
typedef struct IOleClientSite IOleClientSite;
#ifndef __IOleClientSite_INTERFACE_DEFINED__
#define __IOleClientSite_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("00000118-0000-0000-C000-000000000046")
IOleClientSite : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE SaveObject() = 0;
    virtual HRESULT STDMETHODCALLTYPE GetMoniker(DWORD dwAssign, DWORD dwWhichMoniker, IMoniker **ppmk) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetContainer(IOleContainer **ppContainer) = 0;
    virtual HRESULT STDMETHODCALLTYPE ShowObject() = 0;
    virtual HRESULT STDMETHODCALLTYPE OnShowWindow(BOOL fShow) = 0;
    virtual HRESULT STDMETHODCALLTYPE RequestNewObjectLayout() = 0;
};
__CRT_UUID_DECL(IOleClientSite, 0x00000118, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IOleClientSiteVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IOleClientSite *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IOleClientSite *This);
    ULONG (STDMETHODCALLTYPE *Release)(IOleClientSite *This);
    HRESULT (STDMETHODCALLTYPE *SaveObject)(IOleClientSite *This);
    HRESULT (STDMETHODCALLTYPE *GetMoniker)(IOleClientSite *This, DWORD dwAssign, DWORD dwWhichMoniker,
        IMoniker **ppmk);
    HRESULT (STDMETHODCALLTYPE *GetContainer)(IOleClientSite *This, IOleContainer **ppContainer);
    HRESULT (STDMETHODCALLTYPE *ShowObject)(IOleClientSite *This);
    HRESULT (STDMETHODCALLTYPE *OnShowWindow)(IOleClientSite *This, BOOL fShow);
    HRESULT (STDMETHODCALLTYPE *RequestNewObjectLayout)(IOleClientSite *This);
} IOleClientSiteVtbl;
struct IOleClientSite {
    CONST_VTBL IOleClientSiteVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IOleClientSite_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IOleClientSite_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IOleClientSite_Release(This) ((This)->lpVtbl->Release(This))
#define IOleClientSite_SaveObject(This) ((This)->lpVtbl->SaveObject(This))
#define IOleClientSite_GetMoniker(This, dwAssign, dwWhichMoniker, ppmk) \
    ((This)->lpVtbl->GetMoniker(This, dwAssign, dwWhichMoniker, ppmk))
#define IOleClientSite_GetContainer(This, ppContainer) ((This)->lpVtbl->GetContainer(This, ppContainer))
#define IOleClientSite_ShowObject(This) ((This)->lpVtbl->ShowObject(This))
#define IOleClientSite_OnShowWindow(This, fShow) ((This)->lpVtbl->OnShowWindow(This, fShow))
#define IOleClientSite_RequestNewObjectLayout(This) ((This)->lpVtbl->RequestNewObjectLayout(This))
#endif
#endif
#endif
typedef IOleClientSite *LPOLECLIENTSITE;

OLEANDER_DATA(const IID, IID_IOleObject);
typedef struct IOleObject IOleObject;
#ifndef __IOleObject_INTERFACE_DEFINED__
#define __IOleObject_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("00000112-0000-0000-C000-000000000046")
IOleObject : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE SetClientSite(IOleClientSite *pClientSite) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetClientSite(IOleClientSite **ppClientSite) = 0;
    virtual HRESULT STDMETHODCALLTYPE SetHostNames(LPCOLESTR szContainerApp, LPCOLESTR szContainerObj) = 0;
    virtual HRESULT STDMETHODCALLTYPE Close(DWORD dwSaveOption) = 0;
    virtual HRESULT STDMETHODCALLTYPE SetMoniker(DWORD dwWhichMoniker, IMoniker *pmk) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetMoniker(DWORD dwAssign, DWORD dwWhichMoniker, IMoniker **ppmk) = 0;
    virtual HRESULT STDMETHODCALLTYPE InitFromData(IDataObject *pDataObject, BOOL fCreation, DWORD dwReserved) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetClipboardData(DWORD dwReserved, IDataObject **ppDataObject) = 0;
    virtual HRESULT STDMETHODCALLTYPE DoVerb(LONG iVerb, LPMSG lpmsg, IOleClientSite *pActiveSite, LONG lindex,
        HWND hwndParent, LPCRECT lprcPosRect) = 0;
    virtual HRESULT STDMETHODCALLTYPE EnumVerbs(IEnumOLEVERB **ppEnumOleVerb) = 0;
    virtual HRESULT STDMETHODCALLTYPE Update() = 0;
    virtual HRESULT STDMETHODCALLTYPE IsUpToDate() = 0;
    virtual HRESULT STDMETHODCALLTYPE GetUserClassID(CLSID *pClsid) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetUserType(DWORD dwFormOfType, LPOLESTR *pszUserType) = 0;
    virtual HRESULT STDMETHODCALLTYPE SetExtent(DWORD dwDrawAspect, SIZEL *psizel) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetExtent(DWORD dwDrawAspect, SIZEL *psizel) = 0;
    virtual HRESULT STDMETHODCALLTYPE Advise(IAdviseSink *pAdvSink, DWORD *pdwConnection) = 0;
    virtual HRESULT STDMETHODCALLTYPE Unadvise(DWORD dwConnection) = 0;
    virtual HRESULT STDMETHODCALLTYPE EnumAdvise(IEnumSTATDATA **ppenumAdvise) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetMiscStatus(DWORD dwAspect, DWORD *pdwStatus) = 0;
    virtual HRESULT STDMETHODCALLTYPE SetColorScheme(LOGPALETTE *pLogpal) = 0;
};
__CRT_UUID_DECL(IOleObject, 0x00000112, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IOleObjectVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IOleObject *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IOleObject *This);
    ULONG (STDMETHODCALLTYPE *Release)(IOleObject *This);
    HRESULT (STDMETHODCALLTYPE *SetClientSite)(IOleObject *This, IOleClientSite *pClientSite);
    HRESULT (STDMETHODCALLTYPE *GetClientSite)(IOleObject *This, IOleClientSite **ppClientSite);
    HRESULT (STDMETHODCALLTYPE *SetHostNames)(IOleObject *This, LPCOLESTR szContainerApp, LPCOLESTR szContainerObj);
    HRESULT (STDMETHODCALLTYPE *Close)(IOleObject *This, DWORD dwSaveOption);
    HRESULT (STDMETHODCALLTYPE *SetMoniker)(IOleObject *This, DWORD dwWhichMoniker, IMoniker *pmk);
    HRESULT (STDMETHODCALLTYPE *GetMoniker)(IOleObject *This, DWORD dwAssign, DWORD dwWhichMoniker, IMoniker **ppmk);
    HRESULT (STDMETHODCALLTYPE *InitFromData)(IOleObject *This, IDataObject *pDataObject, BOOL fCreation,
        DWORD dwReserved);
    HRESULT (STDMETHODCALLTYPE *GetClipboardData)(IOleObject *This, DWORD dwReserved, IDataObject **ppDataObject);
    HRESULT (STDMETHODCALLTYPE *DoVerb)(IOleObject *This, LONG iVerb, LPMSG lpmsg, IOleClientSite *pActiveSite,
        LONG lindex, HWND hwndParent, LPCRECT lprcPosRect);
    HRESULT (STDMETHODCALLTYPE *EnumVerbs)(IOleObject *This, IEnumOLEVERB **ppEnumOleVerb);
    HRESULT (STDMETHODCALLTYPE *Update)(IOleObject *This);
    HRESULT (STDMETHODCALLTYPE *IsUpToDate)(IOleObject *This);
    HRESULT (STDMETHODCALLTYPE *GetUserClassID)(IOleObject *This, CLSID *pClsid);
    HRESULT (STDMETHODCALLTYPE *GetUserType)(IOleObject *This, DWORD dwFormOfType, LPOLESTR *pszUserType);
    HRESULT (STDMETHODCALLTYPE *SetExtent)(IOleObject *This, DWORD dwDrawAspect, SIZEL *psizel);
    HRESULT (STDMETHODCALLTYPE *GetExtent)(IOleObject *This, DWORD dwDrawAspect, SIZEL *psizel);
    HRESULT (STDMETHODCALLTYPE *Advise)(IOleObject *This, IAdviseSink *pAdvSink, DWORD *pdwConnection);
    HRESULT (STDMETHODCALLTYPE *Unadvise)(IOleObject *This, DWORD dwConnection);
    HRESULT (STDMETHODCALLTYPE *EnumAdvise)(IOleObject *This, IEnumSTATDATA **ppenumAdvise);
    HRESULT (STDMETHODCALLTYPE *GetMiscStatus)(IOleObject *This, DWORD dwAspect, DWORD *pdwStatus);
    HRESULT (STDMETHODCALLTYPE *SetColorScheme)(IOleObject *This, LOGPALETTE *pLogpal);
} IOleObjectVtbl;
struct IOleObject {
    CONST_VTBL IOleObjectVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IOleObject_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IOleObject_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IOleObject_Release(This) ((This)->lpVtbl->Release(This))
#define IOleObject_SetClientSite(This, pClientSite) ((This)->lpVtbl->SetClientSite(This, pClientSite))
#define IOleObject_GetClientSite(This, ppClientSite) ((This)->lpVtbl->GetClientSite(This, ppClientSite))
#define IOleObject_SetHostNames(This, szContainerApp, szContainerObj) \
    ((This)->lpVtbl->SetHostNames(This, szContainerApp, szContainerObj))
#define IOleObject_Close(This, dwSaveOption) ((This)->lpVtbl->Close(This, dwSaveOption))
#define IOleObject_SetMoniker(This, dwWhichMoniker, pmk) ((This)->lpVtbl->SetMoniker(This, dwWhichMoniker, pmk))
#define IOleObject_GetMoniker(This, dwAssign, dwWhichMoniker, ppmk) \
    ((This)->lpVtbl->GetMoniker(This, dwAssign, dwWhichMoniker, ppmk))
#define IOleObject_InitFromData(This, pDataObject, fCreation, dwReserved) \
    ((This)->lpVtbl->InitFromData(This, pDataObject, fCreation, dwReserved))
#define IOleObject_GetClipboardData(This, dwReserved, ppDataObject) \
    ((This)->lpVtbl->GetClipboardData(This, dwReserved, ppDataObject))
#define IOleObject_DoVerb(This, iVerb, lpmsg, pActiveSite, lindex, hwndParent, lprcPosRect) \
    ((This)->lpVtbl->DoVerb(This, iVerb, lpmsg, pActiveSite, lindex, hwndParent, lprcPosRect))
#define IOleObject_EnumVerbs(This, ppEnumOleVerb) ((This)->lpVtbl->EnumVerbs(This, ppEnumOleVerb))
#define IOleObject_Update(This) ((This)->lpVtbl->Update(This))
#define IOleObject_IsUpToDate(This) ((This)->lpVtbl->IsUpToDate(This))
#define IOleObject_GetUserClassID(This, pClsid) ((This)->lpVtbl->GetUserClassID(This, pClsid))
#define IOleObject_GetUserType(This, dwFormOfType, pszUserType) \
    ((This)->lpVtbl->GetUserType(This, dwFormOfType, pszUserType))
#define IOleObject_SetExtent(This, dwDrawAspect, psizel) ((This)->lpVtbl->SetExtent(This, dwDrawAspect, psizel))
#define IOleObject_GetExtent(This, dwDrawAspect, psizel) ((This)->lpVtbl->GetExtent(This, dwDrawAspect, psizel))
#define IOleObject_Advise(This, pAdvSink, pdwConnection) ((This)->lpVtbl->Advise(This, pAdvSink, pdwConnection))
#define IOleObject_Unadvise(This, dwConnection) ((This)->lpVtbl->Unadvise(This, dwConnection))
#define IOleObject_EnumAdvise(This, ppenumAdvise) ((This)->lpVtbl->EnumAdvise(This, ppenumAdvise))
#define IOleObject_GetMiscStatus(This, dwAspect, pdwStatus) ((This)->lpVtbl->GetMiscStatus(This, dwAspect, pdwStatus))
#define IOleObject_SetColorScheme(This, pLogpal) ((This)->lpVtbl->SetColorScheme(This, pLogpal))
#endif
#endif
#endif
typedef IOleObject *LPOLEOBJECT;

OLEANDER_DATA(const IID, IID_IOleWindow);
typedef struct IOleWindow IOleWindow;
#ifndef __IOleWindow_INTERFACE_DEFINED__
#define __IOleWindow_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("00000114-0000-0000-C000-000000000046")
IOleWindow : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE GetWindow(HWND *phwnd) = 0;
    virtual HRESULT STDMETHODCALLTYPE ContextSensitiveHelp(BOOL fEnterMode) = 0;
};
__CRT_UUID_DECL(IOleWindow, 0x00000114, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IOleWindowVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IOleWindow *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IOleWindow *This);
    ULONG (STDMETHODCALLTYPE *Release)(IOleWindow *This);
    HRESULT (STDMETHODCALLTYPE *GetWindow)(IOleWindow *This, HWND *phwnd);
    HRESULT (STDMETHODCALLTYPE *ContextSensitiveHelp)(IOleWindow *This, BOOL fEnterMode);
} IOleWindowVtbl;
struct IOleWindow {
    CONST_VTBL IOleWindowVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IOleWindow_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IOleWindow_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IOleWindow_Release(This) ((This)->lpVtbl->Release(This))
#define IOleWindow_GetWindow(This, phwnd) ((This)->lpVtbl->GetWindow(This, phwnd))
#define IOleWindow_ContextSensitiveHelp(This, fEnterMode) ((This)->lpVtbl->ContextSensitiveHelp(This, fEnterMode))
#endif
#endif
#endif
typedef IOleWindow *LPOLEWINDOW;

OLEANDER_DATA(const IID, IID_IOleLink);
typedef struct IOleLink IOleLink;
#ifndef __IOleLink_INTERFACE_DEFINED__
#define __IOleLink_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("0000011D-0000-0000-C000-000000000046")
IOleLink : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE SetUpdateOptions(DWORD dwUpdateOpt) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetUpdateOptions(DWORD *pdwUpdateOpt) = 0;
    virtual HRESULT STDMETHODCALLTYPE SetSourceMoniker(IMoniker *pmk, REFCLSID rclsid) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetSourceMoniker(IMoniker **ppmk) = 0;
    virtual HRESULT STDMETHODCALLTYPE SetSourceDisplayName(LPCOLESTR pszStatusText) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetSourceDisplayName(LPOLESTR *ppszDisplayName) = 0;
    virtual HRESULT STDMETHODCALLTYPE BindToSource(DWORD bindflags, IBindCtx *pbc) = 0;
    virtual HRESULT STDMETHODCALLTYPE BindIfRunning() = 0;
    virtual HRESULT STDMETHODCALLTYPE GetBoundSource(IUnknown **ppunk) = 0;
    virtual HRESULT STDMETHODCALLTYPE UnbindSource() = 0;
    virtual HRESULT STDMETHODCALLTYPE Update(IBindCtx *pbc) = 0;
};
__CRT_UUID_DECL(IOleLink, 0x0000011d, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IOleLinkVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IOleLink *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IOleLink *This);
    ULONG (STDMETHODCALLTYPE *Release)(IOleLink *This);
    HRESULT (STDMETHODCALLTYPE *SetUpdateOptions)(IOleLink *This, DWORD dwUpdateOpt);
    HRESULT (STDMETHODCALLTYPE *GetUpdateOptions)(IOleLink *This, DWORD *pdwUpdateOpt);
    HRESULT (STDMETHODCALLTYPE *SetSourceMoniker)(IOleLink *This, IMoniker *pmk, REFCLSID rclsid);
    HRESULT (STDMETHODCALLTYPE *GetSourceMoniker)(IOleLink *This, IMoniker **ppmk);
    HRESULT (STDMETHODCALLTYPE *SetSourceDisplayName)(IOleLink *This, LPCOLESTR pszStatusText);
    HRESULT (STDMETHODCALLTYPE *GetSourceDisplayName)(IOleLink *This, LPOLESTR *ppszDisplayName);
    HRESULT (STDMETHODCALLTYPE *BindToSource)(IOleLink *This, DWORD bindflags, IBindCtx *pbc);
    HRESULT (STDMETHODCALLTYPE *BindIfRunning)(IOleLink *This);
    HRESULT (STDMETHODCALLTYPE *GetBoundSource)(IOleLink *This, IUnknown **ppunk);
    HRESULT (STDMETHODCALLTYPE *UnbindSource)(IOleLink *This);
    HRESULT (STDMETHODCALLTYPE *Update)(IOleLink *This, IBindCtx *pbc);
} IOleLinkVtbl;
struct IOleLink {
    CONST_VTBL IOleLinkVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IOleLink_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IOleLink_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IOleLink_Release(This) ((This)->lpVtbl->Release(This))
#define IOleLink_SetUpdateOptions(This, dwUpdateOpt) ((This)->lpVtbl->SetUpdateOptions(This, dwUpdateOpt))
#define IOleLink_GetUpdateOptions(This, pdwUpdateOpt) ((This)->lpVtbl->GetUpdateOptions(This, pdwUpdateOpt))
#define IOleLink_SetSourceMoniker(This, pmk, rclsid) ((This)->lpVtbl->SetSourceMoniker(This, pmk, rclsid))
#define IOleLink_GetSourceMoniker(This, ppmk) ((This)->lpVtbl->GetSourceMoniker(This, ppmk))
#define IOleLink_SetSourceDisplayName(This, pszStatusText) ((This)->lpVtbl->SetSourceDisplayName(This, pszStatusText))
#define IOleLink_GetSourceDisplayName(This, ppszDisplayName) \
    ((This)->lpVtbl->GetSourceDisplayName(This, ppszDisplayName))
#define IOleLink_BindToSource(This, bindflags, pbc) ((This)->lpVtbl->BindToSource(This, bindflags, pbc))
#define IOleLink_BindIfRunning(This) ((This)->lpVtbl->BindIfRunning(This))
#define IOleLink_GetBoundSource(This, ppunk) ((This)->lpVtbl->GetBoundSource(This, ppunk))
#define IOleLink_UnbindSource(This) ((This)->lpVtbl->UnbindSource(This))
#define IOleLink_Update(This, pbc) ((This)->lpVtbl->Update(This, pbc))
#endif
#endif
#endif
typedef IOleLink *LPOLELINK;

OLEANDER_DATA(const IID, IID_IOleItemContainer);
typedef struct IOleItemContainer IOleItemContainer;
#ifndef __IOleItemContainer_INTERFACE_DEFINED__
#define __IOleItemContainer_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("0000011C-0000-0000-C000-000000000046")
IOleItemContainer : public IOleContainer {
    virtual HRESULT STDMETHODCALLTYPE GetObject(LPOLESTR pszItem, DWORD dwSpeedNeeded, IBindCtx *pbc, REFIID riid,
        void **ppvObject) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetObjectStorage(LPOLESTR pszItem, IBindCtx *pbc, REFIID riid,
        void **ppvStorage) = 0;
    virtual HRESULT STDMETHODCALLTYPE IsRunning(LPOLESTR pszItem) = 0;
};
__CRT_UUID_DECL(IOleItemContainer, 0x0000011c, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IOleItemContainerVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IOleItemContainer *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IOleItemContainer *This);
    ULONG (STDMETHODCALLTYPE *Release)(IOleItemContainer *This);
    HRESULT (STDMETHODCALLTYPE *ParseDisplayName)(IOleItemContainer *This, IBindCtx *pbc, LPOLESTR pszDisplayName,
        ULONG *pchEaten, IMoniker **ppmkOut);
    HRESULT (STDMETHODCALLTYPE *EnumObjects)(IOleItemContainer *This, DWORD grfFlags, IEnumUnknown **ppenum);
    HRESULT (STDMETHODCALLTYPE *LockContainer)(IOleItemContainer *This, BOOL fLock);
    HRESULT (STDMETHODCALLTYPE *GetObject)(IOleItemContainer *This, LPOLESTR pszItem, DWORD dwSpeedNeeded,
        IBindCtx *pbc, REFIID riid, void **ppvObject);
    HRESULT (STDMETHODCALLTYPE *GetObjectStorage)(IOleItemContainer *This, LPOLESTR pszItem, IBindCtx *pbc,
        REFIID riid, void **ppvStorage);
    HRESULT (STDMETHODCALLTYPE *IsRunning)(IOleItemContainer *This, LPOLESTR pszItem);
} IOleItemContainerVtbl;
struct IOleItemContainer {
    CONST_VTBL IOleItemContainerVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IOleItemContainer_QueryInterface(This, riid, ppvObject) \
    ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IOleItemContainer_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IOleItemContainer_Release(This) ((This)->lpVtbl->Release(This))
#define IOleItemContainer_ParseDisplayName(This, pbc, pszDisplayName, pchEaten, ppmkOut) \
    ((This)->lpVtbl->ParseDisplayName(This, pbc, pszDisplayName, pchEaten, ppmkOut))
#define IOleItemContainer_EnumObjects(This, grfFlags, ppenum) ((This)->lpVtbl->EnumObjects(This, grfFlags, ppenum))
#define IOleItemContainer_LockContainer(This, fLock) ((This)->lpVtbl->LockContainer(This, fLock))
#define IOleItemContainer_GetObject(This, pszItem, dwSpeedNeeded, pbc, riid, ppvObject) \
    ((This)->lpVtbl->GetObject(This, pszItem, dwSpeedNeeded, pbc, riid, ppvObject))
#define IOleItemContainer_GetObjectStorage(This, pszItem, pbc, riid, ppvStorage) \
    ((This)->lpVtbl->GetObjectStorage(This, pszItem, pbc, riid, ppvStorage))
#define IOleItemContainer_IsRunning(This, pszItem) ((This)->lpVtbl->IsRunning(This, pszItem))
#endif
#endif
#endif
typedef IOleItemContainer *LPOLEITEMCONTAINER;

OLEANDER_DATA(const IID, IID_IOleInPlaceUIWindow);
typedef struct IOleInPlaceUIWindow IOleInPlaceUIWindow;
#ifndef __IOleInPlaceUIWindow_INTERFACE_DEFINED__
#define __IOleInPlaceUIWindow_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("00000115-0000-0000-C000-000000000046")
IOleInPlaceUIWindow : public IOleWindow {
    virtual HRESULT STDMETHODCALLTYPE GetBorder(LPRECT lprectBorder) = 0;
    virtual HRESULT STDMETHODCALLTYPE RequestBorderSpace(LPCBORDERWIDTHS pborderwidths) = 0;
    virtual HRESULT STDMETHODCALLTYPE SetBorderSpace(LPCBORDERWIDTHS pborderwidths) = 0;
    virtual HRESULT STDMETHODCALLTYPE SetActiveObject(IOleInPlaceActiveObject *pActiveObject,
        LPCOLESTR pszObjName) = 0;
};
__CRT_UUID_DECL(IOleInPlaceUIWindow, 0x00000115, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IOleInPlaceUIWindowVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IOleInPlaceUIWindow *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IOleInPlaceUIWindow *This);
    ULONG (STDMETHODCALLTYPE *Release)(IOleInPlaceUIWindow *This);
    HRESULT (STDMETHODCALLTYPE *GetWindow)(IOleInPlaceUIWindow *This, HWND *phwnd);
    HRESULT (STDMETHODCALLTYPE *ContextSensitiveHelp)(IOleInPlaceUIWindow *This, BOOL fEnterMode);
    HRESULT (STDMETHODCALLTYPE *GetBorder)(IOleInPlaceUIWindow *This, LPRECT lprectBorder);
    HRESULT (STDMETHODCALLTYPE *RequestBorderSpace)(IOleInPlaceUIWindow *This, LPCBORDERWIDTHS pborderwidths);
    HRESULT (STDMETHODCALLTYPE *SetBorderSpace)(IOleInPlaceUIWindow *This, LPCBORDERWIDTHS pborderwidths);
    HRESULT (STDMETHODCALLTYPE *SetActiveObject)(IOleInPlaceUIWindow *This, IOleInPlaceActiveObject *pActiveObject,
        LPCOLESTR pszObjName);
} IOleInPlaceUIWindowVtbl;
struct IOleInPlaceUIWindow {
    CONST_VTBL IOleInPlaceUIWindowVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IOleInPlaceUIWindow_QueryInterface(This, riid, ppvObject) \
    ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IOleInPlaceUIWindow_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IOleInPlaceUIWindow_Release(This) ((This)->lpVtbl->Release(This))
#define IOleInPlaceUIWindow_GetWindow(This, phwnd) ((This)->lpVtbl->GetWindow(This, phwnd))
#define IOleInPlaceUIWindow_ContextSensitiveHelp(This, fEnterMode) \
    ((This)->lpVtbl->ContextSensitiveHelp(This, fEnterMode))
#define IOleInPlaceUIWindow_GetBorder(This, lprectBorder) ((This)->lpVtbl->GetBorder(This, lprectBorder))
#define IOleInPlaceUIWindow_RequestBorderSpace(This, pborderwidths) \
    ((This)->lpVtbl->RequestBorderSpace(This, pborderwidths))
#define IOleInPlaceUIWindow_SetBorderSpace(This, pborderwidths) ((This)->lpVtbl->SetBorderSpace(This, pborderwidths))
#define IOleInPlaceUIWindow_SetActiveObject(This, pActiveObject, pszObjName) \
    ((This)->lpVtbl->SetActiveObject(This, pActiveObject, pszObjName))
#endif
#endif
#endif
typedef IOleInPlaceUIWindow *LPOLEINPLACEUIWINDOW;

OLEANDER_DATA(const IID, IID_IOleInPlaceActiveObject);
typedef struct IOleInPlaceActiveObject IOleInPlaceActiveObject;
#ifndef __IOleInPlaceActiveObject_INTERFACE_DEFINED__
#define __IOleInPlaceActiveObject_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("00000117-0000-0000-C000-000000000046")
IOleInPlaceActiveObject : public IOleWindow {
    virtual HRESULT STDMETHODCALLTYPE TranslateAccelerator(LPMSG lpmsg) = 0;
    virtual HRESULT STDMETHODCALLTYPE OnFrameWindowActivate(BOOL fActivate) = 0;
    virtual HRESULT STDMETHODCALLTYPE OnDocWindowActivate(BOOL fActivate) = 0;
    virtual HRESULT STDMETHODCALLTYPE ResizeBorder(LPCRECT prcBorder, IOleInPlaceUIWindow *pUIWindow,
        BOOL fFrameWindow) = 0;
    virtual HRESULT STDMETHODCALLTYPE EnableModeless(BOOL fEnable) = 0;
};
__CRT_UUID_DECL(IOleInPlaceActiveObject, 0x00000117, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IOleInPlaceActiveObjectVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IOleInPlaceActiveObject *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IOleInPlaceActiveObject *This);
    ULONG (STDMETHODCALLTYPE *Release)(IOleInPlaceActiveObject *This);
    HRESULT (STDMETHODCALLTYPE *GetWindow)(IOleInPlaceActiveObject *This, HWND *phwnd);
    HRESULT (STDMETHODCALLTYPE *ContextSensitiveHelp)(IOleInPlaceActiveObject *This, BOOL fEnterMode);
    HRESULT (STDMETHODCALLTYPE *TranslateAccelerator)(IOleInPlaceActiveObject *This, LPMSG lpmsg);
    HRESULT (STDMETHODCALLTYPE *OnFrameWindowActivate)(IOleInPlaceActiveObject *This, BOOL fActivate);
    HRESULT (STDMETHODCALLTYPE *OnDocWindowActivate)(IOleInPlaceActiveObject *This, BOOL fActivate);
    HRESULT (STDMETHODCALLTYPE *ResizeBorder)(IOleInPlaceActiveObject *This, LPCRECT prcBorder,
        IOleInPlaceUIWindow *pUIWindow, BOOL fFrameWindow);
    HRESULT (STDMETHODCALLTYPE *EnableModeless)(IOleInPlaceActiveObject *This, BOOL fEnable);
} IOleInPlaceActiveObjectVtbl;
struct IOleInPlaceActiveObject {
    CONST_VTBL IOleInPlaceActiveObjectVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IOleInPlaceActiveObject_QueryInterface(This, riid, ppvObject) \
    ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IOleInPlaceActiveObject_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IOleInPlaceActiveObject_Release(This) ((This)->lpVtbl->Release(This))
#define IOleInPlaceActiveObject_GetWindow(This, phwnd) ((This)->lpVtbl->GetWindow(This, phwnd))
#define IOleInPlaceActiveObject_ContextSensitiveHelp(This, fEnterMode) \
    ((This)->lpVtbl->ContextSensitiveHelp(This, fEnterMode))
#define IOleInPlaceActiveObject_TranslateAccelerator(This, lpmsg) ((This)->lpVtbl->TranslateAccelerator(This, lpmsg))
#define IOleInPlaceActiveObject_OnFrameWindowActivate(This, fActivate) \
    ((This)->lpVtbl->OnFrameWindowActivate(This, fActivate))
#define IOleInPlaceActiveObject_OnDocWindowActivate(This, fActivate) \
    ((This)->lpVtbl->OnDocWindowActivate(This, fActivate))
#define IOleInPlaceActiveObject_ResizeBorder(This, prcBorder, pUIWindow, fFrameWindow) \
    ((This)->lpVtbl->ResizeBorder(This, prcBorder, pUIWindow, fFrameWindow))
#define IOleInPlaceActiveObject_EnableModeless(This, fEnable) ((This)->lpVtbl->EnableModeless(This, fEnable))
#endif
#endif
#endif
typedef IOleInPlaceActiveObject *LPOLEINPLACEACTIVEOBJECT;

OLEANDER_DATA(const IID, IID_IOleInPlaceFrame);
typedef struct IOleInPlaceFrame IOleInPlaceFrame;
#ifndef __IOleInPlaceFrame_INTERFACE_DEFINED__
#define __IOleInPlaceFrame_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("00000116-0000-0000-C000-000000000046")
IOleInPlaceFrame : public IOleInPlaceUIWindow {
    virtual HRESULT STDMETHODCALLTYPE InsertMenus(HMENU hmenuShared, LPOLEMENUGROUPWIDTHS lpMenuWidths) = 0;
    virtual HRESULT STDMETHODCALLTYPE SetMenu(HMENU hmenuShared, HOLEMENU holemenu, HWND hwndActiveObject) = 0;
    virtual HRESULT STDMETHODCALLTYPE RemoveMenus(HMENU hmenuShared) = 0;
    virtual HRESULT STDMETHODCALLTYPE SetStatusText(LPCOLESTR pszStatusText) = 0;
    virtual HRESULT STDMETHODCALLTYPE EnableModeless(BOOL fEnable) = 0;
    virtual HRESULT STDMETHODCALLTYPE TranslateAccelerator(LPMSG lpmsg, WORD wID) = 0;
};
__CRT_UUID_DECL(IOleInPlaceFrame, 0x00000116, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IOleInPlaceFrameVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IOleInPlaceFrame *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IOleInPlaceFrame *This);
    ULONG (STDMETHODCALLTYPE *Release)(IOleInPlaceFrame *This);
    HRESULT (STDMETHODCALLTYPE *GetWindow)(IOleInPlaceFrame *This, HWND *phwnd);
    HRESULT (STDMETHODCALLTYPE *ContextSensitiveHelp)(IOleInPlaceFrame *This, BOOL fEnterMode);
    HRESULT (STDMETHODCALLTYPE *GetBorder)(IOleInPlaceFrame *This, LPRECT lprectBorder);
    HRESULT (STDMETHODCALLTYPE *RequestBorderSpace)(IOleInPlaceFrame *This, LPCBORDERWIDTHS pborderwidths);
    HRESULT (STDMETHODCALLTYPE *SetBorderSpace)(IOleInPlaceFrame *This, LPCBORDERWIDTHS pborderwidths);
    HRESULT (STDMETHODCALLTYPE *SetActiveObject)(IOleInPlaceFrame *This, IOleInPlaceActiveObject *pActiveObject,
        LPCOLESTR pszObjName);
    HRESULT (STDMETHODCALLTYPE *InsertMenus)(IOleInPlaceFrame *This, HMENU hmenuShared,
        LPOLEMENUGROUPWIDTHS lpMenuWidths);
    HRESULT (STDMETHODCALLTYPE *SetMenu)(IOleInPlaceFrame *This, HMENU hmenuShared, HOLEMENU holemenu,
        HWND hwndActiveObject);
    HRESULT (STDMETHODCALLTYPE *RemoveMenus)(IOleInPlaceFrame *This, HMENU hmenuShared);
    HRESULT (STDMETHODCALLTYPE *SetStatusText)(IOleInPlaceFrame *This, LPCOLESTR pszStatusText);
    HRESULT (STDMETHODCALLTYPE *EnableModeless)(IOleInPlaceFrame *This, BOOL fEnable);
    HRESULT (STDMETHODCALLTYPE *TranslateAccelerator)(IOleInPlaceFrame *This, LPMSG lpmsg, WORD wID);
} IOleInPlaceFrameVtbl;
struct IOleInPlaceFrame {
    CONST_VTBL IOleInPlaceFrameVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IOleInPlaceFrame_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IOleInPlaceFrame_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IOleInPlaceFrame_Release(This) ((This)->lpVtbl->Release(This))
#define IOleInPlaceFrame_GetWindow(This, phwnd) ((This)->lpVtbl->GetWindow(This, phwnd))
#define IOleInPlaceFrame_ContextSensitiveHelp(This, fEnterMode) \
    ((This)->lpVtbl->ContextSensitiveHelp(This, fEnterMode))
#define IOleInPlaceFrame_GetBorder(This, lprectBorder) ((This)->lpVtbl->GetBorder(This, lprectBorder))
#define IOleInPlaceFrame_RequestBorderSpace(This, pborderwidths) \
    ((This)->lpVtbl->RequestBorderSpace(This, pborderwidths))
#define IOleInPlaceFrame_SetBorderSpace(This, pborderwidths) ((This)->lpVtbl->SetBorderSpace(This, pborderwidths))
#define IOleInPlaceFrame_SetActiveObject(This, pActiveObject, pszObjName) \
    ((This)->lpVtbl->SetActiveObject(This, pActiveObject, pszObjName))
#define IOleInPlaceFrame_InsertMenus(This, hmenuShared, lpMenuWidths) \
    ((This)->lpVtbl->InsertMenus(This, hmenuShared, lpMenuWidths))
#define IOleInPlaceFrame_SetMenu(This, hmenuShared, holemenu, hwndActiveObject) \
    ((This)->lpVtbl->SetMenu(This, hmenuShared, holemenu, hwndActiveObject))
#define IOleInPlaceFrame_RemoveMenus(This, hmenuShared) ((This)->lpVtbl->RemoveMenus(This, hmenuShared))
#define IOleInPlaceFrame_SetStatusText(This, pszStatusText) ((This)->lpVtbl->SetStatusText(This, pszStatusText))
#define IOleInPlaceFrame_EnableModeless(This, fEnable) ((This)->lpVtbl->EnableModeless(This, fEnable))
#define IOleInPlaceFrame_TranslateAccelerator(This, lpmsg, wID) \
    ((This)->lpVtbl->TranslateAccelerator(This, lpmsg, wID))
#endif
#endif
#endif
typedef IOleInPlaceFrame *LPOLEINPLACEFRAME;

OLEANDER_DATA(const IID, IID_IOleInPlaceObject);
typedef struct IOleInPlaceObject IOleInPlaceObject;
#ifndef __IOleInPlaceObject_INTERFACE_DEFINED__
#define __IOleInPlaceObject_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("00000113-0000-0000-C000-000000000046")
IOleInPlaceObject : public IOleWindow {
    virtual HRESULT STDMETHODCALLTYPE InPlaceDeactivate() = 0;
    virtual HRESULT STDMETHODCALLTYPE UIDeactivate() = 0;
    virtual HRESULT STDMETHODCALLTYPE SetObjectRects(LPCRECT lprcPosRect, LPCRECT lprcClipRect) = 0;
    virtual HRESULT STDMETHODCALLTYPE ReactivateAndUndo() = 0;
};
__CRT_UUID_DECL(IOleInPlaceObject, 0x00000113, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IOleInPlaceObjectVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IOleInPlaceObject *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IOleInPlaceObject *This);
    ULONG (STDMETHODCALLTYPE *Release)(IOleInPlaceObject *This);
    HRESULT (STDMETHODCALLTYPE *GetWindow)(IOleInPlaceObject *This, HWND *phwnd);
    HRESULT (STDMETHODCALLTYPE *ContextSensitiveHelp)(IOleInPlaceObject *This, BOOL fEnterMode);
    HRESULT (STDMETHODCALLTYPE *InPlaceDeactivate)(IOleInPlaceObject *This);
    HRESULT (STDMETHODCALLTYPE *UIDeactivate)(IOleInPlaceObject *This);
    HRESULT (STDMETHODCALLTYPE *SetObjectRects)(IOleInPlaceObject *This, LPCRECT lprcPosRect, LPCRECT lprcClipRect);
    HRESULT (STDMETHODCALLTYPE *ReactivateAndUndo)(IOleInPlaceObject *This);
} IOleInPlaceObjectVtbl;
struct IOleInPlaceObject {
    CONST_VTBL IOleInPlaceObjectVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IOleInPlaceObject_QueryInterface(This, riid, ppvObject) \
    ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IOleInPlaceObject_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IOleInPlaceObject_Release(This) ((This)->lpVtbl->Release(This))
#define IOleInPlaceObject_GetWindow(This, phwnd) ((This)->lpVtbl->GetWindow(This, phwnd))
#define IOleInPlaceObject_ContextSensitiveHelp(This, fEnterMode) \
    ((This)->lpVtbl->ContextSensitiveHelp(This, fEnterMode))
#define IOleInPlaceObject_InPlaceDeactivate(This) ((This)->lpVtbl->InPlaceDeactivate(This))
#define IOleInPlaceObject_UIDeactivate(This) ((This)->lpVtbl->UIDeactivate(This))
#define IOleInPlaceObject_SetObjectRects(This, lprcPosRect, lprcClipRect) \
    ((This)->lpVtbl->SetObjectRects(This, lprcPosRect, lprcClipRect))
#define IOleInPlaceObject_ReactivateAndUndo(This) ((This)->lpVtbl->ReactivateAndUndo(This))
#endif
#endif
#endif
typedef IOleInPlaceObject *LPOLEINPLACEOBJECT;

OLEANDER_DATA(const IID, IID_IOleInPlaceSite);
typedef struct IOleInPlaceSite IOleInPlaceSite;
#ifndef __IOleInPlaceSite_INTERFACE_DEFINED__
#define __IOleInPlaceSite_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("00000119-0000-0000-C000-000000000046")
IOleInPlaceSite : public IOleWindow {
    virtual HRESULT STDMETHODCALLTYPE CanInPlaceActivate() = 0;
    virtual HRESULT STDMETHODCALLTYPE OnInPlaceActivate() = 0;
    virtual HRESULT STDMETHODCALLTYPE OnUIActivate() = 0;
    virtual HRESULT STDMETHODCALLTYPE GetWindowContext(IOleInPlaceFrame **ppFrame, IOleInPlaceUIWindow **ppDoc,
        LPRECT lprcPosRect, LPRECT lprcClipRect, LPOLEINPLACEFRAMEINFO lpFrameInfo) = 0;
    virtual HRESULT STDMETHODCALLTYPE Scroll(SIZE scrollExtant) = 0;
    virtual HRESULT STDMETHODCALLTYPE OnUIDeactivate(BOOL fUndoable) = 0;
    virtual HRESULT STDMETHODCALLTYPE OnInPlaceDeactivate() = 0;
    virtual HRESULT STDMETHODCALLTYPE DiscardUndoState() = 0;
    virtual HRESULT STDMETHODCALLTYPE DeactivateAndUndo() = 0;
    virtual HRESULT STDMETHODCALLTYPE OnPosRectChange(LPCRECT lprcPosRect) = 0;
};
__CRT_UUID_DECL(IOleInPlaceSite, 0x00000119, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IOleInPlaceSiteVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IOleInPlaceSite *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IOleInPlaceSite *This);
    ULONG (STDMETHODCALLTYPE *Release)(IOleInPlaceSite *This);
    HRESULT (STDMETHODCALLTYPE *GetWindow)(IOleInPlaceSite *This, HWND *phwnd);
    HRESULT (STDMETHODCALLTYPE *ContextSensitiveHelp)(IOleInPlaceSite *This, BOOL fEnterMode);
    HRESULT (STDMETHODCALLTYPE *CanInPlaceActivate)(IOleInPlaceSite *This);
    HRESULT (STDMETHODCALLTYPE *OnInPlaceActivate)(IOleInPlaceSite *This);
    HRESULT (STDMETHODCALLTYPE *OnUIActivate)(IOleInPlaceSite *This);
    HRESULT (STDMETHODCALLTYPE *GetWindowContext)(IOleInPlaceSite *This, IOleInPlaceFrame **ppFrame,
        IOleInPlaceUIWindow **ppDoc, LPRECT lprcPosRect, LPRECT lprcClipRect, LPOLEINPLACEFRAMEINFO lpFrameInfo);
    HRESULT (STDMETHODCALLTYPE *Scroll)(IOleInPlaceSite *This, SIZE scrollExtant);
    HRESULT (STDMETHODCALLTYPE *OnUIDeactivate)(IOleInPlaceSite *This, BOOL fUndoable);
    HRESULT (STDMETHODCALLTYPE *OnInPlaceDeactivate)(IOleInPlaceSite *This);
    HRESULT (STDMETHODCALLTYPE *DiscardUndoState)(IOleInPlaceSite *This);
    HRESULT (STDMETHODCALLTYPE *DeactivateAndUndo)(IOleInPlaceSite *This);
    HRESULT (STDMETHODCALLTYPE *OnPosRectChange)(IOleInPlaceSite *This, LPCRECT lprcPosRect);
} IOleInPlaceSiteVtbl;
struct IOleInPlaceSite {
    CONST_VTBL IOleInPlaceSiteVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IOleInPlaceSite_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IOleInPlaceSite_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IOleInPlaceSite_Release(This) ((This)->lpVtbl->Release(This))
#define IOleInPlaceSite_GetWindow(This, phwnd) ((This)->lpVtbl->GetWindow(This, phwnd))
#define IOleInPlaceSite_ContextSensitiveHelp(This, fEnterMode) \
    ((This)->lpVtbl->ContextSensitiveHelp(This, fEnterMode))
#define IOleInPlaceSite_CanInPlaceActivate(This) ((This)->lpVtbl->CanInPlaceActivate(This))
#define IOleInPlaceSite_OnInPlaceActivate(This) ((This)->lpVtbl->OnInPlaceActivate(This))
#define IOleInPlaceSite_OnUIActivate(This) ((This)->lpVtbl->OnUIActivate(This))
#define IOleInPlaceSite_GetWindowContext(This, ppFrame, ppDoc, lprcPosRect, lprcClipRect, lpFrameInfo) \
    ((This)->lpVtbl->GetWindowContext(This, ppFrame, ppDoc, lprcPosRect, lprcClipRect, lpFrameInfo))
#define IOleInPlaceSite_Scroll(This, scrollExtant) ((This)->lpVtbl->Scroll(This, scrollExtant))
#define IOleInPlaceSite_OnUIDeactivate(This, fUndoable) ((This)->lpVtbl->OnUIDeactivate(This, fUndoable))
#define IOleInPlaceSite_OnInPlaceDeactivate(This) ((This)->lpVtbl->OnInPlaceDeactivate(This))
#define IOleInPlaceSite_DiscardUndoState(This) ((This)->lpVtbl->DiscardUndoState(This))
#define IOleInPlaceSite_DeactivateAndUndo(This) ((This)->lpVtbl->DeactivateAndUndo(This))
#define IOleInPlaceSite_OnPosRectChange(This, lprcPosRect) ((This)->lpVtbl->OnPosRectChange(This, lprcPosRect))
#endif
#endif
#endif
typedef IOleInPlaceSite *LPOLEINPLACESITE;

OLEANDER_DATA(const IID, IID_IContinue);
typedef struct IContinue IContinue;
#ifndef __IContinue_INTERFACE_DEFINED__
#define __IContinue_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("0000012A-0000-0000-C000-000000000046")
IContinue : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE FContinue() = 0;
};
__CRT_UUID_DECL(IContinue, 0x0000012a, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IContinueVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IContinue *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IContinue *This);
    ULONG (STDMETHODCALLTYPE *Release)(IContinue *This);
    HRESULT (STDMETHODCALLTYPE *FContinue)(IContinue *This);
} IContinueVtbl;
struct IContinue {
    CONST_VTBL IContinueVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IContinue_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IContinue_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IContinue_Release(This) ((This)->lpVtbl->Release(This))
#define IContinue_FContinue(This) ((This)->lpVtbl->FContinue(This))
#endif
#endif
#endif

typedef HRESULT(STDMETHODCALLTYPE *PFNDRAWCONTINUE)(ULONG_PTR dwContinue);

OLEANDER_DATA(const IID, IID_IViewObject);
typedef struct IViewObject IViewObject;
#ifndef __IViewObject_INTERFACE_DEFINED__
#define __IViewObject_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("0000010D-0000-0000-C000-000000000046")
IViewObject : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE Draw(DWORD dwDrawAspect, LONG lindex, void *pvAspect, DVTARGETDEVICE *ptd,
        HDC hdcTargetDev, HDC hdcDraw, LPCRECTL lprcBounds, LPCRECTL lprcWBounds, PFNDRAWCONTINUE pfnContinue,
        ULONG_PTR dwContinue) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetColorSet(DWORD dwDrawAspect, LONG lindex, void *pvAspect,
        DVTARGETDEVICE *ptd, HDC hicTargetDev, LOGPALETTE **ppColorSet) = 0;
    virtual HRESULT STDMETHODCALLTYPE Freeze(DWORD dwDrawAspect, LONG lindex, void *pvAspect, DWORD *pdwFreeze) = 0;
    virtual HRESULT STDMETHODCALLTYPE Unfreeze(DWORD dwFreeze) = 0;
    virtual HRESULT STDMETHODCALLTYPE SetAdvise(DWORD aspects, DWORD advf, IAdviseSink *pAdvSink) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetAdvise(DWORD *pAspects, DWORD *pAdvf, IAdviseSink **ppAdvSink) = 0;
};
__CRT_UUID_DECL(IViewObject, 0x0000010d, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IViewObjectVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IViewObject *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IViewObject *This);
    ULONG (STDMETHODCALLTYPE *Release)(IViewObject *This);
    HRESULT (STDMETHODCALLTYPE *Draw)(IViewObject *This, DWORD dwDrawAspect, LONG lindex, void *pvAspect,
        DVTARGETDEVICE *ptd, HDC hdcTargetDev, HDC hdcDraw, LPCRECTL lprcBounds, LPCRECTL lprcWBounds,
        PFNDRAWCONTINUE pfnContinue, ULONG_PTR dwContinue);
    HRESULT (STDMETHODCALLTYPE *GetColorSet)(IViewObject *This, DWORD dwDrawAspect, LONG lindex, void *pvAspect,
        DVTARGETDEVICE *ptd, HDC hicTargetDev, LOGPALETTE **ppColorSet);
    HRESULT (STDMETHODCALLTYPE *Freeze)(IViewObject *This, DWORD dwDrawAspect, LONG lindex, void *pvAspect,
        DWORD *pdwFreeze);
    HRESULT (STDMETHODCALLTYPE *Unfreeze)(IViewObject *This, DWORD dwFreeze);
    HRESULT (STDMETHODCALLTYPE *SetAdvise)(IViewObject *This, DWORD aspects, DWORD advf, IAdviseSink *pAdvSink);
    HRESULT (STDMETHODCALLTYPE *GetAdvise)(IViewObject *This, DWORD *pAspects, DWORD *pAdvf, IAdviseSink **ppAdvSink);
} IViewObjectVtbl;
struct IViewObject {
    CONST_VTBL IViewObjectVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IViewObject_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IViewObject_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IViewObject_Release(This) ((This)->lpVtbl->Release(This))
#define IViewObject_Draw(This, dwDrawAspect, lindex, pvAspect, ptd, hdcTargetDev, hdcDraw, lprcBounds, lprcWBounds, pfnContinue, dwContinue) \
    ((This)->lpVtbl->Draw(This, dwDrawAspect, lindex, pvAspect, ptd, hdcTargetDev, hdcDraw, lprcBounds, lprcWBounds, pfnContinue, dwContinue))
#define IViewObject_GetColorSet(This, dwDrawAspect, lindex, pvAspect, ptd, hicTargetDev, ppColorSet) \
    ((This)->lpVtbl->GetColorSet(This, dwDrawAspect, lindex, pvAspect, ptd, hicTargetDev, ppColorSet))
#define IViewObject_Freeze(This, dwDrawAspect, lindex, pvAspect, pdwFreeze) \
    ((This)->lpVtbl->Freeze(This, dwDrawAspect, lindex, pvAspect, pdwFreeze))
#define IViewObject_Unfreeze(This, dwFreeze) ((This)->lpVtbl->Unfreeze(This, dwFreeze))
#define IViewObject_SetAdvise(This, aspects, advf, pAdvSink) \
    ((This)->lpVtbl->SetAdvise(This, aspects, advf, pAdvSink))
#define IViewObject_GetAdvise(This, pAspects, pAdvf, ppAdvSink) \
    ((This)->lpVtbl->GetAdvise(This, pAspects, pAdvf, ppAdvSink))
#endif
#endif
#endif
typedef IViewObject *LPVIEWOBJECT;

OLEANDER_DATA(const IID, IID_IViewObject2);
typedef struct IViewObject2 IViewObject2;
#ifndef __IViewObject2_INTERFACE_DEFINED__
#define __IViewObject2_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("00000127-0000-0000-C000-000000000046")
IViewObject2 : public IViewObject {
    virtual HRESULT STDMETHODCALLTYPE GetExtent(DWORD dwDrawAspect, LONG lindex, DVTARGETDEVICE *ptd,
        LPSIZEL lpsizel) = 0;
};
__CRT_UUID_DECL(IViewObject2, 0x00000127, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IViewObject2Vtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IViewObject2 *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IViewObject2 *This);
    ULONG (STDMETHODCALLTYPE *Release)(IViewObject2 *This);
    HRESULT (STDMETHODCALLTYPE *Draw)(IViewObject2 *This, DWORD dwDrawAspect, LONG lindex, void *pvAspect,
        DVTARGETDEVICE *ptd, HDC hdcTargetDev, HDC hdcDraw, LPCRECTL lprcBounds, LPCRECTL lprcWBounds,
        PFNDRAWCONTINUE pfnContinue, ULONG_PTR dwContinue);
    HRESULT (STDMETHODCALLTYPE *GetColorSet)(IViewObject2 *This, DWORD dwDrawAspect, LONG lindex, void *pvAspect,
        DVTARGETDEVICE *ptd, HDC hicTargetDev, LOGPALETTE **ppColorSet);
    HRESULT (STDMETHODCALLTYPE *Freeze)(IViewObject2 *This, DWORD dwDrawAspect, LONG lindex, void *pvAspect,
        DWORD *pdwFreeze);
    HRESULT (STDMETHODCALLTYPE *Unfreeze)(IViewObject2 *This, DWORD dwFreeze);
    HRESULT (STDMETHODCALLTYPE *SetAdvise)(IViewObject2 *This, DWORD aspects, DWORD advf, IAdviseSink *pAdvSink);
    HRESULT (STDMETHODCALLTYPE *GetAdvise)(IViewObject2 *This, DWORD *pAspects, DWORD *pAdvf,
        IAdviseSink **ppAdvSink);
    HRESULT (STDMETHODCALLTYPE *GetExtent)(IViewObject2 *This, DWORD dwDrawAspect, LONG lindex, DVTARGETDEVICE *ptd,
        LPSIZEL lpsizel);
} IViewObject2Vtbl;
struct IViewObject2 {
    CONST_VTBL IViewObject2Vtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IViewObject2_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IViewObject2_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IViewObject2_Release(This) ((This)->lpVtbl->Release(This))
#define IViewObject2_Draw(This, dwDrawAspect, lindex, pvAspect, ptd, hdcTargetDev, hdcDraw, lprcBounds, lprcWBounds, pfnContinue, dwContinue) \
    ((This)->lpVtbl->Draw(This, dwDrawAspect, lindex, pvAspect, ptd, hdcTargetDev, hdcDraw, lprcBounds, lprcWBounds, pfnContinue, dwContinue))
#define IViewObject2_GetColorSet(This, dwDrawAspect, lindex, pvAspect, ptd, hicTargetDev, ppColorSet) \
    ((This)->lpVtbl->GetColorSet(This, dwDrawAspect, lindex, pvAspect, ptd, hicTargetDev, ppColorSet))
#define IViewObject2_Freeze(This, dwDrawAspect, lindex, pvAspect, pdwFreeze) \
    ((This)->lpVtbl->Freeze(This, dwDrawAspect, lindex, pvAspect, pdwFreeze))
#define IViewObject2_Unfreeze(This, dwFreeze) ((This)->lpVtbl->Unfreeze(This, dwFreeze))
#define IViewObject2_SetAdvise(This, aspects, advf, pAdvSink) \
    ((This)->lpVtbl->SetAdvise(This, aspects, advf, pAdvSink))
#define IViewObject2_GetAdvise(This, pAspects, pAdvf, ppAdvSink) \
    ((This)->lpVtbl->GetAdvise(This, pAspects, pAdvf, ppAdvSink))
#define IViewObject2_GetExtent(This, dwDrawAspect, lindex, ptd, lpsizel) \
    ((This)->lpVtbl->GetExtent(This, dwDrawAspect, lindex, ptd, lpsizel))
#endif
#endif
#endif
typedef IViewObject2 *LPVIEWOBJECT2;

#define MK_ALT 0x20
#define DROPEFFECT_NONE 0
#define DROPEFFECT_COPY 1
#define DROPEFFECT_MOVE 2
#define DROPEFFECT_LINK 4
#define DROPEFFECT_SCROLL 0x80000000u

OLEANDER_DATA(const IID, IID_IDropSource);
typedef struct IDropSource IDropSource;
#ifndef __IDropSource_INTERFACE_DEFINED__
#define __IDropSource_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("00000121-0000-0000-C000-000000000046")
IDropSource : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE QueryContinueDrag(BOOL fEscapePressed, DWORD grfKeyState) = 0;
    virtual HRESULT STDMETHODCALLTYPE GiveFeedback(DWORD dwEffect) = 0;
};
__CRT_UUID_DECL(IDropSource, 0x00000121, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IDropSourceVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IDropSource *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IDropSource *This);
    ULONG (STDMETHODCALLTYPE *Release)(IDropSource *This);
    HRESULT (STDMETHODCALLTYPE *QueryContinueDrag)(IDropSource *This, BOOL fEscapePressed, DWORD grfKeyState);
    HRESULT (STDMETHODCALLTYPE *GiveFeedback)(IDropSource *This, DWORD dwEffect);
} IDropSourceVtbl;
struct IDropSource {
    CONST_VTBL IDropSourceVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IDropSource_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IDropSource_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IDropSource_Release(This) ((This)->lpVtbl->Release(This))
#define IDropSource_QueryContinueDrag(This, fEscapePressed, grfKeyState) \
    ((This)->lpVtbl->QueryContinueDrag(This, fEscapePressed, grfKeyState))
#define IDropSource_GiveFeedback(This, dwEffect) ((This)->lpVtbl->GiveFeedback(This, dwEffect))
#endif
#endif
#endif
typedef IDropSource *LPDROPSOURCE;

OLEANDER_DATA(const IID, IID_IDropTarget);
typedef struct IDropTarget IDropTarget;
#ifndef __IDropTarget_INTERFACE_DEFINED__
#define __IDropTarget_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("00000122-0000-0000-C000-000000000046")
IDropTarget : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE DragEnter(IDataObject *pDataObj, DWORD grfKeyState, POINTL pt,
        DWORD *pdwEffect) = 0;
    virtual HRESULT STDMETHODCALLTYPE DragOver(DWORD grfKeyState, POINTL pt, DWORD *pdwEffect) = 0;
    virtual HRESULT STDMETHODCALLTYPE DragLeave() = 0;
    virtual HRESULT STDMETHODCALLTYPE Drop(IDataObject *pDataObj, DWORD grfKeyState, POINTL pt, DWORD *pdwEffect) = 0;
};
__CRT_UUID_DECL(IDropTarget, 0x00000122, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IDropTargetVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IDropTarget *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IDropTarget *This);
    ULONG (STDMETHODCALLTYPE *Release)(IDropTarget *This);
    HRESULT (STDMETHODCALLTYPE *DragEnter)(IDropTarget *This, IDataObject *pDataObj, DWORD grfKeyState, POINTL pt,
        DWORD *pdwEffect);
    HRESULT (STDMETHODCALLTYPE *DragOver)(IDropTarget *This, DWORD grfKeyState, POINTL pt, DWORD *pdwEffect);
    HRESULT (STDMETHODCALLTYPE *DragLeave)(IDropTarget *This);
    HRESULT (STDMETHODCALLTYPE *Drop)(IDropTarget *This, IDataObject *pDataObj, DWORD grfKeyState, POINTL pt,
        DWORD *pdwEffect);
} IDropTargetVtbl;
struct IDropTarget {
    CONST_VTBL IDropTargetVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IDropTarget_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IDropTarget_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IDropTarget_Release(This) ((This)->lpVtbl->Release(This))
#define IDropTarget_DragEnter(This, pDataObj, grfKeyState, pt, pdwEffect) \
    ((This)->lpVtbl->DragEnter(This, pDataObj, grfKeyState, pt, pdwEffect))
#define IDropTarget_DragOver(This, grfKeyState, pt, pdwEffect) \
    ((This)->lpVtbl->DragOver(This, grfKeyState, pt, pdwEffect))
#define IDropTarget_DragLeave(This) ((This)->lpVtbl->DragLeave(This))
#define IDropTarget_Drop(This, pDataObj, grfKeyState, pt, pdwEffect) \
    ((This)->lpVtbl->Drop(This, pDataObj, grfKeyState, pt, pdwEffect))
#endif
#endif
#endif
typedef IDropTarget *LPDROPTARGET;

OLEANDER_DATA(const IID, IID_IEnumOLEVERB);
typedef struct IEnumOLEVERB IEnumOLEVERB;
#ifndef __IEnumOLEVERB_INTERFACE_DEFINED__
#define __IEnumOLEVERB_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("00000104-0000-0000-C000-000000000046")
IEnumOLEVERB : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE Next(ULONG celt, OLEVERB *rgelt, ULONG *pceltFetched) = 0;
    virtual HRESULT STDMETHODCALLTYPE Skip(ULONG celt) = 0;
    virtual HRESULT STDMETHODCALLTYPE Reset() = 0;
    virtual HRESULT STDMETHODCALLTYPE Clone(IEnumOLEVERB **ppenum) = 0;
};
__CRT_UUID_DECL(IEnumOLEVERB, 0x00000104, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IEnumOLEVERBVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IEnumOLEVERB *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IEnumOLEVERB *This);
    ULONG (STDMETHODCALLTYPE *Release)(IEnumOLEVERB *This);
    HRESULT (STDMETHODCALLTYPE *Next)(IEnumOLEVERB *This, ULONG celt, OLEVERB *rgelt, ULONG *pceltFetched);
    HRESULT (STDMETHODCALLTYPE *Skip)(IEnumOLEVERB *This, ULONG celt);
    HRESULT (STDMETHODCALLTYPE *Reset)(IEnumOLEVERB *This);
    HRESULT (STDMETHODCALLTYPE *Clone)(IEnumOLEVERB *This, IEnumOLEVERB **ppenum);
} IEnumOLEVERBVtbl;
struct IEnumOLEVERB {
    CONST_VTBL IEnumOLEVERBVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IEnumOLEVERB_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IEnumOLEVERB_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IEnumOLEVERB_Release(This) ((This)->lpVtbl->Release(This))
#define IEnumOLEVERB_Next(This, celt, rgelt, pceltFetched) ((This)->lpVtbl->Next(This, celt, rgelt, pceltFetched))
#define IEnumOLEVERB_Skip(This, celt) ((This)->lpVtbl->Skip(This, celt))
#define IEnumOLEVERB_Reset(This) ((This)->lpVtbl->Reset(This))
#define IEnumOLEVERB_Clone(This, ppenum) ((This)->lpVtbl->Clone(This, ppenum))
#endif
#endif
#endif
typedef IEnumOLEVERB *LPENUMOLEVERB;

OLEANDER_DATA(const IID, IID_IRunnableObject);
typedef struct IRunnableObject IRunnableObject;
#ifndef __IRunnableObject_INTERFACE_DEFINED__
#define __IRunnableObject_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("00000126-0000-0000-C000-000000000046")
IRunnableObject : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE GetRunningClass(LPCLSID lpClsid) = 0;
    virtual HRESULT STDMETHODCALLTYPE Run(IBindCtx *pbc) = 0;
    virtual BOOL STDMETHODCALLTYPE IsRunning() = 0;
    virtual HRESULT STDMETHODCALLTYPE LockRunning(BOOL fLock, BOOL fLastUnlockCloses) = 0;
    virtual HRESULT STDMETHODCALLTYPE SetContainedObject(BOOL fContained) = 0;
};
__CRT_UUID_DECL(IRunnableObject, 0x00000126, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IRunnableObjectVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IRunnableObject *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IRunnableObject *This);
    ULONG (STDMETHODCALLTYPE *Release)(IRunnableObject *This);
    HRESULT (STDMETHODCALLTYPE *GetRunningClass)(IRunnableObject *This, LPCLSID lpClsid);
    HRESULT (STDMETHODCALLTYPE *Run)(IRunnableObject *This, IBindCtx *pbc);
    BOOL (STDMETHODCALLTYPE *IsRunning)(IRunnableObject *This);
    HRESULT (STDMETHODCALLTYPE *LockRunning)(IRunnableObject *This, BOOL fLock, BOOL fLastUnlockCloses);
    HRESULT (STDMETHODCALLTYPE *SetContainedObject)(IRunnableObject *This, BOOL fContained);
} IRunnableObjectVtbl;
struct IRunnableObject {
    CONST_VTBL IRunnableObjectVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IRunnableObject_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IRunnableObject_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IRunnableObject_Release(This) ((This)->lpVtbl->Release(This))
#define IRunnableObject_GetRunningClass(This, lpClsid) ((This)->lpVtbl->GetRunningClass(This, lpClsid))
#define IRunnableObject_Run(This, pbc) ((This)->lpVtbl->Run(This, pbc))
#define IRunnableObject_IsRunning(This) ((This)->lpVtbl->IsRunning(This))
#define IRunnableObject_LockRunning(This, fLock, fLastUnlockCloses) \
    ((This)->lpVtbl->LockRunning(This, fLock, fLastUnlockCloses))
#define IRunnableObject_SetContainedObject(This, fContained) ((This)->lpVtbl->SetContainedObject(This, fContained))
#endif
#endif
#endif
typedef IRunnableObject *LPRUNNABLEOBJECT;

#endif
