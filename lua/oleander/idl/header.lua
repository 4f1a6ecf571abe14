---Headers for C and C++ from IDL, laid out as MIDL and widl lay them out, and sources with the GUIDs.
local ctext <const> = require "oleander.idl.ctext"
local members <const> = require "oleander.idl.members"

local header <const> = {}

---@class oleander.idl.HeaderWriter
---@field model oleander.idl.Model
---@field out string[]
---@field written table<table, boolean> definitions whose bodies are written
---@field guids {name: string, type: string, guid: string}[]
---@field methods table<table, oleander.idl.MethodText>
---@field in_record? boolean

local BASE_LIMIT <const> = 64

local function emit(writer, text, ...)
  if select("#", ...) > 0 then text = text:format(...) end
  writer.out[#writer.out + 1] = text
end

local function define_guid(writer, kind, prefix, name, given)
  local guid <const> = given.uuid and given.uuid.value
  if not guid then return end
  writer.guids[#writer.guids + 1] = { name = prefix .. name, type = kind, guid = guid }
  emit(writer, "DEFINE_GUID(%s%s, %s);", prefix, name, ctext.guid(guid))
end

local function uuid_declaration(writer, name, given)
  if not given.uuid then return end
  emit(writer, "#ifdef __CRT_UUID_DECL\n__CRT_UUID_DECL(%s, %s)\n#endif", name, ctext.guid(given.uuid.value))
end

-- methods

local prefixes <const> = { propget = "get_", propput = "put_", propputref = "putref_" }

local function method_name(node)
  for name, prefix in pairs(prefixes) do
    if node.attributes[name] then return prefix .. node.name end
  end
  return node.name
end

local function spaced(text)
  return text:sub(-1) == "*" and text or text .. " "
end

local function result_text(writer, node)
  return spaced(ctext.declaration(writer, node.type.result, "", "    "))
end

--- The default of a parameter for C++, from which on all have one.
local function default_from(list)
  local from = #list + 1
  for i = #list, 1, -1 do
    local item <const> = list[i].attributes.defaultvalue
    local tree <const> = item and item.tree
    local base <const> = list[i].type.k == "base" or list[i].type.k == "name"
    if not tree or tree.k ~= "number" and tree.k ~= "unary" or not base or list[i].type.name == "VARIANT"
      or list[i].type.name == "BSTR" or list[i].type.name == "CY" or list[i].type.name == "DECIMAL"
      or list[i].type.name == "CURRENCY" then
      break
    end
    from = i
  end
  return from
end

local function parameter_lines(writer, node, defaults)
  local parameters <const> = node.type.parameters
  local lines <const> = {}
  local from <const> = defaults and default_from(parameters) or math.huge
  for i, parameter in ipairs(parameters) do
    local text = ctext.declaration(writer, parameter.type, parameter.name or "p" .. i, "        ")
    if i >= from then text = text .. " = " .. ctext.value(parameter.attributes.defaultvalue.tree) end
    lines[i] = text
  end
  if parameters.variadic then lines[#lines + 1] = "..." end
  return table.concat(lines, ",\n        ")
end

local function macro_arguments(node)
  local arguments <const> = { "This" }
  for i, parameter in ipairs(node.type.parameters) do arguments[i + 1] = parameter.name or "p" .. i end
  return table.concat(arguments, ",")
end

---@class oleander.idl.MethodText the parts of a method, which stand in every interface that inherits it
---@field name string
---@field result string with a space behind it where one is needed
---@field parameters string without This
---@field behind string the same behind This
---@field arguments string of a macro

---@return oleander.idl.MethodText
local function method_text(writer, node)
  local known = writer.methods[node]
  if not known then
    local parameters <const> = parameter_lines(writer, node)
    known = {
      name = method_name(node), result = result_text(writer, node), parameters = parameters,
      behind = parameters == "" and "" or ",\n        " .. parameters, arguments = macro_arguments(node),
    }
    writer.methods[node] = known
  end
  return known
end

--- Interfaces from the root down to this one; methods of a base that nobody knows are an error.
local function lineage(writer, node)
  local list <const> = {}
  for _ = 1, BASE_LIMIT do
    table.insert(list, 1, node)
    if not node.base then return list end
    local found = writer.model.symbols.interfaces[node.base]
    if not found then
      found = writer.model:stands_for({ k = "name", name = node.base, place = node.base_place }, true)
      if found.k == "import" then
        local other <const> = writer.model.symbols.interfaces[found.name]
        if not other then
          writer.model:fail(node.base_place, "the methods of %s are needed here: import the IDL that has them",
            node.base)
        end
        found = other
      end
    end
    if found.k ~= "interface" then writer.model:fail(node.base_place, "%s is no interface", node.base) end
    node = found
  end
  writer.model:fail(node.place, "the interface %s derives from too many interfaces, or from itself", node.name)
end

local function cpp_class(writer, node, name)
  local given <const> = node.attributes
  if given.uuid then
    emit(writer, 'MIDL_INTERFACE("%s")', given.uuid.value:sub(2, -2))
  else
    emit(writer, "interface")
  end
  emit(writer, "%s%s\n{", name, node.base and " : public " .. node.base or "")
  for _, method in ipairs(node) do
    if members.in_vtable(method) then
      local text <const> = method_text(writer, method)
      local parameters <const> = default_from(method.type.parameters) > #method.type.parameters and text.parameters
        or parameter_lines(writer, method, true)
      writer.out[#writer.out + 1] = "    virtual " .. text.result .. "STDMETHODCALLTYPE " .. text.name .. "("
        .. (parameters == "" and "" or "\n        ") .. parameters .. ") = 0;\n"
    end
  end
  emit(writer, "};")
  uuid_declaration(writer, name, given)
end

local function c_vtable(writer, list, name)
  local out <const>, this <const> = writer.out, ")(\n        " .. name .. " *This"
  emit(writer, "typedef struct %sVtbl {\n    BEGIN_INTERFACE\n", name)
  for _, level in ipairs(list) do
    emit(writer, "    /*** %s methods ***/", level.name)
    for _, method in ipairs(level) do
      if members.in_vtable(method) then
        local text <const> = method_text(writer, method)
        out[#out + 1] = "    " .. text.result .. "(STDMETHODCALLTYPE *" .. text.name .. this .. text.behind .. ");\n"
      end
    end
  end
  emit(writer, "    END_INTERFACE\n} %sVtbl;\n\ninterface %s {\n    CONST_VTBL %sVtbl *lpVtbl;\n};\n", name, name, name)
  emit(writer, "#ifdef COBJMACROS")
  for _, level in ipairs(list) do
    emit(writer, "/*** %s methods ***/", level.name)
    for _, method in ipairs(level) do
      if members.in_vtable(method) then
        local text <const> = method_text(writer, method)
        local call <const> = text.name .. "(" .. text.arguments .. ")"
        out[#out + 1] = "#define " .. name .. "_" .. call .. " (This)->lpVtbl->" .. call
      end
    end
  end
  emit(writer, "#endif")
end

--- What a remote method and its local half look like as plain functions.
local function proxies(writer, node)
  local function signature(method)
    return node.name .. " *This" .. method_text(writer, method).behind:gsub("\n        ", "\n    ")
  end
  local by_name <const> = {}
  for _, method in ipairs(node) do by_name[method.name or ""] = method end
  for _, method in ipairs(node) do
    local call_as <const> = method.k == "method" and method.attributes.call_as
    local public <const> = call_as and by_name[call_as.value or ""]
    if call_as then
      emit(writer, "%sSTDMETHODCALLTYPE %s_%s_Proxy(\n    %s);", result_text(writer, method), node.name,
        method_name(method), signature(method))
    end
    if public then
      emit(writer, "%sSTDMETHODCALLTYPE %s_%s_Proxy(\n    %s);", result_text(writer, public), node.name,
        method_name(public), signature(public))
      emit(writer, "%s__RPC_STUB %s_%s_Stub(\n    %s);", result_text(writer, method), node.name,
        method_name(public), signature(method))
    end
  end
end

-- statements

local statements <const> = {}

local function write_statement(writer, node)
  local action <const> = statements[node.k]
  if action then writer.model.unit.diagnostics:guard(action, writer, node) end
end

function statements.quote(writer, node) emit(writer, "%s", node.text) end

function statements.pack(writer, node)
  emit(writer, "#pragma pack(%s)", node.text)
end

statements["const"] = function(writer, node)
  if node.tree then emit(writer, "#define %s (%s)\n", node.name, ctext.value(node.tree)) end
end

local absent_declarations <const> = {
  [0] = "typedef enum %s { %s_absent } %s;", "typedef struct %s %s;", nil, "typedef interface %s %s;",
  "typedef interface %s %s;", "typedef interface %s %s;", "typedef LONG %s;", "typedef union %s %s;",
}

--- Enough to refer to types of a library that is absent.
function statements.importlib(writer, node)
  for _, item in ipairs(node.absent and node or {}) do
    local text <const> = absent_declarations[item.kind]
    if text then emit(writer, "%s", (text:gsub("%%s", item.name))) end
  end
end

local function definition(writer, node)
  if writer.written[node] then return end
  writer.written[node] = true
  emit(writer, "%s;", ctext.definition(writer, node, ""))
end
statements.record, statements.union, statements.enum = definition, definition, definition

function statements.forward_tag(writer, node)
  if node.word ~= "enum" then emit(writer, "%s %s;", node.word, node.name) end
end

function statements.typedefs(writer, node)
  -- The body stands once, with the first name; pointers and arrays of it follow.
  for _, typedef in ipairs(node) do
    emit(writer, "typedef %s;", ctext.declaration(writer, typedef.type, typedef.name, ""))
  end
end

local function forward(writer, node)
  local name <const> = node.name
  emit(writer, "#ifndef __%s_FWD_DEFINED__\n#define __%s_FWD_DEFINED__", name, name)
  if node.k == "coclass" then
    emit(writer, "#ifdef __cplusplus\ntypedef class %s %s;\n#else\ntypedef struct %s %s;\n#endif", name, name,
      name, name)
  else
    emit(writer, "typedef interface %s %s;\n#ifdef __cplusplus\ninterface %s;\n#endif", name, name, name)
  end
  emit(writer, "#endif\n")
end

local function is_object(node)
  local given <const> = node.attributes
  return node.base ~= nil or node.name == "IUnknown" or given.object ~= nil or given.odl ~= nil
end

local function inner_statements(writer, node)
  for _, item in ipairs(node) do
    if item.k ~= "method" and item.k ~= "property" then write_statement(writer, item) end
  end
end

--- An interface of plain RPC: its functions.
local function functions(writer, node)
  for _, method in ipairs(node) do
    if method.k == "method" then
      emit(writer, "%s%s(\n    %s);\n", result_text(writer, method), method.name,
        #method.type.parameters == 0 and "void" or (parameter_lines(writer, method):gsub("\n        ", "\n    ")))
    end
  end
end

function statements.interface(writer, node)
  if node.forward then return forward(writer, node) end
  local name <const> = node.name
  emit(writer, "\n/* interface %s */\n#ifndef __%s_INTERFACE_DEFINED__\n#define __%s_INTERFACE_DEFINED__\n", name,
    name, name)
  inner_statements(writer, node)
  if is_object(node) then
    local list <const> = lineage(writer, node)
    define_guid(writer, "IID", "IID_", name, node.attributes)
    emit(writer, "#if defined(__cplusplus) && !defined(CINTERFACE)")
    cpp_class(writer, node, name)
    emit(writer, "#else")
    c_vtable(writer, list, name)
    emit(writer, "#endif\n")
    proxies(writer, node)
  else
    functions(writer, node)
  end
  emit(writer, "#endif /* __%s_INTERFACE_DEFINED__ */\n", name)
end

function statements.dispinterface(writer, node)
  if node.forward then return forward(writer, node) end
  local name <const> = node.name
  emit(writer, "\n/* dispinterface %s */\n#ifndef __%s_DISPINTERFACE_DEFINED__\n#define __%s_DISPINTERFACE_DEFINED__\n",
    name, name, name)
  inner_statements(writer, node)
  define_guid(writer, "IID", "DIID_", name, node.attributes)
  local dispatch <const> = writer.model.symbols.interfaces.IDispatch
    or writer.model:stands_for({ k = "name", name = "IDispatch", place = node.place }, true)
  local root <const> = { name = name, base = "IDispatch", base_place = node.place, attributes = node.attributes }
  emit(writer, "#if defined(__cplusplus) && !defined(CINTERFACE)")
  cpp_class(writer, root, name)
  emit(writer, "#else")
  if dispatch.k == "interface" then
    c_vtable(writer, lineage(writer, dispatch), name)
  else
    emit(writer, "interface %s {\n    CONST_VTBL struct IDispatchVtbl *lpVtbl;\n};", name)
  end
  emit(writer, "#endif\n\n#endif /* __%s_DISPINTERFACE_DEFINED__ */\n", name)
end

function statements.coclass(writer, node)
  if node.forward then return forward(writer, node) end
  emit(writer, "\n/* coclass %s */", node.name)
  define_guid(writer, "CLSID", "CLSID_", node.name, node.attributes)
  if node.attributes.uuid then
    emit(writer, '#ifdef __cplusplus\nclass DECLSPEC_UUID("%s") %s;', node.attributes.uuid.value:sub(2, -2), node.name)
    uuid_declaration(writer, node.name, node.attributes)
    emit(writer, "#endif\n")
  end
end

function statements.module(writer, node)
  if node.forward then return end
  emit(writer, "\n/* module %s */\n#ifndef __%s_MODULE_DEFINED__\n#define __%s_MODULE_DEFINED__\n", node.name,
    node.name,
    node.name)
  inner_statements(writer, node)
  for _, method in ipairs(node) do
    if method.k == "method" then
      local convention <const> = method.type.convention == 1 and "" or "STDMETHODCALLTYPE "
      emit(writer, "%s%s%s(%s);\n", result_text(writer, method), convention, method.name,
        ctext.parameters(writer, method.type, "    "))
    end
  end
  emit(writer, "#endif /* __%s_MODULE_DEFINED__ */\n", node.name)
end

function statements.library(writer, node)
  emit(writer, "\n/* library %s */\n#ifndef __%s_LIBRARY_DEFINED__\n#define __%s_LIBRARY_DEFINED__\n", node.name,
    node.name,
    node.name)
  define_guid(writer, "IID", "LIBID_", node.name, node.attributes)
  for _, item in ipairs(node) do write_statement(writer, item) end
  emit(writer, "#endif /* __%s_LIBRARY_DEFINED__ */\n", node.name)
end

-- the whole

local function each(list, visit)
  for _, node in ipairs(list) do
    visit(node)
    if node.k == "library" then each(node, visit) end
  end
end

local function forwards(writer, list)
  local seen <const> = {}
  emit(writer, "/* Forward declarations */\n")
  each(list, function(node)
    local k <const> = node.k
    if (k == "interface" and (node.forward or is_object(node)) or k == "dispinterface" or k == "coclass")
      and not seen[node.name] then
      seen[node.name] = true
      forward(writer, node)
    end
  end)
end

local function imports(writer, list)
  emit(writer, "/* Headers of imported files */\n")
  local function visit(node)
    if node.k == "import" then
      for _, name in ipairs(node) do
        emit(writer, '#include "%s"', (name:gsub("\\", "/"):gsub("%.[iI][dD][lL]$", ".h"):gsub("%.[oO][dD][lL]$",
          ".h")))
      end
    end
  end
  each(list, function(node)
    visit(node)
    if node.k == "interface" then
      for _, inner in ipairs(node) do visit(inner) end
    end
  end)
  emit(writer, "")
end

local PROLOGUE <const> = [[
/* Made by oleander idl from %s; do not edit. */

#include <rpc.h>
#include <rpcndr.h>
#if defined(_WIN32) && !defined(COM_NO_WINDOWS_H)
#include <windows.h>
#include <ole2.h>
#endif
#include <%s>

#ifndef __%s_h__
#define __%s_h__
]]

---The header of a compilation, and the C source that defines its GUIDs.
---@param compilation oleander.idl.Compilation
---@param model oleander.idl.Model
---@param name string file name of the header
---@return string header
---@return string guids
function header.make(compilation, model, name)
  local writer <const> = { model = model, out = {}, written = {}, guids = {}, methods = {} }
  local list <const> = compilation.statements
  local source <const> = (compilation.diagnostics.sources[1] or { path = "IDL" }).path:match "[^/]*$"
  local guard <const> = name:gsub("%.[^.]*$", ""):gsub("%W", "_")
  emit(writer, "") -- the prologue, when it is known what was needed
  forwards(writer, list)
  imports(writer, list)
  emit(writer, '#ifdef __cplusplus\nextern "C" {\n#endif\n')
  for _, node in ipairs(list) do write_statement(writer, node) end
  emit(writer, "#ifdef __cplusplus\n}\n#endif\n\n#endif /* __%s_h__ */\n", guard)
  writer.out[1] = PROLOGUE:format(source, (model.base_tried or #compilation.symbols.libraries > 0) and "ocidl.h"
    or "unknwn.h", guard, guard)
  return table.concat(writer.out, "\n"), header.guids(writer, source)
end

---A C source that defines the GUIDs, as MIDL's FILE_i.c does.
function header.guids(writer, source)
  local out <const> = { ("/* GUIDs of %s. Made by oleander idl; do not edit. */\n"):format(source),
    '#include <guiddef.h>\n\n#ifdef __cplusplus\nextern "C" {\n#endif\n' }
  for _, entry in ipairs(writer.guids) do
    local parts <const> = { ctext.guid(entry.guid):match "^(%S+, %S+, %S+), (.*)$" }
    out[#out + 1] = ("extern const %s %s;\nconst %s %s = {%s, {%s}};"):format(entry.type, entry.name, entry.type,
      entry.name, parts[1], parts[2])
  end
  out[#out + 1] = "\n#ifdef __cplusplus\n}\n#endif\n"
  return table.concat(out, "\n")
end

return header
