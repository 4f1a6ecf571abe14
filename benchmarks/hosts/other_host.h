/* Another host on this one: a COM service with a runtime directory and a registry of its own, which is reached over TCP alone. */
#ifndef OLEANDER_BENCHMARKS_OTHER_HOST_H
#define OLEANDER_BENCHMARKS_OTHER_HOST_H

#include <stdbool.h>
#include <stdint.h>

#define OTHER_HOST_DOMAIN   "BENCH"
#define OTHER_HOST_USER     "bench"
#define OTHER_HOST_PASSWORD "measured"

/* Starts it below the folder; the port is where its service listens. Before threads are made. */
bool other_host_start(const char *folder, uint16_t *port);
/* The least level of a call, for programs that are started from now on. */
bool other_host_set_level(unsigned level);
void other_host_stop(void);

#endif
