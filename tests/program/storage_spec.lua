-- `oleander storage`: what people do with compound files at the shell.
local com <const> = require "oleander"
local path <const> = require "oleander.cli.storage.path"
local json <const> = require "dkjson"
local stage <const> = assert(os.getenv "OLEANDER_STAGE")

local folder, file

local function run(arguments, input)
  local pipe <close> = assert(io.popen(("%s '%s/bin/oleander' storage %s 2>'%s/errors'; echo \"exit $?\""):format(
    input and ("printf %%s '%s' |"):format(input) or "</dev/null", stage, arguments, folder), "r"))
  local output <const> = pipe:read "a"
  local errors <close> = assert(io.open(folder .. "/errors"))
  return output:gsub("exit %d+\n$", ""), tonumber(output:match "exit (%d+)\n$"), errors:read "a"
end

local function read(name)
  local from <close> = assert(io.open(name, "rb"))
  return from:read "a"
end

local function write(name, bytes)
  local to <close> = assert(io.open(name, "wb"))
  to:write(bytes)
end

setup(function()
  local pipe <close> = assert(io.popen "mktemp -d")
  folder = pipe:read "l"
  file = folder .. "/a.cfb"
  local root <close> = com.storage(file, "w")
  root:stream("large"):write(("0123456789"):rep(1000))
  local inner <close> = root:create "in"
  inner:create("deep"):stream("\1CompObj"):write "odd"
  root:properties("SummaryInformation").Title = "A title\nof two lines"
  root:properties("UserDefined").Count = 7
  root:properties("{12345678-9ABC-DEF0-1234-56789ABCDEF0}")[2] = "own"
  root:commit()
end)

teardown(function() os.execute("rm -rf '" .. folder .. "'") end)

describe("names in paths", function()
  for meant, shown in pairs {
    ["\5SummaryInformation"] = "[5]SummaryInformation",
    ["plain [x]"] = "plain [x]",
    ["[5]literal"] = "[91]5]literal",
    ["a/b"] = "a[47]b",
    ["\127\u{80}"] = "[127][128]",
    ["\u{3BB}\u{4840}\u{1F600}"] = "\u{3BB}\u{4840}\u{1F600}",
    ["\u{202E}"] = "[8238]",
  } do
    it("are shown and typed alike: " .. shown, function()
      assert.equal(shown, path.shown(meant))
      assert.equal(meant, path.meant(shown))
    end)
  end

  it("come back from what is shown, whatever they are", function()
    math.randomseed(14)
    for _ = 1, 500 do
      local name = ""
      for _ = 1, math.random(1, 20) do
        name = name .. utf8.char(math.random(5) == 1 and math.random(1, 0xD7FF) or math.random(1, 0x7F))
      end
      local shown <const> = path.shown(name)
      assert.equal(name, path.meant(shown))
      assert.is_nil(shown:find "[%c/\127]")
    end
  end)
end)

