--- What runs: the processes that the COM service knows, what they say of themselves, and who waits for whom.
local core <const> = require "oleander.core"
local types <const> = require "oleander.types"
local typelib <const> = require "oleander.typelib"

core.own_source(debug.getinfo(1, "S").source)

local processes <const> = {}

--- Reads what the COM service answers: numbers of 4 bytes, and texts of a size, padded to 4.
local function reader_of(bytes)
  local at = 1
  local reader <const> = {}
  function reader.number()
    local value <const> = ("<I4"):unpack(bytes, at)
    at = at + 4
    return value
  end
  function reader.long()
    return reader.number() | reader.number() << 32
  end
  function reader.text()
    local size <const> = reader.number()
    local text <const> = bytes:sub(at, at + size - 1)
    at = at + (size + 3) // 4 * 4
    return text
  end
  function reader.guid()
    local a <const>, b <const>, c <const>, rest <const> = ("<I4I2I2c8"):unpack(bytes, at)
    at = at + 16
    local hex <const> = rest:gsub(".", function(x) return ("%02X"):format(x:byte()) end)
    return ("{%08X-%04X-%04X-%s-%s}"):format(a, b, c, hex:sub(1, 4), hex:sub(5))
  end
  return reader
end

-- names of what is called

--- Interfaces that no library describes, and the first of their methods, from slot 3 on.
local known <const> = {
  ["{00000000-0000-0000-C000-000000000046}"] = { "IUnknown" },
  ["{00000001-0000-0000-C000-000000000046}"] = { "IClassFactory", "CreateInstance", "LockServer" },
  ["{00000131-0000-0000-C000-000000000046}"] = { "IRemUnknown", "RemQueryInterface", "RemAddRef", "RemRelease" },
  ["{00000143-0000-0000-C000-000000000046}"] = { "IRemUnknown2", "RemQueryInterface", "RemAddRef", "RemRelease",
    "RemQueryInterface2" },
  ["{00020400-0000-0000-C000-000000000046}"] = { "IDispatch", "GetTypeInfoCount", "GetTypeInfo", "GetIDsOfNames",
    "Invoke" },
  ["{00020404-0000-0000-C000-000000000046}"] = { "IEnumVARIANT", "Next", "Skip", "Reset", "Clone" },
}

local function find_type(iid)
  local done <const>, info <const> = pcall(types.find_interface, iid)
  return done and info and typelib.from_info(info) or nil
end

local POINTER <const> = 8 -- bytes, in which offsets in vtables are counted

local function method_name(kind, slot)
  for level in typelib.levels(kind) do
    for _, member in ipairs(level.functions) do
      if member.offset == slot * POINTER then return member.name end
    end
  end
end

--- The names of an interface and a method of it: as far as they are known.
local function name_call(iid, slot)
  local names <const> = known[iid]
  if names then return names[1], names[slot - 1] or "method " .. slot end
  local kind <const> = find_type(iid)
  local dispatch <const> = known["{00020400-0000-0000-C000-000000000046}"]
  local done <const>, method <const> = pcall(method_name, kind, slot)
  return kind and kind.name or iid, kind and (done and method or dispatch[slot - 1]) or "method " .. slot
end

local function progid_of(clsid)
  local registry <const> = require "oleander.registry"
  local key <const> = "CLSID\\" .. clsid
  return registry.value(key .. "\\VersionIndependentProgID") or registry.value(key .. "\\ProgID")
end

-- what is known

---A call between two processes that is under way.
---@class oleander.ProcessCall
---@field pid integer the other process
---@field interface string its name, or its IID
---@field method string its name, or its number

---@class oleander.Process
---@field pid integer
---@field program string
---@field classes { clsid: string, progid: string?, flags: integer, suspended: boolean }[] that it offers
---@field running string[] names of its running objects
---@field answers boolean false: it did not say more within half a second, because it calculates, or is stopped
---@field objects integer? that others can reach
---@field references integer? to these
---@field clients integer? that are connected to it
---@field calls oleander.ProcessCall[] that it makes
---@field served oleander.ProcessCall[] that others make to it

local function new_process(pid, program)
  return { pid = pid, program = program or "", classes = {}, running = {}, answers = false, calls = {}, served = {} }
end

