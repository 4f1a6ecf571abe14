/* Objects in another apartment of the process. */
#include "calculator.h"

#include <sys/syscall.h>
#include <unistd.h>

static Worker worker;

static int begin(void **state) {
  (void)state;
  CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
  worker_start(&worker, COINIT_APARTMENTTHREADED);
  return 0;
}

static int end(void **state) {
  (void)state;
  worker_stop(&worker);
  CoUninitialize();
  assert_int_equal(calculators, 0);
  return 0;
}

static void expect_gone(void) {
  worker_settle(&worker);
  assert_int_equal(calculators, 0);
}

static void methods_are_called_where_the_object_lives(void **state) {
  (void)state;
  ICalculator *calculator = worker_calculator(&worker);
  LONG sum = 0;
  BSTR a = SysAllocString(u"left "), b = SysAllocString(u"right"), joined = NULL;
  assert_int_equal(calculator->lpVtbl->Add(calculator, 2, 40, &sum), S_OK);
  assert_int_equal(sum, 42);
  assert_int_equal(calculator->lpVtbl->Join(calculator, a, b, &joined), S_OK);
  assert_memory_equal(joined, u"left right", 11 * sizeof(OLECHAR));
  SysFreeString(a);
  SysFreeString(b);
  SysFreeString(joined);
  release(calculator);
  expect_gone();
}

static void identity_is_kept(void **state) {
  (void)state;
  ICalculator *calculator = worker_calculator(&worker), *again;
  IUnknown *first, *second;
  IDispatch *dispatch, *dispatch_again;
  IUnknown *object = (IUnknown *)calculator;
  assert_int_equal(IUnknown_QueryInterface(object, &IID_IUnknown, (void **)&first), S_OK);
  assert_int_equal(IUnknown_QueryInterface(object, &IID_IDispatch, (void **)&dispatch), S_OK);
  assert_int_equal(IDispatch_QueryInterface(dispatch, &IID_IUnknown, (void **)&second), S_OK);
  assert_ptr_equal(first, second);
  assert_int_equal(IDispatch_QueryInterface(dispatch, &IID_ICalculator, (void **)&again), S_OK);
  assert_ptr_equal(again, calculator);
  assert_int_equal(IUnknown_QueryInterface(object, &IID_IDispatch, (void **)&dispatch_again), S_OK);
  assert_ptr_equal(dispatch, dispatch_again);
  static const IID *const refused[] = { &IID_IStream, &IID_IAgileObject, &IID_INoMarshal, &DIID_Events };
  for (size_t i = 0; i < COUNT_OF(refused); i++) {
    void *none = object;
    assert_int_equal(IUnknown_QueryInterface(object, refused[i], &none), E_NOINTERFACE);
    assert_null(none);
    assert_int_equal(IUnknown_QueryInterface(object, refused[i], &none), E_NOINTERFACE);
  }
  release(dispatch_again);
  release(again);
  release(dispatch);
  release(first);
  release(second);
  release(calculator);
  expect_gone();
}

static void several_interfaces_are_asked_for_at_once(void **state) {
  (void)state;
  ICalculator *calculator = worker_calculator(&worker);
  IMultiQI *multi;
  MULTI_QI entries[] = { { &IID_IDispatch, NULL, 0 },
                         { &IID_IStream, NULL, 0 },
                         { &IID_IProvideClassInfo, NULL, 0 },
                         { &IID_IUnknown, NULL, 0 } };
  assert_int_equal(IUnknown_QueryInterface((IUnknown *)calculator, &IID_IMultiQI, (void **)&multi), S_OK);
  assert_int_equal(IMultiQI_QueryMultipleInterfaces(multi, 4, entries), S_FALSE);
  assert_int_equal(entries[0].hr, S_OK);
  assert_int_equal(entries[1].hr, E_NOINTERFACE);
  assert_null(entries[1].pItf);
  assert_int_equal(entries[2].hr, S_OK);
  assert_int_equal(entries[3].hr, S_OK);
  assert_int_equal(IMultiQI_QueryMultipleInterfaces(multi, 1, &entries[1]), E_NOINTERFACE);
  release(entries[0].pItf);
  release(entries[2].pItf);
  release(entries[3].pItf);
  release(multi);
  release(calculator);
  expect_gone();
}

