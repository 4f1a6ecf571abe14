/* ICreateTypeInfo::LayOut: slots, member ids, sizes and offsets, for each system; and the halves of dual interfaces. */
#include "made.h"

static int set_up(void **state) {
  (void)state;
  return scratch_make() ? 0 : -1;
}

static int tear_down(void **state) {
  (void)state;
  scratch_remove();
  return 0;
}

static TYPEATTR attr_of(ICreateTypeInfo2 *type) {
  ITypeInfo2 *info = made_info(type);
  TYPEATTR *attr, copy;

  assert_ok(ITypeInfo2_GetTypeAttr(info, &attr));
  copy = *attr;
  ITypeInfo2_ReleaseTypeAttr(info, attr);
  ITypeInfo2_Release(info);
  return copy;
}

/* Records. */

typedef struct Field {
  TYPEDESC desc;
  unsigned offset_32, offset_64;
} Field;

typedef struct RecordCase {
  const char *label;
  TYPEKIND kind;
  WORD packing;
  Field fields[5];
  unsigned count, size_32, size_64, alignment_32, alignment_64;
} RecordCase;

static TYPEDESC pointee = { .vt = VT_VOID };
static struct {
  ARRAYDESC array;
} three_shorts = { { .tdescElem = { .vt = VT_I2 }, .cDims = 1, .rgbounds = { { 3, 0 } } } };

#define FIELD(type, narrow, wide)                                                                                      \
  { { .vt = type }, narrow, wide }
#define POINTER(narrow, wide)                                                                                          \
  { { .vt = VT_PTR, .lptdesc = &pointee }, narrow, wide }
#define SHORTS(narrow, wide)                                                                                           \
  { { .vt = VT_CARRAY, .lpadesc = &three_shorts.array }, narrow, wide }

static const RecordCase records[] = {
  { "byte and long", TKIND_RECORD, 0, { FIELD(VT_UI1, 0, 0), FIELD(VT_I4, 4, 4) }, 2, 8, 8, 4, 4 },
  { "packed to two", TKIND_RECORD, 2, { FIELD(VT_UI1, 0, 0), FIELD(VT_I4, 2, 2) }, 2, 6, 6, 2, 2 },
  { "packed to one", TKIND_RECORD, 1, { FIELD(VT_UI1, 0, 0), FIELD(VT_R8, 1, 1) }, 2, 9, 9, 1, 1 },
  { "double behind long", TKIND_RECORD, 0, { FIELD(VT_I4, 0, 0), FIELD(VT_R8, 8, 8) }, 2, 16, 16, 8, 8 },
  { "double packed to four", TKIND_RECORD, 4, { FIELD(VT_I4, 0, 0), FIELD(VT_R8, 4, 4) }, 2, 12, 12, 4, 4 },
  { "pointers", TKIND_RECORD, 0, { FIELD(VT_I2, 0, 0), POINTER(4, 8), FIELD(VT_BSTR, 8, 16) }, 3, 12, 24, 4, 8 },
  { "a VARIANT",
    TKIND_RECORD,
    0,
    { FIELD(VT_I2, 0, 0), FIELD(VT_VARIANT, 8, 8), FIELD(VT_I1, 24, 32) },
    3,
    32,
    40,
    8,
    8 },
  { "an array", TKIND_RECORD, 0, { FIELD(VT_I1, 0, 0), SHORTS(2, 2), FIELD(VT_I1, 8, 8) }, 3, 10, 10, 2, 2 },
  { "the end is filled up", TKIND_RECORD, 0, { FIELD(VT_CY, 0, 0), FIELD(VT_I1, 8, 8) }, 2, 16, 16, 8, 8 },
  { "nothing", TKIND_RECORD, 0, { FIELD(0, 0, 0) }, 0, 0, 0, 1, 1 },
  { "a union", TKIND_UNION, 0, { FIELD(VT_I2, 0, 0), POINTER(0, 0), SHORTS(0, 0) }, 3, 8, 8, 4, 8 },
};

