/* A process at the other end of a unix socket, or of a TCP connection, that answers as many bytes as it is asked for: what calls
 * between processes and hosts are measured against. */
#ifndef OLEANDER_BENCHMARKS_RAW_PEER_H
#define OLEANDER_BENCHMARKS_RAW_PEER_H

#include <stdbool.h>
#include <stddef.h>

/* Starts it. Before threads are made. */
bool raw_peer_start(bool tcp);

/* Sends `request` bytes (at least 16) and receives `reply` bytes. false: the peer is gone. */
bool raw_peer_exchange(size_t request, size_t reply);

/* Ends it and waits for its end. */
void raw_peer_stop(void);

#endif
