---Text and addresses as HTML. What is made is well-formed as XML too, so that every tool can read it.
local markup <const> = {}

local entities <const> = { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;", ["'"] = "&#39;" }
local REPLACEMENT <const> = "\u{FFFD}"

---What no document may hold, or would turn the text around it: bytes that are no UTF-8, C1 controls, noncharacters,
---controls of direction. Others of C0 are shown by their pictures.
local function clean_beyond_ascii(text)
  if not utf8.len(text) then
    local parts <const>, at = {}, 1
    while at <= #text do
      local good <const>, bad <const> = utf8.len(text, at)
      local stop <const> = good and #text or bad - 1
      parts[#parts + 1] = text:sub(at, stop)
      if not good then parts[#parts + 1] = REPLACEMENT end
      at = stop + 2
    end
    text = table.concat(parts)
  end
  text = text:gsub("\xC2[\x80-\x9F]", REPLACEMENT):gsub("\xEF\xBF[\xBE\xBF]", REPLACEMENT)
  text = text:gsub("\xEF\xB7[\x90-\xAF]", REPLACEMENT):gsub("\xE2\x80[\xAA-\xAE]", REPLACEMENT)
  text = text:gsub("\xE2\x81[\xA6-\xA9]", REPLACEMENT)
  return (text:gsub("[\xF0-\xF4]([\x80-\xBF])\xBF[\xBE\xBF]", function(second)
    return second:byte() & 0xF == 0xF and REPLACEMENT or nil
  end))
end

local function picture(control)
  return utf8.char(control == "\127" and 0x2421 or 0x2400 + control:byte())
end

---A text of a library as what a document can hold; line ends become "\n".
---@param text string
---@return string
function markup.clean(text)
  if not text:find "[%c\128-\255]" then return text end
  if text:find "[\128-\255]" then text = clean_beyond_ascii(text) end
  return (text:gsub("\r\n?", "\n"):gsub("[\0-\8\11-\31\127]", picture))
end

---A text for an element or an attribute.
---@param text string
---@return string
function markup.text(text)
  if not text:find "[%c&<>\"'\128-\255]" then return text end
  return (markup.clean(text):gsub("[&<>\"']", entities))
end

---The identifier of a place in a page, before it is escaped.
---@param name string
---@return string
function markup.id(name)
  return (markup.clean(name):gsub("%s", "_"))
end

---What comes behind the # to go there.
---@param id string
---@return string
function markup.fragment(id)
  return (id:gsub("[^%w%-._~]", function(byte) return ("%%%02X"):format(byte:byte()) end))
end

---A link to an address of ours, or the text alone. `content` is HTML.
---@param address string?
---@param content string
---@param attributes? string
---@return string
function markup.link(address, content, attributes)
  if not address then return content end
  return ('<a href="%s"%s>%s</a>'):format(markup.text(address), attributes and " " .. attributes or "", content)
end

---A text of several lines; empty lines part paragraphs.
---@param text string
---@param class string
---@return string
function markup.prose(text, class)
  local paragraphs <const> = {}
  for part in (markup.text(text) .. "\n\n"):gmatch "(.-)\n%s*\n" do
    if part:find "%S" then paragraphs[#paragraphs + 1] = ('<p class="%s">%s</p>'):format(class, part) end
  end
  return table.concat(paragraphs)
end

return markup
