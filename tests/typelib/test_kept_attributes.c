/* What a library cannot hold of a method's parameters comes back from custom data: buffers, interfaces that another parameter
 * tells, strings, pointers that may be NULL. */
#include "made.h"

#include "dispatch/types/signature.h"

static const GUID kept = { 0x6f1b1c5a, 0x3d0e, 0x4e5b, { 0x9a, 0x57, 0x0c, 0x4f, 0x2b, 0x7e, 0x61, 0xd1 } };

static int set_up(void **state) {
  (void)state;
  return scratch_make() ? 0 : -1;
}

static int tear_down(void **state) {
  (void)state;
  scratch_remove();
  return 0;
}

/* HRESULT f(ui1 *data, i4 count, i4 *done, void **object, GUID-like i4 *riid, ui2 *text) with `says` as custom data */
static const Signature *signature_with(const OLECHAR *says) {
  static OLECHAR *names[] = { u"f", u"data", u"count", u"done", u"object", u"riid", u"text" };
  TYPEDESC octet = { .vt = VT_UI1 }, number = { .vt = VT_I4 }, nothing = { .vt = VT_VOID }, unit = { .vt = VT_UI2 };
  TYPEDESC pointer = { .vt = VT_PTR, .lptdesc = &nothing };
  ELEMDESC parameters[6] = { 0 };
  FUNCDESC desc = { .memid = 5,
                    .funckind = FUNC_PUREVIRTUAL,
                    .invkind = INVOKE_FUNC,
                    .callconv = CC_STDCALL,
                    .cParams = 6,
                    .lprgelemdescParam = parameters,
                    .elemdescFunc.tdesc.vt = VT_HRESULT };
  TYPEDESC *targets[] = { &octet, NULL, &number, &pointer, &number, &unit };
  for (unsigned k = 0; k < 6; k++) {
    parameters[k].tdesc.vt = targets[k] ? VT_PTR : VT_I4;
    parameters[k].tdesc.lptdesc = targets[k];
    parameters[k].paramdesc.wParamFlags = k == 2 || k == 3 ? PARAMFLAG_FOUT : PARAMFLAG_FIN;
  }
  ICreateTypeLib2 *library = made_library(SYS_WIN64, "kept.tlb");
  ICreateTypeInfo *made;
  ICreateTypeInfo2 *type;
  ITypeInfo *info;
  const Signature *signature = NULL;
  VARIANT value = { 0 };
  assert_ok(ICreateTypeLib2_CreateTypeInfo(library, u"IKept", TKIND_INTERFACE, &made));
  assert_ok(ICreateTypeInfo_QueryInterface(made, &IID_ICreateTypeInfo2, (void **)&type));
  assert_ok(ICreateTypeInfo_QueryInterface(made, &IID_ITypeInfo, (void **)&info));
  assert_ok(ICreateTypeInfo2_AddFuncDesc(type, 0, &desc));
  assert_ok(ICreateTypeInfo2_SetFuncAndParamNames(type, 0, names, 7));
  V_VT(&value) = VT_BSTR;
  V_BSTR(&value) = SysAllocString(says);
  assert_ok(ICreateTypeInfo2_SetFuncCustData(type, 0, &kept, &value));
  VariantClear(&value);
  assert_ok(ICreateTypeInfo2_LayOut(type));
  assert_ok(typeinfo_signature(info, 0, NULL, &signature));
  ITypeInfo_Release(info);
  ICreateTypeInfo2_Release(type);
  ICreateTypeInfo_Release(made);
  ICreateTypeLib2_Release(library);
  return signature;
}

static void attributes_come_back(void **state) {
  (void)state;
  const Signature *signature = signature_with(u"0 size_is(count),length_is(*done),unique; 3 iid_is(riid); 5 string");
  const Parameter *all = signature->parameters;
  assert_int_equal(all[0].size_is, 1);
  assert_int_equal(all[0].length_is, 2);
  assert_true(all[0].flags & PARAMETER_BUFFER);
  assert_true(all[0].flags & PARAMETER_UNIQUE);
  assert_int_equal(all[3].iid_is, 4);
  assert_int_equal(all[3].value->kind, TYPE_INTERFACE);
  assert_true(all[5].flags & PARAMETER_STRING);
  signature_release(signature);
}

static void nonsense_says_nothing(void **state) {
  static const OLECHAR *const texts[] = { u"",
                                          u"9 unique",
                                          u"x",
                                          u"0",
                                          u"0 size_is(",
                                          u"0 nope",
                                          u"0 size_is(count)x",
                                          u"4294967296 unique",
                                          u"-1 unique",
                                          u"0 size_is(nobody)",
                                          u"\xD800 \xFFFF; ;;,," };
  (void)state;
  for (unsigned i = 0; i < sizeof texts / sizeof *texts; i++) {
    const Signature *signature = signature_with(texts[i]);
    assert_int_equal(signature->count, 6);
    assert_int_equal(signature->parameters[0].length_is, -1);
    signature_release(signature);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = { cmocka_unit_test(attributes_come_back), cmocka_unit_test(nonsense_says_nothing) };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
