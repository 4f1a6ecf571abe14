---`oleander tlb stubs LIB`: what lua-language-server knows of a library.
---@type oleander.cli.Command
local command <const> = {
  summary = "Describe a library for lua-language-server.",
  description = "Write LuaCATS annotations of a type library: completion, help and checks in editors "
    .. "(docs/editors.md).",
  completes = { library = "library" },
}

function command.configure(parser)
  parser:argument("library", "A type library: path, LIBID or ProgID.")
  parser:option("-o --output", "The file; otherwise standard output."):argname "FILE.lua"
end

function command.run(options)
  local com <const> = require "oleander"
  local library <const> = com.typelib(options.library)
  if options.output then
    com.stubs(library, options.output)
  else
    io.write(require "oleander.stubs".text(library))
  end
end

return command
