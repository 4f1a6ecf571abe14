-- `oleander doctor`: an installation that is well, and each fault that it must see.
local stage <const> = assert(os.getenv "OLEANDER_STAGE")
local json <const> = require "dkjson"

local folder

local function shell(command)
  -- What other programs leak, which a sanitized build looks at too, is theirs.
  local pipe <close> = assert(io.popen("export ASAN_OPTIONS=detect_leaks=0; " .. command .. " 2>&1; echo \"exit $?\""))
  local output <const> = pipe:read "a"
  return output:gsub("exit %d+\n$", ""), tonumber(output:match "exit (%d+)\n$")
end

-- Runs it with an environment of the test's own; what the test prepares goes before.
local function doctor(options, environment, before)
  before = ("F='%s'; %s"):format(folder, before or "")
  local own <const> = ("XDG_DATA_HOME='%s/data' XDG_DATA_DIRS='%s/share' XDG_RUNTIME_DIR= OLEANDER_RUNTIME='%s/run' "
    .. "LC_ALL=C.UTF-8"):format(folder, stage, folder)
  return shell(("%s env OLEANDER_IDLE_TIMEOUT=1 %s %s '%s/bin/oleander' doctor %s"):format(before or "", own,
    environment or "", stage, options or ""))
end

-- The checks of a state, by what was looked at.
local function findings(environment, before)
  local output <const> = doctor("--json", environment, before)
  local report <const> = assert(json.decode(output), output)
  local found <const> = {}
  for _, check in ipairs(report.checks) do
    if check.state == "finding" then found[#found + 1] = check end
  end
  assert.equal(report.findings, #found)
  return found, report
end

describe("oleander doctor", function()
  before_each(function()
    folder = shell "mktemp -d":match "%S+"
  end)

  after_each(function() os.execute("rm -rf '" .. folder .. "'") end)

  it("is content with a good installation", function()
    local output <const>, code <const> = doctor()
    assert.equal(0, code, output)
    assert.truthy(output:find("All is well.", 1, true), output)
    assert.truthy(output:find("oleanderd starts and answers", 1, true), output)
    local found <const>, report <const> = findings()
    assert.same({}, found)
    assert.equal(require "oleander.version", report.version)
    for _, check in ipairs(report.checks) do
      assert.truthy(check.check and check.text ~= "" and check.state)
    end
  end)

  local cases <const> = {
    { "a registry into which others can write", "registry", "others can write", "chmod go-w",
      before = "mkdir -p $F/data/oleander/classes; chmod 777 $F/data/oleander/classes;" },
    { "a registry that is a file", "registry", "is no folder", "Move",
      before = "mkdir -p $F/data/oleander; : >$F/data/oleander/classes;" },
    { "a relative path", "registry", "no absolute path", "unset", environment = "XDG_DATA_HOME=data" },
    { "a runtime folder with rights for others", "runtime", "others have rights", "chmod 700",
      before = "mkdir -m 755 $F/run;" },
    { "a class whose server is gone", "servers", "is not there: /nonexistent/a.so", "Install",
      before = [[mkdir -p $F/data/oleander/classes; printf '%s\n' 'Windows Registry Editor Version 5.00' '' ]]
        .. [['[HKEY_CLASSES_ROOT\CLSID\{11111111-2222-3333-4444-555555555555}\InprocServer32]' ]]
        .. [['@="/nonexistent/a.so"' >$F/data/oleander/classes/a.reg;]] },
    { "a file of the registry that cannot be read", "registry", "broken.reg", "Mend",
      before = "mkdir -p $F/data/oleander/classes; echo nonsense >$F/data/oleander/classes/broken.reg;" },
    { "a Lua that does not find the module", "lua", "does not find the module", "LUA_PATH",
      environment = "LUA_PATH=/nonexistent/?.lua" },
  }
  for _, case in ipairs(cases) do
    it("sees " .. case[1], function()
      local found <const> = findings(case.environment, case.before)
      assert.is_true(#found >= 1)
      local seen
      for _, check in ipairs(found) do
        if check.text:find(case[3], 1, true) then seen = check end
      end
      assert.truthy(seen, json.encode(found))
      assert.equal(case[2], seen.check)
      assert.truthy(seen.advice:find(case[4], 1, true), seen.advice)
    end)
  end

  it("says in words what is a finding, and gives exit code 1", function()
    local output <const>, code <const> = doctor("", "XDG_DATA_HOME=data")
    assert.equal(1, code, output)
    assert.truthy(output:find("\nFINDING  registry  XDG_DATA_HOME", 1, true), output)
    assert.truthy(output:find("\n1 finding.\n", 1, true), output)
  end)

  it("sees a missing module of Lua, even the one that reads its own command line", function()
    for name in ("argparse lpeg"):gmatch "%S+" do
      local broken <const> = ("mkdir -p $F/lua; echo 'error \"none\"' >$F/lua/%s.lua;"):format(name)
      local path <const> = ("LUA_PATH='%s/lua/?.lua;%s'"):format(folder, os.getenv "LUA_PATH" or ";;")
      local found <const> = findings(path, broken)
      assert.truthy(found[1] and found[1].text:find("the module " .. name .. " is missing", 1, true),
        json.encode(found))
      assert.truthy(found[1].advice:find("lua-" .. name, 1, true))
      os.remove(("%s/lua/%s.lua"):format(folder, name))
    end
  end)
end)
