-- Calls that come back into the state: on the same thread, from other threads, during a call, after it, too deep.
local com <const> = require "oleander"
local core <const> = require "oleander.core"

local module <const> = (os.getenv "OLEANDER_BUILD" or "build/release") .. "/tests/bridge/callers/callers.so"
local library <const> = com.typelib(module)
local CALLER <const> = "{7A0E6C10-5B1D-4C59-9A37-0E1A52A4F120}"

local function make_caller()
  return com.create(CALLER, { module = module })
end

local function target(t)
  return com.object(t, "ITarget", library)
end

local function adder()
  local t <const> = { calls = 0 }
  function t:Add(a, b)
    self.calls = self.calls + 1
    return a + b
  end
  return t, target(t)
end

--- Pumps until f says true; at most ten seconds.
local function pump_until(f)
  local limit <const> = os.time() + 10
  while not f() do
    assert(os.time() < limit, "waited too long")
    core.pump_step(0.05)
  end
end

describe("a callback", function()
  it("on the calling thread runs at once", function()
    local caller <const>, t <const>, o <const> = make_caller(), adder()
    assert.equal(1000, caller:CallBack(o, 1000))
    assert.equal(1000, t.calls)
  end)

  it("may be given a plain table", function()
    assert.equal(10, make_caller():CallBack({ Add = function(_, a, b) return a + b end }, 10))
  end)

  it("from eight threads during a call is answered exactly once each", function()
    local caller <const>, t <const>, o <const> = make_caller(), adder()
    assert.equal(8 * 500, caller:CallFromThreads(o, 8, 500))
    assert.equal(8 * 500, t.calls)
    assert.equal(0, caller.Bad)
  end)

  it("from a thread may call out itself", function()
    local caller <const>, inner <const> = make_caller(), make_caller()
    local t <const> = {}
    local leaf <const> = target { Add = function(_, a, b) return a + b end }
    function t.Add(_, a, b)
      assert(inner:CallBack(leaf, 5) == 5)
      return a + b
    end
    assert.equal(4 * 50, caller:CallFromThreads(target(t), 4, 50))
  end)

  it("from a thread after the call waits for the pump", function()
    local caller <const>, t <const>, o <const> = make_caller(), adder()
    caller:StartThreads(o, 8, 200)
    pump_until(function() return caller.Good == 8 * 200 end)
    caller:Join()
    assert.equal(8 * 200, t.calls)
    assert.equal(0, caller.Bad)
  end)

  it("that waits is let in by the next call out", function()
    local caller <const>, t <const>, o <const> = make_caller(), adder()
    caller:StartThreads(o, 4, 100)
    caller:Join()
    assert.equal(400, t.calls)
  end)

  it("goes on while the script collects garbage", function()
    local caller <const> = make_caller()
    local t <const> = {}
    function t.Add(_, a, b)
      local garbage <const> = {}
      for i = 1, 20 do garbage[i] = { tostring(i), garbage } end
      if a % 50 == 0 then collectgarbage() end
      return a + b
    end
    assert.equal(4 * 100, caller:CallFromThreads(target(t), 4, 100))
  end)
end)

describe("an error in a callback", function()
  it("comes back as it is", function()
    local caller <const> = make_caller()
    local thrown <const> = setmetatable({}, { __tostring = function() return "thrown" end })
    local ok <const>, err <const> = pcall(caller.Pass, caller, target { Fail = function() error(thrown) end })
    assert.is_false(ok)
    assert.equal(thrown, err.cause)
    assert.equal("E_FAIL", err.name)
    assert.equal("thrown", err.description)
  end)

  it("made by com.error comes back as the same value", function()
    local caller <const> = make_caller()
    local inside
    local o <const> = target { Fail = function()
      local _, e = pcall(com.error, com.hr.E_ACCESSDENIED, "not you", { source = "me", detail = 42 })
      inside = e
      error(e)
    end }
    local _ <const>, err <const> = pcall(caller.Pass, caller, o)
    assert.equal(inside, err)
    assert.same({ "E_ACCESSDENIED", "not you", "me", 42 }, { err.name, err.description, err.source, err.detail })
  end)

  for _, on_thread in ipairs { false, true } do
    it("is raised though the server swallowed it" .. (on_thread and " on another thread" or ""), function()
      local caller <const> = make_caller()
      local o <const> = target { Fail = function() error "lost?" end }
      local ok <const>, err <const> = pcall(caller.Swallow, caller, o, on_thread)
      assert.is_false(ok)
      assert.truthy(tostring(err):find("lost?", 1, true))
      assert.equal(5, caller:CallBack(target { Add = function(_, a, b) return a + b end }, 5)) -- and only once
    end)
  end

  it("that the script caught in between is over", function()
    local caller <const> = make_caller()
    local bad <const> = target { Fail = function() error "inner" end }
    local o <const> = target { Add = function(_, a, b)
      assert(not pcall(caller.Pass, caller, bad))
      return a + b
    end }
    assert.equal(3, caller:CallBack(o, 3))
  end)

  it("reaches a thread as HRESULT and text", function()
    local caller <const> = make_caller()
    local o <const> = target { Add = function() com.error(com.hr.DISP_E_BADINDEX, "no such row") end }
    -- When the thread is quick, it comes during one of these calls, which raises the error then.
    pcall(caller.StartThreads, caller, o, 1, 1)
    pump_until(function() return select(2, pcall(com.get, caller, "Bad")) == 1 end)
    caller:Join()
    assert.equal(com.hr.DISP_E_BADINDEX, caller.LastStatus)
    assert.equal("no such row", caller.LastText)
  end)

  it("is clear when a handler yields", function()
    local caller <const> = make_caller()
    local o <const> = target { Fail = function() coroutine.yield() end }
    local run <const> = coroutine.wrap(function() return pcall(caller.Pass, caller, o) end)
    local ok <const>, err <const> = run()
    assert.is_false(ok)
    assert.truthy(tostring(err):find "attempt to yield")
  end)

  it("is clear when there is no place for the result", function()
    local caller <const>, _, o <const> = make_caller(), adder()
    assert.equal(com.hr.E_POINTER, caller:Null(o))
  end)
end)

