/* Transactions: the file is whole after every single write, growth is bounded, little is written for little. */
#include "storage/storage_tests.h"

#include "com/object.h"

/* Bytes in memory that count writes, and stop taking them after a number of them. */
typedef struct Counting {
  ILockBytes bytes;
  Object object;
  ILockBytes *under;
  long writes_left; /* -1: any number */
  size_t writes, written;
} Counting;

OBJECT_FACE(Counting, bytes, ILockBytes)

static Counting *of(ILockBytes *face) {
  return OBJECT_CONTAINER(face, Counting, bytes);
}

static HRESULT STDMETHODCALLTYPE Counting_ReadAt(ILockBytes *face, ULARGE_INTEGER at, void *buffer, ULONG size,
                                                 ULONG *done) {
  return ILockBytes_ReadAt(of(face)->under, at, buffer, size, done);
}

static int stopped(Counting *counting) {
  if (counting->writes_left == 0)
    return 1;
  counting->writes++;
  counting->writes_left -= counting->writes_left > 0;
  return 0;
}

static HRESULT STDMETHODCALLTYPE Counting_WriteAt(ILockBytes *face, ULARGE_INTEGER at, const void *buffer, ULONG size,
                                                  ULONG *done) {
  if (stopped(of(face)))
    return STG_E_WRITEFAULT;
  of(face)->written += size;
  return ILockBytes_WriteAt(of(face)->under, at, buffer, size, done);
}

static HRESULT STDMETHODCALLTYPE Counting_Flush(ILockBytes *face) {
  return of(face)->writes_left == 0 ? STG_E_WRITEFAULT : S_OK;
}

static HRESULT STDMETHODCALLTYPE Counting_SetSize(ILockBytes *face, ULARGE_INTEGER size) {
  if (stopped(of(face)))
    return STG_E_WRITEFAULT;
  return ILockBytes_SetSize(of(face)->under, size);
}

static HRESULT STDMETHODCALLTYPE Counting_LockRegion(ILockBytes *face, ULARGE_INTEGER at, ULARGE_INTEGER size,
                                                     DWORD type) {
  (void)face;
  (void)at;
  (void)size;
  (void)type;
  return STG_E_INVALIDFUNCTION;
}

static HRESULT STDMETHODCALLTYPE Counting_Stat(ILockBytes *face, STATSTG *stat, DWORD flags) {
  return ILockBytes_Stat(of(face)->under, stat, flags);
}

static void counting_destroy(void *self) {
  ILockBytes_Release(((Counting *)self)->under);
}

static const ILockBytesVtbl counting_vtable = {
  OLEANDER_FACE_SLOTS(Counting, bytes),
  Counting_ReadAt,
  Counting_WriteAt,
  Counting_Flush,
  Counting_SetSize,
  Counting_LockRegion,
  Counting_LockRegion,
  Counting_Stat,
};
static const ObjectFace counting_faces[] = { { &IID_ILockBytes, offsetof(Counting, bytes), &counting_vtable }, { 0 } };
static const ObjectType counting_type = {
  "Counting", sizeof(Counting), offsetof(Counting, object), counting_faces, counting_destroy, NULL,
};

static Counting *counting_over(const uint8_t *bytes, size_t size, long writes_left) {
  Counting *counting = object_create(&counting_type);

  assert_non_null(counting);
  counting->under = new_bytes();
  if (size)
    OK(ILockBytes_WriteAt(counting->under, (ULARGE_INTEGER){ .QuadPart = 0 }, bytes, (ULONG)size, NULL));
  counting->writes_left = writes_left;
  return counting;
}

