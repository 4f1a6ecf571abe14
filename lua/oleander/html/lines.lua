---Members as their lines of IDL, with types as links. The text is what tostring(member) says, without the help string,
---which has a place of its own.
local markup <const> = require "oleander.html.markup"
local typelib <const> = require "oleander.typelib"
local typetext <const> = require "oleander.typetext"

local lines <const> = {}

local accessors <const> = { get = "propget", put = "propput", putref = "propputref" }

---The type's text; `link(href)` gives the HTML for a type that is referred to.
---@param desc table as the bridge gives it
---@param link fun(href: integer): string
---@return string html, string suffix
function lines.type(desc, link)
  local text <const>, suffix <const> = typetext.type(desc, function(href) return ("\1%d\2"):format(href) end)
  return (text:gsub("\1(%-?%d+)\2", function(href) return link(math.tointeger(href)) end)), suffix
end

local function attributes_html(list, separator)
  if #list == 0 then return "" end
  return ('<span class="at">[%s]</span>%s'):format(markup.text(table.concat(list, ", ")), separator)
end

---How many letters HTML of ours shows.
local function shown_length(html)
  return utf8.len((html:gsub("<[^>]*>", ""):gsub("&[^;]*;", "."))) or #html
end

---From this length on each parameter has a line of its own.
local LONG <const> = 100

local function parameter_html(parameter, link)
  local desc <const> = typelib.parameter_facts[parameter].desc
  local attributes <const> = typetext.flags(desc.flags, typetext.parameter_flags)
  if desc.default then
    attributes[#attributes + 1] = "defaultvalue(" .. typetext.literal(desc.default) .. ")"
  end
  local kind <const>, suffix <const> = lines.type(desc.type, link)
  return ('%s%s <var>%s</var>%s'):format(attributes_html(attributes, " "), kind, markup.text(parameter.name), suffix)
end

local function parameters_html(member, link, length)
  local list <const> = {}
  for i, parameter in ipairs(member.parameters) do
    list[i] = parameter_html(parameter, link)
    length = length + shown_length(list[i])
  end
  if #list < 2 or length <= LONG then return table.concat(list, ", ") end
  return '<span class="pa">' .. table.concat(list, ', </span><span class="pa">') .. "</span>"
end

local function function_html(member, facts, attributes, link)
  if accessors[member.kind] then table.insert(attributes, 2, accessors[member.kind]) end
  if member.vararg then attributes[#attributes + 1] = "vararg" end
  local entry <const> = member.entry
  if entry then
    attributes[1] = ("entry(%s)"):format(entry.name and typetext.quote(entry.name) or entry.ordinal)
  end
  local head <const> = ("%s%s <b>%s</b>"):format(attributes_html(attributes, " "), (lines.type(facts.result, link)),
    markup.text(member.name))
  return ("%s(%s);"):format(head, parameters_html(member, link, shown_length(head)))
end

---@param member oleander.Member
---@param link fun(href: integer): string
---@return string html
function lines.member(member, link)
  local facts <const> = typelib.member_facts[member]
  if member.kind == "constant" then
    return ("const %s <b>%s</b> = %s;"):format((lines.type(facts.result, link)), markup.text(member.name),
      markup.text(typetext.literal(facts.desc.constant or {})))
  end
  local attributes <const> = { ("id(0x%08x)"):format(member.id & 0xFFFFFFFF) }
  table.move(member.flags, 1, #member.flags, #attributes + 1, attributes)
  if facts.is_function then return function_html(member, facts, attributes, link) end
  local kind <const>, suffix <const> = lines.type(facts.result, link)
  return ("%s%s <b>%s</b>%s;"):format(member.kind == "property" and attributes_html(attributes, " ") or "", kind,
    markup.text(member.name), suffix)
end

---How many hexadecimal digits an integer of this VARTYPE has.
local digits <const> = {
  [2] = 4, [3] = 8, [10] = 8, [11] = 4, [16] = 2, [17] = 2, [18] = 4, [19] = 8, [20] = 16, [21] = 16, [22] = 8,
  [23] = 8, [25] = 8,
}

---A constant's value in decimal (or as its literal), and an integer's in hexadecimal.
---@param member oleander.Member
---@return string text, string? hexadecimal
function lines.value(member)
  local constant <const> = typelib.member_facts[member].desc.constant or {}
  local value = constant.value
  local text <const> = typetext.literal(constant)
  if math.type(value) ~= "integer" then return text, nil end
  local count <const> = digits[constant.vt & 0xFFF] or 16
  if count < 16 then value = value & (1 << count * 4) - 1 end
  return text, ("0x%X"):format(value)
end

---Calls `found(href)` for each type that a description refers to.
---@param desc table
---@param found fun(href: integer)
function lines.references(desc, found)
  while desc do
    if desc.href then found(desc.href) end
    desc = desc.to or desc.of
  end
end

return lines
