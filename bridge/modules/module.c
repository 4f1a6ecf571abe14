/* module.c - modules that know nothing of Oleander: opening them and calling their functions. A module is never closed again:
 * objects, vtables and threads of its own may be in it. */
#include "bridge/modules/abi.h"
#include "bridge/modules/modules.h"

#include <dlfcn.h>
#include <string.h>

static const char module_tag, entry_tag;

typedef struct Module {
  const char *tag;
  Bridge *bridge;
  void *handle;
  const SignatureAbi *abi;
} Module;

/* A function of a module: a plan without an object. */
typedef struct ModuleEntry {
  const char *tag;
  Bridge *bridge;
  View view;
  Member member;
  Plan plan;
  const Signature *signature; /* referenced; NULL: collected */
  ITypeInfo *info;            /* referenced */
  void (*function)(void);
} ModuleEntry;

static Module *module_check(lua_State *L, int index) {
  Module *module = tagged(L, index, &module_tag, sizeof(Module));
  if (!module)
    raise_argument(L, E_INVALIDARG, "com.module", index, "a module is wanted, not %s", value_type_name(L, index));
  return module;
}

/* module_open(path): the module */
static int core_module_open(lua_State *L) {
  const char *path = luaL_checkstring(L, 1);
  Module *module = lua_newuserdatauv(L, sizeof *module, 0);
  memset(module, 0, sizeof *module);
  module->tag = &module_tag;
  module->bridge = bridge_get(L);
  bridge_leave(module->bridge); /* its constructors run */
  module->handle = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  bridge_return(module->bridge);
  if (!module->handle) {
    const char *problem = dlerror();
    return raise_text(L, CO_E_DLLNOTFOUND, "com.module", "%s", problem ? problem : path);
  }
  return 1;
}

/* module_abi(module, table): from now on */
static int core_module_abi(lua_State *L) {
  Module *module = module_check(L, 1);
  module->abi = abi_read(L, 2, module->handle);
  return 0;
}

/* module_handle(module): what dlopen gave */
static int core_module_handle(lua_State *L) {
  lua_pushlightuserdata(L, module_check(L, 1)->handle);
  return 1;
}

/* module_has(module, name): whether it, or what it links, has that symbol */
static int core_module_has(lua_State *L) {
  lua_pushboolean(L, dlsym(module_check(L, 1)->handle, luaL_checkstring(L, 2)) != NULL);
  return 1;
}

static int entry_gc(lua_State *L) {
  ModuleEntry *entry = tagged(L, 1, &entry_tag, sizeof(ModuleEntry));
  if (!entry || !entry->signature)
    return 0;
  signature_release(entry->signature);
  entry->signature = NULL;
  bridge_defer_release(entry->bridge, (IUnknown *)entry->info);
  return 0;
}

static int entry_call(lua_State *L) {
  ModuleEntry *entry = lua_touserdata(L, lua_upvalueindex(1));
  if (!entry->signature)
    return raise_text(L, CO_E_RELEASED, entry->view.name, "the state is being closed");
  bridge_enter(L, entry->bridge);
  return call_function(L, &entry->plan, entry->function, 1, lua_gettop(L));
}

static void fill_plan(ModuleEntry *entry) {
  entry->view.bridge = entry->bridge;
  entry->member.view = &entry->view;
  entry->plan.member = &entry->member;
  entry->plan.kind = PLAN_METHOD;
  entry->plan.vtable = true;
  entry->plan.signature = entry->signature;
  entry->plan.owner = entry->info;
}

/* The function's symbol, or NULL. */
static void *find_symbol(lua_State *L, const Module *module, const char *name, lua_Integer ordinal) {
  if (name)
    return dlsym(module->handle, name);
  (void)L;
  (void)ordinal; /* ELF has none */
  return NULL;
}

