---LuaCATS annotations for a type library: what lua-language-server knows of its classes, interfaces, enums and records.
local errors <const> = require "oleander.errors"
local typelib <const> = require "oleander.typelib"

local stubs <const> = {}

local E_INVALIDARG <const>, E_FAIL <const> = 0x80070057, 0x80004005

local keywords <const> = {}
for word in ([[and break do else elseif end false for function goto if in local nil not or repeat return then true until
  while]]):gmatch "%S+" do keywords[word] = true end

local function is_name(text)
  return text:find "^[%a_][%w_]*$" ~= nil and not keywords[text]
end

---A name that a parameter may have.
local function parameter_name(text)
  local name <const> = text:gsub("[^%w_]", "_")
  if name == "" or name:find "^%d" or keywords[name] then return "_" .. name end
  return name
end

---A word of an annotation: names of types have no blanks there.
local function class_name(library, name)
  return (library .. "." .. name):gsub("[^%w_.\128-\255]", "_")
end

---Help on lines of its own, before the annotations.
local function write_help(write, text)
  if not text or text == "" then return end
  for line in text:gsub("%c+", "\n"):gmatch "[^\n]+" do write("---" .. line) end
end

-- types

local VT_PTR <const>, VT_SAFEARRAY <const>, VT_CARRAY <const>, VT_USERDEFINED <const> = 26, 27, 28, 29
local VT_VARIANT <const> = 12

---VARTYPE to the type of its value in Lua.
local plain <const> = {
  [0] = "nil", [2] = "integer", [3] = "integer", [4] = "number", [5] = "number", [6] = "oleander.Currency",
  [7] = "oleander.Date", [8] = "string", [9] = "oleander.Object", [10] = "integer", [11] = "boolean", [12] = "any",
  [13] = "oleander.Object", [14] = "oleander.Decimal", [16] = "integer", [17] = "integer", [18] = "integer",
  [19] = "integer", [20] = "integer", [21] = "integer", [22] = "integer", [23] = "integer", [24] = "nil",
  [25] = "integer", [30] = "string", [31] = "string", [37] = "integer", [38] = "integer", [72] = "string",
}

local lua_type

---A type of this library, or of another one, by what it is.
local function declared_type(target)
  if target.kind == "alias" then
    if target.aliased then return declared_type(target.aliased) end
    local facts <const> = typelib.type_facts[target]
    return lua_type(facts.info:attributes().alias, function() return nil end)
  end
  local library <const> = target.library
  local name <const> = library and class_name(library.name, target.name) or "any"
  if target.name == "IUnknown" or target.name == "IDispatch" then return "oleander.Object" end
  if target.name == "GUID" then return "string" end
  return target.kind == "enum" and name .. "|integer" or name
end

---@param desc table as the bridge gives it
---@param target_of fun(href: integer): oleander.Type?
function lua_type(desc, target_of)
  local vt <const> = desc.vt
  if vt == VT_PTR then
    return lua_type(desc.to or { vt = VT_VARIANT }, target_of)
  elseif vt == VT_SAFEARRAY or vt == VT_CARRAY then
    return "oleander.Array"
  elseif vt == VT_USERDEFINED then
    local target <const> = target_of(desc.href)
    return target and declared_type(target) or "any"
  end
  return plain[vt & 0xFFF] or "any"
end

-- members

