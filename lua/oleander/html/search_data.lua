---What the search of the pages looks through, as a script: pages that are opened as files may load scripts, nothing
---else.
---
---    oleanderPages = { l: [[name, folder, version, GUID, help]...],
---                      t: [[library, name, kind, file or 0, GUID, help, members]...] }
---
---A member is a line of `members`: kind and name, identifier (when it is not the name), parameters, value, help, parted
---by tabs.
local markup <const> = require "oleander.html.markup"

local search_data <const> = {}

local HELP_LIMIT <const> = 300 -- bytes of a help string that are searched

local escapes <const> = { ['"'] = '\\"', ["\\"] = "\\\\", ["<"] = "\\u003c", ["\n"] = "\\n", ["\t"] = "\\t",
  ["\u{2028}"] = "\\u2028", ["\u{2029}"] = "\\u2029" }

local function quote(text)
  text = markup.clean(text):gsub('["\\<\n\t]', escapes)
  if text:find("\xE2\x80", 1, true) then text = text:gsub("\xE2\x80[\xA8\xA9]", escapes) end
  return '"' .. text .. '"'
end

---A text as a part of a line: without line ends and tabs, not too long.
local function flat(text)
  if not text then return "" end
  text = markup.clean(text)
  if #text > HELP_LIMIT then text = text:sub(1, utf8.offset(text, 0, HELP_LIMIT) - 1) end
  return (text:gsub("%s+", " "):gsub("^ ", ""):gsub(" $", ""))
end

local letters <const> = { constant = "c", field = "f", property = "p", method = "m", section = "s" }

local function member_line(group)
  local name <const> = flat(group.name)
  local parameters <const> = {}
  for i, parameter in ipairs(group.parameters) do parameters[i] = flat(parameter):gsub(" ", "_") end
  local value <const> = group.value and (group.value .. (group.hexadecimal and " " .. group.hexadecimal or "")) or ""
  local line <const> = table.concat({ letters[group.category] .. name, group.id ~= name and group.id or "",
    table.concat(parameters, " "), flat(value), flat(group.help) }, "\t")
  return (line:gsub("\t+$", ""))
end

local function type_row(node, library)
  local members <const> = {}
  for i, group in ipairs(node.groups) do members[i] = member_line(group) end
  local kind <const> = node.kind == "dispinterface" and node.dual and "dual interface" or node.kind
  return ("[%d,%s,%s,%s,%s,%s,%s]"):format(library, quote(node.title), quote(kind),
    node.file == node.title .. ".html" and "0" or quote(node.file:sub(1, -6)), quote(node.guid or ""),
    quote(flat(node.help)), quote(table.concat(members, "\n")))
end

---@param site oleander.html.Site
---@return string
function search_data.script(site)
  local libraries <const>, types <const> = {}, {}
  for i, entry in ipairs(site.entries) do
    libraries[i] = ("[%s,%s,%s,%s,%s]"):format(quote(entry.title), quote(entry.folder), quote(entry.version),
      quote(entry.guid), quote(flat(entry.help)))
    for _, node in ipairs(entry.nodes) do types[#types + 1] = type_row(node, i - 1) end
  end
  return "window.oleanderPages={l:[\n" .. table.concat(libraries, ",\n") .. "\n],t:[\n" .. table.concat(types, ",\n")
    .. "\n]};\n"
end

return search_data
