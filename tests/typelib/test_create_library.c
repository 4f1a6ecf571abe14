/* ICreateTypeLib2 and ICreateTypeInfo2: what their methods accept and refuse, and what is read at once and after saving. */
#include "made.h"

#include <stdio.h>

static const GUID libid = { 0x3F0C6B10, 0x52A1, 0x4C0E, { 1, 2, 3, 4, 5, 6, 7, 8 } };
static const GUID iid = { 0x3F0C6B11, 0x52A1, 0x4C0E, { 1, 2, 3, 4, 5, 6, 7, 8 } };
static const GUID clsid = { 0x3F0C6B12, 0x52A1, 0x4C0E, { 1, 2, 3, 4, 5, 6, 7, 8 } };
static const GUID mark = { 0x3F0C6B13, 0x52A1, 0x4C0E, { 1, 2, 3, 4, 5, 6, 7, 8 } };

static int set_up(void **state) {
  (void)state;
  return scratch_make() ? 0 : -1;
}

static int tear_down(void **state) {
  (void)state;
  scratch_remove();
  return 0;
}

static VARIANT number(LONG value) {
  VARIANT variant = { 0 };

  V_VT(&variant) = VT_I4;
  V_I4(&variant) = value;
  return variant;
}

/* The door. */

static void wrong_arguments_of_the_door(void **state) {
  ICreateTypeLib2 *library = (void *)1;
  ICreateTypeLib *old = NULL;

  (void)state;
  assert_hr(CreateTypeLib2(SYS_WIN64, NULL, &library), E_INVALIDARG);
  assert_hr(CreateTypeLib2(SYS_WIN64, u"x", NULL), E_INVALIDARG);
  assert_hr(CreateTypeLib2((SYSKIND)4, u"x", &library), E_INVALIDARG);
  assert_ok(CreateTypeLib(SYS_WIN32, u"x", &old));
  ICreateTypeLib_Release(old);
}

static void a_library_has_all_its_faces(void **state) {
  static const IID *const faces[] = { &IID_IUnknown, &IID_ICreateTypeLib, &IID_ICreateTypeLib2,
                                      &IID_ITypeLib, &IID_ITypeLib2,      &IID_ITypeComp };
  ICreateTypeLib2 *library = made_library(SYS_WIN64, "faces.tlb");
  IUnknown *identity, *other, *face;

  (void)state;
  assert_ok(ICreateTypeLib2_QueryInterface(library, &IID_IUnknown, (void **)&identity));
  for (unsigned index = 0; index < sizeof faces / sizeof *faces; index++) {
    assert_ok(ICreateTypeLib2_QueryInterface(library, faces[index], (void **)&face));
    assert_ok(IUnknown_QueryInterface(face, &IID_IUnknown, (void **)&other));
    assert_ptr_equal(other, identity);
    IUnknown_Release(other);
    IUnknown_Release(face);
  }
  assert_hr(ICreateTypeLib2_QueryInterface(library, &IID_ICreateTypeInfo, (void **)&face), E_NOINTERFACE);
  IUnknown_Release(identity);
  ICreateTypeLib2_Release(library);
}

/* What the library says of itself. */

static void set_library_facts(ICreateTypeLib2 *library) {
  VARIANT value = number(77);

  assert_ok(ICreateTypeLib2_SetName(library, u"Fruit"));
  assert_ok(ICreateTypeLib2_SetGuid(library, &libid));
  assert_ok(ICreateTypeLib2_SetVersion(library, 3, 7));
  assert_ok(ICreateTypeLib2_SetLcid(library, 0x407));
  assert_ok(ICreateTypeLib2_SetDocString(library, u"Obst, süß"));
  assert_ok(ICreateTypeLib2_SetHelpFileName(library, u"fruit.chm"));
  assert_ok(ICreateTypeLib2_SetHelpContext(library, 11));
  assert_ok(ICreateTypeLib2_SetHelpStringContext(library, 12));
  assert_ok(ICreateTypeLib2_SetHelpStringDll(library, u"fruit.dll"));
  assert_ok(ICreateTypeLib2_SetLibFlags(library, LIBFLAG_FHIDDEN));
  assert_ok(ICreateTypeLib2_SetCustData(library, &mark, &value));
}

static void check_library_texts(ITypeLib2 *library) {
  BSTR name, help, file, dll;
  DWORD context;
  VARIANT value;

  assert_ok(ITypeLib2_GetDocumentation(library, -1, &name, &help, &context, &file));
  assert_text(name, "Fruit");
  assert_text(help, "Obst, süß");
  assert_text(file, "fruit.chm");
  assert_int_equal(context, 11);
  assert_ok(ITypeLib2_GetDocumentation2(library, -1, 0, NULL, &context, &dll));
  assert_text(dll, "fruit.dll");
  assert_int_equal(context, 12);
  assert_ok(ITypeLib2_GetCustData(library, &mark, &value));
  assert_int_equal(V_I4(&value), 77);
  SysFreeString(name);
  SysFreeString(help);
  SysFreeString(file);
  SysFreeString(dll);
}

static void check_library_facts(ITypeLib *library, SYSKIND system) {
  ITypeLib2 *library2;
  TLIBATTR *attr;

  assert_ok(ITypeLib_GetLibAttr(library, &attr));
  assert_memory_equal(&attr->guid, &libid, sizeof libid);
  assert_int_equal(attr->wMajorVerNum, 3);
  assert_int_equal(attr->wMinorVerNum, 7);
  assert_int_equal(attr->lcid, 0x407);
  assert_int_equal(attr->syskind, system);
  assert_int_equal(attr->wLibFlags & ~LIBFLAG_FHASDISKIMAGE, LIBFLAG_FHIDDEN);
  ITypeLib_ReleaseTLibAttr(library, attr);
  assert_ok(ITypeLib_QueryInterface(library, &IID_ITypeLib2, (void **)&library2));
  check_library_texts(library2);
  ITypeLib2_Release(library2);
}

