-- The whole way: an object is made of a table, a client in C calls it from another process while it changes, it is
-- recorded, written anew in C, and the recording plays against that with the same results.
package.path = (os.getenv "OLEANDER_SOURCE" or ".") .. "/tests/local/?.lua;" .. package.path
local support <const> = require "support"
local com <const> = require "oleander"

local stage <const>, source <const> = support.stage, support.source
local sanitized <const> = os.getenv "OLEANDER_SANITIZED" == "1"
local folder <const> = support.folder

local function run(command)
  local quoted <const> = "'" .. command:gsub("'", "'\\''") .. "'"
  local pipe <close> = assert(io.popen("env -u LD_PRELOAD sh -c " .. quoted .. " 2>&1; echo \"exit $?\""))
  local output <const> = pipe:read "a"
  return output:gsub("exit %d+\n$", ""), tonumber(output:match "exit (%d+)\n$")
end

local function must(command)
  local output <const>, code <const> = run(command)
  assert.equal(0, code, command .. "\n" .. output)
  return output
end

local function read(path)
  local file <close> = io.open(path, "rb")
  return file and file:read "a" or ""
end

local function write(path, text)
  local file <close> = assert(io.open(path, "wb"))
  file:write(text)
end

local clients = 0

--- A client in C that holds on to the object of a name.
local function connect(name)
  clients = clients + 1
  local path <const> = ("%s/client-%d.txt"):format(folder, clients)
  local process <const> = support.run("sh", "-c", ("exec %s/client '%s' > %s 2>&1"):format(folder, name, path))
  local lines = 0
  local client <const> = {}

  --- Has it make a call, and gives what it prints; this process answers it meanwhile.
  function client.ask(line)
    lines = lines + 1
    process.input:write(line, "\n")
    process.input:flush()
    support.wait_until(function() return select(2, read(path):gsub("\n", "")) >= lines end, 20)
    local number = 0
    for text in read(path):gmatch "([^\n]*)\n" do
      number = number + 1
      if number == lines then return text end
    end
  end

  function client.close()
    process.input:close()
    support.wait_until(function() return process:wait(0.01) ~= nil end, 20)
    process.input = io.open "/dev/null"
    return process.code
  end

  return client
end

