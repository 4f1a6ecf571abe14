/* What every security provider does: it shows one end of a connection who the other is, by tokens that go to and fro, and protects
 * the PDUs that follow ([MS-RPCE] 2.2.1.1.7, 3.3.1.5.2). One context serves one connection and is used under its lock. */
#ifndef OLEANDER_REMOTE_SECURITY_PROVIDER_H
#define OLEANDER_REMOTE_SECURITY_PROVIDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "remote/security/accounts_file.h"
#include "remote/security/blanket.h"

enum { SECURITY_SPNEGO = 9, SECURITY_NTLM = 10, SECURITY_KERBEROS = 16 }; /* RPC_C_AUTHN_... */

typedef enum SecurityProgress {
  SECURITY_DONE, /* the peer is known, as far as this side can tell */
  SECURITY_MORE, /* its next token is needed */
  SECURITY_FAILED
} SecurityProgress;

enum { SECURITY_SIGNATURE_LIMIT = 256 };

/* Bytes that a step gives. */
typedef struct SecurityToken {
  uint8_t *data; /* for free() */
  size_t size;
} SecurityToken;

/* A PDU: head, stub with its padding, and the head of the trailer stand one behind another. */
typedef struct SecurityPdu {
  uint8_t *data;
  size_t head, stub, trailer;
  bool seal; /* else signed only */
} SecurityPdu;

typedef struct SecurityContext SecurityContext;

typedef struct SecurityMethods {
  /* Takes a token of the peer (NULL: the first of a client) and gives what goes back; size 0: nothing. */
  SecurityProgress (*step)(SecurityContext *context, const uint8_t *token, size_t size, SecurityToken *answer);
  /* In the order in which PDUs go and come: *size of the signature, at most SECURITY_SIGNATURE_LIMIT. */
  bool (*protect)(SecurityContext *context, const SecurityPdu *pdu, uint8_t *signature, size_t *size);
  /* False: it is not what the peer has sent, or not in its turn; then the context is of no use any more. */
  bool (*unprotect)(SecurityContext *context, const SecurityPdu *pdu, const uint8_t *signature, size_t size);
  /* Of any bytes, as the first that is protected: what negotiates signs what was negotiated by it. At most SECURITY_SIGNATURE_LIMIT. */
  bool (*make_mic)(SecurityContext *context, const void *data, size_t size, uint8_t *mic, size_t *mic_size);
  bool (*check_mic)(SecurityContext *context, const void *data, size_t size, const uint8_t *mic, size_t mic_size);
  void (*destroy)(SecurityContext *context); /* with what it knows wiped */
} SecurityMethods;

struct SecurityContext {
  const SecurityMethods *methods;
  bool header_signing;    /* agreed by both ends before the first PDU is protected */
  bool seals;             /* PDUs will be sealed; else signed, or neither. Said before the first step */
  bool listed;            /* of a server: the peer is an account of the host's own list */
  size_t signature_size;  /* of what `protect` gives */
  char *domain, *user;    /* of the peer that a server has authenticated; UTF-8, never NULL then */
  unsigned impersonation; /* RPC_C_IMP_LEVEL_...: what the peer lets a server do in its name */
};

/* What a client shows; texts are UTF-8 and copied. */
typedef struct SecurityLogin {
  const char *domain, *user, *password; /* user NULL: whoever the process is, as the provider finds it */
  const char *target;                   /* "host/NAME"; "" where it is not known */
  unsigned impersonation, capabilities; /* RPC_C_IMP_LEVEL_..., EOAC_... */
} SecurityLogin;

/* NULL: out of memory, or (crypto_ready) the library is missing. The accounts are asked while steps are taken. */
SecurityContext *ntlm_client_create(const SecurityLogin *login);
SecurityContext *ntlm_server_create(const AccountsFile *accounts);

/* SPNEGO: either of the others, as both ends can ([RFC 4178]; spnego.c). */
HRESULT spnego_check_client(const Identity *identity);
SecurityContext *spnego_client_create(const SecurityLogin *login);
SecurityContext *spnego_server_create(void);

/* The table of providers, by their RPC_C_AUTHN_... (providers.c). */

/* The service for calls in that name (NULL: whoever the process is) where none is asked for; RPC_C_AUTHN_NONE: nobody can be named. */
unsigned security_client_service(const Identity *identity);
/* Whether a service can make calls in that name: SEC_E_NO_CREDENTIALS, it needs another; RPC_S_UNKNOWN_AUTHN_SERVICE as HRESULT, with
 * what is missing. */
HRESULT security_client_check(unsigned service, const Identity *identity);
/* NULL: there is none of that service, out of memory, or it cannot begin. */
SecurityContext *security_client_create(unsigned service, const SecurityLogin *login);
/* The same for a server, of the accounts and keys of the process. */
SecurityContext *security_server_create(unsigned service);
/* The services that answer calls from other hosts, the best first; gives how many. */
enum { SECURITY_SERVICE_LIMIT = 4 };
unsigned security_server_services(uint16_t services[SECURITY_SERVICE_LIMIT]);

#endif
