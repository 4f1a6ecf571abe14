/* The file moniker: the object that is stored in a file. Paths are those of the system, case included. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "activation/monikers/file_path.h"
#include "activation/monikers/moniker_internal.h"
#include "com/unicode.h"

#define FILE_VERSION         0xDEAD
#define UNICODE_KEY          3
#define TICKS_PER_SECOND     10000000
#define SECONDS_1601_TO_1970 11644473600

typedef struct FileMoniker {
  IMoniker moniker;
  IROTData rot;
  Object object;
  OLECHAR *path;
} FileMoniker;

OBJECT_FACE(FileMoniker, moniker, IMoniker)
OBJECT_FACE(FileMoniker, rot, IROTData)

static const IMonikerVtbl file_vtable;

static FileMoniker *from_moniker(IMoniker *face) {
  return OBJECT_CONTAINER(face, FileMoniker, moniker);
}

static void file_destroy(void *self) {
  free(((FileMoniker *)self)->path);
}

static HRESULT file_create(OLECHAR *path, IMoniker **result);

/* The path of another file moniker of ours, or NULL. */
static const OLECHAR *path_of(IMoniker *other) {
  return other->lpVtbl == &file_vtable ? from_moniker(other)->path : NULL;
}

static HRESULT STDMETHODCALLTYPE FileMoniker_GetClassID(IMoniker *face, CLSID *clsid) {
  (void)face;
  if (!clsid)
    return E_POINTER;
  *clsid = CLSID_FileMoniker;
  return S_OK;
}

/* --- The stream ([MS-OSHARED] 2.3.7.8) --- */

typedef struct FileRecord {
  uint16_t steps_up;
  uint16_t end_server;
  uint16_t version;
  uint32_t unicode_size; /* bytes that follow, 0 when the ANSI path is all */
} FileRecord;

/* Reads the fixed fields and the ANSI path, for free(). */
static HRESULT read_record(IStream *stream, FileRecord *record, char **narrow) {
  uint8_t reserved[20];
  uint32_t size;
  HRESULT status = stream_read(stream, &record->steps_up, sizeof record->steps_up);

  *narrow = NULL;
  if (SUCCEEDED(status))
    status = stream_read(stream, &size, sizeof size);
  if (SUCCEEDED(status) && (size > MONIKER_TEXT_LIMIT * 3 || record->steps_up > MONIKER_TEXT_LIMIT / 3))
    status = E_INVALIDARG;
  if (FAILED(status))
    return status;
  *narrow = calloc(1, (size_t)size + 1);
  if (!*narrow)
    return E_OUTOFMEMORY;
  status = stream_read(stream, *narrow, size);
  if (SUCCEEDED(status))
    status = stream_read(stream, &record->end_server, sizeof record->end_server);
  if (SUCCEEDED(status))
    status = stream_read(stream, &record->version, sizeof record->version);
  if (SUCCEEDED(status))
    status = stream_read(stream, reserved, sizeof reserved);
  if (SUCCEEDED(status))
    status = stream_read(stream, &record->unicode_size, sizeof record->unicode_size);
  if (SUCCEEDED(status) && record->version != FILE_VERSION)
    status = E_INVALIDARG;
  if (FAILED(status)) {
    free(*narrow);
    *narrow = NULL;
  }
  return status;
}

/* The UTF-16 path behind the record, for free(). */
static HRESULT read_unicode(IStream *stream, uint32_t total, OLECHAR **wide) {
  uint32_t size;
  uint16_t key;
  HRESULT status = stream_read(stream, &size, sizeof size);

  *wide = NULL;
  if (SUCCEEDED(status))
    status = stream_read(stream, &key, sizeof key);
  if (SUCCEEDED(status) &&
      (key != UNICODE_KEY || size > MONIKER_TEXT_LIMIT * 2 || size % 2 || total != size + sizeof size + sizeof key))
    status = E_INVALIDARG;
  if (FAILED(status))
    return status;
  *wide = calloc(1, (size_t)size + sizeof(OLECHAR));
  if (!*wide)
    return E_OUTOFMEMORY;
  status = stream_read(stream, *wide, size);
  if (FAILED(status)) {
    free(*wide);
    *wide = NULL;
  }
  return status;
}

