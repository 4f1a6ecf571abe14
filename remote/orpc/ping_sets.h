/* Who still holds objects of this host: the ping sets of clients on other hosts ([MS-DCOM] 3.1.2.5.1). */
#ifndef OLEANDER_REMOTE_PING_SETS_H
#define OLEANDER_REMOTE_PING_SETS_H

#include <stdbool.h>
#include <stdint.h>

/* Statuses of the resolver. */
enum {
  RESOLVER_GOOD = 0,
  RESOLVER_ACCESS_DENIED = 5,
  RESOLVER_NO_MEMORY = 14,
  RESOLVER_INVALID_OXID = 1910,
  RESOLVER_INVALID_OID = 1911,
  RESOLVER_INVALID_SET = 1912
};

#define PING_NEVER UINT32_MAX

/* Nanoseconds between two pings: OLEANDER_PING_PERIOD in seconds, else 120. A set that nobody has pinged for three of them is
 * gone. */
int64_t ping_period(void);

/* What a client says. `owner`: who it is, 0 where nobody knows; a set is its owner's alone. *set: 0 makes one. Those to remove that
 * are not there are passed over. The OIDs are little endian as they came, unaligned. */
uint32_t ping_sets_change(uint64_t *set, uint16_t sequence, const uint8_t *add, uint32_t add_count,
                          const uint8_t *remove, uint32_t remove_count, uint64_t owner);
uint32_t ping_sets_ping(uint64_t set, uint64_t owner);

/* Milliseconds since the last ping of a set that has the object; PING_NEVER: none has it. */
uint32_t ping_sets_age(uint64_t oid);
/* How many sets and members there are. */
void ping_sets_count(uint32_t *sets, uint32_t *members);

#endif
