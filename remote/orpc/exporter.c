/* The exporter: what of an apartment is known outside of it. Apartments by OXID, objects by OID, interfaces by IPID; how they are
 * handed out, called, and let go. Who has how many references is in exporter_ledger.c. */
#include "remote/orpc/exporter_internal.h"
#include "remote/security/process_security.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_ROOM = 64 };

#define NO_SLOT 0xFFFFFFFFu

pthread_mutex_t export_lock = PTHREAD_MUTEX_INITIALIZER;

/* Apartments */

static Exporter *exporters;

GUID rem_unknown_ipid(uint64_t oxid) {
  GUID ipid;
  memcpy(&ipid, &oxid, sizeof oxid);
  memcpy(ipid.Data4, "\xA3Remote\x01", sizeof ipid.Data4);
  return ipid;
}

Exporter *exporter_addref(Exporter *exporter) {
  atomic_fetch_add_explicit(&exporter->references, 1, memory_order_relaxed);
  return exporter;
}

void exporter_release(Exporter *exporter) {
  if (!exporter || atomic_fetch_sub(&exporter->references, 1) != 1)
    return;
  while (exporter->peers) {
    Peer *peer = exporter->peers;
    exporter->peers = peer->next;
    free(peer);
  }
  apartment_release(exporter->apartment);
  free(exporter);
}

uint64_t exporter_oxid(const Exporter *exporter) {
  return exporter->oxid;
}

Apartment *exporter_apartment(const Exporter *exporter) {
  return exporter->apartment;
}

RpcServer *exporter_server(Exporter *exporter) {
  return &exporter->server;
}

Exporter *exporter_find(uint64_t oxid) {
  pthread_mutex_lock(&export_lock);
  Exporter *exporter = exporters;
  while (exporter && exporter->oxid != oxid)
    exporter = exporter->next;
  if (exporter)
    exporter_addref(exporter);
  pthread_mutex_unlock(&export_lock);
  return exporter;
}

static Exporter *find_by_apartment_locked(uint64_t number) {
  Exporter *exporter = exporters;
  while (exporter && exporter->number != number)
    exporter = exporter->next;
  return exporter;
}

static ExportedObject *first_listed_locked(const Exporter *exporter) {
  ExportedObject *object = exporter->objects;
  while (object && !object->is_listed)
    object = object->next;
  return object;
}

/* Cuts off everything that is left. The thread is still in the apartment. */
static void leave_apartment(uint64_t apartment, bool last) {
  if (!last)
    return;
  importer_leave_apartment(apartment);
  pthread_mutex_lock(&export_lock);
  Exporter **link = &exporters;
  while (*link && (*link)->number != apartment)
    link = &(*link)->next;
  Exporter *exporter = *link;
  if (exporter)
    *link = exporter->next;
  for (ExportedObject *object; exporter && (object = first_listed_locked(exporter)) != NULL;) {
    object_visit_locked(object);
    exported_cut_off_locked(object);
    pthread_mutex_unlock(&export_lock);
    object_leave(object);
    pthread_mutex_lock(&export_lock);
  }
  pthread_mutex_unlock(&export_lock);
  if (exporter)
    ledger_end_rundown(exporter);
  if (exporter && exporter->listener)
    rpc_listener_close(exporter->listener, true);
  if (exporter && exporter->host_listener)
    rpc_listener_close(exporter->host_listener, true);
  Apartment *own = apartment_get();
  if (own && apartment_number(own) == apartment)
    rpc_queue_end(apartment_queue(own));
  apartment_release(own);
  exporter_release(exporter);
}

static pthread_once_t hook_once = PTHREAD_ONCE_INIT;

static void add_hook(void) {
  apartment_add_hook(leave_apartment);
}

void exporter_watch_apartments(void) {
  pthread_once(&hook_once, add_hook);
}

