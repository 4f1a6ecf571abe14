-- What LuaRocks installs: modules and a program that lead to a tree that lies elsewhere.
local source <const> = assert(os.getenv "OLEANDER_SOURCE")
local stage <const> = assert(os.getenv "OLEANDER_STAGE")
local sanitized <const> = os.getenv "OLEANDER_SANITIZED" == "1"

local function output_of(command)
  local pipe <close> = assert(io.popen(command .. " 2>&1"))
  return (pipe:read "a")
end

describe("a rock", function()
  if sanitized then
    pending "its program is not started with the runtime of the sanitizer"
    return
  end

  it("leads to its tree", function()
    local folder <const> = output_of "mktemp -d":match "%S+"
    local made <const> = "lua5.4 '%s/tools/rock.lua' '%s' '%s/lua' '%s/bin'"
    assert.equal("", output_of(made:format(source, stage, folder, folder)))
    local plain <const> = "env -u LUA_CPATH -u LD_LIBRARY_PATH LUA_PATH='" .. folder .. "/lua/?.lua;;' "
    local script <const> = [[local com = require "oleander" io.write(com.create "Scripting.Dictionary".Count)]]
    assert.equal("0", output_of(("%slua5.4 -e '%s'"):format(plain, script)))
    assert.equal("table", output_of(plain .. [[lua5.4 -e 'io.write(type(require "luacom"))']]))
    local version <const> = output_of(plain .. folder .. "/bin/oleander --version")
    assert.equal("oleander " .. require "oleander.version" .. "\n", version)
    os.execute("rm -rf '" .. folder .. "'")
  end)

  it("is described for LuaRocks", function()
    local rock <const> = {}
    assert(loadfile(source .. "/oleander-scm-1.rockspec", "t", rock))()
    assert.equal("oleander", rock.package)
    assert.truthy(rock.build.build_command:find("cmake -S . -B", 1, true))
    assert.truthy(rock.build.install_command:find("tools/rock.lua", 1, true))
  end)
end)
