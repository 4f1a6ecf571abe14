/* Peers that send nonsense, halves of something, or nothing: over the bare socket, to a server and to a client. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include <oaidl.h>
#include <oleauto.h>

#include "com/com_api.h"
#include "remote/rpc/channel.h"
#include "remote/rpc/pdu.h"
#include "remote/rpc/runtime_directory.h"
#include "remote/rpc_echo.h"
#include "support/scratch.h"

/* Bytes as hexadecimal digits; [n] is n zeros. */
static size_t bytes_of(const char *text, uint8_t *bytes) {
  size_t count = 0;
  while (*text) {
    unsigned value;
    if (*text == ' ') {
      text++;
    } else if (*text == '[') {
      size_t zeros = strtoul(text + 1, NULL, 10);
      memset(bytes + count, 0, zeros);
      count += zeros;
      text = strchr(text, ']') + 1;
    } else {
      assert_int_equal(sscanf(text, "%2x", &value), 1);
      bytes[count++] = (uint8_t)value;
      text += 2;
    }
  }
  return count;
}

static void address_of(const char *name, struct sockaddr_un *address) {
  *address = (struct sockaddr_un){ .sun_family = AF_UNIX };
  snprintf(address->sun_path, sizeof address->sun_path, "%s", scratch_path(name));
}

static int bare_connect(const char *name) {
  struct sockaddr_un address;
  int made = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  address_of(name, &address);
  assert_int_equal(connect(made, (struct sockaddr *)&address, sizeof address), 0);
  return made;
}

/* A call over the carrier, to show that the server is well. */

static void done(RpcCall *call) {
  call->piece_count = 1000;
}

static bool is_over(void *call) {
  return ((RpcCall *)call)->piece_count == 1000;
}

static void call(RpcChannel *channel, RpcCall *made, bool wait) {
  *made = (RpcCall){ .iid = IID_ECHO, .opnum = ECHO_BACK, .done = done };
  channel->methods->start(channel, made);
  if (wait)
    assert_true(apartment_wait(is_over, made, apartment_after(60)));
}

static void assert_well(const char *name) {
  RpcChannel *channel;
  RpcCall made;
  assert_int_equal(rpc_unix_connect(queue_of_thread(), name, NULL, &channel), S_OK);
  call(channel, &made, true);
  assert_int_equal(made.outcome, RPC_ANSWERED);
  rpc_buffer_release(made.reply);
  rpc_channel_release(channel);
}

#define NDR_HEX   "045d888a eb1c c911 9fe8 08002b104860 02000000"
#define ECHO_HEX  "40ec40ec 0100 0200 030405060708090a 00000000"
#define LARGE_HEX "61656c4f 646e 7265 8c1f9d5e0b7a6a01 00000000"
#define BIND      "05000b03 10000000 4800 0000 01000000 d016 d016 00000000 01000000 0100 01 00" ECHO_HEX NDR_HEX
#define BIND_LARGE                                                                                                     \
  "05000b03 10000000 7400 0000 01000000 d016 d016 00000000 02000000 0000 01 00" LARGE_HEX NDR_HEX                      \
  "0100 01 00" ECHO_HEX NDR_HEX
#define REQUEST "05000003 10000000 1800 0000 05000000 00000000 0100 0000"

typedef enum Fate {
  CLOSED, /* the server closes */
  OPEN,   /* it waits for more */
  FAULTED /* a fault, or a bind_nak, comes */
} Fate;

