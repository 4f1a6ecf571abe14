/* Requests to what an apartment exports, from a peer that may send anything: references are counted up and down, type information is
 * asked for, members are invoked, and the exporter goes on. The first bytes choose the object and the method; the rest is the stub,
 * behind a sound ORPCTHIS or whole. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <oleauto.h>

#include "fuzz/work_limit.h"
#include "remote/orpc/orpc_internal.h"

int LLVMFuzzerInitialize(int *count, char ***arguments);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { TARGETS = 10 };

typedef struct Target {
  IID iid;
  GUID ipid;
  uint64_t methods; /* that are called: a bit each */
} Target;

static Target targets[TARGETS];
static unsigned target_count;
static Exporter *exporter;

static void must(bool holds) {
  if (!holds)
    abort();
}

static void add_target(IUnknown *object, REFIID iid, uint64_t methods) {
  StdObjref standard;
  must(SUCCEEDED(exporter_export(object, iid, EXPORT_TABLE_STRONG, false, 0, &standard, NULL)));
  targets[target_count++] = (Target){ *iid, standard.ipid, methods };
  IUnknown_Release(object);
}

static const GUID stdole = { 0x00020430, 0, 0, { 0xC0, 0, 0, 0, 0, 0, 0, 0x46 } };

/* Without those that take any amount of memory because they are told to: SetSize, and Write after Seek. */
enum { STREAM_METHODS = 1 << 3 | 1 << 4 | 1 << 8 | 1 << 9 | 1 << 12 | 1 << 13, ALL_METHODS = 0x7FFFFFF8 };

int LLVMFuzzerInitialize(int *count, char ***arguments) {
  ITypeLib *library;
  ITypeInfo *info;
  ITypeComp *comp;
  IStream *stream;
  IDispatch *dispatch;
  (void)count;
  (void)arguments;
  setenv("OLEANDER_CLASSES", "/nonexistent", 1);
  must(SUCCEEDED(CoInitialize(NULL)));
  must(SUCCEEDED(exporter_of_thread(&exporter)));
  must(SUCCEEDED(LoadRegTypeLib(&stdole, 2, 0, 0, &library)));
  must(SUCCEEDED(ITypeLib_GetTypeInfo(library, ITypeLib_GetTypeInfoCount(library) / 2, &info)));
  must(SUCCEEDED(ITypeLib_GetTypeComp(library, &comp)));
  must(SUCCEEDED(CreateStreamOnHGlobal(NULL, TRUE, &stream)));
  IUnknown *unknown = (IUnknown *)stream;
  IUnknown *inner = NULL;
  must(SUCCEEDED(CreateStdDispatch(NULL, unknown, info, &inner)));
  must(SUCCEEDED(IUnknown_QueryInterface(inner, &IID_IDispatch, (void **)&dispatch)));
  IUnknown_Release(inner);
  add_target((IUnknown *)info, &IID_ITypeInfo, ALL_METHODS);
  add_target((IUnknown *)comp, &IID_ITypeComp, ALL_METHODS);
  add_target((IUnknown *)library, &IID_ITypeLib, ALL_METHODS);
  add_target((IUnknown *)dispatch, &IID_IDispatch, 1 << 3 | 1 << 4 | 1 << 5);
  add_target((IUnknown *)stream, &IID_IStream, STREAM_METHODS);
  targets[target_count++] = (Target){ IID_IRemUnknown, rem_unknown_ipid(exporter_oxid(exporter)), ALL_METHODS };
  const GUID ipid = targets[target_count - 1].ipid;
  targets[target_count++] = (Target){ IID_IOleanderReferences, ipid, ALL_METHODS };
  targets[target_count++] = (Target){ IID_IOleanderProcess, ipid, ALL_METHODS };
  return 0;
}

/* A channel that leads nowhere */

static void channel_start(RpcChannel *channel, RpcCall *call) {
  (void)channel;
  call->outcome = RPC_NOT_SENT;
  call->status = (uint32_t)RPC_E_DISCONNECTED;
  if (!call->one_way)
    call->done(call);
}
static void channel_cancel(RpcChannel *channel, RpcCall *call) {
  (void)channel;
  (void)call;
}
static void channel_close(RpcChannel *channel) {
  (void)channel;
}
static const RpcChannelMethods channel_methods = { channel_start, channel_cancel, channel_close, channel_close };

static unsigned answers;

static void request_reply(RpcRequest *request, const struct iovec *pieces, unsigned count) {
  (void)pieces;
  (void)count;
  answers++;
  rpc_buffer_release(request->stub);
}
static void request_fault(RpcRequest *request, uint32_t status) {
  must(status != 0);
  answers++;
  rpc_buffer_release(request->stub);
}
static const RpcRequestMethods request_methods = { request_reply, request_fault, NULL };

static void free_stub(RpcBuffer *buffer) {
  free(buffer->data);
  buffer->data = NULL;
}

/* ORPCTHIS of a call without extensions; what follows names a target's IPID where it says so. */
static uint8_t *make_stub(const uint8_t *data, size_t size, bool whole, bool named, const GUID *ipid, size_t *length) {
  static const uint8_t head[ORPCTHIS_SIZE] = { ORPC_MAJOR, 0, ORPC_MINOR };
  size_t before = (whole ? 0 : sizeof head) + (named ? sizeof *ipid : 0);
  uint8_t *stub = malloc(before + size + 1), *to = stub;
  if (!whole) {
    memcpy(to, head, sizeof head);
    to += sizeof head;
  }
  if (named) {
    memcpy(to, ipid, sizeof *ipid);
    to += sizeof *ipid;
  }
  memcpy(to, data, size);
  *length = before + size;
  return stub;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  double begin = work_seconds();
  RpcChannel channel = {
    .methods = &channel_methods, .references = 1, .destination = MSHCTX_INPROC, .peer = { .local = true, .process = 7 }
  };
  if (size < 3)
    return 0;
  const Target *target = &targets[data[0] % target_count];
  uint16_t opnum = data[1];
  if (opnum >= 64 || !(target->methods >> opnum & 1))
    return 0;
  RpcBuffer stub = { .references = 1, .free = free_stub };
  const GUID *named = &targets[data[2] >> 2 & 3].ipid;
  stub.data = make_stub(data + 3, size - 3, data[2] & 1, data[2] & 2, named, &stub.size);
  RpcRequest request = { .iid = target->iid,
                         .object = target->ipid,
                         .opnum = opnum,
                         .stub = &stub,
                         .channel = &channel,
                         .methods = &request_methods };
  answers = 0;
  exporter_serve(exporter_server(exporter), &request);
  must(answers == 1);
  must(channel.references == 1);
  SetErrorInfo(0, NULL);
  work_check(begin, "serving a request");
  return 0;
}
