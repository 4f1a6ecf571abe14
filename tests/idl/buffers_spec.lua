-- What IDL says of buffers, texts and interfaces told by their IID holds for calls through a library that was compiled
-- from it, and from nothing else.
local com <const> = require "oleander"

local buffers <const> = dofile(assert(os.getenv "OLEANDER_SOURCE") .. "/tests/idl/buffers.lua")

describe("a library compiled from IDL", function()
  local library <const> = com.compile_idl(buffers.idl)
  local got <const> = {}
  local object <const> = com.object(buffers.server(library, got), "IBuffers", library)

  it("takes strings for buffers of bytes, and fills in their counts", function()
    object:Write "a\0b"
    assert.same({ "a\0b", 3 }, got)
    object:Write("abc", 2)
    assert.same({ "ab", 2 }, got)
    object:WriteCounted "xyz"
    assert.same({ 3, "xyz" }, got)
    object:WriteCounted(2, "xyz")
    assert.same({ 2, "xy" }, got)
    object:WriteCounted(nil, "xyz")
    assert.same({ 3, "xyz" }, got)
    object:Write(com.args { p = "named" })
    assert.same({ "named", 5 }, got)
    object:Write ""
    assert.same({ "", 0 }, got)
  end)

  it("gives buffers back as strings of the length that is said", function()
    assert.same({ "abcd", 4 }, { object:Read(8) })
    assert.same({ "", 0 }, { object:Read(0) })
    assert.equal("HALLO", (object:Change "hallo"))
  end)

  it("takes and gives lists of other elements", function()
    assert.equal(6, object:Sum { 1, 2, 3 })
    assert.same({ 1, 4, 9 }, object:Squares(3))
    assert.equal("eins+zwei", object:Join { "eins", "zwei" })
    assert.equal(14, object:Points { { x = 1, y = 2 }, { x = 3, y = 4 } })
    assert.equal(3, object:Half "abc")
  end)

  it("takes and gives text", function()
    assert.equal("LAUT", object:Shout "laut")
    assert.equal("größer", object:Spell(20))
  end)

  it("takes nothing where a pointer may be NULL", function()
    assert.equal("nil0", object:Maybe(nil, 0))
    assert.equal("ab2", object:Maybe "ab")
    assert.error_matches(function() object:Write(nil, 2) end, "missing")
  end)

  it("asks for the interface that another argument tells", function()
    assert.equal("told", object:Get(buffers.named):Name()) -- an object of the same state arrives as its table
    local one <close> = com.object({ Name = function() return "given" end }, "INamed", library)
    assert.equal("given", object:Put(buffers.named, one))
  end)

  it("says what is wrong with a buffer", function()
    assert.error_matches(function() object:Write("abc", 4) end, "the buffer has 3 elements, its count says 4")
    assert.error_matches(function() object:Write(true) end, "a string of bytes is wanted, not a boolean")
    assert.error_matches(function() object:Sum { 1, "x" } end, "element 2: an integer is wanted")
    assert.error_matches(function() object:Read(-1) end, "buffer")
    local small <close> = com.object({ Read = function() return "far too long", 12 end }, "IBuffers", library)
    assert.error_matches(function() small:Read(4) end, "has 12 elements, and the caller has room for 4")
    local none <close> = com.object({}, "IBuffers", library)
    assert.has_error(function() none:Read(4) end)
  end)

  it("can be saved, and says the same", function()
    local path <const> = os.tmpname()
    library:save(path)
    local again <close> = com.object({ Write = function(_, p) got[1] = p end }, "IBuffers", com.typelib(path))
    again:Write "saved"
    os.remove(path)
    assert.equal("saved", got[1])
  end)
end)