static void library_facts_are_read_at_once_and_from_the_file(void **state) {
  (void)state;
  for (SYSKIND system = SYS_WIN16; system <= SYS_WIN64; system++) {
    ICreateTypeLib2 *library = made_library(system, "facts.tlb");
    ITypeLib *reading, *saved;

    set_library_facts(library);
    assert_ok(ICreateTypeLib2_QueryInterface(library, &IID_ITypeLib, (void **)&reading));
    check_library_facts(reading, system);
    saved = made_saved(library, "facts.tlb");
    check_library_facts(saved, system);
    ITypeLib_Release(saved);
    ITypeLib_Release(reading);
    ICreateTypeLib2_Release(library);
  }
}

static void library_methods_refuse_what_cannot_be(void **state) {
  static OLECHAR long_name[300];
  ICreateTypeLib2 *library = made_library(SYS_WIN64, "wrong.tlb");
  VARIANT value = number(1);

  (void)state;
  for (unsigned index = 0; index < 299; index++)
    long_name[index] = u'x';
  assert_hr(ICreateTypeLib2_SetName(library, NULL), E_INVALIDARG);
  assert_hr(ICreateTypeLib2_SetName(library, long_name), E_INVALIDARG);
  assert_hr(ICreateTypeLib2_SetName(library, u"Яблоко"), E_INVALIDARG);
  assert_hr(ICreateTypeLib2_SetGuid(library, NULL), E_INVALIDARG);
  assert_hr(ICreateTypeLib2_SetDocString(library, NULL), E_INVALIDARG);
  assert_hr(ICreateTypeLib2_SetHelpFileName(library, NULL), E_INVALIDARG);
  assert_hr(ICreateTypeLib2_SetHelpStringDll(library, NULL), E_INVALIDARG);
  assert_hr(ICreateTypeLib2_SetCustData(library, NULL, &value), E_INVALIDARG);
  assert_hr(ICreateTypeLib2_SetCustData(library, &mark, NULL), E_INVALIDARG);
  V_VT(&value) = VT_ARRAY | VT_I4;
  assert_hr(ICreateTypeLib2_SetCustData(library, &mark, &value), DISP_E_BADVARTYPE);
  ICreateTypeLib2_Release(library);
}

/* Types. */

static void types_are_named_once_without_regard_to_case(void **state) {
  ICreateTypeLib2 *library = made_library(SYS_WIN64, "names.tlb");
  ICreateTypeInfo2 *apple = made_type(library, u"Apple", TKIND_INTERFACE);
  ICreateTypeInfo2 *pear = made_type(library, u"Pear", TKIND_ENUM);
  ICreateTypeInfo *other = (void *)1;

  (void)state;
  assert_hr(ICreateTypeLib2_CreateTypeInfo(library, u"Apple", TKIND_ENUM, &other), TYPE_E_NAMECONFLICT);
  assert_null(other);
  assert_hr(ICreateTypeLib2_CreateTypeInfo(library, u"APPLE", TKIND_INTERFACE, &other), TYPE_E_NAMECONFLICT);
  assert_hr(ICreateTypeLib2_CreateTypeInfo(library, NULL, TKIND_ENUM, &other), E_INVALIDARG);
  assert_hr(ICreateTypeLib2_CreateTypeInfo(library, u"Plum", TKIND_MAX, &other), E_INVALIDARG);
  assert_hr(ICreateTypeLib2_CreateTypeInfo(library, u"Plum", TKIND_ENUM, NULL), E_INVALIDARG);
  assert_hr(ICreateTypeInfo2_SetName(pear, u"apple"), TYPE_E_NAMECONFLICT);
  assert_ok(ICreateTypeInfo2_SetName(pear, u"Quince"));
  ICreateTypeInfo2_Release(pear);
  pear = made_type(library, u"Pear", TKIND_RECORD);
  ICreateTypeInfo2_Release(apple);
  ICreateTypeInfo2_Release(pear);
  ICreateTypeLib2_Release(library);
}

static void check_names(ITypeLib *library, const char *const *names, UINT count) {
  assert_int_equal(ITypeLib_GetTypeInfoCount(library), count);
  for (UINT index = 0; index < count; index++) {
    BSTR name;

    assert_ok(ITypeLib_GetDocumentation(library, (INT)index, &name, NULL, NULL, NULL));
    assert_text(name, names[index]);
    SysFreeString(name);
  }
}

/* Whoever holds it still reads it; references to others stay right; the file has what is left. */
static void a_deleted_type_is_out_of_the_library(void **state) {
  static const char *const before[] = { "A", "B", "C" }, *const after[] = { "A", "C", "D" };
  ICreateTypeLib2 *library = made_library(SYS_WIN64, "deleted.tlb");
  ICreateTypeInfo2 *a = made_type(library, u"A", TKIND_INTERFACE), *b = made_type(library, u"B", TKIND_INTERFACE),
                   *c = made_type(library, u"C", TKIND_INTERFACE), *d;
  HREFTYPE to_c = made_reference(a, c), to_b = made_reference(a, b);
  ITypeLib *reading, *saved;
  ITypeInfo *info;
  ITypeInfo2 *a_info = made_info(a), *b_info = made_info(b);
  BSTR name;
  UINT index;

  (void)state;
  assert_ok(ICreateTypeLib2_SetGuid(library, &libid));
  assert_ok(ICreateTypeLib2_QueryInterface(library, &IID_ITypeLib, (void **)&reading));
  check_names(reading, before, 3);
  assert_hr(ICreateTypeLib2_DeleteTypeInfo(library, u"X"), TYPE_E_ELEMENTNOTFOUND);
  assert_hr(ICreateTypeLib2_DeleteTypeInfo(library, NULL), E_INVALIDARG);
  assert_ok(ICreateTypeLib2_DeleteTypeInfo(library, u"b"));
  d = made_type(library, u"D", TKIND_INTERFACE);
  check_names(reading, after, 3);
  assert_ok(ITypeInfo2_GetDocumentation(b_info, MEMBERID_NIL, &name, NULL, NULL, NULL));
  assert_text(name, "B");
  SysFreeString(name);
  assert_ok(ITypeInfo2_GetRefTypeInfo(a_info, to_c, &info));
  assert_ok(ITypeInfo_GetContainingTypeLib(info, NULL, &index));
  assert_int_equal(index, 1);
  ITypeInfo_Release(info);
  assert_true(FAILED(ITypeInfo2_GetRefTypeInfo(a_info, to_b, &info)));
  assert_ok(ICreateTypeInfo2_AddImplType(a, 0, to_c));
  saved = made_saved(library, "deleted.tlb");
  check_names(saved, after, 3);
  ITypeLib_Release(saved);
  assert_ok(ICreateTypeInfo2_AddImplType(d, 0, to_b));
  assert_true(FAILED(ICreateTypeLib2_SaveAllChanges(library)));
  ITypeInfo2_Release(a_info);
  ITypeInfo2_Release(b_info);
  ICreateTypeInfo2_Release(a);
  ICreateTypeInfo2_Release(b);
  ICreateTypeInfo2_Release(c);
  ICreateTypeInfo2_Release(d);
  ITypeLib_Release(reading);
  ICreateTypeLib2_Release(library);
}

