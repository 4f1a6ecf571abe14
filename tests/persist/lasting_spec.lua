--- com.save and com.load, and the IPersist interfaces of objects written in Lua.
local com <const> = require "oleander"
local support <const> = require "tests.bridge.support"
local fails <const> = support.fails

local path
local sheet <const> = { __clsid = "{6C7DAB20-3B36-4C1B-9C0C-93E0C3B1F001}", __persist = { "Total", "Items" },
  Total = 0 }
function sheet:Add(n) self.Total = self.Total + n end
local serving

local function bytes_of(file)
  local open <close> = assert(io.open(file, "rb"))
  return open:read "a"
end

local function make(fields, class)
  local o <const> = com.create(class or "Lasting.Sheet")
  for name, value in pairs(fields or {}) do com.table(o)[name] = value end
  return o
end

--- Serves a class for the time of f.
local function with_class(class, f)
  class.__clsid = "{6C7DAB20-3B36-4C1B-9C0C-93E0C3B1F0FF}"
  local served <const> = com.serve { progid = "Lasting.Other", class = class }
  local good <const>, problem <const> = pcall(f)
  served:close()
  if not good then error(problem, 0) end
end

local function reloaded(o)
  com.save(o, path)
  return com.table(com.load(path))
end

before_each(function()
  path = os.tmpname()
  serving = com.serve { progid = "Lasting.Sheet", class = sheet }
end)

after_each(function()
  serving:close()
  os.remove(path)
end)

