--- Recording an object: a stand-in that implements the object's whole class passes every call on and writes it down.
--- What comes out of it or goes into it has a stand-in too: objects that it returns, callbacks that clients give it.
local core <const> = require "oleander.core"
local errors <const> = require "oleander.errors"
local events <const> = require "oleander.events"
local kinds <const> = require "oleander.recording.kinds"
local libraries <const> = require "oleander.recording.libraries"
local lines <const> = require "oleander.recording.lines"
local script <const> = require "oleander.recording.script"
local server <const> = require "oleander.server"
local shapes <const> = require "oleander.recording.shapes"
local typelib <const> = require "oleander.typelib"
local values <const> = require "oleander.recording.values"

core.own_source(debug.getinfo(1, "S").source)

local spy <const> = {}

local E_INVALIDARG <const>, E_FAIL <const> = 0x80070057, 0x80004005
local DISPID_NEWENUM <const> = -4

---@class oleander.recording.Recorder
---@field writer oleander.recording.Writer
---@field next integer of the next line
---@field objects integer how many have a number
---@field running integer[] the calls that have not returned
---@field numbers table<userdata, integer> by the key of an object
---@field proxies table<userdata, table> stand-ins by the key of what they stand for
---@field described table<string, boolean> LIBIDs that the recording knows
local Recorder <const> = {}
Recorder.__index = Recorder

--- Stand-in -> { recorder =, number =, original =, key =, side = }.
local standing <const> = setmetatable({}, { __mode = "k" })

local accesses <const> = {
  method = function(...) return core.call_status(...) end,
  get = function(...) return 0, core.get(...) end,
  put = function(...) return 0, core.put(...) end,
  putref = function(...) return 0, core.putref(...) end,
}

-- objects

--- What is known of a stand-in; nil: the value is none of this recorder's.
local function state_of(recorder, value)
  local state <const> = standing[core.is_object(value) and core.object_table(value) or value]
  return state and state.recorder == recorder and state or nil
end

--- The object of a stand-in.
local function object_of(t)
  return core.object(t, standing[t].list)
end

local function full_name(kind)
  local library <const> = kind.library
  return (library and library.name ~= "" and library.name .. "." or "") .. kind.name
end

--- What a line says of the library of a type: all of it for the first time, then its LIBID.
function Recorder:library(kind)
  local library <const> = kind.library
  if not library then return nil end
  if self.described[library.guid] then return library.guid end
  self.described[library.guid] = true
  return libraries.describe(library)
end

local function progid_of(clsid)
  local found <const>, progid <const> = pcall(function()
    return require "oleander.registry".value("CLSID\\" .. clsid .. "\\ProgID")
  end)
  return found and progid or nil
end

--- Adds what the first line with an object says of it.
function Recorder:define(item, shape)
  item.type, item.guid, item.library = full_name(shape.type), shape.type.guid, self:library(shape.type)
  if shape.class then
    item.class = { name = shape.class.name, guid = shape.class.guid, progid = progid_of(shape.class.guid) }
  elseif #shape.sources > 0 then
    item.sources = lines.list()
    for i, source in ipairs(shape.sources) do
      item.sources[i] = { type = source.name, guid = source.guid, library = self:library(source) }
    end
  end
  return item
end

--- The object behind a value as the script gets it: own objects come as their tables.
local function handle_of(value, kind)
  if core.is_object(value) then return value end
  if kind and kind.info then
    local made <const>, object <const> = pcall(core.object, value, { kind.info })
    if made then return object end
  end
  return core.object(value)
end

local function shape_of(object, kind)
  local found <const>, shape <const> = pcall(shapes.of_object, object)
  if found and shape then return shape end
  return kind and kind.info and shapes.of_type(typelib.from_info(kind.info)) or nil
end

