/* The COM service, through the calls that processes make to it. The test is its own local server: run with "serve". */
#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "activation/local/broker_api.h"
#include "com/com_api.h"
#include "remote/rpc/rpc_api.h"
#include "support/scratch.h"

static const CLSID CLASS_A = { 0xa, 1, 2, { 3 } }, CLASS_B = { 0xb, 1, 2, { 3 } };

/* Calls */

typedef struct Asked {
  RpcCall call;
  struct iovec piece;
  bool over;
} Asked;

static void done(RpcCall *call) {
  OBJECT_CONTAINER(call, Asked, call)->over = true;
}

static bool is_over(void *asked) {
  return ((Asked *)asked)->over;
}

/* Takes the body over; it stays until the call is over. */
static void begin(RpcChannel *channel, Asked *asked, BrokerCall what, BrokerWriter body) {
  *asked = (Asked){ .call = { .iid = IID_OleanderBroker, .opnum = (uint16_t)what, .piece_count = 1, .done = done },
                    .piece = { body.data, body.size } };
  asked->call.pieces = &asked->piece;
  channel->methods->start(channel, &asked->call);
}

static void wait_for(Asked *asked) {
  assert_true(apartment_wait(is_over, asked, apartment_after(60)));
  free(asked->piece.iov_base);
  asked->piece.iov_base = NULL;
}

/* The HRESULT, with the cursor behind it. */
static HRESULT answer(Asked *asked, Cursor *cursor) {
  wait_for(asked);
  assert_int_equal(asked->call.outcome, RPC_ANSWERED);
  *cursor = cursor_over(asked->call.reply->data, asked->call.reply->size);
  return (HRESULT)cursor_u32(cursor);
}

static void end(Asked *asked) {
  rpc_buffer_release(asked->call.reply);
}

/* For calls of which only the HRESULT matters. */
static HRESULT ask(RpcChannel *channel, BrokerCall what, BrokerWriter body) {
  Asked asked;
  Cursor cursor;
  begin(channel, &asked, what, body);
  HRESULT status = answer(&asked, &cursor);
  end(&asked);
  return status;
}

static RpcChannel *connect_as(const char *scope) {
  RpcChannel *channel;
  BrokerWriter body = { 0 };
  assert_int_equal(rpc_unix_connect(queue_of_thread(), BROKER_SOCKET, NULL, &channel), S_OK);
  broker_put_text(&body, scope);
  broker_put_text(&body, "test");
  assert_int_equal(ask(channel, BROKER_HELLO, body), S_OK);
  return channel;
}

static uint32_t register_class(RpcChannel *channel, REFCLSID clsid, DWORD flags, const char *reference) {
  BrokerWriter body = { 0 };
  Asked asked;
  Cursor cursor;
  broker_put_guid(&body, clsid);
  broker_put_u32(&body, flags);
  broker_put_text(&body, reference);
  begin(channel, &asked, BROKER_REGISTER_CLASS, body);
  assert_int_equal(answer(&asked, &cursor), S_OK);
  uint32_t cookie = cursor_u32(&cursor);
  end(&asked);
  return cookie;
}

static HRESULT with_cookie(RpcChannel *channel, BrokerCall what, uint32_t cookie) {
  BrokerWriter body = { 0 };
  broker_put_u32(&body, cookie);
  return ask(channel, what, body);
}

static HRESULT simply(RpcChannel *channel, BrokerCall what) {
  return ask(channel, what, (BrokerWriter){ 0 });
}

/* Asks for a class object; `mode`: how the program behaves that is started for it, NULL: none is. */
static void want(RpcChannel *channel, Asked *asked, REFCLSID clsid, const char *mode, uint32_t seconds) {
  BrokerWriter body = { 0 };
  char self[4096], runtime[4200];
  ssize_t size = readlink("/proc/self/exe", self, sizeof self - 1);
  self[size] = 0;
  broker_put_guid(&body, clsid);
  broker_put_u32(&body, seconds);
  broker_put_u32(&body, mode ? 3 : 0);
  if (mode) {
    broker_put_text(&body, *mode == '/' ? mode : self);
    broker_put_text(&body, "serve");
    broker_put_text(&body, mode);
  }
  snprintf(runtime, sizeof runtime, "OLEANDER_RUNTIME=%s", getenv("OLEANDER_RUNTIME"));
  broker_put_u32(&body, 2);
  broker_put_text(&body, runtime);
  broker_put_text(&body, "GREETING=hello");
  begin(channel, asked, BROKER_GET_CLASS_OBJECT, body);
}

