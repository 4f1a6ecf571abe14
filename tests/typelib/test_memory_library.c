/* Libraries made in memory behave like those of files; CreateDispTypeInfo is one of them. */
#include "sample.h"

#include "dispatch/types/signature.h"
#include "tests/support/faults.h"
#include "typelib/typelib_api.h"

static const GUID iid_adder = { 0x11223344, 0x5566, 0x7788, { 1, 2, 3, 4, 5, 6, 7, 8 } };

static TYPEDESC long_pointee = { { NULL }, VT_I4 };
static TYPEDESC adder_pointee = { { .hreftype = MEMORY_LOCAL_TYPE(0) }, VT_USERDEFINED };

static HRESULT make_adder(ITypeLib **library) {
  VARIANT seven;
  MemoryParameter add[] = {
    { .name = u"left", .type = { { NULL }, VT_I4 }, .flags = PARAMFLAG_FIN, .default_value = NULL },
    { .name = u"right", .type = { { NULL }, VT_I4 }, .flags = PARAMFLAG_FIN | PARAMFLAG_FOPT, .default_value = &seven },
    { .name = u"sum",
      .type = { { .lptdesc = &long_pointee }, VT_PTR },
      .flags = PARAMFLAG_FOUT | PARAMFLAG_FRETVAL,
      .default_value = NULL },
  };
  MemoryParameter join[] = { { .name = u"other",
                               .type = { { .lptdesc = &adder_pointee }, VT_PTR },
                               .flags = PARAMFLAG_FIN,
                               .default_value = NULL } };
  MemoryFunction functions[] = {
    { .name = u"Add",
      .memid = 1,
      .invkind = INVOKE_FUNC,
      .kind = FUNC_PUREVIRTUAL,
      .callconv = CC_STDCALL,
      .slot = 7,
      .result = { { NULL }, VT_HRESULT },
      .parameters = add,
      .parameter_count = 3,
      .optional_count = 0,
      .help_string = u"Adds" },
    { .name = u"Join",
      .memid = 2,
      .invkind = INVOKE_FUNC,
      .kind = FUNC_PUREVIRTUAL,
      .callconv = CC_STDCALL,
      .slot = 8,
      .result = { { NULL }, VT_HRESULT },
      .parameters = join,
      .parameter_count = 1 },
  };
  MemoryImplemented base = { .type = MEMORY_IDISPATCH, .flags = 0 };
  MemoryVariable constants[] = {
    { .name = u"Seven", .memid = 0x40000000, .kind = VAR_CONST, .type = { { NULL }, VT_I4 }, .value = &seven },
  };
  MemoryType types[] = {
    { .name = u"IAdder",
      .kind = TKIND_DISPATCH,
      .guid = iid_adder,
      .flags = TYPEFLAG_FDUAL | TYPEFLAG_FOLEAUTOMATION,
      .functions = functions,
      .function_count = 2,
      .implemented = &base,
      .implemented_count = 1,
      .help_string = u"An adder" },
    { .name = u"Numbers",
      .kind = TKIND_ENUM,
      .variables = constants,
      .variable_count = 1,
      .instance_size = 4,
      .alignment = 4 },
  };
  MemoryLibrary description = { .name = u"Adders", .major = 1, .types = types, .type_count = 2 };

  VariantInit(&seven);
  V_VT(&seven) = VT_I4;
  V_I4(&seven) = 7;
  return memory_library_create(&description, library);
}

static void a_dual_interface_made_in_memory(void **state) {
  ITypeLib *library;
  ITypeInfo2 *info;
  LPOLESTR names[] = { (LPOLESTR)u"ADD", (LPOLESTR)u"right" };
  MEMBERID ids[2];
  TYPEATTR *attr;
  FUNCDESC *desc;
  BSTR name, help;

  (void)state;
  assert_ok(make_adder(&library));
  info = sample_type(library, 0);
  assert_ok(ITypeInfo2_GetTypeAttr(info, &attr));
  assert_int_equal(attr->cFuncs, 9);
  assert_memory_equal(&attr->guid, &iid_adder, sizeof(GUID));
  ITypeInfo2_ReleaseTypeAttr(info, attr);
  assert_ok(ITypeInfo2_GetIDsOfNames(info, names, 2, ids));
  assert_int_equal(ids[0], 1);
  assert_int_equal(ids[1], 1);
  assert_ok(ITypeInfo2_GetFuncDesc(info, 7, &desc));
  assert_int_equal(desc->funckind, FUNC_DISPATCH);
  assert_int_equal(desc->oVft, 56);
  assert_int_equal(desc->cParams, 2);
  assert_int_equal(desc->elemdescFunc.tdesc.vt, VT_I4);
  assert_int_equal(V_I4(&desc->lprgelemdescParam[1].paramdesc.pparamdescex->varDefaultValue), 7);
  ITypeInfo2_ReleaseFuncDesc(info, desc);
  assert_ok(ITypeInfo2_GetDocumentation(info, 1, &name, &help, NULL, NULL));
  assert_bstr(name, "Add");
  assert_bstr(help, "Adds");
  ITypeInfo2_Release(info);
  ITypeLib_Release(library);
}

