/* CreateDispTypeInfo, CreateStdDispatch, DispInvoke, DispGetIDsOfNames and DispGetParam over a C object that knows nothing of COM. */
#include "dispatch/types/signature.h"
#include "tests/support/faults.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

/* A vtable that does not even begin with IUnknown. */
typedef struct Counter {
  void (*const *vtable)(void);
  LONG value;
} Counter;

static LONG Counter_Add(Counter *self, LONG amount, SHORT times) {
  self->value += amount * times;
  return self->value;
}
static void Counter_Put(Counter *self, LONG value) {
  self->value = value;
}
static LONG Counter_Get(Counter *self) {
  return self->value;
}
static void Counter_Swap(Counter *self, LONG *value) {
  LONG old = self->value;
  self->value = *value;
  *value = old;
}

static void (*const counter_vtable[])(void) = {
  (void (*)(void))Counter_Add,
  (void (*)(void))Counter_Put,
  (void (*)(void))Counter_Get,
  (void (*)(void))Counter_Swap,
};

enum { ID_ADD = 1, ID_SWAP = 5 };

static PARAMDATA add_parameters[] = { { (OLECHAR *)u"amount", VT_I4 }, { (OLECHAR *)u"times", VT_I2 } };
static PARAMDATA value_parameter[] = { { (OLECHAR *)u"value", VT_I4 } };
static PARAMDATA swap_parameter[] = { { (OLECHAR *)u"value", VT_I4 | VT_BYREF } };
static METHODDATA methods[] = {
  { (OLECHAR *)u"Add", add_parameters, ID_ADD, 0, CC_STDCALL, 2, DISPATCH_METHOD, VT_I4 },
  { (OLECHAR *)u"Value", value_parameter, DISPID_VALUE, 1, CC_STDCALL, 1, DISPATCH_PROPERTYPUT, VT_EMPTY },
  { (OLECHAR *)u"Value", NULL, DISPID_VALUE, 2, CC_STDCALL, 0, DISPATCH_PROPERTYGET, VT_I4 },
  { (OLECHAR *)u"Swap", swap_parameter, ID_SWAP, 3, CC_STDCALL, 1, DISPATCH_METHOD, VT_EMPTY },
};
static INTERFACEDATA counter_data = { methods, 4 };

static ITypeInfo *make_info(void) {
  ITypeInfo *info = NULL;
  assert_int_equal(CreateDispTypeInfo(&counter_data, 0x409, &info), S_OK);
  return info;
}

static void the_table_becomes_a_coclass_with_one_interface(void **state) {
  (void)state;
  ITypeInfo *info = make_info(), *members = NULL;
  TYPEATTR *attributes = NULL;
  FUNCDESC *desc = NULL;
  HREFTYPE reference = 77;
  BSTR names[4];
  UINT count = 0;
  assert_int_equal(ITypeInfo_GetTypeAttr(info, &attributes), S_OK);
  assert_int_equal(attributes->typekind, TKIND_COCLASS);
  assert_int_equal(attributes->cImplTypes, 1);
  assert_int_equal(attributes->cFuncs, 0);
  assert_int_equal(attributes->wTypeFlags, 0);
  ITypeInfo_ReleaseTypeAttr(info, attributes);
  assert_int_equal(ITypeInfo_GetFuncDesc(info, 0, &desc), TYPE_E_ELEMENTNOTFOUND);
  assert_int_equal(ITypeInfo_GetRefTypeOfImplType(info, 1, &reference), TYPE_E_ELEMENTNOTFOUND);
  assert_int_equal(ITypeInfo_GetRefTypeOfImplType(info, 0, &reference), S_OK);
  assert_int_equal(ITypeInfo_GetRefTypeInfo(info, reference, &members), S_OK);
  assert_int_equal(ITypeInfo_GetTypeAttr(members, &attributes), S_OK);
  assert_int_equal(attributes->typekind, TKIND_INTERFACE);
  assert_int_equal(attributes->cFuncs, 4);
  assert_int_equal(attributes->cImplTypes, 0);
  assert_int_equal(attributes->lcid, 0x409);
  ITypeInfo_ReleaseTypeAttr(members, attributes);
  assert_int_equal(ITypeInfo_GetFuncDesc(members, 3, &desc), S_OK);
  assert_int_equal(desc->memid, ID_SWAP);
  assert_int_equal(desc->oVft, 3 * sizeof(void *));
  assert_int_equal(desc->cParams, 1);
  assert_int_equal(desc->invkind, INVOKE_FUNC);
  assert_int_equal(desc->lprgelemdescParam[0].tdesc.vt, VT_PTR);
  assert_int_equal(desc->lprgelemdescParam[0].tdesc.lptdesc->vt, VT_I4);
  ITypeInfo_ReleaseFuncDesc(members, desc);
  assert_int_equal(ITypeInfo_GetNames(members, ID_ADD, names, 4, &count), S_OK);
  assert_int_equal(count, 3);
  assert_memory_equal(names[2], u"times", 12);
  while (count)
    SysFreeString(names[--count]);
  assert_int_equal(ITypeInfo_GetFuncDesc(members, 4, &desc), TYPE_E_ELEMENTNOTFOUND);
  ITypeInfo_Release(members);
  assert_int_equal(ITypeInfo_Release(info), 0);
}

