--- What the prompt prints: values with their types in short, errors with hints.
local com <const> = require "oleander"
local errors <const> = require "oleander.errors"

local show <const> = {}

local FIRST <const> = 8          -- elements of an array or table that are shown
local TEXT_LIMIT <const> = 60    -- bytes of a string inside of something

local function has(list, flag)
  for _, one in ipairs(list) do
    if one == flag then return true end
  end
  return false
end

local function parameter_text(parameter)
  local marks <const> = {}
  if has(parameter.flags, "out") then marks[1] = has(parameter.flags, "in") and "in, out" or "out" end
  if parameter.optional or parameter.has_default then marks[#marks + 1] = "optional" end
  local text <const> = ("%s %s"):format(parameter.type, parameter.name)
  return #marks > 0 and ("[%s] %s"):format(table.concat(marks, ", "), text) or text
end

---The line of a member in short: result, name, parameters as a script gives them.
---@param member oleander.Member
---@return string
function show.member(member)
  if not member.parameters then return member.name end
  local result, list = member.type, {}
  if result == "HRESULT" then result = "void" end
  for _, parameter in ipairs(member.parameters) do
    if has(parameter.flags, "retval") then
      result = parameter.type:gsub("%*$", "")
    elseif not has(parameter.flags, "lcid") then
      list[#list + 1] = parameter_text(parameter)
    end
  end
  local kind <const> = member.kind
  if kind == "put" or kind == "putref" then
    local value <const> = member.parameters[#member.parameters]
    result = value and value.type:gsub("^VARIANT%*$", "VARIANT") or result
    list[#list] = nil
  end
  if kind == "constant" then return ("const %s %s = %s"):format(member.type, member.name, tostring(member.value)) end
  if kind == "method" then return ("%s %s(%s)"):format(result, member.name, table.concat(list, ", ")) end
  return ("%s %s%s"):format(result, member.name, #list > 0 and "[" .. table.concat(list, ", ") .. "]" or "")
end

--- Members in short: accessors of a property in one line.
local function member_lines(members)
  local lines <const>, seen <const> = {}, {}
  for _, member in ipairs(members) do
    local hidden <const> = member.flags and (has(member.flags, "hidden") or has(member.flags, "restricted"))
    if not hidden and member.name:sub(1, 1) ~= "_" then
      local line <const> = seen[member.name]
      if not line then
        lines[#lines + 1] = { member = member, kinds = { [member.kind] = true } }
        seen[member.name] = lines[#lines]
      else
        line.kinds[member.kind] = true
        if member.kind == "get" then line.member = member end
      end
    end
  end
  for i, line in ipairs(lines) do
    local kinds <const> = line.kinds
    local writes <const> = kinds.put or kinds.putref
    local note = ""
    if kinds.get and not writes then note = "  (read only)" end
    if writes and not kinds.get then note = "  (write only)" end
    lines[i] = "  " .. show.member(line.member) .. note
  end
  return lines
end

show.member_lines = member_lines

local function object_text(o)
  local kind <const>, route <const> = com.typeof(o)
  if not kind then return tostring(o) .. "\n  (no type information; com.assume(o, interface) gives it some)" end
  local library <const> = kind.library
  local head <const> = ("%s%s (%s)"):format(library and library.name .. "." or "", kind.name, route)
  local lines <const> = member_lines(com.members(o))
  table.insert(lines, 1, head)
  return table.concat(lines, "\n")
end

local inner

local function array_text(a)
  local bounds <const>, parts <const> = { a:bounds() }, {}
  for i = 1, #bounds, 2 do parts[#parts + 1] = ("%d..%d"):format(bounds[i], bounds[i + 1]) end
  local first <const> = {}
  for i = 1, math.min(#a, FIRST) do first[i] = inner(a[i]) end
  if #a > FIRST then first[#first + 1] = "..." end
  return ("array of %s [%s] { %s }"):format(a:type(), table.concat(parts, ", "), table.concat(first, ", "))
end

local function table_text(t)
  if getmetatable(t) then return tostring(t) end
  local parts <const>, count = {}, 0
  for key, value in next, t do
    count = count + 1
    if count > FIRST then break end
    local text <const> = type(value) == "table" and tostring(value) or inner(value)
    parts[#parts + 1] = math.type(key) == "integer" and key == #parts + 1 and text or
      ("%s = %s"):format(type(key) == "string" and key or "[" .. tostring(key) .. "]", text)
  end
  if count > FIRST then parts[#parts + 1] = "..." end
  return ("{ %s }"):format(table.concat(parts, ", ")):gsub("{  }", "{}") .. ""
end

--- The name of the class of a userdata of ours.
local function class_of(value)
  local meta <const> = debug.getmetatable(value)
  return type(meta) == "table" and rawget(meta, "__name") or nil
end

local function is_object(value)
  if type(value) ~= "userdata" then return false end
  local ok <const> = pcall(com.key, value)
  return ok
end

show.is_object = is_object

---A value inside of another, in one line.
function inner(value)
  if type(value) == "string" then
    local text <const> = #value > TEXT_LIMIT and value:sub(1, TEXT_LIMIT) .. "..." or value
    return ("%q"):format(text):gsub("\\\n", "\\n") .. ""
  elseif class_of(value) == "array" and type(value) == "userdata" then
    return array_text(value)
  end
  return tostring(value)
end

show.inner = inner

---A result as the prompt prints it: strings raw.
---@param value any
---@return string
function show.value(value)
  if type(value) == "string" then return value end
  if type(value) == "table" then return table_text(value) end
  if type(value) ~= "userdata" then return tostring(value) end
  if class_of(value) == "array" then return array_text(value) end
  return is_object(value) and object_text(value) or tostring(value)
end

-- errors

local function names_of(...)
  local names <const> = {}
  for _, t in ipairs { ... } do
    for name in pairs(t) do
      if type(name) == "string" then names[#names + 1] = name end
    end
  end
  return names
end

local function progids()
  local names <const> = {}
  for _, class in ipairs(require "oleander.registration".classes()) do
    if class.progid then names[#names + 1] = class.progid end
  end
  return names
end

show.progids = progids

local class_errors <const> = { REGDB_E_CLASSNOTREG = true, CO_E_CLASSSTRING = true }
local argument_errors <const> = { DISP_E_TYPEMISMATCH = true, DISP_E_OVERFLOW = true, DISP_E_PARAMNOTOPTIONAL = true,
  DISP_E_BADPARAMCOUNT = true, E_INVALIDARG = true, DISP_E_PARAMNOTFOUND = true }

local function near(name, names)
  local found <const> = errors.near(name, names)
  return #found > 0 and "near names: " .. table.concat(found, ", ") or nil
end

---What helps after an error; nil for nothing.
---@param err any
---@param session table
---@return string?
function show.hint(err, session)
  if type(err) == "string" then
    local name <const> = err:match "a nil value %(global '([^']+)'%)"
    if name then
      return near(name, names_of(_G, com, session.locals)) or "no such name; ??" .. name .. " searches types"
    end
    return err:find "attempt to index a nil value" and "nothing is there; print what stands before the dot" or nil
  end
  if not errors.is_error(err) then return nil end
  if class_errors[err.name] then
    local id <const> = err.description and err.description:match "([%a_][%w_]*%.[%w_.]+)" or err.subject or ""
    return near(id, progids()) or "oleander list shows the classes that are registered"
  elseif err.argument and argument_errors[err.name] or err.name == "DISP_E_BADPARAMCOUNT" then
    local member <const> = err.subject and err.subject:match ":([^:]+)$"
    return member and ("?o.%s shows the parameters"):format(member) or nil
  elseif err.name == "DISP_E_UNKNOWNNAME" or err.name == "DISP_E_MEMBERNOTFOUND" then
    return not tostring(err.description):find "near names" and "?o shows the members" or nil
  end
end

---The text of an error and a hint, in lines.
function show.error(err, session)
  local text = (type(err) == "table" or type(err) == "userdata") and tostring(err) or tostring(err)
  text = text:gsub("^prompt:1: ", "")
  local ok <const>, hint <const> = pcall(show.hint, err, session)
  return ok and hint and text .. "\nhint: " .. hint or text
end

return show
