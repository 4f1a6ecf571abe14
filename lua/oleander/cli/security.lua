---`oleander security show|set CLASS`: who may start, have and call the objects of a class.

---@type oleander.cli.Command
local security <const> = {
  summary = "Show or set who may start the program of a class, and call its objects.",
  description = "Show or set the permissions of a class: those of its application (AppID), the defaults that hold "
    .. "where the application says nothing, and the limits of the machine, beyond which nobody gets a right. "
    .. "Permissions are SDDL, as in O:BAG:BAD:(A;;0x1f;;;BA)(A;;0xb;;;alice).",
  completes = { class = "class" },
}

local MACHINE <const> = [[HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Ole]]
local GUID <const> = "^{%x%x%x%x%x%x%x%x%-%x%x%x%x%-%x%x%x%x%-%x%x%x%x%-%x%x%x%x%x%x%x%x%x%x%x%x}$"

---The options, the value that each sets in an application or in the machine, and what it is.
local SETTINGS <const> = {
  { "launch", "LaunchPermission", "DefaultLaunchPermission", "SDDL" },
  { "access", "AccessPermission", "DefaultAccessPermission", "SDDL" },
  { "launch-limit", nil, "MachineLaunchRestriction", "SDDL" },
  { "access-limit", nil, "MachineAccessRestriction", "SDDL" },
  { "authentication-level", "AuthenticationLevel", "LegacyAuthenticationLevel", "LEVEL" },
  { "run-as", "RunAs", nil, "ACCOUNT" },
}

local LEVELS <const> = { none = 1, connect = 2, call = 3, packet = 4, integrity = 5, privacy = 6 }

local function action(parser, name, text)
  return parser:command(name):summary(text):description(text)
end

function security.configure(parser)
  parser:require_command(true)
  parser:command_target "action"
  local class <const> = "A ProgID, a CLSID, an AppID, or `machine`: the defaults and limits of the machine."
  local show <const> = action(parser, "show", "Show what holds for a class.")
  show:argument("class", class)
  show:flag("--json", "Print a JSON object.")
  local set <const> = action(parser, "set", "Set permissions; an empty one is taken out.")
  set:argument("class", class)
  set:option("--launch", "Who may start the program, and have objects of a running one."):argname "SDDL"
  set:option("--access", "Who may call."):argname "SDDL"
  set:option("--launch-limit", "The limit of the machine for the one (only `machine`)."):argname "SDDL"
  set:option("--access-limit", "The limit of the machine for the other (only `machine`)."):argname "SDDL"
  set:option("--authentication-level", "How calls from other hosts must be protected: none, connect, call, packet, "
    .. "integrity or privacy."):argname "LEVEL"
  set:option("--run-as", "The account that the program runs as."):argname "ACCOUNT"
end

---What CLASS stands for.
---@return { machine?: boolean, clsid?: string, application?: string, name: string }
local function target_of(name)
  local registry <const> = require "oleander.registry"
  if name == "machine" then return { machine = true, name = name } end
  local wanted = name
  if name:match((GUID:gsub("[{}]", ""))) then wanted = "{" .. name .. "}" end
  local clsid <const> = wanted:match(GUID) or registry.value(name .. "\\CLSID")
    or registry.value((registry.value(name .. "\\CurVer") or "?") .. "\\CLSID")
  if clsid and registry.keys("CLSID\\" .. clsid) then
    return { clsid = clsid, application = registry.value("CLSID\\" .. clsid, "AppID"), name = name }
  elseif clsid and registry.keys("AppID\\" .. clsid) then
    return { application = clsid, name = name }
  end
  error(("%s is neither a registered class nor an application"):format(name), 0)
end

local RIGHTS <const> = {
  launch = { [2] = "start here", [4] = "start from other hosts", [8] = "have here", [16] = "have from other hosts" },
  access = { [2] = "call here", [4] = "call from other hosts" },
}

