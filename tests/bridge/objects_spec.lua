local com <const> = require "oleander"
local support <const> = require "tests.bridge.support"
local make <const>, fails <const> = support.make, support.fails

for _, mode in ipairs { "vtable", "invoke" } do
  describe("an object called through " .. mode, function()
    local calc

    before_each(function()
      calc = make("Calc", { call = mode })
    end)

    it("calls methods", function()
      assert.equal(5, calc:Add(2, 3))
      assert.equal("häß\0€\u{1F600}", calc:Echo "häß\0€\u{1F600}")
      assert.equal(28, calc:End())
      assert.equal(0, select("#", calc:Nothing()))
    end)

    it("passes long strings as they are", function()
      for _, length in ipairs { 0, 1, 7, 8, 9, 300, 500, 511, 512, 513, 1000, 5000, 100000 } do
        local ascii <const>, wide <const> = ("x"):rep(length), ("é€"):rep(length // 2)
        assert.equal(ascii, calc:Echo(ascii))
        assert.equal(wide, calc:Echo(wide))
      end
    end)

    it("keeps a lone surrogate", function()
      assert.equal("a\xED\xA0\x80b", calc:Echo "a\xED\xA0\x80b")
    end)

    it("reads and writes properties", function()
      calc.Value = 42
      assert.equal(42, calc.Value)
      calc.Text = "text"
      assert.equal("text", calc.Text)
      assert.equal(2.5, calc.ReadOnly)
      calc.WriteOnly = 9
      assert.equal(9, calc.Value)
    end)

    it("finds members without regard to case", function()
      assert.equal(5, calc:add(2, 3))
      calc.value = 3
      assert.equal(3, calc.VALUE)
    end)

    it("binds properties that require arguments", function()
      calc.Item.a = 1
      calc.Item["b"] = "two"
      calc.Item[3] = true
      assert.equal(1, calc.Item.a)
      assert.equal("two", calc.Item("b"))
      assert.equal("two", calc:Item("b"))
      assert.is_true(calc.Item[3])
      calc.Cells[com.args { 2, 3 }] = "cell"
      assert.equal("cell", calc.Cells(2, 3))
      assert.equal("cell", calc.Cells[com.args { column = 3, row = 2 }])
      calc.Cells[com.args { 4, column = 5 }] = "named"
      assert.equal("named", calc:Cells(4, 5))
    end)

    it("reads a property whose arguments are all optional", function()
      calc.Label = "plain"
      assert.equal("plain", calc.Label)
      assert.equal("label 10", com.get(calc, "Label", 10))
    end)

    it("says the kind of access", function()
      com.put(calc, "Value", 8)
      assert.equal(8, com.get(calc, "Value"))
      com.put(calc, "Cells", 1, 2, "x")
      assert.equal("x", com.get(calc, "Cells", 1, 2))
      assert.equal(7, com.call(calc, "Add", 3, 4))
    end)

    it("puts an object by reference where the member can", function()
      local other <const> = make "Collection"
      calc.Other = other
      assert.equal(1002, calc.Value)
      assert.is_true(calc.Other == other)
      com.put(calc, "Other", other)
      assert.equal(1001, calc.Value)
      com.putref(calc, "Other", other)
      assert.equal(1002, calc.Value)
      calc.Friend = calc
      assert.is_true(calc.Friend == calc)
      calc.Friend = nil
      assert.is_nil(calc.Friend)
      calc.Other = nil
      assert.is_nil(calc.Other)
    end)

    it("returns the retval first, then the other results", function()
      assert.same({ 3, 2 }, { calc:Divide(17, 5) })
      assert.same({ 4, "12" }, { calc:Swap(12, "four") })
      assert.same({ 7, "seven", "VII" }, { calc:Outs() })
    end)

    it("fills in what is not given", function()
      assert.equal("hello, nobody", calc:Greet())
      assert.equal("hello, Ann", calc:Greet "Ann")
      assert.equal("bye, nobody", calc:Greet(nil, "bye"))
      assert.equal("bye, Ann", calc:Greet("Ann", "bye"))
      assert.equal("hello, VT 3", calc:Greet(1))
      assert.equal("hello, nobody", calc:Greet(com.missing))
      assert.equal("hello, VT 0", calc:Greet(com.empty))
      assert.equal("hello, VT 1", calc:Greet(com.null))
      assert.equal(3, calc:Scale(1.5))
      assert.equal(4.5, calc:Scale(1.5, 3))
      assert.equal(4.5, calc:Scale(1.5, 3, nil))
      assert.equal(7, calc:Locale(7))
      assert.is_true(calc:Take(nil))
      fails({ name = "DISP_E_PARAMNOTOPTIONAL", argument = { 1, "Object" } }, calc.Take, calc)
    end)

    it("takes named arguments", function()
      assert.equal("bye, nobody", calc:Greet(com.args { word = "bye" }))
      assert.equal("bye, Ann", calc:Greet("Ann", com.args { WORD = "bye" }))
      assert.equal("bye, Ann", calc:Greet(com.args { "Ann", word = "bye" }))
      assert.equal(1, calc:Divide(com.args { b = 5, a = 5 }))
    end)

    it("takes a variable number of arguments", function()
      assert.equal(0, calc:Sum())
      assert.equal(6.5, calc:Sum(1, 2, 3.5))
      assert.equal(45, calc:Sum(1, 2, 3, 4, 5, 6, 7, 8, 9))
    end)

    it("takes constants of an enumeration by name", function()
      assert.equal(3, calc:Mix("Red", "green"))
      assert.equal(5, calc:Mix(1, "Blue"))
    end)

    it("says which constant a name may be a slip for", function()
      for slip, near in pairs { Rde = "Red", Gren = "Green", gerne = "Green", blxx = "Blue" } do
        local _ <const>, err <const> = com.try(calc.Mix, calc, slip, 1)
        assert.truthy(err.description:find("no constant named " .. slip .. "; near names: " .. near, 1, true),
          err.description)
      end
      for _, other in ipairs { "Purple", "", ("Red"):rep(40), "R\u{FF}\u{FF}\u{FF}" } do
        local _ <const>, err <const> = com.try(calc.Mix, calc, other, 1)
        assert.is_nil(err.description:find("near names", 1, true), err.description)
      end
    end)

    it("passes [in] values by reference", function()
      assert.equal(14, calc:AddTwice(3, 4))
    end)

    it("gives success codes only to those who ask", function()
      assert.equal(5, calc:Status(1))
      assert.same({ 1, 5 }, { com.call_status(calc, "Status", 1) })
      assert.same({ 0, 5 }, { com.call_status(calc, "Add", 2, 3) })
    end)

    it("calls a server exactly once", function()
      local before <const> = calc:Calls()
      calc:Add(1, 2)
      local _ = calc.Value
      calc.Value = 1
      pcall(calc.Divide, calc, 1, 0)
      pcall(calc.Add, calc, "x", 1)
      pcall(calc.Add, calc, 1)
      pcall(calc.Add, calc, 1, 2, 3)
      pcall(calc.Mix, calc, "Pink", 1)
      assert.equal(before + 4, calc:Calls())
    end)

    it("tells every argument error apart, with method and parameter", function()
      fails({ name = "DISP_E_TYPEMISMATCH", argument = { 1, "a" }, text = { "ICalc:Add", "a string" } },
        calc.Add, calc, "one", 2)
      fails({ name = "DISP_E_TYPEMISMATCH", argument = { 2, "b" }, text = "5.5" }, calc.Add, calc, 1, 5.5)
      fails({ name = "DISP_E_OVERFLOW", argument = { 2, "b" }, text = { "ICalc:Add", "2147483648" } },
        calc.Add, calc, 1, 2147483648)
      fails({ name = "DISP_E_OVERFLOW", argument = { 1, "a" }, text = "1e+300" }, calc.Add, calc, 1e300, 1)
      fails({ name = "DISP_E_PARAMNOTOPTIONAL", argument = { 2, "b" }, text = "ICalc:Add" }, calc.Add, calc, 1)
      fails({ name = "DISP_E_BADPARAMCOUNT", text = { "ICalc:Add", "2", "3" } }, calc.Add, calc, 1, 2, 3)
      fails({ name = "DISP_E_UNKNOWNNAME", text = { "ICalc:Add", "c" } }, calc.Add, calc, com.args { a = 1, c = 2 })
      fails({ name = "DISP_E_PARAMNOTFOUND", text = { "ICalc:Add", "twice" } },
        calc.Add, calc, 1, com.args { a = 1, b = 2 })
      fails({ name = "DISP_E_UNKNOWNNAME", text = { "Ad", "Add" } }, function() return calc.Ad end)
      fails({ name = "DISP_E_UNKNOWNNAME", text = { "Valu", "alue" } }, function() calc.Valu = 1 end)
      fails({ name = "DISP_E_TYPEMISMATCH", argument = { 1, "a" }, text = "Pink" }, calc.Mix, calc, "Pink", 1)
      fails({ name = "DISP_E_TYPEMISMATCH", argument = { 1, "text" } }, calc.Echo, calc, true)
      fails({ name = "DISP_E_TYPEMISMATCH", argument = { 1, "text" }, text = "UTF-8" }, calc.Echo, calc, "\xFF")
      fails({ name = "DISP_E_TYPEMISMATCH", text = { "argument 1", "ICollection" } },
        calc.Same, calc, make "Collection")
      fails({ name = "DISP_E_MEMBERNOTFOUND", text = "ReadOnly" }, function() calc.ReadOnly = 1 end)
      fails({ name = "DISP_E_MEMBERNOTFOUND", text = "WriteOnly" }, function() return calc.WriteOnly end)
      fails({ name = "DISP_E_MEMBERNOTFOUND", text = "Add" }, function() calc.Add = 1 end)
      fails({ name = "E_INVALIDARG", text = "use ':'" }, calc.Add, 1, 2)
      fails({ name = "E_INVALIDARG", text = "use ':'" }, calc.Nothing)
      fails({ name = "E_INVALIDARG" }, function() return calc[true] end)
      fails({ name = "E_INVALIDARG" }, function() calc[1.5] = 1 end)
      fails({ name = "DISP_E_PARAMNOTOPTIONAL" }, com.put, calc, "Value")
      fails({ name = "E_INVALIDARG" }, com.get, calc, 5)
      fails({ name = "E_INVALIDARG" }, com.args, 5)
      fails({ name = "DISP_E_MEMBERNOTFOUND", text = "WriteOnly" }, com.call, calc, "WriteOnly")
      fails({ name = "DISP_E_MEMBERNOTFOUND" }, function() return calc[1] end)
      com.release(calc)
      fails({ name = "CO_E_RELEASED", text = { "ICalc:Add", "released" } }, calc.Add or error(), calc, 1, 2)
    end)

    it("says that it was released", function()
      local add <const> = calc.Add
      com.release(calc)
      fails({ name = "CO_E_RELEASED", text = { "ICalc", "released" } }, add, calc, 1, 2)
      fails({ name = "CO_E_RELEASED", text = { "Value", "released" } }, function() return calc.Value end)
      fails({ name = "CO_E_RELEASED" }, function() calc.Value = 1 end)
      fails({ name = "CO_E_RELEASED" }, function() return calc == make "Calc" end)
      assert.equal("BridgeTest.ICalc (released)", tostring(calc))
      assert.is_false(com.release(calc))
    end)

    it("gives methods as functions of the type, which hold no object", function()
      local add <const> = calc.Add
      assert.equal(add, calc.Add)
      assert.equal(9, add(make("Calc", { call = mode }), 4, 5))
      fails({ name = "E_INVALIDARG", text = { "ICalc", "ICollection" } }, add, make "Collection", 1, 2)
    end)

    it("knows what it has", function()
      assert.is_true(com.has(calc, "Add"))
      assert.is_true(com.has(calc, "value"))
      assert.is_false(com.has(calc, "Subtract"))
    end)

    it("reports a server's error with all that it says", function()
      local err <const> = fails({ hresult = 0x80070005, name = "E_ACCESSDENIED", code = 5,
        description = "not allowed: é", source = "BridgeTest.Calc", helpfile = "calc.hlp", helpcontext = 17 },
        calc.Fail, calc, 0x80070005, "not allowed: é")
      assert.is_string(err.traceback)
      fails({ hresult = 0x80004005, name = "E_FAIL" }, calc.Fail, calc, 0x80004005 - 0x100000000, "")
      fails({ hresult = 0x800A01C9, name = nil }, calc.Fail, calc, 0x800A01C9, "")
      fails({ name = "DISP_E_DIVBYZERO", description = "division by zero" }, calc.Divide, calc, 1, 0)
    end)
  end)
end

describe("objects", function()
  it("are equal when COM says that they are one", function()
    local calc <const> = make "Calc"
    calc.Friend = calc
    local again <const> = calc.Friend
    assert.is_false(rawequal(calc, again))
    assert.is_true(calc == again)
    assert.is_true(com.eq(calc, again))
    assert.is_false(calc == make "Calc")
    assert.is_false(calc == 5)
    assert.equal(com.key(calc), com.key(again))
    assert.not_equal(com.key(calc), com.key(make "Calc"))
    local seen <const> = { [com.key(calc)] = "here" }
    assert.equal("here", seen[com.key(again)])
    calc.Friend = nil
  end)

  it("are let go at the end of a block, by com.release and by the collector", function()
    local calc <const> = make "Calc"
    local before <const> = support.live(calc)
    do
      local other <close> = make "Calc"
      assert.equal(before + 1, calc:Live())
      assert.equal(3, other:Add(1, 2))
    end
    assert.equal(before, calc:Live())
    local third <const> = make "Calc"
    assert.is_true(com.release(third))
    assert.equal(before, calc:Live())
    for _ = 1, 100 do make "Calc" end
    assert.equal(before, support.live(calc))
  end)

  it("release one reference, never somebody else's", function()
    local calc <const> = make "Calc"
    calc.Friend = calc
    local again <const> = calc.Friend
    com.release(again)
    assert.equal(3, calc:Add(1, 2))
    calc.Friend = nil
    assert.equal(3, calc:Add(1, 2))
  end)

  it("are called through the vtable when that is safe, and say why not", function()
    local calc <const> = make "Calc"
    assert.same({ "vtable" }, { select(2, com.typeof(calc)) })
    local _, route <const>, why <const> = com.typeof(make("Calc", { call = "invoke" }))
    assert.equal("Invoke", route)
    assert.is_string(why)
    for _, name in ipairs { "Plain", "Liar", "ClassInfo" } do
      local odd <const> = calc:Make(name)
      assert.equal("Invoke", (select(2, com.typeof(odd))))
    end
  end)

  it("have types and members that can be listed without asking them", function()
    local calc <const> = make "Calc"
    local before <const> = calc:Calls()
    assert.equal("ICalc", com.typeof(calc).name)
    local names <const> = {}
    for _, member in ipairs(com.members(calc)) do names[member.name] = member.kind end
    assert.equal("method", names.Add)
    assert.is_nil(names.QueryInterface)
    assert.equal(before, calc:Calls())
    assert.matches("^BridgeTest.ICalc %(vtable%): 0x%x+$", tostring(calc))
  end)

  it("give enumerations", function()
    local calc <const> = make "Calc"
    local color <const> = com.enum(calc, "Color")
    assert.equal(4, color.Blue)
    assert.equal("Green", com.enum_name(color, 2))
    assert.is_nil(com.enum_name(color, 3))
    fails({ text = { "Color", "Pink" } }, function() return color.Pink end)
    fails({ text = "Shade" }, com.enum, calc, "Shade")
  end)

  it("have a default member, Count and an enumerator", function()
    local list <const> = make "Collection"
    list:Append "one"
    list:Append(2)
    list:Append(nil)
    list:Append(true)
    assert.equal(4, #list)
    assert.equal("one", list(1))
    assert.equal(2, list[2])
    assert.is_nil(list[3])
    list[3] = "three"
    assert.equal("three", list.Item(3))
    assert.equal("three", list.Item[3])
    local seen <const> = {}
    for i, value in com.each(list) do seen[i] = value end
    assert.same({ "one", 2, "three", true }, seen)
    local paired <const> = {}
    for i, value in pairs(list) do paired[i] = value end
    assert.same(seen, paired)
    fails({ name = "DISP_E_BADINDEX" }, function() return list[9] end)
  end)

  it("close their enumerator when the loop ends early", function()
    local list <const> = make "Collection"
    list:Append(1)
    list:Append(2)
    local calc <const> = make "Calc"
    local before <const> = support.live(calc)
    for i in com.each(list) do
      assert.equal(before + 1, calc:Live())
      if i == 1 then break end
    end
    assert.equal(before, calc:Live())
  end)

  it("without an enumerator point to com.members", function()
    fails({ text = "com.members" }, com.each, make "Calc")
    fails({ text = "com.members" }, pairs, make "Calc")
  end)

  it("can be asked for another interface", function()
    local calc <const> = make "Calc"
    local unknown <const> = calc:MakeUnknown()
    assert.equal("ICollection", com.typeof(unknown).name)
    local queried <const> = com.query(unknown, "ICollection")
    queried:Append(1)
    assert.equal(1, #queried)
    assert.is_true(queried == unknown)
    assert.equal(1, #com.query(unknown, "{7A0E6C10-5B1D-4C59-9A37-0E1A52A4F012}"))
    fails({ name = "E_NOINTERFACE" }, com.query, calc, "ICollection")
    fails({ text = "INone" }, com.query, calc, "INone")
  end)

  it("have a class", function()
    local class <const> = com.class(support.clsid.Calc, { module = support.module })
    local a <const>, b <const> = class:new(), class:new()
    assert.is_false(a == b)
    assert.equal(3, a:Add(1, 2))
  end)

  it("are refused with a reason", function()
    fails({ name = "CO_E_CLASSSTRING", text = "No.Such" }, com.create, "No.Such")
    fails({ name = "REGDB_E_CLASSNOTREG" }, com.create, "{7A0E6C10-5B1D-4C59-9A37-0E1A52A4FFFF}")
    fails({ name = "CLASS_E_CLASSNOTAVAILABLE" }, com.create, "{7A0E6C10-5B1D-4C59-9A37-0E1A52A4FFFF}",
      { module = support.module })
    fails({ text = "/no/such.so" }, com.create, support.clsid.Calc, { module = "/no/such.so" })
    fails({ text = "spelling" }, com.create, support.clsid.Calc, { spelling = true })
    fails({ text = "where" }, com.create, support.clsid.Calc, { where = "there" })
    fails({ text = "call" }, com.create, support.clsid.Calc, { call = "maybe" })
    fails({ name = "E_INVALIDARG" }, com.create, 5)
  end)
end)
