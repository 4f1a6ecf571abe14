/* What a connection has still to send (outgoing.h). */
#include "remote/rpc/outgoing.h"

#include <stdlib.h>
#include <string.h>

#include "remote/rpc/message.h"

size_t pieces_size(const struct iovec *pieces, unsigned count) {
  size_t size = 0;
  for (unsigned i = 0; i < count; i++) {
    if (pieces[i].iov_len > RPC_STUB_LIMIT - size)
      return SIZE_MAX;
    size += pieces[i].iov_len;
  }
  return size;
}

void outgoing_begin(Outgoing *outgoing, const struct iovec *pieces, unsigned count, size_t size, size_t max_fragment) {
  outgoing->piece = pieces;
  outgoing->pieces = count;
  outgoing->left = size;
  outgoing->fragment = max_fragment ? max_fragment - outgoing->head_size : SIZE_MAX;
  outgoing->large = !max_fragment && size > PDU_FRAGMENT_SIZE - PDU_HEAD_LIMIT; /* what fits goes in the usual form */
}

bool outgoing_is_done(const Outgoing *outgoing) {
  return outgoing->begun && !outgoing->left && !outgoing->head_left;
}

/* The next fragment, when the last one has gone and there is one. */
static void open_fragment(Outgoing *outgoing) {
  if (outgoing->head_left || outgoing->fragment_left || outgoing_is_done(outgoing))
    return;
  size_t size = outgoing->left < outgoing->fragment ? outgoing->left : outgoing->fragment;
  if (outgoing->head_size)
    pdu_set_fragment(outgoing->head, outgoing->head_size, size, outgoing->left, !outgoing->begun, outgoing->large);
  outgoing->begun = true;
  outgoing->head_left = outgoing->head_size;
  outgoing->fragment_left = size;
}

/* Goes on by `size` bytes of the open fragment's stub, which lie in the present piece. */
static void consume(Outgoing *outgoing, size_t size) {
  outgoing->offset += size;
  outgoing->fragment_left -= size;
  outgoing->left -= size;
}

/* What is left of the present piece within the fragment; goes on to the next piece where it is used up. */
static size_t in_piece(Outgoing *outgoing) {
  while (outgoing->offset == outgoing->piece->iov_len) {
    outgoing->piece++;
    outgoing->pieces--;
    outgoing->offset = 0;
  }
  size_t size = outgoing->piece->iov_len - outgoing->offset;
  return size < outgoing->fragment_left ? size : outgoing->fragment_left;
}

static bool put_head(Outgoing *outgoing, OutgoingBatch *batch) {
  if (batch->head_count == sizeof batch->heads / sizeof batch->heads[0])
    return false;
  uint8_t *copy = batch->heads[batch->head_count++];
  memcpy(copy, outgoing->head, outgoing->head_size);
  batch->vector[batch->count++] =
      (struct iovec){ copy + outgoing->head_size - outgoing->head_left, outgoing->head_left };
  outgoing->head_left = 0;
  return true;
}

bool outgoing_fill(const Outgoing *outgoing, OutgoingBatch *batch) {
  Outgoing at = *outgoing; /* goes ahead of what has been sent */
  for (open_fragment(&at); !outgoing_is_done(&at); open_fragment(&at)) {
    if (batch->count == sizeof batch->vector / sizeof batch->vector[0])
      return false;
    if (at.head_left) {
      if (!put_head(&at, batch))
        return false;
      continue;
    }
    size_t size = in_piece(&at);
    batch->vector[batch->count++] = (struct iovec){ (uint8_t *)at.piece->iov_base + at.offset, size };
    consume(&at, size);
  }
  return true;
}

size_t outgoing_advance(Outgoing *outgoing, size_t sent) {
  for (open_fragment(outgoing); sent && !outgoing_is_done(outgoing); open_fragment(outgoing)) {
    size_t size = outgoing->head_left ? outgoing->head_left : in_piece(outgoing);
    if (size > sent)
      size = sent;
    if (outgoing->head_left)
      outgoing->head_left -= size;
    else
      consume(outgoing, size);
    sent -= size;
  }
  return sent;
}

Outgoing *outgoing_of_pdu(const void *pdu, size_t size) {
  Outgoing *made = calloc(1, sizeof *made + size);
  if (!made)
    return NULL;
  memcpy(made->bytes, pdu, size);
  made->own = (struct iovec){ made->bytes, size };
  outgoing_begin(made, &made->own, 1, size, 0);
  return made;
}

static void copy_rest(const Outgoing *outgoing, uint8_t *to) {
  const struct iovec *piece = outgoing->piece;
  size_t offset = outgoing->offset;
  for (unsigned i = 0; i < outgoing->pieces; i++, offset = 0) {
    size_t size = piece[i].iov_len - offset;
    if (size)
      memcpy(to, (const uint8_t *)piece[i].iov_base + offset, size);
    to += size;
  }
}

Outgoing *outgoing_rest(const Outgoing *outgoing, bool keep) {
  Outgoing *made = malloc(sizeof *made + (keep ? 0 : outgoing->left));
  if (!made)
    return NULL;
  *made = *outgoing;
  if (keep)
    return made;
  made->call = NULL;
  if (outgoing->left)
    copy_rest(outgoing, made->bytes);
  made->own = (struct iovec){ made->bytes, outgoing->left };
  made->piece = &made->own;
  made->pieces = 1;
  made->offset = 0;
  return made;
}
