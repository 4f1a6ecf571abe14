/* Folder, File, Drive and their collections. */
#include "servers/scripting_support.h"
#include "support/scratch.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

static IFileSystem3 *fso;

static int setup(void **state) {
  *state = (void *)(uintptr_t)scratch_make();
  fso = make_file_system();
  setenv("TZ", "UTC", 1);
  return 0;
}

static int teardown(void **state) {
  (void)state;
  IFileSystem3_Release(fso);
  scratch_remove();
  texts_free();
  return 0;
}

static IFile *file_at(const char *name) {
  IFile *file = NULL;

  assert_hr(S_OK, IFileSystem3_GetFile(fso, text(scratch_path(name)), &file));
  return file;
}

static IFolder *folder_at(const char *name) {
  IFolder *folder = NULL;

  assert_hr(S_OK, IFileSystem3_GetFolder(fso, text(scratch_path(name)), &folder));
  return folder;
}

static const char *file_text(IFile *file, HRESULT (*getter)(IFile *, BSTR *)) {
  BSTR result = NULL;

  assert_hr(S_OK, getter(file, &result));
  return taken(result);
}

static const char *folder_text(IFolder *folder, HRESULT (*getter)(IFolder *, BSTR *)) {
  BSTR result = NULL;

  assert_hr(S_OK, getter(folder, &result));
  return taken(result);
}

static bool is_there(const char *name) {
  struct stat status;

  return lstat(scratch_path(name), &status) == 0;
}

/* 2001-02-03 04:05:06 UTC */
#define SOME_TIME 981173106
#define SOME_DATE (36925 + (4 * 3600 + 5 * 60 + 6) / 86400.0)

static void test_file_properties(void **state) {
  struct timespec times[2] = { { SOME_TIME + 86400, 0 }, { SOME_TIME, 500000000 } };
  IFolder *parent = NULL;
  IFile *file;
  VARIANT size;
  DATE date;

  (void)state;
  scratch_write("folder/a file.txt", "12345");
  assert_int_equal(0, utimensat(AT_FDCWD, scratch_path("folder/a file.txt"), times, 0));
  file = file_at("folder/./a file.txt");
  assert_string_equal(scratch_path("folder/a file.txt"), file_text(file, file->lpVtbl->get_Path));
  assert_string_equal(scratch_path("folder/a file.txt"), file_text(file, file->lpVtbl->get_ShortPath));
  assert_string_equal("a file.txt", file_text(file, file->lpVtbl->get_Name));
  assert_string_equal("a file.txt", file_text(file, file->lpVtbl->get_ShortName));
  assert_string_equal("TXT File", file_text(file, file->lpVtbl->get_Type));
  assert_hr(S_OK, IFile_get_Size(file, &size));
  assert_string_equal("i4 5", shown(size));
  assert_hr(S_OK, IFile_get_DateLastModified(file, &date));
  assert_true(date == SOME_DATE);
  assert_hr(S_OK, IFile_get_DateLastAccessed(file, &date));
  assert_true(date == SOME_DATE + 1);
  assert_hr(S_OK, IFile_get_DateCreated(file, &date));
  assert_true(date > 36000);
  assert_hr(S_OK, IFile_get_ParentFolder(file, &parent));
  assert_string_equal("folder", folder_text(parent, parent->lpVtbl->get_Name));
  IFolder_Release(parent);
  IFile_Release(file);
  assert_hr(0x800A0035, IFileSystem3_GetFile(fso, text(scratch_path("none")), &file));
  assert_hr(0x800A0035, IFileSystem3_GetFile(fso, text(scratch_path("folder")), &file));
  assert_hr(E_INVALIDARG, IFileSystem3_GetFile(fso, NULL, &file));
  assert_null(file);
  assert_hr(E_POINTER, IFileSystem3_GetFile(fso, NULL, NULL)); /* looked at first */
}

static void test_big_sizes_are_doubles(void **state) {
  IFile *file;
  VARIANT size;

  (void)state;
  scratch_write("sparse", "");
  if (truncate(scratch_path("sparse"), 5000000000) < 0) {
    print_message("no file of 5 GB here: not tested\n");
    skip();
  }
  file = file_at("sparse");
  assert_hr(S_OK, IFile_get_Size(file, &size));
  assert_string_equal("r8 5000000000", shown(size));
  IFile_Release(file);
}

