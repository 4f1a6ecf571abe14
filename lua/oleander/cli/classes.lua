---`oleander classes`: the registered classes; with --running those that processes offer at this moment.
local list <const> = require "oleander.cli.list"

---@type oleander.cli.Command
local classes <const> = {
  summary = "List the registered classes, or those that running processes offer.",
  description = "List the classes that scripts can create. With --running: the class objects that processes have "
    .. "registered for all others.",
  completes = list.completes,
}

function classes.configure(parser)
  list.configure(parser)
  parser:flag("--running", "Those that running processes offer at this moment.")
end

--- Whether the class of a process is wanted.
local function matches(class, pattern)
  local text <const> = (class.progid or "") .. "\n" .. class.clsid
  return not pattern or text:lower():find(pattern:lower(), 1, true) ~= nil
end

local function running(options)
  local com <const> = require "oleander"
  local found <const> = {}
  for _, process in ipairs(com.processes()) do
    for _, class in ipairs(process.classes) do
      if matches(class, options.pattern) then
        found[#found + 1] = { clsid = class.clsid, progid = class.progid, suspended = class.suspended,
          pid = process.pid, program = process.program }
      end
    end
  end
  if options.json then
    local json <const> = require "oleander.json"
    print(json.encode(json.array(found)))
    return
  end
  local rows <const> = {}
  for i, class in ipairs(found) do
    local note <const> = class.suspended and "  suspended" or ""
    rows[i] = { ("%8d"):format(class.pid), class.clsid, (class.progid or "-") .. note }
  end
  require "oleander.cli.columns".print(rows, { "pid", "clsid", "progid" })
end

function classes.run(options)
  if options.running then return running(options) end
  return list.run(options)
end

return classes
