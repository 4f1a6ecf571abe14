---`oleander rot`: the running objects of all processes.

---@type oleander.cli.Command
local rot <const> = {
  summary = "List the running objects of all processes.",
  description = "List what com.running and com.get_object find in other processes: the names, and whose they are.",
}

function rot.configure(parser)
  parser:flag("--json", "Print a JSON array of objects.")
end

function rot.run(options)
  local com <const> = require "oleander"
  local objects <const> = {}
  for _, process in ipairs(com.processes()) do
    for _, name in ipairs(process.running) do
      objects[#objects + 1] = { name = name, pid = process.pid, program = process.program }
    end
  end
  if options.json then
    local json <const> = require "oleander.json"
    print(json.encode(json.array(objects)))
    return
  end
  local rows <const> = {}
  for i, object in ipairs(objects) do rows[i] = { ("%8d"):format(object.pid), object.name } end
  require "oleander.cli.columns".print(rows, { "pid", "name" })
end

return rot
