/* What the files of the scripting server share. */
#ifndef SCRIPTING_INTERNAL_H
#define SCRIPTING_INTERNAL_H

#include <oleander_server.h>

#include "scripting.h" /* made from scripting.idl */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* module.c */

extern OleanderModule scripting_module;
extern OleanderClass dictionary_class, file_system_class, text_stream_class, enumerator_class;
extern OleanderClass folder_class, folders_class, file_class, files_class, drive_class, drives_class;

/* errors.c: the errors of the classic runtime, FACILITY_CONTROL */

#define RUNTIME_ERROR(number)     ((HRESULT)(0x800A0000u | (number)))

#define RUNTIME_INVALID_CALL      RUNTIME_ERROR(5)
#define RUNTIME_TYPE_MISMATCH     RUNTIME_ERROR(13)
#define RUNTIME_BAD_FILE_NAME     RUNTIME_ERROR(52)
#define RUNTIME_FILE_NOT_FOUND    RUNTIME_ERROR(53)
#define RUNTIME_BAD_FILE_MODE     RUNTIME_ERROR(54)
#define RUNTIME_DEVICE_IO         RUNTIME_ERROR(57)
#define RUNTIME_FILE_EXISTS       RUNTIME_ERROR(58)
#define RUNTIME_DISK_FULL         RUNTIME_ERROR(61)
#define RUNTIME_PAST_END          RUNTIME_ERROR(62)
#define RUNTIME_TOO_MANY_FILES    RUNTIME_ERROR(67)
#define RUNTIME_DEVICE_MISSING    RUNTIME_ERROR(68)
#define RUNTIME_PERMISSION_DENIED RUNTIME_ERROR(70)
#define RUNTIME_DISK_NOT_READY    RUNTIME_ERROR(71)
#define RUNTIME_PATH_ACCESS       RUNTIME_ERROR(75)
#define RUNTIME_PATH_NOT_FOUND    RUNTIME_ERROR(76)
#define RUNTIME_OBJECT_NOT_SET    RUNTIME_ERROR(91)
#define RUNTIME_KEY_EXISTS        RUNTIME_ERROR(457)
#define RUNTIME_KEY_NOT_FOUND     RUNTIME_ERROR(32811)

/* Returns `hr`; a runtime error also becomes the thread's IErrorInfo, with its text. */
HRESULT scripting_report(HRESULT hr, const IID *iid, const char *source);

/* The error for a failed system call; ENOENT is `missing`. */
HRESULT error_from_errno(int number, HRESULT missing);

/* text.c: UTF-8 and UTF-16 without loss */

/* Bytes that are not UTF-8 become U+DC80 to U+DCFF, one each, and these become the bytes again; so any file name
 * and any file survives the trip through a BSTR. Another lone surrogate is written as U+FFFD. */

/* Decodes all whole characters of `size` bytes into `out` (room for `size` units); returns the units, and in *used
 * the bytes that they took. Unless `last`, the beginning of a character at the end is left. */
size_t text_decode(const char *bytes, size_t size, bool last, OLECHAR *out, size_t *used);

/* Encodes `units` units into `out` (room for 3 bytes a unit); returns the bytes. */
size_t text_encode(const OLECHAR *text, size_t units, char *out);

/* A BSTR of `size` bytes. */
HRESULT text_bstr(const char *bytes, size_t size, BSTR *result);

/* paths.c: paths of files as bytes */

/* A terminated copy on the heap (free). NULL: E_INVALIDARG; empty text or a zero inside: RUNTIME_BAD_FILE_NAME. */
HRESULT path_from_bstr(BSTR text, char **path);

/* The same, absolute and without ".", ".." and doubled or closing separators. */
HRESULT path_absolute_from_bstr(BSTR text, char **path);

/* Makes a path absolute and normal, by its text alone; empty means the current folder. */
HRESULT path_absolute(const char *path, char **absolute);

HRESULT path_join(const char *folder, const char *name, char **path);
const char *path_name(const char *path);                  /* the last component, inside `path` */
HRESULT path_parent(const char *absolute, char **parent); /* S_FALSE and NULL for the root */
bool path_has_separator_at_end(const char *path);

/* Whether a name contains * or ?, and whether it matches (case matters; "*.*" matches all, as it always did). */
bool name_is_pattern(const char *name);
bool name_matches(const char *name, const char *pattern);

/* Whether `name` may be a single component: not empty, no separator, not "." or "..". */
bool name_is_component(const char *name);

/* path_names.c: methods of FileSystemObject on the text of a path alone */

HRESULT names_build_path(BSTR path, BSTR name, BSTR *result);
HRESULT names_parent(BSTR path, BSTR *result);
HRESULT names_file(BSTR path, BSTR *result);
HRESULT names_base(BSTR path, BSTR *result);
HRESULT names_extension(BSTR path, BSTR *result);

