--- The texts of `__types` and `__events`: "r8 (r8 a, [in, out] bstr b)" for a method or an event, "i4" for a property.
---
---     declaration = type | [type | "void"] "(" [parameter {"," parameter}] ")"
---     parameter   = ["[" attribute {"," attribute} "]"] type [name]
---     attribute   = "in" | "out" | "optional"
---     type        = word ["[" "]"]
---
--- A mistake is an error that shows the text with a mark at the place, says what is wanted there and, where the text
--- can be found in the script, its line.
local core <const> = require "oleander.core"
local errors <const> = require "oleander.errors"

core.own_source(debug.getinfo(1, "S").source)

local declarations <const> = {}
local E_INVALIDARG <const> = 0x80070057

local vartypes <const> = {
  i1 = 16, ui1 = 17, i2 = 2, ui2 = 18, i4 = 3, ui4 = 19, i8 = 20, ui8 = 21, int = 22, uint = 23,
  r4 = 4, r8 = 5, bool = 11, bstr = 8, string = 8, currency = 6, cy = 6, date = 7, decimal = 14,
  variant = 12, object = 9, dispatch = 9, unknown = 13, error = 10, scode = 10,
}
local TYPES <const> = "i1 ui1 i2 ui2 i4 ui4 i8 ui8 int uint r4 r8 bool bstr currency date decimal variant object " ..
  "unknown error"
local attributes <const> = { ["in"] = true, out = true, optional = true }
local PARAMETER_LIMIT <const> = 512 -- of one function, as in C
local LINE_LIMIT <const> = 100 -- bytes of a declaration that an error shows
local WORD <const> = "^[%a_\x80-\xFF][%w_\x80-\xFF]*"

-- reading: the first mistake counts, and what is read after it doesn't

local function fail(reader, problem, position)
  if reader.problem then return end
  reader.problem, reader.position = problem, position or reader.at
end

local function skip_space(reader)
  reader.at = reader.text:find("%S", reader.at) or #reader.text + 1
end

local function accept(reader, character)
  skip_space(reader)
  if reader.problem or reader.text:sub(reader.at, reader.at) ~= character then return false end
  reader.at = reader.at + 1
  return true
end

local function read_word(reader)
  skip_space(reader)
  local position <const> = reader.at
  local word <const> = reader.text:match(WORD, position)
  if word then reader.at = position + #word end
  return word, position
end

--- What stands at the place, for a message.
local function token(reader)
  skip_space(reader)
  local text <const>, at <const> = reader.text, reader.at
  if at > #text then return "the end" end
  return ("%q"):format(text:match(WORD, at) or text:match("^%w+", at) or text:sub(at, at))
end

local function want(reader, what)
  fail(reader, ("%s is wanted, not %s"):format(what, token(reader)))
end

local function read_type(reader)
  local word <const>, position <const> = read_word(reader)
  if not word then
    want(reader, "a type")
    return nil
  end
  local vt <const> = vartypes[word:lower()]
  if not vt then fail(reader, ("there is no type %s; one of %s is wanted"):format(word, TYPES), position) end
  local array <const> = accept(reader, "[")
  if array and not accept(reader, "]") then want(reader, '"]"') end
  return { vt = vt, array = array }
end

local function read_attributes(reader, parameter)
  repeat
    local word <const>, position <const> = read_word(reader)
    if not word then
      want(reader, "in, out or optional")
    elseif not attributes[word] then
      fail(reader, ("there is no attribute %s; in, out or optional is wanted"):format(word), position)
    else
      parameter[word] = true
    end
  until not accept(reader, ",")
  if not accept(reader, "]") then want(reader, '"," or "]"') end
end

local function read_parameter(reader, index, taken)
  local written <const> = {}
  if accept(reader, "[") then read_attributes(reader, written) end
  local parameter <const> = read_type(reader)
  local name <const>, position <const> = read_word(reader)
  if not parameter then return nil end
  for attribute in pairs(written) do parameter[attribute] = true end
  parameter.name = name or "arg" .. index
  local folded <const> = core.fold(parameter.name)
  if taken[folded] then fail(reader, ("two parameters are called %s"):format(parameter.name), position) end
  taken[folded] = true
  return parameter
end

