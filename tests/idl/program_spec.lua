-- `oleander idl`: exit codes, what is written, headers that compile, rules for make.
local source <const>, stage <const> = assert(os.getenv "OLEANDER_SOURCE"), assert(os.getenv "OLEANDER_STAGE")
local program <const> = "lua5.4 '" .. stage .. "/bin/oleander' idl "

local LIBRARY <const> = [[
import "oaidl.idl";
cpp_quote("/* quoted */")
const long LIMIT = 3 + 4;
const wchar_t *const TITLE = L"a\"b";
typedef enum { first, second = 5, } Order;
typedef [v1_enum] enum tagKind { kind_a = 0x10 } Kind;
typedef struct tagPlace { LONG x,
  y; hyper far_away; wchar_t name[LIMIT]; struct { int inner; } in; union { int i; double d; } u;
  unsigned flag : 1; } Place, *LPPLACE;
typedef HRESULT (__stdcall *Callback)(int a, Place *p);
interface IForward;
[object, uuid(6B29FC40-CA47-1067-B31D-00DD010662D0), pointer_default(unique)]
interface IPlaces : IUnknown {
  typedef IPlaces *LPPLACES;
  HRESULT Get([in] LPCWSTR name, [in, size_is(count)] BYTE *data, [in] long count, [out] IForward **f,
    [in] SAFEARRAY(BSTR) a);
  [local] HRESULT Local([in] void *p, [out] ULONG *n);
  [call_as(Local)] HRESULT Remote([in, size_is(*n)] BYTE *p, [in, out] ULONG *n);
  Place ByValue([in] Place place, [in] long grid[2][3], [in] const Place *c, [in, size_is(c)] long open[]);
  void Nothing();
}
[object, uuid(6B29FC40-CA47-1067-B31D-00DD010662D7)] interface IForward : IUnknown { }
[uuid(6B29FC40-CA47-1067-B31D-00DD010662DA), version(1.0)]
library Places {
  importlib("stdole2.tlb");
  [object, dual, uuid(6B29FC40-CA47-1067-B31D-00DD010662D1)]
  interface IMap : IDispatch {
    [propget, id(0)] HRESULT Item([in] VARIANT key, [out, retval] VARIANT *value);
    [propput, id(0)] HRESULT Item([in] VARIANT key, [in] VARIANT value);
    [propputref, id(0)] HRESULT Item([in] VARIANT key, [in] IDispatch *value);
    [id(1)] HRESULT Move([in] IFontDisp *font, [in, defaultvalue(3)] int by, [in, defaultvalue(-1)] OLE_COLOR colour);
  }
  [uuid(6B29FC40-CA47-1067-B31D-00DD010662D2)] dispinterface DMapEvents {
    properties: [id(1)] long p;
    methods: [id(2)] void Moved([in] long by);
  }
  [uuid(6B29FC40-CA47-1067-B31D-00DD010662D3)] coclass Map {
    [default] interface IMap; interface IPlaces; [default, source] dispinterface DMapEvents;
  }
  [dllname("x")] module M { const int INNER = 2; [entry("f")] long __cdecl f([in] long a); }
}
]]

local folder

local function write(name, text)
  local file <close> = assert(io.open(folder .. "/" .. name, "w"))
  file:write(text)
end

local function read(name)
  local file <const> = io.open(folder .. "/" .. name, "rb")
  if not file then return nil end
  local text <const> = file:read "a"
  file:close()
  return text
end

local function run(arguments)
  local _ <const>, _ <const>, code <const> = os.execute(("cd '%s' && { %s%s >out 2>err; }"):format(folder, program,
    arguments))
  return code, read "err", read "out"
end