static HRESULT exporter_create(Apartment *apartment, Exporter **result) {
  Exporter *fresh = calloc(1, sizeof *fresh);
  if (!fresh)
    return E_OUTOFMEMORY;
  fresh->server = (RpcServer){ .serve = exporter_serve, .at_once = exporter_serve_at_once, .closed = exporter_closed };
  fresh->references = 1;
  fresh->apartment = apartment_addref(apartment);
  fresh->number = apartment_number(apartment);
  while (!fresh->oxid)
    random_fill(&fresh->oxid, sizeof fresh->oxid);
  pthread_mutex_lock(&export_lock);
  Exporter *exporter = find_by_apartment_locked(fresh->number);
  if (!exporter) {
    exporter = fresh;
    fresh = NULL;
    exporter->next = exporters;
    exporters = exporter;
  }
  pthread_mutex_unlock(&export_lock);
  exporter_release(fresh);
  *result = exporter;
  return S_OK;
}

HRESULT exporter_of_thread(Exporter **result) {
  uint64_t number = apartment_current();
  *result = NULL;
  if (!number)
    return CO_E_NOTINITIALIZED;
  pthread_mutex_lock(&export_lock);
  *result = find_by_apartment_locked(number);
  pthread_mutex_unlock(&export_lock);
  if (*result)
    return S_OK;
  Apartment *apartment = apartment_get();
  if (!apartment)
    return CO_E_NOTINITIALIZED;
  exporter_watch_apartments();
  HRESULT status = apartment_serve(apartment);
  if (SUCCEEDED(status))
    status = exporter_create(apartment, result);
  apartment_release(apartment);
  return status;
}

HRESULT exporter_open(Exporter *exporter, RpcChannel **channel) {
  HRESULT status = rpc_inbox_open(exporter->apartment, &exporter->server, channel);
  if (FAILED(status))
    return status;
  exporter_addref(exporter); /* until exporter_closed */
  (*channel)->peer.process = process_number();
  return S_OK;
}

/* Objects by OID, interfaces by the index in their IPID */

static ExportedObject *first_buckets[FIRST_ROOM], **buckets = first_buckets;
static size_t bucket_count = FIRST_ROOM, object_count;
static ExportedInterface **slots;
static uint32_t slot_count, slot_room, first_free = NO_SLOT; /* a free one holds the number of the next as a pointer */

static ExportedObject **bucket_of(uint64_t oid) {
  return &buckets[(size_t)(oid * UINT64_C(0x9E3779B97F4A7C15) >> 32) & (bucket_count - 1)];
}

static void grow_buckets_locked(void) {
  ExportedObject **old = buckets;
  size_t count = bucket_count;
  ExportedObject **grown = calloc(count * 2, sizeof *grown);
  if (!grown)
    return; /* it only gets slower */
  buckets = grown;
  bucket_count = count * 2;
  for (size_t i = 0; i < count; i++) {
    for (ExportedObject *object = old[i], *next; object; object = next) {
      next = object->next_oid;
      ExportedObject **link = bucket_of(object->oid);
      object->next_oid = *link;
      *link = object;
    }
  }
  if (old != first_buckets)
    free(old);
}

static ExportedObject *find_object_locked(uint64_t oid) {
  ExportedObject *object = *bucket_of(oid);
  while (object && object->oid != oid)
    object = object->next_oid;
  return object;
}

ExportedObject *exported_object_locked(uint64_t oid) {
  return find_object_locked(oid);
}

static void list_object_locked(ExportedObject *object) {
  if (object_count >= bucket_count)
    grow_buckets_locked();
  ExportedObject **link = bucket_of(object->oid);
  object->next_oid = *link;
  *link = object;
  object->next = object->exporter->objects;
  object->place = &object->exporter->objects;
  if (object->next)
    object->next->place = &object->next;
  *object->place = object;
  object->is_listed = true;
  object_count++;
}

static void unlist_object_locked(ExportedObject *object) {
  if (!object->is_listed)
    return;
  ExportedObject **link = bucket_of(object->oid);
  while (*link != object)
    link = &(*link)->next_oid;
  *link = object->next_oid;
  object->is_listed = false;
  object_count--;
}

static bool take_slot_locked(ExportedInterface *exported) {
  uint32_t slot = first_free;
  if (slot != NO_SLOT) {
    first_free = (uint32_t)(uintptr_t)slots[slot] >> 1;
    if (first_free == (NO_SLOT >> 1))
      first_free = NO_SLOT;
  } else {
    if (slot_count == slot_room) {
      uint32_t room = slot_room ? slot_room * 2 : FIRST_ROOM;
      ExportedInterface **grown = realloc(slots, room * sizeof *grown);
      if (!grown)
        return false;
      slots = grown;
      slot_room = room;
    }
    slot = slot_count++;
  }
  slots[slot] = exported;
  random_fill(&exported->ipid, sizeof exported->ipid - sizeof slot);
  memcpy(exported->ipid.Data4 + 4, &slot, sizeof slot);
  return true;
}

