/* Who has how many references to what is exported. Each interface has a number of public references, of which processes claim
 * theirs; the rest belongs to references that are on their way. The last channel of a process takes its claims along. */
#include "remote/orpc/exporter_internal.h"

#include <stdlib.h>
#include <string.h>

/* Claims */

static Claim *find_claim(ExportedInterface *exported, uint64_t process) {
  for (uint32_t i = 0; i < exported->claim_count; i++) {
    if (exported->claims[i].process == process)
      return &exported->claims[i];
  }
  return NULL;
}

bool ledger_reserve_locked(ExportedInterface *exported, uint64_t process) {
  if (!process || find_claim(exported, process) || exported->claim_count < exported->claim_room)
    return true;
  uint32_t room = exported->claim_room * 2 + 2;
  bool first = exported->claims == &exported->first_claim;
  Claim *grown = realloc(first ? NULL : exported->claims, room * sizeof *grown);
  if (!grown)
    return false;
  if (first)
    grown[0] = exported->first_claim;
  exported->claims = grown;
  exported->claim_room = room;
  return true;
}

/* There is room. */
static void claim_locked(ExportedInterface *exported, uint64_t process, uint32_t references) {
  Claim *claim = find_claim(exported, process);
  if (!process)
    return;
  if (!claim) {
    claim = &exported->claims[exported->claim_count++];
    *claim = (Claim){ process, 0 };
  }
  claim->count += references;
}

static void unclaim_locked(ExportedInterface *exported, uint64_t process, uint32_t references) {
  Claim *claim = find_claim(exported, process);
  if (!claim)
    return;
  claim->count -= references < claim->count ? references : claim->count;
  if (!claim->count)
    *claim = exported->claims[--exported->claim_count];
}

static uint32_t claimed_by(ExportedInterface *exported, uint64_t process) {
  const Claim *claim = find_claim(exported, process);
  return claim ? claim->count : 0;
}

static uint32_t unclaimed_of(const ExportedInterface *exported) {
  uint64_t claimed = 0;
  for (uint32_t i = 0; i < exported->claim_count; i++)
    claimed += exported->claims[i].count;
  return claimed < exported->total ? exported->total - (uint32_t)claimed : 0;
}

/* Counting */

void ledger_add_locked(ExportedInterface *exported, uint32_t references, uint64_t process) {
  if (references > UINT32_MAX - exported->total)
    references = UINT32_MAX - exported->total;
  exported->total += references;
  exported->object->references += references;
  claim_locked(exported, process, references);
}

/* What is nobody's is no more than what the claims leave. */
void ledger_drop_locked(ExportedInterface *exported, uint32_t references, uint64_t process) {
  uint32_t most = process ? exported->total : unclaimed_of(exported);
  if (references > most)
    references = most;
  unclaim_locked(exported, process, references);
  exported->total -= references;
  exported->object->references -= references;
}

static uint32_t take(uint32_t *from, uint32_t most) {
  uint32_t taken = *from < most ? *from : most;
  *from -= taken;
  return taken;
}

void ledger_come_home_locked(ExportedInterface *exported, uint32_t references, uint64_t process) {
  if (process) {
    ledger_drop_locked(exported, references, process);
    return;
  }
  references = references < exported->total ? references : exported->total;
  exported->owed += references - take(&exported->given_up, references);
  exported->total -= references;
  exported->object->references -= references;
  if (!exported->total)
    exported->owed = exported->given_up = 0;
}

/* What a process says of an IPID */

static ExportedObject *visit(Exporter *exporter, REFGUID ipid, ExportedInterface **exported) {
  pthread_mutex_lock(&export_lock);
  *exported = exported_find_locked(exporter, ipid);
  ExportedObject *object = *exported ? (*exported)->object : NULL;
  if (object)
    object_visit_locked(object);
  pthread_mutex_unlock(&export_lock);
  return object;
}

static Peer *find_peer_locked(const Exporter *exporter, uint64_t process) {
  Peer *peer = exporter->peers;
  while (peer && peer->process != process)
    peer = peer->next;
  return peer;
}

/* Its last channel may have gone while its request was being served: nobody would take its references along. */
static bool has_left_locked(const Exporter *exporter, uint64_t process) {
  return process && process != process_number() && !find_peer_locked(exporter, process);
}

