/* Oleander.FolderWatcher: raises events for what happens in a folder. A thread reads the changes while the folder is open
 * and raises the events; listeners in a Lua script get them when the script waits (com.run, com.sleep ...).
 *
 * The thread keeps neither the object nor its client waiting: it takes a reference for each event, if the object still
 * lives, and ends by itself. */
#include <initguid.h> /* the identifiers of the library, defined here */
#include <objbase.h>
#include <oleander_server.h>

#include "folder_changes.h"
#include "watch.h" /* made from watch.idl */

#include <errno.h>
#include <fnmatch.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unicode/ustring.h>
#include <unistd.h>

typedef struct FolderWatcher FolderWatcher;

/* One folder that is open: what the object and the thread share. */
typedef struct Watching {
  pthread_mutex_t lock;   /* for what follows, and the count */
  FolderWatcher *watcher; /* NULL once nobody wants its events */
  char *filter;           /* NULL: every name */
  int references;         /* the object's and the thread's */
  int changes, stop;      /* descriptors: inotify, and an eventfd that ends the thread */
} Watching;

struct FolderWatcher {
  IFolderWatcher watcher;
  OleanderObject object;
  pthread_mutex_t lock; /* for what follows */
  Watching *watching;   /* NULL: no folder is open */
  BSTR path;
  BSTR filter;
};

extern OleanderModule watch_module;

OLEANDER_DUAL(FolderWatcher, watcher, IFolderWatcher)

static FolderWatcher *self_of(IFolderWatcher *face) {
  return OLEANDER_SELF(face, FolderWatcher, watcher);
}

static HRESULT fail(HRESULT hr, const char *text) {
  return oleander_object_fail(hr, &IID_IFolderWatcher, "Oleander.FolderWatcher", text);
}

/* Texts */

/* UTF-8 on the heap (free); NULL: out of memory, or the text holds a zero. */
static char *bytes_of(BSTR text) {
  int32_t units = (int32_t)SysStringLen(text), size = 0;
  UErrorCode status = U_ZERO_ERROR;
  char *bytes = malloc((size_t)units * 3 + 1);
  if (!bytes)
    return NULL;
  u_strToUTF8WithSub(bytes, units * 3 + 1, &size, (const UChar *)text, units, 0xFFFD, NULL, &status);
  if (U_SUCCESS(status) && strlen(bytes) == (size_t)size)
    return bytes;
  free(bytes);
  return NULL;
}

/* A name as text; what is no UTF-8 in it becomes U+FFFD. NULL: out of memory. */
static BSTR text_of(const char *name) {
  size_t size = strlen(name);
  BSTR text = SysAllocStringLen(NULL, (UINT)size);
  UErrorCode status = U_ZERO_ERROR;
  int32_t units = 0;
  if (!text)
    return NULL;
  u_strFromUTF8WithSub((UChar *)text, (int32_t)size + 1, &units, name, (int32_t)size, 0xFFFD, NULL, &status);
  BSTR result = U_SUCCESS(status) ? SysAllocStringLen(text, (UINT)units) : NULL;
  SysFreeString(text);
  return result;
}

/* The thread */

static void watching_release(Watching *watching) {
  pthread_mutex_lock(&watching->lock);
  int left = --watching->references;
  pthread_mutex_unlock(&watching->lock);
  if (left > 0)
    return;
  close(watching->changes);
  close(watching->stop);
  free(watching->filter);
  pthread_mutex_destroy(&watching->lock);
  free(watching);
}

/* The object with a reference that keeps its memory, or NULL when it is going or has another folder. */
static FolderWatcher *hold_watcher(Watching *watching, const FolderChange *change) {
  pthread_mutex_lock(&watching->lock);
  FolderWatcher *watcher = watching->watcher;
  const char *filter = watching->filter;
  bool wanted = !filter || !change->name || fnmatch(filter, change->name, 0) == 0 ||
                (change->other && fnmatch(filter, change->other, 0) == 0);
  if (watcher && (!wanted || !oleander_object_hold(&watcher->object)))
    watcher = NULL;
  pthread_mutex_unlock(&watching->lock);
  return watcher;
}

static bool is_wanted(Watching *watching) {
  pthread_mutex_lock(&watching->lock);
  bool wanted = watching->watcher;
  pthread_mutex_unlock(&watching->lock);
  return wanted;
}

