/* storage.c - an IStorage for scripts: its elements by name. Opening is storage_open.c. */
#include "bridge/storage/storage.h"

#include "com/com_api.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const HeldKind storage_kind = { "a storage", "oleander.Storage" };

/* Raises the failure of something that was done to the element whose name is at `index`. */
static int raise_element(lua_State *L, HRESULT status, const char *subject, int index) {
  if (lua_type(L, index) == LUA_TSTRING)
    return raise_text(L, status, subject, "%s: %s", lua_tostring(L, index), oleander_hresult_text(status));
  return raise_status(L, status, subject);
}

/* Elements */

typedef struct Opening {
  IStorage *storage;
  const OLECHAR *name;
  DWORD mode;
  bool create, stream;
  void *result;
} Opening;

static HRESULT open_element(void *argument) {
  Opening *o = argument;
  if (o->create && o->stream)
    return IStorage_CreateStream(o->storage, o->name, o->mode, 0, 0, (IStream **)&o->result);
  if (o->stream)
    return IStorage_OpenStream(o->storage, o->name, NULL, o->mode, 0, (IStream **)&o->result);
  if (o->create)
    return IStorage_CreateStorage(o->storage, o->name, o->mode, 0, 0, (IStorage **)&o->result);
  return IStorage_OpenStorage(o->storage, o->name, NULL, o->mode, NULL, 0, (IStorage **)&o->result);
}

static HRESULT storage_stat(Held *held, DWORD flags, STATSTG *stat) {
  Bridge *bridge = held->bridge;
  memset(stat, 0, sizeof *stat);
  IUnknown *face = held_enter(held);
  HRESULT status = IStorage_Stat((IStorage *)face, stat, flags);
  held_leave(bridge, face);
  return status;
}

/* What may be done to an element of a storage that is open like this one. */
static DWORD element_mode(Held *held) {
  STATSTG stat;
  HRESULT status = storage_stat(held, STATFLAG_NONAME, &stat);
  bool writes = SUCCEEDED(status) && (stat.grfMode & 3) != STGM_READ;
  return (writes ? STGM_READWRITE : STGM_READ) | STGM_SHARE_EXCLUSIVE;
}

/* Opens or makes what is called `opening->name` and pushes it; the storage at 1 is held by it. */
static HRESULT attempt_element(lua_State *L, Held *held, Opening *opening) {
  Bridge *bridge = held->bridge;
  Held *part = held_push(L, bridge, opening->stream ? &stream_kind : &storage_kind);
  opening->storage = (IStorage *)held->face;
  IStorage_AddRef(opening->storage);
  HRESULT status = attempt_collected(L, bridge, open_element, opening);
  IStorage_Release(opening->storage);
  if (FAILED(status)) {
    lua_pop(L, 1);
    return status;
  }
  part->face = opening->result;
  lua_pushvalue(L, 1);
  lua_setiuservalue(L, -2, 1);
  return S_OK;
}

static int storage_open(lua_State *L) {
  Held *held = storage_check(L, 1, "storage:open");
  bridge_enter(L, held->bridge);
  Opening opening = { .mode = element_mode(held) };
  opening.name = wide_check(L, 2, "storage:open", "the name of a storage");
  HRESULT status = attempt_element(L, held, &opening);
  return FAILED(status) ? raise_element(L, status, "storage:open", 2) : 1;
}

static int storage_create(lua_State *L) {
  Held *held = storage_check(L, 1, "storage:create");
  bridge_enter(L, held->bridge);
  Opening opening = { .mode = STGM_READWRITE | STGM_SHARE_EXCLUSIVE, .create = true };
  opening.name = wide_check(L, 2, "storage:create", "the name of a storage");
  HRESULT status = attempt_element(L, held, &opening);
  return FAILED(status) ? raise_element(L, status, "storage:create", 2) : 1;
}

