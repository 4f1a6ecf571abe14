/* Objects in another process, which is this program again: `serve` makes a calculator and writes a reference to it. */
#include "calculator.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/scratch.h"

/* The server */

static bool input_ended(void *context) {
  ApartmentWatch *watch = context;
  return watch->descriptor < 0;
}

static void read_input(ApartmentWatch *watch, uint32_t events) {
  char bytes[16];
  (void)events;
  ssize_t count = read(watch->descriptor, bytes, sizeof bytes);
  if (count > 0 || (count < 0 && errno == EINTR))
    return;
  queue_unwatch(watch);
  watch->descriptor = -1;
}

static void write_all(int descriptor, const void *bytes, size_t size) {
  const char *from = bytes;
  while (size) {
    ssize_t count = write(descriptor, from, size);
    if (count <= 0)
      _exit(3);
    from += count;
    size -= (size_t)count;
  }
}

/* Lives until its input ends. */
static int serve(void) {
  CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
  Calculator *calculator = calculator_create();
  IStream *stream;
  STATSTG size;
  static const LARGE_INTEGER start;
  uint8_t bytes[512];
  CreateStreamOnHGlobal(NULL, TRUE, &stream);
  HRESULT status = CoMarshalInterface(stream, &IID_ICalculator, (IUnknown *)&calculator->calculator, MSHCTX_LOCAL, NULL,
                                      MSHLFLAGS_NORMAL);
  if (FAILED(status))
    return 2;
  IStream_Stat(stream, &size, STATFLAG_NONAME);
  IStream_Seek(stream, start, STREAM_SEEK_SET, NULL);
  uint32_t length = (uint32_t)size.cbSize.QuadPart;
  if (length > sizeof bytes || FAILED(IStream_Read(stream, bytes, length, NULL)))
    return 2;
  write_all(STDOUT_FILENO, &length, sizeof length);
  write_all(STDOUT_FILENO, bytes, length);
  IStream_Release(stream);
  release(&calculator->calculator);
  ApartmentWatch watch = { .run = read_input, .descriptor = STDIN_FILENO, .events = 1 };
  queue_watch(queue_of_thread(), &watch);
  apartment_wait(input_ended, &watch, APARTMENT_NEVER);
  CoUninitialize();
  return calculators ? 4 : 0;
}

/* A pool of threads that serves visitors, who leave without a word, until its input ends. What they had is gone within a second, or
 * it ends with 5. */
static int serve_visitors(void) {
  CoInitializeEx(NULL, COINIT_MULTITHREADED);
  Calculator *calculator = calculator_create();
  IStream *stream;
  STATSTG size;
  static const LARGE_INTEGER start;
  uint8_t bytes[512];
  char input;
  CreateStreamOnHGlobal(NULL, TRUE, &stream);
  if (FAILED(CoMarshalInterface(stream, &IID_ICalculator, (IUnknown *)&calculator->calculator, MSHCTX_LOCAL, NULL,
                                MSHLFLAGS_TABLESTRONG)))
    return 2;
  IStream_Stat(stream, &size, STATFLAG_NONAME);
  IStream_Seek(stream, start, STREAM_SEEK_SET, NULL);
  uint32_t length = (uint32_t)size.cbSize.QuadPart;
  if (length > sizeof bytes || FAILED(IStream_Read(stream, bytes, length, NULL)))
    return 2;
  write_all(STDOUT_FILENO, &length, sizeof length);
  write_all(STDOUT_FILENO, bytes, length);
  while (read(STDIN_FILENO, &input, 1) > 0)
    ;
  IStream_Seek(stream, start, STREAM_SEEK_SET, NULL);
  CoReleaseMarshalData(stream);
  IStream_Release(stream);
  int64_t limit = apartment_after(1);
  while (calculator->object.references > 1 && apartment_clock() < limit)
    usleep(10000);
  bool left = calculator->object.references == 1 && !remote_has_clients();
  release(&calculator->calculator);
  CoUninitialize();
  return left ? 0 : 5;
}

