/* The side of a connection that serves (connection.h). */
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "remote/rpc/connection.h"
#include "remote/rpc/trace.h"

enum { ASSOCIATION = 0x4f4c4501 };

/* Contexts */

static const RpcContext *find_context(const RpcConnection *connection, uint16_t id) {
  /* Our own clients count them. */
  if (id > 0 && id <= connection->context_count && connection->contexts[id - 1].id == id)
    return &connection->contexts[id - 1];
  for (unsigned i = 0; i < connection->context_count; i++) {
    if (connection->contexts[i].id == id)
      return &connection->contexts[i];
  }
  return NULL;
}

static bool add_context(RpcConnection *connection, uint16_t id, const IID *iid) {
  RpcContext *context = (RpcContext *)(uintptr_t)find_context(connection, id);
  if (!context && connection->context_count >= (connection->trusted ? CONTEXT_LIMIT : NEWCOMER_CONTEXTS))
    return false;
  if (!context && connection->context_count == connection->context_capacity) {
    unsigned capacity = connection->context_capacity ? connection->context_capacity * 2 : 8;
    RpcContext *contexts = realloc(connection->contexts, capacity * sizeof *contexts);
    if (!contexts)
      return false;
    connection->contexts = contexts;
    connection->context_capacity = capacity;
  }
  if (!context)
    context = &connection->contexts[connection->context_count++];
  *context = (RpcContext){ .iid = *iid, .id = id };
  return true;
}

typedef struct Verdict {
  PduResult result;
  uint16_t reason;
} Verdict;

static const Verdict ACCEPTED = { PDU_ACCEPTED, 0 };

static uint16_t major_of(const RpcConnection *connection, const IID *iid) {
  RpcServer *server = connection->channel.server;
  return server->version ? server->version(server, iid) : 0;
}

static Verdict judge_item(RpcConnection *connection, const PduContextItem *item) {
  RpcServer *server = connection->channel.server;
  if (item->features)
    return (Verdict){ PDU_FEATURES, 0 }; /* none of them */
  if (!item->ndr)
    return (Verdict){ PDU_REJECTED, PDU_NO_TRANSFER_SYNTAX };
  if (IsEqualGUID(&item->iid, &PDU_LARGE_FRAGMENTS) && connection->channel.peer.local) {
    connection->large = true;
    return ACCEPTED;
  }
  /* A client of a lower minor version is served, too: nothing has a higher one. */
  if (item->version != major_of(connection, &item->iid) || (server->knows && !server->knows(server, &item->iid)))
    return (Verdict){ PDU_REJECTED, PDU_UNKNOWN_INTERFACE };
  return add_context(connection, item->id, &item->iid) ? ACCEPTED : (Verdict){ PDU_REJECTED, 0 };
}

/* The secondary address: over TCP the port, else none. */
static const char *own_port(const RpcConnection *connection, char text[8]) {
  struct sockaddr_storage own;
  socklen_t size = sizeof own;
  text[0] = 0;
  if (!connection->channel.peer.local && getsockname(connection->watch.descriptor, (struct sockaddr *)&own, &size) == 0)
    snprintf(text, 8, "%u",
             ntohs(own.ss_family == AF_INET ? ((struct sockaddr_in *)&own)->sin_port
                                            : ((struct sockaddr_in6 *)&own)->sin6_port));
  return text;
}