/* enumerator.c */

/* Something that enumerators walk over; `position` begins at 0. */
typedef struct EnumeratorSource {
  /* The element at *position, and moves on: S_OK, or S_FALSE behind the last. `item` NULL: only moves. */
  HRESULT (*next)(void *source, uint64_t *position, VARIANT *item);
  void (*addref)(void *source);
  void (*release)(void *source);
} EnumeratorSource;

/* An IEnumVARIANT over `source`, which it holds a reference to. */
HRESULT enumerator_create(const EnumeratorSource *kind, void *source, IUnknown **result);

/* text_stream.c */

HRESULT text_stream_open(const char *path, IOMode mode, bool create, Tristate format, ITextStream **stream);
HRESULT text_stream_create(const char *path, bool overwrite, bool unicode, ITextStream **stream);
HRESULT text_stream_standard(StandardStreamTypes which, bool unicode, ITextStream **stream);

/* file_facts.c: what is asked of a file or a folder alike */

/* S_OK and the facts; follows links, except one whose target is missing. */
struct stat;
HRESULT facts_stat(const char *path, HRESULT missing, struct stat *status);
bool facts_is_folder(const char *path);
bool facts_is_file(const char *path); /* anything that is there and no folder */

typedef enum FileDate { DATE_CREATED, DATE_MODIFIED, DATE_ACCESSED } FileDate;
HRESULT facts_date(const char *path, HRESULT missing, FileDate which, DATE *date);
HRESULT facts_attributes(const char *path, HRESULT missing, FileAttribute *attributes);
HRESULT facts_set_attributes(const char *path, HRESULT missing, FileAttribute attributes);
HRESULT facts_type(const char *path, BSTR *text);
void facts_number(uint64_t number, VARIANT *result); /* VT_I4 if it fits, else VT_R8 */

/* file_operations.c: on one file or on all that a pattern names */

HRESULT files_delete(BSTR spec, bool force);
HRESULT files_copy(BSTR source, BSTR destination, bool overwrite);
HRESULT files_move(BSTR source, BSTR destination);
HRESULT folders_delete(BSTR spec, bool force);
HRESULT folders_copy(BSTR source, BSTR destination, bool overwrite);
HRESULT folders_move(BSTR source, BSTR destination);
HRESULT folder_create(const char *path); /* absolute */

/* file_trees.c: on exactly one file or folder */

HRESULT file_delete(const char *path, bool force);
HRESULT file_copy(const char *from, const char *to, bool overwrite);
HRESULT file_move(const char *from, const char *to);
HRESULT tree_delete(const char *path, bool force);
HRESULT tree_copy(const char *from, const char *to, bool overwrite);
HRESULT tree_move(const char *from, const char *to);
HRESULT tree_size(const char *path, uint64_t *bytes);
HRESULT file_rename(const char *from, const char *name, HRESULT missing, char **renamed);

/* The names in a folder, sorted by bytes. */
typedef enum NameKind { NAMES_FILES, NAMES_FOLDERS, NAMES_ALL } NameKind;
typedef struct NameList {
  char **names;
  size_t count;
} NameList;
HRESULT names_read(const char *folder, NameKind kind, NameList *list);
void names_free(NameList *list);

/* folder.c, file.c, folder_items.c, drive.c, drives.c */

HRESULT folder_open(const char *path, IFolder **folder); /* RUNTIME_PATH_NOT_FOUND */
HRESULT file_open(const char *path, IFile **file);       /* RUNTIME_FILE_NOT_FOUND */
HRESULT folder_items(const char *path, IFolderCollection **folders);
HRESULT file_items(const char *path, IFileCollection **files);
HRESULT drive_open(const char *mount_point, IDrive **drive);
HRESULT drive_of_path(const char *path, IDrive **drive);
HRESULT drives_create(IDriveCollection **drives);

/* The text of a collection's key; E_INVALIDARG when it is no text. */
HRESULT key_text(VARIANT key, BSTR *text, VARIANT *holder);

/* mounts.c */

typedef struct Mount {
  char *point;  /* where it is mounted */
  char *type;   /* "ext4" */
  char *source; /* "/dev/sda1", "host:/share" */
} Mount;
typedef struct MountList {
  Mount *mounts;
  size_t count;
} MountList;
HRESULT mounts_read(MountList *list); /* those that hold files, sorted by mount point */
void mounts_free(MountList *list);
const Mount *mounts_find(const MountList *list, const char *point);
const Mount *mounts_holding(const MountList *list, const char *absolute); /* by the text of the path */
DriveTypeConst mount_type(const Mount *mount);

/* file_version.c */

HRESULT file_version(const char *path, BSTR *version);

#endif
