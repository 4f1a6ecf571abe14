/* What listens, whatever the socket is: connections are accepted and served on threads of one queue. */
#ifndef OLEANDER_REMOTE_RPC_LISTENER_H
#define OLEANDER_REMOTE_RPC_LISTENER_H

#include "remote/rpc/connection.h"

/* What differs between carriers. */
typedef struct ListenerKind {
  /* Who has come over the socket, which is set up. False: he is turned away. */
  bool (*accept)(int socket, RpcPeer *peer);
  bool of_hosts; /* anybody can come: connections that have not shown whose they are are few, and do not stay */
} ListenerKind;

struct RpcListener {
  ApartmentWatch watch;
  const ListenerKind *kind;
  _Atomic uint32_t references;
  ApartmentQueue *queue;
  RpcServer *server;
  RpcListener *next;    /* all of the process; under the lock of listener.c */
  int spare;            /* a descriptor to give up when there are no others */
  int directory;        /* holds the socket; -1: nobody removes it */
  ApartmentTimer sweep; /* has a reference while it is set: */
  _Atomic bool sweeping;
  _Atomic bool closed;
  _Atomic uint32_t newcomers; /* its connections of other hosts that are not trusted */
  char name[];
};

/* Listens on a socket that is bound and listening already. Takes over the socket and the directory (-1: the file of the socket
 * is somebody else's, or there is none), also where it fails. */
HRESULT listener_create(const ListenerKind *kind, ApartmentQueue *queue, const char *name, RpcServer *server,
                        int directory, int socket, RpcListener **listener);

/* Whoever serves many needs a descriptor for each. */
void listener_raise_limit(void);

#endif
