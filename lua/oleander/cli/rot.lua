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
  for _, object in ipairs(objects) do print(("%8d  %s"):format(object.pid, object.name)) end
end

return rot
