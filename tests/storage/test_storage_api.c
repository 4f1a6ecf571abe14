/* IStorage, IStream and the functions that make them: results, rules, lifetimes. */
#include "storage/storage_tests.h"

#include <sys/stat.h>
#include <unistd.h>

#include <shlwapi.h>

#include "support/scratch.h"

static IStorage *new_root(ILockBytes *bytes, DWORD mode) {
  IStorage *root;

  OK(StgCreateDocfileOnILockBytes(bytes, STGM_CREATE | mode, 0, &root));
  return root;
}

static void modes_of_roots(void **state) {
  static const struct {
    DWORD mode;
    HRESULT create, open;
  } cases[] = {
    { RW, S_OK, S_OK },
    { RWT, S_OK, S_OK },
    { RO, STG_E_INVALIDFLAG, S_OK },
    { STGM_READWRITE, STG_E_INVALIDFLAG, STG_E_INVALIDFLAG },
    { STGM_READWRITE | STGM_SHARE_DENY_WRITE, STG_E_INVALIDFLAG, STG_E_INVALIDFLAG },
    { STGM_READ | STGM_SHARE_DENY_WRITE, STG_E_INVALIDFLAG, S_OK },
    { STGM_READ | STGM_SHARE_DENY_NONE, STG_E_INVALIDFLAG, STG_E_INVALIDFLAG },
    { STGM_READ | STGM_SHARE_DENY_NONE | STGM_TRANSACTED, STG_E_INVALIDFLAG, S_OK },
    { STGM_READWRITE | STGM_SHARE_DENY_NONE | STGM_TRANSACTED, S_OK, S_OK },
    { STGM_READWRITE | STGM_SHARE_DENY_WRITE | STGM_TRANSACTED, S_OK, S_OK },
    { 3 | STGM_SHARE_EXCLUSIVE, STG_E_INVALIDFLAG, STG_E_INVALIDFLAG },
    { STGM_READWRITE | 0x50, STG_E_INVALIDFLAG, STG_E_INVALIDFLAG },
    { RW | 4, STG_E_INVALIDFLAG, STG_E_INVALIDFLAG },
    { RW | STGM_NOSCRATCH, STG_E_INVALIDFLAG, STG_E_INVALIDFLAG },
    { STGM_PRIORITY, STG_E_INVALIDFLAG, S_OK },
  };

  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    IStorage *root = NULL;
    HRESULT status = StgCreateDocfile(scratch_wide("modes"), STGM_CREATE | cases[i].mode, 0, &root);

    if (status != cases[i].create)
      fail_msg("create %zu: %08X", i, (unsigned)status);
    if (root)
      IStorage_Release(root);
    else
      assert_null(root);
  }
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    IStorage *root = NULL;
    HRESULT status = StgOpenStorage(scratch_wide("modes"), NULL, cases[i].mode, NULL, 0, &root);

    if (status != cases[i].open)
      fail_msg("open %zu: %08X", i, (unsigned)status);
    if (root)
      IStorage_Release(root);
  }
}

static void share_modes_of_two_openings(void **state) {
  static const struct {
    DWORD first, second;
    HRESULT expected;
  } cases[] = {
    { RW, RO, STG_E_SHAREVIOLATION },
    { RW, RW, STG_E_SHAREVIOLATION },
    { RO, RO, STG_E_SHAREVIOLATION },
    { STGM_READ | STGM_SHARE_DENY_WRITE, STGM_READ | STGM_SHARE_DENY_WRITE, S_OK },
    { STGM_READ | STGM_SHARE_DENY_WRITE, RW, STG_E_SHAREVIOLATION },
    { STGM_READ | STGM_SHARE_DENY_WRITE, STGM_READWRITE | STGM_SHARE_DENY_NONE | STGM_TRANSACTED,
      STG_E_SHAREVIOLATION },
    { STGM_READWRITE | STGM_SHARE_DENY_NONE | STGM_TRANSACTED, STGM_READ | STGM_SHARE_DENY_NONE | STGM_TRANSACTED,
      S_OK },
    { STGM_READWRITE | STGM_SHARE_DENY_NONE | STGM_TRANSACTED, STGM_READ | STGM_SHARE_DENY_WRITE,
      STG_E_SHAREVIOLATION },
    { STGM_READWRITE | STGM_SHARE_DENY_READ | STGM_TRANSACTED, STGM_READ | STGM_SHARE_DENY_NONE | STGM_TRANSACTED,
      STG_E_SHAREVIOLATION },
  };
  IStorage *root;

  (void)state;
  OK(StgCreateDocfile(scratch_wide("shared"), STGM_CREATE | RW, 0, &root));
  IStorage_Release(root);
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    IStorage *second = NULL;

    OK(StgOpenStorage(scratch_wide("shared"), NULL, cases[i].first, NULL, 0, &root));
    HRESULT status = StgOpenStorage(scratch_wide("shared"), NULL, cases[i].second, NULL, 0, &second);
    if (status != cases[i].expected)
      fail_msg("case %zu: %08X", i, (unsigned)status);
    if (second)
      IStorage_Release(second);
    IStorage_Release(root);
  }
}

