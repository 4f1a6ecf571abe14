/* What a thread knows of the call that it is in: the context object of the caller, and whether calls may be cancelled. */
#include "com/apartment/apartment_internal.h"

/* Neither the old nor the new context is counted: who switches keeps both alive. */
HRESULT CoSwitchCallContext(IUnknown *fresh, IUnknown **old) {
  if (!old)
    return E_INVALIDARG;
  *old = thread_state.call_context;
  thread_state.call_context = fresh;
  return S_OK;
}

HRESULT CoGetCallContext(REFIID iid, void **result) {
  if (!result)
    return E_INVALIDARG;
  *result = NULL;
  if (!iid)
    return E_INVALIDARG;
  return thread_state.call_context ? IUnknown_QueryInterface(thread_state.call_context, iid, result)
                                   : RPC_E_CALL_COMPLETE;
}

/* The count is the thread's: it survives CoUninitialize. */
HRESULT CoEnableCallCancellation(LPVOID reserved) {
  if (reserved)
    return E_INVALIDARG;
  thread_state.cancel_count++;
  return S_OK;
}

HRESULT CoDisableCallCancellation(LPVOID reserved) {
  if (reserved)
    return E_INVALIDARG;
  if (!thread_state.cancel_count)
    return CO_E_CANCEL_DISABLED;
  thread_state.cancel_count--;
  return S_OK;
}

ULONG thread_cancel_count(void) {
  return thread_state.cancel_count;
}
