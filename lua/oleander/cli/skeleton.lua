---`oleander skeleton LIB|SCRIPT -o DIR`: the beginning of a server in C.

---@type oleander.cli.Command
local skeleton <const> = {
  summary = "Begin a server in C from a type library or a Lua script.",
  description = "Write the beginning of a server in C into a new or empty folder: CMakeLists.txt, the IDL, a C file "
    .. "for each class and a README. It builds as it is; each method answers E_NOTIMPL with its name until it "
    .. "is written. From a Lua script that returns its table, or ends in com.main, names, GUIDs and DISPIDs stay what "
    .. "they are, so that clients do not notice the change of language.",
  completes = { source = "library" },
}

function skeleton.configure(parser)
  parser:argument("source", "A library (file, LIBID or ProgID), or a Lua file.")
  parser:option("-o --output", "The folder."):argname "DIR":count(1)
  parser:option("--progid", "The ProgID of the class, where the script does not say it."):argname "PROGID"
end

function skeleton.run(options)
  local made <const> = require "oleander.skeleton".from_name(options.source, options.output, options.progid)
  print(("%s: %s"):format(options.output, table.concat(made, ", ")))
  return 0
end

return skeleton
