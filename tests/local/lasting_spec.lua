--- Every way in which an object is saved and loaded, through a local server written in Lua: the streams, storages and
--- bags of the client travel to it.
package.path = (os.getenv "OLEANDER_SOURCE" or ".") .. "/tests/local/?.lua;" .. package.path
local support <const> = require "support"
local com <const> = require "oleander"

local server <const> = [[
local Sheet <const> = { __clsid = "{6C7DAB20-3B36-4C1B-9C0C-93E0C3B1F0A1}", __persist = { "Total", "Items" } }
Sheet.Total = 0
function Sheet:Add(n)
  self.Total = self.Total + n
  self.Items = self.Items or {}
  self.Items[#self.Items + 1] = { n = n }
  return #self.Items
end
local served <const> = com.serve { progid = "Lasting.Local", class = Sheet, where = "local" }
print "ready"
com.run()
]]

describe("an object in a local server", function()
  local path <const> = os.tmpname()
  local made

  setup(function()
    local process <const> = support.script(server)
    assert.equal("ready", process:line())
    made = function() return com.create("{6C7DAB20-3B36-4C1B-9C0C-93E0C3B1F0A1}", { where = "local" }) end
  end)
  teardown(function()
    os.remove(path)
    support.finish()
  end)

  local function sheet(...)
    local o <const> = made()
    assert.equal("local", (com.where(o)))
    for _, n in ipairs { ... } do o:Add(n) end
    return o
  end

  it("is saved to files, streams and storages, and loaded from them", function()
    com.save(sheet(40, 2), path)
    assert.equal(42, com.load(path).Total)
    assert.equal("local", (com.where(com.load(path))))
    local stream <const> = com.stream()
    com.save(sheet(1), stream)
    com.save(sheet(2), stream)
    stream:seek "set"
    assert.equal(1, com.load(stream).Total)
    assert.equal(2, com.load(stream).Total)
    local root <close> = com.storage(path, "w")
    com.save(sheet(3), root:create "part")
    assert.equal(3, com.load(root:open "part").Total)
  end)

  it("goes by IPersistStreamInit", function()
    local o <const> = sheet(5)
    local last <const> = com.query(o, "IPersistStreamInit")
    assert.equal("{6C7DAB20-3B36-4C1B-9C0C-93E0C3B1F0A1}", last:GetClassID())
    local stream <const> = com.stream()
    last:Save(stream, 1)
    assert.equal(1, (com.call_status(last, "IsDirty")))
    assert.equal(#stream, last:GetSizeMax())
    o:Add(1)
    assert.equal(0, (com.call_status(last, "IsDirty")))
    stream:seek "set"
    last:Load(stream)
    assert.equal(5, o.Total)
    local _, err <const> = com.try(last.InitNew, last)
    assert.equal("CO_E_ALREADYINITIALIZED", err.name)
    local _, fault <const> = com.try(last.Load, last, com.stream "short")
    assert.equal("STG_E_READFAULT", fault.name)
    assert.equal(5, o.Total)
  end)

  it("goes by IPersistFile", function()
    local file <const> = com.query(sheet(6), "IPersistFile")
    file:Save(path, 1)
    assert.equal(path, file:GetCurFile())
    file:SaveCompleted(path)
    local other <const> = made()
    com.query(other, "IPersistFile"):Load(path, 0)
    assert.equal(6, other.Total)
  end)

  it("goes by IPersistStorage, in its order", function()
    local root <close> = com.storage(path, "w")
    local o <const> = sheet(7)
    local last <const> = com.query(o, "IPersistStorage")
    last:InitNew(root)
    last:Save(root, 1)
    last:SaveCompleted(nil)
    last:HandsOffStorage()
    local _, err <const> = com.try(last.Save, last, root, 1)
    assert.equal("E_UNEXPECTED", err.name)
    last:SaveCompleted(root)
    local other <const> = made()
    com.query(other, "IPersistStorage"):Load(root)
    assert.equal(7, other.Total)
  end)

  it("goes by IPersistMemory and IPersistPropertyBag", function()
    local o <const> = sheet(8)
    local t <const> = {}
    com.query(o, "IPersistPropertyBag"):Save(com.bag(t), 1, 1)
    assert.same({ Total = 8, Items = { { n = 8 } } }, t)
    local other <const> = made()
    com.query(other, "IPersistPropertyBag"):Load(com.bag(t), nil)
    assert.equal(8, other.Total)
    assert.equal(2, other:Add(1))
    local memory <const> = com.query(o, "IPersistMemory")
    assert.is_true(memory:GetSizeMax() > 100)
  end)
end)
