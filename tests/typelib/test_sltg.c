/* SLTG libraries: one made here byte by byte, whole and damaged; and what the corpus says where its goldens are weak. */
#include "sample.h"
#include "sltg_image.h"
#include "walk.h"

#include <oleander_typelib.h>

#include <stdio.h>

static ITypeLib *open_image(void) {
  static SltgImage image;
  ITypeLib *library = NULL;

  sltg_make_image(&image);
  assert_ok(oleander_load_typelib_from_memory(image.bytes, image.size, &library));
  return library;
}

static void the_library_and_its_types(void **state) {
  ITypeLib *library = open_image();
  TLIBATTR *attr;
  BSTR name, help, file;
  DWORD context;
  TYPEKIND kind;

  (void)state;
  assert_ok(ITypeLib_GetLibAttr(library, &attr));
  assert_int_equal(attr->wMajorVerNum, 4);
  assert_int_equal(attr->wMinorVerNum, 5);
  assert_int_equal(attr->lcid, SLTG_LCID);
  assert_int_equal(attr->syskind, SYS_WIN32);
  assert_int_equal(attr->guid.Data1, 0x04030201);
  ITypeLib_ReleaseTLibAttr(library, attr);
  assert_ok(ITypeLib_GetDocumentation(library, -1, &name, &help, &context, &file));
  assert_bstr(name, "Old");
  assert_bstr(help, "An old library");
  assert_bstr(file, "old.hlp");
  assert_int_equal(context, 99);
  assert_int_equal(ITypeLib_GetTypeInfoCount(library), SLTG_TYPES);
  assert_ok(ITypeLib_GetTypeInfoType(library, 2, &kind));
  assert_int_equal(kind, TKIND_UNION);
  assert_ok(ITypeLib_GetDocumentation(library, 0, &name, &help, &context, NULL));
  assert_bstr(name, "Tone");
  assert_bstr(help, "low voice"); /* packed word by word */
  assert_int_equal(context, 6000);
  ITypeLib_Release(library);
}

static void constants_and_their_help(void **state) {
  static const LONG values[] = { 3, -2 };
  ITypeLib *library = open_image();
  ITypeInfo2 *info = sample_type(library, 0);
  VARDESC *desc;
  DWORD context;
  BSTR help;
  UINT index;

  (void)state;
  for (index = 0; index < 2; index++) {
    assert_ok(ITypeInfo2_GetVarDesc(info, index, &desc));
    assert_int_equal(desc->varkind, VAR_CONST);
    assert_int_equal(V_VT(desc->lpvarValue), VT_I4);
    assert_int_equal(V_I4(desc->lpvarValue), values[index]);
    ITypeInfo2_ReleaseVarDesc(info, desc);
  }
  assert_ok(ITypeInfo2_GetDocumentation(info, 0x40000000, NULL, &help, &context, NULL));
  assert_bstr(help, "low voice");
  assert_int_equal(context, 7002);
  assert_ok(ITypeInfo2_GetDocumentation(info, 0x40000001, NULL, &help, &context, NULL));
  assert_bstr(help, "");
  assert_int_equal(context, 0);
  ITypeInfo2_Release(info);
  ITypeLib_Release(library);
}

static void fields_arrays_and_unions(void **state) {
  ITypeLib *library = open_image();
  ITypeInfo2 *record = sample_type(library, 1), *mixed = sample_type(library, 2);
  LPOLESTR name = (LPOLESTR)u"GRID";
  const ARRAYDESC *array;
  TYPEATTR *attr;
  VARDESC *desc;
  MEMBERID id;

  (void)state;
  assert_ok(ITypeInfo2_GetVarDesc(record, 1, &desc));
  assert_int_equal(desc->oInst, 8);
  assert_int_equal(desc->elemdescVar.tdesc.vt, VT_CARRAY);
  array = desc->elemdescVar.tdesc.lpadesc;
  assert_int_equal(array->cDims, 2);
  assert_int_equal(array->rgbounds[0].cElements, 3);
  assert_int_equal(array->rgbounds[1].cElements, 4);
  assert_int_equal(array->rgbounds[1].lLbound, 1);
  assert_int_equal(array->tdescElem.vt, VT_PTR);
  assert_int_equal(array->tdescElem.lptdesc->vt, VT_I4);
  ITypeInfo2_ReleaseVarDesc(record, desc);
  assert_ok(ITypeInfo2_GetIDsOfNames(record, &name, 1, &id));
  assert_int_equal(id, 0x40000001);
  assert_ok(ITypeInfo2_GetTypeAttr(mixed, &attr));
  assert_int_equal(attr->cVars, 1);
  assert_int_equal(attr->cbSizeInstance, 8);
  ITypeInfo2_ReleaseTypeAttr(mixed, attr);
  ITypeInfo2_Release(record);
  ITypeInfo2_Release(mixed);
  ITypeLib_Release(library);
}

