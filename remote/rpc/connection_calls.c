/* The side of a connection that makes calls (connection.h): contexts are asked for as interfaces come, in one go with the first
 * call that needs them; answers find their call by the slot that its call_id names. */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "remote/rpc/connection.h"
#include "remote/rpc/trace.h"

enum { SLOT_BITS = 20, GENERATIONS = 1 << 11 };
/* call_ids without a slot: of one-way calls and of the PDUs of the connection itself. */
static const uint32_t NO_SLOT = 0x80000000;

/* Of RpcCall.state. */
enum { CALL_UNSENT, CALL_SENT };

static void finish(RpcCall *call, RpcOutcome outcome, uint32_t status) {
  call->outcome = outcome;
  call->status = status;
  call->done(call);
}

/* Slots */

static bool more_slots_locked(RpcConnection *connection) {
  uint32_t count = connection->slot_count ? connection->slot_count * 2 : 16;
  if (count > CALL_LIMIT)
    return false;
  RpcCallSlot *slots = realloc(connection->slots, count * sizeof *slots);
  if (!slots)
    return false;
  memset(slots + connection->slot_count, 0, (count - connection->slot_count) * sizeof *slots);
  for (uint32_t i = connection->slot_count; i < count; i++)
    slots[i].next = i + 1 < count ? i + 1 : UINT32_MAX;
  connection->free_slot = connection->slot_count;
  connection->slots = slots;
  connection->slot_count = count;
  return true;
}

static bool take_slot_locked(RpcConnection *connection, RpcCall *call) {
  if (connection->free_slot == UINT32_MAX && !more_slots_locked(connection))
    return false;
  uint32_t index = connection->free_slot;
  RpcCallSlot *slot = &connection->slots[index];
  connection->free_slot = slot->next;
  slot->call = call;
  slot->taken = true;
  call->number = (uint32_t)slot->generation << SLOT_BITS | index;
  return true;
}

static RpcCallSlot *find_slot_locked(RpcConnection *connection, uint32_t number) {
  uint32_t index = number & ((1u << SLOT_BITS) - 1);
  if (number & NO_SLOT || index >= connection->slot_count)
    return NULL;
  RpcCallSlot *slot = &connection->slots[index];
  return slot->taken && slot->generation == number >> SLOT_BITS ? slot : NULL;
}

static void free_slot_locked(RpcConnection *connection, RpcCallSlot *slot) {
  slot->call = NULL;
  slot->taken = false;
  slot->generation = (uint16_t)((slot->generation + 1) % GENERATIONS);
  slot->next = connection->free_slot;
  connection->free_slot = (uint32_t)(slot - connection->slots);
}

static uint32_t number_without_slot_locked(RpcConnection *connection) {
  return NO_SLOT | (++connection->last_number & ~NO_SLOT);
}

/* Contexts */

enum { LARGE_CONTEXT = 0, FIRST_CONTEXT = 1 };
enum { REQUEST_CALL = 12, REQUEST_CONTEXT = 20, REQUEST_OPNUM = 22 }; /* where they are in its head */

static RpcContext *find_context_locked(RpcConnection *connection, const IID *iid) {
  for (unsigned i = 0; i < connection->context_count; i++) {
    if (IsEqualGUID(&connection->contexts[i].iid, iid))
      return &connection->contexts[i];
  }
  return NULL;
}

/* Between processes of a host; others speak what is published. */
static bool offers_large(const RpcConnection *connection) {
  return connection->channel.peer.local;
}

/* The PDU that asks for it goes before what is sent next. */
static bool ask_for_context_locked(RpcConnection *connection, const RpcContext *context, uint32_t version) {
  bool first = context->id == FIRST_CONTEXT, offers = first && offers_large(connection);
  uint8_t pdu[512 + AUTH_TOKEN_LIMIT];
  PduWriter writer = { .data = pdu, .capacity = sizeof pdu };
  pdu_begin_bind(&writer, first ? PDU_BIND : PDU_ALTER_CONTEXT, context->call_id, 0, offers ? 2 : 1);
  if (offers)
    pdu_put_item(&writer, LARGE_CONTEXT, &PDU_LARGE_FRAGMENTS, 0);
  pdu_put_item(&writer, context->id, &context->iid, version);
  if (first && connection->auth.contexts && !auth_put_first(connection, &writer)) {
    connection->failure = SEC_E_NO_CREDENTIALS; /* a password that is none, no ticket for that server */
    return false;
  }
  Outgoing *outgoing = pdu_end(&writer) ? outgoing_of_pdu(pdu, writer.size) : NULL;
  if (outgoing)
    connection_queue_locked(connection, outgoing);
  rpc_trace(&connection->channel, .sent = true, .kind = first ? "bind" : "alter_context", .iid = &context->iid);
  return outgoing;
}