static const struct {
  const char *what, *bytes;
  Fate fate;
} clients[] = {
  { "text", "474554202f20485454502f312e310d0a0d0a", CLOSED },
  { "half a header", "0500 0b03", OPEN },
  { "half a bind", "05000b03 10000000 4800 0000 01000000 d016", OPEN },
  { "another version", "04000b03 10000000 4800 0000 01000000", CLOSED },
  { "a length below the header's", "05000b03 10000000 0800 0000 01000000", CLOSED },
  { "more items than bytes", "05000b03 10000000 2000 0000 01000000 d016 d016 00000000 ff000000 [4]", CLOSED },
  { "more syntaxes than bytes",
    "05000b03 10000000 4800 0000 01000000 d016 d016 00000000 01000000 0100 ff 00" ECHO_HEX NDR_HEX, CLOSED },
  { "a response", "05000203 10000000 1800 0000 05000000 [8]", CLOSED },
  { "a bind_ack", "05000c03 10000000 2000 0000 05000000 [16]", CLOSED },
  { "a shutdown", "05001103 10000000 1000 0000 05000000", CLOSED },
  { "a request before the bind", REQUEST, FAULTED },
  { "a context that was not asked for", BIND "05000003 10000000 1800 0000 05000000 00000000 0700 0000", FAULTED },
  { "a bind with a provider",
    "05000b03 10000000 6000 1000 01000000 d016 d016 00000000 01000000 0100 01 00" ECHO_HEX NDR_HEX
    "0a020000 01000000 [16]",
    FAULTED },
  { "a request with a trailer", BIND "05000003 10000000 3000 1000 05000000 00000000 0100 0000 [24]", CLOSED },
  { "a later fragment first", BIND "05000002 10000000 1800 0000 05000000 00000000 0100 0000", CLOSED },
  { "a first fragment twice",
    BIND "05000001 10000000 1800 0000 05000000 00000000 0100 0000"
         "05000001 10000000 1800 0000 05000000 00000000 0100 0000",
    CLOSED },
  { "another method in the later fragment",
    BIND "05000001 10000000 1800 0000 05000000 00000000 0100 0000"
         "05000002 10000000 1800 0000 05000000 00000000 0100 0100",
    CLOSED },
  { "a large fragment that is not agreed", BIND "05000003 10000000 0000 0000 05000000 00000001 0100 0000", CLOSED },
  { "a large fragment of 4 GiB", BIND_LARGE "05000003 10000000 0000 0000 05000000 ffffffff 0100 0000", CLOSED },
  { "a large fragment of which little comes",
    BIND_LARGE "05000003 10000000 0000 0000 05000000 00000030 0100 0000 [100]", OPEN },
  { "large fragments that would fill the memory",
    BIND_LARGE "05000001 10000000 0000 0000 05000000 08000000 0100 0000 [8] 05000002 10000000 0000 0000 05000000 "
               "f8ffff3f 0100 0000 [1000]",
    OPEN },
  { "and one byte more",
    BIND_LARGE "05000001 10000000 0000 0000 05000000 08000000 0100 0000 [8] 05000002 10000000 0000 0000 05000000 "
               "f9ffff3f 0100 0000 [1000]",
    CLOSED },
  { "cancels of nothing", BIND "05001203 10000000 1000 0000 05000000 05001303 10000000 1000 0000 05000000", OPEN },
};

/* What becomes of the connection: everything it sends is read. */
static Fate fate_of(int connection) {
  uint8_t bytes[4096];
  struct pollfd polled = { .fd = connection, .events = POLLIN };
  Fate fate = OPEN;
  while (poll(&polled, 1, fate == OPEN ? 300 : 50) == 1) {
    ssize_t size = read(connection, bytes, sizeof bytes);
    if (size <= 0)
      return CLOSED;
    for (ssize_t at = 0; at + 16 <= size && bytes[at + 8]; at += bytes[at + 8] | bytes[at + 9] << 8) {
      if (bytes[at + 2] == PDU_FAULT || bytes[at + 2] == PDU_BIND_NAK)
        fate = FAULTED;
    }
  }
  return fate;
}

static void a_server_survives_its_clients(void **state) {
  static uint8_t bytes[8192];
  (void)state;
  pid_t server = echo_start("echo");
  for (size_t i = 0; i < sizeof clients / sizeof clients[0]; i++) {
    int connection = bare_connect("echo");
    size_t size = bytes_of(clients[i].bytes, bytes);
    assert_int_equal(write(connection, bytes, size), size);
    Fate fate = fate_of(connection);
    if (fate != clients[i].fate)
      fail_msg("%s: fate %d", clients[i].what, fate);
    assert_well("echo");
    close(connection);
  }
  /* Byte by byte, and everything at once. */
  int slow = bare_connect("echo");
  size_t size = bytes_of(BIND REQUEST, bytes);
  for (size_t i = 0; i < size; i++)
    assert_int_equal(write(slow, bytes + i, 1), 1);
  assert_int_equal(recv(slow, bytes, 56, MSG_WAITALL), 56);
  assert_int_equal(recv(slow, bytes, 24, MSG_WAITALL), 24);
  assert_int_equal(bytes[2], PDU_RESPONSE);
  close(slow);
  echo_stop(server);
}

/* One that announces much on many connections takes no memory for it. */
static void announcements_cost_nothing(void **state) {
  enum { COUNT = 200 };
  static uint8_t bytes[8192];
  int connections[COUNT];
  (void)state;
  pid_t server = echo_start("echo");
  size_t size = bytes_of(BIND_LARGE "05000003 10000000 0000 0000 05000000 00000030 0100 0000 [100]", bytes);
  for (int i = 0; i < COUNT; i++) {
    connections[i] = bare_connect("echo");
    assert_int_equal(write(connections[i], bytes, size), size);
  }
  assert_well("echo");
  for (int i = 0; i < COUNT; i++)
    close(connections[i]);
  assert_well("echo");
  echo_stop(server);
}

/* Servers */

