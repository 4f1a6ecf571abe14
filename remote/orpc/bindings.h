/* DUALSTRINGARRAY ([MS-DCOM] 2.2.19): under which addresses an exporter or a resolver is reached, and how it knows who calls. */
#ifndef OLEANDER_REMOTE_BINDINGS_H
#define OLEANDER_REMOTE_BINDINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "com/com_api.h"

enum {
  TOWER_LOCAL = 0x10, /* ncalrpc: for us a file in the runtime directory */
  TOWER_TCP = 7,
  BINDINGS_UNITS = 1600, /* more than the addresses of a host need */
  BINDINGS_ROOM = 4 + 2 * BINDINGS_UNITS
};

/* One that is written. */
typedef struct Bindings {
  unsigned count;    /* of the units */
  unsigned security; /* where the security bindings begin; 0: not yet */
  uint16_t units[BINDINGS_UNITS];
} Bindings;

void bindings_begin(Bindings *bindings);
/* A string binding, ASCII; one that does not fit is left out. */
void bindings_add(Bindings *bindings, uint16_t tower, const char *text);
/* From now on security bindings. */
void bindings_add_security(Bindings *bindings, uint16_t service);
/* Gives the size in bytes. */
size_t bindings_end(Bindings *bindings, uint8_t bytes[BINDINGS_ROOM]);

/* One that came: `bytes` holds the head and the entries. */
typedef struct BindingsReader {
  Cursor cursor;
  size_t end; /* where the security bindings begin */
} BindingsReader;

/* False: the head promises what is not there. */
bool bindings_read(BindingsReader *reader, const uint8_t *bytes, size_t size);
/* The next string binding as ASCII; false: there is none. What does not fit, or is no ASCII, has the tower 0. */
bool bindings_next(BindingsReader *reader, uint16_t *tower, char *text, size_t room);

/* The addresses of this host under a port: `first`, where it is one (""), the one that is listened on, or where that is "" all
 * that are not the loopback's, then the host's name. */
void bindings_add_host(Bindings *bindings, const char *listening, const char *first, uint16_t port);
/* Closes the list with the security providers that there are. */
size_t bindings_end_host(Bindings *bindings, uint8_t bytes[BINDINGS_ROOM]);

#endif
