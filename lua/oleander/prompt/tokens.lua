--- Lua text as tokens: for keeping the locals of a line, for completion, and for expressions without calls.
local tokens <const> = {}

local keywords <const> = {}
for word in ([[and break do else elseif end false for function goto if in local nil not or repeat return then true
  until while]]):gmatch "%S+" do
  keywords[word] = true
end
tokens.keywords = keywords

--- The end of a long bracket that begins at `at`, or nil; the second value: there is one and it does not end.
local function long_bracket(text, at)
  local level <const> = text:match("^%[(=*)%[", at)
  if not level then return nil end
  local _, last <const> = text:find("]" .. level .. "]", at, true)
  return last or #text, last == nil
end

local function read_comment(text, at)
  local last, open <const> = long_bracket(text, at + 2)
  if last then return last, open end
  last = (text:find("\n", at, true) or #text + 1) - 1
  return last
end

local function read_string(text, at)
  local mark <const> = text:sub(at, at)
  local i = at + 1
  while i <= #text do
    local byte <const> = text:sub(i, i)
    if byte == "\\" then
      i = i + 1
    elseif byte == mark then
      return i
    elseif byte == "\n" then
      return i - 1, true
    end
    i = i + 1
  end
  return #text, true
end

local function read_one(text, at)
  if text:find("^%-%-", at) then
    local last <const>, open <const> = read_comment(text, at)
    return "comment", last, open
  end
  local last, open = long_bracket(text, at)
  if last then return "string", last, open end
  if text:find("^[\"']", at) then
    last, open = read_string(text, at)
    return "string", last, open
  end
  local _, stop = text:find("^[%a_][%w_]*", at)
  if stop then return keywords[text:sub(at, stop)] and "keyword" or "name", stop end
  _, stop = text:find("^%.?%d[%w.]*", at)
  if stop then return "number", stop end
  _, stop = text:find("^%.%.%.?", at)
  if not stop then _, stop = text:find("^[=~<>:/][=:/]", at) end
  return "sign", stop or at
end

---Splits text; the last token may be `open` (a string or comment that does not end).
---@param text string
---@return {kind: string, text: string, from: integer, to: integer, open: boolean?}[]
function tokens.split(text)
  local list <const>, at = {}, 1
  while true do
    at = text:find("%S", at)
    if not at then return list end
    local kind <const>, last <const>, open <const> = read_one(text, at)
    list[#list + 1] = { kind = kind, text = text:sub(at, last), from = at, to = last, open = open }
    at = last + 1
  end
end

---The tokens that mean something.
function tokens.code(text)
  local list <const> = {}
  for _, token in ipairs(tokens.split(text)) do
    if token.kind ~= "comment" then list[#list + 1] = token end
  end
  return list
end

local opens <const> = { ["do"] = 1, ["if"] = 1, ["function"] = 1, ["repeat"] = 1, ["end"] = -1, ["until"] = -1 }

--- The names that a `local` statement declares, what replaces it, and the token behind it.
local function read_local(list, i)
  local following <const> = list[i + 1]
  if following and following.text == "function" then
    local name <const> = list[i + 2]
    return name and { name.text } or {}, "", i + 1
  end
  local names <const> = {}
  local at = i + 1
  while list[at] and list[at].kind == "name" do
    names[#names + 1] = list[at].text
    at = at + 1
    if list[at] and list[at].text == "<" and list[at + 2] and list[at + 2].text == ">" then at = at + 3 end
    if not (list[at] and list[at].text == ",") then break end
    at = at + 1
  end
  local assigned <const> = list[at] and list[at].text == "="
  return names, table.concat(names, ", ") .. (assigned and "" or " = nil"), at
end

---Makes assignments of the `local` statements outside of blocks, so that the names stay for the session.
---@param text string
---@return string text, string[] names
function tokens.keep_locals(text)
  local list <const> = tokens.code(text)
  local parts <const>, names, copied, depth, i = {}, {}, 1, 0, 1
  while list[i] do
    local token <const> = list[i]
    depth = depth + (token.kind == "keyword" and opens[token.text] or 0)
    if depth == 0 and token.text == "local" and token.kind == "keyword" then
      local declared <const>, replacement <const>, next_index <const> = read_local(list, i)
      table.move(declared, 1, #declared, #names + 1, names)
      parts[#parts + 1] = text:sub(copied, token.from - 1) .. replacement
      local following <const> = list[next_index]
      if replacement ~= "" then parts[#parts + 1] = " " end
      copied = following and following.from or #text + 1
      -- Lines keep their numbers.
      local _, lines <const> = text:sub(token.from, copied - 1):gsub("\n", "")
      parts[#parts + 1] = ("\n"):rep(lines)
      i = next_index
    else
      i = i + 1
    end
  end
  parts[#parts + 1] = text:sub(copied)
  return table.concat(parts), names
end

---True when an expression calls nothing and defines nothing.
function tokens.is_quiet(text)
  for i, token in ipairs(tokens.code(text)) do
    if token.text == "(" or token.text == "{" or token.text == "function" or token.text == ":" then return false end
    if token.kind == "string" and i > 1 then return false end
    if token.kind == "sign" and not token.text:find "^[.%[%]]$" then return false end
  end
  return true
end

return tokens
