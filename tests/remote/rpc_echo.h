/* A server in a process of its own for the tests of the carriers: it answers with what it was sent, or misbehaves as asked. */
#ifndef OLEANDER_TESTS_RPC_ECHO_H
#define OLEANDER_TESTS_RPC_ECHO_H

#include <sys/types.h>

#include "remote/rpc/channel.h"

extern const IID IID_ECHO;

enum {
  ECHO_BACK,  /* the same bytes */
  ECHO_FAULT, /* fault with the status in the first 4 bytes */
  ECHO_NEVER, /* no answer, until ECHO_RELEASE */
  ECHO_RELEASE, /* answers all that wait, then this one; gives (4 bytes each) how many they were, how many were cancelled */
  ECHO_COUNT,    /* how many one-way calls came, and how many channels were closed */
  ECHO_DIE,      /* the process ends */
  ECHO_NESTED,   /* waits for the next ECHO_RELEASE before it answers */
  ECHO_LENGTH,   /* the length of what came, and a sum over it */
  ECHO_MANY,     /* as many bytes as the first 4 say, counting up */
  ECHO_UNWAITED, /* ECHO_LENGTH, counted as a one-way call */
  ECHO_WHO       /* provider, level and name of who calls, as text */
};

/* Where the one that was started last listens, on 127.0.0.1 beside its socket. */
extern uint16_t echo_port;

/* Starts it on the socket `name` of the runtime directory, which is the scratch folder; returns when it listens. */
pid_t echo_start(const char *name);
/* Kills it, and waits for its end. */
void echo_stop(pid_t server);

#endif
