/* Trees of registry keys; see registry_tree.h. */
#include "com/registry/registry_tree.h"

#include <stdlib.h>
#include <string.h>

#include "com/caseless.h"

static char *copy_text(const char *text, size_t size) {
  char *copy = malloc(size + 1);

  if (copy) {
    memcpy(copy, text, size);
    copy[size] = '\0';
  }
  return copy;
}

static void value_free(RegistryValue *value) {
  if (value) {
    free(value->name);
    free(value->data);
    free(value);
  }
}

static RegistryNode *node_create(const char *name, size_t size) {
  RegistryNode *node = calloc(1, sizeof *node);

  if (node && !(node->name = copy_text(name, size))) {
    free(node);
    node = NULL;
  }
  return node;
}

/* Empties the key; the arrays keep their room. */
static void node_clear(RegistryNode *node) {
  for (size_t i = 0; i < node->child_count; i++)
    registry_tree_free(node->children[i]);
  for (size_t i = 0; i < node->value_count; i++)
    value_free(node->values[i]);
  node->child_count = 0;
  node->value_count = 0;
}

RegistryNode *registry_tree_create(void) {
  RegistryNode *root = node_create("", 0);

  if (root)
    root->present = true;
  return root;
}

void registry_tree_free(RegistryNode *node) {
  if (node) {
    node_clear(node);
    free(node->children);
    free(node->values);
    free(node->name);
    free(node);
  }
}

/* The name of an entry in one of the two lists. */
typedef const char *NameAt(const RegistryNode *node, size_t index);

static const char *child_name(const RegistryNode *node, size_t index) {
  return node->children[index]->name;
}

static const char *value_name(const RegistryNode *node, size_t index) {
  return node->values[index]->name;
}

/* Where in a sorted list of `count` entries `name` is, or would be. */
static size_t name_index(const RegistryNode *node, size_t count, NameAt *name_at, const char *name, size_t size,
                         bool *found) {
  size_t low = 0;
  size_t high = count;

  *found = false;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    const char *other = name_at(node, middle);
    int order = caseless_compare_utf8(name, size, other, strlen(other));

    if (order == 0) {
      *found = true;
      return middle;
    }
    if (order < 0)
      high = middle;
    else
      low = middle + 1;
  }
  return low;
}

static size_t child_index(const RegistryNode *node, const char *name, size_t size, bool *found) {
  return name_index(node, node->child_count, child_name, name, size, found);
}

static size_t value_index(const RegistryNode *node, const char *name, size_t size, bool *found) {
  return name_index(node, node->value_count, value_name, name, size, found);
}

/* Makes room for one more pointer in a growing array. */
static bool grow(void ***array, size_t count, size_t *room) {
  size_t wanted = *room ? *room * 2 : 4;

  if (count < *room)
    return true;
  void **bigger = realloc(*array, wanted * sizeof **array);
  if (!bigger)
    return false;
  *array = bigger;
  *room = wanted;
  return true;
}

static RegistryNode *make_child(RegistryNode *node, const char *name, size_t size) {
  bool found;
  size_t index = child_index(node, name, size, &found);

  if (found)
    return node->children[index];
  if (!grow((void ***)&node->children, node->child_count, &node->child_room))
    return NULL;
  RegistryNode *child = node_create(name, size);
  if (!child)
    return NULL;
  memmove(node->children + index + 1, node->children + index, (node->child_count - index) * sizeof(RegistryNode *));
  node->children[index] = child;
  node->child_count++;
  return child;
}

static void remove_child(RegistryNode *node, size_t index) {
  registry_tree_free(node->children[index]);
  node->child_count--;
  memmove(node->children + index, node->children + index + 1, (node->child_count - index) * sizeof(RegistryNode *));
}

