---The layout of a compound file [MS-CFB], read from its bytes: what each sector is for. It believes nothing, so that
---damaged files can be looked at, and goes on behind what is wrong.
local layout <const> = {}

local SIGNATURE <const> = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"
local LAST <const> = 0xFFFFFFF9
local END <const>, FREE <const> = 0xFFFFFFFE, 0xFFFFFFFF
local NONE <const> = 0xFFFFFFFF
local MINI <const> = 64
local HEADER_DIFAT <const> = 109
local TYPES <const> = { [1] = "storage", [2] = "stream", [5] = "root" }

---@class oleander.storage.Layout
---@field version integer
---@field sector_size integer
---@field count integer sectors of the file; the last may be in part
---@field owner table<integer, string> what a sector is for
---@field fat table<integer, integer>
---@field problems string[]

local function problem(map, text, ...)
  map.problems[#map.problems + 1] = text:format(...)
end

local function read_at(map, offset, size)
  map.file:seek("set", offset)
  return map.file:read(size) or ""
end

local function sector_bytes(map, sector)
  return read_at(map, (sector + 1) * map.sector_size, map.sector_size)
end

--- Gives a sector to an owner; false when it is not to be had.
local function claim(map, sector, owner)
  if sector >= map.count then
    problem(map, "%s: sector %u is behind the end of the file", owner, sector)
    return false
  end
  local other <const> = map.owner[sector]
  if other then
    problem(map, other == owner and "%s: its chain comes back to sector %u" or "%s: sector %u belongs to %s", owner,
      sector, other)
    return false
  end
  map.owner[sector] = owner
  return true
end

--- The numbers in a sector, added to a list.
local function numbers(bytes, list)
  for at = 1, #bytes - 3, 4 do list[#list + 1] = string.unpack("<I4", bytes, at) end
  return list
end

local function read_header(map)
  local bytes <const> = read_at(map, 0, 512)
  if #bytes < 512 or bytes:sub(1, 8) ~= SIGNATURE then return nil end
  local header <const> = {}
  header.version = string.unpack("<I2", bytes, 0x1A + 1)
  header.shift, header.mini_shift = string.unpack("<I2I2", bytes, 0x1E + 1)
  header.fat_count, header.directory = string.unpack("<I4I4", bytes, 0x2C + 1)
  header.cutoff, header.mini_fat, header.mini_fat_count, header.difat, header.difat_count =
    string.unpack("<I4I4I4I4I4", bytes, 0x38 + 1)
  header.places = numbers(bytes:sub(0x4C + 1), {})
  return header
end

--- Where the pages of the FAT are: 109 places in the header, the others in sectors, each with the number of the next.
local function read_difat(map, header)
  local places <const> = {}
  local function add(list, count)
    for i = 1, count do
      if list[i] and list[i] <= LAST then places[#places + 1] = list[i] end
    end
  end
  add(header.places, HEADER_DIFAT)
  local sector = header.difat
  while sector <= LAST and claim(map, sector, "DIFAT") do
    local list <const> = numbers(sector_bytes(map, sector), {})
    add(list, map.sector_size // 4 - 1)
    sector = list[map.sector_size // 4] or END
  end
  if #places ~= header.fat_count then
    problem(map, "the header counts %u sectors of the FAT, there are places of %u", header.fat_count, #places)
  end
  return places
end

local function read_fat(map, header)
  local per <const> = map.sector_size // 4
  for i, sector in ipairs(read_difat(map, header)) do
    if (i - 1) * per >= map.count + per then break end
    if claim(map, sector, "FAT") then
      local list <const> = numbers(sector_bytes(map, sector), {})
      for k = 1, per do map.fat[(i - 1) * per + k - 1] = list[k] or FREE end
    end
  end
end

--- The sectors of a chain, as far as it goes; each is its owner's.
local function chain(map, start, owner)
  local sectors <const> = {}
  local sector = start
  while sector <= LAST and claim(map, sector, owner) do
    sectors[#sectors + 1] = sector
    sector = map.fat[sector] or FREE
  end
  if sector ~= END and sector > LAST and #sectors > 0 then
    problem(map, "%s: sector %u is followed by %08X, which is no sector", owner, sectors[#sectors], sector)
  end
  return sectors
end

--- The name, in UTF-8, of an entry of the directory.
local function entry_name(bytes, at)
  local size <const> = math.min(string.unpack("<I2", bytes, at + 64), 64)
  local out <const> = {}
  local i = 0
  while i + 2 < size do
    local code = string.unpack("<I2", bytes, at + i)
    local low <const> = code >= 0xD800 and code < 0xDC00 and i + 4 < size and string.unpack("<I2", bytes, at + i + 2)
    if low and low >= 0xDC00 and low < 0xE000 then
      code = 0x10000 + ((code & 0x3FF) << 10 | low & 0x3FF)
      i = i + 2
    end
    out[#out + 1] = utf8.char(code)
    i = i + 2
  end
  return table.concat(out)
end

local function read_entry(map, bytes, at)
  local entry <const> = { name = entry_name(bytes, at), type = TYPES[bytes:byte(at + 66)] }
  entry.left, entry.right, entry.child = string.unpack("<I4I4I4", bytes, at + 68)
  entry.start, entry.size = string.unpack("<I4I8", bytes, at + 116)
  if map.version == 3 then entry.size = entry.size & 0xFFFFFFFF end -- the upper half is not to be trusted
  return entry
end

local function read_directory(map, header)
  local entries <const> = {}
  for _, sector in ipairs(chain(map, header.directory, "directory")) do
    local bytes <const> = sector_bytes(map, sector)
    for at = 1, #bytes - 127, 128 do entries[#entries + 1] = read_entry(map, bytes, at) end
  end
  return entries
end

--- Calls f with each entry that the tree leads to and its path. What has been met is not entered again.
local function walk(map, entries, f)
  local shown <const> = require "oleander.cli.storage.path".shown
  local met <const> = {}
  local waiting <const> = {}
  local function add(sid, parent)
    if sid == NONE then return end
    local entry <const> = entries[sid + 1]
    if not entry or not entry.type then
      problem(map, "%s: there is no entry %u", parent == "" and "/" or parent, sid)
    elseif met[sid] then
      problem(map, "entry %u is in the tree twice", sid)
    else
      met[sid] = true
      waiting[#waiting + 1] = { entry, parent, sid }
    end
  end
  met[0] = true
  if entries[1] then add(entries[1].child, "") end
  while #waiting > 0 do
    local entry <const>, parent <const> = table.unpack(table.remove(waiting))
    local path <const> = parent .. "/" .. shown(entry.name)
    add(entry.right, parent)
    add(entry.left, parent)
    if entry.type == "storage" then add(entry.child, path) end
    if entry.type == "stream" then f(entry, path) end
  end
  for sid, entry in ipairs(entries) do
    if entry.type and not met[sid - 1] then
      problem(map, "entry %u, %s, is in no storage", sid - 1, shown(entry.name))
    end
  end
end

--- Large streams have sectors of their own, small ones lie in the mini stream.
local function read_streams(map, header, entries)
  local root <const> = entries[1]
  if not root or root.type ~= "root" then
    problem(map, "the directory does not begin with the root")
    return
  end
  chain(map, header.mini_fat, "mini FAT")
  local mini <const> = chain(map, root.start, "mini stream")
  map.mini_size, map.mini_streams = #mini * map.sector_size, 0
  walk(map, entries, function(entry, path)
    if entry.size == 0 then return end
    if entry.size < header.cutoff then
      map.mini_streams = map.mini_streams + 1
      if entry.start * MINI >= map.mini_size then problem(map, "%s: it begins behind the mini stream", path) end
      return
    end
    local sectors <const> = chain(map, entry.start, path)
    local wanted <const> = (entry.size + map.sector_size - 1) // map.sector_size
    if #sectors ~= wanted then
      problem(map, "%s: %u sectors for %d bytes, which need %d", path, #sectors, entry.size, wanted)
    end
  end)
end

---Reads the layout; nil when it is no compound file.
---@param file file* open for reading
---@return oleander.storage.Layout?
function layout.read(file)
  local map <const> = { file = file, owner = {}, fat = {}, problems = {} }
  local header <const> = read_header(map)
  if not header then return nil end
  map.version = header.version
  if header.version ~= 3 and header.version ~= 4 then problem(map, "version %u is not known", header.version) end
  if header.shift ~= 9 and header.shift ~= 12 then
    problem(map, "sectors of 2^%u bytes; %d bytes are taken for a sector here", header.shift,
      header.version == 4 and 4096 or 512)
  end
  local known <const> = header.shift == 9 or header.shift == 12
  map.sector_size = known and 1 << header.shift or header.version == 4 and 4096 or 512
  map.size = file:seek "end"
  map.count = math.max(0, (map.size - 1) // map.sector_size)
  read_fat(map, header)
  read_streams(map, header, read_directory(map, header))
  map.file = nil
  return map
end

---What a sector is for: its owner, "free", or "lost" where the FAT says that it is used and nothing leads to it.
---@param map oleander.storage.Layout
---@param sector integer
---@return string
function layout.use(map, sector)
  return map.owner[sector] or ((map.fat[sector] or FREE) == FREE and "free" or "lost")
end

return layout