static void test_attributes(void **state) {
  static const struct {
    const char *name;
    int expected;
  } cases[] = {
    { "plain", 0 }, { "fixed", 1 }, { ".hidden", 2 }, { "folder", 16 }, { "link", 1024 }, { "dangling", 1024 },
  };
  FileAttribute attributes;
  struct stat status;
  IFile *file;
  size_t i;

  (void)state;
  scratch_write("plain", "");
  scratch_write("fixed", "");
  scratch_write(".hidden", "");
  chmod(scratch_path("fixed"), 0444);
  mkdir(scratch_path("folder"), 0755);
  assert_int_equal(0, symlink("plain", scratch_path("link")));
  assert_int_equal(0, symlink("none", scratch_path("dangling")));
  for (i = 0; i < sizeof cases / sizeof *cases; i++) {
    assert_hr(S_OK, facts_attributes(scratch_path(cases[i].name), RUNTIME_FILE_NOT_FOUND, &attributes));
    assert_int_equal(cases[i].expected, attributes);
  }
  file = file_at("plain");
  assert_hr(S_OK, IFile_put_Attributes(file, ReadOnly));
  assert_hr(S_OK, IFile_get_Attributes(file, &attributes));
  assert_int_equal(ReadOnly, attributes);
  stat(scratch_path("plain"), &status);
  assert_int_equal(0, status.st_mode & 0222);
  assert_hr(S_OK, IFile_put_Attributes(file, Normal));
  stat(scratch_path("plain"), &status);
  assert_int_equal(0200, status.st_mode & 0222);
  assert_hr(S_OK, IFile_put_Attributes(file, (FileAttribute)(Alias | Compressed))); /* never were changed by this */
  assert_hr(E_INVALIDARG, IFile_put_Attributes(file, Hidden));
  assert_hr(E_INVALIDARG, IFile_put_Attributes(file, Archive));
  IFile_Release(file);
}

static void test_rename(void **state) {
  IFolder *folder;
  IFile *file;

  (void)state;
  scratch_write("f/a", "x");
  scratch_write("f/b", "y");
  file = file_at("f/a");
  assert_hr(S_OK, IFile_put_Name(file, text("c")));
  assert_string_equal(scratch_path("f/c"), file_text(file, file->lpVtbl->get_Path));
  assert_true(is_there("f/c") && !is_there("f/a"));
  assert_hr(S_OK, IFile_put_Name(file, text("c")));
  assert_hr(0x800A003A, IFile_put_Name(file, text("b")));
  assert_hr(E_INVALIDARG, IFile_put_Name(file, text("../c")));
  assert_hr(E_INVALIDARG, IFile_put_Name(file, text("..")));
  assert_hr(E_INVALIDARG, IFile_put_Name(file, NULL));
  folder = folder_at("f");
  assert_hr(S_OK, IFolder_put_Name(folder, text("g")));
  assert_string_equal("g", folder_text(folder, folder->lpVtbl->get_Name));
  assert_true(is_there("g/c"));
  assert_hr(0x800A0035, IFile_put_Name(file, text("d"))); /* it went with its folder */
  IFile_Release(file);
  IFolder_Release(folder);
}

static void test_file_copy_move_delete(void **state) {
  ITextStream *stream = NULL;
  IFile *file;
  BSTR all = NULL;

  (void)state;
  scratch_write("a", "contents");
  mkdir(scratch_path("folder"), 0755);
  file = file_at("a");
  assert_hr(S_OK, IFile_Copy(file, text(scratch_path("folder/")), VARIANT_TRUE));
  assert_true(is_there("folder/a"));
  assert_hr(0x800A003A, IFile_Copy(file, text(scratch_path("folder/")), VARIANT_FALSE));
  assert_hr(S_OK, IFile_Move(file, text(scratch_path("b"))));
  assert_string_equal("b", file_text(file, file->lpVtbl->get_Name));
  assert_hr(S_OK, IFile_OpenAsTextStream(file, ForReading, TristateFalse, &stream));
  assert_hr(S_FALSE, ITextStream_ReadAll(stream, &all));
  assert_string_equal("contents", taken(all));
  ITextStream_Release(stream);
  assert_hr(S_OK, IFile_Delete(file, VARIANT_FALSE));
  assert_false(is_there("b"));
  assert_hr(0x800A0035, IFile_Delete(file, VARIANT_FALSE));
  assert_hr(0x800A0035, IFile_OpenAsTextStream(file, ForReading, TristateFalse, &stream));
  IFile_Release(file);
}

