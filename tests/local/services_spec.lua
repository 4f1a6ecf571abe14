-- Servers that a real systemd runs, in namespaces of its own.
package.path = (os.getenv "OLEANDER_SOURCE" or ".") .. "/tests/local/?.lua;" .. package.path
local support <const> = require "support"
local oleander <const> = support.stage .. "/bin/oleander"

local function run(command)
  local pipe <close> = assert(io.popen(command .. " 2>&1"))
  local text <const> = pipe:read "a"
  local _, _, code = pipe:close()
  return text, code
end

local function write(name, text)
  local path <const> = support.folder .. "/" .. name
  local file <close> = assert(io.open(path, "w"))
  file:write(text)
  return path
end

local class <const> = [[
local com <const> = require "oleander"
local Adder <const> = {}
function Adder:Add(a, b) return a + b end
function Adder:Words() return table.concat(arg, " ") end
function Adder:Wait(seconds) com.sleep(seconds) return "waited" end
com.main { progid = "Service.Adder", class = Adder }
]]

-- What is asked from within the namespaces: a client in a process of its own.
local client <const> = [[
local com <const> = require "oleander"
local adder <const> = com.create "Service.Adder"
print(adder:Add(1, 2), adder:Words())
]]


local units <const>, script <const> = support.folder .. "/units", write("adder.lua", class)
local ask <const> = write("ask.lua", client)
local boot <const> = write("boot.sh", ([[
#!/bin/sh
mount --make-rprivate / && mount -t tmpfs tmpfs /run && mount -t proc proc /proc || exit
mount -t cgroup2 cgroup2 /sys/fs/cgroup || mount -t tmpfs tmpfs /sys/fs/cgroup || exit
export SYSTEMD_UNIT_PATH='%s' container=oleander
exec /lib/systemd/systemd --system --unit=basic.target --log-target=console --show-status=no
]]):format(units))
os.execute(("mkdir -p '%s'"):format(units))
for _, target in ipairs { "basic", "sysinit", "shutdown", "multi-user" } do
  write("units/" .. target .. ".target", "[Unit]\nDescription=test\nDefaultDependencies=no\n")
end
os.execute(("mkdir -p '%s/classes'"):format(support.folder))

local manager

-- The first process within the namespaces, or nil and why there is none.
local function start_manager()
  if run "id -u" ~= "0\n" then return nil, "namespaces of its own need root" end
  if os.getenv "OLEANDER_SANITIZED" == "1" then return nil, "systemd would run with the sanitizer's runtime in it" end
  if not os.execute "test -x /lib/systemd/systemd" then return nil, "systemd is not installed" end
  manager = support.run("sh", "-c", ("exec unshare -m -p -f -i -u -n -C sh '%s' >'%s/log' 2>&1"):format(boot,
    support.folder))
  for _ = 1, 100 do
    local inner <const> = run("cat /proc/" .. manager.pid .. "/task/" .. manager.pid .. "/children"):match "%d+"
    if inner and run(("nsenter -t %s -m -p -i -u -n systemctl is-system-running"):format(inner)):find "^running" then
      return inner
    end
    if not support.processes.kill(manager.pid, 0) then break end
    os.execute "sleep 0.1"
  end
  local log <close> = io.open(support.folder .. "/log")
  return nil, "systemd does not begin here: " .. (log and log:read "a" or "")
end

local inner, why

local function within(command)
  return run(("nsenter -t %s -m -p -i -u -n timeout 40 sh -c '%s'"):format(inner, command:gsub("'", [['\'']])))
end