static void names_of_members_and_parameters_have_ids(void **state) {
  (void)state;
  ITypeInfo *info = make_info();
  LPOLESTR add[] = { (LPOLESTR)u"ADD", (LPOLESTR)u"times", (LPOLESTR)u"amount" };
  LPOLESTR wrong[] = { (LPOLESTR)u"add", (LPOLESTR)u"nothing" }, unknown[] = { (LPOLESTR)u"Subtract" };
  DISPID ids[3];
  assert_int_equal(DispGetIDsOfNames(info, add, 3, ids), S_OK);
  assert_int_equal(ids[0], ID_ADD);
  assert_int_equal(ids[1], 1);
  assert_int_equal(ids[2], 0);
  assert_int_equal(DispGetIDsOfNames(info, wrong, 2, ids), DISP_E_UNKNOWNNAME);
  assert_int_equal(ids[0], ID_ADD);
  assert_int_equal(ids[1], DISPID_UNKNOWN);
  assert_int_equal(DispGetIDsOfNames(info, unknown, 1, ids), DISP_E_UNKNOWNNAME);
  assert_int_equal(ids[0], DISPID_UNKNOWN);
  ITypeInfo_Release(info);
}

static VARIANT i4(LONG value) {
  VARIANT v;
  VariantInit(&v);
  V_VT(&v) = VT_I4;
  V_I4(&v) = value;
  return v;
}