/* What came: the reference as text, or the error. */
static HRESULT got(Asked *asked, char text[4096]) {
  Cursor cursor;
  size_t size;
  HRESULT status = answer(asked, &cursor);
  const uint8_t *bytes = broker_get_blob(&cursor, &size);
  assert_true(bytes && size < 4096);
  memcpy(text, bytes, size);
  text[size] = 0;
  end(asked);
  return status;
}

static void assert_got(RpcChannel *channel, REFCLSID clsid, const char *mode, HRESULT expected, const char *part) {
  char text[4096];
  Asked asked;
  want(channel, &asked, clsid, mode, 30);
  HRESULT status = got(&asked, text);
  if (status != expected || !strstr(text, part))
    fail_msg("0x%08X: %s", (unsigned)status, text);
}

/* A local server: argv is serve, mode, -Embedding. */

static int serve(const char *mode, const char *embedding) {
  static char reference[100];
  snprintf(reference, sizeof reference, "of %d", (int)getpid());
  if (strcmp(embedding, "-Embedding") != 0 || strcmp(getenv("GREETING"), "hello") != 0 || getenv("SECRET"))
    return 99;
  if (strcmp(mode, "exits") == 0) {
    fprintf(stderr, "cannot find\nthe thing\n");
    return 7;
  }
  if (strcmp(mode, "crashes") == 0)
    kill(getpid(), SIGKILL);
  if (strcmp(mode, "stays") == 0) {
    fprintf(stderr, "thinking\n");
    pause();
  }
  RpcChannel *channel = connect_as("scope");
  if (strcmp(mode, "single") == 0)
    register_class(channel, &CLASS_A, REGCLS_SINGLEUSE, reference);
  if (strcmp(mode, "suspended") == 0) {
    register_class(channel, &CLASS_A, REGCLS_MULTIPLEUSE | REGCLS_SUSPENDED, "too early");
    register_class(channel, &CLASS_B, REGCLS_MULTIPLEUSE, "b");
    usleep(100000);
    simply(channel, BROKER_RESUME_CLASSES);
  }
  if (strcmp(mode, "multiple") == 0)
    register_class(channel, &CLASS_A, REGCLS_MULTIPLEUSE, reference);
  while (apartment_wait(NULL, NULL, apartment_after(60)))
    if (rpc_unix_connect(queue_of_thread(), BROKER_SOCKET, NULL, &channel) != S_OK)
      return 0;
  return 0;
}

/* The service of each test */

static pid_t service;

/* In the foreground, so that it is ours to wait for; its words go to a file. */
static void start_service(void) {
  char *arguments[] = { TEST_BINARY_DIR "/bin/oleanderd", "--foreground", NULL };
  extern char **environ;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 2, scratch_path("log"), 01 | 0100 | 02000, 0600);
  assert_int_equal(posix_spawn(&service, arguments[0], &actions, NULL, arguments, environ), 0);
  posix_spawn_file_actions_destroy(&actions);
  for (int tries = 0; tries < 5000; tries++) {
    RpcChannel *channel;
    if (rpc_unix_connect(queue_of_thread(), BROKER_SOCKET, NULL, &channel) == S_OK) {
      rpc_channel_release(channel);
      return;
    }
    usleep(2000);
  }
  fail_msg("the service does not listen");
}

static void end_service(int signal) {
  kill(service, signal);
  waitpid(service, NULL, 0);
}

static int set_up(void **state) {
  (void)state;
  setenv("OLEANDER_RUNTIME", scratch_make(), 1);
  setenv("SECRET", "x", 1);
  start_service();
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  rpc_queue_end(queue_of_thread());
  end_service(SIGTERM);
  scratch_remove();
  return 0;
}

