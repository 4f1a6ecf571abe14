--- What members cost through `require "luacom"` against the same members of ours, in one process: the median of the
--- per-round ratios with p10 and p90; --instructions adds counts under callgrind.
---   lua5.4 benchmarks/luacom.lua BUILD_DIR [--instructions] [--once ROW WHICH LOOPS]

local build <const> = arg[1] or "build/release"
package.cpath = build .. "/benchmarks/lua/?.so;" .. package.cpath
local baseline <const> = require "baseline"
local ratios <const> = dofile "benchmarks/ratios.lua"
local com <const> = require "oleander"
require "luacom"

local CALC <const> = "{7A0E6C10-5B1D-4C59-9A37-0E1A52A4F020}"
local ours <const> = com.create(CALC, { module = build .. "/tests/bridge/servers/automation.so" })
local theirs <const> = require("luacom.objects").new(ours)
local TEXT <const> = "sixteen letters."

--- A row's function, once for each of the two objects: a name that it looks up is the object's.
local function row(name, hard, make)
  return { name = name, hard = hard, work = make(theirs), base = make(ours) }
end

local rows <const> = {
  row("o:Add(1, 2)", 2.0, function(o) return function(n) local p <const> = o; for _ = 1, n do p:Add(1, 2) end end end),
  row("o:Echo(16 characters)", 2.0, function(o)
    return function(n) local p <const> = o; for _ = 1, n do p:Echo(TEXT) end end
  end),
  row("o.Value, get", 2.0, function(o)
    return function(n) local p <const> = o; for _ = 1, n do local _ = p.Value end end
  end),
  row("o.Value = 1, put", 2.0, function(o)
    return function(n) local p <const> = o; for _ = 1, n do p.Value = 1 end end
  end),
}

local function instructions(row_index, which)
  return ratios.instructions(("lua5.4 %s %s --once %d %s"):format(arg[0], build, row_index, which))
end

if arg[2] == "--once" then
  rows[tonumber(arg[3])][arg[4]](tonumber(arg[5]))
  return
end

local with_instructions <const> = arg[2] == "--instructions"
print(("%-36s %7s %6s %6s   %6s  %9s %9s%s"):format("luacom", "median", "p10", "p90", "hard", "ns", "base ns",
  with_instructions and "    instr.     base" or ""))
for i, one in ipairs(rows) do
  local m <const> = ratios.measure(one.work, one.base, baseline.now)
  local line = ("%-36s %7.2f %6.2f %6.2f   %6.1f  %9.1f %9.1f"):format(one.name, m.median, m.p10, m.p90, one.hard,
    m.work, m.base)
  if with_instructions then
    line = line .. (" %9.0f %8.0f"):format(instructions(i, "work") or 0, instructions(i, "base") or 0)
  end
  print(line)
end
