/* The running objects of all processes. Monikers are compared by their comparison data, which clients work out. */
#include <stdlib.h>
#include <string.h>

#include "broker/broker.h"

enum { RUNNING_LIMIT = 1000000 };

typedef struct Running Running;
struct Running {
  Running *next;
  uint32_t cookie;
  const BrokerClient *client;
  uint32_t time[2];
  size_t key_size, moniker_size, reference_size;
  uint8_t bytes[]; /* key, moniker, reference */
};

static Running *table; /* the newest first */
static unsigned count;
static uint32_t last_cookie;

static const uint8_t *moniker_of(const Running *running) {
  return running->bytes + running->key_size;
}

static const uint8_t *reference_of(const Running *running) {
  return moniker_of(running) + running->moniker_size;
}

static Running *find_key(const uint8_t *key, size_t size) {
  Running *running = table;
  while (running && (running->key_size != size || memcmp(running->bytes, key, size) != 0))
    running = running->next;
  return running;
}

static Running **find_cookie(uint32_t cookie) {
  Running **link = &table;
  while (*link && (*link)->cookie != cookie)
    link = &(*link)->next;
  return link;
}

void running_register(BrokerClient *client, RpcRequest *request, Cursor *body) {
  size_t sizes[3];
  const uint8_t *blobs[3];
  for (int i = 0; i < 3; i++)
    blobs[i] = broker_get_blob(body, &sizes[i]);
  uint32_t low = cursor_u32(body), high = cursor_u32(body);
  if (body->failed) {
    broker_answer_code(request, RPC_E_INVALID_DATA);
    return;
  }
  Running *running = count < RUNNING_LIMIT ? malloc(sizeof *running + sizes[0] + sizes[1] + sizes[2]) : NULL;
  if (!running) {
    broker_answer_code(request, E_OUTOFMEMORY);
    return;
  }
  *running = (Running){ .next = table,
                        .cookie = ++last_cookie,
                        .client = client,
                        .time = { low, high },
                        .key_size = sizes[0],
                        .moniker_size = sizes[1],
                        .reference_size = sizes[2] };
  uint8_t *to = running->bytes;
  for (int i = 0; i < 3; to += sizes[i], i++)
    memcpy(to, blobs[i], sizes[i]);
  bool found = find_key(blobs[0], sizes[0]);
  table = running;
  count++;
  BrokerWriter writer = { 0 };
  broker_put_u32(&writer, S_OK);
  broker_put_u32(&writer, running->cookie);
  broker_put_u32(&writer, found);
  broker_answer(request, &writer);
}

static void remove_running(Running **link) {
  Running *running = *link;
  *link = running->next;
  count--;
  free(running);
}

void running_revoke(BrokerClient *client, RpcRequest *request, Cursor *body) {
  Running **link = find_cookie(cursor_u32(body));
  bool found = *link && (*link)->client->pid == client->pid;
  if (found)
    remove_running(link);
  broker_answer_code(request, found ? S_OK : E_INVALIDARG);
}

void running_change_time(RpcRequest *request, Cursor *body) {
  Running *running = *find_cookie(cursor_u32(body));
  uint32_t low = cursor_u32(body), high = cursor_u32(body);
  if (running) {
    running->time[0] = low;
    running->time[1] = high;
  }
  broker_answer_code(request, running ? S_OK : E_INVALIDARG);
}

void running_get(RpcRequest *request, Cursor *body) {
  size_t size;
  const uint8_t *key = broker_get_blob(body, &size);
  const Running *running = key ? find_key(key, size) : NULL;
  if (!running) {
    broker_answer_code(request, MK_E_UNAVAILABLE);
    return;
  }
  BrokerWriter writer = { 0 };
  broker_put_u32(&writer, S_OK);
  broker_put_blob(&writer, reference_of(running), running->reference_size);
  broker_put_u32(&writer, running->time[0]);
  broker_put_u32(&writer, running->time[1]);
  broker_answer(request, &writer);
}

static void put_entry(BrokerWriter *writer, const Running *running) {
  broker_put_blob(writer, moniker_of(running), running->moniker_size);
  broker_put_u32(writer, (uint32_t)running->client->pid);
}

void running_enum(const BrokerClient *client, RpcRequest *request) {
  uint32_t others = 0;
  for (const Running *running = table; running; running = running->next)
    others += running->client->pid != client->pid;
  BrokerWriter writer = { 0 };
  broker_put_u32(&writer, S_OK);
  broker_put_u32(&writer, others);
  for (const Running *running = table; running; running = running->next) {
    if (running->client->pid != client->pid)
      put_entry(&writer, running);
  }
  broker_answer(request, &writer);
}

void running_leave(const BrokerClient *client) {
  for (Running **link = &table; *link;) {
    if ((*link)->client == client)
      remove_running(link);
    else
      link = &(*link)->next;
  }
}

void running_status(BrokerWriter *writer) {
  broker_put_u32(writer, count);
  for (const Running *running = table; running; running = running->next)
    put_entry(writer, running);
}
