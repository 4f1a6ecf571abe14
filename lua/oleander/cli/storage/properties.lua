---`oleander storage properties FILE [PATH]`: the property sets of a storage.
local path <const> = require "oleander.cli.storage.path"

---@type oleander.cli.Command
local properties <const> = {
  summary = "Show the property sets of a document: title, author, dates ...",
}

function properties.configure(parser)
  parser:argument("file", "A compound file.")
  parser:argument("path", "A storage in it; the root without one."):args "?"
  parser:flag("--json", "Print a JSON array of objects, one a set.")
end

local known <const> = {
  ["\5SummaryInformation"] = { "SummaryInformation" },
  ["\5DocumentSummaryInformation"] = { "DocumentSummaryInformation", "UserDefined" },
}

local LETTERS <const> = "abcdefghijklmnopqrstuvwxyz012345"

--- The sets that a stream of this name holds. A set that is not known has its FMTID as the name: 26 letters of five
--- bits each, the lowest bits first ([MS-OLEPS] 2.24.1).
local function sets_of(name)
  if known[name] then return known[name] end
  local text <const> = name:match "^\5(%w+)$"
  if not text or #text ~= 26 then return {} end
  local bytes <const> = {}
  local bits, count = 0, 0
  for letter in text:lower():gmatch "." do
    local value <const> = LETTERS:find(letter, 1, true)
    if not value then return {} end
    bits = bits | (value - 1) << count
    count = count + 5
    if count >= 8 and #bytes < 16 then
      bytes[#bytes + 1] = string.char(bits & 0xFF)
      bits, count = bits >> 8, count - 8
    end
  end
  local a <const>, b <const>, c <const>, at <const> = string.unpack("<I4I2I2", table.concat(bytes))
  local rest <const> = table.concat(bytes):sub(at):gsub(".", function(byte) return ("%02X"):format(byte:byte()) end)
  return { ("{%08X-%04X-%04X-%s-%s}"):format(a, b, c, rest:sub(1, 4), rest:sub(5)) }
end

--- Text on one line that no terminal takes for a command.
local function shown(value)
  if type(value) == "table" then
    local parts <const> = {}
    for _, part in ipairs(value) do parts[#parts + 1] = shown(part) end
    if #parts > 0 then return table.concat(parts, ", ") end
    return value.data and ("%d bytes of format %s"):format(#tostring(value.data), tostring(value.format)) or ""
  end
  local text <const> = tostring(value)
  if not utf8.len(text) then return ("%d bytes"):format(#text) end
  return (text:gsub("[%c\127]", " "))
end

--- A value as JSON can hold it.
local function plain(value)
  if type(value) == "boolean" or type(value) == "number" then return value end
  if type(value) ~= "table" or #value == 0 then return shown(value) end
  local list <const> = {}
  for i, part in ipairs(value) do list[i] = plain(part) end
  return require "oleander.json".array(list)
end

--- The facts of a set, or what is wrong with it.
local function facts(storage, set)
  local com <const> = require "oleander"
  return com.try(function()
    local found <const> = {}
    for name, value in pairs(storage:properties(set)) do
      found[#found + 1] = { name = tostring(name), value = value }
    end
    return found
  end)
end

local function print_set(set, found, problem)
  print(set)
  if problem then print("  (" .. (problem.description or tostring(problem)) .. ")") end
  for _, fact in ipairs(found or {}) do print(("  %s: %s"):format(shown(fact.name), shown(fact.value))) end
end

function properties.run(options)
  local json <const> = require "oleander.json"
  local root <close>, storage <const> = path.open(options.file, options.path) -- luacheck: ignore root
  local all <const> = {}
  local damaged = false
  for _, name in ipairs(storage.names) do
    for _, set in ipairs(sets_of(name)) do
      local found <const>, problem <const> = facts(storage, set)
      damaged = damaged or not found
      if not found or #found > 0 then
        if not options.json then print_set(set, found, not found and problem or nil) end
        local values <const> = {}
        for _, fact in ipairs(found or {}) do values[fact.name] = plain(fact.value) end
        all[#all + 1] = { set = set, properties = values, error = not found and problem.description or nil }
      end
    end
  end
  if options.json then print(json.encode(json.array(all))) end
  return damaged and 1 or 0
end

return properties
