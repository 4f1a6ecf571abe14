-- ./dev dist and ./dev release, on small trees that look like ours.
local source <const> = os.getenv "OLEANDER_SOURCE" or "."

local function shell(command)
  local pipe <close> = assert(io.popen("export LD_PRELOAD=; { " .. command .. "; } 2>&1; echo \"exit $?\""))
  local output <const> = pipe:read "a"
  return output:gsub("exit %d+\n$", ""), tonumber(output:match "exit (%d+)\n$")
end

local function must(command)
  local output <const>, code <const> = shell(command)
  assert.equal(0, code, command .. "\n" .. output)
  return output
end

local function read(path)
  local file <close> = assert(io.open(path))
  return file:read "a"
end

local function write(path, text)
  local file <close> = assert(io.open(path, "w"))
  file:write(text)
end

local CHANGELOG <const> = "# Changelog\n\nWords.\n\n## [Unreleased]\n\n### Added\n\n- A thing.\n"

-- A tree with what a release writes into, a clone of git where that is asked for.
local function tree(changelog, in_git)
  local root <const> = must "mktemp -d":match "%S+"
  must(("cd '%s' && mkdir -p debian docs examples tests lua tools && cp -r '%s/dev' . && cp -r '%s/tools/dev' tools/")
    :format(root, source, source))
  write(root .. "/CMakeLists.txt", "project(Oleander VERSION 0.1.0 LANGUAGES C)\n")
  write(root .. "/CHANGELOG.md", changelog or CHANGELOG)
  write(root .. "/README.md", "find_package(Oleander 0.1 CONFIG REQUIRED)\n")
  write(root .. "/docs/a.md", "`find_package(Oleander 0.1 CONFIG)` and find_package(Oleander CONFIG)\n")
  write(root .. "/debian/changelog",
    "oleander (0.1.0) UNRELEASED; urgency=medium\n\n  * New.\n\n -- We <we@x.invalid>  Then\n")
  if in_git then
    must(("cd '%s' && git init -q && git -c user.name=t -c user.email=t@x.invalid add -A && "
      .. "git -c user.name=t -c user.email=t@x.invalid commit -q -m one"):format(root))
  end
  return root
end

local root

after_each(function()
  if root then os.execute("rm -rf '" .. root .. "'") end
end)

local function release(version, date)
  return shell(("cd '%s' && lua5.4 tools/dev/release_version.lua '%s' '%s' 'Fri, 02 Jan 2026 00:00:00 +0000'")
    :format(root, version, date or "2026-01-02"))
end

describe("the version of a release", function()
  it("is written everywhere, and the lines under Unreleased become its section", function()
    root = tree()
    local output <const>, code <const> = release "0.2.0"
    assert.equal(0, code, output)
    assert.equal("# Changelog\n\nWords.\n\n## [Unreleased]\n\n## [0.2.0] - 2026-01-02\n\n### Added\n\n- A thing.\n",
      read(root .. "/CHANGELOG.md"))
    assert.equal("project(Oleander VERSION 0.2.0 LANGUAGES C)\n", read(root .. "/CMakeLists.txt"))
    assert.equal("find_package(Oleander 0.2 CONFIG REQUIRED)\n", read(root .. "/README.md"))
    assert.equal("`find_package(Oleander 0.2 CONFIG)` and find_package(Oleander CONFIG)\n", read(root .. "/docs/a.md"))
    local debian <const> = read(root .. "/debian/changelog")
    assert.truthy(debian:find("oleander (0.2.0) UNRELEASED", 1, true), debian)
    assert.truthy(debian:find("<we@x.invalid>  Fri, 02 Jan 2026", 1, true), debian)
  end)

  it("may be written again, on another day; older releases stay below", function()
    root = tree "# Changelog\n\n## [Unreleased]\n\n- B.\n\n## [0.1.0] - 2025-01-01\n\n- A.\n"
    assert.equal(0, select(2, release "0.2.0"))
    assert.equal(0, select(2, release("0.2.0", "2026-02-03")))
    local expected <const> = "# Changelog\n\n## [Unreleased]\n\n## [0.2.0] - 2026-02-03\n\n- B.\n\n"
      .. "## [0.1.0] - 2025-01-01\n\n- A.\n"
    assert.equal(expected, read(root .. "/CHANGELOG.md"))
  end)

  it("is refused when it cannot be right", function()
    for _, case in ipairs {
      { "0.0.9", "is older than 0.1.0" },
      { "1.2", "is no version" }, { "v0.2.0", "is no version" }, { "", "is no version" },
      { "0.2.0", "the date is missing", "soon" },
      { "0.2.0", "nothing under Unreleased", nil, "# Changelog\n\n## [Unreleased]\n" },
    } do
      root = tree(case[4])
      local before <const> = read(root .. "/CHANGELOG.md")
      local output <const>, code <const> = release(case[1], case[3])
      assert.equal(1, code)
      assert.truthy(output:find(case[2], 1, true), output)
      assert.equal(before, read(root .. "/CHANGELOG.md"))
      os.execute("rm -rf '" .. root .. "'")
    end
  end)
end)

describe("./dev dist", function()
  it("makes the same bytes twice, with what is committed, also outside git", function()
    root = tree(nil, true)
    local dist <const> = ("cd '%s' && . tools/dev/dist.sh && say() { :; } && cd_root=$PWD dist"):format(root)
    local first <const> = must(dist .. " | xargs sha256sum"):match "^%x+"
    write(root .. "/README.md", "changed, not committed\n")
    assert.equal(first, must("sleep 1.1; " .. dist .. " | xargs sha256sum"):match "^%x+")
    local listed <const> = must(("tar -tf '%s'/build/dist/oleander-0.1.0.tar.xz"):format(root))
    assert.truthy(listed:find("oleander-0.1.0/CMakeLists.txt", 1, true), listed)
    assert.is_nil(listed:find("/build/", 1, true))
    must(("cd '%s' && tar -xf build/dist/oleander-0.1.0.tar.xz && cd oleander-0.1.0 && "
      .. ". tools/dev/dist.sh && cd_root=$PWD GIT_DIR=/nonexistent dist && "
      .. "tar -tf build/dist/oleander-0.1.0.tar.xz | grep -q debian/changelog")
      :format(root))
  end)
end)

describe("./dev", function()
  it("refuses what it cannot release, package or build for", function()
    root = tree(nil, true)
    must(("mkdir -p '%s/bin' && cd '%s/bin' && printf '#!/bin/sh\\nprintf installed\\n' >dpkg-query && "
      .. "chmod +x dpkg-query"):format(root, root))
    for arguments, expected in pairs {
      ["package sarge"] = "not for 'sarge'",
      ["package --frob"] = "no option '--frob'",
      ["release"] = "which version?",
      ["release 0.2.0 0.3.0"] = "one version is released at a time",
      ["release 0.2.0 --frob"] = "no option '--frob'",
      ["release 0.2.0"] = "not committed",
      ["--target mips test"] = "there is no target 'mips'",
      ["--target arm64 run"] = "goes with setup, build or test",
    } do
      local command <const> = "cd '%s' && PATH='%s/bin':$PATH ./dev %s"
      local output <const>, code <const> = shell(command:format(root, root, arguments))
      assert.equal(1, code, arguments)
      assert.truthy(output:find(expected, 1, true), arguments .. ": " .. output)
    end
  end)
end)
