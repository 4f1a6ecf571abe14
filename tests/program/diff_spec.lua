-- com.diff and `oleander tlb diff`: what counts as a change, and whom it breaks. The libraries are made from IDL.
local com <const> = require "oleander"
local stage <const> = assert(os.getenv "OLEANDER_STAGE")

local folder <const> = os.tmpname()
os.remove(folder)

local function run(command)
  local pipe <close> = assert(io.popen(command .. " 2>&1; echo $?"))
  local text <const>, status <const> = pipe:read "a":match "^(.*)%f[%d](%d+)\n$"
  return tonumber(status), text
end

local HEAD <const> = [[
import "oaidl.idl";
[uuid(5A1D0001-0000-4000-8000-000000000001), version(%s)] library Fruit {
importlib("stdole2.tlb");
%s
};
]]

local count = 0

---The file of a library with these types.
local function compile(types, version, name)
  count = count + 1
  local path <const> = ("%s/%s.tlb"):format(folder, name or "v" .. count)
  com.compile_idl(HEAD:format(version or "1.0", types)):save(path)
  return path
end

local IFACE <const> = "[odl, uuid(5A1D0001-0000-4000-8000-000000000002)%s] interface IApple : %s { %s };"

local function plain(methods, base)
  return IFACE:format("", base or "IUnknown", methods)
end

local function dual(methods)
  return IFACE:format(", dual", "IDispatch", methods)
end

local function events(methods)
  return ("[uuid(5A1D0001-0000-4000-8000-000000000003)] dispinterface DApple { properties: methods: %s };")
    :format(methods)
end

local function enum(constants)
  return ("[uuid(5A1D0001-0000-4000-8000-000000000004)] enum Colour { %s };"):format(constants)
end

local function record(fields)
  return ("[uuid(5A1D0001-0000-4000-8000-000000000005)] struct Point { %s };"):format(fields)
end

local A <const>, B <const> = "HRESULT A();", "HRESULT B();"

-- Each: what it is, the old types, the new types, and the changes: "change breaks? place".
local cases <const> = {
  { "nothing", plain(A .. B), plain(A .. B) },
  { "a method at the end", plain(A), plain(A .. B), "added - IApple.B" },
  { "a method before others", plain(B), plain(A .. B), "moved ! IApple.B", "added ! IApple.A" },
  { "other order", plain(A .. B), plain(B .. A), "moved ! IApple.A", "moved ! IApple.B" },
  { "a method removed", plain(A .. B), plain(A), "removed ! IApple.B" },
  { "a method renamed", plain(A .. B), plain(A .. "HRESULT C();"), "name ! IApple.C" },
  { "a parameter added", plain "HRESULT A();", plain "HRESULT A([in] long x);", "added ! IApple.A(x)" },
  { "an optional parameter added", dual "[id(1)] HRESULT A();", dual "[id(1)] HRESULT A([in, optional] VARIANT x);",
    "added ! IApple.A(x)" },
  { "a parameter removed", plain "HRESULT A([in] long x);", plain "HRESULT A();", "removed ! IApple.A(x)" },
  { "a parameter renamed", plain "HRESULT A([in] long x);", plain "HRESULT A([in] long y);", "name ! IApple.A(y)" },
  { "a parameter of another type", plain "HRESULT A([in] long x);", plain "HRESULT A([in] short x);",
    "type ! IApple.A(x)" },
  { "a parameter in another direction", plain "HRESULT A([in] long* x);", plain "HRESULT A([out] long* x);",
    "type ! IApple.A(x)" },
  { "required to optional", dual "[id(1)] HRESULT A([in] VARIANT x);",
    dual "[id(1)] HRESULT A([in, optional] VARIANT x);", "type - IApple.A(x)" },
  { "optional to required", dual "[id(1)] HRESULT A([in, optional] VARIANT x);",
    dual "[id(1)] HRESULT A([in] VARIANT x);", "type ! IApple.A(x)" },
  { "another default", dual "[id(1)] HRESULT A([in, defaultvalue(1)] long x);",
    dual "[id(1)] HRESULT A([in, defaultvalue(2)] long x);", "value - IApple.A(x)" },
  { "another DISPID", dual "[id(1)] HRESULT A();", dual "[id(2)] HRESULT A();", "id ! IApple.A" },
  { "another result", plain "HRESULT A();", plain "long A();", "type ! IApple.A" },
  { "a method hidden", dual "[id(1)] HRESULT A();", dual "[id(1), hidden] HRESULT A();", "value - IApple.A" },
  { "a method restricted", dual "[id(1)] HRESULT A();", dual "[id(1), restricted] HRESULT A();", "value ! IApple.A" },
  { "another help text", dual "[id(1), helpstring(\"a\")] HRESULT A();", dual "[id(1), helpstring(\"b\")] HRESULT A();",
    "value - IApple.A" },
  { "another base", plain(A), plain(A, "IDispatch"), "type ! IApple", "moved ! IApple.A", any_more = true },
  { "an event added", events "[id(1)] void A();", events "[id(2)] void B(); [id(1)] void A();", "added - DApple.B" },
  { "an event renamed", events "[id(1)] void A();", events "[id(1)] void B();", "name ! DApple.B" },
  { "an event with another number", events "[id(1)] void A();", events "[id(3)] void A();", "id ! DApple.A" },
  { "a constant added", enum "RED = 1", enum "RED = 1, BLUE = 2", "added - Colour.BLUE" },
  { "a constant removed", enum "RED = 1, BLUE = 2", enum "RED = 1", "removed ! Colour.BLUE" },
  { "another value", enum "RED = 1", enum "RED = 2", "value ! Colour.RED" },
  { "a constant renamed", enum "RED = 1", enum "ROUGE = 1", "name ! Colour.ROUGE" },
  { "a field added", record "long x;", record "long x; long y;", "added ! Point.y" },
  { "a field of another type", record "long x; long y;", record "long x; float y;", "type ! Point.y" },
  { "fields in another order", record "long x; long y;", record "long y; long x;",
    "moved ! Point.x", "moved ! Point.y" },
  { "a type added", plain(A), plain(A) .. enum "RED", "added - Colour" },
  { "a type removed", plain(A) .. enum "RED", plain(A), "removed ! Colour" },
  { "another IID", plain(A), (plain(A):gsub("000002%)", "000099)")), "guid ! IApple" },
  { "a type renamed", plain(A), (plain(A):gsub("IApple", "IPear")), "name ! IPear" },
}

