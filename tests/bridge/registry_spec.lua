local support <const> = require "tests.bridge.support"

-- The registry store is chosen when a process begins: each case runs a script of its own over a store of its own.
local build <const> = os.getenv "OLEANDER_BUILD" or "build/release"
local ODD <const> = "{7A0E6C10-5B1D-4C59-9A37-0E1A52A4F025}"
local LIBRARY <const> = "{7A0E6C10-5B1D-4C59-9A37-0E1A52A4F001}"

local function read_all(command)
  local pipe <const> = assert(io.popen(command))
  local text <const> = pipe:read "a"
  pipe:close()
  return (text:gsub("%s+$", ""))
end

local function write(path, text)
  local file <close> = assert(io.open(path, "w"))
  file:write(text)
end

local function absolute(path)
  return read_all(("readlink -f -- '%s'"):format(path))
end

--- The output of a script that runs over a store with these .reg lines.
local function run(reg, script)
  local folder <const> = read_all "mktemp -d"
  write(folder .. "/test.reg", "Windows Registry Editor Version 5.00\n\n" .. reg)
  write(folder .. "/test.lua", 'local com = require "oleander"\n' .. script)
  local output <const> = read_all(
    ("OLEANDER_CLASSES='%s' ASAN_OPTIONS=detect_leaks=0 lua5.4 '%s/test.lua' 2>&1"):format(folder, folder))
  os.execute(("rm -r '%s'"):format(folder))
  return output
end

local classes <const> = ([[
[HKEY_CLASSES_ROOT\BridgeTest.Odd\CLSID]
@="%s"

[HKEY_CLASSES_ROOT\CLSID\%s]
@="Odd"

[HKEY_CLASSES_ROOT\CLSID\%s\InprocServer32]
@="%s"
]]):format(ODD, ODD, ODD, absolute(build .. "/tests/bridge/servers/bare.so"))

local described <const> = classes .. ([[

[HKEY_CLASSES_ROOT\CLSID\%s\TypeLib]
@="%s"

[HKEY_CLASSES_ROOT\CLSID\%s\Version]
@="1.0"

[HKEY_CLASSES_ROOT\TypeLib\%s\1.0]
@="BridgeTest"

[HKEY_CLASSES_ROOT\TypeLib\%s\1.0\0\win64]
@="%s"
]]):format(ODD, LIBRARY, ODD, LIBRARY, LIBRARY, absolute(support.module))

describe("an object with type information only in the registry", function()
  it("is seen through it, and called through Invoke", function()
    local output <const> = run(described, [[
local odd = com.create "BridgeTest.Odd"
local type, route, why = com.typeof(odd)
print(type.name, route, why)
odd.Size = 4
print(odd.Size, odd:Twice(21))
print(com.try(function() odd.Title = "x" end))
print(pcall(com.create, "BridgeTest.Odd", { call = "vtable" }))
]])
    local lines <const> = {}
    for line in output:gmatch "[^\n]+" do lines[#lines + 1] = line end
    assert.matches("^DPlain\tInvoke", lines[1])
    assert.equal("4\t42", lines[2])
    assert.matches("read%-only", lines[3])
    assert.matches("^false\t.*call = \"vtable\" is not possible", lines[4])
  end)

  it("is scripted without it when the library is not registered", function()
    local output <const> = run(classes, [[
local odd = com.create "BridgeTest.Odd"
print(com.typeof(odd))
odd.Size = 4
print(odd.Size, odd:Twice(21))
]])
    assert.equal("nil\n4\t42", output)
  end)

  it("is never touched by o.Name with probe = false", function()
    local output <const> = run(classes, [[
local odd = com.create("BridgeTest.Odd", { probe = false })
local _ = odd.Size, odd.Title, odd.Twice
print(type(odd.Size), odd:CallCount(), com.get(odd, "Size"))
]])
    assert.equal("function\t1\t0", output)
  end)
end)

describe("a type library", function()
  it("is found by ProgID and LIBID", function()
    local output <const> = run(described, ([[
print(com.typelib("BridgeTest.Odd").name, com.typelib("%s", "1.0").name)
]]):format(LIBRARY))
    assert.equal("BridgeTest\tBridgeTest", output)
  end)
end)

describe("com.use", function()
  it("makes the servers of a folder usable without registration", function()
    local output <const> = run("", ([[
local folder = "%s"
print(pcall(com.create, "BridgeTest.Calc"))
print(com.use(folder) >= 1)
print(com.create "BridgeTest.Calc":Add(1, 2), com.class "bridgetest.calc":new():Add(3, 4))
print(com.create "{7A0E6C10-5B1D-4C59-9A37-0E1A52A4F020}":Add(5, 6))
print(com.typelib "BridgeTest".name, com.typelib "BridgeTest.Calc".name)
print(com.try(com.use, folder .. "/none"))
]]):format(absolute(support.module):match "^(.*)/"))
    local lines <const> = {}
    for line in output:gmatch "[^\n]+" do lines[#lines + 1] = line end
    assert.matches("^false\t.*CO_E_CLASSSTRING", lines[1])
    assert.same({ "true", "3\t7", "11", "BridgeTest\tBridgeTest" }, { table.unpack(lines, 2, 5) })
    assert.matches("^nil\t.*No such file", lines[6])
  end)

  describe("of a folder", function()
    local events <const> = (os.getenv "OLEANDER_BUILD" or "build/release") .. "/tests/bridge/events/events.tlb"
    local folder

    local function put(name, text)
      local file <close> = assert(io.open(folder .. "/" .. name, "wb"))
      file:write(text)
    end

    --- The path as seen from where the tests run.
    local function relative(path)
      local up <const> = read_all "pwd":gsub("%s", ""):gsub("/[^/]+", "../")
      return "./" .. up .. path:sub(2)
    end

    --- What is printed by com.use of the folder.
    local function use()
      return run("", ([[
local ok, err = com.try(com.use, "%s")
print(ok, err and err.name or "", err and err.description or "", com.typelib "EventTest".name)
]]):format(relative(folder)))
    end

    before_each(function()
      folder = os.tmpname()
      os.remove(folder)
      assert(os.execute(("mkdir -p '%s/folder.tlb' && cp '%s' '%s'"):format(folder, absolute(events), folder)))
      put("module.so", "no module at all")
      put("notes.txt", "no library at all")
    end)

    after_each(function() os.execute(("rm -r '%s'"):format(folder)) end)

    it("that is relative takes libraries and leaves the rest", function()
      assert.equal("1\t\t\tEventTest", use())
    end)

    it("tells of a damaged library, when the others have been taken", function()
      local file <close> = assert(io.open(folder .. "/events.tlb", "rb"))
      put("damaged.tlb", file:read(300))
      assert.matches("^nil\tTYPE_E_INVDATAREAD\t.*/damaged.tlb: the type library is damaged\tEventTest$", use())
    end)

    it("tells of files that are no libraries, though they are called so", function()
      put("a.tlb", "text")
      put("b.olb", "")
      assert.matches("^nil\tTYPE_E_UNSUPFORMAT\t.*/a.tlb: .*%(and 1 more%)\tEventTest$", use())
    end)
  end)
end)
