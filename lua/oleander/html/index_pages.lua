---The first page, and the page of a library.
local layout <const> = require "oleander.html.layout"
local markup <const> = require "oleander.html.markup"
local relations <const> = require "oleander.html.relations"

local index_pages <const> = {}

local text <const> = markup.text

-- a library

local headings <const> = {
  { "coclass", "Classes" }, { "interface", "Interfaces" }, { "enum", "Enums" }, { "record", "Records" },
  { "union", "Unions" }, { "alias", "Aliases" }, { "module", "Modules" }, { "unknown", "Others" },
}
local heading_of_kind <const> = { dispinterface = "interface" }
for _, pair in ipairs(headings) do heading_of_kind[pair[1]] = pair[1] end

local function kind_text(node)
  if node.kind == "dispinterface" then return node.dual and "dual" or "dispinterface" end
  return node.kind
end

local CONSTANTS_SHOWN <const> = 4

---What tells a type without a help string from others: its other names, its constants, what it stands for.
local function description(node)
  if node.help then return markup.prose(node.help, "help") end
  local words <const> = {}
  for _, alias in ipairs(node.aliases) do words[#words + 1] = text(alias.title) end
  if node.kind == "enum" then
    for i = 1, math.min(#node.groups, CONSTANTS_SHOWN) do words[#words + 1] = text(node.groups[i].name) end
    if #node.groups > CONSTANTS_SHOWN then words[#words + 1] = "…" end
  elseif node.alias then
    words[1] = "<code>" .. node.alias.html .. text(node.alias.suffix) .. "</code>"
  end
  return #words > 0 and ('<p class="of">%s</p>'):format(table.concat(words, ", ")) or ""
end

local function type_row(node)
  local marks <const> = {}
  if node.kind == "dispinterface" then marks[1] = kind_text(node) end
  for _, flag in ipairs(node.flags) do
    if flag == "hidden" or flag == "restricted" then marks[#marks + 1] = flag end
  end
  return { ('<tr%s><th scope="row">%s%s</th>'):format(node.hidden and ' class="dim"' or "",
    markup.link(node.file, text(node.title)), layout.marks(marks)), description(node) }
end

---The types of one kind; without descriptions where none has one.
local function type_table(list)
  local rows <const>, has_description = {}, false
  for i, node in ipairs(list) do
    rows[i] = type_row(node)
    has_description = has_description or rows[i][2] ~= ""
  end
  for i, row in ipairs(rows) do
    rows[i] = row[1] .. (has_description and "<td>" .. row[2] .. "</td>" or "") .. "</tr>\n"
  end
  return layout.table("types", has_description and { "Name", "Description" } or { "Name" }, rows)
end

local function types_html(entry)
  local lists <const> = {}
  for _, node in ipairs(entry.nodes) do
    local heading <const> = heading_of_kind[node.kind] or "unknown"
    lists[heading] = lists[heading] or {}
    table.insert(lists[heading], node)
  end
  local out <const>, outline <const> = {}, {}
  for _, pair in ipairs(headings) do
    local list <const> = lists[pair[1]]
    if list then
      table.sort(list, function(a, b)
        local x <const>, y <const> = a.name:lower(), b.name:lower()
        if x ~= y then return x < y end
        return a.index < b.index
      end)
      out[#out + 1] = ('<section id="-%s">\n<h2>%s <span class="count">%d</span></h2>\n%s</section>\n'):format(pair[1],
        pair[2], #list, type_table(list))
      outline[#outline + 1] = ('<li><a href="#-%s">%s</a> <span class="count">%d</span></li>\n'):format(pair[1],
        pair[2], #list)
    end
  end
  return table.concat(out), table.concat(outline)
end

local function library_link(entry, root)
  return markup.link(entry.folder and ("%s%s/index.html"):format(root, entry.folder), text(entry.title))
end

local function libraries_html(id, heading, list)
  if #list == 0 then return "" end
  local items <const> = {}
  for i, entry in ipairs(list) do items[i] = "<li>" .. library_link(entry, "../") .. "</li>" end
  return ('<section id="%s">\n<h2>%s <span class="count">%d</span></h2>\n<ul class="names">%s</ul>\n</section>\n')
    :format(id, heading, #list, table.concat(items))
end

local function library_facts(entry)
  return layout.facts {
    { "LIBID", "<code>" .. text(entry.guid) .. "</code>" },
    { "Version", text(entry.version) },
    { "Language", ("0x%X"):format(entry.lcid) },
    { "System", text(entry.syskind) },
    { "Format", entry.format and text(entry.format) },
    { "Attributes", #entry.flags > 0 and text(table.concat(entry.flags, ", ")) or nil },
    { "File", entry.path and text(entry.path) },
    { "Help file", entry.help_file and text(entry.help_file) },
    { "Help context", entry.help_context ~= 0 and tostring(entry.help_context) or nil },
  }
end

---The page of a library: its types by kind.
---@param entry oleander.html.Entry
---@return string
function index_pages.library(entry)
  local types <const>, outline <const> = types_html(entry)
  local picture <const> = relations.libraries(entry)
  local body <const> = table.concat {
    ('<h1><span class="kind library">library</span> %s</h1>\n'):format(text(entry.title)),
    entry.help and markup.prose(entry.help, "lead") .. "\n" or "",
    library_facts(entry), layout.custom(entry.custom), types,
    picture and "<section>\n<h2>Relations</h2>\n" .. picture .. "\n</section>\n" or "",
    libraries_html("-uses", "Uses", entry.uses),
    libraries_html("-used", "Used by", entry.used_by),
  }
  return layout.document {
    title = entry.title, root = "../", body = body,
    trail = { { title = "Libraries", address = "../index.html" }, { title = entry.title } },
    outline = outline ~= "" and '<nav id="-outline" class="outline" aria-label="Kinds of types"><ul>\n' .. outline
      .. "</ul></nav>\n" or nil,
  }
end

-- the first page

---@param site oleander.html.Site
---@return string
function index_pages.first(site)
  local entries <const> = table.move(site.entries, 1, #site.entries, 1, {})
  table.sort(entries, function(a, b)
    local x <const>, y <const> = a.name:lower(), b.name:lower()
    if x ~= y then return x < y end
    return a.number < b.number
  end)
  local rows <const> = {}
  for i, entry in ipairs(entries) do
    rows[i] = ('<tr><th scope="row">%s</th><td>%s</td><td>%s</td><td class="number">%d</td></tr>\n'):format(
      markup.link(entry.folder .. "/index.html", text(entry.name ~= "" and entry.name or entry.title)),
      text(entry.version), (entry.help and markup.prose(entry.help, "help") or "")
        .. (entry.path and ('<p class="of">%s</p>'):format(text(entry.path)) or ""), #entry.nodes)
  end
  local body <const> = table.concat {
    "<h1>Type libraries</h1>\n",
    ('<p class="lead">%s with %s and %s. Press <kbd>/</kbd> to search.</p>\n'):format(
      site.libraries == 1 and "1 library" or ("%d libraries"):format(site.libraries), layout.count(site.types, "type"),
      layout.count(site.members, "member")),
    layout.table("libraries", { "Library", "Version", "Description", "Types" }, rows),
  }
  return layout.document { title = "Type libraries", root = "", body = body }
end

return index_pages
