local com <const> = require "oleander"
local support <const> = require "tests.bridge.support"
local make <const>, fails <const> = support.make, support.fails

-- type, least, most, one below, one above
local integers <const> = {
  { "I1", -128, 127 }, { "UI1", 0, 255 }, { "I2", -32768, 32767 }, { "UI2", 0, 65535 },
  { "I4", -2147483648, 2147483647 }, { "UI4", 0, 4294967295 },
  { "INT", -2147483648, 2147483647 }, { "UINT", 0, 4294967295 },
}

for _, mode in ipairs { "vtable", "invoke" } do
  describe("values through " .. mode, function()
    local types

    before_each(function()
      types = make("Types", { call = mode })
    end)

    for _, row in ipairs(integers) do
      local name <const>, least <const>, most <const> = table.unpack(row)
      it("pass " .. name .. " exactly, and no further than it goes", function()
        for _, value in ipairs { least, most, 0, 1, 100 } do
          assert.equal(value, types[name](types, value))
          assert.equal("integer", math.type(types[name](types, value)))
        end
        assert.equal(5, types[name](types, 5.0))
        fails({ name = "DISP_E_OVERFLOW", argument = { 1, "value" } }, types[name], types, least - 1)
        fails({ name = "DISP_E_OVERFLOW", argument = { 1, "value" } }, types[name], types, most + 1)
        fails({ name = "DISP_E_TYPEMISMATCH", argument = { 1, "value" } }, types[name], types, 5.5)
        assert.equal(5, types[name](types, "5"))
        assert.equal(16, types[name](types, " 0x10 "))
        fails({ name = "DISP_E_TYPEMISMATCH", argument = { 1, "value" } }, types[name], types, "5x")
        fails({ name = "DISP_E_TYPEMISMATCH", argument = { 1, "value" } }, types[name], types, "5.5")
        fails({ name = "DISP_E_TYPEMISMATCH", argument = { 1, "value" } }, types[name], types, "")
        fails({ name = "DISP_E_TYPEMISMATCH", argument = { 1, "value" } }, types[name], types, true)
        fails({ name = "DISP_E_TYPEMISMATCH", argument = { 1, "value" } }, types[name], types, {})
        fails({ name = "DISP_E_PARAMNOTOPTIONAL", argument = { 1, "value" } }, types[name], types)
      end)
    end

    it("pass 64-bit integers exactly", function()
      for _, value in ipairs { math.mininteger, math.maxinteger, 0, -1, 1 << 53 | 1 } do
        assert.equal(value, types:I8(value))
        assert.equal(value, types:UI8(value))
      end
      fails({ name = "DISP_E_OVERFLOW" }, types.I8, types, 2.0 ^ 63)
    end)

    it("pass floats", function()
      assert.equal(0.5, types:R4(0.5))
      assert.equal(0.1, types:R8(0.1))
      assert.equal(3.0, types:R8(3))
      assert.equal(math.huge, types:R4(math.huge))
      assert.equal(math.huge, types:R8(math.huge))
      local nan <const> = types:R8(0 / 0)
      assert.is_true(nan ~= nan)
      fails({ name = "DISP_E_OVERFLOW", argument = { 1, "value" } }, types.R4, types, 1e39)
      assert.equal(1.5, types:R8 "1.5")
      assert.equal(1.5, types:R4 "1.5")
      fails({ name = "DISP_E_TYPEMISMATCH" }, types.R8, types, "1.5.")
      fails({ name = "DISP_E_TYPEMISMATCH" }, types.R8, types, true)
    end)

    it("pass booleans, and only booleans", function()
      assert.is_true(types:Bool(true))
      assert.is_false(types:Bool(false))
      for _, value in ipairs { 1, 0, "true", "1", "" } do
        fails({ name = "DISP_E_TYPEMISMATCH" }, types.Bool, types, value)
      end
    end)

    it("pass strings and raw bytes", function()
      assert.equal("a\0b", types:Bstr "a\0b")
      assert.equal("", types:Bstr "")
      assert.equal("ab", types:Bstr(com.bytes "a\0b\0"))
    end)

    it("pass numbers as text where text is declared, as Lua writes them", function()
      for _, value in ipairs { 5, -5, 5.0, 0.1, 1e15, 1e100, -0.0, math.huge, math.mininteger, math.maxinteger } do
        assert.equal(tostring(value), types:Bstr(value))
      end
      fails({ name = "DISP_E_TYPEMISMATCH" }, types.Bstr, types, true)
      assert.same({ "1", "2.5" }, types:Strings({ 1, 2.5 }):totable())
    end)

    it("show status codes without sign", function()
      assert.equal(0x80070005, types:Status(0x80070005))
      assert.equal(0x80070005, types:Status(-2147024891))
      assert.equal(0, types:Status(0))
    end)

    it("pass VARIANTs of every Lua type", function()
      for _, value in ipairs { 1, -1, 1 << 40, 0.5, "text", true, false } do
        assert.equal(value, types:Variant(value))
        assert.equal(math.type(value), math.type(types:Variant(value)))
      end
      assert.is_nil(types:Variant(nil))
      assert.equal(com.null, types:Variant(com.null))
      assert.is_nil(types:Variant(com.nothing))
      assert.is_true(types:Variant(types) == types)
      local calc <const> = make "Calc"
      for name, value in pairs { ["vt 3"] = 5, ["vt 20"] = 1 << 31, ["vt 5"] = 5.0, ["vt 8"] = "x", ["vt 11"] = true,
        ["vt 1"] = com.null, ["vt 0"] = com.empty, ["vt 10"] = com.missing, ["vt 9"] = calc,
        ["vt 2"] = com.vt.i2(5), ["vt 17"] = com.vt.ui1(5), ["vt 6"] = com.currency(5), ["vt 14"] = com.decimal(5),
        ["vt 7"] = com.date(2024, 2, 29), ["array 12 of 1"] = { 1, 2 }, ["array 12 of 2"] = { { 1, 2 }, { 3, 4 } },
        ["array 5 of 1"] = com.array("r8", nil, { 1, 2 }), ["array 17 of 1"] = com.bytes "abc" } do
        assert.equal(name, calc:Describe(value))
      end
      for _, value in ipairs { {}, { x = 1 }, print, coroutine.create(print), io.stdout } do
        fails({ name = "DISP_E_TYPEMISMATCH", argument = { 1, "value" } }, types.Variant, types, value)
      end
      fails({ text = { "com.array", "com.record", "com.object", "com.date" } }, types.Variant, types, { x = 1 })
    end)

    it("pass objects", function()
      assert.is_true(types:Object(types) == types)
      assert.is_true(types:Unknown(types) == types)
      assert.is_nil(types:Object(nil))
      assert.is_nil(types:Object(com.nothing))
      assert.is_nil(types:Unknown(nil))
      fails({ name = "DISP_E_TYPEMISMATCH", argument = { 1, "value" } }, types.Object, types, 5)
      local released <const> = make "Calc"
      com.release(released)
      fails({ name = "CO_E_RELEASED", argument = { 1, "value" } }, types.Object, types, released)
    end)

    it("pass [in, out] values by reference", function()
      assert.equal(6, types:I4Ref(5))
      assert.equal(3.0, types:R8Ref(1.5))
      assert.is_false(types:BoolRef(true))
      assert.equal("abab", types:BstrRef "ab")
      assert.equal(8, types:VariantRef "text")
      assert.equal(3, types:VariantRef(7))
      assert.equal(0, types:VariantRef(nil))
      assert.equal("BridgeTest.ICalc", tostring(types:ObjectRef(nil)):match "^%S+")
      assert.is_nil(types:ObjectRef(make "Calc"))
      assert.equal(0, types:UI1Ref(255))
      assert.same({ 1, 2, 0 }, types:DoublesRef({ 1, 2 }):totable())
      assert.equal(com.currency "1.5001", types:CyRef(1.5))
      assert.equal(com.decimal "2.5", types:DecimalRef(com.decimal "1.5"))
    end)

    it("pass currency, decimals and dates", function()
      assert.equal(com.currency "922337203685477.5807", types:Cy(com.currency "922337203685477.5807"))
      assert.equal(com.currency "1.25", types:Cy(1.25))
      assert.equal(com.currency "922337203685477.5807", types:Cy "922337203685477.5807")
      assert.equal(com.decimal "0.1", types:Decimal "0.1")
      assert.equal(com.decimal(16), types:Decimal "0x10")
      fails({ name = "DISP_E_OVERFLOW", argument = { 1, "value" }, text = "com.from_time" }, types.Date, types, 1.7e9)
      assert.equal("79228162514264337593543950335",
        tostring(types:Decimal(com.decimal "79228162514264337593543950335")))
      assert.equal(com.decimal(7), types:Decimal(7))
      assert.equal("2024-02-29T12:30:15", tostring(types:Date(com.date(2024, 2, 29, 12, 30, 15))))
      assert.equal("2024-02-29T12:30:15",
        tostring(types:Date { year = 2024, month = 2, day = 29, hour = 12, min = 30, sec = 15 }))
      assert.equal("1899-12-31T00:00:00", tostring(types:Date(1)))
      fails({ name = "DISP_E_OVERFLOW", argument = { 1, "value" } }, types.Cy, types, 1e15)
      fails({ name = "DISP_E_TYPEMISMATCH", argument = { 1, "value" } }, types.Date, types, { year = 2024 })
      fails({ name = "DISP_E_TYPEMISMATCH", argument = { 1, "value" } }, types.Date, types, "2024")
    end)

    it("pass arrays", function()
      assert.same({ 1.5, 2, -3 }, types:Doubles({ 1.5, 2, -3 }):totable())
      assert.same({ "a", "é" }, types:Strings({ "a", "é" }):totable())
      assert.equal("raw\0\xFF", com.bytes(types:Bytes "raw\0\xFF"))
      assert.same({ 1, "x", true }, types:Variants({ 1, "x", true }):totable())
      assert.equal(0, #types:Doubles {})
      local echoed <const> = types:Doubles(com.array("r8", { 5, 7 }, { 1, 2, 3 }))
      assert.same({ 5, 7 }, { echoed:bounds() })
      fails({ name = "DISP_E_TYPEMISMATCH", argument = { 1, "value" }, text = "2" }, types.Doubles, types,
        { 1, "x", 3 })
      fails({ name = "DISP_E_TYPEMISMATCH", argument = { 1, "value" }, text = "hole" }, types.Doubles, types,
        { 1, nil, 3 })
      fails({ name = "DISP_E_TYPEMISMATCH", text = "hole" }, types.Doubles, types, { 1, 2, [9] = 3 })
      fails({ name = "DISP_E_TYPEMISMATCH", text = "rectangular" }, types.Doubles, types, { { 1, 2 }, { 3 } })
      fails({ name = "DISP_E_TYPEMISMATCH", argument = { 1, "value" } }, types.Doubles, types,
        com.array("i4", nil, { 1 }))
      fails({ name = "DISP_E_TYPEMISMATCH", argument = { 1, "value" } }, types.Strings, types, { true })
    end)

    it("pass records", function()
      local point <const> = types:Place { x = 1, y = 2.5, name = "here" }
      assert.same({ 2, 5.0, "here" }, { point.x, point.y, point.name })
      point.x = 10
      point.name = "there"
      local again <const> = types:Place(point)
      assert.same({ 11, 10.0, "there" }, { again.x, again.y, again.name })
      fails({ argument = { 1, "value" }, text = "z" }, types.Place, types, { z = 1 })
      fails({ argument = { 1, "value" }, text = "x" }, types.Place, types, { x = "one" })
      fails({ text = "w" }, function() return point.w end)
      fails({ name = "DISP_E_TYPEMISMATCH", argument = { 1, "value" } }, types.Place, types, 5)
    end)
  end)
end

describe("wire values", function()
  local types <const> = make "Types"

  it("say a type exactly", function()
    assert.equal(5, types:Variant(com.vt.i2(5)))
    assert.equal(5, com.vt.i2(5).value)
    fails({ name = "DISP_E_OVERFLOW", text = "i1" }, com.vt.i1, 200)
    fails({ name = "DISP_E_BADVARTYPE", text = "i3" }, function() return com.vt.i3(1) end)
    assert.equal("18446744073709551615", tostring(com.vt.ui8(-1)))
    assert.equal(5, types:I4(com.vt.i2(5)))
    assert.equal(com.vt.i2(5), com.vt.i2(5))
    assert.not_equal(com.vt.i2(5), com.vt.i4(5))
  end)

  it("go by reference", function()
    local odd <const> = make("Calc"):Make "Untyped"
    local doubled <const>, text <const> = com.vt.byref("i4", 0), com.vt.byref("bstr", "before")
    odd:Both(21, doubled, text)
    assert.equal(42, doubled.value)
    assert.equal("changed", text.value)
  end)
end)

describe("arrays", function()
  local types <const> = make "Types"

  it("have positions, bounds and types", function()
    local matrix <const> = types:Matrix()
    assert.equal(6, #matrix)
    assert.same({ -1, 1, 10, 11 }, { matrix:bounds() })
    assert.equal("i4", matrix:type())
    assert.equal(-90, matrix:at(-1, 10))
    assert.equal(111, matrix:at(1, 11))
    assert.same({ { -90, -89 }, { 10, 11 }, { 110, 111 } }, matrix:totable())
    assert.same({ -90, -89, 10, 11, 110, 111 }, { matrix[1], matrix[2], matrix[3], matrix[4], matrix[5], matrix[6] })
    assert.is_nil(matrix[7])
    assert.is_nil(matrix[0])
    fails({ name = "DISP_E_BADINDEX" }, matrix.at, matrix, 2, 10)
    fails({ name = "DISP_E_BADINDEX" }, matrix.at, matrix, 1)
    assert.equal("array of i4 [-1..1, 10..11]", tostring(matrix))
  end)

  it("can be made, changed and walked", function()
    local array <const> = com.array("i2", { 1, 3 }, { 10, 20, 30 })
    assert.equal(20, array:at(2))
    array[2] = 25
    assert.equal(25, array[2])
    fails({ name = "DISP_E_OVERFLOW" }, function() array[2] = 40000 end)
    fails({ name = "DISP_E_BADINDEX" }, function() array[4] = 1 end)
    local sum = 0
    for i, value in pairs(array) do sum = sum + i * value end
    assert.equal(150, sum)
    assert.equal(3, #com.array("bstr", 3))
    assert.same({ "", "", "" }, com.array("bstr", 3):totable())
    assert.same({ { 1, 2 }, { 3, 4 } }, com.array("i4", { { 0, 1 }, { 0, 1 } }, { { 1, 2 }, { 3, 4 } }):totable())
    fails({ text = "i3" }, com.array, "i3", 1)
    fails({ name = "E_INVALIDARG" }, com.array, "i4", { 3, 1 })
  end)

  it("keep the objects in them alive", function()
    local calc <const> = make "Calc"
    local before <const> = support.live(calc)
    local array = com.array("dispatch", nil, { make "Calc", make "Calc" })
    assert.equal(before + 2, support.live(calc))
    assert.equal(3, array[1]:Add(1, 2))
    array = nil -- luacheck: ignore
    assert.equal(before, support.live(calc))
  end)

  it("convert a hundred thousand numbers and back", function()
    local numbers <const> = {}
    for i = 1, 100000 do numbers[i] = i / 2 end
    assert.same(numbers, types:Doubles(numbers):totable())
  end)
end)

describe("exact values", function()
  it("calculate", function()
    local a <const>, b <const> = com.decimal "0.1", com.decimal "0.2"
    assert.equal("0.3", tostring(a + b))
    assert.equal(com.decimal "0.3", a + b)
    assert.equal("0.02", tostring(a * b))
    assert.equal("0.5", tostring(a / b))
    assert.equal("-0.1", tostring(-a))
    assert.is_true(a < b and b > a and a <= a)
    assert.equal("1.1", tostring(a + 1))
    local c <const> = com.currency "1.0001"
    assert.equal("2.0001", tostring(c + 1))
    assert.equal(com.currency "0.0001", c - 1)
    assert.equal(com.decimal "1.0001", c)
    fails({ name = "DISP_E_DIVBYZERO" }, function() return a / 0 end)
    fails({ name = "DISP_E_TYPEMISMATCH" }, function() return a + "x" end)
    assert.equal(3, com.tonumber(com.decimal "3.00"))
    assert.equal(0.5, com.tonumber(com.currency "0.5"))
    assert.is_nil(com.tonumber(com.null))
    fails({ text = "com.decimal" }, com.decimal, "abc")
    fails({ name = "DISP_E_OVERFLOW" }, com.currency, 1e20)
  end)

  it("are dates with fields", function()
    local date <const> = com.date "2024-02-29T13:45:10.250"
    assert.same({ 2024, 2, 29, 13, 45, 10, 250, 5 },
      { date.year, date.month, date.day, date.hour, date.min, date.sec, date.ms, date.wday })
    assert.equal("2024-02-29T13:45:10.250", tostring(date))
    assert.equal("2024-03-01T13:45:10.250", tostring(date + 1))
    assert.equal(1, (date + 1) - date)
    assert.is_true(date < date + 1)
    assert.equal("1899-12-29T18:00:00", tostring(com.date(1899, 12, 29, 18)))
    assert.equal("1899-12-30T06:00:00", tostring(com.date(1899, 12, 29, 18) + 0.5))
    fails({ text = "fields" }, com.date, 2023, 2, 29)
    fails({ text = "minute" }, function() return date.minute end)
  end)
end)