/* A file with streams of all kinds, and holes. */
static uint8_t *make_old(size_t *size) {
  ILockBytes *bytes = new_bytes();
  IStorage *root;
  IStorage *below;
  uint8_t *big = pattern(60000, 1);

  OK(StgCreateDocfileOnILockBytes(bytes, STGM_CREATE | RW, 0, &root));
  OK(put_stream(root, u"gone", big, 9000));
  OK(put_stream(root, u"large", big, 60000));
  OK(put_stream(root, u"small", "old", 3));
  OK(put_stream(root, u"middle", big, 5000));
  OK(IStorage_CreateStorage(root, u"folder", RW, 0, 0, &below));
  OK(put_stream(below, u"inner", big, 700));
  IStorage_Release(below);
  OK(IStorage_DestroyElement(root, u"gone"));
  IStorage_Release(root);
  free(big);
  CHECK(bytes);
  uint8_t *copy = bytes_copy(bytes, size);
  ILockBytes_Release(bytes);
  return copy;
}

static HRESULT change(IStorage *root) {
  static uint8_t big[30001];
  IStorage *below = NULL;
  IStream *stream = NULL;

  fill_pattern(big, 30000, 2);
  HRESULT status = put_stream(root, u"small", "new", 3);

  if (SUCCEEDED(status))
    status = put_stream(root, u"added", big, 30000);
  if (SUCCEEDED(status))
    status = IStorage_DestroyElement(root, u"middle");
  if (SUCCEEDED(status))
    status = IStorage_OpenStream(root, u"large", NULL, RW, 0, &stream);
  if (SUCCEEDED(status))
    status = IStream_Seek(stream, (LARGE_INTEGER){ .QuadPart = 20000 }, STREAM_SEEK_SET, NULL);
  if (SUCCEEDED(status))
    status = IStream_Write(stream, big, 3000, NULL);
  if (stream)
    IStream_Release(stream);
  if (SUCCEEDED(status))
    status = IStorage_OpenStorage(root, u"folder", NULL, RW, NULL, 0, &below);
  if (SUCCEEDED(status))
    status = put_stream(below, u"inner", "x", 1);
  if (below)
    IStorage_Release(below);
  return status;
}

static int is_new(const uint8_t *data, size_t size, int line) {
  ILockBytes *bytes = new_bytes();
  IStorage *root;
  IStorage *below;
  size_t got;
  uint8_t *first = pattern(60000, 1);
  uint8_t *second = pattern(30000, 2);

  OK(ILockBytes_WriteAt(bytes, (ULARGE_INTEGER){ .QuadPart = 0 }, data, (ULONG)size, NULL));
  is(StgOpenStorageOnILockBytes(bytes, NULL, RO, NULL, 0, &root), S_OK, line);
  uint8_t *found = get_stream(root, u"small", &got);
  int fresh = memcmp(found, "new", 3) == 0;
  free(found);
  if (fresh) {
    EXPECT_STREAM(root, u"added", second, 30000);
    memcpy(first + 20000, second, 3000);
  } else {
    IStream *stream;
    IS(IStorage_OpenStream(root, u"added", NULL, RO, 0, &stream), STG_E_FILENOTFOUND);
    EXPECT_STREAM(root, u"middle", first, 5000);
  }
  EXPECT_STREAM(root, u"large", first, 60000);
  OK(IStorage_OpenStorage(root, u"folder", NULL, RO, NULL, 0, &below));
  if (fresh)
    EXPECT_STREAM(below, u"inner", "x", 1);
  else
    EXPECT_STREAM(below, u"inner", first, 700);
  IStorage_Release(below);
  IStorage_Release(root);
  ILockBytes_Release(bytes);
  free(first);
  free(second);
  return fresh;
}