static void errors_come_with_their_text(void **state) {
  (void)state;
  ICalculator *calculator = worker_calculator(&worker);
  BSTR text = SysAllocString(u"three"), description = NULL, source = NULL, file = NULL;
  IErrorInfo *info = NULL;
  DWORD context = 0;
  GUID guid;
  SetErrorInfo(0, NULL);
  assert_int_equal(calculator->lpVtbl->Fail(calculator, text), (HRESULT)0x80040207);
  assert_int_equal(GetErrorInfo(0, &info), S_OK);
  IErrorInfo_GetDescription(info, &description);
  IErrorInfo_GetSource(info, &source);
  IErrorInfo_GetHelpFile(info, &file);
  IErrorInfo_GetHelpContext(info, &context);
  IErrorInfo_GetGUID(info, &guid);
  assert_memory_equal(description, u"three", 12);
  assert_memory_equal(source, u"Calculator", 22);
  assert_memory_equal(file, u"help.txt", 18);
  assert_int_equal(context, 7);
  assert_true(IsEqualGUID(&guid, &IID_ICalculator));
  SysFreeString(text);
  SysFreeString(description);
  SysFreeString(source);
  SysFreeString(file);
  release(info);
  release(calculator);
  expect_gone();
}

static void calls_go_back_and_forth(void **state) {
  (void)state;
  ICalculator *there = worker_calculator(&worker);
  Calculator *here = calculator_create();
  LONG depth = 0;
  assert_int_equal(there->lpVtbl->Bounce(there, &here->calculator, 100, &depth), S_OK);
  assert_int_equal(depth, 100);
  release(there);
  worker_settle(&worker);
  release(&here->calculator);
  expect_gone();
}

static void objects_come_home_as_themselves(void **state) {
  (void)state;
  ICalculator *there = worker_calculator(&worker);
  Calculator *here = calculator_create();
  IUnknown *back = NULL, *identity, *own;
  assert_int_equal(there->lpVtbl->Keep(there, (IUnknown *)&here->calculator), S_OK);
  assert_int_equal(here->connections, 1);
  assert_int_equal(there->lpVtbl->Kept(there, &back), S_OK);
  IUnknown_QueryInterface(back, &IID_IUnknown, (void **)&identity);
  IUnknown_QueryInterface((IUnknown *)&here->calculator, &IID_IUnknown, (void **)&own);
  assert_ptr_equal(identity, own);
  release(identity);
  release(own);
  release(back);
  assert_int_equal(there->lpVtbl->Keep(there, NULL), S_OK);
  worker_settle(&worker);
  assert_int_equal(here->connections, 0);
  assert_int_equal(here->closes, 1);
  assert_int_equal(here->object.references, 1);
  /* A proxy that its own object's apartment gets back. */
  assert_int_equal(there->lpVtbl->Keep(there, (IUnknown *)there), S_OK);
  assert_int_equal(there->lpVtbl->Kept(there, &back), S_OK);
  IUnknown_QueryInterface(back, &IID_IUnknown, (void **)&identity);
  IUnknown_QueryInterface((IUnknown *)there, &IID_IUnknown, (void **)&own);
  assert_ptr_equal(identity, own);
  assert_int_equal(there->lpVtbl->Keep(there, NULL), S_OK);
  release(identity);
  release(own);
  release(back);
  release(there);
  release(&here->calculator);
  expect_gone();
}

/* IDispatch */

static VARIANT by_reference(LONG *value) {
  VARIANT reference = { .vt = VT_BYREF | VT_I4, .plVal = value };
  return reference;
}

