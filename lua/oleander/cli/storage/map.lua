---`oleander storage map FILE`: where in the file everything lies.
local layout <const> = require "oleander.cli.storage.layout"

local ROWS <const>, WIDTH <const> = 16, 64

---@type oleander.cli.Command
local map <const> = {
  summary = "Show the layout of a compound file, also of a damaged one.",
  description = "Show where in the file everything lies: a picture, the runs of sectors, and what is wrong. For those "
    .. "who repair files; it reads damaged ones. The exit code is 1 when something is wrong.",
}

function map.configure(parser)
  parser:argument("file", "A compound file.")
  parser:flag("--json", "Print a JSON object.")
end

local signs <const> = { FAT = "F", DIFAT = "X", directory = "D", ["mini FAT"] = "m", ["mini stream"] = "M", free = ".",
  lost = "?" }

--- Runs of sectors of one use: first, last, use.
local function runs_of(found)
  local runs <const> = {}
  for sector = 0, found.count - 1 do
    local use <const> = layout.use(found, sector)
    local run <const> = runs[#runs]
    if run and run.use == use then
      run.last = sector
    else
      runs[#runs + 1] = { first = sector, last = sector, use = use }
    end
  end
  return runs
end

--- One sign stands for one sector or, in large files, for several: for the use of the first of them.
local function print_picture(found)
  local each <const> = math.max(1, (found.count + ROWS * WIDTH - 1) // (ROWS * WIDTH))
  local row, first = {}, 0
  for sector = 0, found.count - 1, each do
    row[#row + 1] = signs[layout.use(found, sector)] or "#"
    if #row == WIDTH or sector + each >= found.count then
      print(("%8d  %s"):format(first, table.concat(row)))
      row, first = {}, sector + each
    end
  end
  print(("F FAT, X DIFAT, D directory, m mini FAT, M mini stream, # streams, . free, ? lost; %s"):format(
    each == 1 and "a sign is a sector" or ("a sign is %d sectors"):format(each)))
end

local function print_runs(found, runs)
  for _, run in ipairs(runs) do
    local sectors <const> = run.first == run.last and tostring(run.first) or ("%d-%d"):format(run.first, run.last)
    print(("%-17s  %#-12x  %s"):format(sectors, (run.first + 1) * found.sector_size, run.use))
  end
end

function map.run(options)
  local file <close>, problem <const> = io.open(options.file, "rb")
  if not file then error(problem, 0) end
  local found <const> = file:seek "end" and layout.read(file)
  if not found then error(options.file .. ": it is no compound file", 0) end
  local runs <const> = runs_of(found)
  if options.json then
    local json <const> = require "oleander.json"
    for _, run in ipairs(runs) do run.offset = (run.first + 1) * found.sector_size end
    print(json.encode { version = found.version, sector_size = found.sector_size, sectors = found.count,
      runs = json.array(runs), problems = json.array(found.problems) })
  else
    print(("version %d, %d sectors of %d bytes, %d small streams in %d bytes"):format(found.version, found.count,
      found.sector_size, found.mini_streams or 0, found.mini_size or 0))
    print_picture(found)
    print_runs(found, runs)
    for _, text in ipairs(found.problems) do print("wrong: " .. text) end
  end
  return #found.problems > 0 and 1 or 0
end

return map
