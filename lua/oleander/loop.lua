--- The loop: com.run, stop, step, poll_fd, sleep, after, spawn, await. Calls that other threads make to objects of this
--- state wait for it (core.pump_step); timers and coroutines are kept here.
local core <const> = require "oleander.core"
local errors <const> = require "oleander.errors"
local events <const> = require "oleander.events"

core.own_source(debug.getinfo(1, "S").source)

local loop <const> = {}
local E_INVALIDARG <const> = 0x80070057
local RPC_E_TIMEOUT <const>, RPC_E_CALL_CANCELED <const> = 0x8001011F, 0x80010002

--- Longest wait without a look at signals, in seconds.
local SLICE <const> = 0.2

-- what C tells by numbers (core.take_notice)

local notices <const> = {}
local last_notice = 0

---A number for core; f is called once, from the loop, when it comes.
---@param f function
---@return integer
function loop.new_notice(f)
  last_notice = last_notice + 1
  notices[last_notice] = f
  return last_notice
end

---@param number integer?
function loop.forget_notice(number)
  if number then notices[number] = nil end
end

-- timers and coroutines

local timers <const> = {}      -- sorted, the next one last
local ready <const> = {}       -- { coroutine, argument ... }
local first_ready, last_ready = 1, 0
local tasks <const> = {}       -- coroutines made by spawn that have not ended
local polled, stopping = false, false
local WAIT <const> = {}        -- what a coroutine of ours yields: it will be put into `ready` by what it waits for
local FLIGHT <const> = core.flight_mark() -- and what a call to another process yields, with the call

