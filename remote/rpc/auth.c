/* Security contexts of a connection (auth.h): what both sides do. */
#include "remote/rpc/auth.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "remote/rpc/connection.h"

enum { PADDING = 16, ON_STACK = 8192 };

void auth_addref(AuthContext *context) {
  atomic_fetch_add_explicit(&context->references, 1, memory_order_relaxed);
}

void auth_release(AuthContext *context) {
  if (!context || atomic_fetch_sub(&context->references, 1) != 1)
    return;
  context->provider->methods->destroy(context->provider);
  principal_release(context->principal);
  free(context);
}

void auth_end(Auth *auth) {
  while (auth->contexts) {
    AuthContext *context = auth->contexts;
    auth->contexts = context->next;
    auth_release(context);
  }
  auth->count = 0;
}

static void drop_oldest(Auth *auth) {
  AuthContext **link = &auth->contexts;
  while (*link && (*link)->next)
    link = &(*link)->next;
  auth_release(*link);
  *link = NULL;
  auth->count--;
}

AuthContext *auth_add(Auth *auth, SecurityContext *provider, const PduTrailer *trailer, bool header_signing) {
  AuthContext *context = provider ? calloc(1, sizeof *context) : NULL;
  if (!context) {
    if (provider)
      provider->methods->destroy(provider);
    return NULL;
  }
  if (auth->count >= AUTH_LIMIT)
    drop_oldest(auth);
  provider->header_signing = header_signing;
  provider->seals = trailer->level == LEVEL_PRIVACY;
  context->references = 1;
  context->id = trailer->context_id;
  context->type = trailer->type;
  context->level = trailer->level == LEVEL_CALL ? LEVEL_PACKET : trailer->level;
  context->provider = provider;
  context->next = auth->contexts;
  auth->contexts = context;
  auth->count++;
  return context;
}

AuthContext *auth_find(const Auth *auth, uint32_t id) {
  AuthContext *context = auth->contexts;
  while (context && context->id != id)
    context = context->next;
  return context;
}

void auth_ready(Auth *auth, AuthContext *context) {
  context->state = AUTH_READY;
  auth->ready = true;
  if (context->level > auth->level)
    auth->level = context->level;
}

/* Level 3 counts as 4: on a connection there is no difference. */
static bool is_level(const AuthContext *context, uint8_t level) {
  return context->level == (level == LEVEL_CALL ? LEVEL_PACKET : level);
}

AuthContext *auth_unprotect(RpcConnection *connection, uint8_t *pdu, const PduHeader *header, size_t *stub_end) {
  PduTrailer trailer;
  if (!pdu_read_trailer(pdu, header, &trailer))
    return NULL;
  AuthContext *context = auth_find(&connection->auth, trailer.context_id);
  if (!context || context->state != AUTH_READY || context->type != trailer.type || !is_level(context, trailer.level))
    return NULL;
  *stub_end = trailer.stub_end;
  if (!auth_protects(context))
    return context; /* a trailer that means nothing */
  size_t begin = header->length - header->auth_length - PDU_TRAILER_SIZE;
  SecurityPdu parts = { pdu, header->head, begin - header->head, PDU_TRAILER_SIZE, context->level == LEVEL_PRIVACY };
  if (context->provider->methods->unprotect(context->provider, &parts, trailer.value, header->auth_length))
    return context;
  context->state = AUTH_FAILED;
  return NULL;
}

/* Copies what comes next out of the pieces. */
static void take_stub(const Outgoing *outgoing, size_t offset, uint8_t *to, size_t size) {
  const struct iovec *piece = outgoing->piece;
  while (size) {
    if (offset >= piece->iov_len) {
      offset -= piece->iov_len;
      piece++;
      continue;
    }
    size_t part = piece->iov_len - offset < size ? piece->iov_len - offset : size;
    memcpy(to, (const uint8_t *)piece->iov_base + offset, part);
    to += part;
    offset += part;
    size -= part;
  }
}

/* One fragment with everything; gives its size, 0: the provider cannot. */
static size_t put_fragment(AuthContext *context, const Outgoing *outgoing, size_t at, size_t stub, uint8_t *to) {
  size_t head = outgoing->head_size, pad = -stub & (PADDING - 1), size = head + stub + pad, signature = 0;
  memcpy(to, outgoing->head, head);
  pdu_set_fragment(to, head, stub, outgoing->left - at, at == 0, false);
  take_stub(outgoing, outgoing->offset + at, to + head, stub);
  memset(to + head + stub, 0, pad);
  pdu_set_trailer(to, size, context->type, context->level, pad, context->id, context->provider->signature_size);
  SecurityPdu parts = { to, head, stub + pad, PDU_TRAILER_SIZE, context->level == LEVEL_PRIVACY };
  bool made = context->provider->methods->protect(context->provider, &parts, to + size + PDU_TRAILER_SIZE, &signature);
  return made && signature == context->provider->signature_size ? size + PDU_TRAILER_SIZE + signature : 0;
}

bool auth_send_locked(RpcConnection *connection, AuthContext *context, const Outgoing *outgoing) {
  uint8_t near[ON_STACK];
  size_t around = outgoing->head_size + PDU_TRAILER_SIZE + context->provider->signature_size;
  size_t room = (connection->max_fragment - around) & ~(size_t)(PADDING - 1);
  size_t fragments = outgoing->left ? (outgoing->left + room - 1) / room : 1;
  size_t most = outgoing->left + fragments * (around + PADDING), size = 0, at = 0;
  uint8_t *bytes = most <= sizeof near ? near : malloc(most);
  if (!bytes)
    return false;
  bool sent = true;
  do {
    size_t stub = outgoing->left - at < room ? outgoing->left - at : room;
    size_t made = put_fragment(context, outgoing, at, stub, bytes + size);
    if (!made) {
      connection_break_locked(connection); /* numbers are used up: no more can go */
      goto done;
    }
    size += made;
    at += stub;
  } while (at < outgoing->left);
  sent = connection_send_pdu_locked(connection, bytes, size);
  if (!sent) {
    connection_break_locked(connection); /* its numbers are missing now */
    sent = true;
  }
done:
  if (bytes != near)
    free(bytes);
  return sent;
}
