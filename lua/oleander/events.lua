--- Events: listening to them (com.on, com.connect, com.show_events) and raising them (com.fire). A listener is a COM
--- object over a table of functions; a source is an object written in Lua whose class has a source interface.
local core <const> = require "oleander.core"
local errors <const> = require "oleander.errors"
local typelib <const> = require "oleander.typelib"
local types <const> = require "oleander.types"

core.own_source(debug.getinfo(1, "S").source)

local events <const> = {}
local E_INVALIDARG <const> = 0x80070057
local DISP_E_MEMBERNOTFOUND <const>, E_NOTIMPL <const> = 0x80020003, 0x80004001
local CONNECT_E_NOCONNECTION <const> = 0x80040200

-- errors that nobody catches

local uncaught

---Sets what is called with errors that nobody catches: of handlers of events that no call of this script caused, of
---timers and of coroutines made by com.spawn. Without it they are written to the standard error.
---@param f fun(err: any)|nil
---@return fun(err: any)|nil before
function events.on_error(f)
  if f ~= nil and type(f) ~= "function" then
    errors.raise(E_INVALIDARG, "a function is wanted, not " .. core.type_name(f), { subject = "com.on_error" })
  end
  local before <const> = uncaught
  uncaught = f
  return before
end

--- Hands an error to on_error's function; an error in that one is written out, too.
function events.report(err)
  if uncaught then
    local ok <const>, second <const> = pcall(uncaught, err)
    if ok then return end
    err = second
  end
  local text <const> = type(err) == "table" and err.traceback and tostring(err) .. "\n" .. err.traceback
    or tostring(err)
  io.stderr:write("oleander: an error that nobody catches: ", text, "\n")
end

-- source interfaces

local function has(list, flag)
  for _, one in ipairs(list) do
    if one == flag then return true end
  end
  return false
end