static void files_that_are_not_there_or_something_else(void **state) {
  IStorage *root = (IStorage *)1;

  (void)state;
  IS(StgOpenStorage(scratch_wide("none"), NULL, RO, NULL, 0, &root), STG_E_FILENOTFOUND);
  assert_null(root);
  IS(StgOpenStorage(scratch_wide("none/x"), NULL, RO, NULL, 0, &root), STG_E_PATHNOTFOUND);
  IS(StgOpenStorage(NULL, NULL, RO, NULL, 0, &root), STG_E_INVALIDNAME);
  IS(StgOpenStorage(scratch_wide("."), NULL, RO, NULL, 0, &root), STG_E_ACCESSDENIED);
  scratch_write("text", "not a compound file");
  IS(StgOpenStorage(scratch_wide("text"), NULL, RO, NULL, 0, &root), STG_E_FILEALREADYEXISTS);
  IS(StgIsStorageFile(scratch_wide("text")), S_FALSE);
  IS(StgIsStorageFile(scratch_wide("none")), STG_E_FILENOTFOUND);
  IS(StgCreateDocfile(scratch_wide("text"), RW, 0, &root), STG_E_FILEALREADYEXISTS);
  IS(StgCreateDocfile(scratch_wide("text"), RW | STGM_CONVERT, 0, &root), STG_S_CONVERTED);
  EXPECT_STREAM(root, u"CONTENTS", "not a compound file", 19);
  IStorage_Release(root);
  IS(StgIsStorageFile(scratch_wide("text")), S_OK);
  IS(StgCreateDocfile(scratch_wide("text"), RW, 1, &root), STG_E_INVALIDPARAMETER);
  IS(StgCreateDocfile(scratch_wide("text"), RW, 0, NULL), STG_E_INVALIDPOINTER);
  OK(StgCreateDocfile(NULL, RW, 0, &root));
  STATSTG stat;
  OK(IStorage_Stat(root, &stat, STATFLAG_DEFAULT));
  assert_non_null(stat.pwcsName);
  assert_int_equal(stat.type, STGTY_STORAGE);
  IStorage_Release(root);
  IS(StgIsStorageFile(stat.pwcsName), STG_E_FILENOTFOUND);
  CoTaskMemFree(stat.pwcsName);
}

