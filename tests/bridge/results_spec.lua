--- Results of methods and handlers written in Lua, and what they are stored in.
local com <const> = require "oleander"
local support <const> = require "tests.bridge.support"

local fails <const> = support.fails

local build <const> = os.getenv "OLEANDER_BUILD" or "build/release"
local library <const> = com.typelib(build .. "/tests/bridge/results/results.tlb")

-- What each [out] parameter of DResults is when nothing is returned for it.
local outs <const> = {
  { "Strings", nil }, { "Text", "" }, { "Object", nil }, { "Number", 0 }, { "Any", nil },
  { "Exact", com.decimal "0" }, { "Truth", false }, { "Scode", 0 },
}

local function zero_spot(spot)
  assert.same({ 0, 0.0, "" }, { spot.x, spot.y, spot.name })
end

local function methods(f)
  return setmetatable({}, { __index = function() return f end })
end

describe("a method of a dispinterface that returns nothing", function()
  local o <const> = com.object(methods(function() end), library.types.DResults)

  it("gives records of zeros", function()
    zero_spot(o:Record())
    zero_spot(o:Get())
    local kept <const>, fresh <const> = o:Both { x = 1, y = 2, name = "n" }
    assert.same({ 1, 2.0, "n" }, { kept.x, kept.y, kept.name })
    zero_spot(fresh)
  end)

  for _, case in ipairs(outs) do
    it("gives the zero of " .. case[1], function()
      local got <const> = o[case[1]](o)
      if type(case[2]) == "nil" then assert.is_nil(got) else assert.is_true(case[2] == got) end
    end)
  end
end)

describe("a handler of an event that returns nothing", function()
  local t <const> = {}
  local o <const> = com.object(t, "Results", library)

  it("gives zeros", function()
    local connection <close> = com.connect(o, methods(function() end))
    assert.truthy(connection)
    zero_spot(com.fire(t, "Record"))
    for _, case in ipairs(outs) do
      local got <const> = com.fire(t, case[1])
      if type(case[2]) == "nil" then assert.is_nil(got) else assert.is_true(case[2] == got, case[1]) end
    end
  end)
end)

-- What a method gives for each type, and what a client gets; then the zero.
local values <const> = {
  { "I1", -5, -5, 0 }, { "UI1", 200, 200, 0 }, { "I2", -300, -300, 0 }, { "UI2", 60000, 60000, 0 },
  { "I4", -70000, -70000, 0 }, { "UI4", 4000000000, 4000000000, 0 }, { "I8", math.mininteger, math.mininteger, 0 },
  { "UI8", 5, 5, 0 }, { "Int", -7, -7, 0 }, { "Uint", 7, 7, 0 }, { "R4", 1.5, 1.5, 0.0 }, { "R8", 2.25, 2.25, 0.0 },
  { "Cy", com.currency "1.25", com.currency "1.25", com.currency "0" }, { "Bstr", "é", "é", "" },
  { "Date", com.date(2020, 1, 2), com.date(2020, 1, 2), com.date(1899, 12, 30) },
  { "Bool", true, true, false },
  { "Exact", com.decimal "1.5", com.decimal "1.5", com.decimal "0" }, { "Variant", "any", "any", nil },
  { "Wide", "wide é", "wide é", nil }, { "Narrow", "narrow", "narrow", nil },
  { "Scode", 0x80004005, 0x80004005, 0 },
  { "Guid", "{00020400-0000-0000-C000-000000000046}", "{00020400-0000-0000-C000-000000000046}",
    "{00000000-0000-0000-0000-000000000000}" },
  { "IntPtr", -9, -9, 0 }, { "UintPtr", 9, 9, 0 },
}

describe("a result of every base type", function()
  for _, call in ipairs { "vtable", "invoke" } do
    for _, case in ipairs(values) do
      it(("is given by %s: %s"):format(call, case[1]), function()
        local t <const> = {}
        local o <const> = com.query(com.object(t, library.types.IResults), library.types.IResults, { call = call })
        t[case[1]] = function() return case[2] end
        assert.is_true(case[3] == o[case[1]](o))
        t[case[1]] = function() end
        local zero <const> = o[case[1]](o)
        assert.is_true(case[4] == zero or (case[4] == nil and zero == ""), tostring(zero))
      end)
    end
  end

  it("is given by a dispinterface", function()
    for _, case in ipairs(values) do
      if library.types.DTypes.members[case[1]] then
        local o <const> = com.object({ [case[1]] = function() return case[2] end }, library.types.DTypes)
        assert.is_true(case[3] == o[case[1]](o), case[1])
      end
    end
  end)
end)

