package.path = (os.getenv "OLEANDER_SOURCE" or ".") .. "/tests/local/?.lua;" .. package.path
local support <const> = require "support"

-- Two hosts: network namespaces with a cable between them. The test makes them, in a namespace of its own, and they go
-- with it.
local ROOM <const> = "{3B7C5A10-5E0B-4E55-9C0A-6A1C8B5D2EAE}"
local folder <const> = support.folder

local function write(path, text)
  local file <close> = assert(io.open(path, "w"))
  file:write(text)
end

local function output_of(command)
  local pipe <close> = assert(io.popen(command .. " 2>&1"))
  return pipe:read "a"
end

local function has(program)
  return os.execute("PATH=$PATH:/usr/sbin:/sbin command -v " .. program .. " >/dev/null 2>&1") == true
end

local room <const> = [[
local com <const> = require "oleander"
local Room <const> = { __types = { Say = "void (bstr text)", Echo = "variant (variant v)", Who = "bstr ()" },
  __events = { Said = "(bstr text)" } }
Room.__index = Room
function Room:Say(text) com.fire(self, "Said", text) end
function Room:Echo(v) return v end
function Room:Who()
  local c <const> = com.caller()
  return ("%s %s %s"):format(c.user, c.host, c.authentication)
end
com.main { { clsid = "]] .. ROOM .. [[", progid = "Test.Room", class = Room } }
]]

