/* Enumerators of every kind keep the same laws. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <objbase.h>
#include <comcat.h>
#include <ocidl.h>
#include <oleander_enumerator.h>
#include <oleauto.h>

#include "com/object.h"
#include "support/faults.h"

typedef struct Item {
  IUnknown unknown;
  Object object;
} Item;

OBJECT_FACE(Item, unknown, IUnknown)

static const IUnknownVtbl item_vtable = { OLEANDER_FACE_SLOTS(Item, unknown) };
static const ObjectFace item_faces[] = { { &IID_IUnknown, offsetof(Item, unknown), &item_vtable }, { 0 } };
static const ObjectType item_type = { .name = "Item", .object = offsetof(Item, object), .faces = item_faces };
static Item items[5];

static ULONG references(Item *item) {
  IUnknown_AddRef(&item->unknown);
  return IUnknown_Release(&item->unknown);
}

/* Five elements of each kind, and what tells that Next gave the right ones. */
typedef struct Kind {
  const IID *iid;
  const OleanderElements *elements;
  const void *values;
  bool (*same)(const void *given, size_t index);
} Kind;

static IUnknown *pointers[5];
static CONNECTDATA connections[5];
static VARIANT variants[5];
static LPOLESTR texts[5] = { u"one", u"", u"three", u"four", NULL };
static const GUID guids[5] = { { .Data1 = 1 }, { .Data1 = 2 }, { .Data1 = 3 }, { .Data1 = 4 }, { .Data1 = 5 } };

static bool same_pointer(const void *given, size_t index) {
  return *(IUnknown *const *)given == pointers[index];
}

static bool same_connection(const void *given, size_t index) {
  return memcmp(given, &connections[index], sizeof(CONNECTDATA)) == 0;
}

static bool same_variant(const void *given, size_t index) {
  const VARIANT *value = given;

  return V_VT(value) == V_VT(&variants[index]) &&
         (index != 4 || V_BSTR(value) != V_BSTR(&variants[4])) && /* a copy of its own */
         (index == 4 || V_I4(value) == V_I4(&variants[index]));
}

static bool same_text(const void *given, size_t index) {
  const OLECHAR *text = *(const OLECHAR *const *)given;
  size_t i = 0;

  if (!text || !texts[index])
    return text == texts[index];
  while (text[i] && text[i] == texts[index][i])
    i++;
  return text[i] == texts[index][i] && text != texts[index];
}

static bool same_guid(const void *given, size_t index) {
  return IsEqualGUID((const GUID *)given, &guids[index]);
}

static const Kind kinds[] = {
  { &IID_IEnumUnknown, &oleander_interfaces, pointers, same_pointer },
  { &IID_IEnumConnectionPoints, &oleander_interfaces, pointers, same_pointer },
  { &IID_IEnumMoniker, &oleander_monikers, pointers, same_pointer },
  { &IID_IEnumVARIANT, &oleander_variants, variants, same_variant },
  { &IID_IEnumString, &oleander_strings, texts, same_text },
  { &IID_IEnumGUID, &oleander_guids, guids, same_guid },
  { &IID_IEnumConnections, &oleander_connections, connections, same_connection },
};

#define KINDS (sizeof kinds / sizeof kinds[0])

static int set_up(void **state) {
  size_t i;

  (void)state;
  for (i = 0; i < 5; i++) {
    items[i].unknown.lpVtbl = (IUnknownVtbl *)(uintptr_t)&item_vtable;
    object_begin(&items[i].object, &item_type, NULL);
    pointers[i] = &items[i].unknown;
    connections[i] = (CONNECTDATA){ &items[i].unknown, (DWORD)i + 7 };
    V_VT(&variants[i]) = VT_I4;
    V_I4(&variants[i]) = (LONG)i;
  }
  V_VT(&variants[4]) = VT_BSTR;
  V_BSTR(&variants[4]) = SysAllocString(u"text");
  return 0;
}

static int tear_down(void **state) {
  size_t i;

  (void)state;
  for (i = 0; i < 5; i++)
    assert_int_equal(references(&items[i]), 1);
  return VariantClear(&variants[4]);
}

static IEnumUnknown *make(const Kind *kind, size_t count) {
  IEnumUnknown *enumerator = NULL;

  assert_int_equal(oleander_enumerator_create(kind->iid, kind->elements, kind->values, count, (void **)&enumerator),
                   S_OK);
  return enumerator;
}

