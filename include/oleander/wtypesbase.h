/* The basic types of COM on LP64 Linux: sizes as on 64-bit Windows, so LONG and ULONG have 32 bits. */
#ifndef OLEANDER_WTYPESBASE_H
#define OLEANDER_WTYPESBASE_H

#include <guiddef.h>
#include <stddef.h>
#include <stdint.h>
#include <uchar.h>

/* Words that declarations are made of */

#ifdef __cplusplus
#define EXTERN_C extern "C"
#else
#define EXTERN_C extern
#endif

/* There is one calling convention; the words are kept so that sources need no change. */
#define STDMETHODCALLTYPE
#define STDMETHODVCALLTYPE
#define STDAPICALLTYPE
#define STDAPIVCALLTYPE
#define WINAPI
#define WINAPIV
#define APIENTRY
#define CALLBACK
#define PASCAL
#define FAR
#define NEAR
#define __RPC_FAR
#define __RPC_API
#define __RPC_USER
#define __RPC_STUB
#ifndef __stdcall
#define __stdcall
#endif
#ifndef __cdecl
#define __cdecl
#endif
#define WINOLEAPI EXTERN_C HRESULT
#define WINOLEAPI_(type) EXTERN_C type

#define STDAPI EXTERN_C HRESULT STDAPICALLTYPE
#define STDAPI_(type) EXTERN_C type STDAPICALLTYPE
#define STDMETHODIMP HRESULT STDMETHODCALLTYPE
#define STDMETHODIMP_(type) type STDMETHODCALLTYPE

#define DECLSPEC_UUID(text)
#define DECLSPEC_NOVTABLE
#define DECLSPEC_SELECTANY __attribute__((weak))
#define DECLSPEC_ALIGN(bytes) __attribute__((aligned(bytes)))
#define DECLSPEC_NOTHROW __attribute__((nothrow))
#define DECLSPEC_NORETURN __attribute__((noreturn))
#ifndef FORCEINLINE
#define FORCEINLINE inline __attribute__((always_inline))
#endif
#ifndef __forceinline
#define __forceinline inline __attribute__((always_inline))
#endif

#define BEGIN_INTERFACE
#define END_INTERFACE
#undef CONST_VTBL
#define CONST_VTBL const /* vtables are constant: C servers write `static const IFooVtbl table = {...}` */

#undef interface
#define interface struct
#define MIDL_INTERFACE(iid) struct

/* The classic form of a declaration that serves C and C++:
 *   #define INTERFACE IFoo
 *   DECLARE_INTERFACE_(IFoo, IUnknown) { STDMETHOD(QueryInterface)(THIS_ REFIID riid, void **ppv) PURE; ... }; */
#if defined(__cplusplus) && !defined(CINTERFACE)
#define STDMETHOD(method) virtual HRESULT STDMETHODCALLTYPE method
#define STDMETHOD_(type, method) virtual type STDMETHODCALLTYPE method
#define PURE = 0
#define THIS_
#define THIS void
#define DECLARE_INTERFACE(iface) struct iface
#define DECLARE_INTERFACE_(iface, base) struct iface : public base
#define DECLARE_INTERFACE_IID_(iface, base, iid) struct iface : public base
#else
#define STDMETHOD(method) HRESULT(STDMETHODCALLTYPE *method)
#define STDMETHOD_(type, method) type(STDMETHODCALLTYPE *method)
#define PURE
#define THIS_ INTERFACE *This,
#define THIS INTERFACE *This
#define DECLARE_INTERFACE(iface)                                                                                       \
    typedef struct iface {                                                                                             \
        CONST_VTBL struct iface##Vtbl *lpVtbl;                                                                         \
    } iface;                                                                                                           \
    typedef struct iface##Vtbl iface##Vtbl;                                                                            \
    struct iface##Vtbl
#define DECLARE_INTERFACE_(iface, base) DECLARE_INTERFACE(iface)
#define DECLARE_INTERFACE_IID_(iface, base, iid) DECLARE_INTERFACE(iface)
#endif

