--- Diagnosis: com.trace, com.spy, com.live_objects.
local core <const> = require "oleander.core"
local errors <const> = require "oleander.errors"
local server <const> = require "oleander.server"
local types <const> = require "oleander.types"

core.own_source(debug.getinfo(1, "S").source)

local diagnosis <const> = {}
local E_INVALIDARG <const> = 0x80070057

-- where the lines go

local level, file, write_line = 0, nil, nil

local function stamp()
  local now <const> = core.wall_clock()
  return ("%s.%06d [%d] "):format(os.date("%H:%M:%S", math.floor(now)), math.floor(now % 1 * 1e6), core.thread_id())
end

local function write(text)
  if write_line then return write_line(stamp() .. text) end
  local out <const> = file or io.stderr
  out:write(stamp(), text, "\n")
  out:flush()
end

---How much is written down, and where: 0 nothing (as at the start), 1 which objects are made and why some cannot be, 2
---also every call of the objects that are made from then on (they are spied on). A text is the path of a file to which
---level 2 goes; a function gets each line. Gives the level before.
---@param what integer|string|fun(line: string)|boolean
---@return integer before
function diagnosis.trace(what)
  local before <const> = level
  if what == true then what = 1 elseif what == false then what = 0 end
  if type(what) == "string" then
    local opened <const>, problem <const> = io.open(what, "a")
    if not opened then errors.raise(E_INVALIDARG, problem, { subject = "com.trace" }) end
    if file then file:close() end
    file, write_line, level = opened, nil, 2
  elseif type(what) == "function" then
    write_line, level = what, 2
  elseif math.type(what) == "integer" and what >= 0 and what <= 2 then
    level = what
    if what == 0 then
      if file then file:close() end
      file, write_line = nil, nil
    end
  else
    errors.raise(E_INVALIDARG, "0, 1, 2, the path of a file or a function is wanted, not " .. tostring(what),
      { subject = "com.trace" })
  end
  return before
end

---Writes a line when so much is written down.
---@param at integer
---@param text string
function diagnosis.note(at, text)
  if level >= at then write(text) end
end

-- values as text

local function show(value)
  local kind <const> = math.type(value) or type(value)
  if kind == "string" then
    if #value > 60 then value = value:sub(1, 57) .. "..." end
    return ("%q"):format(value):gsub("\\\n", "\\n")
  end
  return tostring(value)
end

local function has(list, flag)
  for _, one in ipairs(list) do
    if one == flag then return true end
  end
  return false
end

