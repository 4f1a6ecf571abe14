/* The file moniker: the object that is stored in a file. Paths are those of the system, case included. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <shlwapi.h>

#include "activation/monikers/file_path.h"
#include "activation/monikers/moniker_internal.h"
#include "com/com_api.h"
#include "storage/storage_api.h"

#define FILE_VERSION 0xDEAD
#define UNICODE_KEY  3

typedef struct FileMoniker {
  Moniker base;
  OLECHAR *path;
} FileMoniker;

static const IMonikerVtbl file_vtable;

static FileMoniker *from_moniker(IMoniker *face) {
  return OBJECT_CONTAINER(face, FileMoniker, base.moniker);
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
  return moniker_class(clsid, &CLSID_FileMoniker);
}

/* The stream ([MS-OSHARED] 2.3.7.8): steps up, the ANSI path, an end server, a version, reserved fields, and the path in
 * UTF-16 where ANSI is not all of it. */

typedef struct FileRecord {
  uint16_t steps_up;
  char *narrow;          /* for free() */
  uint32_t unicode_size; /* bytes that follow, 0 when the ANSI path is all */
} FileRecord;

/* Reads the fixed fields and the ANSI path. */
static HRESULT read_record(IStream *stream, FileRecord *record) {
  uint8_t fixed[24]; /* end server, version, reserved: not looked at */
  void *narrow = NULL;
  uint32_t size;
  HRESULT status = stream_read(stream, &record->steps_up, sizeof record->steps_up);

  if (SUCCEEDED(status))
    status = stream_read(stream, &size, sizeof size);
  if (SUCCEEDED(status))
    status = stream_read_block(stream, size, MONIKER_TEXT_LIMIT * 3, &narrow);
  if (SUCCEEDED(status))
    status = stream_read(stream, fixed, sizeof fixed);
  if (SUCCEEDED(status))
    status = stream_read(stream, &record->unicode_size, sizeof record->unicode_size);
  if (FAILED(status)) {
    free(narrow);
    narrow = NULL;
  }
  record->narrow = narrow;
  return status;
}

/* The UTF-16 path behind the record, for free(). */
static HRESULT read_unicode(IStream *stream, uint32_t total, OLECHAR **wide) {
  void *block = NULL;
  uint32_t size;
  uint16_t key;
  HRESULT status = stream_read(stream, &size, sizeof size);

  if (SUCCEEDED(status))
    status = stream_read(stream, &key, sizeof key);
  if (SUCCEEDED(status) &&
      (key != UNICODE_KEY || size % sizeof(OLECHAR) || total != (uint64_t)size + sizeof size + sizeof key))
    status = E_INVALIDARG;
  if (SUCCEEDED(status))
    status = stream_read_block(stream, size, MONIKER_TEXT_LIMIT * sizeof(OLECHAR), &block);
  *wide = block;
  return status;
}

static HRESULT read_path(IStream *stream, const FileRecord *record, OLECHAR **wide) {
  if (record->unicode_size)
    return read_unicode(stream, record->unicode_size, wide);
  if (utf16_length(record->narrow, strlen(record->narrow)) == UNICODE_INVALID)
    return E_INVALIDARG;
  *wide = utf16_copy(record->narrow);
  return *wide ? S_OK : E_OUTOFMEMORY;
}

static HRESULT STDMETHODCALLTYPE FileMoniker_Load(IMoniker *face, IStream *stream) {
  FileRecord record;
  OLECHAR *wide = NULL;
  HRESULT status = stream ? read_record(stream, &record) : E_INVALIDARG;

  if (FAILED(status))
    return status;
  status = load_grow((size_t)record.steps_up * 3 * sizeof(OLECHAR));
  if (SUCCEEDED(status))
    status = read_path(stream, &record, &wide);
  free(record.narrow);
  if (FAILED(status))
    return status;
  OLECHAR *path = path_relative(record.steps_up, wide);
  free(wide);
  if (!path)
    return E_OUTOFMEMORY;
  free(from_moniker(face)->path);
  from_moniker(face)->path = path;
  return S_OK;
}

