/* Proxies and stubs of modules: RPCOLEMESSAGEs over the same calls; see module_stub.h. Their buffers hold what stands behind
 * ORPCTHIS and ORPCTHAT. */
#include "remote/orpc/module_stub.h"

#include <rpcndr.h>
#include <stdlib.h>
#include <string.h>

#include "remote/orpc/importer_internal.h"

/* The client's side */

typedef struct ChannelBuffer {
  IRpcChannelBuffer3 channel;
  Object object;
  InterfaceProxy *proxy; /* not counted: it disconnects; NULL */
  IID iid;
} ChannelBuffer;

OBJECT_FACE(ChannelBuffer, channel, IRpcChannelBuffer3)

static ChannelBuffer *channel_self(IRpcChannelBuffer3 *face) {
  return OBJECT_CONTAINER(face, ChannelBuffer, channel);
}

static HRESULT STDMETHODCALLTYPE ChannelBuffer_GetBuffer(IRpcChannelBuffer3 *face, RPCOLEMESSAGE *message, REFIID iid) {
  (void)face;
  (void)iid;
  message->dataRepresentation = NDR_LOCAL_DATA_REPRESENTATION;
  message->Buffer = malloc(message->cbBuffer ? message->cbBuffer : 1);
  return message->Buffer ? S_OK : E_OUTOFMEMORY;
}

