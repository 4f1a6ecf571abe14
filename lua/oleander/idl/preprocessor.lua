---The preprocessor: #include, #define, #if, #pragma over the tokens of lexer.lua. What it gives is one list of tokens
---with their
---places, from all included files. A line that later stages must see (#pragma pack, midl_echo) comes as one token
---"#...".
local diagnostics <const> = require "oleander.idl.diagnostics"
local expression <const> = require "oleander.idl.expression"
local files <const> = require "oleander.idl.files"
local lexer <const> = require "oleander.idl.lexer"
local macros <const> = require "oleander.idl.macros"
local sources <const> = require "oleander.idl.sources"

local preprocessor <const> = {}

local INCLUDE_LIMIT <const> = 64
local OFFSET_BITS <const> = sources.OFFSET_BITS

---@class oleander.idl.Unit what all files of a compilation share
---@field diagnostics oleander.idl.Diagnostics
---@field files oleander.idl.Files
---@field defines table<string, string> names and values from the command line
---@field dependencies string[] paths of all files that were read
---@field libraries table<string, userdata> that importlib finds by LIBID
---@field made integer tokens that macros made
---@field tokens_read integer

---@class oleander.idl.Run one file with its includes
---@field unit oleander.idl.Unit
---@field table table<string, oleander.idl.Macro>
---@field tokens string[]
---@field places integer[]
---@field n integer
---@field depth integer of includes
---@field once table<string, boolean>
---@field place integer of the directive or macro that is looked at
local run_methods <const> = {}
run_methods.__index = run_methods

local function predefined(unit)
  local table_ <const> = {}
  for name, value in pairs(unit.defines) do
    local macro <const> = macros.parse(name .. " " .. value)
    if macro then table_[macro.name] = macro end
  end
  return table_
end

function run_methods:fail(message, ...)
  self.unit.diagnostics:stop(self.place, message, ...)
end

---Reads a source file once; its text and tokens are kept.
---@param unit oleander.idl.Unit
---@param path string
---@param place integer?
---@param system? boolean
---@return oleander.idl.Source?
local function load(unit, path, place, system)
  local known <const> = unit.loaded[path]
  if known then return known end
  local text <const>, problem <const> = files.read(path, sources.SIZE_LIMIT)
  if not text then
    unit.diagnostics:error(place, "%s can't be read: %s", path, problem or "it is no file")
    return nil
  end
  local source <const> = sources.add(unit.diagnostics.sources, path, text, system)
  unit.loaded[path] = source
  unit.dependencies[#unit.dependencies + 1] = path
  return source
end

local function tokens_of(unit, source, place)
  if not source.tokens then
    local too_many
    source.tokens, source.places, source.count, source.directives, too_many = lexer.file(source.text,
      source.id << OFFSET_BITS)
    if too_many then unit.diagnostics:stop(place, "%s has too many tokens", source.name) end
  end
  unit.tokens_read = unit.tokens_read + source.count
  if unit.tokens_read > lexer.TOKEN_LIMIT then
    unit.diagnostics:stop(place, "the files are too large together: more than %d tokens", lexer.TOKEN_LIMIT)
  end
end

-- conditions

local condition_reader <const> = {}
condition_reader.__index = condition_reader
function condition_reader:fail(_, message, ...)
  self.run.unit.diagnostics:fail(self.run.place, message, ...)
end
function condition_reader:shown()
  local token <const> = self.tokens[self.at]
  return token and token:sub(1, 60) or "the end of the line"
end
function condition_reader:expect(sign)
  if self.tokens[self.at] ~= sign then self:fail(nil, "%s is expected, not %s", sign, self:shown()) end
  self.at = self.at + 1
end
function condition_reader:call(name)
  self:fail(nil, "%s is no macro", name)
end
function condition_reader.value() -- a name that is no macro
  return 0
end

local function condition(run, text)
  local list <const>, _ <const>, n <const> = lexer.line(text)
  local tokens, i = {}, 1
  while i <= n do
    if list[i] == "defined" then
      local name = list[i + 1]
      i = i + 1
      if name == "(" then
        name = list[i + 1]
        i = i + 2
      end
      tokens[#tokens + 1] = name and run.table[name] and "1" or "0"
    else
      tokens[#tokens + 1] = list[i]
    end
    i = i + 1
  end
  run.made = run.unit.made
  tokens = macros.expand(run, tokens, {}, 0)
  run.unit.made = run.made
  local reader <const> = setmetatable({ run = run, tokens = tokens, places = {}, at = 1 }, condition_reader)
  local tree <const> = expression.parse(reader)
  if tokens[reader.at] then reader:fail(nil, "the end of the line is expected, not %s", reader:shown()) end
  local value <const> = expression.evaluate(tree, reader)
  return value ~= 0 and value ~= ""
end

local function decide(run, text)
  local value
  run.unit.diagnostics:guard(function() value = condition(run, text) end)
  return value
end

-- directives

local directives <const> = {}

local function emit(run, token, place)
  local n <const> = run.n + 1
  run.n, run.tokens[n], run.places[n] = n, token, place
end

local read

local function include(run, name, beside, place)
  local unit <const> = run.unit
  local path <const>, system <const> = unit.files:find(name, beside)
  if not path then
    if not run.system then unit.diagnostics:error(place, "the file %s can't be found", name) end
    return
  end
  if run.once[path] then return end
  if run.depth >= INCLUDE_LIMIT then unit.diagnostics:stop(place, "files include each other too deeply") end
  local source <const> = load(unit, path, place, system)
  if not source then return end
  run.depth = run.depth + 1
  read(run, source, place)
  run.depth = run.depth - 1
  run.place = place
end

function directives.include(run, text, place, source)
  local name = text:match '^"([^"]*)"'
  if name then return include(run, name, source.directory, place) end
  name = text:match "^<([^>]*)>"
  if name then return include(run, name, nil, place) end
  local tokens = lexer.line(text)
  run.made = run.unit.made
  tokens = macros.expand(run, tokens, {}, 0)
  run.unit.made = run.made
  local joined <const> = table.concat(tokens)
  if joined:find '^"[^"]*"$' or joined:find "^<[^>]*>$" then
    return directives.include(run, joined, place, source)
  end
  run.unit.diagnostics:error(place, '#include is followed by "file" or <file>')
end
directives.import = directives.include

function directives.define(run, text, place)
  local macro <const>, problem <const> = macros.parse(text)
  if not macro then
    run.unit.diagnostics:error(place, "%s", problem)
    return
  end
  run.table[macro.name] = macro
end

function directives.undef(run, text)
  local name <const> = text:match "^[%w_$\x80-\xFF]+"
  if name then run.table[name] = nil end
end

function directives.error(run, text, place)
  if not run.system then run.unit.diagnostics:error(place, "#error %s", text) end
end

function directives.warning(run, text, place)
  if not run.system then run.unit.diagnostics:warning(place, "#warning %s", text) end
end

function directives.pragma(run, text, place, source)
  local word <const>, rest <const> = text:match "^([%w_]+)%s*(.*)$"
  if word == "once" then
    run.once[source.path] = true
  elseif (word == "pack" or word == "midl_echo" or word == "oleander") and not run.system then
    emit(run, "#" .. word .. " " .. rest, place)
  end
end

function directives.line() end
directives.ident = directives.line

-- A conditional: {place, taken = whether a branch was taken, skip = whether this one is passed over, last = #else was
-- seen}.
local conditionals <const> = {}

function conditionals.begin(run, stack, skipping, word, text, place)
  local level <const> = { place = place }
  stack[#stack + 1] = level
  if #stack > 500 then run:fail("conditions are nested too deeply") end
  if skipping then
    level.taken, level.skip = true, true
    return true
  end
  local value
  if word == "if" then
    value = decide(run, text)
  else
    local name <const> = text:match "^[%w_$\x80-\xFF]+"
    value = (run.table[name or ""] ~= nil) == (word == "ifdef")
  end
  level.taken = value
  level.skip = not value
  return level.skip
end

function conditionals.turn(run, stack, word, text, place)
  local level <const> = stack[#stack]
  if not level then
    run.unit.diagnostics:error(place, "#%s without #if", word)
    return false
  elseif word == "endif" then
    stack[#stack] = nil
    local outer <const> = stack[#stack]
    return outer ~= nil and outer.skip
  elseif level.last then
    run.unit.diagnostics:error(place, "#%s behind #else", word)
    return level.skip
  end
  level.last = word == "else"
  if level.taken then
    level.skip = true
  else
    local value <const> = word == "else" or decide(run, text)
    level.taken = value
    level.skip = not value
  end
  return level.skip
end

local begins <const> = { ["if"] = true, ifdef = true, ifndef = true }
local turns <const> = { ["elif"] = true, ["else"] = true, ["endif"] = true }

local known <const> = setmetatable({}, { __pairs = function()
  local names <const> = {}
  for _, set in ipairs { begins, turns, directives } do
    for name in pairs(set) do names[name] = true end
  end
  return next, names
end })

local function directive(run, source, stack, skipping, text, place)
  -- Strictly a comment may stand anywhere; between # and the word, and behind it, is where people write one.
  local word <const>, rest = text:match "^#%s*([%a_]*)(.*)$"
  rest = rest:gsub("^/%*.-%*/", ""):gsub("^[%s\\]+", ""):gsub("[%s\\]+$", "")
  run.place = place
  if begins[word] then return conditionals.begin(run, stack, skipping, word, rest, place) end
  if turns[word] then return conditionals.turn(run, stack, word, rest, place) end
  if skipping then return true end
  local action <const> = directives[word]
  if action then
    action(run, rest, place, source)
  elseif word ~= "" and not run.system then
    run.unit.diagnostics:error(place, "unknown directive #%s%s", word,
      diagnostics.near(word, known))
  end
  return false
end

-- expansion in the text of a file

--- The tokens from `at` (a macro with arguments) to the parenthesis that closes its arguments; nil when none follow.
local function invocation(tokens, count, at)
  if tokens[at + 1] ~= "(" then return nil end
  local list <const>, depth = { tokens[at], "(" }, 1
  for i = at + 2, count do
    local token <const> = tokens[i]
    if type(token) == "table" then return nil end -- a declaration is no argument
    if token:byte() ~= 35 then -- a directive in the midst of arguments is left out
      list[#list + 1] = token
      if token == "(" then
        depth = depth + 1
      elseif token == ")" then
        depth = depth - 1
        if depth == 0 then return list, i end
      end
    end
  end
  return list, count
end

local function expand_here(run, tokens, count, at, place)
  local macro <const> = run.table[tokens[at]]
  local list, stop = { tokens[at] }, at
  if macro.parameters then
    list, stop = invocation(tokens, count, at)
    if not list then
      emit(run, tokens[at], place)
      return at
    end
  end
  run.place = place
  run.made = run.unit.made
  local result = macros.expand(run, list, {}, 0)
  -- The body may end in the name of a macro whose arguments follow in the file.
  local last <const> = result[#result]
  local follows <const> = last and last ~= tokens[at] and run.table[last]
  if follows and follows.parameters then
    local arguments <const>, after <const> = invocation(tokens, count, stop)
    if arguments then
      arguments[1] = last
      result[#result] = nil
      local rest <const> = macros.expand(run, arguments, {}, 0)
      table.move(rest, 1, #rest, #result + 1, result)
      stop = after
    end
  end
  run.unit.made = run.made
  for i = 1, #result do emit(run, result[i], place) end
  return stop
end

local read_text

--- A declaration that is one token, with macros in it: as its tokens.
local function read_node(run, source, node, start)
  local tokens <const>, offsets <const>, count <const> = lexer.part(source.text, start, node.stop)
  local base <const> = source.id << OFFSET_BITS
  for i = 1, count do offsets[i] = base + offsets[i] end
  read_text(run, { text = source.text, id = source.id, tokens = tokens, places = offsets, count = count }, 1, count)
end

--- The part of the text in which tokens stand, and where macros are named in it.
local function macros_between(run, source, first, last)
  local base <const>, list <const> = source.id << OFFSET_BITS, source.tokens
  local token <const>, start <const> = list[last], source.places[last] - base
  local stop <const> = type(token) == "table" and token.stop or start + #token
  return lexer.mentions(source.text, source.places[first] - base, stop, run.table)
end

--- The token that stands at a place, or the last before it.
local function index_at(places, first, last, place)
  while first < last do
    local middle <const> = (first + last + 1) // 2
    if places[middle] <= place then first = middle else last = middle - 1 end
  end
  return first
end

local function copy(run, list, from, first, last)
  if first > last then return end
  table.move(list, first, last, run.n + 1, run.tokens)
  table.move(from, first, last, run.n + 1, run.places)
  run.n = run.n + last - first + 1
end

--- Tokens from one directive to the next.
read_text = function(run, source, first, last)
  if first > last then return first end
  local list <const>, from <const>, count <const> = source.tokens, source.places, source.count
  local named <const> = macros_between(run, source, first, last)
  if not named then
    copy(run, list, from, first, last)
    return last + 1
  end
  local base <const> = source.id << OFFSET_BITS
  local i = first
  for _, offset in ipairs(named) do
    local at <const> = index_at(from, first, last, base + offset)
    if at >= i then -- not in the arguments of a macro before it
      copy(run, list, from, i, at - 1)
      local token <const> = list[at]
      if type(token) == "table" then
        read_node(run, source, token, from[at] - base)
        i = at + 1
      elseif run.table[token] then
        i = expand_here(run, list, count, at, from[at]) + 1
      else -- in a text
        i = at
      end
    end
  end
  copy(run, list, from, i, last)
  return math.max(i, last + 1)
end

read = function(run, source, place)
  tokens_of(run.unit, source, place)
  local outer_system <const> = run.system
  -- Of the C headers that Oleander installs only the #defines are IDL.
  run.system = outer_system or source.system and source.path:lower():find "%.h$" ~= nil
  local silent <const> = run.system
  local stack <const>, skipping = {}, false
  local at = 1
  for _, index in ipairs(source.directives) do
    if index >= at then
      if not (skipping or silent) then at = read_text(run, source, at, index - 1) end
      if index >= at then
        skipping = directive(run, source, stack, skipping, source.tokens[index], source.places[index])
        at = index + 1
      end
    end
  end
  if not (skipping or silent) then read_text(run, source, at, source.count) end
  for _, level in ipairs(stack) do run.unit.diagnostics:error(level.place, "the condition has no #endif") end
  run.system = outer_system
end

---The tokens of a file and all that it includes.
---@param unit oleander.idl.Unit
---@param source oleander.idl.Source
---@return string[] tokens
---@return integer[] places
function preprocessor.run(unit, source)
  local run <const> = setmetatable({
    unit = unit, table = predefined(unit), tokens = {}, places = {}, n = 0, depth = 0, once = {}, made = 0,
    place = source.id << OFFSET_BITS | 1,
  }, run_methods)
  read(run, source, run.place)
  return run.tokens, run.places
end

preprocessor.load = load

---@param folders string[]? of #include and import
---@param defines table<string, string>?
---@return oleander.idl.Unit
function preprocessor.unit(folders, defines)
  return {
    diagnostics = diagnostics.new(), files = files.new(folders), defines = defines
      or {}, dependencies = {}, loaded = {},
    made = 0, tokens_read = 0, libraries = {},
  }
end

return preprocessor
