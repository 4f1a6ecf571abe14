---Declarations in their most common shapes, read by one pattern each from the text: what long files are made of. A
---node is
---what the parser makes of the tokens of the declaration; whatever has another shape, or may be wrong, is no match,
---and comes as
---tokens to the parser, which knows all of the language and says what is wrong.
local attributes <const> = require "oleander.idl.attributes"
local expression <const> = require "oleander.idl.expression"
local lpeg <const> = require "lpeg"
local nodes <const> = require "oleander.idl.nodes"

local P <const>, R <const>, S <const>, C <const>, Cc <const>, Cp <const>, Ct <const> = lpeg.P, lpeg.R, lpeg.S, lpeg.C,
  lpeg.Cc, lpeg.Cp, lpeg.Ct

local quick <const> = {}

--- Longer lists are for the parser to refuse.
local LIST_LIMIT <const> = 1000

-- patterns

local first_char <const>, char <const> = R("az", "AZ") + "_", R("az", "AZ", "09") + "_"
local other <const> = R "\x80\xFF" + "$" -- names with these are the parser's
local word_end <const> = -(char + other)
local space <const> = S " \t\r\n"
local comment <const> = P "/*" * (1 - P "*/")^0 * "*/" + P "//" * (1 - S "\r\n\\")^0 * S "\r\n"
local ws <const> = (space + comment)^0
local ident <const> = first_char * char^0 * word_end
local digits <const> = P "0" * S "xX" * R("09", "af", "AF")^1 + R "09"^1
local number <const> = P "-"^-1 * digits * -(char + other + ".")
local quoted <const> = P '"' * (P "\\" * S '"\\' + (1 - S '"\\\r\n'))^0 * P '"'
local text <const> = P '"' * (1 - S '"\\\r\n')^0 * '"'

local function word(literal) return P(literal) * word_end end
local function sign(literal) return ws * literal * ws end

local base_word <const> = word "unsigned" + word "signed" + word "long" + word "short" + word "int" + word "char"
  + word "hyper" + word "double" + word "float" + word "byte" + word "boolean" + word "void" + word "small"
  + word "wchar_t" + word "__int64"

--- const or false, the specifier, its place, stars.
local const <const> = word "const" * ws * Cc(true) + Cc(false)
local specifier <const> = const * Cp() * C(base_word * (space^1 * base_word)^0 + ident) * ws * C(P "*"^0) * ws

--- Attributes that are plain words, as their text; else place, name, value and its end of each; false ends them.
local plain_attributes <const> = C(P "[" * ws * ident * (sign "," * ident)^0 * ws * "]") * Cc(false)
local valued <const> = Cp() * C(word "id" + word "helpcontext") * sign "(" * C(number) * Cp() * ws * ")"
  + Cp() * C(word "defaultvalue") * sign "(" * C(number + text) * Cp() * ws * ")"
  + Cp() * C(word "helpstring" + word "annotation") * sign "(" * C(text) * Cp() * ws * ")"
  + Cp() * C(ident) * Cc(false) * Cc(false)
local attribute_list <const> = Cc(true) * Cp() * P "[" * ws * valued * (sign "," * valued)^0 * ws * "]" * Cc(false)
local given <const> = (plain_attributes + attribute_list) * ws * -P "[" + Cc "" * Cc(false)

local parameter <const> = given * specifier * (Cp() * C(ident) + Cp() * Cc(false)) * ws
local parameters <const> = word "void" * ws * #P ")" + parameter * ("," * ws * parameter)^0 + true
local method <const> = Ct(Cc "method" * given * specifier * Cp() * C(ident) * sign "(" * parameters * ")" * ws * ";")

local constant <const> = Ct(Cc "const" * word "const" * ws * Cp() * C(base_word * (space^1 * base_word)^0 + ident) * ws
  * C(P "*"^0) * ws * Cp() * C(ident) * sign "=" * Cp() * C(number) * ws * ";")
