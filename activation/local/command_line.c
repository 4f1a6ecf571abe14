/* What LocalServer32 says (command_line.h). As elsewhere: the default value is a command line, ServerExecutable may name its
 * program, a relative program is meant from the folder of the registry file, one without a folder is sought in PATH; in a
 * REG_EXPAND_SZ %NAME% is a variable. */
#include "activation/local/command_line.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "activation/activation_internal.h"

static const char KEY[] = "LocalServer32";

void command_line_free(char **arguments) {
  for (char **argument = arguments; argument && *argument; argument++)
    free(*argument);
  free(arguments);
}

/* One part from *text on, which goes behind it. NULL: out of memory. */
static char *split_one(const char **text) {
  const char *at = *text;
  char *part = malloc(strlen(at) + 1), *to = part;
  bool quoted = false;
  if (!part)
    return NULL;
  for (; *at && (quoted || (*at != ' ' && *at != '\t')); at++) {
    if (*at == '"')
      quoted = !quoted;
    else if (*at == '\\' && at[1] == '"')
      *to++ = *++at;
    else
      *to++ = *at;
  }
  *to = 0;
  *text = at;
  return part;
}

char **command_line_split(const char *text) {
  char **parts = calloc(strlen(text) / 2 + 2, sizeof *parts);
  size_t count = 0;
  while (parts) {
    text += strspn(text, " \t");
    if (!*text)
      return parts;
    parts[count] = split_one(&text);
    if (!parts[count++])
      break;
  }
  command_line_free(parts);
  return NULL;
}

static char *find_in_path(const char *program) {
  const char *folders = secure_getenv("PATH");
  char path[PATH_MAX];
  while (folders && *folders) {
    size_t size = strcspn(folders, ":");
    int written = snprintf(path, sizeof path, "%.*s/%s", (int)size, folders, program);
    if (size && written > 0 && (size_t)written < sizeof path && access(path, X_OK) == 0)
      return strdup(path);
    folders += size + (folders[size] == ':');
  }
  return NULL;
}

static char *beside_file(const char *file, const char *program) {
  const char *slash = strrchr(file, '/');
  char path[PATH_MAX];
  int written = snprintf(path, sizeof path, "%.*s/%s", slash ? (int)(slash - file) : 1, slash ? file : ".", program);
  return written > 0 && (size_t)written < sizeof path ? strdup(path) : NULL;
}

/* The program as an absolute path, or as it is where it cannot be found: whoever starts it says so. */
static bool make_absolute(char **program, const char *file) {
  char *path = NULL;
  if (**program == '/')
    return true;
  if (!strchr(*program, '/'))
    path = find_in_path(*program);
  if (!path)
    path = beside_file(file, *program);
  if (!path)
    return false;
  free(*program);
  *program = path;
  return true;
}

/* A path with blanks and without quotes names a program as a whole, if there is one. */
static bool is_program(const char *text) {
  return *text == '/' && access(text, X_OK) == 0;
}

static char **parts_of(const char *text) {
  if (!is_program(text))
    return command_line_split(text);
  char **one = calloc(2, sizeof *one);
  if (one && !(*one = strdup(text))) {
    free(one);
    one = NULL;
  }
  return one;
}

/* ServerExecutable takes the place of the program. */
static HRESULT replace_program(const OleanderRegistryKey *key, char **arguments) {
  char *file;
  HRESULT status = oleander_registry_file(key, KEY, "ServerExecutable", &file);
  if (status != S_OK)
    return status == REGDB_E_KEYMISSING ? S_OK : status;
  char *copy = strdup(file);
  CoTaskMemFree(file);
  if (!copy)
    return E_OUTOFMEMORY;
  free(*arguments);
  *arguments = copy;
  return S_OK;
}

HRESULT command_line_of_class(const OleanderRegistryKey *key, char ***arguments) {
  OleanderRegistryValue value;
  *arguments = NULL;
  HRESULT status = key ? oleander_registry_value(key, KEY, NULL, &value) : REGDB_E_KEYMISSING;
  if (status == REGDB_E_KEYMISSING)
    return S_FALSE;
  if (FAILED(status))
    return status;
  if (!value.text || !value.text[strspn(value.text, " \t")])
    return error_raise(REGDB_E_INVALIDVALUE, ERROR_SOURCE, "%s:%u: LocalServer32 is no command line", value.file,
                       value.line);
  char *text = registry_expanded_text(&value), **parts = text ? parts_of(text) : NULL;
  free(text);
  if (!parts)
    return E_OUTOFMEMORY;
  status = make_absolute(parts, value.file) ? replace_program(key, parts) : E_OUTOFMEMORY;
  if (FAILED(status))
    command_line_free(parts);
  else
    *arguments = parts;
  return status;
}
