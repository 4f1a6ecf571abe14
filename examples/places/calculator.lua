-- The calculator of examples/servers, written in Lua. It lives where it is registered to live:
--   oleander register calculator.lua                      in the process of its clients (or isolated from it)
--   oleander register --local --inproc calculator.lua     also as a program of its own
local com <const> = require "oleander"

local Calculator <const> = setmetatable({ Memory = 0.0 }, {
  __name = "LuaCalculator",
  __types = {
    Memory = "r8",
    Add = "r8 (r8 left, r8 right)",
    Divide = "r8 (r8 left, r8 right)",
    Sum = "r8 (r8[] numbers)",
  },
})

function Calculator.Add(_, left, right)
  return left + right
end

function Calculator.Divide(_, left, right)
  if right == 0 then
    com.error(com.hr.DISP_E_DIVBYZERO, "Division by zero", { source = "Example.Calculator" })
  end
  return left / right
end

function Calculator.Sum(_, numbers)
  local sum = 0.0
  for i = 1, #numbers do sum = sum + numbers[i] end
  return sum
end

com.main { progid = "Example.LuaCalculator", name = "A calculator (example in Lua)", class = Calculator }
