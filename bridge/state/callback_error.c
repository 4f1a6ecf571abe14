/* callback_error.c - a Lua error on its way through COM: an HRESULT, an IErrorInfo that carries the error value itself, and
 * the memory that one was raised, for the call that brought it about (LUA-API.md, Errors and Threads). */
#include "bridge/state/token.h"

#include "com/com_api.h"

#include <oleander_object.h>
#include <stdlib.h>
#include <string.h>

/* {7E2D5A61-9C3F-4B0E-8A57-1D6F0C94B2E3}: an IErrorInfo of ours; the interface is the pointer itself. */
static const IID iid_lua_error = { 0x7E2D5A61, 0x9C3F, 0x4B0E, { 0x8A, 0x57, 0x1D, 0x6F, 0x0C, 0x94, 0xB2, 0xE3 } };

typedef struct LuaError {
  IErrorInfo face;
  IOleanderErrorCauses causes;
  OleanderUnknown object;
  Deferred deferred;
  Token *token;
  int value; /* registry reference of the error value, 0: none */
  HRESULT result;
  GUID guid;
  BSTR source, description, help_file;
  DWORD help_context;
  BSTR cause_bytes; /* the value for other processes */
} LuaError;

static void error_end(lua_State *L, Token *token, Deferred *deferred) {
  LuaError *error = (LuaError *)(void *)((char *)deferred - offsetof(LuaError, deferred));
  if (L && error->value != 0)
    luaL_unref(L, LUA_REGISTRYINDEX, error->value);
  SysFreeString(error->source);
  SysFreeString(error->description);
  SysFreeString(error->help_file);
  SysFreeString(error->cause_bytes);
  free(error);
  token_release(token);
}

/* In its state, where the value is. */
static void error_destroy(void *self) {
  LuaError *error = self;
  token_defer(error->token, &error->deferred);
}

OLEANDER_UNKNOWN_FACE(LuaError, face, IErrorInfo)
OLEANDER_UNKNOWN_FACE(LuaError, causes, IOleanderErrorCauses)

static HRESULT copy_text(BSTR text, BSTR *result) {
  if (!result)
    return E_POINTER;
  *result = text ? SysAllocStringLen(text, SysStringLen(text)) : NULL;
  return text && !*result ? E_OUTOFMEMORY : S_OK;
}

