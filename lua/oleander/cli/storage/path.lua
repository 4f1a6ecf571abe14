---Names and paths of elements as `oleander storage` shows and takes them, and how they are opened.
local path <const> = {}

--- What stands as itself; all else stands as its number in brackets, and so do the separator and a bracket that would
--- be taken for the begin of a number.
local function is_plain(code)
  return code >= 0x20 and code < 0x7F and code ~= 0x2F
    or code >= 0xA0 and not (code >= 0xD800 and code <= 0xDFFF) and not (code >= 0x200B and code <= 0x200F)
      and not (code >= 0x2028 and code <= 0x202E) and code ~= 0xFEFF and code < 0xFFFE
    or code > 0xFFFF
end

---The name as people see and type it.
---@param name string
---@return string
function path.shown(name)
  local out <const> = {}
  for at, code in utf8.codes(name, true) do
    local number <const> = code == 0x5B and name:find("^%[%d+%]", at)
    out[#out + 1] = is_plain(code) and not number and utf8.char(code) or ("[%d]"):format(code)
  end
  return table.concat(out)
end

---The name that is meant.
---@param shown string
---@return string
function path.meant(shown)
  return (shown:gsub("%[(%d+)%]", function(digits)
    local code <const> = tonumber(digits)
    return code and #digits < 8 and code <= 0x10FFFF and utf8.char(code) or nil
  end))
end

---The names along a path; none for the root.
---@param text? string
---@return string[]
function path.names(text)
  local names <const> = {}
  for part in (text or ""):gmatch "[^/]+" do names[#names + 1] = path.meant(part) end
  return names
end

---@param names string[]
---@return string
function path.text(names)
  local shown <const> = {}
  for i, name in ipairs(names) do shown[i] = path.shown(name) end
  return "/" .. table.concat(shown, "/")
end

--- The storages on the way are closed by closing the root.
local function descend(storage, names, count, make)
  local com <const> = require "oleander"
  for i = 1, count do
    local there <const> = not make or com.try(storage.stat, storage, names[i])
    storage = there and storage:open(names[i]) or storage:create(names[i])
  end
  return storage
end

---Opens the file and the storage at a path.
---@param file string
---@param text? string
---@return oleander.Storage root to be closed
---@return oleander.Storage storage
---@return string[] names
function path.open(file, text)
  local com <const> = require "oleander"
  local root <const> = com.storage(file)
  local names <const> = path.names(text)
  return root, descend(root, names, #names), names
end

---Opens the storage that the last name of a path stands in.
---@param root oleander.Storage
---@param text string
---@param make? boolean make the storages on the way that are not there
---@return oleander.Storage
---@return string name
function path.parent(root, text, make)
  local names <const> = path.names(text)
  if #names == 0 then error("a path to a stream is wanted", 0) end
  return descend(root, names, #names - 1, make), names[#names]
end

---What is in a storage, in its order: name, stat. One that cannot be asked has no stat.
---@param storage oleander.Storage
function path.elements(storage)
  local com <const> = require "oleander"
  local names <const> = storage.names
  local i = 0
  return function()
    i = i + 1
    if names[i] then return names[i], com.try(storage.stat, storage, names[i]) or {} end
  end
end

return path