static void test_folder_properties(void **state) {
  IFolder *folder, *parent = NULL;
  VARIANT_BOOL is_root;
  ITextStream *stream;
  VARIANT size;

  (void)state;
  scratch_write("f/one", "1");
  scratch_write("f/sub/two", "22");
  scratch_write("outside", "0123456789");
  assert_int_equal(0, symlink("..", scratch_path("f/sub/loop")));
  assert_int_equal(0, symlink("../outside", scratch_path("f/link")));
  folder = folder_at("f/");
  assert_string_equal(scratch_path("f"), folder_text(folder, folder->lpVtbl->get_Path));
  assert_string_equal("File Folder", folder_text(folder, folder->lpVtbl->get_Type));
  assert_hr(S_OK, IFolder_get_Size(folder, &size));
  assert_string_equal("i4 3", shown(size)); /* links have no size of their own */
  assert_hr(S_OK, IFolder_get_IsRootFolder(folder, &is_root));
  assert_int_equal(VARIANT_FALSE, is_root);
  assert_hr(S_OK, IFolder_CreateTextFile(folder, text("new.txt"), VARIANT_FALSE, VARIANT_FALSE, &stream));
  ITextStream_Release(stream);
  assert_true(is_there("f/new.txt"));
  assert_hr(0x800A003A, IFolder_CreateTextFile(folder, text("new.txt"), VARIANT_FALSE, VARIANT_FALSE, &stream));
  assert_hr(S_OK, IFolder_Copy(folder, text(scratch_path("g")), VARIANT_TRUE));
  assert_true(is_there("g/sub/two"));
  assert_hr(S_OK, IFolder_Move(folder, text(scratch_path("g/"))));
  assert_string_equal(scratch_path("g/f"), folder_text(folder, folder->lpVtbl->get_Path));
  assert_hr(S_OK, IFolder_Delete(folder, VARIANT_FALSE));
  assert_false(is_there("g/f"));
  assert_hr(0x800A004C, IFolder_get_Size(folder, &size));
  IFolder_Release(folder);
  assert_hr(S_OK, IFileSystem3_GetFolder(fso, text("/"), &folder));
  assert_hr(S_OK, IFolder_get_IsRootFolder(folder, &is_root));
  assert_int_equal(VARIANT_TRUE, is_root);
  assert_string_equal("", folder_text(folder, folder->lpVtbl->get_Name));
  assert_hr(S_OK, IFolder_get_ParentFolder(folder, &parent));
  assert_null(parent);
  assert_hr(0x800A0046, IFolder_put_Name(folder, text("x")));
  IFolder_Release(folder);
  assert_hr(0x800A004C, IFileSystem3_GetFolder(fso, text(scratch_path("none")), &folder));
  assert_hr(0x800A004C, IFileSystem3_GetFolder(fso, text(scratch_path("outside")), &folder));
}

/* The names that an enumerator gives, joined. */
static const char *enumerated(IUnknown *unknown) {
  static char out[1024];
  IEnumVARIANT *values = NULL;
  VARIANT item, name;
  DISPPARAMS none = { NULL, NULL, 0, 0 };
  OLECHAR member[] = u"Name", *members[] = { member };
  DISPID id;

  *out = 0;
  assert_hr(S_OK, IUnknown_QueryInterface(unknown, &IID_IEnumVARIANT, (void **)&values));
  IUnknown_Release(unknown);
  while (IEnumVARIANT_Next(values, 1, &item, NULL) == S_OK) {
    VariantInit(&name);
    assert_int_equal(VT_DISPATCH, V_VT(&item));
    assert_hr(S_OK, IDispatch_GetIDsOfNames(V_DISPATCH(&item), &IID_NULL, members, 1, 0, &id));
    assert_hr(S_OK,
              IDispatch_Invoke(V_DISPATCH(&item), id, &IID_NULL, 0, DISPATCH_PROPERTYGET, &none, &name, NULL, NULL));
    strcat(strcat(out, *out ? " " : ""), taken(V_BSTR(&name)));
    VariantClear(&item);
  }
  IEnumVARIANT_Release(values);
  return out;
}