static void entries_of_a_module(void **state) {
  static const struct {
    MEMBERID memid;
    const char *name;
    WORD ordinal;
  } entries[] = { { 0x60000000, "", 516 }, { 0x60000001, "", 537 }, { 0x60000002, "_tune@8", 0xFFFF } };
  ITypeLib *library = open_image();
  ITypeInfo2 *info = sample_type(library, 3);
  BSTR dll, name;
  WORD ordinal;
  size_t index;

  (void)state;
  for (index = 0; index < 3; index++) {
    assert_ok(ITypeInfo2_GetDllEntry(info, entries[index].memid, INVOKE_FUNC, &dll, &name, &ordinal));
    assert_bstr(dll, "SND.DLL");
    assert_bstr(name, entries[index].name);
    assert_int_equal(ordinal, entries[index].ordinal);
  }
  ITypeInfo2_Release(info);
  ITypeLib_Release(library);
}

static void parameters_that_need_not_be_given(void **state) {
  ITypeLib *library = open_image();
  ITypeInfo2 *info = sample_type(library, 3);
  const TYPEDESC *type;
  FUNCDESC *desc;

  (void)state;
  assert_ok(ITypeInfo2_GetFuncDesc(info, 1, &desc));
  assert_int_equal(desc->funckind, FUNC_STATIC);
  assert_int_equal(desc->cParamsOpt, -1);
  assert_int_equal(desc->oVft, 0);
  assert_int_equal(desc->elemdescFunc.tdesc.vt, VT_VARIANT);
  type = &desc->lprgelemdescParam[0].tdesc;
  assert_int_equal(type->vt, VT_PTR);
  assert_int_equal(type->lptdesc->vt, VT_SAFEARRAY);
  assert_int_equal(type->lptdesc->lptdesc->vt, VT_VARIANT);
  ITypeInfo2_ReleaseFuncDesc(info, desc);
  assert_ok(ITypeInfo2_GetFuncDesc(info, 2, &desc));
  assert_int_equal(desc->cParamsOpt, 1);
  assert_int_equal(desc->lprgelemdescParam[0].paramdesc.wParamFlags, PARAMFLAG_FIN | PARAMFLAG_FOPT);
  assert_int_equal(desc->lprgelemdescParam[1].paramdesc.wParamFlags, PARAMFLAG_FOUT | PARAMFLAG_FRETVAL);
  assert_int_equal(desc->lprgelemdescParam[1].tdesc.vt, VT_PTR);
  ITypeInfo2_ReleaseFuncDesc(info, desc);
  ITypeInfo2_Release(info);
  ITypeLib_Release(library);
}

static void assert_refers(ITypeInfo2 *info, HREFTYPE reference, const char *expected) {
  ITypeInfo *target;
  BSTR name;

  assert_ok(ITypeInfo2_GetRefTypeInfo(info, reference, &target));
  assert_ok(ITypeInfo_GetDocumentation(target, MEMBERID_NIL, &name, NULL, NULL, NULL));
  assert_bstr(name, expected);
  ITypeInfo_Release(target);
}

static void references_within_and_without(void **state) {
  ITypeLib *library = open_image();
  ITypeInfo2 *info = sample_type(library, 4);
  const TYPEDESC *type;
  HREFTYPE reference;
  FUNCDESC *desc;

  (void)state;
  assert_ok(ITypeInfo2_GetRefTypeOfImplType(info, 0, &reference));
  assert_refers(info, reference, "IUnknown");
  assert_ok(ITypeInfo2_GetFuncDesc(info, 0, &desc));
  assert_int_equal(desc->funckind, FUNC_PUREVIRTUAL);
  assert_int_equal(desc->oVft, 3 * sizeof(void *)); /* stored for pointers of four bytes */
  assert_int_equal(desc->wFuncFlags, FUNCFLAG_FRESTRICTED);
  type = &desc->lprgelemdescParam[0].tdesc;
  assert_int_equal(type->vt, VT_PTR);
  assert_int_equal(type->lptdesc->vt, VT_USERDEFINED);
  assert_refers(info, type->lptdesc->hreftype, "Spot");
  ITypeInfo2_ReleaseFuncDesc(info, desc);
  ITypeInfo2_Release(info);
  ITypeLib_Release(library);
}

