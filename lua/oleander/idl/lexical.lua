---The grammar of tokens. Names and single signs, which most tokens are, are found by one pattern of Lua's own, which
---gives them faster than LPeg gives captures; LPeg finds where all else ends. The scanner of the C module
---(bridge/types/idl_scan.c) gives the same in a fraction of the time; tests hold the two to each other.
local lpeg <const> = require "lpeg"
local quick <const> = require "oleander.idl.quick"

local P <const>, R <const>, S <const> = lpeg.P, lpeg.R, lpeg.S

local lexical <const> = {}

--- More tokens than any IDL has: the memory that hostile input can take.
lexical.TOKEN_LIMIT = 3000000

local newline <const> = P "\r"^-1 * "\n"
local continuation <const> = P "\\" * newline
local block_comment <const> = P "/*" * (1 - P "*/")^0 * "*/"
local line_comment <const> = P "//" * (continuation + (1 - S "\r\n"))^0
local digit <const>, hex <const> = R "09", R("09", "af", "AF")
local letter <const> = R("az", "AZ", "\x80\xFF") + "_"

local function times(pattern, count)
  local result = P(true)
  for _ = 1, count do result = result * pattern end
  return result
end
local guid <const> = times(hex, 8) * "-" * times(hex, 4) * "-" * times(hex, 4) * "-" * times(hex, 4) * "-"
  * times(hex, 12) * -(letter + digit)

local exponent <const> = S "eE" * S "+-"^-1 * digit^1
local number <const> = P "0" * S "xX" * hex^1 * (letter + digit)^0
  + digit^1 * "." * -P "." * digit^0 * exponent^-1 * S "fFlL"^-1
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

local long_sign <const> = P "##" + "..." + "<<" + ">>" + "<=" + ">=" + "==" + "!=" + "&&" + "||" + "::" + "->"
local unclosed_comment <const> = P "/*" * P(1)^0

--- What a token is that is neither a name nor one sign: matches give its end.
local ends <const> = {
  guid = guid * lpeg.Cp(), number = number * lpeg.Cp(), text = text * lpeg.Cp(), sign = long_sign * lpeg.Cp(),
  directive = directive * lpeg.Cp(), unclosed = unclosed_comment * lpeg.Cp(),
  skipped = (block_comment + line_comment + continuation) * lpeg.Cp(),
}

local find <const>, gmatch <const>, sub <const> = string.find, string.gmatch, string.sub

--- A name or a number (which may be empty), then one other character.
local WORD <const> = "()([%w_$\x80-\xFF]*)([^%w_$\x80-\xFF]?)"

local skipped_signs <const> = {} -- NUL and Ctrl-Z stand at the end of files from elsewhere
for char in (" \t\r\n\f\v\0\26"):gmatch "." do skipped_signs[char] = true end

--- Signs that may begin something longer.
local openers <const> = {}
for char in ("\"'/#.<>=!&|:-\\"):gmatch "." do openers[char] = true end

--- The end of what the sign at `at` begins, and whether it is a token.
local function opened(source, sign, at, in_macro)
  local stop
  if sign == '"' or sign == "'" then return ends.text:match(source, at), true end
  if sign == "/" or sign == "\\" then
    stop = ends.skipped:match(source, at)
    if stop then return stop, false end
    return ends.unclosed:match(source, at) or at + 1, true
  elseif sign == "#" and not in_macro then
    return ends.directive:match(source, at), true
  elseif sign == "." then
    stop = ends.number:match(source, at)
    if stop then return stop, true end
  end
  return ends.sign:match(source, at) or at + 1, true
end

--- The end of a word that begins with a digit, or could begin a GUID or a wide text; nil when it is a name.
local function word_end(source, word, sign, at)
  if sign == "-" and #word == 8 then
    local stop <const> = ends.guid:match(source, at)
    if stop then return stop end
  elseif word == "L" and (sign == '"' or sign == "'") then
    return ends.text:match(source, at)
  end
  if find(word, "^%d") and (sign == "." or sign == "+" or sign == "-") then return ends.number:match(source, at) end
  return nil
