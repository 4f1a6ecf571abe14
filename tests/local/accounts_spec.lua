package.path = (os.getenv "OLEANDER_SOURCE" or ".") .. "/tests/local/?.lua;" .. package.path
local support <const> = require "support"
local processes <const> = support.processes
local com <const> = require "oleander"

-- Another host, on this one, that knows its callers by accounts: it shares nothing with this process but the loopback.
local TELLER <const> = "{3B7C5A10-5E0B-4E55-9C0A-6A1C8B5D2EAC}"
local there <const> = support.folder .. "/there"
local port <const> = 12000 + processes.id() % 10000
local is_root <const> = io.popen("id -u"):read "n" == 0

local function write(path, text)
  local file <close> = assert(io.open(path, "w"))
  file:write(text)
end

local function settings(folder, more)
  os.execute(("mkdir -p '%s'"):format(folder))
  write(folder .. "/ole.reg", ("Windows Registry Editor Version 5.00\n\n"
    .. "[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Ole]\n"
    .. '"EnableDCOM"="Y"\n%s'):format(more))
end

local function run_there(...)
  return support.run("sh", "-c", [[exec "$0" "$@" 2>>"]] .. support.folder .. [[/log"]], "env",
    "OLEANDER_RUNTIME=" .. there .. "/run", "OLEANDER_CLASSES=" .. there .. "/classes", ...)
end

local function log()
  local file <close> = assert(io.open(support.folder .. "/log"))
  return file:read "a"
end

local teller <const> = [[
local Teller <const> = { __types = { Caller = "variant ()", Read = "bstr (bstr path)", Back = "bstr (object o)" } }
Teller.__index = Teller
local function words(c)
  return c and ("%s %s %s %s"):format(c.user, c.host, c.pid, c.authentication) or "nobody"
end
function Teller:Caller() return words(com.caller()) end
function Teller:Read(path)
  return com.impersonate(function()
    local file <close> = assert(io.open(path))
    return file:read "a"
  end)
end
function Teller:Back(o) return o:Caller() end
com.main { { clsid = "]] .. TELLER .. [[", progid = "Test.Teller", class = Teller } }
]]

local function create(options)
  options = options or {}
  options.host, options.port = "127.0.0.1", port
  return com.create(TELLER, options)
end

local function as(user, password, more)
  local options <const> = { user = user, password = password }
  for key, value in pairs(more or {}) do options[key] = value end
  return create(options)
end

local server

