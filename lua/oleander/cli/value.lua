---Values on the command line: the text of an argument as a value, and a result as text.
local value <const> = {}

---Words that say a value where a text would be taken literally.
local words <const> = { ["true"] = true, ["false"] = false }

---Declared types whose text is exact, where a number of Lua would not be.
local makers <const> = { CURRENCY = "currency", DECIMAL = "decimal", DATE = "date" }

---The value of `TYPE:TEXT` with a type of com.vt, or nil when the text does not begin with one.
local function typed(text)
  local com <const> = require "oleander"
  local name <const>, rest <const> = text:match "^(%a%w*):(.*)$"
  if name == "s" then return rest end
  if name == "date" or name == "currency" or name == "decimal" then return com[name](rest) end
  local make <const> = name and rawget(com.vt, name)
  if not make or name == "byref" or name == "error" then return nil end
  if name == "bool" and words[rest] ~= nil then return make(words[rest]) end
  return make(math.tointeger(tonumber(rest)) or tonumber(rest) or rest)
end

---What an argument of the command line means for a parameter: by its declared type, else by how it looks. `nil` and
---`null` are what they say; `s:TEXT` is always text, `TYPE:TEXT` a value of that wire type (i4, r8, cy ...).
---@param text string
---@param declared string? the parameter's type in IDL
---@return any
function value.parse(text, declared)
  local com <const> = require "oleander"
  local wire <const> = typed(text)
  if wire ~= nil then return wire end
  if declared and (declared:find "^BSTR" or declared == "LPWSTR" or declared == "LPSTR") then return text end
  if text == "nil" then return nil end
  if text == "null" then return com.null end
  if words[text] ~= nil then return words[text] end
  local make <const> = makers[(declared or ""):match "^[%u]*"]
  if make then return com[make](text) end
  return math.tointeger(text) or tonumber(text) or text
end

local function array_text(array)
  local parts <const> = {}
  for i = 1, #array do parts[i] = value.text(array[i]) end
  if #parts == 0 then return "{}" end
  return "{ " .. table.concat(parts, ", ") .. " }"
end

---A result as one line of text.
---@param v any
---@return string
function value.text(v)
  local core <const> = require "oleander.core"
  if type(v) == "userdata" and core.type_name(v) == "an array" then return array_text(v) end
  return tostring(v)
end

local plain <const> = { string = true, number = true, boolean = true }

---A result as a value for JSON: what JSON has no kind for becomes text.
---@param v any
---@return any
function value.json(v)
  local json <const> = require "oleander.json"
  local core <const> = require "oleander.core"
  if v == nil then return json.null end
  if plain[type(v)] then return v end
  if type(v) == "userdata" and core.type_name(v) == "an array" then
    local list <const> = json.array {}
    for i = 1, #v do list[i] = value.json(v[i]) end
    return list
  end
  return tostring(v)
end

return value
