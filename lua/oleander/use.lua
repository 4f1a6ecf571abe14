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

--- Modules may well hold no type library; the others are nothing else.
local suffixes <const> = { so = "module", dll = "module", ocx = "module", tlb = "library", olb = "library" }
local holds_none <const> = { TYPE_E_UNSUPFORMAT = true, TYPE_E_ELEMENTNOTFOUND = true }

--- Whether the file was understood; the second value is what is wrong with it.
local function add_file(path, suffix)
  local ok <const>, handle <const> = pcall(core.load_typelib, path)
  if not ok then
    local expected <const> = suffixes[suffix] == "module" and holds_none[handle.name] or core.list_directory(path)
    return false, not expected and handle or nil
  end
  local is_module <const> = suffix == "so"
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
---"Library.Class", their libraries by name. What is used later goes before what was used earlier. A file that is
---damaged, or no library though it is called one, is an error when the others have been taken; modules without a type
---library are passed over.
---@param directory string the working directory may change later
---@return integer count of the files that were understood
function use.use(directory)
  if type(directory) ~= "string" then
    errors.raise(E_INVALIDARG, "a folder is wanted, not " .. core.type_name(directory), { subject = "com.use" })
  end
  local names <const>, problem <const> = core.list_directory(directory)
  if not names then
    errors.raise(0x80070003, problem, { subject = "com.use", argument = { index = 1, name = "directory" } })
  end
  local folder <const> = core.real_path(directory) or directory
  local count, damaged = 0, {}
  for _, name in ipairs(names) do
    local suffix <const> = (name:match "%.(%w+)$" or ""):lower()
    if suffixes[suffix] then
      local understood <const>, wrong <const> = add_file(folder:gsub("/*$", "/", 1) .. name, suffix)
      if understood then count = count + 1 end
      if wrong then damaged[#damaged + 1] = wrong end
    end
  end
  if #damaged > 0 then
    local others <const> = #damaged > 1 and (" (and %d more)"):format(#damaged - 1) or ""
    errors.raise(damaged[1].hresult, damaged[1].description .. others, { subject = "com.use" })
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
