/* Requests and responses that come in (message.h). */
#include "remote/rpc/message.h"

#include <stdlib.h>
#include <string.h>

#include "com/com_api.h"

/* What a peer announces is believed that far; more comes as it is there. */
#define BELIEVED ((size_t)2 << 20)

/* A response is its buffer alone to the caller, who lets go of that. */
static void free_buffer(RpcBuffer *buffer) {
  RpcMessage *message = OBJECT_CONTAINER(buffer, RpcMessage, buffer);
  auth_release(message->auth);
  bulk_free(message);
}

RpcMessage *message_create(size_t room) {
  RpcMessage *message = bulk_alloc(sizeof *message + room);
  if (!message)
    return NULL;
  memset(message, 0, sizeof *message);
  message->buffer.references = 1;
  message->buffer.free = free_buffer;
  message->capacity = room;
  return message;
}

void message_free(RpcMessage *message) {
  if (!message)
    return;
  auth_release(message->auth);
  message->auth = NULL;
  rpc_buffer_release(&message->buffer);
}

/* A large block may be one that was kept; what has come is copied unless that is much. NULL: out of memory. */
static RpcMessage *move(RpcMessage *old, size_t room) {
  size_t size = sizeof *old + room, used = sizeof *old + old->buffer.size;
  if (size < BULK_LEAST || used > size / 4)
    return realloc(old, size);
  RpcMessage *moved = bulk_alloc(size);
  if (!moved)
    return NULL;
  memcpy(moved, old, used);
  bulk_free(old);
  return moved;
}

bool message_make_room(RpcMessage **message) {
  RpcMessage *old = *message;
  size_t wanted = old->claimed, received = old->buffer.size;
  if (wanted > BELIEVED && wanted > received * 2)
    wanted = received * 2 > BELIEVED ? received * 2 : BELIEVED;
  if (wanted <= old->capacity && old->capacity > received)
    return true;
  /* Fragments of an announced whole are few bytes each: grow ahead of them. */
  if (wanted < old->capacity + old->capacity / 2)
    wanted = old->capacity + old->capacity / 2;
  RpcMessage *moved = move(old, wanted);
  if (!moved)
    return false;
  moved->capacity = wanted;
  *message = moved;
  return true;
}