/* Splits the first name off *path; false at its end. */
static bool next_name(const char **path, size_t *size, const char **name, size_t *name_size) {
  if (*size == 0)
    return false;
  const char *end = memchr(*path, '\\', *size);
  *name = *path;
  *name_size = end ? (size_t)(end - *path) : *size;
  *path += *name_size + (end ? 1 : 0);
  *size -= *name_size + (end ? 1 : 0);
  return true;
}

bool registry_path_valid(const char *path, size_t size) {
  const char *name;
  size_t name_size;
  size_t depth = 0;

  if (size && path[size - 1] == '\\')
    return false;
  while (next_name(&path, &size, &name, &name_size)) {
    /* A character is up to three bytes of UTF-8 a UTF-16 unit. */
    if (name_size == 0 || name_size > REGISTRY_KEY_NAME_LIMIT * 3 || ++depth > REGISTRY_DEPTH_LIMIT)
      return false;
  }
  return true;
}

RegistryNode *registry_tree_find(const RegistryNode *node, const char *path, size_t size) {
  const char *name;
  size_t name_size;

  while (next_name(&path, &size, &name, &name_size)) {
    bool found;
    size_t index = child_index(node, name, name_size, &found);

    if (!found)
      return NULL;
    node = node->children[index];
  }
  return (RegistryNode *)(uintptr_t)node;
}

RegistryNode *registry_tree_make(RegistryNode *node, const char *path, size_t size) {
  const char *name;
  size_t name_size;

  while (node && next_name(&path, &size, &name, &name_size)) {
    node = make_child(node, name, name_size);
    if (node)
      node->present = true;
  }
  if (node)
    node->named = true;
  return node;
}

RegistryValue *registry_node_value(const RegistryNode *node, const char *name, size_t size) {
  bool found;
  size_t index = value_index(node, name, size, &found);

  return found ? node->values[index] : NULL;
}

static RegistryValue *value_create(const char *name, size_t size, const RegistryDatum *datum) {
  RegistryValue *value = calloc(1, sizeof *value);

  if (!value)
    return NULL;
  value->name = copy_text(name, size);
  value->data = (uint8_t *)copy_text(datum->data ? datum->data : "", datum->size);
  if (!value->name || !value->data) {
    value_free(value);
    return NULL;
  }
  value->type = datum->type;
  value->size = datum->size;
  value->source = datum->source;
  value->line = datum->line;
  return value;
}

/* Puts value in the place of the one with its name; takes it over, also when it fails. */
static HRESULT put_value(RegistryNode *node, RegistryValue *value) {
  bool found;

  if (!value)
    return E_OUTOFMEMORY;
  size_t index = value_index(node, value->name, strlen(value->name), &found);
  if (found) {
    value_free(node->values[index]);
    node->values[index] = value;
    return S_OK;
  }
  if (!grow((void ***)&node->values, node->value_count, &node->value_room)) {
    value_free(value);
    return E_OUTOFMEMORY;
  }
  memmove(node->values + index + 1, node->values + index, (node->value_count - index) * sizeof(RegistryValue *));
  node->values[index] = value;
  node->value_count++;
  return S_OK;
}

HRESULT registry_node_set(RegistryNode *node, const char *name, size_t size, const RegistryDatum *datum) {
  return put_value(node, value_create(name, size, datum));
}

HRESULT registry_node_mask_value(RegistryNode *node, const char *name, size_t size) {
  static const RegistryDatum nothing;
  RegistryValue *value = value_create(name, size, &nothing);

  if (value)
    value->masked = true;
  return put_value(node, value);
}

HRESULT registry_tree_mask_key(RegistryNode *node, const char *path, size_t size) {
  const char *name;
  size_t name_size;

  /* Keys above the mask are not made to exist by it. */
  while (next_name(&path, &size, &name, &name_size)) {
    node = make_child(node, name, name_size);
    if (!node)
      return E_OUTOFMEMORY;
  }
  node_clear(node);
  node->present = false;
  node->named = false;
  node->masked = true;
  return S_OK;
}