--- The descriptor of poll_fd becomes readable when the next thing is due.
local function set_alarm()
  if polled then
    core.set_alarm(first_ready <= last_ready and 0 or timers[1] and timers[#timers].moment or nil)
  end
end

---A function that is called later.
---@class oleander.Timer
local Timer <const> = { __name = "oleander.Timer" }
Timer.__index = Timer

---Takes it back.
---@return boolean was_waiting
function Timer:close()
  for i, timer in ipairs(timers) do
    if timer == self then
      table.remove(timers, i)
      set_alarm()
      return true
    end
  end
  return false
end

Timer.__close = Timer.close

function loop.add_timer(moment, f)
  local timer <const> = setmetatable({ moment = moment, f = f }, Timer)
  local low, high = 1, #timers + 1
  while low < high do -- equal moments: the older one goes first, so stands behind
    local middle <const> = (low + high) // 2
    if timers[middle].moment > timer.moment then low = middle + 1 else high = middle end
  end
  table.insert(timers, low, timer)
  set_alarm()
  return timer
end

local function add_timer(seconds, f)
  return loop.add_timer(core.monotonic() + seconds, f)
end

local function make_ready(co)
  local task <const> = tasks[co]
  if not task or task.ready then return end
  task.ready = true
  last_ready = last_ready + 1
  ready[last_ready] = co
  set_alarm()
end

local function describe_failure(co, err)
  if type(err) == "table" then return err end
  return debug.traceback(co, tostring(err))
end

--- Until when calls may last (moment of core.monotonic); each coroutine has its own.
local deadline

---Sets it for the coroutine, or for what is outside of all; gives the one before.
---@param moment number?
---@return number? before
function loop.set_deadline(moment)
  local before <const> = deadline
  deadline = moment
  core.set_deadline(moment)
  return before
end

local running_task -- the coroutine that runs

--- Runs the coroutine with its own deadline; its calls to other processes suspend it.
local function resume_timed(co)
  local task <const>, outside <const>, outer <const> = tasks[co], deadline, running_task
  if task.deadline ~= outside then loop.set_deadline(task.deadline) end
  running_task = co
  core.set_task(co)
  local ok <const>, what <const>, flight <const> = coroutine.resume(co)
  running_task = outer
  core.set_task(outer)
  task.deadline = deadline
  if deadline ~= outside then loop.set_deadline(outside) end
  return ok, what, flight
end

--- The coroutine waits for a call: until that has ended or its time is over.
local function wait_for_flight(co, flight)
  local task <const> = tasks[co]
  local timer <const> = task.deadline and loop.add_timer(task.deadline, function()
    core.cancel_flight(flight, RPC_E_TIMEOUT)
  end)
  task.flight = flight
  core.name_flight(flight, loop.new_notice(function()
    if timer then timer:close() end
    task.flight = nil
    make_ready(co)
  end))
  if task.cancelled then
    task.cancelled = nil
    core.cancel_flight(flight, RPC_E_CALL_CANCELED)
  end
end

local function resume(co)
  if coroutine.status(co) == "dead" then -- the script has resumed it by itself to its end
    tasks[co] = nil
    return
  end
  tasks[co].ready = nil
  local ok <const>, what <const>, flight <const> = resume_timed(co)
  if coroutine.status(co) == "dead" then
    tasks[co] = nil
    if not ok then
      local failure <const> = describe_failure(co, what)
      coroutine.close(co)
      events.report(failure)
    end
  elseif what == FLIGHT then
    wait_for_flight(co, flight)
  elseif what ~= WAIT then
    make_ready(co) -- a plain coroutine.yield(): the others' turn
  end
end

local function call_reporting(f)
  local ok <const>, err <const> = xpcall(f, function(e)
    return type(e) == "table" and e or debug.traceback(tostring(e), 2)
  end)
  if not ok then events.report(err) end
end

--- True: there was something.
local function hear_notices()
  local worked = false
  for number in core.take_notice do
    local f <const> = notices[number]
    notices[number] = nil
    if f then call_reporting(f) end
    worked = true
  end
  return worked
end

--- Runs what is due now, not what that makes due. True: there was something.
local function run_due()
  local worked = hear_notices()
  local now <const>, last <const> = core.monotonic(), last_ready
  while timers[1] and timers[#timers].moment <= now do
    call_reporting(table.remove(timers).f)
    worked = true
  end
  while first_ready <= last do
    local co <const> = ready[first_ready]
    ready[first_ready] = nil
    first_ready = first_ready + 1
    resume(co)
    worked = true
  end
  if worked then set_alarm() end
  return worked
end

local function current_task()
  local co <const> = coroutine.running()
  return tasks[co] and co or nil
end

--- Lets the others run until something makes the coroutine ready; raises where that was com.cancel.
local function suspend(co, subject)
  local task <const> = tasks[co]
  if not task.cancelled then coroutine.yield(WAIT) end
  if task.cancelled then
    task.cancelled = nil
    errors.raise(RPC_E_CALL_CANCELED, "the coroutine was cancelled", { subject = subject })
  end
end

local function check_seconds(seconds, subject)
  if type(seconds) ~= "number" or seconds ~= seconds or seconds < 0 then
    errors.raise(E_INVALIDARG, "a number of seconds is wanted, not " .. tostring(seconds), { subject = subject })
  end
end

-- public

---Does what is due: calls from other threads, timers, coroutines; waits for something up to `timeout` seconds.
---@param timeout number? 0 without it
---@return boolean worked
function loop.step(timeout)
  if timeout ~= nil then check_seconds(timeout, "com.step") end
  local worked = run_due()
  local finish <const> = core.monotonic() + (worked and 0 or timeout or 0)
  repeat
    local now <const> = core.monotonic()
    local wait = math.min(math.max(finish - now, 0), SLICE)
    if first_ready <= last_ready then
      wait = 0
    elseif timers[1] then
      wait = math.min(wait, math.max(timers[#timers].moment - now, 0))
    end
    worked = core.pump_step(wait) or worked
    worked = run_due() or worked
  until worked or core.monotonic() >= finish
  return worked
end

---Runs the loop until com.stop is called. With a function: runs that as by com.spawn, and ends with it; an error in it
---is raised here.
---@param f function?
function loop.run(f)
  local failure
  stopping = false
  if f ~= nil then
    if type(f) ~= "function" then
      errors.raise(E_INVALIDARG, "a function is wanted, not " .. core.type_name(f), { subject = "com.run" })
    end
    loop.spawn(function()
      local ok <const>, err <const> = pcall(f)
      if not ok then failure = { err } end
      loop.stop()
    end)
  end
  while not stopping do loop.step(SLICE) end
  stopping = false
  if failure then error(failure[1], 0) end
end

---Ends com.run.
function loop.stop()
  stopping = true
end

---A file descriptor that is readable when com.step has something to do: for scripts that already have a loop (luv).
---@return integer
function loop.poll_fd()
  local fd <const> = core.poll_fd()
  polled = true
  set_alarm()
  return fd
end

---Calls f after a time.
---@param seconds number
---@param f function
---@return oleander.Timer timer its :close() takes it back
function loop.after(seconds, f)
  check_seconds(seconds, "com.after")
  if type(f) ~= "function" then
    errors.raise(E_INVALIDARG, "a function is wanted, not " .. core.type_name(f), { subject = "com.after" })
  end
  return add_timer(seconds, f)
end

---Runs f as a coroutine that com.sleep, com.await, calls to objects of other processes, loops over their collections
---and the making of such objects suspend. It begins at the next turn of the loop.
---@param f function
---@param ... any arguments
---@return thread
function loop.spawn(f, ...)
  if type(f) ~= "function" then
    errors.raise(E_INVALIDARG, "a function is wanted, not " .. core.type_name(f), { subject = "com.spawn" })
  end
  local arguments <const> = table.pack(...)
  local co <const> = coroutine.create(function() return f(table.unpack(arguments, 1, arguments.n)) end)
  tasks[co] = {}
  make_ready(co)
  return co
end

---Cancels what a coroutine made by com.spawn waits for: its call to another process, com.sleep or com.await, or the
---next of these, raises RPC_E_CALL_CANCELED in it.
---@param co thread
---@return boolean was_alive
function loop.cancel(co)
  if type(co) ~= "thread" then
    errors.raise(E_INVALIDARG, "a coroutine made by com.spawn is wanted, not " .. core.type_name(co),
      { subject = "com.cancel" })
  end
  local task <const> = tasks[co]
  if not task then return false end
  if task.flight then
    core.cancel_flight(task.flight, RPC_E_CALL_CANCELED)
  else
    task.cancelled = true
    make_ready(co)
  end
  return true
end

---Waits. In a coroutine made by com.spawn the others run meanwhile; elsewhere the loop does.
---@param seconds number
function loop.sleep(seconds)
  check_seconds(seconds, "com.sleep")
  local co <const> = current_task()
  if co then
    local over = false
    local _ <close> = add_timer(seconds, function()
      over = true
      make_ready(co)
    end)
    while not over do suspend(co, "com.sleep") end
    return
  end
  local finish <const> = core.monotonic() + seconds
  repeat
    loop.step(math.max(finish - core.monotonic(), 0))
  until core.monotonic() >= finish
end

---Waits for an event.
---@param o oleander.Object
---@param name string
---@param timeout number? seconds
---@return boolean came false after the timeout
---@return any ... the arguments of the event
function loop.await(o, name, timeout)
  if timeout ~= nil then check_seconds(timeout, "com.await") end
  local co <const> = current_task()
  local results
  local _ <close> = events.listen(o, name, function(...)
    if results then return end
    results = table.pack(true, ...)
    if co then make_ready(co) end
  end, "com.await")
  local expired = false
  local _ <close> = timeout and add_timer(timeout, function()
    if results then return end
    expired = true
    if co then make_ready(co) end
  end) or nil
  while not results and not expired do
    if co then suspend(co, "com.await") else loop.step(SLICE) end
  end
  if not results then return false end
  return table.unpack(results, 1, results.n)
end

return loop
