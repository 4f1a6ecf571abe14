---Source texts of a compilation, and the places in them. A place is one integer: the number of the source above bit 32,
---the offset in its text below.
local sources <const> = {}

---@class oleander.idl.Source
---@field name string as messages show it
---@field path string
---@field directory string where the file lies, with the slash behind it
---@field text string UTF-8
---@field id integer
---@field starts? integer[] offsets at which the lines begin
---@field system? boolean one that Oleander installs

---@class oleander.idl.Sources
---@field [integer] oleander.idl.Source

local OFFSET_BITS <const> = 32
sources.OFFSET_BITS = OFFSET_BITS

--- Files beyond this are no IDL.
sources.SIZE_LIMIT = 64 << 20

local cp1252 <const> = {
  [0x80] = 0x20AC, [0x82] = 0x201A, [0x83] = 0x0192, [0x84] = 0x201E, [0x85] = 0x2026, [0x86] = 0x2020, [0x87] = 0x2021,
  [0x88] = 0x02C6, [0x89] = 0x2030, [0x8A] = 0x0160, [0x8B] = 0x2039, [0x8C] = 0x0152, [0x8E] = 0x017D, [0x91] = 0x2018,
  [0x92] = 0x2019, [0x93] = 0x201C, [0x94] = 0x201D, [0x95] = 0x2022, [0x96] = 0x2013, [0x97] = 0x2014, [0x98] = 0x02DC,
  [0x99] = 0x2122, [0x9A] = 0x0161, [0x9B] = 0x203A, [0x9C] = 0x0153, [0x9E] = 0x017E, [0x9F] = 0x0178,
}

local function from_utf16(text, format)
  local out <const>, n = {}, 0
  local high
  for i = 3, #text - 1, 2 do
    local unit <const> = string.unpack(format, text, i)
    if high then
      if unit >= 0xDC00 and unit < 0xE000 then
        n = n + 1
        out[n] = utf8.char(0x10000 + ((high - 0xD800) << 10) + (unit - 0xDC00))
        high = nil
        goto continue
      end
      n, high = n + 1, nil
      out[n] = "\u{FFFD}"
    end
    if unit >= 0xD800 and unit < 0xDC00 then
      high = unit
    else
      n = n + 1
      out[n] = utf8.char(unit)
    end
    ::continue::
  end
  return table.concat(out)
end

---The text of a file as UTF-8: it may be UTF-8, UTF-16 with a mark, or else the Western code page.
---@param bytes string
---@return string
function sources.decode(bytes)
  local mark <const> = bytes:sub(1, 2)
  if mark == "\xFF\xFE" then return from_utf16(bytes, "<I2") end
  if mark == "\xFE\xFF" then return from_utf16(bytes, ">I2") end
  if bytes:sub(1, 3) == "\xEF\xBB\xBF" then bytes = bytes:sub(4) end
  if not utf8.len(bytes) then
    bytes = bytes:gsub("[\x80-\xFF]", function(char)
      local byte <const> = char:byte()
      return utf8.char(cp1252[byte] or byte)
    end)
  end
  return bytes
end

---Adds a text.
---@param list oleander.idl.Sources
---@param path string
---@param text string as it was read
---@param system? boolean
---@return oleander.idl.Source
function sources.add(list, path, text, system)
  local id <const> = #list + 1
  local source <const> = {
    name = path, path = path, directory = path:match "^(.*/)" or "", text = sources.decode(text), id = id,
    system = system,
  }
  list[id] = source
  return source
end

---@param source oleander.idl.Source
---@return integer[]
local function line_starts(source)
  if not source.starts then
    local starts <const>, n = { 1 }, 1
    for offset in source.text:gmatch "\n()" do
      n = n + 1
      starts[n] = offset
    end
    source.starts = starts
  end
  return source.starts
end

---The line and column of an offset, and where the line begins.
---@param source oleander.idl.Source
---@param offset integer
---@return integer line
---@return integer column in characters
---@return integer start
function sources.locate(source, offset)
  local starts <const> = line_starts(source)
  local low, high = 1, #starts
  while low < high do
    local middle <const> = (low + high + 1) // 2
    if starts[middle] <= offset then low = middle else high = middle - 1 end
  end
  local start <const> = starts[low]
  local stop <const> = math.min(offset - 1, #source.text)
  local before = stop - start + 1
  if stop >= start and before < 100000 then before = utf8.len(source.text, start, stop, true) or before end
  return low, before + 1, start
end

---The source and the offset of a place.
---@param list oleander.idl.Sources
---@param place integer
---@return oleander.idl.Source?
---@return integer offset
function sources.at(list, place)
  return list[place >> OFFSET_BITS], place & ((1 << OFFSET_BITS) - 1)
end

return sources
