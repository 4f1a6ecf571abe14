/* What a connection reads (connection.h): PDUs out of one buffer; of long stubs only the heads, the stubs go to their place. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>

#include "remote/rpc/connection.h"

/* Other connections have their turn after so many bytes. */
enum { TURN = 4 << 20 };

/* A stub that the first of its fragments announces so long has its room at once, where few others are coming in. */
enum { HINT_LIMIT = 2 << 20, HINTED_CALLS = 16 };

/* Stubs that come in fragments */

static RpcMessage *take_incomplete(RpcConnection *connection, uint32_t call_id) {
  RpcMessage **link = &connection->incomplete;
  while (*link && (*link)->call_id != call_id)
    link = &(*link)->next;
  RpcMessage *message = *link;
  if (message) {
    *link = message->next;
    connection->incomplete_count--;
  }
  return message;
}

static void keep_incomplete(RpcConnection *connection, RpcMessage *message) {
  message->next = connection->incomplete;
  connection->incomplete = message;
  connection->incomplete_count++;
}

/* By which security context a fragment came. */
typedef struct Security {
  AuthContext *context; /* NULL: by none */
  bool protected;
} Security;

/* For the whole stub at once, where it is not too much to be believed: nothing is moved then as it grows. */
static size_t first_room(const RpcConnection *connection, const PduHeader *header, const PduBody *body) {
  size_t stub = header->length - header->head;
  if (stub > PDU_FRAGMENT_LIMIT)
    return 0;
  bool more = !(header->flags & PDU_LAST) && connection->trusted && connection->incomplete_count < HINTED_CALLS &&
              body->alloc_hint > stub;
  return more && body->alloc_hint <= HINT_LIMIT ? body->alloc_hint : stub;
}

static RpcMessage *first_fragment(RpcConnection *connection, const PduHeader *header, const PduBody *body,
                                  const Security *security) {
  RpcMessage *before = take_incomplete(connection, header->call_id);
  if (before) {
    keep_incomplete(connection, before);
    return NULL; /* a call begins twice */
  }
  if (connection->incomplete_count >= INCOMPLETE_LIMIT)
    return NULL;
  RpcMessage *message = message_create(first_room(connection, header, body));
  if (!message)
    return NULL;
  message->connection = connection;
  message->type = header->type;
  message->call_id = header->call_id;
  message->protected = security->protected;
  message->auth = security->context;
  if (security->context)
    auth_addref(security->context);
  message->context_id = body->context_id;
  message->request.object = body->object;
  message->request.opnum = body->opnum;
  message->request.one_way = header->type == PDU_REQUEST && header->flags & PDU_MAYBE;
  return message;
}

/* What it belongs to; NULL: it agrees with nothing. */
static RpcMessage *later_fragment(RpcConnection *connection, const PduHeader *header, const PduBody *body,
                                  const Security *security) {
  RpcMessage *message = take_incomplete(connection, header->call_id);
  if (!message)
    return NULL;
  bool agrees = message->context_id == body->context_id && message->request.opnum == body->opnum &&
                IsEqualGUID(&message->request.object, &body->object) && message->auth == security->context &&
                message->protected == security->protected;
  if (agrees)
    return message;
  keep_incomplete(connection, message);
  return NULL;
}

static bool begin_fragment(RpcConnection *connection, const uint8_t *bytes, const PduHeader *header,
                           const Security *security) {
  PduBody body;
  if (header->type != (connection->serves ? PDU_REQUEST : PDU_RESPONSE))
    return false;
  pdu_read_body(bytes, header, &body);
  RpcMessage *message = header->flags & PDU_FIRST ? first_fragment(connection, header, &body, security)
                                                  : later_fragment(connection, header, &body, security);
  if (!message)
    return false;
  size_t stub = header->length - header->head;
  connection->direct = message;
  connection->direct_left = stub;
  message->last = header->flags & PDU_LAST;
  size_t most = connection->trusted ? INCOMPLETE_BYTES : NEWCOMER_BYTES;
  if (stub > RPC_STUB_LIMIT - message->claimed || connection->incomplete_bytes > most ||
      stub > most - connection->incomplete_bytes)
    return false;
  message->claimed += stub;
  connection->incomplete_bytes += stub;
  return true;
}

