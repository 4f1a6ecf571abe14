/* text.c - Lua strings (UTF-8) and BSTRs (UTF-16). ASCII goes a fast way: most names and most text are. */
#include "bridge/state/text.h"
#include "com/com_api.h"

#include <stdlib.h>
#include <string.h>

#define SMALL_TEXT 1024

/* Widens ASCII; the number of bytes before the first one that is not. */
static size_t widen_ascii(const char *text, size_t length, char16_t *out) {
  size_t i = 0;
  for (; i + 8 <= length; i += 8) {
    uint64_t word;
    memcpy(&word, text + i, 8);
    if (word & UINT64_C(0x8080808080808080))
      break;
    for (size_t k = 0; k < 8; k++)
      out[i + k] = (unsigned char)text[i + k];
  }
  for (; i < length && (unsigned char)text[i] < 0x80; i++)
    out[i] = (unsigned char)text[i];
  return i;
}

/* Narrows ASCII; the number of units before the first one that is not. */
static size_t narrow_ascii(const char16_t *text, size_t units, char *out) {
  size_t i = 0;
  for (; i < units && text[i] < 0x80; i++)
    out[i] = (char)text[i];
  return i;
}

BSTR text_scratch_bstr(Scratch *scratch, const char *text, size_t length) {
  /* A BSTR's four bytes of length stand before its text; keep the text 8-aligned. */
  size_t bytes = (8 + (length + 1) * sizeof(char16_t) + 7) & ~(size_t)7;
  if (length > SCRATCH_SIZE || bytes > SCRATCH_SIZE - scratch->used)
    return NULL;
  unsigned char *place = scratch->bytes + scratch->used;
  char16_t *units = (char16_t *)(void *)(place + 8);
  size_t done = widen_ascii(text, length, units);
  if (done < length) {
    /* No text makes more units than it has bytes. */
    if (utf16_length(text, length) == UNICODE_INVALID)
      return NULL;
    length = utf16_from_utf8(text, length, units);
  }
  units[length] = 0;
  uint32_t size = (uint32_t)(length * sizeof(char16_t));
  memcpy(place + 4, &size, sizeof size);
  scratch->used += bytes;
  return (BSTR)units;
}

HRESULT text_to_bstr(const char *text, size_t length, BSTR *result) {
  *result = NULL;
  size_t units = utf16_length(text, length);
  if (units == UNICODE_INVALID)
    return DISP_E_TYPEMISMATCH;
  if (units > 0x3FFFFFF0)
    return E_OUTOFMEMORY;
  BSTR bstr = SysAllocStringLen(NULL, (UINT)units);
  if (!bstr)
    return E_OUTOFMEMORY;
  utf16_from_utf8(text, length, (char16_t *)bstr);
  bstr[units] = 0;
  *result = bstr;
  return S_OK;
}

void text_push_utf16(lua_State *L, const OLECHAR *text, size_t units) {
  const char16_t *wide = (const char16_t *)text;
  char short_text[SMALL_TEXT];
  if (units <= SMALL_TEXT / 3) {
    size_t length = narrow_ascii(wide, units, short_text);
    if (length < units)
      length = utf8_from_utf16(wide, units, short_text);
    lua_pushlstring(L, short_text, length);
    return;
  }
  luaL_Buffer buffer;
  size_t length = utf8_length(wide, units);
  char *out = luaL_buffinitsize(L, &buffer, length);
  utf8_from_utf16(wide, units, out);
  luaL_pushresultsize(&buffer, length);
}

bool text_push_small(lua_State *L, BSTR text) {
  size_t units = SysStringLen(text);
  char short_text[SMALL_TEXT];
  if (units > SMALL_TEXT / 3)
    return false;
  size_t length = narrow_ascii((const char16_t *)text, units, short_text);
  if (length < units)
    length = utf8_from_utf16((const char16_t *)text, units, short_text);
  SysFreeString(text);
  lua_pushlstring(L, short_text, length);
  return true;
}

char *text_copy_utf8(const OLECHAR *text) {
  return utf8_copy((const char16_t *)text);
}

OLECHAR *text_copy_utf16(const char *text) {
  return (OLECHAR *)utf16_copy(text);
}

/* GUIDs as text: "{XXXXXXXX-XXXX-XXXX-XXXX-XXXXXXXXXXXX}" */

bool guid_from_text(const char *text, GUID *guid) {
  if (strlen(text) != 38)
    return false;
  OLECHAR wide[40];
  for (size_t i = 0; i <= 38; i++)
    wide[i] = (unsigned char)text[i];
  GUID parsed;
  if (text[0] != '{' || FAILED(CLSIDFromString(wide, &parsed)))
    return false;
  *guid = parsed;
  return true;
}

void guid_push(lua_State *L, const GUID *guid) {
  OLECHAR wide[40];
  char text[40];
  int units = StringFromGUID2(guid, wide, 40);
  for (int i = 0; i < units; i++)
    text[i] = (char)wide[i];
  lua_pushlstring(L, text, 38);
}

/* fold(text): what is the same for all texts that differ only in case; beyond ASCII a text that is not UTF-8 has none */
static int core_fold(lua_State *L) {
  size_t length;
  const char *text = luaL_checklstring(L, 1, &length);
  bool ascii = true;
  luaL_Buffer buffer;
  char *capitals = luaL_buffinitsize(L, &buffer, length);
  for (size_t i = 0; i < length; i++) {
    unsigned char letter = (unsigned char)text[i];
    ascii &= letter < 0x80;
    capitals[i] = letter < 0x80 ? (char)caseless_upper(letter) : text[i];
  }
  luaL_pushresultsize(&buffer, length);
  size_t units = ascii ? UNICODE_INVALID : utf16_length(text, length);
  if (units == UNICODE_INVALID)
    return 1;
  char16_t *wide = lua_newuserdatauv(L, (units + 1) * sizeof *wide, 0);
  utf16_from_utf8(text, length, wide);
  for (size_t i = 0; i < units; i++)
    wide[i] = caseless_upper(wide[i]);
  text_push_utf16(L, (const OLECHAR *)wide, units);
  return 1;
}

const luaL_Reg core_text_functions[] = { { "fold", core_fold }, { NULL, NULL } };