--- "long a = 1, BSTR text = "x"": arguments with the types and names of their parameters.
local function show_arguments(member, values)
  local parts <const> = {}
  local taken = 0
  for _, parameter in ipairs(member.parameters) do
    local flags <const> = parameter.flags
    if not has(flags, "retval") and not has(flags, "lcid") and (has(flags, "in") or not has(flags, "out")) then
      taken = taken + 1
      if taken <= values.n then
        parts[#parts + 1] = ("%s %s = %s"):format(parameter.type, parameter.name, (show(values[taken])))
      end
    end
  end
  for i = taken + 1, values.n do parts[#parts + 1] = (show(values[i])) end
  return table.concat(parts, ", ")
end

local function show_results(first, results)
  local parts <const> = {}
  for i = first, results.n do parts[#parts + 1] = (show(results[i])) end
  return #parts > 0 and " -> " .. table.concat(parts, ", ") or ""
end

-- spies

local verbs <const> = { method = "", get = "get ", put = "put ", putref = "putref ", property = "" }

--- Where an object is called, behind a word; nothing for this process.
local function show_place(word, o)
  local _ <const>, pid <const> = core.place(o)
  return pid and ("%s%d"):format(word, pid) or ""
end

--- Calls, writes the line, and gives or raises what the call did. `status` when the call gives the HRESULT first.
local function logged(name, member, verb, arguments, status, f, o, ...)
  local began <const> = core.monotonic()
  local results <const> = table.pack(pcall(f, o, ...))
  local spent <const> = (core.monotonic() - began) * 1e6
  local head <const> = ("%s%s(%s)%s"):format(verb, name, show_arguments(member, arguments), show_place(" in ", o))
  if not results[1] then
    local err <const> = results[2]
    local code <const> = errors.is_error(err) and err.hresult or 0x80004005
    write(("%s = 0x%08X %s, %.0f us"):format(head, code, show(errors.is_error(err) and err.description or err), spent))
    error(err, 0)
  end
  local hresult <const> = status and results[2] or 0
  write(("%s = 0x%08X%s, %.0f us"):format(head, hresult, show_results(status and 3 or 2, results), spent))
  return table.unpack(results, status and 3 or 2, results.n)
end

--- What a spy is made of: a table with a function for each member.
local function spy_table(o, type_name)
  local t <const> = {}
  for _, member in ipairs(types.members(o)) do
    local name <const>, kind <const> = member.name, member.kind
    local full <const> = type_name .. "." .. name
    if kind == "method" then
      t[name] = function(_, ...)
        return logged(full, member, "", table.pack(...), true, core.call_status, o, name, ...)
      end
    end
    if kind == "get" or kind == "property" then
      t["get_" .. name] = function(_, ...)
        return logged(full, member, verbs.get, table.pack(...), false, core.get, o, name, ...)
      end
    end
    if kind == "put" or kind == "property" then
      t["set_" .. name] = function(_, ...)
        return logged(full, member, verbs.put, table.pack(...), false, core.put, o, name, ...)
      end
    elseif kind == "putref" and not t["set_" .. name] then
      t["set_" .. name] = function(_, ...)
        return logged(full, member, verbs.putref, table.pack(...), false, core.putref, o, name, ...)
      end
    end
  end
  return t
end

---An object that does what `o` does and writes down every call: its arguments with their types, the process where it is
---another one, results, HRESULT, time and thread. It is an object like others, which can be given to any client. Lines
---go where com.trace says; to the standard error without that. With a file the whole class is recorded there, with its
---events, the objects that it returns and the callbacks that it gets, so that com.replay can play it.
---@param o oleander.Object an object with type information
---@param path string? of the recording
---@return oleander.Object
function diagnosis.spy(o, path)
  if path ~= nil then return require "oleander.recording.spy".record(o, path) end
  local kind <const> = types.typeof(o)
  if not kind then
    errors.raise(E_INVALIDARG, "the object has no type information; com.assume(o, interface) gives it some",
      { subject = "com.spy" })
  end
  return server.object(spy_table(o, kind.name), kind)
end

-- what com.trace sees

--- Wraps a function that makes or finds objects.
function diagnosis.traced(name, f)
  return function(...)
    if level == 0 then return f(...) end
    local results <const> = table.pack(pcall(f, ...))
    local subject <const> = ("%s(%s)"):format(name, (show((...))))
    if not results[1] then
      write(subject .. ": " .. tostring(results[2]))
      error(results[2], 0)
    end
    local object <const> = results[2]
    write(("%s = %s%s"):format(subject, tostring(object),
      core.is_object(object) and show_place(" in process ", object) or ""))
    if level == 2 and core.is_object(results[2]) and types.typeof(results[2]) then
      results[2] = diagnosis.spy(results[2])
    end
    return table.unpack(results, 2, results.n)
  end
end

---@class oleander.LiveObject
---@field type string
---@field where string? "file:line" of the making
---@field references integer held by clients
---@field table table|function

---The objects of this script that are alive: what com.object, com.serve and handlers of events have made, where, and
---how many references clients hold. com.spy's are among them.
---@return oleander.LiveObject[]
function diagnosis.live_objects()
  local list <const> = {}
  for _, t in ipairs(core.object_tables()) do
    local facts <const> = core.object_facts(t)
    if facts then
      local meta <const> = debug.getmetatable(t)
      local name <const> = type(meta) == "table" and rawget(meta, "__name") or "Object"
      list[#list + 1] = { type = facts.interface or name, where = facts.where, references = facts.references,
        table = t }
    end
  end
  return list
end

return diagnosis
