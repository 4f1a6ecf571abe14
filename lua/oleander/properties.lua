--- The property sets of a storage [MS-OLEPS]: s:properties(set). Each access opens the set and closes it again, so that
--- sets which share a stream, and other users of it, are not in each other's way.
local core <const> = require "oleander.core"
local dates <const> = require "oleander.dates"
local errors <const> = require "oleander.errors"
local names <const> = require "oleander.property_names"

core.own_source(debug.getinfo(1, "S").source)

local E_INVALIDARG <const>, DISP_E_UNKNOWNNAME <const> = 0x80070057, 0x80020006
local STG_E_FILENOTFOUND <const>, NO_UNICODE_TRANSLATION <const> = 0x80030002, 0x80070459
local VT_LPSTR <const>, VT_LPWSTR <const>, VT_FILETIME <const>, VT_VECTOR <const> = 30, 31, 64, 0x1000
local VT_EMPTY <const>, VT_BSTR <const> = 0, 8
local CODE_PAGE <const> = 1
local TICKS <const> = 10000000 -- of a FILETIME in a second

--- The integers that a property of this type can hold: it keeps the type for these.
local ranges <const> = { [2] = { -0x8000, 0x7FFF }, [3] = { -0x80000000, 0x7FFFFFFF }, [16] = { -0x80, 0x7F },
  [17] = { 0, 0xFF }, [18] = { 0, 0xFFFF }, [19] = { 0, 0xFFFFFFFF }, [20] = { math.mininteger, math.maxinteger },
  [21] = { 0, math.maxinteger } }

local hidden <const> = setmetatable({}, { __mode = "k" }) -- by set: storage, fmtid, name, known

--- The set as a script sees it; tools/reference/classes.lua describes it.
local Properties <const> = { __name = "oleander.Properties" }

local function fail(self, hresult, text)
  errors.raise(hresult, ("%s: %s"):format(self.name, text), { subject = "properties" })
end

--- The known property of a key; nil where the set has names of its own, or for a number that means nothing.
local function known_of(self, key)
  if math.type(key) == "integer" then return self.known and self.known.ids[key] end
  if type(key) ~= "string" then
    fail(self, E_INVALIDARG, "a property has a name or a number, not " .. core.type_name(key))
  end
  if not self.known then return nil end
  local known <const> = names.find(self.known, key)
  if known then return known end
  errors.raise(DISP_E_UNKNOWNNAME, ("%s has no property %s; it has %s"):format(self.name, key,
    table.concat(self.known.list, ", ")), { subject = "properties" })
end

local function open(self, write)
  local set <const>, hresult <const>, text <const> = core.set_open(self.storage, self.fmtid, write)
  if set or hresult == STG_E_FILENOTFOUND then return set end
  fail(self, hresult, text)
end

local function create(self)
  local set <const>, hresult <const>, text <const> = core.set_create(self.storage, self.fmtid)
  return set or fail(self, hresult, text)
end

--- Runs f with the set, which is closed then.
local function with(set, f, ...)
  local results <const> = table.pack(pcall(f, set, ...))
  core.set_close(set)
  if not results[1] then error(results[2], 0) end
  return table.unpack(results, 2, results.n)
end

local function seconds_of(time)
  local ticks <const> = time.ticks
  return ticks % TICKS == 0 and ticks // TICKS or ticks / TICKS
end

--- FILETIMEs are of UTC, dates local; durations are seconds. A moment that never was is nil.
local function from_file(known, value, vt)
  if vt == VT_FILETIME then
    if known and known.duration then return seconds_of(value) end
    if value.ticks == 0 then return nil end
    local good <const>, date <const> = pcall(function() return dates.from_time(value:time()) end)
    return good and date or value
  end
  if vt == VT_FILETIME | VT_VECTOR then
    for i, time in ipairs(value) do value[i] = from_file(nil, time, VT_FILETIME) or time end
  end
  return value
end

local function is_filetime(value)
  return core.type_name(value) == "a file time"
end

local function to_filetime(self, value)
  if is_filetime(value) then return value end
  local seconds = value
  if type(value) ~= "number" then
    local good <const>, date <const> = pcall(dates.date, value)
    if not good then
      fail(self, E_INVALIDARG, "a date or seconds as os.time counts them are wanted, not " .. core.type_name(value))
    end
    seconds = dates.to_time(date)
  end
  return core.filetime(math.floor(seconds * 1000 + 0.5) * 10000 + 116444736000000000)
end

