---Libraries have their types in any order; C wants everything before its use. Brings what was read of a library into
---such an order, for a header: types of other libraries and forward declarations, enums, aliases and records as they
---need each other, interfaces behind their bases. What the system's headers have already is left out, and names that C
---or C++ keeps for itself get an underscore.
local lines <const> = require "oleander.html.lines"
local typelib <const> = require "oleander.typelib"

local c_order <const> = {}

-- names that C or C++ keeps for itself

local keywords <const> = {}
for word in ([[alignas alignof and and_eq asm auto bitand bitor bool break case catch char class compl concept const
  const_cast constexpr continue decltype default delete do double dynamic_cast else enum explicit export extern false
  float for friend goto if inline int interface long mutable namespace new noexcept not not_eq nullptr operator or or_eq
  private protected public register reinterpret_cast requires restrict return short signed sizeof static static_assert
  static_cast struct switch template this thread_local throw true try typedef typeid typename union unsigned using
  virtual void volatile wchar_t while xor xor_eq small hyper near far This]]):gmatch "%S+" do
  keywords[word] = true
end

local function usable(name)
  if not name or not keywords[name] then return name end
  return name .. "_"
end

local function rename_parts(item)
  for _, part in ipairs(item) do
    if part.k == "method" then
      part.name = usable(part.name)
      for _, parameter in ipairs(part.type.parameters) do parameter.name = usable(parameter.name) end
    end
  end
  for _, field in ipairs(item.fields or {}) do field.name = usable(field.name) end
end

-- what is known before the header begins

local known_names

---The types that the headers of the system declare, by name.
---@return table<string, boolean>
local function system_names()
  if known_names then return known_names end
  known_names = {}
  local symbols <const> = require "oleander.idl.compile".read { text = 'import "ocidl.idl";', name = "system" }.symbols
  for _, set in ipairs { symbols.interfaces, symbols.typedefs, symbols.tags } do
    for name in pairs(set) do known_names[name] = true end
  end
  return known_names
end

-- types of other libraries

---Plain VARTYPEs as C has them.
local plain <const> = {
  [2] = "SHORT", [3] = "LONG", [4] = "FLOAT", [5] = "DOUBLE", [6] = "CURRENCY", [7] = "DATE", [8] = "BSTR",
  [10] = "SCODE", [11] = "VARIANT_BOOL", [12] = "VARIANT", [14] = "DECIMAL", [16] = "signed char", [17] = "BYTE",
  [18] = "USHORT", [19] = "ULONG", [20] = "LONGLONG", [21] = "ULONGLONG", [22] = "INT", [23] = "UINT", [25] = "HRESULT",
  [30] = "LPSTR", [31] = "LPWSTR",
}

local function declare_interface(name)
  return ("#ifndef __%s_FWD_DEFINED__\n#define __%s_FWD_DEFINED__\ntypedef interface %s %s;\n#endif"):format(name, name,
    name, name)
end

---A declaration that is enough to refer to a type of another library: what it is stands in that library's header.
local function declare(value)
  local name <const>, kind <const> = value.name, value.kind
  if kind == "interface" or kind == "dispinterface" or kind == "coclass" then return declare_interface(name) end
  if kind == "enum" then return ("typedef int %s;"):format(name) end
  if kind == "record" or kind == "union" then
    local word <const> = kind == "record" and "struct" or "union"
    return ("typedef %s %s %s;"):format(word, name, name)
  end
  local alias <const> = typelib.type_facts[value].info:attributes().alias
  return ("typedef %s %s;"):format(alias and plain[alias.vt & 0xFFF] or "int", name)
end

---Calls `found(href, info)` for each type that the members of a type refer to.
local function each_reference(value, found)
  local info <const> = typelib.type_facts[value].info
  for _, member in ipairs(value.members) do
    local facts <const> = typelib.member_facts[member]
    lines.references(facts.result, function(href) found(href, info) end)
    for _, parameter in ipairs(facts.is_function and member.parameters or {}) do
      lines.references(typelib.parameter_facts[parameter].desc.type, function(href) found(href, info) end)
    end
  end
  local alias <const> = info:attributes().alias
  if alias then lines.references(alias, function(href) found(href, info) end) end
  local base <const> = value.base
  if base then found(nil, base:info()) end
end

