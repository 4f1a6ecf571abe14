/* References that are taken, given up, or cannot be made: who has how many afterwards, and what is said. */
#include "calculator.h"

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

static void rewind_stream(IStream *stream) {
  static const LARGE_INTEGER start;
  IStream_Seek(stream, start, STREAM_SEEK_SET, NULL);
}

/* A reference that another interface was wanted of */

enum { STREAMS = 5 };

typedef struct Streams {
  IStream *streams[STREAMS];
} Streams;

static void make_streams(void *context) {
  Streams *made = context;
  Calculator *calculator = calculator_create();
  for (int i = 0; i < STREAMS; i++) {
    Passed passed = { .iid = &IID_ICalculator, .object = (IUnknown *)&calculator->calculator };
    passed.destination = MSHCTX_INPROC;
    passed_marshal(&passed);
    assert_int_equal(passed.status, S_OK);
    made->streams[i] = passed.stream;
  }
  release(&calculator->calculator);
}

typedef struct Elsewhere {
  IStream *stream;
  ICalculator *proxy;
  LONG sum;
  HRESULT status;
} Elsewhere;

static void take_elsewhere(void *context) {
  Elsewhere *elsewhere = context;
  elsewhere->status = CoUnmarshalInterface(elsewhere->stream, &IID_ICalculator, (void **)&elsewhere->proxy);
}

static void use_elsewhere(void *context) {
  Elsewhere *elsewhere = context;
  elsewhere->status = elsewhere->proxy->lpVtbl->Add(elsewhere->proxy, 1, 2, &elsewhere->sum);
  release(elsewhere->proxy);
}

static void a_reference_of_which_the_wrong_interface_was_wanted_stays_as_it_was(void **state) {
  Worker other;
  Streams made;
  ICalculator *proxy, *again;
  void *none;
  (void)state;
  worker_start(&other, COINIT_APARTMENTTHREADED);
  worker_do(&worker, make_streams, &made);
  Elsewhere elsewhere = { .stream = made.streams[0] };
  worker_do(&other, take_elsewhere, &elsewhere);
  assert_int_equal(elsewhere.status, S_OK);
  /* Without a proxy here, and with one; then given up in one way or the other, or taken after all. */
  assert_int_equal(CoUnmarshalInterface(made.streams[1], &IID_IStream, &none), E_NOINTERFACE);
  rewind_stream(made.streams[1]);
  assert_int_equal(CoUnmarshalInterface(made.streams[1], &IID_ICalculator, (void **)&proxy), S_OK);
  assert_int_equal(CoUnmarshalInterface(made.streams[2], &IID_IStream, &none), E_NOINTERFACE);
  rewind_stream(made.streams[2]);
  assert_int_equal(CoReleaseMarshalData(made.streams[2]), S_OK);
  IStream_AddRef(made.streams[3]);
  assert_int_equal(CoGetInterfaceAndReleaseStream(made.streams[3], &IID_IStream, &none), E_NOINTERFACE);
  assert_null(none);
  assert_int_equal(CoUnmarshalInterface(made.streams[4], &IID_IStream, &none), E_NOINTERFACE);
  rewind_stream(made.streams[4]);
  assert_int_equal(CoGetInterfaceAndReleaseStream(made.streams[4], &IID_ICalculator, (void **)&again), S_OK);
  assert_ptr_equal(again, proxy);
  release(again);
  release(proxy);
  worker_settle(&worker);
  worker_do(&other, use_elsewhere, &elsewhere);
  assert_int_equal(elsewhere.status, S_OK);
  assert_int_equal(elsewhere.sum, 3);
  worker_settle(&worker);
  assert_int_equal(calculators, 0);
  for (int i = 0; i < STREAMS - 1; i++)
    IStream_Release(made.streams[i]);
  worker_stop(&other);
}

/* What cannot travel */

typedef struct Hidden {
  IUnknown face;
  Object object;
} Hidden;

static const IID IID_IHidden = { 0x51A7C0DE, 0x0077, 0x4A11, { 0x80, 0, 0, 0, 0, 0, 0, 1 } };

