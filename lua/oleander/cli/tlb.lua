---`oleander tlb show|list|find`: what is in type libraries.
local terminal <const> = require "oleander.cli.terminal"
local typelib_json <const> = require "oleander.typelib_json"
local json <const> = require "oleander.json"

---@type oleander.cli.Command
local tlb <const> = {
  summary = "Look into type libraries.",
  description = "Look into type libraries: raw files (.tlb, .olb) and the ones inside .dll, .ocx, .exe and .so modules "
    .. "(FILE\\N chooses one of several).",
}

local type_kinds <const> = { "enum", "record", "module", "interface", "dispinterface", "coclass", "alias", "union" }

function tlb.configure(parser)
  parser:command_target "tlb_command"
  parser:require_command(true)

  local show <const> = parser:command "show":summary "Print what is in the libraries."
  show:argument("file", "Files, LIBIDs or ProgIDs."):args "+"
  show:option("-k --kind", "Only types of this kind (may be given several times)."):choices(type_kinds):count "*"
  show:option("-n --name", "Only types, and members, whose name contains this text; * stands for anything.")
  show:flag("-a --all", "Also restricted and hidden members.")
  show:flag("--json", "Print JSON: one object a library in an array (schema: docs/tlb-json.md).")
  show:option("--color", "Colours."):choices { "auto", "always", "never" }:default "auto"
  show:flag("--no-pager", "Don't page.")

  local list <const> = parser:command "list":summary "List every library in the files of folders."
  list:argument("dir", "Folders, searched with all below them, or files."):args "+"
  list:flag("--json", "Print JSON.")

  local find <const> = parser:command "find":summary "Find types, members and parameters by name."
  find:argument("name", "Text that the name contains; * stands for anything.")
  find:argument("place", "Files or folders."):args "+"
  find:flag("--json", "Print JSON.")
end

---A test for names from a text in which * stands for anything; without case.
local function name_test(text)
  local pattern <const> = text:lower():gsub("[%^%$%(%)%%%.%[%]%+%-%?]", "%%%0"):gsub("%*", ".*")
  return function(name) return name:lower():find(pattern) ~= nil end
end

local com -- loaded when a command runs

local function open(id)
  return com.typelib(id)
end

-- ---- show ---------------------------------------------------------------------------------------------------------

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

