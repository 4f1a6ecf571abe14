--- What an object is as a whole: its class with all interfaces and sources, or the interface that it shows.
local core <const> = require "oleander.core"
local events <const> = require "oleander.events"
local kinds <const> = require "oleander.recording.kinds"
local typelib <const> = require "oleander.typelib"
local types <const> = require "oleander.types"

core.own_source(debug.getinfo(1, "S").source)

local shapes <const> = {}

---@class oleander.recording.Part
---@field type oleander.Type an interface
---@field members oleander.Member[]

---@class oleander.recording.Shape
---@field type oleander.Type what the object is made of: a class, or an interface
---@field class oleander.Type?
---@field parts oleander.recording.Part[] the default interface first
---@field sources oleander.Type[] interfaces of its events, the default one first

local function add_part(shape, kind)
  if kind.name == "IUnknown" or kind.name == "IDispatch" then return end
  for _, part in ipairs(shape.parts) do
    if part.type.guid == kind.guid then return end
  end
  shape.parts[#shape.parts + 1] = { type = kind, members = kinds.members(kind) }
end

--- The interfaces of a class, without sources.
local function add_class(shape, class)
  local first <const> = typelib.default_interface(class)
  if first then add_part(shape, first) end
  for _, implemented in ipairs(class.implements) do
    if not implemented.type then return false end
    if not kinds.has(implemented.flags, "source") then add_part(shape, implemented.type) end
  end
  return #shape.parts > 0
end

local function sources_of_class(class)
  local list <const> = {}
  local default <const> = typelib.default_interface(class, true)
  for _, implemented in ipairs(class.implements) do
    if implemented.type and kinds.has(implemented.flags, "source") then
      local first <const> = default and implemented.type.guid == default.guid
      table.insert(list, first and 1 or #list + 1, implemented.type)
    end
  end
  return list
end

---The shape of a type that a recording names.
---@param kind oleander.Type
---@param sources oleander.Type[]? where the type is no class
---@return oleander.recording.Shape
function shapes.of_type(kind, sources)
  local shape <const> = { type = kind, parts = {}, sources = sources or {} }
  if kind.kind == "coclass" then
    shape.class = kind
    add_class(shape, kind)
    shape.sources = sources_of_class(kind)
  else
    add_part(shape, kind)
  end
  return shape
end

--- Whether the object has all interfaces of the class.
local function implements(o, shape)
  for _, part in ipairs(shape.parts) do
    if not part.type.guid or not pcall(core.query, o, part.type.guid, (typelib.handle(part.type))) then return false end
  end
  return true
end

---The shape of an object; nil when it has no type information.
---@param o oleander.Object
---@return oleander.recording.Shape?
function shapes.of_object(o)
  local kind <const> = types.typeof(o)
  local info <const> = core.class_info(o)
  local class <const> = info and typelib.from_info(info)
  if class and class.kind == "coclass" and class.guid then
    local shape <const> = { type = class, class = class, parts = {}, sources = sources_of_class(class) }
    local done <const>, whole <const> = pcall(add_class, shape, class)
    local shown <const> = not kind or shape.parts[1] and kind.guid == shape.parts[1].type.guid
    if done and whole and shown and implements(o, shape) then return shape end
  end
  if not kind then return nil end
  local listed <const>, sources <const> = pcall(events.sources, o, "com.spy")
  local shape <const> = shapes.of_type(kind, {})
  for i, source in ipairs(listed and sources or {}) do shape.sources[i] = source.type end
  return shape
end

return shapes
