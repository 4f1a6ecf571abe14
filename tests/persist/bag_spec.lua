--- com.bag: property bags over Lua tables, and objects written in Lua that are loaded from bags and saved to them.
local com <const> = require "oleander"
local support <const> = require "tests.bridge.support"
local fails <const> = support.fails

local sheet <const> = { __clsid = "{6C7DAB20-3B36-4C1B-9C0C-93E0C3B1F002}", __persist = { "Total", "Items" },
  Total = 0 }

describe("com.bag", function()
  it("reads what is in the table, also as another type", function()
    local t <const> = { n = 5, s = "text", f = 2.5, b = true, date = com.date "2024-01-01" }
    local bag <const> = com.bag(t)
    local function read(name) return bag:Read(name, com.empty, nil) end
    assert.same({ 5, "text", 2.5, true }, { read "n", read "s", read "f", read "b" })
    t.n = 6
    assert.equal(6, read "n")
    assert.equal(6.0, bag:Read("n", com.vt.r8(0), nil))
    fails({ name = "E_INVALIDARG" }, read, "none")
    fails({ name = "DISP_E_TYPEMISMATCH" }, bag.Read, bag, "s", com.vt.i4(0), nil)
  end)

  it("writes into the table", function()
    local t <const> = {}
    local bag <const> = com.bag(t)
    bag:Write("n", 5)
    bag:Write("list", com.array("i4", nil, { 1, 2 }))
    bag:Write("inner", com.bag { x = { 1, { y = "deep" } } })
    bag:Write("raw", com.bytes "\0\xFF")
    assert.same({ n = 5, list = { 1, 2 }, inner = { x = { 1, { y = "deep" } } }, raw = "\0\xFF" }, t)
  end)

  it("tells its names", function()
    local bag <const> = com.query(com.bag { b = 1, a = "x", [5] = 1 }, "IPropertyBag2")
    assert.equal(2, bag:CountProperties())
    assert.equal(0, com.query(com.bag(), "IPropertyBag2"):CountProperties())
  end)

  it("raises what a table raises", function()
    local bag <const> = com.bag(setmetatable({}, { __index = function() error "no such luck" end,
      __newindex = function() error "closed" end }))
    fails({ text = "no such luck" }, bag.Read, bag, "x", com.empty, nil)
    fails({ text = "closed" }, bag.Write, bag, "x", 1)
    local holding <const> = com.bag { f = print }
    fails({}, holding.Read, holding, "f", com.empty, nil)
    fails({ text = "a table is wanted" }, com.bag, 5)
  end)
end)

describe("an object written in Lua", function()
  local serving
  before_each(function() serving = com.serve { progid = "Bag.Sheet", class = sheet } end)
  after_each(function() serving:close() end)

  for _, interface in ipairs { "IPersistPropertyBag", "IPersistPropertyBag2" } do
    it("goes through a bag by " .. interface, function()
      local items <const> = { 1, "two", { x = { 1 } }, {}, "\0\xFF", 2.5, { 1, { 2 } }, com.null, com.currency "1.5" }
      local o <const> = com.create "Bag.Sheet"
      com.table(o).Total, com.table(o).Items = 7, items
      local t <const> = {}
      local last <const> = com.query(o, interface)
      last:Save(com.bag(t), 1, 1)
      assert.equal(7, t.Total)
      assert.same(items, t.Items)
      local again <const> = com.create "Bag.Sheet"
      local loaded <const> = com.query(again, interface)
      loaded:Load(com.bag(t), nil)
      assert.equal(7, again.Total)
      assert.same(items, com.table(again).Items)
      fails({ name = "CO_E_ALREADYINITIALIZED" }, loaded.InitNew, loaded)
    end)
  end

  it("takes what a bag has, and keeps what it does not know", function()
    local o <const> = com.create "Bag.Sheet"
    local last <const> = com.query(o, "IPersistPropertyBag")
    last:Load(com.bag { Items = { 1 }, Other = "kept", __persist_version = 4 }, nil)
    assert.equal(0, o.Total)
    local t <const> = {}
    last:Save(com.bag(t), 1, 1)
    assert.same({ Items = { 1 }, Other = "kept", Total = 0, __persist_version = 4 }, t)
  end)
end)
