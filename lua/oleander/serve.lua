--- Servers in Lua, by how long they live: com.publish (a running object), com.serve (a class of this process),
--- com.register (a class for every program: a Lua file becomes an in-process server), com.main.
local core <const> = require "oleander.core"
local errors <const> = require "oleander.errors"
local lasting <const> = require "oleander.lasting"
local loop <const> = require "oleander.loop"
local server <const> = require "oleander.server"
local types <const> = require "oleander.types"
local typelib <const> = require "oleander.typelib"
local use <const> = require "oleander.use"

core.own_source(debug.getinfo(1, "S").source)

local serve <const> = {}
local E_INVALIDARG <const> = 0x80070057
local CLASS_E_NOTLICENSED <const> = 0x80040112
local MK_E_UNAVAILABLE <const> = 0x800401E3

local function refuse(text, subject)
  errors.raise(E_INVALIDARG, text, { subject = subject })
end

-- definitions

---A class that is written in Lua.
---@class oleander.ClassDefinition
---@field progid string? at least one of progid and clsid
---@field clsid string? without it: the registered one, else one that follows from the ProgID
---@field class table|function methods, for a table of its own per object; or a function that makes one object's table
---@field iface any? what com.object takes; without it the members are those of the table
---@field typelib any? where iface is looked up
---@field license string|fun(key: string?): boolean? the key that clients must show, or a function that decides
---@field single_use boolean? com.serve: the class object makes one object
---@field where "inproc"|"local"|nil com.serve, com.main: "local" offers it to all processes of the user
---@field keep boolean? com.main: a local server goes on when nobody needs it any more
---@field name string? com.register: the name of the class for people
---@field script string? com.register: the Lua file; com.main knows it

local known <const> = { progid = "string", clsid = "string", class = "any", iface = "any", typelib = "any",
  license = "any", single_use = "boolean", name = "string", script = "string", where = "string",
  keep = "boolean" }

local function check_definition(definition, subject)
  if type(definition) ~= "table" then
    refuse("a table is wanted, not " .. core.type_name(definition), subject)
  end
  for key, value in pairs(definition) do
    if not known[key] then
      refuse("there is no option " .. tostring(key), subject)
    elseif known[key] ~= "any" and type(value) ~= known[key] then
      refuse(("the option %s is a %s, not %s"):format(key, known[key], core.type_name(value)), subject)
    end
  end
  if not definition.progid and not definition.clsid then refuse("progid or clsid is missing", subject) end
  local where <const> = definition.where
  if where and where ~= "inproc" and where ~= "local" then
    refuse(([[where is "inproc" or "local", not "%s"]]):format(where), subject)
  end
end

--- A table for one object, whose methods are those of the class.
local function instance_of(class)
  local meta <const> = {}
  for key, value in pairs(debug.getmetatable(class) or {}) do meta[key] = value end
  for key, value in pairs(class) do
    if type(key) == "string" and key:sub(1, 2) == "__" then meta[key] = value end
  end
  meta.__index = class
  return setmetatable({}, meta)
end

local function check_class(definition, subject)
  local kind <const>, license <const> = type(definition.class), type(definition.license)
  if kind ~= "table" and kind ~= "function" then
    refuse("the option class is a table or a function, not " .. core.type_name(definition.class), subject)
  end
  if license ~= "nil" and license ~= "string" and license ~= "function" then
    refuse("the option license is a key or a function, not " .. core.type_name(definition.license), subject)
  end
  if kind == "table" then
    server.check_declarations(instance_of(definition.class), subject, definition.iface ~= nil, true)
  end
end

--- `__clsid` of a class that is a table, in it or in its metatable.
local function class_clsid(class)
  local meta <const> = type(class) == "table" and debug.getmetatable(class)
  local clsid <const> = type(class) == "table" and rawget(class, "__clsid") or meta and rawget(meta, "__clsid")
  return type(clsid) == "string" and clsid or nil
end

--- The CLSID of a definition: as it or its class says, else the registered one, else the one that follows from the
--- name.
local function clsid_of(definition)
  local said <const> = definition.clsid or class_clsid(definition.class)
  if said then return core.guid(said) end
  return core.class_id(definition.progid) or core.name_clsid(core.fold(definition.progid):lower())
end

