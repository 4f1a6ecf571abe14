-- Objects without an interface: members that come and go, types that are made up from the table.
local com <const> = require "oleander"
local support <const> = require "tests.bridge.support"

local fails <const> = support.fails

describe("an object without an interface", function()
  it("has the members that the table has", function()
    local t <const> = { Value = 5, _private = 1 }
    function t:Double(x) return 2 * x + self.Value end
    function t:get_Text() return "text " .. self.Value end
    local o <const> = com.object(t)
    assert.equal(5, o.Value)
    assert.equal(11, o:Double(3))
    assert.equal("text 5", o.Text)
    o.Value = "new"
    assert.equal("new", t.Value)
    assert.is_true(com.has(o, "Value"))
    assert.is_false(com.has(o, "_private"))
    assert.is_false(com.has(o, "get_Text"))
    fails({ name = "DISP_E_UNKNOWNNAME" }, function() return o._private end)
  end)

  it("finds names without case where that is clear", function()
    assert.equal(3, com.object({ Add = function(_, a, b) return a + b end }):ADD(1, 2))
  end)

  it("refuses members that differ only in case", function()
    fails({ name = "DISP_E_UNKNOWNNAME", text = "differ only in case" }, com.object, { Add = print, add = print })
  end)

  it("gets members later, and loses them", function()
    local t <const> = { First = 1 }
    local o <const> = com.object(t)
    assert.equal(1, o.First)
    t.Second = function() return 2 end
    assert.equal(2, o:Second())
    t.Second = nil
    fails({}, function() return o:Second() end)
  end)

  it("takes names of parameters", function()
    local o <const> = com.object { Sub = function(_, a, b) return (a or 0) - (b or 0) end }
    assert.equal(-1, o:Sub(com.args { b = 3, a = 2 }))
    assert.equal(-3, o:Sub(com.args { b = 3 }))
    fails({ name = "DISP_E_UNKNOWNNAME" }, function() o:Sub(com.args { c = 1 }) end)
  end)

  it("passes any number of arguments to a vararg function", function()
    local o <const> = com.object { Count = function(_, ...) return select("#", ...) end }
    assert.equal(0, o:Count())
    assert.equal(5, o:Count(1, nil, 3, "x", true))
  end)

  it("is called through __call, and indexed through Item", function()
    local list <const> = { "a", "b" }
    local o <const> = com.object(setmetatable({ get_Item = function(_, i) return list[i] end }, {}))
    assert.equal("b", o[2])
    local f <const> = com.object(setmetatable({}, { __call = function(_, x) return x * 3 end }))
    assert.equal(12, f(4))
  end)

  it("may be a function", function()
    assert.equal(7, com.object(function(a, b) return a + b end)(3, 4))
  end)

  it("walks __index tables, not functions", function()
    local class <const> = { Hello = function() return "hello" end }
    assert.equal("hello", com.object(setmetatable({}, { __index = class })):Hello())
    local o <const> = com.object(setmetatable({}, { __index = function() return print end }))
    assert.is_false(com.has(o, "Anything"))
  end)

  it("keeps a read-only property", function()
    local o <const> = com.object { get_Fixed = function() return 1 end }
    fails({}, function() o.Fixed = 2 end)
    assert.equal(1, o.Fixed)
  end)

  it("is one object for one table", function()
    local t <const> = { Me = 1 }
    local a <const>, b <const> = com.object(t), com.object(t)
    assert.equal(a, b)
    assert.equal(t, com.table(a))
    assert.is_nil(com.table(support.make "Calc"))
  end)

  it("gives its own objects for its own tables", function()
    local inner <const> = { Name = "inner" }
    local kept <const> = com.object(inner)
    local o <const> = com.object { get_Inner = function() return inner end }
    assert.equal(inner, o.Inner)
    assert.equal("inner", kept.Name)
  end)

  it("is enumerated through __pairs", function()
    local o <const> = com.object(setmetatable({}, { __pairs = function() return ipairs { "x", "y" } end }))
    local seen <const> = {}
    for i, value in com.each(o) do seen[i] = value end
    assert.same({ "x", "y" }, seen)
    fails({}, function() for _ in com.each(com.object {}) do error "never" end end)
  end)

  it("says the error of its __pairs, and not later", function()
    local broken <const> = com.object(setmetatable({}, { __pairs = function() error("boom", 0) end }))
    local whole <const> = com.object(setmetatable({}, { __pairs = function() return ipairs { "x" } end }))
    for _, loop in ipairs { com.each, pairs } do
      fails({ text = "boom" }, function() for _ in loop(broken) do error "never" end end)
      local seen <const> = {}
      for i, value in loop(whole) do seen[i] = value end
      assert.same({ "x" }, seen)
    end
  end)

  it("takes what com.replace puts behind it", function()
    local o <const> = com.object { Say = function() return "old" end }
    local new <const> = { Say = function() return "new" end }
    com.replace(o, new)
    collectgarbage()
    assert.equal("new", o:Say())
    assert.equal(new, com.table(o))
  end)
end)