static void check_fields(ICreateTypeInfo2 *type, const RecordCase *record, bool wide) {
  ITypeInfo2 *info = made_info(type);

  for (unsigned index = 0; index < record->count; index++) {
    VARDESC *desc;

    assert_ok(ITypeInfo2_GetVarDesc(info, index, &desc));
    assert_int_equal(desc->oInst, wide ? record->fields[index].offset_64 : record->fields[index].offset_32);
    assert_int_equal(desc->memid, 0x40000000 + (MEMBERID)index);
    ITypeInfo2_ReleaseVarDesc(info, desc);
  }
  ITypeInfo2_Release(info);
}

static void check_record(const RecordCase *record, SYSKIND system) {
  ICreateTypeLib2 *library = made_library(system, "record.tlb");
  ICreateTypeInfo2 *type = made_type(library, u"R", record->kind);
  bool wide = system == SYS_WIN64;

  if (record->packing)
    assert_ok(ICreateTypeInfo2_SetAlignment(type, record->packing));
  for (unsigned index = 0; index < record->count; index++) {
    VARDESC desc = { .varkind = VAR_PERINSTANCE, .memid = 99, .oInst = 77 }; /* neither counts */

    desc.elemdescVar.tdesc = record->fields[index].desc;
    assert_ok(ICreateTypeInfo2_AddVarDesc(type, index, &desc));
  }
  assert_ok(ICreateTypeInfo2_LayOut(type));
  TYPEATTR attr = attr_of(type);
  if (attr.cbSizeInstance != (wide ? record->size_64 : record->size_32))
    print_error("%s\n", record->label);
  assert_int_equal(attr.cbSizeInstance, wide ? record->size_64 : record->size_32);
  assert_int_equal(attr.cbAlignment, wide ? record->alignment_64 : record->alignment_32);
  check_fields(type, record, wide);
  ICreateTypeInfo2_Release(type);
  ICreateTypeLib2_Release(library);
}

static void records_are_laid_out_for_their_system(void **state) {
  (void)state;
  for (unsigned index = 0; index < sizeof records / sizeof *records; index++) {
    check_record(&records[index], SYS_WIN32);
    check_record(&records[index], SYS_WIN64);
  }
}

/* A record in a record, declared behind it: it is laid out first. */
static void what_a_record_contains_is_laid_out_before_it(void **state) {
  ICreateTypeLib2 *library = made_library(SYS_WIN64, "nested.tlb");
  ICreateTypeInfo2 *outer = made_type(library, u"Outer", TKIND_RECORD);
  ICreateTypeInfo2 *alias = made_type(library, u"Alias", TKIND_ALIAS);
  ICreateTypeInfo2 *inner = made_type(library, u"Inner", TKIND_RECORD);
  TYPEDESC to_inner = { .vt = VT_USERDEFINED, .hreftype = made_reference(alias, inner) };
  VARDESC desc = { .varkind = VAR_PERINSTANCE };

  (void)state;
  assert_ok(ICreateTypeInfo2_SetTypeDescAlias(alias, &to_inner));
  desc.elemdescVar.tdesc.vt = VT_I1;
  assert_ok(ICreateTypeInfo2_AddVarDesc(outer, 0, &desc));
  desc.elemdescVar.tdesc = (TYPEDESC){ .vt = VT_USERDEFINED, .hreftype = made_reference(outer, alias) };
  assert_ok(ICreateTypeInfo2_AddVarDesc(outer, 1, &desc));
  desc.elemdescVar.tdesc = (TYPEDESC){ .vt = VT_R8 };
  assert_ok(ICreateTypeInfo2_AddVarDesc(inner, 0, &desc));
  assert_ok(ICreateTypeInfo2_LayOut(outer));
  assert_int_equal(attr_of(outer).cbSizeInstance, 16);
  assert_int_equal(attr_of(inner).cbSizeInstance, 8);
  desc.elemdescVar.tdesc = (TYPEDESC){ .vt = VT_USERDEFINED, .hreftype = made_reference(inner, outer) };
  assert_ok(ICreateTypeInfo2_AddVarDesc(inner, 1, &desc));
  assert_hr(ICreateTypeInfo2_LayOut(inner), TYPE_E_CIRCULARTYPE);
  desc.elemdescVar.tdesc = (TYPEDESC){ .vt = VT_VOID };
  assert_ok(ICreateTypeInfo2_DeleteVarDesc(inner, 1));
  assert_ok(ICreateTypeInfo2_AddVarDesc(inner, 1, &desc));
  assert_hr(ICreateTypeInfo2_LayOut(inner), TYPE_E_UNDEFINEDTYPE);
  ICreateTypeInfo2_Release(outer);
  ICreateTypeInfo2_Release(alias);
  ICreateTypeInfo2_Release(inner);
  ICreateTypeLib2_Release(library);
}