--- Adds what the processes say of themselves.
local function add_facts(source, find)
  local read <const> = reader_of(source.service_facts())
  for _ = 1, read.number() do
    local process <const> = find(read.number())
    local facts <const> = reader_of(read.text())
    process.answers = true
    process.objects = facts.number()
    facts.number()
    process.references, process.clients = facts.long(), facts.number()
    for _ = 1, facts.number() do
      local list <const> = facts.number() == 1 and process.served or process.calls
      local call <const> = { pid = facts.number() }
      call.interface, call.method = name_call(facts.guid(), facts.number())
      list[#list + 1] = call
    end
  end
end

--- Adds what the COM service knows.
local function add_known(source, find)
  local bytes <const> = source.service_status()
  if not bytes then return end
  local read <const> = reader_of(bytes)
  for _ = 1, read.number() do
    find(read.number(), read.text())
    read.text()
  end
  for _ = 1, read.number() do
    local clsid <const>, pid <const>, flags <const> = read.guid(), read.number(), read.number()
    local classes <const> = find(pid).classes
    classes[#classes + 1] = { clsid = clsid, progid = progid_of(clsid), flags = flags,
      suspended = read.number() ~= 0 }
  end
  for _ = 1, read.number() do
    local moniker <const> = read.text()
    local running <const> = find(read.number()).running
    running[#running + 1] = core.moniker_name(moniker) or "?"
  end
end

--- `source` answers as the core does.
local function gather(with_known, source)
  source = source or core
  local list <const>, by_pid <const> = {}, {}
  local function find(pid, program)
    if not by_pid[pid] then
      by_pid[pid] = new_process(pid, program)
      list[#list + 1] = by_pid[pid]
    end
    return by_pid[pid]
  end
  if with_known and not source.service_status() then return list end
  add_known(source, find)
  add_facts(source, find)
  table.sort(list, function(a, b) return a.pid < b.pid end)
  return list
end

---The processes of this user that the COM service knows, with the classes and the running objects that they offer to
---others, and what they say of themselves: objects, references, clients, calls under way. Empty where no service runs.
---Those with other registries are among them. With a host: those that the COM service of Oleander there knows, which
---shows them to who may start programs there.
---@param where { host: string, port: integer?, timeout: number? }?
---@return oleander.Process[]
function processes.processes(where)
  if where == nil then return gather(true) end
  if type(where) ~= "table" or type(where.host) ~= "string" then
    require "oleander.errors".raise(0x80070057, "a table with the field host is wanted, not " .. core.type_name(where),
      { subject = "com.processes" })
  end
  local host <const> = require "oleander.host"
  local line <close> = host.open(where.host, where.port or host.PORT, { timeout = where.timeout, secure = true })
  return gather(true, { service_status = function() return line:service_status() end,
    service_facts = function() return line:service_facts() end })
end

---A process that waits for another one.
---@class oleander.Wait
---@field from integer the process that waits
---@field to integer for which
---@field interface string
---@field method string
---@field calls integer how many of that kind are under way

--- For oleander.cli.trace.
processes.name_call = name_call

---Who waits for whom: the calls between processes that are under way, out of what both sides say of them. A circle in
---which nobody serves is a deadlock. Processes that the COM service does not know are seen by what others say of them.
---@return oleander.Wait[]
function processes.waits()
  local list <const>, found <const> = {}, {}
  local function count(counts, from, to, call)
    local key <const> = ("%d %d %s %s"):format(from, to, call.interface, call.method)
    if not found[key] then
      found[key] = { from = from, to = to, interface = call.interface, method = call.method, calls = 0 }
      list[#list + 1] = found[key]
    end
    counts[key] = (counts[key] or 0) + 1
    found[key].calls = math.max(found[key].calls, counts[key])
  end
  local made <const>, served <const> = {}, {}
  for _, process in ipairs(gather(false)) do
    for _, call in ipairs(process.calls) do count(made, process.pid, call.pid, call) end
    for _, call in ipairs(process.served) do count(served, call.pid, process.pid, call) end
  end
  table.sort(list, function(a, b)
    if a.from ~= b.from then return a.from < b.from end
    return a.to ~= b.to and a.to < b.to or a.to == b.to and a.method < b.method
  end)
  return list
end

return processes
