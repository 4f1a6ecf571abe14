package.path = (os.getenv "OLEANDER_SOURCE" or ".") .. "/tests/local/?.lua;" .. package.path
local support <const> = require "support"
local com <const> = require "oleander"

local function write(name, text)
  local path <const> = support.folder .. "/" .. name
  local file <close> = assert(io.open(path, "w"))
  file:write(text)
  return path
end

--- Registers a class whose program waits for a file before it offers it.
local function register_waiting(progid, gate)
  local path <const> = write(progid .. ".lua", ([[
local com <const> = require "oleander"
local Class <const> = {}
function Class:Name() return "%s" end
local function there(path)
  local file <const> = io.open(path)
  if file then file:close() end
  return file
end
if arg[1] ~= "--register" then
  while not there "%s" do
    if not there "%s/%s.lua" then os.exit(1) end -- the test is over
    os.execute "sleep 0.01"
  end
end
com.main { progid = "%s", class = Class }
]]):format(progid, gate, support.folder, progid, progid))
  local text <const>, code <const> = support.run("lua5.4", path, "--register", "--local"):rest()
  assert.equal(0, code, text)
end

local function open_gate(path)
  assert(io.open(path, "w")):close()
end

local lists <const> = [[
local t = { Inside = 0, Most = 0, Open = false }
function t:Numbers(n)
  return com.object({ _NewEnum = function()
    local i = 0
    return function()
      t.Inside = t.Inside + 1
      t.Most = math.max(t.Most, t.Inside)
      while not t.Open do com.sleep(0.01) end
      t.Inside = t.Inside - 1
      i = i + 1
      if i <= n then return i end
    end
  end })
end
function t:Nothing() return com.object { Name = "plain" } end
print(hex(com.marshal(t)))
com.run()
]]

describe("coroutines that make objects and loop over them", function()
  teardown(support.finish)

  it("let the others go on while a server starts", function()
    local gate <const> = support.folder .. "/gate-1"
    register_waiting("Flight.Slow", gate)
    local order <const> = {}
    local results <const> = support.together {
      function()
        order[#order + 1] = "begin"
        local o <const> = com.create "Flight.Slow"
        order[#order + 1] = "made"
        return o:Name(), com.where(o)
      end,
      function() return com.create("Flight.Slow", { where = "local" }):Name() end,
      function()
        local class <const> = com.class("Flight.Slow", { where = "local" })
        return class:new():Name()
      end,
      function()
        order[#order + 1] = "gate"
        open_gate(gate)
      end,
    }
    assert.same({ "begin", "gate", "made" }, order)
    assert.same({ true, "Flight.Slow", "local" }, { table.unpack(results[1], 1, 3) })
    assert.same({ true, "Flight.Slow", n = 2 }, results[2])
    assert.same({ true, "Flight.Slow", n = 2 }, results[3])
  end)

  it("have a time, can be cancelled, and say that the object was not made", function()
    register_waiting("Flight.Never", support.folder .. "/gate-never")
    local errs <const> = {}
    local cancelled <const> = com.spawn(function() errs.cancelled = select(2, pcall(com.create, "Flight.Never")) end)
    com.spawn(function() errs.late = select(2, pcall(com.create, "Flight.Never", { timeout = 0.3 })) end)
    com.spawn(function() errs.unknown = select(2, pcall(com.create, "Flight.Unknown")) end)
    com.spawn(function()
      errs.class = select(2, pcall(com.create, "{7d1d9f0b-6b52-4d0e-9a37-2f6a3f6c0b11}", { where = "local" }))
    end)
    com.after(0.2, function() assert.is_true(com.cancel(cancelled)) end)
    assert.is_true(support.wait_until(function()
      return errs.cancelled and errs.late and errs.unknown and errs.class
    end))
    assert.equal("RPC_E_CALL_CANCELED", errs.cancelled.name)
    assert.equal("RPC_E_TIMEOUT", errs.late.name)
    assert.truthy(errs.late.description:find("given up", 1, true), errs.late.description)
    assert.equal("REGDB_E_CLASSNOTREG", errs.class.name)
    assert.truthy(errs.class.description:find("not registered", 1, true), errs.class.description)
    assert.truthy(tostring(errs.unknown):find("Flight.Unknown", 1, true))
    assert.is_false(com.cancel(cancelled))
  end)

  it("wait no longer than they may outside of coroutines, too", function()
    local err = support.failure(com.create, "Flight.Never", { timeout = 0.2 })
    assert.equal("RPC_E_TIMEOUT", err.name)
    assert.truthy(err.description:find("its time was over", 1, true), err.description)
  end)

  it("loop over collections of another process side by side", function()
    local process <const> = support.script(lists)
    local o <const> = com.unmarshal(support.unhex(process:line()))
    local functions <const> = {}
    for i = 1, 50 do
      functions[i] = function()
        local sum = 0
        for _, value in com.each(o:Numbers(3)) do sum = sum + value end
        return sum
      end
    end
    functions[51] = function()
      for _, value in pairs(o:Numbers(2)) do if value == 1 then return value end end
    end
    functions[52] = function() return (com.each(o:Nothing())) end
    functions[53] = function()
      while o.Inside < 50 do com.sleep(0.01) end
      o.Open = true
    end
    local results <const> = support.together(functions)
    for i = 1, 50 do assert.same({ true, 6, n = 2 }, results[i]) end
    assert.same({ true, 1, n = 2 }, results[51])
    assert.truthy(tostring(results[52][2]):find("cannot be enumerated", 1, true))
    assert.same({ true, n = 1 }, results[53])
    process:kill()
  end)

  it("are a thousand at a time", function()
    local gate <const> = support.folder .. "/gate-many"
    open_gate(gate)
    register_waiting("Flight.Many", gate)
    local begun, made, most = 0, 0, 0
    local functions <const> = {}
    for i = 1, 1000 do
      functions[i] = function()
        begun = begun + 1
        local o <close> = com.create "Flight.Many"
        most = math.max(most, begun - made)
        made = made + 1
        return o:Name()
      end
    end
    for _, result in ipairs(support.together(functions)) do assert.same({ true, "Flight.Many", n = 2 }, result) end
    assert.equal(1000, most)
  end)

  it("are as one script that waits: Ctrl-C gives up the making of an object", function()
    local path <const> = write("interrupted-create.lua", [[
      local com <const> = require "oleander"
      print "waits"
      io.stdout:flush()
      local ok <const>, err <const> = pcall(com.create, "Flight.Never")
      print(ok, err.name)
    ]])
    local client <const> = support.run(support.stage .. "/bin/oleander", path)
    assert.equal("waits", client:line())
    com.sleep(0.3)
    client:kill(2)
    local text <const>, code <const> = client:rest()
    assert.equal("false\tRPC_E_CALL_CANCELED\n", text)
    assert.equal(0, code)
  end)
end)