/* Its bytes are there. False: it is refused. */
static bool end_fragment(RpcConnection *connection) {
  RpcMessage *message = connection->direct;
  connection->direct = NULL;
  if (!message->last) {
    keep_incomplete(connection, message);
    return true;
  }
  connection->incomplete_bytes -= message->claimed;
  message->buffer.data = message->stub;
  if (connection->serves)
    return requests_take(connection, message);
  calls_take_response(connection, message);
  return true;
}

/* Out of the buffer; what stands there of the stub goes to its place. */
static bool copy_stub(RpcConnection *connection) {
  while (connection->direct_left && connection->input.begin < connection->input.end) {
    if (!message_make_room(&connection->direct))
      return false;
    RpcMessage *message = connection->direct;
    size_t size = connection->input.end - connection->input.begin, room = message->capacity - message->buffer.size;
    if (size > connection->direct_left)
      size = connection->direct_left;
    if (size > room)
      size = room;
    memcpy(message->stub + message->buffer.size, connection->input.data + connection->input.begin, size);
    message->buffer.size += size;
    connection->input.begin += size;
    connection->direct_left -= size;
  }
  return true;
}

/* PDUs */

static bool take_pdu(RpcConnection *connection, const uint8_t *bytes, const PduHeader *header) {
  return connection->serves ? requests_take_pdu(connection, bytes, header) : calls_take_pdu(connection, bytes, header);
}

/* Room for a whole PDU in the buffer. */
static bool make_room(RpcConnection *connection, size_t size) {
  if (size <= connection->input.capacity)
    return true;
  uint8_t *moved = realloc(connection->input.data, size);
  if (!moved)
    return false;
  connection->input.data = moved;
  connection->input.capacity = size;
  return true;
}

/* The caller is told, and no more is read. */
static bool refuse(RpcConnection *connection, const uint8_t *bytes, const PduHeader *header) {
  if (connection->serves)
    requests_deny(connection, bytes, header);
  return false;
}

/* A whole PDU with a trailer. False: it is refused. */
static bool take_trailed(RpcConnection *connection, uint8_t *bytes, const PduHeader *header) {
  PduHeader bare = *header;
  pthread_mutex_lock(&connection->lock);
  AuthContext *context = auth_unprotect(connection, bytes, header, &bare.length);
  Security security = { context, auth_protects(context) };
  pthread_mutex_unlock(&connection->lock);
  if (!context)
    return refuse(connection, bytes, header);
  if (!begin_fragment(connection, bytes, &bare, &security))
    return false;
  connection->input.begin += header->head;
  if (!copy_stub(connection) || connection->direct_left)
    return false;
  connection->input.begin += header->length - bare.length;
  return end_fragment(connection);
}

/* What comes without a trailer. False: it must have one. */
static bool judge_bare(RpcConnection *connection, Security *security) {
  *security = (Security){ NULL, false };
  if (!connection->auth.contexts)
    return true;
  pthread_mutex_lock(&connection->lock);
  bool allowed = connection->serves ? auth_of_bare_request(connection, &security->context)
                                    : !auth_protects(connection->auth.contexts);
  pthread_mutex_unlock(&connection->lock);
  return allowed;
}

