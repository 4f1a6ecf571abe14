/* Interface pointers in the arguments of a call: references to objects. */
#include "remote/orpc/orpc_internal.h"

static OrpcInterfaces *self_of(NdrInterfaces *base) {
  return OBJECT_CONTAINER(base, OrpcInterfaces, base);
}

/* Whose the references are that go out: of a process that is known to take what comes through the channel. */
static uint64_t receiver(const OrpcInterfaces *self) {
  return self->reply && self->base.destination != MSHCTX_INPROC ? 0 : self->channel->peer.process;
}

static HRESULT Interfaces_marshal(NdrInterfaces *base, REFIID iid, IUnknown *pointer, uint8_t **bytes, uint32_t *size) {
  OrpcInterfaces *self = self_of(base);
  return reference_make(iid, pointer, base->destination, NULL, MSHLFLAGS_NORMAL,
                        (Receiver){ receiver(self), self->channel }, bytes, size);
}

/* An exporter gives its own references to who asked through this channel. */
static bool is_given(const OrpcInterfaces *self, const Objref *objref) {
  return self->reply && objref->standard.oxid == self->oxid;
}

static HRESULT Interfaces_unmarshal(NdrInterfaces *base, const uint8_t *bytes, uint32_t size, REFIID iid,
                                    void **result) {
  OrpcInterfaces *self = self_of(base);
  Objref objref;
  *result = NULL;
  HRESULT status = objref_read(bytes, size, &objref);
  if (FAILED(status))
    return status;
  bool given = is_given(self, &objref), taken;
  status = reference_take_objref(&objref, given, self->channel, iid, result, &taken);
  if (FAILED(status) && !taken)
    reference_discard_objref(&objref, self->channel, given ? process_number() : 0);
  return status;
}

static void Interfaces_discard(NdrInterfaces *base, const uint8_t *bytes, uint32_t size) {
  OrpcInterfaces *self = self_of(base);
  Objref objref;
  if (FAILED(objref_read(bytes, size, &objref)))
    return;
  reference_discard_objref(&objref, self->channel, is_given(self, &objref) ? process_number() : receiver(self));
}

void orpc_interfaces_begin(OrpcInterfaces *interfaces, RpcChannel *channel, uint64_t oxid, bool reply) {
  *interfaces = (OrpcInterfaces){
    .base = { Interfaces_marshal, Interfaces_unmarshal, Interfaces_discard, channel->destination },
    .channel = channel,
    .oxid = oxid,
    .reply = reply,
  };
}
