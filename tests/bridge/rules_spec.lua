--- Rules of values and members that other bridges are known to break.
local com <const> = require "oleander"
local support <const> = require "tests.bridge.support"

local make <const>, fails <const> = support.make, support.fails

describe("an argument that is absent", function()
  it("is an error that names it, on every route; nil is not absent", function()
    for _, call in ipairs { "vtable", "invoke" } do
      local d <const> = com.create("Scripting.Dictionary", { call = call })
      fails({ name = "DISP_E_PARAMNOTOPTIONAL", argument = { 2, "Item" } }, d.Add, d, "b")
      assert.equal(0, d.Count)
      d:Add("b", nil)
      assert.equal(1, d.Count)
      local types <const> = make("Types", { call = call })
      for _, name in ipairs { "Variant", "Object", "Unknown", "Bstr", "I4", "Cy", "VariantRef" } do
        fails({ name = "DISP_E_PARAMNOTOPTIONAL", argument = { 1, "value" } }, types[name], types)
      end
    end
  end)

  it("is what com.missing says, where a VARIANT can say it", function()
    for _, call in ipairs { "vtable", "invoke" } do
      local calc <const> = make("Calc", { call = call })
      assert.equal("vt 10", calc:Describe(com.missing))
    end
  end)
end)

describe("an error value", function()
  it("stays what it is", function()
    local d <const> = com.create "Scripting.Dictionary"
    local value <const> = com.vt.error(0x800A07FA)
    d:Add("k", value)
    local back <const> = d.Item.k
    assert.equal("userdata", type(back))
    assert.is_true(back == value)
    assert.is_false(back == 0x800A07FA)
    assert.is_false(back == com.vt.error(0x800A07FB))
    assert.equal("0x800A07FA", tostring(back))
    assert.equal("E_ACCESSDENIED", tostring(com.vt.error(0x80070005)))
    assert.equal(0x800A07FA, back.value)
    d.Item.k = back
    assert.is_true(d:Items()[1] == value)
    assert.equal("vt 10", make "Calc":Describe(back))
    assert.is_true(make "Types":Variants({ back })[1] == value)
  end)

  it("passes as a status, and no other number", function()
    for _, call in ipairs { "vtable", "invoke" } do
      local types <const> = make("Types", { call = call })
      assert.equal(0x80070005, types:Status(com.vt.error(0x80070005)))
      fails({ name = "DISP_E_TYPEMISMATCH" }, types.I4, types, com.vt.error(1))
    end
  end)
end)

describe("com.vt.byref", function()
  it("has what the callee left, on every route", function()
    for _, call in ipairs { "vtable", "invoke" } do
      local types <const> = make("Types", { call = call })
      local rows <const> = { { "I4Ref", "i4", 5, 6 }, { "R8Ref", "r8", 1.5, 3.0 }, { "BoolRef", "bool", true, false },
        { "BstrRef", "bstr", "ab", "abab" }, { "UI1Ref", "ui1", 255, 0 }, { "VariantRef", "variant", "text", 8 },
        { "VariantRef", "i4", 7, 3 } }
      for _, row in ipairs(rows) do
        local box <const> = com.vt.byref(row[2], row[3])
        assert.equal(row[4], types[row[1]](types, box), row[1])
        assert.equal(row[4], box.value, row[1])
      end
      local box <const> = com.vt.byref("decimal", com.decimal "1.5")
      assert.equal(com.decimal "2.5", types:DecimalRef(box))
      assert.equal(com.decimal "2.5", box.value)
      local object <const> = com.vt.byref("variant", nil)
      types:ObjectRef(nil)
      assert.is_nil(object.value)
    end
  end)
end)

describe("an array inside an array of VARIANTs", function()
  it("arrives whole, at any depth, as often as it is asked for", function()
    local inner <const> = com.array("i2", { { 5, 6 } }, { 3, 4 })
    local nested <const> = com.array("variant", nil, { 1, inner, { 1, { 2, inner } } })
    local d <const> = com.create "Scripting.Dictionary"
    d:Add(1, nested)
    for _, value in ipairs { nested, d.Item[1], make "Types":Variants(nested) } do
      for _ = 1, 2 do
        assert.same({ 5, 6 }, { value[2]:bounds() })
        assert.equal("i2", value[2]:type())
        assert.equal(4, value[3][2][2][2])
        assert.equal(3, value:totable()[2][1])
      end
    end
  end)
end)

