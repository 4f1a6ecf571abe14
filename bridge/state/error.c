/* error.c - raised errors are objects (LUA-API.md, Errors). C gathers the fields; texts are put together by
 * lua/oleander/errors.lua, whose metatable the objects get. */
#include "bridge/state/error.h"
#include "bridge/state/text.h"
#include "com/com_api.h"
#include "remote/remote_api.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char error_metatable_key = 0;

/* The names of chunks are long; most of those that are not ours do not even begin as ours do. */
static bool is_own_source(lua_State *L, const Bridge *bridge, const char *source) {
  size_t begin = strlen(bridge->own_prefix);
  if (strncmp(source, bridge->own_prefix, begin) != 0)
    return false;
  lua_rawgeti(L, LUA_REGISTRYINDEX, bridge->own_sources);
  lua_pushstring(L, source);
  bool own = lua_rawget(L, -2) != LUA_TNIL;
  lua_pop(L, 2);
  return own;
}

bool script_frame(lua_State *L, Bridge *bridge, lua_Debug *frame) {
  for (int level = 0; lua_getstack(L, level, frame); level++) {
    lua_getinfo(L, "Sl", frame);
    if (frame->currentline > 0 && !is_own_source(L, bridge, frame->source))
      return true;
  }
  return false;
}

/* "file:line" of that function; nothing without one. */
static bool push_where(lua_State *L, Bridge *bridge) {
  lua_Debug frame;
  if (!script_frame(L, bridge, &frame))
    return false;
  lua_pushfstring(L, "%s:%d", frame.short_src, frame.currentline);
  return true;
}

/* A description where no text is known for the number. */
static const char *push_unknown(lua_State *L, HRESULT hresult) {
  static const struct {
    unsigned facility;
    const char *whose;
  } facilities[] = { { FACILITY_ITF, "the interface's own error" },
                     { FACILITY_DISPATCH, "Automation error" },
                     { FACILITY_STORAGE, "storage error" },
                     { FACILITY_WIN32, "system error" },
                     { FACILITY_CONTROL, "the component's own error" } };
  unsigned facility = HRESULT_FACILITY(hresult), code = (uint32_t)hresult & 0xFFFF;
  for (size_t i = 0; i < sizeof facilities / sizeof *facilities; i++) {
    if (facilities[i].facility == facility)
      return lua_pushfstring(L, "%s %d, for which no text is known", facilities[i].whose, (int)code);
  }
  return lua_pushliteral(L, "an error for which no text is known");
}

/* What an interface defines for itself: the names that we know of such numbers are those of OLE's own interfaces. */
static bool is_own_code(HRESULT hresult) {
  return HRESULT_FACILITY(hresult) == FACILITY_ITF && ((uint32_t)hresult & 0xFFFF) >= 0x200;
}

static void set_text(lua_State *L, const char *field, const char *text, BSTR wide) {
  if (wide && SysStringLen(wide) > 0)
    text_push_utf16(L, wide, SysStringLen(wide));
  else if (text)
    lua_pushstring(L, text);
  else
    return;
  lua_setfield(L, -2, field);
}

/* Builds the error object of an ErrorReport; in protected mode, because the report's BSTRs must not leak. */
static int build_error(lua_State *L) {
  const ErrorReport *report = lua_touserdata(L, 1);
  Bridge *bridge = bridge_get(L);
  lua_createtable(L, 0, 12);
  lua_pushinteger(L, (lua_Integer)(uint32_t)report->hresult);
  lua_setfield(L, -2, "hresult");
  lua_pushinteger(L, (lua_Integer)((uint32_t)report->hresult & 0xFFFF));
  lua_setfield(L, -2, "code");
  const char *name = NULL, *text = NULL;
  status_describe(report->hresult, &name, &text);
  if (report->name) { /* a module has its own meaning for it */
    name = report->name;
    text = NULL;
  }
  bool described = report->wide_description && SysStringLen(report->wide_description) != 0;
  if (!described || !is_own_code(report->hresult))
    set_text(L, "name", name, NULL);
  if (report->description)
    text = report->description;
  else if (!text || *text == 0)
    text = described ? "" : push_unknown(L, report->hresult);
  if (lua_type(L, -1) == LUA_TSTRING)
    lua_insert(L, -2); /* below the table */
  set_text(L, "description", text, report->wide_description);
  set_text(L, "source", report->source, report->wide_source);
  set_text(L, "helpfile", NULL, report->wide_help_file);
  if (report->help_context != 0) {
    lua_pushinteger(L, (lua_Integer)report->help_context);
    lua_setfield(L, -2, "helpcontext");
  }
  set_text(L, "subject", report->subject, NULL);
  if (report->argument != 0) {
    lua_createtable(L, 0, 2);
    lua_pushinteger(L, report->argument);
    lua_setfield(L, -2, "index");
    set_text(L, "name", report->argument_name, NULL);
    lua_setfield(L, -2, "argument");
  }
  if (push_where(L, bridge))
    lua_setfield(L, -2, "where");
  luaL_traceback(L, L, NULL, 1);
  lua_setfield(L, -2, "traceback");
  if (report->cause != 0) {
    lua_rawgeti(L, LUA_REGISTRYINDEX, report->cause);
    lua_setfield(L, -2, "cause");
  }
  lua_rawgetp(L, LUA_REGISTRYINDEX, &error_metatable_key);
  lua_setmetatable(L, -2);
  return 1;
}

