-- Permissions of applications and of the machine, over unix sockets: who may start programs, have objects, call them.
package.path = (os.getenv "OLEANDER_SOURCE" or ".") .. "/tests/local/?.lua;" .. package.path
local support <const> = require "support"
support.processes.setenv("OLEANDER_IDLE_TIMEOUT", "0.1")
local com <const> = require "oleander"
local registry <const> = require "oleander.registry"

local class <const> = [[
local com <const> = require "oleander"
local Adder <const> = {}
function Adder:Add(a, b) return a + b end
com.main { progid = "%s", class = Adder }
]]

local APPLICATION <const> = "{7B3C5D01-6A0E-4D33-9C11-2F0000000001}"
local MACHINE <const> = [[HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Ole]]
local me <const> = io.popen "id -un":read "l"

local function write_registry(name, key, values)
  os.execute("mkdir -p '" .. support.folder .. "/classes'")
  local file <close> = assert(io.open(("%s/classes/%s.reg"):format(support.folder, name), "w"))
  file:write("Windows Registry Editor Version 5.00\n\n[", key, "]\n")
  for value, text in pairs(values) do
    file:write(('"%s"=%s\n'):format(value, text:find "^hex:" and text or '"' .. text:gsub("\\", "\\\\") .. '"'))
  end
end

local number = 0

-- A class of the application, in a program of its own.
local function new_class()
  number = number + 1
  local progid <const> = "Permitted.Adder" .. number
  local path <const> = ("%s/permitted-%d.lua"):format(support.folder, number)
  local file <close> = assert(io.open(path, "w"))
  file:write(class:format(progid))
  file:close()
  local process <const> = support.run("lua5.4", path, "--register", "--local")
  local text <const>, code <const> = process:rest()
  assert.equal(0, code, text)
  local clsid <const> = registry.value(progid .. "\\CLSID")
  write_registry("zz-class" .. number, [[HKEY_CLASSES_ROOT\CLSID\]] .. clsid, { AppID = APPLICATION })
  return progid, path
end

local function permit(application, machine)
  write_registry("zz-application", [[HKEY_CLASSES_ROOT\AppID\]] .. APPLICATION, application or {})
  write_registry("zz-machine", MACHINE, machine or {})
end

local LOCAL <const>, NOBODY <const> = "O:BAG:BAD:(A;;0x1f;;;WD)", "O:BAG:BAD:"
local NOT_ME <const> = ("O:BAG:BAD:(D;;0x1f;;;%s)(A;;0x1f;;;WD)"):format(me)

describe("permissions", function()
  teardown(support.finish)
  after_each(function() permit() end)

  local function refused(progid, setting)
    local err <const> = support.failure(com.create, progid)
    assert.equal("E_ACCESSDENIED", err.name, tostring(err))
    assert.truthy(tostring(err):find(setting, 1, true), tostring(err))
    assert.truthy(tostring(err):find(me, 1, true), tostring(err))
  end

  for title, case in pairs {
    ["an application's LaunchPermission"] = { { LaunchPermission = NOT_ME }, {}, "LaunchPermission of AppID" },
    ["an empty list"] = { { LaunchPermission = NOBODY }, {}, "LaunchPermission of AppID" },
    ["an unreadable descriptor"] = { { LaunchPermission = "D:(A;;QQ;;;WD)" }, {}, "a right is unknown" },
    ["a descriptor without EXECUTE"] = { { LaunchPermission = "D:(A;;0x2;;;WD)" }, {}, "lacks the right EXECUTE" },
    ["rights for other hosts alone"] = { { LaunchPermission = "D:(A;;0x15;;;WD)" }, {}, "LaunchPermission of AppID" },
    ["damaged bytes"] = { { LaunchPermission = "hex:01,00,04" }, {}, "no self-relative security descriptor" },
    ["the default of the machine"] = { {}, { DefaultLaunchPermission = NOT_ME }, "DefaultLaunchPermission of" },
    ["the limit of the machine"] = { { LaunchPermission = LOCAL }, { MachineLaunchRestriction = NOT_ME },
      "MachineLaunchRestriction of" },
  } do
    it(title .. " keeps a program from being started", function()
      local progid <const> = new_class()
      permit(case[1], case[2])
      refused(progid, case[3])
      assert.equal(0, #com.processes() > 0 and #com.processes()[1].classes or 0)
    end)
  end

  it("of the application come before the default of the machine", function()
    local progid <const> = new_class()
    permit({ LaunchPermission = LOCAL }, { DefaultLaunchPermission = NOT_ME })
    assert.equal(3, com.create(progid):Add(1, 2))
  end)

  it("in bytes mean what they mean in text", function()
    local progid <const> = new_class()
    permit { LaunchPermission = "hex:01,00,04,80,00,00,00,00,00,00,00,00,00,00,00,00,14,00,00,00,02,00,1c,00,"
      .. "01,00,00,00,"
      .. "00,00,14,00,1f,00,00,00,01,01,00,00,00,00,00,01,00,00,00,00" }
    assert.equal(3, com.create(progid):Add(1, 2))
  end)

  it("to activate and to launch are two rights", function()
    local progid <const>, path <const> = new_class()
    permit { LaunchPermission = "D:(A;;0x9;;;WD)" } -- activate
    refused(progid, "start the program")
    local server <const> = support.run("lua5.4", path, "-Embedding")
    assert.is_true(support.wait_until(function() return pcall(com.create, progid) end))
    permit { LaunchPermission = "D:(A;;0x3;;;WD)" } -- launch
    assert.is_true(support.wait_until(function() return not pcall(com.create, progid) end))
    refused(progid, "have objects of the running program")
    server:kill()
  end)

  for title, case in pairs {
    ["AccessPermission"] = { { AccessPermission = NOT_ME }, {} },
    ["DefaultAccessPermission"] = { {}, { DefaultAccessPermission = NOT_ME } },
    ["MachineAccessRestriction"] = { { AccessPermission = LOCAL }, { MachineAccessRestriction = NOT_ME } },
  } do
    it(title .. " keeps others from calling", function()
      local progid <const> = new_class()
      permit(case[1], case[2])
      local err <const> = support.failure(com.create, progid)
      assert.equal("E_ACCESSDENIED", err.name, tostring(err))
      assert.truthy(tostring(err):find(title, 1, true), tostring(err))
    end)
  end

  it("to call are read once, and let callers in", function()
    local progid <const> = new_class()
    permit { AccessPermission = ("D:(A;;0x3;;;%s)"):format(me) }
    local adder <const> = com.create(progid)
    permit { AccessPermission = NOT_ME }
    assert.equal(3, adder:Add(1, 2))
  end)

  it("know that the service runs programs as its own user alone", function()
    local progid <const> = new_class()
    permit { RunAs = "no-such-user-here" }
    local err <const> = support.failure(com.create, progid)
    assert.equal("CO_E_RUNAS_LOGON_FAILURE", err.name, tostring(err))
    assert.truthy(tostring(err):find("RunAs of AppID", 1, true), tostring(err))
    permit { RunAs = "Interactive User" }
    assert.equal(3, com.create(progid):Add(1, 2))
    permit { RunAs = me }
    assert.equal(3, com.create(progid):Add(1, 2))
  end)
end)
