-- A calculator written in Lua, used from Lua: the object is real, every call goes through COM and its conversions.
--   ./dev run examples/calculator.lua ["expression"]
local com <const> = require "oleander"

local Calculator <const> = {}
Calculator.__index = Calculator
Calculator.__name = "Calculator"

-- Types of the members, for clients that read type information; what is not listed takes and gives VARIANTs.
Calculator.__types = {
  Total = "r8",
  Enter = "void (r8 value)",
  Divide = "r8 (r8 divisor, [out] r8 remainder)",
}

function Calculator:get_Total()
  return self._total
end

function Calculator:Enter(value)
  self._total = value
  self:_note("=", value)
end

function Calculator:Add(value)
  self._total = self._total + value
  self:_note("+", value)
  return self._total
end

function Calculator:Divide(divisor)
  if divisor == 0 then
    com.error(com.hr.DISP_E_DIVBYZERO, "a calculator cannot divide by zero", { source = "Calculator" })
  end
  local total <const> = self._total
  self._total = total // divisor
  self:_note("/", divisor)
  return self._total, total % divisor
end

-- Names that begin with an underscore are private.
function Calculator:_note(operation, value)
  self._steps[#self._steps + 1] = ("%s %g"):format(operation, value)
end

-- The steps are the elements of the object: for each ... in calculator.
function Calculator:__pairs()
  return ipairs(self._steps)
end

local function new_calculator()
  return setmetatable({ _total = 0.0, _steps = {} }, Calculator)
end

local calculator <close> = com.object(new_calculator())

print(com.typeof(calculator).name .. ":")
for _, member in ipairs(com.members(calculator)) do
  print("  " .. tostring(member))
end

calculator:Enter(20)
print("20 + 3 =", calculator:Add(3))
print("23 / 4 =", calculator:Divide(4))
print("total   ", calculator.Total)

for i, step in com.each(calculator) do
  print(("step %d: %s"):format(i, step))
end

local ok, err = com.try(calculator.Divide, calculator, 0)
if not ok then print(err.name, err.source, err.description) end

-- A new function is there at the next call, whoever holds the object.
function Calculator:Add(value)
  self._total = self._total + 2 * value
  return self._total
end
print("doubled: ", calculator:Add(1))
