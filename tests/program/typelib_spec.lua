-- com.typelib: libraries, types, members and parameters as values.
local com <const> = require "oleander"
local build <const> = assert(os.getenv "OLEANDER_BUILD")
local sample <const> = build .. "/typelib-idl/sample.tlb"

describe("com.typelib", function()
  local library

  before_each(function() library = com.typelib(sample) end)

  it("says what identifies a library", function()
    assert.equal("Sample", library.name)
    assert.equal("{7A4E2C00-53D1-4B0A-9C7B-1F0E55AA0001}", library.guid)
    assert.equal("3.7", library.version)
    assert.equal("win64", library.syskind)
    assert.equal("Sample library", library.help)
    assert.equal(77, library.help_context)
    assert.equal("library Sample 3.7 {7A4E2C00-53D1-4B0A-9C7B-1F0E55AA0001}", tostring(library))
  end)

  it("gives types by index, by name without case, and by GUID", function()
    assert.equal(11, #library.types)
    assert.equal("IShape", library.types[1].name)
    assert.is_nil(library.types[0])
    assert.is_nil(library.types[12])
    assert.equal(library.types.Circle, library:find "circle")
    assert.equal("Circle", library:find "{7A4E2C00-53D1-4B0A-9C7B-1F0E55AA0030}".name)
    assert.is_nil(library:find "Nothing")
    local names <const> = {}
    for i, kind in ipairs(library.types) do names[i] = kind.name end
    assert.equal(11, #names)
  end)

  it("reads members with their parameters, lazily and once", function()
    local shape <const> = library.types.IShape
    local move <const> = shape:find "move"
    assert.equal(move, shape.members.Move)
    assert.equal("method", move.kind)
    assert.equal(2, move.id)
    assert.equal("long", move.type)
    assert.equal("dx", move.parameters[1].name)
    assert.equal("double", move.parameters[1].type)
    assert.is_true(move.parameters[2].optional)
    assert.is_true(move.parameters[2].has_default)
    assert.equal(1, move.parameters[2].default)
    assert.equal("[in, optional, defaultvalue(1)] long steps", tostring(move.parameters[2]))
    assert.equal("[id(0x00000002)] long Move([in] double dx, [in, optional, defaultvalue(1)] long steps, "
      .. "[in, optional] VARIANT how);", tostring(move))
    assert.equal(shape, move.owner)
    assert.is_true(shape:find "Draw".vararg)
  end)

  it("shows both halves of a dual interface", function()
    local shape <const> = library.types.IShape
    assert.is_true(shape.dual)
    assert.equal("dispinterface", shape.kind)
    local vtable <const> = shape.other_half
    assert.equal("interface", vtable.kind)
    assert.equal("HRESULT", vtable:find "Move".type)
    assert.equal("moved", vtable:find "Move".parameters[5].name)
    assert.equal("IDispatch", vtable.base.name)
  end)

  it("reads enums, records, aliases, unions and modules", function()
    assert.equal(-5, library.types.Colour:find "colourLess".value)
    local grid <const> = library.types.Point:find "grid"
    assert.equal("field", grid.kind)
    assert.equal(16, grid.offset)
    assert.equal("long grid[3][2];", tostring(grid))
    assert.equal("long", library.types.Distance.alias_of)
    assert.equal("union", library.types.Either.kind)
    assert.equal("libm.so.6", library.types.Mathematics:find "ByOrdinal".entry.dll)
    assert.equal(9, library.types.Mathematics:find "ByOrdinal".entry.ordinal)
  end)

  it("reads what a class implements, and custom data", function()
    local circle <const> = library.types.Circle
    assert.equal("ICircle", circle.implements[1].name)
    assert.same({ "default" }, circle.implements[1].flags)
    assert.equal("DEvents", circle.implements[3].type.name)
    local custom <const> = {} -- compilers add data of their own
    for _, item in ipairs(library.custom) do custom[item.guid] = item.value end
    assert.equal("library data", custom["{7A4E2C00-53D1-4B0A-9C7B-1F0E55AA00C0}"])
    assert.equal(12, library.types.IShape.custom[1].value)
  end)

  it("shows all that there is to pairs", function()
    local seen <const> = {}
    for key in pairs(library.types.Colour) do seen[key] = true end
    for _, key in ipairs { "name", "kind", "guid", "variables", "size", "help" } do assert.is_true(seen[key], key) end
  end)

  it("raises an error that names the file", function()
    local value <const>, err <const> = com.try(com.typelib, "/no/such.tlb")
    assert.is_nil(value)
    assert.equal("TYPE_E_CANTLOADLIBRARY", err.name)
    assert.truthy(tostring(err):find("/no/such.tlb", 1, true))
  end)

  it("tells a missing file, a folder, a file of another kind and a missing resource apart", function()
    for path, expected in pairs {
      ["/no/such.tlb"] = { "TYPE_E_CANTLOADLIBRARY", "there is no such file" },
      ["/etc"] = { "TYPE_E_IOERROR", "it is a folder" },
      ["/etc/hostname"] = { "TYPE_E_UNSUPFORMAT", "it is no type library" },
      [sample .. "\\2"] = { "TYPE_E_ELEMENTNOTFOUND", "it holds no type library of that number" },
    } do
      local _, err <const> = com.try(com.typelib, path)
      assert.equal(expected[1], err.name)
      assert.truthy(err.description:find(path .. ": " .. expected[2], 1, true), err.description)
    end
  end)
end)

describe("a standard interface", function()
  it("needs no type library", function()
    local fso <close> = com.create "Scripting.FileSystemObject"
    local provider <close> = com.query(fso, "IProvideClassInfo")
    local info <close> = provider:GetClassInfo()
    assert.equal("ITypeInfo", com.typeof(info).name)
    local same <close> = com.query(info, "{00020401-0000-0000-C000-000000000046}")
    assert.equal(info, same)
    local _, err <const> = com.try(com.query, fso, "IStream")
    assert.equal("E_NOINTERFACE", err.name)
    local _, unknown <const> = com.try(com.query, fso, "INothingOfThisName")
    assert.equal("TYPE_E_ELEMENTNOTFOUND", unknown.name)
  end)
end)

describe("what a library says", function()
  local library <const> = com.typelib(sample)
  local circle <const> = library.types.IShape
  local enum <const> = com.enum(library, "Colour")

  local described <const> = {
    ["a library"] = library, ["a type"] = circle, ["a member"] = circle.members[1], ["a list of types"] = library.types,
    ["a list of members"] = circle.members, ["a list of functions"] = circle.functions,
    ["a list of parameters"] = circle.functions[1].parameters, ["an enumeration"] = enum, ["com.hr"] = com.hr,
    ["a constant"] = library.types.Colour.members[1],
  }
  for what, value in pairs(described) do
    it(("is not for a script to change: %s"):format(what), function()
      local before <const> = {}
      for key, part in pairs(value) do before[key] = part end
      assert.truthy(next(before) or #value == 0)
      for _, key in ipairs { "name", "guid", "kind", "members", "colourRed", "fresh", 1 } do
        local ok <const>, err <const> = pcall(function() value[key] = "changed" end)
        assert.is_false(ok)
        assert.equal("E_ACCESSDENIED", err.name)
      end
      assert.is_false((pcall(table.insert, value, 1)))
      assert.is_false((pcall(setmetatable, value, {})))
      assert.equal("string", type(getmetatable(value)))
      for key, part in pairs(value) do
        if type(part) ~= "table" or getmetatable(part) then assert.equal(before[key], part) end
      end
    end)
  end

  it("gives plain lists as copies", function()
    for _, key in ipairs { "flags", "custom", "implements" } do
      local class <const> = library.types.Circle
      local list <const> = class[key]
      local count <const> = #list
      for i = count + 1, 1, -1 do list[i] = nil end
      list[1] = "changed"
      assert.equal(count, #class[key])
      assert.not_equal("changed", class[key][1])
    end
    local class <const> = library.types.Circle
    class.implements[1].flags[1] = "changed"
    assert.same({ "default" }, class.implements[1].flags)
    assert.equal(class.implements[1].type, class.implements[1].type)
  end)

  it("can be looped over, counted and unpacked as before", function()
    local members <const> = circle.members
    local count = 0
    for i, member in ipairs(members) do
      count = count + 1
      assert.equal(members[i], member)
      assert.equal(member.name, members[member.name].name)
    end
    assert.equal(#members, count)
    assert.equal(#members, select("#", table.unpack(members)))
    assert.equal(#members, #table.move(members, 1, #members, 1, {}))
    local seen <const> = {}
    for key, value in pairs(circle) do seen[key] = value end
    assert.equal(circle.name, seen.name)
    assert.equal(circle.members, seen.members)
    local names <const> = {}
    for name, value in pairs(enum) do names[name] = value end
    assert.equal(1, names.colourRed)
    assert.equal(enum.colourRed, names.colourRed)
    assert.equal(0x80004005, com.hr.E_FAIL)
  end)
end)

describe("com.enum, com.typeof and com.members", function()
  it("work from an object", function()
    local fso <close> = com.create "Scripting.FileSystemObject"
    assert.equal(8, com.enum(fso, "IOMode").ForAppending)
    assert.equal("IFileSystem3", com.typeof(fso).name)
    local names <const> = {}
    for _, member in ipairs(com.members(fso)) do names[member.name] = tostring(member) end
    assert.truthy(names.CopyFile:find("OverWriteFiles", 1, true))
    assert.is_nil(names.QueryInterface)
  end)
end)
