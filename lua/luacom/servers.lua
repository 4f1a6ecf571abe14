--- Interfaces implemented by Lua tables, events, classes: LuaCOM's rules for members over com.object.
local com <const> = require "oleander"
local objects <const> = require "luacom.objects"
local report <const> = require "luacom.report"
local values <const> = require "luacom.values"

local servers <const> = {}
local DISP_E_EXCEPTION <const>, DISP_E_MEMBERNOTFOUND <const> = 0x80020009, 0x80020003
local LEVEL_LIMIT <const> = 32

local weak_keys <const> = { __mode = "k" }
local implementation_of <const> = setmetatable({}, weak_keys) -- what Oleander calls -> the implementing table
local object_of <const> = setmetatable({}, weak_keys)         -- implementing table -> its latest object
local facts_of <const> = setmetatable({}, weak_keys)          -- LuaCOM object -> what it implements

---The object for a value that stands for one: a LuaCOM object, or an implementing table.
function values.unwrap(value)
  if type(value) ~= "table" then return nil end
  return objects.object(value) or object_of[value]
end

function values.of_own(value)
  return implementation_of[value]
end

-- types

local function has(list, flag)
  for _, one in ipairs(list) do
    if one == flag then return true end
  end
  return false
end

---The members of an interface and its bases, most derived first.
---@param kind oleander.Type
---@return oleander.Member[]
function servers.members(kind)
  local list <const>, current = {}, kind
  if kind.kind == "dispinterface" and kind.dual then current = kind.other_half or kind end
  for _ = 1, LEVEL_LIMIT do
    if not current or current.name == "IUnknown" or current.name == "IDispatch" then break end
    for _, member in ipairs(current.members) do list[#list + 1] = member end
    current = current.kind == "interface" and current.base or nil
  end
  return list
end

---An interface of a class: the default one, or the default source.
---@param class oleander.Type
---@param source boolean
---@return oleander.Type?
function servers.default_interface(class, source)
  local first
  for _, implemented in ipairs(class.implements) do
    local flags <const> = implemented.flags
    if implemented.type and has(flags, "source") == source then
      if has(flags, "default") then return implemented.type end
      first = first or implemented.type
    end
  end
  return first
end

--- "{CLSID}" of a ProgID, or nil.
function servers.clsid(id)
  if id:sub(1, 1) == "{" then return com.guid(id) end
  local registry <const> = require "oleander.registry"
  local clsid = registry.value(id .. "\\CLSID")
  if not clsid then
    local current <const> = registry.value(id .. "\\CurVer")
    clsid = current and registry.value(current .. "\\CLSID")
  end
  return clsid
end

local function class_in(library, id)
  local clsid <const> = servers.clsid(id)
  local found <const> = clsid and library:find(com.guid(clsid)) or library:find(id:match "[^.]+%.([^.]+)" or id)
  if not found or found.kind ~= "coclass" then report.fail(("no type library describes the class %s"):format(id)) end
  return found
end

-- how members are answered

--- { kind, element } of the results of a member, in Oleander's order.
local function results_of(member)
  local list <const> = {}
  local value
  for _, parameter in ipairs(member.parameters) do
    local kind <const>, element <const> = values.kind(parameter.type)
    if has(parameter.flags, "retval") then
      value = { kind = kind, element = element }
    elseif has(parameter.flags, "out") then
      list[#list + 1] = { kind = kind, element = element }
    end
  end
  if not value and member.type ~= "void" and member.type ~= "HRESULT" and member.kind ~= "put" then
    local kind <const>, element <const> = values.kind(member.type)
    value = { kind = kind, element = element }
  end
  if value then table.insert(list, 1, value) end
  return list
end

local function give(results, ok, ...)
  if not ok then
    local problem <const> = ...
    if type(problem) == "string" then com.error(DISP_E_EXCEPTION, problem, { source = "LuaCOM" }) end
    error(problem, 0)
  end
  local list <const> = { ... }
  for i, result in ipairs(results) do
    if list[i] ~= nil then list[i] = values.to_com(list[i], result.kind, result.element) end
  end
  return table.unpack(list, 1, math.min(#results, select("#", ...)))
end

local function taken(...)
  local list <const> = { ... }
  local count <const> = select("#", ...)
  for i = 1, count do list[i] = values.from_com(list[i]) end
  return table.unpack(list, 1, count)
end

local function no_member(name)
  com.error(DISP_E_MEMBERNOTFOUND, ("%s is not implemented"):format(name), { source = "LuaCOM" })
end

local function read_property(implementation, name, ...)
  local value <const> = implementation[name]
  if type(value) == "function" then return value(implementation, ...) end
  if select("#", ...) == 0 then return value end
  if type(value) ~= "table" then no_member(name) end
  return value[(...)]
end

local function write_property(implementation, name, ...)
  local field <const> = implementation[name]
  if type(field) == "function" then return field(implementation, ...) end
  local count <const> = select("#", ...)
  if count == 1 then
    implementation[name] = ...
  elseif count == 2 and type(field) == "table" then
    local index <const>, value <const> = ...
    field[index] = value
  else
    error(("the property %s can't be assigned with %d values"):format(name, count), 0)
  end
end

local function call_method(implementation, name, ...)
  local f <const> = implementation[name]
  if type(f) ~= "function" then no_member(name) end
  return f(implementation, ...)
end

--- The function that answers a member of `implementation`, as com.object calls it.
local function answer(implementation, member, how)
  local name <const>, results <const> = member.name, results_of(member)
  return function(_, ...)
    return give(results, pcall(how, implementation, name, taken(...)))
  end
end

--- The table that com.object calls.
local function handlers_of(implementation, kinds)
  local handlers <const> = {}
  local function add(key, member, how)
    if handlers[key] == nil then handlers[key] = answer(implementation, member, how) end
  end
  for _, kind in ipairs(kinds) do
    for _, member in ipairs(servers.members(kind)) do
      local name <const> = member.name
      if member.kind == "method" then
        add(name, member, call_method)
      elseif member.kind == "get" then
        add("get_" .. name, member, read_property)
      elseif member.kind == "put" or member.kind == "putref" then
        add("set_" .. name, member, write_property)
      elseif member.kind == "property" then
        add("get_" .. name, member, read_property)
        add("set_" .. name, { name = name, parameters = {}, type = "void", kind = "put" }, write_property)
      end
    end
  end
  implementation_of[handlers] = implementation
  return handlers
end

---Makes the object of an implementing table.
---@param implementation any table or userdata
---@param kind oleander.Type the interface
---@param class oleander.Type? with its events
---@param progid string?
---@return table a LuaCOM object
function servers.implement(implementation, kind, class, progid)
  local kinds <const> = { kind }
  local default <const> = class and servers.default_interface(class, false)
  if default and default.guid ~= kind.guid then kinds[2] = default end
  local wanted = class or kind
  if #kinds > 1 then wanted = { kind, class } end
  local o <const> = com.object(handlers_of(implementation, kinds), wanted)
  local self <const> = objects.new(o)
  if type(implementation) == "table" then object_of[implementation] = o end
  facts_of[self] = { implementation = implementation, kind = kind, class = class, progid = progid }
  return self
end

local function find_interface(library, name, where)
  local kind <const> = library:find(name)
  if not kind or kind.kind ~= "interface" and kind.kind ~= "dispinterface" then
    report.fail(("there is no interface %s in the type library of %s"):format(name, where))
  end
  return kind
end

function servers.impl_interface(implementation, progid, name)
  local library <const> = com.typelib(progid)
  return servers.implement(implementation, find_interface(library, name, progid), nil, progid)
end

function servers.impl_from_typelib(implementation, path, name, class_name)
  local library <const> = com.typelib(path)
  local class <const> = class_name and library:find(class_name)
  if class_name and (not class or class.kind ~= "coclass") then
    report.fail(("there is no class %s in %s"):format(class_name, path))
  end
  return servers.implement(implementation, find_interface(library, name, path), class)
end

---The table whose calls are events of the object. Errors of listeners are passed over, there are no results.
local function event_table(o)
  return setmetatable({}, { type = "LuaCOM", __index = function(_, name)
    return function(_, ...)
      local list <const>, count <const> = { ... }, select("#", ...)
      for i = 1, count do list[i] = values.to_com(list[i], "raw") end
      pcall(com.fire, o, name, table.unpack(list, 1, count))
    end
  end })
end

function servers.new_object(implementation, progid)
  local library <const> = com.typelib(progid)
  local class <const> = class_in(library, progid)
  local kind <const> = servers.default_interface(class, false)
  if not kind then report.fail(("the class %s has no interface"):format(progid)) end
  local self <const> = servers.implement(implementation, kind, class, progid)
  if not servers.default_interface(class, true) then return self end
  return self, event_table(objects.object(self))
end

--- __tocom: { typelib, interface [, coclass] } or { progid, interface }.
function values.make(implementation, how)
  local library <const> = how.typelib or how[1]
  local name <const> = how.interface or how[2]
  local self
  if how.progid or not tostring(library):find "[/\\.]tlb$" and not tostring(library):find "/" then
    self = servers.impl_interface(implementation, how.progid or library, name)
  else
    self = servers.impl_from_typelib(implementation, library, name, how.coclass or how[3])
  end
  return objects.object(self)
end

-- events

--- client -> list of { cookie, connection }
local connections <const> = setmetatable({}, weak_keys)
local last_cookie = 0

--- The handlers of a sink as com.connect takes them: looked up at each event, as tables are changed later.
local function handlers_of_events(implementation, kind)
  local made <const> = {}
  local members <const> = {}
  for _, member in ipairs(servers.members(kind)) do members[member.name:lower()] = member end
  return setmetatable({}, { __index = function(_, name)
    local member <const> = type(name) == "string" and members[name:lower()]
    if not member or type(implementation[member.name]) ~= "function" then return nil end
    if not made[member.name] then
      local f <const> = answer(implementation, member, call_method)
      made[member.name] = function(...) return f(nil, ...) end
    end
    return made[member.name]
  end })
end

--- The source interface by which an object tells its events.
local function source_of(client)
  local facts <const> = facts_of[client]
  local class = facts and facts.class
  local kind <const> = not class and com.typeof(objects.object(client))
  for _, candidate in ipairs(kind and kind.library and kind.library.types or {}) do
    local default <const> = candidate.kind == "coclass" and servers.default_interface(candidate, false)
    if default and default.guid == kind.guid then
      class = candidate
      break
    end
  end
  local source <const> = class and servers.default_interface(class, true)
  if not source then report.fail "no type library describes the events of the object" end
  return source
end

local function advise(client, implementation, kind)
  local connection <const> = com.connect(objects.object(client), handlers_of_events(implementation, kind), kind)
  last_cookie = last_cookie + 1
  local list <const> = connections[client] or {}
  connections[client] = list
  list[#list + 1] = { cookie = last_cookie, connection = connection }
  return last_cookie
end

function servers.connect(client, implementation)
  local kind <const> = source_of(client)
  local sink <const> = servers.implement(implementation, kind)
  return sink, advise(client, implementation, kind)
end

function servers.add_connection(client, sink)
  local facts <const> = facts_of[sink]
  if not facts then report.fail "the sink is no object that this script implements" end
  return advise(client, facts.implementation, facts.kind)
end

---Without a cookie the last connection ends.
function servers.release_connection(client, cookie)
  local list <const> = connections[client] or {}
  for i = #list, 1, -1 do
    if cookie == nil or list[i].cookie == cookie then
      table.remove(list, i).connection:close()
      return
    end
  end
end

-- classes

local exposed <const> = {}
servers.hosting = false -- set while a file runs that COM loads as a server in the process

function servers.expose(self)
  local facts <const> = facts_of[self]
  local clsid <const> = facts and (facts.class and facts.class.guid or facts.progid and servers.clsid(facts.progid))
  if not clsid then report.fail "the object has no class: make it with NewObject, or name its coclass" end
  local o <const> = objects.object(self)
  local definition <const> = { clsid = clsid, progid = facts.progid and facts.progid:sub(1, 1) ~= "{" and facts.progid
    or nil, class = function() return o end }
  last_cookie = last_cookie + 1
  if servers.hosting then
    com.main(definition)
  else
    exposed[last_cookie] = com.serve(definition)
  end
  return last_cookie
end

function servers.revoke(cookie)
  local registration <const> = exposed[cookie]
  exposed[cookie] = nil
  if not registration then report.fail(("nothing is exposed with the cookie %s"):format(tostring(cookie))) end
  registration:close()
  return true
end

return servers