local function place_of(change)
  local place = change.type or "library"
  if change.member then place = place .. "." .. change.member end
  if change.parameter then place = place .. "(" .. change.parameter .. ")" end
  return ("%s %s %s"):format(change.change, change.breaking and "!" or "-", place)
end

describe("com.diff", function()
  setup(function() os.execute("mkdir -p '" .. folder .. "'") end)
  teardown(function() os.execute("rm -rf '" .. folder .. "'") end)

  for _, case in ipairs(cases) do
    it("tells of " .. case[1], function()
        local changes <const> = com.diff(compile(case[2]), compile(case[3]))
      local found <const>, wanted <const> = {}, table.move(case, 4, #case, 1, {})
      local breaking = false
      for i, change in ipairs(changes) do
        found[i] = place_of(change)
        breaking = breaking or change.breaking
        assert.equal("string", type(change.text))
        assert.equal(change.breaking, change.whom ~= nil)
      end
      for i = #found, 1, -1 do
        if case.any_more and i > #wanted then found[i] = nil end
      end
      assert.same(wanted, found)
      assert.equal(#changes == 0 and "same" or breaking and "breaking" or "compatible", changes.result)
    end)
  end

  it("tells of the library itself", function()
    local changes <const> = com.diff(compile(plain(A), "1.0"), compile(plain(A), "1.1"))
    assert.equal("compatible", changes.result)
    assert.equal("value - library", place_of(changes[1]))
    assert.equal("1.0", changes[1].before)
    assert.equal("1.1", changes[1].after)
  end)

  it("takes libraries that are open", function()
    local library <const> = com.typelib(compile(dual "[id(1)] HRESULT A();"))
    assert.equal("same", com.diff(library, library).result)
    assert.error_matches(function() com.diff("nowhere.tlb", library) end, "nowhere.tlb")
  end)
end)

describe("oleander tlb diff", function()
  local function program(arguments)
    return run(("'%s/bin/oleander' tlb diff %s"):format(stage, arguments))
  end

  setup(function() os.execute("mkdir -p '" .. folder .. "'") end)
  teardown(function() os.execute("rm -rf '" .. folder .. "'") end)

  it("ends with what came of it", function()
    local old <const>, more <const>, other <const> = compile(plain(A)), compile(plain(A .. B)), compile(plain(B))
    assert.equal(0, (program(old .. " " .. old)))
    assert.equal(1, (program(old .. " " .. more)))
    local status <const>, text <const> = program(old .. " " .. other)
    assert.equal(2, status)
    assert.matches("breaking", text)
    assert.matches("IApple.B was renamed from A %[scripts%]", text)
  end)

  it("ends with 3 in any trouble", function()
    for _, arguments in ipairs { "", "one", "nowhere.tlb nowhere.tlb", "--bad", "a b c", "--since x .",
      "--since 1.0 /nowhere", "--since 1.0 a b" } do
      local status <const>, text <const> = program(arguments)
      assert.equal(3, status, arguments)
      assert.matches("oleander: ", text)
    end
  end)

  it("prints JSON", function()
    local old <const>, new <const> = compile(plain "HRESULT A([in] long x);"), compile(plain "HRESULT A([in] short x);")
    local status <const>, text <const> = program("--json " .. old .. " " .. new)
    local json <const> = require "dkjson".decode(text)
    assert.equal(2, status)
    assert.equal(old, json.a)
    assert.equal(new, json.b)
    assert.equal("breaking", json.result)
    assert.same({ { change = "type", type = "IApple", member = "A", parameter = "x", breaking = true, whom = "everyone",
      before = "long", after = "short", text = "IApple.A(x) has another type" } }, json.changes)
    local code <const>, none <const> = program("--json " .. old .. " " .. old)
    assert.equal(0, code)
    assert.same({}, require "dkjson".decode(none).changes)
  end)

  it("compares each version in a folder with the next", function()
    local place <const> = folder .. "/versions"
    os.execute("mkdir -p '" .. place .. "'")
    compile(plain(B), "0.9", "versions/a")
    compile(plain(A), "1.0", "versions/z")
    compile(plain(A .. B), "1.2", "versions/c")
    compile(plain(A .. B .. "HRESULT C();"), "1.10", "versions/b")
    local status <const>, text <const> = program("--since 1.0 --json " .. place)
    local json <const> = require "dkjson".decode(text)
    assert.equal(1, status)
    assert.equal(2, #json)
    assert.equal(place .. "/z.tlb", json[1].a)
    assert.equal(place .. "/c.tlb", json[1].b)
    assert.equal(place .. "/b.tlb", json[2].b)
    assert.equal(2, (program("--since 0.5 " .. place)))
    assert.equal(3, (program("--since 1.10 " .. place)))
  end)
end)
