---What `oleander doctor` looks at. It loads nothing of Oleander before it knows that it can be loaded.
local doctor <const> = {}

---@class oleander.doctor.Check
---@field check "lua"|"library"|"registry"|"servers"|"runtime"|"service"|"locale" what was looked at
---@field state "good"|"note"|"finding"
---@field text string what was found
---@field advice? string what to do

---@class oleander.doctor.Report
---@field list oleander.doctor.Check[]
local Report <const> = {}
Report.__index = Report

function Report:add(state, check, text, advice)
  self.list[#self.list + 1] = { check = check, state = state, text = text, advice = advice }
end

function Report:good(...) self:add("good", ...) end

function Report:note(...) self:add("note", ...) end

function Report:finding(...) self:add("finding", ...) end

local function quote(text)
  return "'" .. text:gsub("'", "'\\''") .. "'"
end

---What a command prints, without the end of the line.
local function output_of(command)
  local pipe <close> = assert(io.popen(command .. " 2>&1"))
  return (pipe:read "a":gsub("\n+$", ""))
end

local user

---Who we are, as a number.
local function user_id()
  user = user or output_of "id -u"
  return user
end

---@class oleander.doctor.File
---@field owner string a number
---@field mode integer
---@field kind string
---@return oleander.doctor.File?
local function file_at(path)
  local owner <const>, mode <const>, kind <const> = output_of("LC_ALL=C stat -L -c '%u %a %F' -- " .. quote(path))
    :match "^(%d+) (%d+) (.+)$"
  return owner and { owner = owner, mode = tonumber(mode, 8), kind = kind } or nil
end

local function is_writable(path)
  return os.execute("test -w " .. quote(path)) == true
end

---The nearest folder of a path that exists.
local function nearest(path)
  while path ~= "/" and path ~= "" and not file_at(path) do path = path:match "^(.*)/[^/]*$" or "" end
  return path == "" and "/" or path
end

---Whether a module can be loaded, and why not.
local function loads(name)
  local done <const>, problem <const> = pcall(require, name)
  return done, not done and tostring(problem):match "^[^\n]*" or nil
end

-- Lua and its modules

local needed <const> = {
  { "lpeg", "lua-lpeg", "the compiler for IDL" },
  { "argparse", "lua-argparse", "the command line" },
  { "dkjson", "lua-dkjson", "--json" },
}

local optional <const> = {
  { "readline", "lua-readline", "history and completion at the prompt" },
  { "luv", "lua-luv", "scripts that use the loop of libuv" },
}

local function check_lua(report)
  if _VERSION == "Lua 5.4" then
    report:good("lua", _VERSION)
  else
    report:finding("lua", _VERSION .. " runs the program",
      "Install lua5.4, and let /usr/bin/env find it under that name.")
  end
  for _, module in ipairs(needed) do
    if not loads(module[1]) then
      report:finding("lua", ("the module %s is missing, which %s needs"):format(module[1], module[3]),
        ("Install it: apt-get install %s."):format(module[2]))
    end
  end
  for _, module in ipairs(optional) do
    if not package.searchpath(module[1], package.path) and not package.searchpath(module[1], package.cpath) then
      report:note("lua", ("the module %s is not installed; it serves %s"):format(module[1], module[3]),
        ("If you want that: apt-get install %s."):format(module[2]))
    end
  end
end

---Whether lua5.4 alone finds the module that this program has.
local function check_path(report, own)
  local program <const> = output_of "command -v lua5.4"
  if program == "" then
    report:finding("lua", "there is no lua5.4 in PATH", "Install lua5.4.")
    return
  end
  local found <const> = output_of("lua5.4 -e " .. quote('io.write(package.searchpath("oleander", package.path) or "")'))
  if found == "" then
    local share <const> = own:match "^(.*)/oleander%.lua$" or own
    report:finding("lua", "lua5.4 does not find the module oleander",
      ('Set LUA_PATH="%s/?.lua;%s/?/init.lua;;" and LUA_CPATH likewise (docs/installing.md).'):format(share, share))
  elseif output_of("realpath -- " .. quote(found)) ~= own then
    report:finding("lua", ("lua5.4 finds another Oleander: %s, and this is %s"):format(found, own),
      "Remove one of them, or set LUA_PATH.")
  else
    local said <const> = output_of("lua5.4 -e " .. quote 'require "oleander" io.write "well"')
    if said == "well" then
      report:good("lua", 'lua5.4 finds the module: require "oleander"')
    else
      report:finding("lua", "lua5.4 cannot load the module: " .. said:match "^[^\n]*",
        "Set LUA_CPATH (docs/installing.md).")
    end
  end
end

-- The library

---The file of the library in this process.
local function library_path()
  local file <close> = io.open "/proc/self/maps"
  for line in file and file:lines() or function() end do
    local path <const> = line:match "(/%S*/liboleander%.so%S*)$"
    if path then return path end
  end
end

local function check_library(report)
  local version <const> = require "oleander.version"
  local done <const>, problem <const> = loads "oleander.core"
  if not done then
    report:finding("library", "the library cannot be loaded: " .. problem,
      "Install liboleander and its libraries (libffi, libuuid, ICU), or set LUA_CPATH and LD_LIBRARY_PATH "
      .. "(docs/installing.md).")
    return false
  end
  local path <const> = library_path()
  local own <const> = path and path:match "%.so%.(%d+%.%d+%.%d+)$"
  if own and own ~= version then
    report:finding("library", ("version %s, but the Lua modules are of %s: %s"):format(own, version, path),
      "Install both from one version; LD_LIBRARY_PATH may lead to an older library.")
  else
    report:good("library", ("version %s, %s"):format(version, path or "linked into the program"))
  end
  return true
end

-- What is registered

---@return {path: string, writes: boolean}[] layers
local function layers()
  local only <const> = os.getenv "OLEANDER_CLASSES"
  if only and only ~= "" then return { { path = only, writes = true } } end
  local home <const> = os.getenv "XDG_DATA_HOME"
  local first <const> = home and home:sub(1, 1) == "/" and home
    or (os.getenv "HOME" or "/nonexistent") .. "/.local/share"
  local list <const> = { { path = first .. "/oleander/classes", writes = true } }
  local given <const> = os.getenv "XDG_DATA_DIRS"
  for folder in (given and given ~= "" and given or "/usr/local/share:/usr/share"):gmatch "[^:]+" do
    if folder:sub(1, 1) == "/" then list[#list + 1] = { path = folder .. "/oleander/classes" } end
  end
  return list
end

---Who else can write there can make the user's programs load what he likes.
local function check_folder(report, path)
  local file <const> = file_at(path)
  if not file then return false end
  if file.kind ~= "directory" then
    report:finding("registry", path .. " is no folder", "Move it away.")
  elseif file.owner ~= user_id() and file.owner ~= "0" then
    report:finding("registry", ("%s belongs to another user (%s)"):format(path, file.owner),
      "Whoever can write there can make programs load anything: chown it, or leave it out of XDG_DATA_DIRS.")
  elseif file.mode & 18 ~= 0 then -- 022
    report:finding("registry", ("others can write into %s (mode %o)"):format(path, file.mode & 511),
      ("chmod go-w %s"):format(quote(path)))
  else
    return true
  end
  return true
end

local function check_registry(report)
  for _, name in ipairs { "XDG_DATA_HOME", "OLEANDER_RUNTIME" } do
    local value <const> = os.getenv(name)
    if value and value ~= "" and value:sub(1, 1) ~= "/" then
      report:finding("registry", ("%s is no absolute path: %s"):format(name, value), "Give it one, or unset it.")
    end
  end
  local before <const> = #report.list
  for _, layer in ipairs(layers()) do
    local there <const> = check_folder(report, layer.path)
    local place <const> = nearest(layer.path)
    if layer.writes and not is_writable(place) then
      report:finding("registry", ("nothing can be registered: %s cannot be written"):format(place),
        "chown or chmod it, or set OLEANDER_CLASSES to another folder.")
    elseif layer.writes and #report.list == before then
      report:good("registry", layer.path .. (there and "" or " (nothing is registered there yet)"))
    end
  end
  local problems <const> = require "oleander.registry".problems()
  for line in (problems or ""):gmatch "[^\n]+" do
    report:finding("registry", line, "Mend or remove that file.")
  end
end

---The program of a command line.
local function program_of(command)
  return command:match '^"([^"]+)"' or command:match "^(%S+)"
end

local function check_servers(report)
  local classes <const> = require "oleander.registration".classes()
  local missing = 0
  for _, class in ipairs(classes) do
    local path <const> = class.script or class.kind == "inproc" and class.server
      or class.kind == "local" and program_of(class.server or "") or nil
    if path and path:sub(1, 1) == "/" and not file_at(path) then
      missing = missing + 1
      report:finding("servers", ("the server of %s is not there: %s"):format(class.progid or class.clsid, path),
        "Install it again, or remove its file from the folder of the registry (oleander list shows all).")
    end
  end
  if #classes == 0 then
    report:note("servers", "no class is registered",
      "Install oleander-servers, or register one: oleander register FILE.")
  elseif missing == 0 then
    report:good("servers", ("%d classes are registered, their servers are there"):format(#classes))
  end
end

-- The COM service

local function runtime_directory()
  local own <const> = os.getenv "OLEANDER_RUNTIME"
  if own and own:sub(1, 1) == "/" then return own end
  local session <const> = os.getenv "XDG_RUNTIME_DIR"
  local file <const> = session and session:sub(1, 1) == "/" and file_at(session)
  if file and file.owner == user_id() then return session .. "/oleander" end
  return "/tmp/oleander-" .. user_id()
end

local function check_runtime(report)
  local path <const> = runtime_directory()
  local file <const> = file_at(path)
  if not file then
    local place <const> = nearest(path)
    if is_writable(place) then
      report:good("runtime", path .. " (made when it is needed)")
      return true
    end
    report:finding("runtime", ("%s cannot be made: %s cannot be written"):format(path, place),
      "Set OLEANDER_RUNTIME to a folder of your own.")
  elseif file.owner ~= user_id() then
    report:finding("runtime", ("%s belongs to another user (%s)"):format(path, file.owner),
      "Remove it, or set OLEANDER_RUNTIME to a folder of your own.")
  elseif file.mode & 63 ~= 0 then -- 077
    report:finding("runtime", ("others have rights in %s (mode %o)"):format(path, file.mode & 511),
      ("chmod 700 %s"):format(quote(path)))
  else
    report:good("runtime", path)
    return true
  end
  return false
end

---The folder of the programs, as the library looks for it.
local function programs_beside(library)
  local folder <const> = library and library:match "^(.*)/[^/]*$" or "/usr/lib"
  for _, way in ipairs { "bin", "../bin", "../../bin", "../libexec" } do
    if file_at(("%s/%s/oleanderd"):format(folder, way)) then
      return output_of(("realpath -- %s"):format(quote(folder .. "/" .. way)))
    end
  end
end

local function check_service(report, runtime_is_good)
  local folder <const> = programs_beside(library_path())
  if not folder then
    report:finding("service", "the program oleanderd is missing: no objects of other processes can be reached",
      "Install it: apt-get install oleanderd.")
    return
  end
  local version <const> = require "oleander.version"
  local said <const> = output_of(quote(folder .. "/oleanderd") .. " --version")
  if said ~= "oleanderd " .. version then
    report:finding("service", ("%s/oleanderd is of another version: %s"):format(folder, said:match "^[^\n]*"),
      "Install all parts from one version.")
  end
  if not file_at(folder .. "/oleander-surrogate") then
    report:finding("service", folder .. "/oleander-surrogate is missing, which hosts modules in processes of their own",
      "Install oleanderd again.")
  end
  if not runtime_is_good then return end
  -- One that runs already stays as it is; else this one leaves when nobody comes.
  local words <const> = output_of(("OLEANDER_IDLE_TIMEOUT=${OLEANDER_IDLE_TIMEOUT:-5} timeout 60 %s && echo started")
    :format(quote(folder .. "/oleanderd")))
  local com <const> = require "oleander"
  local processes <const>, problem <const> = com.try(com.processes)
  if words ~= "started" or not processes then
    local reason <const> = words ~= "started" and words or problem.description or tostring(problem)
    report:finding("service", "the COM service cannot be used: " .. reason:match "^[^\n]*",
      ("Look what %s/oleanderd --foreground says."):format(folder))
  else
    report:good("service", ("%s/oleanderd starts and answers"):format(folder))
  end
end

local function check_locale(report)
  local name
  for _, variable in ipairs { "LC_ALL", "LC_CTYPE", "LANG" } do
    local value <const> = os.getenv(variable)
    if not name and value and value ~= "" then name = value end
  end
  if (name or ""):lower():find "utf%-?8" then
    report:good("locale", name)
  else
    report:note("locale", (name or "C") .. ": letters beyond ASCII are UTF-8 all the same",
      "On a terminal that shows them wrongly: export LC_ALL=C.UTF-8.")
  end
end

---Looks at everything.
---@return oleander.doctor.Check[] checks
---@return integer findings
function doctor.examine()
  local report <const> = setmetatable({ list = {} }, Report)
  local own <const> = output_of("realpath -- " .. quote(package.searchpath("oleander", package.path) or "oleander.lua"))
  local function look(check, name, ...)
    local done <const>, result <const> = pcall(check, report, ...)
    if not done then
      local text <const> = type(result) == "table" and result.description or tostring(result)
      report:finding(name, "it could not be looked at: " .. text:match "^[^\n]*", "Mend what stands above first.")
    end
    return done and result
  end
  look(check_lua, "lua")
  look(check_path, "lua", own)
  if look(check_library, "library") then
    look(check_registry, "registry")
    look(check_servers, "servers")
    look(check_service, "service", look(check_runtime, "runtime"))
  end
  look(check_locale, "locale")
  local findings = 0
  for _, check in ipairs(report.list) do findings = findings + (check.state == "finding" and 1 or 0) end
  return report.list, findings
end

return doctor
