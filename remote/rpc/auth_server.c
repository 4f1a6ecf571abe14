/* Security contexts on the side that serves (auth.h). */
#include <stdlib.h>

#include "remote/rpc/auth.h"
#include "remote/rpc/connection.h"
#include "remote/rpc/rpc_api.h"
#include "remote/rpc/trace.h"

/* Room for one more: connections whose peer is not known have few. */
static bool may_begin(const Auth *auth) {
  return auth->ready || auth->count < AUTH_NEWCOMER_LIMIT;
}

static AuthContext *begin(RpcConnection *connection, const PduTrailer *trailer, const PduHeader *header) {
  if (trailer->level < LEVEL_CONNECT || trailer->level > LEVEL_PRIVACY || !may_begin(&connection->auth))
    return NULL;
  return auth_add(&connection->auth, security_server_create(trailer->type), trailer, header->flags & PDU_SIGNED_HEADER);
}

static bool agrees(const AuthContext *context, const PduTrailer *trailer) {
  return context->type == trailer->type &&
         context->level == (trailer->level == LEVEL_CALL ? LEVEL_PACKET : trailer->level);
}

HRESULT rpc_use_accounts(const char *path) {
  AccountsFile *accounts;
  HRESULT status = accounts_file_open(path, &accounts);
  if (FAILED(status))
    return status;
  char *whole = realpath(path, NULL);
  bool named = whole && setenv("OLEANDER_USERS", whole, 1) == 0;
  free(whole);
  if (named)
    accounts_set(accounts);
  else
    accounts_file_close(accounts);
  return named ? S_OK : E_OUTOFMEMORY;
}

unsigned rpc_security_services(uint16_t services[RPC_SERVICE_LIMIT]) {
  return security_server_services(services);
}

/* FNV-1a over the name. */
static uint64_t identity_of(const Principal *principal) {
  uint64_t sum = 0xcbf29ce484222325;
  for (const char *c = principal->domain; *c; c++)
    sum = (sum ^ (uint8_t)*c) * 0x100000001b3;
  sum = (sum ^ '\\') * 0x100000001b3;
  for (const char *c = principal->name; *c; c++)
    sum = (sum ^ (uint8_t)*c) * 0x100000001b3;
  return sum ? sum : 1;
}

/* Who it is, for whoever decides what he may. */
static bool know_peer(RpcConnection *connection, AuthContext *context) {
  context->principal = principal_of_account(context->provider->domain, context->provider->user,
                                            !connection->channel.peer.local, context->provider->listed);
  if (!context->principal)
    return false;
  context->identity = identity_of(context->principal);
  auth_ready(&connection->auth, context);
  rpc_channel_trust(&connection->channel);
  return true;
}

static bool step(RpcConnection *connection, AuthContext *context, const PduTrailer *trailer, size_t size,
                 SecurityToken *answer) {
  *answer = (SecurityToken){ 0 };
  if (context->state != AUTH_BEGUN || !agrees(context, trailer) || size > AUTH_TOKEN_LIMIT) {
    context->state = AUTH_FAILED;
    return false;
  }
  SecurityProgress progress = context->provider->methods->step(context->provider, trailer->value, size, answer);
  if (progress == SECURITY_FAILED || (progress == SECURITY_DONE && !know_peer(connection, context)))
    context->state = AUTH_FAILED;
  rpc_trace(&connection->channel, .kind = "authentication",
            .note = context->state == AUTH_READY    ? "the peer is known"
                    : context->state == AUTH_FAILED ? "refused"
                                                    : "goes on");
  return context->state != AUTH_FAILED;
}

uint32_t auth_take_bind(RpcConnection *connection, const uint8_t *pdu, const PduHeader *header, AuthContext **context,
                        SecurityToken *answer) {
  PduTrailer trailer;
  *answer = (SecurityToken){ 0 };
  *context = NULL;
  if (!pdu_read_trailer(pdu, header, &trailer))
    return FAULT_PROTOCOL;
  AuthContext *known = auth_find(&connection->auth, trailer.context_id);
  *context = known ? known : begin(connection, &trailer, header);
  if (!*context || !step(connection, *context, &trailer, header->auth_length, answer)) {
    free(answer->data);
    *answer = (SecurityToken){ 0 };
    return FAULT_ACCESS_DENIED;
  }
  return 0;
}

bool auth_take_auth3(RpcConnection *connection, const uint8_t *pdu, const PduHeader *header) {
  PduTrailer trailer;
  SecurityToken answer;
  if (!pdu_read_trailer(pdu, header, &trailer))
    return false;
  pthread_mutex_lock(&connection->lock);
  AuthContext *context = auth_find(&connection->auth, trailer.context_id);
  if (context) {
    step(connection, context, &trailer, header->auth_length, &answer); /* the next request is told */
    free(answer.data);
  }
  pthread_mutex_unlock(&connection->lock);
  return context;
}

bool auth_of_bare_request(RpcConnection *connection, AuthContext **context) {
  *context = connection->auth.contexts;
  if (!*context)
    return true;
  return (*context)->state == AUTH_READY && connection->auth.level == LEVEL_CONNECT;
}