static void fire(FolderWatcher *watcher, const FolderChange *change) {
  static const DISPID events[] = { [CHANGE_CREATED] = 1, [CHANGE_CHANGED] = 2, [CHANGE_DELETED] = 3,
                                   [CHANGE_RENAMED] = 4, [CHANGE_MISSED] = 5,  [CHANGE_GONE] = 5 };
  VARIANT arguments[2];
  UINT count = 1;
  V_VT(&arguments[0]) = VT_BSTR;
  if (change->name) {
    V_BSTR(&arguments[0]) = text_of(change->name);
  } else {
    V_VT(&arguments[0]) = VT_BOOL;
    V_BOOL(&arguments[0]) = change->kind == CHANGE_GONE ? VARIANT_TRUE : VARIANT_FALSE;
  }
  if (change->other) {
    V_VT(&arguments[count]) = VT_BSTR;
    V_BSTR(&arguments[count++]) = text_of(change->other);
  }
  oleander_object_fire_id(&watcher->object, NULL, events[change->kind], arguments, count);
  while (count > 0)
    VariantClear(&arguments[--count]);
}

static bool raise_event(const FolderChange *change, void *context) {
  FolderWatcher *watcher = hold_watcher(context, change);
  if (watcher) {
    if (oleander_object_is_heard(&watcher->object))
      fire(watcher, change);
    IUnknown_Release(oleander_object_inner(&watcher->object));
  }
  return is_wanted(context);
}

static void *read_changes(void *context) {
  Watching *watching = context;
  struct pollfd waits[] = { { watching->changes, POLLIN, 0 }, { watching->stop, POLLIN, 0 } };
  HRESULT entered = CoInitializeEx(NULL, COINIT_MULTITHREADED);
  bool going = SUCCEEDED(entered);
  while (going) {
    if (poll(waits, 2, -1) < 0 && errno != EINTR)
      break;
    if (waits[1].revents)
      break;
    if (waits[0].revents)
      going = changes_read(watching->changes, raise_event, watching);
  }
  if (SUCCEEDED(entered))
    CoUninitialize();
  watching_release(watching);
  oleander_module_lock(&watch_module, -1);
  return NULL;
}

/* Starts the thread; signals go to the others. */
static HRESULT start(Watching *watching) {
  sigset_t all, old;
  pthread_t thread;
  pthread_attr_t attributes;
  if (pthread_attr_init(&attributes) != 0)
    return E_OUTOFMEMORY;
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &old);
  oleander_module_lock(&watch_module, 1);
  watching->references++;
  int error = pthread_create(&thread, &attributes, read_changes, watching);
  pthread_sigmask(SIG_SETMASK, &old, NULL);
  pthread_attr_destroy(&attributes);
  if (error == 0)
    return S_OK;
  watching->references--;
  oleander_module_lock(&watch_module, -1);
  return E_OUTOFMEMORY;
}

/* Ends the events and lets the thread go; it may be this one. */
static void watching_end(Watching *watching) {
  uint64_t one = 1;
  if (!watching)
    return;
  pthread_mutex_lock(&watching->lock);
  watching->watcher = NULL;
  pthread_mutex_unlock(&watching->lock);
  if (write(watching->stop, &one, sizeof one) < 0) {
    /* The counter is full: the thread has been told. */
  }
  watching_release(watching);
}

static HRESULT watching_begin(FolderWatcher *watcher, const char *folder, Watching **result) {
  Watching *watching = calloc(1, sizeof *watching);
  if (!watching || pthread_mutex_init(&watching->lock, NULL) != 0) {
    free(watching);
    return E_OUTOFMEMORY;
  }
  watching->watcher = watcher;
  watching->references = 1;
  watching->stop = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  watching->changes = changes_open(folder);
  int error = errno;
  HRESULT hr = watching->changes >= 0 && watching->stop >= 0 ? start(watching) : S_FALSE;
  if (hr == S_OK) {
    *result = watching;
    return S_OK;
  }
  watching->watcher = NULL;
  watching_release(watching);
  if (FAILED(hr))
    return hr;
  switch (error) {
  case ENOTDIR:
    if (access(folder, F_OK) == 0)
      return fail(HRESULT_FROM_WIN32(ERROR_DIRECTORY), "It is a file, not a folder.");
    /* fall through */
  case ENOENT:
    return fail(HRESULT_FROM_WIN32(ERROR_PATH_NOT_FOUND), "There is no such folder.");
  case EACCES:
    return fail(E_ACCESSDENIED, "The folder may not be read.");
  case ENOSPC:
  case EMFILE:
    return fail(E_FAIL, "The system watches as many folders as it allows (fs.inotify.max_user_watches, "
                        "max_user_instances).");
  default:
    return fail(E_FAIL, strerror(error));
  }
}

/* IFolderWatcher */

static HRESULT give_text(FolderWatcher *self, const BSTR *field, BSTR *result) {
  if (!result)
    return E_POINTER;
  pthread_mutex_lock(&self->lock);
  *result = SysAllocStringLen(*field, SysStringLen(*field));
  pthread_mutex_unlock(&self->lock);
  return *result ? S_OK : E_OUTOFMEMORY;
}

static HRESULT STDMETHODCALLTYPE FolderWatcher_get_Path(IFolderWatcher *face, BSTR *path) {
  return give_text(self_of(face), &self_of(face)->path, path);
}

