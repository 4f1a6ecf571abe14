--- In whose name calls are made and how they are protected, and who makes those that come.
local core <const> = require "oleander.core"
local errors <const> = require "oleander.errors"

core.own_source(debug.getinfo(1, "S").source)

local security <const> = {}
local E_INVALIDARG <const> = 0x80070057

---As RPC_C_AUTHN_LEVEL_... and RPC_C_IMP_LEVEL_...
local LEVELS <const> = { none = 1, connect = 2, packet = 4, integrity = 5, privacy = 6 }
local IMPERSONATION <const> = { anonymous = 1, identify = 2, impersonate = 3, delegate = 4 }
local SERVICES <const> = { [0] = "none", [9] = "negotiate", [10] = "ntlm", [16] = "kerberos" }
local LEVEL_NAMES <const> = { "none", "connect", "packet", "packet", "integrity", "privacy" }
local IMPERSONATION_NAMES <const> = { "anonymous", "identify", "impersonate", "delegate" }

local function refuse(text, subject)
  errors.raise(E_INVALIDARG, text, { subject = subject })
end

local function one_of(options, key, values, list, subject)
  local value <const> = options[key]
  if value ~= nil and not values[value] then
    refuse(([[%s is %s, not %s]]):format(key, list, type(value) == "string" and '"' .. value .. '"'
      or core.type_name(value)), subject)
  end
end

local function check_levels(options, subject)
  one_of(options, "authentication", LEVELS, [["none", "connect", "packet", "integrity" or "privacy"]], subject)
  one_of(options, "impersonation", IMPERSONATION, [["anonymous", "identify", "impersonate" or "delegate"]], subject)
end

local function check_names(options, subject)
  for _, key in ipairs { "user", "domain", "password" } do
    local value <const> = options[key]
    if value ~= nil and type(value) ~= "string" then
      refuse(("%s is a string, not %s"):format(key, core.type_name(value)), subject)
    elseif value and value:find "\0" then
      refuse(("%s has a zero in it"):format(key), subject)
    end
  end
  if not options.user and (options.domain or options.password) then
    refuse("domain and password are a user's: user =", subject)
  elseif options.user == "" then
    refuse("user is empty", subject)
  elseif options.user and options.authentication == "none" then
    refuse([[authentication = "none" names nobody: it goes without user]], subject)
  end
end

---Checks the options that say in whose name.
---@param options table
---@param subject string whose options
---@param host any whether another host is named
function security.check(options, subject, host)
  check_levels(options, subject)
  check_names(options, subject)
  for _, key in ipairs { "user", "authentication", "impersonation" } do
    if options[key] and not host then
      refuse(("%s is for objects of other hosts (host =): within this host the system says who calls"):format(key),
        subject)
    end
  end
end

---What core.create takes; nil: as the process.
---@param options table checked
---@return userdata?
function security.login(options)
  if not (options.user or options.authentication or options.impersonation) then return nil end
  return core.login(LEVELS[options.authentication] or 0, IMPERSONATION[options.impersonation] or 0, options.domain,
    options.user, options.password)
end

-- the process

---Access rights of COM: execute, here and from other hosts.
local CALL <const> = 7

local function entry(name)
  local account <const> = name:match "^@(.+)$" or name
  if account == "" or account:find "[;()%c]" then
    refuse("allow has no such user: " .. name, "com.security")
  end
  return ("(A;;0x%x;;;%s)"):format(CALL, account)
end

--- SDDL, or the descriptor of { allow = { "ann", "@staff" } }.
local function descriptor_of(access)
  if access == nil or type(access) == "string" then return access end
  if type(access) ~= "table" or type(access.allow) ~= "table" or next(access, next(access)) ~= nil then
    refuse([[access is SDDL, or { allow = { "user", "@group" } }]], "com.security")
  end
  local entries <const> = {}
  for i, name in ipairs(access.allow) do
    if type(name) ~= "string" then
      refuse(("allow has names, not %s"):format(core.type_name(name)), "com.security")
    end
    entries[i] = entry(name)
  end
  return "O:BAG:BAD:" .. table.concat(entries)
