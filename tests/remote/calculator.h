/* A server for tests of calls between apartments: an object with a dual interface that no registry knows, and threads that are
 * apartments of their own. */
#ifndef OLEANDER_TESTS_REMOTE_CALCULATOR_H
#define OLEANDER_TESTS_REMOTE_CALCULATOR_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "support/values.h"

#include <ocidl.h>
#include <ole2.h>
#include <oleauto.h>

#include "com/com_api.h"
#include "remote/remote_api.h"
#include "typelib/typelib_api.h"

static const IID IID_ICalculator = { 0x51A7C0DE, 0x0001, 0x4A11, { 0x80, 0, 0, 0, 0, 0, 0, 1 } };
static const IID DIID_Events = { 0x51A7C0DE, 0x0002, 0x4A11, { 0x80, 0, 0, 0, 0, 0, 0, 1 } };

typedef struct ICalculator ICalculator;
typedef struct ICalculatorVtbl {
  IDispatchVtbl dispatch;
  HRESULT(STDMETHODCALLTYPE *Add)(ICalculator *self, LONG a, LONG b, LONG *sum);
  HRESULT(STDMETHODCALLTYPE *Join)(ICalculator *self, BSTR a, BSTR b, BSTR *joined);
  HRESULT(STDMETHODCALLTYPE *Fail)(ICalculator *self, BSTR text);
  /* Calls the other's Bounce with this one, one time less, until it is 0; gives the depth that was reached. */
  HRESULT(STDMETHODCALLTYPE *Bounce)(ICalculator *self, ICalculator *other, LONG times, LONG *depth);
  HRESULT(STDMETHODCALLTYPE *Keep)(ICalculator *self, IUnknown *object);
  HRESULT(STDMETHODCALLTYPE *Kept)(ICalculator *self, IUnknown **object);
  HRESULT(STDMETHODCALLTYPE *Echo)(ICalculator *self, VARIANT value, VARIANT *result);
  HRESULT(STDMETHODCALLTYPE *Sleep)(ICalculator *self, LONG milliseconds);
  /* Tells what is kept, as a listener, of a change. */
  HRESULT(STDMETHODCALLTYPE *Raise)(ICalculator *self, LONG value);
} ICalculatorVtbl;
struct ICalculator {
  const ICalculatorVtbl *lpVtbl;
};

typedef struct Calculator {
  ICalculator calculator;
  IProvideClassInfo provide;
  IExternalConnection external;
  Object object;
  IUnknown *kept;
  ITypeLib *library;
  int connections, closes;
  atomic_int calls;
  bool cancelled;
} Calculator;

static atomic_int calculators; /* that live */
static atomic_bool awake;      /* ends every Sleep */

OBJECT_FACE(Calculator, calculator, ICalculator)
OBJECT_FACE(Calculator, provide, IProvideClassInfo)
OBJECT_FACE(Calculator, external, IExternalConnection)

static Calculator *calculator_self(void *face) {
  return OBJECT_CONTAINER((ICalculator *)face, Calculator, calculator);
}

/* Its library */

#define BY_REFERENCE(target)                                                                                           \
  { .vt = VT_PTR, .lptdesc = (TYPEDESC *)(target) }

