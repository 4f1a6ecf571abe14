-- Writes the version of a release into the tree: CMake, changelogs, what the documentation tells CMake to look for.
--
--   lua5.4 tools/dev/release_version.lua X.Y.Z YYYY-MM-DD ["RFC 2822 date"]
--
-- Run in the root of the tree. Running it again changes nothing but dates.
local version <const>, date <const>, long_date <const> = arg[1], arg[2], arg[3]

local function fail(text)
  io.stderr:write("release: ", text, "\n")
  os.exit(1)
end

local function numbers(text)
  local major <const>, minor <const>, patch <const> = (text or ""):match "^(%d+)%.(%d+)%.(%d+)$"
  if not major then fail(("'%s' is no version: 0.2.0, for example"):format(text or "")) end
  return { tonumber(major), tonumber(minor), tonumber(patch) }
end

local function is_before(a, b)
  for i = 1, 3 do
    if a[i] ~= b[i] then return a[i] < b[i] end
  end
  return false
end

local function read(path)
  local file <close> = io.open(path, "rb") or fail("there is no " .. path .. " here")
  return file:read "a"
end

local function write(path, text)
  if text == read(path) then return end
  local file <close> = assert(io.open(path, "wb"))
  file:write(text)
  print("  " .. path)
end

-- A text in which a pattern was replaced; it must be there.
local function replaced(path, pattern, replacement)
  local text <const>, count <const> = read(path):gsub(pattern, replacement)
  if count == 0 then fail(path .. " does not say the version where it should") end
  write(path, text)
end

local wanted <const> = numbers(version)
if not (date or ""):find "^%d%d%d%d%-%d%d%-%d%d$" then fail "the date is missing" end
local current <const> = read "CMakeLists.txt":match "project%(Oleander VERSION ([%d.]+)"
if is_before(wanted, numbers(current)) then fail(("%s is older than %s"):format(version, current)) end

-- "## [Unreleased]" with what stands below it becomes the section of the release; a section that was prepared keeps
-- what it has.
local function changelog(text)
  local escaped <const> = version:gsub("%.", "%%.")
  local before <const>, news <const>, rest <const> = text:match "^(.-\n## %[Unreleased%]\n)(.-)(\n## %[.*)$"
  if text:find("\n## %[" .. escaped .. "%]") then
    if (news or ""):find "%S" then fail "CHANGELOG.md has both a section of the version and lines under Unreleased" end
    return (text:gsub("(\n## %[" .. escaped .. "%]) %- [%d-]+", "%1 - " .. date))
  end
  local head <const>, all <const> = before or text:match "^(.-\n## %[Unreleased%]\n)",
    news or text:match "\n## %[Unreleased%]\n(.*)$"
  if not head or not all:find "%S" then fail "CHANGELOG.md has nothing under Unreleased" end
  return ("%s\n## [%s] - %s\n%s%s"):format(head, version, date, all, rest or "")
end

write("CHANGELOG.md", changelog(read "CHANGELOG.md"))
replaced("CMakeLists.txt", "(project%(Oleander VERSION )[%d.]+", "%1" .. version)
replaced("debian/changelog", "^oleander %([%d.]+%)", ("oleander (%s)"):format(version))
if long_date then replaced("debian/changelog", "(\n %-%- [^\n]->  )[^\n]*", "%1" .. long_date) end
local minor <const> = ("%d.%d"):format(wanted[1], wanted[2])
local pipe <close> = assert(io.popen("grep -rlE --include=*.md --include=CMakeLists.txt "
  .. "'find_package\\(Oleander [0-9.]+ CONFIG' docs examples tests README.md"))
for path in pipe:lines() do
  write(path, (read(path):gsub("(find_package%(Oleander )[%d.]+( CONFIG)", "%1" .. minor .. "%2")))
end
