/* Structured storage: compound files, bytes in memory, the class and the user type of a storage.
 *
 * All functions may be called on any thread. The objects may be used by several threads. E_OUTOFMEMORY when memory runs out,
 * STG_E_INVALIDPOINTER for a NULL where a pointer is needed. */
#ifndef OLEANDER_COML2API_H
#define OLEANDER_COML2API_H

#include <combaseapi.h>
#include <objidl.h>
#include <propidlbase.h>

#define CWCSTORAGENAME 32

/* Storage access modes */

#define STGM_DIRECT 0x00000000
#define STGM_TRANSACTED 0x00010000
#define STGM_SIMPLE 0x08000000
#define STGM_READ 0x00000000
#define STGM_WRITE 0x00000001
#define STGM_READWRITE 0x00000002
#define STGM_SHARE_DENY_NONE 0x00000040
#define STGM_SHARE_DENY_READ 0x00000030
#define STGM_SHARE_DENY_WRITE 0x00000020
#define STGM_SHARE_EXCLUSIVE 0x00000010
#define STGM_PRIORITY 0x00040000
#define STGM_DELETEONRELEASE 0x04000000
#define STGM_NOSCRATCH 0x00100000
#define STGM_CREATE 0x00001000
#define STGM_CONVERT 0x00020000
#define STGM_FAILIFTHERE 0x00000000
#define STGM_NOSNAPSHOT 0x00200000
#define STGM_DIRECT_SWMR 0x00400000

typedef DWORD STGFMT;
#define STGFMT_STORAGE 0
#define STGFMT_NATIVE 1
#define STGFMT_FILE 3
#define STGFMT_ANY 4
#define STGFMT_DOCFILE 5
#define STGFMT_DOCUMENT 0

typedef struct tagSTGOPTIONS {
    USHORT usVersion; /* 1, or 2 with pwcsTemplateFile */
    USHORT reserved;
    ULONG ulSectorSize; /* 512 or 4096 (version 4 of the format) */
    const WCHAR *pwcsTemplateFile; /* NULL */
} STGOPTIONS;
#define STGOPTIONS_VERSION 1

/* A new compound file; pwcsName NULL: a temporary one that goes with the last reference. Without STGM_CREATE a file that is
 * there is STG_E_FILEALREADYEXISTS; with STGM_CONVERT what it holds becomes the stream CONTENTS (STG_S_CONVERTED). */
OLEANDER_API(HRESULT, StgCreateDocfile, (const WCHAR *pwcsName, DWORD grfMode, DWORD reserved, IStorage **ppstgOpen));
/* The same with a format (STGFMT_STORAGE, STGFMT_DOCFILE), options, and any interface of the storage. */
OLEANDER_API(HRESULT, StgCreateStorageEx,
    (const WCHAR *pwcsName, DWORD grfMode, DWORD stgfmt, DWORD grfAttrs, STGOPTIONS *pStgOptions,
        PSECURITY_DESCRIPTOR pSecurityDescriptor, REFIID riid, void **ppObjectOpen));
/* A new compound file in bytes of any kind. */
OLEANDER_API(HRESULT, StgCreateDocfileOnILockBytes,
    (ILockBytes *plkbyt, DWORD grfMode, DWORD reserved, IStorage **ppstgOpen));
/* Opens a compound file. STG_E_FILENOTFOUND; STG_E_FILEALREADYEXISTS: it is something else; STG_E_DOCFILECORRUPT. */
OLEANDER_API(HRESULT, StgOpenStorage,
    (const WCHAR *pwcsName, IStorage *pstgPriority, DWORD grfMode, SNB snbExclude, DWORD reserved,
        IStorage **ppstgOpen));
/* The same for any interface; pStgOptions is told the size of sectors. */
OLEANDER_API(HRESULT, StgOpenStorageEx,
    (const WCHAR *pwcsName, DWORD grfMode, DWORD stgfmt, DWORD grfAttrs, STGOPTIONS *pStgOptions,
        PSECURITY_DESCRIPTOR pSecurityDescriptor, REFIID riid, void **ppObjectOpen));
/* Opens the compound file in these bytes; STG_E_INVALIDHEADER: they are none. */
OLEANDER_API(HRESULT, StgOpenStorageOnILockBytes,
    (ILockBytes *plkbyt, IStorage *pstgPriority, DWORD grfMode, SNB snbExclude, DWORD reserved, IStorage **ppstgOpen));
