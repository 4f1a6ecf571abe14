-- Recordings: com.spy(o, file) and com.replay.
local com <const> = require "oleander"
local core <const> = require "oleander.core"
local dkjson <const> = require "dkjson"
local support <const> = require "tests.bridge.support"

local library <const> = com.compile_idl [[
[uuid(5D1C9A10-0E4B-4C6E-8B57-3D2A6E1F0000), version(1.0)]
library Recorded {
  importlib("stdole2.tlb");
  [uuid(5D1C9A10-0E4B-4C6E-8B57-3D2A6E1F0001)] struct Point { long x; double y; BSTR Name; };
  [uuid(5D1C9A10-0E4B-4C6E-8B57-3D2A6E1F0002), dual, oleautomation]
  interface IPart : IDispatch {
    [id(1), propget] HRESULT Name([out, retval] BSTR *text);
    [id(1), propput] HRESULT Name([in] BSTR text);
    [id(2)] HRESULT Notify([in] long value, [out, retval] long *answer);
  };
  [uuid(5D1C9A10-0E4B-4C6E-8B57-3D2A6E1F0003), dual, oleautomation]
  interface IMain : IDispatch {
    [id(1)] HRESULT Echo([in] VARIANT value, [out, retval] VARIANT *result);
    [id(2)] HRESULT Swap([in, out] long *a, [in, out] BSTR *b, [out] double *c, [out, retval] VARIANT_BOOL *done);
    [id(3)] HRESULT Part([in] BSTR which, [out, retval] IPart **part);
    [id(4)] HRESULT Same([in] IPart *part, [out, retval] BSTR *text);
    [id(5)] HRESULT Ask([in] IPart *client, [in] long value, [out, retval] long *answer);
    [id(6)] HRESULT Move([in] struct Point *point, [out, retval] struct Point *moved);
    [id(7)] HRESULT Sum([in] SAFEARRAY(double) numbers, [out, retval] double *sum);
    [id(8)] HRESULT Next([out, retval] hyper *number);
    [id(9)] HRESULT Tick([in] long count);
    [id(10), propget] HRESULT Size([in] BSTR of, [out, retval] long *size);
    [id(10), propput] HRESULT Size([in] BSTR of, [in] long size);
    [id(11)] HRESULT Fail([in] BSTR text);
    [id(-4), propget] HRESULT _NewEnum([out, retval] IUnknown **all);
  };
  [uuid(5D1C9A10-0E4B-4C6E-8B57-3D2A6E1F0004), oleautomation]
  interface IExtra : IUnknown { HRESULT Twice([in] long a, [out, retval] long *b); };
  [uuid(5D1C9A10-0E4B-4C6E-8B57-3D2A6E1F0005)]
  dispinterface _Events {
    properties:
    methods:
      [id(1)] void Ticked([in] long count, [in] BSTR text);
      [id(2)] long Question([in] long value);
  };
  [uuid(5D1C9A10-0E4B-4C6E-8B57-3D2A6E1F0006)]
  coclass Main { [default] interface IMain; interface IExtra; [default, source] dispinterface _Events; };
};
]]

local function make_part(name)
  local part <const> = { _name = name, notified = 0 }
  function part:get_Name() return self._name end
  function part:set_Name(value) self._name = value end
  function part:Notify(value)
    self.notified = self.notified + value
    return value * 2
  end
  return part
end

--- A server with a mistake: `change` replaces some of its methods.
local function make(change)
  local main, object = { _parts = {}, _count = 0, _sizes = {} }, nil
  function main.Echo(_, value) return value end
  function main.Swap(_, a, b) return true, #b, tostring(a), a / 2 end
  function main:Part(name)
    self._parts[name] = self._parts[name] or com.object(make_part(name), "IPart", library)
    return self._parts[name]
  end
  function main.Same(_, part) return type(part) == "table" and part:get_Name() or part.Name end
  function main.Ask(_, client, value)
    client = type(client) == "table" and com.object(client, "IPart", library) or client
    return client:Notify(value) + client:Notify(value + 1)
  end
  function main.Move(_, point) return { x = point.x + 1, y = point.y + 0.5, Name = point.Name .. "!" } end
  function main.Sum(_, numbers)
    local sum = 0
    for i = 1, #numbers do sum = sum + numbers[i] end
    return sum
  end
  function main:Next()
    self._count = self._count + 1
    return 2 ^ 53 // 1 | self._count
  end
  function main.Tick(_, count)
    for i = 1, count do com.fire(object, "Ticked", i, "tick " .. i) end
  end
  function main:get_Size(of) return self._sizes[of] or 0 end
  function main:set_Size(of, size) self._sizes[of] = size end
  function main.Fail(_, text) com.error(com.hr.E_ACCESSDENIED, text, { source = "Main", helpcontext = 7 }) end
  function main.Twice(_, a) return 2 * a end
  setmetatable(main, { __pairs = function()
    return function(_, i)
      i = (i or 0) + 1
      if i <= 3 then return i, i * 10 end
    end
  end })
  for name, f in pairs(change or {}) do main[name] = f end
  core.mark_exact(main) -- Echo gives back what came
  object = com.object(main, "Main", library)
  return object, main