OBJECT_FACE(Hidden, face, IUnknown)

static const IUnknownVtbl hidden_vtable = { Hidden_face_QueryInterface, Hidden_face_AddRef, Hidden_face_Release };
static const ObjectFace hidden_faces[] = { { &IID_IHidden, offsetof(Hidden, face), &hidden_vtable }, { 0 } };
static const ObjectType hidden_type = { "Hidden", sizeof(Hidden), offsetof(Hidden, object), hidden_faces, NULL, NULL };

static bool says(const OLECHAR *text) {
  IErrorInfo *info;
  BSTR description = NULL;
  bool found = false;
  if (GetErrorInfo(0, &info) != S_OK)
    return false;
  IErrorInfo_GetDescription(info, &description);
  IErrorInfo_Release(info);
  size_t length = 0, whole = SysStringLen(description);
  while (text[length])
    length++;
  for (size_t i = 0; i + length <= whole && !found; i++)
    found = memcmp(description + i, text, length * sizeof *text) == 0;
  SysFreeString(description);
  return found;
}

static void what_cannot_travel_is_said(void **state) {
  static const DWORD destinations[] = { MSHCTX_INPROC, MSHCTX_LOCAL };
  static const DWORD flags[] = { MSHLFLAGS_NORMAL, MSHLFLAGS_TABLESTRONG, MSHLFLAGS_TABLEWEAK };
  Hidden *hidden = object_create(&hidden_type);
  Calculator *calculator = calculator_create();
  ICalculator *proxy = worker_calculator(&worker);
  IStream *stream;
  ULARGE_INTEGER end;
  static const LARGE_INTEGER nowhere;
  (void)state;
  CreateStreamOnHGlobal(NULL, TRUE, &stream);
  for (size_t i = 0; i < COUNT_OF(destinations) * COUNT_OF(flags); i++) {
    DWORD destination = destinations[i % 2], flag = flags[i / 2];
    IUnknown *lacking[] = { &hidden->face, (IUnknown *)&calculator->calculator, (IUnknown *)proxy };
    for (size_t k = 0; k < COUNT_OF(lacking); k++)
      assert_int_equal(CoMarshalInterface(stream, &IID_IStream, lacking[k], destination, NULL, flag), E_NOINTERFACE);
    SetErrorInfo(0, NULL);
    assert_int_equal(CoMarshalInterface(stream, &IID_IHidden, &hidden->face, destination, NULL, flag),
                     REGDB_E_IIDNOTREG);
    assert_true(says(u"{51A7C0DE-0077-4A11-8000-000000000001}"));
  }
  /* Nothing has been written, and nobody is kept. */
  assert_int_equal(IStream_Seek(stream, nowhere, STREAM_SEEK_CUR, &end), S_OK);
  assert_int_equal(end.QuadPart, 0);
  IStream_Release(stream);
  assert_int_equal(IUnknown_Release(&hidden->face), 0);
  release(proxy);
  release(&calculator->calculator);
  worker_settle(&worker);
}

/* Handlers */

static const CLSID clsid_handler = { 0x51A7C0DE, 0x0088, 0x4A11, { 0x80, 0, 0, 0, 0, 0, 0, 1 } };
static const CLSID clsid_of_object = { 0x51A7C0DE, 0x0089, 0x4A11, { 0x80, 0, 0, 0, 0, 0, 0, 1 } };
static atomic_int handled; /* that live */

typedef struct Handled {
  IPersist persist;
  IStdMarshalInfo info;
  Object object;
} Handled;

OBJECT_FACE(Handled, persist, IPersist)
OBJECT_FACE(Handled, info, IStdMarshalInfo)

