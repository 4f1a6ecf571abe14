local com <const> = require "oleander"
local support <const> = require "tests.bridge.support"

local build <const> = os.getenv "OLEANDER_BUILD" or "build/release"
local library <const> = com.typelib(build .. "/tests/bridge/events/events.tlb")

local Clock <const> = {}
Clock.__index = Clock

function Clock:Start(ticks)
  for i = 1, ticks do com.fire(self, "Tick", i, "t" .. i) end
end

local function make()
  local t <const> = setmetatable({ Count = 0 }, Clock)
  return com.object(t, "Clock", library), t
end

describe("com.on", function()
  it("calls the handler with the arguments of each event", function()
    local o <const> = make()
    local got <const> = {}
    local connection <close> = com.on(o, "Tick", function(number, text) got[#got + 1] = number .. text end)
    o:Start(3)
    assert.same({ "1t1", "2t2", "3t3" }, got)
    assert.equal("connection to DClockEvents", tostring(connection))
  end)

  it("finds events without case and in any source", function()
    local o <const>, t <const> = make()
    local got <const> = {}
    local one <close> = com.on(o, "tick", function(number) got[#got + 1] = number end)
    local two <close> = com.on(o, "Moved", function(x, y) got[#got + 1] = x * y end)
    o:Start(1)
    com.fire(t, "Moved", 6, 7)
    assert.same({ 1, 42 }, got)
    assert.truthy(one and two)
  end)

  it("stays connected when the connection is dropped, and ends with close", function()
    local o <const> = make()
    local count = 0
    com.on(o, "Tick", function() count = count + 1 end)
    collectgarbage()
    collectgarbage()
    o:Start(1)
    local connection <const> = com.on(o, "Tick", function() count = count + 10 end)
    o:Start(1)
    assert.equal(12, count)
    assert.is_true(connection:close())
    assert.is_false(connection:close())
    o:Start(1)
    assert.equal(13, count)
  end)

  it("lists near names for an unknown event", function()
    local o <const> = make()
    support.fails({ name = "DISP_E_MEMBERNOTFOUND", text = "near names: Tick" }, com.on, o, "Tik", print)
  end)

  it("says that an object has no events", function()
    local silent <const> = com.object({ Count = 0 }, "Silent", library)
    support.fails({ name = "CONNECT_E_NOCONNECTION", text = "has no events" }, com.on, silent, "Tick", print)
  end)
end)

describe("com.connect", function()
  it("takes handlers of the default source, which may change later", function()
    local o <const>, t <const> = make()
    local handlers <const> = {}
    local connection <close> = com.connect(o, handlers)
    local got
    assert.is_nil(com.fire(t, "Ask", 1))
    handlers.ask = function(question) got = question return 5 end
    assert.equal(5, com.fire(t, "Ask", 21))
    assert.equal(21, got)
    handlers.ask = nil
    assert.is_nil(com.fire(t, "Ask", 1))
    assert.truthy(connection)
  end)

  it("connects to a dual and to a custom source", function()
    local o <const>, t <const> = make()
    local got <const> = {}
    local dual <close> = com.connect(o, {
      Changed = function(name, value) got[name] = value end,
      Choose = function(a, b) return a > b and a or b end,
    }, "IDualEvents")
    local custom <close> = com.connect(o, { Weigh = function(mass) return mass * 10 end }, "ICustomEvents")
    com.fire(t, "Changed", "x", "text")
    com.fire(t, "Changed", "y", 2.5)
    assert.same({ x = "text", y = 2.5 }, got)
    assert.equal(9, com.fire(t, "Choose", 9, 4))
    assert.equal(25.0, com.fire(t, "Weigh", 2.5))
    assert.truthy(dual and custom)
  end)

  it("refuses handlers of events that do not exist, and unknown sources", function()
    local o <const> = make()
    support.fails({ text = "there is no event Tok" }, com.connect, o, { Tok = print })
    support.fails({ text = "no source INothing" }, com.connect, o, {}, "INothing")
    support.fails({ text = "handler of Tick is an integer" }, com.connect, o, { Tick = 5 })
  end)
end)

describe("com.fire", function()
  it("returns the [out] results, and what the handler leaves alone stays", function()
    local o <const>, t <const> = make()
    local connection <close> = com.connect(o, {
      Closing = function(cancel) if not cancel then return true end end,
      Measured = function(value) return math.floor(value), "about " .. value end,
    })
    assert.is_true(com.fire(t, "Closing", false))
    assert.is_true(com.fire(t, "Closing", true))
    assert.same({ 2, "about 2.5" }, { com.fire(o, "Measured", 2.5) })
    assert.truthy(connection)
  end)

  it("leaves an in-out as it came where the handler gives nil for it", function()
    local o <const>, t <const> = make()
    local connection <close> = com.on(o, "Closing", function() return nil end)
    assert.is_true(com.fire(t, "Closing", true))
    assert.is_false(com.fire(t, "Closing", false))
    assert.truthy(connection)
  end)

  it("calls every listener in their order, and then raises the first error", function()
    local o <const>, t <const> = make()
    local order <const> = {}
    local first <close> = com.on(o, "Done", function() order[1] = "first" error { "mine" } end)
    local second <close> = com.on(o, "Done", function() order[2] = "second" end)
    local err <const> = support.failure(com.fire, t, "Done")
    assert.same({ "first", "second" }, order)
    assert.same({ "mine" }, err.cause)
    assert.truthy(first and second)
  end)

  it("does not call a listener that another one has disconnected", function()
    local o <const> = make()
    local count, one, two = 0, nil, nil
    one = com.on(o, "Tick", function()
      count = count + 1
      one:close()
      two:close()
    end)
    two = com.on(o, "Tick", function() count = count + 100 end)
    o:Start(3)
    assert.equal(1, count)
  end)

  it("does nothing for a table that is no object yet, and refuses what has no such event", function()
    com.fire({}, "Tick", 1, "")
    local _ <const>, t <const> = make()
    support.fails({ text = "there is no event Nix" }, com.fire, t, "Nix")
    local silent <const> = { Count = 0 }
    com.object(silent, "Silent", library)
    support.fails({ text = "no source interface" }, com.fire, silent, "Tick", 1, "")
  end)
end)

describe("a handler", function()
  it("that raises, yields or nests deep has a clear result", function()
    local o <const> = make()
    local bad <const> = com.on(o, "Tick", function(number) error("bad " .. number, 0) end)
    support.fails({ name = "E_FAIL", text = "bad 1" }, o.Start, o, 2)
    bad:close()
    local yields <const> = com.on(o, "Tick", function() coroutine.yield() end)
    support.fails({ text = "yield" }, o.Start, o, 1)
    yields:close()
    local depth = 0
    local nested <const> = com.on(o, "Tick", function()
      depth = depth + 1
      if depth < 40 then o:Start(1) end
    end)
    o:Start(1)
    assert.equal(40, depth)
    nested:close()
    local endless <const> = com.on(o, "Tick", function() o:Start(1) end)
    local err <const> = support.failure(o.Start, o, 1)
    assert.equal("oleander.Error", getmetatable(err).__name)
    endless:close()
    o:Start(1)
  end)
end)

describe("com.show_events", function()
  it("lists the events and then writes each one", function()
    local o <const> = make()
    local lines <const> = {}
    local shown <close> = com.show_events(o, function(line) lines[#lines + 1] = line end)
    assert.equal("DClockEvents (default)", lines[1])
    assert.truthy(lines[2]:find "void Tick%(")
    o:Start(1)
    assert.equal('Tick(1, "t1")', lines[#lines])
    assert.truthy(shown)
  end)
end)

describe("the loop", function()
  it("runs coroutines made by spawn between each other", function()
    local order <const> = {}
    com.spawn(function(name)
      order[#order + 1] = name .. 1
      com.sleep(0.08)
      order[#order + 1] = name .. 2
    end, "a")
    com.run(function()
      order[#order + 1] = "b1"
      com.sleep(0.01)
      order[#order + 1] = "b2"
      com.sleep(0.2)
      order[#order + 1] = "b3"
    end)
    assert.same({ "a1", "b1", "b2", "a2", "b3" }, order)
  end)

  it("waits for events in coroutines and outside", function()
    local o <const>, t <const> = make()
    local got
    com.run(function()
      com.after(0.01, function() com.fire(t, "Tick", 4, "four") end)
      got = table.pack(com.await(o, "Tick", 5))
    end)
    assert.same({ true, 4, "four", n = 3 }, got)
    com.after(0.01, function() com.fire(t, "Tick", 5, "five") end)
    assert.same({ true, 5, "five" }, { com.await(o, "Tick", 5) })
    assert.same({ false }, { com.await(o, "Tick", 0.01) })
  end)

  it("calls timers in the order of their times, and not those that were taken back", function()
    local order <const> = {}
    com.after(0.02, function() order[#order + 1] = 2 end)
    com.after(0.01, function() order[#order + 1] = 1 end)
    local never <const> = com.after(0.015, function() order[#order + 1] = "never" end)
    assert.is_true(never:close())
    assert.is_false(never:close())
    com.sleep(0.04)
    assert.same({ 1, 2 }, order)
  end)

  it("hands errors that nobody catches to on_error", function()
    local caught <const> = {}
    local before <const> = com.on_error(function(err) caught[#caught + 1] = tostring(err) end)
    com.after(0, function() error "timer" end)
    com.spawn(function() error "task" end)
    com.sleep(0.01)
    com.on_error(before)
    assert.equal(2, #caught)
    assert.truthy(caught[1]:find "timer" and caught[2]:find "task")
  end)

  it("ends com.run with the error of its function", function()
    local values <const> = { "text", { "table" } }
    for i = 1, 2 do
      local ok <const>, err <const> = pcall(com.run, function()
        com.sleep(0)
        error(values[i], 0)
      end)
      assert.same({ false, values[i] }, { ok, err })
    end
    local err <const> = support.failure(com.run, function() com.error(com.hr.E_ACCESSDENIED, "closed") end)
    assert.equal("E_ACCESSDENIED", err.name)
    support.fails({ name = "E_INVALIDARG" }, com.run, 5)
    com.run(function() end)
  end)

  it("ends a program with a bad exit status when the function of com.run fails", function()
    local script <const> = os.tmpname()
    local file <close> = assert(io.open(script, "w"))
    file:write('require "oleander".run(function() error "the end" end)')
    file:flush()
    local pipe <const> = assert(io.popen("lua5.4 " .. script .. " 2>&1"))
    local text <const> = pipe:read "a"
    local _, _, status <const> = pipe:close()
    os.remove(script)
    assert.equal(1, status)
    assert.truthy(text:find("the end", 1, true), text)
  end)

  it("gives a descriptor", function()
    assert.equal("integer", math.type(com.poll_fd()))
    assert.equal(com.poll_fd(), com.poll_fd())
  end)

  it("refuses what is no time and no function", function()
    support.fails({ name = "E_INVALIDARG" }, com.sleep, -1)
    support.fails({ name = "E_INVALIDARG" }, com.after, 1, "f")
    support.fails({ name = "E_INVALIDARG" }, com.spawn)
  end)
end)
