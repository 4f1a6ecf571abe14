local com <const> = require "oleander"
local complete <const> = require "oleander.prompt.complete"
local session <const> = require "oleander.prompt.session"
local tokens <const> = require "oleander.prompt.tokens"
local support <const> = require "tests.bridge.support"

--- A session of which what it writes is kept.
local function new_session()
  local out <const>, problems <const> = {}, {}
  local s <const> = session.new(function(text) out[#out + 1] = text end, function(text)
    problems[#problems + 1] = text
  end)
  return s, out, problems
end

describe("the reader of the prompt", function()
  it("prints what expressions give, strings raw, and nothing for nothing", function()
    local s <const>, out <const> = new_session()
    for _, entry in ipairs { "1 + 1", '"a\\tb"', "nil", "1, nil, 'x'", "(function() end)()", "local a = 5", "a" } do
      s:enter(entry)
    end
    assert.same({ "2", "a\tb", "nil", "1\tnil\tx", "5" }, out)
  end)

  it("waits for more where a statement does not end", function()
    local s <const> = new_session()
    local cases <const> = {
      ["for i = 1, 2 do"] = true, ["function f("] = true, ["x ="] = true, ["t = {"] = true, ["s = [[a"] = true,
      ["x = 1"] = false, ["1 +* 2"] = false, ['s = "a'] = false, [":help"] = false, ["?x"] = false,
    }
    for text, wants in pairs(cases) do assert.equal(wants, s:wants_more(text), text) end
  end)

  it("keeps the locals of a line, and functions share them", function()
    local s <const>, out <const>, problems <const> = new_session()
    s:enter "local n, limit <const> = 1, 10"
    s:enter "local function up() n = n + 1 return n end"
    s:enter "up() up()"
    s:enter "n, limit"
    s:enter "do local n = 99 end"
    s:enter "n"
    assert.same({ "3\t10", "3" }, out)
    assert.same({}, problems)
    assert.is_nil(rawget(_G, "n"))
  end)

  it("looks names up in _G, then in com, and assigns to _G", function()
    local s <const>, out <const> = new_session()
    s:enter "prompt_spec_value = create 'Scripting.Dictionary'"
    s:enter "table == _G.table"
    s:enter "prompt_spec_value.Count"
    assert.same({ "true", "0" }, out)
    assert.is_userdata(rawget(_G, "prompt_spec_value"))
    rawset(_G, "prompt_spec_value", nil)
  end)

  it("makes assignments of local statements outside of blocks alone", function()
    local cases <const> = {
      { "local x = 1", "x = 1", "x" }, { "local a <const>, b", "a, b = nil", "a b" },
      { "local function f() local y end", "function f() local y end", "f" },
      { "do local x = 1 end", "do local x = 1 end", "" }, { "s = 'local x = 1'", "s = 'local x = 1'", "" },
    }
    for _, case in ipairs(cases) do
      local text <const>, names <const> = tokens.keep_locals(case[1])
      assert.equal(case[2], text:gsub("%s+", " "):gsub("%s$", "") .. "")
      assert.equal(case[3], table.concat(names, " "))
    end
  end)
end)

describe("what the prompt prints", function()
  it("is the type and the members of an object", function()
    local s <const>, out <const> = new_session()
    s:enter "create 'Scripting.Dictionary'"
    assert.truthy(out[1]:find "^Scripting%.IDictionary %(vtable%)\n")
    assert.truthy(out[1]:find("  long Count  (read only)", 1, true))
    assert.truthy(out[1]:find("  void Add(VARIANT* Key, VARIANT* Item)", 1, true))
  end)

  it("is type, bounds and elements of an array", function()
    local s <const>, out <const> = new_session()
    s:enter "com.array('i4', {3, 5}, {7, 8, 9})"
    assert.same({ "array of i4 [3..5] { 7, 8, 9 }" }, out)
  end)

  it("is an error with a hint", function()
    local s <const>, _, problems <const> = new_session()
    local cases <const> = {
      { "craete 'x'", "near names: create" }, { "create 'Scripting.Dictionry'", "Scripting.Dictionary" },
      { "(create 'Scripting.Dictionary'):Ad(1)", "near names: Add" },
      { "(create 'Scripting.Dictionary').Count()", "" },
    }
    for i, case in ipairs(cases) do
      s:enter(case[1])
      assert.truthy(problems[i] and problems[i]:find(case[2], 1, true), tostring(problems[i]))
    end
    assert.is_true(s.failed)
  end)
end)

describe("the commands of the prompt", function()
  it("show what things are, without calls", function()
    local s <const>, out <const>, problems <const> = new_session()
    s.locals.d = com.create "Scripting.Dictionary"
    for _, entry in ipairs { "?d", "?d.Add", '?"Scripting.Dictionary"', "?IDictionary", "?create" } do
      s:enter(entry)
    end
    for i, wanted in ipairs { "IDictionary", "VARIANT* Key", "{EE09B103", "dispinterface IDictionary", "ProgID" } do
      assert.truthy(out[i] and out[i]:find(wanted, 1, true), wanted .. ": " .. tostring(out[i]))
    end
    s:enter "?create('x')"
    assert.equal(1, #problems)
  end)

  it("search all registered libraries", function()
    local s <const>, out <const> = new_session()
    s.locals.fso = com.create "Scripting.FileSystemObject"
    s:enter "??forreading"
    s:enter "??a"
    assert.truthy(out[1]:find("ForReading = 1", 1, true))
    assert.truthy(out[2]:find "and %d+ more$")
  end)

  it("measure, load, and write what was entered", function()
    local s <const>, out <const>, problems <const> = new_session()
    local path <const> = os.tmpname()
    s:enter(":log " .. path)
    s:enter "1 + 1"
    s:enter "local log_x = 3"
    s:enter ":log"
    s:enter ":time 3 1 + 1"
    assert.truthy(out[2]:find "^minimum .+, median .+ of 3$")
    local file <close> = assert(io.open(path))
    local text <const> = file:read "a"
    assert.truthy(text:find("print(1 + 1)\n--> 2\nlocal log_x = 3\n", 1, true), text)
    s:enter(":load " .. path)
    assert.same({}, problems)
    s:enter ":no"
    assert.equal(1, #problems)
    os.remove(path)
  end)

  it("list the events of an object as they come", function()
    local build <const> = os.getenv "OLEANDER_BUILD" or "build/release"
    local library <const> = com.typelib(build .. "/tests/bridge/events/events.tlb")
    local s <const>, out <const> = new_session()
    s.locals.clock = com.object({ Count = 0 }, "Clock", library)
    s:enter "!clock"
    com.fire(s.locals.clock, "Tick", 1, "a")
    assert.equal('Tick(1, "a")', out[#out])
    s:enter "!"
    assert.equal("clock", out[#out])
    s:enter "!clock"
    com.fire(s.locals.clock, "Tick", 2, "b")
    assert.equal("clock", out[#out])
  end)
end)

describe("completion", function()
  local environment <const> = { { fso = com.create "Scripting.FileSystemObject", calc = support.make "Calc",
    deep = { inner = { value = 1, method = function() end } } }, _G, com }

  local function at_end(line)
    local answer <const> = complete(line, #line, environment)
    local all <const> = {}
    for i, text in ipairs(answer.list) do all[i] = line:sub(1, answer.from - 1) .. text end
    return all
  end

  local function offers(line, wanted, unwanted)
    local all <const> = at_end(line)
    local set <const> = {}
    for _, text in ipairs(all) do set[text] = true end
    if wanted then assert(set[wanted], line .. ": " .. table.concat(all, " | ")) end
    if unwanted then assert(not set[unwanted], line .. ": " .. table.concat(all, " | ")) end
  end

  it("offers members of objects and tables", function()
    offers("fso:Open", "fso:OpenTextFile")
    offers("fso:open", "fso:OpenTextFile")
    offers("fso.Dri", "fso.Drives")
    offers("fso:Dri", "fso:DriveExists", "fso:Drives")
    offers("x = fso:GetFolder('/'):Cr", "x = fso:GetFolder('/'):CreateTextFile")
    offers("fso:GetFolder('/').Files.", "fso:GetFolder('/').Files.Count")
    offers("deep.inner.", "deep.inner.value")
    offers("deep.inner:", "deep.inner:method", "deep.inner:value")
    offers("string.for", "string.format")
  end)

  it("offers the constants of an enumeration where a parameter has it", function()
    offers("fso:OpenTextFile('x', ", "fso:OpenTextFile('x', \"ForReading\"")
    offers("fso:OpenTextFile('x', \"ForA", "fso:OpenTextFile('x', \"ForAppending")
    offers("fso:OpenTextFile('x', com.args{ IOMode = ", "fso:OpenTextFile('x', com.args{ IOMode = \"ForReading\"")
  end)

  it("offers named arguments inside of com.args", function()
    offers("fso:OpenTextFile('x', com.args{ IO", "fso:OpenTextFile('x', com.args{ IOMode = ")
    offers("fso:OpenTextFile('x', args{ cre", "fso:OpenTextFile('x', args{ Create = ")
  end)

  it("offers ProgIDs, without case, where a class is named", function()
    offers('create "scripting.d', 'create "Scripting.Dictionary')
    offers('com.create("Scr', 'com.create("Scripting.FileSystemObject')
  end)

  it("offers files in other strings", function()
    local source <const> = os.getenv "OLEANDER_SOURCE" or "."
    offers('io.open("' .. source .. "/CMakeL", 'io.open("' .. source .. "/CMakeLists.txt")
    offers(":load " .. source .. "/CMakeL", ":load " .. source .. "/CMakeLists.txt")
  end)

  it("offers names of Lua and of com", function()
    offers("x = cre", "x = create")
    offers("loc", "local")
    offers("?fso.Op", "?fso.OpenTextFile")
    offers(":ti", ":time")
  end)

  it("calls nothing", function()
    local touched = false
    local trap <const> = setmetatable({}, { __index = function() touched = true end, __pairs = function()
      touched = true
      return next, {}
    end })
    for _, line in ipairs { "trap.", "trap.a.b", "trap.a(", "trap:x('" } do
      complete(line, #line, { { trap = trap } })
    end
    assert.is_false(touched)
    local before <const> = environment[1].calc:Calls()
    for _, line in ipairs { "calc.", "calc.value.", "calc:Add(", "calc:Make('x')." } do at_end(line) end
    assert.equal(before, environment[1].calc:Calls())
  end)

  it("takes any line", function()
    local pieces <const> = { "fso", ":", ".", "(", ")", "{", "}", '"', "'", "[[", "]]", "com.args{", ",", "=", " ",
      "function", "end", "--", "--[[", "?", "!", "\n", "\xFF", "OpenTextFile" }
    local state = 7
    for _ = 1, 300 do
      local line = ""
      for _ = 1, 8 do
        state = (state * 1103515245 + 12345) & 0x7FFFFFFF
        line = line .. pieces[state // 65536 % #pieces + 1]
      end
      assert.is_table(complete(line, #line, environment).list, line)
    end
  end)
end)

--- Programs that the specs start find the same modules.
local program <const> = "lua5.4 '" .. (os.getenv "OLEANDER_STAGE" or "build/release/stage") .. "/bin/oleander'"

describe("the program in a pipe", function()
  local function run(input)
    local path <const> = os.tmpname()
    local file <const> = assert(io.open(path, "w"))
    file:write(input)
    file:close()
    local pipe <const> = assert(io.popen(program .. " < " .. path .. " 2>&1"))
    local text <const> = pipe:read "a"
    local _, _, code <const> = pipe:close()
    os.remove(path)
    return text, code
  end

  it("runs the lines, without banner and prompt", function()
    local text <const>, code <const> = run "x = 1\nfor i = 1, 2 do\n  print(i)\nend\nx + 1\n"
    assert.equal("1\n2\n2\n", text)
    assert.equal(0, code)
  end)

  it("goes on after an error, which it tells by its exit code", function()
    local text <const>, code <const> = run "error 'no'\n5\n"
    assert.truthy(text:find("no\n5\n", 1, true), text)
    assert.equal(1, code)
  end)
end)

describe("the program on a pseudo-terminal", function()
  local function session_of(steps)
    local source <const> = os.getenv "OLEANDER_SOURCE" or "."
    local home <const> = os.tmpname()
    os.remove(home)
    local parts <const> = {}
    for i, step in ipairs(steps) do
      local value <const> = type(step[2]) == "number" and tostring(step[2]) or
        '"' .. step[2]:gsub('[%c\\"]', function(c) return ("\\x%02x"):format(c:byte()) end) .. '"'
      parts[i] = ('("%s", %s)'):format(step[1], value)
    end
    local script <const> = table.concat(parts, ", "):gsub("'", "'\\''")
    local pipe <const> = assert(io.popen(("XDG_STATE_HOME=%s TERM=xterm python3 %s/tests/prompt/terminal.py '[%s]' %s")
      :format(home, source, script, program)))
    local text <const> = pipe:read "a"
    pipe:close()
    local history <const> = io.open(home .. "/oleander/history")
    local entries <const> = history and history:read "a"
    if history then history:close() end
    os.execute("rm -rf '" .. home .. "'")
    return text, entries
  end

  local function has_terminal()
    return os.execute "python3 -c 'import pty; pty.openpty()' 2>/dev/null" == true
  end

  it("reads lines and blocks, and keeps a history", function()
    if os.getenv "OLEANDER_SANITIZED" == "1" then return pending "programs are started without the sanitizer" end
    if not has_terminal() then return pending "python3 or a pseudo-terminal is missing" end
    local text <const>, history <const> = session_of {
      { "expect", "> " }, { "send", "20 + 1\n" }, { "expect", "21\r\n" }, { "expect", "> " },
      { "send", "for i = 1, 2 do\n" }, { "expect", ">> " }, { "send", "print(i + 40) end\n" }, { "expect", "42\r\n" },
      { "expect", "> " }, { "send", " secret = 1\n" }, { "expect", "> " }, { "send", "\4" },
    }
    assert.equal("OK\n", text)
    assert.equal("20 + 1\nfor i = 1, 2 do\\nprint(i + 40) end\n", history)
  end)

  it("is interrupted by Ctrl-C, while it runs and while it waits", function()
    if os.getenv "OLEANDER_SANITIZED" == "1" then return pending "programs are started without the sanitizer" end
    if not has_terminal() then return pending "python3 or a pseudo-terminal is missing" end
    if not pcall(require, "luv") then return pending "the Lua module luv is missing" end
    local text <const> = session_of {
      { "expect", "> " }, { "send", "print 'busy' while true do pcall(function() while true do end end) end\n" },
      { "expect", "busy\r\n" }, { "send", "\3" }, { "expect", "interrupted" }, { "expect", "> " },
      { "send", "print 'waits' com.sleep(100)\n" }, { "expect", "waits\r\n" }, { "send", "\3" },
      { "expect", "interrupted" }, { "expect", "> " },
      { "send", "print 'inside' coroutine.wrap(function() while true do end end)()\n" }, { "expect", "inside\r\n" },
      { "send", "\3" }, { "expect", "interrupted" }, { "expect", "> " }, { "send", "6 * 7\n" }, { "expect", "42\r\n" },
      { "send", ":quit\n" },
    }
    assert.equal("OK\n", text)
  end)

  it("completes, and lets timers run while it waits for a key", function()
    if os.getenv "OLEANDER_SANITIZED" == "1" then return pending "programs are started without the sanitizer" end
    if not has_terminal() then return pending "python3 or a pseudo-terminal is missing" end
    if not pcall(require, "luv") then return pending "the Lua module luv is missing" end
    if not package.searchpath("readline", package.path) then return pending "the package lua-readline is missing" end
    local text <const> = session_of {
      { "expect", "> " }, { "send", "d = create 'Scripting.Dict\t" }, { "expect", "Dictionary" }, { "send", "\n" },
      { "expect", "> " }, { "send", "d:Ad\t(1, 2)\n" }, { "expect", "> " }, { "send", "d.Cou\t + 6\n" },
      { "expect", "7\r\n" },
      { "expect", "> " }, { "send", "after(0.3, function() print 'timer' end)\n" }, { "expect", "> timer\r\n" },
      { "send", "for i = 1,\n" }, { "expect", ">> " }, { "send", "\3" }, { "expect", "> " }, { "send", "\4" },
    }
    assert.equal("OK\n", text)
  end)
end)
