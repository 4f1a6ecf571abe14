-- Makes the bytes of the built-in libraries from their IDL with the IDL compiler: they have to be there before anything
-- can be compiled.
--
--   LUA_CPATH=BUILD/lua/?.so lua5.4 tools/make_stdole.lua [SOURCE_ROOT] [--check]
local root, check = ".", false
for _, argument in ipairs(arg) do
  if argument == "--check" then check = true else root = argument end
end
package.path = root .. "/lua/?.lua;" .. package.path

local compile <const> = require "oleander.idl.compile"
local core <const> = require "oleander.core"

--- The bytes of the library that a file of the base IDL describes.
local function compiled(name)
  local compilation <const> = compile.read { file = root .. "/include/oleander/" .. name .. ".idl" }
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
  return bytes
end

local function as_c(name, symbol, bytes)
  local lines <const> = {}
  for start = 1, #bytes, 24 do
    local row <const> = bytes:sub(start, start + 23):gsub(".", function(char)
      return ("0x%02x,"):format(char:byte())
    end)
    lines[#lines + 1] = "  " .. row:gsub(",(.)", ", %1")
  end
  return ([[
/* The bytes of %s.tlb. Made by tools/make_stdole.lua from include/oleander/%s.idl; do not edit. */
/* clang-format off */
static _Alignas(8) const unsigned char %s[] = {
]]):format(name, name, symbol) .. table.concat(lines, "\n") .. "\n};\n"
end

--- Writes a file that has changed; with --check, says so instead.
local function update(path, text)
  local old <const> = io.open(path, "rb")
  local before <const> = old and old:read "a"
  if old then old:close() end
  if before == text then return end
  if check then
    io.stderr:write(path, " is not what tools/make_stdole.lua makes\n")
    os.exit(1)
  end
  local out <const> = assert(io.open(path, "wb"))
  out:write(text)
  assert(out:close())
end

for name, symbol in pairs { stdole2 = "stdole_library", oleandertypes = "oleandertypes_library" } do
  local header <const> = name == "stdole2" and "stdole" or name
  update(root .. "/typelib/objects/" .. header .. "_bytes.h", as_c(name, symbol, compiled(name)))
end
