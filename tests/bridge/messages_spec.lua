--- What errors say: the function, the cause, the place.
local com <const> = require "oleander"
local support <const> = require "tests.bridge.support"
local fails <const>, failure <const>, make <const> = support.fails, support.failure, support.make

local function nested()
  local t <const> = {}
  t[1] = t
  return t
end

describe("an error names what is wrong", function()
  local day <const> = { year = 2020, month = 1, day = 1 }
  local function date(fields)
    for name, value in pairs(day) do fields[name] = value end
    return com.date(fields)
  end

  -- what it must say, the call
  local cases <const> = {
    { { "com.enum_name", "an object is wanted" }, com.enum_name, 5 },
    { { "com.enum_name", "no enumeration" }, com.enum_name, make "Calc", "Shade", 1 },
    { { "com.format", "nothing was given" }, com.format },
    { { "com.each", "an array", "pairs and ipairs" }, com.each, com.array("i4", nil, { 1 }) },
    { { "com.each", "a table", "pairs and ipairs" }, com.each, { 1 } },
    { { "com.each", "an object is wanted" }, com.each, "x" },
    { { "com.typelib", "neither a class nor a file No.Such.ProgID" }, com.typelib, "No.Such.ProgID" },
    { { "com.typelib", "/no/such.tlb: there is no such file" }, com.typelib, "/no/such.tlb" },
    { { "com.typelib", "/etc: it is a folder" }, com.typelib, "/etc" },
    { { "com.typelib", "/dev/null: it cannot be read" }, com.typelib, "/dev/null" },
    { { "com.typelib", "an empty text" }, com.typelib, "" },
    { { "com.typelib", "is registered neither" }, com.typelib, "{5D2B7E30-91C4-4A0B-8E55-000000000000}" },
    { { "the fields are no date: month is 13; an integer from 1 to 12" }, com.date, 2020, 13, 1 },
    { { "the fields are no date: month is missing" }, com.date, { year = 2020, day = 1 } },
    { { "the fields are no date: year is 99;" }, com.date, 99, 1, 1 },
    { { "the fields are no date: day is a string" }, com.date, 2020, 1, "x" },
    { { "the fields are no date: hour is 1.5;" }, com.date, 2020, 1, 1, 1.5 },
    { { "the fields are no date: min is a table" }, com.date, 2020, 1, 1, 0, {} },
    { { "the fields are no date: sec is 60; a number from 0 to 59" }, com.date, 2020, 1, 1, 0, 0, 60 },
    { { "the fields are no date: sec is -0.001;" }, com.date, 2020, 1, 1, 0, 0, -0.001 },
    { { "the fields are no date: ms is 1000;" }, com.date, { year = 2020, month = 1, day = 1, ms = 1000 } },
    { { "the fields are no date: ms is -0.6;" }, com.date, { year = 2020, month = 1, day = 1, ms = -0.6 } },
    { { "month 2 of the year 2021 has no day 29" }, com.date, "2021-02-29" },
    { { "dates end" }, com.date, 9999, 12, 31, 23, 59, 59.9999 },
    { { "element 1: ... element 1: ", "nested too deep" }, com.array, "variant", nil, nested() },
    { { "element 3: ... element 1: ", "nested too deep" }, make "Types".Variants, make "Types", { 1, 2, nested() } },
  }
  for i, case in ipairs(cases) do
    it(("%d: %s"):format(i, table.concat(case[1], ", ")), function()
      fails({ text = case[1] }, table.unpack(case, 2))
    end)
  end

  it("and milliseconds that round to none are none", function()
    for _, ms in ipairs { -0.4, -0.5, -1e-9, 0, 0.4 } do
      assert.equal("2020-01-01T00:00:00", tostring(date { ms = ms }))
      assert.equal("2020-01-01T00:00:00", tostring(com.date(2020, 1, 1, 0, 0, ms / 1000)))
    end
    assert.equal("2020-01-01T00:00:01", tostring(date { ms = 999.6 }))
    assert.equal("2020-01-01T00:00:59", tostring(date { sec = 59, ms = -0.2 }))
    assert.equal("2020-01-02T00:00:00", tostring(date { hour = 23, min = 59, sec = 59.9996 }))
  end)
end)

describe("the position of an error", function()
  it("of a Lua function comes behind that of the caller", function()
    local o <const> = com.object { Fail = function()
      error "the reason"
    end }
    local inner <const> = debug.getinfo(1, "l").currentline - 2
    local outer <const> = debug.getinfo(1, "l").currentline + 1
    local err <const> = failure(function() o:Fail() end)
    local file <const> = debug.getinfo(1, "S").short_src
    assert.equal(("%s:%d: the reason (at %s:%d) (0x80004005 E_FAIL)"):format(file, outer, file, inner), tostring(err))
    local same <const> = failure(function() com.object { Fail = function() error "the reason" end }:Fail() end)
    local _, count <const> = tostring(same):gsub("messages_spec", "")
    assert.equal(1, count)
  end)
end)

describe("an error that a Lua server calls its own", function()
  local OWN <const> = 0x80040201 -- which some of OLE's interfaces know as CONNECT_E_ADVISELIMIT

  for _, text in ipairs { "the shop is closed", false } do
    it(text and "has no name of OLE's" or "and does not explain has the name that fits", function()
      local o <const> = com.object { Fail = function() com.error(OWN, text or nil) end }
      for _, client in ipairs { o, com.query(o, "IDispatch") } do
        local err <const> = failure(function() client:Fail() end)
        assert.equal(OWN, err.hresult)
        assert.equal(not text and "CONNECT_E_ADVISELIMIT" or nil, err.name)
        assert.equal(text and "the shop is closed" or err.description, err.description)
      end
    end)
  end

  it("keeps the name of a code that is everybody's", function()
    local o <const> = com.object { Fail = function() com.error(com.hr.E_ACCESSDENIED, "no key") end }
    fails({ name = "E_ACCESSDENIED", text = "no key" }, o.Fail, o)
  end)
end)
