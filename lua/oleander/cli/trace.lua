---`oleander trace FILE`: the calls of DCOM in a capture of a network.

---@type oleander.cli.Command
local trace <const> = {
  summary = "Show the calls of DCOM in a capture of a network (pcap or pcapng).",
  description = "Show the PDUs of DCOM in a capture, as tcpdump -w and Wireshark write it: binds with their "
    .. "interfaces, requests and answers with interface, method, object (IPID) and size, fragments put together, "
    .. "faults by name, "
    .. "how calls were protected, and how long the answer took. What is in the calls is not shown.",
}

function trace.configure(parser)
  parser:argument("file", "The capture.")
  parser:flag("--json", "Print a JSON array of objects.")
end

local function names_of(iid, opnum)
  local known <const> = require "oleander.host".INTERFACES[iid]
  if known then return known.name, known[opnum or 0] or ("method %d"):format(opnum or 0) end
  return require "oleander.processes".name_call(iid, opnum or 3)
end

local function describe(event)
  local parts <const> = { event.kind }
  if event.call ~= 0 then parts[1] = ("%s %d"):format(event.kind, event.call) end
  if event.interface then
    local interface <const>, method <const> = names_of(event.interface, event.opnum)
    parts[#parts + 1] = event.opnum and ("%s.%s"):format(interface, method) or interface
  elseif event.opnum then
    parts[#parts + 1] = ("method %d of an interface whose bind is not in the capture"):format(event.opnum)
  end
  if event.object and event.kind == "request" then parts[#parts + 1] = "of " .. event.object end
  if event.status then parts[#parts + 1] = require "oleander.trace.pdus".status_name(event.status) end
  if event.size then parts[#parts + 1] = ("%d bytes"):format(event.size) end
  if event.fragments then parts[#parts + 1] = ("in %d fragments"):format(event.fragments) end
  if event.auth then parts[#parts + 1] = event.auth end
  if event.elapsed then parts[#parts + 1] = ("after %.3f ms"):format(event.elapsed * 1000) end
  if event.note then parts[#parts + 1] = event.note end
  return table.concat(parts, ", ")
end

function trace.run(options)
  local file <close>, problem <const> = io.open(options.file, "rb")
  if not file then error(problem, 0) end
  local bytes <const>, unreadable <const> = file:read "a"
  if not bytes then error(("%s: %s"):format(options.file, unreadable), 0) end
  local events, first = {}, nil
  local pdus <const> = require "oleander.trace.pdus"
  local wrong <const> = require "oleander.trace.capture".read(bytes, pdus.reader(function(event)
    first = first or event.time
    if options.json then
      event.status_name = event.status and pdus.status_name(event.status)
      events[#events + 1] = event
    else
      print(("%10.6f %s > %s %s"):format(event.time - first, event.from, event.to, describe(event)))
    end
  end))
  if options.json then
    local json <const> = require "oleander.json"
    print(json.encode(json.array(events)))
  end
  if wrong then error(("%s: %s"):format(options.file, wrong), 0) end
  if not first and not options.json then print "no DCOM is in the capture" end
end

return trace
