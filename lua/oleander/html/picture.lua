---Pictures of types and what joins them: columns of boxes, with curves from each box to boxes of a later column. Inline
---SVG, with text that can be read aloud, found and followed.
local markup <const> = require "oleander.html.markup"

local picture <const> = {}

-- In units of the picture, which are pixels unless it is made smaller. A letter is that of a monospaced font of 13.
local LETTER <const>, PADDING <const>, HEIGHT <const>, MARGIN <const> = 7.9, 10, 28, 2
local GAP_X <const>, GAP_Y <const> = 56, 8
local LABEL_LIMIT <const> = 36 -- letters

---@class oleander.html.Box
---@field label string
---@field href? string
---@field class string kind of the type
---@field hint? string

---@class oleander.html.Edge
---@field from oleander.html.Box in an earlier column
---@field to oleander.html.Box
---@field class string

local function wide(code)
  return code >= 0x1100 and (code <= 0x115F or code >= 0x2E80 and code <= 0xFFDC) or code >= 0x1F300
end

---The label cut to the limit, and how many letters wide it is.
local function fitted(text)
  local width, kept = 0, {}
  for _, code in utf8.codes(text) do
    width = width + (wide(code) and 2 or 1)
    if width > LABEL_LIMIT then
      kept[#kept] = "…"
      return table.concat(kept), LABEL_LIMIT
    end
    kept[#kept + 1] = utf8.char(code)
  end
  return text, width
end

local function measure(column)
  local width = 0
  for _, box in ipairs(column) do
    local label <const>, letters <const> = fitted(markup.clean(box.label))
    box.shown, box.width = label, letters * LETTER + 2 * PADDING
    width = math.max(width, box.width)
  end
  return width, #column * (HEIGHT + GAP_Y) - GAP_Y
end

---Gives the boxes their places. Returns the size of all.
local function place(columns)
  local widths <const>, heights <const>, tallest = {}, {}, 0
  for i, column in ipairs(columns) do
    widths[i], heights[i] = measure(column)
    tallest = math.max(tallest, heights[i])
  end
  local x = MARGIN
  for i, column in ipairs(columns) do
    local y = MARGIN + (tallest - heights[i]) / 2
    for _, box in ipairs(column) do
      box.x, box.y, box.width = x, y, widths[i]
      y = y + HEIGHT + GAP_Y
    end
    x = x + widths[i] + GAP_X
  end
  return x - GAP_X + MARGIN, tallest + 2 * MARGIN
end

---A number as short as it is exact enough.
local function number(value)
  return (("%.1f"):format(value):gsub("%.0$", ""))
end

---The head of an arrow lies at the box whose type the other one knows: at the base, at what is used.
local function edge_svg(edge)
  local from <const>, to <const> = edge.from, edge.to
  local x1, y1 <const> = from.x + from.width, from.y + HEIGHT / 2
  local x2, y2 <const> = to.x, to.y + HEIGHT / 2
  local head
  if edge.class == "base" then
    head = ("M%s %sl9 -5v10z"):format(number(x1), number(y1))
    x1 = x1 + 9
  else
    head = ("M%s %sl-8 -4v8z"):format(number(x2), number(y2))
    x2 = x2 - 8
  end
  local middle <const> = (x1 + x2) / 2
  return ('<path class="edge %s" d="M%s %sC%s %s %s %s %s %s"/><path class="head %s" d="%s"/>'):format(edge.class,
    number(x1), number(y1), number(middle), number(y1), number(middle), number(y2), number(x2), number(y2), edge.class,
    head)
end

local function box_svg(box)
  local hint <const> = box.hint or box.shown ~= box.label and box.label or nil
  local content <const> = ('%s<rect x="%s" y="%s" width="%s" height="%d" rx="5"/><text x="%s" y="%s">%s</text>'):format(
    hint and "<title>" .. markup.text(hint) .. "</title>" or "", number(box.x), number(box.y),
    number(box.width), HEIGHT, number(box.x + box.width / 2), number(box.y + HEIGHT / 2 + 4.5),
    markup.text(box.shown))
  return ('<g class="box %s">%s</g>'):format(box.class, markup.link(box.href, content))
end

---@param columns oleander.html.Box[][] from left to right; none is empty
---@param edges oleander.html.Edge[]
---@param label string what the picture shows
---@return string svg
function picture.svg(columns, edges, label)
  local width <const>, height <const> = place(columns)
  local out <const> = {
    ('<svg xmlns="http://www.w3.org/2000/svg" role="group" aria-label="%s" width="%d" height="%d" viewBox="0 0 %d %d">')
      :format(markup.text(label), math.ceil(width), math.ceil(height), math.ceil(width), math.ceil(height)),
  }
  for _, edge in ipairs(edges) do out[#out + 1] = edge_svg(edge) end
  for _, column in ipairs(columns) do
    for _, box in ipairs(column) do out[#out + 1] = box_svg(box) end
  end
  out[#out + 1] = "</svg>"
  return table.concat(out)
end

return picture
