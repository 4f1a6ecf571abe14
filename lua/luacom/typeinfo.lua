--- ITypeLib and ITypeInfo as LuaCOM shows them, and what is written from them: constants, dumps, pages.
local com <const> = require "oleander"
local report <const> = require "luacom.report"
local values <const> = require "luacom.values"

local typeinfo <const> = {}

local TypeLib <const> = { type = "ITypeLib" }
TypeLib.__index = TypeLib
local TypeInfo <const> = { type = "ITypeInfo" }
TypeInfo.__index = TypeInfo

---@param library oleander.Library
function typeinfo.from_library(library)
  return setmetatable({ library = library }, TypeLib)
end

---@param kind oleander.Type
function typeinfo.from_type(kind)
  return setmetatable({ kind = kind }, TypeInfo)
end

local function flag_set(list)
  local set <const> = {}
  for _, flag in ipairs(list) do set[flag] = true end
  return set
end

local function open(path)
  if not path or path == "" then return end
  os.execute("xdg-open '" .. path:gsub("'", "'\\''") .. "' >/dev/null 2>&1 &")
end

-- ITypeLib

function TypeLib:GetDocumentation()
  local library <const> = self.library
  return { name = library.name, helpstring = library.help, helpfile = library.help_file,
    helpcontext = library.help_context }
end

function TypeLib:GetTypeInfoCount()
  return #self.library.types
end

function TypeLib:GetTypeInfo(index)
  local kind <const> = self.library.types[report.check(index, "number", 2, "GetTypeInfo") + 1]
  return kind and typeinfo.from_type(kind)
end

function TypeLib:ShowHelp()
  open(self.library.help_file)
end

local constant_kinds <const> = { enum = true, module = true }

local function export_type(kind, t)
  for _, variable in ipairs(kind.variables) do
    if variable.kind == "constant" then t[variable.name] = values.from_com(variable.value) end
  end
end

function TypeLib:ExportConstants(t)
  t = t or _G
  for _, kind in ipairs(self.library.types) do
    if constant_kinds[kind.kind] then export_type(kind, t) end
  end
end

function TypeLib:ExportEnumerations(t)
  t = t or _G
  for _, kind in ipairs(self.library.types) do
    if kind.kind == "enum" then
      t[kind.name] = {}
      export_type(kind, t[kind.name])
    end
  end
end

-- ITypeInfo

function TypeInfo:GetTypeLib()
  local library <const> = self.kind.library
  return library and typeinfo.from_library(library)
end

local invocation_kinds <const> = { method = "func", get = "propget", put = "propput", putref = "propputref" }

local function describe_parameter(parameter)
  local flags <const> = flag_set(parameter.flags)
  return { name = parameter.name, type = parameter.type, ["in"] = flags["in"] or false, out = flags.out or false,
    opt = parameter.optional or parameter.has_default, default = values.from_com(parameter.default) }
end

---The function at an index from 0; nothing for what scripts may not call.
function TypeInfo:GetFuncDesc(index)
  local member <const> = self.kind.functions[report.check(index, "number", 2, "GetFuncDesc") + 1]
  if not member or flag_set(member.flags).restricted then return end
  local parameters <const>, optional = {}, 0
  for i, parameter in ipairs(member.parameters) do
    parameters[i] = describe_parameter(parameter)
    if parameters[i].opt then optional = optional + 1 end
  end
  local library <const> = self.kind.library
  return { memid = member.id, invkind = invocation_kinds[member.kind] or "func", Params = #parameters,
    ParamsOpt = optional, name = member.name, description = member.help, helpfile = library and library.help_file,
    helpcontext = member.help_context, type = member.type, parameters = parameters }
end

function TypeInfo:GetVarDesc(index)
  local variable <const> = self.kind.variables[report.check(index, "number", 2, "GetVarDesc") + 1]
  return variable and { name = variable.name, value = values.from_com(variable.value) }
end

function TypeInfo:GetDocumentation()
  local kind <const> = self.kind
  local library <const> = kind.library
  return { name = kind.name, helpstring = kind.help, helpfile = library and library.help_file,
    helpcontext = kind.help_context }
end