static void members_are_called_by_name(void **state) {
  (void)state;
  ICalculator *calculator = worker_calculator(&worker);
  IDispatch *dispatch;
  OLECHAR *names[] = { (OLECHAR *)u"Add" }, *unknown[] = { (OLECHAR *)u"Nothing" };
  DISPID id = 0;
  VARIANT arguments[2] = { make_integer(VT_I4, 40), make_integer(VT_I4, 2) }, result;
  DISPPARAMS params = { arguments, NULL, 2, 0 };
  assert_int_equal(IUnknown_QueryInterface((IUnknown *)calculator, &IID_IDispatch, (void **)&dispatch), S_OK);
  assert_int_equal(IDispatch_GetIDsOfNames(dispatch, &GUID_NULL, names, 1, 0, &id), S_OK);
  assert_int_equal(id, 1);
  VariantInit(&result);
  assert_int_equal(IDispatch_Invoke(dispatch, id, &GUID_NULL, 0, DISPATCH_METHOD, &params, &result, NULL, NULL), S_OK);
  assert_int_equal(result.vt, VT_I4);
  assert_int_equal(result.lVal, 42);
  assert_int_equal(IDispatch_GetIDsOfNames(dispatch, &GUID_NULL, unknown, 1, 0, &id), DISP_E_UNKNOWNNAME);
  assert_int_equal(id, DISPID_UNKNOWN);
  /* By reference, named, too few, an exception. */
  LONG number = 2;
  arguments[1] = by_reference(&number);
  assert_int_equal(IDispatch_Invoke(dispatch, 1, &GUID_NULL, 0, DISPATCH_METHOD, &params, &result, NULL, NULL), S_OK);
  assert_int_equal(result.lVal, 42);
  assert_int_equal(number, 2);
  UINT bad = 99;
  arguments[0] = (VARIANT){ .vt = VT_BSTR, .bstrVal = SysAllocString(u"no number") };
  arguments[1] = make_integer(VT_I4, 2);
  assert_int_equal(IDispatch_Invoke(dispatch, 1, &GUID_NULL, 0, DISPATCH_METHOD, &params, &result, NULL, &bad),
                   DISP_E_TYPEMISMATCH);
  assert_int_equal(bad, 0);
  EXCEPINFO exception = { 0 };
  params.cArgs = 1;
  assert_int_equal(IDispatch_Invoke(dispatch, 3, &GUID_NULL, 0, DISPATCH_METHOD, &params, NULL, &exception, NULL),
                   DISP_E_EXCEPTION);
  assert_int_equal(exception.scode, (SCODE)0x80040207);
  assert_memory_equal(exception.bstrDescription, u"no number", 20);
  SysFreeString(exception.bstrDescription);
  SysFreeString(exception.bstrSource);
  SysFreeString(exception.bstrHelpFile);
  VariantClear(&arguments[0]);
  release(dispatch);
  release(calculator);
  expect_gone();
}

static void type_information_can_be_asked_from_elsewhere(void **state) {
  (void)state;
  ICalculator *calculator = worker_calculator(&worker);
  IDispatch *dispatch = (IDispatch *)calculator;
  ITypeInfo *info, *event;
  ITypeLib *library;
  ITypeComp *comp;
  TYPEATTR *attributes;
  FUNCDESC *function;
  TLIBATTR *library_attributes;
  BSTR name = NULL, names[4] = { NULL };
  UINT index = 9, count = 0;
  assert_int_equal(IDispatch_GetTypeInfoCount(dispatch, &count), S_OK);
  assert_int_equal(count, 1);
  assert_int_equal(IDispatch_GetTypeInfo(dispatch, 0, 0, &info), S_OK);
  assert_int_equal(ITypeInfo_GetTypeAttr(info, &attributes), S_OK);
  assert_true(IsEqualGUID(&attributes->guid, &IID_ICalculator));
  assert_int_equal(attributes->typekind, TKIND_DISPATCH);
  ITypeInfo_ReleaseTypeAttr(info, attributes);
  assert_int_equal(ITypeInfo_GetNames(info, 1, names, 4, &count), S_OK);
  assert_int_equal(count, 3);
  assert_memory_equal(names[0], u"Add", 8);
  for (UINT i = 0; i < count; i++)
    SysFreeString(names[i]);
  assert_int_equal(ITypeInfo_GetDocumentation(info, MEMBERID_NIL, &name, NULL, NULL, NULL), S_OK);
  assert_memory_equal(name, u"ICalculator", 24);
  SysFreeString(name);
  assert_int_equal(ITypeInfo_GetContainingTypeLib(info, &library, &index), S_OK);
  assert_int_equal(index, 0);
  assert_int_equal(ITypeLib_GetTypeInfoCount(library), 2);
  assert_int_equal(ITypeLib_GetLibAttr(library, &library_attributes), S_OK);
  ITypeLib_ReleaseTLibAttr(library, library_attributes);
  assert_int_equal(ITypeLib_GetTypeInfoOfGuid(library, &DIID_Events, &event), S_OK);
  assert_int_equal(ITypeInfo_GetFuncDesc(event, 0, &function), S_OK);
  assert_int_equal(function->cParams, 1);
  assert_int_equal(function->lprgelemdescParam[0].tdesc.vt, VT_I4);
  ITypeInfo_ReleaseFuncDesc(event, function);
  OLECHAR text[] = u"icalculator";
  BOOL found = FALSE;
  assert_int_equal(ITypeLib_IsName(library, text, 0, &found), S_OK);
  assert_true(found);
  assert_memory_equal(text, u"ICalculator", 24);
  assert_int_equal(ITypeInfo_GetTypeComp(event, &comp), S_OK);
  DESCKIND kind;
  BINDPTR pointer;
  ITypeInfo *owner = NULL;
  assert_int_equal(ITypeComp_Bind(comp, (OLECHAR *)u"Changed", 0, INVOKE_FUNC, &owner, &kind, &pointer), S_OK);
  assert_int_equal(kind, DESCKIND_FUNCDESC);
  assert_int_equal(pointer.lpfuncdesc->memid, 1);
  ITypeInfo_ReleaseFuncDesc(owner, pointer.lpfuncdesc);
  release(owner);
  release(comp);
  release(event);
  release(library);
  release(info);
  release(calculator);
  expect_gone();
}

