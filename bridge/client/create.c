/* create.c - making and finding objects: com.create, com.class, com.query, com.assume (their options are read in
 * lua/oleander/create.lua). */
#include "bridge/client/client.h"
#include "com/com_api.h"

#include <stdlib.h>
#include <string.h>

/* A class is named by its CLSID in braces or its ProgID. */
static CLSID class_check(lua_State *L, int index, const char *function) {
  CLSID clsid;
  if (lua_type(L, index) != LUA_TSTRING)
    raise_argument(L, E_INVALIDARG, function, index, "a ProgID or a CLSID in braces is wanted, not %s",
                   value_type_name(L, index));
  const char *text = lua_tostring(L, index);
  if (guid_from_text(text, &clsid))
    return clsid;
  OLECHAR *wide = text_copy_utf16(text);
  HRESULT result = wide ? CLSIDFromProgID(wide, &clsid) : CO_E_CLASSSTRING;
  free(wide);
  if (FAILED(result))
    raise_text(L, result, function, "no class is registered as %s", text);
  return clsid;
}

/* Creating. */

/* A callback of ours raised while the object was made: that error goes on. */
static void raise_callback_error(lua_State *L, Bridge *bridge, void *object) {
  if (!bridge->pending_error)
    return;
  if (object)
    IUnknown_Release((IUnknown *)object);
  bridge->take_pending(L, bridge);
  lua_error(L);
}

static HRESULT report_failure(lua_State *L, HRESULT result, const char *id) {
  ErrorReport report = { .hresult = result, .subject = lua_pushfstring(L, "com.create %s", id) };
  IErrorInfo *info = NULL;
  if (GetErrorInfo(0, &info) == S_OK && info) {
    IErrorInfo_GetDescription(info, &report.wide_description);
    IErrorInfo_GetSource(info, &report.wide_source);
    IErrorInfo_Release(info);
  }
  return raise_report(L, &report);
}

static HRESULT create_licensed(IUnknown *factory, const char *license, void **object) {
  IClassFactory2 *licensed = NULL;
  BSTR key = NULL;
  HRESULT result = IUnknown_QueryInterface(factory, &IID_IClassFactory2, (void **)&licensed);
  if (FAILED(result))
    return result;
  result = text_to_bstr(license, strlen(license), &key);
  if (SUCCEEDED(result))
    result = IClassFactory2_CreateInstanceLic(licensed, NULL, NULL, &IID_IUnknown, key, object);
  SysFreeString(key);
  IClassFactory2_Release(licensed);
  return result;
}

static HRESULT create_from(IUnknown *factory, const char *license, void **object) {
  IClassFactory *plain = NULL;
  if (license)
    return create_licensed(factory, license, object);
  HRESULT result = IUnknown_QueryInterface(factory, &IID_IClassFactory, (void **)&plain);
  if (FAILED(result))
    return result;
  result = IClassFactory_CreateInstance(plain, NULL, &IID_IUnknown, object);
  IClassFactory_Release(plain);
  return result;
}

static HRESULT get_class_object(REFCLSID clsid, DWORD context, const char *module, const char *host, REFIID iid,
                                void **object) {
  COSERVERINFO server = { 0 };
  if (module)
    return oleander_class_object_from_module(module, clsid, iid, object);
  if (host && !(server.pwszName = utf16_copy(host)))
    return E_OUTOFMEMORY;
  HRESULT result = CoGetClassObject(clsid, context, host ? &server : NULL, iid, object);
  free(server.pwszName);
  return result;
}

/* On another host with the interface that is asked for next, in the same question. */
static HRESULT create_on_host(REFCLSID clsid, DWORD context, const char *host, void **object) {
  COSERVERINFO server = { .pwszName = utf16_copy(host) };
  MULTI_QI queries[] = { { .pIID = &IID_IUnknown }, { .pIID = &IID_IDispatch } };
  if (!server.pwszName)
    return E_OUTOFMEMORY;
  HRESULT result = CoCreateInstanceEx(clsid, NULL, context, &server, 2, queries);
  free(server.pwszName);
  if (queries[1].pItf)
    IUnknown_Release(queries[1].pItf);
  *object = queries[0].pItf;
  return SUCCEEDED(result) && !*object ? queries[0].hr : result;
}

