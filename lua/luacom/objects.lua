--- LuaCOM objects: tables { _USERDATA_REF_ = object } whose members are found by name, typed or not.
local com <const> = require "oleander"
local report <const> = require "luacom.report"
local values <const> = require "luacom.values"

local objects <const> = {}

local rawget <const>, rawset <const>, pcall <const>, select <const> = rawget, rawset, pcall, select
local to_com <const>, from_com <const> = values.to_com, values.from_com
local get <const>, put <const>, call <const> = com.get, com.put, com.call

--- table -> { object =, untyped =, plan =, readers =, numbers =, properties =, writers = }
local states <const> = setmetatable({}, { __mode = "k" })

-- plans: what is known of the members of a type

local plans <const> = {} -- by IID and library
local weak_values <const> = { __mode = "v" }

local function has(list, flag)
  for _, one in ipairs(list) do
    if one == flag then return true end
  end
  return false
end

--- The arguments that a script gives for a member, as LuaCOM counts them.
local function arguments_of(member, value_last)
  local list <const> = {}
  for _, parameter in ipairs(member.parameters) do
    local flags <const> = parameter.flags
    local is_in, is_out <const> = has(flags, "in"), has(flags, "out")
    is_in = is_in or not is_out
    if not has(flags, "retval") and not has(flags, "lcid") then
      local kind, element = values.kind(parameter.type)
      if kind == "other" and not is_out and parameter.type:find "%*$" then kind = "object" end
      if is_in then
        list[#list + 1] = { kind = kind, element = element, optional = parameter.optional or parameter.has_default }
      elseif parameter.optional then
        list[#list + 1] = { ignored = true } -- an [out, optional] takes a value, the server doesn't see it
      end
    end
  end
  if value_last and #list == 0 then list[1] = { kind = values.kind(member.type) } end
  list.vararg = member.vararg
  if member.vararg then list[#list] = nil end
  return list
end

--- The kind of the only result of a member, "none" for no result; nil for several results.
local function result_of(member)
  local result = member.type ~= "HRESULT" and member.type ~= "void" and member.type or nil
  for _, parameter in ipairs(member.parameters) do
    if has(parameter.flags, "retval") then
      result = parameter.type
    elseif has(parameter.flags, "out") then
      return nil
    end
  end
  return result and (values.kind(result)) or "none"
end

--- Whether the first result is declared as a VARIANT: for luacom.TableVariants.
local function gives_variant(member)
  local result = member.type
  for _, parameter in ipairs(member.parameters) do
    if has(parameter.flags, "retval") then result = parameter.type end
  end
  return (values.kind(result)) == "variant"
end

local function make_plan(o)
  local plan <const> = {}
  for _, member in ipairs(com.members(o)) do
    local key <const> = member.name:lower()
    local known <const> = plan[key] or { name = member.name }
    plan[key] = known
    local kind <const> = member.kind
    if kind == "method" then
      known.method = known.method or arguments_of(member)
      known.variant, known.result = gives_variant(member), result_of(member)
    elseif kind == "get" then
      known.get = known.get or arguments_of(member)
      known.variant, known.result = gives_variant(member), result_of(member)
    elseif kind == "put" or kind == "putref" then
      known[kind] = known[kind] or arguments_of(member, true)
    elseif kind == "property" then
      known.get = {}
      known.variant, known.result = gives_variant(member), result_of(member)
      if not has(member.flags, "readonly") then known.put = { { kind = values.kind(member.type) } } end
    end
  end
  return plan
end

local function plan_of(state)
  local plan = state.plan
  if plan then return plan end
  plan = {}
  local kind <const> = not state.untyped and com.typeof(state.object) or nil
  if kind then
    local library <const> = kind.library
    local key <const> = kind.guid and library and ("%s %s %s %s %s"):format(kind.guid, kind.kind, library.guid,
      library.version, library.path or "")
    plan = key and plans[key] or make_plan(state.object)
    if key then plans[key] = plan end
  end
  state.plan = plan
  return plan
end

-- calls

local zeros <const> = { integer = 0, number = 0, exact = 0, text = "", boolean = false, other = 0, array = {} }

--- What a required argument is that the script doesn't give: an Empty, converted to its type.
local function absent(parameter)
  if parameter.optional then return nil end
  if parameter.kind == "variant" then return com.empty end
  if parameter.kind == "object" then return com.nothing end
  if parameter.kind == "date" then return com.date(0) end
  return zeros[parameter.kind]
end

local function convert(parameter, value)
  if value == nil then return absent(parameter) end
  return to_com(value, parameter.kind, parameter.element)
end

local function call_one(f, o, parameter, value)
  return f(o, convert(parameter, value))
end

local function call_two(f, o, parameters, first, second)
  return f(o, convert(parameters[1], first), convert(parameters[2], second))
end

--- All arguments of a call; those too many are dropped.
local function call_many(f, o, parameters, ...)
  local given <const> = { ... }
  local list, count <const> = {}, select("#", ...)
  local n = 0
  for i = 1, #parameters do
    local parameter <const> = parameters[i]
    if not parameter.ignored then
      n = n + 1
      list[n] = convert(parameter, given[i])
    end
  end
  for i = #parameters + 1, parameters.vararg and count or 0 do
    n = n + 1
    list[n] = to_com(given[i], "variant")
  end
  while n > 0 and list[n] == nil do n = n - 1 end
  return f(o, table.unpack(list, 1, n))
end

--- Arguments of a member of which nothing is known.
local function call_untyped(how, o, name, ...)
  local list <const> = { ... }
  local count <const> = select("#", ...)
  for i = 1, count do list[i] = to_com(list[i], "variant") end
  return how(o, name, table.unpack(list, 1, count))
end

local function finish_many(...)
  local list <const> = { ... }
  local count <const> = select("#", ...)
  for i = 1, count do list[i] = from_com(list[i]) end
  return table.unpack(list, 1, count)
end

local function finish(known, ok, ...)
  if not ok then return report.member((...)) end
  local count <const> = select("#", ...)
  if count == 0 then return end
  if known.variant and values.options.TableVariants then
    return values.variant_table((...)), finish_many(select(2, ...))
  end
  if count == 1 then return from_com((...)) end
  return finish_many(...)
end

local function check_self(count)
  if count == 0 then error("the object is missing: call members with a colon, object:Member()", 3) end
end

--- What the single result of a member needs: "plain" ones are given as they are, "none" is no result.
local result_kinds <const> = { none = "none", integer = "plain", text = "plain", boolean = "plain", number = "number" }
local EXACT <const> = 2.0 ^ 53

--- A failed call that got its arguments unconverted: bad text is told in LuaCOM's words.
local function fail(problem, ...)
  for i = 1, select("#", ...) do
    local value <const> = select(i, ...)
    if type(value) == "string" and not utf8.len(value, 1, -1, true) then
      local _, text <const> = pcall(to_com, value, "text")
      return report.member(text)
    end
  end
  return report.member(problem)
end

--- Nil for an object that has been released, too: the call itself says so.
local function shortcut(o, name, kind)
  local ok <const>, found <const> = pcall(com.shortcut, o, name, kind)
  return ok and found or nil
end

--- The shortcut to a member whose one result is "plain" or a "number", or has none; values of its types need no
--- conversion, others are refused by it.
local function shortcut_to(o, known, kind)
  local result_kind <const> = result_kinds[known.result]
  return result_kind and shortcut(o, known.name, kind), result_kind
end

local function no_arguments(o, known, f, short, kind)
  local plain <const> = kind == "plain"
  return function(...)
    if ... == nil then check_self(select("#", ...)) end
    if not short then return finish(known, pcall(f, o)) end
    local ok <const>, result <const> = short()
    if ok then
      if plain then return result end
      if result == nil then return end
      if result <= EXACT and result >= -EXACT and result // 1 == result then return result | 0 end
      return result
    end
    if ok == false then return report.member(result) end
    return finish(known, pcall(f, o))
  end
end

local function one_argument(o, known, f, parameter, short, kind)
  local plain <const> = kind == "plain"
  return function(self, value)
    local ok, result
    if short then ok, result = short(value) end
    if ok then
      if plain then return result end
      if result == nil then return end
      if result <= EXACT and result >= -EXACT and result // 1 == result then return result | 0 end
      return result
    end
    if ok == false then return fail(result, value) end
    if value == nil and self == nil then check_self(0) end
    return finish(known, pcall(call_one, f, o, parameter, value))
  end
end

local function two_arguments(o, known, f, parameters, short, kind)
  local plain <const> = kind == "plain"
  return function(self, first, second)
    local ok, result
    if short then ok, result = short(first, second) end
    if ok then
      if plain then return result end
      if result == nil then return end
      if result <= EXACT and result >= -EXACT and result // 1 == result then return result | 0 end
      return result
    end
    if ok == false then return fail(result, first, second) end
    if first == nil and second == nil and self == nil then check_self(0) end
    return finish(known, pcall(call_two, f, o, parameters, first, second))
  end
end

--- A closure over f(object, arguments ...). The first argument is skipped, whatever it is.
local function closure(o, known, parameters, f, how)
  local plain = not parameters.vararg and #parameters <= 2
  for _, parameter in ipairs(parameters) do plain = plain and not parameter.ignored and not parameter.optional end
  if plain then
    local short <const>, kind <const> = shortcut_to(o, known, how)
    if #parameters == 0 then return no_arguments(o, known, f, short, kind) end
    if #parameters == 1 then return one_argument(o, known, f, parameters[1], short, kind) end
    return two_arguments(o, known, f, parameters, short, kind)
  end
  return function(...)
    check_self(select("#", ...))
    return finish(known, pcall(call_many, f, o, parameters, select(2, ...)))
  end
end

local function bound(how, name)
  return function(o, ...) return how(o, name, ...) end
end

local anything <const> = {}

local function untyped_closure(o, how, name)
  return function(...)
    check_self(select("#", ...))
    return finish(anything, pcall(call_untyped, how, o, name, select(2, ...)))
  end
end

-- finding members

local function method_closure(state, known)
  local o <const> = state.object
  local found <const>, f <const> = pcall(function() return o[known.name] end)
  if not (found and type(f) == "function") then
    return closure(o, known, known.method, bound(call, known.name), "call")
  end
  return closure(o, known, known.method, f, "call")
end

--- get and set in front of a name: a closure, whatever the kind of the property.
local function accessor_closure(state, prefix, name)
  local o <const> = state.object
  local known <const> = plan_of(state)[name:lower()]
  if known and prefix == "get" and known.get then
    return closure(o, known, known.get, bound(get, known.name), "get")
  elseif known and prefix == "set" and (known.put or known.putref) then
    local how <const> = known.put and put or com.putref
    return closure(o, known, known.put or known.putref, bound(how, known.name), known.put and "put" or "putref")
  elseif not known and com.has(o, name) then
    return untyped_closure(o, prefix == "get" and get or put, name)
  end
end

--- What `name` is: a closure, which is kept, or nil and the property to read at once.
local function find_member(self, state, name)
  local known <const> = plan_of(state)[name:lower()]
  if known and known.method then return method_closure(state, known) end
  if known and known.get then
    if #known.get == 0 then return nil, known end
    return closure(state.object, known, known.get, bound(get, known.name), "get")
  end
  local prefix <const>, rest <const> = name:match "^([gs]et)(.+)$"
  if prefix then
    local redefined <const> = rawget(self, rest)
    if type(redefined) == "function" then return redefined end
    local accessor <const> = accessor_closure(state, prefix, rest)
    if accessor then return accessor end
  end
  if not known and com.has(state.object, name) then return untyped_closure(state.object, call, name) end
end

local function state_of(self)
  local state <const> = states[self]
  if not state then error("a LuaCOM object is wanted, not a " .. type(self), 3) end
  return state
end

local function find(self, closures, state, name)
  if type(name) ~= "string" then return nil end
  if name == "IUnknown" then return objects.unknown(self) end
  local made <const>, member <const> = find_member(self, state, name)
  if made then
    closures[name] = made
    return made
  end
  if not member then return nil end
  local short <const>, kind <const> = shortcut_to(state.object, member, "get")
  if short then (kind == "plain" and state.readers or state.numbers)[name] = short end
  state.properties[name] = member
  return finish(member, pcall(get, state.object, member.name))
end

--- A property that was read before, and that has no shortcut or could not take it this time.
local function read_property(state, member, ok, problem)
  if ok == false then return report.member(problem) end
  return finish(member, pcall(get, state.object, member.name))
end

--- What the table of closures does not have: properties, and members that are used for the first time.
local function make_index(state, reference)
  local readers <const>, numbers <const>, properties <const> = state.readers, state.numbers, state.properties
  return function(closures, name)
    local reader <const> = readers[name]
    if reader then
      local ok <const>, result <const> = reader()
      if ok then return result end
      return read_property(state, properties[name], ok, result)
    end
    local property <const> = properties[name]
    if not property then return find(reference.self, closures, state, name) end
    local number <const> = numbers[name]
    if not number then return read_property(state, property) end
    local ok <const>, result <const> = number()
    if not ok then return read_property(state, property, ok, result) end
    if result <= EXACT and result >= -EXACT and result // 1 == result then return result | 0 end
    return result
  end
end

local function call_closures(_, self, name) -- getmetatable(object).__index(object, name)
  state_of(self)
  return self[name]
end

--- The first argument of a property put without others.
local function put_value(state, known, name, value)
  local o <const> = state.object
  local is_object <const> = type(value) == "table" and values.unwrap(value) ~= nil
  local parameters <const> = is_object and known.putref or known.put or known.putref
  local how <const> = parameters == known.put and put or com.putref
  local last <const> = parameters[#parameters] or {}
  local ok <const>, problem <const> = pcall(function()
    how(o, name, convert({ kind = last.kind, element = last.element }, value))
  end)
  if not ok then report.member(problem) end
end

local function assign(self, state, name, value)
  local known <const> = plan_of(state)[name:lower()]
  if known and (known.put or known.putref) then
    if known.put and #known.put == 1 and not known.putref then
      state.writers[name] = shortcut(state.object, known.name, "put")
    end
    return put_value(state, known, known.name, value)
  end
  if known then
    return report.member(("%s can't be assigned: it is a %s"):format(known.name, known.method and "method" or
      "property to read only"))
  end
  if com.has(state.object, name) then
    local ok <const>, problem <const> = pcall(call_untyped, put, state.object, name, value)
    if not ok then report.member(problem) end
    return
  end
  rawset(self, name, value)
end

local function make_newindex(state)
  local writers <const> = state.writers
  return function(self, name, value)
    local writer <const> = writers[name]
    if writer then
      local ok <const>, problem <const> = writer(value)
      if ok then return end
      if ok == false then return fail(problem, value) end
    end
    if type(value) == "function" or type(name) ~= "string" then return rawset(self, name, value) end
    return assign(self, state, name, value)
  end
end

local function call_object(self, ...)
  local o <const> = state_of(self).object
  return finish(anything, pcall(call_untyped, function(_, _, ...) return o(...) end, o, "", ...))
end

-- doors

---The table for an object.
---@param o oleander.Object
---@param untyped boolean? type information is ignored
---@return table
function objects.new(o, untyped)
  local state <const> = { object = o, untyped = untyped, readers = {}, numbers = {}, properties = {}, writers = {} }
  local reference <const> = setmetatable({}, weak_values)
  local closures <const> = setmetatable({}, { __index = make_index(state, reference), __call = call_closures })
  local self <const> = setmetatable({ _USERDATA_REF_ = o }, { type = "LuaCOM", __index = closures,
    __newindex = make_newindex(state), __call = call_object })
  reference.self = self
  states[self] = state
  return self
end

---The object of a LuaCOM object; nil for any other value.
---@param value any
---@return oleander.Object?
function objects.object(value)
  local state <const> = states[value]
  return state and state.object
end

---The object of an argument of a function of luacom; anything else is an error.
---@param value any
---@param position integer
---@param name string
---@return oleander.Object
function objects.check(value, position, name)
  local o <const> = type(value) == "table" and objects.object(value)
  if not o then
    error(("bad argument #%d to '%s' (a LuaCOM object expected, got %s)"):format(position, name, type(value)), 3)
  end
  return o
end

---The IUnknown of a LuaCOM object: userdata of which `==` is COM identity.
---@param self table
---@return oleander.Object
function objects.unknown(self)
  return com.query(objects.object(self), "IUnknown")
end

--- Whether a value is an object of Oleander.
function objects.is_native(value)
  if type(value) ~= "userdata" then return false end
  local ok <const>, key <const> = pcall(com.key, value)
  return ok and key ~= nil
end

--- What arrives: LuaCOM object, enumerator, or IUnknown, in that order.
function values.wrap(o)
  if not objects.is_native(o) then return o end
  if com.typeof(o) then return objects.new(o) end
  local dispatch <const> = com.try(com.query, o, "IDispatch")
  if dispatch then return objects.new(dispatch) end
  return o
end

return objects
