/* The security context of the side that calls (auth.h): one for a connection, begun with its bind. */
#include <stdio.h>
#include <stdlib.h>

#include "remote/rpc/auth.h"
#include "remote/rpc/connection.h"

enum { CONTEXT_ID = 1 };

static SecurityContext *create_provider(const Blanket *blanket, const char *host) {
  const Identity *identity = blanket->identity;
  char *named = NULL;
  if (!*blanket->principal && asprintf(&named, "host/%s", host) < 0)
    return NULL;
  SecurityLogin login = { .target = named ? named : blanket->principal,
                          .impersonation = blanket->impersonation,
                          .capabilities = blanket->capabilities };
  if (identity) {
    login.domain = identity->domain;
    login.user = identity->user;
    login.password = identity->password;
  }
  SecurityContext *provider = security_client_create(blanket->service, &login);
  free(named);
  return provider;
}

HRESULT rpc_channel_secure(RpcChannel *channel, Blanket *blanket, unsigned level, const char *host) {
  RpcConnection *connection = connection_of(channel);
  if (blanket_is_none(blanket)) {
    channel->blanket = blanket_addref(blanket);
    return S_OK;
  }
  PduTrailer trailer = { .type = (uint8_t)blanket->service,
                         .level = (uint8_t)(blanket->level > level ? blanket->level : level),
                         .context_id = CONTEXT_ID };
  HRESULT status = security_client_check(blanket->service, blanket->identity);
  if (FAILED(status))
    return status;
  if (trailer.level < LEVEL_CONNECT || trailer.level > LEVEL_PRIVACY)
    return HRESULT_FROM_WIN32(RPC_S_UNKNOWN_AUTHN_LEVEL);
  SecurityContext *provider = create_provider(blanket, host);
  if (!provider)
    return error_raise(
        SEC_E_NO_CREDENTIALS, "Oleander",
        "the security service %u gives nothing to show to %s: no ticket (kinit), a password that is wrong, "
        "or no memory",
        (unsigned)blanket->service, host);
  pthread_mutex_lock(&connection->lock);
  bool early = !connection->context_count && !connection->auth.contexts;
  bool made = early && auth_add(&connection->auth, provider, &trailer, true);
  pthread_mutex_unlock(&connection->lock);
  if (!early && provider)
    provider->methods->destroy(provider);
  if (!made)
    return early ? E_OUTOFMEMORY : E_UNEXPECTED;
  channel->blanket = blanket_addref(blanket);
  return S_OK;
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

/* An even number of legs ends with one of the server's, which an alter_context asks for; an odd one with one that nobody answers. */
AuthAck auth_take_ack(RpcConnection *connection, const uint8_t *pdu, const PduHeader *header, SecurityToken *token) {
  AuthContext *context = connection->auth.contexts;
  PduTrailer trailer;
  SecurityToken answer = { 0 };
  *token = answer;
  if (!header->auth_length || !pdu_read_trailer(pdu, header, &trailer) || trailer.context_id != context->id ||
      trailer.type != context->type || header->auth_length > AUTH_TOKEN_LIMIT)
    return AUTH_ACK_FAILED;
  if (!(header->flags & PDU_SIGNED_HEADER) && header->type == PDU_BIND_ACK)
    context->provider->header_signing = false;
  SecurityProgress progress =
      context->provider->methods->step(context->provider, trailer.value, header->auth_length, &answer);
  if (progress == SECURITY_MORE && answer.size) {
    *token = answer;
    return AUTH_ACK_GOES_ON;
  }
  bool ready = progress == SECURITY_DONE && (!answer.size || send_auth3(connection, context, &answer));
  free(answer.data);
  if (!ready)
    return AUTH_ACK_FAILED;
  auth_ready(&connection->auth, context);
  return AUTH_ACK_READY;
}
