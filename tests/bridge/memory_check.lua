-- Prints the resident set in KiB after 20,000 and after 200,000 objects made, called and dropped.
--   lua5.4 memory_check.lua release|collect
local com <const> = require "oleander"
local explicit <const> = arg[1] == "release"

local function resident()
  for line in io.lines "/proc/self/status" do
    local size <const> = line:match "VmRSS:%s+(%d+)"
    if size then return math.tointeger(tonumber(size)) end
  end
end

local function make(n)
  for i = 1, n do
    local dictionary <const> = com.create "Scripting.Dictionary"
    dictionary:Add(i, "text")
    assert(dictionary.Count == 1)
    if explicit then com.release(dictionary) end
  end
  collectgarbage()
  collectgarbage()
end

make(20000)
local first <const> = resident()
make(180000)
print(first, resident())
