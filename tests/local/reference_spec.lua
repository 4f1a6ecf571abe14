package.path = (os.getenv "OLEANDER_SOURCE" or ".") .. "/tests/local/?.lua;" .. package.path
local support <const> = require "support"
local com <const> = require "oleander"

--- A server that says on its first line how its object is reached.
local server <const> = [[
local t = { Total = 0 }
function t:Add(a, b) return a + b end
function t:Text(s) return s .. "!" end
function t:Fail() error(com.error(0x80040321, "it cannot be done")) end
function t:Lua() local x = nil; return x.y end
function t:Call(o, n) return o:Twice(n) end
function t:Die() os.exit(7, false) end
function t:Sleep(s) com.sleep(s); return "slept" end
local o = com.object(t)
print(hex(com.marshal(o, arg[1])))
com.run()
]]

local function start(kind)
  local process <const> = support.script(server, kind)
  return process, com.unmarshal(support.unhex(process:line()))
end

describe("references to objects of other processes", function()
  teardown(support.finish)

  it("call as objects of this process do", function()
    local process <const>, o <const> = start()
    assert.equal(42, o:Add(40, 2))
    assert.equal("grün!", o:Text "grün")
    o.Total = 17
    assert.equal(17, o.Total)
    assert.equal(10, o:Call(com.object { Twice = function(_, n) return 2 * n end }, 5))
    local kind <const>, where <const> = com.where(o)
    assert.equal("local", kind)
    assert.equal(process.pid, where.pid)
    assert.truthy(where.program:find "lua5.4$")
    assert.is_nil(where.surrogate)
  end)

  it("say where what is in this process is", function()
    local o <const> = com.object { Add = function(_, a, b) return a + b end }
    assert.same({ "inproc" }, { com.where(o) })
    local again <const> = com.unmarshal(com.marshal(o))
    assert.same({ "inproc" }, { com.where(again) })
    assert.equal(o, again)
  end)

  it("can be unmarshaled once, or for a table any number of times", function()
    local _ <const>, first <const> = start()
    assert.equal(3, first:Add(1, 2))
    local process <const> = support.script(server, "table")
    local bytes <const> = support.unhex(process:line())
    local a <const>, b <const> = com.unmarshal(bytes), com.unmarshal(bytes)
    assert.equal(a, b)
    assert.equal(3, b:Add(1, 2))
    assert.is_true(com.release(bytes))
  end)

  it("carry errors with their text", function()
    local _ <const>, o <const> = start()
    local err = support.failure(o.Fail, o)
    assert.equal(0x80040321, err.hresult)
    assert.equal("it cannot be done", err.description)
    err = support.failure(o.Lua, o)
    assert.truthy(err.description:find("attempt to index a nil value", 1, true), err.description)
    err = support.failure(o.Call, o,
      com.object { Twice = function(_, _) error(com.error(0x80040777, "inner")) end }, 1)
    assert.equal(0x80040777, err.hresult)
    assert.truthy(err.description:find("inner", 1, true), err.description)
  end)

  it("end with their process: once it died, then it is disconnected", function()
    local process <const>, o <const> = start()
    local told = 0
    local watch <const> = com.on_disconnect(o, function(gone)
      assert.equal(o, gone)
      told = told + 1
    end)
    local err = support.failure(o.Die, o)
    assert.equal("RPC_E_SERVER_DIED", err.name)
    assert.equal("RPC_E_DISCONNECTED", support.failure(function() return o:Add(1, 2) end).name)
    assert.equal("RPC_E_DISCONNECTED", support.failure(function() return o:Add(1, 2) end).name)
    assert.is_true(support.wait_until(function() return told > 0 end))
    assert.is_false(watch:close())
    assert.equal(7, process:wait())
    com.on_disconnect(o, function() told = told + 10 end)
    assert.is_true(support.wait_until(function() return told == 11 end))
  end)

  it("tell of the end without a call", function()
    local process <const>, o <const> = start()
    local told, other = 0, 0
    com.on_disconnect(o, function() told = told + 1 end)
    local closed <const> = com.on_disconnect(o, function() other = other + 1 end)
    assert.is_true(closed:close())
    assert.is_false(closed:close())
    process:kill()
    assert.is_true(support.wait_until(function() return told > 0 end))
    assert.equal(0, other)
    local err = support.failure(function() return o:Add(1, 2) end)
    assert.truthy(err.name == "RPC_E_SERVER_DIED_DNE" or err.name == "RPC_E_SERVER_DIED", err.name)
    assert.equal("RPC_E_DISCONNECTED", support.failure(function() return o:Add(1, 2) end).name)
  end)

  it("are late in their time", function()
    local _ <const>, o <const> = start()
    local err = support.failure(com.timeout, 0.3, function() return o:Sleep(3) end)
    assert.equal("RPC_E_TIMEOUT", err.name)
    assert.truthy(err.description:find("sent", 1, true), err.description)
    assert.equal(3, com.timeout(20, o.Add, o, 1, 2))
    err = support.failure(com.timeout, 0.2, function()
      return com.timeout(20, function() return o:Sleep(3) end)
    end)
    assert.equal("RPC_E_TIMEOUT", err.name)
    assert.same({ 1, nil, 3, n = 3 }, table.pack(com.timeout(1, function() return 1, nil, 3 end)))
  end)

  for name, case in pairs {
    ["marshal a number"] = function() com.marshal(5) end,
    ["marshal for what"] = function() com.marshal({ A = 1 }, "tables") end,
    ["unmarshal nothing"] = function() com.unmarshal() end,
    ["unmarshal noise"] = function() com.unmarshal "noise" end,
    ["unmarshal a cut reference"] = function() com.unmarshal(com.marshal({ A = 1 }):sub(1, 40)) end,
    ["release noise"] = function() com.release "noise" end,
    ["where is a number"] = function() com.where(1) end,
    ["watch an own object"] = function() com.on_disconnect(com.object { A = 1 }, print) end,
    ["watch without a function"] = function() com.on_disconnect(com.object { A = 1 }) end,
    ["no time"] = function() com.timeout("1", print) end,
  } do
    it("refuse: " .. name, function()
      assert.is_number(support.failure(case).hresult)
    end)
  end
end)
