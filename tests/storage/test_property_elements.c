/* Property sets that are storages (PROPSETFLAG_NONSIMPLE): streams and storages as values, transactions, what the format says
 * of them, and what such sets refuse. */
#include "storage/storage_tests.h"

#include <stdbool.h>

static const FMTID mine = { 0x11223344, 0x5566, 0x7788, { 1, 2, 3, 4, 5, 6, 7, 9 } };
static const GUID version = { 0xF99584CA, 0xCA23, 0x470B, { 0x83, 0x94, 0x22, 0x01, 0x77, 0x90, 0x7A, 0xAD } };
static const VARTYPE types[] = { VT_STREAM, VT_STREAMED_OBJECT, VT_VERSIONED_STREAM, VT_STORAGE, VT_STORED_OBJECT };

#define TYPES (sizeof types / sizeof types[0])
#define FIRST 4u

static bool holds_storage(VARTYPE type) {
  return type == VT_STORAGE || type == VT_STORED_OBJECT;
}

static PROPSPEC by_id(PROPID id) {
  return (PROPSPEC){ .ulKind = PRSPEC_PROPID, .propid = id };
}

static IStorage *new_root(ILockBytes *bytes, IPropertySetStorage **sets) {
  IStorage *root;

  OK(StgCreateDocfileOnILockBytes(bytes, STGM_CREATE | RW, 0, &root));
  OK(IStorage_QueryInterface(root, &IID_IPropertySetStorage, (void **)sets));
  return root;
}

static IStream *stream_with(const char *text) {
  IStream *stream;

  OK(CreateStreamOnHGlobal(NULL, TRUE, &stream));
  OK(IStream_Write(stream, text, (ULONG)strlen(text), NULL));
  OK(IStream_Seek(stream, (LARGE_INTEGER){ 0 }, STREAM_SEEK_SET, NULL));
  return stream;
}

static IStorage *storage_with(const char *text) {
  ILockBytes *bytes = new_bytes();
  IStorage *storage;

  OK(StgCreateDocfileOnILockBytes(bytes, STGM_CREATE | RW, 0, &storage));
  ILockBytes_Release(bytes);
  OK(put_stream(storage, u"part", text, strlen(text)));
  return storage;
}

static PROPVARIANT value_of(VARTYPE type, const char *text) {
  PROPVARIANT value = { .vt = type };

  if (type == VT_VERSIONED_STREAM) {
    value.pVersionedStream = CoTaskMemAlloc(sizeof *value.pVersionedStream);
    *value.pVersionedStream = (VERSIONEDSTREAM){ version, stream_with(text) };
  } else if (holds_storage(type)) {
    value.pStorage = storage_with(text);
  } else {
    value.pStream = stream_with(text);
  }
  return value;
}

static void match_held(PROPVARIANT *value, VARTYPE type, const char *text, int line) {
  char bytes[64] = "";
  ULONG done = 0;

  if (value->vt != type)
    fail_msg("line %d: type %u, not %u", line, value->vt, type);
  if (holds_storage(type)) {
    expect_stream(value->pStorage, u"part", text, strlen(text), line);
  } else {
    IStream *stream = type == VT_VERSIONED_STREAM ? value->pVersionedStream->pStream : value->pStream;
    ok(IStream_Read(stream, bytes, sizeof bytes, &done), line);
    if (strlen(text) != done || strcmp(bytes, text) != 0)
      fail_msg("line %d: %s", line, bytes);
  }
  if (type == VT_VERSIONED_STREAM)
    assert_true(IsEqualGUID(&value->pVersionedStream->guidVersion, &version));
  OK(PropVariantClear(value));
}
#define EXPECT_VALUE(value, type, text) match_held((value), (type), (text), __LINE__)

static void write_all(IPropertyStorage *set, const char *text) {
  for (PROPID i = 0; i < TYPES; i++) {
    PROPSPEC spec = by_id(FIRST + i);
    PROPVARIANT value = value_of(types[i], text);

    OK(IPropertyStorage_WriteMultiple(set, 1, &spec, &value, PID_FIRST_USABLE));
    OK(PropVariantClear(&value));
  }
}

