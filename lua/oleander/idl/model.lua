---What the names of a compilation mean: types from the file, from imported files, from imported libraries, from the
---language;
---values of constants; sizes. What it finds out is kept in the nodes of the parser.
local attributes <const> = require "oleander.idl.attributes"
local diagnostics <const> = require "oleander.idl.diagnostics"
local expression <const> = require "oleander.idl.expression"
local libraries <const> = require "oleander.idl.libraries"
local words <const> = require "oleander.idl.words"

---@class oleander.idl.Model
---@field unit oleander.idl.Unit
---@field symbols oleander.idl.Symbols
---@field pointer_size integer 4 or 8
---@field libraries table[] imported libraries that are open
---@field depth integer
local model <const> = {}
model.__index = model

--- Each level costs a protected call, of which Lua bears fewer than two hundred.
local DEPTH_LIMIT <const> = 60
local TYPEDEF_LIMIT <const> = 1000

---@param unit oleander.idl.Unit
---@param symbols oleander.idl.Symbols
---@param pointer_size integer
---@return oleander.idl.Model
function model.new(unit, symbols, pointer_size)
  return setmetatable({
    unit = unit, symbols = symbols, pointer_size = pointer_size, libraries = {}, depth = 0, meanings = {},
  }, model)
end

function model:error(place, ...) self.unit.diagnostics:error(place, ...) end
function model:fail(place, ...) self.unit.diagnostics:fail(place, ...) end

-- names

