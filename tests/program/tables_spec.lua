-- What the commands print for people: in pipes, on terminals of any width, without colours, in any locale, with texts
-- from right to left.
local stage <const> = assert(os.getenv "OLEANDER_STAGE")
local build <const> = assert(os.getenv "OLEANDER_BUILD")
local columns <const> = require "oleander.cli.columns"

local folder

local function output_of(command)
  local pipe <close> = assert(io.popen("export ASAN_OPTIONS=detect_leaks=0; { " .. command .. "; } 2>&1 </dev/null"))
  return (pipe:read "a":gsub("\r", ""))
end

local function write(name, text)
  local file <close> = assert(io.open(folder .. "/" .. name, "wb"))
  file:write(text)
end

-- Classes whose names have letters of all kinds, with servers that nobody starts.
local names <const> = { "Plain.Class", "\u{5E9}\u{5DC}\u{5D5}\u{5DD}.Class", "\u{4E2D}\u{6587}.Class",
  "Cafe\u{301}.Class" }

setup(function()
  folder = output_of "mktemp -d":match "%S+"
  os.execute(("mkdir -p '%s/classes'"):format(folder))
  local lines <const> = { "Windows Registry Editor Version 5.00", "" }
  for i, name in ipairs(names) do
    local clsid <const> = ("{00000000-0000-0000-0000-00000000000%d}"):format(i)
    for _, line in ipairs {
      ("[HKEY_CLASSES_ROOT\\CLSID\\%s\\InprocServer32]"):format(clsid), '@="/nonexistent/server.so"', "",
      ("[HKEY_CLASSES_ROOT\\CLSID\\%s\\ProgID]"):format(clsid), ('@="%s"'):format(name), "",
      ("[HKEY_CLASSES_ROOT\\%s\\CLSID]"):format(name), ('@="%s"'):format(clsid), "" } do
      lines[#lines + 1] = line
    end
  end
  write("classes/names.reg", table.concat(lines, "\n"))
end)

teardown(function() os.execute("rm -rf '" .. folder .. "'") end)

-- Every command that prints tables, or lists that are read as such.
local sample <const> = build .. "/typelib-idl/sample.tlb"
local commands <const> = {
  "list", "list --libraries", "ps", "rot", "classes --running", "doctor", "show Scripting.Dictionary",
  "tlb list " .. sample, "tlb show --no-pager " .. sample, "tlb find e " .. sample,
  ("tlb diff %s %s"):format(sample, stage .. "/share/oleander/examples/boiler.tlb"),
}

local function environment(more)
  return ("env -u NO_COLOR -u COLUMNS OLEANDER_RUNTIME='%s/run' OLEANDER_IDLE_TIMEOUT=1 TERM=xterm %s "):format(folder,
    more or "")
end

local function piped(command, more)
  return output_of(("%s'%s/bin/oleander' %s | cat"):format(environment(more), stage, command))
end

-- On a terminal of its own.
local function on_terminal(command, more)
  write("command", ("exec '%s/bin/oleander' %s"):format(stage, command))
  return output_of(("%sscript -qec 'sh %s/command' /dev/null"):format(environment(more), folder))
end

local function without_colours(text)
  return (text:gsub("\27%[[%d;]*m", ""))
end

-- Numbers of processes and times differ from run to run.
local function settled(text)
  return (text:gsub("%d+", "N"):gsub(" +", " "))
end

describe("in a pipe", function()
  for _, command in ipairs(commands) do
    it(command:gsub("/%S*/", "") .. " is plain text, the same in every locale", function()
      local text <const> = piped(command, "LC_ALL=C.UTF-8")
      assert.is_nil(text:find "\27")
      assert.is_true((utf8.len(text) or 0) > 0 or command == "rot" or command:find "^classes" ~= nil)
      if not command:find "^doctor" then -- which says what the locale is
        assert.equal(settled(text), settled(piped(command, "LC_ALL=C")))
      end
    end)
  end
end)

describe("on a terminal", function()
  for _, command in ipairs(commands) do
    it(command:gsub("/%S*/", "") .. " says without colours all that it says with them", function()
      local colourless <const> = on_terminal(command, "LC_ALL=C.UTF-8 NO_COLOR=1 COLUMNS=500")
      assert.is_nil(colourless:find "\27%[[%d;]*m")
      local coloured <const> = on_terminal(command, "LC_ALL=C.UTF-8 COLUMNS=500")
      assert.equal(settled(colourless), settled(without_colours(coloured)))
    end)
  end

  it("has colours where they are wanted, and NO_COLOR= is not set", function()
    assert.truthy(on_terminal("show Scripting.Dictionary"):find "\27%[")
    assert.truthy(on_terminal("show Scripting.Dictionary", "NO_COLOR="):find "\27%[")
    assert.is_nil(on_terminal("show Scripting.Dictionary", "TERM=dumb"):find "\27%[[%d;]*m")
    assert.truthy(piped("show --color always Scripting.Dictionary", "NO_COLOR=1"):find "\27%[")
  end)

  it("that is narrow, a table becomes records, and help is narrow too", function()
    local classes <const> = ("OLEANDER_CLASSES='%s/classes' COLUMNS=40"):format(folder)
    local text <const> = on_terminal("list", classes)
    local record <const> = "progid: Plain.Class\nclsid: {00000000-0000-0000-0000-000000000001}\nkind: inproc\n"
    assert.truthy(text:find(record, 1, true), text)
    for line in on_terminal("call --help", "COLUMNS=50"):gmatch "[^\n]+" do
      assert.is_true(#line <= 50 or not line:find " %S+ ", line)
    end
  end)
end)

describe("columns", function()
  it("stand below each other, whatever the letters are", function()
    local text <const> = piped("list", ("OLEANDER_CLASSES='%s/classes'"):format(folder))
    local start
    for line in text:gmatch "[^\n]+" do
      local here <const> = columns.width(line:match "^(.-){")
      assert.equal(start or here, here, text)
      start = here
    end
    assert.truthy(start)
    assert.is_nil(text:find "\u{2068}") -- a pipe gets the text as it is
  end)

  it("keep their order beside a text from right to left", function()
    local text <const> = on_terminal("list", ("OLEANDER_CLASSES='%s/classes' COLUMNS=200"):format(folder))
    assert.truthy(text:find("\u{2068}" .. names[2] .. "\u{2069}", 1, true), text)
    assert.is_nil(text:find("\u{2068}Plain", 1, true))
  end)

  it("count what a terminal shows", function()
    for text, width in pairs {
      [""] = 0, abc = 3, ["\u{4E2D}\u{6587}"] = 4, ["e\u{301}"] = 1, ["\u{5E9}\u{5DC}"] = 2, ["\u{1F600}"] = 2,
      ["\u{200B}a"] = 1, ["\u{FF21}"] = 2,
    } do
      assert.equal(width, columns.width(text), text)
    end
  end)

  it("pass no controls on, those of direction neither", function()
    assert.equal("a?[31mb", columns.clean "a\27[31mb")
    assert.equal("a?b", columns.clean "a\u{202E}b")
    assert.equal("a?b", columns.clean "a\u{2066}b")
    assert.equal("?", columns.clean "\xFF")
    assert.equal("a?b?", columns.clean "a\nb\127")
  end)
end)
