---Types and values as the description of a library has them (docs/idl.md, "The description"): what
---bridge/types/library_build.c turns into a library.
local description <const> = {}

local VT_PTR <const>, VT_SAFEARRAY <const>, VT_CARRAY <const>, VT_USERDEFINED <const>, VT_VOID <const> = 26, 27,
  28, 29, 24
local VT_LPSTR <const>, VT_LPWSTR <const>, VT_UNKNOWN <const>, VT_DISPATCH <const> = 30, 31, 13, 9

---@class oleander.idl.TypeDesc
---@field vt integer
---@field to? oleander.idl.TypeDesc of a pointer or a SAFEARRAY
---@field of? oleander.idl.TypeDesc of an array
---@field bounds? {lower: integer, count: integer}[]
---@field type? table the node of a type of this library; its number once all are known
---@field library? userdata of an imported type
---@field index? integer the type in that library

local simple <const> = {}
local function plain(vt)
  local desc = simple[vt]
  if not desc then
    desc = { vt = vt }
    simple[vt] = desc
  end
  return desc
end

---@param model oleander.idl.Model
---@param refer fun(node: table) called for each type of the library that is used
---@param type oleander.idl.Type
---@param string? boolean whether `string` is among the attributes
---@return oleander.idl.TypeDesc
local function describe(model, refer, type, string, place)
  local of <const>, typedef <const> = model:stands_for(type)
  local k <const> = of.k
  if typedef and typedef.attributes.string then string = true end
  if k == "base" then
    return plain(of.sized and of.sized[model.pointer_size] or of.vt)
  elseif k == "pointer" then
    local target <const> = model:stands_for(of.to)
    if (target.k == "interface" or target.k == "import") and not of.named then
      if target.name == "IUnknown" then return plain(VT_UNKNOWN) end
      if target.name == "IDispatch" then return plain(VT_DISPATCH) end
    elseif target.k == "function" then
      return { vt = VT_PTR, to = plain(VT_VOID) }
    elseif string and target.k == "base" and (target.vt == 16 or target.vt == 17 and target.name == "byte") then
      return plain(VT_LPSTR)
    elseif string and target.k == "base" and target.vt == 18 and target.name:find "[Cc][Hh][Aa][Rr]" then
      return plain(VT_LPWSTR)
    end
    return { vt = VT_PTR, to = describe(model, refer, of.to, string, place) }
  elseif k == "array" then
    local element <const> = describe(model, refer, of.of, string, place)
    local bounds <const> = {}
    for i, dimension in ipairs(of.dimensions) do
      local count, lower = 0, 0
      if dimension and dimension.k == "bounds" then
        lower = model:integer(dimension.lower, "a bound")
        count = model:integer(dimension.upper, "a bound") - lower + 1
      elseif dimension then
        count = model:integer(dimension, "the size of an array")
      elseif i > 1 then
        model:fail(place, "only the first dimension of an array can be left open")
      end
      if count < 0 or count > 0x7FFFFFFF then model:fail(dimension.place, "%d is no size of an array", count) end
      bounds[i] = { lower = lower, count = count }
    end
    if not of.dimensions[1] then
      if #bounds > 1 then
        table.remove(bounds, 1)
        return { vt = VT_PTR, to = { vt = VT_CARRAY, of = element, bounds = bounds } }
      elseif string and element.vt == 16 then
        return plain(VT_LPSTR)
      elseif string and element.vt == 18 then
        return plain(VT_LPWSTR)
      end
      return { vt = VT_PTR, to = element }
    end
    return { vt = VT_CARRAY, of = element, bounds = bounds }
  elseif k == "safearray" then
    return { vt = VT_SAFEARRAY, to = describe(model, refer, of.of, false, place) }
  elseif k == "import" then
    return { vt = VT_USERDEFINED, library = of.library.library, index = of.index }
  elseif k == "opaque" or k == "function" then
    return plain(VT_VOID)
  end
  refer(of)
  return { vt = VT_USERDEFINED, type = of }
end
description.type = describe

---The text of an attribute such as helpstring; nil without it.
---@return string?
function description.text(given, name)
  local item <const> = given[name]
  return item and item.value or nil
end

---@param model oleander.idl.Model
---@return integer?
function description.number(model, given, name, what)
  local item <const> = given[name]
  return item and item.tree and model:integer(item.tree, what or name) or nil
end

