--- LuaCOM's module over Oleander: scripts written for LuaCOM 1.4 run unchanged. Sets the globals luacom and luacomE, as
--- LuaCOM does, and gives the same table. What differs: docs/luacom.md.
local com <const> = require "oleander"
local enumerators <const> = require "luacom.enumerators"
local library <const> = require "luacom.library"
local objects <const> = require "luacom.objects"
local registration <const> = require "luacom.registration"
local report <const> = require "luacom.report"
local servers <const> = require "luacom.servers"
local typeinfo <const> = require "luacom.typeinfo"
local values <const> = require "luacom.values"

local luacom <const> = { config = report.config, _VERSION = "LuaCOM 1.4 (Oleander)" }
local api <const>, check <const> = report.api, report.check
values.options = luacom

-- making and finding objects

--- IPersistStreamInit::InitNew, for objects that are made empty.
local function begin_new(o)
  local stream <close> = com.try(com.query, o, "IPersistStreamInit")
  if stream then com.try(function() stream:InitNew() end) end
end

local contexts <const> = { inproc_server = "inproc", local_server = "local" }

local function create(id, context, untyped)
  local where <const> = contexts[context]
  local o <const> = com.create(id, where and { where = where } or nil)
  begin_new(o)
  return objects.new(o, untyped)
end

---Makes an object.
---@param id string ProgID or CLSID in braces
---@param context string? "inproc_server" or "local_server"
---@param untyped boolean? type information is ignored
---@return table? object
function luacom.CreateObject(id, context, untyped)
  return api(create, check(id, "string", 1, "CreateObject"), check(context, "string", 2, "CreateObject", true),
    untyped and true)
end

function luacom.CreateInprocObject(id)
  return api(create, check(id, "string", 1, "CreateInprocObject"), "inproc_server")
end

function luacom.CreateLocalObject(id)
  return api(create, check(id, "string", 1, "CreateLocalObject"), "local_server")
end

local function find(id)
  local running, problem
  if not id:find "[:/!]" then running, problem = com.try(com.running, id) end
  if not running then
    local found <const>, other <const> = com.try(com.get_object, id)
    if not found then error(problem or other, 0) end
    running = found
  end
  return values.from_com(running)
end

---A running object, by ProgID or CLSID, or what a moniker names.
function luacom.GetObject(id)
  return api(find, check(id, "string", 1, "GetObject"))
end

-- IUnknown

function luacom.GetIUnknown(object)
  objects.check(object, 1, "GetIUnknown")
  return api(objects.unknown, object)
end

function luacom.CreateLuaCOM(unknown)
  return api(function()
    if not objects.is_native(unknown) then report.fail "an IUnknown is wanted" end
    return objects.new(com.query(unknown, "IDispatch"))
  end)
end

function luacom.ImportIUnknown(unknown)
  return api(function()
    if not objects.is_native(unknown) then report.fail "an IUnknown is wanted" end
    return com.query(unknown, "IUnknown")
  end)
end

-- members and enumerators

function luacom.isMember(object, name)
  return com.has(objects.check(object, 1, "isMember"), check(name, "string", 2, "isMember"))
end

function luacom.GetEnumerator(object)
  return api(enumerators.new, objects.check(object, 1, "GetEnumerator"))
end

---Loops over a collection: for index, value in luacom.pairs(object) do.
function luacom.pairs(object)
  return enumerators.pairs(objects.check(object, 1, "pairs"))
end

---What a value is: "LuaCOM", "ITypeLib", "ITypeInfo", "IUnknown", "IEnumVARIANT"; nil for what is not of luacom.
---@param value any
---@return string?
function luacom.GetType(value)
  if objects.is_native(value) then return "IUnknown" end
  local meta <const> = type(value) == "table" and getmetatable(value)
  return type(meta) == "table" and rawget(meta, "type") or nil
end

-- implementing

local function check_implementation(value, name)
  if type(value) ~= "table" and type(value) ~= "userdata" then check(value, "table", 1, name) end
  return value
end

function luacom.ImplInterface(implementation, progid, interface)
  return api(servers.impl_interface, check_implementation(implementation, "ImplInterface"),
    check(progid, "string", 2, "ImplInterface"), check(interface, "string", 3, "ImplInterface"))
end

function luacom.ImplInterfaceFromTypelib(implementation, path, interface, class)
  return api(servers.impl_from_typelib, check_implementation(implementation, "ImplInterfaceFromTypelib"),
    check(path, "string", 2, "ImplInterfaceFromTypelib"), check(interface, "string", 3, "ImplInterfaceFromTypelib"),
    check(class, "string", 4, "ImplInterfaceFromTypelib", true))
end

local function finish_new(ok, ...)
  if ok then return ... end
  local text <const> = report.note((...))
  if report.config.abort_on_API_error then error(text, 3) end
  return nil, nil, text
end

---Makes an object of a registered class from a table; the second result raises its events. After an error: nil, nil,
---and what went wrong.
function luacom.NewObject(implementation, progid)
  return finish_new(pcall(servers.new_object, check_implementation(implementation, "NewObject"),
    check(progid, "string", 2, "NewObject")))
end

---As NewObject; what makes the object a control in a window has nothing to call on Linux.
function luacom.NewControl(implementation, progid)
  return finish_new(pcall(servers.new_object, check_implementation(implementation, "NewControl"),
    check(progid, "string", 2, "NewControl")))
