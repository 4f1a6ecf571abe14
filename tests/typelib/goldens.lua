-- Dumps every library of the corpus through our API and compares it with its golden text.
-- usage: goldens.lua CORPUS ARGUED FOLDER [DUMP]
-- A library that differs fails the test unless ARGUED says why it may; the goldens of SLTG libraries are weak, so these
-- are
-- compared in brief. Says aloud when the corpus is absent.
local corpus <const>, argued_file <const>, folder <const>, dump <const> = table.unpack(arg)

if not dump then
  print("skipped: there is no corpus of type libraries at " .. corpus)
  os.exit(77) -- CTest shows the test as skipped
end

local argued <const> = dofile(argued_file)

local function quoted(text)
  return "'" .. text:gsub("'", "'\\''") .. "'"
end

local function lines(command)
  local list <const> = {}
  local pipe <close> = assert(io.popen(command))
  for line in pipe:lines() do list[#list + 1] = line end
  return list
end

local function read(path)
  local file <close> = assert(io.open(path, "rb"))
  return file:read "a"
end

-- Runs the dumper where it finds neither files nor registrations of its own.
local function dump_library(path, into)
  local command <const> = ("cd %s && OLEANDER_CLASSES=%s timeout 120 %s %s > %s 2> %s.errors"):format(
    quoted(folder .. "/empty"), quoted(folder .. "/empty"), quoted(dump), quoted(path), quoted(into), quoted(into))
  local ok <const>, _, status <const> = os.execute(command)
  if ok or status == 1 then return true end
  return false, ("the dumper ended with %s:\n%s"):format(status, read(into .. ".errors"))
end

local counts <const> = { MSFT = { equal = 0, all = 0 }, SLTG = { equal = 0, all = 0 } }
local failures = 0

local function fail(name, reason)
  failures = failures + 1
  print(("%s differs and nothing argues for it:\n%s"):format(name, reason))
end

local function check(name, path, golden)
  local format <const> = read(path):sub(1, 4)
  local count <const> = counts[format]
  if not count then return end
  local actual <const> = folder .. "/" .. name .. ".txt"
  local ran <const>, reason <const> = dump_library(path, actual)
  count.all = count.all + 1
  if not ran then return fail(name, reason) end
  local differences <const> = lines(("%s %s %s %s %s"):format(quoted(arg[-1]), quoted(corpus .. "/compare.lua"),
    format == "SLTG" and "--sltg" or "", quoted(golden), quoted(actual)))
  if differences[#differences]:match " 0 differ$" then
    count.equal = count.equal + 1
    if argued[name] then fail(name, "it is equal now: take it out of the list") end
  elseif not argued[name] then
    fail(name, table.concat(differences, "\n"))
  end
end

os.execute("mkdir -p " .. quoted(folder .. "/empty"))
for _, pair in ipairs { { "libraries", "golden" }, { "generated", "generated-golden" } } do
  for _, name in ipairs(lines("ls " .. quoted(corpus .. "/" .. pair[1]))) do
    check(name, ("%s/%s/%s"):format(corpus, pair[1], name), ("%s/%s/%s.txt"):format(corpus, pair[2], name))
  end
end
for format, count in pairs(counts) do
  print(("%s: %d of %d libraries equal their golden dumps"):format(format, count.equal, count.all))
end
os.exit(failures == 0)
