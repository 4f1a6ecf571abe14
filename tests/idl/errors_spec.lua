-- Errors and warnings of the IDL compiler: place, text, many in a run, near names.
local compile <const> = require "oleander.idl.compile"

local function lines(text)
  local list <const> = {}
  local compilation <const> = compile.read { text = text, name = "x.idl" }
  if compilation.symbols.library then compile.describe(compilation) end
  for i, item in ipairs(compilation.diagnostics.list) do
    list[i] = ("%d:%d: %s%s"):format(item.line, item.column, item.severity == "warning" and "warning: "
      or "", item.message)
  end
  return list, compilation.diagnostics:report()
end

local HEAD <const> = "[uuid(6B29FC40-CA47-1067-B31D-00DD010662DA)] library L { importlib(\"stdole2.tlb\");\n"

local function in_library(text)
  return lines(HEAD .. text .. "\n}\n")
end

describe("errors of the IDL compiler", function()
  local cases <const> = {
    { "typedef long;", "1:13: a name is expected, not ;" },
    { "interface", "1:1: the name of the interface is expected, not the end of the file" },
    { "typedef int x", "1:13: ; is expected, not the end of the file" },
    { "interfce I { }", "1:1: a declaration is expected, not interfce (did you mean interface?)" },
    { "[uuid(1234)] interface I { }", "1:7: 1234 is no GUID: 8-4-4-4-12 hexadecimal digits are expected" },
    { "[helpstrng(\"x\")] interface I;", "1:2: warning: unknown attribute helpstrng (did you mean helpstring?)" },
    { "[uuid 5] interface I;", "1:7: ( is expected, not 5" },
    { "[version(1.2.3)] interface I;", "1:10: a version is MAJOR.MINOR, each at most 65535, not 1.2.3" },
    { "cpp_quote(\"abc", "1:11: the text is not closed on its line" },
    { "/* never", "1:1: a declaration is expected, not a comment that is not closed" },
    { "unsigned double d;", "1:1: unsigned double is no type" },
    { "#if 1", "1:1: the condition has no #endif" },
    { "#endif", "1:1: #endif without #if" },
    { "#inclde \"x\"", "1:1: unknown directive #inclde (did you mean include?)" },
    { "#include \"nowhere.h\"", "1:1: the file nowhere.h can't be found" },
    { "import \"nowhere.idl\";", "1:8: the file nowhere.idl can't be found" },
    { "#error stop here", "1:1: #error stop here" },
    { "#if 1 +\n#endif", "1:1: an expression is expected, not the end of the line" },
    { "struct s { int a };", "1:16: ; is expected, not }", none = true },
    { "namespace X { }", "1:1: namespace belongs to the Windows Runtime, whose files are not read" },
    { "struct a { int x; }; struct a { int y; };", "1:29: struct a is there already, at x.idl:1" },
  }
  for _, case in ipairs(cases) do
    it("says of " .. case[1]:gsub("\n", " "), function()
      local list <const> = lines(case[1])
      if case.none then
        assert.same({}, list) -- a last field without its semicolon does no harm
      else
        assert.equal(case[2], list[1])
      end
    end)
  end

  local library_cases <const> = {
    { "interface I : IUnknwn { }", "2:15: the type IUnknwn is not known (did you mean IUnknown?)" },
    { "struct s { lnog x; };", "2:12: the type lnog is not known (did you mean LONG or long?)" },
    { "interface F; interface I : IUnknown { HRESULT f([in] F *x); }",
      "2:54: the interface F is declared, but defined nowhere" },
    { "enum e { a = b };", "2:14: b is not known here (did you mean a?)" },
    { "enum e { a = 1 / 0 };", "2:16: division by zero" },
    { "enum e { a = a };", "2:14: the value of a depends on itself" },
    { "struct s { struct s x; };", "2:8: the struct s contains itself" },
    { "typedef t u; typedef u t; struct s { t x; };", "2:11: the type u is defined by itself" },
    { "coclass c { };", "2:9: the coclass c has no uuid" },
    { "[dual] interface I : IUnknown { }", "2:2: I is dual, but does not derive from IDispatch" },
    { "interface I : IUnknown { HRESULT f; }", "2:34: f has no parameters: () is missing" },
    { "dispinterface d { properties: long x; }", "2:36: the property x needs an id" },
    { "dispinterface d { properties: [id(1)] long x(); }",
      "2:44: x is a method: it stands under methods:" },
    { "interface I : IDispatch { [id(1)] HRESULT a(); [id(1)] HRESULT b(); }", "2:49: b has the id of a" },
    { "interface I : IDispatch { HRESULT a(); HRESULT a(); }", "2:48: the method a is there twice" },
    { "importlib(\"none.tlb\");", "2:11: the library none.tlb can't be found" },
    { "interface I : IDispatch { HRESULT a([defaultvalue(\"x\")] long n); }",
      "2:51: the default of n is an integer" },
    { "interface I : IDispatch { HRESULT a([defaultvalue(70000)] short n); }",
      "2:51: 70000 does not fit into the type of the default of n" },
    { "interface I : IUnknown { }; interface I : IUnknown { };", "2:39: the interface I is there already, at x.idl:2" },
    { "typedef struct { int a; int a; } s;", "2:29: the field a is there twice" },
  }
  for _, case in ipairs(library_cases) do
    it("says of " .. case[1], function()
      assert.equal(case[2], (in_library(case[1]))[1])
    end)
  end

  it("shows the line with a mark under the place, tabs kept", function()
    local _ <const>, report <const> = lines "\ttypedef int ü, 5;\n"
    assert.equal("x.idl:1:17: a name is expected, not 5\n  \ttypedef int ü, 5;\n  \t               ^", report)
  end)

  it("goes on behind an error and finds the others", function()
    local list <const> = in_library [[
interface A : IUnknown { HRESULT f(; HRESULT g(lnog x); HRESULT ok(); }
struct s { nope n; };
interface B : A { HRESULT h([in] what w); }]]
    for i, text in ipairs(list) do list[i] = text:gsub(" %(did you mean.*", "") end
    assert.same({
      "2:36: a type is expected, not ;", "2:48: the type lnog is not known", "3:12: the type nope is not known",
      "4:34: the type what is not known",
    }, list)
  end)

  it("ends a file that is nothing but errors", function()
    local list <const> = lines(("5;"):rep(10000))
    assert.equal(100, #list)
  end)
end)