static HRESULT make_library(ITypeLib **library) {
  static const TYPEDESC i4 = { .vt = VT_I4 }, bstr = { .vt = VT_BSTR }, variant = { .vt = VT_VARIANT };
  static const TYPEDESC unknown = { .vt = VT_UNKNOWN },
                        own = { .vt = VT_USERDEFINED, .hreftype = MEMORY_LOCAL_TYPE(0) };
  const WORD in = PARAMFLAG_FIN, result = PARAMFLAG_FOUT | PARAMFLAG_FRETVAL;
  const MemoryParameter add[] = { { u"a", i4, in, NULL, NULL, 0 },
                                  { u"b", i4, in, NULL, NULL, 0 },
                                  { u"sum", BY_REFERENCE(&i4), result, NULL, NULL, 0 } };
  const MemoryParameter join[] = { { u"a", bstr, in, NULL, NULL, 0 },
                                   { u"b", bstr, in, NULL, NULL, 0 },
                                   { u"joined", BY_REFERENCE(&bstr), result, NULL, NULL, 0 } };
  const MemoryParameter fail[] = { { u"text", bstr, in, NULL, NULL, 0 } };
  const MemoryParameter bounce[] = { { u"other", BY_REFERENCE(&own), in, NULL, NULL, 0 },
                                     { u"times", i4, in, NULL, NULL, 0 },
                                     { u"depth", BY_REFERENCE(&i4), result, NULL, NULL, 0 } };
  const MemoryParameter keep[] = { { u"object", unknown, in, NULL, NULL, 0 } };
  const MemoryParameter kept[] = { { u"object", BY_REFERENCE(&unknown), result, NULL, NULL, 0 } };
  const MemoryParameter echo[] = { { u"value", variant, in, NULL, NULL, 0 },
                                   { u"result", BY_REFERENCE(&variant), result, NULL, NULL, 0 } };
  const MemoryParameter raise_event[] = { { u"value", i4, in, NULL, NULL, 0 } };
  const MemoryParameter pause[] = { { u"milliseconds", i4, in, NULL, NULL, 0 } };
#define METHOD(number, text, list)                                                                                     \
  {                                                                                                                    \
    .name = text, .memid = number, .invkind = INVOKE_FUNC, .kind = FUNC_PUREVIRTUAL, .callconv = CC_STDCALL,           \
    .slot = 6 + number, .result = { .vt = VT_HRESULT }, .parameters = list, .parameter_count = COUNT_OF(list)          \
  }
  const MemoryFunction functions[] = {
    METHOD(1, u"Add", add),       METHOD(2, u"Join", join),   METHOD(3, u"Fail", fail),
    METHOD(4, u"Bounce", bounce), METHOD(5, u"Keep", keep),   METHOD(6, u"Kept", kept),
    METHOD(7, u"Echo", echo),     METHOD(8, u"Sleep", pause), METHOD(9, u"Raise", raise_event),
  };
  const MemoryImplemented base = { MEMORY_IDISPATCH, 0, NULL, 0 };
  const MemoryParameter changed[] = { { u"value", i4, in, NULL, NULL, 0 } };
  const MemoryFunction events[] = { { .name = u"Changed",
                                      .memid = 1,
                                      .invkind = INVOKE_FUNC,
                                      .kind = FUNC_DISPATCH,
                                      .callconv = CC_STDCALL,
                                      .result = { .vt = VT_VOID },
                                      .parameters = changed,
                                      .parameter_count = 1 } };
  const MemoryType types[] = { { .name = u"ICalculator",
                                 .kind = TKIND_DISPATCH,
                                 .guid = IID_ICalculator,
                                 .flags = TYPEFLAG_FDUAL | TYPEFLAG_FDISPATCHABLE | TYPEFLAG_FOLEAUTOMATION,
                                 .functions = functions,
                                 .function_count = COUNT_OF(functions),
                                 .implemented = &base,
                                 .implemented_count = 1 },
                               { .name = u"Events",
                                 .kind = TKIND_DISPATCH,
                                 .guid = DIID_Events,
                                 .flags = TYPEFLAG_FDISPATCHABLE,
                                 .functions = events,
                                 .function_count = 1 } };
  const MemoryLibrary description = { .name = u"Calculators", .types = types, .type_count = 2 };
  return memory_library_create(&description, library);
}

/* IDispatch by its own type information */

static HRESULT own_type(Calculator *self, ITypeInfo **info) {
  return ITypeLib_GetTypeInfoOfGuid(self->library, &IID_ICalculator, info);
}

