--- com.storage and com.stream: compound files and streams as scripts use them.
local com <const> = require "oleander"
local support <const> = require "tests.bridge.support"
local fails <const> = support.fails

local path

before_each(function()
  path = os.tmpname()
  os.remove(path)
end)

after_each(function()
  collectgarbage()
  com.stream() -- an entry: what was collected is released
  os.remove(path)
end)

local function bytes_of(file)
  local open <close> = assert(io.open(file, "rb"))
  return open:read "a"
end

local function make(fill, options)
  local s <close> = com.storage(path, "w", options)
  fill(s)
  s:commit()
end

describe("com.stream", function()
  it("reads as Lua's files do", function()
    local text <const> = "one\ntwo\r\n\n  0x1F -3.5e2 .5 1e+ zz\nlast"
    local file <const> = io.tmpfile()
    file:write(text)
    for _, formats in ipairs { { "l", "L", "l", "l" }, { "a", "a", "l" }, { 0, 3, 1, "L" }, { "n" },
      { "l", "l", "l", "n", "n", "n", "n", "l", "l", "l" }, { 1000, 0, 1 }, { "L", "L", "L", "L", "L", "L" }, {} } do
      file:seek "set"
      local st <const> = com.stream(text)
      assert.same(table.pack(file:read(table.unpack(formats))), table.pack(st:read(table.unpack(formats))))
      assert.equal(file:seek(), st:seek())
    end
    file:seek "set"
    local want <const>, have <const> = {}, {}
    for line in file:lines "L" do want[#want + 1] = line end
    for line in com.stream(text):lines "L" do have[#have + 1] = line end
    assert.same(want, have)
    file:close()
  end)

  it("reads lines of every length, and stands behind them", function()
    local st <const> = com.stream()
    for i = 0, 3000, 131 do st:write(("x"):rep(i), "\n") end
    st:seek "set"
    local at = 0
    for i = 0, 3000, 131 do
      assert.equal(i, #st:read())
      at = at + i + 1
      assert.equal(at, st:seek())
    end
    assert.is_nil(st:read())
  end)

  it("takes bytes, paths and objects", function()
    assert.equal("hello", com.stream("hello"):read "a")
    assert.equal("/no/path", com.stream(com.bytes "/no/path"):read "a")
    assert.equal("a\0b", com.stream("a\0b"):read "a")
    com.stream(path, "w"):write("on disk"):close()
    assert.equal("on disk", com.stream(path):read "a")
    local again <const> = com.stream(com.stream(path, "rw"))
    again:seek("end")
    again:write "!"
    assert.equal("on disk!", bytes_of(path))
    fails({ name = "E_INVALIDARG" }, com.stream, 5)
    fails({ name = "E_INVALIDARG" }, com.stream, "x", "a")
    fails({ text = "is no stream" }, com.stream, support.make "Calc")
    fails({ text = path }, com.stream, path .. ".none")
  end)

  it("knows its size, clones and copies", function()
    local st <const> = com.stream "0123456789"
    assert.equal(10, #st)
    assert.equal(10, st.size)
    st:resize(4)
    assert.equal("0123", st:read "a")
    local clone <const> = st:clone()
    clone:seek("set", 1)
    local to <const> = com.stream()
    assert.equal(2, clone:copy(to, 2))
    assert.equal(1, clone:copy(to))
    to:seek "set"
    assert.equal("123", to:read "a")
    assert.equal(4, st:seek())
  end)

  it("says what is wrong", function()
    local st <const> = com.stream "x"
    fails({ text = "a stream has no foo" }, function() return st.foo end)
    fails({ text = "a string or a number" }, st.write, st, {})
    fails({ text = "\"q\"" }, st.read, st, "q")
    fails({ text = "instead of ':'" }, st.read, 5)
    st:close()
    st:close()
    fails({ name = "CO_E_RELEASED" }, st.read, st)
  end)
end)

describe("com.storage", function()
  for _, version in ipairs { 3, 4 } do
    it("makes files of version " .. version, function()
      make(function(s)
        s.clsid = "{00020906-0000-0000-c000-000000000046}"
        s:stream("small"):write "abc"
        local folder <close> = s:create "Ordner ä"
        folder:stream("large"):write(("z"):rep(100000))
      end, { version = version })
      assert.equal(version, bytes_of(path):byte(27))
      local s <close> = com.storage(path)
      assert.equal("{00020906-0000-0000-C000-000000000046}", s.clsid)
      assert.same({ "small", "Ordner ä" }, s.names)
      assert.equal("storage", s:stat().type)
      assert.same({ name = "small", type = "stream", size = 3 }, s:stat "SMALL")
      assert.equal(100000, #s:open("Ordner ä"):stream("large"):read "a")
    end)
  end

  it("counts what was committed, and nothing else", function()
    make(function(s) s:stream("a"):write "1" end)
    local before <const> = bytes_of(path)
    do
      local s <close> = com.storage(path, "rw")
      s:stream("b"):write "2"
      s:stream("a"):write "3"
    end
    assert.equal(before, bytes_of(path))
    do
      local s <close> = com.storage(path, "w")
      assert.same({}, s.names)
      s:stream("c"):write "4"
    end
    assert.equal(before, bytes_of(path))
    do
      local s <close> = com.storage(path, "rw")
      s:stream("b"):write "2"
      s:revert()
      assert.same({ "a" }, s.names)
      s:stream("d"):write "5"
      s:commit()
    end
    local s <close> = com.storage(path)
    assert.same({ "a", "d" }, s.names)
  end)

  it("replaces what is no compound file", function()
    com.stream(path, "w"):write "text"
    fails({ text = "no compound file" }, com.storage, path)
    fails({ text = "no compound file" }, com.storage, path, "rw")
    make(function(s) s:stream "x" end)
    assert.same({ "x" }, com.storage(path).names)
  end)

  it("moves, copies, renames and removes", function()
    local s <close> = com.storage(path, "w")
    s:stream("a"):write "1"
    local sub <const> = s:create "sub"
    s:copy("a", sub):copy("a", sub, "b"):move("a", sub, "c")
    assert.same({ "sub" }, s.names)
    assert.same({ "a", "b", "c" }, sub.names)
    assert.equal("1", sub:stream("c"):read "a")
    sub:remove "b"
    fails({ name = "STG_E_ACCESSDENIED" }, s.rename, s, "sub", "other") -- it is open
    sub:close()
    s:rename("sub", "other")
    assert.same({ "a", "c" }, s:open("other").names)
    fails({ name = "STG_E_FILENOTFOUND", text = "nix" }, s.remove, s, "nix")
    fails({ name = "STG_E_FILENOTFOUND" }, s.stat, s, "nix")
    fails({ text = "a storage is wanted" }, s.copy, s, "other", 5)
  end)

  it("holds its parts, and ends them", function()
    local s <const> = com.storage(path, "w")
    local st <const> = s:stream "a"
    s:close()
    fails({ name = "STG_E_REVERTED" }, st.read, st)
    fails({ name = "CO_E_RELEASED" }, function() return s.names end)
    local part <const> = com.storage(path, "w"):stream "b"
    collectgarbage()
    com.stream()
    part:write "held"
  end)

  it("has streams by mode", function()
    make(function(s)
      s:stream("a"):write "12"
      s:stream("a", "w"):write "3"
      s:stream("a", "rw"):seek("end")
      fails({ name = "STG_E_FILENOTFOUND" }, s.stream, s, "b", "r")
      fails({ name = "STG_E_FILENOTFOUND" }, s.stream, s, "b", "rw")
      local reading <close> = s:stream("a", "r")
      fails({ name = "STG_E_ACCESSDENIED" }, reading.write, reading, "x")
    end)
    local s <close> = com.storage(path)
    assert.equal("3", s:stream("a"):read "a")
    fails({ name = "STG_E_FILENOTFOUND" }, s.stream, s, "b")
    fails({ name = "STG_E_ACCESSDENIED" }, s.stream, s, "a", "w")
    fails({ name = "STG_E_ACCESSDENIED" }, s.create, s, "c")
  end)

  it("is read beside the writer, but written by one", function()
    local s <close> = com.storage(path, "w")
    s:stream("a"):write "1"
    s:commit()
    s:stream("b"):write "2"
    assert.same({ "a" }, com.storage(path).names)
    fails({ text = "open elsewhere" }, com.storage, path, "rw")
  end)

  it("passes where an interface is wanted", function()
    local s <close> = com.storage(path, "w")
    local wrapped <close> = com.storage(s)
    wrapped:stream "x"
    assert.same({ "x" }, s.names)
    fails({ text = "is no storage" }, com.storage, com.stream())
    assert.is_true(com.release(com.stream()))
  end)

  it("says what is wrong", function()
    fails({ text = path }, com.storage, path)
    fails({ name = "E_INVALIDARG" }, com.storage, path, "x")
    fails({ text = "there is no option q" }, com.storage, path, "w", { q = 1 })
    fails({ text = "3 or 4" }, com.storage, path, "w", { version = 5 })
    fails({ text = "when the file is made" }, com.storage, path, "r", { version = 4 })
    local s <close> = com.storage(path, "w")
    fails({ text = "clsid is what can be set" }, function() s.foo = 1 end)
    fails({ name = "CO_E_CLASSSTRING" }, function() s.clsid = "x" end)
    fails({ name = "STG_E_INVALIDNAME" }, s.stream, s, "a/b")
    fails({ text = "argument 1: the name of a stream is wanted, not nil" }, s.stream, s)
  end)
end)