#define ACK                                                                                                            \
  "05000c03 10000000 5000 0000 01000080 d016 d016 01000000 0000 0000 02000000 0000 0000" NDR_HEX "0000 0000" NDR_HEX
#define REFUSAL                                                                                                        \
  "05000c03 10000000 5000 0000 01000080 d016 d016 01000000 0000 0000 02000000 0200 0100 [20] 0200 0100 [20]"

static const struct {
  const char *what, *bytes; /* after the bind and the request have come */
  bool closes;
  RpcOutcome outcome;
} servers[] = {
  { "nothing", "", true, RPC_NOT_SENT },
  { "half a header", "0500", true, RPC_NOT_SENT },
  { "text", "48545450 2f312e31 20343034 204e6f74", false, RPC_NO_ANSWER },
  { "a request", REQUEST, false, RPC_NO_ANSWER },
  { "a bind_nak", "05000d03 10000000 1600 0000 01000080 0000 01 05 0000", false, RPC_NOT_SENT },
  { "half a reply", "05000203 10000000 2800 0000 00000000 10000000 0100 0000 [4]", true, RPC_NOT_SENT },
  { "a fragment of a reply", "05000201 10000000 1800 0000 00000000 10000000 0100 0000", true, RPC_NOT_SENT },
  { "a reply to nobody, then ours", "05000203 10000000 1800 0000 77000000 [8] 05000203 10000000 1800 0000 00000000 [8]",
    false, RPC_ANSWERED },
  { "a reply without a bind_ack", "05000203 10000000 1800 0000 00000000 [8]", false, RPC_ANSWERED },
  { "a fault that is too short", "05000303 10000000 1800 0000 00000000 [8]", false, RPC_NO_ANSWER },
  { "a fault with more behind it", "05000323 10000000 3000 0000 00000000 [8] 05000000 [20]", false, RPC_FAULTED },
  { "an alter_context's answer", "05000f03 10000000 3800 0000 01000080 [40]", false, RPC_NO_ANSWER },
  { "a trailer that we did not ask for", "05000203 10000000 3000 1000 00000000 [32]", false, RPC_NO_ANSWER },
  { "a large reply without an agreement", "05000203 10000000 0000 0000 00000000 00100000 [4]", false, RPC_NO_ANSWER },
  { "nothing after the bind", ACK, true, RPC_NO_ANSWER },
  { "text after the bind", ACK "48545450 2f312e31 20343034 204e6f74", false, RPC_NO_ANSWER },
  { "half a reply after the bind", ACK "05000203 10000000 2800 0000 00000000 10000000 0100 0000 [4]", true,
    RPC_NO_ANSWER },
  { "the bind answered twice", ACK ACK, false, RPC_NO_ANSWER },
  { "a bind that is refused in part", REFUSAL "05000323 10000000 2000 0000 00000000 [8] 03000108 [4]", false,
    RPC_FAULTED },
  { "a large reply of 4 GiB", ACK "05000203 10000000 0000 0000 00000000 ffffffff 0100 0000", false, RPC_NO_ANSWER },
};

static struct {
  int listening;
  size_t which;
} bad;

static void *be_bad(void *unused) {
  static uint8_t bytes[8192];
  int connection = accept(bad.listening, NULL, NULL);
  size_t size = 0;
  while (size < 116 + 24) { /* the bind and the request */
    ssize_t some = read(connection, bytes, sizeof bytes);
    if (some <= 0)
      break;
    size += (size_t)some;
  }
  size = bytes_of(servers[bad.which].bytes, bytes);
  (void)!write(connection, bytes, size);
  while (!servers[bad.which].closes && read(connection, bytes, sizeof bytes) > 0)
    ;
  close(connection);
  return unused;
}

static void a_client_survives_its_servers(void **state) {
  struct sockaddr_un address;
  (void)state;
  address_of("bad", &address);
  bad.listening = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  assert_int_equal(bind(bad.listening, (struct sockaddr *)&address, sizeof address), 0);
  assert_int_equal(listen(bad.listening, 10), 0);
  for (bad.which = 0; bad.which < sizeof servers / sizeof servers[0]; bad.which++) {
    pthread_t thread;
    RpcChannel *channel;
    RpcCall made;
    pthread_create(&thread, NULL, be_bad, NULL);
    assert_int_equal(rpc_unix_connect(queue_of_thread(), "bad", NULL, &channel), S_OK);
    call(channel, &made, true);
    if (made.outcome != servers[bad.which].outcome)
      fail_msg("%s: outcome %d", servers[bad.which].what, made.outcome);
    rpc_buffer_release(made.reply);
    rpc_channel_release(channel);
    pthread_join(thread, NULL);
  }
  close(bad.listening);
}

/* The runtime directory */

