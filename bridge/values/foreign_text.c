/* foreign_text.c - texts in the characters of a module: of two or of four bytes. */
#include "bridge/values/foreign_values.h"
#include "com/com_api.h"

#include <stdlib.h>
#include <string.h>

/* UTF-32 out of UTF-8, by way of UTF-16, which is at most as long. */
static size_t widen(const char16_t *wide, size_t units, uint32_t *out) {
  size_t count = 0;
  for (size_t i = 0; i < units; i++) {
    uint32_t unit = wide[i];
    if (unit >= 0xD800 && unit < 0xDC00 && i + 1 < units && wide[i + 1] >= 0xDC00 && wide[i + 1] < 0xE000)
      unit = 0x10000 + ((unit - 0xD800) << 10) + (wide[++i] - 0xDC00u);
    out[count++] = unit;
  }
  return count;
}

HRESULT units_from_utf8(const char *text, size_t length, uint32_t width, void **units, size_t *count) {
  size_t wide = utf16_length(text, length);
  *units = NULL;
  if (wide == UNICODE_INVALID)
    return S_FALSE;
  char16_t *utf16 = malloc((wide + 1) * sizeof *utf16);
  if (!utf16)
    return E_OUTOFMEMORY;
  *count = utf16_from_utf8(text, length, utf16);
  utf16[wide] = 0;
  *units = utf16;
  if (width == sizeof(char16_t))
    return S_OK;
  uint32_t *utf32 = malloc((wide + 1) * sizeof *utf32);
  if (utf32) {
    *count = widen(utf16, wide, utf32);
    utf32[*count] = 0;
  }
  free(utf16);
  *units = utf32;
  return utf32 ? S_OK : E_OUTOFMEMORY;
}

static size_t put_character(char *out, uint32_t c) {
  if (c < 0x80) {
    out[0] = (char)c;
    return 1;
  }
  if (c < 0x800) {
    out[0] = (char)(0xC0 | c >> 6);
    out[1] = (char)(0x80 | (c & 0x3F));
    return 2;
  }
  if (c < 0x10000) {
    out[0] = (char)(0xE0 | c >> 12);
    out[1] = (char)(0x80 | (c >> 6 & 0x3F));
    out[2] = (char)(0x80 | (c & 0x3F));
    return 3;
  }
  out[0] = (char)(0xF0 | c >> 18);
  out[1] = (char)(0x80 | (c >> 12 & 0x3F));
  out[2] = (char)(0x80 | (c >> 6 & 0x3F));
  out[3] = (char)(0x80 | (c & 0x3F));
  return 4;
}

/* A lone surrogate is no character, but passes as in UTF-16. */
static bool are_characters(const uint32_t *units, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (units[i] > 0x10FFFF)
      return false;
  return true;
}

static void push_utf32(lua_State *L, const uint32_t *units, size_t count) {
  luaL_Buffer buffer;
  luaL_buffinit(L, &buffer);
  for (size_t i = 0; i < count; i++)
    luaL_addsize(&buffer, put_character(luaL_prepbuffsize(&buffer, 4), units[i]));
  luaL_pushresult(&buffer);
}

void units_push(lua_State *L, const void *units, size_t bytes, uint32_t width) {
  if (bytes % width != 0 || (width == sizeof(uint32_t) && !are_characters(units, bytes / width)))
    lua_pushlstring(L, units, bytes);
  else if (width == sizeof(uint32_t))
    push_utf32(L, units, bytes / width);
  else if (width == sizeof(OLECHAR))
    text_push_utf16(L, units, bytes / width);
  else
    lua_pushlstring(L, units, bytes);
}

size_t units_length(const void *units, uint32_t width, size_t limit) {
  size_t count = 0;
  const unsigned char *at = units;
  static const unsigned char zero[sizeof(uint32_t)];
  while (count < limit && memcmp(at + count * width, zero, width) != 0)
    count++;
  return count;
}

/* A string, or a number as Lua writes it; NULL for anything else. */
static const char *text_at(lua_State *L, int index, size_t *length, char number[NUMBER_TEXT]) {
  if (lua_type(L, index) == LUA_TSTRING)
    return lua_tolstring(L, index, length);
  if (lua_type(L, index) != LUA_TNUMBER)
    return NULL;
  *length = number_text(L, index, number);
  return number;
}

