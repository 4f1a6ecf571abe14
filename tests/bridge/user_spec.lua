--- What a new user tries first: values in odd places, slips of the pen, and what the messages then say.
local com <const> = require "oleander"
local support <const> = require "tests.bridge.support"
local make <const>, fails <const> = support.make, support.fails

describe("values in arrays", function()
  it("are exact values too", function()
    local day <const> = com.date "2020-01-01"
    assert.are.equal(day, com.array("date", 1, { day })[1])
    assert.are.equal(com.currency "1.5", com.array("cy", 1, { com.currency "1.5" })[1])
    assert.are.equal(com.decimal "1.5", com.array("decimal", 1, { com.decimal "1.5" })[1])
    fails({ name = "DISP_E_TYPEMISMATCH" }, com.array, "i4", 1, { com.null })
  end)

  it("have to be as many as the bounds say", function()
    fails({ text = "3 values are wanted, 2 were given" }, com.array, "i4", 3, { 1, 2 })
    fails({ text = "3 values are wanted, 4 were given" }, com.array, "i4", 3, { 1, 2, 3, 4 })
  end)

  it("are found by methods that exist", function()
    local array <const> = com.array("i4", 1, { 7 })
    fails({ text = { "foo", "totable" } }, function() return array.foo end)
    fails({ text = "array:at: index 1: an integer is wanted, not a string" }, array.at, array, "x")
  end)
end)

describe("a currency, decimal or date value as an argument", function()
  for _, way in ipairs { "vtable", "invoke" } do
    it("is an integer only when it is whole, and never text, through " .. way, function()
      local types <const> = make("Types", { call = way })
      assert.are.equal(5, types:I4(com.currency "5"))
      assert.are.equal(1.25, types:R8(com.decimal "1.25"))
      for _, value in ipairs { com.currency "5.5", com.decimal "5.5", com.date "2020-01-01" } do
        fails({ name = "DISP_E_TYPEMISMATCH", argument = { 1, "value" } }, types.I4, types, value)
        fails({ name = "DISP_E_TYPEMISMATCH", argument = { 1, "value" } }, types.Bstr, types, value)
        fails({ name = "DISP_E_TYPEMISMATCH", argument = { 1, "value" } }, types.Bool, types, value)
      end
    end)
  end

  it("equals a number by com.eq", function()
    assert.is_true(com.eq(com.decimal "1.5", 1.5))
    assert.is_true(com.eq(2, com.currency "2"))
    assert.is_false(com.eq(com.decimal "1.5", 1))
    assert.is_false(com.eq(com.decimal "1.5", 1e300))
  end)
end)

describe("a field of a record", function()
  it("takes values by the rules for arguments", function()
    local point <const> = make("Types"):Place { x = 1, y = 2, name = "n" }
    fails({ name = "DISP_E_TYPEMISMATCH", text = "an integer is wanted, 5.5 is none" }, function() point.x = 5.5 end)
    fails({ name = "DISP_E_OVERFLOW" }, function() point.x = 1 << 40 end)
    fails({ name = "DISP_E_TYPEMISMATCH", text = "a string is wanted" }, function() point.name = true end)
    point.x, point.y, point.name = 7, 8, "m"
    assert.are.same({ 7, 8.0, "m" }, { point.x, point.y, point.name })
  end)
end)

describe("com.args", function()
  it("names the parameters that there are", function()
    local calc <const> = make "Calc"
    fails({ name = "DISP_E_UNKNOWNNAME", text = { "wrd", "name, word" } }, calc.Greet, calc, com.args { wrd = "x" })
  end)

  it("comes last", function()
    local calc <const> = make "Calc"
    fails({ text = "com.args" }, calc.Greet, calc, com.args { word = "x" }, 1)
  end)

  it("lets a name stand for a position that is left open", function()
    local calc <const> = make "Calc"
    assert.are.equal("hi, z", calc:Greet(com.args { name = "z", [2] = "hi" }))
    assert.are.equal("hi, z", calc:Greet(nil, com.args { name = "z", word = "hi" }))
  end)

  it("has names and positions as keys", function()
    fails({ text = "com.args" }, com.args, { [true] = 1 })
    fails({ text = "com.args" }, com.args, { [0] = 1 })
  end)
end)

describe("a wrong argument of a function of com", function()
  local cases <const> = {
    { "com.query", com.query, 5, "IFoo" }, { "com.query", com.query, nil },
    { "com.query", com.query, make "Calc", "{x" },
    { "com.query", com.query, make "Calc", "ICalc", 5 }, { "com.assume", com.assume, 5, "IFoo" },
    { "com.assume", com.assume, make "Calc", "IFoo" }, { "com.create", com.create, "Scripting.Dictionary", 5 },
    { "com.create", com.create, "Scripting.Dictionary", { typelib = "x" } }, { "com.class", com.class, "X", 5 },
    { "class:new", com.class(support.clsid.Calc, { module = support.module }).new },
    { "com.record", com.record }, { "com.record", com.record, 5 }, { "com.record", com.record, "Point" },
    { "com.format", com.format, 5, {} }, { "com.vt.byref", com.vt.byref },
    { "com.enum", com.enum, 5, "Color" }, { "com.enum", com.enum, make "Calc", 5 },
    { "com.on", com.on, 5, "x", print },
    { "near names: Green", function() return com.enum(make "Calc", "Color").Gren end }, { "com.check", com.check },
    { "com.check", com.check, {} }, { "com.object", com.object, {}, "IFoo" }, { "com.await", com.await, 5, "x" },
    { "com.main", com.main }, { "com.vt", function() return com.vt[5] end },
    { "null", function() return com.null.x end }, { "com.fire", com.fire, make "Calc", "x" },
  }
  for i, case in ipairs(cases) do
    it("names the function: " .. i .. " " .. case[1], function()
      fails({ text = case[1] }, table.unpack(case, 2))
    end)
  end
end)

describe("com.args as the value of a property", function()
  it("is refused, or spread, at the second assignment as at the first", function()
    for _, call in ipairs { "vtable", "invoke" } do
      local calc <const> = make("Calc", { call = call })
      for _ = 1, 3 do
        calc.Value = 5
        fails({ text = "no parameter named a" }, function() calc.Value = com.args { 1, a = 2 } end)
        fails({ name = "DISP_E_BADPARAMCOUNT" }, function() calc.Value = com.args { 1, 2 } end)
        calc.Value = com.args { 7 }
        assert.equal(7, calc.Value)
      end
    end
  end)
end)

describe("com.query", function()
  it("knows the interfaces of every object", function()
    local calc <const> = make "Calc"
    assert.are.equal(calc, com.query(calc, "IUnknown"))
    assert.are.equal(calc, com.query(calc, "IDispatch"))
    assert.are.equal(calc, com.query(calc, "BridgeTest.ICalc"))
    fails({ text = "Other.ICalc" }, com.query, calc, "Other.ICalc")
  end)
end)

describe("oleander list", function()
  it("shows which registry files could not be read", function()
    local folder <const> = os.tmpname()
    os.remove(folder)
    assert(os.execute(("mkdir %s && echo garbage > %s/bad.reg"):format(folder, folder)))
    local output <close> = assert(io.popen(("OLEANDER_CLASSES=%s %s/bin/oleander list 2>&1"):format(folder,
      os.getenv "OLEANDER_STAGE")))
    assert.matches(folder .. "/bad.reg:1: ", output:read "a", 1, true)
    os.execute("rm -r " .. folder)
  end)
end)
