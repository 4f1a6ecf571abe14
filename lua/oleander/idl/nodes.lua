---What declarations of common shapes are made of, for both that read them: quick.lua in LPeg, and the scanner of the C
---module.
local attributes <const> = require "oleander.idl.attributes"
local words <const> = require "oleander.idl.words"

local nodes <const> = {}

--- Where a node stands among tokens it answers as a text without meaning would.
local Token <const> = {
  byte = function() return 0 end,
  find = function() return nil end,
  match = function() return nil end,
  sub = function(node) return node.name or "a declaration" end,
}
Token.__index = Token
Token.__len = function() return 1 end
Token.__tostring = function() return "a declaration" end

--- Words that are no type and no name here, or change what stands beside them.
local special <const> = { VT_PTR = true, typedef = true, import = true, importlib = true, midl_pragma = true,
  library = true, module = true, sizeof = true, ["const"] = true, switch = true, case = true, default = true,
  SAFEARRAY = true,
  struct = true, union = true, enum = true, interface = true, dispinterface = true, coclass = true }
for name in pairs(words.conventions) do special[name] = true end
for name in pairs(words.type_words) do special[name] = special[name] or false end

--- What base words are that do not go together.
local NO_TYPE <const> = {}

--- Base types by their text; false for a word that is none.
local base_types <const> = {}
local function base_type(specified)
  local known = base_types[specified]
  if known == nil then
    local list <const> = {}
    for piece in specified:gmatch "%S+" do list[#list + 1] = piece end
    known = words.type_words[list[1]] and (words.combine(list) or NO_TYPE) or false
    base_types[specified] = known
  end
  return known
end

--- Lists of plain words, which all that have the same text share; `plain` says that nothing in them has a value.
local plain_lists <const> = { [""] = attributes.NONE }

local function plain_list(spelled)
  local known = plain_lists[spelled]
  if known == nil then
    local item <const> = {}
    known = {}
    for name in spelled:gmatch "[%w_]+" do
      if attributes.takes[name] ~= "none" or name == "inout" then
        known = false
        break
      end
      known[name] = item
    end
    if known then known.plain = true end
    if #spelled < 100 then plain_lists[spelled] = known end
  end
  return known
end

nodes.Token = Token
nodes.special = special
nodes.NO_TYPE = NO_TYPE
nodes.base_types, nodes.base_type = base_types, base_type
nodes.plain_lists, nodes.plain_list = plain_lists, plain_list

return nodes