static void references_inside_and_to_other_libraries(void **state) {
  ITypeLib *adders, *library;
  ITypeInfo *adder, *target;
  ITypeInfo2 *info;
  MemoryImplemented implemented = { .type = MEMORY_REFERENCE(0), .flags = IMPLTYPEFLAG_FDEFAULT };
  MemoryType type = { .name = u"Adder", .kind = TKIND_COCLASS, .implemented = &implemented, .implemented_count = 1 };
  MemoryLibrary description = { .types = &type, .type_count = 1, .reference_count = 1 };
  HREFTYPE reference;
  FUNCDESC *desc;

  (void)state;
  assert_ok(make_adder(&adders));
  assert_ok(ITypeLib_GetTypeInfo(adders, 0, &adder));
  assert_ok(ITypeInfo_GetFuncDesc(adder, 8, &desc));
  assert_ok(ITypeInfo_GetRefTypeInfo(adder, desc->lprgelemdescParam[0].tdesc.lptdesc->hreftype, &target));
  assert_ptr_equal(target, adder);
  ITypeInfo_Release(target);
  ITypeInfo_ReleaseFuncDesc(adder, desc);
  description.references = &adder;
  assert_ok(memory_library_create(&description, &library));
  ITypeLib_Release(adders);
  info = sample_type(library, 0);
  assert_ok(ITypeInfo2_GetRefTypeOfImplType(info, 0, &reference));
  assert_ok(ITypeInfo2_GetRefTypeInfo(info, reference, &target));
  assert_ptr_equal(target, adder);
  ITypeInfo_Release(target);
  ITypeInfo2_Release(info);
  ITypeLib_Release(library);
  assert_int_equal(ITypeInfo_Release(adder), 0); /* the library gave its reference back */
}

static void descriptions_that_make_no_sense(void **state) {
  MemoryType type = { .name = u"T", .kind = TKIND_INTERFACE, .function_count = 0x10000 };
  MemoryLibrary description = { .types = &type, .type_count = 1 };
  MemoryImplemented far = { .type = 0x7F000000, .flags = 0 };
  ITypeLib *library;

  (void)state;
  assert_hr(memory_library_create(NULL, &library), E_INVALIDARG);
  assert_hr(memory_library_create(&description, &library), E_INVALIDARG);
  type.function_count = 0;
  type.implemented = &far;
  type.implemented_count = 1;
  assert_hr(memory_library_create(&description, &library), E_INVALIDARG);
  assert_null(library);
}

static void a_type_that_is_its_own_base(void **state) {
  MemoryImplemented itself = { .type = MEMORY_LOCAL_TYPE(0), .flags = 0 };
  MemoryType type = {
    .name = u"T", .kind = TKIND_DISPATCH, .flags = TYPEFLAG_FDUAL, .implemented = &itself, .implemented_count = 1
  };
  MemoryLibrary description = { .types = &type, .type_count = 1 };
  LPOLESTR name = (LPOLESTR)u"nothing";
  ITypeLib *library;
  ITypeInfo2 *info;
  MEMBERID id;
  FUNCDESC *desc;

  (void)state;
  assert_ok(memory_library_create(&description, &library));
  info = sample_type(library, 0);
  assert_hr(ITypeInfo2_GetIDsOfNames(info, &name, 1, &id), DISP_E_UNKNOWNNAME);
  assert_hr(ITypeInfo2_GetFuncDesc(info, 0, &desc), TYPE_E_ELEMENTNOTFOUND);
  ITypeInfo2_Release(info);
  assert_int_equal(ITypeLib_Release(library), 0); /* not held by itself */
}

/* CreateDispTypeInfo. */

static PARAMDATA sum_parameters[] = { { (OLECHAR *)u"left", VT_I4 }, { (OLECHAR *)u"right", VT_I4 } };
static METHODDATA methods[] = {
  { (OLECHAR *)u"Sum", sum_parameters, 1, 3, CC_STDCALL, 2, DISPATCH_METHOD, VT_I4 },
  { (OLECHAR *)u"Total", NULL, 2, 4, CC_STDCALL, 0, DISPATCH_PROPERTYGET, VT_I4 },
};
static INTERFACEDATA interface_data = { methods, 2 };

