/* PROPVARIANT and property sets. Made by interfaces/generate.lua from propidlbase.h.in; do not edit. */
#ifndef OLEANDER_PROPIDLBASE_H
#define OLEANDER_PROPIDLBASE_H

#include <oaidl.h>
#include <objidl.h>

typedef struct tagVersionedStream {
    GUID guidVersion;
    IStream *pStream;
} VERSIONEDSTREAM, *LPVERSIONEDSTREAM;

#define PROPSETFLAG_DEFAULT 0
#define PROPSETFLAG_NONSIMPLE 1
#define PROPSETFLAG_ANSI 2
#define PROPSETFLAG_UNBUFFERED 4
#define PROPSETFLAG_CASE_SENSITIVE 8

typedef struct tagPROPVARIANT PROPVARIANT;

#define OLEANDER_COUNTED_(type, name) \
    typedef struct tag##name {        \
        ULONG cElems;                 \
        type *pElems;                 \
    } name
OLEANDER_COUNTED_(CHAR, CAC);
OLEANDER_COUNTED_(UCHAR, CAUB);
OLEANDER_COUNTED_(SHORT, CAI);
OLEANDER_COUNTED_(USHORT, CAUI);
OLEANDER_COUNTED_(LONG, CAL);
OLEANDER_COUNTED_(ULONG, CAUL);
OLEANDER_COUNTED_(FLOAT, CAFLT);
OLEANDER_COUNTED_(DOUBLE, CADBL);
OLEANDER_COUNTED_(CY, CACY);
OLEANDER_COUNTED_(DATE, CADATE);
OLEANDER_COUNTED_(BSTR, CABSTR);
OLEANDER_COUNTED_(BSTRBLOB, CABSTRBLOB);
OLEANDER_COUNTED_(VARIANT_BOOL, CABOOL);
OLEANDER_COUNTED_(SCODE, CASCODE);
OLEANDER_COUNTED_(PROPVARIANT, CAPROPVARIANT);
OLEANDER_COUNTED_(LARGE_INTEGER, CAH);
OLEANDER_COUNTED_(ULARGE_INTEGER, CAUH);
OLEANDER_COUNTED_(LPSTR, CALPSTR);
OLEANDER_COUNTED_(LPWSTR, CALPWSTR);
OLEANDER_COUNTED_(FILETIME, CAFILETIME);
OLEANDER_COUNTED_(CLIPDATA, CACLIPDATA);
OLEANDER_COUNTED_(CLSID, CACLSID);

/* A VARIANT with the types of property sets; the same 24 bytes. */
struct tagPROPVARIANT {
    __extension__ union {
        __extension__ struct {
            VARTYPE vt;
            WORD wReserved1;
            WORD wReserved2;
            WORD wReserved3;
            __extension__ union {
                CHAR cVal;
                UCHAR bVal;
                SHORT iVal;
                USHORT uiVal;
                LONG lVal;
                ULONG ulVal;
                INT intVal;
                UINT uintVal;
                LARGE_INTEGER hVal;
                ULARGE_INTEGER uhVal;
                FLOAT fltVal;
                DOUBLE dblVal;
                VARIANT_BOOL boolVal;
                SCODE scode;
                CY cyVal;
                DATE date;
                FILETIME filetime;
                CLSID *puuid;
                CLIPDATA *pclipdata;
                BSTR bstrVal;
                BSTRBLOB bstrblobVal;
                BLOB blob;
                LPSTR pszVal;
                LPWSTR pwszVal;
                IUnknown *punkVal;
                IDispatch *pdispVal;
                IStream *pStream;
                IStorage *pStorage;
                LPVERSIONEDSTREAM pVersionedStream;
                SAFEARRAY *parray;
                CAC cac;
                CAUB caub;
                CAI cai;
                CAUI caui;
                CAL cal;
                CAUL caul;
                CAH cah;
                CAUH cauh;
                CAFLT caflt;
                CADBL cadbl;
                CABOOL cabool;
                CASCODE cascode;
                CACY cacy;
                CADATE cadate;
                CAFILETIME cafiletime;
                CACLSID cauuid;
                CACLIPDATA caclipdata;
                CABSTR cabstr;
                CABSTRBLOB cabstrblob;
                CALPSTR calpstr;
                CALPWSTR calpwstr;
                CAPROPVARIANT capropvar;
                CHAR *pcVal;
                UCHAR *pbVal;
                SHORT *piVal;
                USHORT *puiVal;
                LONG *plVal;
                ULONG *pulVal;
                INT *pintVal;
                UINT *puintVal;
                FLOAT *pfltVal;
                DOUBLE *pdblVal;
                VARIANT_BOOL *pboolVal;
                DECIMAL *pdecVal;
                SCODE *pscode;
                CY *pcyVal;
                DATE *pdate;
                BSTR *pbstrVal;
                IUnknown **ppunkVal;
                IDispatch **ppdispVal;
                SAFEARRAY **pparray;
                PROPVARIANT *pvarVal;
            };
        };
        DECIMAL decVal;
    };
};
typedef PROPVARIANT *LPPROPVARIANT;
#define _REFPROPVARIANT_DEFINED
#ifdef __cplusplus
#define REFPROPVARIANT const PROPVARIANT &
#else
#define REFPROPVARIANT const PROPVARIANT *
#endif