/* An object that was cut off meanwhile gets no new references. */
static HRESULT add(ExportedInterface *exported, uint32_t references, uint64_t process) {
  HRESULT status = S_OK;
  pthread_mutex_lock(&export_lock);
  if (!exported->object->is_listed || exporters_closed)
    status = RPC_E_INVALID_OBJECT;
  else if (has_left_locked(exported->object->exporter, process))
    status = RPC_E_DISCONNECTED;
  else if (!ledger_reserve_locked(exported, process))
    status = E_OUTOFMEMORY;
  else
    ledger_add_locked(exported, references, process);
  if (SUCCEEDED(status) && !process)
    ledger_note_unclaimed_locked(exported);
  pthread_mutex_unlock(&export_lock);
  return status;
}

static HRESULT query(ExportedObject *object, REFIID iid, uint32_t references, uint64_t process, StdObjref *standard) {
  ExportedInterface *exported;
  IUnknown *identity;
  HRESULT status = object_strengthen(object);
  if (SUCCEEDED(status))
    status = object_entry_query(object->entry, &IID_IUnknown, (void **)&identity);
  if (FAILED(status))
    return status;
  pthread_mutex_lock(&export_lock);
  exported = exported_of_iid_locked(object, iid);
  pthread_mutex_unlock(&export_lock);
  if (!exported)
    status = object_add_interface(object, identity, iid, &exported);
  IUnknown_Release(identity);
  if (SUCCEEDED(status))
    status = add(exported, references, process);
  if (FAILED(status))
    return status;
  *standard = (StdObjref){ 0, references, object->exporter->oxid, object->oid, exported->ipid };
  object_tell(object);
  return S_OK;
}

HRESULT exporter_query(Exporter *exporter, REFGUID ipid, REFIID iid, uint32_t references, uint64_t process,
                       StdObjref *standard) {
  ExportedInterface *exported;
  ExportedObject *object = visit(exporter, ipid, &exported);
  memset(standard, 0, sizeof *standard);
  if (!object)
    return RPC_E_INVALID_OBJECT;
  HRESULT status = query(object, iid, references, process, standard);
  object_leave(object);
  return status == REGDB_E_IIDNOTREG ? E_NOINTERFACE : status;
}

HRESULT exporter_add_references(Exporter *exporter, REFGUID ipid, uint32_t references, uint64_t process) {
  ExportedInterface *exported;
  ExportedObject *object = visit(exporter, ipid, &exported);
  if (!object)
    return RPC_E_INVALID_OBJECT;
  HRESULT status = object_strengthen(object);
  if (SUCCEEDED(status))
    status = add(exported, references, process);
  if (SUCCEEDED(status))
    object_tell(object);
  object_leave(object);
  return status;
}

HRESULT exporter_drop_references(Exporter *exporter, REFGUID ipid, uint32_t references, uint64_t process) {
  ExportedInterface *exported;
  ExportedObject *object = visit(exporter, ipid, &exported);
  if (!object)
    return RPC_E_INVALID_OBJECT;
  pthread_mutex_lock(&export_lock);
  if (!has_left_locked(exported->object->exporter, process)) /* its farewell took them already; the rest is others' */
    ledger_drop_locked(exported, references, process);
  pthread_mutex_unlock(&export_lock);
  object_leave(object);
  return S_OK;
}

/* A claim of what was given up in error, because its carrier died, counts all the same. */
static void claim_new_locked(ExportedInterface *exported, uint64_t process, uint32_t references) {
  uint32_t free_ones = unclaimed_of(exported), missing = references > free_ones ? references - free_ones : 0;
  missing = missing > exported->owed ? missing - exported->owed : 0;
  take(&exported->given_up, references);
  if (missing > UINT32_MAX - exported->total)
    missing = UINT32_MAX - exported->total;
  exported->total += missing;
  exported->object->references += missing;
  claim_locked(exported, process, references);
}

static void give_up_locked(ExportedInterface *exported, uint64_t process, int64_t references) {
  uint32_t most = claimed_by(exported, process), count = references > most ? most : (uint32_t)references;
  unclaim_locked(exported, process, count);
  exported->given_up += count - take(&exported->owed, count);
  ledger_note_unclaimed_locked(exported);
}

/* No visit: who leaves an object may have to let go of it, and this is said on a thread that reads for others. */
HRESULT exporter_claim(Exporter *exporter, REFGUID ipid, int64_t references, uint64_t process) {
  HRESULT status = S_OK;
  pthread_mutex_lock(&export_lock);
  ExportedInterface *exported = exported_find_locked(exporter, ipid);
  if (!exported)
    status = RPC_E_INVALID_OBJECT;
  else if (references < 0)
    give_up_locked(exported, process, references == INT64_MIN ? INT64_MAX : -references);
  else if (!ledger_reserve_locked(exported, process))
    status = E_OUTOFMEMORY;
  else
    claim_new_locked(exported, process, references > UINT16_MAX ? UINT16_MAX : (uint32_t)references);
  pthread_mutex_unlock(&export_lock);
  return status;
}

