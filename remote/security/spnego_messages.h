/* The messages of SPNEGO ([RFC 4178] 4.2, [MS-SPNG]): DER, of which only what they are made of is read and written. */
#ifndef OLEANDER_REMOTE_SECURITY_SPNEGO_MESSAGES_H
#define OLEANDER_REMOTE_SECURITY_SPNEGO_MESSAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "remote/security/provider.h"

/* Within another's memory; data NULL: it is not there. */
typedef struct SpnegoBytes {
  const uint8_t *data;
  size_t size;
} SpnegoBytes;

/* Those that there are here. Windows has a number of its own for Kerberos, and takes both. */
typedef enum SpnegoMechanism {
  MECHANISM_NONE,
  MECHANISM_KERBEROS,
  MECHANISM_KERBEROS_MS,
  MECHANISM_NTLM,
  MECHANISM_COUNT
} SpnegoMechanism;

enum { SPNEGO_MECHANISM_LIMIT = 16 };

typedef enum SpnegoState {
  SPNEGO_COMPLETED,
  SPNEGO_INCOMPLETE,
  SPNEGO_REJECT,
  SPNEGO_REQUEST_MIC,
  SPNEGO_UNSAID
} SpnegoState;

/* The first message. */
typedef struct SpnegoInit {
  SpnegoBytes list;                                   /* the mechanisms as they came: what is signed in the end */
  SpnegoMechanism mechanisms[SPNEGO_MECHANISM_LIMIT]; /* NONE: one that is unknown here */
  unsigned count;
  SpnegoBytes token, mic;
} SpnegoInit;

/* All others. */
typedef struct SpnegoResponse {
  SpnegoState state;
  SpnegoMechanism mechanism;
  bool has_mechanism;
  SpnegoBytes token, mic;
} SpnegoResponse;

/* False: it is none. */
bool spnego_read_init(const uint8_t *bytes, size_t size, SpnegoInit *init);
bool spnego_read_response(const uint8_t *bytes, size_t size, SpnegoResponse *response);
/* *list gets the list of mechanisms, for free(). False: no memory. */
bool spnego_write_init(const SpnegoMechanism *mechanisms, unsigned count, SpnegoBytes token, SecurityToken *message,
                       SecurityToken *list);
bool spnego_write_response(const SpnegoResponse *response, SecurityToken *message);

#endif