local forward <const> = Ct(Cc "forward" * word "interface" * ws * Cp() * C(ident) * ws * ";")
local quote <const> = Ct(Cc "quote" * Cp() * word "cpp_quote" * sign "(" * C(quoted) * ws * ")" * (ws * ";")^-1)

local entry <const> = Cp() * C(ident) * ws * ("=" * ws * Cp() * C(number) * ws + Cc(false) * Cc(false))
local entries <const> = P "{" * ws * entry * ("," * ws * entry)^0 * (P "," * ws)^-1 * "}" * ws
local tag <const> = Cp() * C(ident) * ws + Cp() * Cc(false)
local enum <const> = Ct(Cc "enum" * word "typedef" * ws * Cp() * word "enum" * ws * tag * entries * Cc(0) * Cp()
  * C(ident) * ws * ";")
local field <const> = specifier * Cp() * C(ident) * ws * ";" * ws
local record <const> = Ct(Cc "record" * word "typedef" * ws * Cp() * word "struct" * ws * tag * "{" * ws * field^1 * "}"
  * Cc(0) * ws * Cp() * C(ident) * ws * ";")

local stop <const> = Cp()
--- What may stand in a file or a library, and in an interface.
local patterns <const> = {
  declarations = ws * Cp() * (constant + quote + enum + record + forward) * stop,
  members = ws * Cp() * (quote + method) * stop,
}

-- nodes

local Token <const>, special <const>, plain_list <const> = nodes.Token, nodes.special, nodes.plain_list

local base -- of the places in the file that is read

local function type_of(is_const, place, specified, stars)
  local result = nodes.base_type(specified)
  if result == nodes.NO_TYPE then return nil end
  if not result then
    if special[specified] then return nil end
    result = { k = "name", name = specified, place = base + place }
  end
  if is_const then result = { k = "const", of = result } end
  for _ = 1, #stars do result = { k = "pointer", to = result } end
  return result
end

local function value_of(token, place)
  if token:byte() == 34 then return { k = "text", value = token:sub(2, -2), wide = false, place = base + place } end
  local negative <const> = token:byte() == 45
  local digits_only <const> = negative and token:sub(2) or token
  local value <const>, suffix <const> = expression.number(digits_only)
  if not value then return nil end
  local tree <const> = { k = "number", value = value, suffix = suffix, text = digits_only, place = base + place }
  return negative and { k = "unary", sign = "-", operand = tree, place = base + place } or tree
end