/* s:stream(name [, "r" | "w" | "rw"]): without a mode the stream is there afterwards, where the storage can be written */
static int storage_stream(lua_State *L) {
  static const char *const modes[] = { "r", "w", "rw", "", NULL };
  Held *held = storage_check(L, 1, "storage:stream");
  bridge_enter(L, held->bridge);
  int wanted = luaL_checkoption(L, 3, "", modes);
  DWORD mode = element_mode(held);
  bool writes = (mode & 3) != STGM_READ;
  Opening opening = { .stream = true };
  opening.mode = wanted == 0 ? STGM_READ | STGM_SHARE_EXCLUSIVE : mode;
  opening.name = wide_check(L, 2, "storage:stream", "the name of a stream");
  if ((wanted == 1 || wanted == 2) && !writes)
    return raise_text(L, STG_E_ACCESSDENIED, "storage:stream", "the storage was opened for reading");
  HRESULT status = S_OK;
  if (wanted == 1) {
    opening.create = true;
    opening.mode |= STGM_CREATE;
    status = attempt_element(L, held, &opening);
  } else {
    status = attempt_element(L, held, &opening);
    if (status == STG_E_FILENOTFOUND && writes && wanted == 3) {
      opening.create = true;
      status = attempt_element(L, held, &opening);
    }
  }
  return FAILED(status) ? raise_element(L, status, "storage:stream", 2) : 1;
}

static HRESULT destroy_element(void *argument) {
  Opening *opening = argument;
  return IStorage_DestroyElement(opening->storage, opening->name);
}

static int storage_remove(lua_State *L) {
  Held *held = storage_check(L, 1, "storage:remove");
  Bridge *bridge = held->bridge;
  bridge_enter(L, bridge);
  Opening opening = { .name = wide_check(L, 2, "storage:remove", "the name of an element") };
  opening.storage = (IStorage *)held->face;
  IStorage_AddRef(opening.storage);
  HRESULT status = attempt_collected(L, bridge, destroy_element, &opening);
  IStorage_Release(opening.storage);
  if (FAILED(status))
    return raise_element(L, status, "storage:remove", 2);
  lua_settop(L, 1);
  return 1;
}

typedef struct Moving {
  IStorage *storage, *target;
  const OLECHAR *name, *new_name;
  DWORD how;
} Moving;

static HRESULT move_element(void *argument) {
  Moving *m = argument;
  return IStorage_MoveElementTo(m->storage, m->name, m->target, m->new_name, m->how);
}

static HRESULT rename_element(void *argument) {
  Moving *m = argument;
  return IStorage_RenameElement(m->storage, m->name, m->new_name);
}

static int storage_rename(lua_State *L) {
  Held *held = storage_check(L, 1, "storage:rename");
  Bridge *bridge = held->bridge;
  bridge_enter(L, bridge);
  lua_settop(L, 3);
  Moving moving = { .name = wide_check(L, 2, "storage:rename", "the name of an element") };
  moving.new_name = wide_check(L, 3, "storage:rename", "the new name");
  moving.storage = (IStorage *)held->face;
  IStorage_AddRef(moving.storage);
  HRESULT status = attempt_collected(L, bridge, rename_element, &moving);
  IStorage_Release(moving.storage);
  if (FAILED(status))
    return raise_element(L, status, "storage:rename", 2);
  lua_settop(L, 1);
  return 1;
}

/* name, other [, new name] */
static int transfer(lua_State *L, const char *subject, DWORD how) {
  Held *held = storage_check(L, 1, subject);
  Bridge *bridge = held->bridge;
  Moving moving = { .how = how };
  bridge_enter(L, bridge);
  lua_settop(L, 4);
  moving.name = wide_check(L, 2, subject, "the name of an element");
  moving.new_name = lua_isnil(L, 4) ? moving.name : wide_check(L, 4, subject, "the new name");
  Held *target = held_at(L, 3);
  if (target && target->kind == &storage_kind && !target->face)
    return raise_text(L, CO_E_RELEASED, subject, "the storage to which it goes is closed");
  HRESULT status = interface_at(L, 3, &IID_IStorage, (void **)&moving.target);
  if (status == S_FALSE || FAILED(status))
    return raise_argument(L, FAILED(status) ? status : E_INVALIDARG, subject, 2, "a storage is wanted, not %s",
                          value_type_name(L, 3));
  moving.storage = (IStorage *)held->face;
  IStorage_AddRef(moving.storage);
  status = attempt_collected(L, bridge, move_element, &moving);
  IStorage_Release(moving.storage);
  IStorage_Release(moving.target);
  if (FAILED(status))
    return raise_element(L, status, subject, 2);
  lua_settop(L, 1);
  return 1;
}