static HRESULT STDMETHODCALLTYPE FolderWatcher_get_Filter(IFolderWatcher *face, BSTR *filter) {
  return give_text(self_of(face), &self_of(face)->filter, filter);
}

/* NULL for a filter that lets every name through. */
static HRESULT filter_bytes(BSTR filter, char **bytes) {
  *bytes = NULL;
  if (SysStringLen(filter) == 0)
    return S_OK;
  *bytes = bytes_of(filter);
  return *bytes ? S_OK : fail(E_INVALIDARG, "The filter is no pattern of a name.");
}

/* Also for the folder that is open. */
static HRESULT STDMETHODCALLTYPE FolderWatcher_put_Filter(IFolderWatcher *face, BSTR filter) {
  FolderWatcher *self = self_of(face);
  char *bytes;
  HRESULT hr = filter_bytes(filter, &bytes);
  if (FAILED(hr))
    return hr;
  BSTR copy = SysAllocStringLen(filter, SysStringLen(filter));
  if (!copy) {
    free(bytes);
    return E_OUTOFMEMORY;
  }
  pthread_mutex_lock(&self->lock);
  BSTR old = self->filter;
  self->filter = copy;
  if (self->watching) {
    pthread_mutex_lock(&self->watching->lock);
    char *before = self->watching->filter;
    self->watching->filter = bytes;
    bytes = before;
    pthread_mutex_unlock(&self->watching->lock);
  }
  pthread_mutex_unlock(&self->lock);
  SysFreeString(old);
  free(bytes);
  return S_OK;
}

/* Puts another folder (or none) in the place of the one that was open. */
static void exchange(FolderWatcher *self, Watching *watching, BSTR path) {
  pthread_mutex_lock(&self->lock);
  Watching *old = self->watching;
  BSTR before = self->path;
  self->watching = watching;
  self->path = path;
  pthread_mutex_unlock(&self->lock);
  watching_end(old);
  SysFreeString(before);
}

static HRESULT STDMETHODCALLTYPE FolderWatcher_Open(IFolderWatcher *face, BSTR path) {
  FolderWatcher *self = self_of(face);
  Watching *watching = NULL;
  char *folder = SysStringLen(path) ? bytes_of(path) : NULL;
  if (!folder)
    return fail(E_INVALIDARG, "The path of a folder is wanted.");
  BSTR copy = SysAllocStringLen(path, SysStringLen(path));
  HRESULT hr = copy ? watching_begin(self, folder, &watching) : E_OUTOFMEMORY;
  free(folder);
  if (FAILED(hr)) {
    SysFreeString(copy);
    return hr;
  }
  pthread_mutex_lock(&self->lock);
  char *filter = self->filter && SysStringLen(self->filter) ? bytes_of(self->filter) : NULL;
  pthread_mutex_unlock(&self->lock);
  pthread_mutex_lock(&watching->lock);
  watching->filter = filter;
  pthread_mutex_unlock(&watching->lock);
  exchange(self, watching, copy);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE FolderWatcher_Close(IFolderWatcher *face) {
  exchange(self_of(face), NULL, NULL);
  return S_OK;
}

static const IFolderWatcherVtbl watcher_vtable = { OLEANDER_DUAL_SLOTS(FolderWatcher, watcher),
                                                   FolderWatcher_get_Path,
                                                   FolderWatcher_get_Filter,
                                                   FolderWatcher_put_Filter,
                                                   FolderWatcher_Open,
                                                   FolderWatcher_Close };

/* The class and the module */

static HRESULT FolderWatcher_construct(void *self) {
  return pthread_mutex_init(&((FolderWatcher *)self)->lock, NULL) == 0 ? S_OK : E_OUTOFMEMORY;
}

static void FolderWatcher_destroy(void *pointer) {
  FolderWatcher *self = pointer;
  watching_end(self->watching);
  SysFreeString(self->path);
  SysFreeString(self->filter);
  pthread_mutex_destroy(&self->lock);
}

static const OleanderFace watcher_faces[] = {
  { &IID_IFolderWatcher, offsetof(FolderWatcher, watcher), &watcher_vtable }, { 0 }
};
static const OleanderSource watcher_sources[] = { { &DIID_DFolderWatcherEvents, NULL, NULL }, { 0 } };
static OleanderClass watcher_class = { .module = &watch_module,
                                       .clsid = &CLSID_FolderWatcher,
                                       .progid = "Oleander.FolderWatcher",
                                       .version = 1,
                                       .title = "Folder watcher",
                                       .size = sizeof(FolderWatcher),
                                       .object = offsetof(FolderWatcher, object),
                                       .faces = watcher_faces,
                                       .sources = watcher_sources,
                                       .construct = FolderWatcher_construct,
                                       .destroy = FolderWatcher_destroy };
static OleanderClass *const classes[] = { &watcher_class, NULL };
OleanderModule watch_module = { .component = "watch", .classes = classes };
OLEANDER_MODULE(watch_module)
