/* What the documentation says of storages, function by function: flags that go together, options, names, errors, what an
 * opening leaves out (snbExclude), moving, times, state bits, enumerators. */
#include "storage/storage_tests.h"

#include <stdbool.h>

#include "support/scratch.h"

/* Two streams and a storage with one. */
static IStorage *new_tree(ILockBytes *bytes, DWORD mode) {
  IStorage *root;
  IStorage *part;

  OK(StgCreateDocfileOnILockBytes(bytes, STGM_CREATE | RW, 0, &root));
  OK(put_stream(root, u"one", "one", 3));
  OK(put_stream(root, u"two", "two", 3));
  OK(IStorage_CreateStorage(root, u"part", RW, 0, 0, &part));
  OK(put_stream(part, u"deep", "deep", 4));
  IStorage_Release(part);
  IStorage_Release(root);
  OK(StgOpenStorageOnILockBytes(bytes, NULL, mode, NULL, 0, &root));
  return root;
}

static unsigned count_of(IStorage *storage) {
  IEnumSTATSTG *elements;
  STATSTG stat;
  unsigned count = 0;

  OK(IStorage_EnumElements(storage, 0, NULL, 0, &elements));
  while (IEnumSTATSTG_Next(elements, 1, &stat, NULL) == S_OK) {
    CoTaskMemFree(stat.pwcsName);
    count++;
  }
  IEnumSTATSTG_Release(elements);
  return count;
}

static void openings_leave_elements_out(void **state) {
  OLECHAR *names[] = { u"ONE", u"part", u"none", NULL };
  OLECHAR *none[] = { NULL };
  static const struct {
    DWORD mode;
    bool named;
    HRESULT expected;
  } rows[] = {
    { RW, true, S_OK }, { RWT, true, S_OK }, { RO, true, STG_E_ACCESSDENIED }, { RO, false, S_OK }, { RW, false, S_OK },
  };

  (void)state;
  for (size_t i = 0; i < 2 * sizeof rows / sizeof rows[0]; i++) {
    bool file = i % 2;
    DWORD mode = rows[i / 2].mode;
    SNB excluded = rows[i / 2].named ? names : none;
    ILockBytes *bytes = new_bytes();
    IStorage *root = new_tree(bytes, RO);
    IStorage *part;

    if (file) {
      IStorage *copy;
      OK(StgCreateDocfile(scratch_wide("left_out"), RW | STGM_CREATE, 0, &copy));
      OK(IStorage_CopyTo(root, 0, NULL, NULL, copy));
      IStorage_Release(copy);
    }
    IStorage_Release(root);
    HRESULT status = file ? StgOpenStorage(scratch_wide("left_out"), NULL, mode, excluded, 0, &root)
                          : StgOpenStorageOnILockBytes(bytes, NULL, mode, excluded, 0, &root);
    if (status != rows[i / 2].expected)
      fail_msg("row %zu: %08X", i, (unsigned)status);
    if (FAILED(status)) {
      assert_null(root);
      ILockBytes_Release(bytes);
      continue;
    }
    bool out = rows[i / 2].named;
    EXPECT_STREAM(root, u"one", "one", out ? 0 : 3);
    EXPECT_STREAM(root, u"two", "two", 3);
    OK(IStorage_OpenStorage(root, u"part", NULL, RO, NULL, 0, &part));
    assert_int_equal(count_of(part), out ? 0 : 1);
    IStorage_Release(part);
    IStorage_Release(root);
    if (mode == RWT) { /* not committed: nothing has changed */
      OK(file ? StgOpenStorage(scratch_wide("left_out"), NULL, RO, NULL, 0, &root)
              : StgOpenStorageOnILockBytes(bytes, NULL, RO, NULL, 0, &root));
      EXPECT_STREAM(root, u"one", "one", 3);
      IStorage_Release(root);
    }
    ILockBytes_Release(bytes);
  }
}

/* "pstgPriority" and "snbExclude" of elements must be NULL. */
static void elements_know_no_priority(void **state) {
  OLECHAR *names[] = { u"deep", NULL };
  ILockBytes *bytes = new_bytes();
  IStorage *root = new_tree(bytes, RW);
  IStorage *part = (IStorage *)1;

  (void)state;
  IS(IStorage_OpenStorage(root, u"part", root, RW, NULL, 0, &part), STG_E_INVALIDPARAMETER);
  assert_null(part);
  IS(IStorage_OpenStorage(root, u"part", NULL, RW, names, 0, &part), STG_E_INVALIDPARAMETER);
  IS(IStorage_OpenStorage(root, u"part", NULL, RW, NULL, 1, &part), STG_E_INVALIDPARAMETER);
  IS(IStorage_OpenStorage(root, u"part", NULL, RW | STGM_CREATE, NULL, 0, &part), STG_E_INVALIDFLAG);
  IS(IStorage_OpenStorage(root, u"one", NULL, RW, NULL, 0, &part), STG_E_FILENOTFOUND);
  IS(IStorage_OpenStorage(root, u"part", NULL, RW, NULL, 0, NULL), STG_E_INVALIDPOINTER);
  IStorage_Release(root);
  ILockBytes_Release(bytes);
}

