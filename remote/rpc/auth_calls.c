/* The security context of the side that calls (auth.h): one for a connection, begun with its bind. */
#include <stdlib.h>

#include "remote/rpc/auth.h"
#include "remote/rpc/connection.h"
#include "remote/security/crypto.h"

enum { CONTEXT_ID = 1 };

HRESULT rpc_channel_secure(RpcChannel *channel, const RpcSecurity *security) {
  RpcConnection *connection = connection_of(channel);
  PduTrailer trailer = { .type = (uint8_t)security->service,
                         .level = (uint8_t)security->level,
                         .context_id = CONTEXT_ID };
  SecurityLogin login = { security->domain, security->user, security->password, security->target };
  if (security->service != SECURITY_NTLM)
    return HRESULT_FROM_WIN32(RPC_S_UNKNOWN_AUTHN_SERVICE);
  if (security->level < LEVEL_CONNECT || security->level > LEVEL_PRIVACY)
    return HRESULT_FROM_WIN32(RPC_S_UNKNOWN_AUTHN_LEVEL);
  if (!crypto_ready())
    return error_raise(HRESULT_FROM_WIN32(RPC_S_UNKNOWN_AUTHN_SERVICE), "Oleander", "%s", crypto_missing());
  pthread_mutex_lock(&connection->lock);
  bool early = !connection->context_count && !connection->auth.contexts;
  bool made = early && auth_add(&connection->auth, ntlm_client_create(&login), &trailer, true);
  pthread_mutex_unlock(&connection->lock);
  return made ? S_OK : early ? E_OUTOFMEMORY : E_UNEXPECTED;
}

bool auth_put_first(RpcConnection *connection, PduWriter *writer) {
  AuthContext *context = connection->auth.contexts;
  SecurityToken token;
  if (context->provider->methods->step(context->provider, NULL, 0, &token) != SECURITY_MORE)
    return false;
  pdu_set_flags(writer, PDU_SIGNED_HEADER);
  pdu_put_trailer(writer, context->type, context->level, context->id, token.data, token.size);
  free(token.data);
  return !writer->failed;
}

static bool send_auth3(RpcConnection *connection, const AuthContext *context, const SecurityToken *token) {
  uint8_t pdu[AUTH_TOKEN_LIMIT];
  PduWriter writer = { .data = pdu, .capacity = sizeof pdu };
  pdu_begin_auth3(&writer, 0x80000001u); /* nobody answers it */
  pdu_put_trailer(&writer, context->type, context->level, context->id, token->data, token->size);
  return pdu_end(&writer) && connection_send_pdu_locked(connection, pdu, writer.size);
}

bool auth_take_ack(RpcConnection *connection, const uint8_t *pdu, const PduHeader *header) {
  AuthContext *context = connection->auth.contexts;
  PduTrailer trailer;
  SecurityToken answer = { 0 };
  if (context->state == AUTH_READY)
    return true; /* of an alter_context */
  if (!header->auth_length || !pdu_read_trailer(pdu, header, &trailer) || trailer.context_id != context->id ||
      trailer.type != context->type || header->auth_length > AUTH_TOKEN_LIMIT)
    return false;
  SecurityProgress progress =
      context->provider->methods->step(context->provider, trailer.value, header->auth_length, &answer);
  bool sent = progress == SECURITY_DONE && send_auth3(connection, context, &answer);
  free(answer.data);
  if (!sent)
    return false;
  auth_ready(&connection->auth, context);
  return true;
}
