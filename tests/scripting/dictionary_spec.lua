local com <const> = require "oleander"

describe("Scripting.Dictionary", function()
  local d

  before_each(function() d = com.create "Scripting.Dictionary" end)
  after_each(function() com.release(d) end)

  local function fails(hresult, f, ...)
    local _, err = com.try(f, ...)
    assert.is_not_nil(err, "no error was raised")
    assert.equal(("%#x"):format(hresult), ("%#x"):format(err.hresult))
    return err
  end

  local function keys()
    local list <const> = {}
    for _, key in com.each(d) do list[#list + 1] = tostring(key) end
    return table.concat(list, " ")
  end

  it("adds, counts and finds", function()
    d:Add("a", 1)
    d:Add("b", "two")
    assert.equal(2, d.Count)
    assert.equal(2, #d)
    assert.equal(1, d.Item "a")
    assert.equal("two", d.Item["b"])
    assert.equal("two", d "b")
    assert.is_true(d:Exists "a")
    assert.is_false(d:Exists "A")
  end)

  it("refuses a key that is there already, with the runtime's own error", function()
    d:Add("a", 1)
    local err <const> = fails(0x800A01C9, d.Add, d, "a", 2)
    assert.equal("This key is already associated with an element of this collection", err.description)
    assert.equal("Scripting.Dictionary", err.source)
    assert.equal(1, d.Item "a")
  end)

  it("adds an unknown key when its item is put, and when it is asked for", function()
    d.Item["x"] = 5
    assert.equal(5, d.Item "x")
    assert.is_nil(d.Item "y")
    assert.is_true(d:Exists "y")
    assert.equal("x y", keys())
  end)

  it("keeps the order of insertion in Keys, Items and loops", function()
    for i, name in ipairs { "c", "a", "b" } do d:Add(name, i) end
    d:Remove "a"
    d:Add("a", 4)
    assert.same({ "c", "b", "a" }, d:Keys():totable())
    assert.same({ 1, 3, 4 }, d:Items():totable())
    assert.equal("c b a", keys())
    assert.equal("c", d:Keys():at(0))
  end)

  it("gives empty arrays when it is empty", function()
    assert.equal(0, #d:Keys())
    assert.equal(0, #d:Items())
    assert.equal("", keys())
  end)

  it("removes", function()
    d:Add("a", 1)
    d:Remove "a"
    assert.equal(0, d.Count)
    assert.equal("Element not found", fails(0x800A802B, d.Remove, d, "a").description)
    d:Add("a", 1)
    d:RemoveAll()
    assert.equal(0, d.Count)
  end)

  it("changes a key through Key", function()
    d:Add("a", 1)
    d:Add("b", 2)
    d.Key["a"] = "c"
    assert.equal("c b", keys())
    assert.equal(1, d.Item "c")
    fails(0x800A01C9, function() d.Key["c"] = "b" end)
    fails(0x800A802B, function() d.Key["a"] = "z" end)
  end)

  it("takes equal numbers of different types for one key", function()
    d:Add(5, "five")
    for _, same in ipairs { com.vt.i2(5), com.vt.r8(5), com.vt.ui1(5), com.currency "5", com.decimal "5.00" } do
      assert.is_true(d:Exists(same))
    end
    assert.is_true(d:Exists(5.0))
    assert.is_false(d:Exists(5.5))
    assert.is_false(d:Exists "5")
    d:Add(true, "yes")
    assert.is_true(d:Exists(-1))
  end)

  it("knows objects by identity", function()
    local one <close> = com.create "Scripting.Dictionary"
    local two <close> = com.create "Scripting.Dictionary"
    d:Add(one, "one")
    assert.is_true(d:Exists(one))
    assert.is_false(d:Exists(two))
    d.Item["object"] = two
    assert.is_true(d.Item "object" == two)
  end)

  it("refuses arrays as keys", function()
    fails(0x800A0005, d.Add, d, { 1, 2 }, "x")
    d.Item["list"] = { 1, 2 }
    assert.equal(2, #d.Item "list")
  end)

  it("takes Empty for the same key as the empty text and as 0, which are two", function()
    d:Add("", "text")
    d:Add(0, "number")
    d:Add(com.null, "null")
    assert.equal(3, d.Count)
    fails(0x800A01C9, d.Add, d, com.empty, "empty")
    assert.equal("text", d.Item(com.empty))
    assert.equal("null", d.Item(com.null))
    d:RemoveAll()
    d:Add(com.empty, "empty")
    fails(0x800A01C9, d.Add, d, "", "text")
    fails(0x800A01C9, d.Add, d, false, "boolean")
    assert.equal("empty", d.Item "")
  end)

  it("looks at a Single and another number in single precision", function()
    d:Add(com.vt.r4(0.1), "single")
    fails(0x800A01C9, d.Add, d, 0.1, "double")
    assert.equal("single", d.Item(0.1))
  end)

  it("compares by CompareMode, which is fixed once it is filled", function()
    assert.equal(0, d.CompareMode)
    d.CompareMode = "TextCompare"
    d:Add("Straße", 1)
    assert.is_true(d:Exists "STRASSE")
    fails(0x800A0005, function() d.CompareMode = "BinaryCompare" end)
    assert.equal(1, d.CompareMode)
    d:RemoveAll()
    d.CompareMode = "BinaryCompare"
    d:Add("a", 1)
    assert.is_false(d:Exists "A")
  end)

  it("goes on enumerating while it changes", function()
    for i = 1, 10 do d:Add(i, i) end
    local seen <const> = {}
    for _, key in com.each(d) do
      seen[#seen + 1] = key
      d:Remove(key)
      if key == 3 then d:Add(99, 99) end
    end
    assert.same({ 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 99 }, seen)
    assert.equal(0, d.Count)
  end)

  it("answers HashVal with the same number for equal keys", function()
    assert.equal(d.HashVal(5), d.HashVal(5.0))
    assert.equal(("a"):byte(), d.HashVal "a")
  end)

  it("does the same through Invoke as through its vtable", function()
    for _, route in ipairs { "vtable", "invoke" } do
      local o <close> = com.create("Scripting.Dictionary", { call = route })
      o:Add("a", 1)
      o.Item["b"] = 2
      o.Key["b"] = "c"
      assert.equal(2, o.Count)
      assert.equal(2, o.Item "c")
      assert.is_true(o:Exists "a")
      local err <const> = fails(0x800A01C9, o.Add, o, "a", 2)
      assert.equal("This key is already associated with an element of this collection", err.description)
    end
  end)

  it("has its classic type", function()
    local library <const> = com.typelib "Scripting.Dictionary"
    assert.equal("Scripting", library.name)
    assert.equal("{420B2830-E718-11CF-893D-00A0C9054228}", library.guid)
    assert.equal("IDictionary", com.typeof(d).name)
    assert.equal(2, com.enum(d, "CompareMethod").DatabaseCompare)
  end)
end)