static int storage_move(lua_State *L) {
  return transfer(L, "storage:move", STGMOVE_MOVE);
}

static int storage_copy(lua_State *L) {
  return transfer(L, "storage:copy", STGMOVE_COPY);
}

/* Transactions */

static int storage_commit(lua_State *L) {
  Held *held = storage_check(L, 1, "storage:commit");
  Bridge *bridge = held->bridge;
  bridge_enter(L, bridge);
  IUnknown *face = held_enter(held);
  HRESULT status = IStorage_Commit((IStorage *)face, STGC_DEFAULT);
  held_leave(bridge, face);
  if (FAILED(status))
    return raise_status(L, status, "storage:commit");
  lua_settop(L, 1);
  return 1;
}

static int storage_revert(lua_State *L) {
  Held *held = storage_check(L, 1, "storage:revert");
  Bridge *bridge = held->bridge;
  bridge_enter(L, bridge);
  IUnknown *face = held_enter(held);
  HRESULT status = IStorage_Revert((IStorage *)face);
  held_leave(bridge, face);
  if (FAILED(status))
    return raise_status(L, status, "storage:revert");
  lua_settop(L, 1);
  return 1;
}

/* What is in it */

/* The element that is next, with its name to be freed; false at the end. */
static bool next_element(lua_State *L, Bridge *bridge, IEnumSTATSTG *elements, STATSTG *stat) {
  ULONG count = 0;
  memset(stat, 0, sizeof *stat);
  bridge_leave(bridge);
  HRESULT status = IEnumSTATSTG_Next(elements, 1, stat, &count);
  if (FAILED(status))
    IEnumSTATSTG_Release(elements);
  bridge_return(bridge);
  if (FAILED(status))
    raise_status(L, status, "storage.names");
  return status == S_OK && count == 1;
}

typedef struct Naming {
  Bridge *bridge;
  IEnumSTATSTG *elements;
  OLECHAR *name; /* of the element that is being pushed */
} Naming;

static int push_names(lua_State *L) {
  Naming *naming = lua_touserdata(L, 1);
  STATSTG stat;
  lua_Integer count = 0;
  lua_newtable(L);
  while (next_element(L, naming->bridge, naming->elements, &stat)) {
    naming->name = stat.pwcsName;
    text_push_utf16(L, stat.pwcsName ? stat.pwcsName : u"", stat.pwcsName ? utf16_units(stat.pwcsName) : 0);
    lua_rawseti(L, -2, ++count);
    CoTaskMemFree(naming->name);
    naming->name = NULL;
  }
  return 1;
}

static int storage_names(lua_State *L) {
  Held *held = storage_check(L, 1, "storage.names");
  Naming naming = { .bridge = held->bridge };
  bridge_enter(L, held->bridge);
  IUnknown *face = held_enter(held);
  HRESULT status = IStorage_EnumElements((IStorage *)face, 0, NULL, 0, &naming.elements);
  held_leave(naming.bridge, face);
  if (FAILED(status))
    return raise_status(L, status, "storage.names");
  IEnumSTATSTG *elements = naming.elements;
  bool pushed = bridge_protected(L, push_names, &naming, 1);
  CoTaskMemFree(naming.name);
  if (!pushed)
    return lua_error(L);
  IEnumSTATSTG_Release(elements);
  return 1;
}

