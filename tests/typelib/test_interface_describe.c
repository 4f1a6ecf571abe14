/* Interfaces by IID: from the table of standard interfaces, from a registered library, from nowhere. */
#include "sample.h"

#include "dispatch/types/signature.h"
#include "tests/support/faults.h"
#include "tests/support/scratch.h"
#include "typelib/typelib_api.h"

#include <objidl.h>
#include <ocidl.h>

static const IID iid_shape = { 0x7A4E2C00, 0x53D1, 0x4B0A, { 0x9C, 0x7B, 0x1F, 0x0E, 0x55, 0xAA, 0x00, 0x20 } };
static const IID iid_circle = { 0x7A4E2C00, 0x53D1, 0x4B0A, { 0x9C, 0x7B, 0x1F, 0x0E, 0x55, 0xAA, 0x00, 0x21 } };
static const IID iid_events = { 0x7A4E2C00, 0x53D1, 0x4B0A, { 0x9C, 0x7B, 0x1F, 0x0E, 0x55, 0xAA, 0x00, 0x23 } };
static const IID iid_unknown = { 0x7A4E2C00, 0x53D1, 0x4B0A, { 0x9C, 0x7B, 0x1F, 0x0E, 0x55, 0xAA, 0xFF, 0xFF } };

static int register_sample(void **state) {
  ITypeLib *library;
  char16_t *path = utf16_copy(SAMPLE_PATH);

  (void)state;
  setenv("OLEANDER_CLASSES", scratch_make(), 1);
  HRESULT hr = LoadTypeLibEx(path, REGKIND_REGISTER, &library);
  free(path);
  if (FAILED(hr))
    return -1;
  ITypeLib_Release(library);
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  scratch_remove();
  return 0;
}

/* Methods by slot. */
static const struct {
  const IID *iid;
  UINT count, slot;
  const char *name;
  UINT parameters;
} cases[] = {
  { &IID_IUnknown, 3, 0, "QueryInterface", 2 },
  { &IID_IStream, 14, 3, "Read", 3 },
  { &IID_IStream, 14, 13, "Clone", 1 },
  { &IID_IMoniker, 23, 2, "Release", 0 },
  { &IID_ITypeInfo2, 37, 22, "GetTypeKind", 1 },
  { &IID_IDispatch, 7, 6, "Invoke", 8 },
  { &iid_shape, 12, 9, "Move", 5 },
  { &iid_shape, 12, 5, "GetIDsOfNames", 5 },
  { &iid_circle, 14, 13, "Fill", 3 },
  { &iid_circle, 14, 9, "Move", 5 },
  { &iid_events, 7, 6, "Invoke", 8 }, /* a dispinterface is called as IDispatch */
};

static void slots_of_all_kinds_of_interfaces(void **state) {
  (void)state;
  for (size_t index = 0; index < sizeof cases / sizeof cases[0]; index++) {
    const InterfaceDescription *description;
    const Signature *signature;

    assert_ok(interface_describe(cases[index].iid, &description));
    assert_int_equal(interface_slot_count(description), cases[index].count);
    assert_ok(interface_signature(description, cases[index].slot, &signature));
    assert_text(signature->name, cases[index].name);
    assert_int_equal(signature->slot, cases[index].slot);
    assert_int_equal(signature->count, cases[index].parameters);
    signature_release(signature);
    assert_hr(interface_signature(description, cases[index].count, &signature), TYPE_E_ELEMENTNOTFOUND);
    interface_description_release(description);
  }
}

static void methods_travel_in_their_own_form(void **state) {
  const InterfaceDescription *description;
  const Signature *signature;

  (void)state;
  assert_ok(interface_describe(&IID_IDispatch, &description));
  assert_ok(interface_wire_signature(description, 6, &signature));
  assert_text(signature->name, "RemoteInvoke");
  signature_release(signature);
  interface_description_release(description);
  assert_ok(interface_describe(&iid_shape, &description));
  assert_ok(interface_wire_signature(description, 9, &signature));
  assert_text(signature->name, "Move");
  signature_release(signature);
  interface_description_release(description);
}

static void an_unknown_interface_has_no_description(void **state) {
  const InterfaceDescription *description = (void *)state;
  ITypeInfo *info = (void *)state;

  assert_hr(interface_describe(&iid_unknown, &description), TYPE_E_LIBNOTREGISTERED);
  assert_null(description);
  assert_hr(interface_type(&iid_unknown, &info), TYPE_E_LIBNOTREGISTERED);
  assert_null(info);
  assert_hr(interface_type_named("INothing", &info), TYPE_E_ELEMENTNOTFOUND);
  assert_null(info);
}

/* Standard interfaces have type information, whose signatures know of buffers. */
static void a_standard_interface_has_a_type(void **state) {
  ITypeInfo *info, *same, *base;
  IOleanderTypeInfo *signatures;
  const Signature *signature;
  TYPEATTR *attr;
  HREFTYPE reference;
  FUNCDESC *desc;
  BSTR names[4];
  UINT count;

  (void)state;
  assert_ok(interface_type_named("IStream", &info));
  assert_ok(interface_type(&IID_IStream, &same));
  assert_ptr_equal(info, same);
  ITypeInfo_Release(same);
  assert_ok(ITypeInfo_GetTypeAttr(info, &attr));
  assert_int_equal(attr->typekind, TKIND_INTERFACE);
  assert_true(IsEqualGUID(&attr->guid, &IID_IStream));
  assert_int_equal(attr->cFuncs, 9);
  assert_int_equal(attr->cbSizeVft, 14 * sizeof(void *));
  ITypeInfo_ReleaseTypeAttr(info, attr);
  assert_ok(ITypeInfo_GetRefTypeOfImplType(info, 0, &reference));
  assert_ok(ITypeInfo_GetRefTypeInfo(info, reference, &base));
  assert_ok(ITypeInfo_GetFuncDesc(base, 0, &desc));
  assert_int_equal(desc->oVft, 3 * sizeof(void *));
  assert_ok(ITypeInfo_GetNames(base, desc->memid, names, 4, &count));
  assert_int_equal(count, 4);
  assert_text(names[0], "Read");
  while (count > 0)
    SysFreeString(names[--count]);
  ITypeInfo_ReleaseFuncDesc(base, desc);
  assert_ok(ITypeInfo_QueryInterface(base, &IID_IOleanderTypeInfo, (void **)&signatures));
  assert_ok(signatures->lpVtbl->GetSignature(signatures, 0, &signature));
  assert_int_equal(signature->parameters[0].size_is, 1);
  signature_release(signature);
  signatures->lpVtbl->Release(signatures);
  ITypeInfo_Release(base);
  ITypeInfo_Release(info);
}

static int describe_stream(void *context) {
  const InterfaceDescription *description;
  const Signature *signature;
  HRESULT hr = interface_describe(&IID_IStream, &description);

  (void)context;
  if (SUCCEEDED(hr)) {
    hr = interface_signature(description, 3, &signature);
    if (SUCCEEDED(hr))
      signature_release(signature);
    interface_description_release(description);
  }
  return hr == S_OK || hr == E_OUTOFMEMORY ? 0 : 1;
}

static void every_allocation_may_fail(void **state) {
  (void)state;
  faults_each(describe_stream, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(every_allocation_may_fail), /* first: the standard library is made once */
    cmocka_unit_test(slots_of_all_kinds_of_interfaces),
    cmocka_unit_test(methods_travel_in_their_own_form),
    cmocka_unit_test(an_unknown_interface_has_no_description),
    cmocka_unit_test(a_standard_interface_has_a_type),
  };
  return cmocka_run_group_tests(tests, register_sample, tear_down);
}
