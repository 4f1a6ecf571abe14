---Type libraries as plain readable values: Library, Type, Member, Parameter. What a value says is read from the library
---when it is first asked for, and kept.
local core <const> = require "oleander.core"
local errors <const> = require "oleander.errors"
local typetext <const> = require "oleander.typetext"

local typelib <const> = {}

---@class oleander.Library
---@field name string
---@field guid string LIBID
---@field version string "1.0"
---@field major integer
---@field minor integer
---@field lcid integer
---@field syskind "win16"|"win32"|"mac"|"win64"
---@field format? "MSFT"|"SLTG"|"memory" of the file
---@field flags string[]
---@field help? string
---@field help_context integer
---@field help_file? string
---@field custom oleander.CustomData[]
---@field types oleander.Type[] by index from 1, and by name
---@field path? string what it was loaded from

---@class oleander.Type
---@field name string
---@field kind "enum"|"record"|"module"|"interface"|"dispinterface"|"coclass"|"alias"|"union"
---@field guid? string
---@field version string
---@field flags string[]
---@field dual boolean
---@field size integer bytes of an instance
---@field alignment integer
---@field vtable_size integer bytes, as a 64-bit process has it
---@field help? string
---@field help_context integer
---@field functions oleander.Member[] as the library lists them; inherited ones only where the library does
---@field variables oleander.Member[] fields, constants, properties of a dispinterface
---@field members oleander.Member[] functions, then variables; also by name
---@field implements oleander.Implemented[]
---@field base? oleander.Type the interface from which it derives
---@field other_half? oleander.Type of a dual interface: its interface, or its dispinterface
---@field alias_of? string
---@field aliased? oleander.Type the type that an alias is another name of, when it has a name itself
---@field custom oleander.CustomData[]
---@field library? oleander.Library
---@field index? integer its place in the library, from 1
---@field problem? string why a part of it can't be read
---@field damaged? boolean the problem lies in the library itself, not in one that it refers to

---@class oleander.Member
---@field name string
---@field kind "method"|"get"|"put"|"putref"|"field"|"constant"|"property"
---@field id integer DISPID or MEMBERID
---@field type string result of a function, type of a variable
---@field parameters oleander.Parameter[]
---@field flags string[]
---@field value any of a constant
---@field offset? integer vtable slot or place in the record, in bytes
---@field help? string
---@field help_context integer
---@field vararg boolean
---@field entry? {dll: string?, name: string?, ordinal: integer?} of a module's function
---@field custom oleander.CustomData[]
---@field owner oleander.Type

---@class oleander.Parameter
---@field name string
---@field type string
---@field flags string[] in, out, retval, lcid, optional
---@field optional boolean
---@field default any
---@field has_default boolean

---@class oleander.Implemented
---@field type? oleander.Type nil when its library is missing
---@field name string
---@field flags string[]

---@class oleander.CustomData
---@field guid string
---@field value any

local E_ACCESSDENIED <const> = 0x80070005

---What a library says is not for a script to change: reading finds what was kept, writing is refused.
local function refuse_write(value, key)
  errors.raise(E_ACCESSDENIED, ("%s tells what the library says; %s can't be set"):format(
    core.type_name(value), tostring(key)))
end

---A copy of plain data, so that what a script does to it changes nothing here; described values are shared.
local function copy_of(value)
  if type(value) ~= "table" or getmetatable(value) then return value end
  local copy <const> = {}
  for key, part in next, value do copy[key] = copy_of(part) end
  return copy
end

---Makes a class whose fields come from `loaders` when first asked for, and are kept beside the value's private facts,
---which a loader gets; the table that a script sees stays empty. Plain data is given away as a copy.
local function lazy_class(name, loaders, methods, text)
  local facts_of <const> = setmetatable({}, { __mode = "k" })
  local class <const> = { __name = name, __tostring = text, __newindex = refuse_write, __metatable = name }

  function class.__index(self, key)
    local facts <const> = facts_of[self]
    local value = facts.kept[key]
    if value == nil then
      local loader <const> = loaders[key]
      if not loader then return methods[key] end
      value = loader(self, facts)
      facts.kept[key] = value
    end
    return copy_of(value)
  end

  ---Loads everything, so that a script sees what there is.
  function class.__pairs(self)
    for key in next, loaders do local _ <const> = self[key] end
    local kept <const> = facts_of[self].kept
    return function(_, key)
      local value
      key, value = next(kept, key)
      return key, copy_of(value)
    end, self
  end

  return function(facts, kept)
    local value <const> = setmetatable({}, class)
    facts.kept = kept or {}
    facts_of[value] = facts
    return value
  end, facts_of