---A value with the VARTYPE that its literal has.
---@return {vt: integer, value: any}
function description.literal(value)
  if type(value) == "string" then return { vt = 8, value = value } end
  if math.type(value) == "float" then return { vt = 5, value = value } end
  if value >= -0x80000000 and value <= 0x7FFFFFFF then return { vt = 3, value = value } end
  return { vt = 20, value = value }
end

--- A VARIANT_BOOL: a number stays what it is, as other compilers have it.
local function boolean(value, tree)
  if math.type(value) == "integer" and value ~= 0 and value ~= -1 and not (tree and tree.k == "name") then
    return { vt = 11, value = (value + 0x8000 & 0xFFFF) - 0x8000 }
  end
  return { vt = 11, value = value ~= 0 and value ~= "" }
end

---A value with the VARTYPE that a `vartype` says.
function description.as(model, value, tree)
  local vt <const> = model:integer(tree, "a VARTYPE") & 0xFFFF
  if vt == 11 then return boolean(value) end
  if (vt == 4 or vt == 5) and type(value) == "number" then return { vt = vt, value = value + 0.0 } end
  if vt == 0 or vt == 1 or vt == 9 or vt == 13 then return { vt = vt } end
  if vt == 8 and type(value) ~= "string" then value = "" end
  return { vt = vt, value = value }
end

--- The GUID under which a library keeps its `abi` (docs/idl.md).
description.ABI_GUID = "{6F1B1C5A-3D0E-4E5B-9A57-0C4F2B7E61D2}"

