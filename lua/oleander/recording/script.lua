--- What a recording tells, ready to be played: which calls came in which, which objects there are, their types.
local core <const> = require "oleander.core"
local errors <const> = require "oleander.errors"
local libraries <const> = require "oleander.recording.libraries"
local lines <const> = require "oleander.recording.lines"
local shapes <const> = require "oleander.recording.shapes"
local values <const> = require "oleander.recording.values"

core.own_source(debug.getinfo(1, "S").source)

local script <const> = {}

local E_FAIL <const> = 0x80004005

---@class oleander.recording.Script
---@field path string
---@field header table
---@field entries table[]
---@field inner table<integer, table[]> what came during a line, by its n
---@field items table<integer, table> what is said of each object
---@field libraries oleander.recording.Libraries
---@field shapes table<integer, oleander.recording.Shape>
local Script <const> = {}
Script.__index = Script

--- Collects what an item says of objects, wherever it is in it.
local function learn(self, item, depth)
  if type(item) ~= "table" or depth > 64 then return end
  if item.library then self.libraries:learn(item.library) end
  if (item.t == "dispatch" or item.t == "unknown") and math.type(item.v) == "integer" then
    if item.type and not self.items[item.v] then self.items[item.v] = item end
    for _, source in ipairs(type(item.sources) == "table" and item.sources or {}) do
      self.libraries:learn(source.library)
    end
  elseif type(item.v) == "table" and item.v ~= lines.null then
    for _, inner in pairs(item.v) do learn(self, inner, depth + 1) end
  end
end

---Reads a recording.
---@param path string
---@param subject string
---@return oleander.recording.Script
function script.read(path, subject)
  if type(path) ~= "string" then
    errors.raise(0x80070057, "the path of a recording is wanted, not " .. core.type_name(path),
      { subject = subject, argument = { index = 1 } })
  end
  local recording <const> = lines.read(path, subject)
  local self <const> = setmetatable({ path = path, header = recording.header, entries = recording.entries, inner = {},
    items = {}, libraries = libraries.new(), shapes = {} }, Script)
  self.libraries:learn(self.header.library)
  self.header.object.t = "dispatch"
  learn(self, self.header.object, 0)
  for _, entry in ipairs(self.entries) do
    for _, list in ipairs { entry.args, entry.results } do
      for _, item in ipairs(list) do learn(self, item, 0) end
    end
    if entry.during then
      local inner <const> = self.inner[entry.during] or {}
      self.inner[entry.during] = inner
      inner[#inner + 1] = entry
    end
  end
  return self
end

---The shape of a recorded object; nil when the recording has no types of it.
---@param number integer
---@return oleander.recording.Shape?
function Script:shape(number)
  local item <const> = self.items[number]
  if not item then return nil end
  if not self.shapes[number] then
    local sources <const> = {}
    for i, source in ipairs(type(item.sources) == "table" and item.sources or {}) do
      sources[i] = self.libraries:type(source, self.path)
    end
    self.shapes[number] = shapes.of_type(self.libraries:type(item, self.path), sources)
  end
  return self.shapes[number]
end

---The type of a record.
function Script:record(item)
  return (require "oleander.typelib".handle(self.libraries:type(item, self.path)))
end

---The name of an object with the member of a line: "Calc.Add".
---@param entry table
---@return string
function Script:name(entry)
  local item <const> = self.items[entry.object]
  local kind <const> = item and tostring(item.type):match "[^.]*$" or "object " .. entry.object
  return kind .. "." .. entry.member
end

---A line as a person reads it: "Calc.Add(1, 2)".
---@param entry table
---@param args table[]? others than its own
---@return string
function Script:call_text(entry, args)
  local access <const> = entry.access or entry.kind
  local shown <const> = values.show_list(args or entry.args)
  if access == "get" and shown == "" then return self:name(entry) end
  if access == "put" or access == "putref" then return ("%s = %s"):format(self:name(entry), shown) end
  return ("%s(%s)"):format(self:name(entry), shown)
end

---The error that a line tells of; nil: it succeeded.
---@param entry table
function script.failure(entry)
  if entry.hresult & 0x80000000 == 0 then return nil end
  local said <const> = type(entry.error) == "table" and entry.error or {}
  local more <const> = {}
  for _, key in ipairs { "source", "helpfile" } do
    if type(said[key]) == "string" then more[key] = said[key] end
  end
  if math.type(said.helpcontext) == "integer" then more.helpcontext = said.helpcontext end
  return entry.hresult, type(said.description) == "string" and said.description or nil, more
end

---Raises what a line tells of, if it is a failure.
---@param entry table
function script.raise(entry)
  local hresult <const>, description <const>, more <const> = script.failure(entry)
  if hresult then require "oleander.server".error(hresult, description, more) end
end

---The results of a method; a success code that is not S_OK comes behind them.
---@param hresult integer
---@param signature oleander.recording.Signature
---@param results table with n
---@return any ...
function script.with_status(hresult, signature, results)
  if hresult == 0 then return table.unpack(results, 1, results.n) end
  local count <const> = math.max(results.n, #signature.gives)
  results[count + 1] = require "oleander.values".vt.error(hresult)
  return table.unpack(results, 1, count + 1)
end

script.E_FAIL = E_FAIL
return script