/* Functions. */

typedef struct FunctionCase {
  TYPEKIND type;
  FUNCKIND function;
  HRESULT expected;
} FunctionCase;

static void kinds_of_functions_belong_to_kinds_of_types(void **state) {
  static const FunctionCase cases[] = {
    { TKIND_INTERFACE, FUNC_PUREVIRTUAL, S_OK },
    { TKIND_INTERFACE, FUNC_STATIC, TYPE_E_BADMODULEKIND },
    { TKIND_INTERFACE, FUNC_DISPATCH, TYPE_E_BADMODULEKIND },
    { TKIND_DISPATCH, FUNC_DISPATCH, S_OK },
    { TKIND_DISPATCH, FUNC_PUREVIRTUAL, TYPE_E_BADMODULEKIND },
    { TKIND_MODULE, FUNC_STATIC, S_OK },
    { TKIND_MODULE, FUNC_PUREVIRTUAL, TYPE_E_BADMODULEKIND },
    { TKIND_ENUM, FUNC_STATIC, TYPE_E_WRONGTYPEKIND },
    { TKIND_RECORD, FUNC_PUREVIRTUAL, TYPE_E_WRONGTYPEKIND },
    { TKIND_COCLASS, FUNC_PUREVIRTUAL, TYPE_E_WRONGTYPEKIND },
    { TKIND_ALIAS, FUNC_PUREVIRTUAL, TYPE_E_WRONGTYPEKIND },
    { TKIND_UNION, FUNC_PUREVIRTUAL, TYPE_E_WRONGTYPEKIND },
  };

  (void)state;
  for (unsigned index = 0; index < sizeof cases / sizeof *cases; index++) {
    ICreateTypeLib2 *library = made_library(SYS_WIN64, "kinds.tlb");
    ICreateTypeInfo2 *type = made_type(library, u"T", cases[index].type);
    FUNCDESC desc = made_method(cases[index].function, 1);

    assert_hr(ICreateTypeInfo2_AddFuncDesc(type, 0, &desc), cases[index].expected);
    ICreateTypeInfo2_Release(type);
    ICreateTypeLib2_Release(library);
  }
}

static void functions_that_cannot_be_are_refused(void **state) {
  ICreateTypeLib2 *library = made_library(SYS_WIN64, "refused.tlb");
  ICreateTypeInfo2 *type = made_type(library, u"I", TKIND_INTERFACE);
  FUNCDESC desc = made_method(FUNC_PUREVIRTUAL, MEMBERID_NIL);
  TYPEDESC pointer = { .vt = VT_PTR };
  ELEMDESC parameter = { 0 };

  (void)state;
  assert_hr(ICreateTypeInfo2_AddFuncDesc(type, 0, NULL), E_INVALIDARG);
  assert_hr(ICreateTypeInfo2_AddFuncDesc(type, 1, &desc), TYPE_E_ELEMENTNOTFOUND);
  desc.cParams = 1;
  assert_hr(ICreateTypeInfo2_AddFuncDesc(type, 0, &desc), E_INVALIDARG);
  desc.lprgelemdescParam = &parameter;
  parameter.tdesc = pointer; /* to nothing */
  assert_hr(ICreateTypeInfo2_AddFuncDesc(type, 0, &desc), E_INVALIDARG);
  parameter.tdesc.vt = VT_USERDEFINED;
  parameter.tdesc.hreftype = 5; /* of nobody */
  assert_hr(ICreateTypeInfo2_AddFuncDesc(type, 0, &desc), E_INVALIDARG);
  pointer.lptdesc = &pointer; /* without end */
  parameter.tdesc = pointer;
  assert_hr(ICreateTypeInfo2_AddFuncDesc(type, 0, &desc), E_INVALIDARG);
  parameter.tdesc = (TYPEDESC){ .vt = VT_I4 };
  parameter.paramdesc.wParamFlags = PARAMFLAG_FHASDEFAULT;
  assert_hr(ICreateTypeInfo2_AddFuncDesc(type, 0, &desc), E_INVALIDARG);
  parameter.paramdesc.wParamFlags = PARAMFLAG_FIN;
  desc.oVft = 12;
  assert_hr(ICreateTypeInfo2_AddFuncDesc(type, 0, &desc), E_INVALIDARG);
  desc.oVft = -1;
  assert_ok(ICreateTypeInfo2_AddFuncDesc(type, 0, &desc));
  desc.invkind = INVOKE_PROPERTYPUT;
  desc.cParams = 0;
  assert_hr(ICreateTypeInfo2_AddFuncDesc(type, 0, &desc), TYPE_E_INCONSISTENTPROPFUNCS);
  ICreateTypeInfo2_Release(type);
  ICreateTypeLib2_Release(library);
}

static HRESULT name_function(ICreateTypeInfo2 *type, UINT index, const OLECHAR *name, UINT parameters) {
  static OLECHAR *const more[] = { u"a", u"b", u"c" };
  OLECHAR *names[] = { (OLECHAR *)name, more[0], more[1], more[2] };

  return ICreateTypeInfo2_SetFuncAndParamNames(type, index, names, parameters + 1);
}

