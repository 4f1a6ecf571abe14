/* Writing the registry store: the changes of one component, collected in a tree with masks and joined to the component's own
 * file at the commit, under a lock and by rename. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <oleander_registry.h>

#include "com/registry/registry_internal.h"
#include "com/registry/reg_parser.h"
#include "com/unicode.h"

#define COMPONENT_LIMIT 200 /* bytes: with suffix and temporary marks a file name has at most 255 */

struct OleanderRegistryEdit {
  char *component;
  RegistryNode *changes;
};

static _Thread_local const char *current_component;

static const RegistrySource edit_source = { (char *)(uintptr_t) "", (char *)(uintptr_t) "" };

const char *registry_set_component(const char *component) {
  const char *old = current_component;

  current_component = component;
  return old;
}

/* Collecting */

static bool component_valid(const char *name) {
  size_t size = strlen(name);

  if (size == 0 || size > COMPONENT_LIMIT || name[0] == '.' || utf16_length(name, size) == UNICODE_INVALID)
    return false;
  for (size_t i = 0; i < size; i++)
    if ((unsigned char)name[i] < 0x20 || name[i] == '/' || name[i] == 0x7F)
      return false;
  return true;
}

HRESULT oleander_registry_edit(const char *component, OleanderRegistryEdit **result) {
  OleanderRegistryEdit *edit;

  if (!component)
    component = current_component;
  if (!result)
    return E_INVALIDARG;
  *result = NULL;
  if (!component || !component_valid(component))
    return E_INVALIDARG;
  edit = calloc(1, sizeof *edit);
  if (!edit)
    return E_OUTOFMEMORY;
  edit->component = text_format("%s", component);
  edit->changes = registry_tree_create();
  if (!edit->component || !edit->changes) {
    oleander_registry_cancel(edit);
    return E_OUTOFMEMORY;
  }
  *result = edit;
  return S_OK;
}

void oleander_registry_cancel(OleanderRegistryEdit *edit) {
  if (edit) {
    registry_tree_free(edit->changes);
    free(edit->component);
    free(edit);
  }
}

static bool text_valid(const char *text, size_t size) {
  if (utf16_length(text, size) == UNICODE_INVALID)
    return false;
  for (size_t i = 0; i < size; i++)
    if ((unsigned char)text[i] < 0x20)
      return false;
  return true;
}

/* Takes the root off the path and checks the rest. */
static HRESULT check_path(const char **path, size_t *size) {
  if (!*path)
    return E_INVALIDARG;
  *size = strlen(*path);
  if (reg_root(path, size) == REG_ROOT_OTHER || !registry_path_valid(*path, *size) || !text_valid(*path, *size))
    return E_INVALIDARG;
  return S_OK;
}

static bool name_valid(const char *name) {
  size_t size = strlen(name);

  return size <= REGISTRY_VALUE_NAME_LIMIT && text_valid(name, size);
}

HRESULT oleander_registry_create_key(OleanderRegistryEdit *edit, const char *path) {
  size_t size;
  HRESULT status = edit ? check_path(&path, &size) : E_INVALIDARG;

  if (FAILED(status))
    return status;
  return registry_tree_make(edit->changes, path, size) ? S_OK : E_OUTOFMEMORY;
}

static bool is_text(DWORD type) {
  return type == REG_SZ || type == REG_EXPAND_SZ || type == REG_LINK || type == REG_MULTI_SZ;
}

HRESULT oleander_registry_set_value(OleanderRegistryEdit *edit, const char *path, const char *name, DWORD type,
                                    const void *data, size_t data_size) {
  RegistryDatum datum = { type, data, data_size, &edit_source, 0 };
  size_t size;
  HRESULT status = edit ? check_path(&path, &size) : E_INVALIDARG;

  if (FAILED(status))
    return status;
  if (!name)
    name = "";
  if ((!data && data_size) || data_size > REG_VALUE_LIMIT || !name_valid(name))
    return E_INVALIDARG;
  if (is_text(type) && data_size &&
      (utf16_length(data, data_size) == UNICODE_INVALID || (type != REG_MULTI_SZ && memchr(data, 0, data_size))))
    return E_INVALIDARG;
  if (type == REG_MULTI_SZ && data_size && ((const char *)data)[data_size - 1] != 0)
    return E_INVALIDARG;
  RegistryNode *node = registry_tree_make(edit->changes, path, size);
  return node ? registry_node_set(node, name, strlen(name), &datum) : E_OUTOFMEMORY;
}

