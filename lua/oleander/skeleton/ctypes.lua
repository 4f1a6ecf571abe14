--- Types of a library as types of C. Names of records, enumerations and interfaces have the library's name before them,
--- so that they meet no others; what is declared is what the methods need, in an order that C can read.
local names <const> = require "oleander.skeleton.names"

local ctypes <const> = {}

local VT_VOID <const>, VT_PTR <const>, VT_SAFEARRAY <const> = 24, 26, 27
local VT_CARRAY <const>, VT_USERDEFINED <const> = 28, 29
local TKIND_ENUM <const>, TKIND_RECORD <const>, TKIND_DISPATCH <const> = 0, 1, 4
local TKIND_COCLASS <const>, TKIND_ALIAS <const>, TKIND_UNION <const> = 5, 6, 7

local DEPTH_LIMIT <const> = 32

local base <const> = {
  [2] = "SHORT", [3] = "LONG", [4] = "float", [5] = "double", [6] = "CY", [7] = "DATE", [8] = "BSTR",
  [9] = "IDispatch *", [10] = "SCODE", [11] = "VARIANT_BOOL", [12] = "VARIANT", [13] = "IUnknown *", [14] = "DECIMAL",
  [16] = "CHAR", [17] = "BYTE", [18] = "USHORT", [19] = "ULONG", [20] = "LONGLONG", [21] = "ULONGLONG", [22] = "INT",
  [23] = "UINT", [VT_VOID] = "void", [25] = "HRESULT", [30] = "LPSTR", [31] = "LPWSTR", [37] = "INT_PTR",
  [38] = "UINT_PTR",
}
--- Interfaces of stdole that the public headers declare.
local standard <const> = { IUnknown = true, IDispatch = true }

---@class oleander.skeleton.Types
---@field out string[] declarations, in order
---@field declared table<string, string> C names by what they stand for
---@field scope oleander.skeleton.Scope
---@field library string
local Types <const> = {}
Types.__index = Types

---@param library string its name
---@return oleander.skeleton.Types
function ctypes.new(library)
  return setmetatable({ out = {}, declared = {}, scope = names.scope(), library = library }, Types)
end

local function described(info)
  local library <const>, index <const> = info:library()
  local facts <const> = library and library:attributes()
  local text <const>, owner <const> = info:documentation(), library and library:documentation(-1)
  local key <const> = ("%s %s %s"):format(facts and facts.guid, index, text and text.name)
  return key, text and text.name or "", owner and owner.name or ""
end