static void names_of_functions_have_their_rules(void **state) {
  ICreateTypeLib2 *library = made_library(SYS_WIN64, "function-names.tlb");
  ICreateTypeInfo2 *type = made_type(library, u"I", TKIND_INTERFACE);
  ELEMDESC parameters[2] = { { .tdesc = { .vt = VT_I4 } }, { .tdesc = { .vt = VT_I4 } } };
  FUNCDESC desc = made_method(FUNC_PUREVIRTUAL, MEMBERID_NIL);

  (void)state;
  desc.lprgelemdescParam = parameters;
  desc.cParams = 2;
  assert_ok(ICreateTypeInfo2_AddFuncDesc(type, 0, &desc));
  desc.invkind = INVOKE_PROPERTYPUT;
  assert_ok(ICreateTypeInfo2_AddFuncDesc(type, 1, &desc));
  desc.invkind = INVOKE_PROPERTYGET;
  assert_ok(ICreateTypeInfo2_AddFuncDesc(type, 2, &desc));
  assert_hr(name_function(type, 3, u"F", 0), TYPE_E_ELEMENTNOTFOUND);
  assert_hr(name_function(type, 0, u"F", 3), TYPE_E_ELEMENTNOTFOUND);
  assert_hr(name_function(type, 0, NULL, 0), E_INVALIDARG);
  assert_hr(ICreateTypeInfo2_SetFuncAndParamNames(type, 0, NULL, 1), E_INVALIDARG);
  assert_ok(name_function(type, 0, u"F", 2));
  assert_hr(name_function(type, 1, u"Value", 2), TYPE_E_ELEMENTNOTFOUND); /* what is put has no name */
  assert_ok(name_function(type, 1, u"Value", 1));
  assert_hr(name_function(type, 2, u"F", 0), TYPE_E_AMBIGUOUSNAME);
  assert_hr(name_function(type, 2, u"f", 0), TYPE_E_AMBIGUOUSNAME);
  assert_ok(name_function(type, 2, u"Value", 1));
  assert_ok(name_function(type, 2, u"Value", 1));
  ICreateTypeInfo2_Release(type);
  ICreateTypeLib2_Release(library);
}

static void functions_are_deleted_by_index_and_by_id(void **state) {
  ICreateTypeLib2 *library = made_library(SYS_WIN64, "delete.tlb");
  ICreateTypeInfo2 *type = made_type(library, u"D", TKIND_DISPATCH);
  ITypeInfo2 *info = made_info(type);
  FUNCDESC desc, *read;

  (void)state;
  for (MEMBERID id = 0; id < 4; id++) {
    desc = made_method(FUNC_DISPATCH, id);
    assert_ok(ICreateTypeInfo2_AddFuncDesc(type, 0, &desc)); /* each in front */
  }
  assert_hr(ICreateTypeInfo2_DeleteFuncDesc(type, 4), TYPE_E_ELEMENTNOTFOUND);
  assert_ok(ICreateTypeInfo2_DeleteFuncDesc(type, 0));
  assert_hr(ICreateTypeInfo2_DeleteFuncDescByMemId(type, 1, INVOKE_PROPERTYGET), TYPE_E_ELEMENTNOTFOUND);
  assert_ok(ICreateTypeInfo2_DeleteFuncDescByMemId(type, 1, INVOKE_FUNC));
  assert_ok(ICreateTypeInfo2_LayOut(type));
  assert_ok(ITypeInfo2_GetFuncDesc(info, 0, &read));
  assert_int_equal(read->memid, 2);
  ITypeInfo2_ReleaseFuncDesc(info, read);
  assert_ok(ITypeInfo2_GetFuncDesc(info, 1, &read));
  assert_int_equal(read->memid, 0);
  ITypeInfo2_ReleaseFuncDesc(info, read);
  assert_hr(ITypeInfo2_GetFuncDesc(info, 2, &read), TYPE_E_ELEMENTNOTFOUND);
  ITypeInfo2_Release(info);
  ICreateTypeInfo2_Release(type);
  ICreateTypeLib2_Release(library);
}

/* Variables. */

typedef struct VariableCase {
  TYPEKIND type;
  VARKIND variable;
  HRESULT expected;
} VariableCase;

static void kinds_of_variables_belong_to_kinds_of_types(void **state) {
  static const VariableCase cases[] = {
    { TKIND_ENUM, VAR_CONST, S_OK },
    { TKIND_ENUM, VAR_PERINSTANCE, TYPE_E_WRONGTYPEKIND },
    { TKIND_RECORD, VAR_PERINSTANCE, S_OK },
    { TKIND_RECORD, VAR_CONST, TYPE_E_WRONGTYPEKIND },
    { TKIND_UNION, VAR_PERINSTANCE, S_OK },
    { TKIND_MODULE, VAR_CONST, S_OK },
    { TKIND_MODULE, VAR_STATIC, S_OK },
    { TKIND_MODULE, VAR_DISPATCH, TYPE_E_WRONGTYPEKIND },
    { TKIND_DISPATCH, VAR_DISPATCH, S_OK },
    { TKIND_DISPATCH, VAR_PERINSTANCE, TYPE_E_WRONGTYPEKIND },
    { TKIND_INTERFACE, VAR_PERINSTANCE, TYPE_E_WRONGTYPEKIND },
    { TKIND_COCLASS, VAR_CONST, TYPE_E_WRONGTYPEKIND },
    { TKIND_ALIAS, VAR_CONST, TYPE_E_WRONGTYPEKIND },
  };
  VARIANT value = number(5);

  (void)state;
  for (unsigned index = 0; index < sizeof cases / sizeof *cases; index++) {
    ICreateTypeLib2 *library = made_library(SYS_WIN64, "variables.tlb");
    ICreateTypeInfo2 *type = made_type(library, u"T", cases[index].type);
    VARDESC desc = { .varkind = cases[index].variable };

    desc.elemdescVar.tdesc.vt = VT_I4;
    if (desc.varkind == VAR_CONST)
      desc.lpvarValue = &value;
    assert_hr(ICreateTypeInfo2_AddVarDesc(type, 0, &desc), cases[index].expected);
    assert_hr(ICreateTypeInfo2_AddVarDesc(type, 2, &desc), TYPE_E_ELEMENTNOTFOUND);
    assert_hr(ICreateTypeInfo2_AddVarDesc(type, 0, NULL), E_INVALIDARG);
    assert_hr(ICreateTypeInfo2_SetVarName(type, 0, NULL), E_INVALIDARG);
    assert_hr(ICreateTypeInfo2_SetVarName(type, 0, u"v"),
              SUCCEEDED(cases[index].expected) ? S_OK : TYPE_E_ELEMENTNOTFOUND);
    assert_hr(ICreateTypeInfo2_DeleteVarDesc(type, 1), TYPE_E_ELEMENTNOTFOUND);
    assert_hr(ICreateTypeInfo2_DeleteVarDescByMemId(type, 0x1234), TYPE_E_ELEMENTNOTFOUND);
    assert_hr(ICreateTypeInfo2_DeleteVarDesc(type, 0),
              SUCCEEDED(cases[index].expected) ? S_OK : TYPE_E_ELEMENTNOTFOUND);
    ICreateTypeInfo2_Release(type);
    ICreateTypeLib2_Release(library);
  }
}

