/* The message filter of a single-threaded apartment: kept for whoever calls into and out of it. */
#include "com/apartment/apartment_internal.h"

HRESULT CoRegisterMessageFilter(IMessageFilter *fresh, IMessageFilter **result) {
  Apartment *apartment = thread_state.apartment;
  /* Only an apartment with messages has a use for it. */
  if (!apartment || !apartment->is_single)
    return CO_E_NOT_SUPPORTED;
  IMessageFilter *old = apartment->filter;
  if (fresh)
    IMessageFilter_AddRef(fresh);
  apartment->filter = fresh;
  if (result)
    *result = old;
  else if (old)
    IMessageFilter_Release(old);
  return S_OK;
}

void message_filter_end(Apartment *apartment) {
  if (!apartment->is_single) /* others are in it still */
    return;
  IMessageFilter *old = apartment->filter;
  apartment->filter = NULL;
  if (old)
    IMessageFilter_Release(old);
}

IMessageFilter *message_filter_get(void) {
  Apartment *apartment = thread_state.apartment;
  if (!apartment || !apartment->is_single || !apartment->filter)
    return NULL;
  IMessageFilter_AddRef(apartment->filter);
  return apartment->filter;
}