static void test_collections(void **state) {
  IFolder *folder, *sub = NULL;
  IFolderCollection *folders = NULL;
  IFileCollection *files = NULL;
  IUnknown *unknown = NULL;
  IFile *file = NULL;
  LONG count = 0;

  (void)state;
  scratch_write("f/b", "");
  scratch_write("f/a", "");
  scratch_write("f/.c", "");
  scratch_write("f/y/inner", "");
  mkdir(scratch_path("f/x"), 0755);
  assert_int_equal(0, symlink("x", scratch_path("f/z")));
  assert_int_equal(0, symlink("none", scratch_path("f/dangling")));
  assert_int_equal(0, symlink("loop", scratch_path("f/loop")));
  folder = folder_at("f");
  assert_hr(S_OK, IFolder_get_Files(folder, &files));
  assert_hr(S_OK, IFolder_get_SubFolders(folder, &folders));
  assert_hr(S_OK, IFileCollection_get_Count(files, &count));
  assert_int_equal(5, count);
  assert_hr(S_OK, IFolderCollection_get_Count(folders, &count));
  assert_int_equal(3, count);
  assert_hr(S_OK, IFileCollection_get__NewEnum(files, &unknown));
  assert_string_equal(".c a b dangling loop", enumerated(unknown));
  assert_hr(S_OK, IFolderCollection_get__NewEnum(folders, &unknown));
  assert_string_equal("x y z", enumerated(unknown));

  assert_hr(S_OK, IFileCollection_get_Item(files, v_text("a"), &file));
  assert_string_equal(scratch_path("f/a"), file_text(file, file->lpVtbl->get_Path));
  IFile_Release(file);
  assert_hr(0x800A0035, IFileCollection_get_Item(files, v_text("x"), &file));
  assert_hr(0x800A0035, IFileCollection_get_Item(files, v_text("../f/a"), &file));
  assert_hr(E_INVALIDARG, IFileCollection_get_Item(files, v_i4(1), &file));
  assert_hr(S_OK, IFolderCollection_get_Item(folders, v_text("y"), &sub));
  IFolder_Release(sub);
  assert_hr(0x800A004C, IFolderCollection_get_Item(folders, v_text("a"), &sub));
  assert_hr(E_INVALIDARG, IFolderCollection_get_Item(folders, v_empty(), &sub));
  assert_hr(S_OK, IFolderCollection_Add(folders, text("new"), &sub));
  assert_string_equal("new", folder_text(sub, sub->lpVtbl->get_Name));
  IFolder_Release(sub);
  assert_hr(S_OK, IFolderCollection_get_Count(folders, &count)); /* it looks each time */
  assert_int_equal(4, count);
  assert_hr(0x800A003A, IFolderCollection_Add(folders, text("new"), &sub));
  assert_hr(0x800A0034, IFolderCollection_Add(folders, text("../new2"), &sub));

  /* What disappears while it is enumerated is left out. */
  assert_hr(S_OK, IFileCollection_get__NewEnum(files, &unknown));
  unlink(scratch_path("f/b"));
  assert_string_equal(".c a dangling loop", enumerated(unknown));

  assert_hr(S_OK, IFolder_Delete(folder, VARIANT_TRUE));
  assert_hr(0x800A004C, IFileCollection_get_Count(files, &count));
  assert_hr(0x800A004C, IFileCollection_get__NewEnum(files, &unknown));
  IFileCollection_Release(files);
  IFolderCollection_Release(folders);
  IFolder_Release(folder);
}

