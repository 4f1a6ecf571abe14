#include "support/compound_check.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define END  0xFFFFFFFEu
#define FREE 0xFFFFFFFFu
#define NONE 0xFFFFFFFFu

typedef struct Check {
  const uint8_t *data;
  size_t size;
  unsigned version;
  uint32_t sector_size, sectors;
  uint32_t *fat; /* entries */
  uint32_t fat_entries;
  uint8_t *owner; /* of each sector: 0 none */
  uint32_t *mini_fat;
  uint32_t mini_entries;
  uint8_t *mini_owner;
  uint8_t *mini;
  uint64_t mini_size;
  uint8_t *directory;
  uint32_t entries;
  uint8_t *seen; /* entries */
  CompoundVisit *visit;
  void *context;
} Check;

static _Thread_local char problem[256];

static const char *wrong(const char *format, ...) __attribute__((format(printf, 1, 2)));
static const char *wrong(const char *format, ...) {
  va_list arguments;

  va_start(arguments, format);
  vsnprintf(problem, sizeof problem, format, arguments);
  va_end(arguments);
  return problem;
}

static uint32_t u16(const uint8_t *p) {
  return (uint32_t)(p[0] | p[1] << 8);
}

static uint32_t u32(const uint8_t *p) {
  return u16(p) | u16(p + 2) << 16;
}

static const uint8_t *sector_at(const Check *check, uint32_t sector) {
  return check->data + ((size_t)sector + 1) * check->sector_size;
}

static const char *own(Check *check, uint32_t sector, uint8_t owner, uint32_t mark) {
  if (sector >= check->sectors)
    return wrong("sector %u is beyond the file", sector);
  if (check->owner[sector])
    return wrong("sector %u is used twice (%u, %u)", sector, check->owner[sector], owner);
  if (mark && check->fat[sector] != mark)
    return wrong("sector %u is not marked as what it is", sector);
  check->owner[sector] = owner;
  return NULL;
}

/* The bytes of a chain of that many sectors (-1: any number). */
static const char *collect(Check *check, uint32_t start, long count, uint8_t owner, uint8_t **bytes, size_t *size) {
  size_t room = 0;

  *bytes = NULL;
  *size = 0;
  for (uint32_t sector = start; sector != END; sector = check->fat[sector]) {
    const char *text = own(check, sector, owner, 0);
    if (text)
      return text;
    if (*size + check->sector_size > room) {
      room = room * 2 + check->sector_size * 4;
      *bytes = realloc(*bytes, room);
    }
    memcpy(*bytes + *size, sector_at(check, sector), check->sector_size);
    *size += check->sector_size;
  }
  if (count >= 0 && *size != (size_t)count * check->sector_size)
    return wrong("a chain of %zu sectors where %ld are needed", *size / check->sector_size, count);
  return NULL;
}

