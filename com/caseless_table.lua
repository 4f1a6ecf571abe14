-- Makes com/caseless_table.inc from UnicodeData.txt:
--   lua5.4 com/caseless_table.lua UnicodeData.txt com/caseless_table.inc
-- A row is { first, last, step, delta }: every step-th unit from first to last has its capital delta above it.
--
-- What counts is Windows' mapping of single units: a letter has a capital when that is one unit too and leads back to
-- the letter. So the long s, the dotless i and the micro sign stay themselves; the final sigma alone follows its
-- sister.
local input <const>, output <const> = arg[1], arg[2]

local SINGLE_UNIT <const> = 0xFFFF
local FINAL_SIGMA <const> = 0x03C2

local upper <const>, lower <const> = {}, {}
for line in io.lines(input) do
  local fields <const> = {}
  for field in (line .. ";"):gmatch("([^;]*);") do
    fields[#fields + 1] = field
  end
  local code <const> = tonumber(fields[1], 16)
  upper[code] = tonumber(fields[13], 16)
  lower[code] = tonumber(fields[14], 16)
end

local rows <const> = {}
for code = 0x80, SINGLE_UNIT do
  local capital <const> = upper[code]
  if capital and capital <= SINGLE_UNIT and (lower[capital] == code or code == FINAL_SIGMA) then
    local row <const> = rows[#rows]
    local delta <const> = capital - code
    local gap <const> = row and code - row.last
    if row and row.delta == delta and (gap == row.step or (row.first == row.last and gap <= 2)) then
      row.last, row.step = code, gap
    else
      rows[#rows + 1] = { first = code, last = code, step = 1, delta = delta }
    end
  end
end

local file <const> = assert(io.open(output, "w"))
file:write("/* Made by com/caseless_table.lua from UnicodeData.txt; do not edit. */\n")
for _, row in ipairs(rows) do
  file:write(("{ 0x%04X, 0x%04X, %d, %d },\n"):format(row.first, row.last, row.step, row.delta))
end
file:close()