/* Processes */

void exporter_hello(Exporter *exporter, RpcChannel *channel, uint64_t process) {
  pthread_mutex_lock(&export_lock);
  Peer *peer = find_peer_locked(exporter, process);
  if (!peer) {
    peer = calloc(1, sizeof *peer);
    if (peer) {
      *peer = (Peer){ exporter->peers, process, 0 };
      exporter->peers = peer;
    }
  }
  /* A channel has one owner: who says another later is not believed. Without memory its references count as nobody's. */
  if (peer && process && !channel->peer.process) {
    peer->channels++;
    channel->peer.process = process;
  }
  pthread_mutex_unlock(&export_lock);
}

bool exporter_has_left(Exporter *exporter, uint64_t process) {
  pthread_mutex_lock(&export_lock);
  bool left = !find_peer_locked(exporter, process);
  pthread_mutex_unlock(&export_lock);
  return left;
}

/* Objects that nobody holds any more, visited, so that they can be left outside of the lock. */
static ExportedObject *list_leaving_locked(ExportedObject *object, ExportedObject *others) {
  object_visit_locked(object);
  object->is_leaving = true;
  object->next_leaving = others;
  return object;
}

static void leave_all(ExportedObject *leaving) {
  while (leaving) {
    ExportedObject *object = leaving;
    pthread_mutex_lock(&export_lock);
    leaving = object->next_leaving;
    object->is_leaving = false;
    pthread_mutex_unlock(&export_lock);
    object_leave(object);
  }
}

/* The references of a process in all that is exported; gives the objects that nobody holds any more, visited. */
static ExportedObject *drop_claims_locked(Exporter *exporter, uint64_t process) {
  ExportedObject *leaving = NULL;
  for (ExportedObject *object = exporter->objects; object; object = object->next) {
    bool found = false;
    for (ExportedInterface *exported = object->interfaces; exported; exported = exported->next) {
      uint32_t count = claimed_by(exported, process);
      if (count)
        ledger_drop_locked(exported, count, process);
      found = found || count;
    }
    if (found && !object->references && !object->is_leaving)
      leaving = list_leaving_locked(object, leaving);
  }
  return leaving;
}

void exporter_farewell(Exporter *exporter, uint64_t process) {
  if (!process)
    return;
  pthread_mutex_lock(&export_lock);
  Peer **link = &exporter->peers;
  while (*link && (*link)->process != process)
    link = &(*link)->next;
  Peer *peer = *link, *gone = NULL;
  ExportedObject *leaving = NULL;
  if (peer && --peer->channels == 0) {
    *link = peer->next;
    gone = peer;
    leaving = drop_claims_locked(exporter, process);
  }
  pthread_mutex_unlock(&export_lock);
  free(gone);
  leave_all(leaving);
}

/* Running down what nobody claims */

/* What has been nobody's for too long goes; *more: some is not old enough. */
static ExportedObject *run_down_locked(Exporter *exporter, int64_t before, bool *more) {
  ExportedObject *leaving = NULL;
  for (ExportedObject *object = exporter->objects; object; object = object->next) {
    for (ExportedInterface *exported = object->interfaces; exported; exported = exported->next) {
      uint32_t count = exported->unclaimed_since ? unclaimed_of(exported) : 0;
      if (count && exported->unclaimed_since <= before)
        ledger_drop_locked(exported, count, 0);
      else if (count)
        *more = true;
      if (!count || exported->unclaimed_since <= before)
        exported->unclaimed_since = 0;
    }
    if (!object->references && !object->is_leaving)
      leaving = list_leaving_locked(object, leaving);
  }
  return leaving;
}

/* Pings */

typedef struct PingedObjects {
  uint64_t *oids;
  uint32_t *ages; /* behind the OIDs */
  uint32_t count;
} PingedObjects;

static bool is_unclaimed(const ExportedObject *object) {
  for (const ExportedInterface *exported = object->interfaces; exported; exported = exported->next) {
    if (exported->unclaimed_since && unclaimed_of(exported))
      return true;
  }
  return false;
}

