--- The state of an object written in Lua as a property set, and back. docs/storage.md describes it for other
--- readers: the set FMTID with the object's class, its version as property 2, and each field under its name. A table is
--- a vector; one that begins with VT_EMPTY is keys and values in turn. An object in it is VT_BLOB_OBJECT: its class and
--- what it saves to a stream.
local core <const> = require "oleander.core"
local errors <const> = require "oleander.errors"
local values <const> = require "oleander.values"

core.own_source(debug.getinfo(1, "S").source)

local state <const> = {}
local E_INVALIDARG <const>, STG_E_FILENOTFOUND <const> = 0x80070057, 0x80030002
local STG_E_DOCFILECORRUPT <const>, STG_E_READFAULT <const> = 0x80030109, 0x8003001E
local VT_I4 <const> = 3
local FMTID <const> = "{3D1F0D6A-5C1B-4F0E-9B61-2E6B7A94C815}"
local VERSION_ID <const>, FIRST_ID <const> = 2, 0x100
local DEPTH <const> = 60
local HEAD <const> = 48 -- bytes before the section of a set with one

---How objects within the state are saved and made again; lasting.lua sets them.
---@type { is_object: fun(value: any): boolean, save: fun(value: any): string?, load: fun(bytes: string): any }
state.objects = { is_object = function() return false end, save = function() end, load = function() end }

local function refuse(path, text)
  errors.raise(E_INVALIDARG, ("%s: %s"):format(path, text), { subject = "state" })
end

local function step(path, key)
  if type(key) == "string" and key:find "^[%a_][%w_]*$" then return path .. "." .. key end
  return ("%s[%s]"):format(path, type(key) == "string" and ("%q"):format(key) or tostring(key))
end

local ranks <const> = { boolean = 1, number = 2, string = 3 }

local function key_less(a, b)
  local type_a <const>, type_b <const> = type(a), type(b)
  if type_a ~= type_b then return ranks[type_a] < ranks[type_b] end
  if type_a == "boolean" then return not a and b end
  return a < b
end

local function sorted_keys(t, path)
  local keys <const> = {}
  for key in next, t do
    if not ranks[type(key)] then refuse(path, ("a key is %s; it can be a text, number or boolean"):format(
      core.type_name(key))) end
    keys[#keys + 1] = key
  end
  table.sort(keys, key_less)
  return keys
end

local function is_sequence(t)
  local count <const> = #t
  local keys = 0
  for key in next, t do
    keys = keys + 1
    if keys > count or math.type(key) ~= "integer" or key < 1 or key > count then return false end
  end
  return keys == count
end

local prepare

local function prepare_table(t, path, above, depth)
  if depth > DEPTH then refuse(path, "the tables are nested too deep") end
  if above[t] then refuse(path, "the table holds itself") end
  if debug.getmetatable(t) then refuse(path, "a table with a metatable does not last unless its class does") end
  above[t] = true
  local made <const> = {}
  if is_sequence(t) then
    for i = 1, #t do made[i] = prepare(t[i], step(path, i), above, depth + 1) end
  else
    made[1] = values.empty
    for _, key in ipairs(sorted_keys(t, path)) do
      made[#made + 1] = key
      made[#made + 1] = prepare(rawget(t, key), step(path, key), above, depth + 1)
    end
  end
  above[t] = nil
  return made
end

--- What the value becomes in the property set (bridge/storage/property_values.c).
function prepare(value, path, above, depth)
  local kind <const> = type(value)
  if kind == "string" or kind == "number" or kind == "boolean" then return value end
  if state.objects.is_object(value) then
    local bytes <const> = state.objects.save(value)
    return bytes and { object = bytes } or refuse(path, core.type_name(value) .. " does not last")
  end
  if kind == "table" then return prepare_table(value, path, above, depth) end
  if kind ~= "userdata" or value == values.empty or value == values.missing or value == values.nothing then
    refuse(path, core.type_name(value) .. " does not last")
  end
  return value
end

---@param fields table<string, any>
---@param version integer
---@param clsid string
---@return string bytes of a property set; the same for the same fields
function state.encode(fields, version, clsid)
  local stream <close> = core.stream_new()
  local set <const>, hresult <const>, text <const> = core.set_create(stream, FMTID, clsid, true)
  if not set then errors.raise(hresult, text, { subject = "state" }) end
  core.set_write(set, VERSION_ID, version, VT_I4)
  for i, name in ipairs(sorted_keys(fields, "state")) do
    if type(name) ~= "string" or name == "" or name:find "\0" then refuse("state", "a field has a text as its name") end
    local prepared <const> = prepare(fields[name], name, {}, 1)
    core.set_write(set, name, prepared, nil, true, FIRST_ID + i, name)
  end
  core.set_commit(set)
  core.set_close(set)
  stream:seek "set"
  return stream:read "a"
end

local function restore(value)
  if type(value) ~= "table" then return value end
  if value.object then return state.objects.load(value.object) end
  if value[1] ~= values.empty then
    for i = 1, #value do value[i] = restore(value[i]) end
    return value
  end
  local made <const> = {}
  for i = 2, #value, 2 do
    local key <const> = value[i]
    if not ranks[type(key)] or key ~= key or value[i + 1] == nil then
      errors.raise(STG_E_DOCFILECORRUPT, "the state has a key that is none", { subject = "state" })
    end
    made[key] = restore(value[i + 1])
  end
  return made
end

---@param bytes string
---@return table<string, any> fields, integer version
function state.decode(bytes)
  local stream <close> = core.stream_new()
  stream:write(bytes)
  local set <close>, hresult <const>, text <const> = core.set_open(stream, FMTID)
  if not set then
    local described <const> = hresult == STG_E_FILENOTFOUND and "it is not the state of an object written in Lua"
      or text
    errors.raise(hresult, described, { subject = "state" })
  end
  local version <const> = core.set_read(set, VERSION_ID)
  local fields <const> = {}
  for _, property in ipairs(core.set_list(set)) do
    if property.name then fields[property.name] = restore((core.set_read(set, property.id))) end
  end
  return fields, math.type(version) == "integer" and version or 1
end

---Reads the bytes of a state from where a stream stands, and no further.
---@param stream oleander.Stream
---@return string
function state.read(stream)
  local head <const> = stream:read(HEAD + 4) or ""
  if #head < HEAD + 4 or string.unpack("<I4", head, 25) ~= 1 or string.unpack("<I4", head, 45) ~= HEAD then
    errors.raise(STG_E_READFAULT, "there is no state of an object written in Lua", { subject = "state" })
  end
  local size <const> = string.unpack("<I4", head, HEAD + 1)
  local rest <const> = size > 4 and stream:read(size - 4) or ""
  if #rest ~= math.max(size - 4, 0) then
    errors.raise(STG_E_READFAULT, "the state ends too early", { subject = "state" })
  end
  return head .. rest
end

return state