void filetime_push(lua_State *L, Bridge *bridge, const FILETIME *time) {
  VARIANT value;
  memset(&value, 0, sizeof value);
  V_I8(&value) = (int64_t)((uint64_t)time->dwHighDateTime << 32 | time->dwLowDateTime);
  if (!V_I8(&value)) {
    lua_pushnil(L);
    return;
  }
  V_VT(&value) = VT_FILETIME;
  boxed_push(L, bridge, &value);
}

static void push_clsid(lua_State *L, const CLSID *clsid) {
  if (IsEqualGUID(clsid, &GUID_NULL))
    lua_pushnil(L);
  else
    guid_push(L, clsid);
}

typedef struct StatPush {
  Bridge *bridge;
  const STATSTG *stat;
} StatPush;

static int push_stat(lua_State *L) {
  static const char *const types[] = { "storage", "stream", "lockbytes", "property" };
  const StatPush *push = lua_touserdata(L, 1);
  const STATSTG *stat = push->stat;
  const FILETIME *times[] = { &stat->ctime, &stat->mtime, &stat->atime };
  static const char *const fields[] = { "created", "modified", "accessed" };
  lua_createtable(L, 0, 8);
  if (stat->pwcsName) {
    text_push_utf16(L, stat->pwcsName, utf16_units(stat->pwcsName));
    lua_setfield(L, -2, "name");
  }
  lua_pushstring(L, stat->type >= 1 && stat->type <= 4 ? types[stat->type - 1] : "element");
  lua_setfield(L, -2, "type");
  if (stat->type != STGTY_STORAGE) {
    lua_pushinteger(L, (lua_Integer)stat->cbSize.QuadPart);
    lua_setfield(L, -2, "size");
  } else {
    lua_pushinteger(L, stat->grfStateBits);
    lua_setfield(L, -2, "state");
  }
  push_clsid(L, &stat->clsid);
  lua_setfield(L, -2, "clsid");
  for (int i = 0; i < 3; i++) {
    filetime_push(L, push->bridge, times[i]);
    lua_setfield(L, -2, fields[i]);
  }
  return 1;
}

/* The element of that name, as the storage enumerates it; names differ by more than case. S_FALSE: there is none. */
static HRESULT find_element(lua_State *L, Held *held, const OLECHAR *name, STATSTG *stat) {
  Bridge *bridge = held->bridge;
  IEnumSTATSTG *elements = NULL;
  IUnknown *face = held_enter(held);
  HRESULT status = IStorage_EnumElements((IStorage *)face, 0, NULL, 0, &elements);
  held_leave(bridge, face);
  if (FAILED(status))
    return status;
  bool found = false;
  while (!found && next_element(L, bridge, elements, stat)) {
    found = stat->pwcsName && caseless_equal(stat->pwcsName, name);
    if (!found)
      CoTaskMemFree(stat->pwcsName);
  }
  IEnumSTATSTG_Release(elements);
  return found ? S_OK : S_FALSE;
}

/* s:stat([name]) */
static int storage_stat_of(lua_State *L) {
  Held *held = storage_check(L, 1, "storage:stat");
  Bridge *bridge = held->bridge;
  STATSTG stat;
  HRESULT status;
  bridge_enter(L, bridge);
  if (lua_isnoneornil(L, 2)) {
    status = storage_stat(held, STATFLAG_DEFAULT, &stat);
  } else {
    const OLECHAR *name = wide_check(L, 2, "storage:stat", "the name of an element");
    status = find_element(L, held, name, &stat);
    if (status == S_FALSE)
      status = STG_E_FILENOTFOUND;
  }
  if (FAILED(status))
    return raise_element(L, status, "storage:stat", 2);
  StatPush push = { bridge, &stat };
  bool pushed = bridge_protected(L, push_stat, &push, 1);
  CoTaskMemFree(stat.pwcsName);
  return pushed ? 1 : lua_error(L);
}

static int storage_clsid(lua_State *L) {
  Held *held = storage_check(L, 1, "storage.clsid");
  STATSTG stat;
  bridge_enter(L, held->bridge);
  HRESULT status = storage_stat(held, STATFLAG_NONAME, &stat);
  if (FAILED(status))
    return raise_status(L, status, "storage.clsid");
  push_clsid(L, &stat.clsid);
  return 1;
}

