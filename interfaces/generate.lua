-- Makes the interface headers in include/oleander, com/guids.c, the interface parts of the base IDL and the table
-- of signatures (signatures.lua) from the descriptions beside this file. One description gives the C vtable, the C++
-- class, the COBJMACROS, the IID, and how each method travels.
--
--   lua5.4 interfaces/generate.lua [SOURCE_ROOT] [--check]
--
-- A description is the header itself, with these lines expanded:
--   @interface IName : IBase {IID} [idl attributes]     up to @end: one method a line, attributes of parameters as in
--                                                       IDL (without [in]); behind a method that travels in another
--                                                       form `[call_as(Name)] HRESULT RemoteName(...)`, as published
--   @guid NAME {GUID} [TYPE]                            a GUID that the library defines
--   @forward IName IName ...                            forward declarations
-- and, in a .idl description:
--   @idl IName IName ...                                these interfaces as IDL

local root = "."
local check = false
for _, argument in ipairs(arg) do
  if argument == "--check" then check = true else root = argument end
end

local HEADERS <const> = {
  "unknwnbase", "objidlbase", "oaidl", "objidl", "servprov", "propidlbase", "oleidl", "ocidl", "olectl", "dispex",
  "objsafe", "comcat",
}
local IDLS <const> = { "unknwn", "oaidl", "objidl", "servprov", "ocidl", "dispex", "objsafe", "comcat",
  "oleidl", "propidl" }

-- The place of this file: signatures.lua stands beside it.
local here <const> = arg[0]:match("^(.*)/") or "."
local signatures <const> = dofile(here .. "/signatures.lua")

local function read(path)
  local file = io.open(path, "rb")
  if not file then return nil end
  local text = file:read("a")
  file:close()
  return text
end

local interfaces = {} -- name -> { name, base, guid, methods = { { type, name, params, comment } } }
local ordered = {}    -- the same in order
local structs = {}    -- name -> text of the fields
local guids = {}      -- in order: { name, guid, type }