static void a_constant_needs_a_value_that_a_file_can_hold(void **state) {
  ICreateTypeLib2 *library = made_library(SYS_WIN64, "constant.tlb");
  ICreateTypeInfo2 *type = made_type(library, u"M", TKIND_MODULE);
  VARDESC desc = { .varkind = VAR_CONST };
  VARIANT value = { 0 };

  (void)state;
  desc.elemdescVar.tdesc.vt = VT_I4;
  assert_hr(ICreateTypeInfo2_AddVarDesc(type, 0, &desc), E_INVALIDARG);
  desc.lpvarValue = &value;
  V_VT(&value) = VT_BYREF | VT_I4;
  assert_hr(ICreateTypeInfo2_AddVarDesc(type, 0, &desc), DISP_E_BADVARTYPE);
  V_VT(&value) = VT_UNKNOWN;
  V_UNKNOWN(&value) = (IUnknown *)type;
  assert_hr(ICreateTypeInfo2_AddVarDesc(type, 0, &desc), E_INVALIDARG);
  V_UNKNOWN(&value) = NULL;
  assert_ok(ICreateTypeInfo2_AddVarDesc(type, 0, &desc));
  ICreateTypeInfo2_Release(type);
  ICreateTypeLib2_Release(library);
}

/* Implemented types. */

static void implemented_types_have_their_rules(void **state) {
  ICreateTypeLib2 *library = made_library(SYS_WIN64, "implemented.tlb");
  ICreateTypeInfo2 *one = made_type(library, u"I1", TKIND_INTERFACE), *two = made_type(library, u"I2", TKIND_INTERFACE),
                   *record = made_type(library, u"R", TKIND_RECORD), *coclass = made_type(library, u"C", TKIND_COCLASS);
  VARIANT value = number(9);
  INT flags;

  (void)state;
  assert_hr(ICreateTypeInfo2_AddImplType(record, 0, made_reference(record, one)), TYPE_E_WRONGTYPEKIND);
  assert_hr(ICreateTypeInfo2_AddImplType(one, 0, 0x77), TYPE_E_ELEMENTNOTFOUND);
  assert_hr(ICreateTypeInfo2_AddImplType(two, 0, made_reference(two, record)), TYPE_E_WRONGTYPEKIND);
  assert_hr(ICreateTypeInfo2_AddImplType(two, 1, made_reference(two, one)), TYPE_E_ELEMENTNOTFOUND);
  assert_hr(ICreateTypeInfo2_AddImplType(two, 0, made_reference(two, two)), TYPE_E_CIRCULARTYPE);
  assert_ok(ICreateTypeInfo2_AddImplType(two, 0, made_reference(two, one)));
  assert_hr(ICreateTypeInfo2_AddImplType(one, 0, made_reference(one, two)), TYPE_E_CIRCULARTYPE);
  assert_hr(ICreateTypeInfo2_SetImplTypeFlags(two, 0, 1), TYPE_E_BADMODULEKIND);
  assert_hr(ICreateTypeInfo2_AddImplType(coclass, 1, made_reference(coclass, one)), TYPE_E_ELEMENTNOTFOUND);
  assert_ok(ICreateTypeInfo2_AddImplType(coclass, 0, made_reference(coclass, one)));
  assert_ok(ICreateTypeInfo2_AddImplType(coclass, 0, made_reference(coclass, two)));
  assert_ok(ICreateTypeInfo2_SetImplTypeFlags(coclass, 1, IMPLTYPEFLAG_FDEFAULT));
  assert_hr(ICreateTypeInfo2_SetImplTypeFlags(coclass, 2, 1), TYPE_E_ELEMENTNOTFOUND);
  assert_ok(ICreateTypeInfo2_SetImplTypeCustData(coclass, 1, &mark, &value));
  assert_hr(ICreateTypeInfo2_SetImplTypeCustData(coclass, 2, &mark, &value), TYPE_E_ELEMENTNOTFOUND);
  assert_hr(ICreateTypeInfo2_DeleteImplType(coclass, 2), TYPE_E_ELEMENTNOTFOUND);
  assert_ok(ICreateTypeInfo2_DeleteImplType(coclass, 0));
  ITypeInfo2 *info = made_info(coclass);
  assert_ok(ITypeInfo2_GetImplTypeFlags(info, 0, &flags));
  assert_int_equal(flags, IMPLTYPEFLAG_FDEFAULT);
  assert_hr(ITypeInfo2_GetImplTypeFlags(info, 1, &flags), TYPE_E_ELEMENTNOTFOUND);
  ITypeInfo2_Release(info);
  ICreateTypeInfo2_Release(one);
  ICreateTypeInfo2_Release(two);
  ICreateTypeInfo2_Release(record);
  ICreateTypeInfo2_Release(coclass);
  ICreateTypeLib2_Release(library);
}

