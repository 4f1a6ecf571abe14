package.path = (os.getenv "OLEANDER_SOURCE" or ".") .. "/tests/local/?.lua;" .. package.path
local support <const> = require "support"
local processes <const> = support.processes
local com <const> = require "oleander"

-- Two hosts on one: each has a runtime directory and a registry of its own, and meets the other over TCP alone.
local CALCULATOR <const> = "{3B7C5A10-5E0B-4E55-9C0A-6A1C8B5D2E03}"
local ROOM <const> = "{3B7C5A10-5E0B-4E55-9C0A-6A1C8B5D2EAA}"
local PERIOD <const> = 0.5
local port <const> = 11000 + processes.id() % 10000
local there <const> = support.folder .. "/there"
local server = nil

local function write(path, text)
  local file <close> = assert(io.open(path, "w"))
  file:write(text)
end

local function settings(folder, enabled, level)
  os.execute(("mkdir -p '%s'"):format(folder))
  write(folder .. "/ole.reg", ("Windows Registry Editor Version 5.00\n\n"
    .. "[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Ole]\n"
    .. '"EnableDCOM"="%s"\n"LegacyAuthenticationLevel"=dword:%d\n'):format(enabled, level))
end

--- A program of the other host.
local function run_there(...)
  return support.run("sh", "-c", [[exec "$0" "$@" 2>>"]] .. support.folder .. [[/log"]], "env",
    "OLEANDER_RUNTIME=" .. there .. "/run", "OLEANDER_CLASSES=" .. there .. "/classes",
    "OLEANDER_PING_PERIOD=" .. PERIOD, ...)
end

local function create(id, options)
  options = options or {}
  options.host, options.port = "127.0.0.1", port
  return com.create(id, options)
end

local function begin_service()
  server = run_there(support.stage .. "/bin/oleanderd", "--foreground", "--listen", "127.0.0.1", "--port",
    tostring(port))
  assert(support.wait_until(function()
    local made <const>, err <const> = com.try(create, CALCULATOR)
    if made then com.release(made) end
    return made or err.name ~= "HRESULT_FROM_WIN32(RPC_S_SERVER_UNAVAILABLE)"
  end, 20))
end

local room <const> = [[
local Room <const> = { __types = { Say = "void (bstr text)", Echo = "variant (variant v)" },
  __events = { Said = "(bstr text)" } }
Room.__index = Room
function Room:Say(text) com.fire(self, "Said", text) end
function Room:Echo(v) return v end
com.main { { clsid = "]] .. ROOM .. [[", progid = "Test.Room", class = Room } }
]]

