-- A report on a folder and all below it: how much there is of each type, the biggest files, and the drive it is on.
--   ./dev run examples/directory_report.lua [FOLDER]
local com <const> = require "oleander"

local fso <close> = com.create "Scripting.FileSystemObject"
local path <const> = fso:GetAbsolutePathName(arg[1] or ".")
local root <const>, missing <const> = com.try(fso.GetFolder, fso, path)
if not root then
  io.stderr:write(("%s: %s\n"):format(path, missing.description))
  os.exit(1)
end

local ALIAS <const> = com.enum(fso, "FileAttribute").Alias
local kinds <const> = com.create "Scripting.Dictionary" -- type -> { count, bytes }
kinds.CompareMode = "TextCompare"
local files, folders, unreadable = {}, 0, 0

local function visit(folder)
  for _, file in com.each(folder.Files) do
    local kind <const>, size <const> = file.Type, file.Size
    local sums <const> = kinds:Exists(kind) and kinds.Item(kind):totable() or { 0, 0 }
    kinds.Item[kind] = { sums[1] + 1, sums[2] + size }
    files[#files + 1] = { path = file.Path:sub(#path + 2), size = size, date = file.DateLastModified }
  end
  for _, sub in com.each(folder.SubFolders) do
    if sub.Attributes & ALIAS == 0 then -- a link may lead round in a circle
      folders = folders + 1
      if not com.try(visit, sub) then unreadable = unreadable + 1 end
    end
  end
  return true
end

local read <const>, problem <const> = com.try(visit, root)
if not read and problem then
  io.stderr:write(("%s: %s\n"):format(path, tostring(problem)))
  os.exit(1)
end

print(("%s: %d files in %d folders"):format(path, #files, folders + 1))
if unreadable > 0 then print(("  %d folders cannot be read"):format(unreadable)) end

print "\nBy type"
local list <const> = {}
for _, kind in com.each(kinds) do
  local sums <const> = kinds.Item(kind)
  list[#list + 1] = { kind = kind, count = sums[1], bytes = sums[2] }
end
table.sort(list, function(a, b)
  if a.bytes ~= b.bytes then return a.bytes > b.bytes end
  return a.kind < b.kind
end)
for _, row in ipairs(list) do print(("  %12d bytes in %5d  %s"):format(row.bytes, row.count, row.kind)) end

print "\nBiggest"
table.sort(files, function(a, b)
  if a.size ~= b.size then return a.size > b.size end
  return a.path < b.path
end)
for i = 1, math.min(5, #files) do
  local date <const> = tostring(files[i].date):gsub("T", " ")
  print(("  %12d  %s  %s"):format(files[i].size, date, files[i].path))
end

local drive <const> = root.Drive
print(("\nDrive %s (%s): %.0f%% free"):format(drive.Path, drive.FileSystem,
  drive.TotalSize > 0 and 100 * drive.AvailableSpace / drive.TotalSize or 0))