local function make_object(definition)
  local class <const> = definition.class
  local made
  if type(class) == "function" then made = class() else made = instance_of(class) end
  if core.is_object(made) then return made end
  if type(made) ~= "table" and type(made) ~= "function" then
    refuse("the class made no table, but " .. core.type_name(made), definition.progid or definition.clsid)
  end
  local named <const> = definition.clsid or definition.progid or class_clsid(class)
  if named and type(made) == "table" then lasting.class_ids[made] = clsid_of(definition) end
  return server.object(made, definition.iface, definition.typelib)
end

local function is_licensed(license, key)
  if type(license) == "function" then return license(key) end
  return license == nil or key == license
end

--- Answers the questions of a class object (bridge/objects/class_object.c).
local function maker_of(definition)
  return function(what, key)
    local license <const> = definition.license
    if what == "create" then
      if not is_licensed(license, key) then
        errors.raise(CLASS_E_NOTLICENSED, nil, { subject = definition.progid or definition.clsid })
      end
      return make_object(definition)
    end
    return false, what == "licensed" and is_licensed(license, nil)
  end
end

-- running objects

---Something that is registered until it is closed.
---@class oleander.Registration
---@field name string
---@field clsid string?
local Registration <const> = { __name = "oleander.Registration" }
Registration.__index = Registration

---Ends it. Objects that clients have stay.
---@return boolean was_open
function Registration:close()
  local revoke <const> = self.revoke
  self.revoke = nil
  if revoke then revoke() end
  return revoke ~= nil
end

Registration.__close = Registration.close

function Registration.__tostring(registration)
  return "registration of " .. registration.name
end

local function is_path(name)
  return name:sub(1, 1) == "!" or name:sub(1, 1) == "/"
end

---The CLSID that a ProgID or CLSID means here.
---@param name string
---@return string
function serve.class_of_name(name)
  if name:sub(1, 1) == "{" then return core.guid(name) end
  return use.served[core.fold(name)] or core.class_id(name) or core.name_clsid(core.fold(name):lower())
end

---Puts an object into the running object table, where com.running and com.get_object find it.
---@param o oleander.Object|table an object, or a table that becomes one
---@param name string ProgID or CLSID; "!item"; the path of a file, with "!item" behind it or not
---@return oleander.Registration
function serve.publish(o, name)
  if type(name) ~= "string" then refuse("a name is wanted, not " .. core.type_name(name), "com.publish") end
  local object <const> = core.is_object(o) and o or server.object(o)
  local cookie
  if is_path(name) then
    cookie = core.set_running(object, name)
  else
    cookie = core.set_active(object, serve.class_of_name(name))
  end
  return setmetatable({ name = name, revoke = function() core.revoke_active(cookie) end }, Registration)
end

---The object that is published under a name.
---@param name string as com.publish takes it
---@return oleander.Object
function serve.running(name)
  if type(name) ~= "string" then refuse("a name is wanted, not " .. core.type_name(name), "com.running") end
  if is_path(name) then return core.get_object(name) end
  local object <const> = core.active(serve.class_of_name(name))
  if not object then
    errors.raise(MK_E_UNAVAILABLE, ("no object is running as %s"):format(name), { subject = "com.running" })
  end
  return object
end

---The object that a moniker names: "clsid:...", "new:ProgID", the path of a file, or what com.publish put there.
---@param moniker string
---@return oleander.Object
function serve.get_object(moniker)
  if type(moniker) ~= "string" then
    refuse("the text of a moniker is wanted, not " .. core.type_name(moniker), "com.get_object")
  end
  return core.get_object(moniker)
end

--- suspended: clients come when core.server_process "resume" says so.
local function offer(definition, everybody, suspended)
  local clsid <const>, progid <const> = clsid_of(definition), definition.progid
  local maker <const> = maker_of(definition)
  local cookie, make = nil, maker
  if definition.single_use and not everybody then
    make = function(what, key)
      local made <const>, second <const> = maker(what, key)
      if what == "create" and cookie then
        core.revoke_class(cookie)
        cookie = nil
      end
      return made, second
    end
  end
  cookie = core.register_class(clsid, make, definition.license ~= nil, definition.single_use, everybody, suspended)
  local folded <const> = progid and core.fold(progid)
  if folded then use.served[folded] = clsid end
  local function revoke()
    if folded and use.served[folded] == clsid then use.served[folded] = nil end
    if cookie then core.revoke_class(cookie) end
  end
  return setmetatable({ name = progid or clsid, clsid = clsid, revoke = revoke }, Registration)
