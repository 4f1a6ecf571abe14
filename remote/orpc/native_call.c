/* Calls of interfaces that are no objects' (native_call.h). */
#include "remote/orpc/native_call.h"

#include <string.h>

#include "remote/orpc/call_thread.h"

int64_t remote_deadline(void) {
  return call_thread.deadline ? call_thread.deadline : APARTMENT_NEVER;
}

static void ended(RpcCall *call) {
  NativeCall *native = OBJECT_CONTAINER(call, NativeCall, call);
  ApartmentQueue *queue = queue_addref(native->queue);
  atomic_store(&native->over, true); /* now it may be gone */
  queue_wake(queue);
  queue_release(queue);
}

static bool is_over(void *native) {
  return atomic_load(&((NativeCall *)native)->over);
}

void native_begin(NativeCall *call, RpcChannel *channel, REFIID iid, uint16_t opnum) {
  memset(call, 0, offsetof(NativeCall, writer));
  call->call.iid = *iid;
  call->call.opnum = opnum;
  call->call.done = ended;
  call->channel = rpc_channel_addref(channel);
  ndr_writer_begin(&call->writer, NULL);
}

HRESULT native_send(NativeCall *call) {
  struct iovec *vectors = __builtin_alloca((ndr_writer_piece_limit(&call->writer) + 1) * sizeof *vectors);
  if (call->writer.error)
    return call->writer.error;
  call->queue = queue_of_thread();
  if (!call->queue)
    return E_OUTOFMEMORY;
  call->call.piece_count = ndr_writer_gather(&call->writer, vectors);
  call->call.pieces = vectors;
  call->channel->methods->start(call->channel, &call->call);
  HRESULT given_up = S_OK;
  if (!apartment_wait_woken(is_over, call, remote_deadline())) {
    call->channel->methods->cancel(call->channel, &call->call);
    apartment_wait_woken(is_over, call, APARTMENT_NEVER);
    given_up = RPC_E_TIMEOUT;
  }
  if (call->call.outcome != RPC_ANSWERED)
    return FAILED(given_up) && call->call.outcome != RPC_FAULTED ? given_up : orpc_outcome(&call->call);
  ndr_reader_begin(&call->reader, call->call.reply->data, call->call.reply->size, NULL);
  return S_OK;
}

void native_end(NativeCall *call) {
  ndr_writer_end(&call->writer, true);
  rpc_buffer_release(call->call.reply);
  rpc_channel_release(call->channel);
}

void orpcthis_put(NdrWriter *writer, REFGUID causality, uint32_t flags) {
  ndr_put_u16(writer, ORPC_MAJOR);
  ndr_put_u16(writer, ORPC_MINOR);
  ndr_put_u32(writer, flags);
  ndr_put_u32(writer, 0);
  ndr_put_guid(writer, causality);
  ndr_put_pointer(writer, NULL);
}

HRESULT orpcthat_skip(NdrReader *reader) {
  return orpcthat_read(reader, &IID_NULL);
}

const uint8_t *native_get_bindings(NdrReader *reader, size_t *size) {
  uint32_t count = ndr_get_count(reader, 2);
  const uint8_t *bytes = ndr_get_bytes(reader, 4 + 2 * (size_t)count);
  *size = 4 + 2 * (size_t)count;
  BindingsReader checked;
  if (bytes && (!bindings_read(&checked, bytes, *size) || little_u16(bytes) != count))
    ndr_fail(reader, HRESULT_FROM_WIN32(RPC_X_BAD_STUB_DATA));
  ndr_skip_to(reader, 4);
  return reader->error ? NULL : bytes;
}
