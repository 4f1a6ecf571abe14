/* The table of objects that are known beyond their apartment; see object_table.h. */
#include "com/object_table.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/random.h>
#include <unistd.h>

#include "com/com_api.h"

struct ObjectEntry {
  ObjectEntry *next;     /* in the bucket of its identity */
  ObjectEntry *next_oid; /* in the bucket of its number */
  IUnknown *identity;
  uint64_t apartment;
  uint64_t oid;
  ULONG holds[HOLD_KINDS];
  ULONG loans;
  bool referenced; /* the table has a reference to the object */
  bool connected;  /* it stands in the table */
};

/* What is left to do once the lock is open. */
typedef struct Farewell {
  IUnknown *object;
  ObjectEntry *entry;
} Farewell;

#define FIRST_ROOM 64

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static ObjectEntry *first_buckets[2][FIRST_ROOM];
static ObjectEntry **by_identity = first_buckets[0], **by_oid = first_buckets[1];
static size_t room = FIRST_ROOM; /* of both, a power of two */
static size_t used;
static uint64_t last_oid; /* 0: none yet */

/* Numbers of different processes of a host must not meet: other hosts say by the number alone which objects they hold. */
static uint64_t next_oid(void) {
  if (!last_oid && getrandom(&last_oid, sizeof last_oid, GRND_NONBLOCK) != sizeof last_oid)
    last_oid = (uint64_t)getpid() << 32;
  do
    last_oid++;
  while (!last_oid);
  return last_oid;
}

static size_t bucket_of(uint64_t key) {
  return (size_t)(key * UINT64_C(0x9E3779B97F4A7C15) >> 32) & (room - 1);
}

static ObjectEntry **identity_bucket(const IUnknown *identity) {
  return &by_identity[bucket_of((uintptr_t)identity >> 4)];
}

static void put_in(ObjectEntry *entry) {
  ObjectEntry **place = identity_bucket(entry->identity);

  entry->next = *place;
  *place = entry;
  place = &by_oid[bucket_of(entry->oid)];
  entry->next_oid = *place;
  *place = entry;
}

static void take_out(ObjectEntry *entry) {
  ObjectEntry **link = identity_bucket(entry->identity);

  while (*link != entry)
    link = &(*link)->next;
  *link = entry->next;
  link = &by_oid[bucket_of(entry->oid)];
  while (*link != entry)
    link = &(*link)->next_oid;
  *link = entry->next_oid;
  entry->connected = false;
  used--;
}

/* Makes the table longer when there is memory; without, it only gets slower. */
static void grow(void) {
  size_t old_room = room;
  ObjectEntry **old_identity = by_identity, **old_oid = by_oid;
  ObjectEntry **identity = calloc(old_room * 2, sizeof *identity);
  ObjectEntry **oid = calloc(old_room * 2, sizeof *oid);

  if (!identity || !oid) {
    free(identity);
    free(oid);
    return;
  }
  by_identity = identity;
  by_oid = oid;
  room = old_room * 2;
  for (size_t i = 0; i < old_room; i++) {
    ObjectEntry *entry, *next;

    for (entry = old_identity[i]; entry; entry = next) {
      next = entry->next;
      put_in(entry);
    }
  }
  if (old_identity != first_buckets[0]) {
    free(old_identity);
    free(old_oid);
  }
}

static ObjectEntry *find_locked(const IUnknown *identity, uint64_t apartment) {
  ObjectEntry *entry = *identity_bucket(identity);

  while (entry && (entry->identity != identity || entry->apartment != apartment))
    entry = entry->next;
  return entry;
}

/* Decides under the lock what an entry still needs after something was given back. */
static Farewell settle(ObjectEntry *entry) {
  Farewell farewell = { NULL, NULL };
  bool held = entry->holds[HOLD_EXTERNAL] || entry->holds[HOLD_TABLE] || entry->holds[HOLD_WEAK];

  if (entry->loans || (entry->connected && held))
    return farewell;
  if (entry->referenced) {
    farewell.object = entry->identity;
    entry->referenced = false;
  }
  if (held || entry->holds[HOLD_NOTE])
    return farewell;
  if (entry->connected)
    take_out(entry);
  farewell.entry = entry;
  return farewell;
}

/* Gives holds back. Who holds weakly is cut off with the last of the others. */
static Farewell give_back(ObjectEntry *entry, ObjectHold hold, ULONG count) {
  entry->holds[hold] -= count;
  if (hold != HOLD_WEAK && hold != HOLD_NOTE && entry->connected && !entry->holds[HOLD_EXTERNAL] &&
      !entry->holds[HOLD_TABLE])
    take_out(entry);
  return settle(entry);
}

static void part(Farewell farewell) {
  if (farewell.object)
    IUnknown_Release(farewell.object);
  free(farewell.entry);
}

/* Cuts off one object of the apartment; false when there is none left. */
static bool disconnect_one(uint64_t apartment) {
  Farewell farewell = { NULL, NULL };
  ObjectEntry *entry = NULL;

  pthread_mutex_lock(&lock);
  for (size_t i = 0; i < room && !entry; i++) {
    for (entry = by_identity[i]; entry && entry->apartment != apartment; entry = entry->next)
      ;
  }
  if (entry) {
    take_out(entry);
    entry->holds[HOLD_EXTERNAL] = 0; /* whoever was outside is cut off */
    farewell = settle(entry);
  }
  pthread_mutex_unlock(&lock);
  part(farewell);
  return entry;
}