/* Details. */

static void details_of_what_is_not_there_are_refused(void **state) {
  ICreateTypeLib2 *library = made_library(SYS_WIN64, "details.tlb");
  ICreateTypeInfo2 *type = made_type(library, u"I", TKIND_INTERFACE);
  TYPEDESC desc = { .vt = VT_I4 };
  VARIANT value = number(1);

  (void)state;
  assert_hr(ICreateTypeInfo2_SetFuncDocString(type, 0, u"x"), TYPE_E_ELEMENTNOTFOUND);
  assert_hr(ICreateTypeInfo2_SetVarDocString(type, 0, u"x"), TYPE_E_ELEMENTNOTFOUND);
  assert_hr(ICreateTypeInfo2_SetFuncDocString(type, 0, NULL), E_INVALIDARG);
  assert_hr(ICreateTypeInfo2_SetVarDocString(type, 0, NULL), E_INVALIDARG);
  assert_hr(ICreateTypeInfo2_SetFuncHelpContext(type, 0, 1), TYPE_E_ELEMENTNOTFOUND);
  assert_hr(ICreateTypeInfo2_SetVarHelpContext(type, 0, 1), TYPE_E_ELEMENTNOTFOUND);
  assert_hr(ICreateTypeInfo2_SetFuncHelpStringContext(type, 0, 1), TYPE_E_ELEMENTNOTFOUND);
  assert_hr(ICreateTypeInfo2_SetVarHelpStringContext(type, 0, 1), TYPE_E_ELEMENTNOTFOUND);
  assert_hr(ICreateTypeInfo2_SetFuncCustData(type, 0, &mark, &value), TYPE_E_ELEMENTNOTFOUND);
  assert_hr(ICreateTypeInfo2_SetParamCustData(type, 0, 0, &mark, &value), TYPE_E_ELEMENTNOTFOUND);
  assert_hr(ICreateTypeInfo2_SetVarCustData(type, 0, &mark, &value), TYPE_E_ELEMENTNOTFOUND);
  assert_hr(ICreateTypeInfo2_SetTypeDescAlias(type, &desc), TYPE_E_WRONGTYPEKIND);
  assert_hr(ICreateTypeInfo2_SetTypeDescAlias(type, NULL), E_INVALIDARG);
  assert_hr(ICreateTypeInfo2_DefineFuncAsDllEntry(type, 0, u"d", u"e"), TYPE_E_WRONGTYPEKIND);
  assert_hr(ICreateTypeInfo2_SetDocString(type, NULL), E_INVALIDARG);
  assert_hr(ICreateTypeInfo2_SetGuid(type, NULL), E_INVALIDARG);
  assert_hr(ICreateTypeInfo2_SetMops(type, 0, NULL), TYPE_E_ELEMENTNOTFOUND);
  assert_ok(ICreateTypeInfo2_SetMops(type, (UINT)-1, NULL));
  assert_hr(ICreateTypeInfo2_SetSchema(type, NULL), E_INVALIDARG);
  assert_hr(ICreateTypeInfo2_SetTypeIdldesc(type, NULL), E_INVALIDARG);
  assert_ok(ICreateTypeInfo2_Invalidate(type));
  assert_hr(ICreateTypeInfo2_AddRefTypeInfo(type, NULL, NULL), E_INVALIDARG);
  ICreateTypeInfo2_Release(type);
  ICreateTypeLib2_Release(library);
}

static void check_entry(ITypeInfo2 *info, MEMBERID memid, const char *name, WORD number_of_entry) {
  BSTR dll, entry;
  WORD ordinal;

  assert_ok(ITypeInfo2_GetDllEntry(info, memid, INVOKE_FUNC, &dll, &entry, &ordinal));
  assert_text(dll, "fruit.dll");
  assert_text(entry, name);
  assert_int_equal(ordinal, number_of_entry);
  SysFreeString(dll);
  SysFreeString(entry);
}

static void module_entries_have_names_or_numbers(void **state) {
  ICreateTypeLib2 *library = made_library(SYS_WIN64, "module.tlb");
  ICreateTypeInfo2 *type = made_type(library, u"M", TKIND_MODULE);
  FUNCDESC desc = made_method(FUNC_STATIC, MEMBERID_NIL);
  ITypeInfo2 *info = made_info(type), *saved_info;
  ITypeLib *saved;

  (void)state;
  made_add(type, 0, &desc, u"ByName");
  made_add(type, 1, &desc, u"ByNumber");
  assert_hr(ICreateTypeInfo2_DefineFuncAsDllEntry(type, 2, u"fruit.dll", u"x"), TYPE_E_ELEMENTNOTFOUND);
  assert_hr(ICreateTypeInfo2_DefineFuncAsDllEntry(type, 0, NULL, u"x"), E_INVALIDARG);
  assert_ok(ICreateTypeInfo2_DefineFuncAsDllEntry(type, 0, u"fruit.dll", u"_ByName@4"));
  assert_ok(ICreateTypeInfo2_DefineFuncAsDllEntry(type, 1, u"fruit.dll", (OLECHAR *)(uintptr_t)17));
  check_entry(info, 0x60000000, "_ByName@4", (WORD)-1);
  check_entry(info, 0x60000001, "", 17);
  saved = made_saved(library, "module.tlb");
  saved_info = sample_type(saved, 0);
  check_entry(saved_info, 0x60000000, "_ByName@4", (WORD)-1);
  check_entry(saved_info, 0x60000001, "", 17);
  ITypeInfo2_Release(saved_info);
  ITypeLib_Release(saved);
  ITypeInfo2_Release(info);
  ICreateTypeInfo2_Release(type);
  ICreateTypeLib2_Release(library);
}

/* Whole files. */