static void classes_are_found_in_their_scope(void **state) {
  RpcChannel *server = connect_as("scope"), *client = connect_as("scope"), *stranger = connect_as("other");
  (void)state;
  assert_got(client, &CLASS_A, NULL, REGDB_E_CLASSNOTREG, "");
  uint32_t cookie = register_class(server, &CLASS_A, REGCLS_MULTIPLEUSE, "first");
  for (int i = 0; i < 3; i++)
    assert_got(client, &CLASS_A, NULL, S_OK, "first");
  assert_got(client, &CLASS_B, NULL, REGDB_E_CLASSNOTREG, "");
  assert_got(stranger, &CLASS_A, NULL, REGDB_E_CLASSNOTREG, "");
  assert_int_equal(with_cookie(client, BROKER_REVOKE_CLASS, cookie), E_INVALIDARG); /* not its own */
  assert_int_equal(with_cookie(server, BROKER_REVOKE_CLASS, cookie), S_OK);
  assert_got(client, &CLASS_A, NULL, REGDB_E_CLASSNOTREG, "");
  register_class(server, &CLASS_A, REGCLS_SINGLEUSE, "once");
  assert_got(client, &CLASS_A, NULL, S_OK, "once");
  assert_got(client, &CLASS_A, NULL, REGDB_E_CLASSNOTREG, "");
  cookie = register_class(server, &CLASS_A, REGCLS_MULTIPLEUSE | REGCLS_SUSPENDED, "late");
  assert_got(client, &CLASS_A, NULL, REGDB_E_CLASSNOTREG, "");
  simply(server, BROKER_RESUME_CLASSES);
  assert_got(client, &CLASS_A, NULL, S_OK, "late");
  simply(server, BROKER_SUSPEND_CLASSES);
  assert_got(client, &CLASS_A, NULL, REGDB_E_CLASSNOTREG, "");
  simply(server, BROKER_RESUME_CLASSES);
  with_cookie(client, BROKER_CLASS_IS_GONE, cookie);
  assert_got(client, &CLASS_A, NULL, REGDB_E_CLASSNOTREG, "");
  register_class(server, &CLASS_A, REGCLS_MULTIPLEUSE, "first");
  rpc_channel_release(server); /* its registrations go with it */
  simply(client, BROKER_STATUS);
  while (apartment_wait(NULL, NULL, apartment_after(0.05)))
    ;
  assert_got(client, &CLASS_A, NULL, REGDB_E_CLASSNOTREG, "");
  rpc_channel_release(client);
  rpc_channel_release(stranger);
}

static void a_program_is_started_once_for_all(void **state) {
  enum { COUNT = 100 };
  static Asked asked[COUNT];
  static RpcChannel *clients[COUNT];
  char first[4096], text[4096];
  (void)state;
  for (int i = 0; i < COUNT; i++)
    clients[i] = connect_as("scope");
  for (int i = 0; i < COUNT; i++)
    want(clients[i], &asked[i], &CLASS_A, "multiple", 30);
  for (int i = 0; i < COUNT; i++) {
    assert_int_equal(got(&asked[i], i ? text : first), S_OK);
    if (i)
      assert_string_equal(text, first);
    rpc_channel_release(clients[i]);
  }
  RpcChannel *client = connect_as("scope");
  assert_got(client, &CLASS_A, "multiple", S_OK, first);
  kill(atoi(first + 3), SIGKILL); /* noticed at once, and replaced */
  usleep(100000);
  assert_got(client, &CLASS_A, "multiple", S_OK, "of ");
  rpc_channel_release(client);
}

static void single_use_takes_a_process_each(void **state) {
  enum { COUNT = 4 };
  Asked asked[COUNT];
  char texts[COUNT][4096];
  RpcChannel *client = connect_as("scope");
  (void)state;
  for (int i = 0; i < COUNT; i++)
    want(client, &asked[i], &CLASS_A, "single", 30);
  for (int i = 0; i < COUNT; i++) {
    assert_int_equal(got(&asked[i], texts[i]), S_OK);
    for (int j = 0; j < i; j++)
      assert_string_not_equal(texts[i], texts[j]);
  }
  rpc_channel_release(client);
}

static void a_suspended_class_is_waited_for(void **state) {
  RpcChannel *client = connect_as("scope");
  (void)state;
  assert_got(client, &CLASS_A, "suspended", S_OK, "too early");
  assert_got(client, &CLASS_B, "suspended", S_OK, "b");
  rpc_channel_release(client);
}

static void failures_say_what_happened(void **state) {
  RpcChannel *client = connect_as("scope");
  char text[4096];
  Asked asked;
  (void)state;
  assert_got(client, &CLASS_A, "exits", CO_E_SERVER_EXEC_FAILURE, "exit status 7");
  assert_got(client, &CLASS_A, "exits", CO_E_SERVER_EXEC_FAILURE, "cannot find\nthe thing");
  assert_got(client, &CLASS_A, "crashes", CO_E_SERVER_EXEC_FAILURE, "signal 9");
  assert_got(client, &CLASS_A, "/no/such/program", CO_E_SERVER_EXEC_FAILURE, "No such file");
  assert_got(client, &CLASS_A, "/etc/passwd", CO_E_SERVER_EXEC_FAILURE, "Permission denied");
  want(client, &asked, &CLASS_A, "stays", 1);
  assert_int_equal(got(&asked, text), CO_E_SERVER_EXEC_FAILURE);
  assert_non_null(strstr(text, "within 1 seconds"));
  assert_non_null(strstr(text, "thinking"));
  assert_non_null(strstr(text, "0000000A-0001"));
  assert_got(client, &CLASS_A, "multiple", S_OK, "of ");
  rpc_channel_release(client);
}