static void read_all(IPropertyStorage *set, const char *text) {
  PROPSPEC specs[TYPES];
  PROPVARIANT values[TYPES];

  for (PROPID i = 0; i < TYPES; i++)
    specs[i] = by_id(FIRST + i);
  OK(IPropertyStorage_ReadMultiple(set, TYPES, specs, values));
  for (size_t i = 0; i < TYPES; i++)
    EXPECT_VALUE(&values[i], types[i], text);
}

static void there_and_back(void **state) {
  const GUID clsid = { 7, 8, 9, { 1 } };
  const PROPSPEC both[2] = { by_id(2), by_id(FIRST) };
  ILockBytes *bytes = new_bytes();
  IPropertySetStorage *sets;
  IPropertyStorage *set;
  IEnumSTATPROPSETSTG *all;
  STATPROPSETSTG stat;
  STATSTG element;
  OLECHAR name[CWCSTORAGENAME];
  PROPVARIANT number = { .vt = VT_I4, .lVal = 42 }, values[2], copy;
  IStorage *inner;

  (void)state;
  IStorage *root = new_root(bytes, &sets);
  OK(IPropertySetStorage_Create(sets, &mine, &clsid, PROPSETFLAG_NONSIMPLE, STGM_CREATE | RW, &set));
  OK(IPropertyStorage_WriteMultiple(set, 1, both, &number, PID_FIRST_USABLE));
  write_all(set, "one");
  read_all(set, "one");
  write_all(set, "another"); /* in the place of what was there */
  read_all(set, "another");
  OK(IPropertyStorage_Stat(set, &stat));
  assert_true(stat.grfFlags & PROPSETFLAG_NONSIMPLE);
  IPropertyStorage_Release(set);

  OK(IPropertySetStorage_Open(sets, &mine, RW, &set));
  read_all(set, "another");
  OK(IPropertyStorage_ReadMultiple(set, 2, both, values));
  assert_int_equal(values[0].lVal, 42);
  /* an element is open once; a copy of the value is the same one */
  IS(IPropertyStorage_ReadMultiple(set, 1, &both[1], &values[0]), STG_E_ACCESSDENIED);
  OK(PropVariantCopy(&copy, &values[1]));
  assert_ptr_equal(copy.pStream, values[1].pStream);
  OK(PropVariantClear(&copy));
  EXPECT_VALUE(&values[1], VT_STREAM, "another");
  IPropertyStorage_Release(set);

  /* a storage with the class of the set and CONTENTS */
  OK(FmtIdToPropStgName(&mine, name));
  OK(IStorage_OpenStorage(root, name, NULL, RO, NULL, 0, &inner));
  OK(IStorage_Stat(inner, &element, STATFLAG_NONAME));
  assert_true(IsEqualGUID(&element.clsid, &clsid));
  EXPECT_STREAM(inner, u"prop4", "another", 7);
  IStorage_Release(inner);
  OK(IPropertySetStorage_Enum(sets, &all));
  OK(IEnumSTATPROPSETSTG_Next(all, 1, &stat, NULL));
  assert_true(stat.grfFlags & PROPSETFLAG_NONSIMPLE);
  assert_true(IsEqualGUID(&stat.clsid, &clsid) && IsEqualGUID(&stat.fmtid, &mine));
  IEnumSTATPROPSETSTG_Release(all);
  OK(IPropertySetStorage_Delete(sets, &mine));
  IS(IPropertySetStorage_Open(sets, &mine, RO, &set), STG_E_FILENOTFOUND);
  IPropertySetStorage_Release(sets);
  IStorage_Release(root);
  CHECK(bytes);
  ILockBytes_Release(bytes);
}