static RpcContext *context_of_locked(RpcConnection *connection, const IID *iid, uint32_t version) {
  RpcContext *context = find_context_locked(connection, iid);
  if (context || connection->context_count >= CONTEXT_LIMIT)
    return context;
  if (connection->context_count == connection->context_capacity) {
    unsigned capacity = connection->context_capacity ? connection->context_capacity * 2 : 8;
    RpcContext *contexts = realloc(connection->contexts, capacity * sizeof *contexts);
    if (!contexts)
      return NULL;
    connection->contexts = contexts;
    connection->context_capacity = capacity;
  }
  context = &connection->contexts[connection->context_count];
  *context = (RpcContext){ .iid = *iid,
                           .id = (uint16_t)(FIRST_CONTEXT + connection->context_count),
                           .version = version,
                           .state = CONTEXT_ASKED,
                           .call_id = number_without_slot_locked(connection) };
  if (!ask_for_context_locked(connection, context, version))
    return NULL;
  connection->context_count++;
  return context;
}

/* Starting */

static void wait_locked(RpcConnection *connection, Outgoing *outgoing) {
  outgoing->next = NULL;
  if (connection->waiting)
    connection->waiting_last->next = outgoing;
  else
    connection->waiting = outgoing;
  connection->waiting_last = outgoing;
}

/* The bind has gone unprotected: the first request of an interface says behind its arguments which one is meant. */
static bool send_verified_locked(RpcConnection *connection, const RpcContext *context, const Outgoing *outgoing) {
  uint8_t said[PDU_VERIFICATION_SIZE + 4];
  struct iovec *pieces = malloc((outgoing->pieces + 1) * sizeof *pieces);
  if (!pieces)
    return false;
  size_t size = pdu_put_verification(said, outgoing->left, &context->iid, little_u32(outgoing->head + REQUEST_CALL),
                                     context->id, little_u16(outgoing->head + REQUEST_OPNUM));
  for (unsigned i = 0; i < outgoing->pieces; i++)
    pieces[i] = outgoing->piece[i];
  pieces[outgoing->pieces] = (struct iovec){ said, size };
  Outgoing longer = *outgoing;
  longer.piece = pieces;
  longer.pieces++;
  longer.left += size;
  bool sent = auth_send_locked(connection, connection->auth.contexts, &longer);
  free(pieces);
  return sent;
}

/* Once it has a number it cannot be taken back. */
static bool send_protected_locked(RpcConnection *connection, const Outgoing *outgoing) {
  uint16_t id = little_u16(outgoing->head + REQUEST_CONTEXT);
  RpcContext *context = &connection->contexts[id - FIRST_CONTEXT];
  if (!(context->verified ? auth_send_locked(connection, connection->auth.contexts, outgoing)
                          : send_verified_locked(connection, context, outgoing)))
    return false;
  context->verified = true;
  if (outgoing->call)
    outgoing->call->state = CALL_SENT;
  return true;
}

/* A long stub waits until both sides know how long fragments may be, and what comes after it waits too. */
static bool send_call_locked(RpcConnection *connection, Outgoing *outgoing, bool keep) {
  bool is_short = outgoing->head_size + outgoing->left <= PDU_FRAGMENT_LEAST && !connection->auth.contexts;
  if (connection->bound && auth_protects(connection->auth.contexts))
    return send_protected_locked(connection, outgoing);
  if (connection->bound || (is_short && !connection->waiting))
    return connection_send_locked(connection, outgoing, keep);
  Outgoing *kept = outgoing_rest(outgoing, keep);
  if (kept)
    wait_locked(connection, kept);
  connection_flush_locked(connection); /* the bind */
  return kept;
}

