--- What values the members of an interface take and give, by their declared types: what a recording says of a value,
--- and as what a value is read back.
local core <const> = require "oleander.core"
local counts <const> = require "oleander.counts"
local typelib <const> = require "oleander.typelib"

core.own_source(debug.getinfo(1, "S").source)

local kinds <const> = {}

---@class oleander.recording.Kind
---@field t string the type: "i4", "bstr", "variant", "dispatch", "record" ...
---@field info userdata? of an interface or a record
---@field is_object boolean?

local VT_PTR <const>, VT_SAFEARRAY <const>, VT_CARRAY <const>, VT_USERDEFINED <const> = 26, 27, 28, 29
local TKIND_ENUM <const>, TKIND_RECORD <const>, TKIND_ALIAS <const>, TKIND_UNION <const> = 0, 1, 6, 7
local DEPTH_LIMIT <const> = 32 -- pointers and aliases behind each other

local names <const> = {
  [2] = "i2", [3] = "i4", [4] = "r4", [5] = "r8", [6] = "cy", [7] = "date", [8] = "bstr", [9] = "dispatch",
  [10] = "error", [11] = "bool", [12] = "variant", [13] = "unknown", [14] = "decimal", [16] = "i1", [17] = "ui1",
  [18] = "ui2", [19] = "ui4", [20] = "i8", [21] = "ui8", [22] = "int", [23] = "uint", [25] = "hresult",
  [30] = "lpstr", [31] = "lpwstr", [36] = "record", [37] = "int_ptr", [38] = "uint_ptr", [64] = "filetime",
  [72] = "clsid",
}

---@type oleander.recording.Kind
kinds.VARIANT = { t = "variant" }
local POINTER <const> = { t = "pointer" }

local kind_of

local function kind_of_reference(info, href, depth)
  local other <const> = info:reference(href)
  local attributes <const> = other and other:attributes()
  if not attributes then return { t = "unknown", is_object = true } end
  if attributes.kind == TKIND_ENUM then return { t = "i4" } end
  if attributes.kind == TKIND_RECORD or attributes.kind == TKIND_UNION then return { t = "record", info = other } end
  if attributes.kind == TKIND_ALIAS then return kind_of(attributes.alias or { vt = 24 }, other, depth + 1) end
  local kind <const> = typelib.from_info(other)
  local dispatch = attributes.kind == 4 or kind.dual
  if attributes.kind == 5 then
    local first <const> = typelib.default_interface(kind)
    return { t = "dispatch", is_object = true, info = first and typelib.handle(first) or other }
  end
  for level in typelib.levels(kind) do
    dispatch = dispatch or level.base and level.base.name == "IDispatch"
  end
  local root <const> = kind.name == "IUnknown" or kind.name == "IDispatch"
  dispatch = dispatch or kind.name == "IDispatch"
  return { t = dispatch and "dispatch" or "unknown", is_object = true, info = not root and other or nil }
end

--- The kind behind a description of a type, pointers left away.
kind_of = function(desc, info, depth)
  if depth > DEPTH_LIMIT then return POINTER end
  local vt <const> = desc.vt
  if vt == VT_PTR then
    return kind_of(desc.to or { vt = 24 }, info, depth + 1)
  elseif vt == VT_SAFEARRAY then
    return { t = "array", element = kind_of(desc.to or { vt = 12 }, info, depth + 1) }
  elseif vt == VT_CARRAY then
    return { t = "list", element = kind_of(desc.of or { vt = 24 }, info, depth + 1) }
  elseif vt == VT_USERDEFINED then
    return kind_of_reference(info, desc.href, depth)
  end
  local name <const> = names[vt]
  if not name then return POINTER end
  return { t = name, is_object = vt == 9 or vt == 13 or nil }
end

local IN <const>, OUT <const>, LCID <const>, RETVAL <const> = 1, 2, 4, 8

---@class oleander.recording.Signature
---@field takes oleander.recording.Kind[] what a script gives
---@field gives oleander.recording.Kind[] what it gets
---@field names string[] of the parameters that are taken
---@field counted table<integer, boolean> of them those that only count what another has

---What a member takes and gives in the order in which scripts see it.
---@param member oleander.Member
---@param put boolean? the writing of a variable
---@return oleander.recording.Signature
function kinds.signature(member, put)
  local facts <const> = typelib.member_facts[member]
  local desc <const>, info <const> = facts.desc, facts.info
  local signature <const> = { takes = {}, gives = {}, names = {}, counted = {} }
  if not facts.is_function then
    local list <const> = put and signature.takes or signature.gives
    list[1] = kind_of(desc.type, info, 0)
    signature.names[1] = put and "value" or nil
    return signature
  end
  local counted <const> = counts.of(member)
  local result <const> = desc.result.type
  if result.vt ~= 24 and result.vt ~= 25 then signature.gives[1] = kind_of(result, info, 0) end
  local count <const> = #desc.parameters - (desc.optional == -1 and 1 or 0)
  for i = 1, count do
    if desc.parameters[i].flags & RETVAL ~= 0 then
      table.insert(signature.gives, 1, kind_of(desc.parameters[i].type, info, 0))
    end
  end
  for i = 1, count do
    local parameter <const> = desc.parameters[i]
    local flags <const> = parameter.flags
    if flags & (RETVAL | LCID) == 0 then
      local kind <const> = kind_of(parameter.type, info, 0)
      if flags & IN ~= 0 or flags & OUT == 0 then
        signature.takes[#signature.takes + 1] = kind
        signature.names[#signature.takes] = desc.names[i + 1] or "value"
        signature.counted[#signature.takes] = counted[i]
      end
      if flags & OUT ~= 0 then signature.gives[#signature.gives + 1] = kind end
    end
  end
  return signature
end

---The arguments for an object: one of a module takes no counts.
---@param signature oleander.recording.Signature
---@param object oleander.Object
---@param arguments table with n
---@return table with n
function kinds.passing(signature, object, arguments)
  local counted <const> = signature.counted
  if not (counted and next(counted) and core.of_module(object)) then return arguments end
  local list <const> = { n = 0 }
  for i = 1, arguments.n do
    if not counted[i] then
      list.n = list.n + 1
      list[list.n] = arguments[i]
    end
  end
  return list
end

local function has(list, flag)
  for _, one in ipairs(list) do
    if one == flag then return true end
  end
  return false
end
kinds.has = has

---The members of an interface and its bases.
---@param kind oleander.Type
---@return oleander.Member[]
function kinds.members(kind)
  local list <const> = {}
  if kind.kind == "dispinterface" and not kind.dual then
    for _, member in ipairs(kind.members) do list[#list + 1] = member end
    return list
  end
  for level in typelib.levels(kind) do
    for _, member in ipairs(level.members) do list[#list + 1] = member end
  end
  return list
end

return kinds