describe("from a table to a server in C", function()
  local preload <const> = sanitized and "LD_PRELOAD=$(realpath $(gcc -print-file-name=libasan.so)) " or ""
  local name <const>, recording <const> = folder .. "/counter", folder .. "/counter.jsonl"
  local flags <const> = sanitized and "-fsanitize=address,undefined" or ""
  local counter, object, client

  setup(function()
    local command <const> = "gcc -std=c11 -Wall -Wextra -Werror %s -DCOM_NO_WINDOWS_H -I%s/include/oleander "
      .. "%s/examples/storyboard/client.c -o %s/client -L%s/lib -loleander -Wl,-rpath,%s/lib"
    must(command:format(flags, stage, source, folder, stage, stage))
  end)
  teardown(support.finish)

  it("a table becomes an object, which a client in C calls from another process", function()
    counter = setmetatable({ Total = 0 }, { __name = "Counter", __progid = "Story.Counter" })
    function counter:Add(a, b)
      self.Total = self.Total + a + b
      return self.Total
    end
    object = com.object(counter)
    com.publish(object, name)
    client = connect(name)
    assert.equal("5", client.ask "Add 2 3")
    assert.equal("5", client.ask "Total")
  end)

  it("a method is replaced, and the client that holds on gets the new answer", function()
    function counter:Add(a, b)
      self.Total = self.Total + a * b
      return self.Total
    end
    assert.equal("11", client.ask "Add 2 3")
    assert.truthy(client.ask "Ad 2 3":find "error 0x80020006")
  end)

  it("a mistyped member and a dot for a colon are explained", function()
    local misspelled <const> = support.failure(function() return object:Ad(1, 2) end)
    assert.truthy(tostring(misspelled):find("near names: Add", 1, true), tostring(misspelled))
    local dotted <const> = support.failure(function() return object.Add(1, 2) end)
    assert.truthy(tostring(dotted):find("':'", 1, true), tostring(dotted))
  end)

  it("a member is typed, and a wrong argument is named", function()
    local before <const> = com.typeof(object).guid
    getmetatable(counter).__types = { Add = "r8 (r8 a, r8 b)", Total = "r8" }
    local again <const> = com.object(counter)
    assert.not_equal(before, com.typeof(again).guid)
    assert.truthy(tostring(com.typeof(again).members.Add):find("double Add([in] double a, [in] double b)", 1, true))
    local wrong <const> = support.failure(function() again:Add(1, "two") end)
    assert.same({ 2, "b" }, { wrong.argument.index, wrong.argument.name })
    object = again
  end)

  it("com.spy records what the client does", function()
    assert.equal(0, client.close())
    counter.Total = 0
    com.publish(com.spy(object, recording), name .. "-spied")
    client = connect(name .. "-spied")
    assert.equal("6", client.ask "Add 2 3")
    assert.equal("26", client.ask "Add 4 5")
    assert.equal("26", client.ask "Total")
    assert.equal(0, client.close())
    assert.equal(4, select(2, read(recording):gsub("\n", "")))
  end)

  it("the skeleton is written, built, registered, and the recording plays against it with the same results", function()
    local directory <const> = folder .. "/server"
    com.skeleton(object, directory)
    local path <const> = directory .. "/counterclass.c"
    local text = read(path):gsub("OleanderObject object;", "%0\n  double total;", 1)
    local function body(method, code)
      local count
      text, count = text:gsub("(static HRESULT STDMETHODCALLTYPE CounterClass_" .. method .. "%b() {).-\n}",
        "%1\n  " .. code .. "\n}", 1)
      assert.equal(1, count, method)
    end
    body("Add", [[*answer = CounterClass_of_counter(face)->total += a * b;
  return S_OK;]])
    body("get_Total", [[*answer = CounterClass_of_counter(face)->total;
  return S_OK;]])
    write(path, text)
    must(("cmake -S %s -B %s/build -G Ninja -DCMAKE_PREFIX_PATH=%s -DCMAKE_C_FLAGS='%s'"):format(directory, directory,
      stage, flags))
    must(("cmake --build %s/build"):format(directory))
    local oleander <const> = preload .. stage .. "/bin/oleander "
    must(oleander .. "register " .. directory .. "/build/story.so")
    assert.equal("", must(oleander .. "replay " .. recording .. " Story.Counter"))
    assert.same({}, com.replay(recording, com.create "Story.Counter"))
    assert.equal(com.typeof(object).guid, com.typeof(com.create "Story.Counter").guid)
    client = connect "new:Story.Counter"
    assert.equal("6", client.ask "Add 2 3")
    assert.equal(0, client.close())
  end)

  it("a server that does something else is told from it", function()
    local oleander <const> = preload .. stage .. "/bin/oleander "
    write(folder .. "/other.lua", [[
      local Counter = { __name = "Counter", __types = { Add = "r8 (r8 a, r8 b)", Total = "r8" }, Total = 0 }
      function Counter:Add(a, b) self.Total = self.Total + a + b return self.Total end
      require "oleander".main { progid = "Story.Other", class = Counter }]])
    must(preload .. "lua5.4 " .. folder .. "/other.lua --register")
    local output, code = run(oleander .. "replay " .. recording .. " Story.Other")
    assert.equal(1, code, output)
    assert.truthy(output:find("1 Counter.Add(2, 3): expected 6, got 5", 1, true), output)
    output, code = run(oleander .. "replay --json " .. recording .. " Story.Other")
    assert.equal(1, code, output)
    assert.truthy(output:find('"member"', 1, true), output)
    output, code = run(oleander .. "replay " .. recording .. " No.Such.Class")
    assert.equal(3, code, output)
    output, code = run(oleander .. "replay")
    assert.equal(3, code, output)
    output, code = run(oleander .. "replay " .. folder .. "/none.jsonl Story.Counter")
    assert.equal(3, code, output)
  end)

  it("oleander replay serves the recording to other processes", function()
    local server <const> = support.run(stage .. "/bin/oleander", "replay", recording, "--as", "Story.Recorded")
    local line <const> = server:line()
    local clsid <const> = line:match "serving Story.Recorded ({%S+})"
    assert.truthy(clsid, line)
    for _, played in ipairs { com.create(clsid, { where = "local" }), com.running(recording) } do
      assert.equal(6.0, played:Add(2.0, 3.0))
    end
    local played <const> = com.create(clsid, { where = "local" })
    assert.equal(6.0, played:Add(2, 3))
    local refused <const> = support.failure(played.Add, played, 9, 9)
    assert.equal("E_UNEXPECTED", refused.name)
    assert.truthy(refused.description:find("Counter.Add(4", 1, true), refused.description)
    server:kill(15)
  end)
end)
