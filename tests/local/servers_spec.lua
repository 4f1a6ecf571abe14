package.path = (os.getenv "OLEANDER_SOURCE" or ".") .. "/tests/local/?.lua;" .. package.path
local support <const> = require "support"
local com <const> = require "oleander"
local oleander <const> = support.stage .. "/bin/oleander"

local class <const> = [[
local com <const> = require "oleander"
local Counter <const> = { Count = 0 }
function Counter:Add(n) self.Count = self.Count + n return self.Count end
function Counter:Child() return com.object { Name = "child" } end
function Counter:Crash() os.exit(9, false) end
com.main { progid = "%s", class = Counter }
]]

local files = 0

local function write_class(progid)
  files = files + 1
  local path <const> = ("%s/class-%d.lua"):format(support.folder, files)
  local file <close> = assert(io.open(path, "w"))
  file:write(class:format(progid))
  return path
end

local function alive(pid)
  return support.processes.kill(pid, 0)
end

local function register(path, ...)
  local process <const> = support.run("lua5.4", path, "--register", ...)
  local text <const>, code <const> = process:rest()
  assert.equal(0, code, text)
end

-- AddressSanitizer takes the address space for itself.
local memory_limit <const> = os.getenv "OLEANDER_SANITIZED" ~= "1" and 1 << 30 or nil

