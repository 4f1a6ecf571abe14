--- Makes the objects of server modules in a process of their own, so that the specs of tests/bridge/ show that nothing
--- changes for a script: loaded before a spec file (proxies_spec.lua).
package.path = (os.getenv "OLEANDER_SOURCE" or ".") .. "/tests/local/?.lua;" .. package.path
local support <const> = require "support"
local com <const> = require "oleander"

local host <const> = support.script [[
local maker = com.object {
  Make = function(_, class, module) return com.create(class, { module = module }) end,
  Collect = function() collectgarbage() collectgarbage() com.step() end,
}
print(hex(com.marshal(maker)))
com.run()
]]

local maker <const> = com.unmarshal(support.unhex(host:line()))
local create <const> = com.create
local made = 0

function com.create(id, options)
  if type(options) ~= "table" or not options.module or options.license or options.call or options.probe ~= nil then
    return create(id, options)
  end
  made = made + 1
  local object <const> = maker:Make(id, options.module)
  if options.iface then return com.query(object, options.iface, { typelib = options.typelib }) end
  return object
end

--- Garbage of the other process holds objects, too.
local collect <const> = collectgarbage
function collectgarbage(what, ...) -- luacheck: globals collectgarbage
  if what == nil or what == "collect" then
    collect()
    com.step()
    pcall(maker.Collect, maker)
  end
  return collect(what, ...)
end

--- At the end of the state.
setmetatable(_G, { __gc = function()
  io.stdout:write(("# %d objects were made elsewhere\n"):format(made))
  support.finish()
end })
