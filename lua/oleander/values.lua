--- Values that Lua has not: com.currency, decimal, array, record, vt, args, bytes, guid.
local core <const> = require "oleander.core"
local errors <const> = require "oleander.errors"
local types <const> = require "oleander.types"

core.own_source(debug.getinfo(1, "S").source)

local values <const> = {}
local E_INVALIDARG <const> = 0x80070057

---VT_NULL, "no valid data": a value of its own.
---@type oleander.Value
values.null = core.null
---VT_EMPTY, where nil would mean something else.
---@type oleander.Value
values.empty = core.empty
---An argument that is not given.
---@type oleander.Value
values.missing = core.missing
---The null object.
---@type oleander.Value
values.nothing = core.nothing

---A currency value: 64 bits with four decimals.
---@param value number|string|oleander.Currency|oleander.Decimal
---@return oleander.Currency
values.currency = core.currency

---A decimal value: 96 bits with up to 28 decimals.
---@param value number|string|oleander.Currency|oleander.Decimal
---@return oleander.Decimal
values.decimal = core.decimal

---The number that a currency, decimal or date value stands for; nil for what is none.
---@param value any
---@return number?
values.tonumber = core.tonumber

---Formats a value with a picture, as the Format function of Visual Basic does.
---@param value any
---@param picture string?
---@return string
values.format = core.format

---An array. `bounds` is a count (from 0 on), or {lower, upper} or {{lower, upper}, ...}, one pair for each dimension.
---@param type_name string of the elements: "i4", "r8", "bstr", "variant" ...
---@param bounds integer|table|nil nil: as the values have it
---@param elements table? positional values, nested for more dimensions
---@return oleander.Array
function values.array(type_name, bounds, elements)
  if type(type_name) ~= "string" then
    errors.raise(E_INVALIDARG, "the name of a type is wanted, not " .. core.type_name(type_name),
      { subject = "com.array" })
  end
  if type(bounds) == "number" then
    bounds = { 0, bounds - 1 }
  elseif type(bounds) == "table" then
    local flat <const> = {}
    for i, bound in ipairs(bounds) do
      if type(bound) == "table" then
        flat[#flat + 1], flat[#flat + 2] = bound[1], bound[2]
      else
        flat[i] = bound
      end
    end
    bounds = flat
  elseif bounds ~= nil then
    errors.raise(E_INVALIDARG, "a count or a table of bounds is wanted, not " .. core.type_name(bounds),
      { subject = "com.array" })
  elseif elements == nil then
    errors.raise(E_INVALIDARG, "bounds or values are wanted", { subject = "com.array" })
  end
  return core.new_array(type_name, bounds, elements)
end

---A record of a type library, zeroed where `fields` says nothing.
---@param which any a type, or its name "Lib.Record" with `library`
---@param fields table? values by field name
---@param library any? where the name is looked up: an object, a library, or what com.typelib takes
---@return oleander.Record
function values.record(which, fields, library)
  if library == nil and (type(which) ~= "table" or not which.info) then
    errors.raise(E_INVALIDARG, "a type is wanted (com.typelib(...):type(name)), not " .. core.type_name(which),
      { subject = "com.record" })
  end
  if fields ~= nil and type(fields) ~= "table" then
    errors.raise(E_INVALIDARG, "a table of fields is wanted, not " .. core.type_name(fields),
      { subject = "com.record" })
  end
  return core.new_record((types.find_interface(which, nil, library, "com.record")), fields)
end

---Raw bytes: a string becomes an array of ui1 (which also passes as a BSTR of these bytes), such an array a string.
---@param value string|oleander.Array|userdata also a pointer that a module gave, or a buffer: then `count` bytes of
---that memory
---@param count integer? only with a pointer
---@return oleander.Array|string
function values.bytes(value, count)
  if count ~= nil then return core.memory(value, count) end
  return core.bytes(value)
end

---Memory of numbers, for modules: `b[1]` to `b[#b]`, `b:bytes([from, to])`, `b:write(bytes [, from])`, `b:totable()`,
---`b:pointer()`. It has to live as long as a module uses it.
---@param type_name string of the numbers: "ui1", "r4" ...
---@param elements integer|number[] how many, or what they are
---@return oleander.Buffer
function values.buffer(type_name, elements)
  return core.buffer(type_name, elements)
end

---A GUID in braces: the given one in its plain form, or a new one.
---@param text string?
---@return string
values.guid = core.guid

---Named arguments of a call, and positional ones: o:Find("x", com.args{ MatchCase = true }).
---@param arguments table
---@return table
function values.args(arguments)
  if type(arguments) ~= "table" then
    errors.raise(E_INVALIDARG, "a table is wanted, not " .. core.type_name(arguments), { subject = "com.args" })
  end
  local marked <const> = {}
  for key, value in pairs(arguments) do
    if type(key) ~= "string" and not (math.type(key) == "integer" and key >= 1) then
      errors.raise(E_INVALIDARG, "the keys are names of parameters and positions from 1 on, not "
        .. (math.type(key) == "integer" and tostring(key) or core.type_name(key)), { subject = "com.args" })
    end
    marked[key] = value
  end
  return core.mark_args(marked)
end

---Values of an exact wire type: com.vt.i2(5), com.vt.byref("i4", 0).
---@class oleander.WireTypes
---@field filetime fun(value: any): oleander.FileTime of ticks of 100 ns since 1601 (an integer), a date of UTC,
---seconds since 1970
---(a float), fields like os.date "!*t"
---@field byref fun(type_name: string, value: any): oleander.Value by reference: `.value` is then what came back
---@field [string] fun(value: any): oleander.Value a value of that type; com.vt.error(code): an error code
values.vt = setmetatable({
  byref = function(type_name, value)
    if type(type_name) ~= "string" then
      errors.raise(E_INVALIDARG, "the name of a type is wanted, not " .. core.type_name(type_name),
        { subject = "com.vt.byref" })
    end
    return core.wire(type_name, value, true)
  end,
  filetime = function(value)
    if math.type(value) == "float" then
      value = math.floor((value + 11644473600) * 1e7 + 0.5)
    elseif type(value) == "table" then
      value = core.date(value)
    end
    return core.filetime(value)
  end,
}, {
  __index = function(wire, type_name)
    if type(type_name) ~= "string" then
      errors.raise(E_INVALIDARG, "the name of a type is wanted, not " .. core.type_name(type_name),
        { subject = "com.vt" })
    end
    local function make(value)
      return core.wire(type_name, value)
    end
    rawset(wire, type_name, make)
    return make
  end,
})

local exact <const> = { ["a currency value"] = true, ["a decimal value"] = true }

---Compares objects by COM identity, currency and decimal values also with numbers (which == never does), everything
---else with ==.
---@param a any
---@param b any
---@return boolean
function values.eq(a, b)
  if type(a) == "number" then a, b = b, a end
  if type(b) == "number" and exact[core.type_name(a)] then
    local comparable <const>, same <const> = pcall(function() return a <= b and b <= a end)
    return comparable and same -- a number that no exact value can be equals none
  end
  return a == b
end

return values
