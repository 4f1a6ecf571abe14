/* The COM service as its program runs it. */
#ifndef OLEANDER_BROKER_BROKER_RUN_H
#define OLEANDER_BROKER_BROKER_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include <objbase.h>

typedef struct BrokerOptions {
  bool foreground;     /* tells what it does */
  double idle_seconds; /* without clients, until it leaves; negative: never */
  int socket;          /* that a service manager listens on already; -1: none */
  const char *listen;  /* address for other hosts; "": all; NULL: none */
  uint16_t port;       /* there */
} BrokerOptions;

/* Listens. ERROR_ALREADY_EXISTS as HRESULT: another one does. */
HRESULT broker_begin(const BrokerOptions *options);
/* Serves until it leaves. */
void broker_run(void);

/* The program oleanderd: gives its exit status. */
__attribute__((visibility("default"))) int oleander_broker_main(int argc, char **argv);

#endif