static HRESULT listens(void) {
  RpcListener *listener;
  HRESULT status = rpc_unix_listen(queue_of_thread(), "x", &(RpcServer){ 0 }, &listener);
  rpc_listener_close(listener, true);
  return status;
}

/* The description of the error that was set, in ASCII. */
static const char *said(void) {
  static char text[1024];
  IErrorInfo *error;
  BSTR description = NULL;
  *text = 0;
  if (GetErrorInfo(0, &error) != S_OK)
    return text;
  IErrorInfo_GetDescription(error, &description);
  IErrorInfo_Release(error);
  for (unsigned i = 0; i < SysStringLen(description) && i + 1 < sizeof text; i++)
    text[i] = (char)description[i], text[i + 1] = 0;
  SysFreeString(description);
  return text;
}

static void assert_refused(const char *path, HRESULT expected, const char *reason) {
  setenv("OLEANDER_RUNTIME", path, 1);
  assert_int_equal(listens(), expected);
  const char *text = said();
  if (!strstr(text, path) || !strstr(text, reason))
    fail_msg("%s: %s", path, text);
}

static void the_directory_must_be_ours_alone(void **state) {
  char path[300];
  (void)state;
  snprintf(path, sizeof path, "%s", scratch_path("made"));
  setenv("OLEANDER_RUNTIME", path, 1);
  assert_int_equal(listens(), S_OK);
  struct stat found;
  assert_int_equal(stat(path, &found), 0);
  assert_int_equal(found.st_mode & 0777, 0700);
  chmod(path, 0750);
  assert_refused(path, E_ACCESSDENIED, "0700");
  chmod(path, 0701);
  assert_refused(path, E_ACCESSDENIED, "0700");
  chmod(path, 0700);
  if (geteuid() == 0) {
    assert_int_equal(chown(path, 12345, 0), 0);
    assert_refused(path, E_ACCESSDENIED, "another user");
    assert_int_equal(chown(path, 0, 0), 0);
  }
  assert_int_equal(symlink(path, scratch_path("link")), 0);
  assert_refused(scratch_path("link"), E_ACCESSDENIED, "symbolic link");
  assert_refused("relative/path", E_INVALIDARG, "absolute");
  assert_refused(scratch_path("no/such/folder"), HRESULT_FROM_WIN32(ERROR_PATH_NOT_FOUND), "No such file");
  scratch_write("file", "x");
  assert_refused(scratch_path("file"), HRESULT_FROM_WIN32(ERROR_DIRECTORY), "Not a directory");
}

static void a_long_path_works(void **state) {
  char path[400];
  RpcServer server = { 0 };
  RpcListener *listener;
  RpcChannel *channel;
  (void)state;
  int size = snprintf(path, sizeof path, "%s/", scratch_path("x"));
  memset(path + size, 'y', 200);
  path[size + 200] = 0;
  path[size - 1] = 'z';
  setenv("OLEANDER_RUNTIME", path, 1);
  assert_int_equal(rpc_unix_listen(queue_of_thread(), "long", &server, &listener), S_OK);
  assert_int_equal(rpc_unix_connect(queue_of_thread(), "long", NULL, &channel), S_OK);
  rpc_channel_release(channel);
  rpc_listener_close(listener, true);
  rpc_queue_end(queue_of_thread());
}

static void sockets_of_the_dead_are_swept(void **state) {
  RpcServer server = { 0 };
  RpcListener *listener;
  int directory;
  (void)state;
  pid_t dead = echo_start("x-dead");
  echo_stop(dead);
  dead = echo_start("y-dead");
  echo_stop(dead);
  assert_int_equal(rpc_unix_listen(queue_of_thread(), "x-alive", &server, &listener), S_OK);
  scratch_write("x-file", "no socket");
  assert_int_equal(runtime_directory_open(&directory), S_OK);
  runtime_directory_sweep(directory, "x-");
  close(directory);
  assert_int_not_equal(access(scratch_path("x-dead"), F_OK), 0);
  assert_int_equal(access(scratch_path("x-alive"), F_OK), 0);
  assert_int_equal(access(scratch_path("y-dead"), F_OK), 0);
  rpc_listener_close(listener, true);
}

static int set_up(void **state) {
  (void)state;
  setenv("OLEANDER_RUNTIME", scratch_make(), 1);
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  rpc_queue_end(queue_of_thread());
  scratch_remove();
  return 0;
}

int main(void) {
  static const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(a_server_survives_its_clients, set_up, tear_down),
    cmocka_unit_test_setup_teardown(announcements_cost_nothing, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_client_survives_its_servers, set_up, tear_down),
    cmocka_unit_test_setup_teardown(the_directory_must_be_ours_alone, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_long_path_works, set_up, tear_down),
    cmocka_unit_test_setup_teardown(sockets_of_the_dead_are_swept, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
