---The type libraries of files and folders, one after the other, and the test for names that the commands share.
local terminal <const> = require "oleander.cli.terminal"

local places <const> = {}

---Most libraries that are looked for in one module.
local RESOURCES <const> = 64

---A test for texts that contain `text`, in which * stands for anything; without case.
---@param text string
---@return fun(text: string?): boolean
function places.name_test(text)
  local pattern <const> = text:lower():gsub("[%^%$%(%)%%%.%[%]%+%-%?]", "%%%0"):gsub("%*", ".*")
  return function(name) return name ~= nil and name:lower():find(pattern) ~= nil end
end

---The files named or below the named folders, in a fixed order.
local function files_below(names)
  local quoted <const> = {}
  for i, name in ipairs(names) do
    local anchored <const> = name:find "^[-(!]" and "./" .. name or name -- no option of find's
    quoted[i] = "'" .. anchored:gsub("'", "'\\''") .. "'"
  end
  local pipe <close> = assert(io.popen("find -L " .. table.concat(quoted, " ") .. " -type f -print0 | sort -z", "r"))
  local files <const> = {}
  for file in pipe:read "a":gmatch "[^\0]+" do files[#files + 1] = file end
  return files
end

---What the first bytes say that a file is: "library" (MSFT, SLTG), "module" (MZ, ELF), or nil.
local function kind_of_file(path)
  local file <close> = io.open(path, "rb")
  local start <const> = file and file:read(4) or ""
  if start == "MSFT" or start == "SLTG" then return "library" end
  return (start:sub(1, 2) == "MZ" or start == "\127ELF") and "module" or nil
end

---Runs `body` for each library in the files and folders: every one that a module carries.
---@param names string[]
---@param body fun(library: oleander.Library)
---@param failed? fun(file: string, problem: any) told of files that are libraries and can't be opened
---@return integer found
function places.each_library(names, body, failed)
  local com <const> = require "oleander"
  local progress <const> = terminal.progress()
  local files <const> = files_below(names)
  local found = 0
  for i, file in ipairs(files) do
    progress(("%d of %d files, %d libraries: %s"):format(i, #files, found, file:match "[^/]*$"))
    local kind <const> = kind_of_file(file)
    if kind then
      for number = 1, RESOURCES do
        local library <const>, problem <const> = com.try(com.typelib, number == 1 and file or file .. "\\" .. number)
        if not library then
          if failed and kind == "library" and number == 1 then failed(file, problem) end
          break
        end
        found = found + 1
        progress()
        body(library)
      end
    end
  end
  progress()
  return found
end

---Runs `body` for each registered library that can be opened.
---@param body fun(library: oleander.Library)
---@return integer found
function places.each_registered(body)
  local com <const> = require "oleander"
  local progress <const> = terminal.progress()
  local entries <const> = require "oleander.registration".libraries()
  local found = 0
  for i, entry in ipairs(entries) do
    progress(("%d of %d registered libraries: %s"):format(i, #entries, entry.path:match "[^/]*$"))
    local library <const> = com.try(com.typelib, entry.path)
    if library then
      found = found + 1
      progress()
      body(library)
    end
  end
  progress()
  return found
end

return places
