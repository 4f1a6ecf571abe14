---The Markdown of docs/ as a list of blocks, and its running text as a list of spans; what these pages use of it.
---
---A block: {kind="heading", level, text, id}, {kind="code", language, file, text}, {kind="table", rows}, {kind="list",
---ordered, items}, {kind="paragraph", text}, {kind="quote", blocks}. A span: {kind="text"|"code"|"strong"|"emphasis",
---text} or {kind="link", text, target}.
local markdown <const> = {}

---The name of a section's place, as code hosts make it.
---@param text string
---@return string
function markdown.id(text)
  return (text:gsub("`", ""):gsub("%[(.-)%]%(.-%)", "%1"):lower():gsub("[^%w%s_-]", ""):gsub("%s", "-"))
end

local function split_row(line)
  local cells <const> = {}
  local text <const> = line:match "^%s*|(.*)|%s*$"
  for cell in (text:gsub("\\|", "\1") .. "|"):gmatch "(.-)|" do
    cells[#cells + 1] = (cell:gsub("\1", "|"):gsub("^%s+", ""):gsub("%s+$", ""))
  end
  return cells
end

---The marker of a list's item and what stands behind it.
local function item_of(line)
  local indent <const>, mark <const>, text <const> = line:match "^(%s*)([-*])%s+(.*)$"
  if mark then return #indent, false, text end
  local deep <const>, number <const>, rest <const> = line:match "^(%s*)(%d+)%.%s+(.*)$"
  if number then return #deep, true, rest end
end

local function is_block(line)
  return line:find "^#+%s" or line:find "^```" or line:find "^|" or line:find "^>" or item_of(line) ~= nil
    or line:find "^<!%-%-"
end

local readers <const> = {}

function readers.code(lines, at)
  local language <const>, file <const> = lines[at]:match "^```(%S*)%s*(.-)%s*$"
  local last = at + 1
  while lines[last] and not lines[last]:find "^```" do last = last + 1 end
  return { kind = "code", language = language, file = file ~= "" and file or nil,
    text = table.concat(lines, "\n", at + 1, last - 1) }, last + 1
end

function readers.table(lines, at)
  local rows <const> = {}
  while lines[at] and lines[at]:find "^|" do
    if not lines[at]:find "^|[%s|:-]+|%s*$" or lines[at]:find "%w" then
      rows[#rows + 1] = split_row(lines[at])
    elseif #rows == 1 then
      rows.has_head = table.concat(rows[1]):find "%S" ~= nil
    else
      rows[#rows + 1] = split_row(lines[at])
    end
    at = at + 1
  end
  return { kind = "table", rows = rows }, at
end

function readers.list(lines, at)
  local base <const>, ordered <const> = item_of(lines[at])
  local list <const> = { kind = "list", ordered = ordered, items = {} }
  while lines[at] do
    local indent <const>, _, text <const> = item_of(lines[at])
    if indent and indent >= base then
      local prefix <const> = indent > base and "\u{2013} " or ""
      list.items[#list.items + 1] = prefix .. text
    elseif lines[at]:find "^%s+%S" then
      list.items[#list.items] = list.items[#list.items] .. " " .. lines[at]:match "^%s+(.*)$"
    else
      break
    end
    at = at + 1
  end
  return list, at
end

function readers.quote(lines, at)
  local inner <const> = {}
  while lines[at] and lines[at]:find "^>" do
    inner[#inner + 1] = lines[at]:match "^>%s?(.*)$"
    at = at + 1
  end
  return { kind = "quote", blocks = markdown.parse(table.concat(inner, "\n")) }, at
end

function readers.heading(lines, at)
  local marks <const>, text <const> = lines[at]:match "^(#+)%s+(.-)%s*$"
  return { kind = "heading", level = #marks, text = text, id = markdown.id(text) }, at + 1
end

function readers.comment(lines, at)
  while lines[at] and not lines[at]:find "%-%->" do at = at + 1 end
  return nil, at + 1
end

function readers.paragraph(lines, at)
  local first <const> = at
  repeat at = at + 1 until not lines[at] or not lines[at]:find "%S" or is_block(lines[at])
  return { kind = "paragraph", text = table.concat(lines, "\n", first, at - 1) }, at
end

local function reader_of(line)
  return line:find "^#+%s" and readers.heading or line:find "^```" and readers.code or line:find "^|" and readers.table
    or line:find "^>" and readers.quote or line:find "^<!%-%-" and readers.comment
    or item_of(line) and readers.list or readers.paragraph
end

---@param text string
---@return table[] blocks
function markdown.parse(text)
  local lines <const>, blocks <const> = {}, {}
  for line in (text .. "\n"):gmatch "(.-)\r?\n" do lines[#lines + 1] = line end
  local at, seen <const> = 1, {}
  while lines[at] do
    if lines[at]:find "%S" then
      local block <const>, next_line <const> = reader_of(lines[at])(lines, at)
      if block and block.kind == "heading" then
        local count <const> = seen[block.id]
        seen[block.id] = (count or 0) + 1
        if count then block.id = block.id .. "-" .. count end
      end
      blocks[#blocks + 1] = block
      at = next_line
    else
      at = at + 1
    end
  end
  return blocks
end

---The span that begins at a place, and where it ends; nil when plain text does.
local function span_at(text, at)
  local ticks <const> = text:match("^`+", at)
  if ticks then
    local from <const>, to <const> = text:find(ticks, at + #ticks, true)
    if from then return { kind = "code", text = text:sub(at + #ticks, from - 1) }, to end
  end
  local label <const>, target <const> = text:match("^%[([^%[%]]*)%](%b())", at)
  if label then return { kind = "link", text = label, target = target:sub(2, -2) }, at + #label + #target + 1 end
  local strong <const> = text:match("^%*%*([^*]+)%*%*", at)
  if strong then return { kind = "strong", text = strong }, at + #strong + 3 end
  local before <const> = text:sub(at - 1, at - 1)
  local emphasis <const> = not before:find "[%w*]" and text:match("^%*([^*%s][^*]*)%*%f[^%w]", at)
  if emphasis then return { kind = "emphasis", text = emphasis }, at + #emphasis + 1 end
end

---Running text as spans.
---@param text string
---@return table[] spans
function markdown.spans(text)
  local spans <const>, plain = {}, {}
  local function flush()
    if #plain > 0 then spans[#spans + 1] = { kind = "text", text = table.concat(plain) } end
    plain = {}
  end
  local at = 1
  while at <= #text do
    local span <const>, last <const> = span_at(text, at)
    if span then
      flush()
      spans[#spans + 1] = span
      at = last + 1
    else
      local char = text:sub(at, at)
      if char == "\\" and text:find("^%p", at + 1) then
        at = at + 1
        char = text:sub(at, at)
      end
      plain[#plain + 1] = char
      at = at + 1
    end
  end
  flush()
  return spans
end

---Running text without its marks.
---@param text string
---@return string
function markdown.plain(text)
  local parts <const> = {}
  for _, span in ipairs(markdown.spans(text)) do
    parts[#parts + 1] = span.kind == "link" and markdown.plain(span.text) or span.text
  end
  return (table.concat(parts):gsub("%s+", " "))
end

return markdown
