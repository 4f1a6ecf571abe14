local com <const> = require "oleander"
local luacom <const> = require "luacom"
local support <const> = require "tests.bridge.support"

local build <const> = os.getenv "OLEANDER_BUILD" or "build/release"
local events <const> = build .. "/tests/bridge/events/events.tlb"
local objects <const> = require "luacom.objects"

--- The LuaCOM object of a class of the test server.
local function make(class, untyped)
  return objects.new(support.make(class), untyped)
end

local function fails(pattern, f, ...)
  local ok <const>, problem <const> = pcall(f, ...)
  assert.is_false(ok)
  assert.equal("string", type(problem))
  assert(problem:find(pattern), ("%q is not in %q"):format(pattern, problem))
end

describe("the module luacom", function()
  it("sets its globals and gives the same table", function()
    assert.equal(luacom, _G.luacom)
    assert.equal(luacom, _G.luacomE)
  end)

  it("has every function of LuaCOM 1.4", function()
    for name in ([[CreateObject CreateLocalObject CreateInprocObject GetObject NewObject NewControl ImplInterface
      ImplInterfaceFromTypelib ExposeObject RevokeObject RegisterObject UnRegisterObject Connect addConnection
      releaseConnection isMember GetEnumerator pairs CLSIDfromProgID ProgIDfromCLSID GetIUnknown CreateLuaCOM
      ImportIUnknown GetTypeInfo LoadTypeLibrary DumpTypeInfo ShowHelp GetType ExportConstants FillTypeInfo FillTypeLib
      DumpTypeLib ViewTypeLib NewLibrary StartMessageLoop DetectAutomation StartLog EndLog GetCurrentDirectory
      RoundTrip]]):gmatch "%S+" do
      assert.equal("function", type(luacom[name]), name)
    end
  end)
end)

describe("members by their shortest way", function()
  it("give no value where there is no result, and integers for integral doubles", function()
    local words <const> = luacom.CreateObject "Scripting.Dictionary"
    assert.equal(0, select("#", words:RemoveAll()))
    local calc <const> = make "Calc"
    for _ = 1, 3 do
      calc.Value = 5
      assert.equal("integer", math.type(calc.Value))
      assert.equal("5", tostring(calc:Add(2, 3)))
    end
  end)

  it("convert, drop and refuse arguments as the long way does, before and after the first use", function()
    local calc <const> = make "Calc"
    for _ = 1, 3 do
      assert.equal(1, calc:Add(2, true))
      assert.equal(5, calc:Add(2, "3", "dropped"))
      assert.equal("5", calc:Echo(5))
      fails("encoding", calc.Echo, calc, "\xff")
      fails("object is missing", calc.Add)
      calc.Value = true
      assert.equal(-1, calc.Value)
      calc.Value = "12"
      assert.equal(12, calc.Value)
    end
  end)

  it("tell of failures as the configuration says, each time", function()
    local calc <const> = make "Calc"
    calc.Value = 1
    assert.equal(1, calc.Value)
    com.release(calc._USERDATA_REF_)
    for _ = 1, 3 do
      fails("released", function() return calc.Value end)
      fails("released", function() calc.Value = 2 end)
      luacom.config.abort_on_error = false
      assert.is_nil(calc.Value)
      luacom.config.abort_on_error = true
      assert.truthy(luacom.config.last_error:find "released")
    end
  end)
end)

describe("luacom.CreateObject", function()
  it("makes objects that are tables", function()
    local words <const> = luacom.CreateObject "Scripting.Dictionary"
    assert.equal("table", type(words))
    assert.equal("userdata", type(words._USERDATA_REF_))
    assert.equal("LuaCOM", luacom.GetType(words))
    words:Add("one", 1)
    assert.equal(1, words:Item "one")
    assert.is_true(words:Exists "one")
    assert.equal(1, words.Count)
  end)

  it("gives nothing after an error, and says which one", function()
    assert.equal(0, select("#", luacom.CreateObject "No.Such"))
    assert.truthy(luacom.config.last_error:find "No.Such")
  end)

  it("raises the error when the configuration says so", function()
    luacom.config.abort_on_API_error = true
    local ok <const>, problem <const> = pcall(luacom.CreateObject, "No.Such")
    luacom.config.abort_on_API_error = false
    assert.is_false(ok)
    assert.truthy(problem:find "No.Such")
  end)

  it("does not heed the field abort_on_API_error of the module itself", function()
    luacom.abort_on_API_error = true
    assert.equal(0, select("#", luacom.CreateObject "No.Such"))
    luacom.abort_on_API_error = nil
  end)

  it("raises for an argument of the wrong type, whatever the configuration", function()
    fails("bad argument #1 to 'CreateObject'", luacom.CreateObject, {})
    fails("bad argument #1 to 'pairs'", luacom.pairs, 5)
  end)
end)

