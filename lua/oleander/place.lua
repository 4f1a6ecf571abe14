--- Objects of other processes: where one lives, references to it as bytes, its end, and how long calls may take.
local core <const> = require "oleander.core"
local errors <const> = require "oleander.errors"
local loop <const> = require "oleander.loop"
local server <const> = require "oleander.server"

core.own_source(debug.getinfo(1, "S").source)

local place <const> = {}
local E_INVALIDARG <const> = 0x80070057

local function refuse(text, subject)
  errors.raise(E_INVALIDARG, text, { subject = subject })
end

-- references as bytes

---The bytes of a reference to an object, for com.unmarshal in any process of this user. They hold the object until they
---are unmarshaled, once; "table" bytes can be unmarshaled any number of times, and hold it until com.release(bytes).
---@param o oleander.Object|table an object, or a table that becomes one
---@param kind "table"|nil
---@return string bytes
function place.marshal(o, kind)
  if kind ~= nil and kind ~= "table" then
    refuse([[the second argument is "table" or nothing, not ]] .. tostring(kind), "com.marshal")
  end
  return core.marshal(core.is_object(o) and o or server.object(o), kind == "table")
end

---The object that com.marshal gave the bytes of.
---@param bytes string
---@return oleander.Object
function place.unmarshal(bytes)
  return core.unmarshal(bytes)
end

---@class oleander.Place
---@field pid integer? its process
---@field program string? the path of that process's program
---@field surrogate boolean? true: an in-process class that runs in a process of its own
---@field host string? the address of the other host

---Where an object lives: "inproc", in this process; "local", in another process; "remote", on another host.
---@param o oleander.Object
---@return "inproc"|"local"|"remote" kind
---@return oleander.Place? process
function place.where(o)
  local kind <const>, pid <const>, program <const> = core.place(o)
  if kind == "inproc" then return kind end
  if kind == "remote" then return kind, { host = pid } end
  return kind, { pid = pid, program = program,
    surrogate = program and program:find "/oleander%-surrogate$" and true or nil }
end

-- the end of a process

---Something that waits for the end of an object's process.
---@class oleander.DisconnectWatch
local Watch <const> = { __name = "oleander.DisconnectWatch" }
Watch.__index = Watch

---Does not wait any longer.
---@return boolean was_waiting
function Watch:close()
  loop.forget_notice(self.number)
  local watch <const> = self.watch
  self.watch = nil
  return watch and core.unwatch_end(watch) or false
end

Watch.__close = Watch.close

---Calls f(o) once, from the loop, when the process of an object has gone; at the next turn of the loop where it is gone
---already. The object of another process only.
---@param o oleander.Object
---@param f fun(o: oleander.Object)
---@return oleander.DisconnectWatch watch its :close() ends it; dropping it does not
function place.on_disconnect(o, f)
  core.handle_check(o, "com.on_disconnect")
  if type(f) ~= "function" then
    refuse("a function is wanted, not " .. core.type_name(f), "com.on_disconnect")
  end
  local self <const> = setmetatable({}, Watch)
  self.number = loop.new_notice(function()
    self.watch = nil
    f(o)
  end)
  self.watch = core.watch_end(o, self.number)
  if not self.watch then
    loop.forget_notice(self.number)
    if self.watch == nil then refuse("the object is not in another process", "com.on_disconnect") end
    self.number, self.watch = nil, nil
    loop.after(0, function() f(o) end)
  end
  return self
end

-- deadlines

local function close_deadline(before, ok, ...)
  loop.set_deadline(before)
  if not ok then error((...), 0) end
  return ...
end

---Calls f(...) so that its calls to objects elsewhere end within a time, all together: one that is late raises
---RPC_E_TIMEOUT, which says whether it was sent. Within another com.timeout the shorter time counts.
---@param seconds number
---@param f function
---@param ... any
---@return any ... what f returns
function place.timeout(seconds, f, ...)
  if type(seconds) ~= "number" or seconds ~= seconds or seconds < 0 then
    refuse("a number of seconds is wanted, not " .. tostring(seconds), "com.timeout")
  end
  if type(f) ~= "function" then
    refuse("a function is wanted, not " .. core.type_name(f), "com.timeout")
  end
  local moment = core.monotonic() + seconds
  local before <const> = loop.set_deadline()
  if before and before < moment then moment = before end
  loop.set_deadline(moment)
  return close_deadline(before, pcall(f, ...))
end

return place
