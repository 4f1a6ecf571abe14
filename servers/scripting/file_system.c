/* Scripting.FileSystemObject. */
#include "scripting_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

typedef struct FileSystem {
  IFileSystem3 files;
  OleanderObject object;
} FileSystem;

OLEANDER_DUAL(FileSystem, files, IFileSystem3)

static HRESULT report(HRESULT hr) {
  return scripting_report(hr, &IID_IFileSystem3, "Scripting.FileSystemObject");
}

static VARIANT_BOOL to_bool(bool value) {
  return value ? VARIANT_TRUE : VARIANT_FALSE;
}

/* The beginning of methods that take a path and give something: nothing yet, and the absolute path. */
static HRESULT take_path(BSTR spec, void *result, char **path) {
  if (!result)
    return E_POINTER;
  *(void **)result = NULL;
  return path_absolute_from_bstr(spec, path);
}

/* Their end. */
static HRESULT return_path(char *path, HRESULT hr) {
  free(path);
  return report(hr);
}

static HRESULT STDMETHODCALLTYPE FileSystem_get_Drives(IFileSystem3 *face, IDriveCollection **drives) {
  (void)face;
  return drives ? report(drives_create(drives)) : E_POINTER;
}

/* texts of paths */

static HRESULT STDMETHODCALLTYPE FileSystem_BuildPath(IFileSystem3 *face, BSTR path, BSTR name, BSTR *result) {
  (void)face;
  return report(names_build_path(path, name, result));
}

/* The mount point that holds an absolute path; nothing need exist. */
static HRESULT STDMETHODCALLTYPE FileSystem_GetDriveName(IFileSystem3 *face, BSTR path, BSTR *result) {
  const Mount *mount;
  MountList list;
  char *absolute;
  HRESULT hr;

  (void)face;
  if (!result)
    return E_POINTER;
  *result = NULL;
  if (SysStringLen(path) == 0 || path[0] != '/')
    return S_OK;
  hr = path_absolute_from_bstr(path, &absolute);
  if (FAILED(hr))
    return report(hr);
  hr = mounts_read(&list);
  if (SUCCEEDED(hr)) {
    mount = mounts_holding(&list, absolute);
    if (mount)
      hr = text_bstr(mount->point, strlen(mount->point), result);
    mounts_free(&list);
  }
  free(absolute);
  return report(hr);
}

static HRESULT STDMETHODCALLTYPE FileSystem_GetParentFolderName(IFileSystem3 *face, BSTR path, BSTR *result) {
  (void)face;
  return report(names_parent(path, result));
}

static HRESULT STDMETHODCALLTYPE FileSystem_GetFileName(IFileSystem3 *face, BSTR path, BSTR *result) {
  (void)face;
  return report(names_file(path, result));
}

static HRESULT STDMETHODCALLTYPE FileSystem_GetBaseName(IFileSystem3 *face, BSTR path, BSTR *result) {
  (void)face;
  return report(names_base(path, result));
}

static HRESULT STDMETHODCALLTYPE FileSystem_GetExtensionName(IFileSystem3 *face, BSTR path, BSTR *result) {
  (void)face;
  return report(names_extension(path, result));
}

static HRESULT STDMETHODCALLTYPE FileSystem_GetAbsolutePathName(IFileSystem3 *face, BSTR path, BSTR *result) {
  char *absolute;
  HRESULT hr;

  (void)face;
  if (!result)
    return E_POINTER;
  *result = NULL;
  hr = SysStringLen(path) ? path_absolute_from_bstr(path, &absolute) : path_absolute("", &absolute);
  if (FAILED(hr))
    return report(hr);
  hr = text_bstr(absolute, strlen(absolute), result);
  free(absolute);
  return report(hr);
}

static HRESULT STDMETHODCALLTYPE FileSystem_GetTempName(IFileSystem3 *face, BSTR *result) {
  static uint32_t counter;
  uint32_t number;
  char name[16];

  (void)face;
  if (!result)
    return E_POINTER;
  if (getrandom(&number, sizeof number, GRND_NONBLOCK) != sizeof number)
    number = (uint32_t)getpid() * 2654435761u + __atomic_add_fetch(&counter, 1, __ATOMIC_RELAXED);
  snprintf(name, sizeof name, "rad%05X.tmp", number & 0xFFFFFu);
  return report(text_bstr(name, strlen(name), result));
}

/* what is there */

