/* The echo server (rpc_echo.h). */
#include "remote/rpc_echo.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

const IID IID_ECHO = { 0xec40ec40, 1, 2, { 3, 4, 5, 6, 7, 8, 9, 10 } };

uint16_t echo_port;

enum { HELD_LIMIT = 100000 };
static RpcRequest *held[HELD_LIMIT];
static uint32_t held_count, releases, one_ways, closings;

static void answer(RpcRequest *request, const void *bytes, size_t size) {
  struct iovec pieces[3] = { { (void *)(uintptr_t)bytes, size / 2 },
                             { NULL, 0 },
                             { (uint8_t *)(uintptr_t)bytes + size / 2, size - size / 2 } };
  rpc_request_reply(request, pieces, 3);
}

static uint32_t number_in(const RpcRequest *request) {
  uint32_t number = 0;
  if (request->stub->size >= sizeof number)
    memcpy(&number, request->stub->data, sizeof number);
  return number;
}

static void release_all(RpcRequest *request) {
  uint32_t counts[2] = { held_count, 0 };
  for (uint32_t i = 0; i < held_count; i++)
    counts[1] += held[i]->cancelled;
  for (uint32_t i = 0; i < held_count; i++)
    answer(held[i], "late", 4);
  held_count = 0;
  releases++;
  answer(request, counts, sizeof counts);
}

static bool is_released(void *before) {
  return releases != *(uint32_t *)before;
}

static void answer_length(RpcRequest *request) {
  uint32_t facts[2] = { (uint32_t)request->stub->size, 0 };
  for (size_t i = 0; i < request->stub->size; i++)
    facts[1] = facts[1] * 31 + request->stub->data[i];
  answer(request, facts, sizeof facts);
}

static void answer_many(RpcRequest *request) {
  size_t size = number_in(request);
  uint8_t *bytes = malloc(size + 1);
  for (size_t i = 0; bytes && i < size; i++)
    bytes[i] = (uint8_t)(i ^ i >> 8);
  answer(request, bytes, size);
  free(bytes);
}

static void answer_who(RpcRequest *request) {
  char text[256];
  char *name = request->principal ? principal_text(request->principal) : NULL;
  int size = snprintf(text, sizeof text, "%u %u %s", request->service, request->level, name ? name : "nobody");
  free(name);
  answer(request, text, (size_t)size);
}

static void serve(RpcServer *server, RpcRequest *request) {
  uint32_t before = releases;
  (void)server;
  rpc_channel_trust(request->channel);
  one_ways += request->one_way || request->opnum == ECHO_UNWAITED;
  if (!IsEqualGUID(&request->iid, &IID_ECHO)) {
    answer(request, &request->iid, sizeof request->iid);
    return;
  }
  switch (request->opnum) {
  case ECHO_FAULT:
    rpc_request_fault(request, number_in(request));
    break;
  case ECHO_NEVER:
    held[held_count++] = request;
    break;
  case ECHO_RELEASE:
    release_all(request);
    break;
  case ECHO_COUNT:
    answer(request, (uint32_t[]){ one_ways, closings }, 8);
    break;
  case ECHO_DIE:
    _exit(0);
  case ECHO_NESTED:
    apartment_wait(is_released, &before, APARTMENT_NEVER);
    answer(request, "nested", 6);
    break;
  case ECHO_LENGTH:
  case ECHO_UNWAITED:
    answer_length(request);
    break;
  case ECHO_WHO:
    answer_who(request);
    break;
  case ECHO_MANY:
    answer_many(request);
    break;
  default:
    answer(request, request->stub->data, request->stub->size);
  }
}

static void closed(RpcServer *server, RpcChannel *channel) {
  (void)server;
  (void)channel;
  closings++;
}

static const IID IID_UNKNOWN_THERE = { 0xbad0bad0, 0, 0, { 0 } };

static bool knows(RpcServer *server, const IID *iid) {
  (void)server;
  return !IsEqualGUID(iid, &IID_UNKNOWN_THERE);
}

static struct {
  const char *name;
  int ready;
} given;

/* On a thread of its own: the one that forked shares its queue with its parent. */
static void *run_server(void *unused) {
  static RpcServer server = { .serve = serve, .closed = closed, .knows = knows };
  RpcListener *listener;
  struct {
    HRESULT status;
    uint16_t port;
  } told = { .status = rpc_unix_listen(queue_of_thread(), given.name, &server, &listener) };
  if (SUCCEEDED(told.status))
    told.status = rpc_tcp_listen(queue_of_thread(), "127.0.0.1", (RpcPorts){ 0 }, &server, &listener, &told.port);
  (void)!write(given.ready, &told, sizeof told);
  close(given.ready);
  while (SUCCEEDED(told.status))
    apartment_wait(NULL, NULL, APARTMENT_NEVER);
  return unused;
}

static void be_server(const char *name, int ready) {
  pthread_t thread;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  given.name = name;
  given.ready = ready;
  if (pthread_create(&thread, NULL, run_server, NULL) == 0)
    pthread_join(thread, NULL);
  _exit(1);
}

pid_t echo_start(const char *name) {
  int ends[2];
  struct {
    HRESULT status;
    uint16_t port;
  } told = { .status = E_FAIL };
  assert_int_equal(pipe(ends), 0);
  pid_t server = fork();
  assert_true(server >= 0);
  if (server == 0) {
    close(ends[0]);
    be_server(name, ends[1]);
  }
  close(ends[1]);
  assert_int_equal(read(ends[0], &told, sizeof told), sizeof told);
  assert_int_equal(told.status, S_OK);
  echo_port = told.port;
  close(ends[0]);
  return server;
}

void echo_stop(pid_t server) {
  kill(server, SIGKILL);
  waitpid(server, NULL, 0);
}
