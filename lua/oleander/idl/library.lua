---The description of the library that a file declares: which types are in it, in which order, and what they are.
local attributes <const> = require "oleander.idl.attributes"
local description <const> = require "oleander.idl.description"
local libraries <const> = require "oleander.idl.libraries"
local members <const> = require "oleander.idl.members"
local model_class <const> = require "oleander.idl.model"

local library <const> = {}

local TKIND <const> = {
  enum = 0, record = 1, module = 2, interface = 3, dispinterface = 4, coclass = 5, typedef = 6, union = 7,
}

local type_flags <const> = { hidden = 0x10, restricted = 0x200 }
local interface_flags <const> = {
  hidden = 0x10, dual = 0x40, nonextensible = 0x80, oleautomation = 0x100, restricted = 0x200, replaceable = 0x800,
  proxy = 0x4000,
}
local class_flags <const> = {
  appobject = 0x1, licensed = 0x4, predeclid = 0x8, hidden = 0x10, control = 0x20, restricted = 0x200,
  aggregatable = 0x400, replaceable = 0x800,
}
local CANCREATE <const>, DUAL <const>, OLEAUTOMATION <const>, DISPATCHABLE <const> = 0x2, 0x40, 0x100, 0x1000
local implemented_flags <const> = { default = 1, source = 2, restricted = 4, defaultvtable = 8 }
local library_flags <const> = { restricted = 1, control = 2, hidden = 4 }

--- Interfaces that derive from each other deeper than this are a mistake.
local BASE_LIMIT <const> = 64

---@class oleander.idl.Building
---@field model oleander.idl.Model
---@field types table[] descriptions in order
---@field numbers table<table, integer> number of a node's description, from 1

local describers <const> = {}

local function head(building, node, given, kind, flags)
  local result <const> = { kind = kind, flags = flags, name = building.model:name_of(node) }
  if given == attributes.NONE then return result end
  local model <const> = building.model
  result.guid = given.uuid and given.uuid.value
  result.major, result.minor = given.version and given.version.major, given.version and given.version.minor
  members.document(model, result, given)
  return result
end

--- Flags that a file gives as a number.
local function settle_flags(building, result, given)
  if given == attributes.NONE or not given.typeflags then return end
  result.flags = description.number(building.model, given, "typeflags") or result.flags
end

--- The attributes of a definition: its own, and those of the typedef that has no alias of its own.
local function definition_attributes(node)
  local typedef <const> = node.typedef
  if typedef and not model_class.is_alias(typedef) then
    return attributes.merge(node.attributes or attributes.NONE, typedef.attributes)
  end
  return node.attributes or attributes.NONE
end

function describers.enum(building, node)
  local given <const> = definition_attributes(node)
  local result <const> = head(building, node, given, TKIND.enum, members.bits(given, type_flags))
  result.variables = members.constants(building.model, node)
  return result
end

function describers.record(building, node, refer)
  local given <const> = definition_attributes(node)
  local result <const> = head(building, node, given, TKIND[node.k], members.bits(given, type_flags))
  result.pack = node.pack or nil
  result.variables = members.fields(building.model, refer, node)
  building.model:layout(node, node.place) -- finds records that contain themselves
  return result
end
describers.union = describers.record

function describers.typedef(building, node, refer)
  local given <const> = node.attributes
  local result <const> = head(building, node, given, TKIND.typedef, members.bits(given, type_flags))
  result.alias = description.type(building.model, refer, node.type, given.string ~= nil, node.place)
  if result.alias.vt == 29 and result.alias.type == node then
    building.model:fail(node.place, "the type %s is defined by itself", node.name)
  end
  result.pack = description.number(building.model, given, "alignment")
  return result
end

--- The meaning of the name of a base interface or of an implemented one.
local function interface_named(building, name, place, what)
  local model <const> = building.model
  local found <const> = model:stands_for({ k = "name", name = name, place = place }, true)
  if found.k == "interface" or found.k == "dispinterface" or found.k == "import" and (found.kind == 3
    or found.kind == 4) then
    return found
  end
  model:fail(place, "%s is no %s", name, what or "interface")
end

---Depth of inheritance, number of functions and whether it is an IDispatch, of an interface and its bases.
---@return integer depth 0 for IUnknown
---@return integer functions
---@return boolean dispatch
local function ancestry(building, node)
  if node.k == "import" then return libraries.ancestry(node) end
  local depth, functions, dispatch = 0, 0, false
  for _ = 1, BASE_LIMIT do
    if node.k == "import" then
      local more_depth <const>, more <const>, is <const> = libraries.ancestry(node)
      return depth + more_depth, functions + more, dispatch or is
    end
    for _, item in ipairs(node) do
      if members.in_vtable(item) then functions = functions + 1 end
    end
    dispatch = dispatch or node.name == "IDispatch"
    if not node.base then return depth, functions, dispatch end
    depth = depth + 1
    node = interface_named(building, node.base, node.base_place)
  end
  building.model:fail(node.place, "the interface %s derives from too many interfaces, or from itself", node.name)
