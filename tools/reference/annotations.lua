-- Reads LuaCATS annotations: blocks of lines that begin with ---, and the line behind each. docs/reference.md and
-- docs/luacats/oleander.lua are made from what this finds.
--
-- `com.NAME =` and `function com.NAME(` in lua/oleander.lua make entries, in a part the functions that oleander.lua
-- adds to com by `add(part, "NAMES")`. A block with @class makes a class, of which `function Class:NAME(` is a
-- method, where Class is the local behind the block. `---# Title` opens a section.

local annotations <const> = {}

---Splits `type rest` where the type may hold blanks inside brackets or around |.
local function split_type(text)
  local depth, i = 0, 1
  while i <= #text do
    local c <const> = text:sub(i, i)
    if c:find "[%(%[{<]" then depth = depth + 1
    elseif c:find "[%)%]}>]" then depth = depth - 1
    elseif c == " " and depth == 0 then
      local before <const>, after <const> = text:sub(1, i - 1), text:sub(i):match "^%s*(.*)$"
      if not (before:find "[|:,]$" or after:find "^|") then return before, after end
    end
    i = i + 1
  end
  return text, ""
end

local function named(text)
  local name, rest = text:match "^(%b[])%s*(.*)$" -- [string] any
  if not name then name, rest = text:match "^(%S+)%s*(.*)$" end
  local kind <const>, note <const> = split_type(rest)
  return { name = name, type = kind, note = note }
end

local parsers <const> = {
  param = function(entry, text) entry.params[#entry.params + 1] = named(text) end,
  field = function(entry, text) entry.fields[#entry.fields + 1] = named(text) end,
  ["return"] = function(entry, text)
    local kind <const>, note <const> = split_type(text)
    entry.returns[#entry.returns + 1] = { type = kind, note = note }
  end,
  class = function(entry, text)
    entry.class, entry.parent = text:match "^([%w_.]+)%s*:?%s*(.*)$"
  end,
  operator = function(entry, text) entry.operators[#entry.operators + 1] = text end,
  type = function(entry, text) entry.type = text end,
  overload = function(entry, text) entry.overloads[#entry.overloads + 1] = text end,
  private = function(entry) entry.private = true end,
  see = function(entry, text) entry.text[#entry.text + 1] = "See " .. text .. "." end,
}

local function parse_block(lines)
  local entry <const> = { lines = lines, text = {}, params = {}, returns = {}, fields = {}, operators = {},
    overloads = {} }
  for _, line in ipairs(lines) do
    local tag <const>, rest <const> = line:match "^%-%-%-@(%w+)%s*(.*)$"
    if not tag then
      entry.text[#entry.text + 1] = line:match "^%-%-%- ?(.*)$"
    elseif parsers[tag] then
      parsers[tag](entry, rest)
    end
  end
  return entry
end

---The file's text.
---@param path string
---@return string
function annotations.read(path)
  local file <close> = assert(io.open(path, "rb"))
  return file:read "a"
end

---The entries of a file, in order: { name = "create" } for a member of com, { class = "oleander.Array" },
---{ owner = "oleander.Array", name = "at" } for a method, { section = "Title" }.
---@param path string
---@param members table<string, boolean> its functions that are members of com
---@return table[]
function annotations.entries(path, members)
  local list <const>, classes <const>, seen <const> = {}, {}, {}
  local block = {}

  -- Says what the line behind a block declares; nil for what is not public.
  local function declare(entry, line)
    local owner <const>, separator <const>, name <const>, arguments <const> =
      line:match "^function ([%w_]+)([.:])([%w_]+)(%b())"
    if owner and separator == ":" then
      entry.owner, entry.name, entry.arguments = classes[owner], name, arguments
      return entry.owner ~= nil
    elseif owner then
      entry.name, entry.arguments = name, arguments
      return owner == "com" or members[name] == true
    end
    local holder <const>, field <const> = line:match "^([%w_]+)%.([%w_]+) ="
    if holder and (holder == "com" or members[field]) then
      entry.name = field
      return true
    end
    return entry.class ~= nil or entry.section ~= nil
  end

  local function close(line)
    if #block == 0 then return end
    local title <const> = block[1]:match "^%-%-%-# (.+)$"
    if title then table.remove(block, 1) end
    local entry <const> = parse_block(block)
    entry.section = title
    block = {}
    local variable <const> = entry.class and line:match "^local ([%w_]+)"
    if variable then classes[variable] = entry.class end
    if variable and #entry.text == 0 and #entry.fields == 0 and seen[entry.class] then return end -- further methods
    if entry.class then seen[entry.class] = true end
    if declare(entry, line) and not entry.private then list[#list + 1] = entry end
  end

  for line in (annotations.read(path) .. "\n"):gmatch "([^\n]*)\n" do
    if line:find "^%-%-%-" and not line:find "^%-%-%-@meta" then block[#block + 1] = line else close(line) end
  end
  return list
end

---Where the public API is declared, in the order of oleander.lua: { path, members, part }.
---@param root string
---@return table[]
function annotations.sources(root)
  local main <const> = root .. "/lua/oleander.lua"
  local text <const> = annotations.read(main)
  local by_part <const>, list <const> = {}, {}
  for part, module in text:gmatch 'local (%w+) <const> = require "oleander%.([%w_]+)"' do
    by_part[part] = module
  end
  local entries <const> = {}
  local function add(module, names)
    local entry = entries[module]
    if not entry then
      entry = { path = ("%s/lua/oleander/%s.lua"):format(root, module), part = module, members = {} }
      entries[module] = entry
      list[#list + 1] = entry
    end
    for name in names:gmatch "%S+" do entry.members[name] = true end
  end
  for expression, names in text:gmatch "\nadd%(([^,]+), [%[\"]+([^%]\"]+)" do
    add(by_part[expression] or expression:match '"oleander%.([%w_]+)"', names)
  end
  list[#list + 1] = { path = main, part = "oleander", members = {} }
  list[#list + 1] = { path = root .. "/tools/reference/classes.lua", part = "classes", members = {} }
  list[#list + 1] = { path = root .. "/lua/oleander/typelib.lua", part = "typelib", members = {} }
  return list
end

return annotations
