---`oleander dcom ping|list HOST`: whether another host answers, and what can be asked there.

---@type oleander.cli.Command
local dcom <const> = {
  summary = "Ask another host whether its COM service answers, and what it offers.",
  description = "Ask the COM service of another host, of Oleander or of Windows, whether it answers, and what it "
    .. "offers. Nobody need be known there for these questions. HOST is a name or an address, with :PORT or [PORT] "
    .. "behind it where the service does not listen on port 135; an address of IPv6 with a port as [ADDRESS]:PORT.",
}

local function action(parser, name, text, more)
  local sub <const> = parser:command(name):summary(text):description(more or text)
  sub:argument("host", "HOST or HOST:PORT.")
  sub:option("--timeout", "Seconds to wait for an answer."):argname "SECONDS":default "10":convert(tonumber)
  return sub
end

function dcom.configure(parser)
  parser:require_command(true)
  parser:command_target "action"
  local ping <const> = action(parser, "ping", "Ask over and over whether the service is alive, and how long it takes.",
    "Ask ServerAlive2 over and over, and show how long each answer takes; at the end, and after Ctrl-C, the smallest, "
    .. "the mean and the largest time. Fails when no answer came.")
  ping:option("--count", "How often; without it until Ctrl-C."):argname "N":convert(tonumber)
  ping:option("--interval", "Seconds between questions."):argname "SECONDS":default "1":convert(tonumber)
  ping:flag("--json", "Print a JSON object at the end; needs --count.")
  local list <const> = action(parser, "list", "Show what can be asked of a host.",
    "Show the version of DCOM, the addresses and security services of a host, the entries of its endpoint mapper, and, "
    .. "where OLEANDER_LOGIN names a login, whether the service is one of Oleander that shows its processes.")
  list:flag("--json", "Print a JSON object.")
end

---What HOST stands for; raises what is wrong with it.
---@return string name, integer port
function dcom.target(text)
  local name <const>, port <const> = require "oleander.host".split(text)
  if not name then
    error(("%s is no host: a name or an address, perhaps with :PORT (1 to 65535); [ADDRESS]:PORT for IPv6"):format(
      text), 0)
  end
  return name, port
end

local function seconds(value, name)
  if not value or value <= 0 or value ~= value then error(("--%s is a number of seconds above 0"):format(name), 0) end
  return value
end

--- What an error says of why no answer came, in a line, and what to do.
local function reason(err)
  local text <const> = require "oleander.cli".message(err)
  if type(err) == "string" then return text end
  local name <const> = err.name or ""
  local hints <const> = {
    ["HRESULT_FROM_WIN32(RPC_S_SERVER_UNAVAILABLE)"] = "does the service listen there (oleanderd --listen), and does "
      .. "a firewall let it through?",
    RPC_E_TIMEOUT = "is the address right, and does a firewall drop what comes?",
    ["HRESULT_FROM_WIN32(RPC_S_UNKNOWN_IF)"] = "something else listens on that port",
  }
  local hint <const> = hints[name]
  return hint and ("%s; %s"):format(text, hint) or text
end

-- ping

local function clock()
  return require "oleander.core".monotonic()
end

---Waits, serving what comes; false: Ctrl-C.
local function pause(duration)
  local com <const> = require "oleander"
  return (pcall(com.sleep, duration))
end

