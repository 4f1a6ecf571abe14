---`oleander storage tree FILE [PATH]`: all that is in a compound file.
local path <const> = require "oleander.cli.storage.path"

---@type oleander.cli.Command
local tree <const> = {
  summary = "Show all that is in a compound file as a tree.",
}

function tree.configure(parser)
  parser:argument("file", "A compound file.")
  parser:argument("path", "A storage in it; the root without one."):args "?"
  parser:flag("--json", "Print a JSON array of objects, one an element.")
end

--- Calls f with each element: depth, names along its path, stat; a storage before what is in it. Files nest as deep as
--- they like, so there is no recursion here.
local function walk(storage, names, f)
  local com <const> = require "oleander"
  local levels <const> = { { storage = storage, next = path.elements(storage) } }
  local along <const> = table.move(names, 1, #names, 1, {})
  while #levels > 0 do
    local level <const> = levels[#levels]
    local name <const>, stat <const> = level.next()
    if name then
      along[#along + 1] = name
      local problem = nil
      if stat.type == "storage" then
        local inner <const>, raised <const> = com.try(level.storage.open, level.storage, name)
        if inner then levels[#levels + 1] = { storage = inner, next = path.elements(inner) } end
        problem = not inner and raised or nil
      end
      f(#along - #names, along, stat, problem)
      if levels[#levels] == level then along[#along] = nil end
    else
      levels[#levels] = nil
      along[#along] = nil
      if #levels > 0 then level.storage:close() end
    end
  end
end

local function line(depth, names, stat, problem)
  local name <const> = path.shown(names[#names])
  local text = ("  "):rep(depth) .. name
  if stat.type == "storage" then
    text = text .. "/" .. (stat.clsid and "  " .. stat.clsid or "")
  elseif stat.size then
    text = ("%s  %d"):format(text, stat.size)
  else
    text = text .. "  (damaged)"
  end
  return problem and ("%s  (%s)"):format(text, problem.name or tostring(problem)) or text
end

function tree.run(options)
  local root <close>, storage <const>, names <const> = path.open(options.file, options.path) -- luacheck: ignore root
  if not options.json then
    local clsid <const> = storage.clsid
    print((#names == 0 and options.file or path.text(names)) .. (clsid and "  " .. clsid or ""))
    walk(storage, names, function(...) print(line(...)) end)
    return
  end
  local json <const> = require "oleander.json"
  local found <const> = {}
  walk(storage, names, function(_, along, stat)
    found[#found + 1] = { path = path.text(along), type = stat.type, size = stat.size, clsid = stat.clsid }
  end)
  print(json.encode(json.array(found)))
end

return tree