static HRESULT STDMETHODCALLTYPE Calculator_GetTypeInfoCount(IDispatch *face, UINT *count) {
  (void)face;
  *count = 1;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Calculator_GetTypeInfo(IDispatch *face, UINT index, LCID lcid, ITypeInfo **info) {
  (void)lcid;
  return index ? DISP_E_BADINDEX : own_type(calculator_self(face), info);
}

static HRESULT STDMETHODCALLTYPE Calculator_GetIDsOfNames(IDispatch *face, REFIID iid, LPOLESTR *names, UINT count,
                                                          LCID lcid, DISPID *ids) {
  ITypeInfo *info;
  (void)iid;
  (void)lcid;
  HRESULT status = own_type(calculator_self(face), &info);
  if (FAILED(status))
    return status;
  status = ITypeInfo_GetIDsOfNames(info, names, count, ids);
  ITypeInfo_Release(info);
  return status;
}

static HRESULT STDMETHODCALLTYPE Calculator_Invoke(IDispatch *face, DISPID id, REFIID iid, LCID lcid, WORD flags,
                                                   DISPPARAMS *params, VARIANT *result, EXCEPINFO *exception,
                                                   UINT *bad) {
  ITypeInfo *info;
  (void)iid;
  (void)lcid;
  HRESULT status = own_type(calculator_self(face), &info);
  if (FAILED(status))
    return status;
  status = ITypeInfo_Invoke(info, face, id, flags, params, result, exception, bad);
  ITypeInfo_Release(info);
  return status;
}

/* Its methods */

static HRESULT STDMETHODCALLTYPE Calculator_Add(ICalculator *face, LONG a, LONG b, LONG *sum) {
  calculator_self(face)->calls++;
  *sum = a + b;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Calculator_Join(ICalculator *face, BSTR a, BSTR b, BSTR *joined) {
  (void)face;
  return VarBstrCat(a, b, joined);
}

static HRESULT STDMETHODCALLTYPE Calculator_Fail(ICalculator *face, BSTR text) {
  (void)face;
  ErrorFacts facts = { &IID_ICalculator, u"Calculator", text, u"help.txt", 7 };
  return error_set(0x80040207, &facts);
}

static HRESULT STDMETHODCALLTYPE Calculator_Bounce(ICalculator *face, ICalculator *other, LONG times, LONG *depth) {
  *depth = 0;
  if (!times)
    return S_OK;
  HRESULT status = other->lpVtbl->Bounce(other, face, times - 1, depth);
  ++*depth;
  return status;
}

static HRESULT STDMETHODCALLTYPE Calculator_Keep(ICalculator *face, IUnknown *object) {
  Calculator *self = calculator_self(face);
  if (object)
    IUnknown_AddRef(object);
  if (self->kept)
    IUnknown_Release(self->kept);
  self->kept = object;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Calculator_Kept(ICalculator *face, IUnknown **object) {
  *object = calculator_self(face)->kept;
  if (*object)
    IUnknown_AddRef(*object);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Calculator_Echo(ICalculator *face, VARIANT value, VARIANT *result) {
  (void)face;
  return VariantCopy(result, &value);
}

static bool test_cancelled(void *context) {
  (void)context;
  return CoTestCancel() == RPC_E_CALL_CANCELED;
}

static HRESULT STDMETHODCALLTYPE Calculator_Sleep(ICalculator *face, LONG milliseconds) {
  int64_t end = apartment_after(milliseconds / 1000.0);
  while (apartment_clock() < end && !awake) {
    if (test_cancelled(NULL)) {
      calculator_self(face)->cancelled = true;
      break;
    }
    struct timespec pause = { 0, 1000000 };
    nanosleep(&pause, NULL);
  }
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Calculator_Raise(ICalculator *face, LONG value) {
  IUnknown *kept = calculator_self(face)->kept;
  IDispatch *listener;
  VARIANT argument = make_integer(VT_I4, value);
  DISPPARAMS params = { &argument, NULL, 1, 0 };
  HRESULT status = kept ? IUnknown_QueryInterface(kept, &DIID_Events, (void **)&listener) : E_POINTER;
  if (FAILED(status))
    return status;
  status = IDispatch_Invoke(listener, 1, &GUID_NULL, 0, DISPATCH_METHOD, &params, NULL, NULL, NULL);
  IDispatch_Release(listener);
  return status;
}

static HRESULT STDMETHODCALLTYPE Calculator_GetClassInfo(IProvideClassInfo *face, ITypeInfo **info) {
  return own_type(OBJECT_CONTAINER(face, Calculator, provide), info);
}

static DWORD STDMETHODCALLTYPE Calculator_AddConnection(IExternalConnection *face, DWORD kind, DWORD reserved) {
  (void)kind;
  (void)reserved;
  return (DWORD)++OBJECT_CONTAINER(face, Calculator, external)->connections;
}

static DWORD STDMETHODCALLTYPE Calculator_ReleaseConnection(IExternalConnection *face, DWORD kind, DWORD reserved,
                                                            BOOL closes) {
  Calculator *self = OBJECT_CONTAINER(face, Calculator, external);
  (void)kind;
  (void)reserved;
  self->closes += closes;
  return (DWORD)--self->connections;
}

static void calculator_destroy(void *memory) {
  Calculator *self = memory;
  if (self->kept)
    IUnknown_Release(self->kept);
  ITypeLib_Release(self->library);
  calculators--;
}

static const ICalculatorVtbl calculator_vtable = {
  { (HRESULT(STDMETHODCALLTYPE *)(IDispatch *, REFIID, void **))Calculator_calculator_QueryInterface,
    (ULONG(STDMETHODCALLTYPE *)(IDispatch *))Calculator_calculator_AddRef,
    (ULONG(STDMETHODCALLTYPE *)(IDispatch *))Calculator_calculator_Release, Calculator_GetTypeInfoCount,
    Calculator_GetTypeInfo, Calculator_GetIDsOfNames, Calculator_Invoke },
  Calculator_Add,
  Calculator_Join,
  Calculator_Fail,
  Calculator_Bounce,
  Calculator_Keep,
  Calculator_Kept,
  Calculator_Echo,
  Calculator_Sleep,
  Calculator_Raise,
};
static const IProvideClassInfoVtbl calculator_provide_vtable = { Calculator_provide_QueryInterface,
                                                                 Calculator_provide_AddRef, Calculator_provide_Release,
                                                                 Calculator_GetClassInfo };
static const IExternalConnectionVtbl calculator_external_vtable = {
  Calculator_external_QueryInterface, Calculator_external_AddRef,   Calculator_external_Release,
  Calculator_AddConnection,           Calculator_ReleaseConnection,
};
static const ObjectFace calculator_faces[] = {
  { &IID_ICalculator, offsetof(Calculator, calculator), &calculator_vtable },
  { &IID_IDispatch, offsetof(Calculator, calculator), &calculator_vtable },
  { &IID_IProvideClassInfo, offsetof(Calculator, provide), &calculator_provide_vtable },
  { &IID_IExternalConnection, offsetof(Calculator, external), &calculator_external_vtable },
  { 0 },
};
static const ObjectType calculator_type = {
  "Calculator", sizeof(Calculator), offsetof(Calculator, object), calculator_faces, calculator_destroy, NULL,
};

static inline Calculator *calculator_create(void) {
  Calculator *made = object_create(&calculator_type);
  calculators++;
  assert_int_equal(make_library(&made->library), S_OK);
  return made;
}

static inline void release(void *object) {
  ((IUnknown *)object)->lpVtbl->Release((IUnknown *)object);
}

/* Threads that are apartments */

typedef struct Worker {
  pthread_t thread;
  DWORD flags;
  Apartment *apartment;
  ApartmentQueue *queue;
  atomic_bool ready, stop;
} Worker;

static bool worker_stopped(void *context) {
  return ((Worker *)context)->stop;
}

static void *worker_run(void *context) {
  Worker *worker = context;
  CoInitializeEx(NULL, worker->flags);
  worker->apartment = apartment_get();
  worker->queue = queue_addref(queue_of_thread());
  worker->ready = true;
  apartment_wait(worker_stopped, worker, APARTMENT_NEVER);
  CoUninitialize();
  return NULL;
}

static inline void worker_start(Worker *worker, DWORD flags) {
  memset(worker, 0, sizeof *worker);
  worker->flags = flags;
  pthread_create(&worker->thread, NULL, worker_run, worker);
  while (!worker->ready)
    sched_yield();
}

static inline void worker_stop(Worker *worker) {
  worker->stop = true;
  queue_wake(worker->queue);
  pthread_join(worker->thread, NULL);
  queue_release(worker->queue);
  apartment_release(worker->apartment);
}

typedef struct Errand {
  ApartmentWork work;
  void (*run)(void *context);
  void *context;
  ApartmentQueue *caller;
  atomic_bool done;
} Errand;

static void errand_run(ApartmentWork *work, bool dropped) {
  Errand *errand = OBJECT_CONTAINER(work, Errand, work);
  ApartmentQueue *caller = errand->caller;
  if (!dropped)
    errand->run(errand->context);
  errand->done = true;
  queue_wake(caller);
}

static bool errand_done(void *context) {
  return ((Errand *)context)->done;
}

/* Runs a function on the worker's thread, and serves this one meanwhile. */
static inline void worker_do(Worker *worker, void (*run)(void *context), void *context) {
  Errand errand = { .run = run, .context = context, .caller = queue_of_thread() };
  errand.work.run = errand_run;
  assert_int_equal(queue_post(worker->queue, &errand.work), S_OK);
  apartment_wait(errand_done, &errand, APARTMENT_NEVER);
}

/* A reference in a stream */

typedef struct Passed {
  IStream *stream;
  IUnknown *object;
  const IID *iid;
  DWORD destination, flags;
  HRESULT status;
} Passed;

static inline void passed_marshal(void *context) {
  Passed *passed = context;
  static const LARGE_INTEGER start;
  CreateStreamOnHGlobal(NULL, TRUE, &passed->stream);
  passed->status =
      CoMarshalInterface(passed->stream, passed->iid, passed->object, passed->destination, NULL, passed->flags);
  IStream_Seek(passed->stream, start, STREAM_SEEK_SET, NULL);
}

static inline void passed_make(void *context) {
  Passed *passed = context;
  Calculator *made = calculator_create();
  passed->object = (IUnknown *)&made->calculator;
  passed_marshal(passed);
  release(&made->calculator);
}

/* A calculator that lives with the worker, as a proxy here. */
static inline ICalculator *worker_calculator(Worker *worker) {
  ICalculator *proxy = NULL;
  Passed passed = { .iid = &IID_ICalculator, .destination = MSHCTX_INPROC };
  worker_do(worker, passed_make, &passed);
  assert_int_equal(passed.status, S_OK);
  assert_int_equal(CoUnmarshalInterface(passed.stream, &IID_ICalculator, (void **)&proxy), S_OK);
  IStream_Release(passed.stream);
  return proxy;
}

static void do_nothing(void *context) {
  (void)context;
}

/* What is on its way to the worker has arrived afterwards. */
static inline void worker_settle(Worker *worker) {
  worker_do(worker, do_nothing, NULL);
}

#endif