/* One PDU out of the buffer, or the head of one. *more: there may be another. */
static bool take_one(RpcConnection *connection, bool *more) {
  uint8_t *bytes = connection->input.data + connection->input.begin;
  size_t size = connection->input.end - connection->input.begin;
  PduHeader header;
  *more = false;
  PduProgress progress = pdu_read_header(bytes, size, connection->large, &header);
  if (progress != PDU_READ)
    return progress == PDU_INCOMPLETE;
  bool has_stub = header.head > PDU_HEADER_SIZE;
  size_t needed = has_stub && !header.auth_length ? header.head : header.length;
  if (size < needed)
    return make_room(connection, needed);
  *more = true;
  if (!has_stub) {
    connection->input.begin += needed;
    return take_pdu(connection, bytes, &header);
  }
  if (header.auth_length)
    return take_trailed(connection, bytes, &header);
  Security security;
  if (!judge_bare(connection, &security))
    return refuse(connection, bytes, &header);
  if (!begin_fragment(connection, bytes, &header, &security))
    return false;
  connection->input.begin += needed;
  return true;
}

/* Everything that the buffer has. What is served on the way may end the connection. */
static bool take_all(RpcConnection *connection) {
  for (bool more = true; more && !connection->ended;) {
    if (connection->direct) {
      if (!copy_stub(connection))
        return false;
      if (connection->direct_left)
        break;
      if (!end_fragment(connection))
        return false;
    } else if (!take_one(connection, &more)) {
      return false;
    }
  }
  return true;
}

/* The socket */

/* Puts what is left in the buffer to its begin, where there is little room behind it. */
static void compact(RpcConnection *connection) {
  size_t size = connection->input.end - connection->input.begin;
  if (connection->input.begin == 0 || (size && connection->input.capacity - connection->input.end >= INPUT_SIZE / 2))
    return;
  memmove(connection->input.data, connection->input.data + connection->input.begin, size);
  connection->input.begin = 0;
  connection->input.end = size;
}

/* Where the next bytes go: the rest of a stub first. */
static int prepare(RpcConnection *connection, struct iovec vector[2]) {
  int count = 0;
  if (connection->direct) {
    RpcMessage *message = connection->direct;
    size_t room = message->capacity - message->buffer.size;
    vector[count++] = (struct iovec){ message->stub + message->buffer.size,
                                      room < connection->direct_left ? room : connection->direct_left };
    if (room < connection->direct_left)
      return count;
  }
  vector[count++] = (struct iovec){ connection->input.data + connection->input.end,
                                    connection->input.capacity - connection->input.end };
  return count;
}

static void account(RpcConnection *connection, size_t received) {
  if (connection->direct) {
    RpcMessage *message = connection->direct;
    size_t room = message->capacity - message->buffer.size;
    size_t stub = room < connection->direct_left ? room : connection->direct_left;
    if (stub > received)
      stub = received;
    message->buffer.size += stub;
    connection->direct_left -= stub;
    received -= stub;
  }
  connection->input.end += received;
}

static ssize_t receive(RpcConnection *connection, size_t *asked) {
  struct iovec vector[2];
  int count = prepare(connection, vector);
  ssize_t received;
  *asked = vector[0].iov_len + (count > 1 ? vector[1].iov_len : 0);
  do
    received = readv(connection->watch.descriptor, vector, count);
  while (received < 0 && errno == EINTR);
  return received;
}

bool connection_read(RpcConnection *connection) {
  for (size_t total = 0; total < TURN;) {
    size_t asked;
    compact(connection);
    if (connection->direct && !message_make_room(&connection->direct))
      return false;
    ssize_t received = receive(connection, &asked);
    if (received < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
      return true;
    if (received <= 0) { /* a reset too comes behind what has been sent */
      connection->peer_left = true;
      return false;
    }
    account(connection, (size_t)received);
    if (!take_all(connection))
      return false;
    if (connection->ended || (size_t)received < asked)
      return true;
    total += (size_t)received;
  }
  return true;
}

void connection_drop_input(RpcConnection *connection) {
  message_free(connection->direct);
  connection->direct = NULL;
  while (connection->incomplete) {
    RpcMessage *message = connection->incomplete;
    connection->incomplete = message->next;
    message_free(message);
  }
  connection->input.begin = connection->input.end = 0;
}