static void options_of_new_files(void **state) {
  static const struct {
    DWORD format, attributes;
    USHORT version, reserved;
    ULONG sector;
    const IID *iid;
    HRESULT expected;
    unsigned size;
  } rows[] = {
    /* version 0: no options */
    { STGFMT_STORAGE, 0, 0, 0, 0, &IID_IStorage, S_OK, 512 },
    { STGFMT_DOCFILE, 0, 0, 0, 0, &IID_IStorage, S_OK, 512 },
    { STGFMT_DOCFILE, 0, 1, 0, 512, &IID_IStorage, S_OK, 512 },
    { STGFMT_DOCFILE, 0, 1, 0, 4096, &IID_IStorage, S_OK, 4096 },
    { STGFMT_DOCFILE, 0, 2, 0, 4096, &IID_IStorage, S_OK, 4096 },
    { STGFMT_DOCFILE, 0, 1, 0, 4096, &IID_IPropertySetStorage, S_OK, 4096 },
    { STGFMT_DOCFILE, 0, 1, 0, 1024, &IID_IStorage, STG_E_INVALIDPARAMETER, 0 },
    { STGFMT_DOCFILE, 0, 3, 0, 512, &IID_IStorage, STG_E_INVALIDPARAMETER, 0 },
    { STGFMT_DOCFILE, 0, 1, 1, 512, &IID_IStorage, STG_E_INVALIDPARAMETER, 0 },
    { STGFMT_STORAGE, 0, 1, 0, 4096, &IID_IStorage, STG_E_INVALIDPARAMETER, 0 },
    { STGFMT_STORAGE, 1, 0, 0, 0, &IID_IStorage, STG_E_INVALIDPARAMETER, 0 },
    { STGFMT_STORAGE, 0, 0, 0, 0, NULL, STG_E_INVALIDPARAMETER, 0 },
    { STGFMT_STORAGE, 0, 0, 0, 0, &IID_IStream, E_NOINTERFACE, 0 },
    { STGFMT_ANY, 0, 0, 0, 0, &IID_IStorage, STG_E_INVALIDPARAMETER, 0 },
    { 2, 0, 0, 0, 0, &IID_IStorage, STG_E_INVALIDPARAMETER, 0 },
  };

  (void)state;
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    STGOPTIONS options = { rows[i].version, rows[i].reserved, rows[i].sector, NULL };
    IUnknown *made = (IUnknown *)1;
    IUnknown *opened;
    HRESULT status = StgCreateStorageEx(scratch_wide("options"), RW | STGM_CREATE, rows[i].format, rows[i].attributes,
                                        rows[i].version ? &options : NULL, NULL, rows[i].iid, (void **)&made);

    if (status != rows[i].expected)
      fail_msg("row %zu: %08X", i, (unsigned)status);
    if (FAILED(status)) {
      assert_null(made);
      continue;
    }
    IUnknown_Release(made);
    for (DWORD format = 0; format <= 5; format++) {
      STGOPTIONS told = { .usVersion = STGOPTIONS_VERSION };
      bool known = format == STGFMT_STORAGE || format == STGFMT_ANY || format == STGFMT_DOCFILE;
      status = StgOpenStorageEx(scratch_wide("options"), RO, format, 0, &told, NULL, rows[i].iid, (void **)&opened);
      assert_int_equal(SUCCEEDED(status), known);
      if (known) {
        assert_int_equal(told.ulSectorSize, rows[i].size);
        IUnknown_Release(opened);
      }
    }
  }
}

