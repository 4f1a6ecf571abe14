/* What the files of storage/ share: the objects over the engine (compound_file.h), and bytes in files. */
#ifndef OLEANDER_STORAGE_INTERNAL_H
#define OLEANDER_STORAGE_INTERNAL_H

#include "com/com_api.h"

#include <pthread.h>
#include <stdatomic.h>

#include <coml2api.h>
#include <objidl.h>
#include <propidl.h>

#include "storage/compound_file.h"

#define STGM_ACCESS   0x00000003u
#define STGM_SHARE    0x00000070u
#define STORAGE_NAMES 32u /* units of a name, with the zero */

/* Bytes in a file (file_bytes.c) */

/* Opens or makes a file for storages and streams; `mode` STGM_*. STGM_CREATE empties what is there, STGM_FAILIFTHERE and
 * `create` fail if it is. The share mode is kept by locks of the open file. */
HRESULT file_bytes_open(const char16_t *path, DWORD mode, bool create, ILockBytes **result);
/* Opens a file to be read, past its share modes and leaving them to others: for a look at what was committed. */
HRESULT file_bytes_look(const char16_t *path, ILockBytes **result);
/* A file without a name that goes with the last reference. */
HRESULT file_bytes_scratch(ILockBytes **result);
HRESULT storage_error_of(int error);

static inline bool mode_writes(DWORD mode) {
  return (mode & STGM_ACCESS) != STGM_READ;
}

static inline bool mode_reads(DWORD mode) {
  return (mode & STGM_ACCESS) != STGM_WRITE;
}

/* Compound files as objects (docfile.c) */

typedef struct Docfile Docfile;

/* An element that is open; in the list of its file in the order of opening, so that parents come before their parts. */
typedef struct Node {
  Docfile *docfile;
  struct Node *previous, *next;
  struct Node *parent;
  uint32_t sid;
  DWORD mode;
  _Atomic bool reverted; /* what it stood for is gone */
} Node;

struct Docfile {
  pthread_mutex_t lock;
  _Atomic unsigned references;
  CompoundFile *file;
  Node *first, *last;
  char16_t *path; /* of the file, or NULL */
  DWORD mode;
  bool remove;             /* the file goes with the root */
  Node *origin;            /* of a scratch file (nested_storage.c): what it stands for in another file */
  uint64_t origin_changes; /* of the scratch file, when it was as that */
};

/* Takes over the file. */
HRESULT docfile_create(CompoundFile *file, DWORD mode, Docfile **result);
void docfile_addref(Docfile *docfile);
void docfile_release(Docfile *docfile);
void docfile_link(Docfile *docfile, Node *node, Node *parent, uint32_t sid, DWORD mode);
/* The node and, for a storage, all that is open in it: no longer usable. The lock is held. */
void docfile_unlink(Node *node);
void docfile_kill_below(Node *node);
void docfile_kill_element(Docfile *docfile, uint32_t sid);
Node *docfile_open_node(const Docfile *docfile, uint32_t sid);

/* Locks the file unless the element is gone (STG_E_REVERTED); pairs with node_leave. */
HRESULT node_enter(Node *node);
void node_leave(Node *node);

/* storage_object.c */
/* The storage at `sid`, with one reference; the caller holds the lock of the file when `parent` is given. */
HRESULT storage_object_create(Docfile *docfile, Node *parent, uint32_t sid, DWORD mode, IStorage **result);
/* A stream (stream_object.c), likewise. */
HRESULT stream_object_create(Docfile *docfile, Node *parent, uint32_t sid, DWORD mode, IStream **result);
/* The node of one of our storages, or NULL. */
Node *storage_object_node(IStorage *storage);
HRESULT element_stat(Docfile *docfile, uint32_t sid, DWORD mode, DWORD flags, STATSTG *stat);

/* names and modes (element_rules.c) */
HRESULT element_check_name(const char16_t *name, size_t *units);
HRESULT element_check_mode(DWORD mode, bool storage, DWORD parent_mode);
HRESULT root_check_mode(DWORD mode, bool create);

/* storage_copy.c */

/* Copies what is in a storage to any other storage, with its class and state bits; elements named in `names` stay behind, so do
 * streams or storages where their IID is among `excluded`. */
HRESULT storage_copy(Node *node, DWORD excluded_count, const IID *excluded, SNB names, IStorage *target);
HRESULT storage_copy_element(Node *node, const char16_t *name, IStorage *target, const char16_t *new_name);
/* Copies class, state, times and elements of a storage into one without elements, within the engine. Both files are
 * locked by the caller. */
HRESULT entries_copy(CompoundFile *from, uint32_t from_sid, CompoundFile *to, uint32_t to_sid);

/* nested_storage.c: transactions of storages that are not the root. Each works in a scratch file, which a commit copies back. */

/* Takes over `origin`, which is linked in the file of the parent; the caller holds that file's lock. */
HRESULT nested_open(Node *origin, Docfile **result);
HRESULT nested_commit(Docfile *scratch);
HRESULT nested_revert(Docfile *scratch);

#endif
