/* Objects of other hosts that this process uses are pinged: one set for each resolver, one message a period for all that it has
 * ([MS-DCOM] 3.2.4.2). A thread of its own does it, because apartments may be busy for longer than objects live without pings. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "remote/orpc/importer_internal.h"
#include "remote/orpc/native_call.h"

enum { FIRST_ROOM = 256, CHUNK = 30000 };

/* How soon objects that have just come are in a set, and how long a ping may take. */
#define SOON_SECONDS 1.0
#define PING_SECONDS 20.0

typedef struct PingTarget PingTarget;

typedef struct Pinged {
  struct Pinged *next;
  PingTarget *target;
  uint64_t oid;
  uint32_t count; /* of proxies in this process */
  bool told;      /* the set has it */
} Pinged;

struct PingTarget {
  PingTarget *next;
  char host[RPC_BINDING_ROOM], name[RPC_BINDING_ROOM]; /* the name is what a ticket says */
  uint16_t port;
  Blanket *blanket; /* a set is its owner's alone */
  uint64_t set;
  uint16_t sequence;
  uint32_t objects; /* those that nobody uses and the set still has included */
  int64_t due;
  RpcChannel *channel; /* of the thread */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static PingTarget *targets;
static Pinged *first_buckets[FIRST_ROOM], **buckets = first_buckets;
static size_t bucket_count = FIRST_ROOM, pinged_count;
static ApartmentQueue *thread_queue; /* NULL: the thread has not begun */
static bool thread_begun;
static _Atomic bool changed; /* somebody is to be pinged earlier than the thread knows */

/* Objects */

static Pinged **bucket_of(uint64_t oid) {
  return &buckets[(size_t)(oid * UINT64_C(0x9E3779B97F4A7C15) >> 32) & (bucket_count - 1)];
}

static void grow_locked(void) {
  Pinged **old = buckets;
  size_t count = bucket_count;
  Pinged **grown = calloc(count * 2, sizeof *grown);
  if (!grown)
    return; /* it only gets slower */
  buckets = grown;
  bucket_count = count * 2;
  for (size_t i = 0; i < count; i++) {
    for (Pinged *pinged = old[i], *next; pinged; pinged = next) {
      next = pinged->next;
      Pinged **link = bucket_of(pinged->oid);
      pinged->next = *link;
      *link = pinged;
    }
  }
  if (old != first_buckets)
    free(old);
}

static Pinged **find_locked(const PingTarget *target, uint64_t oid) {
  Pinged **link = bucket_of(oid);
  while (*link && ((*link)->target != target || (*link)->oid != oid))
    link = &(*link)->next;
  return link;
}

static void drop_locked(Pinged **link) {
  Pinged *pinged = *link;
  *link = pinged->next;
  pinged->target->objects--;
  pinged_count--;
  free(pinged);
}

/* Targets */

static PingTarget *find_target_locked(const HomeHost *host) {
  PingTarget *target = targets;
  while (target && (target->port != host->resolver_port || strcmp(target->host, host->resolver) != 0 ||
                    !blanket_equal(target->blanket, host->blanket)))
    target = target->next;
  return target;
}

static PingTarget *target_locked(const HomeHost *host) {
  PingTarget *target = find_target_locked(host);
  if (target)
    return target;
  target = calloc(1, sizeof *target);
  if (!target)
    return NULL;
  strcpy(target->host, host->resolver);
  strcpy(target->name, host->name);
  target->port = host->resolver_port;
  target->blanket = blanket_addref(host->blanket);
  target->due = APARTMENT_NEVER;
  target->next = targets;
  targets = target;
  return target;
}

static int64_t soon(void) {
  int64_t period = ping_period() / 8, longest = (int64_t)(SOON_SECONDS * 1e9);
  return apartment_clock() + (period < longest ? period : longest);
}

/* One message */

/* What is to be told, as far as one message has room: little endian, adds before removes. */
typedef struct News {
  uint64_t *oids;
  uint16_t adds, removes;
  bool more;
} News;

static void collect_locked(const PingTarget *target, bool added, News *news) {
  uint16_t *count = added ? &news->adds : &news->removes;
  for (size_t i = 0; i < bucket_count; i++) {
    for (const Pinged *pinged = buckets[i]; pinged; pinged = pinged->next) {
      bool wanted = added ? pinged->count && !pinged->told : !pinged->count && pinged->told;
      if (pinged->target != target || !wanted)
        continue;
      if (*count == CHUNK) {
        news->more = true;
        return;
      }
      news->oids[news->adds + news->removes] = pinged->oid;
      (*count)++;
    }
  }
}

static bool collect(PingTarget *target, News *news) {
  pthread_mutex_lock(&lock);
  size_t room = target->objects < 2 * CHUNK ? target->objects : 2 * CHUNK;
  *news = (News){ .oids = malloc((room + 1) * sizeof(uint64_t)) };
  if (news->oids) {
    collect_locked(target, true, news);
    collect_locked(target, false, news);
  }
  pthread_mutex_unlock(&lock);
  return news->oids;
}

/* The set has what was sent; what nobody uses is forgotten. */
static void note_told(PingTarget *target, const News *news) {
  pthread_mutex_lock(&lock);
  for (uint32_t i = 0; i < (uint32_t)news->adds + news->removes; i++) {
    Pinged **link = find_locked(target, news->oids[i]);
    if (!*link)
      continue;
    (*link)->told = i < news->adds;
    if (!(*link)->told && !(*link)->count)
      drop_locked(link);
  }
  pthread_mutex_unlock(&lock);
}

/* The set is gone: everything is told anew. */
static void forget_set(PingTarget *target) {
  pthread_mutex_lock(&lock);
  target->set = 0;
  for (size_t i = 0; i < bucket_count; i++) {
    for (Pinged **link = &buckets[i]; *link;) {
      Pinged *pinged = *link;
      if (pinged->target == target)
        pinged->told = false;
      if (pinged->target == target && !pinged->count)
        drop_locked(link);
      else
        link = &pinged->next;
    }
  }
  pthread_mutex_unlock(&lock);
}

static void put_oids(NdrWriter *writer, const uint64_t *oids, uint16_t count) {
  ndr_put_pointer(writer, count ? oids : NULL);
  if (!count)
    return;
  ndr_put_u32(writer, count);
  ndr_align(writer, 8);
  ndr_put_bytes(writer, oids, count * sizeof *oids);
}

static HRESULT change_set(PingTarget *target, const News *news, uint32_t *result) {
  NativeCall call;
  native_begin(&call, target->channel, &IID_IObjectExporter, COMPLEX_PING);
  ndr_put_u64(&call.writer, target->set);
  ndr_put_u16(&call.writer, ++target->sequence);
  ndr_put_u16(&call.writer, news->adds);
  ndr_put_u16(&call.writer, news->removes);
  put_oids(&call.writer, news->oids, news->adds);
  put_oids(&call.writer, news->oids + news->adds, news->removes);
  HRESULT status = native_send(&call);
  if (SUCCEEDED(status)) {
    uint64_t set = ndr_get_u64(&call.reader);
    ndr_get_u16(&call.reader);
    *result = ndr_get_u32(&call.reader);
    status = call.reader.error;
    if (SUCCEEDED(status) && (!*result || *result == RESOLVER_INVALID_OID))
      target->set = set;
  }
  native_end(&call);
  return status;
}

static HRESULT ping_set(PingTarget *target, uint32_t *result) {
  NativeCall call;
  native_begin(&call, target->channel, &IID_IObjectExporter, SIMPLE_PING);
  ndr_put_u64(&call.writer, target->set);
  HRESULT status = native_send(&call);
  if (SUCCEEDED(status)) {
    *result = ndr_get_u32(&call.reader);
    status = call.reader.error;
  }
  native_end(&call);
  return status;
}

static HRESULT tell(PingTarget *target, bool *more) {
  News news;
  uint32_t result = RESOLVER_NO_MEMORY;
  *more = false;
  if (!collect(target, &news))
    return E_OUTOFMEMORY;
  bool changes = news.adds || news.removes;
  HRESULT status = changes ? change_set(target, &news, &result) : target->set ? ping_set(target, &result) : S_FALSE;
  /* Objects that are no more have nothing to be pinged for. */
  if (status == S_OK && changes && (!result || result == RESOLVER_INVALID_OID))
    note_told(target, &news);
  if (status == S_OK && result == RESOLVER_INVALID_SET)
    forget_set(target);
  *more = status == S_OK && (news.more || result == RESOLVER_INVALID_SET);
  free(news.oids);
  return FAILED(status) || !result || result == RESOLVER_INVALID_OID || *more ? status : HRESULT_FROM_WIN32(result);
}

static HRESULT connect_target(PingTarget *target, int64_t deadline) {
  HRESULT status =
      rpc_tcp_connect(queue_of_thread(), target->host, target->port, deadline, &home_server, &target->channel);
  return SUCCEEDED(status) ? rpc_channel_secure(target->channel, target->blanket, RESOLVER_LEVEL, target->name)
                           : status;
}

static HRESULT ping(PingTarget *target) {
  bool more = true;
  HRESULT status = S_OK;
  int64_t deadline = apartment_after(PING_SECONDS);
  remote_set_deadline(deadline);
  if (!target->channel)
    status = connect_target(target, deadline);
  while (SUCCEEDED(status) && more)
    status = tell(target, &more);
  if (FAILED(status)) { /* a new connection next time */
    rpc_channel_release(target->channel);
    target->channel = NULL;
  }
  return status;
}

/* The thread */

static int64_t next_due_locked(void) {
  int64_t moment = APARTMENT_NEVER;
  for (const PingTarget *target = targets; target; target = target->next)
    moment = target->due < moment ? target->due : moment;
  return moment;
}

static PingTarget *take_due(int64_t now) {
  pthread_mutex_lock(&lock);
  PingTarget *target = targets;
  while (target && target->due > now)
    target = target->next;
  if (target)
    target->due = APARTMENT_NEVER;
  pthread_mutex_unlock(&lock);
  return target;
}

/* One that is not answered is tried again before the third period is over. */
static void settle(PingTarget *target, HRESULT status) {
  RpcChannel *idle = NULL;
  int64_t period = ping_period(), moment = apartment_clock() + (FAILED(status) ? period / 4 : period);
  pthread_mutex_lock(&lock);
  if (target->objects) {
    target->due = moment < target->due ? moment : target->due;
  } else {
    PingTarget **link = &targets;
    while (*link != target)
      link = &(*link)->next;
    *link = target->next;
    idle = target->channel;
    blanket_release(target->blanket);
    free(target);
  }
  pthread_mutex_unlock(&lock);
  rpc_channel_release(idle);
}

static bool has_changed(void *unused) {
  (void)unused;
  return atomic_load(&changed);
}

static void *run(void *unused) {
  ApartmentQueue *queue = queue_of_thread();
  if (!queue)
    return unused;
  pthread_mutex_lock(&lock);
  thread_queue = queue_addref(queue);
  pthread_mutex_unlock(&lock);
  for (;;) {
    atomic_store(&changed, false);
    pthread_mutex_lock(&lock);
    int64_t due = next_due_locked();
    pthread_mutex_unlock(&lock);
    remote_set_deadline(APARTMENT_NEVER);
    apartment_wait_woken(has_changed, NULL, due);
    for (PingTarget *target; (target = take_due(apartment_clock())) != NULL;)
      settle(target, ping(target));
  }
}

static void wake_locked(void) {
  pthread_t thread;
  pthread_attr_t attributes;
  atomic_store(&changed, true);
  if (thread_queue)
    queue_wake(thread_queue);
  if (thread_begun)
    return;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  Credentials *aside = credentials_put_aside();
  thread_begun = pthread_create(&thread, &attributes, run, NULL) == 0;
  credentials_take_back(aside);
  pthread_attr_destroy(&attributes);
}

void ping_client_add(const HomeHost *host, uint64_t oid) {
  pthread_mutex_lock(&lock);
  PingTarget *target = target_locked(host);
  Pinged **link = target ? find_locked(target, oid) : NULL;
  if (link && *link) {
    (*link)->count++;
  } else if (link) {
    Pinged *fresh = malloc(sizeof *fresh);
    if (fresh) {
      if (pinged_count >= bucket_count)
        grow_locked();
      link = bucket_of(oid);
      *fresh = (Pinged){ *link, target, oid, 1, false };
      *link = fresh;
      target->objects++;
      pinged_count++;
      int64_t moment = soon();
      if (moment < target->due) {
        target->due = moment;
        wake_locked();
      }
    }
  }
  pthread_mutex_unlock(&lock);
}

void ping_client_remove(const HomeHost *host, uint64_t oid) {
  pthread_mutex_lock(&lock);
  PingTarget *target = find_target_locked(host);
  Pinged **link = target ? find_locked(target, oid) : NULL;
  if (link && *link && --(*link)->count == 0 && !(*link)->told)
    drop_locked(link);
  pthread_mutex_unlock(&lock);
}
