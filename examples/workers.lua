-- A pool of workers: this file is the worker's class, which runs in processes of its own, and the script that drives
-- them: a thousand coroutines, each with a call in flight. Usage: lua5.4 workers.lua [LIMIT]
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

local WORKERS <const>, CALLS <const> = 3, 1000
local limit <const> = tonumber(arg[1]) or 10000
local slice <const> = math.max(1, math.ceil(limit / CALLS))

local pipes <const> = {} -- one that is collected waits for the end of its worker

local function start_worker()
  local pipe <const> = io.popen(("exec timeout 60 '%s' '%s' worker"):format(arg[-1], arg[0]))
  local line <const> = pipe:read "l"
  pipes[#pipes + 1] = pipe
  return com.unmarshal((line:gsub("%x%x", function(c) return string.char(tonumber(c, 16)) end)))
end

local workers <const> = {}
for i = 1, WORKERS do workers[i] = start_worker() end

local total, in_flight, most, left = 0, 0, 0, CALLS
for call = 1, CALLS do
  com.spawn(function(worker)
    local first <const> = (call - 1) * slice + 1
    in_flight = in_flight + 1
    most = math.max(most, in_flight)
    local count <const> = worker:Primes(first, math.min(first + slice - 1, limit)) -- the other coroutines run meanwhile
    in_flight = in_flight - 1
    total = total + count
    left = left - 1
    if left == 0 then com.stop() end
  end, workers[call % WORKERS + 1])
end
com.run()
for _, worker in ipairs(workers) do os.execute("kill " .. select(2, com.where(worker)).pid) end
print(("%d primes up to %d, %d calls in flight"):format(total, limit, most))
os.exit(0, false) -- the pipes of the workers need not be waited for