/* Interfaces. */

typedef struct Expected {
  MEMBERID memid;
  SHORT slot;
} Expected;

static void check_functions(ICreateTypeInfo2 *type, const Expected *expected, UINT count) {
  ITypeInfo2 *info = made_info(type);

  for (UINT index = 0; index < count; index++) {
    FUNCDESC *desc;

    assert_ok(ITypeInfo2_GetFuncDesc(info, index, &desc));
    assert_int_equal(desc->memid, expected[index].memid);
    assert_int_equal(desc->oVft, expected[index].slot * (int)sizeof(void *));
    ITypeInfo2_ReleaseFuncDesc(info, desc);
  }
  ITypeInfo2_Release(info);
}

static void add_accessor(ICreateTypeInfo2 *type, UINT index, INVOKEKIND kind, MEMBERID memid, const OLECHAR *name) {
  ELEMDESC parameter = { .tdesc = { .vt = VT_I4 } };
  FUNCDESC desc = made_method(FUNC_PUREVIRTUAL, memid);

  desc.invkind = kind;
  desc.cParams = 1;
  desc.lprgelemdescParam = &parameter;
  made_add(type, index, &desc, name);
}

/* IUnknown's depth is 0: what derives from it has 1, and counts its functions on from there. */
static void members_get_ids_and_slots(void **state) {
  static const Expected of_base[] = { { 0x60010000, 3 }, { 0x60010001, 4 } };
  static const Expected of_derived[] = { { 0x60020000, 5 }, { 7, 6 },  { 0x60020002, 7 },
                                         { 0x60020002, 8 }, { 12, 9 }, { 12, 10 } };
  ICreateTypeLib2 *library = made_library(SYS_WIN64, "slots.tlb");
  ICreateTypeInfo2 *derived = made_type(library, u"IDerived", TKIND_INTERFACE);
  ICreateTypeInfo2 *base = made_type(library, u"IBase", TKIND_INTERFACE);
  FUNCDESC desc = made_method(FUNC_PUREVIRTUAL, MEMBERID_NIL);

  (void)state;
  assert_ok(ICreateTypeInfo2_AddImplType(derived, 0, made_reference(derived, base)));
  assert_ok(ICreateTypeInfo2_AddImplType(base, 0, made_stdole_reference(base, &IID_IUnknown)));
  made_add(base, 0, &desc, u"B1");
  made_add(base, 1, &desc, u"B2");
  made_add(derived, 0, &desc, u"D1");
  desc.memid = 7;
  made_add(derived, 1, &desc, u"D2");
  add_accessor(derived, 2, INVOKE_PROPERTYGET, MEMBERID_NIL, u"Size");
  add_accessor(derived, 3, INVOKE_PROPERTYPUT, MEMBERID_NIL, u"Size");
  add_accessor(derived, 4, INVOKE_PROPERTYGET, MEMBERID_NIL, u"Weight");
  add_accessor(derived, 5, INVOKE_PROPERTYPUTREF, 12, u"weight");
  assert_ok(ICreateTypeInfo2_LayOut(derived));
  check_functions(base, of_base, 2);
  check_functions(derived, of_derived, 6);
  assert_int_equal(attr_of(base).cbSizeVft, 5 * 8);
  assert_int_equal(attr_of(derived).cbSizeVft, 11 * 8);
  ICreateTypeInfo2_Release(base);
  ICreateTypeInfo2_Release(derived);
  ICreateTypeLib2_Release(library);
}

