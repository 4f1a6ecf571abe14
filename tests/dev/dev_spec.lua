-- ./dev on machines that lack things: it says what is missing and what to do, and asks nothing.

local source <const> = os.getenv "OLEANDER_SOURCE" or "."

local function shell(command)
  local pipe <close> = assert(io.popen("export LD_PRELOAD=; " .. command .. " 2>&1; echo \"exit $?\"", "r"))
  local output <const> = pipe:read "a"
  return output:gsub("exit %d+\n$", ""), tonumber(output:match "exit (%d+)\n$")
end

local function write(path, text)
  local file <close> = assert(io.open(path, "w"))
  file:write(text)
end

-- A folder of programs that is the whole PATH: the ones that ./dev itself uses, and fakes.
local function machine(fakes)
  local root <const> = os.tmpname()
  os.remove(root)
  os.execute(("mkdir -p '%s/bin' '%s/project' && cp '%s/dev' '%s/project/dev'"):format(root, root, source, root))
  for name in ("bash env readlink dirname cksum cut mktemp tail rm cat mkdir sh"):gmatch "%S+" do
    os.execute(("ln -s \"$(command -v %s)\" '%s/bin/%s'"):format(name, root, name))
  end
  for name, script in pairs(fakes) do
    write(root .. "/bin/" .. name, "#!/bin/sh\n" .. script .. "\n")
  end
  os.execute("chmod +x '" .. root .. "'/bin/* 2>/dev/null; echo 'print(1)' > '" .. root .. "/project/x.lua'")
  return {
    root = root,
    dev = function(arguments)
      return shell(("cd '%s/project' && PATH='%s/bin' ./dev %s </dev/null"):format(root, root, arguments))
    end,
    close = function() os.execute("rm -rf '" .. root .. "'") end,
  }
end

describe("./dev", function()
  local subject

  after_each(function()
    if subject then subject.close() end
    subject = nil
  end)

  it("without root and sudo names the packages and the command", function()
    subject = machine { ["dpkg-query"] = "exit 1", id = "echo 1000" }
    local output <const>, code <const> = subject.dev "run x.lua"
    assert.equal(1, code)
    assert.truthy(output:find("liblua5.4-dev", 1, true))
    assert.truthy(output:find("As root, run:  apt-get install gcc", 1, true), output)
  end)

  it("with a sudo that would ask names the packages and the command", function()
    subject = machine { ["dpkg-query"] = "exit 1", id = "echo 1000", sudo = "echo 'needs a password' >&2; exit 1" }
    local output <const>, code <const> = subject.dev "run x.lua"
    assert.equal(1, code)
    assert.truthy(output:find("sudo apt-get install gcc", 1, true), output)
  end)

  it("with an apt-get that fails shows its message, the packages and the command", function()
    subject = machine {
      ["dpkg-query"] = "exit 1",
      id = "echo 0",
      ["apt-get"] = "echo 'no network here' >&2; exit 100",
    }
    local output <const>, code <const> = subject.dev "run x.lua"
    assert.equal(1, code)
    assert.truthy(output:find("Installing gcc", 1, true), output)
    assert.truthy(output:find("no network here", 1, true), output)
    assert.truthy(output:find("then run:  apt-get install gcc", 1, true), output)
  end)

  it("installs only what is missing, and says what", function()
    subject = machine {
      ["dpkg-query"] = "case \"$*\" in *libicu-dev*) exit 1 ;; *) printf installed ;; esac",
      id = "echo 0",
      ["apt-get"] = "echo \"apt-get $*\" >> '/dev/stderr'; [ \"$1\" = update ] || exit 100",
    }
    local output <const> = subject.dev "run x.lua"
    assert.truthy(output:find("Installing libicu-dev ...", 1, true), output)
    assert.truthy(output:find("apt-get install -y -q --no-install-recommends libicu-dev\n", 1, true), output)
  end)

  it("refuses unknown commands, presets and missing scripts", function()
    subject = machine { ["dpkg-query"] = "printf installed", id = "echo 0" }
    for arguments, expected in pairs {
      ["frobnicate"] = { 2, "there is no command 'frobnicate'" },
      ["--preset nothing build"] = { 1, "there is no preset 'nothing'" },
      ["run"] = { 1, "run needs a script" },
      ["run /no/such.lua"] = { 1, "there is no readable script '/no/such.lua'" },
    } do
      local output <const>, code <const> = subject.dev(arguments)
      assert.equal(expected[1], code, arguments .. ": " .. output)
      assert.truthy(output:find(expected[2], 1, true), output)
    end
  end)

  it("env sets what programs, Lua, the loader and builds need, and keeps what was there", function()
    subject = machine {}
    local output <const>, code <const> = subject.dev "env; LD_LIBRARY_PATH=/mine ./dev env"
    assert.equal(0, code)
    for name, tail in pairs {
      PATH = "/bin:", LUA_PATH = "/share/lua/5.4/", LUA_CPATH = "/lib/lua/5.4/", LD_LIBRARY_PATH = "/lib",
      PKG_CONFIG_PATH = "/lib/pkgconfig", CMAKE_PREFIX_PATH = "/stage",
    } do
      local value <const> = output:match("export " .. name .. "=([^\n]*)")
      assert.truthy(value, name)
      assert.truthy(value:find("/build/release/stage", 1, true) and value:find(tail, 1, true), value)
    end
    assert.truthy(output:find("/lib:/mine", 1, true), output)
  end)

  it("help lists every command", function()
    subject = machine {}
    local output <const>, code <const> = subject.dev "help"
    assert.equal(0, code)
    for _, name in ipairs { "run", "build", "test", "bench", "lint", "clean", "help", "fuzz", "env",
      "package", "dist", "abi", "release" } do
      assert.truthy(output:find("\n  " .. name .. " ", 1, true), name)
    end
  end)
end)
