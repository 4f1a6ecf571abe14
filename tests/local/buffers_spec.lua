package.path = (os.getenv "OLEANDER_SOURCE" or ".") .. "/tests/local/?.lua;" .. package.path
local support <const> = require "support"
local com <const> = require "oleander"
local buffers <const> = dofile(support.source .. "/tests/idl/buffers.lua")

-- A registered library is all that both sides know of the interface.
local host <const> = [[
local buffers <const> = dofile(arg[1] .. "/tests/idl/buffers.lua")
local library <const> = com.typelib(arg[2])
print(hex(com.marshal(com.object(buffers.server(library, {}), "IBuffers", library))))
com.run()
]]

describe("buffers of an object in another process", function()
  teardown(support.finish)

  it("travel by what the library says", function()
    local path <const> = support.folder .. "/buffers.tlb"
    com.compile_idl(buffers.idl):save(path)
    local text <const>, code <const> = support.run("lua5.4", support.stage .. "/bin/oleander", "register", path):rest()
    assert.equal(0, code, text)
    local process <const> = support.script(host, support.source, path)
    local remote <const> = com.unmarshal(support.unhex(process:line()))
    local object <close> = com.query(remote, "IBuffers", { typelib = path })
    assert.equal("local", (com.where(object)))
    object:Write "a\0b"
    assert.same({ "abcd", 4 }, { object:Read(8) })
    assert.equal("HALLO", (object:Change "hallo"))
    assert.equal(6, object:Sum { 1, 2, 3 })
    assert.same({ 1, 4, 9 }, object:Squares(3))
    assert.equal("eins+zwei", object:Join { "eins", "zwei" })
    assert.equal(14, object:Points { { x = 1, y = 2 }, { x = 3, y = 4 } })
    assert.equal("LAUT", object:Shout "laut")
    assert.equal("größer", object:Spell(20))
    assert.equal("nil0", object:Maybe(nil, 0))
    local named <close> = object:Get(buffers.named)
    assert.equal("told", named:Name())
    local library <const> = com.typelib(path)
    local own <close> = com.object({ Name = function() return "given" end }, "INamed", library)
    assert.equal("given", object:Put(buffers.named, own))
  end)
end)
