-- Words counted over many runs: the count is an object that lasts in a file.
--   lua5.4 remember.lua COUNT.cfb [TEXT...]
local com <const> = require "oleander"

local path <const> = arg[1] or "count.cfb"

local Count <const> = {
  __clsid = "{2F6B5D0A-7B1C-4C59-8D58-6E1B0A7C9D21}",
  __persist = { "words", "runs" },
  runs = 0,
}

function Count:Add(text)
  self.words = self.words or {}
  for word in text:lower():gmatch "%a+" do self.words[word] = (self.words[word] or 0) + 1 end
end

function Count:Of(word)
  return self.words and self.words[word] or 0
end

local _ <close> = com.serve { progid = "Example.Count", class = Count }

-- Nothing but the class that is wanted here is made from the file.
local count = com.try(com.load, path, { classes = { "Example.Count" } })
if not count then count = com.create "Example.Count" end

for i = 2, #arg do count:Add(arg[i]) end
com.table(count).runs = count.runs + 1
com.save(count, path) -- beside the old file, then in its place

local names <const> = {}
for word in pairs(com.table(count).words or {}) do names[#names + 1] = word end
table.sort(names)
for _, word in ipairs(names) do print(word, count:Of(word)) end
print("runs", count.runs)
