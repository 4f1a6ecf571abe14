/* The table of objects that are known beyond their apartment. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <objbase.h>

#include "com/object.h"
#include "com/object_table.h"
#include "support/faults.h"

typedef struct Thing {
  IPersist persist;
  IUnknown unknown;
  Object object;
  ObjectEntry *own; /* the thing uses the table whenever it is counted */
} Thing;

static Thing *thing_of(IUnknown *face) {
  return OBJECT_CONTAINER(face, Thing, unknown);
}

/* Calls back into the table: whoever holds its lock now would never get on. */
static void use_table(Thing *thing) {
  IUnknown *identity;

  if (thing->own && object_entry_borrow(thing->own, &identity)) {
    ObjectEntry *own = thing->own;

    thing->own = NULL;
    object_entry_return(own);
    thing->own = own;
  }
}

static HRESULT STDMETHODCALLTYPE Thing_QueryInterface(IUnknown *face, REFIID iid, void **result) {
  use_table(thing_of(face));
  return object_query(&thing_of(face)->object, iid, result);
}

static ULONG STDMETHODCALLTYPE Thing_AddRef(IUnknown *face) {
  use_table(thing_of(face));
  return object_addref(&thing_of(face)->object);
}

static ULONG STDMETHODCALLTYPE Thing_Release(IUnknown *face) {
  use_table(thing_of(face));
  return object_release(&thing_of(face)->object);
}

OBJECT_FACE(Thing, persist, IPersist)

static HRESULT STDMETHODCALLTYPE Thing_GetClassID(IPersist *face, CLSID *clsid) {
  (void)face;
  *clsid = CLSID_NULL;
  return S_OK;
}

static const IUnknownVtbl thing_vtable = { Thing_QueryInterface, Thing_AddRef, Thing_Release };
static const IPersistVtbl persist_vtable = { OLEANDER_FACE_SLOTS(Thing, persist), Thing_GetClassID };
static const ObjectFace thing_faces[] = {
  { &IID_IUnknown, offsetof(Thing, unknown), &thing_vtable },
  { &IID_IPersist, offsetof(Thing, persist), &persist_vtable },
  { 0 },
};
static const ObjectType thing_type = { "Thing", sizeof(Thing), offsetof(Thing, object), thing_faces, NULL, NULL };

static Thing *new_thing(void) {
  Thing *thing = object_create(&thing_type);

  assert_non_null(thing);
  return thing;
}

static int enter(void **state) {
  (void)state;
  return FAILED(CoInitialize(NULL));
}

static int leave(void **state) {
  (void)state;
  CoUninitialize();
  return 0;
}

/* One entry for one object, whatever face it is shown by; one reference for all strong holds. */
static void an_object_has_one_entry(void **state) {
  Thing *thing = new_thing();
  ObjectEntry *first, *second, *found;
  IPersist *persist;

  (void)state;
  assert_int_equal(object_table_hold(&thing->unknown, HOLD_TABLE, &first), S_OK);
  thing->own = first;
  assert_int_equal(object_table_hold((IUnknown *)&thing->persist, HOLD_EXTERNAL, &second), S_OK);
  assert_ptr_equal(first, second);
  assert_int_equal(thing->object.references, 2);
  assert_int_equal(object_entry_query(first, &IID_IPersist, (void **)&persist), S_OK);
  assert_ptr_equal(persist, &thing->persist);
  IPersist_Release(persist);
  assert_int_equal(object_entry_query(first, &IID_IStream, (void **)&persist), E_NOINTERFACE);
  found = object_table_find(object_entry_oid(first), HOLD_WEAK);
  assert_ptr_equal(found, first);
  object_table_release_external(&thing->unknown, 5); /* more than there are */
  assert_int_equal(thing->object.references, 2);
  object_entry_release(first, HOLD_TABLE);
  assert_int_equal(thing->object.references, 1); /* who holds it weakly is cut off with the last of the others */
  assert_false(object_entry_is_connected(found));
  assert_null(object_table_find(object_entry_oid(found), HOLD_TABLE));
  thing->own = NULL;
  object_entry_release(found, HOLD_WEAK);
  assert_int_equal(object_release(&thing->object), 0);
}