/* An object without type information of its own may have it in the registry store. */
static void add_registered_info(lua_State *L, Bridge *bridge, REFCLSID clsid, Arrival *arrival) {
  Handle *handle = handle_at(L, -1);
  if (!handle || handle->view->info)
    return;
  ITypeInfo *info = typeinfo_of_class(clsid);
  if (!info)
    return;
  typeinfo_push(L, bridge, info); /* owns it from here on */
  arrival->info = info;
  IUnknown_AddRef(handle->face);
  handle_push(L, bridge, handle->face, arrival);
}

static void read_arrival(lua_State *L, int mode, int probe, Arrival *arrival) {
  static const char *const modes[] = { "auto", "vtable", "invoke", NULL };
  memset(arrival, 0, sizeof *arrival);
  arrival->client_view = true;
  arrival->mode = (CallMode)luaL_checkoption(L, mode, "auto", modes);
  if (lua_isboolean(L, probe) && !lua_toboolean(L, probe))
    arrival->flags = HANDLE_NO_PROBE;
}

/* create(id, context, call mode, probe, license, module, host) */
static int core_create(lua_State *L) {
  Bridge *bridge = bridge_get(L);
  bridge_enter(L, bridge);
  lua_settop(L, 7);
  CLSID clsid = class_check(L, 1, "com.create");
  DWORD context = (DWORD)luaL_checkinteger(L, 2);
  Arrival arrival;
  read_arrival(L, 3, 4, &arrival);
  const char *license = luaL_optstring(L, 5, NULL), *module = luaL_optstring(L, 6, NULL);
  const char *host = luaL_optstring(L, 7, NULL);
  void *object = NULL, *factory = NULL;
  HRESULT result;
  bridge_leave(bridge);
  if (!license && module) {
    result = oleander_create_from_module(module, &clsid, NULL, &IID_IUnknown, &object);
  } else if (!license && host) {
    result = create_on_host(&clsid, context, host, &object);
  } else if (!license) {
    result = CoCreateInstance(&clsid, NULL, context, &IID_IUnknown, &object);
  } else {
    result = get_class_object(&clsid, context, module, host, &IID_IUnknown, &factory);
    if (SUCCEEDED(result) && factory) {
      result = create_from(factory, license, &object);
      IUnknown_Release((IUnknown *)factory);
    }
  }
  bridge_return(bridge);
  raise_callback_error(L, bridge, object);
  if (FAILED(result))
    return report_failure(L, result, lua_tostring(L, 1));
  if (!object)
    return raise_text(L, E_POINTER, "com.create", "the server made no object");
  handle_push(L, bridge, object, &arrival);
  add_registered_info(L, bridge, &clsid, &arrival);
  return 1;
}

/* create_isolated(id, module, memory, seconds of the processor, no network, call mode, probe): in a process of its own */
static int core_create_isolated(lua_State *L) {
  Bridge *bridge = bridge_get(L);
  bridge_enter(L, bridge);
  lua_settop(L, 7);
  CLSID clsid = class_check(L, 1, "com.create");
  OleanderIsolation isolation = { .module = luaL_optstring(L, 2, NULL),
                                  .memory = (ULONGLONG)luaL_optinteger(L, 3, 0),
                                  .processor_seconds = (ULONG)luaL_optinteger(L, 4, 0),
                                  .no_network = lua_toboolean(L, 5) };
  Arrival arrival;
  read_arrival(L, 6, 7, &arrival);
  void *object = NULL;
  bridge_leave(bridge);
  HRESULT result = oleander_create_isolated(&clsid, &isolation, &IID_IUnknown, &object);
  bridge_return(bridge);
  raise_callback_error(L, bridge, object);
  if (FAILED(result))
    return report_failure(L, result, lua_tostring(L, 1));
  handle_push(L, bridge, object, &arrival);
  add_registered_info(L, bridge, &clsid, &arrival);
  return 1;
}

/* class(id, context, module): the class object, opaque */
static int core_class(lua_State *L) {
  Bridge *bridge = bridge_get(L);
  bridge_enter(L, bridge);
  lua_settop(L, 4);
  CLSID clsid = class_check(L, 1, "com.class");
  void *factory = NULL;
  DWORD context = (DWORD)luaL_checkinteger(L, 2);
  const char *module = luaL_optstring(L, 3, NULL), *host = luaL_optstring(L, 4, NULL);
  bridge_leave(bridge);
  HRESULT result = get_class_object(&clsid, context, module, host, &IID_IClassFactory, &factory);
  bridge_return(bridge);
  raise_callback_error(L, bridge, factory);
  if (FAILED(result))
    return report_failure(L, result, lua_tostring(L, 1));
  Arrival arrival = { .iid = &IID_IClassFactory, .client_view = true };
  handle_push(L, bridge, factory, &arrival);
  return 1;
}

