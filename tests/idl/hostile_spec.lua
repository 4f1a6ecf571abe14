-- Input made to exhaust the IDL compiler ends with an error, not with the stack, and not with all memory.
local compile <const> = require "oleander.idl.compile"

local HEAD <const> = "[uuid(6B29FC40-CA47-1067-B31D-00DD010662DA)] library L {\n"

local function lines(count, f)
  local list <const> = {}
  for i = 1, count do list[i] = f(i) end
  return table.concat(list, "\n")
end

local function nested(open, core, close, count)
  return open:rep(count) .. core .. close:rep(count)
end

-- {text, a part of the first message}; false for a text that may be read
local cases <const> = {
  ["records in records"] = { HEAD .. nested("struct {", "int x;", "} y;", 100000) .. "}", "nested too deeply" },
  ["100,000 types, each in the next"] = {
    HEAD .. lines(100000, function(i) return ("struct s%d { struct s%d x; };"):format(i, i + 1) end)
      .. "struct s100001 { int x; }; }", "nested too deeply" },
  ["100,000 types that point to the next"] = {
    HEAD .. lines(100000, function(i) return ("struct s%d { struct s%d *x; };"):format(i, i + 1) end)
      .. "struct s100001 { int x; }; }", "at most 65535 types" },
  ["typedefs of typedefs"] = {
    HEAD .. lines(20000, function(i) return ("typedef t%d t%d;"):format(i + 1, i) end)
      .. "typedef int t20001; struct q { t1 x; }; }", "defined by itself" },
  ["constants of constants"] = {
    HEAD .. "enum e {" .. lines(20000, function(i) return ("a%d = a%d + 1,"):format(i, i + 1) end)
      .. "a20001 = 1 }; }", "too deeply" },
  ["a line of 10 MB"] = { "typedef int " .. ("x"):rep(10000000) .. ";", "has no library" },
  ["brackets"] = { ("["):rep(8000000), "too many tokens" },
  ["parentheses"] = { HEAD .. "enum e { a = " .. nested("(", "1", ")", 100000) .. "}; }", "nested too deeply" },
  ["signs"] = { HEAD .. "enum e { a = " .. ("-"):rep(100000) .. "1 }; }", "nested too deeply" },
  ["a long sum"] = { HEAD .. "enum e { a = " .. ("1+"):rep(100000) .. "1 }; }", "too long" },
  ["choices"] = { HEAD .. "enum e { a = " .. nested("1?", "1", ":1", 100000) .. "}; }", "nested too deeply" },
  ["pointers"] = { HEAD .. "typedef int " .. ("*"):rep(100000) .. "x; }", "nested too deeply" },
  ["declarators in parentheses"] = {
    HEAD .. "typedef int " .. nested("(*", "x", ")", 100000) .. "; }", "nested too deeply" },
  ["functions in parameters"] = { HEAD .. "interface I {" .. ("HRESULT f("):rep(100000), "nested too deeply" },
  ["arrays of arrays"] = {
    HEAD .. "interface I { HRESULT f(" .. nested("SAFEARRAY(", "int", ")", 100000) .. " x); } }", "nested too deeply" },
  ["dimensions"] = { HEAD .. "struct s { int x" .. ("[2]"):rep(100000) .. "; }; }", "too many dimensions" },
  ["a record that is too large"] = { HEAD .. "struct s { int x" .. ("[65536]"):rep(8) .. "; }; }",
    "no size of an array" },
  ["a macro that doubles"] = {
    "#define a0 x x\n" .. lines(60, function(i) return ("#define a%d a%d a%d"):format(i, i - 1,
      i - 1) end) .. "\na60\n",
    "too much text" },
  ["macros of macros"] = {
    lines(20000, function(i) return ("#define a%d a%d"):format(i, i + 1) end) .. "\na1\n", "nested too deeply" },
  ["arguments of arguments"] = {
    "#define f(x) x x\n" .. nested("f(", "1", ")", 100000) .. "\n", "macros" },
  ["a macro that names itself"] = { "#define f(x) f(x x)\nf(f(f(f(1))))\n", "expected" },
  ["conditions"] = { ("#if 1\n"):rep(100000), "nested too deeply" },
  ["interfaces that derive"] = {
    HEAD .. lines(5000, function(i) return ("interface I%d : I%d { };"):format(i, i + 1) end)
      .. "interface I5001 : I1 { }; }", "too many interfaces" },
  ["an open comment"] = { "/*" .. ("x"):rep(1000000), "not closed" },
  ["an open text"] = { 'cpp_quote("' .. ("x"):rep(1000000), "not closed" },
}

describe("the IDL compiler, given hostile input:", function()
  for name, case in pairs(cases) do
    it(name, function()
      local compilation <const> = compile.read { text = case[1] }
      compile.describe(compilation)
      assert.is_true(compilation.diagnostics.errors > 0)
      local first <const> = compilation.diagnostics.list[1]
      assert.truthy(first.message:find(case[2], 1, true), first.message)
      assert.is_true(#compilation.diagnostics:report() < 200000)
    end)
  end

  it("files that include themselves", function()
    local path <const> = os.tmpname()
    local file <const> = assert(io.open(path, "w"))
    file:write('#include "', path, '"\n#include "', path, '"\n')
    file:close()
    local compilation <const> = compile.read { file = path }
    os.remove(path)
    assert.truthy(compilation.diagnostics.list[1].message:find("include each other too deeply", 1, true))
  end)

  it("bytes without sense", function()
    local state = 12345
    local function random(n)
      state = (state * 1103515245 + 12345) & 0x7FFFFFFF
      return (state >> 8) % n
    end
    for _ = 1, 200 do
      local bytes <const> = {}
      for i = 1, 200 do bytes[i] = string.char(random(256)) end
      local compilation <const> = compile.read { text = table.concat(bytes) }
      compile.describe(compilation)
      assert.is_true(compilation.diagnostics.errors > 0)
    end
  end)
end)
