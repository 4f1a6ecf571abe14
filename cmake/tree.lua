-- Runs the program `oleander` from a build tree, before anything is installed.
--
--   lua5.4 tree.lua SOURCE_ROOT BUILD_ROOT ARGUMENTS...
local source <const>, build <const> = arg[1], arg[2]
package.path = ("%s/lua/?.lua;%s/lua/?.lua;%s"):format(source, build, package.path)
package.cpath = ("%s/lua/?.so;%s"):format(build, package.cpath)
local code <const>, leaves <const> = require "oleander.cli".main { table.unpack(arg, 3) }
os.exit(code, not leaves)
