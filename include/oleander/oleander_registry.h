/*
 * The registry store: what COM calls HKEY_CLASSES_ROOT, kept in plain .reg files. See docs for the layers; in short,
 * $OLEANDER_CLASSES when set, else $XDG_DATA_HOME/oleander/classes over oleander/classes in $XDG_DATA_DIRS and in the
 * install prefix.
 *
 * Text is UTF-8. Paths name keys below HKEY_CLASSES_ROOT, with backslashes: "CLSID\\{...}\\InprocServer32"; they may begin
 * with HKEY_CLASSES_ROOT, HKEY_CURRENT_USER\\Software\\Classes or HKEY_LOCAL_MACHINE\\Software\\Classes, which are
 * one tree. "" is the root. HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Ole holds the settings of COM for the machine. Names compare without regard to the case of ASCII letters.
 *
 * All functions may be called on any thread, before CoInitialize too; one key or edit is used by one thread at a time.
 */
#ifndef OLEANDER_OLEANDER_REGISTRY_H
#define OLEANDER_OLEANDER_REGISTRY_H

#include <stddef.h>

#include <objbase.h>

/* Kinds of values, as in winnt.h. */
#ifndef REG_NONE
#define REG_NONE             0
#define REG_SZ               1
#define REG_EXPAND_SZ        2
#define REG_BINARY           3
#define REG_DWORD            4
#define REG_DWORD_BIG_ENDIAN 5
#define REG_LINK             6
#define REG_MULTI_SZ         7
#define REG_QWORD            11
#endif

/* Reading */

/* A key, in the state in which the store was when it was opened: later changes do not show. */
typedef struct OleanderRegistryKey OleanderRegistryKey;

typedef struct OleanderRegistryValue {
  const char *name; /* "" is the default value */
  DWORD type;
  const void *data; /* REG_MULTI_SZ: the strings in UTF-8, each with its zero; other text as in `text` */
  size_t size;      /* of data, in bytes, a closing zero of other text not counted */
  const char *text; /* REG_SZ, REG_EXPAND_SZ and REG_LINK; else NULL */
  const char *file; /* where it is said */
  unsigned line;
} OleanderRegistryValue;

/* Opens a key; close it with oleander_registry_close. REGDB_E_KEYMISSING when there is none. */
OLEANDER_EXPORT HRESULT oleander_registry_open(const char *path, OleanderRegistryKey **key);

/* Opens the key at `path` below `key`, in the same state of the store. */
OLEANDER_EXPORT HRESULT oleander_registry_open_below(const OleanderRegistryKey *key, const char *path,
                                                     OleanderRegistryKey **below);

/* Ends what the functions below have returned from this key. NULL is ignored. */
OLEANDER_EXPORT void oleander_registry_close(OleanderRegistryKey *key);

/* The name of the key `index` (from 0, sorted) directly below, or NULL behind the last. */
OLEANDER_EXPORT const char *oleander_registry_key_at(const OleanderRegistryKey *key, size_t index);

/* The value `index` (from 0, sorted by name): S_OK, or S_FALSE behind the last. */
OLEANDER_EXPORT HRESULT oleander_registry_value_at(const OleanderRegistryKey *key, size_t index,
                                                   OleanderRegistryValue *value);

/* The value `name` (NULL or "": the default value) of the key at `path` below `key` (NULL or "": `key` itself).
 * REGDB_E_KEYMISSING when there is no such key or value. */
OLEANDER_EXPORT HRESULT oleander_registry_value(const OleanderRegistryKey *key, const char *path, const char *name,
                                                OleanderRegistryValue *value);

/* Its text or its number; REGDB_E_INVALIDVALUE when it is of another kind. */
OLEANDER_EXPORT HRESULT oleander_registry_string(const OleanderRegistryKey *key, const char *path, const char *name,
                                                 const char **text);
OLEANDER_EXPORT HRESULT oleander_registry_dword(const OleanderRegistryKey *key, const char *path, const char *name,
                                                DWORD *number);

/* Its text as the path of a file: quotes taken off, %NAME% of REG_EXPAND_SZ replaced from the environment, and a relative path
 * made absolute against the folder of the file that says it. The caller frees *file with CoTaskMemFree. */
OLEANDER_EXPORT HRESULT oleander_registry_file(const OleanderRegistryKey *key, const char *path, const char *name,
                                               char **file);

/* The files that could not be read, as lines "FILE:LINE: reason"; S_FALSE and NULL when all are good. The caller
 * frees *text with CoTaskMemFree. */
OLEANDER_EXPORT HRESULT oleander_registry_problems(char **text);

/* Writing */

/* Changes to the file of one component, in the first layer. They take effect together at the commit. */
typedef struct OleanderRegistryEdit OleanderRegistryEdit;

/* Begins. `component` names the file (COMPONENT.reg): the base name of a module without its suffix, or the LIBID of a bare
 * type library; letters, digits and other visible characters without '/', not beginning with a dot. NULL: the module
 * whose DllRegisterServer or DllUnregisterServer oleander_register_module is calling on this thread. */
OLEANDER_EXPORT HRESULT oleander_registry_edit(const char *component, OleanderRegistryEdit **edit);

/* A key is made by setting a value in it, or alone. `name` NULL or "" is the default value. */
OLEANDER_EXPORT HRESULT oleander_registry_create_key(OleanderRegistryEdit *edit, const char *path);
OLEANDER_EXPORT HRESULT oleander_registry_set_string(OleanderRegistryEdit *edit, const char *path, const char *name,
                                                     const char *text);
OLEANDER_EXPORT HRESULT oleander_registry_set_dword(OleanderRegistryEdit *edit, const char *path, const char *name,
                                                    DWORD number);

/* Any kind; data as in OleanderRegistryValue. */
OLEANDER_EXPORT HRESULT oleander_registry_set_value(OleanderRegistryEdit *edit, const char *path, const char *name,
                                                    DWORD type, const void *data, size_t size);

/* Deletes a key with all below it, or a value. What other components or lower layers say is masked. Deleting what is not
 * there is no error. */
OLEANDER_EXPORT HRESULT oleander_registry_delete_key(OleanderRegistryEdit *edit, const char *path);
OLEANDER_EXPORT HRESULT oleander_registry_delete_value(OleanderRegistryEdit *edit, const char *path, const char *name);

/* Writes the component's file, whole or not at all, and frees the edit in any case. A file that says nothing any more is
 * removed. REGDB_E_WRITEREGDB, with IErrorInfo saying what went wrong; REGDB_E_READREGDB when the file that is there is
 * damaged. */
OLEANDER_EXPORT HRESULT oleander_registry_commit(OleanderRegistryEdit *edit);

/* Frees the edit without writing. NULL is ignored. */
OLEANDER_EXPORT void oleander_registry_cancel(OleanderRegistryEdit *edit);

#endif