/* A second bind is answered as an alter_context is, but for the type. */
static bool take_bind(RpcConnection *connection, const uint8_t *pdu, const PduHeader *header) {
  uint8_t answer[256 * 24 + 64 + PDU_TRAILER_SIZE + AUTH_TOKEN_LIMIT];
  char port[8];
  PduWriter writer = { .data = answer, .capacity = sizeof answer };
  PduBind bind;
  PduContextItem item;
  PduType type = header->type == PDU_BIND ? PDU_BIND_ACK : PDU_ALTER_CONTEXT_RESPONSE;
  if (!pdu_read_bind(pdu, header, &bind))
    return false;
  AuthContext *context = NULL;
  SecurityToken token = { 0 };
  pthread_mutex_lock(&connection->lock);
  if (header->type == PDU_BIND)
    connection->max_fragment = pdu_agree_fragment(bind.max_receive);
  uint32_t denied = header->auth_length ? auth_take_bind(connection, pdu, header, &context, &token) : 0;
  if (denied && type == PDU_BIND_ACK) {
    pdu_put_bind_nak(&writer, header->call_id, 8);
  } else if (denied) {
    uint8_t fault_pdu[PDU_FAULT_SIZE];
    pdu_put_fault(fault_pdu, header->call_id, 0, denied, false);
    bool told = connection_send_pdu_locked(connection, fault_pdu, sizeof fault_pdu);
    pthread_mutex_unlock(&connection->lock);
    return told;
  } else {
    pdu_begin_bind_ack(&writer, type, header->call_id, bind.association ? bind.association : ASSOCIATION,
                       type == PDU_BIND_ACK ? own_port(connection, port) : "", bind.count);
    pdu_set_fragments(&writer, connection->max_fragment, pdu_agree_fragment(bind.max_transmit));
    for (unsigned i = 0; i < bind.count && pdu_next_item(&bind, &item); i++) {
      Verdict verdict = judge_item(connection, &item);
      rpc_trace(&connection->channel, .kind = header->type == PDU_BIND ? "bind" : "alter_context", .iid = &item.iid,
                .note = verdict.result == PDU_ACCEPTED ? "accepted" : "refused");
      pdu_put_result(&writer, verdict.result, verdict.reason);
    }
    if (context && header->flags & PDU_SIGNED_HEADER)
      pdu_set_flags(&writer, PDU_SIGNED_HEADER);
    if (token.size)
      pdu_put_trailer(&writer, context->type, context->level, context->id, token.data, token.size);
    free(token.data);
  }
  bool answered = !bind.items.failed && pdu_end(&writer) && connection_send_pdu_locked(connection, answer, writer.size);
  pthread_mutex_unlock(&connection->lock);
  return answered;
}

/* Requests that wait, and that are served */

static void list_begun_locked(RpcConnection *connection, RpcMessage *message) {
  message->previous = NULL;
  message->next = connection->begun;
  if (connection->begun)
    connection->begun->previous = message;
  connection->begun = message;
}

static void unlist_begun_locked(RpcConnection *connection, RpcMessage *message) {
  if (message->next)
    message->next->previous = message->previous;
  if (message->previous)
    message->previous->next = message->next;
  else
    connection->begun = message->next;
}

static RpcMessage *pop_ready_locked(RpcConnection *connection) {
  RpcMessage *message = connection->ready;
  if (!message)
    return NULL;
  connection->ready = message->next;
  if (!connection->ready)
    connection->ready_last = NULL;
  return message;
}

RpcMessage *requests_begin(RpcConnection *connection) {
  pthread_mutex_lock(&connection->lock);
  RpcMessage *message = pop_ready_locked(connection);
  if (message)
    list_begun_locked(connection, message);
  if (connection->ready)
    connection_post_locked(connection);
  pthread_mutex_unlock(&connection->lock);
  return message;
}

static void request_free(RpcMessage *message) {
  RpcChannel *channel = message->request.channel;
  message_free(message);
  rpc_channel_release(channel);
}

void requests_drop(RpcConnection *connection) {
  for (RpcMessage *message = NULL;;) {
    pthread_mutex_lock(&connection->lock);
    message = pop_ready_locked(connection);
    if (message)
      connection->requests--;
    pthread_mutex_unlock(&connection->lock);
    if (!message)
      return;
    request_free(message);
  }
}

static void fault_locked(RpcConnection *connection, const RpcMessage *message, uint32_t status, bool executed) {
  uint8_t pdu[PDU_FAULT_SIZE];
  rpc_trace(&connection->channel, .sent = true, .kind = "fault", .call_id = message->call_id, .status = status,
            .note = executed ? NULL : "not executed");
  pdu_put_fault(pdu, message->call_id, message->context_id, status, executed);
  if (!message->request.one_way && !connection->ended && !connection_send_pdu_locked(connection, pdu, sizeof pdu))
    connection_break_locked(connection); /* no memory for 32 bytes: the caller must not wait for ever */
}

