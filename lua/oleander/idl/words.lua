---The words of the language: base types with their VARTYPE, size and C spelling; types that are known without a
---definition.
local words <const> = {}

---@class oleander.idl.Base
---@field k "base"
---@field name string as C writes it
---@field vt integer
---@field size integer bytes; -1 for the size of a pointer
---@field align? integer when it is not the size

local function base(name, vt, size, align)
  return { k = "base", name = name, vt = vt, size = size, align = align or size }
end

local POINTER <const> = -1

words.void = base("void", 24, 0, 1)
words.char = base("char", 16, 1)
words.pointer_sized = base("__int3264", 20, POINTER)
words.pointer_sized.sized = { [4] = 3, [8] = 20 }
words.unsigned_pointer_sized = base("unsigned __int3264", 21, POINTER)
words.unsigned_pointer_sized.sized = { [4] = 19, [8] = 21 }

---Words that make up a base type together, in any order.
words.type_words = {
  void = true, char = true, short = true, long = true, int = true, hyper = true, float = true, double = true,
  signed = true, unsigned = true, byte = true, boolean = true, small = true, wchar_t = true, error_status_t = true,
  handle_t = true, __int8 = true, __int16 = true, __int32 = true, __int64 = true, __int3264 = true,
  MIDL_uhyper = true,
}

--- Combinations, the words sorted and without `int` where it adds nothing.
local combinations <const> = {
  void = words.void,
  char = words.char,
  ["signed char"] = base("signed char", 16, 1),
  ["char unsigned"] = base("unsigned char", 17, 1),
  byte = base("byte", 17, 1),
  boolean = base("boolean", 17, 1),
  small = base("small", 16, 1),
  ["small unsigned"] = base("unsigned small", 17, 1),
  wchar_t = base("WCHAR", 18, 2),
  short = base("short", 2, 2),
  ["short unsigned"] = base("unsigned short", 18, 2),
  int = base("int", 22, 4),
  ["int unsigned"] = base("unsigned int", 23, 4),
  long = base("LONG", 3, 4),
  ["long unsigned"] = base("ULONG", 19, 4),
  hyper = base("hyper", 20, 8),
  ["hyper unsigned"] = base("MIDL_uhyper", 21, 8),
  MIDL_uhyper = base("MIDL_uhyper", 21, 8),
  float = base("float", 4, 4),
  double = base("double", 5, 8),
  error_status_t = base("error_status_t", 19, 4),
  handle_t = base("handle_t", 24, POINTER),
  __int8 = base("char", 16, 1),
  ["__int8 unsigned"] = base("unsigned char", 17, 1),
  __int16 = base("short", 2, 2),
  ["__int16 unsigned"] = base("unsigned short", 18, 2),
  __int32 = base("int", 3, 4),
  ["__int32 unsigned"] = base("unsigned int", 19, 4),
  __int64 = base("__int64", 20, 8),
  ["__int64 unsigned"] = base("unsigned __int64", 21, 8),
  __int3264 = words.pointer_sized,
  ["__int3264 unsigned"] = words.unsigned_pointer_sized,
}
combinations.handle_t.pointer = true

--- A `long` of C has 8 bytes where the headers are used: the spelling is LONG; long long is hyper.
local memo <const> = {}

