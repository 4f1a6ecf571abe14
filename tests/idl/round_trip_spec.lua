-- Real type libraries as IDL and back: what the compiler makes of the text dumps as the library does, and is the same
-- text again, also where libraries that it refers to are absent. Needs the corpus and its dumper.
-- OLEANDER_ROUND_TRIP=all takes every library, else every fifth.
local core <const> = require "oleander.core"
local compile <const> = require "oleander.idl.compile"
local decompile <const> = require "oleander.idl.decompile"

local shared <const> = (os.getenv "OLEANDER_SHARED" or "") .. "/typelibs"
local dumper <const> = assert(os.getenv "OLEANDER_BUILD") .. "/tests/typelib/typelib_dump"

--- Libraries that do not come back alike, by a part of their file name, and why.
local argued <const> = {
  ["iasrad.dll.tlb"] = "a 32-bit alias claims an alignment that readers on a 64-bit system do not show",
  ["feat_old-sltg.tlb"] = "records whose fields lie over each other", ["s3-sltg.tlb"] = "the same",
  ["s4-sltg.tlb"] = "the same, and a name in two spellings",
  ["feat_new-32.tlb"] = "its reference to IDispatch leads to GUID", ["feat_new-64.tlb"] = "the same",
  ["gap-sys0.tlb"] = "constants that cannot be read", ["gap-sys1.tlb"] = "the same", ["gap-sys2.tlb"] = "the same",
  ["gap-sys3.tlb"] = "the same",
  ["wine-tmarshal-32.tlb"] = "modules claim a size of 1", ["wine-tmarshal-64.tlb"] = "the same",
}

local function exists(path)
  local file <close> = io.open(path)
  return file ~= nil
end

