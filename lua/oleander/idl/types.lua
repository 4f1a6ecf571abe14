---Reads types: specifiers, declarators, records, unions and enums. Adds its functions to the parser.
---
---A type is a tree of tables: base (words.lua), name, tag (`struct X` without a body), record, union, enum, pointer,
---array,
---function, safearray, const.
local attributes <const> = require "oleander.idl.attributes"
local expression <const> = require "oleander.idl.expression"
local words <const> = require "oleander.idl.words"

--- Records in records, pointers to functions that return such pointers.
local DEPTH_LIMIT <const> = 64
local POINTER_LIMIT <const> = 32

local type_words <const>, conventions <const> = words.type_words, words.conventions
local tags <const> = { struct = "record", union = "union", enum = "enum" }
local tag_words <const> = {
  struct = "struct", union = "union", enum = "enum", interface = "interface", dispinterface = "interface",
  coclass = "coclass",
}

---@class oleander.idl.Type
---@field k "base"|"name"|"tag"|"record"|"union"|"enum"|"pointer"|"array"|"function"|"safearray"|"const"

---@param parser oleander.idl.Parser the class
return function(parser)
  local function deeper(self, place)
    self.depth = self.depth + 1
    if self.depth > DEPTH_LIMIT then self:stop(place, "types are nested too deeply") end
  end

  local function is_name(token)
    local first <const> = token and token:byte() or 0
    return first >= 97 and first <= 122 or first >= 65 and first <= 90 or first == 95 or first >= 128
  end

  --- A word that ends a declarator is its name: `[in] long far`.
  local ends <const> = { [","] = true, [")"] = true, [";"] = true, ["["] = true, ["("] = true, ["="] = true }

  --- Skips words that mean nothing here; gives the calling convention when one was among them.
  local function skip_conventions(self)
    local convention
    while true do
      local token <const> = self.tokens[self.at]
      local meaning <const> = conventions[token]
      if meaning == nil or ends[self.tokens[self.at + 1]] and token ~= "__declspec" then return convention end
      if meaning then convention = meaning end
      self.at = self.at + 1
      if token == "__declspec" and self.tokens[self.at] == "(" then attributes.skip_parentheses(self) end
    end
  end

  local function base_type(self)
    local list <const>, place <const> = {}, self.places[self.at]
    local is_const = false
    while true do
      local token <const> = self.tokens[self.at]
      if type_words[token] then
        list[#list + 1] = token
      elseif token == "const" then
        is_const = true
      elseif conventions[token] ~= false or ends[self.tokens[self.at + 1]] then
        break
      end
      self.at = self.at + 1
    end
    local found <const> = words.combine(list)
    if not found then
      self:error(place, "%s is no type", table.concat(list, " "))
      return words.void, is_const
    end
    return found, is_const
  end

  --- `SAFEARRAY(type)`; the parenthesis may hold a name too: SAFEARRAY(BSTR) *x, SAFEARRAY(long) x.
  local function safearray(self)
    local place <const> = self.places[self.at]
    self.at = self.at + 1
    if self.tokens[self.at] ~= "(" then return { k = "name", name = "SAFEARRAY", place = place } end
    self.at = self.at + 1
    deeper(self, place)
    attributes.parse(self)
    local element <const> = self:type()
    local whole <const> = self:abstract(element)
    self.depth = self.depth - 1
    self:expect ")"
    return { k = "safearray", of = whole, place = place }
  end

  local function tagged(self)
    local word <const>, place <const> = self.tokens[self.at], self.places[self.at]
    self.at = self.at + 1
    skip_conventions(self)
    local name
    local name_place <const> = self.places[self.at]
    if is_name(self.tokens[self.at]) and self.tokens[self.at] ~= "switch" then
      name = self.tokens[self.at]
      self.at = self.at + 1
    elseif self.tokens[self.at] and self.tokens[self.at]:byte() == 34 then
      name = self:name "a name"
    end
    local kind <const> = tags[word]
    if kind and (self.tokens[self.at] == "{" or self.tokens[self.at] == "switch") then
      local definition <const> = { k = kind, tag = name, place = name and name_place or place, word = word }
      deeper(self, place)
      if kind == "enum" then self:enum_body(definition) else self:record_body(definition) end
      self.depth = self.depth - 1
      self:define_tag(definition)
      return definition
    end
    if not name then
      self:fail(self.places[self.at], "a name or { is expected behind %s, not %s", word, self:shown())
    end
    return { k = "tag", tag = tag_words[word], name = name, place = name_place, word = word }
  end

  ---Reads a type specifier: `const unsigned long`, `struct x {...}`, `IFoo`. The second result is a calling convention
  ---that stood in it.
  ---@return oleander.idl.Type
  function parser:type()
    local is_const = false
    while true do
      local token <const> = self.tokens[self.at]
      if token == "const" then is_const = true
      elseif conventions[token] ~= false then break end
      self.at = self.at + 1
      if token == "__declspec" and self.tokens[self.at] == "(" then attributes.skip_parentheses(self) end
    end
    local token <const>, place <const> = self.tokens[self.at], self.places[self.at]
    local result
    if type_words[token] then
      local inner_const
      result, inner_const = base_type(self)
      is_const = is_const or inner_const
    elseif token == "SAFEARRAY" then
      result = safearray(self)
    elseif tag_words[token] then
      result = tagged(self)
    elseif token == "[" then -- attributes between: [in] [size_is(x)] T
      self.stray = attributes.merge(self.stray or attributes.NONE, attributes.parse(self))
      return self:type()
    elseif token == "VT_PTR" and self.tokens[self.at + 1] == "(" then -- a pointer to IUnknown by name
      self.at = self.at + 2
      result = { k = "pointer", to = { k = "name", name = self:name "a type", place = place }, named = true }
      self:expect ")"
    elseif token == "VT_TYPE" and self.tokens[self.at + 1] == "(" then -- one of several types of a name, by its place
      self.at = self.at + 2
      result = { k = "nth", tree = expression.parse(self), place = place }
      self:expect ")"
    elseif is_name(token) then
      self.at = self.at + 1
      result = { k = "name", name = token, place = place }
    elseif token and token:byte() == 34 then
      result = { k = "name", name = self:name "a type", place = place }
    else
      self:fail(place, "a type is expected, not %s", self:shown())
    end
    while self.tokens[self.at] == "const" do
      is_const = true
      self.at = self.at + 1
    end
    if is_const then return { k = "const", of = result } end
    return result
  end

  local function pointers(self, target)
    local count = 0
    while true do
      local token <const> = self.tokens[self.at]
      if token == "*" then
        count = count + 1
        if count > POINTER_LIMIT then self:fail(self.places[self.at], "pointers are nested too deeply") end
        target = { k = "pointer", to = target }
      elseif token == "const" then
        target = { k = "const", of = target }
      elseif token == "[" and self.tokens[self.at + 1] and attributes.takes[self.tokens[self.at + 1]]
        and self.tokens[self.at + 2] ~= "]" then
        self.stray = attributes.merge(self.stray or attributes.NONE, attributes.parse(self))
        goto continue
      elseif token == "&" then -- a reference of C++ is a pointer
        target = { k = "pointer", to = target, reference = true }
      elseif conventions[token] ~= false or ends[self.tokens[self.at + 1]] then
        return target
      end
      self.at = self.at + 1
      ::continue::
    end
  end

  local function array(self, target)
    local dimensions <const> = {}
    while self.tokens[self.at] == "[" do
      local place <const> = self.places[self.at]
      self.at = self.at + 1
      local size = false
      local token <const> = self.tokens[self.at]
      if token == "*" and self.tokens[self.at + 1] == "]" then
        self.at = self.at + 1
      elseif token ~= "]" then
        size = expression.parse(self)
        if self:accept "..." then
          size = { k = "bounds", lower = size, upper = expression.parse(self), place = place }
        end
      end
      self:expect "]"
      dimensions[#dimensions + 1] = size
      if #dimensions > 16 then self:fail(self.places[self.at], "the array has too many dimensions") end
    end
    return { k = "array", of = target, dimensions = dimensions }
  end

  local function parameters(self)
    local list <const> = {}
    deeper(self, self.places[self.at])
    self:expect "("
    if self.tokens[self.at] == "void" and self.tokens[self.at + 1] == ")" then self.at = self.at + 1 end
    while self.tokens[self.at] ~= ")" do
      local place = self.places[self.at]
      if self.tokens[self.at] == "..." then
        list.variadic = true
        self.at = self.at + 1
      else
        local given = attributes.parse(self)
        self.stray = nil
        local kind <const> = self:type()
        local whole, name, name_place = self:declarator(kind, true)
        if self.stray then given, self.stray = attributes.merge(given, self.stray), nil end
        if self.tokens[self.at] == "=" then -- a default as C++ writes it
          self.at = self.at + 1
          given = attributes.merge(given, { defaultvalue = { place = place, tree = expression.parse(self) } })
        end
        place = name_place or place
        list[#list + 1] = { name = name, type = whole, attributes = given, place = place }
      end
      if #list > 4096 then self:fail(place, "the function has too many parameters") end
      local token <const> = self.tokens[self.at]
      if token == "," then
        self.at = self.at + 1
      elseif token ~= ")" then
        self:fail(self.places[self.at], ", or ) is expected in the parameters, not %s", self:shown())
      end
    end
    self.at = self.at + 1
    self.depth = self.depth - 1
    return list
  end

  local function suffixes(self, target, convention)
    local token <const> = self.tokens[self.at]
    if token == "(" then
      local result <const> = { k = "function", result = target, parameters = parameters(self), convention = convention }
      while self.tokens[self.at] == "const" do self.at = self.at + 1 end
      return result
    elseif token == "[" then
      return array(self, target)
    end
    return target
  end

  --- Whether the parenthesis here encloses a declarator, as in `(*name)(...)`, and does not begin parameters.
  local function encloses(self)
    local token = self.tokens[self.at + 1]
    local i = self.at + 1
    while conventions[token] ~= nil do
      i = i + 1
      token = self.tokens[i]
    end
    return token == "*" or token == "("
  end

  ---Reads a declarator: pointers, name, arrays, parameters.
  ---@param target oleander.idl.Type what the specifier says
  ---@param nameless? boolean a name may be missing
  ---@return oleander.idl.Type
  ---@return string? name
  ---@return integer? place of the name
  function parser:declarator(target, nameless)
    target = pointers(self, target)
    local convention <const> = skip_conventions(self)
    target = pointers(self, target)
    local token <const>, place <const> = self.tokens[self.at], self.places[self.at]
    if token == "(" and encloses(self) then
      deeper(self, place)
      self.at = self.at + 1
      local inner_convention <const> = skip_conventions(self)
      local hole <const> = { k = "hole" }
      local inner <const>, name <const>, name_place <const> = self:declarator(hole, nameless)
      self:expect ")"
      local outer <const> = suffixes(self, target, inner_convention or convention)
      self.depth = self.depth - 1
      if inner == hole then return outer, name, name_place end
      for key, value in pairs(outer) do hole[key] = value end
      return inner, name, name_place
    end
    local name
    if is_name(token) then
      local follows <const> = self.tokens[self.at + 1]
      if is_name(follows) and conventions[token] == nil and follows ~= "const" then
        -- An unknown word before the name: a macro for a calling convention, most often.
        if not self.unknown_words[token] then
          self.unknown_words[token] = true
          self:warning(place, "the word %s is not known here, and left out", token:sub(1, 60))
        end
        self.at = self.at + 1
        return self:declarator(target, nameless)
      end
      name = token
      self.at = self.at + 1
    elseif token and token:byte() == 34 then
      name = self:name "a name"
    elseif not nameless then
      self:fail(place, "a name is expected, not %s", self:shown())
    end
    return suffixes(self, target, convention), name, name and place
  end

  ---A declarator without a name, as in casts and sizeof.
  ---@param target oleander.idl.Type
  ---@return oleander.idl.Type
  function parser:abstract(target)
    return (self:declarator(target, true))
  end

  --- One constant of an enum.
  local function enum_constant(self, definition)
    local given <const> = attributes.parse(self)
    local name <const>, place <const> = self:name "the name of a constant"
    local tree
    if self.tokens[self.at] == "=" then
      self.at = self.at + 1
      tree = expression.parse(self)
    end
    local list <const> = definition.constants
    local constant <const> = {
      k = "constant", name = name, place = place, tree = tree, attributes = given, enum = definition,
      before = list[#list], index = #list,
    }
    list[#list + 1] = constant
    self:define_constant(constant)
  end

  function parser:enum_body(definition)
    definition.constants = {}
    self:expect "{"
    while self.tokens[self.at] ~= "}" do
      enum_constant(self, definition)
      if self.tokens[self.at] == "," then
        self.at = self.at + 1
      elseif self.tokens[self.at] ~= "}" then
        self:fail(self.places[self.at], ", or } is expected in the enum, not %s", self:shown())
      end
    end
    self.at = self.at + 1
  end

  --- `case 1:` and `default:` of a union that carries its discriminant: as attributes, which other unions have for it.
  local function labels(self)
    local list <const>, place <const> = {}, self.places[self.at]
    local otherwise
    while true do
      local token <const> = self.tokens[self.at]
      if token == "case" then
        self.at = self.at + 1
        repeat
          list[#list + 1] = expression.parse(self)
          local more <const> = self.tokens[self.at] == ","
          if more then self.at = self.at + 1 end
        until not more
        self:expect ":"
      elseif token == "default" and self.tokens[self.at + 1] == ":" then
        otherwise = { place = place }
        self.at = self.at + 2
      elseif #list == 0 and not otherwise then
        return attributes.NONE
      else
        return { case = #list > 0 and { { list = list, place = place } } or nil, default = otherwise }
      end
    end
  end

  --- One declaration of fields: `[attributes] type a, *b, c[4];`
  local function fields(self, definition)
    local token = self.tokens[self.at]
    if token:byte() == 35 then return self:line_directive() end
    local given = attributes.merge(labels(self), attributes.parse(self))
    token = self.tokens[self.at]
    if token == ";" then -- an arm without a field
      self.at = self.at + 1
      return
    end
    self.stray = nil
    local kind <const> = self:type()
    if self.stray then given, self.stray = attributes.merge(given, self.stray), nil end
    local list <const> = definition.fields
    if self.tokens[self.at] == ";" and (kind.k == "record" or kind.k == "union") then -- its fields belong to this one
      list[#list + 1] = { type = kind, attributes = given, place = kind.place, nameless = true }
    else
      repeat
        local whole, name, place = self:declarator(kind, true)
        local field <const> = { name = name, type = whole, attributes = given, place = place or self.places[self.at] }
        if self.tokens[self.at] == ":" then
          self.at = self.at + 1
          field.bits = expression.parse(self)
        elseif not name then
          self:fail(self.places[self.at], "the name of a field is expected, not %s", self:shown())
        end
        list[#list + 1] = field
        local more <const> = self.tokens[self.at] == ","
        if more then self.at = self.at + 1 end
      until not more
    end
    if self.tokens[self.at] ~= "}" then self:expect ";" end
  end

  --- `switch (type name) union_name` of a union that carries its discriminant.
  local function switch(self, definition)
    self.at = self.at + 1
    self:expect "("
    local kind <const>, name <const>, place <const> = self:declarator(self:type())
    self:expect ")"
    local inner <const> = { k = "union", place = place, word = "union", fields = {}, pack = self.pack }
    local inner_name = "tagged_union"
    if self.tokens[self.at] ~= "{" then inner_name = self:name "the name of the union" end
    definition.k, definition.word = "record", "struct"
    definition.fields = {
      { name = name, type = kind, attributes = attributes.NONE, place = place },
      { name = inner_name, type = inner, attributes = attributes.NONE, place = place },
    }
    definition.encapsulated = true
    return inner
  end

  function parser:record_body(definition)
    definition.fields, definition.pack = {}, self.pack
    local target = definition
    if self.tokens[self.at] == "switch" then target = switch(self, definition) end
    local place <const> = self.places[self.at]
    self:expect "{"
    while self.tokens[self.at] ~= "}" do
      if self.tokens[self.at] == nil then self:fail(place, "the %s is not closed: } is expected", definition.word) end
      if self.tokens[self.at] == ";" then
        self.at = self.at + 1
      else
        fields(self, target)
      end
      if #target.fields > 100000 then self:stop(place, "the %s has too many fields", definition.word) end
    end
    self.at = self.at + 1
  end

  ---Behind `(` in an expression: the type of a cast, with its parenthesis read; nil when an expression stands there.
  ---@return oleander.idl.Type?
  function parser:cast()
    local token <const> = self.tokens[self.at]
    local certain <const> = type_words[token] or tag_words[token] or token == "const"
    if not certain then
      if not is_name(token) then return nil end
      local i = self.at + 1
      while self.tokens[i] == "*" do i = i + 1 end
      if self.tokens[i] ~= ")" then return nil end
      local known <const> = words.automation[token] or words.known[token] or self.symbols.typedefs[token]
      local follows <const> = self.tokens[i + 1] or ""
      if not known and not follows:find "^[%w_(\"'~!]" then return nil end
      if known and not follows:find "^[%w_(\"'~!%-+]" then return nil end
    end
    local kind <const> = self:abstract(self:type())
    self:expect ")"
    return kind
  end

  ---Behind `sizeof`: the type whose size is wanted.
  ---@return oleander.idl.Type
  function parser:sizeof()
    self:expect "("
    local kind <const> = self:abstract(self:type())
    self:expect ")"
    return kind
  end
end