describe("a LuaCOM object", function()
  local calc
  before_each(function() calc = make "Calc" end)

  it("reads and writes properties, with and without get and set", function()
    calc.value = 5
    assert.equal(5, calc.value)
    assert.equal(5, calc.VALUE)
    assert.equal(5, calc:getvalue())
    calc:setvalue(6)
    assert.equal(6, calc.value)
  end)

  it("gives properties with arguments as functions", function()
    calc:setCells(2, 3, "x")
    assert.equal("x", calc:Cells(2, 3))
    assert.equal("x", calc:getCells(2, 3))
  end)

  it("skips the first argument whatever it is, and wants one", function()
    local add <const> = calc.Add
    assert.equal(5, add(calc, 2, 3))
    assert.equal(5, add(nil, 2, 3))
    fails("colon", function() return add() end)
  end)

  it("drops arguments too many and takes what is missing as empty", function()
    assert.equal(5, calc:Add(2, 3, 4, 5))
    assert.equal(2, calc:Add(2))
    assert.equal("hello world", (calc:Greet("world")):lower():gsub(",", ""):gsub("!", "") .. "")
  end)

  it("returns the result, then what is [out]", function()
    assert.same({ 3, 1 }, { calc:Divide(10, 3) })
    local number <const>, text <const> = calc:Swap(5, "b")
    assert.equal("integer", math.type(number))
    assert.equal("string", type(text))
  end)

  it("gives nil for an unknown member and keeps what is assigned to it", function()
    assert.is_nil(calc.NoSuchMember)
    assert.is_nil(calc[nil])
    calc.NoSuchMember = 7
    assert.equal(7, calc.NoSuchMember)
  end)

  it("can be given members of its own", function()
    function calc.Add(self, a, b)
      return luacom.GetType(self) .. a .. b
    end
    assert.equal("LuaCOM12", calc:Add(1, 2))
    function calc.value() return "own" end
    assert.equal("own", calc:getvalue())
  end)

  it("refuses to assign what can only be read, and methods", function()
    fails("ReadOnly", function() calc.ReadOnly = 1 end)
    fails("Add", function() calc.Add = 1 end)
  end)

  it("raises the errors of members as text, or gives nothing", function()
    fails("no more", function() calc:Fail(-2147467259, "no more") end)
    luacom.config.abort_on_error = false
    local count <const> = select("#", calc:Fail(-2147467259, "no more"))
    luacom.config.abort_on_error = true
    assert.equal(0, count)
    assert.truthy(luacom.config.last_error:find "no more")
  end)

  it("calls what it has no types for, too", function()
    local plain <const> = make("Calc", true)
    assert.equal(5, plain:Add(2, 3))
    plain:setvalue(9)
    assert.equal(9, plain:getvalue())
    assert.equal(9, plain:value())
    plain.value = 10
    assert.equal(10, plain:getvalue())
  end)

  it("knows its members", function()
    assert.is_true(luacom.isMember(calc, "add"))
    assert.is_false(luacom.isMember(calc, "NoSuch"))
  end)

  it("compares by its IUnknown", function()
    local one <const>, two <const> = luacom.GetIUnknown(calc), luacom.GetIUnknown(calc)
    assert.equal("IUnknown", luacom.GetType(one))
    assert.is_true(one == two)
    assert.is_true(one == calc.IUnknown)
    assert.is_false(one == luacom.GetIUnknown(make "Calc"))
    assert.equal(5, luacom.CreateLuaCOM(luacom.ImportIUnknown(one)):Add(2, 3))
    assert.equal(0, select("#", luacom.CreateLuaCOM "text"))
  end)
end)

