/* Paths as file monikers see them; see file_path.h. */
#include "activation/monikers/file_path.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "activation/monikers/moniker_internal.h"
#include "com/com_api.h"

bool path_is_separator(OLECHAR unit) {
  return unit == '/' || unit == '\\';
}

bool path_is_absolute(const OLECHAR *path) {
  bool letter = (path[0] >= 'A' && path[0] <= 'Z') || (path[0] >= 'a' && path[0] <= 'z');

  return path_is_separator(path[0]) || (letter && path[1] == ':');
}

size_t path_steps_up(const OLECHAR *path, const OLECHAR **rest) {
  size_t steps = 0;

  while (path[0] == '.' && path[1] == '.' && (!path[2] || path_is_separator(path[2]))) {
    path += path[2] ? 3 : 2;
    steps++;
  }
  *rest = path;
  return steps;
}

/* Whether an element ends at `end`: there, or just before it. */
static bool element_ends(const OLECHAR *path, size_t end) {
  return !path[end] || path_is_separator(path[end]);
}

size_t path_common(const OLECHAR *path, const OLECHAR *other) {
  size_t common = path_is_separator(path[0]) && path_is_separator(other[0]) ? 1 : 0; /* the root */
  size_t i;

  for (i = 0;; i++) {
    bool both_end = element_ends(path, i) && element_ends(other, i);

    if (both_end && i)
      common = i;
    if (!path[i] || !other[i] || (path[i] != other[i] && !both_end))
      return common;
  }
}

size_t path_elements(const OLECHAR *path) {
  size_t count = 0;

  while (*path) {
    while (path_is_separator(*path))
      path++;
    if (*path)
      count++;
    while (*path && !path_is_separator(*path))
      path++;
  }
  return count;
}

/* Takes the last element off a path of `units` units, with the separator before it, and gives what stays. */
static size_t cut_element(const OLECHAR *path, size_t units) {
  while (units && path_is_separator(path[units - 1]))
    units--;
  while (units && !path_is_separator(path[units - 1]))
    units--;
  /* The root itself stays. */
  while (units > 1 && path_is_separator(path[units - 1]))
    units--;
  return units;
}

static OLECHAR separator_of(const OLECHAR *path) {
  while (*path && !path_is_separator(*path))
    path++;
  return *path ? *path : u'/';
}

OLECHAR *path_relative(size_t up, const OLECHAR *rest) {
  size_t units = utf16_units(rest);
  OLECHAR separator = separator_of(rest);
  OLECHAR *path = malloc((3 * up + units + 1) * sizeof *path);

  if (!path)
    return NULL;
  for (size_t i = 0; i < up; i++) {
    path[3 * i] = path[3 * i + 1] = '.';
    path[3 * i + 2] = separator;
  }
  memcpy(path + 3 * up, rest, (units + 1) * sizeof *path);
  if (up && !units)
    path[3 * up - 1] = 0; /* no separator at the end */
  return path;
}

OLECHAR *path_join(const OLECHAR *left, const OLECHAR *right) {
  const OLECHAR *rest;
  const OLECHAR *left_rest;
  size_t up = path_steps_up(right, &rest);
  size_t left_up = path_steps_up(left, &left_rest);
  size_t units = utf16_units(left_rest);
  size_t more = utf16_units(rest);
  size_t elements = path_elements(left_rest);
  bool bare = *left_rest != 0 && path_is_separator(left_rest[0]);
  OLECHAR *joined;

  for (; up && elements; up--, elements--)
    units = cut_element(left_rest, units);
  joined = malloc((units + more + 2) * sizeof *joined);
  if (!joined)
    return NULL;
  memcpy(joined, left_rest, units * sizeof *joined);
  if (units && more && !path_is_separator(joined[units - 1]))
    joined[units++] = separator_of(left);
  memcpy(joined + units, rest, (more + 1) * sizeof *joined);
  /* Above the root there is nothing; of a relative path the steps stay. */
  OLECHAR *whole = path_relative(bare ? 0 : left_up + up, joined);
  free(joined);
  return whole;
}

/* Takes "." and doubled separators out, which never change what a path names. */
static void path_tidy(OLECHAR *path) {
  OLECHAR *out = path + 1;

  for (const OLECHAR *in = path + 1; *in;) {
    if (out[-1] == '/' && (*in == '/' || (*in == '.' && (!in[1] || in[1] == '/'))))
      in++;
    else
      *out++ = *in++;
  }
  *out = 0;
}

OLECHAR *path_from_root(const OLECHAR *path) {
  if (path_is_absolute(path))
    return wide_copy(path, utf16_units(path));
  char *folder = getcwd(NULL, 0);
  OLECHAR *wide = folder ? utf16_copy(folder) : NULL;
  free(folder);
  while (path[0] == '.' && path_is_separator(path[1]))
    path += 2;
  OLECHAR *whole = wide ? path_join(wide, path) : NULL;
  free(wide);
  if (whole && *whole == '/')
    path_tidy(whole);
  return whole;
}
