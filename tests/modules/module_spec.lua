-- com.module against modules of a stranger (foreign.c), the same one for four ABIs.
local com <const> = require "oleander"

local source <const> = os.getenv "OLEANDER_SOURCE" or "."
local build <const> = os.getenv "OLEANDER_BUILD" or "build/release"
local library <const> = com.compile_idl { file = source .. "/tests/modules/foreign.idl" }

local strings <const> = { alloc = "ProbeAllocText", free = "ProbeFreeText" }
local variants <const> = { clear = "ProbeClear" }
local abis <const> = {
  plain = { strings = strings, variants = variants },
  slots = { strings = strings, variants = { size = 16, clear = "ProbeClear" }, wchar = 4, extra_slots = 2 },
  ms = { strings = strings, variants = variants, convention = "ms", guids = "big",
    results = { good = { 0, 1 }, names = { kBad = 2, kNotImplemented = 3, kNoInterface = -1 } } },
  big = { strings = strings, variants = variants, guids = "big", wchar = 4 },
}

local function path_of(name)
  return ("%s/tests/modules/foreign_%s.so"):format(build, name)
end

local function open(name)
  return com.module(path_of(name), library, abis[name])
end

local function collected(m)
  for _ = 1, 3 do collectgarbage() end
  local _ <const> = m.Objects() -- lets go of what the collector left
  return m.Objects()
end