describe("values", function()
  it("arrive as Lua's integers when they are whole", function()
    local types <const> = make "Types"
    assert.equal("13", tostring(types:R8(13)))
    assert.equal("0", tostring(types:R8(-0.0)))
    assert.equal("0.5", tostring(types:R8(0.5)))
    assert.equal(2 ^ 60, types:R8(2 ^ 60))
    assert.equal("float", math.type(types:R8(2 ^ 60)))
    assert.equal("12345.56", tostring(types:Cy(12345.56)))
  end)

  it("are rounded, counted and read where the declared type wants that", function()
    local types <const> = make "Types"
    assert.equal(2, types:I4(2.5))
    assert.equal(4, types:I4(3.5))
    assert.equal(-1, types:I4(true))
    assert.equal(7, types:I4 "7")
    assert.is_true(types:Bool(1))
    assert.equal("5", types:Bstr(5))
    fails("UI1", function() types:UI1(300) end)
  end)

  it("that are no text in the charset are an error that names it", function()
    fails("luacom.config.charset", function() make "Types":Bstr "\xFF" end)
  end)

  it("of other kinds are nil", function()
    local types <const> = make "Types"
    assert.is_nil(types:Variant { Type = "null" })
    assert.is_nil(types:Variant())
    assert.equal(5, types:Variant { Type = "int2", Value = 5 })
    fails("no type", function() types:Variant { Type = "wrong", Value = 5 } end)
  end)

  it("go and come as arrays", function()
    local types <const> = make "Types"
    assert.same({ 1, 2, 3 }, types:Doubles { 1, 2, 3 })
    assert.same({ "1", "2" }, types:Strings { 1, 2 })
    assert.equal("abc", types:Bytes "abc")
    assert.same({ { 1, 2, 3 }, { 4, 5, 6 } }, luacom.RoundTrip { { 1, 2, 3 }, { 4, 5, 6 } })
    assert.same({}, luacom.RoundTrip {})
    assert.same({}, luacom.RoundTrip { nil, 1 })
    luacom.config.abort_on_API_error = true
    fails("different numbers", luacom.RoundTrip, { { 1, 2 }, { 3 } })
    luacom.config.abort_on_API_error = false
  end)

  it("that are dates are en-US texts, or tables", function()
    local cases <const> = {
      { "3/14/2024", "3/14/2024" }, { "3/14/2024 9:26:53 PM", "3/14/2024 9:26:53 PM" },
      { "14/3/2024", "3/14/2024" }, { "1/2/99", "1/2/1999" }, { "1/2/24 0:30", "1/2/2024 12:30:00 AM" },
      { "13:05", "1:05:00 PM" },
    }
    local types <const> = make "Types"
    for _, case in ipairs(cases) do assert.equal(case[2], types:Date(case[1])) end
    for _, wrong in ipairs { "29/2/1997", "1/1/2024 24:00", "yesterday" } do
      assert.is_false(pcall(types.Date, types, wrong), wrong)
    end
    luacom.DateFormat = "table"
    local date <const> = types:Date { Day = 14, Month = 3, Year = 2024, Hour = 21 }
    luacom.DateFormat = nil
    assert.same({ Day = 14, DayOfWeek = 4, Month = 3, Year = 2024, Hour = 21, Minute = 0, Second = 0,
      Milliseconds = 0 }, date)
  end)

  it("of declared type VARIANT say their type while TableVariants is set", function()
    luacom.TableVariants = true
    local value <const> = make "Types":Variant "x"
    local number <const> = make "Types":I4(3)
    luacom.TableVariants = nil
    assert.same({ Type = "string", Value = "x" }, value)
    assert.equal(3, number)
  end)
end)

describe("enumerators", function()
  local collection
  before_each(function()
    collection = make "Collection"
    for _, value in ipairs { "one", 2, 3.5 } do collection:Append(value) end
  end)

  it("go through a collection", function()
    local all <const> = {}
    for index, value in luacom.pairs(collection) do all[index] = value end
    assert.same({ "one", 2, 3.5 }, all)
    local enumerator <const> = luacom.GetEnumerator(collection)
    assert.equal("IEnumVARIANT", luacom.GetType(enumerator))
    assert.equal(all[1], enumerator:Next())
    local copy <const> = enumerator:Clone()
    assert.equal(all[2], copy:Next())
    assert.is_false(enumerator:Skip(1000))
    assert.equal(0, select("#", enumerator:Next()))
    enumerator:Reset()
    assert.same({ all[1], all[2] }, { enumerator:Next(2) })
  end)

  it("are nothing for an object that is no collection", function()
    assert.equal(0, select("#", luacom.GetEnumerator(make "Types")))
    assert.is_false(pcall(luacom.pairs, make "Types"))
  end)
end)

