--- The prompt: on a terminal with banner, colours and history; in a pipe the same reader without them.
local main <const> = {}

local function is_terminal(descriptor)
  return os.execute(("test -t %d"):format(descriptor)) == true
end

local function write_error(colour)
  return function(text)
    io.stdout:flush()
    io.stderr:write(colour and "\27[31m" or "", text, colour and "\27[0m" or "", "\n")
  end
end

--- Lines of the standard input: each entry as soon as it is complete.
local function run_pipe(session)
  local entry
  for line in io.lines() do
    entry = entry and entry .. "\n" .. line or line
    if not session:wants_more(entry) then
      session:enter(entry)
      entry = nil
      if session.ended then return end
    end
  end
  if entry then session:enter(entry) end
end

---Runs the prompt.
---@param file string? a Lua file that is run first, in the session
---@return integer exit_code 1 after an error in a pipe
function main.run(file)
  local on_terminal <const> = is_terminal(0) and is_terminal(1)
  local colour <const> = on_terminal and not os.getenv "NO_COLOR" and os.getenv "TERM" ~= "dumb"
  local session <const> = require "oleander.prompt.session".new(function(text)
    io.stdout:write(text, "\n")
  end, write_error(colour))
  if on_terminal then
    print(("Oleander %s, %s. :help helps, Ctrl-D ends."):format(require "oleander.version", _VERSION))
  end
  if file then require "oleander.prompt.commands".run(session, ":load " .. file) end
  if not on_terminal then
    run_pipe(session)
    return session.failed and 1 or 0
  end
  require "oleander.prompt.terminal".run(session)
  return 0
end

return main
