--- ?x and ??text: what is known of a thing, and a search through all registered libraries.
local com <const> = require "oleander"
local show <const> = require "oleander.prompt.show"
local typelib <const> = require "oleander.typelib"

local help <const> = {}
local LINES <const> = 50

-- help of com.*, installed as data

local texts

--- The annotations for editors: beside the Lua modules in an installed tree, in docs/ of a clone.
local function open_annotations()
  local source <const> = package.searchpath("oleander.errors", package.path) or ""
  local folder <const> = source:match "^(.*)/oleander/errors%.lua$" or "."
  for _, path in ipairs { "/../../oleander/luacats/oleander.lua", "/../docs/luacats/oleander.lua" } do
    local file <const> = io.open(folder .. path)
    if file then return file end
  end
end

local function read_texts()
  texts = {}
  local file <close> = open_annotations()
  local comment = {}
  for line in file and file:lines() or function() end do
    local text <const> = line:match "^%-%-%-(.*)$"
    local name <const> = line:match "^function com%.([%w_]+)" or line:match "^com%.([%w_]+) ="
    if text then
      comment[#comment + 1] = text
    else
      if name then
        local head <const> = line:match "^function (.*) end$" or "com." .. name
        texts[name] = head .. "\n  " .. table.concat(comment, "\n  ")
      end
      comment = {}
    end
  end
  return texts
end

---The help of a function of com; nil for none.
function help.of_function(name)
  return (texts or read_texts())[name]
end

local function name_in_com(value)
  for name, other in pairs(com) do
    if rawequal(value, other) then return name end
  end
end

-- types

local function type_text(kind)
  local lines <const> = { tostring(kind) }
  if kind.guid then lines[1] = lines[1] .. "  " .. kind.guid end
  if kind.help then lines[#lines + 1] = "  " .. kind.help end
  for _, member in ipairs(kind.members) do
    if not table.concat(member.flags, " "):find "restricted" then lines[#lines + 1] = "  " .. tostring(member) end
  end
  for _, implemented in ipairs(kind.implements) do
    if kind.kind == "coclass" then
      lines[#lines + 1] = ("  [%s] %s"):format(table.concat(implemented.flags, ", "), implemented.name)
    end
  end
  return table.concat(lines, "\n")
end

local function library_text(library)
  local lines <const> = { tostring(library) }
  if library.help then lines[#lines + 1] = "  " .. library.help end
  for _, kind in ipairs(library.types) do lines[#lines + 1] = "  " .. tostring(kind) end
  return table.concat(lines, "\n")
end

local function member_text(o, name)
  local lines <const> = {}
  local folded <const> = name:lower()
  for _, member in ipairs(com.members(o)) do
    if member.name:lower() == folded then lines[#lines + 1] = tostring(member) end
  end
  return #lines > 0 and table.concat(lines, "\n") or nil
end

--- The libraries that are registered, and those of objects of the session.
local function libraries(session)
  local list <const>, seen <const> = {}, {}
  local function add(library)
    local key <const> = library and library.guid .. library.version
    if key and not seen[key] then
      seen[key] = true
      list[#list + 1] = library
    end
  end
  for _, names in ipairs { session.locals, _G } do
    for _, value in next, names do
      if typelib.is_library(value) then add(value) end
      if show.is_object(value) then
        local kind <const> = com.typeof(value)
        add(kind and kind.library)
      end
    end
  end
  for _, entry in ipairs(require "oleander.registration".libraries()) do
    local ok <const>, library <const> = pcall(com.typelib, entry.path)
    if ok then add(library) end
  end
  return list
end

local function find_type(session, name)
  for _, library in ipairs(libraries(session)) do
    local kind <const> = library:find(name:match "[^.]+$" or name)
    if kind then return type_text(kind) end
  end
end

local function progid_text(id)
  local lines <const> = {}
  for _, class in ipairs(require "oleander.registration".classes()) do
    if class.progid and class.progid:lower() == id:lower() or class.clsid:lower() == id:lower() then
      lines[1] = ("%s  %s  %s: %s"):format(class.progid or class.name or "", class.clsid, class.kind, class.server)
    end
  end
  local ok <const>, library <const> = pcall(com.typelib, id)
  if ok then lines[#lines + 1] = library_text(library) end
  return #lines > 0 and table.concat(lines, "\n") or nil
end

local function value_text(value)
  if type(value) == "string" then return progid_text(value) or ("%q"):format(value) end
  if typelib.is_type(value) then return type_text(value) end
  if typelib.is_library(value) then return library_text(value) end
  if show.is_object(value) then
    local kind <const>, route <const>, why <const> = com.typeof(value)
    if not kind then return show.value(value) end
    local lines <const> = { ("%s, called through %s%s"):format(tostring(kind), route,
      why and " (" .. why .. ")" or "") }
    for _, member in ipairs(com.members(value)) do lines[#lines + 1] = "  " .. tostring(member) end
    return table.concat(lines, "\n")
  end
  local name <const> = type(value) == "function" and name_in_com(value)
  return name and help.of_function(name) or show.value(value)
end

---What `?x` prints; nil when nothing is known.
---@param session table
---@param text string
---@return string? text, string? problem
function help.of(session, text)
  local before <const>, name <const> = text:match "^(.-)[.:]([%a_][%w_]*)$"
  if before and before ~= "" then
    local ok <const>, owner <const> = session:peek(before)
    if ok and show.is_object(owner) then
      local found <const> = member_text(owner, name)
      if found then return found end
      return nil, ("%s has no member %s"):format(before, name)
    end
    if ok and owner == com then return help.of_function(name) or show.value(com[name]) end
  end
  local ok <const>, value <const> = session:peek(text)
  if ok and value ~= nil then return value_text(value) end
  if text:find "^[%a_][%w_.]*$" then
    local found <const> = find_type(session, text)
    if found then return found end
  end
  return nil, ok and text .. " is nil, and no type is called so" or value
end

-- search

local function search_members(kind, wanted, add)
  for _, member in ipairs(kind.members) do
    local hit = member.name:lower():find(wanted, 1, true) or member.help and member.help:lower():find(wanted, 1, true)
    for _, parameter in ipairs(not hit and member.parameters or {}) do
      hit = hit or parameter.name:lower():find(wanted, 1, true)
    end
    if hit then add(("%s.%s: %s"):format(kind.library.name, kind.name, show.member(member)), member.help) end
  end
end

---Types, members, parameters, constants and helps that hold a text, without case.
---@return string
function help.search(session, text)
  local wanted <const> = text:lower()
  local lines <const>, count = {}, 0
  local function add(line, note)
    count = count + 1
    if count <= LINES then lines[count] = note and line .. "  -- " .. note or line end
  end
  for _, library in ipairs(libraries(session)) do
    for _, kind in ipairs(library.types) do
      if kind.name:lower():find(wanted, 1, true) or kind.help and kind.help:lower():find(wanted, 1, true) then
        add(("%s.%s: %s"):format(library.name, kind.name, tostring(kind)), kind.help)
      end
      local other <const> = kind.kind == "interface" and kind.dual -- its dispinterface is listed
      if not other then search_members(kind, wanted, add) end
    end
  end
  if count > LINES then lines[#lines + 1] = ("... and %d more"):format(count - LINES) end
  if count == 0 then return "nothing is called so in the registered libraries" end
  return table.concat(lines, "\n")
end

return help