---What the rights of an entry are, in words.
local function rights_in_words(rights, words)
  if rights & 31 == 1 then rights = 31 end
  local list <const> = {}
  for _, bit in ipairs { 2, 4, 8, 16 } do
    if rights & bit ~= 0 and words[bit] then list[#list + 1] = words[bit] end
  end
  return #list > 0 and table.concat(list, ", ") or "nothing"
end

---One setting as it is: its text, its entries, or what is wrong with it.
local function permission_at(path, name)
  local registry <const> = require "oleander.registry"
  local value <const> = registry.value(path, name)
  local found <const> = { name = name, key = path }
  if value == nil then return found end
  local lines <const>, problem <const> = registry.describe(tostring(value))
  found.set = true
  if not lines then
    found.problem = problem:match "^[^\n]*"
    return found
  end
  found.sddl = lines:match "^[^\n]*"
  found.entries = {}
  local words <const> = name:find "Launch" and RIGHTS.launch or RIGHTS.access
  for kind, rights, principal, known in lines:gmatch "(%l+)\t(%d+)\t([^\t\n]*)\t(%l*)\n" do
    found.entries[#found.entries + 1] = { kind = kind, rights = tonumber(rights), principal = principal,
      words = rights_in_words(tonumber(rights), words), unknown = known ~= "" or nil }
  end
  return found
end

local function permissions_of(target)
  local list <const> = {}
  local application <const> = target.application and "AppID\\" .. target.application
  for _, kind in ipairs { "Launch", "Access" } do
    if application then list[#list + 1] = permission_at(application, kind .. "Permission") end
    list[#list + 1] = permission_at(MACHINE, "Default" .. kind .. "Permission")
    list[#list + 1] = permission_at(MACHINE, "Machine" .. kind .. "Restriction")
  end
  return list
end

local function print_permission(permission)
  local state <const> = not permission.set and "not set" or permission.problem or permission.sddl
  print(("%s: %s%s"):format(permission.name, permission.problem and "grants nothing: " or "", state))
  for _, entry in ipairs(permission.entries or {}) do
    print(("  %-5s  %-20s  %s%s"):format(entry.kind, entry.principal, entry.words,
      entry.unknown and "  (no user or group of this host)" or ""))
  end
  if permission.entries and #permission.entries == 0 and not permission.sddl:find "NO_ACCESS_CONTROL" then
    print "  nobody"
  end
end

local function show(options)
  local registry <const> = require "oleander.registry"
  local target <const> = target_of(options.class)
  local result <const> = { class = target.clsid, application = target.application,
    permissions = permissions_of(target) }
  if target.application then
    for _, name in ipairs { "RunAs", "AuthenticationLevel", "LocalService" } do
      result[name] = registry.value("AppID\\" .. target.application, name)
    end
  end
  if options.json then
    local json <const> = require "oleander.json"
    for _, permission in ipairs(result.permissions) do
      if permission.entries then permission.entries = json.array(permission.entries) end
    end
    result.permissions = json.array(result.permissions)
    return print(json.encode(result))
  end
  if not target.machine then
    print(("class: %s"):format(target.clsid or "-"))
    print(("application: %s"):format(target.application or "none: the defaults of the machine hold"))
  end
  for _, name in ipairs { "RunAs", "AuthenticationLevel", "LocalService" } do
    if result[name] then print(("%s: %s"):format(name, result[name])) end
  end
  for _, permission in ipairs(result.permissions) do print_permission(permission) end
end

---The value as it is written; raises what is wrong with it.
local function checked(option, kind, value)
  local registry <const> = require "oleander.registry"
  if value == "" then return false end
  if kind == "LEVEL" then
    local level <const> = LEVELS[value] or math.tointeger(tonumber(value))
    if not level or level < 1 or level > 6 then
      error(("--%s: %s is no level; the levels are none, connect, call, packet, integrity and privacy"):format(option,
        value), 0)
    end
    return level
  elseif kind == "SDDL" then
    local lines <const>, problem <const> = registry.describe(value)
    if not lines then
      local what <const>, at <const> = problem:match "^(.-)\n(%d+)$"
      error(("--%s: %s%s: %s"):format(option, what, at ~= "0" and " (at character " .. at .. ")" or "", value), 0)
    end
    return lines:match "^[^\n]*"
  end
  return value
end

---A class without an application gets one of its own name.
local function application_of(target)
  if target.application then return target.application end
  local registry <const> = require "oleander.registry"
  local component <const> = "security-" .. target.clsid:gsub("[{}]", "")
  registry.write(component, "CLSID\\" .. target.clsid, { AppID = target.clsid })
  return target.clsid
end

local function set(options)
  local registry <const> = require "oleander.registry"
  local target <const> = target_of(options.class)
  local values <const> = {}
  for _, setting in ipairs(SETTINGS) do
    local option <const>, of_application <const>, of_machine <const>, kind <const> = table.unpack(setting, 1, 4)
    local value <const> = options[option:gsub("%-", "_")]
    local name <const> = target.machine and of_machine or not target.machine and of_application
    if value and not name then
      error(("--%s is %s"):format(option, target.machine and "for a class, not for the machine"
        or "for the machine: oleander security set machine"), 0)
    elseif value then
      values[name] = checked(option, kind, value)
    end
  end
  if next(values) == nil then error("nothing is to be set: see oleander security set --help", 0) end
  local application <const> = not target.machine and application_of(target)
  local component <const> = "security-" .. (application and application:gsub("[{}]", "") or "machine")
  registry.write(component, application and "AppID\\" .. application or MACHINE, values)
  show { class = options.class }
end

function security.run(options)
  if options.action == "set" then return set(options) end
  return show(options)
end

return security
