---`oleander tlb find TEXT [PLACE...]`: types, members and parameters by name, GUID or help text.
local json <const> = require "oleander.json"
local places <const> = require "oleander.cli.tlb.places"

---@type oleander.cli.Command
local find <const> = {
  summary = "Find types, members and parameters by name, GUID or help text.",
  description = "Find libraries, types, members and parameters whose name, GUID or help text contains a text. Without "
    .. "a place the registered libraries are searched.",
}

function find.configure(parser)
  parser:argument("name", "Text that is contained, without case; * stands for anything.")
  parser:argument("place", "Files or folders."):args "*"
  parser:flag("--json", "Print JSON.")
end

---What every object answers: a library lists these members with each of its interfaces.
local everywhere <const> = {
  QueryInterface = true, AddRef = true, Release = true, GetTypeInfoCount = true, GetTypeInfo = true,
  GetIDsOfNames = true, Invoke = true,
}

---Whether the member is one of IUnknown or IDispatch that the type only inherits.
local function is_inherited(value, member)
  return everywhere[member.name] and value.name ~= "IUnknown" and value.name ~= "IDispatch"
    and member.id & 0xFFFE0000 == 0x60000000
end

local function matches(test, member)
  if test(member.name) or test(member.help) then return true end
  for _, parameter in ipairs(member.parameters) do
    if test(parameter.name) then return true end
  end
  return false
end

---Calls `report(type?, member?, text)` for all of a library that the test accepts.
local function search(library, test, report)
  if test(library.name) or test(library.guid) or test(library.help) then report(nil, nil, tostring(library)) end
  for i = 1, #library.types do
    local value <const> = library.types[i]
    if test(value.name) or test(value.guid) or test(value.help) then
      report(value, nil, tostring(value) .. (value.guid and "  " .. value.guid or ""))
    end
    for _, member in ipairs(value.members) do
      if not is_inherited(value, member) and matches(test, member) then report(value, member, tostring(member)) end
    end
  end
end

function find.run(options)
  local test <const> = places.name_test(options.name)
  local result <const> = json.array {}
  local count = 0
  local function look(library)
    search(library, test, function(value, member, text)
      count = count + 1
      if options.json then
        result[#result + 1] = {
          path = library.path, library = library.name, type = value and value.name, member = member and member.name,
          text = text,
        }
      else
        print(("%s: %s%s%s%s"):format(library.path, value and value.name or "", member and "." .. member.name or "",
          value and ": " or "", text))
      end
    end)
  end
  if #options.place > 0 then places.each_library(options.place, look) else places.each_registered(look) end
  if options.json then print(json.encode(result)) end
  if count == 0 then io.stderr:write("oleander: nothing is named like '", options.name, "'\n") end
  return count > 0 and 0 or 1
end

return find
