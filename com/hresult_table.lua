-- Writes the table of com/hresult.c from winerror.h:  lua5.4 com/hresult_table.lua winerror.h OUTPUT
-- One row a name, ordered by value; of several names with one value, the first of the header comes first. Win32 errors
-- appear as the HRESULTs that HRESULT_FROM_WIN32 makes of them; the header gives them no text, their names say it.
local header_path <const>, output_path <const> = arg[1], arg[2]

local rows = {}

local function add(name, value, text)
  rows[#rows + 1] = { name = name, value = value, text = text, order = #rows }
end

local function sentence(name) -- ERROR_FILE_NOT_FOUND: "File not found"
  local words = name:gsub("^ERROR_", ""):gsub("^RPC_[SX]_", "RPC: "):gsub("_", " "):lower()
  return (words:gsub("^rpc", "RPC"):gsub("^%l", string.upper))
end

for line in io.lines(header_path) do
  local name, value, text = line:match("^#define ([%w_]+) _HRESULT_TYPEDEF_%((0x%x+)%) /%* (.-) %*/$")
  if name then
    add(name, tonumber(value), text)
  else
    name, value = line:match("^#define (ERROR_[%w_]+) (%d+)L$")
    if not name then name, value = line:match("^#define (RPC_[SX]_[%w_]+) (%d+)L$") end
    if name and tonumber(value) ~= 0 then
      add("HRESULT_FROM_WIN32(" .. name .. ")", 0x80070000 | tonumber(value), sentence(name))
    end
  end
end
assert(#rows > 400, header_path .. " no longer looks as expected: only " .. #rows .. " codes found")

table.sort(rows, function(a, b)
  if a.value ~= b.value then return a.value < b.value end
  return a.order < b.order
end)
local by_name = {}
for index, row in ipairs(rows) do by_name[index] = { name = row.name, index = index - 1 } end
table.sort(by_name, function(a, b) return a.name < b.name end)

local output <close> = assert(io.open(output_path, "w"))
output:write("/* Made from winerror.h by com/hresult_table.lua. */\nstatic const HresultRow rows[] = {\n")
for _, row in ipairs(rows) do
  output:write(("  { 0x%08X, %q, %q },\n"):format(row.value, row.name, row.text))
end
output:write("};\n\n/* Rows in the byte order of their names. */\nstatic const unsigned short by_name[] = {\n")
for _, entry in ipairs(by_name) do output:write("  ", entry.index, ",\n") end
output:write("};\n")