describe("objects of a host that knows its callers", function()
  setup(function()
    settings(support.folder .. "/classes", "")
    settings(there .. "/classes", "")
    write(support.folder .. "/users", "HOST:ann:secret\nHOST:bob:geheim\n:nobody:nothing\n")
    os.execute(("chmod 600 '%s/users'"):format(support.folder))
    write(support.folder .. "/teller.lua", 'local com <const> = require "oleander"\n' .. teller)
    local registered <const> = run_there(support.stage .. "/bin/oleander", "register", "--local",
      support.folder .. "/teller.lua")
    local said <const>, status <const> = registered:rest()
    assert.equal(0, status, said)
    server = run_there(support.stage .. "/bin/oleanderd", "--foreground", "--listen", "127.0.0.1", "--port",
      tostring(port), "--users", support.folder .. "/users")
    assert(support.wait_until(function()
      local made <const>, err <const> = com.try(as, "HOST\\ann", "secret")
      if made then com.release(made) end
      return made or err.name ~= "HRESULT_FROM_WIN32(RPC_S_SERVER_UNAVAILABLE)"
    end, 20))
  end)

  it("tell it who calls, and how the call is protected", function()
    for level, told in pairs { connect = "integrity", integrity = "integrity", privacy = "privacy" } do
      local o <close> = as("ann", "secret", { domain = "HOST", authentication = level })
      assert.equal("HOST\\ann 127.0.0.1 nil " .. told, o:Caller())
      local other <close> = as("HOST\\bob", "geheim", { authentication = level })
      assert.equal("HOST\\bob 127.0.0.1 nil " .. told, other:Caller())
      assert.equal("HOST\\ann 127.0.0.1 nil " .. told, o:Caller())
    end
  end)

  it("do so when they are made by classes, and in coroutines", function()
    local class <close> = com.class(TELLER,
      { host = "127.0.0.1", port = port, user = "HOST\\bob", password = "geheim" })
    local o <close> = class:new()
    assert.equal("HOST\\bob 127.0.0.1 nil integrity", o:Caller())
    local results <const> = support.together { function() return as("HOST\\ann", "secret"):Caller() end,
      function() return as("HOST\\bob", "geheim"):Caller() end }
    assert.same({ true, "HOST\\ann 127.0.0.1 nil integrity" }, { results[1][1], results[1][2] })
    assert.same({ true, "HOST\\bob 127.0.0.1 nil integrity" }, { results[2][1], results[2][2] })
  end)

  it("start for those who may launch, and are had by those who may activate", function()
    local function permit(sddl)
      local escaped <const> = (sddl or ""):gsub("\\", "\\\\")
      settings(there .. "/classes", sddl and ('"DefaultLaunchPermission"="%s"\n'):format(escaped) or "")
    end
    permit "O:BAG:BAD:(A;;0x15;;;HOST\\bob)(A;;0x11;;;HOST\\ann)"
    assert(support.wait_until(function() -- until the server of before has left
      collectgarbage()
      local made <const>, err <const> = com.try(as, "HOST\\ann", "secret")
      if made then com.release(made) end
      return not made and err.name == "E_ACCESSDENIED"
    end, 20))
    do
      local o <close> = as("HOST\\bob", "geheim")
      local second <close> = as("HOST\\ann", "secret")
      assert.equal("HOST\\ann 127.0.0.1 nil integrity", second:Caller())
      assert.equal("HOST\\bob 127.0.0.1 nil integrity", o:Caller())
    end
    permit "O:BAG:BAD:(A;;0x5;;;HOST\\ann)(A;;0x15;;;HOST\\bob)"
    assert.equal("E_ACCESSDENIED", support.failure(as, "HOST\\ann", "secret").name) -- to launch alone is not enough
    permit(nil)
    assert.equal("HOST\\ann 127.0.0.1 nil integrity", as("HOST\\ann", "secret"):Caller())
  end)

  it("are not there for a wrong password, and the error does not show it", function()
    for _, login in ipairs { { "HOST\\ann", "Secret" }, { "HOST\\carl", "secret" }, { "ann", "geheim" } } do
      local err <const> = support.failure(as, login[1], login[2])
      assert.equal("E_ACCESSDENIED", err.name)
      assert.is_nil(tostring(err):find(login[2], 1, true))
    end
    assert.is_nil(log():find "Secret")
    local nobody <const> = support.failure(create)
    assert.equal("E_ACCESSDENIED", nobody.name)
  end)

  it("may have another blanket, and another again", function()
    local o <close> = as("HOST\\ann", "secret")
    local before <const> = com.blanket(o)
    assert.same({ "ntlm", "integrity", "identify" }, { before.service, before.authentication, before.impersonation })
    local set <const> = com.blanket(o, { user = "HOST\\bob", password = "geheim", authentication = "privacy",
      impersonation = "impersonate" })
    assert.same({ "ntlm", "privacy", "impersonate" }, { set.service, set.authentication, set.impersonation })
    assert.equal("HOST\\bob 127.0.0.1 nil privacy", o:Caller())
    com.blanket(o, { user = "HOST\\ann", password = "secret" })
    assert.equal("HOST\\ann 127.0.0.1 nil integrity", o:Caller())
    local err <const> = support.failure(function()
      com.blanket(o, { user = "HOST\\ann", password = "wrong" })
      return o:Caller()
    end)
    assert.equal("E_ACCESSDENIED", err.name)
    com.blanket(o, { user = "HOST\\bob", password = "geheim" })
    assert.equal("HOST\\bob 127.0.0.1 nil integrity", o:Caller())
  end)

  it("let the server act as who calls where he lets it, and it may", function()
    local own <const>, others <const> = support.folder .. "/readable", support.folder .. "/secret"
    write(own, "for all")
    write(others, "for root")
    os.execute(("chmod 755 '%s'; chmod 644 '%s'; chmod 600 '%s'"):format(support.folder, own, others))
    local o <close> = as("nobody", "nothing", { impersonation = "impersonate" })
    if is_root then
      assert.equal("for all", o:Read(own))
      local err <const> = support.failure(o.Read, o, others)
      assert.truthy(err.description:find "Permission denied", err.description)
    else
      assert.equal("E_ACCESSDENIED", support.failure(o.Read, o, own).name)
    end
    local shy <close> = as("nobody", "nothing")
    local refused <const> = support.failure(shy.Read, shy, own)
    assert.equal("E_ACCESSDENIED", refused.name)
    assert.truthy(refused.description:find "impersonation level", refused.description)
    local unknown <close> = as("HOST\\ann", "secret", { impersonation = "impersonate" })
    local nobody <const> = support.failure(unknown.Read, unknown, own)
    assert.truthy(nobody.description:find "no user of this host", nobody.description)
  end)

  it("refuse options that do not go together", function()
    local cases <const> = {
      { { password = "x" }, "user" }, { { domain = "x" }, "user" }, { { user = "" }, "empty" },
      { { user = "a", authentication = "none" }, "nobody" }, { { authentication = "high" }, "authentication" },
      { { impersonation = "all" }, "impersonation" }, { { user = "a\0b" }, "zero" }, { { user = 1 }, "string" },
    }
    for _, case in ipairs(cases) do
      local err <const> = support.failure(create, case[1])
      assert.equal("E_INVALIDARG", err.name)
      assert.truthy(err.description:find(case[2], 1, true), err.description)
    end
    local here <const> = support.failure(com.create, "Scripting.Dictionary", { user = "a", password = "b" })
    assert.truthy(here.description:find "other hosts", here.description)
    local own <const> = com.object { Caller = function() end }
    assert.is_nil(com.blanket(own))
    assert.equal("E_INVALIDARG", support.failure(com.blanket, own, { authentication = "privacy" }).name)
    assert.is_nil(com.caller())
    assert.equal("RPC_E_CALL_COMPLETE", support.failure(com.impersonate, print).name)
  end)
end)

