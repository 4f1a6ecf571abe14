---Writes JSON: what the program's `--json` options print. The writing is dkjson's; this orders the keys, so that output
---can be compared, and makes every string UTF-8.
local dkjson <const> = require "dkjson"

local json <const> = {}

---Marks a table that is an array also when it is empty.
---@param t table
---@return table
function json.array(t)
  return setmetatable(t, { __jsontype = "array" })
end

---A JSON null inside a table.
json.null = dkjson.null

---Bytes that are no UTF-8, lone surrogates among them, become U+FFFD.
local function clean(text)
  if utf8.len(text) then return text end
  local parts <const>, at = {}, 1
  while at <= #text do
    local good <const>, bad <const> = utf8.len(text, at)
    local stop <const> = good and #text or bad - 1
    parts[#parts + 1] = text:sub(at, stop)
    if not good then parts[#parts + 1] = "\u{FFFD}" end
    at = stop + 2
  end
  return table.concat(parts)
end

local function prepared(value)
  if type(value) == "string" then return clean(value) end
  if type(value) == "userdata" then return clean(tostring(value)) end -- currency, decimals, dates: their text
  if type(value) ~= "table" or value == json.null then return value end
  local meta <const> = getmetatable(value)
  if #value > 0 or meta and meta.__jsontype == "array" then
    local copy <const> = json.array {}
    for i = 1, #value do copy[i] = prepared(value[i]) end
    return copy
  end
  local copy <const>, order <const> = {}, {}
  for key, member in pairs(value) do
    copy[key] = prepared(member)
    order[#order + 1] = key
  end
  table.sort(order)
  return setmetatable(copy, { __jsontype = "object", __jsonorder = order })
end

---The JSON text of a value: tables with elements 1..n are arrays, others objects with string keys.
---@param value any
---@return string
function json.encode(value)
  return dkjson.encode(prepared(value), { indent = true })
end

return json