static void headers_that_cannot_be(void **state) {
  static const struct {
    size_t at;
    uint8_t value;
    HRESULT expected;
  } cases[] = {
    { 0, 0, STG_E_INVALIDHEADER },      { 26, 5, STG_E_OLDDLL },
    { 26, 2, STG_E_DOCFILECORRUPT },    { 30, 12, STG_E_DOCFILECORRUPT },
    { 28, 0xFF, STG_E_DOCFILECORRUPT }, { 32, 7, STG_E_DOCFILECORRUPT },
    { 44, 0xFF, STG_E_DOCFILECORRUPT }, { 44, 0, STG_E_DOCFILECORRUPT },
    { 48, 0x77, STG_E_DOCFILECORRUPT }, { 76, 0x77, STG_E_DOCFILECORRUPT },
    { 60, 0x10, STG_E_DOCFILECORRUPT }, { 57, 0x20, STG_E_DOCFILECORRUPT },
  };
  ILockBytes *bytes = new_bytes();
  IStorage *root = new_root(bytes, RW);
  size_t size;

  (void)state;
  IStorage_Release(root);
  uint8_t *good = bytes_copy(bytes, &size);
  ILockBytes_Release(bytes);
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    bytes = new_bytes();
    OK(ILockBytes_WriteAt(bytes, (ULARGE_INTEGER){ .QuadPart = 0 }, good, (ULONG)size, NULL));
    OK(ILockBytes_WriteAt(bytes, (ULARGE_INTEGER){ .QuadPart = cases[i].at }, &cases[i].value, 1, NULL));
    HRESULT status = StgOpenStorageOnILockBytes(bytes, NULL, RO, NULL, 0, &root);
    if (status != cases[i].expected)
      fail_msg("case %zu: %08X", i, (unsigned)status);
    ILockBytes_Release(bytes);
  }
  bytes = new_bytes();
  OK(ILockBytes_WriteAt(bytes, (ULARGE_INTEGER){ .QuadPart = 0 }, "\x0E\x11\xFC\x0D\xD0\xCF\x11\xE0", 8, NULL));
  IS(StgOpenStorageOnILockBytes(bytes, NULL, RO, NULL, 0, &root), STG_E_OLDFORMAT);
  ILockBytes_Release(bytes);
  free(good);
}

static void names_and_modes_of_elements(void **state) {
  static const struct {
    const OLECHAR *name;
    DWORD mode;
    HRESULT expected;
  } cases[] = {
    { u"a", RW, S_OK },
    { u"a", RW, STG_E_FILEALREADYEXISTS },
    { u"A", RW, STG_E_FILEALREADYEXISTS },
    { u"a", RW | STGM_CREATE, S_OK },
    { u"", RW, STG_E_INVALIDNAME },
    { NULL, RW, STG_E_INVALIDNAME },
    { u"a/b", RW, STG_E_INVALIDNAME },
    { u"a\\b", RW, STG_E_INVALIDNAME },
    { u"a:b", RW, STG_E_INVALIDNAME },
    { u"a!b", RW, STG_E_INVALIDNAME },
    { u"\5SummaryInformation", RW, S_OK },
    { u"1234567890123456789012345678901", RW, S_OK },
    { u"12345678901234567890123456789012", RW, STG_E_INVALIDNAME },
    { u"b", STGM_READWRITE, STG_E_INVALIDFLAG },
    { u"b", STGM_READWRITE | STGM_SHARE_DENY_NONE, STG_E_INVALIDFLAG },
    { u"b", RW | STGM_DELETEONRELEASE, STG_E_INVALIDFUNCTION },
    { u"b", RW | STGM_TRANSACTED, STG_E_INVALIDFUNCTION },
    { u"b", RW | 8, STG_E_INVALIDFLAG },
  };
  ILockBytes *bytes = new_bytes();
  IStorage *root = new_root(bytes, RW);
  IStream *stream;

  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    stream = (IStream *)1;
    HRESULT status = IStorage_CreateStream(root, cases[i].name, cases[i].mode, 0, 0, &stream);
    if (status != cases[i].expected)
      fail_msg("case %zu: %08X", i, (unsigned)status);
    if (SUCCEEDED(status))
      IStream_Release(stream);
    else
      assert_null(stream);
  }
  IS(IStorage_CreateStream(root, u"b", RW, 1, 0, &stream), STG_E_INVALIDPARAMETER);
  IS(IStorage_CreateStream(root, u"b", RW, 0, 0, NULL), STG_E_INVALIDPOINTER);
  IS(IStorage_OpenStream(root, u"b", NULL, RO, 0, &stream), STG_E_FILENOTFOUND);
  OK(IStorage_OpenStream(root, u"a", NULL, RO, 0, &stream));
  IStream *second;
  IS(IStorage_OpenStream(root, u"a", NULL, RO, 0, &second), STG_E_ACCESSDENIED);
  IS(IStorage_CreateStream(root, u"a", RW | STGM_CREATE, 0, 0, &second), STG_E_ACCESSDENIED);
  IS(IStorage_RenameElement(root, u"a", u"z"), STG_E_ACCESSDENIED);
  IS(IStream_Write(stream, "x", 1, NULL), STG_E_ACCESSDENIED);
  IStream_Release(stream);
  IStorage *storage;
  IS(IStorage_OpenStorage(root, u"a", NULL, RO, NULL, 0, &storage), STG_E_FILENOTFOUND);
  IS(IStorage_RenameElement(root, u"a", u"\5SummaryInformation"), STG_E_FILEALREADYEXISTS);
  OK(IStorage_RenameElement(root, u"a", u"A"));
  IS(IStorage_RenameElement(root, u"none", u"other"), STG_E_FILENOTFOUND);
  IStorage_Release(root);
  CHECK(bytes);
  OK(StgOpenStorageOnILockBytes(bytes, NULL, RO, NULL, 0, &root));
  IS(IStorage_CreateStream(root, u"n", RW, 0, 0, &stream), STG_E_ACCESSDENIED);
  IS(IStorage_OpenStream(root, u"A", NULL, RW, 0, &stream), STG_E_ACCESSDENIED);
  IS(IStorage_DestroyElement(root, u"A"), STG_E_ACCESSDENIED);
  IS(IStorage_SetClass(root, &IID_IStorage), STG_E_ACCESSDENIED);
  IStorage_Release(root);
  ILockBytes_Release(bytes);
}

