-- Reads pages as strictly as XML: tags that match, attributes that are quoted and given once, entities that exist, no
-- character that a document may not hold, identifiers that are there once. Every page is written so.
local checker <const> = {}

local void <const> = { meta = true, link = true, input = true, br = true }
local named <const> = { amp = true, lt = true, gt = true, quot = true }

local function check_text(text, where)
  assert(utf8.len(text), where .. ": no UTF-8")
  local control <const> = text:match "[\0-\8\11-\31\127]"
  assert(not control, ("%s: the control %q"):format(where, control))
  assert(not text:find "[<>]", where .. ": a bracket in text: " .. text:sub(1, 80))
  for entity in text:gmatch "&([^;&]*);?" do
    assert(named[entity] or entity:find "^#%d+$", ("%s: the entity %s"):format(where, entity))
  end
end

local function plain(text)
  return (text:gsub("&(#?%w+);", function(entity)
    local number <const> = entity:match "^#(%d+)$"
    return number and utf8.char(tonumber(number)) or ({ amp = "&", lt = "<", gt = ">", quot = '"' })[entity]
  end))
end
checker.plain = plain

local function read_attributes(text, where)
  local attributes <const> = {}
  local rest = text
  while rest:find "%S" do
    local name <const>, value <const>, more <const> = rest:match '^%s+([%w:-]+)="([^"<]*)"(.*)$'
    assert(name, ("%s: attributes %s"):format(where, rest:sub(1, 80)))
    assert(not attributes[name], ("%s: %s twice"):format(where, name))
    check_text(value, where)
    attributes[name] = plain(value)
    rest = more
  end
  return attributes
end

---@class tests.Element
---@field name string
---@field attributes table<string, string>

---The elements of a page in their order, its identifiers, and its text without tags.
---@param document string
---@param where string
---@return {elements: tests.Element[], ids: table<string, tests.Element>, text: string}
function checker.read(document, where)
  local result <const> = { elements = {}, ids = {} }
  local at, texts <const>, open <const> = document:match "^<!DOCTYPE html>\n()", {}, {}
  assert(at, where .. ": no doctype")
  while true do
    local start <const> = document:find("<", at, true)
    local text <const> = document:sub(at, (start or 0) - 1)
    check_text(text, where)
    texts[#texts + 1] = plain(text)
    if not start then break end
    local slash <const>, name <const>, attributes <const>, closed <const>, after <const> =
      document:match('^<(/?)(%w+)([^<>]-)(/?)>()', start)
    assert(name, ("%s: no tag: %s"):format(where, document:sub(start, start + 60)))
    if slash == "/" then
      local expected <const> = table.remove(open)
      assert(expected == name, ("%s: </%s> closes <%s>"):format(where, name, expected))
    else
      local element <const> = { name = name, attributes = read_attributes(attributes, where), parent = open[#open] }
      result.elements[#result.elements + 1] = element
      local id <const> = element.attributes.id
      if id then
        assert(id ~= "" and not id:find "%s", ("%s: the identifier '%s'"):format(where, id))
        assert(not result.ids[id], ("%s: the identifier '%s' twice"):format(where, id))
        result.ids[id] = element
      end
      assert(closed == "/" or not void[name], ("%s: <%s> is not closed"):format(where, name))
      if closed == "" then open[#open + 1] = name end
    end
    at = after
  end
  assert(#open == 0, ("%s: <%s> stays open"):format(where, open[#open]))
  result.text = table.concat(texts)
  return result
end

local function read_file(path)
  local file <close> = assert(io.open(path, "rb"))
  return file:read "a"
end

---Every file of a folder and those below it, by name.
---@param folder string
---@return table<string, string>
function checker.files(folder)
  local files <const> = {}
  local pipe <close> = assert(io.popen(("cd '%s' && find . -type f -print0"):format(folder)))
  for name in pipe:read "a":gmatch "%./([^\0]+)" do files[name] = read_file(folder .. "/" .. name) end
  return files
end

---"../B/c.html" seen from "A/x.html" is "B/c.html".
local function resolve(from, address)
  local folder = from:match "^(.*/)" or ""
  while address:sub(1, 3) == "../" do
    address = address:sub(4)
    folder = folder:match "^(.*/)[^/]+/$" or ""
  end
  return folder .. address
end

local function decode(fragment)
  return (fragment:gsub("%%(%x%x)", function(byte) return string.char(tonumber(byte, 16)) end))
end

---Reads all pages of a site, and follows every link in them. Returns the pages, and how many links there were.
---@param files table<string, string>
---@return table pages, integer links
function checker.site(files)
  local pages <const>, links = {}, 0
  for name, content in pairs(files) do
    if name:find "%.html$" then pages[name] = checker.read(content, name) end
  end
  for name, page in pairs(pages) do
    for _, element in ipairs(page.elements) do
      local address <const> = element.attributes.href or element.attributes.src
      if address then
        links = links + 1
        assert(not address:find "^%a+:", ("%s leads to %s"):format(name, address))
        local path <const>, fragment <const> = address:match "^([^#]*)#?(.*)$"
        local target <const> = path == "" and name or resolve(name, path)
        assert(files[target], ("%s leads to %s, which is not there"):format(name, address))
        assert(fragment == "" or pages[target].ids[decode(fragment)],
          ("%s leads to %s: no such place"):format(name, address))
      end
    end
  end
  return pages, links
end

return checker