/* VARIANTs */

static void variants_travel(void **state) {
  (void)state;
  ICalculator *calculator = worker_calculator(&worker);
  Calculator *here = calculator_create();
  VARIANT given[] = { make_integer(VT_I4, 7),
                      { .vt = VT_BSTR, .bstrVal = SysAllocString(u"text") },
                      { .vt = VT_DISPATCH, .pdispVal = (IDispatch *)&here->calculator },
                      { .vt = VT_EMPTY } };
  for (size_t i = 0; i < COUNT_OF(given); i++) {
    VARIANT result;
    VariantInit(&result);
    assert_int_equal(calculator->lpVtbl->Echo(calculator, given[i], &result), S_OK);
    assert_int_equal(result.vt, given[i].vt);
    if (given[i].vt == VT_DISPATCH)
      assert_ptr_equal(result.pdispVal, given[i].pdispVal);
    VariantClear(&result);
  }
  SysFreeString(given[1].bstrVal);
  release(calculator);
  worker_settle(&worker);
  assert_int_equal(here->object.references, 1);
  release(&here->calculator);
  expect_gone();
}

/* The ways of marshaling */

static void references_can_be_given_up(void **state) {
  (void)state;
  static const LARGE_INTEGER start;
  static const DWORD flags[] = { MSHLFLAGS_NORMAL, MSHLFLAGS_TABLESTRONG, MSHLFLAGS_TABLEWEAK,
                                 MSHLFLAGS_NORMAL | MSHLFLAGS_NOPING };
  for (size_t i = 0; i < COUNT_OF(flags); i++) {
    bool weak = flags[i] == MSHLFLAGS_TABLEWEAK;
    Calculator *here = calculator_create();
    IUnknown *object = (IUnknown *)&here->calculator;
    IStream *stream;
    ULONG most = 0;
    STATSTG size;
    CreateStreamOnHGlobal(NULL, TRUE, &stream);
    assert_int_equal(CoGetMarshalSizeMax(&most, &IID_ICalculator, object, MSHCTX_INPROC, NULL, flags[i]), S_OK);
    assert_int_equal(CoMarshalInterface(stream, &IID_ICalculator, object, MSHCTX_INPROC, NULL, flags[i]), S_OK);
    IStream_Stat(stream, &size, STATFLAG_NONAME);
    assert_true(size.cbSize.QuadPart <= most);
    assert_int_equal(here->connections, weak ? 0 : 1);
    assert_true((here->object.references == 1) == weak);
    IStream_Seek(stream, start, STREAM_SEEK_SET, NULL);
    assert_int_equal(CoReleaseMarshalData(stream), S_OK);
    assert_int_equal(here->connections, 0);
    assert_int_equal(here->closes, weak ? 0 : 1);
    assert_int_equal(here->object.references, 1);
    release(object);
    IStream_Release(stream);
    assert_int_equal(calculators, 0);
  }
}

typedef struct TableUse {
  Passed passed;
  ICalculator *proxies[2];
} TableUse;

static void release_table(void *context) {
  static const LARGE_INTEGER start;
  Passed *passed = context;
  IStream_Seek(passed->stream, start, STREAM_SEEK_SET, NULL);
  passed->status = CoReleaseMarshalData(passed->stream);
}

