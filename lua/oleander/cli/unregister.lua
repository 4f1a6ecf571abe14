---`oleander unregister FILE...`: takes server modules and type libraries out of the registry store.

---@type oleander.cli.Command
local unregister <const> = {
  summary = "Take server modules, Lua files or type libraries out of the registry.",
  description = "Undo `oleander register`. What a package registered for all users is masked for this user.",
}

function unregister.configure(parser)
  parser:argument("file", "A server module (.so), a Lua file ending in com.main, or a type library."):args "+"
end

function unregister.run(options)
  local registration <const> = require "oleander.registration"
  for _, file in ipairs(options.file) do
    registration.unregister(file)
    print("unregistered " .. file)
  end
end

return unregister