/* It says the size of IDispatch's vtable, but lists its own members. */
static void members_of_a_dispinterface(void **state) {
  ITypeLib *library = open_image();
  ITypeInfo2 *info = sample_type(library, 5);
  HREFTYPE reference;
  TYPEATTR *attr;
  VARDESC *desc;

  (void)state;
  assert_ok(ITypeInfo2_GetTypeAttr(info, &attr));
  assert_int_equal(attr->cFuncs, 0);
  assert_int_equal(attr->cVars, 1);
  assert_int_equal(attr->cImplTypes, 1);
  ITypeInfo2_ReleaseTypeAttr(info, attr);
  assert_ok(ITypeInfo2_GetRefTypeOfImplType(info, 0, &reference));
  assert_refers(info, reference, "IDispatch");
  assert_ok(ITypeInfo2_GetVarDesc(info, 0, &desc));
  assert_int_equal(desc->varkind, VAR_DISPATCH);
  assert_int_equal(desc->memid, 7);
  assert_int_equal(desc->wVarFlags, VARFLAG_FREADONLY);
  ITypeInfo2_ReleaseVarDesc(info, desc);
  ITypeInfo2_Release(info);
  ITypeLib_Release(library);
}

/* Every name is found in its chain, whatever its case. */
static void names_and_how_many(void **state) {
  ITypeLib *library = open_image();
  OLECHAR name[] = u"TONEHIGH", missing[] = u"toneMid";
  ULONG count, characters = 0, expected = 0;
  ITypeInfo *info;
  MEMBERID id;
  USHORT found = 1;
  size_t index;
  BOOL known;

  (void)state;
  assert_ok(ITypeLib_FindName(library, name, 0, &info, &id, &found));
  assert_int_equal(found, 1);
  assert_int_equal(id, 0x40000001);
  ITypeInfo_Release(info);
  assert_ok(ITypeLib_IsName(library, missing, 0, &known));
  assert_false(known);
  for (index = 0; index < SLTG_NAME_COUNT; index++)
    expected += (ULONG)strlen(sltg_names[index].text) + 1;
  assert_ok(ITypeLib2_GetLibStatistics((ITypeLib2 *)library, &count, &characters));
  assert_int_equal(characters, expected);
  assert_int_equal(count, SLTG_NAME_COUNT);
  ITypeLib_Release(library);
}

static void corpus_path(const char *name, char *path, size_t room) {
  const char *shared = getenv("OLEANDER_SHARED");

  snprintf(path, room, "%s/typelibs/libraries/%s", shared ? shared : "../shared", name);
}

/* Damage. */

static void open_and_walk(const uint8_t *data, size_t size) {
  uint8_t *copy = malloc(size ? size : 1); /* of its own, so that a sanitizer sees the end */
  ITypeLib *library = NULL;

  memcpy(copy, data, size);
  if (SUCCEEDED(oleander_load_typelib_from_memory(copy, size, &library))) {
    walk_library(library);
    assert_int_equal(ITypeLib_Release(library), 0);
  } else {
    assert_null(library);
  }
  free(copy);
}

static void every_truncation(void **state) {
  static SltgImage image;
  uint32_t size;

  (void)state;
  sltg_make_image(&image);
  for (size = 0; size < image.size; size++)
    open_and_walk(image.bytes, size);
}

static void every_word_at_the_edges(void **state) {
  static const uint16_t edges[] = { 0, 1, 0x7FFF, 0x8000, 0xFFFE, 0xFFFF, 0x0E1A, 0x001C };
  static SltgImage image, damaged;
  uint32_t place;
  size_t edge;

  (void)state;
  sltg_make_image(&image);
  for (place = 4; place + 2 <= image.size; place++) {
    for (edge = 0; edge < sizeof edges / sizeof edges[0]; edge++) {
      damaged = image;
      damaged.bytes[place] = (uint8_t)edges[edge];
      damaged.bytes[place + 1] = (uint8_t)(edges[edge] >> 8);
      open_and_walk(damaged.bytes, damaged.size);
    }
  }
}