/* An odd value is no pointer: the number of the next free one. */
static void free_slot_locked(const ExportedInterface *exported) {
  uint32_t slot;
  memcpy(&slot, exported->ipid.Data4 + 4, sizeof slot);
  slots[slot] = (ExportedInterface *)(((uintptr_t)(first_free & (NO_SLOT >> 1)) << 1) | 1);
  first_free = slot;
}

ExportedInterface *exported_find_locked(const Exporter *exporter, REFGUID ipid) {
  uint32_t slot;
  memcpy(&slot, ipid->Data4 + 4, sizeof slot);
  if (slot >= slot_count || (uintptr_t)slots[slot] & 1)
    return NULL;
  ExportedInterface *exported = slots[slot];
  if (memcmp(&exported->ipid, ipid, sizeof *ipid) != 0 || !exported->object->is_listed)
    return NULL;
  return !exporter || exported->object->exporter == exporter ? exported : NULL;
}

ExportedInterface *exported_of_iid_locked(ExportedObject *object, REFIID iid) {
  ExportedInterface *exported = object->interfaces;
  while (exported && !IsEqualIID(&exported->iid, iid))
    exported = exported->next;
  return exported;
}

/* The life of an object */

void object_visit_locked(ExportedObject *object) {
  object->visits++;
}

static bool needs_settling(const ExportedObject *object) {
  return !object->references && (object->is_strong || !object->weak);
}

static void drop_stub(IRpcStubBuffer *stub) {
  if (!stub)
    return;
  IRpcStubBuffer_Disconnect(stub);
  IRpcStubBuffer_Release(stub);
}

static IExternalConnection *external_connection(ObjectEntry *entry) {
  IExternalConnection *external;
  return SUCCEEDED(object_entry_query(entry, &IID_IExternalConnection, (void **)&external)) ? external : NULL;
}

void object_tell(ExportedObject *object) {
  pthread_mutex_lock(&export_lock);
  bool tell = !object->is_told && object->references;
  if (tell)
    object->is_told = true;
  pthread_mutex_unlock(&export_lock);
  IExternalConnection *external = tell ? external_connection(object->entry) : NULL;
  if (!external)
    return;
  IExternalConnection_AddConnection(external, EXTCONN_STRONG, 0);
  IExternalConnection_Release(external);
}

/* Nobody has a strong reference any more: lets go of the object. */
static void weaken(ExportedObject *object, bool was_told) {
  IExternalConnection *external = was_told ? external_connection(object->entry) : NULL;
  if (external) {
    IExternalConnection_ReleaseConnection(external, EXTCONN_STRONG, 0, TRUE);
    IExternalConnection_Release(external);
  }
  for (ExportedInterface *exported = object->interfaces; exported; exported = exported->next) {
    pthread_mutex_lock(&export_lock);
    IUnknown *pointer = exported->pointer;
    IRpcStubBuffer *stub = exported->stub;
    exported->pointer = NULL;
    exported->stub = NULL;
    pthread_mutex_unlock(&export_lock);
    drop_stub(stub);
    if (pointer)
      IUnknown_Release(pointer);
  }
  object_entry_release(object->entry, HOLD_TABLE);
}

static void exported_free(ExportedInterface *exported) {
  wire_release(exported->wire);
  if (exported->claims != &exported->first_claim)
    free(exported->claims);
  free(exported);
}

/* Cannot be found any more and nobody is in it. */
static void object_free(ExportedObject *object) {
  while (object->interfaces) {
    ExportedInterface *exported = object->interfaces;
    object->interfaces = exported->next;
    exported_free(exported);
  }
  object_entry_release(object->entry, HOLD_NOTE);
  exporter_release(object->exporter);
  free(object);
}

