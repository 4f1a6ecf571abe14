---`oleander service install|remove NAME SCRIPT|PROGRAM`: servers that the service manager runs.

---@type oleander.cli.Command
local service <const> = {
  summary = "Have the service manager run a server, and start it for its clients.",
  description = "Write a systemd unit for a server (a Lua file that ends in com.main, or a program), make its classes "
    .. "known, and have activation start the unit (AppID\\LocalService). For root the unit is one of the system, else "
    .. "one of the user.",
}

local UNIT <const> = [[
[Unit]
Description=COM server %s
After=oleanderd.socket

[Service]
Type=notify
ExecStart=%s $%s
Environment=OLEANDER_SERVICE=1%s
TimeoutStopSec=30
Restart=on-failure
NoNewPrivileges=yes
ProtectSystem=%s
PrivateTmp=%s
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectControlGroups=yes
RestrictSUIDSGID=yes
LockPersonality=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6

[Install]
WantedBy=%s
]]

local function action(parser, name, text)
  return parser:command(name):summary(text):description(text)
end

function service.configure(parser)
  parser:require_command(true)
  parser:command_target "action"
  local install <const> = action(parser, "install", "Write the unit and register the classes.")
  install:argument("name", "The name of the unit, without .service.")
  install:argument("program", "A Lua file that ends in com.main, or the program of a server.")
  install:option("--parameters", "What the server is started with (ServiceParameters)."):argname "WORDS"
  install:option("--user", "The account that the server runs as (only for root)."):argname "ACCOUNT"
  install:flag("--no-reload", "Do not tell the service manager.")
  local remove <const> = action(parser, "remove", "Take the unit and what was registered for it away.")
  remove:argument("name", "The name of the unit.")
  remove:flag("--no-reload", "Do not tell the service manager.")
end

local function output_of(command)
  local pipe <close> = assert(io.popen(command .. " 2>/dev/null"))
  return pipe:read "l" or ""
end

local function quoted(text)
  return "'" .. text:gsub("'", [['\'']]) .. "'"
end

---As systemd reads a word: in quotes, with % and $ doubled.
local function unit_word(text)
  return '"' .. text:gsub('[\\"]', "\\%0"):gsub("%%", "%%%%"):gsub("%$", "$$") .. '"'
end

local function is_root()
  return output_of "id -u" == "0"
end

---Where units are written: the first of SYSTEMD_UNIT_PATH, else where administrators, or users, have theirs.
local function unit_folder()
  local path <const> = (os.getenv "SYSTEMD_UNIT_PATH" or ""):match "^[^:]+"
  if path then return path end
  if is_root() then return "/etc/systemd/system" end
  local config <const> = os.getenv "XDG_CONFIG_HOME"
  return (config and config ~= "" and config or (os.getenv "HOME" or "") .. "/.config") .. "/systemd/user"
end

local function check_name(name)
  local plain <const> = name:gsub("%.service$", "")
  if not plain:match "^[%w_][%w_.:-]*$" or #plain > 200 then
    error(name .. " is no name of a service: letters, digits and _ - . : make one", 0)
  end
  return plain
end

local function parameters_variable(name)
  return "OLEANDER_PARAMETERS_" .. name:gsub("[^%w]", "_")
end

local function systemctl(words)
  return os.execute(("systemctl %s %s >/dev/null 2>&1"):format(is_root() and "--system" or "--user", words))
end

local function reload(options)
  if not options.no_reload and not systemctl "daemon-reload" then
    print "the service manager has not been told: run systemctl daemon-reload when it is there"
  end
end

