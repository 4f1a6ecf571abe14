--- Type libraries and types: com.typelib, com.typeof, com.members, com.enum.
local core <const> = require "oleander.core"
local errors <const> = require "oleander.errors"

core.own_source(debug.getinfo(1, "S").source)

local types <const> = {}
local E_INVALIDARG <const> = 0x80070057
local TYPE_E_ELEMENTNOTFOUND <const> = 0x8002802B

---A type of a library.
---@class oleander.Type
---@field name string
---@field kind "enum"|"record"|"module"|"interface"|"dispatch"|"coclass"|"alias"|"union"
---@field guid string
---@field flags integer
---@field dual boolean?
---@field helpstring string?
---@field functions table[] name, id, kind ("method", "get", "put", "putref"), parameters, returns, flags, slot
---@field variables table[] name, id, type, and value for constants
---@field implements table[] the interfaces of a coclass, the base of an interface
---@field library oleander.TypeLibrary?
local Type <const> = { __name = "oleander.Type" }

---A type library.
---@class oleander.TypeLibrary
---@field name string
---@field guid string
---@field major integer
---@field minor integer
---@field lcid integer
---@field helpstring string?
---@field count integer number of types
local Library <const> = { __name = "oleander.TypeLibrary" }

local handles <const> = setmetatable({}, { __mode = "k" }) -- Type or Library -> userdata

local function wrap_library(handle)
  local library <const> = core.typelib_describe(handle)
  handles[library] = handle
  return setmetatable(library, Library)
end

local function wrap_type(info)
  local described <const> = core.typeinfo_describe(info, true)
  handles[described] = info
  return setmetatable(described, Type)
end

-- The members of a type are read when they are first asked for.
local lazy <const> = { functions = true, variables = true, implements = true }

function Type.__index(t, key)
  if lazy[key] then
    local full <const> = core.typeinfo_describe(handles[t])
    for name in pairs(lazy) do rawset(t, name, full[name]) end
    for _, implemented in ipairs(full.implements) do
      implemented.type = wrap_type(implemented.info)
      implemented.info = nil
    end
    return rawget(t, key)
  elseif key == "library" then
    local handle <const> = core.typeinfo_library(handles[t])
    local library <const> = handle and wrap_library(handle) or nil
    rawset(t, "library", library)
    return library
  end
  return nil
end

function Type.__tostring(t)
  return ("%s %s %s"):format(t.kind, t.name or "?", t.guid)
end

function Library.__tostring(l)
  return ("type library %s %d.%d %s"):format(l.name or "?", l.major, l.minor, l.guid)
end

local library_methods <const> = {}

function Library.__index(_, key)
  return library_methods[key]
end

---The type at a position (from 1) or with this name or GUID; nil when there is none.
---@param which integer|string
---@return oleander.Type?
function library_methods:type(which)
  local handle <const> = handles[self]
  if math.type(which) == "integer" then
    local info <const> = which >= 1 and which <= self.count and core.typelib_type(handle, which - 1)
    return info and wrap_type(info) or nil
  end
  if which:sub(1, 1) == "{" then
    local info <const> = core.typelib_type(handle, which)
    return info and wrap_type(info) or nil
  end
  local wanted <const> = which:lower()
  for i = 0, self.count - 1 do
    local name <const> = core.typelib_name(handle, i)
    if name and name:lower() == wanted then
      return wrap_type(core.typelib_type(handle, i))
    end
  end
  return nil
end

---All types, in the order of the library: for i, type in library:types() do.
---@return fun(library: oleander.TypeLibrary, i: integer): integer?, oleander.Type?
function library_methods:types()
  return function(library, i)
    i = i + 1
    local found <const> = library:type(i)
    if found then return i, found end
  end, self, 0
end

