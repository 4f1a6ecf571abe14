-- Counts the words of a text file: runs of ASCII letters, lower-cased; the most frequent first.
--   ./dev run examples/word_count.lua FILE
local com <const> = require "oleander"

if not arg[1] then
  io.stderr:write("usage: word_count.lua FILE\n")
  os.exit(2)
end

local fso   <close> = com.create "Scripting.FileSystemObject"
local count <close> = com.create "Scripting.Dictionary"
local text  <close> = fso:OpenTextFile(arg[1], "ForReading")

while not text.AtEndOfStream do
  for word in text:ReadLine():lower():gmatch "%a+" do
    count.Item[word] = (count:Exists(word) and count.Item[word] or 0) + 1
  end
end

local words = count:Keys():totable()
table.sort(words, function(a, b)
  local na <const>, nb <const> = count.Item[a], count.Item[b]
  if na ~= nb then return na > nb end
  return a < b
end)
for _, word in ipairs(words) do
  io.write(count.Item[word], " ", word, "\n")
end
