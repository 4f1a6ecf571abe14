/* A writer of compound files ([MS-CFB]) that knows one stream: FAT, DIFAT and directory in front, then the data. */
#include "support/scattered.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FREE = -1, END = -2, FAT = -3, DIFAT = -4, HEADER_FATS = 109, WAYS = 8 };

static void put(uint8_t *p, uint64_t value, unsigned size) {
  for (unsigned i = 0; i < size; i++)
    p[i] = (uint8_t)(value >> 8 * i);
}

/* Every eight bytes tell their place. */
void scattered_bytes(uint64_t offset, uint8_t *bytes, size_t size) {
  for (size_t i = 0; i < size; i++) {
    uint64_t word = ((offset + i) / 8 + 1) * 0x9E3779B97F4A7C15u;
    bytes[i] = (uint8_t)((word ^ word >> 29) >> 8 * ((offset + i) % 8));
  }
}

/* places[i]: where the i-th sector of the stream lies among those of the data. */
static uint32_t *make_places(uint32_t count, enum ScatteredOrder order) {
  uint32_t *places = malloc((size_t)count * sizeof *places);
  uint32_t next = 0;
  uint32_t state = 1;

  if (!places)
    return NULL;
  for (uint32_t i = 0; i < count; i++)
    places[i] = order == SCATTERED_BACKWARDS ? count - 1 - i : i;
  if (order == SCATTERED_IN_TURN) {
    for (uint32_t way = 0; way < WAYS; way++)
      for (uint32_t place = way; place < count; place += WAYS)
        places[next++] = place;
  }
  for (uint32_t i = count; order == SCATTERED_ANYHOW && i > 1; i--) {
    state = state * 1664525u + 1013904223u;
    uint32_t other = (uint32_t)((uint64_t)state * i >> 32);
    uint32_t kept = places[i - 1];
    places[i - 1] = places[other];
    places[other] = kept;
  }
  return places;
}

static void put_entry(uint8_t *p, const char *name, unsigned type, uint32_t child, uint32_t start, uint64_t size) {
  for (size_t i = 0; name[i]; i++)
    p[i * 2] = (uint8_t)name[i];
  put(p + 64, (strlen(name) + 1) * 2, 2);
  p[66] = (uint8_t)type;
  p[67] = 1;
  put(p + 68, UINT32_MAX, 4);
  put(p + 72, UINT32_MAX, 4);
  put(p + 76, child, 4);
  put(p + 116, start, 4);
  put(p + 120, size, 8);
}

bool scattered_write(const char *path, unsigned version, uint32_t count, enum ScatteredOrder order) {
  uint32_t size = version == 4 ? 4096 : 512;
  uint32_t each = size / 4;
  uint32_t fats = 1, difats = 0, before = 0;
  uint32_t *places = make_places(count, order);

  for (unsigned i = 0; i < 8; i++) { /* the tables count themselves */
    before = fats + difats + 1;
    fats = (before + count + each - 1) / each;
    difats = fats > HEADER_FATS ? (fats - HEADER_FATS + each - 2) / (each - 1) : 0;
  }
  before = fats + difats + 1;
  uint64_t total = ((uint64_t)before + count + 1) * size;
  uint8_t *file = calloc(1, (size_t)total);
  if (!places || !file)
    return false;
  memcpy(file, (const uint8_t[]){ 0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1 }, 8);
  put(file + 24, 0x3E, 2);
  put(file + 26, version, 2);
  put(file + 28, 0xFFFE, 2);
  put(file + 30, version == 4 ? 12 : 9, 2);
  put(file + 32, 6, 2);
  put(file + 40, version == 4 ? 1 : 0, 4);
  put(file + 44, fats, 4);
  put(file + 48, before - 1, 4);
  put(file + 56, 4096, 4);
  put(file + 60, (uint32_t)END, 4);
  put(file + 68, difats ? fats : (uint32_t)END, 4);
  put(file + 72, difats, 4);
  for (uint32_t i = 0; i < HEADER_FATS; i++)
    put(file + 76 + (size_t)i * 4, i < fats ? i : UINT32_MAX, 4);
  uint8_t *fat = file + size;
  memset(fat, 0xFF, (size_t)(fats + difats) * size);
  for (uint32_t i = 0; i < before; i++)
    put(fat + (size_t)i * 4, (uint32_t)(i < fats ? FAT : i < fats + difats ? DIFAT : END), 4);
  for (uint32_t i = 0; i < count; i++)
    put(fat + ((size_t)before + places[i]) * 4, i + 1 < count ? before + places[i + 1] : (uint32_t)END, 4);
  for (uint32_t i = 0; i < difats; i++) {
    uint8_t *list = fat + (size_t)(fats + i) * size;
    for (uint32_t j = 0; j + 1 < each; j++) {
      uint32_t page = HEADER_FATS + i * (each - 1) + j;
      put(list + (size_t)j * 4, page < fats ? page : UINT32_MAX, 4);
    }
    put(list + (size_t)(each - 1) * 4, i + 1 < difats ? fats + i + 1 : (uint32_t)END, 4);
  }
  uint8_t *directory = fat + (size_t)(before - 1) * size;
  for (uint32_t i = 2; i < size / 128; i++)
    memset(directory + (size_t)i * 128 + 68, 0xFF, 12);
  put_entry(directory, "Root Entry", 5, 1, (uint32_t)END, 0);
  put_entry(directory + 128, "DATA", 2, UINT32_MAX, before + places[0], (uint64_t)count * size);
  for (uint32_t i = 0; i < count; i++)
    scattered_bytes((uint64_t)i * size, fat + ((size_t)before + places[i]) * size, size);
  FILE *out = fopen(path, "wb");
  bool done = out && fwrite(file, 1, (size_t)total, out) == total;
  done = out && fclose(out) == 0 && done;
  free(file);
  free(places);
  return done;
}
