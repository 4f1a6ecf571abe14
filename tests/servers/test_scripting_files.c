/* Copying, moving, deleting, making: FileSystemObject's methods on files and folders. */
#include "servers/scripting_support.h"
#include "support/scratch.h"

#include <sys/stat.h>
#include <unistd.h>

static IFileSystem3 *fso;

static int setup(void **state) {
  *state = (void *)(uintptr_t)scratch_make();
  fso = make_file_system();
  return 0;
}

static int teardown(void **state) {
  (void)state;
  IFileSystem3_Release(fso);
  scratch_remove();
  texts_free();
  return 0;
}

static BSTR at(const char *name) {
  return text(scratch_path(name));
}

static bool file_is(const char *name, const char *contents) {
  char *got = scratch_read(name);
  bool same = got && strcmp(got, contents) == 0;

  free(got);
  return same;
}

static bool is_there(const char *name) {
  struct stat status;

  return lstat(scratch_path(name), &status) == 0;
}

static HRESULT copy(const char *from, const char *to, bool overwrite) {
  return IFileSystem3_CopyFile(fso, at(from), at(to), overwrite ? VARIANT_TRUE : VARIANT_FALSE);
}

static HRESULT copy_folder(const char *from, const char *to, bool overwrite) {
  return IFileSystem3_CopyFolder(fso, at(from), at(to), overwrite ? VARIANT_TRUE : VARIANT_FALSE);
}

static HRESULT move(const char *from, const char *to) {
  return IFileSystem3_MoveFile(fso, at(from), at(to));
}

static HRESULT move_folder(const char *from, const char *to) {
  return IFileSystem3_MoveFolder(fso, at(from), at(to));
}

static HRESULT delete (const char *name, bool force) {
  return IFileSystem3_DeleteFile(fso, at(name), force ? VARIANT_TRUE : VARIANT_FALSE);
}

static HRESULT delete_folder(const char *name, bool force) {
  return IFileSystem3_DeleteFolder(fso, at(name), force ? VARIANT_TRUE : VARIANT_FALSE);
}

static void test_existence(void **state) {
  static const struct {
    const char *name;
    bool file, folder;
  } cases[] = {
    { "file", true, false },    { "folder", false, true },    { "folder/", false, true },
    { "file/", false, false },  { "none", false, false },     { "file/none", false, false },
    { "to-file", true, false }, { "to-folder", false, true }, { "dangling", false, false },
    { "loop", false, false },   { "f*", false, false },
  };
  VARIANT_BOOL file, folder;
  size_t i;

  (void)state;
  scratch_write("file", "x");
  mkdir(scratch_path("folder"), 0755);
  assert_int_equal(0, symlink("file", scratch_path("to-file")));
  assert_int_equal(0, symlink("folder", scratch_path("to-folder")));
  assert_int_equal(0, symlink("none", scratch_path("dangling")));
  assert_int_equal(0, symlink("loop", scratch_path("loop")));
  for (i = 0; i < sizeof cases / sizeof *cases; i++) {
    assert_hr(S_OK, IFileSystem3_FileExists(fso, at(cases[i].name), &file));
    assert_hr(S_OK, IFileSystem3_FolderExists(fso, at(cases[i].name), &folder));
    if ((file == VARIANT_TRUE) != cases[i].file || (folder == VARIANT_TRUE) != cases[i].folder)
      fail_msg("%s", cases[i].name);
  }
  assert_hr(S_OK, IFileSystem3_FileExists(fso, NULL, &file));
  assert_int_equal(VARIANT_FALSE, file);
  assert_hr(S_OK, IFileSystem3_FileExists(fso, text("/dev/null"), &file));
  assert_int_equal(VARIANT_TRUE, file);
}

static void test_copy_file(void **state) {
  struct stat from, to;

  (void)state;
  scratch_write("a", "contents");
  chmod(scratch_path("a"), 0640);
  assert_hr(S_OK, copy("a", "b", true));
  assert_true(file_is("a", "contents"));
  assert_true(file_is("b", "contents"));
  assert_int_equal(0, stat(scratch_path("a"), &from));
  assert_int_equal(0, stat(scratch_path("b"), &to));
  assert_int_equal(0640, to.st_mode & 0777);
  assert_int_equal(from.st_mtim.tv_nsec, to.st_mtim.tv_nsec);
  scratch_write("c", "other");
  assert_hr(0x800A003A, copy("a", "c", false));
  assert_true(file_is("c", "other"));
  assert_hr(S_OK, copy("a", "c", true));
  assert_true(file_is("c", "contents"));
  chmod(scratch_path("c"), 0444);
  assert_hr(0x800A0046, copy("a", "c", true)); /* read-only */
  assert_hr(0x800A0046, copy("a", "a", true)); /* onto itself */
}

