package.path = (os.getenv "OLEANDER_SOURCE" or ".") .. "/tests/local/?.lua;" .. package.path
local support <const> = require "support"
local lfs <const> = require "lfs"

local examples <const> = support.source .. "/examples/"
local modules <const> = support.build .. "/examples/servers"

local function run(...)
  local text <const>, code <const> = support.run("lua5.4", ...):rest()
  assert.equal(0, code, text)
  return text
end

describe("the examples of several processes", function()
  teardown(support.finish)

  it("workers.lua: a pool, and a thousand calls in flight", function()
    assert.equal("1229 primes up to 10000, 1000 calls in flight\n", run(examples .. "workers.lua", "10000"))
  end)

  describe("places: one client says the same of a calculator", function()
    local expected <const> = table.concat({
      "memory\t40.0",
      "add\t42.0",
      "sum\t6.5",
      "error\tDISP_E_DIVBYZERO\tExample.Calculator\tDivision by zero",
      "divide\t0.125",
      "",
    }, "\n")

    setup(function()
      local program <const> = support.run(modules .. "/calculator_server", "--register", "--local", "--inproc")
      local text <const>, code <const> = program:rest()
      assert.equal(0, code, text)
      run(examples .. "places/calculator.lua", "--register", "--local", "--inproc")
    end)

    for _, progid in ipairs { "Example.Calculator", "Example.LuaCalculator" } do
      for _, where in ipairs { "inproc", "local", "surrogate" } do
        it(("%s, %s"):format(progid, where), function()
          assert.equal(expected, run(examples .. "places/client.lua", progid, where))
        end)
      end
    end
  end)

  it("a server in C ends with an object that was there for a moment only", function()
    local com <const> = require "oleander"
    local object <const> = com.create("Example.Calculator", { where = "local" })
    local _ <const>, process <const> = com.where(object)
    com.release(object)
    for _ = 1, 100 do
      if not lfs.attributes("/proc/" .. process.pid) then break end
      com.sleep(0.05)
    end
    assert.is_nil(lfs.attributes("/proc/" .. process.pid))
  end)

  it("chat.lua: two processes hear each other's events", function()
    local ann <const> = support.run("lua5.4", examples .. "chat.lua", "ann", "How are you?", "Bye.")
    assert.equal("the room is open", ann:line())
    local said <const> = "ben: Hello!\nann: How are you?\nben: Fine.\nann: Bye.\n"
    assert.equal(said, run(examples .. "chat.lua", "ben", "Hello!", "Fine."))
    local text <const>, code <const> = ann:rest()
    assert.equal(0, code, text)
    assert.equal(said, text)
  end)

  it("survive.lua: a crash in a surrogate is an error and no more", function()
    assert.equal("without Fill\tRPC_E_SERVER_DIED\nwith Fill\t0\n", run(examples .. "survive.lua", modules))
  end)
end)
