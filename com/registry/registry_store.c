/* The registry store as a whole: finds the files of all layers, parses those that changed, and lays them over one
 * another into a snapshot that never changes. */
#include "com/registry/registry_internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "com/registry/reg_parser.h"

#define FILES_LIMIT 65536 /* of one directory */

/* Times of files advance with the timer tick: a change within this time after the last one may not show in them. */
#define SETTLE_NANOSECONDS 50000000

typedef struct RegistryStamp Stamp;

/* A directory as it was last read, and what was in it. */
typedef struct Layer {
  Stamp stamp;
  RegistryFile **files; /* by byte order of their names; each with one reference of the layer */
  size_t count;
} Layer;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static RegistryLayers where;
static Layer layers[REGISTRY_LAYERS];
static RegistrySnapshot *current;
static bool environment_seen; /* the layers are those of the present environment */
static bool stale; /* the layers have changed since `current` was made, or could not be read for want of memory */

/* Stamps */

static int64_t nanoseconds(struct timespec time) {
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static Stamp stamp_of(const struct stat *status) {
  Stamp stamp = { .exists = true };
  struct timespec now;

  stamp.device = status->st_dev;
  stamp.inode = status->st_ino;
  stamp.size = (uint64_t)status->st_size;
  stamp.modified = nanoseconds(status->st_mtim);
  stamp.changed = nanoseconds(status->st_ctim);
  clock_gettime(CLOCK_REALTIME, &now);
  stamp.settled =
      nanoseconds(now) - stamp.modified > SETTLE_NANOSECONDS && nanoseconds(now) - stamp.changed > SETTLE_NANOSECONDS;
  return stamp;
}

static Stamp stamp_path(const char *path) {
  Stamp absent = { .settled = true };
  struct stat status;

  return stat(path, &status) == 0 ? stamp_of(&status) : absent;
}

/* Whether `old`, taken before reading, still tells the truth. */
static bool stamp_holds(const Stamp *old, const Stamp *now) {
  return old->settled && old->exists == now->exists && old->device == now->device && old->inode == now->inode &&
         old->size == now->size && old->modified == now->modified && old->changed == now->changed;
}

/* Files */

void registry_file_free(RegistryFile *file) {
  if (file) {
    registry_tree_free(file->tree);
    free(file->source.path);
    free(file->source.directory);
    free(file->problem);
    free(file);
  }
}

/* References are counted under `lock`, except in a snapshot that goes away (which takes it). */
static void file_release(RegistryFile *file) {
  if (--file->references == 0)
    registry_file_free(file);
}

static HRESULT file_create(const char *path, RegistryFile **result) {
  const char *slash = strrchr(path, '/');
  RegistryFile *file = calloc(1, sizeof *file);

  if (!file)
    return E_OUTOFMEMORY;
  file->references = 1;
  file->source.path = text_format("%s", path);
  file->source.directory = text_format("%.*s", slash ? (int)(slash - path) : 1, slash ? path : ".");
  if (!file->source.path || !file->source.directory) {
    registry_file_free(file);
    return E_OUTOFMEMORY;
  }
  *result = file;
  return S_OK;
}

static HRESULT set_problem(RegistryFile *file, unsigned line, const char *text) {
  file->problem =
      line ? text_format("%s:%u: %s", file->source.path, line, text) : text_format("%s: %s", file->source.path, text);
  return file->problem ? S_OK : E_OUTOFMEMORY;
}

static HRESULT file_parse(RegistryFile *file, const void *bytes, size_t size) {
  RegProblem problem;

  file->tree = registry_tree_create();
  if (!file->tree)
    return E_OUTOFMEMORY;
  HRESULT result = reg_parse(bytes, size, &file->source, file->tree, &problem);
  if (result == E_INVALIDARG) {
    registry_tree_free(file->tree);
    file->tree = NULL;
    return set_problem(file, problem.line, problem.text);
  }
  return result;
}

/* Reads at most `size` bytes; a file may shrink while it is read. */
static size_t read_all(int descriptor, char *bytes, size_t size) {
  size_t done = 0;

  while (done < size) {
    ssize_t got = read(descriptor, bytes + done, size - done);

    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      break;
    done += (size_t)got;
  }
  return done;
}

static HRESULT file_read(RegistryFile *file, int descriptor) {
  struct stat status;

  if (fstat(descriptor, &status) != 0)
    return set_problem(file, 0, strerror(errno));
  file->stamp = stamp_of(&status);
  if (!S_ISREG(status.st_mode))
    return set_problem(file, 0, "not a regular file");
  if (status.st_size > (off_t)REG_FILE_LIMIT)
    return set_problem(file, 0, "the file is too large");
  size_t size = (size_t)status.st_size;
  char *bytes = malloc(size + 1);
  if (!bytes)
    return E_OUTOFMEMORY;
  HRESULT result = file_parse(file, bytes, read_all(descriptor, bytes, size));
  free(bytes);
  return result;
}

HRESULT registry_file_load(const char *path, RegistryFile **result) {
  RegistryFile *file;

  *result = NULL;
  /* Not blocking, so that a pipe in the directory does not hold us up. */
  int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (descriptor < 0 && errno == ENOENT)
    return S_FALSE;
  HRESULT status = file_create(path, &file);
  if (SUCCEEDED(status)) {
    file->stamp = stamp_path(path);
    status = descriptor < 0 ? set_problem(file, 0, strerror(errno)) : file_read(file, descriptor);
    if (SUCCEEDED(status))
      *result = file;
    else
      registry_file_free(file);
  }
  if (descriptor >= 0)
    close(descriptor);
  return status;
}

/* Layers */

static void layer_clear(Layer *layer) {
  for (size_t i = 0; i < layer->count; i++)
    file_release(layer->files[i]);
  free(layer->files);
  memset(layer, 0, sizeof *layer);
}

static bool is_reg_name(const char *name) {
  size_t size = strlen(name);

  return name[0] != '.' && size > 4 && strcmp(name + size - 4, ".reg") == 0;
}

static int compare_names(const void *first, const void *second) {
  return strcmp(*(char *const *)first, *(char *const *)second);
}

static void free_names(char **names, size_t count) {
  while (count > 0)
    free(names[--count]);
  free(names);
}

/* The names of the .reg files in a directory, sorted. A directory that cannot be read has none. */
static HRESULT list_names(const char *directory, char ***result, size_t *count) {
  DIR *open_directory = opendir(directory);
  char **names = NULL;
  size_t room = 0;
  struct dirent *entry;
  HRESULT status = S_OK;

  *count = 0;
  while (open_directory && SUCCEEDED(status) && *count < FILES_LIMIT && (entry = readdir(open_directory)) != NULL) {
    if (!is_reg_name(entry->d_name))
      continue;
    if (*count == room) {
      char **bigger = realloc(names, (room ? room * 2 : 16) * sizeof *names);

      if (!bigger) {
        status = E_OUTOFMEMORY;
        break;
      }
      names = bigger;
      room = room ? room * 2 : 16;
    }
    names[*count] = text_format("%s", entry->d_name);
    if (names[*count])
      ++*count;
    else
      status = E_OUTOFMEMORY;
  }
  if (open_directory)
    closedir(open_directory);
  if (FAILED(status))
    free_names(names, *count);
  else if (*count)
    qsort(names, *count, sizeof *names, compare_names);
  *result = FAILED(status) ? NULL : names;
  return status;
}

static RegistryFile *layer_find(const Layer *layer, const char *path) {
  size_t low = 0;
  size_t high = layer->count;

  while (low < high) {
    size_t middle = low + (high - low) / 2;
    int order = strcmp(path, layer->files[middle]->source.path);

    if (order == 0)
      return layer->files[middle];
    if (order < 0)
      high = middle;
    else
      low = middle + 1;
  }
  return NULL;
}

/* The file at `path` for the new state of the layer: the one from before while it has not changed. */
static HRESULT layer_take(const Layer *old, const char *path, RegistryFile **file) {
  RegistryFile *known = layer_find(old, path);
  Stamp now = stamp_path(path);

  if (!known || !stamp_holds(&known->stamp, &now))
    return registry_file_load(path, file);
  known->references++;
  *file = known;
  return S_OK;
}

static HRESULT layer_fill(Layer *fresh, const Layer *old, const char *directory, char **names, size_t count) {
  HRESULT status = S_OK;

  if (!count)
    return S_OK;
  fresh->files = malloc(count * sizeof(RegistryFile *));
  if (!fresh->files)
    return E_OUTOFMEMORY;
  for (size_t i = 0; i < count && SUCCEEDED(status); i++) {
    char *path = text_format("%s/%s", directory, names[i]);

    status = path ? layer_take(old, path, &fresh->files[fresh->count]) : E_OUTOFMEMORY;
    fresh->count += status == S_OK;
    free(path);
  }
  return status;
}

/* Reads the directory anew. The old state stays when memory is out. */
static HRESULT layer_read(Layer *layer, const char *directory) {
  Layer fresh = { .stamp = stamp_path(directory) };
  char **names;
  size_t count;
  HRESULT status = list_names(directory, &names, &count);

  if (FAILED(status))
    return status;
  status = layer_fill(&fresh, layer, directory, names, count);
  free_names(names, count);
  if (FAILED(status)) {
    layer_clear(&fresh);
    return status;
  }
  layer_clear(layer);
  *layer = fresh;
  return S_OK;
}

static bool layer_holds(const Layer *layer, const char *directory) {
  Stamp now = stamp_path(directory);

  if (!stamp_holds(&layer->stamp, &now))
    return false;
  for (size_t i = 0; i < layer->count; i++) {
    now = stamp_path(layer->files[i]->source.path);
    if (!stamp_holds(&layer->files[i]->stamp, &now))
      return false;
  }
  return true;
}

/* Snapshots */

static void snapshot_free(RegistrySnapshot *snapshot) {
  for (size_t i = 0; i < snapshot->file_count; i++)
    file_release(snapshot->files[i]);
  free(snapshot->files);
  registry_tree_free(snapshot->root);
  free(snapshot);
}

void registry_snapshot_release(RegistrySnapshot *snapshot) {
  if (snapshot && --snapshot->references == 0) {
    pthread_mutex_lock(&lock);
    snapshot_free(snapshot);
    pthread_mutex_unlock(&lock);
  }
}

/* Lays all files over one another, the lowest layer first. */
static HRESULT snapshot_create(RegistrySnapshot **result) {
  RegistrySnapshot *snapshot = calloc(1, sizeof *snapshot);
  HRESULT status = S_OK;
  size_t total = 0;

  if (!snapshot)
    return E_OUTOFMEMORY;
  snapshot->references = 1;
  for (int i = 0; i < where.count; i++)
    total += layers[i].count;
  snapshot->root = registry_tree_create();
  snapshot->files = malloc((total + 1) * sizeof(RegistryFile *));
  if (!snapshot->root || !snapshot->files)
    status = E_OUTOFMEMORY;
  for (int i = where.count; i-- > 0 && SUCCEEDED(status);) {
    for (size_t k = 0; k < layers[i].count && SUCCEEDED(status); k++) {
      RegistryFile *file = layers[i].files[k];

      file->references++;
      snapshot->files[snapshot->file_count++] = file;
      if (file->tree)
        status = registry_tree_overlay(snapshot->root, file->tree);
    }
  }
  if (SUCCEEDED(status))
    *result = snapshot;
  else
    snapshot_free(snapshot);
  return status;
}

/* Takes over a changed environment: all layers are then read again. */
static HRESULT find_layers(void) {
  RegistryLayers now;

  if (registry_environment_changed())
    environment_seen = false;
  if (environment_seen && current)
    return S_OK;
  HRESULT status = registry_layers_find(&now);
  if (FAILED(status))
    return status;
  environment_seen = true;
  if (current && registry_layers_equal(&now, &where)) {
    registry_layers_free(&now);
    return S_OK;
  }
  for (int i = 0; i < where.count; i++)
    layer_clear(&layers[i]);
  registry_layers_free(&where);
  where = now;
  stale = true;
  return S_OK;
}

static HRESULT refresh(void) {
  RegistrySnapshot *fresh;
  HRESULT status = find_layers();

  for (int i = 0; i < where.count && SUCCEEDED(status); i++) {
    if (stale || !layer_holds(&layers[i], where.directories[i])) {
      stale = true;
      status = layer_read(&layers[i], where.directories[i]);
    }
  }
  if (FAILED(status) || (current && !stale))
    return status;
  status = snapshot_create(&fresh);
  if (FAILED(status))
    return status;
  if (current && --current->references == 0)
    snapshot_free(current);
  current = fresh;
  stale = false;
  return S_OK;
}

HRESULT registry_snapshot(RegistrySnapshot **snapshot) {
  Credentials *aside = credentials_put_aside(); /* it is read for the whole process */
  pthread_mutex_lock(&lock);
  HRESULT status = refresh();
  if (SUCCEEDED(status)) {
    *snapshot = current;
    current->references++;
  }
  pthread_mutex_unlock(&lock);
  credentials_take_back(aside);
  return status;
}

void registry_changed(void) {
  pthread_mutex_lock(&lock);
  stale = true;
  pthread_mutex_unlock(&lock);
}

HRESULT registry_layers_copy(RegistryLayers *copy) {
  pthread_mutex_lock(&lock);
  HRESULT status = registry_layers_find(copy);
  pthread_mutex_unlock(&lock);
  return SUCCEEDED(status) && copy->count == 0 ? REGDB_E_WRITEREGDB : status;
}
