/* References from one library to another: beside the importing file, registered, already open, nowhere. */
#include "sample.h"

#include "tests/support/scratch.h"

#include <oleander_typelib.h>

#include <stdio.h>

#define IMPORTER_PATH TEST_BINARY_DIR "/typelib-idl/importer.tlb"
#define BASE_PATH     TEST_BINARY_DIR "/typelib-idl/base.tlb"
#define COVER         8 /* seven functions of IDispatch and one of IRound come before it */

static void copy_file(const char *from, const char *to) {
  char bytes[65536];
  FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
  size_t size;

  assert_non_null(in);
  assert_non_null(out);
  size = fread(bytes, 1, sizeof bytes, in);
  assert_int_equal(fwrite(bytes, 1, size, out), size);
  fclose(in);
  fclose(out);
}

/* A folder with the importer alone, and an empty registry store. */
static int set_up(void **state) {
  char path[512];

  (void)state;
  if (setenv("OLEANDER_CLASSES", scratch_make(), 1) != 0)
    return -1;
  snprintf(path, sizeof path, "%s", scratch_path("importer.tlb"));
  copy_file(IMPORTER_PATH, path);
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  scratch_remove();
  return 0;
}

static ITypeLib *open_library(const char *name) {
  char16_t *path = utf16_copy(scratch_path(name));
  ITypeLib *library = NULL;

  assert_ok(LoadTypeLib(path, &library));
  free(path);
  return library;
}

/* The type of Cover's parameter, or the error that says why there is none. */
static HRESULT resolve_other(ITypeInfo2 *wheel, ITypeInfo **other) {
  FUNCDESC *desc;
  HREFTYPE reference = 0, base;
  ITypeInfo *half = NULL;
  HRESULT hr;

  assert_ok(ITypeInfo2_GetRefTypeOfImplType(wheel, (UINT)-1, &base));
  assert_ok(ITypeInfo2_GetRefTypeInfo(wheel, base, &half));
  assert_ok(ITypeInfo_GetFuncDesc(half, 0, &desc));
  assert_int_equal(desc->lprgelemdescParam[0].tdesc.vt, VT_PTR);
  reference = desc->lprgelemdescParam[0].tdesc.lptdesc->hreftype;
  ITypeInfo_ReleaseFuncDesc(half, desc);
  hr = ITypeInfo_GetRefTypeInfo(half, reference, other);
  ITypeInfo_Release(half);
  return hr;
}

static void check_resolved(ITypeInfo2 *wheel) {
  LPOLESTR name = (LPOLESTR)u"Roll";
  ITypeInfo *other = NULL;
  FUNCDESC *desc;
  MEMBERID id;
  BSTR text;

  assert_ok(resolve_other(wheel, &other));
  assert_ok(ITypeInfo_GetDocumentation(other, MEMBERID_NIL, &text, NULL, NULL, NULL));
  assert_bstr(text, "IRound");
  ITypeInfo_Release(other);
  assert_ok(ITypeInfo2_GetFuncDesc(wheel, COVER, &desc));
  assert_int_equal(desc->memid, 30);
  ITypeInfo2_ReleaseFuncDesc(wheel, desc);
  assert_ok(ITypeInfo2_GetFuncDesc(wheel, COVER - 1, &desc)); /* inherited from the other library */
  assert_int_equal(desc->memid, 2);
  ITypeInfo2_ReleaseFuncDesc(wheel, desc);
  assert_ok(ITypeInfo2_GetIDsOfNames(wheel, &name, 1, &id));
  assert_int_equal(id, 2);
}

static void a_library_beside_the_importing_file(void **state) {
  char path[512];
  ITypeLib *library;
  ITypeInfo2 *wheel;

  (void)state;
  snprintf(path, sizeof path, "%s", scratch_path("BASE.TLB")); /* names come from a system without regard to case */
  copy_file(BASE_PATH, path);
  library = open_library("importer.tlb");
  wheel = sample_type(library, 0);
  check_resolved(wheel);
  ITypeInfo2_Release(wheel);
  assert_int_equal(ITypeLib_Release(library), 0);
}

