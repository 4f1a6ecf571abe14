-- docs/luacats/oleander.lua, which editors read, describes what there is: every function of com and nothing else, and
-- members of classes that the values have.
local com <const> = require "oleander"

local source <const> = assert(os.getenv "OLEANDER_SOURCE")
local stage <const> = assert(os.getenv "OLEANDER_STAGE")
local path <const> = source .. "/docs/luacats/oleander.lua"

local function read(name)
  local file <close> = assert(io.open(name, "rb"))
  return file:read "a"
end

local text <const> = read(path)

local function sorted_keys(t)
  local keys <const> = {}
  for key in pairs(t) do keys[#keys + 1] = key end
  table.sort(keys)
  return keys
end

-- { [class] = { [name] = "field" or "method" } }, without fields that may be absent.
local function described_classes()
  local classes <const> = {}
  local current
  for line in text:gmatch "[^\n]+" do
    local class <const> = line:match "^%-%-%-@class (oleander%.[%w_]+)"
    local field <const>, kind <const> = line:match "^%-%-%-@field ([%w_]+) (%S+)"
    local owner <const>, method <const> = line:match "^function ([%w_]+):([%w_]+)%("
    if class then
      current = class
      classes[class] = classes[class] or {}
    elseif field and kind ~= "any" and not line:find("?", 1, true) then
      classes[current][field] = "field"
    elseif owner then
      classes["oleander." .. owner][method] = "method"
    end
  end
  return classes
end

describe("the annotations for editors", function()
  local described <const> = assert(loadfile(path))()

  it("are installed as they are", function()
    assert.equal(text, read(stage .. "/share/oleander/luacats/oleander.lua"))
  end)

  it("describe every member of com and nothing else", function()
    assert.same(sorted_keys(com), sorted_keys(described))
  end)

  it("tell functions from values", function()
    for name, value in pairs(com) do
      assert.equal(type(value) == "function", type(described[name]) == "function", name)
    end
  end)

  it("name no parameter that a function does not take", function()
    for name, value in pairs(com) do
      local info <const> = type(value) == "function" and debug.getinfo(value, "uS")
      if info and info.what == "Lua" and not info.isvararg then
        assert.is_true(debug.getinfo(described[name], "u").nparams <= info.nparams, name)
      end
    end
  end)

  it("name every class that they refer to", function()
    local classes <const> = described_classes()
    for annotation in text:gmatch "\n(%-%-%-@[^\n]*)" do
      for class in annotation:gmatch "oleander%.%u[%w_]+" do assert.truthy(classes[class], class) end
    end
  end)

  local library <const> = com.typelib "Scripting.Dictionary"
  local type_value <const> = library.types.IDictionary
  local words <const> = com.create "Scripting.Dictionary"
  local _, err <const> = com.try(words.Remove, words, "none")
  local folder <const> = os.tmpname()
  os.remove(folder)
  local pages <const> = com.html(library, folder)
  os.execute("rm -rf " .. folder)
  local differences <const> = com.diff(library, com.typelib "stdole2.tlb")
  local values <const> = {
    Array = com.array("i4", 2),
    Buffer = com.buffer("i4", 2),
    Change = differences[1],
    Class = com.class "Scripting.Dictionary",
    Date = com.date(2024, 2, 29),
    Difference = (function()
      local recording <const>, other <const> = os.tmpname(), com.create "Scripting.Dictionary"
      local _ <const> = com.spy(com.create "Scripting.Dictionary", recording).Count
      other:Add("one", 1)
      local found <const> = com.replay(recording, other)
      os.remove(recording)
      return found[1]
    end)(),
    Differences = differences,
    Error = err,
    FileTime = com.vt.filetime(0),
    Library = library,
    LiveObject = (function()
      local kept <const> = com.object {}
      return assert(com.live_objects()[1], kept)
    end)(),
    Member = type_value.members.Add,
    Pages = pages,
    PagesLibrary = pages.libraries[1],
    Parameter = type_value.members.Add.parameters[1],
    Problem = com.check({}, "IDictionary", library)[1],
    Registration = com.serve { progid = "Annotations.Test", class = {} },
    Storage = (function()
      local file <const> = os.tmpname()
      local made <const> = com.storage(file, "w")
      made.clsid = "{00020906-0000-0000-C000-000000000046}"
      os.remove(file)
      return made
    end)(),
    Stream = com.stream(),
    Timer = com.after(1000, print),
    Type = type_value,
    Value = com.vt.i2(5),
    Implemented = library.types.Dictionary.implements[1],
  }
  values.Properties = values.Storage:properties "UserDefined"
  -- Tables that a script gives, and what needs an event source or a library with custom data or damage.
  local given <const> = { Abi = true,
    CreateOptions = true, ClassDefinition = true, IdlOptions = true, WireTypes = true,
    Connection = true, CustomData = true, Object = true, BoundMember = true, Place = true, DisconnectWatch = true,
    Process = true, ProcessCall = true, Wait = true, PagesProblem = true,
    Record = true, Currency = true, Decimal = true, Blanket = true, BlanketOptions = true, SecurityOptions = true,
    Caller = true }

  for class, members in pairs(described_classes()) do
    local short <const> = class:match "%.(.+)$"
    it("describe " .. class, function()
      if given[short] then return end
      local value <const> = assert(values[short], "a value of this class for the test")
      for name, kind in pairs(members) do
        local member <const> = value[name]
        assert.is_true(member ~= nil, name)
        if kind == "method" then assert.equal("function", type(member), name) end
      end
    end)
  end
end)
