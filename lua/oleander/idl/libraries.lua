---Libraries that a file imports: opened through the type library part of Oleander, asked for types by name.
local core <const> = require "oleander.core"

local libraries <const> = {}

---@class oleander.idl.Library
---@field library userdata the bridge's
---@field name string as importlib says it
---@field names table<string, integer> index of a type by its name
---@field folded table<string, integer>
local methods <const> = {}
methods.__index = methods

local STDOLE <const>, OLEANDERTYPES <const> = "{00020430-0000-0000-C000-000000000046}",
  "{6F1B1C5A-3D0E-4E5B-9A57-0C4F2B7E61D4}"
local builtin <const> = {
  ["stdole2.tlb"] = STDOLE, ["stdole32.tlb"] = STDOLE, ["stdole.tlb"] = STDOLE, ["oleandertypes.tlb"] = OLEANDERTYPES,
}
--- Types of built-in libraries that are words of the language.
local word_types <const> = { PROPVARIANT = OLEANDERTYPES }

local function index_names(self)
  for i = 0, self.library:count() - 1 do
    local text <const> = self.library:documentation(i)
    local name <const> = text and text.name
    if name and name ~= "" and not self.names[name] then
      self.names[name] = i
      self.folded[core.fold(name)] = self.folded[core.fold(name)] or i
    end
  end
end

local function new(library, name)
  local self <const> = setmetatable({ library = library, names = {}, folded = {}, name = name, found = {} }, methods)
  index_names(self)
  return self
end

--- Built-in libraries that were opened, by LIBID.
local opened <const> = {}

local function open_builtin(libid)
  local known = opened[libid]
  if not known then
    known = new(core.load_registered_typelib(libid), libid)
    opened[libid] = known
  end
  known.found = {}
  return known
end

---The type of a built-in library that is a word of the language; nil when the name is none.
---@param name string
---@return table? import
function libraries.word(name)
  local libid <const> = word_types[name]
  return libid and (opened[libid] or open_builtin(libid)):find(name)
end

---Whether a library is found without an importlib, or by the one that every library has.
---@param libid string
function libraries.is_builtin(libid)
  return libid == STDOLE or libid == OLEANDERTYPES
end

--- What a file says of a library that is absent; its types have the names that the file gives them.
local function stand_in(model, node)
  local library <const>, places <const> = require "oleander.idl.absent".library(model, node)
  if not library then return nil end
  local self <const> = setmetatable({ library = library, names = {}, folded = {}, name = node.name, found = {},
    absent = true }, methods)
  for name, index in pairs(places) do self.names[name], self.folded[core.fold(name)] = index, index end
  return self
end