describe("a made-up type", function()
  local function type_of(o)
    return com.typeof(com.query(o, "{00020400-0000-0000-C000-000000000046}")) or com.typeof(o)
  end

  it("lists names, arity and declared types", function()
    local t <const> = setmetatable({ Size = 1, Move = function(_, x, y) return x, y end }, {
      __name = "Box",
      __types = { Size = "i2", Area = "r8 (r8 a, r8 b)",
        Split = "bstr (bstr text, [out] i4 length, [in, out] bool done)" },
      __index = { Area = function(_, a, b) return a * b end, Split = function(_, text) return text, #text, true end },
    })
    local kind <const> = type_of(com.object(t))
    assert.equal("Box", kind.name)
    assert.equal("double", kind.members.Area.type)
    assert.equal("short", kind.members.Size.type)
    assert.equal(2, #kind.members.Move.parameters)
    assert.equal("x", kind.members.Move.parameters[1].name)
    assert.equal("VARIANT", kind.members.Move.parameters[2].type)
    assert.equal("long*", kind.members.Split.parameters[2].type)
  end)

  it("converts to the declared types", function()
    local seen
    local t <const> = setmetatable({}, { __types = { Half = "i4 (r8 v)" } })
    function t.Half(_, v)
      seen = v
      return v / 2
    end
    local o <const> = com.object(t)
    assert.equal(2, o:Half(4))
    assert.equal("float", math.type(seen))
    fails({ name = "DISP_E_TYPEMISMATCH" }, o.Half, o, 3) -- 1.5 is no i4
    fails({ name = "DISP_E_BADPARAMCOUNT" }, o.Half, o, 1, 2)
  end)

  it("is the same for tables of one shape, and another when a member is retyped", function()
    local meta <const> = { __types = { Value = "i4" } }
    local a <const>, b <const> = setmetatable({}, meta), setmetatable({}, meta)
    local first <const> = type_of(com.object(a)).guid
    assert.equal(first, type_of(com.object(b)).guid)
    meta.__types = { Value = "r8" }
    assert.not_equal(first, type_of(com.object(a)).guid)
  end)
end)

describe("com.error", function()
  it("gives the client HRESULT, text and source", function()
    local more <const> = { helpfile = "h", helpcontext = 3 }
    local o <const> = com.object { F = function() com.error(com.hr.STG_E_FILENOTFOUND, "gone", more) end }
    local err <const> = support.failure(o.F, o)
    assert.same({ "STG_E_FILENOTFOUND", "gone", "h", 3 }, { err.name, err.description, err.helpfile, err.helpcontext })
  end)

  it("wants a failure", function()
    fails({ name = "E_INVALIDARG" }, com.error, 0, "fine")
    fails({ name = "E_INVALIDARG", text = "further fields" }, com.error, com.hr.E_FAIL, "text", 5)
  end)

  it("keeps the Lua value of another error as its cause", function()
    local value <const> = { "a table" }
    local o <const> = com.object { F = function() error(value) end }
    local err <const> = support.failure(o.F, o)
    assert.equal(value, err.cause)
    assert.equal("E_FAIL", err.name)
  end)
end)
