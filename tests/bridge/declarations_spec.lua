--- Mistakes in __types: errors where the object is made, that show the place in the text and the line of the script.
local com <const> = require "oleander"
local support <const> = require "tests.bridge.support"
local fails <const> = support.fails

local function nothing() end

--- The line of this file that holds the text.
local function line_of(text)
  local number = 0
  for line in io.lines(debug.getinfo(1, "S").source:sub(2)) do
    number = number + 1
    if line:find(text, 1, true) then return number end
  end
end

local function make(types, t)
  return com.object(setmetatable(t or { F = nothing }, { __types = types }))
end

-- text, what the error says, place of the mark
local mistakes <const> = {
  { "nonsense (i4 x)", "there is no type nonsense", 1 },
  { "r8 (r8 a, r9 b)", "there is no type r9", 11 },
  { "r8 r8 a)", '"(" is wanted, not "r8"', 4 },
  { "r8 (r8 a, r8 b", '"," or ")" is wanted, not the end', 15 },
  { "r8 (r8 a r8 b)", '"," or ")" is wanted, not "r8"', 10 },
  { "r8 (r8 a,)", 'a type is wanted, not ")"', 10 },
  { "r8 (r8 a) const", 'the end is wanted, not "const"', 11 },
  { "(i4[ a)", '"]" is wanted, not "a"', 6 },
  { "([in out] i4 a)", '"," or "]" is wanted, not "out"', 6 },
  { "([] i4 a)", 'in, out or optional is wanted, not "]"', 3 },
  { "([retval] i4 a)", "there is no attribute retval", 3 },
  { "(i4 a, bstr A)", "two parameters are called A", 13 },
  { "(void)", "there is no type void", 2 },
  { "void", '"(" is wanted, not the end', 5 },
  { "", "a type is wanted, not the end", 1 },
  { "(bstr ä, r9 ö)", "there is no type r9", 10 },
}

