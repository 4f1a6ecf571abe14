/* What a surrogate may use. */
#ifndef OLEANDER_ACTIVATION_SURROGATE_LIMITS_H
#define OLEANDER_ACTIVATION_SURROGATE_LIMITS_H

#include <stdbool.h>
#include <stdint.h>

/* For the rest of the process; 0: no limit. 0, or errno. */
int limit_memory(uint64_t bytes);
int limit_processor(uint32_t seconds);
/* No sockets but unix ones, for the process and its children (seccomp). */
int limit_network(void);

#endif