static const char *read_fat(Check *check) {
  uint32_t pages = u32(check->data + 44);
  uint32_t each = check->sector_size / 4;
  uint32_t difat = u32(check->data + 68);
  uint32_t lists = 0;
  uint32_t *places = calloc((size_t)pages + 1, sizeof *places);
  uint32_t *list_places = calloc((size_t)check->sectors + 1, sizeof *list_places);
  uint32_t known = 0;
  const char *text = NULL;

  for (uint32_t i = 0; i < 109; i++) {
    uint32_t place = u32(check->data + 76 + i * 4);
    if (known < pages)
      places[known++] = place;
    else if (place != FREE)
      text = wrong("the header names more FAT sectors than there are");
  }
  while (!text && difat != END) {
    if (difat >= check->sectors || lists >= check->sectors) {
      text = wrong("DIFAT sector %u", difat);
      break;
    }
    list_places[lists++] = difat;
    for (uint32_t i = 0; i + 1 < each; i++) {
      uint32_t place = u32(sector_at(check, difat) + i * 4);
      if (known < pages)
        places[known++] = place;
      else if (place != FREE)
        text = wrong("the DIFAT names more FAT sectors than there are");
    }
    difat = u32(sector_at(check, difat) + (each - 1) * 4);
  }
  if (!text && known != pages)
    text = wrong("%u FAT sectors of %u", known, pages);
  if (!text && lists != u32(check->data + 72))
    text = wrong("%u DIFAT sectors, the header says %u", lists, u32(check->data + 72));
  check->fat_entries = pages * each;
  check->fat = malloc((size_t)check->fat_entries * 4 + (size_t)check->sectors * 4 + 4);
  memset(check->fat, 0xFF, (size_t)check->fat_entries * 4 + (size_t)check->sectors * 4 + 4);
  for (uint32_t i = 0; !text && i < pages; i++) {
    if (places[i] >= check->sectors)
      text = wrong("FAT sector %u is beyond the file", places[i]);
    for (uint32_t j = 0; !text && j < each; j++)
      check->fat[i * each + j] = u32(sector_at(check, places[i]) + j * 4);
  }
  for (uint32_t i = 0; !text && i < pages; i++)
    text = own(check, places[i], 1, 0xFFFFFFFD);
  for (uint32_t i = 0; !text && i < lists; i++)
    text = own(check, list_places[i], 2, 0xFFFFFFFC);
  if (!text && check->fat_entries < check->sectors)
    text = wrong("the FAT covers %u of %u sectors", check->fat_entries, check->sectors);
  for (uint32_t i = check->sectors; !text && i < check->fat_entries; i++) {
    if (check->fat[i] != FREE)
      text = wrong("sector %u beyond the file is not free", i);
  }
  free(places);
  free(list_places);
  return text;
}

/* Simple capitals of what the tests use. */
static uint32_t upper(uint32_t unit) {
  if ((unit >= 'a' && unit <= 'z') || (unit >= 0xE0 && unit <= 0xFE && unit != 0xF7) ||
      (unit >= 0x3B1 && unit <= 0x3C9 && unit != 0x3C2))
    return unit - 32;
  return unit;
}

static int compare(const uint8_t *first, const uint8_t *second) {
  uint32_t one = u16(first + 64);
  uint32_t other = u16(second + 64);

  if (one != other)
    return one < other ? -1 : 1;
  for (uint32_t i = 0; i + 2 < one; i += 2) {
    uint32_t a = upper(u16(first + i));
    uint32_t b = upper(u16(second + i));
    if (a != b)
      return a < b ? -1 : 1;
  }
  return 0;
}

static const char *check_entry(Check *check, uint32_t sid, char *path, size_t length);

/* The tree below, in order between two entries; gives the black nodes to a missing child. */
static const char *check_tree(Check *check, uint32_t sid, const uint8_t *low, const uint8_t *high, bool parent_black,
                              int *blacks, char *path, size_t length) {
  const uint8_t *p;
  int left;
  int right;

  *blacks = 0;
  if (sid == NONE)
    return NULL;
  if (sid >= check->entries)
    return wrong("entry %u does not exist", sid);
  if (check->seen[sid])
    return wrong("entry %u is met twice", sid);
  check->seen[sid] = 1;
  p = check->directory + (size_t)sid * 128;
  if (p[66] != 1 && p[66] != 2)
    return wrong("entry %u has type %u", sid, p[66]);
  if (p[67] > 1)
    return wrong("entry %u has colour %u", sid, p[67]);
  if (!p[67] && !parent_black)
    return wrong("entry %u is red below red", sid);
  if ((low && compare(low, p) >= 0) || (high && compare(p, high) >= 0))
    return wrong("entry %u is out of order", sid);
  const char *text = check_tree(check, u32(p + 68), low, p, p[67], &left, path, length);
  if (!text)
    text = check_entry(check, sid, path, length);
  if (!text)
    text = check_tree(check, u32(p + 72), p, high, p[67], &right, path, length);
  if (!text && left != right)
    text = wrong("entry %u has %d black nodes to the left and %d to the right", sid, left, right);
  if (!text)
    *blacks = left + p[67];
  return text;
}

