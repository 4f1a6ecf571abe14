---`oleander tlb header LIB -o FILE.h`: a library for C and C++.
---@type oleander.cli.Command
local command <const> = {
  summary = "Make a header for C and C++ of a library.",
  description = "Make a header for C and C++ of a type library, as IDL compilers lay it out; types of other libraries "
    .. "are declared, not defined. The exit code is 1 when the library can't be opened, or not be read whole.",
  completes = { library = "library" },
}

function command.configure(parser)
  parser:argument("library", "A type library: path, LIBID or ProgID.")
  parser:option("-o --output", "The header."):argname "FILE.h":count(1)
end

function command.run(options)
  require "oleander".header(options.library, options.output)
end

return command