---What a function takes and gives in Lua: [in] parameters are arguments, [out] ones further results.
local function signature(member)
  local facts <const> = typelib.member_facts[member]
  local function target_of(href)
    local info <const> = facts.info:reference(href)
    return info and typelib.from_info(info)
  end
  local result <const> = { arguments = {}, results = {} }
  local own_result <const> = lua_type(facts.result, target_of)
  if own_result ~= "nil" and facts.result.vt ~= 25 then result.results[1] = { type = own_result, name = "" } end
  for i, parameter in ipairs(member.parameters) do
    local desc <const> = facts.desc.parameters[i]
    local item <const> = { name = parameter_name(parameter.name), type = lua_type(desc.type, target_of),
      optional = parameter.optional or parameter.has_default }
    local is_out <const>, is_retval <const> = desc.flags & 2 ~= 0, desc.flags & 8 ~= 0
    if desc.flags & 4 == 0 and not is_retval and (desc.flags & 1 ~= 0 or not is_out) then
      result.arguments[#result.arguments + 1] = item
    end
    if is_retval then table.insert(result.results, 1, item)
    elseif is_out then result.results[#result.results + 1] = item end
  end
  return result
end

---One type that may be one of several words.
local function grouped(text)
  return text:find "|" and "(" .. text .. ")" or text
end

local function function_type(shape, hidden_self)
  local arguments <const> = { hidden_self }
  for _, item in ipairs(shape.arguments) do
    arguments[#arguments + 1] = ("%s%s: %s"):format(item.name, item.optional and "?" or "", item.type)
  end
  local results <const> = {}
  for i, item in ipairs(shape.results) do results[i] = grouped(item.type) end
  return ("fun(%s)%s"):format(table.concat(arguments, ", "), #results > 0 and ": " .. table.concat(results, ", ") or "")
end

---The members of an object: properties by name with what reads and writes them, and methods, in their order.
local function members_of(value)
  local properties <const>, order <const>, methods <const> = {}, {}, {}
  local function property(name)
    if not properties[name] then
      properties[name] = { name = name }
      order[#order + 1] = properties[name]
    end
    return properties[name]
  end
  local function add(list)
    for _, member in ipairs(list) do
      local kind <const> = member.kind
      if kind == "method" then
        methods[#methods + 1] = member
      elseif kind == "get" or kind == "property" then
        property(member.name).get = member
      elseif kind == "put" or kind == "putref" then
        property(member.name).put = member
      end
    end
  end
  local levels <const> = {}
  for level in typelib.levels(value) do table.insert(levels, 1, level) end
  for _, level in ipairs(levels) do add(level.members) end
  return order, methods
end

local everywhere <const> = {
  QueryInterface = true, AddRef = true, Release = true, GetTypeInfoCount = true, GetTypeInfo = true,
  GetIDsOfNames = true, Invoke = true,
}

local function field_name(name)
  return is_name(name) and name or ("[%q]"):format(name)
end

---A property that takes arguments is called, or indexed where it takes one.
local function property_type(entry)
  local member <const> = entry.get or entry.put
  local shape <const> = signature(member)
  if member.kind == "property" then return shape.results[1] and shape.results[1].type or "any" end
  local value = shape.results[1]
  if not entry.get then value = table.remove(shape.arguments) end
  local kind <const> = value and value.type or "any"
  if #shape.arguments == 0 then return kind end
  local called <const> = function_type({ arguments = shape.arguments, results = { { type = kind } } })
  if #shape.arguments > 1 then return called end
  return ("{ [%s]: %s }|%s"):format(shape.arguments[1].type, kind, called)
end

local function write_properties(write, order)
  for _, entry in ipairs(order) do
    local notes <const> = { (entry.get or entry.put).help }
    if not entry.get then notes[#notes + 1] = "(write only)"
    elseif not entry.put and entry.get.kind == "get" then notes[#notes + 1] = "(read only)" end
    local note <const> = table.concat(notes, " "):gsub("%c+", " ")
    write(("---@field %s %s%s"):format(field_name(entry.name), property_type(entry), note ~= "" and " " .. note or ""))
  end
end

local function write_method(write, owner, member)
  local shape <const> = signature(member)
  write ""
  write_help(write, member.help)
  local names <const> = {}
  for i, item in ipairs(shape.arguments) do
    names[i] = item.name
    write(("---@param %s%s %s"):format(item.name, item.optional and "?" or "", item.type))
  end
  if member.vararg then
    names[#names == 0 and 1 or #names] = "..."
  end
  for _, item in ipairs(shape.results) do
    write(("---@return %s%s"):format(item.type, item.name ~= "" and " " .. item.name or ""))
  end
  local arguments <const> = table.concat(names, ", ")
  if is_name(member.name) then
    write(("function %s:%s(%s) end"):format(owner, member.name, arguments))
  else
    write(("%s[%q] = function(%s) end"):format(owner, member.name, table.concat({ "self", table.unpack(names) }, ", ")))
  end
end

-- types of a library

local writers <const> = {}

local function write_object(write, library, value)
  local order <const>, methods <const> = members_of(value)
  local function write_inside(line) write(line == "" and "" or "  " .. line) end
  write "do"
  write_help(write_inside, value.help)
  write_inside(("---@class %s: oleander.Object"):format(class_name(library.name, value.name)))
  write_properties(write_inside, order)
  write_inside "local object <const> = {}"
  for _, member in ipairs(methods) do
    if not everywhere[member.name] then write_method(write_inside, "object", member) end
  end
  write "end"
end

writers.interface, writers.dispinterface = write_object, write_object

function writers.enum(write, library, value)
  write_help(write, value.help)
  write(("---@alias %s"):format(class_name(library.name, value.name)))
  for _, member in ipairs(value.members) do
    local number <const> = math.type(member.value) == "integer" and member.value or 0
    write(("---| %d # %s"):format(number, member.name))
  end
end

function writers.record(write, library, value)
  write_help(write, value.help)
  write(("---@class %s: oleander.Record"):format(class_name(library.name, value.name)))
  for _, member in ipairs(value.members) do
    write(("---@field %s %s"):format(field_name(member.name), signature(member).results[1] and
      signature(member).results[1].type or "any"))
  end
end

writers.union = writers.record

---What handlers for the events of a class may be given.
local function write_events(write, library, value)
  local source <const> = typelib.default_interface(value, true)
  if not source then return end
  write ""
  write(("---Handlers for the events of %s."):format(value.name))
  write(("---@class %s"):format(class_name(library.name, value.name .. "Events")))
  for level in typelib.levels(source) do
    for _, member in ipairs(level.members) do
      if member.kind == "method" and not everywhere[member.name] then
        write(("---@field %s? %s"):format(field_name(member.name), function_type(signature(member), "self: any")))
      end
    end
  end
end

function writers.coclass(write, library, value)
  local default <const> = typelib.default_interface(value)
  write_help(write, value.help)
  local parent <const> = default and declared_type(default) or "oleander.Object"
  write(("---@class %s: %s"):format(class_name(library.name, value.name), parent))
  write_events(write, library, value)
end

---The overloads of com.create for the classes that can be made.
local function write_create(write, library)
  local lines <const> = {}
  for _, value in ipairs(library.types) do
    local flags <const> = value.kind == "coclass" and typelib.type_facts[value].info:attributes().flags or 0
    if flags & 0x2 ~= 0 then
      for _, id in ipairs { library.name .. "." .. value.name, value.guid } do
        lines[#lines + 1] = ("---@overload fun(id: %q, options?: oleander.CreateOptions): %s"):format(id,
          class_name(library.name, value.name))
      end
    end
  end
  if #lines == 0 then return end
  write ""
  write "---@class oleander"
  write "local com <const> = {}"
  write ""
  for _, line in ipairs(lines) do write(line) end
  write "function com.create(id, options) end"
end

---The text of the annotations.
---@param library oleander.Library
---@return string
function stubs.text(library)
  local lines <const> = {}
  local function write(line) lines[#lines + 1] = line end
  write(("---@meta %s"):format((library.name:gsub("[^%w_]", "_"))))
  write(("-- %s %s %s for lua-language-server; made by `oleander tlb stubs`."):format(library.name, library.version,
    library.guid))
  write "-- luacheck: ignore"
  for _, value in ipairs(library.types) do
    local writer <const> = writers[value.kind]
    if writer and value.name ~= "" then
      write ""
      writer(write, library, value)
    end
  end
  write_create(write, library)
  return table.concat(lines, "\n") .. "\n"
end

---Writes LuaCATS annotations of a type library for lua-language-server: a class `Library.IFoo` for each interface,
---`Library.Class` for each class, and overloads of `com.create` for the classes' names.
---@param library oleander.Library|string a library, or what `com.typelib` takes
---@param path string the file, which is replaced
function stubs.stubs(library, path)
  local types <const> = require "oleander.types"
  if type(path) ~= "string" then errors.raise(E_INVALIDARG, "com.stubs needs the path of a file") end
  local text <const> = stubs.text(typelib.is_library(library) and library or types.typelib(library))
  local file <close>, problem <const> = io.open(path, "w")
  if not file then errors.raise(E_FAIL, problem) end
  local written <const>, reason <const> = file:write(text)
  if not written then errors.raise(E_FAIL, ("%s: %s"):format(path, reason)) end
end

return stubs
