-- Compiles the Lua modules of Oleander into one file of bytecode, from which the program `oleander` takes them: reading
-- the sources takes longer than what most commands do then.
--
--   lua5.4 precompile.lua FOLDER OUT     (FOLDER/oleander.lua is the module oleander, and so on)
--
-- The file, whose folder is made where it is missing: a line with the length of the index, the index (NAME OFFSET
-- LENGTH in lines; offsets count from its end), the modules.
local folder <const>, out <const> = arg[1], arg[2]

local paths <const> = {}
local quoted <const> = "'" .. folder:gsub("'", "'\\''") .. "'"
local FIND <const> = "find oleander oleander.lua luacom luacom.lua -name '*.lua' | LC_ALL=C sort"
local find <close> = assert(io.popen("cd " .. quoted .. " && " .. FIND))
for path in find:lines() do paths[#paths + 1] = path end

local index <const>, modules <const>, offset = {}, {}, 0
for _, path in ipairs(paths) do
  local name <const> = path:gsub("%.lua$", ""):gsub("/", ".")
  local file <close> = assert(io.open(folder .. "/" .. path, "rb"))
  local code <const> = string.dump(assert(load(file:read "a", "@(oleander)/" .. path, "t")))
  index[#index + 1] = ("\n%s %d %d"):format(name, offset, #code)
  modules[#modules + 1] = code
  offset = offset + #code
end
index[#index + 1] = "\n"

local text <const> = table.concat(index)
os.execute("mkdir -p '" .. out:match "^(.*)/":gsub("'", "'\\''") .. "'")
local file <close> = assert(io.open(out, "wb"))
assert(file:write(#text, "\n", text, table.unpack(modules)))
