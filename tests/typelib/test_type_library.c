/* ITypeLib2 and ITypeComp of a library from a file: attributes, look-up by name and GUID, custom data, identity. */
#include "sample.h"

#include <oleander_typelib.h>

#include <pthread.h>
#include <stdio.h>

static const GUID libid_sample = { 0x7A4E2C00, 0x53D1, 0x4B0A, { 0x9C, 0x7B, 0x1F, 0x0E, 0x55, 0xAA, 0x00, 0x01 } };

static GUID sample_guid(uint8_t last) {
  GUID guid = libid_sample;

  guid.Data4[7] = last;
  return guid;
}

static void attributes_are_those_of_the_idl(void **state) {
  ITypeLib *library = sample_open();
  TLIBATTR *attr = NULL;

  (void)state;
  assert_ok(ITypeLib_GetLibAttr(library, &attr));
  assert_memory_equal(&attr->guid, &libid_sample, sizeof(GUID));
  assert_int_equal(attr->wMajorVerNum, 3);
  assert_int_equal(attr->wMinorVerNum, 7);
  assert_int_equal(attr->lcid, 0);
  assert_int_equal(attr->syskind, SYS_WIN64);
  assert_int_equal(attr->wLibFlags, LIBFLAG_FHASDISKIMAGE);
  ITypeLib_ReleaseTLibAttr(library, attr);
  assert_int_equal(ITypeLib_GetTypeInfoCount(library), SAMPLE_TYPES);
  assert_hr(ITypeLib_GetLibAttr(library, NULL), E_INVALIDARG);
  ITypeLib_Release(library);
}

static void documentation_of_the_library_and_its_types(void **state) {
  ITypeLib2 *library = (ITypeLib2 *)sample_open();
  BSTR name, help, file;
  DWORD context = 1;

  (void)state;
  assert_ok(ITypeLib2_GetDocumentation(library, -1, &name, &help, &context, &file));
  assert_bstr(name, "Sample");
  assert_bstr(help, "Sample library");
  assert_bstr(file, "sample.chm");
  assert_int_equal(context, 77);
  assert_ok(ITypeLib2_GetDocumentation(library, SAMPLE_ISHAPE, &name, &help, &context, NULL));
  assert_bstr(name, "IShape");
  assert_bstr(help, "A shape");
  assert_int_equal(context, 100);
  assert_ok(ITypeLib2_GetDocumentation(library, SAMPLE_ICIRCLE, NULL, NULL, NULL, NULL));
  assert_hr(ITypeLib2_GetDocumentation(library, SAMPLE_TYPES, &name, NULL, NULL, NULL), TYPE_E_ELEMENTNOTFOUND);
  assert_null(name);
  assert_ok(ITypeLib2_GetDocumentation2(library, -1, 0, &help, &context, &file));
  assert_bstr(help, "Sample library");
  assert_bstr(file, "sample_help.dll");
  ITypeLib2_Release(library);
}

static void kinds_of_types(void **state) {
  static const TYPEKIND kinds[SAMPLE_TYPES] = {
    [SAMPLE_ISHAPE] = TKIND_DISPATCH,    [SAMPLE_ICIRCLE] = TKIND_DISPATCH, [SAMPLE_COLOUR] = TKIND_ENUM,
    [SAMPLE_POINT] = TKIND_RECORD,       [SAMPLE_DISTANCE] = TKIND_ALIAS,   [SAMPLE_EITHER] = TKIND_UNION,
    [SAMPLE_MATHEMATICS] = TKIND_MODULE, [SAMPLE_IPLAIN] = TKIND_INTERFACE, [SAMPLE_DEVENTS] = TKIND_DISPATCH,
    [SAMPLE_DPLAIN] = TKIND_DISPATCH,    [SAMPLE_CIRCLE] = TKIND_COCLASS,
  };
  ITypeLib *library = sample_open();
  ITypeInfo *info = (ITypeInfo *)library;
  TYPEKIND kind;
  UINT index;

  (void)state;
  for (index = 0; index < SAMPLE_TYPES; index++) {
    assert_ok(ITypeLib_GetTypeInfoType(library, index, &kind));
    assert_int_equal(kind, kinds[index]);
  }
  assert_hr(ITypeLib_GetTypeInfoType(library, SAMPLE_TYPES, &kind), TYPE_E_ELEMENTNOTFOUND);
  assert_hr(ITypeLib_GetTypeInfoType(library, 0, NULL), E_INVALIDARG);
  assert_hr(ITypeLib_GetTypeInfo(library, SAMPLE_TYPES, &info), TYPE_E_ELEMENTNOTFOUND);
  assert_null(info);
  assert_hr(ITypeLib_GetTypeInfo(library, 0, NULL), E_INVALIDARG);
  ITypeLib_Release(library);
}

