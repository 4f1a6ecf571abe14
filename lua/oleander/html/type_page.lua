---The page of a type.
local layout <const> = require "oleander.html.layout"
local markup <const> = require "oleander.html.markup"
local read <const> = require "oleander.html.read"
local relations <const> = require "oleander.html.relations"

local type_page <const> = {}

local text <const> = markup.text

---A link to a type, with its library where that is another one.
local function type_link(node, from, class)
  local html = markup.link(read.address(node, from), text(node.title), class and ('class="%s"'):format(class))
  if node.entry ~= from then
    local library <const> = node.entry and node.entry.title or node.library_name
    if library then html = html .. (' <span class="of">in %s</span>'):format(text(library)) end
  end
  return html
end

-- the head

local function kind_text(node)
  return node.kind == "dispinterface" and node.dual and "dual interface" or node.kind
end

local guid_names <const> = { interface = "IID", dispinterface = "IID", coclass = "CLSID" }

---The line that declares it.
local function declaration(node)
  if node.kind == "alias" then
    local alias <const> = node.alias or { html = "?", suffix = "" }
    return ("typedef %s <b>%s</b>%s;"):format(alias.html, text(node.name), alias.suffix)
  end
  local base <const> = node.base and " : " .. type_link(node.base, node.entry) or ""
  local word <const> = node.kind == "record" and "struct" or kind_text(node)
  return ("%s <b>%s</b>%s"):format(word, text(node.name), base)
end

local function bytes(number)
  return number and ("%d (0x%X)"):format(number, number)
end

local has_size <const> = { record = true, union = true, alias = true, enum = true }

