--- Property bags: com.bag, a bag over a Lua table; and what the values of bags are in Lua.
local core <const> = require "oleander.core"
local errors <const> = require "oleander.errors"
local values <const> = require "oleander.values"

core.own_source(debug.getinfo(1, "S").source)

local bag <const> = {}
local E_INVALIDARG <const> = 0x80070057
local DEPTH <const> = 60

---The property that holds the version of a state, when it is not 1.
bag.VERSION = "__persist_version"

--- Whether a table has the keys 1 to n, and others not.
local function is_sequence(t)
  local count <const> = #t
  local keys = 0
  for key in next, t do
    keys = keys + 1
    if math.type(key) ~= "integer" or key < 1 or key > count then return false end
  end
  return count > 0 and keys == count
end

local function is_plain(value)
  return type(value) == "table" and debug.getmetatable(value) == nil
end

---A value of a table as a bag has it: sequences are arrays, other tables bags, strings that are no text arrays of
---bytes.
---@param value any
---@param depth integer?
---@return any
function bag.to_bag(value, depth)
  depth = depth or 0
  if type(value) == "string" and not utf8.len(value, 1, -1, true) then return core.bytes(value) end
  if not is_plain(value) then return value end
  if depth > DEPTH then
    errors.raise(E_INVALIDARG, "the tables are nested too deep", { subject = "property bag" })
  end
  if not is_sequence(value) then return bag.bag(value) end
  local items <const> = {}
  for i, item in ipairs(value) do items[i] = bag.to_bag(item, depth + 1) end
  return core.new_array("variant", nil, items)
end

---A value of a bag as a table has it.
---@param value any
---@param depth integer?
---@return any
function bag.from_bag(value, depth)
  depth = depth or 0
  if depth > DEPTH then
    errors.raise(E_INVALIDARG, "the bags are nested too deep", { subject = "property bag" })
  end
  if core.type_name(value) == "an array" then
    if value:type() == "ui1" then return core.bytes(value) end
    local items <const> = value:totable()
    for i, item in ipairs(items) do items[i] = bag.from_bag(item, depth + 1) end
    return items
  end
  local inner <close> = core.is_object(value) and core.bag_wrap(value) or nil
  local names <const> = inner and core.bag_names(inner)
  if not names then return value end
  local made <const> = {}
  for _, name in ipairs(names) do made[name] = bag.from_bag(core.bag_read(inner, name), depth + 1) end
  return made
end

local function names_of(t)
  local names <const> = {}
  for name in next, t do
    if type(name) == "string" then names[#names + 1] = name end
  end
  table.sort(names)
  return names
end

---A property bag (IPropertyBag, IPropertyBag2) over a table: what a server writes to it is in the table, and what is in
---the table the server reads. A table in it is a bag of its own, a sequence an array.
---@param t table?
---@return oleander.Object
function bag.bag(t)
  if t == nil then t = {} end
  if type(t) ~= "table" then
    errors.raise(E_INVALIDARG, "a table is wanted, not " .. core.type_name(t),
      { subject = "com.bag", argument = { index = 1 } })
  end
  local listed -- names, while they are asked for one after the other
  return core.table_bag(function(what, name, value)
    if what == "read" then
      local found <const> = t[name]
      if found == nil then return nil end
      return bag.to_bag(found)
    elseif what == "write" then
      if value == nil then value = values.empty end
      t[name] = bag.from_bag(value)
    elseif name == 1 or not listed then
      listed = names_of(t)
    end
    if what == "name" then return listed[name], #listed end
  end)
end

return bag