static void test_copy_file_errors(void **state) {
  (void)state;
  scratch_write("a", "x");
  mkdir(scratch_path("folder"), 0755);
  assert_int_equal(0, mkfifo(scratch_path("pipe"), 0644));
  assert_hr(0x800A0035, copy("none", "b", true));
  assert_hr(0x800A004C, copy("none/a", "b", true));
  assert_hr(0x800A0035, copy("folder", "b", true));
  assert_hr(0x800A0046, copy("a", "folder", true));
  assert_hr(0x800A004C, copy("a", "none/b", true));
  assert_hr(0x800A004C, copy("a", "none/", true));
  assert_hr(0x800A004B, copy("pipe", "b", true)); /* does not wait for a writer */
  assert_hr(0x800A0034, copy("a", "b*", true));
  assert_hr(E_INVALIDARG, IFileSystem3_CopyFile(fso, NULL, at("b"), VARIANT_TRUE));
  assert_hr(E_INVALIDARG, IFileSystem3_CopyFile(fso, at("a"), NULL, VARIANT_TRUE));
  assert_hr(E_INVALIDARG, IFileSystem3_MoveFile(fso, at("none"), NULL));
  assert_string_equal("Invalid procedure call or argument", error_text());
  assert_hr(E_INVALIDARG, IFileSystem3_MoveFolder(fso, at("folder"), NULL));
  assert_hr(E_INVALIDARG, IFileSystem3_DeleteFile(fso, NULL, VARIANT_FALSE));
  assert_hr(0x800A0034, IFileSystem3_CopyFile(fso, text(""), at("b"), VARIANT_TRUE));
  assert_false(is_there("b"));
}

static void test_copy_with_pattern(void **state) {
  (void)state;
  scratch_write("in/a.txt", "a");
  scratch_write("in/b.txt", "b");
  scratch_write("in/c.dat", "c");
  scratch_write("in/.hidden.txt", "h");
  mkdir(scratch_path("in/folder.txt"), 0755);
  mkdir(scratch_path("out"), 0755);
  assert_hr(S_OK, copy("in/*.txt", "out", true));
  assert_true(file_is("out/a.txt", "a"));
  assert_true(file_is("out/b.txt", "b"));
  assert_true(file_is("out/.hidden.txt", "h"));
  assert_false(is_there("out/c.dat"));
  assert_false(is_there("out/folder.txt"));
  assert_hr(0x800A0035, copy("in/*.none", "out", true));
  assert_hr(0x800A004C, copy("in/*.txt", "nowhere", true));
  assert_hr(0x800A003A, copy("in/?.*", "out/", false));
  assert_hr(S_OK, copy("in/c.dat", "out/", false));
  assert_true(file_is("out/c.dat", "c"));
}

static void test_move_file(void **state) {
  (void)state;
  scratch_write("a", "1");
  scratch_write("b", "2");
  mkdir(scratch_path("folder"), 0755);
  assert_hr(S_OK, move("a", "c"));
  assert_false(is_there("a"));
  assert_true(file_is("c", "1"));
  assert_hr(0x800A003A, move("c", "b")); /* never replaces */
  assert_true(file_is("b", "2"));
  assert_hr(0x800A003A, move("c", "folder"));
  assert_hr(S_OK, move("c", "folder/"));
  assert_true(file_is("folder/c", "1"));
  assert_hr(0x800A0035, move("none", "d"));
  assert_hr(0x800A004C, move("b", "none/d"));
  scratch_write("x1", "");
  scratch_write("x2", "");
  assert_hr(S_OK, move("x*", "folder"));
  assert_true(is_there("folder/x1") && is_there("folder/x2"));
}

static void test_delete_file(void **state) {
  (void)state;
  scratch_write("a", "");
  scratch_write("b1", "");
  scratch_write("b2", "");
  scratch_write("fixed", "");
  chmod(scratch_path("fixed"), 0444);
  mkdir(scratch_path("folder"), 0755);
  assert_int_equal(0, symlink("a", scratch_path("link")));
  assert_hr(S_OK, delete ("link", false));
  assert_true(is_there("a"));
  assert_hr(S_OK, delete ("a", false));
  assert_false(is_there("a"));
  assert_hr(0x800A0035, delete ("a", false));
  assert_hr(0x800A0035, delete ("folder", true));
  assert_hr(S_OK, delete ("b*", false));
  assert_false(is_there("b1") || is_there("b2"));
  assert_hr(0x800A0035, delete ("b*", false));
  assert_hr(0x800A0046, delete ("fixed", false));
  assert_string_equal("Permission denied", error_text());
  assert_hr(S_OK, delete ("fixed", true));
}