/* A slot that is given is kept, and the next function follows it. */
static void given_slots_are_kept(void **state) {
  static const Expected expected[] = { { 0x60000000, 9 }, { 0x60000001, 10 }, { 0x60000002, 2 } };
  ICreateTypeLib2 *library = made_library(SYS_WIN32, "given.tlb");
  ICreateTypeInfo2 *type = made_type(library, u"I", TKIND_INTERFACE);
  FUNCDESC desc = made_method(FUNC_PUREVIRTUAL, MEMBERID_NIL);

  (void)state;
  desc.oVft = 9 * sizeof(void *);
  made_add(type, 0, &desc, u"A");
  desc.oVft = 0;
  made_add(type, 1, &desc, u"B");
  desc.oVft = 2 * sizeof(void *);
  made_add(type, 2, &desc, u"C");
  assert_ok(ICreateTypeInfo2_LayOut(type));
  check_functions(type, expected, 3);
  assert_int_equal(attr_of(type).cbSizeVft, 11 * 4); /* bytes of the system that it is for */
  ICreateTypeInfo2_Release(type);
  ICreateTypeLib2_Release(library);
}

static void more_functions_than_a_vtable_holds_are_refused(void **state) {
  ICreateTypeLib2 *library = made_library(SYS_WIN64, "big.tlb");
  ICreateTypeInfo2 *type = made_type(library, u"I", TKIND_INTERFACE);
  FUNCDESC desc = made_method(FUNC_PUREVIRTUAL, MEMBERID_NIL);

  (void)state;
  for (UINT index = 0; index < 4096; index++)
    assert_ok(ICreateTypeInfo2_AddFuncDesc(type, index, &desc));
  assert_ok(ICreateTypeInfo2_LayOut(type));
  assert_ok(ICreateTypeInfo2_AddFuncDesc(type, 4096, &desc));
  assert_hr(ICreateTypeInfo2_LayOut(type), TYPE_E_SIZETOOBIG);
  assert_hr(ICreateTypeLib2_SaveAllChanges(library), TYPE_E_SIZETOOBIG);
  ICreateTypeInfo2_Release(type);
  ICreateTypeLib2_Release(library);
}

/* An interface shows itself as one until LayOut makes the halves; without a base it has IDispatch. */
static void layout_makes_the_halves_of_a_dual_interface(void **state) {
  ICreateTypeLib2 *library = made_library(SYS_WIN64, "dual.tlb");
  ICreateTypeInfo2 *type = made_type(library, u"IDual", TKIND_INTERFACE);
  FUNCDESC desc = made_method(FUNC_PUREVIRTUAL, 1);
  ITypeInfo2 *info;
  HREFTYPE reference;

  (void)state;
  assert_ok(ICreateTypeInfo2_SetTypeFlags(type, TYPEFLAG_FDUAL | TYPEFLAG_FOLEAUTOMATION));
  made_add(type, 0, &desc, u"Do");
  assert_int_equal(attr_of(type).typekind, TKIND_INTERFACE);
  assert_ok(ICreateTypeInfo2_LayOut(type));
  assert_int_equal(attr_of(type).typekind, TKIND_DISPATCH);
  assert_int_equal(attr_of(type).cFuncs, 8);
  info = made_info(type);
  assert_ok(ITypeInfo2_GetRefTypeOfImplType(info, (UINT)-1, &reference));
  ITypeInfo2_Release(info);
  assert_ok(ICreateTypeInfo2_SetTypeFlags(type, 0));
  assert_ok(ICreateTypeInfo2_LayOut(type));
  assert_int_equal(attr_of(type).typekind, TKIND_INTERFACE);
  ICreateTypeInfo2_Release(type);
  ICreateTypeLib2_Release(library);
}

