/* In whose name a client calls, and how its calls are protected: what COM calls a security blanket (CoSetProxyBlanket, COAUTHINFO).
 * Both types are counted, and fixed once they are made. */
#ifndef OLEANDER_REMOTE_SECURITY_BLANKET_H
#define OLEANDER_REMOTE_SECURITY_BLANKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <objbase.h>

/* Who it is. Texts are UTF-8, never NULL, and lie in memory for secrets (secret.h). */
typedef struct Identity {
  _Atomic uint32_t references;
  const char *domain, *user, *password;
} Identity;

/* NULL: out of memory. A user "DOMAIN\name" without a domain is split. */
Identity *identity_create(const char *domain, const char *user, const char *password);
Identity *identity_addref(Identity *identity); /* NULL is allowed, here and below */
void identity_release(Identity *identity);
/* In a time that does not depend on the passwords. */
bool identity_equal(const Identity *first, const Identity *second);

/* What COAUTHIDENTITY says, in both kinds of characters. S_FALSE and NULL: nobody in particular. A user without a password is looked for
 * in the file of logins (login.h): SEC_E_NO_CREDENTIALS. E_INVALIDARG: flags, or text that is none. */
HRESULT identity_from_auth_identity(const COAUTHIDENTITY *given, Identity **identity);

/* With what a blanket is made; everything 0, but for `service`, is the default. */
typedef struct BlanketTerms {
  DWORD service;         /* RPC_C_AUTHN_...; RPC_C_AUTHN_DEFAULT */
  DWORD authorization;   /* RPC_C_AUTHZ_...; nothing depends on it */
  DWORD level;           /* RPC_C_AUTHN_LEVEL_... */
  DWORD impersonation;   /* RPC_C_IMP_LEVEL_... */
  DWORD capabilities;    /* EOAC_... */
  const char *principal; /* the server that is meant, as a provider names it; NULL or "": "host/" and the host */
  Identity *identity;    /* NULL: whoever the process is (login.h, or as the provider finds it) */
  bool optional; /* where nobody can be named calls go unprotected, unless more than the level connect is asked for */
} BlanketTerms;

/* The same with every default in its place. service RPC_C_AUTHN_NONE, which goes with RPC_C_AUTHN_LEVEL_NONE alone: nobody is named. */
typedef struct Blanket {
  _Atomic uint32_t references;
  DWORD service, authorization, level, impersonation, capabilities;
  char *principal; /* UTF-8; "" */
  Identity *identity;
} Blanket;

/* RPC_S_UNKNOWN_AUTHN_SERVICE, RPC_S_UNKNOWN_AUTHN_LEVEL as HRESULTs, E_INVALIDARG, SEC_E_NO_CREDENTIALS; IErrorInfo says more. The
 * identity gets a reference more. */
HRESULT blanket_create(const BlanketTerms *terms, Blanket **blanket);
HRESULT blanket_from_auth_info(const COAUTHINFO *info, Blanket **blanket);
Blanket *blanket_addref(Blanket *blanket); /* NULL is allowed, here and below */
void blanket_release(Blanket *blanket);
/* Whether calls by both may share a channel. NULL is one that names nobody. */
bool blanket_equal(const Blanket *first, const Blanket *second);
static inline bool blanket_is_none(const Blanket *blanket) {
  return !blanket || blanket->service == RPC_C_AUTHN_NONE;
}

/* Of calls within this host: the system says who is who, and nobody reads along. */
HRESULT blanket_create_local(const BlanketTerms *terms, Blanket **blanket);

/* Of calls for which nothing else was said. As the process has said (CoInitializeSecurity), in the name of the first login of its file,
 * if it has one; NULL: nobody is named. The error says what is wrong with the file. */
HRESULT blanket_of_process(Blanket **blanket);
/* What the process says, once, before it is asked for: copied. It is not looked yet whether somebody can be named. */
HRESULT blanket_set_of_process(const BlanketTerms *terms);
/* The impersonation level and capabilities of calls for which nothing else was said. */
void blanket_defaults_of_process(DWORD *impersonation, DWORD *capabilities);

#endif