static void streams_behave_as_streams(void **state) {
  ILockBytes *bytes = new_bytes();
  IStorage *root = new_root(bytes, RW);
  IStream *stream;
  IStream *clone;
  ULARGE_INTEGER at;
  char buffer[32] = "";
  ULONG done;

  (void)state;
  OK(IStorage_CreateStream(root, u"s", RW, 0, 0, &stream));
  OK(IStream_Write(stream, "0123456789", 10, &done));
  assert_int_equal(done, 10);
  OK(IStream_Clone(stream, &clone));
  OK(IStream_Seek(clone, (LARGE_INTEGER){ .QuadPart = -7 }, STREAM_SEEK_END, &at));
  assert_int_equal(at.QuadPart, 3);
  OK(IStream_Read(clone, buffer, 32, &done));
  assert_int_equal(done, 7);
  assert_memory_equal(buffer, "3456789", 7);
  IS(IStream_Seek(clone, (LARGE_INTEGER){ .QuadPart = -11 }, STREAM_SEEK_CUR, &at), STG_E_INVALIDFUNCTION);
  assert_int_equal(at.QuadPart, 10);
  IS(IStream_Seek(clone, (LARGE_INTEGER){ .QuadPart = 0 }, 3, NULL), STG_E_INVALIDFUNCTION);
  /* A copy onto what is copied, in both directions. */
  OK(IStream_Seek(clone, (LARGE_INTEGER){ .QuadPart = 0 }, STREAM_SEEK_SET, NULL));
  OK(IStream_Seek(stream, (LARGE_INTEGER){ .QuadPart = 4 }, STREAM_SEEK_SET, NULL));
  OK(IStream_CopyTo(clone, stream, (ULARGE_INTEGER){ .QuadPart = 100 }, &at, NULL));
  assert_int_equal(at.QuadPart, 10);
  OK(IStream_Seek(clone, (LARGE_INTEGER){ .QuadPart = 0 }, STREAM_SEEK_SET, NULL));
  OK(IStream_Read(clone, buffer, 32, &done));
  assert_int_equal(done, 14);
  assert_memory_equal(buffer, "01230123456789", 14);
  IS(IStream_LockRegion(stream, at, at, LOCK_WRITE), STG_E_INVALIDFUNCTION);
  STATSTG stat;
  OK(IStream_Stat(stream, &stat, STATFLAG_DEFAULT));
  assert_int_equal(stat.type, STGTY_STREAM);
  assert_int_equal(stat.cbSize.QuadPart, 14);
  assert_int_equal(stat.grfMode, RW);
  assert_memory_equal(stat.pwcsName, u"s", 4);
  CoTaskMemFree(stat.pwcsName);
  IS(IStream_Stat(stream, &stat, 7), STG_E_INVALIDFLAG);
  IS(IStream_Read(stream, NULL, 1, NULL), STG_E_INVALIDPOINTER);
  IStorage_Release(root);
  IS(IStream_Read(stream, buffer, 1, &done), STG_E_REVERTED);
  IS(IStream_Stat(clone, &stat, STATFLAG_NONAME), STG_E_REVERTED);
  IStream_Release(stream);
  IStream_Release(clone);
  CHECK(bytes);
  ILockBytes_Release(bytes);
}

