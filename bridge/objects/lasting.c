/* lasting.c - objects written in Lua that last: the IPersist interfaces of those whose metatable says how (__persist, or
 * __save and __load). What the methods do is written in lua/oleander/lasting.lua; here they become its questions. */
#include "bridge/objects/events_internal.h"
#include "bridge/storage/storage.h"

#include <stdlib.h>
#include <string.h>

/* The faces of an object, made when the first is asked for. */
typedef struct Lasting {
  Face stream, file, storage, bag, second_bag, memory;
} Lasting;

/* One question to lasting.lua, answered on a coroutine of the state. */
typedef struct Request {
  LuaObject *object;
  const IID *iid; /* for errors */
  const char *what;
  IUnknown *place; /* a stream, storage or bag; borrowed, NULL: none */
  void (*push_place)(lua_State *L, Bridge *bridge, IUnknown *place);
  const OLECHAR *path; /* NULL: none */
  bool flag;           /* to clear, to remember, the same as it was loaded from */
  HRESULT result;
  bool truth; /* answers */
  lua_Integer number;
  BSTR text;
} Request;

static void push_stream(lua_State *L, Bridge *bridge, IUnknown *place) {
  stream_push(L, bridge, (IStream *)place);
}

/* (request) */
static int ask_protected(lua_State *L) {
  Request *request = lua_touserdata(L, 1);
  Bridge *bridge = request->object->token->bridge;
  object_push_table(L, request->object);
  lua_pushstring(L, request->what);
  if (request->place) {
    IUnknown_AddRef(request->place);
    request->push_place(L, bridge, request->place);
  } else if (request->path) {
    text_push_utf16(L, request->path, SysStringLen((BSTR)(void *)request->path));
  } else {
    lua_pushnil(L);
  }
  lua_pushboolean(L, request->flag);
  bridge_call_helper(L, bridge, "lasting", 4, 1);
  request->truth = lua_toboolean(L, -1);
  if (lua_isinteger(L, -1))
    request->number = lua_tointeger(L, -1);
  if (lua_type(L, -1) == LUA_TSTRING) {
    size_t length;
    const char *text = lua_tolstring(L, -1, &length);
    request->result = text_to_bstr(text, length, &request->text);
  }
  return 0;
}

static void ask_body(lua_State *L, void *context) {
  Request *request = context;
  if (!lua_checkstack(L, LUA_MINSTACK)) {
    request->result = E_OUTOFMEMORY;
    return;
  }
  lua_pushcfunction(L, ask_protected);
  lua_pushlightuserdata(L, request);
  if (lua_pcall(L, 1, 0, 0) != LUA_OK)
    request->result = error_to_status(L, request->object->token, request->iid, "Lua");
}

static HRESULT ask(Request *request) {
  HRESULT status = token_run(request->object->token, ask_body, request);
  return FAILED(status) ? status : request->result;
}

/* IPersist, which all of them begin with */

static HRESULT get_class(Face *face, CLSID *clsid) {
  if (!clsid)
    return E_POINTER;
  *clsid = GUID_NULL;
  Request request = { .object = face->object, .iid = &IID_IPersist, .what = "class" };
  HRESULT status = ask(&request);
  if (SUCCEEDED(status))
    status = request.text ? CLSIDFromString(request.text, clsid) : E_FAIL;
  SysFreeString(request.text);
  return status;
}

static HRESULT STDMETHODCALLTYPE Face_GetClassID(Face *face, CLSID *clsid) {
  return get_class(face, clsid);
}

