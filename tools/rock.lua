-- What LuaRocks installs of a tree that lies whole in the rock's own folder: modules and a program that lead there.
--
--   lua5.4 tools/rock.lua TREE LUA_DIRECTORY BIN_DIRECTORY
local tree <const>, modules <const>, programs <const> = arg[1], arg[2], arg[3]

local function write(path, text)
  local file <close> = assert(io.open(path, "wb"))
  file:write(text)
end

local LEAD <const> = [[
-- Made by tools/rock.lua: leads to the tree of the rock.
local tree <const> = %q
if not package.path:find(tree, 1, true) then
  package.path = tree .. "/share/lua/5.4/?.lua;" .. tree .. "/share/lua/5.4/?/init.lua;" .. package.path
  package.cpath = tree .. "/lib/lua/5.4/?.so;" .. package.cpath
end
]]

assert(os.execute(("mkdir -p '%s' '%s'"):format(modules, programs)))
for _, name in ipairs { "oleander", "luacom" } do
  local text <const> = LEAD .. 'return assert(loadfile(tree .. "/share/lua/5.4/%s.lua"))(...)\n'
  write(("%s/%s.lua"):format(modules, name), text:format(tree, name))
end
write(programs .. "/oleander", ("#!/usr/bin/env lua5.4\n" .. LEAD
  .. 'arg[0] = tree .. "/bin/oleander"\nassert(loadfile(arg[0]))(...)\n'):format(tree))
assert(os.execute(("chmod +x '%s/oleander'"):format(programs)))
