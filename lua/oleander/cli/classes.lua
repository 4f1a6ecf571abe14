---`oleander classes --running`: the classes that processes offer at this moment.

---@type oleander.cli.Command
local classes <const> = {
  summary = "List the classes that running processes offer.",
  description = "List the class objects that processes have registered for all others. Registered classes, running or "
    .. "not: oleander list.",
}

function classes.configure(parser)
  parser:flag("--running", "Those of running processes; there are no others here.")
  parser:flag("--json", "Print a JSON array of objects.")
end

function classes.run(options)
  local com <const> = require "oleander"
  local list <const> = {}
  for _, process in ipairs(com.processes()) do
    for _, class in ipairs(process.classes) do
      list[#list + 1] = { clsid = class.clsid, progid = class.progid, suspended = class.suspended, pid = process.pid,
        program = process.program }
    end
  end
  if options.json then
    local json <const> = require "oleander.json"
    print(json.encode(json.array(list)))
    return
  end
  local rows <const> = {}
  for i, class in ipairs(list) do
    local note <const> = class.suspended and "  suspended" or ""
    rows[i] = { ("%8d"):format(class.pid), class.clsid, (class.progid or "-") .. note }
  end
  require "oleander.cli.columns".print(rows, { "pid", "clsid", "progid" })
end

return classes
