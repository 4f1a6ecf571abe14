---Pages to read and search, made from type libraries: one folder of files for any number of them, which needs no
---network and no server. The parts are in oleander/html/; docs/pages.md says what they look like.
local errors <const> = require "oleander.errors"
local typelib <const> = require "oleander.typelib"

local html <const> = {}

local E_INVALIDARG <const> = 0x80070057

---@class oleander.PagesLibrary
---@field name string
---@field guid string
---@field version string
---@field path? string
---@field folder string where its pages are
---@field types integer
---@field members integer

---@class oleander.PagesProblem
---@field library string
---@field type? string
---@field text string

---@class oleander.Pages what was made
---@field directory string
---@field libraries oleander.PagesLibrary[]
---@field files integer
---@field problems oleander.PagesProblem[] what could not be read

local function library_of(value)
  if typelib.is_library(value) then return value end
  return require "oleander.types".typelib(value)
end

---Makes pages to read and search of one library or a list of them: `index.html` in a folder, which works as it is,
---without a server. The folder must be empty, or hold the pages of an earlier run, which are replaced.
---@param libraries oleander.Library|string|(oleander.Library|string)[] libraries, or what `com.typelib` takes
---@param directory string the folder; it is made
---@return oleander.Pages made what was made, and in `problems` what could not be read
function html.html(libraries, directory)
  if type(directory) ~= "string" or directory == "" or directory:find "\0" then
    errors.raise(E_INVALIDARG, "com.html needs the path of a folder")
  end
  local is_list <const> = type(libraries) == "table" and not typelib.is_library(libraries)
  local list <const> = {}
  for i, value in ipairs(is_list and libraries or { libraries }) do list[i] = library_of(value) end
  if #list == 0 then errors.raise(E_INVALIDARG, "com.html needs a library, or a list of them") end
  return require "oleander.html.site".make(list, directory)
end

return html
