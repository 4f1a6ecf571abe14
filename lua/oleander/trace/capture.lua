---Captures of networks, pcap and pcapng, as what went over each TCP connection in each direction. They come from
---anywhere: what is damaged ends the reading and is said, and nothing of it is believed.
local capture <const> = {}

---Segments that came before their turn, of one direction.
local PENDING_LIMIT <const> = 256

---A piece of a TCP stream, in its order.
---@class oleander.CapturePiece
---@field time number seconds since 1970
---@field from string "10.0.0.1[135]"
---@field to string
---@field bytes string
---@field missing boolean? bytes before it are not in the capture

local function byte_order(bytes)
  local magic <const> = bytes:sub(1, 4)
  local known <const> = { ["\xd4\xc3\xb2\xa1"] = { "<", 1e-6 }, ["\xa1\xb2\xc3\xd4"] = { ">", 1e-6 },
    ["\x4d\x3c\xb2\xa1"] = { "<", 1e-9 }, ["\xa1\xb2\x3c\x4d"] = { ">", 1e-9 } }
  return known[magic]
end

--- Calls visit(time, link type, frame) for each frame; gives what is wrong at the end, or nil.
local function read_pcap(bytes, order, visit)
  local endian <const>, unit <const> = order[1], order[2]
  if #bytes < 24 then return "the capture has no whole header" end
  local link <const> = (endian .. "I4"):unpack(bytes, 21) & 0xFFFF
  local at = 25
  while at <= #bytes do
    if #bytes - at + 1 < 16 then return "the last frame is cut off" end
    local seconds <const>, part <const>, size <const> = (endian .. "I4I4I4"):unpack(bytes, at)
    if size > #bytes - at - 15 then return "the last frame is cut off" end
    visit(seconds + part * unit, link, bytes:sub(at + 16, at + 15 + size))
    at = at + 16 + size
  end
end

--- Units of time of an interface: the option if_tsresol.
local function resolution(endian, body)
  local at = 9
  while at + 3 <= #body do
    local code <const>, size <const> = (endian .. "I2I2"):unpack(body, at)
    if code == 0 or at + 3 + size > #body then break end
    if code == 9 and size >= 1 then
      local value <const> = body:byte(at + 4)
      return value < 128 and 10.0 ^ -value or 2.0 ^ -(value & 127)
    end
    at = at + 4 + (size + 3) // 4 * 4
  end
  return 1e-6
end

local SECTION <const>, INTERFACE <const>, SIMPLE <const>, ENHANCED <const> = 0x0A0D0D0A, 1, 3, 6

