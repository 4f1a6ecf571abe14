local capture <const> = require "oleander.trace.capture"
local pdus <const> = require "oleander.trace.pdus"

-- Captures made here, of PDUs written by hand ([C706] 12.6).

local function unhex(text)
  return (text:gsub("%s", ""):gsub("%x%x", function(c) return string.char(tonumber(c, 16)) end))
end

local NDR <const> = "045d888a eb1c c911 9fe8 08002b104860 02000000"
local IDISPATCH <const> = "00040200 0000 0000 c000 000000000046 00000000"
local IPID <const> = "00010203 0405 0607 0809 0a0b0c0d0e0f"
local THIS <const> = "0500 0700 00000000 00000000 11111111 2222 3333 4444 555555555555 00000000"
local CONVERSATION <const> = {
  { true, "05000b03 10000000 4800 0000 01000000 d016 d016 00000000 01000000 0100 0100" .. IDISPATCH .. NDR },
  { false, "05000c03 10000000 3c00 0000 01000000 d016 d016 01000000 0400 31333500 0000 01000000 0000 0000" .. NDR },
  { true, "05000083 10000000 4800 0000 02000000 20000000 0100 0300" .. IPID .. THIS },
  { false, "05000203 10000000 2800 0000 02000000 10000000 0100 0000 00000000 00000000 01000000 00000000" },
  { true, "05000081 10000000 4800 0000 03000000 28000000 0100 0600" .. IPID .. THIS },
  { true, "05000082 10000000 3000 0000 03000000 08000000 0100 0600" .. IPID .. "0000000000000000" },
  { false, "05000323 10000000 2000 0000 03000000 20000000 0100 0000 08010180 00000000" },
  { true, "05000083 10000000 6000 1000 04000000 20000000 0100 0700" .. IPID .. THIS
    .. "0a 06 00 00 01000000 01000000 0000000000000000 00000000" },
  { false, "05000323 10000000 2000 0000 04000000 20000000 0100 0000 05000000 00000000" },
  { true, "05001203 10000000 1000 0000 03000000" },
}

