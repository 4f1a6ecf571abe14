---The pages of docs/ as a site to read and search offline: links between them go to the pages, what lies elsewhere in
---the tree is named and not linked.
local layout <const> = require "oleander.html.layout"
local markdown <const> = require "tools.manual.markdown"
local markup <const> = require "oleander.html.markup"
local search_data <const> = require "oleander.html.search_data"

local site <const> = {}

local MEMBER_HELP <const> = 280 -- bytes of a section's text that the search looks through

---The address of a link's target in the site: another page, a place, the world; nil when it is not there.
local function address_of(target, pages)
  if target:find "^%a+:" or target:find "^#" then return target end
  local path <const>, place <const> = target:match "^([^#]*)(.*)$"
  local name = path:match "^(.-)%.md$"
  if not name then return nil end
  name = name:gsub("^%./", ""):gsub("^docs/", "")
  local file <const> = pages[name] or pages[name:gsub("^%.%./", "")]
  return file and file .. place or nil
end

local function spans_html(text, pages)
  local out <const> = {}
  for i, span in ipairs(markdown.spans(text)) do
    local inner <const> = markup.text(span.text)
    if span.kind == "code" then
      out[i] = "<code>" .. inner .. "</code>"
    elseif span.kind == "strong" then
      out[i] = "<strong>" .. spans_html(span.text, pages) .. "</strong>"
    elseif span.kind == "emphasis" then
      out[i] = "<em>" .. spans_html(span.text, pages) .. "</em>"
    elseif span.kind == "link" then
      out[i] = markup.link(address_of(span.target, pages), spans_html(span.text, pages))
    else
      out[i] = inner
    end
  end
  return table.concat(out)
end

local writers <const> = {}

local function blocks_html(blocks, pages)
  local out <const> = {}
  for i, block in ipairs(blocks) do out[i] = writers[block.kind](block, pages) end
  return table.concat(out, "\n")
end

function writers.heading(block, pages)
  local level <const> = math.min(block.level, 6)
  local id <const> = markup.text(block.id)
  local text <const> = spans_html(block.text, pages)
  if level == 1 then return "<h1>" .. text .. "</h1>" end
  return ('<h%d id="%s"><a class="self" href="#%s">%s</a></h%d>'):format(level, id, markup.fragment(block.id),
    text:gsub("</?a[^>]*>", ""), level)
end

function writers.code(block)
  local file <const> = block.file and ('<p class="of">%s</p>'):format(markup.text(block.file)) or ""
  return file .. ('<pre class="idl"><code>%s</code></pre>'):format(markup.text(block.text))
end

function writers.table(block, pages)
  local rows <const>, heads <const> = {}, {}
  for i, row in ipairs(block.rows) do
    local cells <const> = {}
    for j, cell in ipairs(row) do cells[j] = spans_html(cell, pages) end
    if i == 1 and block.rows.has_head then
      table.move(cells, 1, #cells, 1, heads)
    elseif i > 1 or block.rows.has_head == nil then
      rows[#rows + 1] = "<tr><td>" .. table.concat(cells, "</td><td>") .. "</td></tr>\n"
    end
  end
  return layout.table("prose", heads, rows)
end

function writers.list(block, pages)
  local items <const> = {}
  for i, item in ipairs(block.items) do items[i] = "<li>" .. spans_html(item, pages) .. "</li>" end
  local name <const> = block.ordered and "ol" or "ul"
  return ("<%s>\n%s\n</%s>"):format(name, table.concat(items, "\n"), name)
end

function writers.paragraph(block, pages)
  return "<p>" .. spans_html(block.text, pages) .. "</p>"
end

function writers.quote(block, pages)
  return "<blockquote>" .. blocks_html(block.blocks, pages) .. "</blockquote>"
end

local function outline_html(blocks)
  local items <const> = {}
  for _, block in ipairs(blocks) do
    if block.kind == "heading" and block.level == 2 then
      items[#items + 1] = ('<li><a href="#%s">%s</a></li>'):format(markup.fragment(block.id),
        markup.text(markdown.plain(block.text)))
    end
  end
  if #items < 2 then return nil end
  return '<nav class="outline" aria-label="On this page"><ul>' .. table.concat(items) .. "</ul></nav>\n"
end

---The words of a block, for the search.
local function words_of(block)
  if block.kind == "code" then return block.text end
  if block.kind == "table" then
    local parts <const> = {}
    for _, row in ipairs(block.rows) do parts[#parts + 1] = table.concat(row, " ") end
    return markdown.plain(table.concat(parts, " "))
  end
  if block.kind == "list" then return markdown.plain(table.concat(block.items, " ")) end
  if block.kind == "quote" then
    local parts <const> = {}
    for i, inner in ipairs(block.blocks) do parts[i] = words_of(inner) end
    return table.concat(parts, " ")
  end
  return markdown.plain(block.text or "")
end

---A page's sections for the search: long ones in several parts, so that every word is found.
local function groups_of(blocks)
  local groups <const>, current = {}, nil
  local function add(section, text)
    local at = 1
    repeat
      local last = math.min(at + MEMBER_HELP - 1, #text)
      if last < #text then last = utf8.offset(text, 0, last + 1) - 1 end
      groups[#groups + 1] = { name = section.name, id = section.id, category = "section", parameters = {},
        help = text:sub(at, last) }
      at = last + 1
    until at > #text
  end
  local words = {}
  local function finish()
    if current then add(current, table.concat(words, " ")) end
    words = {}
  end
  for _, block in ipairs(blocks) do
    if block.kind == "heading" then
      finish()
      current = { name = markdown.plain(block.text), id = block.level > 1 and block.id or "-main" }
    else
      words[#words + 1] = words_of(block)
    end
  end
  finish()
  return groups
end

local function first_paragraph(blocks)
  for _, block in ipairs(blocks) do
    if block.kind == "paragraph" and not block.text:find "^Start:" then return markdown.plain(block.text) end
  end
  return ""
end

---@param sources {name: string, text: string}[] "README" is the first page
---@param version string
---@return table<string, string> files
function site.make(sources, version)
  local pages <const>, files <const>, nodes <const> = {}, {}, {}
  for _, source in ipairs(sources) do pages[source.name] = source.file .. ".html" end
  for _, source in ipairs(sources) do
    local blocks <const> = markdown.parse(source.text)
    local title <const> = blocks[1].kind == "heading" and markdown.plain(blocks[1].text) or source.name
    local first <const> = source.file == "index"
    files[source.file .. ".html"] = layout.document {
      title = first and "Oleander " .. version or title .. " - Oleander",
      site = "Oleander " .. version, search = "Search the documentation", made = "The documentation of Oleander.",
      root = "", body = blocks_html(blocks, pages), outline = outline_html(blocks),
      trail = not first and { { title = "Documentation", address = "index.html" }, { title = title } } or nil,
    }
    nodes[#nodes + 1] = { title = title, kind = "page", file = source.file .. ".html", help = first_paragraph(blocks),
      groups = groups_of(blocks) }
  end
  files["pages-data.js"] = search_data.script {
    entries = { { title = "Oleander", folder = ".", version = version, guid = "", nodes = nodes } },
  }
  return files
end

return site
