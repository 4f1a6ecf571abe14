local com <const> = require "oleander"
local support <const> = require "tests.bridge.support"

local source <const> = os.getenv "OLEANDER_SOURCE" or "."
local build <const> = os.getenv "OLEANDER_BUILD" or "build/release"
local stage <const> = os.getenv "OLEANDER_STAGE" or build .. "/stage"
local library <const> = com.typelib(build .. "/tests/bridge/events/events.tlb")

local Counter <const> = {}

function Counter:Up(by)
  self._value = (self._value or 0) + by
  return self._value
end

describe("com.serve", function()
  it("makes objects of a table of methods, each with its own state, until it is closed", function()
    local registration <close> = com.serve { progid = "Spec.Counter", class = Counter }
    local a <const>, b <const> = com.create "Spec.Counter", com.create "spec.counter"
    assert.equal(3, a:Up(3))
    assert.equal(5, a:Up(2))
    assert.equal(1, b:Up(1))
    assert.equal(7, com.create(registration.clsid):Up(7))
    assert.equal(2, com.class("Spec.Counter"):new():Up(2))
    assert.is_true(registration:close())
    assert.is_false(registration:close())
    support.fails({ text = "Spec.Counter" }, com.create, "Spec.Counter")
    assert.equal(6, a:Up(1))
  end)

  it("takes a function, an interface and a CLSID", function()
    local clsid <const> = "{5D1A7B60-1B0E-4A15-93F2-6F0B6E5B7A01}"
    local made = 0
    local registration <close> = com.serve { clsid = clsid, iface = "Clock", typelib = library, class = function()
      made = made + 1
      return { Count = made, Start = function() end }
    end }
    assert.equal(1, com.create(clsid).Count)
    local second <const> = com.create(clsid)
    assert.equal(2, second.Count)
    assert.equal("IClock", com.typeof(second).name)
    assert.truthy(registration)
  end)

  it("serves one object with single_use", function()
    local registration <close> = com.serve { progid = "Spec.Once", class = Counter, single_use = true }
    assert.equal(1, com.create("Spec.Once"):Up(1))
    support.fails({ name = "REGDB_E_CLASSNOTREG" }, com.create, "Spec.Once")
    assert.truthy(registration)
  end)

  it("asks for the licence", function()
    local registration <close> = com.serve { progid = "Spec.Licensed", class = Counter, license = "open sesame" }
    support.fails({ name = "CLASS_E_NOTLICENSED" }, com.create, "Spec.Licensed")
    support.fails({ name = "CLASS_E_NOTLICENSED" }, com.create, "Spec.Licensed", { license = "wrong" })
    assert.equal(1, com.create("Spec.Licensed", { license = "open sesame" }):Up(1))
    assert.truthy(registration)
  end)

  it("hands the error of a class to the client", function()
    local registration <close> = com.serve { progid = "Spec.Broken", class = function() error("no luck", 0) end }
    support.fails({ text = "no luck" }, com.create, "Spec.Broken")
    assert.truthy(registration)
    local nothing <close> = com.serve { progid = "Spec.Nothing", class = function() end }
    support.fails({ text = "made no table, but nil" }, com.create, "Spec.Nothing")
    assert.truthy(nothing)
  end)

  it("refuses definitions that say nothing or too much", function()
    support.fails({ text = "progid or clsid" }, com.serve, { class = Counter })
    support.fails({ text = "no option clas" }, com.serve, { progid = "X.Y", clas = Counter })
    support.fails({ text = "class is a table or a function" }, com.serve, { progid = "X.Y" })
  end)
end)

describe("com.publish", function()
  it("puts an object where com.running finds it", function()
    local counter <const> = { Up = Counter.Up }
    local publication <close> = com.publish(counter, "Spec.Running")
    assert.equal(4, com.running("Spec.Running"):Up(4))
    assert.equal(4, counter._value)
    publication:close()
    support.fails({ name = "MK_E_UNAVAILABLE" }, com.running, "Spec.Running")
  end)

  it("takes items and files", function()
    local o <const> = com.object { Up = Counter.Up }
    for _, name in ipairs { "!Counter", "/tmp/no such file.counter", "/tmp/other.counter!Part!Counter" } do
      local publication <close> = com.publish(o, name)
      assert.is_true(com.get_object(name) == o)
      assert.is_true(com.running(name) == o)
      publication:close()
      assert.is_false((pcall(com.get_object, name)))
    end
  end)
end)

describe("com.get_object", function()
  it("binds class monikers", function()
    local registration <close> = com.serve { progid = "Spec.Moniker", class = Counter }
    local factory <const> = com.get_object("clsid:" .. registration.clsid:sub(2, -2) .. ":")
    assert.truthy(factory)
  end)

  it("says what names nothing", function()
    support.fails({ text = "names no object" }, com.get_object, "!Nobody")
  end)
end)

