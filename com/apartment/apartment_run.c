/* Something that a thread of another apartment carries out while this one waits for it. */
#include "com/apartment/apartment_internal.h"

#include <stdatomic.h>

/* On the stack of who waits: gone as soon as it is known to be done. */
typedef struct Run {
  ApartmentWork work;
  HRESULT (*body)(void *context);
  void *context;
  HRESULT result;
  ApartmentQueue *queue; /* of who waits */
  atomic_bool done;
} Run;

static void run(ApartmentWork *work, bool dropped) {
  Run *self = (Run *)(void *)work;
  self->result = dropped ? RPC_E_DISCONNECTED : self->body(self->context);
  ApartmentQueue *queue = queue_addref(self->queue);
  atomic_store(&self->done, true);
  queue_wake(queue);
  queue_release(queue);
}

static bool is_done(void *context) {
  return atomic_load(&((Run *)context)->done);
}

static bool is_own(const Apartment *apartment) {
  Apartment *own = apartment_get();
  apartment_release(own);
  return own == apartment;
}

HRESULT apartment_run(Apartment *apartment, HRESULT (*body)(void *context), void *context) {
  if (is_own(apartment))
    return body(context);
  Run self = { .work = { .run = run }, .body = body, .context = context, .queue = queue_of_thread() };
  if (!self.queue)
    return E_OUTOFMEMORY;
  HRESULT status = apartment_serve(apartment);
  if (SUCCEEDED(status))
    status = apartment_post(apartment, &self.work);
  if (FAILED(status))
    return status;
  apartment_wait_woken(is_done, &self, APARTMENT_NEVER);
  return self.result;
}
