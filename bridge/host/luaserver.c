/* luaserver.c - the in-process server behind com.register: InprocServer32 of classes that are written in Lua. Each thread
 * that makes an object gets a Lua state of its own, which lives as long as the thread; between calls the state rests, so
 * that objects may also be called from other threads. What a class is, lua/oleander/serve.lua knows. */
#include <objbase.h>
#include <oleander_lua.h>
#include <oleander_server.h>
#include <oleauto.h>

#include <lauxlib.h>
#include <lualib.h>

#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

typedef struct Host {
  struct Host *next;
  lua_State *L;
  const OleanderLua *lua;
} Host;

static pthread_key_t host_key;
static bool has_key;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static Host *hosts;

static void host_close(void *given) {
  Host *host = given;
  pthread_mutex_lock(&lock);
  Host **link = &hosts;
  while (*link && *link != host)
    link = &(*link)->next;
  if (*link)
    *link = host->next;
  pthread_mutex_unlock(&lock);
  host->lua->resume(host->L);
  lua_close(host->L);
  free(host);
}

/* Modules of Lua find the Lua library only in the global scope; a program without Lua has loaded it locally, for us. */
static void publish_lua(void) {
  Dl_info facts;
  lua_State *(*known)(void) = luaL_newstate;
  void *address;
  memcpy(&address, &known, sizeof address);
  if (dladdr(address, &facts) && facts.dli_fname)
    (void)!dlopen(facts.dli_fname, RTLD_NOW | RTLD_GLOBAL | RTLD_NOLOAD);
}

static void prepare(void) {
  publish_lua();
  has_key = pthread_key_create(&host_key, host_close) == 0;
}

/* Puts PREFIX/.../?.lua and ?.so, found from where this module stands, before the usual places. */
static void set_paths(lua_State *L) {
  static const char here = 0;
  Dl_info facts;
  if (!dladdr(&here, &facts) || !facts.dli_fname)
    return;
  const char *slash = strrchr(facts.dli_fname, '/');
  lua_pushlstring(L, facts.dli_fname, slash ? (size_t)(slash - facts.dli_fname + 1) : 0);
  const char *folder = lua_tostring(L, -1);
  lua_getglobal(L, "package");
  lua_getfield(L, -1, "path");
  lua_pushfstring(L, "%s" LUA_SHARE "/?.lua;%s", folder, lua_tostring(L, -1));
  lua_setfield(L, -3, "path");
  lua_getfield(L, -2, "cpath");
  lua_pushfstring(L, "%s" LUA_LIB_FOLDER "/?.so;%s", folder, lua_tostring(L, -1));
  lua_setfield(L, -4, "cpath");
}

static int open_state(lua_State *L) {
  luaL_openlibs(L);
  set_paths(L);
  lua_settop(L, 0);
  lua_getglobal(L, "require");
  lua_pushliteral(L, "oleander");
  lua_call(L, 1, 0);
  lua_getglobal(L, "require");
  lua_pushliteral(L, "oleander.serve");
  lua_call(L, 1, 0);
  return 0;
}

static HRESULT host_open(Host **result) {
  Host *host = calloc(1, sizeof *host);
  lua_State *L = host ? luaL_newstate() : NULL;
  HRESULT status = L ? S_OK : E_OUTOFMEMORY;
  if (SUCCEEDED(status)) {
    lua_pushcfunction(L, open_state);
    if (lua_pcall(L, 0, 0, 0) != LUA_OK)
      status =
          oleander_object_fail(CO_E_ERRORINDLL, NULL, "Lua", lua_tostring(L, -1)); /* the caller learns what Lua says */
  }
  if (SUCCEEDED(status)) {
    host->L = L;
    host->lua = oleander_lua(L);
    status = pthread_setspecific(host_key, host) == 0 ? S_OK : E_OUTOFMEMORY;
  }
  if (FAILED(status)) {
    if (L)
      lua_close(L);
    free(host);
    return status;
  }
  pthread_mutex_lock(&lock);
  host->next = hosts;
  hosts = host;
  pthread_mutex_unlock(&lock);
  host->lua->rest(L);
  *result = host;
  return S_OK;
}

typedef struct Request {
  const Host *host;
  REFCLSID clsid;
  REFIID iid;
  void **object;
  HRESULT result;
} Request;

static void find_class(lua_State *L, void *context) {
  Request *request = context;
  OLECHAR wide[40];
  char text[40];
  int units = StringFromGUID2(request->clsid, wide, 40);
  for (int i = 0; i < units; i++)
    text[i] = (char)wide[i];
  lua_getfield(L, LUA_REGISTRYINDEX, "oleander.class_object");
  lua_pushstring(L, text);
  lua_call(L, 1, 1);
  request->result = request->host->lua->take(L, -1, request->iid, request->object);
}

HRESULT STDAPICALLTYPE DllGetClassObject(REFCLSID clsid, REFIID iid, void **object) {
  if (!object)
    return E_POINTER;
  *object = NULL;
  if (!clsid || !iid)
    return E_INVALIDARG;
  pthread_once(&once, prepare);
  if (!has_key)
    return E_OUTOFMEMORY;
  Host *host = pthread_getspecific(host_key);
  HRESULT result = host ? S_OK : host_open(&host);
  if (FAILED(result))
    return result;
  Request request = { host, clsid, iid, object, E_UNEXPECTED };
  result = host->lua->run(host->L, find_class, &request);
  return FAILED(result) ? result : request.result;
}

/* The states live as long as their threads. */
HRESULT STDAPICALLTYPE DllCanUnloadNow(void) {
  pthread_mutex_lock(&lock);
  bool idle = !hosts;
  pthread_mutex_unlock(&lock);
  return idle ? S_OK : S_FALSE;
}

/* The classes belong to Lua files: com.register and com.unregister make them known. */
HRESULT STDAPICALLTYPE DllRegisterServer(void) {
  return S_OK;
}

HRESULT STDAPICALLTYPE DllUnregisterServer(void) {
  return S_OK;
}
