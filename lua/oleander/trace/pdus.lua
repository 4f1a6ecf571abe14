---PDUs of DCOM in streams of bytes ([C706] 12.6, [MS-RPCE] 2.2.2), as a list of events: who calls what, with which
---protection, and what came of it. The arguments are not read: that takes the types, and may be secret.
local pdus <const> = {}

local TYPES <const> = { [0] = "request", [2] = "response", [3] = "fault", [11] = "bind", [12] = "bind_ack",
  [13] = "bind_nak", [14] = "alter_context", [15] = "alter_resp", [16] = "auth3", [17] = "shutdown",
  [18] = "co_cancel", [19] = "orphaned" }
local SERVICES <const> = { [9] = "SPNEGO", [10] = "NTLM", [16] = "Kerberos" }
local LEVELS <const> = { "none", "connect", "call", "packet", "integrity", "privacy" }

---Statuses of faults that are no HRESULTs.
local FAULTS <const> = { [5] = "access denied", [0x6F7] = "bad stub data", [0x1C00000D] = "cancelled",
  [0x1C00001B] = "out of memory", [0x1C010002] = "no such method", [0x1C010003] = "unknown interface",
  [0x1C01000B] = "protocol error" }

local CALLS_LIMIT <const>, CONTEXT_LIMIT <const> = 4096, 8192 -- of a connection

---@param bytes string
---@param at integer
---@return string
local function guid(bytes, at)
  local a <const>, b <const>, c <const>, rest <const> = ("<I4I2I2c8"):unpack(bytes, at)
  local hex <const> = rest:gsub(".", function(x) return ("%02X"):format(x:byte()) end)
  return ("{%08X-%04X-%04X-%s-%s}"):format(a, b, c, hex:sub(1, 4), hex:sub(5))
end

local NONE <const> = "{00000000-0000-0000-0000-000000000000}"

---What a PDU was.
---@class oleander.TraceEvent
---@field time number
---@field from string
---@field to string
---@field kind string "request", "response", "fault", "bind" ...
---@field call integer
---@field interface string? its IID
---@field opnum integer?
---@field object string? the IPID
---@field causality string?
---@field size integer? bytes of the stub
---@field fragments integer? in how many it came, where there were more than one
---@field auth string? "NTLM, privacy"
---@field status integer? of a fault
---@field elapsed number? seconds since the request
---@field note string?

--- The head of what is at the begin of a buffer; nil and whether it can become one.
local function head_of(bytes)
  if #bytes < 16 then return nil, #bytes == 0 or bytes:byte(1) == 5 end
  local major <const>, minor <const>, kind <const>, flags <const>, drep <const> = bytes:byte(1, 5)
  local length <const>, auth <const>, call <const> = ("<I2I2I4"):unpack(bytes, 9)
  if major ~= 5 or minor > 1 or not TYPES[kind] or drep ~= 0x10 or length < 16 then return nil, false end
  if #bytes < length then return nil, true end
  return { kind = TYPES[kind], flags = flags, length = length, auth = auth, call = call }
end

local function read_trailer(pdu, head, event)
  local at <const> = head.length - head.auth - 8
  if head.auth == 0 or at < 16 then return 0 end
  local service <const>, level <const>, pad <const> = pdu:byte(at + 1, at + 3)
  event.auth = ("%s, %s"):format(SERVICES[service] or ("service %d"):format(service), LEVELS[level] or "?")
  return head.auth + 8 + pad, level
end

local function syntax_list(pdu, at, count, add)
  for _ = 1, count do
    if at + 24 > #pdu + 1 then return false end
    local id <const>, transfers <const> = ("<I2B"):unpack(pdu, at)
    add(id, guid(pdu, at + 4))
    at = at + 24 + transfers * 20
  end
  return true
end

local handlers <const> = {}

