--- Error objects: their text, com.try, com.hr, and the texts of errors that need a list of names.
local core <const> = require "oleander.core"

local errors <const> = {}
local E_INVALIDARG <const>, E_ACCESSDENIED <const> = 0x80070057, 0x80070005

core.own_source(debug.getinfo(1, "S").source)

---An error raised by Oleander or by a server that it called.
---@class oleander.Error
---@field hresult integer the HRESULT, unsigned
---@field name string? its name: "DISP_E_TYPEMISMATCH"
---@field code integer its low word
---@field description string what went wrong, in the server's words where it has some
---@field source string? what the server calls itself
---@field helpfile string?
---@field helpcontext integer?
---@field argument {index: integer, name: string?}? the argument at fault; the first after the object is 1
---@field where string? "file:line" of the calling script
---@field traceback string
---@field cause any the Lua error that started it, after a round trip through COM; from another process one like it
---@field subject string? the method: "Lib.IFoo:Name"
local Error <const> = { __name = "oleander.Error" }
Error.__index = nil

local function argument_text(argument)
  if argument.name then
    return ("argument %d (%s): "):format(argument.index, argument.name)
  end
  return ("argument %d: "):format(argument.index)
end

--- What a Lua function raised begins with its position; behind the caller's, which comes first, it goes to the end.
local function moved_position(e, description)
  if not e.where or not (type(e.cause) == "string" or e.source == "Lua") then return description end
  local position <const>, text <const> = description:match "^([^\n]-:%d+): (.*)$"
  if not position then return description end
  return position == e.where and text or ("%s (at %s)"):format(text, position)
end