static void a_namesake_beside_it_is_not_taken(void **state) {
  char path[512];
  ITypeLib *library;
  ITypeInfo2 *wheel;
  ITypeInfo *other;

  (void)state;
  snprintf(path, sizeof path, "%s", scratch_path("base.tlb"));
  copy_file(IMPORTER_PATH, path);
  library = open_library("importer.tlb");
  wheel = sample_type(library, 0);
  assert_hr(resolve_other(wheel, &other), TYPE_E_CANTLOADLIBRARY);
  ITypeInfo2_Release(wheel);
  ITypeLib_Release(library);
}

static void a_registered_library(void **state) {
  char16_t *path = utf16_copy(BASE_PATH);
  ITypeLib *library, *base = NULL;
  ITypeInfo2 *wheel;

  (void)state;
  assert_ok(LoadTypeLib(path, &base));
  assert_ok(RegisterTypeLib(base, path, NULL));
  assert_int_equal(ITypeLib_Release(base), 0);
  free(path);
  library = open_library("importer.tlb");
  wheel = sample_type(library, 0);
  check_resolved(wheel);
  ITypeInfo2_Release(wheel);
  ITypeLib_Release(library);
}

static void a_library_that_is_open_already(void **state) {
  ITypeLib *base = NULL, *library = open_library("importer.tlb");
  ITypeInfo2 *wheel = sample_type(library, 0);
  char16_t *path = utf16_copy(BASE_PATH);

  (void)state;
  assert_ok(LoadTypeLib(path, &base));
  free(path);
  check_resolved(wheel);
  ITypeInfo2_Release(wheel);
  ITypeLib_Release(library);
  ITypeLib_Release(base);
}

static void a_dispinterface_has_idispatch_all_the_same(void **state) {
  ITypeLib *library = open_library("importer.tlb"); /* which has no reference to IDispatch itself */
  ITypeInfo2 *wheel = sample_type(library, 0);
  HREFTYPE reference;
  ITypeInfo *dispatch;
  TYPEATTR *attr;

  (void)state;
  assert_ok(ITypeInfo2_GetRefTypeOfImplType(wheel, 0, &reference));
  assert_ok(ITypeInfo2_GetRefTypeInfo(wheel, reference, &dispatch));
  assert_ok(ITypeInfo_GetTypeAttr(dispatch, &attr));
  assert_true(IsEqualGUID(&attr->guid, &IID_IDispatch));
  ITypeInfo_ReleaseTypeAttr(dispatch, attr);
  ITypeInfo_Release(dispatch);
  ITypeInfo2_Release(wheel);
  ITypeLib_Release(library);
}

static void a_missing_library_is_an_error_at_the_reference_only(void **state) {
  LPOLESTR cover = (LPOLESTR)u"Cover", roll = (LPOLESTR)u"Roll";
  ITypeLib *library = open_library("importer.tlb");
  ITypeInfo2 *wheel = sample_type(library, 0);
  ITypeInfo *other = (ITypeInfo *)state;
  FUNCDESC *desc;
  TYPEATTR *attr;
  MEMBERID id;

  assert_hr(resolve_other(wheel, &other), TYPE_E_CANTLOADLIBRARY);
  assert_null(other);
  assert_ok(ITypeInfo2_GetTypeAttr(wheel, &attr));
  assert_int_equal(attr->cFuncs, COVER + 1);
  ITypeInfo2_ReleaseTypeAttr(wheel, attr);
  assert_ok(ITypeInfo2_GetFuncDesc(wheel, COVER, &desc)); /* its own function, at its place */
  assert_int_equal(desc->memid, 30);
  ITypeInfo2_ReleaseFuncDesc(wheel, desc);
  assert_hr(ITypeInfo2_GetFuncDesc(wheel, 0, &desc), TYPE_E_CANTLOADLIBRARY);
  assert_ok(ITypeInfo2_GetIDsOfNames(wheel, &cover, 1, &id));
  assert_hr(ITypeInfo2_GetIDsOfNames(wheel, &roll, 1, &id), DISP_E_UNKNOWNNAME);
  ITypeInfo2_Release(wheel);
  ITypeLib_Release(library);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(a_library_beside_the_importing_file, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_namesake_beside_it_is_not_taken, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_registered_library, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_library_that_is_open_already, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_dispinterface_has_idispatch_all_the_same, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_missing_library_is_an_error_at_the_reference_only, set_up, tear_down),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
