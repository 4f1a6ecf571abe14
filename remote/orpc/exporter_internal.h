/* The tables of the exporter, which exporter.c and exporter_ledger.c share. Everything in them is under one lock; no object is
 * called under it. */
#ifndef OLEANDER_EXPORTER_INTERNAL_H
#define OLEANDER_EXPORTER_INTERNAL_H

#include <pthread.h>

#include "remote/orpc/orpc_internal.h"
#include "remote/orpc/resolver.h"

/* The public references that one process has. */
typedef struct Claim {
  uint64_t process;
  uint32_t count;
} Claim;

typedef struct ExportedObject ExportedObject;

struct ExportedInterface {
  ExportedInterface *next; /* of the object */
  ExportedObject *object;
  GUID ipid;
  IID iid;
  WireInterface *wire;
  IRpcStubBuffer *stub;    /* instead, of a module */
  IUnknown *pointer;       /* the object's interface; NULL: to be asked for, while nobody has a strong reference */
  int64_t unclaimed_since; /* when references last became nobody's */
  uint32_t total;          /* public references */
  uint32_t given_up;       /* by processes that pass them on: whoever gets them has not said so yet */
  uint32_t owed; /* have come home before the process that passed them on has said that it had them, and gave them up */
  uint32_t strong, weak; /* table marshals */
  Claim *claims;         /* `first_claim`, or on the heap */
  uint32_t claim_count, claim_room;
  Claim first_claim;
};

/* One object: an OID. It stays while there are references, table marshals or visits (calls under way, and who takes it apart). */
struct ExportedObject {
  ExportedObject *next_oid;      /* in its bucket */
  ExportedObject *next, **place; /* of its exporter */
  Exporter *exporter;
  ObjectEntry *entry; /* HOLD_NOTE; also HOLD_TABLE while is_strong */
  uint64_t oid;
  ExportedInterface *interfaces;
  uint64_t references; /* strong ones: all totals and strong table marshals */
  uint32_t weak;
  uint32_t visits;
  bool is_strong;  /* the object is held */
  bool is_told;    /* its IExternalConnection knows */
  bool is_listed;  /* it can be found */
  bool is_leaving; /* its last references went with their process: */
  ExportedObject *next_leaving;
  ApartmentWork settling;
};

/* A process that has channels to an exporter. */
typedef struct Peer {
  struct Peer *next;
  uint64_t process;
  unsigned channels;
} Peer;

struct Exporter {
  RpcServer server; /* first */
  _Atomic uint32_t references;
  Exporter *next; /* of all */
  uint64_t oxid;
  uint64_t number; /* of the apartment */
  Apartment *apartment;
  ExportedObject *objects;
  Peer *peers;
  RpcListener *listener; /* NULL: no other process has been told of it */
  char endpoint[ENDPOINT_ROOM];
  RpcListener *host_listener; /* NULL: no other host has been told of it */
  HostEndpoint host;
  ApartmentTimer rundown;
  int64_t unknown_since; /* nobody answers who is asked for pings; 0: he does */
  bool runs_down;        /* the timer is set */
  bool rundown_ended;    /* the apartment has */
};

extern pthread_mutex_t export_lock;

/* The interface with an IPID of that exporter, which may be NULL: any; NULL. */
ExportedInterface *exported_find_locked(const Exporter *exporter, REFGUID ipid);
ExportedInterface *exported_of_iid_locked(ExportedObject *object, REFIID iid);

/* Of all; the others by `next`. */
const Exporter *exporter_first_locked(void);
/* Under the lock: the process is about to end, and gives no references to what is exported. */
extern bool exporters_closed;

/* Who looks at an object outside of the lock visits it; the end of the last visit lets go what nobody needs any more. */
void object_visit_locked(ExportedObject *object);
void object_leave(ExportedObject *object);
/* Nobody finds it any more, and nobody has a reference. */
void exported_cut_off_locked(ExportedObject *object);

/* Holds an object that was only known weakly. CO_E_OBJNOTCONNECTED. A visit is under way. */
HRESULT object_strengthen(ExportedObject *object);
/* Tells IExternalConnection of the first strong reference. A visit is under way. */
void object_tell(ExportedObject *object);

/* One more interface of a visited object: asks the object, finds out how it travels. */
HRESULT object_add_interface(ExportedObject *object, IUnknown *identity, REFIID iid, ExportedInterface **exported);

/* An object that others know; NULL. */
ExportedObject *exported_object_locked(uint64_t oid);

/* exporter_ledger.c */

/* Room for one more owner, so that counting cannot fail afterwards. */
bool ledger_reserve_locked(ExportedInterface *exported, uint64_t process);
void ledger_add_locked(ExportedInterface *exported, uint32_t references, uint64_t process);
/* References that nobody claims, and whose object nobody pings, for three periods (ping_period) are run down; some are there. */
void ledger_note_unclaimed_locked(ExportedInterface *exported);
/* The apartment ends. */
void ledger_end_rundown(Exporter *exporter);
void ledger_drop_locked(ExportedInterface *exported, uint32_t references, uint64_t process);
/* The same for references that have come home: through another channel than the words of the process that passed them on, which
 * may be on their way still. */
void ledger_come_home_locked(ExportedInterface *exported, uint32_t references, uint64_t process);

#endif
