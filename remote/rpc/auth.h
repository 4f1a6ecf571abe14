/* Security contexts of a connection ([MS-RPCE] 3.3.1.5.2): whom the trailers of its PDUs speak for, and how they are protected. Type and
 * level are fixed where a context begins; what says another is refused. Everything is under the lock of the connection. */
#ifndef OLEANDER_REMOTE_RPC_AUTH_H
#define OLEANDER_REMOTE_RPC_AUTH_H

#include "remote/rpc/pdu.h"
#include "remote/security/principal.h"
#include "remote/security/provider.h"

struct RpcConnection;
struct RpcMessage;
struct Outgoing;

enum { LEVEL_NONE = 1, LEVEL_CONNECT, LEVEL_CALL, LEVEL_PACKET, LEVEL_INTEGRITY, LEVEL_PRIVACY };

enum {
  AUTH_LIMIT = 256,        /* contexts of a connection; the oldest goes for a new one */
  AUTH_NEWCOMER_LIMIT = 4, /* where none has come to its end yet */
  AUTH_TOKEN_LIMIT = 16384 /* longer tokens are refused */
};

typedef enum AuthState { AUTH_BEGUN, AUTH_READY, AUTH_FAILED } AuthState;

typedef struct AuthContext AuthContext;
struct AuthContext {
  _Atomic uint32_t references; /* the list's, and of each request that came by it */
  AuthContext *next;           /* the newest comes first */
  uint32_t id;
  uint8_t type, level, state; /* AuthState */
  SecurityContext *provider;
  uint64_t identity;    /* the same for all contexts of the same principal; not 0 */
  Principal *principal; /* on the side that serves, when it is ready */
};

typedef struct Auth {
  AuthContext *contexts;
  unsigned count;
  bool ready;    /* one of them is, or was */
  uint8_t level; /* the highest at which one is ready */
} Auth;

void auth_addref(AuthContext *context);
void auth_release(AuthContext *context); /* NULL is allowed */
void auth_end(Auth *auth);
/* NULL: out of memory; the provider is destroyed then. */
AuthContext *auth_add(Auth *auth, SecurityContext *provider, const PduTrailer *trailer, bool header_signing);
AuthContext *auth_find(const Auth *auth, uint32_t id);
void auth_ready(Auth *auth, AuthContext *context);

/* On the side that serves. */

/* Of a bind or alter_context; *answer is what goes back (for free()), *context its own. A status of a fault, 0: it goes on. */
uint32_t auth_take_bind(struct RpcConnection *connection, const uint8_t *pdu, const PduHeader *header,
                        AuthContext **context, SecurityToken *answer);
bool auth_take_auth3(struct RpcConnection *connection, const uint8_t *pdu, const PduHeader *header);
/* By what a request without a trailer may come: *context (borrowed; NULL: nobody). False: it may not. */
bool auth_of_bare_request(struct RpcConnection *connection, AuthContext **context);

/* Both sides. */

/* A whole request or response, which it takes the protection from: *stub_end is where its stub ends. Borrowed; NULL: it is refused. */
AuthContext *auth_unprotect(struct RpcConnection *connection, uint8_t *pdu, const PduHeader *header, size_t *stub_end);
/* What has been begun (outgoing_begin) goes out protected, fragment by fragment. False: no memory, and nothing has gone. */
bool auth_send_locked(struct RpcConnection *connection, AuthContext *context, const struct Outgoing *outgoing);
static inline bool auth_protects(const AuthContext *context) {
  return context && context->level >= LEVEL_CALL;
}

/* On the side that calls (auth_calls.c). */

/* The token that begins: the trailer of the bind. */
bool auth_put_first(struct RpcConnection *connection, PduWriter *writer);
/* Of a bind_ack, or of the answer to a further leg. A further leg of this side is *token (for free()), to go by an alter_context. */
typedef enum AuthAck { AUTH_ACK_FAILED, AUTH_ACK_READY, AUTH_ACK_GOES_ON } AuthAck;
AuthAck auth_take_ack(struct RpcConnection *connection, const uint8_t *pdu, const PduHeader *header,
                      SecurityToken *token);

#endif
