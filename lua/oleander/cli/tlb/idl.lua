---`oleander tlb idl FILE`: a type library as IDL that compiles back to it.

---@type oleander.cli.Command
local idl <const> = {
  summary = "Print a library as IDL.",
  description = "Print a library as IDL, to standard output; `oleander idl compile` makes the same library of it. The "
    .. "exit code is 1 when the library can't be opened, or a part of it can't be read.",
  completes = { file = "library" },
}

function idl.configure(parser)
  parser:argument("file", "File, LIBID or ProgID.")
  parser:option("-o --output", "Write to this file."):argname "FILE"
end

function idl.run(options)
  local com <const> = require "oleander"
  local library <const> = com.typelib(options.file)
  local text <const>, problems <const> = require "oleander.idl.decompile".library(
    require "oleander.typelib".library_facts[library].library)
  local out <const> = options.output and assert(io.open(options.output, "wb")) or io.stdout
  out:write(text)
  if options.output then assert(out:close()) end
  for _, problem in ipairs(problems) do io.stderr:write("oleander: ", options.file, ": ", problem, "\n") end
  return #problems > 0 and 1 or 0
end

return idl
