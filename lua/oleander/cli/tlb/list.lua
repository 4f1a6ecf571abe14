---`oleander tlb list DIR...`: every type library in the files of folders.
local json <const> = require "oleander.json"
local places <const> = require "oleander.cli.tlb.places"
local typelib_json <const> = require "oleander.typelib_json"

---@type oleander.cli.Command
local list <const> = { summary = "List every library in the files of folders." }

function list.configure(parser)
  parser:argument("dir", "Folders, searched with all below them, or files."):args "+"
  parser:flag("--json", "Print JSON.")
end

function list.run(options)
  local result <const> = json.array {}
  local found <const> = places.each_library(options.dir, function(library)
    if options.json then
      result[#result + 1] = typelib_json.head(library)
    else
      print(("%s  %-7s  %s  %-5s  %4d  %s  %s"):format(library.guid, library.version, library.format or "-",
        library.syskind, #library.types, library.name, library.path))
    end
  end)
  if options.json then print(json.encode(result)) end
  if found == 0 then io.stderr:write "oleander: there is no type library\n" end
  return found > 0 and 0 or 1
end

return list
