/* Reading the registry store: the public functions over one snapshot; see oleander_registry.h. */
#include <stdlib.h>
#include <string.h>

#include <oleander_registry.h>

#include "com/com_api.h"
#include "com/registry/registry_internal.h"
#include "com/registry/reg_parser.h"

struct OleanderRegistryKey {
  RegistrySnapshot *snapshot;
  const RegistryNode *node;
};

/* Makes a key of the node; takes over one reference to the snapshot, also when it fails. */
static HRESULT key_create(RegistrySnapshot *snapshot, const RegistryNode *node, OleanderRegistryKey **result) {
  OleanderRegistryKey *key = node ? malloc(sizeof *key) : NULL;

  if (!key) {
    registry_snapshot_release(snapshot);
    return node ? E_OUTOFMEMORY : REGDB_E_KEYMISSING;
  }
  key->snapshot = snapshot;
  key->node = node;
  *result = key;
  return S_OK;
}

HRESULT oleander_registry_open(const char *path, OleanderRegistryKey **result) {
  RegistrySnapshot *snapshot;

  if (!path || !result)
    return E_INVALIDARG;
  *result = NULL;
  size_t size = strlen(path);
  if (reg_root(&path, &size) == REG_ROOT_OTHER)
    return REGDB_E_KEYMISSING;
  HRESULT status = registry_snapshot(&snapshot);
  if (FAILED(status))
    return status;
  return key_create(snapshot, registry_tree_find(snapshot->root, path, size), result);
}

HRESULT oleander_registry_open_below(const OleanderRegistryKey *key, const char *path, OleanderRegistryKey **result) {
  if (!key || !path || !result)
    return E_INVALIDARG;
  *result = NULL;
  key->snapshot->references++;
  return key_create(key->snapshot, registry_tree_find(key->node, path, strlen(path)), result);
}

void oleander_registry_close(OleanderRegistryKey *key) {
  if (key) {
    registry_snapshot_release(key->snapshot);
    free(key);
  }
}

const char *oleander_registry_key_at(const OleanderRegistryKey *key, size_t index) {
  return key && index < key->node->child_count ? key->node->children[index]->name : NULL;
}

static bool has_text(const RegistryValue *value) {
  return value->type == REG_SZ || value->type == REG_EXPAND_SZ || value->type == REG_LINK;
}

static void value_show(const RegistryValue *value, OleanderRegistryValue *out) {
  out->name = value->name;
  out->type = value->type;
  out->data = value->data;
  out->size = value->size;
  out->text = has_text(value) ? (const char *)value->data : NULL;
  out->file = value->source->path;
  out->line = value->line;
}

HRESULT oleander_registry_value_at(const OleanderRegistryKey *key, size_t index, OleanderRegistryValue *value) {
  if (!key || !value)
    return E_INVALIDARG;
  if (index >= key->node->value_count)
    return S_FALSE;
  value_show(key->node->values[index], value);
  return S_OK;
}

static HRESULT find_value(const OleanderRegistryKey *key, const char *path, const char *name,
                          const RegistryValue **value) {
  if (!key)
    return E_INVALIDARG;
  const RegistryNode *node = path ? registry_tree_find(key->node, path, strlen(path)) : key->node;
  *value = node ? registry_node_value(node, name ? name : "", name ? strlen(name) : 0) : NULL;
  return *value ? S_OK : REGDB_E_KEYMISSING;
}

HRESULT oleander_registry_value(const OleanderRegistryKey *key, const char *path, const char *name,
                                OleanderRegistryValue *value) {
  const RegistryValue *found;
  HRESULT status = value ? find_value(key, path, name, &found) : E_INVALIDARG;

  if (SUCCEEDED(status))
    value_show(found, value);
  return status;
}

HRESULT oleander_registry_string(const OleanderRegistryKey *key, const char *path, const char *name,
                                 const char **text) {
  const RegistryValue *value;
  HRESULT status = text ? find_value(key, path, name, &value) : E_INVALIDARG;

  if (FAILED(status))
    return status;
  if (!has_text(value))
    return REGDB_E_INVALIDVALUE;
  *text = (const char *)value->data;
  return S_OK;
}

