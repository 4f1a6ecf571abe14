--- Enumerators: Next, Skip, Reset, Clone over com.each.
local com <const> = require "oleander"
local values <const> = require "luacom.values"

local enumerators <const> = {}

local Enumerator <const> = { type = "IEnumVARIANT" }
Enumerator.__index = Enumerator

---@param o oleander.Object
---@return table
function enumerators.new(o)
  local next_value <const>, cursor <const> = com.each(o)
  return setmetatable({ object = o, next_value = next_value, cursor = cursor, position = 0, ended = false }, Enumerator)
end

local function step(self)
  if self.ended then return nil end
  local index <const>, value <const> = self.next_value(self.cursor)
  if index == nil then
    self.ended = true
    return nil
  end
  self.position = self.position + 1
  return index, value
end

---The next n elements, as many results as there are.
function Enumerator:Next(n)
  local list, count = {}, 0
  for _ = 1, n or 1 do
    local index <const>, value <const> = step(self)
    if index == nil then break end
    count = count + 1
    list[count] = values.from_com(value)
  end
  return table.unpack(list, 1, count)
end

---Passes n elements over; false when there were fewer.
function Enumerator:Skip(n)
  for _ = 1, n or 1 do
    if step(self) == nil then return false end
  end
  return true
end

---Begins again.
function Enumerator:Reset()
  self.next_value, self.cursor = com.each(self.object)
  self.position, self.ended = 0, false
end

---Another enumerator at the same place.
function Enumerator:Clone()
  local copy <const> = enumerators.new(self.object)
  copy:Skip(self.position)
  return copy
end

---What luacom.pairs loops with.
function enumerators.pairs(o)
  local enumerator <const> = enumerators.new(o)
  return function(_, index)
    local found <const>, value <const> = step(enumerator)
    if found == nil then return nil end
    return (index or 0) + 1, values.from_com(value)
  end, enumerator, 0
end

return enumerators