local function read_parameters(reader)
  local params <const>, taken <const> = {}, {}
  if accept(reader, ")") then return params end
  repeat
    skip_space(reader)
    if #params == PARAMETER_LIMIT then fail(reader, ("a method has at most %d parameters"):format(PARAMETER_LIMIT)) end
    params[#params + 1] = read_parameter(reader, #params + 1, taken)
  until reader.problem or not accept(reader, ",")
  if not accept(reader, ")") then want(reader, '"," or ")"') end
  return params
end

local function read_result(reader)
  local word <const>, position <const> = read_word(reader)
  if word == "void" then return nil end
  reader.at = position
  return read_type(reader)
end

--- { property = type }, or { result = type or nil, params = { type with name, in, out, optional } }. A mistake: nil,
--- what is wrong, and where in the text.
local function parse(text, is_event)
  local reader <const> = { text = text, at = 1 }
  local declared <const> = {}
  if not accept(reader, "(") then
    declared.result = read_result(reader)
    skip_space(reader)
    if not is_event and declared.result and reader.at > #text then
      declared.property, declared.result = declared.result, nil
    elseif not accept(reader, "(") then
      want(reader, '"("')
    end
  end
  if not declared.property then
    declared.params = read_parameters(reader)
    skip_space(reader)
    if reader.at <= #text then want(reader, "the end") end
  end
  if reader.problem then return nil, reader.problem, reader.position end
  return declared
end

local parsed <const> = setmetatable({}, { __mode = "v" }) -- by text; nobody changes what it holds
local parsed_events <const> = setmetatable({}, { __mode = "v" })

-- where a declaration is written

local function text_of(source)
  if source:sub(1, 1) == "=" then return nil end
  if source:sub(1, 1) ~= "@" then return source end
  local file <close> = io.open(source:sub(2), "rb")
  return file and file:read "a"
end

local function line_at(text, position)
  local _, count <const> = text:sub(1, position - 1):gsub("\n", "")
  return count + 1
end

--- The line of a declaration; the second value tells whether its name stands before it in the line.
local function find_line(text, name, declaration)
  local first, several
  local at = 1
  while declaration ~= "" do
    local from <const>, to <const> = text:find(declaration, at, true)
    if not from then break end
    at = to + 1
    -- A whole literal, not the beginning of another declaration.
    if text:find("^[\"'%[]", from - 1) and text:find("^[\"'%]]", to + 1) then
      local before <const> = text:sub(1, from - 1):match "[^\n]*$"
      local named <const> = before:find(name, 1, true)
      if named and before:find("=", named, true) then return line_at(text, from), true end
      first, several = first or from, first ~= nil
    end
  end
  return first and not several and line_at(text, first) or nil, false
end

--- The sources where a declaration may be written: that of the running script, and those of the table's functions.
local function sources_of(t)
  local sources <const>, seen <const> = {}, {}
  local function add(source, name)
    if not source or seen[source] then return end
    seen[source] = true
    sources[#sources + 1] = { text = text_of(source), name = name }
  end
  local source <const>, name <const> = core.caller()
  add(source, name)
  local current = t
  for _ = 1, 100 do
    if type(current) ~= "table" then break end
    for _, value in next, current do
      local info <const> = type(value) == "function" and debug.getinfo(value, "S")
      if info and info.what ~= "C" then add(info.source, info.short_src) end
    end
    local meta <const> = debug.getmetatable(current)
    current = meta and rawget(meta, "__index")
  end
  return sources
end

local function place_of(t, name, declaration)
  local place
  for _, source in ipairs(type(declaration) == "string" and sources_of(t) or {}) do
    local line <const>, named <const> = find_line(source.text or "", name, declaration)
    local found <const> = line and ("%s:%d"):format(source.name, line)
    if named then return found end
    place = place or found
  end
  return place
end

-- errors

--- The line of the text with the place, and a mark below it; of a long line what is around the place.
local function marked(text, position)
  local before, after = text:sub(1, position - 1):match "[^\n]*$", text:sub(position):match "^[^\n]*"
  if #before + #after > LINE_LIMIT then
    local half <const> = LINE_LIMIT // 2
    if #before > half then before = "..." .. before:sub(-half):gsub("^[\x80-\xBF]+", "") end
    if #after > half then after = after:sub(1, half):gsub("[\xC0-\xFF][\x80-\xBF]*$", "") .. "..." end
  end
  local line <const> = (before .. after):gsub("%c", " ")
  return ("    %s\n    %s^"):format(line, (" "):rep(utf8.len(before) or #before))
end

--- Raises what is wrong with the declaration of a member; `position` is where in its text.
function declarations.refuse(t, field, name, declaration, problem, position, subject)
  local place <const> = place_of(t, name, declaration)
  local text = ("%s.%s%s: %s"):format(field, name, place and " (" .. place .. ")" or "", problem)
  if position then text = text .. "\n" .. marked(declaration, position) end
  errors.raise(E_INVALIDARG, text, { subject = subject or "com.object" })
end

---The field of the metatable, `__types` or `__events`: { name = what its text says }; nil when there is none.
---@param t table
---@param field "__types"|"__events"
---@param subject string? the function that errors name
---@return table<string, table>?
function declarations.read(t, field, subject)
  local meta <const> = debug.getmetatable(t)
  local texts <const> = type(meta) == "table" and rawget(meta, field) or nil
  if texts == nil then return nil end
  if type(texts) ~= "table" then
    errors.raise(E_INVALIDARG, ("%s is a table, not %s"):format(field, core.type_name(texts)),
      { subject = subject or "com.object" })
  end
  local is_event <const> = field == "__events"
  local known <const>, list <const> = is_event and parsed_events or parsed, {}
  for name, text in next, texts do
    if type(name) ~= "string" then
      errors.raise(E_INVALIDARG, ("the keys of %s are names of %s, not %s"):format(field,
        is_event and "events" or "members", core.type_name(name)), { subject = subject or "com.object" })
    end
    if type(text) ~= "string" then
      declarations.refuse(t, field, name, nil, ("a text like %q is wanted, not %s"):format(
        is_event and "(bstr name)" or "r8 (r8 a, r8 b)", core.type_name(text)), nil, subject)
    end
    list[name] = known[text]
    if not list[name] then
      local declared <const>, problem <const>, position <const> = parse(text, is_event)
      if not declared then declarations.refuse(t, field, name, text, problem, position, subject) end
      known[text], list[name] = declared, declared
    end
  end
  return list
end

return declarations
