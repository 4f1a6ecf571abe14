--- What is no Lua: ?x, ??text, !o, and commands that begin with a colon.
local com <const> = require "oleander"
local core <const> = require "oleander.core"
local help <const> = require "oleander.prompt.help"
local show <const> = require "oleander.prompt.show"

core.own_source(debug.getinfo(1, "S").source)

local commands <const> = {}

local HELP <const> = [[
Lua 5.4; expressions print. Names are yours, then those of com: create "Scripting.Dictionary"
  ?x          IDL and help of a thing: an object, a member (?o.Name), a function of com, "ProgID", a type's name
  ??text      searches all registered type libraries
  !o          shows the events of an object as they come; again: no more; ! alone: of which objects
  :load FILE  runs a file         :edit        opens $EDITOR on the last entry, runs what it leaves
  :time [N] EXPR  how long it takes; with N the minimum and the median of N times
  :log FILE   writes what you enter to a Lua file, results as comments; :log alone ends it
  :help       this text           :quit        ends; so does Ctrl-D
Tab completes names, members, constants of enumerations, ProgIDs, files.]]

local function microseconds(seconds)
  if seconds < 1e-3 then return ("%.1f us"):format(seconds * 1e6) end
  return seconds < 1 and ("%.3f ms"):format(seconds * 1e3) or ("%.3f s"):format(seconds)
end

local function time_once(self, chunk, is_quiet)
  local monotonic <const> = core.monotonic
  local before <const> = monotonic()
  local results <const> = table.pack(self.guard(chunk))
  local taken <const> = monotonic() - before
  if not results[1] then
    self:report(results[2])
    return nil
  end
  if not is_quiet then self:print_results(table.unpack(results, 2, results.n)) end
  return taken
end

local function time(self, text)
  local count <const>, rest <const> = text:match "^(%d+)%s+(.+)$"
  local chunk <const>, problem <const> = self:compile(count and rest or text)
  if not chunk then return self:report(problem) end
  local all <const> = {}
  for i = 1, count and math.max(math.tointeger(count), 1) or 1 do
    all[i] = time_once(self, chunk, count ~= nil)
    if not all[i] then return end
  end
  table.sort(all)
  self:print(count and ("minimum %s, median %s of %d"):format(microseconds(all[1]),
    microseconds(all[(#all + 1) // 2]), #all) or microseconds(all[1]))
end

local function log(self, path)
  if self.log then
    self.log:close()
    self.log = nil
  end
  if path == "" then return end
  local file <const>, problem <const> = io.open(path, "w")
  if not file then return self:report(problem) end
  file:setvbuf "line"
  -- So that names of com are found when the file is run.
  file:write('local com <const> = require "oleander"\n',
    "setmetatable(_G, { __index = com })\n")
  self.log = file
end

local function load_file(self, path)
  local chunk <const>, problem <const> = loadfile(path, "t", self.environment)
  if not chunk then return self:report(problem) end
  local results <const> = table.pack(self.guard(chunk))
  if not results[1] then return self:report(results[2]) end
  self:print_results(table.unpack(results, 2, results.n))
end

local function edit(self)
  local path <const> = os.tmpname()
  local file <const> = assert(io.open(path, "w"))
  file:write(self.last or "", "\n")
  file:close()
  local editor <const> = os.getenv "VISUAL" or os.getenv "EDITOR" or "vi"
  local done <const> = os.execute(editor .. " '" .. path:gsub("'", "'\\''") .. "'")
  local edited <const> = assert(io.open(path))
  local text <const> = edited:read "a"
  edited:close()
  os.remove(path)
  if done and text:find "%S" then self:run((text:gsub("%s+$", ""))) end
end

local by_name <const> = {
  help = function(self) self:print(HELP) end,
  load = load_file, edit = edit, time = time, log = log,
  quit = function(self) self.ended = true end,
}

local function show_events(self, text)
  if text == "" then
    local names <const> = {}
    for name in pairs(self.events) do names[#names + 1] = name end
    table.sort(names)
    return self:print(#names > 0 and table.concat(names, "\n") or "no object's events are shown")
  end
  if self.events[text] then
    self.events[text]:close()
    self.events[text] = nil
    return
  end
  local ok <const>, o <const> = self:peek(text)
  if not ok then return self:report(o) end
  if not show.is_object(o) then return self:report(text .. " is no object") end
  local listed, connection = pcall(com.show_events, o, function(line) (self.above or self.write)(line) end)
  if not listed then return self:report(connection) end
  self.events[text] = connection
end

---Runs an entry that is no Lua.
---@param self table the session
---@param text string
---@return boolean handled, boolean? ok
function commands.run(self, text)
  text = text:match "^%s*(.-)%s*$"
  local name <const>, rest <const> = text:match "^:(%a%w*)%s*(.-)$"
  local before <const> = self.failed
  self.failed = false
  local handled = true
  if name then
    local command <const> = by_name[name]
    if command then command(self, rest) else self:report((":%s is no command; :help lists them"):format(name)) end
  elseif text:sub(1, 2) == "??" then
    self:print(help.search(self, text:match "^%?%?%s*(.*)$"))
  elseif text:sub(1, 1) == "?" then
    local subject <const> = text:match "^%?%s*(.*)$"
    local found, problem = HELP, nil
    if subject ~= "" then found, problem = help.of(self, subject) end
    if found then self:print(found) else self:report(problem) end
  elseif text:sub(1, 1) == "!" then
    show_events(self, text:match "^!%s*(.*)$")
  else
    handled = false
  end
  local ok <const> = not self.failed
  self.failed = self.failed or before
  return handled, ok
end

return commands