/* Reads a reference, calls, and leaves as a process does that is killed. */
static int visit(void) {
  uint32_t size;
  uint8_t bytes[512];
  IStream *stream;
  ICalculator *there;
  IUnknown *further;
  LONG sum = 0;
  static const LARGE_INTEGER start;
  CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
  if (read(STDIN_FILENO, &size, sizeof size) != sizeof size || size > sizeof bytes ||
      read(STDIN_FILENO, bytes, size) != (ssize_t)size)
    return 2;
  CreateStreamOnHGlobal(NULL, TRUE, &stream);
  IStream_Write(stream, bytes, size, NULL);
  IStream_Seek(stream, start, STREAM_SEEK_SET, NULL);
  HRESULT status = CoUnmarshalInterface(stream, &IID_ICalculator, (void **)&there);
  if (SUCCEEDED(status))
    status = there->lpVtbl->Add(there, 1, 2, &sum);
  if (SUCCEEDED(status))
    IUnknown_QueryInterface((IUnknown *)there, &IID_IExternalConnection, (void **)&further);
  _exit(SUCCEEDED(status) ? 0 : 1);
}

/* The client */

typedef struct Server {
  pid_t pid;
  int input, output;
} Server;

static char *program;

static void start(Server *server, const char *what) {
  int in[2], out[2];
  assert_int_equal(pipe2(in, O_CLOEXEC), 0);
  assert_int_equal(pipe2(out, O_CLOEXEC), 0);
  server->pid = fork();
  if (server->pid == 0) {
    dup2(in[0], STDIN_FILENO);
    dup2(out[1], STDOUT_FILENO);
    execl(program, program, what, (char *)NULL);
    _exit(127);
  }
  close(in[0]);
  close(out[1]);
  server->input = in[1];
  server->output = out[0];
}

static void server_start(Server *server) {
  start(server, "serve");
}

static void read_all(int descriptor, void *bytes, size_t size) {
  char *to = bytes;
  while (size) {
    ssize_t count = read(descriptor, to, size);
    assert_true(count > 0);
    to += count;
    size -= (size_t)count;
  }
}

static HRESULT server_connect(Server *server, ICalculator **proxy) {
  static const LARGE_INTEGER start;
  uint32_t size;
  uint8_t bytes[512];
  IStream *stream;
  read_all(server->output, &size, sizeof size);
  assert_true(size <= sizeof bytes);
  read_all(server->output, bytes, size);
  CreateStreamOnHGlobal(NULL, TRUE, &stream);
  IStream_Write(stream, bytes, size, NULL);
  IStream_Seek(stream, start, STREAM_SEEK_SET, NULL);
  HRESULT status = CoUnmarshalInterface(stream, &IID_ICalculator, (void **)proxy);
  IStream_Release(stream);
  return status;
}