#define PRSPEC_INVALID 0xffffffffu
#define PRSPEC_LPWSTR 0
#define PRSPEC_PROPID 1
#define PID_DICTIONARY 0
#define PID_CODEPAGE 1
#define PID_FIRST_USABLE 2
#define PID_LOCALE 0x80000000u
#define PID_MODIFY_TIME 0x80000001u
#define PID_SECURITY 0x80000002u
#define PID_BEHAVIOR 0x80000003u
#define PID_ILLEGAL 0xffffffffu

typedef struct tagPROPSPEC {
    ULONG ulKind;
    __extension__ union {
        PROPID propid;
        LPOLESTR lpwstr;
    };
} PROPSPEC;

typedef struct tagSTATPROPSTG {
    LPOLESTR lpwstrName;
    PROPID propid;
    VARTYPE vt;
} STATPROPSTG;

typedef struct tagSTATPROPSETSTG {
    FMTID fmtid;
    CLSID clsid;
    DWORD grfFlags;
    FILETIME mtime;
    FILETIME ctime;
    FILETIME atime;
    DWORD dwOSVersion;
} STATPROPSETSTG;

OLEANDER_DATA(const IID, IID_IEnumSTATPROPSTG);
typedef struct IEnumSTATPROPSTG IEnumSTATPROPSTG;
#ifndef __IEnumSTATPROPSTG_INTERFACE_DEFINED__
#define __IEnumSTATPROPSTG_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("00000139-0000-0000-C000-000000000046")
IEnumSTATPROPSTG : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE Next(ULONG celt, STATPROPSTG *rgelt, ULONG *pceltFetched) = 0;
    virtual HRESULT STDMETHODCALLTYPE Skip(ULONG celt) = 0;
    virtual HRESULT STDMETHODCALLTYPE Reset() = 0;
    virtual HRESULT STDMETHODCALLTYPE Clone(IEnumSTATPROPSTG **ppenum) = 0;
};
__CRT_UUID_DECL(IEnumSTATPROPSTG, 0x00000139, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IEnumSTATPROPSTGVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IEnumSTATPROPSTG *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IEnumSTATPROPSTG *This);
    ULONG (STDMETHODCALLTYPE *Release)(IEnumSTATPROPSTG *This);
    HRESULT (STDMETHODCALLTYPE *Next)(IEnumSTATPROPSTG *This, ULONG celt, STATPROPSTG *rgelt, ULONG *pceltFetched);
    HRESULT (STDMETHODCALLTYPE *Skip)(IEnumSTATPROPSTG *This, ULONG celt);
    HRESULT (STDMETHODCALLTYPE *Reset)(IEnumSTATPROPSTG *This);
    HRESULT (STDMETHODCALLTYPE *Clone)(IEnumSTATPROPSTG *This, IEnumSTATPROPSTG **ppenum);
} IEnumSTATPROPSTGVtbl;
struct IEnumSTATPROPSTG {
    CONST_VTBL IEnumSTATPROPSTGVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IEnumSTATPROPSTG_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IEnumSTATPROPSTG_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IEnumSTATPROPSTG_Release(This) ((This)->lpVtbl->Release(This))
#define IEnumSTATPROPSTG_Next(This, celt, rgelt, pceltFetched) ((This)->lpVtbl->Next(This, celt, rgelt, pceltFetched))
#define IEnumSTATPROPSTG_Skip(This, celt) ((This)->lpVtbl->Skip(This, celt))
#define IEnumSTATPROPSTG_Reset(This) ((This)->lpVtbl->Reset(This))
#define IEnumSTATPROPSTG_Clone(This, ppenum) ((This)->lpVtbl->Clone(This, ppenum))
#endif
#endif
#endif
typedef IEnumSTATPROPSTG *LPENUMSTATPROPSTG;

OLEANDER_DATA(const IID, IID_IEnumSTATPROPSETSTG);
typedef struct IEnumSTATPROPSETSTG IEnumSTATPROPSETSTG;
#ifndef __IEnumSTATPROPSETSTG_INTERFACE_DEFINED__
#define __IEnumSTATPROPSETSTG_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("0000013B-0000-0000-C000-000000000046")
IEnumSTATPROPSETSTG : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE Next(ULONG celt, STATPROPSETSTG *rgelt, ULONG *pceltFetched) = 0;
    virtual HRESULT STDMETHODCALLTYPE Skip(ULONG celt) = 0;
    virtual HRESULT STDMETHODCALLTYPE Reset() = 0;
    virtual HRESULT STDMETHODCALLTYPE Clone(IEnumSTATPROPSETSTG **ppenum) = 0;
};
__CRT_UUID_DECL(IEnumSTATPROPSETSTG, 0x0000013b, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IEnumSTATPROPSETSTGVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IEnumSTATPROPSETSTG *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IEnumSTATPROPSETSTG *This);
    ULONG (STDMETHODCALLTYPE *Release)(IEnumSTATPROPSETSTG *This);
    HRESULT (STDMETHODCALLTYPE *Next)(IEnumSTATPROPSETSTG *This, ULONG celt, STATPROPSETSTG *rgelt,
        ULONG *pceltFetched);
    HRESULT (STDMETHODCALLTYPE *Skip)(IEnumSTATPROPSETSTG *This, ULONG celt);
    HRESULT (STDMETHODCALLTYPE *Reset)(IEnumSTATPROPSETSTG *This);
    HRESULT (STDMETHODCALLTYPE *Clone)(IEnumSTATPROPSETSTG *This, IEnumSTATPROPSETSTG **ppenum);
} IEnumSTATPROPSETSTGVtbl;
struct IEnumSTATPROPSETSTG {
    CONST_VTBL IEnumSTATPROPSETSTGVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IEnumSTATPROPSETSTG_QueryInterface(This, riid, ppvObject) \
    ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IEnumSTATPROPSETSTG_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IEnumSTATPROPSETSTG_Release(This) ((This)->lpVtbl->Release(This))
#define IEnumSTATPROPSETSTG_Next(This, celt, rgelt, pceltFetched) \
    ((This)->lpVtbl->Next(This, celt, rgelt, pceltFetched))
#define IEnumSTATPROPSETSTG_Skip(This, celt) ((This)->lpVtbl->Skip(This, celt))
#define IEnumSTATPROPSETSTG_Reset(This) ((This)->lpVtbl->Reset(This))
#define IEnumSTATPROPSETSTG_Clone(This, ppenum) ((This)->lpVtbl->Clone(This, ppenum))
#endif
#endif
#endif
typedef IEnumSTATPROPSETSTG *LPENUMSTATPROPSETSTG;

OLEANDER_DATA(const IID, IID_IPropertyStorage);
typedef struct IPropertyStorage IPropertyStorage;
#ifndef __IPropertyStorage_INTERFACE_DEFINED__
#define __IPropertyStorage_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("00000138-0000-0000-C000-000000000046")
IPropertyStorage : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE ReadMultiple(ULONG cpspec, const PROPSPEC *rgpspec, PROPVARIANT *rgpropvar) = 0;
    virtual HRESULT STDMETHODCALLTYPE WriteMultiple(ULONG cpspec, const PROPSPEC *rgpspec,
        const PROPVARIANT *rgpropvar, PROPID propidNameFirst) = 0;
    virtual HRESULT STDMETHODCALLTYPE DeleteMultiple(ULONG cpspec, const PROPSPEC *rgpspec) = 0;
    virtual HRESULT STDMETHODCALLTYPE ReadPropertyNames(ULONG cpropid, const PROPID *rgpropid,
        LPOLESTR *rglpwstrName) = 0;
    virtual HRESULT STDMETHODCALLTYPE WritePropertyNames(ULONG cpropid, const PROPID *rgpropid,
        const LPOLESTR *rglpwstrName) = 0;
    virtual HRESULT STDMETHODCALLTYPE DeletePropertyNames(ULONG cpropid, const PROPID *rgpropid) = 0;
    virtual HRESULT STDMETHODCALLTYPE Commit(DWORD grfCommitFlags) = 0;
    virtual HRESULT STDMETHODCALLTYPE Revert() = 0;
    virtual HRESULT STDMETHODCALLTYPE Enum(IEnumSTATPROPSTG **ppenum) = 0;
    virtual HRESULT STDMETHODCALLTYPE SetTimes(const FILETIME *pctime, const FILETIME *patime,
        const FILETIME *pmtime) = 0;
    virtual HRESULT STDMETHODCALLTYPE SetClass(REFCLSID clsid) = 0;
    virtual HRESULT STDMETHODCALLTYPE Stat(STATPROPSETSTG *pstatpsstg) = 0;
};
__CRT_UUID_DECL(IPropertyStorage, 0x00000138, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IPropertyStorageVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IPropertyStorage *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IPropertyStorage *This);
    ULONG (STDMETHODCALLTYPE *Release)(IPropertyStorage *This);
    HRESULT (STDMETHODCALLTYPE *ReadMultiple)(IPropertyStorage *This, ULONG cpspec, const PROPSPEC *rgpspec,
        PROPVARIANT *rgpropvar);
    HRESULT (STDMETHODCALLTYPE *WriteMultiple)(IPropertyStorage *This, ULONG cpspec, const PROPSPEC *rgpspec,
        const PROPVARIANT *rgpropvar, PROPID propidNameFirst);
    HRESULT (STDMETHODCALLTYPE *DeleteMultiple)(IPropertyStorage *This, ULONG cpspec, const PROPSPEC *rgpspec);
    HRESULT (STDMETHODCALLTYPE *ReadPropertyNames)(IPropertyStorage *This, ULONG cpropid, const PROPID *rgpropid,
        LPOLESTR *rglpwstrName);
    HRESULT (STDMETHODCALLTYPE *WritePropertyNames)(IPropertyStorage *This, ULONG cpropid, const PROPID *rgpropid,
        const LPOLESTR *rglpwstrName);
    HRESULT (STDMETHODCALLTYPE *DeletePropertyNames)(IPropertyStorage *This, ULONG cpropid, const PROPID *rgpropid);
    HRESULT (STDMETHODCALLTYPE *Commit)(IPropertyStorage *This, DWORD grfCommitFlags);
    HRESULT (STDMETHODCALLTYPE *Revert)(IPropertyStorage *This);
    HRESULT (STDMETHODCALLTYPE *Enum)(IPropertyStorage *This, IEnumSTATPROPSTG **ppenum);
    HRESULT (STDMETHODCALLTYPE *SetTimes)(IPropertyStorage *This, const FILETIME *pctime, const FILETIME *patime,
        const FILETIME *pmtime);
    HRESULT (STDMETHODCALLTYPE *SetClass)(IPropertyStorage *This, REFCLSID clsid);
    HRESULT (STDMETHODCALLTYPE *Stat)(IPropertyStorage *This, STATPROPSETSTG *pstatpsstg);
} IPropertyStorageVtbl;
struct IPropertyStorage {
    CONST_VTBL IPropertyStorageVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IPropertyStorage_QueryInterface(This, riid, ppvObject) ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IPropertyStorage_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IPropertyStorage_Release(This) ((This)->lpVtbl->Release(This))
#define IPropertyStorage_ReadMultiple(This, cpspec, rgpspec, rgpropvar) \
    ((This)->lpVtbl->ReadMultiple(This, cpspec, rgpspec, rgpropvar))
#define IPropertyStorage_WriteMultiple(This, cpspec, rgpspec, rgpropvar, propidNameFirst) \
    ((This)->lpVtbl->WriteMultiple(This, cpspec, rgpspec, rgpropvar, propidNameFirst))
#define IPropertyStorage_DeleteMultiple(This, cpspec, rgpspec) ((This)->lpVtbl->DeleteMultiple(This, cpspec, rgpspec))
#define IPropertyStorage_ReadPropertyNames(This, cpropid, rgpropid, rglpwstrName) \
    ((This)->lpVtbl->ReadPropertyNames(This, cpropid, rgpropid, rglpwstrName))
#define IPropertyStorage_WritePropertyNames(This, cpropid, rgpropid, rglpwstrName) \
    ((This)->lpVtbl->WritePropertyNames(This, cpropid, rgpropid, rglpwstrName))
#define IPropertyStorage_DeletePropertyNames(This, cpropid, rgpropid) \
    ((This)->lpVtbl->DeletePropertyNames(This, cpropid, rgpropid))
#define IPropertyStorage_Commit(This, grfCommitFlags) ((This)->lpVtbl->Commit(This, grfCommitFlags))
#define IPropertyStorage_Revert(This) ((This)->lpVtbl->Revert(This))
#define IPropertyStorage_Enum(This, ppenum) ((This)->lpVtbl->Enum(This, ppenum))
#define IPropertyStorage_SetTimes(This, pctime, patime, pmtime) \
    ((This)->lpVtbl->SetTimes(This, pctime, patime, pmtime))
#define IPropertyStorage_SetClass(This, clsid) ((This)->lpVtbl->SetClass(This, clsid))
#define IPropertyStorage_Stat(This, pstatpsstg) ((This)->lpVtbl->Stat(This, pstatpsstg))
#endif
#endif
#endif
typedef IPropertyStorage *LPPROPERTYSTORAGE;

OLEANDER_DATA(const IID, IID_IPropertySetStorage);
typedef struct IPropertySetStorage IPropertySetStorage;
#ifndef __IPropertySetStorage_INTERFACE_DEFINED__
#define __IPropertySetStorage_INTERFACE_DEFINED__
#if defined(__cplusplus) && !defined(CINTERFACE)
MIDL_INTERFACE("0000013A-0000-0000-C000-000000000046")
IPropertySetStorage : public IUnknown {
    virtual HRESULT STDMETHODCALLTYPE Create(REFFMTID rfmtid, const CLSID *pclsid, DWORD grfFlags, DWORD grfMode,
        IPropertyStorage **ppprstg) = 0;
    virtual HRESULT STDMETHODCALLTYPE Open(REFFMTID rfmtid, DWORD grfMode, IPropertyStorage **ppprstg) = 0;
    virtual HRESULT STDMETHODCALLTYPE Delete(REFFMTID rfmtid) = 0;
    virtual HRESULT STDMETHODCALLTYPE Enum(IEnumSTATPROPSETSTG **ppenum) = 0;
};
__CRT_UUID_DECL(IPropertySetStorage, 0x0000013a, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#else
typedef struct IPropertySetStorageVtbl {
    HRESULT (STDMETHODCALLTYPE *QueryInterface)(IPropertySetStorage *This, REFIID riid, void **ppvObject);
    ULONG (STDMETHODCALLTYPE *AddRef)(IPropertySetStorage *This);
    ULONG (STDMETHODCALLTYPE *Release)(IPropertySetStorage *This);
    HRESULT (STDMETHODCALLTYPE *Create)(IPropertySetStorage *This, REFFMTID rfmtid, const CLSID *pclsid,
        DWORD grfFlags, DWORD grfMode, IPropertyStorage **ppprstg);
    HRESULT (STDMETHODCALLTYPE *Open)(IPropertySetStorage *This, REFFMTID rfmtid, DWORD grfMode,
        IPropertyStorage **ppprstg);
    HRESULT (STDMETHODCALLTYPE *Delete)(IPropertySetStorage *This, REFFMTID rfmtid);
    HRESULT (STDMETHODCALLTYPE *Enum)(IPropertySetStorage *This, IEnumSTATPROPSETSTG **ppenum);
} IPropertySetStorageVtbl;
struct IPropertySetStorage {
    CONST_VTBL IPropertySetStorageVtbl *lpVtbl;
};
#ifdef COBJMACROS
#define IPropertySetStorage_QueryInterface(This, riid, ppvObject) \
    ((This)->lpVtbl->QueryInterface(This, riid, ppvObject))
#define IPropertySetStorage_AddRef(This) ((This)->lpVtbl->AddRef(This))
#define IPropertySetStorage_Release(This) ((This)->lpVtbl->Release(This))
#define IPropertySetStorage_Create(This, rfmtid, pclsid, grfFlags, grfMode, ppprstg) \
    ((This)->lpVtbl->Create(This, rfmtid, pclsid, grfFlags, grfMode, ppprstg))
#define IPropertySetStorage_Open(This, rfmtid, grfMode, ppprstg) \
    ((This)->lpVtbl->Open(This, rfmtid, grfMode, ppprstg))
#define IPropertySetStorage_Delete(This, rfmtid) ((This)->lpVtbl->Delete(This, rfmtid))
#define IPropertySetStorage_Enum(This, ppenum) ((This)->lpVtbl->Enum(This, ppenum))
#endif
#endif
#endif
typedef IPropertySetStorage *LPPROPERTYSETSTORAGE;

/* The sets of documents. */
OLEANDER_DATA(const GUID, FMTID_SummaryInformation);
OLEANDER_DATA(const GUID, FMTID_DocSummaryInformation);
/* The second section of DocSummaryInformation: names that a user chose. */
OLEANDER_DATA(const GUID, FMTID_UserDefinedProperties);

#define PIDSI_TITLE 0x2
#define PIDSI_SUBJECT 0x3
#define PIDSI_AUTHOR 0x4
#define PIDSI_KEYWORDS 0x5
#define PIDSI_COMMENTS 0x6
#define PIDSI_TEMPLATE 0x7
#define PIDSI_LASTAUTHOR 0x8
#define PIDSI_REVNUMBER 0x9
#define PIDSI_EDITTIME 0xa
#define PIDSI_LASTPRINTED 0xb
#define PIDSI_CREATE_DTM 0xc
#define PIDSI_LASTSAVE_DTM 0xd
#define PIDSI_PAGECOUNT 0xe
#define PIDSI_WORDCOUNT 0xf
#define PIDSI_CHARCOUNT 0x10
#define PIDSI_THUMBNAIL 0x11
#define PIDSI_APPNAME 0x12
#define PIDSI_DOC_SECURITY 0x13

#define PIDDSI_CATEGORY 0x2
#define PIDDSI_PRESFORMAT 0x3
#define PIDDSI_BYTECOUNT 0x4
#define PIDDSI_LINECOUNT 0x5
#define PIDDSI_PARCOUNT 0x6
#define PIDDSI_SLIDECOUNT 0x7
#define PIDDSI_NOTECOUNT 0x8
#define PIDDSI_HIDDENCOUNT 0x9
#define PIDDSI_MMCLIPCOUNT 0xA
#define PIDDSI_SCALE 0xB
#define PIDDSI_HEADINGPAIR 0xC
#define PIDDSI_DOCPARTS 0xD
#define PIDDSI_MANAGER 0xE
#define PIDDSI_COMPANY 0xF
#define PIDDSI_LINKSDIRTY 0x10

/* Frees what a PROPVARIANT owns and makes it VT_EMPTY; STG_E_INVALIDPARAMETER for a type that is none. */
OLEANDER_API(HRESULT, PropVariantClear, (PROPVARIANT *pvar));
/* A copy with everything that it owns. The target is not cleared before. */
OLEANDER_API(HRESULT, PropVariantCopy, (PROPVARIANT *pvarDest, const PROPVARIANT *pvarSrc));
/* Clears each of them; the array is the caller's. */
OLEANDER_API(HRESULT, FreePropVariantArray, (ULONG cVariants, PROPVARIANT *rgvars));
#define PropVariantInit(pvar) memset((pvar), 0, sizeof(PROPVARIANT))

#endif
