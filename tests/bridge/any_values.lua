--- Values of every kind for specs that call functions with wrong arguments: kinds() gives them as a table with `count`,
--- made anew when one of them let an object go.
local com <const> = require "oleander"
local core <const> = require "oleander.core"
local support <const> = require "tests.bridge.support"

local function values()
  local calc <const> = support.make "Calc"
  local released <const> = support.make "Calc"
  com.release(released)
  local box <const> = com.vt.byref("i4", 1)
  local library <const> = com.typelib(support.module)
  local info <const> = core.object_typeinfo(calc)
  return { false, nil, true, 0, -1, 1, 5.5, 0 / 0, math.huge, math.mininteger, math.maxinteger, 1 << 31, "", "Add",
    "Value", "i4", "{00020400-0000-0000-C000-000000000046}", "{not a guid}", ("x"):rep(300), "\xFF\0z", {}, { 1, 2 },
    { x = 1 }, com.args { 1, a = 2 }, setmetatable({}, { __index = function() error "no" end }), print,
    coroutine.create(print), io.stdout, calc, released, box, com.null, com.missing, com.nothing, com.currency(1),
    com.date(1), com.array("i4", nil, { 1 }), com.array("variant", nil, { calc }), com.bytes "ab",
    support.make("Types"):Place { x = 1 }, com.key(calc), info, library, core, com.vt.error(5), com.object {},
    com.stream "bytes", core.stream_new(), count = 48, calc = calc }
end

local kinds
return function()
  if not kinds or not pcall(function() return kinds.calc:Add(1, 2) end) then kinds = values() end
  return kinds
end
