--- 7-Zip from Lua: archives and hashes through the interfaces of its own module, 7z.so (Debian: p7zip-full).
---
---     local sevenzip = require "sevenzip"
---     sevenzip.create("photos.7z", { "photos" }, { password = "secret", progress = sevenzip.bar() })
---     local archive <close> = sevenzip.open("photos.7z", { password = "secret" })
---     for _, item in ipairs(archive.items) do print(item.path, item.size) end
---     archive:extract "out"
local com <const> = require "oleander"

local sevenzip <const> = {}

local here <const> = debug.getinfo(1, "S").source:match "^@(.*/)" or "./"
local PATHS <const> = { os.getenv "SEVENZIP" or "7z.so", "/usr/lib/p7zip/7z.so", "/usr/lib/7zip/7z.so",
  "/usr/libexec/p7zip/7z.so" }
local E_ABORT <const>, S_FALSE <const> = 0x80004004, 1
local ALL <const> = 0xFFFFFFFF
local FOLDER <const> = 0x10           -- FILE_ATTRIBUTE_DIRECTORY
local UNIX_EXTENSION <const> = 0x8000 -- the upper half of the attributes has a file's mode

-- the module

local loaded, module_error

--- The module of 7-Zip; raises where there is none.
function sevenzip.module()
  if loaded then return loaded end
  for _, path in ipairs(PATHS) do
    local file <const> = io.open(path)
    if file then
      file:close()
      loaded = com.module(path, here .. "sevenzip.idl", function(m)
        -- 7-Zip before version 23 has virtual destructors in its interfaces where GetModuleProp says so or is missing.
        local asked <const>, kind <const> = pcall(function() return m.GetModuleProp(0) end)
        return { extra_slots = asked and kind == 0 and 0 or 2 }
      end)
      return loaded
    end
    module_error = path
  end
  error("7-Zip's module 7z.so is not there (Debian: apt-get install p7zip-full); looked last at " .. module_error, 2)
end

local function hex(bytes)
  return (bytes:gsub(".", function(c) return ("%02x"):format(c:byte()) end))
end

-- formats

---@class sevenzip.Format
---@field name string "7z", "zip" ...
---@field class string of its handler, as 16 bytes
---@field extensions string[]
---@field can_create boolean

---@type sevenzip.Format[]
local known_formats