static HRESULT write_record(IStream *stream, size_t steps_up, const OLECHAR *rest, size_t units,
                            uint32_t unicode_size) {
  static const uint16_t tail[] = { 0xFFFF, FILE_VERSION, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 };
  uint16_t steps = (uint16_t)steps_up;
  uint32_t size = (uint32_t)units + 1;
  HRESULT status = stream_write(stream, &steps, sizeof steps);

  if (SUCCEEDED(status))
    status = stream_write(stream, &size, sizeof size);
  if (SUCCEEDED(status))
    status = stream_write_narrow(stream, rest, units);
  if (SUCCEEDED(status))
    status = stream_write(stream, tail, sizeof tail);
  return SUCCEEDED(status) ? stream_write(stream, &unicode_size, sizeof unicode_size) : status;
}

static HRESULT STDMETHODCALLTYPE FileMoniker_Save(IMoniker *face, IStream *stream, BOOL clear_dirty) {
  const OLECHAR *path = from_moniker(face)->path;
  const OLECHAR *rest;
  size_t steps = path_steps_up(path, &rest);
  uint16_t key = UNICODE_KEY;
  uint32_t total = 0;

  (void)clear_dirty;
  if (!stream)
    return E_INVALIDARG;
  if (steps > UINT16_MAX) { /* the others stay in the path */
    steps = UINT16_MAX;
    rest = path + 3 * steps;
  }
  size_t units = utf16_units(rest);
  uint32_t bytes = (uint32_t)(units * sizeof(OLECHAR));
  for (size_t i = 0; i < units; i++)
    if (rest[i] >= 0x80)
      total = bytes + (uint32_t)(sizeof bytes + sizeof key);
  HRESULT status = write_record(stream, steps, rest, units, total);
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
    return E_INVALIDARG;
  size->QuadPart = sizeof(CLSID) + 2 + 4 + (units + 1) + 24 + 4 + 6 + units * sizeof(OLECHAR);
  return S_OK;
}

/* Loads the file into a new object, and takes that over. */
static HRESULT load_into(IMoniker *face, IBindCtx *context, IUnknown *object, REFIID iid, void **result) {
  BIND_OPTS3 options;

  bind_options(context, &options);
  HRESULT status = object_load_file(object, from_moniker(face)->path, options.grfMode);
  if (SUCCEEDED(status))
    status = IUnknown_QueryInterface(object, iid, result);
  IUnknown_Release(object);
  return status;
}

/* Without a left side: the running object, else one of the file's class that loads the file. */
static HRESULT bind_alone(IMoniker *face, IBindCtx *context, REFIID iid, void **result) {
  HRESULT status = running_bind(context, face, iid, result);
  MULTI_QI object = { &IID_IUnknown, NULL, S_OK };
  BIND_OPTS3 options;
  CLSID clsid;

  if (status != MK_E_UNAVAILABLE)
    return status;
  status = GetClassFile(from_moniker(face)->path, &clsid);
  if (FAILED(status))
    return status;
  bind_options(context, &options);
  status = CoCreateInstanceEx(&clsid, NULL, options.dwClassContext, options.pServerInfo, 1, &object);
  return SUCCEEDED(status) ? load_into(face, context, object.pItf, iid, result) : status;
}

/* The class object that `left` gives: itself, or as an activator of the file's class. */
static HRESULT factory_by_left(IMoniker *face, IBindCtx *context, IMoniker *left, IClassFactory **factory) {
  IClassActivator *activator;
  BIND_OPTS3 options;
  CLSID clsid;
  HRESULT status = IMoniker_BindToObject(left, context, NULL, &IID_IClassFactory, (void **)factory);

  if (status != E_NOINTERFACE)
    return status;
  status = IMoniker_BindToObject(left, context, NULL, &IID_IClassActivator, (void **)&activator);
  if (FAILED(status))
    return status == E_NOINTERFACE ? MK_E_INTERMEDIATEINTERFACENOTSUPPORTED : status;
  bind_options(context, &options);
  status = GetClassFile(from_moniker(face)->path, &clsid);
  if (SUCCEEDED(status))
    status = IClassActivator_GetClassObject(activator, &clsid, options.dwClassContext, options.locale,
                                            &IID_IClassFactory, (void **)factory);
  IClassActivator_Release(activator);
  return status;
}

