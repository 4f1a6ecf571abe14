/* The table of standard interfaces: every line can be read, and says what the headers and the published IDL say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "dispatch/types/standard_interfaces.h"

#include <objidl.h>
#include <ocidl.h>

static void every_line_is_a_signature(void **state) {
  (void)state;
  assert_true(standard_interface_count > 100);
  for (unsigned i = 0; i < standard_interface_count; i++) {
    const StandardInterface *standard = &standard_interfaces[i];
    unsigned end = standard->first_slot + standard->method_count;
    const Signature *signature;

    assert_ptr_equal(standard_interface_find(standard->iid), standard);
    assert_ptr_equal(standard_interface_named(standard->name), standard);
    for (unsigned slot = 0; slot < 2 * end; slot++) {
      HRESULT hr = standard_interface_signature(standard, slot % end, slot >= end, &signature);

      if (FAILED(hr))
        print_error("%s, slot %u: %08X\n", standard->name, slot % end, (unsigned)hr);
      assert_int_equal(hr, S_OK);
      assert_int_equal(signature->slot, slot % end);
      assert_non_null(signature->name);
      if (signature->unsupported)
        print_error("%s, slot %u: %s\n", standard->name, slot % end, signature->unsupported);
      assert_null(signature->unsupported);
      signature_release(signature);
    }
    assert_int_equal(standard_interface_signature(standard, end, false, &signature), TYPE_E_ELEMENTNOTFOUND);
    assert_null(signature);
  }
}

/* Where the methods lie in the vtables that a compiler makes of the same descriptions. */
#define SLOT(Interface, method)                                                                                        \
  { #Interface, #method, offsetof(Interface##Vtbl, method) / sizeof(void *) }

static const struct {
  const char *type, *method;
  size_t slot;
} slots[] = {
  SLOT(IUnknown, Release),
  SLOT(IClassFactory2, CreateInstanceLic),
  SLOT(IStream, Read),
  SLOT(IStream, Clone),
  SLOT(IMoniker, IsSystemMoniker),
  SLOT(ITypeInfo2, GetAllImplTypeCustData),
  SLOT(IStorage, Stat),
  SLOT(IConnectionPointContainer, FindConnectionPoint),
  SLOT(IPersistStreamInit, InitNew),
  SLOT(IDispatch, Invoke),
};

static void methods_stand_in_their_slots(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof slots / sizeof slots[0]; i++) {
    const StandardInterface *standard = standard_interface_named(slots[i].type);
    const Signature *signature;
    char name[64];
    size_t k = 0;

    assert_int_equal(standard_interface_signature(standard, (unsigned)slots[i].slot, false, &signature), S_OK);
    for (; signature->name[k] && k < sizeof name - 1; k++)
      name[k] = (char)signature->name[k];
    name[k] = 0;
    assert_string_equal(name, slots[i].method);
    signature_release(signature);
  }
}

static void buffers_and_interface_pointers_are_told(void **state) {
  const Signature *signature;

  (void)state;
  assert_int_equal(standard_interface_signature(standard_interface_find(&IID_IStream), 3, false, &signature), S_OK);
  assert_true(signature->parameters[0].flags & PARAMETER_BUFFER);
  assert_int_equal(signature->parameters[0].size_is, 1);
  assert_int_equal(signature->parameters[0].length_is, 2);
  assert_true(signature->parameters[2].flags & PARAMETER_UNIQUE);
  signature_release(signature);
  assert_int_equal(standard_interface_signature(standard_interface_find(&IID_IStream), 3, true, &signature), S_OK);
  assert_false(signature->parameters[2].flags & PARAMETER_UNIQUE);
  signature_release(signature);
  assert_int_equal(standard_interface_signature(standard_interface_find(&IID_IClassFactory), 3, false, &signature),
                   S_OK);
  assert_int_equal(signature->parameters[2].iid_is, 1);
  signature_release(signature);
  assert_int_equal(standard_interface_signature(standard_interface_find(&IID_IClassFactory), 3, true, &signature),
                   S_OK);
  assert_int_equal(signature->count, 2); /* an outer object never travels */
  signature_release(signature);
}

static void what_is_not_there(void **state) {
  (void)state;
  assert_null(standard_interface_find(&GUID_NULL));
  assert_null(standard_interface_named("INothing"));
  assert_null(standard_interface_named(NULL));
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(every_line_is_a_signature),
    cmocka_unit_test(methods_stand_in_their_slots),
    cmocka_unit_test(buffers_and_interface_pointers_are_told),
    cmocka_unit_test(what_is_not_there),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
