/* What headers made by an IDL compiler ask for. */
#ifndef OLEANDER_RPCNDR_H
#define OLEANDER_RPCNDR_H

#include <rpc.h>

#define __RPCNDR_H_VERSION__ 475
#define NDR_LOCAL_DATA_REPRESENTATION 0x00000010u

typedef void *NDR_CCONTEXT;


#endif