/* __uuidof(IFoo) and __uuidof(expression) in C++, for every interface of these headers and of headers made by widl. */
#ifdef __cplusplus
extern "C++" {
template <typename Type> struct OleanderUuidOf;
template <typename Type> struct OleanderUuidOf<Type *> : OleanderUuidOf<Type> {};
template <typename Type> struct OleanderUuidOf<Type &> : OleanderUuidOf<Type> {};
template <typename Type> struct OleanderUuidOf<const Type> : OleanderUuidOf<Type> {};
}
#define __CRT_UUID_DECL(type, l, w1, w2, b1, b2, b3, b4, b5, b6, b7, b8)                                               \
    extern "C++" {                                                                                                     \
    template <> struct OleanderUuidOf<type> {                                                                          \
        static const GUID &value() {                                                                                   \
            static const GUID iid = {l, w1, w2, {b1, b2, b3, b4, b5, b6, b7, b8}};                                     \
            return iid;                                                                                                \
        }                                                                                                              \
    };                                                                                                                 \
    }
#ifndef __uuidof
#define __uuidof(type) (OleanderUuidOf<__typeof__(type)>::value())
#endif
#endif

/* Bit operators for an enum used as flags, in C++; nothing in C, where enums are integers. */
#ifdef __cplusplus
#define DEFINE_ENUM_FLAG_OPERATORS(type)                                                                               \
    extern "C++" {                                                                                                     \
    inline constexpr type operator|(type a, type b) {                                                                  \
        return static_cast<type>(static_cast<int>(a) | static_cast<int>(b));                                           \
    }                                                                                                                  \
    inline constexpr type operator&(type a, type b) {                                                                  \
        return static_cast<type>(static_cast<int>(a) & static_cast<int>(b));                                           \
    }                                                                                                                  \
    inline constexpr type operator^(type a, type b) {                                                                  \
        return static_cast<type>(static_cast<int>(a) ^ static_cast<int>(b));                                           \
    }                                                                                                                  \
    inline constexpr type operator~(type a) {                                                                          \
        return static_cast<type>(~static_cast<int>(a));                                                                \
    }                                                                                                                  \
    inline type &operator|=(type &a, type b) {                                                                         \
        return a = a | b;                                                                                              \
    }                                                                                                                  \
    inline type &operator&=(type &a, type b) {                                                                         \
        return a = a & b;                                                                                              \
    }                                                                                                                  \
    inline type &operator^=(type &a, type b) {                                                                         \
        return a = a ^ b;                                                                                              \
    }                                                                                                                  \
    }
#else
#define DEFINE_ENUM_FLAG_OPERATORS(type)
#endif

/* Integers, characters, strings */

typedef void VOID;
typedef void *PVOID, *LPVOID;
typedef const void *LPCVOID;
/* I1 has a sign on every machine; plain char has none on some, and texts are of plain char there too. */
#ifdef __CHAR_UNSIGNED__
typedef signed char CHAR, CCHAR;
#else
typedef char CHAR, CCHAR;
#endif
typedef signed char INT8;
typedef uint8_t UCHAR, BYTE, UINT8;
typedef UCHAR *PUCHAR;
typedef BYTE *PBYTE, *LPBYTE;
typedef int16_t SHORT, INT16;
typedef SHORT *PSHORT;
typedef uint16_t USHORT, WORD, UINT16;
typedef USHORT *PUSHORT;
typedef WORD *PWORD, *LPWORD;
typedef int32_t INT, LONG, INT32, LONG32, BOOL;
typedef INT *PINT, *LPINT;
typedef LONG *PLONG, *LPLONG;
typedef BOOL *PBOOL, *LPBOOL;
typedef uint32_t UINT, ULONG, DWORD, UINT32, ULONG32, DWORD32;
typedef UINT *PUINT;
typedef ULONG *PULONG;
typedef DWORD *PDWORD, *LPDWORD;
typedef int64_t LONGLONG, LONG64, INT64;
typedef uint64_t ULONGLONG, ULONG64, UINT64, DWORDLONG, DWORD64;
typedef LONGLONG *PLONGLONG;
typedef ULONGLONG *PULONGLONG;
typedef float FLOAT;
typedef double DOUBLE;
typedef BYTE BOOLEAN;
typedef intptr_t INT_PTR, LONG_PTR;
typedef uintptr_t UINT_PTR, ULONG_PTR, DWORD_PTR;
typedef LONG_PTR *PLONG_PTR;
typedef ULONG_PTR *PULONG_PTR;
typedef size_t SIZE_T;
typedef ptrdiff_t SSIZE_T;
#ifndef __int64
#define __int64 long /* so that `unsigned __int64` works and agrees with int64_t */
#endif