static void types_are_found_by_guid(void **state) {
  ITypeLib *library = sample_open();
  GUID guid = sample_guid(0x22), nobody = sample_guid(0x99);
  ITypeInfo *info, *same;

  (void)state;
  assert_ok(ITypeLib_GetTypeInfoOfGuid(library, &guid, &info));
  assert_ok(ITypeLib_GetTypeInfo(library, SAMPLE_IPLAIN, &same));
  assert_ptr_equal(info, same);
  ITypeInfo_Release(info);
  ITypeInfo_Release(same);
  assert_hr(ITypeLib_GetTypeInfoOfGuid(library, &nobody, &info), TYPE_E_ELEMENTNOTFOUND);
  assert_null(info);
  ITypeLib_Release(library);
}

static void names_are_found_without_case_and_corrected(void **state) {
  ITypeLib *library = sample_open();
  OLECHAR name[] = u"iSHAPE", member[] = u"MOVE", parameter[] = u"STEPS", nothing[] = u"Nothing";
  ITypeInfo *infos[4] = { NULL };
  MEMBERID ids[4];
  USHORT count = 4;
  BOOL found = FALSE;

  (void)state;
  assert_ok(ITypeLib_FindName(library, name, 0, infos, ids, &count));
  assert_int_equal(count, 1);
  assert_int_equal(ids[0], MEMBERID_NIL);
  assert_text(name, "IShape");
  ITypeInfo_Release(infos[0]);
  count = 4;
  assert_ok(ITypeLib_FindName(library, member, 0, infos, ids, &count));
  assert_int_equal(count, 1);
  assert_int_equal(ids[0], 2);
  assert_text(member, "Move");
  ITypeInfo_Release(infos[0]);
  assert_ok(ITypeLib_IsName(library, parameter, 0, &found));
  assert_true(found);
  assert_text(parameter, "steps");
  count = 4;
  assert_ok(ITypeLib_FindName(library, parameter, 0, infos, ids, &count));
  assert_int_equal(count, 0);
  assert_ok(ITypeLib_IsName(library, nothing, 0, &found));
  assert_false(found);
  ITypeLib_Release(library);
}

static void find_name_stops_at_the_room_it_is_given(void **state) {
  ITypeLib *library = sample_open();
  OLECHAR name[] = u"Count";
  ITypeInfo *infos[1] = { NULL };
  MEMBERID ids[1];
  USHORT count = 1, none = 0;

  (void)state;
  assert_ok(ITypeLib_FindName(library, name, 0, infos, ids, &count));
  assert_int_equal(count, 1);
  ITypeInfo_Release(infos[0]);
  assert_hr(ITypeLib_FindName(library, name, 0, infos, ids, &none), E_INVALIDARG);
  ITypeLib_Release(library);
}

/* What Bind of the library's own ITypeComp gives for a name. */
static const struct {
  const OLECHAR *name;
  DESCKIND kind;
  MEMBERID memid;
} bindings[] = {
  { u"Colour", DESCKIND_TYPECOMP, 0 },
  { u"Mathematics", DESCKIND_TYPECOMP, 0 },
  { u"colourred", DESCKIND_VARDESC, 0x40000001 },
  { u"Cosine", DESCKIND_FUNCDESC, 0x60000000 },
  { u"IShape", DESCKIND_NONE, 0 },
  { u"Point", DESCKIND_NONE, 0 },
  { u"grid", DESCKIND_NONE, 0 },
  { u"Fill", DESCKIND_IMPLICITAPPOBJ, -2 },
  { u"Move", DESCKIND_IMPLICITAPPOBJ, -2 }, /* inherited by the application object's interface */
  { u"Changed", DESCKIND_NONE, 0 },         /* only its events have that */
  { u"Nowhere", DESCKIND_NONE, 0 },
};