static void the_object_works_through_idispatch(void **state) {
  (void)state;
  Counter counter = { counter_vtable, 100 };
  ITypeInfo *info = make_info(), *same = NULL;
  IUnknown *unknown = NULL;
  IDispatch *dispatch = NULL;
  VARIANTARG args[] = { i4(3), i4(7) };
  VARIANT result;
  LONG other = 55;
  DISPID put = DISPID_PROPERTYPUT;
  DISPPARAMS two = { args, NULL, 2, 0 }, none = { NULL, NULL, 0, 0 }, value = { args, &put, 1, 1 };
  UINT count = 0, bad = 99;
  assert_int_equal(CreateStdDispatch(NULL, &counter, info, &unknown), S_OK);
  assert_int_equal(IUnknown_QueryInterface(unknown, &IID_IDispatch, (void **)&dispatch), S_OK);
  assert_int_equal(IDispatch_GetTypeInfoCount(dispatch, &count), S_OK);
  assert_int_equal(count, 1);
  assert_int_equal(IDispatch_GetTypeInfo(dispatch, 0, 0, &same), S_OK);
  assert_ptr_equal(same, info);
  ITypeInfo_Release(same);
  assert_int_equal(IDispatch_GetTypeInfo(dispatch, 1, 0, &same), DISP_E_BADINDEX);
  assert_int_equal(IDispatch_Invoke(dispatch, ID_ADD, &IID_NULL, 0, DISPATCH_METHOD, &two, &result, NULL, &bad), S_OK);
  assert_int_equal(V_I4(&result), 121);
  assert_int_equal(
      IDispatch_Invoke(dispatch, DISPID_VALUE, &IID_NULL, 0, DISPATCH_PROPERTYPUT, &value, NULL, NULL, &bad), S_OK);
  assert_int_equal(counter.value, 3);
  assert_int_equal(
      IDispatch_Invoke(dispatch, DISPID_VALUE, &IID_NULL, 0, DISPATCH_PROPERTYGET, &none, &result, NULL, &bad), S_OK);
  assert_int_equal(V_I4(&result), 3);
  V_VT(&args[0]) = VT_BYREF | VT_I4;
  V_I4REF(&args[0]) = &other;
  two.cArgs = 1;
  assert_int_equal(IDispatch_Invoke(dispatch, ID_SWAP, &IID_NULL, 0, DISPATCH_METHOD, &two, &result, NULL, &bad), S_OK);
  assert_int_equal(other, 3);
  assert_int_equal(counter.value, 55);
  assert_int_equal(V_VT(&result), VT_EMPTY);
  assert_int_equal(IDispatch_Invoke(dispatch, ID_ADD, &IID_IDispatch, 0, DISPATCH_METHOD, &two, NULL, NULL, NULL),
                   DISP_E_UNKNOWNINTERFACE);
  assert_int_equal(IDispatch_Invoke(dispatch, 17, &IID_NULL, 0, DISPATCH_METHOD, &two, NULL, NULL, NULL),
                   DISP_E_MEMBERNOTFOUND);
  assert_int_equal(IDispatch_Invoke(dispatch, ID_ADD, &IID_NULL, 0, DISPATCH_PROPERTYGET, &two, NULL, NULL, NULL),
                   DISP_E_MEMBERNOTFOUND);
  IDispatch_Release(dispatch);
  assert_int_equal(IUnknown_Release(unknown), 0);
  assert_int_equal(ITypeInfo_Release(info), 0);
}

static void wrong_arguments_are_refused(void **state) {
  (void)state;
  ITypeInfo *info = NULL;
  IUnknown *unknown = NULL;
  assert_int_equal(CreateDispTypeInfo(NULL, 0, &info), E_INVALIDARG);
  assert_int_equal(CreateDispTypeInfo(&counter_data, 0, NULL), E_INVALIDARG);
  METHODDATA nothing_said = { .szName = (OLECHAR *)u"m", .dispid = 1, .cc = CC_STDCALL, .cArgs = 1, .vtReturn = VT_I4 };
  INTERFACEDATA incomplete = { &nothing_said, 1 };
  assert_int_equal(CreateDispTypeInfo(&incomplete, 0, &info), E_INVALIDARG);
  info = make_info();
  assert_int_equal(CreateStdDispatch(NULL, NULL, info, &unknown), E_INVALIDARG);
  assert_int_equal(CreateStdDispatch(NULL, &unknown, NULL, &unknown), E_INVALIDARG);
  assert_int_equal(CreateStdDispatch(NULL, &unknown, info, NULL), E_INVALIDARG);
  ITypeInfo_Release(info);
}

static int make_and_call(void *context) {
  Counter counter = { counter_vtable, 1 };
  VARIANTARG args[] = { i4(2), i4(2) };
  DISPPARAMS params = { args, NULL, 2, 0 };
  ITypeInfo *info = NULL;
  VARIANT result;
  (void)context;
  HRESULT hr = CreateDispTypeInfo(&counter_data, 0, &info);
  if (hr == E_OUTOFMEMORY)
    return info != NULL;
  if (hr != S_OK)
    return 1;
  hr = DispInvoke(&counter, info, ID_ADD, DISPATCH_METHOD, &params, &result, NULL, NULL);
  ITypeInfo_Release(info);
  return hr != S_OK && hr != E_OUTOFMEMORY;
}

static void every_allocation_may_fail(void **state) {
  (void)state;
  faults_each(make_and_call, NULL);
}

