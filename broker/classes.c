/* The class objects of all processes, and who asks for them. */
#include <stdlib.h>
#include <string.h>

#include "broker/broker.h"

/* How long servers have to register again with a service that follows one that crashed. */
#define GRACE 1.0

enum { ARGUMENT_LIMIT = 4096, CLASS_LIMIT = 100000 };

static ClassEntry *entries; /* the newest first */
static unsigned count;
static uint32_t last_cookie;

/* Those who came too early for the servers that were there. */
static Waiting *early;
static ApartmentTimer grace;

void waiting_free(Waiting *waiting) {
  for (char **text = waiting->arguments; text && *text; text++)
    free(*text);
  for (char **text = waiting->variables; text && *text; text++)
    free(*text);
  free(waiting->application);
  free(waiting->arguments);
  free(waiting->variables);
  free(waiting);
}

/* Giving class objects away */

static bool is_single_use(const ClassEntry *entry) {
  return !(entry->flags & (REGCLS_MULTIPLEUSE | REGCLS_MULTI_SEPARATE | REGCLS_SURROGATE));
}

static bool answers(const ClassEntry *entry, REFCLSID clsid, const char *scope) {
  const BrokerClient *server = entry->client;
  return IsEqualGUID(&entry->clsid, clsid) && !entry->suspended && !entry->used && !server->suspended &&
         strcmp(server->scope, scope) == 0;
}

static ClassEntry *find(REFCLSID clsid, const char *scope) {
  ClassEntry *entry = entries;
  while (entry && !answers(entry, clsid, scope))
    entry = entry->next;
  return entry;
}

bool classes_has(REFCLSID clsid, const char *scope) {
  return find(clsid, scope);
}

bool classes_answer(Waiting *waiting) {
  ClassEntry *entry = find(&waiting->clsid, waiting->client->scope);
  if (!entry)
    return false;
  entry->used = is_single_use(entry);
  if (entry->used && entry->use) {
    broker_answer_code(entry->use, S_OK);
    entry->use = NULL;
  }
  BrokerWriter writer = { 0 };
  broker_put_u32(&writer, S_OK);
  broker_put_blob(&writer, entry->reference, entry->size);
  broker_put_u32(&writer, (uint32_t)entry->client->pid);
  broker_put_u32(&writer, entry->cookie);
  broker_answer(waiting->request, &writer);
  waiting_free(waiting);
  return true;
}

static char **get_texts(Cursor *body) {
  uint32_t texts = cursor_u32(body);
  if (texts > ARGUMENT_LIMIT || texts > cursor_left(body) / 4) {
    body->failed = true;
    return NULL;
  }
  char **list = calloc(texts + 1, sizeof *list);
  if (!list)
    body->failed = true;
  for (uint32_t i = 0; list && i < texts && !body->failed; i++)
    list[i] = broker_get_text(body);
  return list;
}

static void answer_or_launch(Waiting *waiting) {
  if (classes_answer(waiting))
    return;
  if (*waiting->arguments) {
    if (broker_permits(waiting, PERMISSION_LAUNCH))
      launch_for(waiting);
    return;
  }
  broker_answer_code(waiting->request, REGDB_E_CLASSNOTREG);
  waiting_free(waiting);
}

static void end_grace(ApartmentTimer *timer) {
  (void)timer;
  while (early) {
    Waiting *waiting = early;
    early = waiting->next;
    answer_or_launch(waiting);
  }
}

void classes_begin(bool after_crash) {
  grace.run = end_grace;
  if (after_crash)
    queue_start_timer(queue_of_thread(), &grace, apartment_after(GRACE));
}

void classes_get(BrokerClient *client, RpcRequest *request, Cursor *body) {
  Waiting *waiting = calloc(1, sizeof *waiting);
  if (!waiting) {
    broker_answer_code(request, E_OUTOFMEMORY);
    return;
  }
  waiting->request = request;
  waiting->client = client;
  waiting->clsid = cursor_guid(body);
  waiting->seconds = cursor_u32(body);
  waiting->arguments = get_texts(body);
  waiting->variables = get_texts(body);
  waiting->application = cursor_left(body) ? broker_get_text(body) : strdup("");
  body->failed = body->failed || !waiting->application;
  if (body->failed) {
    broker_answer_code(request, RPC_E_INVALID_DATA);
    waiting_free(waiting);
  } else if (classes_has(&waiting->clsid, client->scope) && !broker_permits(waiting, PERMISSION_ACTIVATE)) {
    return;
  } else if (grace.queue && !classes_answer(waiting)) {
    waiting->next = early;
    early = waiting;
  } else if (!grace.queue) {
    answer_or_launch(waiting);
  }
}

static void look_again(void) {
  for (Waiting **link = &early; *link;) {
    Waiting *waiting = *link, *next = waiting->next;
    if (classes_answer(waiting))
      *link = next;
    else
      link = &waiting->next;
  }
  launch_look_again();
}

