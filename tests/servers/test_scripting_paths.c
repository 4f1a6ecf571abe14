/* The methods of FileSystemObject that look at the text of a path, and patterns. */
#include "servers/scripting_support.h"
#include "support/scratch.h"

#include <unistd.h>

static IFileSystem3 *fso;

static int setup(void **state) {
  (void)state;
  fso = make_file_system();
  return 0;
}

static int teardown(void **state) {
  (void)state;
  IFileSystem3_Release(fso);
  texts_free();
  return 0;
}

static void test_build_path(void **state) {
  static const char *const cases[][3] = {
    { "/a", "b", "/a/b" },   { "/a/", "b", "/a/b" },  { "/a", "/b", "/a/b" }, { "/a/", "/b", "/a/b" },
    { "", "b", "b" },        { "/a", "", "/a" },      { "", "", "" },         { "/", "b", "/b" },
    { "a", "b/c", "a/b/c" }, { "a\\", "b", "a\\/b" }, { "ä", "ö", "ä/ö" },
  };
  BSTR result;
  size_t i;

  (void)state;
  for (i = 0; i < sizeof cases / sizeof *cases; i++) {
    assert_hr(S_OK, IFileSystem3_BuildPath(fso, text(cases[i][0]), text(cases[i][1]), &result));
    assert_string_equal(cases[i][2], taken(result));
  }
  assert_hr(S_OK, IFileSystem3_BuildPath(fso, NULL, text("x"), &result));
  assert_string_equal("x", taken(result));
}

static void assert_part(const char *expected, BSTR part) {
  if (!expected)
    assert_null(part);
  else
    assert_string_equal(expected, taken(part));
}

static void test_parts_of_a_path(void **state) {
  static const struct {
    const char *path, *parent, *name, *base, *extension;
  } cases[] = {
    /* NULL: there is no such part */
    { "/a/b.txt", "/a", "b.txt", "b", "txt" },
    { "/a/b/", "/a", "b", "b", NULL },
    { "/a", "/", "a", "a", NULL },
    { "/", NULL, NULL, NULL, NULL },
    { "", NULL, NULL, NULL, NULL },
    { "a", NULL, "a", "a", NULL },
    { "a/b", "a", "b", "b", NULL },
    { "/x/archive.tar.gz", "/x", "archive.tar.gz", "archive.tar", "gz" },
    { "/x/.hidden", "/x", ".hidden", "", "hidden" },
    { "/x/dot.", "/x", "dot.", "dot", "" },
    { "/a.b/c", "/a.b", "c", "c", NULL },
    { "/a//b", "/a", "b", "b", NULL },
    { "..", NULL, "..", ".", "" },
  };
  BSTR result;
  size_t i;

  (void)state;
  for (i = 0; i < sizeof cases / sizeof *cases; i++) {
    BSTR path = text(cases[i].path);

    assert_hr(S_OK, IFileSystem3_GetParentFolderName(fso, path, &result));
    assert_part(cases[i].parent, result);
    assert_hr(S_OK, IFileSystem3_GetFileName(fso, path, &result));
    assert_part(cases[i].name, result);
    assert_hr(S_OK, IFileSystem3_GetBaseName(fso, path, &result));
    assert_part(cases[i].base, result);
    assert_hr(S_OK, IFileSystem3_GetExtensionName(fso, path, &result));
    assert_part(cases[i].extension, result);
  }
}

static void test_drive_name(void **state) {
  BSTR result;

  (void)state;
  assert_hr(S_OK, IFileSystem3_GetDriveName(fso, text("/"), &result));
  assert_string_equal("/", taken(result));
  assert_hr(S_OK, IFileSystem3_GetDriveName(fso, text("relative/path"), &result));
  assert_null(result);
  assert_hr(S_OK, IFileSystem3_GetDriveName(fso, NULL, &result));
  assert_null(result);
}