static HRESULT STDMETHODCALLTYPE FileMoniker_Load(IMoniker *face, IStream *stream) {
  FileRecord record;
  OLECHAR *wide = NULL;
  OLECHAR *path = NULL;
  char *narrow;
  HRESULT status = stream ? read_record(stream, &record, &narrow) : E_INVALIDARG;

  if (FAILED(status))
    return status;
  if (record.unicode_size)
    status = read_unicode(stream, record.unicode_size, &wide);
  else if (utf16_length(narrow, strlen(narrow)) == UNICODE_INVALID)
    status = E_INVALIDARG;
  else if (!(wide = utf16_copy(narrow)))
    status = E_OUTOFMEMORY;
  free(narrow);
  if (SUCCEEDED(status) && !(path = path_relative(record.steps_up, wide)))
    status = E_OUTOFMEMORY;
  free(wide);
  if (FAILED(status))
    return status;
  free(from_moniker(face)->path);
  from_moniker(face)->path = path;
  return S_OK;
}

static HRESULT write_narrow(IStream *stream, const OLECHAR *path, size_t units) {
  uint32_t size = (uint32_t)units + 1;
  char *narrow = malloc(size);
  HRESULT status;
  size_t i;

  if (!narrow)
    return E_OUTOFMEMORY;
  for (i = 0; i < units; i++)
    narrow[i] = path[i] < 0x80 ? (char)path[i] : '?';
  narrow[units] = '\0';
  status = stream_write(stream, &size, sizeof size);
  if (SUCCEEDED(status))
    status = stream_write(stream, narrow, size);
  free(narrow);
  return status;
}

static HRESULT STDMETHODCALLTYPE FileMoniker_Save(IMoniker *face, IStream *stream, BOOL clear_dirty) {
  static const uint16_t tail[] = { 0xFFFF, FILE_VERSION, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 };
  const OLECHAR *rest;
  uint16_t steps = (uint16_t)path_steps_up(from_moniker(face)->path, &rest);
  size_t units = utf16_units(rest);
  uint32_t bytes = (uint32_t)(units * sizeof(OLECHAR));
  uint32_t total = 0;
  uint16_t key = UNICODE_KEY;
  HRESULT status;
  size_t i;

  (void)clear_dirty;
  if (!stream)
    return E_INVALIDARG;
  for (i = 0; i < units; i++)
    if (rest[i] >= 0x80)
      total = bytes + (uint32_t)(sizeof bytes + sizeof key);
  status = stream_write(stream, &steps, sizeof steps);
  if (SUCCEEDED(status))
    status = write_narrow(stream, rest, units);
  if (SUCCEEDED(status))
    status = stream_write(stream, tail, sizeof tail);
  if (SUCCEEDED(status))
    status = stream_write(stream, &total, sizeof total);
  if (FAILED(status) || !total)
    return status;
  status = stream_write(stream, &bytes, sizeof bytes);
  if (SUCCEEDED(status))
    status = stream_write(stream, &key, sizeof key);
  return SUCCEEDED(status) ? stream_write(stream, rest, bytes) : status;
}

static HRESULT STDMETHODCALLTYPE FileMoniker_GetSizeMax(IMoniker *face, ULARGE_INTEGER *size) {
  size_t units = utf16_units(from_moniker(face)->path);

  if (!size)
    return E_POINTER;
  size->QuadPart = sizeof(CLSID) + 2 + 4 + (units + 1) + 24 + 4 + 6 + units * sizeof(OLECHAR);
  return S_OK;
}

/* --- Binding --- */

static HRESULT load_into(IMoniker *face, IBindCtx *context, IPersistFile *file, REFIID iid, void **result) {
  BIND_OPTS3 options;
  HRESULT status;

  bind_options(context, &options);
  status = IPersistFile_Load(file, from_moniker(face)->path, options.grfMode);
  return SUCCEEDED(status) ? IPersistFile_QueryInterface(file, iid, result) : status;
}

