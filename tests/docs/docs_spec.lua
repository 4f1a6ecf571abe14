-- Every block of code in README.md, CONTRIBUTING.md and docs/ runs as it stands.
--
-- A page is followed from top to bottom in a folder that looks like a clone. Near its top it says that it starts in a
-- clone; where it says `./dev env` there, the shell has those variables. What a block leaves (files, variables, the
-- current folder) is there for the blocks behind it.
--   lua            a script; what its comments "--> text" say must be what it prints, in that order
--   LANGUAGE FILE  the block is that file; a block behind it must name it
--   sh             run by bash; it must succeed
--   console        "$ command" lines are run, the lines below each are its output; "..." stands for any lines
--   python, vb     other languages to compare with; Python is compiled where there is one
--   text           no code: a pattern of a command, a drawing
-- Blocks in other languages need a FILE, or say in a comment above them what they are part of:
--   <!-- part of examples/servers/calculator.c -->   each line of the block stands in that file
-- Lines of sh that build everything anew (./dev test ...) or install packages are looked at, but not run.
local source <const> = assert(os.getenv "OLEANDER_SOURCE")
local build <const> = assert(os.getenv "OLEANDER_BUILD")
local stage <const> = assert(os.getenv "OLEANDER_STAGE")
local sanitized <const> = os.getenv "OLEANDER_SANITIZED" == "1"

local HEAD <const> = 14 -- lines in which a page says where it starts

local function read(path)
  local file <close> = assert(io.open(path, "rb"))
  return file:read "a"
end

local function write(path, text)
  local file <close> = assert(io.open(path, "wb"))
  file:write(text)
end

local function lines_of(command)
  local pipe <close> = assert(io.popen(command))
  local lines <const> = {}
  for line in pipe:lines() do lines[#lines + 1] = line end
  return lines
end

local function exists(path)
  local file <close> = io.open(path)
  return file ~= nil
end

-- A page: its blocks { language, file, text, part, line }, the first lines, and lines of code that are no block.
local function page_of(name)
  local page <const> = { blocks = {}, head = {}, strays = {} }
  local number, block, part, before = 0, nil, nil, ""
  for line in (read(source .. "/" .. name) .. "\n"):gmatch "(.-)\n" do
    number = number + 1
    local info <const> = line:match "^```(.*)$"
    if info and block then
      block.text = table.concat(block, "\n") .. "\n"
      block, part = nil, nil
    elseif info then
      local language <const>, file <const> = info:match "^(%S*)%s*(.-)%s*$"
      block = { language = language, file = file ~= "" and file or nil, part = part, line = number }
      page.blocks[#page.blocks + 1] = block
    elseif block then
      block[#block + 1] = line
    else
      part = line:match "^<!%-%- part of (%S+) %-%->$" or part
      if number <= HEAD then page.head[#page.head + 1] = line end
      if line:find "^%s+```" or line:find "^~~~" or (before == "" and line:find "^    %S") then
        page.strays[#page.strays + 1] = ("%d: %s"):format(number, line)
      end
    end
    before = line
  end
  page.head = table.concat(page.head, " ")
  return page
end

-- A stand-in for ./dev that uses this build and builds nothing; .dev is the real one.
local DEV <const> = [[
#!/bin/bash
root=$(dirname -- "$(readlink -f -- "$0")")
command=$1; shift
case $command in
  run) eval "$("$root/.dev" env)"; exec lua5.4 "$@" ;;
  oleander) eval "$("$root/.dev" env)"; exec oleander "$@" ;;
  env | help) exec "$root/.dev" "$command" ;;
  build) ;;
  *) echo "dev: '$command' is not run here" >&2; exit 1 ;;
esac
]]

local START <const> = [[
unset OLEANDER_CLASSES OLEANDER_PRESET LUA_PATH LUA_CPATH LD_LIBRARY_PATH PKG_CONFIG_PATH CMAKE_PREFIX_PATH
export HOME='%s/home' XDG_DATA_HOME='%s/home/.local/share' XDG_DATA_DIRS=/nonexistent ASAN_OPTIONS=detect_leaks=0
cd '%s'
]]

