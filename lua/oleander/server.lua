--- Objects written in Lua: com.object, com.table, com.replace, com.check, com.error. What touches pointers is in
--- bridge/objects; here are the types that tables are given, and the checks.
local core <const> = require "oleander.core"
local declarations <const> = require "oleander.declarations"
local errors <const> = require "oleander.errors"
local types <const> = require "oleander.types"
local typelib <const> = require "oleander.typelib"
local results_of <const> = require "oleander.bytecode".result_counts

core.own_source(debug.getinfo(1, "S").source)

local server <const> = {}
local E_INVALIDARG <const>, DISP_E_UNKNOWNNAME <const> = 0x80070057, 0x80020006
local INVOKE_FUNC <const>, INVOKE_GET <const>, INVOKE_PUT <const> = 1, 2, 4
local CHAIN_LIMIT <const> = 100
local DISPID_NEWENUM <const> = -4

local function refuse(text, subject)
  errors.raise(E_INVALIDARG, text, { subject = subject })
end

-- types of tables without an interface

--- A member's name, with the line of its function.
local function with_line(name, value)
  local info <const> = type(value) == "function" and debug.getinfo(value, "S")
  return info and info.what ~= "C" and ("%s (%s:%d)"):format(name, info.short_src, info.linedefined) or name
end

local function refuse_spellings(name, value, other, other_value, subject)
  errors.raise(DISP_E_UNKNOWNNAME, ("the members %s and %s differ only in case"):format(with_line(name, value),
    with_line(other, other_value)), { subject = subject or "com.object" })
end

--- Loops over the public string keys of a table and of its __index tables.
local function each_key(t, visit)
  local current = t
  for _ = 1, CHAIN_LIMIT do
    if type(current) ~= "table" then break end
    for key, value in next, current do
      if type(key) == "string" and key:sub(1, 1) ~= "_" then visit(key, value) end
    end
    local meta <const> = debug.getmetatable(current)
    current = meta and rawget(meta, "__index")
  end
end

--- What a table and its __index tables offer: { name = { method = f, get = f, set = f, field = true } }.
local function collect_members(t, subject)
  local members <const>, folded <const>, values <const> = {}, {}, {}
  each_key(t, function(key, value)
    local prefix <const>, rest <const> = key:match "^([gs]et)_(.+)$"
    local name <const> = prefix and type(value) == "function" and rest or key
    if name:sub(1, 1) == "_" then return end
    local key_of_name <const> = core.fold(name)
    local other <const> = folded[key_of_name]
    if other and other ~= name then refuse_spellings(other, values[other], name, value, subject) end
    folded[key_of_name], values[name] = name, value
    local member <const> = members[name] or {}
    members[name] = member
    local what <const> = name ~= key and prefix or type(value) == "function" and "method" or "field"
    if member[what] == nil then member[what] = value end
  end)
  return members, folded
end

local function is_callable(value)
  local meta <const> = type(value) ~= "function" and debug.getmetatable(value)
  return type(value) == "function" or type(meta) == "table" and rawget(meta, "__call") ~= nil
end

--- What is wrong with a declaration that says method, or property, where the table has the other; nil: nothing. A
--- property may be a field that has no value yet; a method has to be there, or to come from an __index function.
local function kind_problem(t, name, member, declared)
  if declared.property then
    if not (member and member.method) or member.get or member.set then return nil end
    return ('%s is a function; a method is declared with "()" behind the type, a property is called get_%s'):format(
      name, name)
  end
  if member and (member.method or is_callable(member.field)) then return nil end
  if member then return ("%s is a property; it is declared by its type alone, without parameters"):format(name) end
  local readable <const>, value <const> = pcall(function() return t[name] end)
  if readable and not is_callable(value) then return "there is no such method" end
end

--- What __types in the metatable says of the members; a name that only it knows becomes a member. `made`: the table is
--- an object, and not the class of objects that may come to have more.
local function declared_types(t, members, folded, subject, made)
  local declared <const> = declarations.read(t, "__types", subject)
  for name, declaration in pairs(declared or {}) do
    local text <const> = debug.getmetatable(t).__types[name]
    local other <const> = folded[core.fold(name)]
    local property <const> = name:match "^[gs]et_(.+)$"
    if name:sub(1, 1) == "_" then
      declarations.refuse(t, "__types", name, text, "names that begin with _ are private", nil, subject)
    elseif other and other ~= name then
      declarations.refuse(t, "__types", name, text, "the member is spelled " .. other, nil, subject)
    elseif property and not other and members[property] then
      declarations.refuse(t, "__types", name, text, "the property is called " .. property, nil, subject)
    end
    local problem <const> = (made or members[name]) and kind_problem(t, name, members[name], declaration)
    if problem then declarations.refuse(t, "__types", name, text, problem, nil, subject) end
    folded[core.fold(name)] = name
    members[name] = members[name] or {}
  end
  return declared or {}
