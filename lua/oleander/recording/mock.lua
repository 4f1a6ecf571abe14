--- A recording as a server: an object that answers as the recorded one did, in the order of the recording, raises its
--- events where they came and calls back where it did.
local core <const> = require "oleander.core"
local errors <const> = require "oleander.errors"
local events <const> = require "oleander.events"
local kinds <const> = require "oleander.recording.kinds"
local loop <const> = require "oleander.loop"
local script <const> = require "oleander.recording.script"
local server <const> = require "oleander.server"
local typelib <const> = require "oleander.typelib"
local values <const> = require "oleander.recording.values"

core.own_source(debug.getinfo(1, "S").source)

local mock <const> = {}

local E_UNEXPECTED <const> = 0x8000FFFF
local DISPID_NEWENUM <const> = -4
local NEAREST <const> = 1000 -- lines that are looked at for the nearest one

---@class oleander.recording.Player
---@field script oleander.recording.Script
---@field done table<table, boolean> lines that were played
---@field first integer the first line that was not, perhaps
---@field tables table<integer, table> the mocks of the recorded objects
---@field clients table<integer, any> what clients gave, by number
---@field known table<userdata, integer> numbers of what clients gave
local Player <const> = {}
Player.__index = Player

--- Mock -> { player =, number =, list = }.
local mocks <const> = setmetatable({}, { __mode = "k" })

local function is_incoming(entry)
  return entry.kind ~= "event" and entry.kind ~= "callback"
end

-- values

local function client_key(value)
  if core.is_object(value) then return core.key(value) end
  return value -- an own object comes as its table
end

--- The item of an object that a client gives; its number when it is known.
function Player:item(value, kind)
  local own <const> = mocks[core.is_object(value) and core.object_table(value) or value]
  local t <const> = kind and kind.is_object and kind.t or "dispatch"
  if own and own.player == self then return { t = t, v = own.number } end
  return { t = t, v = self.known[client_key(value)] or 0, value = value }
end

function Player:encode_all(list, wanted)
  local context <const> = { absent = "missing", object = function(value, kind) return self:item(value, kind) end }
  local items <const> = {}
  for i = 1, list.n do items[i] = values.encode(list[i], wanted[i] or kinds.VARIANT, context) end
  return items
end

