-- Libraries in which one parameter's flags are not what the server was compiled for: whatever they say, a call through
-- the vtable passes what the method takes, or is refused.
local com <const> = require "oleander"
local support <const> = require "tests.bridge.support"

local build <const> = os.getenv "OLEANDER_BUILD" or "build/release"

local STEP <const> = os.getenv "OLEANDER_VALGRIND" and 12 or 1 -- which takes its time

local OUT_RETVAL <const> = string.pack("<I4", 0x0A)
local IN <const> = string.pack("<I4", 0x01)

-- What the flags are made into: IN, OUT, LCID, RETVAL and their combinations that no compiler writes.
local CRAFTED <const> = { 0x00, 0x01, 0x02, 0x04, 0x06, 0x08, 0x09, 0x0B, 0x0E, 0x12, 0x1A, 0x2A, 0x4A }

local function read(path)
  local file <close> = assert(io.open(path, "rb"))
  return file:read "a"
end

-- Places of a number in the file, where numbers stand.
local function places(bytes, number)
  local found <const> = {}
  local at = 1
  while true do
    at = bytes:find(number, at, true)
    if not at then return found end
    if at % 4 == 1 then found[#found + 1] = at end
    at = at + 1
  end
end

local function patched(bytes, at, flags)
  return bytes:sub(1, at - 1) .. string.pack("<I4", flags) .. bytes:sub(at + 4)
end

local path = os.tmpname()

local function library_of(bytes)
  os.remove(path)
  path = os.tmpname() -- a new name: libraries are remembered by theirs
  local file <close> = assert(io.open(path, "wb"))
  assert(file:write(bytes))
  file:close()
  return com.typelib(path)
end

local original <const> = read(build .. "/tests/bridge/servers/automation-idl/automation.tlb")

-- Everything that calls may come to: a value, nothing, or an error object; never anything else, and never the end.
local function call_all(view)
  for _, call in ipairs {
    function() return view:Add(1, 2) end,
    function() return view:Add(1) end,
    function() return view:Add(1, 2, 3) end,
    function() return view:Add() end,
    function() return view.Size end,
    function() view.Size = 3 end,
    function() return view:Live() end,
    function() return view:Echo "text" end,
  } do
    local ok <const>, err <const> = pcall(call)
    if not ok then assert(type(err) == "table" or type(err) == "string") end
  end
end

describe("a crafted library", function()
  teardown(function() os.remove(path) end)

  it("may say anything of a parameter", function()
    local calc <const> = support.make "Calc"
    local where <const> = places(original, OUT_RETVAL)
    table.move(places(original, IN), 1, 40, #where + 1, where)
    assert.is_true(#where > 40)
    local views = 0
    for i = 1, #where, STEP do
      for _, wrong in ipairs { 0x09, CRAFTED[i % #CRAFTED + 1] } do
        local loaded <const>, library <const> = pcall(library_of, patched(original, where[i], wrong))
        local asked <const>, view = pcall(function() return com.query(calc, library.types.ICalc) end)
        if loaded and asked then
          views = views + 1
          call_all(view)
        end
      end
    end
    assert.is_true(views > 40 // STEP, views)
    assert.equal(3, calc:Add(1, 2)) -- and the object is as it was
  end)
end)
