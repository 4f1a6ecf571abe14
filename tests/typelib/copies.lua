-- Reads every library of the corpus, and of folders of our own (OWN), through the API, writes it again and compares the
-- dumps.
-- usage: copies.lua CORPUS ARGUED FOLDER COPY [DUMP] [OWN]...
-- With OLEANDER_EVERY=N one library in N: sanitizers make each of the three programs that a library takes slow.
-- A library whose copy differs fails the test unless ARGUED says what cannot be told through the API. Says aloud when
-- the corpus is absent.
local corpus <const>, argued_file <const>, folder <const>, copy <const>, dump <const> = table.unpack(arg, 1, 5)

if not dump then
  print("skipped: there is no corpus of type libraries at " .. corpus)
  os.exit(77) -- CTest shows the test as skipped
end

local argued <const> = dofile(argued_file)

local function quoted(text)
  return "'" .. text:gsub("'", "'\\''") .. "'"
end

local function read(path)
  local file <close> = assert(io.open(path, "rb"))
  return file:read "a"
end

-- Where there are neither files nor registrations of its own.
local function run(program, arguments, into)
  local words <const> = {}
  for i, argument in ipairs(arguments) do words[i] = quoted(argument) end
  local empty <const> = quoted(folder .. "/empty")
  return os.execute(("cd %s && OLEANDER_CLASSES=%s timeout 120 %s %s > %s 2> %s.errors"):format(
    empty, empty, quoted(program), table.concat(words, " "), quoted(into), quoted(into)))
end

-- The first lines that differ.
local function difference(before, after)
  local other <const> = after:gmatch "[^\n]*"
  local shown <const> = {}
  for line in before:gmatch "[^\n]*" do
    local copied <const> = other()
    if line ~= copied then shown[#shown + 1] = ("  %s\n  %s"):format(line, copied) end
    if #shown == 3 then break end
  end
  return table.concat(shown, "\n")
end

local count <const> = { equal = 0, all = 0, seen = 0 }
local every <const> = tonumber(os.getenv "OLEANDER_EVERY") or 1

-- The copy has the name of the original: others of its folder find it beside them.
local function compare(name, path, into)
  local base <const> = into .. "/" .. name
  os.remove(base)
  if not run(copy, { path, base }, base .. ".copy") then return read(base .. ".copy.errors") end
  run(dump, { path }, base .. ".before")
  if not run(dump, { base }, base .. ".after") then return read(base .. ".after.errors") end
  local before <const>, after <const> = read(base .. ".before"), read(base .. ".after")
  return before ~= after and difference(before, after) or nil
end

local failures = 0

local function check(name, path, into)
  count.all = count.all + 1
  local reason = compare(name, path, into)
  if not reason then count.equal = count.equal + 1 end
  if not reason and argued[name] then reason = "it is equal now: take it out of the list"
  elseif argued[name] then reason = nil end
  if reason then
    failures = failures + 1
    print(("the copy of %s differs and nothing argues for it:\n%s"):format(name, reason))
  end
end

os.execute("mkdir -p " .. quoted(folder .. "/empty"))
local places <const> = { corpus .. "/libraries", corpus .. "/generated", table.unpack(arg, 6) }
for number, place in ipairs(places) do
  local into <const> = folder .. "/" .. number
  os.execute("mkdir -p " .. quoted(into))
  local pipe <close> = assert(io.popen("ls " .. quoted(place)))
  for name in pipe:lines() do
    local path <const> = place .. "/" .. name
    local magic <const> = read(path):sub(1, 4)
    if magic == "MSFT" or magic == "SLTG" then
      count.seen = count.seen + 1
      if count.seen % every == 0 then check(name, path, into) end
    end
  end
end
print(("%d of %d libraries are the same when they were copied; %d were left out"):format(count.equal, count.all,
  count.seen - count.all))
os.exit(failures == 0)