/* A name that can be no path is the name of nothing. */
static HRESULT exists(BSTR spec, bool (*question)(const char *), VARIANT_BOOL *answer) {
  char *path;
  HRESULT hr;

  if (!answer)
    return E_POINTER;
  *answer = VARIANT_FALSE;
  hr = path_absolute_from_bstr(spec, &path);
  if (FAILED(hr))
    return hr == E_OUTOFMEMORY ? hr : S_OK;
  *answer = to_bool(question(path));
  free(path);
  return S_OK;
}

static bool is_mount_point(const char *path) {
  MountList list;
  bool found;

  if (FAILED(mounts_read(&list)))
    return false;
  found = mounts_find(&list, path);
  mounts_free(&list);
  return found;
}

static HRESULT STDMETHODCALLTYPE FileSystem_DriveExists(IFileSystem3 *face, BSTR spec, VARIANT_BOOL *answer) {
  (void)face;
  return report(exists(spec, is_mount_point, answer));
}

static HRESULT STDMETHODCALLTYPE FileSystem_FileExists(IFileSystem3 *face, BSTR spec, VARIANT_BOOL *answer) {
  /* "name/" asks for a folder. */
  UINT length = SysStringLen(spec);

  (void)face;
  if (answer && length > 0 && spec[length - 1] == '/') {
    *answer = VARIANT_FALSE;
    return S_OK;
  }
  return report(exists(spec, facts_is_file, answer));
}

static HRESULT STDMETHODCALLTYPE FileSystem_FolderExists(IFileSystem3 *face, BSTR spec, VARIANT_BOOL *answer) {
  (void)face;
  return report(exists(spec, facts_is_folder, answer));
}

static HRESULT STDMETHODCALLTYPE FileSystem_GetDrive(IFileSystem3 *face, BSTR spec, IDrive **drive) {
  char *path;
  HRESULT hr = take_path(spec, drive, &path);

  (void)face;
  if (FAILED(hr))
    return report(hr == RUNTIME_BAD_FILE_NAME ? E_INVALIDARG : hr);
  return return_path(path, drive_open(path, drive));
}

static HRESULT STDMETHODCALLTYPE FileSystem_GetFile(IFileSystem3 *face, BSTR spec, IFile **file) {
  char *path;
  HRESULT hr = take_path(spec, file, &path);

  (void)face;
  if (FAILED(hr))
    return report(hr == E_POINTER || SysStringLen(spec) ? hr : E_INVALIDARG);
  return return_path(path, file_open(path, file));
}

static HRESULT STDMETHODCALLTYPE FileSystem_GetFolder(IFileSystem3 *face, BSTR spec, IFolder **folder) {
  char *path;
  HRESULT hr = take_path(spec, folder, &path);

  (void)face;
  if (FAILED(hr))
    return report(hr == E_POINTER || SysStringLen(spec) ? hr : E_INVALIDARG);
  return return_path(path, folder_open(path, folder));
}

static HRESULT STDMETHODCALLTYPE FileSystem_GetSpecialFolder(IFileSystem3 *face, SpecialFolderConst which,
                                                             IFolder **folder) {
  const char *temporary = secure_getenv("TMPDIR");

  (void)face;
  if (!folder)
    return E_POINTER;
  *folder = NULL;
  switch ((int)which) {
  case WindowsFolder:
    return report(folder_open("/usr", folder));
  case SystemFolder:
    return report(folder_open("/usr/lib", folder));
  case TemporaryFolder:
    return report(folder_open(temporary && *temporary == '/' ? temporary : "/tmp", folder));
  default:
    return report(E_INVALIDARG);
  }
}

/* changing what is there */

static HRESULT STDMETHODCALLTYPE FileSystem_DeleteFile(IFileSystem3 *face, BSTR spec, VARIANT_BOOL force) {
  (void)face;
  return report(files_delete(spec, force != VARIANT_FALSE));
}

static HRESULT STDMETHODCALLTYPE FileSystem_DeleteFolder(IFileSystem3 *face, BSTR spec, VARIANT_BOOL force) {
  (void)face;
  return report(folders_delete(spec, force != VARIANT_FALSE));
}

static HRESULT STDMETHODCALLTYPE FileSystem_MoveFile(IFileSystem3 *face, BSTR source, BSTR destination) {
  (void)face;
  return report(files_move(source, destination));
}

static HRESULT STDMETHODCALLTYPE FileSystem_MoveFolder(IFileSystem3 *face, BSTR source, BSTR destination) {
  (void)face;
  return report(folders_move(source, destination));
}

static HRESULT STDMETHODCALLTYPE FileSystem_CopyFile(IFileSystem3 *face, BSTR source, BSTR destination,
                                                     VARIANT_BOOL overwrite) {
  (void)face;
  return report(files_copy(source, destination, overwrite != VARIANT_FALSE));
}