static const char *check_stream(Check *check, const uint8_t *p, const char *path) {
  uint64_t size = u32(p + 120) | (uint64_t)u32(p + 124) << 32;
  uint32_t start = u32(p + 116);
  uint8_t *bytes = NULL;
  size_t got = 0;
  const char *text = NULL;

  if (size >= 4096) {
    text = collect(check, start, (long)((size + check->sector_size - 1) / check->sector_size), 6, &bytes, &got);
  } else if (size) {
    bytes = malloc(4096);
    for (uint32_t sector = start; !text && sector != END; sector = check->mini_fat[sector]) {
      if (sector >= check->mini_entries || ((uint64_t)sector + 1) * 64 > check->mini_size)
        return free(bytes), wrong("mini sector %u is beyond the mini stream", sector);
      if (check->mini_owner[sector]++)
        return free(bytes), wrong("mini sector %u is used twice", sector);
      if (got >= 4096)
        return free(bytes), wrong("a long chain of mini sectors");
      memcpy(bytes + got, check->mini + (size_t)sector * 64, 64);
      got += 64;
    }
    if (got != (size + 63) / 64 * 64)
      text = wrong("%zu bytes in mini sectors for %u", got, (unsigned)size);
  } else if (start != END) {
    text = wrong("an empty stream begins at %u", start);
  }
  if (!text && check->visit)
    check->visit(check->context, path, 2, bytes, (size_t)size);
  free(bytes);
  return text;
}

static const char *check_entry(Check *check, uint32_t sid, char *path, size_t length) {
  const uint8_t *p = check->directory + (size_t)sid * 128;
  uint32_t bytes = u16(p + 64);
  int blacks;

  if (bytes < 4 || bytes > 64 || bytes % 2)
    return wrong("entry %u has a name of %u bytes", sid, bytes);
  for (uint32_t i = 0; i < 64; i += 2) {
    uint32_t unit = u16(p + i);
    if ((i + 2 < bytes) != (unit != 0))
      return wrong("the name of entry %u is not what its length says", sid);
    if (unit == '/' || unit == '\\' || unit == ':' || unit == '!')
      return wrong("the name of entry %u has a unit that it may not have", sid);
  }
  size_t old = length;
  if (length)
    path[length++] = '/';
  for (uint32_t i = 0; i + 2 < bytes; i += 2)
    path[length++] = (char)(u16(p + i) < 128 ? u16(p + i) : '?');
  path[length] = 0;
  const char *text = NULL;
  if (p[66] == 2) {
    for (uint32_t i = 80; i < 116; i++) {
      if (i < 96 && p[i])
        return wrong("stream %s has a class", path);
      if (i >= 100 && p[i])
        return wrong("stream %s has times", path);
    }
    text = u32(p + 76) == NONE ? check_stream(check, p, path) : wrong("stream %s has elements", path);
  } else {
    if (u32(p + 116) || u32(p + 120) || u32(p + 124))
      return wrong("storage %s has sectors", path);
    if (check->visit)
      check->visit(check->context, path, 1, NULL, 0);
    if (u32(p + 76) != NONE && u32(p + 76) < check->entries && !check->directory[(size_t)u32(p + 76) * 128 + 67])
      return wrong("the top of %s is red", path);
    text = check_tree(check, u32(p + 76), NULL, NULL, true, &blacks, path, length);
  }
  path[old] = 0;
  return text;
}

