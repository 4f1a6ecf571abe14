--- Objects that last: com.save, com.load, and what the IPersist interfaces of objects written in Lua do
--- (bridge/objects/lasting.c asks).
local core <const> = require "oleander.core"
local bags <const> = require "oleander.bag"
local create <const> = require "oleander.create"
local errors <const> = require "oleander.errors"
local server <const> = require "oleander.server"
local state <const> = require "oleander.state"
local storages <const> = require "oleander.storage"

core.own_source(debug.getinfo(1, "S").source)

local lasting <const> = {}
local E_INVALIDARG <const>, E_UNEXPECTED <const>, E_NOINTERFACE <const> = 0x80070057, 0x8000FFFF, 0x80004002
local E_ACCESSDENIED <const> = 0x80070005
local CO_E_ALREADYINITIALIZED <const>, REGDB_E_CLASSNOTREG <const> = 0x800401F1, 0x80040154
local STG_E_CANTSAVE <const>, STG_E_FILEALREADYEXISTS <const> = 0x80030103, 0x80030050
local CONTENTS <const> = "CONTENTS"
local NO_CLASS <const> = "{00000000-0000-0000-0000-000000000000}"
local CHAIN <const> = 100

local function refuse(text, subject)
  errors.raise(E_INVALIDARG, text, { subject = subject })
end

-- what a class says

--- A field of the metatable, or of the __index tables behind it: classes inherit.
local function class_field(t, name)
  local current = t
  for _ = 1, CHAIN do
    local meta <const> = debug.getmetatable(current)
    if type(meta) ~= "table" then return nil end
    local value <const> = rawget(meta, name)
    if value ~= nil then return value end
    current = rawget(meta, "__index")
    if type(current) ~= "table" then return nil end
    if rawget(current, name) ~= nil then return rawget(current, name) end
  end
end

--- The classes of tables that com.serve and its like made.
lasting.class_ids = setmetatable({}, { __mode = "k" })

local function class_of(t)
  local said <const> = class_field(t, "__clsid")
  if type(said) == "string" then return core.guid(said) end
  return lasting.class_ids[t]
end

local function says_how(t)
  return type(t) == "table" and (class_field(t, "__persist") ~= nil or class_field(t, "__save") ~= nil)
end

local function lasts(t)
  return says_how(t) and class_of(t) ~= nil
end

local function version_of(t)
  local version <const> = class_field(t, "__persist_version")
  if version == nil then return 1 end
  if math.type(version) ~= "integer" or version < 1 or version > 0x7FFFFFFF then
    refuse("__persist_version is a positive integer, not " .. tostring(version), "state")
  end
  return version
end

--- The names of the fields that last; nil where __save gives them.
local function field_names(t)
  local names <const> = class_field(t, "__persist")
  if class_field(t, "__save") then return nil end
  if type(names) ~= "table" then refuse("__persist is a table of names, not " .. core.type_name(names), "state") end
  for i, name in ipairs(names) do
    if type(name) ~= "string" or name == "" then
      refuse(("__persist[%d] is a name, not %s"):format(i, core.type_name(name)), "state")
    end
  end
  return names
end

-- the state of an object

--- By table: saved (bytes), loaded (the version), unknown (fields of other versions), file, phase (of its storage).
local memories <const> = setmetatable({}, { __mode = "k" })

local function memory_of(t)
  local memory = memories[t]
  if not memory then
    memory = {}
    memories[t] = memory
  end
  return memory
end

--- The fields as they are now, and the version that they are saved with.
local function fields_of(t)
  local memory <const> = memory_of(t)
  local own <const>, loaded <const> = version_of(t), memory.loaded or 0
  local names <const>, fields = field_names(t), {}
  if names then
    for _, name in ipairs(names) do fields[name] = t[name] end
  else
    local given <const> = class_field(t, "__save")(t)
    if type(given) ~= "table" then refuse("__save gives a table, not " .. core.type_name(given), "state") end
    for name, value in next, given do fields[name] = value end
  end
  if names or loaded > own then
    for name, value in next, memory.unknown or {} do
      if fields[name] == nil then fields[name] = value end
    end
  end
  return fields, math.max(own, loaded)
end

local saving <const> = {} -- tables that are being saved: an object that holds itself