static HRESULT get_running(RpcChannel *channel, const char *key, char text[4096]) {
  BrokerWriter body = { 0 };
  Asked asked;
  broker_put_text(&body, key);
  begin(channel, &asked, BROKER_GET_RUNNING, body);
  return got(&asked, text);
}

static uint32_t register_running(RpcChannel *channel, const char *key, const char *reference, uint32_t already) {
  BrokerWriter body = { 0 };
  Asked asked;
  Cursor cursor;
  broker_put_text(&body, key);
  broker_put_text(&body, "moniker");
  broker_put_text(&body, reference);
  broker_put_u32(&body, 1);
  broker_put_u32(&body, 2);
  begin(channel, &asked, BROKER_REGISTER_RUNNING, body);
  assert_int_equal(answer(&asked, &cursor), S_OK);
  uint32_t cookie = cursor_u32(&cursor);
  assert_int_equal(cursor_u32(&cursor), already);
  end(&asked);
  return cookie;
}

static void running_objects_are_shared(void **state) {
  RpcChannel *server = connect_as("scope"), *client = connect_as("other");
  char text[4096];
  (void)state;
  assert_int_equal(get_running(client, "key", text), MK_E_UNAVAILABLE);
  uint32_t first = register_running(server, "key", "one", 0);
  uint32_t second = register_running(server, "key", "two", 1);
  register_running(server, "other key", "three", 0);
  assert_int_equal(get_running(client, "key", text), S_OK);
  assert_string_equal(text, "two");
  assert_int_equal(with_cookie(server, BROKER_REVOKE_RUNNING, second), S_OK);
  assert_int_equal(get_running(client, "key", text), S_OK);
  assert_string_equal(text, "one");
  assert_int_equal(with_cookie(server, BROKER_REVOKE_RUNNING, first), S_OK);
  assert_int_equal(with_cookie(server, BROKER_REVOKE_RUNNING, first), E_INVALIDARG);
  assert_int_equal(get_running(client, "key", text), MK_E_UNAVAILABLE);
  assert_int_equal(get_running(client, "other key", text), S_OK);
  rpc_channel_release(server);
  rpc_channel_release(client);
}

static void nonsense_is_refused(void **state) {
  RpcChannel *client = connect_as("scope"), *silent;
  (void)state;
  for (int what = BROKER_HELLO; what <= BROKER_STATUS; what++) {
    BrokerWriter body = { 0 };
    broker_put_u32(&body, 0xffffffff);
    HRESULT status = ask(client, (BrokerCall)what, body);
    bool plain = what == BROKER_SUSPEND_CLASSES || what == BROKER_RESUME_CLASSES || what == BROKER_CLASS_IS_GONE ||
                 what == BROKER_ENUM_RUNNING || what == BROKER_STATUS;
    assert_true(plain ? status == S_OK : FAILED(status));
  }
  assert_int_equal(rpc_unix_connect(queue_of_thread(), BROKER_SOCKET, NULL, &silent), S_OK);
  assert_int_equal(simply(silent, BROKER_STATUS), E_UNEXPECTED); /* without a hello */
  rpc_channel_release(silent);
  rpc_channel_release(client);
}

/* The servers that were there come again, and the first client waits for them instead of starting another. */
static void a_new_service_waits_for_the_servers_of_the_old(void **state) {
  char text[4096];
  Asked asked;
  RpcChannel *client, *server;
  (void)state;
  end_service(SIGKILL);
  start_service();
  client = connect_as("scope");
  want(client, &asked, &CLASS_A, "exits", 30);
  server = connect_as("scope");
  register_class(server, &CLASS_A, REGCLS_MULTIPLEUSE, "there already");
  assert_int_equal(got(&asked, text), S_OK);
  assert_string_equal(text, "there already");
  rpc_channel_release(client);
  rpc_channel_release(server);
}

/* The program in the background */

