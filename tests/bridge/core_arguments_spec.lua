--- Every function of oleander.core is called with every kind of wrong argument in every place: an error or a result,
--- nothing else. The choices are made from a fixed seed; OLEANDER_FUZZ_CALLS makes the run longer, OLEANDER_FUZZ_SEED
--- another one.
local com <const> = require "oleander"
local core <const> = require "oleander.core"
local support <const> = require "tests.bridge.support"

local calls <const> = tonumber(os.getenv "OLEANDER_FUZZ_CALLS") or 10
local seed <const> = tonumber(os.getenv "OLEANDER_FUZZ_SEED") or 20240229

--- Functions that wait, change what is outside, or would take the state itself apart when they are given rubbish.
local left_out <const> = { set_helper = true, set_error_metatable = true, own_source = true, pump_step = true,
  pump = true, wait = true, register_class_files = true, unregister_class_files = true, list_directory = true }

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
    count = 46, calc = calc }
end

--- The same values for every function, made anew when one of them let an object go.
local kinds
local function kinds_now()
  if not kinds or not pcall(function() return kinds.calc:Add(1, 2) end) then kinds = values() end
  return kinds
end

local function names()
  local list <const> = {}
  for name, value in pairs(core) do
    if type(value) == "function" and not left_out[name] then list[#list + 1] = name end
  end
  table.sort(list)
  return list
end

describe("functions of oleander.core", function()
  math.randomseed(seed)

  for _, name in ipairs(names()) do
    it(name .. " checks its arguments", function()
      kinds_now()
      local f <const> = core[name]
      for i = 0, kinds.count do
        kinds_now()
        pcall(f, table.unpack({ kinds[i], kinds[i], kinds[i], kinds[i] }, 1, 1 + i % 4))
      end
      for _ = 1, calls do
        local arguments <const> = {}
        local count <const> = math.random(0, 6)
        for i = 1, count do arguments[i] = kinds[math.random(kinds.count)] end
        pcall(f, table.unpack(arguments, 1, count))
      end
      assert.equal(3, support.make "Calc":Add(1, 2))
    end)
  end
end)
