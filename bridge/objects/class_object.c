/* class_object.c - class objects whose instances a Lua function makes (com.serve, com.register), and objects that are found
 * by name: active objects, the running object table, monikers. What the function is asked and what it answers is written
 * in lua/oleander/serve.lua. */
#include "activation/activation_api.h"
#include "bridge/objects/events_internal.h"

#include <oleander_object.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <uuid/uuid.h>

/* factory */

typedef struct Factory {
  IClassFactory2 face;
  OleanderUnknown object;
  Deferred deferred;
  Token *token;
  int maker; /* registry reference of the function */
} Factory;

/* One question to the maker, answered on a coroutine of the state. */
typedef struct Question {
  Factory *factory;
  const char *what;   /* "create", "key", "licensed" */
  const OLECHAR *key; /* of the client; NULL: none */
  const IID *iid;
  void *object; /* answers */
  BSTR text;
  bool available, verified;
  HRESULT result;
} Question;

static void factory_end(lua_State *L, Token *token, Deferred *deferred) {
  Factory *factory = (Factory *)(void *)((char *)deferred - offsetof(Factory, deferred));
  if (L)
    luaL_unref(L, LUA_REGISTRYINDEX, factory->maker);
  free(factory);
  token_release(token);
}

/* In its state, where the function is. */
static void factory_destroy(void *self) {
  Factory *factory = self;
  token_defer(factory->token, &factory->deferred);
}

OLEANDER_UNKNOWN_FACE(Factory, face, IClassFactory2)

static Factory *factory_of(IClassFactory2 *face) {
  return OLEANDER_SELF(face, Factory, face);
}

static HRESULT take_created(lua_State *L, Question *question) {
  Handle *handle = handle_at(L, -1);
  if (!handle)
    return E_UNEXPECTED;
  return handle_query(handle, question->iid, &question->object);
}

/* (question) */
static int ask_protected(lua_State *L) {
  Question *question = lua_touserdata(L, 1);
  lua_rawgeti(L, LUA_REGISTRYINDEX, question->factory->maker);
  lua_pushstring(L, question->what);
  if (question->key)
    text_push_utf16(L, question->key, SysStringLen((BSTR)question->key));
  else
    lua_pushnil(L);
  lua_call(L, 2, 2);
  if (question->iid) {
    lua_pop(L, 1);
    question->result = take_created(L, question);
  } else if (lua_type(L, -2) == LUA_TSTRING) {
    size_t length;
    const char *text = lua_tolstring(L, -2, &length);
    question->result = text_to_bstr(text, length, &question->text);
  } else {
    question->available = lua_toboolean(L, -2);
    question->verified = lua_toboolean(L, -1);
  }
  return 0;
}

static void ask_body(lua_State *L, void *context) {
  Question *question = context;
  if (!lua_checkstack(L, LUA_MINSTACK)) {
    question->result = E_OUTOFMEMORY;
    return;
  }
  lua_pushcfunction(L, ask_protected);
  lua_pushlightuserdata(L, question);
  if (lua_pcall(L, 1, 0, 0) != LUA_OK)
    question->result = error_to_status(L, question->factory->token, &IID_IClassFactory, "class object");
}

static HRESULT ask(Question *question) {
  HRESULT result = token_run(question->factory->token, ask_body, question);
  return FAILED(result) ? result : question->result;
}

static HRESULT factory_create(Factory *factory, IUnknown *outer, REFIID iid, const OLECHAR *key, void **result) {
  if (!result)
    return E_POINTER;
  *result = NULL;
  if (outer)
    return CLASS_E_NOAGGREGATION;
  Question question = { .factory = factory, .what = "create", .iid = iid, .key = key };
  HRESULT status = ask(&question);
  *result = question.object;
  return status;
}

static HRESULT STDMETHODCALLTYPE Factory_CreateInstance(IClassFactory2 *face, IUnknown *outer, REFIID iid,
                                                        void **result) {
  return factory_create(factory_of(face), outer, iid, NULL, result);
}