---Opens what an importlib statement names; notes an error when it can't be had.
---@param model oleander.idl.Model
---@param node table the statement
---@return oleander.idl.Library?
function libraries.open(model, node)
  local unit <const> = model.unit
  if node.absent then return stand_in(model, node) end
  local base <const> = node.name:gsub("\\", "/"):match "[^/]*$":lower()
  if builtin[base] then return open_builtin(builtin[base]) end
  local done, library, path
  if node.name:find "^{[%x-]+}$" and #node.name == 38 then -- a registered one, by its LIBID
    library = unit.libraries[node.name]
    done = library ~= nil
    if not done then done, library = pcall(core.load_registered_typelib, node.name) end
  else
    local source <const> = require "oleander.idl.sources".at(unit.diagnostics.sources, node.place)
    path = unit.files:find(node.name, source and source.directory)
    if not path then
      unit.diagnostics:error(node.place, "the library %s can't be found", node.name)
      return nil
    end
    done, library = pcall(core.load_typelib, path:sub(1, 1) == "/" and path or "./" .. path)
  end
  if not done then
    unit.diagnostics:error(node.place, "the library %s can't be read: %s", node.name,
      tostring(type(library) == "string" and library or library.description or library.name))
    return nil
  end
  unit.dependencies[#unit.dependencies + 1] = path
  return new(library, node.name)
end

---The type with this name.
---@param name string
---@return table? import { k = "import", library, index, name, kind, info }
function methods:find(name)
  local index <const> = self.names[name] or self.folded[core.fold(name)]
  if not index then return nil end
  local found = self.found[index]
  if not found then
    found = {
      k = "import", library = self, index = index, name = name, kind = self.library:kind(index),
      info = self.library:info(index),
    }
    self.found[index] = found
  end
  return found
end

local TKIND_ENUM <const>, TKIND_RECORD <const>, TKIND_DISPATCH <const>, TKIND_ALIAS <const>,
  TKIND_UNION <const> = 0, 1, 4, 6, 7
local VT_PTR <const>, VT_SAFEARRAY <const>, VT_CARRAY <const>, VT_USERDEFINED <const> = 26, 27, 28, 29

local sizes <const> = {
  [2] = 2, [3] = 4, [4] = 4, [5] = 8, [6] = 8, [7] = 8, [10] = 4, [11] = 2, [16] = 1, [17] = 1, [18] = 2, [19] = 4,
  [20] = 8, [21] = 8, [22] = 4, [23] = 4, [25] = 4,
}

local info_layout

local function desc_layout(info, desc, pointer, depth)
  local vt <const> = desc.vt
  if vt == VT_CARRAY then
    local size, alignment <const> = desc_layout(info, desc.of, pointer, depth)
    for _, bound in ipairs(desc.bounds) do size = size * bound.count end
    return size, alignment
  elseif vt == VT_USERDEFINED then
    local other <const> = info:reference(desc.href)
    if other and depth < 16 then return info_layout(other, pointer, depth + 1) end
    return 4, 4
  elseif vt == 12 then
    return pointer == 8 and 24 or 16, 8
  elseif vt == 14 then
    return 16, 8
  end
  local size <const> = vt ~= VT_PTR and vt ~= VT_SAFEARRAY and sizes[vt] or pointer
  return size, size
end

info_layout = function(info, pointer, depth)
  local given <const> = info:attributes()
  if given.kind == TKIND_ENUM then return 4, 4 end
  if given.kind == TKIND_ALIAS then return desc_layout(info, given.alias, pointer, depth) end
  if given.kind ~= TKIND_RECORD and given.kind ~= TKIND_UNION then return pointer, pointer end
  local offset, alignment = 0, 1
  for i = 0, given.variables - 1 do
    local field <const> = info:variable(i)
    local size, natural = 0, 1
    if field then size, natural = desc_layout(info, field.type, pointer, depth) end
    natural = math.min(natural, math.max(given.alignment, 1))
    offset = given.kind == TKIND_UNION and math.max(offset, size) or (offset + natural - 1) // natural * natural + size
    alignment = math.max(alignment, natural)
  end
  return (offset + alignment - 1) // alignment * alignment, alignment
end

---Size and alignment of a type as a library describes it.
libraries.desc_layout = desc_layout

---Size and alignment of one of its types.
function methods.layout(_, import, pointer)
  return info_layout(import.info, pointer, 0)
end

---Depth of inheritance and number of functions of an imported interface; nil for what is none.
---@return integer? depth 0 for IUnknown
---@return integer functions inherited ones included
---@return boolean dispatch whether it is an IDispatch
function libraries.ancestry(import)
  if import.name == "IUnknown" then return 0, 3, false end
  if import.name == "IDispatch" then return 1, 7, true end
  local info = import.info
  local given = info:attributes()
  if given.kind == TKIND_DISPATCH and given.flags & 0x40 ~= 0 then -- a dual: its other half
    local href <const> = info:implemented(-1)
    info = href and info:reference(href) or info
    given = info:attributes()
  elseif given.kind == TKIND_DISPATCH then
    return 1, 7, true
  end
  local depth, functions, dispatch = 0, 0, false
  for _ = 1, 64 do
    functions = functions + given.functions
    local text <const> = info:documentation()
    if text and text.name == "IDispatch" then dispatch = true end
    local href <const> = given.implemented > 0 and info:implemented(0)
    local base <const> = href and info:reference(href)
    if not base then break end
    depth = depth + 1
    info, given = base, base:attributes()
  end
  return depth, functions, dispatch
end

---The value of a constant of an imported library.
---@param list oleander.idl.Library[]
---@param name string
---@return any
function libraries.constant(list, name)
  for _, library in ipairs(list) do
    if not library.constants then
      library.constants = {}
      for i = 0, library.library:count() - 1 do
        local kind <const> = library.library:kind(i)
        if kind == TKIND_ENUM or kind == 2 then
          local info <const> = library.library:info(i)
          for v = 0, info:attributes().variables - 1 do
            local variable <const> = info:variable(v)
            local text <const> = variable and variable.constant and info:documentation(variable.memid)
            if text and text.name then library.constants[text.name] = variable.constant.value end
          end
        end
      end
    end
    local value <const> = library.constants[name]
    if value ~= nil then return value end
  end
  return nil
end

return libraries