local function encode(t)
  if saving[t] then refuse("the object holds itself", "state") end
  saving[t] = true
  local good <const>, result <const> = pcall(function()
    local fields <const>, version <const> = fields_of(t)
    return state.encode(fields, version, class_of(t))
  end)
  saving[t] = nil
  if not good then error(result, 0) end
  return result
end

local function upgraded(t, fields, from)
  local own <const>, upgrade <const> = version_of(t), class_field(t, "__upgrade")
  if from >= own or not upgrade then return fields, from end
  local given = upgrade(t, fields, from)
  if given == nil then given = fields end
  if type(given) ~= "table" then refuse("__upgrade gives a table, not " .. core.type_name(given), "state") end
  return given, own
end

local function shallow_copy(t)
  local copy <const> = {}
  for key, value in next, t do copy[key] = value end
  return copy
end

local function put_back(t, copy)
  for key in next, t do
    if copy[key] == nil then rawset(t, key, nil) end
  end
  for key, value in next, copy do rawset(t, key, value) end
end

local function set_fields(t, fields, names)
  local unknown <const> = shallow_copy(fields)
  for _, name in ipairs(names) do
    rawset(t, name, fields[name])
    unknown[name] = nil
  end
  return unknown
end

--- The object gets the fields, or stays as it was.
local function apply(t, fields, from)
  local memory <const>, before <const> = memory_of(t), shallow_copy(t)
  local names <const> = field_names(t)
  local good <const>, result <const> = pcall(function()
    local now <const>, version <const> = upgraded(t, fields, from)
    if names then return set_fields(t, now, names) end
    local load <const> = class_field(t, "__load")
    if type(load) ~= "function" then refuse("a class with __save has __load", "state") end
    local unknown <const> = shallow_copy(now)
    load(t, now, version)
    return unknown
  end)
  if not good then
    put_back(t, before)
    error(result, 0)
  end
  memory.unknown, memory.loaded, memory.ready = result, from, true
end

local function load_bytes(t, bytes)
  local fields <const>, from <const> = state.decode(bytes)
  apply(t, fields, from)
  local memory <const> = memory_of(t)
  local good <const>, now <const> = pcall(encode, t)
  memory.saved = good and now or nil
end

local function is_dirty(t)
  return memory_of(t).saved ~= encode(t)
end

-- storages and files

local function load_storage(t, storage)
  local contents <close> = storage:stream(CONTENTS, "r")
  load_bytes(t, state.read(contents))
end

local function save_storage(t, storage)
  local bytes <const> = encode(t)
  local contents <close> = storage:stream(CONTENTS, "w")
  contents:write(bytes)
  return bytes
end

local function absolute(path)
  if path:sub(1, 1) == "/" then return path end
  local folder <const> = core.real_path "." or ""
  return (folder == "/" and "" or folder) .. "/" .. path:gsub("^%./+", "")
end

--- Makes the file anew beside itself and puts it in its place; what fails leaves the old one.
local function write_file(path, fill)
  local temporary <const> = ("%s.%s.tmp"):format(path, core.guid():sub(2, 9))
  local good <const>, problem <const> = pcall(function()
    local root <close> = storages.storage(temporary, "w")
    fill(root)
    root:commit()
  end)
  if not good then
    os.remove(temporary)
    error(problem, 0)
  end
  local done <const>, reason <const> = core.replace_file(temporary, path)
  if not done then errors.raise(STG_E_CANTSAVE, ("%s: %s"):format(path, reason), { subject = "com.save" }) end
end

local answers <const> = {}

function answers.lasts(t) return lasts(t) end
answers.class = class_of
answers.dirty = is_dirty

function answers.load(t, stream)
  load_bytes(t, state.read(stream))
end

function answers.save(t, stream, clear)
  local bytes <const> = encode(t)
  stream:write(bytes)
  if clear then memory_of(t).saved = bytes end
end

function answers.size(t)
  return #encode(t)
end

local function begin(t)
  local memory <const> = memory_of(t)
  if memory.ready then
    errors.raise(CO_E_ALREADYINITIALIZED, "the object has its state already", { subject = "InitNew" })
  end
  memory.ready = true
  return memory
end

function answers.init(t) begin(t) end

answers["load file"] = function(t, path)
  path = absolute(path)
  local root <close> = storages.storage(path)
  load_storage(t, root)
  memory_of(t).file = path
end

