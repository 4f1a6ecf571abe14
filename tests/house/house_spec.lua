-- The house holds: a folder includes nothing from a floor above it, and of other folders only what they show in an
-- `_api.h`; the rooms of a folder that has floors keep to them. CONTRIBUTING.md draws the same house.
local source <const> = os.getenv "OLEANDER_SOURCE" or "."

-- From the ground up. A floor includes from those before it.
local FLOORS <const> = { "com", "dispatch", "typelib", "remote", "storage", "activation", "broker", "bridge" }

-- Rooms that stand on one another, from the ground up; other rooms of a folder are neighbours.
local ROOMS <const> = {
  com = { "", "apartment", "registry" },
  dispatch = { "types", "values", "text", "records", "invoke", "" },
  activation = { "", "monikers", "servers" },
  bridge = { "state", "values", "types", "client", "storage", "objects", "modules", "" },
  typelib = { "model", "containers", "readers", "writers", "objects" },
  remote = { "ndr", "security", "rpc", "orpc" },
}

-- What stands beside the house and uses the public headers alone.
local OUTSIDE <const> = { "servers", "examples" }

local function lines_of(command)
  local pipe <close> = assert(io.popen(("cd '%s' && %s"):format(source, command)))
  local lines <const> = {}
  for line in pipe:lines() do lines[#lines + 1] = line end
  return lines
end

local function number_of(list, wanted)
  for i, name in ipairs(list) do
    if name == wanted then return i end
  end
end

local function folder_of(path)
  return path:match "^[^/]+"
end

local function room_of(path)
  return path:match "^[^/]+/(.*)/[^/]+$" or ""
end

-- { file, header } for every include in quotes of a file of the house that names a file of the house.
local function includes()
  local files <const>, result <const> = {}, {}
  local every <const> = lines_of("find " .. table.concat(FLOORS, " ") .. " " .. table.concat(OUTSIDE, " ")
    .. " -name '*.[chS]' 2>/dev/null | sort")
  for _, file in ipairs(every) do files[file] = true end
  for _, file in ipairs(every) do
    for line in io.lines(source .. "/" .. file) do
      local header <const> = line:match '^%s*#%s*include%s+"([^"]+)"'
      if header and files[header] then result[#result + 1] = { file = file, header = header } end
    end
  end
  return result, #every
end

-- What is wrong with an include, or nil.
local function objection(file, header)
  local from <const>, to <const> = folder_of(file), folder_of(header)
  if number_of(OUTSIDE, from) then
    return from ~= to and "uses an internal header; the public ones are for it" or nil
  end
  if from ~= to then
    if number_of(FLOORS, to) > number_of(FLOORS, from) then return "includes from a floor above it" end
    return not header:find "_api%.h$" and "includes what " .. to .. "/ does not show (an _api.h shows)" or nil
  end
  local rooms <const> = ROOMS[from]
  local mine <const> = rooms and number_of(rooms, room_of(file))
  local other <const> = rooms and number_of(rooms, room_of(header))
  if header:find("^" .. from .. "/" .. from .. "_%a+%.h$") then return nil end -- what the whole folder shares
  if file == from .. "/" .. from .. "_api.h" then return nil end -- it gathers what the rooms show
  return mine and other and other > mine and "includes from a room above it" or nil
end

describe("the house", function()
  local found <const>, files <const> = includes()

  it("is read at all", function()
    assert.is_true(files > 200)
    assert.is_true(#found > 300)
  end)

  it("has arrows that go down only, through what is shown", function()
    local wrong <const> = {}
    for _, include in ipairs(found) do
      local text <const> = objection(include.file, include.header)
      if text then wrong[#wrong + 1] = ("%s %s: %s"):format(include.file, text, include.header) end
    end
    assert.equal("", table.concat(wrong, "\n"))
  end)

  it("notices an arrow that goes up, and one around the door", function()
    assert.truthy(objection("com/guid.c", "dispatch/dispatch_api.h"))
    assert.truthy(objection("typelib/objects/type_info.c", "dispatch/types/signature.h"))
    for file, header in pairs {
      ["bridge/state/token.c"] = "bridge/client/client.h",
      ["com/error_info.c"] = "com/registry/registry_tree.h",
      ["dispatch/values/bstr.c"] = "dispatch/text/collation.h",
      ["dispatch/types/type.c"] = "dispatch/records/record_field.h",
      ["activation/running_objects.c"] = "activation/monikers/moniker_internal.h",
      ["activation/monikers/moniker.c"] = "activation/servers/server_module.h",
    } do
      assert.truthy(objection(file, header), file)
      assert.is_nil(objection(header, file), header)
    end
    assert.truthy(objection("servers/scripting/file.c", "com/com_api.h"))
    assert.is_nil(objection("bridge/client/view.c", "dispatch/dispatch_api.h"))
    assert.is_nil(objection("com/com_api.h", "com/apartment/apartment_api.h"))
  end)
end)