static const char *check_directory(Check *check) {
  char path[4096] = "";
  size_t size;
  int blacks;
  const char *text = collect(check, u32(check->data + 48), -1, 3, &check->directory, &size);

  if (text)
    return text;
  check->entries = (uint32_t)(size / 128);
  if (check->version == 4 && u32(check->data + 40) != size / check->sector_size)
    return wrong("the header counts %u directory sectors of %zu", u32(check->data + 40), size / check->sector_size);
  if (check->version == 3 && u32(check->data + 40))
    return wrong("version 3 counts directory sectors");
  check->seen = calloc(check->entries, 1);
  const uint8_t *root = check->directory;
  if (!check->entries || root[66] != 5)
    return wrong("there is no root");
  if (u32(root + 68) != NONE || u32(root + 72) != NONE)
    return wrong("the root has neighbours");
  check->seen[0] = 1;
  check->mini_size = u32(root + 120);
  uint8_t *bytes;
  text = collect(check, u32(root + 116), (long)((check->mini_size + check->sector_size - 1) / check->sector_size), 5,
                 &check->mini, &size);
  if (text)
    return text;
  text = collect(check, u32(check->data + 60), (long)u32(check->data + 64), 4, &bytes, &size);
  check->mini_entries = (uint32_t)(size / 4);
  check->mini_fat = malloc(size + 4);
  for (uint32_t i = 0; i < check->mini_entries; i++)
    check->mini_fat[i] = u32(bytes + i * 4);
  free(bytes);
  check->mini_owner = calloc(check->mini_entries + 1, 1);
  if (text)
    return text;
  if (u32(root + 76) != NONE && u32(root + 76) < check->entries && !check->directory[(size_t)u32(root + 76) * 128 + 67])
    return wrong("the top of the root is red");
  text = check_tree(check, u32(root + 76), NULL, NULL, true, &blacks, path, 0);
  if (text)
    return text;
  for (uint32_t sid = 0; sid < check->entries; sid++) {
    const uint8_t *p = check->directory + (size_t)sid * 128;
    if (!check->seen[sid] && p[66])
      return wrong("entry %u hangs nowhere", sid);
    if (!p[66] && (u32(p + 68) != NONE || u32(p + 72) != NONE || u32(p + 76) != NONE || u16(p + 64)))
      return wrong("empty entry %u is not empty", sid);
  }
  for (uint32_t i = 0; i < check->mini_entries; i++) {
    if ((check->mini_fat[i] != FREE) != (check->mini_owner[i] != 0))
      return wrong("mini sector %u is %s", i, check->mini_owner[i] ? "free but used" : "lost");
  }
  return NULL;
}

static const char *check_all(Check *check) {
  static const uint8_t signature[8] = { 0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1 };

  if (check->size < 512 || memcmp(check->data, signature, 8))
    return wrong("no compound file");
  check->version = u16(check->data + 26);
  check->sector_size = 1u << u16(check->data + 30);
  if (!(check->version == 3 && check->sector_size == 512) && !(check->version == 4 && check->sector_size == 4096))
    return wrong("version %u with sectors of %u bytes", check->version, check->sector_size);
  if (u16(check->data + 24) != 0x3E || u16(check->data + 28) != 0xFFFE || u16(check->data + 32) != 6 ||
      u32(check->data + 56) != 4096)
    return wrong("the header");
  if (check->size % check->sector_size)
    return wrong("%zu bytes are no whole sectors", check->size);
  check->sectors = (uint32_t)(check->size / check->sector_size) - 1;
  check->owner = calloc(check->sectors + 1, 1);
  const char *text = read_fat(check);
  if (!text)
    text = check_directory(check);
  for (uint32_t i = 0; !text && i < check->sectors; i++) {
    if ((check->fat[i] != FREE) != (check->owner[i] != 0))
      text = wrong("sector %u is %s", i, check->owner[i] ? "free but used" : "lost");
  }
  return text;
}

static void clear(Check *check) {
  free(check->fat);
  free(check->owner);
  free(check->mini_fat);
  free(check->mini_owner);
  free(check->mini);
  free(check->directory);
  free(check->seen);
}

const char *compound_visit(const uint8_t *data, size_t size, CompoundVisit *visit, void *context) {
  Check check = { .data = data, .size = size, .visit = visit, .context = context };
  const char *text = check_all(&check);

  clear(&check);
  return text;
}

const char *compound_check(const uint8_t *data, size_t size) {
  return compound_visit(data, size, NULL, NULL);
}

void compound_usage(const uint8_t *data, size_t size, size_t *used, size_t *total) {
  Check check = { .data = data, .size = size };

  *used = 0;
  check_all(&check);
  for (uint32_t i = 0; check.owner && i < check.sectors; i++)
    *used += check.owner[i] != 0;
  *total = check.sectors;
  clear(&check);
}
