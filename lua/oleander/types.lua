--- Type libraries and types: com.typelib, com.typeof, com.members, com.enum.
local core <const> = require "oleander.core"
local errors <const> = require "oleander.errors"
local typelib <const> = require "oleander.typelib"
local use <const> = require "oleander.use"

core.own_source(debug.getinfo(1, "S").source)

local types <const> = {}
local E_INVALIDARG <const>, E_ACCESSDENIED <const> = 0x80070057, 0x80070005
local TYPE_E_ELEMENTNOTFOUND <const>, TYPE_E_CANTLOADLIBRARY <const> = 0x8002802B, 0x80029C4A

local function version_numbers(version)
  if version == nil then return nil, nil end
  local major <const>, minor <const> = tostring(version):match "^(%d+)%.?(%d*)$"
  if not major then
    errors.raise(E_INVALIDARG, ("%s is no version"):format(tostring(version)), { subject = "com.typelib" })
  end
  return tonumber(major), tonumber(minor) or 0
end

---The library of a registered class: the one that the registry names, else the one that its module carries.
local function library_of_class(which, clsid)
  local info <const> = core.registered_type("CLSID", clsid)
  if info then return typelib.from_library((info:library())) end
  local module <const> = require "oleander.registry".file("CLSID\\" .. clsid .. "\\InprocServer32")
  if module then return typelib.from_library(core.load_typelib(module), module) end
  errors.raise(TYPE_E_ELEMENTNOTFOUND, ("the class %s has no type library"):format(which), { subject = "com.typelib" })
end

---Opens a type library: from a file, by LIBID, or the one of a class. Nothing is registered.
---@param which string a path (FILE\\N is the N-th library in a module), a ProgID, a CLSID or a LIBID in braces, or the
---name of a library that com.use found
---@param version string? "1.0"; without it the newest registered one
---@return oleander.Library
function types.typelib(which, version)
  if type(which) ~= "string" then
    errors.raise(E_INVALIDARG, "a path, a ProgID or a LIBID is wanted, not " .. core.type_name(which),
      { subject = "com.typelib" })
  end
  if which == "" then
    errors.raise(E_INVALIDARG, "a path, a ProgID or a LIBID is wanted, not an empty text", { subject = "com.typelib" })
  end
  if which:sub(1, 1) == "{" then
    local info <const> = core.registered_type("CLSID", which)
    if info then return typelib.from_library((info:library())) end
    return typelib.from_library(core.load_registered_typelib(which, version_numbers(version)))
  end
  local path <const> = use.find_library(which)
  if path then return typelib.from_library(core.load_typelib(path), path) end
  local class <const>, module <const> = use.find_class(which)
  if class then return typelib.from_library(core.load_typelib(module), module) end
  local clsid <const> = not which:find "/" and core.class_id(which)
  if clsid then return library_of_class(which, clsid) end
  local is_path <const> = which:find "[/\\]" ~= nil
  local loaded <const>, library <const> = pcall(core.load_typelib, which)
  if loaded then return typelib.from_library(library, which) end
  if is_path or library.hresult ~= TYPE_E_CANTLOADLIBRARY then error(library, 0) end
  errors.raise(TYPE_E_CANTLOADLIBRARY, ("there is neither a class nor a file %s"):format(which),
    { subject = "com.typelib" })
end

---The type through which an object's members are known; nil for an object without type information. The second value
---says how members are called ("vtable", "Invoke"), the third why not through the vtable.
---@param o oleander.Object
---@return oleander.Type?, string?, string?
function types.typeof(o)
  local info <const>, route <const>, refusal <const> = core.object_typeinfo(o)
  if not info then return nil end
  return typelib.from_info(info), route, refusal
end

local function is_restricted(member)
  for _, flag in ipairs(member.flags) do
    if flag == "restricted" then return true end
  end
  return false
end

