/* Component categories. Made by interfaces/generate.lua from comcat.h.in; do not edit. */
#ifndef OLEANDER_COMCAT_H
#define OLEANDER_COMCAT_H

#include <objidl.h>

typedef GUID CATID;
#define REFCATID REFGUID
#define CATDESC_MAX 128
#define CATID_NULL GUID_NULL
#define IsEqualCATID(first, second) IsEqualGUID(first, second)

typedef struct tagCATEGORYINFO {
    CATID catid;
    LCID lcid;
    OLECHAR szDescription[CATDESC_MAX];
} CATEGORYINFO, *LPCATEGORYINFO;

OLEANDER_DATA(const CLSID, CLSID_StdComponentCategoriesMgr);
OLEANDER_DATA(const GUID, CATID_Insertable);
OLEANDER_DATA(const GUID, CATID_Control);
OLEANDER_DATA(const GUID, CATID_Programmable);
OLEANDER_DATA(const GUID, CATID_SafeForScripting);
OLEANDER_DATA(const GUID, CATID_SafeForInitializing);

OLEANDER_DATA(const IID, IID_IEnumGUID);
typedef struct IEnumGUID IEnumGUID;
#ifndef __IEnumGUID_INTERFACE_DEFINED__
#define __IEnumGUID_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("0002E000-0000-0000-C000-000000000046")
IEnumGUID : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE Next(ULONG celt, GUID *rgelt, ULONG *pceltFetched) = 0;
    virtual HRESULT STDMETHODCALLTYPE Skip(ULONG celt) = 0;
    virtual HRESULT STDMETHODCALLTYPE Reset() = 0;
    virtual HRESULT STDMETHODCALLTYPE Clone(IEnumGUID **ppenum) = 0;
};
__CRT_UUID_DECL(IEnumGUID, 0x0002e000, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IEnumGUIDVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IEnumGUID *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IEnumGUID *This);
    ULONG (STDMETHODCALLTYPE *Release)(IEnumGUID *This);
    HRESULT (STDMETHODCALLTYPE *Next)(IEnumGUID *This, ULONG celt, GUID *rgelt, ULONG *pceltFetched);
    HRESULT (STDMETHODCALLTYPE *Skip)(IEnumGUID *This, ULONG celt);
    HRESULT (STDMETHODCALLTYPE *Reset)(IEnumGUID *This);
    HRESULT (STDMETHODCALLTYPE *Clone)(IEnumGUID *This, IEnumGUID **ppenum);
} IEnumGUIDVtbl;
struct IEnumGUID {
    CONST_VTBL IEnumGUIDVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IEnumGUID_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IEnumGUID_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IEnumGUID_Release(This) ((This)->lpVtbl->Release(This))
#define IEnumGUID_Next(This, celt, rgelt, pceltFetched) ((This)->lpVtbl->Next(This, celt, rgelt, pceltFetched))
#define IEnumGUID_Skip(This, celt) ((This)->lpVtbl->Skip(This, celt))
#define IEnumGUID_Reset(This) ((This)->lpVtbl->Reset(This))
#define IEnumGUID_Clone(This, ppenum) ((This)->lpVtbl->Clone(This, ppenum))
#endif
#endif
#endif
typedef IEnumGUID *LPENUMGUID;
#define IEnumCLSID IEnumGUID
#define LPENUMCLSID LPENUMGUID
#define IID_IEnumCLSID IID_IEnumGUID
#define IEnumCATID IEnumGUID
#define IID_IEnumCATID IID_IEnumGUID

OLEANDER_DATA(const IID, IID_IEnumCATEGORYINFO);
typedef struct IEnumCATEGORYINFO IEnumCATEGORYINFO;
#ifndef __IEnumCATEGORYINFO_INTERFACE_DEFINED__
#define __IEnumCATEGORYINFO_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("0002E011-0000-0000-C000-000000000046")
IEnumCATEGORYINFO : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE Next(ULONG celt, CATEGORYINFO *rgelt, ULONG *pceltFetched) = 0;
    virtual HRESULT STDMETHODCALLTYPE Skip(ULONG celt) = 0;
    virtual HRESULT STDMETHODCALLTYPE Reset() = 0;
    virtual HRESULT STDMETHODCALLTYPE Clone(IEnumCATEGORYINFO **ppenum) = 0;
};
__CRT_UUID_DECL(IEnumCATEGORYINFO, 0x0002e011, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IEnumCATEGORYINFOVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IEnumCATEGORYINFO *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IEnumCATEGORYINFO *This);
    ULONG (STDMETHODCALLTYPE *Release)(IEnumCATEGORYINFO *This);
    HRESULT (STDMETHODCALLTYPE *Next)(IEnumCATEGORYINFO *This, ULONG celt, CATEGORYINFO *rgelt, ULONG *pceltFetched);
    HRESULT (STDMETHODCALLTYPE *Skip)(IEnumCATEGORYINFO *This, ULONG celt);
    HRESULT (STDMETHODCALLTYPE *Reset)(IEnumCATEGORYINFO *This);
    HRESULT (STDMETHODCALLTYPE *Clone)(IEnumCATEGORYINFO *This, IEnumCATEGORYINFO **ppenum);
} IEnumCATEGORYINFOVtbl;
struct IEnumCATEGORYINFO {
    CONST_VTBL IEnumCATEGORYINFOVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IEnumCATEGORYINFO_QueryInterface(This, riid, ppvObject) \
    ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IEnumCATEGORYINFO_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IEnumCATEGORYINFO_Release(This) ((This)->lpVtbl->Release(This))
#define IEnumCATEGORYINFO_Next(This, celt, rgelt, pceltFetched) \
    ((This)->lpVtbl->Next(This, celt, rgelt, pceltFetched))
#define IEnumCATEGORYINFO_Skip(This, celt) ((This)->lpVtbl->Skip(This, celt))
#define IEnumCATEGORYINFO_Reset(This) ((This)->lpVtbl->Reset(This))
#define IEnumCATEGORYINFO_Clone(This, ppenum) ((This)->lpVtbl->Clone(This, ppenum))
#endif
#endif
#endif
typedef IEnumCATEGORYINFO *LPENUMCATEGORYINFO;

OLEANDER_DATA(const IID, IID_ICatRegister);
typedef struct ICatRegister ICatRegister;
#ifndef __ICatRegister_INTERFACE_DEFINED__
#define __ICatRegister_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("0002E012-0000-0000-C000-000000000046")
ICatRegister : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE RegisterCategories(ULONG cCategories, CATEGORYINFO *rgCategoryInfo) = 0;
    virtual HRESULT STDMETHODCALLTYPE UnRegisterCategories(ULONG cCategories, CATID *rgcatid) = 0;
    virtual HRESULT STDMETHODCALLTYPE RegisterClassImplCategories(REFCLSID rclsid, ULONG cCategories,
        CATID *rgcatid) = 0;
    virtual HRESULT STDMETHODCALLTYPE UnRegisterClassImplCategories(REFCLSID rclsid, ULONG cCategories,
        CATID *rgcatid) = 0;
    virtual HRESULT STDMETHODCALLTYPE RegisterClassReqCategories(REFCLSID rclsid, ULONG cCategories,
        CATID *rgcatid) = 0;
    virtual HRESULT STDMETHODCALLTYPE UnRegisterClassReqCategories(REFCLSID rclsid, ULONG cCategories,
        CATID *rgcatid) = 0;
};
__CRT_UUID_DECL(ICatRegister, 0x0002e012, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct ICatRegisterVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(ICatRegister *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(ICatRegister *This);
    ULONG (STDMETHODCALLTYPE *Release)(ICatRegister *This);
    HRESULT (STDMETHODCALLTYPE *RegisterCategories)(ICatRegister *This, ULONG cCategories,
        CATEGORYINFO *rgCategoryInfo);
    HRESULT (STDMETHODCALLTYPE *UnRegisterCategories)(ICatRegister *This, ULONG cCategories, CATID *rgcatid);
    HRESULT (STDMETHODCALLTYPE *RegisterClassImplCategories)(ICatRegister *This, REFCLSID rclsid, ULONG cCategories,
        CATID *rgcatid);
    HRESULT (STDMETHODCALLTYPE *UnRegisterClassImplCategories)(ICatRegister *This, REFCLSID rclsid,
        ULONG cCategories, CATID *rgcatid);
    HRESULT (STDMETHODCALLTYPE *RegisterClassReqCategories)(ICatRegister *This, REFCLSID rclsid, ULONG cCategories,
        CATID *rgcatid);
    HRESULT (STDMETHODCALLTYPE *UnRegisterClassReqCategories)(ICatRegister *This, REFCLSID rclsid, ULONG cCategories,
        CATID *rgcatid);
} ICatRegisterVtbl;
struct ICatRegister {
    CONST_VTBL ICatRegisterVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define ICatRegister_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define ICatRegister_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define ICatRegister_Release(This) ((This)->lpVtbl->Release(This))
#define ICatRegister_RegisterCategories(This, cCategories, rgCategoryInfo) \
    ((This)->lpVtbl->RegisterCategories(This, cCategories, rgCategoryInfo))
#define ICatRegister_UnRegisterCategories(This, cCategories, rgcatid) \
    ((This)->lpVtbl->UnRegisterCategories(This, cCategories, rgcatid))
#define ICatRegister_RegisterClassImplCategories(This, rclsid, cCategories, rgcatid) \
    ((This)->lpVtbl->RegisterClassImplCategories(This, rclsid, cCategories, rgcatid))
#define ICatRegister_UnRegisterClassImplCategories(This, rclsid, cCategories, rgcatid) \
    ((This)->lpVtbl->UnRegisterClassImplCategories(This, rclsid, cCategories, rgcatid))
#define ICatRegister_RegisterClassReqCategories(This, rclsid, cCategories, rgcatid) \
    ((This)->lpVtbl->RegisterClassReqCategories(This, rclsid, cCategories, rgcatid))
#define ICatRegister_UnRegisterClassReqCategories(This, rclsid, cCategories, rgcatid) \
    ((This)->lpVtbl->UnRegisterClassReqCategories(This, rclsid, cCategories, rgcatid))
#endif
#endif
#endif
typedef ICatRegister *LPCATREGISTER;

OLEANDER_DATA(const IID, IID_ICatInformation);
typedef struct ICatInformation ICatInformation;
#ifndef __ICatInformation_INTERFACE_DEFINED__
#define __ICatInformation_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("0002E013-0000-0000-C000-000000000046")
ICatInformation : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE EnumCategories(LCID lcid, IEnumCATEGORYINFO **ppenumCategoryInfo) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetCategoryDesc(REFCATID rcatid, LCID lcid, LPWSTR *pszDesc) = 0;
    virtual HRESULT STDMETHODCALLTYPE EnumClassesOfCategories(ULONG cImplemented, const CATID *rgcatidImpl,
        ULONG cRequired, const CATID *rgcatidReq, IEnumGUID **ppenumClsid) = 0;
    virtual HRESULT STDMETHODCALLTYPE IsClassOfCategories(REFCLSID rclsid, ULONG cImplemented,
        const CATID *rgcatidImpl, ULONG cRequired, const CATID *rgcatidReq) = 0;
    virtual HRESULT STDMETHODCALLTYPE EnumImplCategoriesOfClass(REFCLSID rclsid, IEnumGUID **ppenumCatid) = 0;
    virtual HRESULT STDMETHODCALLTYPE EnumReqCategoriesOfClass(REFCLSID rclsid, IEnumGUID **ppenumCatid) = 0;
};
__CRT_UUID_DECL(ICatInformation, 0x0002e013, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct ICatInformationVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(ICatInformation *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(ICatInformation *This);
    ULONG (STDMETHODCALLTYPE *Release)(ICatInformation *This);
    HRESULT (STDMETHODCALLTYPE *EnumCategories)(ICatInformation *This, LCID lcid,
        IEnumCATEGORYINFO **ppenumCategoryInfo);
    HRESULT (STDMETHODCALLTYPE *GetCategoryDesc)(ICatInformation *This, REFCATID rcatid, LCID lcid, LPWSTR *pszDesc);
    HRESULT (STDMETHODCALLTYPE *EnumClassesOfCategories)(ICatInformation *This, ULONG cImplemented,
        const CATID *rgcatidImpl, ULONG cRequired, const CATID *rgcatidReq, IEnumGUID **ppenumClsid);
    HRESULT (STDMETHODCALLTYPE *IsClassOfCategories)(ICatInformation *This, REFCLSID rclsid, ULONG cImplemented,
        const CATID *rgcatidImpl, ULONG cRequired, const CATID *rgcatidReq);
    HRESULT (STDMETHODCALLTYPE *EnumImplCategoriesOfClass)(ICatInformation *This, REFCLSID rclsid,
        IEnumGUID **ppenumCatid);
    HRESULT (STDMETHODCALLTYPE *EnumReqCategoriesOfClass)(ICatInformation *This, REFCLSID rclsid,
        IEnumGUID **ppenumCatid);
} ICatInformationVtbl;
struct ICatInformation {
    CONST_VTBL ICatInformationVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define ICatInformation_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define ICatInformation_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define ICatInformation_Release(This) ((This)->lpVtbl->Release(This))
#define ICatInformation_EnumCategories(This, lcid, ppenumCategoryInfo) \
    ((This)->lpVtbl->EnumCategories(This, lcid, ppenumCategoryInfo))
#define ICatInformation_GetCategoryDesc(This, rcatid, lcid, pszDesc) \
    ((This)->lpVtbl->GetCategoryDesc(This, rcatid, lcid, pszDesc))
#define ICatInformation_EnumClassesOfCategories(This, cImplemented, rgcatidImpl, cRequired, rgcatidReq, ppenumClsid) \
    ((This)->lpVtbl->EnumClassesOfCategories(This, cImplemented, rgcatidImpl, cRequired, rgcatidReq, ppenumClsid))
#define ICatInformation_IsClassOfCategories(This, rclsid, cImplemented, rgcatidImpl, cRequired, rgcatidReq) \
    ((This)->lpVtbl->IsClassOfCategories(This, rclsid, cImplemented, rgcatidImpl, cRequired, rgcatidReq))
#define ICatInformation_EnumImplCategoriesOfClass(This, rclsid, ppenumCatid) \
    ((This)->lpVtbl->EnumImplCategoriesOfClass(This, rclsid, ppenumCatid))
#define ICatInformation_EnumReqCategoriesOfClass(This, rclsid, ppenumCatid) \
    ((This)->lpVtbl->EnumReqCategoriesOfClass(This, rclsid, ppenumCatid))
#endif
#endif
#endif
typedef ICatInformation *LPCATINFORMATION;

#endif
