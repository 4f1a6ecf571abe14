---Finds the files that IDL names: beside the file that says it, in the folders given, in what Oleander installs.
---Names from
---Windows match without case, and a backslash parts folders.
local files <const> = {}

local own_path <const> = select(2, ...) or "" -- of this module, from require

---@class oleander.idl.Files
---@field include string[] folders, each with a slash behind it
---@field system string[] folders of the base IDL
---@field listings table<string, table<string, string>>
files.__index = files

local function with_slash(folder)
  return folder:sub(-1) == "/" and folder or folder .. "/"
end

---@param include? string[]
---@return oleander.idl.Files
function files.new(include)
  local self <const> = setmetatable({ include = {}, system = {}, listings = {} }, files)
  for i, folder in ipairs(include or {}) do self.include[i] = with_slash(folder) end
  for _, folder in ipairs(files.system_folders()) do self.system[#self.system + 1] = with_slash(folder) end
  return self
end

---Where the base IDL lies: $OLEANDER_IDL, or include/oleander beside this module, installed or in the source tree.
---@return string[]
function files.system_folders()
  local folders <const> = {}
  local given <const> = os.getenv "OLEANDER_IDL"
  if given and given ~= "" then folders[1] = given end
  local here <const> = own_path:match "^(.*/)oleander/idl/[^/]*$" or own_path:match "^oleander/idl/[^/]*$" and "./"
  if here then
    folders[#folders + 1] = here .. "../../../include/oleander" -- share/lua/5.4
    folders[#folders + 1] = here .. "../include/oleander" -- the source tree
  end
  return folders
end

local function readable(path)
  local file <const> = io.open(path, "rb")
  if not file then return nil end
  local good <const> = file:read(0) ~= nil or file:seek "end" == 0 -- a folder can be opened, but not read
  file:close()
  return good and path or nil
end

--- The names in a folder, by their lower-case form; nil without the C module that lists folders.
local function listing(self, folder)
  local names = self.listings[folder]
  if names == nil then
    names = {}
    local loaded <const>, core <const> = pcall(require, "oleander.core")
    local list <const> = loaded and core.list_directory(folder == "" and "." or folder)
    for _, name in ipairs(list or {}) do
      local folded <const> = name:lower()
      if not names[folded] then names[folded] = name end
    end
    self.listings[folder] = names
  end
  return names
end

--- The path of a name in a folder, folder by folder without case.
local function without_case(self, folder, name)
  local path = folder
  local parts <const> = {}
  for part in name:gmatch "[^/]+" do parts[#parts + 1] = part end
  for i, part in ipairs(parts) do
    if part ~= "." and part ~= ".." then
      part = listing(self, path)[part:lower()]
      if not part then return nil end
    end
    path = path .. part .. (i < #parts and "/" or "")
  end
  return readable(path)
end

local function in_folder(self, folder, name)
  return readable(folder .. name) or without_case(self, folder, name)
end

---The path of a file that IDL names, and whether Oleander brought it.
---@param name string
---@param beside string? the folder of the file that says it; nil for <...>
---@return string? path
---@return boolean? system
function files:find(name, beside)
  name = name:gsub("\\", "/")
  if name == "" or name:find "%z" or #name > 4000 then return nil end
  if name:sub(1, 1) == "/" then return readable(name) or without_case(self, "/", name:sub(2)) end
  local path = beside and in_folder(self, beside, name)
  if path then return path end
  for _, folder in ipairs(self.include) do
    path = in_folder(self, folder, name)
    if path then return path end
  end
  local base <const> = name:match "[^/]*$"
  for _, folder in ipairs(self.system) do
    path = in_folder(self, folder, base)
    if path then return path, true end
  end
  return nil
end

---@param path string
---@param limit integer bytes
---@return string? text
---@return string? problem
function files.read(path, limit)
  local file <const>, problem <const> = io.open(path, "rb")
  if not file then return nil, problem end
  -- The buffer has the size that is asked for.
  local size <const> = file:seek "end"
  if size then file:seek "set" end
  local text <const>, reason <const> = file:read(size and size > 0 and math.min(size, limit) + 1 or limit + 1)
  file:close()
  if text and #text > limit then return nil, path .. " is too large" end
  return text or (not reason and "" or nil), reason
end

return files
