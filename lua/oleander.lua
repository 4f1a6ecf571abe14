--- Oleander: COM Automation for Lua. One table, no globals; the parts are in oleander/*.lua.
local core <const> = require "oleander.core"

core.own_source(debug.getinfo(1, "S").source)

local com <const> = {}

--- Copies the public functions of a part.
local function add(part, names)
  for name in names:gmatch "%S+" do
    com[name] = part[name]
  end
end

local errors <const> = require "oleander.errors"
local create <const> = require "oleander.create"
local types <const> = require "oleander.types"
local values <const> = require "oleander.values"
local server <const> = require "oleander.server"
local events <const> = require "oleander.events"
local loop <const> = require "oleander.loop"
local place <const> = require "oleander.place"
local processes <const> = require "oleander.processes"
local serve <const> = require "oleander.serve"
local diagnosis <const> = require "oleander.diagnosis"

add(require "oleander.use", "use")
add(require "oleander.idl", "compile_idl idl header")
add(require "oleander.module", "module")
add(errors, "try hr")
add(create, "create class query assume")
add(require "oleander.diff", "diff")
add(require "oleander.stubs", "stubs")
add(require "oleander.html", "html")
add(types, "typelib typeof members enum enum_name")
add(server, "object table replace check error")
add(events, "on connect show_events fire on_error")
add(loop, "run stop step poll_fd sleep after spawn await cancel")
add(place, "marshal unmarshal where on_disconnect timeout")
add(processes, "processes waits")
add(require "oleander.security", "security blanket caller impersonate")
add(serve, "publish running get_object serve register unregister main")
add(diagnosis, "trace spy live_objects")
add(require "oleander.recording", "replay")
add(require "oleander.skeleton", "skeleton")
add(require "oleander.storage", "storage stream")
require "oleander.properties"
add(require "oleander.lasting", "save load")
add(require "oleander.bag", "bag")
for _, name in ipairs { "create", "running", "get_object", "query" } do
  com[name] = diagnosis.traced("com." .. name, com[name])
end
add(require "oleander.dates", "date now from_time to_time")
add(values, [[null empty missing nothing currency decimal tonumber format array record bytes buffer guid args vt eq]])

---Lets the reference of this object go; the object cannot be used any more. False when it was let go before. The bytes
---of com.marshal, which nobody will unmarshal any more, let go of what they hold.
---@param o oleander.Object|string
---@return boolean
function com.release(o)
  if type(o) == "string" then
    core.end_reference(o)
    return true
  end
  return core.release(o)
end

---The value that stands for the object as a table key: equal for all references to one object. It keeps the object
---alive.
---@param o oleander.Object
---@return userdata
com.key = core.key

---Reads a property, with arguments where it takes some.
---@param o oleander.Object
---@param name string
---@param ... any
---@return any ...
com.get = core.get

---Writes a property; the value comes last.
---@param o oleander.Object
---@param name string
---@param ... any
com.put = core.put

---Sets a property to another object; the object comes last.
---@param o oleander.Object
---@param name string
---@param ... any
com.putref = core.putref

---Calls a method.
---@param o oleander.Object
---@param name string
---@param ... any
---@return any ...
com.call = core.call

---Calls a method; the HRESULT comes first: 0, or another success code.
---@param o oleander.Object
---@param name string
---@param ... any
---@return integer status, any ...
com.call_status = core.call_status

---True when the object has a member of that name.
---@param o oleander.Object
---@param name string
---@return boolean
com.has = core.has

---One member of one object for modules that convert values themselves, as luacom does: a function without the object
---that takes values which need no conversion and raises nothing. It gives true and the results, or false and the error;
---or nothing when the values do not fit the parameters as they are (another number of them, another type), the object
---has been released or the call would suspend a coroutine: then the object was not called, and the usual way is open.
---Nil when the member has no such function: it is unknown, or its values are no plain numbers, booleans and strings.
---@param o oleander.Object
---@param name string
---@param kind "call"|"get"|"put"|"putref"
---@return (fun(...: any): boolean?, any ...)?
com.shortcut = core.shortcut

---Deletes a member of an object whose members come and go (IDispatchEx).
---@param o oleander.Object
---@param name string
com.delete = core.delete

---Loops over a collection: for i, value in com.each(o) do. A break closes the enumerator.
---@param o oleander.Object
---@return fun(enumerator: userdata): integer?, any
---@return userdata enumerator
---@return nil
---@return userdata enumerator closed when the loop ends
com.each = core.each

return com
