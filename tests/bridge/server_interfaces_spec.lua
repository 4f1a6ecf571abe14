-- Objects written in Lua that implement interfaces of a type library: vtables, dispatch, every kind of parameter.
local com <const> = require "oleander"
local support <const> = require "tests.bridge.support"

local library <const> = com.typelib(support.module)
local fails <const> = support.fails

local function object(t, name)
  return com.object(t, name, library)
end

--- The same object, called through its vtable and through Invoke.
local function both_ways(t, name)
  local direct <const> = object(t, name)
  return { vtable = direct, invoke = com.query(direct, name, { typelib = library, call = "invoke" }) }
end

describe("an object with a dual interface", function()
  it("is called through its vtable", function()
    local o <const> = object({ Add = function(_, a, b) return a + b end }, "ICalc")
    local kind <const>, route <const> = com.typeof(o)
    assert.equal("ICalc", kind.name)
    assert.equal("vtable", route)
    assert.equal(5, o:Add(2, 3))
  end)

  it("gets self, and gives results in the order retval, then out and in-out", function()
    local t <const> = {}
    function t:Divide(a, b)
      assert(self == t)
      return a // b, a % b
    end
    function t.Swap(_, a, b) return a + 1, b .. "!" end
    function t.Outs() return 1, "two", 3.5 end
    for way, o in pairs(both_ways(t, "ICalc")) do
      assert.same({ 3, 1 }, { o:Divide(10, 3) }, way)
      assert.same({ 8, "x!" }, { o:Swap(7, "x") }, way)
      assert.same({ 1, "two", 3.5 }, { o:Outs() }, way)
    end
  end)

  it("makes nil the zero of its type", function()
    local function nothing() end
    local t <const> = { Divide = nothing, Outs = nothing, Echo = nothing, Same = nothing, get_Item = nothing }
    for way, o in pairs(both_ways(t, "ICalc")) do
      assert.same({ 0, 0 }, { o:Divide(1, 1) }, way)
      local a <const>, b <const>, c <const> = o:Outs()
      assert.same({ 0, "" }, { a, b }, way)
      assert.is_nil(c)
      assert.equal("", o:Echo "x", way)
      assert.equal(false, o:Same(nil), way)
      assert.is_nil(o.Other)
      assert.is_nil(o.Item[1])
    end
  end)

  it("takes properties from get_ and set_, else from fields", function()
    local t <const> = { Value = 7, texts = {} }
    function t:get_Text() return self.texts[#self.texts] end
    function t:set_Text(text) self.texts[#self.texts + 1] = text end
    for way, o in pairs(both_ways(t, "ICalc")) do
      t.Value = 7
      assert.equal(7, o.Value, way)
      o.Value = 8
      assert.equal(8, t.Value, way)
      o.Text = "way " .. way
      assert.equal("way " .. way, o.Text)
    end
  end)

  it("gets the arguments of properties", function()
    local t <const> = { cells = {} }
    function t:get_Cells(row, column) return self.cells[row * 10 + column] end
    function t:set_Cells(row, column, text) self.cells[row * 10 + column] = text end
    for way, o in pairs(both_ways(t, "ICalc")) do
      o.Cells[com.args { 2, 3 }] = way
      assert.equal(way, t.cells[23])
      assert.equal(way, o.Cells(2, 3))
    end
  end)

  it("gets defaults, nothing for what is optional, and the rest of a vararg", function()
    local seen
    local t <const> = {}
    function t.Greet(_, name, word)
      seen = table.pack(name, word)
      return "ok"
    end
    function t.Scale(_, value, factor) return value * factor end
    function t.Sum(_, ...)
      local sum = 0
      for _, value in ipairs { ... } do sum = sum + value end
      return sum
    end
    for way, o in pairs(both_ways(t, "ICalc")) do
      assert.equal("ok", o:Greet())
      assert.same({ nil, "hello", n = 2 }, seen, way)
      o:Greet("you", "bye")
      assert.same({ "you", "bye", n = 2 }, seen, way)
      assert.equal(5, o:Scale(2.5), way)
      assert.equal(6, o:Sum(1, 2, 3), way)
      o:Greet(com.args { word = "named" })
      assert.same({ nil, "named", n = 2 }, seen, way)
    end
  end)

  it("does not see the locale", function()
    local o <const> = object({ Locale = function(_, ...) return select("#", ...) end }, "ICalc")
    assert.equal(1, o:Locale(5))
  end)

  it("passes objects both ways, its own as tables", function()
    local t <const> = {}
    local friend <const> = { Add = function(_, a, b) return a - b end }
    function t.Same(_, other) return other == friend end
    function t.get_Friend() return friend end
    function t:get_Other() return self.other end
    function t:set_Other(other) self.other = other end
    local f <const> = object(friend, "ICalc")
    for way, o in pairs(both_ways(t, "ICalc")) do
      assert.is_true(o:Same(f), way)
      assert.is_true(o:Same(friend), way)
      assert.equal(friend, o.Friend, way)
      local calc <const> = support.make "Calc"
      o.Other = calc
      assert.equal(calc, t.other, way)
      assert.equal(3, o.Other:Add(1, 2), way)
    end
  end)

  it("finds methods in __index tables and functions", function()
    local class <const> = { Add = function(_, a, b) return a + b end }
    class.__index = class
    local derived <const> = setmetatable({}, class)
    derived.__index = derived
    assert.equal(3, object(setmetatable({}, derived), "ICalc"):Add(1, 2))
    local dynamic <const> = setmetatable({}, { __index = function(_, name)
      return name == "Add" and function(_, a, b) return a * b end or nil
    end })
    assert.equal(12, object(dynamic, "ICalc"):Add(3, 4))
  end)

  it("takes a new function at the next call", function()
    local t <const> = { Add = function() return 1 end }
    local o <const> = object(t, "ICalc")
    assert.equal(1, o:Add(0, 0))
    t.Add = function() return 2 end
    assert.equal(2, o:Add(0, 0))
    com.replace(o, { Add = function() return 3 end })
    assert.equal(3, o:Add(0, 0))
  end)

  it("says what it does not implement", function()
    local o <const> = object({}, "ICalc")
    fails({ name = "E_NOTIMPL", text = "Add is not implemented" }, o.Add, o, 1, 2)
  end)

  it("refuses results of a wrong type, and gives nothing then", function()
    local wrong <const> = { Add = function() return "x" end, Outs = function() return 1, true, 3 end }
    for way, o in pairs(both_ways(wrong, "ICalc")) do
      local err <const> = fails({ name = "DISP_E_TYPEMISMATCH", text = "an integer is wanted, not a string" },
        o.Add, o, 1, 2)
      assert.equal("ICalc", err.source, way)
      fails({ name = "DISP_E_TYPEMISMATCH", text = "result b" }, o.Outs, o)
    end
    local o <const> = object({ Add = function() return 1 << 40 end }, "ICalc")
    fails({ name = "DISP_E_OVERFLOW" }, o.Add, o, 1, 2)
  end)
end)

describe("every type of parameter:", function()
  local big <const> = string.rep("äß€𝄞", 2000)
  local cases <const> = {
    { "I1", -128, 127 }, { "UI1", 0, 255 }, { "I2", -32768, 32767 }, { "UI2", 0, 65535 },
    { "I4", -2147483648, 2147483647 }, { "UI4", 0, 4294967295 }, { "I8", math.mininteger, math.maxinteger },
    { "UI8", 0, -1 }, { "INT", -5, 5 }, { "UINT", 0, 4294967295 }, { "R4", 0.5, -1.25 }, { "R8", 1e300, -0.0 },
    { "Bool", true, false }, { "Bstr", "", "x\0y", big }, { "Cy", com.currency "12.3456" },
    { "Date", com.date "2024-02-29T12:00:00" }, { "Decimal", com.decimal "1.5" },
    { "Variant", 1, 2.5, "text", true, com.null }, { "Status", 0x80070005, 0 },
  }
  for _, case in ipairs(cases) do
    it(case[1] .. " goes in and comes back", function()
      local seen
      local function echo(_, value)
        seen = value
        return value
      end
      local t <const> = setmetatable({}, { __index = function() return echo end })
      for way, o in pairs(both_ways(t, "ITypes")) do
        for i = 2, #case do
          assert.equal(case[i], o[case[1]](o, case[i]), way)
          assert.equal(case[i], seen, way)
        end
      end
    end)
  end

  it("arrays, objects and records go in and come back", function()
    local function same(_, value) return value end
    local t <const> = { Doubles = same, Bytes = same, Object = same, Unknown = same }
    function t.Strings(_, a) return { a[2], a[1] } end
    function t.Variants(_, a) return a:totable() end
    function t.Matrix() return { { 1, 2 }, { 3, 4 } } end
    function t.Place(_, p) return { x = p.x + 1, y = p.y, name = p.name .. "?" } end
    local calc <const> = support.make "Calc"
    for way, o in pairs(both_ways(t, "ITypes")) do
      assert.same({ 1.5, 2.5 }, o:Doubles({ 1.5, 2.5 }):totable(), way)
      assert.same({ "b", "a" }, o:Strings({ "a", "b" }):totable(), way)
      assert.same({ 1, "x", true }, o:Variants({ 1, "x", true }):totable(), way)
      assert.equal(4, o:Matrix():at(1, 1), way)
      assert.equal(calc, o:Object(calc), way)
      assert.equal(calc, o:Unknown(calc), way)
      assert.equal(t, o:Object(t), way)
      assert.is_nil(o:Object(nil), way)
    end
    local place <const> = object(t, "ITypes"):Place { x = 1, y = 2.5, name = "n" }
    assert.same({ 2, 2.5, "n?" }, { place.x, place.y, place.name })
  end)

  it("in-out parameters are replaced", function()
    local t <const> = {}
    function t.I4Ref(_, v) return v + 1 end
    function t.R8Ref(_, v) return v / 2 end
    function t.BoolRef(_, v) return not v end
    function t.BstrRef(_, v) return v:upper() end
    function t.VariantRef(_, v) return { v, "x" } end
    function t.DoublesRef(_, v) return { v[1] + 1 } end
    function t.ObjectRef() return com.nothing end
    for way, o in pairs(both_ways(t, "ITypes")) do
      assert.equal(6, o:I4Ref(5), way)
      assert.equal(2.5, o:R8Ref(5.0), way)
      assert.equal(false, o:BoolRef(true), way)
      assert.equal("ABC", o:BstrRef "abc", way)
      assert.same({ "v", "x" }, o:VariantRef("v"):totable(), way)
      assert.same({ 2.5 }, o:DoublesRef({ 1.5 }):totable(), way)
      assert.is_nil(o:ObjectRef(support.make "Calc"), way)
    end
  end)

  it("in-out parameters stay as they came when the method returns nothing or nil for them", function()
    local calc <const> = support.make "Calc"
    for what, f in pairs { nothing = function() end, ["nil"] = function() return nil end } do
      local t <const> = setmetatable({}, { __index = function() return f end })
      for way, o in pairs(both_ways(t, "ITypes")) do
        local case <const> = way .. " " .. what
        assert.equal(5, o:I4Ref(5), case)
        assert.equal(2.5, o:R8Ref(2.5), case)
        assert.equal(true, o:BoolRef(true), case)
        assert.equal("abc", o:BstrRef "abc", case)
        assert.equal("v", o:VariantRef "v", case)
        assert.same({ 1.5, 2 }, o:DoublesRef({ 1.5, 2 }):totable(), case)
        assert.equal(calc, o:ObjectRef(calc), case)
      end
    end
  end)

  it("an array or a record that is changed in place goes back changed", function()
    local t <const> = {}
    function t.DoublesRef(_, v) v[1] = 9 end
    function t.VariantRef(_, v) v[2] = "new" end
    for way, o in pairs(both_ways(t, "ITypes")) do
      assert.same({ 9, 2 }, o:DoublesRef({ 1.5, 2 }):totable(), way)
      assert.same({ "a", "new" }, o:VariantRef({ "a", "b" }):totable(), way)
    end
    local custom <const> = object({ Move = function(_, from, to) to.x = from.x end }, "ICustom")
    local moved <const> = custom:Move({ x = 7, y = 8 }, { x = 1, y = 2 })
    assert.same({ 7, 2 }, { moved.x, moved.y })
  end)
end)

describe("an object with a custom interface", function()
  it("has its vtable", function()
    local t <const> = { poked = {} }
    function t.Multiply(_, a, b) return a * b end
    function t.Measure(_, text) return #text end
    function t.Parent() return { Add = function(_, a, b) return a + b + 1 end } end
    function t.Identify(_, guid) return guid end
    function t.Move(_, from, to) return { x = from.x + to.x, y = from.y, name = to.name } end
    function t.Version() return 42 end
    function t:Poke(value) self.poked[#self.poked + 1] = value end
    local o <const> = object(t, "ICustom")
    assert.equal(7.5, o:Multiply(2.5, 3))
    assert.equal(5, o:Measure "hello")
    assert.equal("{00020400-0000-0000-C000-000000000046}", o:Identify "{00020400-0000-0000-C000-000000000046}")
    local moved <const> = o:Move({ x = 1, y = 2.0, name = "a" }, { x = 10, y = 0.0, name = "b" })
    assert.same({ 11, 2.0, "b" }, { moved.x, moved.y, moved.name })
    assert.equal(42, o:Version())
    o:Poke(5)
    assert.same({ 5 }, t.poked)
  end)

  it("says what a failing method said", function()
    local o <const> = object({ Multiply = function() error "no" end }, "ICustom")
    fails({ text = "no" }, o.Multiply, o, 1, 2)
  end)
end)

describe("an object with a dispinterface", function()
  local function plain()
    local t <const> = { Size = 3, Title = "t", slots = {} }
    function t.Twice(_, value) return 2 * value end
    function t:get_Slot(index) return self.slots[index] end
    function t:set_Slot(index, value) self.slots[index] = value end
    function t.Both(_, value, text) return 2 * value, text .. text end
    return t, object(t, "DPlain")
  end

  it("has the library's members", function()
    local t <const>, o <const> = plain()
    assert.equal("DPlain", com.typeof(o).name)
    assert.equal(3, o.Size)
    o.Size = 4
    assert.equal(4, t.Size)
    assert.equal("t", o.Title)
    assert.equal(10, o:Twice(5))
    o.Slot[2] = 9
    assert.equal(9, o.Slot[2])
    assert.same({ 10, "abab" }, { o:Both(5, "ab") })
  end)

  it("keeps what is read-only", function()
    local _ <const>, o <const> = plain()
    fails({ name = "DISP_E_MEMBERNOTFOUND" }, function() o.Title = "x" end)
  end)
end)

describe("a collection", function()
  it("is enumerated through __pairs or an iterator function", function()
    local pairs_of <const> = setmetatable({}, { __pairs = function() return ipairs { "a", "b", "c" } end })
    local function letters()
      local i = 0
      return function()
        i = i + 1
        return i <= 3 and ("abc"):sub(i, i) or nil
      end
    end
    for _, t in ipairs { pairs_of, { _NewEnum = letters }, { get__NewEnum = letters } } do
      local seen <const> = {}
      for i, value in com.each(object(t, "ICollection")) do seen[i] = value end
      assert.same({ "a", "b", "c" }, seen)
    end
  end)

  it("is enumerated anew each time", function()
    local o <const> = object(setmetatable({}, { __pairs = function() return ipairs { 1, 2, 3, 4 } end }), "ICollection")
    local first <const>, second <const> = {}, {}
    for _, v in com.each(o) do
      first[#first + 1] = v
      if v == 2 then break end
    end
    for _, v in com.each(o) do second[#second + 1] = v end
    assert.same({ 1, 2 }, first)
    assert.same({ 1, 2, 3, 4 }, second)
  end)

  it("says the error of its iterator", function()
    local o <const> = object({ _NewEnum = function() return function() error "broken" end end }, "ICollection")
    fails({ text = "broken" }, function() for _ in com.each(o) do assert(false) end end)
  end)

  it("has a default member", function()
    local t <const> = { list = { "x", "y" } }
    function t:get_Item(index) return self.list[index] end
    function t:set_Item(index, value) self.list[index] = value end
    function t:get_Count() return #self.list end
    local o <const> = object(t, "ICollection")
    assert.equal("y", o[2])
    o[1] = "z"
    assert.equal("z", t.list[1])
    assert.equal(2, #o)
  end)
end)

describe("several interfaces", function()
  it("live on one object", function()
    local t <const> = { Version = function() return 1 end, Add = function(_, a, b) return a + b end, Size = 2 }
    local o <const> = com.object(t, { "ICalc", "ICustom", "DPlain" }, library)
    assert.equal(3, o:Add(1, 2))
    assert.equal(1, com.query(o, "ICustom", { typelib = library }):Version())
    assert.equal(2, com.query(o, "DPlain", { typelib = library }).Size)
    assert.equal(o, com.query(o, "ICustom", { typelib = library }))
    assert.equal(t, com.table(com.query(o, "DPlain", { typelib = library })))
    fails({ name = "E_NOINTERFACE" }, com.query, o, "ITypes", { typelib = library })
  end)

  it("come from a class", function()
    local o <const> = object({ Add = function() return 9 end }, "Calc")
    assert.equal("ICalc", com.typeof(o).name)
    assert.equal(9, o:Add(1, 2))
  end)
end)

describe("com.check", function()
  it("reports missing members, wrong arity and wrong result counts", function()
    local t <const> = { Value = 1, Text = "", ReadOnly = 1, WriteOnly = 1 }
    function t.Add(_, a) return a end
    function t.Divide(_, a, b) return a // b end
    function t.Echo(_, text) return text end
    local found <const> = {}
    for _, problem in ipairs(com.check(t, "ICalc", library)) do
      found[problem.member .. " " .. problem.kind] = problem.text
    end
    assert.truthy(found["Add arity"])
    assert.truthy(found["Divide results"])
    assert.truthy(found["Swap missing"])
    assert.truthy(found["Item missing"])
    assert.is_nil(found["Echo arity"])
    assert.is_nil(found["Echo results"])
    assert.is_nil(found["Value missing"])
    assert.is_nil(found["value missing"])
  end)

  it("ends for an interface that derives from itself", function()
    local typelib <const> = require "oleander.typelib"
    local circle <const> = { kind = "interface", name = "ICircle", members = {} }
    circle.base = circle
    fails({ name = "TYPE_E_CIRCULARTYPE" }, function()
      for _ in typelib.levels(circle) do end
    end)
  end)
end)