end

--- What may stand between the braces that begin at token n, for quick.lua; false for records, enums and all else.
local function context_of(tokens, n)
  local before <const> = tokens[n - 2]
  if before == "library" then return "declarations" end
  if before == "interface" or before == "dispinterface" or before == "module" then return "members" end
  local word <const> = before == ":" and tokens[n - 4]
  return (word == "interface" or word == "dispinterface") and "members" or false
end

---@class oleander.idl.Scan
---@field tokens (string|table)[]
---@field offsets integer[]
---@field n integer
---@field directives integer[]
---@field contexts (string|false)[] of the braces that are open
---@field context string|false of the innermost
---@field places integer? added to offsets in nodes; nil: no nodes are wanted

--- Behind a sign that ends a declaration: takes the declarations that follow and have a common shape. Gives the place
--- behind
--- them.
local function take_quick(scan, source, at)
  while scan.context do
    local node <const>, start <const>, stop <const> = quick.match(scan.context, source, at, scan.places)
    if not node then break end
    local n <const> = scan.n + 1
    scan.n, scan.tokens[n], scan.offsets[n], node.stop = n, node, scan.places + start, stop
    at = stop
  end
  return at
end

--- Which signs end a declaration, or begin those in braces: then others may follow.
local function note_brace(scan, sign)
  local contexts <const> = scan.contexts
  if sign == "{" then
    contexts[#contexts + 1] = scan.context
    scan.context = context_of(scan.tokens, scan.n)
  elseif sign == "}" and #contexts > 0 then
    scan.context = table.remove(contexts)
  end
end

local ends_declaration <const> = { [";"] = true, ["{"] = true, ["}"] = true }

---@param source string
---@param places integer? added to all offsets; without it there are no nodes
---@param in_macro boolean? the rest of a directive, where # and ## are tokens
---@return (string|table)[] tokens
---@return integer[] offsets
---@return integer count
---@return integer[] directives
---@return boolean? too_many
function lexical.scan(source, places, in_macro)
  local tokens <const>, offsets <const>, directives <const> = {}, {}, {}
  local state <const> = {
    tokens = tokens, offsets = offsets, n = 0, contexts = {}, context = "declarations", places = places,
  }
  local n, limit <const>, base <const> = 0, lexical.TOKEN_LIMIT, places or 0
  local start = 1
  if places then
    start = take_quick(state, source, 1)
    n = state.n
  end
  local next_word = gmatch(source, WORD, start)
  local at, word, sign = next_word()
  while at do
    local restart
    if word ~= "" then
      n = n + 1
      offsets[n] = base + at
      -- What else than a name it can be shows in the sign behind it.
      if sign == "-" or sign == "." or sign == '"' or sign == "'" or sign == "+" then
        restart = word_end(source, word, sign, at)
      end
      if restart then
        tokens[n] = sub(source, at, restart - 1)
      else
        tokens[n] = word
        at = at + #word
      end
    end
    if not restart and not skipped_signs[sign] and sign ~= "" then
      local is_token = true
      if openers[sign] then restart, is_token = opened(source, sign, at, in_macro) end
      if is_token then
        n = n + 1
        tokens[n], offsets[n] = restart and sub(source, at, restart - 1) or sign, base + at
        if sign == "#" and not in_macro then
          directives[#directives + 1] = n
        elseif places and ends_declaration[sign] then
          state.n = n
          note_brace(state, sign)
          restart = take_quick(state, source, at + 1)
          n = state.n
        end
      end
      if restart == at + 1 then restart = nil end
    end
    if n > limit then return tokens, offsets, n, directives, true end
    if restart then next_word = gmatch(source, WORD, restart) end
    at, word, sign = next_word()
  end
  return tokens, offsets, n, directives
end

return lexical