static void check_binding(ITypeComp *comp, size_t index) {
  OLECHAR name[32] = { 0 };
  ITypeInfo *info = NULL;
  DESCKIND kind;
  BINDPTR result;

  memcpy(name, bindings[index].name, utf16_units(bindings[index].name) * sizeof *name);
  assert_ok(ITypeComp_Bind(comp, name, 0, 0, &info, &kind, &result));
  assert_int_equal(kind, bindings[index].kind);
  switch (kind) {
  case DESCKIND_FUNCDESC:
    assert_int_equal(result.lpfuncdesc->memid, bindings[index].memid);
    ITypeInfo_ReleaseFuncDesc(info, result.lpfuncdesc);
    break;
  case DESCKIND_VARDESC:
  case DESCKIND_IMPLICITAPPOBJ:
    assert_int_equal(result.lpvardesc->memid, bindings[index].memid);
    ITypeInfo_ReleaseVarDesc(info, result.lpvardesc);
    break;
  case DESCKIND_TYPECOMP:
    ITypeComp_Release(result.lptcomp);
    break;
  default:
    assert_null(info);
  }
  if (info)
    ITypeInfo_Release(info);
}

static void bind_looks_into_enumerations_modules_and_the_application_object(void **state) {
  ITypeLib *library = sample_open();
  ITypeComp *comp;
  size_t index;

  (void)state;
  assert_ok(ITypeLib_GetTypeComp(library, &comp));
  for (index = 0; index < sizeof bindings / sizeof bindings[0]; index++)
    check_binding(comp, index);
  ITypeComp_Release(comp);
  ITypeLib_Release(library);
}

static void bind_type_finds_types_alone(void **state) {
  ITypeLib *library = sample_open();
  OLECHAR type[] = u"POINT", member[] = u"Move";
  ITypeInfo *info = NULL;
  ITypeComp *comp, *unused = NULL;

  (void)state;
  assert_ok(ITypeLib_GetTypeComp(library, &comp));
  assert_ok(ITypeComp_BindType(comp, type, 0, &info, &unused));
  assert_non_null(info);
  assert_null(unused);
  ITypeInfo_Release(info);
  assert_ok(ITypeComp_BindType(comp, member, 0, &info, &unused));
  assert_null(info);
  ITypeComp_Release(comp);
  ITypeLib_Release(library);
}

static void custom_data_of_the_library(void **state) {
  ITypeLib2 *library = (ITypeLib2 *)sample_open();
  GUID ours = sample_guid(0xC0), nobody = sample_guid(0xCF);
  VARIANT value;
  CUSTDATA all;
  DWORD index;
  bool found = false;

  (void)state;
  assert_ok(ITypeLib2_GetCustData(library, &ours, &value));
  assert_int_equal(V_VT(&value), VT_BSTR);
  assert_text(V_BSTR(&value), "library data");
  VariantClear(&value);
  assert_hr(ITypeLib2_GetCustData(library, &nobody, &value), TYPE_E_ELEMENTNOTFOUND);
  assert_int_equal(V_VT(&value), VT_EMPTY);
  assert_ok(ITypeLib2_GetAllCustData(library, &all));
  for (index = 0; index < all.cCustData; index++)
    found |= IsEqualGUID(&all.prgCustData[index].guid, &ours) != 0;
  assert_true(found);
  ClearCustData(&all);
  assert_hr(ITypeLib2_GetAllCustData(library, NULL), E_INVALIDARG);
  ITypeLib2_Release(library);
}

static void one_file_is_one_object_while_it_is_held(void **state) {
  char16_t *indirect = utf16_copy(TEST_BINARY_DIR "/typelib-idl/../typelib-idl/sample.tlb"),
           *numbered = utf16_copy(SAMPLE_PATH "\\1");
  ITypeLib *one = sample_open(), *two = sample_open(), *three, *four;
  ITypeInfo *info;

  (void)state;
  assert_ptr_equal(one, two);
  assert_ok(LoadTypeLib(indirect, &three));
  assert_ptr_equal(one, three);
  assert_ok(LoadTypeLib(numbered, &four));
  assert_ptr_equal(one, four);
  ITypeLib_Release(two);
  ITypeLib_Release(three);
  ITypeLib_Release(four);
  assert_ok(ITypeLib_GetTypeInfo(one, 0, &info));
  assert_int_equal(ITypeLib_Release(one), 1); /* the type holds its library */
  two = sample_open();
  assert_ptr_equal(one, two);
  ITypeInfo_Release(info);
  assert_int_equal(ITypeLib_Release(two), 0);
  free(indirect);
  free(numbered);
}

