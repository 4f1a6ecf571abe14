-- A careless C server: enumerators that do not count, calls without types, records by reference on both routes.
local com <const> = require "oleander"

local build <const> = os.getenv "OLEANDER_BUILD" or "build/release"

local function make(options)
  options.module = build .. "/tests/bridge/servers/lenient.so"
  return com.create("{3C4F1D20-8E6A-4B1B-9A57-41D0C2B7E604}", options)
end

describe("an enumerator", function()
  local habits <const> = {
    [0] = "S_OK without a count", [1] = "the last element with S_FALSE", [2] = "texts without a count",
    [3] = "S_OK with a count of 0 at the end",
  }
  for habit = 0, #habits do
    for name, walk in pairs { each = com.each, pairs = pairs } do
      it(("that gives %s loses nothing in %s"):format(habits[habit], name), function()
        local o <const> = make {}
        o.Habit = habit
        local seen <const> = {}
        for key, value in walk(o) do
          seen[#seen + 1] = name == "pairs" and value or key
        end
        assert.equal(3, #seen)
      end)
    end
  end
end)

describe("an enumerator of an object in Lua", function()
  local results <const> = {
    IVariantElements = "3", ITypedElements = "3", INumberElements = "E_NOTIMPL", IDispatchElements = "E_NOINTERFACE",
  }
  for name, expected in pairs(results) do
    it("is what the library says of " .. name, function()
      local library <const> = com.typelib(build .. "/tests/bridge/servers/lenient.so")
      local o <const> = com.object({ _NewEnum = function() return ipairs { 1, 2, 3 } end }, name, library)
      local count, err = com.try(function()
        local seen = 0
        for _ in com.each(o) do seen = seen + 1 end
        return seen
      end)
      assert.equal(expected, err and err.name or tostring(count))
    end)
  end
end)

describe("a result behind pointers", function()
  it("arrives from an object in Lua", function()
    local library <const> = com.typelib(build .. "/tests/bridge/servers/lenient.so")
    local function echo(_, value) return value end
    local t <const> = { One = echo, Two = echo, Three = echo, Both = function(_, value) return value end }
    local o <const> = com.object(t, "IPointers", library)
    for value, name in ipairs { "One", "Two", "Three" } do
      assert.equal(value, o[name](o, value))
    end
    assert.equal("E_NOTIMPL", select(2, com.try(o.Both, o, 4, 5)).name)
  end)
end)

describe("an interface that derives from nothing", function()
  it("never reaches the slots of IUnknown", function()
    local library <const> = com.typelib(build .. "/tests/bridge/servers/lenient.so")
    local function echo(_, value) return value end
    local o <const> = com.object({ First = echo, Second = echo, Third = echo, Fourth = echo }, "IBaseless", library)
    for _, call in ipairs { "vtable", "invoke" } do
      local seen <const> = com.query(o, "IBaseless", { typelib = library, call = call })
      local answered <const>, answer = pcall(function() return seen:First(1) end)
      assert.equal(call == "invoke", answered, tostring(answer))
      pcall(function() return seen:Second() end)
      pcall(function() seen:Third() end)
      assert.equal(4, seen:Fourth(4))
    end
  end)
end)

describe("an object without types", function()
  it("gets a call with ':' once, with all arguments", function()
    local o <const> = make {}:Untyped()
    o:Echo(1, 2)
    assert.equal(1, com.call(o, "Calls"))
    assert.equal("flags 3, 2 arguments", com.call(o, "Last"))
    o:Echo()
    assert.equal(2, com.call(o, "Calls"))
    com.call(o, "Echo", 1)
    assert.equal(3, com.call(o, "Calls"))
    assert.equal("flags 3, 1 arguments", com.call(o, "Last"))
  end)

  it("hands 'probe' on to what it hands out", function()
    local o <const> = make { probe = false }:Untyped()
    assert.equal("function", type(o.Echo))
    assert.equal("function", type(o:Child().Echo))
    assert.equal(1, com.call(o, "Calls"))
  end)
end)

for _, call in ipairs { "vtable", "invoke" } do
  describe("by " .. call, function()
    it("a record goes in, comes out and goes both ways by reference", function()
      local o <const> = make { call = call }
      local card <const> = { id = 1, name = "four", weight = 2.5 }
      assert.equal(10, o:Weigh(card))
      local drawn <const> = o:Draw(7)
      assert.same({ 7, "drawn", 3.5 }, { drawn.id, drawn.name, drawn.weight })
      local renamed <const> = o:Rename(card, "other")
      assert.same({ 2, "other", 2.5 }, { renamed.id, renamed.name, renamed.weight })
      assert.equal(12.5, o:Weigh(renamed))
    end)

    it("a record that is not given is an error that names it", function()
      local o <const> = make { call = call }
      for _, method in ipairs { "Weigh", "Rename" } do
        local _, err = com.try(o[method], o)
        assert.equal("DISP_E_PARAMNOTOPTIONAL", err.name)
        assert.truthy(err.description:find("argument is missing", 1, true), err.description)
        assert.equal("given", err.argument.name)
      end
    end)

    it("an SCODE goes as it was said", function()
      local o <const> = make { call = call }
      for _, code in ipairs { 0x80020004, 0x800A07FA, 0 } do
        local cell <const> = o:Code(code)
        if code == 0x80020004 then
          assert.is_nil(cell)
        else
          assert.equal(com.vt.error(code), cell)
        end
      end
    end)
  end)
end