HRESULT oleander_registry_set_string(OleanderRegistryEdit *edit, const char *path, const char *name, const char *text) {
  return text ? oleander_registry_set_value(edit, path, name, REG_SZ, text, strlen(text)) : E_INVALIDARG;
}

HRESULT oleander_registry_set_dword(OleanderRegistryEdit *edit, const char *path, const char *name, DWORD number) {
  uint8_t bytes[4] = { (uint8_t)number, (uint8_t)(number >> 8), (uint8_t)(number >> 16), (uint8_t)(number >> 24) };

  return oleander_registry_set_value(edit, path, name, REG_DWORD, bytes, sizeof bytes);
}

HRESULT oleander_registry_delete_key(OleanderRegistryEdit *edit, const char *path) {
  size_t size;
  HRESULT status = edit ? check_path(&path, &size) : E_INVALIDARG;

  if (FAILED(status))
    return status;
  return size ? registry_tree_mask_key(edit->changes, path, size) : E_INVALIDARG;
}

/* The node for a mask of a value: a key that it does not make to exist. */
static RegistryNode *mask_place(RegistryNode *changes, const char *path, size_t size) {
  RegistryNode *node = registry_tree_find(changes, path, size);
  bool existed = node;

  if (!node)
    node = registry_tree_make(changes, path, size);
  if (node && !existed)
    node->named = false;
  return node;
}

HRESULT oleander_registry_delete_value(OleanderRegistryEdit *edit, const char *path, const char *name) {
  size_t size;
  HRESULT status = edit ? check_path(&path, &size) : E_INVALIDARG;

  if (FAILED(status))
    return status;
  if (!name)
    name = "";
  if (!name_valid(name))
    return E_INVALIDARG;
  RegistryNode *node = mask_place(edit->changes, path, size);
  return node ? registry_node_mask_value(node, name, strlen(name)) : E_OUTOFMEMORY;
}

/* Committing */

static HRESULT write_error(const char *path, const char *what) {
  return error_raise(REGDB_E_WRITEREGDB, "Oleander registry", "%s: %s: %s", path, what, strerror(errno));
}

/* Makes the directory and those above it. The XDG specification wants them private. */
static HRESULT make_directory(const char *directory) {
  char *path = text_format("%s", directory);
  char *slash;

  if (!path)
    return E_OUTOFMEMORY;
  for (slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
    *slash = '\0';
    mkdir(path, 0700);
    *slash = '/';
  }
  mkdir(path, 0700);
  free(path);
  return S_OK;
}

static HRESULT lock_directory(const char *directory, int *lock) {
  HRESULT status = make_directory(directory);

  if (FAILED(status))
    return status;
  char *path = text_format("%s/.lock", directory);
  if (!path)
    return E_OUTOFMEMORY;
  *lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (*lock < 0)
    status = write_error(path, "cannot be opened");
  while (*lock >= 0 && flock(*lock, LOCK_EX) != 0) {
    if (errno == EINTR)
      continue;
    status = write_error(path, "cannot be locked");
    close(*lock);
    *lock = -1;
  }
  free(path);
  return status;
}

static bool write_all(int descriptor, const char *data, size_t size) {
  while (size) {
    ssize_t done = write(descriptor, data, size);

    if (done < 0 && errno == EINTR)
      continue;
    if (done < 0)
      return false;
    data += done;
    size -= (size_t)done;
  }
  return true;
}

static void sync_directory(const char *directory) {
  int descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (descriptor >= 0) {
    fsync(descriptor);
    close(descriptor);
  }
}

/* Gives the new file what the old one had: owner and mode. Who may not give files away keeps what can be kept. */
static void copy_attributes(const char *path, int descriptor) {
  struct stat old;

  if (stat(path, &old) != 0)
    return;
  if (fchown(descriptor, old.st_uid, old.st_gid) != 0 && fchown(descriptor, (uid_t)-1, old.st_gid) != 0)
    old.st_mode &= ~(mode_t)(S_ISUID | S_ISGID);
  fchmod(descriptor, old.st_mode & 07777);
}

