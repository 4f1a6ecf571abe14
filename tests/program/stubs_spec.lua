-- com.stubs and `oleander tlb stubs`: annotations of a type library for lua-language-server.
local com <const> = require "oleander"
local stage <const> = assert(os.getenv "OLEANDER_STAGE")
local build <const> = assert(os.getenv "OLEANDER_BUILD")
local sample <const> = build .. "/typelib-idl/sample.tlb"

local function read(path)
  local file <close> = assert(io.open(path, "rb"))
  return file:read "a"
end

describe("com.stubs", function()
  local path <const> = os.tmpname()
  local text

  setup(function()
    com.stubs(sample, path)
    text = read(path)
  end)
  teardown(function() os.remove(path) end)

  it("writes a file that Lua takes", function()
    assert(load(text, "stubs", "t"))()
  end)

  it("names classes, interfaces, enums and records after the library", function()
    for _, line in ipairs { "---@class Sample.IShape: oleander.Object", "---@class Sample.Circle: Sample.ICircle",
      "---@alias Sample.Colour", "---@class Sample.Point: oleander.Record" } do
      assert.truthy(text:find(line, 1, true), line)
    end
  end)

  it("knows what methods take and give", function()
    assert.truthy(text:find([[
  ---@param dx number
  ---@param steps? integer
  ---@param how? any
  ---@return integer moved
  function object:Move(dx, steps, how) end]], 1, true), text)
  end)

  it("knows what com.create makes", function()
    assert.truthy(text:find('---@overload fun(id: "Sample.Circle", options?: oleander.CreateOptions): Sample.Circle', 1,
      true))
  end)

  it("takes a library, and says why it cannot write", function()
    local library <const> = com.typelib(sample)
    com.stubs(library, path)
    assert.equal(text, read(path))
    assert.error_matches(function() com.stubs(library, "/nowhere/stubs.lua") end, "/nowhere/stubs.lua")
  end)

  it("writes files that Lua takes for whatever names a library has", function()
    for _, name in ipairs { "base.tlb", "importer.tlb" } do
      com.stubs(build .. "/typelib-idl/" .. name, path)
      assert(load(read(path), name, "t"))()
    end
    com.stubs("stdole2.tlb", path)
    assert(load(read(path), "stdole2", "t"))()
  end)
end)

describe("oleander tlb stubs", function()
  it("prints, or writes a file", function()
    local pipe <close> = assert(io.popen(("'%s/bin/oleander' tlb stubs '%s'"):format(stage, sample)))
    local printed <const> = pipe:read "a"
    local path <const> = os.tmpname()
    assert.is_true((os.execute(("'%s/bin/oleander' tlb stubs '%s' -o '%s'"):format(stage, sample, path))))
    assert.equal(printed, read(path))
    os.remove(path)
    assert.is_nil((os.execute(("'%s/bin/oleander' tlb stubs nowhere.tlb 2>/dev/null"):format(stage))))
  end)
end)
