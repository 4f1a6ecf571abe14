/* Ping sets (ping_sets.h). Members of all sets are found by their OID in one table, so that an exporter learns quickly whether
 * anybody holds an object; a ping touches the set alone. */
#include "remote/orpc/ping_sets.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "com/com_api.h"
#include "remote/orpc/orpc_internal.h"

enum { SET_LIMIT = 1 << 14, SET_MEMBER_LIMIT = 1 << 18, MEMBER_LIMIT = 1 << 20, FIRST_ROOM = 256, PERIODS = 3 };

typedef struct PingSet PingSet;

typedef struct Member {
  struct Member *next_oid;         /* in its bucket */
  struct Member *next, **previous; /* of its set */
  PingSet *set;
  uint64_t oid;
} Member;

struct PingSet {
  PingSet *next;
  uint64_t id, owner;
  int64_t pinged;
  uint16_t sequence;
  uint32_t count;
  Member *members;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static PingSet *sets;
static uint32_t set_count, member_count;
static Member *first_buckets[FIRST_ROOM], **buckets = first_buckets;
static size_t bucket_count = FIRST_ROOM;
static int64_t swept;

int64_t ping_period(void) {
  const char *text = getenv("OLEANDER_PING_PERIOD");
  double seconds = text ? strtod(text, NULL) : 0;
  return (int64_t)((seconds > 0.001 && seconds < 1e6 ? seconds : 120) * 1e9);
}

/* Members */

static Member **bucket_of(uint64_t oid) {
  return &buckets[(size_t)(oid * UINT64_C(0x9E3779B97F4A7C15) >> 32) & (bucket_count - 1)];
}

static void grow_locked(void) {
  Member **old = buckets;
  size_t count = bucket_count;
  Member **grown = calloc(count * 2, sizeof *grown);
  if (!grown)
    return; /* it only gets slower */
  buckets = grown;
  bucket_count = count * 2;
  for (size_t i = 0; i < count; i++) {
    for (Member *member = old[i], *next; member; member = next) {
      next = member->next_oid;
      Member **link = bucket_of(member->oid);
      member->next_oid = *link;
      *link = member;
    }
  }
  if (old != first_buckets)
    free(old);
}

static Member **find_member_locked(const PingSet *set, uint64_t oid) {
  Member **link = bucket_of(oid);
  while (*link && ((*link)->set != set || (*link)->oid != oid))
    link = &(*link)->next_oid;
  return link;
}

static void remove_member_locked(Member **link) {
  Member *member = *link;
  *link = member->next_oid;
  *member->previous = member->next;
  if (member->next)
    member->next->previous = member->previous;
  member->set->count--;
  member_count--;
  free(member);
}

static bool add_member_locked(PingSet *set, uint64_t oid) {
  if (*find_member_locked(set, oid))
    return true;
  Member *member = set->count < SET_MEMBER_LIMIT && member_count < MEMBER_LIMIT ? malloc(sizeof *member) : NULL;
  if (!member)
    return false;
  if (member_count >= bucket_count)
    grow_locked();
  Member **link = bucket_of(oid);
  *member = (Member){ *link, set->members, &set->members, set, oid };
  *link = member;
  if (member->next)
    member->next->previous = &member->next;
  set->members = member;
  set->count++;
  member_count++;
  return true;
}

/* Sets */

static void drop_set_locked(PingSet **link) {
  PingSet *set = *link;
  while (set->members)
    remove_member_locked(find_member_locked(set, set->members->oid));
  *link = set->next;
  set_count--;
  free(set);
}

static bool is_over(const PingSet *set, int64_t now) {
  return now - set->pinged >= PERIODS * ping_period();
}

/* What nobody pings any more, once in a while. */
static void sweep_locked(int64_t now) {
  if (now - swept < ping_period() / 2)
    return;
  swept = now;
  for (PingSet **link = &sets; *link;) {
    if (is_over(*link, now))
      drop_set_locked(link);
    else
      link = &(*link)->next;
  }
}

static PingSet *find_set_locked(uint64_t id) {
  PingSet *set = sets;
  while (set && set->id != id)
    set = set->next;
  return set;
}

/* The lower half of the id is small and not 0: clients that send it where the sequence number belongs are never behind. */
static PingSet *create_set_locked(uint64_t owner) {
  PingSet *set = set_count < SET_LIMIT ? calloc(1, sizeof *set) : NULL;
  if (!set)
    return NULL;
  do {
    random_fill(&set->id, sizeof set->id);
    set->id = (set->id & ~UINT64_C(0x8000)) | 1;
  } while (find_set_locked(set->id));
  set->owner = owner;
  set->next = sets;
  sets = set;
  set_count++;
  return set;
}

static uint64_t oid_at(const uint8_t *oids, uint32_t index) {
  uint64_t oid;
  memcpy(&oid, oids + index * sizeof oid, sizeof oid);
  return oid;
}

static uint32_t change_locked(PingSet *set, const uint8_t *add, uint32_t add_count, const uint8_t *remove,
                              uint32_t remove_count) {
  for (uint32_t i = 0; i < remove_count; i++) {
    Member **link = find_member_locked(set, oid_at(remove, i));
    if (*link)
      remove_member_locked(link);
  }
  for (uint32_t i = 0; i < add_count; i++) {
    if (!add_member_locked(set, oid_at(add, i)))
      return RESOLVER_NO_MEMORY;
  }
  return RESOLVER_GOOD;
}

uint32_t ping_sets_change(uint64_t *id, uint16_t sequence, const uint8_t *add, uint32_t add_count,
                          const uint8_t *remove, uint32_t remove_count, uint64_t owner) {
  int64_t now = apartment_clock();
  uint32_t status = RESOLVER_GOOD;
  pthread_mutex_lock(&lock);
  sweep_locked(now);
  bool fresh = !*id;
  PingSet *set = fresh ? create_set_locked(owner) : find_set_locked(*id);
  if (!set) {
    status = fresh ? RESOLVER_NO_MEMORY : RESOLVER_INVALID_SET;
  } else if (set->owner != owner) {
    status = RESOLVER_ACCESS_DENIED;
  } else {
    *id = set->id;
    set->pinged = now;
    /* What was overtaken by something newer changes nothing. */
    bool late = !fresh && (int16_t)(uint16_t)(sequence - set->sequence) < 0;
    if (!late)
      status = change_locked(set, add, add_count, remove, remove_count);
    if (!late)
      set->sequence = sequence;
  }
  pthread_mutex_unlock(&lock);
  return status;
}

uint32_t ping_sets_ping(uint64_t id, uint64_t owner) {
  int64_t now = apartment_clock();
  pthread_mutex_lock(&lock);
  sweep_locked(now);
  PingSet *set = find_set_locked(id);
  uint32_t status = !set || is_over(set, now) ? RESOLVER_INVALID_SET
                    : set->owner != owner     ? RESOLVER_ACCESS_DENIED
                                              : RESOLVER_GOOD;
  if (!status)
    set->pinged = now;
  pthread_mutex_unlock(&lock);
  return status;
}

uint32_t ping_sets_age(uint64_t oid) {
  int64_t now = apartment_clock(), least = INT64_MAX;
  pthread_mutex_lock(&lock);
  for (const Member *member = *bucket_of(oid); member; member = member->next_oid) {
    if (member->oid == oid && now - member->set->pinged < least && !is_over(member->set, now))
      least = now - member->set->pinged;
  }
  pthread_mutex_unlock(&lock);
  return least == INT64_MAX ? PING_NEVER : (uint32_t)(least / 1000000);
}

void ping_sets_count(uint32_t *set_number, uint32_t *members) {
  pthread_mutex_lock(&lock);
  *set_number = set_count;
  *members = member_count;
  pthread_mutex_unlock(&lock);
}
