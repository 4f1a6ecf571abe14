--- Base64 (RFC 4648), for what is no text.
local base64 <const> = {}

local digits <const> = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
local digit_of <const>, value_of <const> = {}, {}
for i = 1, 64 do
  digit_of[i - 1] = digits:sub(i, i)
  value_of[digits:byte(i)] = i - 1
end

---@param bytes string
---@return string
function base64.encode(bytes)
  local out <const> = {}
  for i = 1, #bytes, 3 do
    local a <const>, b <const>, c <const> = bytes:byte(i, i + 2)
    local word <const> = a << 16 | (b or 0) << 8 | (c or 0)
    out[#out + 1] = digit_of[word >> 18] .. digit_of[word >> 12 & 63]
      .. (b and digit_of[word >> 6 & 63] or "=") .. (c and digit_of[word & 63] or "=")
  end
  return table.concat(out)
end

---@param text string
---@return string? bytes nil: it is none
function base64.decode(text)
  if #text % 4 ~= 0 or not text:find "^[%w+/]*=?=?$" then return nil end
  local out <const> = {}
  for i = 1, #text, 4 do
    local a <const>, b <const>, c <const>, d <const> = text:byte(i, i + 3)
    local word <const> = (value_of[a] or 0) << 18 | (value_of[b] or 0) << 12 | (value_of[c] or 0) << 6
      | (value_of[d] or 0)
    local bytes <const> = string.char(word >> 16, word >> 8 & 255, word & 255)
    out[#out + 1] = bytes:sub(1, c == 61 and 1 or d == 61 and 2 or 3)
  end
  return table.concat(out)
end

return base64
