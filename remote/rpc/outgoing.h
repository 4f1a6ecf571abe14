/* What a connection has still to send: a stub that goes out in fragments, or a PDU that is whole already. */
#ifndef OLEANDER_REMOTE_RPC_OUTGOING_H
#define OLEANDER_REMOTE_RPC_OUTGOING_H

#include "remote/rpc/channel.h"
#include "remote/rpc/pdu.h"

typedef struct Outgoing Outgoing;
struct Outgoing {
  Outgoing *next;
  RpcCall *call; /* whose pieces these are, and who is told that they have gone; NULL: nobody */
  uint8_t head[PDU_HEAD_LIMIT];
  uint8_t head_size;               /* 0: the pieces are whole PDUs */
  bool large;                      /* one fragment, whatever its size */
  bool begun;                      /* the first fragment has been opened */
  size_t fragment;                 /* most bytes of the stub in one */
  size_t left;                     /* bytes of the stub that have not gone */
  size_t head_left, fragment_left; /* of the fragment that is open */
  const struct iovec *piece;       /* the next byte is in it */
  unsigned pieces;                 /* from there on */
  size_t offset;
  struct iovec own; /* the one piece, where the bytes are its own */
  uint8_t bytes[];
};

/* Bytes of all the pieces; SIZE_MAX: more than RPC_STUB_LIMIT. */
size_t pieces_size(const struct iovec *pieces, unsigned count);

/* Begins a request or response: the head as pdu_put_... made it. max_fragment: of the whole PDU; 0: large. */
void outgoing_begin(Outgoing *outgoing, const struct iovec *pieces, unsigned count, size_t size, size_t max_fragment);

/* What to send next, as far as there is room. */
typedef struct OutgoingBatch {
  struct iovec vector[64];
  unsigned count;
  uint8_t heads[16][PDU_HEAD_LIMIT];
  unsigned head_count;
} OutgoingBatch;
/* False: the batch is full before the end. */
bool outgoing_fill(const Outgoing *outgoing, OutgoingBatch *batch);

/* Up to `sent` bytes of it have gone; gives how many of them belonged to others. */
size_t outgoing_advance(Outgoing *outgoing, size_t sent);
bool outgoing_is_done(const Outgoing *outgoing);

/* A PDU that is whole, copied. NULL: out of memory. */
Outgoing *outgoing_of_pdu(const void *pdu, size_t size);
/* The rest of it on the heap, with bytes of its own, or (keep) with the pieces where they are. */
Outgoing *outgoing_rest(const Outgoing *outgoing, bool keep);

#endif
