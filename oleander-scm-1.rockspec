-- Oleander for LuaRocks: built from this tree against the libraries of the system (libffi, libuuid, ICU, Lua 5.4).
--
--   luarocks --lua-version 5.4 make oleander-scm-1.rockspec     in a clone, or in an unpacked source archive
rockspec_format = "3.0"
package = "oleander"
version = "scm-1"
source = { url = "git+file://." }
description = {
  summary = "COM Automation for Lua on Linux",
  detailed = [[
Objects are made and called by name, in the same process or in another one, and described by type libraries. Scripts
listen to events, read type libraries, and write objects that every other client can use.]],
  license = "MIT",
}
supported_platforms = { "linux" }
dependencies = { "lua >= 5.4, < 5.5", "lpeg", "argparse", "dkjson" }
build = {
  type = "command",
  build_command = [[cmake -S . -B build/rock -DCMAKE_BUILD_TYPE=Release -DOLEANDER_TESTS=OFF -DCMAKE_INSTALL_LIBDIR=lib \
    -DCMAKE_INSTALL_PREFIX="$(PREFIX)/tree" && cmake --build build/rock --parallel 2]],
  install_command = [[cmake --install build/rock --prefix "$(PREFIX)/tree" && \
    lua5.4 tools/rock.lua "$(PREFIX)/tree" "$(LUADIR)" "$(BINDIR)"]],
}
