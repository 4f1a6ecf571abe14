/* What the COM service knows, for those who look: the user's processes, their classes and running objects. */
#include <stdlib.h>
#include <string.h>

#include "activation/local/local.h"

#define ANSWER_SECONDS 10.0

HRESULT local_ask(BrokerCall what, uint8_t **bytes, size_t *size) {
  BrokerWriter body = { 0 };
  BrokerReply reply = { 0 };
  *bytes = NULL;
  *size = 0;
  HRESULT status = broker_ask(what, &body, false, ANSWER_SECONDS, &reply);
  if (status == HRESULT_FROM_WIN32(RPC_S_SERVER_UNAVAILABLE))
    return S_FALSE;
  if (FAILED(status))
    return status;
  size_t left = cursor_left(&reply.body);
  const uint8_t *from = cursor_bytes(&reply.body, left);
  *bytes = malloc(left + 1);
  if (*bytes && from)
    memcpy(*bytes, from, left);
  broker_reply_free(&reply);
  if (!*bytes)
    return E_OUTOFMEMORY;
  *size = left;
  return S_OK;
}

HRESULT local_status(uint8_t **bytes, size_t *size) {
  return local_ask(BROKER_STATUS, bytes, size);
}