--- The events of a source interface: its members and those of its bases.
local function events_of(source)
  local list <const> = {}
  for level in typelib.levels(source) do
    for _, member in ipairs(level.members) do
      if not has(member.flags, "restricted") then list[#list + 1] = member end
    end
  end
  return list
end

local function find_event(source, name)
  local folded <const> = core.fold(name)
  local other
  for _, member in ipairs(events_of(source)) do
    if member.name == name then return member end
    if core.fold(member.name) == folded then other = member end
  end
  return other
end

--- The class in an object's type library whose default interface is the object's: for objects that don't say theirs.
local function class_in_library(o)
  local kind <const> = types.typeof(o)
  for _, class in ipairs(kind and kind.library and kind.library.types or {}) do
    local interface <const> = class.kind == "coclass" and typelib.default_interface(class)
    if interface and interface.guid == kind.guid then return class end
  end
end

--- { { iid =, type =, default = } }: the sources that the class of an object declares, the default one first.
local function declared_sources(o)
  local info <const>, default <const> = core.class_info(o)
  local list <const> = {}
  local class <const> = info and typelib.from_info(info) or class_in_library(o)
  for _, implemented in ipairs(class and class.implements or {}) do
    local source <const> = implemented.type
    if source and has(implemented.flags, "source") then
      local first <const> = default and source.guid == default or not default and has(implemented.flags, "default")
      table.insert(list, first and 1 or #list + 1, { iid = source.guid, type = source, default = first })
    end
  end
  return list, default
end

local function described(o, iid)
  local object_type <const> = types.typeof(o)
  local found <const> = object_type and object_type.library and object_type.library:find(iid)
  if found then return found end
  local info <const> = core.registered_type("Interface", iid)
  return info and typelib.from_info(info) or nil
end

--- The sources of an object that are described somewhere.
local function sources_of(o, subject)
  local list <const>, default <const> = declared_sources(o)
  local known <const> = {}
  for _, source in ipairs(list) do known[source.iid] = true end
  local points <const> = core.sources(o)
  if not points then
    errors.raise(CONNECT_E_NOCONNECTION, "the object has no events", { subject = subject })
  end
  for _, iid in ipairs(points) do
    local source <const> = not known[iid] and described(o, iid)
    if source then
      local first <const> = iid == default
      table.insert(list, first and 1 or #list + 1, { iid = iid, type = source, default = first })
    end
  end
  if #list == 0 then
    errors.raise(CONNECT_E_NOCONNECTION, "no type library describes the events of the object", { subject = subject })
  end
  return list
end

--- The sources of an object, for other parts of Oleander: { { iid =, type =, default = } }.
events.sources = sources_of

local function raise_unknown(sources, name, subject)
  local names <const> = {}
  for _, source in ipairs(sources) do
    for _, member in ipairs(events_of(source.type)) do names[#names + 1] = member.name end
  end
  local near <const> = errors.near(name, names)
  errors.raise(DISP_E_MEMBERNOTFOUND, ("there is no event %s%s"):format(name,
    #near > 0 and "; near names: " .. table.concat(near, ", ") or ""), { subject = subject })
end

-- listening

---A listener that is connected to an object.
---@class oleander.Connection
---@field source string the source interface
local Connection <const> = { __name = "oleander.Connection" }
Connection.__index = Connection

local handles <const> = setmetatable({}, { __mode = "k" })

---Disconnects. A connection that is dropped stays connected.
---@return boolean was_connected
function Connection:close()
  return core.unadvise(handles[self])
end

function Connection.__close(connection)
  core.unadvise(handles[connection])
end

function Connection.__tostring(connection)
  return "connection to " .. connection.source
end

--- An error of a handler: raised again where a running call of the script returns, else reported; the source gets it in
--- any case.
local function finish(ok, ...)
  if ok then return ... end
  if not core.is_called_out() then events.report((...)) end
  error((...), 0)
end

--- For each result of a member: the number of the argument whose value stays when the handler gives none.
local function kept_arguments(member)
  local kept <const>, results, argument = {}, 0, 0
  if member.type ~= "void" and member.type ~= "HRESULT" then results = 1 end
  for _, parameter in ipairs(member.parameters) do
    if has(parameter.flags, "retval") then results = results + 1 end
  end
  for _, parameter in ipairs(member.parameters) do
    local flags <const> = parameter.flags
    local out <const>, both <const> = has(flags, "out"), has(flags, "in")
    if not has(flags, "retval") and not has(flags, "lcid") then
      if both or not out then argument = argument + 1 end
      if out then
        results = results + 1
        if both then kept[results] = argument end
      end
    end
  end
  return next(kept) and kept, results
end

--- A method of the listener. The handler is looked for at each event: it may come and go.
local function make_method(member, handler)
  local kept <const>, count <const> = kept_arguments(member)
  if not kept then
    return function(_, ...)
      local f <const> = handler()
      if f then return finish(pcall(f, ...)) end
    end
  end
  return function(_, ...)
    local f <const>, arguments <const> = handler(), table.pack(...)
    local results <const> = f and table.pack(finish(pcall(f, ...))) or { n = 0 }
    for i = 1, count do
      if kept[i] and results[i] == nil then results[i] = arguments[kept[i]] end
    end
    return table.unpack(results, 1, count)
  end
end

local method_prefixes <const> = { get = "get_", put = "set_", putref = "set_", property = "get_" }

--- A listener answers that it has no member for an event which has no handler at the time.
local function advise(o, source, handler_of)
  local methods <const>, names <const> = {}, {}
  for _, member in ipairs(events_of(source.type)) do
    local key <const> = (method_prefixes[member.kind] or "") .. member.name
    names[key] = member.name
    methods[key] = make_method(member, function() return handler_of(member.name) end)
  end
  local sink <const> = setmetatable({}, {
    __index = function(_, key)
      return names[key] and handler_of(names[key]) and methods[key] or nil
    end,
  })
  local connection <const> = setmetatable({ source = source.type.name }, Connection)
  handles[connection] = core.advise(o, source.iid, typelib.handle(source.type), sink)
  return connection
end

--- com.on, and what com.await listens with; `subject` is the function that a message names.
function events.listen(o, name, f, subject)
  core.handle_check(o, subject)
  if type(name) ~= "string" or type(f) ~= "function" then
    errors.raise(E_INVALIDARG, "the name of an event and a function are wanted", { subject = subject })
  end
  local sources <const> = sources_of(o, subject)
  for _, source in ipairs(sources) do
    local member <const> = find_event(source.type, name)
    if member then
      return advise(o, source, function(event) return event == member.name and f end)
    end
  end
  raise_unknown(sources, name, subject)
end

---Calls f(args...) at each event of that name. What f returns goes to the event's [out] parameters.
---@param o oleander.Object
---@param name string
---@param f function
---@return oleander.Connection
function events.on(o, name, f)
  return events.listen(o, name, f, "com.on")
end

local function choose_source(sources, wanted)
  if wanted == nil then return sources[1] end
  local name <const> = typelib.is_type(wanted) and wanted.guid or tostring(wanted)
  local iid <const>, plain <const> = core.fold(name), core.fold(name:match "[^.]*$")
  for _, source in ipairs(sources) do
    if core.fold(source.iid) == iid or core.fold(source.type.name) == plain then return source end
  end
  errors.raise(CONNECT_E_NOCONNECTION, ("the object has no source %s"):format(name), { subject = "com.connect" })
end

---Connects a table of handlers, { Event = f }, to an object. Handlers may be added, changed and removed later.
---@param o oleander.Object
---@param handlers table<string, function>
---@param source string|oleander.Type|nil a source interface; the default one without it
---@return oleander.Connection
function events.connect(o, handlers, source)
  if type(handlers) ~= "table" then
    errors.raise(E_INVALIDARG, "a table of functions is wanted, not " .. core.type_name(handlers),
      { subject = "com.connect" })
  end
  local sources <const> = sources_of(o, "com.connect")
  local chosen <const> = choose_source(sources, source)
  for name, f in pairs(handlers) do
    local event <const> = type(name) == "string" and find_event(chosen.type, name)
    if type(name) == "string" and type(f) == "function" and not event then
      raise_unknown({ chosen }, name, "com.connect")
    end
    local meta <const> = debug.getmetatable(f)
    if event and type(f) ~= "function" and not (meta and rawget(meta, "__call")) then
      errors.raise(E_INVALIDARG, ("the handler of %s is %s, not a function"):format(name, core.type_name(f)),
        { subject = "com.connect" })
    end
  end
  return advise(o, chosen, function(event)
    local f = handlers[event]
    if f == nil then
      local folded <const> = core.fold(event)
      for name, other in pairs(handlers) do
        if type(name) == "string" and core.fold(name) == folded then f = other end
      end
    end
    return f
  end)
end

local function show(value)
  return type(value) == "string" and ("%q"):format(value) or tostring(value)
end

---Writes down which events an object has, and then each event as it comes, with its arguments.
---@param o oleander.Object
---@param write fun(line: string)|nil print
---@return oleander.Connection connection to the default source; the others are closed with it
function events.show_events(o, write)
  write = write or print
  local all <const> = {}
  for _, source in ipairs(sources_of(o, "com.show_events")) do
    write(("%s%s"):format(source.type.name, source.default and " (default)" or ""))
    for _, member in ipairs(events_of(source.type)) do write("  " .. tostring(member)) end
    local ok <const>, connection <const> = pcall(advise, o, source, function(name)
      return function(...)
        local values <const> = table.pack(...)
        for i = 1, values.n do values[i] = show(values[i]) end
        write(("%s(%s)"):format(name, table.concat(values, ", ")))
      end
    end)
    if ok then all[#all + 1] = connection else write("  (" .. tostring(connection) .. ")") end
  end
  local group <const> = setmetatable({ source = "all events" }, { __index = Connection, __name = Connection.__name,
    __close = function(group) group:close() end, __tostring = Connection.__tostring })
  function group.close()
    local was = false
    for _, connection in ipairs(all) do was = connection:close() or was end
    return was
  end
  return group
end

-- raising

--- Answers of listeners that are gone, and of those that don't handle the event.
local gone <const> = { [0x80010108] = true, [0x800401FD] = true, [0x800706BA] = true }
local ignored <const> = { [DISP_E_MEMBERNOTFOUND] = true, [E_NOTIMPL] = true }

--- What is known of an object's events: object or table -> { serial =, [name] = { point, exact name } }.
local known_points <const> = setmetatable({}, { __mode = "k" })

local function search_point(o, name)
  local points <const> = core.event_points(o)
  if not points then return nil end
  local sources <const> = {}
  for i, info in ipairs(points) do
    local source <const> = typelib.from_info(info)
    local member <const> = find_event(source, name)
    if member then return i, member.name end
    sources[i] = { type = source }
  end
  if #sources == 0 then
    errors.raise(CONNECT_E_NOCONNECTION, "the object has no source interface; its class or __events declares one",
      { subject = "com.fire" })
  end
  raise_unknown(sources, name, "com.fire")
end

local function find_point(o, name)
  local serial <const> = core.event_serial(o)
  local known = known_points[o]
  if not known or not serial or known.serial ~= serial then
    known = { serial = serial }
    known_points[o] = known
  end
  local found <const> = name ~= "serial" and known[name]
  if found then return found[1], found[2] end
  local point <const>, exact <const> = search_point(o, name)
  if point and name ~= "serial" then known[name] = { point, exact } end
  return point, exact
end

---Raises an event: every listener is called, in the order in which they came. An error of a listener is raised when all
---have been called.
---@param o oleander.Object|table an object written in Lua, or its table
---@param name string
---@param ... any
---@return any ... the [out] results of the listener that was called last
function events.fire(o, name, ...)
  if type(name) ~= "string" then
    errors.raise(E_INVALIDARG, "the name of an event is wanted, not " .. core.type_name(name), { subject = "com.fire" })
  end
  local point <const>, exact <const> = find_point(o, name)
  if not point then
    if type(o) == "userdata" and core.object_table(o) == nil then
      errors.raise(E_INVALIDARG, "this object is not written in this script", { subject = "com.fire" })
    end
    return
  end
  local sinks <const> = core.event_sinks(o, point)
  local results, failure
  for i = 1, #sinks, 2 do
    local sink <const>, cookie <const> = sinks[i], sinks[i + 1]
    if core.event_connected(o, point, cookie) then
      local answer <const> = table.pack(pcall(core.call, sink, exact, ...))
      local err <const> = answer[2]
      if answer[1] then
        results = answer
      elseif errors.is_error(err) and gone[err.hresult] then
        core.event_drop(o, point, cookie)
      elseif not failure and not (errors.is_error(err) and ignored[err.hresult]) then
        failure = answer
      end
    end
    core.release(sink)
  end
  if failure then error(failure[2], 0) end
  if results then return table.unpack(results, 2, results.n) end
end

return events