local function list(folder)
  local names <const> = {}
  for _, name in ipairs(core.list_directory(folder) or {}) do
    if name:find "%.tlb$" then names[#names + 1] = folder .. "/" .. name end
  end
  return names
end

describe("IDL made of a library", function()
  local folder

  local function dump(path, output)
    os.execute(("cd '%s/empty' && OLEANDER_CLASSES='%s/empty' '%s' '%s' >'%s/%s' 2>&1"):format(folder, folder,
      dumper, path,
      folder, output))
    local lines <const> = {}
    for line in io.lines(folder .. "/" .. output) do
      if not line:find("{DE77BA6", 1, true) then lines[#lines + 1] = line end -- what MIDL says of itself
    end
    return table.concat(lines, "\n")
  end

  local function first_difference(a, b)
    local other <const> = b:gmatch "[^\n]*"
    for line in a:gmatch "[^\n]*" do
      local made <const> = other()
      if line ~= made then return ("\n  had  %s\n  made %s"):format(line, made) end
    end
    return "\n  lines were added"
  end

  local function check(path)
    local library <const> = core.load_typelib(path)
    local text <const>, problems <const> = decompile.library(library)
    local bits <const> = library:attributes().syskind == 3 and 64 or 32
    if #problems > 0 then return path .. "\n" .. problems[1] end
    local compilation <const> = compile.read { text = text, bits = bits }
    local description <const> = compile.describe(compilation)
    if not description then return path .. "\n" .. compilation.diagnostics:report():sub(1, 400) end
    core.build_typelib(description, folder .. "/made.tlb")
    local had <const>, made <const> = dump(path, "had.txt"), dump(folder .. "/made.tlb", "made.txt")
    if had ~= made then return path .. first_difference(had, made) end
    -- A dump does not show what is known of libraries that are absent.
    local again <const> = decompile.library(core.load_typelib(folder .. "/made.tlb"))
    if again ~= text then return path .. first_difference(text, again) end
  end

  it("compiles to what the library dumps as", function()
    if not exists(dumper) then
      pending("the corpus of type libraries is absent (OLEANDER_SHARED)")
      return
    end
    folder = os.tmpname()
    os.remove(folder)
    assert(os.execute("mkdir -p '" .. folder .. "/empty'"))
    local problems <const>, same = {}, 0
    for _, part in ipairs { "libraries", "generated" } do
      local paths <const> = list(shared .. "/" .. part)
      local step <const> = os.getenv "OLEANDER_ROUND_TRIP" == "all" and 1 or 5
      for at = 1, #paths, step do
        local path <const> = paths[at]
        local known = false
        for name in pairs(argued) do known = known or path:sub(-#name) == name end
        local done <const>, problem = pcall(check, path)
        if not done then problem = path .. ": " .. tostring(problem) end
        if problem and not known then
          problems[#problems + 1] = problem
        elseif not problem then
          if known then problems[#problems + 1] = path .. " is the same now: take it out of the list" end
          same = same + 1
        end
      end
    end
    os.execute("rm -r '" .. folder .. "'")
    assert.equal("", table.concat(problems, "\n"))
    assert.is_true(same >= 20)
  end)

  it("keeps references to libraries that are absent", function()
    local idl <const> = [[
[uuid(6B29FC40-CA47-1067-B31D-00DD01066200), version(1.0)] library L {
  [uuid(6B29FC40-CA47-1067-B31D-00DD01066201), version(2.7), lcid(9)] importlib("C:\\x\\other.dll\\3") {
    [uuid(6B29FC40-CA47-1067-B31D-00DD01066202), slots(9), bases(2)] interface IBase;
    [uuid(6B29FC40-CA47-1067-B31D-00DD01066203)] dispinterface Events;
    [typeindex(7)] enum Seventh;
    [uuid(6B29FC40-CA47-1067-B31D-00DD01066205), slots(12), bases(3)] dispinterface Dual;
  };
  [odl, uuid(6B29FC40-CA47-1067-B31D-00DD01066206)] interface I : IBase {
    HRESULT f([in] enum Seventh how, [out] Events **e);
  }
  [odl, uuid(6B29FC40-CA47-1067-B31D-00DD01066207)] interface D : Dual { }
  [uuid(6B29FC40-CA47-1067-B31D-00DD01066208)] coclass C { [default] interface I; [source] dispinterface Events; }
}]]
    local compiled <const> = compile.read { text = idl }
    local description <const> = compile.describe(compiled)
    assert(description, compiled.diagnostics:report())
    local file <const> = os.tmpname()
    core.build_typelib(description, file)
    local library <const> = core.load_typelib(file)
    os.remove(file)
    local function said(info, href)
      local found <const> = assert(info:imported(href))
      return { found.library:sub(-3, -2), found.file, found.major, found.minor, found.lcid,
        found.guid and found.guid:sub(-3, -2) or found.index, found.kind }
    end
    local i <const>, d <const> = library:info(0), library:info(1)
    local f <const> = i:func(0)
    assert.same({ "01", "C:\\x\\other.dll\\3", 2, 7, 9, "02", 3 }, said(i, i:implemented(0)))
    assert.same({ "01", "C:\\x\\other.dll\\3", 2, 7, 9, 7, 0 }, said(i, f.parameters[1].type.href))
    assert.equal("03", said(i, f.parameters[2].type.to.to.href)[6])
    assert.equal("05", said(d, d:implemented(0))[6])
    assert.same({ 72, 0x60020000 }, { f.offset, f.memid })
    assert.equal(12 * 8, d:attributes().vtable_size)
    assert.is_nil((i:reference(i:implemented(0))))
    local text <const>, problems <const> = decompile.library(library)
    assert.same({}, problems)
    assert.truthy(text:find("slots(9), bases(2)] interface other_", 1, true), text)
  end)

  it("says what is wrong with a library that is absent", function()
    local function report(block)
      local compiled <const> = compile.read { text = "[uuid(6B29FC40-CA47-1067-B31D-00DD01066200)] library L {\n"
        .. block .. "\ninterface I : IUnknown { } }" }
      compile.describe(compiled)
      return compiled.diagnostics:report()
    end
    local head <const> = '[uuid(6B29FC40-CA47-1067-B31D-00DD01066201)] importlib("x.tlb") '
    for block, message in pairs {
      ['importlib("x.tlb") { [uuid(6B29FC40-CA47-1067-B31D-00DD01066202)] interface A; };'] = "x.tlb has no uuid",
      [head .. '{ [typeindex(1)] enum A; [typeindex(1)] enum B; };'] =
        "one type with the number 1",
      [head .. '{ [typeindex(65536)] enum A; };'] =
        "typeindex is 0 to 65535, not 65536",
      [head .. '{ [slots(-1)] interface A; };'] =
        "slots is 0 to 4000, not -1",
      [head .. '{ HRESULT f(); };'] =
        "a kind of types is expected, such as interface, not HRESULT",
      [head .. '{ enum A;'] = "} is expected",
    } do
      assert.truthy(report(block):find(message, 1, true), report(block))
    end
  end)

  it("has names in quotes where they are no names, and words of its own for what IDL has none for", function()
    local compiled <const> = compile.read { text = [[
[uuid(6B29FC40-CA47-1067-B31D-00DD010662DA), syskind(2)] library "My Library" {
#pragma oleander order
  interface B;
  [uuid(6B29FC40-CA47-1067-B31D-00DD010662D1), typeflags(0x1010)] interface A : IUnknown {
    [funcflags(0x40), optionals(3), vtableoffset(80), callconv(5)] HRESULT "a b"([paramflags(3)] VT_37 x,
      VT_PTR(IUnknown) y);
  }
  enum E { [vartype(2, 3)] one = 1, };
  struct "struct" { long x[1...3]; VT_TYPE(5) y; };
  [uuid(6B29FC40-CA47-1067-B31D-00DD010662D2)] interface B : IUnknown { }
  [uuid(6B29FC40-CA47-1067-B31D-00DD010662D3)] coclass C { [implflags(0)] interface A; }
  [public, alignment(1)] typedef long aligned;
}]] }
    local description <const> = compile.describe(compiled)
    assert(description, compiled.diagnostics:report())
    local names <const> = {}
    for i, kind in ipairs(description.types) do names[i] = kind.name end
    assert.same({ "A", "E", "struct", "B", "C" }, { table.unpack(names, 1, 5) })
    local f <const> = description.types[1].functions[1]
    assert.same({ "a b", 0x40, 3, 80, 5 }, { f.name, f.flags, f.optional, f.offset, f.convention })
    assert.equal(0x1010, description.types[1].flags)
    assert.equal(37, f.parameters[1].type.vt)
    assert.equal(29, f.parameters[2].type.to.vt)
    assert.equal(2, description.types[2].variables[1].constant.vt)
    assert.same({ { lower = 1, count = 3 } }, description.types[3].variables[1].type.bounds)
    assert.equal(0, description.types[5].implements[1].flags)
    assert.same({ 1, 6 }, { description.types[6].pack, description.types[3].variables[2].type.type })
    assert.equal(2, description.syskind)
  end)
end)
