/* A library in memory that is changed while it is read: everything that a library can hold, through ITypeInfo2. */
#include "sample.h"

#include "tests/support/faults.h"
#include "typelib/model/library_model.h"
#include "typelib/objects/type_objects.h"

#include <stdio.h>

static const GUID libid_stdole = { 0x00020430, 0, 0, { 0xC0, 0, 0, 0, 0, 0, 0, 0x46 } };
static const GUID iid_fontdisp = { 0xBEF6E003, 0xA874, 0x101A, { 0x8B, 0xBA, 0x00, 0xAA, 0x00, 0x30, 0x0C, 0xAB } };
static const GUID mark = { 0x11111111, 0x2222, 0x3333, { 4, 4, 4, 4, 4, 4, 4, 4 } };
static const GUID other = { 0x11111111, 0x2222, 0x3333, { 4, 4, 4, 4, 4, 4, 4, 5 } };

typedef struct Made {
  LibraryModel *model;
  TypeLibrary *library;
} Made;

static HRESULT set_number(LibraryModel *model, CustomList *list, REFGUID guid, LONG number) {
  VARIANT value;

  V_VT(&value) = VT_I4;
  V_I4(&value) = number;
  return library_model_set_custom(model, list, guid, &value);
}

static HRESULT add_type(LibraryModel *model, const OLECHAR *name, TYPEKIND kind, LONG number) {
  TypeFacts facts = { .kind = kind, .alignment = 8, .instance_size = 8, .custom = NO_CUSTOM_DATA };
  HRESULT hr = library_model_name(model, name, &facts.name);

  if (SUCCEEDED(hr) && kind == TKIND_MODULE)
    hr = library_model_text(model, u"some.dll", &facts.dll);
  if (SUCCEEDED(hr))
    hr = set_number(model, &facts.custom, &mark, number);
  return SUCCEEDED(hr) ? library_model_add_type(model, &facts) : hr;
}

static HRESULT add_function(LibraryModel *model, UINT type, UINT index, const OLECHAR *name, MEMBERID memid) {
  FunctionFacts facts = { .memid = memid, .kind = FUNC_STATIC, .invkind = INVOKE_FUNC, .parameter_count = 1 };
  FunctionDetails details = { .custom = NO_CUSTOM_DATA,
                              .documentation = { .help_context = 7, .help_string_context = 8 } };
  ParameterFacts parameter = { .flags = PARAMFLAG_FIN, .default_value = NO_VALUE, .custom = NO_CUSTOM_DATA };
  TYPEDESC type_desc = { .vt = VT_I4 };
  HRESULT hr = library_model_name(model, name, &facts.name);

  if (SUCCEEDED(hr))
    hr = library_model_name(model, u"value", &parameter.name);
  if (SUCCEEDED(hr))
    hr = library_model_desc(model, &type_desc, &facts.result);
  parameter.type = facts.result;
  if (SUCCEEDED(hr))
    hr = library_model_text(model, u"entry", &details.entry);
  if (SUCCEEDED(hr))
    hr = library_model_text(model, u"Helps", &details.documentation.help_string);
  if (SUCCEEDED(hr))
    hr = set_number(model, &details.custom, &mark, 10 + (LONG)memid);
  if (SUCCEEDED(hr))
    hr = set_number(model, &parameter.custom, &mark, 20 + (LONG)memid);
  return SUCCEEDED(hr) ? library_model_add_function(model, type, index, &facts, &details, &parameter) : hr;
}

static HRESULT add_constant(LibraryModel *model, UINT type, const OLECHAR *name, LONG number) {
  VariableFacts facts = { .memid = 0x40000000, .kind = VAR_CONST, .custom = NO_CUSTOM_DATA };
  TYPEDESC type_desc = { .vt = VT_I4 };
  VARIANT value;
  HRESULT hr = library_model_name(model, name, &facts.name);

  V_VT(&value) = VT_I4;
  V_I4(&value) = number;
  if (SUCCEEDED(hr))
    hr = library_model_desc(model, &type_desc, &facts.type);
  if (SUCCEEDED(hr))
    hr = library_model_value(model, &value, &facts.value);
  if (SUCCEEDED(hr))
    hr = set_number(model, &facts.custom, &mark, 30);
  return SUCCEEDED(hr) ? library_model_add_variable(model, type, 0, &facts) : hr;
}

/* A coclass whose interface is stdole's IFontDisp, as an import record tells it. */
static HRESULT add_class(LibraryModel *model, UINT type) {
  ReferenceFacts reference = { .library = libid_stdole, .major = 2, .by_guid = true, .guid = iid_fontdisp };
  ImplementedFacts implemented = { .flags = IMPLTYPEFLAG_FDEFAULT, .custom = NO_CUSTOM_DATA };
  HRESULT hr = library_model_text(model, u"stdole2.tlb", &reference.file);

  if (SUCCEEDED(hr))
    hr = library_model_reference(model, &reference, &implemented.reference);
  if (SUCCEEDED(hr))
    hr = set_number(model, &implemented.custom, &mark, 40);
  return SUCCEEDED(hr) ? library_model_add_implemented(model, type, 0, &implemented) : hr;
}

