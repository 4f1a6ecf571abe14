/* Automation: VARIANT, SAFEARRAY, type descriptions, and the interfaces of dispatch and type information.
 * Made by interfaces/generate.lua from oaidl.h.in; do not edit. */
#ifndef OLEANDER_OAIDL_H
#define OLEANDER_OAIDL_H

#include <unknwnbase.h>
#include <wtypes.h>

typedef struct IDispatch IDispatch;
typedef struct ITypeInfo ITypeInfo;
typedef struct ITypeInfo2 ITypeInfo2;
typedef struct ITypeLib ITypeLib;
typedef struct ITypeLib2 ITypeLib2;
typedef struct ITypeComp ITypeComp;
typedef struct IRecordInfo IRecordInfo;
typedef struct IEnumVARIANT IEnumVARIANT;
typedef struct ICreateTypeInfo ICreateTypeInfo;
typedef struct ICreateTypeLib ICreateTypeLib;
typedef struct IErrorLog IErrorLog;

/* SAFEARRAY */

typedef struct tagSAFEARRAYBOUND {
    ULONG cElements;
    LONG lLbound;
} SAFEARRAYBOUND, *LPSAFEARRAYBOUND;

/* rgsabound holds the dimensions in reverse: the leftmost index of source code is the last entry. */
typedef struct tagSAFEARRAY {
    USHORT cDims;
    USHORT fFeatures;
    ULONG cbElements;
    ULONG cLocks;
    PVOID pvData;
    SAFEARRAYBOUND rgsabound[1];
} SAFEARRAY, *LPSAFEARRAY;

#define FADF_AUTO 0x0001
#define FADF_STATIC 0x0002
#define FADF_EMBEDDED 0x0004
#define FADF_FIXEDSIZE 0x0010
#define FADF_RECORD 0x0020
#define FADF_HAVEIID 0x0040
#define FADF_HAVEVARTYPE 0x0080
#define FADF_BSTR 0x0100
#define FADF_UNKNOWN 0x0200
#define FADF_DISPATCH 0x0400
#define FADF_VARIANT 0x0800
#define FADF_RESERVED 0xf008

typedef enum tagSF_TYPE {
    SF_ERROR = VT_ERROR,
    SF_I1 = VT_I1,
    SF_I2 = VT_I2,
    SF_I4 = VT_I4,
    SF_I8 = VT_I8,
    SF_BSTR = VT_BSTR,
    SF_UNKNOWN = VT_UNKNOWN,
    SF_DISPATCH = VT_DISPATCH,
    SF_VARIANT = VT_VARIANT,
    SF_RECORD = VT_RECORD,
    SF_HAVEIID = VT_UNKNOWN | VT_RESERVED
} SF_TYPE;

/* VARIANT */

/* With NONAMELESSUNION the inner members have the names of old sources: v.n1.n2.n3.lVal. */
#ifdef NONAMELESSUNION
#define __VARIANT_NAME_1 n1
#define __VARIANT_NAME_2 n2
#define __VARIANT_NAME_3 n3
#else
#define __VARIANT_NAME_1
#define __VARIANT_NAME_2
#define __VARIANT_NAME_3
#endif
#define __VARIANT_NAME_4 brecVal

/* A record in a VARIANT: v.brecVal.pvRecord, or v.pvRecord. */
struct __tagBRECORD {
    PVOID pvRecord;
    IRecordInfo *pRecInfo;
};

typedef struct tagVARIANT VARIANT;
struct tagVARIANT {
    __extension__ union {
        __extension__ struct {
            VARTYPE vt;
            WORD wReserved1;
            WORD wReserved2;
            WORD wReserved3;
            __extension__ union {
                LONGLONG llVal;
                LONG lVal;
                BYTE bVal;
                SHORT iVal;
                FLOAT fltVal;
                DOUBLE dblVal;
                VARIANT_BOOL boolVal;
                SCODE scode;
                CY cyVal;
                DATE date;
                BSTR bstrVal;
                IUnknown *punkVal;
                IDispatch *pdispVal;
                SAFEARRAY *parray;
                BYTE *pbVal;
                SHORT *piVal;
                LONG *plVal;
                LONGLONG *pllVal;
                FLOAT *pfltVal;
                DOUBLE *pdblVal;
                VARIANT_BOOL *pboolVal;
                SCODE *pscode;
                CY *pcyVal;
                DATE *pdate;
                BSTR *pbstrVal;
                IUnknown **ppunkVal;
                IDispatch **ppdispVal;
                SAFEARRAY **pparray;
                VARIANT *pvarVal;
                PVOID byref;
                CHAR cVal;
                USHORT uiVal;
                ULONG ulVal;
                ULONGLONG ullVal;
                INT intVal;
                UINT uintVal;
                DECIMAL *pdecVal;
                CHAR *pcVal;
                USHORT *puiVal;
                ULONG *pulVal;
                ULONGLONG *pullVal;
                INT *pintVal;
                UINT *puintVal;
                __extension__ struct {
                    PVOID pvRecord;
                    IRecordInfo *pRecInfo;
                };
                struct __tagBRECORD __VARIANT_NAME_4;
            } __VARIANT_NAME_3;
        } __VARIANT_NAME_2;
        DECIMAL decVal; /* its wReserved overlays vt */
    } __VARIANT_NAME_1;
};
typedef VARIANT *LPVARIANT;
typedef VARIANT VARIANTARG;
typedef VARIANTARG *LPVARIANTARG;
#define _REFVARIANT_DEFINED
#ifdef __cplusplus
#define REFVARIANT const VARIANT &
#else
#define REFVARIANT const VARIANT *
#endif

/* Descriptions of types */

typedef LONG DISPID;
typedef DISPID MEMBERID;
typedef DWORD HREFTYPE;

typedef enum tagTYPEKIND {
    TKIND_ENUM = 0,
    TKIND_RECORD = 1,
    TKIND_MODULE = 2,
    TKIND_INTERFACE = 3,
    TKIND_DISPATCH = 4,
    TKIND_COCLASS = 5,
    TKIND_ALIAS = 6,
    TKIND_UNION = 7,
    TKIND_MAX = 8
} TYPEKIND;

typedef enum tagCALLCONV {
    CC_FASTCALL = 0,
    CC_CDECL = 1,
    CC_MSCPASCAL = 2,
    CC_PASCAL = CC_MSCPASCAL,
    CC_MACPASCAL = 3,
    CC_STDCALL = 4,
    CC_FPFASTCALL = 5,
    CC_SYSCALL = 6,
    CC_MPWCDECL = 7,
    CC_MPWPASCAL = 8,
    CC_MAX = 9
} CALLCONV;

typedef enum tagFUNCKIND {
    FUNC_VIRTUAL = 0,
    FUNC_PUREVIRTUAL = 1,
    FUNC_NONVIRTUAL = 2,
    FUNC_STATIC = 3,
    FUNC_DISPATCH = 4
} FUNCKIND;

typedef enum tagINVOKEKIND {
    INVOKE_FUNC = 1,
    INVOKE_PROPERTYGET = 2,
    INVOKE_PROPERTYPUT = 4,
    INVOKE_PROPERTYPUTREF = 8
} INVOKEKIND;

typedef enum tagVARKIND { VAR_PERINSTANCE = 0, VAR_STATIC = 1, VAR_CONST = 2, VAR_DISPATCH = 3 } VARKIND;

typedef enum tagDESCKIND {
    DESCKIND_NONE = 0,
    DESCKIND_FUNCDESC = 1,
    DESCKIND_VARDESC = 2,
    DESCKIND_TYPECOMP = 3,
    DESCKIND_IMPLICITAPPOBJ = 4,
    DESCKIND_MAX = 5
} DESCKIND;

typedef enum tagSYSKIND { SYS_WIN16 = 0, SYS_WIN32 = 1, SYS_MAC = 2, SYS_WIN64 = 3 } SYSKIND;

typedef enum tagLIBFLAGS {
    LIBFLAG_FRESTRICTED = 0x1,
    LIBFLAG_FCONTROL = 0x2,
    LIBFLAG_FHIDDEN = 0x4,
    LIBFLAG_FHASDISKIMAGE = 0x8
} LIBFLAGS;

typedef enum tagTYPEFLAGS {
    TYPEFLAG_FAPPOBJECT = 0x1,
    TYPEFLAG_FCANCREATE = 0x2,
    TYPEFLAG_FLICENSED = 0x4,
    TYPEFLAG_FPREDECLID = 0x8,
    TYPEFLAG_FHIDDEN = 0x10,
    TYPEFLAG_FCONTROL = 0x20,
    TYPEFLAG_FDUAL = 0x40,
    TYPEFLAG_FNONEXTENSIBLE = 0x80,
    TYPEFLAG_FOLEAUTOMATION = 0x100,
    TYPEFLAG_FRESTRICTED = 0x200,
    TYPEFLAG_FAGGREGATABLE = 0x400,
    TYPEFLAG_FREPLACEABLE = 0x800,
    TYPEFLAG_FDISPATCHABLE = 0x1000,
    TYPEFLAG_FREVERSEBIND = 0x2000,
    TYPEFLAG_FPROXY = 0x4000
} TYPEFLAGS;

typedef enum tagFUNCFLAGS {
    FUNCFLAG_FRESTRICTED = 0x1,
    FUNCFLAG_FSOURCE = 0x2,
    FUNCFLAG_FBINDABLE = 0x4,
    FUNCFLAG_FREQUESTEDIT = 0x8,
    FUNCFLAG_FDISPLAYBIND = 0x10,
    FUNCFLAG_FDEFAULTBIND = 0x20,
    FUNCFLAG_FHIDDEN = 0x40,
    FUNCFLAG_FUSESGETLASTERROR = 0x80,
    FUNCFLAG_FDEFAULTCOLLELEM = 0x100,
    FUNCFLAG_FUIDEFAULT = 0x200,
    FUNCFLAG_FNONBROWSABLE = 0x400,
    FUNCFLAG_FREPLACEABLE = 0x800,
    FUNCFLAG_FIMMEDIATEBIND = 0x1000
} FUNCFLAGS;

typedef enum tagVARFLAGS {
    VARFLAG_FREADONLY = 0x1,
    VARFLAG_FSOURCE = 0x2,
    VARFLAG_FBINDABLE = 0x4,
    VARFLAG_FREQUESTEDIT = 0x8,
    VARFLAG_FDISPLAYBIND = 0x10,
    VARFLAG_FDEFAULTBIND = 0x20,
    VARFLAG_FHIDDEN = 0x40,
    VARFLAG_FRESTRICTED = 0x80,
    VARFLAG_FDEFAULTCOLLELEM = 0x100,
    VARFLAG_FUIDEFAULT = 0x200,
    VARFLAG_FNONBROWSABLE = 0x400,
    VARFLAG_FREPLACEABLE = 0x800,
    VARFLAG_FIMMEDIATEBIND = 0x1000
} VARFLAGS;

#define IMPLTYPEFLAG_FDEFAULT 0x1
#define IMPLTYPEFLAG_FSOURCE 0x2
#define IMPLTYPEFLAG_FRESTRICTED 0x4
#define IMPLTYPEFLAG_FDEFAULTVTABLE 0x8

#define IDLFLAG_NONE 0x0
#define IDLFLAG_FIN 0x1
#define IDLFLAG_FOUT 0x2
#define IDLFLAG_FLCID 0x4
#define IDLFLAG_FRETVAL 0x8
#define PARAMFLAG_NONE 0x00
#define PARAMFLAG_FIN 0x01
#define PARAMFLAG_FOUT 0x02
#define PARAMFLAG_FLCID 0x04
#define PARAMFLAG_FRETVAL 0x08
#define PARAMFLAG_FOPT 0x10
#define PARAMFLAG_FHASDEFAULT 0x20
#define PARAMFLAG_FHASCUSTDATA 0x40

typedef struct tagTYPEDESC {
    __extension__ union {
        struct tagTYPEDESC *lptdesc;
        struct tagARRAYDESC *lpadesc;
        HREFTYPE hreftype;
    };
    VARTYPE vt;
} TYPEDESC;

typedef struct tagARRAYDESC {
    TYPEDESC tdescElem;
    USHORT cDims;
    SAFEARRAYBOUND rgbounds[1];
} ARRAYDESC;

typedef struct tagPARAMDESCEX {
    ULONG cBytes;
    VARIANTARG varDefaultValue;
} PARAMDESCEX, *LPPARAMDESCEX;

typedef struct tagPARAMDESC {
    LPPARAMDESCEX pparamdescex;
    USHORT wParamFlags;
} PARAMDESC, *LPPARAMDESC;

typedef struct tagIDLDESC {
    ULONG_PTR dwReserved;
    USHORT wIDLFlags;
} IDLDESC, *LPIDLDESC;

typedef struct tagELEMDESC {
    TYPEDESC tdesc;
    __extension__ union {
        IDLDESC idldesc;
        PARAMDESC paramdesc;
    };
} ELEMDESC, *LPELEMDESC;

typedef struct tagTYPEATTR {
    GUID guid;
    LCID lcid;
    DWORD dwReserved;
    MEMBERID memidConstructor;
    MEMBERID memidDestructor;
    LPOLESTR lpstrSchema;
    ULONG cbSizeInstance;
    TYPEKIND typekind;
    WORD cFuncs;
    WORD cVars;
    WORD cImplTypes;
    WORD cbSizeVft;
    WORD cbAlignment;
    WORD wTypeFlags;
    WORD wMajorVerNum;
    WORD wMinorVerNum;
    TYPEDESC tdescAlias;
    IDLDESC idldescType;
} TYPEATTR, *LPTYPEATTR;

typedef struct tagFUNCDESC {
    MEMBERID memid;
    SCODE *lprgscode;
    ELEMDESC *lprgelemdescParam;
    FUNCKIND funckind;
    INVOKEKIND invkind;
    CALLCONV callconv;
    SHORT cParams;
    SHORT cParamsOpt;
    SHORT oVft;
    SHORT cScodes;
    ELEMDESC elemdescFunc;
    WORD wFuncFlags;
} FUNCDESC, *LPFUNCDESC;

typedef struct tagVARDESC {
    MEMBERID memid;
    LPOLESTR lpstrSchema;
    __extension__ union {
        ULONG oInst;
        VARIANT *lpvarValue;
    };
    ELEMDESC elemdescVar;
    WORD wVarFlags;
    VARKIND varkind;
} VARDESC, *LPVARDESC;

typedef union tagBINDPTR {
    FUNCDESC *lpfuncdesc;
    VARDESC *lpvardesc;
    ITypeComp *lptcomp;
} BINDPTR, *LPBINDPTR;

typedef struct tagTLIBATTR {
    GUID guid;
    LCID lcid;
    SYSKIND syskind;
    WORD wMajorVerNum;
    WORD wMinorVerNum;
    WORD wLibFlags;
} TLIBATTR, *LPTLIBATTR;

typedef struct tagCUSTDATAITEM {
    GUID guid;
    VARIANTARG varValue;
} CUSTDATAITEM, *LPCUSTDATAITEM;

typedef struct tagCUSTDATA {
    DWORD cCustData;
    LPCUSTDATAITEM prgCustData;
} CUSTDATA, *LPCUSTDATA;

typedef struct tagCLEANLOCALSTORAGE {
    IUnknown *pInterface;
    PVOID pStorage;
    DWORD flags;
} CLEANLOCALSTORAGE;

/* Calls */

#define DISPID_UNKNOWN (-1)
#define DISPID_VALUE (0)
#define DISPID_PROPERTYPUT (-3)
#define DISPID_NEWENUM (-4)
#define DISPID_EVALUATE (-5)
#define DISPID_CONSTRUCTOR (-6)
#define DISPID_DESTRUCTOR (-7)
#define DISPID_COLLECT (-8)
#define MEMBERID_NIL DISPID_UNKNOWN