---The classes that the registry says a program or script serves.
local function classes_of(path)
  local registration <const>, registry <const> = require "oleander.registration", require "oleander.registry"
  local found <const> = {}
  for _, entry in ipairs(registration.classes()) do
    local key <const> = "CLSID\\" .. entry.clsid .. "\\LocalServer32"
    local script <const> = registry.keys(key) and registry.file(key, "LuaScript")
    local command <const> = registry.keys(key) and registry.value(key) or ""
    if script == path or command:find(path, 1, true) then found[#found + 1] = entry end
  end
  return found
end

---@return string
local function absolute(path)
  local found <const> = output_of("readlink -e -- " .. quoted(path))
  if found == "" then error(path .. ": there is no such file", 0) end
  return found
end

local function is_lua(path)
  return path:find "%.lua$" ~= nil
end

local function own_program()
  local place <const> = output_of "command -v oleander"
  local own <const> = arg and arg[0] and output_of("readlink -e -- " .. quoted(arg[0])) or ""
  return own:find "oleander$" and own or place ~= "" and place or "oleander"
end

---The settings that the installer itself runs with hold for the server too.
local function environment_lines()
  local lines <const> = {}
  for _, name in ipairs { "OLEANDER_RUNTIME", "OLEANDER_CLASSES", "LUA_PATH", "LUA_CPATH", "LD_LIBRARY_PATH" } do
    local value <const> = os.getenv(name)
    if value then lines[#lines + 1] = "\nEnvironment=" .. unit_word(name .. "=" .. value) end
  end
  return table.concat(lines)
end

local function unit_text(name, path, options)
  local command <const> = is_lua(path) and unit_word(own_program()) .. " serve " .. unit_word(path) or unit_word(path)
  local root <const> = is_root()
  local environment = environment_lines()
  if options.user then environment = environment .. "\nUser=" .. options.user end
  -- Folders of the installer's own settings may lie where a private or protected tree would hide them.
  local moved <const> = os.getenv "OLEANDER_RUNTIME" ~= nil
  return UNIT:format(name, command, parameters_variable(name), environment,
    moved and "no" or root and "full" or "yes", moved and "no" or "yes",
    root and "multi-user.target" or "default.target")
end

local function write_file(path, text)
  local file <close> = assert(io.open(path, "w"))
  assert(file:write(text))
end

local function install(options)
  local registry <const> = require "oleander.registry"
  local name <const>, path <const> = check_name(options.name), absolute(options.program)
  if options.user and not options.user:match "^[%w_][%w_.-]*$" then error(options.user .. " is no account", 0) end
  local runner <const> = is_lua(path) and "lua5.4 " or ""
  if not os.execute(runner .. quoted(path) .. " --register --local >/dev/null") then
    error(path .. ": its classes cannot be registered", 0)
  end
  local classes <const> = classes_of(path)
  if #classes == 0 then error(path .. " has registered no class", 0) end
  local folder <const> = unit_folder()
  os.execute("mkdir -p -- " .. quoted(folder))
  write_file(folder .. "/" .. name .. ".service", unit_text(name, path, options))
  local application <const> = registry.value("CLSID\\" .. classes[1].clsid, "AppID") or classes[1].clsid
  registry.write("service-" .. name, "AppID\\" .. application, { LocalService = name .. ".service",
    ServiceParameters = options.parameters or false })
  for _, class in ipairs(classes) do
    registry.write("service-" .. name, "CLSID\\" .. class.clsid, { AppID = application })
    print(("%s is served by %s.service"):format(class.progid or class.clsid, name))
  end
  print("wrote " .. folder .. "/" .. name .. ".service")
  reload(options)
end

---The applications that a unit is the service of.
local function applications_of(unit)
  local registry <const> = require "oleander.registry"
  local found <const> = {}
  for _, application in ipairs(registry.keys "AppID" or {}) do
    if registry.value("AppID\\" .. application, "LocalService") == unit then found[#found + 1] = application end
  end
  return found
end

local function remove(options)
  local registry <const> = require "oleander.registry"
  local name <const> = check_name(options.name)
  local path <const> = unit_folder() .. "/" .. name .. ".service"
  local applications <const> = applications_of(name .. ".service")
  local file <const> = io.open(path)
  if file then file:close() end
  if not file and #applications == 0 then error("there is no service " .. name, 0) end
  if not options.no_reload then systemctl("stop " .. quoted(name .. ".service")) end
  for _, application in ipairs(applications) do
    registry.write("service-" .. name, "AppID\\" .. application, { LocalService = false, ServiceParameters = false })
  end
  if file then
    assert(os.remove(path))
    print("removed " .. path)
  end
  reload(options)
end

function service.run(options)
  if options.action == "install" then return install(options) end
  return remove(options)
end

return service