local function facts(node)
  local has_vtable <const> = node.kind == "interface" or node.kind == "dispinterface" and node.dual
  local context <const> = node.help_context
  return layout.facts {
    { guid_names[node.kind] or "GUID", node.guid and "<code>" .. node.guid .. "</code>" },
    { "Version", node.version ~= "0.0" and node.version or nil },
    { "Attributes", #node.flags > 0 and text(table.concat(node.flags, ", ")) or nil },
    { "Size", has_size[node.kind] and node.size and bytes(node.size) .. " bytes" },
    { "Alignment", has_size[node.kind] and node.alignment and tostring(node.alignment) },
    { "Vtable", has_vtable and node.vtable_size and ("%d slots"):format(node.vtable_size // 8) },
    { "Help context", context and context ~= 0 and tostring(context) or nil },
  }
end

local function problems_html(node)
  local out <const> = {}
  for i, problem in ipairs(node.problems) do
    out[i] = ('<p class="problem" role="note">Not all of it can be shown: %s.</p>\n'):format(text(problem.text))
  end
  return table.concat(out)
end

local function head(node)
  local marks <const> = {}
  for _, flag in ipairs(node.flags) do
    if flag == "hidden" or flag == "restricted" then marks[#marks + 1] = flag end
  end
  local out <const> = { ('<h1><span class="kind %s">%s</span> %s%s</h1>\n'):format(node.kind, kind_text(node),
    text(node.title), layout.marks(marks)) }
  if node.help then out[#out + 1] = markup.prose(node.help, "lead") .. "\n" end
  out[#out + 1] = problems_html(node)
  out[#out + 1] = ('<pre class="idl"><code>%s</code></pre>\n'):format(declaration(node))
  out[#out + 1] = facts(node)
  out[#out + 1] = layout.custom(node.custom)
  return table.concat(out)
end

-- members

local views <const> = { script = "scripts", vtable = "vtable" }

local function line_html(line)
  local label <const> = line.view and ('<span class="view">%s</span>'):format(views[line.view]) or ""
  local slot <const> = line.slot and ('<span class="slot">slot %d</span>'):format(line.slot) or ""
  return ('<div class="line">%s<code class="idl">%s</code>%s</div>\n'):format(label, line.html, slot)
end

---The lines for scripts, then those of the vtable, each in the library's order.
local function lines_html(group)
  local out <const> = {}
  for pass = 1, 2 do
    for _, line in ipairs(group.lines) do
      if (line.view == "script") == (pass == 1) then out[#out + 1] = line_html(line) end
    end
  end
  return table.concat(out)
end

local function title_of(group)
  return group.name ~= "" and group.name or "(no name)"
end

local function self_link(group)
  return ('<a class="self" href="#%s">%s</a>'):format(markup.fragment(group.id), text(title_of(group)))
end

local function context_html(group)
  if group.help_context == 0 then return "" end
  return ('<p class="context">Help context %d</p>\n'):format(group.help_context)
end

local function article(group)
  return ('<article class="member%s" id="%s">\n<h3>%s%s</h3>\n%s%s%s%s</article>\n'):format(
    group.hidden and " dim" or "", text(group.id), self_link(group), layout.marks(group.marks),
    group.help and markup.prose(group.help, "help") or "", lines_html(group), context_html(group),
    layout.custom(group.custom))
end

local function help_cell(group)
  return (group.help and markup.prose(group.help, "help") or "") .. context_html(group) .. layout.custom(group.custom)
end

local function number_cell(number)
  return number and ("<code>%s</code>"):format(text(number)) or ""
end

---Columns of a table of members: heading, class of the cells, and what they hold.
local columns <const> = {
  type = { "Type", "", function(group) return ("<code>%s</code>"):format(group.type) end },
  value = { "Value", "number", function(group) return number_cell(group.value) end },
  hexadecimal = { "Hexadecimal", "number", function(group) return number_cell(group.hexadecimal) end },
  declaration = { "Declaration", "", function(group)
    return ('<code class="idl">%s</code>'):format(group.lines[1].html)
  end },
  offset = { "Offset", "number", function(group) return bytes(group.offset) end },
  help = { "Description", "", help_cell },
}

---A table with a row for each member; a column that would be empty is left out.
local function member_table(class, groups, keys)
  local headings <const>, shown <const> = { "Name" }, {}
  for _, key in ipairs(keys) do
    local cells <const>, column <const> = {}, columns[key]
    local has_content = false
    for i, group in ipairs(groups) do
      cells[i] = column[3](group)
      has_content = has_content or cells[i] ~= ""
    end
    if has_content then
      headings[#headings + 1] = column[1]
      shown[#shown + 1] = { cells = cells, open = column[2] ~= "" and ('<td class="%s">'):format(column[2]) or "<td>" }
    end
  end
  local rows <const> = {}
  for i, group in ipairs(groups) do
    local out <const> = { ('<tr id="%s"%s><th scope="row">%s%s</th>'):format(text(group.id),
      group.hidden and ' class="dim"' or "", self_link(group), layout.marks(group.marks)) }
    for _, column in ipairs(shown) do out[#out + 1] = column.open .. column.cells[i] .. "</td>" end
    out[#out + 1] = "</tr>\n"
    rows[i] = table.concat(out)
  end
  return layout.table(class, headings, rows)
end

local sections <const> = {}

function sections.constant(groups, node)
  local keys <const> = { "value", "hexadecimal", "help" }
  if node.kind ~= "enum" then table.insert(keys, 1, "type") end
  return "Constants", member_table("constants", groups, keys)
end

function sections.field(groups)
  return "Fields", member_table("fields", groups, { "declaration", "offset", "help" })
end

local function articles(heading)
  return function(groups)
    local out <const> = {}
    for i, group in ipairs(groups) do out[i] = article(group) end
    return heading, table.concat(out)
  end
end

sections.property, sections.method = articles "Properties", articles "Methods"

local order <const> = { "constant", "field", "property", "method" }

---Members by what they are, in the library's order.
local function by_category(node)
  local lists <const> = {}
  for _, category in ipairs(order) do lists[category] = {} end
  for _, group in ipairs(node.groups) do table.insert(lists[group.category], group) end
  return lists
end

local function section(id, heading, content)
  return ("<section%s>\n<h2>%s</h2>\n%s</section>\n"):format(id and (' id="%s"'):format(id) or "", heading, content)
end

local function members_html(node)
  local out <const>, lists <const> = {}, by_category(node)
  for _, category in ipairs(order) do
    if #lists[category] > 0 then
      local heading <const>, content <const> = sections[category](lists[category], node)
      out[#out + 1] = section(nil, ('%s <span class="count">%d</span>'):format(heading, #lists[category]), content)
    end
  end
  return table.concat(out)
end

-- members of the bases

local function inherited_item(base, group, node, taken)
  local address <const> = base.file and ("%s#%s"):format(read.address(base, node.entry), markup.fragment(group.id))
  -- Its own name leads to it, so that Class.html#Member works for what the class only inherits.
  local id <const> = not taken[group.id] and (' id="%s"'):format(text(group.id)) or ""
  taken[group.id] = true
  return ("<li%s%s>%s</li>"):format(id, group.hidden and ' class="dim"' or "",
    markup.link(address, text(title_of(group))))
end

local function inherited_html(node)
  local taken <const>, out <const>, listed <const> = node.taken, {}, {}
  for _, base in ipairs(relations.bases(node)) do
    local items <const> = {}
    for _, group in ipairs(base.groups) do
      listed[group.name] = true
      items[#items + 1] = inherited_item(base, group, node, taken)
    end
    if #items > 0 then
      out[#out + 1] = ("<p>From %s:</p>\n<ul class=\"names\">%s</ul>\n"):format(type_link(base, node.entry),
        table.concat(items))
    end
  end
  local rest <const> = {}
  for _, name in ipairs(node.listed) do
    if not listed[name] then
      listed[name] = true
      rest[#rest + 1] = ('<li id="%s">%s</li>'):format(text(node.identifiers(name)), text(name))
    end
  end
  if #rest > 0 then
    out[#out + 1] = ("<p>Also listed:</p>\n<ul class=\"names\">%s</ul>\n"):format(table.concat(rest))
  end
  return #out > 0 and section("-inherited", "Inherited", table.concat(out)) or ""
end

-- lists of others

local function role_text(role)
  local words <const> = {}
  for _, flag in ipairs(role.flags) do words[#words + 1] = flag == "source" and "events" or flag end
  return table.concat(words, ", ")
end

---The interfaces of a class.
local function roles_html(node)
  if #node.roles == 0 then return "" end
  local rows <const> = {}
  for i, role in ipairs(node.roles) do
    rows[i] = ('<tr><th scope="row">%s</th><td>%s</td><td>%s</td></tr>\n'):format(type_link(role.node, node.entry),
      role_text(role) ~= "" and role_text(role) or (role.source and "events" or "implements"),
      role.node.help and markup.prose(role.node.help, "help") or "")
  end
  return section("-interfaces", "Interfaces", layout.table("roles", { "Interface", "Role", "Description" }, rows))
end

local function list_section(id, heading, list, item_html)
  if #list == 0 then return "" end
  local out <const> = {}
  for i, item in ipairs(list) do out[i] = "<li>" .. item_html(item) .. "</li>" end
  return section(id, ('%s <span class="count">%d</span>'):format(heading, #list),
    ('<ul class="%s">%s</ul>\n'):format(id == "-used" and "users" or "names", table.concat(out)))
end

local MEMBERS_SHOWN <const> = 8

---Who uses it, with the members that do.
local function user_html(node)
  return function(use)
    local members <const> = {}
    for i = 1, math.min(#use.groups, MEMBERS_SHOWN) do
      local group <const> = use.groups[i]
      members[i] = markup.link(("%s#%s"):format(read.address(use.node, node.entry), markup.fragment(group.id)),
        text(title_of(group)))
    end
    if #use.groups > MEMBERS_SHOWN then members[#members + 1] = ("%d more"):format(#use.groups - MEMBERS_SHOWN) end
    return type_link(use.node, node.entry) .. ": " .. table.concat(members, ", ")
  end
end

local function others_html(node)
  local function link(other) return type_link(other, node.entry) end
  return table.concat {
    list_section("-derived", "Derived", node.derived, link),
    list_section("-classes", "Classes", node.classes, function(role)
      return type_link(role.class, node.entry) .. (role.source and ' <span class="of">raises it</span>' or "")
    end),
    list_section("-used", "Used by", node.used_by, user_html(node)),
    list_section(nil, "Also called", node.aliases, link),
    list_section("-uses", "Uses", node.uses, link),
    list_section("-same", "The same elsewhere", node.twins or {}, link),
  }
end

---Links to the members, for the side of the page.
local function outline(node)
  local out <const> = { '<nav id="-outline" class="outline" aria-label="Members"><ul>\n' }
  local lists <const> = by_category(node)
  for _, category in ipairs(order) do
    for _, group in ipairs(lists[category]) do
      out[#out + 1] = ('<li class="%s%s"><a href="#%s">%s</a></li>\n'):format(category, group.hidden and " dim" or "",
        markup.fragment(group.id), text(title_of(group)))
    end
  end
  if #out == 1 then return nil end
  out[#out + 1] = "</ul></nav>\n"
  return table.concat(out)
end

---@param node oleander.html.Node
---@return string
function type_page.html(node)
  local entry <const> = node.entry
  local inheritance <const>, use <const> = relations.inheritance(node), relations.use(node)
  local body <const> = table.concat {
    head(node),
    roles_html(node),
    inheritance or "", inheritance and "\n" or "",
    members_html(node),
    inherited_html(node),
    use and section(nil, "Relations", use .. "\n") or "",
    others_html(node),
  }
  return layout.document {
    title = ("%s - %s"):format(node.title, entry.title),
    root = "../",
    trail = { { title = "Libraries", address = "../index.html" }, { title = entry.title, address = "index.html" },
      { title = node.title } },
    outline = outline(node),
    body = body,
  }
end

return type_page