static HRESULT STDMETHODCALLTYPE Handled_GetClassID(IPersist *face, CLSID *clsid) {
  (void)face;
  *clsid = clsid_of_object;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Handled_GetClassForHandler(IStdMarshalInfo *face, DWORD destination, void *context,
                                                            CLSID *clsid) {
  (void)face;
  (void)destination;
  (void)context;
  *clsid = clsid_handler;
  return S_OK;
}

static void handled_destroy(void *self) {
  (void)self;
  handled--;
}

static const IPersistVtbl handled_vtable = { Handled_persist_QueryInterface, Handled_persist_AddRef,
                                             Handled_persist_Release, Handled_GetClassID };
static const IStdMarshalInfoVtbl handled_info_vtable = { Handled_info_QueryInterface, Handled_info_AddRef,
                                                         Handled_info_Release, Handled_GetClassForHandler };
static const ObjectFace handled_faces[] = { { &IID_IPersist, offsetof(Handled, persist), &handled_vtable },
                                            { &IID_IStdMarshalInfo, offsetof(Handled, info), &handled_info_vtable },
                                            { 0 } };
static const ObjectType handled_type = {
  "Handled", sizeof(Handled), offsetof(Handled, object), handled_faces, handled_destroy, NULL,
};

/* The handler: answers IErrorLog itself. */

typedef struct Handler {
  IErrorLog log;
  Object object;
  IUnknown *inner;
} Handler;

static atomic_int handlers, logged; /* handlers that live */
static bool aggregates;

OBJECT_FACE(Handler, log, IErrorLog)

static HRESULT STDMETHODCALLTYPE Handler_AddError(IErrorLog *face, LPCOLESTR name, EXCEPINFO *exception) {
  (void)face;
  (void)name;
  (void)exception;
  logged++;
  return S_OK;
}

static HRESULT handler_query(void *self, REFIID iid, void **result) {
  Handler *handler = self;
  return handler->inner ? IUnknown_QueryInterface(handler->inner, iid, result) : E_NOINTERFACE;
}

static void handler_destroy(void *self) {
  Handler *handler = self;
  if (handler->inner)
    IUnknown_Release(handler->inner);
  handlers--;
}

static const IErrorLogVtbl handler_vtable = { Handler_log_QueryInterface, Handler_log_AddRef, Handler_log_Release,
                                              Handler_AddError };
static const ObjectFace handler_faces[] = { { &IID_IErrorLog, offsetof(Handler, log), &handler_vtable }, { 0 } };
static const ObjectType handler_type = {
  "Handler", sizeof(Handler), offsetof(Handler, object), handler_faces, handler_destroy, handler_query,
};

typedef struct HandlerClass {
  IClassFactory factory;
  Object object;
} HandlerClass;

OBJECT_FACE(HandlerClass, factory, IClassFactory)

static HRESULT STDMETHODCALLTYPE HandlerClass_CreateInstance(IClassFactory *face, IUnknown *outer, REFIID iid,
                                                             void **result) {
  (void)face;
  assert_non_null(outer);
  assert_true(IsEqualIID(iid, &IID_IUnknown));
  Handler *made = object_create_aggregated(&handler_type, outer);
  handlers++;
  if (aggregates)
    assert_int_equal(CoGetStdMarshalEx(outer, SMEXF_HANDLER, &made->inner), S_OK);
  *result = object_inner(&made->object);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE HandlerClass_LockServer(IClassFactory *face, BOOL lock) {
  (void)face;
  (void)lock;
  return S_OK;
}

static const IClassFactoryVtbl handler_class_vtable = {
  HandlerClass_factory_QueryInterface, HandlerClass_factory_AddRef, HandlerClass_factory_Release,
  HandlerClass_CreateInstance,         HandlerClass_LockServer,
};
static const ObjectFace handler_class_faces[] = {
  { &IID_IClassFactory, offsetof(HandlerClass, factory), &handler_class_vtable },
  { 0 },
};
static const ObjectType handler_class_type = {
  "HandlerClass", sizeof(HandlerClass), offsetof(HandlerClass, object), handler_class_faces, NULL, NULL,
};

static void make_handled(void *context) {
  Passed *passed = context;
  Handled *made = object_create(&handled_type);
  handled++;
  passed->object = (IUnknown *)&made->persist;
  passed_marshal(passed);
  release(&made->persist);
}

static IPersist *take_handled(void) {
  Passed passed = { .iid = &IID_IPersist, .destination = MSHCTX_INPROC };
  IPersist *persist = NULL;
  worker_do(&worker, make_handled, &passed);
  assert_int_equal(passed.status, S_OK);
  assert_int_equal(CoGetInterfaceAndReleaseStream(passed.stream, &IID_IPersist, (void **)&persist), S_OK);
  return persist;
}

/* The object answers from there, whatever stands in front of it. */
static void check_handled(IPersist *persist, bool has_handler) {
  IUnknown *identity, *same;
  IErrorLog *log;
  IPersist *again;
  CLSID clsid;
  assert_int_equal(IPersist_GetClassID(persist, &clsid), S_OK);
  assert_true(IsEqualCLSID(&clsid, &clsid_of_object));
  assert_int_equal(handlers, has_handler);
  assert_int_equal(IPersist_QueryInterface(persist, &IID_IErrorLog, (void **)&log), has_handler ? S_OK : E_NOINTERFACE);
  if (!has_handler)
    return;
  logged = 0;
  assert_int_equal(IErrorLog_AddError(log, u"name", NULL), S_OK);
  assert_int_equal(logged, 1);
  assert_int_equal(IPersist_QueryInterface(persist, &IID_IUnknown, (void **)&identity), S_OK);
  assert_int_equal(IErrorLog_QueryInterface(log, &IID_IUnknown, (void **)&same), S_OK);
  assert_ptr_equal(identity, same);
  assert_int_equal(IErrorLog_QueryInterface(log, &IID_IPersist, (void **)&again), S_OK);
  assert_int_equal(IPersist_GetClassID(again, &clsid), S_OK);
  assert_true(CoIsHandlerConnected((IUnknown *)log));
  /* Who gets it from here gets a handler, too. */
  IStream *stream;
  uint32_t words[2];
  static const LARGE_INTEGER start;
  CreateStreamOnHGlobal(NULL, TRUE, &stream);
  assert_int_equal(CoMarshalInterface(stream, &IID_IPersist, (IUnknown *)log, MSHCTX_INPROC, NULL, MSHLFLAGS_NORMAL),
                   S_OK);
  IStream_Seek(stream, start, STREAM_SEEK_SET, NULL);
  assert_int_equal(IStream_Read(stream, words, sizeof words, NULL), S_OK);
  assert_int_equal(words[1], 2);
  IStream_Seek(stream, start, STREAM_SEEK_SET, NULL);
  assert_int_equal(CoReleaseMarshalData(stream), S_OK);
  IStream_Release(stream);
  release(again);
  release(same);
  release(identity);
  release(log);
}

static void a_handler_stands_in_front_of_the_proxy(void **state) {
  HandlerClass *class_object = object_create(&handler_class_type);
  DWORD cookie;
  CLSID clsid;
  (void)state;
  CoGetPSClsid(&IID_IDispatch, &clsid); /* so that a test that is linked statically has activation, too */
  assert_int_equal(CoRegisterClassObject(&clsid_handler, (IUnknown *)&class_object->factory, CLSCTX_INPROC_HANDLER,
                                         REGCLS_MULTIPLEUSE, &cookie),
                   S_OK);
  for (int i = 0; i < 3; i++) {
    aggregates = i > 0;
    if (i == 2) /* a class that is not there: the proxy alone */
      assert_int_equal(CoRevokeClassObject(cookie), S_OK);
    IPersist *persist = take_handled();
    check_handled(persist, i < 2);
    assert_int_equal(IPersist_Release(persist), 0);
    assert_int_equal(handlers, 0);
    worker_settle(&worker);
    assert_int_equal(handled, 0);
  }
  assert_int_equal(IClassFactory_Release(&class_object->factory), 0);
}

int main(void) {
#define REFERENCE_TEST(function) cmocka_unit_test_setup_teardown(function, begin, end)
  const struct CMUnitTest tests[] = {
    REFERENCE_TEST(a_reference_of_which_the_wrong_interface_was_wanted_stays_as_it_was),
    REFERENCE_TEST(what_cannot_travel_is_said),
    REFERENCE_TEST(a_handler_stands_in_front_of_the_proxy),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