static HRESULT begin_locked(RpcConnection *connection, RpcCall *call) {
  size_t size = pieces_size(call->pieces, call->piece_count);
  if (connection->ended || connection->closing || connection->broken)
    return RPC_E_DISCONNECTED;
  if (size > RPC_STUB_LIMIT)
    return RPC_E_CLIENT_CANTMARSHAL_DATA;
  const RpcContext *context = context_of_locked(connection, &call->iid, call->version);
  if (!context)
    return FAILED(connection->failure) ? connection->failure : E_OUTOFMEMORY;
  if (context->state == CONTEXT_REJECTED)
    return HRESULT_FROM_WIN32(RPC_S_UNKNOWN_IF);
  call->state = CALL_UNSENT;
  if (call->one_way)
    call->number = number_without_slot_locked(connection);
  else if (!take_slot_locked(connection, call))
    return E_OUTOFMEMORY;
  Outgoing outgoing = { .call = call->one_way ? NULL : call };
  outgoing.head_size =
      (uint8_t)pdu_put_request(outgoing.head, call->number, context->id, call->opnum, &call->object,
                               call->one_way && connection->channel.peer.local); /* others answer, which nobody reads */
  outgoing_begin(&outgoing, call->pieces, call->piece_count, size, connection->large ? 0 : connection->max_fragment);
  if (send_call_locked(connection, &outgoing, !call->one_way))
    return S_OK;
  if (!call->one_way)
    free_slot_locked(connection, find_slot_locked(connection, call->number));
  return E_OUTOFMEMORY;
}

static void start(RpcChannel *channel, RpcCall *call) {
  RpcConnection *connection = connection_of(channel);
  bool one_way = call->one_way;
  call->reply = NULL;
  call->channel = channel;
  pthread_mutex_lock(&connection->lock);
  HRESULT status = begin_locked(connection, call);
  rpc_trace(channel, .sent = true, .kind = "request", .call_id = call->number, .iid = &call->iid, .opnum = call->opnum,
            .object = &call->object, .size = pieces_size(call->pieces, call->piece_count),
            .note = FAILED(status) ? "not sent"
                    : one_way      ? "nobody waits"
                                   : NULL);
  pthread_mutex_unlock(&connection->lock);
  if (FAILED(status) && !one_way)
    finish(call, RPC_NOT_SENT, (uint32_t)status);
}

void calls_sent_locked(RpcConnection *connection, RpcCall *call) {
  (void)connection;
  call->state = CALL_SENT;
}

/* Ending */

static Outgoing **find_output_locked(Outgoing **first, const RpcCall *call) {
  while (*first && (*first)->call != call)
    first = &(*first)->next;
  return *first ? first : NULL;
}

/* The last one of a list that has lost one. */
static Outgoing *last_of(Outgoing *first) {
  while (first && first->next)
    first = first->next;
  return first;
}

static void remove_output_locked(RpcConnection *connection, Outgoing **link) {
  Outgoing *outgoing = *link;
  *link = outgoing->next;
  free(outgoing);
  connection->last = last_of(connection->first);
  connection->waiting_last = last_of(connection->waiting);
}

/* Nothing of the call is needed any more afterwards. True: nothing of it has gone, nor will. */
static bool detach_locked(RpcConnection *connection, RpcCall *call) {
  if (call->state == CALL_SENT)
    return false;
  Outgoing **link = find_output_locked(&connection->waiting, call);
  if (link) {
    remove_output_locked(connection, link);
    return true;
  }
  link = find_output_locked(&connection->first, call);
  if (!link)
    return true; /* the socket has refused it */
  if (!(*link)->begun) {
    connection->unsent -= (*link)->left;
    remove_output_locked(connection, link);
    return true;
  }
  /* A fragment that has begun must be ended. */
  Outgoing *copy = outgoing_rest(*link, false);
  if (!copy) {
    (*link)->call = NULL;
    connection_break_locked(connection);
    connection_drop_output_locked(connection);
    return false;
  }
  copy->next = (*link)->next;
  free(*link);
  *link = copy;
  connection->last = last_of(connection->first);
  return false;
}

/* The call of an answer; NULL: nobody waits for it. */
static RpcCall *take_call(RpcConnection *connection, uint32_t number) {
  pthread_mutex_lock(&connection->lock);
  RpcCallSlot *slot = find_slot_locked(connection, number);
  RpcCall *call = slot ? slot->call : NULL;
  if (slot)
    free_slot_locked(connection, slot);
  if (call)
    detach_locked(connection, call);
  pthread_mutex_unlock(&connection->lock);
  return call;
}

void calls_take_response(RpcConnection *connection, RpcMessage *message) {
  RpcCall *call = take_call(connection, message->call_id);
  rpc_trace(&connection->channel, .kind = "response", .call_id = message->call_id, .size = message->buffer.size,
            .note = call ? NULL : "to a call that was given up");
  if (!call) {
    message_free(message);
    return;
  }
  call->reply = &message->buffer;
  finish(call, RPC_ANSWERED, 0);
}