/* `dispinterface { interface I; }`: IDispatch first, then what it shows. */
static void a_dispinterface_shows_the_members_of_an_interface(void **state) {
  ICreateTypeLib2 *library = made_library(SYS_WIN64, "shown.tlb");
  ICreateTypeInfo2 *shown = made_type(library, u"IShown", TKIND_INTERFACE);
  ICreateTypeInfo2 *type = made_type(library, u"DShown", TKIND_DISPATCH);
  HREFTYPE to_dispatch = made_stdole_reference(type, &IID_IDispatch), reference;
  FUNCDESC desc = made_method(FUNC_PUREVIRTUAL, 1);
  ITypeInfo2 *info;
  ITypeLib *saved;

  (void)state;
  assert_ok(ICreateTypeInfo2_AddImplType(shown, 0, made_stdole_reference(shown, &IID_IDispatch)));
  made_add(shown, 0, &desc, u"Do");
  assert_ok(ICreateTypeInfo2_AddImplType(type, 0, to_dispatch));
  assert_ok(ICreateTypeInfo2_AddImplType(type, 1, made_reference(type, shown)));
  assert_hr(ICreateTypeInfo2_AddImplType(type, 2, to_dispatch), TYPE_E_ELEMENTNOTFOUND);
  saved = made_saved(library, "shown.tlb");
  info = sample_type(saved, 1);
  FUNCDESC *last;
  assert_ok(ITypeInfo2_GetFuncDesc(info, 7, &last));
  assert_int_equal(last->memid, 1);
  ITypeInfo2_ReleaseFuncDesc(info, last);
  assert_ok(ITypeInfo2_GetRefTypeOfImplType(info, 0, &reference));
  ITypeInfo2_Release(info);
  ITypeLib_Release(saved);
  assert_ok(ICreateTypeInfo2_DeleteImplType(type, 1));
  assert_hr(ICreateTypeInfo2_DeleteImplType(type, 1), TYPE_E_ELEMENTNOTFOUND);
  assert_ok(ICreateTypeInfo2_LayOut(type));
  assert_int_equal(attr_of(type).cFuncs, 0);
  ICreateTypeInfo2_Release(shown);
  ICreateTypeInfo2_Release(type);
  ICreateTypeLib2_Release(library);
}

/* References to another library that is being made: read at once, and found again beside the file. */
static void types_of_another_library_are_imported(void **state) {
  static const GUID libids[] = { { 0x11, 5, 5, { 1 } }, { 0x12, 5, 5, { 1 } } };
  static const GUID iid = { 0x13, 5, 5, { 1 } };
  ICreateTypeLib2 *other = made_library(SYS_WIN64, "other.tlb"), *library = made_library(SYS_WIN64, "user.tlb");
  ICreateTypeInfo2 *base = made_type(other, u"IOther", TKIND_INTERFACE);
  ICreateTypeInfo2 *type = made_type(library, u"IMine", TKIND_INTERFACE);
  FUNCDESC desc = made_method(FUNC_PUREVIRTUAL, MEMBERID_NIL);
  static const Expected expected[] = { { 0x60010000, 1 } };
  ITypeLib *other_saved, *saved;
  ITypeInfo2 *info;
  ITypeInfo *target;
  HREFTYPE reference;
  BSTR name;

  (void)state;
  assert_ok(ICreateTypeLib2_SetGuid(other, &libids[0]));
  assert_ok(ICreateTypeLib2_SetGuid(library, &libids[1]));
  assert_ok(ICreateTypeInfo2_SetGuid(base, &iid));
  made_add(base, 0, &desc, u"First");
  made_add(type, 0, &desc, u"Second");
  assert_ok(ICreateTypeInfo2_AddImplType(type, 0, made_reference(type, base)));
  assert_ok(ICreateTypeInfo2_LayOut(type));
  check_functions(type, expected, 1);
  other_saved = made_saved(other, "other.tlb");
  saved = made_saved(library, "user.tlb");
  ITypeLib_Release(other_saved); /* found again as a file */
  info = sample_type(saved, 0);
  assert_ok(ITypeInfo2_GetRefTypeOfImplType(info, 0, &reference));
  assert_ok(ITypeInfo2_GetRefTypeInfo(info, reference, &target));
  assert_ok(ITypeInfo_GetDocumentation(target, MEMBERID_NIL, &name, NULL, NULL, NULL));
  assert_text(name, "IOther");
  SysFreeString(name);
  ITypeInfo_Release(target);
  ITypeInfo2_Release(info);
  ITypeLib_Release(saved);
  ICreateTypeInfo2_Release(base);
  ICreateTypeInfo2_Release(type);
  ICreateTypeLib2_Release(library);
  ICreateTypeLib2_Release(other);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(records_are_laid_out_for_their_system),
    cmocka_unit_test(what_a_record_contains_is_laid_out_before_it),
    cmocka_unit_test(members_get_ids_and_slots),
    cmocka_unit_test(given_slots_are_kept),
    cmocka_unit_test(more_functions_than_a_vtable_holds_are_refused),
    cmocka_unit_test(layout_makes_the_halves_of_a_dual_interface),
    cmocka_unit_test(a_dispinterface_shows_the_members_of_an_interface),
    cmocka_unit_test(types_of_another_library_are_imported),
  };

  return cmocka_run_group_tests(tests, set_up, tear_down);
}
