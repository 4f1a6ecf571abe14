/* The one way to write objects: the laws of QueryInterface, counting, aggregation. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <objbase.h>

#include "com/object.h"
#include "support/faults.h"

typedef struct Thing {
  IPersist persist;
  IClassFactory factory;
  Object object;
  int *destroyed;
} Thing;

OBJECT_FACE(Thing, persist, IPersist)
OBJECT_FACE(Thing, factory, IClassFactory)

static HRESULT STDMETHODCALLTYPE Thing_GetClassID(IPersist *face, CLSID *clsid) {
  (void)face;
  *clsid = IID_IPersist;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Thing_CreateInstance(IClassFactory *face, IUnknown *outer, REFIID iid, void **out) {
  (void)outer;
  return IClassFactory_QueryInterface(face, iid, out);
}

static HRESULT STDMETHODCALLTYPE Thing_LockServer(IClassFactory *face, BOOL lock) {
  (void)face;
  (void)lock;
  return S_OK;
}

static const IPersistVtbl persist_vtable = { Thing_persist_QueryInterface, Thing_persist_AddRef, Thing_persist_Release,
                                             Thing_GetClassID };
static const IClassFactoryVtbl factory_vtable = { Thing_factory_QueryInterface, Thing_factory_AddRef,
                                                  Thing_factory_Release, Thing_CreateInstance, Thing_LockServer };

/* What goes may still be asked, referenced and released: it must not go twice. */
static void thing_destroy(void *self) {
  Thing *thing = self;
  IUnknown *unknown;

  assert_int_equal(IPersist_QueryInterface(&thing->persist, &IID_IUnknown, (void **)&unknown), S_OK);
  IUnknown_Release(unknown);
  assert_false(object_hold(&thing->object)); /* it is going: nobody new may hold it */
  ++*thing->destroyed;
}

/* Answers one interface that the table does not have, with the first face. */
static HRESULT thing_query(void *self, REFIID iid, void **result) {
  Thing *thing = self;

  if (!IsEqualIID(iid, &IID_IPersistStream))
    return E_NOINTERFACE;
  *result = &thing->persist;
  object_addref(&thing->object);
  return S_OK;
}

static const ObjectFace faces[] = {
  { &IID_IPersist, offsetof(Thing, persist), &persist_vtable },
  { &IID_IClassFactory, offsetof(Thing, factory), &factory_vtable },
  { 0 },
};
static const ObjectType type = { "Thing", sizeof(Thing), offsetof(Thing, object), faces, thing_destroy, thing_query };

static Thing *new_thing(IUnknown *outer, int *destroyed) {
  Thing *thing = object_create_aggregated(&type, outer);

  assert_non_null(thing);
  thing->destroyed = destroyed;
  return thing;
}

static void query_interface_keeps_its_laws(void **state) {
  static const IID *const known[] = { &IID_IUnknown, &IID_IPersist, &IID_IClassFactory, &IID_IPersistStream };
  int destroyed = 0;
  Thing *thing = new_thing(NULL, &destroyed);
  IUnknown *identity;
  size_t i;
  size_t k;

  (void)state;
  assert_int_equal(IPersist_QueryInterface(&thing->persist, &IID_IUnknown, (void **)&identity), S_OK);
  for (i = 0; i < 4; i++) {
    IUnknown *face;
    IUnknown *unknown;

    assert_int_equal(IUnknown_QueryInterface(identity, known[i], (void **)&face), S_OK);
    assert_int_equal(IUnknown_QueryInterface(face, &IID_IUnknown, (void **)&unknown), S_OK);
    assert_ptr_equal(unknown, identity); /* one identity */
    IUnknown_Release(unknown);
    for (k = 0; k < 4; k++) { /* from every interface to every other, always the same pointer */
      IUnknown *first;
      IUnknown *second;

      assert_int_equal(IUnknown_QueryInterface(face, known[k], (void **)&first), S_OK);
      assert_int_equal(IUnknown_QueryInterface(face, known[k], (void **)&second), S_OK);
      assert_ptr_equal(first, second);
      IUnknown_Release(first);
      IUnknown_Release(second);
    }
    IUnknown_Release(face);
  }
  IUnknown_Release(identity);
  identity = (IUnknown *)1;
  assert_int_equal(IPersist_QueryInterface(&thing->persist, &IID_IStream, (void **)&identity), E_NOINTERFACE);
  assert_null(identity);
  assert_int_equal(IPersist_QueryInterface(&thing->persist, &IID_IUnknown, NULL), E_POINTER);
  assert_int_equal(IPersist_AddRef(&thing->persist), 2);
  assert_int_equal(IClassFactory_AddRef(&thing->factory), 3);
  assert_int_equal(IPersist_Release(&thing->persist), 2);
  assert_int_equal(IPersist_Release(&thing->persist), 1);
  assert_int_equal(destroyed, 0);
  assert_int_equal(IClassFactory_Release(&thing->factory), 0);
  assert_int_equal(destroyed, 1);
}

