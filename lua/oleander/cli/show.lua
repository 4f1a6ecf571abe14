---`oleander show CLASS`: what a class is and what its objects have, as `busctl introspect` shows services.
local json <const> = require "oleander.json"
local terminal <const> = require "oleander.cli.terminal"
local typelib_json <const> = require "oleander.typelib_json"

---@type oleander.cli.Command
local show <const> = {
  summary = "Show a class: its server, its interfaces, their members.",
  description = "Show what a class is and what its objects have, from the registry and the type library alone. With "
    .. "--values an object is made and its properties are read.",
  completes = { class = "class" },
}

function show.configure(parser)
  parser:argument("class", "A ProgID, or a CLSID in braces.")
  parser:flag("-v --values", "Make an object and read the properties that take no arguments.")
  parser:flag("-a --all", "Also hidden members.")
  parser:flag("--json", "Print a JSON object.")
  parser:option("--color", "Colours."):choices { "auto", "always", "never" }:default "auto"
end

---The registered facts of a class.
local function registered(id)
  local com <const>, core <const> = require "oleander", require "oleander.core"
  local clsid <const> = id:sub(1, 1) == "{" and com.guid(id) or core.class_id(id)
  for _, class in ipairs(require "oleander.registration".classes()) do
    if clsid and class.clsid:upper() == clsid:upper() then return class, clsid end
  end
  return nil, clsid
end

---What the registry says of a class beyond where its server is: a stand-in, its threads, its kinds.
local function more_facts(clsid)
  local registry <const> = require "oleander.registry"
  local path <const> = "CLSID\\" .. clsid .. "\\"
  local kinds <const> = {}
  for _, category in ipairs(registry.keys(path .. "Implemented Categories") or {}) do
    kinds[#kinds + 1] = registry.value("Component Categories\\" .. category, "409") or category
  end
  return {
    treatas = registry.value(path .. "TreatAs"), appid = registry.value("CLSID\\" .. clsid, "AppID"),
    threading = registry.value(path .. "InprocServer32", "ThreadingModel"),
    status = registry.value(path .. "MiscStatus"), categories = #kinds > 0 and table.concat(kinds, ", ") or nil,
  }
end

---The interfaces of a class as its type library tells them; nil without one.
local function interfaces_of(class)
  local result <const> = {}
  for _, item in ipairs(class.implements) do
    local entry <const> = { type = item.type, name = item.name }
    for _, flag in ipairs(item.flags) do entry[flag] = true end
    result[#result + 1] = entry
  end
  return result
end

---The type of the class, out of the library that it names.
local function class_type(id, clsid)
  local com <const> = require "oleander"
  local library <const> = com.try(com.typelib, id)
  return library and library:find(clsid) or nil
end

local function is_shown(member, all)
  for _, flag in ipairs(member.flags) do
    if flag == "restricted" or flag == "hidden" and not all then return false end
  end
  return true
end

---The current value of a property, or the name of what reading it raised.
local function read_value(object, member)
  local com <const> = require "oleander"
  for _, parameter in ipairs(member.parameters or {}) do
    if not parameter.optional then return nil end
  end
  local value <const>, problem <const> = com.try(com.get, object, member.name)
  if problem ~= nil then return nil, (type(problem) == "table" and problem.name) or "error" end
  return require "oleander.cli.value".text(value)
end

---Rows { name, kind, idl, value } of an interface's members, its bases' too.
local function rows_of(kind, object, all)
  local rows <const> = {}
  local level = 0
  while kind and level < 32 do
    for _, member in ipairs(kind.members) do
      local bare <const> = kind.name == "IUnknown" or kind.name == "IDispatch"
      if not bare and is_shown(member, all) then
        local row <const> = { name = member.name, kind = member.kind, idl = tostring(member), help = member.help }
        if object and (member.kind == "get" or member.kind == "property") then
          row.value, row.error = read_value(object, member)
        end
        rows[#rows + 1] = row
      end
    end
    kind = kind.kind == "interface" and kind.base or nil
    level = level + 1
  end
  return rows
end

local function description(options)
  local com <const> = require "oleander"
  local class <const>, clsid <const> = registered(options.class)
  local kind <const> = clsid and class_type(options.class, clsid)
  local object = options.values and com.create(options.class) or nil
  if not class and not kind and not object then
    object = com.create(options.class) -- raises what is wrong, or it is known otherwise (com.use, a module)
  end
  local result <const> = {
    class = options.class, clsid = clsid, progid = class and class.progid, name = class and class.name,
    kind = class and class.kind, server = class and class.server, script = class and class.script,
    library = kind and kind.library and kind.library.name, interfaces = json.array {},
  }
  if class then
    for key, value in pairs(more_facts(class.clsid)) do result[key] = value end
  end
  local interfaces = kind and interfaces_of(kind) or {}
  if #interfaces == 0 then
    local own <const> = com.typeof(object or com.create(options.class))
    interfaces = own and { { type = own, name = own.name, default = true } } or {}
  end
  for _, entry in ipairs(interfaces) do
    result.interfaces[#result.interfaces + 1] = {
      name = entry.name, guid = entry.type and entry.type.guid, default = entry.default, source = entry.source,
      members = json.array(entry.type
        and rows_of(entry.type, entry.default and not entry.source and object or nil, options.all) or {}),
      type = entry.type,
    }
  end
  return result
end

local function print_facts(paint, result)
  for _, key in ipairs { "progid", "clsid", "name", "kind", "server", "script", "library", "treatas", "appid",
    "threading", "status", "categories" } do
    if result[key] then print(("%-8s %s"):format(key, key == "clsid" and paint("guid", result[key]) or result[key])) end
  end
end

local function print_interface(paint, entry)
  local marks <const> = {}
  for _, mark in ipairs { "default", "source" } do marks[#marks + 1] = entry[mark] and mark or nil end
  local prefix <const> = #marks > 0 and paint("dim", "[" .. table.concat(marks, ", ") .. "] ") or ""
  print(("\n%s%s  %s"):format(prefix, paint("name", entry.name), paint("guid", entry.guid or "")))
  local columns <const> = require "oleander.cli.columns"
  local width = 0
  for _, row in ipairs(entry.members) do width = math.max(width, (select(2, columns.cell(row.name)))) end
  for _, row in ipairs(entry.members) do
    local shown <const>, own <const> = columns.cell(row.name)
    local pad <const> = (" "):rep(width - own)
    local value <const> = row.value and paint("value", " = " .. row.value) or row.error
      and paint("warn", " (" .. row.error .. ")") or ""
    print(("  %s%s  %-8s %s%s"):format(paint("name", shown), pad, row.kind,
      (row.idl:gsub("^%b[]%s*", "")), value))
  end
end

function show.run(options)
  local result <const> = description(options)
  if options.json then
    for _, entry in ipairs(result.interfaces) do
      entry.version = entry.type and typelib_json.type(entry.type).version
      entry.type = nil
    end
    print(json.encode(result))
    return 0
  end
  local paint <const> = terminal.painter(options.color)
  print_facts(paint, result)
  for _, entry in ipairs(result.interfaces) do print_interface(paint, entry) end
  return 0
end

return show
