--- A session: names, what a line means, its evaluation. Knows nothing of terminals.
local com <const> = require "oleander"
local core <const> = require "oleander.core"
local show <const> = require "oleander.prompt.show"
local tokens <const> = require "oleander.prompt.tokens"

core.own_source(debug.getinfo(1, "S").source)

local session <const> = {}
local Session <const> = {}
Session.__index = Session

--- Names are looked up among the locals of the session, in _G, then in com.
local function environment_of(self)
  local locals <const>, declared <const> = self.locals, self.declared
  return setmetatable({}, {
    __index = function(_, name)
      local value = locals[name]
      if value == nil and not declared[name] then value = _G[name] end
      if value == nil and locals[name] == nil then value = _G[name] end
      if value == nil then value = com[name] end
      return value
    end,
    __newindex = function(_, name, value)
      if declared[name] then locals[name] = value else _G[name] = value end
    end,
    __pairs = function() return pairs(_G) end,
  })
end

---@param write fun(text: string) for results, without the end of the line
---@param write_error fun(text: string)
---@return table
function session.new(write, write_error)
  local self <const> = setmetatable({ locals = {}, declared = {}, failed = false, events = {}, write = write,
    write_error = write_error, guard = pcall }, Session)
  self.environment = environment_of(self)
  self.com = com
  if rawget(_G, "com") == nil then self.locals.com = com end
  return self
end

---The function of a text: an expression that is returned, or statements. nil: the message; true when more may follow.
---@param text string
---@return function? chunk, string? problem, boolean? incomplete, boolean? is_expression, string[]? declared
function Session:compile(text)
  local expression <const> = load("return " .. text, "=prompt", "t", self.environment)
  if expression then return expression, nil, false, true end
  local plain <const>, problem <const> = load(text, "=prompt", "t", self.environment)
  if not plain then return nil, problem, problem:find "<eof>$" ~= nil and not problem:find "unfinished string near" end
  local kept <const>, names <const> = tokens.keep_locals(text)
  if #names == 0 then return plain end
  local chunk <const>, other <const> = load(kept, "=prompt", "t", self.environment)
  if not chunk then return plain, other end
  return chunk, nil, false, false, names
end

---True when a text ends in the middle of a statement.
function Session:is_incomplete(text)
  local _, _, incomplete <const> = self:compile(text)
  return incomplete or false
end

function Session:report(err)
  self.failed = true
  local text <const> = show.error(err, self)
  self.write_error(text)
  if self.log then self.log:write("-- ", (text:gsub("\n", "\n-- ")), "\n") end
end

function Session:print(text)
  self.write(text)
  if self.log then self.log:write("--> ", (text:gsub("\n", "\n--> ")), "\n") end
end

function Session:print_results(...)
  local parts <const> = {}
  for i = 1, select("#", ...) do parts[i] = show.value((select(i, ...))) end
  if #parts > 0 then self:print(table.concat(parts, "\t")) end
end

local function finish(self, is_expression, ok, ...)
  if not ok then
    self:report((...))
  elseif is_expression or select("#", ...) > 0 then
    self:print_results(...)
  end
  return ok
end

---Runs Lua.
---@param text string
---@return boolean ok
function Session:run(text)
  local chunk <const>, problem <const>, _, is_expression <const>, names <const> = self:compile(text)
  if self.log then self.log:write(is_expression and "print(" .. text .. ")" or text, "\n") end
  if not chunk then
    self:report(problem)
    return false
  end
  for _, name in ipairs(names or {}) do self.declared[name] = true end
  return finish(self, is_expression, self.guard(chunk))
end

---What an expression without calls stands for.
---@param text string
---@return boolean ok, any value
function Session:peek(text)
  if not tokens.is_quiet(text) then return false, "an expression without calls is wanted" end
  local chunk <const>, problem <const> = load("return " .. text, "=prompt", "t", self.environment)
  if not chunk then return false, problem end
  return pcall(chunk)
end

---One entry: a command, or Lua.
---@param text string
function Session:enter(text)
  if text:find "^%s*$" then return true end
  local commands <const> = require "oleander.prompt.commands"
  local handled <const>, ok <const> = commands.run(self, text)
  if handled then return ok end
  return self:run(text)
end

---True when a line waits for more lines: Lua only, commands are one line.
function Session:wants_more(text)
  if text:find "^%s*[?!]" or text:find "^%s*:%a" then return false end
  return self:is_incomplete(text)
end

return session
