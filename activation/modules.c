/* Modules that serve classes in this process: opened once each, asked for class objects, closed when nothing needs them
 * any more and they have stayed so for a while. */
#include <dlfcn.h>
#include <link.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "activation/activation_internal.h"
#include "com/com_api.h"

/* How long CoFreeUnusedLibraries leaves a module that could go: code of its last Release may still be running. */
#define DEFAULT_DELAY_MILLISECONDS 600000

/* The least delay where the process has other threads: a module counts its object gone before the instructions of that
 * Release have all run, and no entry of a module can tell when they have. Long against the few instructions that are left. */
#define LEAST_DELAY_MILLISECONDS 1000

typedef HRESULT(STDMETHODCALLTYPE *GetClassObjectEntry)(REFCLSID clsid, REFIID iid, void **result);
typedef HRESULT(STDMETHODCALLTYPE *CanUnloadNowEntry)(void);

struct Module {
  Module *next;
  char *path;
  dev_t device;
  ino_t inode;
  void *handle;
  unsigned users;     /* calls that are in it or about to be, and CoLoadLibrary */
  unsigned loads;     /* CoLoadLibrary calls not undone, counted in users too */
  uint64_t openings;  /* of all time: who was in it since then may have left objects */
  int64_t idle_since; /* milliseconds; 0 while in use */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static Module *modules;

static int64_t milliseconds(void) {
  struct timespec now;

  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000 + 1;
}

static void module_free(Module *module) {
  if (module->handle)
    dlclose(module->handle);
  free(module->path);
  free(module);
}

static char *copy_path(const char *path) {
  char *copy = malloc(strlen(path) + 1);

  return copy ? strcpy(copy, path) : NULL;
}

static HRESULT load_error(HRESULT code, const char *path, const char *why) {
  /* dlerror begins with the path in most cases. */
  if (why && strncmp(why, path, strlen(path)) == 0)
    return error_raise(code, ERROR_SOURCE, "%s", why);
  return error_raise(code, ERROR_SOURCE, "%s: %s", path, why ? why : "cannot be loaded");
}

static HRESULT module_create(const char *path, const struct stat *status, Module **result) {
  Module *module = calloc(1, sizeof *module);

  if (!module || !(module->path = copy_path(path))) {
    free(module);
    return E_OUTOFMEMORY;
  }
  module->device = status->st_dev;
  module->inode = status->st_ino;
  module->users = 1;
  module->handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!module->handle) {
    HRESULT code = load_error(CO_E_ERRORINDLL, path, dlerror());

    module_free(module);
    return code;
  }
  *result = module;
  return S_OK;
}

/* The open module with this file, with one more user. */
static Module *find_locked(dev_t device, ino_t inode) {
  Module *module = modules;

  while (module && (module->device != device || module->inode != inode))
    module = module->next;
  if (module) {
    module->users++;
    module->openings++;
    module->idle_since = 0;
  }
  return module;
}

/* A module that is open stays the one for its path until it is closed, whatever becomes of the file: so it is with
 * every loader. */
static Module *find_path(const char *path) {
  Module *module;

  pthread_mutex_lock(&lock);
  for (module = modules; module && strcmp(module->path, path) != 0; module = module->next)
    ;
  if (module) {
    module->users++;
    module->openings++;
    module->idle_since = 0;
  }
  pthread_mutex_unlock(&lock);
  return module;
}

static Module *find(const struct stat *status) {
  pthread_mutex_lock(&lock);
  Module *module = find_locked(status->st_dev, status->st_ino);
  pthread_mutex_unlock(&lock);
  return module;
}

/* Adds the module to the list, or gives the one that another thread has added meanwhile. */
static Module *add(Module *fresh) {
  pthread_mutex_lock(&lock);
  Module *module = find_locked(fresh->device, fresh->inode);
  if (!module) {
    fresh->next = modules;
    modules = fresh;
  }
  pthread_mutex_unlock(&lock);
  if (!module)
    return fresh;
  module_free(fresh);
  return module;
}

HRESULT module_open(const char *path, Module **module) {
  struct stat status;

  *module = find_path(path);
  if (*module)
    return S_OK;
  if (stat(path, &status) != 0)
    return load_error(CO_E_DLLNOTFOUND, path, "there is no such file");
  if (!S_ISREG(status.st_mode))
    return load_error(CO_E_ERRORINDLL, path, "not a regular file");
  *module = find(&status);
  if (*module)
    return S_OK;
  /* Outside the lock: constructors of the module may call us. */
  HRESULT result = module_create(path, &status, module);
  if (SUCCEEDED(result))
    *module = add(*module);
  return result;
}

void module_release(Module *module) {
  pthread_mutex_lock(&lock);
  module->users--;
  pthread_mutex_unlock(&lock);
}

const char *module_path(const Module *module) {
  return module->path;
}

