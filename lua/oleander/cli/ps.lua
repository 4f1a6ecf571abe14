---`oleander ps`: the processes that the COM service knows.

---@type oleander.cli.Command
local ps <const> = {
  summary = "List the processes that offer classes and objects, or use them.",
  description = "List the processes of this user that the COM service knows: the classes and running objects that each "
    .. "offers, the objects that others reach in it, the clients that are connected, the calls under way. A process "
    .. "that does not answer, because it calculates or is stopped, shows - there.",
}

function ps.configure(parser)
  parser:flag("--waits", "Also list who waits for whom.")
  parser:option("--host", "Those of another host, HOST or HOST:PORT, whose COM service is one of Oleander. Who asks "
    .. "says the file of logins that OLEANDER_LOGIN names."):argname "HOST"
  parser:option("--timeout", "Seconds to wait for another host."):argname "SECONDS":default "10":convert(tonumber)
  parser:flag("--json", "Print a JSON array of objects.")
end

local function print_json(processes)
  local json <const> = require "oleander.json"
  for _, process in ipairs(processes) do
    for _, list in ipairs { "classes", "running", "calls", "served" } do process[list] = json.array(process[list]) end
  end
  print(json.encode(json.array(processes)))
end

local function print_waits(com)
  local programs <const> = {}
  for _, process in ipairs(com.processes()) do programs[process.pid] = process.program:match "[^/]*$" end
  local function named(pid) return ("%d %s"):format(pid, programs[pid] or "?") end
  for _, wait in ipairs(com.waits()) do
    print(("%s waits for %s: %s.%s%s"):format(named(wait.from), named(wait.to), wait.interface, wait.method,
      wait.calls > 1 and (" (%d calls)"):format(wait.calls) or ""))
  end
end

function ps.run(options)
  local com <const> = require "oleander"
  local where
  if options.host then
    if options.waits then error("--waits is of this host only", 0) end
    local name <const>, port <const> = require "oleander.cli.dcom".target(options.host)
    where = { host = name, port = port, timeout = options.timeout }
  end
  local processes <const> = com.processes(where)
  if options.json then return print_json(processes) end
  local heads <const> = { "     PID", "CLASSES", "RUNNING", "OBJECTS", "CLIENTS", " SERVES", "  CALLS", "PROGRAM" }
  local rows <const> = {}
  for _, process in ipairs(processes) do
    local function told(number) return process.answers and number or "-" end
    rows[#rows + 1] = { process.pid, #process.classes, #process.running, told(process.objects), told(process.clients),
      told(#process.served), told(#process.calls), process.program }
    for i, value in ipairs(rows[#rows]) do rows[#rows][i] = tostring(value) end
  end
  local right <const> = { true, true, true, true, true, true, true }
  require "oleander.cli.columns".print(rows, heads, { head = true, right = right })
  if options.waits then print_waits(com) end
end

return ps