---Names and kinds of all types, without reading more of them.
---@return {name: string, kind: string}[]
function library_methods:names()
  local names <const> = {}
  for i = 0, self.count - 1 do
    local name <const>, kind <const> = core.typelib_name(handles[self], i)
    names[#names + 1] = { name = name, kind = kind }
  end
  return names
end

local function version_numbers(version)
  if version == nil then return nil, nil end
  local major <const>, minor <const> = tostring(version):match "^(%d+)%.?(%d*)$"
  if not major then
    errors.raise(E_INVALIDARG, ("%s is no version"):format(tostring(version)), { subject = "com.typelib" })
  end
  return tonumber(major), tonumber(minor) or 0
end

---Loads a type library: from a file, by LIBID, or the one of a class.
---@param which string a path, a ProgID, a CLSID or a LIBID in braces
---@param version string? "1.0"
---@return oleander.TypeLibrary
function types.typelib(which, version)
  if type(which) ~= "string" then
    errors.raise(E_INVALIDARG, "a path, a ProgID or a LIBID is wanted, not " .. core.type_name(which),
      { subject = "com.typelib" })
  end
  if which:sub(1, 1) == "{" then
    local info <const> = core.registered_type("CLSID", which)
    if info then return wrap_library((core.typeinfo_library(info))) end
    return wrap_library(core.load_registered_typelib(which, version_numbers(version)))
  end
  local clsid <const> = not which:find "/" and core.class_id(which)
  if clsid then
    local info <const> = core.registered_type("CLSID", clsid)
    if info then return wrap_library((core.typeinfo_library(info))) end
    errors.raise(TYPE_E_ELEMENTNOTFOUND, ("the class %s has no registered type library"):format(which),
      { subject = "com.typelib" })
  end
  return wrap_library(core.load_typelib(which))
end

---The type through which an object's members are known; nil for an object without type information. The second value says
---how members are called ("vtable", "Invoke"), the third why not through the vtable.
---@param o userdata
---@return oleander.Type?, string?, string?
function types.typeof(o)
  local info <const>, route <const>, refusal <const> = core.object_typeinfo(o)
  if not info then return nil end
  return wrap_type(info), route, refusal
end

local FRESTRICTED <const> = 1

---The members of an object, from its type information alone: the object is not asked.
---@param o userdata
---@return {name: string, kind: string, id: integer, parameters: table[], returns: string, helpstring: string?}[]
function types.members(o)
  local members <const> = {}
  for _, info in ipairs(core.object_chain(o)) do
    local described <const> = core.typeinfo_describe(info)
    for _, f in ipairs(described.functions) do
      if f.flags & FRESTRICTED == 0 then members[#members + 1] = f end
    end
    for _, v in ipairs(described.variables) do
      if v.flags & FRESTRICTED == 0 then
        v.kind = "property"
        members[#members + 1] = v
      end
    end
  end
  return members
end

local function library_of(what)
  if getmetatable(what) == Library then return what end
  if type(what) == "string" then return types.typelib(what) end
  local described <const> = getmetatable(what) == Type and what or types.typeof(what)
  return described and described.library
end

local value_names <const> = setmetatable({}, { __mode = "k" })

---The constants of an enumeration by name: com.enum(fso, "IOMode").ForReading.
---@param lib_or_object any an object, a library, or what com.typelib takes
---@param name string
---@return table<string, integer>
function types.enum(lib_or_object, name)
  local library <const> = library_of(lib_or_object)
  local found <const> = library and library:type(name)
  if not found or (found.kind ~= "enum" and found.kind ~= "module") then
    errors.raise(TYPE_E_ELEMENTNOTFOUND,
      library and ("%s has no enumeration %s"):format(library.name, tostring(name)) or "the object has no type library",
      { subject = "com.enum" })
  end
  local constants <const>, names <const> = {}, {}
  for _, variable in ipairs(found.variables) do
    constants[variable.name] = variable.value
    if names[variable.value] == nil then names[variable.value] = variable.name end
  end
  value_names[constants] = names
  return setmetatable(constants, {
    __index = function(_, unknown)
      errors.raise(TYPE_E_ELEMENTNOTFOUND, ("%s has no constant %s"):format(found.name, tostring(unknown)),
        { subject = "com.enum" })
    end,
    __name = found.name,
  })
end

---The name of a constant of an enumeration that com.enum gave, or of the enumeration `name` of a library; nil for none.
---@param enum table|any
---@param value integer|string
---@param more integer?
---@return string?
function types.enum_name(enum, value, more)
  local names = value_names[enum]
  if names then return names[value] end
  enum = types.enum(enum, value)
  return value_names[enum][more]
end

---The ITypeInfo of an interface that is named ("IFoo", "Lib.IFoo", an IID in braces) or given as a type.
---@param what any
---@param object userdata? in whose library a plain name is looked up
---@param library any? where to look instead
---@return userdata? info, string? iid
function types.find_interface(what, object, library)
  if getmetatable(what) == Type then return handles[what], what.guid end
  if type(what) ~= "string" then
    errors.raise(E_INVALIDARG, "an interface name, an IID or a type is wanted, not " .. core.type_name(what),
      { subject = "com.query" })
  end
  library = library and library_of(library) or nil
  if what:sub(1, 1) == "{" then
    local guid <const> = core.guid(what)
    if not library and object then library = library_of(object) end
    local info <const> = library and library:type(guid)
    return info and handles[info] or core.registered_type("Interface", guid), guid
  end
  if not library and object then library = library_of(object) end
  local found <const> = library and library:type(what:match "([^.]+)$")
  if not found then
    errors.raise(TYPE_E_ELEMENTNOTFOUND, ("there is no interface %s%s"):format(what,
      library and " in the type library " .. library.name or ""), { subject = "com.query" })
  end
  if found.kind == "coclass" then
    for _, implemented in ipairs(found.implements) do
      if implemented.default and not implemented.source then
        return handles[implemented.type], implemented.type.guid
      end
    end
  end
  return handles[found], found.guid
end

---The userdata behind a Type: for other parts of Oleander.
---@param t oleander.Type
---@return userdata
function types.handle(t)
  return handles[t]
end

---@param info userdata
---@return oleander.Type
function types.wrap(info)
  return wrap_type(info)
end

return types