describe("services", function()
  setup(function() inner, why = start_manager() end)
  teardown(function()
    if inner then support.processes.kill(math.tointeger(tonumber(inner)), 9) end
    support.finish()
  end)

  local function needs_manager()
    if not inner then pending(why) end
    return inner
  end

  it("are written with a unit, and started for their clients", function()
    if not needs_manager() then return end
    local command <const> = "SYSTEMD_UNIT_PATH=%s '%s' service install adder '%s' --parameters='--fast now'"
    local said <const>, code <const> = within(command:format(units, oleander, script))
    assert.equal(0, code, said)
    assert.truthy(said:find("Service.Adder is served by adder.service", 1, true), said)
    assert.equal("inactive\n", (within "systemctl is-active adder.service"))
    local answer <const> = within("lua5.4 '" .. ask .. "'")
    assert.equal("3\t--fast now\n", answer)
    assert.equal("active\n", (within "systemctl is-active adder.service"))
    assert.equal("3\t--fast now\n", (within("lua5.4 '" .. ask .. "'")))
  end)

  it("answer the call that runs when they are told to end", function()
    if not needs_manager() then return end
    local plain <const> = write("plain.lua", [[
local com <const> = require "oleander"
os.execute "(sleep 0.5; systemctl stop --no-block adder.service) &"
print(com.create "Service.Adder":Wait(1.5))
]])
    assert.equal("waited\n", (within("lua5.4 '" .. plain .. "'")))
    within "for i in $(seq 20); do systemctl is-active -q adder.service || break; sleep 0.2; done"
    assert.equal("success\n", (within "systemctl show -P Result adder.service"))
  end)

  it("that do not begin say why", function()
    if not needs_manager() then return end
    write("units/broken.service", "[Service]\nType=oneshot\nExecStart=/bin/false\n")
    within "systemctl daemon-reload"
    write("classes/zz.reg", "Windows Registry Editor Version 5.00\n\n[HKEY_CLASSES_ROOT\\Service.Broken\\CLSID]\n"
      .. '@="{7B3C5D01-6A0E-4D33-9C11-2F0000000003}"\n\n'
      .. "[HKEY_CLASSES_ROOT\\CLSID\\{7B3C5D01-6A0E-4D33-9C11-2F0000000003}]\n"
      .. '"AppID"="{7B3C5D01-6A0E-4D33-9C11-2F0000000003}"\n\n'
      .. "[HKEY_CLASSES_ROOT\\AppID\\{7B3C5D01-6A0E-4D33-9C11-2F0000000003}]\n"
      .. '"LocalService"="broken.service"\n')
    local path <const> = write("broken.lua", [[
local com <const> = require "oleander"
print(com.try(com.create, "Service.Broken"))
]])
    local said <const> = within("lua5.4 '" .. path .. "'")
    assert.truthy(said:find("broken.service", 1, true), said)
    assert.truthy(said:find("CO_E_SERVER_EXEC_FAILURE", 1, true), said)
  end)

  it("are removed", function()
    if not needs_manager() then return end
    local command <const> = ("SYSTEMD_UNIT_PATH=%s '%s' service remove adder"):format(units, oleander)
    local said <const>, code <const> = within(command)
    assert.equal(0, code, said)
    assert.falsy(os.execute(("test -e '%s/adder.service'"):format(units)))
    local again <const>, failed <const> = within(command)
    assert.equal(1, failed)
    assert.truthy(again:find("there is no service adder", 1, true), again)
  end)
end)

describe("the unit of the service for other hosts", function()
  local path <const> = support.stage .. "/lib/systemd/system/oleanderd-hosts.service"

  it("is what systemd understands, with one capability and no way to more", function()
    local file <close> = assert(io.open(path))
    local text <const> = file:read "a"
    for _, name in ipairs { "AmbientCapabilities", "CapabilityBoundingSet" } do
      assert.truthy(text:find("\n" .. name .. "=CAP_NET_BIND_SERVICE\n", 1, true), name)
    end
    assert.truthy(text:find("\nNoNewPrivileges=yes\n", 1, true))
    assert.is_nil(text:find "@[%u_]+@")
    if os.getenv "OLEANDER_SANITIZED" == "1" or not os.execute "command -v systemd-analyze >/dev/null" then
      print "# skipped: systemd-analyze is not installed, or would run with the sanitizer's runtime in it"
      return
    end
    local said <const> = run("systemd-analyze verify '" .. path .. "'")
    assert.is_nil(said:find("oleanderd-hosts", 1, true), said) -- of other units it may complain
  end)
end)