end

local function implemented(_, found, flags, custom, refer)
  local item <const> = { flags = flags or 0, custom = custom }
  if found.k == "import" then
    item.library, item.index = found.library.library, found.index
  else
    refer(found)
    item.type = found
  end
  return item
end

function describers.interface(building, node, refer)
  local given <const>, model <const> = node.attributes, building.model
  local flags = members.bits(given, interface_flags)
  local result <const> = head(building, node, given, TKIND.interface, 0)
  local depth <const>, _, dispatch <const> = ancestry(building, node)
  if node.base then
    local base <const> = interface_named(building, node.base, node.base_place)
    if base.k == "dispinterface" then
      model:error(node.base_place, "%s is a dispinterface: an interface can't derive from it", node.base)
    end
    result.implements = { implemented(building, base, 0, nil, refer) }
  elseif node.name ~= "IUnknown" and not given["local"] and (given.object or given.odl or given.uuid) then
    model.unit.diagnostics:warning(node.place, "the interface %s derives from nothing, not even IUnknown", node.name)
  end
  if given.dual and not dispatch and not model.symbols.library.in_order then
    model:error(given.dual.place, "%s is dual, but does not derive from IDispatch", node.name)
    flags = flags & ~DUAL
  elseif given.dual then
    flags = flags | OLEAUTOMATION | DISPATCHABLE
  elseif dispatch and node.name ~= "IDispatch" then
    flags = flags | DISPATCHABLE
  end
  result.flags = flags
  result.functions = members.functions(model, refer, node, members.FUNC_PUREVIRTUAL, 0x60000000 + (depth << 16))
  return result
end

function describers.dispinterface(building, node, refer)
  local given <const>, model <const> = node.attributes, building.model
  local result <const> = head(building, node, given, TKIND.dispinterface,
    members.bits(given, interface_flags) & ~(DUAL | OLEAUTOMATION) | DISPATCHABLE)
  if node.interface then
    local found <const> = interface_named(building, node.interface, node.interface_place)
    result.implements = { implemented(building, found, 0, nil, refer) }
    result.of_interface = true
    return result
  end
  result.variables = members.properties(model, refer, node)
  result.functions = members.functions(model, refer, node, members.FUNC_DISPATCH, 0x60010000)
  return result
end

--- When no interface (or no source) is said to be the default, the first is.
local function settle_default(list)
  for _, source in ipairs { 0, 2 } do
    local first, found
    for _, item in ipairs(list) do
      if item.flags & 2 == source then
        if item.flags & 4 == 0 then first = first or item end
        found = found or item.settled or item.flags & 1 ~= 0
      end
    end
    if first and not found then first.flags = first.flags | 1 end
  end
end