describe("objects of the script", function()
  it("implement an interface by a table", function()
    local clock <const> = { Count = 3 }
    function clock:Start(ticks) self.Count = self.Count + ticks end
    local object <const> = luacom.ImplInterfaceFromTypelib(clock, events, "IClock", "Clock")
    object:Start(4)
    assert.equal(7, object.Count)
    function clock.Count() return 99 end
    assert.equal(99, object.Count)
    clock.Start = function() error("tired", 0) end
    fails("tired", function() object:Start(1) end)
    clock.Start = nil
    assert.is_false(pcall(function() object:Start(1) end))
  end)

  it("come back as their tables", function()
    local clock <const> = { Count = 3 }
    local object <const> = luacom.ImplInterfaceFromTypelib(clock, events, "IClock", "Clock")
    assert.equal(clock, make "Types":Object(object))
    assert.equal(clock, make "Types":Object(clock))
  end)

  it("answer every key through __index", function()
    local any <const> = setmetatable({}, { __index = function(_, name)
      return function() return #name end
    end })
    local object <const> = luacom.ImplInterfaceFromTypelib(any, events, "IClock")
    assert.equal(5, object.Count)
  end)

  it("are nothing for an interface that is not there", function()
    assert.equal(0, select("#", luacom.ImplInterfaceFromTypelib({}, events, "INoSuch")))
    local object <const>, sink <const>, problem <const> = luacom.NewObject({}, "No.Such")
    assert.is_nil(object)
    assert.is_nil(sink)
    assert.equal("string", type(problem))
  end)

  it("can be told as an interface by __tocom", function()
    local clock <const> = setmetatable({ Count = 12 }, { __tocom = { events, "IClock" } })
    local back <const> = make "Types":Object(clock)
    assert.equal(clock, back)
  end)
end)

