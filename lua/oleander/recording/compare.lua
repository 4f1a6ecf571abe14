--- A recording against another server: every call of its clients is made again, and what differs is listed.
local core <const> = require "oleander.core"
local errors <const> = require "oleander.errors"
local kinds <const> = require "oleander.recording.kinds"
local loop <const> = require "oleander.loop"
local mock <const> = require "oleander.recording.mock"
local script <const> = require "oleander.recording.script"
local shapes <const> = require "oleander.recording.shapes"
local typelib <const> = require "oleander.typelib"
local values <const> = require "oleander.recording.values"

core.own_source(debug.getinfo(1, "S").source)

local compare <const> = {}

local WAIT <const> = 2 -- seconds that an event may be later than in the recording
local STEP <const> = 0.02

---@class oleander.recording.Comparison
---@field script oleander.recording.Script
---@field differences oleander.Difference[]
---@field live table<integer, oleander.Object> objects of the server, by number
---@field numbers table<userdata, integer>
---@field tables table<integer, table> callbacks of the recording's clients
---@field heard table[] events that came and were not looked at
---@field called table<table, boolean> callbacks that came
---@field current table? the line that is played
local Comparison <const> = {}
Comparison.__index = Comparison

-- values

local stand <const> = setmetatable({}, { __mode = "k" }) -- callback -> { comparison =, number =, list = }

function Comparison:item(value, kind)
  local own <const> = stand[core.is_object(value) and core.object_table(value) or value]
  local t <const> = kind and kind.is_object and kind.t or "dispatch"
  if own and own.comparison == self then return { t = t, v = own.number } end
  local object <const> = core.is_object(value) and value or core.object(value)
  local key <const> = core.key(object)
  self.keys[key] = true
  return { t = t, v = self.numbers[key] or 0, object = object, key = key }
end

function Comparison:encode_all(list, wanted, absent)
  local context <const> = { absent = absent, object = function(value, kind) return self:item(value, kind) end }
  local items <const> = {}
  for i = 1, list.n do items[i] = values.encode(list[i], wanted[i] or kinds.VARIANT, context) end
  return items
end

--- Whether the object is the recorded one; one that comes for the first time becomes it.
function Comparison:same_object(recorded, given)
  if given.v ~= 0 then return given.v == recorded.v end
  if self.live[recorded.v] or self.tables[recorded.v] or not given.object then return false end
  self:bind(recorded.v, given.object, given.key)
  return true
end

