/* What File and Folder objects have in common: a path that renaming and moving change, and what is asked of it. */
#ifndef SCRIPTING_FILE_ITEM_H
#define SCRIPTING_FILE_ITEM_H

#include "scripting_internal.h"

#include <pthread.h>

typedef struct FileItem {
  pthread_mutex_t lock;
  char *path;      /* absolute */
  HRESULT missing; /* the error when nothing is there (any more) */
} FileItem;

HRESULT item_begin(FileItem *item, HRESULT missing);
void item_end(FileItem *item);

/* A copy on the heap (free). */
HRESULT item_path(FileItem *item, char **path);

/* Takes over a new path. */
void item_set_path(FileItem *item, char *path);

HRESULT item_get_path(FileItem *item, BSTR *path);
HRESULT item_get_name(FileItem *item, BSTR *name);
HRESULT item_put_name(FileItem *item, BSTR name);
HRESULT item_get_drive(FileItem *item, IDrive **drive);
HRESULT item_get_parent(FileItem *item, IFolder **folder);
HRESULT item_get_attributes(FileItem *item, FileAttribute *attributes);
HRESULT item_put_attributes(FileItem *item, FileAttribute attributes);
HRESULT item_get_date(FileItem *item, FileDate which, DATE *date);
HRESULT item_get_type(FileItem *item, BSTR *type);

/* Where a Copy or Move to `destination` ends: inside it, when it ends with a separator. */
HRESULT item_destination(const char *path, BSTR destination, char **target);

#endif
