---Registers server modules and type libraries, and lists what is registered.
local registry <const> = require "oleander.registry"

local registration <const> = {}

---The absolute form of a path; the store must not depend on where it was written from.
local function absolute(path)
  local pipe <close> = assert(io.popen("realpath -e -- '" .. path:gsub("'", "'\\''") .. "' 2>/dev/null"))
  local result <const> = pipe:read "l"
  if not result then error(path .. ": there is no such file", 0) end
  return result
end

---The path without "." and ".." in it, as people want to read it.
local function tidy(path)
  local parts <const> = {}
  for part in path:gmatch "[^/]+" do
    if part == ".." then
      parts[#parts] = nil
    elseif part ~= "." then
      parts[#parts + 1] = part
    end
  end
  return "/" .. table.concat(parts, "/")
end

---A module is an ELF file; anything else can only be a type library.
local function is_module(path)
  local file <close> = assert(io.open(path, "rb"))
  return file:read(4) == "\127ELF"
end

---The registry keys that name a server, and what `kind` says of them.
local server_keys <const> = {
  { "InprocServer32", "inproc", true },
  { "LocalServer32", "local", false },
  { "TreatAs", "alias", false },
}

---@class oleander.registration.Class
---@field clsid string
---@field progid? string
---@field name? string
---@field kind? "inproc"|"local"|"alias"
---@field server? string the module's path, the command line, or the CLSID that stands in
---@field script? string the Lua file of a class that is written in Lua

---All registered classes, sorted by ProgID, those without one last.
---@return oleander.registration.Class[]
function registration.classes()
  local classes <const> = {}
  for _, clsid in ipairs(registry.keys "CLSID" or {}) do
    local path <const> = "CLSID\\" .. clsid
    local class <const> = {
      clsid = clsid,
      name = registry.value(path),
      progid = registry.value(path .. "\\VersionIndependentProgID") or registry.value(path .. "\\ProgID"),
    }
    for _, key in ipairs(server_keys) do
      local name <const>, kind <const>, is_file <const> = table.unpack(key)
      local below <const> = path .. "\\" .. name
      local server <const> = is_file and registry.file(below) or registry.value(below)
      if server then
        class.kind, class.server = kind, is_file and tidy(server) or server
        local script <const> = registry.file(below, "LuaScript")
        class.script = script and tidy(script)
        break
      end
    end
    if class.kind then classes[#classes + 1] = class end
  end
  table.sort(classes, function(a, b)
    if (a.progid == nil) ~= (b.progid == nil) then return a.progid ~= nil end
    return (a.progid or a.clsid):lower() < (b.progid or b.clsid):lower()
  end)
  return classes
end

---Whether a path names a Lua file: a server that is written in Lua.
local function is_script(path)
  return path:find "%.lua$" ~= nil
end

---The registered classes that a Lua file serves.
local function classes_of_script(file)
  local classes <const> = {}
  for _, class in ipairs(registration.classes()) do
    if class.script == file then classes[#classes + 1] = class end
  end
  return classes
end

---Runs a Lua file that ends in com.main as `lua5.4 FILE --register` does.
local function register_script(file, options)
  local chunk <const>, problem <const> = loadfile(file)
  if not chunk then error(problem, 0) end
  local before <const> = _G.arg
  local words <const> = { [0] = file, "--register" }
  if options and options["local"] then words[#words + 1] = "--local" end
  if options and options.inproc then words[#words + 1] = "--inproc" end
  _G.arg = words
  local done <const>, failure <const> = pcall(chunk, "--register")
  _G.arg = before
  if not done then error(failure, 0) end
  if #classes_of_script(file) == 0 then
    error(file .. ": the file registers nothing: end it in com.main{...}, or call com.register for it", 0)
  end
end

---Takes out the classes of a Lua file, which may be gone.
local function unregister_script(path)
  local pipe <close> = assert(io.popen("realpath -m -- '" .. path:gsub("'", "'\\''") .. "'"))
  local file <const> = pipe:read "l"
  local classes <const> = classes_of_script(file)
  if #classes == 0 then error(path .. ": no class is registered that this file serves", 0) end
  for _, class in ipairs(classes) do
    require "oleander.serve".unregister { clsid = class.clsid, progid = class.progid }
  end
end

---Registers a server module through its DllRegisterServer, a Lua file through its com.main, or a type library.
---@param path string
---@param options { local: boolean?, inproc: boolean? }? of a Lua file: which of its servers; inproc without any
function registration.register(path, options)
  local file <const> = absolute(path)
  if is_script(file) then
    register_script(file, options)
  elseif is_module(file) then
    registry.register_module(file)
  else
    registry.register_typelib(file)
  end
end

---Undoes `register`.
---@param path string
function registration.unregister(path)
  if is_script(path) then return unregister_script(path) end
  local file <const> = absolute(path)
  if is_module(file) then registry.unregister_module(file) else registry.unregister_typelib(file) end
end

---@class oleander.registration.Library
---@field libid string
---@field version string as the registry writes it: hexadecimal MAJOR.MINOR
---@field name? string
---@field path? string

local platforms <const> = { "linux64", "win64", "win32" }

---All registered type libraries, each version by itself, sorted by name.
---@return oleander.registration.Library[]
function registration.libraries()
  local libraries <const> = {}
  for _, libid in ipairs(registry.keys "TypeLib" or {}) do
    for _, version in ipairs(registry.keys("TypeLib\\" .. libid) or {}) do
      local key <const> = "TypeLib\\" .. libid .. "\\" .. version
      for _, language in ipairs(registry.keys(key) or {}) do
        if language:find "^%x+$" then
          local path
          for _, platform in ipairs(platforms) do
            path = path or registry.file(key .. "\\" .. language .. "\\" .. platform)
          end
          if path then
            libraries[#libraries + 1] = {
              libid = libid, version = version, name = registry.value(key), path = tidy(path),
            }
          end
        end
      end
    end
  end
  table.sort(libraries, function(a, b) return (a.name or a.libid):lower() < (b.name or b.libid):lower() end)
  return libraries
end

return registration
