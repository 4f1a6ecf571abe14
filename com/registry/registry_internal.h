/* What the files of the registry store share among themselves. */
#ifndef OLEANDER_REGISTRY_INTERNAL_H
#define OLEANDER_REGISTRY_INTERNAL_H

#include "com/com_api.h"
#include "com/registry/registry_tree.h"

/* Layers of the registry store (registry_layers.c) */

#define REGISTRY_LAYERS 24

/* Directories with .reg files, the highest layer first; it is also the one that is written to. */
typedef struct RegistryLayers {
  char *directories[REGISTRY_LAYERS];
  int count;
} RegistryLayers;

/* Reads the environment; not to be called by two threads at once. On E_OUTOFMEMORY *layers is empty. */
HRESULT registry_layers_find(RegistryLayers *layers);
void registry_layers_free(RegistryLayers *layers);

/* Whether the environment differs from the one of the last call; likewise for one thread at a time. */
bool registry_environment_changed(void);
bool registry_layers_equal(const RegistryLayers *first, const RegistryLayers *second);

/* printf into a new text on the heap, or NULL. */
char *text_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Snapshots (registry_store.c) */

typedef struct RegistryFile {
  RegistrySource source;
  RegistryNode *tree; /* NULL when the file could not be read */
  char *problem;      /* then "FILE:LINE: reason" */
  struct RegistryStamp {
    bool exists;
    uint64_t device, inode, size;
    int64_t modified, changed; /* nanoseconds */
    bool settled;              /* old enough that a further change must show in the times */
  } stamp;
  unsigned references;
} RegistryFile;

/* The state of the whole store at one time; never changes. */
typedef struct RegistrySnapshot {
  RegistryNode *root;
  RegistryFile **files; /* all layers, in the order in which they were laid over one another */
  size_t file_count;
  _Atomic unsigned references;
} RegistrySnapshot;

/* The current state, after looking whether directories and files have changed; release it. */
HRESULT registry_snapshot(RegistrySnapshot **snapshot);
void registry_snapshot_release(RegistrySnapshot *snapshot);

/* Makes the next registry_snapshot look at everything afresh. */
void registry_changed(void);

/* A copy of the layers in force, of which the first is written to; registry_layers_free ends it. REGDB_E_WRITEREGDB when
 * there is none. */
HRESULT registry_layers_copy(RegistryLayers *copy);

/* Reads and parses one file. S_FALSE when there is none; a damaged one gives S_OK with `problem` set. The caller owns
 * the file and frees it with registry_file_free. */
HRESULT registry_file_load(const char *path, RegistryFile **file);
void registry_file_free(RegistryFile *file);

/* Writing .reg text (reg_writer.c) */

/* The tree as text, in a block for free(); *size is its length. */
HRESULT reg_write(const RegistryNode *tree, char **text, size_t *size);

#endif
