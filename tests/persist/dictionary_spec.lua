--- Scripting.Dictionary lasts: it is saved and loaded by IPersistStreamInit.
local com <const> = require "oleander"
local support <const> = require "tests.bridge.support"
local fails <const> = support.fails

local path

before_each(function() path = os.tmpname() end)
after_each(function() os.remove(path) end)

local function dictionary(entries)
  local made <const> = com.create "Scripting.Dictionary"
  for _, entry in ipairs(entries or {}) do made:Add(entry[1], entry[2]) end
  return made
end

local function status(o, name, ...) return (com.call_status(o, name, ...)) end

describe("Scripting.Dictionary", function()
  it("is the same after com.save and com.load, in the same order", function()
    local words <const> = dictionary { { "b", 1 }, { "a", "text ☃" }, { 5, 2.5 }, { com.date(2024, 1, 1), true },
      { com.currency "1.5", com.null }, { "empty", com.empty }, { "zero\0in", "x\0y" }, { "list", com.array("i4", nil,
        { 1, 2 }) }, { "nothing", com.nothing } }
    com.save(words, path)
    local again <const> = com.load(path)
    assert.same(words:Keys():totable(), again:Keys():totable())
    assert.equal(9, again.Count)
    assert.same({ 1, "text ☃", 2.5, com.null, "x\0y" }, { again.Item["b"], again.Item["a"], again.Item[5],
      again.Item[com.currency "1.5"], again.Item["zero\0in"] })
    assert.same({ 1, 2 }, again.Item["list"]:totable())
    again:Add("more", 1)
    assert.equal(10, again.Count)
  end)

  it("keeps how it compares", function()
    local words <const> = com.create "Scripting.Dictionary"
    words.CompareMode = 1
    words:Add("Key", 1)
    com.save(words, path)
    local again <const> = com.load(path)
    assert.equal(1, again.CompareMode)
    assert.is_true(again:Exists "KEY")
  end)

  it("holds dictionaries, and refuses what does not last", function()
    local outer <const> = dictionary { { "inner", dictionary { { "x", 7 } } } }
    com.save(outer, path)
    assert.equal(7, com.load(path).Item["inner"].Item["x"])
    fails({ name = "E_INVALIDARG" }, com.save, dictionary { { "calc", support.make "Calc" } }, path)
    assert.equal(7, com.load(path).Item["inner"].Item["x"])
    outer:Add("self", outer)
    fails({ name = "E_INVALIDARG" }, com.save, outer, path)
    outer:RemoveAll()
  end)

  it("takes twenty thousand entries", function()
    local words <const> = com.create "Scripting.Dictionary"
    for i = 1, 20000 do words:Add("key " .. i, i) end
    com.save(words, path)
    local again <const> = com.load(path)
    assert.equal(20000, again.Count)
    assert.equal(777, again.Item["key 777"])
  end)

  it("knows whether it has changed, and is initialised once", function()
    local words <const> = dictionary { { "a", 1 } }
    local last <const> = com.query(words, "IPersistStreamInit")
    assert.equal("{EE09B103-97E0-11CF-978F-00A02463E06F}", last:GetClassID())
    assert.equal(0, status(last, "IsDirty"))
    local stream <const> = com.stream()
    last:Save(stream, 1)
    assert.equal(#stream, last:GetSizeMax())
    assert.equal(1, status(last, "IsDirty"))
    words.Item["a"] = 2
    assert.equal(0, status(last, "IsDirty"))
    words.Item["a"] = 1
    assert.equal(1, status(last, "IsDirty"))
    words:Add("b", 2)
    stream:seek "set"
    last:Load(stream)
    assert.equal(1, words.Count)
    fails({ name = "CO_E_ALREADYINITIALIZED" }, last.InitNew, last)
  end)

  it("stays as it was when a stream is no dictionary", function()
    local words <const> = dictionary { { "a", 1 } }
    local last <const> = com.query(words, "IPersistStreamInit")
    local stream <const> = com.stream()
    last:Save(stream, 0)
    stream:seek "set"
    local good <const> = stream:read "a"
    math.randomseed(11)
    for _ = 1, 500 do
      local at <const> = math.random(#good)
      local other <const> = com.query(dictionary { { "kept", 5 } }, "IPersistStreamInit")
      com.try(other.Load, other, com.stream(com.bytes(good:sub(1, at - 1) .. string.char(math.random(0, 255))
        .. good:sub(at + 1))))
    end
    for length = 0, #good - 1, 7 do
      fails({}, last.Load, last, com.stream(com.bytes(good:sub(1, length))))
    end
    assert.equal(1, words.Item["a"])
  end)
end)