describe("com.save and com.load", function()
  local far <const> = { 1, "two", 2.5, true, {}, { { {} } }, { x = 1, [3] = "three", [true] = false, [1.5] = {} } }
  for i, value in ipairs { 0, -1, 1 << 40, math.mininteger, 1.5, 2.0, 1 / 0, true, false, "", "text", "Grüße ☃",
    "raw \0\xFF", com.null, com.date "2024-02-29T12:30:15", com.currency "1.25", com.decimal "12.345",
    com.vt.filetime(5), {}, { 1, 2, 3 }, { 1, 1 << 40 }, { 1, 2.0 }, { 1.5, 2.0 }, { "a", "b" }, { "a", "\0" },
    { true, false }, { a = 1 }, far } do
    it("keep a value: " .. i .. " " .. tostring(value), function()
      local t <const> = reloaded(make { Items = value })
      assert.same(value, t.Items)
      assert.equal(math.type(value), math.type(t.Items))
    end)
  end

  it("keep the types of numbers in tables", function()
    local items <const> = reloaded(make { Items = { 1, 2.0, { 3.0 }, { a = 4, b = 4.0 } } }).Items
    assert.same({ "integer", "float", "float", "integer", "float" }, { math.type(items[1]), math.type(items[2]),
      math.type(items[3][1]), math.type(items[4].a), math.type(items[4].b) })
  end)

  it("keep tables as deep as 50, and refuse those without end", function()
    local deep = {}
    for _ = 1, 50 do deep = { deep } end
    assert.same(deep, reloaded(make { Items = deep }).Items)
    for _ = 1, 50 do deep = { deep } end
    fails({ text = "nested too deep" }, com.save, make { Items = deep }, path)
  end)

  it("take many fields and items", function()
    local items <const> = {}
    for i = 1, 20000 do items[i] = { id = i, name = "item " .. i } end
    local again <const> = reloaded(make { Items = items }).Items
    assert.equal(20000, #again)
    assert.same({ id = 20000, name = "item 20000" }, again[20000])
  end)

  it("name the field that does not last, and leave the old file", function()
    com.save(make { Total = 1 }, path)
    local old <const> = bytes_of(path)
    local loop <const> = {}
    loop.me = loop
    for text, value in pairs { ["Items[2].f: a function"] = { 1, { f = print } }, ["Items.me"] = loop,
      ["Items.c: "] = { c = support.make "Calc" }, ["metatable"] = { setmetatable({}, {}) },
      ["a coroutine"] = coroutine.create(print), ["a key is a table"] = { [{}] = 1 } } do
      local err <const> = fails({ name = "E_INVALIDARG", text = text }, com.save, make { Items = value }, path)
      assert.truthy(err.where)
    end
    assert.equal(old, bytes_of(path))
    local left <close> = assert(io.popen("ls " .. path .. "*"))
    assert.equal(path .. "\n", left:read "a")
  end)

  it("go through streams and storages, one after the other", function()
    local stream <const> = com.stream()
    com.save(make { Total = 1 }, stream)
    com.save(make { Total = 2 }, stream)
    stream:write "behind"
    stream:seek "set"
    assert.equal(1, com.load(stream).Total)
    assert.equal(2, com.load(stream).Total)
    assert.equal("behind", stream:read "a")
    local root <close> = com.storage(path, "w")
    com.save(make { Total = 3 }, root:create "one")
    com.save(make { Total = 4 }, root:create "two")
    assert.equal(sheet.__clsid, root:open("one").clsid)
    assert.equal(3, com.load(root:open "one").Total)
    assert.equal(4, com.load(root:open "two").Total)
  end)

  it("take tables, and make new objects each time", function()
    local t <const> = setmetatable({ Total = 7 }, { __index = sheet, __clsid = sheet.__clsid, __persist = { "Total" } })
    com.save(t, path)
    local one <const>, two <const> = com.load(path), com.load(path)
    assert.equal(7, one.Total)
    assert.is_false(one == two)
    fails({ name = "E_NOINTERFACE", text = "__persist" }, com.save, {}, path)
    fails({ name = "E_NOINTERFACE", text = "no CLSID" }, com.save, setmetatable({}, { __persist = {} }), path)
    fails({ name = "E_NOINTERFACE", text = "does not last" }, com.save, support.make "Calc", path)
  end)

  it("take objects in objects", function()
    local inner <const> = make { Total = 5 }
    local t <const> = reloaded(make { Items = { inner, { com.table(inner) } } })
    assert.equal(5, t.Items[1].Total)
    assert.equal(5, t.Items[2][1].Total)
    local own <const> = make()
    com.table(own).Items = { own }
    fails({ text = "holds itself" }, com.save, own, path)
  end)

  it("make the classes that are allowed", function()
    com.save(make { Items = { make() } }, path)
    fails({ name = "E_ACCESSDENIED" }, com.load, path, { classes = { "Scripting.Dictionary" } })
    fails({ name = "E_ACCESSDENIED" }, com.load, path, { classes = {} })
    assert.truthy(com.load(path, { classes = { "Lasting.Sheet" } }))
    with_class({ __persist = { "Inner" } }, function()
      com.save(make({ Inner = make() }, "Lasting.Other"), path)
      fails({ name = "E_ACCESSDENIED", text = sheet.__clsid }, com.load, path, { classes = { "Lasting.Other" } })
      assert.truthy(com.load(path, { classes = { "Lasting.Other", sheet.__clsid } }))
      assert.truthy(com.load(path))
    end)
  end)

  it("say what is wrong", function()
    fails({ text = "a path, a stream or a storage is wanted, not nil" }, com.save, make())
    fails({ text = "an object is wanted, not an integer" }, com.save, 5, path)
    fails({ text = "a path, a stream or a storage is wanted, not an integer" }, com.load, 5)
    fails({ text = path .. ".none" }, com.load, path .. ".none")
    fails({ text = "no option q" }, com.load, path, { q = 1 })
    fails({ text = "/no/such/folder" }, com.save, make(), "/no/such/folder/file")
    fails({ name = "STG_E_READFAULT" }, com.load, com.stream "x")
    com.stream(path, "w"):write "text"
    fails({}, com.load, path)
  end)

  it("read damaged files without harm", function()
    com.save(make { Total = 5, Items = { 1, "x", { a = { 1.5 } }, com.null } }, path)
    local good <const> = bytes_of(path)
    math.randomseed(7)
    for _ = 1, 300 do
      local at <const> = math.random(#good)
      local out <close> = assert(io.open(path, "wb"))
      out:write(good:sub(1, at - 1), string.char(math.random(0, 255)), good:sub(at + 1))
      out:close()
      com.try(com.load, path)
    end
    local out <close> = assert(io.open(path, "wb"))
    out:write(good:sub(1, #good // 2))
    out:close()
    com.try(com.load, path)
  end)
end)

describe("versions of a state", function()
  it("are upgraded from older ones alone, and unknown fields are kept", function()
    with_class({ __persist = { "a", "b" }, __persist_version = 3 }, function()
      com.save(make({ a = 1, b = 2 }, "Lasting.Other"), path)
    end)
    local upgrades = 0
    with_class({ __persist = { "a" }, __persist_version = 2, __upgrade = function() upgrades = upgrades + 1 end },
      function()
        local o <const> = com.load(path)
        assert.equal(1, o.a)
        com.table(o).a = 9
        com.save(o, path)
      end)
    assert.equal(0, upgrades)
    with_class({ __persist = { "a", "b" }, __persist_version = 4, __upgrade = function(self, state, from)
      assert.is_nil(rawget(self, "a"))
      assert.equal(3, from)
      state.a = state.a + 1
    end }, function()
      local t <const> = com.table(com.load(path))
      assert.same({ 10, 2 }, { t.a, t.b })
    end)
  end)

  it("come by __save and __load", function()
    local seen = {}
    with_class({
      __persist_version = 2,
      __save = function(self) return { sum = self.x + self.y } end,
      __load = function(self, state, version)
        seen = { state.sum, version }
        self.x, self.y = state.sum, 0
      end,
    }, function()
      local t <const> = reloaded(make({ x = 1, y = 2 }, "Lasting.Other"))
      assert.same({ 3, 2 }, seen)
      assert.same({ 3, 0 }, { t.x, t.y })
    end)
  end)

  it("leave the object as it was when loading fails", function()
    with_class({
      __save = function(self) return { x = self.x } end,
      __load = function(self, state)
        self.x = state.x
        if state.x == "bad" then error "no" end
      end,
    }, function()
      local stream <const> = com.stream()
      com.query(make({ x = "bad" }, "Lasting.Other"), "IPersistStreamInit"):Save(stream, 0)
      local o <const> = make({ x = "good" }, "Lasting.Other")
      stream:seek "set"
      fails({ text = "no" }, function() com.query(o, "IPersistStreamInit"):Load(stream) end)
      assert.equal("good", com.table(o).x)
      fails({ name = "STG_E_READFAULT" }, function() com.query(o, "IPersistStreamInit"):Load(com.stream "short") end)
      assert.equal("good", com.table(o).x)
    end)
  end)
end)

describe("an object that lasts", function()
  local function status(o, name, ...) return (com.call_status(o, name, ...)) end

  it("answers its interfaces, and others do not", function()
    for _, name in ipairs { "IPersist", "IPersistStream", "IPersistStreamInit", "IPersistFile", "IPersistStorage",
      "IPersistPropertyBag", "IPersistPropertyBag2", "IPersistMemory" } do
      local queried <const> = com.query(make(), name)
      assert.equal(sheet.__clsid, queried:GetClassID())
      assert.is_true(queried == com.query(queried, "IUnknown"))
      fails({ name = "E_NOINTERFACE" }, com.query, com.object { Total = 1 }, name)
    end
  end)

  it("is dirty when it differs from what was saved", function()
    local o <const> = make { Total = 1 }
    local last <const> = com.query(o, "IPersistStreamInit")
    assert.equal(0, status(last, "IsDirty"))
    last:Save(com.stream(), 0)
    assert.equal(0, status(last, "IsDirty"))
    last:Save(com.stream(), 1)
    assert.equal(1, status(last, "IsDirty"))
    o:Add(1)
    assert.equal(0, status(last, "IsDirty"))
    o:Add(-1)
    assert.equal(1, status(last, "IsDirty"))
    local stream <const> = com.stream()
    last:Save(stream, 0)
    assert.equal(#stream, last:GetSizeMax())
  end)

  it("is initialised once", function()
    local last <const> = com.query(make(), "IPersistStreamInit")
    last:InitNew()
    fails({ name = "CO_E_ALREADYINITIALIZED" }, last.InitNew, last)
    com.save(make(), path)
    local loaded <const> = com.query(com.load(path), "IPersistStreamInit")
    fails({ name = "CO_E_ALREADYINITIALIZED" }, loaded.InitNew, loaded)
  end)

  it("saves itself into files", function()
    local o <const> = make { Total = 3 }
    local file <const> = com.query(o, "IPersistFile")
    fails({ name = "E_INVALIDARG" }, file.Save, file, nil, 1)
    assert.equal(1, status(file, "GetCurFile"))
    file:Save(path, 1)
    assert.equal(path, file:GetCurFile())
    assert.equal(1, status(file, "IsDirty"))
    o:Add(1)
    file:Save(path .. ".copy", 0)
    assert.equal(path, file:GetCurFile())
    assert.equal(0, status(file, "IsDirty"))
    file:Save(nil, 1)
    assert.equal(1, status(file, "IsDirty"))
    local other <const> = make()
    com.query(other, "IPersistFile"):Load(path .. ".copy", 0)
    assert.equal(4, other.Total)
    os.remove(path .. ".copy")
  end)

  it("keeps to the order of storages", function()
    local root <close> = com.storage(path, "w")
    local o <const> = make { Total = 3 }
    local last <const> = com.query(o, "IPersistStorage")
    last:InitNew(root:create "a")
    fails({ name = "CO_E_ALREADYINITIALIZED" }, last.InitNew, last, root)
    fails({ name = "CO_E_ALREADYINITIALIZED" }, last.Load, last, root)
    fails({ name = "E_UNEXPECTED" }, last.SaveCompleted, last, nil)
    local a <const> = root:open "a"
    last:Save(a, 1)
    last:SaveCompleted(nil)
    assert.equal(1, status(last, "IsDirty"))
    last:HandsOffStorage()
    fails({ name = "E_UNEXPECTED" }, last.HandsOffStorage, last)
    fails({ name = "E_UNEXPECTED" }, last.Save, last, a, 1)
    fails({ name = "E_INVALIDARG" }, last.SaveCompleted, last, nil)
    last:SaveCompleted(a)
    last:Save(a, 1)
    local again <const> = make()
    com.query(again, "IPersistStorage"):Load(a)
    assert.equal(3, again.Total)
  end)
end)

describe("the example of objects that last", function()
  it("remember.lua counts over many runs", function()
    local source <const> = os.getenv "OLEANDER_SOURCE" or "."
    os.remove(path)
    local output
    for _ = 1, 2 do
      local process <close> = assert(io.popen(
        ("ASAN_OPTIONS=detect_leaks=0 lua5.4 '%s/examples/remember.lua' %s 'to be or' 'not to be' 2>&1"):format(source,
          path)))
      output = process:read "a"
    end
    assert.equal("be\t4\nnot\t2\nor\t2\nto\t4\nruns\t2\n", output)
  end)
end)