static void tables_can_be_read_many_times(void **state) {
  (void)state;
  static const LARGE_INTEGER start;
  Passed passed = { .iid = &IID_ICalculator, .destination = MSHCTX_INPROC, .flags = MSHLFLAGS_TABLESTRONG };
  worker_do(&worker, passed_make, &passed);
  assert_int_equal(passed.status, S_OK);
  for (int i = 0; i < 3; i++) {
    ICalculator *proxy;
    LONG sum;
    IStream_Seek(passed.stream, start, STREAM_SEEK_SET, NULL);
    assert_int_equal(CoUnmarshalInterface(passed.stream, &IID_ICalculator, (void **)&proxy), S_OK);
    assert_int_equal(proxy->lpVtbl->Add(proxy, 1, 2, &sum), S_OK);
    release(proxy);
    worker_settle(&worker);
    assert_int_equal(calculators, 1);
  }
  worker_do(&worker, release_table, &passed);
  assert_int_equal(passed.status, S_OK);
  IStream_Release(passed.stream);
  expect_gone();
}

static void keep_one(void *context) {
  Passed *passed = context;
  Calculator *made = calculator_create();
  passed->object = (IUnknown *)&made->calculator;
  passed_marshal(passed);
}

static void let_go(void *context) {
  CoDisconnectObject(context, 0);
  release(context);
}

static void a_weak_table_keeps_nobody(void **state) {
  (void)state;
  static const LARGE_INTEGER start;
  Passed passed = { .iid = &IID_ICalculator, .destination = MSHCTX_INPROC, .flags = MSHLFLAGS_TABLEWEAK };
  ICalculator *proxy;
  LONG sum;
  worker_do(&worker, keep_one, &passed);
  assert_int_equal(CoUnmarshalInterface(passed.stream, &IID_ICalculator, (void **)&proxy), S_OK);
  assert_int_equal(proxy->lpVtbl->Add(proxy, 1, 2, &sum), S_OK);
  assert_int_equal(sum, 3);
  worker_do(&worker, let_go, passed.object);
  assert_int_equal(calculators, 0);
  assert_int_equal(proxy->lpVtbl->Add(proxy, 1, 2, &sum), RPC_E_DISCONNECTED);
  release(proxy);
  IStream_Seek(passed.stream, start, STREAM_SEEK_SET, NULL);
  assert_int_equal(CoUnmarshalInterface(passed.stream, &IID_ICalculator, (void **)&proxy), CO_E_OBJNOTCONNECTED);
  IStream_Release(passed.stream);
}

static void an_object_can_cut_its_clients_off(void **state) {
  (void)state;
  Passed passed = { .iid = &IID_ICalculator, .destination = MSHCTX_INPROC };
  ICalculator *proxy;
  LONG sum = 9;
  worker_do(&worker, keep_one, &passed);
  assert_int_equal(CoUnmarshalInterface(passed.stream, &IID_ICalculator, (void **)&proxy), S_OK);
  IStream_Release(passed.stream);
  assert_int_equal(proxy->lpVtbl->Add(proxy, 1, 2, &sum), S_OK);
  assert_true(CoIsHandlerConnected((IUnknown *)proxy));
  worker_do(&worker, let_go, passed.object);
  assert_int_equal(calculators, 0);
  assert_int_equal(proxy->lpVtbl->Add(proxy, 1, 2, &sum), RPC_E_DISCONNECTED);
  assert_int_equal(sum, 0);
  release(proxy);
}

static void an_apartment_that_ends_cuts_its_objects_off(void **state) {
  (void)state;
  Worker other;
  worker_start(&other, COINIT_APARTMENTTHREADED);
  ICalculator *proxy = worker_calculator(&other);
  LONG sum;
  worker_stop(&other);
  assert_int_equal(calculators, 0);
  assert_int_equal(proxy->lpVtbl->Add(proxy, 1, 2, &sum), RPC_E_DISCONNECTED);
  assert_int_equal(proxy->lpVtbl->Add(proxy, 1, 2, &sum), RPC_E_DISCONNECTED);
  release(proxy);
}

static HRESULT from_wrong_thread;

static void call_directly(void *context) {
  ICalculator *proxy = context;
  LONG sum;
  from_wrong_thread = proxy->lpVtbl->Add(proxy, 1, 2, &sum);
}

