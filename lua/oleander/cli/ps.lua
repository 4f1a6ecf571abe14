---`oleander ps`: the processes that the COM service knows.

---@type oleander.cli.Command
local ps <const> = {
  summary = "List the processes that offer classes and objects, or use them.",
  description = "List the processes of this user that the COM service knows, with the number of classes and of running "
    .. "objects that each offers.",
}

function ps.configure(parser)
  parser:flag("--json", "Print a JSON array of objects.")
end

function ps.run(options)
  local com <const> = require "oleander"
  local processes <const> = com.processes()
  if options.json then
    local json <const> = require "oleander.json"
    for _, process in ipairs(processes) do
      process.classes, process.running = json.array(process.classes), json.array(process.running)
    end
    print(json.encode(json.array(processes)))
    return
  end
  print(("%8s  %7s  %7s  %s"):format("PID", "CLASSES", "RUNNING", "PROGRAM"))
  for _, process in ipairs(processes) do
    print(("%8d  %7d  %7d  %s"):format(process.pid, #process.classes, #process.running, process.program))
  end
end

return ps
