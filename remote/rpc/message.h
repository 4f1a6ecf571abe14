/* A request or response that is coming in: its stub, one fragment behind another, and afterwards the buffer that readers keep. */
#ifndef OLEANDER_REMOTE_RPC_MESSAGE_H
#define OLEANDER_REMOTE_RPC_MESSAGE_H

#include "remote/rpc/auth.h"
#include "remote/rpc/channel.h"

/* The longest stub that is taken or sent. */
#define RPC_STUB_LIMIT ((size_t)1 << 30)

typedef struct RpcMessage RpcMessage;
struct RpcMessage {
  RpcBuffer buffer; /* buffer.data is set when it is complete */
  RpcMessage *next; /* of its connection: those that are incomplete, then the requests that wait */
  uint32_t call_id;
  uint16_t context_id;
  uint8_t type;      /* PDU_REQUEST, PDU_RESPONSE */
  bool last;         /* the fragment that is coming in is the last one */
  AuthContext *auth; /* by which its fragments came; referenced */
  bool protected;    /* they were */
  size_t claimed;    /* bytes of stub that fragments have announced */
  size_t capacity;
  RpcRequest request; /* of a request */
  struct RpcConnection *connection;
  RpcMessage *previous;
  _Alignas(8) uint8_t stub[];
};

/* With room for `room` bytes. NULL: out of memory. */
RpcMessage *message_create(size_t room);
void message_free(RpcMessage *message);
/* Makes room for bytes that were announced: all of them where they are few, else as they come. The message may move. False: out
 * of memory, and the message is as it was. */
bool message_make_room(RpcMessage **message);

#endif
