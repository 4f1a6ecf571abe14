-- Makes docs/reference.md, the reference of the Lua API, and docs/luacats/oleander.lua, its description for editors,
-- from the LuaCATS annotations in lua/ and in tools/reference/classes.lua.
--   lua5.4 tools/make_reference.lua [--check] [SOURCE_ROOT]
-- With --check nothing is written; exit code 1 when a file is not what the annotations say.

local root, check = ".", false
for _, argument in ipairs(arg) do
  if argument == "--check" then check = true else root = argument end
end
package.path = root .. "/tools/reference/?.lua;" .. package.path
local annotations <const> = require "annotations"

local titles <const> = {
  create = "Make objects",
  oleander = "Members of objects",
  types = "Types",
  values = "Values",
  dates = "Dates",
  classes = "Classes of values",
  errors = "Errors",
  server = "Objects written in Lua",
  serve = "Classes and running objects",
  events = "Events",
  loop = "The loop",
  place = "Objects of other processes",
  processes = "What runs",
  security = "Who calls whom",
  use = "Servers in a folder",
  diagnosis = "Diagnosis", recording = "Recordings", skeleton = "Servers in C begun",
  typelib = "Type libraries as values",
  idl = "Type libraries from IDL",
  module = "Foreign modules",
  diff = "Versions of a type library",
  stubs = "Type libraries for editors",
  html = "Pages of type libraries",
  storage = "Streams and compound files", lasting = "Objects that last", bag = "Property bags",
}
local order <const> = { "create", "oleander", "use", "errors", "values", "dates", "classes", "types", "typelib", "idl",
  "module", "diff", "stubs", "html",
  "server", "serve", "events", "loop", "place", "processes", "security", "storage", "lasting", "bag", "diagnosis",
  "recording", "skeleton" }

local function sorted_sources()
  local place <const> = {}
  for i, part in ipairs(order) do place[part] = i end
  local list <const> = annotations.sources(root)
  for _, source in ipairs(list) do assert(place[source.part], "a place in the reference for " .. source.part) end
  table.sort(list, function(a, b) return place[a.part] < place[b.part] end)
  return list
end

local sources <const> = sorted_sources()
for _, source in ipairs(sources) do source.entries = annotations.entries(source.path, source.members) end

-- The reference.

local function cell(text)
  return (text:gsub("|", "\\|"))
end

local function write_rows(write, title, rows)
  if #rows == 0 then return end
  write(("\n| %s | type | |\n|---|---|---|"):format(title))
  for _, row in ipairs(rows) do
    local name <const> = row.name and "`" .. cell(row.name) .. "`" or ""
    write(("| %s | `%s` | %s |"):format(name, cell(row.type), cell(row.note or "")))
  end
end

local function parameters_of(entry)
  local names <const> = {}
  for i, param in ipairs(entry.params) do names[i] = param.name:gsub("%?$", "") end
  return table.concat(names, ", ")
end

local function title_of(entry)
  if entry.class and not entry.name then return "class " .. entry.class end
  local arguments <const> = (entry.arguments or #entry.params > 0) and "(" .. parameters_of(entry) .. ")" or ""
  return ("`%s%s`"):format(entry.owner and entry.owner .. ":" .. entry.name or "com." .. entry.name, arguments)
end

local function write_entry(write, entry)
  if entry.section then
    write("\n### " .. entry.section .. "\n\n" .. table.concat(entry.text, "\n"))
    return
  end
  write("\n### " .. title_of(entry))
  for _, overload in ipairs(entry.overloads) do write("\nAlso `" .. overload .. "`.") end
  if #entry.text > 0 then write("\n" .. table.concat(entry.text, "\n")) end
  write_rows(write, "parameter", entry.params)
  write_rows(write, "returns", entry.returns)
  write_rows(write, "field", entry.fields)
  if #entry.operators > 0 then write("\nOperators: `" .. table.concat(entry.operators, "`, `") .. "`.") end
end

-- The class of com itself is no entry for a reader.
local function is_shown(entry)
  return entry.class ~= "oleander"
end

local function reference()
  local out <const> = {}
  local function write(text) out[#out + 1] = text end
  write "# Reference of the Lua API\n"
  write("Made from the annotations in `lua/` and `tools/reference/` by `tools/make_reference.lua`; edit those, not\n"
    .. 'this file. `com` is what `require "oleander"` gives. The guide is in [docs/](README.md).\n')
  for _, source in ipairs(sources) do
    local title <const> = titles[source.part]
    write(("- [%s](#%s)"):format(title, (title:lower():gsub(" ", "-"))))
  end
  for _, source in ipairs(sources) do
    write("\n## " .. titles[source.part])
    for _, entry in ipairs(source.entries) do
      if is_shown(entry) then write_entry(write, entry) end
    end
  end
  return table.concat(out, "\n") .. "\n"
end

-- The description for editors.

local function variable_of(class)
  return (class:gsub("^oleander%.", ""))
end

local function write_declaration(write, entry)
  write("\n" .. table.concat(entry.lines, "\n"))
  local holder <const> = entry.owner and variable_of(entry.owner) .. ":" or "com."
  if entry.class and entry.name then
    write(("com.%s = {}"):format(entry.name))
  elseif entry.class then
    write(("local %s <const> = {}"):format(variable_of(entry.class)))
  elseif entry.arguments or #entry.params > 0 or #entry.returns > 0 then
    write(("function %s%s(%s) end"):format(holder, entry.name, parameters_of(entry)))
  else
    write(("%s%s = {}"):format(holder, entry.name))
  end
end

local function library()
  local out <const> = {}
  local function write(text) out[#out + 1] = text end
  write "---@meta oleander"
  write "-- Oleander for lua-language-server; made by tools/make_reference.lua, edit the annotations in lua/ instead."
  write "-- luacheck: ignore"
  write "\n---COM Automation for Lua.\n---@class oleander\nlocal com <const> = {}"
  for _, source in ipairs(sources) do
    for _, entry in ipairs(source.entries) do
      if not entry.section and is_shown(entry) then write_declaration(write, entry) end
    end
  end
  write "\nreturn com"
  return table.concat(out, "\n") .. "\n"
end

local stale = false
local made <const> = { ["docs/reference.md"] = reference(), ["docs/luacats/oleander.lua"] = library() }
for path, text in pairs(made) do
  local target <const> = root .. "/" .. path
  if check then
    local file <close> = io.open(target, "rb")
    if not file or file:read "a" ~= text then
      io.stderr:write(path, " is not what the annotations say; run: lua5.4 tools/make_reference.lua\n")
      stale = true
    end
  else
    local file <close> = assert(io.open(target, "wb"))
    file:write(text)
  end
end
if stale then os.exit(1) end