void registry_tree_remove_key(RegistryNode *node, const char *path, size_t size) {
  const char *name;
  size_t name_size;
  bool found;
  size_t index;

  while (next_name(&path, &size, &name, &name_size)) {
    index = child_index(node, name, name_size, &found);
    if (!found)
      return;
    if (size == 0)
      remove_child(node, index);
    else
      node = node->children[index];
  }
}

void registry_node_remove_value(RegistryNode *node, const char *name, size_t size) {
  bool found;
  size_t index = value_index(node, name, size, &found);

  if (!found)
    return;
  value_free(node->values[index]);
  node->value_count--;
  memmove(node->values + index, node->values + index + 1, (node->value_count - index) * sizeof(RegistryValue *));
}

static HRESULT overlay_values(RegistryNode *into, const RegistryNode *upper) {
  HRESULT result = S_OK;

  for (size_t i = 0; i < upper->value_count && SUCCEEDED(result); i++) {
    const RegistryValue *value = upper->values[i];
    RegistryDatum datum = { value->type, value->data, value->size, value->source, value->line };

    if (value->masked)
      registry_node_remove_value(into, value->name, strlen(value->name));
    else
      result = registry_node_set(into, value->name, strlen(value->name), &datum);
  }
  return result;
}

/* Lays one key of the upper tree over the lower's keys in `into`. */
static HRESULT overlay_child(RegistryNode *into, const RegistryNode *upper) {
  bool found;
  size_t index = child_index(into, upper->name, strlen(upper->name), &found);

  if (found && upper->masked) {
    remove_child(into, index);
    found = false;
  }
  if (!found && !upper->present)
    return S_OK; /* what hangs below can only be masks, and there is nothing to mask */
  RegistryNode *child = found ? into->children[index] : make_child(into, upper->name, strlen(upper->name));
  if (!child)
    return E_OUTOFMEMORY;
  child->present = true;
  return registry_tree_overlay(child, upper);
}

HRESULT registry_tree_overlay(RegistryNode *into, const RegistryNode *upper) {
  HRESULT result = overlay_values(into, upper);

  for (size_t i = 0; i < upper->child_count && SUCCEEDED(result); i++)
    result = overlay_child(into, upper->children[i]);
  return result;
}

HRESULT registry_tree_amend(RegistryNode *into, const RegistryNode *newer) {
  HRESULT result = S_OK;

  for (size_t i = 0; i < newer->value_count && SUCCEEDED(result); i++) {
    const RegistryValue *value = newer->values[i];
    RegistryDatum datum = { value->type, value->data, value->size, value->source, value->line };
    size_t size = strlen(value->name);

    result = value->masked ? registry_node_mask_value(into, value->name, size)
                           : registry_node_set(into, value->name, size, &datum);
  }
  for (size_t i = 0; i < newer->child_count && SUCCEEDED(result); i++) {
    const RegistryNode *upper = newer->children[i];
    RegistryNode *child = make_child(into, upper->name, strlen(upper->name));

    if (!child)
      return E_OUTOFMEMORY;
    if (upper->masked) {
      node_clear(child);
      child->present = false;
      child->named = false;
      child->masked = true;
    }
    child->present = child->present || upper->present;
    child->named = child->named || upper->named;
    result = registry_tree_amend(child, upper);
  }
  return result;
}

bool registry_tree_prune(RegistryNode *node, const RegistryNode *others) {
  for (size_t i = node->child_count; i-- > 0;) {
    const char *name = node->children[i]->name;

    if (registry_tree_prune(node->children[i], others ? registry_tree_find(others, name, strlen(name)) : NULL))
      remove_child(node, i);
  }
  for (size_t i = node->value_count; i-- > 0;) {
    const char *name = node->values[i]->name;

    if (node->values[i]->masked && (!others || !registry_node_value(others, name, strlen(name))))
      registry_node_remove_value(node, name, strlen(name));
  }
  if (!others)
    node->masked = false;
  return !node->masked && !node->named && node->child_count == 0 && node->value_count == 0;
}
