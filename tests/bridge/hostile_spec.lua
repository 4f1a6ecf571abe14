local com <const> = require "oleander"
local support <const> = require "tests.bridge.support"
local make <const>, fails <const> = support.make, support.fails

for _, mode in ipairs { "vtable", "invoke" } do
  describe("a hostile server through " .. mode, function()
    local hostile <const> = make("Hostile", { call = mode })

    it("returns NULL", function()
      assert.equal("", hostile:NullText())
      assert.is_nil(hostile:NullObject())
      assert.is_nil(hostile:NullArray())
      assert.is_nil(hostile:Missing())
      assert.equal(com.null, hostile:NullValue())
    end)

    it("returns arrays with strange bounds", function()
      local array <const> = hostile:WeirdArray()
      assert.equal(0, #array)
      assert.is_nil(array[1])
    end)
  end)
end

describe("a hostile server", function()
  local hostile <const> = make "Hostile"

  it("returns junk types", function()
    fails({ name = "DISP_E_BADVARTYPE", text = "0x4d" }, hostile.JunkType, hostile)
    fails({ name = "E_POINTER" }, hostile.NullReference, hostile)
    fails({ name = "DISP_E_BADVARTYPE" }, hostile.Nested, hostile)
    fails({ name = "DISP_E_BADVARTYPE" }, hostile.LyingArray, hostile)
  end)

  it("returns references", function()
    assert.equal(41, hostile:Reference())
  end)
end)

describe("an object without type information", function()
  local calc <const> = make "Calc"

  for _, kind in ipairs { "Untyped", "Failing", "Null" } do
    it("is scripted all the same: " .. kind, function()
      local odd <const> = calc:Make(kind)
      assert.is_nil(com.typeof(odd))
      odd.Size = 5
      assert.equal(5, odd.Size)
      assert.equal("plain", odd.Title)
      assert.equal(42, odd:Twice(21))
      assert.equal(42, odd:Twice(21))
      com.put(odd, "Slot", 3, 30)
      assert.equal(30, com.get(odd, "Slot", 3))
      assert.equal(30, odd.Slot(odd, 3))
      assert.equal(13, #odd)
      assert.is_true(com.has(odd, "twice"))
      assert.is_false(com.has(odd, "Thrice"))
    end)
  end

  it("is asked for a property only, never called, by o.Name", function()
    local odd <const> = calc:Make "Untyped"
    assert.equal("function", type(odd.Twice))
    assert.equal("function", type(odd.Flags))
    assert.equal(3, odd:Flags()) -- METHOD | PROPERTYGET
    local before <const> = odd.CallCount
    assert.equal("function", type(odd.Twice)) -- remembered: not asked again
    odd:Twice(1)
    assert.equal(before + 2, odd.CallCount)
  end)

  it("is never touched with probe = false", function()
    local odd <const> = calc:Make "Untyped"
    assert.equal(1, odd.CallCount)
    local silent <const> = com.create(support.clsid.Calc, { module = support.module, probe = false })
    assert.equal(3, silent:Add(1, 2))
  end)

  it("has a property that gives an object, and a method of that name", function()
    local odd <const> = calc:Make "Untyped"
    local child <const> = odd.Child
    assert.equal(0, child.Size)
    assert.equal(70, odd:Child(7))
  end)

  it("takes named arguments", function()
    local odd <const> = calc:Make "Untyped"
    assert.equal(34, odd:Named(3, 4))
    assert.equal(43, odd:Named(com.args { b = 3, a = 4 }))
    assert.equal(43, odd:Named(4, com.args { b = 3 }))
    fails({ name = "DISP_E_UNKNOWNNAME" }, odd.Named, odd, com.args { c = 3 })
  end)

  it("raises what Invoke says", function()
    local odd <const> = calc:Make "Untyped"
    fails({ name = "E_ACCESSDENIED", description = "not for you", source = "Odd", helpcontext = 3 }, odd.Raise, odd)
    fails({ hresult = 0x800A04D2, code = 1234, description = "filled in late" }, odd.RaiseCode, odd)
    fails({ name = "DISP_E_TYPEMISMATCH", argument = { 1 } }, odd.Twice, odd, "x")
    fails({ name = "DISP_E_UNKNOWNNAME", text = "Thrice" }, function() return odd:Thrice() end)
    fails({ name = "DISP_E_UNKNOWNNAME" }, function() odd.Thrice = 1 end)
  end)

  it("gets some by com.assume", function()
    local odd <const> = calc:Make "Untyped"
    local library <const> = com.typeof(calc).library
    assert.equal(odd, com.assume(odd, "DPlain", library))
    assert.equal("DPlain", com.typeof(odd).name)
    odd.Size = 4
    assert.equal(4, odd.Size)
    fails({ name = "DISP_E_MEMBERNOTFOUND" }, function() odd.Title = "x" end)
    assert.equal(8, odd:Twice(4))
    odd.Slot[2] = 22
    assert.equal(22, odd.Slot[2])
    assert.same({ 10, "changed" }, { odd:Both(5, "before") })
  end)

  it("is found through IProvideClassInfo or its own dispinterface", function()
    for _, kind in ipairs { "ClassInfo", "Plain" } do
      local odd <const> = calc:Make(kind)
      assert.equal("DPlain", com.typeof(odd).name)
      odd.Size = 4
      assert.equal(4, odd.Size)
      assert.equal(8, odd:Twice(4))
      assert.same({ 10, "changed" }, { odd:Both(5, "before") })
      fails({ name = "DISP_E_TYPEMISMATCH", argument = { 1, "value" } }, odd.Twice, odd, "four")
    end
  end)
end)

describe("an object that lies about its type", function()
  it("is called by the names that it knows", function()
    local liar <const> = make("Calc"):Make "Liar"
    assert.equal("ICalc", com.typeof(liar).name)
    fails({ name = "DISP_E_UNKNOWNNAME", text = "Add" }, function() return liar:Add(1, 2) end)
    assert.equal(0, liar.Size) -- not in the type that it claims
    assert.equal(42, liar:Twice(21))
  end)
end)

describe("an IDispatchEx object", function()
  it("has members that come and go", function()
    local expando <const> = make("Calc"):Make "Expando"
    assert.is_false(com.has(expando, "Fresh"))
    expando.Fresh = 5
    assert.is_true(com.has(expando, "Fresh"))
    assert.equal(5, expando.Fresh)
    expando.Fresh = "text"
    assert.equal("text", expando.fresh)
    assert.same({ { name = "Fresh", kind = "dynamic" } }, com.members(expando))
    com.delete(expando, "Fresh")
    assert.is_false(com.has(expando, "Fresh"))
    expando.Fresh = 6
    expando:Remove "Fresh"
    fails({ name = "DISP_E_UNKNOWNNAME" }, function() return expando.Fresh end)
    fails({ text = "IDispatchEx" }, com.delete, make "Calc", "Add")
    expando.Other = 1
    expando.Fresh = 7
    assert.equal(7, expando.Fresh)
    assert.equal(1, expando.Other)
  end)
end)

describe("a custom interface", function()
  it("is called through its vtable", function()
    local custom <const> = make("Calc"):MakeCustom()
    assert.equal("BridgeTest.ICustom", tostring(custom):match "^%S+")
    assert.equal(7.5, custom:Multiply(2.5, 3))
    assert.equal(4, custom:Measure "four")
    assert.equal(3, custom:Parent():Add(1, 2))
    assert.equal(11, custom:Maybe(0))
    assert.same({ 1, 11 }, { com.call_status(custom, "Maybe", 1) })
    fails({ name = "E_FAIL", text = "ICustom:Maybe" }, custom.Maybe, custom, 0x80004005 - 0x100000000)
    assert.equal("{00020400-0000-0000-C000-000000000046}", custom:Identify "{00020400-0000-0000-C000-000000000046}")
    assert.equal(4000000000, custom:Version())
    assert.equal(0, select("#", custom:Poke(5)))
    assert.equal(4000000005, custom:Version())
    local to <const> = custom:Move({ x = 1, y = 2, name = "a" }, { x = 10, y = 20, name = "b" })
    assert.same({ 11, 22.0, "a" }, { to.x, to.y, to.name })
  end)

  it("is reached by com.query", function()
    local bare <const> = make "Custom"
    assert.equal(6, bare:Multiply(2, 3)) -- IProvideClassInfo says what it is
    local library <const> = com.typelib(support.module)
    local custom <const> = com.query(bare, "ICustom", { typelib = library })
    assert.equal(6, custom:Multiply(2, 3))
    local direct <const> = make("Custom", { iface = "ICustom", typelib = library })
    assert.equal(6, direct:Multiply(2, 3))
  end)
end)
