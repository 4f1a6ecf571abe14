---Reads IDL: tokens into statements. It reads on after an error, from the next declaration.
local attributes <const> = require "oleander.idl.attributes"
local diagnostics <const> = require "oleander.idl.diagnostics"
local expression <const> = require "oleander.idl.expression"
local lexer <const> = require "oleander.idl.lexer"
local preprocessor <const> = require "oleander.idl.preprocessor"

---@class oleander.idl.Symbols what all files of a compilation declare
---@field typedefs table<string, table>
---@field tags table<string, table> records, unions and enums by their tag
---@field interfaces table<string, table> interfaces, dispinterfaces
---@field classes table<string, table> coclasses and modules
---@field constants table<string, table> of enums and const
---@field libraries table[] importlib statements
---@field library? table

---@class oleander.idl.Parser
---@field unit oleander.idl.Unit
---@field symbols oleander.idl.Symbols
---@field tokens string[]
---@field places integer[]
---@field at integer
---@field depth integer
---@field pack integer|false in force
---@field imported boolean whether the file came by an import
---@field library? table the library that is being read
local parser <const> = {}
parser.__index = parser

local IMPORT_LIMIT <const> = 64

---@return oleander.idl.Symbols
function parser.symbols()
  return { typedefs = {}, tags = {}, interfaces = {}, classes = {}, constants = {}, libraries = {}, imports = {},
    forwards = {} }
end

-- what the parts use

function parser:shown()
  local token <const> = self.tokens[self.at]
  if token == nil then return "the end of the file" end
  if token:sub(1, 2) == "/*" then return "a comment that is not closed" end
  if token:find '^L?"' and not lexer.unquote(token) then return "a text that is not closed" end
  return #token > 60 and token:sub(1, 57) .. "..." or token
end