describe("objects of other hosts", function()
  setup(function()
    processes.setenv("OLEANDER_PING_PERIOD", tostring(PERIOD))
    settings(support.folder .. "/classes", "Y", 1)
    settings(there .. "/classes", "Y", 1)
    local program <const> = run_there(support.build .. "/examples/servers/calculator_server", "--register")
    local text <const>, code <const> = program:rest()
    assert.equal(0, code, text)
    write(support.folder .. "/room.lua", 'local com <const> = require "oleander"\n' .. room)
    local registered <const> = run_there(support.stage .. "/bin/oleander", "register", "--local",
      support.folder .. "/room.lua")
    local said <const>, status <const> = registered:rest()
    assert.equal(0, status, said)
    begin_service()
  end)

  teardown(function()
    if server then server:kill(15) end
    support.finish()
  end)

  it("are called, have types and errors as others", function()
    local calculator <close> = create(CALCULATOR)
    assert.equal(42.0, calculator:Add(2, 40))
    assert.equal(6.0, calculator:Sum { 1, 2, 3 })
    calculator.Memory = 7
    assert.equal(7.0, calculator.Memory)
    local err <const> = support.failure(calculator.Divide, calculator, 1, 0)
    assert.equal("Division by zero", err.description)
    local kind <const>, place <const> = com.where(calculator)
    assert.equal("remote", kind)
    assert.equal("127.0.0.1", place.host)
  end)

  it("are made by classes, by several clients at once, and in the time that is given", function()
    local class <close> = com.class(CALCULATOR, { host = "127.0.0.1", port = port })
    local first <close> = class:new()
    local second <close> = create(CALCULATOR, { timeout = 20 })
    assert.equal(2.0, first:Add(1, 1))
    assert.equal(3.0, second:Add(1, 2))
  end)

  it("are made while the server of the last ones leaves", function()
    for _ = 1, tonumber(os.getenv "OLEANDER_ROUNDS" or 8) do
      do
        local last <close> = create(CALCULATOR)
        assert.equal(4.0, last:Add(2, 2))
      end
      local class <close> = com.class(CALCULATOR, { host = "127.0.0.1", port = port })
      local first <close> = class:new()
      local second <close> = create(CALCULATOR)
      assert.equal(2.0, first:Add(1, 1))
      assert.equal(3.0, second:Add(1, 2))
    end
  end)

  it("carry long values in fragments, both ways", function()
    local echo <close> = create(ROOM)
    for _, size in ipairs { 0, 1, 5000, 20000, 3000000 } do
      local text <const> = ("x"):rep(size)
      assert.equal(text, echo:Echo(text))
    end
  end)

  it("bring events back", function()
    local heard <const> = {}
    local talk <close> = create(ROOM)
    local _ <close> = com.on(talk, "Said", function(text) heard[#heard + 1] = text end)
    talk:Say "one"
    talk:Say "two"
    assert.True(support.wait_until(function() return #heard == 2 end))
    assert.same({ "one", "two" }, heard)
  end)

  it("come home as what they were", function()
    local echo <close> = create(ROOM)
    local own <const> = { Add = function(_, a, b) return a + b end }
    assert.equal(5, echo:Echo(com.object(own)):Add(2, 3))
  end)

  it("live as long as they are pinged, and no longer", function()
    local script <const> = support.script(([[
      local c = com.create("%s", { host = "127.0.0.1", port = %d })
      print(c:Add(1, 1))
      com.after(%g, com.stop)
      com.run()
      print(c:Add(2, 2))
      com.run()
    ]]):format(CALCULATOR, port, PERIOD * 8))
    assert.equal("2.0", script:line())
    assert.equal("4.0", script:line())
    script:kill()
    local function servers()
      local text <const> = run_there(support.stage .. "/bin/oleander", "ps"):rest()
      return select(2, text:gsub("calculator_server", ""))
    end
    assert.True(support.wait_until(function() return servers() == 0 end, 20))
  end)

  it("are not made when the host, the class or the port is wrong, and say so", function()
    local unknown <const> = support.failure(create, "{3B7C5A10-5E0B-4E55-9C0A-6A1C8B5D2EFF}")
    assert.equal("REGDB_E_CLASSNOTREG", unknown.name)
    assert.truthy(unknown.description:find("127.0.0.1", 1, true))
    local nobody <const> = support.failure(com.create, CALCULATOR, { host = "127.0.0.1", port = 9 })
    assert.truthy(nobody.description:find("port 9", 1, true))
    for _, options in ipairs { { port = 135 }, { host = "h", port = 0 }, { host = "h", port = 70000 },
      { where = "remote" }, { host = "h", where = "local" }, { host = "h", module = "m" } } do
      assert.equal("E_INVALIDARG", support.failure(com.create, CALCULATOR, options).name)
    end
  end)

  it("answer clients of another house", function()
    if os.execute "/usr/bin/python3 -c 'import impacket' 2>/dev/null" ~= true then
      pending "python3-impacket is not installed"
      return
    end
    local client <const> = support.run("/usr/bin/python3", support.source .. "/tests/local/impacket_client.py",
      tostring(port), CALCULATOR:sub(2, -2))
    local text <const>, code <const> = client:rest()
    assert.equal(0, code, text)
    assert.truthy(text:find(("bindings 127.0.0.1[%d]"):format(port), 1, true), text)
    assert.truthy(text:find("entries 4", 1, true), text)
    assert.truthy(text:find(("mapped ncacn_ip_tcp:127.0.0.1[%d]"):format(port), 1, true), text)
    assert.truthy(text:find("functions %d+"), text)
    assert.truthy(text:find("sum 42.0", 1, true), text)
  end)

  it("are refused where the registry says so", function()
    settings(there .. "/classes", "N", 1)
    local off <const> = support.failure(create, CALCULATOR)
    assert.equal("E_ACCESSDENIED", off.name)
    settings(there .. "/classes", "Y", 5)
    local unsafe <const> = support.failure(create, CALCULATOR)
    assert.equal("E_ACCESSDENIED", unsafe.name)
    settings(there .. "/classes", "Y", 1)
    local again <close> = create(CALCULATOR)
    assert.equal(3.0, again:Add(1, 2))
  end)

  it("leave no program behind when the service and the clients have gone for good", function()
    local function programs()
      local list <const> = io.popen(("grep -ls '%s/run' /proc/[0-9]*/environ"):format(there))
      local text <const> = list:read "a"
      list:close()
      return select(2, text:gsub("\n", "\n"))
    end
    local script <const> = support.script(([[
      local c = com.create("%s", { host = "127.0.0.1", port = %d })
      print(c:Add(1, 1))
      com.run()
    ]]):format(CALCULATOR, port))
    assert.equal("2.0", script:line())
    assert.True(programs() >= 2)
    server:kill(9)
    server = nil
    script:kill()
    assert.True(support.wait_until(function() return programs() == 0 end, 30))
  end)
end)
