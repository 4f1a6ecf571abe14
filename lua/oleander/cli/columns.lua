---Tables for people: columns as wide as terminals show them, whatever the letters are; one record below the other where
---the terminal is too narrow for a table.
local terminal <const> = require "oleander.cli.terminal"

local columns <const> = {}

---First and last code points that take no column: marks that combine, invisible controls.
local none <const> = { { 0x300, 0x36F }, { 0x483, 0x489 }, { 0x591, 0x5BD }, { 0x5BF, 0x5BF }, { 0x5C1, 0x5C2 },
  { 0x5C4, 0x5C5 }, { 0x610, 0x61A }, { 0x64B, 0x65F }, { 0x670, 0x670 }, { 0x6D6, 0x6DC }, { 0x6DF, 0x6E4 },
  { 0x200B, 0x200F }, { 0x202A, 0x202E }, { 0x2060, 0x2069 }, { 0x20D0, 0x20F0 }, { 0xFE00, 0xFE0F },
  { 0xFE20, 0xFE2F }, { 0xFEFF, 0xFEFF }, { 0xE0100, 0xE01EF } }

---Those that take two.
local double <const> = { { 0x1100, 0x115F }, { 0x2E80, 0x303E }, { 0x3041, 0x4DBF }, { 0x4E00, 0x9FFF },
  { 0xA000, 0xA4CF }, { 0xAC00, 0xD7A3 }, { 0xF900, 0xFAFF }, { 0xFE30, 0xFE6F }, { 0xFF00, 0xFF60 },
  { 0xFFE0, 0xFFE6 }, { 0x1F300, 0x1F64F }, { 0x1F900, 0x1F9FF }, { 0x20000, 0x3FFFD } }

---Letters that are written from right to left.
local leftward <const> = { { 0x590, 0x8FF }, { 0xFB1D, 0xFDFF }, { 0xFE70, 0xFEFF }, { 0x10800, 0x10FFF },
  { 0x1E800, 0x1EFFF } }

local function is_in(ranges, code)
  for _, range in ipairs(ranges) do
    if code <= range[2] then return code >= range[1] end
  end
  return false
end

---What a terminal can be given: valid UTF-8, without controls, those of direction among them.
---@param text string
---@return string
function columns.clean(text)
  if not text:find "[%c\128-\255]" then return text end
  if not utf8.len(text) then text = text:gsub("[\128-\255]", "?") end
  text = text:gsub("%c", "?")
  return (text:gsub("\xE2\x80[\x8E\x8F\xAA-\xAE]", "?"):gsub("\xE2\x81[\xA6-\xA9]", "?"))
end

---How many columns a clean text takes.
---@param text string
---@return integer
function columns.width(text)
  if not text:find "[\128-\255]" then return #text end
  local width = 0
  for _, code in utf8.codes(text) do
    if not is_in(none, code) then width = width + (is_in(double, code) and 2 or 1) end
  end
  return width
end

local on_terminal

---Whether people look at it; asked once.
local function is_looked_at()
  if on_terminal == nil then on_terminal = terminal.is_terminal(1) end
  return on_terminal
end

local function has_leftward(text)
  if not text:find "[\xD6-\xF0]" then return false end
  for _, code in utf8.codes(text) do
    if is_in(leftward, code) then return true end
  end
  return false
end

---A cell: on a terminal a text from right to left is isolated (U+2068, U+2069), so that it leaves the order of the
---columns alone; in a pipe it stays the text that it is.
---@param text string
---@return string shown, integer width
function columns.cell(text)
  local clean <const> = columns.clean(text)
  local shown <const> = has_leftward(clean) and is_looked_at() and "\u{2068}" .. clean .. "\u{2069}" or clean
  return shown, columns.width(clean)
end

---The cell, filled to a width.
---@param text string
---@param width integer negative: the text stands right
---@return string
function columns.fill(text, width)
  local shown <const>, own <const> = columns.cell(text)
  local blanks <const> = (" "):rep(math.abs(width) - own)
  return width < 0 and blanks .. shown or shown .. blanks
end

---Below this a table is no table any more.
local NARROWEST <const> = 20

---Prints rows. In a terminal that is too narrow each row becomes a record, with the names of its columns.
---@param rows string[][]
---@param names string[] one a column; for records, and with `head` above the table
---@param options? {head: boolean?, right: boolean[]?} `right`: columns of numbers
function columns.print(rows, names, options)
  options = options or {}
  local widths <const>, right <const> = {}, options.right or {}
  local all <const> = options.head and { names, table.unpack(rows) } or rows
  for _, row in ipairs(all) do
    for i, text in ipairs(row) do widths[i] = math.max(widths[i] or 0, (select(2, columns.cell(text)))) end
  end
  local total = 2 * (#widths - 1)
  for _, width in ipairs(widths) do total = total + width end
  local room <const> = terminal.width()
  if room and total > room and room >= NARROWEST then
    for i, row in ipairs(rows) do
      if i > 1 then print() end
      for j, text in ipairs(row) do
        print(("%s: %s"):format(names[j]:lower():match "%S.*", columns.cell(text):match "^%s*(.*)$"))
      end
    end
    return
  end
  for _, row in ipairs(all) do
    local line <const> = {}
    for i, text in ipairs(row) do
      local last <const> = i == #row and not right[i]
      line[i] = last and columns.cell(text) or columns.fill(text, right[i] and -widths[i] or widths[i])
    end
    print(table.concat(line, "  "))
  end
end

return columns
