--- Values as a recording has them, { t = type, v = value }, and back. Objects are numbers; who records or plays back
--- knows which.
local base64 <const> = require "oleander.recording.base64"
local core <const> = require "oleander.core"
local errors <const> = require "oleander.errors"
local kinds <const> = require "oleander.recording.kinds"
local lines <const> = require "oleander.recording.lines"
local typelib <const> = require "oleander.typelib"

core.own_source(debug.getinfo(1, "S").source)

local values <const> = {}

local E_FAIL <const> = 0x80004005
local DEPTH_LIMIT <const> = 64
local null <const> = lines.null

local function wire(type_name, value) return core.wire(type_name, value) end

--- Integers that JSON readers elsewhere could spoil are text.
local long <const> = { i8 = true, ui8 = true, int_ptr = true, uint_ptr = true }
local unsigned <const> = { ui8 = true, uint_ptr = true }
local integers <const> = { i1 = true, ui1 = true, i2 = true, ui2 = true, i4 = true, ui4 = true, int = true,
  uint = true, error = true, hresult = true, i8 = true, ui8 = true, int_ptr = true, uint_ptr = true }
local floats <const> = { r4 = true, r8 = true }
local texts <const> = { bstr = true, lpstr = true, lpwstr = true, clsid = true }

local function long_text(t, value)
  if not unsigned[t] or value >= 0 then return ("%d"):format(value) end
  local tens <const> = (value >> 1) // 5
  return ("%d%d"):format(tens, value - tens * 10)
end

