---`oleander storage list FILE [PATH]`: what is in one storage.
local path <const> = require "oleander.cli.storage.path"

---@type oleander.cli.Command
local list <const> = {
  summary = "List what is in a storage: kind, size, name.",
}

function list.configure(parser)
  parser:argument("file", "A compound file.")
  parser:argument("path", "A storage or stream in it; the root without one."):args "?"
  parser:flag("--json", "Print a JSON array of objects.")
end

local function entry(name, stat)
  return { name = path.shown(name), type = stat.type, size = stat.size, clsid = stat.clsid }
end

--- A stream is listed as itself.
local function entries(options)
  local com <const> = require "oleander"
  local root <close> = com.storage(options.file)
  local names <const> = path.names(options.path)
  local result <const> = {}
  if #names > 0 then
    local parent <const>, name <const> = path.parent(root, options.path)
    local stat <const> = parent:stat(name)
    if stat.type == "stream" then return { entry(name, stat) } end
  end
  local storage = root
  for _, name in ipairs(names) do storage = storage:open(name) end
  for name, stat in path.elements(storage) do result[#result + 1] = entry(name, stat) end
  return result
end

function list.run(options)
  local found <const> = entries(options)
  if options.json then
    local json <const> = require "oleander.json"
    print(json.encode(json.array(found)))
    return
  end
  for _, element in ipairs(found) do
    print(("%-7s  %12s  %s"):format(element.type or "?", element.size or "-", element.name))
  end
end

return list
