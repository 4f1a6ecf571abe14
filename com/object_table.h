/*
 * The table of objects that are known beyond their apartment: one entry for each, by its identity. Whatever hands objects
 * to others (external locks, the global interface table, class objects, references that travel) holds the entry and not a
 * pointer of its own: so there is one place that knows who keeps an object, that cuts it off, and that lets go of all
 * when its apartment ends. No object is called while the table is locked.
 */
#ifndef OLEANDER_COM_OBJECT_TABLE_H
#define OLEANDER_COM_OBJECT_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include <objbase.h>

typedef struct ObjectEntry ObjectEntry;

/* Why an entry is held. */
typedef enum ObjectHold {
  HOLD_EXTERNAL, /* clients outside: keeps the object; CoDisconnectObject ends it */
  HOLD_TABLE,    /* a registration within the process: keeps the object */
  HOLD_WEAK,     /* keeps the object until the last other hold has gone, or CoDisconnectObject: then it is cut off */
  HOLD_NOTE,     /* keeps the entry alone: an object that goes says so itself (CoDisconnectObject) */
  HOLD_KINDS
} ObjectHold;

/* Finds or makes the entry of an object in the calling thread's apartment and holds it. */
HRESULT object_table_hold(IUnknown *object, ObjectHold hold, ObjectEntry **entry);

/* Gives a hold back. The entry may be gone then, and with the last hold the reference to the object. */
void object_entry_release(ObjectEntry *entry, ObjectHold hold);

/* Cuts off who is outside, and who holds the object weakly. */
void object_table_disconnect(IUnknown *identity);

/* Ends up to `most` external holds of the object, whoever has them. */
void object_table_release_external(IUnknown *identity, ULONG most);

/* Keeps the object of a held entry alive while it is called, and gives its IUnknown, without a reference; false when it is
 * cut off. Calls nothing foreign: may be asked under a lock. The loan ends with object_entry_return. */
bool object_entry_borrow(ObjectEntry *entry, IUnknown **identity);
void object_entry_return(ObjectEntry *entry);

/* An interface of the object, with a reference. CO_E_OBJNOTCONNECTED when it is cut off. */
HRESULT object_entry_query(ObjectEntry *entry, REFIID iid, void **result);

/* Whether it is not cut off, at this moment. Calls nothing foreign. */
bool object_entry_is_connected(const ObjectEntry *entry);

/* The number of the object, never used again in this process, and of its apartment. */
uint64_t object_entry_oid(const ObjectEntry *entry);
uint64_t object_entry_apartment(const ObjectEntry *entry);

/* The entry with that number, held; NULL when there is none or it is cut off. */
ObjectEntry *object_table_find(uint64_t oid, ObjectHold hold);

#endif
