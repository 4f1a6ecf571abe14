-- Events of a server in C, on the thread of the script and on others.
local com <const> = require "oleander"
local support <const> = require "tests.bridge.support"

local build <const> = os.getenv "OLEANDER_BUILD" or "build/release"
local CLOCK <const> = "{3C0D6A21-4E70-4B8A-8D2F-10C5A7E4B120}"

local function make()
  return com.create(CLOCK, { module = build .. "/tests/bridge/events/clock.so" })
end

--- Lets the loop run until f says true; at most ten seconds.
local function run_until(f)
  local limit <const> = os.time() + 10
  while not f() do
    assert(os.time() < limit, "waited too long")
    com.step(0.05)
  end
end

describe("a server's event", function()
  it("reaches handlers of a dispinterface and of a custom interface", function()
    local clock <const> = make()
    local got <const> = {}
    local one <close> = com.on(clock, "Tick", function(number, text) got[#got + 1] = text .. number end)
    local two <close> = com.connect(clock, { Moved = function(x, y) got[#got + 1] = x .. y end }, "ICustomEvents")
    clock:Start(2)
    assert.same({ "tick1", "1-1", "tick2", "2-2" }, got)
    assert.truthy(one and two)
  end)

  it("is found through the type library when the object does not say its class", function()
    local core <const> = require "oleander.core"
    local class_info <const> = core.class_info
    core.class_info = function() return nil end
    local clock <const> = make()
    local got
    local ok <const>, connection <const> = pcall(com.connect, clock, { Tick = function(number) got = number end })
    core.class_info = class_info
    assert.is_true(ok, tostring(connection))
    clock:Start(1)
    connection:close()
    assert.equal(1, got)
  end)

  it("from another thread is answered while the call waits, each exactly once", function()
    local clock <const> = make()
    local numbers <const> = {}
    local connection <close> = com.on(clock, "Tick", function(number) numbers[#numbers + 1] = number end)
    clock:Start(-1000)
    assert.equal(1000, #numbers)
    assert.equal(1000, numbers[1000])
    assert.truthy(connection)
  end)

  it("that comes later is answered by the loop", function()
    local clock <const> = make()
    local count = 0
    local connection <close> = com.on(clock, "Tick", function() count = count + 1 end)
    clock:Call(nil, 100) -- the first may come while the call is still out
    run_until(function() return count == 100 end)
    assert.truthy(connection)
  end)

  it("is awaited by a coroutine", function()
    local clock <const> = make()
    local result
    com.run(function()
      com.after(0.01, function() clock:Call(nil, 1) end)
      result = table.pack(com.await(clock, "Tick", 5))
    end)
    assert.same({ true, 1, "tick", n = 3 }, result)
  end)

  it("makes the descriptor readable", function()
    local clock <const> = make()
    local count = 0
    local connection <close> = com.on(clock, "Tick", function() count = count + 1 end)
    assert.equal("integer", math.type(com.poll_fd()))
    clock:Call(nil, 3)
    run_until(function() return count == 3 end)
    assert.truthy(connection)
  end)

  it("whose handler raises is an error of the call, though the server swallows it", function()
    local clock <const> = make()
    local bad <const> = com.on(clock, "Tick", function(number) error { number } end)
    for _, ticks in ipairs { 1, -1 } do
      local err <const> = support.failure(clock.Start, clock, ticks)
      assert.equal("table", type(err.cause))
    end
    bad:close()
    clock:Start(1)
    assert.equal(3, clock.Count)
  end)

  it("that comes later and whose handler raises goes to on_error", function()
    local clock <const> = make()
    local caught
    local before <const> = com.on_error(function(err) caught = err end)
    local bad <const> = com.on(clock, "Tick", function() error("later", 0) end)
    local ok <const>, err <const> = pcall(clock.Call, clock, nil, 1)
    if not ok then caught = err.cause end -- the thread was quick: the call was still out, and got the error
    run_until(function() return caught end)
    com.on_error(before)
    bad:close()
    assert.equal("later", caught)
  end)

  it("may be answered by closing connections and by calling back", function()
    local clock <const> = make()
    local count, one, two = 0, nil, nil
    one = com.on(clock, "Tick", function()
      count = count + 1
      one:close()
      two:close()
      clock:Start(1)
    end)
    two = com.on(clock, "Tick", function() count = count + 100 end)
    clock:Start(2)
    assert.equal(1, count)
    assert.equal(3, clock.Count)
  end)

  it("holds its handlers no longer than the connection", function()
    local clock <const> = make()
    local kept <const> = setmetatable({}, { __mode = "k" })
    do
      local big <const> = {}
      kept[big] = true
      com.on(clock, "Tick", function() return big end):close()
    end
    for _ = 1, 3 do
      collectgarbage()
      com.step()
    end
    assert.is_nil(next(kept))
  end)
end)

describe("a server in C++ without a type library", function()
  local function make_bell()
    return com.create("{3C0D6A21-4E70-4B8A-8D2F-10C5A7E4B130}", { module = build .. "/tests/bridge/events/bell.so" })
  end

  it("raises the events that its class tells", function()
    local bell <const>, got <const> = make_bell(), {}
    local connection <close> = com.connect(bell, {
      Rung = function(by, times) got[#got + 1] = by .. times end,
      Silent = function(...) got[#got + 1] = select("#", ...) end,
    })
    bell:Ring("wind", 3)
    bell:Silence()
    assert.same({ "wind3", 0 }, got)
    assert.truthy(connection)
  end)

  it("names the events that it has to who asks for another", function()
    local ok <const>, err <const> = pcall(com.on, make_bell(), "Rang", print)
    assert.is_false(ok)
    assert.truthy(tostring(err):find("Rung", 1, true), tostring(err))
  end)
end)