--- At the end of the file the last token is where one looks.
local function somewhere(self, place)
  return place or self.places[#self.tokens]
end
function parser:error(place, message, ...) self.unit.diagnostics:error(somewhere(self, place), message, ...) end
function parser:fail(place, message, ...) self.unit.diagnostics:fail(somewhere(self, place), message, ...) end
function parser:stop(place, message, ...) self.unit.diagnostics:stop(somewhere(self, place), message, ...) end
function parser:warning(place, message, ...)
  if not self.quiet then self.unit.diagnostics:warning(somewhere(self, place), message, ...) end
end

---Reads the sign, or says that it is expected.
function parser:expect(sign)
  if self.tokens[self.at] ~= sign then
    self:fail(self.places[self.at], "%s is expected, not %s", sign, self:shown())
  end
  self.at = self.at + 1
end

---Reads a name.
---@param what string for the message
---@return string name
---@return integer place
function parser:name(what)
  local token <const>, place <const> = self.tokens[self.at], self.places[self.at]
  if token and token:byte() == 34 then -- a name that is none otherwise
    local quoted <const> = lexer.unquote(token)
    if quoted and quoted ~= "" then
      self.at = self.at + 1
      return quoted, place
    end
  end
  if not token or not token:find "^[%a_\x80-\xFF]" or token:find "^L[\"']" or token:find "%-" then
    self:fail(place, "%s is expected, not %s", what, self:shown())
  end
  self.at = self.at + 1
  return token, place
end

function parser:accept(sign)
  if self.tokens[self.at] ~= sign then return false end
  self.at = self.at + 1
  return true
end

--- One text, or several beside each other; with the place.
local function text(self, what)
  local token <const>, place <const> = self.tokens[self.at], self.places[self.at]
  if not token or not token:find '^L?"' then self:fail(place, "%s is expected, not %s", what, self:shown()) end
  local tree <const> = expression.parse(self)
  if tree.k ~= "text" then self:fail(place, "%s is expected", what) end
  return tree.value, place
end

-- declarations

local body

local function describe_place(self, place)
  local sources <const> = require "oleander.idl.sources"
  local source <const>, offset <const> = sources.at(self.unit.diagnostics.sources, place)
  if not source then return "elsewhere" end
  return ("%s:%d"):format(source.name, (sources.locate(source, offset)))
end

--- Enters a declaration. A second one of the name is an error, unless it comes with an import: files say things again.
local function define(self, set, name, node, what)
  local known <const> = set[name]
  node.imported, node.library = self.imported, self.library
  if known and known ~= node then
    if not self.imported and not known.imported then
      self:error(node.place, "%s %s is there already, at %s", what, name, describe_place(self, known.place))
      return
    end
    if self.imported then return end
  end
  set[name] = node
end

function parser:define_tag(definition)
  if definition.tag then define(self, self.symbols.tags, definition.tag, definition, definition.word) end
  definition.imported, definition.library = self.imported, self.library
end

function parser:define_constant(constant)
  -- Libraries have been made with the same constant in several enums.
  if self.library and self.library.in_order and self.symbols.constants[constant.name] then return end
  define(self, self.symbols.constants, constant.name, constant, "the constant")
end

local function same_typedef(a, b)
  while a and b and a.k == b.k do
    if a == b then return true end
    if a.k == "name" then return a.name == b.name end
    if a.k == "tag" then return a.tag == b.tag and a.name == b.name end
    if a.k == "base" then return a.vt == b.vt and a.size == b.size end
    a, b = a.to or a.of, b.to or b.of
  end
  return false
end

--- Enters a typedef. A definition that it names takes its attributes and, without a tag, its name.
local function enter_typedef(self, node)
  local known <const>, whole <const> = self.symbols.typedefs[node.name], node.type
  if known and same_typedef(known.type, whole) and (known.library == self.library or self.imported) then
    node.imported, node.library, node.again = self.imported, self.library, true
  else
    define(self, self.symbols.typedefs, node.name, node, "the type")
  end
  if whole == node.statement.type and (whole.k == "record" or whole.k == "union" or whole.k == "enum")
    and not whole.typedef then
    whole.typedef = node
  end
end

--- `typedef [attributes] type a, *b;`; the word and the attributes before it are read.
local function typedef(self, given)
  given = attributes.merge(given, attributes.parse(self))
  self.stray = nil
  local place <const> = self.places[self.at]
  local kind <const> = self:type()
  if self.stray then given, self.stray = attributes.merge(given, self.stray), nil end
  given = attributes.merge(given, attributes.parse(self))
  local statement <const> = { k = "typedefs", type = kind, place = place, attributes = given, pack = self.pack }
  repeat
    local whole <const>, name <const>, name_place <const> = self:declarator(kind)
    local node <const> = {
      k = "typedef", name = name, type = whole, attributes = given, place = name_place, statement = statement,
      first = #statement == 0,
    }
    statement[#statement + 1] = node
    enter_typedef(self, node)
  until not self:accept ","
  self:expect ";"
  return statement
end

--- `const T name = value;`
local function constant(self, given)
  local place <const> = self.places[self.at]
  local kind <const> = self:type()
  local whole <const>, name <const>, name_place <const> = self:declarator(kind)
  local node <const> = { k = "const", name = name, type = whole, attributes = given, place = name_place or place }
  if self.tokens[self.at] == "=" then
    self.at = self.at + 1
    node.tree = expression.parse(self)
    self:define_constant(node)
  end
  self:accept ";"
  return node
end

local function import(self)
  local statement <const> = { k = "import", place = self.places[self.at] }
  repeat
    local name <const>, place <const> = text(self, "the name of a file")
    statement[#statement + 1] = name
    self:import(name, place)
  until not self:accept ","
  self:accept ";"
  return statement
end

---Reads another file, once; what it declares is known from here on.
---@param name string
---@param place integer
function parser:import(name, place)
  local unit <const> = self.unit
  local source <const> = require "oleander.idl.sources".at(unit.diagnostics.sources, place or 0)
  local path <const>, system <const> = unit.files:find(name, source and source.directory or "")
  if not path then
    unit.diagnostics:error(place, "the file %s can't be found", name)
    return
  end
  if self.symbols.imports[path] then return end
  self.symbols.imports[path] = true
  if self.import_depth >= IMPORT_LIMIT then unit.diagnostics:stop(place, "files import each other too deeply") end
  local loaded <const> = preprocessor.load(unit, path, place, system)
  if not loaded or loaded.system and path:lower():find "%.h$" then return end
  parser.parse(unit, self.symbols, loaded, self.import_depth + 1)
end

local absent_words <const> = {
  interface = 3, dispinterface = 4, coclass = 5, module = 2, struct = 1, union = 7, enum = 0, typedef = 6,
}

--- One type of a library that is absent: `[uuid(...)] interface name;`
local function absent_type(self)
  local given <const> = attributes.parse(self)
  local word <const>, place = self.tokens[self.at], self.places[self.at]
  self.at = self.at + 1
  if type(word) == "table" and word.k == "interface" and word.forward then -- quick.lua has read it
    return { kind = 3, name = word.name, place = place, attributes = given }
  end
  if not absent_words[word] then
    self.at = self.at - 1
    self:fail(place, "a kind of types is expected, such as interface, not %s", self:shown())
  end
  local name
  name, place = self:name "the name of a type"
  if self.tokens[self.at] ~= "}" then self:expect ";" end
  return { kind = absent_words[word], name = name, place = place, attributes = given }
end

--- `importlib("x.tlb");`, or with attributes and `{ types }` in place of a library that is absent.
local function importlib(self, given)
  self.at = self.at + 1
  self:expect "("
  local name <const>, place <const> = text(self, "the name of a type library")
  self:expect ")"
  local node <const> = { k = "importlib", name = name, place = place, library = self.library, attributes = given }
  if self.tokens[self.at] == "{" then
    node.absent = true
    body(self, node, absent_type)
  end
  self:accept ";"
  local list <const> = self.symbols.libraries
  list[#list + 1] = node
  return node
end

local function cpp_quote(self)
  local place <const> = self.places[self.at]
  self.at = self.at + 1
  self:expect "("
  local value <const> = text(self, "a text")
  self:expect ")"
  self:accept ";"
  return { k = "quote", text = value, place = place }
end

---A line of the preprocessor that concerns what follows: #pack, #midl_echo.
---@return table? statement
function parser:line_directive()
  local token <const>, place <const> = self.tokens[self.at], self.places[self.at]
  self.at = self.at + 1
  local word <const>, rest <const> = token:match "^#([%a_]+) (.*)$"
  if word == "midl_echo" then
    local quoted <const> = rest:match '^%(%s*(".*")%s*%)'
    local value <const> = quoted and lexer.unquote(quoted)
    return value and { k = "quote", text = value, place = place } or nil
  end
  if word == "oleander" then
    if rest:find "^order" and self.library then self.library.in_order = true end
    return nil
  end
  local inside <const> = rest:match "^%(([^)]*)%)" or ""
  for item in inside:gmatch "[^,%s]+" do
    if item == "push" then
      if #self.packs < 256 then self.packs[#self.packs + 1] = self.pack end
    elseif item == "pop" then
      self.pack = table.remove(self.packs) or false
    elseif item == "1" or item == "2" or item == "4" or item == "8" or item == "16" then
      self.pack = math.tointeger(item)
    elseif item:find "^%d" then
      self:error(place, "a packing is 1, 2, 4, 8 or 16, not %s", item:sub(1, 20))
    end
  end
  if not inside:find "%S" then self.pack = false end
  return { k = "pack", text = inside, place = place }
end

-- recovery

--- Goes behind the declaration that was being read: behind its `;`, or behind the `}` of its body.
local function recover(self, start, inside)
  if self.at <= start then self.at = start end
  local depth = 0
  for i = start, self.at - 1 do
    local token <const> = self.tokens[i]
    if token == "{" then depth = depth + 1 elseif token == "}" then depth = depth - 1 end
  end
  depth = math.max(depth, 0)
  while true do
    local token <const> = self.tokens[self.at]
    if token == nil then return end
    if token == "{" then
      depth = depth + 1
    elseif token == "}" then
      if depth == 0 then
        if inside then return end -- the end of what it stands in
      else
        depth = depth - 1
        if depth == 0 and self.tokens[self.at + 1] ~= ";" and not (self.tokens[self.at + 1] or ""):find "^[%a_*]" then
          self.at = self.at + 1
          return
        end
      end
    elseif token == ";" and depth == 0 then
      self.at = self.at + 1
      return
    end
    self.at = self.at + 1
  end
end

---Reads one item of a body or a file; after an error goes on behind it.
---@return any
local function guarded(self, read, inside)
  local start <const>, depth <const> = self.at, self.depth
  local result
  local done <const>, problem <const> = pcall(function() result = read(self) end)
  if done then return result end
  if problem ~= diagnostics.ABANDON then error(problem, 0) end
  self.depth, self.stray = depth, nil
  recover(self, start, inside)
  if self.at == start then self.at = start + 1 end
  return nil
end

---Reads `{ item* }`; each item is read by `read(self)`.
body = function(self, node, read)
  local place <const> = self.places[self.at]
  self:expect "{"
  while self.tokens[self.at] ~= "}" do
    if self.tokens[self.at] == nil then
      self:fail(place, "the %s %s is not closed: } is expected", node.k, node.name or "")
    end
    if not self:accept ";" then
      local item <const> = guarded(self, read, true)
      if item then node[#node + 1] = item end
    end
  end
  self.at = self.at + 1
end

-- interfaces

local function method(self, given)
  local place <const> = self.places[self.at]
  self.stray = nil
  local kind <const> = self:type()
  local whole <const>, name <const>, name_place <const> = self:declarator(kind)
  if self.stray then given, self.stray = attributes.merge(given, self.stray), nil end
  given = attributes.merge(given, attributes.parse(self)) -- `HRESULT f() [local]` of old files
  if self.tokens[self.at] ~= "}" then self:expect ";" end
  return { k = whole.k == "function" and "method" or "property", name = name, type = whole, attributes = given,
    place = name_place or place }
end

local statement, definition

--- A declaration that quick.lua has read: it is entered, as the readers here do.
local function adopt(self, node)
  self.at = self.at + 1
  local k <const> = node.k
  if k == "const" then
    self:define_constant(node)
  elseif k == "interface" then
    node.library = self.library
    self.symbols.forwards[node.name] = true
  elseif k == "typedefs" then
    local kind <const> = node.type
    node.pack = self.pack
    for _, item in ipairs(kind.constants or {}) do self:define_constant(item) end
    if kind.fields then kind.pack = self.pack end
    self:define_tag(kind)
    enter_typedef(self, node[1])
  elseif k == "method" and not self.kind then
    return { k = "outside", type = node.type, name = node.name, place = node.place, attributes = node.attributes }
  end
  return node
end

--- A record, union or enum of its own; a method may return one too.
local function begins_definition(self)
  local tokens <const>, at <const> = self.tokens, self.at
  local token <const> = tokens[at]
  if token ~= "enum" and token ~= "struct" and token ~= "union" then return false end
  return tokens[at + 1] == "{" or tokens[at + 2] == "{" or tokens[at + 2] == ";"
end

--- What may stand in the body of an interface, a dispinterface or a module.
local function member(self)
  local token <const> = self.tokens[self.at]
  if type(token) == "table" then return adopt(self, token) end
  if token == "cpp_quote" or token == "typedef" or token == "import" or token == "midl_pragma"
    or token:byte() == 35 then
    return statement(self)
  end
  local given <const> = attributes.parse(self)
  if self.tokens[self.at] == "typedef" then
    self.at = self.at + 1
    return typedef(self, given)
  elseif begins_definition(self) then
    return definition(self, given)
  elseif self.tokens[self.at] == "const" and (self.kind == "module" or self.tokens[self.at + 3] == "="
    or self.tokens[self.at + 4] == "=" or self.tokens[self.at + 5] == "=") then
    return constant(self, given)
  end
  return method(self, given)
end

local function interface(self, given)
  self.at = self.at + 1
  local name <const>, place <const> = self:name "the name of the interface"
  local node <const> = { k = "interface", name = name, place = place, attributes = given }
  if self.tokens[self.at] == ";" then
    self.at = self.at + 1
    node.forward = true
    node.library = self.library
    self.symbols.forwards[name] = true
    return node
  end
  if self:accept ":" then
    node.base, node.base_place = self:name "the name of the base interface"
    while self:accept "," do self:name "the name of a base interface" end
  end
  define(self, self.symbols.interfaces, name, node, "the interface")
  local outer <const> = self.kind
  self.kind = "interface"
  body(self, node, member)
  self.kind = outer
  self:accept ";"
  return node
end

local function dispinterface(self, given)
  self.at = self.at + 1
  local name <const>, place <const> = self:name "the name of the dispinterface"
  local node <const> = { k = "dispinterface", name = name, place = place, attributes = given }
  if self:accept ";" then
    node.forward, node.library = true, self.library
    return node
  end
  if self:accept ":" then node.base, node.base_place = self:name "the name of the base interface" end
  define(self, self.symbols.interfaces, name, node, "the dispinterface")
  local section = "methods"
  local outer <const> = self.kind
  self.kind = "dispinterface"
  body(self, node, function()
    local token <const> = self.tokens[self.at]
    if (token == "properties" or token == "methods") and self.tokens[self.at + 1] == ":" then
      self.at = self.at + 2
      section = token
      return nil
    elseif token == "interface" then
      self.at = self.at + 1
      node.interface, node.interface_place = self:name "the name of the interface"
      self:accept ";"
      return nil
    end
    local item <const> = member(self)
    if item and (item.k == "method"
      or item.k == "property") and (item.k == "property") ~= (section == "properties") then
      self:error(item.place, section == "properties" and "%s is a method: it stands under methods:"
        or "%s has no parameters: it stands under properties:, or () is missing", item.name)
    end
    return item
  end)
  self.kind = outer
  self:accept ";"
  return node
end

local function coclass(self, given)
  self.at = self.at + 1
  local name <const>, place <const> = self:name "the name of the coclass"
  local node <const> = { k = "coclass", name = name, place = place, attributes = given }
  if self:accept ";" then
    node.forward, node.library = true, self.library
    return node
  end
  define(self, self.symbols.classes, name, node, "the coclass")
  body(self, node, function()
    local item <const> = { attributes = attributes.parse(self) }
    local word <const> = self.tokens[self.at]
    if word ~= "interface" and word ~= "dispinterface" then
      self:fail(self.places[self.at], "interface or dispinterface is expected, not %s", self:shown())
    end
    self.at = self.at + 1
    item.word = word
    item.name, item.place = self:name "the name of the interface"
    if self.tokens[self.at] ~= "}" then self:expect ";" end
    return item
  end)
  self:accept ";"
  return node
end

local function module(self, given)
  self.at = self.at + 1
  local name <const>, place <const> = self:name "the name of the module"
  local node <const> = { k = "module", name = name, place = place, attributes = given }
  if self:accept ";" then
    node.forward = true
    return node
  end
  define(self, self.symbols.classes, name, node, "the module")
  local outer <const> = self.kind
  self.kind = "module"
  body(self, node, member)
  self.kind = outer
  self:accept ";"
  return node
end

local function library(self, given)
  local place <const> = self.places[self.at]
  self.at = self.at + 1
  local name <const>, name_place <const> = self:name "the name of the library"
  local node <const> = { k = "library", name = name, place = name_place, attributes = given }
  if self.library then self:fail(place, "a library in a library") end
  if not self.imported then
    if self.symbols.library then
      self:error(place, "a file has one library; %s is there already", self.symbols.library.name)
    else
      self.symbols.library = node
    end
  end
  self.library = node
  body(self, node, statement)
  self.library = nil
  self:accept ";"
  return node
end

--- A type alone: `struct x {...};`, `enum {...};`, or a variable that nobody has use for.
definition = function(self, given)
  local kind = self:type()
  if kind.k == "record" or kind.k == "union" or kind.k == "enum" then
    kind.attributes = given
    kind.alone = true
  end
  if self.tokens[self.at] == ";" then
    self.at = self.at + 1
    if kind.k == "tag" then kind = { k = "forward_tag", name = kind.name, word = kind.word, place = kind.place } end
    return kind
  end
  if kind.k == "record" or kind.k == "union" or kind.k == "enum" then
    local token <const> = self.tokens[self.at]
    if token == "}" or token == nil or not token:find "^[%a_*(]" then return kind end -- `}` without `;`
    if token:find "^[%a_]" and self.tokens[self.at + 1] ~= ";" and self.tokens[self.at + 1] ~= "[" then return kind end
  end
  local whole <const>, name <const>, place <const> = self:declarator(kind)
  if self.tokens[self.at] == "=" then
    self.at = self.at + 1
    expression.parse(self)
  end
  self:expect ";"
  return { k = "outside", type = whole, name = name, place = place, attributes = given }
end

local readers <const> = {
  interface = interface, dispinterface = dispinterface, coclass = coclass, module = module, library = library,
}

local unsupported <const> = {
  namespace = true, runtimeclass = true, apicontract = true, delegate = true, declare = true, requires = true,
  attribute = true,
}

local declaration_words <const> = {
  interface = true, dispinterface = true, coclass = true, module = true, library = true, struct = true, enum = true,
  union = true, typedef = true,
}
local type_words <const> = { struct = true, enum = true, union = true }

---Reads one declaration.
---@return table?
statement = function(self)
  local token = self.tokens[self.at]
  if type(token) == "table" then return adopt(self, token) end
  if token:byte() == 35 then return self:line_directive() end
  if token == "cpp_quote" then return cpp_quote(self) end
  if token == "import" then
    self.at = self.at + 1
    return import(self)
  elseif token == "importlib" then
    return importlib(self, attributes.NONE)
  elseif token == "midl_pragma" then
    self.at = self.at + 2
    if self.tokens[self.at] == "(" then attributes.skip_parentheses(self) end
    self:accept ";"
    return nil
  end
  local given = attributes.parse(self)
  token = self.tokens[self.at]
  if token == nil then self:fail(nil, "a declaration is expected behind the attributes") end
  if token == "importlib" then return importlib(self, given) end
  local reader <const> = readers[token]
  if reader then
    -- `interface IFoo *name` is a declarator, not a declaration.
    if token ~= "interface" or self.tokens[self.at + 2] ~= "*" then return reader(self, given) end
  elseif token == "typedef" then
    self.at = self.at + 1
    return typedef(self, given)
  elseif token == "const" then
    return constant(self, given)
  elseif token == "extern" and self.tokens[self.at + 1]:find '^"' then
    self:fail(self.places[self.at], "C++ is no IDL")
  elseif unsupported[token] and (self.tokens[self.at + 1] or ""):find "^[%a_{]" then
    self:fail(self.places[self.at], "%s belongs to the Windows Runtime, whose files are not read", token)
  elseif not token:find "^[%a_\x80-\xFF]" then
    self:fail(self.places[self.at], "a declaration is expected, not %s", self:shown())
  elseif not type_words[token] and (self.tokens[self.at + 1]
    or ""):find "^[%a_]" and self.tokens[self.at + 2] == "{" then
    self:fail(self.places[self.at], "a declaration is expected, not %s%s", token:sub(1, 60),
      diagnostics.near(token, declaration_words))
  end
  return definition(self, given)
end

require "oleander.idl.types" (parser)

---Reads a file and what it imports.
---@param unit oleander.idl.Unit
---@param symbols oleander.idl.Symbols
---@param source oleander.idl.Source
---@param import_depth integer 0 for the file that is compiled
---@return table[] statements of the file itself
function parser.parse(unit, symbols, source, import_depth)
  local tokens <const>, places <const> = preprocessor.run(unit, source)
  local self <const> = setmetatable({
    unit = unit, symbols = symbols, tokens = tokens, places = places, at = 1, depth = 0, pack = false, packs = {},
    imported = import_depth > 0, import_depth = import_depth, quiet = import_depth > 0, unknown_words = {},
  }, parser)
  local statements <const> = { k = "file" }
  while tokens[self.at] do
    if not self:accept ";" then
      if tokens[self.at] == "}" then
        self:error(places[self.at], "} without {")
        self.at = self.at + 1
      else
        local item <const> = guarded(self, statement, false)
        if item then statements[#statements + 1] = item end
      end
    end
  end
  return statements
end

return parser
