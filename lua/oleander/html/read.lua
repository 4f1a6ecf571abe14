---What the pages say of a type, as plain tables: nothing of the library is asked again when all are read.
local lines <const> = require "oleander.html.lines"
local markup <const> = require "oleander.html.markup"
local typelib <const> = require "oleander.typelib"
local typetext <const> = require "oleander.typetext"

local read <const> = {}

---@class oleander.html.Node a type; one of a library without pages has neither `file` nor `entry`
---@field name string
---@field title string the name, or what stands for one
---@field kind string
---@field entry? oleander.html.Entry
---@field index? integer
---@field file? string without its folder, with ".html"
---@field guid? string
---@field help? string
---@field groups oleander.html.Group[] own members, those of one name together
---@field base? oleander.html.Node
---@field roles oleander.html.Role[] of a class
---@field alias? {html: string, node: oleander.html.Node?}
---@field uses oleander.html.Node[] what its members refer to
---@field used_by {node: oleander.html.Node, groups: oleander.html.Group[]}[]
---@field derived oleander.html.Node[]
---@field classes oleander.html.Role[] who implements it
---@field aliases oleander.html.Node[] other names of it
---@field library_name? string of a type without a page

---@class oleander.html.Role
---@field node oleander.html.Node
---@field class oleander.html.Node
---@field flags string[]
---@field source boolean

---@class oleander.html.Group
---@field name string
---@field id string
---@field category "constant"|"field"|"property"|"method"
---@field lines {view: string?, html: string, slot: integer?}[]
---@field parameters string[] names
---@field hidden boolean
---@field marks string[]
---@field help? string
---@field help_context integer
---@field custom oleander.CustomData[]
---@field value? string
---@field hexadecimal? string
---@field offset? integer
---@field type? string HTML

local TYPEFLAG_CANCREATE <const> = 0x2

-- references

---What a library is known by, whoever opened it.
---@param attributes table
---@return string
function read.key(attributes)
  return ("%s %d.%d %d %d"):format(attributes.guid, attributes.major, attributes.minor, attributes.lcid,
    attributes.syskind)
end

local function same_type(node, name, guid)
  return node and node.name == name and (not guid or not node.guid or node.guid == guid)
end

---A type in a library with pages: at its place, else by name, else by GUID.
local function find_in(entries, index, name, guid)
  for _, entry in ipairs(entries) do
    if same_type(entry.nodes[index], name, guid) then return entry.nodes[index] end
  end
  for _, entry in ipairs(entries) do
    local node <const> = entry.by_name[name]
    if same_type(node, name, guid) then return node end
  end
end

local function stranger(site, key, name, kind, library)
  local node = site.strangers[key]
  if not node then
    node = { name = name, title = name, kind = kind, library_name = library, groups = {}, derived = {}, classes = {},
      aliases = {}, used_by = {}, uses = {}, roles = {} }
    site.strangers[key] = node
  end
  return node
end

local kinds <const> = {
  [0] = "enum", [1] = "record", [2] = "module", [3] = "interface", [4] = "dispinterface", [5] = "coclass",
  [6] = "alias", [7] = "union",
}

---The node of a type that the bridge gives.
local function node_of_info(site, entry, info)
  local library <const>, index <const> = info:library()
  local text <const> = info:documentation() or {}
  local name <const> = text.name or ""
  if not library then return stranger(site, "? " .. name, name, "interface", nil) end
  local attributes <const> = library:attributes()
  local key <const> = read.key(attributes)
  if key == entry.key then return entry.nodes[index + 1] end
  local of_info <const> = info:attributes()
  local found <const> = find_in(site.by_key[key] or {}, index + 1, name, of_info.guid)
    or find_in(site.by_guid[attributes.guid] or {}, index + 1, name, of_info.guid)
  if found then return found end
  return stranger(site, key .. " " .. index, name, kinds[of_info.kind], (library:documentation(-1) or {}).name)
end

---Where types of one type information lead: nodes by reference, and their names as links.
local function linker(site, entry, info)
  local nodes <const>, links <const> = {}, {}
  local function node(href)
    if nodes[href] == nil then
      local target <const> = info:reference(href)
      nodes[href] = target and node_of_info(site, entry, target)
        or stranger(site, ("%s missing %x"):format(entry.key, href), ("missing_type_0x%x"):format(href), "interface")
    end
    return nodes[href]
  end
  local function link(href)
    if not links[href] then
      local target <const> = node(href)
      links[href] = markup.link(read.address(target, entry), markup.text(target.title))
    end
    return links[href]
  end
  return node, link
end

---The address of a type, as seen from the pages of a library or (without one) from the first page.
---@param node oleander.html.Node
---@param from? oleander.html.Entry
---@return string?
function read.address(node, from)
  if not node.file then return nil end
  if node.entry == from then return node.file end
  return ("%s%s/%s"):format(from and "../" or "", node.entry.folder, node.file)