---Types of other libraries that are named in this one and not in the system's headers, in the order in which they are
---named.
---@param library oleander.Library
---@return oleander.Type[]
local function foreign_types(library)
  local own <const>, seen <const>, result <const> = {}, {}, {}
  for _, value in ipairs(library.types) do own[value.name] = true end
  local known <const> = system_names()
  local function found(href, info)
    local target <const> = href and info:reference(href) or not href and info or nil
    if not target then return end
    local value <const> = typelib.from_info(target)
    local name <const> = value.name
    if not (own[name] or known[name] or seen[name]) then
      seen[name] = true
      result[#result + 1] = value
    end
  end
  for _, value in ipairs(library.types) do
    each_reference(value, found)
    if value.kind == "dispinterface" and value.other_half then each_reference(value.other_half, found) end
  end
  return result
end

-- an order for C

local is_aggregate <const> = { record = true, union = true }

---@class oleander.idl.Order
---@field out table[] statements
---@field aliases table<string, table> items by the names that they declare
---@field aggregates table<string, table>
---@field interfaces table<string, table>
---@field done table<table, boolean>

local write_alias, write_aggregate

---What must stand before a type is used: the names in it, and the whole of what is there by value.
local function need(order, kind, by_value)
  local k <const> = kind.k
  if k == "pointer" then
    need(order, kind.to, false)
  elseif k == "const" or k == "array" then
    need(order, kind.of, by_value)
  elseif k == "name" or k == "tag" then
    local alias <const> = order.aliases[kind.name]
    if alias then
      write_alias(order, alias)
      if by_value then need(order, alias.type, true) end -- the item's names share the type
    elseif by_value and order.aggregates[kind.name] then
      write_aggregate(order, order.aggregates[kind.name])
    end
  end
end

function write_alias(order, item)
  if order.done[item] then return end
  order.done[item] = true
  for _, typedef in ipairs(item) do need(order, typedef.type, false) end
  order.out[#order.out + 1] = item
end

function write_aggregate(order, item)
  if order.done[item] then return end
  order.done[item] = true
  for _, field in ipairs(item.fields) do need(order, field.type, true) end
  order.out[#order.out + 1] = item
end

local function write_interface(order, item)
  if order.done[item] then return end
  order.done[item] = true
  local base <const> = item.base and order.interfaces[item.base]
  if base then write_interface(order, base) end
  order.out[#order.out + 1] = item
end

local function quote(order, text)
  order.out[#order.out + 1] = { k = "quote", text = text }
end

---The items of a library by what they are; those that the system's headers have already are left out.
local function sorted_in(library, known)
  local lists <const> = { enum = {}, aggregate = {}, alias = {}, interface = {}, other = {} }
  for _, item in ipairs(library) do
    rename_parts(item)
    local name <const> = item.tag or item.name
    if item.k == "importlib" then
      goto continue -- written first
    elseif item.k == "typedefs" then
      if not known[item[1].name] then table.insert(lists.alias, item) end
    elseif not item.forward and (not known[name] or item.k == "module" or item.k == "coclass") then
      local list <const> = is_aggregate[item.k] and "aggregate" or item.k
      table.insert(lists[list] or lists.other, item)
    end
    ::continue::
  end
  return lists
end

---Orders the items of a library that was read.
---@param library table node of the library
---@param value oleander.Library the same as a value
function c_order.arrange(library, value)
  local lists <const> = sorted_in(library, system_names())
  local order <const> = { out = {}, aliases = {}, aggregates = {}, interfaces = {}, done = {} }
  for _, item in ipairs(lists.alias) do
    for _, typedef in ipairs(item) do order.aliases[typedef.name] = item end
  end
  for _, item in ipairs(library) do
    if item.k == "importlib" then order.out[#order.out + 1] = item end
  end
  for _, foreign in ipairs(foreign_types(value)) do quote(order, declare(foreign)) end
  for _, item in ipairs(lists.aggregate) do
    order.aggregates[item.tag] = item
    quote(order, ("typedef %s %s %s;"):format(item.word, item.tag, item.tag))
  end
  for _, item in ipairs(lists.enum) do
    order.out[#order.out + 1] = item
    quote(order, ("typedef enum %s %s;"):format(item.tag, item.tag))
  end
  for _, item in ipairs(lists.interface) do order.interfaces[item.name] = item end
  for _, item in ipairs(lists.alias) do write_alias(order, item) end
  for _, item in ipairs(lists.aggregate) do write_aggregate(order, item) end
  for _, item in ipairs(lists.interface) do write_interface(order, item) end
  table.move(lists.other, 1, #lists.other, #order.out + 1, order.out)
  for i = #library, 1, -1 do library[i] = nil end
  table.move(order.out, 1, #order.out, 1, library)
end

return c_order