void error_dress(lua_State *L) {
  lua_rawgetp(L, LUA_REGISTRYINDEX, &error_metatable_key);
  lua_setmetatable(L, -2);
}

bool error_is_object(lua_State *L, int index) {
  if (lua_type(L, index) != LUA_TTABLE || !lua_getmetatable(L, index))
    return false;
  lua_rawgetp(L, LUA_REGISTRYINDEX, &error_metatable_key);
  bool is = lua_rawequal(L, -1, -2) != 0;
  lua_pop(L, 2);
  return is;
}

void error_report_clear(ErrorReport *report) {
  SysFreeString(report->wide_description);
  SysFreeString(report->wide_source);
  SysFreeString(report->wide_help_file);
  report->wide_description = report->wide_source = report->wide_help_file = NULL;
}

void error_push(lua_State *L, ErrorReport *report) {
  bridge_protected(L, build_error, report, 1);
  error_report_clear(report);
  if (report->cause != 0)
    luaL_unref(L, LUA_REGISTRYINDEX, report->cause);
  report->cause = 0;
}

int raise_report(lua_State *L, ErrorReport *report) {
  error_push(L, report);
  return lua_error(L);
}

/* Formats as printf does; what is longer than a message should be is cut off. */
static const char *push_format(lua_State *L, const char *format, va_list arguments) {
  char text[1024];
  vsnprintf(text, sizeof text, format, arguments);
  return lua_pushstring(L, text);
}

int raise_text(lua_State *L, HRESULT hresult, const char *subject, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const char *text = push_format(L, format, arguments);
  va_end(arguments);
  ErrorReport report = { .hresult = hresult, .subject = subject, .description = text };
  return raise_report(L, &report);
}

int raise_argument(lua_State *L, HRESULT hresult, const char *function, int argument, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const char *text = push_format(L, format, arguments);
  va_end(arguments);
  ErrorReport report = { .hresult = hresult, .subject = function, .description = text, .argument = argument };
  return raise_report(L, &report);
}

int raise_status(lua_State *L, HRESULT hresult, const char *subject) {
  ErrorReport report = { .hresult = hresult, .subject = subject };
  return raise_report(L, &report);
}

int raise_said(lua_State *L, HRESULT hresult, const char *subject) {
  ErrorReport report = { .hresult = hresult, .subject = subject };
  IErrorInfo *info = NULL;
  if (GetErrorInfo(0, &info) == S_OK && info) {
    IErrorInfo_GetDescription(info, &report.wide_description);
    IErrorInfo_GetSource(info, &report.wide_source);
    IErrorInfo_Release(info);
  }
  return raise_report(L, &report);
}

/* what servers say */

typedef struct Cause {
  Bridge *bridge;
  IErrorInfo *info;
  BSTR came; /* from elsewhere */
  int reference;
} Cause;

static int reference_cause(lua_State *L) {
  Cause *cause = lua_touserdata(L, 1);
  bool own = cause->bridge->take_cause && cause->bridge->take_cause(L, cause->bridge, cause->info);
  if (own || error_causes_push(L, cause->came))
    cause->reference = luaL_ref(L, LUA_REGISTRYINDEX);
  return 0;
}

/* A reference to the Lua error inside an IErrorInfo (a round trip), or to one like it that came from elsewhere; or 0. */
static int find_cause(lua_State *L, Bridge *bridge, IErrorInfo *info) {
  Cause cause = { bridge, info, error_causes_of(info), 0 };
  if ((bridge->take_cause || cause.came) && !bridge_protected(L, reference_cause, &cause, 0))
    lua_pop(L, 1);
  SysFreeString(cause.came);
  return cause.reference;
}

void error_report_remote_cause(lua_State *L, Bridge *bridge, IUnknown *object, ErrorReport *report) {
  IErrorInfo *info = NULL;
  RemotePlace place;
  if (!object)
    return;
  remote_place(object, &place);
  if (!place.proxy || GetErrorInfo(0, &info) != S_OK || !info)
    return;
  report->cause = find_cause(L, bridge, info);
  IErrorInfo_Release(info);
}

void error_report_from_info(lua_State *L, Bridge *bridge, IUnknown *object, REFIID iid, ErrorReport *report) {
  ISupportErrorInfo *support = NULL;
  IErrorInfo *info = NULL;
  if (!object)
    return;
  RemotePlace place;
  remote_place(object, &place);
  /* What came with the answer of a proxy was asked for there; to ask again could mean to wait for somebody who has gone. */
  if (!place.proxy) {
    if (FAILED(IUnknown_QueryInterface(object, &IID_ISupportErrorInfo, (void **)&support)) || !support)
      return;
    HRESULT supported = ISupportErrorInfo_InterfaceSupportsErrorInfo(support, iid);
    ISupportErrorInfo_Release(support);
    if (supported != S_OK)
      return;
  }
  if (GetErrorInfo(0, &info) != S_OK || !info)
    return;
  IErrorInfo_GetDescription(info, &report->wide_description);
  IErrorInfo_GetSource(info, &report->wide_source);
  IErrorInfo_GetHelpFile(info, &report->wide_help_file);
  DWORD context = 0;
  if (SUCCEEDED(IErrorInfo_GetHelpContext(info, &context)))
    report->help_context = context;
  report->cause = find_cause(L, bridge, info);
  IErrorInfo_Release(info);
}

