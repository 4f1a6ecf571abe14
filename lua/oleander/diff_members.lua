---What changed between the members of two versions of a type, and whom it breaks. `oleander.diff` compares the
---libraries.
local core <const> = require "oleander.core"
local typelib <const> = require "oleander.typelib"
local typetext <const> = require "oleander.typetext"

local members <const> = {}

---Whom a change breaks.
members.COMPILED = "compiled clients"
members.SCRIPTS = "scripts"
members.SERVERS = "servers"
members.EVERYONE = "everyone"

local VT_PTR <const>, VT_SAFEARRAY <const>, VT_CARRAY <const>, VT_USERDEFINED <const> = 26, 27, 28, 29

---A type as a text that differs where the type does; `renamed` maps names of the old library to those of the new one.
local function type_key(desc, name_of, renamed)
  local vt <const> = desc.vt
  if vt == VT_PTR or vt == VT_SAFEARRAY then
    return vt .. "(" .. type_key(desc.to or { vt = 24 }, name_of, renamed) .. ")"
  elseif vt == VT_CARRAY then
    local bounds <const> = {}
    for i, bound in ipairs(desc.bounds or {}) do bounds[i] = ("[%d:%d]"):format(bound.lower or 0, bound.count) end
    return table.concat(bounds) .. type_key(desc.of or { vt = 24 }, name_of, renamed)
  elseif vt == VT_USERDEFINED then
    local name <const> = name_of(desc.href)
    if name:find "^missing_type_0x" then return "?" end
    return core.fold(renamed[name] or name)
  end
  return tostring(vt)
end

---A type as people write it.
local function type_text(desc, name_of)
  local text <const>, suffix <const> = typetext.type(desc, name_of)
  return text .. suffix
end

---What is compared of a function or variable.
local function facts_of(member)
  return typelib.member_facts[member]
end

local function same_name(one, other)
  return core.fold(one) == core.fold(other)
end

---A value as IDL writes it, told apart by its type too.
local function constant_text(constant)
  return constant and typetext.literal(constant) or nil
end

local function has_flag(list, name)
  for _, flag in ipairs(list) do
    if flag == name then return true end
  end
  return false
end