-- What the client does; it prints what came.
local client <const> = [[
local com <const> = require "oleander"
local host <const>, events <const>, user <const> = arg[1], arg[2], arg[3]
local options <const> = { host = host, timeout = 20 }
if user ~= "" then options.user, options.password, options.authentication = user, "secret", "privacy" end
local o <const>, err <const> = com.try(com.create, "]] .. ROOM .. [[", options)
if not o then print("error", err.name, err.description) os.exit(1) end
print("echo", #o:Echo(("x"):rep(200000)), o:Echo(2.5))
print("who", o:Who())
local heard
local ok <const>, connection <const> = pcall(com.on, o, "Said", function(text) heard = text end)
if ok then
  o:Say "hello"
  for _ = 1, 100 do
    if heard then break end
    com.step(0.05)
  end
  print("event", heard)
else
  print("event", connection.name, events)
end
]]

-- Makes the two hosts; the addresses are 10.99.0.1 and 10.99.0.2, fd99::1 and fd99::2. Then the commands run as one
-- script.
local hosts <const> = [[
set -e
export PATH="$PATH:/usr/sbin:/sbin"
there() { nsenter --net=/proc/$there/ns/net "$@"; }
unshare --net sleep 100 & there=$!
while [ "$(readlink /proc/$there/ns/net)" = "$(readlink /proc/self/ns/net)" ]; do sleep 0.02; done
ip link add here type veth peer name there netns $there
ip address add 10.99.0.2/24 dev here; ip -6 address add fd99::2/64 dev here nodad
ip link set here up; ip link set lo up
there ip address add 10.99.0.1/24 dev there; there ip -6 address add fd99::1/64 dev there nodad
there ip link set there up; there ip link set lo up
]]

local function run(script)
  write(folder .. "/hosts.sh", hosts .. script .. "\nkill $there\n")
  return output_of(("unshare --net --mount --pid --fork --mount-proc --kill-child sh '%s/hosts.sh'"):format(folder))
end

--- The service of the other host, with the class, until the script has ended.
local function server(more)
  return ([[
export OLEANDER_CLASSES="%s/server-classes" OLEANDER_RUNTIME="%s/server-run"
there "%s/bin/oleanderd" --foreground --listen "*" %s 2>>"%s/log" & service=$!
export OLEANDER_CLASSES="%s/client-classes" OLEANDER_RUNTIME="%s/client-run"
for i in $(seq 100); do
  there sh -c 'ss -ltn 2>/dev/null | grep -q ":135 "' && break
  sleep 0.05
done
]]):format(folder, folder, support.stage, more, folder, folder, folder)
end

local function call(host, user)
  return ("lua5.4 '%s/client.lua' '%s' reached '%s' || true\n"):format(folder, host, user or "")
end

local function settings(name, level)
  os.execute(("mkdir -p '%s/%s'"):format(folder, name))
  write(("%s/%s/ole.reg"):format(folder, name), ("Windows Registry Editor Version 5.00\n\n"
    .. "[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Ole]\n"
    .. '"EnableDCOM"="Y"\n"LegacyAuthenticationLevel"=dword:%d\n'):format(level))
end

local possible <const> = has "ip" and has "ss" and has "nsenter"
  and output_of "unshare --net --mount --pid --fork --mount-proc true && echo can" == "can\n"
if not possible then print "# skipped: network namespaces cannot be made here, or iproute2 is missing" end
local test <const> = possible and it or pending

describe("two hosts", function()
  setup(function()
    settings("server-classes", 1)
    settings("client-classes", 1)
    write(folder .. "/room.lua", room)
    write(folder .. "/client.lua", client)
    write(folder .. "/users", "HOST:ann:secret\n")
    os.execute(("chmod 600 '%s/users'"):format(folder))
    if not possible then return end
    local said <const> = output_of(("env OLEANDER_CLASSES='%s/server-classes' '%s/bin/oleander' register --local "
      .. "'%s/room.lua'"):format(folder, support.stage, folder))
    assert.is_nil(said:find "error", said)
  end)

  teardown(support.finish)

  test("meet over IPv4 and IPv6, on the port that all have, and call back", function()
    local said <const> = run(server "" .. call "10.99.0.1" .. call "fd99::1" .. "kill $service")
    assert.equal(("echo\t200000\t2.5\nwho\tnil %s none\nevent\thello\n"):format "10.99.0.2"
      .. ("echo\t200000\t2.5\nwho\tnil %s none\nevent\thello\n"):format "fd99::2", said)
  end)

  test("know each other's users", function()
    settings("server-classes", 6)
    local said <const> = run(server(("--users '%s/users'"):format(folder)) .. call("10.99.0.1", "HOST\\ann")
      .. call "10.99.0.1" .. "kill $service")
    settings("server-classes", 1)
    assert.truthy(said:find("who\tHOST\\ann 10.99.0.2 privacy", 1, true), said)
    assert.truthy(said:find("error\tE_ACCESSDENIED", 1, true), said)
  end)

  local filters <const> = possible and has "nft"
    and output_of "unshare --net nft add table inet t && echo can" == "can\n"
  if possible and not filters then print "# skipped: nftables is missing, or does not work here" end
  local firewall <const> = filters and it or pending
  firewall("are told why events do not come through a firewall", function()
    -- What the server opens of itself does not pass.
    local said <const> = run(server "" .. [[
there nft add table inet wall
there nft add chain inet wall out '{ type filter hook output priority 0; }'
there nft add rule inet wall out oif there tcp flags '& (syn|ack) == syn' reject with tcp reset
]] .. call "10.99.0.1" .. "kill $service")
    assert.truthy(said:find("echo\t200000\t2.5\n", 1, true), said)
    assert.truthy(said:find("event\tHRESULT_FROM_WIN32(RPC_S_SERVER_UNAVAILABLE)\treached", 1, true), said)
  end)

  local captures <const> = possible and has "tshark" and has "dumpcap"
  if possible and not captures then print "# skipped: tshark is not installed" end
  local capture <const> = captures and it or pending
  capture("speak what others read without complaint", function()
    local file <const> = folder .. "/calls.pcap"
    local said <const> = run(server "" .. ([[
dumpcap -q -P -i here -w '%s' >/dev/null 2>&1 & capture=$!
sleep 1
]]):format(file) .. call "10.99.0.1" .. "sleep 1; kill -INT $capture; wait $capture || true; kill $service")
    assert.truthy(said:find "event\thello", said)
    local complaints <const> = output_of(("(tshark -n -r '%s' -Y '_ws.malformed || _ws.expert.severity >= 8388608' "
      .. "-T fields -e frame.number -e _ws.expert.message 2>/dev/null)"):format(file))
    assert.equal("", complaints)
    local kinds <const> = output_of(("(tshark -n -r '%s' -Y dcerpc -T fields -e _ws.col.Protocol 2>/dev/null)")
      :format(file))
    assert.truthy(kinds:find("ISystemActivator", 1, true), kinds)
    assert.truthy(kinds:find("IRemUnknown", 1, true), kinds)
  end)
end)