/* However few of its writes arrive, a commit leaves the old state or the new one. */
static void every_write_may_be_the_last(void **state) {
  size_t old_size;
  uint8_t *old = make_old(&old_size);
  int finished = 0;
  int news = 0;

  (void)state;
  for (long n = 0; !finished; n++) {
    Counting *counting = counting_over(old, old_size, n);
    IStorage *root;

    OK(StgOpenStorageOnILockBytes(&counting->bytes, NULL, RWT, NULL, 0, &root));
    HRESULT status = change(root);
    if (SUCCEEDED(status))
      status = IStorage_Commit(root, STGC_DEFAULT);
    size_t size;
    uint8_t *now = bytes_copy(counting->under, &size);
    int fresh = is_new(now, size, __LINE__);
    news += fresh;
    if (SUCCEEDED(status) && !fresh)
      fail_msg("committed after %ld writes, and not there", n);
    finished = SUCCEEDED(status);
    free(now);
    IStorage_Release(root);
    ILockBytes_Release(&counting->bytes);
    assert_true(n < 5000);
  }
  assert_true(news > 0);
  free(old);
}

/* Before the commit nothing that the file holds is touched. */
static void uncommitted_bytes_stay_behind_the_end(void **state) {
  size_t old_size;
  uint8_t *old = make_old(&old_size);
  Counting *counting = counting_over(old, old_size, -1);
  IStorage *root;
  size_t size;

  (void)state;
  OK(StgOpenStorageOnILockBytes(&counting->bytes, NULL, RWT, NULL, 0, &root));
  for (int i = 0; i < 20; i++) {
    OK(change(root));
    uint8_t *now = bytes_copy(counting->under, &size);
    assert_true(size >= old_size);
    assert_memory_equal(now, old, old_size);
    free(now);
    uint8_t *big = pattern(300000, 3);
    OK(put_stream(root, u"bulk", big, 300000));
    OK(put_stream(root, u"middle", big, 5000));
    free(big);
    if (i % 5 == 4)
      OK(IStorage_Revert(root));
  }
  OK(change(root));
  assert_true(counting->written > 1000000);
  assert_int_equal(IStorage_Release(root), 0);
  uint8_t *now = bytes_copy(counting->under, &size);
  assert_int_equal(size, old_size);
  assert_memory_equal(now, old, old_size);
  free(now);
  free(old);
  ILockBytes_Release(&counting->bytes);
}

/* 200 bytes into a file of many megabytes. */
static void little_is_written_for_little(void **state) {
  Counting *counting = counting_over(NULL, 0, -1);
  uint8_t *big = pattern(20 << 20, 4);
  IStorage *root;
  IStream *stream;

  (void)state;
  OK(StgCreateDocfileOnILockBytes(&counting->bytes, STGM_CREATE | RW, 0, &root));
  OK(put_stream(root, u"big", big, 20 << 20));
  OK(put_stream(root, u"small", "x", 1));
  IStorage_Release(root);
  OK(StgOpenStorageOnILockBytes(&counting->bytes, NULL, RWT, NULL, 0, &root));
  for (int i = 0; i < 20; i++) {
    counting->written = 0;
    OK(IStorage_OpenStream(root, u"big", NULL, RW, 0, &stream));
    OK(IStream_Seek(stream, (LARGE_INTEGER){ .QuadPart = i * 1000003 % (20 << 20) }, STREAM_SEEK_SET, NULL));
    OK(IStream_Write(stream, big, 200, NULL));
    IStream_Release(stream);
    OK(put_stream(root, u"small", big + i, 200));
    OK(IStorage_Commit(root, STGC_DEFAULT));
    if (counting->written > 32768)
      fail_msg("%zu bytes for 400", counting->written);
  }
  IStorage_Release(root);
  CHECK(counting->under);
  ILockBytes_Release(&counting->bytes);
  free(big);
}

