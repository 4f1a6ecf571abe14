---Macros of the preprocessor: definition and expansion, as C has them.
local lexer <const> = require "oleander.idl.lexer"

---@class oleander.idl.Macro
---@field name string
---@field parameters? table<string, integer> of a macro with arguments
---@field count? integer
---@field variadic? boolean
---@field body string[]

local macros <const> = {}

--- Macros in macros; what a person writes needs a few.
local DEPTH_LIMIT <const> = 100
--- Tokens that all expansions of a run may make.
local TOKEN_LIMIT <const> = 1000000

local function parameters_of(tokens, at, macro)
  macro.parameters, macro.count = {}, 0
  if tokens[at] == ")" then return at + 1 end
  while true do
    local name = tokens[at]
    if name == "..." then
      macro.variadic, name = true, "__VA_ARGS__"
    elseif not name or not name:find "^[%a_\x80-\xFF]" then
      return nil
    end
    macro.count = macro.count + 1
    macro.parameters[name] = macro.count
    local sign <const> = tokens[at + 1]
    at = at + 2
    if sign == ")" then return at end
    if sign ~= "," or macro.variadic then return nil end
  end
end

---The macro that the text behind #define describes; nil and what is wrong.
---@param text string
---@return oleander.idl.Macro?
---@return string? problem
function macros.parse(text)
  local tokens <const>, offsets <const> = lexer.line(text)
  local name <const> = tokens[1]
  if not name or not name:find "^[%a_\x80-\xFF]" then return nil, "a name is expected behind #define" end
  local macro <const> = { name = name, body = {} }
  local at = 2
  -- A parenthesis that touches the name begins parameters.
  if tokens[2] == "(" and offsets[2] == offsets[1] + #name then
    at = parameters_of(tokens, 3, macro)
    if not at then return nil, "the parameters of the macro " .. name .. " can't be read" end
  end
  table.move(tokens, at, #tokens, 1, macro.body)
  return macro
end

local function stringify(tokens)
  return '"' .. table.concat(tokens, " "):gsub('[\\"]', "\\%0") .. '"'
end

local function paste(out, right)
  local left <const> = table.remove(out) or ""
  local joined <const> = left .. (right or "")
  local list <const>, _ <const>, n <const> = lexer.line(joined)
  table.move(list, 1, n, #out + 1, out)
end

---@class oleander.idl.Expansion
---@field table table<string, oleander.idl.Macro>
---@field made integer
---@field fail fun(self, message: string, ...)

local expand

local function append(out, tokens)
  table.move(tokens, 1, #tokens, #out + 1, out)
end

--- The body with arguments in place of parameters.
local function substitute(run, macro, arguments, hidden, depth)
  local body <const>, parameters <const> = macro.body, macro.parameters or {}
  local out <const> = {}
  local expanded <const> = {}
  local i = 1
  while i <= #body do
    local token <const> = body[i]
    local index <const> = parameters[token]
    if token == "#" and parameters[body[i + 1]] then
      out[#out + 1] = stringify(arguments[parameters[body[i + 1]]] or {})
      i = i + 2
    elseif token == "##" and i > 1 and i < #body then
      local right <const> = parameters[body[i + 1]]
      if right then
        local argument <const> = arguments[right] or {}
        if #argument > 0 then
          paste(out, argument[1])
          table.move(argument, 2, #argument, #out + 1, out)
        end
      else
        paste(out, body[i + 1])
      end
      i = i + 2
    elseif index then
      local argument = arguments[index] or {}
      if body[i + 1] ~= "##" then
        expanded[index] = expanded[index] or expand(run, argument, hidden, depth + 1)
        argument = expanded[index]
      end
      append(out, argument)
      i = i + 1
    else
      out[#out + 1] = token
      i = i + 1
    end
    if #out + run.made > TOKEN_LIMIT then run:fail("macros make too much text") end
  end
  run.made = run.made + #out
  return out
end

--- The arguments that begin behind tokens[at] == "("; nil when they do not end.
local function arguments_at(run, tokens, at, macro)
  local arguments, current, depth = {}, {}, 0
  for i = at + 1, #tokens do
    local token <const> = tokens[i]
    run.made = run.made + 1
    if run.made > TOKEN_LIMIT then run:fail("macros make too much text") end
    if token == ")" and depth == 0 then
      if #arguments > 0 or #current > 0 or macro.count > 0 then arguments[#arguments + 1] = current end
      return arguments, i
    end
    if token == "," and depth == 0 and not (macro.variadic and #arguments + 1 >= macro.count) then
      arguments[#arguments + 1] = current
      current = {}
    else
      if token == "(" then depth = depth + 1 elseif token == ")" then depth = depth - 1 end
      current[#current + 1] = token
    end
  end
  return nil
end

---All tokens with the macros in them expanded.
---@param run oleander.idl.Expansion
---@param tokens string[]
---@param hidden table<string, boolean> macros that are being expanded
---@param depth integer
---@return string[]
expand = function(run, tokens, hidden, depth)
  if depth > DEPTH_LIMIT then run:fail("macros are nested too deeply") end
  local out <const> = {}
  local i = 1
  while i <= #tokens do
    local token <const> = tokens[i]
    local macro <const> = not hidden[token] and run.table[token]
    local stop = i
    local body
    if macro then
      if not macro.parameters then
        body = substitute(run, macro, {}, hidden, depth)
      elseif tokens[i + 1] == "(" then
        local arguments <const>, last <const> = arguments_at(run, tokens, i + 1, macro)
        if not arguments then run:fail("the arguments of the macro %s do not end", token) end
        body, stop = substitute(run, macro, arguments, hidden, depth), last
      end
    end
    if body then
      local inside <const> = setmetatable({ [token] = true }, { __index = hidden })
      -- A macro with arguments may be named by the body and get its arguments from behind it.
      local result <const> = expand(run, body, inside, depth + 1)
      local name <const> = result[#result]
      local follows <const> = name and not inside[name] and run.table[name]
      if follows and follows.parameters and tokens[stop + 1] == "(" then
        result[#result] = nil
        append(out, result)
        local arguments <const>, last <const> = arguments_at(run, tokens, stop + 1, follows)
        if not arguments then run:fail("the arguments of the macro %s do not end", name) end
        body, stop = substitute(run, follows, arguments, inside, depth), last
        append(out, expand(run, body, setmetatable({ [name] = true }, { __index = inside }), depth + 1))
      else
        append(out, result)
      end
    else
      out[#out + 1] = token
    end
    if #out + run.made > TOKEN_LIMIT then run:fail("macros make too much text") end
    i = stop + 1
  end
  return out
end
macros.expand = expand

return macros
