-- The table of standard interfaces: each method as a line of text in the grammar of signature_from_text.c. What a type
-- of C is there is told by its name; a type that the grammar has no word for becomes `void`, which can be called but
-- does not travel.

local signatures <const> = {}

-- Words of the grammar, for types of the same layout.
local WORDS <const> = {}
for word, names in pairs {
  void = "void PVOID",
  i1 = "CHAR", ui1 = "BYTE UCHAR byte", i2 = "SHORT", ui2 = "USHORT WORD CLIPFORMAT VARTYPE OLECHAR WCHAR",
  i4 = "LONG BOOL INT int DISPID MEMBERID INVOKEKIND TYPEKIND DESCKIND CHANGEKIND APTTYPE THDTYPE " ..
    "RPCOPT_PROPERTIES GLOBALOPT_PROPERTIES OLE_XPOS_HIMETRIC OLE_YPOS_HIMETRIC OLE_XSIZE_HIMETRIC OLE_YSIZE_HIMETRIC",
  ui4 = "ULONG DWORD UINT LCID HREFTYPE CPFLAGS PROPID OLE_HANDLE OLE_COLOR",
  i8 = "LARGE_INTEGER", ui8 = "ULARGE_INTEGER", r4 = "FLOAT", r8 = "DOUBLE",
  int_ptr = "LONG_PTR",
  uint_ptr = "ULONG_PTR DWORD_PTR UINT_PTR SIZE_T HANDLE HWND HDC HFONT HMENU HTASK HACCEL HOLEMENU HGLOBAL " ..
    "HPALETTE HBITMAP PFNCONTEXTCALL PFNDRAWCONTINUE",
  bstr = "BSTR", variant = "VARIANT VARIANTARG", bool = "VARIANT_BOOL", cy = "CY", date = "DATE",
  hresult = "HRESULT", error = "SCODE", filetime = "FILETIME", guid = "GUID IID CLSID CATID FMTID",
  lpwstr = "LPOLESTR LPWSTR LPCOLESTR LPCWSTR",
} do
  for name in names:gmatch("%S+") do WORDS[name] = word end
end

-- Names for pointers: what they point to.
local POINTERS <const> = {
  REFIID = "GUID", REFGUID = "GUID", REFCLSID = "GUID", REFFMTID = "GUID", REFCATID = "GUID",
  LPCONNECTIONPOINT = "IConnectionPoint", LPSTREAM = "IStream", LPRECT = "RECT", LPCRECT = "RECT", LPCRECTL = "RECTL",
  LPMSG = "void", SNB = "void", LPOLEINPLACEFRAMEINFO = "void", LPCBORDERWIDTHS = "RECT", LPBORDERWIDTHS = "RECT",
  LPOLEMENUGROUPWIDTHS = "void",
}

-- Records that the hand-written headers declare.
local RECORDS <const> = {
  POINT = "i4 x, i4 y", POINTL = "i4 x, i4 y", SIZE = "i4 cx, i4 cy", SIZEL = "i4 cx, i4 cy",
  RECT = "i4 left, i4 top, i4 right, i4 bottom", RECTL = "i4 left, i4 top, i4 right, i4 bottom",
  CAUUID = "ui4 cElems, [size_is(cElems)] guid* pElems",
  CADWORD = "ui4 cElems, [size_is(cElems)] ui4* pElems",
  CALPOLESTR = "ui4 cElems, [size_is(cElems)] lpwstr* pElems",
  CUSTDATA = "ui4 cCustData, [size_is(cCustData)] CUSTDATAITEM* prgCustData",
}

-- The word for a type name; nil when there is none. Notes what it uses.
local word_of
function word_of(name, context)
  if WORDS[name] then return WORDS[name] end
  if context.interfaces[name] then return name end
  if context.records[name] == nil then
    context.records[name] = RECORDS[name] or context.record(name) or false
    for part in (RECORDS[name] or ""):gmatch "%f[%w]%u[%w_]+" do word_of(part, context) end
  end
  return context.records[name] and name or nil
end

