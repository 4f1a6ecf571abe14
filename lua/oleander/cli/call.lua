---`oleander call OBJECT MEMBER [ARGS]`: one call of an object's member, as `busctl call` does it for services.
local json <const> = require "oleander.json"
local value <const> = require "oleander.cli.value"

---@type oleander.cli.Command
local call <const> = {
  summary = "Call a member of an object and print what it returns.",
  description = "Make (or find) an object, call a method or read a property, and print the results, one a line. An "
    .. "argument is read as the parameter's declared type wants it; NAME=VALUE names the parameter; s:TEXT is text, "
    .. "TYPE:VALUE (i2, r8, cy ...) a value of exactly that type; nil is not given, null is Null. With --put the last "
    .. "argument is the new value of the property. Options may stand anywhere; -- ends them, for texts that begin with "
    .. "a dash (negative numbers need none).",
  completes = { object = "class", member = "member", arguments = "parameter" },
}

function call.configure(parser)
  parser:argument("object", "A ProgID or a CLSID in braces makes an object; a moniker names one that exists.")
  parser:argument("member", "A member; A.B calls B of what A gives.")
  parser:argument("arguments", "Arguments."):args "*"
  parser:flag("-r --running", "Take the running object of that name, make none.")
  parser:flag("-p --put", "Write the property.")
  parser:flag("--json", "Print a JSON array of the results.")
end

local function open(options)
  local com <const> = require "oleander"
  if options.running then return com.running(options.object) end
  local id <const> = options.object
  if id:sub(1, 1) ~= "{" and (id:find ":" or id:find "/") then return com.get_object(id) end
  return com.create(id)
end

---The description of a member for the kind of access, else of any; nil when the object has no types.
local function describe(object, name, put)
  local com <const> = require "oleander"
  local other
  for _, member in ipairs(com.members(object)) do
    if member.name:lower() == name:lower() then
      local writes <const> = member.kind == "put" or member.kind == "putref"
      if writes == (put or false) or member.kind == "property" then return member end
      other = member
    end
  end
  return other
end

---The parameters that take an argument, in order.
local function takers(member)
  local result <const> = {}
  for _, parameter in ipairs(member and member.parameters or {}) do
    local flags <const> = {}
    for _, flag in ipairs(parameter.flags) do flags[flag] = true end
    if not flags.retval and not flags.lcid and (flags["in"] or not flags.out) then result[#result + 1] = parameter end
  end
  return result
end

---Positional values and the named ones.
local function arguments_of(texts, member)
  local parameters <const> = takers(member)
  local declared <const> = {}
  for _, parameter in ipairs(parameters) do declared[parameter.name:lower()] = parameter end
  local values <const>, named = { n = 0 }, nil
  for _, text in ipairs(texts) do
    local name <const>, rest <const> = text:match "^([%a_][%w_]*)=(.*)$"
    local parameter <const> = name and declared[name:lower()]
    if parameter then
      named = named or {}
      named[parameter.name] = value.parse(rest, parameter.type)
    else
      values.n = values.n + 1
      local at <const> = parameters[values.n]
      values[values.n] = value.parse(text, at and at.type)
    end
  end
  return values, named
end

local function perform(object, options, name)
  local com <const> = require "oleander"
  local values <const>, named <const> = arguments_of(options.arguments, describe(object, name, options.put))
  if named then
    values.n = values.n + 1
    values[values.n] = com.args(named)
  end
  if options.put then
    com.put(object, name, table.unpack(values, 1, values.n))
    return { n = 0 }
  end
  local member <const> = describe(object, name)
  if member and (member.kind == "get" or member.kind == "property") then
    return table.pack(com.get(object, name, table.unpack(values, 1, values.n)))
  end
  return table.pack(com.call(object, name, table.unpack(values, 1, values.n)))
end

function call.run(options)
  local com <const> = require "oleander"
  local object = open(options)
  local path <const> = {}
  for name in options.member:gmatch "[^.]+" do path[#path + 1] = name end
  for i = 1, #path - 1 do object = com.get(object, path[i]) end
  local results <const> = perform(object, options, path[#path] or options.member)
  if options.json then
    local list <const> = json.array {}
    for i = 1, results.n do list[i] = value.json(results[i]) end
    print(json.encode(list))
  else
    for i = 1, results.n do print(value.text(results[i])) end
  end
  return 0
end

return call
