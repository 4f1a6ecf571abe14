--- com.module: COM-style modules that know nothing of Oleander, by a type library that says what is in them and by
---what their
--- ABI is. Calls and values go the way of all calls (bridge/modules, dispatch/types/foreign.h).
local core <const> = require "oleander.core"
local diagnosis <const> = require "oleander.diagnosis"
local errors <const> = require "oleander.errors"
local typelib <const> = require "oleander.typelib"
local types <const> = require "oleander.types"

core.own_source(debug.getinfo(1, "S").source)

local module <const> = {}
local E_INVALIDARG <const>, DISP_E_UNKNOWNNAME <const> = 0x80070057, 0x80020006
--- Under it a library keeps the text of its `abi`.
local ABI_GUID <const> = "{6F1B1C5A-3D0E-4E5B-9A57-0C4F2B7E61D2}"

---How a module was compiled, where that differs from Oleander. Functions are named as the module exports them.
---@class oleander.Abi
---@field convention? "sysv"|"ms" how functions are called
---@field extra_slots? integer|{after: integer, count: integer} slots of each vtable that no description has; `after`
---so many
---slots (3: after Release)
---@field wchar? 2|4 bytes of a wide character, also of BSTRs
---@field guids? "native"|"big" the order of bytes of GUIDs in memory
---@field strings? {alloc: string?, free: string?} functions like SysAllocStringLen and SysFreeString
---@field variants? {size: 16|24|nil, clear: string?, copy: string?} functions like VariantClear and VariantCopy
---@field results? {good: integer[]?, names: table<string, integer>?} which results of methods are no failures (else
---all that
---are not negative), and their names

local function refuse(text)
  errors.raise(E_INVALIDARG, text, { subject = "com.module" })
end

-- what an ABI says

local convention_names <const> = { sysv = true, ms = true }
local guid_orders <const> = { native = true, big = true }

