--- Making and finding objects: com.create, com.class, com.query, com.assume.
local core <const> = require "oleander.core"
local errors <const> = require "oleander.errors"
local security <const> = require "oleander.security"
local types <const> = require "oleander.types"
local use <const> = require "oleander.use"

core.own_source(debug.getinfo(1, "S").source)

local create <const> = {}
local E_INVALIDARG <const> = 0x80070057

local contexts <const> = { inproc = 1, ["local"] = 4, surrogate = 4, remote = 16 }
local CLSCTX_ALL <const> = 1 | 4 | 16

local known <const> = { where = "string", host = "string", port = "number", module = "string", iface = "any",
  typelib = "any", license = "string", timeout = "number", probe = "boolean", call = "string", limits = "table",
  user = "string", domain = "string", password = "string", authentication = "string", impersonation = "string" }
local known_limits <const> = { memory = "integer", cpu = "integer", network = "boolean" }

local function refuse(text, subject)
  errors.raise(E_INVALIDARG, text, { subject = subject })
end

local function check_limits(options, subject)
  if options.limits and options.where ~= "surrogate" then
    refuse([[limits are a surrogate's: where = "surrogate"]], subject)
  end
  for key, value in pairs(options.limits or {}) do
    local wanted <const> = known_limits[key]
    if not wanted then
      refuse("there is no limit " .. tostring(key), subject)
    elseif (math.type(value) or type(value)) ~= wanted or (wanted == "integer" and value <= 0) then
      refuse(("the limit %s is a %s, not %s"):format(key, wanted == "integer" and "positive integer" or wanted,
        tostring(value)), subject)
    end
  end
end

local function check_host(options, subject)
  local port <const> = options.port
  if port ~= nil and (math.type(port) ~= "integer" or port < 1 or port > 65535) then
    refuse("the option port is a number from 1 to 65535, not " .. tostring(port), subject)
  elseif not options.host and (port or options.where == "remote") then
    refuse("the option host says which host is meant", subject)
  elseif options.host and options.where and options.where ~= "remote" then
    refuse(([[where = "%s" is on this host, and host = "%s" names another]]):format(options.where, options.host),
      subject)
  elseif options.host and options.module then
    refuse("a module is loaded in this process, not on another host", subject)
  end
end

local function check_where(options, subject)
  if options.where and not contexts[options.where] then
    refuse(([[where is "inproc", "local", "surrogate" or "remote", not "%s"]]):format(options.where), subject)
  end
end

local function check_call(options, subject)
  if options.call and options.call ~= "vtable" and options.call ~= "invoke" then
    refuse(([[call is "vtable" or "invoke", not "%s"]]):format(options.call), subject)
  end
end

local function check_typelib(options, subject)
  if options.typelib ~= nil and options.iface == nil then
    refuse("the option typelib says where iface is described, and needs it", subject)
  end
end

--- What depends on more than an option's type: asked only where such an option is there, as making an object is short.
local rules <const> = { where = check_where, call = check_call, typelib = check_typelib }
local places <const> = { where = true, host = true, port = true, limits = true, user = true, domain = true,
  password = true, authentication = true, impersonation = true }

local function check_options(options, subject)
  if type(options) ~= "table" then
    refuse("the options are a table, not " .. core.type_name(options), subject)
  end
  local placed = false
  for key, value in next, options do
    local wanted <const> = known[key]
    if not wanted then
      refuse(("there is no option %s"):format(tostring(key)), subject)
    elseif wanted ~= "any" and type(value) ~= wanted then
      refuse(("the option %s is a %s, not %s"):format(key, wanted, core.type_name(value)), subject)
    end
    local rule <const> = rules[key]
    if rule then rule(options, subject) end
    placed = placed or places[key]
  end
  if placed then
    check_host(options, subject)
    check_limits(options, subject)
    security.check(options, subject, options.host)
  end
end

local function context_of(options)
  if options.host then return contexts.remote end
  return options.where and contexts[options.where] or CLSCTX_ALL
end

--- The host as the core takes it: "name[port]".
local function host_of(options)
  if not options.port then return options.host end
  return ("%s[%d]"):format(options.host, options.port)
end

---How com.create and com.class make objects.
---@class oleander.CreateOptions
---@field where "inproc"|"local"|"surrogate"|"remote"|nil here, its server, its own process, other host
---@field host string? name or address of another host, which makes the object
---@field port integer? where its COM service listens; 135
---@field user string? of that host, or DOMAIN\\user; nobody in particular: whoever the process is (OLEANDER_LOGIN)
---@field domain string?
---@field password string? without one it is looked for in the file of logins
---@field authentication "none"|"connect"|"packet"|"integrity"|"privacy"|nil how calls are protected; "integrity"
---@field impersonation "anonymous"|"identify"|"impersonate"|"delegate"|nil what the server may do as that user
---@field limits { memory: integer?, cpu: integer?, network: boolean? }? of a surrogate: bytes, seconds of the processor
---@field timeout number? seconds that the making may take
---@field module string? path of the server module: nothing needs to be registered
---@field iface any? the interface wanted, as com.query takes it
---@field typelib any? where that interface is described
---@field license string?
---@field probe boolean? false: o.Name never touches the server to find out what it is
---@field call "vtable"|"invoke"|nil forces the way in which members are called

--- The class and its module: a used folder goes before the registry, options.module before both.
local function locate(id, options)
  if not options.module and not options.host then
    local clsid <const>, module <const> = use.find_class(id)
    if clsid then return clsid, module end
  end
  return id, options.module
end

local function see_as(object, options)
  if options.iface == nil then return object end
  local queried <const> = create.query(object, options.iface, options)
  core.release(object)
  return queried
end

--- An in-process class in a process of its own.
local function isolated(class, module, options)
  local limits <const> = options.limits or {}
  if options.license then refuse("a class in a surrogate takes no license", "com.create") end
  return core.create_isolated(class, module and (core.real_path(module) or module), limits.memory, limits.cpu,
    limits.network == false, options.call, options.probe)
end

local function check_not_module(module, subject)
  if module then refuse([[a module is loaded in this process or with where = "surrogate"]], subject) end
end

--- f(...) within the time that the options give.
local function within(options, f, ...)
  if not options.timeout then return f(...) end
  return require "oleander.place".timeout(options.timeout, f, ...)
end

local function make(id, options)
  local class <const>, module <const> = locate(id, options)
  if options.where == "surrogate" then return see_as(isolated(class, module, options), options) end
  if options.where == "local" then check_not_module(module, "com.create") end
  local object <const> = core.create(class, context_of(options), options.call, options.probe, options.license, module,
    host_of(options), security.login(options))
  return see_as(object, options)
end

---Makes an object.
---@param id string ProgID, or CLSID in braces
---@param options oleander.CreateOptions?
---@return oleander.Object
function create.create(id, options)
  if options == nil then
    local clsid <const>, module <const> = use.find_class(id)
    return core.create(clsid or id, CLSCTX_ALL, nil, nil, nil, module)
  end
  check_options(options, "com.create")
  return within(options, make, id, options)
end

---A class: its objects are made by :new().
---@class oleander.Class
local Class <const> = { __name = "oleander.Class" }
Class.__index = Class

function Class.__tostring(class)
  return "class " .. class.id
end

function Class.__close(class)
  core.release(class.factory)
end

---The class object, from a server that is there.
local function find_factory(class)
  local options <const> = class.options
  return within(options, core.class, class.clsid, context_of(options), class.module, host_of(options),
    security.login(options))
end

---Makes an object of the class. Where the server has ended meanwhile, another one is started.
---@return oleander.Object
function Class:new()
  if getmetatable(self) ~= Class then
    refuse("called without its class, use ':' (class:new(), not class.new())", "class:new")
  end
  local options <const> = self.options
  local object = core.class_new(self.factory, options.call, options.probe, options.license, self.id)
  if not object then
    local factory <const> = find_factory(self)
    core.release(self.factory)
    self.factory = factory
    object = core.class_new(self.factory, options.call, options.probe, options.license, self.id, true)
  end
  return see_as(object, options)
end

---The class object, kept for making many objects.
---@param id string ProgID, or CLSID in braces
---@param options oleander.CreateOptions?
---@return oleander.Class
function create.class(id, options)
  options = options or {}
  check_options(options, "com.class")
  local class <const>, module <const> = locate(id, options)
  if options.where == "surrogate" then
    refuse([[where = "surrogate" gives each object a process: com.create]], "com.class")
  end
  if options.where == "local" then check_not_module(module, "com.class") end
  local made <const> = { id = id, options = options, clsid = class, module = module }
  made.factory = find_factory(made)
  return setmetatable(made, Class)
end

---Another interface of an object, with that interface's members.
---@param object oleander.Object
---@param interface string|oleander.Type name ("IFoo", "Lib.IFoo"), IID in braces, or type
---@param options table? typelib: where the name is looked up; call
---@return oleander.Object
function create.query(object, interface, options)
  options = options or {}
  if type(options) ~= "table" then
    refuse("the options are a table, not " .. core.type_name(options), "com.query")
  end
  core.handle_check(object, "com.query")
  local info <const>, iid <const> = types.find_interface(interface, object, options.typelib)
  return core.query(object, iid, info, options.call)
end

---Attaches type information to an object: from now on its members are those of the interface, called through Invoke.
---@param object oleander.Object
---@param interface string|oleander.Type
---@param library any? where a name is looked up
---@return oleander.Object
function create.assume(object, interface, library)
  core.handle_check(object, "com.assume")
  local info <const> = types.find_interface(interface, object, library, "com.assume")
  if not info then
    refuse("the interface is not described by any type library", "com.assume")
  end
  return core.assume(object, info)
end

return create