static void released_and_removed_parents_end_their_parts(void **state) {
  ILockBytes *bytes = new_bytes();
  IStorage *root = new_root(bytes, RWT);
  IStorage *outer;
  IStorage *inner;
  IStream *stream;

  (void)state;
  OK(IStorage_CreateStorage(root, u"outer", RW, 0, 0, &outer));
  OK(IStorage_CreateStorage(outer, u"inner", RW, 0, 0, &inner));
  OK(IStorage_CreateStream(inner, u"s", RW, 0, 0, &stream));
  IStorage_Release(outer);
  IS(IStream_Write(stream, "x", 1, NULL), STG_E_REVERTED);
  IS(IStorage_DestroyElement(inner, u"s"), STG_E_REVERTED);
  IStorage_Release(inner);
  IStream_Release(stream);
  OK(IStorage_OpenStorage(root, u"outer", NULL, RW, NULL, 0, &outer));
  OK(IStorage_OpenStorage(outer, u"inner", NULL, RW, NULL, 0, &inner));
  OK(IStorage_OpenStream(inner, u"s", NULL, RW, 0, &stream));
  OK(IStorage_DestroyElement(root, u"outer"));
  IS(IStream_Write(stream, "x", 1, NULL), STG_E_REVERTED);
  IS(IStorage_Commit(outer, 0), STG_E_REVERTED);
  IStream_Release(stream);
  IStorage_Release(inner);
  IStorage_Release(outer);
  OK(IStorage_CreateStream(root, u"s", RW, 0, 0, &stream));
  OK(IStorage_Revert(root));
  IS(IStream_Write(stream, "x", 1, NULL), STG_E_REVERTED);
  IStream_Release(stream);
  OK(put_stream(root, u"t", "t", 1));
  OK(IStorage_Commit(root, STGC_DEFAULT));
  IS(IStorage_Commit(root, 0x40), STG_E_INVALIDFLAG);
  IStorage_Release(root);
  CHECK(bytes);
  ILockBytes_Release(bytes);
}

static void transactions_within_a_file(void **state) {
  for (int transacted = 0; transacted < 2; transacted++) {
    ILockBytes *bytes = new_bytes();
    IStorage *root = new_root(bytes, transacted ? RWT : RW);
    IStorage *outer;
    IStorage *inner;
    IStream *stream;

    (void)state;
    OK(IStorage_CreateStorage(root, u"outer", RW, 0, 0, &outer));
    OK(put_stream(outer, u"kept", "old", 3));
    OK(IStorage_SetClass(outer, &IID_IStorage));
    IStorage_Release(outer);
    OK(IStorage_OpenStorage(root, u"outer", NULL, RWT, NULL, 0, &outer));
    IS(IStorage_OpenStorage(root, u"outer", NULL, RWT, NULL, 0, &inner), STG_E_ACCESSDENIED);
    EXPECT_STREAM(outer, u"kept", "old", 3);
    OK(IStorage_CreateStorage(outer, u"inner", RWT, 0, 0, &inner));
    OK(put_stream(inner, u"deep", "deep", 4));
    OK(IStorage_Commit(inner, STGC_DEFAULT));
    OK(put_stream(inner, u"lost", "lost", 4));
    IStorage_Release(inner);
    OK(IStorage_CreateStorage(outer, u"direct", RW, 0, 0, &inner));
    OK(put_stream(inner, u"part", "part", 4));
    IStorage_Release(inner);
    OK(IStorage_OpenStorage(outer, u"direct", NULL, RO, NULL, 0, &inner));
    EXPECT_STREAM(inner, u"part", "part", 4);
    IStorage_Release(inner);
    OK(put_stream(outer, u"kept", "new", 3));
    OK(IStorage_Commit(outer, STGC_DEFAULT));
    OK(put_stream(outer, u"kept", "newer", 5));
    OK(IStorage_OpenStream(outer, u"kept", NULL, RW, 0, &stream));
    OK(IStorage_Revert(outer));
    IS(IStream_Write(stream, "x", 1, NULL), STG_E_REVERTED);
    IStream_Release(stream);
    EXPECT_STREAM(outer, u"kept", "new", 3);
    STATSTG stat;
    OK(IStorage_Stat(outer, &stat, STATFLAG_DEFAULT));
    assert_memory_equal(stat.pwcsName, u"outer", 12);
    assert_true(IsEqualGUID(&stat.clsid, &IID_IStorage));
    CoTaskMemFree(stat.pwcsName);
    IStorage_Release(outer);
    if (transacted)
      OK(IStorage_Commit(root, STGC_DEFAULT));
    IStorage_Release(root);
    CHECK(bytes);
    OK(StgOpenStorageOnILockBytes(bytes, NULL, RO, NULL, 0, &root));
    OK(IStorage_OpenStorage(root, u"outer", NULL, RO, NULL, 0, &outer));
    EXPECT_STREAM(outer, u"kept", "new", 3);
    OK(IStorage_OpenStorage(outer, u"inner", NULL, RO, NULL, 0, &inner));
    EXPECT_STREAM(inner, u"deep", "deep", 4);
    IS(IStorage_OpenStream(inner, u"lost", NULL, RO, 0, &stream), STG_E_FILENOTFOUND);
    IStorage_Release(inner);
    IStorage_Release(outer);
    IStorage_Release(root);
    ILockBytes_Release(bytes);
  }
}