describe("a mistake in __types", function()
  for _, case in ipairs(mistakes) do
    local text <const>, says <const>, place <const> = table.unpack(case)
    it(("is refused where the object is made: %q"):format(text), function()
      local err <const> = fails({ name = "E_INVALIDARG", subject = "com.object", text = { "__types.F", says } }, make,
        { F = text })
      local shown <const>, mark <const> = err.description:match "\n    ([^\n]*)\n    ( *)%^$"
      assert.equal(text, shown)
      assert.equal(place, #mark + 1)
    end)
  end

  it("names the line of the declaration", function()
    local meta <const> = {
      __types = {
        Scale = "r8 (r7 factor)", -- the line that is meant
      },
    }
    local err <const> = fails({}, function() return com.object(setmetatable({ Scale = nothing }, meta)) end)
    local line <const> = line_of "the line that is meant"
    local place <const> = ("__types.Scale (%s:%d)"):format(debug.getinfo(1, "S").short_src, line)
    assert.truthy(err.description:find(place, 1, true), err.description)
  end)

  it("finds the line in the file of the table's functions", function()
    local chunk <const> = [[
local t = { Area = function() end }
return setmetatable(t, {
  __types = { Area = "r5 ()" } })
]]
    local path <const> = os.tmpname()
    local file <const> = assert(io.open(path, "w"))
    file:write(chunk)
    file:close()
    local err <const> = fails({}, com.object, dofile(path))
    os.remove(path)
    assert.truthy(err.description:find("__types.Area (" .. path .. ":3)", 1, true), err.description)
    assert.truthy(fails({}, com.object, load(chunk)()).description:find(":3)", 1, true))
  end)

  it("is what is no text, no name, no member", function()
    fails({ name = "E_INVALIDARG", text = "__types is a table" }, make, 5)
    fails({ name = "E_INVALIDARG", text = "names of members" }, make, { "i4" })
    fails({ name = "E_INVALIDARG", text = { "__types.F", "a text like" } }, make, { F = 5 })
    fails({ name = "E_INVALIDARG", text = "the member is spelled F" }, make, { f = "i4 ()" })
    fails({ name = "E_INVALIDARG", text = "the member is spelled Größe" }, make, { ["GRÖßE"] = "i4" },
      { ["Größe"] = 1 })
    fails({ name = "E_INVALIDARG", text = "private" }, make, { _F = "i4 ()" })
    fails({ name = "E_INVALIDARG", text = "the property is called Size" }, make, { get_Size = "i4" },
      { get_Size = nothing })
  end)

  -- table, __types, what the error says
  local unfit <const> = {
    { {}, "i4 (i4 a)", "there is no such method" },
    { { Foo = 1 }, "i4 ()", "F is" },
    { { F = 1 }, "i4 ()", "F is a property" },
    { { get_F = nothing }, "i4 ()", "F is a property" },
    { { set_F = nothing }, "void (i4 a)", "F is a property" },
    { { F = nothing }, "i4", "F is a function" },
    { setmetatable({}, { __index = { F = nothing } }), "i4", "F is a function" },
  }
  for i, case in ipairs(unfit) do
    it(("is a declaration that the table does not fit: %d"):format(i), function()
      local t <const>, text <const>, says <const> = table.unpack(case)
      if i == 2 then return fails({ text = { "__types.F", "no such method" } }, make, { F = text }, t) end
      local meta <const> = getmetatable(t) or {}
      meta.__types = { F = text }
      fails({ name = "E_INVALIDARG", subject = "com.object", text = { "__types.F", says } }, com.object,
        setmetatable(t, meta))
    end)
  end

  it("is none where the member comes from an __index function, is callable, or has no value yet", function()
    local function index(_, key)
      return key == "F" and function(_, a) return a + 1 end or nil
    end
    local o = com.object(setmetatable({}, { __index = index, __types = { F = "i4 (i4 a)" } }))
    assert.equal(4, o:F(3))
    assert.equal(4, o:f(3))
    o = com.object(setmetatable({ F = setmetatable({}, { __call = function(_, _, a) return a * 2 end }) },
      { __types = { F = "i4 (i4 a)" } }))
    assert.equal(6, o:F(3))
    o = com.object(setmetatable({}, { __types = { Name = "bstr", Size = "i4" } }))
    o.Name, o.size = 5, "7"
    assert.equal("5", o.name)
    assert.equal(7, o.Size)
    assert.equal(7, com.table(o).Size)
  end)

  it("is more than 512 parameters", function()
    local list <const> = {}
    for i = 1, 512 do list[i] = "i4 a" .. i end
    assert.truthy(make { F = "i4 (" .. table.concat(list, ", ") .. ")" })
    list[513] = "i4 last"
    local err <const> = fails({ name = "E_INVALIDARG", text = "at most 512 parameters" }, make,
      { F = "i4 (" .. table.concat(list, ", ") .. ")" })
    local shown <const>, mark <const> = err.description:match "\n    ([^\n]*)\n    ( *)%^$"
    assert.equal(1, shown:find("i4 last", 1, true) - #mark)
    fails({ text = { "__events.F", "at most 512 parameters" } }, function()
      return com.object(setmetatable({}, { __events = { F = "(" .. table.concat(list, ", ") .. ")" } }))
    end)
  end)

  it("is refused by com.serve, too", function()
    local class <const> = { F = nothing, __types = { F = "r8 (r9 a)" } }
    fails({ subject = "com.serve", text = "there is no type r9" }, com.serve,
      { progid = "Test.Mistake", class = class })
  end)
end)

describe("names without case", function()
  it("are named with the lines of their functions", function()
    local t <const> = {
      Add = function() end, -- the first spelling
      add = function() end,
    }
    local line <const> = line_of "the first spelling"
    fails({ text = { "Add (", (":%d)"):format(line), (":%d)"):format(line + 1) } }, com.object, t)
  end)

  it("must not leave a choice where the object is made, with an interface too", function()
    local idl <const> = support.make "Calc"
    local interface <const> = com.typeof(idl)
    fails({ name = "DISP_E_UNKNOWNNAME", subject = "com.object", text = "differ only in case" }, com.object,
      { ADD = nothing, add = nothing }, interface)
    fails({ text = "differ only in case" }, com.object,
      setmetatable({ ADD = nothing }, { __index = { add = nothing } }), interface)
    fails({ text = "differ only in case" }, com.object, { GET_Label = nothing, get_label = nothing }, interface)
    local o <const> = com.object({ Add = function(_, a, b) return a + b end, add = 5, x = 1, X = 2 }, interface)
    assert.equal(3, o:Add(1, 2))
  end)

  it("are the same beyond ASCII", function()
    fails({ name = "DISP_E_UNKNOWNNAME", text = "differ only in case" }, com.object,
      { ["Änderung"] = nothing, ["änderung"] = nothing })
    local o <const> = com.object(setmetatable({ ["Größe"] = 1 }, { __types = { ["Größe"] = "i4" } }))
    assert.equal(1, o["größe"])
  end)
end)