end

local VARIANT <const> = { vt = 12 }

local function untyped_parameters(f, skip)
  local names <const>, more <const> = core.parameter_names(f)
  local params <const> = {}
  if not names then return params, true end
  for i = skip + 1, #names do params[#params + 1] = { vt = 12, name = names[i], optional = true } end
  return params, more
end

local function describe_method(list, name, id, f, declared)
  if declared and declared.params then
    list[#list + 1] = { name = name, id = id, kind = INVOKE_FUNC, result = declared.result, params = declared.params }
    return
  end
  local params <const>, more <const> = untyped_parameters(f, 1)
  if more then params[#params + 1] = { vt = 12, array = true, name = "more", ["in"] = true } end
  list[#list + 1] = { name = name, id = id, kind = INVOKE_FUNC, result = VARIANT, params = params, vararg = more }
end

--- A property with arguments needs them: so o.Item(k) and o.Item[k] mean the member, not its value without any.
local function property_parameters(f)
  local params <const> = f and untyped_parameters(f, 1) or {}
  for _, parameter in ipairs(params) do parameter.optional = nil end
  return params
end

local function describe_property(list, name, id, member, declared)
  local kind <const> = declared and declared.property or VARIANT
  local get <const>, set <const> = member.get, member.set
  if get or member.field ~= nil or not set then
    local params <const> = property_parameters(get)
    list[#list + 1] = { name = name, id = id, kind = INVOKE_GET, result = kind, params = params }
  end
  if set or not get then
    local params <const> = property_parameters(set)
    params[math.max(#params, 1)] = { vt = kind.vt, array = kind.array, name = "value" }
    list[#list + 1] = { name = name, id = id, kind = INVOKE_PUT, params = params }
  end
end

local function name_of_table(t)
  local meta <const> = debug.getmetatable(t)
  local name <const> = meta and rawget(meta, "__name")
  return type(name) == "string" and name or "Object"
end

--- The description of a table's interface: its members by name, typed by __types in the metatable. `ids` are the
--- object's DISPIDs.
local function describe(t, ids)
  local members <const>, folded <const> = collect_members(t)
  local types_of <const>, names <const> = declared_types(t, members, folded), {}
  for name in pairs(members) do names[#names + 1] = name end
  table.sort(names)
  local list <const> = {}
  for _, name in ipairs(names) do
    local member <const>, id <const> = members[name], core.member_id(ids, name)
    local declared <const> = types_of[name]
    if member.method and not (declared and declared.property) or declared and declared.params then
      describe_method(list, name, id, member.method, declared)
    else
      describe_property(list, name, id, member, declared)
    end
  end
  return { name = name_of_table(t), members = list }
end

--- All that makes up a description, as one text.
local function description_key(description)
  local parts <const> = { description.name }
  for _, member in ipairs(description.members) do
    local result <const> = member.result
    parts[#parts + 1] = ("%s %d %d %s"):format(member.name, member.id, member.kind,
      result and result.vt .. tostring(result.array) or "-")
    for _, parameter in ipairs(member.params) do
      parts[#parts + 1] = ("%s %d%s%s%s%s"):format(parameter.name, parameter.vt, tostring(parameter.array),
        tostring(parameter["in"]), tostring(parameter.out), tostring(parameter.optional))
    end
    parts[#parts + 1] = tostring(member.vararg)
  end
  return table.concat(parts, "\n")
end

local described <const> = setmetatable({}, { __mode = "v" })    -- by description
local type_of_table <const> = setmetatable({}, { __mode = "k" }) -- keeps a table's type while the table lives

--- The type information of a description. Its IID follows from what is described: the same in all processes.
local function type_of_description(description)
  local key <const> = description_key(description)
  local info = described[key]
  if not info then
    description.guid = core.name_clsid("interface\n" .. key)
    info = core.make_dispinterface(description)
    described[key] = info
  end
  return info
end

--- The type information of a table: made anew, with an IID of its own, when its members or their types changed.
local function synthesize(t, ids)
  if type(t) ~= "table" then return nil end
  local info <const> = type_of_description(describe(t, ids))
  type_of_table[t] = info
  return info
end

core.set_helper("synthesize", synthesize)

--- The type information of the source interface that the __events in a table's metatable declare; nil: there are none.
local function event_source(t)
  local declared <const> = declarations.read(t, "__events") or {}
  local names <const>, folded <const> = {}, {}
  for name in pairs(declared) do names[#names + 1] = name end
  table.sort(names)
  local members <const>, ids <const> = {}, {}
  for i, name in ipairs(names) do
    local key <const>, problem = core.fold(name), nil
    if folded[key] then problem = "it differs from " .. folded[key] .. " only in case" end
    if name:sub(1, 1) == "_" then problem = "names that begin with _ are private" end
    if problem then
      declarations.refuse(t, "__events", name, debug.getmetatable(t).__events[name], problem)
    end
    folded[key] = name
    members[i] = { name = name, id = core.member_id(ids, name), kind = INVOKE_FUNC, result = declared[name].result,
      params = declared[name].params }
  end
  if #members == 0 then return nil end
  return type_of_description { name = ("_%sEvents"):format(name_of_table(t)), members = members }
end

--- Tables whose source interface another part of Oleander names: what records an object has the object's own.
---@type table<table, userdata>
server.given_sources = setmetatable({}, { __mode = "k" })

core.set_helper("event_source", function(t) return server.given_sources[t] or event_source(t) end)

---Raises what is wrong with the members that a table without an interface has, with its __types and its __events.
---@param t table
---@param subject string the function that errors name
---@param has_interface boolean? then its members are declared elsewhere
---@param is_class boolean? its objects may have more members than it has
function server.check_declarations(t, subject, has_interface, is_class)
  if not has_interface then
    local members <const>, folded <const> = collect_members(t, subject)
    declared_types(t, members, folded, subject, not is_class)
  end
  declarations.read(t, "__events", subject)
end

-- interfaces that are named

--- The type information of an interface or class: a Type, a name in a library, an IID, a ProgID or CLSID.
local function find_type(what, library, subject)
  local of_type <const> = typelib.info(what)
  if of_type then return of_type end
  if type(what) ~= "string" then
    refuse("an interface name, an IID or a type is wanted, not " .. core.type_name(what), subject)
  end
  if library == nil then
    local guid <const> = what:sub(1, 1) == "{" and core.guid(what) or core.class_id(what)
    if guid then
      local info <const> = core.registered_type("Interface", guid) or core.registered_type("CLSID", guid)
      if info then return info end
      local found <const> = what:sub(1, 1) ~= "{" and types.typelib(what):find(guid)
      if found then return (typelib.handle(found)) end
    end
  elseif typelib.is_library(library) or type(library) == "string" then
    local opened <const> = type(library) == "string" and types.typelib(library) or library
    local found <const> = opened:find(what:sub(1, 1) == "{" and core.guid(what) or what:match "([^.]+)$")
    if found then return (typelib.handle(found)) end
  end
  return (types.find_interface(what, nil, library, subject))
end

local function find_types(iface, library, subject)
  if iface == nil then return nil end
  if type(iface) ~= "table" or typelib.is_type(iface) then return { find_type(iface, library, subject) } end
  local list <const> = {}
  for i, one in ipairs(iface) do list[i] = find_type(one, library, subject) end
  if #list == 0 then refuse("the list of interfaces is empty", subject) end
  return list
end

--- A class says which events its objects have.
local function check_no_class(t, list)
  local meta <const> = debug.getmetatable(t)
  if not (meta and rawget(meta, "__events")) then return end
  for _, info in ipairs(list or {}) do
    local kind <const> = typelib.from_info(info)
    if kind.kind == "coclass" then
      refuse(("the class %s says which events its objects have; __events is for objects without a class"):format(
        kind.name), "com.object")
    end
  end
end

---The table behind an object that was made in this script; nil for others.
---@param o oleander.Object|table
---@return table|function|nil
function server.table(o)
  if type(o) == "table" then return o end
  return core.object_table(o)
end

---Puts another table behind an object; its clients keep their references and see the new members.
---@param o oleander.Object|table the object, or the table behind it
---@param t table
---@return table old
function server.replace(o, t)
  if type(t) ~= "table" and type(t) ~= "function" then
    errors.raise(E_INVALIDARG, "a table is wanted, not " .. core.type_name(t),
      { subject = "com.replace", argument = { index = 2 } })
  end
  if type(o) == "table" then o = core.object(o) end
  return core.object_replace(o, t)
end

---Raises an error that a client gets as this HRESULT with its text. Inside the same script it comes back as it is.
---@param hresult integer
---@param text string?
---@param more table? source, helpfile, helpcontext, and whatever the script wants to say
function server.error(hresult, text, more)
  if math.type(hresult) ~= "integer" or hresult & 0x80000000 == 0 then
    errors.raise(E_INVALIDARG, "an HRESULT that stands for a failure is wanted",
      { subject = "com.error", argument = { index = 1 } })
  end
  if more ~= nil and type(more) ~= "table" then
    errors.raise(E_INVALIDARG, "a table of further fields is wanted, not " .. core.type_name(more),
      { subject = "com.error", argument = { index = 3 } })
  end
  errors.raise(hresult, text, more, true)
end

-- checks

---What com.check finds.
---@class oleander.Problem
---@field member string
---@field kind "missing"|"arity"|"results"
---@field text string

local function has(list, flag)
  for _, one in ipairs(list) do
    if one == flag then return true end
  end
  return false
end

local INTEGERS <const> = { long = true, int = true, short = true, hyper = true, char = true, int64 = true,
  ["unsigned long"] = true, ["unsigned int"] = true, ["unsigned short"] = true, ["unsigned hyper"] = true,
  ["unsigned char"] = true, uint64 = true, uint_ptr = true, int_ptr = true }

--- The integers at the end of a member's results, by name, the last first: what a module may take as counts.
local function out_counts(member)
  local list <const> = {}
  local _ <const>, buffers <const> = require "oleander.counts".of(member)
  for i = #member.parameters, 1, -1 do
    local parameter <const> = member.parameters[i]
    if has(parameter.flags, "retval") or buffers[i] then break end
    if has(parameter.flags, "out") then
      if not INTEGERS[parameter.type:gsub("%s*%*$", "")] then break end
      list[#list + 1] = parameter.name
    end
  end
  return list
end

--- How many values a Lua method gets and gives for this member; a module's counts are no arguments.
local function expectation(member, of_module)
  local counted <const> = of_module and require "oleander.counts".of(member) or {}
  local arguments, results = 0, 0
  if member.type ~= "void" and member.type ~= "HRESULT" then results = 1 end
  for i, parameter in ipairs(member.parameters) do
    local flags <const> = parameter.flags
    local out <const> = has(flags, "out")
    if out or has(flags, "retval") then results = results + 1 end
    if not has(flags, "retval") and not has(flags, "lcid") and (has(flags, "in") or not out) and not counted[i] then
      arguments = arguments + 1
    end
  end
  return arguments, results
end

--- The members to implement: of the interface and its bases, without those of IUnknown and IDispatch.
local function wanted_members(kind)
  local list <const> = {}
  if kind.kind == "coclass" then
    for _, implemented in ipairs(kind.implements) do
      if implemented.type and implemented.type.kind ~= "coclass" and not has(implemented.flags, "source") then
        table.move(wanted_members(implemented.type), 1, 1000, #list + 1, list)
      end
    end
    return list
  end
  for level in typelib.levels(kind) do
    for _, member in ipairs(level.members) do list[#list + 1] = member end
  end
  return list
end

--- The spellings of each name that a table has in several; nil: there are none.
local function spellings(t)
  local groups <const>, several = {}, nil
  each_key(t, function(key, value)
    local key_of_name <const> = core.fold(key)
    local group <const> = groups[key_of_name] or { count = 0, values = {} }
    groups[key_of_name] = group
    if group.values[key] ~= nil then return end
    group.count, group.values[key] = group.count + 1, value
    if group.count > 1 then
      several = several or {}
      several[key_of_name] = group
    end
  end)
  return several
end

--- Members of an interface that the table spells in several ways, none of them the interface's.
local function check_spellings(t, list)
  local several <const> = list and core.spelled_twice(t) and spellings(t)
  if not several then return end
  for _, info in ipairs(list) do
    for _, member in ipairs(wanted_members(typelib.from_info(info))) do
      for _, prefix in ipairs { "", "get_", "set_" } do
        local name <const> = prefix .. member.name
        local group <const> = several[core.fold(name)]
        if group and group.values[name] == nil then
          local first <const>, value <const> = next(group.values)
          refuse_spellings(first, value, next(group.values, first))
        end
      end
    end
  end
end

--- The library, and the bridge's module, of a value of com.module; others as they are.
function server.of_module(library)
  if type(library) ~= "table" or typelib.is_library(library) then return library end
  local of <const>, handle <const> = require "oleander.module".parts(library)
  return of or library, handle
end

---Makes a COM object of a table (or a function, which then is all its methods). Methods are `t.Name(self, ...)`,
---properties are `get_Name` and `set_Name`, else fields. Names that begin with `_` are private. Gives the client's
---view.
---@param t table|function
---@param iface string|oleander.Type|(string|oleander.Type)[]|nil interfaces or a class: types, IIDs, ProgIDs, or
---names in `library`; without one the object has the members that the table has
---@param library string|oleander.Library|table|nil of com.module: its library, and its ABI
---@return oleander.Object
function server.object(t, iface, library)
  if type(t) ~= "table" and type(t) ~= "function" then
    errors.raise(E_INVALIDARG, "a table or a function is wanted, not " .. core.type_name(t),
      { subject = "com.object", argument = { index = 1 } })
  end
  local handle
  if library ~= nil then library, handle = server.of_module(library) end
  local list <const> = find_types(iface, library, "com.object")
  if type(t) == "table" then
    if not list or debug.getmetatable(t) then
      server.check_declarations(t, "com.object", list)
      check_no_class(t, list)
    end
    check_spellings(t, list)
  end
  return core.object(t, list, handle)
end

--- What is said of a module's method that gives `given` of its results; nil where it is no count that is missing.
local function missing_counts(member, given, results)
  local names <const> = out_counts(member)
  if given >= results or results - given > #names then return nil end
  local list <const> = {}
  for i = results - given, 1, -1 do list[#list + 1] = names[i] end
  return ("it gives nothing for %s: the caller is told 0"):format(table.concat(list, " and "))
end

local function check_function(problems, member, name, f, of_module)
  local function add(kind, text)
    problems[#problems + 1] = { member = member.name, kind = kind, text = ("%s: %s"):format(name, text) }
  end
  local arguments <const>, results <const> = expectation(member, of_module)
  local names <const>, more <const> = core.parameter_names(f)
  if not names then return end
  if not more and #names - 1 ~= arguments then
    add("arity", ("it takes %d values after self, the interface gives %d"):format(math.max(#names - 1, 0), arguments))
  end
  local fewest <const>, most <const> = results_of(f)
  local missing <const> = of_module and (most or fewest) and missing_counts(member, most or fewest, results)
  if missing then
    add("results", missing)
  elseif most and most ~= results then
    add("results", ("it returns %d values, the interface has %d"):format(most, results))
  elseif fewest and fewest ~= results and fewest ~= 0 then
    add("results", ("somewhere it returns %d values, the interface has %d"):format(fewest, results))
  end
end

--- Looks names up exactly, else without case: libraries keep one spelling for names that differ only in that.
local function any_case(t)
  local folded <const> = {}
  each_key(t, function(key, value)
    local key_of_name <const> = core.fold(key)
    if folded[key_of_name] == nil then folded[key_of_name] = value end
  end)
  return function(name)
    local value <const> = t[name]
    if value ~= nil then return value end
    return folded[core.fold(name)]
  end
end

---Compares a table with an interface before the first client does: missing members, wrong numbers of parameters and of
---results. An empty list: nothing is wrong.
---@param t table
---@param iface string|oleander.Type
---@param library string|oleander.Library|nil
---@return oleander.Problem[]
function server.check(t, iface, library)
  if type(t) ~= "table" then
    refuse("a table is wanted, not " .. core.type_name(t), "com.check")
  elseif iface == nil then
    refuse("an interface is wanted, nothing was given", "com.check")
  end
  local problems <const> = {}
  local of <const>, handle <const> = server.of_module(library)
  for _, info in ipairs(find_types(iface, of, "com.check") or {}) do
    local find <const> = any_case(t)
    for _, member in ipairs(wanted_members(typelib.from_info(info))) do
      local accessor <const> = member.kind == "get" and "get_" or (member.kind == "put" or member.kind == "putref") and
        "set_" or ""
      local named <const> = find(accessor .. member.name)
      if type(named) == "function" then
        check_function(problems, member, accessor .. member.name, named, handle ~= nil)
      elseif member.kind == "method" and type(find(member.name)) ~= "function" and member.id ~= DISPID_NEWENUM then
        problems[#problems + 1] = { member = member.name, kind = "missing", text = member.name .. " is missing" }
      elseif member.kind == "get" and find(member.name) == nil and member.id ~= DISPID_NEWENUM then
        problems[#problems + 1] = { member = member.name, kind = "missing",
          text = ("%s is missing: neither get_%s nor a field"):format(member.name, member.name) }
      end
    end
  end
  return problems
end

return server