--- The item of an object. It is kept until the call is over, so that it stays the same object.
function Recorder:item(value, kind)
  local state <const> = state_of(self, value)
  local t <const> = kind and kind.is_object and kind.t or "dispatch"
  if state then return { t = t, v = state.number } end
  local object <const> = handle_of(value, kind)
  local key <const> = core.key(object)
  self.kept[#self.kept + 1] = key
  local item <const> = { t = t, v = self.numbers[key] }
  if item.v then return item end
  self.objects = self.objects + 1
  item.v, self.numbers[key] = self.objects, self.objects
  local shape <const> = shape_of(object, kind)
  return shape and self:define(item, shape) or item
end

--- What the other side gets for an object: the stand-in, or what a stand-in stands for.
function Recorder:pass_object(value, kind, side)
  local state <const> = state_of(self, value)
  if state then return state.original end
  local object <const> = handle_of(value, kind)
  local key <const> = core.key(object)
  local proxy <const> = self.proxies[key]
  if proxy then return object_of(proxy) end
  local shape <const> = shape_of(object, kind)
  if not shape then return value end
  return self:stand_in(object, key, shape, side)
end

--- What the other side gets for a value.
function Recorder:pass(value, kind, side)
  local lua_type <const> = type(value)
  if lua_type == "table" and (kind.is_object or kind.t == "variant") then return self:pass_object(value, kind, side) end
  if lua_type ~= "userdata" then return value end
  if core.is_object(value) then return self:pass_object(value, kind, side) end
  if core.type_name(value) == "an array" then
    local of <const> = value:type()
    if of == "dispatch" or of == "unknown" or of == "variant" then
      local element <const> = kind.element or { t = of, is_object = of ~= "variant" }
      for i = 1, #value do
        local one <const> = value[i]
        local passed <const> = self:pass(one, element, side)
        if not rawequal(one, passed) then value[i] = passed end
      end
    end
  end
  return value
end

function Recorder:pass_all(list, wanted, side)
  local passed <const> = { n = list.n }
  for i = 1, list.n do passed[i] = self:pass(list[i], wanted[i] or kinds.VARIANT, side) end
  return passed
end

-- lines

function Recorder:encode_all(list, wanted, absent)
  local context <const> = {
    absent = absent,
    object = function(value, kind) return self:item(value, kind) end,
    library = function(kind) return self:library(kind) end,
  }
  local items <const> = lines.list()
  for i = 1, list.n do items[i] = values.encode(list[i], wanted[i] or kinds.VARIANT, context) end
  return items
end

--- Begins a line, which is written when what it tells of has ended.
function Recorder:begin(number, kind, member, access)
  local entry <const> = { n = self.next, time = core.wall_clock(), thread = core.thread_id(),
    during = self.running[#self.running], object = number, kind = kind, member = member,
    access = kind == "callback" and access or nil }
  self.next = self.next + 1
  self.running[#self.running + 1] = entry.n
  entry.began = core.monotonic()
  return entry
end

local function error_of(err)
  if not errors.is_error(err) then return E_FAIL, { description = tostring(err) } end
  return err.hresult, { name = err.name, description = err.description, source = err.source,
    helpfile = err.helpfile, helpcontext = err.helpcontext }
end

function Recorder:finish(entry)
  entry.us = math.floor((core.monotonic() - entry.began) * 1e6 + 0.5)
  entry.began = nil
  for i = #self.running, 1, -1 do
    if self.running[i] == entry.n then table.remove(self.running, i) end
  end
  self.writer:write(entry)
  if #self.running == 0 then self.kept = {} end
end

--- Runs what a line tells of, with the arguments as the other side gets them; gives or raises what it did. New objects
--- among the results belong to the side `there`, those among the arguments to `here`.
function Recorder:run(entry, signature, arguments, there, here, f)
  entry.args = self:encode_all(arguments, signature.takes, "missing")
  local passed <const> = self:pass_all(arguments, signature.takes, here)
  local results <const> = table.pack(pcall(f, table.unpack(passed, 1, passed.n)))
  if not results[1] then
    entry.hresult, entry.error = error_of(results[2])
    entry.results = lines.list()
    self:finish(entry)
    error(results[2], 0)
  end
  entry.hresult = results[2]
  local given <const> = { n = math.max(results.n - 2, 0) }
  table.move(results, 3, results.n, 1, given)
  entry.results = self:encode_all(given, signature.gives)
  local back <const> = self:pass_all(given, signature.gives, there)
  self:finish(entry)
  return script.with_status(entry.hresult, signature, back)
end

-- stand-ins

local function other_side(side)
  return side == "server" and "client" or "server"
end

--- A method of the stand-in for the access to a member.
local function make_method(recorder, state, handle, member, access)
  local signature <const> = kinds.signature(member, access == "put")
  local name <const>, side <const> = member.name, state.side
  local call <const> = accesses[access]
  return function(_, ...)
    local entry <const> = recorder:begin(state.number, side == "server" and access or "callback", name, access)
    return recorder:run(entry, signature, table.pack(...), side, other_side(side), function(...)
      if next(signature.counted) == nil then return call(handle, name, ...) end
      local passed <const> = kinds.passing(signature, handle, table.pack(...))
      return call(handle, name, table.unpack(passed, 1, passed.n))
    end)
  end
end

--- Both kinds of assignment arrive as set_Name: the one that the value is meant for.
local function make_setter(recorder, state, handle, put, putref)
  local by_value <const> = put and make_method(recorder, state, handle, put, "put")
  local by_reference <const> = putref and make_method(recorder, state, handle, putref, "putref")
  if not (by_value and by_reference) then return by_value or by_reference end
  return function(...)
    local value <const> = select(select("#", ...), ...)
    if type(value) == "table" or core.is_object(value) then return by_reference(...) end
    return by_value(...)
  end
end

local function add_member(recorder, state, handle, setters, member)
  local t <const>, name <const>, kind <const> = state.table, member.name, member.kind
  if kind == "method" and t[name] == nil then t[name] = make_method(recorder, state, handle, member, "method") end
  if (kind == "get" or kind == "property") and t["get_" .. name] == nil then
    t["get_" .. name] = make_method(recorder, state, handle, member, "get")
  end
  if kind == "put" or kind == "putref" or kind == "property" and not kinds.has(member.flags, "readonly") then
    setters[name] = setters[name] or {}
    setters[name][kind == "putref" and "putref" or "put"] = member
  end
end

--- An enumeration is written down when it begins, with all its elements.
local function make_loop(recorder, state, handle)
  return function()
    local entry <const> = recorder:begin(state.number, state.side == "server" and "enumerate" or "callback", "_NewEnum",
      "enumerate")
    local elements <const> = table.pack(recorder:run(entry, { takes = {}, gives = {} }, { n = 0 }, state.side,
      other_side(state.side), function()
        local list <const> = { n = 0 }
        for _, value in core.each(handle) do
          list.n = list.n + 1
          list[list.n] = value
        end
        return 0, table.unpack(list, 1, list.n)
      end))
    local i = 0
    return function()
      i = i + 1
      if i <= elements.n then return i, elements[i] end
    end
  end
end

local prefixes <const> = { get = "get_", put = "set_", putref = "set_", property = "get_" }

--- Hears the events of an object and raises those of its stand-in, as long as that is there.
local function listen(recorder, state, source)
  local weak <const> = setmetatable({ state = state }, { __mode = "v" })
  local sink <const> = {}
  for _, member in ipairs(kinds.members(source)) do
    local signature <const> = kinds.signature(member)
    sink[(prefixes[member.kind] or "") .. member.name] = function(_, ...)
      local of <const> = weak.state
      if not of then return end
      local entry <const> = recorder:begin(of.number, "event", member.name)
      return recorder:run(entry, signature, table.pack(...), "client", "server", function(...)
        return 0, events.fire(of.table, member.name, ...)
      end)
    end
  end
  core.mark_exact(sink)
  pcall(core.advise, state.original, source.guid, typelib.handle(source), sink)
end

---Makes the stand-in for an object. `side`: whose object it is.
---@return oleander.Object
function Recorder:stand_in(object, key, shape, side)
  local meta <const> = { __name = shape.parts[1] and shape.parts[1].type.name, __status = true }
  local t <const> = setmetatable({}, meta)
  local state <const> = { recorder = self, number = self.numbers[key], original = object, key = key, side = side,
    table = t, list = {} }
  if not state.number then
    self.objects = self.objects + 1
    state.number, self.numbers[key] = self.objects, self.objects
  end
  standing[t] = state
  for i, part in ipairs(shape.parts) do
    local info <const>, guid <const> = typelib.handle(part.type)
    local queried <const>, handle <const> = pcall(core.query, object, guid, info)
    local exact <const> = core.exact(queried and i > 1 and handle or object)
    local setters <const> = {}
    for _, member in ipairs(part.members) do
      if member.id == DISPID_NEWENUM then
        meta.__pairs = make_loop(self, state, exact)
      else
        add_member(self, state, exact, setters, member)
      end
    end
    for name, setter in pairs(setters) do
      if t["set_" .. name] == nil then
        t["set_" .. name] = make_setter(self, state, exact, setter.put, setter.putref)
      end
    end
    state.list[i] = info
  end
  if shape.class then
    state.list = { (typelib.handle(shape.class)) }
  elseif shape.sources[1] then
    meta.__events = {}
    server.given_sources[t] = typelib.handle(shape.sources[1])
  end
  if #state.list == 0 then state.list = nil end
  core.mark_exact(t)
  self.proxies[key] = t
  local made <const> = core.object(t, state.list)
  for _, source in ipairs(shape.sources) do listen(self, state, source) end
  return made
end

---Records an object into a file.
---@param o oleander.Object
---@param path string
---@return oleander.Object
function spy.record(o, path)
  core.handle_check(o, "com.spy")
  if type(path) ~= "string" then
    errors.raise(E_INVALIDARG, "the path of a file is wanted, not " .. core.type_name(path),
      { subject = "com.spy", argument = { index = 2 } })
  end
  local shape <const> = shapes.of_object(o)
  if not shape then
    errors.raise(E_INVALIDARG, "the object has no type information; com.assume(o, interface) gives it some",
      { subject = "com.spy" })
  end
  local recorder <const> = setmetatable({ writer = lines.create(path, "com.spy"), next = 1, objects = 0, running = {},
    kept = {}, numbers = setmetatable({}, { __mode = "k" }), proxies = setmetatable({}, { __mode = "kv" }),
    described = {} }, Recorder)
  local key <const> = core.key(o)
  recorder.objects, recorder.numbers[key] = 1, 1
  local object <const> = recorder:define({ t = "dispatch", v = 1 }, shape)
  local library <const> = object.library
  object.library = type(library) == "table" and library.guid or library
  recorder.writer:write { format = lines.FORMAT, version = lines.VERSION, time = core.wall_clock(),
    type = object.type, iid = shape.parts[1] and shape.parts[1].type.guid, library = library, object = object }
  return recorder:stand_in(o, key, shape, "server")
end

return spy
