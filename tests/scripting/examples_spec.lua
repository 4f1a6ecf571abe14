-- The examples about the scripting objects and about servers run and say what they should.
local source <const> = assert(os.getenv "OLEANDER_SOURCE")
local build <const> = assert(os.getenv "OLEANDER_BUILD")

local function run(command)
  local pipe <close> = assert(io.popen(("cd '%s' && lua5.4 %s 2>&1; echo \"exit $?\""):format(source, command), "r"))
  local output <const> = pipe:read "a"
  return output:gsub("exit %d+\n$", ""), tonumber(output:match "exit (%d+)\n$")
end

describe("examples/servers", function()
  it("a calculator in C and a notebook in C++ work for a script", function()
    local output <const>, code <const> = run(("examples/servers/tour.lua '%s/examples/servers'"):format(build))
    assert.equal(table.concat({
      "sum\t6.5",
      "whole\t3\t2",
      "up\t3.0",
      "error\tDISP_E_DIVBYZERO\tExample.Calculator\tDivision by zero",
      "tape\t0.1 + 2\t2.1",
      "note\t1\tbuy more paper",
      "note\t2\toil the calculator",
      "left\t1\toil the calculator",
      "",
    }, "\n"), output)
    assert.equal(0, code)
  end)
end)

describe("examples/directory_report.lua", function()
  local folder

  setup(function()
    folder = assert(os.tmpname())
    os.remove(folder)
    assert(os.execute(("mkdir -p '%s/sub' && cd '%s' && printf 12345 > a.txt && printf 123 > sub/b.txt "
      .. "&& printf 12 > c && ln -s .. sub/loop"):format(folder, folder)))
  end)
  teardown(function() os.execute(("rm -r '%s'"):format(folder)) end)

  it("adds up a folder by type and does not follow links", function()
    local output <const>, code <const> = run(("examples/directory_report.lua '%s'"):format(folder))
    assert.equal(0, code, output)
    assert.equal(folder .. ": 3 files in 2 folders", output:match "^[^\n]+")
    assert.truthy(output:find("           8 bytes in     2  TXT File\n             2 bytes in     1  File\n", 1, true),
      output)
    assert.truthy(output:find("%s+5  [%d-]+ [%d:]+  a%.txt\n%s+3  [%d-]+ [%d:]+  sub/b%.txt\n"), output)
    assert.truthy(output:find "\nDrive /", output)
  end)

  it("says why a folder cannot be reported on", function()
    local output <const>, code <const> = run "examples/directory_report.lua /no/such/folder"
    assert.equal("/no/such/folder: Path not found\n", output)
    assert.equal(1, code)
  end)
end)
