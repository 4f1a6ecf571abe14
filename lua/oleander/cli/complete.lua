---What the shells' completion asks: `oleander --complete WORD...`, the last word being the one at the cursor, perhaps
---"". Prints a line for each candidate: the whole word, and behind a tab what it is. The line ":files" stands for the
---names of files. What there is comes from the parsers of the command line; classes and members from the registry and
---from type libraries, so that no object is made because somebody pressed a key.
local cli <const> = require "oleander.cli"

local complete <const> = {}

---@class oleander.cli.Place where the cursor stands
---@field parser table of the innermost command
---@field command? oleander.cli.Command
---@field given string[] the arguments before it
---@field option? table the option whose value it is
---@field ended boolean behind "--"

---One line, as a shell can show it.
local function brief(text)
  local first <const> = (text or ""):gsub("%s+", " "):match "^(.-%.)%s" or (text or ""):gsub("%s+", " ")
  return #first > 100 and first:sub(1, utf8.offset(first, 0, 98) - 1) .. "..." or first
end

local function find_option(parser, word)
  for _, option in ipairs(parser._options) do
    for _, alias in ipairs(option._aliases) do
      if alias == word then return option end
    end
  end
end

local function find_command(parser, word)
  for _, sub in ipairs(parser._commands) do
    for _, alias in ipairs(sub._aliases) do
      if alias == word then return sub end
    end
  end
end

local function takes_value(option)
  return option ~= nil and option._maxargs > 0
end

---The module of a command: its own, or that of the command above it.
local function module_of(names)
  for last = #names, 1, -1 do
    local found <const>, module <const> = pcall(require, "oleander.cli." .. table.concat(names, ".", 1, last))
    if found then return module end
  end
end

---@param words string[] those before the one at the cursor
---@return oleander.cli.Place
local function place_of(words)
  local parser = cli.parser(words[1])
  local place <const> = { parser = parser, given = {}, ended = false }
  local names <const> = {}
  for _, word in ipairs(words) do
    local sub <const> = not place.ended and #place.given == 0 and find_command(parser, word)
    if place.option then
      place.option = nil
    elseif not place.ended and word == "--" then
      place.ended = true
    elseif sub then
      parser, names[#names + 1] = sub, word
    elseif not place.ended and word:find "^%-%D" then
      local option <const> = find_option(parser, word)
      place.option = takes_value(option) and option or nil
    else
      place.given[#place.given + 1] = word
    end
  end
  place.parser = parser
  place.command = module_of(names)
  return place
end

local kinds <const> = {}

function kinds.class(_, add)
  for _, class in ipairs(require "oleander.registration".classes()) do
    if class.progid then add(class.progid, class.name) end
  end
end

function kinds.library(place, add)
  add ":files"
  kinds.class(place, add)
end

function kinds.file(_, add)
  add ":files"
end

---The members of a class, as its library has them: the default interface with its bases.
local function members_of(id)
  local com <const>, core <const> = require "oleander", require "oleander.core"
  local clsid <const> = id:sub(1, 1) == "{" and com.guid(id) or core.class_id(id)
  local library <const> = clsid and com.try(com.typelib, id)
  local class <const> = library and library:find(clsid)
  local members <const> = {}
  for _, item in ipairs(class and class.implements or {}) do
    local flags <const> = table.concat(item.flags, " ")
    local kind, level = flags:find "default" and not flags:find "source" and item.type or nil, 0
    while kind and level < 32 do
      for _, member in ipairs(kind.members) do
        local hidden <const> = table.concat(member.flags, " "):find "restricted"
        if not hidden then members[#members + 1] = member end
      end
      kind, level = kind.kind == "interface" and kind.base or nil, level + 1
    end
  end
  return members
end

function kinds.member(place, add)
  local seen <const> = { QueryInterface = true, AddRef = true, Release = true }
  for _, member in ipairs(members_of(place.given[1] or "")) do
    if not seen[member.name] then
      seen[member.name] = true
      add(member.name, member.help)
    end
  end
end

function kinds.parameter(place, add)
  local wanted <const>, seen <const> = (place.given[2] or ""):lower(), {}
  for _, member in ipairs(members_of(place.given[1] or "")) do
    for _, parameter in ipairs(member.name:lower() == wanted and member.parameters or {}) do
      local taken <const> = table.concat(parameter.flags, " "):find "retval" or seen[parameter.name]
      if not taken then add(parameter.name .. "=", tostring(parameter.type)) end
      seen[parameter.name] = true
    end
  end
end

local function add_commands(parser, add)
  for _, sub in ipairs(parser._commands) do
    add(sub._name, brief(sub._summary or sub._description))
  end
end

---The argument that comes next.
local function next_argument(place)
  local left = #place.given
  for _, argument in ipairs(place.parser._arguments) do
    if left < argument._maxargs then return argument end
    left = left - argument._maxargs
  end
end

local function add_values(element, kind, place, add)
  for _, choice in ipairs(element._choices or {}) do add(choice) end
  if not element._choices then (kinds[kind or "file"] or kinds.file)(place, add) end
end

---All candidates at a place, whatever the word begins with.
local function candidates(place, word, add)
  if place.option then return add_values(place.option, nil, place, add) end
  if not place.ended and word:find "^%-" then
    for _, option in ipairs(place.parser._options) do
      add(option._aliases[#option._aliases], brief(option._description))
    end
    return
  end
  if #place.parser._commands > 0 then
    add_commands(place.parser, add)
    if not place.command then add ":files" end -- oleander FILE.lua
    return
  end
  local argument <const> = next_argument(place)
  if not argument then return end
  local completes <const> = place.command and place.command.completes or {}
  add_values(argument, completes[argument._name], place, add)
end

---@param arguments string[] "--complete", then the words
---@return integer exit_code
function complete.run(arguments)
  local words <const> = table.move(arguments, 2, #arguments, 1, {})
  local word = table.remove(words) or ""
  local place <const> = place_of(words)
  local option_part <const> = not place.ended and word:match "^%-%-[%w-]+="
  if option_part then -- --option=VALUE
    place.option = find_option(place.parser, option_part:sub(1, -2))
    if not takes_value(place.option) then return 0 end
    word = word:sub(#option_part + 1)
  end
  local lines <const> = {}
  pcall(candidates, place, word, function(text, what)
    if text ~= ":files" and text:sub(1, #word):lower() ~= word:lower() then return end
    what = brief(what)
    lines[#lines + 1] = (option_part or "") .. text .. (what ~= "" and "\t" .. what or "")
    if text == ":files" then lines[#lines] = text end
  end)
  table.sort(lines)
  if #lines > 0 then print(table.concat(lines, "\n")) end
  return 0
end

return complete
