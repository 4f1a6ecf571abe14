---Errors and warnings of a compilation: gathered, many in one run, and shown with the line and a mark.
local sources <const> = require "oleander.idl.sources"

---@class oleander.idl.Diagnostic
---@field severity "error"|"warning"
---@field message string
---@field file string
---@field line integer
---@field column integer
---@field source string the line

---@class oleander.idl.Diagnostics
---@field sources oleander.idl.Sources
---@field list oleander.idl.Diagnostic[]
---@field errors integer
---@field seen table<string, boolean>
local diagnostics <const> = {}
diagnostics.__index = diagnostics

--- A file with more errors than this is not read further.
local ERROR_LIMIT <const> = 100
local WARNING_LIMIT <const> = 500
--- What is shown of a line.
local LINE_LIMIT <const> = 160

---@return oleander.idl.Diagnostics
function diagnostics.new()
  return setmetatable({ sources = {}, list = {}, errors = 0, warnings = 0, seen = {} }, diagnostics)
end

---Raised to leave the reading of a declaration, or of everything; the message is in the list already.
diagnostics.ABANDON = setmetatable({}, { __tostring = function() return "the declaration is abandoned" end })
diagnostics.STOP = setmetatable({}, { __tostring = function() return "too many errors" end })

local function note(self, severity, place, message)
  local source <const>, offset <const> = sources.at(self.sources, place or 0)
  local item <const> = { severity = severity, message = message, file = "", line = 0, column = 0, source = "" }
  if source then
    local line <const>, column <const>, start <const> = sources.locate(source, offset)
    item.file, item.line, item.column = source.name, line, column
    local from = start
    if column > LINE_LIMIT // 2 then -- a long line is shown around the place
      from = math.max(start, offset - LINE_LIMIT // 2)
      while from < offset and (source.text:byte(from) or 0) & 0xC0 == 0x80 do from = from + 1 end
    end
    item.source = source.text:match("^[^\r\n]*", from):sub(1, LINE_LIMIT)
    local before <const> = source.text:sub(from, math.min(offset, from + LINE_LIMIT) - 1)
    item.mark = before:gsub("[\x80-\xBF]", ""):gsub("[^\t]", " ") .. "^"
  end
  local key <const> = ("%d:%s"):format(place or 0, message)
  if self.seen[key] then return end
  self.seen[key] = true
  self.list[#self.list + 1] = item
end

---Notes an error.
---@param place integer?
---@param message string
function diagnostics:error(place, message, ...)
  if select("#", ...) > 0 then message = message:format(...) end
  self.errors = self.errors + 1
  note(self, "error", place, message)
  if self.errors >= ERROR_LIMIT then error(diagnostics.STOP, 0) end
end

---Notes an error and leaves the declaration that is being read.
---@param place integer?
---@param message string
function diagnostics:fail(place, message, ...)
  self:error(place, message, ...)
  error(diagnostics.ABANDON, 0)
end

---Notes an error after which nothing more can be read.
---@param place integer?
---@param message string
function diagnostics:stop(place, message, ...)
  self:error(place, message, ...)
  error(diagnostics.STOP, 0)
end

---@param place integer?
---@param message string
function diagnostics:warning(place, message, ...)
  if self.warnings >= WARNING_LIMIT then return end
  self.warnings = self.warnings + 1
  if select("#", ...) > 0 then message = message:format(...) end
  note(self, "warning", place, message)
end

---Runs a function; an abandoned declaration is noted already, other errors go on.
---@return boolean done
function diagnostics.guard(_, f, ...)
  local done <const>, problem <const> = pcall(f, ...)
  if not done and problem ~= diagnostics.ABANDON then error(problem, 0) end
  return done
end

---One message as text: place, message, the line, a mark under the place.
---@param item oleander.idl.Diagnostic
---@return string
function diagnostics.text(item)
  local severity <const> = item.severity == "warning" and "warning: " or ""
  if item.line == 0 then return severity .. item.message end
  local head <const> = ("%s:%d:%d: %s%s"):format(item.file, item.line, item.column, severity, item.message)
  if item.source:find "^%s*$" then return head end
  return ("%s\n  %s\n  %s"):format(head, item.source, item.mark)
end

---All messages as text, errors and warnings in the order of their discovery.
---@return string
function diagnostics:report()
  local out <const> = {}
  for i, item in ipairs(self.list) do out[i] = diagnostics.text(item) end
  return table.concat(out, "\n")
end

---The number of changes that make one word the other (changes, insertions, removals, swaps); `limit` ends it early.
local function distance(a, b, limit)
  if math.abs(#a - #b) > limit then return limit + 1 end
  local before, last = nil, {}
  for j = 0, #b do last[j] = j end
  for i = 1, #a do
    local current <const> = { [0] = i }
    local least = i
    for j = 1, #b do
      local same <const> = a:byte(i) == b:byte(j)
      local cost = math.min(last[j] + 1, current[j - 1] + 1, last[j - 1] + (same and 0 or 1))
      if before and i > 1 and j > 1 and a:byte(i) == b:byte(j - 1) and a:byte(i - 1) == b:byte(j) then
        cost = math.min(cost, before[j - 2] + 1)
      end
      current[j] = cost
      if cost < least then least = cost end
    end
    if least > limit then return limit + 1 end
    before, last = last, current
  end
  return last[#b]
end

--- Names that are compared; a file with more has another trouble.
local NEAR_LIMIT <const> = 20000

---The names of a set that look most like a word.
---@param word string
---@param names table<string, any>
---@return string? text " (did you mean X?)"
function diagnostics.near(word, names)
  if #word > 100 then return "" end
  local folded <const> = word:lower()
  local limit <const> = math.max(1, #word // 3)
  local best, best_distance = {}, limit + 1
  local looked_at = 0
  for name in pairs(names) do
    looked_at = looked_at + 1
    if looked_at > NEAR_LIMIT then break end
    local d <const> = math.abs(#name - #word) <= limit and distance(folded, name:lower(), limit) or limit + 1
    if d < best_distance then
      best, best_distance = { name }, d
    elseif d == best_distance and d <= limit then
      best[#best + 1] = name
    end
  end
  if #best == 0 then return "" end
  table.sort(best)
  return (" (did you mean %s?)"):format(table.concat(best, " or ", 1, math.min(#best, 3)))
end

return diagnostics
