---A type library as plain tables for JSON; the schema is in docs/tlb-json.md.
local json <const> = require "oleander.json"

local typelib_json <const> = {}

local function list(values, make)
  local result <const> = json.array {}
  for i = 1, #values do result[i] = make(values[i]) end
  return result
end

local function same(value)
  return value
end

local function custom(values)
  return list(values, function(item) return { guid = item.guid, value = item.value } end)
end

local function parameter(value)
  return {
    name = value.name,
    type = value.type,
    flags = list(value.flags, same),
    default = value.has_default and { value = value.default } or nil,
    custom = #value.custom > 0 and custom(value.custom) or nil,
  }
end

local function member(value)
  local result <const> = {
    name = value.name,
    kind = value.kind,
    id = value.id,
    type = value.type,
    flags = list(value.flags, same),
    help = value.help,
    help_context = value.help_context ~= 0 and value.help_context or nil,
    offset = value.offset,
    custom = #value.custom > 0 and custom(value.custom) or nil,
    idl = tostring(value),
  }
  if value.kind == "constant" then
    result.value = value.value
  elseif value.kind ~= "field" and value.kind ~= "property" then
    result.parameters = list(value.parameters, parameter)
    result.vararg = value.vararg or nil
    result.entry = value.entry
  end
  return result
end

local function implemented(value)
  return { name = value.name, guid = value.type and value.type.guid, flags = list(value.flags, same) }
end

local function described(value)
  return {
    name = value.name,
    kind = value.kind,
    guid = value.guid,
    version = value.version,
    flags = list(value.flags, same),
    help = value.help,
    help_context = value.help_context ~= 0 and value.help_context or nil,
    size = value.size,
    alignment = value.alignment,
    vtable_size = value.vtable_size,
    alias_of = value.alias_of,
    implements = list(value.implements, implemented),
    functions = list(value.functions, member),
    variables = list(value.variables, member),
    custom = #value.custom > 0 and custom(value.custom) or nil,
    problem = value.problem,
  }
end

---One type with all its members; of a dual interface with its other half, the one that the vtable has.
---@param value oleander.Type
---@return table
function typelib_json.type(value)
  local half <const> = value.kind == "dispinterface" and value.other_half or nil
  local result <const> = described(value)
  result.other_half = half and described(half) or nil
  return result
end

---What identifies a library, without its types.
---@param library oleander.Library
---@return table
function typelib_json.head(library)
  return {
    path = library.path,
    name = library.name,
    guid = library.guid,
    version = library.version,
    lcid = library.lcid,
    syskind = library.syskind,
    format = library.format,
    flags = list(library.flags, same),
    help = library.help,
    help_context = library.help_context ~= 0 and library.help_context or nil,
    help_file = library.help_file,
    custom = #library.custom > 0 and custom(library.custom) or nil,
    type_count = #library.types,
  }
end

return typelib_json
