---Attributes in brackets: which there are, what stands in their parentheses, and how they are read.
local diagnostics <const> = require "oleander.idl.diagnostics"
local expression <const> = require "oleander.idl.expression"

local attributes <const> = {}

---Attributes by what they take: nothing, a GUID, a text, an expression, a list of them ...
local takes <const> = {}
for kind, names in pairs {
  none = [[aggregatable appobject async asynchronous auto_handle bindable broadcast byte_count callback code comm_status
    context_handle context_handle_noserialize context_handle_serialize control decode default defaultbind
    defaultcollelem defaultvtable disable_consistency_check displaybind dual enable_allocate encode explicit_handle
    fault_status force_allocate handle heap hidden idempotent ignore immediatebind in in_line inout input_sync licensed
    local marshaling_behavior maybe message nocode noncreatable nonbrowsable nonextensible notify notify_flag object odl
    oleautomation optimize optional out partial_ignore predeclid propget propput propputref proxy ptr public ref
    readonly replaceable represent_as requestedit restricted retval source strict_context_handle strict_type_check
    string supports transmit_as uidefault unique usesgetlasterror user_marshal v1_enum v1_string vararg vi_progid
    module dispinterface interface coclass library dispatchable reversebind defaulted propget_ignored write_only]],
  guid = "uuid async_uuid iid clsid",
  text = "helpstring helpfile helpstringdll dllname annotation abi",
  number = [[helpcontext helpstringcontext id pointer_offset paramflags funcflags varflags typeflags implflags optionals
    vtableoffset callconv syskind typeindex slots bases alignment]],
  maybe_number = "lcid",
  value = "defaultvalue entry",
  list = "size_is max_is min_is length_is first_is last_is iid_is switch_is range case vartype",
  version = "version",
  custom = "custom",
  name = [[pointer_default call_as wire_marshal switch_type implicit_handle endpoint cs_char cs_drtag cs_rtag cs_stag
    cs_tag_rtn threading progid allocate]],
  skip = [[contract marshaling threading_model exclusiveto activatable composable static deprecated webhosthidden
    overload default_overload eventadd eventremove length muse flags attributeusage attributename annotationtype
    midl_user allow usage uses feature experimental constructor_name system_annotation]],
} do
  for name in names:gmatch "%S+" do takes[name] = kind end
end
attributes.takes = takes

local NONE <const> = setmetatable({}, { __newindex = function() error "no attributes" end })
attributes.NONE = NONE

--- Skips what stands in parentheses; the opening one is the current token.
local function skip_parentheses(parser)
  local place <const> = parser.places[parser.at]
  local depth = 0
  repeat
    local token <const> = parser.tokens[parser.at]
    if token == "(" then depth = depth + 1
    elseif token == ")" then depth = depth - 1
    elseif token == nil then parser:fail(place, "the parenthesis is not closed") end
    parser.at = parser.at + 1
  until depth == 0
end
attributes.skip_parentheses = skip_parentheses

local GUID_PATTERN <const> = "^%{?(%x%x%x%x%x%x%x%x%-%x%x%x%x%-%x%x%x%x%-%x%x%x%x%-%x%x%x%x%x%x%x%x%x%x%x%x)%}?$"