#define CORPUS_DAMAGES 250

static uint32_t next_random(uint32_t *seed) {
  *seed = *seed * 1664525u + 1013904223u;
  return *seed >> 8;
}

static void damage_words(uint8_t *bytes, size_t size, uint32_t seed) {
  uint32_t changes = 1 + next_random(&seed) % 4, choice;
  size_t place;

  while (changes-- > 0) {
    place = next_random(&seed) % (size - 2);
    choice = next_random(&seed) % 4;
    bytes[place] = choice == 0 ? 0xFF : choice == 1 ? 0 : (uint8_t)next_random(&seed);
    bytes[place + 1] = choice == 0 ? 0xFF : choice < 3 ? 0 : (uint8_t)next_random(&seed);
  }
}

static void damages_of_the_corpus(void **state) {
  static const char *const names[] = { "219c9713f281-stdole32.tlb", "2342d4fdc57f-VBAEND32.OLB.tlb",
                                       "ad96acdeb673-OLEPRO32.DLL.tlb" };
  static uint8_t bytes[1 << 16], damaged[1 << 16];
  char path[1024];
  size_t index, size;
  uint32_t seed;
  FILE *file;

  (void)state;
  for (index = 0; index < sizeof names / sizeof names[0]; index++) {
    corpus_path(names[index], path, sizeof path);
    file = fopen(path, "rb");
    if (!file) {
      print_message("skipped: %s is not there\n", path);
      continue;
    }
    size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    for (seed = 1; seed <= CORPUS_DAMAGES; seed++) {
      memcpy(damaged, bytes, size);
      damage_words(damaged, size, seed);
      open_and_walk(damaged, size);
      open_and_walk(bytes, size * seed / CORPUS_DAMAGES);
    }
  }
}

/* The corpus. */

static ITypeLib *open_from_corpus(const char *name) {
  char path[1024];
  ITypeLib *library = NULL;
  char16_t *wide;

  corpus_path(name, path, sizeof path);
  wide = utf16_copy(path);
  if (FAILED(LoadTypeLib(wide, &library)))
    print_message("skipped: %s is not there\n", path);
  free(wide);
  return library;
}

/* A GUID's last field has eight bytes; the record is 16 bytes long and the field begins at 8, so no other bounds fit. */
static void bounds_of_a_guid(void **state) {
  ITypeLib *library = open_from_corpus("219c9713f281-stdole32.tlb");
  ITypeInfo2 *info;
  VARDESC *desc;

  (void)state;
  if (!library)
    return;
  info = sample_type(library, 0);
  assert_ok(ITypeInfo2_GetVarDesc(info, 3, &desc));
  assert_int_equal(desc->elemdescVar.tdesc.vt, VT_CARRAY);
  assert_int_equal(desc->elemdescVar.tdesc.lpadesc->rgbounds[0].cElements, 8);
  assert_int_equal(desc->elemdescVar.tdesc.lpadesc->rgbounds[0].lLbound, 0);
  ITypeInfo2_ReleaseVarDesc(info, desc);
  ITypeInfo2_Release(info);
  ITypeLib_Release(library);
}

/* Unpacked text is English and fits the name; nothing else would be, were the tree read wrongly. */
static void packed_help_strings_are_sentences(void **state) {
  static const struct {
    UINT type;
    MEMBERID memid;
    const char *help;
  } expected[] = {
    { 0, MEMBERID_NIL, "Predefined constants used with Dir, GetAttr, MsgBox, SetAttr, or VarType" },
    { 0, 0x40000000, "Return value constant for VarType" },
    { 1, 0x60000000, "Returns the character code corresponding to the first letter in a string" },
    { 1, 0x60000003, "Converts a string to lowercase" },
  };
  ITypeLib *library = open_from_corpus("2342d4fdc57f-VBAEND32.OLB.tlb");
  size_t index;

  (void)state;
  for (index = 0; library && index < sizeof expected / sizeof expected[0]; index++) {
    ITypeInfo2 *info = sample_type(library, expected[index].type);
    BSTR help;

    assert_ok(ITypeInfo2_GetDocumentation(info, expected[index].memid, NULL, &help, NULL, NULL));
    assert_bstr(help, expected[index].help);
    ITypeInfo2_Release(info);
  }
  if (library)
    ITypeLib_Release(library);
}