static void cancel(RpcChannel *channel, RpcCall *call) {
  RpcConnection *connection = connection_of(channel);
  pthread_mutex_lock(&connection->lock);
  RpcCallSlot *slot = find_slot_locked(connection, call->number);
  bool found = slot && slot->call == call, unsent = false;
  if (found) {
    unsent = detach_locked(connection, call);
    rpc_trace(channel, .sent = true, .kind = "cancel", .call_id = call->number,
              .note = unsent ? "of a call that has not been sent" : NULL);
    slot->call = NULL; /* taken until the answer has come */
    uint8_t pdu[PDU_HEADER_SIZE];
    pdu_put_plain(pdu, PDU_CO_CANCEL, call->number);
    if (unsent)
      free_slot_locked(connection, slot);
    else if (!connection->ended && !connection->broken)
      connection_send_pdu_locked(connection, pdu, sizeof pdu);
    connection_events_locked(connection);
  }
  pthread_mutex_unlock(&connection->lock);
  if (found)
    finish(call, unsent ? RPC_NOT_SENT : RPC_CANCELLED, (uint32_t)RPC_E_CALL_CANCELED);
}

void calls_end(RpcConnection *connection) {
  for (uint32_t i = 0; i < connection->slot_count; i++) {
    pthread_mutex_lock(&connection->lock);
    RpcCallSlot *slot = &connection->slots[i];
    RpcCall *call = slot->call;
    if (call)
      free_slot_locked(connection, slot);
    pthread_mutex_unlock(&connection->lock);
    if (!call)
      continue;
    /* A server answers the bind before it serves anything: one that has left without that has not begun. */
    bool sent = call->state == CALL_SENT && (connection->bound || !connection->peer_left);
    HRESULT status = connection->peer_left ? (sent ? RPC_E_SERVER_DIED : RPC_E_SERVER_DIED_DNE)
                                           : HRESULT_FROM_WIN32(sent ? RPC_S_CALL_FAILED : RPC_S_CALL_FAILED_DNE);
    if (FAILED(connection->failure))
      status = connection->failure;
    finish(call, sent ? RPC_NO_ANSWER : RPC_NOT_SENT, (uint32_t)status);
  }
}

/* PDUs of the other side */

static void send_waiting_locked(RpcConnection *connection) {
  Outgoing *next = connection->waiting;
  connection->waiting = connection->waiting_last = NULL;
  for (Outgoing *outgoing = next; outgoing; outgoing = next) {
    next = outgoing->next;
    outgoing_begin(outgoing, outgoing->piece, outgoing->pieces, outgoing->left,
                   connection->large ? 0 : connection->max_fragment);
    if (auth_protects(connection->auth.contexts)) {
      if (!send_protected_locked(connection, outgoing))
        connection_break_locked(connection);
      free(outgoing);
      continue;
    }
    connection_queue_locked(connection, outgoing);
  }
  connection_flush_locked(connection);
}

static void take_results_locked(RpcConnection *connection, PduBind *ack, uint32_t call_id, bool of_bind) {
  PduContextResult result;
  unsigned left = ack->count;
  if (of_bind && offers_large(connection) && left && pdu_next_result(ack, &result)) {
    connection->large = result.result == PDU_ACCEPTED;
    left--;
  }
  for (unsigned i = 0; i < connection->context_count; i++) {
    RpcContext *context = &connection->contexts[i];
    if (context->call_id != call_id || context->state != CONTEXT_ASKED)
      continue;
    bool accepted = left && pdu_next_result(ack, &result) && result.result == PDU_ACCEPTED;
    context->state = accepted ? CONTEXT_ACCEPTED : CONTEXT_REJECTED;
    left -= left > 0;
  }
}

/* Nothing has been executed. */
static void refuse_all(RpcConnection *connection) {
  pthread_mutex_lock(&connection->lock);
  for (uint32_t i = 0; i < connection->slot_count; i++) {
    if (connection->slots[i].call)
      connection->slots[i].call->state = CALL_UNSENT;
  }
  connection_drop_output_locked(connection);
  pthread_mutex_unlock(&connection->lock);
}

