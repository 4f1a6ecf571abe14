/* Scratch folders for tests; see scratch.h. */
#include "support/scratch.h"

#include <ftw.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[64];
static char path[PATH_MAX];

const char *scratch_make(void) {
  strcpy(folder, "/tmp/oleander-test-XXXXXX");
  assert_non_null(mkdtemp(folder));
  return folder;
}

static int remove_one(const char *name, const struct stat *status, int kind, struct FTW *walk) {
  (void)status;
  (void)kind;
  (void)walk;
  return remove(name);
}

void scratch_remove(void) {
  if (folder[0])
    nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
  folder[0] = '\0';
}

const char *scratch_path(const char *name) {
  snprintf(path, sizeof path, "%s/%s", folder, name);
  return path;
}

const OLECHAR *scratch_wide(const char *name) {
  static OLECHAR wide[PATH_MAX];
  const char *text = scratch_path(name);
  for (size_t i = 0; i <= strlen(text); i++)
    wide[i] = (OLECHAR)text[i];
  return wide;
}

int scratch_begin(void **state) {
  (void)state;
  scratch_make();
  return 0;
}

int scratch_end(void **state) {
  (void)state;
  scratch_remove();
  return 0;
}

const char *scratch_write(const char *name, const char *text) {
  char *slash;
  FILE *file;

  scratch_path(name);
  for (slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
    *slash = '\0';
    mkdir(path, 0755);
    *slash = '/';
  }
  file = fopen(path, "wb");
  assert_non_null(file);
  assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
  fclose(file);
  return path;
}

char *scratch_read(const char *name) {
  FILE *file = fopen(scratch_path(name), "rb");
  char *text = NULL;
  long size;

  if (!file)
    return NULL;
  fseek(file, 0, SEEK_END);
  size = ftell(file);
  rewind(file);
  text = calloc(1, (size_t)size + 1);
  assert_non_null(text);
  assert_int_equal(fread(text, 1, (size_t)size, file), size);
  fclose(file);
  return text;
}