static void a_proxy_belongs_to_its_apartment(void **state) {
  (void)state;
  Worker other;
  worker_start(&other, COINIT_APARTMENTTHREADED);
  ICalculator *proxy = worker_calculator(&worker);
  worker_do(&other, call_directly, proxy);
  assert_int_equal(from_wrong_thread, RPC_E_WRONG_THREAD);
  worker_stop(&other);
  release(proxy);
  expect_gone();
}

static void proxies_are_passed_on(void **state) {
  (void)state;
  Worker other;
  worker_start(&other, COINIT_APARTMENTTHREADED);
  ICalculator *first = worker_calculator(&worker), *second = worker_calculator(&other);
  LONG depth;
  /* The second calls the first, of which this apartment has only told it. */
  assert_int_equal(second->lpVtbl->Bounce(second, first, 7, &depth), S_OK);
  assert_int_equal(depth, 7);
  for (int i = 0; i < 20; i++)
    assert_int_equal(second->lpVtbl->Keep(second, (IUnknown *)first), S_OK);
  release(first);
  worker_settle(&worker);
  assert_int_equal(calculators, 2);
  assert_int_equal(second->lpVtbl->Keep(second, NULL), S_OK);
  worker_settle(&other);
  worker_settle(&worker);
  assert_int_equal(calculators, 1);
  release(second);
  worker_stop(&other);
  expect_gone();
}

/* Giving up */

typedef struct Canceller {
  pthread_t thread;
  DWORD target;
  HRESULT status;
} Canceller;

static void *cancel_soon(void *context) {
  Canceller *canceller = context;
  do {
    struct timespec pause = { 0, 2000000 };
    nanosleep(&pause, NULL);
    canceller->status = CoCancelCall(canceller->target, 0);
  } while (canceller->status == RPC_E_CALL_COMPLETE);
  return NULL;
}

static void calls_can_be_cancelled(void **state) {
  (void)state;
  ICalculator *calculator = worker_calculator(&worker);
  Canceller canceller = { .target = (DWORD)syscall(SYS_gettid) };
  void *none;
  CoEnableCallCancellation(NULL);
  pthread_create(&canceller.thread, NULL, cancel_soon, &canceller);
  assert_int_equal(calculator->lpVtbl->Sleep(calculator, 30000), RPC_E_CALL_CANCELED);
  pthread_join(canceller.thread, NULL);
  assert_int_equal(canceller.status, S_OK);
  CoDisableCallCancellation(NULL);
  assert_int_equal(CoCancelCall(0, 0), RPC_E_CALL_COMPLETE);
  assert_int_equal(CoGetCancelObject(0, &IID_ICancelMethodCalls, &none), RPC_E_NO_CONTEXT);
  assert_int_equal(CoTestCancel(), RPC_E_CALL_COMPLETE);
  release(calculator);
  expect_gone();
}

static void calls_end_at_their_deadline(void **state) {
  (void)state;
  ICalculator *calculator = worker_calculator(&worker);
  int64_t before = remote_set_deadline(apartment_after(0.02));
  assert_int_equal(before, APARTMENT_NEVER);
  assert_int_equal(calculator->lpVtbl->Sleep(calculator, 30000), RPC_E_TIMEOUT);
  remote_set_deadline(before);
  LONG sum;
  assert_int_equal(calculator->lpVtbl->Add(calculator, 1, 2, &sum), S_OK);
  release(calculator);
  expect_gone();
}

/* Message filters */

typedef struct Filter {
  IMessageFilter filter;
  Object object;
  DWORD answer, retry;
  int incoming, refused;
  DWORD types[8];
} Filter;

OBJECT_FACE(Filter, filter, IMessageFilter)

static DWORD STDMETHODCALLTYPE Filter_HandleInComingCall(IMessageFilter *face, DWORD type, HTASK task, DWORD ticks,
                                                         INTERFACEINFO *info) {
  Filter *self = OBJECT_CONTAINER(face, Filter, filter);
  (void)task;
  (void)ticks;
  assert_non_null(info->pUnk);
  self->types[self->incoming % 8] = type;
  self->incoming++;
  return self->answer;
}

static DWORD STDMETHODCALLTYPE Filter_RetryRejectedCall(IMessageFilter *face, HTASK task, DWORD ticks, DWORD kind) {
  Filter *self = OBJECT_CONTAINER(face, Filter, filter);
  (void)task;
  (void)ticks;
  self->types[self->refused % 8] = kind;
  self->refused++;
  return self->refused < 3 ? 10 : self->retry;
}