end

-- members

local categories <const> = { method = "method", field = "field", constant = "constant" }
local marking <const> = { hidden = true, restricted = true, nonbrowsable = true }

local function marks_of(member)
  local result <const> = {}
  for _, flag in ipairs(member.flags) do
    if marking[flag] then result[#result + 1] = flag end
  end
  return result
end

local function has_flag(flags, wanted)
  for _, flag in ipairs(flags) do
    if flag == wanted then return true end
  end
  return false
end

local function new_group(place, member)
  local marks <const> = marks_of(member)
  local group <const> = {
    name = member.name, id = place.id(member.name), category = categories[member.kind] or "property", lines = {},
    parameters = {}, seen = {}, marks = marks,
    hidden = has_flag(marks, "hidden") or has_flag(marks, "restricted"), help = member.help,
    help_context = member.help_context, custom = {},
  }
  local special <const> = place.by_id and ({ [0] = "default member", [-4] = "enumerator" })[member.id]
  if special then table.insert(marks, 1, special) end
  place.groups[#place.groups + 1] = group
  place.by_name[member.name] = group
  return group
end

local function add_custom(list, custom, prefix)
  for _, item in ipairs(custom) do
    list[#list + 1] = { guid = item.guid, value = item.value, of = prefix }
  end
end

local function add_parameters(group, member, found)
  for _, parameter in ipairs(member.parameters) do
    if not group.seen[parameter.name] then
      group.seen[parameter.name] = true
      group.parameters[#group.parameters + 1] = parameter.name
      add_custom(group.custom, parameter.custom, parameter.name)
    end
    lines.references(typelib.parameter_facts[parameter].desc.type, found)
  end
end

---One member into the group of its name.
---@param place table what the members of a type are gathered in
---@param view? string who sees it so: "script" or "vtable"
local function add_member(place, member, view, node, link)
  local facts <const> = typelib.member_facts[member]
  local group <const> = place.by_name[member.name] or new_group(place, member)
  local function found(href) place.refer(node(href), group) end
  group.help = group.help or member.help
  lines.references(facts.result, found)
  if facts.is_function then add_parameters(group, member, found) end
  if #group.lines == 0 then add_custom(group.custom, member.custom) end
  local line <const> = { view = view, html = lines.member(member, link) }
  if group.category == "constant" then
    group.value, group.hexadecimal = lines.value(member)
    group.type = lines.type(facts.result, link)
  elseif group.category == "field" then
    group.offset = group.offset or member.offset or 0
  elseif view ~= "script" and place.has_slots and facts.is_function then
    line.slot = (member.offset or 0) // 8
  end
  group.lines[#group.lines + 1] = line
end

---The identifiers of a page: none twice.
---@param taken table<string, boolean>
---@return fun(name: string): string
function read.identifiers(taken)
  return function(name)
    local base <const> = name ~= "" and markup.id(name) or "unnamed"
    local id, number = base, 1
    while taken[id] do
      number = number + 1
      id = ("%s~%d"):format(base, number)
    end
    taken[id] = true
    return id
  end
end

---Notes that members of `node` refer to another type.
local function refer_from(node)
  local seen <const> = {}
  return function(target, group)
    if target == node then return end
    local use = seen[target]
    if not use then
      use = { node = node, groups = {} }
      seen[target] = use
      node.uses[#node.uses + 1] = target
      target.used_by[#target.used_by + 1] = use
    end
    if use.groups[#use.groups] ~= group then use.groups[#use.groups + 1] = group end
  end
end

local everywhere <const> = {
  QueryInterface = true, AddRef = true, Release = true, GetTypeInfoCount = true, GetTypeInfo = true,
  GetIDsOfNames = true, Invoke = true,
}

---Whether it is a member of IUnknown or IDispatch that the type only lists.
local function is_everywhere(value, member)
  return everywhere[member.name] and member.id & 0xFFFE0000 == 0x60000000 and value.name ~= "IUnknown"
    and value.name ~= "IDispatch"
end

local function read_members(site, node, value, half)
  local place <const> = {
    groups = node.groups, by_name = {}, id = node.identifiers, refer = refer_from(node),
    by_id = value.kind == "dispinterface" or half and half.kind == "dispinterface",
    has_slots = value.kind == "interface" or half and half.kind == "interface",
  }
  local target <const>, link <const> = linker(site, node.entry, typelib.type_facts[value].info)
  if half and half.kind == "interface" then
    local own <const> = {}
    for _, member in ipairs(half.members) do own[member.name] = true end
    for _, member in ipairs(value.members) do
      -- What only the dispinterface lists belongs to a base; the base's page shows it.
      if own[member.name] then
        add_member(place, member, "script", target, link)
      elseif not is_everywhere(value, member) then
        node.listed[#node.listed + 1] = member.name
      end
    end
    local half_target <const>, half_link <const> = linker(site, node.entry, typelib.type_facts[half].info)
    for _, member in ipairs(half.members) do add_member(place, member, "vtable", half_target, half_link) end
  else
    for _, member in ipairs(value.members) do
      if not is_everywhere(value, member) then add_member(place, member, nil, target, link) end
    end
  end
  return target, link
end

-- what a type stands on

local function read_base(site, node, own)
  local first <const> = (own.kind == "interface" or own.kind == "dispinterface") and own.implements[1]
  if not first then return end
  if first.type then
    node.base = node_of_info(site, node.entry, first.type:info())
  else
    node.base = stranger(site, node.entry.key .. " base " .. first.name, first.name, "interface")
  end
  if node.base == node then
    node.base = nil
    node.problems[#node.problems + 1] = { text = "it derives from itself", damaged = true }
    return
  end
  table.insert(node.base.derived, node)
  if not node.base.file then read.stranger_members(site, node.entry, node.base, first.type) end
end

---The names of the members of a type without a page, for those that inherit them.
---@param site oleander.html.Site
---@param entry oleander.html.Entry
---@param node oleander.html.Node
---@param value? oleander.Type
function read.stranger_members(site, entry, node, value)
  if node.is_read or not value then return end
  node.is_read = true
  local own <const> = value.kind == "dispinterface" and value.other_half or value
  for _, member in ipairs(own.members) do
    if not node.groups[member.name] then
      local group <const> = { name = member.name, id = markup.id(member.name), category = "method", lines = {},
        marks = {} }
      node.groups[#node.groups + 1] = group
      node.groups[member.name] = group
    end
  end
  local base <const> = own.kind == "interface" and own.base
  if base then
    node.base = node_of_info(site, entry, base:info())
    if node.base == node then node.base = nil end
    if node.base and not node.base.file then read.stranger_members(site, entry, node.base, base) end
  end
end

local function read_roles(site, node, value)
  for _, item in ipairs(value.implements) do
    local target <const> = item.type and node_of_info(site, node.entry, item.type:info())
      or stranger(site, node.entry.key .. " of a class " .. item.name, item.name, "interface")
    local role <const> = { node = target, class = node, flags = item.flags, source = has_flag(item.flags, "source") }
    node.roles[#node.roles + 1] = role
    table.insert(target.classes, role)
  end
end

local function read_alias(node, value, target, link)
  local alias <const> = typelib.type_facts[value].info:attributes().alias
  if not alias then return end
  local html <const>, suffix <const> = lines.type(alias, link)
  node.alias = { html = html, suffix = suffix }
  lines.references(alias, function(href)
    local found <const> = target(href)
    if found == node then return end
    node.alias.node = found
    node.uses[#node.uses + 1] = found
    table.insert(found.aliases, node)
  end)
end

local function note_problem(node, value)
  if value and value.problem then
    node.problems[#node.problems + 1] = { text = value.problem, damaged = value.damaged or false }
  end
end

---Attributes of a type for its head; of a dual interface those of both halves.
local function flags_of(value, half)
  local info <const> = typelib.type_facts[value].info
  local bits = info:attributes().flags
  if half then bits = bits | typelib.type_facts[half].info:attributes().flags end
  local result <const> = typetext.flags(bits, typetext.type_flags)
  if value.kind == "coclass" and bits & TYPEFLAG_CANCREATE == 0 then table.insert(result, 1, "noncreatable") end
  return result
end

local function read_head(node, value, half)
  node.guid, node.version, node.help, node.help_context = value.guid, value.version, value.help, value.help_context
  node.flags, node.custom, node.dual = flags_of(value, half), value.custom, value.dual
  node.hidden = has_flag(node.flags, "hidden") or has_flag(node.flags, "restricted")
  node.size, node.alignment = value.size, value.alignment
  node.vtable_size = half and half.kind == "interface" and half.vtable_size or value.vtable_size
end

---Reads all of a type into its node.
---@param site oleander.html.Site
---@param node oleander.html.Node
---@param value oleander.Type
function read.type(site, node, value)
  local half <const> = value.kind == "dispinterface" and value.other_half or nil
  read_head(node, value, half)
  local target <const>, link <const> = read_members(site, node, value, half)
  local own <const> = half and half.kind == "interface" and half or value
  read_base(site, node, own)
  if value.kind == "coclass" then read_roles(site, node, value) end
  if value.kind == "alias" then read_alias(node, value, target, link) end
  note_problem(node, value)
  note_problem(node, half)
end

return read