#ifndef TRUE
#define TRUE 1
#endif
#ifndef FALSE
#define FALSE 0
#endif

/* Wide characters are UTF-16 units, whatever wchar_t is. */
typedef char16_t WCHAR, OLECHAR;
typedef WCHAR *PWCHAR, *LPWSTR, *PWSTR, *LPWCH;
typedef const WCHAR *LPCWSTR, *PCWSTR, *LPCWCH;
typedef CHAR *PCHAR;
typedef char *LPSTR, *PSTR;
typedef const char *LPCSTR, *PCSTR;
typedef OLECHAR *LPOLESTR;
typedef const OLECHAR *LPCOLESTR;
typedef char *LPTSTR;
#define OLESTR_JOIN_(text) u##text
#define OLESTR(text) OLESTR_JOIN_(text)

typedef WORD LANGID;
typedef DWORD LCID;
typedef LCID *PLCID;
typedef LONG SCODE;
typedef SCODE *PSCODE;
typedef LONG HRESULT;
typedef int32_t error_status_t;
typedef DWORD COLORREF;
typedef COLORREF *LPCOLORREF;

#define MAKEWORD(low, high) ((WORD)(((BYTE)(low)) | ((WORD)((BYTE)(high))) << 8))
#define MAKELONG(low, high) ((LONG)(((WORD)(low)) | ((DWORD)((WORD)(high))) << 16))
#define LOWORD(value) ((WORD)((DWORD_PTR)(value)&0xFFFF))
#define HIWORD(value) ((WORD)(((DWORD_PTR)(value) >> 16) & 0xFFFF))
#define LOBYTE(value) ((BYTE)((DWORD_PTR)(value)&0xFF))
#define HIBYTE(value) ((BYTE)(((DWORD_PTR)(value) >> 8) & 0xFF))

/* Handles of things that Automation only passes along */

typedef void *HANDLE;
typedef HANDLE *LPHANDLE;
typedef HANDLE HGLOBAL, HLOCAL, HTASK;
#define OLEANDER_HANDLE_(name) typedef struct name##__ *name
OLEANDER_HANDLE_(HWND);
OLEANDER_HANDLE_(HINSTANCE);
OLEANDER_HANDLE_(HMENU);
OLEANDER_HANDLE_(HACCEL);
OLEANDER_HANDLE_(HDC);
OLEANDER_HANDLE_(HFONT);
OLEANDER_HANDLE_(HICON);
OLEANDER_HANDLE_(HBITMAP);
OLEANDER_HANDLE_(HBRUSH);
OLEANDER_HANDLE_(HPALETTE);
OLEANDER_HANDLE_(HRGN);
OLEANDER_HANDLE_(HMETAFILE);
OLEANDER_HANDLE_(HENHMETAFILE);
OLEANDER_HANDLE_(HKEY);
typedef HINSTANCE HMODULE;
typedef HICON HCURSOR;
typedef HGLOBAL HMETAFILEPICT;

/* Small records */

typedef struct _FILETIME {
    DWORD dwLowDateTime;
    DWORD dwHighDateTime;
} FILETIME, *PFILETIME, *LPFILETIME;

typedef struct _SYSTEMTIME {
    WORD wYear;
    WORD wMonth;
    WORD wDayOfWeek;
    WORD wDay;
    WORD wHour;
    WORD wMinute;
    WORD wSecond;
    WORD wMilliseconds;
} SYSTEMTIME, *PSYSTEMTIME, *LPSYSTEMTIME;

