/*
 * A tree of registry keys and values. The same tree serves as one file's say (with masks: "this key, this value, is
 * gone") and as the merged view of all files, which is made by laying the files over one another, lowest first.
 * Names compare without regard to the case of ASCII letters; lists are sorted that way. Text is UTF-8.
 */
#ifndef OLEANDER_COM_REGISTRY_TREE_H
#define OLEANDER_COM_REGISTRY_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <objbase.h>

#define REGISTRY_KEY_NAME_LIMIT   255   /* characters of one key name, as on Windows */
#define REGISTRY_VALUE_NAME_LIMIT 16383 /* characters of a value's name, as on Windows */
#define REGISTRY_DEPTH_LIMIT      128   /* keys inside keys */

/* The file that said something; lives as long as any tree that was made from it. */
typedef struct RegistrySource {
  char *path;      /* absolute */
  char *directory; /* against which relative module paths resolve */
} RegistrySource;

typedef struct RegistryValue {
  char *name; /* "" is the default value */
  uint32_t type;
  bool masked;   /* the value is said to be gone; the rest is empty */
  uint8_t *data; /* text kinds: UTF-8 (strings of REG_MULTI_SZ each with a zero); always one more zero behind */
  size_t size;   /* without that zero */
  const RegistrySource *source;
  unsigned line;
} RegistryValue;

typedef struct RegistryNode RegistryNode;
struct RegistryNode {
  char *name;
  bool present; /* the key exists; false in a node that only carries a mask */
  bool named;   /* it was said by its own name, and does not just lead to another one */
  bool masked;  /* what lower trees say about the key and all below it does not count */
  RegistryNode **children;
  size_t child_count, child_room;
  RegistryValue **values;
  size_t value_count, value_room;
};

/* What is written: the type with text as described above, and where it was said. */
typedef struct RegistryDatum {
  uint32_t type;
  const void *data;
  size_t size;
  const RegistrySource *source;
  unsigned line;
} RegistryDatum;

RegistryNode *registry_tree_create(void);
void registry_tree_free(RegistryNode *node);

/* Whether path is made of names of legal length, none empty, not too deep. "" is the root. */
bool registry_path_valid(const char *path, size_t size);

/* The key at path below node ("a\b\c"; "" is node itself), or NULL. Finds nodes that only carry masks too. */
RegistryNode *registry_tree_find(const RegistryNode *node, const char *path, size_t size);

/* The same, made with all keys above it where missing. NULL when out of memory. */
RegistryNode *registry_tree_make(RegistryNode *node, const char *path, size_t size);

RegistryValue *registry_node_value(const RegistryNode *node, const char *name, size_t size);
HRESULT registry_node_set(RegistryNode *node, const char *name, size_t size, const RegistryDatum *datum);
HRESULT registry_node_mask_value(RegistryNode *node, const char *name, size_t size);

/* Empties the key at path and leaves a mask there. */
HRESULT registry_tree_mask_key(RegistryNode *node, const char *path, size_t size);

/* Takes the key or value out without a mask; nothing happens when it is not there. */
void registry_tree_remove_key(RegistryNode *node, const char *path, size_t size);
void registry_node_remove_value(RegistryNode *node, const char *name, size_t size);

/* Joins what `newer` says to `into`, keeping the masks of both. */
HRESULT registry_tree_amend(RegistryNode *into, const RegistryNode *newer);

/* Drops the masks for which `others` (a merged tree, or NULL where it has no such key) has nothing to mask, and the
 * keys that led to nothing else. True when the whole node may go. */
bool registry_tree_prune(RegistryNode *node, const RegistryNode *others);

/* Lays `upper` over the merged tree `into`, which stays free of masks and of keys that do not exist. */
HRESULT registry_tree_overlay(RegistryNode *into, const RegistryNode *upper);

#endif