static HRESULT fill(LibraryModel *model) {
  HRESULT hr = library_model_name(model, u"Made", &library_model_facts(model)->name);

  library_model_facts(model)->lcid = 0x407;
  library_model_facts(model)->syskind = SYS_WIN32;
  if (SUCCEEDED(hr))
    hr = set_number(model, &library_model_facts(model)->custom, &mark, 1);
  if (SUCCEEDED(hr))
    hr = add_type(model, u"Functions", TKIND_MODULE, 2);
  if (SUCCEEDED(hr))
    hr = add_type(model, u"Font", TKIND_COCLASS, 3);
  if (SUCCEEDED(hr))
    hr = add_function(model, 0, 0, u"Second", 2);
  if (SUCCEEDED(hr))
    hr = add_function(model, 0, 0, u"First", 1);
  if (SUCCEEDED(hr))
    hr = add_constant(model, 0, u"Answer", 42);
  return SUCCEEDED(hr) ? add_class(model, 1) : hr;
}

static HRESULT make(Made *made) {
  HRESULT hr = library_model_create(NULL, &made->model);

  if (FAILED(hr))
    return hr;
  hr = fill(made->model);
  if (SUCCEEDED(hr))
    return type_library_create(library_model_reader(made->model), &made->library);
  library_model_reader(made->model)->methods->close(library_model_reader(made->model));
  return hr;
}

static void assert_number(HRESULT hr, VARIANT *value, LONG number) {
  assert_ok(hr);
  assert_int_equal(V_VT(value), VT_I4);
  assert_int_equal(V_I4(value), number);
}

static void custom_data_on_every_level(void **state) {
  Made made;
  VARIANT value;

  (void)state;
  assert_ok(make(&made));
  ITypeLib2 *library = &made.library->lib;
  ITypeInfo2 *module = sample_type((ITypeLib *)library, 0), *coclass = sample_type((ITypeLib *)library, 1);
  assert_number(ITypeLib2_GetCustData(library, &mark, &value), &value, 1);
  assert_number(ITypeInfo2_GetCustData(module, &mark, &value), &value, 2);
  assert_number(ITypeInfo2_GetFuncCustData(module, 0, &mark, &value), &value, 11);
  assert_number(ITypeInfo2_GetParamCustData(module, 1, 0, &mark, &value), &value, 22);
  assert_number(ITypeInfo2_GetVarCustData(module, 0, &mark, &value), &value, 30);
  assert_number(ITypeInfo2_GetImplTypeCustData(coclass, 0, &mark, &value), &value, 40);
  assert_ok(set_number(made.model, &library_model_facts(made.model)->custom, &other, 50));
  assert_ok(set_number(made.model, &library_model_facts(made.model)->custom, &mark, 60));
  assert_ok(type_library_changed(made.library));
  assert_number(ITypeLib2_GetCustData(library, &other, &value), &value, 50);
  assert_number(ITypeLib2_GetCustData(library, &mark, &value), &value, 60);
  ITypeInfo2_Release(module);
  ITypeInfo2_Release(coclass);
  ITypeLib2_Release(library);
}

static void entries_help_and_references(void **state) {
  BSTR dll, entry, help;
  ITypeInfo *info;
  TYPEATTR *attr;
  TLIBATTR *lib_attr;
  HREFTYPE reference;
  DWORD context;
  WORD ordinal;
  Made made;

  (void)state;
  assert_ok(make(&made));
  ITypeLib2 *library = &made.library->lib;
  ITypeInfo2 *module = sample_type((ITypeLib *)library, 0), *coclass = sample_type((ITypeLib *)library, 1);
  assert_ok(ITypeLib2_GetLibAttr(library, &lib_attr));
  assert_int_equal(lib_attr->lcid, 0x407);
  assert_int_equal(lib_attr->syskind, SYS_WIN32);
  ITypeLib2_ReleaseTLibAttr(library, lib_attr);
  assert_ok(ITypeInfo2_GetDllEntry(module, 2, INVOKE_FUNC, &dll, &entry, &ordinal));
  assert_bstr(dll, "some.dll");
  assert_bstr(entry, "entry");
  assert_ok(ITypeInfo2_GetDocumentation(module, 1, NULL, &help, &context, NULL));
  assert_bstr(help, "Helps");
  assert_int_equal(context, 7);
  assert_ok(ITypeInfo2_GetDocumentation2(module, 1, 0, NULL, &context, NULL));
  assert_int_equal(context, 8);
  assert_ok(ITypeInfo2_GetRefTypeOfImplType(coclass, 0, &reference));
  assert_ok(ITypeInfo2_GetRefTypeInfo(coclass, reference, &info));
  assert_ok(ITypeInfo_GetTypeAttr(info, &attr));
  assert_true(IsEqualGUID(&attr->guid, &iid_fontdisp));
  ITypeInfo_ReleaseTypeAttr(info, attr);
  ITypeInfo_Release(info);
  ITypeInfo2_Release(module);
  ITypeInfo2_Release(coclass);
  ITypeLib2_Release(library);
}

