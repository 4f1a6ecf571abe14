/* Type libraries: opening the biggest one at hand against opening one of 10 KB, and enumerating everything in it against
 * mapping and touching its pages. Medians of ratios of processor time, taken in turns, with p10 and p90. And the heap that
 * is in use when every type was enumerated and is still held, against the size of the file. */
#include <oleauto.h>

#include "com/unicode.h"

#include <dirent.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS = 60, REPEATS = 20, SMALL = 10 * 1024, PAGE = 4096, NAMES = 64 };

typedef struct Library {
  char file[1024];
  char16_t *path;
  long size;
} Library;

typedef void Work(const Library *library);

static volatile unsigned sink;

static void open_and_count(const Library *library) {
  ITypeLib *opened = NULL;

  if (SUCCEEDED(LoadTypeLib(library->path, &opened))) {
    sink = ITypeLib_GetTypeInfoCount(opened);
    ITypeLib_Release(opened);
  }
}

static void enumerate_names(ITypeInfo *info, MEMBERID memid) {
  BSTR names[NAMES];
  UINT count = 0;

  ITypeInfo_GetNames(info, memid, names, NAMES, &count);
  while (count > 0)
    SysFreeString(names[--count]);
}

static void enumerate_type(ITypeInfo *info) {
  TYPEATTR *attr;
  FUNCDESC *function;
  VARDESC *variable;
  UINT index;

  if (FAILED(ITypeInfo_GetTypeAttr(info, &attr)))
    return;
  for (index = 0; index < attr->cFuncs; index++) {
    if (FAILED(ITypeInfo_GetFuncDesc(info, index, &function)))
      continue;
    enumerate_names(info, function->memid);
    ITypeInfo_ReleaseFuncDesc(info, function);
  }
  for (index = 0; index < attr->cVars; index++) {
    if (FAILED(ITypeInfo_GetVarDesc(info, index, &variable)))
      continue;
    enumerate_names(info, variable->memid);
    ITypeInfo_ReleaseVarDesc(info, variable);
  }
  ITypeInfo_ReleaseTypeAttr(info, attr);
}

static void enumerate(const Library *library) {
  ITypeLib *opened = NULL;
  ITypeInfo *info;
  UINT index, count;

  if (FAILED(LoadTypeLib(library->path, &opened)))
    return;
  count = ITypeLib_GetTypeInfoCount(opened);
  for (index = 0; index < count; index++) {
    if (FAILED(ITypeLib_GetTypeInfo(opened, index, &info)))
      continue;
    enumerate_type(info);
    ITypeInfo_Release(info);
  }
  ITypeLib_Release(opened);
}

static void map_and_touch(const Library *library) {
  int file = open(library->file, O_RDONLY | O_CLOEXEC);
  const unsigned char *bytes = mmap(NULL, (size_t)library->size, PROT_READ, MAP_PRIVATE, file, 0);
  long place;

  for (place = 0; bytes != MAP_FAILED && place < library->size; place += PAGE)
    sink += bytes[place];
  if (bytes != MAP_FAILED)
    munmap((void *)(uintptr_t)bytes, (size_t)library->size);
  close(file);
}

static double time_of(Work *work, const Library *library) {
  struct timespec start, end;
  int repeat;

  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
  for (repeat = 0; repeat < REPEATS; repeat++)
    work(library);
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
  return (double)(end.tv_sec - start.tv_sec) * 1e9 + (double)(end.tv_nsec - start.tv_nsec);
}

static size_t heap_in_use(void) {
  struct mallinfo2 info = mallinfo2();

  return info.uordblks + info.hblkhd;
}

static void print_memory_row(const char *name, const Library *library) {
  ITypeLib *opened = NULL;
  ITypeInfo **held;
  UINT index, count;
  size_t before = heap_in_use();

  if (FAILED(LoadTypeLib(library->path, &opened)))
    return;
  count = ITypeLib_GetTypeInfoCount(opened);
  held = mmap(NULL, count * sizeof *held, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  for (index = 0; held != MAP_FAILED && index < count; index++)
    if (SUCCEEDED(ITypeLib_GetTypeInfo(opened, index, &held[index])))
      enumerate_type(held[index]);
  printf("%-42s %5.2f\n", name, (double)(heap_in_use() - before) / (double)library->size);
  for (index = 0; held != MAP_FAILED && index < count; index++)
    if (held[index])
      ITypeInfo_Release(held[index]);
  if (held != MAP_FAILED)
    munmap(held, count * sizeof *held);
  ITypeLib_Release(opened);
}

static int compare_doubles(const void *left, const void *right) {
  double a = *(const double *)left, b = *(const double *)right;

  return (a > b) - (a < b);
}

static void print_row(const char *name, Work *work, const Library *library, Work *baseline, const Library *other) {
  double ratios[ROUNDS];
  int round;

  for (round = 0; round < ROUNDS; round++) {
    double taken = time_of(work, library);

    ratios[round] = taken / time_of(baseline, other);
  }
  qsort(ratios, ROUNDS, sizeof *ratios, compare_doubles);
  printf("%-42s %5.2f  (p10 %.2f, p90 %.2f)\n", name, ratios[ROUNDS / 2], ratios[ROUNDS / 10], ratios[ROUNDS * 9 / 10]);
}

static void take_file(const char *folder, const char *name, Library *library) {
  struct stat status;
  int length = snprintf(library->file, sizeof library->file, "%s/%s", folder, name);

  library->size = -1;
  if (length > 0 && length < (int)sizeof library->file && stat(library->file, &status) == 0 && S_ISREG(status.st_mode))
    library->size = (long)status.st_size;
}

/* The biggest library of the corpus, and the one whose size is nearest to 10 KB. */
static bool choose(Library *big, Library *little) {
  DIR *folder = opendir(CORPUS);
  struct dirent *entry;
  Library candidate;

  memset(big, 0, sizeof *big);
  memset(little, 0, sizeof *little);
  while (folder && (entry = readdir(folder)) != NULL) {
    take_file(CORPUS, entry->d_name, &candidate);
    if (candidate.size > big->size)
      *big = candidate;
    if (candidate.size > 0 && labs(candidate.size - SMALL) < labs(little->size - SMALL))
      *little = candidate;
  }
  if (folder)
    closedir(folder);
  return big->size > 0 && little->size > 0;
}

int main(void) {
  static Library big, little;

  if (!choose(&big, &little)) {
    printf("skipped: there is no corpus of type libraries at %s\n", CORPUS);
    return 0;
  }
  big.path = utf16_copy(big.file);
  little.path = utf16_copy(little.file);
  if (!big.path || !little.path)
    return 1;
  print_row("open the biggest library against 10 KB", open_and_count, &big, open_and_count, &little);
  print_row("enumerate all against mapping the pages", enumerate, &big, map_and_touch, &big);
  print_memory_row("heap with all types held, of the file", &big);
  print_memory_row("the same for the 10 KB library", &little);
  free(big.path);
  free(little.path);
  return 0;
}
