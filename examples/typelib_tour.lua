-- A tour of a type library: what it is called, what kinds of types it has, its enums with their values, and the
-- classes that scripts can create with the members of their default interfaces.
--   ./dev run examples/typelib_tour.lua FILE        (.tlb .olb .dll .ocx .exe .so; FILE\2 is the second library in it)
local com <const> = require "oleander"

if not arg[1] then
  io.stderr:write("usage: typelib_tour.lua FILE\n")
  os.exit(2)
end

local library <const> = com.typelib(arg[1])
print(("%s %s %s (%s, %d types)"):format(library.name, library.version, library.guid, library.syskind, #library.types))
if library.help then print("  " .. library.help) end

-- How many of each kind.
local count <const>, kinds <const> = {}, {}
for _, kind in ipairs(library.types) do
  if not count[kind.kind] then kinds[#kinds + 1] = kind.kind end
  count[kind.kind] = (count[kind.kind] or 0) + 1
end
table.sort(kinds)
for _, kind in ipairs(kinds) do print(("  %3d %s"):format(count[kind], kind)) end

-- Constants by name.
for _, kind in ipairs(library.types) do
  if kind.kind == "enum" then
    print("\nenum " .. kind.name)
    for _, constant in ipairs(kind.variables) do print(("  %s = %s"):format(constant.name, constant.value)) end
  end
end

-- Classes, and what their default interfaces can do: tostring of a member is its line of IDL.
for _, kind in ipairs(library.types) do
  if kind.kind == "coclass" then
    print("\nclass " .. kind.name .. (kind.help and ": " .. kind.help or ""))
    for _, implemented in ipairs(kind.implements) do
      local flags <const> = table.concat(implemented.flags, ", ")
      print("  implements " .. implemented.name .. (flags ~= "" and " [" .. flags .. "]" or ""))
      if implemented.type and implemented.flags[1] == "default" then
        for _, member in ipairs(implemented.type.members) do
          local hidden = false
          for _, flag in ipairs(member.flags) do hidden = hidden or flag == "restricted" or flag == "hidden" end
          if not hidden then print("    " .. tostring(member)) end
        end
      end
    end
  end
end
