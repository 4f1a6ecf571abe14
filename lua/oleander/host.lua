---What other hosts say of themselves: who is alive, what can be asked. For `oleander dcom` and `oleander ps --host`.
local core <const> = require "oleander.core"

core.own_source(debug.getinfo(1, "S").source)

local host <const> = {}

---The port of the service that every host with DCOM has.
host.PORT = 135

---Interfaces of the services that every host has: what people call them, and their methods from 0 on.
---@type table<string, { name: string, [integer]: string }>
host.INTERFACES = {
  ["{E1AF8308-5D1F-11C9-91A4-08002B14A0FA}"] = { name = "endpoint mapper", [2] = "ept_lookup", [3] = "ept_map" },
  ["{99FCFEC4-5260-101B-BBCB-00AA0021347A}"] = { name = "IObjectExporter", [0] = "ResolveOxid", "SimplePing",
    "ComplexPing", "ServerAlive", "ResolveOxid2", "ServerAlive2" },
  ["{000001A0-0000-0000-C000-000000000046}"] = { name = "IRemoteSCMActivator", [3] = "RemoteGetClassObject",
    [4] = "RemoteCreateInstance" },
  ["{4D9F4AB8-7D1C-11CF-861E-0020AF6E7C57}"] = { name = "IActivation", [0] = "RemoteActivation" },
}

---Names of security services (RPC_C_AUTHN_...).
---@type table<integer, string>
host.SERVICES = { [9] = "SPNEGO", [10] = "NTLM", [14] = "TLS", [16] = "Kerberos" }

---`HOST`, `HOST:PORT`, `HOST[PORT]`, `ADDRESS`, `[ADDRESS]:PORT`: name or address, and port.
---@param text string
---@return string? name nil: it is none of these
---@return integer? port
function host.split(text)
  local name, port = text:match "^%[([%x:.%%%w]+)%]:?(%d*)$"
  if not name then name, port = text:match "^([^%[%]%s]+)%[(%d+)%]$" end
  if not name and not text:find ":.*:" then name, port = text:match "^([^:%[%]%s]+):(%d+)$" end
  if not name then name, port = text:match "^([^%[%]%s/]+)$", "" end
  if not name or (not name:find ":.*:" and name:find ":") then return nil end
  local number <const> = port == "" and host.PORT or math.tointeger(tonumber(port))
  if not number or number < 1 or number > 65535 then return nil end
  return name, number
end

---Within a time limit.
local function within(seconds, f, ...)
  return require "oleander.place".timeout(seconds, f, ...)
end

---A connection to the service of another host.
---@class oleander.HostLine
---@field name string
---@field port integer
local Line <const> = {}
Line.__index = Line

---Connects.
---@param name string
---@param port integer
---@param options { timeout: number?, secure: boolean? }? secure: in the name of the process (OLEANDER_LOGIN)
---@return oleander.HostLine
function host.open(name, port, options)
  options = options or {}
  local seconds <const> = options.timeout or 10
  local line <const> = within(seconds, core.host_open, name, port, options.secure or false)
  return setmetatable({ name = name, port = port, seconds = seconds, line = line }, Line)
end

function Line:close()
  core.host_close(self.line)
end

Line.__close = Line.close

---@class oleander.HostAlive
---@field version string of DCOM: "5.7"
---@field bindings string[] under which addresses it is reached
---@field security { service: integer, name: string, principal: string }[] how callers may show who they are

---Asks whether it is alive.
---@return oleander.HostAlive
function Line:alive()
  local entries <const>, major <const>, minor <const> = within(self.seconds, core.host_alive, self.line)
  local alive <const> = { version = ("%d.%d"):format(major, minor), bindings = {}, security = {} }
  for _, entry in ipairs(entries) do
    if entry.service == 0 then
      alive.bindings[#alive.bindings + 1] = entry.text
    else
      alive.security[#alive.security + 1] = { service = entry.service,
        name = host.SERVICES[entry.service] or ("service %d"):format(entry.service), principal = entry.note }
    end
  end
  return alive
end

---@class oleander.HostEndpoint
---@field iid string
---@field version string
---@field name string of the interface, as far as it is known
---@field binding string where it is reached
---@field annotation string what its program says of it

---What its endpoint mapper has.
---@return oleander.HostEndpoint[]
function Line:endpoints()
  local list <const> = {}
  for _, entry in ipairs(within(self.seconds, core.host_endpoints, self.line)) do
    local known <const> = host.INTERFACES[entry.iid]
    list[#list + 1] = { iid = entry.iid, version = ("%d.%d"):format(entry.version & 0xFFFF, entry.version >> 16),
      name = known and known.name or "", binding = entry.text, annotation = entry.note }
  end
  return list
end

--- The COM service of Oleander (activation/local/broker_api.h).
local SERVICE <const>, STATUS <const>, FACTS <const> = "{6F6C6561-6272-6F6B-8000-5C1D7A90E2F3}", 12, 15

local function ask(self, opnum)
  local bytes <const> = within(self.seconds, core.host_ask, self.line, SERVICE, opnum)
  local code <const> = ("<I4"):unpack(bytes .. "\0\0\0\0")
  if code >= 0x80000000 then
    require "oleander.errors".raise(code, ("the host %s does not show what runs there: who may start programs there "
      .. "sees it (launch permissions; OLEANDER_LOGIN says who asks)"):format(self.name),
      { subject = "com.processes" })
  end
  return bytes:sub(5)
end

---What its COM service knows of processes, where it is one of Oleander; as core.service_status and
---core.service_facts give it.
function Line:service_status() return ask(self, STATUS) end
function Line:service_facts() return ask(self, FACTS) end

return host
