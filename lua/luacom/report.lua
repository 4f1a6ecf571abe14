--- How luacom tells of failures: luacom.config, functions that give nothing, members that raise.
local report <const> = {}

---@class luacom.Config
---@field abort_on_error boolean errors of members are raised
---@field abort_on_API_error boolean errors of functions of luacom are raised; else they give nothing
---@field last_error string the last error of either kind
---@field charset string the encoding of strings; always UTF-8
report.config = { abort_on_error = true, abort_on_API_error = false, last_error = "", charset = "UTF-8" }

local config <const> = report.config

local function text_of(err)
  return type(err) == "string" and err or tostring(err)
end

---An error that a function of luacom raises inside itself; `report.api` makes of it what the configuration says.
---@param text string
function report.fail(text)
  error({ luacom = text }, 0)
end

---Notes an error; its text.
---@param err any
---@return string
function report.note(err)
  local text <const> = type(err) == "table" and err.luacom or text_of(err)
  config.last_error = text
  return text
end

local function finish_api(ok, ...)
  if ok then return ... end
  local text <const> = report.note((...))
  if config.abort_on_API_error then error(text, 3) end
end

---Runs the body of a function of luacom: after an error it gives no values, unless the configuration wants it raised.
---@param f function
---@param ... any
---@return any ...
function report.api(f, ...)
  return finish_api(pcall(f, ...))
end

---What becomes of the error of a member: it is raised as a text, or there are no results.
---@param err any
function report.member(err)
  local text <const> = report.note(err)
  if config.abort_on_error then error(text, 0) end
end

local article <const> = { string = "a string", number = "a number", table = "a table", ["function"] = "a function" }

---Checks the kind of an argument; a wrong one is always raised.
---@param value any
---@param wanted string type name, "string" takes numbers too
---@param index integer
---@param name string the function
---@param optional boolean?
---@return any value
function report.check(value, wanted, index, name, optional)
  local kind <const> = type(value)
  if value == nil and optional then return nil end
  if kind == wanted then return value end
  if wanted == "string" and kind == "number" then return tostring(value) end
  error(("bad argument #%d to '%s' (%s expected, got %s)"):format(index, name, article[wanted] or wanted,
    value == nil and "no value" or kind), 3)
end

return report