--- "file:line: Lib.IFoo:Name: argument 1 (x): text (0x80020005 DISP_E_TYPEMISMATCH)"
function Error.__tostring(e)
  local parts <const> = {}
  local function add(text)
    parts[#parts + 1] = text
  end
  if e.where then add(e.where .. ": ") end
  local description <const> = moved_position(e, tostring(e.description or "it failed"))
  if e.subject and description:sub(1, #e.subject + 1) ~= e.subject .. " " then add(e.subject .. ": ") end
  if e.argument then add(argument_text(e.argument)) end
  add(description:gsub("%s+$", ""):match ".*")
  local status = ("0x%08X"):format(e.hresult or 0)
  add((" (%s%s)"):format(status, e.name and " " .. e.name or ""))
  if e.source and e.source ~= "" then add((" [%s]"):format(e.source)) end
  return table.concat(parts)
end

function Error.__concat(a, b)
  return tostring(a) .. tostring(b)
end

core.set_error_metatable(Error)

---True for error objects of Oleander.
---@param value any
---@return boolean
function errors.is_error(value)
  return type(value) == "table" and getmetatable(value) == Error
end

---Calls f; the values that it returns, or nil and the error. com.try(o, "Name", ...) calls that member (or reads that
---property), and an error of the look-up counts as one of the call.
---@param f function|oleander.Object a function, or an object
---@param ... any its arguments; or the name of the member and its arguments
---@return any ... value..., or nil, err
function errors.try(f, ...)
  local results
  if type(f) == "userdata" and type((...)) == "string" and core.is_object(f) then
    results = table.pack(pcall(core.call, f, ...))
  else
    results = table.pack(pcall(f, ...))
  end
  if results[1] then
    return table.unpack(results, 2, results.n)
  end
  return nil, results[2]
end

---Raises an error object.
---@param hresult integer
---@param description string?
---@param more table? further fields: source, helpfile, helpcontext, subject, argument
---@param own boolean? an object says so, which may give the number a meaning of its own
function errors.raise(hresult, description, more, own)
  local fields <const> = {}
  for key, value in pairs(more or {}) do fields[key] = value end
  fields.hresult = hresult & 0xFFFFFFFF
  fields.description = description
  core.raise(fields, own)
end

local codes <const> = {} -- of com.hr, read when first asked for

local function hresult_codes()
  if next(codes) then return codes end
  local index, name, code = 0, core.hresult_at(0)
  while name do
    codes[name] = code
    index = index + 1
    name, code = core.hresult_at(index)
  end
  return codes
end

---The HRESULT codes by name: com.hr.E_ACCESSDENIED.
---@type table<string, integer>
errors.hr = setmetatable({}, {
  __index = function(_, name)
    local code <const> = codes[name] or hresult_codes()[name]
    if not code then
      errors.raise(E_INVALIDARG, ("there is no HRESULT named %s"):format(tostring(name)), { subject = "com.hr" })
    end
    return code
  end,
  __newindex = function(_, name)
    errors.raise(E_ACCESSDENIED, ("the code %s is not for a script to set"):format(tostring(name)),
      { subject = "com.hr" })
  end,
  __pairs = function(self)
    return function(_, name) return next(hresult_codes(), name) end, self
  end,
  __metatable = "com.hr",
})

--- The letters of a text, all capitals; its bytes when it is no UTF-8.
local function letters(text)
  local folded <const> = core.fold(text)
  return utf8.len(folded) and { utf8.codepoint(folded, 1, -1) } or { folded:byte(1, -1) }
end

--- How many letters must be added, left out or replaced, or change places with their neighbours, to make b of a; cut
--- off above `most`.
local function distance(a, b, most)
  if math.abs(#a - #b) > most then return most + 1 end
  local before, row = nil, {}
  for j = 0, #b do row[j] = j end
  for i = 1, #a do
    local current <const>, least = { [0] = i }, i
    for j = 1, #b do
      local value = math.min(row[j] + 1, current[j - 1] + 1, row[j - 1] + (a[i] == b[j] and 0 or 1))
      if before and j > 1 and a[i] == b[j - 1] and a[i - 1] == b[j] then
        value = math.min(value, before[j - 2] + 1)
      end
      current[j] = value
      least = math.min(least, value)
    end
    if least > most then return most + 1 end
    before, row = row, current
  end
  return row[#b]
end

local NEAR <const> = 2
local LETTERS_LIMIT <const> = 255 -- nobody writes longer names

---The names nearest to a misspelt one, best first: two mistakes are allowed (one in short names), and names of which
---one contains the other.
---@param name string
---@param names string[]
---@return string[]
function errors.near(name, names)
  if #name > LETTERS_LIMIT then return {} end
  local folded <const>, wanted <const> = core.fold(name), letters(name)
  local most <const> = #wanted > 3 and NEAR or 1
  local found <const> = {}
  for _, candidate in ipairs(names) do
    local other <const> = core.fold(candidate)
    local away = #candidate <= LETTERS_LIMIT and distance(wanted, letters(candidate), most) or most + 1
    if away > most and #name >= 3 and #other >= 3
      and (other:find(folded, 1, true) or folded:find(other, 1, true)) then
      away = most
    end
    if away <= most then
      found[#found + 1] = { away, candidate }
    end
  end
  table.sort(found, function(a, b)
    if a[1] ~= b[1] then return a[1] < b[1] end
    return a[2] < b[2]
  end)
  local near <const> = {}
  for i = 1, math.min(#found, 4) do near[i] = found[i][2] end
  return near
end

--- "there is no member Foo; near names: ...": called from C.
local function unknown_member(name, type_name, names, described)
  local text = ("%s has no member %s"):format(type_name, tostring(name))
  local near <const> = type(name) == "string" and errors.near(name, names) or {}
  if #near > 0 then
    text = text .. "; near names: " .. table.concat(near, ", ")
  elseif described then
    text = text .. "; com.members(o) lists them"
  elseif not described then
    text = text .. " (it has no type information; com.assume(o, interface) gives it some)"
  end
  return text
end

core.set_helper("unknown_member", unknown_member)

return errors
