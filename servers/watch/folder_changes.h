/* The changes of one folder, read from the kernel's inotify (man 7 inotify): what happened, in an order and with names
 * that make sense to people. */
#ifndef WATCH_FOLDER_CHANGES_H
#define WATCH_FOLDER_CHANGES_H

#include <stdbool.h>

typedef enum ChangeKind {
  CHANGE_CREATED,
  CHANGE_CHANGED,
  CHANGE_DELETED,
  CHANGE_RENAMED, /* `name` was, `other` is */
  CHANGE_MISSED,  /* some changes were lost */
  CHANGE_GONE     /* the folder is no longer there to be watched */
} ChangeKind;

typedef struct FolderChange {
  ChangeKind kind;
  const char *name, *other; /* bytes of file names; valid during the call */
} FolderChange;

/* Returns false to end the reading. */
typedef bool ChangeHandler(const FolderChange *change, void *context);

/* A descriptor from which the changes of the folder can be read, or -1 with errno. */
int changes_open(const char *folder);

/* Reads what there is and hands each change to `handle`. False: the folder is gone, nothing more can come, or the handler
 * said so. */
bool changes_read(int descriptor, ChangeHandler *handle, void *context);

#endif
