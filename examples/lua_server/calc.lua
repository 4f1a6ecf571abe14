-- A class written in Lua. `lua5.4 calc.lua --register` makes it known to every program of this user; any client, also a
-- C program without Lua, then creates "Example.LuaCalc".
local com <const> = require "oleander"

local Calc <const> = {}

-- What clients learn about the members; without it every value is a VARIANT.
local meta <const> = {
  __name = "LuaCalc",
  __types = { Add = "r8 (r8 a, r8 b)", Divide = "r8 (r8 a, r8 b)", Count = "i4" },
}

function Calc:Add(a, b)
  self._count = (self._count or 0) + 1
  return a + b
end

function Calc:Divide(a, b)
  self._count = (self._count or 0) + 1
  if b == 0 then com.error(com.hr.E_INVALIDARG, "division by zero", { source = "Calc" }) end
  return a / b
end

function Calc:get_Count()
  return self._count or 0
end

-- Loads methods from a file into the class: clients that hold objects get them at their next call.
function Calc:Reload(path) -- luacheck: ignore self
  for name, method in pairs(dofile(path)) do Calc[name] = method end
end

com.main {
  progid = "Example.LuaCalc",
  name = "Calculator in Lua",
  class = setmetatable(Calc, meta),
}