static void test_absolute_path(void **state) {
  static const char *const cases[][2] = {
    { "/a/b", "/a/b" }, { "/a/./b//c/", "/a/b/c" }, { "/a/../b", "/b" },        { "/../..", "/" },  { "/", "/" },
    { "//a", "/a" },    { "/a/b/..", "/a" },        { "/a/*.txt", "/a/*.txt" }, { "/...", "/..." },
  };
  char here[4096], expected[4200];
  BSTR result;
  size_t i;

  (void)state;
  for (i = 0; i < sizeof cases / sizeof *cases; i++) {
    assert_hr(S_OK, IFileSystem3_GetAbsolutePathName(fso, text(cases[i][0]), &result));
    assert_string_equal(cases[i][1], taken(result));
  }
  assert_non_null(getcwd(here, sizeof here));
  assert_hr(S_OK, IFileSystem3_GetAbsolutePathName(fso, text("x/../y"), &result));
  snprintf(expected, sizeof expected, "%s/y", strcmp(here, "/") ? here : "");
  assert_string_equal(expected, taken(result));
  assert_hr(S_OK, IFileSystem3_GetAbsolutePathName(fso, NULL, &result));
  assert_string_equal(here, taken(result));
}

static void test_temporary_name(void **state) {
  BSTR one, two;

  (void)state;
  assert_hr(S_OK, IFileSystem3_GetTempName(fso, &one));
  assert_hr(S_OK, IFileSystem3_GetTempName(fso, &two));
  assert_int_equal(12, SysStringLen(one));
  assert_memory_equal(u"rad", one, 6);
  assert_memory_equal(u".tmp", one + 8, 8);
  assert_memory_not_equal(one, two, 24);
  SysFreeString(one);
  SysFreeString(two);
}

static void test_patterns(void **state) {
  static const struct {
    const char *name, *pattern;
    bool matches;
  } cases[] = {
    { "abc", "*", true },       { "abc", "a*", true },      { "abc", "*c", true },       { "abc", "a?c", true },
    { "abc", "?", false },      { "abc", "abc*", true },    { "abc", "*b*", true },      { "abc", "*d*", false },
    { "README", "*.*", true },  { "a.txt", "*.txt", true }, { "a.TXT", "*.txt", false }, { "aab", "*ab", true },
    { "ä", "?", true },         { "äb", "?b", true },       { "\xFF", "?", true },       { "", "*", true },
    { "abcabc", "*abc", true }, { "x", "??", false },
  };
  size_t i;

  (void)state;
  for (i = 0; i < sizeof cases / sizeof *cases; i++) {
    if (name_matches(cases[i].name, cases[i].pattern) != cases[i].matches)
      fail_msg("%s, %s", cases[i].name, cases[i].pattern);
  }
}

static void test_special_folders(void **state) {
  IFolder *folder = NULL;
  BSTR path;

  (void)state;
  setenv("TMPDIR", scratch_make(), 1);
  assert_hr(S_OK, IFileSystem3_GetSpecialFolder(fso, TemporaryFolder, &folder));
  assert_hr(S_OK, IFolder_get_Path(folder, &path));
  assert_string_equal(getenv("TMPDIR"), taken(path));
  IFolder_Release(folder);
  unsetenv("TMPDIR");
  scratch_remove();
  assert_hr(S_OK, IFileSystem3_GetSpecialFolder(fso, WindowsFolder, &folder));
  IFolder_Release(folder);
  assert_hr(E_INVALIDARG, IFileSystem3_GetSpecialFolder(fso, (SpecialFolderConst)3, &folder));
  assert_null(folder);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(test_build_path, setup, teardown),
    cmocka_unit_test_setup_teardown(test_parts_of_a_path, setup, teardown),
    cmocka_unit_test_setup_teardown(test_drive_name, setup, teardown),
    cmocka_unit_test_setup_teardown(test_absolute_path, setup, teardown),
    cmocka_unit_test_setup_teardown(test_temporary_name, setup, teardown),
    cmocka_unit_test_setup_teardown(test_patterns, setup, teardown),
    cmocka_unit_test_setup_teardown(test_special_folders, setup, teardown),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
