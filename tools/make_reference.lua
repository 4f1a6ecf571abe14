-- Makes docs/reference.md, the reference of the Lua API, from the LuaCATS annotations in lua/.
--   lua5.4 tools/make_reference.lua [--check] [SOURCE_ROOT]
-- With --check nothing is written; exit code 1 when the file is not what the annotations say.
--
-- What it reads: a block of lines that begin with ---, and the line behind it. In lua/oleander.lua `com.NAME =` and
-- `function com.NAME(` make entries, in a part the functions that oleander.lua adds to com by `add(part, "NAMES")`. A
-- method `function t:NAME(` is an entry, a block with @class makes a table of fields. A block `---# Title` opens a
-- section; its other lines introduce it.

local root, check = ".", false
for _, argument in ipairs(arg) do
  if argument == "--check" then check = true else root = argument end
end

local function read(path)
  local file <close> = assert(io.open(path, "rb"))
  return file:read "a"
end

local MAIN <const> = "lua/oleander.lua"

-- The parts in the order in which oleander.lua names them: { path, names that are public }. Then the files whose
-- classes scripts meet as values.
local function sources()
  local text <const> = read(root .. "/" .. MAIN)
  local list <const> = { { path = MAIN, names = {} } }
  local by_part <const> = {}
  for part, module in text:gmatch 'local (%w+) <const> = require "oleander%.([%w_]+)"' do
    by_part[part] = { path = ("lua/oleander/%s.lua"):format(module), names = {} }
  end
  for part, names in text:gmatch "\nadd%((%w+), [%[\"]+([^%]\"]+)" do
    local entry <const> = by_part[part]
    if not entry.listed then list[#list + 1] = entry end
    entry.listed = true
    for name in names:gmatch "%S+" do entry.names[name] = true end
  end
  list[#list + 1] = { path = "lua/oleander/typelib.lua", names = {} }
  return list
end

-- Splits `name? type rest` where the type may hold blanks inside brackets or around |.
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

local parsers <const> = {
  param = function(entry, text)
    local name <const>, rest <const> = text:match "^(%S+)%s*(.*)$"
    local kind <const>, note <const> = split_type(rest)
    entry.params[#entry.params + 1] = { name = name, type = kind, note = note }
  end,
  ["return"] = function(entry, text)
    local kind <const>, note <const> = split_type(text)
    entry.returns[#entry.returns + 1] = { type = kind, note = note }
  end,
  field = function(entry, text)
    local name <const>, rest <const> = text:match "^(%S+)%s*(.*)$"
    local kind <const>, note <const> = split_type(rest)
    entry.fields[#entry.fields + 1] = { name = name, type = kind, note = note }
  end,
  class = function(entry, text) entry.class = text end,
  overload = function(entry, text) entry.overloads[#entry.overloads + 1] = text end,
  private = function(entry) entry.private = true end,
  see = function(entry, text) entry.text[#entry.text + 1] = "See " .. text .. "." end,
}

local function parse_block(lines)
  local entry <const> = { text = {}, params = {}, returns = {}, fields = {}, overloads = {} }
  for _, line in ipairs(lines) do
    local tag <const>, rest <const> = line:match "^%-%-%-@(%w+)%s*(.*)$"
    if tag then
      if parsers[tag] then parsers[tag](entry, rest) end
    else
      entry.text[#entry.text + 1] = line:match "^%-%-%- ?(.*)$"
    end
  end
  return entry
end

-- Entries of one file, in order. `names` are its functions that are members of com.
local function entries_of(path, names)
  local list <const>, block = {}, {}
  local function public_call(line)
    local owner <const>, separator <const>, name <const>, arguments <const> =
      line:match "^function ([%w_]+)([.:])([%w_]+)(%b())"
    if not owner then return nil end
    if owner == "com" or separator == "." and names[name] then return "com." .. name .. arguments end
    return separator == ":" and "value:" .. name .. arguments or nil
  end
  local function public_value(line)
    local owner <const>, name <const> = line:match "^([%w_]+)%.([%w_]+) ="
    if owner and (owner == "com" or names[name]) then return "com." .. name end
  end
  local function close(following)
    if #block == 0 then return end
    local title <const> = block[1]:match "^%-%-%-# (.+)$"
    if title then table.remove(block, 1) end
    local entry <const> = parse_block(block)
    entry.section = title
    entry.call = public_call(following)
    entry.value = not entry.call and public_value(following)
    block = {}
    if entry.private then return end
    if entry.section or entry.call or entry.value or entry.class then list[#list + 1] = entry end
  end
  for line in (read(root .. "/" .. path) .. "\n"):gmatch "([^\n]*)\n" do
    if line:find "^%-%-%-" then block[#block + 1] = line else close(line) end
  end
  return list
end

local out <const> = {}
local function write(text) out[#out + 1] = text end

local function cell(text)
  return (text:gsub("|", "\\|"))
end

local function write_rows(title, rows)
  if #rows == 0 then return end
  write(("\n| %s | type | |\n|---|---|---|"):format(title))
  for _, row in ipairs(rows) do
    local name <const> = row.name and "`" .. row.name .. "`" or ""
    write(("| %s | `%s` | %s |"):format(name, cell(row.type), cell(row.note or "")))
  end
end

local function write_entry(entry)
  if entry.section then
    write("\n## " .. entry.section .. "\n\n" .. table.concat(entry.text, "\n"))
    return
  end
  local name <const> = entry.call or entry.value
  write("\n### " .. (entry.class and "class " .. entry.class or "`" .. name .. "`"))
  for _, overload in ipairs(entry.overloads) do write("\nAlso `" .. overload .. "`.") end
  if #entry.text > 0 then write("\n" .. table.concat(entry.text, "\n")) end
  write_rows("parameter", entry.params)
  write_rows("returns", entry.returns)
  write_rows("field", entry.fields)
end

write "# Reference of the Lua API\n"
write("Made from the annotations in `lua/` by `tools/make_reference.lua`; edit those, not this file. `com` is what\n"
  .. '`require "oleander"` gives. The guide is in [docs/](README.md).')
for _, source in ipairs(sources()) do
  for _, entry in ipairs(entries_of(source.path, source.names)) do write_entry(entry) end
end

local text <const> = table.concat(out, "\n") .. "\n"
local target <const> = root .. "/docs/reference.md"
if check then
  local file <const> = io.open(target, "rb")
  local current <const> = file and file:read "a"
  if file then file:close() end
  if current ~= text then
    io.stderr:write("docs/reference.md is not what the annotations say; run: lua5.4 tools/make_reference.lua\n")
    os.exit(1)
  end
else
  local file <close> = assert(io.open(target, "wb"))
  file:write(text)
end