typedef struct _SECURITY_ATTRIBUTES {
    DWORD nLength;
    LPVOID lpSecurityDescriptor;
    BOOL bInheritHandle;
} SECURITY_ATTRIBUTES, *PSECURITY_ATTRIBUTES, *LPSECURITY_ATTRIBUTES;
typedef PVOID PSECURITY_DESCRIPTOR;

typedef struct tagPOINT {
    LONG x;
    LONG y;
} POINT, *PPOINT, *LPPOINT;
typedef struct _POINTL {
    LONG x;
    LONG y;
} POINTL, *PPOINTL;
typedef struct tagSIZE {
    LONG cx;
    LONG cy;
} SIZE, *PSIZE, *LPSIZE;
typedef SIZE SIZEL, *PSIZEL, *LPSIZEL;
typedef struct tagRECT {
    LONG left;
    LONG top;
    LONG right;
    LONG bottom;
} RECT, *PRECT, *LPRECT;
typedef const RECT *LPCRECT;
typedef struct _RECTL {
    LONG left;
    LONG top;
    LONG right;
    LONG bottom;
} RECTL, *PRECTL, *LPRECTL;
typedef const RECTL *LPCRECTL;

typedef union _LARGE_INTEGER {
    __extension__ struct {
        DWORD LowPart;
        LONG HighPart;
    };
    struct {
        DWORD LowPart;
        LONG HighPart;
    } u;
    LONGLONG QuadPart;
} LARGE_INTEGER, *PLARGE_INTEGER;
typedef union _ULARGE_INTEGER {
    __extension__ struct {
        DWORD LowPart;
        DWORD HighPart;
    };
    struct {
        DWORD LowPart;
        DWORD HighPart;
    } u;
    ULONGLONG QuadPart;
} ULARGE_INTEGER, *PULARGE_INTEGER;

typedef struct _COAUTHIDENTITY {
    USHORT *User;
    ULONG UserLength;
    USHORT *Domain;
    ULONG DomainLength;
    USHORT *Password;
    ULONG PasswordLength;
    ULONG Flags;
} COAUTHIDENTITY;

typedef struct _COAUTHINFO {
    DWORD dwAuthnSvc;
    DWORD dwAuthzSvc;
    LPWSTR pwszServerPrincName;
    DWORD dwAuthnLevel;
    DWORD dwImpersonationLevel;
    COAUTHIDENTITY *pAuthIdentityData;
    DWORD dwCapabilities;
} COAUTHINFO;

typedef struct _BYTE_BLOB {
    ULONG clSize;
    BYTE abData[1];
} BYTE_BLOB, *UP_BYTE_BLOB;
typedef struct _WORD_BLOB {
    ULONG clSize;
    USHORT asData[1];
} WORD_BLOB, *UP_WORD_BLOB;
typedef struct _DWORD_BLOB {
    ULONG clSize;
    ULONG alData[1];
} DWORD_BLOB, *UP_DWORD_BLOB;
typedef struct _FLAGGED_BYTE_BLOB {
    ULONG fFlags;
    ULONG clSize;
    BYTE abData[1];
} FLAGGED_BYTE_BLOB, *UP_FLAGGED_BYTE_BLOB;
typedef struct _FLAGGED_WORD_BLOB {
    ULONG fFlags;
    ULONG clSize;
    USHORT asData[1];
} FLAGGED_WORD_BLOB, *UP_FLAGGED_WORD_BLOB;
typedef struct _BYTE_SIZEDARR {
    ULONG clSize;
    BYTE *pData;
} BYTE_SIZEDARR;
typedef struct _SHORT_SIZEDARR {
    ULONG clSize;
    USHORT *pData;
} WORD_SIZEDARR;
typedef struct _LONG_SIZEDARR {
    ULONG clSize;
    ULONG *pData;
} DWORD_SIZEDARR;
typedef struct _HYPER_SIZEDARR {
    ULONG clSize;
    LONGLONG *pData;
} HYPER_SIZEDARR;

typedef struct tagBLOB {
    ULONG cbSize;
    BYTE *pBlobData;
} BLOB, *LPBLOB;

/* Where an object may run */