local function long_value(t, text)
  if not (text:find "^%-?%d+$" and #text <= 20) then return nil end
  if not unsigned[t] then return math.tointeger(tonumber(text)) end
  local value, limit = 0, "18446744073709551615"
  if text:sub(1, 1) == "-" or #text == 20 and text > limit then return nil end
  for digit in text:gmatch "%d" do value = value * 10 + tonumber(digit) end
  return value
end

local function is_text(value)
  return utf8.len(value) ~= nil
end

local function text_item(t, value)
  if is_text(value) then return { t = t, v = value } end
  return { t = t, v = base64.encode(value), base64 = true }
end

local function number_item(t, value)
  if long[t] then return { t = t, v = long_text(t, value) } end
  return { t = t, v = value }
end

-- encoding

local encode

--- The kind of the elements of an array, which the array itself knows.
local function array_item(value, kind, context, depth)
  local of <const> = value:type()
  local bounds <const>, list <const> = lines.list(table.pack(value:bounds())), lines.list()
  bounds.n = nil
  local item <const> = { t = "array", of = of, bounds = bounds }
  if of == "ui1" and #bounds == 2 then
    item.v, item.base64 = base64.encode(core.bytes(value)), true
    return item
  end
  local element <const> = (of == "record" or of == "dispatch" or of == "unknown") and kind.element or { t = of,
    is_object = of == "dispatch" or of == "unknown" or nil }
  local plain <const> = integers[of] or floats[of] or of == "bool" or of == "date" or of == "cy" or of == "decimal"
  for i = 1, #value do
    local encoded <const> = encode(value[i], element, context, depth + 1)
    list[i] = plain and encoded.v or encoded
  end
  item.v = list
  return item
end

local function record_item(value, context, depth)
  local info <const> = core.record_type(value)
  local kind <const> = info and typelib.from_info(info)
  local fields <const> = setmetatable({}, { __jsontype = "object" })
  local types <const> = {}
  for _, field in ipairs(kind and kind.variables or {}) do
    types[field.name] = kinds.signature(field).gives[1]
  end
  for name, field in pairs(value) do
    fields[name] = encode(field, types[name] or kinds.VARIANT, context, depth + 1)
  end
  return { t = "record", type = kind and kind.name, guid = kind and kind.guid, v = fields,
    library = kind and context.library and context.library(kind) or nil }
end

local function table_item(value, kind, context, depth)
  if kind.t == "list" or not (kind.is_object or kind.t == "variant") then
    local list <const> = lines.list()
    for i, element in ipairs(value) do list[i] = encode(element, kind.element or kinds.VARIANT, context, depth + 1) end
    return { t = "list", v = list }
  end
  return context.object(value, kind)
end

local boxed <const> = {
  null = function() return { t = "null" } end,
  ["com.empty"] = function() return { t = "empty" } end,
  ["com.missing"] = function() return { t = "missing" } end,
  ["com.nothing"] = function() return { t = "dispatch", v = null } end,
  ["a currency value"] = function(value) return { t = "cy", v = tostring(value) } end,
  ["a decimal value"] = function(value) return { t = "decimal", v = core.decimal_digits(value) } end,
  ["a date"] = function(value) return { t = "date", v = core.tonumber(value) + 0.0, text = tostring(value) } end,
  ["an error value"] = function(value) return { t = "error", v = value.value } end,
  ["an array"] = array_item,
  ["a record"] = function(value, _, context, depth) return record_item(value, context, depth) end,
}

boxed["a wire value"] = function(value, kind, context, depth)
  local t <const> = value.type:lower()
  local inner <const> = value.value
  local item <const> = inner == nil and { t = t == "variant" and "empty" or t, v = null }
    or encode(inner, { t = t, is_object = t == "dispatch" or t == "unknown" or nil, info = kind.info }, context,
      depth + 1)
  return value.reference and { t = "byref", v = item } or item
end

---@param value any
---@param kind oleander.recording.Kind? as what it is declared
---@param context table object(value, kind) gives the item of an object
---@return table item
encode = function(value, kind, context, depth)
  kind, depth = kind or kinds.VARIANT, depth or 0
  if depth > DEPTH_LIMIT then return { t = "deep" } end
  local variant <const> = kind.t == "variant"
  if value == nil then
    if variant then return { t = depth == 0 and context.absent or "empty" } end
    return { t = kind.t, v = null }
  end
  local lua_type <const> = math.type(value) or type(value)
  if lua_type == "boolean" then return { t = "bool", v = value } end
  if lua_type == "string" then return text_item(texts[kind.t] and kind.t or "bstr", value) end
  if lua_type == "integer" then
    if integers[kind.t] then return number_item(kind.t, value) end
    if floats[kind.t] then return { t = kind.t, v = value + 0.0 } end
    return value == value << 32 >> 32 and value < 0x80000000 and { t = "i4", v = value }
      or value < 0 and value >= -0x80000000 and { t = "i4", v = value } or number_item("i8", value)
  end
  if lua_type == "float" then return { t = floats[kind.t] and kind.t or "r8", v = value } end
  if lua_type == "table" then return table_item(value, kind, context, depth) end
  if core.is_object(value) then return context.object(value, kind) end
  local write <const> = boxed[core.type_name(value)]
  if write then return write(value, kind, context, depth) end
  return { t = "pointer", v = tostring(value) }
end
values.encode = encode

-- decoding

local function refuse(format, ...)
  errors.raise(E_FAIL, format:format(...), { subject = "com.replay" })
end

local decode

local function decode_array(item, kind, context, depth)
  local bounds <const>, of <const> = item.bounds, item.of
  if type(bounds) ~= "table" or #bounds < 2 or #bounds % 2 ~= 0 or type(of) ~= "string" then
    refuse "an array without type or bounds"
  end
  local elements = item.v
  if item.base64 then
    local bytes <const> = type(item.v) == "string" and base64.decode(item.v)
    if not bytes then refuse "the bytes of an array are no base64" end
    elements = { bytes:byte(1, -1) }
    if #bytes > 10000 then
      elements = {}
      for i = 1, #bytes do elements[i] = bytes:byte(i) end
    end
  end
  if type(elements) ~= "table" then refuse "an array without elements" end
  local count = 1
  for i = 1, #bounds, 2 do
    if math.type(bounds[i]) ~= "integer" or math.type(bounds[i + 1]) ~= "integer" then
      refuse "the bounds of an array are no integers"
    end
    count = count * math.max(bounds[i + 1] - bounds[i] + 1, 0)
  end
  if count ~= #elements then refuse("an array of %d elements has %d", count, #elements) end
  local element <const> = kind.element or { t = of }
  if of == "record" then -- as the declared type wants them
    local list <const> = {}
    for i, one in ipairs(elements) do list[i] = decode(one, element, context, depth + 1) end
    return list
  end
  local array <const> = core.new_array(of, bounds)
  for i, one in ipairs(elements) do
    array[i] = decode(type(one) == "table" and one or { t = of, v = one }, { t = of }, context, depth + 1)
  end
  return array
end

local function decode_record(item, kind, context, depth)
  local fields <const> = {}
  if type(item.v) ~= "table" then refuse "a record without fields" end
  for name, field in pairs(item.v) do
    if type(field) == "table" and field.v ~= null then
      fields[name] = decode(field, { t = field.t }, context, depth + 1)
    end
  end
  if kind.t == "record" then return fields end
  local info <const> = context.record and context.record(item)
  if not info then refuse("the record %s is not described here", tostring(item.type)) end
  return core.new_record(info, fields)
end

local function decode_number(item, kind)
  local t <const> = item.t
  local value = item.v
  if long[t] then
    value = type(value) == "string" and long_value(t, value)
    if not value then refuse("%s is no %s", tostring(item.v), t) end
  elseif floats[t] then
    if value == "nan" then value = 0 / 0 elseif value == "inf" then value = math.huge
    elseif value == "-inf" then value = -math.huge end
    if type(value) ~= "number" then refuse("%s is no number", tostring(item.v)) end
    value = value + 0.0
  elseif math.type(value) ~= "integer" then
    refuse("%s is no integer", tostring(item.v))
  end
  if kind.t == "variant" and t ~= "i4" and t ~= "r8" then return wire(t, value) end
  return value
end

local function decode_text(item)
  if type(item.v) ~= "string" then refuse("%s is no text", tostring(item.v)) end
  if not item.base64 then return item.v end
  return base64.decode(item.v) or refuse("%s is no base64", item.v)
end

local readers <const> = {
  null = function() return core.null end,
  empty = function(_, kind) return kind.t == "variant" and core.empty or nil end,
  missing = function(_, kind) return kind.t == "variant" and core.missing or nil end,
  bool = function(item) return item.v == true end,
  cy = function(item) return core.currency(item.v) end,
  decimal = function(item) return core.decimal_digits(tostring(item.v)) end,
  date = function(item)
    if type(item.v) ~= "number" then refuse("%s is no date", tostring(item.v)) end
    return core.wire("date", item.v)
  end,
  array = function(...) return decode_array(...) end,
  record = function(...) return decode_record(...) end,
  list = function(item, kind, context, depth)
    local list <const> = {}
    for i, one in ipairs(type(item.v) == "table" and item.v or {}) do
      list[i] = decode(one, kind.element or kinds.VARIANT, context, depth + 1)
    end
    return list
  end,
  byref = function(item, kind, context, depth)
    local inner <const> = type(item.v) == "table" and item.v or { t = "empty" }
    if type(inner.t) ~= "string" then refuse "a reference without a value" end
    local value <const> = decode(inner, kinds.VARIANT, context, depth + 1)
    return core.wire(inner.t == "array" and "variant" or inner.t == "empty" and "variant" or inner.t, value, true), kind
  end,
  pointer = function() return nil end,
  deep = function() return nil end,
}

---@param item table
---@param kind oleander.recording.Kind? as what it is declared
---@param context table object(item, kind) gives the object of a number; record(item) the type of a record
---@return any
decode = function(item, kind, context, depth)
  kind, depth = kind or kinds.VARIANT, depth or 0
  if depth > DEPTH_LIMIT then refuse "values are nested too deep" end
  local t <const> = item.t
  if t == "dispatch" or t == "unknown" then
    if item.v == null or item.v == nil then return kind.t == "variant" and core.nothing or nil end
    return context.object(item, kind)
  end
  if item.v == null then return nil end
  if t == "error" and kind.t == "variant" then return core.wire("error", item.v) end
  if integers[t] or floats[t] then return decode_number(item, kind) end
  if texts[t] then return decode_text(item) end
  local read <const> = readers[t]
  if not read then refuse("there is no type %s", tostring(t)) end
  return (read(item, kind, context, depth))
end
values.decode = decode

-- comparing

local numeric <const> = { i1 = true, ui1 = true, i2 = true, ui2 = true, i4 = true, ui4 = true, i8 = true, ui8 = true,
  int = true, uint = true, int_ptr = true, uint_ptr = true, r4 = true, r8 = true }

local same

local function same_lists(a, b, same_object)
  if type(a) ~= "table" or type(b) ~= "table" or #a ~= #b then return false end
  for i = 1, #a do
    if type(a[i]) == "table" and type(b[i]) == "table" then
      if not same(a[i], b[i], same_object) then return false end
    elseif a[i] ~= b[i] then
      return false
    end
  end
  return true
end

--- The number of an item, as text where it is none of JSON's.
local function number_of(item)
  local value <const> = item.v
  if type(value) ~= "number" then return tonumber(value) or value end
  if value ~= value then return "nan" end
  return value == math.huge and "inf" or value == -math.huge and "-inf" or value
end

local function same_numbers(a, b)
  if long[a.t] and long[b.t] then return a.v == b.v end
  return number_of(a) == number_of(b)
end

---Whether two items stand for the same value; numbers count whatever their width.
---@param a table
---@param b table
---@param same_object fun(a: table, b: table): boolean
---@return boolean
same = function(a, b, same_object)
  local is_object <const> = a.t == "dispatch" or a.t == "unknown"
  if is_object and (b.t == "dispatch" or b.t == "unknown") then
    local no_a <const>, no_b <const> = a.v == null or a.v == nil, b.v == null or b.v == nil
    if no_a or no_b then return no_a and no_b end
    return same_object(a, b)
  end
  if numeric[a.t] and numeric[b.t] then return same_numbers(a, b) end
  if a.t ~= b.t then return false end
  if a.t == "byref" then return same(a.v, b.v, same_object) end
  if a.t == "record" then
    if type(a.v) ~= "table" or type(b.v) ~= "table" then return false end
    for name, field in pairs(a.v) do
      if type(b.v[name]) ~= "table" or not same(field, b.v[name], same_object) then return false end
    end
    for name in pairs(b.v) do
      if a.v[name] == nil then return false end
    end
    return true
  end
  if a.t == "array" then
    return a.of == b.of and same_lists(a.bounds, b.bounds) and (a.base64 and a.v == b.v or not a.base64 and
      same_lists(a.v, b.v, same_object))
  end
  if a.t == "list" then return same_lists(a.v, b.v, same_object) end
  if a.t == "pointer" then return true end
  return a.v == b.v and a.base64 == b.base64
end
values.same = same

function values.same_lists(a, b, same_object)
  return same_lists(a, b, same_object)
end

-- text for people

local TEXT_LIMIT <const>, ELEMENTS <const> = 60, 8

local show

local function show_list(list, open, close)
  local parts <const> = {}
  for i, one in ipairs(list) do
    if i > ELEMENTS then
      parts[i] = ("... (%d)"):format(#list)
      break
    end
    parts[i] = type(one) == "table" and show(one) or tostring(one)
  end
  return open .. table.concat(parts, ", ") .. close
end

---An item as a person reads it.
---@param item table
---@return string
show = function(item)
  local v <const> = item.v
  if v == null then return item.t == "bstr" and '""' or "nil" end
  if item.t == "empty" or item.t == "missing" or item.t == "null" then return item.t end
  if item.t == "dispatch" or item.t == "unknown" then
    return ("object %d%s"):format(v, item.type and " (" .. tostring(item.type) .. ")" or "")
  end
  if item.base64 then return ("%d bytes"):format(#tostring(v) // 4 * 3) end
  if item.t == "date" then return tostring(item.text or v) end
  if texts[item.t] then
    local text = tostring(v)
    if #text > TEXT_LIMIT then text = text:sub(1, utf8.offset(text, 0, TEXT_LIMIT) - 1) .. "..." end
    return (("%q"):format(text):gsub("\\\n", "\\n"))
  end
  if item.t == "array" or item.t == "list" then return show_list(type(v) == "table" and v or {}, "{", "}") end
  if item.t == "record" then
    local names <const>, parts <const> = {}, {}
    for name in pairs(v) do names[#names + 1] = name end
    table.sort(names)
    for i, name in ipairs(names) do parts[i] = name .. " = " .. show(v[name]) end
    return "{" .. table.concat(parts, ", ") .. "}"
  end
  if item.t == "byref" then return "&" .. show(v) end
  if item.t == "error" then return core.status(v) or ("0x%08X"):format(v) end
  return tostring(v)
end
values.show = show

---Arguments or results.
---@param list table[]
---@return string
function values.show_list(list)
  local parts <const> = {}
  for i, item in ipairs(list) do parts[i] = show(item) end
  return table.concat(parts, ", ")
end

return values
