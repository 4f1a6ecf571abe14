/* What File and Folder objects have in common: a path that renaming and moving change, and what is asked of it. */
#ifndef SCRIPTING_FILE_ITEM_H
#define SCRIPTING_FILE_ITEM_H

#include "scripting_internal.h"

#include <pthread.h>

/* What differs between a file and a folder. */
typedef struct ItemKind {
  const IID *iid;
  const char *source; /* what its errors are called by */
  HRESULT missing;    /* the error when nothing is there (any more) */
  HRESULT (*size)(const char *path, uint64_t *bytes);
  HRESULT (*delete)(const char *path, bool force);
  HRESULT (*copy)(const char *from, const char *to, bool overwrite);
  HRESULT (*move)(const char *from, const char *to);
} ItemKind;

typedef struct FileItem {
  const ItemKind *kind;
  pthread_mutex_t lock;
  char *path; /* absolute */
} FileItem;

HRESULT item_begin(FileItem *item, const ItemKind *kind);
void item_end(FileItem *item);

/* Returns `hr`; an error also becomes the thread's IErrorInfo. */
HRESULT item_report(const FileItem *item, HRESULT hr);

/* A copy on the heap (free). */
HRESULT item_path(FileItem *item, char **path);

/* Takes over a new path. */
void item_set_path(FileItem *item, char *path);

/* The methods that both interfaces have, by their names there; they report their errors. */
HRESULT item_get_path(FileItem *item, BSTR *path);
HRESULT item_get_name(FileItem *item, BSTR *name);
HRESULT item_put_name(FileItem *item, BSTR name);
HRESULT item_get_drive(FileItem *item, IDrive **drive);
HRESULT item_get_parent(FileItem *item, IFolder **folder);
HRESULT item_get_attributes(FileItem *item, FileAttribute *attributes);
HRESULT item_put_attributes(FileItem *item, FileAttribute attributes);
HRESULT item_get_date(FileItem *item, FileDate which, DATE *date);
HRESULT item_get_size(FileItem *item, VARIANT *size);
HRESULT item_get_type(FileItem *item, BSTR *type);
HRESULT item_delete(FileItem *item, VARIANT_BOOL force);
HRESULT item_copy(FileItem *item, BSTR destination, VARIANT_BOOL overwrite);
HRESULT item_move(FileItem *item, BSTR destination);

/* Defines these methods for the face `member` of Type, whose FileItem is `item`. */
#define ITEM_METHODS(Type, member, Interface)                                                                          \
  static FileItem *item_of(Interface *face) {                                                                          \
    return &OLEANDER_SELF(face, Type, member)->item;                                                                   \
  }                                                                                                                    \
  ITEM_METHOD(Type, Interface, get_Path, item_get_path, BSTR *)                                                        \
  ITEM_METHOD(Type, Interface, get_Name, item_get_name, BSTR *)                                                        \
  ITEM_METHOD(Type, Interface, put_Name, item_put_name, BSTR)                                                          \
  ITEM_METHOD(Type, Interface, get_ShortPath, item_get_path, BSTR *)                                                   \
  ITEM_METHOD(Type, Interface, get_ShortName, item_get_name, BSTR *)                                                   \
  ITEM_METHOD(Type, Interface, get_Drive, item_get_drive, IDrive **)                                                   \
  ITEM_METHOD(Type, Interface, get_ParentFolder, item_get_parent, IFolder **)                                          \
  ITEM_METHOD(Type, Interface, get_Attributes, item_get_attributes, FileAttribute *)                                   \
  ITEM_METHOD(Type, Interface, put_Attributes, item_put_attributes, FileAttribute)                                     \
  ITEM_DATE(Type, Interface, get_DateCreated, DATE_CREATED)                                                            \
  ITEM_DATE(Type, Interface, get_DateLastModified, DATE_MODIFIED)                                                      \
  ITEM_DATE(Type, Interface, get_DateLastAccessed, DATE_ACCESSED)                                                      \
  ITEM_METHOD(Type, Interface, get_Size, item_get_size, VARIANT *)                                                     \
  ITEM_METHOD(Type, Interface, get_Type, item_get_type, BSTR *)                                                        \
  ITEM_METHOD(Type, Interface, Delete, item_delete, VARIANT_BOOL)                                                      \
  static HRESULT STDMETHODCALLTYPE Type##_Copy(Interface *face, BSTR destination, VARIANT_BOOL overwrite) {            \
    return item_copy(item_of(face), destination, overwrite);                                                           \
  }                                                                                                                    \
  ITEM_METHOD(Type, Interface, Move, item_move, BSTR)

#define ITEM_METHOD(Type, Interface, Name, function, Argument)                                                         \
  static HRESULT STDMETHODCALLTYPE Type##_##Name(Interface *face, Argument argument) {                                 \
    return function(item_of(face), argument);                                                                          \
  }

#define ITEM_DATE(Type, Interface, Name, which)                                                                        \
  static HRESULT STDMETHODCALLTYPE Type##_##Name(Interface *face, DATE *date) {                                        \
    return item_get_date(item_of(face), which, date);                                                                  \
  }

#endif
