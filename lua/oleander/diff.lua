---What changed between two versions of a type library, and whom it breaks. The rules are in docs/diff.md.
local core <const> = require "oleander.core"
local members <const> = require "oleander.diff_members"
local typelib <const> = require "oleander.typelib"
local typetext <const> = require "oleander.typetext"

local diff <const> = {}

---@class oleander.Change
---@field change "added"|"removed"|"moved"|"type"|"id"|"name"|"value"|"guid"
---@field type? string the type that changed; nil for the library itself
---@field member? string
---@field parameter? string
---@field breaking boolean
---@field whom? string whom it breaks: "compiled clients", "scripts", "servers" or "everyone"
---@field before any
---@field after any
---@field text string a sentence

---@class oleander.Differences: oleander.Change[]
---@field result "same"|"compatible"|"breaking"

---Types of both libraries that belong together: by name, then by GUID (renamed).
local function match_types(a, b)
  local by_name <const>, by_guid <const>, partner_of <const>, taken <const> = {}, {}, {}, {}
  for j = 1, #b do
    members.put_in_queue(by_name, core.fold(b[j].name), j)
    if b[j].guid then by_guid[b[j].guid] = j end
  end
  local function pair(i, j)
    if j and not taken[j] and not partner_of[i] then
      partner_of[i], taken[j] = j, true
    end
  end
  for i = 1, #a do pair(i, members.take_from_queue(by_name, core.fold(a[i].name))) end
  for i = 1, #a do pair(i, a[i].guid and by_guid[a[i].guid]) end
  return partner_of, taken
end

---The vtable half of a dual interface is the one whose members are its own.
local function own_half(value)
  return value.kind == "dispinterface" and value.dual and value.other_half or value
end

local function compare_guid(report, before, after, whom)
  if before.guid == after.guid then return end
  report { change = "guid", breaking = before.guid ~= nil, whom = before.guid and whom or nil, before = before.guid,
    after = after.guid, text = before.guid and "has another GUID" or "has a GUID now" }
end

local function compare_version(report, before, after)
  if before.version == after.version then return end
  report { change = "value", breaking = false, before = before.version, after = after.version,
    text = "has another version" }
end

-- coclasses

---What a coclass implements, or raises, by name.
local function implemented_by_name(list, renamed)
  local result <const> = {}
  for _, item in ipairs(list) do result[core.fold(renamed[item.name] or item.name)] = item end
  return result
end

local function compare_implemented(report, before, after)
  local old <const>, new <const> = table.concat(before.flags, ", "), table.concat(after.flags, ", ")
  if old == new then return end
  report { change = "type", member = after.name, breaking = true, whom = members.SCRIPTS, before = "[" .. old .. "]",
    after = "[" .. new .. "]", text = "has another role in the class" }
end

local function compare_coclass(report, before, after, renamed)
  local old <const> = implemented_by_name(before.implements, renamed)
  local new <const> = implemented_by_name(after.implements, {})
  for _, item in ipairs(before.implements) do
    local partner <const> = new[core.fold(renamed[item.name] or item.name)]
    if partner then
      compare_implemented(report, item, partner)
    else
      report { change = "removed", member = item.name, breaking = true, whom = members.EVERYONE, before = item.name,
        text = "is not implemented any more" }
    end
  end
  for _, item in ipairs(after.implements) do
    if not old[core.fold(item.name)] then
      report { change = "added", member = item.name, breaking = false, after = item.name, text = "is implemented too" }
    end
  end
end

-- types

local function base_name(value)
  local base <const> = own_half(value).kind == "interface" and own_half(value).implements[1]
  return base and base.name or nil
end

local function compare_base(report, before, after, renamed)
  local old <const>, new <const> = base_name(before), base_name(after)
  local expected <const> = old and core.fold(renamed[old] or old)
  if expected == (new and core.fold(new)) then return end
  report { change = "type", breaking = true, whom = members.COMPILED, before = old, after = new,
    text = "derives from another interface" }
end

local function compare_alias(report, before, after, renamed)
  local old <const>, new <const> = typelib.type_facts[before], typelib.type_facts[after]
  if before.kind ~= "alias" then return end
  local function key(value, facts, names)
    local attributes <const> = facts.info:attributes()
    return members.type_key(attributes.alias, function(href)
      local info <const> = facts.info:reference(href)
      return info and (info:documentation() or {}).name or "missing_type_0x0"
    end, names), value.alias_of
  end
  local old_key <const>, old_text <const> = key(before, old, renamed)
  local new_key <const>, new_text <const> = key(after, new, {})
  if old_key == new_key then return end
  report { change = "type", breaking = true, whom = members.EVERYONE, before = old_text, after = new_text,
    text = "is another type" }
end

---A record whose fields stayed but whose size did not: it is packed otherwise.
local function compare_size(report, before, after, had_changes)
  if before.kind ~= "record" and before.kind ~= "union" or had_changes or before.size == after.size then return end
  report { change = "type", breaking = true, whom = members.EVERYONE, before = before.size, after = after.size,
    text = "has another size" }
end

local whom_of_guid <const> = { interface = members.COMPILED }

---The attributes of both halves of a dual interface.
local function flags_of(value)
  local info <const> = typelib.type_facts[own_half(value)].info
  local flags <const> = typetext.flags(info:attributes().flags, typetext.type_flags)
  if value.kind == "coclass" and info:attributes().flags & 0x2 ~= 0 then table.insert(flags, 1, "cancreate") end
  return flags
end

---Whether scripts reach it: not an interface of vtable functions alone.
local function is_called_by_id(value)
  return value.kind ~= "interface" or typelib.type_facts[value].info:attributes().flags & 0x1000 ~= 0