/* A further leg goes with the first interface again. */
static bool send_leg_locked(RpcConnection *connection, const SecurityToken *token) {
  uint8_t pdu[512 + AUTH_TOKEN_LIMIT];
  const RpcContext *context = &connection->contexts[0];
  const AuthContext *auth = connection->auth.contexts;
  PduWriter writer = { .data = pdu, .capacity = sizeof pdu };
  connection->leg_call_id = number_without_slot_locked(connection);
  pdu_begin_bind(&writer, PDU_ALTER_CONTEXT, connection->leg_call_id, 0, 1);
  pdu_put_item(&writer, context->id, &context->iid, context->version);
  pdu_put_trailer(&writer, auth->type, auth->level, auth->id, token->data, token->size);
  return pdu_end(&writer) && connection_send_pdu_locked(connection, pdu, writer.size);
}

/* The other end shows who it is, and is shown. While that goes on calls wait. */
static bool authenticate_locked(RpcConnection *connection, const uint8_t *pdu, const PduHeader *header) {
  SecurityToken token;
  AuthAck ack = auth_take_ack(connection, pdu, header, &token);
  connection->leg_call_id = 0;
  bool good = ack == AUTH_ACK_READY || (ack == AUTH_ACK_GOES_ON && send_leg_locked(connection, &token));
  free(token.data);
  return good;
}

static bool take_ack(RpcConnection *connection, const uint8_t *pdu, const PduHeader *header) {
  bool of_bind = header->type == PDU_BIND_ACK;
  PduBind ack;
  if (!pdu_read_bind_ack(pdu, header, &ack))
    return false;
  pthread_mutex_lock(&connection->lock);
  bool of_leg = connection->leg_call_id && connection->leg_call_id == header->call_id && !of_bind;
  bool expected = of_bind != (connection->bound || connection->leg_call_id);
  if (expected) {
    if (of_bind)
      connection->max_fragment = pdu_agree_fragment(ack.max_receive);
    if (connection->auth.contexts && (of_bind || of_leg) && !authenticate_locked(connection, pdu, header)) {
      connection->failure = HRESULT_FROM_WIN32(RPC_S_SEC_PKG_ERROR);
      pthread_mutex_unlock(&connection->lock);
      refuse_all(connection);
      return false;
    }
    take_results_locked(connection, &ack, header->call_id, of_bind);
    if (!connection->leg_call_id && !connection->bound) {
      connection->bound = true;
      send_waiting_locked(connection);
    }
  }
  pthread_mutex_unlock(&connection->lock);
  return expected;
}

/* The server has not found right what it was shown. */
static bool is_refused_leg(RpcConnection *connection, uint32_t call_id) {
  pthread_mutex_lock(&connection->lock);
  bool refused = connection->leg_call_id && connection->leg_call_id == call_id;
  if (refused)
    connection->failure = E_ACCESSDENIED;
  pthread_mutex_unlock(&connection->lock);
  return refused;
}

static bool take_fault(RpcConnection *connection, const uint8_t *pdu, const PduHeader *header) {
  PduFault fault;
  if (!pdu_read_fault(pdu, header, &fault))
    return false;
  if (is_refused_leg(connection, header->call_id)) {
    refuse_all(connection);
    return false;
  }
  RpcCall *call = take_call(connection, header->call_id);
  rpc_trace(&connection->channel, .kind = "fault", .call_id = header->call_id, .status = fault.status);
  if (call)
    finish(call, RPC_FAULTED, fault.status);
  return true;
}

bool calls_take_pdu(RpcConnection *connection, const uint8_t *pdu, const PduHeader *header) {
  switch (header->type) {
  case PDU_BIND_ACK:
  case PDU_ALTER_CONTEXT_RESPONSE:
    return take_ack(connection, pdu, header);
  case PDU_FAULT:
    return take_fault(connection, pdu, header);
  case PDU_BIND_NAK:
    if (connection->auth.contexts)
      connection->failure = HRESULT_FROM_WIN32(RPC_S_UNKNOWN_AUTHN_SERVICE);
    refuse_all(connection);
    return false;
  default:
    return false; /* a shutdown among them */
  }
}

/* The channel */

static void close_channel(RpcChannel *channel) {
  connection_close(connection_of(channel), false);
}

static void destroy(RpcChannel *channel) {
  RpcConnection *connection = connection_of(channel);
  if (!connection->serves) {
    pthread_mutex_lock(&connection->lock);
    connection->closed_told = true; /* nobody knows it any more */
    pthread_mutex_unlock(&connection->lock);
    connection_close(connection, false);
  }
  connection_release(connection);
}

const RpcChannelMethods connection_methods = { start, cancel, close_channel, destroy };
