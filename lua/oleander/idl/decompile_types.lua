---Types, names and values of libraries as IDL that compiles back to them.
local core <const> = require "oleander.core"
local description <const> = require "oleander.idl.description"
local libraries <const> = require "oleander.idl.libraries"
local words <const> = require "oleander.idl.words"

local idltypes <const> = {}

idltypes.SIGNATURE_GUID, idltypes.ABI_GUID = description.SIGNATURE_GUID, description.ABI_GUID

local VT_PTR <const>, VT_SAFEARRAY <const>, VT_CARRAY <const>, VT_USERDEFINED <const> = 26, 27, 28, 29

local TKIND_ALIAS <const> = 6

local base_names <const> = {
  [2] = "short", [3] = "long", [4] = "float", [5] = "double", [6] = "CURRENCY", [7] = "DATE", [8] = "BSTR",
  [9] = "IDispatch *", [10] = "SCODE", [11] = "VARIANT_BOOL", [12] = "VARIANT", [13] = "IUnknown *", [14] = "DECIMAL",
  [16] = "char", [17] = "unsigned char", [18] = "unsigned short", [19] = "unsigned long", [20] = "hyper",
  [21] = "unsigned hyper", [22] = "int", [23] = "unsigned int", [24] = "void", [25] = "HRESULT", [30] = "LPSTR",
  [31] = "LPWSTR",
}