/* With a left side: that gives the class that loads the file. */
static HRESULT bind_by_left(IMoniker *face, IBindCtx *context, IMoniker *left, REFIID iid, void **result) {
  IClassFactory *factory;
  IUnknown *object;
  HRESULT status = factory_by_left(face, context, left, &factory);

  if (FAILED(status))
    return status;
  status = IClassFactory_CreateInstance(factory, NULL, &IID_IUnknown, (void **)&object);
  IClassFactory_Release(factory);
  return SUCCEEDED(status) ? load_into(face, context, object, iid, result) : status;
}

static HRESULT STDMETHODCALLTYPE FileMoniker_BindToObject(IMoniker *face, IBindCtx *context, IMoniker *left, REFIID iid,
                                                          void **result) {
  if (result)
    *result = NULL;
  if (!result || !context)
    return E_INVALIDARG;
  HRESULT status = left ? bind_by_left(face, context, left, iid, result) : bind_alone(face, context, iid, result);
  if (SUCCEEDED(status))
    IBindCtx_RegisterObjectBound(context, *result);
  return status;
}

/* The file itself: as a storage, or as its bytes. Nothing on the left changes what a path names. */
static HRESULT STDMETHODCALLTYPE FileMoniker_BindToStorage(IMoniker *face, IBindCtx *context, IMoniker *left,
                                                           REFIID iid, void **result) {
  const OLECHAR *path = from_moniker(face)->path;
  BIND_OPTS3 options;

  (void)left;
  if (result)
    *result = NULL;
  if (!result || !context || !iid)
    return E_INVALIDARG;
  bind_options(context, &options);
  DWORD mode = storage_mode(options.grfMode);
  if (IsEqualIID(iid, &IID_IStorage))
    return StgOpenStorage(path, NULL, mode, NULL, 0, (IStorage **)result);
  if (IsEqualIID(iid, &IID_IStream))
    return SHCreateStreamOnFileEx(path, mode, 0, FALSE, NULL, (IStream **)result);
  return IsEqualIID(iid, &IID_ILockBytes) ? storage_bytes_of_file(path, mode, (ILockBytes **)result) : E_NOINTERFACE;
}

static HRESULT STDMETHODCALLTYPE FileMoniker_Reduce(IMoniker *face, IBindCtx *context, DWORD how_far,
                                                    IMoniker **to_left, IMoniker **reduced) {
  if (context)
    return Moniker_Reduce(face, context, how_far, to_left, reduced);
  if (reduced)
    *reduced = NULL;
  return E_INVALIDARG;
}

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

  if (!other)
    return E_INVALIDARG;
  return path && utf16_units(path) == units && memcmp(mine, path, units * sizeof *path) == 0 ? S_OK : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE FileMoniker_Hash(IMoniker *face, DWORD *hash) {
  DWORD value = 0;

  if (!hash)
    return E_INVALIDARG;
  for (const OLECHAR *unit = from_moniker(face)->path; *unit; unit++)
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
  return running_has(context, face);
}

