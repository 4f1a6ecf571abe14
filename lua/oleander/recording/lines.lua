--- A recording as text: one JSON object a line, the first one says what it is.
local core <const> = require "oleander.core"
local dkjson <const> = require "dkjson"
local errors <const> = require "oleander.errors"

core.own_source(debug.getinfo(1, "S").source)

local lines <const> = {}

lines.FORMAT = "oleander recording"
lines.VERSION = 1
lines.null = dkjson.null

local E_INVALIDARG <const>, E_FAIL <const> = 0x80070057, 0x80004005

--- In this order, whatever a line has; others follow by name.
local order <const> = {}
for i, key in ipairs { "format", "version", "n", "time", "thread", "during", "object", "kind", "member", "args",
  "results", "hresult", "error", "us", "t", "of", "bounds", "v", "base64", "type", "iid", "class", "library", "name",
  "guid", "progid", "path", "description", "source", "idl" } do
  order[key] = i
end

local function keys_of(t)
  local keys <const> = {}
  for key in pairs(t) do keys[#keys + 1] = key end
  table.sort(keys, function(a, b)
    local x <const>, y <const> = order[a] or math.huge, order[b] or math.huge
    if x ~= y then return x < y end
    return a < b
  end)
  return keys
end

local function number_text(value)
  if math.type(value) == "integer" then return ("%d"):format(value) end
  if value ~= value then return '"nan"' end
  if value == math.huge then return '"inf"' end
  if value == -math.huge then return '"-inf"' end
  local text <const> = ("%.17g"):format(value)
  return text == "-0" and "-0.0" or text
end

local write

local function write_table(out, value)
  local meta <const> = getmetatable(value)
  if #value > 0 or meta and meta.__jsontype == "array" then
    out[#out + 1] = "["
    for i = 1, #value do
      if i > 1 then out[#out + 1] = "," end
      write(out, value[i])
    end
    out[#out + 1] = "]"
    return
  end
  out[#out + 1] = "{"
  for i, key in ipairs(keys_of(value)) do
    out[#out + 1] = (i > 1 and "," or "") .. dkjson.quotestring(key) .. ":"
    if key == "time" and type(value[key]) == "number" then
      out[#out + 1] = ("%.6f"):format(value[key])
    else
      write(out, value[key])
    end
  end
  out[#out + 1] = "}"
end

write = function(out, value)
  if value == lines.null then
    out[#out + 1] = "null"
  elseif type(value) == "table" then
    write_table(out, value)
  elseif type(value) == "number" then
    out[#out + 1] = number_text(value)
  elseif type(value) == "string" then
    out[#out + 1] = dkjson.quotestring(value)
  else
    out[#out + 1] = tostring(value)
  end
end

---A list, also when it is empty.
function lines.list(t)
  return setmetatable(t or {}, { __jsontype = "array" })
end

---One line, without its end.
---@param value table
---@return string
function lines.text(value)
  local out <const> = {}
  write_table(out, value)
  return table.concat(out)
end

---@class oleander.recording.Writer
---@field path string
---@field file file*
local Writer <const> = {}
Writer.__index = Writer

---@param path string
---@param subject string the function that errors name
---@return oleander.recording.Writer
function lines.create(path, subject)
  local file <const>, problem <const> = io.open(path, "wb")
  if not file then errors.raise(E_INVALIDARG, problem, { subject = subject }) end
  return setmetatable({ path = path, file = file }, Writer)
end

---Writes a line whole, so that a program that dies leaves whole lines.
function Writer:write(value)
  local done <const>, problem <const> = self.file:write(lines.text(value), "\n")
  local flushed <const>, reason <const> = self.file:flush()
  if not (done and flushed) and not self.failed then
    self.failed = true
    io.stderr:write("oleander: the recording is not complete: ", tostring(problem or reason), "\n")
  end
end

-- reading

---@param subject string
local function refuse(subject, format, ...)
  errors.raise(E_FAIL, format:format(...), { subject = subject })
end

local function decode(text)
  local done <const>, value <const>, _, problem <const> = pcall(dkjson.decode, text, 1, lines.null, nil)
  if not done then return nil, "it is nested too deep" end
  if type(value) ~= "table" or value == lines.null then return nil, problem or "it is no JSON object" end
  return value
end

--- What a line must have: the name of each field and its type.
local wanted <const> = {
  { "n", "integer" }, { "object", "integer" }, { "kind", "string" }, { "member", "string" }, { "args", "table" },
  { "results", "table" }, { "hresult", "integer" },
}
local known_kinds <const> = { method = true, get = true, put = true, putref = true, event = true, callback = true,
  enumerate = true }
local accesses <const> = { method = true, get = true, put = true, putref = true, enumerate = true }

local function is_of(value, kind)
  if kind == "integer" then return math.type(value) == "integer" end
  return type(value) == kind and value ~= lines.null
end

--- What is wrong with a line; nil: nothing.
local function problem_of(entry, before)
  for _, field in ipairs(wanted) do
    if not is_of(entry[field[1]], field[2]) then
      return ("%s is %s"):format(field[1], entry[field[1]] == nil and "missing" or "no " ..
        (field[2] == "table" and "list" or field[2] == "string" and "text" or "integer"))
    end
  end
  if not known_kinds[entry.kind] then return ("there is no kind %s"):format(entry.kind) end
  if entry.kind == "callback" and not accesses[entry.access] then return "access is missing" end
  if entry.during ~= nil and not is_of(entry.during, "integer") then return "during is no integer" end
  if entry.error ~= nil and not is_of(entry.error, "table") then return "error is no object" end
  for _, list in ipairs { entry.args, entry.results } do
    for i, value in ipairs(list) do
      if type(value) ~= "table" or type(value.t) ~= "string" then return ("value %d is none"):format(i) end
    end
  end
  if before[entry.n] then return ("n %d comes a second time"):format(entry.n) end
end

local function check_header(header, path, subject)
  if header.format ~= lines.FORMAT then refuse(subject, "%s is no recording: its first line is none of one", path) end
  if math.type(header.version) ~= "integer" then refuse(subject, "%s:1: the version is missing", path) end
  if header.version ~= lines.VERSION then
    refuse(subject, "%s:1: a recording of version %d, this program knows version %d", path, header.version,
      lines.VERSION)
  end
  if type(header.object) ~= "table" or type(header.object.v) ~= "number" then
    refuse(subject, "%s:1: the first line does not say which object was recorded", path)
  end
end

---@class oleander.recording.Recording
---@field path string
---@field header table
---@field entries table[] in the order in which they began

---Reads a recording; whatever is wrong with it is an error that says where.
---@param path string
---@param subject string the function that errors name
---@return oleander.recording.Recording
function lines.read(path, subject)
  local file <close>, problem <const> = io.open(path, "rb")
  if not file then errors.raise(E_INVALIDARG, problem, { subject = subject }) end
  local text <const>, reason <const> = file:read "a"
  if not text then errors.raise(E_INVALIDARG, path .. ": " .. tostring(reason), { subject = subject }) end
  if text == "" then refuse(subject, "%s is no recording: it is empty", path) end
  local entries <const>, before <const> = {}, {}
  local header, number = nil, 0
  for line, ending in text:gmatch "([^\n]*)(\n?)" do
    if line == "" and ending == "" then break end
    number = number + 1
    local value, what = decode(line)
    if value and number == 1 then
      check_header(value, path, subject)
      header = value
    elseif value then
      what = problem_of(value, before)
      if not what then
        before[value.n] = true
        entries[#entries + 1] = value
      end
    end
    if number == 1 and not value then refuse(subject, "%s is no recording: its first line is no JSON", path) end
    if ending == "" and (what or not value) then
      refuse(subject, "%s:%d: the recording is cut off in the middle of this line", path, number)
    end
    if what then refuse(subject, "%s:%d: the line is damaged: %s", path, number, what) end
  end
  table.sort(entries, function(a, b) return a.n < b.n end)
  return { path = path, header = header, entries = entries }
end

return lines
