-- Makes the manual: pages for man, and docs/ as a site to read offline.
--
--   lua5.4 tools/make_manual.lua SOURCE VERSION DIRECTORY
--
-- DIRECTORY/man1, DIRECTORY/man7 and DIRECTORY/html. Everything comes from what --help prints and from docs/, so that
-- it cannot say something else.
local source <const>, version <const>, target <const> = arg[1], arg[2], arg[3]
if not target then
  io.stderr:write "Usage: lua5.4 tools/make_manual.lua SOURCE VERSION DIRECTORY\n"
  os.exit(2)
end
package.path = ("%s/lua/?.lua;%s/?.lua;%s"):format(source, source, package.path)

local cli <const> = require "oleander.cli"
local markdown <const> = require "tools.manual.markdown"
local programs <const> = require "tools.manual.programs"
local roff <const> = require "tools.manual.roff"
local site <const> = require "tools.manual.site"

local function read(path)
  local file <close> = assert(io.open(source .. "/" .. path, "rb"))
  return file:read "a"
end

local function write(path, text)
  local file <close> = assert(io.open(target .. "/" .. path, "wb"))
  file:write(text)
end

-- The newest release in the changelog dates the pages, so that the same sources give the same bytes.
local date <const> = read "CHANGELOG.md":match "\n## %[[%d.]+%] %- (%d%d%d%d%-%d%d%-%d%d)" or "2026-12-01"

local function about(section)
  return { section = section, date = date, version = version }
end

-- The sections of the overview that every program's page ends with.
local overview <const> = markdown.parse(read "docs/overview.md")

local function sections(names)
  local result <const>, taken = {}, false
  for _, block in ipairs(overview) do
    if block.kind == "heading" and block.level == 2 then taken = names[block.text] ~= nil end
    if taken then result[#result + 1] = block end
  end
  return result
end

local function make_pages()
  os.execute(("mkdir -p '%s/man1' '%s/man7'"):format(target, target))
  local tail <const> = sections { Environment = true, Files = true, ["See also"] = true }
  local also <const> = sections { ["See also"] = true }
  write("man1/oleander.1", programs.oleander(cli, about "1", tail))
  write("man1/oleanderd.1", programs.other("oleanderd", "COM service of a user",
    programs.usage_of(read "broker/program.c"), about "1", also))
  write("man1/oleander-surrogate.1", programs.other("oleander-surrogate", "host of modules for other processes",
    programs.usage_of(read "activation/local/surrogate_program.c"), about "1", also))
  local page <const> = roff.page("oleander", about "7")
  page:section "Name"
  page:add "oleander \\- COM Automation for Lua on Linux"
  page:section "Description"
  roff.markdown(page, overview)
  write("man7/oleander.7", page:done())
end

local function make_site()
  os.execute(("rm -rf '%s/html' && mkdir -p '%s/html'"):format(target, target))
  local sources <const> = { { name = "README", file = "index", text = read "docs/README.md" } }
  local pipe <close> = assert(io.popen(("cd '%s/docs' && LC_ALL=C ls *.md"):format(source)))
  for name in pipe:lines() do
    local base <const> = name:match "^(.*)%.md$"
    if base ~= "README" then sources[#sources + 1] = { name = base, file = base, text = read("docs/" .. name) } end
  end
  for _, name in ipairs { "CHANGELOG", "SECURITY" } do
    sources[#sources + 1] = { name = name, file = name:lower(), text = read(name .. ".md") }
  end
  for name, text in pairs(site.make(sources, version)) do write("html/" .. name, text) end
  for _, name in ipairs { "pages.css", "pages.js" } do write("html/" .. name, read("lua/oleander/html/" .. name)) end
end

make_pages()
make_site()
