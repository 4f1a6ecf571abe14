-- A pool of workers: this file is the worker's class, which runs in processes of its own, and the script that drives
-- them, one coroutine each. Usage: lua5.4 workers.lua [LIMIT]
local com <const> = require "oleander"

local Worker <const> = {}

---How many primes there are from `first` to `last`.
function Worker.Primes(_, first, last)
  local count = 0
  for n = math.max(first, 2), last do
    local prime = true
    for d = 2, math.floor(math.sqrt(n)) do
      if n % d == 0 then
        prime = false
        break
      end
    end
    if prime then count = count + 1 end
  end
  return count
end

if arg[1] == "worker" then
  -- The other process: its object travels as bytes, written as hexadecimal digits.
  io.stdout:setvbuf "line"
  print((com.marshal(Worker):gsub(".", function(c) return ("%02x"):format(c:byte()) end)))
  com.run()
end

local WORKERS <const>, SLICE <const> = 3, 1000
local limit <const> = tonumber(arg[1]) or 10000

local function start_worker()
  local pipe <const> = io.popen(("exec timeout 60 '%s' '%s' worker"):format(arg[-1], arg[0]))
  local line <const> = pipe:read "l"
  return com.unmarshal((line:gsub("%x%x", function(c) return string.char(tonumber(c, 16)) end)))
end

local next_slice, total, working = 1, 0, WORKERS
for _ = 1, WORKERS do
  com.spawn(function(worker)
    while next_slice <= limit do
      local first <const> = next_slice
      next_slice = first + SLICE
      local count <const> = worker:Primes(first, math.min(first + SLICE - 1, limit)) -- others run meanwhile
      total = total + count
    end
    os.execute("kill " .. select(2, com.where(worker)).pid)
    working = working - 1
    if working == 0 then com.stop() end
  end, start_worker())
end
com.run()
print(("%d primes up to %d"):format(total, limit))
os.exit(0, false) -- the pipes of the workers need not be waited for
