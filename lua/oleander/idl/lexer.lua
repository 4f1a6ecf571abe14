---Cuts IDL text into tokens. A token is its text: names and signs as they are, numbers, strings and characters as
---written, a GUID as one token, a directive of the preprocessor with its whole line.
local lexer <const> = {}

--- More tokens than any IDL has: the memory that hostile input can take.
lexer.TOKEN_LIMIT = 3000000

--- The scanner of the C module, or without it the grammar. Some of what they need reads tokens itself, and is loaded
--- late.
local function scanner()
  local loaded <const>, core <const> = pcall(require, "oleander.core")
  if not loaded then return require "oleander.idl.lexical".scan end
  local attributes <const>, nodes <const> = require "oleander.idl.attributes", require "oleander.idl.nodes"
  return core.idl_scanner {
    none = attributes.NONE, token = nodes.Token, special = nodes.special, takes = attributes.takes,
    base_types = nodes.base_types, base_type = nodes.base_type, no_type = nodes.NO_TYPE, lists = nodes.plain_lists,
    list = nodes.plain_list, number = require "oleander.idl.expression".number,
  }
end

local scan
scan = function(...)
  scan = scanner()
  return scan(...)
end

---The tokens of a file with their offsets, and which of them are directives. Declarations of common shapes are one
---token, a node, whose `stop` is the offset behind it. The last result is true when there are too many.
---@param source string
---@param places integer added to offsets
---@return (string|table)[] tokens
---@return integer[] places
---@return integer count
---@return integer[] directives indexes of the tokens that are a directive
---@return boolean? too_many
function lexer.file(source, places)
  return scan(source, places)
end

---The tokens of a part of a file, without nodes.
---@param source string
---@param start integer
---@param stop integer behind it
---@return string[] tokens
---@return integer[] offsets in the file
---@return integer count
function lexer.part(source, start, stop)
  local tokens <const>, offsets <const>, n <const> = scan(source:sub(start, stop - 1))
  for i = 1, n do offsets[i] = offsets[i] + start - 1 end
  return tokens, offsets, n
end

---The same for the body of a macro or the rest of a directive, where # and ## are tokens.
---@param source string
---@return string[] tokens
---@return integer[] offsets
---@return integer count
function lexer.line(source)
  return scan(source, nil, true)
end

--- The same in Lua, where there is no C module.
local function find_words(text, from, to, set)
  local found
  for at, word in text:gmatch("()([%w_$\x80-\xFF]+)", from) do
    if at >= to then break end
    if set[word] ~= nil then
      found = found or {}
      found[#found + 1] = at
    end
  end
  return found
end

local mentions

---Where words of a part of a text begin that are keys of a set: offsets in order; nil when there are none.
---@param text string
---@param from integer
---@param to integer behind the part
---@param set table<string, any>
---@return integer[]?
function lexer.mentions(text, from, to, set)
  if next(set) == nil then return nil end
  if not mentions then
    local loaded <const>, core <const> = pcall(require, "oleander.core")
    mentions = loaded and core.idl_mentions or find_words
  end
  return mentions(text, from, to, set)
end

local escapes <const> = {
  n = "\n", t = "\t", r = "\r", a = "\a", b = "\b", f = "\f", v = "\v", ["\\"] = "\\", ['"'] = '"', ["'"] = "'",
  ["?"] = "?", ["0"] = "\0",
}

local function character(code)
  if code < 0x80 then return string.char(code) end
  return utf8.char(code)
end

local escaped

local function make_escaped()
  local lpeg <const> = require "lpeg"
  local P <const>, R <const>, C <const> = lpeg.P, lpeg.R, lpeg.C
  local hex <const> = R("09", "af", "AF")
  return lpeg.Cs((
    P "\\" * P "\r"^-1 * "\n" / ""
    + P "\\x" * C(hex * hex^-3) / function(digits) return character(tonumber(digits, 16)) end
    + P "\\" * C(R "07" * R "07"^-2) / function(digits) return character(tonumber(digits, 8)) end
    + P "\\" * C(1) / function(char) return escapes[char] or "\\" .. char end
    + 1)^0)
end

---The text of a string or character token; nil when it is not closed.
---@param token string
---@return string?
function lexer.unquote(token)
  local mark <const>, inner <const>, close <const> = token:match "^L?([\"'])(.*)(.)$"
  if not mark or close ~= mark then return nil end
  if not inner:find("\\", 1, true) then return inner end
  -- The last backslash may have taken the closing mark with it.
  if #inner:match "(\\*)$" % 2 == 1 then return nil end
  escaped = escaped or make_escaped()
  return escaped:match(inner)
end

return lexer