static bool list_unclaimed(const Exporter *exporter, PingedObjects *objects) {
  uint32_t room = 0;
  pthread_mutex_lock(&export_lock);
  for (const ExportedObject *object = exporter->objects; object; object = object->next)
    room += is_unclaimed(object);
  *objects = (PingedObjects){ .oids = malloc((room + 1) * (sizeof(uint64_t) + sizeof(uint32_t))) };
  objects->ages = (uint32_t *)(objects->oids + room);
  for (const ExportedObject *object = exporter->objects; object && objects->oids; object = object->next) {
    if (is_unclaimed(object))
      objects->oids[objects->count++] = object->oid;
  }
  pthread_mutex_unlock(&export_lock);
  return objects->oids;
}

/* Where the pings come to the COM service, that is asked, which serves others meanwhile. */
static bool ask_ages(const HostEndpoint *host, PingedObjects *objects) {
  bool answered =
      host->resolver_port == host->port || remote_activation->ask_pings(objects->oids, objects->count, objects->ages);
  for (uint32_t i = 0; i < objects->count; i++) {
    uint32_t own = ping_sets_age(objects->oids[i]);
    if (host->resolver_port == host->port || own < objects->ages[i])
      objects->ages[i] = own;
  }
  return answered;
}

static void note_ping_locked(uint64_t oid, int64_t pinged) {
  ExportedObject *object = exported_object_locked(oid);
  for (ExportedInterface *exported = object ? object->interfaces : NULL; exported; exported = exported->next) {
    if (exported->unclaimed_since && exported->unclaimed_since < pinged)
      exported->unclaimed_since = pinged;
  }
}

/* References of other hosts are nobody's here: their age counts from the last ping. False: nobody knows of any. */
static bool note_pings(Exporter *exporter) {
  PingedObjects objects;
  HostEndpoint host = exporter->host; /* of this apartment's thread, which has set it */
  if (!host.port)
    return true;
  if (!list_unclaimed(exporter, &objects))
    return false;
  bool answered = !objects.count || ask_ages(&host, &objects);
  int64_t now = apartment_clock();
  pthread_mutex_lock(&export_lock);
  for (uint32_t i = 0; i < objects.count && answered; i++) {
    if (objects.ages[i] != PING_NEVER)
      note_ping_locked(objects.oids[i], now - (int64_t)objects.ages[i] * 1000000);
  }
  pthread_mutex_unlock(&export_lock);
  free(objects.oids);
  return answered;
}

/* A service that starts again hears of its clients within three periods. Where none does they cannot ping either; who is
 * connected keeps what he has. */
static bool has_stayed_unknown(Exporter *exporter, bool known, int64_t now) {
  if (known)
    exporter->unknown_since = 0;
  else if (!exporter->unknown_since || rpc_listener_is_used(exporter->host_listener))
    exporter->unknown_since = now;
  return !known && now - exporter->unknown_since >= 3 * ping_period();
}

static void run_rundown(ApartmentTimer *timer) {
  Exporter *exporter = exporter_addref(OBJECT_CONTAINER(timer, Exporter, rundown));
  bool known = note_pings(exporter), more = false;
  int64_t period = ping_period(), now = apartment_clock();
  known = has_stayed_unknown(exporter, known, now) || known;
  ExportedObject *leaving = NULL;
  pthread_mutex_lock(&export_lock);
  if (known && !exporter->rundown_ended)
    leaving = run_down_locked(exporter, now - 3 * period, &more);
  more = (more || !known) && !exporter->rundown_ended;
  exporter->runs_down = more || exporter->rundown_ended;
  pthread_mutex_unlock(&export_lock);
  if (more)
    queue_start_timer(apartment_queue(exporter->apartment), timer, now + (exporter->host.port ? period / 4 : period));
  leave_all(leaving);
  exporter_release(exporter);
}

void ledger_note_unclaimed_locked(ExportedInterface *exported) {
  Exporter *exporter = exported->object->exporter;
  exported->unclaimed_since = apartment_clock();
  if (exporter->runs_down || apartment_current() != exporter->number)
    return;
  exporter->runs_down = true;
  exporter->rundown.run = run_rundown;
  queue_start_timer(apartment_queue(exporter->apartment), &exporter->rundown,
                    apartment_clock() + (exporter->host.port ? ping_period() / 4 : ping_period()));
}

void ledger_end_rundown(Exporter *exporter) {
  pthread_mutex_lock(&export_lock);
  bool runs = exporter->runs_down;
  exporter->runs_down = exporter->rundown_ended = true;
  pthread_mutex_unlock(&export_lock);
  if (runs)
    queue_stop_timer(&exporter->rundown);
}
