/* Proxies and stubs that a module makes itself (IPSFactoryBuffer): they talk to channel buffers over the same calls. */
#ifndef OLEANDER_REMOTE_MODULE_STUB_H
#define OLEANDER_REMOTE_MODULE_STUB_H

#include "remote/orpc/orpc_internal.h"

/* Gives the request behind ORPCTHIS to the stub; its answer is written. */
HRESULT module_stub_serve(IRpcStubBuffer *stub, RpcRequest *request, WireServe *serve);

/* The channel that a module's proxy is connected to. */
HRESULT channel_buffer_create(InterfaceProxy *proxy, REFIID iid, IRpcChannelBuffer **buffer);
/* The proxy goes: later calls are RPC_E_DISCONNECTED. */
void channel_buffer_disconnect(IRpcChannelBuffer *buffer);

#endif