/* What came back, behind ORPCTHAT. */
static HRESULT take_reply(OrpcCall *call, RPCOLEMESSAGE *message) {
  size_t size = ndr_left(&call->reader);
  const uint8_t *bytes = ndr_get_bytes(&call->reader, size);
  message->Buffer = malloc(size ? size : 1);
  message->cbBuffer = (ULONG)size;
  message->dataRepresentation = NDR_LOCAL_DATA_REPRESENTATION;
  if (!message->Buffer)
    return E_OUTOFMEMORY;
  if (size)
    memcpy(message->Buffer, bytes, size);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE ChannelBuffer_SendReceive(IRpcChannelBuffer3 *face, RPCOLEMESSAGE *message,
                                                           ULONG *status) {
  InterfaceProxy *proxy = channel_self(face)->proxy;
  OrpcCall call;
  HRESULT result = proxy ? manager_check(proxy->manager) : RPC_E_DISCONNECTED;
  void *request = message->Buffer;
  if (SUCCEEDED(result)) {
    Home *home = proxy->manager->home;
    orpc_begin(&call, proxy_channel(proxy), home->oxid, &proxy->ipid, &proxy->iid,
               (uint16_t)(message->iMethod & 0x7FFF));
    ndr_put_bulk(&call.writer, request, message->cbBuffer);
    result = orpc_send(&call);
    home_note(home, &call.call);
    message->Buffer = NULL;
    message->cbBuffer = 0;
    if (SUCCEEDED(result))
      result = take_reply(&call, message);
    orpc_end(&call);
  } else {
    message->Buffer = NULL;
  }
  free(request);
  if (status)
    *status = (ULONG)result;
  return result;
}

static HRESULT STDMETHODCALLTYPE ChannelBuffer_FreeBuffer(IRpcChannelBuffer3 *face, RPCOLEMESSAGE *message) {
  (void)face;
  free(message->Buffer);
  message->Buffer = NULL;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE ChannelBuffer_GetDestCtx(IRpcChannelBuffer3 *face, DWORD *destination,
                                                          void **context) {
  const InterfaceProxy *proxy = channel_self(face)->proxy;
  if (!destination)
    return E_INVALIDARG;
  *destination = proxy ? proxy->manager->home->channel->destination : MSHCTX_INPROC;
  if (context)
    *context = NULL;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE ChannelBuffer_IsConnected(IRpcChannelBuffer3 *face) {
  const InterfaceProxy *proxy = channel_self(face)->proxy;
  return proxy && proxy_is_connected(proxy->manager) ? S_OK : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE ChannelBuffer_GetProtocolVersion(IRpcChannelBuffer3 *face, DWORD *version) {
  (void)face;
  if (!version)
    return E_INVALIDARG;
  *version = ORPC_MAJOR | ORPC_MINOR << 16;
  return S_OK;
}

/* A call of a module is made whole. */
static HRESULT STDMETHODCALLTYPE ChannelBuffer_Send(IRpcChannelBuffer3 *face, RPCOLEMESSAGE *message, ULONG *status) {
  (void)face;
  (void)message;
  (void)status;
  return E_NOTIMPL;
}

static HRESULT STDMETHODCALLTYPE ChannelBuffer_Receive(IRpcChannelBuffer3 *face, RPCOLEMESSAGE *message, ULONG size,
                                                       ULONG *status) {
  (void)face;
  (void)message;
  (void)size;
  (void)status;
  return E_NOTIMPL;
}

static HRESULT STDMETHODCALLTYPE ChannelBuffer_Cancel(IRpcChannelBuffer3 *face, RPCOLEMESSAGE *message) {
  (void)face;
  (void)message;
  return E_NOTIMPL;
}

static HRESULT STDMETHODCALLTYPE ChannelBuffer_GetCallContext(IRpcChannelBuffer3 *face, RPCOLEMESSAGE *message,
                                                              REFIID iid, void **result) {
  (void)face;
  (void)message;
  return CoGetCallContext(iid, result);
}

static HRESULT STDMETHODCALLTYPE ChannelBuffer_GetDestCtxEx(IRpcChannelBuffer3 *face, RPCOLEMESSAGE *message,
                                                            DWORD *destination, void **context) {
  (void)message;
  return ChannelBuffer_GetDestCtx(face, destination, context);
}

static HRESULT STDMETHODCALLTYPE ChannelBuffer_GetState(IRpcChannelBuffer3 *face, RPCOLEMESSAGE *message,
                                                        DWORD *state) {
  (void)face;
  (void)message;
  if (!state)
    return E_INVALIDARG;
  *state = 0;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE ChannelBuffer_RegisterAsync(IRpcChannelBuffer3 *face, RPCOLEMESSAGE *message,
                                                             IAsyncManager *manager) {
  (void)face;
  (void)message;
  (void)manager;
  return E_NOTIMPL;
}

static const IRpcChannelBuffer3Vtbl channel_vtable = {
  ChannelBuffer_channel_QueryInterface,
  ChannelBuffer_channel_AddRef,
  ChannelBuffer_channel_Release,
  ChannelBuffer_GetBuffer,
  ChannelBuffer_SendReceive,
  ChannelBuffer_FreeBuffer,
  ChannelBuffer_GetDestCtx,
  ChannelBuffer_IsConnected,
  ChannelBuffer_GetProtocolVersion,
  ChannelBuffer_Send,
  ChannelBuffer_Receive,
  ChannelBuffer_Cancel,
  ChannelBuffer_GetCallContext,
  ChannelBuffer_GetDestCtxEx,
  ChannelBuffer_GetState,
  ChannelBuffer_RegisterAsync,
};
static const ObjectFace channel_faces[] = {
  { &IID_IRpcChannelBuffer, offsetof(ChannelBuffer, channel), &channel_vtable },
  { &IID_IRpcChannelBuffer2, offsetof(ChannelBuffer, channel), &channel_vtable },
  { &IID_IRpcChannelBuffer3, offsetof(ChannelBuffer, channel), &channel_vtable },
  { 0 },
};
static const ObjectType channel_type = {
  "ChannelBuffer", sizeof(ChannelBuffer), offsetof(ChannelBuffer, object), channel_faces, NULL, NULL,
};

HRESULT channel_buffer_create(InterfaceProxy *proxy, REFIID iid, IRpcChannelBuffer **buffer) {
  ChannelBuffer *made = object_create(&channel_type);
  *buffer = NULL;
  if (!made)
    return E_OUTOFMEMORY;
  made->proxy = proxy;
  made->iid = *iid;
  *buffer = (IRpcChannelBuffer *)&made->channel;
  return S_OK;
}

void channel_buffer_disconnect(IRpcChannelBuffer *buffer) {
  channel_self((IRpcChannelBuffer3 *)buffer)->proxy = NULL;
}

/* The server's side: the stub asks the channel for a buffer and leaves its answer in it. */

HRESULT module_stub_serve(IRpcStubBuffer *stub, RpcRequest *request, WireServe *serve) {
  IRpcChannelBuffer *channel;
  size_t size = ndr_left(serve->reader);
  const uint8_t *bytes = ndr_get_bytes(serve->reader, size);
  HRESULT status = channel_buffer_create(NULL, &request->iid, &channel);
  if (FAILED(status))
    return status;
  RPCOLEMESSAGE message = {
    .dataRepresentation = NDR_LOCAL_DATA_REPRESENTATION,
    .Buffer = (void *)(uintptr_t)bytes,
    .cbBuffer = (ULONG)size,
    .iMethod = request->opnum,
  };
  status = IRpcStubBuffer_Invoke(stub, &message, channel);
  bool answered = message.Buffer && message.Buffer != (const void *)bytes;
  if (SUCCEEDED(status)) {
    serve->answer(serve, S_OK);
    if (answered)
      ndr_put_bytes(serve->writer, message.Buffer, message.cbBuffer);
    status = serve->writer->error;
  }
  if (answered)
    free(message.Buffer);
  IRpcChannelBuffer_Release(channel);
  return status;
}