-- The folder: links to what is in the source tree, build/release is this build, files may be written beside them.
local function make_clone(page)
  local folder <const> = lines_of("mktemp -d")[1]
  local links <const> = {}
  for _, name in ipairs(lines_of("ls -A '" .. source .. "'")) do
    if name ~= "dev" and name ~= "build" and name ~= ".git" then
      links[#links + 1] = ("'%s/%s'"):format(source, name)
    end
  end
  write(folder .. "/dev", DEV)
  write(folder .. "/.dev", read(source .. "/dev"))
  local script <const> = "cd '%s' && mkdir build home && chmod +x dev .dev && ln -s '%s' build/release && ln -s %s ."
  assert(os.execute(script:format(folder, build, table.concat(links, " "))))
  local start = START:gsub("%%s", folder)
  if page.head:find("./dev env", 1, true) then start = start .. 'eval "$(./dev env)"\n' end
  write(folder .. "/.state", start)
  return folder
end

-- Runs a script of bash in the folder, with what earlier ones left: success, output.
local function run(folder, script)
  local path <const> = folder .. "/.block.sh"
  write(path, (". '%s/.state'\nset -e\ntrap '{ export -p; printf \"cd %%q\\n\" \"$PWD\"; } >%s/.state' EXIT\n")
    :format(folder, folder) .. script)
  local pipe <const> = assert(io.popen("ASAN_OPTIONS=detect_leaks=0 timeout 100 bash '" .. path .. "' 2>&1 </dev/null"))
  local output <const> = pipe:read "a"
  return pipe:close(), output
end

local function plain(text)
  return (text:gsub("%s+", " "):gsub("^ ", ""):gsub(" $", ""))
end

local function check_output(text, output)
  local at = 1
  local seen <const> = plain(output)
  for expected in text:gmatch "%-%-> ([^\n]*)" do
    local from <const>, to <const> = seen:find(plain(expected), at, true)
    assert.is_truthy(from, ("'%s' is not in the output:\n%s"):format(expected, output))
    at = to + 1
  end
end

local runners <const> = {}

function runners.lua(folder, block, page)
  write(folder .. "/.block.lua", block.text)
  local command <const> = page.head:find("./dev env", 1, true) and "lua5.4" or folder .. "/dev run"
  local ok <const>, output <const> = run(folder, ("%s '%s/.block.lua'\n"):format(command, folder))
  assert.is_true(ok, output)
  check_output(block.text, output)
end

local skipped <const> = {
  "^%s*%./dev test", "^%s*%./dev bench", "^%s*%./dev lint", "^%s*%./dev fuzz", "^%s*%./dev setup", "^%s*%./dev build",
  "^%s*%./dev clean", "^%s*%./dev package", "^%s*%./dev dist", "^%s*%./dev release", "^%s*%./dev abi",
  "^%s*%./dev %-%-preset", "^%s*%./dev %-%-target", "^%s*sudo ", "^%s*git clone ", "^%s*cd oleander$",
  "^%s*cmake %-%-preset ", "^%s*cmake %-%-build build/release",
}

local function is_skipped(line)
  for _, pattern in ipairs(skipped) do
    if line:find(pattern) then return true end
  end
  return false
end

-- What a line names must be there, though it is not run: commands of ./dev, packages.
local function look_at(folder, line)
  local words <const> = line:gsub("#.*", ""):gsub("%-%-preset %S+", ""):gsub("%-%-target %S+", "")
  local command <const> = words:match "^%s*%./dev%s+(%l+)"
  if command then
    local _, usage <const> = run(folder, folder .. "/dev help\n")
    assert.truthy(usage:find("\n  " .. command .. " ", 1, true), "./dev has no command " .. command)
  end
  local packages <const> = words:match "apt%-get install%s+(.*)"
  for package in (packages or ""):gmatch "%S+" do
    if package:sub(1, 1) ~= "-" and not package:find "/" then -- no option, no file
      assert.truthy(read(source .. "/dev"):find("[%s(]" .. package:gsub("%p", "%%%0") .. "[%s)]"),
        "./dev does not know the package " .. package)
    end
  end
end

function runners.sh(folder, block)
  local kept <const> = {}
  for line in block.text:gsub("\\\n", " "):gmatch "(.-)\n" do
    if is_skipped(line) then look_at(folder, line) else kept[#kept + 1] = line end
  end
  local ok <const>, output <const> = run(folder, table.concat(kept, "\n") .. "\n")
  assert.is_true(ok, output)
end

function runners.console(folder, block)
  local command, expected = nil, {}
  local function finish()
    if not command then return end
    local ok <const>, output <const> = run(folder, command .. "\n")
    assert.is_true(ok or #expected > 0, output) -- what fails must show how
    local at = 1
    for _, line in ipairs(expected) do
      if line ~= "..." then
        local from <const>, to <const> = output:find(line, at, true)
        assert.is_truthy(from, ("%s: '%s' is not in the output:\n%s"):format(command, line, output))
        at = to + 1
      end
    end
    command, expected = nil, {}
  end
  for line in block.text:gmatch "(.-)\n" do
    local next_command <const> = line:match "^%$ (.*)$"
    if next_command then
      finish()
      command = next_command
    else
      assert(command, "the block does not begin with a command")
      if line:find "%S" then expected[#expected + 1] = line end
    end
  end
  finish()
end

-- The interpreter itself: what is first in PATH may be a slow script that chooses one.
local python <const> = lines_of("python3 -c 'import sys; print(sys.executable)' 2>/dev/null")[1]

function runners.python(folder, block)
  write(folder .. "/.block.py", block.text)
  if not python then return end
  local ok <const>, output <const> = run(folder,
    ("env -u LD_PRELOAD '%s' -c 'compile(open(\"%s/.block.py\").read(), \"block\", \"exec\")'\n")
      :format(python, folder))
  assert.is_true(ok, output)
end

local function no_code() end
runners.text, runners.vb = no_code, no_code

local function current_folder(folder)
  return read(folder .. "/.state"):match "\ncd ([^\n]+)\n$" or folder
end

local function is_part(folder, block)
  local whole <const> = {}
  local here <const> = current_folder(folder) .. "/" .. block.part
  local path <const> = exists(here) and here or folder .. "/" .. block.part -- of the page itself, or of the clone
  for line in (read(path) .. "\n"):gmatch "(.-)\n" do whole[plain(line)] = true end
  for line in block.text:gmatch "(.-)\n" do
    local text <const> = plain(line)
    assert.is_true(whole[text] or text:find "^/[/*] %.%.%. " ~= nil or text == "...",
      block.part .. " has no line: " .. line)
  end
end

local function write_file(folder, block)
  local path <const> = current_folder(folder) .. "/" .. block.file
  assert(not path:find("/../", 1, true))
  os.execute(("mkdir -p \"$(dirname '%s')\" && rm -f '%s'"):format(path, path))
  write(path, block.text)
end

-- A file is used by a block behind it: by name, or by the program that looks for it under that name.
local function is_named_later(blocks, first)
  local name <const> = blocks[first].file:match "[^/]+$"
  local wanted <const> = name == "CMakeLists.txt" and "cmake -" or name:match "%.reg$" and "oleander " or name
  for i = first + 1, #blocks do
    if blocks[i].text:find(wanted, 1, true) then return true end
  end
  return false
end

local function compiles(page)
  for _, block in ipairs(page.blocks) do
    if block.language:find "^c" and block.file then return true end
  end
  return false
end

local pages <const> = { "README.md", "CONTRIBUTING.md" }
for _, path in ipairs(lines_of(("cd '%s' && ls docs/*.md"):format(source))) do
  if path ~= "docs/reference.md" then pages[#pages + 1] = path end
end

for _, name in ipairs(pages) do
  local page <const> = page_of(name)
  local blocks <const> = page.blocks
  describe(name, function()
    it("has its code in blocks", function() assert.same({}, page.strays) end)
    if #blocks == 0 then return end
    if sanitized and compiles(page) then
      pending("compiles programs: it runs in the builds without sanitizers")
      return
    end
    it("says where it starts", function()
      for _, block in ipairs(blocks) do
        if block.language ~= "text" then assert.truthy(page.head:find "clone") end
      end
    end)
    local folder
    setup(function() folder = make_clone(page) end)
    teardown(function() os.execute(("rm -rf '%s'"):format(folder)) end)
    for i, block in ipairs(blocks) do
      it(("line %d: %s %s"):format(block.line, block.language, block.file or ""), function()
        if block.part then
          is_part(folder, block)
        elseif block.file then
          write_file(folder, block)
          assert.is_true(is_named_later(blocks, i), "no block behind it uses " .. block.file)
        else
          local runner <const> = runners[block.language]
          assert.truthy(runner, ("'%s': neither a file nor part of one"):format(block.language))
          runner(folder, block, page)
        end
      end)
    end
  end)
end

-- What running text says in `code`.
local function spans_of(name)
  local text <const> = read(source .. "/" .. name):gsub("```.-\n```", "")
  return text:gmatch "`([^`\n]+)`"
end

describe("names in the text of", function()
  local com <const> = require "oleander"
  for _, name in ipairs(pages) do
    it(name, function()
      for span in spans_of(name) do
        for member in span:gmatch "%f[%w]com%.([%a_]+)" do
          assert.is_true(com[member] ~= nil or name == "docs/not-yet.md", "com." .. member)
        end
        if span:find "^%l[%w_-]*/[%w_/.-]+%.%l+$" then
          assert.is_true(exists(source .. "/" .. span) or exists(stage .. "/" .. span), span)
        end
        local option <const> = span:match "^%./dev (%l+)"
        if option then assert.truthy(read(source .. "/dev"):find("\n  " .. option .. " ", 1, true), span) end
      end
    end)
  end
end)

describe("links of the documentation", function()
  for _, name in ipairs { "docs/reference.md", table.unpack(pages) } do
    it(name, function()
      local folder <const> = source .. "/" .. (name:match "^(.*/)" or "")
      for target in read(source .. "/" .. name):gmatch "%]%(([^)#:]+)#?[^):]*%)" do
        assert.is_true(exists(folder .. target), target)
      end
    end)
  end
end)