static void an_aggregate_is_one_object(void **state) {
  int outer_destroyed = 0;
  int inner_destroyed = 0;
  Thing *outer = new_thing(NULL, &outer_destroyed);
  Thing *inner = new_thing((IUnknown *)&outer->persist, &inner_destroyed);
  IUnknown *unknown;

  (void)state;
  /* The inner IUnknown is for the outer object alone, and counts by itself. */
  assert_int_equal(IUnknown_QueryInterface(object_inner(&inner->object), &IID_IUnknown, (void **)&unknown), S_OK);
  assert_ptr_equal(unknown, object_inner(&inner->object));
  IUnknown_Release(unknown);
  /* Every other interface of the inner one speaks and counts for the outer one. */
  assert_int_equal(IUnknown_QueryInterface(object_inner(&inner->object), &IID_IClassFactory, (void **)&unknown), S_OK);
  assert_ptr_equal(unknown, &inner->factory);
  assert_int_equal(IPersist_AddRef(&outer->persist), 3);
  IPersist_Release(&outer->persist);
  IUnknown_Release(unknown);
  assert_int_equal(IClassFactory_QueryInterface(&inner->factory, &IID_IUnknown, (void **)&unknown), S_OK);
  assert_ptr_equal(unknown, &outer->persist);
  IUnknown_Release(unknown);
  assert_int_equal(IClassFactory_QueryInterface(&inner->factory, &IID_IPersist, (void **)&unknown), S_OK);
  assert_ptr_equal(unknown, &outer->persist);
  IUnknown_Release(unknown);
  assert_int_equal(IUnknown_Release(object_inner(&inner->object)), 0);
  assert_int_equal(inner_destroyed, 1);
  assert_int_equal(IPersist_Release(&outer->persist), 0);
  assert_int_equal(outer_destroyed, 1);
}

/* The same through the public functions, over memory that the caller made. */
static void an_object_may_lie_in_memory_of_the_caller(void **state) {
  static const ObjectType placed_type = { .name = "Placed", .object = offsetof(Thing, object), .faces = faces };
  Thing thing = { .persist = { &persist_vtable }, .factory = { &factory_vtable } };
  IUnknown *unknown;

  (void)state;
  oleander_unknown_begin(&thing.object, &placed_type, NULL);
  assert_int_equal(oleander_unknown_query(&thing.object, &IID_IClassFactory, (void **)&unknown), S_OK);
  assert_ptr_equal(unknown, &thing.factory);
  assert_int_equal(oleander_unknown_release(&thing.object), 1);
  assert_int_equal(oleander_unknown_addref(&thing.object), 2);
  assert_int_equal(IUnknown_Release(oleander_unknown_inner(&thing.object)), 1);
  assert_int_equal(oleander_unknown_release(&thing.object), 0); /* and nothing is freed */
}

static void what_lasts_survives_careless_clients(void **state) {
  static const ObjectType lasting_type = { .name = "Lasting", .object = offsetof(Thing, object), .faces = faces };
  static Thing lasting = { { &persist_vtable }, { &factory_vtable }, OBJECT_LASTING(lasting_type), NULL };
  IUnknown *unknown;
  int i;

  (void)state;
  for (i = 0; i < 100; i++)
    assert_true(IPersist_Release(&lasting.persist) > 0);
  assert_int_equal(IPersist_QueryInterface(&lasting.persist, &IID_IUnknown, (void **)&unknown), S_OK);
  assert_ptr_equal(unknown, &lasting.persist);
}

static void without_memory_there_is_no_object(void **state) {
  (void)state;
  faults_fail_at(1);
  assert_null(object_create(&type));
  faults_off();
}

static void who_does_not_hold_an_object_may_take_hold_while_it_lives(void **state) {
  int destroyed = 0;
  Thing *thing = new_thing(NULL, &destroyed);

  (void)state;
  assert_true(object_hold(&thing->object));
  assert_int_equal(1, IPersist_Release(&thing->persist));
  assert_int_equal(0, destroyed);
  assert_int_equal(0, object_release_inner(&thing->object));
  assert_int_equal(1, destroyed);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(query_interface_keeps_its_laws),
    cmocka_unit_test(an_aggregate_is_one_object),
    cmocka_unit_test(who_does_not_hold_an_object_may_take_hold_while_it_lives),
    cmocka_unit_test(an_object_may_lie_in_memory_of_the_caller),
    cmocka_unit_test(what_lasts_survives_careless_clients),
    cmocka_unit_test(without_memory_there_is_no_object),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
