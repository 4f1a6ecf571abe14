-- The public headers as a user meets them: each alone and first, with every compiler; headers made by widl; and what
-- the library exports against what they declare.
local source <const> = os.getenv("OLEANDER_SOURCE") or "."
local build <const> = os.getenv("OLEANDER_BUILD") or "build/debug"
local include <const> = source .. "/include/oleander"
local WARNINGS <const> = "-Wall -Wextra -Wpedantic -Werror -fsyntax-only"
local COMPILERS <const> = {
  { program = "gcc", options = "-x c -std=c11" },
  { program = "g++", options = "-x c++ -std=c++17" },
  { program = "clang", options = "-x c -std=c11" },
  { program = "clang++", options = "-x c++ -std=c++17" },
}

-- Compilers and tools run without the preloaded sanitizer that this process may have.
local PLAIN <const> = "unset LD_PRELOAD; "

local function run(command)
  local pipe <close> = assert(io.popen(PLAIN .. command .. " 2>&1"))
  local text = pipe:read("a")
  return pipe:close() and true or false, text
end

local function lines_of(command)
  local list = {}
  local pipe <close> = assert(io.popen(PLAIN .. command))
  for line in pipe:lines() do list[#list + 1] = line end
  return list
end

local function write(path, text)
  local file <close> = assert(io.open(path, "w"))
  file:write(text)
end

local function read(path)
  local file <close> = assert(io.open(path))
  return file:read("a")
end

local function installed(program)
  return run("command -v " .. program)
end

local function scratch_folder()
  local folder = build .. "/tests/headers-scratch"
  assert(os.execute("mkdir -p '" .. folder .. "'"))
  return folder
end

-- Compiles the text with every installed compiler, with and without -fshort-wchar.
local function compile_everywhere(name, text, options)
  local path = scratch_folder() .. "/" .. name .. ".txt"
  write(path, text)
  for _, compiler in ipairs(COMPILERS) do
    if installed(compiler.program) then
      for _, wide in ipairs({ "", "-fshort-wchar" }) do
        local command = table.concat({ compiler.program, compiler.options, WARNINGS, wide, options or "",
          "-I'" .. include .. "'", "'" .. path .. "'" }, " ")
        local fine, output = run(command)
        assert.is_true(fine, command .. "\n" .. output)
      end
    end
  end
end

describe("every compiler is here:", function()
  for _, compiler in ipairs(COMPILERS) do
    it(compiler.program, function()
      if not installed(compiler.program) then
        pending(compiler.program .. " is missing; its part of the tests is not run")
      end
    end)
  end
end)

describe("a header alone and first compiles as C11 and C++17:", function()
  for _, path in ipairs(lines_of("ls '" .. include .. "'/*.h")) do
    local name = path:match("[^/]+$")
    it(name, function()
      local text = ("#include <%s>\n"):format(name):rep(2) .. "extern int after_it;\n"
      compile_everywhere(name, text, "-DCOBJMACROS")
    end)
  end

  it("ole2.h with the C face in C++, and with named unions", function()
    compile_everywhere("cinterface", "#define CINTERFACE\n#define COBJMACROS\n#include <ole2.h>\n#include <ocidl.h>\n")
    compile_everywhere("named", "#define NONAMELESSUNION\n#include <oleauto.h>\n" ..
      "static inline VARTYPE type_of(const VARIANT *v) { return v->n1.n2.vt; }\n" ..
      "static inline VARTYPE macro_type_of(const VARIANT *v) { return V_VT(v); }\n" ..
      "int use(VARIANT *v);\nint use(VARIANT *v) { V_I4(v) = 1; return type_of(v) + macro_type_of(v); }\n")
  end)

  it("the ways to write a record in a VARIANT", function()
    compile_everywhere("records", "#include <oleauto.h>\n" ..
      "void use(VARIANT *v, struct __tagBRECORD *r);\nvoid use(VARIANT *v, struct __tagBRECORD *r) {\n" ..
      "  *r = v->brecVal; v->pvRecord = r->pvRecord; v->brecVal.pRecInfo = r->pRecInfo;\n" ..
      "  V_RECORD(v) = V_RECORDINFO(v); v->__VARIANT_NAME_4.pvRecord = v->pRecInfo;\n}\n")
    compile_everywhere("named_records", "#define NONAMELESSUNION\n#include <oleauto.h>\n" ..
      "void use(VARIANT *v, struct __tagBRECORD *r);\nvoid use(VARIANT *v, struct __tagBRECORD *r) {\n" ..
      "  *r = v->n1.n2.n3.brecVal; V_RECORD(v) = V_RECORDINFO(v);\n}\n")
  end)

  it("all of them among the headers of the system, in both orders", function()
    local theirs, ours = {}, {}
    local system = "assert ctype dirent dlfcn errno fcntl float inttypes limits locale math net/if netinet/in " ..
      "poll pthread pwd setjmp signal stdarg stdio stdlib sys/file sys/mman sys/socket sys/stat sys/types sys/un " ..
      "sys/wait time unistd wchar"
    for name in system:gmatch("%S+") do
      theirs[#theirs + 1] = "#include <" .. name .. ".h>\n"
    end
    for _, path in ipairs(lines_of("ls '" .. include .. "'/*.h")) do
      ours[#ours + 1] = "#include <" .. path:match("[^/]+$") .. ">\n"
    end
    compile_everywhere("after", table.concat(theirs) .. table.concat(ours), "-D_GNU_SOURCE -DCOBJMACROS")
    compile_everywhere("before", table.concat(ours) .. table.concat(theirs), "-D_GNU_SOURCE -DCOBJMACROS")
  end)

  it("the classic form of an interface declaration", function()
    compile_everywhere("classic", [[
#include <unknwn.h>
#define INTERFACE IClassic
DECLARE_INTERFACE_(IClassic, IUnknown) {
  BEGIN_INTERFACE
  STDMETHOD(QueryInterface)(THIS_ REFIID riid, void **ppv) PURE;
  STDMETHOD_(ULONG, AddRef)(THIS) PURE;
  STDMETHOD_(ULONG, Release)(THIS) PURE;
  STDMETHOD(Work)(THIS_ LONG amount) PURE;
  END_INTERFACE
};
#undef INTERFACE
]])
  end)

  it("DEFINE_GUID declares, and defines weakly and hidden under INITGUID", function()
    local folder = scratch_folder()
    local text = "DEFINE_GUID(GUID_Mine, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);\n"
    write(folder .. "/guid1.c", "#include <initguid.h>\n#include <unknwn.h>\n" .. text)
    write(folder .. "/guid2.c", "#define INITGUID\n#include <unknwn.h>\n" .. text ..
      "int use(void);\nint use(void) { return (int)GUID_Mine.Data1; }\n")
    local object = folder .. "/guid.so"
    local fine, output = run("gcc -std=c11 -Wall -Wextra -Wpedantic -Werror -fPIC -shared -I'" .. include .. "' '" ..
      folder .. "/guid1.c' '" .. folder .. "/guid2.c' -o '" .. object .. "'")
    assert.is_true(fine, output)
    for _, line in ipairs(lines_of("nm -D --defined-only '" .. object .. "'")) do
      assert.is_nil(line:match("GUID_Mine"), line)
    end
  end)
end)

describe("widl", function()
  local widl <const> = installed("x86_64-w64-mingw32-widl") and "x86_64-w64-mingw32-widl" or "widl"

  it("compiles IDL over our base files, and its header compiles in C and C++", function()
    if not installed(widl) then pending("widl is missing (package mingw-w64-tools)") return end
    local folder = scratch_folder()
    local common = widl .. " --nostdinc -I'" .. include .. "' -L'" .. folder .. "' --win64 "
    local idl = source .. "/tests/headers/sample.idl"
    for _, step in ipairs({ { "-t", "stdole2.tlb", include .. "/stdole2.idl" }, { "-t", "sample.tlb", idl },
      { "-h", "sample.h", idl } }) do
      local fine, output = run(("%s %s -o '%s/%s' '%s'"):format(common, step[1], folder, step[2], step[3]))
      assert.is_true(fine, output)
    end
    local options = "-DCOM_NO_WINDOWS_H -DCOBJMACROS -I'" .. folder .. "'"
    compile_everywhere("widl", "#include <unknwn.h>\n#include \"sample.h\"\n", options)
    compile_everywhere("widl-inline", "#include <unknwn.h>\n#include \"sample.h\"\n",
      options .. " -DWIDL_C_INLINE_WRAPPERS -DCINTERFACE")
    compile_everywhere("widl-guids", "#include <initguid.h>\n#include <unknwn.h>\n#include \"sample.h\"\n" ..
      "int use(void);\nint use(void) { return (int)IID_IDual.Data1 + (int)CLSID_Thing.Data1; }\n", options)
  end)

  it("writes the types of stdole in the published order", function()
    if not installed(widl) then pending("widl is missing (package mingw-w64-tools)") return end
    local bytes = read(scratch_folder() .. "/stdole2.tlb")
    local flags, count = ("<I4"):unpack(bytes, 0x15), ("<I4"):unpack(bytes, 0x21)
    local directory = 0x54 + ((flags & 0x100) ~= 0 and 4 or 0) + 4 * count
    local function segment(index) return (("<i4"):unpack(bytes, directory + 16 * index + 1)) end
    local names = {}
    for index = 0, count - 1 do
      local entry = segment(7) + ("<i4"):unpack(bytes, segment(0) + 100 * index + 0x34 + 1)
      names[index] = bytes:sub(entry + 13, entry + 12 + bytes:byte(entry + 9))
    end
    local expected = { [0] = "GUID", [1] = "DISPPARAMS", [2] = "EXCEPINFO", [3] = "IUnknown", [4] = "IDispatch",
      [5] = "IEnumVARIANT", [6] = "OLE_COLOR", [19] = "OLE_HANDLE", [30] = "IFont", [31] = "Font", [32] = "IFontDisp",
      [33] = "StdFont", [34] = "IPicture", [35] = "Picture", [36] = "IPictureDisp", [37] = "StdPicture" }
    for index, name in pairs(expected) do assert.are.equal(name, names[index]) end
    assert.are.equal(42, count)
  end)
end)

describe("liboleander.so", function()
  local library = lines_of("find '" .. build .. "/stage' -name 'liboleander.so*' -type f")[1]

  local function exported()
    local set = {}
    for _, line in ipairs(lines_of("nm -D --defined-only '" .. library .. "'")) do
      local name = line:match("^%x+ %a ([^@]+)")
      if name then set[name] = line:match("^%x+ (%a) ") end
    end
    return set
  end

  it("exports nothing but oleander_*", function()
    assert.is_truthy(library, "no liboleander.so in the staged tree")
    for name, kind in pairs(exported()) do
      local fine = name:match("^oleander_") or kind == "A" or name:match("^__asan") or name:match("^__odr_asan")
      assert.is_truthy(fine, "exported: " .. name)
    end
  end)

  it("defines all that the headers declare, but for the list of what is to come", function()
    local symbols = exported()
    local awaited, missing, landed = {}, {}, {}
    for line in io.lines(source .. "/tests/headers/not_yet_implemented.txt") do
      local name = line:match("^([%w_]+)")
      if name then awaited[name] = true end
    end
    local seen = {}
    for _, path in ipairs(lines_of("ls '" .. include .. "'/*.h")) do
      local text = read(path):gsub("/%*.-%*/", "")
      for name in text:gmatch("\nOLEANDER_API%b()") do
        name = name:match("OLEANDER_API%([^,]-,%s*([%w_]+)")
        seen[name] = true
        if symbols["oleander_" .. name] then
          if awaited[name] then landed[#landed + 1] = name end
        elseif not awaited[name] then
          missing[#missing + 1] = name
        end
      end
      for name in text:gmatch("\nOLEANDER_EXPORT[^;]-([%w_]+)%(") do
        if not symbols[name] then missing[#missing + 1] = name end
      end
      for name in text:gmatch("\nOLEANDER_DATA%([^,]-,%s*([%w_]+)%)") do
        if not symbols["oleander_" .. name] then missing[#missing + 1] = name end
      end
    end
    assert.is_true(seen.SysAllocString and seen.CoInitializeEx)
    table.sort(missing)
    table.sort(landed)
    assert.are.same({}, missing, "declared but not defined, and not in tests/headers/not_yet_implemented.txt")
    assert.are.same({}, landed, "defined, and still in tests/headers/not_yet_implemented.txt")
    for name in pairs(awaited) do assert.is_true(seen[name], name .. " is awaited but no header declares it") end
  end)
end)