local escapes <const> = { ['"'] = '\\"', ["\\"] = "\\\\", ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t" }

---@param text string
---@return string
function idltypes.quote(text)
  return '"' .. text:gsub('[%c"\\]', function(char) return escapes[char] or ("\\%03o"):format(char:byte()) end) .. '"'
end

local reserved <const> = {
  interface = true, dispinterface = true, coclass = true, module = true, library = true, typedef = true, struct = true,
  union = true, enum = true, const = true, SAFEARRAY = true, properties = true, methods = true, importlib = true,
  import = true, cpp_quote = true, midl_pragma = true, switch = true, case = true, default = true, sizeof = true,
  namespace = true, runtimeclass = true, apicontract = true, delegate = true, declare = true,
}

---A name; one that is no name in IDL stands in quotes.
---@param name string
---@return string
function idltypes.name(name)
  if name:find "^[%a_\x80-\xFF][%w_$\x80-\xFF]*$" and not reserved[name] and not words.type_words[name]
    and words.conventions[name] == nil then
    return name
  end
  return idltypes.quote(name)
end

--- What is known of a library that is absent: its types with the names that they get here.
local function absent_library(self, said)
  local key <const> = ("%s %d.%d %d %s"):format(said.library, said.major, said.minor, said.lcid, said.file or "")
  local library = self.absent[key]
  if not library then
    library = { library = said.library, file = said.file or "", major = said.major, minor = said.minor,
      lcid = said.lcid, types = {}, known = {} }
    local stem <const> = library.file:gsub("[\\/]%d+$", ""):match "([^\\/]-)%.?[^.\\/]*$":gsub("[^%w_]", "_")
    library.stem = (stem == "" or stem:find "^%d") and "absent" .. stem or stem
    self.absent[key] = library
    self.absent_list[#self.absent_list + 1] = library
  end
  return library
end

--- A type of a library that is absent has a name of ours.
---@param base? {slots: integer} it is the base of an interface
local function absent_type(self, said, base)
  local library <const> = absent_library(self, said)
  local key <const> = said.guid or said.index
  local item = library.known[key]
  if not item then
    repeat
      self.absent_count = (self.absent_count or 0) + 1
      item = { guid = said.guid, index = said.index, kind = said.kind or 3,
        name = ("%s_%d"):format(library.stem, self.absent_count) }
    until not self.own_names[item.name:lower()]
    library.known[key] = item
    library.types[#library.types + 1] = item
  end
  if base and not item.bases then item.slots, item.bases = base.slots, math.max(said.bases, 1) end
  return item.name
end

---The name of a type; the library that it is in is imported.
---@return string
function idltypes.type_name(self, info)
  local text <const> = info:documentation()
  local library <const>, index <const> = info:library()
  local guid <const> = library and library:attributes().guid
  if guid and guid ~= self.guid then
    if not libraries.is_builtin(guid) and not self.imports[guid] then
      self.imports[guid] = library
      self.import_list[#self.import_list + 1] = guid
    end
    return idltypes.name(text.name)
  end
  self.named[text.name] = true
  if self.repeated[text.name] and info:attributes().kind == TKIND_ALIAS then return ("VT_TYPE(%d)"):format(index) end
  return idltypes.name(text.name)
end

---The name of a type that a reference names; one of a library that is absent gets one.
---@param base? {slots: integer} the reference leads to the base of an interface
---@return string
function idltypes.reference(self, info, href, base)
  local other <const>, status <const> = info:reference(href)
  local text <const> = other and other:documentation()
  if not text or not text.name then
    local said <const> = not other and info:imported(href)
    if said then return absent_type(self, said, base) end
    self.problems[#self.problems + 1] = ("a type can't be found (%s)"):format(core.status(status) or status)
    return "missing_type"
  end
  return idltypes.type_name(self, other)
end

--- A pointer to IUnknown or IDispatch as a named type, which is not the same as VT_UNKNOWN and VT_DISPATCH.
local named_roots <const> = { IUnknown = true, IDispatch = true }

---A declaration: the type around a name.
---@param name string may be empty
---@return string
function idltypes.declaration(self, info, desc, name)
  local vt <const> = desc.vt
  if vt == VT_PTR then
    local target <const> = desc.to or { vt = 24 }
    if target.vt == VT_USERDEFINED then
      local of <const> = idltypes.reference(self, info, target.href)
      if named_roots[of] then return "VT_PTR(" .. of .. ") " .. name end
    elseif target.vt == VT_CARRAY then
      return idltypes.declaration(self, info, target, "(*" .. name .. ")")
    end
    return idltypes.declaration(self, info, target, "*" .. name)
  elseif vt == VT_SAFEARRAY then
    return "SAFEARRAY(" .. idltypes.declaration(self, info, desc.to or { vt = 12 }, "") .. ")"
      .. (name ~= "" and " " .. name or "")
  elseif vt == VT_CARRAY then
    local bounds <const> = {}
    for i, bound in ipairs(desc.bounds or {}) do
      bounds[i] = bound.lower == 0 and ("[%d]"):format(bound.count)
        or ("[%d ... %d]"):format(bound.lower, bound.lower + bound.count - 1)
    end
    return idltypes.declaration(self, info, desc.of or { vt = 24 }, name .. table.concat(bounds))
  end
  local text <const> = vt == VT_USERDEFINED and idltypes.reference(self, info, desc.href) or base_names[vt]
    or ("VT_%d"):format(vt)
  if name == "" then return text end
  return text .. (text:sub(-1) == "*" and "" or " ") .. name
end

---A constant or default as IDL writes it.
---@param constant {vt: integer, value: any}
---@return string
function idltypes.value(constant)
  local value <const> = constant.value
  if type(value) == "string" and constant.vt == 8 then return idltypes.quote(value) end
  if type(value) == "boolean" then return constant.raw and ("%d"):format(constant.raw) or value and "-1" or "0" end
  if math.type(value) == "float" then
    if value ~= value or value == math.huge or value == -math.huge then return "0.0" end
    local text = ("%.15g"):format(value)
    if tonumber(text) ~= value then text = ("%.17g"):format(value) end
    return text:find "[.eE]" and text or text .. ".0"
  end
  if value == nil then return "0" end
  if constant.vt == 7 then return ("%.17g"):format(require "oleander".tonumber(value)) end
  if math.type(value) == "integer" then return ("%d"):format(value) end
  local text <const> = tostring(value)
  return text:find "^%-?%d[%d.]*$" and text or idltypes.quote(text)
end

---The value of custom data, with its type where the literal does not say it.
function idltypes.custom(item)
  if item.vt == 3 or item.vt == 8 or item.vt == 5 then return idltypes.value(item) end
  return idltypes.value(item) .. (", vartype(%d)"):format(item.vt)
end

---The VARTYPE in which the compiler would store a value of this type.
function idltypes.default_vt(self, info, desc)
  local vt = desc.vt
  while vt == VT_PTR do
    desc = desc.to or { vt = 24 }
    vt = desc.vt
    if vt == VT_USERDEFINED then return 13 end
  end
  if vt == VT_USERDEFINED then
    local other <const> = info:reference(desc.href)
    local given <const> = other and other:attributes()
    if given and given.kind == 0 then return 3 end
    if given and given.kind == 6 and given.alias then return idltypes.default_vt(self, other, given.alias) end
    return nil
  end
  if vt == 30 or vt == 31 then return 8 end
  if vt == 25 then return 3 end
  return vt
end

--- Offsets of fields, size and alignment, as the compiler lays a record out.
---@param packing? integer nil: as the fields want it
local function layout(info, fields, is_union, pointer, packing)
  local offset, size, alignment = 0, 0, 1
  local offsets <const> = {}
  for i, field in ipairs(fields) do
    local field_size <const>, natural <const> = libraries.desc_layout(info, field.type, pointer, 0)
    local align <const> = math.max(1, math.min(natural, packing or 8))
    offset = is_union and 0 or (offset + align - 1) // align * align
    offsets[i] = offset
    offset = offset + field_size
    size, alignment = math.max(size, offset), math.max(alignment, align)
  end
  alignment = packing or alignment
  return offsets, (size + alignment - 1) // alignment * alignment, alignment
end

---The packing that a record needs to be laid out as it is; nil when that is the natural way.
---@return integer?
function idltypes.packing(self, info, attributes)
  local fields <const> = {}
  for i = 0, attributes.variables - 1 do
    local field <const> = info:variable(i)
    if not field or not field.offset then return nil end
    fields[#fields + 1] = field
  end
  local best, best_score = nil, 0
  for _, packing in ipairs { false, 8, 4, 2, 1, 16 } do
    local offsets <const>, size <const>, alignment <const> = layout(info, fields, attributes.kind == 7,
      self.wide and 8 or 4, packing or nil)
    local score = (size == attributes.size and 4 or 0) + (alignment == attributes.alignment and 1 or 0) + 2
    for i, field in ipairs(fields) do
      if offsets[i] ~= field.offset then
        score = score - 2
        break
      end
    end
    if score > best_score then best, best_score = packing, score end
  end
  return best or nil
end

--- Whether readers on a 64-bit system compute its size and alignment anew: it is a pointer, or stands for one.
local function is_pointer_like(info, desc, depth)
  local vt <const> = desc.vt
  if vt ~= VT_USERDEFINED then
    return vt == VT_PTR or vt == VT_SAFEARRAY or vt == 8 or vt == 9 or vt == 13 or vt == 30 or vt == 31
  end
  local other <const> = info:reference(desc.href)
  local given <const> = other and other:attributes()
  if not given or depth > 16 then return false end
  if given.kind == 6 then return is_pointer_like(other, given.alias or { vt = 24 }, depth + 1) end
  return given.kind == 3 or given.kind == 4 or given.kind == 5
end

---The alignment that a typedef claims against what it stands for; nil: it does not.
---@return integer?
function idltypes.own_alignment(self, info, attributes)
  local desc <const> = attributes.alias
  if not desc or desc.vt == 24 or is_pointer_like(info, desc, 0) then return nil end
  local _, natural <const> = libraries.desc_layout(info, desc, self.wide and 8 or 4, 0)
  return natural ~= attributes.alignment and attributes.alignment or nil
end

---Where the functions of an interface begin, as offsets are counted.
function idltypes.slot_size(self, base, size)
  if not base then return 0 end
  local library <const> = base:library()
  local wide <const> = not library or library:attributes().syskind == 3
  local _ <const> = self
  return wide and size or size * 2
end

return idltypes
