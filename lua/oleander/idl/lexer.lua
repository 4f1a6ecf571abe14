---Cuts IDL text into tokens with LPeg. A token is its text: names and signs as they are, numbers, strings and
---characters
---as written, a GUID as one token, a directive of the preprocessor as "#" followed by its line.
local lpeg <const> = require "lpeg"

local P <const>, R <const>, S <const>, V <const>, C <const> = lpeg.P, lpeg.R, lpeg.S, lpeg.V, lpeg.C

local lexer <const> = {}

--- More tokens than any IDL has: the memory that hostile input can take.
lexer.TOKEN_LIMIT = 3000000

local newline <const> = P "\r"^-1 * "\n"
local continuation <const> = P "\\" * newline
local block_comment <const> = P "/*" * (1 - P "*/")^0 * "*/"
local line_comment <const> = P "//" * (continuation + (1 - S "\r\n"))^0
-- NUL and Ctrl-Z stand at the end of files from elsewhere.
local skip <const> = (S " \t\r\n\f\v\0\26" + block_comment + line_comment + continuation)^0

local digit <const>, hex <const> = R "09", R("09", "af", "AF")
local letter <const> = R("az", "AZ", "\x80\xFF") + "_"
local name <const> = letter * (letter + digit + "$")^0

local function times(pattern, count)
  local result = P(true)
  for _ = 1, count do result = result * pattern end
  return result
end
local guid <const> = times(hex, 8) * "-" * times(hex, 4) * "-" * times(hex, 4) * "-" * times(hex, 4) * "-"
  * times(hex, 12) * -(letter + digit)

local exponent <const> = S "eE" * S "+-"^-1 * digit^1
local number <const> = P "0" * S "xX" * hex^1 * (letter + digit)^0
  + digit^1 * "." * digit^0 * exponent^-1 * S "fFlL"^-1
  + P "." * digit^1 * exponent^-1 * S "fFlL"^-1
  + digit^1 * exponent * S "fFlL"^-1
  + digit^1 * (letter + digit)^0

-- What is not closed reaches to the end of the line; the parser says so.
local function quoted(mark)
  return P "L"^-1 * mark * (P "\\" * (newline + (1 - S "\r\n")) + (1 - S("\\\r\n" .. mark)))^0 * P(mark)^-1
end
local text <const> = quoted '"' + quoted "'"

local directive <const> = P "#"
  * (continuation + block_comment + (P '"' * (P "\\" * (1 - S "\r\n") + (1 - S '\\\r\n"'))^0 * P '"'^-1)
    + (1 - S "\r\n"))^0

local signs <const> = P "..." + "<<" + ">>" + "<=" + ">=" + "==" + "!=" + "&&" + "||" + "::" + "->"
local unclosed_comment <const> = P "/*" * P(1)^0

local word <const> = guid + text + name + number
local position <const> = lpeg.Cp()

-- 64 * 64 tokens a match: the captures of a large file would take more memory than its tokens.
local function tokens_of(token)
  return P {
    "page",
    page = lpeg.Ct(V "row"^-64),
    row = V "token"^-64 * P(true),
    token = skip * token,
  } * position
end

local plain <const> = position * (C(word) + C(unclosed_comment + signs + 1))
local of_file <const> = tokens_of(position * (lpeg.Cc "#" * position * C(directive)) + plain)
-- In the body of a macro # and ## are signs.
local of_macro <const> = tokens_of(position * C(P "##") + plain)

local function scan(pattern, source, limit)
  local list, n = nil, 0
  local start = 1
  while true do
    local page <const>, stop <const> = pattern:match(source, start)
    local count <const> = #page
    if count == 0 then break end
    if not list then list = page else table.move(page, 1, count, n + 1, list) end
    n = n + count
    if n > 2 * limit then return list, n, true end
    start = stop
  end
  return list or {}, n
end

---The tokens of a file: offset, text, offset, text ...; a directive is "#" and then its whole text. The third result is
---true when there are too many.
---@param source string
---@return (integer|string)[] tokens
---@return integer count of the elements
---@return boolean? too_many
function lexer.file(source)
  return scan(of_file, source, lexer.TOKEN_LIMIT)
end

---The same for the body of a macro or the rest of a directive: # and ## are tokens.
---@param source string
---@return (integer|string)[] tokens
---@return integer count
function lexer.line(source)
  return scan(of_macro, source, lexer.TOKEN_LIMIT)
end

local escapes <const> = {
  n = "\n", t = "\t", r = "\r", a = "\a", b = "\b", f = "\f", v = "\v", ["\\"] = "\\", ['"'] = '"', ["'"] = "'",
  ["?"] = "?", ["0"] = "\0",
}

local function character(code)
  if code < 0x80 then return string.char(code) end
  return utf8.char(code)
end

local escaped <const> = lpeg.Cs((
  P "\\" * newline / ""
  + P "\\x" * C(hex * hex^-3) / function(digits) return character(tonumber(digits, 16)) end
  + P "\\" * C(R "07" * R "07"^-2) / function(digits) return character(tonumber(digits, 8)) end
  + P "\\" * C(1) / function(char) return escapes[char] or "\\" .. char end
  + 1)^0)

---The text of a string or character token; nil when it is not closed.
---@param token string
---@return string?
function lexer.unquote(token)
  local mark <const>, inner <const>, close <const> = token:match "^L?([\"'])(.*)(.)$"
  if not mark or close ~= mark then return nil end
  if not inner:find("\\", 1, true) then return inner end
  -- The last backslash may have taken the closing mark with it.
  if #inner:match "(\\*)$" % 2 == 1 then return nil end
  return escaped:match(inner)
end

return lexer