static void leave_apartment(uint64_t apartment, bool last) {
  while (last && disconnect_one(apartment))
    ;
}

static pthread_once_t hook_once = PTHREAD_ONCE_INIT;

static void add_hook(void) {
  apartment_add_hook(leave_apartment);
}

HRESULT object_table_hold(IUnknown *object, ObjectHold hold, ObjectEntry **result) {
  uint64_t apartment = apartment_current();
  IUnknown *identity = NULL;
  ObjectEntry *fresh, *entry;
  HRESULT status = IUnknown_QueryInterface(object, &IID_IUnknown, (void **)&identity);

  *result = NULL;
  if (FAILED(status))
    return status;
  if (!identity)
    return E_NOINTERFACE;
  pthread_once(&hook_once, add_hook);
  fresh = calloc(1, sizeof *fresh);
  if (!fresh) {
    IUnknown_Release(identity);
    return E_OUTOFMEMORY;
  }
  pthread_mutex_lock(&lock);
  entry = find_locked(identity, apartment);
  if (!entry) {
    entry = fresh;
    fresh = NULL;
    if (used >= room)
      grow();
    entry->identity = identity;
    entry->apartment = apartment;
    entry->oid = next_oid();
    entry->connected = true;
    put_in(entry);
    used++;
  }
  entry->holds[hold]++;
  if (hold != HOLD_NOTE && !entry->referenced) {
    entry->referenced = true; /* by the reference that was just taken */
    identity = NULL;
  }
  pthread_mutex_unlock(&lock);
  free(fresh);
  if (identity)
    IUnknown_Release(identity);
  *result = entry;
  return S_OK;
}

void object_entry_release(ObjectEntry *entry, ObjectHold hold) {
  pthread_mutex_lock(&lock);
  Farewell farewell = give_back(entry, hold, entry->holds[hold] ? 1 : 0);
  pthread_mutex_unlock(&lock);
  part(farewell);
}

/* An object may be known in several apartments: any of its entries will do. */
static ObjectEntry *find_external(const IUnknown *identity) {
  ObjectEntry *entry = *identity_bucket(identity);

  while (entry && (entry->identity != identity || !entry->holds[HOLD_EXTERNAL]))
    entry = entry->next;
  return entry;
}

void object_table_release_external(IUnknown *identity, ULONG most) {
  ObjectEntry *entry;

  do {
    Farewell farewell = { NULL, NULL };

    pthread_mutex_lock(&lock);
    entry = find_external(identity);
    if (entry) {
      ULONG held = entry->holds[HOLD_EXTERNAL], count = most < held ? most : held;
      most -= count;
      farewell = give_back(entry, HOLD_EXTERNAL, count);
    }
    pthread_mutex_unlock(&lock);
    part(farewell);
  } while (entry && most);
}

/* One that has somebody to cut off: a table keeps what it holds. */
static ObjectEntry *find_to_disconnect(const IUnknown *identity) {
  ObjectEntry *entry = *identity_bucket(identity);

  while (entry && (entry->identity != identity || (!entry->holds[HOLD_EXTERNAL] && entry->holds[HOLD_TABLE])))
    entry = entry->next;
  return entry;
}

void object_table_disconnect(IUnknown *identity) {
  ObjectEntry *entry;

  do {
    Farewell farewell = { NULL, NULL };

    pthread_mutex_lock(&lock);
    entry = find_to_disconnect(identity);
    if (entry)
      farewell = give_back(entry, HOLD_EXTERNAL, entry->holds[HOLD_EXTERNAL]);
    pthread_mutex_unlock(&lock);
    part(farewell);
  } while (entry);
}

bool object_entry_borrow(ObjectEntry *entry, IUnknown **identity) {
  pthread_mutex_lock(&lock);
  bool connected = entry->connected;
  if (connected)
    entry->loans++;
  *identity = connected ? entry->identity : NULL;
  pthread_mutex_unlock(&lock);
  return connected;
}

void object_entry_return(ObjectEntry *entry) {
  pthread_mutex_lock(&lock);
  entry->loans--;
  Farewell farewell = settle(entry);
  pthread_mutex_unlock(&lock);
  part(farewell);
}

HRESULT object_entry_query(ObjectEntry *entry, REFIID iid, void **result) {
  IUnknown *identity;

  *result = NULL;
  if (!object_entry_borrow(entry, &identity))
    return CO_E_OBJNOTCONNECTED;
  HRESULT status = IUnknown_QueryInterface(identity, iid, result);
  object_entry_return(entry);
  return SUCCEEDED(status) && !*result ? E_NOINTERFACE : status;
}

bool object_entry_is_connected(const ObjectEntry *entry) {
  pthread_mutex_lock(&lock);
  bool connected = entry->connected;
  pthread_mutex_unlock(&lock);
  return connected;
}

uint64_t object_entry_oid(const ObjectEntry *entry) {
  return entry->oid;
}

uint64_t object_entry_apartment(const ObjectEntry *entry) {
  return entry->apartment;
}

ObjectEntry *object_table_find(uint64_t oid, ObjectHold hold) {
  pthread_mutex_lock(&lock);
  ObjectEntry *entry = by_oid[bucket_of(oid)];
  while (entry && entry->oid != oid)
    entry = entry->next_oid;
  if (entry)
    entry->holds[hold]++;
  pthread_mutex_unlock(&lock);
  return entry;
}
