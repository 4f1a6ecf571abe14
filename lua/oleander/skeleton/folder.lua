--- The folder of a skeleton: it has to be new or empty, and gets all files or none.
local core <const> = require "oleander.core"
local errors <const> = require "oleander.errors"

core.own_source(debug.getinfo(1, "S").source)

local folder <const> = {}

local E_INVALIDARG <const>, STG_E_FILEALREADYEXISTS <const>, E_FAIL <const> = 0x80070057, 0x80030050, 0x80004005

local function quote(text)
  return "'" .. text:gsub("'", "'\\''") .. "'"
end

local function exists(path)
  local file <close> = io.open(path)
  return file ~= nil
end

---Raises when the folder is not new or empty.
---@param directory string
---@param subject string
function folder.check(directory, subject)
  if directory == "" then errors.raise(E_INVALIDARG, "the name of the folder is empty", { subject = subject }) end
  local list <const> = core.list_directory(directory)
  if list and #list > 0 then
    errors.raise(STG_E_FILEALREADYEXISTS, ("the folder %s is not empty"):format(directory), { subject = subject })
  elseif not list and exists(directory) then
    errors.raise(E_INVALIDARG, ("%s is no folder"):format(directory), { subject = subject })
  end
end

---@param directory string
---@param files table<string, string> texts by file name
---@param order string[]
---@param subject string
function folder.write(directory, files, order, subject)
  folder.check(directory, subject)
  if not os.execute("mkdir -p -- " .. quote(directory) .. " 2>/dev/null") then
    errors.raise(E_FAIL, ("the folder %s cannot be made"):format(directory), { subject = subject })
  end
  for _, name in ipairs(order) do
    local file <close>, problem <const> = io.open(directory .. "/" .. name, "wb")
    if not file then errors.raise(E_FAIL, problem, { subject = subject }) end
    local done <const>, reason <const> = file:write(files[name])
    if not (done and file:flush()) then errors.raise(E_FAIL, tostring(reason), { subject = subject }) end
  end
end

---The bytes of a file that is a type library and nothing else; nil for others.
---@param path string?
---@return string?
function folder.library_bytes(path)
  local file <close> = path and io.open(path, "rb")
  local bytes <const> = file and file:read "a"
  if bytes and (bytes:sub(1, 4) == "MSFT" or bytes:sub(1, 4) == "SLTG") then return bytes end
end

return folder
