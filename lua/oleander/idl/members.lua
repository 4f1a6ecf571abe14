---Functions, properties, fields and constants of types as the description of a library has them.
local attributes <const> = require "oleander.idl.attributes"
local description <const> = require "oleander.idl.description"

local members <const> = {}

local function bits(given, flags)
  local result = 0
  for name in next, given do
    local bit <const> = flags[name]
    if bit then result = result | bit end
  end
  return result
end
members.bits = bits

local function_flags <const> = {
  restricted = 0x1, source = 0x2, bindable = 0x4, requestedit = 0x8, displaybind = 0x10, defaultbind = 0x20,
  hidden = 0x40, usesgetlasterror = 0x80, defaultcollelem = 0x100, uidefault = 0x200, nonbrowsable = 0x400,
  replaceable = 0x800, immediatebind = 0x1000,
}
local variable_flags <const> = {
  readonly = 0x1, source = 0x2, bindable = 0x4, requestedit = 0x8, displaybind = 0x10, defaultbind = 0x20,
  hidden = 0x40, restricted = 0x80, defaultcollelem = 0x100, uidefault = 0x200, nonbrowsable = 0x400,
  replaceable = 0x800, immediatebind = 0x1000,
}
local parameter_flags <const> = { ["in"] = 1, out = 2, lcid = 4, retval = 8, optional = 0x10 }

local FUNC_PUREVIRTUAL <const>, FUNC_STATIC <const>, FUNC_DISPATCH <const> = 1, 3, 4
local VAR_PERINSTANCE <const>, VAR_CONST <const>, VAR_DISPATCH <const> = 0, 2, 3
local CC_STDCALL <const> = 4
local VT_VARIANT <const>, VT_INT <const>, VT_PTR <const> = 12, 22, 26
local FHASDEFAULT <const>, FOPT <const> = 0x20, 0x10

---Help and custom data of anything.
local function document(model, target, given)
  if given == attributes.NONE then return end
  target.help = description.text(given, "helpstring")
  target.help_context = description.number(model, given, "helpcontext")
  target.help_string_context = description.number(model, given, "helpstringcontext")
  target.custom = description.custom(model, given)
end
members.document = document

local function parameter(model, refer, node, index, owner)
  local given <const>, kind <const> = node.attributes, node.type
  if kind.k == "base" and kind.vt == 24 then
    model:fail(node.place, "the parameter %s of %s can't be void", node.name or "parameter " .. index, owner.name)
  end
  local result <const> = {
    name = node.name, flags = bits(given, parameter_flags),
    type = description.type(model, refer, kind, given.string ~= nil, node.place),
  }
  if given.plain or given == attributes.NONE then return result end
  if given.defaultvalue then
    result.default = description.value_of(model, kind, given.defaultvalue.tree,
      "the default of " .. (node.name or "parameter " .. index), given.vartype)
    if result.default then result.flags = result.flags | FHASDEFAULT | FOPT end
  end
  result.custom = description.custom(model, given)
  result.flags = description.number(model, given, "paramflags") or result.flags
  return result
end

--- A VARIANT or a pointer to one: what can say that it is missing.
local function is_variant(desc)
  if desc.vt == VT_PTR then desc = desc.to end
  return desc.vt == VT_VARIANT
end

--- How many parameters at the end can be left out by cParamsOpt: VARIANTs that are optional and have no default. What
--- is
--- filled by others, retval and lcid, does not count.
local function optional_count(list)
  local count = 0
  for i = #list, 1, -1 do
    local flags <const> = list[i].flags
    if flags & (FOPT | FHASDEFAULT) == FOPT and is_variant(list[i].type) then
      count = count + 1
    elseif flags & 0xC == 0 then
      break
    end
  end
  return count
end