static void make_tree(void) {
  scratch_write("tree/one", "1");
  scratch_write("tree/sub/two", "22");
  scratch_write("tree/sub/deep/three", "333");
  assert_int_equal(0, symlink("..", scratch_path("tree/sub/up")));
  assert_int_equal(0, symlink("none", scratch_path("tree/dangling")));
}

static void test_copy_folder(void **state) {
  char target[16] = "";

  (void)state;
  make_tree();
  assert_hr(S_OK, copy_folder("tree", "copy", false));
  assert_true(file_is("copy/one", "1"));
  assert_true(file_is("copy/sub/deep/three", "333"));
  assert_int_equal(2, readlink(scratch_path("copy/sub/up"), target, sizeof target)); /* a link stays a link */
  assert_true(is_there("copy/dangling"));
  assert_hr(0x800A003A, copy_folder("tree", "copy", false));
  assert_hr(S_OK, copy_folder("tree", "copy", true));
  mkdir(scratch_path("into"), 0755);
  assert_hr(S_OK, copy_folder("tree", "into/", false));
  assert_true(file_is("into/tree/sub/two", "22"));
  assert_hr(S_OK, copy_folder("t*", "into", true));
  assert_hr(0x800A004C, copy_folder("none", "x", true));
  assert_hr(0x800A004C, copy_folder("tree/one", "x", true));
  assert_hr(0x800A004C, copy_folder("z*", "into", true));
  assert_hr(0x800A0046, copy_folder("tree", "tree/sub/copy", true)); /* into itself */
  assert_hr(0x800A0046, copy_folder("tree", "tree", true));
  scratch_write("plain", "");
  assert_hr(0x800A003A, copy_folder("tree", "plain", true));
}

static void test_move_folder(void **state) {
  (void)state;
  make_tree();
  mkdir(scratch_path("into"), 0755);
  assert_hr(S_OK, move_folder("tree", "moved"));
  assert_false(is_there("tree"));
  assert_true(file_is("moved/sub/two", "22"));
  assert_hr(0x800A003A, move_folder("moved", "into"));
  assert_hr(S_OK, move_folder("moved", "into/"));
  assert_true(file_is("into/moved/one", "1"));
  assert_hr(0x800A004C, move_folder("none", "x"));
  assert_true(FAILED(move_folder("into", "into/moved/x")));
  assert_true(file_is("into/moved/one", "1"));
}

static void test_delete_folder(void **state) {
  (void)state;
  make_tree();
  scratch_write("keep/kept", "k");
  assert_int_equal(0, symlink("../keep", scratch_path("tree/to-keep")));
  assert_int_equal(0, symlink("keep", scratch_path("link")));
  assert_hr(S_OK, delete_folder("link", false));
  assert_true(file_is("keep/kept", "k"));
  assert_hr(S_OK, delete_folder("tree/", false));
  assert_false(is_there("tree"));
  assert_true(file_is("keep/kept", "k")); /* links are not followed */
  assert_hr(0x800A004C, delete_folder("tree", false));
  assert_hr(0x800A004C, delete_folder("keep/kept", false));
  chmod(scratch_path("keep/kept"), 0444);
  assert_hr(0x800A0046, delete_folder("keep", false));
  assert_true(is_there("keep/kept"));
  assert_hr(S_OK, delete_folder("k*", true));
  assert_false(is_there("keep"));
  assert_hr(0x800A0046, IFileSystem3_DeleteFolder(fso, text("/"), VARIANT_TRUE));
}

static void test_create_folder(void **state) {
  IFolder *folder = NULL;
  BSTR path;

  (void)state;
  assert_hr(S_OK, IFileSystem3_CreateFolder(fso, at("new"), &folder));
  assert_hr(S_OK, IFolder_get_Path(folder, &path));
  assert_string_equal(scratch_path("new"), taken(path));
  IFolder_Release(folder);
  assert_hr(0x800A003A, IFileSystem3_CreateFolder(fso, at("new"), &folder));
  assert_hr(0x800A004C, IFileSystem3_CreateFolder(fso, at("none/new"), &folder));
  assert_null(folder);
}

