-- Random IDL: pieces of real files are cut, doubled, swapped and spoilt, and the compiler must answer with a library
-- or an error, never with a Lua error of its own.
--
--   lua5.4 fuzz/idl_parser.lua [SECONDS [SEED [FILE.idl...]]]
-- needs LUA_PATH and LUA_CPATH of a build (eval "$(./dev env)").
local compile <const> = require "oleander.idl.compile"

local seconds <const> = tonumber(arg[1]) or 10
local seed = math.tointeger(tonumber(arg[2])) or 1

local pieces <const> = {
  "[uuid(6B29FC40-CA47-1067-B31D-00DD010662DA)] library L {", "importlib(\"stdole2.tlb\");", "}", "{", "(", ")",
  "[", "]", ";", "interface I : IDispatch {", "[id(1), propget] HRESULT f([out, retval] long *v);",
  "typedef struct {", "long x;", "} S;", "enum E { a, b = a + 1, c = sizeof(S) };", "union {", "switch (long t) u",
  "case 1:", "SAFEARRAY(", "const long k = ", "1", "0x7FFFFFFFFFFFFFFF", "\"text\"", "'c'", "L\"w\"",
  "#define m(x, y) x ## y #x\n", "m(1, 2)", "#if defined(m) && ", "\n#endif\n", "#else\n",
  "dispinterface D { properties: methods: ", "coclass C { [default] interface I; ", "[", "defaultvalue(", "*",
  "**", "=", ",", "...", "<<", "?", ":", "-", "~", "/*", "*/", "//", "\\\n", "\"",
  "custom(6B29FC40-CA47-1067-B31D-00DD010662DA, 5)", "#pragma pack(1)\n", "#pragma oleander order\n", "module M {",
  "(*f)(int)", "__stdcall", "VT_37", "VT_PTR(", "vartype(3)",
}

local function random(n)
  seed = (seed * 6364136223846793005 + 1442695040888963407)
  return (seed >> 33) % n + 1
end

local seeds <const> = {}
for i = 3, #arg do
  local file <close> = assert(io.open(arg[i], "rb"))
  seeds[#seeds + 1] = file:read "a"
end

local function text_of_pieces()
  local out <const> = {}
  for i = 1, random(60) do out[i] = pieces[random(#pieces)] end
  return table.concat(out, random(4) == 1 and "" or " ")
end

local function mutated(text)
  for _ = 1, random(8) do
    local a <const>, length <const> = random(#text + 1), random(200)
    local how <const> = random(4)
    if how == 1 then
      text = text:sub(1, a - 1) .. text:sub(a + length)
    elseif how == 2 then
      text = text:sub(1, a) .. text:sub(a, a + length) .. text:sub(a + 1)
    elseif how == 3 then
      text = text:sub(1, a) .. pieces[random(#pieces)] .. text:sub(a + 1)
    else
      text = text:sub(1, a - 1) .. string.char(random(256) - 1) .. text:sub(a + 1)
    end
  end
  return text
end

local stop <const> = os.clock() + seconds
local count = 0
while os.clock() < stop do
  local before <const> = seed
  local text <const> = #seeds > 0 and random(2) == 1 and mutated(seeds[random(#seeds)]) or mutated(text_of_pieces())
  local done <const>, problem <const> = pcall(function()
    local compilation <const> = compile.read { text = text }
    compile.describe(compilation)
    if compilation.diagnostics.errors == 0 then compile.header(compilation, "x.h") end
    compilation.diagnostics:report()
  end)
  if not done then
    io.stderr:write(("seed %d: %s\n%s\n"):format(before, tostring(problem), text:sub(1, 4000)))
    os.exit(1)
  end
  count = count + 1
end
print(count .. " texts")