/* [MS-OLEPS] 2.15 and 2.10, the example of 3.2.2.1.6: the version, then the name, in the code page of the set. */
static void bytes_of_a_versioned_stream(void **state) {
  static const uint8_t expected[] =
      "\x49\0\0\0\xCA\x84\x95\xF9\x23\xCA\x0B\x47\x83\x94\x22\x01\x77\x90\x7A\xAD\x0C\0\0\0"
      "p\0r\0o\0p\0006\0\0";
  ILockBytes *bytes = new_bytes();
  IPropertySetStorage *sets;
  IPropertyStorage *set;
  PROPSPEC spec = by_id(PID_CODEPAGE);
  PROPVARIANT page = { .vt = VT_I2, .iVal = 1200 };
  size_t size;

  (void)state;
  IStorage *root = new_root(bytes, &sets);
  OK(StgCreatePropStg((IUnknown *)root, &mine, NULL, PROPSETFLAG_NONSIMPLE, 0, &set));
  OK(IPropertyStorage_WriteMultiple(set, 1, &spec, &page, PID_FIRST_USABLE));
  spec = by_id(6);
  PROPVARIANT value = value_of(VT_VERSIONED_STREAM, "text");
  OK(IPropertyStorage_WriteMultiple(set, 1, &spec, &value, PID_FIRST_USABLE));
  OK(PropVariantClear(&value));
  IPropertyStorage_Release(set);
  uint8_t *contents = get_stream(root, u"CONTENTS", &size);
  assert_non_null(memmem(contents, size, expected, sizeof expected));
  free(contents);
  EXPECT_STREAM(root, u"prop6", "text", 4);
  OK(StgOpenPropStg((IUnknown *)root, &mine, PROPSETFLAG_NONSIMPLE, 0, &set));
  OK(IPropertyStorage_ReadMultiple(set, 1, &spec, &value));
  EXPECT_VALUE(&value, VT_VERSIONED_STREAM, "text");
  IPropertyStorage_Release(set);
  IPropertySetStorage_Release(sets);
  IStorage_Release(root);
  ILockBytes_Release(bytes);
}

/* What replaces or removes a value takes its element away. */
static void elements_go_with_their_values(void **state) {
  static const struct {
    VARTYPE before, after; /* VT_EMPTY: removed */
  } rows[] = {
    { VT_STREAM, VT_I4 },
    { VT_STORAGE, VT_I4 },
    { VT_STREAM, VT_STORAGE },
    { VT_STORED_OBJECT, VT_STREAM },
    { VT_I4, VT_STREAM },
    { VT_STREAM, VT_EMPTY },
    { VT_VERSIONED_STREAM, VT_EMPTY },
    { VT_STORAGE, VT_EMPTY },
    { VT_STREAM, VT_ILLEGAL },
  };

  (void)state;
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    ILockBytes *bytes = new_bytes();
    IPropertySetStorage *sets;
    IPropertyStorage *set;
    PROPSPEC spec = by_id(FIRST);
    STATSTG stat;
    IEnumSTATSTG *elements;
    unsigned count = 0;
    IStorage *root = new_root(bytes, &sets);

    OK(StgCreatePropStg((IUnknown *)root, &mine, NULL, PROPSETFLAG_NONSIMPLE, 0, &set));
    VARTYPE steps[2] = { rows[i].before, rows[i].after };
    for (unsigned j = 0; j < 2; j++) {
      PROPVARIANT value = { .vt = steps[j], .lVal = 5 };
      if (steps[j] == VT_EMPTY) {
        OK(IPropertyStorage_DeleteMultiple(set, 1, &spec));
      } else if (steps[j] == VT_ILLEGAL) {
        IS(IPropertyStorage_WriteMultiple(set, 1, &spec, &value, PID_FIRST_USABLE), STG_E_INVALIDPARAMETER);
      } else {
        if (steps[j] != VT_I4)
          value = value_of(steps[j], "x");
        OK(IPropertyStorage_WriteMultiple(set, 1, &spec, &value, PID_FIRST_USABLE));
        OK(PropVariantClear(&value));
      }
    }
    if (rows[i].after == VT_ILLEGAL) { /* what could not be written changed nothing */
      PROPVARIANT value;
      OK(IPropertyStorage_ReadMultiple(set, 1, &spec, &value));
      EXPECT_VALUE(&value, rows[i].before, "x");
    }
    IPropertyStorage_Release(set);
    OK(IStorage_EnumElements(root, 0, NULL, 0, &elements));
    while (IEnumSTATSTG_Next(elements, 1, &stat, NULL) == S_OK) {
      CoTaskMemFree(stat.pwcsName);
      count++;
    }
    IEnumSTATSTG_Release(elements);
    assert_int_equal(count, rows[i].after == VT_I4 || rows[i].after == VT_EMPTY ? 1 : 2);
    IPropertySetStorage_Release(sets);
    IStorage_Release(root);
    CHECK(bytes);
    ILockBytes_Release(bytes);
  }
}

