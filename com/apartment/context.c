/* The object of the current context (there is one context an apartment here), the logical thread, and the message filter of an
 * STA. */
#include <pthread.h>
#include <stdlib.h>

#include "com/com_api.h"
#include "com/object.h"

/* rmm and rup of the OLE that this interface is: see the documentation of CoBuildVersion. */
#define BUILD_RMM 23
#define BUILD_RUP 639

DWORD CoBuildVersion(void) {
  return (DWORD)BUILD_RMM << 16 | BUILD_RUP;
}

BOOL CoIsOle1Class(REFCLSID clsid) {
  (void)clsid;
  return FALSE;
}

/* --- The logical thread: outside of calls from elsewhere it is the thread itself --- */

static _Thread_local GUID logical_thread;

HRESULT CoGetCurrentLogicalThreadId(GUID *guid) {
  HRESULT status = S_OK;

  if (!guid)
    return E_INVALIDARG;
  if (IsEqualGUID(&logical_thread, &GUID_NULL))
    status = CoCreateGuid(&logical_thread);
  *guid = logical_thread;
  return status;
}

/* --- The context --- */

typedef struct Context {
  IComThreadingInfo threading;
  IContextCallback callback;
  Object object;
} Context;

OBJECT_FACE(Context, threading, IComThreadingInfo)
OBJECT_FACE(Context, callback, IContextCallback)

static HRESULT STDMETHODCALLTYPE Context_GetCurrentApartmentType(IComThreadingInfo *face, APTTYPE *type) {
  APTTYPEQUALIFIER qualifier;

  (void)face;
  return CoGetApartmentType(type, &qualifier);
}

static HRESULT STDMETHODCALLTYPE Context_GetCurrentThreadType(IComThreadingInfo *face, THDTYPE *type) {
  APTTYPEQUALIFIER qualifier;
  APTTYPE apartment;
  HRESULT status;

  (void)face;
  if (!type)
    return E_INVALIDARG;
  status = CoGetApartmentType(&apartment, &qualifier);
  *type = apartment == APTTYPE_STA || apartment == APTTYPE_MAINSTA ? THDTYPE_PROCESSMESSAGES : THDTYPE_BLOCKMESSAGES;
  return status;
}

static HRESULT STDMETHODCALLTYPE Context_GetCurrentLogicalThreadId(IComThreadingInfo *face, GUID *guid) {
  (void)face;
  return CoGetCurrentLogicalThreadId(guid);
}

static HRESULT STDMETHODCALLTYPE Context_SetCurrentLogicalThreadId(IComThreadingInfo *face, REFGUID guid) {
  (void)face;
  if (!guid)
    return E_INVALIDARG;
  logical_thread = *guid;
  return S_OK;
}

/* The callback runs in the current context, which is the only one of the apartment. */
static HRESULT STDMETHODCALLTYPE Context_ContextCallback(IContextCallback *face, PFNCONTEXTCALL callback,
                                                         ComCallData *data, REFIID iid, int method, IUnknown *unknown) {
  (void)face;
  (void)iid;
  (void)method;
  (void)unknown;
  return callback ? callback(data) : E_INVALIDARG;
}

static const IComThreadingInfoVtbl threading_vtable = {
  Context_threading_QueryInterface,  Context_threading_AddRef,     Context_threading_Release,
  Context_GetCurrentApartmentType,   Context_GetCurrentThreadType, Context_GetCurrentLogicalThreadId,
  Context_SetCurrentLogicalThreadId,
};
static const IContextCallbackVtbl callback_vtable = {
  Context_callback_QueryInterface,
  Context_callback_AddRef,
  Context_callback_Release,
  Context_ContextCallback,
};
static const ObjectFace context_faces[] = {
  { &IID_IComThreadingInfo, offsetof(Context, threading), &threading_vtable },
  { &IID_IContextCallback, offsetof(Context, callback), &callback_vtable },
  { 0 },
};
static const ObjectType context_type = {
  "Context", sizeof(Context), offsetof(Context, object), context_faces, NULL, NULL,
};

HRESULT CoGetObjectContext(REFIID iid, LPVOID *result) {
  Context *context;
  HRESULT status;

  if (!result)
    return E_POINTER;
  *result = NULL;
  if (!apartment_current())
    return CO_E_NOTINITIALIZED;
  context = object_create(&context_type);
  if (!context)
    return E_OUTOFMEMORY;
  context->threading.lpVtbl = &threading_vtable;
  context->callback.lpVtbl = &callback_vtable;
  status = IComThreadingInfo_QueryInterface(&context->threading, iid, result);
  IComThreadingInfo_Release(&context->threading);
  return status;
}

/* --- The message filter: kept for whoever calls into and out of the apartment --- */

static _Thread_local IMessageFilter *filter;

static void leave_apartment(uint64_t apartment, bool last) {
  IMessageFilter *old = filter;

  (void)apartment;
  (void)last;
  filter = NULL;
  if (old)
    IMessageFilter_Release(old);
}

static pthread_once_t hook_once = PTHREAD_ONCE_INIT;

static void add_hook(void) {
  apartment_add_hook(leave_apartment);
}

HRESULT CoRegisterMessageFilter(IMessageFilter *fresh, IMessageFilter **result) {
  IMessageFilter *old = filter;
  APTTYPEQUALIFIER qualifier;
  APTTYPE type;

  if (result)
    *result = NULL;
  /* Only an apartment with messages has a use for it. */
  if (FAILED(CoGetApartmentType(&type, &qualifier)) || (type != APTTYPE_STA && type != APTTYPE_MAINSTA))
    return CO_E_NOT_SUPPORTED;
  pthread_once(&hook_once, add_hook);
  if (fresh)
    IMessageFilter_AddRef(fresh);
  filter = fresh;
  if (result)
    *result = old;
  else if (old)
    IMessageFilter_Release(old);
  return S_OK;
}