local function take_bind(connection, pdu, _, event)
  if #pdu < 28 then return "too short" end
  local transmit <const>, receive <const> = ("<I2I2"):unpack(pdu, 17)
  event.note = ("fragments up to %d and %d bytes"):format(transmit, receive)
  connection.asked = {}
  local whole <const> = syntax_list(pdu, 29, pdu:byte(25), function(id, iid)
    connection.asked[#connection.asked + 1] = id
    if connection.contexts[id] == nil then connection.context_count = connection.context_count + 1 end
    if connection.context_count <= CONTEXT_LIMIT then connection.contexts[id] = iid end
    event.interface = event.interface or iid
  end)
  if not whole then return "its list of interfaces is cut off" end
end

handlers.bind, handlers.alter_context = take_bind, take_bind

local RESULTS <const> = { [0] = "accepted", [1] = "refused by the user", [2] = "refused", [3] = "features" }

local function take_ack(connection, pdu, _, event)
  if #pdu < 26 then return "too short" end
  local address <const> = ("<I2"):unpack(pdu, 25)
  local at = 27 + address
  at = at + (-(at - 1) & 3)
  if at + 4 > #pdu + 1 then return "cut off" end
  local list <const> = {}
  local count <const> = pdu:byte(at)
  at = at + 4
  for i = 1, count do
    if at + 24 > #pdu + 1 then return "its list of results is cut off" end
    local result <const>, reason <const> = ("<I2I2"):unpack(pdu, at)
    list[i] = RESULTS[result] or ("result %d"):format(result)
    if result == 2 then list[i] = list[i] .. (reason == 1 and ", unknown interface" or ", no common syntax") end
    if i == 1 then event.interface = connection.contexts[connection.asked[1] or -1] end
    at = at + 24
  end
  event.note = table.concat(list, "; ")
end

handlers.bind_ack, handlers.alter_resp = take_ack, take_ack

function handlers.bind_nak(_, pdu, _, event)
  if #pdu < 18 then return "too short" end
  event.note = ("reason %d"):format(("<I2"):unpack(pdu, 17))
end

--- A fragment of a request or response: the event when it is the last one; nothing of it is kept but its size.
local function gather(list, connection, head, size, event)
  local before <const> = list[head.call]
  local first <const>, last <const> = head.flags & 1 ~= 0, head.flags & 2 ~= 0
  if not first and not before then return "its begin is missing" end
  local whole <const> = first and { size = 0, count = 0, event = event } or before
  whole.size, whole.count = whole.size + size, whole.count + 1
  if not last and connection.calls >= CALLS_LIMIT and not before then return "too many calls are incomplete" end
  connection.calls = connection.calls + (last and 0 or before and 0 or 1) - (last and before and 1 or 0)
  list[head.call] = not last and whole or nil
  if not last then return nil, true end
  for key, value in pairs(whole.event) do
    if key ~= "time" and event[key] == nil then event[key] = value end
  end
  event.size = whole.size
  event.fragments = whole.count > 1 and whole.count or nil
end

function handlers.request(connection, pdu, head, event)
  local at <const> = head.flags & 0x80 ~= 0 and 41 or 25
  if #pdu < at - 1 then return "too short" end
  local context <const>, opnum <const> = ("<I2I2"):unpack(pdu, 21)
  event.interface, event.opnum = connection.contexts[context], opnum
  if at == 41 then event.object = guid(pdu, 25) end
  local behind <const>, level <const> = read_trailer(pdu, head, event)
  local size <const> = head.length - at + 1 - behind
  if size < 0 then return "its trailer is longer than it" end
  if at == 41 and head.flags & 1 ~= 0 and level ~= 6 and size >= 32 then
    local major <const>, minor <const> = ("<I2I2"):unpack(pdu, at)
    event.causality = guid(pdu, at + 12)
    event.note = ("ORPC %d.%d"):format(major, minor)
  end
  local problem <const>, incomplete <const> = gather(connection.requests, connection, head, size, event)
  if not problem and not incomplete and connection.waiting_count < CALLS_LIMIT then
    if not connection.waiting[head.call] then connection.waiting_count = connection.waiting_count + 1 end
    connection.waiting[head.call] = event
  end
  return problem, incomplete
end

--- What it answers.
local function take_waiting(connection, head, event)
  local request <const> = connection.waiting[head.call]
  if not request then return end
  connection.waiting[head.call] = nil
  connection.waiting_count = connection.waiting_count - 1
  event.interface, event.opnum, event.object = request.interface, request.opnum, request.object
  event.elapsed = event.time - request.time
end

function handlers.response(connection, pdu, head, event)
  if #pdu < 24 then return "too short" end
  local behind <const> = read_trailer(pdu, head, event)
  local size <const> = head.length - 24 - behind
  if size < 0 then return "its trailer is longer than it" end
  local problem <const>, incomplete <const> = gather(connection.responses, connection, head, size, event)
  if not problem and not incomplete then take_waiting(connection, head, event) end
  return problem, incomplete
end

function handlers.fault(connection, pdu, head, event)
  if #pdu < 28 then return "too short" end
  event.status = ("<I4"):unpack(pdu, 25)
  event.note = head.flags & 0x20 ~= 0 and "not executed" or nil
  take_waiting(connection, head, event)
end

---A reader: pieces of streams in, events out.
---@param emit fun(event: oleander.TraceEvent)
---@return fun(piece: oleander.CapturePiece)
function pdus.reader(emit)
  local buffers <const>, connections <const> = {}, {}
  local function connection_of(from, to)
    local key <const> = from < to and from .. " " .. to or to .. " " .. from
    connections[key] = connections[key] or { contexts = {}, context_count = 0, asked = {}, requests = {},
      responses = {}, waiting = {}, waiting_count = 0, calls = 0 }
    return connections[key], key
  end
  local function take(piece, pdu, head)
    local event <const> = { time = piece.time, from = piece.from, to = piece.to, kind = head.kind, call = head.call }
    local handler <const> = handlers[head.kind]
    if head.kind ~= "request" and head.kind ~= "response" then read_trailer(pdu, head, event) end
    if not handler then return emit(event) end
    local problem <const>, incomplete <const> = handler(connection_of(piece.from, piece.to), pdu, head, event)
    if problem then event.note = "damaged: " .. problem end
    if not incomplete then emit(event) end
  end
  return function(piece)
    local key <const> = piece.from .. ">" .. piece.to
    if piece.fresh then -- the ports are used again
      local _ <const>, pair <const> = connection_of(piece.from, piece.to)
      connections[pair] = nil
      buffers[key], buffers[piece.to .. ">" .. piece.from] = nil, nil
    end
    local buffer = buffers[key]
    if buffer == false then return end -- it speaks something else
    buffer = (buffer or "") .. piece.bytes
    local at = 1
    while true do
      local head <const>, possible <const> = head_of(at == 1 and buffer or buffer:sub(at))
      if not head then
        if not possible and (buffers[key] or at > 1) then
          emit { time = piece.time, from = piece.from, to = piece.to, kind = "damaged", call = 0,
            note = "what follows is no PDU, and is not read" }
        end
        buffers[key] = possible and buffer:sub(at)
        return
      end
      take(piece, buffer:sub(at, at + head.length - 1), head)
      at = at + head.length
    end
  end
end

---The name of a status.
---@param status integer
---@return string
function pdus.status_name(status)
  if FAULTS[status] then return FAULTS[status] end
  local _ <const>, err <const> = pcall(require "oleander.errors".raise, status, "")
  return type(err) ~= "string" and err.name or ("0x%08X"):format(status)
end

pdus.NONE = NONE

return pdus