end

---A list whose elements are made when first asked for: by number, and by name where `find` is given.
local function lazy_list(count, make, find)
  local made <const> = {}
  return setmetatable({}, {
    __name = "oleander.List",
    __metatable = "oleander.List",
    __newindex = refuse_write,
    __len = function() return count end,
    __index = function(list, key)
      if math.type(key) == "integer" then
        if key < 1 or key > count then return nil end
        local value = made[key]
        if value == nil then
          value = make(key)
          made[key] = value
        end
        return value
      end
      return find and type(key) == "string" and find(list, key) or nil
    end,
    __pairs = function(list)
      return function(_, i)
        i = i + 1
        if i <= count then return i, list[i] end
      end, list, 0
    end,
  })
end

---Finds by name in a list of named values: exactly, else without case.
local function find_named(list, name)
  local folded <const> = core.fold(name)
  local other
  for i = 1, #list do
    local value <const> = list[i]
    if value.name == name then return value end
    if not other and core.fold(value.name) == folded then other = value end
  end
  return other
end

local kinds <const> = {
  [0] = "enum", [1] = "record", [2] = "module", [3] = "interface", [4] = "dispinterface", [5] = "coclass",
  [6] = "alias", [7] = "union",
}
local syskinds <const> = { [0] = "win16", [1] = "win32", [2] = "mac", [3] = "win64" }
local NIL_GUID <const> = "{00000000-0000-0000-0000-000000000000}"
local TYPEFLAG_DUAL <const> = 0x40

