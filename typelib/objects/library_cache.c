/* library_cache.c - the list of open libraries. It holds no references: the last Release takes a library out. */
#include "typelib/objects/library_load.h"

pthread_mutex_t library_cache_lock = PTHREAD_MUTEX_INITIALIZER;

static TypeLibrary *open_libraries;

static TypeLibrary *reference(TypeLibrary *library) {
  if (library)
    object_addref(&library->object);
  return library;
}

static bool same_identity(const LibraryIdentity *one, const LibraryIdentity *two) {
  return one->device == two->device && one->inode == two->inode && one->size == two->size &&
         one->resource == two->resource && one->modified.tv_sec == two->modified.tv_sec &&
         one->modified.tv_nsec == two->modified.tv_nsec;
}

static TypeLibrary *find_identity(const LibraryIdentity *identity) {
  TypeLibrary *library;

  for (library = open_libraries; library; library = library->next)
    if (same_identity(&library->identity, identity))
      return library;
  return NULL;
}

TypeLibrary *library_cache_find(const LibraryIdentity *identity) {
  TypeLibrary *library;

  pthread_mutex_lock(&library_cache_lock);
  library = reference(find_identity(identity));
  pthread_mutex_unlock(&library_cache_lock);
  return library;
}

/* The same major version, and at least the minor one; the exact one is preferred. */
static bool better(const TypeLibrary *one, const TypeLibrary *other, WORD minor) {
  return !other || (other->facts.minor != minor && one->facts.minor == minor);
}

TypeLibrary *library_cache_find_guid(REFGUID libid, WORD major, WORD minor) {
  TypeLibrary *library, *best = NULL;

  pthread_mutex_lock(&library_cache_lock);
  for (library = open_libraries; library; library = library->next)
    if (IsEqualGUID(&library->facts.guid, libid) && library->facts.major == major && library->facts.minor >= minor &&
        better(library, best, minor))
      best = library;
  reference(best);
  pthread_mutex_unlock(&library_cache_lock);
  return best;
}

TypeLibrary *library_cache_enter(TypeLibrary *library, const LibraryIdentity *identity) {
  TypeLibrary *known;

  pthread_mutex_lock(&library_cache_lock);
  known = reference(find_identity(identity));
  if (!known) {
    library->identity = *identity;
    library->next = open_libraries;
    library->listed = true;
    open_libraries = library;
  }
  pthread_mutex_unlock(&library_cache_lock);
  if (!known)
    return library;
  ITypeLib2_Release(&library->lib);
  return known;
}

void library_cache_remove(TypeLibrary *library) {
  TypeLibrary **place;

  for (place = &open_libraries; library->listed && *place; place = &(*place)->next) {
    if (*place == library) {
      *place = library->next;
      library->listed = false;
      return;
    }
  }
}
