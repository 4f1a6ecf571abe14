/* Giving calls up: a thread that waits is found by the number that the kernel gives it; who cancels notes which call is meant
 * and wakes the thread, which gives the call up itself. */
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "remote/orpc/call_thread.h"

/* As documented for ICancelMethodCalls::Cancel: the call may go on as long as it likes. */
#define CANCEL_NEVER ((ULONG)-1)

/* One for each thread that has made a call. */
struct CancelPoint {
  CancelPoint *next; /* of all; under the lock */
  _Atomic uint32_t references;
  DWORD thread;
  ApartmentQueue *queue;
  _Atomic uint64_t current;   /* number of the call that the thread waits for; 0: none */
  _Atomic bool enabled;       /* CoEnableCallCancellation is in force */
  _Atomic uint64_t cancelled; /* number of the call to be given up */
  _Atomic int64_t moment;     /* and when */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static CancelPoint *points;
static _Atomic uint64_t last_number;

static void point_release(CancelPoint *point) {
  if (atomic_fetch_sub(&point->references, 1) != 1)
    return;
  queue_release(point->queue);
  free(point);
}

void cancel_point_end(void) {
  CancelPoint *point = call_thread.cancel;
  if (!point)
    return;
  pthread_mutex_lock(&lock);
  CancelPoint **link = &points;
  while (*link != point)
    link = &(*link)->next;
  *link = point->next;
  pthread_mutex_unlock(&lock);
  call_thread.cancel = NULL;
  point_release(point);
}

/* Without memory the thread's calls cannot be cancelled. */
static CancelPoint *point_of_thread(void) {
  if (call_thread.cancel)
    return call_thread.cancel;
  CancelPoint *point = call_thread_watch() ? calloc(1, sizeof *point) : NULL;
  if (!point)
    return NULL;
  point->references = 1;
  point->thread = (DWORD)gettid();
  point->queue = queue_addref(queue_of_thread());
  pthread_mutex_lock(&lock);
  point->next = points;
  points = point;
  pthread_mutex_unlock(&lock);
  return call_thread.cancel = point;
}

static uint64_t new_number(void) {
  return atomic_fetch_add_explicit(&last_number, 1, memory_order_relaxed) + 1;
}

static void enter(CancelPoint *point, uint64_t number) {
  atomic_store_explicit(&point->enabled, thread_cancel_count() > 0, memory_order_relaxed);
  atomic_store_explicit(&point->current, number, memory_order_release);
}

void cancel_point_enter(OrpcCall *call) {
  CancelPoint *point = point_of_thread();
  if (!call->number)
    call->number = new_number();
  if (point)
    enter(point, call->number);
}

void cancel_point_leave(OrpcCall *call) {
  if (call_thread.cancel)
    atomic_store_explicit(&call_thread.cancel->current, call->outer ? call->outer->number : 0, memory_order_release);
}

static bool asked(uint64_t number, int64_t *moment) {
  const CancelPoint *point = call_thread.cancel;
  if (!point || atomic_load_explicit(&point->cancelled, memory_order_acquire) != number)
    return false;
  *moment = atomic_load_explicit(&point->moment, memory_order_relaxed);
  return true;
}

bool cancel_point_asked(const OrpcCall *call, int64_t *moment) {
  return asked(call->number, moment);
}

/* Waits that are no calls through a proxy */

typedef struct Wait {
  bool (*done)(void *context);
  void *context;
  uint64_t number;
} Wait;

static bool wait_is_settled(void *context) {
  const Wait *wait = context;
  int64_t moment = APARTMENT_NEVER;
  return wait->done(wait->context) || asked(wait->number, &moment);
}

HRESULT remote_wait(bool (*done)(void *context), void *context, int64_t deadline) {
  Wait wait = { done, context, new_number() };
  CancelPoint *point = point_of_thread();
  uint64_t outer = point ? atomic_load_explicit(&point->current, memory_order_relaxed) : 0;
  HRESULT status = S_FALSE;
  if (call_thread.deadline && call_thread.deadline < deadline)
    deadline = call_thread.deadline;
  if (point)
    enter(point, wait.number);
  while (status == S_FALSE) {
    int64_t moment = APARTMENT_NEVER;
    bool cancelled = asked(wait.number, &moment);
    if (done(context))
      status = S_OK;
    else if (cancelled && moment <= apartment_clock())
      status = RPC_E_CALL_CANCELED;
    else if (deadline != APARTMENT_NEVER && deadline <= apartment_clock())
      status = RPC_E_TIMEOUT;
    else if (cancelled)
      apartment_wait(done, context, moment < deadline ? moment : deadline);
    else
      apartment_wait(wait_is_settled, &wait, deadline);
  }
  if (point)
    atomic_store_explicit(&point->current, outer, memory_order_release);
  return status;
}

static CancelPoint *point_find(DWORD thread) {
  if (!thread)
    thread = (DWORD)gettid();
  pthread_mutex_lock(&lock);
  CancelPoint *point = points;
  while (point && point->thread != thread)
    point = point->next;
  if (point)
    atomic_fetch_add(&point->references, 1);
  pthread_mutex_unlock(&lock);
  return point;
}

/* number 0: whatever the thread waits for. */
static HRESULT point_cancel(CancelPoint *point, uint64_t number, ULONG seconds) {
  uint64_t current = atomic_load(&point->current);
  if (!current || (number && number != current))
    return RPC_E_CALL_COMPLETE;
  if (!atomic_load(&point->enabled))
    return CO_E_CANCEL_DISABLED;
  atomic_store(&point->moment, seconds == CANCEL_NEVER ? APARTMENT_NEVER : apartment_after(seconds));
  atomic_store_explicit(&point->cancelled, current, memory_order_release);
  queue_wake(point->queue);
  return S_OK;
}

/* Atomic variables alone: the signal ends the wait of the system, and the wait looks again. */
bool remote_interrupt(void) {
  CancelPoint *point = call_thread.cancel;
  uint64_t current = point ? atomic_load(&point->current) : 0;
  if (!current)
    return false;
  atomic_store(&point->moment, 0);
  atomic_store_explicit(&point->cancelled, current, memory_order_release);
  return true;
}

/* The object for it */

typedef struct CancelObject {
  ICancelMethodCalls cancel;
  Object object;
  CancelPoint *point;
  uint64_t number;
} CancelObject;

OBJECT_FACE(CancelObject, cancel, ICancelMethodCalls)

static HRESULT STDMETHODCALLTYPE CancelObject_Cancel(ICancelMethodCalls *face, ULONG seconds) {
  CancelObject *self = OBJECT_CONTAINER(face, CancelObject, cancel);
  return point_cancel(self->point, self->number, seconds);
}

/* As the client asks it: is the call over? */
static HRESULT STDMETHODCALLTYPE CancelObject_TestCancel(ICancelMethodCalls *face) {
  CancelObject *self = OBJECT_CONTAINER(face, CancelObject, cancel);
  if (atomic_load(&self->point->current) != self->number)
    return RPC_E_CALL_COMPLETE;
  return atomic_load(&self->point->cancelled) == self->number ? RPC_E_CALL_CANCELED : RPC_S_CALLPENDING;
}

static void cancel_object_destroy(void *self) {
  point_release(((CancelObject *)self)->point);
}

static const ICancelMethodCallsVtbl cancel_vtable = {
  CancelObject_cancel_QueryInterface,
  CancelObject_cancel_AddRef,
  CancelObject_cancel_Release,
  CancelObject_Cancel,
  CancelObject_TestCancel,
};
static const ObjectFace cancel_faces[] = {
  { &IID_ICancelMethodCalls, offsetof(CancelObject, cancel), &cancel_vtable },
  { 0 },
};
static const ObjectType cancel_type = {
  "CancelObject", sizeof(CancelObject), offsetof(CancelObject, object), cancel_faces, cancel_object_destroy, NULL,
};

HRESULT CoGetCancelObject(DWORD thread, REFIID iid, void **result) {
  if (!result || !iid)
    return E_INVALIDARG;
  *result = NULL;
  CancelPoint *point = point_find(thread);
  uint64_t current = point ? atomic_load(&point->current) : 0;
  HRESULT status = !current ? RPC_E_NO_CONTEXT : atomic_load(&point->enabled) ? S_OK : CO_E_CANCEL_DISABLED;
  CancelObject *made = SUCCEEDED(status) ? object_create(&cancel_type) : NULL;
  if (!made) {
    if (point)
      point_release(point);
    return FAILED(status) ? status : E_OUTOFMEMORY;
  }
  made->point = point;
  made->number = current;
  status = ICancelMethodCalls_QueryInterface(&made->cancel, iid, result);
  ICancelMethodCalls_Release(&made->cancel);
  return status;
}

HRESULT CoCancelCall(DWORD thread, ULONG seconds) {
  CancelPoint *point = point_find(thread);
  if (!point)
    return RPC_E_CALL_COMPLETE;
  HRESULT status = point_cancel(point, 0, seconds);
  point_release(point);
  return status;
}

/* What a handler that makes calls in its own way offers instead; kept for the thread, not counted among its references. */
HRESULT CoSetCancelObject(IUnknown *object) {
  ICancelMethodCalls *cancel = NULL;
  if (object && FAILED(IUnknown_QueryInterface(object, &IID_ICancelMethodCalls, (void **)&cancel)))
    return E_NOINTERFACE;
  IUnknown *before = call_thread.cancel_object;
  call_thread.cancel_object = (IUnknown *)cancel;
  if (before)
    IUnknown_Release(before);
  return S_OK;
}

HRESULT CoTestCancel(void) {
  const ServedCall *served = call_thread.served;
  if (!served)
    return RPC_E_CALL_COMPLETE;
  return served->request && rpc_request_cancelled(served->request) ? RPC_E_CALL_CANCELED : RPC_S_CALLPENDING;
}