static void moving_elements(void **state) {
  static const struct {
    const OLECHAR *name, *new_name;
    DWORD flags;
    bool open;  /* the element, by somebody */
    int target; /* 0: another file, 1: the same storage, 2: the storage itself that is moved, 3: none */
    HRESULT expected;
  } rows[] = {
    { u"one", u"new", STGMOVE_MOVE, false, 0, S_OK },
    { u"one", u"new", STGMOVE_COPY, false, 0, S_OK },
    { u"one", NULL, STGMOVE_MOVE, false, 0, S_OK },
    { u"part", u"new", STGMOVE_MOVE, false, 0, S_OK },
    { u"part", u"new", STGMOVE_COPY, false, 0, S_OK },
    { u"one", u"new", STGMOVE_MOVE, false, 1, S_OK },
    { u"one", u"one", STGMOVE_MOVE, false, 1, STG_E_ACCESSDENIED },
    { u"one", u"two", STGMOVE_MOVE, false, 1, STG_E_FILEALREADYEXISTS },
    { u"one", u"there", STGMOVE_COPY, false, 0, STG_E_FILEALREADYEXISTS },
    { u"part", u"new", STGMOVE_COPY, false, 2, STG_E_ACCESSDENIED },
    { u"part", u"new", STGMOVE_MOVE, false, 2, STG_E_ACCESSDENIED },
    { u"none", u"new", STGMOVE_MOVE, false, 0, STG_E_FILENOTFOUND },
    { u"one", u"new", STGMOVE_MOVE, true, 0, STG_E_ACCESSDENIED },
    { u"one", u"a/b", STGMOVE_MOVE, false, 0, STG_E_INVALIDNAME },
    { u"one", u"", STGMOVE_MOVE, false, 0, STG_E_INVALIDNAME },
    { NULL, u"new", STGMOVE_MOVE, false, 0, STG_E_INVALIDNAME },
    { u"one", u"12345678901234567890123456789012", STGMOVE_MOVE, false, 0, STG_E_INVALIDNAME },
    { u"one", u"new", 2, false, 0, STG_E_INVALIDFLAG },
    { u"one", u"new", STGMOVE_MOVE, false, 3, STG_E_INVALIDPOINTER },
  };

  (void)state;
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    ILockBytes *bytes = new_bytes();
    ILockBytes *other_bytes = new_bytes();
    IStorage *root = new_tree(bytes, RW);
    IStorage *other = new_tree(other_bytes, RW);
    IStorage *part = NULL;
    IStream *open = NULL;

    OK(IStorage_RenameElement(other, u"two", u"there"));
    OK(IStorage_DestroyElement(other, u"one"));
    if (rows[i].open)
      OK(IStorage_OpenStream(root, rows[i].name, NULL, RO, 0, &open));
    if (rows[i].target == 2)
      OK(IStorage_OpenStorage(root, u"part", NULL, RW, NULL, 0, &part));
    IStorage *targets[] = { other, root, part, NULL };
    HRESULT status =
        IStorage_MoveElementTo(root, rows[i].name, targets[rows[i].target], rows[i].new_name, rows[i].flags);
    if (status != rows[i].expected)
      fail_msg("row %zu: %08X", i, (unsigned)status);
    bool gone = SUCCEEDED(status) && rows[i].flags == STGMOVE_MOVE && rows[i].target == 0;
    if (open)
      IStream_Release(open);
    if (part)
      IStorage_Release(part);
    assert_int_equal(count_of(root), gone ? 2 : 3);
    IStorage_Release(other);
    IStorage_Release(root);
    CHECK(bytes);
    CHECK(other_bytes);
    ILockBytes_Release(bytes);
    ILockBytes_Release(other_bytes);
  }
}