describe("com.register", function()
  local classes, script

  local function run(command)
    local process <const> = assert(io.popen(command .. " 2>&1"))
    local output <const> = process:read "a"
    return output, select(3, process:close())
  end

  local preload <const> = os.getenv "LD_PRELOAD"

  local function environment(more)
    return ("OLEANDER_CLASSES='%s' %s ASAN_OPTIONS=detect_leaks=0 LD_LIBRARY_PATH='%s/lib' "):format(classes,
      more or "", stage)
  end

  setup(function()
    classes = os.tmpname()
    os.remove(classes)
    assert(os.execute(("mkdir -p '%s'"):format(classes)))
    script = source .. "/examples/lua_server/calc.lua"
    local output <const>, code <const> = run(environment() .. ("lua5.4 '%s' --register"):format(script))
    assert.equal(0, code, output)
  end)

  teardown(function() os.execute(("rm -r '%s'"):format(classes)) end)

  it("makes a Lua file a server for a C program without Lua, whose methods are replaced meanwhile", function()
    local output <const>, code <const> = run(environment() ..
      ("'%s/examples/lua_server/lua_client' '%s/examples/lua_server/better.lua'"):format(build, source))
    assert.equal(table.concat({ "Add(2, 3) = 5", "Divide(1, 8) = 0.125",
      "Divide(1, 0) fails: 0x80070057 division by zero", "Add(2, 3) = 5000", "Count = 103", "" }, "\n"), output)
    assert.equal(0, code)
  end)

  it("makes it one for scripts, too", function()
    local output <const>, code <const> = run(environment(preload and "LD_PRELOAD=" .. preload) .. [[lua5.4 -e '
      local com = require "oleander"
      local a, b = com.create "Example.LuaCalc", com.create "Example.LuaCalc"
      print(a:Add(1, 2), a.Count, b.Count)
      local ok, err = com.try(a.Divide, a, 1, 0)
      print(err.name, err.description, err.source)']])
    assert.equal("3.0\t1\t0\nE_INVALIDARG\tdivision by zero\tCalc\n", output)
    assert.equal(0, code)
  end)

  it("hosts it in each thread, and takes calls from all of them", function()
    local output <const>, code <const> = run(environment() .. ("'%s/tests/bridge/embed/hosted'"):format(build))
    assert.equal("3200 good, 1600 counted\n", output)
    assert.equal(0, code)
  end)

  it("gives a C program the events that the class declares", function()
    local path <const> = classes .. "/events.lua"
    local file <close> = assert(io.open(path, "w"))
    file:write [[
      local com = require "oleander"
      com.main { progid = "Spec.Events", class = {
        __name = "Thing", __events = { Changed = "(bstr name, i4 count)", Other = "()" },
        Change = function(self, name) com.fire(self, "Changed", name, #name) end } }]]
    file:close()
    local output, code = run(environment(preload and "LD_PRELOAD=" .. preload) ..
      ("lua5.4 '%s' --register 2>&1"):format(path))
    assert.equal("", output)
    assert.equal(0, code)
    output, code = run(environment() .. ("'%s/tests/bridge/embed/listener'"):format(build))
    assert.equal("heard 5 letters, 5\n1 heard, 1 references\n", output)
    assert.equal(0, code)
    output, code = run(environment(preload and "LD_PRELOAD=" .. preload) ..
      ("lua5.4 '%s' --unregister 2>&1"):format(path))
    os.remove(path)
    assert.equal("", output)
    assert.equal(0, code)
  end)

  it("finds a type library beside the file, wherever the client runs", function()
    local folder <const> = classes .. "/beside"
    local events <const> = build .. "/tests/bridge/events/events.tlb"
    assert(os.execute(("mkdir -p '%s' && cp '%s' '%s'"):format(folder, events, folder)))
    local file <close> = assert(io.open(folder .. "/main.lua", "w"))
    file:write [[
      require "oleander".main { progid = "Spec.Beside", iface = "Clock", typelib = "events.tlb",
        class = { Count = 7, Start = function(self, n) self.Count = n end } }]]
    file:close()
    local output, code = run(environment(preload and "LD_PRELOAD=" .. preload) ..
      ("lua5.4 '%s/main.lua' --register 2>&1"):format(folder))
    assert.equal("", output)
    assert.equal(0, code)
    output, code = run("cd / && " .. environment(preload and "LD_PRELOAD=" .. preload) .. [[lua5.4 -e '
      local com = require "oleander"
      local o = com.create "Spec.Beside"
      o:Start(3)
      print(com.typeof(o).name, o.Count)
      com.unregister "Spec.Beside"' 2>&1]])
    assert(os.execute(("rm -r '%s'"):format(folder)))
    assert.equal("IClock\t3\n", output)
    assert.equal(0, code)
  end)

  it("takes paths in a registry file written by hand relative to that file", function()
    local folder <const> = classes .. "/by_hand"
    local events <const> = build .. "/tests/bridge/events/events.tlb"
    assert(os.execute(("mkdir -p '%s' && cp '%s' '%s'"):format(folder, events, folder)))
    local class <close> = assert(io.open(folder .. "/hand.lua", "w"))
    class:write "return { Count = 9, Start = function() end }"
    class:close()
    local loader <const> = stage .. "/lib/oleander/luaserver.so"
    local key <const> = "HKEY_CLASSES_ROOT\\CLSID\\{3C0D6A21-4E70-4B8A-8D2F-10C5A7E4B1F0}"
    local file <close> = assert(io.open(classes .. "/hand.reg", "w"))
    file:write("Windows Registry Editor Version 5.00\n\n[", key, "\\InprocServer32]\n@=\"", loader,
      "\"\n\"ThreadingModel\"=\"Apartment\"\n\"LuaScript\"=\"by_hand/hand.lua\"\n\"LuaInterface\"=\"Clock\"\n",
      "\"LuaTypeLib\"=\"by_hand/events.tlb\"\n")
    file:close()
    local output <const>, code <const> = run("cd / && " .. environment(preload and "LD_PRELOAD=" .. preload) ..
      [[lua5.4 -e '
      local com = require "oleander"
      local o = com.create "{3C0D6A21-4E70-4B8A-8D2F-10C5A7E4B1F0}"
      print(com.typeof(o).name, o.Count)' 2>&1]])
    assert(os.execute(("rm -r '%s' '%s/hand.reg'"):format(folder, classes)))
    assert.equal("IClock\t9\n", output)
    assert.equal(0, code)
  end)

  it("tells a client why a file cannot be loaded", function()
    local cases <const> = {
      ["local x = = 1"] = "unexpected symbol near '='",
      ["error 'no ink left'"] = "no ink left",
    }
    for text, expected in pairs(cases) do
      local path <const> = classes .. "/broken.lua"
      local file <close> = assert(io.open(path, "w"))
      file:write(text)
      file:close()
      local output <const> = run(environment(preload and "LD_PRELOAD=" .. preload) .. ([[lua5.4 -e '
        local com = require "oleander"
        com.register { progid = "Spec.Broken", script = "%s" }
        local o, err = com.try(com.create, "Spec.Broken")
        print(o, err.description)
        com.unregister "Spec.Broken"' 2>&1]]):format(path))
      os.remove(path)
      assert.truthy(output:find("broken.lua:1:", 1, true), output)
      assert.truthy(output:find(expected, 1, true), output)
    end
  end)

  it("takes a file that returns a class, with an interface", function()
    local path <const> = classes .. "/class.lua"
    local file <close> = assert(io.open(path, "w"))
    file:write "return { Count = 42, Start = function(self, n) self.Count = n end }"
    file:close()
    local lua <const> = environment(preload and "LD_PRELOAD=" .. preload) .. "lua5.4 -e '%s' 2>&1"
    local output, code = run(lua:format(([[
      local com = require "oleander"
      com.register { progid = "Spec.File", script = "%s", iface = "Clock", typelib = "%s" }]]):format(path,
        build .. "/tests/bridge/events/events.tlb")))
    assert.equal("", output)
    assert.equal(0, code)
    output = run(lua:format [[
      local com = require "oleander"
      local a, b = com.create "Spec.File", com.create "Spec.File"
      a:Start(7)
      print(com.typeof(a).name, a.Count, b.Count)
      com.unregister "Spec.File"
      print(pcall(com.create, "Spec.File"))]])
    assert.equal("IClock\t7\t42\nfalse", output:match "^.-false", output)
    os.remove(path)
  end)

  it("refuses an option that it does not know", function()
    local output <const>, code <const> = run(environment(preload and "LD_PRELOAD=" .. preload)
      .. ("timeout 20 lua5.4 '%s' --bogus 2>&1"):format(script))
    assert.equal(1, code)
    assert.truthy(output:find("com.main: unknown option '--bogus'", 1, true), output)
  end)

  it("is undone by --unregister", function()
    local output, code = run(environment() .. ("lua5.4 '%s' --unregister"):format(script))
    assert.equal(0, code, output)
    output = run(("ls '%s'"):format(classes))
    assert.equal("", output)
  end)
end)
