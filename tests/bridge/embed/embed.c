/* A program that embeds Lua: objects go into the state and come out of it; prints what embed_spec.lua expects. */
#include <oleander_lua.h>

#include <objbase.h>
#include <oleauto.h>

#include <lauxlib.h>
#include <lualib.h>

#include <pthread.h>
#include <stdio.h>
#include <string.h>

static const OleanderLua *lua;

static void check(const char *what, int good) {
  printf("%s: %s\n", what, good ? "good" : "BAD");
}

/* object.Name(value) */
static HRESULT call(IDispatch *object, const OLECHAR *name, LONG value, LONG *answer) {
  DISPID id;
  LPOLESTR names = (LPOLESTR)name;
  VARIANT argument = { .vt = VT_I4, .lVal = value }, result;
  DISPPARAMS parameters = { &argument, NULL, 1, 0 };
  VariantInit(&result);
  HRESULT status = IDispatch_GetIDsOfNames(object, &IID_NULL, &names, 1, LOCALE_USER_DEFAULT, &id);
  if (SUCCEEDED(status))
    status =
        IDispatch_Invoke(object, id, &IID_NULL, LOCALE_USER_DEFAULT, DISPATCH_METHOD, &parameters, &result, NULL, NULL);
  if (SUCCEEDED(status))
    status = VariantChangeType(&result, &result, 0, VT_I4);
  *answer = SUCCEEDED(status) ? V_I4(&result) : 0;
  VariantClear(&result);
  return status;
}

static void use_dictionary(lua_State *L) {
  CLSID clsid;
  IUnknown *dictionary = NULL;
  IDispatch *same = NULL;
  HRESULT status = CLSIDFromProgID(u"Scripting.Dictionary", &clsid);
  if (SUCCEEDED(status))
    status = CoCreateInstance(&clsid, NULL, CLSCTX_INPROC_SERVER, &IID_IUnknown, (void **)&dictionary);
  check("dictionary", SUCCEEDED(status));
  if (FAILED(status))
    return;
  lua->push(L, dictionary, NULL);
  lua_setglobal(L, "dictionary");
  check("script", luaL_dostring(L, "dictionary:Add('a', 1) assert(dictionary.Count == 1)") == LUA_OK);
  lua_getglobal(L, "dictionary");
  check("take", lua->take(L, -1, &IID_IDispatch, (void **)&same) == S_OK && same != NULL);
  IUnknown *identity = NULL;
  IDispatch_QueryInterface(same, &IID_IUnknown, (void **)&identity);
  check("identity", identity == dictionary);
  IUnknown_Release(identity);
  IDispatch_Release(same);
  IUnknown_Release(dictionary);
  lua->push(L, NULL, NULL);
  check("null", lua_isnil(L, -1));
  lua_pushinteger(L, 5);
  check("no object", lua->take(L, -1, &IID_IDispatch, (void **)&same) == DISP_E_TYPEMISMATCH && same == NULL);
  lua_settop(L, 0);
}

static void good_body(lua_State *L, void *context) {
  *(int *)context = luaL_dostring(L, "return 1") == LUA_OK;
}

static void bad_body(lua_State *L, void *context) {
  (void)context;
  luaL_error(L, "no luck");
}

typedef struct Job {
  IDispatch *object;
  int good;
} Job;

static void *work(void *given) {
  Job *job = given;
  LONG answer;
  for (LONG i = 0; i < 1000; i++)
    job->good += call(job->object, u"Double", i, &answer) == S_OK && answer == 2 * i;
  return NULL;
}

static void call_from_threads(lua_State *L, IDispatch *object) {
  pthread_t threads[4];
  Job jobs[4];
  int good = 0;
  lua->rest(L);
  for (int i = 0; i < 4; i++) {
    jobs[i] = (Job){ object, 0 };
    pthread_create(&threads[i], NULL, work, &jobs[i]);
  }
  for (int i = 0; i < 4; i++) {
    pthread_join(threads[i], NULL);
    good += jobs[i].good;
  }
  lua->resume(L);
  check("threads", good == 4000);
}

int main(void) {
  IDispatch *object = NULL;
  LONG answer;
  int good = 0;
  CoInitializeEx(NULL, COINIT_MULTITHREADED);
  lua_State *L = luaL_newstate();
  luaL_openlibs(L);
  check("not loaded", oleander_lua(L) == NULL);
  check("require", luaL_dostring(L, "require 'oleander'") == LUA_OK);
  lua = oleander_lua(L);
  use_dictionary(L);
  check("table", luaL_dostring(L, "return { Double = function(_, x) return 2 * x end }") == LUA_OK);
  check("take table", lua->take(L, -1, &IID_IDispatch, (void **)&object) == S_OK);
  lua_settop(L, 0);
  check("call", call(object, u"Double", 21, &answer) == S_OK && answer == 42);
  check("run", lua->run(L, good_body, &good) == S_OK && good);
  check("run fails", lua->run(L, bad_body, NULL) == E_FAIL);
  check("pump", lua->pump(L, 0) == 0);
  call_from_threads(L, object);
  lua_close(L);
  check("closed", call(object, u"Double", 1, &answer) == RPC_E_DISCONNECTED);
  IDispatch_Release(object);
  SetErrorInfo(0, NULL);
  CoUninitialize();
  return 0;
}
