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

static FileItem *item_of(IFile *face) {
  return &OLEANDER_SELF(face, File, file)->item;
}

static HRESULT report(HRESULT hr) {
  return scripting_report(hr, &IID_IFile, "Scripting.File");
}

static HRESULT STDMETHODCALLTYPE File_get_Path(IFile *face, BSTR *path) {
  return report(item_get_path(item_of(face), path));
}

static HRESULT STDMETHODCALLTYPE File_get_Name(IFile *face, BSTR *name) {
  return report(item_get_name(item_of(face), name));
}

static HRESULT STDMETHODCALLTYPE File_put_Name(IFile *face, BSTR name) {
  return report(item_put_name(item_of(face), name));
}

static HRESULT STDMETHODCALLTYPE File_get_ShortPath(IFile *face, BSTR *path) {
  return report(item_get_path(item_of(face), path));
}

static HRESULT STDMETHODCALLTYPE File_get_ShortName(IFile *face, BSTR *name) {
  return report(item_get_name(item_of(face), name));
}

static HRESULT STDMETHODCALLTYPE File_get_Drive(IFile *face, IDrive **drive) {
  return report(item_get_drive(item_of(face), drive));
}

static HRESULT STDMETHODCALLTYPE File_get_ParentFolder(IFile *face, IFolder **folder) {
  return report(item_get_parent(item_of(face), folder));
}

static HRESULT STDMETHODCALLTYPE File_get_Attributes(IFile *face, FileAttribute *attributes) {
  return report(item_get_attributes(item_of(face), attributes));
}

static HRESULT STDMETHODCALLTYPE File_put_Attributes(IFile *face, FileAttribute attributes) {
  return report(item_put_attributes(item_of(face), attributes));
}

static HRESULT STDMETHODCALLTYPE File_get_DateCreated(IFile *face, DATE *date) {
  return report(item_get_date(item_of(face), DATE_CREATED, date));
}

static HRESULT STDMETHODCALLTYPE File_get_DateLastModified(IFile *face, DATE *date) {
  return report(item_get_date(item_of(face), DATE_MODIFIED, date));
}

static HRESULT STDMETHODCALLTYPE File_get_DateLastAccessed(IFile *face, DATE *date) {
  return report(item_get_date(item_of(face), DATE_ACCESSED, date));
}

static HRESULT STDMETHODCALLTYPE File_get_Size(IFile *face, VARIANT *size) {
  struct stat status;
  char *path;
  HRESULT hr;

  if (!size)
    return E_POINTER;
  VariantInit(size);
  hr = item_path(item_of(face), &path);
  if (FAILED(hr))
    return hr;
  hr = facts_stat(path, RUNTIME_FILE_NOT_FOUND, &status);
  free(path);
  if (SUCCEEDED(hr))
    facts_number(S_ISREG(status.st_mode) ? (uint64_t)status.st_size : 0, size);
  return report(hr);
}

static HRESULT STDMETHODCALLTYPE File_get_Type(IFile *face, BSTR *type) {
  return report(item_get_type(item_of(face), type));
}

static HRESULT STDMETHODCALLTYPE File_Delete(IFile *face, VARIANT_BOOL force) {
  char *path;
  HRESULT hr = item_path(item_of(face), &path);

  if (FAILED(hr))
    return hr;
  hr = file_delete(path, force != VARIANT_FALSE);
  free(path);
  return report(hr);
}

static HRESULT STDMETHODCALLTYPE File_Copy(IFile *face, BSTR destination, VARIANT_BOOL overwrite) {
  char *path, *target;
  HRESULT hr = item_path(item_of(face), &path);

  if (FAILED(hr))
    return hr;
  hr = item_destination(path, destination, &target);
  if (SUCCEEDED(hr)) {
    hr = file_copy(path, target, overwrite != VARIANT_FALSE);
    free(target);
  }
  free(path);
  return report(hr);
}

/* The object goes with the file. */
static HRESULT STDMETHODCALLTYPE File_Move(IFile *face, BSTR destination) {
  char *path, *target;
  HRESULT hr = item_path(item_of(face), &path);

  if (FAILED(hr))
    return hr;
  hr = item_destination(path, destination, &target);
  if (SUCCEEDED(hr)) {
    hr = file_move(path, target);
    if (SUCCEEDED(hr))
      item_set_path(item_of(face), target);
    else
      free(target);
  }
  free(path);
  return report(hr);
}

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
  return report(hr);
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
  return item_begin(&((File *)self)->item, RUNTIME_FILE_NOT_FOUND);
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
