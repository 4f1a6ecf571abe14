/* Who is it: the logical thread, the process, and the object of the current context. There is one context an apartment. */
#include "com/apartment/apartment_internal.h"

#include <stdatomic.h>
#include <stdlib.h>

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

DWORD CoGetCurrentProcess(void) {
  static _Atomic DWORD last_id;
  while (!thread_state.process_id)
    thread_state.process_id = ++last_id;
  return thread_state.process_id;
}

/* The logical thread: outside of calls from elsewhere it is the thread itself */

HRESULT CoGetCurrentLogicalThreadId(GUID *guid) {
  if (!guid)
    return E_INVALIDARG;
  HRESULT status = S_OK;
  if (IsEqualGUID(&thread_state.logical_thread, &GUID_NULL))
    status = CoCreateGuid(&thread_state.logical_thread);
  *guid = thread_state.logical_thread;
  return status;
}

GUID thread_set_logical(REFGUID logical) {
  GUID before = thread_state.logical_thread;
  thread_state.logical_thread = *logical;
  return before;
}

/* The context */

struct ApartmentContext {
  IObjContext context;
  IComThreadingInfo threading;
  IContextCallback callback;
  Object object;
  atomic_bool is_current;        /* its apartment holds a reference, which nobody counts who asks */
  uint64_t apartment;            /* its number */
  _Atomic(IUnknown *) marshaler; /* the free-threaded one, made when somebody asks for it */
};

typedef ApartmentContext Context;

/* The apartment's reference is not among those that AddRef and Release tell: a token is a pointer without one. */
static ULONG told(Context *context, ULONG references) {
  return atomic_load(&context->is_current) ? references - 1 : references;
}

static ULONG context_addref(Context *context) {
  return told(context, object_addref(&context->object));
}

static ULONG context_release(Context *context) {
  bool is_current = atomic_load(&context->is_current);
  ULONG left = object_release(&context->object);
  return is_current ? left - 1 : left;
}

#define CONTEXT_FACE(member, Interface)                                                                                \
  static HRESULT STDMETHODCALLTYPE Context_##member##_QueryInterface(Interface *face, REFIID iid, void **result) {     \
    return object_query(&OBJECT_CONTAINER(face, Context, member)->object, iid, result);                                \
  }                                                                                                                    \
  static ULONG STDMETHODCALLTYPE Context_##member##_AddRef(Interface *face) {                                          \
    return context_addref(OBJECT_CONTAINER(face, Context, member));                                                    \
  }                                                                                                                    \
  static ULONG STDMETHODCALLTYPE Context_##member##_Release(Interface *face) {                                         \
    return context_release(OBJECT_CONTAINER(face, Context, member));                                                   \
  }

CONTEXT_FACE(context, IObjContext)
CONTEXT_FACE(threading, IComThreadingInfo)
CONTEXT_FACE(callback, IContextCallback)

static HRESULT STDMETHODCALLTYPE Context_SetProperty(IObjContext *face, REFGUID policy, CPFLAGS flags,
                                                     IUnknown *value) {
  (void)face;
  (void)policy;
  (void)flags;
  (void)value;
  return E_NOTIMPL;
}

static HRESULT STDMETHODCALLTYPE Context_RemoveProperty(IObjContext *face, REFGUID policy) {
  (void)face;
  (void)policy;
  return E_NOTIMPL;
}

static HRESULT STDMETHODCALLTYPE Context_GetProperty(IObjContext *face, REFGUID policy, CPFLAGS *flags,
                                                     IUnknown **value) {
  (void)face;
  (void)policy;
  if (flags)
    *flags = 0;
  if (value)
    *value = NULL;
  return E_NOTIMPL;
}

static HRESULT STDMETHODCALLTYPE Context_EnumContextProps(IObjContext *face, IEnumContextProps **result) {
  (void)face;
  if (result)
    *result = NULL;
  return E_NOTIMPL;
}

static void STDMETHODCALLTYPE Context_Reserved(IObjContext *face) {
  (void)face;
}

static HRESULT STDMETHODCALLTYPE Context_GetCurrentApartmentType(IComThreadingInfo *face, APTTYPE *type) {
  APTTYPEQUALIFIER qualifier;
  (void)face;
  return CoGetApartmentType(type, &qualifier);
}

