/* GUID, IID, CLSID, FMTID: 16 bytes, the first three fields little-endian in memory. */
#ifndef OLEANDER_GUIDDEF_H
#define OLEANDER_GUIDDEF_H

#include <oleander_api.h>
#include <stdint.h>
#include <string.h>

#ifndef GUID_DEFINED
#define GUID_DEFINED
typedef struct _GUID {
    uint32_t Data1;
    uint16_t Data2;
    uint16_t Data3;
    uint8_t Data4[8];
} GUID;
#endif

typedef GUID *LPGUID;
typedef const GUID *LPCGUID;
typedef GUID UUID;
typedef GUID IID;
typedef IID *LPIID;
typedef GUID CLSID;
typedef CLSID *LPCLSID;
typedef GUID FMTID;
typedef FMTID *LPFMTID;

#ifdef __cplusplus
#define REFGUID const GUID &
#define REFIID const IID &
#define REFCLSID const CLSID &
#define REFFMTID const FMTID &
#else
#define REFGUID const GUID *
#define REFIID const IID *
#define REFCLSID const CLSID *
#define REFFMTID const FMTID *
#endif
#define _REFGUID_DEFINED
#define _REFIID_DEFINED
#define _REFCLSID_DEFINED
#define _REFFMTID_DEFINED

#ifdef __cplusplus
static inline int InlineIsEqualGUID(REFGUID first, REFGUID second) {
    return memcmp(&first, &second, sizeof(GUID)) == 0;
}
static inline int IsEqualGUID(REFGUID first, REFGUID second) {
    return memcmp(&first, &second, sizeof(GUID)) == 0;
}
inline bool operator==(REFGUID first, REFGUID second) {
    return memcmp(&first, &second, sizeof(GUID)) == 0;
}
inline bool operator!=(REFGUID first, REFGUID second) {
    return !(first == second);
}
#else
#define InlineIsEqualGUID(first, second) (memcmp((first), (second), sizeof(GUID)) == 0)
#define IsEqualGUID(first, second) (memcmp((first), (second), sizeof(GUID)) == 0)
#endif

#define IsEqualIID(first, second) IsEqualGUID(first, second)
#define IsEqualCLSID(first, second) IsEqualGUID(first, second)
#define IsEqualFMTID(first, second) IsEqualGUID(first, second)

OLEANDER_DATA(const GUID, GUID_NULL);
#define IID_NULL GUID_NULL
#define CLSID_NULL GUID_NULL
#define FMTID_NULL GUID_NULL

#endif

/* Outside the guard: including guiddef.h again after initguid.h turns declarations into definitions. A definition
 * is weak and hidden: several files of a module may define the same GUID, and no module exports its own. */
#undef DEFINE_GUID
#ifdef INITGUID
#define DEFINE_GUID(name, l, w1, w2, b1, b2, b3, b4, b5, b6, b7, b8)                             \
    OLEANDER_EXTERN_C const GUID name __attribute__((weak, visibility("hidden")));               \
    const GUID name = {(l), (w1), (w2), {(b1), (b2), (b3), (b4), (b5), (b6), (b7), (b8)}}
#else
#define DEFINE_GUID(name, l, w1, w2, b1, b2, b3, b4, b5, b6, b7, b8) OLEANDER_EXTERN_C const GUID name
#endif
#undef DEFINE_OLEGUID
#define DEFINE_OLEGUID(name, l, w1, w2) DEFINE_GUID(name, l, w1, w2, 0xC0, 0, 0, 0, 0, 0, 0, 0x46)
