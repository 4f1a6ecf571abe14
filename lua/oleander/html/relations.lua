---What joins a type to others, as pictures: what it derives from and who builds on it; what it uses and who uses it.
local markup <const> = require "oleander.html.markup"
local picture <const> = require "oleander.html.picture"
local read <const> = require "oleander.html.read"

local relations <const> = {}

local BASES <const>, OTHERS <const> = 6, 12 -- most boxes in a row or column

---@param node oleander.html.Node
---@param from oleander.html.Entry
---@return oleander.html.Box
local function box_of(node, from, is_this)
  local library <const> = node.entry and node.entry.title or node.library_name
  return {
    label = node.title, href = not is_this and read.address(node, from) or nil,
    class = (is_this and "this " or "") .. (node.file and node.kind or "away"),
    hint = node.entry ~= from and library and ("%s, in %s"):format(node.title, library) or nil,
  }
end

local function more_box(count, place)
  return { label = ("%d more"):format(count), href = place, class = "more" }
end

---The bases, nearest first; a damaged library may hold a circle.
---@param node oleander.html.Node
---@return oleander.html.Node[]
function relations.bases(node)
  local result <const>, seen <const> = {}, { [node] = true }
  local base = node.base
  while base and not seen[base] do
    seen[base] = true
    result[#result + 1] = base
    base = base.base
  end
  return result
end

---Adds boxes for the first of `list` to a column, with an edge each.
---@param edge_of fun(box: oleander.html.Box, item: any): oleander.html.Edge
local function add_boxes(column, edges, list, node_of, from, edge_of, rest_at)
  local limit <const> = #list <= OTHERS and OTHERS or OTHERS - 1
  for i = 1, math.min(limit, #list) do
    local box <const> = box_of(node_of(list[i]), from)
    column[#column + 1] = box
    edges[#edges + 1] = edge_of(box, list[i])
  end
  if #list > limit then
    local box <const> = more_box(#list - limit, rest_at)
    column[#column + 1] = box
    edges[#edges + 1] = edge_of(box, list[limit + 1])
  end
end

local function same(node)
  return node
end

local function figure(columns, edges, caption)
  return ('<figure><div class="wide">%s</div><figcaption>%s</figcaption></figure>'):format(
    picture.svg(columns, edges, caption), markup.text(caption))
end

---The bases of a type from left to right, then itself; they end in it.
local function base_columns(node, from, this, edges)
  local bases <const> = relations.bases(node)
  local columns <const> = {}
  local last
  local count <const> = math.min(#bases, BASES)
  if #bases > BASES then
    last = more_box(#bases - BASES, "#-inherited")
    columns[1] = { last }
  end
  for i = count, 1, -1 do
    local box <const> = box_of(bases[i], from)
    columns[#columns + 1] = { box }
    if last then edges[#edges + 1] = { from = last, to = box, class = "base" } end
    last = box
  end
  columns[#columns + 1] = { this }
  if last then edges[#edges + 1] = { from = last, to = this, class = "base" } end
  return columns
end

---What it derives from, what derives from it, and the classes that have it.
---@param node oleander.html.Node
---@return string? html
function relations.inheritance(node)
  local from <const>, edges <const> = node.entry, {}
  local this <const> = box_of(node, from, true)
  if #node.roles > 0 then
    local column <const> = {}
    add_boxes(column, edges, node.roles, function(role) return role.node end, from, function(box, role)
      return { from = this, to = box, class = role.source and "source" or "implements" }
    end, "#-interfaces")
    return figure({ { this }, column }, edges, "What the class implements, and (dotted) the events that it raises")
  end
  local columns <const> = base_columns(node, from, this, edges)
  local column <const> = {}
  add_boxes(column, edges, node.derived, same, from, function(box)
    return { from = this, to = box, class = "base" }
  end, "#-derived")
  add_boxes(column, edges, node.classes, function(role) return role.class end, from, function(box, role)
    return { from = this, to = box, class = role.source and "source" or "implements" }
  end, "#-classes")
  if #column > 0 then columns[#columns + 1] = column end
  if #columns == 1 then return nil end
  return figure(columns, edges, #column > 0 and "Its bases, and who builds on it" or "Its bases")
end

---Who uses the type, and what it uses.
---@param node oleander.html.Node
---@return string? html
function relations.use(node)
  local from <const>, edges <const>, columns <const> = node.entry, {}, {}
  local this <const> = box_of(node, from, true)
  local users <const>, used <const> = {}, {}
  for _, use in ipairs(node.used_by) do users[#users + 1] = use.node end
  table.move(node.aliases, 1, #node.aliases, #users + 1, users)
  if #users > 0 then
    local column <const> = {}
    add_boxes(column, edges, users, same, from, function(box) return { from = box, to = this, class = "use" } end,
      "#-used")
    columns[1] = column
  end
  columns[#columns + 1] = { this }
  add_boxes(used, edges, node.uses, same, from, function(box) return { from = this, to = box, class = "use" } end,
    "#-uses")
  if #used > 0 then columns[#columns + 1] = used end
  if #columns == 1 then return nil end
  return figure(columns, edges, #users == 0 and "What it uses" or #used == 0 and "Who uses it"
    or "Who uses it, and what it uses")
end

---Libraries joined by the types of one that those of the other use.
---@param entry oleander.html.Entry
---@return string? html
function relations.libraries(entry)
  local edges <const>, columns <const> = {}, {}
  local this <const> = { label = entry.title, class = "this library" }
  local function column(list, edge_of, rest_at)
    local boxes <const> = {}
    local limit <const> = #list <= OTHERS and OTHERS or OTHERS - 1
    for i = 1, math.min(limit, #list) do
      local other <const> = list[i]
      boxes[i] = { label = other.title, href = other.folder and ("../%s/index.html"):format(other.folder),
        class = other.folder and "library" or "away" }
      edges[#edges + 1] = edge_of(boxes[i])
    end
    if #list > limit then
      boxes[limit + 1] = more_box(#list - limit, rest_at)
      edges[#edges + 1] = edge_of(boxes[limit + 1])
    end
    if #boxes > 0 then columns[#columns + 1] = boxes end
  end
  column(entry.used_by, function(box) return { from = box, to = this, class = "use" } end, "#-used")
  columns[#columns + 1] = { this }
  column(entry.uses, function(box) return { from = this, to = box, class = "use" } end, "#-uses")
  if #columns == 1 then return nil end
  return figure(columns, edges, "Libraries that use it, and the ones that it uses")
end

return relations