end

---Offers a class to this process, or with where = "local" to all processes of the user; com.create, and
---CoCreateInstance in C, make its objects. Does not block.
---@param definition oleander.ClassDefinition
---@return oleander.Registration
function serve.serve(definition)
  check_definition(definition, "com.serve")
  check_class(definition, "com.serve")
  return offer(definition, definition.where == "local", false)
end

-- registered classes

--- A type library named by a relative path is looked for beside the Lua file of the class first: the file's own folder
--- is what its author knows, not the folder of the program that uses the class.
local function beside(script, library)
  if type(library) ~= "string" or library:find "^[/{]" then return library end
  local folder <const> = (core.real_path(script or "") or ""):match "^(.*/)"
  return folder and core.real_path(folder .. library) or library
end

--- The library that describes the interface of a class, as the registry names it.
local function library_of(definition)
  local iface <const> = definition.iface
  if typelib.is_type(iface) then return iface.library end
  if type(definition.typelib) == "string" then
    return types.typelib(beside(definition.script, definition.typelib))
  end
  return typelib.is_library(definition.typelib) and definition.typelib or nil
end

local function interface_name(definition, subject)
  local iface <const> = definition.iface
  if iface == nil or type(iface) == "string" then return iface end
  if typelib.is_type(iface) then return iface.name end
  refuse("a registered class has one interface, named by a text or a type", subject)
end

--- The command line of the program that serves a Lua file.
local function local_command(script)
  local prefix <const> = core.loader_path():match "^(.*)/[^/]*/[^/]*/[^/]*$" or ""
  local program <const> = core.real_path(prefix .. "/bin/oleander") or core.real_path(prefix .. "/../bin/oleander")
  if program then return ('"%s" serve "%s"'):format(program, script) end
  local interpreter <const> = core.real_path "/proc/self/exe"
  return ('"%s" "%s"'):format(interpreter, script)
end

