-- com.compile_idl: what the rules of the language make of a text, seen through the library.
local com <const> = require "oleander"

local HEAD <const> = [[
[uuid(6B29FC40-CA47-1067-B31D-00DD010662DA), version(1.2), helpstring("A " "library"), lcid(0x409), helpcontext(7)]
library Made { importlib("stdole2.tlb");
]]

local function compile(text)
  return com.compile_idl(HEAD .. text .. "\n}")
end

local function members(kind)
  local list <const> = {}
  for i, member in ipairs(kind.members) do list[i] = tostring(member) end
  return list
end

local function names(library)
  local list <const> = {}
  for i = 1, #library.types do list[i] = library.types[i].name end
  return table.concat(list, " ")
end

describe("com.compile_idl", function()
  it("gives a library with the attributes of the text", function()
    local library <const> = compile ""
    assert.equal("Made", library.name)
    assert.equal("{6B29FC40-CA47-1067-B31D-00DD010662DA}", library.guid)
    assert.equal("1.2", library.version)
    assert.equal("A library", library.help)
    assert.equal(0x409, library.lcid)
    assert.equal(7, library.help_context)
  end)

  it("takes types as the base words of Automation name them", function()
    local kinds <const> = {
      { "long", "long" }, { "LONG", "long" }, { "unsigned long", "unsigned long" }, { "DWORD", "unsigned long" },
      { "int", "int" }, { "UINT", "unsigned int" }, { "short", "short" }, { "char", "char" }, { "byte",
        "unsigned char" },
      { "BOOL", "long" }, { "VARIANT_BOOL", "VARIANT_BOOL" }, { "boolean", "unsigned char" }, { "hyper", "int64" },
      { "__int64", "int64" }, { "unsigned __int64", "uint64" }, { "float", "float" }, { "double", "double" },
      { "BSTR", "BSTR" }, { "VARIANT", "VARIANT" }, { "CURRENCY", "CURRENCY" }, { "CY", "CURRENCY" }, { "DATE",
        "DATE" },
      { "DECIMAL", "DECIMAL" }, { "SCODE", "SCODE" }, { "HRESULT", "HRESULT" }, { "LPSTR", "LPSTR" },
      { "LPWSTR", "LPWSTR" }, { "LPCOLESTR", "LPWSTR" }, { "LONG_PTR", "int64" }, { "wchar_t", "unsigned short" },
      { "IUnknown *", "IUnknown*" }, { "IDispatch *", "IDispatch*" }, { "IDispatch **", "IDispatch**" },
      { "IFontDisp *", "IFontDisp*" }, { "OLE_COLOR", "OLE_COLOR" }, { "void *", "void*" }, { "GUID *", "GUID*" },
      { "const long * const", "long*" }, { "SAFEARRAY(BSTR)", "SAFEARRAY(BSTR)" },
      { "SAFEARRAY(IDispatch *) *", "SAFEARRAY(IDispatch*)*" }, { "unsigned", "unsigned int" },
      { "long unsigned int", "unsigned long" }, { "long long", "int64" },
    }
    local lines <const> = {}
    for i, kind in ipairs(kinds) do lines[i] = ("HRESULT f%d([in] %s x);"):format(i, kind[1]) end
    local library <const> = compile("interface I : IUnknown {" .. table.concat(lines, "\n") .. "}")
    for i, kind in ipairs(kinds) do
      assert.equal(kind[2], library.types.I.functions[i].parameters[1].type, kind[1])
    end
  end)

  it("takes a string of characters, an open array and a fixed one", function()
    local library <const> = compile [[
interface I : IUnknown {
  HRESULT a([in, string] char *x); HRESULT b([in, string] const wchar_t *x); HRESULT c([in] long x[]);
  HRESULT d([in] long x[4][2]); HRESULT e([in, string] wchar_t x[]); HRESULT f([in, size_is(4)] long x[*]);
}]]
    local types <const> = {}
    for i, member in ipairs(library.types.I.functions) do types[i] = tostring(member.parameters[1]) end
    assert.same({ "[in] LPSTR x", "[in] LPWSTR x", "[in] long* x", "[in] long x[4][2]", "[in] LPWSTR x",
      "[in] long* x" },
      types)
  end)

  it("numbers members by the depth of their interface, properties of one name alike", function()
    local library <const> = compile [[
interface A : IUnknown { HRESULT a1(); HRESULT a2(); }
interface B : A { HRESULT b1(); }
interface D : IDispatch { [propget] HRESULT P([out, retval] long *v); [propput] HRESULT P([in] long v);
  HRESULT m(); [id(5)] HRESULT n(); [id(DISPID_NEWENUM), propget] HRESULT _NewEnum([out, retval] IUnknown **e); }]]
    local ids <const> = {}
    for _, name in ipairs { "A", "B", "D" } do
      for _, member in ipairs(library.types[name].functions) do
        ids[#ids + 1] = ("%s %x"):format(member.name, member.id & 0xFFFFFFFF)
      end
    end
    assert.same({ "a1 60010000", "a2 60010001", "b1 60020000", "P 60020000", "P 60020000", "m 60020002", "n 5",
      "_NewEnum fffffffc" }, ids)
  end)

  it("computes constants", function()
    local library <const> = compile [[
#define TWICE(x) ((x) * 2)
const long BASE = 0x10;
typedef enum { a, b = BASE | 1, c, d = TWICE(c) + 'A', e = -1, f = sizeof(long) << 2, g = a == 0 ? 7 : 8, h = ~0, } E;]]
    local values <const> = {}
    for i, member in ipairs(library.types.E.variables) do values[i] = member.value end
    assert.same({ 0, 17, 18, 101, -1, 16, 7, -1 }, values)
  end)

  it("gives a typedef with attributes a type of its own", function()
    local library <const> = compile [[
typedef long Plain;
typedef [public] long Public;
typedef [uuid(6B29FC40-CA47-1067-B31D-00DD010662DB)] struct tag { Plain x; } Named;
typedef [helpstring("help")] enum { one } OnlyName;
interface I : IUnknown { HRESULT f([in] Plain a, [in] Public b, [in] Named *c, [in] OnlyName d); }]]
    assert.equal("Public tag Named OnlyName I", (names(library):gsub("Named tag", "tag Named")))
    assert.equal("alias", library.types.Named.kind)
    assert.equal("help", library.types.OnlyName.help)
    assert.same({ "[in] long a", "[in] Public b", "[in] Named* c", "[in] OnlyName d" }, (function()
      local list <const> = {}
      for i, parameter in ipairs(library.types.I.functions[1].parameters) do list[i] = tostring(parameter) end
      return list
    end)())
  end)

  it("draws in what is named, each where it is named first", function()
    local library <const> = com.compile_idl [[
import "oaidl.idl";
struct Unused { int x; };
struct Used { int x; };
[object, uuid(6B29FC40-CA47-1067-B31D-00DD010662DB)] interface IOutside : IUnknown { HRESULT f([in] struct Used *u); }
[object, uuid(6B29FC40-CA47-1067-B31D-00DD010662DC)] interface IAlso : IUnknown { HRESULT g(); }
[uuid(6B29FC40-CA47-1067-B31D-00DD010662DA)] library L {
  importlib("stdole2.tlb");
  interface Later;
  enum E { one };
  [uuid(6B29FC40-CA47-1067-B31D-00DD010662DD)] coclass C { [default] interface IOutside; }
  [object, uuid(6B29FC40-CA47-1067-B31D-00DD010662DE)] interface Later : IUnknown { HRESULT h(); }
  interface IAlso;
}]]
    assert.equal("Later E C IOutside Used IAlso", names(library))
  end)

  it("knows the rules of coclasses and their flags", function()
    local library <const> = compile [[
[uuid(6B29FC40-CA47-1067-B31D-00DD010662D0)] dispinterface D { properties: [id(1)] long p; methods: [id(2)] void e(); }
[uuid(6B29FC40-CA47-1067-B31D-00DD010662D1), dual] interface I : IDispatch { }
[uuid(6B29FC40-CA47-1067-B31D-00DD010662D2)] coclass A { interface I; [source] dispinterface D; }
[uuid(6B29FC40-CA47-1067-B31D-00DD010662D3), noncreatable, appobject, hidden, control] coclass B {
  interface I; [default] dispinterface D; };]]
    local function listed(class)
      local list <const> = {}
      for i, item in ipairs(class.implements) do list[i] = item.name .. ":" .. table.concat(item.flags, ",") end
      return table.concat(list, " ")
    end
    assert.equal("I:default D:default,source", listed(library.types.A))
    assert.equal("I: D:default", listed(library.types.B))
    assert.same({ "appobject", "hidden", "control" }, library.types.B.flags)
    assert.same({ "dual", "oleautomation", "dispatchable" }, library.types.I.other_half.flags)
    assert.same({ "dispatchable" }, library.types.D.flags)
  end)

  it("stores defaults as the parameter's type", function()
    local library <const> = compile [[
interface I : IDispatch { HRESULT f([in, defaultvalue(5)] short a, [in, defaultvalue("x")] BSTR b,
  [in, defaultvalue(TRUE)] VARIANT_BOOL c, [in, defaultvalue(1.5)] double d, [in, optional, defaultvalue(7)] VARIANT e,
  [in, defaultvalue(-1)] long *g, [in, defaultvalue(0)] IDispatch *h, [in, defaultvalue(3)] CURRENCY i); }]]
    local list <const> = {}
    for i, parameter in ipairs(library.types.I.functions[1].parameters) do
      assert.is_true(parameter.has_default)
      list[i] = tostring(parameter.default)
    end
    assert.same({ "5", "x", "true", "1.5", "7", "-1", "nil", "3" }, list)
  end)

  it("makes modules with constants, entries by name and by number", function()
    local library <const> = compile [[
[dllname("libm.so.6"), uuid(6B29FC40-CA47-1067-B31D-00DD010662D0)] module M {
  const long answer = 42; const LPSTR motto = "a\tb";
  [entry("cos"), helpstring("Cosine")] double _cdecl Cosine([in] double x); [entry(9)] void Nine();
  double sin([in] double x);
}]]
    local m <const> = library.types.M
    assert.equal(42, m.members.answer.value)
    assert.equal("a\tb", m.members.motto.value)
    assert.same({ dll = "libm.so.6", name = "cos" }, m.members.Cosine.entry)
    assert.same({ dll = "libm.so.6", ordinal = 9 }, m.members.Nine.entry)
    assert.same({ dll = "libm.so.6", name = "sin" }, m.members.sin.entry)
  end)

  it("lays records out, packed where the file says it", function()
    local library <const> = compile [[
typedef struct { char a; double b; BSTR c; short d[3]; } Natural;
#pragma pack(push, 2)
typedef struct { char a; double b; } Packed;
#pragma pack(pop)
typedef union { char a; double b; } Either;
typedef struct { struct { int x; int y; } inner; union { int i; double d; } u; } Nested;]]
    local sizes <const> = {}
    for _, name in ipairs { "Natural", "Packed", "Either", "Nested" } do sizes[#sizes
      + 1] = library.types[name].size end
    assert.same({ 32, 10, 8, 16 }, sizes)
    assert.equal(8, library.types.Natural.variables[2].offset)
    assert.equal(2, library.types.Packed.variables[2].offset)
  end)

  it("keeps what tells the members of unions and counts behind pointers", function()
    local library <const> = compile [[
typedef union switch (long kind) value { case 1: long a; case 2: case -3: BSTR b; } Own;
typedef [switch_type(long)] union { [case(1)] long a; [case(2, 3)] BSTR b; [default] double c; } Either;
typedef struct { long kind; [switch_is(kind)] Either value; long n; [size_is(n)] short *x; } Has;]]
    local found <const> = {}
    for i = 1, #library.types do
      for _, field in ipairs(library.types[i].members or {}) do
        local kept <const> = field.custom and field.custom[1]
        if kept then found[#found + 1] = field.name .. " " .. kept.value end
      end
    end
    table.sort(found)
    assert.same({ "a case(1)", "a case(1)", "b case(2,-3)", "b case(2,3)", "c default", "value switch(kind)",
      "value switch_is(kind)", "x size_is(n)" }, found)
  end)

  it("keeps custom data, help on everything, and flags of members", function()
    local library <const> = compile [[
[uuid(6B29FC40-CA47-1067-B31D-00DD010662D0), custom(6B29FC40-CA47-1067-B31D-00DD010662D1, "text"), helpcontext(3)]
interface I : IDispatch {
  [id(1), hidden, restricted, bindable, custom(6B29FC40-CA47-1067-B31D-00DD010662D1, 12), helpstring("f")] HRESULT f();
}
enum e { [helpstring("one")] one, };]]
    assert.equal("{6B29FC40-CA47-1067-B31D-00DD010662D1}", library.types.I.custom[1].guid)
    assert.equal("text", library.types.I.custom[1].value)
    assert.same({ "[id(0x00000001), restricted, bindable, hidden, helpstring(\"f\")] HRESULT f();" },
      members(library.types.I))
    assert.equal(12, library.types.I.functions[1].custom[1].value)
    assert.equal("one", library.types.e.variables[1].help)
  end)

  it("reads the old style and what other compilers let pass", function()
    local library <const> = compile [[
[ uuid(6B29FC40-CA47-1067-B31D-00DD010662D0), odl ][ helpstring("two groups"), ]
interface I : IUnknown {
  [annotation("_In_"), public, nonextensible] HRESULT STDMETHODCALLTYPE f([in] [size_is(2)] long * const x);
  HRESULT _stdcall g([in, out] long *far);;
};
[uuid(6B29FC40-CA47-1067-B31D-00DD010662D2)]
dispinterface D { interface I; }
typedef HRESULT (__stdcall *Callback)([in] long x);
struct bits { unsigned a : 3; unsigned : 2; unsigned b : 4; };
midl_pragma warning(disable: 2400)
cpp_quote("x")
]]
    assert.equal("two groups", library.types.I.help)
    assert.equal("far", library.types.I.functions[2].parameters[1].name)
    assert.equal("f", library.types.D.members.f.name)
  end)

  it("serves and saves at once", function()
    local library <const> = compile [[
[uuid(6B29FC40-CA47-1067-B31D-00DD010662D0), dual, object] interface ISquare : IDispatch {
  [id(1)] HRESULT Area([in] double side, [out, retval] double *area); }]]
    local square <close> = com.object({ Area = function(_, side) return side * side end }, "ISquare", library)
    assert.equal(9.0, square:Area(3))
    local path <const> = os.tmpname()
    library:save(path)
    local again <const> = com.typelib(path)
    os.remove(path)
    assert.equal("MSFT", again.format)
    assert.equal(tostring(library.types.ISquare.functions[1]), tostring(again.types.ISquare.functions[1]))
  end)

  it("takes files, folders and macros, for both widths", function()
    local folder <const> = os.tmpname()
    os.remove(folder)
    assert(os.execute("mkdir -p '" .. folder .. "/inc'"))
    local function write(name, text)
      local file <close> = assert(io.open(folder .. "/" .. name, "w"))
      file:write(text)
    end
    write("inc/Other.Idl", "struct FromOther { LONG_PTR x; };")
    write("main.idl", "import \"..\\\\" .. folder:match "[^/]*$" .. "\\\\INC\\\\other.idl\";\n" .. HEAD
      .. "struct S { struct FromOther o; VALUE v; }; }")
    local library <const> = com.compile_idl {
      file = folder .. "/main.idl", include = { folder .. "/inc" }, define = { VALUE = "double" }, bits = 32,
    }
    assert.equal("S FromOther", names(library))
    assert.equal("long", library.types.FromOther.variables[1].type)
    assert.equal("double", library.types.S.variables[2].type)
    assert(os.execute("rm -r '" .. folder .. "'"))
  end)

  it("raises one error with all places", function()
    local _ <const>, problem <const> = com.try(com.compile_idl, { text = HEAD .. "struct s { nope x; }; }",
      name = "x.idl" })
    assert.truthy(tostring(problem):find("x.idl:3:12: the type nope is not known", 1, true))
    assert.truthy(tostring(problem):find("\n             ^", 1, true))
  end)

  it("has words for modules without a library", function()
    local reader <const> = require "oleander.idl.compile"
    local compilation <const> = reader.read { text = [[
[uuid(6B29FC40-CA47-1067-B31D-00DD010662DA), abi("wchar=4; convention=ms")] library L {
  [uuid(6B29FC40-CA47-1067-B31D-00DD010662D1), odl] interface I : IUnknown {
    HRESULT f([in] size_t n, [in, string, size_is(n)] wchar_t const * const *names, [out] PROPVARIANT *value,
      [in] uint32_t flags, [in] const GUID *iid, [out, iid_is(iid)] void **object);
  }
}]] }
    local description <const> = reader.describe(compilation)
    assert(description, compilation.diagnostics:report())
    assert.same({ { guid = "{6F1B1C5A-3D0E-4E5B-9A57-0C4F2B7E61D2}", vt = 8, value = "wchar=4; convention=ms" } },
      description.custom)
    local f <const> = description.types[1].functions[1]
    assert.equal(21, f.parameters[1].type.vt)
    assert.same({ vt = 26, to = { vt = 31 } }, f.parameters[2].type)
    assert.same({ 29, 0 }, { f.parameters[3].type.to.vt, f.parameters[3].type.to.index })
    assert.equal(19, f.parameters[4].type.vt)
    assert.equal("1 size_is(n),string; 5 iid_is(iid)", f.custom[1].value)
    local decompile <const> = require "oleander.idl.decompile"
    local text <const>, problems <const> = decompile.library(require "oleander.core".build_typelib(description))
    assert.same({}, problems)
    assert.truthy(text:find('abi("wchar=4; convention=ms")', 1, true))
    assert.truthy(text:find("PROPVARIANT *value", 1, true))
    local again <const> = reader.describe(reader.read { text = text })
    assert.same(description.custom, again.custom)
    assert.same(f.custom, again.types[1].functions[1].custom)
  end)

  it("finds members whose ids are in no order, those of one id in the order of their declaration", function()
    local library <const> = com.compile_idl [[
      [uuid(0F2C1D58-9C77-4A6C-8F0B-61C5E58A8B21)] library Unordered { importlib("stdole2.tlb");
        [uuid(0F2C1D58-9C77-4A6C-8F0B-61C5E58A8B22)] dispinterface DItems {
          properties: [id(5)] long Size; [id(-7)] BSTR Title;
          methods: [id(9)] void Last([in] long a); [id(3), propput] void Value([in] long k, [in] long v);
            [id(3), propget] long Value([in] long key); [id(-1)] void First(); [id(4)] long Between([in] BSTR text);
        } }]]
    local found <const> = {}
    for _, member in ipairs(library.types.DItems.members) do
      local given <const> = {}
      for _, parameter in ipairs(member.parameters or {}) do given[#given + 1] = parameter.name end
      found[#found + 1] = ("%s %s(%s)"):format(member.kind, member.name, table.concat(given, ","))
    end
    table.sort(found)
    assert.same({ "get Value(k)", "method Between(text)", "method First()", "method Last(a)", "property Size()",
      "property Title()", "put Value(k,rhs)" }, found)
  end)

  it("has the base IDL of OLE, of property sets and of documents, with an import and without", function()
    local cases <const> = { oleidl = { "IOleInPlaceSite", "IDataObject", "IDropTarget", "IOleObject" },
      propidl = { "IPropertyStorage", "IPropertySetStorage" },
      docobj = { "IOleCommandTarget", "IOleDocumentView", "IPrint" } }
    for file, wanted in pairs(cases) do
      for _, import in ipairs { ('import "%s.idl";'):format(file), "" } do
        local lines <const> = { import, "[uuid(0F2C1D58-9C77-4A6C-8F0B-61C5E58A8B41)] library Base {" }
        for _, name in ipairs(wanted) do lines[#lines + 1] = ("  interface %s;"):format(name) end
        if import == "" then
          lines[#lines + 1] = "[uuid(0F2C1D58-9C77-4A6C-8F0B-61C5E58A8B42), odl] interface IUser : IUnknown {"
          for i, name in ipairs(wanted) do lines[#lines + 1] = ("HRESULT Use%d([in] %s *o);"):format(i, name) end
          lines[#lines + 1] = "}"
        end
        lines[#lines + 1] = "}"
        local library <const> = com.compile_idl(table.concat(lines, "\n"))
        for _, name in ipairs(wanted) do assert(library.types[name], name) end
      end
    end
    local print <const> = com.compile_idl [[import "docobj.idl";
      [uuid(0F2C1D58-9C77-4A6C-8F0B-61C5E58A8B41)] library Base { interface IPrint; }]].types.IPrint
    assert.equal("{B722BCC9-4E68-101B-A2BC-00AA00404770}", print.guid)
  end)
end)