describe("servers", function()
  teardown(support.finish)

  describe("local servers written in Lua", function()
    it("say what led to an error, through several processes", function()
      local function write(progid, body)
        files = files + 1
        local path <const> = ("%s/class-%d.lua"):format(support.folder, files)
        local file <close> = assert(io.open(path, "w"))
        file:write('local com <const> = require "oleander"\nlocal Class <const> = {}\n', body,
          ('\ncom.main { progid = "%s", class = Class }\n'):format(progid))
        file:close()
        register(path, "--local")
      end
      write("Local.Deep", 'function Class:Fail() error "the disk is full" end')
      write("Local.Middle", [[
function Class:Pass() return com.create "Local.Deep":Fail() end
function Class:Translate()
  local _, err = com.try(com.create "Local.Deep", "Fail")
  error(err)
end
function Class:Plain() error { code = 5 } end]])
      local middle <const> = com.create "Local.Middle"
      for _, method in ipairs { "Pass", "Translate" } do
        local _, err = com.try(middle, method)
        assert.truthy(err.description:find("the disk is full", 1, true))
        local own <const> = err.cause -- the error of the process between
        assert.equal(getmetatable(err), getmetatable(own), method)
        assert.equal(err.hresult, own.hresult)
        assert.truthy(own.where:find "class%-%d+%.lua:%d+$")
        assert.truthy(own.description:find("the disk is full", 1, true))
        assert.truthy(own.cause:find "class%-%d+%.lua:%d+: the disk is full$")
        assert.truthy(tostring(own):find("the disk is full", 1, true))
      end
      local _, plain = com.try(middle, "Plain")
      assert.truthy(plain.cause:find "^table: ")
      com.release(middle)
    end)

    it("are started for their clients, and end with the last of their objects", function()
      register(write_class "Local.Counter", "--local")
      local a = com.create "Local.Counter"
      local kind <const>, where <const> = com.where(a)
      assert.equal("local", kind)
      assert.equal(5, a:Add(5))
      local b = com.create("Local.Counter", { where = "local" })
      assert.equal(1, b:Add(1))
      assert.equal(where.pid, select(2, com.where(b)).pid)
      local child = b:Child()
      com.release(a)
      com.release(b)
      com.sleep(1.5)
      assert.equal("child", child.Name)
      com.release(child)
      assert.is_true(support.wait_until(function() return not alive(where.pid) end, 15))
      local again <const> = com.create "Local.Counter"
      assert.equal(2, again:Add(2))
      com.release(again)
    end)

    it("lose no client that comes when they leave", function()
      for i = 1, 12 do
        local o <const> = com.create "Local.Counter"
        assert.equal(i, o:Add(i))
        com.release(o)
        com.sleep(i % 4 * 0.08)
      end
    end)

    it("are both kinds, and then in this process unless asked for", function()
      local path <const> = write_class "Local.Both"
      register(path, "--local", "--inproc")
      assert.equal("inproc", (com.where(com.create "Local.Both")))
      local o <close> = com.create("Local.Both", { where = "local" })
      assert.equal("local", (com.where(o)))
      local process <const> = support.run("lua5.4", path, "--unregister")
      process:rest()
      assert.is_number(support.failure(com.create, "Local.Both").hresult)
    end)

    it("have class objects", function()
      local factory <close> = com.class("Local.Counter", { where = "local" })
      assert.equal(1, factory:new():Add(1))
    end)

    it("are served by hand, too, and stay", function()
      local path <const> = write_class "Local.ByHand"
      local server <const> = support.run(oleander, "serve", path)
      assert.equal("serving Local.ByHand", server:line())
      register(path, "--local")
      local o = com.create("Local.ByHand", { where = "local" })
      assert.equal(3, o:Add(3))
      local pid <const> = select(2, com.where(o)).pid
      com.release(o)
      com.sleep(1)
      assert.is_true(alive(pid))
    end)

    it("die, and others are started", function()
      local o <const> = com.create "Local.Counter"
      assert.equal("RPC_E_SERVER_DIED", support.failure(o.Crash, o).name)
      assert.equal("RPC_E_DISCONNECTED", support.failure(o.Add, o, 1).name)
      assert.equal(4, com.create("Local.Counter"):Add(4))
    end)

    it("say why they do not start", function()
      local path <const> = support.folder .. "/broken.lua"
      local file <close> = assert(io.open(path, "w"))
      file:write [[
        local com <const> = require "oleander"
        if arg[1] == "-Embedding" then error "the disk is full" end
        com.main { progid = "Local.Broken", class = {} }
      ]]
      file:flush()
      register(path, "--local")
      local err <const> = support.failure(com.create, "Local.Broken")
      assert.equal("CO_E_SERVER_EXEC_FAILURE", err.name)
      assert.truthy(err.description:find("the disk is full", 1, true), err.description)
    end)
  end)

  describe("classes and objects of this script for all processes", function()
    it("are offered by com.serve", function()
      local made = 0
      local registration <const> = com.serve { progid = "Offered.Class", where = "local",
        clsid = "{6F3C1C52-8E43-4A3F-9A5B-0C0E4B6E7A10}",
        class = function() made = made + 1 return { Number = made } end }
      local client <const> = support.script [[
        print(com.create("{6F3C1C52-8E43-4A3F-9A5B-0C0E4B6E7A10}", { where = "local" }).Number)
        print(com.create("{6F3C1C52-8E43-4A3F-9A5B-0C0E4B6E7A10}").Number)
      ]]
      assert.is_true(support.wait_until(function() return client:wait(0) end))
      assert.equal("1\n2\n", (client:rest()))
      registration:close()
      local private <const> = com.serve { progid = "Private.Class", class = {},
        clsid = "{6F3C1C52-8E43-4A3F-9A5B-0C0E4B6E7A11}" }
      local other <const> = support.script [[
        print(com.try(com.create, "{6F3C1C52-8E43-4A3F-9A5B-0C0E4B6E7A11}"))
      ]]
      assert.is_true(support.wait_until(function() return other:wait(0) end))
      assert.truthy(other:rest():find "^nil")
      private:close()
    end)

    it("are found where com.publish put them", function()
      local _ <close> = com.publish({ Name = "published" }, "!the published")
      local client <const> = support.script [[
        local o = com.running "!the published"
        print(o.Name, (com.where(o)))
        o.Name = "changed"
      ]]
      assert.is_true(support.wait_until(function() return client:wait(0) end))
      assert.equal("published\tlocal\n", (client:rest()))
    end)
  end)

  describe("in-process classes in a process of their own", function()
    it("crash there", function()
      register(write_class "Isolated.Counter")
      local o <const> = com.create("Isolated.Counter", { where = "surrogate" })
      local kind <const>, where <const> = com.where(o)
      assert.equal("local", kind)
      assert.is_true(where.surrogate)
      assert.equal(2, o:Add(2))
      assert.equal("RPC_E_SERVER_DIED", support.failure(o.Crash, o).name)
      local limited <close> = com.create("Isolated.Counter", { where = "surrogate",
        limits = { memory = memory_limit, cpu = 20, network = false } })
      assert.equal(3, limited:Add(3))
    end)

    it("end with their last object", function()
      register(write_class "Isolated.Counter")
      local o <const> = com.create("Isolated.Counter", { where = "surrogate" })
      local _, where <const> = com.where(o)
      local process <const> = ("/proc/%d/stat"):format(where.pid)
      local function lives()
        local file <close> = io.open(process)
        return file and not file:read "a":find ") Z" or false
      end
      assert.is_true(lives())
      com.release(o)
      assert.is_true(support.wait_until(function() return not lives() end))
    end)

    for name, options in pairs {
      ["limits elsewhere"] = { limits = { memory = 1 } },
      ["an unknown limit"] = { where = "surrogate", limits = { disk = 1 } },
      ["no memory"] = { where = "surrogate", limits = { memory = 0 } },
      ["a text"] = { where = "surrogate", limits = { cpu = "1" } },
    } do
      it("refuse " .. name, function()
        assert.equal("E_INVALIDARG", support.failure(com.create, "Isolated.Counter", options).name)
      end)
    end
  end)

  it("are shown with their classes and running objects", function()
    local private <close> = com.serve { progid = "Shown.Class", class = {}, where = "local",
      clsid = "{6F3C1C52-8E43-4A3F-9A5B-0C0E4B6E7A12}" }
    local published <close> = com.publish({ Name = "shown" }, "!shown object")
    local own
    for _, process in ipairs(com.processes()) do
      if process.pid == support.processes.id() then own = process end
    end
    assert.truthy(own and own.program:find "lua")
    assert.equal("{6F3C1C52-8E43-4A3F-9A5B-0C0E4B6E7A12}", own.classes[1].clsid)
    assert.is_false(own.classes[1].suspended)
    assert.same({ "!shown object" }, own.running)
    assert.is_true(own.answers)
    for command, text in pairs { ps = "lua", rot = "!shown object", ["classes --running"] = "6F3C1C52" } do
      for _, option in ipairs { "", "--json" } do
        local pipe <close> = assert(io.popen(("'%s' %s %s 2>&1"):format(oleander, command, option)))
        local output <const> = pipe:read "a"
        assert.truthy(output:find(text, 1, true), output)
      end
    end
    assert.truthy(private and published)
  end)

  it("are shown with who waits for whom, also where one calculates", function()
    local path <const> = support.folder .. "/waiting.lua"
    local file <close> = assert(io.open(path, "w"))
    file:write [[
      local com <const> = require "oleander"
      local Waiting <const> = {}
      function Waiting:Busy(path) os.execute("until [ -e '" .. path .. "' ]; do sleep 0.05; done") end
      function Waiting:Through(o, path) o:Busy(path) end
      com.main { progid = "Local.Waiting", class = Waiting }
    ]]
    file:flush()
    register(path, "--local", "--inproc")
    local first <close> = com.create("Local.Waiting", { where = "local" })
    local second <close> = com.create("Local.Waiting", { where = "surrogate" })
    local function pid_of(o) return select(2, com.where(o)).pid end
    local ended, goes_on = false, support.folder .. "/goes-on"
    com.spawn(function()
      first:Through(second, goes_on)
      ended = true
    end)
    local function waits(from, to)
      for _, wait in ipairs(com.waits()) do
        if wait.from == from and wait.to == to and wait.interface == "IDispatch" and wait.method == "Invoke" then
          return wait
        end
      end
    end
    assert.is_true(support.wait_until(function() return waits(pid_of(first), pid_of(second)) end))
    assert.equal(1, waits(support.processes.id(), pid_of(first)).calls)
    local answers <const> = {}
    for _, process in ipairs(com.processes()) do answers[process.pid] = process.answers end
    assert.is_true(answers[pid_of(first)])
    assert.is_false(answers[pid_of(second)])
    assert(io.open(goes_on, "w")):close()
    assert.is_true(support.wait_until(function() return ended end))
    assert.is_nil(waits(pid_of(first), pid_of(second)))
  end)

  it("are where a spied call went", function()
    local o <close> = com.create("Local.Counter", { where = "local" })
    local lines <const> = {}
    local before <const> = com.trace(function(line) lines[#lines + 1] = line end)
    com.spy(o):Add(1)
    com.trace(before)
    assert.truthy(lines[1]:find((" in %d = 0x00000000"):format(select(2, com.where(o)).pid), 1, true), lines[1])
  end)

  it("write down their messages, without what is in them", function()
    local client <const> = support.run("env", "OLEANDER_TRACE=rpc", "sh", "-c", ([[exec lua5.4 -e '
      local com <const> = require "oleander"
      local o <close> = com.create("Local.Counter", { where = "local" })
      pcall(o.Add, o, "a secret")' 2>&1]]))
    local text <const>, code <const> = client:rest()
    assert.equal(0, code, text)
    assert.truthy(text:find "rpc %d+:%d+:%d+%.%d+ %d+ %-> %d+ request %d+ IClassFactory method 3 of {.-}, %d+ bytes\n",
      text)
    assert.truthy(text:find "<%- %d+ response %d+, %d+ bytes\n", text)
    assert.is_nil(text:find("secret", 1, true))
  end)
end)