/* The last visit, on a thread of the apartment: as long as something is to be done for the object. */
static void settle(ExportedObject *object) {
  pthread_mutex_lock(&export_lock);
  while (object->visits == 1 && needs_settling(object)) {
    if (object->is_strong) {
      bool was_told = object->is_told;
      object->is_strong = object->is_told = false;
      exported_cut_off_locked(object); /* weak table references go with the last strong one */
      pthread_mutex_unlock(&export_lock);
      weaken(object, was_told);
      pthread_mutex_lock(&export_lock);
      continue;
    }
    unlist_object_locked(object);
    *object->place = object->next;
    if (object->next)
      object->next->place = object->place;
    for (ExportedInterface *exported = object->interfaces; exported; exported = exported->next)
      free_slot_locked(exported);
    pthread_mutex_unlock(&export_lock);
    object_free(object);
    return;
  }
  object->visits--;
  pthread_mutex_unlock(&export_lock);
}

static void run_settling(ApartmentWork *work, bool dropped) {
  (void)dropped;
  settle(OBJECT_CONTAINER(work, ExportedObject, settling));
}

void object_leave(ExportedObject *object) {
  pthread_mutex_lock(&export_lock);
  bool last = object->visits == 1 && needs_settling(object);
  if (!last)
    object->visits--;
  pthread_mutex_unlock(&export_lock);
  if (!last)
    return;
  /* An object is let go by its own apartment. */
  if (apartment_current() != object->exporter->number) {
    object->settling.run = run_settling;
    if (SUCCEEDED(apartment_post(object->exporter->apartment, &object->settling)))
      return;
  }
  settle(object);
}

HRESULT object_strengthen(ExportedObject *object) {
  ObjectEntry *entry;
  IUnknown *identity;
  pthread_mutex_lock(&export_lock);
  bool is_strong = object->is_strong;
  pthread_mutex_unlock(&export_lock);
  if (is_strong)
    return S_OK;
  HRESULT status = object_entry_query(object->entry, &IID_IUnknown, (void **)&identity);
  if (FAILED(status))
    return status;
  status = object_table_hold(identity, HOLD_TABLE, &entry);
  IUnknown_Release(identity);
  if (FAILED(status))
    return status;
  if (entry != object->entry) { /* the object was cut off meanwhile, and this is a new life */
    object_entry_release(entry, HOLD_TABLE);
    return CO_E_OBJNOTCONNECTED;
  }
  pthread_mutex_lock(&export_lock);
  bool too_late = object->is_strong;
  object->is_strong = true;
  pthread_mutex_unlock(&export_lock);
  if (too_late)
    object_entry_release(entry, HOLD_TABLE);
  return S_OK;
}

/* Exporting */

/* S_FALSE: no module makes stubs of the interface; perhaps it is known then how it travels. */
static HRESULT make_stub(REFIID iid, IUnknown *pointer, IRpcStubBuffer **stub, WireInterface **known) {
  IPSFactoryBuffer *factory;
  HRESULT status = wire_factory(iid, known, &factory);
  if (status != S_OK)
    return status;
  status = IPSFactoryBuffer_CreateStub(factory, iid, pointer, stub);
  IPSFactoryBuffer_Release(factory);
  return status;
}

/* What nobody describes and is the object's IDispatch all the same is a dispinterface: a sink's, whose library only the source
 * knows. */
static HRESULT describe_dispatch(ExportedInterface *exported, IUnknown *identity) {
  IUnknown *dispatch;
  HRESULT status = IUnknown_QueryInterface(identity, &IID_IDispatch, (void **)&dispatch);
  if (FAILED(status))
    return REGDB_E_IIDNOTREG;
  status = dispatch == exported->pointer ? wire_find(&IID_IDispatch, NULL, &exported->wire) : REGDB_E_IIDNOTREG;
  IUnknown_Release(dispatch);
  return status;
}

/* How the interface travels: a module's stub, or a description. */
static HRESULT describe(ExportedInterface *exported, IUnknown *identity) {
  HRESULT status = make_stub(&exported->iid, exported->pointer, &exported->stub, &exported->wire);
  if (status != S_FALSE)
    return status;
  if (exported->wire)
    return S_OK;
  status = wire_find(&exported->iid, identity, &exported->wire);
  return status == REGDB_E_IIDNOTREG ? describe_dispatch(exported, identity) : status;
}