static void fill_everything(ICreateTypeLib2 *library) {
  ICreateTypeInfo2 *interface_info = made_type(library, u"IFruit", TKIND_INTERFACE);
  ICreateTypeInfo2 *coclass = made_type(library, u"Fruit", TKIND_COCLASS);
  ELEMDESC parameter = { .tdesc = { .vt = VT_BSTR } };
  PARAMDESCEX extra = { .cBytes = sizeof extra };
  FUNCDESC desc = made_method(FUNC_PUREVIRTUAL, 3);
  OLECHAR *names[] = { u"Eat", u"how" };
  VARIANT value = number(4);

  V_VT(&extra.varDefaultValue) = VT_BSTR;
  V_BSTR(&extra.varDefaultValue) = SysAllocString(u"slowly");
  parameter.paramdesc.wParamFlags = PARAMFLAG_FIN | PARAMFLAG_FOPT | PARAMFLAG_FHASDEFAULT;
  parameter.paramdesc.pparamdescex = &extra;
  desc.cParams = 1;
  desc.lprgelemdescParam = &parameter;
  assert_ok(ICreateTypeInfo2_SetGuid(interface_info, &iid));
  assert_ok(ICreateTypeInfo2_SetGuid(coclass, &clsid));
  assert_ok(ICreateTypeInfo2_AddImplType(interface_info, 0, made_stdole_reference(interface_info, &IID_IDispatch)));
  assert_ok(ICreateTypeInfo2_SetTypeFlags(interface_info, TYPEFLAG_FDUAL | TYPEFLAG_FOLEAUTOMATION));
  assert_ok(ICreateTypeInfo2_AddFuncDesc(interface_info, 0, &desc));
  assert_ok(ICreateTypeInfo2_SetFuncAndParamNames(interface_info, 0, names, 2));
  assert_ok(ICreateTypeInfo2_SetFuncDocString(interface_info, 0, u"Eats it"));
  assert_ok(ICreateTypeInfo2_SetFuncHelpContext(interface_info, 0, 21));
  assert_ok(ICreateTypeInfo2_SetFuncHelpStringContext(interface_info, 0, 22));
  assert_ok(ICreateTypeInfo2_SetFuncCustData(interface_info, 0, &mark, &value));
  V_I4(&value) = 5;
  assert_ok(ICreateTypeInfo2_SetParamCustData(interface_info, 0, 0, &mark, &value));
  assert_ok(ICreateTypeInfo2_AddImplType(coclass, 0, made_reference(coclass, interface_info)));
  assert_ok(ICreateTypeInfo2_LayOut(interface_info));
  assert_ok(ICreateTypeInfo2_LayOut(coclass));
  SysFreeString(V_BSTR(&extra.varDefaultValue));
  ICreateTypeInfo2_Release(interface_info);
  ICreateTypeInfo2_Release(coclass);
}

static void check_member(ITypeInfo2 *info) {
  BSTR name, help, dll;
  DWORD context;
  FUNCDESC *desc;
  VARIANT value;

  assert_ok(ITypeInfo2_GetFuncDesc(info, 0, &desc));
  assert_int_equal(desc->memid, 3);
  assert_int_equal(desc->oVft, 7 * sizeof(void *));
  assert_int_equal(desc->cParams, 1);
  assert_int_equal(desc->lprgelemdescParam[0].paramdesc.wParamFlags,
                   PARAMFLAG_FIN | PARAMFLAG_FOPT | PARAMFLAG_FHASDEFAULT);
  assert_text(V_BSTR(&desc->lprgelemdescParam[0].paramdesc.pparamdescex->varDefaultValue), "slowly");
  ITypeInfo2_ReleaseFuncDesc(info, desc);
  assert_ok(ITypeInfo2_GetDocumentation(info, 3, &name, &help, &context, NULL));
  assert_text(name, "Eat");
  assert_text(help, "Eats it");
  assert_int_equal(context, 21);
  assert_ok(ITypeInfo2_GetDocumentation2(info, 3, 0, NULL, &context, &dll));
  assert_int_equal(context, 22);
  assert_ok(ITypeInfo2_GetFuncCustData(info, 0, &mark, &value));
  assert_int_equal(V_I4(&value), 4);
  assert_ok(ITypeInfo2_GetParamCustData(info, 0, 0, &mark, &value));
  assert_int_equal(V_I4(&value), 5);
  SysFreeString(name);
  SysFreeString(help);
  SysFreeString(dll);
}

/* The halves of a dual interface: both read the same before and after saving. */
static void check_everything(ITypeLib *library) {
  ITypeInfo2 *dispatch = sample_type(library, 0), *half2;
  ITypeInfo *half;
  HREFTYPE reference;
  TYPEATTR *attr;

  assert_ok(ITypeInfo2_GetTypeAttr(dispatch, &attr));
  assert_int_equal(attr->typekind, TKIND_DISPATCH);
  assert_int_equal(attr->cFuncs, 8);
  ITypeInfo2_ReleaseTypeAttr(dispatch, attr);
  assert_ok(ITypeInfo2_GetRefTypeOfImplType(dispatch, (UINT)-1, &reference));
  assert_ok(ITypeInfo2_GetRefTypeInfo(dispatch, reference, &half));
  assert_ok(ITypeInfo_QueryInterface(half, &IID_ITypeInfo2, (void **)&half2));
  assert_ok(ITypeInfo2_GetTypeAttr(half2, &attr));
  assert_int_equal(attr->typekind, TKIND_INTERFACE);
  assert_int_equal(attr->cFuncs, 1);
  assert_int_equal(attr->cbSizeVft, 8 * 8);
  ITypeInfo2_ReleaseTypeAttr(half2, attr);
  check_member(half2);
  ITypeInfo2_Release(half2);
  ITypeInfo_Release(half);
  ITypeInfo2_Release(dispatch);
}

static void what_is_made_is_read_at_once_and_from_the_file(void **state) {
  ICreateTypeLib2 *library = made_library(SYS_WIN64, "everything.tlb");
  ITypeLib *reading, *saved;

  (void)state;
  set_library_facts(library);
  fill_everything(library);
  assert_ok(ICreateTypeLib2_QueryInterface(library, &IID_ITypeLib, (void **)&reading));
  check_everything(reading);
  saved = made_saved(library, "everything.tlb");
  check_everything(saved);
  ITypeLib_Release(saved);
  ITypeLib_Release(reading);
  ICreateTypeLib2_Release(library);
}

