/* text.h - Lua strings (UTF-8) and BSTRs (UTF-16), names without case, GUIDs as text. */
#ifndef OLEANDER_BRIDGE_TEXT_H
#define OLEANDER_BRIDGE_TEXT_H

#include "bridge/state/state.h"

#define SCRATCH_SIZE 1024

/* Strings that are lent to a call as BSTRs stand here, on the C stack. */
typedef struct Scratch {
  size_t used;
  _Alignas(8) unsigned char bytes[SCRATCH_SIZE];
} Scratch;

/* A BSTR in the scratch memory; NULL when it does not fit or is not UTF-8. */
BSTR text_scratch_bstr(Scratch *scratch, const char *text, size_t length);
/* DISP_E_TYPEMISMATCH: not UTF-8. */
HRESULT text_to_bstr(const char *text, size_t length, BSTR *result);
void text_push_utf16(lua_State *L, const OLECHAR *text, size_t units);
/* Pushes a short text and frees it; false: too long for the C stack, nothing done. */
bool text_push_small(lua_State *L, BSTR text);
/* Terminated copies on the heap; NULL: out of memory (or not UTF-8). */
char *text_copy_utf8(const OLECHAR *text);
OLECHAR *text_copy_utf16(const char *text);
bool guid_from_text(const char *text, GUID *guid); /* "{XXXXXXXX-...}" */
void guid_push(lua_State *L, const GUID *guid);

extern const luaL_Reg core_text_functions[];

#endif
