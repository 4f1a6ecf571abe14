/* What a connection sends (connection.h): at once as far as the socket takes it, the rest when it takes more. */
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "remote/rpc/connection.h"

typedef enum Sending { SENT_SOME, SENT_NOTHING, SENT_BROKEN } Sending;

static Sending send_batch(RpcConnection *connection, OutgoingBatch *batch, size_t *sent) {
  struct msghdr message = { .msg_iov = batch->vector, .msg_iovlen = batch->count };
  ssize_t count;
  do
    count = sendmsg(connection->watch.descriptor, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
  while (count < 0 && errno == EINTR);
  *sent = count > 0 ? (size_t)count : 0;
  if (count >= 0)
    return SENT_SOME;
  if (errno == EAGAIN || errno == EWOULDBLOCK)
    return SENT_NOTHING;
  connection_break_locked(connection);
  return SENT_BROKEN;
}

static void tell_sent_locked(RpcConnection *connection, const Outgoing *outgoing) {
  if (outgoing->call)
    calls_sent_locked(connection, outgoing->call);
}

static void pop_locked(RpcConnection *connection) {
  Outgoing *outgoing = connection->first;
  connection->first = outgoing->next;
  if (!connection->first)
    connection->last = NULL;
  free(outgoing);
}

static void advance_locked(RpcConnection *connection, size_t sent) {
  while (connection->first) {
    Outgoing *outgoing = connection->first;
    size_t before = outgoing->left;
    sent = outgoing_advance(outgoing, sent);
    connection->unsent -= before - outgoing->left;
    if (!outgoing_is_done(outgoing))
      return;
    tell_sent_locked(connection, outgoing);
    pop_locked(connection);
  }
}

void connection_flush_locked(RpcConnection *connection) {
  Sending sending = SENT_SOME;
  while (connection->first && !connection->broken && sending == SENT_SOME) {
    OutgoingBatch batch;
    batch.count = batch.head_count = 0;
    for (Outgoing *outgoing = connection->first; outgoing && outgoing_fill(outgoing, &batch);)
      outgoing = outgoing->next;
    size_t sent;
    sending = send_batch(connection, &batch, &sent);
    advance_locked(connection, sent);
  }
  connection_events_locked(connection);
}

void connection_queue_locked(RpcConnection *connection, Outgoing *outgoing) {
  outgoing->next = NULL;
  if (connection->first)
    connection->last->next = outgoing;
  else
    connection->first = outgoing;
  connection->last = outgoing;
  connection->unsent += outgoing->left;
  if (connection->unsent > UNSENT_LIMIT)
    connection_break_locked(connection);
}

/* Sends directly, past the empty queue. Gives whether all has gone. */
static bool send_now_locked(RpcConnection *connection, Outgoing *outgoing) {
  Sending sending = SENT_SOME;
  while (sending == SENT_SOME && !outgoing_is_done(outgoing)) {
    OutgoingBatch batch;
    batch.count = batch.head_count = 0;
    outgoing_fill(outgoing, &batch);
    size_t sent;
    sending = send_batch(connection, &batch, &sent);
    outgoing_advance(outgoing, sent);
  }
  return outgoing_is_done(outgoing);
}

bool connection_send_locked(RpcConnection *connection, Outgoing *outgoing, bool keep) {
  if (!connection->first && send_now_locked(connection, outgoing)) {
    tell_sent_locked(connection, outgoing);
    return true;
  }
  if (connection->broken)
    return true; /* the end will tell */
  Outgoing *rest = outgoing_rest(outgoing, keep);
  if (!rest && outgoing->begun)
    connection_break_locked(connection); /* half a fragment is of no use to anybody */
  if (!rest)
    return connection->broken;
  connection_queue_locked(connection, rest);
  connection_flush_locked(connection);
  return true;
}

bool connection_send_pdu_locked(RpcConnection *connection, const void *pdu, size_t size) {
  struct iovec piece = { (void *)(uintptr_t)pdu, size };
  Outgoing outgoing = { 0 };
  outgoing_begin(&outgoing, &piece, 1, size, 0);
  return connection_send_locked(connection, &outgoing, false);
}

static void drop_list(Outgoing **first) {
  while (*first) {
    Outgoing *outgoing = *first;
    *first = outgoing->next;
    free(outgoing);
  }
}

void connection_drop_output_locked(RpcConnection *connection) {
  drop_list(&connection->first);
  drop_list(&connection->waiting);
  connection->last = connection->waiting_last = NULL;
  connection->unsent = 0;
}