end

local path

local function lines_of(name)
  local list <const> = {}
  for line in io.lines(name or path) do list[#list + 1] = dkjson.decode(line, 1, dkjson.null) end
  return list
end

local function record(f, change)
  do
    local o <const> = make(change)
    local spy <const> = com.spy(o, path)
    f(spy)
  end
  collectgarbage()
  return lines_of()
end

local function write(text)
  local file <close> = assert(io.open(path, "wb"))
  file:write(text)
end

local function read()
  local file <close> = assert(io.open(path, "rb"))
  return file:read "a"
end

describe("com.spy with a file", function()
  before_each(function() path = os.tmpname() end)
  after_each(function() os.remove(path) end)

  it("begins with a header that says format, type, IID and library", function()
    local lines <const> = record(function() end)
    assert.equal(1, #lines)
    local header <const> = lines[1]
    assert.equal("oleander recording", header.format)
    assert.equal(1, header.version)
    assert.equal("Recorded.Main", header.type)
    assert.equal("{5D1C9A10-0E4B-4C6E-8B57-3D2A6E1F0003}", header.iid)
    assert.equal("{5D1C9A10-0E4B-4C6E-8B57-3D2A6E1F0000}", header.library.guid)
    assert.truthy(header.library.idl:find "coclass Main")
  end)

  it("writes a line for each call, with types, results, error, thread and times", function()
    local lines <const> = record(function(o)
      assert.same({ true, 3, "5", 2.5 }, { o:Swap(5, "abc") })
      o.Size.small = 3
      assert.equal(3, o.Size.small)
      support.fails({ hresult = com.hr.E_ACCESSDENIED, source = "Main", text = "no way" }, o.Fail, o, "no way")
    end)
    local swap <const>, put <const>, get <const>, failed <const> = table.unpack(lines, 2)
    assert.same({ { t = "i4", v = 5 }, { t = "bstr", v = "abc" } }, swap.args)
    assert.same({ { t = "bool", v = true }, { t = "i4", v = 3 }, { t = "bstr", v = "5" }, { t = "r8", v = 2.5 } },
      swap.results)
    assert.equal("method", swap.kind)
    assert.equal("Swap", swap.member)
    assert.same({ 1, 1, 0 }, { swap.n, swap.object, swap.hresult })
    for _, key in ipairs { "time", "thread", "us" } do assert.equal("number", type(swap[key]), key) end
    assert.same({ "put", "get", "method" }, { put.kind, get.kind, failed.kind })
    assert.same({ { t = "bstr", v = "small" }, { t = "i4", v = 3 } }, put.args)
    assert.equal(com.hr.E_ACCESSDENIED, failed.hresult)
    assert.equal("no way", failed.error.description)
    assert.equal("Main", failed.error.source)
    assert.same({}, failed.results)
  end)

  local wires <const> = {
    { com.vt.i1(-3), { t = "i1", v = -3 } }, { com.vt.ui1(250), { t = "ui1", v = 250 } },
    { com.vt.i2(-5), { t = "i2", v = -5 } }, { com.vt.ui2(65535), { t = "ui2", v = 65535 } },
    { -7, { t = "i4", v = -7 } }, { com.vt.ui4(4000000000), { t = "ui4", v = 4000000000 } },
    { com.vt.i8(9007199254740993), { t = "i8", v = "9007199254740993" } },
    { com.vt.ui8(-1), { t = "ui8", v = "18446744073709551615" } },
    { com.vt.int(5), { t = "int", v = 5 } }, { com.vt.uint(6), { t = "uint", v = 6 } },
    { com.vt.r4(0.5), { t = "r4", v = 0.5 } }, { 0.1, { t = "r8", v = 0.1 }, "0.10000000000000001" },
    { 1 / 0, { t = "r8", v = "inf" } }, { -1 / 0, { t = "r8", v = "-inf" } }, { 0 / 0, { t = "r8", v = "nan" } },
    { true, { t = "bool", v = true } }, { "\u{E4}\0b", { t = "bstr", v = "\u{E4}\0b" } },
    { "\xED\xA0\x80", { t = "bstr", v = "7aCA", base64 = true } },
    { com.currency "12.3456", { t = "cy", v = "12.3456" } }, { com.decimal "1.25", { t = "decimal", v = "1.25" } },
    { core.decimal_digits "-1.2500", { t = "decimal", v = "-1.2500" } },
    { core.decimal_digits "0.00", { t = "decimal", v = "0.00" } },
    { com.vt.error(0x80020005), { t = "error", v = 0x80020005 } },
    { com.null, { t = "null" } }, { com.empty, { t = "empty" } }, { com.missing, { t = "missing" } },
    { com.nothing, { t = "dispatch", v = dkjson.null } },
    { com.array("i2", { -1, 1 }, { 4, 5, 6 }), { t = "array", of = "i2", bounds = { -1, 1 }, v = { 4, 5, 6 } } },
    { com.array("r8", { { 0, 1 }, { 0, 1 } }, { { 1, 2 }, { 3, 4 } }),
      { t = "array", of = "r8", bounds = { 0, 1, 0, 1 }, v = { 1, 2, 3, 4 } } },
    { com.bytes "\0\xFF", { t = "array", of = "ui1", bounds = { 0, 1 }, v = "AP8=", base64 = true } },
    { com.array("variant", 2, { com.vt.i2(1), "x" }), { t = "array", of = "variant", bounds = { 0, 1 },
      v = { { t = "i2", v = 1 }, { t = "bstr", v = "x" } } } },
    { com.record("Point", { x = 1, y = 2.5, Name = "p" }, library), { t = "record", type = "Point",
      guid = "{5D1C9A10-0E4B-4C6E-8B57-3D2A6E1F0001}", library = "{5D1C9A10-0E4B-4C6E-8B57-3D2A6E1F0000}",
      v = { x = { t = "i4", v = 1 }, y = { t = "r8", v = 2.5 }, Name = { t = "bstr", v = "p" } } } },
  }

  it("keeps the wire type of every value, there and back", function()
    local lines <const> = record(function(o)
      for _, case in ipairs(wires) do o:Echo(case[1]) end
    end)
    for i, case in ipairs(wires) do
      assert.same({ case[2] }, lines[i + 1].args, "case " .. i)
      assert.same({ case[2] }, lines[i + 1].results, "case " .. i)
    end
    assert.truthy(read():find("0.10000000000000001", 1, true))
    local mock <const> = com.replay(path)
    for i, case in ipairs(wires) do
      local result <const> = mock:Echo(case[1])
      if type(case[1]) == "number" and case[1] == case[1] or type(case[1]) == "string" then
        assert.equal(case[1], result, "case " .. i)
      end
    end
    assert.same({}, com.replay(path, (make())))
  end)

  it("records dates to the last digit", function()
    local date <const> = com.date "2024-02-29 13:14:15"
    local lines <const> = record(function(o) assert.equal(date, o:Echo(date)) end)
    assert.equal("date", lines[2].args[1].t)
    assert.equal(com.tonumber(date), lines[2].args[1].v)
    assert.equal(date, com.replay(path):Echo(date))
  end)

  it("implements the whole class: every interface, Invoke, enumeration and events", function()
    local heard <const> = {}
    local lines <const> = record(function(o)
      assert.equal(8, com.query(o, "IExtra"):Twice(4))
      local all <const> = {}
      for _, value in com.each(o) do all[#all + 1] = value end
      assert.same({ 10, 20, 30 }, all)
      local connection <close> = com.on(o, "Ticked", function(count, text) heard[#heard + 1] = count .. text end)
      o:Tick(2)
      assert.truthy(connection)
    end)
    assert.same({ "1tick 1", "2tick 2" }, heard)
    for i, name in ipairs { "Twice", "_NewEnum", "Ticked", "Ticked", "Tick" } do
      assert.equal(name, lines[i + 1].member)
    end
    assert.equal("event", lines[4].kind)
    assert.same({ lines[6].n, lines[6].n }, { lines[4].during, lines[5].during })
    assert.same({ { t = "i4", v = 1 }, { t = "bstr", v = "tick 1" } }, lines[4].args)
  end)

  it("records returned objects and callbacks, and keeps their identity", function()
    local part <const> = make_part "client"
    local lines <const> = record(function(o)
      local one <const> = o:Part "one"
      assert.equal(one, o:Part "one")
      assert.not_equal(one, o:Part "two")
      one.Name = "renamed"
      assert.equal("renamed", o:Same(one))
      assert.equal(2 * 5 + 2 * 6, o:Ask(com.object(part, "IPart", library), 5))
      assert.equal(11, part.notified)
    end)
    assert.equal(2, lines[2].results[1].v)
    assert.equal("Recorded.IPart", lines[2].results[1].type)
    assert.equal(2, lines[3].results[1].v)
    assert.equal(3, lines[4].results[1].v)
    assert.same({ "put", 2, "Name" }, { lines[5].kind, lines[5].object, lines[5].member })
    assert.equal(2, lines[6].args[1].v)
    assert.same({ "callback", "method", "Notify", lines[9].n }, { lines[7].kind, lines[7].access, lines[7].member,
      lines[7].during })
    assert.equal(lines[9].args[1].v, lines[7].object)
  end)

  it("refuses what it can't record", function()
    support.fails({ name = "E_INVALIDARG", text = "a string" }, com.spy, "x", path)
    support.fails({ name = "E_INVALIDARG", text = "path" }, com.spy, (make()), 5)
    support.fails({ name = "E_INVALIDARG", text = "/no/such/folder/file" }, com.spy, (make()), "/no/such/folder/file")
  end)
end)

describe("com.replay", function()
  before_each(function() path = os.tmpname() end)
  after_each(function() os.remove(path) end)

  local function session(o)
    local out <const> = {}
    local function say(...)
      for _, value in ipairs(table.pack(...)) do out[#out + 1] = tostring(value) end
    end
    local connection <close> = com.on(o, "Ticked", function(count, text) say("event", count, text) end)
    say(o:Next())
    say(o:Next())
    say(o:Swap(9, "xyz"))
    local one <const>, two <const> = o:Part "one", o:Part "two"
    say(one.Name, two.Name, one == two)
    two.Name = "other"
    say(o:Same(two))
    o:Tick(2)
    local client <const> = make_part "client"
    say(o:Ask(com.object(client, "IPart", library), 3), client.notified)
    local moved <const> = o:Move { x = 1, y = 1, Name = "p" }
    say(moved.x, moved.y, moved.Name)
    say(o:Sum { 1, 2, 3.5 })
    say(select(2, com.try(o.Fail, o, "text")).description)
    for _, value in com.each(o) do say(value) end
    say(com.query(o, "IExtra"):Twice(21))
    assert(connection)
    return table.concat(out, " ")
  end

  it("answers as the object did, with its events and callbacks", function()
    local said
    record(function(o) said = session(o) end)
    assert.equal(said, session(com.replay(path)))
    assert.same({}, com.replay(path, (make())))
  end)

  it("gives the same call twice the answers in their order, and then refuses", function()
    record(function(o) o:Next() o:Next() end)
    local mock <const> = com.replay(path)
    assert.equal(2 ^ 53 // 1 | 1, mock:Next())
    assert.equal(2 ^ 53 // 1 | 2, mock:Next())
    support.fails({ name = "E_UNEXPECTED", text = { "Main.Next()", "end" } }, mock.Next, mock)
  end)

  it("refuses what was not recorded there and names the nearest", function()
    record(function(o)
      o:Sum { 1, 2 }
      o:Echo(5)
      o:Tick(0)
    end)
    local mock <const> = com.replay(path)
    support.fails({ name = "E_UNEXPECTED", text = { "Sum({1.0, 3.0})", "Sum({1, 2})", "n 1" } }, mock.Sum, mock,
      { 1, 3 })
    support.fails({ name = "E_UNEXPECTED", text = { "Main.Echo(6)", "n 1", "nearest is Main.Echo(5) (n 2)" } },
      mock.Echo, mock, 6)
    support.fails({ name = "E_UNEXPECTED" }, mock.Echo, mock, 5)
    assert.equal(3, mock:Sum { 1, 2 })
    assert.equal(5, mock:Echo(5))
  end)

  it("raises events between calls at their time", function()
    -- A server with a timer: the event comes when no call runs.
    local object
    local function fire() com.fire(object, "Ticked", 7, "late") end
    local o <const>, main <const> = make { Tick = function() com.after(0.05, fire) end }
    object = o
    local spy <const> = com.spy(o, path)
    spy:Tick(0)
    com.sleep(0.2)
    spy:Next()
    local heard <const> = {}
    local mock <const> = com.replay(path)
    local connection <close> = com.on(mock, "Ticked", function(count) heard[#heard + 1] = count end)
    mock:Tick(0)
    assert.same({}, heard)
    com.sleep(0.2)
    assert.same({ 7 }, heard)
    mock:Next()
    assert.truthy(connection and main)
    local quick <const> = com.replay(path)
    heard[1] = nil
    local second <close> = com.on(quick, "Ticked", function(count) heard[#heard + 1] = count end)
    quick:Tick(0)
    quick:Next()
    assert.same({ 7 }, heard)
    assert.truthy(second)
  end)

  it("lists what another server does differently", function()
    record(function(o) session(o) end)
    local function only(change)
      local list <const> = com.replay(path, (make(change)))
      assert.equal(1, #list, list[1] and list[2] and list[1].text .. "\n" .. list[2].text)
      return list[1]
    end
    local sum <const> = only { Sum = function() return 7 end }
    assert.same({ "Sum", 6.5, 7.0 }, { sum.member, sum.expected, sum.got })
    local lines <const> = lines_of()
    for _, line in ipairs(lines) do
      if line.member == "Sum" then assert.equal(line.n, sum.n) end
    end
    local failed <const> = only { Sum = function() com.error(com.hr.E_FAIL, "no") end }
    assert.same({ 6.5, "E_FAIL (no)" }, { failed.expected, failed.got })
    local works <const> = only { Fail = function() end }
    assert.same({ "E_ACCESSDENIED (text)", "success" }, { works.expected, works.got })
    local called <const> = only { Ask = function(_, client, value) return client:Notify(value) + 2 * value + 2 end }
    assert.truthy(called.text:find "Notify")
    local events <const> = com.replay(path, (make { Tick = function() end }))
    assert.equal(2, #events)
    assert.same({ "Ticked", "Ticked" }, { events[1].member, events[2].member })
    assert.is_nil(events[1].got)
  end)

  it("records and plays an object without a class, made from a table", function()
    local o <const> = com.object(setmetatable({ Total = 0, Add = function(self, a) self.Total = self.Total + a end },
      { __name = "Adder", __types = { Add = "void (r8 a)", Total = "r8" }, __events = { Full = "(r8 total)" } }))
    do
      local spy <const> = com.spy(o, path)
      spy:Add(2)
      assert.equal(2.0, spy.Total)
    end
    local mock <const> = com.replay(path)
    mock:Add(2)
    assert.equal(2.0, mock.Total)
    assert.equal(com.typeof(o).guid, com.typeof(mock).guid)
  end)

  it("gives on success codes other than S_OK", function()
    do
      local spy <const> = com.spy(support.make "Calc", path)
      assert.same({ 1, 5, n = 2 }, table.pack(com.call_status(spy, "Status", 1)))
      assert.same({ 0, 5, n = 2 }, table.pack(com.call_status(spy, "Status", 0)))
    end
    local mock <const> = com.replay(path)
    assert.same({ 1, 5, n = 2 }, table.pack(com.call_status(mock, "Status", 1)))
    assert.same({ 0, 5, n = 2 }, table.pack(com.call_status(mock, "Status", 0)))
    assert.same({}, com.replay(path, support.make "Calc"))
  end)

  it("says what is wrong with a file", function()
    record(function(o) o:Next() o:Next() end)
    local good <const> = read()
    local header <const> = good:match "^[^\n]*\n"
    local cases <const> = {
      { "", "is no recording: it is empty" }, { "hello\n", "is no recording: its first line is no JSON" },
      { "{}\n", "is no recording: its first line is none of one" },
      { (good:gsub('"version":1', '"version":2', 1)), "a recording of version 2" },
      { good:sub(1, -10), ":3: the recording is cut off in the middle of this line" },
      { header .. '{"n":1}\n', ":2: the line is damaged: object is missing" },
      { header .. "{\n", ":2: the line is damaged" },
      { header .. ("["):rep(100000) .. "\n", ":2: the line is damaged" },
      { (good:gsub('"kind":"method"', '"kind":"dance"', 1)), "there is no kind dance" },
      { (good:gsub('"n":2', '"n":1', 1)), "n 1 comes a second time" },
      { good:sub(1, #header // 2), "is no recording" },
    }
    for i, case in ipairs(cases) do
      write(case[1])
      support.fails({ text = case[2] }, com.replay, path)
      assert(i)
    end
    support.fails({ name = "E_INVALIDARG" }, com.replay, "/no/such/file")
    support.fails({ name = "E_INVALIDARG" }, com.replay, 5)
    write(good)
    support.fails({ name = "E_INVALIDARG" }, com.replay, path, "x")
    assert.truthy(core)
  end)
end)