static void end_request_locked(RpcConnection *connection, RpcMessage *message) {
  unlist_begun_locked(connection, message);
  connection->requests--;
  connection_events_locked(connection);
}

static void fault(RpcRequest *request, uint32_t status) {
  RpcMessage *message = OBJECT_CONTAINER(request, RpcMessage, request);
  RpcConnection *connection = message->connection;
  pthread_mutex_lock(&connection->lock);
  fault_locked(connection, message, status, true);
  end_request_locked(connection, message);
  pthread_mutex_unlock(&connection->lock);
  request_free(message);
}

void requests_refuse(RpcConnection *connection) {
  for (RpcMessage *message = NULL;;) {
    pthread_mutex_lock(&connection->lock);
    message = pop_ready_locked(connection);
    if (message) {
      fault_locked(connection, message, (uint32_t)RPC_E_DISCONNECTED, false);
      connection->requests--;
    }
    pthread_mutex_unlock(&connection->lock);
    if (!message)
      return;
    request_free(message);
  }
}

static bool reply_locked(RpcConnection *connection, const RpcMessage *message, const struct iovec *pieces,
                         unsigned count) {
  size_t size = pieces_size(pieces, count);
  if (size > RPC_STUB_LIMIT)
    return false;
  Outgoing outgoing = { 0 };
  outgoing.head_size = (uint8_t)pdu_put_response(outgoing.head, message->call_id, message->context_id);
  rpc_trace(&connection->channel, .sent = true, .kind = "response", .call_id = message->call_id, .size = size);
  outgoing_begin(&outgoing, pieces, count, size, connection->large ? 0 : connection->max_fragment);
  if (message->protected)
    return auth_send_locked(connection, message->auth, &outgoing);
  return connection_send_locked(connection, &outgoing, false);
}

static void reply(RpcRequest *request, const struct iovec *pieces, unsigned count) {
  RpcMessage *message = OBJECT_CONTAINER(request, RpcMessage, request);
  RpcConnection *connection = message->connection;
  pthread_mutex_lock(&connection->lock);
  if (!request->one_way && !connection->ended && !connection->broken &&
      !reply_locked(connection, message, pieces, count))
    fault_locked(connection, message, FAULT_NO_MEMORY, true);
  end_request_locked(connection, message);
  pthread_mutex_unlock(&connection->lock);
  request_free(message);
}

/* A caller that has gone has given up, too. */
static void look(RpcRequest *request) {
  RpcMessage *message = OBJECT_CONTAINER(request, RpcMessage, request);
  if (!connection_look(message->connection))
    request->cancelled = true;
}

static const RpcRequestMethods request_methods = { reply, fault, look };

static void list_ready_locked(RpcConnection *connection, RpcMessage *message) {
  message->next = NULL;
  if (connection->ready)
    connection->ready_last->next = message;
  else
    connection->ready = message;
  connection->ready_last = message;
}

/* Where several threads serve, others may overtake a request that is left to them. */
static bool serve_at_once(RpcConnection *connection, RpcMessage *message) {
  RpcServer *server = connection->channel.server;
  if (!message->request.one_way || !server->at_once)
    return false;
  pthread_mutex_lock(&connection->lock);
  list_begun_locked(connection, message);
  pthread_mutex_unlock(&connection->lock);
  if (server->at_once(server, &message->request))
    return true;
  pthread_mutex_lock(&connection->lock);
  unlist_begun_locked(connection, message);
  pthread_mutex_unlock(&connection->lock);
  return false;
}

void requests_deny(RpcConnection *connection, const uint8_t *pdu, const PduHeader *header) {
  uint8_t answer[PDU_FAULT_SIZE];
  PduBody body;
  pdu_read_body(pdu, header, &body);
  pthread_mutex_lock(&connection->lock);
  rpc_trace(&connection->channel, .sent = true, .kind = "fault", .call_id = header->call_id,
            .status = FAULT_ACCESS_DENIED, .note = "not executed");
  pdu_put_fault(answer, header->call_id, body.context_id, FAULT_ACCESS_DENIED, false);
  connection_send_pdu_locked(connection, answer, sizeof answer);
  pthread_mutex_unlock(&connection->lock);
}