end

function luacom.ExposeObject(object)
  objects.check(object, 1, "ExposeObject")
  return api(servers.expose, object)
end

function luacom.RevokeObject(cookie)
  return api(servers.revoke, check(cookie, "number", 1, "RevokeObject"))
end

function luacom.RegisterObject(entry)
  return api(registration.register, check(entry, "table", 1, "RegisterObject"))
end

function luacom.UnRegisterObject(entry)
  return api(registration.unregister, check(entry, "table", 1, "UnRegisterObject"))
end

---Ends when com.stop is called, or with an error of the function.
---@param f function? called once, then after everything that happened
---@param ... any its arguments
function luacom.StartMessageLoop(f, ...)
  if f == nil then return com.run() end
  check(f, "function", 1, "StartMessageLoop")
  f(...)
  while true do
    if com.step(0.2) then f(...) end
  end
end

function luacom.DetectAutomation(t)
  return registration.detect(check(t, "table", 1, "DetectAutomation"), luacom.StartMessageLoop)
end

-- events

---@return table? sink, integer? cookie
function luacom.Connect(object, implementation)
  objects.check(object, 1, "Connect")
  return api(servers.connect, object, check_implementation(implementation, "Connect"))
end

function luacom.addConnection(client, sink)
  objects.check(client, 1, "addConnection")
  objects.check(sink, 2, "addConnection")
  return api(servers.add_connection, client, sink)
end

function luacom.releaseConnection(client, _, cookie)
  objects.check(client, 1, "releaseConnection")
  api(servers.release_connection, client, cookie)
end

-- types

function luacom.CLSIDfromProgID(progid)
  check(progid, "string", 1, "CLSIDfromProgID")
  return api(function()
    return servers.clsid(progid) or report.fail(("no class is registered as %s"):format(progid))
  end)
end

function luacom.ProgIDfromCLSID(clsid)
  check(clsid, "string", 1, "ProgIDfromCLSID")
  return api(function()
    local key <const> = "CLSID\\" .. com.guid(clsid)
    return require "oleander.registry".value(key .. "\\ProgID") or
      report.fail(("no ProgID is registered for %s"):format(clsid))
  end)
end

function luacom.GetTypeInfo(object)
  local o <const> = objects.check(object, 1, "GetTypeInfo")
  return api(function()
    return typeinfo.from_type(com.typeof(o) or report.fail "the object has no type information")
  end)
end

function luacom.LoadTypeLibrary(path)
  check(path, "string", 1, "LoadTypeLibrary")
  return api(function() return typeinfo.from_library(com.typelib(path)) end)
end

local function kind_of(x, name)
  if luacom.GetType(x) == "ITypeInfo" then return x.kind end
  local o <const> = objects.check(x, 1, name)
  return com.typeof(o) or report.fail "the object has no type information"
end

function luacom.DumpTypeInfo(x)
  return api(function() typeinfo.dump(kind_of(x, "DumpTypeInfo"), print) end)
end

function luacom.ShowHelp(object)
  return api(function() typeinfo.open(typeinfo.library_of(object, values.unwrap(object)).help_file) end)
end

---Puts the constants of a library into a table: of an object's library, of a library, of a type.
function luacom.ExportConstants(x, t)
  check(t, "table", 2, "ExportConstants", true)
  return api(function()
    if luacom.GetType(x) == "ITypeInfo" then return x:ExportConstants(t) end
    typeinfo.from_library(typeinfo.library_of(x, values.unwrap(x))):ExportConstants(t)
  end)
end

function luacom.FillTypeInfo(info)
  return api(typeinfo.fill_type, check(info, "table", 1, "FillTypeInfo"))
end

function luacom.FillTypeLib(info)
  return api(typeinfo.fill_library, check(info, "table", 1, "FillTypeLib"))
end

local function page_of(x, path)
  local described <const> = type(x) == "string" and com.typelib(x) or typeinfo.library_of(x, values.unwrap(x))
  return typeinfo.page(described, path)
end

---Writes a page about the library of x.
---@param x any an object, a type, a library, or a path
---@param path string? of the HTML file
---@return string? path
function luacom.DumpTypeLib(x, path)
  return api(page_of, x, check(path, "string", 2, "DumpTypeLib", true))
end

function luacom.ViewTypeLib(x)
  return api(function() typeinfo.open(page_of(x)) end)
end

---Describes a new type library.
---@param description table name, uuid, version
function luacom.NewLibrary(description)
  return library.new(description)
end

-- the rest

local log

---Writes errors down in a file from now on.
---@return boolean
function luacom.StartLog(path)
  local file <const>, problem <const> = io.open(check(path, "string", 1, "StartLog"), "a")
  if not file then
    report.note(problem)
    return false
  end
  if log then log:close() end
  log = file
  log:setvbuf "line"
  com.trace(function(line) if log then log:write(line, "\n") end end)
  return true
end

function luacom.EndLog()
  if log then log:close() end
  log = nil
  com.trace(0)
end

function luacom.GetCurrentDirectory()
  local pipe <close> = assert(io.popen "pwd")
  return pipe:read "l"
end

---A value to a VARIANT and back.
function luacom.RoundTrip(value)
  return api(function() return values.from_com(values.to_com(value, "variant")) end)
end

_G.luacom, _G.luacomE = luacom, luacom
return luacom
