--- RegisterObject, UnRegisterObject, DetectAutomation: classes of Lua files in the registry.
local com <const> = require "oleander"
local report <const> = require "luacom.report"
local servers <const> = require "luacom.servers"

local registration <const> = {}

local function absolute(path)
  local pipe <close> = assert(io.popen("realpath -m -- '" .. path:gsub("'", "'\\''") .. "'"))
  return pipe:read "l"
end

local function class_of(entry)
  for _, field in ipairs { "ProgID", "TypeLib", "CoClass" } do
    if not entry[field] then report.fail "Incomplete registration table." end
  end
  local library <const> = com.typelib(entry.TypeLib)
  local class <const> = library:find(entry.CoClass)
  if not class or class.kind ~= "coclass" then
    report.fail(("there is no class %s in %s"):format(entry.CoClass, entry.TypeLib))
  end
  return class
end

--- The definitions under which com.register knows the class: the name without a version first, the ProgID stays.
local function definitions(entry)
  local class <const> = class_of(entry)
  local script <const> = absolute(entry.ScriptFile or arg and arg[0] or report.fail "ScriptFile is missing")
  local kind <const> = servers.default_interface(class, false)
  local list <const> = {}
  for _, progid in ipairs { entry.VersionIndependentProgID or entry.ProgID, entry.ProgID } do
    list[#list + 1] = { progid = progid, clsid = class.guid, name = entry.ComponentName or entry.ProgID,
      script = script, iface = kind and kind.name, typelib = absolute(entry.TypeLib) }
  end
  return list
end

function registration.register(entry)
  local list <const> = definitions(entry)
  require "oleander.registry".register_typelib(absolute(entry.TypeLib))
  for _, definition in ipairs(list) do com.register(definition) end
  return true
end

function registration.unregister(entry)
  local class <const> = class_of(entry)
  for _, progid in ipairs { entry.VersionIndependentProgID or entry.ProgID, entry.ProgID } do
    com.unregister { progid = progid, clsid = class.guid }
  end
  require "oleander.registry".unregister_typelib(absolute(entry.TypeLib))
  return true
end

--- Whether this file is being loaded as a server in the process: com.serve's part of Oleander runs it.
local function is_hosted()
  local level = 2
  local info = debug.getinfo(level, "S")
  while info do
    if info.source:find "oleander/serve%.lua$" then return true end
    level = level + 1
    info = debug.getinfo(level, "S")
  end
  return false
end

---What LuaCOM's servers end in: does what the command line says.
---@param t table with Register, UnRegister and StartAutomation
---@param loop fun() serves until it is stopped
function registration.detect(t, loop)
  if type(arg) ~= "table" or is_hosted() then
    if is_hosted() and t.StartAutomation then
      servers.hosting = true
      local ok <const>, problem <const> = pcall(t.StartAutomation, t)
      servers.hosting = false
      if not ok then error(problem, 0) end
    end
    return t
  end
  local command <const> = type(arg[1]) == "string" and arg[1]:match "^[-/]+(.*)$"
  local word <const> = command and command:lower() or ""
  if word == "register" then
    return t:Register()
  elseif word == "unregister" then
    return t:UnRegister()
  elseif word == "automation" or word == "embedding" then
    t:StartAutomation()
    return loop()
  end
  return nil, "no /Register, /UnRegister or /Automation on the command line"
end

return registration
