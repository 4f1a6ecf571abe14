-- Real type libraries as IDL and back: what the compiler makes of the text dumps as the library does. Needs the
-- corpus and its
-- dumper; libraries that refer to others that are not here cannot come back and are counted. OLEANDER_ROUND_TRIP=all
-- takes every
-- library, else every fifth.
local core <const> = require "oleander.core"
local compile <const> = require "oleander.idl.compile"
local decompile <const> = require "oleander.idl.decompile"

local shared <const> = (os.getenv "OLEANDER_SHARED" or "") .. "/typelibs"
local dumper <const> = assert(os.getenv "OLEANDER_BUILD") .. "/tests/typelib/typelib_dump"

--- Libraries that do not come back alike, by a part of their file name, and why.
local argued <const> = {
  ["sysmon.ocx.tlb"] = "its table of names calls a function a parameter",
  ["wine-test_reg-32.tlb"] = "so does this one", ["wine-test_reg-64.tlb"] = "and this one",
  ["EXButton.ocx.tlb"] = "its functions claim slots that its vtable does not have",
  ["SieveBasCtlP.ocx.tlb"] = "so do these",
  ["uianimation.dll.tlb"] = "three types have one name",
  ["iasrad.dll.tlb"] = "a packed record claims another alignment",
  ["psisdecd.dll.r2.tlb"] = "an alias claims an alignment of its own",
  ["feat_old-sltg.tlb"] = "so does this one", ["s3-sltg.tlb"] = "and this one", ["s4-sltg.tlb"] = "and this one",
  ["feat_new-32.tlb"] = "its reference to IDispatch leads to GUID", ["feat_new-64.tlb"] = "so does this one",
  ["wine-test_tlb-32.tlb"] = "a dispinterface of an interface without members", ["wine-test_tlb-64.tlb"] = "the same",
  ["wine-tmarshal-32.tlb"] = "the same", ["wine-tmarshal-64.tlb"] = "the same",
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
    if #problems > 0 then return "incomplete" end
    local compilation <const> = compile.read { text = text, bits = bits }
    local description <const> = compile.describe(compilation)
    if not description then return path .. "\n" .. compilation.diagnostics:report():sub(1, 400) end
    core.build_typelib(description, folder .. "/made.tlb")
    local had <const>, made <const> = dump(path, "had.txt"), dump(folder .. "/made.tlb", "made.txt")
    if had ~= made then return path .. first_difference(had, made) end
  end

  it("compiles to what the library dumps as", function()
    if not exists(dumper) then
      pending("the corpus of type libraries is absent (OLEANDER_SHARED)")
      return
    end
    folder = os.tmpname()
    os.remove(folder)
    assert(os.execute("mkdir -p '" .. folder .. "/empty'"))
    local problems <const>, incomplete, same = {}, 0, 0
    for _, part in ipairs { "libraries", "generated" } do
      local paths <const> = list(shared .. "/" .. part)
      local step <const> = os.getenv "OLEANDER_ROUND_TRIP" == "all" and 1 or 5
      for at = 1, #paths, step do
        local path <const> = paths[at]
        local known = false
        for name in pairs(argued) do known = known or path:sub(-#name) == name end
        local done <const>, problem = pcall(check, path)
        if not done then problem = path .. ": " .. tostring(problem) end
        if problem == "incomplete" then
          incomplete = incomplete + 1
        elseif problem and not known then
          problems[#problems + 1] = problem
        elseif not problem then
          same = same + 1
        end
      end
    end
    os.execute("rm -r '" .. folder .. "'")
    assert.equal("", table.concat(problems, "\n"))
    assert.is_true(same >= 20)
    assert.is_true(incomplete <= 40)
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
  struct "struct" { long x[1...3]; };
  [uuid(6B29FC40-CA47-1067-B31D-00DD010662D2)] interface B : IUnknown { }
  [uuid(6B29FC40-CA47-1067-B31D-00DD010662D3)] coclass C { [implflags(0)] interface A; }
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
    assert.equal(2, description.syskind)
  end)
end)
