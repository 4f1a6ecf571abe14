/* The class of a file, as GetClassFile finds it: the class that a compound file names, patterns of its bytes, its extension. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <ole2.h>

#include "activation/activation_internal.h"
#include "com/com_api.h"
#include "storage/storage_api.h"

#define PATTERN_LIMIT 256 /* bytes of a FileType pattern */

/* "offset, count, mask, value": a negative offset counts from the end, an empty mask is all ones. */
typedef struct Pattern {
  long offset;
  size_t count;
  uint8_t mask[PATTERN_LIMIT];
  uint8_t value[PATTERN_LIMIT];
} Pattern;

static int hex_digit(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  c = (char)(c | 0x20);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Reads exactly `count` bytes in hexadecimal digits. */
static bool read_hex(const char *text, uint8_t *bytes, size_t count) {
  for (size_t i = 0; i < count; i++, text += 2) {
    if (hex_digit(text[0]) < 0 || hex_digit(text[1]) < 0)
      return false;
    bytes[i] = (uint8_t)(hex_digit(text[0]) << 4 | hex_digit(text[1]));
  }
  return true;
}

static bool pattern_read(const char *text, Pattern *pattern) {
  const char *parts[4] = { text };

  for (size_t i = 1; i < 4; i++) {
    const char *comma = strchr(parts[i - 1], ',');

    if (!comma)
      return false;
    parts[i] = comma + 1 + strspn(comma + 1, " ");
  }
  long count = strtol(parts[1], NULL, 10);
  if (count <= 0 || count > PATTERN_LIMIT)
    return false;
  pattern->offset = strtol(parts[0], NULL, 10);
  pattern->count = (size_t)count;
  memset(pattern->mask, 0xFF, sizeof pattern->mask);
  return (*parts[2] == ',' || read_hex(parts[2], pattern->mask, pattern->count)) &&
         read_hex(parts[3], pattern->value, pattern->count);
}

static bool pattern_matches(int descriptor, const char *text) {
  uint8_t seen[PATTERN_LIMIT];
  Pattern pattern;

  if (!pattern_read(text, &pattern) ||
      lseek(descriptor, pattern.offset, pattern.offset < 0 ? SEEK_END : SEEK_SET) < 0 ||
      read(descriptor, seen, pattern.count) != (ssize_t)pattern.count)
    return false;
  for (size_t i = 0; i < pattern.count; i++)
    if ((seen[i] & pattern.mask[i]) != pattern.value[i])
      return false;
  return true;
}

/* Whether one of the patterns in the key FileType\{CLSID} fits. */
static bool type_matches(int descriptor, OleanderRegistryKey *types, const char *name) {
  OleanderRegistryKey *type;
  const char *number;
  const char *pattern;
  bool found = false;

  if (FAILED(oleander_registry_open_below(types, name, &type)))
    return false;
  for (size_t i = 0; !found && (number = oleander_registry_key_at(type, i)) != NULL; i++)
    found = SUCCEEDED(oleander_registry_string(type, number, NULL, &pattern)) && pattern_matches(descriptor, pattern);
  oleander_registry_close(type);
  return found;
}

/* The FileType key has one key for each class, with a list of patterns. S_FALSE when none fits. */
static HRESULT class_by_pattern(const char *path, CLSID *clsid) {
  OleanderRegistryKey *types;
  const char *name;
  HRESULT status = oleander_registry_open("FileType", &types);

  if (FAILED(status))
    return status == E_OUTOFMEMORY ? status : S_FALSE;
  int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  status = S_FALSE;
  for (size_t i = 0; descriptor >= 0 && status == S_FALSE && (name = oleander_registry_key_at(types, i)) != NULL; i++)
    if (guid_parse_utf8(name, clsid) && type_matches(descriptor, types, name))
      status = S_OK;
  if (descriptor >= 0)
    close(descriptor);
  oleander_registry_close(types);
  return status;
}

/* .ext names a ProgID, and that a class. */
static HRESULT class_by_extension(const char *path, CLSID *clsid) {
  const char *slash = strrchr(path, '/');
  const char *name = slash ? slash + 1 : path;
  const char *extension = strrchr(name, '.');
  OleanderRegistryKey *key;
  const char *progid;

  if (!extension)
    return MK_E_INVALIDEXTENSION;
  HRESULT status = oleander_registry_open(extension, &key);
  if (FAILED(status))
    return status == E_OUTOFMEMORY ? status : MK_E_INVALIDEXTENSION;
  OLECHAR *wide = NULL;
  status = oleander_registry_string(key, NULL, NULL, &progid);
  if (SUCCEEDED(status)) {
    wide = utf16_copy(progid);
    status = wide ? CLSIDFromProgID(wide, clsid) : E_OUTOFMEMORY;
  }
  free(wide);
  oleander_registry_close(key);
  return SUCCEEDED(status) || status == E_OUTOFMEMORY ? status : MK_E_INVALIDEXTENSION;
}

/* S_FALSE when it is no compound file, or one that names no class, or cannot be read: its name may say more. */
static HRESULT class_in_file(LPCOLESTR name, CLSID *clsid) {
  HRESULT status = storage_class_of_file(name, clsid);

  if (status == E_OUTOFMEMORY)
    return status;
  return status == S_OK && !IsEqualCLSID(clsid, &CLSID_NULL) ? S_OK : S_FALSE;
}

HRESULT GetClassFile(LPCOLESTR name, CLSID *clsid) {
  if (!name || !clsid)
    return E_INVALIDARG;
  *clsid = CLSID_NULL;
  char *path = utf8_copy(name);
  if (!path)
    return E_OUTOFMEMORY;
  HRESULT status = access(path, F_OK) == 0 ? class_in_file(name, clsid) : MK_E_CANTOPENFILE;
  if (status == S_FALSE)
    status = class_by_pattern(path, clsid);
  if (status == S_FALSE)
    status = class_by_extension(path, clsid);
  if (FAILED(status))
    *clsid = CLSID_NULL;
  free(path);
  return status;
}