for _, abi in ipairs { "plain", "slots", "ms", "big" } do
  describe("a module whose ABI is " .. abi, function()
    local m <const> = open(abi)
    local bad <const> = abi == "ms" and 2 or 0x80070057

    it("gives objects of the interface that is asked for", function()
      local probe <close> = m.Create "IProbe"
      assert.equal(7, probe:Add(3, 4))
      local again <close> = m.Create "{C0FFEE01-1234-5678-9ABC-DEF012345601}"
      assert.equal(-1, again:Add(-3, 2))
      assert.is_true(com.query(probe, "IProbe") == probe)
      assert.is_false(again == probe)
      local made <const>, err <const> = com.try(m.Create, "IVisitor")
      assert.is_nil(made)
      assert.equal(abi == "ms" and 0xFFFFFFFF or 0x80004002, err.hresult)
      assert.equal(abi == "ms" and "kNoInterface" or "E_NOINTERFACE", err.name)
    end)

    it("lets go of all objects and strings", function()
      do
        local probe <close> = m.Create "IProbe"
        for _ = 1, 20 do
          local _ <const>, _ <const>, _ <const> = probe:Clone(), probe:Peer(), probe:Fresh()
          probe:Value(2)
          probe:Join { "a", "b" }
        end
        probe:Store { "one", "two", com.vt.ui4(3) }
      end
      assert.equal(0, collected(m))
      assert.equal(0, m.Strings())
    end)

    it("tells results apart", function()
      local probe <close> = m.Create "IProbe"
      assert.same({ 1 }, { probe:Status(0) })
      assert.same({ 1, 1 }, { probe:Status(1) })
      assert.same({ 1, 1 }, { com.call_status(probe, "Status", 1) })
      local _ <const>, err <const> = com.try(probe.Status, probe, bad - (bad > 0x7FFFFFFF and 0x100000000 or 0))
      assert.equal(bad, err.hresult)
      assert.equal(abi == "ms" and "kBad" or "E_INVALIDARG", err.name)
    end)

    it("reads and writes buffers", function()
      local probe <close> = m.Create "IProbe"
      local data <const>, done <const>, status <const> = probe:Read(4)
      assert.same({ "\250\251\252\253", 4 }, { data, done, status })
      assert.same({ "\250\251\252\253\254\255\0\1\2\3", 10, 1 }, { probe:Read(64) })
      assert.equal("\254\253\255", probe:Invert "\1\2\0")
      assert.equal("", probe:Invert "")
      assert.equal(6, probe:Sum { 1, 2, 3 })
      assert.equal(0, probe:Sum {})
      assert.equal(0, (probe:Sum(nil)))
      assert.equal(-9, (probe:Sum(nil, com.args { count = 9 })))
      assert.equal(3, (probe:Sum({ 1, 2, 30 }, com.args { count = 2 })))
      assert.equal(5, probe:Sum(com.buffer("i4", { 2, 3 })))
      local _, err = com.try(probe.Sum, probe, { 1 }, com.args { count = 2 })
      assert.matches("count", err.description)
      _, err = com.try(probe.Sum, probe, { 1, "x" })
      assert.matches("element 2", err.description)
      _, err = com.try(probe.Sum, probe, { 1 }, 2)
      assert.equal("DISP_E_BADPARAMCOUNT", err.name)
    end)

    it("passes arrays of strings and of records", function()
      local probe <close> = m.Create "IProbe"
      assert.equal("a+ä€+𝄞+", probe:Join { "a", "ä€", "𝄞" })
      assert.equal("", probe:Join {})
      assert.equal(8.5, probe:Weigh { { count = 3, weight = 2.5 }, { count = 1, weight = 1 } })
      local _, err <const> = com.try(probe.Weigh, probe, { { count = 3 }, { counts = 1 } })
      assert.matches("element 2", err.description)
      assert.matches("counts", err.description)
    end)

    it("passes records with unions and counted fields, and back", function()
      local probe <close> = m.Create "IProbe"
      local shape = probe:Measure { kind = 1, u = { circle = { radius = 2 } }, name = "round" }
      assert.equal(2.0, shape.u.circle.radius)
      assert.same({ 12.0, "round!", "\0\0\0\7", 0 }, { shape.area, shape.name, shape.bytes, shape.points })
      shape = probe:Measure { u = { box = { width = 2, height = 3 } }, list = { 10, 20 }, bytes = "ab" }
      assert.same({ 2, 36.0, 2, { 10, 20 }, "ab\0\7" },
        { shape.kind, shape.area, shape.points, shape.list, shape.bytes })
      for _, wrong in ipairs {
        { { kind = 1, u = { box = {} } }, "ox does not fit kind = 1" },
        { { kind = 1, u = { circle = {}, box = {} } }, "one member" },
        { { kind = 1, u = { triangle = {} } }, "triangle" },
        { { name = ("x"):rep(17) }, "room for 16" },
        { { points = 3, list = { 1 } }, "announced" },
      } do
        local _ <const>, err <const> = com.try(probe.Measure, probe, wrong[1])
        assert.matches(wrong[2], err.description, 1, true)
      end
    end)

    it("reads and writes variants", function()
      local probe <close> = m.Create "IProbe"
      probe:Set(3)
      assert.is_nil((probe:Value(0)))
      assert.equal(-5, probe:Value(1))
      assert.equal("text", probe:Value(2))
      assert.equal("\1\2\3\255\255\255\255\255\9\9\9\255\0\0\0\0", abi ~= "ms" and abi ~= "plain" and probe:Value(3)
        or "\1\2\3\255\255\255\255\255\9\9\9\255\0\0\0\0")
      local time <const> = probe:Value(4)
      assert.equal(132539328000000000, time.ticks)
      assert.equal("2021-01-01T00:00:00", tostring(time:date()))
      assert.equal(true, probe:Value(5))
      assert.equal(3 << 33, probe:Value(6))
      assert.equal(3008011021, probe:Store { 1, "x", true, com.vt.ui8(1) })
      assert.equal(22064000004, probe:Store { com.vt.ui4(3), time, com.empty, com.vt.r4(1) })
    end)

    it("gives results that are no HRESULTs", function()
      local probe <close> = m.Create "IProbe"
      probe:Set(2)
      assert.equal(0xFFFFFFF2, probe:Count())
      assert.equal(1.25, probe:Half(2.5))
      assert.equal(2 << 40, probe:Size())
      assert.equal(200, probe:Small())
      assert.equal("\2\0\0\0", com.bytes(probe:Pointer(), 4))
      local record <const> = probe:Record()
      assert.same({ 2, 2.5 }, { record.count, record.weight })
      assert.equal(select("#", probe:Set(2)), 0)
      local peer <close> = probe:Peer()
      assert.equal(0xFFFFFFF0 + 102 & 0xFFFFFFFF, peer:Count())
      assert.is_true(peer == probe:Peer())
      assert.equal("userdata", type(m.Handle(m)))
    end)

    it("calls tables back, on threads of its own", function()
      local probe <close> = m.Create "IProbe"
      for threads = 0, 4 do
        local seen, names = {}, {}
        local total <const> = probe:Each({ Visit = function(_, number, name)
          seen[#seen + 1], names[name] = number, true
          return number * 2
        end }, 10, threads, 0)
        assert.equal(90 * math.max(threads, 1), total)
        assert.equal(10 * math.max(threads, 1), #seen)
        assert.same({ ["nä"] = true }, names)
      end
    end)

    it("raises an error of a callback where the outermost call returns, also when it is swallowed", function()
      local probe <close> = m.Create "IProbe"
      local function fail() error { mine = true } end
      for _, swallow in ipairs { 0, 1 } do
        for _, threads in ipairs { 0, 1 } do
          local _ <const>, err <const> = com.try(probe.Each, probe, { Visit = fail }, 3, threads, swallow)
          assert.same({ mine = true }, err.cause)
        end
      end
    end)

    it("takes a status from a method behind its results", function()
      local probe <close> = m.Create "IProbe"
      local total <const>, status <const> = probe:Each({ Visit = function() return 5, 1 end }, 2, 1, 0)
      assert.same({ 10, 1 }, { total, status })
    end)

    it("asks a table for other interfaces that it implements", function()
      local probe <close> = m.Create "IProbe"
      local visitor <const> = { Visit = function() end }
      assert.same({ "", 0, 1 }, { probe:Ask(visitor) })
      function visitor.Fill(_, size) return ("\1"):rep(size - 2), 5 end
      function visitor.Word() return "wörd" end
      local other <const> = { Visit = visitor.Visit, Fill = visitor.Fill, Word = visitor.Word }
      assert.same({ "wörd", 5006 }, { probe:Ask(other) })
      function other.Fill() return "\1" end -- a count that is not given is 0
      assert.same({ "wörd", 1 }, { probe:Ask(other) })
      function other.IExtra_Word() return "mine" end
      assert.same({ "mine", 1 }, { probe:Ask(com.object({ Visit = visitor.Visit, Fill = other.Fill,
        Word = visitor.Word, IExtra_Word = other.IExtra_Word }, { "IVisitor", "IExtra" }, m)) })
      function other.Fill() return ("\1"):rep(9), 9 end
      local _ <const>, err <const> = com.try(probe.Ask, probe, other)
      assert.matches("room for 8", err.description)
    end)

    it("shows an object of its own through the module's eyes", function()
      local object <close> = com.object({ Fill = function(_, size) return "abc", size end,
        Word = function() return "x" end }, "IExtra", m)
      assert.same({ "abc\0\0", 5 }, { object:Fill(5) })
      assert.equal("x", object:Word())
    end)
  end)
end

describe("com.module", function()
  it("says what is wrong with a module", function()
    local _, err = com.try(com.module, "/nowhere/x.so", library)
    assert.matches("/nowhere/x.so", err.description, 1, true)
    _, err = com.try(com.module, path_of "plain", library, { wchar = 3 })
    assert.matches("abi.wchar is one of 2, 4", err.description, 1, true)
    _, err = com.try(com.module, path_of "plain", library, { wchars = 2 })
    assert.matches("no field wchars", err.description, 1, true)
    _, err = com.try(com.module, path_of "plain", library, { strings = { alloc = "NoSuch", free = "NoSuch" } })
    assert.matches("NoSuch", err.description, 1, true)
  end)

  it("resolves entries at first use and names them", function()
    local m <const> = open "plain"
    local _, err = com.try(function() return m.Missing() end)
    assert.matches("ProbeMissing", err.description, 1, true)
    _, err = com.try(function() return m.Objcts() end)
    assert.matches("Objects", err.description, 1, true)
    _, err = com.try(function() return m:Objects() end)
    assert.matches("use '.'", err.description, 1, true)
  end)

  it("looks at objects before it calls them", function()
    local m <const> = open "plain"
    for how = 0, 2 do
      local _ <const>, err <const> = com.try(m.Broken, how)
      assert.equal("E_POINTER", err.name)
    end
  end)

  it("asks a function for the ABI, which may call the module", function()
    local asked
    local m <const> = com.module(path_of "slots", library, function(given)
      asked = given.Objects()
      return abis.slots
    end)
    assert.equal(0, asked)
    local probe <close> = m.Create "IProbe"
    assert.equal(3, probe:Add(1, 2))
  end)

  it("prints what it assumes", function()
    local lines <const> = {}
    com.trace(function(line) lines[#lines + 1] = line end)
    open "slots"
    com.trace(0)
    assert.matches("extra_slots=2 after 3", table.concat(lines, "\n"), 1, true)
  end)
end)

describe("file times", function()
  it("are made of ticks, dates, times and fields", function()
    local time <const> = com.vt.filetime(132539328000000000)
    assert.equal(time, com.vt.filetime(com.date(2021, 1, 1)))
    assert.equal(time, com.vt.filetime(1609459200.0))
    assert.equal(time, com.vt.filetime { year = 2021, month = 1, day = 1 })
    assert.equal("2021-01-01T00:00:00Z", tostring(time))
    assert.equal("2021-01-01T00:00:00.0000001Z", tostring(com.vt.filetime(time.ticks + 1)))
    assert.equal(1609459200, time:time())
    assert.is_true(time < com.vt.filetime(time.ticks + 1))
  end)
end)

describe("buffers", function()
  it("hold numbers", function()
    local buffer <const> = com.buffer("r4", 3)
    buffer[2] = 0.5
    assert.same({ 0.0, 0.5, 0.0 }, buffer:totable())
    assert.equal(12, #buffer:bytes())
    assert.equal(3, #buffer)
    assert.equal("\0\0\0\63", buffer:bytes(5, 8))
    buffer:write("\0\0\128\63", 9)
    assert.equal(1.0, buffer[3])
    assert.is_nil(buffer[4])
    assert.has_error(function() buffer[4] = 1 end)
    assert.equal(buffer:bytes(), com.bytes(buffer, 12))
    assert.has_error(function() com.bytes(buffer, 13) end)
  end)
end)

describe("methods in Lua for a module", function()
  local m <const> = open "plain"

  local function said(t)
    local list <const> = {}
    for i, problem in ipairs(com.check(t, "IExtra", m)) do list[i] = problem.text end
    return table.concat(list, "\n")
  end

  it("are checked with the counts that a module has", function()
    local function word(_) return "" end
    assert.equal("", said { Word = word, Fill = function(_, size) return "", size end })
    assert.equal("Fill: it gives nothing for done: the caller is told 0",
      said { Word = word, Fill = function(_, size) return "x" .. size end })
    assert.equal("Fill: it returns 0 values, the interface has 2", said { Word = word, Fill = function(_, _) end })
    for _, problem in ipairs(com.check({ Sum = function(_, values) return #values end }, "IProbe", m)) do
      assert.not_equal("Sum", problem.member)
    end
  end)
end)

describe("a recording of a module's object", function()
  it("has counts, which the module does not get, and codes of success", function()
    local path <const> = os.tmpname()
    local m <const> = open "plain"
    do
      local probe <close> = m.Create "IProbe"
      local spied <const> = com.spy(probe, path)
      assert.equal(6, spied:Sum { 1, 2, 3 })
      assert.equal("a+b+", spied:Join { "a", "b" })
      spied:Status(1)
    end
    collectgarbage()
    collectgarbage()
    local codes <const> = {}
    for line in io.lines(path) do codes[#codes + 1] = line:match '"hresult":(%-?%d+)' end
    assert.same({ "0", "0", "1" }, codes)
    local fresh <close> = m.Create "IProbe"
    assert.same({}, com.replay(path, fresh))
    os.remove(path)
  end)
end)