static void assert_member(ITypeInfo2 *info, UINT index, MEMBERID memid, const char *name) {
  FUNCDESC *desc;
  BSTR names[2] = { NULL, NULL };
  UINT count;

  assert_ok(ITypeInfo2_GetFuncDesc(info, index, &desc));
  assert_int_equal(desc->memid, memid);
  assert_ok(ITypeInfo2_GetNames(info, desc->memid, names, 2, &count));
  assert_int_equal(count, 2);
  assert_bstr(names[0], name);
  assert_bstr(names[1], "value");
  ITypeInfo2_ReleaseFuncDesc(info, desc);
}

static void what_is_being_made_can_be_read(void **state) {
  ITypeInfo *added;
  FUNCDESC *desc;
  Made made;
  UINT index;

  (void)state;
  assert_ok(make(&made));
  ITypeLib2 *library = &made.library->lib;
  ITypeInfo2 *module = sample_type((ITypeLib *)library, 0);
  assert_member(module, 0, 1, "First");
  assert_member(module, 1, 2, "Second");
  assert_ok(add_function(made.model, 0, 1, u"Between", 5));
  assert_ok(add_type(made.model, u"Added", TKIND_ENUM, 9));
  assert_ok(type_library_changed(made.library));
  assert_member(module, 1, 5, "Between");
  assert_member(module, 2, 2, "Second");
  assert_int_equal(ITypeLib2_GetTypeInfoCount(library), 3);
  assert_ok(ITypeLib2_GetTypeInfo(library, 2, &added));
  ITypeInfo_Release(added);
  library_model_remove_function(made.model, 0, 0);
  library_model_remove_variable(made.model, 0, 0);
  assert_ok(type_library_changed(made.library));
  assert_member(module, 0, 5, "Between");
  assert_hr(ITypeInfo2_GetFuncDesc(module, 2, &desc), TYPE_E_ELEMENTNOTFOUND);
  assert_hr(ITypeInfo2_GetFuncIndexOfMemId(module, 1, INVOKE_FUNC, &index), TYPE_E_ELEMENTNOTFOUND);
  assert_hr(ITypeInfo2_GetVarIndexOfMemId(module, 0x40000000, &index), TYPE_E_ELEMENTNOTFOUND);
  assert_hr(add_function(made.model, 0, 9, u"Beyond", 6), TYPE_E_ELEMENTNOTFOUND);
  ITypeInfo2_Release(module);
  ITypeLib2_Release(library);
}

static void names_are_kept_once(void **state) {
  LibraryModel *model;
  NameId first, again;
  OLECHAR name[16];

  (void)state;
  assert_ok(library_model_create(NULL, &model));
  for (unsigned round = 0; round < 2; round++) {
    for (unsigned number = 0; number < 3000; number++) {
      unsigned rest = number, length = 0;

      for (; rest > 0 || length == 0; rest /= 10)
        name[length++] = (OLECHAR)('0' + rest % 10);
      name[length] = 0;
      assert_ok(library_model_name(model, name, &first));
      assert_ok(library_model_name(model, name, &again));
      assert_int_equal(first, again);
    }
  }
  LibraryFacts facts;
  assert_ok(library_model_reader(model)->methods->read_library(library_model_reader(model), &facts));
  assert_int_equal(facts.name_count, 3000);
  assert_ok(library_model_name(model, NULL, &first));
  assert_int_equal(first, NO_NAME);
  library_model_reader(model)->methods->close(library_model_reader(model));
}

static int make_one(void *context) {
  Made made;
  HRESULT hr = make(&made);

  (void)context;
  if (SUCCEEDED(hr))
    ITypeLib2_Release(&made.library->lib);
  return hr == S_OK || hr == E_OUTOFMEMORY ? 0 : 1;
}

static void every_allocation_may_fail(void **state) {
  (void)state;
  faults_each(make_one, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(custom_data_on_every_level),     cmocka_unit_test(entries_help_and_references),
    cmocka_unit_test(what_is_being_made_can_be_read), cmocka_unit_test(names_are_kept_once),
    cmocka_unit_test(every_allocation_may_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