/* S_OK or S_FALSE by how the file begins. */
OLEANDER_API(HRESULT, StgIsStorageFile, (const WCHAR *pwcsName));
/* The same for bytes. */
OLEANDER_API(HRESULT, StgIsStorageILockBytes, (ILockBytes *plkbyt));
/* Sets the times of a compound file; NULL leaves one as it is. */
OLEANDER_API(HRESULT, StgSetTimes,
    (const WCHAR *lpszName, const FILETIME *pctime, const FILETIME *patime, const FILETIME *pmtime));

/* Bytes over a block of memory that grows; hGlobal NULL makes one. */
OLEANDER_API(HRESULT, CreateILockBytesOnHGlobal, (HGLOBAL hGlobal, BOOL fDeleteOnRelease, ILockBytes **pplkbyt));
/* The block. */
OLEANDER_API(HRESULT, GetHGlobalFromILockBytes, (ILockBytes *plkbyt, HGLOBAL *phglobal));

/* Property sets */

/* The property sets of any storage; its streams hold them. */
OLEANDER_API(HRESULT, StgCreatePropSetStg, (IStorage *pStorage, DWORD dwReserved, IPropertySetStorage **ppPropSetStg));
/* A property set in a stream, new, and one that is there. */
OLEANDER_API(HRESULT, StgCreatePropStg,
    (IUnknown *pUnk, REFFMTID fmtid, const CLSID *pclsid, DWORD grfFlags, DWORD dwReserved,
        IPropertyStorage **ppPropStg));
/* STG_E_FILENOTFOUND: the stream holds other sets. */
OLEANDER_API(HRESULT, StgOpenPropStg,
    (IUnknown *pUnk, REFFMTID fmtid, DWORD grfFlags, DWORD dwReserved, IPropertyStorage **ppPropStg));
/* The name of the stream of a property set; CWCSTORAGENAME units. */
OLEANDER_API(HRESULT, FmtIdToPropStgName, (const FMTID *pfmtid, LPOLESTR oszName));
/* STG_E_INVALIDNAME: the name is not that of a property set. */
OLEANDER_API(HRESULT, PropStgNameToFmtId, (const LPOLESTR oszName, FMTID *pfmtid));

typedef int PROPVAR_CHANGE_FLAGS;
#define PVCHF_DEFAULT 0

/* A copy of a value as one of another type; texts of all kinds, numbers, dates and FILETIMEs, GUIDs and their texts.
 * DISP_E_TYPEMISMATCH, DISP_E_OVERFLOW: there is none. */
OLEANDER_API(HRESULT, PropVariantChangeType,
    (PROPVARIANT *ppropvarDest, const PROPVARIANT *propvarSrc, PROPVAR_CHANGE_FLAGS flags, VARTYPE vt));

/* A value as property sets hold it [MS-OLEPS]. */
typedef struct tagSERIALIZEDPROPERTYVALUE {
    DWORD dwType;
    BYTE rgb[1];
} SERIALIZEDPROPERTYVALUE;

/* Writes a value into pprop, which has *pcb bytes; *pcb becomes the size. NULL: it does not fit, or, when *pcb is 0
 * then, it is no value of property sets. */
OLEANDER_API(SERIALIZEDPROPERTYVALUE *, StgConvertVariantToProperty,
    (const PROPVARIANT *pvar, USHORT CodePage, SERIALIZEDPROPERTYVALUE *pprop, ULONG *pcb, PROPID pid,
        BOOLEAN fReserved, ULONG *pcIndirect));
/* The way back. It is not told how many bytes there are: only for bytes that StgConvertVariantToProperty made. pma is
 * not used; FALSE. What is no value becomes VT_EMPTY. */
OLEANDER_API(BOOLEAN, StgConvertPropertyToVariant,
    (const SERIALIZEDPROPERTYVALUE *pprop, USHORT CodePage, PROPVARIANT *pvar, void *pma));
/* The same for bytes from outside, of which there are `size`. STG_E_DOCFILECORRUPT: they are no value. */
OLEANDER_EXPORT HRESULT oleander_property_to_variant(const void *bytes, ULONG size, USHORT CodePage, PROPVARIANT *pvar);

/* A stream over bytes of any kind; dwMode STGM_* says what it may do. */
OLEANDER_EXPORT HRESULT oleander_stream_on_lock_bytes(ILockBytes *plkbyt, DWORD dwMode, IStream **ppstm);

#endif