describe("oleander idl", function()
  setup(function()
    folder = os.tmpname()
    os.remove(folder)
    assert(os.execute("mkdir '" .. folder .. "'"))
    write("places.idl", LIBRARY)
  end)
  teardown(function() os.execute("rm -r '" .. folder .. "'") end)

  it("compiles a library, and says nothing", function()
    local code <const>, errors <const>, out <const> = run "compile --quiet -o places.tlb places.idl"
    assert.equal("", errors .. out)
    assert.equal(0, code)
    assert.equal("MSFT", read "places.tlb":sub(1, 4))
    assert.is_nil(read "places.tlb.part")
  end)

  it("writes the same bytes for the same file", function()
    assert.equal(0, (run "compile -o one.tlb places.idl"))
    assert.equal(0, (run "compile -o two.tlb places.idl"))
    assert.is_true(read "one.tlb" == read "two.tlb")
    assert.equal(0, (run "compile --win32 -o three.tlb places.idl"))
    assert.is_false(read "one.tlb" == read "three.tlb")
  end)

  it("says errors with their places, exits with 1 and writes nothing", function()
    write("bad.idl", "import \"oaidl.idl\";\n[uuid(6B29FC40-CA47-1067-B31D-00DD010662DA)] library L {\n"
      .. "  struct s { long; };\n  enum e { a = }; \n}\n")
    local code <const>, errors <const> = run "compile --header bad.h --guids bad.c --depfile bad.d -o bad.tlb bad.idl"
    assert.equal(1, code)
    assert.truthy(errors:find("bad.idl:3:18: the name of a field is expected, not ;", 1, true))
    assert.truthy(errors:find("bad.idl:4:16: an expression is expected, not }\n    enum e { a = };", 1, true))
    for _, name in ipairs { "bad.tlb", "bad.h", "bad.c", "bad.d" } do assert.is_nil(read(name)) end
  end)

  it("shows warnings, unless it is to be quiet", function()
    write("warn.idl", "[uuid(6B29FC40-CA47-1067-B31D-00DD010662DA), helpstrng(\"x\")] library L { }\n")
    local code <const>, errors <const> = run "compile -o warn.tlb warn.idl"
    assert.equal(0, code)
    assert.truthy(errors:find("warn.idl:1:46: warning: unknown attribute helpstrng (did you mean helpstring?)", 1,
      true))
    local silent <const>, nothing <const> = run "compile -q -o warn.tlb warn.idl"
    assert.same({ 0, "" }, { silent, nothing })
  end)

  it("exits with 2 for a wrong command line", function()
    assert.equal(2, (run "compile places.idl"))
    assert.equal(2, (run "compile -o x.tlb --win32 --win64 places.idl"))
    assert.equal(2, (run "compile -o x.tlb -D 5=3 places.idl"))
    assert.equal(2, (run "translate places.idl"))
    assert.equal(1, (run "compile -o x.tlb nowhere.idl"))
  end)

  it("writes a rule for make", function()
    write("part.h", "#define PART 1\n")
    write("whole.idl", "#include \"part.h\"\n[uuid(6B29FC40-CA47-1067-B31D-00DD010662DA)]\n"
      .. "library L { enum e { a = PART }; }\n")
    assert.equal(0, (run "compile -q --depfile whole.d -o whole.tlb whole.idl"))
    assert.equal("whole.tlb: \\\n  whole.idl \\\n  part.h\n", read "whole.d")
  end)

  it("takes macros from the command line", function()
    write("macro.idl", "[uuid(6B29FC40-CA47-1067-B31D-00DD010662DA)] library L { enum e { a = ONE, b = VALUE }; }\n")
    assert.equal(0, (run "compile -q -D ONE -DVALUE=0x20 -o macro.tlb macro.idl"))
    assert.equal(1, (run "compile -q -D ONE -o macro.tlb macro.idl"))
  end)

  it("makes headers that C and C++ take, with the GUIDs beside them", function()
    assert.equal(0, (run "header --quiet -o places.h --guids places_i.c places.idl"))
    local header <const> = read "places.h"
    for _, text in ipairs {
      "/* quoted */", "#define LIMIT (3 + 4)", "#define TITLE (OLESTR(\"a\\\"b\"))",
        "#ifndef __IPlaces_INTERFACE_DEFINED__",
      "#include \"oaidl.h\"", "typedef interface IPlaces IPlaces;", "DEFINE_GUID(IID_IMap, 0x6b29fc40, 0xca47",
      "DEFINE_GUID(CLSID_Map,", "DEFINE_GUID(DIID_DMapEvents,", "DEFINE_GUID(LIBID_Places,", "get_Item(",
        "putref_Item(",
      "IMap : public IDispatch", "#define IMap_put_Item(This,key,value) (This)->lpVtbl->put_Item(This,key,value)",
      "IPlaces_Remote_Proxy(", "#define INNER (2)", "int by = 3",
    } do
      assert.truthy(header:find(text, 1, true), text)
    end
    assert.is_nil(header:find("*Remote)", 1, true)) -- what travels has no slot
    write("use.c", "#include \"places.h\"\nint main(void) { return LIMIT - 7; }\n")
    write("use.cpp", "#include \"places.h\"\nint main() { Place p; p.in.inner = first; return p.in.inner; }\n")
    local options <const> = "-Wall -Werror -fsyntax-only -I'" .. source .. "/include/oleander' "
    for _, command in ipairs { "gcc -std=c11 " .. options .. "use.c", "gcc -std=c11 -DCOBJMACROS " .. options
      .. "use.c",
      "g++ " .. options .. "use.cpp", "g++ -DCINTERFACE " .. options .. "use.cpp",
      "gcc -include initguid.h " .. options .. "use.c",
      "gcc -c -I'" .. source .. "/include/oleander' places_i.c -o places_i.o" } do
      local done <const> = os.execute(("cd '%s' && env -u LD_PRELOAD %s >compiler 2>&1"):format(folder, command))
      assert(done, command .. "\n" .. tostring(read "compiler"))
    end
  end)

  it("makes headers that compile with those of mingw-w64", function()
    local there <const> = io.open "/usr/x86_64-w64-mingw32/include/oaidl.h"
    if not there or not os.execute "env -u LD_PRELOAD clang --version >/dev/null 2>&1" then
      pending "clang or the headers of mingw-w64 (package mingw-w64-x86-64-dev) are not here"
      return
    end
    there:close()
    assert.equal(0, (run "header --quiet -o places.h places.idl"))
    write("use.c", "#include \"places.h\"\n")
    for _, language in ipairs { "c", "c++" } do
      local done <const> = os.execute(("cd '%s' && env -u LD_PRELOAD clang -x %s "
        .. "-target x86_64-w64-mingw32 -fms-extensions -fsyntax-only "
        .. "-isystem /usr/x86_64-w64-mingw32/include use.c >compiler 2>&1"):format(folder, language))
      assert(done, read "compiler")
    end
  end)

  it("makes a header of a file without a library", function()
    write("plain.idl", "import \"unknwn.idl\";\n"
      .. "[object, uuid(6B29FC40-CA47-1067-B31D-00DD010662D0)] interface I : IUnknown { }\n")
    assert.equal(0, (run "header -q -o plain.h plain.idl"))
    assert.equal(1, (run "compile -q -o plain.tlb plain.idl"))
  end)
end)
