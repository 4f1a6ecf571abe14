--- What the specs of several processes share: a runtime directory and a registry of their own, and scripts that run in
--- processes of their own until the spec ends.
local processes <const> = require "processes"

local support <const> = {}

support.processes = processes
support.build = os.getenv "OLEANDER_BUILD" or "build/release"
support.source = os.getenv "OLEANDER_SOURCE" or "."
support.stage = os.getenv "OLEANDER_STAGE" or support.build .. "/stage"

--- Before Oleander is loaded: nothing of other tests is met.
local folder <const> = processes.folder()
support.folder = folder
processes.setenv("OLEANDER_RUNTIME", folder .. "/run")
processes.setenv("OLEANDER_CLASSES", folder .. "/classes")
processes.setenv("OLEANDER_IDLE_TIMEOUT", "1")

---@class Process a script in a process of its own
local Process <const> = {}
Process.__index = Process
local running <const> = {}

--- Every script may use com, hex and the words behind it; it ends after a minute whatever happens.
local prelude <const> = [[
local com <const> = require "oleander"
io.stdout:setvbuf "line"
local function hex(bytes) return (bytes:gsub(".", function(c) return ("%02x"):format(c:byte()) end)) end
local function bytes(text) return (text:gsub("%x%x", function(c) return string.char(tonumber(c, 16)) end)) end
com.after(60, os.exit)
]]

---Runs the text of a script, with words as its arguments.
function support.script(text, ...)
  local path <const> = ("%s/script-%d.lua"):format(folder, #running + 1)
  local file <close> = assert(io.open(path, "w"))
  file:write(prelude:gsub("\n", " "), text)
  file:flush()
  return support.run("lua5.4", path, ...)
end

---Runs a program.
function support.run(...)
  local pid <const>, out <const>, input <const> = processes.spawn { ... }
  local process <const> = setmetatable({ pid = pid, out = out, input = input }, Process)
  running[#running + 1] = process
  return process
end

---The next line that it writes.
function Process:line()
  return self.out:read "l"
end

---What it writes until it ends, and its exit code.
function Process:rest()
  local text <const> = self.out:read "a"
  return text, (self:wait())
end

function Process:wait(seconds)
  if not self.code then
    self.code, self.signal = processes.wait(self.pid, seconds or 20)
  end
  return self.code, self.signal
end

function Process:kill(signal)
  if not self.code then processes.kill(self.pid, signal or 9) end
end

---Ends all processes that still run, and the folder.
function support.finish()
  for _, process in ipairs(running) do
    process:kill()
    process:wait()
    process.out:close()
    process.input:close()
  end
  os.execute("rm -rf '" .. folder .. "'")
end

function support.unhex(text)
  return (text:gsub("%x%x", function(c) return string.char(tonumber(c, 16)) end))
end

---Waits for a condition, serving what comes.
function support.wait_until(condition, seconds)
  local com <const> = require "oleander"
  for _ = 1, (seconds or 10) * 20 do
    if condition() then return true end
    com.step(0.05)
  end
  return condition()
end

---Runs functions as coroutines until all have ended; what they return, or their errors.
function support.together(functions)
  local com <const> = require "oleander"
  local results <const>, left = {}, #functions
  for i, f in ipairs(functions) do
    com.spawn(function()
      results[i] = table.pack(pcall(f))
      left = left - 1
    end)
  end
  assert(support.wait_until(function() return left == 0 end, 60), "they do not end")
  return results
end

---Calls f and returns the error object that it raises.
function support.failure(f, ...)
  local ok <const>, err <const> = pcall(f, ...)
  assert(not ok, "an error was expected, the call succeeded")
  assert(type(err) == "table", "an error object was expected: " .. tostring(err))
  return err
end

return support