/* module_entry(module, typeinfo, function number from 0, name of the entry, name of the function, of the module): a function */
static int core_module_entry(lua_State *L) {
  const Module *module = module_check(L, 1);
  ITypeInfo *info = typeinfo_check(L, 2);
  UINT index = (UINT)luaL_checkinteger(L, 3);
  const char *symbol_name = luaL_checkstring(L, 4);
  lua_settop(L, 6);
  void *symbol = find_symbol(L, module, symbol_name, 0);
  if (!symbol)
    return raise_text(L, TYPE_E_DLLFUNCTIONNOTFOUND, luaL_checkstring(L, 5), "%s has no entry %s",
                      luaL_checkstring(L, 6), symbol_name);
  ModuleEntry *entry = lua_newuserdatauv(L, sizeof *entry, 2);
  memset(entry, 0, sizeof *entry);
  entry->tag = &entry_tag;
  entry->bridge = module->bridge;
  entry->member.name = luaL_checkstring(L, 5);
  entry->view.name = luaL_checkstring(L, 6);
  lua_pushvalue(L, 5);
  lua_setiuservalue(L, -2, 1);
  lua_pushvalue(L, 6);
  lua_setiuservalue(L, -2, 2);
  memcpy(&entry->function, &symbol, sizeof symbol);
  lua_rawgetp(L, LUA_REGISTRYINDEX, &entry_tag);
  lua_setmetatable(L, -2);
  const Signature *signature = NULL;
  HRESULT result = typeinfo_signature(info, index, module->abi, &signature);
  if (SUCCEEDED(result) && !bridge_reserve_release(module->bridge)) {
    signature_release(signature);
    result = E_OUTOFMEMORY;
  }
  if (FAILED(result))
    return raise_text(L, result, entry->view.name, "the parameters of %s cannot be read", entry->member.name);
  entry->signature = signature;
  entry->info = info;
  ITypeInfo_AddRef(info);
  fill_plan(entry);
  if (signature->unsupported)
    return raise_text(L, E_NOTIMPL, entry->member.name, "it cannot be called: %s", signature->unsupported);
  if (!(signature->flags & SIGNATURE_STATIC))
    return raise_text(L, TYPE_E_WRONGTYPEKIND, entry->member.name, "it is no function of a module");
  lua_pushcclosure(L, entry_call, 1);
  return 1;
}

/* What com.module gave keeps its userdata in the metatable. */
static const SignatureAbi *module_abi_at(lua_State *L, int index) {
  const Module *module = module_check(L, index);
  if (!module->abi)
    raise_text(L, E_UNEXPECTED, "com.module", "the ABI of the module is not known yet");
  return module->abi;
}

/* module_object(module, typeinfo, pointer): what is at that address as an object of that interface; its reference is taken over */
static int core_module_object(lua_State *L) {
  const Module *module = module_check(L, 1);
  ITypeInfo *info = typeinfo_check(L, 2);
  TYPEATTR attributes;
  if (!lua_islightuserdata(L, 3))
    return raise_argument(L, E_INVALIDARG, "com.module", 3, "a pointer is wanted, not %s", value_type_name(L, 3));
  HRESULT result = typeinfo_copy_attributes(info, &attributes);
  if (FAILED(result))
    return raise_status(L, result, "com.module");
  Arrival arrival = { .iid = &attributes.guid, .info = info, .custom = true, .abi = module->abi };
  handle_push(L, module->bridge, lua_touserdata(L, 3), &arrival);
  return 1;
}

const luaL_Reg core_module_functions[] = { { "module_open", core_module_open },
                                           { "module_abi", core_module_abi },
                                           { "module_handle", core_module_handle },
                                           { "module_has", core_module_has },
                                           { "module_entry", core_module_entry },
                                           { "module_object", core_module_object },
                                           { NULL, NULL } };

static void make_metatable(lua_State *L, const char *key, const char *name, lua_CFunction collect) {
  lua_createtable(L, 0, 3);
  if (collect) {
    lua_pushcfunction(L, collect);
    lua_setfield(L, -2, "__gc");
  }
  lua_pushstring(L, name);
  lua_setfield(L, -2, "__name");
  lua_pushstring(L, name);
  lua_setfield(L, -2, "__metatable");
  lua_rawsetp(L, LUA_REGISTRYINDEX, key);
}

void modules_open(lua_State *L, Bridge *bridge) {
  bridge->module_abi = module_abi_at;
  make_metatable(L, &module_tag, "module", NULL);
  make_metatable(L, &entry_tag, "function of a module", entry_gc);
}
