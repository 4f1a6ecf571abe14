/* Running objects that other processes may have, and those that they have. */
#include <stdlib.h>

#include <ole2.h>

#include "activation/local/local.h"

#define ANSWER_SECONDS 30.0

static const LARGE_INTEGER stream_begin;

/* A moniker as bytes: what it saves. One that cannot be saved has none, and is found by its key alone. */
static void put_moniker(BrokerWriter *body, IMoniker *moniker) {
  IStream *stream;
  STATSTG facts;
  uint8_t *bytes = NULL;
  ULONG size = 0;
  if (FAILED(CreateStreamOnHGlobal(NULL, TRUE, &stream))) {
    body->failed = true;
    return;
  }
  if (SUCCEEDED(OleSaveToStream((IPersistStream *)moniker, stream)) &&
      SUCCEEDED(IStream_Stat(stream, &facts, STATFLAG_NONAME)) &&
      SUCCEEDED(IStream_Seek(stream, stream_begin, STREAM_SEEK_SET, NULL))) {
    bytes = malloc((size_t)facts.cbSize.QuadPart + 1);
    if (bytes && FAILED(IStream_Read(stream, bytes, (ULONG)facts.cbSize.QuadPart, &size)))
      size = 0;
  }
  broker_put_blob(body, bytes, size);
  free(bytes);
  IStream_Release(stream);
}

static IMoniker *moniker_of(const uint8_t *bytes, size_t size) {
  IStream *stream;
  IMoniker *moniker = NULL;
  if (!size || FAILED(CreateStreamOnHGlobal(NULL, TRUE, &stream)))
    return NULL;
  if (FAILED(IStream_Write(stream, bytes, (ULONG)size, NULL)) ||
      FAILED(IStream_Seek(stream, stream_begin, STREAM_SEEK_SET, NULL)) ||
      FAILED(OleLoadFromStream(stream, &IID_IMoniker, (void **)&moniker)))
    moniker = NULL;
  IStream_Release(stream);
  return moniker;
}

HRESULT local_running_restore(const RunningFacts *facts, LocalRunning *running) {
  BrokerWriter body = { 0 };
  BrokerReply reply;
  broker_put_blob(&body, facts->key, facts->key_size);
  put_moniker(&body, facts->moniker);
  broker_put_blob(&body, running->reference, running->size);
  broker_put_u32(&body, facts->changed.dwLowDateTime);
  broker_put_u32(&body, facts->changed.dwHighDateTime);
  HRESULT status = broker_ask(BROKER_REGISTER_RUNNING, &body, true, ANSWER_SECONDS, &reply);
  if (SUCCEEDED(status)) {
    running->cookie = cursor_u32(&reply.body);
    status = cursor_u32(&reply.body) ? MK_S_MONIKERALREADYREGISTERED : S_OK;
  }
  broker_reply_free(&reply);
  return status;
}

HRESULT local_running_register(const RunningFacts *facts, IUnknown *object, bool strong, LocalRunning *running) {
  *running = (LocalRunning){ 0 };
  HRESULT status = broker_reach();
  if (SUCCEEDED(status))
    status = reference_marshal(object, &IID_IUnknown, strong, &running->reference, &running->size);
  if (SUCCEEDED(status))
    status = local_running_restore(facts, running);
  if (FAILED(status)) {
    reference_end(running->reference, running->size);
    *running = (LocalRunning){ 0 };
  }
  return status;
}

void local_running_revoke(LocalRunning *running) {
  BrokerWriter body = { 0 };
  if (!running->reference)
    return;
  broker_put_u32(&body, running->cookie);
  broker_tell(BROKER_REVOKE_RUNNING, &body, false);
  reference_end(running->reference, running->size);
  *running = (LocalRunning){ 0 };
}

void local_running_change(const LocalRunning *running, const FILETIME *time) {
  BrokerWriter body = { 0 };
  if (!running->reference)
    return;
  broker_put_u32(&body, running->cookie);
  broker_put_u32(&body, time->dwLowDateTime);
  broker_put_u32(&body, time->dwHighDateTime);
  broker_tell(BROKER_CHANGE_TIME, &body, false);
}

HRESULT local_running_get(const BYTE *key, ULONG size, IUnknown **object, FILETIME *time) {
  BrokerWriter body = { 0 };
  BrokerReply reply;
  size_t reference_size;
  broker_put_blob(&body, key, size);
  if (FAILED(broker_ask(BROKER_GET_RUNNING, &body, false, ANSWER_SECONDS, &reply)))
    return S_FALSE; /* without a service, there is nobody else */
  const uint8_t *reference = broker_get_blob(&reply.body, &reference_size);
  FILETIME changed;
  changed.dwLowDateTime = cursor_u32(&reply.body);
  changed.dwHighDateTime = cursor_u32(&reply.body);
  HRESULT status = reply.body.failed ? S_FALSE : S_OK;
  if (status == S_OK && time)
    *time = changed;
  /* An object whose process has just gone does not run. */
  if (status == S_OK && object &&
      FAILED(reference_unmarshal(reference, reference_size, &IID_IUnknown, (void **)object)))
    status = S_FALSE;
  broker_reply_free(&reply);
  return status;
}

HRESULT local_running_enum(IMoniker ***monikers, size_t *count) {
  BrokerWriter body = { 0 };
  BrokerReply reply;
  *monikers = NULL;
  *count = 0;
  if (FAILED(broker_ask(BROKER_ENUM_RUNNING, &body, false, ANSWER_SECONDS, &reply)))
    return S_OK;
  uint32_t told = cursor_u32(&reply.body);
  if (told <= cursor_left(&reply.body) / 8)
    *monikers = calloc(told + 1, sizeof **monikers);
  for (uint32_t i = 0; *monikers && i < told; i++) {
    size_t size;
    const uint8_t *bytes = broker_get_blob(&reply.body, &size);
    cursor_u32(&reply.body); /* its process */
    (*monikers)[*count] = bytes ? moniker_of(bytes, size) : NULL;
    *count += (*monikers)[*count] != NULL;
  }
  broker_reply_free(&reply);
  return *monikers ? S_OK : E_OUTOFMEMORY;
}
