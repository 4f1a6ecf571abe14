/* Names of hosts to addresses, without holding up who waits. */
#ifndef OLEANDER_REMOTE_RPC_TCP_RESOLVE_H
#define OLEANDER_REMOTE_RPC_TCP_RESOLVE_H

#include <netdb.h>
#include <stdint.h>

#include <objbase.h>

/* The addresses of a host, for freeaddrinfo; serves the calling thread's queue until they are known, or the deadline. The error
 * says why there are none. */
HRESULT tcp_resolve(const char *host, uint16_t port, int64_t deadline, struct addrinfo **addresses);

#endif
