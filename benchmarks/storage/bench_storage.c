/* Streams of compound files of 100 MB against plain files with the same bytes, read likewise: sectors of both sizes, in
 * several orders; from one end to the other, and at places all over. Ratios of the time of the process, the medians of turns. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <coml2api.h>
#include <objidl.h>

#include "support/scattered.h"

enum { TURNS = 7, LENGTH = 100 << 20, PIECE = 65536 };

static uint8_t buffer[PIECE];
static char path[256], plain[256];

static double now(void) {
  struct timespec time;

  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

static int compare(const void *one, const void *other) {
  double difference = *(const double *)one - *(const double *)other;

  return (difference > 0) - (difference < 0);
}

/* The places that are read, in turn: one after another with a count of 0. */
static uint64_t place_of(uint32_t i, uint32_t count, uint32_t size) {
  return count ? (uint64_t)((i * 2654435761u + 12345u) % (LENGTH / 64 - size / 64)) * 64 : (uint64_t)i * size;
}

static double read_plain(uint32_t count, uint32_t size) {
  double start = now();
  int fd = open(plain, O_RDONLY);

  for (uint32_t i = 0; i < (count ? count : LENGTH / size); i++)
    if (pread(fd, buffer, size, (off_t)place_of(i, count, size)) != (ssize_t)size)
      abort();
  close(fd);
  return now() - start;
}

static double read_stream(uint32_t count, uint32_t size) {
  OLECHAR name[256];
  IStorage *root;
  IStream *stream;
  ULONG done;
  double start = now();

  for (size_t i = 0; i <= strlen(path); i++)
    name[i] = (OLECHAR)path[i];
  if (FAILED(StgOpenStorage(name, NULL, STGM_READ | STGM_SHARE_EXCLUSIVE, NULL, 0, &root)) ||
      FAILED(IStorage_OpenStream(root, OLESTR("DATA"), NULL, STGM_READ | STGM_SHARE_EXCLUSIVE, 0, &stream)))
    abort();
  for (uint32_t i = 0; i < (count ? count : LENGTH / size); i++) {
    LARGE_INTEGER at = { .QuadPart = (LONGLONG)place_of(i, count, size) };

    if (count && FAILED(IStream_Seek(stream, at, STREAM_SEEK_SET, NULL)))
      abort();
    if (FAILED(IStream_Read(stream, buffer, size, &done)) || done != size)
      abort();
  }
  IStream_Release(stream);
  IStorage_Release(root);
  return now() - start;
}

static void measure(const char *what, unsigned version, const char *order, uint32_t count, uint32_t size) {
  double ratios[TURNS];
  char label[96];

  for (unsigned i = 0; i < TURNS; i++) {
    double ours = read_stream(count, size);
    ratios[i] = ours / read_plain(count, size);
  }
  qsort(ratios, TURNS, sizeof *ratios, compare);
  snprintf(label, sizeof label, "version %u, %s, %s of %u", version, order, what, size);
  printf("%-56s %6.2f  [%.2f, %.2f]\n", label, ratios[TURNS / 2], ratios[0], ratios[TURNS - 1]);
  fflush(stdout);
}

static void write_plain(void) {
  FILE *file = fopen(plain, "wb");

  for (uint32_t i = 0; i < LENGTH / PIECE; i++) {
    scattered_bytes((uint64_t)i * PIECE, buffer, PIECE);
    if (fwrite(buffer, 1, PIECE, file) != PIECE)
      abort();
  }
  fclose(file);
}

int main(void) {
  static const char *const orders[] = { "in order", "backwards", "in turn", "anyhow" };
  const char *folder = getenv("TMPDIR");

  snprintf(path, sizeof path, "%s/bench_storage_%d.cfb", folder ? folder : "/tmp", (int)getpid());
  snprintf(plain, sizeof plain, "%s/bench_storage_%d.bin", folder ? folder : "/tmp", (int)getpid());
  write_plain();
  for (unsigned version = 3; version <= 4; version++) {
    for (unsigned order = 0; order < SCATTERED_ORDERS; order++) {
      if (!scattered_write(path, version, LENGTH / (version == 4 ? 4096 : 512), (enum ScatteredOrder)order))
        abort();
      measure("one end to the other, pieces", version, orders[order], 0, 65536);
      measure("one end to the other, pieces", version, orders[order], 0, 4096);
      measure("places all over, pieces", version, orders[order], 20000, 4096);
      measure("places all over, pieces", version, orders[order], 20000, 512);
    }
  }
  unlink(path);
  unlink(plain);
  return 0;
}
