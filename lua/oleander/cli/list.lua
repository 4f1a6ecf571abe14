---`oleander list`, and `oleander classes`: the classes and type libraries of the registry store.

---@type oleander.cli.Command
local list <const> = {
  summary = "List the registered classes and type libraries.",
  description = "List the classes that scripts can create, and with --libraries the registered type libraries. The "
    .. "exit code is 1 when there is none.",
  completes = { pattern = "class" },
}

function list.configure(parser)
  parser:argument("pattern", "Only entries whose ProgID, name or identifier contains this text."):args "?"
  parser:flag("-l --libraries", "List type libraries instead of classes.")
  parser:flag("--json", "Print a JSON array of objects.")
end

local columns <const> = {
  classes = { "progid", "clsid", "kind", "server" },
  libraries = { "name", "libid", "version", "path" },
}

---A class written in Lua is served by its script; the module that runs it says nothing to people.
local function shown_server(entry)
  if entry.script then entry.server, entry.module = entry.script, entry.server end
  return entry
end

local function matches(entry, pattern, keys)
  if not pattern then return true end
  for _, key in ipairs(keys) do
    if (entry[key] or ""):lower():find(pattern:lower(), 1, true) then return true end
  end
  return false
end

local function print_table(entries, keys)
  local rows <const> = {}
  for i, entry in ipairs(entries) do
    rows[i] = {}
    for j, key in ipairs(keys) do rows[i][j] = entry[key] or "-" end
  end
  require "oleander.cli.columns".print(rows, keys)
end

function list.run(options)
  local registration <const> = require "oleander.registration"
  local what <const> = options.libraries and "libraries" or "classes"
  local keys <const> = columns[what]
  local shown <const> = {}
  for _, entry in ipairs(registration[what]()) do
    if matches(shown_server(entry), options.pattern, keys) then shown[#shown + 1] = entry end
  end
  if options.json then
    local json <const> = require "oleander.json"
    print(json.encode(json.array(shown)))
  elseif #shown == 0 then
    io.stderr:write(options.pattern and "Nothing registered matches.\n" or "Nothing is registered.\n")
  else
    print_table(shown, keys)
  end
  local problems <const> = require "oleander.registry".problems()
  if problems then io.stderr:write((problems:gsub("\n*$", "\n"))) end
  return #shown == 0 and 1 or 0
end

return list
