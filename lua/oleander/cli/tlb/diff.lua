---`oleander tlb diff A B`: what changed between two versions of a type library, and whom it breaks.
local json <const> = require "oleander.json"
local places <const> = require "oleander.cli.tlb.places"
local terminal <const> = require "oleander.cli.terminal"

---@type oleander.cli.Command
local command <const> = {
  summary = "Compare two versions of a library: what changed, and whom it breaks.",
  description = "Compare two versions of a type library: what changed, and whom it breaks (the rules: docs/diff.md). "
    .. "With --since the versions in a folder, each with the next one. "
    .. "Exit code: 0 the same, 1 compatible changes, 2 breaking changes, 3 it could not be found out.",
  completes = { library = "library" },
}

---Exit codes.
local SAME <const>, COMPATIBLE <const>, BREAKING <const>, TROUBLE <const> = 0, 1, 2, 3
local codes <const> = { same = SAME, compatible = COMPATIBLE, breaking = BREAKING }

function command.configure(parser)
  parser:argument("library", "The old and the new library: path, LIBID or ProgID. With --since a folder."):args "1-2"
  parser:option("--since", "Compare the versions of a library in a folder, from this one on."):argname "VERSION"
  parser:flag("--json", "Print JSON.")
  parser:option("--color", "Colours."):choices { "auto", "always", "never" }:default "auto"
end

local function complain(text)
  io.stderr:write("oleander: ", text, "\n")
  return TROUBLE
end

---@class oleander.cli.Comparison what JSON says of two libraries
---@field a string
---@field b string
---@field result string
---@field changes oleander.Change[]

---@return oleander.cli.Comparison? comparison nil when one of them cannot be read whole
---@return string? problem
local function compare(a, b, name_a, name_b)
  local diff <const> = require "oleander.diff"
  for name, library in pairs { [name_a] = a, [name_b] = b } do
    local problem <const> = diff.problem(library)
    if problem then return nil, ("%s: %s"):format(name, problem) end
  end
  local list <const> = diff.libraries(a, b)
  local changes <const> = json.array {}
  for i, change in ipairs(list) do changes[i] = change end
  return { a = name_a, b = name_b, result = list.result, changes = changes }
end

local function shown(value)
  return value ~= nil and tostring(value) or nil
end

local function print_change(paint, change)
  local mark <const> = change.breaking and paint("warn", "breaks ") or paint("dim", "       ")
  local whom <const> = change.whom and paint("dim", " [" .. change.whom .. "]") or ""
  print(mark .. change.text .. whom)
  local before <const>, after <const> = shown(change.before), shown(change.after)
  if before then print("         - " .. paint("dim", before)) end
  if after then print("         + " .. after) end
end

local function print_comparison(paint, comparison)
  print(("%s -> %s: %s"):format(comparison.a, comparison.b, comparison.result))
  for _, change in ipairs(comparison.changes) do print_change(paint, change) end
end

---Prints them and gives the worst exit code.
local function print_all(comparisons, options, whole)
  local worst = SAME
  for _, comparison in ipairs(comparisons) do worst = math.max(worst, codes[comparison.result]) end
  if options.json then
    print(json.encode(whole or comparisons))
    return worst
  end
  local paint <const> = terminal.painter(options.color)
  for i, comparison in ipairs(comparisons) do
    if i > 1 then print() end
    print_comparison(paint, comparison)
  end
  return worst
end

local function compare_two(options)
  local com <const> = require "oleander"
  local names <const> = options.library
  if #names ~= 2 then return complain "two libraries are compared; with --since the ones in a folder" end
  local comparison <const>, problem <const> = compare(com.typelib(names[1]), com.typelib(names[2]), names[1], names[2])
  if not comparison then return complain(problem) end
  return print_all({ comparison }, options, comparison)
end

-- The versions in a folder.

local function version_of(text)
  local major <const>, minor <const> = text:match "^(%d+)%.?(%d*)$"
  return major and { tonumber(major), tonumber(minor) or 0 }
end

local function is_before(a, b)
  if a[1] ~= b[1] then return a[1] < b[1] end
  return a[2] < b[2]
end

---The libraries of a folder by LIBID, oldest version first; of one version in the order of their paths.
local function versions_in(folder)
  local by_guid <const>, guids <const> = {}, {}
  places.each_library({ folder }, function(library)
    local list <const> = by_guid[library.guid] or {}
    if #list == 0 then
      by_guid[library.guid] = list
      guids[#guids + 1] = library.guid
    end
    list[#list + 1] = { library = library, version = { library.major, library.minor }, path = library.path }
  end)
  table.sort(guids)
  for _, guid in ipairs(guids) do
    table.sort(by_guid[guid], function(a, b)
      if is_before(a.version, b.version) then return true end
      return not is_before(b.version, a.version) and a.path < b.path
    end)
  end
  return by_guid, guids
end

---Each library that is not older than `since`, with the next one of its LIBID.
local function pairs_since(folder, since)
  local by_guid <const>, guids <const> = versions_in(folder)
  local result <const> = {}
  for _, guid in ipairs(guids) do
    local before
    for _, entry in ipairs(by_guid[guid]) do
      if not is_before(entry.version, since) then
        if before then result[#result + 1] = { before, entry } end
        before = entry
      end
    end
  end
  return result
end

local function compare_since(options)
  local since <const> = version_of(options.since)
  if not since then return complain(("'%s' is no version: 1.2, for example"):format(options.since)) end
  if #options.library ~= 1 then return complain "--since takes one folder" end
  local comparisons <const> = json.array {}
  for i, pair in ipairs(pairs_since(options.library[1], since)) do
    local a <const>, b <const> = pair[1], pair[2]
    local comparison <const>, problem <const> = compare(a.library, b.library, a.path, b.path)
    if not comparison then return complain(problem) end
    comparisons[i] = comparison
  end
  if #comparisons == 0 then
    return complain(("no two versions of a library from %s on are in %s"):format(options.since, options.library[1]))
  end
  return print_all(comparisons, options)
end

function command.run(options)
  local done <const>, result <const> = xpcall(options.since and compare_since or compare_two, function(e)
    return require "oleander.cli".message(e)
  end, options)
  if not done then return complain(result) end
  return result
end

---What a wrong command line is: 2 says that something breaks.
command.usage = TROUBLE

return command