void error_report_from_exception(ErrorReport *report, EXCEPINFO *exception) {
  if (exception->pfnDeferredFillIn) {
    HRESULT(STDMETHODCALLTYPE * fill)(EXCEPINFO *) = exception->pfnDeferredFillIn;
    exception->pfnDeferredFillIn = NULL;
    fill(exception);
  }
  report->wide_description = exception->bstrDescription;
  report->wide_source = exception->bstrSource;
  report->wide_help_file = exception->bstrHelpFile;
  report->help_context = exception->dwHelpContext;
  /* wCode is an error number of the server's own, in the control facility (OLE Automation, "EXCEPINFO"). */
  if (FAILED(exception->scode))
    report->hresult = exception->scode;
  else if (exception->wCode != 0)
    report->hresult = MAKE_HRESULT(SEVERITY_ERROR, FACILITY_CONTROL, exception->wCode);
  memset(exception, 0, sizeof *exception);
}

/* for Lua: core.* */

/* raise({ hresult =, description =, subject =, ... }, own): for the parts written in Lua. The table becomes the error
 * object. `own`: the description is an object's, and so is the meaning of the number. */
static int core_raise(lua_State *L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  bool own = lua_toboolean(L, 2);
  lua_settop(L, 1);
  Bridge *bridge = bridge_get(L);
  lua_getfield(L, 1, "hresult");
  HRESULT hresult = (HRESULT)(uint32_t)lua_tointeger(L, -1);
  lua_pop(L, 1);
  const char *name = NULL, *text = NULL;
  status_describe(hresult, &name, &text);
  bool described = lua_getfield(L, 1, "description") != LUA_TNIL;
  lua_pop(L, 1);
  if (!(own && described && is_own_code(hresult)))
    set_text(L, "name", name, NULL);
  if (!described) {
    lua_pushstring(L, text && *text != 0 ? text : push_unknown(L, hresult));
    lua_setfield(L, 1, "description");
  }
  lua_settop(L, 1);
  lua_pushinteger(L, (lua_Integer)((uint32_t)hresult & 0xFFFF));
  lua_setfield(L, 1, "code");
  if (push_where(L, bridge))
    lua_setfield(L, 1, "where");
  luaL_traceback(L, L, NULL, 1);
  lua_setfield(L, 1, "traceback");
  lua_rawgetp(L, LUA_REGISTRYINDEX, &error_metatable_key);
  lua_setmetatable(L, 1);
  return lua_error(L);
}

/* set_error_metatable(t) */
static int core_set_error_metatable(lua_State *L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_settop(L, 1);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &error_metatable_key);
  return 0;
}

/* What begins all sources that have been named, as far as there is room. */
static void narrow_prefix(char *prefix, size_t room, const char *source, bool first) {
  size_t same = 0;
  if (first)
    snprintf(prefix, room, "%s", source);
  while (prefix[same] && prefix[same] == source[same])
    same++;
  prefix[same] = 0;
}

/* own_source(name): errors are not positioned in this chunk. */
static int core_own_source(lua_State *L) {
  const char *source = luaL_checkstring(L, 1);
  Bridge *bridge = bridge_get(L);
  lua_rawgeti(L, LUA_REGISTRYINDEX, bridge->own_sources);
  lua_pushnil(L);
  bool first = lua_next(L, -2) == 0;
  if (!first)
    lua_pop(L, 2);
  narrow_prefix(bridge->own_prefix, sizeof bridge->own_prefix, source, first);
  lua_pushvalue(L, 1);
  lua_pushboolean(L, true);
  lua_rawset(L, -3);
  return 0;
}

/* caller(): of the function of the script that is running, its source and what messages call that; nothing without one */
static int core_caller(lua_State *L) {
  lua_Debug frame;
  if (!script_frame(L, bridge_get(L), &frame))
    return 0;
  lua_pushstring(L, frame.source);
  lua_pushstring(L, frame.short_src);
  return 2;
}

/* status(hresult): name or nil, text or nil */
static int core_status(lua_State *L) {
  const char *name = NULL, *text = NULL;
  status_describe((HRESULT)(uint32_t)luaL_checkinteger(L, 1), &name, &text);
  lua_pushstring(L, name);
  lua_pushstring(L, text);
  return 2;
}

const luaL_Reg core_error_functions[] = {
  { "raise", core_raise },           { "set_error_metatable", core_set_error_metatable },
  { "own_source", core_own_source }, { "caller", core_caller },
  { "status", core_status },         { NULL, NULL },
};
