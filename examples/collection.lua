-- A collection written in Lua: Count, Item, Add, Remove, and a loop with com.each, for every client.
local com <const> = require "oleander"

local Collection <const> = {}

local meta <const> = { __name = "Collection", __index = Collection }

-- The loop: com.each in Lua, "For Each" elsewhere.
function meta:__pairs()
  return function(list, i)
    i = i + 1
    if list[i] ~= nil then return i, list[i] end
  end, self._items, 0
end

function Collection:get_Count()
  return #self._items
end

function Collection:get_Item(index)
  local item <const> = self._items[index]
  if item == nil then com.error(com.hr.DISP_E_BADINDEX, ("there is no item %d"):format(index)) end
  return item
end

function Collection:set_Item(index, value)
  self._items[index] = value
end

function Collection:Add(value)
  table.insert(self._items, value)
  return #self._items
end

function Collection:Remove(index)
  table.remove(self._items, index)
end

local function new(...)
  return com.object(setmetatable({ _items = { ... } }, meta))
end

local names <const> = new("Ada", "Grace")
names:Add "Edsger"
print("count", names.Count)
print("second", names.Item(2))
names.Item[2] = "Barbara"
names:Remove(1)
for i, name in com.each(names) do print(i, name) end

local ok <const>, err <const> = com.try(com.get, names, "Item", 9)
print(ok, err.name, err.description)