static DWORD STDMETHODCALLTYPE Filter_MessagePending(IMessageFilter *face, HTASK task, DWORD ticks, DWORD kind) {
  (void)face;
  (void)task;
  (void)ticks;
  (void)kind;
  return PENDINGMSG_WAITDEFPROCESS;
}

static const IMessageFilterVtbl filter_vtable = {
  Filter_filter_QueryInterface, Filter_filter_AddRef,     Filter_filter_Release,
  Filter_HandleInComingCall,    Filter_RetryRejectedCall, Filter_MessagePending,
};
static const ObjectFace filter_faces[] = { { &IID_IMessageFilter, offsetof(Filter, filter), &filter_vtable }, { 0 } };
static const ObjectType filter_type = { "Filter", sizeof(Filter), offsetof(Filter, object), filter_faces, NULL, NULL };

static void install(void *context) {
  CoRegisterMessageFilter(context, NULL);
}

static void filters_decide_about_calls(void **state) {
  (void)state;
  ICalculator *there = worker_calculator(&worker);
  Filter *server = object_create(&filter_type), *client = object_create(&filter_type);
  LONG sum, depth;
  worker_do(&worker, install, &server->filter);
  server->answer = SERVERCALL_ISHANDLED;
  assert_int_equal(there->lpVtbl->Add(there, 1, 2, &sum), S_OK);
  assert_int_equal(server->incoming, 1);
  assert_int_equal(server->types[0], CALLTYPE_TOPLEVEL);
  server->answer = SERVERCALL_RETRYLATER;
  assert_int_equal(there->lpVtbl->Add(there, 1, 2, &sum), RPC_E_CALL_REJECTED);
  CoRegisterMessageFilter(&client->filter, NULL);
  client->retry = (DWORD)-1;
  assert_int_equal(there->lpVtbl->Add(there, 1, 2, &sum), RPC_E_CALL_REJECTED);
  assert_int_equal(client->refused, 3);
  assert_int_equal(client->types[0], SERVERCALL_RETRYLATER);
  server->answer = SERVERCALL_REJECTED;
  client->refused = 0;
  assert_int_equal(there->lpVtbl->Add(there, 1, 2, &sum), RPC_E_CALL_REJECTED);
  assert_int_equal(client->types[0], SERVERCALL_REJECTED);
  /* Called back, it sees a call of its own causality. */
  Calculator *here = calculator_create();
  server->answer = SERVERCALL_ISHANDLED;
  client->answer = SERVERCALL_ISHANDLED;
  assert_int_equal(there->lpVtbl->Bounce(there, &here->calculator, 2, &depth), S_OK);
  assert_int_equal(client->types[0], CALLTYPE_NESTED);
  CoRegisterMessageFilter(NULL, NULL);
  worker_do(&worker, install, NULL);
  release(there);
  worker_settle(&worker);
  release(&here->calculator);
  assert_int_equal(server->object.references, 1);
  release(&server->filter);
  release(&client->filter);
  expect_gone();
}

int main(void) {
#define APARTMENT_TEST(function) cmocka_unit_test_setup_teardown(function, begin, end)
  const struct CMUnitTest tests[] = {
    APARTMENT_TEST(methods_are_called_where_the_object_lives),
    APARTMENT_TEST(identity_is_kept),
    APARTMENT_TEST(several_interfaces_are_asked_for_at_once),
    APARTMENT_TEST(errors_come_with_their_text),
    APARTMENT_TEST(calls_go_back_and_forth),
    APARTMENT_TEST(objects_come_home_as_themselves),
    APARTMENT_TEST(members_are_called_by_name),
    APARTMENT_TEST(type_information_can_be_asked_from_elsewhere),
    APARTMENT_TEST(variants_travel),
    APARTMENT_TEST(references_can_be_given_up),
    APARTMENT_TEST(tables_can_be_read_many_times),
    APARTMENT_TEST(a_weak_table_keeps_nobody),
    APARTMENT_TEST(an_object_can_cut_its_clients_off),
    APARTMENT_TEST(an_apartment_that_ends_cuts_its_objects_off),
    APARTMENT_TEST(a_proxy_belongs_to_its_apartment),
    APARTMENT_TEST(proxies_are_passed_on),
    APARTMENT_TEST(calls_can_be_cancelled),
    APARTMENT_TEST(calls_end_at_their_deadline),
    APARTMENT_TEST(filters_decide_about_calls),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