-- The fields of a record in the grammar; nil for one with unions, bare pointers, types without a word, or an array
-- without end: nobody could tell what they point to and who owns it.
function signatures.fields(text, context)
  local fields <const> = {}
  for declaration in text:gsub("/%*.-%*/", ""):gmatch("([^;]+);") do
    local kind, stars, name, count = declaration:match("^%s*([%w_]+)%s*(%**)([%w_]+)%[?([%w_]*)%]?%s*$")
    if not kind then return nil end
    if kind == "OLECHAR" and stars == "*" then kind, stars = "LPOLESTR", "" end
    local word <const> = word_of(kind, context)
    if not word or word == "void" then return nil end
    if stars ~= (context.interfaces[kind] and "*" or "") then return nil end
    if count == "1" then return nil end -- and as many more as it says
    count = count == "CATDESC_MAX" and "128" or count
    fields[#fields + 1] = ("%s%s %s%s"):format(word, stars, name, count ~= "" and "[" .. count .. "]" or "")
  end
  return #fields > 0 and table.concat(fields, ", ") or nil
end

-- "const IID *rgiid" -> word, stars. What has no word is `void`, behind a pointer at least.
local function type_text(declaration, context)
  local kind, stars = declaration:gsub("^const%s+", ""):match("^([%w_]+)%s*([%*%s]*)")
  stars = stars:gsub("%s", "")
  local target = POINTERS[kind]
  if target then kind, stars = target, stars .. "*" end
  if kind == "PVOID" or kind == "LPVOID" then kind, stars = "void", stars .. "*" end
  if kind == "OLECHAR" and stars ~= "" then kind, stars = "LPOLESTR", stars:sub(2) end
  local word <const> = word_of(kind, context)
  if word then return word, stars end
  return "void", stars == "" and "*" or stars
end

local function has(attributes, word)
  return attributes:find("[%[,%s]" .. word .. "[%],%(]") ~= nil
end

local function parameter_text(param, method, context)
  local attributes = (param.attributes or "[in]"):gsub("%(%*", "(")
  local word, stars = type_text(param.declaration, context)
  local buffer <const> = has(attributes, "size_is")
  if word == "lpwstr" and stars == "" and has(attributes, "string") then word, stars = "ui2", "*" end -- in place
  if word == "void" and stars == "*" and buffer then word = "ui1" end
  if word == "void" and stars == "**" and has(attributes, "out") then
    local iids <const> = {}
    for _, other in ipairs(method.params) do
      if other.declaration:match "^REFIID" then iids[#iids + 1] = other.name end
    end
    if not has(attributes, "iid_is") and #iids == 1 and param.declaration:match "^P?[Vv][Oo][Ii][Dd]" then
      attributes = attributes:sub(1, -2) .. ", iid_is(" .. iids[1] .. ")]"
    end
    if has(attributes, "iid_is") then word = "IUnknown" end
  end
  return ("%s %s%s %s"):format(attributes:gsub(",%s+", ","), word, stars, param.name)
end

local function method_text(method, context)
  local result, stars = type_text(method.type, context)
  if result == "void" and stars == "*" and method.type == "void" then stars = "" end
  local parameters <const> = {}
  for i, param in ipairs(method.params) do parameters[i] = parameter_text(param, method, context) end
  local head <const> = result == "hresult" and stars == "" and "" or result .. stars .. " "
  return head .. method.name .. "(" .. table.concat(parameters, ", ") .. ")"
end

-- A string of C, in lines.
local function quoted(text, indent)
  local lines, line <const> = {}, {}
  local length = 0
  for piece in text:gmatch("%S+%s*") do
    if length > 0 and length + #piece > 100 then
      lines[#lines + 1] = '"' .. table.concat(line) .. '"'
      while #line > 0 do line[#line] = nil end
      length = 0
    end
    line[#line + 1] = piece
    length = length + #piece
  end
  lines[#lines + 1] = '"' .. table.concat(line) .. '"'
  return table.concat(lines, "\n" .. indent)
end

---The text of dispatch/types/standard_interfaces.c.
---@param headers string[] names of the headers that declare the IIDs
---@param ordered table[] the interfaces, as generate.lua reads them
---@param interfaces table<string, table> the same by name
---@param structs table<string, string> fields of the records that the headers declare
---@return string
function signatures.source(headers, ordered, interfaces, structs)
  local context <const> = { interfaces = interfaces, records = {} }
  function context.record(name)
    context.records[name] = false -- one that holds itself has no text
    return structs[name] and signatures.fields(structs[name], context)
  end
  local out <const> = {
    "/* The standard interfaces: their methods as lines of text. Made by interfaces/generate.lua; do not edit. */",
    "/* clang-format off */",
    '#include "dispatch/types/standard_interfaces.h"', "",
  }
  local function emit(...) out[#out + 1] = string.format(...) end
  for _, name in ipairs(headers) do emit("#include <%s.h>", name) end
  emit ""
  local rows <const>, used <const> = {}, {}
  for _, interface in ipairs(ordered) do
    local slots, base = #interface.methods, interface.base
    while base do
      slots = slots + #interfaces[base].methods
      base = interfaces[base].base
    end
    if #interface.methods > 0 then
      emit("static const StandardMethod %s_methods[] = {", interface.name)
      for _, method in ipairs(interface.methods) do
        emit("  { %s,\n    %s },", quoted(method_text(method, context), "    "),
          method.wire and quoted(method_text(method.wire, context), "    ") or "NULL")
      end
      emit "};"
    end
    rows[#rows + 1] = ('  { "%s", &IID_%s, %s, %s, %d, %d },'):format(interface.name, interface.name,
      interface.base and '"' .. interface.base .. '"' or "NULL",
      #interface.methods > 0 and interface.name .. "_methods" or "NULL", slots - #interface.methods, #interface.methods)
    used[#used + 1] = ('  { "%s", &IID_%s },'):format(interface.name, interface.name)
  end
  emit "\nconst StandardInterface standard_interfaces[] = {"
  table.move(rows, 1, #rows, #out + 1, out)
  emit "};\nconst unsigned standard_interface_count = sizeof standard_interfaces / sizeof standard_interfaces[0];"
  emit "\nstatic const InterfaceName names[] = {"
  for _, row in ipairs(used) do
    if not row:find('"IUnknown"', 1, true) and not row:find('"IDispatch"', 1, true) then out[#out + 1] = row end
  end
  emit "  { NULL, NULL },\n};\n\nstatic const RecordText records[] = {"
  local records <const> = {}
  for name, fields in pairs(context.records) do
    if fields then records[#records + 1] = name end
  end
  table.sort(records)
  for _, name in ipairs(records) do emit("  { \"%s\",\n    %s },", name, quoted(context.records[name], "    ")) end
  emit "  { NULL, NULL },\n};\n\nconst SignatureNames standard_names = { names, records };"
  return table.concat(out, "\n") .. "\n"
end

return signatures