static const luaL_Reg methods[] = {
  { "open", storage_open },     { "create", storage_create }, { "stream", storage_stream },
  { "remove", storage_remove }, { "rename", storage_rename }, { "move", storage_move },
  { "copy", storage_copy },     { "commit", storage_commit }, { "revert", storage_revert },
  { "stat", storage_stat_of },  { "close", held_close },      { NULL, NULL },
};

#define HAS "names, clsid, stat, open, create, stream, remove, rename, move, copy, properties, commit, revert and close"

/* Methods that are written in Lua are in the same table (storage_methods). */
static int storage_index(lua_State *L) {
  const char *name = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "";
  if (strcmp(name, "names") == 0)
    return storage_names(L);
  if (strcmp(name, "clsid") == 0)
    return storage_clsid(L);
  lua_pushvalue(L, 2);
  if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL)
    return 1;
  return raise_text(L, DISP_E_UNKNOWNNAME, "storage", "a storage has no %s; it has " HAS, value_field_name(L, 2));
}

static int storage_newindex(lua_State *L) {
  Held *held = storage_check(L, 1, "storage");
  CLSID clsid = GUID_NULL;
  if (lua_type(L, 2) != LUA_TSTRING || strcmp(lua_tostring(L, 2), "clsid") != 0)
    return raise_text(L, DISP_E_UNKNOWNNAME, "storage", "clsid is what can be set on a storage, not %s",
                      value_field_name(L, 2));
  if (!lua_isnil(L, 3) && (lua_type(L, 3) != LUA_TSTRING || !guid_from_text(lua_tostring(L, 3), &clsid)))
    return raise_argument(L, CO_E_CLASSSTRING, "storage.clsid", 1, "a CLSID in braces or nil is wanted, not %s",
                          lua_type(L, 3) == LUA_TSTRING ? lua_tostring(L, 3) : value_type_name(L, 3));
  Bridge *bridge = held->bridge;
  bridge_enter(L, bridge);
  IUnknown *face = held_enter(held);
  HRESULT status = IStorage_SetClass((IStorage *)face, &clsid);
  held_leave(bridge, face);
  return FAILED(status) ? raise_status(L, status, "storage.clsid") : 0;
}

typedef struct StoragePush {
  Bridge *bridge;
  IUnknown *storage;
} StoragePush;

static int push_body(lua_State *L) {
  StoragePush *push = lua_touserdata(L, 1);
  Held *held = held_push(L, push->bridge, &storage_kind);
  held->face = push->storage;
  push->storage = NULL;
  return 1;
}

void storage_push(lua_State *L, Bridge *bridge, IUnknown *storage) {
  StoragePush push = { bridge, storage };
  bool pushed = bridge_protected(L, push_body, &push, 1);
  if (push.storage)
    IUnknown_Release(push.storage);
  if (!pushed)
    lua_error(L);
}

/* storage_methods(): the table of methods, for those that are written in Lua */
static int core_storage_methods(lua_State *L) {
  lua_rawgetp(L, LUA_REGISTRYINDEX, methods);
  return 1;
}

/* storage_wrap(object): the object's IStorage */
static int core_storage_wrap(lua_State *L) {
  Bridge *bridge = bridge_get(L);
  bridge_enter(L, bridge);
  luaL_checkany(L, 1);
  Held *held = held_push(L, bridge, &storage_kind);
  HRESULT status = interface_at(L, 1, &IID_IStorage, (void **)&held->face);
  if (status == S_FALSE)
    return raise_argument(L, E_INVALIDARG, "com.storage", 1, "a path or an object that is a storage is wanted, not %s",
                          value_type_name(L, 1));
  if (FAILED(status))
    return raise_text(L, status, "com.storage", "%s is no storage (IStorage)", value_type_name(L, 1));
  return 1;
}