/* Without a left side: the running object, else one of the file's class that loads the file. */
static HRESULT bind_alone(IMoniker *face, IBindCtx *context, REFIID iid, void **result) {
  HRESULT status = moniker_bind_running(context, face, iid, result);
  IPersistFile *file;
  BIND_OPTS3 options;
  CLSID clsid;

  if (status != MK_E_UNAVAILABLE)
    return status;
  status = GetClassFile(from_moniker(face)->path, &clsid);
  if (FAILED(status))
    return status;
  bind_options(context, &options);
  status = CoCreateInstance(&clsid, NULL, options.dwClassContext, &IID_IPersistFile, (void **)&file);
  if (FAILED(status))
    return status;
  status = load_into(face, context, file, iid, result);
  IPersistFile_Release(file);
  return status;
}

/* With one: that gives the class that loads the file. */
static HRESULT bind_by_left(IMoniker *face, IBindCtx *context, IMoniker *left, REFIID iid, void **result) {
  IClassFactory *factory = NULL;
  IClassActivator *activator;
  IPersistFile *file;
  BIND_OPTS3 options;
  CLSID clsid;
  HRESULT status = IMoniker_BindToObject(left, context, NULL, &IID_IClassFactory, (void **)&factory);

  if (status == E_NOINTERFACE) {
    status = IMoniker_BindToObject(left, context, NULL, &IID_IClassActivator, (void **)&activator);
    if (FAILED(status))
      return status == E_NOINTERFACE ? MK_E_INTERMEDIATEINTERFACENOTSUPPORTED : status;
    bind_options(context, &options);
    status = GetClassFile(from_moniker(face)->path, &clsid);
    if (SUCCEEDED(status))
      status = IClassActivator_GetClassObject(activator, &clsid, options.dwClassContext, options.locale,
                                              &IID_IClassFactory, (void **)&factory);
    IClassActivator_Release(activator);
  }
  if (FAILED(status))
    return status;
  status = IClassFactory_CreateInstance(factory, NULL, &IID_IPersistFile, (void **)&file);
  IClassFactory_Release(factory);
  if (FAILED(status))
    return status;
  status = load_into(face, context, file, iid, result);
  IPersistFile_Release(file);
  return status;
}

static HRESULT STDMETHODCALLTYPE FileMoniker_BindToObject(IMoniker *face, IBindCtx *context, IMoniker *left, REFIID iid,
                                                          void **result) {
  HRESULT status;

  if (!result)
    return E_POINTER;
  *result = NULL;
  if (!context)
    return E_INVALIDARG;
  status = left ? bind_by_left(face, context, left, iid, result) : bind_alone(face, context, iid, result);
  if (SUCCEEDED(status))
    IBindCtx_RegisterObjectBound(context, *result);
  return status;
}

/* Storages of files are a matter of structured storage, which is not here. */
static HRESULT STDMETHODCALLTYPE FileMoniker_BindToStorage(IMoniker *face, IBindCtx *context, IMoniker *left,
                                                           REFIID iid, void **result) {
  (void)face;
  (void)context;
  (void)left;
  (void)iid;
  if (!result)
    return E_POINTER;
  *result = NULL;
  return E_NOTIMPL;
}

/* --- Composition and comparison --- */

static HRESULT STDMETHODCALLTYPE FileMoniker_ComposeWith(IMoniker *face, IMoniker *right, BOOL only_if_not_generic,
                                                         IMoniker **composite) {
  const OLECHAR *path = right ? path_of(right) : NULL;

  if (!path)
    return Moniker_ComposeWith(face, right, only_if_not_generic, composite);
  if (!composite)
    return E_POINTER;
  *composite = NULL;
  if (path_is_absolute(path))
    return MK_E_SYNTAX;
  return file_create(path_join(from_moniker(face)->path, path), composite);
}