static void abandon(ExportedInterface *exported) {
  drop_stub(exported->stub);
  if (exported->pointer)
    IUnknown_Release(exported->pointer);
  exported_free(exported);
}

HRESULT object_add_interface(ExportedObject *object, IUnknown *identity, REFIID iid, ExportedInterface **result) {
  *result = NULL;
  ExportedInterface *fresh = calloc(1, sizeof *fresh);
  if (!fresh)
    return E_OUTOFMEMORY;
  fresh->object = object;
  fresh->iid = *iid;
  fresh->claims = &fresh->first_claim;
  fresh->claim_room = 1;
  HRESULT status = IUnknown_QueryInterface(identity, iid, (void **)&fresh->pointer);
  if (SUCCEEDED(status) && !fresh->pointer)
    status = E_NOINTERFACE;
  if (SUCCEEDED(status))
    status = describe(fresh, identity);
  if (FAILED(status)) {
    abandon(fresh);
    return status;
  }
  pthread_mutex_lock(&export_lock);
  ExportedInterface *exported = exported_of_iid_locked(object, iid);
  if (!exported && take_slot_locked(fresh)) {
    exported = fresh;
    fresh->next = object->interfaces;
    object->interfaces = fresh;
  }
  IUnknown *pointer = NULL;
  IRpcStubBuffer *stub = NULL;
  if (exported == fresh && !object->is_strong) { /* known weakly: nothing here may keep the object */
    pointer = fresh->pointer;
    stub = fresh->stub;
    fresh->pointer = NULL;
    fresh->stub = NULL;
  }
  pthread_mutex_unlock(&export_lock);
  drop_stub(stub);
  if (pointer)
    IUnknown_Release(pointer);
  if (exported != fresh)
    abandon(fresh);
  *result = exported;
  return exported ? S_OK : E_OUTOFMEMORY;
}

/* The object of an entry, visited; made where there is none. The hold of the entry goes over, also after a failure. */
static HRESULT object_of_entry(Exporter *exporter, ObjectEntry *entry, ExportedObject **result) {
  ExportedObject *fresh = calloc(1, sizeof *fresh);
  *result = NULL;
  if (!fresh) {
    object_entry_release(entry, HOLD_NOTE);
    return E_OUTOFMEMORY;
  }
  *fresh = (ExportedObject){ .exporter = exporter, .entry = entry, .oid = object_entry_oid(entry) };
  pthread_mutex_lock(&export_lock);
  ExportedObject *object = find_object_locked(fresh->oid);
  if (!object) {
    object = fresh;
    exporter_addref(exporter);
    list_object_locked(object);
  }
  object_visit_locked(object);
  pthread_mutex_unlock(&export_lock);
  if (object != fresh) {
    free(fresh);
    object_entry_release(entry, HOLD_NOTE);
  }
  *result = object;
  return S_OK;
}

static HRESULT find_interface(ExportedObject *object, IUnknown *identity, REFIID iid, ExportedInterface **exported) {
  pthread_mutex_lock(&export_lock);
  *exported = exported_of_iid_locked(object, iid);
  pthread_mutex_unlock(&export_lock);
  return *exported ? S_OK : object_add_interface(object, identity, iid, exported);
}

static HRESULT count_export(ExportedInterface *exported, ExportKind kind, bool no_ping, uint64_t process,
                            StdObjref *standard) {
  ExportedObject *object = exported->object;
  HRESULT status = S_OK;
  *standard = (StdObjref){ no_ping ? SORF_NOPING : 0, 0, object->exporter->oxid, object->oid, exported->ipid };
  pthread_mutex_lock(&export_lock);
  if (kind == EXPORT_NORMAL && !ledger_reserve_locked(exported, process)) {
    status = E_OUTOFMEMORY;
  } else if (kind == EXPORT_NORMAL) {
    standard->public_references = PUBLIC_REFERENCES;
    ledger_add_locked(exported, PUBLIC_REFERENCES, process);
    if (!process && !no_ping)
      ledger_note_unclaimed_locked(exported);
  } else if (kind == EXPORT_TABLE_STRONG) {
    standard->flags |= SORF_TABLE_STRONG;
    exported->strong++;
    object->references++;
  } else {
    standard->flags |= SORF_TABLE_WEAK;
    exported->weak++;
    object->weak++;
  }
  pthread_mutex_unlock(&export_lock);
  return status;
}

