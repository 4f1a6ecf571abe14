---Names of files and folders for names that may be anything: safe on every system, none twice, also where case does not
---count. A plain name stays as it is, any other gets a sum of its whole text, which does not depend on its neighbours.
local names <const> = {}

local LENGTH_LIMIT <const>, KEPT <const> = 80, 56 -- bytes

local devices <const> = {}
for word in ("CON PRN AUX NUL CLOCK$ CONIN$ CONOUT$"):gmatch "%S+" do devices[word] = true end
for digit = 0, 9 do
  devices["COM" .. digit] = true
  devices["LPT" .. digit] = true
end

local function is_plain(name)
  return #name <= LENGTH_LIMIT and name:find "^[%w_][%w_.%-]*$" ~= nil and name:sub(-1) ~= "."
    and not devices[name:match "^[^.]*":upper()]
end

---FNV-1a over 32 bits.
local function sum(text)
  local value = 0x811C9DC5
  for i = 1, #text do value = (value ~ text:byte(i)) * 0x01000193 & 0xFFFFFFFF end
  return ("%08x"):format(value)
end

local function take(taken, candidate)
  local folded <const> = candidate:lower()
  if taken[folded] then return nil end
  taken[folded] = candidate
  return candidate
end

local function numbered(taken, base)
  local candidate, number = take(taken, base), 1
  while not candidate do
    number = number + 1
    candidate = take(taken, ("%s-%d"):format(base, number))
  end
  return candidate
end

---File names for these names, in their order. Plain names have the first choice.
---@param list string[]
---@param reserved string[] what is taken already
---@param nameless string what a name that is empty begins with
---@return string[]
function names.assign(list, reserved, nameless)
  local taken <const>, result <const> = {}, {}
  for _, name in ipairs(reserved) do taken[name:lower()] = "" end
  for i, name in ipairs(list) do result[i] = is_plain(name) and take(taken, name) or false end
  for i, name in ipairs(list) do
    if not result[i] then
      local base = name
      if name == "" then
        base = nameless
      elseif not is_plain(name) or taken[name:lower()] ~= name then
        base = ("%s-%s"):format(name:gsub("[^%w_]+", "_"):sub(1, KEPT), sum(name))
      end
      result[i] = numbered(taken, base)
    end
  end
  return result
end

return names
