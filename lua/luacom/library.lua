--- NewLibrary: type libraries described by tables, written as IDL and compiled.
local com <const> = require "oleander"
local report <const> = require "luacom.report"

local library <const> = {}

local Library <const> = {}
Library.__index = Library
local Interface <const> = {}
Interface.__index = Interface
local Coclass <const> = {}
Coclass.__index = Coclass

--- Attributes are a text, a table of texts, or the positions of the table that describes the thing.
local function attributes_of(description)
  local list <const> = {}
  local given <const> = description.attributes
  if type(given) == "string" then
    list[1] = given
  else
    for _, one in ipairs(given or {}) do list[#list + 1] = one end
  end
  for _, one in ipairs(description) do
    if type(one) == "string" then list[#list + 1] = one end
  end
  return list
end

local function name_of(description, what)
  if type(description) ~= "table" or type(description.name) ~= "string" then
    error(what .. ": a table with a name is wanted", 3)
  end
  return description.name
end

local function uuid_of(description)
  return ((description.uuid or com.guid()):gsub("[{}]", ""))
end

---Describes a library: { name =, uuid =, version = }.
function library.new(description)
  return setmetatable({ name = name_of(description, "NewLibrary"), uuid = uuid_of(description),
    version = description.version or "1.0", help = description.helpstring, imports = {}, interfaces = {},
    classes = {} }, Library)
end

function Library:AddImport(file)
  self.imports[#self.imports + 1] = report.check(file, "string", 2, "AddImport")
end

function Library:AddInterface(description)
  local interface <const> = setmetatable({ name = name_of(description, "AddInterface"), uuid = uuid_of(description),
    interface = description.interface, help = description.helpstring, attributes = attributes_of(description),
    methods = {}, properties = {} }, Interface)
  self.interfaces[#self.interfaces + 1] = interface
  return interface
end

function Library:AddCoclass(description)
  local class <const> = setmetatable({ name = name_of(description, "AddCoclass"), uuid = uuid_of(description),
    help = description.helpstring, attributes = attributes_of(description), interfaces = {} }, Coclass)
  self.classes[#self.classes + 1] = class
  return class
end

function Interface:AddMethod(description)
  name_of(description, "AddMethod")
  self.methods[#self.methods + 1] = description
end

function Interface:AddProperty(description)
  name_of(description, "AddProperty")
  self.properties[#self.properties + 1] = description
end

function Coclass:AddInterface(description)
  name_of(description, "AddInterface")
  self.interfaces[#self.interfaces + 1] = description
end

-- IDL

local function quoted(text)
  return '"' .. text:gsub('[\\"]', "\\%0") .. '"'
end

local function bracketed(list)
  return #list > 0 and "[" .. table.concat(list, ", ") .. "] " or ""
end

local function described(list, description)
  local help <const> = description.helpstring or description.help
  if help then list[#list + 1] = ("helpstring(%s)"):format(quoted(help)) end
  return list
end

local function with_id(id, description)
  local list <const> = attributes_of(description)
  local has_id = false
  for _, one in ipairs(list) do has_id = has_id or one:find "^%s*id%s*%(" ~= nil end
  if not has_id then table.insert(list, 1, ("id(%d)"):format(id)) end
  return bracketed(described(list, description))
end

local function parameter_text(parameter, index)
  local list <const> = attributes_of(parameter)
  if #list == 0 then list[1] = "in" end
  return bracketed(list) .. (parameter.type or "VARIANT") .. " " .. (parameter.name or "arg" .. index)
end

local function interface_text(interface, write)
  write(("  [%s]"):format(table.concat(described({ ("uuid(%s)"):format(interface.uuid),
    table.unpack(interface.attributes) }, interface), ", ")))
  write("  dispinterface " .. interface.name .. " {")
  if interface.interface then
    write(("    interface %s;"):format(interface.interface))
    return write "  };"
  end
  local id = 0
  write "    properties:"
  for _, property in ipairs(interface.properties) do
    id = id + 1
    write(("      %s%s %s;"):format(with_id(id, property), property.type or "VARIANT", property.name))
  end
  write "    methods:"
  for _, method in ipairs(interface.methods) do
    id = id + 1
    local parameters <const> = {}
    for i, parameter in ipairs(method.parameters or {}) do parameters[i] = parameter_text(parameter, i) end
    write(("      %s%s %s(%s);"):format(with_id(id, method), method.type or "void", method.name,
      table.concat(parameters, ", ")))
  end
  write "  };"
end

local function class_text(class, write)
  write(("  [%s]"):format(table.concat(described({ ("uuid(%s)"):format(class.uuid),
    table.unpack(class.attributes) }, class), ", ")))
  write("  coclass " .. class.name .. " {")
  for _, interface in ipairs(class.interfaces) do
    write(("    %sdispinterface %s;"):format(bracketed(attributes_of(interface)), interface.name))
  end
  write "  };"
end

---The library as IDL.
---@return string
function Library:Text()
  local lines <const> = {}
  local function write(line) lines[#lines + 1] = line end
  write(("[%s]"):format(table.concat(described({ ("uuid(%s)"):format(self.uuid), ("version(%s)"):format(self.version) },
    self), ", ")))
  write("library " .. self.name .. " {")
  write '  importlib("stdole2.tlb");'
  for _, file in ipairs(self.imports) do
    if not file:lower():find "stdole" then write(("  importlib(%s);"):format(quoted(file))) end
  end
  for _, interface in ipairs(self.interfaces) do write(("  dispinterface %s;"):format(interface.name)) end
  for _, interface in ipairs(self.interfaces) do interface_text(interface, write) end
  for _, class in ipairs(self.classes) do class_text(class, write) end
  write "};"
  return table.concat(lines, "\n") .. "\n"
end

---Writes BASE.odl.
function Library:WriteODL(base)
  local path <const> = report.check(base, "string", 2, "WriteODL") .. ".odl"
  local file <close> = assert(io.open(path, "w"))
  file:write(self:Text())
  return path
end

---Writes BASE.odl and, compiled, BASE.tlb.
function Library:WriteTLB(base)
  self:WriteODL(report.check(base, "string", 2, "WriteTLB"))
  if not com.compile_idl then
    error("this Oleander has no IDL compiler: " .. base .. ".odl is written, " .. base .. ".tlb is not", 2)
  end
  com.compile_idl(self:Text()):save(base .. ".tlb")
  return base .. ".tlb"
end

return library