/* What is freed is used again, wherever it lies. */
static void growth_is_bounded(void **state) {
  Counting *counting = counting_over(NULL, 0, -1);
  uint8_t *big = pattern(200000, 5);
  IStorage *root;
  size_t used;
  size_t total;
  size_t size;

  (void)state;
  OK(StgCreateDocfileOnILockBytes(&counting->bytes, STGM_CREATE | RWT, 0, &root));
  for (int i = 0; i < 200; i++) {
    OLECHAR name[] = { (OLECHAR)(u'a' + i % 7), 0 };
    OK(put_stream(root, name, big + i, (size_t)(i % 11) * 18000));
    OK(IStorage_Commit(root, STGC_DEFAULT));
    uint8_t *now = bytes_copy(counting->under, &size);
    const char *text = compound_check(now, size);
    compound_usage(now, size, &used, &total);
    free(now);
    if (text || total > used * 3 + 16)
      fail_msg("commit %d: %s, %zu of %zu sectors used", i, text ? text : "whole", used, total);
  }
  for (int i = 0; i < 6; i++) {
    OLECHAR name[] = { (OLECHAR)(u'a' + i), 0 };
    OK(IStorage_DestroyElement(root, name));
  }
  OK(IStorage_Commit(root, STGC_DEFAULT));
  OK(put_stream(root, u"x", "x", 1));
  OK(IStorage_Commit(root, STGC_DEFAULT));
  uint8_t *now = bytes_copy(counting->under, &size);
  compound_usage(now, size, &used, &total);
  free(now);
  assert_true(total <= used * 3 + 16);
  IStorage_Release(root);
  ILockBytes_Release(&counting->bytes);
  free(big);
}

static void somebody_else_has_committed(void **state) {
  Counting *counting = counting_over(NULL, 0, -1);
  IStorage *first;
  IStorage *second;

  (void)state;
  OK(StgCreateDocfileOnILockBytes(&counting->bytes, STGM_CREATE | RWT, 0, &first));
  OK(put_stream(first, u"a", "1", 1));
  OK(IStorage_Commit(first, STGC_DEFAULT));
  OK(StgOpenStorageOnILockBytes(&counting->bytes, NULL, RWT, NULL, 0, &second));
  OK(put_stream(second, u"a", "2", 1));
  OK(IStorage_Commit(second, STGC_DEFAULT));
  IStorage_Release(second);
  IS(put_stream(first, u"a", "3", 1), STG_E_NOTCURRENT);
  OK(IStorage_Commit(first, STGC_ONLYIFCURRENT)); /* nothing has changed */
  IStorage_Release(first);
  OK(StgOpenStorageOnILockBytes(&counting->bytes, NULL, RO, NULL, 0, &first));
  EXPECT_STREAM(first, u"a", "2", 1);
  IStorage_Release(first);
  ILockBytes_Release(&counting->bytes);
}

/* Every allocation fails once: the failure is told, and a file is left that holds the old state or the new one. */
static void memory_may_run_out(void **state) {
  size_t old_size;
  uint8_t *old = make_old(&old_size);
  int reached = 1;

  (void)state;
  for (size_t n = 1; reached; n++) {
    Counting *counting = counting_over(old, old_size, -1);
    IStorage *root = NULL;
    size_t size;

    faults_fail_at(n);
    HRESULT status = StgOpenStorageOnILockBytes(&counting->bytes, NULL, RWT, NULL, 0, &root);
    if (SUCCEEDED(status))
      status = change(root);
    if (SUCCEEDED(status))
      status = IStorage_Commit(root, STGC_DEFAULT);
    if (root)
      IStorage_Release(root);
    reached = faults_reached();
    faults_off();
    uint8_t *now = bytes_copy(counting->under, &size);
    int fresh = is_new(now, size, __LINE__);
    free(now);
    if (SUCCEEDED(status) ? !fresh : status != E_OUTOFMEMORY)
      fail_msg("allocation %zu: %08X", n, (unsigned)status);
    ILockBytes_Release(&counting->bytes);
  }
  free(old);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(every_write_may_be_the_last),  cmocka_unit_test(uncommitted_bytes_stay_behind_the_end),
    cmocka_unit_test(little_is_written_for_little), cmocka_unit_test(growth_is_bounded),
    cmocka_unit_test(somebody_else_has_committed),  cmocka_unit_test(memory_may_run_out),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