function Comparison:decode_all(items, wanted)
  local context <const> = {
    object = function(item, kind)
      return self.live[item.v] or self:client(item, kind)
    end,
    record = function(item) return self.script:record(item) end,
  }
  local list <const> = { n = #items }
  for i, item in ipairs(items) do list[i] = values.decode(item, wanted[i] or kinds.VARIANT, context) end
  return list
end

-- objects of the server

function Comparison:listen(number, object)
  local found <const>, shape <const> = pcall(shapes.of_object, object)
  for _, source in ipairs(found and shape and shape.sources or {}) do
    local sink <const> = core.mark_exact {}
    for _, member in ipairs(kinds.members(source)) do
      local signature <const> = kinds.signature(member)
      sink[member.name] = function(_, ...)
        self.heard[#self.heard + 1] = { object = number, member = member.name,
          args = self:encode_all(table.pack(...), signature.takes, "missing"), during = self.current }
      end
    end
    local advised <const>, connection <const> = pcall(core.advise, object, source.guid, typelib.handle(source), sink)
    if advised then self.connections[#self.connections + 1] = connection end
  end
end

function Comparison:bind(number, object, key)
  self.live[number], self.numbers[key or core.key(object)] = core.exact(object), number
  self:listen(number, object)
end

-- callbacks of the recording's clients

local function add_callback(self, t, number, member, access, key)
  local signature <const> = kinds.signature(member, access == "put")
  t[key] = function(_, ...)
    return self:called_back(number, member, access, signature, table.pack(...))
  end
end

--- The client's object for a number: it answers as the recorded one did.
function Comparison:client(item, kind)
  local number <const> = item.v
  local t = self.tables[number]
  if not t then
    local shape <const> = self.script:shape(number) or kind and kind.info
      and shapes.of_type(typelib.from_info(kind.info)) or nil
    t = core.mark_exact {}
    local list <const> = {}
    for i, part in ipairs(shape and shape.parts or {}) do
      for _, member in ipairs(part.members) do
        local access <const> = member.kind
        if access == "method" then add_callback(self, t, number, member, access, member.name) end
        if access == "get" or access == "property" then
          add_callback(self, t, number, member, "get", "get_" .. member.name)
        end
        if access == "put" or access == "property" then
          add_callback(self, t, number, member, "put", "set_" .. member.name)
        elseif access == "putref" and not t["set_" .. member.name] then
          add_callback(self, t, number, member, access, "set_" .. member.name)
        end
      end
      list[i] = typelib.handle(part.type)
    end
    stand[t] = { comparison = self, number = number, list = #list > 0 and list or nil }
    self.tables[number] = t
  end
  return core.object(t, stand[t].list)
end

function Comparison:called_back(number, member, access, signature, arguments)
  local args <const> = self:encode_all(arguments, signature.takes, "missing")
  local came <const> = { object = number, member = member.name, kind = access, args = args }
  for _, entry in ipairs(self.script.entries) do
    if entry.kind == "callback" and not self.called[entry] and entry.object == number and entry.access == access
      and entry.member == member.name and entry.n > self.current.n then
      self.called[entry] = true
      if not values.same_lists(entry.args, args, function(a, b) return self:same_object(a, b) end) then
        self:add(entry, self.script:call_text(entry), self.script:call_text(came))
      end
      self:play_inner(entry)
      script.raise(entry)
      local results <const> = self:decode_all(entry.results, signature.gives)
      return table.unpack(results, 1, results.n)
    end
  end
  self:add(self.current, nil, "the callback " .. self.script:call_text(came))
end

-- differences

function Comparison:add(entry, expected, got)
  local function shown(value)
    return value == nil and "nothing" or tostring(value)
  end
  self.differences[#self.differences + 1] = { n = entry.n, member = entry.member, expected = expected, got = got,
    text = ("%d %s: expected %s, got %s"):format(entry.n, self.script:call_text(entry), shown(expected), shown(got)) }
end

local function failure_text(hresult, description)
  local name <const> = core.status(hresult) or ("0x%08X"):format(hresult)
  return description and description ~= "" and ("%s (%s)"):format(name, description) or name
end

--- One result as a value, several as a text.
local function shown_results(items)
  if #items == 0 then return nil end
  local item <const> = items[1]
  local kind <const> = type(item.v)
  local plain <const> = item.t == "bstr" and not item.base64 or kind == "number" or kind == "boolean"
  if #items == 1 and plain then return item.v end
  return values.show_list(items)
end

function Comparison:compare_results(entry, signature, answer)
  local expected <const>, description <const> = script.failure(entry)
  if not answer[1] then
    local err <const> = answer[2]
    local code <const> = errors.is_error(err) and err.hresult or script.E_FAIL
    local text <const> = errors.is_error(err) and err.description or tostring(err)
    if expected ~= code then
      self:add(entry, expected and failure_text(expected, description) or shown_results(entry.results) or "success",
        failure_text(code, text))
    elseif description and description ~= text then
      self:add(entry, failure_text(expected, description), failure_text(code, text))
    end
    return
  end
  local given <const> = { n = math.max(answer.n - 2, 0) }
  table.move(answer, 3, answer.n, 1, given)
  local items <const> = self:encode_all(given, signature.gives)
  if expected then
    self:add(entry, failure_text(expected, description), shown_results(items) or "success")
  elseif entry.hresult ~= answer[2] then
    self:add(entry, failure_text(entry.hresult), failure_text(answer[2]))
  elseif not values.same_lists(entry.results, items, function(a, b) return self:same_object(a, b) end) then
    self:add(entry, shown_results(entry.results), shown_results(items))
  end
end

-- events

function Comparison:take_events(expected)
  for _, entry in ipairs(expected) do
    local came <const> = table.remove(self.heard, 1)
    if not came then
      self:add(entry, "the event " .. self.script:call_text(entry), nil)
    elseif came.object ~= entry.object or came.member ~= entry.member
      or not values.same_lists(entry.args, came.args, function(a, b) return self:same_object(a, b) end) then
      self:add(entry, "the event " .. self.script:call_text(entry), "the event " .. self.script:call_text(came))
    end
  end
end

--- Waits until as many events came as are expected.
function Comparison:wait_for(count, seconds)
  local limit <const> = core.monotonic() + seconds
  while #self.heard < count and core.monotonic() < limit do loop.sleep(STEP) end
end

function Comparison:settle(expected, seconds)
  self:wait_for(#expected, #expected > 0 and seconds + WAIT or 0)
  self:take_events(expected)
  for _, came in ipairs(self.heard) do
    self:add(self.current or { n = 0, member = came.member, object = came.object, kind = "event", args = {} }, nil,
      "the event " .. self.script:call_text(came))
  end
  self.heard = {}
end

-- playing

local accesses <const> = {
  method = function(...) return core.call_status(...) end,
  get = function(...) return 0, core.get(...) end,
  put = function(...) return 0, core.put(...) end,
  putref = function(...) return 0, core.putref(...) end,
  enumerate = function(o)
    local list <const> = { n = 0 }
    for _, value in core.each(o) do
      list.n = list.n + 1
      list[list.n] = value
    end
    return 0, table.unpack(list, 1, list.n)
  end,
}

--- The object through which a member is reached: one of the object's other interfaces, if that has it.
function Comparison:target(entry, shape)
  local object <const> = self.live[entry.object]
  for i, part in ipairs(shape and shape.parts or {}) do
    for _, member in ipairs(part.members) do
      if member.name == entry.member then
        if i == 1 then return object end
        local queried <const>, other <const> = pcall(core.query, object, part.type.guid, (typelib.handle(part.type)))
        return queried and core.exact(other) or object
      end
    end
  end
  return object
end

function Comparison:play(entry)
  self.played[entry] = true
  if not self.live[entry.object] then
    self:add(entry, shown_results(entry.results) or "success", ("there is no object %d"):format(entry.object))
    return
  end
  local outer <const> = self.current
  self.current = entry
  local shape <const> = self.script:shape(entry.object)
  local signature <const> = mock.signature(shape, entry.member, entry.kind)
  local target <const> = self:target(entry, shape)
  local args <const> = kinds.passing(signature, target, self:decode_all(entry.args, signature.takes))
  local answer <const> = table.pack(pcall(accesses[entry.kind], target,
    table.unpack({ entry.kind ~= "enumerate" and entry.member or nil, table.unpack(args, 1, args.n) }, 1, args.n + 1)))
  self:compare_results(entry, signature, answer)
  for _, inner in ipairs(self.script.inner[entry.n] or {}) do
    if inner.kind == "callback" and not self.called[inner] then
      self.called[inner] = true
      self:add(inner, "the callback " .. self.script:call_text(inner), nil)
    end
  end
  self.current = outer or entry
end

--- Calls that the client made while it was called itself.
function Comparison:play_inner(entry)
  for _, inner in ipairs(self.script.inner[entry.n] or {}) do
    if accesses[inner.kind] and not self.played[inner] then self:play(inner) end
  end
end

--- The events that the recording has behind a line and before the next call; each is given once.
function Comparison:events_after(at)
  local list <const>, entries <const> = {}, self.script.entries
  for i = at + 1, #entries do
    local entry <const> = entries[i]
    if entry.kind == "event" then
      if not self.played[entry] then list[#list + 1] = entry end
      self.played[entry] = true
    elseif entry.kind ~= "callback" and not entry.during then
      break
    end
  end
  return list
end

local function seconds_between(entry, list)
  local last <const> = list[#list]
  return last and math.max((tonumber(last.time) or 0) - (tonumber(entry.time) or 0), 0) or 0
end

function Comparison:run()
  local entries <const> = self.script.entries
  local start <const> = self:events_after(0)
  self:settle(start, seconds_between(self.script.header, start))
  for i, entry in ipairs(entries) do
    -- What came during an event was called from its handler: it is called when the event is known to have come.
    if accesses[entry.kind] and not self.played[entry] then
      self:play(entry)
      local events <const> = self:events_after(i)
      self:settle(events, seconds_between(entry, events))
    end
  end
  for _, connection in ipairs(self.connections) do core.unadvise(connection) end
  return self.differences
end

---Makes the recorded calls on another object.
---@param read oleander.recording.Script
---@param o oleander.Object
---@return oleander.Difference[]
function compare.run(read, o)
  local comparison <const> = setmetatable({ script = read, differences = {}, live = {}, numbers = {}, tables = {},
    heard = {}, called = {}, played = {}, connections = {}, keys = {} }, Comparison)
  comparison:bind(1, o)
  return comparison:run()
end

return compare
