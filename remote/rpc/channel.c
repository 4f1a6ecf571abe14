/* What all carriers share: counted buffers and channels. */
#include "remote/rpc/channel.h"

#include <stdatomic.h>

RpcBuffer *rpc_buffer_addref(RpcBuffer *buffer) {
  atomic_fetch_add_explicit(&buffer->references, 1, memory_order_relaxed);
  return buffer;
}

void rpc_buffer_release(RpcBuffer *buffer) {
  if (buffer && atomic_fetch_sub(&buffer->references, 1) == 1)
    buffer->free(buffer);
}

RpcChannel *rpc_channel_addref(RpcChannel *channel) {
  atomic_fetch_add_explicit(&channel->references, 1, memory_order_relaxed);
  return channel;
}

void rpc_channel_release(RpcChannel *channel) {
  if (!channel || atomic_fetch_sub(&channel->references, 1) != 1)
    return;
  Blanket *blanket = channel->blanket;
  channel->methods->destroy(channel);
  blanket_release(blanket);
}
