-- The scanner in C gives of any text what the grammar in LPeg gives: of the IDL that is here, and of pieces of it that
-- are cut and mixed with signs, from a fixed seed. OLEANDER_SCANNER_TEXTS says how many of those are tried.
local lexer <const> = require "oleander.idl.lexer"
local lexical <const> = require "oleander.idl.lexical"

local source <const> = assert(os.getenv "OLEANDER_SOURCE")

--- Where two values differ, by the keys that lead there; nil: nowhere. Nodes refer to each other in circles.
local function difference(a, b, path, seen)
  if a == b then return nil end
  if type(a) ~= "table" or type(b) ~= "table" then return ("%s: %s, %s"):format(path, a, b) end
  if seen[a] then return seen[a] ~= b and path .. ": another table" or nil end
  seen[a] = b
  if getmetatable(a) ~= getmetatable(b) then return path .. ": another metatable" end
  for key, value in pairs(a) do
    local found <const> = difference(value, b[key], path .. "." .. tostring(key), seen)
    if found then return found end
  end
  for key in pairs(b) do
    if a[key] == nil then return ("%s.%s: only the second"):format(path, key) end
  end
end

local function compare(text, places, in_line)
  local grammar <const> = table.pack(lexical.scan(text, places, in_line))
  local scanned <const> = in_line and table.pack(lexer.line(text)) or table.pack(lexer.file(text, places))
  grammar.n, scanned.n = nil, nil
  return difference(grammar, scanned, "", {})
end

local function read(path)
  local file <close> = assert(io.open(path, "rb"))
  return file:read "a"
end

local texts <const> = {}
local FIND <const> = "find '%s' /usr/include/directx -name '*.idl' -not -path '*/build/*' 2>/dev/null | sort"
for path in io.popen(FIND:format(source)):lines() do
  texts[#texts + 1] = { path, read(path) }
end

describe("the scanner", function()
  it("reads every IDL file here as the grammar does", function()
    assert.is_true(#texts > 10)
    for _, item in ipairs(texts) do assert.is_nil(compare(item[2], 1 << 32), item[1]) end
  end)

  for _, text in ipairs {
    "", "a", "\"", "'", "L\"", "L'x", "\"a\\", "\"a\\\n", "\"a\\\r\nb\"", "/*", "/**/", "/*/", "//", "//\\\n", "//\\",
    "\\\r\n", "#", "#a\\\nb\nc", "#a /* \n */ b\n", "#a \"/*\" b \"\\", "#a // /*\n b", "1.5e+3f", "1e", "1e+",
    "1..2", ".5", "...", "..", "0x", "0x1Fg", "0x1F-2", "1$2-3", "5.", "5.e", "12345678-1234-1234-1234-123456789abc",
    "12345678-1234-1234-1234-123456789abcd", "abcdefgh-1", "a\0b\26", "é-ü", "a->b::c<<=d##e",
    "interface X;interface Y;", "library L{interface X;}interface Z;", "interface I:J{long f(void);long g(void *p);}",
    "interface I{[id(1)]long f([in,out]int*a,char);}", "interface I{long f() /* ;", "typedef enum{a,b=010,c=0xg}E;",
    "typedef enum{}E;", "typedef struct{}S;", "typedef struct S{int a;int b[2];}S;",
    "typedef struct S{struct T a;}S;", "const unsigned long x=-0x10;", "const char *x = 3;",
    "const x y=99999999999999999999;", "cpp_quote(\"a\");", "cpp_quote(\"a\\\"\")",
    "cpp_quote(\"a \\\"b\\\" \\\\\");", "cpp_quote(\"a\\tb\");", "cpp_quote(\"a\\\\\"); cpp_quote(\"\\",
    "cpp_quote (\"a\") ; interface Q ;", "interface I{[helpstring(\"a\"), id(-3), hidden] long f();}",
    "interface I{[inout] long f();}", "interface I{[id(0x80000000)] long f();}",
    "interface I{[defaultvalue(3)][in] long f();}", "const long interface = 3;", "typedef enum{long}E;",
    "typedef struct{X long;}S;", "interface I{long f([annotation(\"_In_\")] long a, [annotation (a)] long b);}",
    "interface I{long f([in, annotation(\"_In_\")] long a);}",
  } do
    it(("reads %q as the grammar does"):format(text), function()
      assert.is_nil(compare(text, 1 << 32))
      assert.is_nil(compare(text, nil, true))
    end)
  end

  it("reads what is spoilt as the grammar does", function()
    local state = 7
    local function random(n)
      state = state * 6364136223846793005 + 1442695040888963407
      return (state >> 33) % n + 1
    end
    local signs <const> = {
      "{", "}", "[", "]", "(", ")", ";", ",", "*", "=", "/*", "*/", "//", "\n", "\\", "\"", "'", "#", "-", ".", "0x1",
      "const ", "void", "enum ", "long", "\r", "$", "\xE4", "L", "12345678-", "interface A;", "typedef struct {",
      "...",
    }
    for i = 1, tonumber(os.getenv "OLEANDER_SCANNER_TEXTS") or 400 do
      local pieces <const> = {}
      for k = 1, random(12) do
        local text <const> = texts[random(#texts)][2]
        local from <const> = random(math.max(#text, 1))
        pieces[k] = text:sub(from, from + random(300)) .. (random(2) == 1 and signs[random(#signs)] or "")
      end
      local text <const> = table.concat(pieces)
      local found <const> = compare(text, 1 << 32) or compare(text, nil, true)
      assert.is_nil(found, ("text %d: %s\n%s"):format(i, found, text))
    end
  end)
end)
