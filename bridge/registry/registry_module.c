/*
 * Lua module oleander.registry: the registry store and the registration of modules and type libraries, for the program
 * and for scripts that install things. Its errors are strings that name file and reason.
 */
#include <oleauto.h>
#include <oleander.h>
#include <oleander_registry.h>

#include <stdlib.h>
#include <string.h>

#include <lauxlib.h>
#include <lua.h>

#include "com/com_api.h"
#include "remote/security/security_api.h"

__attribute__((visibility("default"))) int luaopen_oleander_registry(lua_State *L);

/* Pushes "SUBJECT: TEXT (NAME)", the text from the thread's error info where there is one. */
static int raise_failure(lua_State *L, const char *subject, HRESULT hr) {
  const char *name = oleander_hresult_name(hr);
  const char *text = oleander_hresult_text(hr);
  IErrorInfo *info = NULL;
  BSTR description = NULL;

  if (GetErrorInfo(0, &info) == S_OK) {
    if (FAILED(IErrorInfo_GetDescription(info, &description)))
      description = NULL;
    IErrorInfo_Release(info);
  }
  if (description) {
    char *copy = utf8_copy(description);

    SysFreeString(description);
    lua_pushstring(L, copy ? copy : "out of memory");
    free(copy);
  } else {
    lua_pushstring(L, text ? text : "unknown error");
  }
  text = lua_tostring(L, -1);
  if (subject && !strstr(text, subject))
    lua_pushfstring(L, "%s: %s", subject, text);
  text = lua_tostring(L, -1);
  if (name)
    lua_pushfstring(L, "%s (%s)", text, name);
  else
    lua_pushfstring(L, "%s (0x%s)", text, "unnamed");
  return lua_error(L);
}