---The attributes that one list has and the other has not.
local function without(list, other)
  local rest <const> = {}
  for _, flag in ipairs(list) do
    if not has_flag(other, flag) then rest[#rest + 1] = flag end
  end
  return rest
end

---Attributes that take something away when they come, and when they go.
local breaks_when_added <const> = { restricted = true, readonly = true, licensed = true }
local breaks_when_removed <const> = {
  dual = true, dispatchable = true, cancreate = true, appobject = true, default = true,
}

---Reports attributes that came or went. `report(change)` takes what is known of the change.
---@param report fun(change: table)
---@param before string[]
---@param after string[]
function members.compare_flags(report, before, after)
  for _, flag in ipairs(without(after, before)) do
    local breaks <const> = breaks_when_added[flag] or false
    report { change = "value", breaking = breaks, whom = breaks and members.SCRIPTS or nil, after = flag,
      text = "is now " .. flag }
  end
  for _, flag in ipairs(without(before, after)) do
    local breaks <const> = breaks_when_removed[flag] or false
    report { change = "value", breaking = breaks, whom = breaks and members.EVERYONE or nil, before = flag,
      text = "is no longer " .. flag }
  end
end

---Reports another help text or help context.
---@param report fun(change: table)
function members.compare_help(report, before, after)
  if before.help ~= after.help then
    report { change = "value", breaking = false, before = before.help, after = after.help,
      text = "has another help text" }
  end
  if before.help_context ~= after.help_context then
    report { change = "value", breaking = false, before = before.help_context, after = after.help_context,
      text = "has another help context" }
  end
end

-- parameters

local PARAM_DIRECTIONS <const> = 0x0F -- in, out, lcid, retval
local PARAM_OPTIONAL <const> = 0x10

local function directions(desc)
  return desc.flags & PARAM_DIRECTIONS
end

local function attribute_text(desc)
  return "[" .. table.concat(typetext.flags(desc.flags, typetext.parameter_flags), ", ") .. "]"
end

local function parameter_text(desc, name, facts)
  return ("%s %s %s"):format(attribute_text(desc), type_text(desc.type, facts.name_of), name)
end

local function name_of_parameter(facts, i)
  return facts.desc.names[i + 1]
end

local function compare_optional(report, before, after)
  local was <const>, is <const> = before.flags & PARAM_OPTIONAL ~= 0 or before.default ~= nil,
    after.flags & PARAM_OPTIONAL ~= 0 or after.default ~= nil
  if was and not is then
    report { change = "type", breaking = true, whom = members.SCRIPTS, before = attribute_text(before),
      after = attribute_text(after), text = "is no longer optional" }
  elseif is and not was then
    report { change = "type", breaking = false, before = attribute_text(before), after = attribute_text(after),
      text = "is optional now" }
  end
end

local function compare_default(report, before, after)
  local was <const>, is <const> = constant_text(before.default), constant_text(after.default)
  if was == is then return end
  local text <const> = not is and "has no default value any more" or not was and "has a default value now"
    or "has another default value"
  report { change = "value", breaking = false, before = was, after = is, text = text }
end

---One parameter that both have.
local function compare_parameter(report, i, before, after, renamed)
  local old <const>, new <const> = before.desc.parameters[i], after.desc.parameters[i]
  local old_name <const>, new_name <const> = name_of_parameter(before, i), name_of_parameter(after, i)
  local function report_here(change)
    change.parameter = new_name or old_name or "arg" .. i
    report(change)
  end
  if old_name and new_name and not same_name(old_name, new_name) then
    report_here { change = "name", breaking = true, whom = members.SCRIPTS, before = old_name, after = new_name,
      text = ("was renamed from %s"):format(old_name) }
  end
  if type_key(old.type, before.name_of, renamed) ~= type_key(new.type, after.name_of, {}) then
    report_here { change = "type", breaking = true, whom = members.EVERYONE,
      before = type_text(old.type, before.name_of), after = type_text(new.type, after.name_of),
      text = "has another type" }
  end
  if directions(old) ~= directions(new) then
    report_here { change = "type", breaking = true, whom = members.EVERYONE, before = attribute_text(old),
      after = attribute_text(new), text = "goes in another direction" }
  end
  compare_optional(report_here, old, new)
  compare_default(report_here, old, new)
end

local function compare_parameters(report, before, after, renamed)
  local old <const>, new <const> = before.desc.parameters or {}, after.desc.parameters or {}
  for i = 1, math.min(#old, #new) do compare_parameter(report, i, before, after, renamed) end
  for i = #old + 1, #new do
    local name <const> = name_of_parameter(after, i) or "arg" .. i
    report { change = "added", breaking = true, whom = members.EVERYONE, parameter = name,
      after = parameter_text(new[i], name, after), text = "was added" }
  end
  for i = #new + 1, #old do
    local name <const> = name_of_parameter(before, i) or "arg" .. i
    report { change = "removed", breaking = true, whom = members.EVERYONE, parameter = name,
      before = parameter_text(old[i], name, before), text = "was removed" }
  end
end

-- members

local function compare_type(report, before, after, renamed)
  if type_key(before.result, before.name_of, renamed) == type_key(after.result, after.name_of, {}) then return end
  report { change = "type", breaking = true, whom = members.EVERYONE,
    before = type_text(before.result, before.name_of), after = type_text(after.result, after.name_of),
    text = "has another type" }
end

---Whether the number is one that follows from the place in the interface.
local function is_automatic(id)
  return id & 0xF0000000 == 0x60000000
end

---Numbers of their own count wherever they are; those that only follow from the place count for who calls by them.
local function compare_id(report, before, after, comparison)
  if before.id == after.id then return end
  if not comparison.called_by_id and is_automatic(before.id) and is_automatic(after.id) then return end
  report { change = "id", breaking = true, whom = members.SCRIPTS, before = ("0x%08x"):format(before.id & 0xFFFFFFFF),
    after = ("0x%08x"):format(after.id & 0xFFFFFFFF), text = "has another number" }
end

local function compare_function(report, before, after, comparison)
  local old <const>, new <const> = facts_of(before), facts_of(after)
  local renamed <const> = comparison.renamed
  compare_id(report, before, after, comparison)
  compare_type(report, old, new, renamed)
  compare_parameters(report, old, new, renamed)
  if old.desc.callconv ~= new.desc.callconv then
    report { change = "type", breaking = true, whom = members.COMPILED, before = old.desc.callconv,
      after = new.desc.callconv, text = "has another calling convention" }
  end
  if before.vararg ~= after.vararg then
    report { change = "type", breaking = true, whom = members.EVERYONE, text = after.vararg
      and "takes any number of arguments now" or "takes a fixed number of arguments now" }
  end
end

local function compare_value(report, before, after)
  local old <const> = constant_text(facts_of(before).desc.constant)
  local new <const> = constant_text(facts_of(after).desc.constant)
  if old == new then return end
  report { change = "value", breaking = true, whom = members.EVERYONE, before = old, after = new,
    text = "has another value" }
end

local function compare_member(report, before, after, comparison)
  if before.name ~= after.name and not same_name(before.name, after.name) then
    report { change = "name", breaking = true, whom = members.SCRIPTS, before = before.name, after = after.name,
      text = ("was renamed from %s"):format(before.name) }
  end
  if facts_of(before).is_function then
    compare_function(report, before, after, comparison)
  else
    if before.kind == "property" then compare_id(report, before, after, comparison) end
    compare_type(report, facts_of(before), facts_of(after), comparison.renamed)
    if before.kind == "constant" then compare_value(report, before, after) end
  end
  members.compare_flags(report, before.flags, after.flags)
  members.compare_help(report, before, after)
end

---Queues of numbers by key: of several with one key the first belongs to the first.
function members.put_in_queue(queues, key, number)
  local queue <const> = queues[key] or { first = 1 }
  queues[key] = queue
  queue[#queue + 1] = number
end

function members.take_from_queue(queues, key)
  local queue <const> = queues[key]
  local number <const> = queue and queue[queue.first]
  if number then queue.first = queue.first + 1 end
  return number
end

---Key of a member: accessors of one property are members of their own.
local function key_of(member)
  local accessor <const> = member.kind ~= "field" and member.kind ~= "constant" and member.kind or ""
  return core.fold(member.name) .. "\0" .. accessor
end

---Pairs of the old list's numbers and the new list's: by name, then by `alike(old, new)`, which tells a renamed one.
local function match(old, new, alike)
  local by_key <const>, partner_of <const>, taken <const> = {}, {}, {}
  for i = 1, #new do members.put_in_queue(by_key, key_of(new[i]), i) end
  for i = 1, #old do
    local partner <const> = members.take_from_queue(by_key, key_of(old[i]))
    if partner then
      partner_of[i], taken[partner] = partner, true
    end
  end
  for i = 1, #old do
    for j = 1, partner_of[i] and 0 or #new do
      if not taken[j] and old[i].kind == new[j].kind and alike(old[i], new[j], i, j) then
        partner_of[i], taken[j] = j, true
        break
      end
    end
  end
  return partner_of, taken
end

---Of a property: the kind is told, for they have one name.
local accessors <const> = { get = true, put = true, putref = true }

---How members of a kind of type behave: whether their place counts, and when one that is new breaks nobody.
local rules <const> = {
  interface = { placed = true, whom_of_place = members.COMPILED,
    alike = function(a, b) return a.offset == b.offset or a.id == b.id and a.id < 0x60000000 end },
  dispinterface = { alike = function(a, b) return a.id == b.id end },
  enum = { alike = function(a, b) return a.value == b.value end },
  module = { alike = function() return false end },
  record = { placed = true, whom_of_place = members.EVERYONE, fixed = true,
    alike = function(a, b) return a.offset == b.offset end },
  union = { fixed = true, alike = function(_, _, i, j) return i == j end },
}

---@class oleander.diff.Members what is compared: lists of members, and how
---@field before oleander.Member[]
---@field after oleander.Member[]
---@field kind string of the type
---@field renamed table<string, string> names of types in the old library to those in the new one
---@field called_by_id boolean whether anybody calls its members by their numbers
---@field same_places boolean whether offsets can be compared: both are for one system

---Whether a member that is new stands behind all that were there.
local function is_behind(member, old, partner_of, new)
  for i = 1, #old do
    local partner <const> = partner_of[i] and new[partner_of[i]]
    if partner and (partner.offset or 0) > (member.offset or 0) then return false end
  end
  return true
end

local function report_added(report, comparison, rule, partner_of, member)
  local breaks = rule.fixed or false
  local text = "was added"
  if rule.placed and not rule.fixed and not is_behind(member, comparison.before, partner_of, comparison.after) then
    breaks, text = true, "was added before others"
  end
  report { change = "added", member = member.name, accessor = accessors[member.kind] and member.kind, breaking = breaks,
    whom = breaks and (rule.whom_of_place or members.EVERYONE) or nil, after = tostring(member), text = text }
end

local function report_place(report, comparison, rule, before, after)
  if not rule.placed or not comparison.same_places or before.offset == after.offset then return end
  report { change = "moved", breaking = true, whom = rule.whom_of_place, before = before.offset, after = after.offset,
    text = ("moved from offset %s to %s"):format(before.offset, after.offset) }
end

---Compares the members of two versions of a type; `report` takes each change, in the order of the new members.
---@param comparison oleander.diff.Members
---@param report fun(change: table)
function members.compare(comparison, report)
  local rule <const> = rules[comparison.kind]
  if not rule then return end
  local old <const>, new <const> = comparison.before, comparison.after
  local partner_of <const>, taken <const> = match(old, new, rule.alike)
  for i = 1, #old do
    local before <const>, after <const> = old[i], partner_of[i] and new[partner_of[i]]
    local function report_here(change)
      change.member = (after or before).name
      change.accessor = accessors[before.kind] and before.kind
      report(change)
    end
    if after then
      report_place(report_here, comparison, rule, before, after)
      compare_member(report_here, before, after, comparison)
    else
      report_here { change = "removed", breaking = true, whom = members.EVERYONE, before = tostring(before),
        text = "was removed" }
    end
  end
  for j = 1, #new do
    if not taken[j] then report_added(report, comparison, rule, partner_of, new[j]) end
  end
end

members.type_key = type_key
members.type_text = type_text

return members
