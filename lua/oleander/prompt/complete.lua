--- Completion: what may stand at a place of a line. Calls nothing: raw fields of tables, types of objects, declared
--- results.
local com <const> = require "oleander"
local show <const> = require "oleander.prompt.show"
local tokens <const> = require "oleander.prompt.tokens"
local typelib <const> = require "oleander.typelib"

local LEVEL_LIMIT <const> = 32

local function has(list, flag)
  for _, one in ipairs(list or {}) do
    if one == flag then return true end
  end
  return false
end

-- what is known of things: { value = } or { type = }

--- Names of the members of a type and its bases, kept by IID, each with its marks (TypeInfo:brief) as a field.
local kept <const> = {}

local METHOD <const>, HIDDEN <const>, PARAMETERS <const> = 1, 2, 4

local function add_names(list, level, count, is_function)
  local info <const> = typelib.type_facts[level].info
  for i = 0, count - 1 do
    local name <const>, marks <const> = info:brief(i, is_function)
    if name and name ~= "" then
      local known <const> = list[name]
      if not known then list[#list + 1] = name end
      list[name] = (known or marks) | marks & ~HIDDEN
    end
  end
end

local function members_of_type(kind)
  local library <const> = kind.library
  local key <const> = kind.guid and library and kind.guid .. kind.kind .. library.guid .. library.version
    .. (library.path or "")
  if key and kept[key] then return kept[key] end
  local list <const> = {}
  local level = kind.kind == "coclass" and typelib.default_interface(kind) or kind
  for _ = 1, LEVEL_LIMIT do
    if not level or level.name == "IUnknown" or level.name == "IDispatch" then break end
    local attributes <const> = typelib.type_facts[level].info:attributes()
    add_names(list, level, attributes.functions, true)
    add_names(list, level, attributes.variables, false)
    level = level.base
  end
  if key then kept[key] = list end
  return list
end

local function type_of(thing)
  if thing.type then return thing.type end
  return show.is_object(thing.value) and com.typeof(thing.value) or nil
end

--- Of the members of a level, the one of this name; a `get` before others.
local function find_at_level(level, folded, count, is_function)
  local info <const>, found = typelib.type_facts[level].info, nil
  for i = 0, count - 1 do
    local name <const> = info:brief(i, is_function)
    if name and #name == #folded and name:lower() == folded then
      local member <const> = typelib.member(level, i, is_function)
      if member and member.kind == "get" then return member end
      found = found or member
    end
  end
  return found
end

local function find_member(kind, name)
  local folded <const> = name:lower()
  local level = kind.kind == "coclass" and typelib.default_interface(kind) or kind
  for _ = 1, LEVEL_LIMIT do
    if not level or level.name == "IUnknown" or level.name == "IDispatch" then return nil end
    local attributes <const> = typelib.type_facts[level].info:attributes()
    local found <const> = find_at_level(level, folded, attributes.functions, true)
      or find_at_level(level, folded, attributes.variables, false)
    if found then return found end
    level = level.base
  end
end

--- The type that a member of an interface gives, when it is described in the same library.
local function result_type(kind, name)
  local member <const> = find_member(kind, name)
  if not member then return nil end
  local result = member.type
  for _, parameter in ipairs(member.parameters) do
    if has(parameter.flags, "retval") then result = parameter.type end
  end
  local library <const> = kind.library
  local found <const> = library and library:find((result:gsub("%*+$", "")))
  return found and { type = found } or nil
end

--- A field of a table without its metamethods, but along tables in __index.
local function raw_field(t, name)
  for _ = 1, LEVEL_LIMIT do
    if type(t) ~= "table" then return nil end
    local value <const> = rawget(t, name)
    if value ~= nil then return value end
    local meta <const> = debug.getmetatable(t)
    t = type(meta) == "table" and rawget(meta, "__index") or nil
  end
end

local function lookup(environment, name)
  for _, place in ipairs(environment) do
    local value <const> = raw_field(place, name)
    if value ~= nil then return { value = value } end
  end
end

local function step(thing, name)
  local kind <const> = type_of(thing)
  if kind then return result_type(kind, name) end
  local value <const> = raw_field(thing.value, name)
  return value ~= nil and { value = value } or nil
end

-- chains: a.b:c(...).d, read backwards from token `i`

local closing <const> = { [")"] = "(", ["]"] = "[", ["}"] = "{" }

local function skip_brackets(list, i)
  local depth = 0
  while i >= 1 do
    local text <const> = list[i].kind ~= "string" and list[i].text or ""
    if closing[text] then depth = depth + 1 end
    if text == "(" or text == "[" or text == "{" then
      depth = depth - 1
      if depth == 0 then return i - 1 end
    end
    i = i - 1
  end
  return 0
end

--- The names of a chain that ends at token `i`, first name first; nil where it begins with something else.
local function read_chain(list, i)
  local names <const> = {}
  while i >= 1 do
    while list[i] and closing[list[i].text] and list[i].kind ~= "string" do i = skip_brackets(list, i) end
    local token <const> = list[i]
    if not token or token.kind ~= "name" then return nil end
    table.insert(names, 1, token.text)
    local separator <const> = list[i - 1]
    if not separator or separator.text ~= "." and separator.text ~= ":" then return names end
    i = i - 2
  end
  return nil
end

local function resolve(environment, names, count)
  local thing = names and lookup(environment, names[1])
  for i = 2, count or #(names or {}) do
    thing = thing and step(thing, names[i])
  end
  return thing
end

-- the call around a place

--- The bracket that is open at the end of the list, and the number of commas behind it.
local function open_bracket(list, last)
  local depth, commas = 0, 0
  for i = last, 1, -1 do
    local text <const> = list[i].kind ~= "string" and list[i].text or ""
    if closing[text] or text == "end" then
      depth = depth + 1
    elseif text == "function" then
      depth = depth - 1
    elseif text == "(" or text == "[" or text == "{" then
      if depth == 0 then return i, commas end
      depth = depth - 1
    elseif text == "," and depth == 0 then
      commas = commas + 1
    end
  end
end

--- The member that is called at bracket `i`, and its type.
local function called_member(list, i, environment)
  local names <const> = read_chain(list, i - 1)
  if not names or #names < 2 then return nil end
  local owner <const> = resolve(environment, names, #names - 1)
  local kind <const> = owner and type_of(owner)
  return kind and find_member(kind, names[#names]), kind, list[i - 2] and list[i - 2].text == ":"
end

--- The parameters for which a script gives arguments.
local function script_parameters(member)
  local list <const> = {}
  for _, parameter in ipairs(member.parameters) do
    local flags <const> = parameter.flags
    if not has(flags, "retval") and not has(flags, "lcid") and (has(flags, "in") or not has(flags, "out")) then
      list[#list + 1] = parameter
    end
  end
  return list
end

local function enum_constants(parameter, kind)
  local library <const> = parameter and kind.library
  local found = library and library:find((parameter.type:gsub("%*+$", "")))
  while found and found.kind == "alias" do found = found.aliased end
  if not found or found.kind ~= "enum" then return nil end
  local names <const> = {}
  for _, variable in ipairs(found.variables) do names[#names + 1] = variable.name end
  return names
end

--- The constants that the argument after `last` can be, and the names of arguments inside com.args{.
local function argument_context(list, last, environment)
  local bracket <const>, commas <const> = open_bracket(list, last)
  if not bracket then return nil end
  if list[bracket].text == "{" then
    local before <const> = list[bracket - 1]
    if not before or before.text ~= "args" then return nil end
    local start = bracket - 2
    if list[start] and list[start].text == "." then start = start - 2 end
    local outer <const> = open_bracket(list, start)
    local member, kind
    if outer then member, kind = called_member(list, outer, environment) end
    if not member then return nil end
    local parameters <const> = script_parameters(member)
    local sign <const>, name <const> = list[last], list[last - 1]
    if sign.text == "=" and name then
      for _, parameter in ipairs(parameters) do
        if parameter.name:lower() == name.text:lower() then return enum_constants(parameter, kind) end
      end
      return nil
    end
    return nil, parameters
  end
  if list[bracket].text ~= "(" then return nil end
  local member <const>, kind <const>, with_self <const> = called_member(list, bracket, environment)
  if not member then return nil end
  return enum_constants(script_parameters(member)[commas + (with_self and 1 or 0)], kind)
end

-- candidates

local function starts(name, prefix)
  return name:sub(1, #prefix) == prefix
end

local function starts_folded(name, prefix)
  return name:sub(1, #prefix):lower() == prefix:lower()
end

local function take(list, names, prefix, test)
  for _, name in ipairs(names) do
    if test(name, prefix) then list[#list + 1] = name end
  end
  return list
end

local function string_keys(t, seen)
  local names <const> = {}
  for _ = 1, LEVEL_LIMIT do
    if type(t) ~= "table" then break end
    for key in next, t do
      if type(key) == "string" and key:find "^[%a_][%w_]*$" and not tokens.keywords[key] and not seen[key] then
        seen[key] = true
        names[#names + 1] = key
      end
    end
    local meta <const> = debug.getmetatable(t)
    t = type(meta) == "table" and rawget(meta, "__index") or nil
  end
  return names
end

local function member_candidates(thing, prefix, separator)
  local kind <const> = type_of(thing)
  local list <const> = {}
  if not kind then
    if type(thing.value) == "string" then return take(list, string_keys(string, {}), prefix, starts) end
    for _, name in ipairs(string_keys(thing.value, {})) do
      local is_function <const> = separator ~= ":" or type(raw_field(thing.value, name)) == "function"
      if is_function and starts(name, prefix) then list[#list + 1] = name end
    end
    return list
  end
  local folded <const>, hidden_too <const> = prefix:lower(), prefix:sub(1, 1) == "_"
  local names <const>, length <const> = members_of_type(kind), #prefix
  local wanted <const> = separator == ":" and METHOD | PARAMETERS or -1
  for i = 1, #names do
    local name <const> = names[i]
    if name:sub(1, length):lower() == folded then
      local marks <const> = names[name]
      local hidden <const> = marks & HIDDEN ~= 0 or name:byte() == 95
      if (wanted == -1 or marks & wanted ~= 0) and (hidden_too or not hidden) then list[#list + 1] = name end
    end
  end
  return list
end

local function files(prefix)
  local folder <const>, name <const> = prefix:match "^(.*/)([^/]*)$"
  local pipe <close> = io.popen(("ls -1ap -- '%s' 2>/dev/null"):format((folder or "."):gsub("'", "'\\''")))
  local list <const> = {}
  for file in pipe:lines() do
    local wanted <const> = name or prefix
    if file ~= "./" and file ~= "../" and starts(file, wanted) and (wanted ~= "" or file:sub(1, 1) ~= ".") then
      list[#list + 1] = (folder or "") .. file
    end
  end
  return list
end

local takes_progid <const> = { create = true, class = true, running = true }

local function string_candidates(list, text, environment)
  local last <const> = #list - 1
  local before = list[last]
  if before and before.text == "(" then before = list[last - 1] end
  if before and takes_progid[before.text] then return take({}, show.progids(), text, starts_folded) end
  local constants <const> = last >= 1 and argument_context(list, last, environment)
  if constants then return take({}, constants, text, starts_folded) end
  return files(text)
end

local function name_candidates(environment, prefix)
  local list <const>, seen <const> = {}, {}
  for _, place in ipairs(environment) do take(list, string_keys(place, seen), prefix, starts) end
  for word in pairs(tokens.keywords) do
    if prefix ~= "" and starts(word, prefix) then list[#list + 1] = word end
  end
  return list
end

local commands <const> = { ":edit", ":help", ":load", ":log", ":quit", ":time" }

--- The quoted constants and named arguments that may begin here.
local function value_candidates(list, last, prefix, environment)
  local constants <const>, parameters <const> = argument_context(list, last, environment)
  local found <const> = {}
  for _, name in ipairs(constants or {}) do
    if starts_folded(name, prefix) then found[#found + 1] = ('"%s"'):format(name) end
  end
  for _, parameter in ipairs(parameters or {}) do
    if starts_folded(parameter.name, prefix) then found[#found + 1] = parameter.name .. " = " end
  end
  return found
end

---What may stand at a place: `list` are the texts that replace what is between `from` and the place.
---@param line string
---@param position integer bytes before the place
---@param environment table[] the tables in which names are looked up, first wins
---@return {from: integer, list: string[]}
local function complete(line, position, environment)
  local text <const> = line:sub(1, position)
  if text:find "^:%a*$" then return { from = 1, list = take({}, commands, text, starts) } end
  local path <const> = text:match "^:load%s+(.*)$" or text:match "^:log%s+(.*)$"
  if path then return { from = #text - #path + 1, list = files(path) } end
  local list <const> = tokens.split(text:gsub("^[?!]+", function(marks) return (" "):rep(#marks) end) .. "")
  local last <const> = list[#list]
  if last and last.open and last.kind == "comment" then return { from = position + 1, list = {} } end
  if last and last.open then
    local inner <const> = last.text:match "^%[=*%[(.*)$" or last.text:sub(2)
    local found <const> = string_candidates(list, inner, environment)
    table.sort(found)
    return { from = position - #inner + 1, list = found }
  end
  local prefix = ""
  if last and (last.kind == "name" or last.kind == "keyword") and last.to == position then
    prefix = last.text
    list[#list] = nil
  end
  local before <const> = list[#list]
  local found
  if before and (before.text == "." or before.text == ":") then
    local thing <const> = resolve(environment, read_chain(list, #list - 1))
    found = thing and member_candidates(thing, prefix, before.text) or {}
  else
    found = value_candidates(list, #list, prefix, environment)
    if #found == 0 then found = name_candidates(environment, prefix) end
  end
  table.sort(found)
  return { from = position - #prefix + 1, list = found }
end

return complete
