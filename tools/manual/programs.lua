---What the programs say of themselves: the parsers of `oleander`, and what the programs in C print for --help.
local roff <const> = require "tools.manual.roff"

local programs <const> = {}

local function plain_usage(parser)
  return (parser:get_usage():gsub("^Usage: ", ""):gsub("\n%s+", " "))
end

local function labels_of(element)
  local names <const> = {}
  for i, line in ipairs(element:_get_label_lines()) do names[i] = line:gsub("^%s+", ""):gsub(",$", "") end
  return table.concat(names, ", ")
end

---The arguments and options of one command.
local function describe(page, parser)
  for _, argument in ipairs(parser._arguments) do page:item(labels_of(argument), argument:_get_description() or "") end
  for _, option in ipairs(parser._options) do
    if option._aliases[1] ~= "-h" then page:item(labels_of(option), option:_get_description() or "") end
  end
end

local function walk(page, parser, prefix)
  for _, sub in ipairs(parser._commands) do
    if sub._name ~= "help" then
      local name <const> = prefix .. sub._name
      if #sub._commands == 0 then
        page:part(name)
        page:add("\\fB" .. roff.escape(plain_usage(sub), true) .. "\\fR")
        page:text(sub._description)
        describe(page, sub)
      end
      walk(page, sub, name .. " ")
    end
  end
end

---oleander(1)
function programs.oleander(cli, about, tail)
  local parser <const> = cli.parser()
  local page <const> = roff.page("oleander", about)
  page:section "Name"
  page:add "oleander \\- COM Automation on the command line"
  page:section "Synopsis"
  page:literal "oleander COMMAND [ARGUMENTS]\noleander FILE.lua [ARGUMENTS]\noleander\noleander --help | --version"
  page:section "Description"
  page:text("Uses objects, shows what they are, registers classes, reads and compiles type libraries. A file whose "
    .. "name ends in .lua is run, as by oleander run; without arguments there is a prompt.")
  page:section "Commands"
  walk(page, parser, "")
  page:section "Exit status"
  page:text(parser._epilog)
  roff.markdown(page, tail)
  return page:done()
end

---The text that a program in C prints for --help: the string literal `usage` of its source.
---@param source string
---@return string
function programs.usage_of(source)
  local literal <const> = assert(source:match "usage%[%]%s*=%s*(.-\");\n", "the source has no usage text")
  local parts <const> = {}
  for part in literal:gmatch '"(.-[^\\])"' do parts[#parts + 1] = part end
  for empty in literal:gmatch '()""' do assert(not empty, "an empty part") end
  return (table.concat(parts):gsub("\\n", "\n"):gsub('\\"', '"'))
end

---A page of a program in C. Lines of its help with two blanks in front are items; a line that ends in a colon and is
---not indented opens a section.
---@param name string
---@param what string for the section Name
---@param usage string
function programs.other(name, what, usage, about, tail)
  local page <const> = roff.page(name, about)
  page:section "Name"
  page:add(name .. " \\- " .. what)
  page:section "Synopsis"
  local synopsis <const>, rest <const> = usage:match "^Usage: (.-)\n\n(.*)$"
  page:literal((synopsis:gsub("\n%s+", "\n")))
  page:section "Description"
  for part in (rest .. "\n\n"):gmatch "(.-)\n\n+" do
    local head <const>, lines <const> = part:match "^(%u[%w ]+):\n(.*)$"
    if head then page:section(head) end
    if not head and part:find "^  %S" then page:section "Options" end
    if not part:find "%S" then
      break
    elseif head or part:find "^  %S" then
      for line in ((lines or part) .. "\n"):gmatch "(.-)\n" do
        local label <const>, text <const> = line:match "^  (%S.-)%s%s+(.*)$"
        page:item(label, text)
      end
    else
      page:text(part)
    end
  end
  roff.markdown(page, tail)
  return page:done()
end

return programs