/* Exporters of other processes find this one by a socket that its apartment serves. */
HRESULT exporter_listen(Exporter *exporter, char endpoint[ENDPOINT_ROOM]) {
  static pthread_mutex_t listen_lock = PTHREAD_MUTEX_INITIALIZER;
  HRESULT status = S_OK;
  pthread_mutex_lock(&listen_lock);
  if (!exporter->listener) {
    snprintf(exporter->endpoint, sizeof exporter->endpoint, "x-%016llx", (unsigned long long)exporter->oxid);
    status = rpc_unix_listen(apartment_queue(exporter->apartment), exporter->endpoint, &exporter->server,
                             &exporter->listener);
  }
  pthread_mutex_unlock(&listen_lock);
  memcpy(endpoint, exporter->endpoint, sizeof exporter->endpoint);
  return status;
}

static HRESULT export_identity(Exporter *exporter, IUnknown *identity, REFIID iid, ExportKind kind, bool no_ping,
                               uint64_t process, StdObjref *standard) {
  ExportedInterface *exported;
  ExportedObject *object;
  ObjectEntry *entry;
  HRESULT status = object_table_hold(identity, HOLD_NOTE, &entry);
  if (SUCCEEDED(status))
    status = object_of_entry(exporter, entry, &object);
  if (FAILED(status))
    return status;
  if (kind != EXPORT_TABLE_WEAK)
    status = object_strengthen(object);
  if (SUCCEEDED(status))
    status = find_interface(object, identity, iid, &exported);
  if (SUCCEEDED(status))
    status = count_export(exported, kind, no_ping, process, standard);
  if (SUCCEEDED(status))
    object_tell(object);
  object_leave(object);
  return status;
}

HRESULT exporter_export(IUnknown *object, REFIID iid, ExportKind kind, bool no_ping, uint64_t process,
                        StdObjref *standard, char *endpoint) {
  Exporter *exporter;
  IUnknown *identity;
  process_security_use();
  HRESULT status = exporter_of_thread(&exporter);
  if (SUCCEEDED(status) && endpoint)
    status = exporter_listen(exporter, endpoint);
  if (SUCCEEDED(status))
    status = IUnknown_QueryInterface(object, &IID_IUnknown, (void **)&identity);
  if (FAILED(status))
    return status;
  status = export_identity(exporter, identity, iid, kind, no_ping, process, standard);
  IUnknown_Release(identity);
  return status;
}

HRESULT exporter_come_home(Exporter *exporter, const StdObjref *standard, uint64_t process, REFIID iid, void **result) {
  *result = NULL;
  pthread_mutex_lock(&export_lock);
  ExportedInterface *exported = exported_find_locked(exporter, &standard->ipid);
  ExportedObject *object = exported ? exported->object : NULL;
  if (object)
    object_visit_locked(object);
  pthread_mutex_unlock(&export_lock);
  if (!object)
    return E_NOINTERFACE;
  HRESULT status = object_entry_query(object->entry, iid, result);
  if (SUCCEEDED(status)) {
    pthread_mutex_lock(&export_lock);
    ledger_come_home_locked(exported, standard->public_references, process);
    pthread_mutex_unlock(&export_lock);
  }
  object_leave(object);
  return status;
}

HRESULT exporter_mark_table(Exporter *exporter, REFGUID ipid, ExportKind kind, StdObjref *standard) {
  pthread_mutex_lock(&export_lock);
  ExportedInterface *exported = exported_find_locked(exporter, ipid);
  ExportedObject *object = exported ? exported->object : NULL;
  if (object)
    object_visit_locked(object);
  pthread_mutex_unlock(&export_lock);
  if (!object)
    return CO_E_OBJNOTCONNECTED;
  HRESULT status = count_export(exported, kind, false, 0, standard);
  object_leave(object);
  return status;
}

static void drop_table_locked(ExportedInterface *exported, uint32_t flags) {
  if (flags & SORF_TABLE_STRONG && exported->strong) {
    exported->strong--;
    exported->object->references--;
  } else if (flags & SORF_TABLE_WEAK && exported->weak) {
    exported->weak--;
    exported->object->weak--;
  }
}

