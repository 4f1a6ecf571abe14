---Constant expressions of IDL: reads them from tokens into trees, and computes them.
local lexer <const> = require "oleander.idl.lexer"

local expression <const> = {}

---@class oleander.idl.Expression
---@field k "number"|"text"|"char"|"name"|"unary"|"binary"|"choice"|"cast"|"sizeof"
---@field place integer

--- Deeper nesting is no expression that a person wrote.
local DEPTH_LIMIT <const> = 200

local priorities <const> = {
  ["||"] = 1, ["&&"] = 2, ["|"] = 3, ["^"] = 4, ["&"] = 5, ["=="] = 6, ["!="] = 6, ["<"] = 7, [">"] = 7, ["<="] = 7,
  [">="] = 7, ["<<"] = 8, [">>"] = 8, ["+"] = 9, ["-"] = 9, ["*"] = 10, ["/"] = 10, ["%"] = 10,
}
local prefixes <const> = { ["-"] = true, ["+"] = true, ["~"] = true, ["!"] = true, ["*"] = true, ["&"] = true }

---The value of a number as C writes it: an integer or a float, and its suffix in lower case; nil when it is none.
---@param token string
---@return number?
---@return string suffix
function expression.number(token)
  local digits, suffix = token:match "^(0[xX]%x+)([uUlLiI0-9]*)$"
  if digits then
    if #digits > 18 then return nil, "" end
    return math.tointeger(digits), suffix:lower()
  end
  digits, suffix = token:match "^(%d+)([uUlL]*)$"
  if not digits then
    digits, suffix = token:match "^(%d+)([uU]?[iI]%d+)$"
  end
  if digits then
    if digits:sub(1, 1) == "0" and digits:find "^0[0-7]+$" then return tonumber(digits, 8), suffix:lower() end
    local value = math.tointeger(digits)
    if not value and #digits <= 20 then -- above 2^63: its bits
      value = 0
      for digit in digits:gmatch "%d" do value = value * 10 + tonumber(digit) end
    end
    return value, suffix:lower()
  end
  digits, suffix = token:match "^([%d.]+[eE]?[+-]?%d*)([fFlL]?)$"
  if digits then
    local value <const> = tonumber(digits)
    return value and value + 0.0, suffix:lower()
  end
  return nil, ""
end

---@class oleander.idl.Reader what reads tokens: the parser, or the preprocessor for #if
---@field tokens string[]
---@field places integer[]
---@field at integer

local parse_binary

local function primary(reader, depth)
  local token <const>, place <const> = reader.tokens[reader.at], reader.places[reader.at]
  local first <const> = token and token:byte() or 0
  if first >= 48 and first <= 57 or first == 46 and #token > 1 and token ~= "..." then
    local value <const>, suffix <const> = expression.number(token)
    if not value then reader:fail(place, "%s is no number", token:sub(1, 60)) end
    reader.at = reader.at + 1
    return { k = "number", value = value, suffix = suffix, text = token, place = place }
  end
  local mark <const> = token and token:match "^L?([\"'])"
  if mark then
    local text = lexer.unquote(token)
    if not text then reader:fail(place, "the %s is not closed on its line", mark == '"' and "text" or "character") end
    reader.at = reader.at + 1
    if mark == "'" then
      local good <const>, code <const> = pcall(utf8.codepoint, text)
      if not good or #text == 0 then reader:fail(place, "%s is no character", token) end
      return { k = "char", value = code, text = token, place = place }
    end
    while reader.tokens[reader.at] and reader.tokens[reader.at]:find '^L?"' do
      local more <const> = lexer.unquote(reader.tokens[reader.at])
      if not more then reader:fail(reader.places[reader.at], "the text is not closed on its line") end
      text = text .. more
      reader.at = reader.at + 1
    end
    return { k = "text", value = text, wide = token:byte() == 76, place = place }
  end
  if token == "(" then
    reader.at = reader.at + 1
    local cast <const> = reader.cast and reader:cast()
    if cast then
      return { k = "cast", type = cast, operand = parse_binary(reader, 11, depth + 1), place = place }
    end
    local inner <const> = expression.parse(reader, depth + 1)
    reader:expect ")"
    return inner
  end
  if first >= 65 and first ~= 91 and first ~= 93 and first ~= 94 and first < 123 or first >= 128 then
    reader.at = reader.at + 1
    if token == "sizeof" and reader.sizeof then return { k = "sizeof", type = reader:sizeof(), place = place } end
    if reader.tokens[reader.at] == "(" and reader.call then return reader:call(token, place) end
    return { k = "name", name = token, place = place }
  end
  reader:fail(place, "an expression is expected, not %s", reader:shown())
end