static int server_end(Server *server) {
  int status;
  close(server->input);
  close(server->output);
  waitpid(server->pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int begin(void **state) {
  static Server server;
  CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
  server_start(&server);
  *state = &server;
  return 0;
}

static int end(void **state) {
  (void)state;
  CoUninitialize();
  assert_int_equal(calculators, 0);
  return 0;
}

static void an_interface_that_nobody_registered_is_called(void **state) {
  Server *server = *state;
  ICalculator *calculator;
  LONG sum = 0;
  BSTR a = SysAllocString(u"left "), b = SysAllocString(u"right"), joined = NULL;
  assert_int_equal(server_connect(server, &calculator), S_OK);
  for (int i = 0; i < 100; i++) {
    assert_int_equal(calculator->lpVtbl->Add(calculator, i, 40, &sum), S_OK);
    assert_int_equal(sum, i + 40);
  }
  assert_int_equal(calculator->lpVtbl->Join(calculator, a, b, &joined), S_OK);
  assert_memory_equal(joined, u"left right", 22);
  SysFreeString(joined);
  joined = NULL;
  IErrorInfo *info = NULL;
  assert_int_equal(calculator->lpVtbl->Fail(calculator, b), (HRESULT)0x80040207);
  assert_int_equal(GetErrorInfo(0, &info), S_OK);
  IErrorInfo_GetDescription(info, &joined);
  assert_memory_equal(joined, u"right", 12);
  release(info);
  SysFreeString(joined);
  SysFreeString(a);
  SysFreeString(b);
  RemotePlace place;
  remote_place((IUnknown *)calculator, &place);
  assert_true(place.proxy && place.process);
  assert_int_equal(place.pid, server->pid);
  release(calculator);
  assert_int_equal(server_end(server), 0);
}

static void calls_go_back_and_forth(void **state) {
  Server *server = *state;
  ICalculator *there;
  IUnknown *back = NULL;
  Calculator *here = calculator_create();
  LONG depth = 0;
  assert_int_equal(server_connect(server, &there), S_OK);
  assert_int_equal(there->lpVtbl->Bounce(there, &here->calculator, 100, &depth), S_OK);
  assert_int_equal(depth, 100);
  assert_int_equal(there->lpVtbl->Keep(there, (IUnknown *)&here->calculator), S_OK);
  assert_int_equal(there->lpVtbl->Kept(there, &back), S_OK);
  IUnknown *identity;
  IUnknown_QueryInterface(back, &IID_IUnknown, (void **)&identity);
  assert_ptr_equal(identity, &here->calculator);
  release(identity);
  release(back);
  assert_true(here->connections > 0);
  assert_int_equal(there->lpVtbl->Keep(there, NULL), S_OK);
  release(there);
  assert_int_equal(server_end(server), 0);
  int64_t limit = apartment_after(1);
  while (here->connections && apartment_clock() < limit)
    apartment_wait(NULL, NULL, apartment_after(0.01));
  assert_int_equal(here->connections, 0);
  assert_int_equal(here->object.references, 1);
  release(&here->calculator);
}

/* A server that is in the middle of a call reads nothing by itself. */
static void a_single_threaded_server_hears_that_a_call_was_given_up(void **state) {
  Server *server = *state;
  ICalculator *there;
  LONG sum = 0;
  assert_int_equal(server_connect(server, &there), S_OK);
  int64_t before = remote_set_deadline(apartment_after(0.05));
  assert_int_equal(there->lpVtbl->Sleep(there, 60000), RPC_E_TIMEOUT);
  remote_set_deadline(apartment_after(20));
  assert_int_equal(there->lpVtbl->Add(there, 1, 2, &sum), S_OK);
  assert_int_equal(sum, 3);
  /* What comes behind the cancellation is served in its turn. */
  remote_set_deadline(before);
  IRpcOptions *options;
  ULONG_PTR value = 9;
  assert_int_equal(IUnknown_QueryInterface((IUnknown *)there, &IID_IRpcOptions, (void **)&options), S_OK);
  assert_int_equal(IRpcOptions_Query(options, (IUnknown *)there, COMBND_RPCTIMEOUT, &value), S_OK);
  assert_int_equal(value, 0);
  assert_int_equal(IRpcOptions_Set(options, (IUnknown *)there, COMBND_RPCTIMEOUT, 50), S_OK);
  assert_int_equal(IRpcOptions_Query(options, (IUnknown *)there, COMBND_RPCTIMEOUT, &value), S_OK);
  assert_int_equal(value, 50);
  assert_int_equal(there->lpVtbl->Sleep(there, 60000), RPC_E_TIMEOUT);
  assert_int_equal(IRpcOptions_Set(options, (IUnknown *)there, COMBND_RPCTIMEOUT, 0), S_OK);
  assert_int_equal(there->lpVtbl->Add(there, 2, 2, &sum), S_OK);
  assert_int_equal(sum, 4);
  release(options);
  release(there);
  assert_int_equal(server_end(server), 0);
}

static void a_server_that_dies_is_told(void **state) {
  Server *server = *state;
  ICalculator *there;
  Calculator *here = calculator_create();
  LONG sum = 0;
  assert_int_equal(server_connect(server, &there), S_OK);
  assert_int_equal(there->lpVtbl->Keep(there, (IUnknown *)&here->calculator), S_OK);
  kill(server->pid, SIGKILL);
  server_end(server);
  HRESULT status = there->lpVtbl->Add(there, 1, 2, &sum);
  assert_true(FAILED(status));
  assert_int_equal(there->lpVtbl->Add(there, 1, 2, &sum), RPC_E_DISCONNECTED);
  /* What it held of ours is ours again. */
  int64_t limit = apartment_after(1);
  while (here->connections && apartment_clock() < limit)
    apartment_wait(NULL, NULL, apartment_after(0.01));
  assert_int_equal(here->connections, 0);
  release(there);
  release(&here->calculator);
}

/* Events: the server keeps a sink of ours, whose interface only its own library describes, and calls it. */

typedef struct Sink {
  IDispatch dispatch;
  Object object;
  atomic_int heard;
  LONG last;
} Sink;

OBJECT_FACE(Sink, dispatch, IDispatch)

static HRESULT STDMETHODCALLTYPE Sink_GetTypeInfoCount(IDispatch *face, UINT *count) {
  (void)face;
  *count = 0;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Sink_GetTypeInfo(IDispatch *face, UINT index, LCID lcid, ITypeInfo **info) {
  (void)face;
  (void)index;
  (void)lcid;
  *info = NULL;
  return E_NOTIMPL;
}

static HRESULT STDMETHODCALLTYPE Sink_GetIDsOfNames(IDispatch *face, REFIID iid, LPOLESTR *names, UINT count, LCID lcid,
                                                    DISPID *ids) {
  (void)face;
  (void)iid;
  (void)names;
  (void)count;
  (void)lcid;
  (void)ids;
  return E_NOTIMPL;
}

static HRESULT STDMETHODCALLTYPE Sink_Invoke(IDispatch *face, DISPID id, REFIID iid, LCID lcid, WORD flags,
                                             DISPPARAMS *params, VARIANT *result, EXCEPINFO *exception, UINT *bad) {
  Sink *self = OBJECT_CONTAINER(face, Sink, dispatch);
  (void)iid;
  (void)lcid;
  (void)flags;
  (void)result;
  (void)exception;
  (void)bad;
  if (id != 1 || params->cArgs != 1)
    return DISP_E_MEMBERNOTFOUND;
  self->last = V_I4(&params->rgvarg[0]);
  self->heard++;
  return S_OK;
}

static const IDispatchVtbl sink_vtable = {
  Sink_dispatch_QueryInterface, Sink_dispatch_AddRef, Sink_dispatch_Release, Sink_GetTypeInfoCount, Sink_GetTypeInfo,
  Sink_GetIDsOfNames,           Sink_Invoke,
};
static const ObjectFace sink_faces[] = {
  { &IID_IDispatch, offsetof(Sink, dispatch), &sink_vtable },
  { &DIID_Events, offsetof(Sink, dispatch), &sink_vtable },
  { 0 },
};
static const ObjectType sink_type = { "Sink", sizeof(Sink), offsetof(Sink, object), sink_faces, NULL, NULL };

static void events_come_back(void **state) {
  Server *server = *state;
  ICalculator *there;
  Sink *sink = object_create(&sink_type);
  assert_int_equal(server_connect(server, &there), S_OK);
  assert_int_equal(there->lpVtbl->Keep(there, (IUnknown *)&sink->dispatch), S_OK);
  for (LONG i = 1; i <= 10; i++) {
    assert_int_equal(there->lpVtbl->Raise(there, i), S_OK);
    assert_int_equal(sink->last, i);
  }
  assert_int_equal(sink->heard, 10);
  release(there);
  assert_int_equal(server_end(server), 0);
  int64_t limit = apartment_after(1);
  while (sink->object.references > 1 && apartment_clock() < limit)
    apartment_wait(NULL, NULL, apartment_after(0.01));
  assert_int_equal(sink->object.references, 1);
  release(&sink->dispatch);
}

/* Deaths at any moment: the server is killed while calls go both ways. */
static void servers_may_die_at_any_moment(void **state) {
  Server *server = *state;
  Calculator *here = calculator_create();
  unsigned seed = 1;
  for (int round = 0; round < 20; round++) {
    ICalculator *there;
    LONG depth;
    if (round)
      server_start(server);
    assert_int_equal(server_connect(server, &there), S_OK);
    there->lpVtbl->Keep(there, (IUnknown *)&here->calculator);
    pid_t killer = fork();
    if (killer == 0) {
      usleep((useconds_t)(rand_r(&seed) % 8000));
      kill(server->pid, SIGKILL);
      _exit(0);
    }
    HRESULT status = S_OK;
    while (SUCCEEDED(status))
      status = there->lpVtbl->Bounce(there, &here->calculator, 5, &depth);
    rand_r(&seed);
    waitpid(killer, NULL, 0);
    server_end(server);
    assert_int_equal(there->lpVtbl->Add(there, 1, 2, &depth), RPC_E_DISCONNECTED);
    release(there);
    int64_t limit = apartment_after(1);
    while (here->object.references > 1 && apartment_clock() < limit)
      apartment_wait(NULL, NULL, apartment_after(0.01));
    assert_int_equal(here->object.references, 1);
  }
  release(&here->calculator);
}

/* Clients of a pool leave, or are killed at any moment: nothing that they had stays. */
static void visitors_leave_nothing_behind(void **state) {
  enum { VISITORS = 120 };
  Server server, visitor;
  uint32_t size;
  uint8_t bytes[512];
  unsigned seed = 7;
  (void)state;
  start(&server, "visitors");
  read_all(server.output, &size, sizeof size);
  read_all(server.output, bytes, size);
  for (int i = 0; i < VISITORS; i++) {
    int status;
    start(&visitor, "visit");
    write_all(visitor.input, &size, sizeof size);
    write_all(visitor.input, bytes, size);
    if (i % 2) {
      usleep((useconds_t)(rand_r(&seed) % 6000));
      kill(visitor.pid, SIGKILL);
    }
    status = server_end(&visitor);
    assert_true(status == 0 || i % 2);
  }
  assert_int_equal(server_end(&server), 0);
}

/* Many calls under way at once, for which nobody waits. */

enum { UNDER_WAY = 100 };

typedef struct Pending {
  RemoteCall *call;
  LONG a, b, *to, sum;
  void *arguments[3];
  bool done;
} Pending;

static int pending_left;

static void pending_done(void *context) {
  ((Pending *)context)->done = true;
  pending_left--;
}

static bool is_done(void *context) {
  return ((Pending *)context)->done;
}

static bool none_pending(void *context) {
  (void)context;
  return pending_left == 0;
}

static void calls_can_be_begun_and_ended_apart(void **state) {
  Server *server = *state;
  ICalculator *there;
  Pending pending[UNDER_WAY] = { 0 };
  assert_int_equal(server_connect(server, &there), S_OK);
  pending_left = UNDER_WAY;
  for (LONG i = 0; i < UNDER_WAY; i++) {
    Pending *one = &pending[i];
    *one = (Pending){ .a = i, .b = 1, .to = &one->sum, .arguments = { &one->a, &one->b, &one->to } };
    assert_int_equal(remote_call_begin((IUnknown *)there, 7, one->arguments, pending_done, one, &one->call), S_OK);
  }
  assert_true(apartment_wait(none_pending, NULL, apartment_after(30)));
  for (LONG i = 0; i < UNDER_WAY; i++) {
    HRESULT status = E_FAIL;
    remote_call_finish(pending[i].call, pending[i].arguments, &status);
    assert_int_equal(status, S_OK);
    assert_int_equal(pending[i].sum, i + 1);
  }
  Pending slow = { .a = 200, .arguments = { &slow.a } };
  HRESULT status = S_OK;
  assert_int_equal(remote_call_begin((IUnknown *)there, 14, slow.arguments, pending_done, &slow, &slow.call), S_OK);
  remote_call_cancel(slow.call, RPC_E_CALL_CANCELED);
  assert_true(slow.done);
  remote_call_finish(slow.call, slow.arguments, &status);
  assert_int_equal(status, RPC_E_CALL_CANCELED);
  release(there);
  assert_int_equal(server_end(server), 0);
}

static void calls_begun_apart_are_late_when_their_proxy_says_so(void **state) {
  Server *server = *state;
  ICalculator *there;
  IRpcOptions *options;
  LONG sum = 0;
  Pending slow = { .a = 60000, .arguments = { &slow.a } };
  HRESULT status = S_OK;
  assert_int_equal(server_connect(server, &there), S_OK);
  assert_int_equal(IUnknown_QueryInterface((IUnknown *)there, &IID_IRpcOptions, (void **)&options), S_OK);
  assert_int_equal(IRpcOptions_Set(options, (IUnknown *)there, COMBND_RPCTIMEOUT, 30), S_OK);
  assert_int_equal(remote_call_begin((IUnknown *)there, 14, slow.arguments, pending_done, &slow, &slow.call), S_OK);
  assert_true(apartment_wait(is_done, &slow, apartment_after(20)));
  remote_call_finish(slow.call, slow.arguments, &status);
  assert_int_equal(status, RPC_E_TIMEOUT);
  assert_int_equal(IRpcOptions_Set(options, (IUnknown *)there, COMBND_RPCTIMEOUT, 0), S_OK);
  assert_int_equal(there->lpVtbl->Add(there, 2, 2, &sum), S_OK);
  assert_int_equal(sum, 4);
  release(options);
  release(there);
  assert_int_equal(server_end(server), 0);
}

static void interfaces_are_asked_for_apart(void **state) {
  Server *server = *state;
  ICalculator *there;
  const IID iids[] = { IID_IUnknown, IID_IPersist, IID_IStream };
  Pending query = { 0 };
  HRESULT status = E_FAIL;
  IUnknown *face;
  assert_int_equal(server_connect(server, &there), S_OK);
  IUnknown *object = (IUnknown *)there;
  assert_int_equal(remote_query_begin(object, iids, 3, pending_done, &query, &query.call), S_OK);
  assert_true(apartment_wait(is_done, &query, apartment_after(20)));
  remote_call_finish(query.call, NULL, &status);
  assert_int_equal(status, S_OK);
  assert_int_equal(IUnknown_QueryInterface(object, &IID_IStream, (void **)&face), E_NOINTERFACE);
  assert_int_equal(remote_query_begin(object, &iids[1], 2, pending_done, &query, &query.call), S_FALSE);
  query = (Pending){ 0 };
  assert_int_equal(remote_query_begin(object, &IID_IStorage, 1, pending_done, &query, &query.call), S_OK);
  remote_call_cancel(query.call, RPC_E_CALL_CANCELED);
  assert_true(query.done);
  remote_call_finish(query.call, NULL, &status);
  assert_int_equal(status, RPC_E_CALL_CANCELED);
  release(there);
  assert_int_equal(server_end(server), 0);
}

int main(int count, char **arguments) {
  program = arguments[0];
  if (count > 1 && strcmp(arguments[1], "serve") == 0)
    return serve();
  if (count > 1 && strcmp(arguments[1], "visitors") == 0)
    return serve_visitors();
  if (count > 1 && strcmp(arguments[1], "visit") == 0)
    return visit();
  setenv("OLEANDER_RUNTIME", scratch_make(), 1);
#define PROCESS_TEST(function) cmocka_unit_test_setup_teardown(function, begin, end)
  const struct CMUnitTest tests[] = {
    PROCESS_TEST(an_interface_that_nobody_registered_is_called),
    PROCESS_TEST(calls_go_back_and_forth),
    PROCESS_TEST(a_single_threaded_server_hears_that_a_call_was_given_up),
    PROCESS_TEST(a_server_that_dies_is_told),
    PROCESS_TEST(events_come_back),
    PROCESS_TEST(calls_can_be_begun_and_ended_apart),
    PROCESS_TEST(calls_begun_apart_are_late_when_their_proxy_says_so),
    PROCESS_TEST(interfaces_are_asked_for_apart),
    PROCESS_TEST(servers_may_die_at_any_moment),
    cmocka_unit_test(visitors_leave_nothing_behind),
  };
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  scratch_remove();
  return failed;
}