local function segment(client, sequence, bytes)
  local tcp <const> = (">I2I2I4I4BBI2I2I2"):pack(client and 40000 or 135, client and 135 or 40000, sequence, 0, 0x50,
    0x18, 1000, 0, 0) .. bytes
  local ip <const> = (">BBI2I2I2BBI2"):pack(0x45, 0, 20 + #tcp, 0, 0, 64, 6, 0)
    .. (client and "\10\0\0\1\10\0\0\2" or "\10\0\0\2\10\0\0\1") .. tcp
  return ("\0"):rep(12) .. "\8\0" .. ip
end

--- Frames of the conversation, each PDU cut into pieces of `most` bytes.
local function frames_of(most)
  local frames <const>, next <const> = {}, { [true] = 4294967290, [false] = 7 }
  for _, step in ipairs(CONVERSATION) do
    local bytes <const> = unhex(step[2])
    for at = 1, #bytes, most do
      local piece <const> = bytes:sub(at, at + most - 1)
      frames[#frames + 1] = segment(step[1], next[step[1]], piece)
      next[step[1]] = (next[step[1]] + #piece) & 0xFFFFFFFF
    end
  end
  return frames
end

local function pcap(frames)
  local parts <const> = { ("<I4I2I2I4I4I4I4"):pack(0xA1B2C3D4, 2, 4, 0, 0, 65535, 1) }
  for i, frame in ipairs(frames) do parts[i + 1] = ("<I4I4I4I4"):pack(100, i, #frame, #frame) .. frame end
  return table.concat(parts)
end

local function block(kind, body)
  body = body .. ("\0"):rep(-#body & 3)
  return ("<I4I4"):pack(kind, #body + 12) .. body .. ("<I4"):pack(#body + 12)
end

local function pcapng(frames)
  local parts <const> = { block(0x0A0D0D0A, ("<I4I2I2i8"):pack(0x1A2B3C4D, 1, 0, -1)),
    block(1, ("<I2I2I4"):pack(1, 0, 0)) }
  for i, frame in ipairs(frames) do
    parts[i + 2] = block(6, ("<I4I4I4I4I4"):pack(0, 0, 100000000 + i, #frame, #frame) .. frame)
  end
  return table.concat(parts)
end

local function read(bytes)
  local events <const> = {}
  local problem <const> = capture.read(bytes, pdus.reader(function(event) events[#events + 1] = event end))
  return events, problem
end

local function check(events)
  local kinds <const> = {}
  for i, event in ipairs(events) do kinds[i] = event.kind end
  assert.same({ "bind", "bind_ack", "request", "response", "request", "fault", "request", "fault", "co_cancel" }, kinds)
  assert.equal("10.0.0.1[40000]", events[1].from)
  assert.equal("{00020400-0000-0000-C000-000000000046}", events[1].interface)
  assert.equal("accepted", events[2].note)
  assert.equal(3, events[3].opnum)
  assert.equal("{03020100-0504-0706-0809-0A0B0C0D0E0F}", events[3].object)
  assert.equal("{11111111-2222-3333-4444-555555555555}", events[3].causality)
  assert.equal(3, events[4].opnum)
  assert.equal(16, events[4].size)
  assert.equal(2, events[5].fragments)
  assert.equal(40, events[5].size)
  assert.equal("RPC_E_DISCONNECTED", pdus.status_name(events[6].status))
  assert.equal("not executed", events[6].note)
  assert.equal("NTLM, privacy", events[7].auth)
  assert.is_nil(events[7].causality)
  assert.equal(32, events[7].size)
  assert.equal("access denied", pdus.status_name(events[8].status))
end

describe("a capture of DCOM", function()
  it("is read, however its bytes came", function()
    for _, most in ipairs { 1500, 40, 7 } do
      for _, made in ipairs { pcap, pcapng } do
        local events <const>, problem <const> = read(made(frames_of(most)))
        assert.is_nil(problem)
        check(events)
      end
    end
  end)

  it("is read where segments came twice, and out of their order", function()
    local frames <const> = frames_of(20)
    frames[2], frames[3] = frames[3], frames[2]
    table.insert(frames, 6, frames[5])
    check((read(pcap(frames))))
  end)

  it("may be damaged", function()
    math.randomseed(13)
    local random <const> = math.random
    for _, whole in ipairs { pcap(frames_of(1500)), pcapng(frames_of(60)) } do
      for size = 0, #whole - 1, 7 do read(whole:sub(1, size)) end
      for _ = 1, 400 do
        local bytes = whole
        for _ = 1, random(1, 6) do
          local at <const> = random(1, #bytes)
          bytes = bytes:sub(1, at - 1) .. string.char(random(0, 255)) .. bytes:sub(at + 1)
        end
        read(bytes)
      end
    end
    local _ <const>, problem <const> = read "nonsense"
    assert.truthy(problem:find "pcap")
  end)

  it("is shown by the program", function()
    local path <const> = os.tmpname()
    local file <const> = assert(io.open(path, "wb"))
    file:write(pcap(frames_of(1500)))
    file:close()
    local program <const> = (os.getenv "OLEANDER_STAGE" or "build/release/stage") .. "/bin/oleander"
    local pipe <const> = assert(io.popen(("'%s' trace '%s'"):format(program, path)))
    local text <const> = pipe:read "a"
    pipe:close()
    os.remove(path)
    assert.truthy(text:find("request 2, IDispatch.GetTypeInfoCount, of {03020100", 1, true), text)
    assert.truthy(text:find("fault 3, IDispatch.Invoke, RPC_E_DISCONNECTED", 1, true), text)
    assert.truthy(text:find("in 2 fragments", 1, true), text)
  end)
end)
