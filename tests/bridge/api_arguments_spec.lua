--- Every function of com, every constructor of com.vt, and the members of objects are called with every kind of
--- argument in every place: a result, or an error object. The choices are made from a fixed seed; OLEANDER_FUZZ_CALLS
--- makes the run longer, OLEANDER_FUZZ_SEED another one.
local com <const> = require "oleander"
local kinds_now <const> = require "tests.bridge.any_values"
local support <const> = require "tests.bridge.support"

local calls <const> = tonumber(os.getenv "OLEANDER_FUZZ_CALLS") or 8
local seed <const> = tonumber(os.getenv "OLEANDER_FUZZ_SEED") or 20240301

--- Functions that wait, change what is outside, or say for all what becomes of errors.
local left_out <const> = { run = true, stop = true, step = true, sleep = true, await = true, spawn = true, main = true,
  register = true, unregister = true, trace = true, on_error = true, after = true, use = true, show_events = true }

--- An error is an object; what a value itself raised comes as it is.
local function check(what, good, err)
  if good or err == nil then return end
  local is_object <const> = type(err) == "table" and err.hresult ~= nil
  local own <const> = type(err) == "string"
    and (err:find("any_values.lua:", 1, true) or err:find("not enough memory", 1, true))
  assert(is_object or own, ("%s: no error object but %s"):format(what, tostring(err)))
end

local function some(kinds)
  local arguments <const> = { n = math.random(0, 6) }
  for i = 1, arguments.n do arguments[i] = kinds[math.random(kinds.count)] end
  return arguments
end

--- What a call opens to be closed is closed.
local function call(what, f, ...)
  local results <const> = table.pack(pcall(f, ...))
  check(what, results[1], results[2])
  for i = 2, results[1] and results.n or 0 do
    local value <const> = results[i]
    local meta <const> = type(value) == "table" and debug.getmetatable(value)
    if type(meta) == "table" and meta.__close then pcall(meta.__close, value) end
  end
end

local function names(t)
  local list <const> = {}
  for name, value in pairs(t) do
    if type(value) == "function" and not left_out[name] then list[#list + 1] = name end
  end
  table.sort(list)
  return list
end

local function exercise(what, f)
  for i = 0, kinds_now().count do
    local kinds <const> = kinds_now()
    call(what, f, table.unpack({ kinds[i], kinds[i], kinds[i], kinds[i] }, 1, 1 + i % 4))
  end
  for _ = 1, calls do
    local arguments <const> = some(kinds_now())
    call(what, f, table.unpack(arguments, 1, arguments.n))
  end
  assert.equal(3, support.make "Calc":Add(1, 2))
end

describe("functions of com", function()
  math.randomseed(seed)

  for _, name in ipairs(names(com)) do
    it(name .. " gives a result or an error object", function() exercise("com." .. name, com[name]) end)
  end

  for _, name in ipairs { "i1", "ui1", "i2", "ui2", "i4", "ui4", "i8", "ui8", "int", "uint", "r4", "r8", "bool", "bstr",
    "cy", "date", "decimal", "variant", "dispatch", "unknown", "error", "nonsense", "" } do
    it("vt." .. name .. " gives a result or an error object", function()
      exercise("com.vt." .. name, function(...) return com.vt[name](...) end)
      exercise("com.vt.byref " .. name, function(value) return com.vt.byref(name, value).value end)
    end)
  end
end)

describe("members of objects", function()
  for _, class in ipairs { "Calc", "Types", "Collection" } do
    for _, mode in ipairs { "vtable", "invoke" } do
      it(("of %s give a result or an error object, by %s"):format(class, mode), function()
        local object = support.make(class, { call = mode })
        for _, member in ipairs(com.members(object)) do
          local name <const> = member.name
          for _ = 1, calls do
            local arguments <const> = some(kinds_now())
            local access <const> = ({ com.get, com.put, com.putref, com.call, com.call_status })[math.random(5)]
            call(class .. "." .. name, access, object, name, table.unpack(arguments, 1, arguments.n))
            local good <const>, value <const> = pcall(function() return object[name] end)
            check(class .. "." .. name, good, value)
            if good and type(value) == "function" then
              call(class .. ":" .. name, value, object, table.unpack(arguments, 1, arguments.n))
            end
            call(class .. "." .. name, function() object[name] = arguments[1] end)
          end
          if not pcall(com.key, object) then object = support.make(class, { call = mode }) end
        end
        assert.equal(3, support.make "Calc":Add(1, 2))
      end)
    end
  end
end)