function TypeInfo:GetTypeAttr()
  local kind <const> = self.kind
  local flags <const> = flag_set(kind.flags)
  return { GUID = kind.guid, typekind = kind.kind, Funcs = #kind.functions, Vars = #kind.variables,
    ImplTypes = #kind.implements, flags = { hidden = flags.hidden or false, control = flags.control or false,
      appobject = flags.appobject or false, dispatchable = flags.dispatchable or kind.kind == "dispinterface",
      oleautomation = flags.oleautomation or false, cancreate = not flags.noncreatable } }
end

function TypeInfo:GetImplType(index)
  local implemented <const> = self.kind.implements[report.check(index, "number", 2, "GetImplType") + 1]
  return implemented and implemented.type and typeinfo.from_type(implemented.type)
end

function TypeInfo:GetImplTypeFlags(index)
  local implemented <const> = self.kind.implements[report.check(index, "number", 2, "GetImplTypeFlags") + 1]
  if not implemented then return end
  local flags <const> = flag_set(implemented.flags)
  return { default = flags.default or false, source = flags.source or false, restricted = flags.restricted or false,
    defaultvtable = flags.defaultvtable or false }
end

function TypeInfo:ExportConstants(t)
  if constant_kinds[self.kind.kind] then export_type(self.kind, t or _G) end
end

function TypeInfo:ExportEnumerations(t)
  if self.kind.kind == "enum" then
    t = t or _G
    t[self.kind.name] = {}
    export_type(self.kind, t[self.kind.name])
  end
end

-- tables

function typeinfo.fill_type(self)
  local kind <const> = self.kind
  local filled <const> = self:GetTypeAttr()
  for key, value in pairs(self:GetDocumentation()) do filled[key] = value end
  filled.funcs, filled.vars, filled.impltypes = {}, {}, {}
  for i = 0, #kind.functions - 1 do filled.funcs[#filled.funcs + 1] = self:GetFuncDesc(i) end
  for i = 0, #kind.variables - 1 do filled.vars[#filled.vars + 1] = self:GetVarDesc(i) end
  for i, implemented in ipairs(kind.implements) do
    filled.impltypes[i] = { name = implemented.name, flags = self:GetImplTypeFlags(i - 1) }
  end
  return filled
end

function typeinfo.fill_library(self)
  local filled <const> = self:GetDocumentation()
  filled.typeinfos = {}
  for i = 0, self:GetTypeInfoCount() - 1 do filled.typeinfos[i + 1] = typeinfo.fill_type(self:GetTypeInfo(i)) end
  return filled
end

-- texts and pages

---The library of an object's type, of a library or of a type.
function typeinfo.library_of(x, object)
  if getmetatable(x) == TypeLib then return x.library end
  if getmetatable(x) == TypeInfo then return x.kind.library end
  local kind <const> = object and com.typeof(object)
  if not kind or not kind.library then report.fail "there is no type information" end
  return kind.library
end

function typeinfo.dump(kind, write)
  write(tostring(kind))
  for _, member in ipairs(kind.members) do write("  " .. tostring(member)) end
end

local entities <const> = { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;" }

local function escape(text)
  return (text:gsub('[&<>"]', entities))
end

---Writes a page about a library; its path.
function typeinfo.page(library, path)
  if not path then
    path = os.tmpname()
    os.remove(path)
    path = path .. ".html"
  end
  local file <close> = assert(io.open(path, "w"))
  local title <const> = escape(library.name)
  file:write("<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><title>", title, "</title></head><body>\n<h1>",
    title, "</h1>\n<p>", escape(library.help or ""), "</p>\n<ul>\n")
  for _, kind in ipairs(library.types) do
    file:write(('<li><a href="#%s">%s</a></li>\n'):format(escape(kind.name), escape(tostring(kind))))
  end
  file:write "</ul>\n"
  for _, kind in ipairs(library.types) do
    file:write(('<h2 id="%s">%s</h2>\n<p>%s</p>\n<ul>\n'):format(escape(kind.name), escape(tostring(kind)),
      escape(kind.help or "")))
    for _, member in ipairs(kind.members) do file:write("<li><code>", escape(tostring(member)), "</code></li>\n") end
    file:write "</ul>\n"
  end
  file:write "</body></html>\n"
  return path
end

typeinfo.open = open

return typeinfo
