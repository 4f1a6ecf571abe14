-- Servers in C begun from libraries and from Lua: what is written compiles without warnings, builds, refuses politely.
-- OLEANDER_SKELETONS=all takes every library of the corpus, else every 25th.
local com <const> = require "oleander"
local core <const> = require "oleander.core"

local stage <const> = assert(os.getenv "OLEANDER_STAGE")
local source <const> = assert(os.getenv "OLEANDER_SOURCE")
local shared <const> = (os.getenv "OLEANDER_SHARED" or "") .. "/typelibs"
local sanitized <const> = os.getenv "OLEANDER_SANITIZED" == "1"

-- Child tools run without the sanitizer's preload.
local function run(command)
  local quoted <const> = "'" .. command:gsub("'", "'\\''") .. "'"
  local pipe <close> = assert(io.popen("env -u LD_PRELOAD sh -c " .. quoted .. " 2>&1; echo \"exit $?\""))
  local output <const> = pipe:read "a"
  return output:gsub("exit %d+\n$", ""), tonumber(output:match "exit (%d+)\n$")
end

local function must(command)
  local output <const>, code <const> = run(command)
  assert.equal(0, code, command .. "\n" .. output)
  return output
end

local function read(path)
  local file <close> = assert(io.open(path, "rb"))
  return file:read "a"
end

local function write(path, text)
  local file <close> = assert(io.open(path, "wb"))
  file:write(text)
end

local folder

local function place(name)
  return folder .. "/" .. name
end

local function compiles(directory)
  local command <const> = "gcc -std=c11 -fsyntax-only -Wall -Wextra -Werror -DCOM_NO_WINDOWS_H -I%s/include/oleander "
    .. "%s/*.c"
  return run(command:format(source, directory))
end

--- Builds a skeleton against the installed tree.
local function build(directory)
  local flags <const> = "-Wall -Wextra -Werror" .. (sanitized and " -fsanitize=address,undefined" or "")
  must(("cmake -S %s -B %s/build -G Ninja -DCMAKE_PREFIX_PATH=%s -DCMAKE_C_FLAGS=\"%s\""):format(directory, directory,
    stage, flags))
  must(("cmake --build %s/build"):format(directory))
end

local function fails(text, f, ...)
  local ok <const>, err <const> = pcall(f, ...)
  assert.is_false(ok)
  assert.truthy(tostring(err):find(text, 1, true), tostring(err))
end

local function new_counter()
  return setmetatable({ Total = 0, Add = function(self, a, b)
    self.Total = self.Total + a + b
    return self.Total
  end, Swap = function(_, a) return a end }, { __name = "Counter", __progid = "Skeleton.Counter",
    __types = { Add = "r8 (r8 a, r8 b)", Total = "r8", Swap = "void ([in, out] i4 a, [out] bstr text)" },
    __events = { Full = "(r8 total, bstr why)" } })
end