static void copies_and_moves(void **state) {
  ILockBytes *bytes = new_bytes();
  ILockBytes *other_bytes = new_bytes();
  IStorage *root = new_root(bytes, RW);
  IStorage *other = new_root(other_bytes, RWT);
  IStorage *sub;
  IStorage *below;
  IStream *stream;
  static const OLECHAR *left_out[] = { u"B", NULL };
  uint8_t *big = pattern(100000, 9);

  (void)state;
  OK(put_stream(root, u"a", big, 100000));
  OK(put_stream(root, u"b", "b", 1));
  OK(IStorage_CreateStorage(root, u"sub", RW, 0, 0, &sub));
  OK(put_stream(sub, u"b", "inner", 5));
  OK(IStorage_SetClass(sub, &IID_IStream));
  OK(IStorage_SetStateBits(root, 0xF0F0, 0xFF00));
  OK(IStorage_CopyTo(root, 0, NULL, (SNB)left_out, other));
  EXPECT_STREAM(other, u"a", big, 100000);
  IS(IStorage_OpenStream(other, u"b", NULL, RO, 0, &stream), STG_E_FILENOTFOUND);
  OK(IStorage_OpenStorage(other, u"sub", NULL, RO, NULL, 0, &below));
  EXPECT_STREAM(below, u"b", "inner", 5);
  STATSTG stat;
  OK(IStorage_Stat(below, &stat, STATFLAG_NONAME));
  assert_true(IsEqualGUID(&stat.clsid, &IID_IStream));
  OK(IStorage_Stat(other, &stat, STATFLAG_NONAME));
  assert_int_equal(stat.grfStateBits, 0xF000);
  IStorage_Release(below);
  IS(IStorage_CopyTo(root, 0, NULL, NULL, sub), STG_E_ACCESSDENIED);
  IS(IStorage_CopyTo(root, 0, NULL, NULL, root), STG_E_ACCESSDENIED);
  IS(IStorage_MoveElementTo(root, u"sub", sub, u"x", STGMOVE_COPY), STG_E_ACCESSDENIED);
  IS(IStorage_MoveElementTo(root, u"a", root, u"A", STGMOVE_MOVE), STG_E_ACCESSDENIED);
  IS(IStorage_MoveElementTo(root, u"none", other, NULL, STGMOVE_MOVE), STG_E_FILENOTFOUND);
  IS(IStorage_MoveElementTo(root, u"a", other, NULL, 5), STG_E_INVALIDFLAG);
  OK(IStorage_MoveElementTo(root, u"b", sub, u"moved", STGMOVE_MOVE));
  EXPECT_STREAM(sub, u"moved", "b", 1);
  IS(IStorage_OpenStream(root, u"b", NULL, RO, 0, &stream), STG_E_FILENOTFOUND);
  IStorage_Release(sub);
  OK(IStorage_MoveElementTo(root, u"sub", other, u"taken", STGMOVE_MOVE));
  OK(IStorage_OpenStorage(other, u"taken", NULL, RO, NULL, 0, &below));
  EXPECT_STREAM(below, u"moved", "b", 1);
  IStorage_Release(below);
  OK(IStorage_Commit(other, STGC_DEFAULT));
  IEnumSTATSTG *elements;
  STATSTG found[4];
  ULONG count;
  OK(IStorage_EnumElements(other, 0, NULL, 0, &elements));
  IS(IEnumSTATSTG_Next(elements, 4, found, &count), S_FALSE);
  assert_int_equal(count, 3);
  assert_memory_equal(found[0].pwcsName, u"a", 4);
  assert_memory_equal(found[1].pwcsName, u"sub", 8);
  assert_memory_equal(found[2].pwcsName, u"taken", 12);
  while (count)
    CoTaskMemFree(found[--count].pwcsName);
  IEnumSTATSTG_Release(elements);
  IStorage_Release(root);
  IStorage_Release(other);
  CHECK(bytes);
  CHECK(other_bytes);
  ILockBytes_Release(bytes);
  ILockBytes_Release(other_bytes);
  free(big);
}

