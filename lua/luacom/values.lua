--- Lua values to what Oleander passes and back, as LuaCOM converts them.
local com <const> = require "oleander"
local dates <const> = require "luacom.dates"

local values <const> = {}

local EXACT <const> = 2.0 ^ 53
local floor <const>, type <const>, math_type <const>, valid <const> = math.floor, type, math.type, utf8.len

--- What the other parts know of tables: set by luacom.objects and luacom.servers.
values.unwrap = nil    -- a table that stands for an object -> that object; nil for others
values.wrap = nil      -- an object -> its table
values.of_own = nil    -- the table that Oleander calls -> the implementing table
values.options = nil   -- the table luacom: DateFormat, TableVariants
values.make = nil      -- (implementing table, description) -> object, for __tocom

-- declared types

local kinds <const> = {
  short = "integer", long = "integer", char = "integer", ["unsigned char"] = "integer", ["unsigned short"] = "integer",
  ["unsigned long"] = "integer", int64 = "integer", uint64 = "integer", int = "integer", ["unsigned int"] = "integer",
  INT_PTR = "integer", UINT_PTR = "integer", float = "number", double = "number", CURRENCY = "exact",
  DECIMAL = "exact", DATE = "date", BSTR = "text", VARIANT_BOOL = "boolean", VARIANT = "variant",
  IDispatch = "object", IUnknown = "object",
}

---What values a declared type takes, as a word; "other" for types with a name of their own.
---@param type_name string as IDL writes it
---@return string kind, string? element of an array
function values.kind(type_name)
  local plain <const> = type_name:gsub("%*+$", "")
  local element <const> = plain:match "^SAFEARRAY%((.*)%)$"
  if element then return "array", (values.kind(element)) end
  return kinds[plain] or "other"
end

-- to COM

local function bad_text()
  error("the string is not valid in the encoding that luacom.config.charset names (UTF-8)", 0)
end

--- Half to even, as VariantChangeType rounds.
local function round(number)
  local whole <const> = floor(number)
  local part <const> = number - whole
  if part > 0.5 or part == 0.5 and whole % 2 == 1 then return whole + 1 end
  return whole
end

local wire_types <const> = {
  double = "r8", float = "r4", currency = "currency", decimal = "decimal", int1 = "i1", int2 = "i2", int4 = "i4",
  int8 = "i8", uint1 = "ui1", uint2 = "ui2", uint4 = "ui4", uint8 = "ui8", int = "int", uint = "uint", string = "bstr",
  bool = "bool", error = "error", date = "date", variant = "variant",
}

local to_com

--- { Type = "int2", Value = 5 }
local function typed_value(t)
  local name <const> = tostring(t.Type):lower()
  local element <const> = name:match "^array of (.+)$" or name == "array" and "variant"
  if name == "null" then return com.null end
  if element then
    local wire <const> = wire_types[element]
    if not wire then error(("there is no type %q"):format(element), 0) end
    if type(t.Value) == "string" and wire == "ui1" then return com.bytes(t.Value) end
    return com.array(wire, nil, to_com(t.Value, "array", element == "string" and "text" or "raw"))
  end
  local wire <const> = wire_types[name]
  if not wire then error(("there is no type %q"):format(name), 0) end
  return com.vt[wire](to_com(t.Value, name == "date" and "date" or "raw"))
end

--- The number of elements in each dimension; ragged ones are an error.
local function shape(t, sizes, depth)
  local size <const> = #t
  if sizes[depth] == nil then sizes[depth] = size end
  if sizes[depth] ~= size then error("the tables of an array have different numbers of elements", 0) end
  local nested
  for i = 1, size do
    local is_nested <const> = type(t[i]) == "table" and getmetatable(t[i]) == nil and not values.unwrap(t[i])
      and t[i].Type == nil and not dates.is_table(t[i])
    if nested == nil then nested = is_nested end
    if nested ~= is_nested then error("elements of an array are tables, and some are not", 0) end
    if is_nested then shape(t[i], sizes, depth + 1) end
  end
end

local function convert_elements(t, depth, element)
  local list <const> = {}
  for i = 1, #t do
    if depth > 1 then
      list[i] = convert_elements(t[i], depth - 1, element)
    else
      list[i] = to_com(t[i], element)
      if list[i] == nil then list[i] = com.empty end
    end
  end
  return list
end