local function registry_entries(definition, clsid, inproc_too, local_too)
  local key <const> = "CLSID\\" .. clsid
  local inproc <const> = key .. "\\InprocServer32"
  local library <const> = library_of(definition)
  local progid <const>, script <const> = definition.progid, core.real_path(definition.script)
  if not script then refuse("there is no file " .. definition.script, "com.register") end
  local entries <const> = {
    { key, "", definition.name or progid or script },
  }
  local function add(path, name, text)
    if text then entries[#entries + 1] = { path, name, text } end
  end
  if inproc_too then
    add(inproc, "", core.loader_path())
    add(inproc, "ThreadingModel", "Apartment")
    add(inproc, "LuaScript", script)
    add(inproc, "LuaInterface", interface_name(definition, "com.register"))
    add(inproc, "LuaTypeLib", library and (library.path and core.real_path(library.path) or library.guid))
  end
  if local_too then
    add(key .. "\\LocalServer32", "", local_command(script))
    add(key .. "\\LocalServer32", "LuaScript", script)
  end
  add(key .. "\\ProgID", "", progid)
  if progid then
    add(progid, "", definition.name or progid)
    add(progid .. "\\CLSID", "", clsid)
  end
  return entries
end

local function component_of(definition, clsid)
  return definition.progid and not definition.progid:find "[/%c]" and definition.progid or clsid
end

---Makes a Lua file an in-process server for every program of this user. The file returns the class (a table or a
---function, as in com.serve), or calls com.main. Its state lives in the thread that makes the first object.
---With where = "local" it becomes a local server instead: a program that is started for its clients, in which the file
---must end in com.main; both, one after the other.
---@param definition oleander.ClassDefinition script is needed; class and license are the file's business
---@return string clsid
function serve.register(definition)
  check_definition(definition, "com.register")
  if not definition.script then refuse("the option script is missing", "com.register") end
  local clsid <const> = clsid_of(definition)
  local everybody <const> = definition.where == "local"
  core.registry_write(component_of(definition, clsid), registry_entries(definition, clsid, not everybody, everybody))
  return clsid
end

---Undoes com.register.
---@param definition oleander.ClassDefinition|string the definition, or the ProgID
function serve.unregister(definition)
  if type(definition) == "string" then
    definition = definition:sub(1, 1) == "{" and { clsid = definition } or { progid = definition }
  end
  check_definition(definition, "com.unregister")
  local clsid <const> = clsid_of(definition)
  local entries <const> = { { "CLSID\\" .. clsid } }
  if definition.progid then entries[2] = { definition.progid } end
  core.registry_write(component_of(definition, clsid), entries)
end

-- scripts that are servers

--- CLSID -> definition, and whether files are being loaded by the module that hosts them.
local hosted <const>, hosting = {}, false

--- What a server script may be told; -Embedding (or /Automation) is how COM starts a server of its own process.
local script_options <const> = { ["--register"] = "register", ["--unregister"] = "unregister",
  ["--local"] = "as_local", ["--inproc"] = "as_inproc", ["-embedding"] = "embedding", ["/embedding"] = "embedding",
  ["-automation"] = "embedding", ["/automation"] = "embedding" }

--- What the command line says.
local function read_command_line()
  local said <const> = {}
  for _, word in ipairs(arg or {}) do
    local option <const> = script_options[word] or script_options[word:lower()]
    if option then
      said[option] = true
    elseif word:sub(1, 1) == "-" and not os.getenv "OLEANDER_SERVICE" then -- whose parameters are the script's
      local text <const> = "unknown option '%s': --register [--local] [--inproc], --unregister, or none to serve"
      errors.raise(E_INVALIDARG, text:format(word), { subject = "com.main" })
    end
  end
  return said
end

local function register_all(definition, said)
  if said.as_inproc or not said.as_local then
    definition.where = nil
    serve.register(definition)
  end
  if said.as_local then
    definition.where = "local"
    serve.register(definition)
  end
end

--- Seconds between two looks whether anybody needs a local server, and that it waits for the first client.
local LOOK <const>, FIRST_CLIENT <const> = 0.1, 30

--- Whether others hold an object of this process.
local function is_needed()
  for _, t in ipairs(core.object_tables()) do
    local facts <const> = core.object_facts(t)
    if facts and facts.references > 0 then return true end
  end
  return false
end

--- Ends the loop when nobody needs the process any more. The classes are suspended first, so that no client is sent
--- here any more; one that has come meanwhile keeps it.
local function end_when_idle()
  local began <const>, served, next_collection = core.monotonic(), false, 0
  core.server_process "hold"
  local function look()
    local needed = is_needed()
    if needed and core.monotonic() > next_collection then
      -- Garbage of this script may be all that holds them.
      local start <const> = core.monotonic()
      collectgarbage()
      core.drain()
      next_collection = core.monotonic() + math.max(0.5, 50 * (core.monotonic() - start))
      needed = is_needed()
    end
    served = served or needed
    if not needed and (served or core.monotonic() - began > FIRST_CLIENT) then
      if core.server_process "let go" == 0 then
        loop.sleep(LOOK / 2) -- those that were on their way
        if not is_needed() then return loop.stop() end
        served = true
      end
      core.server_process "hold"
      core.server_process "resume"
    end
    loop.after(LOOK, look)
  end
  loop.after(LOOK, look)
end

--- SIGTERM, as service managers end a process, ends the loop.
local function end_when_told()
  core.service "begin"
  local function look()
    if core.service "ended" then return loop.stop() end
    loop.after(LOOK, look)
  end
  loop.after(LOOK, look)
end

local function serve_all(definitions, embedding)
  local everybody, keep = embedding or serve.everybody, not embedding
  serve.has_served = true
  local registrations <const> = {}
  for _, definition in ipairs(definitions) do
    keep = keep or definition.keep
    everybody = everybody or definition.where == "local"
  end
  for i, definition in ipairs(definitions) do
    registrations[i] = offer(definition, everybody, everybody)
  end
  if everybody then core.server_process "resume" end
  if serve.everybody and not embedding then
    local names <const> = {}
    for i, registration in ipairs(registrations) do names[i] = registration.name end
    print("serving " .. table.concat(names, ", "))
    io.stdout:flush()
  end
  if not keep then end_when_idle() end
  if everybody then end_when_told() end
  core.service "ready"
  loop.run()
  core.service "stopping"
  for _, registration in ipairs(registrations) do registration:close() end
  if everybody and core.service "ended" then loop.sleep(LOOK) end -- calls that were on their way are answered
end

local function run_as_script(definitions)
  local said <const> = read_command_line()
  local script <const> = arg and arg[0]
  for _, definition in ipairs(definitions) do
    -- The registry says where the file is; the rest stands in the file.
    local copy <const> = { progid = definition.progid, clsid = definition.clsid, name = definition.name,
      script = definition.script or script }
    if said.register then
      register_all(copy, said)
    elseif said.unregister then
      serve.unregister(copy)
    else
      definition.typelib = beside(copy.script, definition.typelib)
    end
  end
  if not said.register and not said.unregister then serve_all(definitions, said.embedding) end
end

--- The file that is being read for what it serves: { script, definitions }.
local reading

---The end of a script that is a server: `--register` (in-process), `--register --local` (a program that is started for
---its clients) and `--unregister` on its command line make it known and unknown; without them it serves its classes
---until com.stop. Started with `-Embedding` (or `/Automation`) it ends when nobody needs it any more, unless a
---definition says keep = true. In a hosted file it names the classes.
---@param definition oleander.ClassDefinition|oleander.ClassDefinition[]
---@return oleander.ClassDefinition|oleander.ClassDefinition[] definition
function serve.main(definition)
  if type(definition) ~= "table" then check_definition(definition, "com.main") end
  local list <const> = definition[1] and definition or { definition }
  for _, one in ipairs(list) do
    check_definition(one, "com.main")
    check_class(one, "com.main")
  end
  if reading then
    for _, one in ipairs(list) do
      one.typelib = beside(reading.script, one.typelib)
      reading.definitions[#reading.definitions + 1] = one
    end
  elseif hosting then
    for _, one in ipairs(list) do
      one.typelib = beside(hosting, one.typelib)
      hosted[clsid_of(one)] = one
    end
  else
    run_as_script(list)
  end
  return definition
end

--- Runs a Lua file for the classes that it serves, or for the one that it returns; nothing is served.
---@param script string
---@return { progid: string?, clsid: string?, object: oleander.Object }[]
function serve.read_script(script)
  local chunk <const>, problem <const> = loadfile(script)
  if not chunk then error(problem, 0) end
  local definitions <const> = {}
  package.path = (script:match "^(.*/)" or "./") .. "?.lua;" .. package.path
  reading = { script = script, definitions = definitions }
  local result <const> = table.pack(pcall(chunk))
  reading = nil
  if not result[1] then error(result[2], 0) end
  local class <const> = result[2]
  if #definitions == 0 then
    if core.is_object(class) then return { { object = class } } end
    if type(class) ~= "table" and type(class) ~= "function" then
      refuse("the file returns no class: end it in com.main{...}, or return the table", script)
    end
    definitions[1] = { class = class }
    check_class(definitions[1], script)
  end
  local list <const> = {}
  for i, one in ipairs(definitions) do
    list[i] = { progid = one.progid, clsid = (one.clsid or class_clsid(one.class) or one.progid) and clsid_of(one),
      object = make_object(one) }
  end
  return list
end

--- The definition of a class that a file is registered for.
local function load_hosted(clsid)
  local registry <const> = require "oleander.registry"
  local inproc <const> = "CLSID\\" .. clsid .. "\\InprocServer32"
  local script <const> = registry.file(inproc, "LuaScript")
  if not script then
    errors.raise(0x80040111, "no Lua file is registered for this class", { subject = clsid })
  end
  package.path = (script:match "^(.*/)" or "./") .. "?.lua;" .. package.path
  local chunk <const>, problem <const> = loadfile(script)
  if not chunk then error(problem, 0) end
  hosting = script
  local result <const> = table.pack(pcall(chunk, script))
  hosting = false
  if not result[1] then error(result[2], 0) end
  if not hosted[clsid] then
    local library <const> = registry.value(inproc, "LuaTypeLib")
    hosted[clsid] = { clsid = clsid, class = result[2], iface = registry.value(inproc, "LuaInterface"),
      typelib = library and library:sub(1, 1) ~= "{" and registry.file(inproc, "LuaTypeLib") or library }
    check_class(hosted[clsid], script)
  end
  return hosted[clsid]
end

local class_objects <const> = {}

--- The class object of a registered class: for the module that hosts Lua files.
core.set_helper("class_object", function(clsid)
  if not class_objects[clsid] then
    local definition <const> = hosted[clsid] or load_hosted(clsid)
    class_objects[clsid] = core.class_object(maker_of(definition), definition.license ~= nil)
  end
  return class_objects[clsid]
end)

return serve
