---A site from libraries: names and places first, then all is read, then what joins the types, then the pages.
local errors <const> = require "oleander.errors"
local folder <const> = require "oleander.html.folder"
local index_pages <const> = require "oleander.html.index_pages"
local names <const> = require "oleander.html.names"
local layout <const> = require "oleander.html.layout"
local read <const> = require "oleander.html.read"
local search_data <const> = require "oleander.html.search_data"
local type_page <const> = require "oleander.html.type_page"
local typelib <const> = require "oleander.typelib"

local site <const> = {}

local E_FAIL <const> = 0x80004005

---@class oleander.html.Site
---@field entries oleander.html.Entry[]
---@field by_key table<string, oleander.html.Entry[]>
---@field by_guid table<string, oleander.html.Entry[]>
---@field strangers table<string, oleander.html.Node> types of libraries without pages
---@field problems {library: string, type: string?, text: string}[]

---@class oleander.html.Entry a library
---@field number integer
---@field raw userdata the bridge's
---@field name string
---@field title string name and version
---@field folder string
---@field nodes oleander.html.Node[]
---@field by_name table<string, oleander.html.Node>
---@field key string
---@field uses oleander.html.Entry[]
---@field used_by oleander.html.Entry[]

local common_files <const> = { "index.html", "pages.css", "pages.js", "pages-data.js" }

-- what can't be read

local function note(all, entry, node, text)
  all.problems[#all.problems + 1] = { library = entry.whole_path or entry.name, type = node and node.title,
    text = text }
end

local function message(e)
  if type(e) == "table" and e.description then
    return e.name and ("%s (%s)"):format(e.description, e.name) or e.description
  end
  return tostring(e)
end

-- what there is

local function base_name(path)
  return path and path:match "([^/]+)/*$" or path
end

local function new_entry(library, number)
  local raw <const> = typelib.library_facts[library].library
  return {
    number = number, raw = raw, key = read.key(raw:attributes()), name = library.name, guid = library.guid,
    version = library.version, lcid = library.lcid, syskind = library.syskind, format = library.format,
    flags = library.flags, help = library.help, help_context = library.help_context, help_file = library.help_file,
    custom = library.custom, path = base_name(library.path), whole_path = library.path, nodes = {}, by_name = {},
    uses = {}, used_by = {},
  }
end

local function new_node(entry, index, name, kind)
  return {
    entry = entry, index = index, name = name, title = name ~= "" and name or "type " .. index, kind = kind,
    groups = {}, roles = {}, uses = {}, used_by = {}, derived = {}, classes = {}, aliases = {}, problems = {},
    flags = {}, custom = {}, listed = {}, taken = {},
  }
end

---A type's name and kind; of a damaged one, what stands for them.
local function identify(library, index)
  local value <const> = library.types[index]
  return value.name, value.kind
end

local function plan_types(entry, library)
  local type_names <const> = {}
  for i = 1, #library.types do
    local known <const>, name <const>, kind <const> = xpcall(identify, message, library, i)
    local node <const> = new_node(entry, i, known and name or "", known and kind or "unknown")
    for _, id in ipairs(layout.identifiers) do node.taken[id] = true end
    node.identifiers = read.identifiers(node.taken)
    entry.nodes[i] = node
    entry.by_name[node.name] = entry.by_name[node.name] or node
    type_names[i] = node.name
  end
  for i, file in ipairs(names.assign(type_names, { "index" }, "type")) do entry.nodes[i].file = file .. ".html" end
end

local function plan_library(library, number)
  local entry <const> = new_entry(library, number)
  plan_types(entry, library)
  return entry
end

local function put_in_list(lists, key, value)
  lists[key] = lists[key] or {}
  table.insert(lists[key], value)
end

