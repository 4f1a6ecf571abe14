/* The interfaces of proxies and stubs, under the name that generated code includes. */
#ifndef OLEANDER_RPCPROXY_H
#define OLEANDER_RPCPROXY_H

#include <objidl.h>
#include <rpcndr.h>

#endif