static void a_class_described_by_interfacedata(void **state) {
  LPOLESTR names[] = { (LPOLESTR)u"sum", (LPOLESTR)u"right" };
  ITypeInfo *info, *methods_info;
  HREFTYPE reference;
  MEMBERID ids[2];
  TYPEATTR *attr;
  FUNCDESC *desc;

  (void)state;
  assert_ok(CreateDispTypeInfo(&interface_data, 0x409, &info));
  assert_ok(ITypeInfo_GetTypeAttr(info, &attr));
  assert_int_equal(attr->typekind, TKIND_COCLASS);
  assert_int_equal(attr->cImplTypes, 1);
  assert_int_equal(attr->lcid, 0x409);
  ITypeInfo_ReleaseTypeAttr(info, attr);
  assert_ok(DispGetIDsOfNames(info, names, 2, ids));
  assert_int_equal(ids[0], 1);
  assert_int_equal(ids[1], 1);
  assert_ok(ITypeInfo_GetRefTypeOfImplType(info, 0, &reference));
  assert_ok(ITypeInfo_GetRefTypeInfo(info, reference, &methods_info));
  assert_ok(ITypeInfo_GetTypeAttr(methods_info, &attr));
  assert_int_equal(attr->typekind, TKIND_INTERFACE);
  assert_int_equal(attr->cFuncs, 2);
  assert_int_equal(attr->cImplTypes, 0);
  ITypeInfo_ReleaseTypeAttr(methods_info, attr);
  assert_ok(ITypeInfo_GetFuncDesc(methods_info, 0, &desc));
  assert_int_equal(desc->memid, 1);
  assert_int_equal(desc->funckind, FUNC_VIRTUAL);
  assert_int_equal(desc->invkind, INVOKE_FUNC);
  assert_int_equal(desc->oVft, 3 * sizeof(void *));
  assert_int_equal(desc->cParams, 2);
  assert_int_equal(desc->lprgelemdescParam[1].tdesc.vt, VT_I4);
  assert_int_equal(desc->elemdescFunc.tdesc.vt, VT_I4);
  ITypeInfo_ReleaseFuncDesc(methods_info, desc);
  ITypeInfo_Release(methods_info);
  ITypeInfo_Release(info);
  assert_hr(CreateDispTypeInfo(NULL, 0, &info), E_INVALIDARG);
  assert_hr(CreateDispTypeInfo(&interface_data, 0, NULL), E_INVALIDARG);
}

/* A C++ class without IUnknown: three slots of no interest, then Sum and Total. */
typedef struct Summer {
  void (**vtable)(void);
  LONG total;
} Summer;

static LONG summer_sum(Summer *self, LONG left, LONG right) {
  self->total += left + right;
  return left + right;
}

static LONG summer_total(Summer *self) {
  return self->total;
}

static void (*summer_vtable[])(void) = { NULL, NULL, NULL, (void (*)(void))summer_sum, (void (*)(void))summer_total };

static void disp_invoke_calls_it(void **state) {
  Summer summer = { summer_vtable, 0 };
  VARIANT arguments[2], result;
  DISPPARAMS params = { arguments, NULL, 2, 0 }, none = { NULL, NULL, 0, 0 };
  ITypeInfo *info;

  (void)state;
  assert_ok(CreateDispTypeInfo(&interface_data, 0, &info));
  V_VT(&arguments[0]) = V_VT(&arguments[1]) = VT_I4;
  V_I4(&arguments[0]) = 5; /* the last argument comes first */
  V_I4(&arguments[1]) = 30;
  VariantInit(&result);
  assert_ok(DispInvoke(&summer, info, 1, DISPATCH_METHOD, &params, &result, NULL, NULL));
  assert_int_equal(V_VT(&result), VT_I4);
  assert_int_equal(V_I4(&result), 35);
  assert_ok(DispInvoke(&summer, info, 2, DISPATCH_PROPERTYGET, &none, &result, NULL, NULL));
  assert_int_equal(V_I4(&result), 35);
  assert_hr(DispInvoke(&summer, info, 3, DISPATCH_METHOD, &none, &result, NULL, NULL), DISP_E_MEMBERNOTFOUND);
  ITypeInfo_Release(info);
}

static int make_and_release(void *context) {
  ITypeLib *library = NULL;
  HRESULT hr = make_adder(&library);

  (void)context;
  if (SUCCEEDED(hr))
    ITypeLib_Release(library);
  return hr == S_OK || hr == E_OUTOFMEMORY ? 0 : 1;
}

static void every_allocation_may_fail(void **state) {
  (void)state;
  faults_each(make_and_release, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_dual_interface_made_in_memory),    cmocka_unit_test(references_inside_and_to_other_libraries),
    cmocka_unit_test(descriptions_that_make_no_sense),    cmocka_unit_test(a_type_that_is_its_own_base),
    cmocka_unit_test(a_class_described_by_interfacedata), cmocka_unit_test(disp_invoke_calls_it),
    cmocka_unit_test(every_allocation_may_fail),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