end

local function kind_of(value)
  return value.kind == "dispinterface" and value.dual and "dual interface" or value.kind
end

---@param report fun(change: table)
---@param before oleander.Type
---@param after oleander.Type
---@param context {renamed: table<string, string>, same_places: boolean}
local function compare_type(report, before, after, context)
  local changes = 0
  local function counted(change)
    changes = changes + 1
    report(change)
  end
  if core.fold(before.name) ~= core.fold(after.name) then
    report { change = "name", breaking = true, whom = members.EVERYONE, before = before.name, after = after.name,
      text = ("was renamed from %s"):format(before.name) }
  end
  local old <const>, new <const> = own_half(before), own_half(after)
  if old.kind ~= new.kind then
    report { change = "type", breaking = true, whom = members.EVERYONE, before = kind_of(before),
      after = kind_of(after), text = ("is no %s any more"):format(kind_of(before)) }
    return
  end
  compare_guid(report, before, after, whom_of_guid[before.kind] or members.EVERYONE)
  compare_base(report, before, after, context.renamed)
  compare_alias(report, before, after, context.renamed)
  if before.kind == "coclass" then compare_coclass(report, before, after, context.renamed) end
  members.compare({ before = old.members, after = new.members, kind = old.kind, renamed = context.renamed,
    called_by_id = is_called_by_id(before), same_places = context.same_places }, counted)
  if context.same_places then compare_size(report, before, after, changes > 0) end
  members.compare_flags(report, flags_of(before), flags_of(after))
  members.compare_help(report, before, after)
  compare_version(report, before, after)
end

-- libraries

local function compare_library(report, a, b)
  if a.guid ~= b.guid then
    report { change = "guid", breaking = true, whom = members.EVERYONE, before = a.guid, after = b.guid,
      text = "it is another library: the LIBID changed" }
  end
  if core.fold(a.name) ~= core.fold(b.name) then
    report { change = "name", breaking = true, whom = members.COMPILED, before = a.name, after = b.name,
      text = ("the library was renamed from %s"):format(a.name) }
  end
  local function report_value(what, before, after)
    if before == after then return end
    report { change = "value", breaking = false, before = before, after = after,
      text = ("the library has another %s"):format(what) }
  end
  report_value("version", a.version, b.version)
  report_value("language", a.lcid, b.lcid)
  report_value("system", a.syskind, b.syskind)
  report_value("help text", a.help, b.help)
  report_value("help file", a.help_file, b.help_file)
  report_value("help context", a.help_context, b.help_context)
end

---The sentence of a change, with where it is.
local function complete(change, name)
  change.type = name
  local place = name
  if change.member then place = place .. "." .. change.member end
  if change.parameter then place = ("%s(%s)"):format(place, change.parameter) end
  if change.accessor then place = ("%s [%s]"):format(place, change.accessor) end
  change.accessor = nil
  if place then change.text = place .. " " .. change.text end
  return change
end

local function names_of_renamed(a, b, partner_of)
  local renamed <const> = {}
  for i = 1, #a do
    local partner <const> = partner_of[i] and b[partner_of[i]]
    if partner and partner.name ~= a[i].name then renamed[a[i].name] = partner.name end
  end
  return renamed
end

---@param list oleander.Change[]
local function result_of(list)
  for _, change in ipairs(list) do
    if change.breaking then return "breaking" end
  end
  return #list > 0 and "compatible" or "same"
end

---What changed from library `a` to library `b`: first of the libraries themselves, then of their types in the order of
---`a`, at last what is new.
---@param a oleander.Library
---@param b oleander.Library
---@return oleander.Differences
function diff.libraries(a, b)
  local list <const> = {}
  local function reporter(name)
    return function(change) list[#list + 1] = complete(change, name) end
  end
  compare_library(reporter(nil), a, b)
  local old <const>, new <const> = a.types, b.types
  local partner_of <const>, taken <const> = match_types(old, new)
  local context <const> = {
    renamed = names_of_renamed(old, new, partner_of),
    same_places = (a.syskind == "win64") == (b.syskind == "win64"),
  }
  for i = 1, #old do
    local after <const> = partner_of[i] and new[partner_of[i]]
    if after then
      compare_type(reporter(after.name), old[i], after, context)
    else
      reporter(old[i].name) { change = "removed", breaking = true, whom = members.EVERYONE, before = tostring(old[i]),
        text = "was removed" }
    end
  end
  for j = 1, #new do
    if not taken[j] then
      reporter(new[j].name) { change = "added", breaking = false, after = tostring(new[j]), text = "was added" }
    end
  end
  list.result = result_of(list)
  return list
end

---What cannot be read of a library, and so not be compared either. Nil: all of it can.
---@param library oleander.Library
---@return string?
function diff.problem(library)
  for i = 1, #library.types do
    local value <const> = library.types[i]
    for _, half in ipairs { value, value.other_half } do
      local _ <const> = half.members
      if half.damaged then return ("%s: %s"):format(half.name, half.problem) end
    end
  end
end

---What changed from one type library to another, as a list of changes, each with `breaking` and whom it breaks; the
---list's `result` is "same", "compatible" or "breaking". A library is one, or whatever `com.typelib` takes.
---@param a oleander.Library|string
---@param b oleander.Library|string
---@return oleander.Differences
function diff.diff(a, b)
  local types <const> = require "oleander.types"
  local function library(value)
    return typelib.is_library(value) and value or types.typelib(value)
  end
  return diff.libraries(library(a), library(b))
end

return diff
