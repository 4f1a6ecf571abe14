--- Names of a library as names of C.
local names <const> = {}

local reserved <const> = {}
for word in ([[
  auto break case char const continue default do double else enum extern float for goto if inline int long register
  restrict return short signed sizeof static struct switch typedef union unsigned void volatile while asm typeof
  interface
  far near pascal cdecl small hyper boolean byte IN OUT OPTIONAL CONST VOID TRUE FALSE NULL EOF
  errno stdin stdout stderr unix linux i386 min max major minor alloca offsetof assert bool true false signals
  index This self face result module classes object events E_NOTIMPL S_OK E_FAIL E_POINTER
  STDMETHODCALLTYPE DECLSPEC_UUID CHAR SHORT LONG INT UINT BYTE USHORT ULONG LONGLONG ULONGLONG DATE CY BSTR
  VARIANT DECIMAL SAFEARRAY HRESULT SCODE LPSTR LPWSTR GUID IID CLSID DISPID LCID IUnknown IDispatch BOOL WORD DWORD
  FLOAT DOUBLE
]]):gmatch "%S+" do
  reserved[word] = true
end

---A name as one of C.
---@param name string
---@param other string what stands for one that has no letters
---@return string
function names.plain(name, other)
  local text = name:gsub("[^%w_]", function(char)
    return char:byte() < 128 and "_" or ("x%02X"):format(char:byte())
  end)
  if text == "" then text = other end
  if text:find "^%d" then text = "_" .. text end
  if text:find "^__" or text:find "^_%u" then text = "x" .. text end
  if reserved[text] then text = text .. "_" end
  return text
end

---@class oleander.skeleton.Scope
---@field used table<string, boolean>
local Scope <const> = {}
Scope.__index = Scope

---Names that differ from each other.
---@return oleander.skeleton.Scope
function names.scope()
  return setmetatable({ used = {} }, Scope)
end

---The name, or the name with a number when it is used.
---@param name string
---@param other string?
---@return string
function Scope:take(name, other)
  local text <const> = names.plain(name, other or "x")
  local unique, number = text, 1
  while self.used[unique] do
    number = number + 1
    unique = ("%s_%d"):format(text, number)
  end
  self.used[unique] = true
  return unique
end

return names