--- { nil, 1 } is empty, as for LuaCOM.
local function array(t, kind, element)
  if t[1] == nil then
    return kind == "array" and {} or com.array("variant", { 1, 0 }, {})
  end
  local sizes <const> = {}
  shape(t, sizes, 1)
  local list <const> = convert_elements(t, #sizes, element or "variant")
  if kind == "array" then return list end
  local bounds <const> = {}
  for _, size in ipairs(sizes) do bounds[#bounds + 1] = { 1, size } end
  return com.array("variant", bounds, list)
end

local function from_metamethod(t, kind)
  local meta <const> = getmetatable(t)
  local how <const> = type(meta) == "table" and meta.__tocom
  if how == nil or not how then return nil end
  if type(how) == "function" then
    local made <const> = how(t, kind)
    return values.unwrap(made) or made
  end
  return values.make(t, how)
end

local function table_to_com(t, kind, element)
  local object <const> = values.unwrap(t) or from_metamethod(t, kind)
  if object ~= nil then return object end
  if t.Type ~= nil then return typed_value(t) end
  if dates.is_table(t) then return dates.from_table(t) end
  return array(t, kind, element)
end

local function boolean_to_com(value, kind)
  if kind == "integer" or kind == "number" or kind == "exact" then return value and -1 or 0 end
  if kind == "text" then return value and "True" or "False" end
  return value
end

local function number_to_com(value, kind)
  if kind == "integer" or kind == "other" then
    return math_type(value) == "float" and value % 1 ~= 0 and value == value and round(value) or value
  elseif kind == "boolean" then
    return value ~= 0
  elseif kind == "date" then
    return com.date(value)
  elseif kind == "variant" and math_type(value) == "integer" and value >= -EXACT and value <= EXACT then
    return value + 0.0
  end
  return value
end

local function text_to_com(value, kind, element)
  if kind == "array" then
    if element ~= "integer" then error("a table is wanted for the array, not a string", 0) end
    return value
  end
  if not valid(value, 1, -1, true) then bad_text() end
  if kind == "date" then return dates.from_text(value) end
  if kind == "boolean" then
    local word <const> = value:lower()
    if word == "true" or word == "false" then return word == "true" end
    local number <const> = tonumber(value)
    if number then return number ~= 0 end
  elseif kind == "integer" then
    local number <const> = tonumber(value)
    if number then return number_to_com(number, kind) end
  end
  return value
end

---A value as Oleander takes it.
---@param value any
---@param kind string of the declared type, "variant" where nothing is declared, "raw" for no change
---@param element string? kind of the elements of an array
---@return any
function to_com(value, kind, element)
  local what <const> = type(value)
  if what == "number" then
    return number_to_com(value, kind)
  elseif what == "string" then
    return text_to_com(value, kind, element)
  elseif what == "boolean" then
    return boolean_to_com(value, kind)
  elseif what == "table" then
    return table_to_com(value, kind, element)
  elseif what == "userdata" then
    return values.unwrap(value) or value
  elseif value ~= nil then
    error(("a %s can't be passed"):format(what), 0)
  end
  return nil
end

values.to_com = to_com

-- from COM

local function number_from_com(value)
  if math_type(value) == "float" and value >= -EXACT and value <= EXACT and value % 1 == 0 then return floor(value) end
  return value
end

local from_com

local function table_of(elements)
  local list <const> = {}
  for i = 1, #elements do
    local element <const> = elements[i]
    if type(element) == "table" and not values.of_own(element) then
      list[i] = table_of(element)
    else
      list[i] = from_com(element)
    end
  end
  return list
end

local boxes <const> = {
  date = function(value)
    return values.options.DateFormat == "table" and dates.table(value) or dates.text(value)
  end,
  currency = function(value) return number_from_com(com.tonumber(value)) end,
  decimal = function(value) return number_from_com(com.tonumber(value)) end,
  ["com value"] = function() return nil end, -- Null, Empty, an error code
  array = function(value)
    if value:type() == "ui1" and select("#", value:bounds()) == 2 then return com.bytes(value) end
    return table_of(value:totable())
  end,
  record = function(value)
    local fields <const> = {}
    for name, field in pairs(value) do fields[name] = from_com(field) end
    return fields
  end,
}

---A value as LuaCOM gives it to a script.
---@param value any
---@return any
function from_com(value)
  local what <const> = type(value)
  if what == "number" then
    return number_from_com(value)
  elseif what == "userdata" then
    local meta <const> = debug.getmetatable(value)
    local open <const> = boxes[meta and rawget(meta, "__name") or ""]
    if open then return open(value) end
    return values.wrap(value)
  elseif what == "table" then
    local own <const> = values.of_own(value)
    if own ~= nil then return own end
  end
  return value
end

values.from_com = from_com

local variant_types <const> = { string = "string", boolean = "bool", ["nil"] = "null" }

---A value of declared type VARIANT while luacom.TableVariants is set.
---@param value any
---@return any
function values.variant_table(value)
  local kind <const> = math_type(value)
  local name = kind == "integer" and "int4" or kind == "float" and "double" or variant_types[type(value)]
  local converted = from_com(value)
  if type(value) == "userdata" then
    local meta <const> = debug.getmetatable(value)
    local box <const> = meta and rawget(meta, "__name")
    if box == "date" or box == "currency" or box == "decimal" then name = box end
    if box == "com value" then name = "null" end
    if box == "array" then
      name = "array of " .. value:type()
      if type(converted) == "string" then converted = table.pack(converted:byte(1, -1)) end
    end
  end
  if not name then return converted end
  return { Type = name, Value = converted }
end

return values