local function statistics(times, sent)
  local sum, least, most = 0, math.huge, 0
  for _, time in ipairs(times) do
    sum, least, most = sum + time, math.min(least, time), math.max(most, time)
  end
  return { sent = sent, answered = #times, least = #times > 0 and least or nil, most = #times > 0 and most or nil,
    mean = #times > 0 and sum / #times or nil }
end

---What is asked, and how; raises what is wrong with the options.
local function read_questions(options)
  local name <const>, port <const> = dcom.target(options.host)
  local count <const> = options.count
  if count and (math.type(count) ~= "integer" or count < 1) then
    error("--count is a number of questions from 1 on", 0)
  end
  if options.json and not count then error("--json needs --count: the object is printed at the end", 0) end
  return { name = name, port = port, count = count or math.huge, json = options.json,
    timeout = seconds(options.timeout, "timeout"), interval = seconds(options.interval, "interval"),
    times = {}, sent = 0 }
end

---One question, on the connection that there is. Gives what it took in milliseconds; nil, why there was no answer, and
---whether somebody wants no more.
local function ask(self)
  self.sent = self.sent + 1
  local done <const>, result <const> = pcall(function()
    self.line = self.line or require "oleander.host".open(self.name, self.port, { timeout = self.timeout })
    local begin <const> = clock()
    self.alive = self.line:alive()
    return (clock() - begin) * 1000
  end)
  if done then return result end
  if self.line then pcall(self.line.close, self.line) end
  self.line = nil
  return nil, reason(result), type(result) == "string" and result:find "interrupted" ~= nil
end

local function show_answer(self, time, why)
  if time and #self.times == 1 then
    print(("%s port %d: DCOM %s, %s"):format(self.name, self.port, self.alive.version,
      table.concat(self.alive.bindings, " ")))
  end
  print(time and ("answer %d: %.3f ms"):format(self.sent, time) or ("answer %d: none: %s"):format(self.sent, why))
  io.stdout:flush()
end

local function show_end(self, failure)
  local found <const> = statistics(self.times, self.sent)
  if not self.json then
    print(("%d asked, %d answered%s"):format(found.sent, found.answered,
      found.mean and (", %.3f/%.3f/%.3f ms (least/mean/most)"):format(found.least, found.mean, found.most) or ""))
    return
  end
  local json <const> = require "oleander.json"
  found.host, found.port, found.failure = self.name, self.port, #self.times == 0 and failure or nil
  found.version = self.alive and self.alive.version
  found.bindings = json.array(self.alive and self.alive.bindings or {})
  found.times = json.array(self.times)
  print(json.encode(found))
end

local function ping(options)
  local self <const> = read_questions(options)
  local failure
  repeat
    local time <const>, why <const>, interrupted <const> = ask(self)
    self.times[#self.times + 1] = time
    failure = why
    if not self.json and not interrupted then show_answer(self, time, why) end
  until interrupted or self.sent >= self.count or not pause(self.interval)
  if self.line then self.line:close() end
  show_end(self, failure)
  return #self.times > 0 and 0 or 1
end

-- list

---Calls f; its result, or what it raises in words.
local function attempt(f, ...)
  local done <const>, result <const> = pcall(f, ...)
  if done then return result end
  return nil, reason(result)
end

local function list(options)
  local host <const> = require "oleander.host"
  local name <const>, port <const> = dcom.target(options.host)
  local timeout <const> = seconds(options.timeout, "timeout")
  local line <close>, problem <const> = attempt(host.open, name, port, { timeout = timeout })
  if not line then error(problem, 0) end
  local found <const> = { host = name, port = port }
  local alive <const>, dead <const> = attempt(line.alive, line)
  if not alive then error(dead, 0) end
  found.version, found.bindings, found.security = alive.version, alive.bindings, alive.security
  found.endpoints, found.endpoints_problem = attempt(line.endpoints, line)
  if os.getenv "OLEANDER_LOGIN" then
    found.processes, found.processes_problem = attempt(require "oleander".processes,
      { host = name, port = port, timeout = timeout })
  end
  if options.json then
    local json <const> = require "oleander.json"
    for _, field in ipairs { "bindings", "security", "endpoints" } do found[field] = json.array(found[field] or {}) end
    if found.processes then
      local processes <const> = {}
      for i, process in ipairs(found.processes) do processes[i] = { pid = process.pid, program = process.program } end
      found.processes = json.array(processes)
    end
    return print(json.encode(found))
  end
  print(("%s port %d: DCOM %s"):format(name, port, found.version))
  for _, binding in ipairs(found.bindings) do print("  address   " .. binding) end
  for _, service in ipairs(found.security) do
    print(("  security  %s%s"):format(service.name, service.principal ~= "" and " as " .. service.principal or ""))
  end
  if #found.security == 0 then print "  security  none: it has no accounts" end
  if not found.endpoints then
    print("endpoint mapper: " .. found.endpoints_problem)
  else
    print(("endpoint mapper: %d entries"):format(#found.endpoints))
    local rows <const> = {}
    for i, entry in ipairs(found.endpoints) do
      rows[i] = { entry.iid, entry.version, entry.binding, entry.annotation ~= "" and entry.annotation or entry.name }
    end
    require "oleander.cli.columns".print(rows, { "INTERFACE", "VERSION", "WHERE", "WHAT" }, { head = true })
  end
  if found.processes then
    print(("processes: %d (oleander ps --host %s)"):format(#found.processes, options.host))
  elseif found.processes_problem then
    print("processes: " .. found.processes_problem)
  end
end

function dcom.run(options)
  if options.action == "ping" then return ping(options) end
  return list(options)
end

return dcom