--- The value and the type that it gets: the one that the set prescribes or that is there, where the value has it.
local function to_file(self, known, value, present)
  local vt <const> = known and known.vt or nil
  if known and known.duration and type(value) == "number" then
    return core.filetime(math.floor(value * TICKS + 0.5)), VT_FILETIME
  elseif vt == VT_FILETIME or core.type_name(value) == "a date" then
    return to_filetime(self, value), VT_FILETIME
  elseif type(value) == "string" and (present == VT_LPWSTR or present == VT_BSTR) then
    return value, present
  elseif vt and type(value) ~= "userdata" then
    return value, vt
  elseif math.type(value) == "integer" and ranges[present] and value >= ranges[present][1]
    and value <= ranges[present][2] then
    return value, present
  elseif type(value) == "table" then
    local moved <const> = table.move(value, 1, #value, 1, {})
    for i, item in ipairs(moved) do
      if core.type_name(item) == "a date" then moved[i] = to_filetime(self, item) end
    end
    return moved, VT_EMPTY
  end
  return value, VT_EMPTY
end

local function write(set, self, key, known, value)
  local id <const> = known and known.id or key
  local _, present <const> = core.set_read(set, id)
  local converted <const>, vt <const> = to_file(self, known, value, present)
  local good <const>, problem <const> = pcall(core.set_write, set, id, converted, vt, false, nil, known and known.name)
  if not good then
    local text <const> = vt == VT_LPSTR or vt == VT_EMPTY and type(converted) == "string"
    if not text or type(problem) ~= "table" or problem.hresult ~= NO_UNICODE_TRANSLATION then error(problem, 0) end
    core.set_write(set, id, converted, VT_LPWSTR) -- the code page of the set has no such letters
  end
  core.set_commit(set)
end

function Properties.__index(p, key)
  local self <const> = hidden[p]
  local known <const> = known_of(self, key)
  local set <const> = open(self, false)
  if not set then return nil end
  return with(set, function()
    local value <const>, vt <const> = core.set_read(set, known and known.id or key)
    if key == CODE_PAGE then return value and value & 0xFFFF end
    return from_file(known, value, vt)
  end)
end

function Properties.__newindex(p, key, value)
  local self <const> = hidden[p]
  local known <const> = known_of(self, key)
  local set <const> = open(self, true)
  if value == nil then
    if set then
      with(set, function()
        core.set_delete(set, known and known.id or key)
        core.set_commit(set)
      end)
    end
    return
  end
  with(set or create(self), write, self, key, known, value)
end

--- name or number, value; values of types that are not understood are left out.
function Properties.__pairs(p)
  local self <const> = hidden[p]
  local set <const> = open(self, false)
  local list <const> = {}
  if set then
    with(set, function()
      for _, property in ipairs(core.set_list(set)) do
        local known <const> = self.known and self.known.ids[property.id]
        local good <const>, value <const>, vt <const> = pcall(core.set_read, set, property.id)
        local shown = nil
        if good then shown = from_file(known, value, vt) end
        if shown ~= nil then list[#list + 1] = { known and known.name or property.name or property.id, shown } end
      end
    end)
  end
  local i = 0
  return function()
    i = i + 1
    if list[i] then return list[i][1], list[i][2] end
  end
end

function Properties.__len(p)
  local self <const> = hidden[p]
  local set <const> = open(self, false)
  return set and with(set, function() return #core.set_list(set) end) or 0
end

function Properties.__tostring(set)
  return "properties " .. hidden[set].name
end

function Properties.__close() end

local properties <const> = {}

---The property set of that name.
---@param storage oleander.Storage
---@param set string
---@return oleander.Properties
function properties.of(storage, set)
  if type(set) ~= "string" then
    errors.raise(E_INVALIDARG, "the name or FMTID of a property set is wanted, not " .. core.type_name(set),
      { subject = "storage:properties" })
  end
  local known <const> = names.sets[set]
  if not known and set:sub(1, 1) ~= "{" then
    errors.raise(DISP_E_UNKNOWNNAME, ([[there is no property set "%s": it is "SummaryInformation", ]]
      .. [["DocumentSummaryInformation", "UserDefined" or a FMTID in braces]]):format(set),
      { subject = "storage:properties" })
  end
  local fmtid <const> = known and known.fmtid or core.guid(set)
  if core.type_name(storage) ~= "a storage" then
    errors.raise(E_INVALIDARG, "called without its storage, use ':'", { subject = "storage:properties" })
  end
  local made <const> = setmetatable({}, Properties)
  hidden[made] = { storage = storage, fmtid = fmtid, name = set, known = names.by_fmtid[fmtid] }
  return made
end

core.storage_methods().properties = properties.of

return properties