/* IFont of the old OLE controls is the published interface: its base is IDispatch's base, its last method ReleaseHfont. */
static void references_across_old_libraries(void **state) {
  ITypeLib *library = open_from_corpus("5a734880746c-olepro32.dll.tlb");
  ITypeInfo2 *font;
  ITypeInfo *base;
  HREFTYPE reference;
  TYPEATTR *attr;

  (void)state;
  if (!library)
    return;
  font = sample_type(library, 24);
  assert_ok(ITypeInfo2_GetRefTypeOfImplType(font, 0, &reference));
  assert_ok(ITypeInfo2_GetRefTypeInfo(font, reference, &base)); /* number 3 of stdole32 */
  assert_ok(ITypeInfo_GetTypeAttr(base, &attr));
  assert_true(IsEqualGUID(&attr->guid, &IID_IUnknown));
  ITypeInfo_ReleaseTypeAttr(base, attr);
  ITypeInfo_Release(base);
  ITypeInfo2_Release(font);
  ITypeLib_Release(library);
}

/* Visual Basic's runtime DLLs of all versions export Asc as number 516, and Chr, for strings and for variants, as 537 and
 * 608: the numbers of rtcAnsiValueBstr, rtcBstrFromAnsi and rtcVarBstrFromAnsi in the import tables of its programs. */
static void numbers_in_the_dll_of_visual_basic(void **state) {
  static const WORD numbers[] = { 516, 537, 608 };
  ITypeLib *library = open_from_corpus("2342d4fdc57f-VBAEND32.OLB.tlb");
  ITypeInfo2 *strings;
  WORD ordinal, index;
  BSTR dll;

  (void)state;
  if (!library)
    return;
  strings = sample_type(library, 1);
  for (index = 0; index < 3; index++) {
    assert_ok(ITypeInfo2_GetDllEntry(strings, 0x60000000 + index, INVOKE_FUNC, &dll, NULL, &ordinal));
    assert_bstr(dll, "VBAD32.DLL");
    assert_int_equal(ordinal, numbers[index]);
  }
  ITypeInfo2_Release(strings);
  ITypeLib_Release(library);
}

/* The context of a member is coded as twice its distance from a base, plus 1. All first members of the types have 1 and so
 * the base itself; the constants of VarType are together (1012527), then those of MsgBox (code 5: two above). */
static void help_contexts_from_a_base(void **state) {
  ITypeLib *library = open_from_corpus("2342d4fdc57f-VBAEND32.OLB.tlb");
  ITypeInfo2 *constants;
  DWORD context;

  (void)state;
  if (!library)
    return;
  constants = sample_type(library, 0);
  assert_ok(ITypeInfo2_GetDocumentation(constants, 0x4000000E, NULL, NULL, &context, NULL)); /* vbArray */
  assert_int_equal(context, 1012527);
  assert_ok(ITypeInfo2_GetDocumentation(constants, 0x4000000F, NULL, NULL, &context, NULL)); /* vbOKOnly */
  assert_int_equal(context, 1012529);
  ITypeInfo2_Release(constants);
  ITypeLib_Release(library);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(the_library_and_its_types),
    cmocka_unit_test(constants_and_their_help),
    cmocka_unit_test(entries_of_a_module),
    cmocka_unit_test(parameters_that_need_not_be_given),
    cmocka_unit_test(names_and_how_many),
    cmocka_unit_test(damages_of_the_corpus),
    cmocka_unit_test(numbers_in_the_dll_of_visual_basic),
    cmocka_unit_test(help_contexts_from_a_base),
    cmocka_unit_test(references_within_and_without),
    cmocka_unit_test(members_of_a_dispinterface),
    cmocka_unit_test(fields_arrays_and_unions),
    cmocka_unit_test(every_truncation),
    cmocka_unit_test(every_word_at_the_edges),
    cmocka_unit_test(bounds_of_a_guid),
    cmocka_unit_test(packed_help_strings_are_sentences),
    cmocka_unit_test(references_across_old_libraries),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
