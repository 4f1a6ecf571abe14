/* What is under way over the sockets of the process (rpc_api.h): connections know, so that no call has to be noted for it. */
#include "remote/rpc/connection.h"
#include "remote/rpc/rpc_api.h"

typedef struct Collection {
  RpcUnderway *list;
  size_t room, count;
} Collection;

static void add(Collection *collection, const RpcConnection *connection, const IID *iid, uint16_t opnum) {
  if (collection->count < collection->room)
    collection->list[collection->count] =
        (RpcUnderway){ connection->serves, connection->channel.peer.pid, *iid, opnum };
  collection->count++;
}

static void add_requests(Collection *collection, const RpcConnection *connection, const RpcMessage *message) {
  for (; message; message = message->next) {
    if (!message->request.one_way)
      add(collection, connection, &message->request.iid, message->request.opnum);
  }
}

static void visit(RpcConnection *connection, void *context) {
  for (uint32_t i = 0; i < connection->slot_count; i++) {
    const RpcCall *call = connection->slots[i].call;
    if (call)
      add(context, connection, &call->iid, call->opnum);
  }
  add_requests(context, connection, connection->begun);
  add_requests(context, connection, connection->ready);
}

size_t rpc_underway(RpcUnderway *list, size_t room) {
  Collection collection = { list, room, 0 };
  connection_visit_all(visit, &collection);
  return collection.count;
}