function describers.coclass(building, node, refer)
  local given <const>, model <const> = node.attributes, building.model
  local flags = members.bits(given, class_flags)
  if not given.noncreatable then flags = flags | CANCREATE end
  local result <const> = head(building, node, given, TKIND.coclass, flags)
  if not given.uuid then model:error(node.place, "the coclass %s has no uuid", node.name) end
  result.implements = {}
  for _, item in ipairs(node) do
    model.unit.diagnostics:guard(function()
      local found <const> = interface_named(building, item.name, item.place)
      result.implements[#result.implements + 1] = implemented(building, found,
        members.bits(item.attributes, implemented_flags), description.custom(model, item.attributes), refer)
      local flags_given <const> = description.number(model, item.attributes, "implflags")
      if flags_given then
        local entry <const> = result.implements[#result.implements]
        entry.flags, entry.settled = flags_given, true
      end
    end)
  end
  settle_default(result.implements)
  return result
end

function describers.module(building, node, refer)
  local given <const>, model <const> = node.attributes, building.model
  local result <const> = head(building, node, given, TKIND.module, members.bits(given, type_flags))
  result.dll = description.text(given, "dllname")
  result.variables = members.module_constants(model, refer, node)
  result.functions = members.module_functions(model, refer, node)
  return result
end

--- The number of a type; a new one comes to the end.
local function number_for(building, node)
  local number = building.numbers[node]
  if not number then
    number = #building.types + 1
    building.numbers[node] = number
    building.types[number] = false
  end
  return number
end

--- Adds the description of a type, and then of what it refers to and is not there yet.
local function add(building, node)
  local stack <const> = { node }
  while #stack > 0 do
    local current <const> = table.remove(stack)
    if not building.described[current] then
      building.described[current] = true
      local number <const> = number_for(building, current)
      local used <const> = {}
      local function refer(other)
        if not building.described[other] then used[#used + 1] = other end
      end
      local done = building.model.unit.diagnostics:guard(function()
        local result <const> = describers[current.k](building, current, refer)
        settle_flags(building, result, current.typedef and definition_attributes(current) or current.attributes
          or attributes.NONE)
        building.types[number] = result
      end)
      if not done then building.types[number] = { kind = TKIND[current.k], flags = 0, name = current.name or "" } end
      for i = #used, 1, -1 do stack[#stack + 1] = used[i] end
      if #building.types > 65535 then building.model:fail(current.place, "a library has at most 65535 types") end
    end
  end
end

local statements <const> = {}

local function add_definition(building, node)
  if node.k == "record" or node.k == "union" or node.k == "enum" then add(building, node) end
end
statements.record, statements.union, statements.enum = add_definition, add_definition, add_definition

function statements.typedefs(building, node)
  local kind = node.type
  while kind.k == "const" do kind = kind.of end
  add_definition(building, kind)
  for _, typedef in ipairs(node) do
    if (not typedef.again or typedef.library.in_order) and model_class.is_alias(typedef) then add(building, typedef) end
  end
end

local function add_named(building, node)
  if not node.forward then return add(building, node) end
  -- A type has its place where the library first names it, also before its definition.
  local symbols <const> = building.model.symbols
  local found <const> = symbols.interfaces[node.name] or symbols.classes[node.name]
  if found and not (found.imported and building.model:meaning(node.name, node.place) ~= found) then
    add(building, found)
  end
end
statements.interface, statements.dispinterface, statements.coclass, statements.module =
  add_named, add_named, add_named, add_named

--- Numbers in place of nodes.
local function number_types(building)
  local numbers <const> = building.numbers
  local function settle(desc)
    while desc do
      if desc.type and type(desc.type) == "table" then desc.type = numbers[desc.type] end
      desc = desc.to or desc.of
    end
  end
  for _, kind in ipairs(building.types) do
    settle(kind.alias)
    for _, item in ipairs(kind.implements or {}) do settle(item) end
    for _, item in ipairs(kind.variables or {}) do settle(item.type) end
    for _, item in ipairs(kind.functions or {}) do
      settle(item.result)
      for _, parameter in ipairs(item.parameters) do settle(parameter.type) end
    end
  end
end

local SYS_WIN32 <const>, SYS_WIN64 <const> = 1, 3

local function check_guids(model, node)
  local known <const> = {}
  local function note(item, what)
    local given <const> = item.attributes
    local guid <const> = given and given.uuid and given.uuid.value
    if guid and known[guid] then
      model:error(given.uuid.place, "%s has the GUID of %s", what, known[guid])
    elseif guid then
      known[guid] = what
    end
  end
  note(node, "the library " .. node.name)
  for _, item in ipairs(node) do
    if not item.forward and (item.k == "interface" or item.k == "dispinterface" or item.k == "coclass") then
      note(item, ("the %s %s"):format(item.k, item.name))
    end
  end
end

---The description of the library of a compilation.
---@param model oleander.idl.Model
---@return table description
function library.describe(model)
  local node <const> = model.symbols.library
  local given <const> = node.attributes
  model:open_libraries()
  local building <const> = { model = model, types = {}, numbers = {}, described = {} }
  local result <const> = {
    name = node.name, guid = given.uuid and given.uuid.value, major = 0, minor = 0, lcid = 0,
    syskind = model.pointer_size == 8 and SYS_WIN64 or SYS_WIN32, flags = members.bits(given, library_flags),
    types = building.types,
  }
  if given.syskind then result.syskind = description.number(model, given, "syskind") end
  if not given.uuid then model:error(node.place, "the library %s has no uuid", node.name) end
  if given.version then result.major, result.minor = given.version.major, given.version.minor end
  result.lcid = description.number(model, given, "lcid") or 0
  members.document(model, result, given)
  result.help_file = description.text(given, "helpfile")
  result.help_dll = description.text(given, "helpstringdll")
  check_guids(model, node)
  if node.in_order then
    for _, item in ipairs(model_class.definitions(node)) do number_for(building, item) end
  end
  for _, item in ipairs(node) do
    local action <const> = statements[item.k]
    if action then model.unit.diagnostics:guard(action, building, item) end
  end
  number_types(building)
  return result
end

return library
