/* The words of RPC that COM's headers and generated code use. There is no RPC run time behind it. */
#ifndef OLEANDER_RPC_H
#define OLEANDER_RPC_H

#include <wtypesbase.h>

typedef LONG RPC_STATUS;
typedef void *RPC_BINDING_HANDLE;
typedef RPC_BINDING_HANDLE handle_t;
typedef void *RPC_AUTH_IDENTITY_HANDLE;
typedef void *RPC_AUTHZ_HANDLE;
typedef void *RPC_IF_HANDLE;
typedef unsigned char *RPC_CSTR;
typedef WCHAR *RPC_WSTR;
typedef void *I_RPC_HANDLE;

#define RPC_ENTRY
#define RPCRTAPI OLEANDER_EXTERN_C

#endif
