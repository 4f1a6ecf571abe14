--- The libraries that a recording names, so that another process finds its types again: one that is registered by its
--- LIBID, another one is in the recording itself, as IDL.
local core <const> = require "oleander.core"
local errors <const> = require "oleander.errors"
local typelib <const> = require "oleander.typelib"
local types <const> = require "oleander.types"

core.own_source(debug.getinfo(1, "S").source)

local libraries <const> = {}

local TYPE_E_LIBNOTREGISTERED <const>, TYPE_E_ELEMENTNOTFOUND <const> = 0x8002801D, 0x8002802B

local function registered(guid, major, minor)
  local found <const>, library <const> = pcall(core.load_registered_typelib, guid, major, minor)
  return found and typelib.from_library(library) or nil
end

---What a recording says of a library when it names it for the first time.
---@param library oleander.Library
---@return table
function libraries.describe(library)
  local said <const> = { name = library.name, guid = library.guid, version = library.version }
  if library.path then said.path = core.real_path(library.path) end
  if not registered(library.guid, library.major, library.minor) then
    said.idl = require "oleander.idl.decompile".library(typelib.library_facts[library].library)
  end
  return said
end

---@class oleander.recording.Libraries
---@field said table<string, table> by LIBID: what the recording says
---@field opened table<string, oleander.Library>
local Libraries <const> = {}
Libraries.__index = Libraries

---@return oleander.recording.Libraries
function libraries.new()
  return setmetatable({ said = {}, opened = {} }, Libraries)
end

---Remembers what a recording says of a library.
---@param said table
function Libraries:learn(said)
  if type(said) == "table" and type(said.guid) == "string" and (said.idl or not self.said[said.guid]) then
    self.said[said.guid] = said
  end
end

local function at_path(said)
  if type(said.path) ~= "string" then return nil end
  local found <const>, library <const> = pcall(types.typelib, said.path)
  return found and library.guid == said.guid and library or nil
end

---@param guid string LIBID
---@param path string the recording
---@return oleander.Library
function Libraries:open(guid, path)
  if self.opened[guid] then return self.opened[guid] end
  local said <const> = self.said[guid] or { guid = guid }
  local major <const>, minor <const> = tostring(said.version):match "^(%d+)%.(%d+)$"
  local library = at_path(said)
  if not library and type(said.idl) == "string" then
    library = require "oleander.idl".compile_idl { text = said.idl, name = path }
  end
  library = library or major and registered(guid, tonumber(major), tonumber(minor)) or registered(guid)
  if not library then
    errors.raise(TYPE_E_LIBNOTREGISTERED, ("%s: the type library %s %s is not registered here"):format(path,
      tostring(said.name), guid), { subject = "com.replay" })
  end
  self.opened[guid] = library
  return library
end

---The type that an item or the header names.
---@param said table with type, guid and library
---@param path string
---@return oleander.Type
function Libraries:type(said, path)
  local guid <const>, name <const> = said.guid, said.type
  local libid <const> = type(said.library) == "table" and said.library.guid or said.library
  if type(libid) ~= "string" then
    errors.raise(TYPE_E_ELEMENTNOTFOUND, ("%s: no library is named for the type %s"):format(path, tostring(name)),
      { subject = "com.replay" })
  end
  local library <const> = self:open(libid, path)
  local found <const> = type(guid) == "string" and library:find(guid) or type(name) == "string" and library:find(name)
  if not found then
    errors.raise(TYPE_E_ELEMENTNOTFOUND, ("%s: the library %s has no type %s"):format(path, library.name,
      tostring(name)), { subject = "com.replay" })
  end
  return found
end

return libraries
