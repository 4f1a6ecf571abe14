package.path = (os.getenv "OLEANDER_SOURCE" or ".") .. "/tests/local/?.lua;" .. package.path
local support <const> = require "support"
local com <const> = require "oleander"
local host <const> = require "oleander.host"

-- A COM service that listens for other hosts, and what the tools show of it.
local there <const> = support.folder .. "/there"
local port <const> = 21000 + support.processes.id() % 10000 -- the system itself gives those from 32768 on
local target <const> = "127.0.0.1:" .. port

local function tool(...)
  local program <const> = support.run("sh", "-c", 'exec "$0" "$@" 2>&1', support.stage .. "/bin/oleander", ...)
  return program:rest()
end

local function settings(level)
  local file <close> = assert(io.open(there .. "/classes/ole.reg", "w"))
  file:write("Windows Registry Editor Version 5.00\n\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Ole]\n",
    ('"EnableDCOM"="Y"\n"LegacyAuthenticationLevel"=dword:%d\n'):format(level))
end

describe("tools for other hosts", function()
  setup(function()
    os.execute(("mkdir -p '%s/classes'"):format(there))
    settings(1)
    support.run("env", "OLEANDER_RUNTIME=" .. there .. "/run", "OLEANDER_CLASSES=" .. there .. "/classes", "sh", "-c",
      [[exec "$0" "$@" 2>/dev/null]], support.stage .. "/bin/oleanderd", "--foreground", "--listen", "127.0.0.1",
      "--port", tostring(port))
    assert(support.wait_until(function() return (com.try(host.open, "127.0.0.1", port)) end, 20))
  end)

  teardown(support.finish)

  it("ping it", function()
    local text <const>, code <const> = tool("dcom", "ping", target, "--count", "2", "--interval", "0.01")
    assert.equal(0, code, text)
    assert.truthy(text:find("DCOM 5.7, 127.0.0.1[" .. port .. "]", 1, true), text)
    assert.truthy(text:find("2 asked, 2 answered", 1, true), text)
    local json <const> = tool("dcom", "ping", target, "--count", "1", "--json")
    assert.truthy(json:find('"answered":1', 1, true), json)
  end)

  it("list what can be asked of it", function()
    local text <const>, code <const> = tool("dcom", "list", target)
    assert.equal(0, code, text)
    assert.truthy(text:find("endpoint mapper: 4 entries", 1, true), text)
    assert.truthy(text:find(("ncacn_ip_tcp:127.0.0.1[%d]"):format(port), 1, true), text)
    assert.truthy(text:find("{99FCFEC4-5260-101B-BBCB-00AA0021347A}  0.0", 1, true), text)
  end)

  it("show its processes, where it lets them", function()
    assert.same({}, com.processes { host = "127.0.0.1", port = port })
    settings(5)
    local err <const> = support.failure(com.processes, { host = "127.0.0.1", port = port })
    assert.equal("E_ACCESSDENIED", err.name)
    assert.truthy(err.description:find("who may start programs", 1, true), err.description)
    local text <const>, code <const> = tool("ps", "--host", target)
    assert.equal(1, code, text)
    settings(1)
  end)

  it("say what is wrong", function()
    for _, case in ipairs {
      { { "dcom", "ping", "127.0.0.1:9", "--count", "1" }, "RPC_S_SERVER_UNAVAILABLE" },
      { { "dcom", "list", "127.0.0.1:9" }, "RPC_S_SERVER_UNAVAILABLE" },
      { { "dcom", "list", "a b" }, "is no host" },
      { { "dcom", "list", "host:70000" }, "is no host" },
      { { "dcom", "ping", target, "--count", "0" }, "--count" },
      { { "dcom", "ping", target, "--json" }, "--json needs --count" },
      { { "ps", "--host", target, "--waits" }, "--waits" } } do
      local text <const>, code <const> = tool(table.unpack(case[1]))
      assert.equal(1, code, text)
      assert.truthy(text:find(case[2], 1, true), text)
    end
    assert.equal("E_INVALIDARG", support.failure(com.processes, { port = 1 }).name)
  end)

  it("read names of hosts", function()
    for text, wanted in pairs { ["h"] = { "h", 135 }, ["h:5"] = { "h", 5 }, ["h[5]"] = { "h", 5 },
      ["10.0.0.1:80"] = { "10.0.0.1", 80 }, ["::1"] = { "::1", 135 }, ["[::1]"] = { "::1", 135 },
      ["[fe80::1%eth0]:5"] = { "fe80::1%eth0", 5 }, ["h:"] = {}, ["h:0"] = {}, ["h:x"] = {}, ["[h"] = {}, [""] = {},
      ["a/b"] = {} } do
      assert.same(wanted, { host.split(text) }, text)
    end
  end)
end)
