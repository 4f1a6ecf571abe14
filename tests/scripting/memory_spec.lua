-- Objects that are made, used and dropped leave nothing behind, released by the script or by the collector.
local sanitized <const> = os.getenv "OLEANDER_SANITIZED" == "1"

local SCRIPT <const> = [[
local com <const> = require "oleander"
local how <const> = arg[1]

local function resident()
  for line in io.lines "/proc/self/status" do
    local kilobytes <const> = line:match "^VmRSS:%s+(%d+)"
    if kilobytes then return tonumber(kilobytes) end
  end
end

local function run(count)
  for i = 1, count do
    local d <const> = com.create "Scripting.Dictionary"
    d:Add("key", i)
    assert(d.Count == 1 and d.Item "key" == i)
    if how == "released" then com.release(d) end
  end
  collectgarbage()
  collectgarbage()
  return resident()
end

local before <const> = run(5000)
io.write(run(25000) - before)
]]

describe("memory", function()
  for _, how in ipairs { "released", "collected" } do
    it("stays flat while objects are " .. how, function()
      if sanitized then return pending "the sanitizer keeps freed memory" end
      local file <const> = os.tmpname()
      local out <close> = assert(io.open(file, "w"))
      out:write(SCRIPT)
      out:close()
      local pipe <close> = assert(io.popen(("lua5.4 %s %s 2>&1"):format(file, how), "r"))
      local growth <const> = pipe:read "a"
      os.remove(file)
      assert.is_not_nil(tonumber(growth), growth)
      assert.is_true(tonumber(growth) <= 1024, growth .. " KiB more after 30,000 objects than after 5,000")
    end)
  end
end)
