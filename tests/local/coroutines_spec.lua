package.path = (os.getenv "OLEANDER_SOURCE" or ".") .. "/tests/local/?.lua;" .. package.path
local support <const> = require "support"
local com <const> = require "oleander"

local server <const> = [[
local t = { Total = 0, Inside = 0, Most = 0 }
function t:Add(a, b) return a + b end
function t:Fail(text) error(com.error(0x80040321, text)) end
function t:Later(seconds, value)
  self.Inside = self.Inside + 1
  self.Most = math.max(self.Most, self.Inside)
  com.sleep(seconds)
  self.Inside = self.Inside - 1
  return value
end
function t:Make(name) return com.object { Name = name } end
function t:List(n) local l = {} for i = 1, n do l[i] = i end return com.array("i4", n, l) end
function t:Die() os.exit(3, false) end
print(hex(com.marshal(t)))
com.run()
]]

local function start()
  local process <const> = support.script(server)
  return com.unmarshal(support.unhex(process:line())), process
end

describe("coroutines that call another process", function()
  teardown(support.finish)

  it("are suspended: a thousand with a call in flight each", function()
    local o <const> = start()
    assert.equal(3, o:Add(1, 2))
    local asked, answered, most = 0, 0, 0
    local functions <const> = {}
    for i = 1, 1000 do
      functions[i] = function()
        asked = asked + 1
        local sum <const> = o:Add(i, 1)
        most = math.max(most, asked - answered)
        answered = answered + 1
        return sum
      end
    end
    for i, result in ipairs(support.together(functions)) do assert.same({ true, i + 1, n = 2 }, result) end
    assert.equal(1000, most)
  end)

  it("get and set properties, objects, arrays and errors as others do", function()
    local o <const> = start()
    local results <const> = support.together {
      function()
        o.Total = 17
        return o.Total, com.get(o, "Total")
      end,
      function() return o:Make("inner").Name end,
      function() return #o:List(1000), o:List(3)[3] end,
      function() o:Fail "reason" end,
      function() return com.call_status(o, "Add", 1, 2) end,
      function() o:Add("x", {}) end,
      function() return pcall(o.Fail, o, "protected") end,
    }
    assert.same({ true, 17, 17, n = 3 }, results[1])
    assert.same({ true, "inner", n = 2 }, results[2])
    assert.same({ true, 1000, 3, n = 3 }, results[3])
    assert.equal("reason", results[4][2].description)
    assert.equal(0x80040321, results[4][2].hresult)
    assert.same({ true, 0, 3, n = 3 }, results[5])
    assert.is_false(results[6][1])
    assert.equal("protected", results[7][3].description)
  end)

  it("wait in the server at the same time where it lets them", function()
    local o <const> = start()
    local functions <const> = {}
    for i = 1, 20 do functions[i] = function() return o:Later(0.3, i) end end
    for i, result in ipairs(support.together(functions)) do assert.same({ true, i, n = 2 }, result) end
    assert.truthy(o.Most > 1)
  end)

  it("have a time, each its own", function()
    local o <const> = start()
    local results <const> = support.together {
      function() com.timeout(0.3, o.Later, o, 30, 1) end,
      function() return com.timeout(50, o.Later, o, 0.6, 2) end,
      function() return o:Add(1, 2) end,
    }
    assert.equal("RPC_E_TIMEOUT", results[1][2].name)
    assert.truthy(results[1][2].description:find("sent", 1, true))
    assert.same({ true, 2, n = 2 }, results[2])
    assert.same({ true, 3, n = 2 }, results[3])
  end)

  it("can be cancelled: in a call, in a sleep, before they begin", function()
    local o <const> = start()
    local errs <const> = {}
    local function task(name, f)
      return com.spawn(function() errs[name] = select(2, pcall(f)) end)
    end
    local calls <const> = task("call", function() o:Later(30, 1) end)
    local sleeps <const> = task("sleep", function() com.sleep(30) end)
    local early <const> = task("early", function() o:Later(30, 1) end)
    assert.is_true(com.cancel(early))
    com.after(0.2, function()
      assert.is_true(com.cancel(calls))
      assert.is_true(com.cancel(sleeps))
    end)
    assert.is_true(support.wait_until(function() return errs.call and errs.sleep and errs.early end))
    for _, err in pairs(errs) do assert.equal("RPC_E_CALL_CANCELED", err.name) end
    assert.is_false(com.cancel(calls))
    assert.is_number(support.failure(com.cancel, 5).hresult)
  end)

  it("hear of the end of the process", function()
    local o <const>, process <const> = start()
    local functions <const> = {}
    for i = 1, 10 do functions[i] = function() o:Later(30, i) end end
    com.after(0.3, function() process:kill() end)
    for _, result in ipairs(support.together(functions)) do
      assert.is_false(result[1])
      assert.truthy(result[2].name:find "^RPC_E_SERVER_DIED" or result[2].name == "RPC_E_DISCONNECTED", result[2].name)
    end
  end)

  it("may be left alone with a call in flight: collected, resumed by the script, at the end of the state", function()
    local o <const> = start()
    local resumed, problem
    com.on_error(function(err) problem = err end)
    local co = com.spawn(function() resumed = o:Later(0.4, 5) end)
    com.step(0.1)
    coroutine.resume(co)
    assert.is_nil(resumed)
    assert.is_true(support.wait_until(function() return resumed == 5 end))
    co = com.spawn(function() o:Later(0.2, 1) end)
    com.step(0.05)
    coroutine.close(co)
    co = nil -- luacheck: ignore
    collectgarbage()
    com.sleep(0.4)
    com.on_error(nil)
    assert.is_nil(problem)
    assert.equal(3, o:Add(1, 2))
    local client <const> = support.script([[
      local o = com.unmarshal(bytes(arg[1]))
      com.spawn(function() o:Later(30, 1) end)
      com.step(0.1) com.step(0.1)
      print "leaving"
    ]], (com.marshal(o):gsub(".", function(c) return ("%02x"):format(c:byte()) end)))
    local text <const>, code <const> = client:rest()
    assert.equal("leaving\n", text)
    assert.equal(0, code)
  end)

  it("are as one script that waits: Ctrl-C gives up its call, and no more", function()
    local o <const> = start()
    local path <const> = support.folder .. "/interrupted.lua"
    local file <close> = assert(io.open(path, "w"))
    file:write [[
      local com <const> = require "oleander"
      local o <const> = com.unmarshal((arg[1]:gsub("%x%x", function(c) return string.char(tonumber(c, 16)) end)))
      local ok <const>, err <const> = pcall(o.Later, o, 60, 1)
      print(ok, err.name)
      print(o:Add(1, 2))
    ]]
    file:flush()
    local bytes <const> = com.marshal(o):gsub(".", function(c) return ("%02x"):format(c:byte()) end)
    local client <const> = support.run(support.stage .. "/bin/oleander", path, bytes)
    assert.is_true(support.wait_until(function() return o.Inside == 1 end))
    client:kill(2)
    local text <const>, code <const> = client:rest()
    assert.equal("false\tRPC_E_CALL_CANCELED\n3\n", text)
    assert.equal(0, code)
  end)
end)