static void times_class_and_state(void **state) {
  static const FILETIME created = { 1, 2 }, modified = { 3, 4 }, accessed = { 5, 6 };
  static const struct {
    const OLECHAR *name;
    DWORD mode;
    HRESULT expected;
  } rows[] = {
    { u"part", RW, S_OK },
    { NULL, RW, S_OK },
    { u"one", RW, S_OK },
    { u"none", RW, STG_E_FILENOTFOUND },
    { u"part", RO, STG_E_ACCESSDENIED },
    { NULL, RO, STG_E_ACCESSDENIED },
  };
  static const struct {
    DWORD bits, mask, expected;
  } masks[] = { { 0xFF, 0x0F, 0x0F }, { 0, 1, 0x0E }, { 0xF0000000, 0xF0000000, 0xF000000E }, { 0, UINT32_MAX, 0 } };

  (void)state;
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    ILockBytes *bytes = new_bytes();
    IStorage *root = new_tree(bytes, rows[i].mode);

    HRESULT status = IStorage_SetElementTimes(root, rows[i].name, &created, &accessed, &modified);
    if (status != rows[i].expected)
      fail_msg("row %zu: %08X", i, (unsigned)status);
    IStorage_Release(root);
    CHECK(bytes);
    ILockBytes_Release(bytes);
  }
  ILockBytes *bytes = new_bytes();
  IStorage *root = new_tree(bytes, RW);
  IStorage *part;
  STATSTG stat;

  OK(IStorage_SetElementTimes(root, u"part", &created, NULL, NULL));
  OK(IStorage_SetElementTimes(root, u"part", NULL, NULL, &modified));
  OK(IStorage_OpenStorage(root, u"part", NULL, RW, NULL, 0, &part));
  for (size_t i = 0; i < sizeof masks / sizeof masks[0]; i++) {
    OK(IStorage_SetStateBits(part, masks[i].bits, masks[i].mask));
    OK(IStorage_Stat(part, &stat, STATFLAG_NONAME));
    assert_int_equal(stat.grfStateBits, masks[i].expected);
    assert_null(stat.pwcsName);
  }
  OK(IStorage_SetClass(part, &IID_IStream));
  OK(IStorage_Stat(part, &stat, STATFLAG_DEFAULT));
  assert_true(IsEqualGUID(&stat.clsid, &IID_IStream));
  assert_memory_equal(stat.pwcsName, u"part", 10);
  assert_memory_equal(&stat.ctime, &created, sizeof created);
  assert_memory_equal(&stat.mtime, &modified, sizeof modified);
  assert_int_equal(stat.type, STGTY_STORAGE);
  assert_int_equal(stat.grfMode, RW);
  assert_int_equal(stat.cbSize.QuadPart, 0);
  CoTaskMemFree(stat.pwcsName);
  IS(IStorage_Stat(part, &stat, 2), STG_E_INVALIDFLAG);
  IS(IStorage_Stat(part, NULL, 0), STG_E_INVALIDPOINTER);
  IS(IStorage_Commit(part, 0x100), STG_E_INVALIDFLAG);
  for (DWORD flags = 0; flags < 16; flags++)
    OK(IStorage_Commit(root, flags));
  IStorage_Release(part);
  IStorage_Release(root);
  CHECK(bytes);
  ILockBytes_Release(bytes);
}

static void enumerators(void **state) {
  ILockBytes *bytes = new_bytes();
  IStorage *root = new_tree(bytes, RW);
  IEnumSTATSTG *all, *clone;
  STATSTG stats[4];
  ULONG got;

  (void)state;
  IS(IStorage_EnumElements(root, 1, NULL, 0, &all), STG_E_INVALIDPARAMETER);
  IS(IStorage_EnumElements(root, 0, root, 0, &all), STG_E_INVALIDPARAMETER);
  IS(IStorage_EnumElements(root, 0, NULL, 1, &all), STG_E_INVALIDPARAMETER);
  IS(IStorage_EnumElements(root, 0, NULL, 0, NULL), STG_E_INVALIDPOINTER);
  OK(IStorage_EnumElements(root, 0, NULL, 0, &all));
  IS(IEnumSTATSTG_Next(all, 4, stats, &got), S_FALSE);
  assert_int_equal(got, 3);
  for (ULONG i = 0; i < got; i++) {
    assert_int_equal(stats[i].type, stats[i].pwcsName[0] == u'p' ? STGTY_STORAGE : STGTY_STREAM);
    assert_int_equal(stats[i].cbSize.QuadPart, stats[i].type == STGTY_STREAM ? 3 : 0);
    CoTaskMemFree(stats[i].pwcsName);
  }
  IS(IEnumSTATSTG_Next(all, 1, stats, &got), S_FALSE);
  OK(IEnumSTATSTG_Reset(all));
  OK(IEnumSTATSTG_Skip(all, 2));
  OK(IEnumSTATSTG_Clone(all, &clone));
  OK(IEnumSTATSTG_Next(clone, 1, stats, &got));
  CoTaskMemFree(stats[0].pwcsName);
  IS(IEnumSTATSTG_Skip(clone, 1), S_FALSE);
  OK(IEnumSTATSTG_Next(all, 1, stats, NULL));
  CoTaskMemFree(stats[0].pwcsName);
  IEnumSTATSTG_Release(clone);
  IEnumSTATSTG_Release(all);
  IStorage_Release(root);
  ILockBytes_Release(bytes);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(openings_leave_elements_out), cmocka_unit_test(elements_know_no_priority),
    cmocka_unit_test(options_of_new_files),        cmocka_unit_test(moving_elements),
    cmocka_unit_test(times_class_and_state),       cmocka_unit_test(enumerators),
  };

  return cmocka_run_group_tests(tests, scratch_begin, scratch_end);
}