---The values of custom attributes: integers are I4, texts BSTR.
---@param model oleander.idl.Model
---@return {guid: string, vt: integer, value: any}[]?
function description.custom(model, given)
  local list <const> = given.custom
  if not (list or given.abi) then return nil end
  local out <const> = {}
  for i, item in ipairs(list or {}) do
    local value = description.literal(model:evaluate(item.tree))
    value.guid = item.guid
    if item.vartype then value = description.as(model, value.value, item.vartype) end
    value.guid = item.guid
    if value.vt == 20 and value.value <= 0xFFFFFFFF and value.value >= 0 then
      value.vt = 19
    end
    out[i] = value
  end
  if given.abi then out[#out + 1] = { guid = description.ABI_GUID, vt = 8, value = given.abi.value } end
  return out
end

--- The VARTYPE that a value of this type is stored as, and whether it is text, number, truth or reference.
local function value_vt(model, type)
  local of = model:stands_for(type, true)
  while of.k == "pointer" do
    local target <const> = model:stands_for(of.to, true)
    if target.k == "interface" or target.k == "import" then return target.name == "IDispatch" and 9 or 13 end
    if target.k == "base" and (target.vt == 18 or target.vt == 16) and of.to.k ~= "base" then return 8 end
    of = target
  end
  if of.k == "enum" then return 3 end
  if of.k == "import" then
    local given = of.info:attributes()
    for _ = 1, 16 do
      if given.kind ~= 6 then break end
      if given.alias.vt ~= 29 then return given.alias.vt end
      local info <const> = of.info:reference(given.alias.href)
      if not info then break end
      given = info:attributes()
    end
    return given.kind == 0 and 3 or nil
  end
  if of.k == "base" then
    local vt = of.sized and of.sized[model.pointer_size] or of.vt
    if vt == 30 or vt == 31 then vt = 8 end
    if vt == 25 then vt = 3 end
    return vt
  end
  return nil
end

local integer_vts <const> = {
  [2] = true, [3] = true, [10] = true, [16] = true, [17] = true, [18] = true, [19] = true, [20] = true, [21] = true,
  [22] = true, [23] = true,
}
local widths <const> = {
  [2] = { -0x8000, 0xFFFF }, [3] = { -0x80000000, 0xFFFFFFFF }, [10] = { -0x80000000, 0xFFFFFFFF }, [16] = { -0x80,
    0xFF },
  [17] = { -0x80, 0xFF }, [18] = { -0x8000, 0xFFFF }, [19] = { -0x80000000, 0xFFFFFFFF },
  [22] = { -0x80000000, 0xFFFFFFFF }, [23] = { -0x80000000, 0xFFFFFFFF },
}

---A constant or a default as the value of a type, or as `vartype` says.
function description.value_of(model, type, tree, what, vartype)
  if vartype and vartype.list[1] then return description.as(model, model:evaluate(tree), vartype.list[1]) end
  return description.value(model, type, tree, what)
end

---A constant or a default as the value of a type.
---@param model oleander.idl.Model
---@param type oleander.idl.Type
---@param tree oleander.idl.Expression
---@param what string for messages
---@return {vt: integer, value: any}?
function description.value(model, type, tree, what)
  local value = model:evaluate(tree)
  local vt <const> = value_vt(model, type)
  if vt == 12 then return description.literal(value) end
  if vt == 8 then
    if value == 0 then return { vt = 8, value = "" } end
    if _G.type(value) ~= "string" then
      model:error(tree.place, "%s is a text, not a number", what)
      return nil
    end
    return { vt = 8, value = value }
  elseif vt == 9 or vt == 13 then
    if value ~= 0 then model:error(tree.place, "%s can only be 0", what) end
    return { vt = vt }
  elseif vt == 11 then
    if _G.type(value) == "string" then
      local lower <const> = value:lower()
      value = (lower == "true" or lower == "-1" or lower == "1") and 1 or 0
    end
    return boolean(value, tree)
  elseif vt == 6 or vt == 7 or vt == 14 then
    if vt == 6 and _G.type(value) == "number" or vt ~= 6 then return { vt = vt, value = value } end
    return { vt = vt, value = tonumber(value) or 0 }
  elseif vt == 4 or vt == 5 then
    if _G.type(value) == "string" then
      model:error(tree.place, "%s is a number, not a text", what)
      return nil
    end
    return { vt = vt, value = value + 0.0 }
  elseif vt and integer_vts[vt] then
    if math.type(value) == "float" and math.tointeger(value) then value = math.tointeger(value) end
    if _G.type(value) == "string" then value = math.tointeger(tonumber(value)) or value end
    if math.type(value) ~= "integer" then
      model:error(tree.place, "%s is an integer", what)
      return nil
    end
    local width <const> = widths[vt]
    if width and (value < width[1] or value > width[2]) then
      model:error(tree.place, "%d does not fit into the type of %s", value, what)
      return nil
    end
    return { vt = vt, value = model:convert(type, value) }
  end
  if vt == 24 or vt == nil then
    return description.literal(value)
  end
  return description.literal(value)
end

-- what a library cannot hold

--- The GUID under which a function keeps what the attributes of its parameters say (docs/idl.md).
description.SIGNATURE_GUID = "{6F1B1C5A-3D0E-4E5B-9A57-0C4F2B7E61D1}"

local kept_lists <const> = { "size_is", "max_is", "length_is", "first_is", "last_is", "iid_is", "switch_is" }
local kept_words <const> = { "string", "unique", "ref", "ptr" }
local is_kept <const> = {}
for _, list in ipairs { kept_lists, kept_words } do
  for _, name in ipairs(list) do is_kept[name] = true end
end

local shown

local function operand(tree)
  local text <const> = shown(tree)
  return (tree.k == "binary" or tree.k == "choice") and "(" .. text .. ")" or text
end

--- An expression as text.
shown = function(tree)
  if not tree then return "" end
  local k <const> = tree.k
  if k == "number" then return tree.text end
  if k == "name" then return tree.name end
  if k == "unary" then return tree.sign .. operand(tree.operand) end
  if k == "binary" then return operand(tree.left) .. " " .. tree.sign .. " " .. operand(tree.right) end
  if k == "choice" then return operand(tree.condition) .. " ? " .. operand(tree.yes) .. " : " .. operand(tree.no) end
  if k == "char" then return tree.text end
  if k == "text" then return '"' .. tree.value:gsub('[\\"]', "\\%0") .. '"' end
  if k == "cast" then return operand(tree.operand) end
  return "sizeof(" .. (tree.type.name or "?") .. ")"
end
description.shown = shown

---What a library cannot hold of one parameter: `size_is(n),string`; empty when there is nothing.
---@return string
function description.kept(given, desc)
  local any = false
  for name in next, given do any = any or is_kept[name] end
  if not any then return "" end
  local out <const> = {}
  for _, name in ipairs(kept_lists) do
    local item <const> = given[name]
    if item and item.list then
      local pieces <const> = {}
      for i, tree in ipairs(item.list) do pieces[i] = shown(tree) end
      out[#out + 1] = name .. "(" .. table.concat(pieces, ",") .. ")"
    end
  end
  for _, name in ipairs(kept_words) do
    if given[name] and not (name == "string" and (desc.vt == VT_LPSTR or desc.vt == VT_LPWSTR)) then
      out[#out + 1] = name
    end
  end
  return table.concat(out, ",")
end

return description
