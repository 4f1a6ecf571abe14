/* error.h - raised errors are objects (LUA-API.md, Errors); error.c makes them. */
#ifndef OLEANDER_BRIDGE_ERROR_H
#define OLEANDER_BRIDGE_ERROR_H

#include "bridge/state/state.h"

/* What an error object is made of. Texts may stand on the C stack; the BSTRs are freed by raising. */
typedef struct ErrorReport {
  HRESULT hresult;
  const char *subject;     /* "Lib.IFoo:Name": the method, for the text */
  const char *description; /* NULL: the text of the HRESULT */
  const char *source;
  const char *name; /* of the HRESULT; NULL: the one that everybody knows */
  BSTR wide_description, wide_source, wide_help_file;
  DWORD help_context;
  int argument; /* from 1 in the script's order; 0: none */
  const char *argument_name;
  int cause; /* registry reference of the original Lua error, 0: none */
} ErrorReport;

/* All raise_ functions end in lua_error; they return int to be used as `return raise_...`. */
int raise_report(lua_State *L, ErrorReport *report);
int raise_text(lua_State *L, HRESULT hresult, const char *subject, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
int raise_argument(lua_State *L, HRESULT hresult, const char *function, int argument, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
int raise_status(lua_State *L, HRESULT hresult, const char *subject);
/* With what was said beside it (IErrorInfo), if anything was. */
int raise_said(lua_State *L, HRESULT hresult, const char *subject);

/* Pushes the error object instead of raising it. */
void error_push(lua_State *L, ErrorReport *report);
void error_report_clear(ErrorReport *report);
bool error_is_object(lua_State *L, int index); /* an error object of ours */
void error_dress(lua_State *L);                /* makes the table at the top one */

/* error_causes.c: an error value, and what caused it, as bytes for other processes, and what came as a value. In protected mode. */
void error_causes_write(lua_State *L, int value, BSTR *causes);
bool error_causes_push(lua_State *L, BSTR causes); /* false: nothing is pushed */

/* Adds what the thread's IErrorInfo says, when the object confirms that it speaks for `iid`. */
void error_report_from_info(lua_State *L, Bridge *bridge, IUnknown *object, REFIID iid, ErrorReport *report);
/* Moves the texts of an EXCEPINFO into the report. */
void error_report_from_exception(ErrorReport *report, EXCEPINFO *exception);
/* The cause that came with the exception from another process or apartment. */
void error_report_remote_cause(lua_State *L, Bridge *bridge, IUnknown *object, ErrorReport *report);

static inline void status_describe(HRESULT status, const char **name, const char **text) {
  *name = oleander_hresult_name(status);
  *text = oleander_hresult_text(status);
}

/* The innermost Lua function that is not part of Oleander itself, with what lua_getinfo says for "Sl"; false: there is none. */
bool script_frame(lua_State *L, Bridge *bridge, lua_Debug *frame);

extern const luaL_Reg core_error_functions[];

#endif