/* Arguments in reverse order; the first cNamedArgs of them are named by rgdispidNamedArgs. */
typedef struct tagDISPPARAMS {
    VARIANTARG *rgvarg;
    DISPID *rgdispidNamedArgs;
    UINT cArgs;
    UINT cNamedArgs;
} DISPPARAMS, *LPDISPPARAMS;

/* The caller of Invoke owns the strings. With pfnDeferredFillIn set, call it before reading the rest. */
typedef struct tagEXCEPINFO {
    WORD wCode;
    WORD wReserved;
    BSTR bstrSource;
    BSTR bstrDescription;
    BSTR bstrHelpFile;
    DWORD dwHelpContext;
    PVOID pvReserved;
    HRESULT(STDMETHODCALLTYPE *pfnDeferredFillIn)(struct tagEXCEPINFO *);
    SCODE scode;
} EXCEPINFO, *LPEXCEPINFO;

/* Members by name: what every automation object answers to. */
OLEANDER_DATA(const IID, IID_IDispatch);
typedef struct IDispatch IDispatch;
#ifndef __IDispatch_INTERFACE_DEFINED__
#define __IDispatch_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("00020400-0000-0000-C000-000000000046")
IDispatch : public IUnknown {
    /* 1 if GetTypeInfo gives type information, 0 if not. */
    virtual HRESULT STDMETHODCALLTYPE GetTypeInfoCount(UINT *pctinfo) = 0;
    /* The type information of the object; iTInfo is 0, else DISP_E_BADINDEX. */
    virtual HRESULT STDMETHODCALLTYPE GetTypeInfo(UINT iTInfo, LCID lcid, ITypeInfo **ppTInfo) = 0;
    /* DISPIDs of a member and of its parameters; DISP_E_UNKNOWNNAME if one is unknown (it gets DISPID_UNKNOWN). */
    virtual HRESULT STDMETHODCALLTYPE GetIDsOfNames(REFIID riid, LPOLESTR *rgszNames, UINT cNames, LCID lcid,
        DISPID *rgDispId) = 0;
    /* Calls a method or accesses a property. puArgErr is the index in rgvarg of the argument at fault. */
    virtual HRESULT STDMETHODCALLTYPE Invoke(DISPID dispIdMember, REFIID riid, LCID lcid, WORD wFlags,
        DISPPARAMS *pDispParams, VARIANT *pVarResult, EXCEPINFO *pExcepInfo, UINT *puArgErr) = 0;
};
__CRT_UUID_DECL(IDispatch, 0x00020400, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IDispatchVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IDispatch *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IDispatch *This);
    ULONG (STDMETHODCALLTYPE *Release)(IDispatch *This);
    /* 1 if GetTypeInfo gives type information, 0 if not. */
    HRESULT (STDMETHODCALLTYPE *GetTypeInfoCount)(IDispatch *This, UINT *pctinfo);
    /* The type information of the object; iTInfo is 0, else DISP_E_BADINDEX. */
    HRESULT (STDMETHODCALLTYPE *GetTypeInfo)(IDispatch *This, UINT iTInfo, LCID lcid, ITypeInfo **ppTInfo);
    /* DISPIDs of a member and of its parameters; DISP_E_UNKNOWNNAME if one is unknown (it gets DISPID_UNKNOWN). */
    HRESULT (STDMETHODCALLTYPE *GetIDsOfNames)(IDispatch *This, REFIID riid, LPOLESTR *rgszNames, UINT cNames,
        LCID lcid, DISPID *rgDispId);
    /* Calls a method or accesses a property. puArgErr is the index in rgvarg of the argument at fault. */
    HRESULT (STDMETHODCALLTYPE *Invoke)(IDispatch *This, DISPID dispIdMember, REFIID riid, LCID lcid, WORD wFlags,
        DISPPARAMS *pDispParams, VARIANT *pVarResult, EXCEPINFO *pExcepInfo, UINT *puArgErr);
} IDispatchVtbl;
struct IDispatch {
    CONST_VTBL IDispatchVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IDispatch_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IDispatch_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IDispatch_Release(This) ((This)->lpVtbl->Release(This))
#define IDispatch_GetTypeInfoCount(This, pctinfo) ((This)->lpVtbl->GetTypeInfoCount(This, pctinfo))
#define IDispatch_GetTypeInfo(This, iTInfo, lcid, ppTInfo) ((This)->lpVtbl->GetTypeInfo(This, iTInfo, lcid, ppTInfo))
#define IDispatch_GetIDsOfNames(This, riid, rgszNames, cNames, lcid, rgDispId) \
    ((This)->lpVtbl->GetIDsOfNames(This, riid, rgszNames, cNames, lcid, rgDispId))
#define IDispatch_Invoke(This, dispIdMember, riid, lcid, wFlags, pDispParams, pVarResult, pExcepInfo, puArgErr) \
    ((This)->lpVtbl->Invoke(This, dispIdMember, riid, lcid, wFlags, pDispParams, pVarResult, pExcepInfo, puArgErr))
#endif
#endif
#endif
typedef IDispatch *LPDISPATCH;

OLEANDER_DATA(const IID, IID_IEnumVARIANT);
typedef struct IEnumVARIANT IEnumVARIANT;
#ifndef __IEnumVARIANT_INTERFACE_DEFINED__
#define __IEnumVARIANT_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("00020404-0000-0000-C000-000000000046")
IEnumVARIANT : public IUnknown {
    /* Up to celt values, owned by the caller; S_FALSE if there were fewer. */
    virtual HRESULT STDMETHODCALLTYPE Next(ULONG celt, VARIANT *rgVar, ULONG *pCeltFetched) = 0;
    virtual HRESULT STDMETHODCALLTYPE Skip(ULONG celt) = 0;
    virtual HRESULT STDMETHODCALLTYPE Reset() = 0;
    virtual HRESULT STDMETHODCALLTYPE Clone(IEnumVARIANT **ppEnum) = 0;
};
__CRT_UUID_DECL(IEnumVARIANT, 0x00020404, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IEnumVARIANTVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IEnumVARIANT *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IEnumVARIANT *This);
    ULONG (STDMETHODCALLTYPE *Release)(IEnumVARIANT *This);
    /* Up to celt values, owned by the caller; S_FALSE if there were fewer. */
    HRESULT (STDMETHODCALLTYPE *Next)(IEnumVARIANT *This, ULONG celt, VARIANT *rgVar, ULONG *pCeltFetched);
    HRESULT (STDMETHODCALLTYPE *Skip)(IEnumVARIANT *This, ULONG celt);
    HRESULT (STDMETHODCALLTYPE *Reset)(IEnumVARIANT *This);
    HRESULT (STDMETHODCALLTYPE *Clone)(IEnumVARIANT *This, IEnumVARIANT **ppEnum);
} IEnumVARIANTVtbl;
struct IEnumVARIANT {
    CONST_VTBL IEnumVARIANTVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IEnumVARIANT_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IEnumVARIANT_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IEnumVARIANT_Release(This) ((This)->lpVtbl->Release(This))
#define IEnumVARIANT_Next(This, celt, rgVar, pCeltFetched) ((This)->lpVtbl->Next(This, celt, rgVar, pCeltFetched))
#define IEnumVARIANT_Skip(This, celt) ((This)->lpVtbl->Skip(This, celt))
#define IEnumVARIANT_Reset(This) ((This)->lpVtbl->Reset(This))
#define IEnumVARIANT_Clone(This, ppEnum) ((This)->lpVtbl->Clone(This, ppEnum))
#endif
#endif
#endif
typedef IEnumVARIANT *LPENUMVARIANT;

/* Reading type information */

OLEANDER_DATA(const IID, IID_ITypeComp);
typedef struct ITypeComp ITypeComp;
#ifndef __ITypeComp_INTERFACE_DEFINED__
#define __ITypeComp_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("00020403-0000-0000-C000-000000000046")
ITypeComp : public IUnknown {
    /* A name to its description; DESCKIND_NONE and S_OK if there is none. */
    virtual HRESULT STDMETHODCALLTYPE Bind(LPOLESTR szName, ULONG lHashVal, WORD wFlags, ITypeInfo **ppTInfo,
        DESCKIND *pDescKind, BINDPTR *pBindPtr) = 0;
    virtual HRESULT STDMETHODCALLTYPE BindType(LPOLESTR szName, ULONG lHashVal, ITypeInfo **ppTInfo,
        ITypeComp **ppTComp) = 0;
};
__CRT_UUID_DECL(ITypeComp, 0x00020403, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct ITypeCompVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(ITypeComp *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(ITypeComp *This);
    ULONG (STDMETHODCALLTYPE *Release)(ITypeComp *This);
    /* A name to its description; DESCKIND_NONE and S_OK if there is none. */
    HRESULT (STDMETHODCALLTYPE *Bind)(ITypeComp *This, LPOLESTR szName, ULONG lHashVal, WORD wFlags,
        ITypeInfo **ppTInfo, DESCKIND *pDescKind, BINDPTR *pBindPtr);
    HRESULT (STDMETHODCALLTYPE *BindType)(ITypeComp *This, LPOLESTR szName, ULONG lHashVal, ITypeInfo **ppTInfo,
        ITypeComp **ppTComp);
} ITypeCompVtbl;
struct ITypeComp {
    CONST_VTBL ITypeCompVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define ITypeComp_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define ITypeComp_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define ITypeComp_Release(This) ((This)->lpVtbl->Release(This))
#define ITypeComp_Bind(This, szName, lHashVal, wFlags, ppTInfo, pDescKind, pBindPtr) \
    ((This)->lpVtbl->Bind(This, szName, lHashVal, wFlags, ppTInfo, pDescKind, pBindPtr))
#define ITypeComp_BindType(This, szName, lHashVal, ppTInfo, ppTComp) \
    ((This)->lpVtbl->BindType(This, szName, lHashVal, ppTInfo, ppTComp))
#endif
#endif
#endif
typedef ITypeComp *LPTYPECOMP;

OLEANDER_DATA(const IID, IID_ITypeInfo);
typedef struct ITypeInfo ITypeInfo;
#ifndef __ITypeInfo_INTERFACE_DEFINED__
#define __ITypeInfo_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("00020401-0000-0000-C000-000000000046")
ITypeInfo : public IUnknown {
    /* Released with ReleaseTypeAttr. */
    virtual HRESULT STDMETHODCALLTYPE GetTypeAttr(TYPEATTR **ppTypeAttr) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetTypeComp(ITypeComp **ppTComp) = 0;
    /* Released with ReleaseFuncDesc. */
    virtual HRESULT STDMETHODCALLTYPE GetFuncDesc(UINT index, FUNCDESC **ppFuncDesc) = 0;
    /* Released with ReleaseVarDesc. */
    virtual HRESULT STDMETHODCALLTYPE GetVarDesc(UINT index, VARDESC **ppVarDesc) = 0;
    /* Name of the member, then of its parameters; the caller frees each. */
    virtual HRESULT STDMETHODCALLTYPE GetNames(MEMBERID memid, BSTR *rgBstrNames, UINT cMaxNames, UINT *pcNames) = 0;
    /* Index -1 asks a dispinterface for its dual interface. */
    virtual HRESULT STDMETHODCALLTYPE GetRefTypeOfImplType(UINT index, HREFTYPE *pRefType) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetImplTypeFlags(UINT index, INT *pImplTypeFlags) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetIDsOfNames(LPOLESTR *rgszNames, UINT cNames, MEMBERID *pMemId) = 0;
    /* Calls the member of pvInstance that this type describes. */
    virtual HRESULT STDMETHODCALLTYPE Invoke(PVOID pvInstance, MEMBERID memid, WORD wFlags, DISPPARAMS *pDispParams,
        VARIANT *pVarResult, EXCEPINFO *pExcepInfo, UINT *puArgErr) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetDocumentation(MEMBERID memid, BSTR *pBstrName, BSTR *pBstrDocString,
        DWORD *pdwHelpContext, BSTR *pBstrHelpFile) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetDllEntry(MEMBERID memid, INVOKEKIND invKind, BSTR *pBstrDllName,
        BSTR *pBstrName, WORD *pwOrdinal) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetRefTypeInfo(HREFTYPE hRefType, ITypeInfo **ppTInfo) = 0;
    virtual HRESULT STDMETHODCALLTYPE AddressOfMember(MEMBERID memid, INVOKEKIND invKind, PVOID *ppv) = 0;
    virtual HRESULT STDMETHODCALLTYPE CreateInstance(IUnknown *pUnkOuter, REFIID riid, PVOID *ppvObj) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetMops(MEMBERID memid, BSTR *pBstrMops) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetContainingTypeLib(ITypeLib **ppTLib, UINT *pIndex) = 0;
    virtual void STDMETHODCALLTYPE ReleaseTypeAttr(TYPEATTR *pTypeAttr) = 0;
    virtual void STDMETHODCALLTYPE ReleaseFuncDesc(FUNCDESC *pFuncDesc) = 0;
    virtual void STDMETHODCALLTYPE ReleaseVarDesc(VARDESC *pVarDesc) = 0;
};
__CRT_UUID_DECL(ITypeInfo, 0x00020401, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct ITypeInfoVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(ITypeInfo *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(ITypeInfo *This);
    ULONG (STDMETHODCALLTYPE *Release)(ITypeInfo *This);
    /* Released with ReleaseTypeAttr. */
    HRESULT (STDMETHODCALLTYPE *GetTypeAttr)(ITypeInfo *This, TYPEATTR **ppTypeAttr);
    HRESULT (STDMETHODCALLTYPE *GetTypeComp)(ITypeInfo *This, ITypeComp **ppTComp);
    /* Released with ReleaseFuncDesc. */
    HRESULT (STDMETHODCALLTYPE *GetFuncDesc)(ITypeInfo *This, UINT index, FUNCDESC **ppFuncDesc);
    /* Released with ReleaseVarDesc. */
    HRESULT (STDMETHODCALLTYPE *GetVarDesc)(ITypeInfo *This, UINT index, VARDESC **ppVarDesc);
    /* Name of the member, then of its parameters; the caller frees each. */
    HRESULT (STDMETHODCALLTYPE *GetNames)(ITypeInfo *This, MEMBERID memid, BSTR *rgBstrNames, UINT cMaxNames,
        UINT *pcNames);
    /* Index -1 asks a dispinterface for its dual interface. */
    HRESULT (STDMETHODCALLTYPE *GetRefTypeOfImplType)(ITypeInfo *This, UINT index, HREFTYPE *pRefType);
    HRESULT (STDMETHODCALLTYPE *GetImplTypeFlags)(ITypeInfo *This, UINT index, INT *pImplTypeFlags);
    HRESULT (STDMETHODCALLTYPE *GetIDsOfNames)(ITypeInfo *This, LPOLESTR *rgszNames, UINT cNames, MEMBERID *pMemId);
    /* Calls the member of pvInstance that this type describes. */
    HRESULT (STDMETHODCALLTYPE *Invoke)(ITypeInfo *This, PVOID pvInstance, MEMBERID memid, WORD wFlags,
        DISPPARAMS *pDispParams, VARIANT *pVarResult, EXCEPINFO *pExcepInfo, UINT *puArgErr);
    HRESULT (STDMETHODCALLTYPE *GetDocumentation)(ITypeInfo *This, MEMBERID memid, BSTR *pBstrName,
        BSTR *pBstrDocString, DWORD *pdwHelpContext, BSTR *pBstrHelpFile);
    HRESULT (STDMETHODCALLTYPE *GetDllEntry)(ITypeInfo *This, MEMBERID memid, INVOKEKIND invKind, BSTR *pBstrDllName,
        BSTR *pBstrName, WORD *pwOrdinal);
    HRESULT (STDMETHODCALLTYPE *GetRefTypeInfo)(ITypeInfo *This, HREFTYPE hRefType, ITypeInfo **ppTInfo);
    HRESULT (STDMETHODCALLTYPE *AddressOfMember)(ITypeInfo *This, MEMBERID memid, INVOKEKIND invKind, PVOID *ppv);
    HRESULT (STDMETHODCALLTYPE *CreateInstance)(ITypeInfo *This, IUnknown *pUnkOuter, REFIID riid, PVOID *ppvObj);
    HRESULT (STDMETHODCALLTYPE *GetMops)(ITypeInfo *This, MEMBERID memid, BSTR *pBstrMops);
    HRESULT (STDMETHODCALLTYPE *GetContainingTypeLib)(ITypeInfo *This, ITypeLib **ppTLib, UINT *pIndex);
    void (STDMETHODCALLTYPE *ReleaseTypeAttr)(ITypeInfo *This, TYPEATTR *pTypeAttr);
    void (STDMETHODCALLTYPE *ReleaseFuncDesc)(ITypeInfo *This, FUNCDESC *pFuncDesc);
    void (STDMETHODCALLTYPE *ReleaseVarDesc)(ITypeInfo *This, VARDESC *pVarDesc);
} ITypeInfoVtbl;
struct ITypeInfo {
    CONST_VTBL ITypeInfoVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define ITypeInfo_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define ITypeInfo_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define ITypeInfo_Release(This) ((This)->lpVtbl->Release(This))
#define ITypeInfo_GetTypeAttr(This, ppTypeAttr) ((This)->lpVtbl->GetTypeAttr(This, ppTypeAttr))
#define ITypeInfo_GetTypeComp(This, ppTComp) ((This)->lpVtbl->GetTypeComp(This, ppTComp))
#define ITypeInfo_GetFuncDesc(This, index, ppFuncDesc) ((This)->lpVtbl->GetFuncDesc(This, index, ppFuncDesc))
#define ITypeInfo_GetVarDesc(This, index, ppVarDesc) ((This)->lpVtbl->GetVarDesc(This, index, ppVarDesc))
#define ITypeInfo_GetNames(This, memid, rgBstrNames, cMaxNames, pcNames) \
    ((This)->lpVtbl->GetNames(This, memid, rgBstrNames, cMaxNames, pcNames))
#define ITypeInfo_GetRefTypeOfImplType(This, index, pRefType) \
    ((This)->lpVtbl->GetRefTypeOfImplType(This, index, pRefType))
#define ITypeInfo_GetImplTypeFlags(This, index, pImplTypeFlags) \
    ((This)->lpVtbl->GetImplTypeFlags(This, index, pImplTypeFlags))
#define ITypeInfo_GetIDsOfNames(This, rgszNames, cNames, pMemId) \
    ((This)->lpVtbl->GetIDsOfNames(This, rgszNames, cNames, pMemId))
#define ITypeInfo_Invoke(This, pvInstance, memid, wFlags, pDispParams, pVarResult, pExcepInfo, puArgErr) \
    ((This)->lpVtbl->Invoke(This, pvInstance, memid, wFlags, pDispParams, pVarResult, pExcepInfo, puArgErr))
#define ITypeInfo_GetDocumentation(This, memid, pBstrName, pBstrDocString, pdwHelpContext, pBstrHelpFile) \
    ((This)->lpVtbl->GetDocumentation(This, memid, pBstrName, pBstrDocString, pdwHelpContext, pBstrHelpFile))
#define ITypeInfo_GetDllEntry(This, memid, invKind, pBstrDllName, pBstrName, pwOrdinal) \
    ((This)->lpVtbl->GetDllEntry(This, memid, invKind, pBstrDllName, pBstrName, pwOrdinal))
#define ITypeInfo_GetRefTypeInfo(This, hRefType, ppTInfo) ((This)->lpVtbl->GetRefTypeInfo(This, hRefType, ppTInfo))
#define ITypeInfo_AddressOfMember(This, memid, invKind, ppv) \
    ((This)->lpVtbl->AddressOfMember(This, memid, invKind, ppv))
#define ITypeInfo_CreateInstance(This, pUnkOuter, riid, ppvObj) \
    ((This)->lpVtbl->CreateInstance(This, pUnkOuter, riid, ppvObj))
#define ITypeInfo_GetMops(This, memid, pBstrMops) ((This)->lpVtbl->GetMops(This, memid, pBstrMops))
#define ITypeInfo_GetContainingTypeLib(This, ppTLib, pIndex) \
    ((This)->lpVtbl->GetContainingTypeLib(This, ppTLib, pIndex))
#define ITypeInfo_ReleaseTypeAttr(This, pTypeAttr) ((This)->lpVtbl->ReleaseTypeAttr(This, pTypeAttr))
#define ITypeInfo_ReleaseFuncDesc(This, pFuncDesc) ((This)->lpVtbl->ReleaseFuncDesc(This, pFuncDesc))
#define ITypeInfo_ReleaseVarDesc(This, pVarDesc) ((This)->lpVtbl->ReleaseVarDesc(This, pVarDesc))
#endif
#endif
#endif
typedef ITypeInfo *LPTYPEINFO;

OLEANDER_DATA(const IID, IID_ITypeInfo2);
typedef struct ITypeInfo2 ITypeInfo2;
#ifndef __ITypeInfo2_INTERFACE_DEFINED__
#define __ITypeInfo2_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("00020412-0000-0000-C000-000000000046")
ITypeInfo2 : public ITypeInfo {
    virtual HRESULT STDMETHODCALLTYPE GetTypeKind(TYPEKIND *pTypeKind) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetTypeFlags(ULONG *pTypeFlags) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetFuncIndexOfMemId(MEMBERID memid, INVOKEKIND invKind, UINT *pFuncIndex) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetVarIndexOfMemId(MEMBERID memid, UINT *pVarIndex) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetCustData(REFGUID guid, VARIANT *pVarVal) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetFuncCustData(UINT index, REFGUID guid, VARIANT *pVarVal) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetParamCustData(UINT indexFunc, UINT indexParam, REFGUID guid,
        VARIANT *pVarVal) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetVarCustData(UINT index, REFGUID guid, VARIANT *pVarVal) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetImplTypeCustData(UINT index, REFGUID guid, VARIANT *pVarVal) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetDocumentation2(MEMBERID memid, LCID lcid, BSTR *pbstrHelpString,
        DWORD *pdwHelpStringContext, BSTR *pbstrHelpStringDll) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetAllCustData(CUSTDATA *pCustData) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetAllFuncCustData(UINT index, CUSTDATA *pCustData) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetAllParamCustData(UINT indexFunc, UINT indexParam, CUSTDATA *pCustData) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetAllVarCustData(UINT index, CUSTDATA *pCustData) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetAllImplTypeCustData(UINT index, CUSTDATA *pCustData) = 0;
};
__CRT_UUID_DECL(ITypeInfo2, 0x00020412, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct ITypeInfo2Vtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(ITypeInfo2 *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(ITypeInfo2 *This);
    ULONG (STDMETHODCALLTYPE *Release)(ITypeInfo2 *This);
    HRESULT (STDMETHODCALLTYPE *GetTypeAttr)(ITypeInfo2 *This, TYPEATTR **ppTypeAttr);
    HRESULT (STDMETHODCALLTYPE *GetTypeComp)(ITypeInfo2 *This, ITypeComp **ppTComp);
    HRESULT (STDMETHODCALLTYPE *GetFuncDesc)(ITypeInfo2 *This, UINT index, FUNCDESC **ppFuncDesc);
    HRESULT (STDMETHODCALLTYPE *GetVarDesc)(ITypeInfo2 *This, UINT index, VARDESC **ppVarDesc);
    HRESULT (STDMETHODCALLTYPE *GetNames)(ITypeInfo2 *This, MEMBERID memid, BSTR *rgBstrNames, UINT cMaxNames,
        UINT *pcNames);
    HRESULT (STDMETHODCALLTYPE *GetRefTypeOfImplType)(ITypeInfo2 *This, UINT index, HREFTYPE *pRefType);
    HRESULT (STDMETHODCALLTYPE *GetImplTypeFlags)(ITypeInfo2 *This, UINT index, INT *pImplTypeFlags);
    HRESULT (STDMETHODCALLTYPE *GetIDsOfNames)(ITypeInfo2 *This, LPOLESTR *rgszNames, UINT cNames, MEMBERID *pMemId);
    HRESULT (STDMETHODCALLTYPE *Invoke)(ITypeInfo2 *This, PVOID pvInstance, MEMBERID memid, WORD wFlags,
        DISPPARAMS *pDispParams, VARIANT *pVarResult, EXCEPINFO *pExcepInfo, UINT *puArgErr);
    HRESULT (STDMETHODCALLTYPE *GetDocumentation)(ITypeInfo2 *This, MEMBERID memid, BSTR *pBstrName,
        BSTR *pBstrDocString, DWORD *pdwHelpContext, BSTR *pBstrHelpFile);
    HRESULT (STDMETHODCALLTYPE *GetDllEntry)(ITypeInfo2 *This, MEMBERID memid, INVOKEKIND invKind,
        BSTR *pBstrDllName, BSTR *pBstrName, WORD *pwOrdinal);
    HRESULT (STDMETHODCALLTYPE *GetRefTypeInfo)(ITypeInfo2 *This, HREFTYPE hRefType, ITypeInfo **ppTInfo);
    HRESULT (STDMETHODCALLTYPE *AddressOfMember)(ITypeInfo2 *This, MEMBERID memid, INVOKEKIND invKind, PVOID *ppv);
    HRESULT (STDMETHODCALLTYPE *CreateInstance)(ITypeInfo2 *This, IUnknown *pUnkOuter, REFIID riid, PVOID *ppvObj);
    HRESULT (STDMETHODCALLTYPE *GetMops)(ITypeInfo2 *This, MEMBERID memid, BSTR *pBstrMops);
    HRESULT (STDMETHODCALLTYPE *GetContainingTypeLib)(ITypeInfo2 *This, ITypeLib **ppTLib, UINT *pIndex);
    void (STDMETHODCALLTYPE *ReleaseTypeAttr)(ITypeInfo2 *This, TYPEATTR *pTypeAttr);
    void (STDMETHODCALLTYPE *ReleaseFuncDesc)(ITypeInfo2 *This, FUNCDESC *pFuncDesc);
    void (STDMETHODCALLTYPE *ReleaseVarDesc)(ITypeInfo2 *This, VARDESC *pVarDesc);
    HRESULT (STDMETHODCALLTYPE *GetTypeKind)(ITypeInfo2 *This, TYPEKIND *pTypeKind);
    HRESULT (STDMETHODCALLTYPE *GetTypeFlags)(ITypeInfo2 *This, ULONG *pTypeFlags);
    HRESULT (STDMETHODCALLTYPE *GetFuncIndexOfMemId)(ITypeInfo2 *This, MEMBERID memid, INVOKEKIND invKind,
        UINT *pFuncIndex);
    HRESULT (STDMETHODCALLTYPE *GetVarIndexOfMemId)(ITypeInfo2 *This, MEMBERID memid, UINT *pVarIndex);
    HRESULT (STDMETHODCALLTYPE *GetCustData)(ITypeInfo2 *This, REFGUID guid, VARIANT *pVarVal);
    HRESULT (STDMETHODCALLTYPE *GetFuncCustData)(ITypeInfo2 *This, UINT index, REFGUID guid, VARIANT *pVarVal);
    HRESULT (STDMETHODCALLTYPE *GetParamCustData)(ITypeInfo2 *This, UINT indexFunc, UINT indexParam, REFGUID guid,
        VARIANT *pVarVal);
    HRESULT (STDMETHODCALLTYPE *GetVarCustData)(ITypeInfo2 *This, UINT index, REFGUID guid, VARIANT *pVarVal);
    HRESULT (STDMETHODCALLTYPE *GetImplTypeCustData)(ITypeInfo2 *This, UINT index, REFGUID guid, VARIANT *pVarVal);
    HRESULT (STDMETHODCALLTYPE *GetDocumentation2)(ITypeInfo2 *This, MEMBERID memid, LCID lcid,
        BSTR *pbstrHelpString, DWORD *pdwHelpStringContext, BSTR *pbstrHelpStringDll);
    HRESULT (STDMETHODCALLTYPE *GetAllCustData)(ITypeInfo2 *This, CUSTDATA *pCustData);
    HRESULT (STDMETHODCALLTYPE *GetAllFuncCustData)(ITypeInfo2 *This, UINT index, CUSTDATA *pCustData);
    HRESULT (STDMETHODCALLTYPE *GetAllParamCustData)(ITypeInfo2 *This, UINT indexFunc, UINT indexParam,
        CUSTDATA *pCustData);
    HRESULT (STDMETHODCALLTYPE *GetAllVarCustData)(ITypeInfo2 *This, UINT index, CUSTDATA *pCustData);
    HRESULT (STDMETHODCALLTYPE *GetAllImplTypeCustData)(ITypeInfo2 *This, UINT index, CUSTDATA *pCustData);
} ITypeInfo2Vtbl;
struct ITypeInfo2 {
    CONST_VTBL ITypeInfo2Vtbl *lpVtbl;
};
#ifdef COBJMACROS
#define ITypeInfo2_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define ITypeInfo2_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define ITypeInfo2_Release(This) ((This)->lpVtbl->Release(This))
#define ITypeInfo2_GetTypeAttr(This, ppTypeAttr) ((This)->lpVtbl->GetTypeAttr(This, ppTypeAttr))
#define ITypeInfo2_GetTypeComp(This, ppTComp) ((This)->lpVtbl->GetTypeComp(This, ppTComp))
#define ITypeInfo2_GetFuncDesc(This, index, ppFuncDesc) ((This)->lpVtbl->GetFuncDesc(This, index, ppFuncDesc))
#define ITypeInfo2_GetVarDesc(This, index, ppVarDesc) ((This)->lpVtbl->GetVarDesc(This, index, ppVarDesc))
#define ITypeInfo2_GetNames(This, memid, rgBstrNames, cMaxNames, pcNames) \
    ((This)->lpVtbl->GetNames(This, memid, rgBstrNames, cMaxNames, pcNames))
#define ITypeInfo2_GetRefTypeOfImplType(This, index, pRefType) \
    ((This)->lpVtbl->GetRefTypeOfImplType(This, index, pRefType))
#define ITypeInfo2_GetImplTypeFlags(This, index, pImplTypeFlags) \
    ((This)->lpVtbl->GetImplTypeFlags(This, index, pImplTypeFlags))
#define ITypeInfo2_GetIDsOfNames(This, rgszNames, cNames, pMemId) \
    ((This)->lpVtbl->GetIDsOfNames(This, rgszNames, cNames, pMemId))
#define ITypeInfo2_Invoke(This, pvInstance, memid, wFlags, pDispParams, pVarResult, pExcepInfo, puArgErr) \
    ((This)->lpVtbl->Invoke(This, pvInstance, memid, wFlags, pDispParams, pVarResult, pExcepInfo, puArgErr))
#define ITypeInfo2_GetDocumentation(This, memid, pBstrName, pBstrDocString, pdwHelpContext, pBstrHelpFile) \
    ((This)->lpVtbl->GetDocumentation(This, memid, pBstrName, pBstrDocString, pdwHelpContext, pBstrHelpFile))
#define ITypeInfo2_GetDllEntry(This, memid, invKind, pBstrDllName, pBstrName, pwOrdinal) \
    ((This)->lpVtbl->GetDllEntry(This, memid, invKind, pBstrDllName, pBstrName, pwOrdinal))
#define ITypeInfo2_GetRefTypeInfo(This, hRefType, ppTInfo) ((This)->lpVtbl->GetRefTypeInfo(This, hRefType, ppTInfo))
#define ITypeInfo2_AddressOfMember(This, memid, invKind, ppv) \
    ((This)->lpVtbl->AddressOfMember(This, memid, invKind, ppv))
#define ITypeInfo2_CreateInstance(This, pUnkOuter, riid, ppvObj) \
    ((This)->lpVtbl->CreateInstance(This, pUnkOuter, riid, ppvObj))
#define ITypeInfo2_GetMops(This, memid, pBstrMops) ((This)->lpVtbl->GetMops(This, memid, pBstrMops))
#define ITypeInfo2_GetContainingTypeLib(This, ppTLib, pIndex) \
    ((This)->lpVtbl->GetContainingTypeLib(This, ppTLib, pIndex))
#define ITypeInfo2_ReleaseTypeAttr(This, pTypeAttr) ((This)->lpVtbl->ReleaseTypeAttr(This, pTypeAttr))
#define ITypeInfo2_ReleaseFuncDesc(This, pFuncDesc) ((This)->lpVtbl->ReleaseFuncDesc(This, pFuncDesc))
#define ITypeInfo2_ReleaseVarDesc(This, pVarDesc) ((This)->lpVtbl->ReleaseVarDesc(This, pVarDesc))
#define ITypeInfo2_GetTypeKind(This, pTypeKind) ((This)->lpVtbl->GetTypeKind(This, pTypeKind))
#define ITypeInfo2_GetTypeFlags(This, pTypeFlags) ((This)->lpVtbl->GetTypeFlags(This, pTypeFlags))
#define ITypeInfo2_GetFuncIndexOfMemId(This, memid, invKind, pFuncIndex) \
    ((This)->lpVtbl->GetFuncIndexOfMemId(This, memid, invKind, pFuncIndex))
#define ITypeInfo2_GetVarIndexOfMemId(This, memid, pVarIndex) \
    ((This)->lpVtbl->GetVarIndexOfMemId(This, memid, pVarIndex))
#define ITypeInfo2_GetCustData(This, guid, pVarVal) ((This)->lpVtbl->GetCustData(This, guid, pVarVal))
#define ITypeInfo2_GetFuncCustData(This, index, guid, pVarVal) \
    ((This)->lpVtbl->GetFuncCustData(This, index, guid, pVarVal))
#define ITypeInfo2_GetParamCustData(This, indexFunc, indexParam, guid, pVarVal) \
    ((This)->lpVtbl->GetParamCustData(This, indexFunc, indexParam, guid, pVarVal))
#define ITypeInfo2_GetVarCustData(This, index, guid, pVarVal) \
    ((This)->lpVtbl->GetVarCustData(This, index, guid, pVarVal))
#define ITypeInfo2_GetImplTypeCustData(This, index, guid, pVarVal) \
    ((This)->lpVtbl->GetImplTypeCustData(This, index, guid, pVarVal))
#define ITypeInfo2_GetDocumentation2(This, memid, lcid, pbstrHelpString, pdwHelpStringContext, pbstrHelpStringDll) \
    ((This)->lpVtbl->GetDocumentation2(This, memid, lcid, pbstrHelpString, pdwHelpStringContext, pbstrHelpStringDll))
#define ITypeInfo2_GetAllCustData(This, pCustData) ((This)->lpVtbl->GetAllCustData(This, pCustData))
#define ITypeInfo2_GetAllFuncCustData(This, index, pCustData) \
    ((This)->lpVtbl->GetAllFuncCustData(This, index, pCustData))
#define ITypeInfo2_GetAllParamCustData(This, indexFunc, indexParam, pCustData) \
    ((This)->lpVtbl->GetAllParamCustData(This, indexFunc, indexParam, pCustData))
#define ITypeInfo2_GetAllVarCustData(This, index, pCustData) \
    ((This)->lpVtbl->GetAllVarCustData(This, index, pCustData))
#define ITypeInfo2_GetAllImplTypeCustData(This, index, pCustData) \
    ((This)->lpVtbl->GetAllImplTypeCustData(This, index, pCustData))
#endif
#endif
#endif
typedef ITypeInfo2 *LPTYPEINFO2;

OLEANDER_DATA(const IID, IID_ITypeLib);
typedef struct ITypeLib ITypeLib;
#ifndef __ITypeLib_INTERFACE_DEFINED__
#define __ITypeLib_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("00020402-0000-0000-C000-000000000046")
ITypeLib : public IUnknown {
    virtual UINT STDMETHODCALLTYPE GetTypeInfoCount() = 0;
    virtual HRESULT STDMETHODCALLTYPE GetTypeInfo(UINT index, ITypeInfo **ppTInfo) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetTypeInfoType(UINT index, TYPEKIND *pTKind) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetTypeInfoOfGuid(REFGUID guid, ITypeInfo **ppTinfo) = 0;
    /* Released with ReleaseTLibAttr. */
    virtual HRESULT STDMETHODCALLTYPE GetLibAttr(TLIBATTR **ppTLibAttr) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetTypeComp(ITypeComp **ppTComp) = 0;
    /* Index -1 is the library itself. */
    virtual HRESULT STDMETHODCALLTYPE GetDocumentation(INT index, BSTR *pBstrName, BSTR *pBstrDocString,
        DWORD *pdwHelpContext, BSTR *pBstrHelpFile) = 0;
    /* Is this a name in the library? Corrects the case of szNameBuf in place. */
    virtual HRESULT STDMETHODCALLTYPE IsName(LPOLESTR szNameBuf, ULONG lHashVal, BOOL *pfName) = 0;
    virtual HRESULT STDMETHODCALLTYPE FindName(LPOLESTR szNameBuf, ULONG lHashVal, ITypeInfo **ppTInfo,
        MEMBERID *rgMemId, USHORT *pcFound) = 0;
    virtual void STDMETHODCALLTYPE ReleaseTLibAttr(TLIBATTR *pTLibAttr) = 0;
};
__CRT_UUID_DECL(ITypeLib, 0x00020402, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct ITypeLibVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(ITypeLib *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(ITypeLib *This);
    ULONG (STDMETHODCALLTYPE *Release)(ITypeLib *This);
    UINT (STDMETHODCALLTYPE *GetTypeInfoCount)(ITypeLib *This);
    HRESULT (STDMETHODCALLTYPE *GetTypeInfo)(ITypeLib *This, UINT index, ITypeInfo **ppTInfo);
    HRESULT (STDMETHODCALLTYPE *GetTypeInfoType)(ITypeLib *This, UINT index, TYPEKIND *pTKind);
    HRESULT (STDMETHODCALLTYPE *GetTypeInfoOfGuid)(ITypeLib *This, REFGUID guid, ITypeInfo **ppTinfo);
    /* Released with ReleaseTLibAttr. */
    HRESULT (STDMETHODCALLTYPE *GetLibAttr)(ITypeLib *This, TLIBATTR **ppTLibAttr);
    HRESULT (STDMETHODCALLTYPE *GetTypeComp)(ITypeLib *This, ITypeComp **ppTComp);
    /* Index -1 is the library itself. */
    HRESULT (STDMETHODCALLTYPE *GetDocumentation)(ITypeLib *This, INT index, BSTR *pBstrName, BSTR *pBstrDocString,
        DWORD *pdwHelpContext, BSTR *pBstrHelpFile);
    /* Is this a name in the library? Corrects the case of szNameBuf in place. */
    HRESULT (STDMETHODCALLTYPE *IsName)(ITypeLib *This, LPOLESTR szNameBuf, ULONG lHashVal, BOOL *pfName);
    HRESULT (STDMETHODCALLTYPE *FindName)(ITypeLib *This, LPOLESTR szNameBuf, ULONG lHashVal, ITypeInfo **ppTInfo,
        MEMBERID *rgMemId, USHORT *pcFound);
    void (STDMETHODCALLTYPE *ReleaseTLibAttr)(ITypeLib *This, TLIBATTR *pTLibAttr);
} ITypeLibVtbl;
struct ITypeLib {
    CONST_VTBL ITypeLibVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define ITypeLib_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define ITypeLib_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define ITypeLib_Release(This) ((This)->lpVtbl->Release(This))
#define ITypeLib_GetTypeInfoCount(This) ((This)->lpVtbl->GetTypeInfoCount(This))
#define ITypeLib_GetTypeInfo(This, index, ppTInfo) ((This)->lpVtbl->GetTypeInfo(This, index, ppTInfo))
#define ITypeLib_GetTypeInfoType(This, index, pTKind) ((This)->lpVtbl->GetTypeInfoType(This, index, pTKind))
#define ITypeLib_GetTypeInfoOfGuid(This, guid, ppTinfo) ((This)->lpVtbl->GetTypeInfoOfGuid(This, guid, ppTinfo))
#define ITypeLib_GetLibAttr(This, ppTLibAttr) ((This)->lpVtbl->GetLibAttr(This, ppTLibAttr))
#define ITypeLib_GetTypeComp(This, ppTComp) ((This)->lpVtbl->GetTypeComp(This, ppTComp))
#define ITypeLib_GetDocumentation(This, index, pBstrName, pBstrDocString, pdwHelpContext, pBstrHelpFile) \
    ((This)->lpVtbl->GetDocumentation(This, index, pBstrName, pBstrDocString, pdwHelpContext, pBstrHelpFile))
#define ITypeLib_IsName(This, szNameBuf, lHashVal, pfName) ((This)->lpVtbl->IsName(This, szNameBuf, lHashVal, pfName))
#define ITypeLib_FindName(This, szNameBuf, lHashVal, ppTInfo, rgMemId, pcFound) \
    ((This)->lpVtbl->FindName(This, szNameBuf, lHashVal, ppTInfo, rgMemId, pcFound))
#define ITypeLib_ReleaseTLibAttr(This, pTLibAttr) ((This)->lpVtbl->ReleaseTLibAttr(This, pTLibAttr))
#endif
#endif
#endif
typedef ITypeLib *LPTYPELIB;

OLEANDER_DATA(const IID, IID_ITypeLib2);
typedef struct ITypeLib2 ITypeLib2;
#ifndef __ITypeLib2_INTERFACE_DEFINED__
#define __ITypeLib2_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("00020411-0000-0000-C000-000000000046")
ITypeLib2 : public ITypeLib {
    virtual HRESULT STDMETHODCALLTYPE GetCustData(REFGUID guid, VARIANT *pVarVal) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetLibStatistics(ULONG *pcUniqueNames, ULONG *pcchUniqueNames) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetDocumentation2(INT index, LCID lcid, BSTR *pbstrHelpString,
        DWORD *pdwHelpStringContext, BSTR *pbstrHelpStringDll) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetAllCustData(CUSTDATA *pCustData) = 0;
};
__CRT_UUID_DECL(ITypeLib2, 0x00020411, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct ITypeLib2Vtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(ITypeLib2 *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(ITypeLib2 *This);
    ULONG (STDMETHODCALLTYPE *Release)(ITypeLib2 *This);
    UINT (STDMETHODCALLTYPE *GetTypeInfoCount)(ITypeLib2 *This);
    HRESULT (STDMETHODCALLTYPE *GetTypeInfo)(ITypeLib2 *This, UINT index, ITypeInfo **ppTInfo);
    HRESULT (STDMETHODCALLTYPE *GetTypeInfoType)(ITypeLib2 *This, UINT index, TYPEKIND *pTKind);
    HRESULT (STDMETHODCALLTYPE *GetTypeInfoOfGuid)(ITypeLib2 *This, REFGUID guid, ITypeInfo **ppTinfo);
    HRESULT (STDMETHODCALLTYPE *GetLibAttr)(ITypeLib2 *This, TLIBATTR **ppTLibAttr);
    HRESULT (STDMETHODCALLTYPE *GetTypeComp)(ITypeLib2 *This, ITypeComp **ppTComp);
    HRESULT (STDMETHODCALLTYPE *GetDocumentation)(ITypeLib2 *This, INT index, BSTR *pBstrName, BSTR *pBstrDocString,
        DWORD *pdwHelpContext, BSTR *pBstrHelpFile);
    HRESULT (STDMETHODCALLTYPE *IsName)(ITypeLib2 *This, LPOLESTR szNameBuf, ULONG lHashVal, BOOL *pfName);
    HRESULT (STDMETHODCALLTYPE *FindName)(ITypeLib2 *This, LPOLESTR szNameBuf, ULONG lHashVal, ITypeInfo **ppTInfo,
        MEMBERID *rgMemId, USHORT *pcFound);
    void (STDMETHODCALLTYPE *ReleaseTLibAttr)(ITypeLib2 *This, TLIBATTR *pTLibAttr);
    HRESULT (STDMETHODCALLTYPE *GetCustData)(ITypeLib2 *This, REFGUID guid, VARIANT *pVarVal);
    HRESULT (STDMETHODCALLTYPE *GetLibStatistics)(ITypeLib2 *This, ULONG *pcUniqueNames, ULONG *pcchUniqueNames);
    HRESULT (STDMETHODCALLTYPE *GetDocumentation2)(ITypeLib2 *This, INT index, LCID lcid, BSTR *pbstrHelpString,
        DWORD *pdwHelpStringContext, BSTR *pbstrHelpStringDll);
    HRESULT (STDMETHODCALLTYPE *GetAllCustData)(ITypeLib2 *This, CUSTDATA *pCustData);
} ITypeLib2Vtbl;
struct ITypeLib2 {
    CONST_VTBL ITypeLib2Vtbl *lpVtbl;
};
#ifdef COBJMACROS
#define ITypeLib2_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define ITypeLib2_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define ITypeLib2_Release(This) ((This)->lpVtbl->Release(This))
#define ITypeLib2_GetTypeInfoCount(This) ((This)->lpVtbl->GetTypeInfoCount(This))
#define ITypeLib2_GetTypeInfo(This, index, ppTInfo) ((This)->lpVtbl->GetTypeInfo(This, index, ppTInfo))
#define ITypeLib2_GetTypeInfoType(This, index, pTKind) ((This)->lpVtbl->GetTypeInfoType(This, index, pTKind))
#define ITypeLib2_GetTypeInfoOfGuid(This, guid, ppTinfo) ((This)->lpVtbl->GetTypeInfoOfGuid(This, guid, ppTinfo))
#define ITypeLib2_GetLibAttr(This, ppTLibAttr) ((This)->lpVtbl->GetLibAttr(This, ppTLibAttr))
#define ITypeLib2_GetTypeComp(This, ppTComp) ((This)->lpVtbl->GetTypeComp(This, ppTComp))
#define ITypeLib2_GetDocumentation(This, index, pBstrName, pBstrDocString, pdwHelpContext, pBstrHelpFile) \
    ((This)->lpVtbl->GetDocumentation(This, index, pBstrName, pBstrDocString, pdwHelpContext, pBstrHelpFile))
#define ITypeLib2_IsName(This, szNameBuf, lHashVal, pfName) \
    ((This)->lpVtbl->IsName(This, szNameBuf, lHashVal, pfName))
#define ITypeLib2_FindName(This, szNameBuf, lHashVal, ppTInfo, rgMemId, pcFound) \
    ((This)->lpVtbl->FindName(This, szNameBuf, lHashVal, ppTInfo, rgMemId, pcFound))
#define ITypeLib2_ReleaseTLibAttr(This, pTLibAttr) ((This)->lpVtbl->ReleaseTLibAttr(This, pTLibAttr))
#define ITypeLib2_GetCustData(This, guid, pVarVal) ((This)->lpVtbl->GetCustData(This, guid, pVarVal))
#define ITypeLib2_GetLibStatistics(This, pcUniqueNames, pcchUniqueNames) \
    ((This)->lpVtbl->GetLibStatistics(This, pcUniqueNames, pcchUniqueNames))
#define ITypeLib2_GetDocumentation2(This, index, lcid, pbstrHelpString, pdwHelpStringContext, pbstrHelpStringDll) \
    ((This)->lpVtbl->GetDocumentation2(This, index, lcid, pbstrHelpString, pdwHelpStringContext, pbstrHelpStringDll))
#define ITypeLib2_GetAllCustData(This, pCustData) ((This)->lpVtbl->GetAllCustData(This, pCustData))
#endif
#endif
#endif
typedef ITypeLib2 *LPTYPELIB2;

/* Writing type libraries */

OLEANDER_DATA(const IID, IID_ICreateTypeInfo);
typedef struct ICreateTypeInfo ICreateTypeInfo;
#ifndef __ICreateTypeInfo_INTERFACE_DEFINED__
#define __ICreateTypeInfo_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("00020405-0000-0000-C000-000000000046")
ICreateTypeInfo : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE SetGuid(REFGUID guid) = 0;
    virtual HRESULT STDMETHODCALLTYPE SetTypeFlags(UINT uTypeFlags) = 0;
    virtual HRESULT STDMETHODCALLTYPE SetDocString(LPOLESTR pStrDoc) = 0;
    virtual HRESULT STDMETHODCALLTYPE SetHelpContext(DWORD dwHelpContext) = 0;
    virtual HRESULT STDMETHODCALLTYPE SetVersion(WORD wMajorVerNum, WORD wMinorVerNum) = 0;
    virtual HRESULT STDMETHODCALLTYPE AddRefTypeInfo(ITypeInfo *pTInfo, HREFTYPE *phRefType) = 0;
    virtual HRESULT STDMETHODCALLTYPE AddFuncDesc(UINT index, FUNCDESC *pFuncDesc) = 0;
    virtual HRESULT STDMETHODCALLTYPE AddImplType(UINT index, HREFTYPE hRefType) = 0;
    virtual HRESULT STDMETHODCALLTYPE SetImplTypeFlags(UINT index, INT implTypeFlags) = 0;
    virtual HRESULT STDMETHODCALLTYPE SetAlignment(WORD cbAlignment) = 0;
    virtual HRESULT STDMETHODCALLTYPE SetSchema(LPOLESTR pStrSchema) = 0;
    virtual HRESULT STDMETHODCALLTYPE AddVarDesc(UINT index, VARDESC *pVarDesc) = 0;
    virtual HRESULT STDMETHODCALLTYPE SetFuncAndParamNames(UINT index, LPOLESTR *rgszNames, UINT cNames) = 0;
    virtual HRESULT STDMETHODCALLTYPE SetVarName(UINT index, LPOLESTR szName) = 0;
    virtual HRESULT STDMETHODCALLTYPE SetTypeDescAlias(TYPEDESC *pTDescAlias) = 0;
    virtual HRESULT STDMETHODCALLTYPE DefineFuncAsDllEntry(UINT index, LPOLESTR szDllName, LPOLESTR szProcName) = 0;
    virtual HRESULT STDMETHODCALLTYPE SetFuncDocString(UINT index, LPOLESTR szDocString) = 0;
    virtual HRESULT STDMETHODCALLTYPE SetVarDocString(UINT index, LPOLESTR szDocString) = 0;
    virtual HRESULT STDMETHODCALLTYPE SetFuncHelpContext(UINT index, DWORD dwHelpContext) = 0;
    virtual HRESULT STDMETHODCALLTYPE SetVarHelpContext(UINT index, DWORD dwHelpContext) = 0;
    virtual HRESULT STDMETHODCALLTYPE SetMops(UINT index, BSTR bstrMops) = 0;
    virtual HRESULT STDMETHODCALLTYPE SetTypeIdldesc(IDLDESC *pIdlDesc) = 0;
    /* Assigns DISPIDs, offsets and sizes; to be called before the type is used or saved. */
    virtual HRESULT STDMETHODCALLTYPE LayOut() = 0;
};
__CRT_UUID_DECL(ICreateTypeInfo, 0x00020405, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct ICreateTypeInfoVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(ICreateTypeInfo *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(ICreateTypeInfo *This);
    ULONG (STDMETHODCALLTYPE *Release)(ICreateTypeInfo *This);
    HRESULT (STDMETHODCALLTYPE *SetGuid)(ICreateTypeInfo *This, REFGUID guid);
    HRESULT (STDMETHODCALLTYPE *SetTypeFlags)(ICreateTypeInfo *This, UINT uTypeFlags);
    HRESULT (STDMETHODCALLTYPE *SetDocString)(ICreateTypeInfo *This, LPOLESTR pStrDoc);
    HRESULT (STDMETHODCALLTYPE *SetHelpContext)(ICreateTypeInfo *This, DWORD dwHelpContext);
    HRESULT (STDMETHODCALLTYPE *SetVersion)(ICreateTypeInfo *This, WORD wMajorVerNum, WORD wMinorVerNum);
    HRESULT (STDMETHODCALLTYPE *AddRefTypeInfo)(ICreateTypeInfo *This, ITypeInfo *pTInfo, HREFTYPE *phRefType);
    HRESULT (STDMETHODCALLTYPE *AddFuncDesc)(ICreateTypeInfo *This, UINT index, FUNCDESC *pFuncDesc);
    HRESULT (STDMETHODCALLTYPE *AddImplType)(ICreateTypeInfo *This, UINT index, HREFTYPE hRefType);
    HRESULT (STDMETHODCALLTYPE *SetImplTypeFlags)(ICreateTypeInfo *This, UINT index, INT implTypeFlags);
    HRESULT (STDMETHODCALLTYPE *SetAlignment)(ICreateTypeInfo *This, WORD cbAlignment);
    HRESULT (STDMETHODCALLTYPE *SetSchema)(ICreateTypeInfo *This, LPOLESTR pStrSchema);
    HRESULT (STDMETHODCALLTYPE *AddVarDesc)(ICreateTypeInfo *This, UINT index, VARDESC *pVarDesc);
    HRESULT (STDMETHODCALLTYPE *SetFuncAndParamNames)(ICreateTypeInfo *This, UINT index, LPOLESTR *rgszNames,
        UINT cNames);
    HRESULT (STDMETHODCALLTYPE *SetVarName)(ICreateTypeInfo *This, UINT index, LPOLESTR szName);
    HRESULT (STDMETHODCALLTYPE *SetTypeDescAlias)(ICreateTypeInfo *This, TYPEDESC *pTDescAlias);
    HRESULT (STDMETHODCALLTYPE *DefineFuncAsDllEntry)(ICreateTypeInfo *This, UINT index, LPOLESTR szDllName,
        LPOLESTR szProcName);
    HRESULT (STDMETHODCALLTYPE *SetFuncDocString)(ICreateTypeInfo *This, UINT index, LPOLESTR szDocString);
    HRESULT (STDMETHODCALLTYPE *SetVarDocString)(ICreateTypeInfo *This, UINT index, LPOLESTR szDocString);
    HRESULT (STDMETHODCALLTYPE *SetFuncHelpContext)(ICreateTypeInfo *This, UINT index, DWORD dwHelpContext);
    HRESULT (STDMETHODCALLTYPE *SetVarHelpContext)(ICreateTypeInfo *This, UINT index, DWORD dwHelpContext);
    HRESULT (STDMETHODCALLTYPE *SetMops)(ICreateTypeInfo *This, UINT index, BSTR bstrMops);
    HRESULT (STDMETHODCALLTYPE *SetTypeIdldesc)(ICreateTypeInfo *This, IDLDESC *pIdlDesc);
    /* Assigns DISPIDs, offsets and sizes; to be called before the type is used or saved. */
    HRESULT (STDMETHODCALLTYPE *LayOut)(ICreateTypeInfo *This);
} ICreateTypeInfoVtbl;
struct ICreateTypeInfo {
    CONST_VTBL ICreateTypeInfoVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define ICreateTypeInfo_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define ICreateTypeInfo_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define ICreateTypeInfo_Release(This) ((This)->lpVtbl->Release(This))
#define ICreateTypeInfo_SetGuid(This, guid) ((This)->lpVtbl->SetGuid(This, guid))
#define ICreateTypeInfo_SetTypeFlags(This, uTypeFlags) ((This)->lpVtbl->SetTypeFlags(This, uTypeFlags))
#define ICreateTypeInfo_SetDocString(This, pStrDoc) ((This)->lpVtbl->SetDocString(This, pStrDoc))
#define ICreateTypeInfo_SetHelpContext(This, dwHelpContext) ((This)->lpVtbl->SetHelpContext(This, dwHelpContext))
#define ICreateTypeInfo_SetVersion(This, wMajorVerNum, wMinorVerNum) \
    ((This)->lpVtbl->SetVersion(This, wMajorVerNum, wMinorVerNum))
#define ICreateTypeInfo_AddRefTypeInfo(This, pTInfo, phRefType) \
    ((This)->lpVtbl->AddRefTypeInfo(This, pTInfo, phRefType))
#define ICreateTypeInfo_AddFuncDesc(This, index, pFuncDesc) ((This)->lpVtbl->AddFuncDesc(This, index, pFuncDesc))
#define ICreateTypeInfo_AddImplType(This, index, hRefType) ((This)->lpVtbl->AddImplType(This, index, hRefType))
#define ICreateTypeInfo_SetImplTypeFlags(This, index, implTypeFlags) \
    ((This)->lpVtbl->SetImplTypeFlags(This, index, implTypeFlags))
#define ICreateTypeInfo_SetAlignment(This, cbAlignment) ((This)->lpVtbl->SetAlignment(This, cbAlignment))
#define ICreateTypeInfo_SetSchema(This, pStrSchema) ((This)->lpVtbl->SetSchema(This, pStrSchema))
#define ICreateTypeInfo_AddVarDesc(This, index, pVarDesc) ((This)->lpVtbl->AddVarDesc(This, index, pVarDesc))
#define ICreateTypeInfo_SetFuncAndParamNames(This, index, rgszNames, cNames) \
    ((This)->lpVtbl->SetFuncAndParamNames(This, index, rgszNames, cNames))
#define ICreateTypeInfo_SetVarName(This, index, szName) ((This)->lpVtbl->SetVarName(This, index, szName))
#define ICreateTypeInfo_SetTypeDescAlias(This, pTDescAlias) ((This)->lpVtbl->SetTypeDescAlias(This, pTDescAlias))
#define ICreateTypeInfo_DefineFuncAsDllEntry(This, index, szDllName, szProcName) \
    ((This)->lpVtbl->DefineFuncAsDllEntry(This, index, szDllName, szProcName))
#define ICreateTypeInfo_SetFuncDocString(This, index, szDocString) \
    ((This)->lpVtbl->SetFuncDocString(This, index, szDocString))
#define ICreateTypeInfo_SetVarDocString(This, index, szDocString) \
    ((This)->lpVtbl->SetVarDocString(This, index, szDocString))
#define ICreateTypeInfo_SetFuncHelpContext(This, index, dwHelpContext) \
    ((This)->lpVtbl->SetFuncHelpContext(This, index, dwHelpContext))
#define ICreateTypeInfo_SetVarHelpContext(This, index, dwHelpContext) \
    ((This)->lpVtbl->SetVarHelpContext(This, index, dwHelpContext))
#define ICreateTypeInfo_SetMops(This, index, bstrMops) ((This)->lpVtbl->SetMops(This, index, bstrMops))
#define ICreateTypeInfo_SetTypeIdldesc(This, pIdlDesc) ((This)->lpVtbl->SetTypeIdldesc(This, pIdlDesc))
#define ICreateTypeInfo_LayOut(This) ((This)->lpVtbl->LayOut(This))
#endif
#endif
#endif
typedef ICreateTypeInfo *LPCREATETYPEINFO;

OLEANDER_DATA(const IID, IID_ICreateTypeInfo2);
typedef struct ICreateTypeInfo2 ICreateTypeInfo2;
#ifndef __ICreateTypeInfo2_INTERFACE_DEFINED__
#define __ICreateTypeInfo2_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("0002040E-0000-0000-C000-000000000046")
ICreateTypeInfo2 : public ICreateTypeInfo {
    virtual HRESULT STDMETHODCALLTYPE DeleteFuncDesc(UINT index) = 0;
    virtual HRESULT STDMETHODCALLTYPE DeleteFuncDescByMemId(MEMBERID memid, INVOKEKIND invKind) = 0;
    virtual HRESULT STDMETHODCALLTYPE DeleteVarDesc(UINT index) = 0;
    virtual HRESULT STDMETHODCALLTYPE DeleteVarDescByMemId(MEMBERID memid) = 0;
    virtual HRESULT STDMETHODCALLTYPE DeleteImplType(UINT index) = 0;
    virtual HRESULT STDMETHODCALLTYPE SetCustData(REFGUID guid, VARIANT *pVarVal) = 0;
    virtual HRESULT STDMETHODCALLTYPE SetFuncCustData(UINT index, REFGUID guid, VARIANT *pVarVal) = 0;
    virtual HRESULT STDMETHODCALLTYPE SetParamCustData(UINT indexFunc, UINT indexParam, REFGUID guid,
        VARIANT *pVarVal) = 0;
    virtual HRESULT STDMETHODCALLTYPE SetVarCustData(UINT index, REFGUID guid, VARIANT *pVarVal) = 0;
    virtual HRESULT STDMETHODCALLTYPE SetImplTypeCustData(UINT index, REFGUID guid, VARIANT *pVarVal) = 0;
    virtual HRESULT STDMETHODCALLTYPE SetHelpStringContext(ULONG dwHelpStringContext) = 0;
    virtual HRESULT STDMETHODCALLTYPE SetFuncHelpStringContext(UINT index, ULONG dwHelpStringContext) = 0;
    virtual HRESULT STDMETHODCALLTYPE SetVarHelpStringContext(UINT index, ULONG dwHelpStringContext) = 0;
    virtual HRESULT STDMETHODCALLTYPE Invalidate() = 0;
    virtual HRESULT STDMETHODCALLTYPE SetName(LPOLESTR szName) = 0;
};
__CRT_UUID_DECL(ICreateTypeInfo2, 0x0002040e, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct ICreateTypeInfo2Vtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(ICreateTypeInfo2 *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(ICreateTypeInfo2 *This);
    ULONG (STDMETHODCALLTYPE *Release)(ICreateTypeInfo2 *This);
    HRESULT (STDMETHODCALLTYPE *SetGuid)(ICreateTypeInfo2 *This, REFGUID guid);
    HRESULT (STDMETHODCALLTYPE *SetTypeFlags)(ICreateTypeInfo2 *This, UINT uTypeFlags);
    HRESULT (STDMETHODCALLTYPE *SetDocString)(ICreateTypeInfo2 *This, LPOLESTR pStrDoc);
    HRESULT (STDMETHODCALLTYPE *SetHelpContext)(ICreateTypeInfo2 *This, DWORD dwHelpContext);
    HRESULT (STDMETHODCALLTYPE *SetVersion)(ICreateTypeInfo2 *This, WORD wMajorVerNum, WORD wMinorVerNum);
    HRESULT (STDMETHODCALLTYPE *AddRefTypeInfo)(ICreateTypeInfo2 *This, ITypeInfo *pTInfo, HREFTYPE *phRefType);
    HRESULT (STDMETHODCALLTYPE *AddFuncDesc)(ICreateTypeInfo2 *This, UINT index, FUNCDESC *pFuncDesc);
    HRESULT (STDMETHODCALLTYPE *AddImplType)(ICreateTypeInfo2 *This, UINT index, HREFTYPE hRefType);
    HRESULT (STDMETHODCALLTYPE *SetImplTypeFlags)(ICreateTypeInfo2 *This, UINT index, INT implTypeFlags);
    HRESULT (STDMETHODCALLTYPE *SetAlignment)(ICreateTypeInfo2 *This, WORD cbAlignment);
    HRESULT (STDMETHODCALLTYPE *SetSchema)(ICreateTypeInfo2 *This, LPOLESTR pStrSchema);
    HRESULT (STDMETHODCALLTYPE *AddVarDesc)(ICreateTypeInfo2 *This, UINT index, VARDESC *pVarDesc);
    HRESULT (STDMETHODCALLTYPE *SetFuncAndParamNames)(ICreateTypeInfo2 *This, UINT index, LPOLESTR *rgszNames,
        UINT cNames);
    HRESULT (STDMETHODCALLTYPE *SetVarName)(ICreateTypeInfo2 *This, UINT index, LPOLESTR szName);
    HRESULT (STDMETHODCALLTYPE *SetTypeDescAlias)(ICreateTypeInfo2 *This, TYPEDESC *pTDescAlias);
    HRESULT (STDMETHODCALLTYPE *DefineFuncAsDllEntry)(ICreateTypeInfo2 *This, UINT index, LPOLESTR szDllName,
        LPOLESTR szProcName);
    HRESULT (STDMETHODCALLTYPE *SetFuncDocString)(ICreateTypeInfo2 *This, UINT index, LPOLESTR szDocString);
    HRESULT (STDMETHODCALLTYPE *SetVarDocString)(ICreateTypeInfo2 *This, UINT index, LPOLESTR szDocString);
    HRESULT (STDMETHODCALLTYPE *SetFuncHelpContext)(ICreateTypeInfo2 *This, UINT index, DWORD dwHelpContext);
    HRESULT (STDMETHODCALLTYPE *SetVarHelpContext)(ICreateTypeInfo2 *This, UINT index, DWORD dwHelpContext);
    HRESULT (STDMETHODCALLTYPE *SetMops)(ICreateTypeInfo2 *This, UINT index, BSTR bstrMops);
    HRESULT (STDMETHODCALLTYPE *SetTypeIdldesc)(ICreateTypeInfo2 *This, IDLDESC *pIdlDesc);
    HRESULT (STDMETHODCALLTYPE *LayOut)(ICreateTypeInfo2 *This);
    HRESULT (STDMETHODCALLTYPE *DeleteFuncDesc)(ICreateTypeInfo2 *This, UINT index);
    HRESULT (STDMETHODCALLTYPE *DeleteFuncDescByMemId)(ICreateTypeInfo2 *This, MEMBERID memid, INVOKEKIND invKind);
    HRESULT (STDMETHODCALLTYPE *DeleteVarDesc)(ICreateTypeInfo2 *This, UINT index);
    HRESULT (STDMETHODCALLTYPE *DeleteVarDescByMemId)(ICreateTypeInfo2 *This, MEMBERID memid);
    HRESULT (STDMETHODCALLTYPE *DeleteImplType)(ICreateTypeInfo2 *This, UINT index);
    HRESULT (STDMETHODCALLTYPE *SetCustData)(ICreateTypeInfo2 *This, REFGUID guid, VARIANT *pVarVal);
    HRESULT (STDMETHODCALLTYPE *SetFuncCustData)(ICreateTypeInfo2 *This, UINT index, REFGUID guid, VARIANT *pVarVal);
    HRESULT (STDMETHODCALLTYPE *SetParamCustData)(ICreateTypeInfo2 *This, UINT indexFunc, UINT indexParam,
        REFGUID guid, VARIANT *pVarVal);
    HRESULT (STDMETHODCALLTYPE *SetVarCustData)(ICreateTypeInfo2 *This, UINT index, REFGUID guid, VARIANT *pVarVal);
    HRESULT (STDMETHODCALLTYPE *SetImplTypeCustData)(ICreateTypeInfo2 *This, UINT index, REFGUID guid,
        VARIANT *pVarVal);
    HRESULT (STDMETHODCALLTYPE *SetHelpStringContext)(ICreateTypeInfo2 *This, ULONG dwHelpStringContext);
    HRESULT (STDMETHODCALLTYPE *SetFuncHelpStringContext)(ICreateTypeInfo2 *This, UINT index,
        ULONG dwHelpStringContext);
    HRESULT (STDMETHODCALLTYPE *SetVarHelpStringContext)(ICreateTypeInfo2 *This, UINT index,
        ULONG dwHelpStringContext);
    HRESULT (STDMETHODCALLTYPE *Invalidate)(ICreateTypeInfo2 *This);
    HRESULT (STDMETHODCALLTYPE *SetName)(ICreateTypeInfo2 *This, LPOLESTR szName);
} ICreateTypeInfo2Vtbl;
struct ICreateTypeInfo2 {
    CONST_VTBL ICreateTypeInfo2Vtbl *lpVtbl;
};
#ifdef COBJMACROS
#define ICreateTypeInfo2_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define ICreateTypeInfo2_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define ICreateTypeInfo2_Release(This) ((This)->lpVtbl->Release(This))
#define ICreateTypeInfo2_SetGuid(This, guid) ((This)->lpVtbl->SetGuid(This, guid))
#define ICreateTypeInfo2_SetTypeFlags(This, uTypeFlags) ((This)->lpVtbl->SetTypeFlags(This, uTypeFlags))
#define ICreateTypeInfo2_SetDocString(This, pStrDoc) ((This)->lpVtbl->SetDocString(This, pStrDoc))
#define ICreateTypeInfo2_SetHelpContext(This, dwHelpContext) ((This)->lpVtbl->SetHelpContext(This, dwHelpContext))
#define ICreateTypeInfo2_SetVersion(This, wMajorVerNum, wMinorVerNum) \
    ((This)->lpVtbl->SetVersion(This, wMajorVerNum, wMinorVerNum))
#define ICreateTypeInfo2_AddRefTypeInfo(This, pTInfo, phRefType) \
    ((This)->lpVtbl->AddRefTypeInfo(This, pTInfo, phRefType))
#define ICreateTypeInfo2_AddFuncDesc(This, index, pFuncDesc) ((This)->lpVtbl->AddFuncDesc(This, index, pFuncDesc))
#define ICreateTypeInfo2_AddImplType(This, index, hRefType) ((This)->lpVtbl->AddImplType(This, index, hRefType))
#define ICreateTypeInfo2_SetImplTypeFlags(This, index, implTypeFlags) \
    ((This)->lpVtbl->SetImplTypeFlags(This, index, implTypeFlags))
#define ICreateTypeInfo2_SetAlignment(This, cbAlignment) ((This)->lpVtbl->SetAlignment(This, cbAlignment))
#define ICreateTypeInfo2_SetSchema(This, pStrSchema) ((This)->lpVtbl->SetSchema(This, pStrSchema))
#define ICreateTypeInfo2_AddVarDesc(This, index, pVarDesc) ((This)->lpVtbl->AddVarDesc(This, index, pVarDesc))
#define ICreateTypeInfo2_SetFuncAndParamNames(This, index, rgszNames, cNames) \
    ((This)->lpVtbl->SetFuncAndParamNames(This, index, rgszNames, cNames))
#define ICreateTypeInfo2_SetVarName(This, index, szName) ((This)->lpVtbl->SetVarName(This, index, szName))
#define ICreateTypeInfo2_SetTypeDescAlias(This, pTDescAlias) ((This)->lpVtbl->SetTypeDescAlias(This, pTDescAlias))
#define ICreateTypeInfo2_DefineFuncAsDllEntry(This, index, szDllName, szProcName) \
    ((This)->lpVtbl->DefineFuncAsDllEntry(This, index, szDllName, szProcName))
#define ICreateTypeInfo2_SetFuncDocString(This, index, szDocString) \
    ((This)->lpVtbl->SetFuncDocString(This, index, szDocString))
#define ICreateTypeInfo2_SetVarDocString(This, index, szDocString) \
    ((This)->lpVtbl->SetVarDocString(This, index, szDocString))
#define ICreateTypeInfo2_SetFuncHelpContext(This, index, dwHelpContext) \
    ((This)->lpVtbl->SetFuncHelpContext(This, index, dwHelpContext))
#define ICreateTypeInfo2_SetVarHelpContext(This, index, dwHelpContext) \
    ((This)->lpVtbl->SetVarHelpContext(This, index, dwHelpContext))
#define ICreateTypeInfo2_SetMops(This, index, bstrMops) ((This)->lpVtbl->SetMops(This, index, bstrMops))
#define ICreateTypeInfo2_SetTypeIdldesc(This, pIdlDesc) ((This)->lpVtbl->SetTypeIdldesc(This, pIdlDesc))
#define ICreateTypeInfo2_LayOut(This) ((This)->lpVtbl->LayOut(This))
#define ICreateTypeInfo2_DeleteFuncDesc(This, index) ((This)->lpVtbl->DeleteFuncDesc(This, index))
#define ICreateTypeInfo2_DeleteFuncDescByMemId(This, memid, invKind) \
    ((This)->lpVtbl->DeleteFuncDescByMemId(This, memid, invKind))
#define ICreateTypeInfo2_DeleteVarDesc(This, index) ((This)->lpVtbl->DeleteVarDesc(This, index))
#define ICreateTypeInfo2_DeleteVarDescByMemId(This, memid) ((This)->lpVtbl->DeleteVarDescByMemId(This, memid))
#define ICreateTypeInfo2_DeleteImplType(This, index) ((This)->lpVtbl->DeleteImplType(This, index))
#define ICreateTypeInfo2_SetCustData(This, guid, pVarVal) ((This)->lpVtbl->SetCustData(This, guid, pVarVal))
#define ICreateTypeInfo2_SetFuncCustData(This, index, guid, pVarVal) \
    ((This)->lpVtbl->SetFuncCustData(This, index, guid, pVarVal))
#define ICreateTypeInfo2_SetParamCustData(This, indexFunc, indexParam, guid, pVarVal) \
    ((This)->lpVtbl->SetParamCustData(This, indexFunc, indexParam, guid, pVarVal))
#define ICreateTypeInfo2_SetVarCustData(This, index, guid, pVarVal) \
    ((This)->lpVtbl->SetVarCustData(This, index, guid, pVarVal))
#define ICreateTypeInfo2_SetImplTypeCustData(This, index, guid, pVarVal) \
    ((This)->lpVtbl->SetImplTypeCustData(This, index, guid, pVarVal))
#define ICreateTypeInfo2_SetHelpStringContext(This, dwHelpStringContext) \
    ((This)->lpVtbl->SetHelpStringContext(This, dwHelpStringContext))
#define ICreateTypeInfo2_SetFuncHelpStringContext(This, index, dwHelpStringContext) \
    ((This)->lpVtbl->SetFuncHelpStringContext(This, index, dwHelpStringContext))
#define ICreateTypeInfo2_SetVarHelpStringContext(This, index, dwHelpStringContext) \
    ((This)->lpVtbl->SetVarHelpStringContext(This, index, dwHelpStringContext))
#define ICreateTypeInfo2_Invalidate(This) ((This)->lpVtbl->Invalidate(This))
#define ICreateTypeInfo2_SetName(This, szName) ((This)->lpVtbl->SetName(This, szName))
#endif
#endif
#endif
typedef ICreateTypeInfo2 *LPCREATETYPEINFO2;

OLEANDER_DATA(const IID, IID_ICreateTypeLib);
typedef struct ICreateTypeLib ICreateTypeLib;
#ifndef __ICreateTypeLib_INTERFACE_DEFINED__
#define __ICreateTypeLib_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("00020406-0000-0000-C000-000000000046")
ICreateTypeLib : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE CreateTypeInfo(LPOLESTR szName, TYPEKIND tkind, ICreateTypeInfo **ppCTInfo) = 0;
    virtual HRESULT STDMETHODCALLTYPE SetName(LPOLESTR szName) = 0;
    virtual HRESULT STDMETHODCALLTYPE SetVersion(WORD wMajorVerNum, WORD wMinorVerNum) = 0;
    virtual HRESULT STDMETHODCALLTYPE SetGuid(REFGUID guid) = 0;
    virtual HRESULT STDMETHODCALLTYPE SetDocString(LPOLESTR szDoc) = 0;
    virtual HRESULT STDMETHODCALLTYPE SetHelpFileName(LPOLESTR szHelpFileName) = 0;
    virtual HRESULT STDMETHODCALLTYPE SetHelpContext(DWORD dwHelpContext) = 0;
    virtual HRESULT STDMETHODCALLTYPE SetLcid(LCID lcid) = 0;
    virtual HRESULT STDMETHODCALLTYPE SetLibFlags(UINT uLibFlags) = 0;
    virtual HRESULT STDMETHODCALLTYPE SaveAllChanges() = 0;
};
__CRT_UUID_DECL(ICreateTypeLib, 0x00020406, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct ICreateTypeLibVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(ICreateTypeLib *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(ICreateTypeLib *This);
    ULONG (STDMETHODCALLTYPE *Release)(ICreateTypeLib *This);
    HRESULT (STDMETHODCALLTYPE *CreateTypeInfo)(ICreateTypeLib *This, LPOLESTR szName, TYPEKIND tkind,
        ICreateTypeInfo **ppCTInfo);
    HRESULT (STDMETHODCALLTYPE *SetName)(ICreateTypeLib *This, LPOLESTR szName);
    HRESULT (STDMETHODCALLTYPE *SetVersion)(ICreateTypeLib *This, WORD wMajorVerNum, WORD wMinorVerNum);
    HRESULT (STDMETHODCALLTYPE *SetGuid)(ICreateTypeLib *This, REFGUID guid);
    HRESULT (STDMETHODCALLTYPE *SetDocString)(ICreateTypeLib *This, LPOLESTR szDoc);
    HRESULT (STDMETHODCALLTYPE *SetHelpFileName)(ICreateTypeLib *This, LPOLESTR szHelpFileName);
    HRESULT (STDMETHODCALLTYPE *SetHelpContext)(ICreateTypeLib *This, DWORD dwHelpContext);
    HRESULT (STDMETHODCALLTYPE *SetLcid)(ICreateTypeLib *This, LCID lcid);
    HRESULT (STDMETHODCALLTYPE *SetLibFlags)(ICreateTypeLib *This, UINT uLibFlags);
    HRESULT (STDMETHODCALLTYPE *SaveAllChanges)(ICreateTypeLib *This);
} ICreateTypeLibVtbl;
struct ICreateTypeLib {
    CONST_VTBL ICreateTypeLibVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define ICreateTypeLib_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define ICreateTypeLib_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define ICreateTypeLib_Release(This) ((This)->lpVtbl->Release(This))
#define ICreateTypeLib_CreateTypeInfo(This, szName, tkind, ppCTInfo) \
    ((This)->lpVtbl->CreateTypeInfo(This, szName, tkind, ppCTInfo))
#define ICreateTypeLib_SetName(This, szName) ((This)->lpVtbl->SetName(This, szName))
#define ICreateTypeLib_SetVersion(This, wMajorVerNum, wMinorVerNum) \
    ((This)->lpVtbl->SetVersion(This, wMajorVerNum, wMinorVerNum))
#define ICreateTypeLib_SetGuid(This, guid) ((This)->lpVtbl->SetGuid(This, guid))
#define ICreateTypeLib_SetDocString(This, szDoc) ((This)->lpVtbl->SetDocString(This, szDoc))
#define ICreateTypeLib_SetHelpFileName(This, szHelpFileName) ((This)->lpVtbl->SetHelpFileName(This, szHelpFileName))
#define ICreateTypeLib_SetHelpContext(This, dwHelpContext) ((This)->lpVtbl->SetHelpContext(This, dwHelpContext))
#define ICreateTypeLib_SetLcid(This, lcid) ((This)->lpVtbl->SetLcid(This, lcid))
#define ICreateTypeLib_SetLibFlags(This, uLibFlags) ((This)->lpVtbl->SetLibFlags(This, uLibFlags))
#define ICreateTypeLib_SaveAllChanges(This) ((This)->lpVtbl->SaveAllChanges(This))
#endif
#endif
#endif
typedef ICreateTypeLib *LPCREATETYPELIB;

OLEANDER_DATA(const IID, IID_ICreateTypeLib2);
typedef struct ICreateTypeLib2 ICreateTypeLib2;
#ifndef __ICreateTypeLib2_INTERFACE_DEFINED__
#define __ICreateTypeLib2_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("0002040F-0000-0000-C000-000000000046")
ICreateTypeLib2 : public ICreateTypeLib {
    virtual HRESULT STDMETHODCALLTYPE DeleteTypeInfo(LPOLESTR szName) = 0;
    virtual HRESULT STDMETHODCALLTYPE SetCustData(REFGUID guid, VARIANT *pVarVal) = 0;
    virtual HRESULT STDMETHODCALLTYPE SetHelpStringContext(ULONG dwHelpStringContext) = 0;
    virtual HRESULT STDMETHODCALLTYPE SetHelpStringDll(LPOLESTR szFileName) = 0;
};
__CRT_UUID_DECL(ICreateTypeLib2, 0x0002040f, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct ICreateTypeLib2Vtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(ICreateTypeLib2 *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(ICreateTypeLib2 *This);
    ULONG (STDMETHODCALLTYPE *Release)(ICreateTypeLib2 *This);
    HRESULT (STDMETHODCALLTYPE *CreateTypeInfo)(ICreateTypeLib2 *This, LPOLESTR szName, TYPEKIND tkind,
        ICreateTypeInfo **ppCTInfo);
    HRESULT (STDMETHODCALLTYPE *SetName)(ICreateTypeLib2 *This, LPOLESTR szName);
    HRESULT (STDMETHODCALLTYPE *SetVersion)(ICreateTypeLib2 *This, WORD wMajorVerNum, WORD wMinorVerNum);
    HRESULT (STDMETHODCALLTYPE *SetGuid)(ICreateTypeLib2 *This, REFGUID guid);
    HRESULT (STDMETHODCALLTYPE *SetDocString)(ICreateTypeLib2 *This, LPOLESTR szDoc);
    HRESULT (STDMETHODCALLTYPE *SetHelpFileName)(ICreateTypeLib2 *This, LPOLESTR szHelpFileName);
    HRESULT (STDMETHODCALLTYPE *SetHelpContext)(ICreateTypeLib2 *This, DWORD dwHelpContext);
    HRESULT (STDMETHODCALLTYPE *SetLcid)(ICreateTypeLib2 *This, LCID lcid);
    HRESULT (STDMETHODCALLTYPE *SetLibFlags)(ICreateTypeLib2 *This, UINT uLibFlags);
    HRESULT (STDMETHODCALLTYPE *SaveAllChanges)(ICreateTypeLib2 *This);
    HRESULT (STDMETHODCALLTYPE *DeleteTypeInfo)(ICreateTypeLib2 *This, LPOLESTR szName);
    HRESULT (STDMETHODCALLTYPE *SetCustData)(ICreateTypeLib2 *This, REFGUID guid, VARIANT *pVarVal);
    HRESULT (STDMETHODCALLTYPE *SetHelpStringContext)(ICreateTypeLib2 *This, ULONG dwHelpStringContext);
    HRESULT (STDMETHODCALLTYPE *SetHelpStringDll)(ICreateTypeLib2 *This, LPOLESTR szFileName);
} ICreateTypeLib2Vtbl;
struct ICreateTypeLib2 {
    CONST_VTBL ICreateTypeLib2Vtbl *lpVtbl;
};
#ifdef COBJMACROS
#define ICreateTypeLib2_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define ICreateTypeLib2_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define ICreateTypeLib2_Release(This) ((This)->lpVtbl->Release(This))
#define ICreateTypeLib2_CreateTypeInfo(This, szName, tkind, ppCTInfo) \
    ((This)->lpVtbl->CreateTypeInfo(This, szName, tkind, ppCTInfo))
#define ICreateTypeLib2_SetName(This, szName) ((This)->lpVtbl->SetName(This, szName))
#define ICreateTypeLib2_SetVersion(This, wMajorVerNum, wMinorVerNum) \
    ((This)->lpVtbl->SetVersion(This, wMajorVerNum, wMinorVerNum))
#define ICreateTypeLib2_SetGuid(This, guid) ((This)->lpVtbl->SetGuid(This, guid))
#define ICreateTypeLib2_SetDocString(This, szDoc) ((This)->lpVtbl->SetDocString(This, szDoc))
#define ICreateTypeLib2_SetHelpFileName(This, szHelpFileName) ((This)->lpVtbl->SetHelpFileName(This, szHelpFileName))
#define ICreateTypeLib2_SetHelpContext(This, dwHelpContext) ((This)->lpVtbl->SetHelpContext(This, dwHelpContext))
#define ICreateTypeLib2_SetLcid(This, lcid) ((This)->lpVtbl->SetLcid(This, lcid))
#define ICreateTypeLib2_SetLibFlags(This, uLibFlags) ((This)->lpVtbl->SetLibFlags(This, uLibFlags))
#define ICreateTypeLib2_SaveAllChanges(This) ((This)->lpVtbl->SaveAllChanges(This))
#define ICreateTypeLib2_DeleteTypeInfo(This, szName) ((This)->lpVtbl->DeleteTypeInfo(This, szName))
#define ICreateTypeLib2_SetCustData(This, guid, pVarVal) ((This)->lpVtbl->SetCustData(This, guid, pVarVal))
#define ICreateTypeLib2_SetHelpStringContext(This, dwHelpStringContext) \
    ((This)->lpVtbl->SetHelpStringContext(This, dwHelpStringContext))
#define ICreateTypeLib2_SetHelpStringDll(This, szFileName) ((This)->lpVtbl->SetHelpStringDll(This, szFileName))
#endif
#endif
#endif
typedef ICreateTypeLib2 *LPCREATETYPELIB2;

typedef enum tagCHANGEKIND {
    CHANGEKIND_ADDMEMBER = 0,
    CHANGEKIND_DELETEMEMBER = 1,
    CHANGEKIND_SETNAMES = 2,
    CHANGEKIND_SETDOCUMENTATION = 3,
    CHANGEKIND_GENERAL = 4,
    CHANGEKIND_INVALIDATE = 5,
    CHANGEKIND_CHANGEFAILED = 6,
    CHANGEKIND_MAX = 7
} CHANGEKIND;

OLEANDER_DATA(const IID, IID_ITypeChangeEvents);
typedef struct ITypeChangeEvents ITypeChangeEvents;
#ifndef __ITypeChangeEvents_INTERFACE_DEFINED__
#define __ITypeChangeEvents_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("00020410-0000-0000-C000-000000000046")
ITypeChangeEvents : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE RequestTypeChange(CHANGEKIND changeKind, ITypeInfo *pTInfoBefore,
        LPOLESTR pStrName, INT *pfCancel) = 0;
    virtual HRESULT STDMETHODCALLTYPE AfterTypeChange(CHANGEKIND changeKind, ITypeInfo *pTInfoAfter,
        LPOLESTR pStrName) = 0;
};
__CRT_UUID_DECL(ITypeChangeEvents, 0x00020410, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct ITypeChangeEventsVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(ITypeChangeEvents *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(ITypeChangeEvents *This);
    ULONG (STDMETHODCALLTYPE *Release)(ITypeChangeEvents *This);
    HRESULT (STDMETHODCALLTYPE *RequestTypeChange)(ITypeChangeEvents *This, CHANGEKIND changeKind,
        ITypeInfo *pTInfoBefore, LPOLESTR pStrName, INT *pfCancel);
    HRESULT (STDMETHODCALLTYPE *AfterTypeChange)(ITypeChangeEvents *This, CHANGEKIND changeKind,
        ITypeInfo *pTInfoAfter, LPOLESTR pStrName);
} ITypeChangeEventsVtbl;
struct ITypeChangeEvents {
    CONST_VTBL ITypeChangeEventsVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define ITypeChangeEvents_QueryInterface(This, riid, ppvObject) \
    ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define ITypeChangeEvents_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define ITypeChangeEvents_Release(This) ((This)->lpVtbl->Release(This))
#define ITypeChangeEvents_RequestTypeChange(This, changeKind, pTInfoBefore, pStrName, pfCancel) \
    ((This)->lpVtbl->RequestTypeChange(This, changeKind, pTInfoBefore, pStrName, pfCancel))
#define ITypeChangeEvents_AfterTypeChange(This, changeKind, pTInfoAfter, pStrName) \
    ((This)->lpVtbl->AfterTypeChange(This, changeKind, pTInfoAfter, pStrName))
#endif
#endif
#endif

OLEANDER_DATA(const IID, IID_ITypeFactory);
typedef struct ITypeFactory ITypeFactory;
#ifndef __ITypeFactory_INTERFACE_DEFINED__
#define __ITypeFactory_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("0000002E-0000-0000-C000-000000000046")
ITypeFactory : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE CreateFromTypeInfo(ITypeInfo *pTypeInfo, REFIID riid, IUnknown **ppv) = 0;
};
__CRT_UUID_DECL(ITypeFactory, 0x0000002e, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct ITypeFactoryVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(ITypeFactory *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(ITypeFactory *This);
    ULONG (STDMETHODCALLTYPE *Release)(ITypeFactory *This);
    HRESULT (STDMETHODCALLTYPE *CreateFromTypeInfo)(ITypeFactory *This, ITypeInfo *pTypeInfo, REFIID riid,
        IUnknown **ppv);
} ITypeFactoryVtbl;
struct ITypeFactory {
    CONST_VTBL ITypeFactoryVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define ITypeFactory_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define ITypeFactory_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define ITypeFactory_Release(This) ((This)->lpVtbl->Release(This))
#define ITypeFactory_CreateFromTypeInfo(This, pTypeInfo, riid, ppv) \
    ((This)->lpVtbl->CreateFromTypeInfo(This, pTypeInfo, riid, ppv))
#endif
#endif
#endif

OLEANDER_DATA(const IID, IID_ITypeMarshal);
typedef struct ITypeMarshal ITypeMarshal;
#ifndef __ITypeMarshal_INTERFACE_DEFINED__
#define __ITypeMarshal_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("0000002D-0000-0000-C000-000000000046")
ITypeMarshal : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE Size(PVOID pvType, DWORD dwDestContext, PVOID pvDestContext, ULONG *pSize) = 0;
    virtual HRESULT STDMETHODCALLTYPE Marshal(PVOID pvType, DWORD dwDestContext, PVOID pvDestContext,
        ULONG cbBufferLength, BYTE *pBuffer, ULONG *pcbWritten) = 0;
    virtual HRESULT STDMETHODCALLTYPE Unmarshal(PVOID pvType, DWORD dwFlags, ULONG cbBufferLength, BYTE *pBuffer,
        ULONG *pcbRead) = 0;
    virtual HRESULT STDMETHODCALLTYPE Free(PVOID pvType) = 0;
};
__CRT_UUID_DECL(ITypeMarshal, 0x0000002d, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct ITypeMarshalVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(ITypeMarshal *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(ITypeMarshal *This);
    ULONG (STDMETHODCALLTYPE *Release)(ITypeMarshal *This);
    HRESULT (STDMETHODCALLTYPE *Size)(ITypeMarshal *This, PVOID pvType, DWORD dwDestContext, PVOID pvDestContext,
        ULONG *pSize);
    HRESULT (STDMETHODCALLTYPE *Marshal)(ITypeMarshal *This, PVOID pvType, DWORD dwDestContext, PVOID pvDestContext,
        ULONG cbBufferLength, BYTE *pBuffer, ULONG *pcbWritten);
    HRESULT (STDMETHODCALLTYPE *Unmarshal)(ITypeMarshal *This, PVOID pvType, DWORD dwFlags, ULONG cbBufferLength,
        BYTE *pBuffer, ULONG *pcbRead);
    HRESULT (STDMETHODCALLTYPE *Free)(ITypeMarshal *This, PVOID pvType);
} ITypeMarshalVtbl;
struct ITypeMarshal {
    CONST_VTBL ITypeMarshalVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define ITypeMarshal_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define ITypeMarshal_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define ITypeMarshal_Release(This) ((This)->lpVtbl->Release(This))
#define ITypeMarshal_Size(This, pvType, dwDestContext, pvDestContext, pSize) \
    ((This)->lpVtbl->Size(This, pvType, dwDestContext, pvDestContext, pSize))
#define ITypeMarshal_Marshal(This, pvType, dwDestContext, pvDestContext, cbBufferLength, pBuffer, pcbWritten) \
    ((This)->lpVtbl->Marshal(This, pvType, dwDestContext, pvDestContext, cbBufferLength, pBuffer, pcbWritten))
#define ITypeMarshal_Unmarshal(This, pvType, dwFlags, cbBufferLength, pBuffer, pcbRead) \
    ((This)->lpVtbl->Unmarshal(This, pvType, dwFlags, cbBufferLength, pBuffer, pcbRead))
#define ITypeMarshal_Free(This, pvType) ((This)->lpVtbl->Free(This, pvType))
#endif
#endif
#endif

/* Records */

OLEANDER_DATA(const IID, IID_IRecordInfo);
typedef struct IRecordInfo IRecordInfo;
#ifndef __IRecordInfo_INTERFACE_DEFINED__
#define __IRecordInfo_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("0000002F-0000-0000-C000-000000000046")
IRecordInfo : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE RecordInit(PVOID pvNew) = 0;
    /* Frees what the fields own and zeroes them; the record itself stays. */
    virtual HRESULT STDMETHODCALLTYPE RecordClear(PVOID pvExisting) = 0;
    virtual HRESULT STDMETHODCALLTYPE RecordCopy(PVOID pvExisting, PVOID pvNew) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetGuid(GUID *pguid) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetName(BSTR *pbstrName) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetSize(ULONG *pcbSize) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetTypeInfo(ITypeInfo **ppTypeInfo) = 0;
    /* A copy of the field's value. */
    virtual HRESULT STDMETHODCALLTYPE GetField(PVOID pvData, LPCOLESTR szFieldName, VARIANT *pvarField) = 0;
    /* A VT_BYREF reference into the record, and for arrays their descriptor. */
    virtual HRESULT STDMETHODCALLTYPE GetFieldNoCopy(PVOID pvData, LPCOLESTR szFieldName, VARIANT *pvarField,
        PVOID *ppvDataCArray) = 0;
    virtual HRESULT STDMETHODCALLTYPE PutField(ULONG wFlags, PVOID pvData, LPCOLESTR szFieldName,
        VARIANT *pvarField) = 0;
    /* As PutField, and takes over what pvarField owns. */
    virtual HRESULT STDMETHODCALLTYPE PutFieldNoCopy(ULONG wFlags, PVOID pvData, LPCOLESTR szFieldName,
        VARIANT *pvarField) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetFieldNames(ULONG *pcNames, BSTR *rgBstrNames) = 0;
    virtual BOOL STDMETHODCALLTYPE IsMatchingType(IRecordInfo *pRecordInfo) = 0;
    /* Memory for one record, initialised; freed with RecordDestroy. */
    virtual PVOID STDMETHODCALLTYPE RecordCreate() = 0;
    virtual HRESULT STDMETHODCALLTYPE RecordCreateCopy(PVOID pvSource, PVOID *ppvDest) = 0;
    virtual HRESULT STDMETHODCALLTYPE RecordDestroy(PVOID pvRecord) = 0;
};
__CRT_UUID_DECL(IRecordInfo, 0x0000002f, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IRecordInfoVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IRecordInfo *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IRecordInfo *This);
    ULONG (STDMETHODCALLTYPE *Release)(IRecordInfo *This);
    HRESULT (STDMETHODCALLTYPE *RecordInit)(IRecordInfo *This, PVOID pvNew);
    /* Frees what the fields own and zeroes them; the record itself stays. */
    HRESULT (STDMETHODCALLTYPE *RecordClear)(IRecordInfo *This, PVOID pvExisting);
    HRESULT (STDMETHODCALLTYPE *RecordCopy)(IRecordInfo *This, PVOID pvExisting, PVOID pvNew);
    HRESULT (STDMETHODCALLTYPE *GetGuid)(IRecordInfo *This, GUID *pguid);
    HRESULT (STDMETHODCALLTYPE *GetName)(IRecordInfo *This, BSTR *pbstrName);
    HRESULT (STDMETHODCALLTYPE *GetSize)(IRecordInfo *This, ULONG *pcbSize);
    HRESULT (STDMETHODCALLTYPE *GetTypeInfo)(IRecordInfo *This, ITypeInfo **ppTypeInfo);
    /* A copy of the field's value. */
    HRESULT (STDMETHODCALLTYPE *GetField)(IRecordInfo *This, PVOID pvData, LPCOLESTR szFieldName, VARIANT *pvarField);
    /* A VT_BYREF reference into the record, and for arrays their descriptor. */
    HRESULT (STDMETHODCALLTYPE *GetFieldNoCopy)(IRecordInfo *This, PVOID pvData, LPCOLESTR szFieldName,
        VARIANT *pvarField, PVOID *ppvDataCArray);
    HRESULT (STDMETHODCALLTYPE *PutField)(IRecordInfo *This, ULONG wFlags, PVOID pvData, LPCOLESTR szFieldName,
        VARIANT *pvarField);
    /* As PutField, and takes over what pvarField owns. */
    HRESULT (STDMETHODCALLTYPE *PutFieldNoCopy)(IRecordInfo *This, ULONG wFlags, PVOID pvData, LPCOLESTR szFieldName,
        VARIANT *pvarField);
    HRESULT (STDMETHODCALLTYPE *GetFieldNames)(IRecordInfo *This, ULONG *pcNames, BSTR *rgBstrNames);
    BOOL (STDMETHODCALLTYPE *IsMatchingType)(IRecordInfo *This, IRecordInfo *pRecordInfo);
    /* Memory for one record, initialised; freed with RecordDestroy. */
    PVOID (STDMETHODCALLTYPE *RecordCreate)(IRecordInfo *This);
    HRESULT (STDMETHODCALLTYPE *RecordCreateCopy)(IRecordInfo *This, PVOID pvSource, PVOID *ppvDest);
    HRESULT (STDMETHODCALLTYPE *RecordDestroy)(IRecordInfo *This, PVOID pvRecord);
} IRecordInfoVtbl;
struct IRecordInfo {
    CONST_VTBL IRecordInfoVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IRecordInfo_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IRecordInfo_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IRecordInfo_Release(This) ((This)->lpVtbl->Release(This))
#define IRecordInfo_RecordInit(This, pvNew) ((This)->lpVtbl->RecordInit(This, pvNew))
#define IRecordInfo_RecordClear(This, pvExisting) ((This)->lpVtbl->RecordClear(This, pvExisting))
#define IRecordInfo_RecordCopy(This, pvExisting, pvNew) ((This)->lpVtbl->RecordCopy(This, pvExisting, pvNew))
#define IRecordInfo_GetGuid(This, pguid) ((This)->lpVtbl->GetGuid(This, pguid))
#define IRecordInfo_GetName(This, pbstrName) ((This)->lpVtbl->GetName(This, pbstrName))
#define IRecordInfo_GetSize(This, pcbSize) ((This)->lpVtbl->GetSize(This, pcbSize))
#define IRecordInfo_GetTypeInfo(This, ppTypeInfo) ((This)->lpVtbl->GetTypeInfo(This, ppTypeInfo))
#define IRecordInfo_GetField(This, pvData, szFieldName, pvarField) \
    ((This)->lpVtbl->GetField(This, pvData, szFieldName, pvarField))
#define IRecordInfo_GetFieldNoCopy(This, pvData, szFieldName, pvarField, ppvDataCArray) \
    ((This)->lpVtbl->GetFieldNoCopy(This, pvData, szFieldName, pvarField, ppvDataCArray))
#define IRecordInfo_PutField(This, wFlags, pvData, szFieldName, pvarField) \
    ((This)->lpVtbl->PutField(This, wFlags, pvData, szFieldName, pvarField))
#define IRecordInfo_PutFieldNoCopy(This, wFlags, pvData, szFieldName, pvarField) \
    ((This)->lpVtbl->PutFieldNoCopy(This, wFlags, pvData, szFieldName, pvarField))
#define IRecordInfo_GetFieldNames(This, pcNames, rgBstrNames) \
    ((This)->lpVtbl->GetFieldNames(This, pcNames, rgBstrNames))
#define IRecordInfo_IsMatchingType(This, pRecordInfo) ((This)->lpVtbl->IsMatchingType(This, pRecordInfo))
#define IRecordInfo_RecordCreate(This) ((This)->lpVtbl->RecordCreate(This))
#define IRecordInfo_RecordCreateCopy(This, pvSource, ppvDest) \
    ((This)->lpVtbl->RecordCreateCopy(This, pvSource, ppvDest))
#define IRecordInfo_RecordDestroy(This, pvRecord) ((This)->lpVtbl->RecordDestroy(This, pvRecord))
#endif
#endif
#endif
typedef IRecordInfo *LPRECORDINFO;

/* Error information */

OLEANDER_DATA(const IID, IID_IErrorInfo);
typedef struct IErrorInfo IErrorInfo;
#ifndef __IErrorInfo_INTERFACE_DEFINED__
#define __IErrorInfo_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("1CF2B120-547D-101B-8E65-08002B2BD119")
IErrorInfo : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE GetGUID(GUID *pGUID) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetSource(BSTR *pBstrSource) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetDescription(BSTR *pBstrDescription) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetHelpFile(BSTR *pBstrHelpFile) = 0;
    virtual HRESULT STDMETHODCALLTYPE GetHelpContext(DWORD *pdwHelpContext) = 0;
};
__CRT_UUID_DECL(IErrorInfo, 0x1cf2b120, 0x547d, 0x101b, 0x8e, 0x65, 0x08, 0x00, 0x2b, 0x2b, 0xd1, 0x19)
#else
typedef struct IErrorInfoVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IErrorInfo *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IErrorInfo *This);
    ULONG (STDMETHODCALLTYPE *Release)(IErrorInfo *This);
    HRESULT (STDMETHODCALLTYPE *GetGUID)(IErrorInfo *This, GUID *pGUID);
    HRESULT (STDMETHODCALLTYPE *GetSource)(IErrorInfo *This, BSTR *pBstrSource);
    HRESULT (STDMETHODCALLTYPE *GetDescription)(IErrorInfo *This, BSTR *pBstrDescription);
    HRESULT (STDMETHODCALLTYPE *GetHelpFile)(IErrorInfo *This, BSTR *pBstrHelpFile);
    HRESULT (STDMETHODCALLTYPE *GetHelpContext)(IErrorInfo *This, DWORD *pdwHelpContext);
} IErrorInfoVtbl;
struct IErrorInfo {
    CONST_VTBL IErrorInfoVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IErrorInfo_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IErrorInfo_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IErrorInfo_Release(This) ((This)->lpVtbl->Release(This))
#define IErrorInfo_GetGUID(This, pGUID) ((This)->lpVtbl->GetGUID(This, pGUID))
#define IErrorInfo_GetSource(This, pBstrSource) ((This)->lpVtbl->GetSource(This, pBstrSource))
#define IErrorInfo_GetDescription(This, pBstrDescription) ((This)->lpVtbl->GetDescription(This, pBstrDescription))
#define IErrorInfo_GetHelpFile(This, pBstrHelpFile) ((This)->lpVtbl->GetHelpFile(This, pBstrHelpFile))
#define IErrorInfo_GetHelpContext(This, pdwHelpContext) ((This)->lpVtbl->GetHelpContext(This, pdwHelpContext))
#endif
#endif
#endif
typedef IErrorInfo *LPERRORINFO;

OLEANDER_DATA(const IID, IID_ICreateErrorInfo);
typedef struct ICreateErrorInfo ICreateErrorInfo;
#ifndef __ICreateErrorInfo_INTERFACE_DEFINED__
#define __ICreateErrorInfo_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("22F03340-547D-101B-8E65-08002B2BD119")
ICreateErrorInfo : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE SetGUID(REFGUID rguid) = 0;
    virtual HRESULT STDMETHODCALLTYPE SetSource(LPOLESTR szSource) = 0;
    virtual HRESULT STDMETHODCALLTYPE SetDescription(LPOLESTR szDescription) = 0;
    virtual HRESULT STDMETHODCALLTYPE SetHelpFile(LPOLESTR szHelpFile) = 0;
    virtual HRESULT STDMETHODCALLTYPE SetHelpContext(DWORD dwHelpContext) = 0;
};
__CRT_UUID_DECL(ICreateErrorInfo, 0x22f03340, 0x547d, 0x101b, 0x8e, 0x65, 0x08, 0x00, 0x2b, 0x2b, 0xd1, 0x19)
#else
typedef struct ICreateErrorInfoVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(ICreateErrorInfo *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(ICreateErrorInfo *This);
    ULONG (STDMETHODCALLTYPE *Release)(ICreateErrorInfo *This);
    HRESULT (STDMETHODCALLTYPE *SetGUID)(ICreateErrorInfo *This, REFGUID rguid);
    HRESULT (STDMETHODCALLTYPE *SetSource)(ICreateErrorInfo *This, LPOLESTR szSource);
    HRESULT (STDMETHODCALLTYPE *SetDescription)(ICreateErrorInfo *This, LPOLESTR szDescription);
    HRESULT (STDMETHODCALLTYPE *SetHelpFile)(ICreateErrorInfo *This, LPOLESTR szHelpFile);
    HRESULT (STDMETHODCALLTYPE *SetHelpContext)(ICreateErrorInfo *This, DWORD dwHelpContext);
} ICreateErrorInfoVtbl;
struct ICreateErrorInfo {
    CONST_VTBL ICreateErrorInfoVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define ICreateErrorInfo_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define ICreateErrorInfo_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define ICreateErrorInfo_Release(This) ((This)->lpVtbl->Release(This))
#define ICreateErrorInfo_SetGUID(This, rguid) ((This)->lpVtbl->SetGUID(This, rguid))
#define ICreateErrorInfo_SetSource(This, szSource) ((This)->lpVtbl->SetSource(This, szSource))
#define ICreateErrorInfo_SetDescription(This, szDescription) ((This)->lpVtbl->SetDescription(This, szDescription))
#define ICreateErrorInfo_SetHelpFile(This, szHelpFile) ((This)->lpVtbl->SetHelpFile(This, szHelpFile))
#define ICreateErrorInfo_SetHelpContext(This, dwHelpContext) ((This)->lpVtbl->SetHelpContext(This, dwHelpContext))
#endif
#endif
#endif
typedef ICreateErrorInfo *LPCREATEERRORINFO;

OLEANDER_DATA(const IID, IID_ISupportErrorInfo);
typedef struct ISupportErrorInfo ISupportErrorInfo;
#ifndef __ISupportErrorInfo_INTERFACE_DEFINED__
#define __ISupportErrorInfo_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("DF0B3D60-548F-101B-8E65-08002B2BD119")
ISupportErrorInfo : public IUnknown {
    /* S_OK if the methods of riid set the thread's error object when they fail. */
    virtual HRESULT STDMETHODCALLTYPE InterfaceSupportsErrorInfo(REFIID riid) = 0;
};
__CRT_UUID_DECL(ISupportErrorInfo, 0xdf0b3d60, 0x548f, 0x101b, 0x8e, 0x65, 0x08, 0x00, 0x2b, 0x2b, 0xd1, 0x19)
#else
typedef struct ISupportErrorInfoVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(ISupportErrorInfo *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(ISupportErrorInfo *This);
    ULONG (STDMETHODCALLTYPE *Release)(ISupportErrorInfo *This);
    /* S_OK if the methods of riid set the thread's error object when they fail. */
    HRESULT (STDMETHODCALLTYPE *InterfaceSupportsErrorInfo)(ISupportErrorInfo *This, REFIID riid);
} ISupportErrorInfoVtbl;
struct ISupportErrorInfo {
    CONST_VTBL ISupportErrorInfoVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define ISupportErrorInfo_QueryInterface(This, riid, ppvObject) \
    ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define ISupportErrorInfo_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define ISupportErrorInfo_Release(This) ((This)->lpVtbl->Release(This))
#define ISupportErrorInfo_InterfaceSupportsErrorInfo(This, riid) \
    ((This)->lpVtbl->InterfaceSupportsErrorInfo(This, riid))
#endif
#endif
#endif
typedef ISupportErrorInfo *LPSUPPORTERRORINFO;

OLEANDER_DATA(const IID, IID_IErrorLog);
typedef struct IErrorLog IErrorLog;
#ifndef __IErrorLog_INTERFACE_DEFINED__
#define __IErrorLog_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("3127CA40-446E-11CE-8135-00AA004BB851")
IErrorLog : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE AddError(LPCOLESTR pszPropName, EXCEPINFO *pExcepInfo) = 0;
};
__CRT_UUID_DECL(IErrorLog, 0x3127ca40, 0x446e, 0x11ce, 0x81, 0x35, 0x00, 0xaa, 0x00, 0x4b, 0xb8, 0x51)
#else
typedef struct IErrorLogVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IErrorLog *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IErrorLog *This);
    ULONG (STDMETHODCALLTYPE *Release)(IErrorLog *This);
    HRESULT (STDMETHODCALLTYPE *AddError)(IErrorLog *This, LPCOLESTR pszPropName, EXCEPINFO *pExcepInfo);
} IErrorLogVtbl;
struct IErrorLog {
    CONST_VTBL IErrorLogVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IErrorLog_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IErrorLog_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IErrorLog_Release(This) ((This)->lpVtbl->Release(This))
#define IErrorLog_AddError(This, pszPropName, pExcepInfo) ((This)->lpVtbl->AddError(This, pszPropName, pExcepInfo))
#endif
#endif
#endif
typedef IErrorLog *LPERRORLOG;

OLEANDER_DATA(const IID, IID_IPropertyBag);
typedef struct IPropertyBag IPropertyBag;
#ifndef __IPropertyBag_INTERFACE_DEFINED__
#define __IPropertyBag_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("55272A00-42CB-11CE-8135-00AA004BB851")
IPropertyBag : public IUnknown {
    /* pVar->vt on entry is the type wanted (VT_EMPTY: any). */
    virtual HRESULT STDMETHODCALLTYPE Read(LPCOLESTR pszPropName, VARIANT *pVar, IErrorLog *pErrorLog) = 0;
    virtual HRESULT STDMETHODCALLTYPE Write(LPCOLESTR pszPropName, VARIANT *pVar) = 0;
};
__CRT_UUID_DECL(IPropertyBag, 0x55272a00, 0x42cb, 0x11ce, 0x81, 0x35, 0x00, 0xaa, 0x00, 0x4b, 0xb8, 0x51)
#else
typedef struct IPropertyBagVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IPropertyBag *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IPropertyBag *This);
    ULONG (STDMETHODCALLTYPE *Release)(IPropertyBag *This);
    /* pVar->vt on entry is the type wanted (VT_EMPTY: any). */
    HRESULT (STDMETHODCALLTYPE *Read)(IPropertyBag *This, LPCOLESTR pszPropName, VARIANT *pVar, IErrorLog *pErrorLog);
    HRESULT (STDMETHODCALLTYPE *Write)(IPropertyBag *This, LPCOLESTR pszPropName, VARIANT *pVar);
} IPropertyBagVtbl;
struct IPropertyBag {
    CONST_VTBL IPropertyBagVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IPropertyBag_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IPropertyBag_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IPropertyBag_Release(This) ((This)->lpVtbl->Release(This))
#define IPropertyBag_Read(This, pszPropName, pVar, pErrorLog) \
    ((This)->lpVtbl->Read(This, pszPropName, pVar, pErrorLog))
#define IPropertyBag_Write(This, pszPropName, pVar) ((This)->lpVtbl->Write(This, pszPropName, pVar))
#endif
#endif
#endif
typedef IPropertyBag *LPPROPERTYBAG;

#endif