answers["save file"] = function(t, path, remember)
  local memory <const> = memory_of(t)
  local target <const> = path and absolute(path) or memory.file
  if not target then refuse("the object is in no file yet: a path is wanted", "IPersistFile:Save") end
  local bytes
  write_file(target, function(root)
    root.clsid = class_of(t)
    bytes = save_storage(t, root)
  end)
  if remember or not path then memory.file, memory.saved = target, bytes end
end

answers["file saved"] = function() end

function answers.file(t)
  return memory_of(t).file
end

--- The phases of an object in a storage: nil (no storage), "normal", "saving" (until SaveCompleted), "off" (hands off).
local function check_phase(t, wrong)
  local memory <const> = memory_of(t)
  if memory.phase == wrong then
    errors.raise(E_UNEXPECTED, "the object has let its storage go; SaveCompleted gives it one",
      { subject = "IPersistStorage" })
  end
  return memory
end

answers["init storage"] = function(t) -- its contents come with the first save
  begin(t).phase = "normal"
end

answers["load storage"] = function(t, storage)
  local memory <const> = memory_of(t)
  if memory.ready then
    errors.raise(CO_E_ALREADYINITIALIZED, "the object has its state already", { subject = "IPersistStorage:Load" })
  end
  load_storage(t, storage)
  memory.phase = "normal"
end

answers["save storage"] = function(t, storage, same)
  local memory <const> = check_phase(t, "off")
  memory.pending = save_storage(t, storage)
  memory.same = same
  memory.phase = "saving"
end

answers["storage saved"] = function(t, storage)
  local memory <const> = memory_of(t)
  if memory.phase == "off" and not storage then
    errors.raise(E_INVALIDARG, "after HandsOffStorage a storage is wanted", { subject = "IPersistStorage" })
  elseif memory.phase ~= "saving" and memory.phase ~= "off" then
    errors.raise(E_UNEXPECTED, "nothing was saved", { subject = "IPersistStorage:SaveCompleted" })
  end
  if memory.pending and (memory.same or storage) then memory.saved = memory.pending end
  memory.pending, memory.phase = nil, "normal"
end

answers["hands off"] = function(t)
  local memory <const> = memory_of(t)
  if not memory.phase or memory.phase == "off" then
    errors.raise(E_UNEXPECTED, "the object has no storage", { subject = "IPersistStorage:HandsOffStorage" })
  end
  memory.phase = "off"
end

