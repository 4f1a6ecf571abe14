/* create.c - making and finding objects: com.create, com.class, com.query, com.assume (their options are read in
 * lua/oleander/create.lua). */
#include "activation/activation_api.h"
#include "bridge/client/flight.h"
#include "com/com_api.h"
#include "remote/remote_api.h"

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

/* Creating */

/* A callback of ours raised while the object was made: that error goes on. */
static void raise_callback_error(lua_State *L, Bridge *bridge, void *object) {
  if (!bridge->pending_error)
    return;
  if (object)
    IUnknown_Release((IUnknown *)object);
  bridge->take_pending(L, bridge);
  lua_error(L);
}

static int report_failure(lua_State *L, HRESULT result, const char *id) {
  return raise_said(L, result, lua_pushfstring(L, "com.create %s", id));
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

static HRESULT get_class_object(REFCLSID clsid, DWORD context, const char *module, const char *host, RemoteLogin *login,
                                REFIID iid, void **object) {
  COSERVERINFO server = { .pAuthInfo = remote_login_info(login) };
  if (module)
    return oleander_class_object_from_module(module, clsid, iid, object);
  if (host && !(server.pwszName = utf16_copy(host)))
    return E_OUTOFMEMORY;
  HRESULT result = CoGetClassObject(clsid, context, host ? &server : NULL, iid, object);
  free(server.pwszName);
  return result;
}

/* On another host with the interface that is asked for next, in the same question. */
static HRESULT create_on_host(REFCLSID clsid, DWORD context, const char *host, RemoteLogin *login, void **object) {
  COSERVERINFO server = { .pwszName = utf16_copy(host), .pAuthInfo = remote_login_info(login) };
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

/* What is to be made, and how. */
typedef struct Making {
  CLSID clsid;
  DWORD context;
  const char *license, *module, *host;
  RemoteLogin *login; /* on that host; NULL */
  bool class_object;  /* that, no object of it */
  bool is_isolated;   /* in a process of its own, within limits */
  OleanderIsolation isolation;
} Making;

static HRESULT make_licensed(const Making *making, void **object) {
  void *factory = NULL;
  HRESULT result = get_class_object(&making->clsid, making->context, making->module, making->host, making->login,
                                    &IID_IUnknown, &factory);
  if (SUCCEEDED(result) && factory) {
    result = create_from(factory, making->license, object);
    IUnknown_Release((IUnknown *)factory);
  }
  return result;
}

static HRESULT make(const Making *making, void **object) {
  *object = NULL;
  if (making->class_object)
    return get_class_object(&making->clsid, making->context, making->module, making->host, making->login,
                            &IID_IClassFactory, object);
  if (making->is_isolated)
    return oleander_create_isolated(&making->clsid, &making->isolation, &IID_IUnknown, object);
  if (making->license)
    return make_licensed(making, object);
  if (making->module)
    return oleander_create_from_module(making->module, &making->clsid, NULL, &IID_IUnknown, object);
  if (making->host)
    return create_on_host(&making->clsid, making->context, making->host, making->login, object);
  return CoCreateInstance(&making->clsid, NULL, making->context, &IID_IUnknown, object);
}

/* What was made, as an object of the script. */
static int give_made(lua_State *L, Bridge *bridge, const Making *making, void *object, Arrival *arrival) {
  if (!object)
    return raise_text(L, E_POINTER, "com.create", "the server made no object");
  if (making->class_object)
    arrival->iid = &IID_IClassFactory;
  handle_push(L, bridge, object, arrival);
  if (!making->class_object)
    add_registered_info(L, bridge, &making->clsid, arrival);
  return 1;
}

static int make_now(lua_State *L, Bridge *bridge, const Making *making, Arrival *arrival) {
  void *object = NULL;
  bridge_leave(bridge);
  HRESULT result = make(making, &object);
  bridge_return(bridge);
  raise_callback_error(L, bridge, object);
  if (FAILED(result))
    return report_failure(L, result, lua_tostring(L, 1));
  return give_made(L, bridge, making, object, arrival);
}

/* Creating while other coroutines go on */

typedef struct MakingErrand {
  Errand errand;
  Making making;
  char *texts[3]; /* what `making` points to */
  IStream *stream;
  IID iid; /* of the interface in it */
} MakingErrand;

typedef struct MakingFlight {
  Flight flight;
  Making making; /* its texts lie in the errand */
  Arrival arrival;
} MakingFlight;

static HRESULT carry_over(MakingErrand *errand, IUnknown *object) {
  errand->iid = errand->making.class_object ? IID_IClassFactory : IID_IDispatch;
  HRESULT result = CoMarshalInterThreadInterfaceInStream(&errand->iid, object, &errand->stream);
  if (SUCCEEDED(result) || errand->making.class_object)
    return result;
  errand->iid = IID_IUnknown;
  return CoMarshalInterThreadInterfaceInStream(&IID_IUnknown, object, &errand->stream);
}

static HRESULT make_apart(Errand *base) {
  MakingErrand *errand = (MakingErrand *)base;
  IUnknown *object = NULL;
  HRESULT result = make(&errand->making, (void **)&object);
  if (FAILED(result) || !object)
    return result;
  result = errand_is_wanted(base) ? carry_over(errand, object) : RPC_E_CALL_CANCELED;
  IUnknown_Release(object);
  return result;
}

static void clear_errand(Errand *base) {
  MakingErrand *errand = (MakingErrand *)base;
  if (errand->stream)
    CoGetInterfaceAndReleaseStream(errand->stream, NULL, NULL);
  remote_login_release(errand->making.login);
  for (int i = 0; i < 3; i++)
    free(errand->texts[i]);
}

static void clear_flight(Flight *flight) {
  (void)flight; /* the errand is let go of by itself */
}

/* Why there is no object, where the errand was given up. */
static int report_given_up(lua_State *L, const Errand *errand, const char *id) {
  const char *subject = lua_pushfstring(L, "com.create %s", id);
  return raise_text(L, errand->result, subject, "the making of the object was given up%s: %s%s",
                    errand->begun ? "" : " before it began",
                    errand->result == RPC_E_TIMEOUT ? "its time was over" : "it was cancelled",
                    errand->begun ? "; its server may make it all the same" : "");
}

/* In the name in which it was made. */
static HRESULT take_from(IStream *stream, RemoteLogin *login, REFIID iid, void **object) {
  RemoteLoginUse use;
  HRESULT result = remote_use_login(login, &use);
  if (FAILED(result)) {
    CoGetInterfaceAndReleaseStream(stream, NULL, NULL);
    return result;
  }
  result = CoGetInterfaceAndReleaseStream(stream, iid, object);
  remote_leave_login(&use);
  return result;
}

static int made_lands(lua_State *L, int status, lua_KContext context) {
  MakingFlight *made = (MakingFlight *)context;
  Flight *flight = &made->flight;
  MakingErrand *errand = (MakingErrand *)flight->errand;
  Bridge *bridge = flight->token->bridge;
  void *object = NULL;
  (void)status;
  if (!flight_has_ended(flight))
    return flight_suspend(L, flight, made_lands);
  flight_land(flight);
  HRESULT result = flight->errand->result;
  if (flight->errand->given_up)
    return report_given_up(L, flight->errand, lua_tostring(L, 1));
  if (SUCCEEDED(result) && errand->stream) {
    IStream *stream = errand->stream;
    errand->stream = NULL;
    bridge_leave(bridge);
    result = take_from(stream, errand->making.login, &errand->iid, &object);
    bridge_return(bridge);
  }
  Making making = made->making;
  Arrival arrival = made->arrival;
  arrival.dispatch = IsEqualIID(&errand->iid, &IID_IDispatch);
  flight_end(L, flight);
  if (FAILED(result))
    return report_failure(L, result, lua_tostring(L, 1));
  return give_made(L, bridge, &making, object, &arrival);
}

static bool copy_text(const char **text, char **copy) {
  if (!*text)
    return true;
  *text = *copy = strdup(*text);
  return *copy;
}

static int make_apart_from(lua_State *L, Bridge *bridge, const Making *making, const Arrival *arrival) {
  MakingFlight *made = (MakingFlight *)flight_push_here(L, bridge, sizeof *made);
  made->flight.clear = clear_flight;
  made->making = *making;
  made->arrival = *arrival;
  MakingErrand *errand = (MakingErrand *)errand_make(sizeof *errand, make_apart, clear_errand);
  if (!errand)
    return raise_status(L, E_OUTOFMEMORY, "com.create");
  Making *copy = &errand->making;
  *copy = *making;
  if (copy->login)
    remote_login_addref(copy->login);
  bool copied = copy_text(&copy->license, &errand->texts[0]) && copy_text(&copy->host, &errand->texts[1]) &&
                copy_text(&copy->isolation.module, &errand->texts[2]);
  if (!copied) {
    errand_release(&errand->errand);
    return raise_status(L, E_OUTOFMEMORY, "com.create");
  }
  HRESULT result = flight_begin_errand(&made->flight, &errand->errand);
  if (FAILED(result))
    return report_failure(L, result, lua_tostring(L, 1));
  return flight_suspend(L, &made->flight, made_lands);
}

#define CONTEXT_HERE (CLSCTX_INPROC_SERVER | CLSCTX_INPROC_HANDLER)

/* An object of this process is made by this thread; what another one makes is waited for apart, where the coroutine can be
 * suspended. */
static int make_for(lua_State *L, Bridge *bridge, Making *making, Arrival *arrival) {
  luaL_checkstack(L, LUA_MINSTACK, NULL);
  if (!flight_wanted(L, bridge) || making->module || !flight_possible_here(L, bridge))
    return make_now(L, bridge, making, arrival);
  DWORD elsewhere = making->context & ~(DWORD)CONTEXT_HERE;
  if (making->is_isolated || making->host || making->context == elsewhere)
    return make_apart_from(L, bridge, making, arrival);
  if (!elsewhere)
    return make_now(L, bridge, making, arrival);
  Making here = *making;
  void *object = NULL;
  here.context &= CONTEXT_HERE;
  bridge_leave(bridge);
  HRESULT result = make(&here, &object);
  bridge_return(bridge);
  raise_callback_error(L, bridge, object);
  if (SUCCEEDED(result))
    return give_made(L, bridge, making, object, arrival);
  if (result != REGDB_E_CLASSNOTREG)
    return report_failure(L, result, lua_tostring(L, 1));
  making->context = elsewhere;
  return make_apart_from(L, bridge, making, arrival);
}

/* create(id, context, call mode, probe, license, module, host, login) */
static int core_create(lua_State *L) {
  Bridge *bridge = bridge_get(L);
  bridge_enter(L, bridge);
  lua_settop(L, 8);
  Making making = { .clsid = class_check(L, 1, "com.create"), .context = (DWORD)luaL_checkinteger(L, 2) };
  Arrival arrival;
  read_arrival(L, 3, 4, &arrival);
  making.license = luaL_optstring(L, 5, NULL);
  making.module = luaL_optstring(L, 6, NULL);
  making.host = luaL_optstring(L, 7, NULL);
  making.login = login_at(L, 8);
  return make_for(L, bridge, &making, &arrival);
}

/* create_isolated(id, module, memory, seconds of the processor, no network, call mode, probe): in a process of its own */
static int core_create_isolated(lua_State *L) {
  Bridge *bridge = bridge_get(L);
  bridge_enter(L, bridge);
  lua_settop(L, 7);
  Making making = { .clsid = class_check(L, 1, "com.create"), .is_isolated = true };
  making.isolation = (OleanderIsolation){ .module = luaL_optstring(L, 2, NULL),
                                          .memory = (ULONGLONG)luaL_optinteger(L, 3, 0),
                                          .processor_seconds = (ULONG)luaL_optinteger(L, 4, 0),
                                          .no_network = lua_toboolean(L, 5) };
  Arrival arrival;
  read_arrival(L, 6, 7, &arrival);
  return make_for(L, bridge, &making, &arrival);
}

/* class(id, context, module, host, login): the class object, opaque */
static int core_class(lua_State *L) {
  Bridge *bridge = bridge_get(L);
  bridge_enter(L, bridge);
  lua_settop(L, 5);
  Making making = { .clsid = class_check(L, 1, "com.class"),
                    .context = (DWORD)luaL_checkinteger(L, 2),
                    .module = luaL_optstring(L, 3, NULL),
                    .host = luaL_optstring(L, 4, NULL),
                    .login = login_at(L, 5),
                    .class_object = true };
  Arrival arrival = { .client_view = true };
  return make_for(L, bridge, &making, &arrival);
}

/* A call of the factory */

typedef struct FactoryFlight {
  Flight flight;
  IClassFactory *factory;
  IUnknown *outer;
  const IID *iid;
  void *object, **object_argument;
  HRESULT result;
  void *arguments[3];
  Arrival arrival;
} FactoryFlight;

enum { CREATE_INSTANCE_SLOT = 3 };

static void clear_factory_flight(Flight *flight) {
  FactoryFlight *made = (FactoryFlight *)flight;
  if (made->object)
    IUnknown_Release((IUnknown *)made->object);
  if (made->factory)
    IClassFactory_Release(made->factory);
  made->object = NULL;
  made->factory = NULL;
}

/* Nothing where the server has left and this is not the last try. */
static int report_no_instance(lua_State *L, HRESULT result) {
  if (activation_has_left(result) && !lua_toboolean(L, 6))
    return 0;
  return report_failure(L, result, luaL_optstring(L, 5, ""));
}

static int instance_lands(lua_State *L, int status, lua_KContext context) {
  FactoryFlight *made = (FactoryFlight *)context;
  Flight *flight = &made->flight;
  (void)status;
  if (!flight_has_ended(flight))
    return flight_suspend(L, flight, instance_lands);
  flight_land(flight);
  Bridge *bridge = flight->token->bridge;
  HRESULT result = made->result;
  void *object = SUCCEEDED(result) ? made->object : NULL;
  Arrival arrival = made->arrival;
  if (object)
    made->object = NULL;
  flight_end(L, flight);
  if (FAILED(result))
    return report_no_instance(L, result);
  handle_push(L, bridge, object, &arrival);
  return 1;
}

/* -1: the call is to be made as usual. */
static int fly_to_factory(lua_State *L, Handle *handle, const Arrival *arrival) {
  FactoryFlight *made = (FactoryFlight *)flight_push(L, handle, sizeof *made);
  made->flight.clear = clear_factory_flight;
  made->flight.result = &made->result;
  made->flight.arguments = made->arguments;
  made->iid = &IID_IUnknown;
  made->object_argument = &made->object;
  made->arrival = *arrival;
  made->arguments[0] = &made->outer;
  made->arguments[1] = &made->iid;
  made->arguments[2] = &made->object_argument;
  HRESULT result = handle_query(handle, &IID_IClassFactory, (void **)&made->factory);
  if (SUCCEEDED(result))
    result = flight_begin(&made->flight, (IUnknown *)made->factory, CREATE_INSTANCE_SLOT);
  if (result == S_OK)
    return flight_suspend(L, &made->flight, instance_lands);
  flight_end(L, &made->flight);
  return result == S_FALSE ? -1 : report_no_instance(L, result);
}

/* class_new(class object, call mode, probe, license, id, last) */
static int core_class_new(lua_State *L) {
  Handle *handle = handle_check(L, 1, "class:new");
  Bridge *bridge = handle->bridge;
  bridge_enter(L, bridge);
  lua_settop(L, 6);
  Arrival arrival;
  read_arrival(L, 2, 3, &arrival);
  void *object = NULL;
  const char *license = luaL_optstring(L, 4, NULL);
  if (flight_wanted(L, bridge) && !license && flight_possible(L, handle)) {
    int results = fly_to_factory(L, handle, &arrival);
    if (results >= 0)
      return results;
  }
  handle->busy++;
  bridge_leave(bridge);
  HRESULT result = create_from(handle->face, license, &object);
  bridge_return(bridge);
  handle_leave(handle);
  raise_callback_error(L, bridge, object);
  if (FAILED(result))
    return report_no_instance(L, result);
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
