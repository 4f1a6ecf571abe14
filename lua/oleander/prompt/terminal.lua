--- The prompt on a terminal: lines by GNU readline (package lua-readline) where it is, plain lines else; luv, where it
--- is, waits for keys and for COM at once.
local com <const> = require "oleander"
local complete <const> = require "oleander.prompt.complete"
local core <const> = require "oleander.core"

local terminal <const> = {}
local HOOK_COUNT <const> = 10000 -- instructions between looks at Ctrl-C

local function optional(name)
  local ok <const>, module <const> = pcall(require, name)
  return ok and module or nil
end

-- history

--- The file of the history, made for this user alone; nil when there can be none.
local function history_path()
  local state <const> = os.getenv "XDG_STATE_HOME"
  local home <const> = os.getenv "HOME"
  local folder <const> = state and state:sub(1, 1) == "/" and state or home and home .. "/.local/state"
  if not folder then return nil end
  local path <const> = folder .. "/oleander/history"
  local quoted <const> = "'" .. path:gsub("'", "'\\''") .. "'"
  local file <const> = io.open(path, "r")
  if file then
    file:close()
    return path
  end
  local made <const> = os.execute(("umask 077; mkdir -p -- '%s' && : >> %s"):format(
    (folder .. "/oleander"):gsub("'", "'\\''"), quoted))
  return made and path or nil
end

--- An entry is one line of the file; its own ends of lines are marked.
local function encode(entry)
  return (entry:gsub("\\", "\\\\"):gsub("\n", "\\n"))
end

local function decode(line)
  return (line:gsub("\\(.)", function(c) return c == "n" and "\n" or c end))
end

local function remember(self, entry)
  if entry:find "^%s" then return end
  self.session.last = entry
  if self.readline then self.readline.add_history(entry) end
  local file <close> = self.history and io.open(self.history, "a")
  if file then file:write(encode(entry), "\n") end
end

local function load_history(self)
  self.history = history_path()
  local file <close> = self.history and io.open(self.history)
  for line in file and file:lines() or function() end do
    if self.readline then self.readline.add_history(decode(line)) end
  end
end

-- Ctrl-C

local interrupted = false
local in_loop = 0

--- A loop in which nothing is alive does not look: the signal counts for that moment alone.
local function check_interrupt(uv, signal)
  if in_loop == 0 then
    signal:ref()
    uv.run "nowait"
    signal:unref()
  end
  if interrupted then error("interrupted", 0) end
end

--- Raises until back at the prompt: in every coroutine, through pcall, and out of waiting for COM.
local function watch_interrupts(self, uv)
  local signal <const> = uv.new_signal()
  signal:start("sigint", function() interrupted = true end)
  signal:unref()
  local hook
  function hook()
    local ok <const>, problem <const> = pcall(check_interrupt, uv, signal)
    if ok then return end
    if debug.getinfo(2, "f").func == self.session.guard then return debug.sethook() end -- back at the prompt
    debug.sethook(hook, "", 1) -- behind a pcall that catches it the next instruction raises again
    error(problem, 0)
  end
  local run <const> = uv.run
  function uv.run(...) -- a loop of the script's own must not be entered again from the hook
    in_loop = in_loop + 1
    local results <const> = table.pack(pcall(run, ...))
    in_loop = in_loop - 1
    if not results[1] then error(results[2], 0) end
    return table.unpack(results, 2, results.n)
  end
  local create <const>, pump <const> = coroutine.create, core.pump_step
  local function hooked(f)
    local co <const> = create(f)
    debug.sethook(co, hook, "", HOOK_COUNT)
    return co
  end
  rawset(coroutine, "create", hooked)
  rawset(coroutine, "wrap", function(f)
    local co <const> = hooked(f)
    return function(...)
      local results <const> = table.pack(coroutine.resume(co, ...))
      if results[1] then return table.unpack(results, 2, results.n) end
      error(results[2], 0)
    end
  end)
  function core.pump_step(...)
    local worked <const> = pump(...)
    if self.evaluating then check_interrupt(uv, signal) end
    return worked
  end
  function self.session.guard(f, ...)
    interrupted, self.evaluating = false, true
    debug.sethook(hook, "", HOOK_COUNT)
    local results <const> = table.pack(pcall(f, ...))
    debug.sethook()
    interrupted, self.evaluating = false, false
    return table.unpack(results, 1, results.n)
  end
end

-- lines

--- Readline replaces the word that it sees, from `from` to before `to`; ours may begin elsewhere.
local function completer(session)
  return function(line, from, to)
    local ok <const>, answer <const> = pcall(complete, line, to - 1, { session.locals, _G, com })
    if not ok then return {} end
    local list <const> = {}
    local before <const> = line:sub(from, answer.from - 1)
    for i, text in ipairs(answer.list) do
      list[i] = answer.from < from and text:sub(from - answer.from + 1) or before .. text
    end
    return list
  end
end

--- The next line while COM and the loop go on; nil at the end, false after Ctrl-C.
local function read_pumping(self, prompt)
  local readline <const>, uv <const> = self.readline, self.uv
  local line, done = nil, false
  readline.handler_install(prompt, function(text)
    line, done = text, true
    readline.handler_remove()
  end)
  local keys <const> = uv.new_poll(0)
  local calls <const> = uv.new_poll(com.poll_fd())
  keys:start("r", function() readline.read_char() end)
  calls:start("r", function() end)
  interrupted = false
  while not done and not interrupted do
    com.step(0)
    in_loop = in_loop + 1
    self.run_loop "once"
    in_loop = in_loop - 1
  end
  keys:close()
  calls:close()
  self.run_loop "nowait"
  if done then return line end
  interrupted = false
  readline.handler_remove()
  io.stdout:write "\n"
  return false
end

local function read_plain(_, prompt)
  io.stdout:write(prompt)
  io.stdout:flush()
  com.step(0)
  return io.read "l"
end

local function read_blocking(self, prompt)
  com.step(0)
  return self.readline.readline(prompt)
end

---Writes a line above the one that is being typed.
local function write_above(text)
  -- Down and up makes room at the end of the screen; then a line is inserted where the prompt is.
  for line in (text .. "\n"):gmatch "(.-)\n" do
    io.stdout:write("\27D\27[A\0277\r\27[L", line, "\0278\27[B")
  end
  io.stdout:flush()
end

local function open_readline()
  local readline <const> = optional "readline"
  if not readline then return nil end
  readline.set_options { histfile = "", auto_add = false, ignoredups = false, completion = true }
  readline.set_readline_name "oleander"
  readline.set_completion_append_character ""
  return readline
end

---Reads and runs entries until the end.
---@param session table
function terminal.run(session)
  local self <const> = { session = session, readline = open_readline(), uv = optional "luv" }
  local read = read_plain
  if self.uv then
    self.run_loop = self.uv.run
    watch_interrupts(self, self.uv)
    core.catch_interrupts() -- in a call to another process
  end
  if self.readline then
    self.readline.set_complete_function(completer(session))
    read = self.uv and read_pumping or read_blocking
    if self.uv then
      function session.above(text)
        if self.evaluating then session.write(text) else write_above(text) end
      end
    end
  end
  load_history(self)
  local entry
  repeat
    local line <const> = read(self, entry and ">> " or "> ")
    if line == false then
      entry = nil -- Ctrl-C drops an unfinished block
    elseif line then
      entry = entry and entry .. "\n" .. line or line
      if not session:wants_more(entry) then
        if entry:find "%S" then remember(self, entry) end
        session:enter(entry)
        entry = nil
      end
    end
  until line == nil or session.ended
  if not session.ended then io.stdout:write "\n" end
end

return terminal