describe("reentrancy", function()
  local function recursion(depth)
    local caller <const> = make_caller()
    local t <const> = {}
    local o <const> = target(t)
    function t.Add(_, left) return left == 0 and depth or caller:Recurse(o, left - 1) end
    return pcall(caller.Recurse, caller, o, depth)
  end

  it("works 200 deep", function()
    assert.same({ true, 200 }, { recursion(200) })
  end)

  it("has a clear end", function()
    local failing <const> = target { Add = function() error("an earlier error", 0) end }
    assert.is_false(pcall(failing.Add, failing, 1, 2))
    local ok <const>, err <const> = recursion(5000)
    assert.is_false(ok)
    assert.equal(0x800703E9, err.hresult)
    assert.is_nil(tostring(err):find("earlier", 1, true))
    assert.same({ true, 100 }, { recursion(100) })
  end)
end)

--- An object whose method calls it again from within `levels` nested callbacks of string.gsub.
local function nesting(levels)
  local t <const> = {}
  local o <const> = target(t)
  function t.Add(_, a, b)
    local function nest(left)
      if left == 0 then return o:Add(a, b) end
      local result
      string.gsub("x", "x", function() result = nest(left - 1) end)
      return result
    end
    return nest(levels)
  end
  return o
end

-- What ends is the stack of the thread, however much of it each turn takes.
describe("a recursion without end through callbacks of Lua", function()
  for _, levels in ipairs { 0, 1, 7, 20, 60, 120, 180 } do
    it("is an error with " .. levels .. " callbacks in each turn", function()
      local o <const> = nesting(levels)
      for _, call in ipairs { pcall, coroutine.wrap(pcall), coroutine.wrap(function(...)
        return coroutine.wrap(pcall)(...)
      end) } do
        local ok <const>, err <const> = call(o.Add, o, 1, 2)
        assert.is_false(ok)
        assert.truthy(tostring(err):find "stack" or err.hresult == 0x800703E9, tostring(err))
      end
      assert.equal(3, target({ Add = function(_, a, b) return a + b end }):Add(1, 2))
    end)
  end

  for _, kilobytes in ipairs { 64, 128, 256, 512, 1024, 4096 } do
    it("is an error on a thread with " .. kilobytes .. " KB of stack", function()
      local caller <const> = make_caller()
      local plain <const> = target { Add = function(_, a, b) return a + b end }
      if kilobytes >= 128 then assert.equal(0, caller:CallOnStack(plain, kilobytes)) end
      for _, levels in ipairs { 0, 5, 30, 180 } do
        local ok <const>, err <const> = pcall(caller.CallOnStack, caller, nesting(levels), kilobytes)
        assert.is_false(ok)
        assert.truthy(tostring(err):find "stack" or err.hresult == 0x800703E9, tostring(err))
      end
    end)
  end
end)

describe("the rules of QueryInterface", function()
  local standard <const> = { "{00000000-0000-0000-C000-000000000046}", "{00020400-0000-0000-C000-000000000046}",
    "{A6EF9860-C720-11D0-9337-00A0C90DCAA9}", "{DF0B3D60-548F-101B-8E65-08002B2BD119}",
    "{B196B283-BAB4-101A-B69C-00AA00341D07}", "{A6BC3AC0-DBAA-11CE-9DE3-00AA004BB851}",
    "{B196B284-BAB4-101A-B69C-00AA00341D07}", "{7A0E6C10-5B1D-4C59-9A37-0E1A52A4F110}",
    "{7A0E6C10-5B1D-4C59-9A37-0E1A52A4F111}" }

  it("hold for every kind of object", function()
    local caller <const> = make_caller()
    for _, o in ipairs { com.object({}), target {}, com.object({}, { "ICaller", "ITarget" }, library),
      com.object({}, "Caller", library), com.object(print) } do
      assert.equal("", caller:Laws(o, standard))
    end
  end)

  it("leave the set of interfaces alone", function()
    local iids <const> = { standard[8] }
    assert.equal("", make_caller():Laws(target {}, iids))
  end)

  it("every slot of a vtable can be called", function()
    local function any() end
    local t <const> = setmetatable({}, { __index = function() return any end })
    assert.equal(3, make_caller():Slots(target(t)))
    assert.equal(21, make_caller():Slots(com.object(t, "ICaller", library)))
  end)
end)

