--- Every function of oleander.core is called with every kind of wrong argument in every place: an error or a result,
--- nothing else. The choices are made from a fixed seed; OLEANDER_FUZZ_CALLS makes the run longer, OLEANDER_FUZZ_SEED
--- another one.
local core <const> = require "oleander.core"
local kinds_now <const> = require "tests.bridge.any_values"
local support <const> = require "tests.bridge.support"

local calls <const> = tonumber(os.getenv "OLEANDER_FUZZ_CALLS") or 10
local seed <const> = tonumber(os.getenv "OLEANDER_FUZZ_SEED") or 20240229

--- Functions that wait, change what is outside, or would take the state itself apart when they are given rubbish.
local left_out <const> = { set_helper = true, set_error_metatable = true, own_source = true, pump_step = true,
  pump = true, wait = true, register_class_files = true, unregister_class_files = true, list_directory = true,
  stream_open = true, storage_open = true, replace_file = true }

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
      local f <const> = core[name]
      local kinds = kinds_now()
      for i = 0, kinds.count do
        kinds = kinds_now()
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
