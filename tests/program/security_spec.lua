-- `oleander security`: what holds for a class is shown, and set where it is right.
local stage <const> = assert(os.getenv "OLEANDER_STAGE")
local json <const> = require "dkjson"

local folder
local CLSID <const> = "{7B3C5D01-6A0E-4D33-9C11-2F0000000002}"

local function run(arguments)
  local command <const> = "OLEANDER_CLASSES='%s/classes' '%s/bin/oleander' security %s 2>'%s/errors' </dev/null; "
    .. "echo \"exit $?\""
  local pipe <close> = assert(io.popen(command:format(folder, stage, arguments, folder), "r"))
  local output <const> = pipe:read "a"
  local errors <close> = assert(io.open(folder .. "/errors"))
  return output:gsub("exit %d+\n$", ""), tonumber(output:match "exit (%d+)\n$"), errors:read "a"
end

local function permissions(class)
  local output <const>, code <const>, errors <const> = run("show --json " .. class)
  assert.equal(0, code, errors)
  local named <const> = {}
  local shown <const> = json.decode(output)
  for _, permission in ipairs(shown.permissions) do named[permission.name] = permission end
  return named, shown
end

describe("oleander security", function()
  before_each(function()
    local pipe <close> = assert(io.popen "mktemp -d")
    folder = pipe:read "l"
    os.execute("mkdir '" .. folder .. "/classes'")
    local file <close> = assert(io.open(folder .. "/classes/sample.reg", "w"))
    file:write("Windows Registry Editor Version 5.00\n\n[HKEY_CLASSES_ROOT\\Security.Sample\\CLSID]\n@=\"", CLSID,
      "\"\n\n[HKEY_CLASSES_ROOT\\CLSID\\", CLSID, "\\LocalServer32]\n@=\"/bin/false\"\n")
  end)
  after_each(function() os.execute("rm -rf '" .. folder .. "'") end)

  it("shows that nothing is set", function()
    local output <const>, code <const> = run "show Security.Sample"
    assert.equal(0, code)
    assert.truthy(output:find("class: " .. CLSID, 1, true))
    assert.truthy(output:find("DefaultLaunchPermission: not set", 1, true))
    assert.is_nil(permissions("'" .. CLSID .. "'").DefaultLaunchPermission.sddl)
  end)

  it("sets permissions, in an application that the class gets for it, and takes them out", function()
    local output <const>, code <const>, errors <const> = run([[set Security.Sample --run-as someone ]]
      .. [[--access 'D:(D;;0x5;;;WD)(A;;0x3;;;DOMAIN\user)' --launch 'O:BAG:BAD:(A;;0x1f;;;BA)' ]]
      .. [[--authentication-level privacy]])
    assert.equal(0, code, errors)
    assert.truthy(output:find("  allow  BA                    start here, start from other hosts, have here, "
      .. "have from other hosts\n", 1, true), output)
    local named <const>, shown <const> = permissions "Security.Sample"
    assert.equal(CLSID, shown.application)
    assert.equal(6, shown.AuthenticationLevel)
    assert.equal("someone", shown.RunAs)
    assert.equal("O:BAG:BAD:(A;;CCDCLCSWRP;;;BA)", named.LaunchPermission.sddl)
    assert.same({ "deny", "WD", "call from other hosts" }, { named.AccessPermission.entries[1].kind,
      named.AccessPermission.entries[1].principal, named.AccessPermission.entries[1].words })
    assert.equal([[DOMAIN\user]], named.AccessPermission.entries[2].principal)
    assert.equal(0, select(2, run [[set Security.Sample --launch '']]))
    assert.is_nil(permissions("Security.Sample").LaunchPermission.set)
    assert.is_true(permissions("'" .. CLSID .. "'").AccessPermission.set)
  end)

  it("sets the defaults and limits of the machine", function()
    assert.equal(0, select(2, run([[set machine --launch 'D:(A;;0x1f;;;AU)' --access-limit 'D:' ]]
      .. [[--launch-limit 'D:NO_ACCESS_CONTROL']])))
    local named <const> = permissions "Security.Sample"
    assert.equal("D:(A;;CCDCLCSWRP;;;AU)", named.DefaultLaunchPermission.sddl)
    assert.equal("D:", named.MachineAccessRestriction.sddl)
    assert.truthy((run "show machine"):find("MachineAccessRestriction: D:\n  nobody\n", 1, true))
    assert.is_nil((run "show machine"):find("CONTROL\n  nobody", 1, true))
  end)

  for arguments, expected in pairs {
    ["set Security.Sample --launch 'D:(A;;QQ;;;BA)'"] = "--launch: a right is unknown (at character 7): D:(A;;QQ;;;BA)",
    ["set Security.Sample --access 'D:(A;;0x2;;;BA)'"] = "--access: an entry lacks the right EXECUTE",
    ["set Security.Sample --authentication-level 7"] = "--authentication-level: 7 is no level",
    ["set Security.Sample --launch-limit 'D:'"] = "--launch-limit is for the machine: oleander security set machine",
    ["set machine --run-as me"] = "--run-as is for a class, not for the machine",
    ["set Security.Sample"] = "nothing is to be set",
    ["show No.Such.Class"] = "No.Such.Class is neither a registered class nor an application",
  } do
    it("refuses " .. arguments, function()
      local output <const>, code <const>, errors <const> = run(arguments)
      assert.equal(1, code)
      assert.equal("", output)
      assert.truthy(errors:find(expected, 1, true), errors)
    end)
  end
end)