/* Takes `wanted` and holds them against those from `from` on. */
static void expect(const Kind *kind, IEnumUnknown *enumerator, ULONG wanted, size_t from, ULONG given) {
  char elements[8 * 24];
  ULONG fetched = 99;
  ULONG i;

  memset(elements, 0x55, sizeof elements);
  assert_int_equal(IEnumUnknown_Next(enumerator, wanted, (IUnknown **)(void *)elements, &fetched),
                   given == wanted ? S_OK : S_FALSE);
  assert_int_equal(fetched, given);
  for (i = 0; i < given; i++) {
    assert_true(kind->same(elements + i * kind->elements->size, from + i));
    if (kind->elements->clear)
      kind->elements->clear(elements + i * kind->elements->size);
  }
}

static void every_kind_gives_its_elements(void **state) {
  size_t i;

  (void)state;
  for (i = 0; i < KINDS; i++) {
    IEnumUnknown *enumerator = make(&kinds[i], 5);
    IEnumUnknown *clone;
    IUnknown *face;

    assert_int_equal(IEnumUnknown_QueryInterface(enumerator, kinds[i].iid, (void **)&face), S_OK);
    IUnknown_Release(face);
    assert_int_equal(IEnumUnknown_QueryInterface(enumerator, &IID_IStream, (void **)&face), E_NOINTERFACE);
    expect(&kinds[i], enumerator, 2, 0, 2);
    assert_int_equal(IEnumUnknown_Clone(enumerator, &clone), S_OK);
    expect(&kinds[i], enumerator, 3, 2, 3);
    expect(&kinds[i], enumerator, 1, 5, 0);
    expect(&kinds[i], clone, 1, 2, 1); /* at the place of its model, and on its own */
    assert_int_equal(IEnumUnknown_Skip(clone, 1), S_OK);
    assert_int_equal(IEnumUnknown_Release(enumerator), 0);
    expect(&kinds[i], clone, 7, 4, 1);
    assert_int_equal(IEnumUnknown_Reset(clone), S_OK);
    assert_int_equal(IEnumUnknown_Skip(clone, 5), S_OK);
    assert_int_equal(IEnumUnknown_Skip(clone, 1), S_FALSE);
    assert_int_equal(IEnumUnknown_Skip(clone, 0xFFFFFFFF), S_FALSE);
    assert_int_equal(IEnumUnknown_Reset(clone), S_OK);
    expect(&kinds[i], clone, 5, 0, 5);
    assert_int_equal(IEnumUnknown_Release(clone), 0);
    enumerator = make(&kinds[i], 0);
    expect(&kinds[i], enumerator, 1, 0, 0);
    assert_int_equal(IEnumUnknown_Release(enumerator), 0);
  }
}

static void wrong_arguments(void **state) {
  size_t i;

  (void)state;
  for (i = 0; i < KINDS; i++) {
    IEnumUnknown *enumerator = make(&kinds[i], 5);
    bool monikers = kinds[i].elements == &oleander_monikers;
    HRESULT wrong = monikers ? E_INVALIDARG : E_POINTER;
    char elements[2 * 24] = { 1 };
    IUnknown **out = (IUnknown **)(void *)elements;
    ULONG fetched = 9;

    assert_int_equal(IEnumUnknown_Next(enumerator, 1, NULL, &fetched), wrong);
    assert_int_equal(fetched, 0);
    assert_int_equal(IEnumUnknown_Clone(enumerator, NULL), wrong);
    if (kinds[i].elements != &oleander_variants)
      assert_int_equal(IEnumUnknown_Next(enumerator, 2, out, NULL), wrong);
    assert_int_equal(IEnumUnknown_Next(enumerator, 0, out, &fetched), S_OK);
    assert_int_equal(elements[0], monikers ? 0 : 1);
    assert_int_equal(IEnumUnknown_Next(enumerator, 0, NULL, NULL), monikers ? E_INVALIDARG : S_OK);
    expect(&kinds[i], enumerator, 1, 0, 1); /* nothing was lost */
    IEnumUnknown_Release(enumerator);
    enumerator = (IEnumUnknown *)1;
    assert_int_equal(oleander_enumerator_create(kinds[i].iid, kinds[i].elements, NULL, 1, (void **)&enumerator),
                     E_INVALIDARG);
    assert_null(enumerator);
    assert_int_equal(oleander_enumerator_create(kinds[i].iid, kinds[i].elements, NULL, SIZE_MAX / 2, NULL), E_POINTER);
    assert_int_equal(
        oleander_enumerator_create(kinds[i].iid, kinds[i].elements, elements, SIZE_MAX / 2, (void **)&enumerator),
        E_OUTOFMEMORY);
  }
}