--- The attributes at `at`; then where the next capture is. Nil: not of a plain kind.
local function attributes_at(captures, at)
  local first <const> = captures[at]
  if first ~= true then return plain_list(first), at + 2 end
  local list <const> = { place = base + captures[at + 1] }
  at = at + 2
  while captures[at] do
    local place <const>, name <const>, value <const> = captures[at], captures[at + 1], captures[at + 2]
    local item <const> = { place = base + place }
    if not value then
      if attributes.takes[name] ~= "none" or name == "inout" then return nil end
    elseif name == "helpstring" or name == "annotation" then
      item.value = value:sub(2, -2)
    else
      item.tree = value_of(value, captures[at + 3] - #value)
      if not item.tree then return nil end
    end
    list[name] = item
    at = at + 4
  end
  return list, at + 1
end

local builders <const> = {}

function builders.method(captures)
  local list <const>, at = attributes_at(captures, 2)
  if not list then return nil end
  local result <const> = type_of(captures[at], captures[at + 1], captures[at + 2], captures[at + 3])
  local place <const>, name <const> = captures[at + 4], captures[at + 5]
  if not result or special[name] ~= nil then return nil end
  at = at + 6
  local parameters_list <const>, count <const> = {}, #captures
  while at <= count do
    local own <const>, after <const> = attributes_at(captures, at)
    if not own then return nil end
    local kind <const> = type_of(captures[after], captures[after + 1], captures[after + 2], captures[after + 3])
    local spelled <const> = captures[after + 5]
    if not kind or spelled and special[spelled] ~= nil then return nil end
    parameters_list[#parameters_list + 1] = {
      name = spelled or nil, type = kind, attributes = own,
      place = base + captures[spelled and after + 4 or after + 1],
    }
    at = after + 6
  end
  if #parameters_list > LIST_LIMIT then return nil end
  return {
    k = "method", name = name, type = { k = "function", result = result, parameters = parameters_list },
    attributes = list, place = base + place,
  }
end

function builders.const(captures)
  local kind <const> = type_of(true, captures[2], captures[3], captures[4])
  local tree <const> = value_of(captures[8], captures[7])
  if not kind or not tree or special[captures[6]] ~= nil then return nil end
  return {
    k = "const", name = captures[6], type = kind, attributes = attributes.NONE, place = base + captures[5], tree = tree,
  }
end

function builders.forward(captures)
  if special[captures[3]] ~= nil then return nil end
  return {
    k = "interface", name = captures[3], place = base + captures[2], attributes = attributes.NONE, forward = true,
  }
end

function builders.quote(captures)
  return { k = "quote", text = (captures[3]:sub(2, -2):gsub("\\(.)", "%1")), place = base + captures[2] }
end

--- A typedef of one name, as the parser makes it.
local function typedef_of(kind, captures, at, place)
  local name <const> = captures[at + 1]
  if special[name] ~= nil then return nil end
  local statement <const> = { k = "typedefs", type = kind, place = base + place, attributes = attributes.NONE }
  statement[1] = {
    k = "typedef", name = name, type = kind, attributes = attributes.NONE, place = base + captures[at],
    statement = statement, first = true,
  }
  return statement
end

function builders.enum(captures)
  local spelled <const> = captures[4] or nil
  local list <const> = {}
  local kind <const> = {
    k = "enum", tag = spelled, place = base + (spelled and captures[3] or captures[2]), word = "enum", constants = list,
  }
  local at, before = 5, nil
  while captures[at] ~= 0 do
    local name <const>, value <const> = captures[at + 1], captures[at + 3]
    local tree <const> = value and value_of(value, captures[at + 2]) or nil
    if special[name] ~= nil or value and not tree then return nil end
    local node <const> = {
      k = "constant", name = name, place = base + captures[at], tree = tree, attributes = attributes.NONE, enum = kind,
      before = before, index = #list,
    }
    list[#list + 1] = node
    before = node
    at = at + 4
  end
  return typedef_of(kind, captures, at + 1, captures[2])
end

function builders.record(captures)
  local spelled <const> = captures[4] or nil
  local list <const> = {}
  local kind <const> = {
    k = "record", tag = spelled, place = base + (spelled and captures[3] or captures[2]), word = "struct",
    fields = list,
  }
  local at = 5
  while captures[at] ~= 0 do
    local of <const> = type_of(captures[at], captures[at + 1], captures[at + 2], captures[at + 3])
    if not of or special[captures[at + 5]] ~= nil then return nil end
    list[#list + 1] = {
      name = captures[at + 5], type = of, attributes = attributes.NONE, place = base + captures[at + 4],
    }
    at = at + 6
  end
  if #list > LIST_LIMIT then return nil end
  return typedef_of(kind, captures, at + 1, captures[2])
end

---What stands at an offset, when it has a common shape.
---@param context "declarations"|"members"
---@param source string
---@param at integer
---@param places integer added to offsets
---@return table? node
---@return integer? start
---@return integer? stop behind it
function quick.match(context, source, at, places)
  local start <const>, captures <const>, stop_at <const> = patterns[context]:match(source, at)
  if not start then return nil end
  base = places
  local node <const> = builders[captures[1]](captures)
  if not node then return nil end
  return setmetatable(node, Token), start, stop_at
end

return quick