---The members of an object, from its type information alone: the object is not asked. Only an IDispatchEx, whose
---members come and go, is asked for those that it has now; they follow with the kind "dynamic".
---@param o oleander.Object
---@return oleander.Member[]
function types.members(o)
  local members <const>, described <const> = {}, {}
  for _, info in ipairs(core.object_chain(o)) do
    for _, member in ipairs(typelib.from_info(info).members) do
      described[member.name] = true
      if not is_restricted(member) then members[#members + 1] = member end
    end
  end
  for _, name in ipairs(core.dynamic_names(o) or {}) do
    if not described[name] then members[#members + 1] = { name = name, kind = "dynamic" } end
  end
  return members
end

local function library_of(what, subject)
  if typelib.is_library(what) then return what end
  if type(what) == "string" then return types.typelib(what) end
  if subject and not typelib.is_type(what) then core.handle_check(what, subject) end
  local described <const> = typelib.is_type(what) and what or types.typeof(what)
  return described and described.library
end

local value_names <const> = setmetatable({}, { __mode = "k" })

local function refuse_constant(name, constants, unknown)
  local all <const> = {}
  for constant in next, constants do all[#all + 1] = constant end
  local near <const> = type(unknown) == "string" and errors.near(unknown, all) or {}
  errors.raise(TYPE_E_ELEMENTNOTFOUND, ("%s has no constant %s%s"):format(name, tostring(unknown),
    #near > 0 and "; near names: " .. table.concat(near, ", ") or ""), { subject = "com.enum" })
end

local function find_enum(lib_or_object, name, subject)
  local library <const> = library_of(lib_or_object, subject)
  if type(name) ~= "string" then
    errors.raise(E_INVALIDARG, "the name of an enumeration is wanted, not " .. core.type_name(name),
      { subject = subject })
  end
  local found = library and library:find(name)
  while found and found.kind == "alias" do found = found.aliased end -- MIDL names anonymous enumerations by an alias
  if not found or (found.kind ~= "enum" and found.kind ~= "module") then
    errors.raise(TYPE_E_ELEMENTNOTFOUND,
      library and ("%s has no enumeration %s"):format(library.name, tostring(name)) or "the object has no type library",
      { subject = subject })
  end
  local constants <const>, names <const> = {}, {}
  for _, variable in ipairs(found.variables) do
    constants[variable.name] = variable.value
    if names[variable.value] == nil then names[variable.value] = variable.name end
  end
  local enum <const> = setmetatable({}, {
    __index = function(_, key)
      local value <const> = constants[key]
      if value == nil then refuse_constant(found.name, constants, key) end
      return value
    end,
    __newindex = function(_, key)
      errors.raise(E_ACCESSDENIED, ("the constant %s is not for a script to set"):format(tostring(key)),
        { subject = found.name })
    end,
    __pairs = function(self)
      return function(_, key) return next(constants, key) end, self
    end,
    __metatable = found.name,
    __name = found.name,
  })
  value_names[enum] = names
  return enum
end

---The constants of an enumeration by name: com.enum(fso, "IOMode").ForReading. They can be read and looped over.
---@param lib_or_object any an object, a library, or what com.typelib takes
---@param name string
---@return table<string, integer>
function types.enum(lib_or_object, name)
  return find_enum(lib_or_object, name, "com.enum")
end

---The name of a constant of an enumeration that com.enum gave, or of the enumeration `name` of a library; nil for none.
---@param enum table|any
---@param value integer|string
---@param more integer?
---@return string?
function types.enum_name(enum, value, more)
  local names = value_names[enum]
  if names then return names[value] end
  return value_names[find_enum(enum, value, "com.enum_name")][more]
end

--- Interfaces that every library knows.
local standard <const> = { IUnknown = true, IDispatch = true }
local STDOLE <const> = "{00020430-0000-0000-C000-000000000046}"

---The ITypeInfo of an interface that is named ("IFoo", "Lib.IFoo", an IID in braces) or given as a type.
---@param what any
---@param object userdata? in whose library a plain name is looked up
---@param library any? where to look instead
---@param subject string? the function that errors name
---@return userdata? info, string? iid
function types.find_interface(what, object, library, subject)
  subject = subject or "com.query"
  if typelib.is_type(what) then return typelib.handle(what) end
  if type(what) ~= "string" then
    errors.raise(E_INVALIDARG, "an interface name, an IID or a type is wanted, not " .. core.type_name(what),
      { subject = subject })
  end
  library = library and library_of(library) or nil
  if what:sub(1, 1) == "{" then
    local well_formed <const>, guid <const> = pcall(core.guid, what)
    if not well_formed then errors.raise(E_INVALIDARG, what .. " is no IID", { subject = subject }) end
    if not library and object then library = library_of(object) end
    local found <const> = library and library:find(guid)
    return found and typelib.handle(found) or core.registered_type("Interface", guid), guid
  end
  if not library and object then library = library_of(object) end
  local of <const>, name <const> = what:match "^(.-)%.?([^.]*)$"
  local found = library and (of == "" or core.fold(of) == core.fold(library.name)) and library:find(name)
  if not found and standard[name] and (of == "" or core.fold(of) == "STDOLE") then
    found = types.typelib(STDOLE):find(name)
  end
  if not found and of == "" then
    local info <const> = core.registered_type("Interface", name)
    found = info and typelib.from_info(info)
  end
  if not found then
    errors.raise(TYPE_E_ELEMENTNOTFOUND, ("there is no interface %s%s"):format(what,
      library and " in the type library " .. library.name or ""), { subject = subject })
  end
  if found.kind == "coclass" then
    local interface <const> = typelib.default_interface(found)
    if interface then return typelib.handle(interface) end
  end
  return typelib.handle(found)
end

---The userdata behind a Type: for other parts of Oleander.
---@param t oleander.Type
---@return userdata
function types.handle(t)
  return (typelib.handle(t))
end

---@param info userdata
---@return oleander.Type
function types.wrap(info)
  return typelib.from_info(info)
end

return types