---The base type that words make up; nil when they do not belong together.
---@param list string[]
---@return oleander.idl.Base?
function words.combine(list)
  local key <const> = table.concat(list, " ")
  local known = memo[key]
  if known == nil then
    local set, longs, ints, signed = {}, 0, 0, false
    for _, word in ipairs(list) do
      if word == "long" then longs = longs + 1
      elseif word == "int" then ints = ints + 1
      elseif word == "signed" then signed = true
      else set[#set + 1] = word end
    end
    if longs == 2 then set[#set + 1] = "hyper"
    elseif longs == 1 then set[#set + 1] = "long"
    elseif longs > 2 or ints > 1 then set[#set + 1] = "?" end
    if #set == 0 then
      set[1] = "int"
    elseif #set == 1 and set[1] == "unsigned" then
      set[#set + 1] = "int"
    elseif signed and #set == 1 and set[1] == "char" then
      set[#set + 1] = "signed"
    end
    table.sort(set)
    local sorted <const> = table.concat(set, " ")
    if sorted == "double long" then set = { "double" } end
    known = combinations[set[2] and sorted == "char signed" and "signed char" or table.concat(set, " ")] or false
    memo[key] = known
  end
  return known or nil
end

---Names of Automation that always mean their VARTYPE, whatever a file defines under them.
words.automation = {
  BSTR = base("BSTR", 8, POINTER),
  VARIANT = base("VARIANT", 12, 24, 8),
  VARIANTARG = base("VARIANTARG", 12, 24, 8),
  HRESULT = base("HRESULT", 25, 4),
  SCODE = base("SCODE", 10, 4),
  VARIANT_BOOL = base("VARIANT_BOOL", 11, 2),
  _VARIANT_BOOL = base("VARIANT_BOOL", 11, 2),
  DATE = base("DATE", 7, 8),
  CURRENCY = base("CURRENCY", 6, 8),
  CY = base("CY", 6, 8),
  DECIMAL = base("DECIMAL", 14, 16, 8),
  LPSTR = base("LPSTR", 30, POINTER),
  LPCSTR = base("LPCSTR", 30, POINTER),
  LPWSTR = base("LPWSTR", 31, POINTER),
  LPCWSTR = base("LPCWSTR", 31, POINTER),
  LPOLESTR = base("LPOLESTR", 31, POINTER),
  LPCOLESTR = base("LPCOLESTR", 31, POINTER),
}
words.automation.VARIANT.small_size, words.automation.VARIANTARG.small_size = 16, 16
for name, type in pairs(words.automation) do
  if type.size == POINTER then type.pointer = true end
  type.automation = name
end

---`VT_37` and so on: types that have a VARTYPE and no other name.
---@param name string
---@return oleander.idl.Base?
function words.vartype(name)
  local number <const> = name:byte() == 86 and math.tointeger(tonumber(name:match "^VT_(%d+)$"))
  return number and number <= 0xFFF and base(name, number, POINTER) or nil
end

local function renamed(name, like)
  local copy <const> = {}
  for key, value in pairs(like) do copy[key] = value end
  copy.name = name
  return copy
end

---Names that mean a base type unless a file defines them.
words.known = {}
for list, type in pairs {
  ["CHAR"] = words.char,
  ["BYTE UCHAR BOOLEAN UINT8"] = combinations["char unsigned"],
  ["INT8"] = words.char,
  ["SHORT INT16"] = combinations.short,
  ["USHORT WORD UINT16 VARTYPE CLIPFORMAT"] = combinations["short unsigned"],
  ["INT"] = combinations.int,
  ["UINT"] = combinations["int unsigned"],
  ["LONG BOOL NTSTATUS LONG32 INT32 DISPID MEMBERID FXPT16DOT16 HREFTYPE"] = combinations.long,
  ["ULONG DWORD ULONG32 UINT32 LCID PROPID COLORREF LCTYPE DWORD32"] = combinations["long unsigned"],
  ["LONGLONG LONG64 INT64 int64"] = combinations.hyper,
  ["ULONGLONG ULONG64 UINT64 DWORDLONG DWORD64 uint64"] = combinations["hyper unsigned"],
  ["FLOAT"] = combinations.float,
  ["DOUBLE"] = combinations.double,
  ["WCHAR OLECHAR"] = combinations.wchar_t,
  ["VOID"] = words.void,
  ["int8_t"] = combinations["signed char"],
  ["uint8_t"] = combinations["char unsigned"],
  ["int16_t"] = combinations.short,
  ["uint16_t char16_t"] = combinations["short unsigned"],
  ["int32_t"] = combinations.long,
  ["uint32_t char32_t"] = combinations["long unsigned"],
  ["int64_t"] = combinations.hyper,
  ["uint64_t"] = combinations["hyper unsigned"],
  ["LONG_PTR INT_PTR SSIZE_T LPARAM LRESULT intptr_t ptrdiff_t ssize_t"] = words.pointer_sized,
  ["ULONG_PTR UINT_PTR DWORD_PTR SIZE_T WPARAM size_t uintptr_t"] = words.unsigned_pointer_sized,
} do
  for name in list:gmatch "%S+" do words.known[name] = renamed(name, type) end
end
words.known.HREFTYPE = renamed("HREFTYPE", combinations["long unsigned"])

---Handles and pointers that are known by name: a pointer to nothing in particular.
words.handles = {}
for name in ([[HANDLE HWND HDC HFONT HMENU HICON HCURSOR HBITMAP HBRUSH HPALETTE HRGN HACCEL HGLOBAL HLOCAL HTASK
  HINSTANCE HMODULE HKEY HMONITOR HENHMETAFILE HMETAFILE HDWP HRSRC HSTR PVOID LPVOID]]):gmatch "%S+" do
  words.handles[name] = { k = "pointer", to = words.void, handle = name }
end

---Conventions of functions, and words of other headers that stand where they stand.
words.conventions = {
  __stdcall = 4, _stdcall = 4, stdcall = 4, STDMETHODCALLTYPE = 4, STDAPICALLTYPE = 4, WINAPI = 4, CALLBACK = 4,
  APIENTRY = 4, WINAPIV = 1, __cdecl = 1, _cdecl = 1, cdecl = 1, CDECL = 1, STDAPIVCALLTYPE = 1,
  STDMETHODVCALLTYPE = 1, __pascal = 2, _pascal = 2, pascal = 2, PASCAL = 4, __fastcall = 0, _fastcall = 0,
  __thiscall = 4, __declspec = false, far = false, FAR = false, _far = false, __far = false, near = false,
  NEAR = false, __RPC_FAR = false, __RPC_USER = 4, __RPC_API = 4, __RPC_STUB = 4, __export = false, inline = false,
  __inline = false, extern = false, EXTERN_C = false, static = false, register = false, volatile = false,
  __unaligned = false, __ptr64 = false, __ptr32 = false, __w64 = false, UNALIGNED = false, ["restrict"] = false,
}

return words
