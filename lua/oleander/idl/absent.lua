---Libraries that are not here: what a file says of their types (docs/idl.md, "Words of our own") as a library in
---memory, to which references are made as to any other.
local core <const> = require "oleander.core"
local description <const> = require "oleander.idl.description"

local absent <const> = {}

local TKIND_MODULE <const>, TKIND_INTERFACE <const>, TKIND_DISPATCH <const>, TKIND_ALIAS <const> = 2, 3, 4, 6
local DUAL <const>, DISPATCHABLE <const> = 0x40, 0x1000
local VT_HRESULT <const>, VT_I4 <const> = 25, 3
local SYS_WIN32 <const>, SYS_WIN64 <const> = 1, 3

--- Slots and bases that a file may claim.
local SLOT_LIMIT <const>, BASE_LIMIT <const> = 4000, 30

local function number(model, item, name, limit)
  local value <const> = description.number(model, item.attributes, name)
  if not value then return nil end
  if value < 0 or value > limit then
    model:error(item.attributes[name].place, "%s is 0 to %d, not %d", name, limit, value)
    return nil
  end
  return value
end

--- Functions that nobody calls.
local function empty_functions(count)
  local list <const> = {}
  for i = 1, count do
    list[i] = { name = "f" .. i, kind = 1, result = { vt = VT_HRESULT }, parameters = {}, memid = i }
  end
  return list
end

--- The bases above an interface: the outermost first.
local function add_bases(types, name, count)
  local base
  for i = 1, count do
    types[#types + 1] = { kind = TKIND_INTERFACE, name = name .. "_base" .. i, flags = 0,
      implements = base and { { type = base, flags = 0 } } or nil }
    base = #types
  end
  return base
end

local function describe_type(model, types, item)
  local given <const> = item.attributes
  local kind <const> = { kind = item.kind, name = item.name, flags = 0, guid = given.uuid and given.uuid.value }
  if kind.kind == TKIND_ALIAS then kind.alias = { vt = VT_I4 } end
  local slots <const> = number(model, item, "slots", SLOT_LIMIT)
  local bases <const> = number(model, item, "bases", BASE_LIMIT)
  if slots or bases then
    if kind.kind == TKIND_DISPATCH then kind.kind, kind.flags = TKIND_INTERFACE, DUAL | DISPATCHABLE end
    kind.functions = empty_functions(slots or 0)
    -- The type itself is a base of the one that refers to it.
    local base <const> = add_bases(types, item.name, (bases or 1) - 1)
    if base then kind.implements = { { type = base, flags = 0 } } end
  end
  return kind
end

---Types in the order of the library: those with an index at their places, others between them.
local function arrange(model, node)
  local fixed <const>, free <const>, last = {}, {}, -1
  for _, item in ipairs(node) do
    local index <const> = number(model, item, "typeindex", 0xFFFF)
    if index and fixed[index] then
      model:error(item.place, "the library has one type with the number %d", index)
    elseif index then
      fixed[index], last = item, math.max(last, index)
    else
      free[#free + 1] = item
    end
  end
  local types <const>, places <const> = {}, {}
  -- What is above an interface comes behind the types with numbers.
  for index = 0, last do
    types[index + 1] = { kind = TKIND_MODULE, name = "type" .. index, flags = 0 }
  end
  for index = 0, last do
    local item <const> = fixed[index]
    if item then
      types[index + 1] = describe_type(model, types, item)
      places[item.name] = index
    end
  end
  for _, item in ipairs(free) do
    local kind <const> = describe_type(model, types, item)
    types[#types + 1] = kind
    places[item.name] = #types - 1
  end
  return types, places
end

---The library that an importlib statement with a block stands for.
---@param model oleander.idl.Model
---@param node table the statement
---@return userdata? library
---@return table<string, integer>? places of the types that the file names
function absent.library(model, node)
  local given <const> = node.attributes
  local said <const> = {
    file = node.name, name = "absent", guid = given.uuid and given.uuid.value, flags = 0,
    major = given.version and given.version.major or 0, minor = given.version and given.version.minor or 0,
    lcid = description.number(model, given, "lcid") or 0,
    syskind = model.pointer_size == 8 and SYS_WIN64 or SYS_WIN32,
  }
  if not said.guid then model:error(node.place, "the library %s has no uuid", node.name) end
  local places
  said.types, places = arrange(model, node)
  if model.unit.diagnostics.errors > 0 then return nil end
  local done <const>, library <const> = pcall(core.build_typelib, said)
  if not done then
    model:error(node.place, "the types of the library %s can't be had: %s", node.name,
      type(library) == "string" and library or library.description or library.name)
    return nil
  end
  return library, places
end

return absent