---All formats that the module knows.
---@return sevenzip.Format[]
function sevenzip.formats()
  if known_formats then return known_formats end
  local m <const> = sevenzip.module()
  known_formats = {}
  for i = 0, m.GetNumberOfFormats() - 1 do
    local extensions <const> = {}
    for one in (m.GetHandlerProperty2(i, m.handlerExtension) or ""):gmatch "%S+" do
      extensions[#extensions + 1] = one
    end
    known_formats[#known_formats + 1] = { name = m.GetHandlerProperty2(i, m.handlerName),
      class = m.GetHandlerProperty2(i, m.handlerClassID), extensions = extensions,
      can_create = m.GetHandlerProperty2(i, m.handlerUpdate) == true }
  end
  return known_formats
end

local function has(list, wanted)
  for _, one in ipairs(list) do
    if one == wanted then return true end
  end
  return false
end

local function find_format(name, path)
  local extension <const> = path and path:lower():match "%.([^./]+)$"
  for _, format in ipairs(sevenzip.formats()) do
    if name and format.name:lower() == name:lower() then return format end
    if not name and extension and (has(format.extensions, extension) or format.name:lower() == extension) then
      return format
    end
  end
  error(("7-Zip knows no format %s"):format(name or extension or "for " .. tostring(path)), 3)
end

-- streams: tables that 7-Zip calls, over a Lua file or over a string

local whence <const> = { [0] = "set", [1] = "cur", [2] = "end" }

--- A file, or anything that has read and seek as files do.
local function in_stream(file)
  return {
    Read = function(_, size)
      local data <const> = file:read(size) or ""
      return data, #data
    end,
    Seek = function(_, offset, origin) return file:seek(whence[origin], offset) end,
    GetSize = function()
      local at <const> = file:seek()
      local size <const> = file:seek "end"
      file:seek("set", at)
      return size
    end,
  }
end

local function out_stream(file)
  return {
    Write = function(_, data)
      assert(file:write(data))
      return #data
    end,
    Seek = function(_, offset, origin) return file:seek(whence[origin], offset) end,
    SetSize = function() end,
  }
end

---A string that is read as a file is.
---@param data string
function sevenzip.reader(data)
  local at = 0
  return {
    read = function(_, size)
      if at >= #data then return nil end
      local piece <const> = data:sub(at + 1, at + size)
      at = at + #piece
      return piece
    end,
    seek = function(_, how, offset)
      how, offset = how or "cur", offset or 0
      at = how == "set" and offset or how == "cur" and at + offset or #data + offset
      return at
    end,
    close = function() end,
  }
end

---Something that is written to as a file is, and gives what was written.
function sevenzip.writer()
  local parts <const> = {}
  return {
    write = function(self, data)
      parts[#parts + 1] = data
      return self
    end,
    text = function() return table.concat(parts) end,
    close = function() end,
  }
end

-- progress

---A progress bar on standard error, for `progress`.
---@param label string?
---@return fun(done: integer, total: integer)
function sevenzip.bar(label)
  local shown
  return function(done, total)
    local part <const> = total > 0 and math.min(done / total, 1) or 1
    local width <const> = math.floor(part * 40)
    if width == shown then return end
    shown = width
    io.stderr:write(("\r%s[%s%s] %3d%%"):format(label and label .. " " or "", ("#"):rep(width), ("."):rep(40 - width),
      math.floor(part * 100)), part == 1 and "\n" or "")
  end
end

--- SetTotal and SetCompleted for a callback. What `progress` gives as false ends the work.
local function add_progress(callback, progress)
  local total = 0
  function callback.SetTotal(_, size) total = size or 0 end
  function callback.SetCompleted(_, done)
    if progress and done and progress(done, total) == false then com.error(E_ABORT, "stopped") end
  end
  return callback
end

--- A password, or a function that is asked for it.
local function password_of(options)
  local password <const> = options.password
  if type(password) == "function" then return password() end
  return password
end

local function add_password(callback, options)
  function callback.CryptoGetTextPassword()
    return password_of(options) or com.error(E_ABORT, "the archive is encrypted: it needs a password")
  end
  return callback
end

-- archives that are there

local results <const> = { [1] = "the method is not supported", [2] = "data error", [3] = "CRC error",
  [4] = "the data is not available", [5] = "the data ends too early", [6] = "there is data behind the end",
  [7] = "it is no archive", [8] = "error in the headers", [9] = "wrong password" }

---@class sevenzip.Item
---@field path string
---@field index integer
---@field is_folder boolean
---@field size integer?
---@field packed_size integer?
---@field modified any com.vt.filetime
---@field crc integer?
---@field encrypted boolean
---@field method string?
---@field attributes integer?

---@class sevenzip.Archive
---@field items sevenzip.Item[]
---@field format string
local Archive <const> = {}

local function read_items(self)
  local m <const>, archive <const> = sevenzip.module(), self.archive
  local items <const> = {}
  for i = 0, archive:GetNumberOfItems() - 1 do
    local function get(id) return archive:GetProperty(i, id) end
    items[#items + 1] = { index = i, path = get(m.kpidPath) or self.name, is_folder = get(m.kpidIsDir) == true,
      size = get(m.kpidSize), packed_size = get(m.kpidPackSize), modified = get(m.kpidMTime), crc = get(m.kpidCRC),
      encrypted = get(m.kpidEncrypted) == true, method = get(m.kpidMethod), attributes = get(m.kpidAttrib) }
  end
  return items
end

function Archive:__index(key)
  if key == "items" then
    local items <const> = read_items(self)
    rawset(self, "items", items)
    return items
  end
  return Archive[key]
end

local function open_with(format, file, options)
  local m <const> = sevenzip.module()
  file:seek "set"
  local archive <const> = m.CreateObject(format.class, "IInArchive")
  local callback <const> = add_password({ SetTotal = function() end, SetCompleted = function() end }, options)
  local opened <const>, status <const> = pcall(archive.Open, archive, in_stream(file), 1 << 23, callback)
  if opened and status == nil then return archive end
  com.release(archive)
  -- A status that is no failure: it is no such archive, or the password is wrong.
  if not opened then error(status, 0) end
end

--- The formats to try: the one that is named, or the one of the extension first.
local function candidates(options, path)
  if options.format then return { find_format(options.format) } end
  local list <const> = {}
  local found <const>, first <const> = pcall(find_format, nil, path)
  if found then list[1] = first end
  for _, format in ipairs(sevenzip.formats()) do
    if has({ "7z", "zip", "xz", "gzip", "bzip2", "tar", "Rar", "Rar5", "Cab", "Cpio", "Rpm", "Ar" }, format.name)
      and format ~= first then
      list[#list + 1] = format
    end
  end
  return list
end

---Opens an archive.
---@param source string|table the path, or something with read and seek as files have them
---@param options? {password: string|fun(): string, format: string}
---@return sevenzip.Archive
function sevenzip.open(source, options)
  options = options or {}
  local path <const> = type(source) == "string" and source or nil
  local file <const> = path and assert(io.open(path, "rb")) or source
  for _, format in ipairs(candidates(options, path)) do
    local archive <const> = open_with(format, file, options)
    if archive then
      return setmetatable({ archive = archive, file = file, format = format.name, options = options,
        name = path and path:match "([^/]+)%.[^./]*$" or "data" }, Archive)
    end
  end
  if path then file:close() end
  error((path or "the stream") .. " is no archive, or the password is wrong", 2)
end

--- Runs Extract: `sink(item)` gives a file to write to, or nil to skip the item.
local function run_extract(self, wanted, options, test, sink)
  local files <const>, failures <const> = {}, {}
  local current
  local callback <const> = add_password(add_progress({}, options.progress),
    { password = options.password or self.options.password })
  function callback.GetStream(_, index, mode)
    current = self.items[index + 1]
    if mode ~= 0 then return nil end
    local file <const> = sink(current)
    files[current] = file
    return file and out_stream(file)
  end
  function callback.PrepareOperation() end
  function callback.SetOperationResult(_, result)
    local file <const> = files[current]
    if file then file:close() end
    files[current] = nil
    if result ~= 0 then
      failures[#failures + 1] = ("%s: %s"):format(current and current.path or "?",
        results[result] or "error " .. result)
    end
  end
  local good <const>, problem <const> = pcall(function()
    if wanted then
      self.archive:Extract(wanted, test, callback)
    else
      self.archive:Extract(nil, test, callback, com.args { count = ALL })
    end
  end)
  for _, file in pairs(files) do file:close() end
  if not good then error(problem, 0) end
  if #failures > 0 then error(table.concat(failures, "\n"), 3) end
end

---Checks all data; raises what is wrong.
---@param options? {progress: fun(done: integer, total: integer), password: string}
function Archive:test(options)
  run_extract(self, nil, options or {}, 1, function() end)
end

--- The path of an item, without what would lead out of the folder.
local function safe_path(path)
  local parts <const> = {}
  for part in path:gmatch "[^/\\]+" do
    if part == ".." then error("the archive has a path that leads out of the folder: " .. path, 0) end
    if part ~= "." then parts[#parts + 1] = part end
  end
  return table.concat(parts, "/")
end

local function quoted(path)
  return "'" .. path:gsub("'", "'\\''") .. "'"
end

local function make_folder(path)
  assert(os.execute("mkdir -p -- " .. quoted(path)), "the folder " .. path .. " cannot be made")
end

---Unpacks into a folder.
---@param folder string
---@param options? {items: sevenzip.Item[], progress: fun(done: integer, total: integer), password: string}
function Archive:extract(folder, options)
  options = options or {}
  local made <const> = {}
  local function need(path)
    if not made[path] then make_folder(path) end
    made[path] = true
  end
  need(folder)
  local wanted
  if options.items then
    wanted = {}
    for i, item in ipairs(options.items) do wanted[i] = item.index end
    table.sort(wanted)
  end
  run_extract(self, wanted, options, 0, function(item)
    local path <const> = folder .. "/" .. safe_path(item.path)
    if item.is_folder then
      need(path)
      return nil
    end
    need(path:match "^(.*)/")
    return assert(io.open(path, "wb"))
  end)
end

---The data of one item.
---@param item sevenzip.Item|string or its path
---@return string
function Archive:read(item)
  if type(item) == "string" then
    local found
    for _, one in ipairs(self.items) do
      if one.path == item then found = one end
    end
    item = found or error("the archive has no " .. item, 2)
  end
  local writer <const> = sevenzip.writer()
  run_extract(self, { item.index }, {}, 0, function() return writer end)
  return writer.text()
end

function Archive:close()
  local archive <const> = self.archive
  if not archive then return end
  self.archive = nil
  archive:Close()
  com.release(archive)
  if type(self.file.close) == "function" or io.type(self.file) == "file" then self.file:close() end
end

Archive.__close, Archive.__gc = Archive.close, nil

-- archives that are made

---@class sevenzip.Source what goes into an archive
---@field path string in it
---@field data string? or
---@field file string? the path of a file
---@field is_folder boolean?
---@field modified any? com.vt.filetime, or seconds as os.time counts them

--- Files and folders below a path, by find(1): type, mode, time, size and path of each. Symbolic links are followed.
local function list_files(path, list)
  local before <const> = #list
  local parent <const> = path:match "^(.*/)[^/]+/*$" or ""
  local pipe <close> = assert(io.popen("find -L " .. quoted(path) .. " -printf '%y %m %T@ %s %p\\0'"))
  for line in pipe:read "a":gmatch "[^%z]+" do
    local kind <const>, mode <const>, time <const>, size <const>, name <const> =
      line:match "^(%a) (%d+) ([%d.]+) (%d+) (.*)$"
    if kind == "f" or kind == "d" then
      list[#list + 1] = { path = (name:sub(#parent + 1):gsub("^/+", "")), file = name, is_folder = kind == "d",
        size = kind == "f" and math.tointeger(tonumber(size)) or 0, modified = tonumber(time),
        mode = tonumber(mode, 8) }
    end
  end
  if #list == before then error(path .. ": there is no such file or folder", 0) end
end

local function list_sources(sources)
  local list <const> = {}
  for _, source in ipairs(sources) do
    if type(source) == "string" then
      list_files(source, list)
    else
      local item <const> = {}
      for key, value in pairs(source) do item[key] = value end
      if item.file and not item.size then
        local file <close> = assert(io.open(item.file, "rb"))
        item.size = file:seek "end"
      end
      item.size = item.size or #(item.data or "")
      list[#list + 1] = item
    end
  end
  return list
end

local function moment(value)
  if type(value) == "number" then return com.vt.filetime(value + 0.0) end
  return value
end

--- What 7-Zip asks of an item that goes into an archive.
local function property_of(m, item, id)
  if id == m.kpidPath then return item.path end
  if id == m.kpidIsDir then return item.is_folder == true end
  if id == m.kpidSize then return com.vt.ui8(item.size) end
  if id == m.kpidMTime then return moment(item.modified) end
  if id == m.kpidIsAnti then return false end
  if id == m.kpidAttrib then
    local mode <const> = (item.is_folder and 0x4000 or 0x8000) | (item.mode or (item.is_folder and 493 or 420))
    return com.vt.ui4((item.is_folder and FOLDER or 0) | UNIX_EXTENSION | mode << 16)
  end
  if id == m.kpidPosixAttrib then
    return com.vt.ui4((item.is_folder and 0x4000 or 0x8000) | (item.mode or (item.is_folder and 493 or 420)))
  end
end

local function update_callback(m, items, options)
  local callback <const>, open <const> = add_progress({}, options.progress), {}
  function callback.GetUpdateItemInfo() return 1, 1, ALL end
  function callback.GetProperty(_, index, id) return property_of(m, items[index + 1], id) end
  function callback.GetStream(_, index)
    local item <const> = items[index + 1]
    if item.is_folder then return nil end
    local file <const> = item.data and sevenzip.reader(item.data) or assert(io.open(item.file, "rb"))
    open[#open + 1] = file
    return in_stream(file)
  end
  function callback.SetOperationResult() end
  function callback.CryptoGetTextPassword2()
    local password <const> = password_of(options)
    return password and 1 or 0, password or ""
  end
  function callback.close()
    for _, file in ipairs(open) do file:close() end
  end
  return callback
end

local function set_properties(archive, options)
  local names <const>, values <const> = {}, {}
  local function add(name, value)
    names[#names + 1], values[#values + 1] = name, value
  end
  if options.level then add("x", com.vt.ui4(options.level)) end
  if options.threads then add("mt", com.vt.ui4(options.threads)) end
  if options.encrypt_headers then add("he", true) end
  if options.method then add("0", options.method) end
  for name, value in pairs(options.properties or {}) do add(name, value) end
  if #names > 0 then com.query(archive, "ISetProperties"):SetProperties(names, values) end
end

---Makes an archive.
---@param target string|table its path, or something with write and seek as files have them
---@param sources (string|sevenzip.Source)[] paths of files and folders, or what is to be in it
---@param options? {format: string, level: integer, threads: integer, password: string, encrypt_headers: boolean,
---method: string,
---properties: table<string, any>, progress: fun(done: integer, total: integer)}
function sevenzip.create(target, sources, options)
  options = options or {}
  local m <const> = sevenzip.module()
  local path <const> = type(target) == "string" and target or nil
  local format <const> = find_format(options.format, path)
  if not format.can_create then error(("7-Zip makes no archives of the format %s"):format(format.name), 2) end
  local items <const> = list_sources(sources)
  local archive <close> = m.CreateObject(format.class, "IOutArchive")
  set_properties(archive, options)
  local file <const> = path and assert(io.open(path, "w+b")) or target
  local callback <const> = update_callback(m, items, options)
  local good <const>, status <const> = pcall(archive.UpdateItems, archive, out_stream(file), #items, callback)
  callback.close()
  if path then file:close() end
  if good and status == nil then return end
  if path then os.remove(path) end
  if not good then error(status, 0) end
  error(("7-Zip made no archive%s"):format(status == S_FALSE and "" or ": " .. tostring(status)), 2)
end

-- hashes

---The names of the hashes that the module has.
---@return string[]
function sevenzip.hashes()
  local m <const>, names <const> = sevenzip.module(), {}
  local hashers <close> = m.GetHashers()
  for i = 0, hashers:GetNumHashers() - 1 do names[i + 1] = hashers:GetHasherProp(i, m.hasherName) end
  return names
end

---The hash of data, in hexadecimal digits.
---@param name string "SHA256", "CRC32" ...
---@param data string|table a string, or something with read as files have it
---@return string
function sevenzip.hash(name, data)
  local m <const> = sevenzip.module()
  local hashers <close> = m.GetHashers()
  for i = 0, hashers:GetNumHashers() - 1 do
    if hashers:GetHasherProp(i, m.hasherName):upper() == name:upper() then
      local hasher <close> = hashers:CreateHasher(i)
      local file <const> = type(data) == "string" and sevenzip.reader(data) or data
      hasher:Init()
      for piece in function() return file:read(1 << 16) end do hasher:Update(piece) end
      local digest <const> = hasher:Final():sub(1, hasher:GetDigestSize())
      -- CRCs are numbers, which the module has in the order of the machine.
      return hex(#digest <= 8 and digest:reverse() or digest)
    end
  end
  error("7-Zip has no hash " .. name, 2)
end

return sevenzip