---A list of described values that are all there.
local function fixed_list(values, find)
  return lazy_list(#values, function(i) return values[i] end, find)
end

local new_library, new_type, new_member, new_parameter

local function given(text)
  return text ~= "" and text or nil
end

---{guid, vt, value} lists become {guid, value}.
local function custom_data(list)
  local result <const> = {}
  for i, item in ipairs(list) do result[i] = { guid = item.guid, value = item.value, vt = item.vt } end
  return result
end

-- parameters

local parameter_loaders <const> = {
  type = function(_, facts) return (typetext.type(facts.desc.type, facts.name_of)) end,
  flags = function(_, facts) return typetext.flags(facts.desc.flags, typetext.parameter_flags) end,
  optional = function(_, facts) return facts.desc.flags & 0x10 ~= 0 end,
  has_default = function(_, facts) return facts.desc.default ~= nil end,
  default = function(_, facts) return facts.desc.default and facts.desc.default.value end,
  custom = function(_, facts) return custom_data(facts.info:custom("parameter", facts.index, facts.position)) end,
}

local function parameter_text(self)
  local facts <const> = typelib.parameter_facts[self]
  local attributes <const> = typetext.flags(facts.desc.flags, typetext.parameter_flags)
  if facts.desc.default then
    attributes[#attributes + 1] = "defaultvalue(" .. typetext.literal(facts.desc.default) .. ")"
  end
  local kind <const>, suffix <const> = typetext.type(facts.desc.type, facts.name_of)
  local prefix <const> = #attributes > 0 and "[" .. table.concat(attributes, ", ") .. "] " or ""
  return prefix .. kind .. " " .. self.name .. suffix
end

new_parameter, typelib.parameter_facts = lazy_class("oleander.Parameter", parameter_loaders, {}, parameter_text)

-- members

local invocation_kinds <const> = { [1] = "method", [2] = "get", [4] = "put", [8] = "putref" }
local variable_kinds <const> = { [0] = "field", [1] = "field", [2] = "constant", [3] = "property" }
local accessors <const> = { get = "propget", put = "propput", putref = "propputref" }

local function documentation(key)
  return function(_, facts)
    facts.documentation = facts.documentation or facts.info:documentation(facts.desc.memid) or {}
    local value <const> = facts.documentation[key]
    return key == "help_context" and (value or 0) or given(value)
  end
end

local function parameters_of(_, facts)
  local list <const> = {}
  for i, desc in ipairs(facts.desc.parameters or {}) do
    -- The value of a property put has no name of its own in a library.
    local name <const> = facts.desc.names[i + 1] or (i == #facts.desc.parameters and "rhs" or "arg" .. i)
    list[i] = new_parameter({ desc = desc, name_of = facts.name_of, info = facts.info, index = facts.index,
      position = i - 1 }, { name = name })
  end
  return fixed_list(list)
end

local member_loaders <const> = {
  type = function(_, facts) return (typetext.type(facts.result, facts.name_of)) end,
  parameters = parameters_of,
  flags = function(_, facts)
    return typetext.flags(facts.desc.flags, facts.is_function and typetext.function_flags or typetext.variable_flags)
  end,
  value = function(_, facts) return facts.desc.constant and facts.desc.constant.value end,
  offset = function(_, facts) return facts.desc.offset end,
  help = documentation "help",
  help_context = documentation "help_context",
  vararg = function(_, facts) return facts.desc.optional == -1 end,
  entry = function(self, facts)
    return facts.is_function and self.owner.kind == "module" and facts.info:entry(facts.desc.memid, facts.desc.invkind)
      or nil
  end,
  custom = function(_, facts)
    return custom_data(facts.info:custom(facts.is_function and "function" or "variable", facts.index))
  end,
}

local function constant_text(self, facts)
  return ("const %s %s = %s;"):format(self.type, self.name, typetext.literal(facts.desc.constant or {}))
end

local function function_text(self, facts, attributes)
  if accessors[self.kind] then table.insert(attributes, 2, accessors[self.kind]) end
  if self.vararg then attributes[#attributes + 1] = "vararg" end
  local entry <const> = self.entry
  if entry then attributes[1] = ("entry(%s)"):format(entry.name and typetext.quote(entry.name) or entry.ordinal) end
  local parameters <const> = {}
  for i, parameter in ipairs(self.parameters) do parameters[i] = tostring(parameter) end
  return ("[%s] %s %s(%s);"):format(table.concat(attributes, ", "), (typetext.type(facts.result, facts.name_of)),
    self.name, table.concat(parameters, ", "))
end

---The member's line of IDL.
local function member_text(self)
  local facts <const> = typelib.member_facts[self]
  if self.kind == "constant" then return constant_text(self, facts) end
  local attributes <const> = { ("id(0x%08x)"):format(self.id & 0xFFFFFFFF) }
  table.move(self.flags, 1, #self.flags, #attributes + 1, attributes)
  if self.help then attributes[#attributes + 1] = "helpstring(" .. typetext.quote(self.help) .. ")" end
  if facts.is_function then return function_text(self, facts, attributes) end
  local kind <const>, suffix <const> = typetext.type(facts.result, facts.name_of)
  local prefix <const> = self.kind == "property" and "[" .. table.concat(attributes, ", ") .. "] " or ""
  return ("%s%s %s%s;"):format(prefix, kind, self.name, suffix)
end

new_member, typelib.member_facts = lazy_class("oleander.Member", member_loaders, {}, member_text)

-- types

local function attributes(facts)
  facts.attributes = facts.attributes or facts.info:attributes()
  return facts.attributes
end

local function attribute(key)
  return function(_, facts) return attributes(facts)[key] end
end

local function name_of_reference(facts)
  facts.name_of = facts.name_of or function(href)
    local cache <const> = facts.names or {}
    facts.names = cache
    if not cache[href] then
      local info <const> = facts.info:reference(href)
      local text <const> = info and info:documentation()
      cache[href] = text and text.name or ("missing_type_0x%x"):format(href)
    end
    return cache[href]
  end
  return facts.name_of
end

local function type_of_reference(facts, href)
  local info <const> = facts.info:reference(href)
  return info and typelib.from_info(info)
end

---What a reference answers to a library that is not here, or is one of another version without that type.
local elsewhere <const> = {
  TYPE_E_CANTLOADLIBRARY = true, TYPE_E_LIBNOTREGISTERED = true, TYPE_E_ELEMENTNOTFOUND = true,
}

local function member_at(owner, facts, index, is_function)
  local reader <const> = is_function and facts.info.func or facts.info.variable
  local desc <const>, problem <const> = reader(facts.info, index)
  if not desc then
    local name <const> = core.status(problem) or ("0x%08X"):format(problem)
    facts.kept.problem = ("member %d can't be read: %s"):format(index, name)
    if not elsewhere[name] then facts.kept.damaged = true end
    return nil
  end
  local name <const> = is_function and desc.names[1] or (facts.info:documentation(desc.memid) or {}).name
  local kind <const> = is_function and invocation_kinds[desc.invkind] or variable_kinds[desc.kind] or "method"
  return new_member({
    desc = desc, info = facts.info, index = index, is_function = is_function, name_of = name_of_reference(facts),
    result = is_function and desc.result.type or desc.type,
  }, { name = name or "", kind = kind, id = desc.memid, owner = owner })
end

---One member, without all others; nil where it can't be read.
---@param kind oleander.Type
---@param index integer from 0 among functions or variables
---@param is_function boolean
---@return oleander.Member?
function typelib.member(kind, index, is_function)
  return member_at(kind, typelib.type_facts[kind], index, is_function)
end

---Functions or variables; those that can't be read (their base library is missing) are left out.
local function member_list(is_function)
  return function(self, facts)
    local list <const> = {}
    for index = 0, attributes(facts)[is_function and "functions" or "variables"] - 1 do
      list[#list + 1] = member_at(self, facts, index, is_function)
    end
    return fixed_list(list)
  end
end

local function implemented_list(_, facts)
  local list <const> = {}
  for index = 0, attributes(facts).implemented - 1 do
    local href <const>, flags <const> = facts.info:implemented(index)
    if href then
      local kind <const> = type_of_reference(facts, href)
      list[#list + 1] = {
        type = kind,
        name = kind and kind.name or name_of_reference(facts)(href),
        flags = typetext.flags(flags, typetext.implemented_flags),
      }
    end
  end
  return list
end

local type_loaders <const> = {
  guid = function(_, facts)
    local guid <const> = attributes(facts).guid
    return guid ~= NIL_GUID and guid or nil
  end,
  version = function(_, facts)
    local a <const> = attributes(facts)
    return ("%d.%d"):format(a.major, a.minor)
  end,
  flags = function(_, facts) return typetext.flags(attributes(facts).flags, typetext.type_flags) end,
  dual = function(_, facts) return attributes(facts).flags & TYPEFLAG_DUAL ~= 0 end,
  size = attribute "size",
  alignment = attribute "alignment",
  vtable_size = function(self, facts)
    local size <const> = attributes(facts).vtable_size
    local library <const> = self.kind ~= "dispinterface" and self.library
    return library and library.syskind ~= "win64" and size * 2 or size -- as the offsets of its methods are counted
  end,
  kind = function(_, facts) return kinds[attributes(facts).kind] or "unknown" end,
  name = function(_, facts)
    facts.text = facts.text or facts.info:documentation() or {}
    return facts.text.name or ""
  end,
  help = function(_, facts)
    facts.text = facts.text or facts.info:documentation() or {}
    return given(facts.text.help)
  end,
  help_context = function(_, facts)
    facts.text = facts.text or facts.info:documentation() or {}
    return facts.text.help_context or 0
  end,
  functions = member_list(true),
  variables = member_list(false),
  members = function(self)
    local list <const> = table.move(self.functions, 1, #self.functions, 1, {})
    table.move(self.variables, 1, #self.variables, #list + 1, list)
    return fixed_list(list, find_named)
  end,
  implements = implemented_list,
  base = function(self)
    local first <const> = (self.kind == "interface" or self.kind == "dispinterface") and self.implements[1]
    return first and first.type or nil
  end,
  other_half = function(self, facts)
    local href <const> = self.dual and facts.info:implemented(-1)
    return href and type_of_reference(facts, href) or nil
  end,
  alias_of = function(_, facts)
    local alias <const> = attributes(facts).alias
    return alias and (typetext.type(alias, name_of_reference(facts))) or nil
  end,
  aliased = function(_, facts)
    local alias <const> = attributes(facts).alias
    return alias and alias.href and type_of_reference(facts, alias.href) or nil
  end,
  custom = function(_, facts) return custom_data(facts.info:custom()) end,
  library = function(_, facts)
    local library <const> = facts.info:library()
    return library and typelib.from_library(library) or nil
  end,
  index = function(_, facts)
    local library <const>, index <const> = facts.info:library()
    return library and index + 1 or nil
  end,
}

--- The longest chain of interfaces that is followed; a damaged library may hold a circle. C has the same limit.
local LEVEL_LIMIT <const> = 32
local TYPE_E_CIRCULARTYPE <const> = 0x80029C84

--- Loops over an interface and its bases, most derived first, without IUnknown and IDispatch; of a dual dispinterface
--- over its vtable half.
function typelib.levels(kind)
  local current = kind.kind == "dispinterface" and kind.dual and kind.other_half or kind
  local count = 0
  return function()
    local level <const> = current
    if not level or level.name == "IUnknown" or level.name == "IDispatch" then return nil end
    count = count + 1
    if count > LEVEL_LIMIT then
      errors.raise(TYPE_E_CIRCULARTYPE, kind.name .. " derives from itself, or from too many interfaces")
    end
    current = level.kind == "interface" and level.base or nil
    return level
  end
end

---@class oleander.Type
local type_methods <const> = {}

---The bridge's userdata behind the type.
---@private
---@return userdata
function type_methods:info()
  return typelib.type_facts[self].info
end

---The type information behind a type, whatever a script has done to the table that it holds; nil: it is no type.
---@param kind any
---@return userdata?
function typelib.info(kind)
  local facts <const> = typelib.type_facts[kind]
  return facts and facts.info
end

---What the bridge needs to know of a type, whatever a script has done to the table that it holds.
---@param kind oleander.Type
---@return userdata info, string? guid
function typelib.handle(kind)
  local facts <const> = typelib.type_facts[kind]
  return facts.info, type_loaders.guid(kind, facts)
end

---The member with this name: exactly, else without case.
---@param name string
---@return oleander.Member?
function type_methods:find(name)
  return find_named(self.members, name)
end

---The head line: kind, name, base.
local function type_text(self)
  local base <const> = self.base
  if self.kind == "alias" then return ("typedef %s %s"):format(self.alias_of, self.name) end
  return self.kind .. " " .. self.name .. (base and " : " .. base.name or "")
end

new_type, typelib.type_facts = lazy_class("oleander.Type", type_loaders, type_methods, type_text)

-- libraries

local function library_attribute(key)
  return function(_, facts)
    facts.attributes = facts.attributes or facts.library:attributes()
    return facts.attributes[key]
  end
end

local function library_text_field(key)
  return function(_, facts)
    facts.text = facts.text or facts.library:documentation(-1) or {}
    local value <const> = facts.text[key]
    return key == "help_context" and (value or 0) or key == "name" and (value or "") or given(value)
  end
end

local library_loaders <const> = {
  guid = library_attribute "guid",
  lcid = library_attribute "lcid",
  major = library_attribute "major",
  minor = library_attribute "minor",
  version = function(self) return ("%d.%d"):format(self.major, self.minor) end,
  syskind = function(_, facts) return syskinds[library_attribute "syskind"(nil, facts)] or "unknown" end,
  flags = function(_, facts) return typetext.flags(library_attribute "flags"(nil, facts), typetext.library_flags) end,
  format = function(_, facts) return facts.library:format() end,
  name = library_text_field "name",
  help = library_text_field "help",
  help_context = library_text_field "help_context",
  help_file = library_text_field "help_file",
  custom = function(_, facts) return custom_data(facts.library:custom()) end,
  types = function(self, facts)
    local function make(i)
      local kind <const>, text <const> = facts.library:kind(i - 1), facts.library:documentation(i - 1)
      return new_type({ info = facts.library:info(i - 1), text = text },
        { library = self, index = i, kind = kinds[kind] or "unknown" })
    end
    return lazy_list(facts.library:count(), make, find_named)
  end,
}

---@class oleander.Library
local library_methods <const> = {}

---The type with this name (exactly, else without case) or GUID.
---@param name string
---@return oleander.Type?
function library_methods:find(name)
  if name:find "^{%x+%-%x+%-%x+%-%x+%-%x+}$" then
    local info <const> = typelib.library_facts[self].library:find_guid(name)
    return info and typelib.from_info(info)
  end
  return self.types[name]
end

---Writes the library to a file, in the format MSFT whatever it was read from.
---@param path string
function library_methods:save(path)
  require "oleander.idl".save(self, path)
end

new_library, typelib.library_facts = lazy_class("oleander.Library", library_loaders, library_methods, function(self)
  return ("library %s %s %s"):format(self.name, self.version, self.guid)
end)

---@param value any
---@return boolean
function typelib.is_library(value)
  return typelib.library_facts[value] ~= nil
end

---@param value any
---@return boolean
function typelib.is_type(value)
  return typelib.type_facts[value] ~= nil
end

---The default (or the default source) interface of a coclass.
---@param class oleander.Type
---@param source? boolean
---@return oleander.Type?
function typelib.default_interface(class, source)
  local first
  for _, implemented in ipairs(class.implements) do
    local flags <const> = {}
    for _, flag in ipairs(implemented.flags) do flags[flag] = true end
    if (flags.source or false) == (source or false) and implemented.type then
      if flags.default then return implemented.type end
      first = first or implemented.type
    end
  end
  return first
end

-- doors

---@param library userdata the bridge's
---@param path? string
---@return oleander.Library
function typelib.from_library(library, path)
  return new_library({ library = library }, { path = path })
end

---@param info userdata the bridge's
---@return oleander.Type
function typelib.from_info(info)
  return new_type { info = info }
end

return typelib
