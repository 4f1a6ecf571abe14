-- Completion: what the program says that there is, and what the shells make of it.
local stage <const> = assert(os.getenv "OLEANDER_STAGE")
local sanitized <const> = os.getenv "OLEANDER_SANITIZED" == "1"

local function output_of(command)
  local pipe <close> = assert(io.popen("export ASAN_OPTIONS=detect_leaks=0; " .. command .. " 2>&1"))
  return (pipe:read "a")
end

local function lines_of(text)
  local lines <const> = {}
  for line in text:gmatch "[^\n]+" do lines[#lines + 1] = line end
  return lines
end

-- The candidates for a command line, without what they are.
local function candidates(words)
  local found <const> = {}
  for _, line in ipairs(lines_of(output_of(("'%s/bin/oleander' --complete %s"):format(stage, words)))) do
    found[line:match "^[^\t]*"] = line:match "\t(.*)$" or true
  end
  return found
end

describe("oleander --complete", function()
  local cases <const> = {
    { "''", { "run", "tlb", "doctor", ":files" }, {} },
    { "re", { "register", "replay" }, { "run", "tlb" } },
    { "help t", {}, { "call" } },
    { "call ''", { "Scripting.Dictionary", "Scripting.FileSystemObject" }, { ":files", "run" } },
    { "call scripting.d", { "Scripting.Dictionary" }, { "Scripting.FileSystemObject" } },
    { "call Scripting.Dictionary ''", { "Add", "Exists", "Count" }, { "QueryInterface", "Invoke" } },
    { "call Scripting.Dictionary ex", { "Exists" }, { "Add" } },
    { "call --json Scripting.Dictionary ex", { "Exists" }, { "Add" } },
    { "call -- Scripting.Dictionary ex", { "Exists" }, { "Add" } },
    { "call Scripting.FileSystemObject copyfile ''", { "Source=", "OverWriteFiles=" }, { ":files" } },
    { "call No.Such.Class ''", {}, { "Add" } },
    { "call -", { "--json", "--put", "--running", "--help" }, { "--version" } },
    { "call -- -", {}, { "--json" } },
    { "show Scr", { "Scripting.Dictionary" }, { ":files" } },
    { "tlb ''", { "show", "diff", "html" }, { ":files", "run" } },
    { "tlb show ''", { ":files", "Scripting.Dictionary" }, {} },
    { "tlb show --color ''", { "always", "auto", "never" }, { ":files" } },
    { "tlb show --color=a", { "--color=always", "--color=auto" }, { "--color=never" } },
    { "tlb show --json=", {}, { ":files" } },
    { "tlb show --kind en", { "enum" }, { "record" } },
    { "idl compile -o ''", { ":files" }, { "Scripting.Dictionary" } },
    { "no-such-command ''", { ":files" }, {} },
    { "", { "run" }, {} },
  }
  for _, case in ipairs(cases) do
    it(case[1], function()
      local found <const> = candidates(case[1])
      for _, name in ipairs(case[2]) do assert.truthy(found[name], name) end
      for _, name in ipairs(case[3]) do assert.is_nil(found[name], name) end
    end)
  end

  it("says what the candidates are, in one line", function()
    assert.equal("Run a Lua script.", candidates "ru".run)
    assert.equal("Add a new key and item to the dictionary.", candidates "call Scripting.Dictionary Add".Add)
  end)

  it("makes no object and starts no service", function()
    local found <const> = output_of(("OLEANDER_TRACE=rpc '%s/bin/oleander' --complete call Scripting.Dictionary ''")
      :format(stage))
    assert.is_nil(found:find("oleanderd", 1, true))
  end)
end)

local function has(program)
  return os.execute("command -v " .. program .. " >/dev/null 2>&1") == true
end

describe("the shells", function()
  if sanitized then
    pending "their programs are not sanitized"
    return
  end

  local function bash(line)
    return lines_of(output_of(([[PATH='%s/bin':$PATH bash -c '
      . "$1"; COMP_LINE=$2 COMP_POINT=${#2}; _oleander 2>/dev/null; printf "%%s\n" "${COMPREPLY[@]}"' bash ]]
      .. [['%s/share/bash-completion/completions/oleander' '%s']]):format(stage, stage, line)))
  end

  it("bash", function()
    assert.truthy(table.concat(bash "oleander re", " "):find("register replay", 1, true))
    assert.same({ "Exists" }, bash "oleander call Scripting.Dictionary ex")
    assert.same({ "always", "auto" }, bash "oleander tlb show --color=a") -- behind the =, as readline parts it
    assert.same({ "Source=" }, bash "oleander call Scripting.FileSystemObject CopyFile So")
    assert.same({ "LICENSE" }, bash "oleander tlb show LICEN")
    assert.same({ "--foreground" }, lines_of(output_of(([[PATH='%s/bin':$PATH LD_LIBRARY_PATH='%s/lib' bash -c '
      . "$1"; _oleander_help oleanderd --f; printf "%%s\n" "${COMPREPLY[@]}"' bash ]]
      .. [['%s/share/bash-completion/completions/oleanderd']]):format(stage, stage, stage))))
  end)

  it("zsh", function()
    if not has "zsh" then return pending "there is no zsh" end
    local output <const> = output_of(([=[PATH='%s/bin':$PATH zsh -f -c '
      compadd() { while [[ $1 == -* && $1 != -- ]]; do shift; done; print -l -- named "$@" }
      _describe() { print -l -- "${(@P)4:-${(@P)3}}" }
      _files() { print files }
      words=(oleander "${@:2}") CURRENT=$#words
      source "$1" 2>&1' zsh '%s/share/zsh/site-functions/_oleander' %s]=]):format(stage, stage, "tlb s"))
    assert.truthy(output:find("show:Print what is in the libraries.", 1, true), output)
  end)

  it("fish", function()
    if not has "fish" then return pending "there is no fish" end
    local output <const> = output_of(([[HOME=/nonexistent PATH='%s/bin':$PATH fish --no-config -c '
      source %s/share/fish/vendor_completions.d/oleander.fish; complete -C "oleander call Scripting.Dictionary ex"']])
      :format(stage, stage))
    assert.truthy(output:find("Exists\tDetermine if", 1, true), output)
  end)
end)