---Reads a GUID: bare, in braces, or as a text.
---@return string guid in braces, upper case
function attributes.guid(parser)
  local token, place <const> = parser.tokens[parser.at], parser.places[parser.at]
  if token == "{" then
    parser.at = parser.at + 1
    local inner <const> = attributes.guid(parser)
    parser:expect "}"
    return inner
  end
  local text <const> = token and (token:byte() == 34 and token:sub(2, -2) or token):match(GUID_PATTERN)
  if not text then
    if not token or token == ")" then parser:fail(place, "a GUID is expected, not %s", parser:shown()) end
    -- All that stands there is one wrong GUID.
    local pieces <const> = {}
    while parser.tokens[parser.at] and parser.tokens[parser.at] ~= ")" and #pieces < 20 do
      pieces[#pieces + 1] = parser.tokens[parser.at]
      parser.at = parser.at + 1
    end
    parser:error(place, "%s is no GUID: 8-4-4-4-12 hexadecimal digits are expected", table.concat(pieces):sub(1, 60))
    return "{00000000-0000-0000-0000-000000000000}"
  end
  parser.at = parser.at + 1
  return "{" .. text:upper() .. "}"
end

local readers <const> = {}

function readers.none(parser)
  if parser.tokens[parser.at] == "(" then skip_parentheses(parser) end
end
readers.skip = readers.none

function readers.guid(parser, _, item)
  parser:expect "("
  item.value = attributes.guid(parser)
  parser:expect ")"
end

function readers.text(parser, name, item)
  parser:expect "("
  local tree <const> = expression.parse(parser)
  if tree.k ~= "text" and tree.k ~= "name" then parser:error(tree.place, "%s takes a text", name) end
  item.value = tree.k == "text" and tree.value or tree.name or ""
  parser:expect ")"
end

function readers.number(parser, _, item)
  parser:expect "("
  item.tree = expression.parse(parser)
  parser:expect ")"
end
readers.value = readers.number

function readers.maybe_number(parser, name, item)
  if parser.tokens[parser.at] == "(" then readers.number(parser, name, item) end
end

function readers.list(parser, _, item)
  parser:expect "("
  local list <const>, n = {}, 1
  while true do
    local token <const> = parser.tokens[parser.at]
    if token == "," then
      list[n] = list[n] or false
      n = n + 1
      parser.at = parser.at + 1
    elseif token == ")" then
      break
    elseif list[n] then
      parser:expect ")"
    else
      list[n] = expression.parse(parser)
    end
  end
  parser:expect ")"
  list[n] = list[n] or false
  item.list = list
end

function readers.version(parser, _, item)
  parser:expect "("
  local pieces <const>, place <const> = {}, parser.places[parser.at]
  while parser.tokens[parser.at] and parser.tokens[parser.at] ~= ")" and #pieces < 20 do
    pieces[#pieces + 1] = parser.tokens[parser.at]
    parser.at = parser.at + 1
  end
  parser:expect ")"
  local major, minor = table.concat(pieces):match "^(%d+)[.,]?(%d*)$"
  major, minor = math.tointeger(major) or 65536, math.tointeger(minor ~= "" and minor or 0) or 65536
  if major > 65535 or minor > 65535 then
    parser:error(place, "a version is MAJOR.MINOR, each at most 65535, not %s", table.concat(pieces):sub(1, 60))
    major, minor = 0, 0
  end
  item.major, item.minor = major, minor
end

function readers.custom(parser, _, item)
  parser:expect "("
  item.guid = attributes.guid(parser)
  parser:expect ","
  item.tree = expression.parse(parser)
  if parser.tokens[parser.at] == "," and parser.tokens[parser.at + 1] == "vartype" then
    parser.at = parser.at + 2
    parser:expect "("
    item.vartype = expression.parse(parser)
    parser:expect ")"
  end
  parser:expect ")"
end

--- A word, or a type (wire_marshal, switch_type): its tokens.
function readers.name(parser, _, item)
  if parser.tokens[parser.at] ~= "(" then return end
  local start <const> = parser.at + 1
  skip_parentheses(parser)
  item.value = table.concat(parser.tokens, " ", start, parser.at - 2)
end

local function one(parser, list)
  local name <const>, place <const> = parser.tokens[parser.at], parser.places[parser.at]
  if not name or not name:find "^[%a_\x80-\xFF]" then
    parser:fail(place, "the name of an attribute is expected, not %s", parser:shown())
  end
  parser.at = parser.at + 1
  local kind <const> = takes[name]
  local item <const> = { place = place }
  if not kind then
    if not parser.quiet then
      parser:warning(place, "unknown attribute %s%s", name:sub(1, 60), diagnostics.near(name, takes))
    end
    readers.none(parser)
    return
  end
  readers[kind](parser, name, item)
  if name == "custom" or name == "case" then
    local all = list[name]
    if not all then
      all = {}
      list[name] = all
    end
    all[#all + 1] = item
  elseif name == "inout" then
    list["in"], list["out"] = item, item
  else
    list[name] = item
  end
end

---Reads the groups of attributes that begin here; NONE when there are none.
---@param parser oleander.idl.Parser
---@return table<string, table>
function attributes.parse(parser)
  local list = NONE
  while parser.tokens[parser.at] == "[" do
    local place <const> = parser.places[parser.at]
    if list == NONE then list = { place = place } end
    parser.at = parser.at + 1
    while true do
      local token <const> = parser.tokens[parser.at]
      if token == "]" then
        parser.at = parser.at + 1
        break
      elseif token == "," then
        parser.at = parser.at + 1
      elseif token == nil then
        parser:fail(place, "the attributes are not closed: ] is expected")
      else
        one(parser, list)
        local follows <const> = parser.tokens[parser.at]
        if follows ~= "," and follows ~= "]" then
          parser:fail(parser.places[parser.at], ", or ] is expected behind an attribute, not %s", parser:shown())
        end
      end
    end
  end
  return list
end

---Two lists of attributes as one.
function attributes.merge(a, b)
  if a == NONE then return b end
  if b == NONE then return a end
  local all <const> = {}
  for name, item in pairs(a) do all[name] = item end
  for name, item in pairs(b) do
    if (name == "custom" or name == "case") and all[name] then
      all[name] = table.move(item, 1, #item, #all[name] + 1, table.move(all[name], 1, #all[name], 1, {}))
    else
      all[name] = item
    end
  end
  all.plain = nil
  return all
end

return attributes