static HRESULT STDMETHODCALLTYPE FileMoniker_GetTimeOfLastChange(IMoniker *face, IBindCtx *context, IMoniker *left,
                                                                 FILETIME *time) {
  struct stat status;

  (void)left;
  if (!time)
    return E_INVALIDARG;
  if (SUCCEEDED(running_time(context, face, time)))
    return S_OK;
  char *path = utf8_copy(from_moniker(face)->path);
  if (!path)
    return E_OUTOFMEMORY;
  bool found = stat(path, &status) == 0;
  free(path);
  if (!found)
    return MK_E_CANTOPENFILE;
  *time = file_time_from_timespec(status.st_mtim);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE FileMoniker_CommonPrefixWith(IMoniker *face, IMoniker *other, IMoniker **prefix) {
  const OLECHAR *mine = from_moniker(face)->path;

  if (prefix)
    *prefix = NULL;
  if (!prefix || !other)
    return E_INVALIDARG;
  const OLECHAR *path = path_of(other);
  if (!path)
    return MonikerCommonPrefixWith(face, other, prefix);
  size_t common = path_common(mine, path);
  if (!common)
    return MK_E_NOPREFIX;
  if (mine[common] && path[common])
    return file_create(wide_copy(mine, common), prefix);
  moniker_share(mine[common] ? other : face, prefix);
  return mine[common] ? MK_S_HIM : path[common] ? MK_S_ME : MK_S_US;
}

static HRESULT STDMETHODCALLTYPE FileMoniker_RelativePathTo(IMoniker *face, IMoniker *other, IMoniker **result) {
  const OLECHAR *mine = from_moniker(face)->path;

  if (result)
    *result = NULL;
  if (!result || !other)
    return E_INVALIDARG;
  const OLECHAR *path = path_of(other);
  if (!path)
    return MonikerRelativePathTo(face, other, result, TRUE);
  size_t common = path_common(mine, path);
  if (!common) {
    moniker_share(other, result);
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
    return E_INVALIDARG;
  *name = wide_copy(path, utf16_units(path));
  return *name ? S_OK : E_OUTOFMEMORY;
}

/* The object in the file parses; where it cannot, the class object of the file may. */
static HRESULT STDMETHODCALLTYPE FileMoniker_ParseDisplayName(IMoniker *face, IBindCtx *context, IMoniker *left,
                                                              LPOLESTR name, ULONG *eaten, IMoniker **result) {
  IParseDisplayName *parser;
  CLSID clsid;

  if (result)
    *result = NULL;
  if (!result || !eaten || !name || !context)
    return E_INVALIDARG;
  HRESULT status = left ? MK_E_SYNTAX : GetClassFile(from_moniker(face)->path, &clsid);
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
  return moniker_kind(kind, MKSYS_FILEMONIKER);
}

static HRESULT STDMETHODCALLTYPE FileMoniker_GetComparisonData(IROTData *face, BYTE *data, ULONG room, ULONG *needed) {
  const OLECHAR *path = OBJECT_CONTAINER(face, FileMoniker, base.rot)->path;

  return moniker_comparison_data(&CLSID_FileMoniker, path, (utf16_units(path) + 1) * sizeof *path, data, room, needed);
}

static const IMonikerVtbl file_vtable = {
  Moniker_QueryInterface,
  Moniker_AddRef,
  Moniker_Release,
  FileMoniker_GetClassID,
  Moniker_IsDirty,
  FileMoniker_Load,
  FileMoniker_Save,
  FileMoniker_GetSizeMax,
  FileMoniker_BindToObject,
  FileMoniker_BindToStorage,
  FileMoniker_Reduce,
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
static const IROTDataVtbl file_rot_vtable = MONIKER_ROT_VTABLE(FileMoniker);
static const ObjectFace file_faces[] = {
  MONIKER_FACES(CLSID_FileMoniker, file_vtable, moniker_marshal_vtable),
  MONIKER_FACE_ROT(file_rot_vtable),
  { 0 },
};
static const ObjectType file_type = {
  "FileMoniker", sizeof(FileMoniker), offsetof(FileMoniker, base.object), file_faces, file_destroy, NULL,
};

/* Takes the path over; NULL means that memory was out. */
static HRESULT file_create(OLECHAR *path, IMoniker **result) {
  FileMoniker *moniker = path ? object_create(&file_type) : NULL;

  *result = NULL;
  if (!moniker) {
    free(path);
    return E_OUTOFMEMORY;
  }
  moniker->path = path;
  *result = &moniker->base.moniker;
  return S_OK;
}

HRESULT CreateFileMoniker(LPCOLESTR path, IMoniker **result) {
  if (!result)
    return E_INVALIDARG;
  *result = NULL;
  if (!path || utf16_units(path) > MONIKER_TEXT_LIMIT)
    return MK_E_SYNTAX;
  return file_create(wide_copy(path, utf16_units(path)), result);
}

HRESULT file_moniker_new(IMoniker **result) {
  return CreateFileMoniker(u"", result);
}