local function check_one_of(value, allowed, field)
  if value ~= nil and not allowed[value] then
    local names <const> = {}
    for name in pairs(allowed) do names[#names + 1] = tostring(name) end
    table.sort(names)
    refuse(("abi.%s is one of %s, not %s"):format(field, table.concat(names, ", "), tostring(value)))
  end
  return value
end

local function check_count(value, most, field)
  if value ~= nil and (math.type(value) ~= "integer" or value < 0 or value > most) then
    refuse(("abi.%s is a number up to %d, not %s"):format(field, most, tostring(value)))
  end
  return value
end

local function check_fields(t, allowed, field)
  if t == nil then return {} end
  if type(t) ~= "table" then refuse(("abi%s is a table, not %s"):format(field, core.type_name(t))) end
  for key in pairs(t) do
    if not allowed[key] then
      local all <const> = {}
      for name in pairs(allowed) do all[#all + 1] = name end
      table.sort(all)
      refuse(("abi%s has no field %s, only %s"):format(field, tostring(key), table.concat(all, ", ")))
    end
  end
  return t
end

local function check_name(value, field)
  if value ~= nil and type(value) ~= "string" then
    refuse(("abi.%s is the name of a function of the module, not %s"):format(field, core.type_name(value)))
  end
  return value
end

local fields <const> = { convention = true, extra_slots = true, wchar = true, guids = true, strings = true,
  variants = true, results = true }

--- { code =, good =, name = } of all codes that are mentioned.
local function result_codes(results)
  local by_code <const>, list <const> = {}, {}
  local function entry(code)
    if math.type(code) ~= "integer" then refuse("abi.results has codes, which are integers") end
    code = code & 0xFFFFFFFF
    if not by_code[code] then
      by_code[code] = { code = code < 0x80000000 and code or code - 0x100000000 }
      list[#list + 1] = by_code[code]
    end
    return by_code[code]
  end
  for _, code in ipairs(results.good or {}) do entry(code).good = true end
  local names <const> = {}
  for name in pairs(results.names or {}) do
    if type(name) ~= "string" then refuse("abi.results.names has codes by name") end
    names[#names + 1] = name
  end
  table.sort(names)
  for _, name in ipairs(names) do
    local one <const> = entry(results.names[name])
    one.name = one.name or name
  end
  if not results.good then
    for _, one in ipairs(list) do one.good = one.code >= 0 end
  end
  return list
end

--- The ABI as the bridge takes it; says what is wrong with it.
local function flat(abi)
  check_fields(abi, fields, "")
  local extra <const> = type(abi.extra_slots) == "table"
    and check_fields(abi.extra_slots, { after = true, count = true }, ".extra_slots")
    or { count = abi.extra_slots }
  local strings <const> = check_fields(abi.strings, { alloc = true, free = true }, ".strings")
  local variants <const> = check_fields(abi.variants, { size = true, clear = true, copy = true }, ".variants")
  local results <const> = check_fields(abi.results, { good = true, names = true }, ".results")
  if strings.alloc and not strings.free then refuse("abi.strings.free is missing: who allocates has to free") end
  return {
    convention = check_one_of(abi.convention, convention_names, "convention") or "sysv",
    extra_slots = check_count(extra.count, 64, "extra_slots") or 0,
    extra_after = check_count(extra.after, 1024, "extra_slots.after") or 3,
    wchar = check_one_of(abi.wchar, { [2] = true, [4] = true }, "wchar") or 2,
    guids = check_one_of(abi.guids, guid_orders, "guids") or "native",
    variant_size = check_one_of(variants.size, { [16] = true, [24] = true }, "variants.size") or 24,
    alloc = check_name(strings.alloc, "strings.alloc"),
    free = check_name(strings.free, "strings.free"),
    clear = check_name(variants.clear, "variants.clear"),
    copy = check_name(variants.copy, "variants.copy"),
    codes = result_codes(results),
    codes_decide = results.good ~= nil,
  }
end

-- the ABI in a library: "wchar=4; extra_slots=2; variants.size=16; results.good=0,1; results.names.kFalse=1"

local function read_value(text)
  return math.tointeger(tonumber(text)) or text
end

local function read_list(text)
  local list <const> = {}
  for one in text:gmatch "[^,%s]+" do list[#list + 1] = read_value(one) end
  return list
end

---@param text string
---@return oleander.Abi
function module.parse_abi(text)
  local abi <const> = {}
  for part in text:gmatch "[^;]+" do
    local path <const>, value <const> = part:match "^%s*([%w_.]+)%s*=%s*(.-)%s*$"
    if path then
      local t = abi
      for step in path:gmatch "([^.]+)%." do
        if type(t[step]) ~= "table" then t[step] = step == "extra_slots" and { count = t[step] } or {} end
        t = t[step]
      end
      local last <const> = path:match "[^.]+$"
      t[last] = path == "results.good" and read_list(value) or read_value(value)
    elseif part:find "%S" then
      refuse(("the abi of the library says %q, which is not understood"):format(part))
    end
  end
  return abi
end

local function library_abi(library)
  for _, item in ipairs(library.custom) do
    if item.guid:upper() == ABI_GUID and type(item.value) == "string" then return module.parse_abi(item.value) end
  end
  return {}
end

--- What a script says goes before what the library says, field by field.
local function merged(base, abi)
  if abi == nil then return base end
  if type(abi) ~= "table" then refuse("the ABI is a table or a function, not " .. core.type_name(abi)) end
  local result <const> = {}
  for key, value in pairs(base) do result[key] = value end
  for key, value in pairs(abi) do
    local before <const> = result[key]
    if type(value) == "table" and type(before) == "table" and key ~= "extra_slots" then
      result[key] = {}
      for k, v in pairs(before) do result[key][k] = v end
      for k, v in pairs(value) do result[key][k] = v end
    else
      result[key] = value
    end
  end
  return result
end

-- modules

local function open_library(which)
  if typelib.is_library(which) then return which end
  if typelib.is_type(which) then return which.library end
  if type(which) ~= "string" then
    refuse("a type library, or the path of one or of its IDL, is wanted, not " .. core.type_name(which))
  end
  if which:find "[{}\n]" and which:find "library" then return (require "oleander.idl".compile_idl(which)) end
  if which:find "%.idl$" then return (require "oleander.idl".compile_idl { file = which }) end
  return types.typelib(which)
end

--- Functions of the library's modules by name: { info, index, entry }.
local function collect_functions(library)
  local functions <const> = {}
  for _, kind in ipairs(library.types) do
    if kind.kind == "module" then
      local info <const> = typelib.handle(kind)
      local index = 0
      for _, member in ipairs(kind.members) do
        if member.kind ~= "constant" and member.kind ~= "field" then
          local entry <const> = member.entry
          local first <const> = member.parameters[1]
          functions[member.name] = { info = info, index = index, entry = entry and entry.name or member.name,
            takes_handle = first and first.type:find "^void%s*%*" ~= nil }
          index = index + 1
        end
      end
    end
  end
  return functions
end

local function constants_of(library)
  local constants <const> = {}
  for _, kind in ipairs(library.types) do
    if kind.kind == "module" or kind.kind == "enum" then
      for _, variable in ipairs(kind.variables or {}) do constants[variable.name] = variable.value end
    end
  end
  return constants
end

local function base_name(path)
  return path:match "[^/]+$" or path
end

local function unknown(facts, name)
  local all <const> = {}
  for one in pairs(facts.functions) do all[#all + 1] = one end
  local near <const> = errors.near(tostring(name), all)
  local hint <const> = #near > 0 and "; near names: " .. table.concat(near, ", ") or ""
  errors.raise(DISP_E_UNKNOWNNAME, ("the library %s describes no function %s of the module%s"):format(
    facts.library.name, tostring(name), hint), { subject = facts.name })
end

local function show_abi(abi)
  local parts <const> = { "convention=" .. abi.convention, "wchar=" .. abi.wchar, "guids=" .. abi.guids,
    "variants.size=" .. abi.variant_size }
  if abi.extra_slots > 0 then
    parts[#parts + 1] = ("extra_slots=%d after %d"):format(abi.extra_slots, abi.extra_after)
  end
  for _, name in ipairs { "alloc", "free", "clear", "copy" } do
    if abi[name] then parts[#parts + 1] = name .. "=" .. abi[name] end
  end
  if abi.codes_decide then parts[#parts + 1] = "results by codes" end
  return table.concat(parts, ", ")
end

---@type table<table, table>
local facts_of <const> = setmetatable({}, { __mode = "k" })

local function use_abi(facts, abi)
  facts.abi = flat(abi)
  core.module_abi(facts.handle, facts.abi)
  facts.entries = {}
end

local function index_module(m, name)
  local facts <const> = facts_of[m]
  local entry = facts.entries[name]
  if entry then return entry end
  local described <const> = facts.functions[name]
  if not described then
    local constant <const> = facts.constants[name]
    if constant ~= nil then return constant end
    unknown(facts, name)
  end
  local call <const> = core.module_entry(facts.handle, described.info, described.index, described.entry, name,
    facts.name)
  entry = function(first, ...)
    if first == m and not described.takes_handle then
      errors.raise(E_INVALIDARG, ("%s is a function of the module: use '.', not ':'"):format(name),
        { subject = facts.name .. "." .. name })
    end
    return call(first, ...)
  end
  facts.entries[name] = entry
  diagnosis.note(1, ("com.module: %s.%s is %s"):format(facts.name, name, described.entry))
  return entry
end

---A COM-style module that knows nothing of Oleander. Its functions, which the library describes as those of a
---`module`, are
---called `m.Function(...)`; interfaces come back as objects, Lua tables go in as interfaces.
---@param path string of the shared object, as dlopen takes it
---@param library oleander.Library|string the library, or the path of it or of its IDL, or IDL
---@param abi? oleander.Abi|fun(m: table): oleander.Abi where it differs from what the library says; a function is
---asked after
---opening, and may call functions of the module
---@return table m
function module.module(path, library, abi)
  if type(path) ~= "string" then refuse("the path of a module is wanted, not " .. core.type_name(path)) end
  local opened <const> = open_library(library)
  local facts <const> = { name = base_name(path), path = path, library = opened, handle = core.module_open(path),
    functions = collect_functions(opened), constants = constants_of(opened), entries = {} }
  local m <const> = setmetatable({}, {
    __index = index_module,
    __newindex = function(_, name)
      refuse(("%s cannot be set: what a module has its library says"):format(tostring(name)))
    end,
    __name = "module",
    __tostring = function() return "module " .. facts.name end,
    __handle = core.module_handle(facts.handle),
    __pairs = function(self)
      return function(_, name)
        name = next(facts.functions, name)
        if name then return name, self[name] end
      end
    end,
  })
  facts_of[m] = facts
  local base <const> = library_abi(opened)
  use_abi(facts, type(abi) == "table" and merged(base, abi) or base)
  if type(abi) == "function" then
    use_abi(facts, merged(base, abi(m)))
  elseif abi ~= nil and type(abi) ~= "table" then
    refuse("the ABI is a table or a function, not " .. core.type_name(abi))
  end
  diagnosis.note(1, ("com.module: %s as %s says, assumed: %s"):format(path, opened.name, show_abi(facts.abi)))
  return m
end

---The library and the bridge's module of what com.module gave; nil for anything else.
---@param m any
---@return oleander.Library? library, userdata? handle
function module.parts(m)
  local facts <const> = type(m) == "table" and facts_of[m]
  if facts then return facts.library, facts.handle end
end

return module