local function emit(self, format, ...)
  self.out[#self.out + 1] = format:format(...)
end

---The name of an interface, which is declared before.
---@param info userdata
---@return string
function Types:interface(info)
  local key <const>, name <const>, owner <const> = described(info)
  if self.declared[key] then return self.declared[key] end
  if standard[name] then return name end
  local c <const> = self.scope:take(owner .. "_" .. name)
  self.declared[key] = c
  emit(self, "typedef interface %s %s;", c, c)
  return c
end

local function constant_text(value)
  if math.type(value) ~= "integer" or value < -0x7FFFFFFF or value > 0x7FFFFFFF then return nil end
  return ("%d"):format(value)
end

--- An enumeration is a LONG, with its constants.
local function declare_enum(self, info, key, name, owner)
  local c <const> = self.scope:take(owner .. "_" .. name)
  self.declared[key] = c
  local list <const> = {}
  for i = 0, info:attributes().variables - 1 do
    local desc <const> = info:variable(i)
    local text <const> = desc and info:documentation(desc.memid)
    local value <const> = desc and desc.constant and constant_text(desc.constant.value)
    if text and text.name and value then
      list[#list + 1] = ("  %s = %s"):format(self.scope:take(c .. "_" .. text.name), value)
    end
  end
  emit(self, "typedef LONG %s;", c)
  if #list > 0 then emit(self, "enum {\n%s\n};", table.concat(list, ",\n")) end
  return c
end

local function field_text(self, info, desc, name, depth)
  local bounds, of = "", desc
  while of.vt == VT_CARRAY do
    for _, bound in ipairs(of.bounds or {}) do bounds = ("%s[%d]"):format(bounds, math.max(bound.count, 1)) end
    of = of.of or { vt = VT_VOID }
  end
  local kind = self:text(info, of, depth + 1)
  if kind == "void" then kind = "BYTE" end
  return ("  %s%s%s;"):format(kind, kind:sub(-1) == "*" and name or " " .. name, bounds)
end

--- A record or union: behind a pointer its name is enough.
local function declare_record(self, info, key, name, owner, union, whole, depth)
  local word <const> = union and "union" or "struct"
  local c = self.declared[key]
  if not c then
    c = self.scope:take(owner .. "_" .. name)
    self.declared[key] = c
    emit(self, "typedef %s %s %s;", word, c, c)
  end
  if not whole or self.declared[key .. " whole"] or depth > DEPTH_LIMIT then return c end
  self.declared[key .. " whole"] = c
  local fields <const>, scope <const> = {}, names.scope()
  local attributes <const> = info:attributes()
  for i = 0, attributes.variables - 1 do
    local desc <const> = info:variable(i)
    local text <const> = desc and info:documentation(desc.memid)
    if desc then
      fields[#fields + 1] = field_text(self, info, desc.type, scope:take(text and text.name or "field" .. i), depth)
    end
  end
  if #fields == 0 then fields[1] = "  BYTE nothing;" end
  emit(self, "%s %s {\n%s\n};", word, c, table.concat(fields, "\n"))
  return c
end

local function user_text(self, info, href, pointed, depth)
  local other <const> = info:reference(href)
  local attributes <const> = other and other:attributes()
  if not attributes or depth > DEPTH_LIMIT then return pointed and "void" or "LONG" end
  local key <const>, name <const>, owner <const> = described(other)
  local kind <const> = attributes.kind
  if kind == TKIND_ALIAS then
    return self:text(other, attributes.alias or { vt = VT_VOID }, depth + 1, pointed)
  elseif kind == TKIND_ENUM then
    return self.declared[key] or declare_enum(self, other, key, name, owner)
  elseif kind == TKIND_RECORD or kind == TKIND_UNION then
    if name == "GUID" then return "GUID" end
    return declare_record(self, other, key, name, owner, kind == TKIND_UNION, not pointed, depth)
  elseif kind == TKIND_DISPATCH or kind == TKIND_COCLASS and pointed then
    if kind == TKIND_COCLASS then return "IUnknown" end
    return self:interface(other)
  end
  return pointed and self:interface(other) or "LONG"
end

---A type as C writes it, without a name: "Sample_IFoo **".
---@param info userdata where the description comes from
---@param desc table
---@param depth integer?
---@param pointed boolean? behind a pointer
---@return string
function Types:text(info, desc, depth, pointed)
  depth = depth or 0
  if depth > DEPTH_LIMIT then return "void" end
  local vt <const> = desc.vt
  if vt == VT_PTR then
    local inner <const> = self:text(info, desc.to or { vt = VT_VOID }, depth + 1, true)
    return inner .. (inner:sub(-1) == "*" and "*" or " *")
  elseif vt == VT_SAFEARRAY then
    return "SAFEARRAY *"
  elseif vt == VT_CARRAY then -- as a parameter
    local inner <const> = self:text(info, desc.of or { vt = VT_VOID }, depth + 1, true)
    return inner .. (inner:sub(-1) == "*" and "*" or " *")
  elseif vt == VT_USERDEFINED then
    return user_text(self, info, desc.href, pointed, depth)
  end
  return base[vt] or "void *"
end

---A declaration.
---@return string
function Types:declaration(info, desc, name)
  local text <const> = self:text(info, desc)
  return text .. (text:sub(-1) == "*" and "" or " ") .. name
end

---The type of a GUID as C has it.
---@param guid string in braces
function ctypes.guid(guid)
  local a <const>, b <const>, c <const>, d <const>, e <const> = guid:match "^{(%x+)%-(%x+)%-(%x+)%-(%x+)%-(%x+)}$"
  local bytes <const> = {}
  for pair in (d .. e):gmatch "%x%x" do bytes[#bytes + 1] = "0x" .. pair:lower() end
  return ("{ 0x%s, 0x%s, 0x%s, { %s } }"):format(a:lower(), b:lower(), c:lower(), table.concat(bytes, ", "))
end

return ctypes
