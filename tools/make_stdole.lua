-- Makes typelib/objects/stdole_bytes.h from include/oleander/stdole2.idl with the IDL compiler: the built-in library,
-- which has to
-- be there before anything can be compiled.
--
--   LUA_CPATH=BUILD/lua/?.so lua5.4 tools/make_stdole.lua [SOURCE_ROOT] [--check]
local root, check = ".", false
for _, argument in ipairs(arg) do
  if argument == "--check" then check = true else root = argument end
end
package.path = root .. "/lua/?.lua;" .. package.path

local compile <const> = require "oleander.idl.compile"
local core <const> = require "oleander.core"

local compilation <const> = compile.read { file = root .. "/include/oleander/stdole2.idl" }
local description <const> = compile.describe(compilation)
if not description then
  io.stderr:write(compilation.diagnostics:report(), "\n")
  os.exit(1)
end
local made <const> = os.tmpname()
core.build_typelib(description, made)
local file <const> = assert(io.open(made, "rb"))
local bytes <const> = file:read "a"
file:close()
os.remove(made)

local lines <const> = {}
for start = 1, #bytes, 24 do
  local row <const> = bytes:sub(start, start + 23):gsub(".", function(char) return ("0x%02x,"):format(char:byte()) end)
  lines[#lines + 1] = "  " .. row:gsub(",(.)", ", %1")
end
local text <const> = [[
/* The bytes of stdole2.tlb. Made by tools/make_stdole.lua from include/oleander/stdole2.idl; do not edit. */
/* clang-format off */
static _Alignas(8) const unsigned char stdole_library[] = {
]] .. table.concat(lines, "\n") .. "\n};\n"

local path <const> = root .. "/typelib/objects/stdole_bytes.h"
local old <const> = io.open(path, "rb")
local before <const> = old and old:read "a"
if old then old:close() end
if before == text then os.exit(0) end
if check then
  io.stderr:write(path, " is not what tools/make_stdole.lua makes\n")
  os.exit(1)
end
local out <const> = assert(io.open(path, "wb"))
out:write(text)
assert(out:close())