---Folders and files of all, before anything is read, so that links can be made at once.
local function plan(libraries)
  local all <const> = { entries = {}, by_key = {}, by_guid = {}, strangers = {}, problems = {} }
  local library_names <const> = {}
  for _, library in ipairs(libraries) do
    local known <const>, entry <const> = xpcall(plan_library, message, library, #all.entries + 1)
    if known then
      all.entries[#all.entries + 1], library_names[#library_names + 1] = entry, entry.name
      put_in_list(all.by_key, entry.key, entry)
      put_in_list(all.by_guid, entry.guid, entry)
    else
      all.problems[#all.problems + 1] = { library = library.path or "library", text = entry }
    end
  end
  local titles <const> = {}
  for i, name in ipairs(names.assign(library_names, common_files, "library")) do
    local entry <const> = all.entries[i]
    entry.folder = name
    entry.title = ("%s %s"):format(entry.name ~= "" and entry.name or "(no name)", entry.version)
    if titles[entry.title] then entry.title = ("%s (%s)"):format(entry.title, name) end
    titles[entry.title] = true
  end
  return all
end

-- reading

local function read_library(all, entry)
  local library <const> = typelib.from_library(entry.raw, entry.whole_path)
  for i, node in ipairs(entry.nodes) do
    local done <const>, problem <const> = xpcall(function() read.type(all, node, library.types[i]) end, message)
    if not done then node.problems[#node.problems + 1] = { text = problem, damaged = true } end
    if node.name == "" then table.insert(node.problems, { text = "its name can't be read", damaged = true }) end
    for _, item in ipairs(node.problems) do
      if item.damaged then note(all, entry, node, item.text) end
    end
  end
end

-- what follows from all of them

local function before(a, b, from)
  local near_a <const>, near_b <const> = a.entry == from, b.entry == from
  if near_a ~= near_b then return near_a end
  local x <const>, y <const> = a.name:lower(), b.name:lower()
  if x ~= y then return x < y end
  if not a.entry or not b.entry then return a.entry ~= nil and b.entry == nil end
  if a.entry ~= b.entry then return a.entry.number < b.entry.number end
  return a.index < b.index
end

local function sort_by_node(list, node_of, from)
  table.sort(list, function(a, b) return before(node_of(a), node_of(b), from) end)
end

---Own library first, then by name.
local function sort_relations(node)
  local from <const> = node.entry
  sort_by_node(node.derived, function(other) return other end, from)
  sort_by_node(node.aliases, function(other) return other end, from)
  sort_by_node(node.used_by, function(use) return use.node end, from)
  sort_by_node(node.classes, function(role) return role.class end, from)
end

local function join_libraries(entry, target, seen)
  local other = target.entry
  if other == entry or not other and not target.library_name then return end
  other = other or target.library_name
  if seen[other] then return end
  seen[other] = true
  entry.uses[#entry.uses + 1] = target.entry or { title = target.library_name }
  if target.entry then table.insert(target.entry.used_by, entry) end
end

local function join(entry)
  local seen <const> = {}
  for _, node in ipairs(entry.nodes) do
    if node.base then join_libraries(entry, node.base, seen) end
    for _, role in ipairs(node.roles) do join_libraries(entry, role.node, seen) end
    for _, target in ipairs(node.uses) do join_libraries(entry, target, seen) end
    sort_relations(node)
  end
end

local function sort_libraries(list)
  table.sort(list, function(a, b)
    local x <const>, y <const> = a.title:lower(), b.title:lower()
    if x ~= y then return x < y end
    return (a.number or 0) < (b.number or 0)
  end)
end

---Most types of one GUID that are shown with each other.
local TWINS <const> = 24

---Types of one GUID in several libraries know each other.
local function join_twins(all)
  local by_guid <const> = {}
  for _, entry in ipairs(all.entries) do
    for _, node in ipairs(entry.nodes) do
      if node.guid then put_in_list(by_guid, node.guid, node) end
    end
  end
  for _, entry in ipairs(all.entries) do
    for _, node in ipairs(entry.nodes) do
      node.twins = {}
      for _, other in ipairs(node.guid and by_guid[node.guid] or {}) do
        if other ~= node and #node.twins < TWINS then table.insert(node.twins, other) end
      end
    end
  end
end

local function count(all)
  all.libraries, all.types, all.members = #all.entries, 0, 0
  for _, entry in ipairs(all.entries) do
    entry.members = 0
    for _, node in ipairs(entry.nodes) do entry.members = entry.members + #node.groups end
    all.types, all.members = all.types + #entry.nodes, all.members + entry.members
  end
end

-- writing

local function file_list(all)
  local files <const> = table.move(common_files, 1, #common_files, 1, {})
  for _, entry in ipairs(all.entries) do
    files[#files + 1] = entry.folder .. "/index.html"
    for _, node in ipairs(entry.nodes) do files[#files + 1] = ("%s/%s"):format(entry.folder, node.file) end
  end
  return files
end

---A file that stands beside the modules.
local function asset(name)
  local path <const> = assert(package.searchpath("oleander.html.pages", (package.path:gsub("%.lua", "." .. name))))
  local file <close> = assert(io.open(path, "rb"))
  return file:read "a"
end

local function write_all(all, place, progress)
  local function write(name, text)
    local done <const>, problem <const> = folder.write(place, name, text)
    if not done then errors.raise(E_FAIL, problem) end
  end
  for i, entry in ipairs(all.entries) do
    progress(("writing %d of %d libraries: %s"):format(i, #all.entries, entry.name))
    write(entry.folder .. "/index.html", index_pages.library(entry))
    for _, node in ipairs(entry.nodes) do
      write(("%s/%s"):format(entry.folder, node.file), type_page.html(node))
    end
  end
  write("pages.css", asset "css")
  write("pages.js", asset "js")
  write("pages-data.js", search_data.script(all))
  write("index.html", index_pages.first(all))
end

local function summary(all, directory, files)
  local libraries <const> = {}
  for i, entry in ipairs(all.entries) do
    libraries[i] = { name = entry.name, guid = entry.guid, version = entry.version, path = entry.whole_path,
      folder = entry.folder, types = #entry.nodes, members = entry.members }
  end
  return { directory = directory, libraries = libraries, files = #files, problems = all.problems }
end

---Makes the pages of libraries.
---@param libraries oleander.Library[]
---@param directory string
---@param progress? fun(text?: string)
---@return oleander.Pages
function site.make(libraries, directory, progress)
  progress = progress or function() end
  local place <const>, refusal <const> = folder.look(directory)
  if not place then errors.raise(E_FAIL, refusal) end
  local all <const> = plan(libraries)
  if #all.entries == 0 then errors.raise(E_FAIL, all.problems[1].text) end
  for i, entry in ipairs(all.entries) do
    progress(("reading %d of %d libraries: %s"):format(i, #all.entries, entry.name))
    read_library(all, entry)
  end
  for _, entry in ipairs(all.entries) do join(entry) end
  for _, entry in ipairs(all.entries) do
    sort_libraries(entry.uses)
    sort_libraries(entry.used_by)
  end
  join_twins(all)
  count(all)
  local files <const> = file_list(all)
  local done, problem = folder.prepare(place, files)
  if not done then errors.raise(E_FAIL, problem) end
  write_all(all, place, progress)
  done, problem = folder.finish(place, files)
  if not done then errors.raise(E_FAIL, problem) end
  progress()
  return summary(all, directory, files)
end

site.look = folder.look

return site