local function guid_fields(guid, where)
  local a, b, c, d, e = guid:match("^{(%x+)%-(%x+)%-(%x+)%-(%x+)%-(%x+)}$")
  assert(a and #a == 8 and #b == 4 and #c == 4 and #d == 4 and #e == 12, where .. ": malformed GUID " .. guid)
  local bytes = {}
  for pair in (d .. e):gmatch("%x%x") do bytes[#bytes + 1] = "0x" .. pair:lower() end
  return "0x" .. a:lower(), "0x" .. b:lower(), "0x" .. c:lower(), bytes
end

-- `HRESULT Name([out] T *a, U b)` -> { type, name, params = { { attributes, declaration, name } } }
local function parse_method(text, where)
  local call_as <const> = text:match("^%[call_as%((%w+)%)%]%s*")
  text = text:gsub("^%[call_as%b()%]%s*", "")
  local kind, name, list = text:match("^([%w_ %*]-)%s*([%w_]+)%s*(%b())$")
  assert(kind and kind ~= "", where .. ": not a method: " .. text)
  local method = { type = kind, name = name, params = {}, call_as = call_as }
  list = list:sub(2, -2)
  if list ~= "" and list ~= "void" then
    local depth, start = 0, 1
    local pieces = {}
    for position = 1, #list do
      local char = list:sub(position, position)
      if char == "(" or char == "[" then depth = depth + 1
      elseif char == ")" or char == "]" then depth = depth - 1
      elseif char == "," and depth == 0 then
        pieces[#pieces + 1] = list:sub(start, position - 1)
        start = position + 1
      end
    end
    pieces[#pieces + 1] = list:sub(start)
    for _, piece in ipairs(pieces) do
      piece = piece:gsub("^%s+", ""):gsub("%s+$", "")
      local attributes, declaration = piece:match("^(%b[])%s*(.+)$")
      declaration = declaration or piece
      local param = declaration:gsub("%s*%b[]$", ""):match("([%w_]+)$")
      assert(param, where .. ": parameter without a name: " .. piece)
      method.params[#method.params + 1] = { attributes = attributes, declaration = declaration, name = param }
    end
  end
  return method
end

local function parse_interface(head, lines, where)
  local name, base, guid, attributes = head:match("^(%w+)%s*:%s*(%w+)%s*(%b{})%s*(.*)$")
  if not name then
    name, guid, attributes = head:match("^(%w+)%s*(%b{})%s*(.*)$")
  end
  assert(name, where .. ": bad @interface line: " .. head)
  local interface = { name = name, base = base, guid = guid, attributes = attributes, methods = {} }
  local pending, comment = "", {}
  for _, line in ipairs(lines) do
    local text = line:gsub("^%s+", ""):gsub("%s+$", "")
    if pending == "" and (text:match("^/%*") or comment.open) then
      comment[#comment + 1] = text
      comment.open = not text:find("*/", 1, true)
    elseif text ~= "" then
      pending = pending == "" and text or pending .. " " .. text
      if pending:sub(-1) == ";" then
        local method = parse_method(pending:sub(1, -2), where .. " " .. name)
        local last <const> = interface.methods[#interface.methods]
        if method.call_as then
          assert(last and last.name == method.call_as, where .. ": call_as stands behind its method: " .. method.name)
          last.wire = method
        else
          method.comment = #comment > 0 and comment or nil
          interface.methods[#interface.methods + 1] = method
        end
        pending, comment = "", {}
      end
    end
  end
  assert(pending == "", where .. ": unfinished method in " .. name)
  assert(not interfaces[name], where .. ": interface " .. name .. " described twice")
  interfaces[name] = interface
  ordered[#ordered + 1] = interface
  guids[#guids + 1] = { name = "IID_" .. name, guid = guid, type = "IID" }
  return interface
end

local function all_methods(interface)
  local list = {}
  if interface.base then
    local base = assert(interfaces[interface.base], interface.name .. ": unknown base " .. interface.base)
    for _, method in ipairs(all_methods(base)) do list[#list + 1] = method end
  end
  for _, method in ipairs(interface.methods) do list[#list + 1] = method end
  return list
end

local WIDTH <const> = 118

-- Joins `pieces` with commas behind `head`, breaking lines after the open parenthesis of `head` if needed.
local function wrap(head, pieces, tail, indent)
  local line = head .. table.concat(pieces, ", ") .. tail
  if #line <= WIDTH then return line end
  local out, current = {}, head
  for i, piece in ipairs(pieces) do
    local item = piece .. (i < #pieces and "," or tail)
    if #current + #item + 1 > WIDTH and current ~= head then
      out[#out + 1] = (current:gsub("%s+$", ""))
      current = indent
    elseif #current + #item + 1 > WIDTH then
      out[#out + 1] = (current:gsub("%s+$", ""))
      current = indent
    end
    current = current .. item .. " "
  end
  out[#out + 1] = (current:gsub("%s+$", ""))
  return table.concat(out, "\n")
end

local function spaced(kind) -- "void *" + "name" without a second blank
  return kind:sub(-1) == "*" and kind or kind .. " "
end

local function interface_header(interface, emit)
  local name = interface.name
  local l, w1, w2, bytes = guid_fields(interface.guid, name)
  emit("OLEANDER_DATA(const IID, IID_" .. name .. ");")
  emit("typedef struct " .. name .. " " .. name .. ";")
  emit("#ifndef __" .. name .. "_INTERFACE_DEFINED__")
  emit("#define __" .. name .. "_INTERFACE_DEFINED__")
  emit("#if defined(__cplusplus) && !defined(CINTERFACE)")
  emit("MIDL_INTERFACE(\"" .. interface.guid:sub(2, -2) .. "\")")
  emit(name .. (interface.base and " : public " .. interface.base or "") .. " {")
  for _, method in ipairs(interface.methods) do
    for _, line in ipairs(method.comment or {}) do emit("    " .. line) end
    local pieces = {}
    for _, param in ipairs(method.params) do pieces[#pieces + 1] = param.declaration end
    emit(wrap("    virtual " .. spaced(method.type) .. "STDMETHODCALLTYPE " .. method.name .. "(", pieces, ") = 0;",
      "        "))
  end
  emit("};")
  emit("__CRT_UUID_DECL(" .. name .. ", " .. table.concat({ l, w1, w2, table.unpack(bytes) }, ", ") .. ")")
  emit("#else")
  emit("typedef struct " .. name .. "Vtbl {")
  local own = #all_methods(interface) - #interface.methods
  for index, method in ipairs(all_methods(interface)) do
    if index > own then
      for _, line in ipairs(method.comment or {}) do emit("    " .. line) end
    end
    local pieces = { name .. " *This" }
    for _, param in ipairs(method.params) do pieces[#pieces + 1] = param.declaration end
    emit(wrap("    " .. spaced(method.type) .. "(STDMETHODCALLTYPE *" .. method.name .. ")(", pieces, ");", "        "))
  end
  emit("} " .. name .. "Vtbl;")
  emit("struct " .. name .. " {")
  emit("    CONST_VTBL " .. name .. "Vtbl *lpVtbl;")
  emit("};")
  emit("#ifdef COBJMACROS")
  for _, method in ipairs(all_methods(interface)) do
    local names = {}
    for _, param in ipairs(method.params) do names[#names + 1] = param.name end
    local with_this = { "This", table.unpack(names) }
    local head = "#define " .. name .. "_" .. method.name .. "(" .. table.concat(with_this, ", ") .. ")"
    local body = "((This)->lpVtbl->" .. method.name .. "(" .. table.concat(with_this, ", ") .. "))"
    emit(#head + #body + 1 <= WIDTH and head .. " " .. body or head .. " \\\n    " .. body)
  end
  emit("#endif")
  emit("#endif")
  emit("#endif")
end

local function idl_interface(interface, emit)
  emit("[object, local, uuid(" .. interface.guid:sub(2, -2) .. "), pointer_default(unique)]")
  emit("interface " .. interface.name .. (interface.base and " : " .. interface.base or "") .. " {")
  for _, method in ipairs(interface.methods) do
    local pieces = {}
    for _, param in ipairs(method.params) do
      local attributes <const> = (param.attributes or "[in]"):gsub("^(%[out), unique", "%1") -- only our table says it
      pieces[#pieces + 1] = attributes .. " " .. param.declaration
    end
    emit(wrap("    " .. spaced(method.type) .. method.name .. "(", pieces, ");", "        "))
  end
  emit("}")
end

local outputs = {} -- { path, text }

local function expand(source, path)
  local text = assert(read(source), "cannot read " .. source)
  for fields, name in text:gmatch("typedef struct [%w_]* ?(%b{}) ([%w_]+)") do structs[name] = fields:sub(2, -2) end
  local out = {}
  local function emit(line) out[#out + 1] = line end
  local block, head
  local number = 0
  for line in (text:gsub("\n$", "") .. "\n"):gmatch("(.-)\n") do
    number = number + 1
    local where = source .. ":" .. number
    local word, rest = line:match("^@(%w+)%s*(.-)%s*$")
    if block then
      if word == "end" then
        interface_header(parse_interface(head, block, where), emit)
        block = nil
      else
        block[#block + 1] = line
      end
    elseif word == "interface" then
      block, head = {}, rest
    elseif word == "guid" then
      local name, guid, kind = rest:match("^([%w_]+)%s+(%b{})%s*(%w*)$")
      assert(name, where .. ": bad @guid line")
      guid_fields(guid, where)
      if kind == "" then kind = name:match("^([A-Z]+)_") end
      if kind ~= "IID" and kind ~= "CLSID" then kind = "GUID" end
      guids[#guids + 1] = { name = name, guid = guid, type = kind }
      emit("OLEANDER_DATA(const " .. kind .. ", " .. name .. ");")
    elseif word == "forward" then
      for name in rest:gmatch("%S+") do emit("typedef struct " .. name .. " " .. name .. ";") end
    elseif word == "idl" then
      for name in rest:gmatch("%S+") do
        idl_interface(assert(interfaces[name], where .. ": no description of " .. name), emit)
        emit("")
      end
      out[#out] = nil
    elseif word then
      error(where .. ": unknown directive @" .. word)
    else
      emit(line)
    end
  end
  assert(not block, source .. ": @interface without @end")
  outputs[#outputs + 1] = { path = path, text = table.concat(out, "\n") .. "\n" }
end

local function guids_source(headers)
  local out = {
    "/* Every GUID that the headers declare, defined once. Made by interfaces/generate.lua; do not edit. */",
    "/* clang-format off */",
    "",
  }
  for _, name in ipairs(headers) do out[#out + 1] = "#include <" .. name .. ".h>" end
  out[#out + 1] = ""
  out[#out + 1] = "const GUID GUID_NULL = {0, 0, 0, {0, 0, 0, 0, 0, 0, 0, 0}};"
  for _, entry in ipairs(guids) do
    local l, w1, w2, bytes = guid_fields(entry.guid, entry.name)
    out[#out + 1] = ("const %s %s = {%s, %s, %s, {%s}};"):format(entry.type, entry.name, l, w1, w2,
      table.concat(bytes, ", "))
  end
  return table.concat(out, "\n") .. "\n"
end

local done = {}
for _, name in ipairs(HEADERS) do
  local source = root .. "/interfaces/" .. name .. ".h.in"
  if read(source) then
    expand(source, "include/oleander/" .. name .. ".h")
    done[#done + 1] = name
  end
end
for _, name in ipairs(IDLS) do
  local source = root .. "/interfaces/" .. name .. ".idl.in"
  if read(source) then expand(source, "include/oleander/" .. name .. ".idl") end
end
outputs[#outputs + 1] = { path = "com/guids.c", text = guids_source(done) }
outputs[#outputs + 1] = {
  path = "dispatch/types/standard_interfaces.c", text = signatures.source(done, ordered, interfaces, structs),
}

local stale = 0
for _, output in ipairs(outputs) do
  local path = root .. "/" .. output.path
  if read(path) ~= output.text then
    if check then
      io.stderr:write(output.path, " is not what interfaces/generate.lua makes\n")
      stale = stale + 1
    else
      local file = assert(io.open(path, "wb"))
      file:write(output.text)
      assert(file:close())
    end
  end
end
os.exit(stale == 0)
