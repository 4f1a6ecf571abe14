--- Streams and compound files: com.stream, com.storage. What they can do is in C (bridge/storage); here is how they are
--- opened.
local core <const> = require "oleander.core"
local errors <const> = require "oleander.errors"

core.own_source(debug.getinfo(1, "S").source)

local storage <const> = {}
local E_INVALIDARG <const> = 0x80070057
local STG_E_FILENOTFOUND <const> = 0x80030002
local STG_E_SHAREVIOLATION <const>, STG_E_LOCKVIOLATION <const> = 0x80030020, 0x80030021
local STG_E_FILEALREADYEXISTS <const> = 0x80030050
local STG_E_DOCFILECORRUPT <const>, STG_E_INVALIDHEADER <const> = 0x80030109, 0x800300FB

local READWRITE <const>, DENY_WRITE <const>, DENY_NONE <const> = 2, 0x20, 0x40
local CREATE <const>, TRANSACTED <const> = 0x1000, 0x10000

local function refuse(text, subject)
  errors.raise(E_INVALIDARG, text, { subject = subject })
end

local function check_mode(mode, subject)
  if mode ~= nil and mode ~= "r" and mode ~= "w" and mode ~= "rw" then
    refuse(([[the mode is "r", "w" or "rw", not %s]]):format(
      type(mode) == "string" and '"' .. mode .. '"' or core.type_name(mode)), subject)
  end
end

--- Raises what came of opening a file.
local function fail(path, hresult, text)
  if hresult == STG_E_FILEALREADYEXISTS then text = "it is no compound file" end
  if hresult == STG_E_SHAREVIOLATION or hresult == STG_E_LOCKVIOLATION then text = "it is open elsewhere" end
  errors.raise(hresult, ("%s: %s"):format(path, text), { subject = "com.storage" })
end

local function memory_stream(bytes)
  local stream <const> = core.stream_new()
  if #bytes > 0 then stream:write(bytes):seek "set" end
  return stream
end

local stream_modes <const> = { r = DENY_NONE, rw = READWRITE | DENY_NONE, w = READWRITE | DENY_NONE | CREATE }

---A stream (IStream) in memory, over a file, or of an object that has one.
---
---Without arguments, and for bytes, it is in memory and grows. A string is a path when a mode is given or it begins
---with "/", "./" or "../"; every other string is bytes, and com.bytes(s) always is.
---@param source string|oleander.Array|oleander.Object|nil bytes, a path, or an object
---@param mode "r"|"w"|"rw"|nil of a file: reading (the default), making or emptying it, changing it
---@return oleander.Stream
function storage.stream(source, mode)
  check_mode(mode, "com.stream")
  if type(source) == "string" then
    if mode or source:find "^%.?%.?/" then return core.stream_open(source, stream_modes[mode or "r"]) end
    return memory_stream(source)
  end
  if mode then refuse("a mode goes with the path of a file, not with " .. core.type_name(source), "com.stream") end
  if source == nil then return core.stream_new() end
  if core.type_name(source) == "an array" then return memory_stream(core.bytes(source)) end
  return core.stream_wrap(source)
end

local sectors <const> = { [3] = 512, [4] = 4096 }

local function check_options(options)
  if options == nil then return nil end
  if type(options) ~= "table" then
    refuse("the options are a table, not " .. core.type_name(options), "com.storage")
  end
  for key in pairs(options) do
    if key ~= "version" then refuse(("there is no option %s"):format(tostring(key)), "com.storage") end
  end
  if options.version ~= nil and not sectors[options.version] then
    refuse(("the version of a compound file is 3 or 4, not %s"):format(tostring(options.version)), "com.storage")
  end
  return options.version
end

--- Nobody writes while others read. Who reads while somebody has the file open for writing sees what was committed
--- last.
local function open_to_read(path)
  local opened, hresult, text = core.storage_open(path, DENY_WRITE | TRANSACTED)
  if not opened and (hresult == STG_E_SHAREVIOLATION or hresult == STG_E_LOCKVIOLATION) then
    opened, hresult, text = core.storage_open(path, DENY_NONE | TRANSACTED)
  end
  return opened or fail(path, hresult, text)
end

--- The old file stays until the commit where it is a compound file of the same kind; what else is there is replaced.
local function open_to_empty(path, version)
  local opened, hresult, text
  if not version then
    opened, hresult, text = core.storage_open(path, READWRITE | DENY_WRITE | TRANSACTED)
  end
  if opened then
    for _, name in ipairs(opened.names) do opened:remove(name) end
    opened.clsid = nil
    return opened
  end
  local replaceable <const> = not hresult or hresult == STG_E_FILENOTFOUND or hresult == STG_E_FILEALREADYEXISTS
    or hresult == STG_E_DOCFILECORRUPT or hresult == STG_E_INVALIDHEADER
  if replaceable then
    opened, hresult, text = core.storage_open(path, READWRITE | DENY_WRITE | TRANSACTED | CREATE, sectors[version or 3])
  end
  return opened or fail(path, hresult, text)
end

---A compound file, or the storage (IStorage) of an object. The root of a file is a transaction: only s:commit() counts.
---@param source string|oleander.Object the path of a file, or an object
---@param mode "r"|"w"|"rw"|nil reading (the default), making or emptying the file, changing it
---@param options { version: 3|4? }? of a file that is made: 4 has larger sectors, for large files
---@return oleander.Storage
function storage.storage(source, mode, options)
  check_mode(mode, "com.storage")
  local version <const> = check_options(options)
  if type(source) ~= "string" then
    if mode or options then refuse("a mode goes with the path of a file", "com.storage") end
    return core.storage_wrap(source)
  end
  if version and mode ~= "w" then refuse([[the version is said when the file is made ("w")]], "com.storage") end
  if mode == "w" then return open_to_empty(source, version) end
  if mode ~= "rw" then return open_to_read(source) end
  local opened <const>, hresult <const>, text <const> = core.storage_open(source, READWRITE | DENY_WRITE | TRANSACTED)
  return opened or fail(source, hresult, text)
end

return storage