describe("an array of several dimensions", function()
  local a
  before_each(function() a = com.array("i4", { { 1, 2 }, { -1, 1 } }, { { 1, 2, 3 }, { 4, 5, 6 } }) end)

  it("has elements by indexes", function()
    assert.equal(6, a:at(2, 1))
    assert.equal(6, a[{ 2, 1 }])
    a:set(2, 1, 60)
    a[{ 1, -1 }] = 10
    assert.same({ 10, 2, 3, 4, 5, 60 }, { a[1], a[2], a[3], a[4], a[5], a[6] })
    a[2.0] = 20
    assert.equal(20, a[{ 1, 0.0 }])
  end)

  it("says what is wrong with them", function()
    fails({ text = "2 dimensions, 1 index" }, function() return a[{ 1 }] end)
  end)
end)

describe("bounds of com.array", function()
  it("are checked before they are used", function()
    for _, bounds in ipairs { "ab", ("A"):rep(64), true, print, { { -2147483648, 2147483647 } },
      { math.mininteger, math.maxinteger }, { math.maxinteger, 0 }, { 0 }, { 1.5, 2 }, -2, math.mininteger } do
      fails({ name = "E_INVALIDARG" }, com.array, "i4", bounds, { 1, 2 })
    end
  end)
end)

describe("iterating an array", function()
  it("ends wherever it is begun", function()
    local next_element <const>, a <const> = pairs(com.array("i4", nil, { 1, 2 }))
    for _, position in ipairs { math.maxinteger, math.mininteger, 2, -1 } do
      assert.is_nil(next_element(a, position))
    end
    assert.equal(2, (next_element(a, 1)))
  end)
end)

describe("reading an object by position", function()
  it("adds nothing to a collection of keys", function()
    for _, call in ipairs { "vtable", "invoke" } do
      local d <const> = com.create("Scripting.Dictionary", { call = call })
      d:Add(2, "two")
      assert.is_nil(d[1])
      assert.equal("two", d[2])
      assert.equal(1, d.Count)
    end
  end)

  it("is not what ipairs does", function()
    local d <const> = com.create "Scripting.Dictionary"
    d:Add(1, "one")
    fails({ text = "com.each" }, function() return ipairs(d)(d, 0) end)
    assert.equal(1, d.Count)
  end)
end)

describe("com.try", function()
  it("takes an object and a name, and counts errors of the look-up", function()
    local d <const> = com.create "Scripting.Dictionary"
    assert.is_nil((com.try(d, "Add", "a", 5)))
    assert.equal(5, com.try(d, "Item", "a"))
    assert.equal(1, com.try(d, "Count"))
    local value <const>, err <const> = com.try(d, "Ad")
    assert.is_nil(value)
    assert.equal("DISP_E_UNKNOWNNAME", err.name)
  end)
end)

