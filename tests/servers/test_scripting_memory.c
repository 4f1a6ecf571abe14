/* Every allocation of the file system objects fails once: the answer is E_OUTOFMEMORY, and nothing is left behind. */
#include "servers/scripting_support.h"
#include "support/faults.h"
#include "support/scratch.h"

#include <unistd.h>

/* What the scenarios work on; made beforehand, so that only the server's own allocations fail. */
typedef struct Place {
  BSTR folder, file, other, name, line, pattern, into;
} Place;

static int setup(void **state) {
  static Place place;

  scratch_make();
  place.folder = text(scratch_path("folder"));
  scratch_write("folder/in.txt", "one\ntwo\n");
  scratch_write("folder/sub/x", "");
  scratch_write("out/keep", "");
  place.file = text(scratch_path("folder/in.txt"));
  place.other = text(scratch_path("other.txt"));
  place.pattern = text(scratch_path("folder/*.txt"));
  place.into = text(scratch_path("out/"));
  place.name = text("in.txt");
  place.line = text("a line of some length");
  *state = &place;
  return 0;
}

static int teardown(void **state) {
  (void)state;
  scratch_remove();
  texts_free();
  return 0;
}

static HRESULT make_fso(IFileSystem3 **fso) {
  void *made;
  HRESULT hr = oleander_object_create(&file_system_class, NULL, &made);

  *fso = SUCCEEDED(hr) ? made : NULL; /* its first member */
  return hr;
}

static int verdict(HRESULT hr) {
  SetErrorInfo(0, NULL);
  return SUCCEEDED(hr) || hr == E_OUTOFMEMORY ? 0 : 1;
}

static int stream_scenario(void *context) {
  const Place *place = context;
  ITextStream *stream = NULL;
  IFileSystem3 *fso;
  BSTR got = NULL;
  HRESULT hr = make_fso(&fso);

  if (FAILED(hr))
    return verdict(hr);
  hr = IFileSystem3_CreateTextFile(fso, place->other, VARIANT_TRUE, VARIANT_FALSE, &stream);
  if (SUCCEEDED(hr))
    hr = ITextStream_WriteLine(stream, place->line);
  if (stream)
    ITextStream_Release(stream);
  stream = NULL;
  if (SUCCEEDED(hr))
    hr = IFileSystem3_OpenTextFile(fso, place->other, ForReading, VARIANT_FALSE, TristateFalse, &stream);
  if (SUCCEEDED(hr))
    hr = ITextStream_ReadLine(stream, &got);
  SysFreeString(got);
  if (stream)
    ITextStream_Release(stream);
  IFileSystem3_Release(fso);
  return verdict(hr);
}

static HRESULT walk(IUnknown *enumerator) {
  IEnumVARIANT *values = NULL;
  VARIANT item;
  HRESULT hr = IUnknown_QueryInterface(enumerator, &IID_IEnumVARIANT, (void **)&values);

  while (hr == S_OK) {
    hr = IEnumVARIANT_Next(values, 1, &item, NULL);
    VariantClear(&item);
  }
  if (values)
    IEnumVARIANT_Release(values);
  IUnknown_Release(enumerator);
  return hr;
}

static int folder_scenario(void *context) {
  const Place *place = context;
  IFolder *folder = NULL, *parent = NULL;
  IFileCollection *files = NULL;
  IUnknown *enumerator = NULL;
  IFileSystem3 *fso;
  VARIANT key;
  IFile *file = NULL;
  BSTR type = NULL;
  HRESULT hr = make_fso(&fso);

  if (FAILED(hr))
    return verdict(hr);
  VariantInit(&key);
  V_VT(&key) = VT_BSTR;
  V_BSTR(&key) = place->name;
  hr = IFileSystem3_GetFolder(fso, place->folder, &folder);
  if (SUCCEEDED(hr))
    hr = IFolder_get_Files(folder, &files);
  if (SUCCEEDED(hr))
    hr = IFileCollection_get__NewEnum(files, &enumerator);
  if (SUCCEEDED(hr))
    hr = walk(enumerator);
  if (SUCCEEDED(hr))
    hr = IFileCollection_get_Item(files, key, &file);
  if (SUCCEEDED(hr))
    hr = IFile_get_Type(file, &type);
  SysFreeString(type);
  if (SUCCEEDED(hr))
    hr = IFile_get_ParentFolder(file, &parent);
  if (parent)
    IFolder_Release(parent);
  if (file)
    IFile_Release(file);
  if (files)
    IFileCollection_Release(files);
  if (folder)
    IFolder_Release(folder);
  IFileSystem3_Release(fso);
  return verdict(hr);
}

static int operation_scenario(void *context) {
  const Place *place = context;
  IFileSystem3 *fso;
  VARIANT_BOOL exists = VARIANT_FALSE;
  HRESULT hr = make_fso(&fso);

  if (FAILED(hr))
    return verdict(hr);
  hr = IFileSystem3_CopyFile(fso, place->pattern, place->into, VARIANT_TRUE);
  if (SUCCEEDED(hr))
    hr = IFileSystem3_CopyFolder(fso, place->folder, place->into, VARIANT_TRUE);
  if (SUCCEEDED(hr))
    hr = IFileSystem3_FileExists(fso, place->file, &exists);
  IFileSystem3_Release(fso);
  return verdict(hr);
}

static int drive_scenario(void *context) {
  IDriveCollection *drives = NULL;
  IUnknown *enumerator = NULL;
  IFileSystem3 *fso;
  HRESULT hr = make_fso(&fso);

  (void)context;
  if (FAILED(hr))
    return verdict(hr);
  hr = IFileSystem3_get_Drives(fso, &drives);
  if (SUCCEEDED(hr))
    hr = IDriveCollection_get__NewEnum(drives, &enumerator);
  if (SUCCEEDED(hr))
    hr = walk(enumerator);
  if (drives)
    IDriveCollection_Release(drives);
  IFileSystem3_Release(fso);
  return verdict(hr);
}

/* What is made once for a class is made before the failures are counted. */
static void fail_each(int (*scenario)(void *context), void *place) {
  assert_int_equal(scenario(place), 0);
  faults_each(scenario, place);
}

static void test_streams(void **state) {
  fail_each(stream_scenario, *state);
}

static void test_folders(void **state) {
  fail_each(folder_scenario, *state);
}

static void test_operations(void **state) {
  fail_each(operation_scenario, *state);
}

static void test_drives(void **state) {
  fail_each(drive_scenario, *state);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(test_streams, setup, teardown),
    cmocka_unit_test_setup_teardown(test_folders, setup, teardown),
    cmocka_unit_test_setup_teardown(test_operations, setup, teardown),
    cmocka_unit_test_setup_teardown(test_drives, setup, teardown),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
