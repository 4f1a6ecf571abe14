---What all pages have: head, search, the way back, foot.
local markup <const> = require "oleander.html.markup"
local typetext <const> = require "oleander.typetext"

local layout <const> = {}

---The identifiers that pages have for themselves; the members of a type go around them.
layout.identifiers = { "-main", "-search", "-results", "-found", "-outline", "-inherited", "-interfaces", "-derived",
  "-classes", "-used", "-uses", "-same" }

local HEAD <const> = [[
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<meta name="color-scheme" content="light dark"/>
<meta name="generator" content="oleander tlb html"/>
<title>%s</title>
<link rel="stylesheet" href="%spages.css"/>
<script src="%spages.js" defer="defer" data-root="%s"></script>
</head>
<body>
<a class="skip" href="#-main">Skip to the content</a>
<header>
<p class="site"><a href="%sindex.html">%s</a></p>
<form class="search" role="search" action="%sindex.html">
<label for="-search">Search</label>
<input id="-search" name="q" type="search" placeholder="%s" autocomplete="off"
 spellcheck="false" role="combobox" aria-autocomplete="list" aria-expanded="false" aria-controls="-results"/>
<kbd aria-hidden="true">/</kbd>
<div id="-results" role="listbox" aria-label="Search results" hidden="hidden"></div>
<p id="-found" class="unseen" role="status"></p>
<noscript><p>Search needs JavaScript; all else works without.</p></noscript>
</form>
</header>
]]

local FOOT <const> = [[
<footer><p>%s</p></footer>
</body>
</html>
]]

---@class oleander.html.Page
---@field title string
---@field site? string what the site is called, HTML
---@field search? string what can be searched for, HTML
---@field made? string what it is made of, HTML
---@field root string where the first page is, from here: "" or "../"
---@field trail? {title: string, address: string?}[] the way to this page
---@field outline? string HTML
---@field body string HTML

local function trail_html(trail)
  local items <const> = {}
  for i, step in ipairs(trail) do
    items[i] = ("<li%s>%s</li>"):format(step.address and "" or ' aria-current="page"',
      markup.link(step.address, markup.text(step.title)))
  end
  return '<nav class="trail" aria-label="Where this page is"><ol>' .. table.concat(items) .. "</ol></nav>\n"
end

---The whole document.
---@param page oleander.html.Page
---@return string
function layout.document(page)
  local root <const> = page.root
  local parts <const> = { HEAD:format(markup.text(page.title), root, root, root, root,
    page.site or "Type libraries", root, page.search or "Search types, members, constants") }
  if page.trail then parts[#parts + 1] = trail_html(page.trail) end
  parts[#parts + 1] = page.outline and '<div class="with-outline">\n' or ""
  if page.outline then parts[#parts + 1] = page.outline end
  parts[#parts + 1] = '<main id="-main">\n'
  parts[#parts + 1] = page.body
  parts[#parts + 1] = "</main>\n"
  if page.outline then parts[#parts + 1] = "</div>\n" end
  parts[#parts + 1] = FOOT:format(page.made or "Made from type libraries by <code>oleander tlb html</code>.")
  return table.concat(parts)
end

---A list of facts: pairs of a name and HTML; nil values are left out.
---@param facts {[1]: string, [2]: string?}[]
---@return string
function layout.facts(facts)
  local out <const> = { '<dl class="facts">' }
  for _, fact in ipairs(facts) do
    if fact[2] then out[#out + 1] = ("<div><dt>%s</dt><dd>%s</dd></div>"):format(fact[1], fact[2]) end
  end
  if #out == 1 then return "" end
  out[#out + 1] = "</dl>\n"
  return table.concat(out)
end

---A table in a frame of its own, which scrolls where the screen is narrow.
---@param class string
---@param headings string[]
---@param rows string[] HTML
---@return string
function layout.table(class, headings, rows)
  local heads <const> = {}
  for i, heading in ipairs(headings) do heads[i] = ('<th scope="col">%s</th>'):format(heading) end
  return table.concat {
    ('<div class="wide"><table class="%s">\n<thead><tr>'):format(class), table.concat(heads),
    "</tr></thead>\n<tbody>\n", table.concat(rows), "</tbody>\n</table></div>\n",
  }
end

---Custom data: a GUID and a value each.
---@param custom {guid: string, value: any, of: string?}[]
---@return string
function layout.custom(custom)
  if #custom == 0 then return "" end
  local out <const> = { '<dl class="facts custom">' }
  for _, item in ipairs(custom) do
    local value <const> = type(item.value) == "string" and typetext.quote(item.value) or tostring(item.value)
    out[#out + 1] = ("<div><dt>custom %s%s</dt><dd>%s</dd></div>"):format(markup.text(item.guid),
      item.of and " of " .. markup.text(item.of) or "", markup.text(value))
  end
  out[#out + 1] = "</dl>\n"
  return table.concat(out)
end

---Words about a type or member, each with a look of its own.
---@param marks string[]
---@return string
function layout.marks(marks)
  local out <const> = {}
  for i, mark in ipairs(marks) do
    out[i] = (' <span class="mark %s">%s</span>'):format(mark:match "^%w+", markup.text(mark))
  end
  return table.concat(out)
end

---A number of things: "1 type", "2 types".
function layout.count(number, thing)
  return ("%d %s%s"):format(number, thing, number == 1 and "" or "s")
end

return layout