/* class_new(class object, call mode, probe, license, id) */
static int core_class_new(lua_State *L) {
  Handle *handle = handle_check(L, 1, "class:new");
  Bridge *bridge = handle->bridge;
  bridge_enter(L, bridge);
  lua_settop(L, 5);
  Arrival arrival;
  read_arrival(L, 2, 3, &arrival);
  void *object = NULL;
  const char *license = luaL_optstring(L, 4, NULL);
  handle->busy++;
  bridge_leave(bridge);
  HRESULT result = create_from(handle->face, license, &object);
  bridge_return(bridge);
  handle_leave(handle);
  raise_callback_error(L, bridge, object);
  if (FAILED(result))
    return report_failure(L, result, luaL_optstring(L, 5, ""));
  handle_push(L, bridge, object, &arrival);
  return 1;
}

/* query, assume, wrap */

/* query(o, iid text, typeinfo or nil, call mode): another interface of the object, seen through this type information */
static int core_query(lua_State *L) {
  Handle *handle = handle_check(L, 1, "com.query");
  Bridge *bridge = handle->bridge;
  bridge_enter(L, bridge);
  lua_settop(L, 4);
  IID iid;
  if (!guid_from_text(luaL_checkstring(L, 2), &iid))
    return raise_argument(L, E_INVALIDARG, "com.query", 2, "an interface name or an IID in braces is wanted");
  Arrival arrival;
  read_arrival(L, 4, 5, &arrival);
  arrival.flags = handle->flags & HANDLE_INHERITED;
  arrival.iid = &iid;
  if (!lua_isnil(L, 3)) {
    arrival.info = typeinfo_check(L, 3);
    arrival.attached = true;
    arrival.dispatch = typeinfo_is_dispatch(arrival.info);
    arrival.custom = !arrival.dispatch;
  }
  void *face = NULL;
  bridge_leave(bridge);
  arrival.abi = handle->view->abi;
  HRESULT result =
      arrival.abi ? foreign_query(arrival.abi, handle->target, &iid, &face) : handle_query(handle, &iid, &face);
  bridge_return(bridge);
  if (FAILED(result))
    return raise_text(L, result, handle->view->name, "the object has no interface %s", lua_tostring(L, 2));
  handle_push(L, bridge, face, &arrival);
  return 1;
}

/* assume(o, typeinfo): the object is seen through this type information from now on; calls go through Invoke. */
static int core_assume(lua_State *L) {
  Handle *handle = handle_check(L, 1, "com.assume");
  Bridge *bridge = handle->bridge;
  bridge_enter(L, bridge);
  lua_settop(L, 2);
  Arrival arrival = { .client_view = true, .attached = true, .flags = handle->flags };
  arrival.info = typeinfo_check(L, 2);
  arrival.dispatch = handle->dispatch;
  arrival.mode = CALL_INVOKE;
  IUnknown_AddRef(handle->face);
  handle_push(L, bridge, handle->face, &arrival);
  Handle *other = handle_check(L, 3, "com.assume");
  if (!other->view->info)
    return raise_text(L, TYPE_E_WRONGTYPEKIND, "com.assume", "the type information describes no members of an object");
  /* The two change places: what the script holds gets the new view. */
  Handle old = *handle;
  handle->view = other->view;
  handle->face = other->face;
  handle->target = other->target;
  handle->dispatch = other->dispatch;
  other->view = old.view;
  other->face = old.face;
  other->target = old.target;
  other->dispatch = old.dispatch;
  lua_getmetatable(L, 1);
  lua_getmetatable(L, 3);
  lua_setmetatable(L, 1);
  lua_setmetatable(L, 3);
  lua_settop(L, 1);
  return 1;
}

const luaL_Reg core_create_functions[] = { { "create", core_create },
                                           { "class", core_class },
                                           { "class_new", core_class_new },
                                           { "query", core_query },
                                           { "assume", core_assume },
                                           { "create_isolated", core_create_isolated },
                                           { NULL, NULL } };