static HRESULT write_file(const char *temporary, const char *path, const char *text, size_t size) {
  unlink(temporary);
  int descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (descriptor < 0)
    return write_error(temporary, "cannot be made");
  copy_attributes(path, descriptor);
  bool written = write_all(descriptor, text, size) && fsync(descriptor) == 0;
  written = close(descriptor) == 0 && written;
  HRESULT status = S_OK;
  if (!written)
    status = write_error(temporary, "cannot be written");
  else if (rename(temporary, path) != 0)
    status = write_error(path, "cannot be replaced");
  if (FAILED(status))
    unlink(temporary);
  return status;
}

/* Puts the text in the place of the file, by way of a temporary one; the lock is held, so one name is enough. A link stays:
 * what it leads to is replaced. */
static HRESULT replace_file(const char *component, const char *path, const char *text, size_t size) {
  char *real = realpath(path, NULL);
  const char *target = real ? real : path;
  int folder = (int)(strrchr(target, '/') - target);
  char *temporary = text_format("%.*s/.%s.reg.new", folder, target, component);
  HRESULT status = temporary ? write_file(temporary, target, text, size) : E_OUTOFMEMORY;

  free(temporary);
  free(real);
  return status;
}

static HRESULT store_tree(const char *directory, const char *component, const char *path, const RegistryNode *tree,
                          bool empty) {
  HRESULT status = S_OK;
  char *text;
  size_t size;

  if (empty) {
    if (unlink(path) != 0 && errno != ENOENT)
      status = write_error(path, "cannot be removed");
  } else {
    status = reg_write(tree, &text, &size);
    if (FAILED(status))
      return status;
    if (size > REG_FILE_LIMIT)
      status = error_raise(REGDB_E_WRITEREGDB, "Oleander registry", "%s: would grow too large", path);
    else
      status = replace_file(component, path, text, size);
    free(text);
  }
  sync_directory(directory);
  return status;
}

/* All that the other files say: what masks in the file at `path` may have to hide. */
static HRESULT others_than(const char *path, RegistrySnapshot **snapshot, RegistryNode **others) {
  HRESULT status = registry_snapshot(snapshot);

  if (FAILED(status))
    return status;
  *others = registry_tree_create();
  if (!*others)
    status = E_OUTOFMEMORY;
  for (size_t i = 0; i < (*snapshot)->file_count && SUCCEEDED(status); i++) {
    const RegistryFile *file = (*snapshot)->files[i];

    if (file->tree && strcmp(file->source.path, path) != 0)
      status = registry_tree_overlay(*others, file->tree);
  }
  if (FAILED(status)) {
    registry_tree_free(*others);
    registry_snapshot_release(*snapshot);
  }
  return status;
}

static HRESULT amend_file(OleanderRegistryEdit *edit, const char *directory, const char *path) {
  RegistryFile *own = NULL;
  RegistrySnapshot *snapshot;
  RegistryNode *others;
  HRESULT status = registry_file_load(path, &own);
  bool empty;

  if (FAILED(status))
    return status;
  if (own && own->problem) {
    status = error_raise(REGDB_E_READREGDB, "Oleander registry", "%s", own->problem);
    registry_file_free(own);
    return status;
  }
  RegistryNode *tree = own ? own->tree : edit->changes;
  if (own)
    status = registry_tree_amend(tree, edit->changes);
  if (SUCCEEDED(status))
    status = others_than(path, &snapshot, &others);
  if (SUCCEEDED(status)) {
    tree->named = false;
    empty = registry_tree_prune(tree, others);
    status = store_tree(directory, edit->component, path, tree, empty);
    registry_tree_free(others);
    registry_snapshot_release(snapshot);
  }
  registry_file_free(own);
  return status;
}

HRESULT oleander_registry_commit(OleanderRegistryEdit *edit) {
  RegistryLayers layers = { .count = 0 };
  char *path = NULL;
  int lock = -1;

  if (!edit)
    return E_INVALIDARG;
  HRESULT status = registry_layers_copy(&layers);
  if (SUCCEEDED(status) && !(path = text_format("%s/%s.reg", layers.directories[0], edit->component)))
    status = E_OUTOFMEMORY;
  if (SUCCEEDED(status))
    status = lock_directory(layers.directories[0], &lock);
  if (SUCCEEDED(status))
    status = amend_file(edit, layers.directories[0], path);
  if (lock >= 0)
    close(lock);
  registry_changed();
  free(path);
  registry_layers_free(&layers);
  oleander_registry_cancel(edit);
  return status;
}