---Opens the libraries that the file imports, in order.
function model:open_libraries()
  for _, node in ipairs(self.symbols.libraries) do
    if not node.opened then
      node.opened = true
      local library <const> = libraries.open(self, node)
      if library then self.libraries[#self.libraries + 1] = library end
    end
  end
end

--- A type of an imported library, as { k = "import", library, index, kind, name, info }.
local function imported(self, name)
  for _, library in ipairs(self.libraries) do
    local found <const> = library:find(name)
    if found then return found end
  end
  return nil
end

local function all_names(self)
  local names <const> = {}
  for _, set in ipairs { self.symbols.typedefs, self.symbols.interfaces, self.symbols.tags, self.symbols.classes,
    words.automation, words.known, words.handles, words.type_words } do
    for name in pairs(set) do names[name] = true end
  end
  for _, library in ipairs(self.libraries) do
    for name in pairs(library.names) do names[name] = true end
  end
  return names
end

local base_files <const> = { "ocidl.idl", "oleidl.idl", "propidl.idl", "docobj.idl" }

--- Reads the next file of the base IDL, while a name is not known otherwise: what people use without an import.
---@return boolean read it may be known now
local function base_import(self)
  local parser <const> = require "oleander.idl.parser"
  while (self.base_read or 0) < #base_files do
    self.base_read = (self.base_read or 0) + 1
    local path <const>, system <const> = self.unit.files:find(base_files[self.base_read], nil)
    if path and system and not self.symbols.imports[path] then
      self.symbols.imports[path] = true
      local before <const> = self.unit.diagnostics.errors
      local source <const> = require "oleander.idl.preprocessor".load(self.unit, path, nil, system)
      if source then parser.parse(self.unit, self.symbols, source, 1) end
      return self.unit.diagnostics.errors == before
    end
  end
  return false
end

local function declared(self, name)
  local symbols <const> = self.symbols
  return symbols.interfaces[name] or symbols.typedefs[name] or symbols.tags[name] or symbols.classes[name]
end

local function find(self, name)
  local known <const> = words.automation[name] or words.vartype(name)
  if known then return known end
  local node <const> = declared(self, name)
  -- What is in an imported library is taken from there, also when an imported file has it.
  if not node or node.imported then
    local other <const> = imported(self, name)
    if other then return other end
  end
  return node or words.known[name] or words.handles[name] or libraries.word(name)
end

---What a name of a type means: a base type, a typedef, a definition, an interface, or a type of an imported library.
---@param name string
---@param place integer
---@return table
function model:meaning(name, place)
  local found = self.meanings[name]
  if found then return found end
  found = find(self, name)
  while not found and base_import(self) do found = find(self, name) end
  if not found then
    if self.symbols.forwards[name] then
      self:fail(place, "the interface %s is declared, but defined nowhere", name:sub(1, 80))
    end
    self:fail(place, "the type %s is not known%s", name:sub(1, 80), diagnostics.near(name, all_names(self)))
  end
  self.meanings[name] = found
  return found
end

---What `struct X`, `enum X`, `interface X` means.
---@param node table of kind "tag"
---@return table
function model:tagged(node)
  local symbols <const> = self.symbols
  if node.tag == "interface" then
    local interface <const> = symbols.interfaces[node.name]
    if interface and not interface.imported then return interface end
    return self:meaning(node.name, node.place)
  elseif node.tag == "coclass" then
    return symbols.classes[node.name] or self:meaning(node.name, node.place)
  end
  local definition <const> = symbols.tags[node.name]
  if definition and not definition.imported then return definition end
  local other <const> = imported(self, node.name)
  if other or definition then return other or definition end
  if symbols.typedefs[node.name] then return symbols.typedefs[node.name] end
  while base_import(self) do
    if symbols.tags[node.name] then return symbols.tags[node.name] end
  end
  -- A record that is nowhere defined: only pointers can go to it.
  if node.tag ~= "enum" then return { k = "opaque", name = node.name, word = node.word } end
  self:fail(node.place, "%s %s is not known%s", node.word, node.name:sub(1, 80), diagnostics.near(node.name,
    symbols.tags))
end

local TYPE_STATEMENTS <const> = {
  record = true, union = true, enum = true, interface = true, dispinterface = true, coclass = true, module = true,
}

---The types of a library in the order of their definitions, which `#pragma oleander order` gives them.
---@param library table
---@return table[]
function model.definitions(library)
  local list <const>, known <const> = {}, {}
  local function add(node)
    if not known[node] then
      known[node] = true
      list[#list + 1] = node
    end
  end
  for _, item in ipairs(library) do
    if item.k == "typedefs" then
      if TYPE_STATEMENTS[item.type.k] then add(item.type) end
      for _, typedef in ipairs(item) do
        if model.is_alias(typedef) then add(typedef) end
      end
    elseif TYPE_STATEMENTS[item.k] and not item.forward then
      add(item)
    end
  end
  return list
end

---What `VT_TYPE(n)` means: the type with that place in the library.
---@param node table of kind "nth"
---@return table
function model:nth(node)
  local library <const> = self.symbols.library
  local index <const> = self:integer(node.tree, "the place of a type")
  if not self.in_order then self.in_order = library and model.definitions(library) or {} end
  local found <const> = self.in_order[index + 1]
  if not found then self:fail(node.place, "the library has no type with the place %d", index) end
  return found
end

local stands_for_itself <const> = { base = true, pointer = true, array = true, safearray = true, interface = true,
  ["function"] = true }

---What a type stands for, `const` and names looked through: base, record, union, enum, interface, coclass, import,
---pointer,
---array, function, safearray, opaque, and typedefs that are types of their own in a library.
---@param type oleander.idl.Type
---@param through_alias? boolean also through these
---@return table
---@return table? typedef the last one on the way
function model:stands_for(type, through_alias)
  if stands_for_itself[type.k] then return type end
  local last
  for _ = 1, TYPEDEF_LIMIT do
    local k <const> = type.k
    if k == "const" then
      type = type.of
    elseif k == "name" then
      type = self:meaning(type.name, type.place)
    elseif k == "tag" then
      type = self:tagged(type)
    elseif k == "nth" then
      type = self:nth(type)
    elseif k == "typedef" then
      if not through_alias and model.is_alias(type) then return type, last end
      last = type
      type = type.type
    else
      return type, last
    end
  end
  self:fail(last and last.place, "the type %s is defined by itself", last and last.name or "here")
end

---Whether a typedef is a type of its own in a library: it has an attribute that means something there, and names no
---definition of the same name or without a tag.
---@param node table typedef
---@return boolean
function model.is_alias(node)
  local given <const> = node.attributes
  if given == attributes.NONE then return false end
  if not (given.public or given.uuid or given.helpstring or given.hidden or given.version or given.helpcontext
    or given.custom or given.restricted) then
    return false
  end
  local of <const> = node.type
  if (of.k == "record" or of.k == "union" or of.k == "enum") and of.typedef == node then
    return of.tag ~= nil and of.tag ~= node.name
  end
  return true
end

---The name of a record, union or enum in a library.
---@param definition table
---@return string
function model:name_of(definition)
  if definition.name then return definition.name end
  local typedef <const> = definition.typedef
  if definition.k == "interface" then return definition.name end
  if not definition.tag and not (typedef and typedef.name) and not definition.made_name then
    self.nameless = (self.nameless or 0) + 1
    definition.made_name = ("__MIDL___MIDL_itf_%s_0000_0000_%04d"):format(self.file_name or "file", self.nameless)
  end
  return definition.tag or typedef and typedef.name or definition.made_name
end

-- values

local language <const> = {
  TRUE = 1, FALSE = 0, ["true"] = 1, ["false"] = 0, NULL = 0, VARIANT_TRUE = -1, VARIANT_FALSE = 0, nullptr = 0,
}

--- Values of an enum's constants up to one of them; in order, so that long enums need no recursion.
local function enum_values(self, enum, upto)
  local list <const> = enum.constants
  local start = enum.valued or 0
  for i = start + 1, upto.index + 1 do
    local constant <const> = list[i]
    enum.valued = i
    if constant.tree then
      constant.value = self:evaluate(constant.tree)
    else
      constant.value = i > 1 and list[i - 1].value or -1
      if type(constant.value) == "number" then constant.value = constant.value + 1 end
    end
    if math.type(constant.value) ~= "integer" then
      self:error(constant.place, "the constant %s of an enum is an integer", constant.name)
      constant.value = 0
    end
  end
end

---The value of a constant (scope of expressions).
---@param name string
---@param place integer
---@return number|string
function model:value(name, place)
  local node = self.symbols.constants[name]
  if not node then
    local builtin <const> = language[name]
    if builtin then return builtin end
    local other <const> = libraries.constant(self.libraries, name)
    if other then return other end
    while not node and base_import(self) do node = self.symbols.constants[name] end
    if not node then
      self:fail(place, "%s is not known here%s", name:sub(1, 80), diagnostics.near(name, self.symbols.constants))
    end
  end
  if node.value == nil then
    if node.busy then self:fail(place, "the value of %s depends on itself", name) end
    if self.depth > DEPTH_LIMIT then self:fail(place, "constants refer to each other too deeply") end
    node.busy = true
    self.depth = self.depth + 1
    local done <const>, problem <const> = pcall(function()
      if node.enum then enum_values(self, node.enum, node) else node.value = self:constant(node) end
    end)
    self.depth = self.depth - 1
    node.busy = nil
    if not done then
      node.value = 0
      error(problem, 0)
    end
  end
  return node.value
end

---The value of a constant of an enum, also of one whose name another enum has too.
---@param constant table
---@return integer
function model:constant_of_enum(constant)
  if self.symbols.constants[constant.name] == constant then return self:value(constant.name, constant.place) end
  if constant.value == nil then enum_values(self, constant.enum, constant) end
  return constant.value
end

local ranges <const> = { [16] = 8, [17] = 8, [2] = 16, [18] = 16, [3] = 32, [22] = 32, [19] = 32, [23] = 32 }
local signed <const> = { [16] = true, [2] = true, [3] = true, [22] = true }

---A value as a type has it: integers cut to its width.
---@param type oleander.idl.Type
---@param value any
---@return any
function model:convert(type, value)
  local of <const> = self:stands_for(type, true)
  local vt <const> = of.k == "enum" and 3 or of.k == "base" and (of.sized and of.sized[self.pointer_size] or of.vt)
  if vt == 4 or vt == 5 then return value + 0.0 end
  if math.type(value) == "float" and ranges[vt] then value = value < 0 and -((-value) // 1 | 0) or value // 1 | 0 end
  local bits <const> = vt and (ranges[vt] or (vt == 25 or vt == 10) and 32 or vt == 11 and 16)
  if not bits or math.type(value) ~= "integer" then return value end
  value = value & (1 << bits) - 1
  if (signed[vt] or vt == 25 or vt == 10 or vt == 11) and value >> bits - 1 ~= 0 then value = value - (1 << bits) end
  return value
end

---@param node table const
function model:constant(node)
  return self:convert(node.type, self:evaluate(node.tree))
end

---@param tree oleander.idl.Expression
---@return number|string
function model:evaluate(tree)
  if tree.k == "number" or tree.k == "text" then return tree.value end
  return expression.evaluate(tree, self)
end

---An integer that must be one.
---@param tree oleander.idl.Expression
---@return integer
function model:integer(tree, what)
  local value = self:evaluate(tree)
  value = math.type(value) == "float" and math.tointeger(value) or value
  if math.type(value) ~= "integer" then self:fail(tree.place, "%s is an integer", what) end
  return value
end

-- sizes

local function align_up(offset, alignment)
  return (offset + alignment - 1) // alignment * alignment
end

local function record_layout(self, record)
  if record.busy then self:fail(record.place, "the %s %s contains itself", record.word, self:name_of(record)) end
  record.busy = true
  local offset, alignment = 0, 1
  for _, field in ipairs(record.fields) do
    local size <const>, natural <const> = self:layout(field.type, field.place)
    local align <const> = math.min(natural, record.pack or 8)
    if record.k == "union" then
      offset = math.max(offset, size)
    else
      offset = align_up(offset, align) + size
    end
    alignment = math.max(alignment, align)
    if offset > 0x7FFFFFFF then self:fail(record.place, "the %s is too large", record.word) end
  end
  record.busy = nil
  record.size, record.alignment = align_up(offset, alignment), alignment
end

---Size and alignment of a type in bytes.
---@param type oleander.idl.Type
---@param place integer
---@return integer size
---@return integer alignment
function model:layout(type, place)
  local of <const> = self:stands_for(type, true)
  local k <const> = of.k
  if k == "base" then
    local size = of.size
    if size == -1 then return self.pointer_size, self.pointer_size end
    if self.pointer_size == 4 and of.small_size then size = of.small_size end
    return size, of.align == -1 and self.pointer_size or math.max(of.align, 1)
  elseif k == "pointer" or k == "safearray" or k == "function" then
    return self.pointer_size, self.pointer_size
  elseif k == "enum" then
    return 4, 4
  elseif k == "array" then
    local size, alignment <const> = self:layout(of.of, place)
    for _, dimension in ipairs(of.dimensions) do
      if not dimension then return 0, alignment end -- a conformant array at the end
      local bounds <const> = dimension.k == "bounds"
      local count = self:integer(bounds and dimension.upper or dimension, "the size of an array")
      if bounds then count = count - self:integer(dimension.lower, "a bound") + 1 end
      if count < 0 or count > 0x7FFFFFFF or size * count > 0x7FFFFFFF then
        self:fail(dimension.place or place, "%d is no size of an array", count)
      end
      size = size * count
    end
    return size, alignment
  elseif k == "record" or k == "union" then
    if not of.size then
      self.depth = self.depth + 1
      if self.depth > DEPTH_LIMIT then self:fail(place, "types are nested too deeply") end
      local done <const>, problem <const> = pcall(record_layout, self, of)
      self.depth = self.depth - 1
      of.busy = nil
      if not done then
        of.size, of.alignment = 1, 1
        error(problem, 0)
      end
    end
    return of.size, of.alignment
  elseif k == "import" then
    return of.library:layout(of, self.pointer_size)
  end
  self:fail(place, "%s has no size here", of.name and ("the type " .. of.name) or "this type")
end

---sizeof (scope of expressions)
function model:size(type, place)
  return (self:layout(type, place))
end

return model
