---The folder that the pages stand in. A marker in it names every file that was made, so that the next run takes away
---what it made and nothing else; a folder that has other things in it and no marker is left alone.
local core <const> = require "oleander.core"

local folder <const> = {}

local MARKER <const>, FIRST_LINE <const> = ".oleander-pages", "oleander pages 1"

---@class oleander.html.Folder
---@field path string
---@field old string[] files of the earlier run

local function quoted(path)
  return "'" .. path:gsub("'", "'\\''") .. "'"
end

---A name that an earlier run can have written: in the folder or one below it.
local function is_ours(name)
  for part in name:gmatch "[^/]+" do
    if not part:find "^[%w_.%-]+$" or part == "." or part == ".." then return false end
  end
  return name:find "^[^/]+$" ~= nil or name:find "^[^/]+/[^/]+$" ~= nil
end

local function read_marker(path)
  local file <close> = io.open(path .. "/" .. MARKER, "rb")
  if not file or file:read "l" ~= FIRST_LINE then return nil end
  local list <const> = {}
  for line in file:lines() do
    if not is_ours(line) then return nil end
    list[#list + 1] = line
  end
  return list
end

---Looks at a folder: may pages stand in it? Changes nothing.
---@param path string
---@return oleander.html.Folder? folder
---@return string? problem
function folder.look(path)
  local inside <const>, problem <const> = core.list_directory(path)
  if not inside then
    -- Something that has a name can be given the same one.
    if os.rename(path, path) then return nil, problem end
    return { path = path, old = {} }
  end
  if #inside == 2 then return { path = path, old = {} } end -- "." and ".." alone
  local old <const> = read_marker(path)
  if not old then return nil, path .. " is not empty, and its content was not made by an earlier run" end
  return { path = path, old = old }
end

local function write(path, text)
  local file <const>, problem <const> = io.open(path, "wb")
  if not file then return nil, problem end
  local done, reason = file:write(text)
  if done then done, reason = file:close() else file:close() end
  if not done then return nil, ("%s: %s"):format(path, reason) end
  return true
end

local function write_marker(self, list)
  return write(self.path .. "/" .. MARKER, FIRST_LINE .. "\n" .. table.concat(list, "\n") .. "\n")
end

local function make_folders(self, names)
  if not os.execute("mkdir -p -- " .. quoted(self.path)) then return nil, self.path .. " can't be made" end
  if #names == 0 then return true end
  local pipe <const>, problem <const> = io.popen(("cd -- %s && xargs -0 mkdir -p --"):format(
    quoted(self.path:find "^%-" and "./" .. self.path or self.path)), "w")
  if not pipe then return nil, problem end
  pipe:write(table.concat(names, "\0"), "\0")
  if not pipe:close() then return nil, ("folders in %s can't be made"):format(self.path) end
  return true
end

---Takes away what the earlier run made.
local function clear(self)
  local folders <const>, order <const> = {}, {}
  for _, name in ipairs(self.old) do
    os.remove(self.path .. "/" .. name)
    local parent <const> = name:match "^(.*)/"
    if parent and not folders[parent] then
      folders[parent] = true
      order[#order + 1] = parent
    end
  end
  for _, name in ipairs(order) do os.remove(self.path .. "/" .. name) end -- stays when something else is in it
end

---Makes the folder ready for these files. The marker names them, and what was there before, from now on, so that the
---next run can begin anew whatever happens to this one.
---@param self oleander.html.Folder
---@param files string[] names of the files to be made, in folders or not
---@return boolean? done
---@return string? problem
function folder.prepare(self, files)
  local folders <const>, seen <const> = {}, {}
  for _, name in ipairs(files) do
    local parent <const> = name:match "^(.*)/"
    if parent and not seen[parent] then
      seen[parent] = true
      folders[#folders + 1] = parent
    end
  end
  local done, problem = make_folders(self, {})
  if not done then return nil, problem end
  local both <const> = table.move(self.old, 1, #self.old, 1, {})
  done, problem = write_marker(self, table.move(files, 1, #files, #both + 1, both))
  if not done then return nil, problem end
  clear(self)
  return make_folders(self, folders)
end

---@param self oleander.html.Folder
---@param name string
---@param text string
---@return boolean? done
---@return string? problem
function folder.write(self, name, text)
  return write(self.path .. "/" .. name, text)
end

---Says that the files are there, and nothing else of ours.
---@param self oleander.html.Folder
---@param files string[]
---@return boolean? done
---@return string? problem
function folder.finish(self, files)
  return write_marker(self, files)
end

return folder
