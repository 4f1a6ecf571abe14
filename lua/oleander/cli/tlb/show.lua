---`oleander tlb show FILE...`: the types of libraries and their members, as a tree or as JSON.
local json <const> = require "oleander.json"
local places <const> = require "oleander.cli.tlb.places"
local terminal <const> = require "oleander.cli.terminal"
local typelib_json <const> = require "oleander.typelib_json"

---@type oleander.cli.Command
local show <const> = {
  summary = "Print what is in the libraries.",
  description = "Print what is in the libraries. The exit code is 1 when a library can't be opened, a part of one "
    .. "can't be read, or nothing is left to show.",
  completes = { file = "library" },
}

local type_kinds <const> = { "enum", "record", "module", "interface", "dispinterface", "coclass", "alias", "union" }

function show.configure(parser)
  parser:argument("file", "Files, LIBIDs or ProgIDs."):args "+"
  parser:option("-k --kind", "Only types of this kind (may be given several times)."):choices(type_kinds):count "*"
  parser:option("-n --name", "Only types, and members, whose name contains this text; * stands for anything.")
  parser:flag("-a --all", "Also restricted and hidden members.")
  parser:flag("--json", "Print JSON: one object a library in an array (schema: docs/tlb-json.md).")
  parser:option("--color", "Colours."):choices { "auto", "always", "never" }:default "auto"
  parser:flag("--no-pager", "Don't page.")
end

local hidden_flags <const> = { restricted = true, hidden = true }

local function is_hidden(member)
  for _, flag in ipairs(member.flags) do
    if hidden_flags[flag] then return true end
  end
  return false
end

local function print_member(write, paint, member)
  local text <const> = tostring(member)
  local attributes <const>, rest <const> = text:match "^(%b[])%s*(.*)$"
  -- A help text may hold brackets: then the line is left plain.
  if attributes and rest:find(member.name, 1, true) then
    local before <const>, after <const> = rest:match("^(.-)" .. member.name:gsub("%p", "%%%0") .. "(.*)$")
    write("    " .. paint("dim", attributes) .. " " .. paint("type", before) .. paint("name", member.name) .. after)
  elseif member.kind == "constant" then
    write(("    %s = %s"):format(paint("name", member.name), paint("value", text:match "= (.*);$" or "?")))
  else
    write("    " .. text)
  end
end

local function print_head(write, paint, value)
  local head <const> = tostring(value):sub(#value.kind + 1)
  local line = value.kind == "alias" and paint("kind", "typedef ") .. tostring(value):match "^typedef (.*)$"
    or paint("kind", value.kind) .. paint("name", head)
  if value.guid then line = line .. "  " .. paint("guid", value.guid) end
  if #value.flags > 0 then line = line .. "  " .. paint("dim", "[" .. table.concat(value.flags, ", ") .. "]") end
  write("  " .. line)
  if value.help then write("    " .. paint("dim", value.help)) end
end

local function print_members(write, paint, value, options, wanted_name)
  local all_members <const> = not wanted_name or wanted_name(value.name)
  for _, member in ipairs(value.members) do
    if (all_members or wanted_name(member.name)) and (options.all or not is_hidden(member)) then
      print_member(write, paint, member)
    end
  end
  if value.problem then write("    " .. paint("warn", value.problem)) end
end

local function print_type(write, paint, value, options, wanted_name)
  print_head(write, paint, value)
  if value.kind == "coclass" then
    for _, item in ipairs(value.implements) do
      local flags <const> = #item.flags > 0 and "[" .. table.concat(item.flags, ", ") .. "] " or ""
      write("    " .. paint("dim", flags) .. (item.type and item.type.kind .. " " or "") .. paint("name", item.name))
    end
  end
  print_members(write, paint, value, options, wanted_name)
  local half <const> = value.other_half
  if half and half.kind == "interface" then -- a dual interface: what its vtable has
    print_head(write, paint, half)
    print_members(write, paint, half, options, wanted_name)
  end
end

---Whether the options want this type: its kind, its name or the name of one of its members.
local function type_filter(options)
  local by_kind = #options.kind > 0 and {} or nil
  for _, kind in ipairs(options.kind) do by_kind[kind] = true end
  local by_name <const> = options.name and places.name_test(options.name)
  return function(value)
    local half <const> = by_kind and by_kind.interface and value.other_half
    if by_kind and not by_kind[value.kind] and not (half and half.kind == "interface") then return false end
    if not by_name or by_name(value.name) then return true end
    for _, member in ipairs(value.members) do
      if by_name(member.name) then return true end
    end
    return false
  end, by_name
end

---Gathers what can't be read, so that the end of the output says it.
local function damage_list()
  local list <const> = {}
  return list, function(library, name, problem)
    list[#list + 1] = ("%s: %s: %s"):format(library.path or library.name, name, problem)
  end
end

---Runs `body(type)` for each type that is wanted; a type that can't be read is noted. Returns how many there were.
local function each_type(library, wanted, note, body)
  local shown = 0
  for i = 1, #library.types do
    local good <const>, problem <const> = xpcall(function()
      local value <const> = library.types[i]
      if not wanted(value) then return end
      shown = shown + 1
      body(value)
      if value.name == "" then note(library, "type " .. i, "its name can't be read") end
      local half <const> = value.other_half
      for _, part in ipairs { value, half } do
        if part.damaged then note(library, part.name ~= "" and part.name or "type " .. i, part.problem) end
      end
    end, require "oleander.cli".message)
    if not good then note(library, "type " .. i, problem) end
  end
  return shown
end

local function print_library(write, paint, library, options, note)
  local wanted <const>, wanted_name <const> = type_filter(options)
  write(("%s %s %s  %s"):format(paint("kind", "library"), paint("name", library.name), library.version,
    paint("guid", library.guid)))
  if library.help then write("  " .. library.help) end
  write(("  %s %s, lcid 0x%x, %d types%s"):format(library.format or "foreign", library.syskind, library.lcid,
    #library.types, library.path and ", from " .. library.path or ""))
  return each_type(library, wanted, note, function(value)
    write ""
    print_type(write, paint, value, options, wanted_name)
  end)
end

local function open_all(names)
  local libraries <const> = {}
  local com <const> = require "oleander"
  for _, id in ipairs(names) do
    local library <const>, problem <const> = com.try(com.typelib, id)
    libraries[#libraries + 1] = library
    if not library then io.stderr:write("oleander: ", require "oleander.cli".message(problem), "\n") end
  end
  return libraries
end

function show.run(options)
  local libraries <const> = open_all(options.file)
  local damages <const>, note <const> = damage_list()
  local shown = 0
  if options.json then
    local result <const> = json.array {}
    for i, library in ipairs(libraries) do
      local described <const> = typelib_json.head(library)
      described.types = json.array {}
      shown = shown + each_type(library, type_filter(options), note, function(value)
        described.types[#described.types + 1] = typelib_json.type(value)
      end)
      result[i] = described
    end
    print(json.encode(result))
  else
    local paint <const> = terminal.painter(options.color)
    terminal.paged(not options.no_pager, function(write)
      for i, library in ipairs(libraries) do
        if i > 1 then write "" end
        shown = shown + print_library(write, paint, library, options, note)
      end
    end)
  end
  for _, damage in ipairs(damages) do io.stderr:write("oleander: ", damage, "\n") end
  local filtered <const> = #options.kind > 0 or options.name
  if filtered and shown == 0 and #libraries > 0 and #damages == 0 then io.stderr:write "oleander: no type matches\n" end
  return (#libraries < #options.file or #damages > 0 or filtered and shown == 0) and 1 or 0
end

return show