describe("events", function()
  local function make_clock()
    local clock <const> = { Count = 0 }
    local object <const> = luacom.ImplInterfaceFromTypelib(clock, events, "IClock", "Clock")
    function clock.Start(_, ticks)
      local native <const> = object._USERDATA_REF_
      for i = 1, ticks do com.fire(native, "Tick", i, "t" .. i) end
    end
    return object
  end

  it("reach a table that is connected, until it is released", function()
    local clock <const> = make_clock()
    local got <const> = {}
    local sink <const>, cookie <const> = luacom.Connect(clock, {
      Tick = function(self, number, text) got[#got + 1] = type(self) .. number .. text end })
    assert.equal("LuaCOM", luacom.GetType(sink))
    clock:Start(2)
    assert.same({ "table1t1", "table2t2" }, got)
    luacom.releaseConnection(clock, sink, cookie)
    clock:Start(1)
    assert.equal(2, #got)
    luacom.addConnection(clock, sink)
    clock:Start(1)
    assert.equal(3, #got)
    luacom.releaseConnection(clock)
    clock:Start(1)
    assert.equal(3, #got)
  end)

  it("give their [out] values back", function()
    local clock <const> = make_clock()
    luacom.Connect(clock, { Closing = function(_, cancel) return not cancel end })
    assert.is_true(com.fire(clock._USERDATA_REF_, "Closing", false))
  end)

  it("are nothing for an object without any", function()
    assert.equal(0, select("#", luacom.Connect(make "Types", {})))
  end)
end)

describe("type information", function()
  it("is shown as ITypeLib and ITypeInfo", function()
    local library <const> = luacom.LoadTypeLibrary(events)
    assert.equal("ITypeLib", luacom.GetType(library))
    assert.equal("EventTest", library:GetDocumentation().name)
    local found
    for i = 0, library:GetTypeInfoCount() - 1 do
      local info <const> = library:GetTypeInfo(i)
      if info:GetDocumentation().name == "Clock" then found = info end
    end
    assert.equal("ITypeInfo", luacom.GetType(found))
    local attributes <const> = found:GetTypeAttr()
    assert.equal("coclass", attributes.typekind)
    assert.equal(4, attributes.ImplTypes)
    assert.same({ default = true, source = true, restricted = false, defaultvtable = false },
      found:GetImplTypeFlags(1))
    assert.equal("DClockEvents", found:GetImplType(1):GetDocumentation().name)
    local tick <const> = found:GetImplType(1):GetFuncDesc(0)
    assert.equal("Tick", tick.name)
    assert.equal("func", tick.invkind)
    assert.same({ name = "number", type = "long", ["in"] = true, out = false, opt = false }, tick.parameters[1])
  end)

  it("gives constants", function()
    local fso <const> = luacom.CreateObject "Scripting.FileSystemObject"
    local t <const> = {}
    luacom.ExportConstants(fso, t)
    assert.equal(1, t.ForReading)
    local enumerations <const> = {}
    luacom.GetTypeInfo(fso):GetTypeLib():ExportEnumerations(enumerations)
    assert.equal(8, enumerations.IOMode.ForAppending)
  end)

  it("is filled into tables and written as a page", function()
    local library <const> = luacom.LoadTypeLibrary(events)
    local filled <const> = luacom.FillTypeLib(library)
    assert.equal("EventTest", filled.name)
    assert.equal(library:GetTypeInfoCount(), #filled.typeinfos)
    local path <const> = luacom.DumpTypeLib(library)
    local file <close> = assert(io.open(path))
    assert.truthy(file:read "a":find("DClockEvents", 1, true))
    os.remove(path)
  end)
end)

describe("luacom.NewLibrary", function()
  local function describe_library()
    local library <const> = luacom.NewLibrary { name = "Shop", uuid = "{0F0F6E10-7B1D-4C59-9A37-0E1A52A4F0AA}",
      version = "1.2" }
    library:AddImport "stdole2.tlb"
    local till <const> = library:AddInterface { name = "ITill", uuid = "{0F0F6E10-7B1D-4C59-9A37-0E1A52A4F0AB}" }
    till:AddMethod { name = "Sell", type = "long", parameters = {
      { attributes = "in", type = "BSTR", name = "what" }, { attributes = { "in", "optional" }, type = "VARIANT",
        name = "count" } } }
    till:AddMethod { name = "Close" }
    till:AddProperty { name = "Total", type = "double", attributes = { "readonly" } }
    local class <const> = library:AddCoclass { name = "Till", uuid = "{0F0F6E10-7B1D-4C59-9A37-0E1A52A4F0AC}" }
    class:AddInterface { "default", name = "ITill" }
    return library
  end

  it("writes dispinterfaces, properties first", function()
    local base <const> = os.tmpname()
    describe_library():WriteODL(base)
    local file <close> = assert(io.open(base .. ".odl"))
    local text <const> = file:read "a"
    for _, line in ipairs { "dispinterface ITill {", "[id(1), readonly] double Total;",
      "[id(2)] long Sell([in] BSTR what, [in, optional] VARIANT count);", "[id(3)] void Close();",
      "[default] dispinterface ITill;" } do
      assert.truthy(text:find(line, 1, true), line)
    end
    os.remove(base)
    os.remove(base .. ".odl")
  end)

  it("compiles them", function()
    if not com.compile_idl then return pending "there is no com.compile_idl yet" end
    local base <const> = os.tmpname()
    describe_library():WriteTLB(base)
    local till <const> = { Total = 1.5, Sell = function(self, what, count)
      self.Total = self.Total + (count or 1)
      return #what
    end }
    local object <const> = luacom.ImplInterfaceFromTypelib(till, base .. ".tlb", "ITill", "Till")
    assert.equal(4, object:Sell "beer")
    assert.equal(2.5, object.Total)
    for _, ending in ipairs { "", ".odl", ".tlb" } do os.remove(base .. ending) end
  end)
end)

describe("luacom.DetectAutomation", function()
  local before
  before_each(function() before = _G.arg end)
  after_each(function() _G.arg = before end)

  it("does what the command line says, without case", function()
    local done <const> = {}
    local t <const> = { Register = function() done[1] = "registered" return true end,
      UnRegister = function() done[2] = "unregistered" return true end }
    _G.arg = { [0] = "x.lua", "/REGISTER" }
    assert.is_true(luacom.DetectAutomation(t))
    _G.arg = { [0] = "x.lua", "/UnRegister" }
    assert.is_true(luacom.DetectAutomation(t))
    assert.same({ "registered", "unregistered" }, done)
    _G.arg = { [0] = "x.lua" }
    assert.is_nil(luacom.DetectAutomation(t))
    _G.arg = nil
    assert.equal(t, luacom.DetectAutomation(t))
  end)
end)