HRESULT oleander_registry_dword(const OleanderRegistryKey *key, const char *path, const char *name, DWORD *number) {
  const RegistryValue *value;
  HRESULT status = number ? find_value(key, path, name, &value) : E_INVALIDARG;

  if (FAILED(status))
    return status;
  if ((value->type != REG_DWORD && value->type != REG_DWORD_BIG_ENDIAN) || value->size != sizeof(DWORD))
    return REGDB_E_INVALIDVALUE;
  const uint8_t *bytes = value->data;
  if (value->type == REG_DWORD)
    *number = bytes[0] | (DWORD)bytes[1] << 8 | (DWORD)bytes[2] << 16 | (DWORD)bytes[3] << 24;
  else
    *number = bytes[3] | (DWORD)bytes[2] << 8 | (DWORD)bytes[1] << 16 | (DWORD)bytes[0] << 24;
  return S_OK;
}

/* The value of the environment variable in a %NAME% of which `size` bytes are the name; NULL when it is not set. */
static const char *environment(const char *name, size_t size) {
  char copy[128];

  if (size == 0 || size >= sizeof copy)
    return NULL;
  memcpy(copy, name, size);
  copy[size] = '\0';
  return secure_getenv(copy);
}

/* Replaces %NAME% where such a variable is set; writes to `out` unless that is NULL. Returns the size. */
static size_t expand(const char *text, char *out) {
  size_t total = 0;

  while (*text) {
    const char *end = *text == '%' ? strchr(text + 1, '%') : NULL;
    const char *value = end ? environment(text + 1, (size_t)(end - text - 1)) : NULL;
    size_t size = value ? strlen(value) : 1;

    if (out)
      memcpy(out + total, value ? value : text, size);
    total += size;
    text = value ? end + 1 : text + 1;
  }
  return total;
}

static char *expanded(DWORD type, const char *text) {
  if (type != REG_EXPAND_SZ)
    return text_format("%s", text);
  size_t size = expand(text, NULL);
  char *copy = malloc(size + 1);
  if (copy)
    copy[expand(text, copy)] = '\0';
  return copy;
}

char *registry_expanded_text(const OleanderRegistryValue *value) {
  return expanded(value->type, value->text);
}

HRESULT oleander_registry_file(const OleanderRegistryKey *key, const char *path, const char *name, char **file) {
  const RegistryValue *value;
  HRESULT status = file ? find_value(key, path, name, &value) : E_INVALIDARG;

  if (file)
    *file = NULL;
  if (FAILED(status))
    return status;
  if (!has_text(value))
    return REGDB_E_INVALIDVALUE;
  char *text = expanded(value->type, (const char *)value->data);
  if (!text)
    return E_OUTOFMEMORY;
  size_t size = strlen(text);
  char *start = text;
  if (size >= 2 && text[0] == '"' && text[size - 1] == '"') {
    text[size - 1] = '\0';
    start++;
  }
  /* text_format gives blocks of the C heap, which is task memory. */
  *file = start[0] == '/' || !*start ? text_format("%s", start) : text_format("%s/%s", value->source->directory, start);
  free(text);
  return *file ? S_OK : E_OUTOFMEMORY;
}

HRESULT oleander_registry_problems(char **text) {
  RegistrySnapshot *snapshot;
  size_t size = 0;
  size_t i;

  if (!text)
    return E_INVALIDARG;
  *text = NULL;
  HRESULT status = registry_snapshot(&snapshot);
  if (FAILED(status))
    return status;
  for (i = 0; i < snapshot->file_count; i++)
    size += snapshot->files[i]->problem ? strlen(snapshot->files[i]->problem) + 1 : 0;
  if (size) {
    *text = malloc(size + 1);
    size = 0;
    for (i = 0; *text && i < snapshot->file_count; i++) {
      const char *problem = snapshot->files[i]->problem;

      if (problem) {
        memcpy(*text + size, problem, strlen(problem));
        size += strlen(problem);
        (*text)[size++] = '\n';
      }
    }
    if (*text)
      (*text)[size] = '\0';
  }
  registry_snapshot_release(snapshot);
  return !size ? S_FALSE : *text ? S_OK : E_OUTOFMEMORY;
}