static HRESULT STDMETHODCALLTYPE Context_GetCurrentThreadType(IComThreadingInfo *face, THDTYPE *type) {
  APTTYPEQUALIFIER qualifier;
  APTTYPE apartment;
  (void)face;
  if (!type)
    return E_INVALIDARG;
  HRESULT status = CoGetApartmentType(&apartment, &qualifier);
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
  thread_state.logical_thread = *guid;
  return S_OK;
}

typedef struct Callback {
  PFNCONTEXTCALL function;
  ComCallData *data;
} Callback;

static HRESULT call_back(void *context) {
  const Callback *callback = context;
  return callback->function(callback->data);
}

/* There is one context in an apartment. A caller of another apartment waits, and goes on serving its own, whatever it says of
 * interface and method: there are no apartments here that calls must not enter while they wait. */
static HRESULT STDMETHODCALLTYPE Context_ContextCallback(IContextCallback *face, PFNCONTEXTCALL function,
                                                         ComCallData *data, REFIID iid, int method, IUnknown *unknown) {
  const Context *self = OBJECT_CONTAINER(face, Context, callback);
  Callback callback = { function, data };
  (void)iid;
  (void)method;
  (void)unknown;
  if (!function)
    return E_INVALIDARG;
  if (self->apartment == apartment_current())
    return call_back(&callback);
  Apartment *apartment = apartment_find(self->apartment);
  if (!apartment)
    return RPC_E_DISCONNECTED;
  HRESULT status = apartment_run(apartment, call_back, &callback);
  apartment_release(apartment);
  return status;
}

/* Contexts are the same seen from everywhere: they travel as they are. */
static HRESULT context_query(void *self, REFIID iid, void **result) {
  Context *context = self;
  IUnknown *none = NULL, *marshaler = atomic_load(&context->marshaler);
  if (!IsEqualIID(iid, &IID_IMarshal))
    return E_NOINTERFACE;
  if (!marshaler) {
    HRESULT status = CoCreateFreeThreadedMarshaler((IUnknown *)&context->context, &marshaler);
    if (FAILED(status))
      return status;
    if (!atomic_compare_exchange_strong(&context->marshaler, &none, marshaler)) {
      IUnknown_Release(marshaler);
      marshaler = none;
    }
  }
  return IUnknown_QueryInterface(marshaler, iid, result);
}

static void context_destroy(void *self) {
  IUnknown *marshaler = atomic_load(&((Context *)self)->marshaler);
  if (marshaler)
    IUnknown_Release(marshaler);
}

static const IObjContextVtbl context_vtable = {
  Context_context_QueryInterface,
  Context_context_AddRef,
  Context_context_Release,
  Context_SetProperty,
  Context_RemoveProperty,
  Context_GetProperty,
  Context_EnumContextProps,
  Context_Reserved,
  Context_Reserved,
  Context_Reserved,
  Context_Reserved,
  Context_Reserved,
  Context_Reserved,
  Context_Reserved,
};
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
  { &IID_IObjContext, offsetof(Context, context), &context_vtable },
  { &IID_IContext, offsetof(Context, context), &context_vtable },
  { &IID_IAgileObject, offsetof(Context, context), &context_vtable },
  { &IID_IComThreadingInfo, offsetof(Context, threading), &threading_vtable },
  { &IID_IContextCallback, offsetof(Context, callback), &callback_vtable },
  { 0 },
};
static const ObjectType context_type = {
  "Context", sizeof(Context), offsetof(Context, object), context_faces, context_destroy, context_query,
};

ApartmentContext *context_create(void) {
  Context *context = object_create(&context_type);
  if (!context)
    return NULL;
  context->is_current = true;
  return context;
}

void context_set_apartment(ApartmentContext *context, uint64_t number) {
  context->apartment = number;
}

void context_end(ApartmentContext *context) {
  if (!context)
    return;
  atomic_store(&context->is_current, false);
  object_release(&context->object);
}

HRESULT CoGetContextToken(ULONG_PTR *token) {
  Apartment *apartment = apartment_get();
  if (!apartment)
    return CO_E_NOTINITIALIZED;
  if (token)
    *token = (ULONG_PTR)&apartment->context->context;
  apartment_release(apartment);
  return token ? S_OK : E_POINTER;
}

HRESULT CoGetObjectContext(REFIID iid, LPVOID *result) {
  if (!result)
    return E_POINTER;
  *result = NULL;
  Apartment *apartment = apartment_get();
  if (!apartment)
    return CO_E_NOTINITIALIZED;
  HRESULT status = IObjContext_QueryInterface(&apartment->context->context, iid, result);
  apartment_release(apartment);
  return status;
}