static void sectors_of_4096_bytes(void **state) {
  STGOPTIONS options = { .usVersion = 1, .ulSectorSize = 4096 };
  STGOPTIONS asked = { .usVersion = 1 };
  STGOPTIONS wrong = { .usVersion = 1, .ulSectorSize = 1024 };
  IStorage *root;

  (void)state;
  IS(StgCreateStorageEx(scratch_wide("v4"), STGM_CREATE | RW, STGFMT_DOCFILE, 0, &wrong, NULL, &IID_IStorage,
                        (void **)&root),
     STG_E_INVALIDPARAMETER);
  OK(StgCreateStorageEx(scratch_wide("v4"), STGM_CREATE | RW, STGFMT_DOCFILE, 0, &options, NULL, &IID_IStorage,
                        (void **)&root));
  OK(put_stream(root, u"s", "bytes", 5));
  IStorage_Release(root);
  OK(StgOpenStorageEx(scratch_wide("v4"), RO, STGFMT_ANY, 0, &asked, NULL, &IID_IStorage, (void **)&root));
  assert_int_equal(asked.ulSectorSize, 4096);
  EXPECT_STREAM(root, u"s", "bytes", 5);
  IStorage_Release(root);
}

static void files_as_streams(void **state) {
  IStream *stream;
  IStream *second;
  char buffer[16];
  ULONG done;
  ULARGE_INTEGER zero = { .QuadPart = 0 };
  ULARGE_INTEGER four = { .QuadPart = 4 };

  (void)state;
  IS(SHCreateStreamOnFile(scratch_wide("plain"), STGM_READ, &stream), (HRESULT)0x80070002);
  OK(SHCreateStreamOnFile(scratch_wide("plain"), STGM_CREATE | STGM_READWRITE, &stream));
  OK(IStream_Write(stream, "hello world", 11, &done));
  OK(IStream_Seek(stream, (LARGE_INTEGER){ .QuadPart = 6 }, STREAM_SEEK_SET, NULL));
  OK(IStream_Clone(stream, &second));
  OK(IStream_Read(second, buffer, 16, &done));
  assert_int_equal(done, 5);
  assert_memory_equal(buffer, "world", 5);
  IStream_Release(second);
  STATSTG stat;
  OK(IStream_Stat(stream, &stat, STATFLAG_DEFAULT));
  assert_int_equal(stat.cbSize.QuadPart, 11);
  assert_non_null(stat.pwcsName);
  CoTaskMemFree(stat.pwcsName);
  OK(SHCreateStreamOnFile(scratch_wide("plain"), STGM_READWRITE, &second));
  OK(IStream_LockRegion(stream, zero, four, LOCK_EXCLUSIVE));
  IS(IStream_LockRegion(second, zero, four, LOCK_EXCLUSIVE), STG_E_LOCKVIOLATION);
  OK(IStream_UnlockRegion(stream, zero, four, LOCK_EXCLUSIVE));
  OK(IStream_LockRegion(second, zero, four, LOCK_EXCLUSIVE));
  IStream_Release(second);
  IStream_Release(stream);
  IS(SHCreateStreamOnFileEx(scratch_wide("plain"), STGM_READWRITE, 0, TRUE, NULL, &stream), (HRESULT)0x80070050);
  OK(SHCreateStreamOnFile(scratch_wide("plain"), STGM_READ, &stream));
  IS(IStream_Write(stream, "x", 1, NULL), STG_E_ACCESSDENIED);
  IStream_Release(stream);
}