static HRESULT STDMETHODCALLTYPE FileMoniker_IsEqual(IMoniker *face, IMoniker *other) {
  const OLECHAR *mine = from_moniker(face)->path;
  const OLECHAR *path = other ? path_of(other) : NULL;
  size_t units = utf16_units(mine);

  return path && utf16_units(path) == units && memcmp(mine, path, units * sizeof *path) == 0 ? S_OK : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE FileMoniker_Hash(IMoniker *face, DWORD *hash) {
  const OLECHAR *unit = from_moniker(face)->path;
  DWORD value = 0;

  if (!hash)
    return E_POINTER;
  for (; *unit; unit++)
    value = value * 37 + *unit;
  *hash = value;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE FileMoniker_IsRunning(IMoniker *face, IBindCtx *context, IMoniker *left,
                                                       IMoniker *newly_running) {
  (void)left;
  if (newly_running && IMoniker_IsEqual(newly_running, face) == S_OK)
    return S_OK;
  if (!context)
    return E_INVALIDARG;
  return moniker_is_running_in_table(context, face);
}

static HRESULT STDMETHODCALLTYPE FileMoniker_GetTimeOfLastChange(IMoniker *face, IBindCtx *context, IMoniker *left,
                                                                 FILETIME *time) {
  struct stat status;
  char *path;
  bool found;

  (void)left;
  if (!time)
    return E_INVALIDARG;
  if (SUCCEEDED(moniker_time_from_table(context, face, time)))
    return S_OK;
  path = utf8_copy(from_moniker(face)->path);
  if (!path)
    return E_OUTOFMEMORY;
  found = stat(path, &status) == 0;
  free(path);
  if (!found)
    return MK_E_CANTOPENFILE;
  *time = file_time_from_timespec(status.st_mtim);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE FileMoniker_CommonPrefixWith(IMoniker *face, IMoniker *other, IMoniker **prefix) {
  const OLECHAR *mine = from_moniker(face)->path;
  const OLECHAR *path;
  size_t common;

  if (!prefix)
    return E_POINTER;
  *prefix = NULL;
  if (!other)
    return E_INVALIDARG;
  path = path_of(other);
  if (!path)
    return MonikerCommonPrefixWith(face, other, prefix);
  common = path_common(mine, path);
  if (!common)
    return MK_E_NOPREFIX;
  if (mine[common] && path[common])
    return file_create(wide_copy(mine, common), prefix);
  *prefix = mine[common] ? other : face;
  IMoniker_AddRef(*prefix);
  return mine[common] ? MK_S_HIM : path[common] ? MK_S_ME : MK_S_US;
}

static HRESULT STDMETHODCALLTYPE FileMoniker_RelativePathTo(IMoniker *face, IMoniker *other, IMoniker **result) {
  const OLECHAR *mine = from_moniker(face)->path;
  const OLECHAR *path;
  size_t common;

  if (!result)
    return E_POINTER;
  *result = NULL;
  if (!other)
    return E_INVALIDARG;
  path = path_of(other);
  if (!path)
    return MonikerRelativePathTo(face, other, result, TRUE);
  common = path_common(mine, path);
  if (!common) {
    IMoniker_AddRef(other);
    *result = other;
    return MK_S_HIM;
  }
  path += common;
  while (path_is_separator(*path))
    path++;
  return file_create(path_relative(path_elements(mine + common), path), result);
}

static HRESULT STDMETHODCALLTYPE FileMoniker_GetDisplayName(IMoniker *face, IBindCtx *context, IMoniker *left,
                                                            LPOLESTR *name) {
  const OLECHAR *path = from_moniker(face)->path;

  (void)context;
  (void)left;
  if (!name)
    return E_POINTER;
  *name = wide_copy(path, utf16_units(path));
  return *name ? S_OK : E_OUTOFMEMORY;
}

/* The object in the file parses; where it cannot, the class object of the file may. */
static HRESULT STDMETHODCALLTYPE FileMoniker_ParseDisplayName(IMoniker *face, IBindCtx *context, IMoniker *left,
                                                              LPOLESTR name, ULONG *eaten, IMoniker **result) {
  IParseDisplayName *parser;
  CLSID clsid;
  HRESULT status;

  if (!result || !eaten || !name || !context)
    return E_INVALIDARG;
  *result = NULL;
  status = left ? MK_E_SYNTAX : GetClassFile(from_moniker(face)->path, &clsid);
  if (SUCCEEDED(status))
    status = CoGetClassObject(&clsid, CLSCTX_ALL, NULL, &IID_IParseDisplayName, (void **)&parser);
  if (FAILED(status))
    return moniker_parse_by_object(face, context, left, name, eaten, result);
  status = IParseDisplayName_ParseDisplayName(parser, context, name, eaten, result);
  IParseDisplayName_Release(parser);
  return status;
}

static HRESULT STDMETHODCALLTYPE FileMoniker_IsSystemMoniker(IMoniker *face, DWORD *kind) {
  (void)face;
  if (!kind)
    return E_POINTER;
  *kind = MKSYS_FILEMONIKER;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE FileMoniker_GetComparisonData(IROTData *face, BYTE *data, ULONG room, ULONG *needed) {
  const OLECHAR *path = OBJECT_CONTAINER(face, FileMoniker, rot)->path;

  return moniker_comparison_data(&CLSID_FileMoniker, path, (utf16_units(path) + 1) * sizeof *path, data, room, needed);
}

static const IMonikerVtbl file_vtable = {
  FileMoniker_moniker_QueryInterface,
  FileMoniker_moniker_AddRef,
  FileMoniker_moniker_Release,
  FileMoniker_GetClassID,
  Moniker_IsDirty,
  FileMoniker_Load,
  FileMoniker_Save,
  FileMoniker_GetSizeMax,
  FileMoniker_BindToObject,
  FileMoniker_BindToStorage,
  Moniker_Reduce,
  FileMoniker_ComposeWith,
  Moniker_Enum,
  FileMoniker_IsEqual,
  FileMoniker_Hash,
  FileMoniker_IsRunning,
  FileMoniker_GetTimeOfLastChange,
  Moniker_Inverse,
  FileMoniker_CommonPrefixWith,
  FileMoniker_RelativePathTo,
  FileMoniker_GetDisplayName,
  FileMoniker_ParseDisplayName,
  FileMoniker_IsSystemMoniker,
};
static const IROTDataVtbl file_rot_vtable = {
  FileMoniker_rot_QueryInterface,
  FileMoniker_rot_AddRef,
  FileMoniker_rot_Release,
  FileMoniker_GetComparisonData,
};
static const ObjectFace file_faces[] = {
  { &IID_IMoniker, offsetof(FileMoniker, moniker), &file_vtable },
  { &IID_IPersistStream, offsetof(FileMoniker, moniker), &file_vtable },
  { &IID_IPersist, offsetof(FileMoniker, moniker), &file_vtable },
  { &IID_IROTData, offsetof(FileMoniker, rot), &file_rot_vtable },
  { 0 },
};
static const ObjectType file_type = {
  "FileMoniker", sizeof(FileMoniker), offsetof(FileMoniker, object), file_faces, file_destroy, NULL,
};

/* Takes the path over; NULL means that memory was out. */
static HRESULT file_create(OLECHAR *path, IMoniker **result) {
  FileMoniker *moniker = path ? object_create(&file_type) : NULL;

  *result = NULL;
  if (!moniker) {
    free(path);
    return E_OUTOFMEMORY;
  }
  moniker->moniker.lpVtbl = &file_vtable;
  moniker->rot.lpVtbl = &file_rot_vtable;
  moniker->path = path;
  *result = &moniker->moniker;
  return S_OK;
}

HRESULT CreateFileMoniker(LPCOLESTR path, IMoniker **result) {
  if (!result)
    return E_POINTER;
  *result = NULL;
  if (!path || utf16_units(path) > MONIKER_TEXT_LIMIT)
    return MK_E_SYNTAX;
  return file_create(wide_copy(path, utf16_units(path)), result);
}

HRESULT file_moniker_new(IMoniker **result) {
  return CreateFileMoniker(u"", result);
}