static void a_weak_hold_keeps_until_the_last_other_one(void **state) {
  static const struct {
    ObjectHold other;
    bool disconnected; /* CoDisconnectObject */
    bool cut_off;
  } cases[] = { { HOLD_EXTERNAL, false, true }, { HOLD_EXTERNAL, true, true }, { HOLD_TABLE, false, true },
                { HOLD_TABLE, true, false },    { HOLD_WEAK, true, true },     { HOLD_WEAK, false, false } };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    Thing *thing = new_thing();
    ObjectEntry *weak, *other;

    assert_int_equal(object_table_hold(&thing->unknown, HOLD_WEAK, &weak), S_OK);
    assert_int_equal(thing->object.references, 2);
    assert_int_equal(object_table_hold(&thing->unknown, cases[i].other, &other), S_OK);
    assert_int_equal(thing->object.references, 2);
    if (cases[i].disconnected)
      object_table_disconnect(&thing->unknown);
    else if (cases[i].other != HOLD_WEAK)
      object_entry_release(other, cases[i].other);
    assert_int_equal(object_entry_is_connected(weak), !cases[i].cut_off);
    assert_int_equal(thing->object.references, cases[i].cut_off ? 1 : 2);
    object_entry_release(weak, HOLD_WEAK);
    if (cases[i].other == HOLD_WEAK || (cases[i].other == HOLD_TABLE && cases[i].disconnected))
      object_entry_release(other, cases[i].other);
    assert_int_equal(object_release(&thing->object), 0);
  }
}

/* The object lives as long as it is called, also when its last hold goes meanwhile. */
static void a_loan_keeps_the_object(void **state) {
  Thing *thing = new_thing();
  ObjectEntry *entry;
  IUnknown *identity;

  (void)state;
  assert_int_equal(object_table_hold(&thing->unknown, HOLD_EXTERNAL, &entry), S_OK);
  object_release(&thing->object);
  assert_true(object_entry_borrow(entry, &identity));
  object_table_release_external(&thing->unknown, 1);
  assert_ptr_equal(identity, &thing->unknown);
  assert_int_equal(thing->object.references, 1);
  object_entry_return(entry); /* and now it goes, as the sanitizer would tell */
}

static void an_apartment_that_ends_cuts_off_its_objects(void **state) {
  Thing *thing = new_thing();
  ObjectEntry *entry, *again;
  IUnknown *face;
  uint64_t oid;

  (void)state;
  assert_int_equal(object_table_hold(&thing->unknown, HOLD_TABLE, &entry), S_OK);
  oid = object_entry_oid(entry);
  CoUninitialize();
  assert_int_equal(thing->object.references, 1);
  assert_int_equal(object_entry_query(entry, &IID_IUnknown, (void **)&face), CO_E_OBJNOTCONNECTED);
  assert_null(face);
  assert_null(object_table_find(oid, HOLD_WEAK));
  assert_int_equal(CoInitialize(NULL), S_OK);
  assert_int_equal(object_table_hold(&thing->unknown, HOLD_TABLE, &again), S_OK);
  assert_ptr_not_equal(again, entry);
  assert_true(object_entry_oid(again) != oid);
  object_entry_release(entry, HOLD_TABLE);
  object_entry_release(again, HOLD_TABLE);
  assert_int_equal(object_release(&thing->object), 0);
}

#define MANY 1000

static void many_objects_are_found(void **state) {
  static Thing *things[MANY];
  static ObjectEntry *entries[MANY];
  int i;

  (void)state;
  for (i = 0; i < MANY; i++) {
    things[i] = new_thing();
    assert_int_equal(object_table_hold(&things[i]->unknown, HOLD_TABLE, &entries[i]), S_OK);
  }
  for (i = 0; i < MANY; i++) {
    ObjectEntry *same;

    assert_int_equal(object_table_hold(&things[i]->unknown, HOLD_TABLE, &same), S_OK);
    assert_ptr_equal(same, entries[i]);
    object_entry_release(same, HOLD_TABLE);
    assert_ptr_equal(object_table_find(object_entry_oid(entries[i]), HOLD_TABLE), entries[i]);
    object_entry_release(entries[i], HOLD_TABLE);
  }
  for (i = 0; i < MANY; i++) {
    object_entry_release(entries[i], HOLD_TABLE);
    assert_int_equal(object_release(&things[i]->object), 0);
  }
}

static int hold_once(void *unused) {
  Thing *thing = object_create(&thing_type);
  ObjectEntry *entry = NULL;
  HRESULT status;

  (void)unused;
  if (!thing)
    return 0;
  status = object_table_hold(&thing->unknown, HOLD_TABLE, &entry);
  if (SUCCEEDED(status))
    object_entry_release(entry, HOLD_TABLE);
  if (object_release(&thing->object) != 0)
    return 1;
  return status == S_OK || (status == E_OUTOFMEMORY && !entry) ? 0 : 2;
}

static void memory_may_run_out(void **state) {
  (void)state;
  faults_each(hold_once, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(an_object_has_one_entry, enter, leave),
    cmocka_unit_test_setup_teardown(a_weak_hold_keeps_until_the_last_other_one, enter, leave),
    cmocka_unit_test_setup_teardown(a_loan_keeps_the_object, enter, leave),
    cmocka_unit_test_setup_teardown(an_apartment_that_ends_cuts_off_its_objects, enter, leave),
    cmocka_unit_test_setup_teardown(many_objects_are_found, enter, leave),
    cmocka_unit_test_setup_teardown(memory_may_run_out, enter, leave),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