static HRESULT STDMETHODCALLTYPE LuaError_GetGUID(IErrorInfo *face, GUID *guid) {
  if (!guid)
    return E_POINTER;
  *guid = ((LuaError *)face)->guid;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE LuaError_GetSource(IErrorInfo *face, BSTR *result) {
  return copy_text(((LuaError *)face)->source, result);
}

static HRESULT STDMETHODCALLTYPE LuaError_GetDescription(IErrorInfo *face, BSTR *result) {
  return copy_text(((LuaError *)face)->description, result);
}

static HRESULT STDMETHODCALLTYPE LuaError_GetHelpFile(IErrorInfo *face, BSTR *result) {
  return copy_text(((LuaError *)face)->help_file, result);
}

static HRESULT STDMETHODCALLTYPE LuaError_GetHelpContext(IErrorInfo *face, DWORD *context) {
  if (!context)
    return E_POINTER;
  *context = ((LuaError *)face)->help_context;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE LuaError_GetCauses(IOleanderErrorCauses *face, BSTR *result) {
  BSTR bytes = ((LuaError *)(void *)((char *)face - offsetof(LuaError, causes)))->cause_bytes;
  *result = bytes ? SysAllocStringByteLen((const char *)bytes, SysStringByteLen(bytes)) : NULL;
  return bytes && !*result ? E_OUTOFMEMORY : S_OK;
}

static const IOleanderErrorCausesVtbl causes_vtable = { OLEANDER_FACE_SLOTS(LuaError, causes), LuaError_GetCauses };
static const IErrorInfoVtbl lua_error_vtable = { OLEANDER_FACE_SLOTS(LuaError, face),
                                                 LuaError_GetGUID,
                                                 LuaError_GetSource,
                                                 LuaError_GetDescription,
                                                 LuaError_GetHelpFile,
                                                 LuaError_GetHelpContext };
static const OleanderFace error_faces[] = { { &IID_IErrorInfo, offsetof(LuaError, face), &lua_error_vtable },
                                            { &iid_lua_error, offsetof(LuaError, face), &lua_error_vtable },
                                            { &IID_IOleanderErrorCauses, offsetof(LuaError, causes), &causes_vtable },
                                            { 0 } };
static const OleanderType error_type = { "LuaError", 0, offsetof(LuaError, object), error_faces, error_destroy, NULL };

static LuaError *error_create(Token *token, HRESULT result, REFIID iid) {
  LuaError *error = calloc(1, sizeof *error);
  if (!error)
    return NULL;
  error->face.lpVtbl = (IErrorInfoVtbl *)&lua_error_vtable;
  error->causes.lpVtbl = &causes_vtable;
  error->deferred.run = error_end;
  oleander_unknown_begin(&error->object, &error_type, NULL);
  error->token = token_addref(token);
  error->result = result;
  error->guid = *iid;
  return error;
}

/* from a Lua error */

typedef struct Translation {
  Token *token;
  LuaError *error;
  HRESULT result;
  const char *source;
} Translation;

static BSTR text_field(lua_State *L, int table, const char *field) {
  BSTR text = NULL;
  size_t length;
  lua_pushstring(L, field);
  if (lua_rawget(L, table) == LUA_TSTRING) {
    const char *bytes = lua_tolstring(L, -1, &length);
    text_to_bstr(bytes, length, &text);
  }
  lua_pop(L, 1);
  return text;
}

static lua_Integer integer_field(lua_State *L, int table, const char *field) {
  lua_pushstring(L, field);
  lua_rawget(L, table);
  lua_Integer value = lua_tointeger(L, -1);
  lua_pop(L, 1);
  return value;
}

/* An error object of Oleander says all itself; anything else is its text and E_FAIL. */
static void describe_error(lua_State *L, int value, Translation *translation) {
  LuaError *error = translation->error;
  size_t length;
  if (error_is_object(L, value)) {
    HRESULT result = (HRESULT)(uint32_t)integer_field(L, value, "hresult");
    translation->result = FAILED(result) ? result : E_FAIL;
    error->description = text_field(L, value, "description");
    error->source = text_field(L, value, "source");
    error->help_file = text_field(L, value, "helpfile");
    error->help_context = (DWORD)integer_field(L, value, "helpcontext");
  } else {
    const char *text = luaL_tolstring(L, value, &length);
    if (text_to_bstr(text, length, &error->description) == DISP_E_TYPEMISMATCH)
      error->description = SysAllocString(OLESTR("(the error's text is not UTF-8)"));
    lua_pop(L, 1);
  }
  error->result = translation->result;
  if (!error->source && translation->source)
    text_to_bstr(translation->source, strlen(translation->source), &error->source);
}

/* Whether a call from elsewhere is being carried out: only then the error goes elsewhere. */
static bool within_call(void) {
  IUnknown *context;
  if (CoGetCallContext(&IID_IUnknown, (void **)&context) != S_OK)
    return false;
  IUnknown_Release(context);
  return true;
}

/* (translation, error value) */
static int translate(lua_State *L) {
  Translation *translation = lua_touserdata(L, 1);
  Token *token = translation->token;
  lua_settop(L, 2);
  lua_pushvalue(L, 2);
  translation->error->value = luaL_ref(L, LUA_REGISTRYINDEX);
  if (token->outgoing != 0) {
    lua_pushvalue(L, 2);
    int reference = luaL_ref(L, LUA_REGISTRYINDEX);
    if (token->pending != 0)
      luaL_unref(L, LUA_REGISTRYINDEX, token->pending);
    token->pending = reference;
    token->bridge->pending_error = true;
  } else if (token->uncaught) {
    token->uncaught(L, token, 2);
  }
  describe_error(L, 2, translation);
  if (within_call())
    error_causes_write(L, 2, &translation->error->cause_bytes);
  return 0;
}

HRESULT error_to_status(lua_State *L, Token *token, REFIID iid, const char *source) {
  Translation translation = { token, error_create(token, E_FAIL, iid), E_FAIL, source };
  if (!translation.error || !lua_checkstack(L, LUA_MINSTACK)) {
    lua_pop(L, 1);
    SetErrorInfo(0, NULL);
    if (translation.error)
      IErrorInfo_Release(&translation.error->face);
    return E_OUTOFMEMORY;
  }
  lua_pushcfunction(L, translate);
  lua_insert(L, -2);
  lua_pushlightuserdata(L, &translation);
  lua_insert(L, -2);
  if (lua_pcall(L, 2, 0, 0) != LUA_OK) /* a __tostring that raises, or no memory */
    lua_pop(L, 1);
  SetErrorInfo(0, &translation.error->face);
  IErrorInfo_Release(&translation.error->face);
  return translation.result;
}

HRESULT error_from_text(Token *token, HRESULT result, REFIID iid, const char *source, const char *text) {
  LuaError *error = error_create(token, result, iid);
  if (!error) {
    SetErrorInfo(0, NULL);
    return result;
  }
  text_to_bstr(text, strlen(text), &error->description);
  text_to_bstr(source, strlen(source), &error->source);
  SetErrorInfo(0, &error->face);
  IErrorInfo_Release(&error->face);
  return result;
}

/* and back */

bool error_take_cause(lua_State *L, Bridge *bridge, IErrorInfo *info) {
  void *found = NULL;
  if (FAILED(IErrorInfo_QueryInterface(info, &iid_lua_error, &found)) || !found)
    return false;
  LuaError *error = found;
  bool own = error->token == bridge->token && error->value != 0;
  if (own)
    lua_rawgeti(L, LUA_REGISTRYINDEX, error->value);
  IErrorInfo_Release(&error->face);
  return own;
}

/* An error object comes back as it is; anything else inside one. */
void error_take_pending(lua_State *L, Bridge *bridge) {
  Token *token = bridge->token;
  bridge->pending_error = false;
  luaL_checkstack(L, LUA_MINSTACK, NULL);
  lua_rawgeti(L, LUA_REGISTRYINDEX, token->pending);
  luaL_unref(L, LUA_REGISTRYINDEX, token->pending);
  token->pending = 0;
  SetErrorInfo(0, NULL); /* it says the same, and would else explain a later failure */
  if (error_is_object(L, lua_gettop(L)))
    return;
  ErrorReport report = { .hresult = E_FAIL, .description = luaL_tolstring(L, -1, NULL) };
  lua_pushvalue(L, -2);
  report.cause = luaL_ref(L, LUA_REGISTRYINDEX);
  error_push(L, &report);
  lua_replace(L, -3);
  lua_pop(L, 1);
}
