---Type descriptions as IDL text: names of types, attributes, literals. Works on the facts that the bridge gives.
local typetext <const> = {}

---VARTYPE to the name that IDL has for it.
local base_names <const> = {
  [0] = "void", [1] = "null", [2] = "short", [3] = "long", [4] = "float", [5] = "double", [6] = "CURRENCY",
  [7] = "DATE", [8] = "BSTR", [9] = "IDispatch*", [10] = "SCODE", [11] = "VARIANT_BOOL", [12] = "VARIANT",
  [13] = "IUnknown*",
  [14] = "DECIMAL", [16] = "char", [17] = "unsigned char", [18] = "unsigned short", [19] = "unsigned long",
  [20] = "int64", [21] = "uint64", [22] = "int", [23] = "unsigned int", [24] = "void", [25] = "HRESULT",
  [30] = "LPSTR", [31] = "LPWSTR", [36] = "record", [37] = "INT_PTR", [38] = "UINT_PTR", [64] = "FILETIME",
  [72] = "GUID",
}
local VT_PTR <const>, VT_SAFEARRAY <const>, VT_CARRAY <const>, VT_USERDEFINED <const> = 26, 27, 28, 29

---The name of a plain VARTYPE: "long", "BSTR".
---@param vt integer
---@return string
function typetext.base_name(vt)
  return base_names[vt & 0xFFF] or ("VT_%d"):format(vt)
end

---A type as IDL writes it, and what follows the declared name (the bounds of a fixed array).
---@param desc table as the bridge gives it
---@param name_of fun(href: integer): string the name of a referred type
---@return string type, string suffix
function typetext.type(desc, name_of)
  local vt <const> = desc.vt
  if vt == VT_PTR then
    local inner <const>, suffix <const> = typetext.type(desc.to or { vt = 24 }, name_of)
    return inner .. "*", suffix
  elseif vt == VT_SAFEARRAY then
    return "SAFEARRAY(" .. typetext.type(desc.to or { vt = 12 }, name_of) .. ")", ""
  elseif vt == VT_CARRAY then
    local inner <const>, suffix <const> = typetext.type(desc.of or { vt = 24 }, name_of)
    local bounds <const> = {}
    for i, bound in ipairs(desc.bounds or {}) do bounds[i] = ("[%d]"):format(bound.count) end
    return inner, table.concat(bounds) .. suffix
  elseif vt == VT_USERDEFINED then
    return name_of(desc.href), ""
  end
  return typetext.base_name(vt), ""
end

local escapes <const> = { ['"'] = '\\"', ["\\"] = "\\\\", ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t" }

---A text as an IDL string literal.
---@param text string
---@return string
function typetext.quote(text)
  return '"' .. text:gsub('["\\\n\r\t]', escapes) .. '"'
end

---A constant or default value as IDL writes it.
---@param constant {vt: integer, value: any}
---@return string
function typetext.literal(constant)
  local value <const> = constant.value
  if type(value) == "string" then
    return constant.vt == 8 and typetext.quote(value) or value
  elseif type(value) == "boolean" then
    return value and "TRUE" or "FALSE"
  elseif math.type(value) == "float" then
    local text <const> = ("%.15g"):format(value)
    return tonumber(text) == value and text or ("%.17g"):format(value)
  elseif constant.vt == 21 then
    return ("%u"):format(value)
  end
  return value == nil and "0" or tostring(value)
end

---Names of the bits of a flag word, in IDL's spelling, lowest first.
---@param flags integer
---@param names table<integer, string>
---@return string[]
function typetext.flags(flags, names)
  local result <const> = {}
  for bit = 0, 31 do
    local name <const> = flags & 1 << bit ~= 0 and names[1 << bit]
    if name then result[#result + 1] = name end
  end
  return result
end

typetext.type_flags = {
  [0x1] = "appobject", [0x4] = "licensed", [0x10] = "hidden", [0x20] = "control", [0x40] = "dual",
  [0x80] = "nonextensible", [0x100] = "oleautomation", [0x200] = "restricted", [0x400] = "aggregatable",
  [0x800] = "replaceable", [0x1000] = "dispatchable", [0x2000] = "reversebind", [0x4000] = "proxy",
}
typetext.function_flags = {
  [0x1] = "restricted", [0x2] = "source", [0x4] = "bindable", [0x8] = "requestedit", [0x10] = "displaybind",
  [0x20] = "defaultbind", [0x40] = "hidden", [0x80] = "usesgetlasterror", [0x100] = "defaultcollelem",
  [0x200] = "uidefault", [0x400] = "nonbrowsable", [0x800] = "replaceable", [0x1000] = "immediatebind",
}
typetext.variable_flags = {
  [0x1] = "readonly", [0x2] = "source", [0x4] = "bindable", [0x8] = "requestedit", [0x10] = "displaybind",
  [0x20] = "defaultbind", [0x40] = "hidden", [0x80] = "restricted", [0x100] = "defaultcollelem", [0x200] = "uidefault",
  [0x400] = "nonbrowsable", [0x800] = "replaceable", [0x1000] = "immediatebind",
}
typetext.library_flags = { [0x1] = "restricted", [0x2] = "control", [0x4] = "hidden", [0x8] = "hasdiskimage" }
typetext.implemented_flags = { [0x1] = "default", [0x2] = "source", [0x4] = "restricted", [0x8] = "defaultvtable" }

typetext.parameter_flags = { [0x1] = "in", [0x2] = "out", [0x4] = "lcid", [0x8] = "retval", [0x10] = "optional" }

return typetext