answers["load bag"] = function(t, bag)
  local names = field_names(t)
  local known <const> = core.bag_names(bag)
  if not names and not known then
    names = {}
    for name in next, (fields_of(t)) do names[#names + 1] = name end
  end
  local fields <const> = {}
  for _, name in ipairs(known or names) do
    if name ~= bags.VERSION then fields[name] = bags.from_bag(core.bag_read(bag, name)) end
  end
  local from <const> = core.bag_read(bag, bags.VERSION)
  apply(t, fields, math.type(from) == "integer" and from or 1)
  memory_of(t).saved = encode(t)
end

answers["save bag"] = function(t, bag, clear)
  local bytes <const> = encode(t) -- which says what does not last
  local fields <const>, version <const> = fields_of(t)
  local names <const> = {}
  for name in next, fields do names[#names + 1] = name end
  table.sort(names)
  for _, name in ipairs(names) do core.bag_write(bag, name, bags.to_bag(fields[name])) end
  if version ~= 1 then core.bag_write(bag, bags.VERSION, version) end
  if clear then memory_of(t).saved = bytes end
end

core.set_helper("lasting", function(t, what, place, flag)
  if type(t) ~= "table" or what ~= "lasts" and not lasts(t) then
    if what == "lasts" then return false end
    errors.raise(E_NOINTERFACE, "the class of the object does not say how it lasts any more", { subject = "state" })
  end
  if type(place) ~= "userdata" then return answers[what](t, place, flag) end
  local given <close> = place -- the caller's file is not kept open until the collector comes
  local good <const>, result <const> = pcall(answers[what], t, given, flag)
  if not good then error(result, 0) end
  return result
end)

-- com.save

local function query(object, interface)
  local good <const>, found <const> = pcall(create.query, object, interface)
  if good then return found end
  if type(found) ~= "table" or found.hresult ~= E_NOINTERFACE then error(found, 0) end
end

--- IPersistStreamInit or IPersistStream of an object; nil.
local function stream_of(object)
  return query(object, "IPersistStreamInit") or query(object, "IPersistStream")
end

local function does_not_last(object)
  errors.raise(E_NOINTERFACE, core.type_name(object) .. " does not last: it has no IPersistStorage or IPersistStream",
    { subject = "com.save" })
end

local function save_to_storage(object, root)
  local own <close> = query(object, "IPersistStorage")
  if own then
    root.clsid = own:GetClassID()
    own:Save(root, 0)
    return own:SaveCompleted(nil)
  end
  local stream <close> = stream_of(object) or does_not_last(object)
  root.clsid = stream:GetClassID()
  local contents <close> = root:stream(CONTENTS, "w")
  stream:Save(contents, 1)
end

local function guid_bytes(text)
  local a <const>, b <const>, c <const>, d <const>, e <const> = text:match "{(%x+)%-(%x+)%-(%x+)%-(%x+)%-(%x+)}"
  local function number(hex) return tonumber(hex, 16) end
  return string.pack("<I4I2I2", number(a), number(b), number(c))
    .. (d .. e):gsub("%x%x", function(hex) return string.char(number(hex)) end)
end

local function guid_text(bytes)
  local a <const>, b <const>, c <const> = string.unpack("<I4I2I2", bytes)
  return ("{%08X-%04X-%04X-%02X%02X-%02X%02X%02X%02X%02X%02X}"):format(a, b, c, bytes:byte(9, 16))
end

local function save_to_stream(object, stream)
  local own <close> = stream_of(object) or does_not_last(object)
  stream:write(guid_bytes(own:GetClassID()))
  own:Save(stream, 1)
end

--- What a lasting table is for its clients; other values as they are.
local function object_of(o, subject)
  if type(o) == "table" and not lasts(o) then
    local hint <const> = not says_how(o) and "its metatable says nothing of __persist or __save" or "it has no CLSID"
    errors.raise(E_NOINTERFACE, "the table does not last: " .. hint, { subject = subject })
  end
  local object <const> = type(o) == "table" and server.object(o) or o
  if not core.is_object(object) then
    errors.raise(E_INVALIDARG, "an object is wanted, not " .. core.type_name(o),
      { subject = subject, argument = { index = 1 } })
  end
  return object
end

--- Calls f; an error that came through COM gets the line of the calling script.
local function called(f, ...)
  local results <const> = table.pack(pcall(f, ...))
  if results[1] then return table.unpack(results, 2, results.n) end
  local problem <const> = results[2]
  if type(problem) ~= "table" or problem.where or not problem.hresult then error(problem, 0) end
  errors.raise(problem.hresult, problem.description, { subject = problem.subject, cause = problem.cause,
    source = problem.source })
end

---Saves an object: to a path as a compound file with its class, in the place of what is there, whole or not at all; to
---a stream with its class before it; to a storage, which the script commits.
---@param o oleander.Object|table an object that lasts (IPersistStorage, IPersistStream), or the table of one
---@param target string|oleander.Stream|oleander.Storage
function lasting.save(o, target)
  local object <const> = object_of(o, "com.save")
  local kind <const> = core.type_name(target)
  if type(target) == "string" then
    called(write_file, absolute(target), function(root) save_to_storage(object, root) end)
  elseif kind == "a stream" then
    called(save_to_stream, object, target)
  elseif kind == "a storage" then
    called(save_to_storage, object, target)
  else
    errors.raise(E_INVALIDARG, "a path, a stream or a storage is wanted, not " .. kind,
      { subject = "com.save", argument = { index = 2 } })
  end
end

-- com.load

local allowed -- the classes that may be made, by CLSID; nil: all

local function check_class(clsid)
  if allowed and not allowed[clsid] then
    errors.raise(E_ACCESSDENIED, ("objects of the class %s are not among those allowed"):format(clsid),
      { subject = "com.load" })
  end
end

local function make(clsid)
  check_class(clsid)
  return create.create(clsid)
end

local function load_from_stream(stream)
  local bytes <const> = stream:read(16) or ""
  if #bytes < 16 then errors.raise(0x8003001E, "the stream holds no object", { subject = "com.load" }) end
  local object <const> = make(guid_text(bytes))
  local own <close> = stream_of(object) or does_not_last(object)
  own:Load(stream)
  return object
end

--- Loads an object that was made for it; false: it cannot be loaded from a storage.
local function load_object(object, root)
  local own <close> = query(object, "IPersistStorage")
  if own then
    own:Load(root)
    return true
  end
  local good <const>, contents <const> = pcall(root.stream, root, CONTENTS, "r")
  if not good then return false end
  local closing <close> = contents
  local stream <close> = stream_of(object)
  if stream then stream:Load(closing) end
  return stream ~= nil
end

local function load_from_storage(root)
  local clsid <const> = root.clsid
  if not clsid then errors.raise(REGDB_E_CLASSNOTREG, "the storage names no class", { subject = "com.load" }) end
  local object <const> = make(clsid)
  return load_object(object, root) and object or does_not_last(object)
end

local function load_by_file(path)
  local clsid <const>, hresult <const>, text <const> = core.class_of_file(path)
  if not clsid or clsid == NO_CLASS then
    errors.raise(hresult or REGDB_E_CLASSNOTREG, ("%s: %s"):format(path, text or "no class is known for it"),
      { subject = "com.load" })
  end
  local object <const> = make(clsid)
  local file <close> = query(object, "IPersistFile") or does_not_last(object)
  file:Load(path, 0)
  return object
end

local function load_from_path(path)
  path = absolute(path)
  local good <const>, opened <const> = pcall(storages.storage, path)
  if not good then
    if type(opened) == "table" and opened.hresult == STG_E_FILEALREADYEXISTS then return load_by_file(path) end
    error(opened, 0)
  end
  local root <close> = opened
  if not root.clsid then return load_by_file(path) end
  local object <const> = make(root.clsid)
  if load_object(object, root) then return object end
  root:close()
  local file <close> = query(object, "IPersistFile") or does_not_last(object)
  file:Load(path, 0)
  return object
end

local function class_set(options)
  if options == nil then return allowed end
  if type(options) ~= "table" then
    refuse("the options are a table, not " .. core.type_name(options), "com.load")
  end
  for key in pairs(options) do
    if key ~= "classes" then refuse(("there is no option %s"):format(tostring(key)), "com.load") end
  end
  if options.classes == nil then return allowed end
  if type(options.classes) ~= "table" then
    refuse("classes is a table of ProgIDs and CLSIDs, not " .. core.type_name(options.classes), "com.load")
  end
  local set <const> = {}
  for _, id in ipairs(options.classes) do
    if type(id) ~= "string" then refuse("a class is a ProgID or a CLSID, not " .. core.type_name(id), "com.load") end
    local clsid <const> = require "oleander.serve".class_of_name(id)
    if not allowed or allowed[clsid] then set[clsid] = true end
  end
  return set
end

---Makes the object that was saved: always a new one. Nothing in the file is run, but the object's class is made, and
---those of the objects in it.
---@param source string|oleander.Stream|oleander.Storage a path, a stream that stands before an object, or a storage
---@param options { classes: string[]? }? the classes that may be made, by ProgID or CLSID; nothing: any
---@return oleander.Object
function lasting.load(source, options)
  local before <const>, set <const> = allowed, class_set(options)
  local kind <const> = core.type_name(source)
  local how <const> = type(source) == "string" and load_from_path or kind == "a stream" and load_from_stream
    or kind == "a storage" and load_from_storage
  if not how then
    errors.raise(E_INVALIDARG, "a path, a stream or a storage is wanted, not " .. kind,
      { subject = "com.load", argument = { index = 1 } })
  end
  allowed = set
  local good <const>, result <const> = pcall(called, how, source)
  allowed = before
  if not good then error(result, 0) end
  return result
end

-- objects in objects

state.objects.is_object = function(value)
  return core.is_object(value) or lasts(value)
end

state.objects.save = function(value)
  if type(value) == "table" then return guid_bytes(class_of(value)) .. encode(value) end
  local own <close> = stream_of(value)
  if not own then return nil end
  local stream <close> = core.stream_new()
  save_to_stream(value, stream)
  stream:seek "set"
  return stream:read "a"
end

state.objects.load = function(bytes)
  local stream <close> = core.stream_new()
  stream:write(bytes):seek "set"
  local object <const> = load_from_stream(stream)
  return core.object_table(object) or object
end

return lasting