static size_t file_bytes(const char *name, char *bytes, size_t room) {
  FILE *file = fopen(scratch_path(name), "rb");
  size_t size;

  assert_non_null(file);
  size = fread(bytes, 1, room, file);
  fclose(file);
  return size;
}

/* The fields of a file's header, by their offsets. */
static void a_bare_library_has_a_whole_header(void **state) {
  static const struct {
    SYSKIND system;
    LCID lcid, of_names;
  } cases[] = { { SYS_WIN32, 0, 0x409 }, { SYS_WIN64, 0x407, 0x407 }, { SYS_WIN16, 0x419, 0x419 } };
  static const struct {
    unsigned offset;
    uint32_t value;
  } fields[] = { { 0x04, 0x00010002 }, { 0x08, UINT32_MAX }, { 0x18, 0 },          { 0x20, 0 },
                 { 0x24, UINT32_MAX }, { 0x30, 0 },          { 0x38, UINT32_MAX }, { 0x40, UINT32_MAX },
                 { 0x44, 0x20 },       { 0x48, 0x80 },       { 0x4C, UINT32_MAX }, { 0x50, 0 } };

  (void)state;
  for (unsigned index = 0; index < sizeof cases / sizeof *cases; index++) {
    ICreateTypeLib2 *library = made_library(cases[index].system, "bare.tlb");
    char bytes[2000];

    if (cases[index].lcid)
      assert_ok(ICreateTypeLib2_SetLcid(library, cases[index].lcid));
    assert_ok(ICreateTypeLib2_SaveAllChanges(library));
    assert_int_equal(file_bytes("bare.tlb", bytes, sizeof bytes), 0x54 + 15 * 16 + 32 * 4 + 128 * 4);
    assert_memory_equal(bytes, "MSFT", 4);
    for (unsigned field = 0; field < sizeof fields / sizeof *fields; field++)
      assert_int_equal(*(uint32_t *)(void *)(bytes + fields[field].offset), fields[field].value);
    assert_int_equal(*(uint32_t *)(void *)(bytes + 0x0C), cases[index].of_names);
    assert_int_equal(*(uint32_t *)(void *)(bytes + 0x10), cases[index].lcid);
    assert_int_equal(*(uint32_t *)(void *)(bytes + 0x14), 0x40u | cases[index].system);
    ICreateTypeLib2_Release(library);
  }
}

static void save_everything(const char *name) {
  ICreateTypeLib2 *library = made_library(SYS_WIN64, name);

  set_library_facts(library);
  fill_everything(library);
  assert_ok(ICreateTypeLib2_SaveAllChanges(library));
  ICreateTypeLib2_Release(library);
}

static void the_same_library_has_the_same_bytes(void **state) {
  static char one[0x10000], two[0x10000];

  (void)state;
  save_everything("one.tlb");
  save_everything("two.tlb");
  size_t size = file_bytes("one.tlb", one, sizeof one);
  assert_true(size > 1000 && size < sizeof one);
  assert_int_equal(file_bytes("two.tlb", two, sizeof two), size);
  assert_memory_equal(one, two, size);
}

/* Nothing is left behind, and the file that was there stays. */
static void what_cannot_be_saved_leaves_the_file_alone(void **state) {
  char text[20];
  ICreateTypeLib2 *library;
  ICreateTypeInfo2 *type;
  TYPEDESC desc = { .vt = VT_USERDEFINED };

  (void)state;
  scratch_write("kept.tlb", "as it was");
  library = made_library(SYS_WIN64, "kept.tlb");
  type = made_type(library, u"A", TKIND_ALIAS);
  desc.hreftype = made_reference(type, type);
  assert_ok(ICreateTypeInfo2_SetTypeDescAlias(type, &desc));
  assert_hr(ICreateTypeInfo2_LayOut(type), TYPE_E_CIRCULARTYPE);
  assert_hr(ICreateTypeLib2_SaveAllChanges(library), TYPE_E_CIRCULARTYPE);
  assert_int_equal(file_bytes("kept.tlb", text, sizeof text), 9);
  assert_memory_equal(text, "as it was", 9);
  ICreateTypeInfo2_Release(type);
  ICreateTypeLib2_Release(library);
  library = made_library(SYS_WIN64, "no/such/folder.tlb");
  assert_hr(ICreateTypeLib2_SaveAllChanges(library), TYPE_E_IOERROR);
  ICreateTypeLib2_Release(library);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(wrong_arguments_of_the_door),
    cmocka_unit_test(a_library_has_all_its_faces),
    cmocka_unit_test(library_facts_are_read_at_once_and_from_the_file),
    cmocka_unit_test(library_methods_refuse_what_cannot_be),
    cmocka_unit_test(types_are_named_once_without_regard_to_case),
    cmocka_unit_test(a_deleted_type_is_out_of_the_library),
    cmocka_unit_test(kinds_of_functions_belong_to_kinds_of_types),
    cmocka_unit_test(functions_that_cannot_be_are_refused),
    cmocka_unit_test(names_of_functions_have_their_rules),
    cmocka_unit_test(functions_are_deleted_by_index_and_by_id),
    cmocka_unit_test(kinds_of_variables_belong_to_kinds_of_types),
    cmocka_unit_test(a_constant_needs_a_value_that_a_file_can_hold),
    cmocka_unit_test(implemented_types_have_their_rules),
    cmocka_unit_test(details_of_what_is_not_there_are_refused),
    cmocka_unit_test(module_entries_have_names_or_numbers),
    cmocka_unit_test(what_is_made_is_read_at_once_and_from_the_file),
    cmocka_unit_test(a_bare_library_has_a_whole_header),
    cmocka_unit_test(the_same_library_has_the_same_bytes),
    cmocka_unit_test(what_cannot_be_saved_leaves_the_file_alone),
  };

  return cmocka_run_group_tests(tests, set_up, tear_down);
}