local function read_pcapng(bytes, visit)
  local at, endian, interfaces = 1, "<", {}
  while at <= #bytes do
    if #bytes - at + 1 < 12 then return "the last block is cut off" end
    local kind, size = (endian .. "I4I4"):unpack(bytes, at)
    if bytes:sub(at, at + 3) == "\x0a\x0d\x0d\x0a" then
      kind = SECTION
      endian = bytes:sub(at + 8, at + 11) == "\x1a\x2b\x3c\x4d" and ">" or "<"
      size = (endian .. "I4"):unpack(bytes, at + 4)
      interfaces = {}
    end
    if size < 12 or size > #bytes - at + 1 then return "the last block is cut off, or damaged" end
    local body <const> = bytes:sub(at + 8, at + size - 5)
    if kind == INTERFACE and #body >= 8 then
      interfaces[#interfaces + 1] = { link = (endian .. "I2"):unpack(body), unit = resolution(endian, body) }
    elseif kind == ENHANCED and #body >= 20 then
      local number <const>, high <const>, low <const>, length <const> = (endian .. "I4I4I4I4"):unpack(body)
      local interface <const> = interfaces[number + 1]
      if interface and length <= #body - 20 then
        visit((high * 4294967296.0 + low) * interface.unit, interface.link, body:sub(21, 20 + length))
      end
    elseif kind == SIMPLE and #body >= 4 and interfaces[1] then
      visit(0.0, interfaces[1].link, body:sub(5))
    end
    at = at + size
  end
end

-- from the frame to the segment

local IP4 <const>, IP6 <const>, VLAN <const> = 0x0800, 0x86DD, { [0x8100] = true, [0x88A8] = true }

--- The packet of IP in a frame.
local function packet_of(link, frame)
  local at, kind
  if link == 1 and #frame >= 14 then
    at, kind = 15, (">I2"):unpack(frame, 13)
    while VLAN[kind] and #frame >= at + 3 do
      kind = (">I2"):unpack(frame, at + 2)
      at = at + 4
    end
  elseif link == 113 and #frame >= 16 then
    at, kind = 17, (">I2"):unpack(frame, 15)
  elseif link == 276 and #frame >= 20 then
    at, kind = 21, (">I2"):unpack(frame, 1)
  elseif link == 0 and #frame >= 4 then
    at = 5
  elseif link == 101 or link == 12 or link == 14 or link == 228 or link == 229 then
    at = 1
  end
  if not at or #frame < at or (kind and kind ~= IP4 and kind ~= IP6) then return nil end
  return frame:sub(at)
end

local function address6(bytes)
  local words <const> = { (">I2I2I2I2I2I2I2I2"):unpack(bytes) }
  words[9] = nil
  for i, word in ipairs(words) do words[i] = ("%x"):format(word) end
  local text <const> = table.concat(words, ":"):gsub("%f[%x]0[:0]+%f[^:0]", "::", 1)
  return text
end

--- The segment of TCP in a packet: source, destination, protocol's bytes.
local function segment_of(packet)
  local version <const> = packet:byte() >> 4
  if version == 4 and #packet >= 20 then
    local head <const>, protocol <const> = (packet:byte() & 15) * 4, packet:byte(10)
    local total <const> = (">I2"):unpack(packet, 3)
    local fragment <const> = (">I2"):unpack(packet, 7) & 0x3FFF
    if head < 20 or protocol ~= 6 or fragment ~= 0 or #packet < head then return nil end
    local last <const> = total >= head and total <= #packet and total or #packet -- 0: the network card has cut it
    return ("%d.%d.%d.%d"):format(packet:byte(13, 16)), ("%d.%d.%d.%d"):format(packet:byte(17, 20)),
      packet:sub(head + 1, last)
  elseif version == 6 and #packet >= 40 and packet:byte(7) == 6 then
    return address6(packet:sub(9, 24)), address6(packet:sub(25, 40)), packet:sub(41, 40 + (">I2"):unpack(packet, 5))
  end
end

-- from segments to streams

local function new_direction() return { pending = {}, count = 0 } end

local function signed(difference)
  difference = difference & 0xFFFFFFFF
  return difference < 0x80000000 and difference or difference - 0x100000000
end

--- Adds a segment; calls give(bytes, missing) for what is in its turn.
local function add_segment(direction, sequence, bytes, give)
  direction.next = direction.next or sequence
  local ahead <const> = signed(sequence - direction.next)
  if ahead > 0 then
    if direction.count < PENDING_LIMIT then
      direction.pending[#direction.pending + 1] = { sequence, bytes }
      direction.count = direction.count + 1
    end
    return
  end
  if -ahead >= #bytes then return end
  direction.next = (sequence + #bytes) & 0xFFFFFFFF
  give(bytes:sub(1 - ahead))
end

local function add_pending(direction, give)
  local again = direction.count > 0
  while again do
    again = false
    for i, segment in ipairs(direction.pending) do
      if signed(segment[1] - direction.next) <= 0 then
        table.remove(direction.pending, i)
        direction.count = direction.count - 1
        add_segment(direction, segment[1], segment[2], give)
        again = direction.count > 0
        break
      end
    end
  end
end

---Reads a capture.
---@param bytes string the file
---@param visit fun(piece: oleander.CapturePiece)
---@return string? problem what is wrong with it; what came before has been visited
function capture.read(bytes, visit)
  local directions <const> = {}
  local function frame(time, link, data)
    local packet <const> = packet_of(link, data)
    if not packet then return end
    local source <const>, target <const>, segment <const> = segment_of(packet)
    if not source or #segment < 20 then return end
    local from_port <const>, to_port <const>, sequence <const> = (">I2I2I4"):unpack(segment)
    local head <const>, flags <const> = (segment:byte(13) >> 4) * 4, segment:byte(14)
    local from <const>, to <const> = ("%s[%d]"):format(source, from_port), ("%s[%d]"):format(target, to_port)
    local key <const> = from .. ">" .. to
    if flags & 2 ~= 0 then
      directions[key] = new_direction()
      directions[key].next = (sequence + 1) & 0xFFFFFFFF
      visit { time = time, from = from, to = to, bytes = "", fresh = flags & 16 == 0 }
      return
    end
    local data_bytes <const> = head >= 20 and segment:sub(head + 1) or ""
    if #data_bytes == 0 then return end
    directions[key] = directions[key] or new_direction()
    local function give(text) visit { time = time, from = from, to = to, bytes = text } end
    add_segment(directions[key], sequence, data_bytes, give)
    add_pending(directions[key], give)
  end
  local order <const> = byte_order(bytes)
  if order then return read_pcap(bytes, order, frame) end
  if bytes:sub(1, 4) == "\x0a\x0d\x0d\x0a" then return read_pcapng(bytes, frame) end
  return "the file is no capture: pcap or pcapng is wanted"
end

return capture