static HRESULT take_units(Converting *converting, int index, uint32_t width, void **units, size_t *count) {
  size_t length;
  char number[NUMBER_TEXT];
  const char *text = text_at(converting->L, index, &length, number);
  if (!text)
    return convert_mismatch(converting, index, "a string");
  HRESULT result = units_from_utf8(text, length, width, units, count);
  if (result == S_FALSE)
    return convert_problem(converting, DISP_E_TYPEMISMATCH, "the string is not UTF-8 (com.bytes passes raw bytes)");
  return result;
}

/* BSTRs */

static HRESULT take_bytes(Converting *converting, int index, const SignatureAbi *abi, void **storage) {
  BSTR bytes = NULL;
  HRESULT result = bytes_to_bstr(converting, index, &bytes);
  if (result != S_OK)
    return result;
  *storage = foreign_string_new(abi, bytes, SysStringByteLen(bytes));
  SysFreeString(bytes);
  return *storage ? S_OK : E_OUTOFMEMORY;
}

HRESULT take_foreign_bstr(Converting *converting, int index, const Type *type, void *storage) {
  uint32_t width = abi_wchar_width(type->abi);
  void *units = NULL;
  size_t count = 0;
  HRESULT result = take_bytes(converting, index, type->abi, storage);
  if (result != S_FALSE)
    return result;
  result = take_units(converting, index, width, &units, &count);
  if (FAILED(result))
    return result;
  if (count > (UINT32_MAX >> 1) / width)
    result = E_OUTOFMEMORY;
  else
    *(void **)storage = foreign_string_new(type->abi, units, (uint32_t)(count * width));
  free(units);
  converting->owned = true;
  return SUCCEEDED(result) && !*(void **)storage ? E_OUTOFMEMORY : result;
}

void give_foreign_bstr(lua_State *L, const Giving *giving, const Type *type, void *storage) {
  const void *text = *(void **)storage;
  (void)giving;
  if (!text)
    lua_pushliteral(L, "");
  else
    units_push(L, text, foreign_string_length(text), abi_wchar_width(type->abi));
}

/* Terminated texts */

void *foreign_memory(Converting *converting, const Type *type, size_t size, size_t count) {
  if (converting->arena)
    return arena_values(converting->arena, type, size, count);
  void *memory = size && count > SIZE_MAX / 2 / size ? NULL : CoTaskMemAlloc(size * count + 1);
  if (memory)
    memset(memory, 0, size * count + 1);
  return memory;
}

static HRESULT refuse_zero(Converting *converting) {
  return convert_problem(converting, DISP_E_TYPEMISMATCH, "a string without embedded zeros is wanted");
}

HRESULT take_foreign_wide(Converting *converting, int index, const Type *type, void *storage) {
  uint32_t width = abi_wchar_width(type->abi);
  void *units = NULL;
  size_t count = 0;
  HRESULT result = take_units(converting, index, width, &units, &count);
  if (FAILED(result))
    return result;
  if (units_length(units, width, count) < count) {
    free(units);
    return refuse_zero(converting);
  }
  void *copy = foreign_memory(converting, NULL, width, count + 1);
  if (copy)
    memcpy(copy, units, count * width);
  free(units);
  *(void **)storage = copy;
  return copy ? S_OK : E_OUTOFMEMORY;
}

void give_foreign_wide(lua_State *L, const Giving *giving, const Type *type, void *storage) {
  const void *text = *(void **)storage;
  uint32_t width = abi_wchar_width(type->abi);
  (void)giving;
  if (!text)
    lua_pushnil(L);
  else
    units_push(L, text, units_length(text, width, SIZE_MAX) * width, width);
}

HRESULT take_foreign_narrow(Converting *converting, int index, const Type *type, void *storage) {
  size_t length;
  char number[NUMBER_TEXT];
  const char *text = text_at(converting->L, index, &length, number);
  (void)type;
  if (!text)
    return convert_mismatch(converting, index, "a string");
  if (memchr(text, 0, length))
    return refuse_zero(converting);
  char *copy = foreign_memory(converting, NULL, 1, length + 1);
  if (copy)
    memcpy(copy, text, length);
  *(char **)storage = copy;
  return copy ? S_OK : E_OUTOFMEMORY;
}
