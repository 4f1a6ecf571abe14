/* The File object. */
#include "file_item.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

typedef struct File {
  IFile file;
  OleanderObject object;
  FileItem item;
} File;

OLEANDER_DUAL(File, file, IFile)

ITEM_METHODS(File, file, IFile)

/* Special files have no size. */
static HRESULT file_size(const char *path, uint64_t *bytes) {
  struct stat status;
  HRESULT hr = facts_stat(path, RUNTIME_FILE_NOT_FOUND, &status);

  if (SUCCEEDED(hr))
    *bytes = S_ISREG(status.st_mode) ? (uint64_t)status.st_size : 0;
  return hr;
}

static const ItemKind file_kind = { &IID_IFile, "Scripting.File", RUNTIME_FILE_NOT_FOUND, file_size, file_delete,
                                    file_copy,  file_move };

static HRESULT STDMETHODCALLTYPE File_OpenAsTextStream(IFile *face, IOMode mode, Tristate format,
                                                       ITextStream **stream) {
  char *path;
  HRESULT hr;

  if (!stream)
    return E_POINTER;
  *stream = NULL;
  hr = item_path(item_of(face), &path);
  if (FAILED(hr))
    return hr;
  hr = text_stream_open(path, mode, false, format, stream);
  free(path);
  return item_report(item_of(face), hr);
}

static const IFileVtbl file_vtable = { OLEANDER_DUAL_SLOTS(File, file),
                                       File_get_Path,
                                       File_get_Name,
                                       File_put_Name,
                                       File_get_ShortPath,
                                       File_get_ShortName,
                                       File_get_Drive,
                                       File_get_ParentFolder,
                                       File_get_Attributes,
                                       File_put_Attributes,
                                       File_get_DateCreated,
                                       File_get_DateLastModified,
                                       File_get_DateLastAccessed,
                                       File_get_Size,
                                       File_get_Type,
                                       File_Delete,
                                       File_Copy,
                                       File_Move,
                                       File_OpenAsTextStream };

static HRESULT File_construct(void *self) {
  return item_begin(&((File *)self)->item, &file_kind);
}

static void File_destroy(void *self) {
  item_end(&((File *)self)->item);
}

static const OleanderFace file_faces[] = { { &IID_IFile, offsetof(File, file), &file_vtable }, { 0 } };

OleanderClass file_class = { .module = &scripting_module,
                             .clsid = &CLSID_File,
                             .title = "Scripting.File",
                             .size = sizeof(File),
                             .object = offsetof(File, object),
                             .faces = file_faces,
                             .construct = File_construct,
                             .destroy = File_destroy };

HRESULT file_open(const char *path, IFile **file) {
  struct stat status;
  char *copy;
  void *made;
  HRESULT hr = facts_stat(path, RUNTIME_FILE_NOT_FOUND, &status);

  *file = NULL;
  if (SUCCEEDED(hr) && S_ISDIR(status.st_mode))
    hr = RUNTIME_FILE_NOT_FOUND;
  if (SUCCEEDED(hr))
    hr = path_absolute(path, &copy);
  if (FAILED(hr))
    return hr == RUNTIME_PATH_NOT_FOUND ? RUNTIME_FILE_NOT_FOUND : hr;
  hr = oleander_object_create(&file_class, NULL, &made);
  if (FAILED(hr)) {
    free(copy);
    return hr;
  }
  ((File *)made)->item.path = copy;
  *file = &((File *)made)->file;
  return S_OK;
}