local function unary(reader, depth)
  local signs
  while prefixes[reader.tokens[reader.at]] do
    signs = signs or {}
    signs[#signs + 1] = reader.at
    if #signs > DEPTH_LIMIT then reader:fail(reader.places[reader.at], "the expression is nested too deeply") end
    reader.at = reader.at + 1
  end
  local result = primary(reader, depth)
  for i = signs and #signs or 0, 1, -1 do
    result = { k = "unary", sign = reader.tokens[signs[i]], operand = result, place = reader.places[signs[i]] }
  end
  return result
end

--- Depth of the tree to the left: long sums make deep trees, which are computed by recursion.
local CHAIN_LIMIT <const> = 5000

parse_binary = function(reader, least, depth)
  if depth > DEPTH_LIMIT then reader:fail(reader.places[reader.at], "the expression is nested too deeply") end
  local left = unary(reader, depth)
  local chain = 0
  while true do
    local sign <const> = reader.tokens[reader.at]
    local priority <const> = priorities[sign]
    if not priority or priority < least then return left end
    local place <const> = reader.places[reader.at]
    chain = chain + 1
    if chain > CHAIN_LIMIT then reader:fail(place, "the expression is too long") end
    reader.at = reader.at + 1
    left = { k = "binary", sign = sign, left = left, right = parse_binary(reader, priority + 1, depth + 1),
      place = place }
  end
end

---Reads an expression.
---@param reader oleander.idl.Reader
---@param depth? integer
---@return oleander.idl.Expression
function expression.parse(reader, depth)
  depth = depth or 0
  local condition <const> = parse_binary(reader, 1, depth)
  if reader.tokens[reader.at] ~= "?" then return condition end
  local place <const> = reader.places[reader.at]
  reader.at = reader.at + 1
  local yes <const> = expression.parse(reader, depth + 1)
  reader:expect ":"
  local no <const> = expression.parse(reader, depth + 1)
  return { k = "choice", condition = condition, yes = yes, no = no, place = place }
end

local function truth(value) return value ~= 0 and value ~= "" end
local function whole(value) return math.type(value) == "integer" end

local function divide(a, b)
  local quotient = a // b
  if a % b ~= 0 and (a < 0) ~= (b < 0) then quotient = quotient + 1 end
  return quotient
end

local operators <const> = {
  ["+"] = function(a, b) return a + b end,
  ["-"] = function(a, b) return a - b end,
  ["*"] = function(a, b) return a * b end,
  ["/"] = function(a, b) return whole(a) and whole(b) and divide(a, b) or a / b end,
  ["%"] = function(a, b) return whole(a) and whole(b) and a - divide(a, b) * b or math.fmod(a, b) end,
  ["|"] = function(a, b) return a | b end,
  ["&"] = function(a, b) return a & b end,
  ["^"] = function(a, b) return a ~ b end,
  ["<<"] = function(a, b) return a << b end,
  [">>"] = function(a, b) return b < 64 and (a >> b) | (a < 0 and b > 0 and ~(-1 >> b) or 0) or a < 0 and -1 or 0 end,
  ["=="] = function(a, b) return a == b and 1 or 0 end,
  ["!="] = function(a, b) return a ~= b and 1 or 0 end,
  ["<"] = function(a, b) return a < b and 1 or 0 end,
  [">"] = function(a, b) return a > b and 1 or 0 end,
  ["<="] = function(a, b) return a <= b and 1 or 0 end,
  [">="] = function(a, b) return a >= b and 1 or 0 end,
}
local integers_only <const> = { ["|"] = true, ["&"] = true, ["^"] = true, ["<<"] = true, [">>"] = true }

---@class oleander.idl.Scope what names mean in an expression
---@field value fun(self, name: string, place: integer): number|string|nil
---@field size? fun(self, type: table, place: integer): integer
---@field convert? fun(self, type: table, value: any): any
---@field fail fun(self, place: integer, message: string, ...)

local evaluate

local function binary(node, scope)
  local sign <const> = node.sign
  local left <const> = evaluate(node.left, scope)
  if sign == "&&" then return truth(left) and truth(evaluate(node.right, scope)) and 1 or 0 end
  if sign == "||" then return (truth(left) or truth(evaluate(node.right, scope))) and 1 or 0 end
  local right <const> = evaluate(node.right, scope)
  if type(left) ~= "number" or type(right) ~= "number" then
    scope:fail(node.place, "%s is for numbers", sign)
  elseif integers_only[sign] and not (whole(left) and whole(right)) then
    scope:fail(node.place, "%s is for integers", sign)
  elseif (sign == "/" or sign == "%") and right == 0 and whole(left) and whole(right) then
    scope:fail(node.place, "division by zero")
  elseif (sign == "<<" or sign == ">>") and right < 0 then
    scope:fail(node.place, "a shift by a negative number")
  end
  return operators[sign](left, right)
end

local function unary_value(node, scope)
  local value <const> = evaluate(node.operand, scope)
  if node.sign == "!" then return truth(value) and 0 or 1 end
  if type(value) ~= "number" then scope:fail(node.place, "%s is for numbers", node.sign) end
  if node.sign == "-" then return -value end
  if node.sign == "~" then
    if not whole(value) then scope:fail(node.place, "~ is for integers") end
    return ~value
  end
  if node.sign == "+" then return value end
  scope:fail(node.place, "%s has no constant value", node.sign)
end

---The value of an expression: an integer, a float or a text.
---@param node oleander.idl.Expression
---@param scope oleander.idl.Scope
---@return number|string
evaluate = function(node, scope)
  local k <const> = node.k
  if k == "number" or k == "text" or k == "char" then return node.value end
  if k == "name" then return scope:value(node.name, node.place) end
  if k == "binary" then return binary(node, scope) end
  if k == "unary" then return unary_value(node, scope) end
  if k == "choice" then return evaluate(truth(evaluate(node.condition, scope)) and node.yes or node.no, scope) end
  if k == "cast" then return scope:convert(node.type, evaluate(node.operand, scope)) end
  return scope:size(node.type, node.place)
end
expression.evaluate = evaluate

return expression