typedef enum tagMEMCTX {
    MEMCTX_TASK = 1,
    MEMCTX_SHARED = 2,
    MEMCTX_MACSYSTEM = 3,
    MEMCTX_UNKNOWN = -1,
    MEMCTX_SAME = -2
} MEMCTX;

typedef enum tagCLSCTX {
    CLSCTX_INPROC_SERVER = 0x1,
    CLSCTX_INPROC_HANDLER = 0x2,
    CLSCTX_LOCAL_SERVER = 0x4,
    CLSCTX_INPROC_SERVER16 = 0x8,
    CLSCTX_REMOTE_SERVER = 0x10,
    CLSCTX_INPROC_HANDLER16 = 0x20,
    CLSCTX_RESERVED1 = 0x40,
    CLSCTX_RESERVED2 = 0x80,
    CLSCTX_RESERVED3 = 0x100,
    CLSCTX_RESERVED4 = 0x200,
    CLSCTX_NO_CODE_DOWNLOAD = 0x400,
    CLSCTX_RESERVED5 = 0x800,
    CLSCTX_NO_CUSTOM_MARSHAL = 0x1000,
    CLSCTX_ENABLE_CODE_DOWNLOAD = 0x2000,
    CLSCTX_NO_FAILURE_LOG = 0x4000,
    CLSCTX_DISABLE_AAA = 0x8000,
    CLSCTX_ENABLE_AAA = 0x10000,
    CLSCTX_FROM_DEFAULT_CONTEXT = 0x20000,
    CLSCTX_ACTIVATE_32_BIT_SERVER = 0x40000,
    CLSCTX_ACTIVATE_64_BIT_SERVER = 0x80000,
    CLSCTX_ENABLE_CLOAKING = 0x100000,
    CLSCTX_APPCONTAINER = 0x400000,
    CLSCTX_ACTIVATE_AAA_AS_IU = 0x800000,
    CLSCTX_PS_DLL = -2147483647 - 1
} CLSCTX;

#define CLSCTX_INPROC (CLSCTX_INPROC_SERVER | CLSCTX_INPROC_HANDLER)
#define CLSCTX_ALL (CLSCTX_INPROC_SERVER | CLSCTX_INPROC_HANDLER | CLSCTX_LOCAL_SERVER | CLSCTX_REMOTE_SERVER)
#define CLSCTX_SERVER (CLSCTX_INPROC_SERVER | CLSCTX_LOCAL_SERVER | CLSCTX_REMOTE_SERVER)

typedef enum tagMSHLFLAGS {
    MSHLFLAGS_NORMAL = 0,
    MSHLFLAGS_TABLESTRONG = 1,
    MSHLFLAGS_TABLEWEAK = 2,
    MSHLFLAGS_NOPING = 4,
    MSHLFLAGS_RESERVED1 = 8,
    MSHLFLAGS_RESERVED2 = 16,
    MSHLFLAGS_RESERVED3 = 32,
    MSHLFLAGS_RESERVED4 = 64
} MSHLFLAGS;

typedef enum tagMSHCTX {
    MSHCTX_LOCAL = 0,
    MSHCTX_NOSHAREDMEM = 1,
    MSHCTX_DIFFERENTMACHINE = 2,
    MSHCTX_INPROC = 3,
    MSHCTX_CROSSCTX = 4,
    MSHCTX_CONTAINER = 5
} MSHCTX;

/* Type names that IDL compilers write */

typedef int64_t hyper;
typedef uint64_t MIDL_uhyper;
typedef unsigned char byte;
typedef unsigned char boolean;
typedef signed char small;
#ifndef __int3264
#define __int3264 long /* so that `unsigned __int3264` works */
#endif

/* The minimum of Windows' helpers that sources of servers lean on. */
#ifndef UNREFERENCED_PARAMETER
#define UNREFERENCED_PARAMETER(parameter) ((void)(parameter))
#endif
#ifndef ARRAYSIZE
#define ARRAYSIZE(array) (sizeof(array) / sizeof((array)[0]))
#endif
#define MAX_PATH 260
#define INFINITE 0xFFFFFFFFu

#endif