static HRESULT STDMETHODCALLTYPE FileSystem_CopyFolder(IFileSystem3 *face, BSTR source, BSTR destination,
                                                       VARIANT_BOOL overwrite) {
  (void)face;
  return report(folders_copy(source, destination, overwrite != VARIANT_FALSE));
}

static HRESULT STDMETHODCALLTYPE FileSystem_CreateFolder(IFileSystem3 *face, BSTR spec, IFolder **folder) {
  char *path;
  HRESULT hr = take_path(spec, folder, &path);

  (void)face;
  if (FAILED(hr))
    return report(hr);
  hr = folder_create(path);
  if (SUCCEEDED(hr))
    hr = folder_open(path, folder);
  return return_path(path, hr);
}

static HRESULT STDMETHODCALLTYPE FileSystem_CreateTextFile(IFileSystem3 *face, BSTR name, VARIANT_BOOL overwrite,
                                                           VARIANT_BOOL unicode, ITextStream **stream) {
  char *path;
  HRESULT hr = take_path(name, stream, &path);

  (void)face;
  if (FAILED(hr))
    return report(hr);
  return return_path(path, text_stream_create(path, overwrite != VARIANT_FALSE, unicode != VARIANT_FALSE, stream));
}

static HRESULT STDMETHODCALLTYPE FileSystem_OpenTextFile(IFileSystem3 *face, BSTR name, IOMode mode,
                                                         VARIANT_BOOL create, Tristate format, ITextStream **stream) {
  char *path;
  HRESULT hr = take_path(name, stream, &path);

  (void)face;
  if (FAILED(hr))
    return report(hr);
  return return_path(path, text_stream_open(path, mode, create != VARIANT_FALSE, format, stream));
}

static HRESULT STDMETHODCALLTYPE FileSystem_GetStandardStream(IFileSystem3 *face, StandardStreamTypes which,
                                                              VARIANT_BOOL unicode, ITextStream **stream) {
  (void)face;
  if (!stream)
    return E_POINTER;
  return report(text_stream_standard(which, unicode != VARIANT_FALSE, stream));
}

/* On failure *version stays as it was. */
static HRESULT STDMETHODCALLTYPE FileSystem_GetFileVersion(IFileSystem3 *face, BSTR name, BSTR *version) {
  char *path;
  HRESULT hr;

  (void)face;
  if (!version)
    return E_POINTER;
  hr = path_absolute_from_bstr(name, &path);
  if (FAILED(hr))
    return report(hr);
  return return_path(path, file_version(path, version));
}

static const IFileSystem3Vtbl file_system_vtable = { OLEANDER_DUAL_SLOTS(FileSystem, files),
                                                     FileSystem_get_Drives,
                                                     FileSystem_BuildPath,
                                                     FileSystem_GetDriveName,
                                                     FileSystem_GetParentFolderName,
                                                     FileSystem_GetFileName,
                                                     FileSystem_GetBaseName,
                                                     FileSystem_GetExtensionName,
                                                     FileSystem_GetAbsolutePathName,
                                                     FileSystem_GetTempName,
                                                     FileSystem_DriveExists,
                                                     FileSystem_FileExists,
                                                     FileSystem_FolderExists,
                                                     FileSystem_GetDrive,
                                                     FileSystem_GetFile,
                                                     FileSystem_GetFolder,
                                                     FileSystem_GetSpecialFolder,
                                                     FileSystem_DeleteFile,
                                                     FileSystem_DeleteFolder,
                                                     FileSystem_MoveFile,
                                                     FileSystem_MoveFolder,
                                                     FileSystem_CopyFile,
                                                     FileSystem_CopyFolder,
                                                     FileSystem_CreateFolder,
                                                     FileSystem_CreateTextFile,
                                                     FileSystem_OpenTextFile,
                                                     FileSystem_GetStandardStream,
                                                     FileSystem_GetFileVersion };

static const OleanderFace file_system_faces[] = {
  { &IID_IFileSystem3, offsetof(FileSystem, files), &file_system_vtable },
  { &IID_IFileSystem, offsetof(FileSystem, files), &file_system_vtable },
  { 0 }
};

OleanderClass file_system_class = { .module = &scripting_module,
                                    .clsid = &CLSID_FileSystemObject,
                                    .progid = "Scripting.FileSystemObject",
                                    .title = "FileSystem Object",
                                    .size = sizeof(FileSystem),
                                    .object = offsetof(FileSystem, object),
                                    .faces = file_system_faces };