local function kept(node, list)
  local out
  for i, item in ipairs(node.type.parameters) do
    local text <const> = description.kept(item.attributes, list[i].type)
    if text ~= "" then
      out = out or {}
      out[#out + 1] = ("%d %s"):format(i - 1, text)
    end
  end
  return out and table.concat(out, "; ")
end

---A function.
---@param model oleander.idl.Model
---@param refer fun(node: table)
---@param node table method
---@param kind integer FUNCKIND
function members.method(model, refer, node, kind)
  local given <const> = node.attributes
  local invkind <const> = given.propputref and 8 or given.propput and 4 or given.propget and 2 or 1
  local list <const> = {}
  for i, item in ipairs(node.type.parameters) do list[i] = parameter(model, refer, item, i, node) end
  local named = false
  for i = #list, 1, -1 do -- one without a name before others that have one
    named = named or list[i].name ~= nil
    if named and not list[i].name then list[i].name = "p" .. i end
  end
  local result <const> = {
    name = node.name, invkind = invkind, kind = kind, convention = node.type.convention or CC_STDCALL,
    flags = bits(given, function_flags), parameters = list,
    optional = given.vararg and -1 or optional_count(list),
    result = description.type(model, refer, node.type.result, given.string ~= nil, node.place),
  }
  document(model, result, given)
  if given.vtableoffset then
    result.offset = description.number(model, given, "vtableoffset")
  end
  result.optional = description.number(model, given, "optionals") or result.optional
  result.flags = description.number(model, given, "funcflags") or result.flags
  result.convention = description.number(model, given, "callconv") or result.convention
  local text <const> = kept(node, list)
  if text then
    result.custom = result.custom or {}
    result.custom[#result.custom + 1] = { guid = description.SIGNATURE_GUID, vt = 8, value = text }
  end
  return result
end

---Whether a member of an interface is a function of its vtable: what travels in place of a local one is not.
function members.in_vtable(node)
  return node.k == "method" and not node.attributes.call_as
end

local function number_of(model, node)
  local item <const> = node.attributes.id
  if not item then return nil end
  local value <const> = model:integer(item.tree, "an id")
  if value < -0x80000000 or value > 0xFFFFFFFF then
    model:error(item.place, "the id %d has more than 32 bits", value)
    return 0
  end
  return value > 0x7FFFFFFF and value - (1 << 32) or value
end

--- Property functions of one name share a number.
local function numbers(model, list, nodes, first)
  local by_name <const> = {}
  for i, item in ipairs(list) do
    local id <const> = number_of(model, nodes[i])
    if id then
      item.memid = id
      if item.invkind ~= 1 then by_name[item.name] = by_name[item.name] or id end
    end
  end
  for i, item in ipairs(list) do
    if not item.memid then
      local shared <const> = item.invkind ~= 1 and by_name[item.name]
      item.memid = shared or first + i - 1
      if item.invkind ~= 1 and not shared then by_name[item.name] = item.memid end
    end
  end
end

local kinds_text <const> = { [1] = "method", [2] = "propget", [4] = "propput", [8] = "propputref" }

--- Two members with one number, or one name, and the same kind of invocation.
local function check_twice(model, list, nodes)
  local by_id <const>, by_name <const> = {}, {}
  for i, item in ipairs(list) do
    local id <const>, name <const>, kind <const> = item.memid << 4 | item.invkind, item.name, item.invkind
    local kinds <const> = by_name[name] or 0
    if kinds & kind ~= 0 then
      model:error(nodes[i].place, "the %s %s is there twice", kinds_text[kind], name)
    elseif by_id[id] and nodes[i].attributes.id then
      model:error(nodes[i].attributes.id.place, "%s has the id of %s", name, by_id[id])
    end
    by_id[id], by_name[name] = name, kinds | kind
  end
end

---The functions of an interface.
---@param first integer number of the first one without an id
function members.functions(model, refer, node, kind, first)
  local list <const>, nodes <const> = {}, {}
  local diagnostics <const> = model.unit.diagnostics
  for _, item in ipairs(node) do
    if item.k == "property" and node.k ~= "dispinterface" then
      model:error(item.place, "%s has no parameters: () is missing", item.name)
    elseif members.in_vtable(item) then
      local result
      local done <const> = diagnostics:guard(function() result = members.method(model, refer, item, kind) end)
      if done then list[#list + 1], nodes[#nodes + 1] = result, item end
    end
  end
  numbers(model, list, nodes, first)
  check_twice(model, list, nodes)
  return list
end

--- Flags that a file gives as numbers.
local function settle_flags(model, variable, given)
  if given == attributes.NONE then return end
  variable.flags = description.number(model, given, "varflags") or variable.flags
  variable.parameter_flags = description.number(model, given, "paramflags")
end

---The properties of a dispinterface.
function members.properties(model, refer, node)
  local list <const> = {}
  for _, item in ipairs(node) do
    if item.k == "property" then
      local given <const> = item.attributes
      local variable <const> = {
        name = item.name, kind = VAR_DISPATCH, flags = bits(given, variable_flags), memid = number_of(model, item),
        type = description.type(model, refer, item.type, given.string ~= nil, item.place),
      }
      if not variable.memid then
        model:error(item.place, "the property %s needs an id", item.name)
        variable.memid = 0
      end
      document(model, variable, given)
      settle_flags(model, variable, given)
      list[#list + 1] = variable
    end
  end
  return list
end

--- What a library has no place for of a field: what counts and tells others, when a union's member is there, and that
--- numbers of 16 bits are characters.
local function kept_field(model, field, desc)
  local given <const> = field.attributes
  local text <const> = description.kept(given, desc)
  local out <const> = { text ~= "" and text or nil }
  local values <const> = {}
  for _, item in ipairs(given.case or {}) do
    for _, tree in ipairs(item.list) do values[#values + 1] = ("%d"):format(model:integer(tree, "a case")) end
  end
  if #values > 0 then
    out[#out + 1] = "case(" .. table.concat(values, ",") .. ")"
  elseif given.default then
    out[#out + 1] = "default"
  end
  local array <const> = model:stands_for(field.type)
  local element <const> = array.k == "array" and model:stands_for(array.of)
  local wide <const> = element and element.k == "base" and element.vt == 18 and element.name:find "[Cc][Hh][Aa][Rr]"
  if wide and not given.string then
    out[#out + 1] = "string"
  end
  return #out > 0 and table.concat(out, ",") or nil
end

---The fields of a record or a union.
function members.fields(model, refer, node)
  local list <const>, names <const> = {}, {}
  for i, field in ipairs(node.fields) do
    local given <const> = field.attributes
    local name = field.name
    if not name and field.bits then goto continue end -- unnamed bits
    name = name or model:name_of(field.type)
    if names[name] then model:error(field.place, "the field %s is there twice", name) end
    names[name] = true
    do
      local variable <const> = {
        name = name, kind = VAR_PERINSTANCE, flags = bits(given, variable_flags), memid = 0x40000000 + i - 1,
        type = description.type(model, refer, field.type, given.string ~= nil, field.place),
      }
      variable.memid = number_of(model, field) or variable.memid
      document(model, variable, given)
      settle_flags(model, variable, given)
      local text = kept_field(model, field, variable.type)
      if node.encapsulated and i == 2 then text = ("switch(%s)"):format(node.fields[1].name) end
      if text then
        variable.custom = variable.custom or {}
        variable.custom[#variable.custom + 1] = { guid = description.SIGNATURE_GUID, vt = 8, value = text }
      end
      list[#list + 1] = variable
    end
    ::continue::
  end
  return list
end

---The constants of an enum.
function members.constants(model, node)
  local list <const> = {}
  for i, constant in ipairs(node.constants) do
    local given <const> = constant.attributes
    local value = model:constant_of_enum(constant)
    if value < -0x80000000 or value > 0xFFFFFFFF then
      model:error(constant.place, "the constant %s has more than 32 bits", constant.name)
      value = 0
    end
    if value > 0x7FFFFFFF then value = value - (1 << 32) end
    local variable <const> = {
      name = constant.name, kind = VAR_CONST, flags = bits(given, variable_flags), memid = 0x40000000 + i - 1,
      type = { vt = VT_INT }, constant = { vt = 3, value = value },
    }
    if given.id then variable.memid = number_of(model, constant) end
    if given.vartype then
      variable.constant = description.as(model, value, given.vartype.list[1])
      variable.type = { vt = given.vartype.list[2] and model:integer(given.vartype.list[2], "a VARTYPE") or VT_INT }
    end
    document(model, variable, given)
    settle_flags(model, variable, given)
    list[i] = variable
  end
  return list
end

---The constants of a module.
function members.module_constants(model, refer, node)
  local list <const> = {}
  for _, item in ipairs(node) do
    if item.k == "const" then
      model.unit.diagnostics:guard(function()
        local given <const> = item.attributes
        if not item.tree then model:fail(item.place, "the constant %s has no value", item.name) end
        local variable <const> = {
          name = item.name, kind = VAR_CONST, flags = bits(given, variable_flags),
          memid = number_of(model, item) or 0x40000000 + #list,
          type = description.type(model, refer, item.type, given.string ~= nil or item.tree.k == "text", item.place),
          constant = description.value_of(model, item.type, item.tree, "the constant " .. item.name, given.vartype),
        }
        document(model, variable, given)
        settle_flags(model, variable, given)
        list[#list + 1] = variable
      end)
    end
  end
  return list
end

---The functions of a module.
function members.module_functions(model, refer, node)
  local list <const>, nodes <const> = {}, {}
  for _, item in ipairs(node) do
    if item.k == "method" then
      model.unit.diagnostics:guard(function()
        local result <const> = members.method(model, refer, item, FUNC_STATIC)
        local entry <const> = item.attributes.entry
        local value = entry and entry.tree and model:evaluate(entry.tree) or item.name
        if math.type(value) == "integer" and (value < 0 or value > 0xFFFF) then
          model:error(entry.place, "the entry %d is no ordinal", value)
          value = 0
        end
        result.entry = value
        list[#list + 1], nodes[#nodes + 1] = result, item
      end)
    end
  end
  numbers(model, list, nodes, 0x60000000)
  return list
end

members.FUNC_PUREVIRTUAL, members.FUNC_DISPATCH = FUNC_PUREVIRTUAL, FUNC_DISPATCH

return members