static HRESULT STDMETHODCALLTYPE Factory_LockServer(IClassFactory2 *face, BOOL lock) {
  if (lock) {
    IClassFactory2_AddRef(face);
    CoAddRefServerProcess();
  } else {
    CoReleaseServerProcess();
    IClassFactory2_Release(face);
  }
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Factory_GetLicInfo(IClassFactory2 *face, LICINFO *info) {
  if (!info)
    return E_POINTER;
  Question question = { .factory = factory_of(face), .what = "licensed" };
  HRESULT status = ask(&question);
  info->cbLicInfo = (LONG)sizeof *info;
  info->fRuntimeKeyAvail = question.available;
  info->fLicVerified = question.verified;
  return status;
}

static HRESULT STDMETHODCALLTYPE Factory_RequestLicKey(IClassFactory2 *face, DWORD reserved, BSTR *key) {
  (void)reserved;
  if (!key)
    return E_POINTER;
  Question question = { .factory = factory_of(face), .what = "key" };
  HRESULT status = ask(&question);
  *key = question.text;
  return SUCCEEDED(status) && !question.text ? CLASS_E_NOTLICENSED : status;
}

static HRESULT STDMETHODCALLTYPE Factory_CreateInstanceLic(IClassFactory2 *face, IUnknown *outer, IUnknown *reserved,
                                                           REFIID iid, BSTR key, void **result) {
  (void)reserved;
  /* Without a key a licence is asked for, which is not what CreateInstance does. */
  BSTR given = key ? key : SysAllocString(OLESTR(""));
  if (!given)
    return E_OUTOFMEMORY;
  HRESULT status = factory_create(factory_of(face), outer, iid, given, result);
  if (given != key)
    SysFreeString(given);
  return status;
}

static const IClassFactory2Vtbl factory_vtable = { OLEANDER_FACE_SLOTS(Factory, face),
                                                   Factory_CreateInstance,
                                                   Factory_LockServer,
                                                   Factory_GetLicInfo,
                                                   Factory_RequestLicKey,
                                                   Factory_CreateInstanceLic };
/* A class without a licence does not show IClassFactory2. */
static const OleanderFace factory_faces[] = { { &IID_IClassFactory, offsetof(Factory, face), &factory_vtable },
                                              { &IID_IClassFactory2, offsetof(Factory, face), &factory_vtable },
                                              { 0 } };
static const OleanderFace plain_faces[] = { { &IID_IClassFactory, offsetof(Factory, face), &factory_vtable }, { 0 } };
static const OleanderType factory_type = {
  "Factory", 0, offsetof(Factory, object), factory_faces, factory_destroy, NULL
};
static const OleanderType plain_type = { "Factory", 0, offsetof(Factory, object), plain_faces, factory_destroy, NULL };

/* One reference. The function stands at `maker`. Raises. */
static Factory *factory_make(lua_State *L, Bridge *bridge, int maker, bool licensed) {
  luaL_checktype(L, maker, LUA_TFUNCTION);
  Token *token = token_get(L, bridge);
  lua_pushvalue(L, maker);
  int reference = luaL_ref(L, LUA_REGISTRYINDEX);
  Factory *factory = calloc(1, sizeof *factory);
  if (!factory) {
    luaL_unref(L, LUA_REGISTRYINDEX, reference);
    raise_status(L, E_OUTOFMEMORY, "com.serve");
    return NULL;
  }
  factory->face.lpVtbl = (IClassFactory2Vtbl *)(void *)&factory_vtable;
  oleander_unknown_begin(&factory->object, licensed ? &factory_type : &plain_type, NULL);
  factory->deferred.run = factory_end;
  factory->token = token_addref(token);
  factory->maker = reference;
  return factory;
}

static CLSID clsid_check(lua_State *L, int index, const char *function) {
  CLSID clsid;
  if (!guid_from_text(luaL_checkstring(L, index), &clsid))
    raise_argument(L, CO_E_CLASSSTRING, function, index, "a CLSID in braces is wanted");
  return clsid;
}

/* register_class(clsid, function, licensed, single use, for other processes, suspended): a cookie */
static int core_register_class(lua_State *L) {
  Bridge *bridge = bridge_get(L);
  bridge_enter(L, bridge);
  CLSID clsid = clsid_check(L, 1, "com.serve");
  Factory *factory = factory_make(L, bridge, 2, lua_toboolean(L, 3));
  DWORD cookie = 0, context = lua_toboolean(L, 5) ? CLSCTX_LOCAL_SERVER | CLSCTX_INPROC_SERVER : CLSCTX_INPROC_SERVER;
  DWORD flags = (lua_toboolean(L, 4) ? REGCLS_SINGLEUSE : REGCLS_MULTIPLEUSE);
  if (lua_toboolean(L, 6))
    flags |= REGCLS_SUSPENDED;
  bridge_leave(bridge);
  HRESULT result = CoRegisterClassObject(&clsid, (IUnknown *)(void *)factory, context, flags, &cookie);
  IClassFactory2_Release(&factory->face);
  bridge_return(bridge);
  if (FAILED(result))
    return raise_status(L, result, "com.serve");
  lua_pushinteger(L, cookie);
  return 1;
}

/* revoke_class(cookie) */
static int core_revoke_class(lua_State *L) {
  Bridge *bridge = bridge_get(L);
  DWORD cookie = (DWORD)luaL_checkinteger(L, 1);
  bridge_leave(bridge);
  HRESULT result = CoRevokeClassObject(cookie);
  bridge_return(bridge);
  bridge_enter(L, bridge);
  return FAILED(result) ? raise_status(L, result, "registration:close") : 0;
}

static volatile sig_atomic_t is_to_end;

static void note_end(int number) {
  (void)number;
  is_to_end = 1;
}

/* service("begin" | "ended" | "ready" | "stopping"): has SIGTERM end the process in good order, from when on "ended" is true once it
 * has come; the others are for the service manager. */
static int core_service(lua_State *L) {
  static const char *const words[] = { "begin", "ended", "ready", "stopping", NULL };
  switch (luaL_checkoption(L, 1, NULL, words)) {
  case 0: {
    struct sigaction action = { .sa_handler = note_end, .sa_flags = SA_RESTART };
    sigaction(SIGTERM, &action, NULL);
    break;
  }
  case 1:
    lua_pushboolean(L, is_to_end);
    return 1;
  case 2:
    service_notify("READY=1");
    break;
  default:
    service_notify("STOPPING=1");
  }
  return 0;
}

/* server_process("hold" | "let go" | "resume"): how many hold the process of local classes; with the last one no further client
 * comes to them until they are resumed */
static int core_server_process(lua_State *L) {
  static const char *const verbs[] = { "hold", "let go", "resume", NULL };
  int verb = luaL_checkoption(L, 1, NULL, verbs);
  Bridge *bridge = bridge_get(L);
  bridge_enter(L, bridge);
  bridge_leave(bridge);
  ULONG count = 0;
  if (verb == 0)
    count = CoAddRefServerProcess();
  else if (verb == 1)
    count = CoReleaseServerProcess();
  else
    CoResumeClassObjects();
  bridge_return(bridge);
  lua_pushinteger(L, (lua_Integer)count);
  return 1;
}

/* class_object(function, licensed): the class object itself, for a module that hands it out */
static int core_class_object(lua_State *L) {
  Bridge *bridge = bridge_get(L);
  bridge_enter(L, bridge);
  Factory *factory = factory_make(L, bridge, 1, lua_toboolean(L, 2));
  Arrival arrival = { .iid = &IID_IClassFactory, .client_view = true };
  handle_push(L, bridge, (IUnknown *)(void *)factory, &arrival);
  return 1;
}

/* running objects */

/* name_clsid(name): the CLSID that stands for a name which nobody registered; the same in all states and processes */
static int core_name_clsid(lua_State *L) {
  static const uuid_t space = { 0x3c, 0x8b, 0x5a, 0x52, 0x6e, 0x0f, 0x4d, 0x1b,
                                0x9c, 0x2e, 0x57, 0x41, 0x0d, 0xe8, 0x93, 0x6a };
  size_t length;
  const char *name = luaL_checklstring(L, 1, &length);
  uuid_t made;
  char text[40];
  uuid_generate_sha1(made, space, name, length);
  text[0] = '{';
  uuid_unparse_upper(made, text + 1);
  text[37] = '}';
  lua_pushlstring(L, text, 38);
  return 1;
}

/* set_active(o, clsid): a cookie */
static int core_set_active(lua_State *L) {
  Handle *handle = handle_check(L, 1, "com.publish");
  CLSID clsid = clsid_check(L, 2, "com.publish");
  DWORD cookie = 0;
  bridge_leave(handle->view->bridge);
  HRESULT result = RegisterActiveObject(handle->face, &clsid, ACTIVEOBJECT_STRONG, &cookie);
  bridge_return(handle->view->bridge);
  if (FAILED(result))
    return raise_status(L, result, "com.publish");
  lua_pushinteger(L, cookie);
  return 1;
}

static int push_found(lua_State *L, Bridge *bridge, IUnknown *object) {
  Arrival arrival = { .client_view = true };
  handle_push(L, bridge, object, &arrival);
  return 1;
}

/* active(clsid): the object; nil when none runs */
static int core_active(lua_State *L) {
  Bridge *bridge = bridge_get(L);
  bridge_enter(L, bridge);
  CLSID clsid = clsid_check(L, 1, "com.running");
  IUnknown *object = NULL;
  HRESULT result = GetActiveObject(&clsid, NULL, &object);
  if (FAILED(result) || !object) {
    lua_pushnil(L);
    return 1;
  }
  return push_found(L, bridge, object);
}

/* "!item", "/path/of/a/file", "/path!item!item": a moniker; NULL for other names. */
static HRESULT append_items(OLECHAR *items, IMoniker **moniker) {
  HRESULT result = S_OK;
  while (SUCCEEDED(result) && items) {
    IMoniker *item = NULL, *both = NULL;
    OLECHAR *end = items;
    while (*end != 0 && *end != '!')
      end++;
    OLECHAR *next = *end != 0 ? end + 1 : NULL;
    *end = 0;
    result = CreateItemMoniker(OLESTR("!"), items, &item);
    if (SUCCEEDED(result) && !*moniker) {
      *moniker = item;
    } else if (SUCCEEDED(result)) {
      result = CreateGenericComposite(*moniker, item, &both);
      IMoniker_Release(item);
      IMoniker_Release(*moniker);
      *moniker = both;
    }
    items = next;
  }
  return result;
}

static HRESULT moniker_of_name(const char *name, IMoniker **moniker) {
  *moniker = NULL;
  if (name[0] != '!' && name[0] != '/')
    return S_FALSE;
  OLECHAR *wide = text_copy_utf16(name), *items = wide;
  if (!wide)
    return E_INVALIDARG;
  while (*items != 0 && *items != '!')
    items++;
  OLECHAR *first = *items != 0 ? items + 1 : NULL;
  *items = 0;
  HRESULT result = wide[0] != 0 ? CreateFileMoniker(wide, moniker) : S_OK;
  if (SUCCEEDED(result))
    result = append_items(first, moniker);
  if (FAILED(result) && *moniker) {
    IMoniker_Release(*moniker);
    *moniker = NULL;
  }
  free(wide);
  return result;
}

/* set_running(o, name): a cookie */
static int core_set_running(lua_State *L) {
  Handle *handle = handle_check(L, 1, "com.publish");
  IMoniker *moniker = NULL;
  IRunningObjectTable *table = NULL;
  DWORD cookie = 0;
  HRESULT result = moniker_of_name(luaL_checkstring(L, 2), &moniker);
  if (result == S_OK)
    result = GetRunningObjectTable(0, &table);
  if (result == S_OK) {
    bridge_leave(handle->view->bridge);
    result = IRunningObjectTable_Register(table, ROTFLAGS_REGISTRATIONKEEPSALIVE, handle->face, moniker, &cookie);
    bridge_return(handle->view->bridge);
    IRunningObjectTable_Release(table);
  }
  if (moniker)
    IMoniker_Release(moniker);
  if (FAILED(result) || cookie == 0)
    return raise_text(L, FAILED(result) ? result : MK_E_SYNTAX, "com.publish", "%s cannot be a name of an object",
                      lua_tostring(L, 2));
  lua_pushinteger(L, cookie);
  return 1;
}

/* revoke_active(cookie): of set_active or set_running */
static int core_revoke_active(lua_State *L) {
  Bridge *bridge = bridge_get(L);
  DWORD cookie = (DWORD)luaL_checkinteger(L, 1); /* raises: not while the state is left */
  bridge_leave(bridge);
  HRESULT result = RevokeActiveObject(cookie, NULL);
  bridge_return(bridge);
  return FAILED(result) ? raise_status(L, result, "publication:close") : 0;
}

static IUnknown *find_running(const char *name) {
  IMoniker *moniker = NULL;
  IRunningObjectTable *table = NULL;
  IUnknown *object = NULL;
  if (moniker_of_name(name, &moniker) != S_OK)
    return NULL;
  if (SUCCEEDED(GetRunningObjectTable(0, &table))) {
    if (IRunningObjectTable_GetObject(table, moniker, &object) != S_OK)
      object = NULL;
    IRunningObjectTable_Release(table);
  }
  IMoniker_Release(moniker);
  return object;
}

/* get_object(name): what is running under that name, else what the moniker binds to */
static int core_get_object(lua_State *L) {
  Bridge *bridge = bridge_get(L);
  bridge_enter(L, bridge);
  const char *name = luaL_checkstring(L, 1);
  OLECHAR *wide = text_copy_utf16(name);
  void *object = NULL;
  HRESULT result = wide ? S_OK : E_INVALIDARG;
  bridge_leave(bridge);
  if (SUCCEEDED(result))
    object = find_running(name);
  if (SUCCEEDED(result) && !object)
    result = CoGetObject(wide, NULL, &IID_IUnknown, &object);
  free(wide);
  bridge_return(bridge);
  if (FAILED(result) || !object) {
    raise_pending(L, bridge);
    return raise_text(L, FAILED(result) ? result : MK_E_NOOBJECT, "com.get_object", "%s names no object",
                      lua_tostring(L, 1));
  }
  return push_found(L, bridge, object);
}

const luaL_Reg core_class_functions[] = { { "register_class", core_register_class },
                                          { "revoke_class", core_revoke_class },
                                          { "class_object", core_class_object },
                                          { "name_clsid", core_name_clsid },
                                          { "set_active", core_set_active },
                                          { "active", core_active },
                                          { "set_running", core_set_running },
                                          { "revoke_active", core_revoke_active },
                                          { "get_object", core_get_object },
                                          { "server_process", core_server_process },
                                          { "service", core_service },
                                          { NULL, NULL } };
