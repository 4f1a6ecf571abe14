--- How many values a Lua function returns, read from its compiled form (string.dump; Lua 5.4: lundump.c, lopcodes.h).
local bytecode <const> = {}

local OP_TAILCALL <const>, OP_RETURN <const>, OP_RETURN0 <const>, OP_RETURN1 <const> = 69, 70, 71, 72

--- A size: seven bits a byte, the last one marked.
local function read_size(code, at)
  local size = 0
  while true do
    local byte <const> = code:byte(at)
    at = at + 1
    size = size << 7 | byte & 0x7F
    if byte & 0x80 ~= 0 then return size, at end
  end
end

---@param f function
---@return integer? fewest of all its return statements with a known count; nil when that is not known
---@return integer? most
function bytecode.result_counts(f)
  if _VERSION ~= "Lua 5.4" then return nil end
  local dumped <const>, code <const> = pcall(string.dump, f, true)
  if not dumped then return nil end
  -- Header: signature 4, version, format, data 6, three sizes, an integer, a number; then the count of upvalues.
  local at = 4 + 1 + 1 + 6 + 3 + 8 + 8 + 1 + 1
  local source_size
  source_size, at = read_size(code, at)
  if source_size > 0 then at = at + source_size - 1 end
  local _
  _, at = read_size(code, at) -- first line
  _, at = read_size(code, at) -- last line
  at = at + 3                 -- parameters, vararg, stack
  local count
  count, at = read_size(code, at)
  local fewest, most
  for i = 1, count do
    local word <const> = ("<I4"):unpack(code, at + 4 * (i - 1))
    local op <const> = word & 0x7F
    local values
    if op == OP_TAILCALL then return nil end
    if op == OP_RETURN0 then values = 0
    elseif op == OP_RETURN1 then values = 1
    elseif op == OP_RETURN then
      values = (word >> 16 & 0xFF) - 1
      if values < 0 then return nil end
    end
    -- The last return is the one that the compiler adds; it counts when it is the only one.
    if values and (i < count or not most) then
      fewest = math.min(fewest or values, values)
      most = math.max(most or values, values)
    end
  end
  return fewest, most
end

return bytecode