describe("com.security", function()
  local function ends(text)
    local out <const>, code <const> = support.script(text):rest()
    return out, code
  end

  it("is said once, and early enough", function()
    local out <const> = ends [[
      com.security { authentication = "privacy", impersonation = "impersonate",
        access = { allow = { "root", "@root" } } }
      local _, err <const> = com.try(com.security, {})
      print(err.name)
    ]]
    assert.equal("RPC_E_TOO_LATE\n", out)
    assert.equal("RPC_E_TOO_LATE\n", (ends [[
      com.marshal(com.object {}, "table")
      print(select(2, com.try(com.security, {})).name)
    ]]))
  end)

  it("names what is wrong", function()
    for text, part in pairs { ["{ access = 'x' }"] = "SDDL", ["{ access = {} }"] = "allow",
      ["{ launch = '' }"] = "launch", ["{ lunch = 1 }"] = "lunch", ["{ authentication = 'x' }"] = "authentication",
      ["1"] = "table",
      ["{ access = { allow = { 'a;b' } } }"] = "a;b" } do
      local out <const> = ends(("print(select(2, com.try(com.security, %s)).description)"):format(text))
      assert.truthy(out:find(part, 1, true), text .. " " .. out)
    end
  end)

  teardown(function()
    if server then server:kill(15) end
    support.finish()
  end)
end)