static HRESULT STDMETHODCALLTYPE Face_IsDirty(Face *face) {
  Request request = { .object = face->object, .iid = &IID_IPersistStreamInit, .what = "dirty" };
  HRESULT status = ask(&request);
  return FAILED(status) ? status : request.truth ? S_OK : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE Face_InitNew(Face *face) {
  Request request = { .object = face->object, .iid = &IID_IPersistStreamInit, .what = "init" };
  return ask(&request);
}

/* IPersistStream, IPersistStreamInit */

static HRESULT STDMETHODCALLTYPE Stream_Load(Face *face, IStream *stream) {
  if (!stream)
    return E_POINTER;
  Request request = { .object = face->object,
                      .iid = &IID_IPersistStreamInit,
                      .what = "load",
                      .place = (IUnknown *)stream,
                      .push_place = push_stream };
  return ask(&request);
}

static HRESULT STDMETHODCALLTYPE Stream_Save(Face *face, IStream *stream, BOOL clear) {
  if (!stream)
    return E_POINTER;
  Request request = { .object = face->object,
                      .iid = &IID_IPersistStreamInit,
                      .what = "save",
                      .place = (IUnknown *)stream,
                      .push_place = push_stream,
                      .flag = clear };
  return ask(&request);
}

static HRESULT get_size(Face *face, lua_Integer *size) {
  Request request = { .object = face->object, .iid = &IID_IPersistStreamInit, .what = "size" };
  HRESULT status = ask(&request);
  *size = request.number;
  return status;
}

static HRESULT STDMETHODCALLTYPE Stream_GetSizeMax(Face *face, ULARGE_INTEGER *size) {
  lua_Integer bytes = 0;
  if (!size)
    return E_POINTER;
  HRESULT status = get_size(face, &bytes);
  size->QuadPart = (ULONGLONG)bytes;
  return status;
}

#define FACE_SLOTS (FaceMethod) face_query_interface, (FaceMethod)face_add_ref, (FaceMethod)face_release

static const FaceMethod stream_vtable[] = { FACE_SLOTS,
                                            (FaceMethod)Face_GetClassID,
                                            (FaceMethod)Face_IsDirty,
                                            (FaceMethod)Stream_Load,
                                            (FaceMethod)Stream_Save,
                                            (FaceMethod)Stream_GetSizeMax,
                                            (FaceMethod)Face_InitNew };

/* IPersistMemory */

static HRESULT STDMETHODCALLTYPE Memory_Load(Face *face, void *memory, ULONG size) {
  IStream *stream = NULL;
  if (!memory && size)
    return E_POINTER;
  HRESULT status = CreateStreamOnHGlobal(NULL, TRUE, &stream);
  if (SUCCEEDED(status))
    status = IStream_Write(stream, memory, size, NULL);
  if (SUCCEEDED(status))
    status = IStream_Seek(stream, (LARGE_INTEGER){ .QuadPart = 0 }, STREAM_SEEK_SET, NULL);
  if (SUCCEEDED(status))
    status = Stream_Load(face, stream);
  if (stream)
    IStream_Release(stream);
  return status;
}

static HRESULT STDMETHODCALLTYPE Memory_Save(Face *face, void *memory, BOOL clear, ULONG size) {
  IStream *stream = NULL;
  STATSTG stat;
  if (!memory)
    return E_POINTER;
  HRESULT status = CreateStreamOnHGlobal(NULL, TRUE, &stream);
  if (SUCCEEDED(status))
    status = Stream_Save(face, stream, clear);
  if (SUCCEEDED(status))
    status = IStream_Stat(stream, &stat, STATFLAG_NONAME);
  if (SUCCEEDED(status) && stat.cbSize.QuadPart > size)
    status = STG_E_MEDIUMFULL;
  if (SUCCEEDED(status))
    status = IStream_Seek(stream, (LARGE_INTEGER){ .QuadPart = 0 }, STREAM_SEEK_SET, NULL);
  if (SUCCEEDED(status)) {
    memset(memory, 0, size);
    status = IStream_Read(stream, memory, size, NULL);
  }
  if (stream)
    IStream_Release(stream);
  return FAILED(status) ? status : S_OK;
}

static HRESULT STDMETHODCALLTYPE Memory_GetSizeMax(Face *face, ULONG *size) {
  lua_Integer bytes = 0;
  if (!size)
    return E_POINTER;
  HRESULT status = get_size(face, &bytes);
  *size = (ULONG)bytes;
  return status;
}

static const FaceMethod memory_vtable[] = { FACE_SLOTS,
                                            (FaceMethod)Face_GetClassID,
                                            (FaceMethod)Face_IsDirty,
                                            (FaceMethod)Memory_Load,
                                            (FaceMethod)Memory_Save,
                                            (FaceMethod)Memory_GetSizeMax,
                                            (FaceMethod)Face_InitNew };

/* IPersistFile */

static HRESULT ask_path(Face *face, const char *what, LPCOLESTR path, bool flag) {
  BSTR copy = path ? SysAllocString(path) : NULL;
  if (path && !copy)
    return E_OUTOFMEMORY;
  Request request = { .object = face->object, .iid = &IID_IPersistFile, .what = what, .path = copy, .flag = flag };
  HRESULT status = ask(&request);
  SysFreeString(copy);
  return status;
}

static HRESULT STDMETHODCALLTYPE File_Load(Face *face, LPCOLESTR path, DWORD mode) {
  (void)mode; /* the file is closed again when it was read */
  return path ? ask_path(face, "load file", path, false) : E_POINTER;
}

static HRESULT STDMETHODCALLTYPE File_Save(Face *face, LPCOLESTR path, BOOL remember) {
  return ask_path(face, "save file", path, remember);
}

static HRESULT STDMETHODCALLTYPE File_SaveCompleted(Face *face, LPCOLESTR path) {
  return ask_path(face, "file saved", path, false);
}

/* S_FALSE and a pattern where the object is in no file. */
static HRESULT STDMETHODCALLTYPE File_GetCurFile(Face *face, LPOLESTR *path) {
  if (!path)
    return E_POINTER;
  *path = NULL;
  Request request = { .object = face->object, .iid = &IID_IPersistFile, .what = "file" };
  HRESULT status = ask(&request);
  if (FAILED(status))
    return status;
  const OLECHAR *text = request.text ? request.text : OLESTR("*.*");
  size_t size = ((request.text ? SysStringLen(request.text) : 3) + 1) * sizeof *text;
  *path = CoTaskMemAlloc(size);
  if (*path)
    memcpy(*path, text, size);
  status = !*path ? E_OUTOFMEMORY : request.text ? S_OK : S_FALSE;
  SysFreeString(request.text);
  return status;
}

static const FaceMethod file_vtable[] = { FACE_SLOTS,
                                          (FaceMethod)Face_GetClassID,
                                          (FaceMethod)Face_IsDirty,
                                          (FaceMethod)File_Load,
                                          (FaceMethod)File_Save,
                                          (FaceMethod)File_SaveCompleted,
                                          (FaceMethod)File_GetCurFile };

/* IPersistStorage */

static HRESULT ask_storage(Face *face, const char *what, IStorage *storage, bool flag) {
  Request request = { .object = face->object,
                      .iid = &IID_IPersistStorage,
                      .what = what,
                      .place = (IUnknown *)storage,
                      .push_place = storage_push,
                      .flag = flag };
  return ask(&request);
}

static HRESULT STDMETHODCALLTYPE Storage_InitNew(Face *face, IStorage *storage) {
  return storage ? ask_storage(face, "init storage", storage, false) : E_POINTER;
}

static HRESULT STDMETHODCALLTYPE Storage_Load(Face *face, IStorage *storage) {
  return storage ? ask_storage(face, "load storage", storage, false) : E_POINTER;
}

static HRESULT STDMETHODCALLTYPE Storage_Save(Face *face, IStorage *storage, BOOL same_as_load) {
  return storage ? ask_storage(face, "save storage", storage, same_as_load) : E_POINTER;
}

static HRESULT STDMETHODCALLTYPE Storage_SaveCompleted(Face *face, IStorage *storage) {
  return ask_storage(face, "storage saved", storage, false);
}

static HRESULT STDMETHODCALLTYPE Storage_HandsOffStorage(Face *face) {
  return ask_storage(face, "hands off", NULL, false);
}

static const FaceMethod storage_vtable[] = { FACE_SLOTS,
                                             (FaceMethod)Face_GetClassID,
                                             (FaceMethod)Face_IsDirty,
                                             (FaceMethod)Storage_InitNew,
                                             (FaceMethod)Storage_Load,
                                             (FaceMethod)Storage_Save,
                                             (FaceMethod)Storage_SaveCompleted,
                                             (FaceMethod)Storage_HandsOffStorage };

/* IPersistPropertyBag, IPersistPropertyBag2 */

static HRESULT STDMETHODCALLTYPE Bag_Load(Face *face, IUnknown *bag, IErrorLog *log) {
  (void)log; /* what is wrong is in the error information */
  if (!bag)
    return E_POINTER;
  Request request = {
    .object = face->object, .iid = &IID_IPersistPropertyBag, .what = "load bag", .place = bag, .push_place = bag_push
  };
  return ask(&request);
}

static HRESULT STDMETHODCALLTYPE Bag_Save(Face *face, IUnknown *bag, BOOL clear, BOOL all) {
  (void)all; /* there are no defaults that could be left out */
  if (!bag)
    return E_POINTER;
  Request request = { .object = face->object,
                      .iid = &IID_IPersistPropertyBag,
                      .what = "save bag",
                      .place = bag,
                      .push_place = bag_push,
                      .flag = clear };
  return ask(&request);
}

static const FaceMethod bag_vtable[] = {
  FACE_SLOTS,           (FaceMethod)Face_GetClassID, (FaceMethod)Face_InitNew,
  (FaceMethod)Bag_Load, (FaceMethod)Bag_Save,        (FaceMethod)Face_IsDirty
}; /* which only the second interface has */

/* Finding them */

typedef struct LastingFace {
  const IID *iid;
  size_t offset;
} LastingFace;

static Face *face_for(Lasting *lasting, REFIID iid) {
  static const LastingFace faces[] = {
    { &IID_IPersistStreamInit, offsetof(Lasting, stream) },
    { &IID_IPersistStream, offsetof(Lasting, stream) },
    { &IID_IPersist, offsetof(Lasting, stream) },
    { &IID_IPersistFile, offsetof(Lasting, file) },
    { &IID_IPersistStorage, offsetof(Lasting, storage) },
    { &IID_IPersistPropertyBag, offsetof(Lasting, bag) },
    { &IID_IPersistPropertyBag2, offsetof(Lasting, second_bag) },
    { &IID_IPersistMemory, offsetof(Lasting, memory) },
  };
  for (size_t i = 0; i < sizeof faces / sizeof faces[0]; i++) {
    if (IsEqualGUID(faces[i].iid, iid))
      return (Face *)(void *)((char *)lasting + faces[i].offset);
  }
  return NULL;
}

static Lasting *lasting_get(LuaObject *object) {
  void *known = atomic_load(&object->lasting);
  if (known)
    return known;
  Lasting *lasting = calloc(1, sizeof *lasting);
  if (!lasting)
    return NULL;
  const struct {
    Face *face;
    const FaceMethod *vtable;
  } faces[] = { { &lasting->stream, stream_vtable },   { &lasting->file, file_vtable },
                { &lasting->storage, storage_vtable }, { &lasting->bag, bag_vtable },
                { &lasting->second_bag, bag_vtable },  { &lasting->memory, memory_vtable } };
  for (size_t i = 0; i < sizeof faces / sizeof faces[0]; i++)
    *faces[i].face = (Face){ .vtable = faces[i].vtable, .object = object };
  if (atomic_compare_exchange_strong(&object->lasting, &known, (void *)lasting))
    return lasting;
  free(lasting);
  return known;
}

HRESULT lasting_query(LuaObject *object, REFIID iid, void **result) {
  Lasting none;
  if (!face_for(&none, iid))
    return E_NOINTERFACE;
  Request request = { .object = object, .iid = iid, .what = "lasts" };
  if (FAILED(ask(&request)) || !request.truth) {
    SetErrorInfo(0, NULL);
    return E_NOINTERFACE;
  }
  Lasting *lasting = lasting_get(object);
  if (!lasting)
    return E_OUTOFMEMORY;
  *result = face_for(lasting, iid);
  lua_object_addref(object);
  return S_OK;
}

void lasting_free(LuaObject *object) {
  free(atomic_load(&object->lasting));
}
