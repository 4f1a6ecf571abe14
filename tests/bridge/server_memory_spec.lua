-- Objects written in Lua while Lua has no memory: an error each time, never an end of the program, nothing left behind.
local com <const> = require "oleander"
local core <const> = require "oleander.core"
local limits <const> = require "limits"
local support <const> = require "tests.bridge.support"

local calc_type <const> = com.typelib(support.module).types.ICalc
local types_type <const> = com.typelib(support.module).types.ITypes
local plain_type <const> = com.typelib(support.module).types.DPlain
local long <const> = ("long text é "):rep(300)

local methods <const> = {
  Add = function(_, a, b) return a + b end,
  Echo = function(_, text) return text .. long end,
  Outs = function() return 1, long, { 1, long, { 2 } } end,
  Fail = function() error { long } end,
  Greet = function() com.error(com.hr.E_ACCESSDENIED, long, { source = "me" }) end,
  get_Friend = function() return { Add = function() return 1 end } end,
  get_Item = function(_, key) return key end,
  Sum = function(_, ...) return select("#", ...) end,
}

local works <const> = {
  ["making and calling"] = function() return com.object({ Add = methods.Add }, calc_type):Add(1, 2) end,
  ["a class"] = function() return com.object(setmetatable({}, { __index = methods }), calc_type):Add(1, 2) end,
  ["texts"] = function() return com.object({ Echo = methods.Echo }, calc_type):Echo(long) end,
  ["several results"] = function() return com.object({ Outs = methods.Outs }, calc_type):Outs() end,
  ["objects as results"] = function()
    return com.object({ get_Friend = methods.get_Friend }, calc_type).Friend
  end,
  ["variants"] = function()
    return com.object({ get_Item = methods.get_Item }, calc_type).Item[long]
  end,
  ["a vararg"] = function() return com.object({ Sum = methods.Sum }, calc_type):Sum(1, long, 3) end,
  ["arrays and records"] = function()
    local o <const> = com.object({ Strings = function(_, a) return a end, Place = function(_, p) return p end },
      types_type)
    return o:Strings { "a", long }, o:Place { x = 1, y = 2, name = long }
  end,
  ["a dispinterface"] = function()
    local o <const> = com.object({ Both = function(_, a, b) return 2 * a, b .. b end, Title = long }, plain_type)
    return o:Both(1, long), o.Title
  end,
  ["no interface"] = function()
    local o <const> = com.object { Value = long, Twice = function(_, a) return a .. a end }
    o.Value = long .. "!"
    return o.Value, o:Twice(long)
  end,
  ["declared types"] = function()
    return com.object(setmetatable({ F = methods.Add }, { __types = { F = "r8 (r8 a, r8 b)" } })):F(1, 2)
  end,
  ["an enumeration"] = function()
    local o <const> = com.object(setmetatable({}, { __pairs = function() return ipairs { long, 2.5, 3 } end }))
    for _, value in com.each(o) do local _ = value end
  end,
  ["com.replace"] = function()
    local o <const> = com.object({ Add = methods.Add }, calc_type)
    com.replace(o, { Add = function() return 4 end })
    return o:Add(1, 2)
  end,
}

local failing <const> = {
  ["an error"] = function() return com.object({ Fail = methods.Fail }, calc_type):Fail(1, "x") end,
  ["com.error"] = function() return com.object({ Greet = methods.Greet }, calc_type):Greet() end,
  ["a wrong result"] = function() return com.object({ Add = function() return long end }, calc_type):Add(1, 2) end,
}

-- Objects of the same shapes, which keep the types and their views: how those are made is for other specs.
local kept <const> = {
  com.object { Value = long, Twice = function(_, a) return a .. a end },
  com.object(setmetatable({ F = methods.Add }, { __types = { F = "r8 (r8 a, r8 b)" } })),
  com.object(setmetatable({}, { __pairs = function() return ipairs { 1 } end })),
}
for _, work in pairs(works) do work() end

local function collect()
  for _ = 1, 3 do
    collectgarbage()
    core.drain()
  end
end

describe("want of memory in objects written in Lua:", function()
  for name, work in pairs(works) do
    it(name .. " leaves nothing behind", function()
      collect()
      local n = 0
      while true do
        local ok <const> = limits.call(n, work)
        if ok then break end
        n = n + 1
        assert(n < 5000, "it never succeeds")
      end
      collect()
      assert.equal(#kept, #core.object_tables())
    end)
  end

  for name, work in pairs(failing) do
    it(name .. " stays an error", function()
      for n = 0, 400 do
        local ok <const>, count <const> = limits.call(n, work)
        assert.is_false(ok)
        if count <= n then break end
      end
      collect()
      assert.equal(#kept, #core.object_tables())
    end)
  end
end)
