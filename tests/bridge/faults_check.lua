-- Run by faults_spec.lua with faults.so preloaded: every allocation outside of Lua fails in turn while objects are
-- made, are called and raise events. Each run ends with an error object or as if nothing had happened, and leaves no
-- object behind.
local com <const> = require "oleander"
local core <const> = require "oleander.core"
local faults <const> = require "faults"

local library <const> = com.typelib(arg[1])
local events <const> = com.typelib(arg[2])
local calc <const>, types <const>, plain <const> = library.types.ICalc, library.types.ITypes, library.types.DPlain
local long <const> = ("long text é "):rep(50)

local methods <const> = {
  Add = function(_, a, b) return a + b end,
  Echo = function(_, text) return text .. long end,
  Outs = function() return 1, long, { 1, long, { 2 } } end,
  Greet = function() com.error(com.hr.E_ACCESSDENIED, long, { source = "me" }) end,
  Fail = function() error(long) end,
  get_Friend = function() return { Add = function() return 1 end } end,
  get_Item = function(_, key) return key end,
  sum = function(_, ...) return select("#", ...) end,
}

local function class() return setmetatable({}, { __index = methods }) end

-- What is done, and whether it gives an error by itself.
local works <const> = {
  { "making", function() return com.object(class(), calc) end },
  { "calling", function() return com.object(class(), calc):Add(1, 2) == 3 end },
  { "texts", function() return com.object(class(), calc):Echo(long) == long .. long end },
  { "several results", function() return (select(3, com.object(class(), calc):Outs())) ~= nil end },
  { "objects as results", function() return com.object(class(), calc).Friend ~= nil end },
  { "variants", function() return com.object(class(), calc).Item[long] == long end },
  { "a vararg", function() return com.object(class(), calc):sum(1, long, 3) == 3 end },
  { "an error", function() com.object(class(), calc):Fail(1, "x") end, true },
  { "com.error", function() com.object(class(), calc):Greet(long) end, true },
  { "through Invoke", function()
    return com.query(com.object(class(), calc), calc, { call = "invoke" }):Echo("x") == "x" .. long
  end },
  { "arrays and records", function()
    local o <const> = com.object({ Strings = function(_, a) return a end, Place = function(_, p) return p end }, types)
    return #o:Strings { "a", long } == 2 and o:Place { x = 1, y = 2, name = long }.name == long
  end },
  { "a dispinterface", function()
    local o <const> = com.object({ Both = function(_, a, b) return 2 * a, b .. b end, Title = long }, plain)
    return o:Both(1, long) == 2 and o.Title == long
  end },
  { "no interface", function()
    local o <const> = com.object { Value = long, Twice = function(_, a) return a .. a end }
    o.Value = long .. "!"
    return o.Value == long .. "!" and o:Twice(long) == long .. long
  end },
  { "declared types", function()
    return com.object(setmetatable({ F = methods.Add }, { __types = { F = "r8 (r8 a, r8 b)" } })):F(1, 2) == 3
  end },
  { "an enumeration", function()
    local n = 0
    local o <const> = com.object(setmetatable({}, { __pairs = function() return ipairs { long, 2.5, 3 } end }))
    for _ in com.each(o) do n = n + 1 end
    return n == 3
  end },
  { "declared events", function()
    local heard
    local t <const> = setmetatable({}, { __events = { Changed = "(bstr text)" } })
    local o <const> = com.object(t)
    local connection <close> = com.on(o, "Changed", function(text) heard = text end)
    com.fire(t, "Changed", long)
    return connection and heard == long
  end },
  { "events of a class", function()
    local heard
    local t <const> = {}
    local o <const> = com.object(t, "Results", events)
    local connection <close> = com.connect(o, { Number = function() heard = true return 7 end })
    return connection and com.fire(t, "Number") == 7 and heard
  end },
  { "a class object", function()
    local registration <close> = com.serve { progid = "Faults.Class", class = methods }
    return registration and com.create("Faults.Class"):Add(1, 2) == 3
  end },
  { "com.replace", function()
    local o <const> = com.object(class(), calc)
    com.replace(o, { Add = function() return 4 end })
    return o:Add(1, 2) == 4
  end },
}

local function collect()
  for _ = 1, 3 do
    collectgarbage()
    core.drain()
  end
end

local function bad(what, text)
  print(("BAD %s: %s"):format(what, text))
end

--- Whether the allocation was reached.
local function attempt(what, n, f, raises)
  local reached <const>, good <const>, result <const> = faults.call(n, f)
  if not good and type(result) ~= "table" and not tostring(result):find("memory", 1, true) then
    bad(what, "no error object: " .. tostring(result))
  elseif not good and not reached and not raises then
    bad(what, tostring(result))
  elseif good and (raises or not result) then
    bad(what, "a wrong result, and no error")
  end
  return reached
end

for _, work in ipairs(works) do
  local name <const>, f <const>, raises <const> = table.unpack(work)
  for _ = 1, 2 do pcall(f) end -- what is made once and kept
  collect()
  local kept <const> = #core.object_tables()
  local n, reached = 0, true
  while reached do
    n = n + 1
    local what <const> = ("%s, allocation %d"):format(name, n)
    reached = attempt(what, n, f, raises)
    collect()
    if #core.object_tables() > kept then bad(what, "an object stays") break end
    if n > 5000 then bad(what, "it never ends") break end
  end
  local after <const>, value <const> = pcall(f)
  if after == (raises or false) then bad(name, "afterwards: " .. tostring(value)) end
  print(("%s: %d allocations"):format(name, n - 1))
end
