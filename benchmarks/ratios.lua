--- Medians of ratios: a piece of work and its baseline are sampled in turns.
local ratios <const> = {}

local ROUNDS <const>, SAMPLE <const> = 61, 0.002

local function quantile(sorted, q)
  return sorted[math.max(1, math.min(#sorted, math.floor(q * #sorted + 0.5)))]
end

local function seconds(f, n, now)
  local start <const> = now()
  f(n)
  return now() - start
end

local function loops_for(f, now)
  local n = 1
  while seconds(f, n, now) < SAMPLE do n = n * 2 end
  return n
end

--- Both functions loop `n` times, so that the loop's own cost is in both.
---@param work fun(n: integer)
---@param base fun(n: integer)
---@param now fun(): number a clock, in seconds
---@return { median: number, p10: number, p90: number, work: number, base: number } the last two in nanoseconds
function ratios.measure(work, base, now)
  local n <const>, m <const> = loops_for(work, now), loops_for(base, now)
  local list <const>, works <const>, bases <const> = {}, {}, {}
  collectgarbage()
  for i = 1, ROUNDS do
    works[i] = seconds(work, n, now) / n
    bases[i] = seconds(base, m, now) / m
    list[i] = works[i] / bases[i]
  end
  table.sort(list)
  table.sort(works)
  table.sort(bases)
  return { median = quantile(list, 0.5), p10 = quantile(list, 0.1), p90 = quantile(list, 0.9),
    work = quantile(works, 0.5) * 1e9, base = quantile(bases, 0.5) * 1e9 }
end

--- Instructions a loop: the difference of two loop lengths under callgrind.
---@param command string runs a row when the number of its loops is put behind it
---@return number?
function ratios.instructions(command)
  local function count(loops)
    local file <const> = os.tmpname()
    local pipe <const> = assert(io.popen(("valgrind --tool=callgrind --callgrind-out-file=%s %s %d 2>&1"):format(file,
      command, loops)))
    local output <const> = pipe:read "a"
    pipe:close()
    os.remove(file)
    return tonumber((output:match "Collected : (%d+)"))
  end
  local few <const>, many <const> = count(100), count(1100)
  return few and many and (many - few) / 1000
end

return ratios