describe("oleander storage", function()
  it("lists a storage, and a stream as itself", function()
    local output <const>, code <const> = run("list " .. file)
    assert.equal(0, code)
    assert.truthy(output:find("storage             -  in\n", 1, true), output)
    assert.truthy(output:find("stream          10000  large\n", 1, true), output)
    assert.equal("stream              3  [1]CompObj\n", (run("list " .. file .. " 'in/deep/[1]CompObj'")))
    local listed <const> = json.decode((run("list --json " .. file .. " /in/")))
    assert.same({ { name = "deep", type = "storage" } }, listed)
  end)

  it("shows all as a tree", function()
    local output <const>, code <const> = run("tree " .. file)
    assert.equal(0, code)
    assert.truthy(output:find("  in/\n    deep/\n      [1]CompObj  3\n", 1, true), output)
    assert.equal("/in\n  deep/\n    [1]CompObj  3\n", (run("tree " .. file .. " in")))
    local paths <const> = {}
    for i, element in ipairs(json.decode((run("tree --json " .. file)))) do paths[i] = element.path end
    table.sort(paths)
    assert.same({ "/[5]DocumentSummaryInformation", "/[5]SummaryInformation", "/[5]ytvidjqx0e23njqgwc4uj401qh", "/in",
      "/in/deep", "/in/deep/[1]CompObj", "/large" }, paths)
  end)

  it("gives the bytes of a stream and takes them", function()
    assert.equal(("0123456789"):rep(1000), (run("cat " .. file .. " large")))
    local new <const> = folder .. "/new.cfb"
    assert.equal(0, select(2, run("put " .. new .. " 'a/b/[5]x'", "first")))
    assert.equal(0, select(2, run("put " .. new .. " 'a/b/[5]x'", "next")))
    assert.equal("next", (run("cat " .. new .. " 'a/b/[5]x'")))
    write(folder .. "/source", "\0\255binary")
    assert.equal(0, select(2, run(("put %s y %s/source"):format(new, folder))))
    assert.equal("\0\255binary", (run("cat " .. new .. " y")))
    assert.equal("next", (run("cat " .. new .. " 'a/b/[5]x'")))
  end)

  it("shows property sets by the names of their properties", function()
    local output <const>, code <const> = run("properties " .. file)
    assert.equal(0, code)
    assert.truthy(output:find("SummaryInformation\n  Title: A title of two lines\n", 1, true), output)
    assert.truthy(output:find("UserDefined\n  Count: 7\n", 1, true), output)
    assert.truthy(output:find("{12345678-9ABC-DEF0-1234-56789ABCDEF0}\n  2: own\n", 1, true), output)
    for _, set in ipairs(json.decode((run("properties --json " .. file)))) do
      if set.set == "UserDefined" then assert.same({ Count = 7 }, set.properties) end
    end
  end)

  it("maps every sector, also of a file of the other version", function()
    local large <const> = folder .. "/four.cfb"
    do
      local root <close> = com.storage(large, "w", { version = 4 })
      root:stream("s"):write(("x"):rep(50000))
      root:commit()
    end
    for name, size in pairs { [file] = 512, [large] = 4096 } do
      local output <const>, code <const> = run("map --json " .. name)
      local map <const> = json.decode(output)
      assert.equal(0, code, output)
      assert.equal(size, map.sector_size)
      local next = 0
      for _, one in ipairs(map.runs) do
        assert.equal(next, one.first)
        assert.equal((one.first + 1) * size, one.offset)
        assert.not_equal("lost", one.use)
        next = one.last + 1
      end
      assert.equal(map.sectors, next)
    end
    assert.truthy(run("map " .. file):find "\n%d+%-%d+ +0x%x+ +/large\n")
  end)

  it("says what is wrong with damaged files, and reads on", function()
    local bytes <const> = read(file)
    local damaged <const> = folder .. "/damaged.cfb"
    write(damaged, bytes:sub(1, #bytes // 2))
    local output <const>, code <const> = run("map " .. damaged)
    assert.equal(1, code)
    assert.truthy(output:find("wrong: .*is behind the end of the file"), output)
    math.randomseed(15)
    for _ = 1, 12 do
      local changed = bytes
      for _ = 1, 20 do
        local at <const> = math.random(9, #bytes)
        changed = changed:sub(1, at - 1) .. string.char(math.random(0, 255)) .. changed:sub(at + 1)
      end
      write(damaged, changed)
      local _, map_code <const>, errors <const> = run("map " .. damaged)
      assert.truthy(map_code == 0 or map_code == 1)
      assert.equal("", errors)
    end
  end)

  it("explains what cannot be done", function()
    for arguments, expected in pairs {
      ["cat " .. file .. " nothing"] = "nothing",
      ["cat " .. file .. " /"] = "a path to a stream is wanted",
      ["put " .. folder .. "/none.cfb s /no/such/source"] = "/no/such/source",
      ["tree /dev/null"] = "/dev/null",
      ["map /dev/null"] = "no compound file",
      ["list /no/such"] = "/no/such",
    } do
      local _, code <const>, errors <const> = run(arguments)
      assert.equal(1, code, arguments)
      assert.truthy(errors:find(expected, 1, true), arguments .. ": " .. errors)
    end
    assert.is_nil(io.open(folder .. "/none.cfb"))
    assert.equal(2, select(2, run "frobnicate"))
  end)
end)

describe("oleander classes", function()
  it("lists what oleander list lists, and class show shows what oleander show shows", function()
    local function program(arguments)
      local pipe <close> = assert(io.popen(("'%s/bin/oleander' %s"):format(stage, arguments)))
      return pipe:read "a"
    end
    assert.equal(program "list", program "classes")
    assert.equal(program "list --json Dictionary", program "classes --json Dictionary")
    assert.equal(program "show Scripting.Dictionary", program "class show Scripting.Dictionary")
    assert.truthy(program "class show Scripting.Dictionary":find "threading Both\n")
  end)
end)
