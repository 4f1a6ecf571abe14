--- Dates from fields, text and the clock: com.date, now, from_time, to_time. A date has no time zone; what has one
--- becomes local time.
local core <const> = require "oleander.core"
local errors <const> = require "oleander.errors"

core.own_source(debug.getinfo(1, "S").source)

local dates <const> = {}
local E_INVALIDARG <const> = 0x80070057

--- Days from 1970-01-01 to a day of the Gregorian calendar.
local function days_from_epoch(year, month, day)
  if month <= 2 then year, month = year - 1, month + 12 end
  return 365 * year + year // 4 - year // 100 + year // 400 + (153 * (month - 3) + 2) // 5 + day - 719469
end

--- The seconds since 1970 that the fields mean as UTC.
local function utc_seconds(fields)
  return ((days_from_epoch(fields.year, fields.month, fields.day) * 24 + (fields.hour or 0)) * 60
    + (fields.min or 0)) * 60 + (fields.sec or 0)
end

--- Minutes that a zone is before UTC ("Z", "+02:00", "-0530", "+01"); nil for no zone.
local function zone_minutes(text)
  if text == "Z" or text == "z" then return 0 end
  local sign <const>, hours <const>, rest <const> = text:match "^([+-])(%d%d)(.*)$"
  if not sign then return nil end
  local minutes <const> = rest == "" and "0" or rest:match "^:?(%d%d)$"
  if not minutes or tonumber(hours) > 23 or tonumber(minutes) > 59 then return nil end
  return (sign == "-" and -1 or 1) * (tonumber(hours) * 60 + tonumber(minutes))
end

--- The fields of an ISO 8601 text; nil for another text. The second result: minutes of its zone before UTC, or nil.
local function iso_fields(text)
  local year <const>, month <const>, day <const>, rest <const> = text:match "^(%d%d%d%d)%-(%d%d)%-(%d%d)(.*)$"
  if not year then return nil end
  local fields <const> = { year = tonumber(year), month = tonumber(month), day = tonumber(day) }
  if rest == "" then return fields end
  local hour <const>, minute <const>, tail = rest:match "^[T ](%d%d):(%d%d)(.*)$"
  if not hour then return nil end
  fields.hour, fields.min = tonumber(hour), tonumber(minute)
  local second <const>, after <const> = tail:match "^:(%d%d)(.*)$"
  if second then
    fields.sec, tail = tonumber(second), after
    local fraction <const>, behind <const> = tail:match "^([.,]%d+)(.*)$"
    if fraction then fields.sec, tail = tonumber(second .. "." .. fraction:sub(2)), behind end
  end
  if tail == "" then return fields end
  local minutes <const> = zone_minutes(tail)
  if not minutes then return nil end
  return fields, minutes
end

local function check_zone(utc, subject)
  if utc ~= nil and utc ~= "utc" then
    errors.raise(E_INVALIDARG, ([[the zone is "utc" or nothing, which means local time, not %s]])
      :format(type(utc) == "string" and '"' .. utc .. '"' or core.type_name(utc)), { subject = subject })
  end
  return utc and "!" or ""
end

--- The date of a moment; seconds may have a fraction.
local function from_seconds(seconds, prefix, subject)
  local whole = math.tointeger(seconds // 1)
  local milliseconds = whole and math.floor((seconds - whole) * 1000 + 0.5)
  if milliseconds == 1000 then whole, milliseconds = whole + 1, 0 end
  local good <const>, fields <const> = pcall(os.date, prefix .. "*t", whole or 0)
  if not whole or not good then
    errors.raise(E_INVALIDARG, ("%s seconds are no date"):format(seconds), { subject = subject })
  end
  fields.sec = math.min(fields.sec, 59) -- a leap second has no place in a date
  fields.ms = milliseconds
  return core.date(fields)
end

---A date and time, without a time zone.
---@param year any the year; or days since 1899-12-30, a table like os.date "*t", ISO 8601 text (a zone: local time)
---@param month integer?
---@param day integer?
---@param hour integer?
---@param min integer?
---@param sec number? may have a fraction, which is rounded to milliseconds
---@return oleander.Date
function dates.date(year, month, day, hour, min, sec)
  if month ~= nil then
    return core.date { year = year, month = month, day = day or 1, hour = hour or 0, min = min or 0, sec = sec or 0 }
  end
  if type(year) == "string" then
    local fields <const>, zone <const> = iso_fields(year)
    if fields and zone then
      core.date(fields) -- which says what is wrong with them
      return from_seconds(utc_seconds(fields) - zone * 60, "", "com.date")
    elseif fields then
      return core.date(fields)
    end
  end
  return core.date(year)
end

---The date and time of now, to the millisecond.
---@param utc "utc"? nothing: local time
---@return oleander.Date
function dates.now(utc)
  return from_seconds(core.wall_clock(), check_zone(utc, "com.now"), "com.now")
end

---The date of a moment as os.time counts it, in seconds since 1970.
---@param seconds number
---@param utc "utc"? nothing: local time
---@return oleander.Date
function dates.from_time(seconds, utc)
  local prefix <const> = check_zone(utc, "com.from_time")
  local number <const> = type(seconds) == "number" and seconds
  if not number or number ~= number or number - number ~= 0 then
    errors.raise(E_INVALIDARG, "seconds as os.time counts them are wanted, not "
      .. (number and tostring(number) or core.type_name(seconds)), { subject = "com.from_time" })
  end
  return from_seconds(number, prefix, "com.from_time")
end

---The moment of a date in seconds since 1970, as os.time counts them; a float only where the date has milliseconds.
---@param date oleander.Date
---@param utc "utc"? what the date is; nothing: local time
---@return number
function dates.to_time(date, utc)
  local prefix <const> = check_zone(utc, "com.to_time")
  if core.type_name(date) ~= "a date" then
    errors.raise(E_INVALIDARG, "a date is wanted, not " .. core.type_name(date), { subject = "com.to_time" })
  end
  local fields <const> = { year = date.year, month = date.month, day = date.day, hour = date.hour, min = date.min,
    sec = date.sec }
  local seconds <const> = prefix == "!" and utc_seconds(fields) or os.time(fields)
  return date.ms == 0 and seconds or seconds + date.ms / 1000
end

return dates
