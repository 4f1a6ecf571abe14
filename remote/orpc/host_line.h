/* What can be asked of another host's service beside activation: who it is, what it offers. For tools. */
#ifndef OLEANDER_REMOTE_HOST_LINE_H
#define OLEANDER_REMOTE_HOST_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <objbase.h>

/* A connection to a port of another host. Each function serves the calling thread's apartment until its answer is there, or the
 * thread's deadline (remote_set_deadline). */
typedef struct HostLine HostLine;

/* `secure`: in the name of the process (blanket_of_process), at integrity at least; where nobody is named without security. */
OLEANDER_API(HRESULT, host_line_open, (const char *host, uint16_t port, bool secure, HostLine **line));
OLEANDER_API(void, host_line_close, (HostLine * line)); /* NULL is allowed */

/* The endpoint mapper's interface ([C706] appendix O), and what it says when it has no entry. */
extern const IID IID_EndpointMapper;
enum { ENDPOINT_MAPPER_VERSION = 3 };
#define EPT_NOT_REGISTERED 0x16C9A0D6u

/* One entry of what a host shows; texts are as long as the call. */
typedef struct HostEntry {
  const char *text; /* an address, or where an interface is reached: "ncacn_ip_tcp:10.0.0.1[135]" */
  const char *note; /* the annotation of an interface, the principal of a security service; "" */
  IID iid;          /* of an interface */
  uint32_t version; /* major, minor << 16 */
  uint16_t service; /* of a security binding: RPC_C_AUTHN_...; 0: none */
} HostEntry;
typedef void HostVisit(void *context, const HostEntry *entry);

/* ServerAlive2: the version of COM, and under which addresses and by which security services it is reached. */
OLEANDER_API(HRESULT, host_line_alive, (HostLine * line, uint16_t version[2], HostVisit *visit, void *context));
/* Everything that the endpoint mapper has. */
OLEANDER_API(HRESULT, host_line_endpoints, (HostLine * line, HostVisit *visit, void *context));
/* A call without arguments of an interface of our own; the answer is for free(). */
OLEANDER_API(HRESULT, host_line_ask, (HostLine * line, REFIID iid, uint16_t opnum, uint8_t **bytes, size_t *size));

#endif