static void transactions(void **state) {
  ILockBytes *bytes = new_bytes();
  IPropertySetStorage *sets;
  IPropertyStorage *set;

  (void)state;
  IStorage *root = new_root(bytes, &sets);
  IS(IPropertySetStorage_Create(sets, &mine, NULL, 0, STGM_CREATE | RWT, &set), STG_E_INVALIDFUNCTION);
  OK(IPropertySetStorage_Create(sets, &mine, NULL, PROPSETFLAG_NONSIMPLE, STGM_CREATE | RWT, &set));
  write_all(set, "kept");
  OK(IPropertyStorage_Commit(set, STGC_DEFAULT));
  write_all(set, "not kept");
  OK(IPropertyStorage_Revert(set));
  read_all(set, "kept");
  write_all(set, "not kept either");
  IPropertyStorage_Release(set);
  OK(IPropertySetStorage_Open(sets, &mine, RW, &set));
  read_all(set, "kept");
  IPropertyStorage_Release(set);
  IPropertySetStorage_Release(sets);
  IStorage_Release(root);
  CHECK(bytes);
  ILockBytes_Release(bytes);
}

static void what_is_refused(void **state) {
  ILockBytes *bytes = new_bytes();
  IPropertySetStorage *sets;
  IPropertyStorage *set;
  PROPSPEC spec = by_id(FIRST);
  IStream *stream = stream_with("");

  (void)state;
  IStorage *root = new_root(bytes, &sets);
  IS(IPropertySetStorage_Create(sets, &FMTID_UserDefinedProperties, NULL, PROPSETFLAG_NONSIMPLE, STGM_CREATE | RW,
                                &set),
     STG_E_INVALIDFLAG);
  IS(StgCreatePropStg((IUnknown *)stream, &mine, NULL, PROPSETFLAG_NONSIMPLE, 0, &set), E_NOINTERFACE);
  IS(StgCreatePropStg((IUnknown *)root, &mine, NULL, 0, 0, &set), E_NOINTERFACE);
  IS(StgOpenPropStg((IUnknown *)root, &mine, PROPSETFLAG_NONSIMPLE, 0, &set), STG_E_FILENOTFOUND);
  OK(IPropertySetStorage_Create(sets, &mine, NULL, 0, STGM_CREATE | RW, &set));
  for (size_t i = 0; i < TYPES; i++) {
    PROPVARIANT value = value_of(types[i], "x");
    IS(IPropertyStorage_WriteMultiple(set, 1, &spec, &value, PID_FIRST_USABLE), STG_E_PROPSETMISMATCHED);
    OK(PropVariantClear(&value));
  }
  IPropertyStorage_Release(set);
  OK(IPropertySetStorage_Delete(sets, &mine));

  /* without a source the element is made, to be filled later */
  OK(IPropertySetStorage_Create(sets, &mine, NULL, PROPSETFLAG_NONSIMPLE, STGM_CREATE | RW, &set));
  PROPVARIANT value = { .vt = VT_STREAM };
  OK(IPropertyStorage_WriteMultiple(set, 1, &spec, &value, PID_FIRST_USABLE));
  OK(IPropertyStorage_ReadMultiple(set, 1, &spec, &value));
  OK(IStream_Write(value.pStream, "later", 5, NULL));
  OK(PropVariantClear(&value));
  OK(IPropertyStorage_ReadMultiple(set, 1, &spec, &value));
  EXPECT_VALUE(&value, VT_STREAM, "later");
  IPropertyStorage_Release(set);

  /* a name of nothing, as damaged files have it */
  OLECHAR name[CWCSTORAGENAME];
  IStorage *inner;
  OK(FmtIdToPropStgName(&mine, name));
  OK(IStorage_OpenStorage(root, name, NULL, RW, NULL, 0, &inner));
  OK(IStorage_DestroyElement(inner, u"prop4"));
  IStorage_Release(inner);
  OK(IPropertySetStorage_Open(sets, &mine, RW, &set));
  IS(IPropertyStorage_ReadMultiple(set, 1, &spec, &value), STG_E_DOCFILECORRUPT);
  OK(IPropertyStorage_DeleteMultiple(set, 1, &spec));
  IPropertyStorage_Release(set);
  IStream_Release(stream);
  IPropertySetStorage_Release(sets);
  IStorage_Release(root);
  ILockBytes_Release(bytes);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(there_and_back),
    cmocka_unit_test(bytes_of_a_versioned_stream),
    cmocka_unit_test(elements_go_with_their_values),
    cmocka_unit_test(transactions),
    cmocka_unit_test(what_is_refused),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