static void a_prepared_call_allocates_nothing(void **state) {
  (void)state;
  Counter counter = { counter_vtable, 1 };
  VARIANTARG args[] = { i4(2), i4(2) };
  DISPPARAMS params = { args, NULL, 2, 0 };
  ITypeInfo *info = make_info(), *members = NULL;
  HREFTYPE reference = 0;
  VARIANT result;
  assert_int_equal(ITypeInfo_GetRefTypeOfImplType(info, 0, &reference), S_OK);
  assert_int_equal(ITypeInfo_GetRefTypeInfo(info, reference, &members), S_OK); /* as a server holds it */
  assert_int_equal(DispInvoke(&counter, members, ID_ADD, DISPATCH_METHOD, &params, &result, NULL, NULL), S_OK);
  faults_off();
  assert_int_equal(DispInvoke(&counter, members, ID_ADD, DISPATCH_METHOD, &params, &result, NULL, NULL), S_OK);
  assert_int_equal(faults_count(), 0);
  ITypeInfo_Release(members);
  ITypeInfo_Release(info);
}

/* DispGetParam */

static void dispgetparam_finds_by_position_and_name(void **state) {
  (void)state;
  VARIANTARG args[] = { i4(30), i4(20), i4(10) };
  DISPID ids[] = { 7 }, put[] = { DISPID_PROPERTYPUT };
  DISPPARAMS params = { args, ids, 3, 1 };
  VARIANT result;
  UINT bad = 99;
  VariantInit(&result);
  assert_int_equal(DispGetParam(&params, 0, VT_I4, &result, &bad), S_OK);
  assert_int_equal(V_I4(&result), 10);
  assert_int_equal(DispGetParam(&params, 1, VT_I2, &result, &bad), S_OK);
  assert_int_equal(V_I2(&result), 20);
  assert_int_equal(DispGetParam(&params, 7, VT_I4, &result, &bad), S_OK);
  assert_int_equal(V_I4(&result), 30);
  assert_int_equal(DispGetParam(&params, 2, VT_I4, &result, &bad), DISP_E_PARAMNOTFOUND);
  assert_int_equal(DispGetParam(&params, 3, VT_I4, &result, &bad), DISP_E_PARAMNOTFOUND);
  assert_int_equal(bad, 99);
  params = (DISPPARAMS){ args, put, 3, 1 };
  assert_int_equal(DispGetParam(&params, (UINT)DISPID_PROPERTYPUT, VT_I4, &result, &bad), S_OK);
  assert_int_equal(V_I4(&result), 30);
  assert_int_equal(DispGetParam(&params, 2, VT_I4, &result, &bad), S_OK);
  assert_int_equal(DispGetParam(&params, 1, VT_UNKNOWN, &result, &bad), DISP_E_TYPEMISMATCH);
  assert_int_equal(bad, 1);
  assert_int_equal(DispGetParam(&params, 1, VT_I4, NULL, &bad), E_INVALIDARG);
  assert_int_equal(bad, 1);
  params.rgvarg = NULL; /* what is not there can be told before the values are looked at */
  assert_int_equal(DispGetParam(&params, 3, VT_I4, &result, &bad), DISP_E_PARAMNOTFOUND);
  assert_int_equal(DispGetParam(&params, 0, VT_I4, &result, &bad), E_INVALIDARG);
  assert_int_equal(bad, 2);
  assert_int_equal(DispGetParam(&params, 0, VT_I4, &result, NULL), E_INVALIDARG);
  assert_int_equal(DispGetParam(NULL, 0, VT_I4, &result, NULL), E_INVALIDARG);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(the_table_becomes_a_coclass_with_one_interface),
    cmocka_unit_test(names_of_members_and_parameters_have_ids),
    cmocka_unit_test(the_object_works_through_idispatch),
    cmocka_unit_test(wrong_arguments_are_refused),
    cmocka_unit_test(every_allocation_may_fail),
    cmocka_unit_test(a_prepared_call_allocates_nothing),
    cmocka_unit_test(dispgetparam_finds_by_position_and_name),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