/* A source that counts to `end` and fails at `bad`. */
typedef struct Counter {
  int users;
  LONG end, bad;
} Counter;

static HRESULT counter_next(void *context, uint64_t *position, void *element) {
  Counter *counter = context;
  LONG value = (LONG)*position;

  if (value == counter->bad)
    return E_FAIL;
  if (value >= counter->end)
    return S_FALSE;
  ++*position;
  if (element) {
    V_VT((VARIANT *)element) = VT_I4;
    V_I4((VARIANT *)element) = value;
  }
  return S_OK;
}

static void counter_addref(void *context) {
  ((Counter *)context)->users++;
}

static void counter_release(void *context) {
  ((Counter *)context)->users--;
}

static void a_source_finds_elements_on_the_way(void **state) {
  static const OleanderElementSource source = { counter_next, counter_addref, counter_release };
  Counter counter = { 0, 3, -1 };
  IEnumVARIANT *enumerator, *clone;
  VARIANT values[8];
  ULONG fetched;

  (void)state;
  assert_int_equal(
      oleander_enumerator_over(&IID_IEnumVARIANT, &oleander_variants, &source, &counter, (void **)&enumerator), S_OK);
  assert_int_equal(IEnumVARIANT_Next(enumerator, 2, values, NULL), S_OK);
  assert_int_equal(V_I4(&values[1]), 1);
  assert_int_equal(IEnumVARIANT_Clone(enumerator, &clone), S_OK);
  assert_int_equal(counter.users, 2);
  memset(values, 0x55, sizeof values);
  assert_int_equal(IEnumVARIANT_Next(enumerator, 8, values, &fetched), S_FALSE);
  assert_int_equal(fetched, 1);
  assert_int_equal(V_VT(&values[7]), VT_EMPTY);
  counter.end = 6; /* what comes later is not for one that has ended */
  assert_int_equal(IEnumVARIANT_Next(enumerator, 1, values, &fetched), S_FALSE);
  assert_int_equal(IEnumVARIANT_Release(enumerator), 0);
  counter.bad = 4;
  assert_int_equal(IEnumVARIANT_Next(clone, 4, values, &fetched), E_FAIL);
  assert_int_equal(fetched, 0);
  assert_int_equal(V_VT(&values[0]), VT_EMPTY);
  counter.bad = -1; /* a failure has moved nothing */
  assert_int_equal(IEnumVARIANT_Next(clone, 4, values, &fetched), S_OK);
  assert_int_equal(V_I4(&values[0]), 2);
  assert_int_equal(IEnumVARIANT_Release(clone), 0);
  assert_int_equal(counter.users, 0);
}

static int run_short_of_memory(void *context) {
  const Kind *kind = context;
  IEnumUnknown *enumerator, *clone;
  char elements[8 * 24];
  HRESULT status = oleander_enumerator_create(kind->iid, kind->elements, kind->values, 5, (void **)&enumerator);
  ULONG fetched;

  if (FAILED(status))
    return status == E_OUTOFMEMORY && !enumerator ? 0 : 1;
  status = IEnumUnknown_Clone(enumerator, &clone);
  if (SUCCEEDED(status)) {
    status = IEnumUnknown_Next(clone, 5, (IUnknown **)(void *)elements, &fetched);
    while (kind->elements->clear && fetched > 0)
      kind->elements->clear(elements + --fetched * kind->elements->size);
    IEnumUnknown_Release(clone);
  }
  IEnumUnknown_Release(enumerator);
  return status == S_OK || status == E_OUTOFMEMORY ? 0 : 2;
}

static void memory_may_run_out(void **state) {
  size_t i;

  (void)state;
  for (i = 0; i < KINDS; i++)
    faults_each(run_short_of_memory, (void *)(uintptr_t)&kinds[i]);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(every_kind_gives_its_elements),
    cmocka_unit_test(wrong_arguments),
    cmocka_unit_test(a_source_finds_elements_on_the_way),
    cmocka_unit_test(memory_may_run_out),
  };

  return cmocka_run_group_tests(tests, set_up, tear_down);
}