/* Registering */

void classes_await_use(BrokerClient *client, RpcRequest *request, Cursor *body) {
  uint32_t token = cursor_u32(body);
  UseWatch *watch = body->failed ? NULL : calloc(1, sizeof *watch);
  if (!watch) {
    broker_answer_code(request, body->failed ? RPC_E_INVALID_DATA : E_OUTOFMEMORY);
    return;
  }
  *watch = (UseWatch){ client->uses, token, request };
  client->uses = watch;
}

/* The request behind a token, which is the caller's from now on; NULL. */
static RpcRequest *take_use(BrokerClient *client, uint32_t token) {
  UseWatch **link = &client->uses;
  while (*link && (*link)->token != token)
    link = &(*link)->next;
  UseWatch *watch = *link;
  if (!watch)
    return NULL;
  RpcRequest *request = watch->request;
  *link = watch->next;
  free(watch);
  return request;
}

void classes_register(BrokerClient *client, RpcRequest *request, Cursor *body) {
  CLSID clsid = cursor_guid(body);
  uint32_t flags = cursor_u32(body);
  size_t size;
  const uint8_t *reference = broker_get_blob(body, &size);
  uint32_t token = cursor_left(body) ? cursor_u32(body) : 0;
  if (body->failed) {
    broker_answer_code(request, RPC_E_INVALID_DATA);
    return;
  }
  ClassEntry *entry = count < CLASS_LIMIT ? calloc(1, sizeof *entry + size) : NULL;
  if (!entry) {
    broker_answer_code(request, E_OUTOFMEMORY);
    return;
  }
  entry->cookie = ++last_cookie;
  entry->client = client;
  entry->clsid = clsid;
  entry->flags = flags;
  entry->suspended = flags & REGCLS_SUSPENDED;
  entry->use = token ? take_use(client, token) : NULL;
  entry->size = size;
  memcpy(entry->reference, reference, size);
  entry->next = entries;
  entries = entry;
  count++;
  BrokerWriter writer = { 0 };
  broker_put_u32(&writer, S_OK);
  broker_put_u32(&writer, entry->cookie);
  broker_answer(request, &writer);
  look_again();
}

static void remove_entry(ClassEntry **link) {
  ClassEntry *entry = *link;
  *link = entry->next;
  count--;
  if (entry->use)
    broker_answer_code(entry->use, E_ABORT);
  free(entry);
}

static ClassEntry **find_cookie(uint32_t cookie) {
  ClassEntry **link = &entries;
  while (*link && (*link)->cookie != cookie)
    link = &(*link)->next;
  return link;
}

void classes_revoke(BrokerClient *client, RpcRequest *request, Cursor *body) {
  ClassEntry **link = find_cookie(cursor_u32(body));
  bool found = *link && (*link)->client == client;
  if (found)
    remove_entry(link);
  broker_answer_code(request, found ? S_OK : E_INVALIDARG);
}

void classes_gone(RpcRequest *request, Cursor *body) {
  ClassEntry **link = find_cookie(cursor_u32(body));
  if (*link) {
    broker_log("process %d no longer answers for a class", (int)(*link)->client->pid);
    remove_entry(link);
  }
  broker_answer_code(request, S_OK);
}

/* The process has one mind, though each of its apartments has a connection. */
void classes_suspend(BrokerClient *client, RpcRequest *request, bool suspend) {
  for (BrokerClient *other = broker_clients(); other; other = other->next) {
    if (other->pid == client->pid)
      other->suspended = suspend;
  }
  for (ClassEntry *entry = entries; entry && !suspend; entry = entry->next) {
    if (entry->client->pid == client->pid)
      entry->suspended = false;
  }
  broker_answer_code(request, S_OK);
  if (!suspend)
    look_again();
}

void classes_leave(BrokerClient *client) {
  for (ClassEntry **link = &entries; *link;) {
    if ((*link)->client == client)
      remove_entry(link);
    else
      link = &(*link)->next;
  }
  while (client->uses)
    broker_answer_code(take_use(client, client->uses->token), E_ABORT);
  for (Waiting **link = &early; *link;) {
    Waiting *waiting = *link;
    if (waiting->client != client) {
      link = &waiting->next;
      continue;
    }
    *link = waiting->next;
    broker_answer_code(waiting->request, E_ABORT);
    waiting_free(waiting);
  }
}

void classes_status(BrokerWriter *writer) {
  broker_put_u32(writer, count);
  for (const ClassEntry *entry = entries; entry; entry = entry->next) {
    broker_put_guid(writer, &entry->clsid);
    broker_put_u32(writer, (uint32_t)entry->client->pid);
    broker_put_u32(writer, entry->flags);
    broker_put_u32(writer, entry->suspended || entry->client->suspended);
  }
}