static void test_drives(void **state) {
  IDriveCollection *drives = NULL;
  IFolder *root = NULL;
  IDrive *drive = NULL;
  IUnknown *unknown = NULL;
  IEnumVARIANT *values = NULL;
  VARIANT item, total, available, free_space;
  VARIANT_BOOL answer;
  struct statvfs status;
  LONG count = 0, seen = 0;
  BSTR path;

  (void)state;
  assert_hr(S_OK, IFileSystem3_get_Drives(fso, &drives));
  assert_hr(S_OK, IDriveCollection_get_Count(drives, &count));
  assert_true(count >= 1);
  assert_hr(S_OK, IDriveCollection_get__NewEnum(drives, &unknown));
  assert_hr(S_OK, IUnknown_QueryInterface(unknown, &IID_IEnumVARIANT, (void **)&values));
  while (IEnumVARIANT_Next(values, 1, &item, NULL) == S_OK) {
    seen++;
    VariantClear(&item);
  }
  assert_int_equal(count, seen);
  IEnumVARIANT_Release(values);
  IUnknown_Release(unknown);

  assert_hr(S_OK, IDriveCollection_get_Item(drives, v_text("/"), &drive));
  assert_hr(S_OK, IDrive_get_Path(drive, &path));
  assert_string_equal("/", taken(path));
  assert_hr(S_OK, IDrive_get_DriveLetter(drive, &path));
  assert_string_equal("", taken(path));
  assert_hr(S_OK, IDrive_get_IsReady(drive, &answer));
  assert_int_equal(VARIANT_TRUE, answer);
  assert_hr(S_OK, IDrive_get_RootFolder(drive, &root));
  assert_string_equal("/", folder_text(root, root->lpVtbl->get_Path));
  IFolder_Release(root);
  assert_hr(S_OK, IDrive_get_TotalSize(drive, &total));
  assert_hr(S_OK, IDrive_get_AvailableSpace(drive, &available));
  assert_hr(S_OK, IDrive_get_FreeSpace(drive, &free_space));
  assert_int_equal(0, statvfs("/", &status));
  assert_hr(S_OK, VariantChangeType(&total, &total, 0, VT_R8));
  assert_true(V_R8(&total) == (double)status.f_blocks * (double)status.f_frsize);
  assert_hr(0x800A0046, IDrive_put_VolumeName(drive, text("x")));
  IDrive_Release(drive);
  assert_hr(0x800A0044, IDriveCollection_get_Item(drives, v_text("/none"), &drive));
  assert_hr(E_INVALIDARG, IDriveCollection_get_Item(drives, v_i4(1), &drive));
  IDriveCollection_Release(drives);

  assert_hr(S_OK, IFileSystem3_DriveExists(fso, text("/"), &answer));
  assert_int_equal(VARIANT_TRUE, answer);
  assert_hr(S_OK, IFileSystem3_DriveExists(fso, text("C:"), &answer));
  assert_int_equal(VARIANT_FALSE, answer);
  assert_hr(0x800A0044, IFileSystem3_GetDrive(fso, text("C:"), &drive));
  assert_string_equal("Device unavailable", error_text());
  assert_hr(S_OK, IFileSystem3_GetDriveName(fso, text("relative/path"), &path));
  assert_string_equal("", taken(path));
  assert_hr(S_OK, IFileSystem3_GetDriveName(fso, text("/no/such/path"), &path));
  assert_hr(S_OK, IFileSystem3_GetDrive(fso, path, &drive));
  SysFreeString(path);
  IDrive_Release(drive);
}

static void test_kinds_of_drives(void **state) {
  static const struct {
    const char *type, *source;
    DriveTypeConst kind;
  } cases[] = {
    { "ext4", "/dev/none9", Fixed }, { "tmpfs", "tmpfs", RamDisk },     { "nfs4", "host:/x", Remote },
    { "cifs", "//host/x", Remote },  { "iso9660", "/dev/none", CDRom }, { "udf", "x", CDRom },
    { "", "", UnknownType },         { "fuse.sshfs", "x:", Remote },    { "tmpfsx", "x", Fixed },
  };
  size_t i;

  (void)state;
  for (i = 0; i < sizeof cases / sizeof *cases; i++) {
    Mount mount = { "/x", (char *)(uintptr_t)cases[i].type, (char *)(uintptr_t)cases[i].source };

    assert_int_equal(cases[i].kind, mount_type(&mount));
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(test_file_properties, setup, teardown),
    cmocka_unit_test_setup_teardown(test_big_sizes_are_doubles, setup, teardown),
    cmocka_unit_test_setup_teardown(test_attributes, setup, teardown),
    cmocka_unit_test_setup_teardown(test_rename, setup, teardown),
    cmocka_unit_test_setup_teardown(test_file_copy_move_delete, setup, teardown),
    cmocka_unit_test_setup_teardown(test_folder_properties, setup, teardown),
    cmocka_unit_test_setup_teardown(test_collections, setup, teardown),
    cmocka_unit_test_setup_teardown(test_drives, setup, teardown),
    cmocka_unit_test_setup_teardown(test_kinds_of_drives, setup, teardown),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