/* keys(path): the names of the keys below, sorted, or nil when there is no such key. */
static int registry_keys(lua_State *L) {
  const char *path = luaL_checkstring(L, 1);
  OleanderRegistryKey *key;
  const char *name;
  size_t i;
  HRESULT hr = oleander_registry_open(path, &key);

  if (hr == REGDB_E_KEYMISSING)
    return 0;
  if (FAILED(hr))
    return raise_failure(L, path, hr);
  lua_newtable(L);
  for (i = 0; (name = oleander_registry_key_at(key, i)) != NULL; i++) {
    lua_pushstring(L, name);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  oleander_registry_close(key);
  return 1;
}

/* value(path [, name]): its text or number, or nil. */
static int registry_value(lua_State *L) {
  const char *path = luaL_checkstring(L, 1);
  const char *name = luaL_optstring(L, 2, "");
  OleanderRegistryKey *key;
  OleanderRegistryValue value;
  DWORD number;
  HRESULT hr = oleander_registry_open(path, &key);

  if (hr == REGDB_E_KEYMISSING)
    return 0;
  if (FAILED(hr))
    return raise_failure(L, path, hr);
  lua_pushnil(L);
  if (oleander_registry_value(key, NULL, name, &value) == S_OK) {
    if (value.text)
      lua_pushstring(L, value.text);
    else if (oleander_registry_dword(key, NULL, name, &number) == S_OK)
      lua_pushinteger(L, number);
    else
      lua_pushlstring(L, value.data, value.size);
  }
  oleander_registry_close(key);
  return 1;
}

/* file(path [, name]): its text as an absolute path, or nil. */
static int registry_file(lua_State *L) {
  const char *path = luaL_checkstring(L, 1);
  const char *name = luaL_optstring(L, 2, "");
  OleanderRegistryKey *key;
  char *file = NULL;
  HRESULT hr = oleander_registry_open(path, &key);

  if (hr == REGDB_E_KEYMISSING)
    return 0;
  if (FAILED(hr))
    return raise_failure(L, path, hr);
  hr = oleander_registry_file(key, NULL, name, &file);
  oleander_registry_close(key);
  if (FAILED(hr))
    return 0;
  lua_pushstring(L, file);
  CoTaskMemFree(file);
  return 1;
}

/* write(component, path, values): values by name; false takes one out. Raises where the file cannot be written. */
static int registry_write(lua_State *L) {
  const char *component = luaL_checkstring(L, 1), *path = luaL_checkstring(L, 2);
  OleanderRegistryEdit *edit;
  luaL_checktype(L, 3, LUA_TTABLE);
  SetErrorInfo(0, NULL);
  HRESULT hr = oleander_registry_edit(component, &edit);
  if (FAILED(hr))
    return raise_failure(L, path, hr);
  for (lua_pushnil(L); SUCCEEDED(hr) && lua_next(L, 3); lua_pop(L, 1)) {
    const char *name = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : "";
    if (lua_isinteger(L, -1))
      hr = oleander_registry_set_dword(edit, path, name, (DWORD)lua_tointeger(L, -1));
    else if (lua_type(L, -1) == LUA_TSTRING)
      hr = oleander_registry_set_string(edit, path, name, lua_tostring(L, -1));
    else
      hr = oleander_registry_delete_value(edit, path, name);
  }
  if (SUCCEEDED(hr))
    hr = oleander_registry_commit(edit);
  else
    oleander_registry_cancel(edit);
  return FAILED(hr) ? raise_failure(L, path, hr) : 0;
}

/* describe(descriptor): what a security descriptor (SDDL, or bytes) says, as lines; or nil, and what is wrong with it. */
static int registry_describe(lua_State *L) {
  size_t size;
  const char *descriptor = luaL_checklstring(L, 1, &size);
  char *text;
  HRESULT hr = security_describe(descriptor, size, !size || descriptor[0] != 1, &text);
  if (FAILED(hr))
    return luaL_error(L, "out of memory");
  if (hr == S_FALSE)
    lua_pushnil(L);
  lua_pushstring(L, text);
  free(text);
  return hr == S_FALSE ? 2 : 1;
}

/* problems(): the lines about files of the store that could not be read, or nil. */
static int registry_problems(lua_State *L) {
  char *text = NULL;

  if (oleander_registry_problems(&text) != S_OK)
    return 0;
  lua_pushstring(L, text);
  CoTaskMemFree(text);
  return 1;
}

static int change_module(lua_State *L, HRESULT (*change)(const char *path)) {
  const char *path = luaL_checkstring(L, 1);
  HRESULT hr;

  CoInitializeEx(NULL, COINIT_MULTITHREADED);
  SetErrorInfo(0, NULL);
  hr = change(path);
  if (FAILED(hr))
    raise_failure(L, path, hr);
  return 0;
}

static int registry_register_module(lua_State *L) {
  return change_module(L, oleander_register_module);
}

static int registry_unregister_module(lua_State *L) {
  return change_module(L, oleander_unregister_module);
}

/* Loads the type library at `path` without registering it; raises. */
static ITypeLib *load(lua_State *L, const char *path, OLECHAR **wide) {
  ITypeLib *library = NULL;
  HRESULT hr;

  *wide = utf16_copy(path);
  if (!*wide)
    luaL_error(L, "%s: the file name is not UTF-8", path);
  SetErrorInfo(0, NULL);
  hr = LoadTypeLibEx(*wide, REGKIND_NONE, &library);
  if (FAILED(hr)) {
    free(*wide);
    raise_failure(L, path, hr);
  }
  return library;
}

/* register_typelib(absolute_path) */
static int registry_register_typelib(lua_State *L) {
  const char *path = luaL_checkstring(L, 1);
  OLECHAR *wide;
  ITypeLib *library = load(L, path, &wide);
  HRESULT hr = RegisterTypeLib(library, wide, NULL);

  ITypeLib_Release(library);
  free(wide);
  if (FAILED(hr))
    raise_failure(L, path, hr);
  return 0;
}

/* unregister_typelib(path) */
static int registry_unregister_typelib(lua_State *L) {
  const char *path = luaL_checkstring(L, 1);
  OLECHAR *wide;
  ITypeLib *library = load(L, path, &wide);
  TLIBATTR *attributes;
  HRESULT hr = ITypeLib_GetLibAttr(library, &attributes);

  if (SUCCEEDED(hr)) {
    hr = UnRegisterTypeLib(&attributes->guid, attributes->wMajorVerNum, attributes->wMinorVerNum, attributes->lcid,
                           attributes->syskind);
    ITypeLib_ReleaseTLibAttr(library, attributes);
  }
  ITypeLib_Release(library);
  free(wide);
  if (FAILED(hr))
    raise_failure(L, path, hr);
  return 0;
}

int luaopen_oleander_registry(lua_State *L) {
  static const luaL_Reg functions[] = {
    { "keys", registry_keys },
    { "value", registry_value },
    { "file", registry_file },
    { "write", registry_write },
    { "describe", registry_describe },
    { "problems", registry_problems },
    { "register_module", registry_register_module },
    { "unregister_module", registry_unregister_module },
    { "register_typelib", registry_register_typelib },
    { "unregister_typelib", registry_unregister_typelib },
    { NULL, NULL },
  };

  luaL_newlib(L, functions);
  return 1;
}
