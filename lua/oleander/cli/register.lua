---`oleander register FILE...`: enters server modules and type libraries into the registry store.

---@type oleander.cli.Command
local register <const> = {
  summary = "Register server modules, Lua files or type libraries.",
  description = "Register server modules (through their own DllRegisterServer) and type libraries with the "
    .. "registry store. Writes below $OLEANDER_CLASSES when that is set, else below $XDG_DATA_HOME/oleander/classes.",
}

function register.configure(parser)
  parser:argument("file", "A server module (.so), a Lua file ending in com.main, or a type library."):args "+"
  parser:flag("--local", "Lua files: as a program that is started for its clients, instead of into their process.")
  parser:flag("--inproc", "Lua files: into their clients' process; with --local both.")
end

function register.run(options)
  local registration <const> = require "oleander.registration"
  for _, file in ipairs(options.file) do
    registration.register(file, options)
    print("registered " .. file)
  end
end

return register
