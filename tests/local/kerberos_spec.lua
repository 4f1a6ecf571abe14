package.path = (os.getenv "OLEANDER_SOURCE" or ".") .. "/tests/local/?.lua;" .. package.path
local support <const> = require "support"
local processes <const> = support.processes

-- A host that knows its callers by their tickets, of a KDC of the test's own. All runs in processes that see that
-- KDC.
local TELLER <const> = "{3B7C5A10-5E0B-4E55-9C0A-6A1C8B5D2EAF}"
local folder <const> = support.folder
local port <const>, kdc_port <const> = 13000 + processes.id() % 10000, 23000 + processes.id() % 10000

local function write(name, text)
  local file <close> = assert(io.open(folder .. "/" .. name, "w"))
  file:write(text)
end

local function has(program)
  return os.execute("PATH=$PATH:/usr/sbin command -v " .. program .. " >/dev/null 2>&1") == true
end

local possible <const> = has "kdb5_util" and has "kadmin.local" and has "krb5kdc" and has "kinit"
if not possible then print "# skipped: krb5-kdc, krb5-admin-server or krb5-user is not installed" end
local test <const> = possible and it or pending

local krb5 <const> = ([[
[libdefaults]
 default_realm = EXAMPLE.TEST
 dns_lookup_kdc = false
 dns_canonicalize_hostname = false
 rdns = false
[realms]
 EXAMPLE.TEST = {
  kdc = 127.0.0.1:%d
 }
[domain_realm]
 localhost = EXAMPLE.TEST
]]):format(kdc_port)
local kdc <const> = ([[
[kdcdefaults]
 kdc_listen = 127.0.0.1:%d
 kdc_tcp_listen = 127.0.0.1:%d
[realms]
 EXAMPLE.TEST = {
  database_name = %s/principal
  key_stash_file = %s/stash
 }
]]):format(kdc_port, kdc_port, folder, folder)
local teller <const> = [[
local com <const> = require "oleander"
local Teller <const> = { __types = { Caller = "bstr ()", Maker = "object ()" } }
Teller.__index = Teller
function Teller:Caller()
  local c <const> = com.caller()
  return c.user .. " " .. c.authentication
end
function Teller:Maker() return com.object(setmetatable({}, Teller)) end
com.main { { clsid = "]] .. TELLER .. [[", progid = "Test.Teller", class = Teller } }
]]
local client <const> = [[
local com <const> = require "oleander"
local o <const>, err <const> = com.try(com.create, "]] .. TELLER .. [[",
  { host = "localhost", port = ]] .. port .. [[, authentication = arg[1], timeout = 20 })
if not o then print(err.name) os.exit(1) end
print(o:Caller(), o:Maker():Caller(), com.blanket(o).service)
if arg[2] then com.sleep(tonumber(arg[2])) print(o:Caller()) end
]]

--- A shell with the KDC's settings.
local function shell(command)
  local pipe <close> = assert(io.popen(([[exec 2>&1; cd '%s'; PATH=$PATH:/usr/sbin
    export KRB5_CONFIG='%s/krb5.conf' KRB5_KDC_PROFILE='%s/kdc.conf' KRB5CCNAME='FILE:%s/tickets'
    export OLEANDER_CLASSES='%s/mine' OLEANDER_RUNTIME='%s/run-mine' OLEANDER_PING_PERIOD=0.5
    %s]]):format(folder, folder, folder, folder, folder, folder, command)))
  return pipe:read "a"
end

local function settings(name)
  os.execute(("mkdir -p '%s/%s'"):format(folder, name))
  write(name .. "/ole.reg", "Windows Registry Editor Version 5.00\n\n"
    .. "[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Ole]\n\"EnableDCOM\"=\"Y\"\n")
end

describe("a host that knows its callers by their tickets", function()
  setup(function()
    if not possible then return end
    write("krb5.conf", krb5)
    write("kdc.conf", kdc)
    write("teller.lua", teller)
    write("client.lua", client)
    settings "mine"
    settings "there"
    local made <const> = shell [[kdb5_util create -s -r EXAMPLE.TEST -P master >/dev/null 2>&1
      for command in 'addprinc -pw secret ann' 'addprinc -randkey host/localhost' 'ktadd -k keytab host/localhost'; do
        kadmin.local -r EXAMPLE.TEST -q "$command" >/dev/null 2>&1 || echo "$command failed"
      done]]
    assert.equal("", made)
    local environment <const> = { "env", "KRB5_CONFIG=" .. folder .. "/krb5.conf",
      "KRB5_KDC_PROFILE=" .. folder .. "/kdc.conf", "PATH=" .. os.getenv "PATH" .. ":/usr/sbin" }
    local function run(...)
      local words <const> = table.move({ ... }, 1, select("#", ...), #environment + 1, { table.unpack(environment) })
      return support.run("sh", "-c", [[exec "$0" "$@" 2>>"]] .. folder .. [[/log"]], table.unpack(words))
    end
    run("krb5kdc", "-n", "-r", "EXAMPLE.TEST")
    local there <const> = { "OLEANDER_CLASSES=" .. folder .. "/there", "OLEANDER_RUNTIME=" .. folder .. "/run-there",
      "OLEANDER_PING_PERIOD=0.5", "KRB5_KTNAME=FILE:" .. folder .. "/keytab" }
    local text <const>, code <const> = run("env", there[1], there[2], support.stage .. "/bin/oleander", "register",
      "--local", folder .. "/teller.lua"):rest()
    assert.equal(0, code, text)
    run("env", there[1], there[2], there[3], there[4], support.stage .. "/bin/oleanderd", "--foreground", "--listen",
      "127.0.0.1", "--port", tostring(port))
    local answer
    for _ = 1, 100 do
      answer = shell "echo secret | kinit ann >/dev/null && lua5.4 client.lua"
      if not answer:find "SERVER_UNAVAILABLE" and not answer:find "kinit" then break end
      os.execute "sleep 0.1"
    end
    assert.truthy(answer:find "EXAMPLE", answer)
  end)

  teardown(support.finish)

  test("is told who they are, at each level, for objects that it returns, too", function()
    for level, told in pairs { integrity = "integrity", privacy = "privacy" } do
      assert.equal(("EXAMPLE\\ann %s\tEXAMPLE\\ann %s\tnegotiate\n"):format(told, told),
        shell("lua5.4 client.lua " .. level))
    end
  end)

  test("keeps their objects as long as they ping in that name", function()
    local said <const> = shell "lua5.4 client.lua integrity 3"
    assert.truthy(said:find("\nEXAMPLE\\ann integrity\n", 1, true), said)
  end)

  test("lets nobody in who has none", function()
    assert.equal("E_ACCESSDENIED\n", shell "kdestroy -q; lua5.4 client.lua")
  end)
end)