static void interfaces_of_the_library_and_no_others(void **state) {
  ITypeLib *library = sample_open();
  IUnknown *unknown, *other;
  ITypeComp *comp;

  (void)state;
  assert_ok(ITypeLib_QueryInterface(library, &IID_IUnknown, (void **)&unknown));
  assert_ok(ITypeLib_QueryInterface(library, &IID_ITypeComp, (void **)&comp));
  assert_ok(ITypeComp_QueryInterface(comp, &IID_IUnknown, (void **)&other));
  assert_ptr_equal(unknown, other);
  assert_hr(ITypeLib_QueryInterface(library, &IID_IDispatch, (void **)&other), E_NOINTERFACE);
  assert_null(other);
  IUnknown_Release(unknown);
  IUnknown_Release(unknown);
  ITypeComp_Release(comp);
  ITypeLib_Release(library);
}

/* What is wrong with a path is told by the code, and in words. */
static const struct {
  const char *path;
  HRESULT error;
  const char *text;
} problems[] = {
  { "/no/such/file.tlb", TYPE_E_CANTLOADLIBRARY, "/no/such/file.tlb: there is no such file" },
  { "/etc/hostname/file.tlb", TYPE_E_CANTLOADLIBRARY, "/etc/hostname/file.tlb: there is no such file" },
  { "/etc", TYPE_E_IOERROR, "/etc: it is a folder" },
  { "/dev/null", TYPE_E_IOERROR, "/dev/null: it cannot be read" },
  { "/etc/hostname", TYPE_E_UNSUPFORMAT, "/etc/hostname: it is no type library, and holds none" },
  { "/proc/self/exe", TYPE_E_UNSUPFORMAT, "/proc/self/exe: it is no type library, and holds none" },
  { SAMPLE_PATH "\\2", TYPE_E_ELEMENTNOTFOUND, SAMPLE_PATH "\\2: it holds no type library of that number" },
};

static void libraries_that_are_not_there(void **state) {
  ITypeLib *library = (ITypeLib *)state;
  IErrorInfo *info;
  BSTR text;

  for (size_t index = 0; index < sizeof problems / sizeof problems[0]; index++) {
    char16_t *path = utf16_copy(problems[index].path);

    assert_hr(LoadTypeLib(path, &library), problems[index].error);
    assert_null(library);
    assert_ok(GetErrorInfo(0, &info));
    assert_ok(IErrorInfo_GetDescription(info, &text));
    assert_bstr(text, problems[index].text);
    IErrorInfo_Release(info);
    free(path);
  }
  assert_hr(LoadTypeLib(NULL, &library), E_INVALIDARG);
  assert_hr(LoadTypeLib(u"x", NULL), E_INVALIDARG);
  assert_hr(oleander_load_typelib_from_memory(NULL, 0, &library), E_INVALIDARG);
  assert_hr(oleander_load_typelib_from_memory("", 0, &library), TYPE_E_UNSUPFORMAT);
  assert_hr(oleander_load_typelib_from_memory("MSFT", 4, &library), TYPE_E_INVDATAREAD);
}

static void *load_and_release(void *argument) {
  ITypeLib *library;
  ITypeInfo2 *info;
  FUNCDESC *desc;
  int round;

  (void)argument;
  for (round = 0; round < 300; round++) {
    library = sample_open();
    info = sample_type(library, (UINT)round % SAMPLE_TYPES);
    if (SUCCEEDED(ITypeInfo2_GetFuncDesc(info, 8, &desc)))
      ITypeInfo2_ReleaseFuncDesc(info, desc);
    ITypeLib_Release(library);
    ITypeInfo2_Release(info);
  }
  return NULL;
}

static void threads_open_and_close_one_library_at_once(void **state) {
  pthread_t threads[4];
  int index;

  (void)state;
  for (index = 0; index < 4; index++)
    assert_int_equal(pthread_create(&threads[index], NULL, load_and_release, NULL), 0);
  for (index = 0; index < 4; index++)
    pthread_join(threads[index], NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(attributes_are_those_of_the_idl),
    cmocka_unit_test(documentation_of_the_library_and_its_types),
    cmocka_unit_test(kinds_of_types),
    cmocka_unit_test(types_are_found_by_guid),
    cmocka_unit_test(names_are_found_without_case_and_corrected),
    cmocka_unit_test(find_name_stops_at_the_room_it_is_given),
    cmocka_unit_test(bind_looks_into_enumerations_modules_and_the_application_object),
    cmocka_unit_test(bind_type_finds_types_alone),
    cmocka_unit_test(custom_data_of_the_library),
    cmocka_unit_test(one_file_is_one_object_while_it_is_held),
    cmocka_unit_test(interfaces_of_the_library_and_no_others),
    cmocka_unit_test(libraries_that_are_not_there),
    cmocka_unit_test(threads_open_and_close_one_library_at_once),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