describe("a skeleton", function()
  setup(function() folder = must "mktemp -d":match "%S+" end)
  teardown(function() os.execute("rm -rf '" .. folder .. "'") end)

  it("of a Lua object keeps names, GUIDs and DISPIDs", function()
    local object <const> = com.object(new_counter())
    local directory <const> = place "counter"
    local files <const> = com.skeleton(object, directory)
    table.sort(files)
    assert.equal("CMakeLists.txt README.md counterclass.c skeleton.h skeleton.idl skeleton_module.c",
      table.concat(files, " "))
    build(directory)
    local clsid <const> = read(directory .. "/skeleton.idl"):match "uuid%((%S-)%)%]\n  coclass"
    local made <const> = com.create("{" .. clsid .. "}", { module = directory .. "/build/skeleton.so" })
    assert.equal(com.typeof(object).guid, com.typeof(made).guid)
    local mine <const>, theirs <const> = com.members(object), com.members(made)
    assert.equal(#mine, #theirs)
    for i, member in ipairs(mine) do
      assert.same({ member.name, member.id, member.kind }, { theirs[i].name, theirs[i].id, theirs[i].kind })
    end
    for name, f in pairs { Add = function() return made:Add(1, 2) end, get_Total = function() return made.Total end,
      put_Total = function() made.Total = 1 end, Swap = function() return made:Swap(1) end } do
      local _ <const>, err <const> = com.try(f)
      assert.equal("E_NOTIMPL", err.name)
      assert.truthy(err.description:find("CounterClass." .. name, 1, true), err.description)
    end
    local connection <const> = com.on(made, "Full", print)
    assert.equal("_CounterEvents", connection.source)
    assert.is_true(connection:close())
  end)

  it("serves a dispinterface by IDispatch and raises events when its methods are written", function()
    local directory <const> = place "written"
    com.skeleton(com.object(new_counter()), directory)
    local path <const> = directory .. "/counterclass.c"
    local text = read(path)
    local function body(name, code)
      local count
      text, count = text:gsub("(static HRESULT STDMETHODCALLTYPE CounterClass_" .. name .. "%b() {).-\n}",
        "%1\n" .. code .. "\n}", 1)
      assert.equal(1, count, name)
    end
    text = text:gsub("OleanderObject object;", "%0\n  double total;")
    body("Add", [[
  CounterClass *self = CounterClass_of_counter(face);
  BSTR why = SysAllocString(u"enough");
  self->total += a + b;
  *answer = self->total;
  if (self->total > 9)
    CounterClass_fire_Full(self, self->total, why);
  SysFreeString(why);
  return S_OK;]])
    body("get_Total", "  *answer = CounterClass_of_counter(face)->total;\n  return S_OK;")
    body("put_Total", "  CounterClass_of_counter(face)->total = value;\n  return S_OK;")
    body("Swap", '  (void)face;\n  *a = -*a;\n  *text = SysAllocString(u"swapped");\n  return S_OK;')
    write(path, text)
    build(directory)
    local clsid <const> = read(directory .. "/skeleton.idl"):match "uuid%((%S-)%)%]\n  coclass"
    local made <const> = com.create("{" .. clsid .. "}", { module = directory .. "/build/skeleton.so" })
    local heard <const> = {}
    local connection <close> = com.on(made, "Full", function(total, why) heard[#heard + 1] = total .. why end)
    assert.equal(3.0, made:Add(1, 2))
    assert.equal(3.0, made:Add(com.args { b = 0, a = 0 }))
    made.Total = 5
    assert.equal(5.0, made.Total)
    assert.same({ -4, "swapped" }, { made:Swap(4) })
    made:Add(5, 0)
    assert.same({ "10.0enough" }, heard)
    local _ <const>, err <const> = com.try(made.Add, made, 1, {})
    assert.equal("DISP_E_TYPEMISMATCH", err.name)
    assert.truthy(connection)
  end)

  it("of a script has the classes of com.main, or of the table that it returns", function()
    write(place "two.lua", [[
      local com = require "oleander"
      local One = { __name = "One", __types = { A = "i4 (i4 a)" }, A = function(_, a) return a end }
      local Two = setmetatable({ B = function() end }, { __name = "Two",
        __clsid = "{0C2A3F60-5E0B-4E55-9C0A-6A1C8B5D2E11}" })
      com.main { { progid = "Pair.One", class = One }, { progid = "Pair.Two", class = Two } }]])
    write(place "plain.lua", [[return setmetatable({ Go = function() end }, { __name = "Plain" })]])
    local output <const> = must(("%s/bin/oleander skeleton %s -o %s"):format(stage, place "two.lua", place "two"))
    assert.truthy(output:find("pair.idl", 1, true), output)
    local text <const> = read(place "two/pair.idl")
    assert.truthy(text:find("uuid(0C2A3F60-5E0B-4E55-9C0A-6A1C8B5D2E11)]\n  coclass TwoClass", 1, true), text)
    local registered <const> = com.serve { progid = "Pair.One", class = {} }
    assert.truthy(text:find(("uuid(%s)]\n  coclass OneClass"):format(registered.clsid:sub(2, -2)), 1, true), text)
    registered:close()
    local compiled <const>, code <const> = compiles(place "two")
    assert.equal(0, code, compiled)
    must(("%s/bin/oleander skeleton %s -o %s --progid Plain.Thing"):format(stage, place "plain.lua", place "plain"))
    assert.truthy(read(place "plain/thing.c"):find('"Plain.Thing"', 1, true))
  end)

  it("of a library builds, keeps the library, and forgets nothing of a dual interface", function()
    local directory <const> = place "scripting"
    must(("%s/bin/oleander skeleton %s -o %s"):format(stage, stage .. "/lib/oleander/servers/scripting.so", directory))
    build(directory)
    assert.equal("same", com.diff(com.typelib(stage .. "/lib/oleander/servers/scripting.so"),
      com.typelib(directory .. "/build/scripting.so")).result)
    local class <const> = com.typelib "Scripting.Dictionary".types.Dictionary
    local made <const> = com.create(class.guid, { module = directory .. "/build/scripting.so" })
    local _ <const>, err <const> = com.try(made.Add, made, "a", 1)
    assert.same({ "E_NOTIMPL", true }, { err.name, err.description:find "Dictionary%.Add" ~= nil })
  end)

  it("refuses a folder that is not empty, and what is no library", function()
    local program <const> = stage .. "/bin/oleander skeleton "
    write(place "full.txt", "x")
    local output, code = run(program .. "Scripting.Dictionary -o " .. folder)
    assert.same({ 1, true }, { code, output:find "is not empty" ~= nil })
    output, code = run(program .. "Scripting.Dictionary -o " .. place "full.txt")
    assert.same({ 1, true }, { code, output:find "is no folder" ~= nil })
    output, code = run(program .. place "no.tlb" .. " -o " .. place "none")
    assert.equal(1, code, output)
    write(place "empty.lua", "return 5")
    output, code = run(program .. place "empty.lua" .. " -o " .. place "none")
    assert.same({ 1, true }, { code, output:find "no class" ~= nil }, output)
    assert.equal(2, (select(2, run(program .. "Scripting.Dictionary"))))
    assert.is_nil(core.list_directory(place "none"))
    fails("is not empty", com.skeleton, com.typelib "Scripting.Dictionary", folder)
    fails("a folder is wanted", com.skeleton, com.typelib "Scripting.Dictionary", 5)
    fails("an object is wanted", com.skeleton, 5, place "none")
  end)

  it("of every library compiles without warnings", function()
    local paths <const> = {}
    for _, part in ipairs { "libraries", "generated" } do
      for _, name in ipairs(core.list_directory(shared .. "/" .. part) or {}) do
        if name:find "%.tlb$" then paths[#paths + 1] = shared .. "/" .. part .. "/" .. name end
      end
    end
    if #paths == 0 then
      pending "the corpus of type libraries is absent (OLEANDER_SHARED)"
      return
    end
    local problems <const>, good = {}, 0
    for i = 1, #paths, os.getenv "OLEANDER_SKELETONS" == "all" and 1 or 25 do
      local directory <const> = place("corpus" .. i)
      local made <const>, err <const> = com.try(com.skeleton, paths[i], directory)
      if made then
        local output <const>, code <const> = compiles(directory)
        if code ~= 0 then problems[#problems + 1] = paths[i] .. "\n" .. output:sub(1, 600) else good = good + 1 end
        os.execute("rm -r '" .. directory .. "'")
      elseif not err.description:find "has no class and no interface" then
        problems[#problems + 1] = paths[i] .. ": " .. err.description
      end
    end
    assert.equal("", table.concat(problems, "\n"))
    assert.is_true(good >= 3)
  end)
end)
