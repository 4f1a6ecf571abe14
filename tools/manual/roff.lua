---Pages of the manual in the man(7) language: from the parsers of the command line, from the --help of other programs,
---and from Markdown.
local markdown <const> = require "tools.manual.markdown"

local roff <const> = {}

---What a formatter would print as something else.
local literals <const> = { ["-"] = "\\-", ["'"] = "\\(aq", ["`"] = "\\(ga", ["^"] = "\\(ha", ["~"] = "\\(ti" }

---A text that stands for itself. `literal` texts keep their dashes as they are typed.
local function escape(text, literal)
  text = text:gsub("\\", "\\e")
  if literal then text = text:gsub("[-'`^~]", literals) end
  return (text:gsub("^([.'])", "\\&%1"):gsub("\n([.'])", "\n\\&%1"))
end

roff.escape = escape

local function quoted(text)
  return '"' .. escape(text, true):gsub('"', "\\(dq") .. '"'
end

---@class roff.Page
---@field lines string[]
local Page <const> = {}
Page.__index = Page

function Page:add(...)
  for _, line in ipairs { ... } do self.lines[#self.lines + 1] = line end
end

---@param title string what the page is called, with the section
---@param about {section: string, date: string, version: string}
function roff.page(title, about)
  local page <const> = setmetatable({ lines = {} }, Page)
  page:add(".\\\" Made by tools/make_manual.lua.",
    (".TH %s %s %s %s %s"):format(quoted(title:upper()), quoted(about.section), about.date,
      quoted("oleander " .. about.version), quoted("Oleander")),
    ".nh", ".ad l")
  return page
end

function Page:section(title) self:add(".SH " .. quoted(title:upper())) end

function Page:part(title) self:add(".SS " .. quoted(title)) end

---Begins a paragraph; behind a heading one has begun.
function Page:paragraph()
  if not self.lines[#self.lines]:find "^%.S[HS] " then self:add ".PP" end
end

---@param text string `code` in it is marked
function Page:text(text)
  self:paragraph()
  self:add(roff.spans(text))
end

---An item: what it is called, and what it is.
function Page:item(label, text)
  self:add(".TP", "\\fB" .. escape(label, true) .. "\\fR", roff.spans(text))
end

function Page:literal(text)
  self:paragraph()
  self:add(".nf", ".RS 4", escape(text, true), ".RE", ".fi")
end

function Page:done() return table.concat(self.lines, "\n") .. "\n" end

---Running text of Markdown.
---@param text string
---@return string
function roff.spans(text)
  local out <const> = {}
  for i, span in ipairs(markdown.spans((text:gsub("%s+", " ")))) do
    if span.kind == "code" then
      out[i] = "\\fB" .. escape(span.text, true) .. "\\fR"
    elseif span.kind == "strong" then
      out[i] = "\\fB" .. escape(span.text) .. "\\fR"
    elseif span.kind == "emphasis" then
      out[i] = "\\fI" .. escape(span.text) .. "\\fR"
    elseif span.kind == "link" then
      out[i] = escape(markdown.plain(span.text))
    else -- blanks at its ends belong to it
      out[i] = span.text:gsub("\\", "\\e")
    end
  end
  return (table.concat(out):gsub("^([.'])", "\\&%1"))
end

local writers <const> = {}

function writers.heading(page, block)
  if block.level == 2 then page:section(markdown.plain(block.text)) end
  if block.level > 2 then page:part(markdown.plain(block.text)) end
end

function writers.paragraph(page, block)
  if block.text:find "^Start:" then return end
  page:paragraph()
  page:add(roff.spans(block.text))
end

function writers.code(page, block) page:literal(block.text) end

function writers.table(page, block)
  for i, row in ipairs(block.rows) do
    if i > 1 or block.rows.has_head == nil then
      page:add(".TP", roff.spans(row[1]), roff.spans(table.concat(row, "; ", 2)))
    end
  end
end

function writers.list(page, block)
  for _, item in ipairs(block.items) do page:add(".IP \\(bu 2", roff.spans(item)) end
end

function writers.quote(page, block) roff.markdown(page, block.blocks) end

---@param page roff.Page
---@param blocks table[]
function roff.markdown(page, blocks)
  for _, block in ipairs(blocks) do writers[block.kind](page, block) end
end

return roff
