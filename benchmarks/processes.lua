--- Calls from Lua to an object in another process, against a raw unix socket with packets of the same sizes; both ends
--- on one processor.
---   lua5.4 benchmarks/processes.lua BUILD_DIR

local build <const> = arg[1] or "build/release"
package.cpath = build .. "/benchmarks/lua/?.so;" .. package.cpath
local raw <const> = require "raw_peer"
local ratios <const> = dofile "benchmarks/ratios.lua"

assert(raw.start())
local com <const> = require "oleander"

local MEASURED <const> = "{5D6E8B20-4F0C-4E0A-8D55-7A3C9E1B6002}"
local TEXT <const>, MEGABYTE <const> = "sixteen letters.", 1 << 20
local module <const> = build .. "/benchmarks/processes/measured.so"
local object <const> = com.create(MEASURED, { module = module, where = "surrogate" })
local bytes <const> = com.array("ui1", nil, string.rep("b", MEGABYTE))

local rows <const> = {
  { name = "o:Add(1, 2)", hard = 2.3, aim = 1.8,
    work = function(n) for _ = 1, n do object:Add(1, 2) end end,
    base = function(n) raw.exchange(n, 112, 64) end },
  { name = "o:Echo(16 characters)", hard = 2.3, aim = 1.8,
    work = function(n) for _ = 1, n do object:Echo(TEXT) end end,
    base = function(n) raw.exchange(n, 160, 128) end },
  { name = "1 MiB there and back", hard = 1.6, aim = 1.2,
    work = function(n) for _ = 1, n do object:Bytes(bytes) end end,
    base = function(n) raw.exchange(n, MEGABYTE, MEGABYTE) end },
}

print(("%-36s %7s %6s %6s   %6s %5s  %9s %9s"):format("from Lua, another process", "median", "p10", "p90", "hard",
  "aim", "us", "base us"))
for _, row in ipairs(rows) do
  local m <const> = ratios.measure(row.work, row.base, raw.now)
  print(("%-36s %7.2f %6.2f %6.2f   %6s %5s  %9.1f %9.1f"):format(row.name, m.median, m.p10, m.p90, row.hard, row.aim,
    m.work / 1000, m.base / 1000))
end
com.release(object)
raw.stop()