--- Whether the object that came is the recorded one; one that comes for the first time becomes it.
function Player:same_object(recorded, given, learnt)
  if given.v ~= 0 then return given.v == recorded.v end
  if self.clients[recorded.v] ~= nil or self.tables[recorded.v] or recorded.v == 1 then return false end
  learnt[#learnt + 1] = { recorded.v, given.value }
  return true
end

function Player:object(item, kind)
  local client <const> = self.clients[item.v]
  if client ~= nil then return client end
  return self:make(item.v, kind)
end

function Player:decode_all(items, wanted)
  local context <const> = {
    object = function(item, kind) return self:object(item, kind) end,
    record = function(item) return self.script:record(item) end,
  }
  local list <const> = { n = #items }
  for i, item in ipairs(items) do list[i] = values.decode(item, wanted[i] or kinds.VARIANT, context) end
  return list
end

-- playing

--- What happens by itself within a line, or between lines: events and callbacks.
function Player:act(entry)
  self.done[entry] = true
  local shape <const> = self.script:shape(entry.object)
  if entry.kind == "event" then
    local t <const> = self.tables[entry.object]
    local args <const> = self:decode_all(entry.args, mock.event_signature(shape, entry.member).takes)
    if t then pcall(events.fire, t, entry.member, table.unpack(args, 1, args.n)) end
  else
    self:call_back(entry, shape)
  end
end

local accesses <const> = { method = core.call_status, get = core.get, put = core.put, putref = core.putref }

function Player:call_back(entry, shape)
  local target = self.clients[entry.object]
  if target == nil then return end
  if not core.is_object(target) then target = core.object(target) end
  if entry.access == "enumerate" then
    for _ in core.each(target) do end
    return
  end
  local signature <const> = mock.signature(shape, entry.member, entry.access)
  local args <const> = self:decode_all(entry.args, signature.takes)
  pcall(accesses[entry.access], target, entry.member, table.unpack(args, 1, args.n))
end

--- Lines that come by themselves before the next call does: what is not within a line that runs still.
function Player:act_between(limit)
  for i = self.first, limit do
    local entry <const> = self.script.entries[i]
    if not self.done[entry] and not is_incoming(entry) and not (entry.during and self.running[entry.during]) then
      if not entry.during or self.over[entry.during] then self:act(entry) end
    end
  end
end

--- The next call that the recording has.
function Player:next_call()
  local entries <const> = self.script.entries
  while entries[self.first] and self.done[entries[self.first]] do self.first = self.first + 1 end
  for i = self.first, #entries do
    if is_incoming(entries[i]) and not self.done[entries[i]] then return entries[i], i end
  end
end

--- Events that came behind the last call and before the next one, at their time.
function Player:plan()
  local _ <const>, at <const> = self:next_call()
  local limit <const> = (at or #self.script.entries + 1) - 1
  for i = self.first, limit do
    local entry <const> = self.script.entries[i]
    if not self.done[entry] and not is_incoming(entry) and not (entry.during and not self.over[entry.during]) then
      local wait <const> = math.max((tonumber(entry.time) or 0) - self.clock, 0)
      local weak <const> = setmetatable({ self }, { __mode = "v" })
      loop.after(math.min(wait, 60), function()
        local player <const> = weak[1]
        if player and not player.done[entry] then player:act_between(i) end
      end)
    end
  end
end

--- How far a recorded call is from the one that came.
local function distance(entry, object, member, access, args)
  local far = 0
  if entry.member ~= member then
    far = far + (core.fold(entry.member) == core.fold(member) and 1 or 8)
  end
  if entry.object ~= object then far = far + 6 end
  if entry.kind ~= access then far = far + 2 end
  local count <const> = math.max(#args, #entry.args)
  for i = 1, count do
    local a <const>, b <const> = entry.args[i], args[i]
    if not (a and b and values.same(a, b, function(x, y) return x.v == y.v end)) then far = far + 4 / count end
  end
  return far
end

--- The recorded call that is most like the one that came, of those to come; nil: there is none.
function Player:nearest(object, member, access, args)
  local best, least
  local looked = 0
  for i = self.first, #self.script.entries do
    local entry <const> = self.script.entries[i]
    if is_incoming(entry) and not self.done[entry] then
      local far <const> = distance(entry, object, member, access, args)
      if not least or far < least then best, least = entry, far end
      looked = looked + 1
      if looked == NEAREST then break end
    end
  end
  return best
end

function Player:refuse(object, member, access, args)
  local came <const> = self.script:call_text({ object = object, member = member, kind = access, args = args })
  local expected <const> = self:next_call()
  local text
  if not expected then
    text = ("%s was not expected: the recording is at its end"):format(came)
  else
    text = ("%s was not expected; the next call in the recording is %s (n %d)"):format(came,
      self.script:call_text(expected), expected.n)
    local near <const> = self:nearest(object, member, access, args)
    if near ~= expected then
      text = ("%s; the nearest is %s (n %d)"):format(text, self.script:call_text(near), near.n)
    end
  end
  server.error(E_UNEXPECTED, text, { source = "com.replay" })
end

--- Answers a call: it has to be the next one of the recording.
function Player:answer(number, member, access, signature, arguments)
  local args <const> = self:encode_all(arguments, signature.takes)
  local entry <const>, at <const> = self:next_call()
  local learnt <const> = {}
  local matches <const> = entry and entry.object == number and entry.kind == access and entry.member == member
    and values.same_lists(entry.args, args, function(a, b) return self:same_object(a, b, learnt) end)
  if not matches then self:refuse(number, member, access, args) end
  self:act_between(at - 1)
  self.done[entry], self.running[entry.n] = true, true
  for _, pair in ipairs(learnt) do
    self.clients[pair[1]], self.known[client_key(pair[2])] = pair[2], pair[1]
  end
  for _, inner in ipairs(self.script.inner[entry.n] or {}) do
    if not is_incoming(inner) and not self.done[inner] then self:act(inner) end
  end
  self.running[entry.n], self.over[entry.n] = nil, true
  self.clock = (tonumber(entry.time) or 0) + (tonumber(entry.us) or 0) / 1e6
  local read <const>, results <const> = pcall(self.decode_all, self, entry.results, signature.gives)
  self:plan()
  script.raise(entry)
  if not read then error(results, 0) end
  if access == "enumerate" then return table.unpack(results, 1, results.n) end
  return script.with_status(entry.hresult, signature, results)
end

-- mocks

---What a member of a shape takes and gives.
---@param shape oleander.recording.Shape?
---@return oleander.recording.Signature
function mock.signature(shape, name, access)
  for _, part in ipairs(shape and shape.parts or {}) do
    for _, member in ipairs(part.members) do
      local kind <const> = member.kind
      if member.name == name and (kind == access or kind == "property" and (access == "get" or access == "put")) then
        return kinds.signature(member, access == "put")
      end
    end
  end
  return { takes = {}, gives = {}, names = {} }
end

---What an event of a shape takes and gives.
---@param shape oleander.recording.Shape?
---@return oleander.recording.Signature
function mock.event_signature(shape, name)
  for _, source in ipairs(shape and shape.sources or {}) do
    for _, member in ipairs(kinds.members(source)) do
      if member.name == name then return kinds.signature(member) end
    end
  end
  return { takes = {}, gives = {}, names = {} }
end

local function add_access(player, t, key, number, member, access)
  if rawget(t, key) ~= nil then return end
  local signature <const> = kinds.signature(member, access == "put")
  local name <const> = member.name
  t[key] = function(_, ...)
    return player:answer(number, name, access, signature, table.pack(...))
  end
end

--- Both kinds of assignment arrive as set_Name: the recording says which one it was.
local function add_setters(player, t, number, put, putref)
  local name <const> = (put or putref).name
  if put and putref then
    local takes <const> = kinds.signature(put)
    t["set_" .. name] = function(_, ...)
      local expected <const> = player:next_call()
      local access <const> = expected and expected.kind == "putref" and "putref" or "put"
      return player:answer(number, name, access, takes, table.pack(...))
    end
  elseif put then
    add_access(player, t, "set_" .. name, number, put, "put")
  else
    add_access(player, t, "set_" .. name, number, putref, "putref")
  end
end

local function add_members(player, t, meta, number, part)
  local puts <const>, putrefs <const> = {}, {}
  for _, member in ipairs(part.members) do
    local kind <const>, name <const> = member.kind, member.name
    if member.id == DISPID_NEWENUM then
      meta.__pairs = function()
        local list <const> = table.pack(player:answer(number, "_NewEnum", "enumerate", { takes = {}, gives = {} },
          { n = 0 }))
        local i = 0
        return function()
          i = i + 1
          if i <= list.n then return i, list[i] end
        end
      end
    elseif kind == "method" then
      add_access(player, t, name, number, member, "method")
    end
    if (kind == "get" or kind == "property") and member.id ~= DISPID_NEWENUM then
      add_access(player, t, "get_" .. name, number, member, "get")
    end
    if kind == "put" or kind == "property" then puts[name] = member end
    if kind == "putref" then putrefs[name] = member end
  end
  for name, put in pairs(puts) do add_setters(player, t, number, put, putrefs[name]) end
  for name, putref in pairs(putrefs) do
    if not puts[name] then add_setters(player, t, number, nil, putref) end
  end
end

---The mock of a recorded object.
---@param number integer
---@param kind oleander.recording.Kind?
---@return oleander.Object
function Player:make(number, kind)
  local known <const> = self.tables[number]
  if known then return core.object(known, mocks[known].list) end
  local shape <const> = self.script:shape(number)
  local meta <const> = { __status = true }
  local t <const> = setmetatable({}, meta)
  local list = {}
  for i, part in ipairs(shape and shape.parts or {}) do
    add_members(self, t, meta, number, part)
    list[i] = typelib.handle(part.type)
  end
  if shape and shape.class then
    list = { (typelib.handle(shape.class)) }
  elseif shape and shape.sources[1] then
    meta.__events = {}
    server.given_sources[t] = typelib.handle(shape.sources[1])
  elseif not shape and kind and kind.info then
    list = { kind.info }
  end
  mocks[t] = { player = self, number = number, list = #list > 0 and list or nil }
  self.tables[number] = t
  core.mark_exact(t)
  return core.object(t, mocks[t].list)
end

---An object that answers as a recording has it.
---@param read oleander.recording.Script
---@return oleander.Object
function mock.object(read)
  local player <const> = setmetatable({ script = read, done = {}, first = 1, tables = {}, clients = {},
    known = setmetatable({}, { __mode = "k" }), running = {}, over = {}, clock = tonumber(read.header.time) or 0 },
    Player)
  if not read:shape(1) then
    errors.raise(script.E_FAIL, read.path .. ": the recording does not say what the object is",
      { subject = "com.replay" })
  end
  local object <const> = player:make(1)
  player:plan()
  return object
end

mock.decode_all = Player.decode_all
return mock
