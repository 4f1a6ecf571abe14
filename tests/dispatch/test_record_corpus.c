/* Record information for every record of the real libraries in the shared folder: sizes, fields out and in, copies. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <objbase.h>
#include <oleauto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Tally {
  int records, described;
} Tally;

/* Every field that a VARIANT can hold goes out and in again. */
static void exercise_fields(IRecordInfo *info, void *record) {
  ULONG count = 0;
  assert_int_equal(IRecordInfo_GetFieldNames(info, &count, NULL), S_OK);
  BSTR *names = calloc(count + 1, sizeof *names);
  assert_int_equal(IRecordInfo_GetFieldNames(info, &count, names), S_OK);
  for (ULONG i = 0; i < count; i++) {
    VARIANT value;
    VariantInit(&value);
    HRESULT hr = IRecordInfo_GetField(info, record, names[i], &value);
    if (hr == S_OK)
      assert_int_equal(IRecordInfo_PutField(info, INVOKE_PROPERTYPUTREF, record, names[i], &value), S_OK);
    else
      assert_int_equal(hr, DISP_E_BADVARTYPE);
    VariantClear(&value);
    SysFreeString(names[i]);
  }
  free(names);
}

static void exercise_record(IRecordInfo *info) {
  void *record = IRecordInfo_RecordCreate(info);
  void *copy = NULL;
  assert_non_null(record);
  exercise_fields(info, record);
  assert_int_equal(IRecordInfo_RecordCreateCopy(info, record, &copy), S_OK);
  assert_int_equal(IRecordInfo_RecordDestroy(info, copy), S_OK);
  assert_int_equal(IRecordInfo_RecordDestroy(info, record), S_OK);
}

static void check_record(ITypeInfo *type, BOOL native, Tally *tally) {
  IRecordInfo *info = NULL;
  TYPEATTR *attributes = NULL;
  ULONG size = 0;
  HRESULT hr = GetRecordInfoFromTypeInfo(type, &info);
  tally->records++;
  if (FAILED(hr)) {
    assert_null(info);
    assert_true(hr == E_NOTIMPL || hr == TYPE_E_CANTLOADLIBRARY);
    return;
  }
  tally->described++;
  assert_int_equal(ITypeInfo_GetTypeAttr(type, &attributes), S_OK);
  assert_int_equal(IRecordInfo_GetSize(info, &size), S_OK);
  if (native && attributes->cbSizeInstance != 0)
    assert_int_equal(size, attributes->cbSizeInstance);
  ITypeInfo_ReleaseTypeAttr(type, attributes);
  exercise_record(info);
  IRecordInfo_Release(info);
}

static void check_library(ITypeLib *library, Tally *tally) {
  TLIBATTR *attributes = NULL;
  assert_int_equal(ITypeLib_GetLibAttr(library, &attributes), S_OK);
  BOOL native = attributes->syskind == SYS_WIN64;
  ITypeLib_ReleaseTLibAttr(library, attributes);
  for (UINT i = 0; i < ITypeLib_GetTypeInfoCount(library); i++) {
    ITypeInfo *type = NULL;
    TYPEKIND kind = TKIND_MAX;
    if (FAILED(ITypeLib_GetTypeInfoType(library, i, &kind)) || kind != TKIND_RECORD ||
        FAILED(ITypeLib_GetTypeInfo(library, i, &type)))
      continue;
    check_record(type, native, tally);
    ITypeInfo_Release(type);
  }
}

static void check_folder(const char *folder, Tally *tally) {
  DIR *directory = opendir(folder);
  struct dirent *entry;
  if (directory == NULL)
    return;
  while ((entry = readdir(directory)) != NULL) {
    OLECHAR path[1024];
    ITypeLib *library = NULL;
    size_t length = 0;
    char name[1024];
    snprintf(name, sizeof name, "%s/%s", folder, entry->d_name);
    for (; name[length] != 0; length++)
      path[length] = (unsigned char)name[length];
    path[length] = 0;
    if (entry->d_name[0] == '.' || FAILED(LoadTypeLibEx(path, REGKIND_NONE, &library)))
      continue;
    check_library(library, tally);
    ITypeLib_Release(library);
  }
  closedir(directory);
}

static void records_of_the_corpus(void **state) {
  (void)state;
  const char *shared = getenv("OLEANDER_SHARED");
  char folder[512];
  Tally tally = { 0, 0 };
  snprintf(folder, sizeof folder, "%s/typelibs/libraries", shared != NULL ? shared : "../shared");
  check_folder(folder, &tally);
  snprintf(folder, sizeof folder, "%s/typelibs/generated", shared != NULL ? shared : "../shared");
  check_folder(folder, &tally);
  if (tally.records == 0) {
    print_message("no type libraries in %s: nothing was tested\n", folder);
    skip();
  }
  print_message("%d of %d records described\n", tally.described, tally.records);
  assert_true(tally.described * 100 >= tally.records * 99);
}

int main(void) {
  const struct CMUnitTest tests[] = { cmocka_unit_test(records_of_the_corpus) };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
