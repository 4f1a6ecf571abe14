/* Every interface against interfaces.def: the slot of every method, the length of the vtable, the IID. */
#include "headers/all_headers.h"
#include "headers/slots.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>

typedef struct SlotCase {
  const char *name;
  size_t expected;
  size_t actual;
} SlotCase;

#define SLOT_CASE(iface, slot, method)                                                                                 \
  { #iface "." #method, (slot), offsetof(iface##Vtbl, method) / sizeof(void (*)(void)) },
#define INTERFACE(iface, base, iid, first, methods) EACH_SLOT(SLOT_CASE, iface, first, methods)
#define INTERFACE_EMPTY(iface, base, iid, first)
static const SlotCase slots[] = {
#include "headers/interfaces.def"
};
#undef INTERFACE
#undef INTERFACE_EMPTY

typedef struct InterfaceCase {
  const char *name;
  const IID *iid;
  const char *text;
  size_t expected_methods;
  size_t actual_methods;
  size_t base_methods;
  size_t first;
} InterfaceCase;

typedef struct NONEVtbl {
  char none;
} NONEVtbl;
#define METHODS_OF(iface) (sizeof(iface##Vtbl) / sizeof(void (*)(void)))
#define INTERFACE(iface, base, iid, first, methods)                                                                    \
  { #iface, &IID_##iface, iid, (first) + SLOT_LIST_SIZE methods, METHODS_OF(iface), METHODS_OF(base), first },
#define INTERFACE_EMPTY(iface, base, iid, first)                                                                       \
  { #iface, &IID_##iface, iid, first, METHODS_OF(iface), METHODS_OF(base), first },
static const InterfaceCase interfaces[] = {
#include "headers/interfaces.def"
};

static void every_method_has_its_slot(void **state) {
  size_t wrong = 0;
  (void)state;
  assert_true(ARRAYSIZE(slots) > 500);
  for (size_t i = 0; i < ARRAYSIZE(slots); ++i) {
    if (slots[i].expected != slots[i].actual) {
      print_error("%s is in slot %zu, not %zu\n", slots[i].name, slots[i].actual, slots[i].expected);
      ++wrong;
    }
  }
  assert_int_equal(wrong, 0);
}

static void every_vtable_has_its_length(void **state) {
  size_t wrong = 0;
  (void)state;
  for (size_t i = 0; i < ARRAYSIZE(interfaces); ++i) {
    const InterfaceCase *row = &interfaces[i];
    if (row->expected_methods != row->actual_methods || row->base_methods != row->first) {
      print_error("%s has %zu methods, not %zu; its base has %zu, not %zu\n", row->name, row->actual_methods,
                  row->expected_methods, row->base_methods, row->first);
      ++wrong;
    }
  }
  assert_int_equal(wrong, 0);
}

static void every_iid_is_the_published_one(void **state) {
  size_t wrong = 0;
  (void)state;
  for (size_t i = 0; i < ARRAYSIZE(interfaces); ++i) {
    const IID *iid = interfaces[i].iid;
    char text[40];
    (void)snprintf(text, sizeof(text), "%08X-%04X-%04X-%02X%02X-%02X%02X%02X%02X%02X%02X", iid->Data1, iid->Data2,
                   iid->Data3, iid->Data4[0], iid->Data4[1], iid->Data4[2], iid->Data4[3], iid->Data4[4], iid->Data4[5],
                   iid->Data4[6], iid->Data4[7]);
    if (strcmp(text, interfaces[i].text) != 0) {
      print_error("IID_%s is %s, not %s\n", interfaces[i].name, text, interfaces[i].text);
      ++wrong;
    }
  }
  assert_int_equal(wrong, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(every_method_has_its_slot),
    cmocka_unit_test(every_vtable_has_its_length),
    cmocka_unit_test(every_iid_is_the_published_one),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