describe("the description of an error", function()
  it("is always there", function()
    for _, code in ipairs { 0x800A0009, 0x8007FFFF, 0xC0000005, 0x80030099, 0x80040999, 0x80020009 } do
      local o <const> = com.object { F = function() com.error(code) end }
      local _, err <const> = com.try(o, "F")
      assert.equal("string", type(err.description))
      assert.is_true(#err.description > 0)
      assert.equal(code, err.hresult)
    end
  end)
end)

describe("dates", function()
  it("round and carry milliseconds however they are made", function()
    local rows <const> = {
      { "2020-01-01T10:00:29.999", 2020, 1, 1, 10, 0, 29.9994 }, { "2020-01-01T10:00:30", 2020, 1, 1, 10, 0, 29.9996 },
      { "2020-01-01T10:01:00", 2020, 1, 1, 10, 0, 59.9996 }, { "2021-01-01T00:00:00", 2020, 12, 31, 23, 59, 59.9999 },
      { "1899-12-29T23:59:59.250", 1899, 12, 29, 23, 59, 59.25 },
      { "1899-12-30T00:00:00", 1899, 12, 29, 23, 59, 59.9999 },
      { "2021-01-01T00:00:00", { year = 2020, month = 12, day = 31, hour = 23, min = 59, sec = 59.9996 } },
      { "2020-01-01T00:00:01.750", { year = 2020, month = 1, day = 1, sec = 1.5, ms = 250 } },
      { "2021-01-01T00:00:00", "2020-12-31T23:59:59.9999" }, { "2020-12-31T23:59:59.500", "2020-12-31 23:59:59.5" },
    }
    for _, row in ipairs(rows) do
      assert.equal(row[1], tostring(com.date(table.unpack(row, 2))))
    end
    fails({ name = "DISP_E_TYPEMISMATCH" }, com.date, 2020, 1, 1, 0, 0, 60)
    fails({ name = "DISP_E_TYPEMISMATCH" }, com.date, 2020, 1, 1, 0, 0, 0 / 0)
    fails({ name = "DISP_E_TYPEMISMATCH" }, com.date, 9999, 12, 31, 23, 59, 59.9999)
  end)

  it("come from the clock and go to it", function()
    assert.equal("1970-01-01T00:00:00", tostring(com.from_time(0, "utc")))
    assert.equal("1969-12-31T23:59:59.500", tostring(com.from_time(-0.5, "utc")))
    for _, seconds in ipairs { 0, 86399, 951782400, 1709164800, -1, 253402300799 } do
      assert.equal(seconds, com.to_time(com.from_time(seconds, "utc"), "utc"))
      assert.equal("integer", math.type(com.to_time(com.from_time(seconds, "utc"), "utc")))
    end
    assert.equal(1.5, com.to_time(com.from_time(1.5, "utc"), "utc"))
    local now <const> = os.time()
    assert.equal(now, com.to_time(com.from_time(now)))
    assert.is_true(math.abs(com.to_time(com.now()) - now) < 60)
    assert.is_true(math.abs(com.to_time(com.now "utc", "utc") - now) < 60)
    fails({ text = "com.from_time" }, com.date, now)
    fails({ text = "utc" }, com.now, "UTC")
    fails({ name = "E_INVALIDARG" }, com.from_time, 0 / 0)
    fails({ name = "E_INVALIDARG" }, com.from_time, "0")
    fails({ name = "E_INVALIDARG" }, com.from_time, 1e300)
    fails({ name = "E_INVALIDARG" }, com.to_time, now)
  end)

  it("become local time from a text with a zone", function()
    local moment <const> = com.to_time(com.date "2020-06-01T12:00:00", "utc")
    for _, text in ipairs { "2020-06-01T12:00:00Z", "2020-06-01T14:00:00+02:00", "2020-06-01T06:30:00-0530",
      "2020-06-01T13:00+01" } do
      assert.equal(moment, com.to_time(com.date(text)), text)
    end
    fails({}, com.date, "2020-13-01T12:00:00Z")
    fails({}, com.date, "2020-06-01T12:00:00+25:00")
  end)
end)

describe("an object with neither IDispatch nor types", function()
  it("says so, however it is accessed", function()
    local class <const> = require "oleander.core".class(support.clsid.Calc, 1, support.module)
    local bare <const> = com.query(class, "{00000000-0000-0000-C000-000000000046}")
    for _, f in ipairs { com.get, com.put, com.putref, com.call, com.call_status } do
      local err <const> = support.failure(f, bare, "Name", 1)
      assert.is_true(err.name == "E_NOINTERFACE" or err.name == "DISP_E_UNKNOWNNAME", tostring(err))
    end
  end)
end)

describe("named arguments of an untyped call", function()
  it("are all known to the object, however many they are", function()
    local o <const> = com.object { F = function() end }
    local names <const> = {}
    for i = 1, 200 do names["n" .. i] = i end
    local err <const> = support.failure(o.F, o, com.args(names))
    assert.is_truthy(tostring(err):find("n%d+") or err.name == "DISP_E_UNKNOWNNAME", tostring(err))
    fails({ name = "DISP_E_BADPARAMCOUNT" }, o.F, o, com.args { [5000] = 1 })
  end)
end)