describe("lives", function()
  local function collect()
    for _ = 1, 3 do
      collectgarbage()
      core.drain()
    end
  end

  it("of a table and its own object end together", function()
    local watch <const> = setmetatable({}, { __mode = "k" })
    for i = 1, 100 do
      local t <const> = { Add = function() return i end }
      t.object = target(t)
      t.other = com.object(t)
      watch[t] = true
    end
    collect()
    assert.is_nil(next(watch))
  end)

  it("of a table last as long as a client holds its object", function()
    local caller <const> = make_caller()
    local watch <const> = setmetatable({}, { __mode = "k" })
    do
      local t <const> = { name = "kept" }
      t.object = target(t)
      watch[t] = true
      caller.Kept = t.object
    end
    collect()
    assert.equal("kept", next(watch).name)
    assert.equal("kept", caller.Kept.name)
    assert.equal("kept", com.table(caller.Kept.object).name)
    caller:Drop(true)
    collect()
    assert.is_nil(next(watch))
  end)

  it("of many objects leave no memory behind", function()
    local function churn(count)
      for i = 1, count do
        local o <close> = target { Add = function() return i end }
        o:Add(1, 2)
      end
      collect()
      return collectgarbage "count"
    end
    churn(1000)
    local before <const> = churn(1000)
    assert.is_true(churn(5000) < before + 100)
    assert.same({}, core.object_tables())
  end)

  -- A process under ThreadSanitizer cannot start a shell.
  local it <const> = (os.getenv "LD_PRELOAD" or ""):find "tsan" and pending or it
  it("of the state may end first", function()
    local script <const> = ([[
      local com = require "oleander"
      local library = com.typelib(%q)
      local caller = com.create(%q, { module = %q })
      caller:Haunt(com.object({ Add = function() return 3 end }, "ITarget", library))
    ]]):format(module, CALLER, module)
    local file <const> = os.tmpname()
    local out <const> = assert(io.open(file, "w"))
    out:write(script)
    out:close()
    local pipe <const> = assert(io.popen("lua5.4 " .. file))
    assert.equal("after the state: 0x80010108, 0 left\n", pipe:read "a")
    assert.is_true(pipe:close())
    os.remove(file)
  end)

  it("of the state may end in a handler", function()
    local script <const> = ([[
      local com = require "oleander"
      local library = com.typelib(%q)
      local caller = com.create(%q, { module = %q })
      caller:CallBack(com.object({ Add = function() os.exit(7, true) end }, "ITarget", library), 1)
    ]]):format(module, CALLER, module)
    local file <const> = os.tmpname()
    local out <const> = assert(io.open(file, "w"))
    out:write(script)
    out:close()
    local _ <const>, how <const>, code <const> = os.execute("lua5.4 " .. file)
    assert.same({ "exit", 7 }, { how, code })
    os.remove(file)
  end)

  --- The exit status of a script that ends in ten seconds at most.
  local function status_of(script)
    local file <const> = os.tmpname()
    local out <const> = assert(io.open(file, "w"))
    out:write(([[
      local com = require "oleander"
      local core = require "oleander.core"
      local library = com.typelib(%q)
      local function make() return com.create(%q, { module = %q }) end
      local caller = make()
    ]]):format(module, CALLER, module), script)
    out:close()
    local _ <const>, how <const>, code <const> = os.execute("timeout 10 lua5.4 " .. file)
    os.remove(file)
    return how .. " " .. code
  end

  it("of the state may end in a call that the pump runs for a thread", function()
    assert.equal("exit 7", status_of [[
      local o = com.object({ Add = function() os.exit(7, true) end }, "ITarget", library)
      caller:StartThreads(o, 4, 50)
      while true do core.pump_step(1) end
    ]])
  end)

  it("of the state may end while threads are outside in calls of their own", function()
    assert.equal("exit 7", status_of [[
      local inside, other = 0, make()
      local o = com.object({ Add = function() inside = inside + 1; other:Pause(0.3) return 1 end }, "ITarget", library)
      caller:StartThreads(o, 4, 1)
      local ends = com.object({ Add = function()
        if inside == 4 then os.exit(7, true) end
        return 1
      end }, "ITarget", library)
      while true do other:CallBack(ends, 1) end
    ]])
  end)
end)