void exporter_discard(Exporter *exporter, const StdObjref *standard, uint64_t process) {
  pthread_mutex_lock(&export_lock);
  ExportedInterface *exported = exported_find_locked(exporter, &standard->ipid);
  ExportedObject *object = exported ? exported->object : NULL;
  if (object) {
    object_visit_locked(object);
    drop_table_locked(exported, standard->flags);
    ledger_drop_locked(exported, standard->public_references, process);
  }
  pthread_mutex_unlock(&export_lock);
  if (object)
    object_leave(object);
}

/* Cutting off */

void exported_cut_off_locked(ExportedObject *object) {
  unlist_object_locked(object);
  object->references = object->weak = 0;
  for (ExportedInterface *exported = object->interfaces; exported; exported = exported->next)
    exported->total = exported->strong = exported->weak = exported->claim_count = 0;
}

void exporter_disconnect(IUnknown *identity) {
  ObjectEntry *entry;
  if (FAILED(object_table_hold(identity, HOLD_NOTE, &entry)))
    return;
  pthread_mutex_lock(&export_lock);
  ExportedObject *object = find_object_locked(object_entry_oid(entry));
  if (object) {
    object_visit_locked(object);
    exported_cut_off_locked(object);
  }
  pthread_mutex_unlock(&export_lock);
  if (object)
    object_leave(object);
  object_entry_release(entry, HOLD_NOTE);
}

void exporter_tell_lock(IUnknown *identity, bool lock, bool last_unlock_releases) {
  IExternalConnection *external;
  if (FAILED(IUnknown_QueryInterface(identity, &IID_IExternalConnection, (void **)&external)))
    return;
  if (lock)
    IExternalConnection_AddConnection(external, EXTCONN_STRONG, 0);
  else
    IExternalConnection_ReleaseConnection(external, EXTCONN_STRONG, 0, last_unlock_releases);
  IExternalConnection_Release(external);
}

/* Being called */

/* The pointer that nobody has asked for since the object is held, or, while nobody holds it, one for this use. */
static HRESULT ask_pointer(ExportedInterface *exported, ExportedUse *use) {
  IUnknown *pointer;
  IRpcStubBuffer *stub = NULL;
  HRESULT status = object_entry_query(exported->object->entry, &exported->iid, (void **)&pointer);
  if (SUCCEEDED(status) && !exported->wire) {
    WireInterface *known;
    status = make_stub(&exported->iid, pointer, &stub, &known);
    wire_release(known);
    if (status != S_OK)
      IUnknown_Release(pointer);
  }
  if (status != S_OK)
    return FAILED(status) ? status : RPC_E_DISCONNECTED;
  pthread_mutex_lock(&export_lock);
  use->owned = !exported->object->is_strong || exported->pointer;
  if (!use->owned) {
    exported->pointer = pointer;
    exported->stub = stub;
  }
  pthread_mutex_unlock(&export_lock);
  use->pointer = pointer;
  use->stub = stub;
  return S_OK;
}

uint32_t exporter_begin_use(Exporter *exporter, REFGUID ipid, REFIID iid, ExportedUse *use) {
  *use = (ExportedUse){ 0 };
  pthread_mutex_lock(&export_lock);
  ExportedInterface *exported = exported_find_locked(exporter, ipid);
  if (exported && IsEqualIID(&exported->iid, iid)) {
    object_visit_locked(exported->object);
    *use = (ExportedUse){ exported, exported->pointer, false, exported->wire, exported->stub };
  }
  pthread_mutex_unlock(&export_lock);
  if (!use->exported)
    return exported ? FAULT_INTERFACE : (uint32_t)RPC_E_DISCONNECTED;
  HRESULT status = use->pointer ? S_OK : ask_pointer(exported, use);
  if (SUCCEEDED(status))
    return 0;
  exporter_end_use(use);
  return (uint32_t)(status == CO_E_OBJNOTCONNECTED ? RPC_E_DISCONNECTED : status);
}

void exporter_end_use(ExportedUse *use) {
  if (use->owned) {
    drop_stub(use->stub);
    IUnknown_Release((IUnknown *)use->pointer);
  }
  object_leave(use->exported->object);
}

const Exporter *exporter_first_locked(void) {
  return exporters;
}