void *module_entry(const Module *module, const char *name) {
  void *entry = dlsym(module->handle, name);
  struct link_map *own;
  struct link_map *found;
  Dl_info info;

  /* dlsym also looks into what the module links; such an entry point is somebody else's. */
  if (!entry || dlinfo(module->handle, RTLD_DI_LINKMAP, &own) != 0 ||
      dladdr1(entry, &info, (void **)&found, RTLD_DL_LINKMAP) == 0 || own != found)
    return NULL;
  return entry;
}

HRESULT module_class_object(Module *module, REFCLSID clsid, REFIID iid, void **result) {
  GetClassObjectEntry entry;

  *result = NULL;
  *(void **)&entry = module_entry(module, "DllGetClassObject");
  if (!entry)
    return load_error(CO_E_ERRORINDLL, module->path, "the module has no DllGetClassObject of its own");
  HRESULT status = entry(clsid, iid, result);
  if (FAILED(status))
    *result = NULL;
  else if (!*result)
    status = E_NOINTERFACE;
  return SUCCEEDED(status) ? S_OK : status;
}

/* Whether the module says that it may go; called without the lock, with a user counted. */
static bool can_unload(Module *module) {
  CanUnloadNowEntry entry;

  *(void **)&entry = module_entry(module, "DllCanUnloadNow");
  return entry && entry() == S_OK;
}

/* Takes the module off the list if nobody else uses it and it has been idle for `delay`; drops our own use. What the module
 * said counts only if nobody was in it after `openings`, when it was asked. */
static bool retire(Module *module, uint64_t openings, bool idle, int64_t delay) {
  Module **link = &modules;
  bool gone = false;

  pthread_mutex_lock(&lock);
  module->users--;
  if (!idle || module->users || module->openings != openings) {
    module->idle_since = 0;
  } else {
    if (!module->idle_since)
      module->idle_since = milliseconds();
    gone = milliseconds() - module->idle_since >= delay;
  }
  if (gone) {
    while (*link != module)
      link = &(*link)->next;
    *link = module->next;
  }
  pthread_mutex_unlock(&lock);
  return gone;
}

/* The module behind `after` (or the first), with a use counted. The list may have changed in between: then from the start
 * on no module is missed that stays. */
static Module *next_module(size_t index, uint64_t *openings) {
  pthread_mutex_lock(&lock);
  Module *module = modules;
  while (module && index-- > 0)
    module = module->next;
  if (module) {
    module->users++;
    *openings = module->openings;
  }
  pthread_mutex_unlock(&lock);
  return module;
}

/* Whether no other thread can be within a module. */
static bool is_only_thread(void) {
  struct stat tasks;

  return stat("/proc/self/task", &tasks) == 0 && tasks.st_nlink == 3; /* itself, its parent, and one for each thread */
}

static int64_t delay_of(DWORD delay) {
  if (delay == INFINITE)
    return DEFAULT_DELAY_MILLISECONDS;
  return delay < LEAST_DELAY_MILLISECONDS && !is_only_thread() ? LEAST_DELAY_MILLISECONDS : delay;
}

void CoFreeUnusedLibrariesEx(DWORD delay, DWORD reserved) {
  int64_t wait = delay_of(delay);
  size_t index = 0;
  uint64_t openings;
  Module *module;

  (void)reserved;
  while ((module = next_module(index, &openings)) != NULL) {
    if (retire(module, openings, can_unload(module), wait))
      module_free(module);
    else
      index++;
  }
}

void CoFreeUnusedLibraries(void) {
  CoFreeUnusedLibrariesEx(INFINITE, 0);
}

bool modules_can_unload(void) {
  uint64_t openings;
  bool all = true;
  for (size_t index = 0; all; index++) {
    Module *module = next_module(index, &openings);
    if (!module)
      break;
    all = can_unload(module);
    module_release(module);
  }
  return all;
}

HINSTANCE CoLoadLibrary(LPOLESTR name, BOOL auto_free) {
  char *path = name ? utf8_copy(name) : NULL;
  Module *module = NULL;

  if (path && SUCCEEDED(module_open(path, &module))) {
    pthread_mutex_lock(&lock);
    if (auto_free)
      module->users--;
    else
      module->loads++;
    pthread_mutex_unlock(&lock);
  }
  free(path);
  return module ? (HINSTANCE)module->handle : NULL;
}

void CoFreeLibrary(HINSTANCE handle) {
  Module *module;

  pthread_mutex_lock(&lock);
  for (module = modules; module && module->handle != (void *)handle; module = module->next)
    ;
  if (module && module->loads) {
    module->loads--;
    module->users--;
  }
  pthread_mutex_unlock(&lock);
}

void CoFreeAllLibraries(void) {
  Module *module;

  pthread_mutex_lock(&lock);
  for (module = modules; module; module = module->next) {
    module->users -= module->loads;
    module->loads = 0;
  }
  pthread_mutex_unlock(&lock);
  CoFreeUnusedLibrariesEx(0, 0);
}
