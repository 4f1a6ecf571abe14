--- In-process calls against plain Lua C functions. Each row samples the call and its baseline in turns, in time of this
--- thread, and prints the median of the per-round ratios with p10 and p90; --instructions adds counts under callgrind.
---   lua5.4 benchmarks/in_process.lua BUILD_DIR [--instructions] [--once ROW LOOPS]

local build <const> = arg[1] or "build/release"
package.cpath = build .. "/benchmarks/lua/?.so;" .. package.cpath
local baseline <const> = require "baseline"
local ratios <const> = dofile "benchmarks/ratios.lua"
local com <const> = require "oleander"

local module <const> = build .. "/tests/bridge/servers/automation.so"
local CALC <const> = "{7A0E6C10-5B1D-4C59-9A37-0E1A52A4F020}"
local calc <const> = com.create(CALC, { module = module })
local types <const> = com.create("{7A0E6C10-5B1D-4C59-9A37-0E1A52A4F021}", { module = module })
local late <const> = com.create(CALC, { module = module, call = "invoke" })
local TEXT <const> = "sixteen letters."

local callers <const> = build .. "/tests/bridge/callers/callers.so"
local caller <const> = com.create("{7A0E6C10-5B1D-4C59-9A37-0E1A52A4F120}", { module = callers })
local adder <const> = { Add = function(_, a, b) return a + b end }
local target_type <const> = com.typelib(callers).types.ITarget
local target <const> = com.object(adder, target_type)

local numbers <const> = {}
for i = 1, 100000 do numbers[i] = i * 0.5 end

--- Both functions loop `n` times, so that the loop's own cost is in both.
---@class Row
---@field name string
---@field hard number the ratio that must hold
---@field aim number
---@field work fun(n: integer)
---@field base fun(n: integer)
---@type Row[]
local rows <const> = {
  { name = "o:Add(1, 2), vtable", hard = 4.0, aim = 3.0,
    work = function(n) local o <const> = calc; for _ = 1, n do o:Add(1, 2) end end,
    base = function(n) local o <const> = baseline; for _ = 1, n do o.add(1, 2) end end },
  { name = "o:Add(1, 2), Invoke", hard = 6.0, aim = 4.5,
    work = function(n) local o <const> = late; for _ = 1, n do o:Add(1, 2) end end,
    base = function(n) local o <const> = baseline; for _ = 1, n do o.add(1, 2) end end },
  { name = "o:Echo(16 characters)", hard = 4.0, aim = 3.0,
    work = function(n) local o <const> = calc; for _ = 1, n do o:Echo(TEXT) end end,
    base = function(n) local o <const> = baseline; for _ = 1, n do o.echo(TEXT) end end },
  { name = "o.Value, get", hard = 3.5, aim = 2.5,
    work = function(n) local o <const> = calc; for _ = 1, n do local _ = o.Value end end,
    base = function(n) local o <const> = baseline; for _ = 1, n do local _ = o.get() end end },
  { name = "o.Value = 1, put", hard = 3.5, aim = 2.5,
    work = function(n) local o <const> = calc; for _ = 1, n do o.Value = 1 end end,
    base = function(n) local o <const> = baseline; for _ = 1, n do o.put(1) end end },
  { name = "1e5 numbers to SAFEARRAY and back", hard = 1.5, aim = 1.2, each = 100000,
    work = function(n) for _ = 1, n do com.array("r8", nil, numbers):totable() end end,
    base = function(n) for _ = 1, n do baseline.numbers(numbers) end end },
  { name = "vtable call into a Lua method", hard = 2.5, aim = 2.0,
    work = function(n) caller:Time(target, n) end,
    base = function(n) baseline.calls(adder.Add, adder, n) end },
  { name = "make, call and drop a Lua object", work = function(n)
      for _ = 1, n do com.object({ Add = adder.Add }, target_type):Add(1, 2) end
    end,
    base = function(n) for _ = 1, n do setmetatable({}, { __gc = false }) end end },
  { name = "create and release", work = function(n)
      for _ = 1, n do com.release(com.create(CALC, { module = module })) end
    end,
    base = function(n) for _ = 1, n do setmetatable({}, {}) end end },
  { name = "types:R8(1.5)", work = function(n) local o <const> = types; for _ = 1, n do o:R8(1.5) end end,
    base = function(n) local o <const> = baseline; for _ = 1, n do o.add(1, 2) end end },
}

local function instructions(row_index, which)
  return ratios.instructions(("lua5.4 %s %s --once %d %s"):format(arg[0], build, row_index, which))
end

if arg[2] == "--once" then
  rows[tonumber(arg[3])][arg[4]](tonumber(arg[5]))
  return
end

local with_instructions <const> = arg[2] == "--instructions"
print(("%-36s %7s %6s %6s   %6s %5s  %9s %9s%s"):format("in process", "median", "p10", "p90", "hard", "aim", "ns",
  "base ns", with_instructions and "    instr.     base" or ""))
for i, row in ipairs(rows) do
  local m <const> = ratios.measure(row.work, row.base, baseline.now)
  local line = ("%-36s %7.2f %6.2f %6.2f   %6s %5s  %9.1f %9.1f"):format(row.name, m.median, m.p10, m.p90,
    row.hard or "-", row.aim or "-", m.work, m.base)
  if with_instructions then
    line = line .. (" %9.0f %8.0f"):format(instructions(i, "work") or 0, instructions(i, "base") or 0)
  end
  print(line)
end