describe("a variable that cannot get a result", function()
  -- On both routes: through the object of a dispinterface and of a dual interface.
  local function refuses(type, members)
    local ran = 0
    local o <const> = com.object(methods(function() ran = ran + 1 end), type)
    com.assume(o, "DMisfits", library)
    for _, name in ipairs(members) do
      fails({ name = "DISP_E_TYPEMISMATCH" }, o[name], o)
      assert.equal(0, ran, name)
    end
  end

  it("is refused before the method runs", function()
    refuses(library.types.DResults, { "Record", "Strings", "Text", "Object", "Number", "Exact", "Truth", "Scode" })
    refuses(library.types.IResults, { "Count" })
  end)

  it("of another type gets it converted, and the zero of its own type for nothing", function()
    local results <const> = { Text = "2.5", Number = 7, Exact = com.decimal "3", Truth = true }
    local function member(_, name) return function() return results[name] end end
    local t <const> = setmetatable({}, { __index = member })
    local o <const> = com.object(t, library.types.DResults)
    com.assume(o, "DOthers", library)
    assert.same({ 2.5, "7", 3 }, { o:Text(), o:Number(), o:Exact() })
    assert.is_true(com.decimal "-1" == o:Truth())
    results.Text, results.Number, results.Exact, results.Truth = nil, nil, nil, nil
    assert.same({ 0.0, "", 0 }, { o:Text(), o:Number(), o:Exact() })
    assert.is_true(com.decimal "0" == o:Truth())
    assert.is_nil(o:Any())
    assert.equal(0, o:Record().x)
    local dual <const> = com.object({ Count = function() return 5 end }, library.types.IResults)
    com.assume(dual, "DOthers", library)
    assert.equal("5", dual:Count())
  end)
end)

describe("a success code behind the results", function()
  local S_FALSE <const>, E_FAIL <const> = 1, 0x80004005
  local made <const> = com.compile_idl [[
    [uuid(0F2C1D58-9C77-4A6C-8F0B-61C5E58A8B31)] library Statuses { importlib("stdole2.tlb");
      [uuid(0F2C1D58-9C77-4A6C-8F0B-61C5E58A8B32), dual, oleautomation] interface IStatuses : IDispatch {
        [id(1)] HRESULT Add([in] long a, [in] long b, [out, retval] long *sum);
        [id(2)] HRESULT Note();
        [id(3)] HRESULT Pair([in] BSTR text, [out] VARIANT *other, [out, retval] BSTR *same);
        [id(4), propget] HRESULT Value([out, retval] long *value); } }]]
  local status

  local function object(meta, options)
    local o <const> = com.object(setmetatable({
      Add = function(_, a, b) return a + b, status end,
      Note = function() return status end,
      Pair = function(_, text) return text, 2, status end,
      get_Value = function() return 7, status end,
    }, meta), made.types.IStatuses)
    return options and com.query(o, "IDispatch") or o
  end

  local function expect(o, code, late)
    assert.same({ code, 5, n = 2 }, table.pack(com.call_status(o, "Add", 2, 3)))
    assert.equal(code, (com.call_status(o, "Note")))
    assert.equal(7, o.Value)
    if not late then assert.same({ code, "x", 2, n = 3 }, table.pack(com.call_status(o, "Pair", "x"))) end
  end

  it("is the method's where __status says so, through the vtable and through Invoke", function()
    for _, late in ipairs { false, true } do
      local o <const> = object({ __status = true }, late)
      status = com.vt.error(S_FALSE)
      expect(o, S_FALSE, late)
      status = nil
      expect(o, 0, late)
    end
  end)

  it("is nothing without that, and a failure or another value is none", function()
    status = com.vt.error(S_FALSE)
    expect(object(nil), 0)
    for _, value in ipairs { com.vt.error(E_FAIL), S_FALSE, com.missing, "text", com.null } do
      status = value
      expect(object { __status = true }, 0)
    end
  end)
end)
