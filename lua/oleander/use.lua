--- com.use: a folder of server modules and type libraries whose classes can be made without registration. What a module
--- offers is read from the type library that it carries; ProgIDs are "Library.Class".
local core <const> = require "oleander.core"
local errors <const> = require "oleander.errors"
local typelib <const> = require "oleander.typelib"

core.own_source(debug.getinfo(1, "S").source)

local use <const> = {}
local E_INVALIDARG <const> = 0x80070057

-- ProgID folded -> CLSID; CLSID -> path of the module; library name folded -> path of its file.
local progids <const>, modules <const>, libraries <const> = {}, {}, {}
local used = false

---ProgID folded -> CLSID of the classes that this script serves (com.serve).
---@type table<string, string>
use.served = {}

local suffixes <const> = { so = true, tlb = true, olb = true, dll = true, ocx = true }

local function add_file(path, is_module)
  local ok <const>, handle <const> = pcall(core.load_typelib, path)
  if not ok then return false end
  local library <const> = typelib.from_library(handle, path)
  if library.name then libraries[core.fold(library.name)] = path end
  for _, entry in ipairs(library.types) do
    if is_module and entry.kind == "coclass" then
      modules[entry.guid] = path
      if library.name then progids[core.fold(library.name .. "." .. entry.name)] = entry.guid end
    end
  end
  used = true
  return true
end

---Makes the servers and type libraries in a folder usable without registration: their classes by CLSID and as
---"Library.Class", their libraries by name. What is used later goes before what was used earlier.
---@param directory string
---@return integer count of the files that were understood
function use.use(directory)
  if type(directory) ~= "string" then
    errors.raise(E_INVALIDARG, "a folder is wanted, not " .. core.type_name(directory), { subject = "com.use" })
  end
  local names <const>, problem <const> = core.list_directory(directory)
  if not names then errors.raise(0x80070003, problem, { subject = "com.use" }) end
  local count = 0
  for _, name in ipairs(names) do
    local suffix <const> = name:match "%.(%w+)$"
    if suffix and suffixes[suffix:lower()] and add_file(directory .. "/" .. name, suffix == "so") then
      count = count + 1
    end
  end
  return count
end

---The CLSID and the module of a class in a used folder; nil for another class.
---@param id string
---@return string? clsid, string? module
function use.find_class(id)
  if type(id) ~= "string" then return nil end
  local served <const> = use.served[core.fold(id)]
  if served then return served end
  if not used then return nil end
  local clsid <const> = id:sub(1, 1) == "{" and id:upper() or progids[core.fold(id)]
  local module <const> = clsid and modules[clsid]
  if module then return clsid, module end
end

---The file of a library in a used folder, by name.
---@param name string
---@return string?
function use.find_library(name)
  return used and libraries[core.fold(name)] or nil
end

return use