/* A list of names, all red, in the wrong order, as careless programs write them: read, and put right by the first change. */
static void trees_of_other_programs(void **state) {
  ILockBytes *bytes = new_bytes();
  IStorage *root = new_root(bytes, RW);
  size_t size;

  (void)state;
  OK(put_stream(root, u"a", "a", 1));
  OK(put_stream(root, u"b", "b", 1));
  OK(put_stream(root, u"c", "c", 1));
  IStorage_Release(root);
  uint8_t *data = bytes_copy(bytes, &size);
  uint8_t *directory = data + 512 * (1 + data[48]);
  for (int sid = 1; sid <= 3; sid++) {
    memset(directory + sid * 128 + 67, 0, 1);    /* red */
    memset(directory + sid * 128 + 68, 0xFF, 8); /* no neighbours */
  }
  memcpy(directory + 76, "\3\0\0\0", 4);           /* c, */
  memcpy(directory + 3 * 128 + 72, "\1\0\0\0", 4); /* then to its right a, */
  memcpy(directory + 1 * 128 + 72, "\2\0\0\0", 4); /* then b */
  OK(ILockBytes_WriteAt(bytes, (ULARGE_INTEGER){ .QuadPart = 0 }, data, (ULONG)size, NULL));
  assert_non_null(compound_check(data, size));
  free(data);
  OK(StgOpenStorageOnILockBytes(bytes, NULL, RW, NULL, 0, &root));
  EXPECT_STREAM(root, u"a", "a", 1);
  EXPECT_STREAM(root, u"b", "b", 1);
  OK(put_stream(root, u"d", "d", 1));
  EXPECT_STREAM(root, u"c", "c", 1);
  IStorage_Release(root);
  CHECK(bytes);
  ILockBytes_Release(bytes);
}

static void class_and_user_type(void **state) {
  ILockBytes *bytes = new_bytes();
  IStorage *root = new_root(bytes, RW);
  CLIPFORMAT format = 7;
  LPOLESTR type = NULL;
  CLSID clsid;

  (void)state;
  OK(ReadClassStg(root, &clsid));
  assert_true(IsEqualGUID(&clsid, &GUID_NULL));
  OK(WriteClassStg(root, &IID_IStream));
  OK(ReadClassStg(root, &clsid));
  assert_true(IsEqualGUID(&clsid, &IID_IStream));
  IS(ReadFmtUserTypeStg(root, &format, &type), STG_E_FILENOTFOUND);
  OK(WriteFmtUserTypeStg(root, 3, (LPOLESTR)u"Dr\u00e4wing \u03b1"));
  OK(ReadFmtUserTypeStg(root, &format, &type));
  assert_int_equal(format, 3);
  assert_memory_equal(type, u"Dr\u00e4wing \u03b1", 20);
  CoTaskMemFree(type);
  size_t size;
  uint8_t *stream = get_stream(root, u"\1CompObj", &size);
  assert_memory_equal(stream, "\x01\0\xFE\xFF\x03\x0A\0\0\xFF\xFF\xFF\xFF", 12);
  assert_memory_equal(stream + 12, &IID_IStream, 16);
  free(stream);
  OK(put_stream(root, u"\1CompObj", "short", 5));
  IS(ReadFmtUserTypeStg(root, &format, &type), STG_E_READFAULT);
  IStorage_Release(root);
  ILockBytes_Release(bytes);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(modes_of_roots),
    cmocka_unit_test(share_modes_of_two_openings),
    cmocka_unit_test(files_that_are_not_there_or_something_else),
    cmocka_unit_test(headers_that_cannot_be),
    cmocka_unit_test(names_and_modes_of_elements),
    cmocka_unit_test(streams_behave_as_streams),
    cmocka_unit_test(released_and_removed_parents_end_their_parts),
    cmocka_unit_test(transactions_within_a_file),
    cmocka_unit_test(copies_and_moves),
    cmocka_unit_test(sectors_of_4096_bytes),
    cmocka_unit_test(files_as_streams),
    cmocka_unit_test(trees_of_other_programs),
    cmocka_unit_test(class_and_user_type),
  };

  return cmocka_run_group_tests(tests, scratch_begin, scratch_end);
}