/* What a client says again behind the arguments must be what the heads of its PDUs have said; it is no part of the arguments. */
static bool check_verification(const RpcConnection *connection, RpcMessage *message, const RpcContext *context) {
  PduVerification said;
  PduFound found = pdu_find_verification(message->stub, message->buffer.size, &said);
  if (found == PDU_ABSENT)
    return true;
  message->buffer.size = said.begin;
  return found == PDU_FOUND &&
         (!said.has_interface ||
          (IsEqualGUID(&said.iid, &context->iid) && said.version == major_of(connection, &said.iid) &&
           pdu_is_ndr(&said.syntax, said.syntax_version))) &&
         (!said.has_header || (said.type == PDU_REQUEST && said.call_id == message->call_id &&
                               said.context_id == message->context_id && said.opnum == message->request.opnum));
}

static void know_caller(const RpcConnection *connection, RpcMessage *message) {
  RpcRequest *request = &message->request;
  const AuthContext *auth = message->auth;
  request->level = connection->channel.peer.local ? LEVEL_PRIVACY : auth ? auth->level : LEVEL_NONE;
  if (!auth)
    return;
  request->identity = auth->identity;
  request->service = auth->type;
  request->impersonation = (uint8_t)auth->provider->impersonation;
  request->principal = auth->principal;
}

bool requests_take(RpcConnection *connection, RpcMessage *message) {
  RpcRequest *request = &message->request;
  pthread_mutex_lock(&connection->lock);
  const RpcContext *context = find_context(connection, message->context_id);
  rpc_trace(&connection->channel, .kind = "request", .call_id = message->call_id, .iid = context ? &context->iid : NULL,
            .opnum = request->opnum, .object = &request->object, .size = message->buffer.size,
            .note = request->one_way ? "nobody waits" : NULL);
  bool denied = context && message->protected && !check_verification(connection, message, context);
  know_caller(connection, message);
  if (context && !denied) {
    request->iid = context->iid;
    request->stub = &message->buffer;
    request->channel = rpc_channel_addref(&connection->channel);
    request->methods = &request_methods;
    connection->requests++;
    if (!request->one_way)
      list_ready_locked(connection, message);
    connection_events_locked(connection);
  } else {
    fault_locked(connection, message, denied ? FAULT_ACCESS_DENIED : FAULT_UNKNOWN_INTERFACE, false);
  }
  pthread_mutex_unlock(&connection->lock);
  if (!context || denied) {
    message_free(message);
  } else if (request->one_way && !serve_at_once(connection, message)) {
    pthread_mutex_lock(&connection->lock);
    list_ready_locked(connection, message);
    pthread_mutex_unlock(&connection->lock);
  }
  return true;
}

static RpcMessage *find_request(RpcMessage *list, uint32_t call_id) {
  while (list && list->call_id != call_id)
    list = list->next;
  return list;
}

/* Who serves it may ask; one that nobody has begun with is served all the same, and answers at once if it asks. */
static void take_cancel(RpcConnection *connection, uint32_t call_id) {
  pthread_mutex_lock(&connection->lock);
  RpcMessage *message = find_request(connection->begun, call_id);
  if (!message)
    message = find_request(connection->ready, call_id);
  if (message)
    message->request.cancelled = true;
  rpc_trace(&connection->channel, .kind = "cancel", .call_id = call_id);
  pthread_mutex_unlock(&connection->lock);
}

bool requests_take_pdu(RpcConnection *connection, const uint8_t *pdu, const PduHeader *header) {
  switch (header->type) {
  case PDU_BIND:
  case PDU_ALTER_CONTEXT:
    return take_bind(connection, pdu, header);
  case PDU_AUTH3:
    return auth_take_auth3(connection, pdu, header);
  case PDU_CO_CANCEL:
  case PDU_ORPHANED:
    take_cancel(connection, header->call_id);
    return true;
  default:
    return false;
  }
}