end

---@class oleander.SecurityOptions
---@field authentication "none"|"connect"|"packet"|"integrity"|"privacy"|nil the least of calls with other hosts
---@field impersonation "anonymous"|"identify"|"impersonate"|"delegate"|nil what servers may do in its name
---@field access string|{ allow: string[] }|nil who may call objects of this process: SDDL, or users and @groups

---Says once, before the first object goes to or comes from elsewhere, how this process protects its calls, and who
---may call its objects.
---@param options oleander.SecurityOptions
function security.security(options)
  if type(options) ~= "table" then
    refuse("the options are a table, not " .. core.type_name(options), "com.security")
  end
  for key in pairs(options) do
    if key == "launch" then
      refuse("who may start the program is a setting of its application: oleander security set CLASS --launch SDDL",
        "com.security")
    elseif key ~= "authentication" and key ~= "impersonation" and key ~= "access" then
      refuse("there is no option " .. tostring(key), "com.security")
    end
  end
  check_levels(options, "com.security")
  core.say_security(descriptor_of(options.access), LEVELS[options.authentication] or 0,
    IMPERSONATION[options.impersonation] or 0)
end

-- one object

---@class oleander.Blanket how calls to an object are made
---@field authentication "none"|"connect"|"packet"|"integrity"|"privacy"
---@field impersonation "anonymous"|"identify"|"impersonate"|"delegate"
---@field service "none"|"negotiate"|"ntlm"|"kerberos" who shows who calls
---@field principal string? the server that is meant

local known <const> = { user = true, domain = true, password = true, authentication = true, impersonation = true }

local function set_blanket(o, options)
  if type(options) ~= "table" then
    refuse("the options are a table, not " .. core.type_name(options), "com.blanket")
  end
  for key in pairs(options) do
    if not known[key] then refuse("there is no option " .. tostring(key), "com.blanket") end
  end
  security.check(options, "com.blanket", true)
  if not core.set_blanket(o, security.login(options) or core.login(0, 0)) then
    refuse("the object is of this process, and called directly", "com.blanket")
  end
end

---@class oleander.BlanketOptions
---@field user string? of the other host
---@field domain string?
---@field password string?
---@field authentication "none"|"connect"|"packet"|"integrity"|"privacy"|nil
---@field impersonation "anonymous"|"identify"|"impersonate"|"delegate"|nil

---How calls to an object elsewhere are protected and in whose name they are made; with options says so, for all calls
---from now on. nil for an object of this process.
---@param o oleander.Object
---@param options oleander.BlanketOptions?
---@return oleander.Blanket?
function security.blanket(o, options)
  if options ~= nil then set_blanket(o, options) end
  local service <const>, level <const>, impersonation <const>, _, principal <const> = core.blanket(o)
  if not service then return nil end
  return { service = SERVICES[service] or tostring(service), authentication = LEVEL_NAMES[level],
    impersonation = IMPERSONATION_NAMES[impersonation], principal = principal ~= "" and principal or nil }
end

-- who calls

---@class oleander.Caller
---@field user string? "name", or "DOMAIN\\name" of another host; nil: nobody has said
---@field host string? address of another host
---@field pid integer? process of this host
---@field authentication "none"|"connect"|"packet"|"integrity"|"privacy" how the call is protected

---Who makes the call that is being carried out; nil where none comes from elsewhere.
---@return oleander.Caller?
function security.caller()
  local user <const>, host <const>, pid <const>, level <const> = core.caller()
  if not level then return nil end
  return { user = user, host = host ~= "" and host or nil, pid = pid ~= 0 and pid or nil,
    authentication = LEVEL_NAMES[level] }
end

---Calls f while the thread acts as the user whose call is being carried out: files are opened as he may. f cannot
---yield. An error where he does not let it, is no user of this host, or the process may not change who it is.
---@param f function
---@param ... any
---@return any ...
function security.impersonate(f, ...)
  if type(f) ~= "function" then
    refuse("a function is wanted, not " .. core.type_name(f), "com.impersonate")
  end
  return core.impersonate(f, ...)
end

return security
