-- Runs the benchmarks: every benchmarks/*.lua in its own process, then every bench_* program of the build.
--   lua5.4 benchmarks/run.lua BUILD_DIR [--instructions] [NAME...]
-- Each prints medians of ratios against baselines measured in the same run, with p10 and p90; with --instructions also
-- counts under callgrind, for those that can. NAME limits what runs to names that contain it.
local build <const> = arg[1]
local instructions, names = false, {}
for i = 2, #arg do
  if arg[i] == "--instructions" then instructions = true else names[#names + 1] = arg[i] end
end

local function wanted(name)
  if #names == 0 then return true end
  for _, text in ipairs(names) do
    if name:find(text, 1, true) then return true end
  end
  return false
end

local function lines(command)
  local pipe <close> = assert(io.popen(command))
  local list <const> = {}
  for line in pipe:lines() do list[#list + 1] = line end
  return list
end

local failed = 0
local function run(name, command)
  if not wanted(name) then return end
  print(("== %s"):format(name))
  io.stdout:flush()
  if not os.execute(command .. (instructions and " --instructions" or "")) then failed = failed + 1 end
end

for _, file in ipairs(lines "ls benchmarks/*.lua") do
  local name <const> = file:match "([^/]+)%.lua$"
  if name ~= "run" and name ~= "ratios" then run(name, ("lua5.4 %s '%s'"):format(file, build)) end
end
for _, program in ipairs(lines(("ls '%s'/benchmarks/*/bench_* 2>/dev/null"):format(build))) do
  run(program:match "bench_(.*)$", ("'%s'"):format(program))
end
os.exit(failed == 0)