static int run(char *const *arguments, char *output, size_t size) {
  extern char **environ;
  posix_spawn_file_actions_t actions;
  int ends[2], status;
  pid_t child;
  assert_int_equal(pipe(ends), 0);
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
  posix_spawn_file_actions_adddup2(&actions, ends[1], 2);
  posix_spawn_file_actions_addclosefrom_np(&actions, 3);
  assert_int_equal(posix_spawn(&child, arguments[0], &actions, NULL, arguments, environ), 0);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  size_t filled = 0;
  for (ssize_t some; filled < size - 1 && (some = read(ends[0], output + filled, size - 1 - filled)) > 0;)
    filled += (size_t)some;
  output[filled] = 0;
  close(ends[0]);
  waitpid(child, &status, 0);
  return WEXITSTATUS(status);
}

static void it_leaves_when_nobody_comes(void **state) {
  char *arguments[] = { TEST_BINARY_DIR "/bin/oleanderd", NULL, NULL };
  char output[4096];
  RpcChannel *channel;
  (void)state;
  assert_int_equal(run(arguments, output, sizeof output), 0); /* one is there */
  assert_string_equal(output, "");
  end_service(SIGTERM);
  assert_int_not_equal(access(scratch_path("broker"), F_OK), 0);
  setenv("OLEANDER_IDLE_TIMEOUT", "0.2", 1);
  assert_int_equal(run(arguments, output, sizeof output), 0);
  assert_string_equal(output, "");
  channel = connect_as("scope"); /* it listens when the program has returned */
  usleep(500000);
  simply(channel, BROKER_STATUS); /* and stays while somebody is there */
  rpc_channel_release(channel);
  rpc_queue_end(queue_of_thread());
  for (int tries = 0; tries < 1000 && access(scratch_path("broker"), F_OK) == 0; tries++)
    usleep(10000);
  assert_int_not_equal(access(scratch_path("broker"), F_OK), 0);
  unsetenv("OLEANDER_IDLE_TIMEOUT");
  arguments[1] = "--version";
  assert_int_equal(run(arguments, output, sizeof output), 0);
  assert_non_null(strstr(output, "oleanderd "));
  arguments[1] = "--nonsense";
  assert_int_equal(run(arguments, output, sizeof output), 2);
  assert_non_null(strstr(output, "--nonsense"));
  arguments[1] = NULL;
  chmod(getenv("OLEANDER_RUNTIME"), 0755);
  assert_int_equal(run(arguments, output, sizeof output), 1);
  assert_non_null(strstr(output, "0700"));
  chmod(getenv("OLEANDER_RUNTIME"), 0700);
  start_service();
}

/* As systemd starts it: with a socket that listens. */
static void it_takes_a_socket_from_a_service_manager(void **state) {
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  (void)state;
  end_service(SIGTERM);
  snprintf(address.sun_path, sizeof address.sun_path, "%s", scratch_path("broker"));
  int listening = socket(AF_UNIX, SOCK_STREAM, 0);
  assert_int_equal(bind(listening, (struct sockaddr *)&address, sizeof address), 0);
  assert_int_equal(listen(listening, 10), 0);
  service = fork();
  if (service == 0) {
    char pid[20];
    snprintf(pid, sizeof pid, "%d", (int)getpid());
    setenv("LISTEN_PID", pid, 1);
    setenv("LISTEN_FDS", "1", 1);
    dup2(listening, 3);
    if (listening != 3)
      close(listening);
    freopen("/dev/null", "w", stderr);
    execl(TEST_BINARY_DIR "/bin/oleanderd", "oleanderd", "--foreground", (char *)NULL);
    _exit(1);
  }
  close(listening);
  RpcChannel *channel = connect_as("scope");
  assert_int_equal(simply(channel, BROKER_STATUS), S_OK);
  rpc_channel_release(channel);
  end_service(SIGTERM);
  assert_int_equal(access(scratch_path("broker"), F_OK), 0); /* not its own to remove */
  start_service();
}

int main(int argc, char **argv) {
  if (argc == 4 && strcmp(argv[1], "serve") == 0)
    return serve(argv[2], argv[3]);
  static const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(classes_are_found_in_their_scope, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_program_is_started_once_for_all, set_up, tear_down),
    cmocka_unit_test_setup_teardown(single_use_takes_a_process_each, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_suspended_class_is_waited_for, set_up, tear_down),
    cmocka_unit_test_setup_teardown(failures_say_what_happened, set_up, tear_down),
    cmocka_unit_test_setup_teardown(running_objects_are_shared, set_up, tear_down),
    cmocka_unit_test_setup_teardown(nonsense_is_refused, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_new_service_waits_for_the_servers_of_the_old, set_up, tear_down),
    cmocka_unit_test_setup_teardown(it_leaves_when_nobody_comes, set_up, tear_down),
    cmocka_unit_test_setup_teardown(it_takes_a_socket_from_a_service_manager, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
