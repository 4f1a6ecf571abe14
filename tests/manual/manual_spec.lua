-- The manual: pages for man and for browsers that say what the programs and docs/ say.
local source <const> = assert(os.getenv "OLEANDER_SOURCE")
local stage <const> = assert(os.getenv "OLEANDER_STAGE")

local function output_of(command)
  local pipe <close> = assert(io.popen("export LD_PRELOAD= ASAN_OPTIONS=detect_leaks=0; " .. command .. " 2>&1"))
  return (pipe:read "a")
end

local function read(path)
  local file <close> = assert(io.open(path, "rb"))
  return file:read "a"
end

-- Roff as text, all blanks alike.
local function plain(text)
  return (text:gsub("\\f.", ""):gsub("\\%(aq", "'"):gsub("\\%(ga", "`"):gsub("\\%(ti", "~"):gsub("\\%(ha", "^")
    :gsub("\\%-", "-"):gsub("\\e", "\\"):gsub("\\&", ""):gsub("%s+", " "))
end

local man <const> = stage .. "/share/man"
local pages <const> = { "man1/oleander.1", "man1/oleanderd.1", "man1/oleander-surrogate.1", "man7/oleander.7" }

describe("the pages for man", function()
  it("say what --help says, command by command", function()
    local page <const> = plain(read(man .. "/man1/oleander.1"))
    local cli <const> = require "oleander.cli"
    local count = 0
    local function look(parser, prefix)
      for _, sub in ipairs(parser._commands) do
        if sub._name ~= "help" then
          if #sub._commands == 0 then
            assert.truthy(page:find('.SS "' .. prefix .. sub._name .. '"', 1, true), sub._name)
            local description <const> = plain(sub._description:gsub("`", ""))
            assert.truthy(page:find(description, 1, true), description)
          end
          for _, option in ipairs(sub._options) do
            count = count + 1
            local description <const> = plain(option:_get_description():gsub("`", ""))
            local described <const> = page:find(description, 1, true) and page:find(option._aliases[1], 1, true)
            assert.truthy(described or option._aliases[1] == "-h", option._aliases[1])
          end
          look(sub, prefix .. sub._name .. " ")
        end
      end
    end
    look(cli.parser(), "")
    assert.is_true(count > 30)
  end)

  it("say what the programs in C say", function()
    for name in ("oleanderd oleander-surrogate"):gmatch "%S+" do
      local page <const> = plain(read(("%s/man1/%s.1"):format(man, name)))
      local help <const> = output_of(("LD_LIBRARY_PATH='%s/lib' '%s/bin/%s' --help"):format(stage, stage, name))
      for line in help:gmatch "[^\n]+" do
        for part in line:gsub("^Usage: ", ""):gsub(":$", ""):gmatch "%S.-%f[%z ][%z ]%f[%z ]" do
          assert.truthy(page:lower():find(plain(part):gsub("%s+$", ""):lower(), 1, true), part)
        end
        for option in line:gmatch "%-%-[%w-]+" do assert.truthy(page:find(option, 1, true), option) end
      end
    end
  end)

  it("are well-formed", function()
    for _, page in ipairs(pages) do
      local text <const> = read(man .. "/" .. page)
      assert.truthy(text:find "\n%.TH \"OLEANDER[^\"]*\" \"%d\" %d%d%d%d%-%d%d%-%d%d ", page)
      assert.is_nil(text:find "`", page)
      if os.execute "command -v mandoc >/dev/null 2>&1" then
        local found <const> = output_of(("mandoc -T lint -W warning '%s/%s'"):format(man, page))
        assert.equal("", found)
      end
    end
  end)
end)

describe("the documentation to read offline", function()
  local html <const> = output_of(("find '%s/share/doc' -type d -name html"):format(stage)):match "[^\n]+"

  it("has a page for each one in docs/", function()
    for name in output_of(("ls '%s/docs'"):format(source)):gmatch "([%w-]+)%.md" do
      local file <const> = name == "README" and "index" or name
      assert.truthy(read(("%s/%s.html"):format(html, file)):find("<h1>", 1, true), name)
    end
  end)

  it("has no link that leads nowhere, and loads nothing from elsewhere", function()
    for name in output_of(("ls '%s'"):format(html)):gmatch "([%w-]+%.html)" do
      local text <const> = read(html .. "/" .. name)
      for target in text:gmatch 'href="([^"]*)"' do
        local file <const>, place <const> = target:match "^([^#]*)#?(.*)$"
        if not file:find "^%a+:" then
          local path <const> = html .. "/" .. (file == "" and name or file)
          local there <const> = read(path)
          assert.is_true(place == "" or there:find('id="' .. place .. '"', 1, true) ~= nil, name .. ": " .. target)
        end
      end
      assert.is_nil(text:find 'src="%a+:')
      assert.is_nil(text:find "\n```", name)
    end
  end)

  it("can be searched: titles, sections and words", function()
    local data <const> = read(html .. "/pages-data.js")
    for _, expected in ipairs { "window.oleanderPages=", '"Installing","page"', "sUninstall", "OLEANDER_CLASSES" } do
      assert.truthy(data:find(expected, 1, true), expected)
    end
  end)

  it("is made the same way twice", function()
    local folder <const> = output_of "mktemp -d":match "%S+"
    for _, name in ipairs { "a", "b" } do
      local command <const> = "cd '%s' && lua5.4 tools/make_manual.lua . 1.2.3 '%s/%s'"
      assert.equal("", output_of(command:format(source, folder, name)))
    end
    assert.equal("", output_of(("diff -r '%s/a' '%s/b'"):format(folder, folder)))
    os.execute("rm -rf '" .. folder .. "'")
  end)
end)
