/* Streams whose sectors lie in any order, read in pieces of any size: by way of a map of the file (storage/mapped_bytes.h),
 * which somebody may cut while it is read. */
#include "storage/storage_tests.h"

#include <signal.h>
#include <unistd.h>

#include "support/scattered.h"
#include "support/scratch.h"

enum { LENGTH = 3 << 20, PIECE = 20000, READS = 400 };

static const OLECHAR *wide(const char *text) {
  static OLECHAR path[512];

  for (size_t i = 0; i <= strlen(text); i++)
    path[i] = (OLECHAR)text[i];
  return path;
}

static IStorage *open_scattered(unsigned version, unsigned order, DWORD mode, IStream **stream) {
  IStorage *root;
  const char *path = scratch_path("scattered.cfb");

  assert_true(scattered_write(path, version, LENGTH / (version == 4 ? 4096 : 512), (enum ScatteredOrder)order));
  OK(StgOpenStorage(wide(path), NULL, mode, NULL, 0, &root));
  OK(IStorage_OpenStream(root, u"DATA", NULL, mode & ~(DWORD)STGM_TRANSACTED, 0, stream));
  return root;
}

static HRESULT read_at(IStream *stream, uint64_t at, uint8_t *bytes, ULONG size) {
  ULONG done;

  OK(IStream_Seek(stream, (LARGE_INTEGER){ .QuadPart = (LONGLONG)at }, STREAM_SEEK_SET, NULL));
  HRESULT status = IStream_Read(stream, bytes, size, &done);
  if (SUCCEEDED(status))
    assert_int_equal(done, size);
  return status;
}

static uint32_t next_number(uint32_t *state) {
  *state = *state * 1664525u + 1013904223u;
  return *state >> 4;
}

static void any_order_any_piece(void **state) {
  static uint8_t bytes[PIECE], expected[PIECE];
  uint32_t number = 7;

  (void)state;
  for (unsigned which = 0; which < 2 * SCATTERED_ORDERS; which++) {
    IStream *stream;
    IStorage *root = open_scattered(which % 2 + 3, which / 2, RO, &stream);

    for (unsigned i = 0; i < READS; i++) {
      ULONG size = next_number(&number) % (i % 3 ? 1200 : PIECE) + 1;
      uint64_t at = next_number(&number) % (LENGTH - size);
      OK(read_at(stream, at, bytes, size));
      scattered_bytes(at, expected, size);
      assert_memory_equal(bytes, expected, size);
    }
    for (uint64_t at = 0; at < LENGTH; at += 65536 / 4) {
      OK(read_at(stream, at, bytes, 65536 / 4));
      scattered_bytes(at, expected, 65536 / 4);
      assert_memory_equal(bytes, expected, 65536 / 4);
    }
    IStream_Release(stream);
    IStorage_Release(root);
  }
}

/* What is written is read at once, in a transaction and after it, whatever was mapped before. */
static void written_between_reads(void **state) {
  static uint8_t model[LENGTH], bytes[PIECE];
  uint32_t number = 11;

  (void)state;
  for (unsigned which = 0; which < 4; which++) {
    IStream *stream;
    DWORD mode = which / 2 ? RWT : RW;
    IStorage *root = open_scattered(which % 2 + 3, SCATTERED_ANYHOW, mode, &stream);

    scattered_bytes(0, model, LENGTH);
    for (unsigned i = 0; i < READS * 2; i++) {
      ULONG size = next_number(&number) % (i % 5 ? 1500 : PIECE) + 1;
      uint64_t at = next_number(&number) % (LENGTH - size);

      OK(read_at(stream, at, bytes, size));
      assert_memory_equal(bytes, model + at, size);
      if (i % 3)
        continue;
      fill_pattern(model + at, size, i);
      OK(IStream_Seek(stream, (LARGE_INTEGER){ .QuadPart = (LONGLONG)at }, STREAM_SEEK_SET, NULL));
      OK(IStream_Write(stream, model + at, size, NULL));
      if (i % 99 == 0)
        OK(IStorage_Commit(root, STGC_DANGEROUSLYCOMMITMERELYTODISKCACHE));
    }
    for (uint64_t at = 0; at + PIECE <= LENGTH; at += PIECE) {
      OK(read_at(stream, at, bytes, PIECE));
      assert_memory_equal(bytes, model + at, PIECE);
    }
    IStream_Release(stream);
    IStorage_Release(root);
  }
}

/* What is cut away reads as zeros or is an error; nobody dies of it, and what is left is read. */
static void cut_while_it_is_read(void **state) {
  static uint8_t bytes[PIECE], expected[PIECE], zeros[PIECE];

  (void)state;
  for (unsigned version = 3; version <= 4; version++) {
    IStream *stream;
    IStorage *root = open_scattered(version, SCATTERED_BACKWARDS, RO, &stream);
    uint32_t size = version == 4 ? 4096 : 512;

    for (uint64_t at = 0; at < LENGTH / 2; at += 2 * 4096) /* not one after another: the file is mapped */
      OK(read_at(stream, LENGTH / 2 + at, bytes, 512));
    assert_int_equal(truncate(scratch_path("scattered.cfb"), LENGTH / 2), 0);
    for (unsigned i = 0; i < 100; i++) {
      uint64_t at = (uint64_t)i * size; /* the last ones of the file */
      if (SUCCEEDED(read_at(stream, at, bytes, 512)))
        assert_memory_equal(bytes, zeros, 512);
      at = LENGTH - (i + 1) * (uint64_t)size;
      OK(read_at(stream, at, bytes, 512));
      scattered_bytes(at, expected, 512);
      assert_memory_equal(bytes, expected, 512);
    }
    IStream_Release(stream);
    IStorage_Release(root);
  }
}

static volatile sig_atomic_t signals;

static void count_signal(int signal) {
  (void)signal;
  signals++;
}

/* A handler that was there before keeps its signals. */
static void signals_of_others(void **state) {
  static uint8_t bytes[512];
  IStream *stream;

  (void)state;
  signal(SIGBUS, count_signal);
  IStorage *root = open_scattered(3, SCATTERED_ANYHOW, RO, &stream);
  for (unsigned i = 0; i < 200; i++)
    OK(read_at(stream, (uint64_t)i * 512, bytes, 512));
  raise(SIGBUS);
  assert_int_equal(signals, 1);
  IStream_Release(stream);
  IStorage_Release(root);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(any_order_any_piece),
    cmocka_unit_test(written_between_reads),
    cmocka_unit_test(cut_while_it_is_read),
    cmocka_unit_test(signals_of_others),
  };

  return cmocka_run_group_tests(tests, scratch_begin, scratch_end);
}