typedef struct RootOpening {
  const OLECHAR *path;
  DWORD mode;
  USHORT sector;
  bool create;
  IStorage *result;
} RootOpening;

static HRESULT open_root(void *argument) {
  RootOpening *opening = argument;
  STGOPTIONS options = { .usVersion = 1, .ulSectorSize = opening->sector };
  if (opening->create)
    return StgCreateStorageEx(opening->path, opening->mode, STGFMT_DOCFILE, 0, &options, NULL, &IID_IStorage,
                              (void **)&opening->result);
  return StgOpenStorageEx(opening->path, opening->mode, STGFMT_STORAGE, 0, NULL, NULL, &IID_IStorage,
                          (void **)&opening->result);
}

/* storage_open(path, STGM [, size of sectors: make it]); nil, the HRESULT and its text when the file cannot be opened */
static int core_storage_open(lua_State *L) {
  Bridge *bridge = bridge_get(L);
  bridge_enter(L, bridge);
  lua_settop(L, 3);
  RootOpening opening = { .mode = (DWORD)luaL_checkinteger(L, 2), .create = !lua_isnil(L, 3) };
  opening.sector = (USHORT)luaL_optinteger(L, 3, 0);
  opening.path = wide_check(L, 1, "com.storage", "the path of a file");
  Held *held = held_push(L, bridge, &storage_kind);
  HRESULT status = attempt_collected(L, bridge, open_root, &opening);
  if (FAILED(status)) {
    lua_pushnil(L);
    lua_pushinteger(L, (lua_Integer)(uint32_t)status);
    lua_pushstring(L, oleander_hresult_text(status));
    return 3;
  }
  held->face = (IUnknown *)opening.result;
  return 1;
}

/* class_of_file(path): the CLSID; nil, the HRESULT and its text */
static int core_class_of_file(lua_State *L) {
  Bridge *bridge = bridge_get(L);
  CLSID clsid;
  bridge_enter(L, bridge);
  lua_settop(L, 1);
  const OLECHAR *path = wide_check(L, 1, "com.load", "the path of a file");
  bridge_leave(bridge);
  HRESULT status = GetClassFile(path, &clsid);
  bridge_return(bridge);
  if (SUCCEEDED(status)) {
    guid_push(L, &clsid);
    return 1;
  }
  lua_pushnil(L);
  lua_pushinteger(L, (lua_Integer)(uint32_t)status);
  lua_pushstring(L, oleander_hresult_text(status));
  return 3;
}

/* replace_file(temporary, path): the new file takes the place of the old one, whose permissions it gets; nil and a reason,
 * then the new one is gone */
static int core_replace_file(lua_State *L) {
  const char *temporary = luaL_checkstring(L, 1);
  const char *path = luaL_checkstring(L, 2);
  struct stat old;
  bool good = stat(path, &old) != 0 || chmod(temporary, old.st_mode & 07777) == 0;
  if (good && rename(temporary, path) == 0) {
    lua_pushboolean(L, true);
    return 1;
  }
  int error = errno;
  unlink(temporary);
  lua_pushnil(L);
  lua_pushstring(L, strerror(error));
  return 2;
}

const luaL_Reg core_storage_functions[] = {
  { "class_of_file", core_class_of_file },     { "replace_file", core_replace_file },
  { "storage_open", core_storage_open },       { "storage_wrap", core_storage_wrap },
  { "storage_methods", core_storage_methods }, { NULL, NULL },
};

void storage_open_type(lua_State *L) {
  static const luaL_Reg metamethods[] = { { "__newindex", storage_newindex }, { NULL, NULL } };
  held_open_type(L, &storage_kind, metamethods);
  lua_rawgetp(L, LUA_REGISTRYINDEX, &storage_kind);
  luaL_newlib(L, methods);
  lua_pushvalue(L, -1);
  lua_rawsetp(L, LUA_REGISTRYINDEX, methods);
  lua_pushcclosure(L, storage_index, 1);
  lua_setfield(L, -2, "__index");
  lua_pop(L, 1);
}
