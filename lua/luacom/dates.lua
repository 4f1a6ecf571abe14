--- Dates as LuaCOM has them: texts in the form of en-US, or tables. Values of com.date are in between.
local com <const> = require "oleander"

local dates <const> = {}

--- The day that a date without a day has (1899-12-30), and that a time alone is written without.
local FIRST_YEAR <const>, FIRST_MONTH <const>, FIRST_DAY <const> = 1899, 12, 30

local function clock(date)
  local hour <const> = date.hour
  return ("%d:%02d:%02d %s"):format((hour + 11) % 12 + 1, date.min, date.sec, hour < 12 and "AM" or "PM")
end

---"3/14/2024 9:26:53 PM"; without the time at midnight, without the day for a time alone.
---@param date oleander.Date
---@return string
function dates.text(date)
  local has_time <const> = date.hour ~= 0 or date.min ~= 0 or date.sec ~= 0
  if date.year == FIRST_YEAR and date.month == FIRST_MONTH and date.day == FIRST_DAY then return clock(date) end
  local day <const> = ("%d/%d/%d"):format(date.month, date.day, date.year)
  return has_time and day .. " " .. clock(date) or day
end

---@param date oleander.Date
---@return table
function dates.table(date)
  return { Day = date.day, DayOfWeek = date.wday - 1, Month = date.month, Year = date.year, Hour = date.hour,
    Minute = date.min, Second = date.sec, Milliseconds = date.ms }
end

---@param t table
---@return boolean
function dates.is_table(t)
  return t.Day ~= nil and t.Month ~= nil and t.Year ~= nil
end

---@param t table
---@return oleander.Date
function dates.from_table(t)
  return com.date(t.Year, t.Month, t.Day, t.Hour or 0, t.Minute or 0,
    (t.Second or 0) + (t.Milliseconds or 0) / 1000)
end

local function full_year(text)
  local year <const> = math.tointeger(text)
  if #text > 2 then return year end
  return year < 30 and 2000 + year or 1900 + year
end

--- Hour, minute and second of "9:26[:53] [AM|PM]"; nil for anything else.
local function read_clock(text)
  local hour, minute, second, half = text:match "^%s*(%d+):(%d+):?(%d*)%s*([AaPp]?[Mm]?)%s*$"
  hour, minute, second = math.tointeger(hour), math.tointeger(minute), math.tointeger(second ~= "" and second or 0)
  if not hour or not minute or hour > 23 or minute > 59 or (second or 0) > 59 then return nil end
  half = half:lower()
  if half ~= "" then
    if #half ~= 2 or hour < 1 or hour > 12 then return nil end
    hour = hour % 12 + (half == "pm" and 12 or 0)
  end
  return hour, minute, second or 0
end

---Reads a date as en-US writes it, month first; where that is over 12, day first. ISO 8601 too.
---@param text string
---@return oleander.Date
function dates.from_text(text)
  local first, second <const>, year <const>, rest <const> = text:match "^%s*(%d+)[/.-](%d+)[/.-](%d+)%s*(.-)%s*$"
  if not first or #first > 2 then
    local hour <const>, minute <const>, seconds <const> = read_clock(text)
    if hour then return com.date(FIRST_YEAR, FIRST_MONTH, FIRST_DAY, hour, minute, seconds) end
    return com.date(text)
  end
  local month, day = math.tointeger(first), math.tointeger(second)
  if month > 12 then month, day = day, month end
  local hour, minute, seconds = 0, 0, 0
  if rest ~= "" then
    hour, minute, seconds = read_clock(rest)
    if not hour then error(("%q is no date"):format(text), 0) end
  end
  return com.date(full_year(year), month, day, hour, minute, seconds)
end

return dates
