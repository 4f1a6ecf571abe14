/* What is asked of the activator of another host, and what it answers ([MS-DCOM] 2.2.22): properties, each serialized by itself,
 * in a custom reference. Clients write it in many ways: only what is needed is read. */
#ifndef OLEANDER_REMOTE_ACTIVATION_BLOB_H
#define OLEANDER_REMOTE_ACTIVATION_BLOB_H

#include "remote/ndr/ndr.h"
#include "remote/orpc/bindings.h"

extern const IID IID_IRemoteSCMActivator, IID_IActivation;

enum {
  REMOTE_GET_CLASS_OBJECT = 3,
  REMOTE_CREATE_INSTANCE = 4,
  REMOTE_ACTIVATION = 0, /* of IActivation */
  ACTIVATION_IID_LIMIT = 512
};

typedef struct ActivationAsk {
  CLSID clsid;
  uint32_t context; /* CLSCTX_... */
  uint32_t count;
  const uint8_t *iids; /* count GUIDs, little endian, unaligned */
} ActivationAsk;

/* The properties of a request as they stand behind MInterfacePointer's counts. */
void activation_put_ask(NdrWriter *writer, const ActivationAsk *ask, const char *host);
/* The IIDs point into the bytes. E_INVALIDARG: the property that says what is wanted is missing or damaged. */
HRESULT activation_read_ask(const uint8_t *bytes, size_t size, ActivationAsk *ask);

/* One interface of the answer. */
typedef struct ActivationResult {
  IID iid;
  HRESULT result;
  uint8_t *reference; /* OBJREF; NULL: none */
  uint32_t size;
} ActivationResult;

typedef struct ActivationAnswer {
  uint64_t oxid;
  GUID rem_unknown;
  uint32_t level;
  const uint8_t *bindings; /* of the exporter */
  size_t binding_bytes;
  uint32_t count;
  ActivationResult *results;
} ActivationAnswer;

void activation_put_answer(NdrWriter *writer, const ActivationAnswer *answer);
/* Fills answer->results, of which there is room for answer->count; bindings and references point into the bytes. */
HRESULT activation_read_answer(const uint8_t *bytes, size_t size, ActivationAnswer *answer);

#endif