local function print_type(write, paint, value, options, wanted_name)
  local head <const> = tostring(value):sub(#value.kind + 1)
  local line = value.kind == "alias" and paint("kind", "typedef ") .. tostring(value):match "^typedef (.*)$"
    or paint("kind", value.kind) .. paint("name", head)
  if value.guid then line = line .. "  " .. paint("guid", value.guid) end
  if #value.flags > 0 then line = line .. "  " .. paint("dim", "[" .. table.concat(value.flags, ", ") .. "]") end
  write("  " .. line)
  if value.help then write("    " .. paint("dim", value.help)) end
  if value.kind == "coclass" then
    for _, item in ipairs(value.implements) do
      local flags <const> = #item.flags > 0 and "[" .. table.concat(item.flags, ", ") .. "] " or ""
      write("    " .. paint("dim", flags) .. (item.type and item.type.kind .. " " or "") .. paint("name", item.name))
    end
  end
  local all_members <const> = not wanted_name or wanted_name(value.name)
  for _, member in ipairs(value.members) do
    if (all_members or wanted_name(member.name)) and (options.all or not is_hidden(member)) then
      print_member(write, paint, member)
    end
  end
  if value.problem then write("    " .. paint("warn", value.problem)) end
end

---Whether the options want this type: its kind, its name or the name of one of its members.
local function type_filter(options)
  local by_kind = #options.kind > 0 and {} or nil
  for _, kind in ipairs(options.kind) do by_kind[kind] = true end
  local by_name <const> = options.name and name_test(options.name)
  return function(value)
    if by_kind and not by_kind[value.kind] then return false end
    if not by_name or by_name(value.name) then return true end
    for _, member in ipairs(value.members) do
      if by_name(member.name) then return true end
    end
    return false
  end, by_name
end

local function print_library(write, paint, library, options)
  local wanted <const>, wanted_name <const> = type_filter(options)
  write(("%s %s %s  %s"):format(paint("kind", "library"), paint("name", library.name), library.version,
    paint("guid", library.guid)))
  if library.help then write("  " .. library.help) end
  write(("  %s %s, lcid 0x%x, %d types%s"):format(library.format or "foreign", library.syskind, library.lcid,
    #library.types, library.path and ", from " .. library.path or ""))
  for i = 1, #library.types do
    if wanted(library.types[i]) then
      write ""
      print_type(write, paint, library.types[i], options, wanted_name)
    end
  end
end

local function show(options)
  local failed = false
  local libraries <const> = {}
  for _, id in ipairs(options.file) do
    local good <const>, library <const> = pcall(open, id)
    if good then
      libraries[#libraries + 1] = library
    else
      io.stderr:write("oleander: ", require "oleander.cli".message(library), "\n")
      failed = true
    end
  end
  if options.json then
    local result <const> = json.array {}
    for i, library in ipairs(libraries) do result[i] = typelib_json.library(library, (type_filter(options))) end
    print(json.encode(result))
  else
    local paint <const> = terminal.painter(options.color)
    terminal.paged(not options.no_pager, function(write)
      for i, library in ipairs(libraries) do
        if i > 1 then write "" end
        print_library(write, paint, library, options)
      end
    end)
  end
  return failed and 1 or 0
end

-- ---- list and find ------------------------------------------------------------------------------------------------

---The files named or below the named folders, in a fixed order.
local function files_below(places)
  local quoted <const> = {}
  for i, place in ipairs(places) do quoted[i] = "'" .. place:gsub("'", "'\\''") .. "'" end
  local pipe <close> = assert(io.popen("find -L " .. table.concat(quoted, " ") .. " -type f -print0 | sort -z", "r"))
  local files <const> = {}
  for file in pipe:read "a":gmatch "[^\0]+" do files[#files + 1] = file end
  return files
end

---The first bytes of what can hold a type library: MSFT, SLTG, MZ, ELF.
local function may_hold_library(path)
  local file <close> = io.open(path, "rb")
  local start <const> = file and file:read(4) or ""
  return start == "MSFT" or start == "SLTG" or start:sub(1, 2) == "MZ" or start == "\127ELF"
end

---Each library in the places: every one that a module carries.
local function each_library(places, body)
  local progress <const> = terminal.progress()
  local files <const> = files_below(places)
  local found = 0
  for i, file in ipairs(files) do
    progress(("%d of %d files, %d libraries: %s"):format(i, #files, found, file:match "[^/]*$"))
    if may_hold_library(file) then
      local number = 1
      while true do
        local good <const>, library <const> = pcall(open, number == 1 and file or file .. "\\" .. number)
        if not good then break end
        found = found + 1
        progress()
        body(library)
        number = number + 1
        if number > 64 then break end
      end
    end
  end
  progress()
  return found
end

local function list(options)
  local result <const> = json.array {}
  local found <const> = each_library(options.dir, function(library)
    if options.json then
      result[#result + 1] = typelib_json.head(library)
    else
      print(("%s  %-7s  %s  %-5s  %4d  %s  %s"):format(library.guid, library.version, library.format or "-",
        library.syskind, #library.types, library.name, library.path))
    end
  end)
  if options.json then print(json.encode(result)) end
  if found == 0 then io.stderr:write "oleander: there is no type library\n" end
  return found > 0 and 0 or 1
end

local function find(options)
  local test <const> = name_test(options.name)
  local result <const> = json.array {}
  local function report(library, value, member, text)
    if options.json then
      result[#result + 1] = {
        path = library.path, library = library.name, type = value.name, member = member and member.name, text = text,
      }
    else
      print(("%s: %s%s: %s"):format(library.path, value.name, member and "." .. member.name or "", text))
    end
    result.count = (result.count or 0) + 1
  end
  each_library(options.place, function(library)
    for i = 1, #library.types do
      local value <const> = library.types[i]
      if test(value.name) then report(library, value, nil, tostring(value)) end
      for _, member in ipairs(value.members) do
        local hit = test(member.name)
        for _, parameter in ipairs(member.parameters) do hit = hit or test(parameter.name) end
        if hit then report(library, value, member, tostring(member)) end
      end
    end
  end)
  local count <const> = result.count or 0
  result.count = nil
  if options.json then print(json.encode(result)) end
  if count == 0 then io.stderr:write("oleander: nothing is named like '", options.name, "'\n") end
  return count > 0 and 0 or 1
end

local commands <const> = { show = show, list = list, find = find }

function tlb.run(options)
  com = require "oleander"
  for name, command in pairs(commands) do
    if options[name] then return command(options) end
  end
end

return tlb
