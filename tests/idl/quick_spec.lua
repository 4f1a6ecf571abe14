-- Declarations that are read from the text at once are what the parser makes of their tokens: everything is compiled
-- again with an empty macro in front of each declaration, which leaves the reading to the parser.
local compile <const> = require "oleander.idl.compile"

local HEAD <const> = [[import "oaidl.idl";
[uuid(6B29FC40-CA47-1067-B31D-00DD010662DA)] library L { importlib("stdole2.tlb");
]]

-- Declarations; those of `members` stand in an interface.
local declarations <const> = {
  "typedef enum E { a, b = 3, c = -1, d = 0x10, e = 010, } E;", "typedef enum { f } F;", "typedef enum tag { g } G;",
  "typedef struct S { long x; unsigned long y; BSTR name; S *next; const char *text; IUnknown **u; } S;",
  "typedef struct { double d; } T;", "typedef struct tagU { VARIANT v; wchar_t *w; } U;",
  "typedef /* one */ struct V { // two\n long x; /* three */ } V ;", "interface IForward;",
  "module M { const long N = -5; const BSTR O = 3; const UINT P = 0xFFFFFFFF; }", "cpp_quote(\"text\")",
  "typedef struct S2 { long x } S2;", "typedef enum E2 { x = } E2;", "typedef struct S3 { long x[3]; } S3;",
  "typedef struct S4 { unsigned float x; } S4;", "typedef enum E3 { y = 09 } E3;", "const long = 3;",
  "typedef struct S5 { enum E e; } S5;", "typedef struct S6 { struct S6 x; } S6;", "interface;",
  "typedef struct S7 { long x; long x; } S7; typedef struct S8 { Nowhere z; } S8;",
  "#pragma pack(1)\ntypedef struct S9 { byte b; long l; } S9;\n#pragma pack()\ntypedef struct S0 { byte b; } S0;",
}
local members <const> = {
  "HRESULT m();", "HRESULT m(void);", "[id(5), propget, helpstring(\"help\")] HRESULT p([out, retval] BSTR *value);",
  "[propput] HRESULT p([in] BSTR value); [propput] HRESULT p([in] BSTR value);",
  "HRESULT q([in] long a, [in, defaultvalue(3)] long b, [in, defaultvalue(-3)] short c, [defaultvalue(\"t\")] BSTR d);",
  "HRESULT q([in, defaultvalue(70000)] short a);", "HRESULT q([in] Nowhere *a);", "HRESULT q([in] unsigned a);",
  "[id(1), id(2)] HRESULT q([in][out] long *a);", "HRESULT q(long, BSTR);", "HRESULT q(long long a);",
  "[helpstring(\"a\\\"b\")] HRESULT q();", "[helpstring(\"a\" \"b\")] HRESULT q();", "[nonsense] HRESULT q();",
  "HRESULT q([in, optional] VARIANT a, [in, optional] VARIANT b);", "void __stdcall q();",
  "HRESULT far q([in] long far *a);",
  "[propget, id(0x80000000)] HRESULT q([out, retval] const long *a);",
  "HRESULT q([in, size_is(n)] byte *a, [in] int n);",
  "HRESULT q([in] SAFEARRAY(long) a);", "HRESULT q([in] enum E a);", "HRESULT q(long a[3]);", "HRESULT q([in] void a);",
  "[custom(6B29FC40-CA47-1067-B31D-00DD010662DB, 3)] HRESULT q();", "HRESULT q(...);", "HRESULT q([in] long a",
  "long q; HRESULT r();", "HRESULT q([in] long const a, [in] long *const b);", "HRESULT q([in, inout] long *a);",
  "[hidden, restricted, vararg] HRESULT q([in] SAFEARRAY(VARIANT) a);", "HRESULT interface([in] long x);",
  "HRESULT q([in]/**/long/**/a/**/,/**/[in]\tlong\nb);",
}

--- What becomes of a text: the description, or the messages without columns.
local function result(text)
  local compilation <const> = compile.read { text = text }
  local description <const> = compile.describe(compilation)
  local messages <const> = {}
  for i, item in ipairs(compilation.diagnostics.list) do
    messages[i] = ("%s %d %s"):format(item.severity, item.line, item.message)
  end
  table.sort(messages)
  return { description = description, messages = messages }
end

describe("declarations of common shapes are read as all others are:", function()
  local function check(name, before, text, after)
    it(name, function()
      local plain <const> = HEAD:gsub("^", "#define NOTHING\n") .. before .. text .. after
      -- A macro in a declaration leaves it to the parser.
      local slow <const> = (text:find "^#" and "" or " NOTHING " .. text):gsub("^$", text)
        :gsub("([;}\n]%s*)([%a%[])", "%1 NOTHING %2")
      assert.same(result(HEAD:gsub("^", "#define NOTHING\n") .. before .. slow .. after), result(plain))
    end)
  end
  for _, text in ipairs(declarations) do check(text, "", text, "\n}") end
  for _, text in ipairs(members) do
    check(text, "[odl, uuid(6B29FC40-CA47-1067-B31D-00DD010662D1)] interface I : IDispatch {\n", text, "\n} }")
  end

  it("with macros in them", function()
    local made <const> = result(HEAD .. "#define SIZE 7\n#define TYPE long\nmodule M { const TYPE N = SIZE; }\n"
      .. "[odl] interface I : IUnknown { HRESULT m([in] TYPE x); } }")
    assert.same({}, made.messages)
    assert.equal(7, made.description.types[1].variables[1].constant.value)
    assert.equal(3, made.description.types[2].functions[1].parameters[1].type.vt)
  end)

  it("with macros of the command line in them", function()
    local text <const> = HEAD .. "typedef enum E { a = ONE } E; }"
    local compilation <const> = compile.read { text = text, define = { ONE = "1" } }
    local description <const> = compile.describe(compilation)
    assert.equal(1, description.types[1].variables[1].constant.value)
  end)

  it("texts with quotes and backslashes go into the header as they are meant", function()
    local lines <const> = { [[cpp_quote("#define A \"b\" \\")]], [[cpp_quote("#define C\tD")]], [[cpp_quote("")]],
      [[cpp_quote("\\\\\"")]] }
    local compilation <const> = compile.read { text = table.concat(lines, "\n") }
    local header <const> = compile.header(compilation, "made.h")
    assert(header, compilation.diagnostics:report())
    assert.truthy(header:find('\n#define A "b" \\\n#define C\tD\n', 1, true))
    assert.truthy(header:find('\n\\\\"\n', 1, true))
  end)
end)