/* A folder nested very deep, and names that are no UTF-8. */
static void test_hostile_trees(void **state) {
  static const char odd[] = "odd\xFF\xFE"
                            "name \xED\xA0\x80";
  char name[4096] = "deep";
  VARIANT_BOOL exists;
  int i;

  (void)state;
  for (i = 0; i < 300; i++)
    strcat(name, "/d");
  strcat(name, "/file");
  scratch_write(name, "x");
  assert_hr(S_OK, copy_folder("deep", "d2", true));
  assert_hr(S_OK, delete_folder("deep", true));
  assert_hr(S_OK, delete_folder("d2", true));
  scratch_write(odd, "odd");
  assert_hr(S_OK, IFileSystem3_FileExists(fso, at(odd), &exists));
  assert_int_equal(VARIANT_TRUE, exists);
  mkdir(scratch_path("out"), 0755);
  assert_hr(S_OK, copy("odd*", "out", true));
  snprintf(name, sizeof name, "out/%s", odd);
  assert_true(file_is(name, "odd"));
  assert_hr(S_OK, delete (odd, false));
  assert_false(is_there(odd));
}

static void put32(unsigned char *at, uint32_t value) {
  memcpy(at, &value, sizeof value);
}

/* The least that is a Windows module with a version resource. */
static void make_module(unsigned char file[0x400]) {
  unsigned char *resources = file + 0x200;

  memset(file, 0, 0x400);
  memcpy(file, "MZ", 2);
  put32(file + 0x3C, 0x40);
  memcpy(file + 0x40, "PE\0\0", 4);
  put32(file + 0x44, 0x00018664);        /* machine, one section */
  put32(file + 0x54, 240);               /* size of the optional header */
  put32(file + 0x58, 0x20B);             /* 64-bit */
  put32(file + 0x58 + 112 + 16, 0x1000); /* the resource directory */
  put32(file + 0x148 + 12, 0x1000);
  put32(file + 0x148 + 16, 0x200);
  put32(file + 0x148 + 20, 0x200);
  put32(resources + 12, 0x00010000); /* type 16, name 1, language 1033 */
  put32(resources + 16, 16);
  put32(resources + 20, 0x80000018);
  put32(resources + 0x18 + 12, 0x00010000);
  put32(resources + 0x28, 1);
  put32(resources + 0x2C, 0x80000030);
  put32(resources + 0x30 + 12, 0x00010000);
  put32(resources + 0x40, 1033);
  put32(resources + 0x44, 0x48);
  put32(resources + 0x48, 0x1060);
  put32(resources + 0x4C, 0x60);
  put32(resources + 0x70, 0xFEEF04BD);
  put32(resources + 0x78, 0x00010002);
  put32(resources + 0x7C, 0x00030004);
}

static const char *version_of(const unsigned char *bytes, size_t size) {
  BSTR version = NULL;
  FILE *file;

  unlink(scratch_path("module")); /* a file system may flush what replaces a file's contents */
  file = fopen(scratch_path("module"), "wb");
  assert_non_null(file);
  assert_int_equal(size, fwrite(bytes, 1, size, file));
  fclose(file);
  assert_hr(S_OK, IFileSystem3_GetFileVersion(fso, at("module"), &version));
  texts_free();
  return taken(version);
}

static void test_file_version(void **state) {
  unsigned char module[0x400], damaged[0x400];
  BSTR version = NULL;
  size_t i;

  (void)state;
  make_module(module);
  assert_string_equal("1.2.3.4", version_of(module, sizeof module));
  for (i = 0; i < 0x280; i += 3)
    assert_string_equal("", version_of(module, i)); /* cut off */
  for (i = 0; i < 0x280; i++) {
    memcpy(damaged, module, sizeof damaged);
    damaged[i] ^= 0xFF;
    version_of(damaged, sizeof damaged); /* whatever it says, it says it in peace */
  }
  assert_string_equal("", version_of((const unsigned char *)"MZ but nothing more", 19));
  version = (BSTR)u"untouched";
  assert_hr(HRESULT_FROM_WIN32(ERROR_FILE_NOT_FOUND), IFileSystem3_GetFileVersion(fso, at("none"), &version));
  assert_memory_equal(u"untouched", version, 18);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(test_existence, setup, teardown),
    cmocka_unit_test_setup_teardown(test_copy_file, setup, teardown),
    cmocka_unit_test_setup_teardown(test_copy_file_errors, setup, teardown),
    cmocka_unit_test_setup_teardown(test_copy_with_pattern, setup, teardown),
    cmocka_unit_test_setup_teardown(test_move_file, setup, teardown),
    cmocka_unit_test_setup_teardown(test_delete_file, setup, teardown),
    cmocka_unit_test_setup_teardown(test_copy_folder, setup, teardown),
    cmocka_unit_test_setup_teardown(test_move_folder, setup, teardown),
    cmocka_unit_test_setup_teardown(test_delete_folder, setup, teardown),
    cmocka_unit_test_setup_teardown(test_create_folder, setup, teardown),
    cmocka_unit_test_setup_teardown(test_hostile_trees, setup, teardown),
    cmocka_unit_test_setup_teardown(test_file_version, setup, teardown),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
